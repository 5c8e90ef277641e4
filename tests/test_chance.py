"""P of a target to reach is learned from plans; that of a target to hold is the forecast's own."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from conftest import some
from hypothesis import given, strategies as st

from helpers.measure import chance, forecast, pooled

CASES = Path(__file__).resolve().parents[2] / "shared/bench/transfer/cases.csv.gz"
LOGITS = np.log(pooled.PROBS / (1 - pooled.PROBS))


def fan(said: forecast.Forecast, target: float, year: int) -> float:
    """P(≥ target) read off the forecast's quantiles alone."""
    found = said._curve(year)
    return float(1 / (1 + np.exp(np.clip(forecast.along(target, found[2], found[1]), -700, 700))))


@pytest.mark.parametrize(
    ("years", "values", "target", "op", "least", "most"),
    [
        ((2018, 2019, 2020, 2021, 2022), (120, 135, 150, 171, 190), 200, "<=", 0.15, 0.40),
        ((2021, 2022), (5.1, 5.6), 5.5, "<=", 0.10, 0.45),  # the median is 6.3
        ((2020, 2021, 2022, 2023), (10.2, 14.6, 10.1, 8.4), 7, ">", 0.55, 0.85),  # 80 %: 4 to 16
    ],
)
def test_a_target_no_better_than_the_base_is_no_certainty(years, values, target, op, least, most):
    """Each of these was given P = 1.000 beside a fan that says otherwise."""
    p = forecast.fit(years, values, 2025).chance(target, op)
    assert least < p < most


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=10), st.floats(0.2, 1), st.integers(1, 6))
def test_a_target_no_better_than_the_base_is_the_forecasts_own_question(values, factor, ahead):
    years = list(range(2021 - len(values), 2021))
    said = forecast.fit(years, values, 2020 + ahead)
    near = np.array([min(ahead, chance.FARTHEST)])
    base = values[int(chance.first_of_plan(np.array([years], float), near)[0])]
    assert said.chance(base * factor) == pytest.approx(fan(said, base * factor, 2020 + ahead))
    assert said.chance(base / factor, "<=") == pytest.approx(
        1 - fan(said, base / factor, 2020 + ahead)
    )


def test_a_target_to_reach_is_asked_of_the_plans_learned_from():
    years, values = np.array([[2017.0, 2018, 2019, 2020]]), np.array([[100.0, 104, 110, 113]])
    said = forecast.fit([2017, 2018, 2019, 2020], [100, 104, 110, 113], 2022)
    learned = chance.chances(years, values, np.array([121.0]), np.array([2]))
    assert said.chance(121) == pytest.approx(float(learned[0]))
    assert abs(said.chance(121) - fan(said, 121, 2022)) > 0.005


@pytest.mark.slow
@pytest.mark.skipif(not CASES.is_file(), reason="the pseudo-plans (../shared/bench) are not here")
def test_targets_to_hold_are_judged_as_well_as_they_come_true():
    """Brier ≤ .115 and calibration error ≤ .055, the mean of three collections nothing was learned
    from; every seventh case."""
    found: dict[str, list[tuple[float, bool]]] = {}
    with gzip.open(CASES, "rt", encoding="utf-8") as file:
        held = [row for row in csv.DictReader(file) if row["target_kind"] == "hold"][::7]
    for row in some(held):
        years, values = ([float(x) for x in row[name].split(";")] for name in ("years", "values"))
        said = forecast.fit([int(year) for year in years], values, 5)
        p = said.chance(float(row["target"]), row["op"])
        found.setdefault(row["data"], []).append((p, row["met"] == "True"))
    scores = []
    for cases in some(found.values()):
        p, met = np.array(cases, float).T
        tenth = np.minimum((10 * p).astype(int), 9)
        errors = [
            abs(p[tenth == k].mean() - met[tenth == k].mean()) * (tenth == k).mean()
            for k in np.unique(tenth)
        ]
        scores.append((((p - met) ** 2).mean(), sum(errors)))
    brier, error = np.mean(scores, axis=0)
    assert brier <= 0.115
    assert error <= 0.055
