"""证据清单: one page that names the evidence, its papers and where it is filed."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from test_archive import KEEPER, SUBJECT, House

from helpers import handout
from helpers.archive import bag, sheet, shelf, verify
from helpers.archive.subject import Filing
from helpers.publish import evidence_page

segno = pytest.importorskip("segno", reason="segno is not installed: make setup")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def test_the_list_names_the_id_the_page_the_papers_and_where_it_is_filed(house):
    keeper = replace(KEEPER, filing=Filing("0017", "", "永久", "公开"))
    kept = bag.archive(house.root, house.edition, SUBJECT, keeper, house.evidence, "2024-05-02")
    papers = {"2023.pdf": b"%PDF-", "2023.docx": b"PK"}
    shelf.hand_out(house.register, kept.evidence_id, papers, "2024-05-03")
    said = sheet.facts(kept.path, house.register)
    page = hashlib.sha256((house.edition / "assessment.html").read_bytes()).hexdigest()
    assert "".join(said["id"]) == kept.evidence_id
    assert [(f["what"], f["sha256"]) for f in said["files"][1:]] == [
        ("评估报告", page),
        ("交出件", hashlib.sha256(b"PK").hexdigest()),
        ("交出件", hashlib.sha256(b"%PDF-").hexdigest()),
    ]
    assert said["filing"] == {
        "全宗号": "0017",
        "档号": "",
        "保管期限": "永久",
        "密级": "公开",
    }
    assert said["qr"] == segno.make(kept.evidence_id, error="m", micro=False).svg_inline(
        scale=2, border=2
    )
    assert said["registered"]["登记"] == "2024-05-02，登记簿第 2 行"
    drawn = evidence_page.page(said)
    for text in (kept.evidence_id[:16], page, "0017", "永久", "＿＿＿＿", "没有时间戳"):
        assert text in drawn
    assert "情景假设" not in drawn


def test_papers_are_registered_once_and_an_altered_digest_is_found(house):
    kept = house.archive()
    for _ in range(2):
        shelf.hand_out(house.register, kept.evidence_id, {"2023.pdf": b"a"}, "2024-05-03")
    assert len(house.lines()) == 2
    assert verify.verify(kept.path, "", house.register).since == []  # it is worth what it was
    text = house.register.read_text("utf-8")
    house.register.write_text(text.replace("2023.pdf", "2024.pdf"), "utf-8")
    assert verify.verify(kept.path, "", house.register).exit == 1


def test_a_scenario_and_a_withdrawn_bag_say_so_on_the_list(house):
    kept = house.archive(subject=replace(SUBJECT, edition="2023+prudent"))
    shelf.withdraw(house.register, kept.evidence_id, "单位报错", "2024-06-01")
    drawn = evidence_page.page(sheet.facts(kept.path, house.register))
    assert "※ 情景假设之下的推演，不是正式评估" in drawn
    assert "※ 2024-06-01 撤回：单位报错" in drawn


def test_no_list_is_made_of_a_bag_that_does_not_stand_in_the_register(house):
    kept = house.archive()
    lines = house.register.read_text("utf-8").splitlines(keepends=True)
    house.register.write_text(lines[0], "utf-8")
    with pytest.raises(sheet.CannotList, match="没有登记"):
        sheet.facts(kept.path, house.register)


def test_only_papers_made_after_the_edition_are_taken_for_its(house):
    import os

    for name, age in (("2023.pdf", 5), ("2023.docx", -5)):
        path = house.edition.with_name(name)
        path.write_bytes(b"x")
        made = (house.edition / "run.json").stat().st_mtime
        os.utime(path, (made - age, made - age))
    assert [*handout.papers(house.edition)] == ["2023.docx"]


@pytest.mark.browser
def test_the_list_is_one_printed_page(house, tmp_path):
    if not any(map(shutil.which, ("chromium", "google-chrome"))):
        pytest.skip("needs Chromium")
    kept = house.archive()
    shelf.hand_out(
        house.register, kept.evidence_id, {f"2023.{k}": b"%d" % k for k in range(4)}, "2024-05-03"
    )
    printed = handout.evidence_list(
        sheet.facts(kept.path, house.register), tmp_path / "list.sheet.html"
    )
    assert printed.suffix == ".pdf"
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1
