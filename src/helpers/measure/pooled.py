"""What thousands of other annual series say of a short one: quantiles of the years to come, learned
(METHOD §7).

For each number of points n and each horizon h, and for each probability p of `PROBS`, the quantile
is

    y_n + s · (x · β[n, h, p])            (of a sum of h years: h·y_n + s · (x · β[n, h, p]))

with s the scale of the series (`scale`), x its features (`features`, pure numbers: no unit, no
calendar) and β from `learned.csv`, which `benchmarks/learn.py` makes by weighted quantile
regression and corrects so that each quantile holds as often as it says. Prediction is numpy alone
and works on many series at once: one row of an array is one series.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEARNED = Path(__file__).with_name("learned.csv")
PROBS = np.array((0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975))
MIDDLE = 3  # where the median stands in PROBS
LONGEST = 12  # points; of a longer series the last twelve are taken
FARTHEST = 10  # years ahead
# one step of 5 % of the level stands beside the observed ones: two equal values do not prove
# standstill
PSEUDO_STEP = 0.05
LEAST_WIDTH = 0.05  # in units of s: no interval half is narrower
LEAST_STEPS = LEAST_WIDTH * np.arange(1, 4)


class Table:
    """The learned numbers by name and key, parsed when asked for; `head` names the learning data,
    its hashes and scores."""

    def __init__(self, text: str = ""):
        lines = text.splitlines()
        self.head = json.loads(
            "\n".join(line[2:] for line in lines if line.startswith("# ")) or "{}"
        )
        self.lines: dict[tuple[str, str], list[str]] = {}
        self.parsed: dict[tuple[str, str], Floats] = {}
        for line in lines:
            if line and line[0] != "#":
                what, key, rest = line.split(",", 2)
                self.lines.setdefault((what, key), []).append(rest)

    def __contains__(self, named: tuple[str, object]) -> bool:
        return (named[0], str(named[1])) in self.lines or (named[0], str(named[1])) in self.parsed

    def __getitem__(self, named: tuple[str, object]) -> Floats:
        """The numbers of (name, key): one row a line, in the order of the file."""
        key = (named[0], str(named[1]))
        if key not in self.parsed:
            lines = self.lines[key]
            self.parsed[key] = np.fromstring(",".join(lines), sep=",").reshape(len(lines), -1)
        return self.parsed[key]

    def rows(self, name: str, key: object) -> Floats | tuple[()]:
        """The numbers of (name, key), () where there are none."""
        if (name, key) not in self:
            return ()
        return self[name, key]

    def __setitem__(self, named: tuple[str, object], numbers: Floats) -> None:
        self.parsed[named[0], str(named[1])] = np.asarray(numbers, float)

    def text(self) -> str:
        """The table as a file: head, then a line `name,key,numbers…` each; four significant
        digits."""
        head = [
            f"# {line}" for line in json.dumps(self.head, indent=1, ensure_ascii=False).splitlines()
        ]
        body = [
            ",".join((what, key, *(f"{x:.4g}" for x in row)))
            for (what, key), rows in self.parsed.items()
            for row in rows
        ]
        return "\n".join((*head, *body)) + "\n"


@cache
def learned() -> Table:
    """The committed table."""
    return Table(LEARNED.read_text("utf-8"))


def scale(years: Floats, values: Floats) -> Floats:
    """s = (Σ|Δy|/√Δt + 0.05·ȳ) / n with ȳ = mean |y|: the usual annual move; (N, n) → (N,). 1 for a
    series of zeros."""
    moves = np.abs(np.diff(values, axis=1)) / np.sqrt(np.diff(years, axis=1))
    s = (moves.sum(1) + PSEUDO_STEP * np.abs(values).mean(1)) / values.shape[1]
    return np.where(s > 0, s, 1.0)


def roughness(s: Floats, values: Floats) -> Floats:
    """q = (ln(s/ȳ) + 2.5)/1.5, about 0 ± 1: how much a series moves against how large it is;
    clipped at 0.1 % and 200 %."""
    level = np.abs(values).mean(1)
    return (np.log(np.clip(s / np.where(level > 0, level, s), 1e-3, 2.0)) + 2.5) / 1.5


def features(years: Floats, values: Floats) -> tuple[Floats, Floats, Floats]:
    """(s, location features, all features) of series of n points: (N,), (N, p), (N, p + w).

    Location features change sign with the series, so its mirror image has the mirrored median: the
    sign of the level alone, times q and min(q, 0); and in units of s a year: mean step m, last step
    l, change of pace, distance from the mean, each also bent (tanh) or times q, |m| or the like.
    Those of the spread beside them: 1, q, |m|, |l| and the steps' root mean square. Shorter series
    have the features their points allow.
    """
    n, s = values.shape[1], scale(years, values)
    q, sign = roughness(s, values), np.sign(values[:, -1])
    place, spread = [sign, sign * q, sign * np.minimum(q, 0)], [np.ones(len(s)), q]
    if n > 1:
        d = np.diff(values, axis=1) / np.diff(years, axis=1) / s[:, None]
        m, last = (values[:, -1] - values[:, 0]) / (years[:, -1] - years[:, 0]) / s, d[:, -1]
        place += [m, m * q, m * np.abs(m), np.tanh(2 * m), sign * np.minimum(m * sign, 0)]
        spread += [np.abs(m)]
    if n > 2:
        off = (values[:, -1] - values.mean(1)) / s / n
        place += [last, last * q, last * np.abs(m), np.tanh(last), d[:, -2], off * q]
        spread += [np.abs(last), np.sqrt((d**2).mean(1))]
    if n > 3:
        place += [d[:, -(n // 2) :].mean(1) - d[:, : n // 2].mean(1), np.median(d, axis=1)]
    return s, np.stack(place, 1), np.stack(place + spread, 1)


def leaning(values: Floats) -> Floats:
    """The sign of each series' last value that is not zero, 1 for zeros: (N, n) → (N,)."""
    last = values.shape[1] - 1 - np.argmax(values[:, ::-1] != 0, axis=1)
    return np.where(values[np.arange(len(values)), last] < 0, -1.0, 1.0)


def ordered(quantiles: Floats) -> Floats:
    """Quantiles (N, horizons, 7), in units of s, made to rise outward from the median, each half
    never narrower in a later year.

    Each quantile lies at least `LEAST_WIDTH` beyond the one before it.
    """
    middle = quantiles[..., MIDDLE : MIDDLE + 1]
    halves = []
    for outward in (
        middle - quantiles[..., MIDDLE - 1 :: -1],
        quantiles[..., MIDDLE + 1 :] - middle,
    ):
        beyond = np.maximum.accumulate(np.maximum(outward - LEAST_STEPS, 0.0), axis=-1)
        half = beyond + LEAST_STEPS
        halves.append(np.maximum.accumulate(half, axis=-2))
    return np.concatenate([middle - halves[0][..., ::-1], middle, middle + halves[1]], axis=-1)


def quantiles(
    years: Floats,
    values: Floats,
    horizons: int,
    *,
    of: str = "level",
    rounding: float = 0.0,
    free: bool = False,
    table: Table | None = None,
) -> Floats:
    """The quantiles at `PROBS` of years 1…horizons after the last: (N, n) → (N, horizons, 7), in
    the unit of the values.

    `of`: "level" the value of that year, "sum" the sum of the years up to it. `rounding`: half a
    unit of the last printed digit, the least scale a series of rounded figures has. A series never
    negative is not forecast below zero, unless `free`. Raises ValueError beyond `FARTHEST` years.
    """
    if horizons > FARTHEST:
        raise ValueError(f"{horizons} years ahead asked, {FARTHEST} at most; choose a nearer year")
    years, values = np.broadcast_to(years, values.shape)[:, -LONGEST:], values[:, -LONGEST:]
    sign = leaning(values)  # hardly any series learned from is negative: it is forecast mirrored
    s, _, x = features(years, sign[:, None] * values)
    beta = (table or learned())[of, values.shape[1]][:horizons].reshape(horizons, len(PROBS), -1)
    z = ordered(np.einsum("ip,hkp->ihk", x, beta))
    z = np.where(sign[:, None, None] < 0, -z[..., ::-1], z)
    times = np.arange(1, horizons + 1) if of == "sum" else np.ones(horizons)
    s = np.maximum(np.where(values.any(axis=1), s, 0.0), rounding)
    found = times[:, None] * values[:, -1, None, None] + s[:, None, None] * z
    held = np.asarray((values >= 0).all(axis=1) & (not free))
    return np.where(held[:, None, None], np.maximum(found, 0.0), found)
