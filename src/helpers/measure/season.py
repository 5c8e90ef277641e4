"""The simple answers to "what will the rest of the year bring", and their mix (METHOD §7).

The year's value is what is known so far plus the rest. For the rest there are candidates: each
month's share of former years, five at most and drawn towards equal shares where the years
disagree, turns the months seen so far into a level, slow or quick to follow them, with or without
its drift; beside these stand last year's rest and that of three years with the growth so far, whole
or damped, last year's rest with last year's growth, and the annual forecast. Of a level at year's
end the candidates say how far it still moves. Weights of the mix, which bend with how rough and how
unsteady in its season a series is, and the width of the interval are learned
(`benchmarks/nowcast.py`). Arrays: one row is one series; former years newest first, NaN where there
is none; pure numbers throughout, so that no unit matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .pooled import Floats

FORMER = 5  # former years whose shares are taken
SMOOTHING = (0.05, 0.1, 0.2, 0.4, 0.7)  # how quickly a level follows the newest month
FORMERS = (1, 2, FORMER)  # sets are learned for one, two, and more former years
FARTHEST = 5.0  # no rest of a year is more than five usual years, no month six usual ones
GROWTH = 4.0  # no ratio of two years counts for more


class Part(NamedTuple):
    """What is known: `former` (N, L, f) the values of whole former years, newest first; `year`
    (N, m) those of this year so far; `annual` (N, k) the totals of former years, oldest first, NaN
    on the left; `ahead` (N,) and `ahead_width` (N,) the median and the 80 % width of this year's
    annual forecast."""

    former: Floats
    year: Floats
    annual: Floats
    ahead: Floats
    ahead_width: Floats


class Seen(NamedTuple):
    """What the mix needs: `size` S the mean of the last three totals, `known` Σ so far, `base` last
    year's rest, `rest` (N, c) what each candidate has for the rest, `gates` (N, g) the traits the
    weights bend with, `traits` (N, z) of the spread."""

    size: Floats
    known: Floats
    base: Floats
    rest: Floats
    gates: Floats
    traits: Floats


def shares(former: Floats) -> tuple[Floats, Floats]:
    """(N, f) share of each month in its year and (N,) how far one year's shares scatter.

    s = 1/f + ρ·(s̄ − 1/f), ρ = max(0, 1 − (σ²/n)/var(s̄)): mean shares, drawn towards equal ones
    the more one year's shares scatter (σ²) against the pattern itself.
    """
    total = former.sum(2, keepdims=True)
    there = np.isfinite(total) & (total > 0)
    share = np.where(there, former / np.where(there, total, 1.0), 0.0)
    n, f = there.sum(1), former.shape[2]
    mean = np.where(n > 0, share.sum(1) / np.maximum(n, 1), 1 / f)
    scatter = (np.where(there, share - mean[:, None], 0.0) ** 2).sum((1, 2))
    scatter = scatter / np.maximum(n[:, 0] - 1, 1) / f
    pattern = ((mean - 1 / f) ** 2).mean(1)
    trust = np.clip(1 - scatter / np.maximum(n[:, 0], 1) / np.maximum(pattern, 1e-12), 0, 1)
    return 1 / f + (mean - 1 / f) * trust[:, None], np.sqrt(scatter) * f


def smoothed(x: Floats, start: Floats, alpha: float) -> Floats:
    """The level after x: l ← l + α·(x_k − l), missing months passed over; (N, k) → (N,)."""
    level = start.copy()
    for k in range(x.shape[1]):
        level += np.where(np.isfinite(x[:, k]), alpha * (x[:, k] - level), 0.0)
    return level


def _log(x: Floats, low: float = 1e-3, high: float = 5.0) -> Floats:
    return np.log(np.clip(x, low, high))


def _size(annual: Floats) -> Floats:
    """S, the mean of the last three totals; 1 for years of nothing."""
    size = np.nanmean(np.abs(annual[:, -3:]), axis=1)
    return np.where(size > 0, size, 1.0)


def _drift(annual: Floats) -> Floats:
    """The mean absolute step of the last six years; 0 where there is none."""
    moves = np.abs(np.diff(annual[:, -6:], axis=1))
    there = np.isfinite(moves)
    return np.asarray(np.where(there, moves, 0.0).sum(1) / np.maximum(there.sum(1), 1))


def _apart(rest: Floats, size: Floats) -> Floats:
    """How far the candidates lie apart, in units of S."""
    return np.asarray(np.abs(rest - np.median(rest, axis=1, keepdims=True)).mean(1) / size)


def _growth(annual: Floats) -> Floats:
    """Last year's total against the one before it, within `GROWTH`; 1 where that is not known."""
    before = annual[:, -2] if annual.shape[1] > 1 else np.full(len(annual), np.nan)
    both = np.isfinite(before) & (before > 0) & (annual[:, -1] >= 0)
    growth = np.where(both, annual[:, -1] / np.where(both, before, 1.0), 1.0)
    return np.clip(growth, 1 / GROWTH, GROWTH)


def _freed(part: Part, share: Floats, size: Floats) -> Floats:
    """The months of at most three former years and of this one, oldest first, freed of the
    season."""
    f = part.former.shape[2]
    recent = part.former[:, min(2, min(FORMER, part.former.shape[1]) - 1) :: -1]
    x = np.concatenate([recent.reshape(len(recent), -1), part.year], 1)
    x = x / np.tile(share * f, recent.shape[1] + 1)[:, : x.shape[1]]
    return np.asarray(np.clip(x, 0, (6 * size / f)[:, None]))


def seen(part: Part) -> Seen:
    """The candidates and traits of each series; see `Seen`."""
    former, m, f = part.former[:, :FORMER], part.year.shape[1], part.former.shape[2]
    size, known, base = _size(part.annual), part.year.sum(1), former[:, 0, m:].sum(1)
    share, scatter = shares(former)
    share = np.maximum(share, 1e-3 / f)
    x = _freed(part, share, size)
    levels = _levels(x, m, f)
    rest = levels * (share[:, m:].sum(1) * f)[:, None]
    others = (known * (f - m) / m, base * _growth(part.annual), part.ahead - known)
    rest = np.column_stack([rest, *others, *_grown(former, known, m, _growth(part.annual))])
    rest = np.clip(rest, 0, FARTHEST * size[:, None])
    usual = size / f
    rough = np.clip(_log(np.nanmean(np.abs(np.diff(x, axis=1)), axis=1) / usual) + 2, -2, 2)
    unsteady = _log(scatter) + 2
    traits = (
        np.ones(len(size)),
        rough,
        _log(_drift(part.annual) / size) + 2.5,
        unsteady,
        _log(_apart(rest, size)) + 3,
        _log(base / size) + 1,
        _log(part.ahead_width / size) + 1.5,
        _log(np.abs(levels[:, -4] - levels[:, 0]) / usual) + 2,
        _missed(former, m, size),
    )
    gates = np.column_stack([rough, np.clip(unsteady, -2, 2)])
    return Seen(size, known, base, rest, gates, np.column_stack(traits))


def _ratio(now: Floats, then: Floats) -> Floats:
    """now/then within `GROWTH`; 1 where both are nothing."""
    both = np.where((now == 0) & (then == 0), 1.0, now / np.where(then > 0, then, 1.0))
    return np.asarray(np.clip(np.where((then > 0) | (now == 0), both, GROWTH), 1 / GROWTH, GROWTH))


def _grown(former: Floats, known: Floats, m: int, growth: Floats) -> tuple[Floats, ...]:
    """The rest of last year, and the mean rest of three years, times the growth against them so
    far (g = Σ so far / Σ so far then) and times its root; last year's also with half of last year's
    growth."""
    rest, then = former[:, :3, m:].sum(2), former[:, :3, :m].sum(2)
    last, usual = _ratio(known, then[:, 0]), _ratio(known, np.nanmean(then, axis=1))
    base, mean = rest[:, 0], np.nanmean(rest, axis=1)
    return (
        base * last,
        base * np.sqrt(last),
        mean * usual,
        mean * np.sqrt(usual),
        base * np.sqrt(last * growth),
    )


def _missed(former: Floats, m: int, size: Floats) -> Floats:
    """How far former years' rests lay from the rest of the year before with half its growth, in
    units of S, as a log; 0 where there is but one year."""
    rest, then = former[:, :, m:].sum(2), former[:, :, :m].sum(2)
    if rest.shape[1] < 2:
        return np.zeros(len(size))
    missed = np.abs(rest[:, :-1] - rest[:, 1:] * np.sqrt(_ratio(then[:, :-1], then[:, 1:])))
    there = np.isfinite(missed)
    mean = np.where(there, missed, 0.0).sum(1) / np.maximum(there.sum(1), 1)
    return np.where(there.any(1), _log(mean / size) + 3, 0.0)


def _levels(x: Floats, m: int, f: int) -> Floats:
    """(N, 10) levels of a month, of the months x (N, k) freed of the season: smoothed five ways;
    the mean of the last year, of this year so far, of the last half-year; last year's and
    half-year's with their drift."""
    start = np.nanmean(x[:, :-m], axis=1)
    half = max(f // 2, 1)

    def mean(k: int, back: int = 0) -> Floats:
        return (
            x[:, -k - back : x.shape[1] - back].mean(1)
            if x.shape[1] >= k + back
            else (np.full(len(x), np.nan))
        )

    year, former, late, early = mean(f), mean(f, f), mean(half), mean(half, half)
    drift = np.where(np.isfinite(former), year - former, 0.0)
    late_drift = np.where(np.isfinite(early), late - early, 0.0)
    return np.column_stack(
        [
            *(smoothed(x, start, alpha) for alpha in SMOOTHING),
            year,
            mean(m),
            late,
            np.maximum(year + drift * (2 * f - m) / (2 * f), 0),
            np.maximum(late + late_drift / 2, 0),
        ]
    )


def design(has: Seen) -> Floats:
    """(N, c + c·g): how far each candidate lies from last year's rest, in units of S, and the same
    times each gate."""
    x = (has.rest - has.base[:, None]) / has.size[:, None]
    return np.hstack([x, *(x * gate[:, None] for gate in has.gates.T)])


def seen_of_stock(part: Part) -> Seen:
    """The same of a level at year's end: `known` is the newest value, `base` 0, the rest what it
    still moves by December.

    Candidates: last year's move from the same month on, in amount and in proportion; the mean move
    of three years; this year's pace going on; last year's and the usual annual step, for the part
    of the year that is left; the annual forecast.
    """
    former, size = part.former[:, :FORMER], _size(part.annual)
    now, move = part.year[:, -1], former[:, :, -1] - former[:, :, part.year.shape[1] - 1]
    rest = np.clip(_moves(part, move), -FARTHEST * size[:, None], FARTHEST * size[:, None])
    rough = np.clip(_log(_drift(part.annual) / size) + 2.5, -2, 2)
    traits = (
        np.ones(len(size)),
        rough,
        _log(np.nanmean(np.abs(move), axis=1) / size) + 3,
        _log(np.abs(now - former[:, 0, -1]) / size) + 3,
        _log(_apart(rest, size)) + 3,
        _log(part.ahead_width / size) + 1.5,
    )
    return Seen(size, now, np.zeros(len(size)), rest, rough[:, None], np.column_stack(traits))


def _moves(part: Part, move: Floats) -> Floats:
    """(N, 7) how far a level may still move; `move` (N, L) how far it moved in former years."""
    m, f = part.year.shape[1], part.former.shape[2]
    now, last, then = part.year[:, -1], part.former[:, 0, -1], part.former[:, 0, m - 1]
    same = np.where(then != 0, move[:, 0] / np.where(then != 0, then, 1.0), 0.0)
    steps = np.diff(part.annual[:, -6:], axis=1)
    known = np.isfinite(steps)
    steps, n = np.where(known, steps, 0.0), np.maximum(known.sum(1), 1)
    left = (f - m) / f
    candidates = (
        move[:, 0],
        now * np.clip(same, -0.75, GROWTH - 1),
        np.nanmean(move[:, :3], axis=1),
        (now - last) * (f - m) / m,
        steps[:, -1] * left if steps.shape[1] else np.zeros(len(now)),
        steps.sum(1) / n * left,
        part.ahead - now,
    )
    return np.column_stack(candidates)


class Learned(NamedTuple):
    """What one set has learned: weights of the mix β, of the spread γ, `ends` its quantiles in
    units of it, and `limits` (2, z), the least and the most of each trait that was met: beyond them
    a series is taken for the nearest that was."""

    mix: Floats
    spread: Floats
    ends: Floats
    limits: Floats


def curves(has: Seen, learned: Learned, level: bool = False) -> Floats:
    """The quantiles of the year, (N, 7): known + base + S·(x·β + exp(z·γ)·ends); of amounts never
    below what is known."""
    traits = np.clip(has.traits, learned.limits[0], learned.limits[1])
    width = np.exp(np.clip(traits @ learned.spread, -12, 2))
    found = (design(has) @ learned.mix)[:, None] + width[:, None] * learned.ends
    found = has.known[:, None] + has.base[:, None] + has.size[:, None] * found
    return found if level else np.maximum(found, has.known[:, None])
