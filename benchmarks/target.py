"""Whether targets asked for at a chance are met that often, on series never learned from: printed,
and benchmarks/results/target.csv.

    python benchmarks/target.py [FOLDER]

FOLDER as in `benchmarks/learn.py`. Five folds by series, as in `benchmarks/quality.py`; every
figure by a model learned without the fold. `measure.target.at_chance` is asked for the target of
each chance of `ASKED`, to reach (>=) and to stay below (<=); `met` is the share whose outcome met
it. `levels`, `increments`: of every series the last windows that end where its training part ends
or before, one, three and five years ahead, every series counting once. `transfer`: levels of whole
collections of another kind, five years ahead, by the shipped table, which learned from none.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import learn
import numpy as np
import pandas as pd

from helpers.intake import plan as plans
from helpers.measure import pooled, target
from helpers.measure.forecast import Forecast, Given

ASKED = (0.5, 0.6, 0.7, 0.8)
LENGTHS, AHEAD = (4, 6, 8, 10), (1, 3, 5)
RESULTS = learn.ROOT / "benchmarks" / "results" / "target.csv"
COLUMNS = ("question", "op", "n", "ahead", "chance", "count", "met")
QUESTIONS = {"level": "levels", "sum": "increments"}
FACTS = plans.Indicator(
    "one", "一", "one", "", "", "stock", 0, plans.Baseline(0, None), plans.Target(1, None), (), "",
    plans.Supplier("", "按职能建议", ""),
)  # fmt: skip
EXACT = 12  # decimals: half a printed unit moves nothing


def asked(curve: np.ndarray, op: str, n: int) -> target.Asked:
    """What `measure.target` is asked with: one year, its quantiles, no limits."""
    facts = replace(FACTS, decimals=EXACT, target=plans.Target(1, None, op))
    fan = Forecast(
        "pooled", n, ((1.0, *[0.0] * 5),), "", (tuple(curve.tolist()),), Given((), (), "stock")
    )
    return target.Asked(facts, fan, 1, None)


def rows_of(
    question: str, curves: np.ndarray, outcome: np.ndarray, weight: np.ndarray, n: int, h: int
) -> list[dict]:
    """A row an operator and a chance."""
    found = []
    for op in (">=", "<="):
        fans = [asked(curve, op, n) for curve in curves]
        for p in ASKED:
            wanted = np.array([target.at_chance(fan, p) for fan in fans], float)
            met = outcome >= wanted if op == ">=" else outcome <= wanted
            row = (question, op, n, h, p, len(met), float(np.average(met, weights=weight)))
            found.append(dict(zip(COLUMNS, row, strict=True)))
    return found


def held_out(many: list[learn.Series]) -> list[pooled.Table]:
    """One table a fold, learned without it."""
    tables = []
    for fold in range(learn.FOLDS):
        table = pooled.Table()
        others = [one for one in many if one.fold != fold]
        learn.learn_quantiles(table, others, LENGTHS, range(1, max(AHEAD) + 1))
        tables.append(table)
    return tables


def lately(many: list[learn.Series], tables: list[pooled.Table]) -> list[dict]:
    """Levels and sums of every fold by what was learned without it, folds together."""
    parts: dict[tuple, list] = {}
    for fold, table in enumerate(tables):
        mine = [one for one in many if one.fold == fold and learn.TAILS not in one.data]
        for n in LENGTHS:
            for h in AHEAD:
                seen = learn.windows(mine, n, h, lately=True)
                for of in QUESTIONS:
                    found = pooled.quantiles(
                        np.arange(n, dtype=float), seen.values, h, of=of, table=table
                    )[:, h - 1]
                    outcome = seen.y if of == "level" else seen.total
                    parts.setdefault((of, n, h), []).append((found, outcome, seen.weight))
    return [
        row
        for (of, n, h), folds in parts.items()
        for row in rows_of(QUESTIONS[of], *map(np.concatenate, zip(*folds, strict=True)), n, h)
    ]


def transfer(folder: Path) -> list[dict]:
    """Levels of each collection of another kind, from its last six known years, five ahead."""
    rows, n, h = [], 6, 5
    for path in sorted((folder / learn.OTHERS).glob("*.csv.gz")):
        if path.name == "cases.csv.gz":
            continue
        table = pd.read_csv(path)
        series = [
            part.y.to_numpy(float) for _, part in table.groupby("unique_id") if len(part) >= n + h
        ]
        series = [y for y in series if np.ptp(y[-n - h : -h]) > 0]
        values = np.array([y[-n - h : -h] for y in series])
        found = pooled.quantiles(np.arange(n, dtype=float), values, h)[:, h - 1]
        name = f"transfer {path.name.split('.')[0]}"
        rows += rows_of(name, found, np.array([y[-1] for y in series]), np.ones(len(series)), n, h)
    return rows


def pooled_rows(found: pd.DataFrame) -> pd.DataFrame:
    """All lengths and years together: a row a question, an operator and a chance."""
    own = found[~found.question.str.startswith("transfer")]
    both = own.groupby(["question", "op", "chance"], as_index=False).agg(
        count=("count", "sum"), met=("met", "mean")
    )
    return both.assign(n="all", ahead="all")[list(COLUMNS)]


def main(folder: str = str(learn.FOLDER)) -> None:
    many = learn.series(Path(folder))
    tables = held_out(many)
    rows = [*lately(many, tables), *transfer(Path(folder))]
    found = pd.DataFrame(rows, columns=COLUMNS)
    found = pd.concat([found, pooled_rows(found)], ignore_index=True)
    RESULTS.parent.mkdir(exist_ok=True)
    found.to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    print(
        found[found.n.eq("all") | found.question.str.startswith("transfer")].to_string(index=False)
    )
    own = found[found.n.ne("all") & ~found.question.str.startswith("transfer")]
    print(f"farthest of any length and year: {(own.met - own.chance).abs().max():.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
