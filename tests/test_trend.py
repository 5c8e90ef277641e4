"""Whether a series rises at all: the published exact probabilities, small cases by hand, and every
order walked through."""

import csv
import math
import statistics
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import assume, given, strategies as st

from helpers.measure import trend as tr

EXACT = Path(__file__).resolve().parents[2] / "shared" / "conformance" / "mann_kendall_exact.csv"
ABSENT = "../shared/conformance/mann_kendall_exact.csv is not here: nothing to compare with"
needs_exact = pytest.mark.skipif(not EXACT.is_file(), reason=ABSENT)

figures = st.integers(-50, 50).map(lambda k: k / 4)


def trend(*values, running_total=False):
    """The trend of `values` in consecutive years."""
    return tr.trend(range(2016, 2016 + len(values)), values, running_total=running_total)


@st.composite
def annual_series(draw, least=0, most=9, values=figures):
    """Years, ascending and with gaps, and a value for each."""
    steps = draw(st.lists(st.sampled_from([1, 1, 1, 2, 3]), min_size=least, max_size=most))
    years = [2000 + sum(steps[: k + 1]) for k in range(len(steps))]
    return years, draw(st.lists(values, min_size=len(years), max_size=len(years)))


# ── the probabilities ─────────────────────────────────────────────────────────────────────────────


def with_falling_pairs(n, falling):
    """An order of 1 … n in which exactly `falling` pairs fall: the largest values go as far left as
    they may."""
    order = []
    for value in range(1, n + 1):
        back = min(falling, len(order))
        falling -= back
        order.insert(len(order) - back, value)
    return order


@needs_exact
def test_every_published_exact_probability_is_met_to_the_last_digit():
    with open(EXACT, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        n, s = int(row["n"]), int(row["S"])
        said = trend(*with_falling_pairs(n, (n * (n - 1) // 2 - s) // 2))
        assert (said.n, said.s, repr(said.p)) == (n, s, row["p_two_sided"])
    assert len(rows) == 116


def test_five_rising_values_have_two_orders_of_120_as_clear():
    said = trend(3, 4, 6, 7, 9)
    assert (said.n, said.s, said.code) == (5, 10, "rising")
    assert (
        said.p == 2 / 120
    )  # the normal approximation, z = (10 − 1)/√(5·4·15/18) = 2.20, says .0275


def test_one_fallen_pair_of_ten_is_no_trend_at_five_percent():
    said = trend(3, 4, 6, 9, 7)
    assert said.s == 8  # 9 pairs rise, one falls
    assert (
        said.p == 2 * (1 + 4) / 120
    )  # five orders have S ≥ 8: the rising one and its four swaps of neighbours
    assert said.code == "none"


def test_a_falling_series_is_as_clear_as_a_rising_one():
    said = trend(9, 7, 6, 4, 3)
    assert (said.s, said.p, said.code) == (-10, 2 / 120, "falling")


def test_equal_values_have_fewer_orders():
    # 1 1 2: S = 2, 1 2 1: S = 0, 2 1 1: S = −2, each with probability 1/3
    assert (trend(1, 1, 2).s, trend(1, 1, 2).p) == (2, 2 / 3)
    assert (trend(1, 2, 1).s, trend(1, 2, 1).p) == (0, 1)
    # 1 1 1 2 2: 5!/(3!·2!) = 10 orders, the clearest two of them
    assert (trend(1, 1, 1, 2, 2).s, trend(1, 1, 1, 2, 2).p) == (6, 0.2)


def kendall(order):
    """S the slow way."""
    return sum(
        (order[j] > order[i]) - (order[j] < order[i])
        for i in range(len(order))
        for j in range(i + 1, len(order))
    )


@given(st.lists(st.integers(0, 4), max_size=6))
def test_the_probability_is_the_share_of_all_orders_that_are_as_clear(values):
    every = [abs(kendall(order)) for order in permutations(values)]
    said = trend(*values)
    assert said.s == kendall(values)
    assert said.p == pytest.approx(sum(s >= abs(said.s) for s in every) / len(every), abs=1e-12)
    assert said.reachable == (every.count(max(every)) / len(every) <= 0.05)


@pytest.mark.parametrize("falling", [0, 100, 200, 250, 300, 340, 360, 380, 390, 450, 780])
def test_a_long_series_agrees_with_the_normal_approximation(falling):
    said = trend(*with_falling_pairs(40, falling))
    assert said.s == 780 - 2 * falling  # of 40·39/2 pairs
    z = max(0, abs(said.s) - 1) / math.sqrt(
        40 * 39 * 85 / 18
    )  # n(n − 1)(2n + 5)/18, with the correction for continuity
    assert said.p == pytest.approx(math.erfc(z / math.sqrt(2)), abs=3e-3)


def test_a_century_with_ties_is_counted_in_whole_numbers():
    said = trend(*(k // 2 for k in range(100)))
    assert said.s == 100 * 99 / 2 - 50  # 50 pairs are equal
    assert 0 < said.p < 1e-40
    assert said.code == "rising"


# ── what cannot be reached ────────────────────────────────────────────────────────────────────────


@given(annual_series(most=4))
def test_four_points_or_fewer_can_never_be_significant_at_five_percent(series):
    said = tr.trend(*series)
    assert not said.reachable
    assert said.code == "unreachable"
    assert said.p >= 2 / 24


@given(annual_series(least=5, values=st.integers(0, 10**6)))
def test_five_different_points_can(series):
    assume(len(set(series[1])) == len(series[1]))
    said = tr.trend(*series)
    assert said.reachable
    assert said.code == ("none" if said.p > 0.05 else "rising" if said.s > 0 else "falling")


def test_many_equal_values_put_it_out_of_reach_again():
    assert trend(1, 1, 1, 2, 2).code == "unreachable"  # at best 2 of 10 orders
    assert trend(5, 5, 5, 5, 5, 5, 5, 5) == tr.Trend(8, 0, 1, 0, False)
    assert trend(1, 1, 1, 2, 2, 2).reachable is False  # 2 of 20 orders: .1
    assert trend(1, 1, 1, 2, 2, 3).reachable is True  # 2 of 60 orders


def test_nothing_is_said_of_no_points_and_no_slope_of_one():
    assert trend() == tr.Trend(0, 0, 1, None, False)
    assert trend(7) == tr.Trend(1, 0, 1, None, False)


# ── the slope ─────────────────────────────────────────────────────────────────────────────────────


def test_the_slope_is_the_median_of_all_pairs():
    # 2016 1, 2017 2, 2018 6, 2019 4: 1, 5/2, 1, 4, 1, −2 → sorted −2, 1, 1, 1, 2.5, 4
    assert trend(1, 2, 6, 4).slope == 1


def test_a_slope_over_a_gap_counts_by_its_years():
    # (14 − 10)/2 = 2, (15 − 10)/3 = 5/3, (15 − 14)/1 = 1
    assert tr.trend([2020, 2022, 2023], [10, 14, 15]).slope == pytest.approx(5 / 3)


def test_one_slip_does_not_move_the_slope():
    assert trend(10, 12, 14, 1600, 18, 20, 22).slope == 2


@given(
    annual_series(least=2),
    st.sampled_from([0.5, 2, 8]),
    st.integers(-20, 20),
    st.integers(-100, 100),
)
def test_unit_origin_and_calendar_do_not_matter(series, unit, origin, shift):
    years, values = series
    said, other = (
        tr.trend(years, values),
        tr.trend([t + shift for t in years], [unit * y + origin for y in values]),
    )
    assert (other.n, other.s, other.p, other.reachable) == (said.n, said.s, said.p, said.reachable)
    assert other.slope == pytest.approx(unit * said.slope)


@given(annual_series(least=2))
def test_the_mirrored_series_has_the_mirrored_trend(series):
    years, values = series
    said, other = tr.trend(years, values), tr.trend(years, [-y for y in values])
    assert (other.s, other.p, other.slope) == (-said.s, said.p, pytest.approx(-said.slope))


@given(annual_series(least=2))
def test_the_slope_agrees_with_the_slow_way(series):
    years, values = series
    pairs = [
        (values[j] - values[i]) / (years[j] - years[i]) for j in range(len(years)) for i in range(j)
    ]
    assert tr.slope(years, values) == statistics.median(pairs)


# ── running totals ────────────────────────────────────────────────────────────────────────────────


def test_a_running_total_is_tested_on_its_additions():
    totals = [
        10,
        15,
        19,
        22,
        24,
        25,
    ]  # additions 5, 4, 3, 2, 1: the total rises, what is added falls
    assert trend(*totals).code == "rising"
    assert trend(*totals, running_total=True) == tr.Trend(5, -10, 2 / 120, -1, True)


def test_what_was_added_over_a_gap_is_no_yearly_addition():
    assert tr.increments([2018, 2019, 2021, 2022], [10, 14, 20, 29]) == ((2019, 2022), (4, 9))
    assert tr.increments([2020], [7]) == tr.increments([], []) == ((), ())


@given(annual_series(values=st.integers(1, 9)))
def test_totals_of_additions_have_the_trend_of_the_additions(series):
    added = series[1]
    totals = [sum(added[:k]) for k in range(len(added) + 1)]
    assert trend(*totals, running_total=True) == trend(*added)


# ── what is refused ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("years", "values", "sentence"),
    [
        ([2020, 2021], [1], "2 years but 1 values; give one value a year"),
        ([2020, 2020], [1, 2], "not ascending"),
        ([2021, 2020], [1, 2], "not ascending"),
        ([2020, 2021], [1, math.nan], "not a finite number; leave its year out"),
        ([2020, 2021], [1, math.inf], "not a finite number"),
    ],
)
def test_a_series_that_is_none_is_refused(years, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        tr.trend(years, values)
