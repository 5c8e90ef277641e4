"""Whether P of the forms a target can have holds: plans cut from real annual series, each form
asked one to four years before its target year.

    python benchmarks/forms.py [FOLDER]

Every series is asked by what was learned without its fold (`benchmarks/quality.py`). A plan is five
years long; the last six yearly values are known, one to four of them of the plan. Of positive
series the yearly growth rates are asked too: their mean and their compounded total. Targets lie up
to two usual moves on either side of where the series stands. A limit that a known year broke is not
asked: there P is 0. Writes benchmarks/results/forms.csv.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import learn
import numpy as np
import pandas as pd

from helpers.intake.accumulated import level
from helpers.intake.targets import Target
from helpers.measure import paths, pooled
from helpers.measure.forecast import Forecast, Given

RESULTS = learn.ROOT / "benchmarks" / "results" / "forms.csv"
KNOWN, PLAN = 6, 5
MEANS, LIMITS = (-1.0, -0.5, 0.0, 0.5, 1.0), (0.5, 1.0, 2.0, 3.0)  # in usual yearly moves
TOGETHER = (0.3, 0.5, 0.7, 1.0)
BINS = 10


@dataclass(frozen=True)
class Asked:
    """Yearly values: `known` before the year asked in, `coming` up to the target year; `k` of the
    known are of the plan."""

    known: np.ndarray
    coming: np.ndarray
    k: int
    fold: int
    rates: bool


def asked(many: list[learn.Series]) -> Iterator[Asked]:
    """One plan a series and k, of levels and (where all are positive) of growth rates, ending with
    the last value."""
    for one in many:
        if learn.TAILS in one.data:
            continue
        rates = 100 * np.diff(one.y) / one.y[:-1] if (one.y > 0).all() else np.array([])
        for values, are_rates in ((one.y, False), (rates, True)):
            for k in range(1, PLAN):
                first = len(values) - KNOWN - (PLAN - k)
                window = values[first:] if first >= 0 else np.array([])
                if len(window) and np.ptp(window[:KNOWN]) > 0:
                    yield Asked(window[:KNOWN], window[KNOWN:], k, one.fold, are_rates)


def tables(many: list[learn.Series]) -> list[pooled.Table]:
    """What is known without each fold, for six known values and four years ahead."""
    found = [pooled.Table() for _ in range(learn.FOLDS)]
    for held, table in enumerate(found):
        others = [one for one in many if one.fold != held]
        learn.learn_quantiles(table, others, range(KNOWN, KNOWN + 1), range(1, PLAN))
    return found


def fan(one: Asked, table: pooled.Table) -> Forecast:
    years = np.arange(KNOWN, dtype=float)
    left = len(one.coming)
    curves = pooled.quantiles(years[None], one.known[None], left, free=True, table=table)[0]
    low = 0.0 if not one.rates and (one.known >= 0).all() else -100.0 if one.rates else -np.inf
    rows = tuple((KNOWN + h, *(0.0,) * 5) for h in range(left))
    given = Given(tuple(years), tuple(one.known), low=low)
    return Forecast("pooled", KNOWN, rows, "", tuple(map(tuple, curves)), given)


def cases(one: Asked, followed: np.ndarray, s: float) -> Iterator[tuple[str, float, bool]]:
    """(form, P, came true) of every target set for a plan whose years may go as `followed`."""
    inside, now = one.known[-one.k :], one.known[-1]
    whole = np.r_[inside, one.coming]
    for form in ("mean rate", "compound") if one.rates else ("mean",):
        target = Target(0, 0, rate="growth" if one.rates else None, form=form.split()[0])
        came = level(target, whole.tolist())
        reached = paths.running(target, inside, followed)[:, -1]
        usual = level(target, [float(one.known.mean())] * PLAN)
        wide = (
            s
            if form != "compound"
            else abs(usual - level(target, [float(one.known.mean()) + s] * PLAN))
        )
        for a in MEANS:
            line = usual + a * wide
            yield form, float((reached >= line).mean()), bool(came >= line)
    for a in LIMITS:
        for form, low, high in (
            ("every year", -np.inf, now + a * s),
            ("every year", now - a * s, np.inf),
            ("range", now - a * s, now + a * s),
        ):
            if ((inside < low) | (inside > high)).any():
                continue
            p = ((followed >= low) & (followed <= high)).all(axis=1).mean()
            yield form, float(p), bool(((one.coming >= low) & (one.coming <= high)).all())


def scores(p: np.ndarray, met: np.ndarray) -> dict[str, float]:
    """Brier score, calibration error (mean |said − came true| over tenths of P, by their cases),
    and mean P against the share met."""
    tenth = np.minimum((p * BINS).astype(int), BINS - 1)
    apart = [abs(p[tenth == b].sum() - met[tenth == b].sum()) for b in range(BINS)]
    return {
        "count": len(p),
        "said": float(p.mean()),
        "met": float(met.mean()),
        "brier": float(((p - met) ** 2).mean()),
        "calibration": float(sum(apart) / len(p)),
    }


def measure(folder: Path, exponents: tuple[float, ...] = (paths.TOGETHER,)) -> pd.DataFrame:
    many = learn.series(folder)
    learned, found = tables(many), []
    for one in asked(many):
        ahead = fan(one, learned[one.fold])
        s = float(pooled.scale(np.arange(KNOWN)[None], one.known[None])[0])
        for together in exponents:
            followed = paths.of_years(ahead, together)
            found += [(together, one.k, *case) for case in cases(one, followed, s)]
    table = pd.DataFrame(found, columns=["together", "k", "form", "p", "met"])
    rows = []
    for (together, form), some in table.groupby(["together", "form"]):
        for k, part in (("all", some), *some.groupby("k")):
            told = scores(part.p.to_numpy(), part.met.to_numpy(float))
            rows.append({"form": form, "together": together, "k": k, **told})
    return pd.DataFrame(rows)


def main(folder: str = str(learn.FOLDER), *exponents: str) -> None:
    found = measure(Path(folder), tuple(map(float, exponents)) or (paths.TOGETHER,))
    if not exponents:
        found.to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    print(found.to_string(index=False, float_format="{:.4f}".format))


if __name__ == "__main__":
    main(*sys.argv[1:])
