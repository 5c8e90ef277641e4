"""Many ways the coming years may go together, for targets that all years of a period decide
(METHOD §7).

The fan says how likely each value of each year is, but not which years go together. Two years h < k
ahead are joined by a normal copula with correlation (h/k)^TOGETHER: a year that ends high is
followed by high ones, the nearer the more. The exponent was measured on plans of these forms cut
from real series (`benchmarks/forms.py`). The paths are the same in every run and every machine, and
come in mirrored pairs, so that each year's marginal is the fan itself and what holds for y holds
for −y.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..intake.plan import Indicator, Plan
from ..intake.targets import Target
from . import forecast, forms, pooled
from .forecast import Forecast, Given
from .pooled import Floats

PAIRS = 1000  # of mirrored paths; P moves by less than a percent with more
TOGETHER = 0.5
SEED = 20210311
LEAST = 1e-12  # of an index of 100: all of it is gone


@cache
def ranks(together: float = TOGETHER) -> Floats:
    """The logits of each path's probabilities: (2·PAIRS, FARTHEST); every column holds each of the
    same 2·PAIRS probabilities once."""
    h = np.arange(1, pooled.FARTHEST + 1)
    joined = (np.minimum.outer(h, h) / np.maximum.outer(h, h)) ** together
    drawn = np.random.default_rng(SEED).standard_normal((PAIRS, len(h)))
    scores = drawn @ np.linalg.cholesky(joined).T
    order = np.vstack([scores, -scores]).argsort(axis=0).argsort(axis=0)
    u = (order + 0.5) / (2 * PAIRS)
    found: Floats = np.log(u / (1 - u))
    return found


def of_years(ahead: Forecast, together: float = TOGETHER) -> Floats:
    """(paths, years): values of the years a forecast foresees, inside its limits. Every year's
    column has the fan's own quantiles."""
    if ahead.given is None:
        raise ValueError("there is no forecast to follow")
    logits = np.log(pooled.PROBS / (1 - pooled.PROBS))
    columns = [
        _along(ranks(together)[:, k], logits, np.array(curve))
        for k, curve in enumerate(ahead.curves)
    ]
    return ahead.given.shown(np.stack(columns, axis=1))


def _along(x: Floats, xs: Floats, ys: Floats) -> Floats:
    """y at every x on the line through (xs, ys), its outer pieces going on."""
    y = np.interp(x, xs, ys)
    for beyond, near, far in ((x < xs[0], 0, 1), (x > xs[-1], -1, -2)):
        slope = (ys[near] - ys[far]) / (xs[near] - xs[far])
        y = np.where(beyond, ys[near] + (x - xs[near]) * slope, y)
    return y


def accumulated(ahead: Forecast, known: Floats) -> Forecast:
    """The forecast of what the years come to on average: `known` values of the period's years so
    far, and those that `ahead` foresees."""
    if not ahead.rows:
        return ahead
    means = running(known, of_years(ahead))
    return _told(ahead, np.quantile(means, pooled.PROBS, axis=0).T, ahead.n)


def _told(ahead: Forecast, curves: Floats, n: int) -> Forecast:
    """A forecast of the same years with other quantiles, without limits of its own."""
    ends = [int(np.argmin(abs(pooled.PROBS - p))) for p in (0.5, 0.1, 0.9, 0.025, 0.975)]
    rows = tuple(
        (row[0], *curve[ends].tolist()) for row, curve in zip(ahead.rows, curves, strict=True)
    )
    given = None if ahead.given is None else Given(ahead.given.years, ahead.given.values)
    return Forecast(ahead.model, n, rows, "", tuple(map(tuple, curves.tolist())), given)


def running(known: Floats, paths: Floats) -> Floats:
    """(paths, years): the mean of the period's years up to each."""
    years = len(known) + np.arange(1, paths.shape[1] + 1)
    means: Floats = (known.sum() + paths.cumsum(axis=1)) / years
    return means


def by_index(
    plan: Plan, target: Target, years: Sequence[int], rates: Sequence[float], model: str
) -> Forecast:
    """The forecast of a mean rate or a compounded total: yearly rates make an index, 100 before the
    first of them, which is a series like those learned from; what its end comes to over the
    plan's start is the rate or total asked about. Rests on the years without a gap."""
    years, known = _without_gap(years, rates)
    factors = np.maximum(1 + (1 if target.rate == "growth" else -1) * known / 100, 0.0)
    index, at = 100 * np.r_[1.0, np.cumprod(factors)], [years[0] - 1, *years]
    ahead = forecast.fit(at, index.tolist(), target.year, model=model)
    if not ahead.rows:
        return replace(ahead, n=len(years))
    if target.compared and index.all():
        inverse = forecast.fit(at, (1e4 / index).tolist(), target.year, model=model)
        ahead = both_ways(ahead, inverse) if inverse.rows else ahead
    before = max(plan.period.start - 1, years[0] - 1)
    return as_rates(ahead, target, index[before - (years[0] - 1)], before)


def _without_gap(years: Sequence[int], values: Sequence[float]) -> tuple[list[int], Floats]:
    first = next((k for k in range(len(years) - 1, 0, -1) if years[k] - years[k - 1] > 1), 0)
    return list(years[first:]), np.array(values[first:], float)


def both_ways(ahead: Forecast, inverse: Forecast) -> Forecast:
    """The forecast of how two series grow against each other, from that of the index of the first
    beyond the second and that of the second beyond the first, 10⁴ ÷ index: quantile by quantile
    their geometric mean. Which of the two is named first then makes no difference, though levels
    learned from mostly grow."""
    own = np.maximum(np.array(ahead.curves), LEAST)
    other = 1e4 / np.maximum(np.array(inverse.curves), LEAST)[:, ::-1]
    return _told(ahead, np.sqrt(own * other), ahead.n)


def by_sum(
    plan: Plan, target: Target, years: Sequence[int], values: Sequence[float], model: str
) -> Forecast:
    """The forecast of a mean of differences to another series: their running sum, 0 before the
    first, is a series, and its rise over the plan's years so far is that many times the mean.
    Rests on the years without a gap."""
    years, differences = _without_gap(years, values)
    sums = np.r_[0.0, np.cumsum(differences)]
    at = [years[0] - 1, *years]
    ahead = forecast.fit(at, sums.tolist(), target.year, model=model, free=True)
    if not ahead.rows:
        return replace(ahead, n=len(years))
    before = max(plan.period.start - 1, years[0] - 1)
    return as_means(ahead, sums[before - (years[0] - 1)], before)


def as_means(ahead: Forecast, start: float, before: int) -> Forecast:
    """A forecast of a running sum as one of the mean since the year `before` the first, when it
    stood at `start`."""
    passed = np.array([[row[0]] for row in ahead.rows]) - before
    return _told(ahead, (np.array(ahead.curves) - start) / passed, ahead.n - 1)


def as_rates(ahead: Forecast, target: Target, start: float, before: int) -> Forecast:
    """A forecast of an index as one of the total or the mean rate it comes to since the year
    `before` the first, when it stood at `start`."""
    sign = 1 if target.rate == "growth" else -1
    left = np.maximum(np.array(ahead.curves), 0.0) / start
    if target.judged == "mean":
        left = left ** (1 / (np.array([[row[0]] for row in ahead.rows]) - before))
    return _told(ahead, (sign * (left - 1) * 100)[:, ::sign], ahead.n - 1)


def kept(ahead: Forecast, facts: Indicator, half: float) -> Forecast:
    """`ahead` with P that every year it foresees keeps to its limits, as printed: a value within
    `half` a printed unit of its limit prints as the limit."""
    if not ahead.rows:
        return ahead
    paths, good = of_years(ahead), np.ones(2 * PAIRS, bool)
    for k, row in enumerate(ahead.rows):
        good &= _within(facts, int(row[0]), paths[:, k], half)
    return replace(ahead, p_kept=share_kept(good[:, None]))


def share_kept(good: NDArray[np.bool_]) -> float:
    """The share of paths (rows) on which every year is good."""
    return float(good.all(axis=1).mean())


def _within(facts: Indicator, year: int, values: Floats, half: float) -> np.ndarray:
    low, high = facts.target.limits(year)
    strict = forms.is_strict(facts, year)
    slack = -half if strict else half
    good = np.ones(len(values), bool)
    if low is not None:
        good &= values >= low - slack
    if high is not None:
        good &= values <= high + slack
    return good
