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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import chances
import learn
import numpy as np
import pandas as pd

from helpers.intake.accumulated import level
from helpers.intake.targets import Form, Target
from helpers.measure import paths, pooled
from helpers.measure.forecast import Forecast, Given

RESULTS = learn.ROOT / "benchmarks" / "results" / "forms.csv"
KNOWN, PLAN = 6, 5
MEANS, LIMITS = (-1.0, -0.5, 0.0, 0.5, 1.0), (0.5, 1.0, 2.0, 3.0)  # in usual yearly moves
TOGETHER = (0.3, 0.5, 0.7, 1.0)
YEARS = np.arange(KNOWN, dtype=float)[None]


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


def tables(many: list[learn.Series]) -> dict[int, pooled.Table]:
    """What is known without each fold, for six known values and four years ahead."""
    found = {held: pooled.Table() for held in range(learn.FOLDS)}
    for held, table in found.items():
        others = [one for one in many if one.fold != held]
        learn.learn_quantiles(table, others, (KNOWN, KNOWN + 1), range(1, PLAN), ("level",))
    return found


def fan(values: np.ndarray, left: int, table: pooled.Table, low: float = -np.inf) -> Forecast:
    """The forecast of the `left` years after `values`, by what `table` knows."""
    years = np.arange(len(values), dtype=float)
    curves = pooled.quantiles(years[None], values[None], left, free=True, table=table)[0]
    rows = tuple((len(values) + h, *(0.0,) * 5) for h in range(left))
    given = Given(tuple(years), tuple(values), low=low)
    return Forecast("pooled", len(values), rows, "", tuple(map(tuple, curves)), given)


def of_rates(
    one: Asked, table: pooled.Table, names: Mapping[str, Form], against: bool = False
) -> Iterator[tuple[str, float, bool]]:
    """(form, P, came true) of mean rates and totals asked of a plan's growth rates; `against` of
    how two series grow against each other."""
    mean, spread = float(one.known.mean()), float(pooled.scale(YEARS, one.known[None])[0])
    index = 100 * np.r_[1.0, np.cumprod(1 + one.known / 100)]
    ahead, whole = fan(index, len(one.coming), table), np.r_[one.known[-one.k :], one.coming]
    if against:
        ahead = paths.both_ways(ahead, fan(1e4 / index, len(one.coming), table))
    for name, form in names.items():
        target = Target(0, 0, rate="growth", form=form)
        told = paths.as_rates(ahead, target, index[KNOWN - one.k], KNOWN - one.k)
        came = level(target, whole.tolist())
        for a in MEANS:
            line = level(target, [mean + a * spread] * PLAN)
            yield name, told.chance(line), came >= line


def of_values(
    one: Asked, table: pooled.Table, together: float
) -> Iterator[tuple[str, float, bool]]:
    """The same of rises on the last value before the plan, of means and of limits for each year,
    asked of yearly values."""
    inside, now, s = (
        one.known[-one.k :],
        one.known[-1],
        float(pooled.scale(YEARS, one.known[None])[0]),
    )
    low = 0.0 if (one.known >= 0).all() else -np.inf
    ahead = fan(one.known, len(one.coming), table, low)
    for line in one.known[-one.k - 1] + np.array(LIMITS) * s:
        yield "rise", ahead.chance(line), one.coming[-1] >= line
    followed = paths.of_years(ahead, together)
    reached, came = paths.running(inside, followed)[:, -1], np.r_[inside, one.coming].mean()
    for a in MEANS:
        line = one.known.mean() + a * s
        yield "mean", float((reached >= line).mean()), came >= line
    for a in LIMITS:
        ends = {"every year": [(-np.inf, now + a * s), (now - a * s, np.inf)],
                "range": [(now - a * s, now + a * s)]}  # fmt: skip
        for form, low, high in ((name, *end) for name in ends for end in ends[name]):
            if ((inside >= low) & (inside <= high)).all():
                p = paths.share_kept((followed >= low) & (followed <= high))
                yield form, p, bool(((one.coming >= low) & (one.coming <= high)).all())


def apart(one: Asked, other: Asked) -> Asked | None:
    """How much faster one series grows than another, year by year; None where no index can be made
    of it."""
    known, coming = one.known - other.known, one.coming - other.coming
    sound = (known > -100).all() and (coming > -100).all() and np.ptp(known) > 0
    return Asked(known, coming, one.k, one.fold, True) if sound else None


def of_two(one: Asked, table: pooled.Table) -> Iterator[tuple[str, float, bool]]:
    """The same of how one series grows beyond another: of mean rates, and of the mean of yearly
    differences as they are."""
    yield from of_rates(one, table, {"relative": "mean"}, against=True)
    mean, spread = float(one.known.mean()), float(pooled.scale(YEARS, one.known[None])[0])
    sums = np.r_[0.0, np.cumsum(one.known)]
    ahead = fan(sums, len(one.coming), table)
    told = paths.as_means(ahead, sums[KNOWN - one.k], KNOWN - one.k)
    came = np.r_[one.known[-one.k :], one.coming].mean()
    for a in MEANS:
        yield "difference", told.chance(mean + a * spread), came >= mean + a * spread


def scores(p: np.ndarray, met: np.ndarray) -> dict[str, float]:
    """Mean P against the share met, Brier score, calibration error."""
    return {
        "count": len(p),
        "said": float(p.mean()),
        "met": float(met.mean()),
        "brier": float(((p - met) ** 2).mean()),
        "calibration": chances.calibration_error(met, p),
    }


def told(folder: Path, exponents: tuple[float, ...]) -> pd.DataFrame:
    """Every target that is asked: the exponent, k, the form, P and whether it came true."""
    many = learn.series(folder)
    learned, found = tables(many), []
    others: dict[tuple[int, int], Asked] = {}  # the series of rates asked before, of fold and k
    for one in asked(many):
        table, other = learned[one.fold], others.get((one.fold, one.k))
        for together in exponents:
            cases = (
                of_rates(one, table, {"mean rate": "mean", "compound": "compound"})
                if one.rates
                else of_values(one, table, together)
            )
            found += [(together, one.k, *case) for case in cases]
            if one.rates and other is not None and apart(one, other) is not None:
                found += [(together, one.k, *case) for case in of_two(apart(one, other), table)]
        if one.rates:
            others[one.fold, one.k] = one
    return pd.DataFrame(found, columns=["together", "k", "form", "p", "met"])


def measure(cases: pd.DataFrame) -> pd.DataFrame:
    """The scores of each form, of all years and of each."""
    rows = []
    for (together, form), some in cases.groupby(["together", "form"]):
        for k, part in (("all", some), *some.groupby("k")):
            said = scores(part.p.to_numpy(float), part.met.to_numpy(float))
            rows.append({"form": form, "together": together, "k": k, **said})
    return pd.DataFrame(rows)


def main(folder: str = str(learn.FOLDER), *exponents: str) -> None:
    found = measure(told(Path(folder), tuple(map(float, exponents)) or (paths.TOGETHER,)))
    if not exponents:
        found.to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    print(found.to_string(index=False, float_format="{:.4f}".format))


if __name__ == "__main__":
    main(*sys.argv[1:])
