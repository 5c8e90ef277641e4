"""Sentences that were false once: sums without 累计, assumed values called published, an all-clear
over nothing judged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_report import assembled, page
from test_scenario import under

from helpers import comparisons
from helpers.intake import observations, plan as plans, plausible
from helpers.measure import backtest, verdict
from helpers.measure.assessment import Assessment
from helpers.publish import brief as brief_page, report
from helpers.show import result, wording


def assessed(plan: plans.Plan, name: str, year: int) -> Assessment:
    facts = plans.indicator(plan, name)
    points = observations.all_taken(plan, observations.receive(plan), year)
    return verdict.assess(plan, facts, points, year, model="drift")


@pytest.mark.parametrize(("language", "word"), [("zh", "累计"), ("en", "in total by 2023")])
def test_a_sum_of_years_says_that_it_is_one(toy, language, word):
    """attorneys_new is added up from year to year, patents are counted at the end of each."""
    plan = plans.load("toy", toy.root)
    with wording.speaking(language):
        summed, counted = (assessed(plan, name, 2023) for name in ("attorneys_new", "patents"))
        assert word in wording.latest(summed)
        assert word not in wording.latest(counted)
        assert word in wording.conclusion(summed)
        assert word.replace("2023", "2025") in wording.target(summed.facts)


def test_a_running_total_that_says_so_in_its_name_says_it_once(toy):
    facts = assessed(plans.load("toy", toy.root), "grants_cum", 2023).facts  # 累计授权
    assert "累计" not in wording.target(facts)
    assert "累计" in wording.target(replace(facts, name_zh="授权量"))


def test_an_assumed_value_of_the_target_year_is_not_called_published(toy):
    plan = under(
        toy, "what_if:\n  - {indicator: patents, year: 2025, value: 150, reason: 假如。}\n"
    )
    assumed = assessed(plan, "patents", 2025)
    told = wording.pace(assumed) + wording.outlook(assumed) + wording.prospect(assumed)
    assert "公布" not in told
    assert told.count("情景假设") == 3


def test_only_plans_of_the_same_series_are_looked_back_at():
    assert {one.plan for one in backtest.of_series("national-155")} == {
        "national-135",
        "national-145",
    }
    assert backtest.of_series("tongzhou-145") == backtest.of_series("example") == []


def test_a_page_without_hindcasts_does_not_speak_of_them():
    heading = f"<h3>{wording.zh.page.HINDSIGHT}</h3>"
    assert heading in page("national-145")
    assert heading not in page("tongzhou-145")


def test_a_brief_gives_no_all_clear_where_nothing_was_judged():
    facts = report.facts_of(list(assembled("tongzhou-145")), "0123456789ab")
    facts["whole"] = {**facts["whole"], "assessable": 0}
    facts["indicators"] = [
        {**record, "status": "no_data", "alert_code": None} for record in facts["indicators"]
    ]
    brief = brief_page.page(facts)
    assert "20 项指标都不能评价" in brief
    assert "没有黄色及以上预警" not in brief


@pytest.mark.parametrize("words", [wording.zh.page, wording.en.page])
def test_an_all_clear_counts_what_it_leaves_out(words):
    assert "3" in words.no_alerted(5, 8)
    assert "8 " not in words.no_alerted(5, 8)
    assert "3" not in words.no_alerted(8, 8)


def test_doubts_are_told_in_names_and_not_in_fields(toy):
    """The report names indicator, area and year; the file, the field and the cure are for whoever
    mends it."""
    plan = plans.load("toy", toy.root)
    facts = {one.id: one for one in plans.indicators(plan)}
    received = observations.receive(plan)
    rows = [
        row
        for row in received.observations
        if not (row.indicator_id == "patents" and row.year == 2022)
    ]
    doubts = plausible.doubts(rows, facts, "observations.csv")
    assert [str(one) for one in doubts if one.column == "year=2022"]
    told = result.data_check(plan, received, [], [], doubts=doubts).data["doubts"]
    assert "有效专利 2022 年：序列缺这一年" in told
    assert len(told) == len(doubts)
    assert not [text for text in told if "observations.csv" in text or "status" in text]


def test_the_committed_data_check_holds_no_developers_text():
    """That of the example plan, which has doubts: three-year series with a hole."""
    notebook = json.loads((plans.home() / "notebooks" / "1_data_check.ipynb").read_text("utf-8"))
    record = result.read(notebook)
    assert record["doubts"]
    assert not [
        text for text in record["doubts"] if ".csv" in text or "=" in text or "（north" in text
    ]


def test_editions_side_by_side_are_called_by_title_and_not_by_folder(tmp_path):
    """Two scenarios of one plan, and two bags of one edition, which only their names tell apart."""
    records = [one.record for one in assembled("example") if one.record["record"] == "indicator"]
    whole = assembled("example")[-1].record
    hopeful = {**whole, "scenario": "hopeful", "scenario_title": "乐观"}
    notebooks = {str(k): one for k, one in enumerate(records)}
    kept = {
        "example 2024": {**notebooks, "4_assessment": whole},
        "example 2024+hopeful": {**notebooks, "4_assessment": hopeful},
        "x.zip": {**notebooks, "4_assessment": whole | {"known_by": "2025-03-31"}},
        "y.zip": {**notebooks, "4_assessment": whole | {"known_by": "2025-03-31"}},
    }
    told = comparisons.compared(kept, tmp_path).read_text("utf-8")
    name = f"{whole['facts']['short_title']} 2024 年"
    assert f"<b>{name}</b>" in told
    assert f"{name}（情景假设：乐观）" in told
    assert "hopeful" not in told
    assert "example 2024" not in told
    assert f"{name}（截至 2025-03-31） x.zip" in told
    assert "example 2024+hopeful" in (tmp_path / "compare.csv").read_text("utf-8")
