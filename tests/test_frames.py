"""The frames a notebook computes with: each figure where the field looks for it, NaN where there is
none."""

from __future__ import annotations

import math

import numpy as np
import pandas
import pytest
from conftest import some
from drawing import NOTEBOOK, cells

from helpers.intake import observations, plan as plans
from helpers.measure import forecast, frames, sensitivity, verdict


def judged(name: str, year: int, model: str = "pooled"):
    """(plan, facts, series, assessment) of every indicator of a shipped plan."""
    plan = plans.load(name)
    points = observations.all_taken(plan, observations.receive(plan), year)
    for facts in plans.indicators(plan):
        series = observations.series(facts, points, plan.whole.id)
        yield plan, facts, series, verdict.assess(plan, facts, points, year, model=model)


@pytest.fixture(scope="module")
def example() -> dict:
    return {facts.id: (plan, facts, *rest) for plan, facts, *rest in judged("example", 2024)}


def seen(example: dict, name: str) -> pandas.DataFrame:
    plan, _, series, _ = example[name]
    titles = {key: source.title for key, source in observations.sources(plan).items()}
    return frames.observed(series, titles)


def test_a_year_is_a_row_with_its_value_level_status_and_source(example):
    frame = seen(example, "patents_per_10k")
    assert list(frame.index) == [2020, 2021, 2022, 2023, 2024]
    assert frame.index.name == "year"
    assert list(frame.level) == [10, 12.5, 14, 16.5, 18] == list(frame.value)
    assert frame.loc[2024, ["status", "published", "source"]].tolist() == [
        "final",
        "2025-03-01",
        "虚构统计公报2024",
    ]


def test_the_level_of_additions_is_their_sum_and_none_before_the_plan(example):
    frame = seen(example, "patent_attorneys_new").query("segment == 'judged'")
    assert list(frame.value) == [4, 3, 5, 4]
    assert list(frame.level) == [4, 7, 12, 16]  # 4, 4+3, 4+3+5, 4+3+5+4
    before = seen(example, "patent_attorneys_new").query("segment == 'history'")
    assert before.level.isna().all()
    assert before.value.notna().all()


def test_a_course_has_a_hole_for_a_gap_and_ends_where_a_definition_does(example):
    course = frames.course(seen(example, "satisfaction"), "judged")
    assert course.index.tolist() == [2020, 2021, 2022, 2023, 2024]
    assert course.isna().tolist() == [False, False, True, False, False]
    frame = seen(example, "patent_intensive_share")
    assert frame.segment.tolist() == ["former"] * 3 + ["judged"] * 2
    assert frames.course(frame, "former").to_dict() == {2020: 10, 2021: 10.4, 2022: 10.8}
    assert frames.course(frame, "judged").to_dict() == {2023: 9.5, 2024: 9.9}
    assert frames.course(frame, "history").empty


def test_an_indicator_without_data_has_the_same_columns_and_no_rows(example):
    frame = seen(example, "royalty_exports")
    assert list(frame.columns) == list(frames.OBSERVED)
    assert frame.empty
    *_, said = example["royalty_exports"]
    ahead = frames.forecasts(said, ())
    assert list(ahead.columns) == list(frames.FORECASTS)
    assert ahead.empty
    assert frames.fan(said, ahead).empty


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("example", 2024),
        ("example", 2022),
        ("national-135", 2020),
        ("national-145", 2025),
        ("national-145", 2023),
        ("tongzhou-145", 2025),
    ],
)
def test_progress_by_hand_is_the_verdicts_for_every_indicator(name, year):
    """p = (y − y0)/(T − y0), τ = (t − t0)/(tT − t0), r = p/τ; NaN where the verdict has none."""
    for plan, facts, series, said in some(judged(name, year)):
        ends = frames.ends(plan, facts, series)
        p = (ends.level.latest - ends.level.baseline) / (ends.level.target - ends.level.baseline)
        tau = (ends.year.latest - ends.year.baseline) / (ends.year.target - ends.year.baseline)
        by_rule = np.array([said.progress, said.elapsed, said.ratio], float)
        np.testing.assert_allclose([p, tau, p / tau], by_rule, err_msg=facts.id)


def test_a_baseline_that_meets_its_target_is_no_start(example):
    plan, facts, series, said = example["case_close_share"]  # baseline 96, target 95
    ends = frames.ends(plan, facts, series)
    assert np.isnan(ends.level.baseline)
    assert said.progress is None
    assert ends.level.tolist()[1:] == [97, 95]
    assert ends.year.tolist() == [2020, 2024, 2025]


def test_every_model_has_a_row_a_year_and_its_chance_in_the_target_year(example):
    plan, _, _, said = example["patents_per_10k"]
    ahead = frames.forecasts(said, sensitivity.other_models(plan, said))
    assert ahead.model.tolist() == list(forecast.NAMES)
    assert set(ahead.year) == {2025}
    row = ahead.set_index("model").loc["drift"]
    assert row.at["median"] == 20  # 18 + (18 − 10)/4
    adopted = ahead.set_index("model").loc["pooled"]
    assert adopted.p_met == said.p_met
    assert adopted.low80 == said.at_target["low80"]


def test_a_forecast_of_two_years_asks_its_chance_of_the_second():
    for plan, facts, _, said in some(judged("example", 2023)):
        if facts.id == "patents_per_10k":
            models = sensitivity.other_models(plan, said)
            ahead = frames.forecasts(said, models).query("model == 'drift'")
            assert ahead.year.tolist() == [2024, 2025]
            assert ahead["median"].tolist() == pytest.approx([16.5 + 6.5 / 3, 16.5 + 13 / 3])
            assert ahead.p_met.isna().tolist() == [True, False]
            return
    pytest.fail("the indicator is gone")


# ── the notebook's arithmetic ─────────────────────────────────────────────────────────────────────


def run(monkeypatch, indicator: str, old: str = "", new: str = "") -> dict:
    """The variables after all cells of 2_indicator for an indicator of the example plan, with `old`
    in a cell written as `new`."""
    monkeypatch.chdir(NOTEBOOK.parents[1])
    code = cells()
    assert not old or sum(old in cell for cell in code) == 1
    known: dict = {}
    for cell in code:
        exec(cell.replace(old, new) if old else cell, known)
        known.update(indicator=indicator)
    return known


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(latest - start) / (target - start)", "latest / target"),
        ("(data_year - start_year)", "(year + 1 - start_year)"),
        ("progress / elapsed", "progress - elapsed"),
        ("[-np.inf, *steps,", "[-np.inf, *np.add(steps, 0.1),"),
        ("round(ratio, 9)", "round(progress, 9)"),
        ("frames.forecasts(said, models)", "frames.forecasts(said, models[:2])"),
        ("ahead.year == target_year", "ahead.year == target_year - 1"),
        ('at_target["median"].get(model', 'at_target["low80"].get(model'),
        ("at_target.p_met.get(model", 'at_target.p_met.get("drift"'),
    ],
)
def test_a_formula_changed_in_a_cell_fails_at_the_conclusion(monkeypatch, old, new):
    """patents_per_10k: from 10 to 18, 20 wanted in 2025: .8 of the way in .8 of the time."""
    with pytest.raises(AssertionError):
        run(monkeypatch, "patents_per_10k", old, new)


@pytest.mark.parametrize("indicator", ["royalty_exports", "service_platform", "demo_firms_new"])
def test_without_data_or_forecast_the_same_cells_run(monkeypatch, indicator):
    known = run(monkeypatch, indicator)
    assert known["facts"].id == indicator
    assert math.isnan(known["progress"]) == (indicator == "royalty_exports")
    assert known["record"].data["indicator_id"] == indicator
