"""Where the series leads if it goes on: a median and prediction intervals for each year to come (METHOD §7).

Two simple models: `last` (it stays) and `drift` (it goes on by its mean annual step). Their textbook intervals hold the
outcome of real annual series 70–75 % of the time when they promise 80 %, so the widths here are measured instead:
half-width = multiplier(n, level) × spread, the multiplier from 1,064 public series (`benchmarks/intervals.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas

LEVELS = (0.80, 0.95)
COLUMNS = ("year", "median", "low80", "high80", "low95", "high95")
LEAST_POINTS = {"last": 2, "drift": 3}  # the spread needs one difference beyond what the model itself estimates
LONGEST = 10  # the widths were measured for ten points at most; a longer series is forecast from its last ten


@dataclass(frozen=True)
class Forecast:
    """Rows of `COLUMNS`, one a year to come, in the unit of the values; where there are none, `reason` is the code of why."""

    model: str
    n: int
    rows: tuple[tuple[float, ...], ...] = ()
    reason: str = ""

    @property
    def table(self) -> pandas.DataFrame:
        """The rows as a table: year, median, low80, high80, low95, high95."""
        import pandas

        return pandas.DataFrame(self.rows, columns=COLUMNS).astype({"year": int})

    def at(self, year: int) -> dict[str, float | None]:
        """Median and interval ends of one year, all None where there is no forecast for it."""
        found = next((row for row in self.rows if row[0] == year), None)
        return {name: (None if found is None else float(found[k])) for k, name in enumerate(COLUMNS) if k}


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


MODELS = {"last": _last, "drift": _drift}

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
    model: str = "drift",
    lower: float | None = None,
    upper: float | None = None,
    start: float | None = None,
    rounding: float = 0.0,
) -> Forecast:
    """The forecast of each year after the last of `years` up to `until`.

    `years` ascending integers, gaps allowed; `values` in the indicator's unit. For `increment` and `cumulative` the values
    are the *annual additions* and `start` is what is banked at the last year: each year's quantiles of the additions, not
    below zero, are added to it (quantiles of a sum taken as the sum of quantiles: the widest case, errors of the years
    going together). `lower`, `upper` bound median and interval. `rounding`: half a unit of the last printed digit, the
    least spread a series of rounded figures has. Raises ValueError for an unknown model or unequal lengths.
    """
    if model not in MODELS:
        raise ValueError(f"model {model!r} is not known; choose one of {', '.join(MODELS)}")
    if len(years) != len(values):
        raise ValueError(f"{len(years)} years but {len(values)} values; give one value a year")
    if kind == "binary":
        return Forecast(model, len(values), reason="binary_no_forecast")
    t, y = np.asarray(years, float)[-LONGEST:], np.asarray(values, float)[-LONGEST:]
    if len(y) < LEAST_POINTS[model]:
        return Forecast(model, len(values), reason="too_few_points")
    ahead = np.arange(t[-1] + 1, until + 1)
    median, spread = MODELS[model](t, y, ahead)
    spread = np.maximum(spread, rounding)
    ends = [(median - width * spread, median + width * spread) for width in WIDTHS[model][len(y)]]
    columns = np.stack([median, *ends[0], *ends[1]]) if len(ahead) else np.empty((5, 0))
    if kind in ("increment", "cumulative"):
        columns = (0.0 if start is None else start) + np.cumsum(np.maximum(columns, 0.0), axis=1)
    columns = np.clip(columns, -np.inf if lower is None else lower, np.inf if upper is None else upper)
    return Forecast(model, len(values), tuple(zip(ahead.astype(int).tolist(), *columns.tolist())))
