"""What a hand does when it types is doubted; what series do by themselves mostly is not. Factors
are worked by hand from the neighbours."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from test_plausible import facts as facts, row, said, series

from helpers.intake import apart

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
import slips


def found(*values, **options):
    return [(one.year, round(factor, 2)) for one, factor in apart.apart(series(*values), **options)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((100, 110, 240, 130, 140), [(2018, 2.01)]),  # 240 / √(110 · 130) = 240 / 119.6
        ((100, 110, 60, 130, 140), [(2018, 0.5)]),  # 60 / 119.6
        ((100, 110, 120, 130, 280), [(2020, 1.97)]),  # 130 · 12/11 (the middle step) = 141.8
        ((45, 110, 120, 130, 140), [(2016, 0.44)]),  # 110 / (13/12) = 101.5; 45 / 101.5
        ((100, 200), []),  # two years alone: less than 2.2 times
        ((100, 230), [(2016, 0.43)]),  # 100 / 230, told at the first of two that are as far off
        ((100, 160, 250, 400, 640), []),  # grows by 1.6 a year
        ((100, 30, 120, 25, 140, 35), []),  # goes up and down by four: nothing is unusual
        ((100, 100, 155, 100, 100), []),  # less than 1.6 times
        ((), []),
        ((5,), []),
    ],
)
def test_a_figure_off_what_the_others_lead_one_to_expect_is_told_with_the_factor(values, told):
    assert found(*values) == told


def test_a_gap_is_gone_over_at_the_pace_of_the_years():
    """2016: 100, 2018: 144, 2020: 207: 1.2 a year; in 2017 120 is due and in 2019 173."""
    rows = [row(2016, 100), row(2018, 144), row(2019, 350), row(2020, 207)]
    ((one, factor),) = apart.apart(rows)
    assert (one.year, round(factor, 2)) == (2019, 2.03)  # 350 / √(144 · 207) = 350 / 172.6


def test_the_baseline_is_one_more_figure_and_is_itself_not_told():
    assert found(210, 230) == []
    rows = [row(2021, 310), row(2022, 120)]
    assert [one.year for one, _ in apart.apart(rows, start=(2020, 100.0))] == [2021]
    rows.append(row(2023, 125))  # three agree or disagree among themselves
    assert apart.apart(rows, start=(2020, 1.0)) == apart.apart(rows)


def test_the_first_year_of_a_running_total_is_small_by_nature():
    assert found(11, 48, 56, 60) == [(2016, 0.26)]  # 48 a step of √(60/48) = 1.118 back: 11 / 42.9
    assert found(11, 48, 56, 60, total=True) == []


@given(st.lists(st.floats(100, 110), min_size=4, max_size=8), st.data())
def test_a_figure_doubled_in_a_quiet_series_is_the_one_that_is_told(values, data):
    k = data.draw(st.integers(0, len(values) - 1))
    spoilt = [value * 2 if j == k else value for j, value in enumerate(values)]
    assert [one.year for one, _ in apart.apart(series(*spoilt))] == [2016 + k]
    assert apart.apart(series(*values)) == []


def test_a_zero_among_figures_is_doubted_and_one_of_few_is_not(facts):
    patents = facts["patents"]
    assert [one.year for one in apart.zeros(series(110, 0, 130), patents)] == [2017]
    assert apart.zeros(series(2, 0, 3), patents) == []  # a count of two or three may be none
    assert apart.zeros(series(0, 0, 30), patents) == []  # a beginning
    assert [one.year for one in apart.zeros(series(0, 30, 0, 40), patents)] == [2018]
    assert apart.zeros(series(0), patents) == []


def test_last_years_figure_again_is_doubted_where_it_has_enough_digits(facts):
    patents, share = facts["patents"], facts["share"]
    assert [one.year for one in apart.repeated(series(118, 131, 131), patents)] == [2018]
    assert apart.repeated(series(10, 13, 13), patents) == []
    assert apart.repeated(series(7.31, 7.39, 7.39), share) == []  # shares stand still
    assert [one.year for one in apart.repeated(series(81.3, 82.36, 82.36), share)] == [2018]
    assert apart.repeated(series(131, 131, 131), patents) == []  # a series that stands still


def test_another_indicators_figure_of_that_year_is_doubted(facts):
    rows = [*series(110, 120, 131), row(2018, 131, indicator_id="grants_cum")]
    told = [line for line in said(rows, facts) if "完全相同" in line]
    assert [line.split(" — ")[1] for line in told] == [
        "与 grants_cum（town）同年的数完全相同",
        "与 patents（town）同年的数完全相同",
    ]


def test_of_many_areas_some_agree_by_chance():
    """Four digits are asked for of ten series of a year, and no coincidence across both."""
    one, other = row(2021, 131, area="x"), row(2021, 131, area="y")
    assert apart.elsewhere(one, {(2021, 131.0): [one, other]}, {2021: 9}) is other
    assert apart.elsewhere(one, {(2021, 131.0): [one, other]}, {2021: 10}) is None
    third = row(2021, 131, area="y", indicator_id="share")
    assert apart.elsewhere(one, {(2021, 131.0): [one, third]}, {2021: 9}) is None


def test_more_than_goes_with_round_figures_and_with_its_neighbours():
    rows = [row(2021, 110), row(2022, 120, bound=">"), row(2023, 130)]
    assert [one.year for one in apart.over_exact(rows)] == [2022]
    assert apart.over_exact([row(2021, 110, bound=">"), row(2022, 120, bound=">")]) == []
    assert [one.year for one in apart.over_exact([row(2021, 1599597, bound=">")])] == [2021]
    rows[1] = row(2022, 120, bound=">", locator="有效专利超120件")
    assert apart.over_exact(rows) == []


def test_one_figure_is_doubted_once(facts):
    lines = said(series(110, 1200, 130), facts)
    assert [line.split(":")[1] for line in lines] == ["17"]


@pytest.mark.parametrize(
    ("factor", "text"),
    [(2, "2 倍"), (1.62, "1.6 倍"), (0.5, "1/2"), (1 / 3.62, "1/3.6"), (11667, "11667 倍")],
)
def test_a_factor_is_said_so_that_it_can_be_checked(factor, text):
    assert apart.multiple(factor) == text


def test_most_planted_slips_are_doubted_and_few_figures_that_ship():
    """The count of `benchmarks/slips.py`, smaller: 90 % of 1,000, on another seed."""
    import random

    tables = [slips.Table(name) for name in ("national-145", "example")]
    answers = [doubted for *_, doubted in slips.planted(tables, slips.SLIPS, 60, random.Random(7))]
    assert sum(answers) >= 0.8 * len(answers)
    assert math.isclose(len(answers), 60)
    real = tables[0]
    figures = {(real.rows[k]["indicator_id"], int(real.rows[k]["year"])) for k in real.usable()}
    told = {(one[0], one[2]) for one in real.good} & figures
    assert len(told) <= 0.02 * len(figures)
