"""The register listed, searched, made again; bags withdrawn, superseded, made again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_archive import House, of_older_form

from helpers.archive import register, shelf, verify


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def test_evidence_is_listed_and_found_by_plan_year_and_the_beginning_of_its_id(house):
    one, two, three = house.three()
    two.path.unlink()
    listed = shelf.entries(house.register)
    assert [(e.line["evidence_id"], e.here) for e in listed] == [
        (one.evidence_id, True),
        (two.evidence_id, False),
        (three.evidence_id, True),
    ]
    assert str(listed[1]) == f"2024-05-03  toy 2023  {two.evidence_id}  不在这里"
    assert shelf.entries(house.register, plan="other") == []
    assert len(shelf.entries(house.register, plan="toy", year="2023")) == 3
    assert shelf.found(house.register, two.evidence_id[:12]).line == listed[1].line
    for start in ("", two.evidence_id[:7], "0" * 64):
        with pytest.raises(shelf.NotFound, match="make register"):
            shelf.found(house.register, start)


def test_a_withdrawn_bag_stays_intact_and_whoever_verifies_it_is_told(house):
    one, two, three = house.three()
    shelf.withdraw(house.register, one.evidence_id[:12], "单位报错\n数", "2024-06-01")
    shelf.withdraw(
        house.register, two.evidence_id, "数据已更正", "2024-06-02", by=three.evidence_id
    )
    said = [verify.verify(e.path, e.evidence_id, house.register) for e in (one, two, three)]
    assert [report.exit for report in said] == [0, 0, 0]
    last = [report.as_text().splitlines()[-2] for report in said]
    assert last == [
        "结论：完好；2024-06-01 撤回：单位报错 数",
        f"结论：完好；2024-06-02 由 {three.evidence_id[:12]}… 取代：数据已更正",
        "结论：完好",
    ]
    assert "2024-06-01 撤回：单位报错 数" in str(shelf.entries(house.register)[0])
    house.make(value=99)
    later = house.archive("2024-06-03")  # vouches for what became of the others
    good = house.register.read_text("utf-8")
    for spoilt in (
        good.replace("单位报错", "一切正常"),
        good.replace("withdrawn", "joined"),
        "".join(line for line in good.splitlines(keepends=True) if "单位报错" not in line),
    ):
        assert spoilt != good
        house.register.write_text(spoilt, "utf-8")
        assert verify.verify(later.path, later.evidence_id, house.register).exit == 1


def test_what_is_not_registered_cannot_be_withdrawn_nor_supersede_itself(house):
    one, *_ = house.three()
    before = house.register.read_bytes()
    for start, by in (("0" * 64, ""), (one.evidence_id, "1" * 64), (one.evidence_id,) * 2):
        with pytest.raises(shelf.NotFound):
            shelf.withdraw(house.register, start, "x", "2024-06-01", by)
    assert house.register.read_bytes() == before


def test_a_lost_register_is_made_again_from_the_bags_to_the_byte(house, tmp_path):
    old = of_older_form(house, tmp_path)
    shutil.make_archive(str(house.evidence / f"toy-2022-{old[:12]}"), "zip", tmp_path, "old")
    one, *_ = house.three()
    shelf.withdraw(house.register, one.evidence_id, "单位报错", "2024-06-01")
    house.make(value=99)
    house.archive("2024-06-02")
    good = house.register.read_bytes()
    house.register.unlink()
    assert shelf.rebuild(house.register) == 6
    assert house.register.read_bytes() == good


def test_the_latest_bag_alone_knows_the_register_and_a_gap_is_named(house):
    one, two, three = house.three()
    good = house.register.read_bytes()
    assert shelf.rebuilt([three.path]) == good
    assert shelf.rebuilt([one.path, two.path]) == b"".join(good.splitlines(keepends=True)[:3])
    shelf.withdraw(house.register, one.evidence_id, "x", "2024-06-01")
    later = house.register.read_bytes()
    with pytest.raises(shelf.CannotRebuild, match="1 条在证据包里找不到"):
        shelf.rebuild(house.register)  # the withdrawal stands in no bag yet
    assert house.register.read_bytes() == later
    two.path.write_bytes(two.path.read_bytes()[:-1])
    house.register.unlink()
    with pytest.raises(shelf.CannotRebuild, match=rf"^{two.path.name} 没有通过校验"):
        shelf.rebuild(house.register)


def test_a_register_of_thousands_of_lines_is_put_in_order_again():
    """Deeper than Python nests calls, and given last line first."""
    lines, previous = [], ""
    for k in range(3000):
        cells = dict.fromkeys(verify.REGISTER, "") | {"evidence_id": f"{k + 1:064x}"}
        cells["previous_evidence_id"] = previous
        lines.append(verify.Line(cells, register.row(cells)))
        previous = cells["evidence_id"]
    known = {line["evidence_id"]: line for line in reversed(lines)}
    raw = verify.as_register(shelf._with_depth(known).values())
    assert raw == (register.HEADER + "".join(line.text for line in lines)).encode()
    read = verify.read_register(raw)
    assert verify.before(read, read[-1]) == raw[: raw.rindex(b"\n", 0, -1) + 1]


def test_a_lost_bag_is_made_again_to_the_byte_where_that_is_asked(house):
    kept = house.archive()
    content = kept.path.read_bytes()
    kept.path.unlink()
    assert house.archive("2024-06-01").already
    assert not kept.path.exists()
    assert house.archive("2024-06-01", remake=True).already
    assert kept.path.read_bytes() == content
    assert len(house.lines()) == 1


def test_a_reason_is_written_as_it_is_read_whatever_stands_in_it(house):
    one, *_ = house.three()
    reason = '数，"更正", 见 公报'
    assert shelf.withdraw(house.register, one.evidence_id, reason, "2024-06-01").since == (
        f"2024-06-01 撤回：{reason}",
    )
    last = house.lines()[-1]
    assert (last["reason"], last.text) == (reason, register.row(last))
