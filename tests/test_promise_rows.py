"""Rows about promises: who reported a state, the document that shows it, the money for it."""

from __future__ import annotations

import hashlib

import pytest
from conftest import Toy

from helpers.intake import observations, promise_rows
from helpers.intake.finding import Refused

MINUTES = b"%PDF-1.4 minutes of the opening"
DIGEST = hashlib.sha256(MINUTES).hexdigest()
OFFICES = "offices:\n  - 甲局\n  - 乙局\n"


def with_document(toy: Toy, table: str = "commitments.csv", **cells: str) -> None:
    """The document of a row, kept beside the tables, and the columns that name it."""
    head, *rows = toy[table].read_text("utf-8").splitlines()
    new = [name for name in promise_rows.REPORTED if name not in head.split(",")]
    lines = [",".join([head, *new]), *(row + "," * len(new) for row in rows)]
    toy.write(table, "\n".join(lines) + "\n")
    folder = toy[table].parent / "documents"
    folder.mkdir()
    (folder / "minutes.pdf").write_bytes(MINUTES)
    toy.cell(table, 2, file="minutes.pdf", sha256=DIGEST, **cells)


def with_funds(toy: Toy, *rows: str) -> None:
    columns = ",".join((*promise_rows.FUNDS, *promise_rows.FUNDS_OPTIONAL))
    toy.write("funds.csv", "\n".join([columns, *rows]) + "\n")


def with_offices(toy: Toy) -> None:
    path = toy["commitments.yml"]
    path.write_text(OFFICES + path.read_text("utf-8"), "utf-8")


def refused(toy: Toy) -> list[str]:
    with pytest.raises(Refused) as found:
        observations.receive(toy.plan)
    return [str(finding) for finding in found.value.findings if not finding.warning]


def test_a_state_has_its_document_and_who_reported_it(toy):
    with_offices(toy)
    with_document(toy, office="乙局")
    row = observations.receive(toy.plan).evidence[0]
    assert (row.office, row.file, row.sha256) == ("乙局", "minutes.pdf", DIGEST)


def test_a_changed_document_of_a_state_is_refused_at_the_door(toy):
    with_document(toy)
    (toy["commitments.csv"].parent / "documents/minutes.pdf").write_bytes(MINUTES + b".")
    (told,) = refused(toy)
    assert told.startswith("data/raw/toy/commitments.csv:2:sha256: ")
    assert "不是登记的那一份" in told


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"office": "丙局"}, "2:office: 丙局 — 没有这个责任单位"),
        ({"sha256": ""}, "2:sha256: 有文件而没有摘要"),
        ({"file": "other.pdf"}, "documents/ 下没有这个文件"),
    ],
)
def test_what_a_state_says_of_office_and_document_must_be_there(toy, cells, sentence):
    with_offices(toy)
    with_document(toy)
    toy.cell("commitments.csv", 2, **cells)
    assert [sentence in told for told in refused(toy)] == [True]


def test_a_closed_source_leaves_no_document(toy):
    head, *rows = toy["sources.csv"].read_text("utf-8").splitlines()
    toy.write("sources.csv", "\n".join([f"{head},rights", *(f"{r},closed" for r in rows)]) + "\n")
    with_document(toy)
    (told,) = refused(toy)
    assert "来源写明不得复制" in told


def test_money_is_read_at_its_stage_and_in_one_unit(toy):
    with_funds(
        toy,
        "toy,station,2023,planned,0.12,亿元,report_2023,,,,2023-03,,,,",
        "toy,station,2023,in_place,750,万元,report_2023,,,,2023-06,首期,,,",
    )
    plan, part = observations.receive(toy.plan).funds
    assert (plan.stage, plan.wan) == ("planned", 1200.0)  # .12 亿元 = 1200 万元
    assert (part.stage, part.wan, part.instalment) == ("in_place", 750.0, "首期")
    assert observations.funds(toy.plan) == [plan, part]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("toy,station,2023,paid,1,万元,report_2023", "stage: paid — 不在可选的词里"),
        ("toy,station,2023,spent,-1,万元,report_2023", "amount: -1 — 资金不能是负数"),
        ("toy,station,2023,spent,1,万,report_2023", "unit: 万 — 不在可选的词里"),
        ("toy,station,2023,spent,,万元,report_2023", "amount: 没有填数"),
        ("toy,staton,2023,spent,1,万元,report_2023", "commitment_id: staton — 没有这项任务"),
        ("toy,station,2023,spent,1,万元,", "source: 没有填来源"),
    ],
)
def test_money_that_cannot_be_read_is_refused_at_its_cell(toy, row, sentence):
    with_funds(toy, row + "," * len(promise_rows.FUNDS_OPTIONAL))
    (told,) = refused(toy)
    assert told.startswith(f"data/raw/toy/funds.csv:2:{sentence}")


@pytest.mark.parametrize("column", ["date", "until"])
def test_what_is_no_date_is_told_and_compared_with_nothing(toy, column):
    row = "toy,station,2023,done,report_2023,soon"
    toy.write("commitments.csv", f"plan,commitment_id,year,state,source,{column}\n{row}\n")
    (told,) = refused(toy)
    assert f"2:{column}: soon — 不是日期" in told
