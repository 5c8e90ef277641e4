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

from dataclasses import replace
from functools import cache

import numpy as np

from ..intake.plan import Indicator
from ..intake.targets import Target
from . import forms, pooled
from .forecast import Forecast, Given
from .pooled import Floats

PAIRS = 1000  # of mirrored paths; P moves by less than a percent with more
TOGETHER = 0.5
SEED = 20210311


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


def accumulated(ahead: Forecast, target: Target, known: Floats) -> Forecast:
    """The forecast of what the years come to: `known` values of the period's years so far, and
    those that `ahead` foresees, as a running mean or a compounded total."""
    if not ahead.rows or ahead.given is None:
        return ahead
    totals = running(target, known, of_years(ahead))
    curves = np.quantile(totals, pooled.PROBS, axis=0).T
    ends = [int(np.argmin(abs(pooled.PROBS - p))) for p in (0.5, 0.1, 0.9, 0.025, 0.975)]
    rows = tuple(
        (row[0], *curve[ends].tolist()) for row, curve in zip(ahead.rows, curves, strict=True)
    )
    given = Given(ahead.given.years, ahead.given.values, ahead.given.kind)
    return Forecast(ahead.model, ahead.n, rows, "", tuple(map(tuple, curves.tolist())), given)


def running(target: Target, known: Floats, paths: Floats) -> Floats:
    """(paths, years): what the period's years up to each come to."""
    years = len(known) + np.arange(1, paths.shape[1] + 1)
    if target.rate is None:
        sums: Floats = (known.sum() + paths.cumsum(axis=1)) / years
        return sums
    sign = 1 if target.rate == "growth" else -1
    left = np.maximum(1 + sign * paths / 100, 0.0).cumprod(axis=1)
    left = left * np.prod(1 + sign * known / 100)
    if target.judged == "mean":
        left = left ** (1 / years)
    totals: Floats = sign * (left - 1) * 100
    return totals


def kept(ahead: Forecast, facts: Indicator, half: float) -> Forecast:
    """`ahead` with P that every year it foresees keeps to its limits, as printed: a value within
    `half` a printed unit of its limit prints as the limit."""
    if not ahead.rows:
        return ahead
    paths, good = of_years(ahead), np.ones(2 * PAIRS, bool)
    for k, row in enumerate(ahead.rows):
        good &= _within(facts, int(row[0]), paths[:, k], half)
    return replace(ahead, p_kept=float(good.mean()))


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
