"""Where a series leads by `last` and `drift`: by hand, by a slow second implementation, and with
the widths as measured."""

import math

import numpy as np
import pytest
from conftest import some
from hypothesis import given, strategies as st

from helpers.measure import forecast, models as registry, own_models, pooled

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


# ── the two models by hand ────────────────────────────────────────────────────────────────────────


def ends(model, n, h, s):
    """Interval ends around a median: the measured offsets of the model, in units of the scale."""
    low95, low80, _, _, _, high80, high95 = (
        s * offset for offset in forecast.offsets(model, n)[h - 1]
    )
    return low80, high80, low95, high95


def test_drift_goes_on_by_the_mean_annual_step():
    said = forecast.fit([2021, 2022, 2023, 2024], [10, 12, 13, 16], 2026, model="drift")
    assert (said.model, said.n, said.reason) == ("drift", 4, "")
    s = (2 + 1 + 3 + 0.05 * 12.75) / 4  # moves of 2, 1, 3 and one of 5 % of the mean level
    for year, median in ((2025, 18), (2026, 20)):  # b = (16 - 10)/3 = 2
        assert year_of(said, year) == pytest.approx(
            [median, *(median + end for end in ends("drift", 4, year - 2024, s))]
        )


def test_last_stays_where_it_is():
    said = forecast.fit([2021, 2022, 2023, 2024], [10, 12, 13, 16], 2026, model="last")
    s = (2 + 1 + 3 + 0.05 * 12.75) / 4
    for year in (2025, 2026):
        assert year_of(said, year) == pytest.approx(
            [16, *(16 + end for end in ends("last", 4, year - 2024, s))]
        )


def test_over_a_gap_a_step_counts_by_its_years():
    years, values = [2020, 2022, 2023], [10, 14, 15]
    drift = forecast.fit(years, values, 2024, model="drift").at(2024)
    assert drift["median"] == pytest.approx(15 + 5 / 3)  # b = 5/3
    s = (4 / math.sqrt(2) + 1 + 0.05 * 13) / 3  # a move of 4 in two years
    assert drift["high80"] - drift["median"] == pytest.approx(ends("drift", 3, 1, s)[1])


def test_the_first_year_forecast_is_the_one_after_the_last_value():
    said = forecast.fit([2021, 2022, 2024], [1, 2, 3], 2026, model="last")
    assert [row[0] for row in said.rows] == [2025, 2026]


# ── intervals ─────────────────────────────────────────────────────────────────────────────────────


@given(annual_series(), models, st.floats(0, 5), st.sampled_from(["stock", "increment"]))
def test_intervals_nest_and_widen_with_the_horizon(series, model, rounding, kind):
    years, values = series
    said = forecast.fit(
        years, values, years[-1] + 6, model=model, rounding=rounding, kind=kind, start=0
    )
    table = said.table
    for inner, outer in (
        ("median", "low80"),
        ("low80", "low95"),
        ("high80", "median"),
        ("high95", "high80"),
    ):
        assert (table[inner] >= table[outer] - 1e-9).all()
    for low, high in (("low80", "high80"), ("low95", "high95")):
        assert (np.diff(table[high] - table[low]) >= -1e-9).all()


def test_a_series_without_any_move_is_still_uncertain_by_a_small_step_or_its_rounding():
    flat = forecast.fit([2021, 2022, 2023], [5, 5, 5], 2025, model="last", rounding=0.5)
    assert year_of(flat, 2024) == pytest.approx(
        [5, *(5 + end for end in ends("last", 3, 1, 0.5))]
    )  # 0.05·5/3 is less than 0.5
    zeros = forecast.fit([2021, 2022, 2023], [0, 0, 0], 2025, model="drift", rounding=0.05)
    assert year_of(zeros, 2025) == pytest.approx([0, *ends("drift", 3, 2, 0.05)])


def test_rounding_does_not_matter_where_the_series_moves_more():
    rounded, exact = (
        forecast.fit([2021, 2022, 2023], [5, 9, 6], 2025, model="drift", rounding=half)
        for half in (0.5, 0.0)
    )
    assert rounded == exact


def test_the_natural_limits_bound_median_and_interval():
    said = forecast.fit([2021, 2022, 2023], [60, 90, 99], 2025, model="drift", lower=0, upper=100)
    assert year_of(said, 2025)[0] == 100  # 99 + 2 · 19.5 without the limit
    assert said.at(2025)["high80"] == said.at(2025)["high95"] == 100
    assert (
        forecast.fit([2021, 2022, 2023], [60, 90, 9], 2025, model="last", lower=0, upper=100).at(
            2025
        )["low95"]
        == 0
    )
    falling = forecast.fit([2021, 2022, 2023], [40, 20, 5], 2025, model="drift", lower=0)
    assert (falling.at(2025)["median"], falling.at(2025)["low80"]) == (0, 0)
    assert falling.at(2025)["high95"] > 0


@given(annual_series(), models, st.sampled_from(["stock", "share", "increment"]))
def test_nothing_forecast_lies_outside_the_limits(series, model, kind):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 5, model=model, kind=kind, lower=-20, upper=30)
    assert all(-20 <= figure <= 30 for row in said.rows for figure in row[1:])


# ── what is banked ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["increment", "cumulative"])
def test_additions_are_added_to_what_is_banked(kind):
    said = forecast.fit(
        [2021, 2022, 2023, 2024], [4, 3, 5, 4], 2026, kind=kind, model="last", start=16
    )
    s = (1 + 2 + 1 + 0.05 * 4) / 4
    (low1, high1, *_), (low2, high2, *_) = (ends("last", 4, h, s) for h in (1, 2))
    first = [max(4 + low1, 0), 4 + high1]
    assert year_of(said, 2025)[:3] == pytest.approx([20, 16 + first[0], 16 + first[1]])
    assert year_of(said, 2026)[:3] == pytest.approx(
        [24, 16 + first[0] + max(4 + low2, 0), 16 + first[1] + 4 + high2]
    )


def test_with_nothing_banked_additions_are_added_to_zero():
    said = forecast.fit([2019, 2020], [3, 3], 2022, kind="increment", model="last")
    assert [said.at(year)["median"] for year in (2021, 2022)] == [3, 6]


@given(
    annual_series(least=3),
    models,
    st.sampled_from(["increment", "cumulative"]),
    st.integers(0, 500),
)
def test_what_is_banked_is_never_lost(series, model, kind, banked):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 5, model=model, kind=kind, start=banked)
    columns = said.table[list(forecast.COLUMNS[1:])].to_numpy()
    assert (
        np.diff(np.vstack([np.full(5, banked), columns]), axis=0) >= 0
    ).all()  # never down, from the first year on


def test_a_level_may_fall_and_does_not_start_from_what_is_banked():
    said = forecast.fit([2021, 2022, 2023], [30, 20, 10], 2025, model="drift", start=1000)
    assert said.at(2025)["median"] == pytest.approx(-10)


# ── what it rests on ──────────────────────────────────────────────────────────────────────────────


def test_only_the_last_twelve_points_are_used():
    years, values = (
        list(range(2000, 2015)),
        [900, -900, 900, 5, 2, 3, 5, 4, 8, 7, 9, 12, 10, 15, 14],
    )
    for model in some(SIMPLE):
        long, short = (forecast.fit(years[k:], values[k:], 2018, model=model) for k in (0, 3))
        assert long.rows == short.rows
        assert (long.n, short.n) == (15, 12)


@given(annual_series(), models)
def test_the_same_input_gives_the_same_output(series, model):
    years, values = series
    assert forecast.fit(years, values, years[-1] + 5, model=model) == forecast.fit(
        years, values, years[-1] + 5, model=model
    )


@pytest.mark.parametrize(
    ("model", "enough"), [("last", 1), ("drift", 2), ("ols", 2), ("theta", 2), ("growth", 2)]
)
def test_too_few_points_give_no_forecast_and_say_so(model, enough):
    years, values = [2021, 2022, 2023], [10, 12, 15]
    assert forecast.fit(years[:enough], values[:enough], 2025, model=model).rows
    few = forecast.fit(years[: enough - 1], values[: enough - 1], 2025, model=model)
    assert few == forecast.Forecast(model, enough - 1, (), "too_few_points")
    assert forecast.fit([], [], 2025, model=model).reason == "too_few_points"


def test_yes_or_no_is_not_forecast():
    assert forecast.fit(
        [2021, 2022, 2023], [0, 0, 1], 2025, kind="binary", model="drift"
    ) == forecast.Forecast("drift", 3, (), "binary_no_forecast")


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"model 'guess' is not known; choose one of .*drift"):
        forecast.fit([2021, 2022, 2023], [1, 2, 3], 2025, model="guess")


def test_years_without_values_are_refused():
    with pytest.raises(ValueError, match="3 years but 2 values; give one value a year"):
        forecast.fit([2021, 2022, 2023], [1, 2], 2025, model="drift")


@pytest.mark.parametrize("kind", ["stock", "increment"])
def test_where_no_year_is_left_there_is_nothing_to_forecast(kind):
    for until in (2023, 2020):
        assert forecast.fit(
            [2021, 2022, 2023], [1, 2, 3], until, kind=kind, model="drift"
        ) == forecast.Forecast("drift", 3)


# ── the table ─────────────────────────────────────────────────────────────────────────────────────


def test_the_table_has_one_row_a_year_and_six_columns():
    said = forecast.fit([2021, 2022, 2023], [10, 12, 15], 2025, model="drift")
    assert list(said.table.columns) == ["year", "median", "low80", "high80", "low95", "high95"]
    assert said.table.year.tolist() == [2024, 2025]
    assert said.table.year.dtype == int
    assert said.table.iloc[1].tolist() == list(said.rows[1])


def test_without_a_forecast_the_table_is_empty_and_a_year_has_no_figures():
    nothing = forecast.Forecast("drift", 0, reason="no_data")
    assert nothing.table.empty
    assert list(nothing.table.columns) == list(forecast.COLUMNS)
    assert nothing.at(2025) == dict.fromkeys(("median", "low80", "high80", "low95", "high95"))


def test_the_figures_of_a_year_are_those_of_its_row():
    said = forecast.fit([2021, 2022, 2023], [10, 12, 15], 2025, model="drift")
    assert tuple(said.at(2024).values()) == said.rows[0][1:]
    assert set(said.at(2026).values()) == set(said.at(2023).values()) == {None}


# ── the widths ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", forecast.MODELS)
def test_every_model_was_measured_for_every_length_it_speaks_at(model):
    for n in some(range(forecast.MODELS[model].least, pooled.LONGEST + 1)):
        measured = forecast.offsets(model, n)
        assert measured.shape == (pooled.FARTHEST, len(pooled.PROBS))
        assert (np.diff(measured, axis=1) > 0).all()
        assert (measured[:, pooled.MIDDLE] == 0).all()
        assert (np.diff(measured[:, -1] - measured[:, 0]) >= 0).all()


# ── models of one's own ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def registered():
    """Whatever a test registers is gone afterwards."""
    before = dict(registry.MODELS)
    yield registry.model
    registry.MODELS.clear()
    registry.MODELS.update(before)


def test_the_example_in_own_models_works_as_it_stands(registered):
    example = own_models.__doc__.split("\n\n")[1].replace('\\"', '"')
    exec("\n".join(line[4:] for line in example.splitlines()), {"model": registered, "np": np})
    said = registry.MODELS["median_step"].median(
        np.array([[2020.0, 2021, 2022, 2024]]), np.array([[1.0, 2, 9, 13]]), np.array([1.0, 3])
    )
    assert said.tolist() == [[15, 19]]  # steps a year: 1, 7, 2; the median is 2


def test_a_model_that_was_not_measured_is_as_wide_as_the_widest(registered):
    registered("twice", least=2)(lambda _, values, ahead: values[:, -1:] * 2**ahead)
    widest = forecast.offsets("twice", 5)
    for model in ("last", "drift", "theta", "ols", "growth"):
        assert (widest[:, 0] <= forecast.offsets(model, 5)[:, 0]).all()
        assert (widest[:, -1] >= forecast.offsets(model, 5)[:, -1]).all()


@pytest.mark.parametrize("name", ["last", "pooled", "Upper", "with space", "", "x" * 40, "1st"])
def test_a_name_that_is_taken_or_no_identifier_is_refused(registered, name):
    with pytest.raises(ValueError, match="a model cannot be called"):
        registered(name)


def test_the_default_forecast_of_additions_is_of_their_sum():
    """The sum of h years is not h times a year's: y_n·h + s·(x·β_sum), with the sum's own β."""
    years, values = [2018, 2019, 2020, 2021], [4.0, 6, 5, 7]
    said = forecast.fit(years, values, 2025, kind="increment", start=10)
    t, y = np.array([years], float), np.array([values])
    sums = pooled.quantiles(t, y, 4, of="sum", free=True)[0]
    levels = pooled.quantiles(t, y, 4, of="level", free=True)[0]
    assert [row[1] for row in said.rows] == pytest.approx(list(10 + sums[:, pooled.MIDDLE]))
    assert said.rows[3][3] != pytest.approx(10 + levels[:, 5].cumsum()[3], rel=0.02)
