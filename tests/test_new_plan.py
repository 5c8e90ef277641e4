"""A plan of another place, from nothing to its page: the tutorial is done as it stands."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT, called, helpers, some

from helpers.intake import door, form_columns, new_plan, plan as plans, plan_book
from helpers.intake.finding import Refused, Unknown
from helpers.intake.plan_book import Row

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")


def tables() -> list[list[dict[str, str]]]:
    """Every table of the tutorial, as rows by heading."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", TUTORIAL, re.MULTILINE)
    split = [
        [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in block.splitlines()
        ]
        for block in blocks
    ]
    return [
        [dict(zip(heading, line, strict=False)) for line in lines] for heading, _, *lines in split
    ]


def described() -> tuple[dict[str, str], list[dict[str, str]]]:
    plan, indicators = tables()
    return {row["项目"]: row["内容"] for row in plan}, indicators


def filled_in(path: Path) -> Path:
    """The empty form with the tutorial's tables typed into it, as Excel would save them."""
    plan, indicators = described()
    path.write_bytes(plan_book.form())
    book = openpyxl.load_workbook(path)
    for row in book["规划"].iter_rows(min_row=2):
        row[1].value = plan.get(row[0].value)
    heading = [cell.value for cell in book["指标"][1]]
    for k, indicator in enumerate(indicators, 3):
        for name, text in indicator.items():
            book["指标"].cell(
                k,
                heading.index(name) + 1,
                float(text) if re.fullmatch(r"[\d.]+", text) else text or None,
            )
    book.save(path)
    return path


def made(
    root: Path, plan: dict[str, str] | None = None, indicators: list[dict[str, str]] | None = None
) -> tuple[Path, list]:
    mine, theirs = described()
    return new_plan.make(
        "our-plan",
        Row({**mine, **(plan or {})}, "规划"),
        [
            Row(row, f"指标:{k}")
            for k, row in enumerate(indicators if indicators is not None else theirs, 2)
        ],
        root,
    )


@pytest.mark.slow
def test_the_tutorial_leads_from_nothing_to_a_page_and_a_scenario(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    said = helpers(
        tmp_path, "new-plan", "our-plan", "--file", str(filled_in(tmp_path / "our-plan.xlsx"))
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout == "our-plan：3 项指标，params/our-plan，data/raw/our-plan，合格\n"
    for name, rows in zip(
        ("sources.csv", "observations.csv"),
        re.findall(r"```csv\n(.*?)```", TUTORIAL, re.DOTALL),
        strict=False,
    ):
        table = tmp_path / "data/raw/our-plan" / name
        table.write_text(table.read_text("utf-8") + rows, "utf-8")
    scenario = tmp_path / "params/our-plan/scenarios/prudent.yml"
    scenario.parent.mkdir()
    scenario.write_text(re.search(r"```yaml\n(.*?)```", TUTORIAL, re.DOTALL).group(1), "utf-8")
    assert helpers(tmp_path, "check", "our-plan").returncode == 0
    for more in ((), ("--scenario", "prudent")):
        ran = helpers(tmp_path, "assess", "--plan", "our-plan", "--year", "2018", *more)
        assert ran.returncode == 0, ran.stderr
    with open(
        tmp_path / "data/processed/our-plan/2018/results.csv", encoding="utf-8-sig", newline=""
    ) as file:
        assert {row["indicator_id"]: row["status"] for row in csv.DictReader(file)} == {
            "inv_per_10k": "ahead",
            "pct_applications": "ahead",
            "plant_variety_cum": "no_data",
        }
    side = helpers(tmp_path, "compare", "our-plan/2018", "our-plan/2018+prudent")
    assert side.returncode == 0
    assert "无数据" in (tmp_path / "data/processed/compare.html").read_text("utf-8")


def test_a_made_plan_passes_its_check_and_says_what_the_form_said(tmp_path):
    made(tmp_path)
    plan = plans.load("our-plan", tmp_path)
    received, _warnings = door.check_plan(plan)
    assert [row.status for row in received.observations] == ["missing"] * 3
    assert (plan.period.end, plan.target_year, plan.whole.name, plan.fictional) == (
        2020,
        2020,
        "全国",
        False,
    )
    facts = plans.indicator(plan, "plant_variety_cum")
    assert (facts.kind, facts.since, facts.baseline.value, facts.target.value) == (
        "cumulative",
        "规划未载明",
        None,
        2.5,
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"性质": "存量"}, "指标:2:性质: 存量 — 不在可选的词里；最接近的是 期末存量"),
        ({"目标值": "1,200"}, "指标:2:目标值: 1,200 — 不是数字"),
        ({"代码": "Inv"}, "只能用小写字母"),
        ({"代码": "pct_applications"}, "写了两次"),
        ({"单位": ""}, "指标:2:单位: "),
        ({"基期值": ""}, "没有基期值时须说明原因"),
        ({"性质": "期内新增"}, "指标:2:报送方式: "),
        ({"精度": "9"}, "指标:2:精度: 9 — "),
    ],
)
def test_a_slip_is_told_at_its_cell_and_nothing_is_written(tmp_path, change, told):
    first, *rest = described()[1]
    with pytest.raises(Refused, match=told):
        made(tmp_path, indicators=[{**first, **change}, *rest])
    assert not (tmp_path / "params").exists() or not list((tmp_path / "params").iterdir())
    assert not list((tmp_path / "data/raw").iterdir()) if (tmp_path / "data/raw").exists() else True
    assert (
        not list((tmp_path / "data").glob(".new-plan-*")) if (tmp_path / "data").exists() else True
    )


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"规划期起": "16"}, "不是年份"),
        ({"印发日期": "2016年"}, "不是日期"),
        ({"名称": ""}, "没有填"),
        ({"规划期止": "2010"}, "年份次序不对"),
        ({"虚构": "yes"}, "规划:虚构: yes — 只能写“是”或“否”"),
    ],
)
def test_a_slip_in_the_plan_s_own_fields_is_told(tmp_path, plan, told):
    with pytest.raises(Refused, match=told):
        made(tmp_path, plan)


def test_a_percent_format_is_told_at_its_cell(tmp_path):
    path = filled_in(tmp_path / "our-plan.xlsx")
    book = openpyxl.load_workbook(path)
    book["指标"]["G3"], book["指标"]["G3"].number_format = 0.063, "0.0%"
    book.save(path)
    with pytest.raises(
        Refused, match=r"our-plan\.xlsx:指标:G3: 6\.3% — 用了百分比格式，格里存的是 0.063"
    ):
        plan_book.read(path)


def test_what_can_be_chosen_is_offered_as_a_list():
    book = openpyxl.load_workbook(io.BytesIO(plan_book.form()))
    menus = {menu.formula1 for sheet in book for menu in sheet.data_validations.dataValidation}
    assert menus == {
        '"是,否"',
        '"' + ",".join(form_columns.KINDS) + '"',
        '"不低于,超过,不高于,低于"',
        '"预期性,约束性"',
        '"各年分别报送,报送期初以来累计"',
        *('"' + ",".join(words) + '"' for words in form_columns.MENUS.values()),
    }


def test_a_target_far_from_its_baseline_is_doubted_and_the_plan_made(tmp_path):
    first, *rest = described()[1]
    _, doubts = made(tmp_path, indicators=[{**first, "基期值": "20000", "目标值": "10"}, *rest])
    told = [str(doubt) for doubt in doubts]
    assert len(told) == 2
    assert "目标值 10 约为基期值 20000 的 1/2000" in told[0]
    assert "基期值 20000 已经达到目标 10" in told[1]
    assert (tmp_path / "params/our-plan/plan.yml").is_file()


@pytest.mark.parametrize("name", ["Our", "../x", "", "con"])
def test_an_id_that_cannot_be_a_folder_is_refused(tmp_path, name):
    plan, indicators = described()
    with pytest.raises(Unknown):
        new_plan.make(name, Row(plan, ""), [Row(row, "") for row in indicators], tmp_path)


def test_a_plan_that_is_there_is_never_overwritten(tmp_path):
    made(tmp_path)
    with pytest.raises(Unknown, match="已经有了"):
        made(tmp_path)


def test_text_that_looks_like_yaml_stays_text(tmp_path):
    first, *rest = described()[1]
    made(
        tmp_path,
        indicators=[{**first, "名称": "a: {b} # c", "原文": "- yes", "口径": "'1e3'"}, *rest],
    )
    facts = plans.indicator(plans.load("our-plan", tmp_path), "inv_per_10k")
    assert (facts.name_zh, facts.clauses[0].quote, facts.definition) == (
        "a: {b} # c",
        "- yes",
        "'1e3'",
    )


def test_without_a_terminal_and_a_file_it_is_said_what_to_do(tmp_path):
    ran = called(tmp_path, "new-plan", "our-plan")
    assert ran.returncode == 2
    assert "--form" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_what_is_asked_for_one_by_one_makes_the_same_plan(tmp_path, monkeypatch):
    import click

    from helpers import cli_inputs

    plan, indicators = described()
    answers = [plan.get(name, "") for name in form_columns.PLAN_FIELDS]
    for row in indicators:
        answers += [
            row["代码"],
            *(row.get(name, "") for name in form_columns.INDICATOR_FIELDS if name != "代码"),
        ]
    queue = iter([*answers, ""])
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(queue))
    asked, listed = cli_inputs._asked()
    new_plan.make("our-plan", asked, listed, tmp_path / "a")
    made(tmp_path / "b")
    for path in some(sorted((tmp_path / "b").rglob("*.*"))):
        if path.is_file():
            assert (
                path.read_bytes()
                == (tmp_path / "a" / path.relative_to(tmp_path / "b")).read_bytes()
            )


def test_a_notebook_is_prepared_with_the_edition_s_parameters_and_not_executed(toy):
    shutil.copytree(ROOT / "notebooks", toy.root / "notebooks")
    ran = called(toy.root, "open", "toy", "patents", "--year", "2023")
    assert ran.stdout == "scratch/toy-2023-patents.ipynb\n", ran.stderr
    cells = json.loads((toy.root / ran.stdout.strip()).read_text("utf-8"))["cells"]
    injected = next(
        cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", ())
    )
    assert 'model = "drift"' in "".join(injected["source"])
    assert not any(cell.get("outputs") for cell in cells)
    assert called(toy.root, "open", "toy", "patent").returncode == 2


def test_what_a_killed_run_left_is_removed_though_its_plan_is_there(tmp_path):
    made(tmp_path)
    left = tmp_path / "data/.new-plan-x"
    left.mkdir()
    os.utime(left, (0, 0))
    with pytest.raises(Unknown, match="已经有了"):
        made(tmp_path)
    assert not left.exists()


def test_a_plan_killed_before_its_parameters_were_in_place_is_made_again(tmp_path):
    folder, _ = made(tmp_path)
    before = {path: path.read_bytes() for path in some(folder.rglob("*.yml"))}
    shutil.rmtree(folder)
    assert made(tmp_path)[0] == folder
    assert {path: path.read_bytes() for path in folder.rglob("*.yml")} == before
    shutil.rmtree(folder)
    (tmp_path / "data/raw/our-plan/observations.csv").write_text("another's")
    with pytest.raises(Unknown, match="data/raw/our-plan 已经有了"):
        made(tmp_path)
    assert not folder.exists()
