"""The figures behind an assessment as pandas frames, for notebooks to compute with (METHOD §3, §7).

Numbers stay numbers; NaN is not available. What a frame leaves out of an arithmetic (a baseline
that is only a bound, a value of a former definition) is NaN there, so that a cell needs no decision
of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas

from ..intake.observations import Point, Series
from ..intake.plan import Indicator, Plan
from . import baselines, final, forecast, forms, progress
from .assessment import Assessment, Baseline
from .sensitivity import OtherModel

OBSERVED = (
    "value",
    "bound",
    "level",
    "level_bound",
    "status",
    "published",
    "source",
    "note",
    "earlier",
    "segment",
)
ENDS = ("baseline", "latest", "target")
FORECASTS = ("model", *forecast.COLUMNS, "p_met")


def observed(series: Series, titles: Mapping[str, str]) -> pandas.DataFrame:
    """One row a year that has a value, indexed by year.

    `value` as published and `level` as it is judged, both in the indicator's unit; `level` is NaN
    for additions before the plan began. `segment`: judged, former (of an earlier definition) or
    history; `earlier` is what the year was published with before. `titles`: source id → what
    `source` shows.
    """
    parts = {"history": series.history, "former": series.before, "judged": series.points}
    rows = sorted(
        (point.year, *_row(point, titles), segment)
        for segment, points in parts.items()
        for point in points
    )
    years, *columns = zip(*rows, strict=True) if rows else [()] * (1 + len(OBSERVED))
    index = pandas.Index(years, dtype="int64", name="year")
    data = dict(zip(OBSERVED, columns, strict=True))
    floats = {name: np.array(data[name], float) for name in ("value", "level")}
    return pandas.DataFrame(data | floats, index)


def _row(point: Point, titles: Mapping[str, str]) -> tuple[float | str | None, ...]:
    row = point.row
    published = (row.value, row.bound, point.level, point.bound, row.status, row.published)
    return (*published, titles[row.source], row.note, point.earlier)


def course(seen: pandas.DataFrame, segment: str) -> pandas.Series:
    """The levels of a segment of `seen` (`observed`) by year, NaN in a year between them that has
    none: a line drawn through them breaks there."""
    level = seen.level[seen.segment == segment]
    known = dict(zip(level.index.tolist(), level.tolist(), strict=True))
    years = range(min(known, default=0), max(known, default=-1) + 1)
    return pandas.Series([known.get(year, math.nan) for year in years], years, dtype=float)


def schedule(said: Assessment) -> pandas.Series:
    """Both ends of the straight line from baseline to target, by year; empty where none is
    scheduled: without a baseline, from one that is only a bound, to no target, or from one that
    meets it."""
    base, target = said.baseline, said.facts.target
    if said.planned_step is None or progress.met(base.figure, target.figure, target.op):
        return pandas.Series(dtype=float)
    return pandas.Series({base.year: base.figure, target.year: target.figure})


def ends(plan: Plan, facts: Indicator, series: Series, rule: str = "cn-plan-1") -> pandas.DataFrame:
    """Year and level of baseline, latest value and target: what progress is computed from.

    NaN where there is no value. The baseline's level is NaN also where nothing is measured from it:
    it is only a bound, or it is or meets the target already (METHOD §4). Of a form with a rule of
    its own: nothing, what has come together, and what the whole period asks, all three in the
    form's additive unit (`measure.forms`).
    """
    base, target = baselines.baseline_of(plan, facts, series), facts.target
    latest = baselines.latest_of(plan, series, base)
    if forms.has_own_rule(facts):
        return _of_form(plan, facts, series, latest)
    rows = {
        "baseline": (base.year, _start(base, facts, rule)),
        "latest": (latest.year, latest.level) if latest else (None, None),
        "target": (target.year, target.value),
    }
    return pandas.DataFrame(rows, ["year", "level"], dtype=float).T


def _of_form(
    plan: Plan, facts: Indicator, series: Series, latest: Point | None
) -> pandas.DataFrame:
    level = None if latest is None else latest.level
    before, end = plan.period.start - 1, facts.target.year
    found = (
        None
        if latest is None or level is None or series.broken_at is not None
        else forms.course(plan, facts, series, level, latest.year)
    )
    share = found.progress if found else None
    rows = {
        "baseline": (before, 0.0),
        "latest": (None, None)
        if found is None
        else (
            before + found.elapsed * (end - before),
            None if share is None else share * abs(found.whole),
        ),
        "target": (end, abs(found.whole) or None if found else None),
    }
    return pandas.DataFrame(rows, ["year", "level"], dtype=float).T


def _start(base: Baseline, facts: Indicator, rule: str) -> float | None:
    target = facts.target
    if base.value is None or base.bound != "=" or target.value is None:
        return None
    rounding = final.rounding_of(facts, rule)
    met = progress.met(base.value, target.value, target.op, rounding)
    return None if met or base.value == target.value else base.value


def forecasts(said: Assessment, models: Sequence[OtherModel]) -> pandas.DataFrame:
    """What every one of `models` foresees (`sensitivity.other_models`), without them the one taken:
    one row a model and year, in the unit of the values.

    `p_met`, 0…1, is P that the target is met and stands in the target year only. No rows where
    there is no forecast.
    """
    taken = (OtherModel(said.forecast.model, said.forecast, said.p_met),)
    rows = [
        (each.model, *row, each.p_met if row[0] == said.facts.target.year else math.nan)
        for each in models or taken
        for row in each.forecast.rows
    ]
    name, year, *figures = zip(*rows, strict=True) if rows else [()] * len(FORECASTS)
    columns = dict(zip(FORECASTS[2:], np.array(figures, float), strict=True))
    return pandas.DataFrame({"model": name, "year": np.array(year, int), **columns})


def fan(said: Assessment, ahead: pandas.DataFrame) -> pandas.DataFrame:
    """The rows of one model in `ahead` (`forecasts`) by year, after where they open: at the latest
    value; where no year of the plan is in, at the end of those before it. Empty without a
    forecast."""
    if ahead.empty:
        return ahead.set_index("year")
    rows = ahead[[*forecast.COLUMNS]].to_numpy()
    known = [(said.data_year, said.value), *((p.year, p.level) for p in said.series.points[-1:])]
    year, value = next(((t, y) for t, y in known if y is not None), rows[0, :2])
    path = np.vstack([[year, *[value] * 5], rows])
    return pandas.DataFrame(path[:, 1:], path[:, 0].astype(int), forecast.COLUMNS[1:])
