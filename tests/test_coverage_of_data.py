"""What is missing: the years of the plan without a value, for every indicator, in the plan's
order."""

from types import SimpleNamespace

from conftest import some
from hypothesis import given, strategies as st

from helpers.intake.contract import Observation
from helpers.intake.observations import Point
from helpers.intake.plan import Area, Document, Period, Plan
from helpers.measure.coverage import Missing, missing

PLAN = Plan(
    id="made-up",
    title="规划",
    short_title="规划",
    title_en="plan",
    issuer="",
    document=Document(""),
    issued="2021-01-01",
    period=Period(2021, 2025),
    baseline_year=2020,
    target_year=2025,
    categories=("类",),
    indicators=("patents", "staff"),
    areas=(Area("town", "镇", "part"), Area("district", "全区", "whole")),
)
PATENTS, STAFF = (
    SimpleNamespace(id=name) for name in PLAN.indicators
)  # an indicator is asked only for its name


def point(indicator, year, area="district"):
    return Point(
        Observation(PLAN.id, indicator, area, year, 1.0, "件", "final", "somewhere"), 1.0, "="
    )


def test_years_from_the_plans_first_to_the_assessment_year_are_missing_until_observed():
    points = [point("patents", 2021), point("patents", 2023), point("staff", 2022)]
    assert missing(PLAN, [PATENTS, STAFF], points, 2024) == [
        Missing(PATENTS, (2022, 2024)),
        Missing(STAFF, (2021, 2023, 2024)),
    ]


def test_an_indicator_without_a_gap_is_not_listed():
    points = [point("patents", year) for year in (2021, 2022)]
    assert missing(PLAN, [PATENTS, STAFF], points, 2022) == [Missing(STAFF, (2021, 2022))]
    assert missing(PLAN, [PATENTS], points, 2022) == []


def test_years_before_the_plan_and_after_the_assessment_are_not_asked_for():
    points = [point("patents", 2020), point("patents", 2021), point("patents", 2025)]
    assert missing(PLAN, [PATENTS], points, 2023) == [Missing(PATENTS, (2022, 2023))]


def test_a_value_of_a_part_is_not_the_value_of_the_whole():
    assert missing(PLAN, [PATENTS], [point("patents", 2021, "town")], 2021) == [
        Missing(PATENTS, (2021,))
    ]


def test_without_any_data_every_year_of_every_indicator_is_missing():
    assert missing(PLAN, [PATENTS, STAFF], [], 2025) == [
        Missing(one, (2021, 2022, 2023, 2024, 2025)) for one in (PATENTS, STAFF)
    ]


@given(
    st.sets(st.tuples(st.sampled_from(PLAN.indicators), st.integers(2019, 2025))),
    st.integers(2021, 2025),
)
def test_observed_and_missing_years_together_are_the_years_of_the_plan(seen, year):
    lacking = {
        one.facts.id: set(one.years)
        for one in missing(PLAN, [PATENTS, STAFF], (point(*one) for one in seen), year)
    }
    for name in some(PLAN.indicators):
        observed = {y for one, y in seen if one == name and 2021 <= y <= year}
        assert not observed & lacking.get(name, set())
        assert observed | lacking.get(name, set()) == set(range(2021, year + 1))
