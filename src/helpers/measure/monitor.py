"""Where an indicator stands while its year is not over: pace, nowcast, P(target), and what the rest
of the year must bring.

A part of a year is not a year: no annual verdict rests on it. The pace r compares what was gained
with the time that has passed *in months*; of an annual amount it is that of the year as expected.
P(target) of a later year is the mean of the chances after `STEPS` equally likely ends of this year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..intake import observations, part_year, plan as plans
from ..intake.observations import Observation, Received
from ..intake.period import Span
from ..intake.plan import Indicator, Plan
from . import forecast as forecasts, forms, memory, nowcast, outlook, progress
from .before import Known, known_before
from .case import rung
from .nowcast import MONTHS, Nowcast
from .thresholds import RUNGS, SLACK

STEPS = 9


@dataclass(frozen=True)
class Standing:
    """One indicator at the end of `month` of `year`, in its own unit. `value`: what was published
    last (the sum since January, the running total, the level), None where nothing was, then
    `reason` is why; `level`, `expected`, `due`: judged level now, at the year's end, on the line
    from `start` then; `needed`, `so_far`: a month, of the rest of the year and of what passed;
    `p_year`, `p_met`: of that line and of the target; `before`: the same a known month earlier."""

    facts: Indicator
    year: int
    month: int | None = None
    value: float | None = None
    level: float | None = None
    nowcast: Nowcast | None = None
    expected: float | None = None
    interval: tuple[float, float] | None = None
    due: float | None = None
    start: float | None = None
    progress: float | None = None
    elapsed: float | None = None
    ratio: float | None = None
    status: str = "no_data"
    needed: float | None = None
    so_far: float | None = None
    p_year: float | None = None
    p_met: float | None = None
    reason: str = ""
    before: Standing | None = None


def standing(
    plan: Plan,
    facts: Indicator,
    rows: Sequence[Observation],
    parts: Sequence[Observation],
    year: int,
    until: int = MONTHS,
    known_by: str = "",
    model: str = "pooled",
    area: str = "",
) -> Standing:
    """Where `facts` stands by the parts of `year` up to month `until`, beside the month before; in
    the plan's whole area, or in one `area` of it."""
    place = (facts.id, area or plan.whole.id)
    mine = [row for row in parts if (row.indicator_id, row.area) == place]
    known = known_before(plan, facts, rows, year, area)
    facts = known.facts
    curves = part_year.curves(facts, mine, known_by, until)
    former = part_year.curves(facts, mine, known_by)
    months = sorted(curves.get(year, {}))
    if not months or facts.kind == "binary" or not forms.is_level(facts):
        return Standing(facts, year, reason=_why_nothing(facts, mine, year))
    past = {y: curve for y, curve in former.items() if y < year}

    def at_end_of(month: int) -> Standing:
        now = dict(part_year.curves(facts, mine, known_by, month)[year])
        return _standing(facts, known, now, past, year, model)

    *before, newest = map(at_end_of, months[-2:])
    return replace(newest, before=before[0] if before else None)


def _why_nothing(facts: Indicator, rows: Sequence[Observation], year: int) -> str:
    if facts.kind == "binary" or not forms.is_level(facts):
        return "binary" if facts.kind == "binary" else "other_form"
    return "starts_late" if any(row.year == year for row in rows) else "not_reported"


def _standing(
    facts: Indicator,
    known: Known,
    part: Mapping[int, float],
    former: Mapping[int, Mapping[int, float]],
    year: int,
    model: str,
) -> Standing:
    month, value = max(part), part[max(part)]
    banked = 0.0 if part_year.is_total(facts) else known.banked  # a total has it in itself
    now, goal = _nowcast(facts, known, part, former, year), facts.target
    one = Standing(
        facts,
        year,
        month,
        value,
        None if banked is None else banked + value,
        now,
        None if now is None else now.expected + (known.banked or 0.0),
        _interval(now, known.banked or 0.0, year),
        progress.scheduled_value(year, known.start, known.base_year, goal.value, goal.year),
        known.start,
        reason="no_start" if now is None else now.ahead.reason,
    )
    one = replace(one, **_paced(one, known), **_monthly(one, known))
    return replace(one, **_chances(one, known, model))


def _chances(one: Standing, known: Known, model: str) -> dict[str, Any]:
    """P of the straight line at the year's end, and of the target; 1 where that is met and cannot
    be lost."""
    now, line = one.nowcast, one.due
    p_year = None
    if now is not None and line is not None:
        p_year = now.ahead.chance(line - (known.banked or 0.0), one.facts.target.op)
    locked = one.status == "met_locked"
    return {
        "p_year": p_year,
        "p_met": 1.0 if locked else p_target(one.facts, known, now, model),
    }


def _paced(one: Standing, known: Known) -> dict[str, Any]:
    """Progress, share of the time that has passed, their ratio and its rung; of an annual amount
    as the year is expected to be."""
    facts, is_flow = one.facts, one.facts.kind == "flow"
    when = one.year if is_flow else one.year - 1 + (one.month or 0) / MONTHS
    judged = one.expected if is_flow else one.level
    gained = progress.progress(judged, known.start, facts.target.value)
    passed = (when - known.base_year) / (facts.target.year - known.base_year)
    ratio = progress.ratio(gained, passed)
    status = _status(facts, judged, ratio)
    return {"progress": gained, "elapsed": passed, "ratio": ratio, "status": status}


def _monthly(one: Standing, known: Known) -> dict[str, Any]:
    """What each month brought so far, and what each of the rest must bring for the straight
    line."""
    is_flow, month = one.facts.kind == "flow", one.month or MONTHS
    begin, done = (0.0, one.value) if is_flow else (known.last, one.level)
    left = None if one.due is None or done is None or month == MONTHS else one.due - done
    return {
        "needed": None if left is None else left / (MONTHS - month),
        "so_far": None if done is None or begin is None else (done - begin) / month,
    }


def _nowcast(
    facts: Indicator,
    known: Known,
    part: Mapping[int, float],
    former: Mapping[int, Mapping[int, float]],
    year: int,
) -> Nowcast | None:
    """The nowcast of the year's own value, of sums of its addition; None where a running total has
    no start."""
    if part_year.is_total(facts):
        if known.last is None:
            return None
        part = {m: v - known.last for m, v in part.items()}
        former = _added(facts, known, former)
    level = not (part_year.is_amount(facts) or part_year.is_total(facts))
    lower = 0.0 if facts.lower is None and min(part.values()) >= 0 else facts.lower
    return nowcast.fit(
        year,
        part,
        former,
        known.annual,
        level=level,
        whole=facts.is_count,
        lower=lower if level else None,
        upper=facts.upper if level else None,
    )


def _added(
    facts: Indicator, known: Known, former: Mapping[int, Mapping[int, float]]
) -> dict[int, dict[int, float]]:
    """Former years' running totals as what was added since each year began, where that is known."""
    years = known.series.years
    ends = dict(zip(years, known.series.levels, strict=True))
    return {
        year: {month: value - ends.get(year - 1, 0.0) for month, value in curve.items()}
        for year, curve in former.items()
        if year - 1 in ends or (facts.kind == "increment" and years and year == years[0])
    }


def _interval(now: Nowcast | None, banked: float, year: int) -> tuple[float, float] | None:
    if now is None or not now.ahead.rows:
        return None
    _, low80, high80, *_ = now.ahead.row(year)
    return low80 + banked, high80 + banked


def _status(facts: Indicator, value: float | None, ratio: float | None) -> str:
    """The rung of the pace; a target met already is said first."""
    target = facts.target.value
    if value is None or target is None:
        return "not_assessable"
    if facts.kind != "flow" and progress.met(value, target, facts.target.op):
        return "met_hold" if facts.can_be_lost else "met_locked"
    return "not_assessable" if ratio is None else rung(ratio + SLACK, *RUNGS, below="reverse")


def p_target(
    facts: Indicator, known: Known, now: Nowcast | None, model: str = "pooled"
) -> float | None:
    """P(the target is met in its year), None without nowcast or target.

    Of a target of this year it is the nowcast's own; of a later one (1/k)·Σ P(target | this year
    ends at its quantile (i − ½)/k), i = 1…k, k = `STEPS`.
    """
    target = facts.target
    if now is None or now.ahead.reason or target.value is None:
        return None
    banked = known.banked or 0.0
    if target.year == now.year:
        half = outlook.half_unit(facts) * (1 if target.op in (">", "<=") else -1)
        return now.ahead.chance(target.value + half - banked, target.op)
    if now.year > target.year or known.banked is None:
        return None
    ends = [now.ahead.quantile(now.year, (k + 0.5) / STEPS) for k in range(STEPS)]
    chances = [
        outlook.p_met(facts, _after(facts, known, now.year, end, banked + end, model))
        for end in ends
        if end is not None
    ]
    told = [p for p in chances if p is not None]
    return float(np.mean(told)) if len(told) == STEPS else None


def _after(
    facts: Indicator, known: Known, year: int, end: float, level: float, model: str
) -> forecasts.Forecast:
    """The forecast from this year on, had it ended with `end`, with what closed plans teach."""
    years, values = [*known.annual, year], [*known.annual.values(), end]
    ahead = forecasts.fit(
        years,
        values,
        facts.target.year,
        kind=facts.kind,
        model=model,
        lower=facts.lower,
        upper=facts.upper,
        start=level if facts.kind in outlook.ADDED_UP else None,
        rounding=outlook.half_unit(facts),
    )
    return memory.recalled(ahead, known.memory, facts.direction == "higher")


def standings(
    plan: Plan, received: Received, span: Span, known_by: str = "", model: str = "pooled"
) -> list[Standing]:
    """Where every indicator of the plan stands at the end of `span`, in its order."""
    rows = [row for row in received.observations if seen(row, known_by)]
    return [
        standing(plan, facts, rows, received.parts, span.year, span.last, known_by, model)
        for facts in plans.indicators(plan)
    ]


def running(
    plan: Plan, received: Received, year: int, known_by: str = "", model: str = "pooled"
) -> list[Standing]:
    """Where those indicators stand of which parts of `year` are known and the year's own value is
    not; none under a scenario, which assumes."""
    over = {
        (row.indicator_id, row.area)
        for row in received.observations
        if row.year == year and row.value is not None and seen(row, known_by)
    }
    if plan.scenario or not any(row.year == year for row in received.parts):
        return []
    found = standings(plan, received, Span(year, MONTHS), known_by, model)
    return [
        one for one in found if one.value is not None and (one.facts.id, plan.whole.id) not in over
    ]


def seen(row: Observation, known_by: str) -> bool:
    return not known_by or "" < observations.became_known(row) <= plans.last_day(known_by)
