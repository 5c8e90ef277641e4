"""The figures behind an assessment as pandas frames, for notebooks to compute with (METHOD §3, §7).

Numbers stay numbers; NaN is not available. What a frame leaves out of an arithmetic (a baseline
that is only a bound, a value of a former definition) is NaN there, so that a cell needs no decision
of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas

from ..intake.observations import Point, Series
from ..intake.plan import Indicator, Plan
from . import baselines, final, forecast, forms, outlook, progress
from .assessment import Assessment, Baseline

OBSERVED = ("value", "level", "bound", "status", "published", "source", "segment", "run")
ENDS = ("baseline", "latest", "target")
FORECASTS = ("model", *forecast.COLUMNS, "p_met")


def observed(series: Series, titles: Mapping[str, str]) -> pandas.DataFrame:
    """One row a year that has a value, indexed by year.

    `value` as published and `level` as it is judged, both in the indicator's unit; `level` is NaN
    for additions before the plan began. `segment`: judged, former (of an earlier definition) or
    history; `run` numbers stretches of neighbouring years inside a segment. `titles`: source id →
    what `source` shows.
    """
    parts = {"history": series.history, "former": series.before, "judged": series.points}
    points = sorted(
        ((point, segment) for segment, mine in parts.items() for point in mine),
        key=lambda pair: pair[0].year,
    )
    years = pandas.Index([point.year for point, _ in points], name="year", dtype="int64")
    frame = pandas.DataFrame(
        [_row(point, segment, titles) for point, segment in points], years, columns=OBSERVED[:-1]
    ).astype({"value": float, "level": float})
    parted = (years.to_series().diff() != 1) | (frame.segment != frame.segment.shift())
    return frame.assign(run=parted.cumsum().astype(int))


def _row(point: Point, segment: str, titles: Mapping[str, str]) -> tuple[float | str | None, ...]:
    row = point.row
    level = math.nan if point.level is None else point.level
    bound = row.bound if point.level is None else point.bound
    return row.value, level, bound, row.status, row.published, titles[row.source], segment


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


def forecasts(plan: Plan, said: Assessment) -> pandas.DataFrame:
    """What every model of `forecast.NAMES` foresees: one row a model and year, in the unit of the
    values.

    `p_met`, 0…1, is P that the target is met and stands in the target year only. No rows where
    there is no forecast.
    """
    parts = [
        _forecast(
            said.facts,
            outlook.forecast(plan, said.facts, said.series, model, said.window, said.year),
        )
        for model in (forecast.NAMES if said.forecast.rows else ())
    ]
    columns = dict.fromkeys(FORECASTS[2:], float) | {"year": int}
    return pandas.DataFrame([row for part in parts for row in part], columns=FORECASTS).astype(
        columns
    )


def _forecast(facts: Indicator, ahead: forecast.Forecast) -> list[tuple[str | float | None, ...]]:
    chance = outlook.p_met(facts, ahead)
    return [
        (ahead.model, *row, chance if row[0] == facts.target.year else math.nan)
        for row in ahead.rows
    ]
