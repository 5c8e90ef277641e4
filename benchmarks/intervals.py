"""How wide an honest prediction interval is: the multipliers of `helpers.measure.forecast`, measured.

For every held-back annual series the last n training values are forecast 1…5 years ahead; the multiplier of a level is
the quantile of |outcome − median| / spread over all series and horizons. Prints the table of constants and, with each
half of the series measured on the other half, how often the interval held the outcome.

    python benchmarks/intervals.py FOLDER      # FOLDER of *.csv.gz: unique_id, ds, y, split (train, test)
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.measure import forecast

LEVELS = (0.80, 0.95)
LENGTHS = range(2, 11)
HORIZONS = 5


def series(folder: Path) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """(id, last ten training values, test values) of every series that is long enough and not constant."""
    found = []
    for path in sorted(folder.glob("*.csv.gz")):
        for name, rows in pd.read_csv(path).groupby("unique_id", sort=True):
            train, test = rows.y[rows.split == "train"].to_numpy(), rows.y[rows.split == "test"].to_numpy()
            if len(train) >= 10 and np.ptp(train[-10:]) > 0:
                found.append((name, train[-10:], test[:HORIZONS]))
    return found


def scaled_misses(model: str, n: int, many: list) -> np.ndarray:
    """|outcome − median| / spread, one number a series and horizon."""
    misses = []
    for _, train, test in many:
        years = np.arange(n)
        median, spread = forecast.MODELS[model](years, train[-n:], n - 1 + np.arange(1, len(test) + 1))
        if (spread > 0).all():
            misses.append(np.abs(test - median) / spread)
    return np.concatenate(misses)


def main(folder: str) -> None:
    many = series(Path(folder))
    print(f"{len(many)} series; multipliers for {LEVELS}, then coverage of each half by the other's multipliers")
    for model in forecast.MODELS:
        for n in LENGTHS:
            if n < forecast.LEAST_POINTS[model]:
                continue
            halves = [scaled_misses(model, n, many[k::2]) for k in (0, 1)]
            widths = np.quantile(np.concatenate(halves), LEVELS)
            held = [np.mean([(halves[k] <= np.quantile(halves[1 - k], level)).mean() for k in (0, 1)]) for level in LEVELS]
            print(f"{model:6} n={n:2}  {widths[0]:6.2f} {widths[1]:6.2f}   covers {held[0]:.3f} {held[1]:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
