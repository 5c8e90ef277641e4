"""How often the chances of a model came true, on pseudo-plans it had not learned from (METHOD §5,
§8).

Measured by `benchmarks/learn.py`, which puts the record beside what it learned: thousands of real
annual series cut into plans of five years, each asked one to four years before its target year.
Shares are fractions.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import forms, outlook, pooled, thresholds
from .assessment import Assessment

FEWEST = 30  # judgements, for a share that is worth printing
KINDS = ("stock", "sum")  # of the question: the level in a year, the sum of coming years
HINDCASTS = Path(__file__).with_name("hindcasts.csv")


@dataclass(frozen=True)
class Record:
    """`cases` judgements of one class, the mean of their P, and the share `met` whose target was
    then met."""

    cases: int
    said: float
    met: float


def of_class(
    model: str, kind: str, word: str | None, year_of_plan: int | None = None
) -> Record | None:
    """The record of the outlook `word` of `model` for an indicator's `kind` (or one of KINDS), said
    in that year of a plan; of all years where it was said too rarely in that one. None where it
    never said it, or was not measured."""
    for year in (year_of_plan, None) if year_of_plan else (None,):
        rows = _records("class", model, kind, year)
        found = dict(zip(outlook.COLUMNS, rows, strict=False)).get(word or "")
        if found and found.cases >= (FEWEST if year else 1):
            return found
    return None


def of_status(kind: str, status: str, year_of_plan: int | None) -> Record | None:
    """Of plans judged `status` after so many years, how many met their target; `said` is the mean
    of r. None for what is not judged and for plans of another length."""
    rung = "met" if status in ("met_hold", "met_locked") else status
    rows = _records("status", "", kind, year_of_plan) if year_of_plan else ()
    found = dict(zip(thresholds.LADDER, rows, strict=False)).get(rung)
    return found if found and found.cases >= FEWEST else None


def track_record(said: Assessment) -> tuple[Record | None, Record | None]:
    """How often the outlook, and the status, of `said` came true on plans cut from real series."""
    if forms.has_own_rule(said.facts) or said.word is not None:
        return None, None  # measured on targets for the end of a plan
    kind, year = said.facts.kind, said.year_of_plan
    return (
        of_class(said.forecast.model, kind, said.outlook, year),
        of_status(kind, said.status, year),
    )


def tenths(model: str, kind: str) -> tuple[Record, ...]:
    """The records of P from 0 to .1, .1 to .2, …, .9 to 1; a reliable model has `said` = `met` in
    each. () where it was not measured."""
    return _records("tenth", model, kind)


@dataclass(frozen=True)
class Hindcast:
    """What would have been said of an indicator at the end of `year`, on what was known a year
    later, beside what happened.

    `p_met` is None where there was no forecast; `final` is the code of the final word, `pending`
    where none can be spoken.
    """

    plan: str
    indicator: str
    name_zh: str
    year: int
    data_year: int | None
    n: int
    status: str
    p_met: float | None
    outlook: str | None
    final: str


def of_series(plan_id: str) -> list[Hindcast]:
    """The hindcasts of the plans of the same series: national-135 and national-145 are
    `national`."""
    series = plan_id.rpartition("-")[0] or plan_id
    return [one for one in hindcasts() if (one.plan.rpartition("-")[0] or one.plan) == series]


@cache
def hindcasts() -> tuple[Hindcast, ...]:
    """Those of the shipped national plans, as `benchmarks/hindcast.py` makes them; a test makes
    them again and compares."""
    with open(HINDCASTS, encoding="utf-8", newline="") as file:
        return tuple(_hindcast(row) for row in csv.DictReader(file))


def _hindcast(row: dict[str, str]) -> Hindcast:
    return Hindcast(
        row["plan"],
        row["indicator"],
        row["name_zh"],
        int(row["year"]),
        int(row["data_year"]) if row["data_year"] else None,
        int(row["n"]),
        row["status"],
        float(row["p_met"]) if row["p_met"] else None,
        row["outlook"] or None,
        row["final"],
    )


def _records(
    name: str, model: str, kind: str, year_of_plan: int | None = None
) -> tuple[Record, ...]:
    what = kind if kind in KINDS else "sum" if kind in outlook.ADDED_UP else "stock"
    key = "-".join(str(part) for part in (model, what, year_of_plan) if part)
    rows = pooled.learned().rows(name, key)
    return tuple(Record(int(cases), float(said), float(met)) for cases, said, met in rows)
