"""How likely a target is met in its year, one to four years ahead: learned on pseudo five-year
plans (METHOD §5, §8).

    P = 1 / (1 + exp(−(β0 + Σ f_j(distance_j) + Σ g_j(trait_j))))

Distances grow with the target; each f_j is piecewise linear and never rises, so a higher target is
never more likely. The traits know nothing of the target; each g_j is piecewise linear. All are pure
numbers: no unit, no calendar. There are eight sets of β: for each of one to four years ahead, for
series of at most five points and for longer ones (`benchmarks/learn.py`). Lower-is-better is the
mirror image: values and target change their sign. P is for a target as plans set them, in the
direction they mean; P(at least T) and P(less than T) are two such questions, about but not exactly
1. A level is judged by its value in the target year; increments and running totals by their sum,
   and what is banked stays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import pooled
from .pooled import Floats, Ints

FARTHEST = 4  # years ahead
LONGEST = 10  # points: as many as the pseudo-plans have
LONG = 6  # points from which the second set of β speaks
PLAN = (
    5  # years: a target is measured from the value so many years before it, or the first one after
)
KINDS = {
    "stock": "stock",
    "increment": "sum",
    "cumulative": "sum",
}  # every other kind is judged as a stock


class Seen(NamedTuple):
    """What is taken from each series: `n` points, scale `s`, mean |y|, roughness `q`, steps a year
    in units of s, last value."""

    n: Floats
    s: Floats
    level: Floats
    q: Floats
    mean: Floats
    last: Floats
    y: Floats


def seen(years: Floats, values: Floats, ends: Floats) -> Seen:
    """The facts of series (N, n), shorter ones filled with NaN on the left; `ends` lends a series
    of zeros its level."""
    there = np.isfinite(values)
    n, y = there.sum(1), np.where(there, values, 0.0)
    level = np.abs(y).sum(1) / n
    level = np.where(level > 0, level, np.where(ends != 0, np.abs(ends), 1.0))
    gap, move = np.diff(years, axis=1), np.diff(values, axis=1)
    known = np.isfinite(move)
    gap, move = np.where(known, gap, 1.0), np.where(known, move, 0.0)
    s = ((np.abs(move) / np.sqrt(gap)).sum(1) + pooled.PSEUDO_STEP * level) / n
    last = move[:, -1] / gap[:, -1] / s if move.shape[1] else np.zeros(len(s))
    span = np.maximum((gap * known).sum(1), 1.0)
    q = (np.log(np.clip(s / level, 1e-3, 2.0)) + 2.5) / 1.5
    return Seen(n, s, level, q, move.sum(1) / span / s, last, values[:, -1])


def of_level(
    years: Floats, values: Floats, target: Floats, ahead: Ints
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """(distances, traits) for "is the level at least `target` in h = `ahead` years?"; asinh
    throughout, it tames extremes.

    Distances, with need = T − y: need beyond the mean step, (need − h·m)/(s√h); need against the
    level, 5·need/ȳ; the whole gain from the plan's base, (T − y_b)/s. Traits: mean step m, step
    since the base, last step, log s/ȳ, number of points, sign and size of the last value against ȳ,
    and three of them times the roughness q.
    """
    has = seen(years, values, target)
    need, root = target - has.y, np.sqrt(ahead)
    first = first_of_plan(years, ahead)
    row = np.arange(len(values))
    passed = np.maximum(years[:, -1] - years[row, first], 1)
    since = (has.y - values[row, first]) / passed / has.s
    m, place = np.arcsinh(has.mean), has.y / has.level
    distances = {
        "beyond": np.arcsinh((need / has.s - ahead * has.mean) / root),
        "relative": np.arcsinh(5 * need / has.level),
        "gain": np.arcsinh((target - values[row, first]) / has.s),
    }
    last = np.arcsinh(has.last)
    traits = {
        "mean": m,
        "since": np.arcsinh(since),
        "last": last,
        "scale": has.q,
        "points": has.n,
        "place": place,
    }
    traits |= {"mean_q": m * has.q, "last_q": last * has.q, "place_q": place * has.q}
    return distances, traits


def of_sum(
    years: Floats, values: Floats, need: Floats, ahead: Ints
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """(distances, traits) for "do the next h additions come to at least `need`?", with the required
    addition a = need/h.

    Distances: a beyond the last addition, and beyond the mean one, in units of s·√((h+1)(2h+1)/6h),
    which is how far the mean of h steps wanders; a against the mean addition, 3·(a/ȳ − 1); and the
    gain, what the whole plan asks a year against the addition of its base year, 2·((need + Σ since
    the base)/5 − y_b)/s. Traits: as of levels.
    """
    has = seen(years, values, need)
    a, wander = need / ahead, np.sqrt((ahead + 1) * (2 * ahead + 1) / (6 * ahead))
    mean = np.nansum(values, axis=1) / has.n
    back = years[:, -1:] - (PLAN - ahead)[:, None]
    first = np.argmax(years >= back, axis=1)
    plan = (need + np.where(years > back, values, 0.0).sum(1)) / PLAN
    distances = {
        "beyond_last": np.arcsinh(2 * (a - has.y) / has.s / wander),
        "beyond_mean": np.arcsinh(2 * (a - mean) / has.s / wander),
        "relative": np.arcsinh(3 * (a / has.level - 1)),
        "gain": np.arcsinh(2 * (plan - values[np.arange(len(values)), first]) / has.s),
    }
    m, last, place = np.arcsinh(has.mean), np.arcsinh(has.last), has.y / has.level
    traits = {"mean": m, "last": last, "scale": has.q, "points": has.n, "place": place}
    traits |= {"mean_q": m * has.q, "last_q": last * has.q}
    return distances, traits


FEATURES = {"stock": of_level, "sum": of_sum}


def falling(x: Floats, knots: Floats) -> Floats:
    """The pieces of x between the knots, open at both ends: columns whose weighted sum is piecewise
    linear in x."""
    inner = np.clip(x[:, None], knots[:-1], knots[1:]) - knots[:-1]
    return np.column_stack([np.minimum(x - knots[0], 0), inner, np.maximum(x - knots[-1], 0)])


def bending(x: Floats, knots: Floats) -> Floats:
    """The same, closed: beyond the outer knots nothing more changes."""
    return np.clip(x[:, None], knots[:-1], knots[1:]) - knots[:-1]


def design(
    table: pooled.Table,
    what: str,
    years: Floats,
    values: Floats,
    target: Floats,
    ahead: Ints,
) -> Floats:
    """The row of numbers of each case that β weighs: 1, then the pieces of every distance and
    trait."""
    distances, traits = FEATURES[what](years, values, target, ahead)
    columns = [np.ones((len(values), 1))]
    columns += [falling(x, table[f"knots-{what}", name][0]) for name, x in distances.items()]
    columns += [bending(x, table[f"knots-{what}", name][0]) for name, x in traits.items()]
    return np.hstack(columns)


def block(n: Ints, ahead: Ints) -> Ints:
    """Which set of β: h − 1 for short series, h + 3 for those of `LONG` points and more."""
    return (ahead - 1) + FARTHEST * (n >= LONG)


def chances(
    years: Floats,
    values: Floats,
    target: Floats,
    ahead: Ints,
    *,
    what: str = "stock",
    below: bool | NDArray[np.bool_] = False,
    table: pooled.Table | None = None,
) -> Floats:
    """P(met) of many cases: `years`, `values` (N, n), NaN on the left of shorter series; target
    (N,); ahead (N,), 1…4.

    `what`: "stock", the value in the target year is at least `target`; "sum", the additions of the
    `ahead` years are at least `target`, what is still to come after the banked ones. `below`: at
    most instead of at least.
    """
    values, years = values[:, -LONGEST:], np.broadcast_to(years, values.shape)[:, -LONGEST:]
    table, at_most = table or pooled.learned(), np.broadcast_to(below, len(values))
    sign = np.where(at_most & (what == "stock"), -1.0, 1.0)
    x = design(table, what, years, values * sign[:, None], target * sign, ahead)
    beta = table["chance", what][block(np.isfinite(values).sum(1), ahead)]
    p: Floats = 1 / (1 + np.exp(-np.clip((x * beta).sum(1), -700, 700)))
    if what == "stock":
        return p
    certain = target <= 0  # what is banked cannot be lost
    return np.where(at_most, np.where(target < 0, 0.0, 1 - p), np.where(certain, 1.0, p))


def first_of_plan(years: Floats, ahead: Ints) -> Ints:
    """Where the value stands from which a plan's target is measured: (N,) indices into the
    points."""
    first: Ints = np.argmax(years >= years[:, -1:] - (PLAN - ahead)[:, None], axis=1)
    return first


def base_of(years: Floats, values: Floats, ahead: Ints) -> Floats:
    """The value from which a plan's target is measured; (N,). Every plan learned from had a target
    better than it."""
    values, years = values[:, -LONGEST:], np.broadcast_to(years, values.shape)[:, -LONGEST:]
    base: Floats = values[np.arange(len(values)), first_of_plan(years, ahead)]
    return base
