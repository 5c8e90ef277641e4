"""P is read off the forecast's own distribution, of targets to reach and of targets to hold."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from conftest import some
from hypothesis import given, strategies as st

from helpers.measure import forecast

CASES = Path(__file__).resolve().parents[2] / "shared/bench/transfer/cases.csv.gz"


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


@given(
    st.lists(st.floats(-1000, 1000), min_size=1, max_size=10),
    st.integers(1, 10),
    st.sampled_from(["stock", "increment"]),
    st.lists(st.floats(-3000, 3000), min_size=1),
)
def test_p_and_fan_are_one_distribution(values, ahead, kind, targets):
    """P(≥ T) + P(< T) = 1; P is .9, .5, .1 at the ends and the middle of the 80 % interval."""
    years = range(2021 - len(values), 2021)
    said = forecast.fit(years, values, 2020 + ahead, kind=kind)
    for target in targets:
        for better, worse in ((">=", "<"), (">", "<=")):
            both = said.chance(target, better) + said.chance(target, worse)
            assert both == pytest.approx(1, abs=1e-9)
    for p in (0.1, 0.5, 0.9):
        value = said.quantile(2020 + ahead, p)
        inside = said.given.low < value < said.given.high
        assert not inside or said.chance(value) == pytest.approx(1 - p, abs=1e-6)


def test_p_does_not_jump_from_the_fourth_year_ahead_to_the_fifth():
    """Four years ahead and five are two neighbouring years like any other two."""
    said = forecast.fit(range(2012, 2021), [100 + 4 * k for k in range(9)], 2026)
    p = [said.chance(150, year=year) for year in range(2021, 2027)]
    assert p == sorted(p)
    steps = np.diff(p)
    assert abs(steps[3] - (steps[2] + steps[4]) / 2) < 0.1


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
