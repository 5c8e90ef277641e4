"""How the models would have done: forecasts from the first k values of real series, beside what
followed (rolling origin).

On a plan's own series, or on any folder of annual series; series that `pooled` has learned from
flatter it (`benchmarks/quality.py` measures it without them). Scores tell which model to trust for
series like these; with the few values a plan has they are a hint and no proof. Values are in the
unit of their series, errors have no unit.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..intake import observations, plan as plans
from ..intake.observations import Point
from ..intake.plan import Plan
from . import forecast, outlook

LEAST = 3  # values before an origin: with fewer no model has anything to learn from
AMBITIONS = (
    0,
    1,
    2,
)  # targets asked about: where it stands, and one and two usual yearly moves a year beyond


@dataclass(frozen=True)
class Annual:
    """One annual series: years ascending, gaps allowed; `rounding` is half a unit of the last
    printed digit."""

    id: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    lower: float | None = None
    upper: float | None = None
    rounding: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What one model said of one year, and what it was: `error` in usual yearly moves; `chances`
    are (P, came true) pairs."""

    series: str
    origin: int
    year: int
    model: str
    error: float
    in80: bool
    in95: bool
    chances: tuple[tuple[float, bool], ...]

    @property
    def ahead(self) -> int:
        return self.year - self.origin


@dataclass(frozen=True)
class Score:
    """One model on all outcomes: mean absolute error over that of `last` on the same (None
    without), shares, Brier score of P."""

    model: str
    count: int
    error: float
    relative: float | None
    cover80: float
    cover95: float
    brier: float


def of_plan(plan: Plan, points: Iterable[Point]) -> list[Annual]:
    """The plan's own judged series; of increments and running totals the yearly additions. Bounds
    and assumptions are left out."""
    points, found = list(points), []
    for facts in plans.indicators(plan):
        series = observations.series(facts, points, plan.whole.id)
        exact = all(
            p.bound == "=" and p.row.status != observations.ASSUMED
            for p in (*series.history, *series.points)
        )
        if facts.kind == "binary" or not exact:
            continue
        added_up = facts.kind in outlook.ADDED_UP
        years, values = (
            outlook.additions(plan, facts, series) if added_up else (series.years, series.levels)
        )
        found.append(
            Annual(
                facts.id,
                tuple(years),
                tuple(values),
                0.0 if added_up else facts.lower,
                None if added_up else facts.upper,
                outlook.half_unit(facts),
            )
        )
    return found


def of_folder(folder: Path | str, most: int | None = None) -> list[Annual]:
    """The series of every CSV table (also .csv.gz) in `folder`: columns unique_id, ds (a year), y;
    the first `most` of each.

    Raises ValueError, one sentence with file and line, for a table that is none.
    """
    paths = sorted(
        path for path in Path(folder).glob("*") if path.name.endswith((".csv", ".csv.gz"))
    )
    if not paths:
        raise ValueError(
            f"{Path(folder).name} holds no .csv or .csv.gz table; name a folder of tables with "
            "the columns unique_id, ds, y"
        )
    return [one for path in paths for one in _table(path, most)]


def _table(path: Path, most: int | None) -> Iterator[Annual]:
    known: dict[str, dict[int, float]] = {}
    opened = gzip.open if path.name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"unique_id", "ds", "y"} <= set(rows.fieldnames or ()):
            raise ValueError(
                f"{path.name}:1: the columns are not unique_id, ds, y; name them so in the first "
                "line"
            )
        for row in rows:
            if most is not None and row["unique_id"] not in known and len(known) == most:
                break
            try:
                year, value = int(row["ds"]), float(row["y"])
            except (TypeError, ValueError):
                year, value = 0, math.nan
            mine = known.setdefault(row["unique_id"], {})
            if not math.isfinite(value) or year in mine:
                raise ValueError(
                    f"{path.name}:{rows.line_num}: a year that is no whole number or stands "
                    "twice, or a value that is no number; correct or remove the row"
                )
            mine[year] = value
    for name, values in known.items():
        years = tuple(sorted(values))
        yield Annual(
            f"{path.name.split('.')[0]}/{name}", years, tuple(values[year] for year in years)
        )


def outcomes(
    series: Iterable[Annual],
    models: Sequence[str] = forecast.NAMES,
    horizon: int = 3,
    least: int = LEAST,
) -> list[Outcome]:
    """What every model said at every origin with `least` values or more, of every known year up to
    `horizon` ahead.

    Origins where a model does not speak, and series that never move, are left out for all models:
    each is asked the same.
    """
    return [
        one
        for each in series
        for k in range(least, len(each.years))
        for one in _asked(each, k, models, horizon)
    ]


def _asked(one: Annual, k: int, models: Sequence[str], horizon: int) -> Iterator[Outcome]:
    """The outcomes from the first `k` values."""
    years, values = one.years[:k], one.values[:k]
    later = {
        year: value
        for year, value in zip(one.years[k:], one.values[k:], strict=False)
        if year <= years[-1] + horizon
    }
    move = statistics.fmean(abs(b - a) for a, b in itertools.pairwise(values)) / (
        (years[-1] - years[0]) / (k - 1)
    )
    if not move or not later:
        return
    said = [
        forecast.fit(
            years,
            values,
            years[-1] + horizon,
            model=model,
            lower=one.lower,
            upper=one.upper,
            rounding=one.rounding,
        )
        for model in models
    ]
    if any(each.reason for each in said):
        return
    for each in said:
        for year, value in later.items():
            median, low80, high80, low95, high95 = each.row(year)
            targets = [values[-1] + ambition * move * (year - years[-1]) for ambition in AMBITIONS]
            asked = [(each.chance(target, year=year), value >= target) for target in targets]
            chances = tuple((p, true) for p, true in asked if p is not None)
            yield Outcome(
                one.id,
                years[-1],
                year,
                each.model,
                abs(median - value) / move,
                low80 <= value <= high80,
                low95 <= value <= high95,
                chances,
            )


def scores(said: Iterable[Outcome]) -> list[Score]:
    """One score a model, in the order they were asked, `relative` to `last` where that was asked
    too."""
    by_model: dict[str, list[Outcome]] = {}
    for one in said:
        by_model.setdefault(one.model, []).append(one)
    errors = {
        model: statistics.fmean(one.error for one in many) for model, many in by_model.items()
    }
    return [
        Score(
            model,
            len(many),
            errors[model],
            errors[model] / errors["last"] if errors.get("last") else None,
            statistics.fmean(one.in80 for one in many),
            statistics.fmean(one.in95 for one in many),
            statistics.fmean((p - true) ** 2 for one in many for p, true in one.chances),
        )
        for model, many in by_model.items()
    ]
