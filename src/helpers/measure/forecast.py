"""Where the series leads if it goes on: a median and prediction intervals for each year to come (METHOD §7).

`pooled`, the default, is what thousands of other annual series say (`measure.pooled`); beside it stand `last` (it stays),
`drift` (it goes on by its mean annual step), `theta`, `ols` (straight line) and `growth` (constant rate). Textbook intervals
of the simple models hold the outcome of real annual series 30–75 % of the time when they promise 80 %, so all widths are
measured: those of last and drift as multiplier(n, level) × spread from 1,064 public series (`benchmarks/intervals.py`),
those of the others learned (`benchmarks/learn.py`). Whether a target is met has its own learned answer (`measure.chance`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import chance as chances, pooled

if TYPE_CHECKING:
    import pandas

COLUMNS = ("year", "median", "low80", "high80", "low95", "high95")
LEAST_POINTS = {"last": 2, "drift": 3, "theta": 2, "ols": 2, "growth": 2, "pooled": 1}  # for last and drift the spread needs one more
LONGEST = 10  # the widths were measured for ten points at most; a longer series is forecast from its last ten


@dataclass(frozen=True)
class Given:
    """What a forecast rests on: the series, its kind, what is banked, the natural limits, whole numbers or not."""

    years: tuple[float, ...]
    values: tuple[float, ...]
    kind: str = "stock"
    banked: float = 0.0
    low: float = -np.inf
    high: float = np.inf
    whole: bool = False

    def shown(self, figures: np.ndarray) -> np.ndarray:
        """Figures inside the limits, whole where counts are."""
        return np.clip(np.floor(figures + 0.5) if self.whole else figures, self.low, self.high)


@dataclass(frozen=True)
class Forecast:
    """Rows of `COLUMNS`, one a year to come, in the unit of the values; where there are none, `reason` is the code of why.

    `curves`: (probabilities, a row of quantiles a year) before limits and rounding; `given`: what it rests on.
    """

    model: str
    n: int
    rows: tuple[tuple[float, ...], ...] = ()
    reason: str = ""
    probs: tuple[float, ...] = ()
    curves: tuple[tuple[float, ...], ...] = ()
    given: Given | None = None

    @property
    def table(self) -> pandas.DataFrame:
        """The rows as a table: year, median, low80, high80, low95, high95."""
        import pandas

        return pandas.DataFrame(self.rows, columns=COLUMNS).astype({"year": int})

    def at(self, year: int) -> dict[str, float | None]:
        """Median and interval ends of one year, all None where there is no forecast for it."""
        found = next((row for row in self.rows if row[0] == year), None)
        return {name: (None if found is None else float(found[k])) for k, name in enumerate(COLUMNS) if k}

    def _curve(self, year: int | None) -> tuple[int, np.ndarray, np.ndarray] | None:
        """(year, logits of the probabilities, quantiles) of one year, the last where none is named; None without forecast."""
        years = [row[0] for row in self.rows]
        if not years or (year is not None and year not in years):
            return None
        k = len(years) - 1 if year is None else years.index(year)
        p = np.array(self.probs)
        return years[k], np.log(p / (1 - p)), np.array(self.curves[k])

    def quantile(self, year: int, p: float) -> float | None:
        """The value that outcome stays at or below with probability p, in the unit of the values; rises with p.

        Between the known quantiles linear in ln(p/(1−p)), beyond the outer ones the same line goes on. None where there
        is no forecast for the year; ValueError unless 0 < p < 1.
        """
        if not 0 < p < 1:
            raise ValueError(f"p is {p}; a quantile needs 0 < p < 1")
        found = self._curve(year)
        return None if found is None else float(self.given.shown(along(np.log(p / (1 - p)), found[1], found[2])))

    def chance(self, target: float, op: str = ">=", year: int | None = None) -> float | None:
        """P(the value of `year` `op` target), 0…1; `year` the last one forecast where none is named, None without forecast.

        With `pooled` and up to four years ahead the answer learned for this question (`measure.chance`), calibrated for
        targets as plans set them; otherwise read off the forecast's own quantiles. The two may differ: a target tells
        something, and four years on P says more than the fan. Beyond a natural limit or below what is banked it is 0 or 1.
        """
        if op not in OPS:
            raise ValueError(f"op {op!r} is not known; choose one of {', '.join(OPS)}")
        found = self._curve(year)
        if found is None:
            return None
        below, given = op in ("<=", "<"), self.given
        # 1 where every possible value is at or above the line the target draws, 0 where none is
        if target < given.low or (target == given.low and op in (">=", "<")):
            return float(not below)
        if target > given.high or (target == given.high and op in (">", "<=")):
            return float(below)
        line = {">=": np.ceil(target) - 0.5, "<": np.ceil(target) - 0.5}.get(op, np.floor(target) + 0.5) if given.whole else target
        ahead = int(found[0] - given.years[-1])
        if self.model == "pooled" and ahead <= chances.FARTHEST:
            return _learned_chance(given, line, ahead, below)
        above = 1 / (1 + np.exp(np.clip(along(line, found[2], found[1]), -700, 700)))
        return float(1 - above if below else above)


def along(x: float, xs: np.ndarray, ys: np.ndarray) -> float:
    """y at x on the line through (xs, ys), both rising, its outer pieces going on; ±∞ beyond a vertical outer piece."""
    if x < xs[0] or x > xs[-1]:
        near, far = (0, 1) if x < xs[0] else (-1, -2)
        width = xs[near] - xs[far]
        return ys[near] + (x - xs[near]) * (ys[near] - ys[far]) / width if width else np.copysign(np.inf, x - xs[near])
    return float(np.interp(x, xs, ys))


def _learned_chance(given: Given, line: float, ahead: int, below: bool) -> float:
    """The learned P; of sums what is banked is taken off the target first."""
    what = chances.KINDS.get(given.kind, "stock")
    need = line - given.banked if what == "sum" else line
    series = (np.array([numbers], float) for numbers in (given.years, given.values))
    return float(chances.chances(*series, np.array([need], float), np.array([ahead]), what=what, below=below)[0])


def _last(years: np.ndarray, values: np.ndarray, ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median y_n; spread s·√h with s² the mean squared annual step."""
    gaps = np.diff(years)
    s = np.sqrt(np.mean(np.diff(values) ** 2 / gaps))
    h = ahead - years[-1]
    return np.full(len(h), values[-1]), s * np.sqrt(h)


def _drift(years: np.ndarray, values: np.ndarray, ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median y_n + b·h, b = (y_n − y_1)/(t_n − t_1); spread s·√(h(1 + h/(t_n − t_1))), s² the variance of the steps about b."""
    gaps, span = np.diff(years), years[-1] - years[0]
    b = (values[-1] - values[0]) / span
    s = np.sqrt(np.sum((np.diff(values) - b * gaps) ** 2 / gaps) / (len(values) - 2))
    h = ahead - years[-1]
    return values[-1] + b * h, s * np.sqrt(h * (1 + h / span))


def line(years: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(level at the last year, slope) of the least-squares line of each series; (N, n) → (N,), (N,)."""
    t = years - years[:, -1:]
    off = t - t.mean(1, keepdims=True)
    slope = (off * values).sum(1) / (off**2).sum(1)
    return values.mean(1) - slope * t.mean(1), slope


def ols(years: np.ndarray, values: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Medians a + b·h on the least-squares line; (N, n), horizons (H,) → (N, H)."""
    level, slope = line(years, values)
    return level[:, None] + slope[:, None] * ahead


ALPHAS = np.linspace(0.05, 1.0, 20)  # of exponential smoothing, tried one after the other


def theta(years: np.ndarray, values: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Medians ½(smoothed θ₂-line + least-squares line): Assimakopoulos and Nikolopoulos 2000; (N, n), (H,) → (N, H).

    The θ₂-line 2y − (a + b·t) doubles what departs from the line; it is smoothed exponentially from its first value with
    that of `ALPHAS` whose squared one-step errors are least, and stays where it ends. Gaps count as one step of smoothing.
    """
    level, slope = line(years, values)
    doubled = 2 * values - (level[:, None] + slope[:, None] * (years - years[:, -1:]))
    smooth, errors = np.repeat(doubled[:, :1], len(ALPHAS), axis=1), np.zeros((len(values), len(ALPHAS)))
    for k in range(1, values.shape[1]):
        miss = doubled[:, k : k + 1] - smooth
        errors += miss**2
        smooth = smooth + ALPHAS * miss
    chosen = smooth[np.arange(len(values)), np.argmin(np.round(errors / np.maximum(errors.max(1, keepdims=True), 1e-300), 9), axis=1)]
    return (chosen[:, None] + level[:, None] + slope[:, None] * ahead) / 2


def growth(years: np.ndarray, values: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Medians y_n·(y_n/y_1)^(h/(t_n − t_1)); NaN where first or last is not positive; (N, n), (H,) → (N, H)."""
    first, last = values[:, 0], values[:, -1]
    rate = np.where((first > 0) & (last > 0), last, np.nan) / np.where(first > 0, first, np.nan)
    return last[:, None] * rate[:, None] ** (ahead / (years[:, -1] - years[:, 0])[:, None])


MODELS = {"last": _last, "drift": _drift}
MEDIANS = {"theta": theta, "ols": ols, "growth": growth}
NAMES = (*MODELS, *MEDIANS, "pooled")
OPS = (">=", ">", "<=", "<")

# model → n → multipliers of the 80 % and the 95 % interval, as benchmarks/intervals.py prints them
WIDTHS: dict[str, dict[int, tuple[float, float]]] = {
    "last": {
        2: (3.19, 13.60), 3: (2.28, 5.17), 4: (2.02, 4.03), 5: (1.97, 3.91), 6: (1.94, 3.59),
        7: (1.90, 3.57), 8: (1.89, 3.48), 9: (1.88, 3.46), 10: (1.85, 3.45),
    },
    "drift": {
        3: (3.72, 15.68), 4: (2.34, 6.07), 5: (1.99, 4.49), 6: (1.82, 3.69),
        7: (1.77, 3.61), 8: (1.72, 3.55), 9: (1.71, 3.36), 10: (1.68, 3.37),
    },
}  # fmt: skip


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
) -> Forecast:
    """The forecast of each year after the last of `years` up to `until`, with pooled, theta, ols and growth ten at most.

    `years` ascending integers, gaps allowed; `values` in the indicator's unit. For `increment` and `cumulative` the values
    are the *annual additions* and `start` is what is banked at the last year, or `since` the first year that counts, from
    which the values given are banked. With pooled the quantiles of the coming sum are added to it; with the others each
    year's quantiles of the additions, not below zero (quantiles of a sum taken as the sum of quantiles: the widest case).
    `lower`, `upper` bound median and interval; a series never negative is not forecast below zero by pooled. `rounding`:
    half a unit of the last printed digit, the least spread a series of rounded figures has. `whole`: counts, forecast in
    whole numbers. Raises ValueError for an unknown model, unequal lengths, or years that do not rise.
    """
    if model not in NAMES:
        raise ValueError(f"model {model!r} is not known; choose one of {', '.join(NAMES)}")
    if len(years) != len(values):
        raise ValueError(f"{len(years)} years but {len(values)} values; give one value a year")
    if kind == "binary":
        return Forecast(model, len(values), reason="binary_no_forecast")
    longest = LONGEST if model in MODELS else pooled.LONGEST
    t, y = np.asarray(years, float)[-longest:], np.asarray(values, float)[-longest:]
    if not (np.isfinite(y).all() and (np.diff(t) > 0).all()):
        raise ValueError("a series needs ascending years and a number for each; leave a missing year out")
    if len(y) < LEAST_POINTS[model]:
        return Forecast(model, len(values), reason="too_few_points")
    if start is None and since is not None:
        start = float(sum(value for year, value in zip(years, values) if year >= since))
    locked = kind in ("increment", "cumulative")
    low, banked = -np.inf if lower is None else lower, 0.0 if start is None or not locked else float(start)
    floors = [low, banked] if locked else [low, 0.0] if model == "pooled" and (y >= 0).all() else [low]
    given = Given(tuple(t.tolist()), tuple(y.tolist()), kind, banked, max(floors), np.inf if upper is None else upper, whole)
    ahead = np.arange(t[-1] + 1, until + 1)[: None if model in MODELS else pooled.FARTHEST]
    if not len(ahead):
        return Forecast(model, len(values))
    probs, curves = CURVES.get(model, _by_median)(model, t, y, ahead, locked, rounding)
    return _forecast(model, len(values), ahead, probs, curves + banked, given)


def _forecast(model: str, n: int, ahead: np.ndarray, probs: np.ndarray, curves: np.ndarray, given: Given) -> Forecast:
    """The rows of `COLUMNS` from the quantiles (H, probabilities)."""
    if np.isnan(curves).any():
        return Forecast(model, n, reason="growth_undefined")
    ends = [len(probs) // 2, *(int(np.argmin(abs(probs - p))) for p in (0.1, 0.9, 0.025, 0.975))]
    rows = tuple(zip(ahead.astype(int).tolist(), *given.shown(curves[:, ends]).T.tolist()))
    return Forecast(model, n, rows, "", tuple(probs.tolist()), tuple(map(tuple, curves.tolist())), given)


MEASURED = np.array((0.025, 0.1, 0.5, 0.9, 0.975))  # of last and drift


def _by_width(model: str, t: np.ndarray, y: np.ndarray, ahead: np.ndarray, locked: bool, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (H, 5) of last and drift: median ± width × spread; summed up where additions are forecast."""
    median, spread = MODELS[model](t, y, ahead)
    narrow, wide = WIDTHS[model][len(y)]
    curves = median[:, None] + np.array((-wide, -narrow, 0.0, narrow, wide)) * np.maximum(spread, rounding)[:, None]
    return MEASURED, np.cumsum(np.maximum(curves, 0.0), axis=0) if locked else curves


def _by_median(model: str, t: np.ndarray, y: np.ndarray, ahead: np.ndarray, locked: bool, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (H, 7) of theta, ols and growth: median + s × learned offset; summed up where additions are forecast."""
    median = MEDIANS[model](t[None], y[None], ahead - t[-1])[0]
    s = max(pooled.scale(t[None], y[None])[0] if y.any() else 0.0, rounding)
    curves = median[:, None] + s * pooled.learned()[model, len(y)][: len(ahead)]
    return pooled.PROBS, np.cumsum(np.maximum(curves, 0.0), axis=0) if locked else curves


def _by_others(model: str, t: np.ndarray, y: np.ndarray, ahead: np.ndarray, locked: bool, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (H, 7) of pooled: of the level, or of the sum of the coming additions, which never falls."""
    curves = pooled.quantiles(t[None], y[None], len(ahead), of="sum" if locked else "level", rounding=rounding, free=True)[0]
    return pooled.PROBS, np.maximum.accumulate(np.maximum(curves, 0.0), axis=0) if locked else curves


CURVES = {"last": _by_width, "drift": _by_width, "pooled": _by_others}
