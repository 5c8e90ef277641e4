"""How far an indicator has come: every formula of METHOD §3 by hand, by an identity, or by a second
way to the number."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, strategies as st

from helpers.measure import progress as pg

figures = st.integers(-10_000, 10_000).map(lambda k: k / 10)
years_on = st.integers(1, 10)


def test_attainment_is_the_value_over_the_target():
    assert pg.attainment(18, 20) == pytest.approx(0.9)  # 18 / 20
    assert pg.attainment(22, 20) == pytest.approx(1.1)


def test_attainment_is_not_available_without_a_value_or_a_target_or_for_a_target_of_zero():
    assert pg.attainment(None, 20) is None
    assert pg.attainment(18, None) is None
    assert pg.attainment(18, 0) is None


def test_a_value_of_zero_is_a_value_and_not_a_missing_one():
    assert pg.attainment(0, 20) == 0
    assert pg.progress(0, 10, 20) == -1  # (0 - 10) / (20 - 10)
    assert pg.cagr(0, 2022, 100, 2020) == -1  # 0^(1/2) - 1
    assert pg.required_step(0, 2023, 20, 2025) == 10  # (20 - 0) / 2
    assert pg.mean_step(0, 2022, 10, 2020) == -5  # (0 - 10) / 2
    assert pg.scheduled_value(2021, 0, 2020, 10, 2025) == 2  # 0 + 1/5 * 10


@pytest.mark.parametrize(
    ("value", "baseline", "target", "expected"),
    [
        (18, 10, 20, 0.8),  # (18 - 10) / (20 - 10)
        (23, 10, 20, 1.3),  # (23 - 10) / (20 - 10)
        (8, 10, 20, -0.2),  # (8 - 10) / (20 - 10)
        (42, 50, 40, 0.8),  # (42 - 50) / (40 - 50): lower is better
        (55, 50, 40, -0.5),  # (55 - 50) / (40 - 50)
        (-2, -10, 10, 0.4),  # (-2 + 10) / (10 + 10): across zero
    ],
)
def test_progress_is_the_gain_over_the_planned_gain(value, baseline, target, expected):
    assert pg.progress(value, baseline, target) == pytest.approx(expected)


def test_progress_of_the_national_patents_of_2023_by_hand():
    # 6.3 in 2020, 12 wanted in 2025, 11.8 in 2023: 5.5 / 5.7 = 55/57, after 3/5 of the time
    assert pg.progress(11.8, 6.3, 12) == pytest.approx(55 / 57)
    assert pg.ratio(pg.progress(11.8, 6.3, 12), pg.elapsed(2023, 2020, 2025)) == pytest.approx(
        275 / 171
    )


@pytest.mark.parametrize("known", [(None, 10, 20), (18, None, 20), (18, 10, None), (18, 20, 20)])
def test_progress_is_not_available_where_something_is_missing_or_nothing_was_to_be_gained(known):
    assert pg.progress(*known) is None


@given(figures, figures)
def test_progress_is_nought_at_the_baseline_and_one_at_the_target(baseline, target):
    assume(baseline != target)
    assert pg.progress(baseline, baseline, target) == 0
    assert pg.progress(target, baseline, target) == 1


@given(figures, figures, figures)
def test_progress_does_not_ask_which_direction_is_better(value, baseline, target):
    assert pg.progress(value, baseline, target) == pg.progress(-value, -baseline, -target)


@pytest.mark.parametrize(
    ("year", "expected"), [(2020, 0), (2021, 0.2), (2024, 0.8), (2025, 1), (2026, 1.2)]
)
def test_elapsed_is_the_share_of_the_period_that_has_passed(year, expected):
    assert pg.elapsed(year, 2020, 2025) == pytest.approx(expected)  # (year - 2020) / 5


def test_elapsed_counts_from_the_baseline_year_not_from_the_plan():
    assert pg.elapsed(2022, 2019, 2025) == 0.5  # 3 / 6


@pytest.mark.parametrize("target_year", [2020, 2019])
def test_a_target_year_not_after_the_baseline_year_is_refused_with_the_way_on(target_year):
    with pytest.raises(
        ValueError, match=f"target year {target_year} is not after baseline year 2020; correct"
    ):
        pg.elapsed(2020, 2020, target_year)


def test_ratio_is_progress_over_elapsed_time():
    assert pg.ratio(0.9, 0.8) == pytest.approx(1.125)
    assert pg.ratio(-0.5, 0.8) == pytest.approx(-0.625)
    assert pg.ratio(0, 0.8) == 0


def test_ratio_is_not_available_without_progress_or_before_any_time_has_passed():
    assert pg.ratio(None, 0.8) is None
    assert pg.ratio(0.5, 0) is None
    assert pg.ratio(0.5, -0.2) is None


@pytest.mark.parametrize(
    ("year", "baseline", "target", "expected"),
    [
        (2024, 10, 20, 18),  # 10 + 4/5 * 10
        (2024, 50, 40, 42),  # 50 - 4/5 * 10
        (2020, 10, 20, 10),
        (2025, 10, 20, 20),
    ],
)
def test_the_scheduled_value_lies_on_the_straight_line(year, baseline, target, expected):
    assert pg.scheduled_value(year, baseline, 2020, target, 2025) == pytest.approx(expected)


def test_there_is_no_scheduled_value_without_both_ends_of_the_line():
    assert pg.scheduled_value(2024, None, 2020, 20, 2025) is None
    assert pg.scheduled_value(2024, 10, 2020, None, 2025) is None


@given(figures, figures, st.integers(2021, 2027))
def test_who_stands_at_the_scheduled_value_is_exactly_on_schedule(baseline, target, year):
    assume(baseline != target)
    scheduled = pg.scheduled_value(year, baseline, 2020, target, 2025)
    assert pg.ratio(
        pg.progress(scheduled, baseline, target), pg.elapsed(year, 2020, 2025)
    ) == pytest.approx(1)


def test_cagr_is_compound_and_has_the_baseline_year_as_its_base():
    assert pg.cagr(121, 2022, 100, 2020) == pytest.approx(0.1)  # 1.21^(1/2) - 1
    assert pg.cagr(81, 2022, 100, 2020) == pytest.approx(-0.1)  # 0.81^(1/2) - 1


def test_cagr_of_the_pledges_of_2015_to_2020_is_the_one_worked_out_in_the_params():
    # 848.5 in 2015; params/national-135/indicators/pledge_annual.yml: 15.6 % a year to 2019 (1515),
    # 20.8 % to 2020 (2180)
    assert round(pg.cagr(1515, 2019, 848.5, 2015), 3) == 0.156
    assert round(pg.cagr(2180, 2020, 848.5, 2015), 3) == 0.208


@given(st.floats(1, 1000), st.floats(1, 1000), years_on)
def test_cagr_year_after_year_leads_from_the_baseline_to_the_value(baseline, value, years):
    growth = pg.cagr(value, 2020 + years, baseline, 2020)
    reached = baseline
    for _ in range(years):  # the slow way
        reached *= 1 + growth
    assert reached == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    "without",
    [
        (None, 2022, 100, 2020),
        (121, 2022, None, 2020),
        (121, 2022, 0, 2020),  # a zero base is never replaced by 0.001
        (121, 2022, -100, 2020),
        (-121, 2022, 100, 2020),
        (121, 2020, 100, 2020),
        (121, 2019, 100, 2020),
    ],
)
def test_there_is_no_cagr_without_a_positive_base_a_value_and_a_year_between(without):
    assert pg.cagr(*without) is None


def test_the_required_step_spreads_what_is_missing_over_the_years_left():
    assert pg.required_step(14, 2022, 20, 2025) == pytest.approx(2)  # (20 - 14) / 3
    assert pg.required_step(46, 2023, 40, 2025) == pytest.approx(-3)  # (40 - 46) / 2: it must fall
    assert pg.required_step(22, 2023, 20, 2025) == pytest.approx(
        -1
    )  # it may fall by as much and still be met


@pytest.mark.parametrize(
    "without",
    [(None, 2022, 20, 2025), (14, 2022, None, 2025), (14, 2025, 20, 2025), (14, 2026, 20, 2025)],
)
def test_there_is_no_required_step_without_value_target_or_a_year_left(without):
    assert pg.required_step(*without) is None


@given(figures, figures, years_on)
def test_the_required_step_taken_every_year_reaches_the_target(value, target, years):
    assert value + years * pg.required_step(value, 2025 - years, target, 2025) == pytest.approx(
        target, abs=1e-6
    )


def test_the_mean_step_is_the_gain_a_year():
    assert pg.mean_step(18, 2024, 10, 2020) == pytest.approx(2)  # (18 - 10) / 4
    assert pg.mean_step(44, 2023, 50, 2020) == pytest.approx(-2)  # (44 - 50) / 3


@pytest.mark.parametrize(
    "without",
    [(None, 2024, 10, 2020), (18, 2024, None, 2020), (18, 2020, 10, 2020), (18, 2019, 10, 2020)],
)
def test_there_is_no_mean_step_without_both_values_and_a_year_between(without):
    assert pg.mean_step(*without) is None


def test_the_step_factor_says_by_how_much_the_pace_must_change():
    assert pg.step_factor(3, 2) == pytest.approx(1.5)
    assert pg.step_factor(0.03, 0.02) == pytest.approx(1.5)  # shares move by hundredths
    assert pg.step_factor(-3, -2) == pytest.approx(1.5)  # lower is better, and it has been falling


@pytest.mark.parametrize(
    ("required", "so_far"), [(None, 2), (3, None), (3, 0), (3, -2), (-3, 2), (0, 2), (0, -2)]
)
def test_there_is_no_step_factor_where_the_steps_so_far_lead_nowhere_or_the_other_way(
    required, so_far
):
    assert pg.step_factor(required, so_far) is None


@given(figures, figures, st.integers(2021, 2024))
def test_on_the_straight_line_the_pace_need_not_change(baseline, target, year):
    assume(abs(target - baseline) >= 1)
    value = pg.scheduled_value(year, baseline, 2020, target, 2025)
    factor = pg.step_factor(
        pg.required_step(value, year, target, 2025), pg.mean_step(value, year, baseline, 2020)
    )
    assert factor == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_each_operator_below_at_and_above_the_target(op, below, at, above):
    assert [pg.met(value, 20, op, 0) for value in (19, 20, 21)] == [below, at, above]


@pytest.mark.parametrize(
    ("value", "op", "decimals", "expected"),
    [
        (11.95, ">=", 1, True),  # printed 12.0
        (11.94, ">=", 1, False),  # printed 11.9
        (11.95, ">=", 2, False),  # printed 11.95
        (12.04, ">", 1, False),  # printed 12.0, not above 12
        (12.05, ">", 1, True),  # printed 12.1
        (12.04, "<=", 1, True),
        (12.05, "<=", 1, False),
        (11.96, "<", 1, False),  # printed 12.0, not below 12
        (11.94, "<", 1, True),
    ],
)
def test_value_and_target_are_compared_as_they_are_printed(value, op, decimals, expected):
    assert pg.met(value, 12, op, decimals) is expected


def test_the_census_figures_are_not_rounded_up_to_thirteen_percent():
    # params/national-145/indicators/patent_intensive_share.yml, two digits
    assert [pg.met(value, 13, ">=", 2) for value in (12.71, 12.6, 13.04)] == [False, False, True]


def test_the_target_is_printed_too():
    assert pg.met(12.3, 12.34, ">=", 1)  # 12.3 against 12.3
    assert not pg.met(12.3, 12.36, ">=", 1)  # 12.3 against 12.4


def test_a_figure_above_a_bound_meets_a_strict_target_at_that_bound():
    # 「超85」 against 「超85」: every value above 85 is above 85
    assert pg.met(85, 85, ">", 0, beyond=True)
    assert not pg.met(85, 85, ">", 0)
    assert not pg.met(84, 85, ">", 0, beyond=True)  # 84.5 would not be
    assert pg.met(85, 85, ">=", 0, beyond=True)
    assert not pg.met(85, 85, "<", 0, beyond=True)  # lower is better: above 85 is not below 85


@pytest.mark.parametrize(
    ("op", "expected"), [(">=", True), (">", True), ("<=", False), ("<", False)]
)
def test_a_value_without_end_meets_what_asks_for_more_and_nothing_that_asks_for_less(op, expected):
    assert pg.met(math.inf, 20, op, 1) is expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, 1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (-0.5, 0, -1),
        (-2.5, 0, -3),
        (0.49, 0, 0),
        (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (0.285, 2, 0.29),
        (1.0049, 2, 1.0),
        (80.05, 1, 80.1),
        (80.05, 2, 80.05),
    ],
)
def test_halves_are_rounded_away_from_zero_as_statistics_are_printed(value, decimals, expected):
    assert pg.half_up(value, decimals) == expected


def test_rounding_leaves_a_value_without_end_as_it_is():
    assert pg.half_up(math.inf, 2) == math.inf
    assert pg.half_up(-math.inf, 2) == -math.inf


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(0, 3))
def test_rounding_agrees_with_decimal_arithmetic_on_every_printed_figure(digits, decimals, more):
    printed = Decimal(digits).scaleb(-decimals - more)
    rounded = printed.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert pg.half_up(float(printed), decimals) == float(rounded)
