"""Where a series leads by `last` and `drift`: by hand, by a slow second implementation, and with the widths as measured."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from helpers.measure import forecast

ROOT = Path(__file__).parents[1]
BENCHMARK, SERIES = ROOT / "benchmarks" / "intervals.py", ROOT.parent / "shared" / "bench" / "forecast"
SIMPLE = ("last", "drift")
models = st.sampled_from(SIMPLE)
figures = st.integers(-5_000, 5_000).map(lambda k: k / 10)


@st.composite
def annual_series(draw, least=3, most=14):
    """Years, ascending and with gaps, and a value for each."""
    steps = draw(st.lists(st.sampled_from([1, 1, 1, 1, 2, 3]), min_size=least, max_size=most))
    years = [2000 + sum(steps[: k + 1]) for k in range(len(steps))]
    return years, draw(st.lists(figures, min_size=len(years), max_size=len(years)))


def year_of(said, year):
    return [said.at(year)[name] for name in forecast.COLUMNS[1:]]


# ── the two models by hand ───────────────────────────────────────────────────────────────────────────────────────────


def test_drift_goes_on_by_the_mean_annual_step():
    said = forecast.fit([2021, 2022, 2023, 2024], [10, 12, 13, 16], 2026, model="drift")
    assert (said.model, said.n, said.reason) == ("drift", 4, "")
    # b = (16 - 10)/3 = 2; steps 2, 1, 3 miss it by 0, -1, 1: s² = 2/(4 - 2) = 1; four points: 2.34 and 6.07 spreads
    spread = math.sqrt(4 / 3)  # h = 1: s·√(1·(1 + 1/3))
    assert year_of(said, 2025) == pytest.approx([18, 18 - 2.34 * spread, 18 + 2.34 * spread, 18 - 6.07 * spread, 18 + 6.07 * spread])
    spread = math.sqrt(10 / 3)  # h = 2: s·√(2·(1 + 2/3))
    assert year_of(said, 2026) == pytest.approx([20, 20 - 2.34 * spread, 20 + 2.34 * spread, 20 - 6.07 * spread, 20 + 6.07 * spread])


def test_last_stays_where_it_is():
    said = forecast.fit([2021, 2022, 2023, 2024], [10, 12, 13, 16], 2026, model="last")
    # s² = (2² + 1² + 3²)/3 = 14/3; spread s·√h; four points: 2.02 and 4.03 spreads
    spread = math.sqrt(14 / 3)
    assert year_of(said, 2025) == pytest.approx([16, 16 - 2.02 * spread, 16 + 2.02 * spread, 16 - 4.03 * spread, 16 + 4.03 * spread])
    spread = math.sqrt(28 / 3)
    assert year_of(said, 2026) == pytest.approx([16, 16 - 2.02 * spread, 16 + 2.02 * spread, 16 - 4.03 * spread, 16 + 4.03 * spread])


def test_over_a_gap_a_step_counts_by_its_years():
    years, values = [2020, 2022, 2023], [10, 14, 15]
    # drift: b = 5/3; (4 - 10/3)²/2 + (1 - 5/3)²/1 = 2/9 + 4/9 = 2/3, over 3 - 2; h = 1: spread √(2/3·(1 + 1/3)) = √(8/9)
    drift = forecast.fit(years, values, 2024, model="drift").at(2024)
    assert drift["median"] == pytest.approx(15 + 5 / 3)
    assert drift["high80"] - drift["median"] == pytest.approx(3.72 * math.sqrt(8 / 9))
    # last: s² = (4²/2 + 1²/1)/2 = 4.5
    last = forecast.fit(years, values, 2024, model="last").at(2024)
    assert last["high95"] - last["median"] == pytest.approx(5.17 * math.sqrt(4.5))


def test_the_first_year_forecast_is_the_one_after_the_last_value():
    assert [row[0] for row in forecast.fit([2019, 2020, 2022], [1, 2, 4], 2025, model="drift").rows] == [2023, 2024, 2025]


# ── a slow second implementation ─────────────────────────────────────────────────────────────────────────────────────


def slowly(model, years, values, until):
    """(year, median, spread) of each year to come, with loops and no arrays."""
    years, values = years[-10:], values[-10:]
    span, said = years[-1] - years[0], []
    step = (values[-1] - values[0]) / span if model == "drift" else 0
    squares = 0.0
    for (t0, y0), (t1, y1) in zip(zip(years, values), zip(years[1:], values[1:])):
        squares += (y1 - y0 - step * (t1 - t0)) ** 2 / (t1 - t0)
    variance = squares / (len(values) - (2 if model == "drift" else 1))
    for year in range(years[-1] + 1, until + 1):
        ahead = year - years[-1]
        estimated = ahead**2 / span if model == "drift" else 0  # what an uncertain mean step adds
        said.append((year, values[-1] + ahead * step, math.sqrt(variance * (ahead + estimated))))
    return said


@given(annual_series(), models, st.integers(1, 6))
def test_the_forecast_agrees_with_the_slow_way(series, model, horizon):
    years, values = series
    said = forecast.fit(years, values, years[-1] + horizon, model=model)
    expected = slowly(model, years, values, years[-1] + horizon)
    narrow, wide = forecast.WIDTHS[model][min(10, len(values))]
    assert len(said.rows) == len(expected) == horizon
    for row, (year, median, spread) in zip(said.rows, expected):
        ends = [median - narrow * spread, median + narrow * spread, median - wide * spread, median + wide * spread]
        assert row == pytest.approx((year, median, *ends), rel=1e-6, abs=1e-4)


# ── intervals ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(annual_series(), models, st.floats(0, 5), st.sampled_from(["stock", "increment"]))
def test_intervals_nest_and_widen_with_the_horizon(series, model, rounding, kind):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 6, model=model, rounding=rounding, kind=kind, start=0)
    table = said.table
    for inner, outer in (("median", "low80"), ("low80", "low95"), ("high80", "median"), ("high95", "high80")):
        assert (table[inner] >= table[outer] - 1e-9).all()
    for low, high in (("low80", "high80"), ("low95", "high95")):
        assert (np.diff(table[high] - table[low]) >= -1e-9).all()


def test_a_series_without_any_miss_is_still_uncertain_by_its_rounding():
    flat = forecast.fit([2021, 2022, 2023], [5, 5, 5], 2025, model="last", rounding=0.5)
    assert year_of(flat, 2024) == pytest.approx([5, 5 - 2.28 * 0.5, 5 + 2.28 * 0.5, 5 - 5.17 * 0.5, 5 + 5.17 * 0.5])
    straight = forecast.fit([2021, 2022, 2023], [5, 7, 9], 2025, model="drift", rounding=0.05)
    assert year_of(straight, 2025) == pytest.approx([13, 13 - 3.72 * 0.05, 13 + 3.72 * 0.05, 13 - 15.68 * 0.05, 13 + 15.68 * 0.05])


def test_rounding_does_not_matter_where_the_series_moves_more():
    rounded, exact = (forecast.fit([2021, 2022, 2023], [5, 9, 6], 2025, model="drift", rounding=half) for half in (0.5, 0.0))
    assert rounded == exact


def test_the_natural_limits_bound_median_and_interval():
    said = forecast.fit([2021, 2022, 2023], [60, 90, 99], 2025, model="drift", lower=0, upper=100)
    assert year_of(said, 2025)[0] == 100  # 99 + 2 · 19.5 without the limit
    assert said.at(2025)["high80"] == said.at(2025)["high95"] == 100
    assert said.at(2025)["low95"] == 0
    falling = forecast.fit([2021, 2022, 2023], [40, 20, 5], 2025, model="drift", lower=0)
    assert (falling.at(2025)["median"], falling.at(2025)["low80"]) == (0, 0) and falling.at(2025)["high95"] > 0


@given(annual_series(), models, st.sampled_from(["stock", "share", "increment"]))
def test_nothing_forecast_lies_outside_the_limits(series, model, kind):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 5, model=model, kind=kind, lower=-20, upper=30)
    assert all(-20 <= figure <= 30 for row in said.rows for figure in row[1:])


# ── what is banked ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["increment", "cumulative"])
def test_additions_are_added_to_what_is_banked(kind):
    said = forecast.fit([2021, 2022, 2023, 2024], [4, 3, 5, 4], 2026, kind=kind, model="last", start=16)
    # additions of 4 a year; s² = (1 + 4 + 1)/3 = 2; 2025: 4 ± 2.02·√2, 2026: 4 ± 2.02·2, the lower end of it below zero
    first_low, first_high, second_high = 4 - 2.02 * math.sqrt(2), 4 + 2.02 * math.sqrt(2), 4 + 2.02 * 2
    assert year_of(said, 2025)[:3] == pytest.approx([20, 16 + first_low, 16 + first_high])
    assert year_of(said, 2026)[:3] == pytest.approx([24, 16 + first_low + 0, 16 + first_high + second_high])


def test_with_nothing_banked_additions_are_added_to_zero():
    said = forecast.fit([2019, 2020], [3, 3], 2022, kind="increment", model="last")
    assert [said.at(year)["median"] for year in (2021, 2022)] == [3, 6]


@given(annual_series(least=3), models, st.sampled_from(["increment", "cumulative"]), st.integers(0, 500))
def test_what_is_banked_is_never_lost(series, model, kind, banked):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 5, model=model, kind=kind, start=banked)
    columns = said.table[list(forecast.COLUMNS[1:])].to_numpy()
    assert (np.diff(np.vstack([np.full(5, banked), columns]), axis=0) >= 0).all()  # never down, from the first year on


def test_a_level_may_fall_and_does_not_start_from_what_is_banked():
    said = forecast.fit([2021, 2022, 2023], [30, 20, 10], 2025, model="drift", start=1000)
    assert said.at(2025)["median"] == pytest.approx(-10)


# ── what it rests on ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_last_ten_points_are_used():
    years, values = list(range(2000, 2015)), [900, -900, 900, -900, 900, 3, 5, 4, 8, 7, 9, 12, 10, 15, 14]
    for model in SIMPLE:
        long, short = (forecast.fit(years[k:], values[k:], 2018, model=model) for k in (0, 5))
        assert long.rows == short.rows
        assert (long.n, short.n) == (15, 10)


@given(annual_series(), models)
def test_the_same_input_gives_the_same_output(series, model):
    years, values = series
    assert forecast.fit(years, values, years[-1] + 5, model=model) == forecast.fit(years, values, years[-1] + 5, model=model)


@given(annual_series(), models, st.integers(-100, 100), figures, st.sampled_from([0.01, 0.5, 3, 10_000]))
def test_neither_calendar_nor_unit_nor_level_matters(series, model, shift, more, unit):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 3, model=model).table
    other = forecast.fit([year + shift for year in years], [unit * (value + more) for value in values], years[-1] + shift + 3, model=model).table
    assert (other.year == said.year + shift).all()
    assert np.allclose(other.iloc[:, 1:], unit * (said.iloc[:, 1:] + more), rtol=1e-6, atol=1e-4 * unit)


@pytest.mark.parametrize(("model", "enough"), [("last", 2), ("drift", 3)])
def test_too_few_points_give_no_forecast_and_say_so(model, enough):
    years, values = [2021, 2022, 2023], [10, 12, 15]
    assert forecast.fit(years[:enough], values[:enough], 2025, model=model).rows
    few = forecast.fit(years[: enough - 1], values[: enough - 1], 2025, model=model)
    assert few == forecast.Forecast(model, enough - 1, (), "too_few_points")
    assert forecast.fit([], [], 2025, model=model).reason == "too_few_points"


def test_yes_or_no_is_not_forecast():
    assert forecast.fit([2021, 2022, 2023], [0, 0, 1], 2025, kind="binary", model="drift") == forecast.Forecast("drift", 3, (), "binary_no_forecast")


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="model 'guess' is not known; choose one of .*drift"):
        forecast.fit([2021, 2022, 2023], [1, 2, 3], 2025, model="guess")


def test_years_without_values_are_refused():
    with pytest.raises(ValueError, match="3 years but 2 values; give one value a year"):
        forecast.fit([2021, 2022, 2023], [1, 2], 2025, model="drift")


@pytest.mark.parametrize("kind", ["stock", "increment"])
def test_where_no_year_is_left_there_is_nothing_to_forecast(kind):
    for until in (2023, 2020):
        assert forecast.fit([2021, 2022, 2023], [1, 2, 3], until, kind=kind, model="drift") == forecast.Forecast("drift", 3)


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_has_one_row_a_year_and_six_columns():
    said = forecast.fit([2021, 2022, 2023], [10, 12, 15], 2025, model="drift")
    assert list(said.table.columns) == ["year", "median", "low80", "high80", "low95", "high95"]
    assert said.table.year.tolist() == [2024, 2025] and said.table.year.dtype == int
    assert said.table.iloc[1].tolist() == list(said.rows[1])


def test_without_a_forecast_the_table_is_empty_and_a_year_has_no_figures():
    nothing = forecast.Forecast("drift", 0, reason="no_data")
    assert nothing.table.empty and list(nothing.table.columns) == list(forecast.COLUMNS)
    assert nothing.at(2025) == dict.fromkeys(("median", "low80", "high80", "low95", "high95"))


def test_the_figures_of_a_year_are_those_of_its_row():
    said = forecast.fit([2021, 2022, 2023], [10, 12, 15], 2025, model="drift")
    assert tuple(said.at(2024).values()) == said.rows[0][1:]
    assert set(said.at(2026).values()) == set(said.at(2023).values()) == {None}


# ── the widths ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", SIMPLE)
def test_there_are_widths_for_every_length_and_fewer_points_never_give_the_narrower(model):
    lengths = sorted(forecast.WIDTHS[model])
    assert lengths == list(range(forecast.LEAST_POINTS[model], forecast.LONGEST + 1))
    for level in (0, 1):
        widths = [forecast.WIDTHS[model][n][level] for n in lengths]
        assert all(fewer >= more - 0.02 for fewer, more in zip(widths, widths[1:]))  # measured to ±0.02
    assert all(narrow < wide for narrow, wide in forecast.WIDTHS[model].values())


@pytest.mark.slow
@pytest.mark.skipif(not BENCHMARK.is_file(), reason="benchmarks/intervals.py is not here")
@pytest.mark.skipif(not SERIES.is_dir(), reason="the public series (../shared/bench/forecast) are not here")
def test_the_widths_are_those_measured_on_public_series():
    spec = importlib.util.spec_from_file_location("intervals", BENCHMARK)
    intervals = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(intervals)
    many = intervals.series(SERIES)
    assert len(many) == 1064  # as the module's docstring says
    for model, widths in forecast.WIDTHS.items():
        measured = {n: np.quantile(intervals.scaled_misses(model, n, many), (0.80, 0.95)) for n in widths}
        assert measured == {n: pytest.approx(both, abs=0.02) for n, both in widths.items()}
