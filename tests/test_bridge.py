"""From the example's closed plan to the first page of the next: what stays, what changes, what is
dropped, what is new.

The values of 2025 and everything of the next plan are made up, as the example is.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import yaml
from conftest import some

from helpers import drafts
from helpers.intake import (
    bridge,
    door,
    form_columns,
    observations,
    plan as plans,
    plan_book,
    succession,
)
from helpers.intake.finding import Refused
from helpers.measure import closing, target

ROOT = Path(__file__).resolve().parents[1]
LAST = {"patents_per_10k": "19.5", "trademarks_valid": "205", "satisfaction": "86.5"}
DROPPED, CHANGED = "service_platform", "trademarks_valid"


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A root with the example only, its last year published for three indicators."""
    for name in ("params/example", "data/raw/example", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "params" / "archive.yml", tmp_path / "params")
    with open(tmp_path / "data/raw/example/observations.csv", "a", encoding="utf-8") as file:
        for name, value in LAST.items():
            unit = plans.indicator(plans.load("example", ROOT), name).unit
            known = f"{name},yunshang,2025,{value},{unit},final,bulletin_2025,2026-03-01"
            file.write(f"example,{known},=,,虚构,\n")
    with open(tmp_path / "data/raw/example/sources.csv", "a", encoding="utf-8") as file:
        columns = len(
            (ROOT / "data/raw/example/sources.csv").read_text("utf-8").split("\n")[0].split(",")
        )
        row = ["bulletin_2025", "虚构统计公报2025", "云上县统计局（虚构）", "2026-03-01"]
        file.write(",".join(row + [""] * (columns - len(row))) + "\n")
    monkeypatch.setenv("ASSESSMENT_ROOT", str(tmp_path))
    return tmp_path


def filled(place: Path, **cells: str) -> Path:
    """The workbook of the next plan, targets a tenth above their baselines; `cells` of single
    indicators as `id__column`."""
    path = place / "next.xlsx"
    path.write_bytes(bridge.form(plans.load("example")))
    book = openpyxl.load_workbook(path)
    plan = {"名称": "云上县下一个五年规划（虚构）", "简称": "云上县下一期（虚构）",
            "印发日期": "2026-04-01", "原文标题": "虚构文件，不存在"}  # fmt: skip
    for row in book["规划"].iter_rows(min_row=2):
        row[1].value = plan.get(row[0].value) or row[1].value
    sheet = book["指标"]
    heading = [cell.value for cell in sheet[1]]
    for number in range(3, sheet.max_row + 1):
        row = {name: sheet.cell(number, k) for k, name in enumerate(heading, 1)}
        row["目标值"].value = round((row["基期值"].value or 10) * 1.1, row["精度"].value)
        row["原文"].value, row["行号"].value = f"{row['名称'].value}达到目标（虚构）", number
        if row["代码"].value == DROPPED:
            row["与上一期"].value, row["说明"].value = "停", "已经建成"
        for key, text in cells.items():
            name, column = key.split("__")
            if row["上一期代码"].value == name:
                row[column].value = text
    book.save(path)
    return path


CHANGES = {f"{CHANGED}__与上一期": "改", f"{CHANGED}__重叠年": "2025",
           f"{CHANGED}__旧口径值": "205", f"{CHANGED}__新口径值": "190",
           f"{CHANGED}__基期值": "190"}  # fmt: skip


def test_the_form_has_last_years_values_with_their_vintage_and_no_target(place):
    path = place / "form.xlsx"
    path.write_bytes(bridge.form(plans.load("example")))
    _, rows = plan_book.read(path, succession.COLUMNS)
    cells = {row.cells["代码"]: row.cells for row in some(rows)}
    assert len(cells) == 14
    assert not any(row["目标值"] for row in cells.values())
    patents = cells["patents_per_10k"]
    assert patents["基期值"] == "19.5"
    assert patents["说明"] == "承接云上县示例规划（虚构）2025年终值，2026-03-01，虚构统计公报2025。"
    assert (patents["与上一期"], patents["上一期代码"]) == ("同", "patents_per_10k")
    assert not cells["pledge_amount"]["基期值"]  # nobody published 2025
    assert cells["pledge_amount"]["说明"].endswith("到2025年没有公布终期值。")
    assert cells["demo_firms_new"]["说明"] == "新增知识产权示范企业从0起算，不需要基期值。"


def test_the_successor_knows_what_became_of_each_indicator(place):
    bridge.make("example-2", filled(place, **CHANGES), plans.load("example"))
    made = plans.load("example-2")
    link = succession.load(made)
    states = {one.was: one.state for one in some(link.indicators)}
    assert states[CHANGED] == "changed"
    assert states[DROPPED] == "dropped"
    assert sum(state == "same" for state in states.values()) == 12
    assert next(one.overlap for one in link.indicators if one.was == CHANGED) == succession.Overlap(
        2025, 205.0, 190.0
    )
    assert DROPPED not in made.indicators
    patents = plans.indicator(made, "patents_per_10k")
    assert (patents.baseline.year, patents.baseline.value) == (2025, 19.5)
    assert "2026-03-01" in patents.baseline.note


def test_history_goes_on_where_the_definition_does_and_only_there(place):
    bridge.make("example-2", filled(place, **CHANGES), plans.load("example"))
    made = plans.load("example-2")
    received = observations.receive(made)
    rows = [row for row in received.observations if row.value is not None]
    assert [row.year for row in rows if row.indicator_id == "patents_per_10k"] == [
        *range(2020, 2026)
    ]
    assert not [row for row in rows if row.indicator_id == CHANGED]  # of another definition
    assert not [row for row in rows if row.indicator_id == "demo_firms_new"]  # a sum since 2021
    asked = target.ask(made, plans.indicator(made, "patents_per_10k"), target.known(made), 2030)
    assert target.at_chance(asked, 0.5) > 19.5
    attorneys = target.ask(
        made, plans.indicator(made, "patent_attorneys_new"), target.known(made), 2030
    )
    assert attorneys.latest == (2025, 0.0)
    assert target.at_chance(attorneys, 0.5) > 0


def test_what_never_could_be_judged_is_a_lesson_for_the_next(place):
    bridge.make("example-2", filled(place, **CHANGES), plans.load("example"))
    lessons = {
        trap.subject: trap.problem
        for trap in drafts.of("example-2").traps
        if trap.about == "lesson"
    }
    assert "五年里没有一年能评价" in lessons["知识产权使用费出口额"]
    assert "最后只能说“终期数据未公布”" in lessons["知识产权质押融资金额"]
    assert "每万人口发明专利拥有量" not in lessons
    assert "知识产权服务平台" not in " ".join(lessons)  # dropped


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({f"{CHANGED}__与上一期": "改"}, "口径变了，须有同一年两种口径的值"),
        ({f"{CHANGED}__单位": "家"}, "单位或性质与上一期（件）不同"),
        ({f"{CHANGED}__与上一期": ""}, "没有写明与上一期的关系"),
        ({f"{CHANGED}__上一期代码": "trademark_valid"}, "最接近的是 trademarks_valid"),
        ({f"{CHANGED}__与上一期": "新"}, "trademarks_valid — 上一期的这项指标没有写"),
        ({f"{DROPPED}__说明": ""}, "停用没有写原因"),
    ],
)
def test_a_bridge_with_a_gap_is_refused(place, cells, says):
    path = filled(place, **cells)
    if f"{DROPPED}__说明" in cells:
        book = openpyxl.load_workbook(path)
        for row in book["指标"].iter_rows(min_row=3):
            if row[0].value == DROPPED:
                row[list(form_columns.INDICATOR_FIELDS).index("说明")].value = None
        book.save(path)
    with pytest.raises(Refused, match=says):
        bridge.make("example-2", path, plans.load("example"))
    assert not (place / "params" / "example-2").exists()


def test_a_bridge_that_names_no_indicator_of_its_plan_is_refused(place):
    bridge.make("example-2", filled(place, **CHANGES), plans.load("example"))
    path = place / "params" / "example-2" / "bridge.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["indicators"][0]["id"] = "patents_per_100k"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(Refused, match="没有这项指标；最接近的是 patents_per_10k"):
        door.check_plan(plans.load("example-2"))


@pytest.mark.usefixtures("place")
def test_a_plan_ends_with_a_word_on_each_indicator():
    """19.5 of 20 from 10: 95 % of the gain, nearly; 205 ≥ 200; 86.5 ≥ 85; others unpublished."""
    ended = {one.facts.id: one for one in closing.ended(plans.load("example"))}
    assert ended["patents_per_10k"].final == "nearly_fulfilled"
    assert ended["trademarks_valid"].final == "fulfilled"
    assert ended["pledge_amount"].final == "pending"
    assert ended["pledge_amount"].judged == (2021, 2022, 2023, 2024, 2025)
    assert ended["royalty_exports"].never
    assert not any(one.late for one in ended.values())


@pytest.mark.slow
def test_from_the_closed_edition_to_the_first_page_of_the_next_plan(place):
    """The whole way by the command line, as an office goes it."""

    def run(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "helpers", *arguments], cwd=place, capture_output=True,
            text=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    run("assess", "--plan", "example", "--year", "2025")
    closed = json.loads((place / "data/processed/example/2025/results.json").read_text("utf-8"))
    assert closed
    run("new-plan", "example-2", "--from", "example", "--form", "empty.xlsx")
    run("new-plan", "example-2", "--from", "example", "--file", str(filled(place, **CHANGES)))
    assert "合格" in run("check", "--plan", "example-2")
    assert "上一期的教训" in run("lint", "example-2")
    run("assess", "--plan", "example-2", "--year", "2026")
    page = (place / "data/processed/example-2/2026/assessment.html").read_text("utf-8")
    assert "云上县下一期" in page
    assert "承接云上县示例规划（虚构）2025年终值" in page
    with open(place / "data/processed/example-2/2026/results.csv", encoding="utf-8-sig") as file:
        rows = {row["indicator_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 13
    assert rows["patents_per_10k"]["baseline"] == "19.5"
