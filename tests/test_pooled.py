"""The learned forecasts and chances: what must hold whatever was learned, and two simple models
done the slow way."""

import hashlib
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from conftest import some
from hypothesis import given, settings, strategies as st

from helpers.measure import forecast, pooled

BENCH = Path(__file__).parents[2] / "shared" / "bench"
figures = st.integers(-50_000, 50_000).map(lambda k: k / 10)
models = st.sampled_from(forecast.NAMES)
others = st.sampled_from(["pooled", "theta", "ols"])
kinds = st.sampled_from(["stock", "share", "increment", "cumulative"])


@st.composite
def annual_series(draw, least=1, most=14, of=figures):
    """Years, ascending and with gaps, and a value for each."""
    steps = draw(st.lists(st.sampled_from([1, 1, 1, 1, 2, 3]), min_size=least, max_size=most))
    years = [2000 + sum(steps[: k + 1]) for k in range(len(steps))]
    return years, draw(st.lists(of, min_size=len(years), max_size=len(years)))


def numbers(said):
    return np.array([row[1:] for row in said.rows])


# ── answered whatever comes ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("n", range(1, 15))
@pytest.mark.parametrize(
    "formula", ["0.0", "7.0", "-3.0 - k", "(-1) ** k * 1e9", "1e-9 * k", "float(k == 3)", "2.0**k"]
)
def test_one_to_fourteen_points_are_answered_one_to_ten_years_ahead(n, formula):
    years, values = list(range(2000, 2000 + n)), [eval(formula, {"k": k}) for k in range(n)]
    for kind in ("stock", "increment"):
        said = forecast.fit(years, values, 2009 + n, kind=kind, start=5, rounding=0.5)
        assert said.n == n
        assert len(said.rows) == 10
        assert np.isfinite(numbers(said)).all()
        assert kind != "stock" or all(row[5] > row[4] for row in said.rows)  # never certain
        for year in (2000 + n, 2003 + n, 2004 + n, 2009 + n):
            assert 0 <= said.chance(6.0, year=year) <= 1


@pytest.mark.parametrize(
    "model", forecast.NAMES
)  # each is asked, one's own too: drawn among many, one may never be
@settings(max_examples=40)
@given(series=annual_series(), kind=kinds, horizon=st.integers(1, 12), whole=st.booleans())
def test_no_model_crashes_and_its_chances_are_probabilities(model, series, kind, horizon, whole):
    years, values = series
    said = forecast.fit(years, values, years[-1] + horizon, model=model, kind=kind, whole=whole)
    if said.reason:
        assert said.reason in ("too_few_points", "growth_undefined")
        assert said.chance(1) is None
        assert said.quantile(years[-1] + 1, 0.5) is None
        return
    assert len(said.rows) == min(horizon, 10)
    for op in forecast.OPS:
        assert 0 <= said.chance(values[0], op) <= 1
    for target in (3.0, *values):
        for better, worse in ((">=", "<"), (">", "<=")):
            both = said.chance(target, better) + said.chance(target, worse)
            assert both == pytest.approx(1, abs=1e-9)


@given(annual_series(), models, kinds)
def test_the_same_input_gives_the_same_bytes(series, model, kind):
    years, values = series
    first, second = (
        forecast.fit(years, values, years[-1] + 5, model=model, kind=kind) for _ in range(2)
    )
    assert first == second
    assert repr(first) == repr(second)


def test_only_the_last_twelve_points_are_used():
    years, values = (
        list(range(2000, 2015)),
        [900, -900, 900, 3, 5, 4, 8, 7, 9, 12, 10, 15, 14, 11, 16],
    )
    assert forecast.fit(years, values, 2018).rows == forecast.fit(years[3:], values[3:], 2018).rows


def test_years_that_do_not_rise_and_missing_numbers_are_refused():
    for years, values in (
        ([2021, 2021], [1, 2]),
        ([2022, 2021], [1, 2]),
        ([2021, 2022], [1, math.nan]),
    ):
        with pytest.raises(ValueError, match="ascending years and a number for each"):
            forecast.fit(years, values, 2025)


def test_no_more_than_ten_years_ahead_can_be_asked():
    with pytest.raises(ValueError, match="11 years ahead asked, 10 at most"):
        pooled.quantiles(np.arange(3.0), np.ones((1, 3)), 11)


# ── quantiles ─────────────────────────────────────────────────────────────────────────────────────


@given(annual_series(), models, kinds, st.lists(st.floats(0.001, 0.999), min_size=2, max_size=9))
def test_quantiles_rise_with_the_probability(series, model, kind, probs):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 4, model=model, kind=kind)
    assert said.rows or said.reason
    for row in said.rows:
        found = [said.quantile(row[0], p) for p in sorted(probs)]
        assert all(a <= b for a, b in itertools.pairwise(found))
        assert row[4] <= row[2] <= row[1] <= row[3] <= row[5]
        assert row[1:] == tuple(said.quantile(row[0], p) for p in (0.5, 0.1, 0.9, 0.025, 0.975))


@given(annual_series(), st.floats(0, 5))
def test_the_fan_never_narrows_with_the_years(series, rounding):
    years, values = series
    columns = numbers(
        forecast.fit(years, [value - 1e5 for value in values], years[-1] + 10, rounding=rounding)
    )
    for low, high in ((0, 2), (1, 0), (0, 4), (3, 0)):
        assert (np.diff(columns[:, high] - columns[:, low]) >= -1e-6).all()


def test_beyond_the_known_quantiles_the_same_line_goes_on():
    said = forecast.fit([2020, 2021, 2022], [-5, 8, 6], 2023, model="ols")
    a, b = said.quantile(2023, 0.9), said.quantile(2023, 0.975)
    # ln(p/(1-p)) is ln 9 at .9 and ln 39 at .975; at .99 it is ln 99
    assert said.quantile(2023, 0.99) == pytest.approx(
        b + (b - a) * math.log(99 / 39) / math.log(39 / 9)
    )
    for p in (0, 1, 1.5):
        with pytest.raises(ValueError, match="0 < p < 1"):
            said.quantile(2023, p)


@given(
    annual_series(least=2),
    st.sampled_from(["last", "drift", "theta", "ols"]),
    st.floats(0.03, 0.97),
)
def test_without_learning_the_chance_is_read_off_the_quantiles(series, model, p):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 3, model=model, rounding=0.5)
    if said.rows:
        assert said.chance(said.quantile(years[-1] + 3, p)) == pytest.approx(1 - p, abs=1e-6)


@given(annual_series(), st.sampled_from(["pooled", "theta"]))
def test_counts_are_forecast_in_whole_numbers(series, model):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 5, model=model, whole=True)
    if said.rows:
        assert (numbers(said) % 1 == 0).all()
        assert said.quantile(years[-1] + 2, 0.3) % 1 == 0
        assert said.chance(3.2) == said.chance(4) == pytest.approx(said.chance(3, ">"))


@given(annual_series(of=st.integers(0, 1000).map(lambda k: k / 10)), models)
def test_shares_stay_inside_their_limits(series, model):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 6, model=model, kind="share", lower=0, upper=100)
    if said.rows:
        assert ((numbers(said) >= 0) & (numbers(said) <= 100)).all()
        assert said.chance(0) == 1
        assert said.chance(100.1) == 0
        assert said.chance(100, "<=") == 1
        assert said.chance(-1, "<=") == 0


@given(annual_series(of=st.integers(0, 1000).map(float)))
def test_a_series_never_negative_is_not_forecast_below_zero(series):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 6)
    assert (numbers(said) >= 0).all()
    assert said.chance(0) == 1
    assert said.chance(-1, "<") == 0


# ── what must not matter, and what must ───────────────────────────────────────────────────────────


@given(
    annual_series(),
    others,
    kinds,
    st.integers(-100, 100),
    st.sampled_from([1e-4, 0.5, 3, 1e6]),
    figures,
)
def test_neither_calendar_nor_unit_matters(series, model, kind, shift, unit, target):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 6, model=model, kind=kind, start=100)
    moved, scaled, last = [y + shift for y in years], [unit * v for v in values], years[-1]
    other = forecast.fit(moved, scaled, last + shift + 6, model=model, kind=kind, start=100 * unit)
    if said.rows:
        assert np.allclose(
            numbers(other),
            unit * numbers(said),
            rtol=1e-6,
            atol=1e-7 * unit * max(map(abs, values)) + 1e-12,
        )
        for h in range(1, 7):
            assert other.chance(unit * target, year=last + shift + h) == pytest.approx(
                said.chance(target, year=last + h), abs=1e-5
            )


@given(
    annual_series(),
    models,
    kinds,
    st.sampled_from([">=", ">"]),
    st.lists(figures, min_size=2, max_size=8),
)
def test_a_higher_target_is_never_more_likely(series, model, kind, op, targets):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 6, model=model, kind=kind, start=50)
    assert said.rows or said.reason
    for row in said.rows:
        found = [said.chance(target, op, row[0]) for target in sorted(targets)]
        assert all(a >= b - 1e-12 for a, b in itertools.pairwise(found))


@given(annual_series(least=2), kinds)
def test_far_targets_are_impossible_and_far_passed_ones_certain(series, kind):
    years, values = series
    far = 1e9 * (1 + max(map(abs, values)))
    said = forecast.fit(years, values, years[-1] + 6, kind=kind, rounding=0.05)
    if any(values):
        for row in some(said.rows):
            assert said.chance(far, year=row[0]) < 0.01
            assert said.chance(-far, year=row[0]) > 0.99
            assert said.chance(far, "<=", row[0]) > 0.99
            assert said.chance(-far, "<=", row[0]) < 0.01


@given(annual_series(), st.integers(1, 6))
def test_the_mirrored_series_has_the_mirrored_fan(series, horizon):
    """So a target below which is better is judged as one above which is."""
    years, values = (np.array([part], float) for part in series)
    up, down = (pooled.quantiles(years, sign * values, horizon, free=True) for sign in (1, -1))
    if values.any():
        assert np.allclose(up, -down[..., ::-1], rtol=1e-6, atol=1e-6)


# ── what is banked ────────────────────────────────────────────────────────────────────────────────


@given(annual_series(), models, st.sampled_from(["increment", "cumulative"]), st.integers(0, 500))
def test_locked_kinds_never_fall(series, model, kind, banked):
    years, values = series
    said = forecast.fit(years, values, years[-1] + 6, model=model, kind=kind, start=banked)
    if said.rows:
        columns = numbers(said)
        assert (np.diff(np.vstack([np.full(5, float(banked)), columns]), axis=0) >= 0).all()
        assert said.chance(banked) == said.chance(banked - 1) == 1
        assert said.chance(banked - 1, "<=") == 0


@pytest.mark.parametrize("additions", [[200, 60, 10], [30, 20, 4, 1], [14, 8], [11, 2, 70, 12]])
def test_a_sum_does_not_fall_where_additions_die_away(additions):
    said = forecast.fit(
        range(2020, 2020 + len(additions)), additions, 2029, kind="increment", start=sum(additions)
    )
    assert (np.diff(numbers(said), axis=0) >= 0).all()


@given(annual_series(least=2, of=st.integers(0, 900).map(float)), st.floats(0.01, 2000))
def test_what_is_banked_only_moves_the_target(series, target):
    years, values = series
    plain = forecast.fit(years, values, years[-1] + 3, kind="increment")
    more = forecast.fit(years, values, years[-1] + 3, kind="increment", start=1000)
    assert more.chance(1000 + target) == pytest.approx(plain.chance(target), abs=1e-6)
    assert numbers(more) == pytest.approx(numbers(plain) + 1000)


def test_the_first_year_that_counts_says_what_is_banked():
    years, values = [2018, 2019, 2020, 2021, 2022], [9, 9, 9, 4, 6]
    since = forecast.fit(years, values, 2025, kind="increment", since=2021)  # 4 + 6 banked
    assert since == forecast.fit(years, values, 2025, kind="increment", start=10)


# ── many at once ──────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(
    st.integers(0, 1000), st.integers(1, 12), st.integers(1, 10), st.sampled_from(["level", "sum"])
)
def test_many_series_at_once_are_each_forecast_as_alone(seed, n, horizon, of):
    many = np.random.default_rng(seed).normal(5, 20, (6, n)).cumsum(1)
    years = np.arange(n, dtype=float)
    together = pooled.quantiles(years, many, horizon, of=of)
    alone = [pooled.quantiles(years, row[None], horizon, of=of)[0] for row in many]
    assert together.shape == (6, horizon, 7)
    assert np.allclose(together, alone, rtol=1e-9)


# ── theta, ols and growth the slow way ────────────────────────────────────────────────────────────


def slow_line(years, values):
    n, mean_t, mean_y = len(years), sum(years) / len(years), sum(values) / len(values)
    b = sum((t - mean_t) * (y - mean_y) for t, y in zip(years, values, strict=True)) / sum(
        (t - mean_t) ** 2 for t in years
    )
    assert n > 1
    return mean_y - b * mean_t, b


def slow_theta(years, values, year):
    """Half the line, half the smoothed 2y − line, smoothed with the α of the least squared one-step
    errors."""
    a, b = slow_line(years, values)
    doubled = [2 * y - (a + b * t) for t, y in zip(years, values, strict=True)]
    tried = []
    for k in range(1, 21):
        smooth, errors = doubled[0], 0.0
        for z in doubled[1:]:
            errors += (z - smooth) ** 2
            smooth += k / 20 * (z - smooth)
        tried.append((errors, smooth))
    least = min(errors for errors, _ in tried)
    return [
        (smooth + a + b * year) / 2
        for errors, smooth in tried
        if errors <= least * (1 + 1e-6) + 1e-6
    ]


@given(annual_series(least=2, most=12), st.integers(1, 10))
def test_ols_agrees_with_the_slow_way(series, h):
    years, values = series
    a, b = slow_line(years, values)
    said = forecast.fit(years, values, years[-1] + h, model="ols")
    assert said.rows[-1][1] == pytest.approx(a + b * (years[-1] + h), rel=1e-6, abs=1e-4)


@given(annual_series(least=2, most=12), st.integers(1, 10))
def test_theta_agrees_with_the_slow_way(series, h):
    years, values = series
    said = forecast.fit(years, values, years[-1] + h, model="theta")
    assert any(
        said.rows[-1][1] == pytest.approx(slow, rel=1e-5, abs=1e-3)
        for slow in slow_theta(years, values, years[-1] + h)
    )


def test_growth_goes_on_at_the_mean_rate_and_needs_positive_ends():
    # 100 → 121 in two years: 10 % a year; 121·1.1 = 133.1, ·1.1 = 146.41
    said = forecast.fit([2020, 2021, 2022], [100, 130, 121], 2024, model="growth")
    assert [row[1] for row in said.rows] == pytest.approx([133.1, 146.41])
    assert forecast.fit([2020, 2021], [0, 5], 2024, model="growth").reason == "growth_undefined"
    assert forecast.fit([2020, 2021], [5, -5], 2024, model="growth").reason == "growth_undefined"


# ── the learned table ─────────────────────────────────────────────────────────────────────────────


def test_the_learned_table_is_small_text_and_answers_every_length_and_horizon():
    assert pooled.LEARNED.stat().st_size <= 300_000
    assert pooled.LEARNED.read_text("utf-8").isascii()
    for n in range(1, pooled.LONGEST + 1):
        assert all(len(pooled.learned()[of, n]) == pooled.FARTHEST for of in ("level", "sum"))


def test_a_table_written_and_read_again_is_the_same():
    text = pooled.LEARNED.read_text("utf-8")
    table = pooled.Table(text)
    again = pooled.Table()
    again.head = table.head
    for named in table.lines:
        again[named] = table[named]
    assert again.text() == text


@pytest.mark.skipif(not BENCH.is_dir(), reason="the learning data (../shared/bench) are not here")
def test_the_head_names_the_learning_data_by_their_hashes():
    files = sorted((BENCH / "forecast").glob("*.csv.gz"))
    found = {
        path.relative_to(BENCH).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    assert pooled.learned().head["learned_from"] == found
    assert "forecast 6" in pooled.learned().head["scores"]
