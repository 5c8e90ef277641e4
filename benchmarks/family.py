"""How far memory and really set targets carry: prints, and writes benchmarks/results/family.csv.

    python benchmarks/family.py [FOLDER]

FOLDER as in `benchmarks/learn.py`; nothing in `transfer/` and `real/` was learned from. Two
questions, each with and without `helpers.measure.memory`:
transfer: pseudo-plans of collections of other kinds. Each series has an earlier and a later plan;
    the later ones are judged, and remember the earlier ones of the same area (a province, a
    country).
real: targets that offices really set, judged one to four years before their target year; each
    remembers the other indicators of its country, leaving its own out. Modelled series and outcomes
    of poor quality are left out.
Brier and calibration error as in `benchmarks/quality.py`; `below` is how often what was called
below 10 % came true, `above` how often above 90 %; `gain`: Brier less than that of the fan around
the last value with half the drift (`drift`), and its 90 % interval over draws of area × indicator.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import chances
import learn
import numpy as np
import pandas as pd

from helpers.intake.closed import Outcome
from helpers.measure import forecast, memory, pooled

RESULTS = learn.ROOT / "benchmarks" / "results" / "family.csv"
LEFT = (1, 2, 3, 4)  # years before the target year in which a real target is judged
POINTS = 10  # known values of a real target at most
DRAWS = 2000
TENTH = 0.1
COLUMNS = (
    *("question", "set", "method", "count", "met", "said", "brier", "calibration"),
    *("below", "count_below", "above", "count_above", "gain", "gain_low", "gain_high"),
)


@dataclass(frozen=True)
class Judged:
    """Judgements as arrays: `above` the logit of P(outcome ≥ target), `place` P(outcome or less)
    (NaN where it is not known); `good` +1 where more is better; `unit` what is drawn together,
    `family` and `own` what is remembered and what is left out of it; `closed` a former plan's."""

    question: str
    set: np.ndarray
    above: np.ndarray
    place: np.ndarray
    good: np.ndarray
    met: np.ndarray
    family: np.ndarray
    own: np.ndarray
    closed: np.ndarray
    year: np.ndarray

    def p(self, above: np.ndarray) -> np.ndarray:
        """P(met) from the logits of P(outcome ≥ target)."""
        return 1 / (1 + np.exp(-self.good * above))


def logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return np.log(p / (1 - p))


# ── pseudo-plans of other collections ─────────────────────────────────────────────────────────────


def transfer(folder: Path) -> list[Judged]:
    """The pseudo-plans of each collection and kind of question."""
    path = folder / "transfer" / "cases.csv.gz"
    rows = pd.read_csv(path)
    every = learn.cases(folder, {}).part(learn.cases(folder, {}).other)
    banked = np.where(every.years > 0, every.values, 0.0).sum(1)
    outcome = rows.outcome.to_numpy(float) - np.where(every.what == "sum", banked, 0.0)
    above, place = read_off(every, every.need), 1 - 1 / (1 + np.exp(-read_off(every, outcome)))
    start = np.array([name.split()[-2] for name in every.plan])
    pairs = zip(every.data, every.series, strict=True)
    area = np.array([f"{name} {learn.origin(one)}" for name, one in pairs])
    kinds = np.where(every.hold, "hold", np.where(every.what == "sum", "increments", "levels"))
    return [
        Judged(
            "transfer",
            np.char.add(np.char.add(kinds, " "), every.data),
            above,
            place,
            np.where(every.below, -1.0, 1.0),
            every.met.astype(bool),
            area,
            every.series,
            start == "0",
            every.k,
        )
    ]


def read_off(some: learn.Cases, line: np.ndarray) -> np.ndarray:
    """The logit of P(outcome ≥ line) of each case, read off the committed fan."""
    found, size = np.zeros(len(some.k)), np.isfinite(some.values).sum(1)
    logits = np.log(pooled.PROBS / (1 - pooled.PROBS))
    for what in chances.QUESTIONS:
        for n in np.unique(size):
            rows = np.flatnonzero((some.what == what) & (size == n))
            if not len(rows):
                continue
            curves = chances.curves_of("pooled", what, some.values[rows, -n:], pooled.learned())
            curves = curves[np.arange(len(rows)), some.ahead[rows] - 1]
            found[rows] = [
                -forecast.along(x, curve, logits)
                for x, curve in zip(line[rows], curves, strict=True)
            ]
    return np.clip(found, -20, 20)


# ── targets that offices really set ───────────────────────────────────────────────────────────────


def real(folder: Path, model: str = "pooled") -> Judged:
    """Every judgement of a really set target."""
    rows = pd.read_csv(folder / "real" / "targets.csv").query("outcome_quality != 'C'")
    rows = rows[~rows.set.str.startswith("MDG")]
    found = [one for row in rows.itertuples() for one in judgements(row, model)]
    columns = (np.array(column) for column in zip(*found, strict=True))
    name, area, above, place, good, met, year = columns
    nobody = np.zeros(len(name), bool)
    return Judged("real", name, above, place, good, met, area, name, nobody, year)


def judgements(row, model: str) -> list[tuple]:
    """One target: a tuple each of `LEFT` years before, where a value was known then."""
    years, values = (np.array(str(text).split(";"), float) for text in (row.years, row.values))
    share, end = "%" in row.indicator, int(row.target_year)
    digits = 1 if share else 0 if values.max() > 50 else 2
    found = []
    for left in LEFT:
        known = years <= end - left
        late = row.base_year == row.base_year and end - left <= row.base_year
        if not known.any() or years[known][-1] != end - left or late:
            continue
        ahead = forecast.fit(
            years[known][-POINTS:],
            values[known][-POINTS:],
            end,
            kind="share" if share else "stock",
            model=model,
            lower=0,
            upper=100 if share else None,
            rounding=0.5 * 10.0**-digits,
        )
        p, place = ahead.chance(row.target, ">=", end), ahead.chance(row.outcome, "<=", end)
        above = 0.0 if p is None else float(np.clip(logit(np.array(p)), -20, 20))
        place = np.nan if place is None or row.outcome != row.outcome else place
        found.append((row.set, row.area, above, place, float(row.direction), bool(row.met), left))
    return found


# ── memory and scores ─────────────────────────────────────────────────────────────────────────────


def remembered(some: Judged) -> np.ndarray:
    """The logits of P(outcome ≥ target) after memory: of closed plans of the family, or, where none
    are marked as closed, of the family's other indicators."""
    found = some.above.copy()
    former = some.closed if some.closed.any() else np.ones(len(found), bool)
    for family in np.unique(some.family):
        mine = (some.family == family) & ~some.closed
        groups = [mine] if some.closed.any() else [mine & (some.own == k) for k in set(some.own)]
        for now in groups:
            learned = (some.family == family) & former & np.isfinite(some.place)
            learned &= True if some.closed.any() else ~now
            if now.any() and learned.any():
                taught = memory.learn(outcomes(some, np.flatnonzero(learned)))
                shift = taught.higher + some.good[now] * taught.better
                found[now] = taught.slope * some.above[now] + shift
    return found


def outcomes(some: Judged, rows: np.ndarray) -> list[Outcome]:
    return [
        Outcome(
            some.family[k],
            str(some.own[k]),
            "",
            int(some.year[k]),
            "higher" if some.good[k] > 0 else "lower",
            float(some.place[k]),
            "",
        )
        for k in rows
    ]


def scores(some: Judged, p: np.ndarray, other: np.ndarray, part: np.ndarray) -> dict:
    """The row of `COLUMNS` of the judgements `part`, against the P of another method."""
    met, said, against = some.met[part].astype(float), p[part], other[part]
    low, high = said < TENTH, said > 1 - TENTH
    gained = (against - met) ** 2 - (said - met) ** 2
    unit = np.char.add(some.family[part].astype(str), some.own[part].astype(str))
    gain, ends = drawn(gained, unit)
    return {
        "count": len(met),
        "met": met.mean(),
        "said": said.mean(),
        "brier": ((said - met) ** 2).mean(),
        "calibration": chances.calibration_error(some.met[part], said),
        "below": met[low].mean() if low.any() else np.nan,
        "count_below": int(low.sum()),
        "above": met[high].mean() if high.any() else np.nan,
        "count_above": int(high.sum()),
        "gain": gain,
        "gain_low": ends[0],
        "gain_high": ends[1],
    }


def drawn(gained: np.ndarray, unit: np.ndarray) -> tuple[float, tuple[float, float]]:
    """(mean, its 90 % interval over draws of whole units with replacement)."""
    names, which = np.unique(unit, return_inverse=True)
    sums, sizes = np.bincount(which, gained), np.bincount(which)
    picks = np.random.default_rng(1).integers(0, len(names), (DRAWS, len(names)))
    means = sums[picks].sum(1) / sizes[picks].sum(1)
    low, high = np.quantile(means, (0.05, 0.95))
    return float(gained.mean()), (float(low), float(high))


def measure(folder: Path) -> pd.DataFrame:
    """Every row of `COLUMNS`."""
    rows = []
    drift = real(folder, "drift")
    for some in (*transfer(folder), real(folder)):
        plain, judged = some.p(some.above), ~some.closed
        other = drift.p(drift.above) if some.question == "real" else plain
        methods = {"pooled": plain, "pooled with memory": some.p(remembered(some))}
        methods |= {"drift": other} if some.question == "real" else {}
        names = [*np.unique(some.set), *(["all"] if some.question == "real" else [])]
        for name in names:
            part = judged & ((some.set == name) | (name == "all"))
            for method, p in methods.items():
                head = {"question": some.question, "set": name, "method": method}
                rows.append(head | scores(some, p, other, part))
    return pd.DataFrame(rows, columns=COLUMNS)


def main(folder: str = str(learn.FOLDER)) -> None:
    found = measure(Path(folder))
    RESULTS.parent.mkdir(exist_ok=True)
    found.to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    print(found.to_string(index=False, na_rep="", float_format="{:.4f}".format))


if __name__ == "__main__":
    main(*sys.argv[1:])
