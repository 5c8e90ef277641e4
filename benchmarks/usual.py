"""What is usual of a target: written to src/helpers/measure/usual.csv, read by `measure.explained`.

    python benchmarks/usual.py [FOLDER]

FOLDER as in `benchmarks/learn.py`. Over the pseudo-plans of collections like those learned from,
targets to reach alone: the median of each fact of a case (`measure.explained`), levels and sums
apart. The fans are read from the shipped table.
"""

from __future__ import annotations

import sys
from pathlib import Path

import learn
import numpy as np
import pandas as pd

from helpers.measure import explained, pooled

KINDS = {"stock": "level", "sum": "sum"}


def facts_of(some: learn.Cases) -> np.ndarray:
    """(N, 3 + 7): years left, distance, drift and the spread of each case; of a case that is to
    fall all is mirrored."""
    found, size = [], np.isfinite(some.values).sum(1)
    for n in np.unique(size):
        rows = np.flatnonzero(size == n)
        values, years, h = some.values[rows, -n:], some.years[rows, -n:], some.ahead[rows]
        of = KINDS[str(some.what[0])]
        curves = pooled.quantiles(years, values, int(h.max()), of=of, free=True)
        curve = np.maximum(curves[np.arange(len(rows)), h - 1], 0.0 if of == "sum" else -np.inf)
        start = values[:, -1] if of == "level" else np.zeros(len(rows))
        sign = np.where(some.below[rows], -1.0, 1.0)
        s, u = explained.units(years, values, of)
        found.append(explained.measured(h, some.need[rows], start, s, u, sign, curve))
    return np.concatenate(found)


def main(folder: str = str(learn.FOLDER)) -> None:
    every = learn.cases(Path(folder), {})
    lines = {}
    for what, kind in KINDS.items():
        some = every.part(~every.other & ~every.hold & (every.what == what))
        lines[kind] = [len(some.k), *np.median(facts_of(some), axis=0)]
    table = pd.DataFrame.from_dict(lines, "index", columns=list(explained.COLUMNS))
    table.rename_axis("kind").to_csv(explained.USUAL, float_format="%.4g")
    print(table.to_string())


if __name__ == "__main__":
    main(*sys.argv[1:])
