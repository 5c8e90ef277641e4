"""Where the series leads if it goes on: a median and prediction intervals for each year to come
(METHOD §7).

`pooled`, the default, is what thousands of other annual series say (`measure.pooled`); beside it
stand the simple models of `measure.models` and `own_models`. Textbook intervals of the simple
models hold the outcome of real annual series 30–75 % of the time when they promise 80 %, so all
widths are measured on such series (`benchmarks/learn.py`). Whether a target is met is read off the
same quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from . import own_models, pooled  # noqa: F401 (own_models registers itself)
from .models import MODELS
from .pooled import Floats

if TYPE_CHECKING:
    import pandas

COLUMNS = ("year", "median", "low80", "high80", "low95", "high95")


@dataclass(frozen=True)
class Given:
    """What a forecast rests on: the series, its kind, what is banked, the natural limits, whole
    numbers or not."""

    years: tuple[float, ...]
    values: tuple[float, ...]
    kind: str = "stock"
    banked: float = 0.0
    low: float = -np.inf
    high: float = np.inf
    whole: bool = False

    def shown(self, figures: Floats) -> Floats:
        """Figures inside the limits, whole where counts are."""
        return np.clip(np.floor(figures + 0.5) if self.whole else figures, self.low, self.high)


class Curve(NamedTuple):
    """The quantiles of one year at the logits of their probabilities, and what they rest on."""

    year: int
    logits: Floats
    quantiles: Floats
    given: Given


@dataclass(frozen=True)
class Forecast:
    """Rows of `COLUMNS`, one a year to come, in the unit of the values; where there are none,
    `reason` is the code of why.

    `p_kept`: of limits that hold for each year, P that every year to come keeps to its own.
    `curves`: a row of quantiles (`pooled.PROBS`) a year, before limits and rounding; `given`: what
    it rests on.
    """

    model: str
    n: int
    rows: tuple[tuple[float, ...], ...] = ()
    reason: str = ""
    curves: tuple[tuple[float, ...], ...] = ()
    given: Given | None = None
    p_kept: float | None = None

    @property
    def table(self) -> pandas.DataFrame:
        """The rows as a table: year, median, low80, high80, low95, high95."""
        import pandas

        return pandas.DataFrame(self.rows, columns=COLUMNS).astype({"year": int})

    def at(self, year: int) -> dict[str, float | None]:
        """Median and interval ends of one year, all None where there is no forecast for it."""
        found = next((row for row in self.rows if row[0] == year), None)
        return {
            name: (None if found is None else float(found[k]))
            for k, name in enumerate(COLUMNS)
            if k
        }

    def row(self, year: int) -> list[float]:
        """Median and interval ends of a year that is forecast. Raises LookupError for another."""
        figures = [figure for figure in self.at(year).values() if figure is not None]
        if not figures:
            raise LookupError(f"{self.model} has no forecast for {year}")
        return figures

    def _curve(self, year: int | None) -> Curve | None:
        """The curve of one year, the last where none is named; None without forecast."""
        years = [int(row[0]) for row in self.rows]
        if not years or (year is not None and year not in years) or self.given is None:
            return None
        k = len(years) - 1 if year is None else years.index(year)
        p = pooled.PROBS
        return Curve(years[k], np.log(p / (1 - p)), np.array(self.curves[k]), self.given)

    def quantile(self, year: int, p: float) -> float | None:
        """The value that outcome stays at or below with probability p, in the unit of the values;
        rises with p.

        Between the known quantiles linear in ln(p/(1−p)), beyond the outer ones the same line goes
        on. None where there is no forecast for the year; ValueError unless 0 < p < 1.
        """
        if not 0 < p < 1:
            raise ValueError(f"p is {p}; a quantile needs 0 < p < 1")
        found = self._curve(year)
        if found is None:
            return None
        figure = along(np.log(p / (1 - p)), found.logits, found.quantiles)
        return float(found.given.shown(np.asarray(figure)))

    def chance(self, target: float, op: str = ">=", year: int | None = None) -> float | None:
        """P(the value of `year` `op` target), 0…1; `year` the last one forecast where none is
        named, None without forecast.

        Read off the forecast's own quantiles, whatever the model: P and fan are one distribution,
        so P(≥ T) + P(< T) = 1 and P of a quantile is its own p. Beyond a natural limit or below
        what is banked it is 0 or 1.
        """
        if op not in OPS:
            raise ValueError(f"op {op!r} is not known; choose one of {', '.join(OPS)}")
        found = self._curve(year)
        if found is None:
            return None
        below, given = op in ("<=", "<"), found.given
        # 1 where every possible value is at or above the line the target draws, 0 where none is
        if target < given.low or (target == given.low and op in (">=", "<")):
            return float(not below)
        if target > given.high or (target == given.high and op in (">", "<=")):
            return float(below)
        line = (
            {">=": np.ceil(target) - 0.5, "<": np.ceil(target) - 0.5}.get(
                op, np.floor(target) + 0.5
            )
            if given.whole
            else target
        )
        above = 1 / (1 + np.exp(np.clip(along(line, found.quantiles, found.logits), -700, 700)))
        return float(1 - above if below else above)


def along(x: float, xs: Floats, ys: Floats) -> float:
    """y at x on the line through (xs, ys), both rising, its outer pieces going on; ±∞ beyond a
    vertical outer piece."""
    if x < xs[0] or x > xs[-1]:
        near, far = (0, 1) if x < xs[0] else (-1, -2)
        width = xs[near] - xs[far]
        if not width:
            return float(np.copysign(np.inf, x - xs[near]))
        return float(ys[near] + (x - xs[near]) * (ys[near] - ys[far]) / width)
    return float(np.interp(x, xs, ys))


NAMES = (*MODELS, "pooled")
OPS = (">=", ">", "<=", "<")


def fit(
    years: Sequence[int],
    values: Sequence[float],
    until: int,
    *,
    kind: str = "stock",
    model: str = "pooled",
    lower: float | None = None,
    upper: float | None = None,
    start: float | None = None,
    rounding: float = 0.0,
    since: int | None = None,
    whole: bool = False,
    free: bool = False,
) -> Forecast:
    """The forecast of each year after the last of `years` up to `until`, ten at most.

    `years` ascending integers, gaps allowed; `values` in the indicator's unit. For `increment` and
    `cumulative` the values are the *annual additions* and `start` is what is banked at the last
    year, or `since` the first year that counts, from which the values given are banked. With pooled
    the quantiles of the coming sum are added to it; with the others each year's quantiles of the
    additions, not below zero (quantiles of a sum taken as the sum of quantiles: the widest case).
    `lower`, `upper` bound median and interval; a series never negative is not forecast below zero
    by pooled. `rounding`: half a unit of the last printed digit, the least spread a series of
    rounded figures has. `whole`: counts, forecast in whole numbers. `free`: rates and differences,
    which may turn negative though they never were. Raises ValueError for an
    unknown model, unequal lengths, or years that do not rise.
    """
    if model not in NAMES:
        raise ValueError(f"model {model!r} is not known; choose one of {', '.join(NAMES)}")
    if len(years) != len(values):
        raise ValueError(f"{len(years)} years but {len(values)} values; give one value a year")
    if kind == "binary":
        return Forecast(model, len(values), reason="binary_no_forecast")
    t, y = np.asarray(years, float)[-pooled.LONGEST :], np.asarray(values, float)[-pooled.LONGEST :]
    if not (np.isfinite(y).all() and (np.diff(t) > 0).all()):
        raise ValueError(
            "a series needs ascending years and a number for each; leave a missing year out"
        )
    if len(y) < (MODELS[model].least if model in MODELS else 1):
        return Forecast(model, len(values), reason="too_few_points")
    if start is None and since is not None:
        start = float(
            sum(value for year, value in zip(years, values, strict=True) if year >= since)
        )
    locked = kind in ("increment", "cumulative")
    low, banked = (
        -np.inf if lower is None else lower,
        0.0 if start is None or not locked else float(start),
    )
    floors = (
        [low, banked]
        if locked
        else [low, 0.0]
        if model == "pooled" and (y >= 0).all() and not free
        else [low]
    )
    given = Given(
        tuple(t.tolist()),
        tuple(y.tolist()),
        kind,
        banked,
        max(floors),
        np.inf if upper is None else upper,
        whole,
    )
    ahead = np.arange(t[-1] + 1, until + 1)[: pooled.FARTHEST]
    if not len(ahead):
        return Forecast(model, len(values))
    curves = (
        _by_median(model, t, y, ahead, locked, rounding)
        if model in MODELS
        else _by_others(t, y, ahead, locked, rounding)
    )
    return from_quantiles(model, len(values), ahead, curves + banked, given)


def from_quantiles(model: str, n: int, ahead: Floats, curves: Floats, given: Given) -> Forecast:
    """The forecast of the years `ahead` (H,), its quantiles at `pooled.PROBS` `curves` (H, 7)."""
    if np.isnan(curves).any():
        return Forecast(model, n, reason="growth_undefined")
    ends = [int(np.argmin(abs(pooled.PROBS - p))) for p in (0.5, 0.1, 0.9, 0.025, 0.975)]
    columns = ahead.astype(int).tolist(), *given.shown(curves[:, ends]).T.tolist()
    rows = tuple(zip(*columns, strict=True))
    return Forecast(model, n, rows, "", tuple(map(tuple, curves.tolist())), given)


def _by_median(
    model: str, t: Floats, y: Floats, ahead: Floats, locked: bool, rounding: float
) -> Floats:
    """Quantiles (H, 7) of a simple model: median + s × measured offset; summed up where additions
    are forecast."""
    median = MODELS[model].median(t[None], y[None], ahead - t[-1])[0]
    s = max(pooled.scale(t[None], y[None])[0] if y.any() else 0.0, rounding)
    curves = median[:, None] + s * offsets(model, len(y))[: len(ahead)]
    return np.cumsum(np.maximum(curves, 0.0), axis=0) if locked else curves


def offsets(model: str, n: int, table: pooled.Table | None = None) -> Floats:
    """How far the quantiles lie from the median of a model with n points: (10, 7), in units of the
    scale s.

    Of a model that was not measured, the farthest of all that were.
    """
    table = table or pooled.learned()
    if (model, n) in table:
        return table[model, n]
    measured = np.stack([table[one, n] for one in MODELS if (one, n) in table])
    widest: Floats = np.where(pooled.PROBS < 0.5, measured.min(0), measured.max(0))
    return widest


def _by_others(t: Floats, y: Floats, ahead: Floats, locked: bool, rounding: float) -> Floats:
    """Quantiles (H, 7) of pooled: of the level, or of the sum of the coming additions, which never
    falls."""
    curves = pooled.quantiles(
        t[None], y[None], len(ahead), of="sum" if locked else "level", rounding=rounding, free=True
    )[0]
    return np.maximum.accumulate(np.maximum(curves, 0.0), axis=0) if locked else curves
