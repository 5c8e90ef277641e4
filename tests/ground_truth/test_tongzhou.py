"""Tongzhou: almost nothing is published, and the assessment says so instead of inventing a
verdict."""

from functools import cache
from pathlib import Path

import pytest

from helpers.intake import observations, plan as plans
from helpers.measure import coverage, overall, verdict

ROOT = Path(__file__).parents[2]
YEARS = range(2021, 2026)
BOUNDED = {
    "ip_pledge_amount_cum",
    "nat_adv_demo_firms_new",
}  # the only two of which any figure was found, both bounds


@cache
def read():
    plan = plans.load("tongzhou-145", ROOT)
    return plan, observations.receive(plan), plans.indicators(plan)


@cache
def assessed(year, known_by=""):
    plan, received, indicators = read()
    points = observations.all_taken(plan, received, year, known_by)
    return {facts.id: verdict.assess(plan, facts, points, year) for facts in indicators}


def conclusion(year, known_by=""):
    return overall.of_statuses(
        [
            (name, said.status, said.facts.property)
            for name, said in assessed(year, known_by).items()
        ]
    )


def test_there_are_twenty_indicators_and_two_of_them_are_at_least_ahead():
    said = conclusion(2025)
    assert (said.total, said.assessable, said.word) == (20, 2, "insufficient")
    assert dict(said.counts) == {"no_data": 18, "ahead": 2}
    assert {name for name, one in assessed(2025).items() if one.at_least} == BOUNDED


@pytest.mark.parametrize("year", YEARS)
def test_in_no_year_is_there_a_conclusion(year):
    said = conclusion(year)
    assert (said.word, said.total, said.assessable, said.binding_behind) == (
        "insufficient",
        20,
        2 if year > 2021 else 0,
        (),
    )


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", plans.load("tongzhou-145", ROOT).indicators)
def test_without_data_there_is_no_verdict_no_figure_and_no_forecast(name, year):
    said, (_, received, _) = assessed(year)[name], read()
    seen = [
        row
        for row in received.observations
        if row.indicator_id == name and 2021 <= row.year <= year and row.value is not None
    ]
    if seen:
        assert name in BOUNDED
        assert (said.status, said.at_least) == ("ahead", True)
    else:
        assert said.status == "no_data"
        assert said.reasons == ("no_observation",)
        figures = (
            said.value,
            said.data_year,
            said.attainment,
            said.progress,
            said.elapsed,
            said.ratio,
            said.scheduled,
            said.cagr,
        )
        assert set(figures) == {None}
        assert (said.required_step, said.required_cagr, said.mean_step, said.step_factor) == (
            None,
        ) * 4
    assert said.forecast.rows == ()
    assert set(said.at_target.values()) == {None}
    assert said.final == ("pending" if year == 2025 else "")


def test_the_pledges_are_at_least_ahead_whatever_the_bounds_hide():
    said = assessed(2025)["ip_pledge_amount_cum"]
    assert (said.value, said.bound, said.data_year) == (
        12.32,
        ">",
        2022,
    )  # 5 and 7.32, both or more
    assert (said.baseline.value, said.baseline.bound, said.progress) == (5, ">", None)
    # the value was counted on from the base b, above 5: p = (7.32 + f)/(20 − b), at least 7.32/15 =
    # .488 after 2/5: 1.22
    assert (said.status, said.at_least, said.possible) == ("ahead", True, ("ahead", "met_locked"))


def test_the_firms_of_one_year_are_a_lower_bound_of_the_sum():
    said = assessed(2025)["nat_adv_demo_firms_new"]
    # 4 in 2022, 2021 unknown: at least 4/6 after 2/5, which is ahead, and from 6 on it is met
    assert (said.value, said.bound, said.possible) == (4, ">=", ("ahead", "met_locked"))
    assert (said.status, said.at_least) == ("ahead", True)


def test_before_anything_was_published_nothing_was_known():
    # the first figure of the period was published on 2023-05-09
    assert dict(conclusion(2022, "2023-05-08").counts) == {"no_data": 20}
    assert dict(conclusion(2022, "2023-05-09").counts) == {"no_data": 18, "ahead": 2}


def test_every_indicator_lacks_years_and_the_two_lack_all_but_2022():
    plan, received, indicators = read()
    lacking = coverage.missing(plan, indicators, observations.all_taken(plan, received, 2025), 2025)
    assert [one.facts.id for one in lacking] == list(plan.indicators)
    for one in lacking:
        assert one.years == (
            (2021, 2023, 2024, 2025) if one.facts.id in BOUNDED else (2021, 2022, 2023, 2024, 2025)
        )


def test_what_the_plan_itself_asks_for_is_known_without_any_data():
    said = assessed(2025)
    assert said["overseas_invention_grants_new"].planned_step == 6  # 30 in five years
    assert said["ip_training_person_times"].planned_step == 480  # 2400 in five years
    assert (
        said["hv_invention_patents_per10k"].planned_step is None
    )  # no baseline of the same definition
