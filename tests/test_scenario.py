"""Scenarios: choices made otherwise, values assumed; always marked, never an observation, never
more than asked."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from conftest import ROOT, called, helpers, some

from helpers import editions, request
from helpers.intake import observations, plan as plans, scenario as scenarios
from helpers.intake.finding import Refused, Unknown
from helpers.measure import verdict
from helpers.show import comparison, result, table, wording

HEAD = "title: 审慎\nreason: 只供测试。\n"


def under(toy, text: str, name: str = "prudent"):
    """The toy plan under a scenario of that text."""
    toy.write(f"scenarios/{name}.yml", HEAD + text)
    return plans.load("toy", toy.root, name)


def points(
    plan, indicator: str, year: int = 2023, known_by: str = ""
) -> dict[int, observations.Point]:
    return {
        p.year: p
        for p in observations.all_taken(plan, observations.receive(plan), year, known_by)
        if p.row.indicator_id == indicator and p.row.area == "town"
    }


def said(plan, indicator: str, year: int = 2023, **options):
    return verdict.assess(
        plan,
        plans.indicator(plan, indicator),
        observations.all_taken(plan, observations.receive(plan), year),
        year,
        **options,
    )


def test_choices_are_made_otherwise_and_the_rest_stays(toy):
    plan = under(toy, "choices:\n  - {model: last, reason: 一。}\n  - {window: 3, reason: 二。}\n")
    assert plans.choices(plan) == plans.Choices(2023, "last", "cn-plan-1", 0.8, 3)
    assert plans.choices(plans.base(plan)) == plans.Choices(2023, "drift", "cn-plan-1", 0.8, None)
    assert plans.indicators(plan) == plans.indicators(plans.base(plan))


def test_an_assumed_value_stands_for_its_year_marked_and_names_what_was_published(toy):
    plan = under(
        toy,
        "what_if:\n  - {indicator: patents, year: 2022, value: 130, reason: 缺的一年。}\n  - "
        "{indicator: patents, year: 2023, value: 150, reason: 偏低。}\n",
    )
    seen = points(plan, "patents")
    assert [(year, p.level, p.row.status) for year, p in seen.items()] == [
        (2020, 100, "final"),
        (2021, 118, "final"),
        (2022, 130, "assumed"),
        (2023, 150, "assumed"),
    ]
    assert seen[2023].row.note == "情景假设：偏低；已公布 160"
    assert seen[2023].row.source == "scenario:prudent"
    assert (
        points(plan, "patents", known_by="2022-06-30")[2022].level == 130
    )  # an assumption is not a publication
    judged = said(plan, "patents")
    assert "（情景假设）" in wording.latest(judged)
    assert "情景假设：2022 年的值为 130 件（理由：缺的一年）" in wording.note(judged)
    assert points(plans.base(plan), "patents")[2023].level == 160


def test_a_growth_path_goes_on_from_the_last_value_at_the_printed_precision(toy):
    plan = under(
        toy, "what_if:\n  - {indicator: share, growth: 0.05, until: 2025, reason: 按五个百分点。}\n"
    )
    seen = points(plan, "share", 2025)
    assert [(year, seen[year].level) for year in (2023, 2024, 2025)] == [
        (2023, 10.9),
        (2024, 11.4),
        (2025, 12.0),
    ]  # 10.9 × 1.05 = 11.445, × 1.05² = 12.017
    with pytest.raises(Unknown, match="2025"):
        plans.year_of(plan, 2023)


def test_growth_of_a_yearly_addition_grows_the_addition_not_the_sum(toy):
    plan = under(toy, "what_if:\n  - {indicator: attorneys_new, growth: 0.2, reason: 加快。}\n")
    assert points(plan, "attorneys_new", 2024)[2024].level == 4 + 3 + 5 + 6


def test_a_changed_target_is_marked_and_judged_by(toy):
    plan = under(toy, "what_if:\n  - {indicator: patents, target: 150, reason: 假如调低。}\n")
    judged = said(plan, "patents")
    assert judged.status == "met_hold"
    assert wording.target(judged.facts).endswith("（情景假设）")
    assert said(plans.base(plan), "patents").status != "met_hold"


def test_another_reading_takes_its_own_series_and_stands_alone(toy):
    toy.write(
        "indicators/share.yml",
        toy["indicators/share.yml"].read_text("utf-8")
        + "readings:\n  - {id: county, text: 全县。, taken: true}\n  - {id: wide, text: 全市。"
        ", taken: false, series: town_share}\n",
    )
    toy.write(
        "context.yml",
        toy["context.yml"].read_text("utf-8")
        + '  - {id: town_share, name_zh: 另一口径, unit: "%", group: component, relates_to: '
        "[share], differs: 口径不同。}\n",
    )
    toy.add("context.csv", "toy,town_share,town,2023,11.8,%,final,report_2023")
    plan = under(toy, "what_if:\n  - {indicator: share, reading: wide, reason: 读作全市。}\n")
    assert [(year, p.level) for year, p in points(plan, "share").items()] == [(2023, 11.8)]
    assert [(reading.id, reading.taken) for reading in plans.indicator(plan, "share").readings] == [
        ("wide", True)
    ]


def test_what_is_dropped_is_judged_nowhere_but_its_data_are_still_checked(toy):
    plan = under(toy, "what_if:\n  - {indicator: share, drop: true, reason: 不看。}\n")
    assert plan.indicators == ("patents", "grants_cum", "attorneys_new")
    assert not points(plan, "share")
    assert [record["indicator_id"] for record in result.of_run(plan, 2023)] == list(plan.indicators)
    assert len(plans.inputs(plan)) == len(plans.inputs(plans.base(plan))) + 1
    toy.cell("observations.csv", 12, unit="千克")  # the first row of share
    with pytest.raises(Refused, match="千克"):
        observations.receive(plan)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "什么都没有改"),
        ("choices:\n  - {model: last}\n", "reason.*缺少这个字段"),
        ("choices:\n  - {model: last, reason: ' '}\n", "没有写"),
        ("choices:\n  - {model: last, window: 3, reason: 一。}\n", "每条要改且只改一项选择"),
        ("choices:\n  - {window: 0, reason: 一。}\n", "应在 1 至 50 之间"),
        ("choices:\n  - {level: 0.9, reason: 一。}\n", "没有这个区间水平"),
        (
            "what_if:\n  - {indicator: patent, drop: true, reason: 一。}\n",
            "没有这项指标；最接近的是 patents",
        ),
        ("what_if:\n  - {indicator: patents, reason: 一。}\n", "每条要假设且只假设一件事"),
        ("what_if:\n  - {indicator: patents, value: 3, reason: 一。}\n", "value 和 year 要一起写"),
        (
            "what_if:\n  - {indicator: patents, value: 3, year: 2031, reason: 一。}\n",
            "不在规划期 2021—2025 年内",
        ),
        (
            "what_if:\n  - {indicator: patents, target: 3, until: 2024, reason: 一。}\n",
            "只有 growth 有 until",
        ),
        (
            "what_if:\n  - {indicator: patents, target: 3, reason: 一。}\n  - {indicator: "
            "patents, target: 4, reason: 二。}\n",
            "假设了两次",
        ),
        (
            "what_if:\n  - {indicator: patents, target: 3, reason: 一。}\n  - {indicator: "
            "patents, drop: true, reason: 二。}\n",
            "已不计入",
        ),
        ("what_if:\n  - {indicator: patents, reading: wide, reason: 一。}\n", "没有这种读法"),
        (
            "what_if:\n  - {indicator: share, target: 120, reason: 一。}\n",
            "超出 lower 与 upper 之间",
        ),
        (
            "what_if:\n  - {indicator: patents, year: 2022, value: 3.5, reason: 一。}\n",
            "不可能是这个数",
        ),
        (
            "what_if:\n  - {indicator: grants_cum, year: 2022, value: 10, reason: 一。}\n",
            "累计数比 2020 年的 20 少",
        ),
        ("what_if:\n  - {indicator: patents, growth: 0.1, reason: 一。}\n", "没有要推的年份"),
        ("modle: last\n", "没有这个字段"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_and_says_why(toy, text, told):
    def read() -> None:
        plan = under(toy, text)
        plans.indicators(plan)
        observations.all_taken(plan, observations.receive(plan), 2023)

    with pytest.raises(Refused, match=told):
        read()


@pytest.mark.parametrize("name", ["none", "../run", "Prudent", "a/b"])
def test_a_scenario_that_is_not_there_is_told_with_those_that_are(toy, name):
    under(toy, "choices:\n  - {model: last, reason: 一。}\n")
    with pytest.raises(Unknown, match="现有：prudent"):
        plans.load("toy", toy.root, name)


def test_an_edition_under_a_scenario_has_its_own_folder_and_cut_off(toy):
    under(toy, "choices:\n  - {known_by: 2023-06-30, reason: 当时。}\n")
    one = request.of("toy", 2023, root=toy.root, scenario="prudent")
    assert (one.name, one.cutoff) == ("2023+prudent", "2023-06-30")
    assert (
        request.of("toy", 2023, "2023-06-30", toy.root, "prudent").name == "2023@2023-06-30+prudent"
    )
    with pytest.raises(Unknown, match="请不要再另给"):
        request.of("toy", 2023, "2024-01-01", toy.root, "prudent")


def test_an_edition_named_for_a_worker_is_the_one_that_was_meant():
    names = (
        "example/2024",
        "example/2024@2025-03-31",
        "example/2024+prudent",
        "example/2024@2025-03-31+hopeful",
    )
    assert [f"{one.plan.id}/{one.name}" for one in editions.named(names)] == list(names)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("run.yml", "model: drift", "model: drfit"),
        ("scenarios/prudent.yml", "model: last", "model: lsat"),
    ],
)
def test_an_unknown_model_is_refused_before_anything_runs(toy, file, old, new):
    under(toy, "choices:\n  - {model: last, reason: 一。}\n")
    toy.change(file, old, new)
    plan = plans.load("toy", toy.root, "prudent" if "scenarios" in file else "")
    with pytest.raises(Refused, match="没有这种预测模型；最接近的是"):
        request.check_choices(plan)


def test_a_window_moves_the_forecast_and_not_the_status(toy):
    plan = toy.plan
    whole, last = (said(plan, "patents", model="drift", window=window) for window in (None, 2))
    assert (whole.forecast.n, last.forecast.n, last.window) == (
        3,
        1,
        2,
    )  # 2020, 2021, 2023: of the last two years only 2023 has a value
    assert (
        said(plan, "patents", model="drift", window=3).at_target["median"] == 202
    )  # 160 + 2·(160 − 118)/2
    assert whole.at_target["median"] == 200
    assert whole.status == last.status


def test_the_part_of_one_indicator_is_not_moved_by_another(toy):
    text = (
        "choices:\n  - {{model: last, reason: 一。}}\nwhat_if:\n  - {{indicator: patents, "
        "target: {}, reason: 一。}}\n  - {{indicator: share, target: {}, reason: 二。}}\n"
    )
    before, other, own = (
        scenarios.part_of(under(toy, text.format(*targets)).scenario, "patents")
        for targets in ((150, 11), (150, 13), (170, 11))
    )
    assert before == other != own


def test_the_shipped_scenarios_hold_and_move_something():
    for name in some(plans.available()):
        plan = plans.load(name)
        assert {"prudent", "hopeful"} <= set(scenarios.available(plan))
        for scenario in some(scenarios.available(plan)):
            there = plans.load(name, scenario=scenario)
            year = plans.year_of(there, None)
            base, moved = result.of_run(plan, year), result.of_run(there, year)
            assert [
                {k: r[k] for k in ("median", "p_met", "value", "target", "baseline", "texts")}
                for r in base
            ] != [
                {k: r[k] for k in ("median", "p_met", "value", "target", "baseline", "texts")}
                for r in moved
            ], (name, scenario)


def test_side_by_side_tells_what_flipped_and_what_is_left_out(toy):
    plan = under(
        toy,
        "what_if:\n  - {indicator: patents, target: 150, reason: 低。}\n  - {indicator: share, "
        "drop: true, reason: 不看。}\n",
    )
    editions = {"基准": result.of_run(plans.base(plan), 2023), "审慎": result.of_run(plan, 2023)}
    listed = {(row["indicator_id"], row["edition"]): row for row in comparison.rows(editions)}
    assert len(listed) == 8
    assert "status" in listed["patents", "审慎"]["flipped"]
    assert listed["share", "审慎"]["left_out"]
    for row in comparison.rows(
        editions
    ):  # the chance is said as the page says it: none where nothing is left open
        record = next(
            (one for one in editions[row["edition"]] if one["indicator_id"] == row["indicator_id"]),
            None,
        )
        assert comparison.words(row)[1] == (record["texts"]["chance"] if record else "—")
    assert "与 基准 相比" in comparison.summary(editions)[0]
    assert "不计入 产业占比" in comparison.summary(editions)[0]
    lines = list(csv.DictReader(comparison.as_csv(editions).splitlines()))
    assert [line["edition"] for line in lines] == ["基准", "审慎"] * 4
    assert lines[1]["target"] == "150.0"
    assert "情景假设" in comparison.table(editions).to_string()
    assert "只供测试" in table.scenario(plan, plans.indicators(plan)).to_string()


@pytest.mark.slow
def test_a_plan_is_compared_with_all_its_scenarios_and_nothing_is_executed(toy):
    under(toy, "what_if:\n  - {indicator: patents, target: 150, reason: 假如调低。}\n")
    ran = called(toy.root, "compare", "--plan", "toy", "--year", "2023")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0].startswith("prudent：与 基准 相比，1 项指标")
    assert "有效专利" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "open data/processed/compare.html"
    assert not (toy.root / "data/processed/toy").exists()
    assert "假如调低" in (toy.root / "data/processed/compare.html").read_text("utf-8")
    for wrong in ((), ("toy/2023",), ("--plan", "toy", "toy/2023", "toy/2022")):
        assert called(toy.root, "compare", *wrong).returncode == 2


@pytest.mark.slow
def test_one_change_executes_one_indicator_and_the_page_is_marked(toy):
    shutil.copytree(ROOT / "notebooks", toy.root / "notebooks")
    under(
        toy,
        "choices:\n  - {model: last, reason: 不指望增长。}\nwhat_if:\n  - {indicator: patents, "
        "target: 150, reason: 假如调低。}\n  - {indicator: share, year: 2023, value: 11, "
        "reason: <b>略高</b>。}\n",
    )
    asked = ("assess", "--plan", "toy", "--year", "2023")
    assert helpers(toy.root, *asked).returncode == 0
    ran = helpers(toy.root, *asked, "--scenario", "prudent")
    assert ran.returncode == 0, ran.stderr
    folder = toy.root / "data/processed/toy/2023+prudent"
    assert ran.stdout.splitlines()[-1] == "open data/processed/toy/2023+prudent/assessment.html"
    page = (folder / "assessment.html").read_text("utf-8")
    assert "情景假设“审慎”：只供测试。" in page
    assert "&lt;b&gt;略高" in page
    assert "<b>略高" not in page
    assert "SCENARIO=prudent" in page
    cells = json.loads((folder / "2_share.ipynb").read_text("utf-8"))["cells"]
    assert 'scenario = "prudent"' in "".join(
        next(cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", ()))[
            "source"
        ]
    )
    with open(folder / "results.csv", encoding="utf-8-sig", newline="") as file:
        assert all(
            "情景假设" in row["note"]
            for row in csv.DictReader(file)
            if row["indicator_id"] in ("patents", "share")
        )
    assert "assumed" in (folder / "observations.csv").read_text("utf-8")
    assert (
        helpers(toy.root, *asked, "--scenario", "prudent").stderr == ""
    )  # nothing has changed, nothing is executed
    toy.change("scenarios/prudent.yml", "target: 150", "target: 155")
    again = helpers(toy.root, *asked, "--scenario", "prudent")
    notebooks = json.loads((folder / "run.json").read_text("utf-8"))["notebooks"]
    assert again.returncode == 0
    assert {name for name, one in notebooks.items() if not one["reused"]} == {
        "1_data_check",
        "2_patents",
        "4_assessment",
    }
    side = helpers(toy.root, "compare", "toy/2023", "toy/2023+prudent")
    assert side.returncode == 0
    assert side.stdout.splitlines()[-1] == "open data/processed/compare.html"
    assert "假如调低" in (toy.root / "data/processed/compare.html").read_text("utf-8")


@pytest.mark.parametrize("kind", ["value", "growth", "target"])
def test_zero_is_a_value_a_scenario_may_assume(kind):
    entry = plans.WhatIf(
        indicator="patents",
        reason="试。",
        **{kind: 0},
        **({"year": 2023} if kind == "value" else {}),
    )
    assert scenarios.assumes(entry) == [kind]
    told = scenarios.part_of(plans.Scenario("none", "标题", "理由。", what_if=(entry,)), "patents")
    assert told["what_if"][0][kind] == 0


def test_the_door_tries_what_a_scenario_assumes_on_the_data(toy):
    from helpers.intake import door

    entry = "- {indicator: share, year: 2023, value: 140, reason: 试}"
    toy.write("scenarios/too_much.yml", f"title: 过头\nreason: 试\nwhat_if:\n{entry}\n")
    with pytest.raises(Refused, match="不可能是这个数"):
        door.check_plan(toy.plan)
