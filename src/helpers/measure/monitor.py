"""Where an indicator stands while its year is not over: pace, nowcast, P(target), and what the rest
of the year must bring.

A part of a year is not a year: no annual verdict rests on it. The pace r compares what was gained
with the time that has passed *in months*; of an annual amount it is that of the year as expected.
P(target) of a later year is the mean of the chances after `STEPS` equally likely ends of this year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..intake import observations, part_year, plan as plans
from ..intake.observations import Observation, Received, Series
from ..intake.period import Span
from ..intake.plan import Indicator, Plan
from . import forecast as forecasts, nowcast, outlook, progress, verdict
from .case import rung
from .nowcast import MONTHS, Nowcast

STEPS = 9
RUNGS = ((1.05, "ahead"), (0.95, "on_schedule"), (0.60, "behind"), (0.0, "far_behind"))


@dataclass(frozen=True)
class Standing:
    """One indicator at the end of `month` of `year`, in its own unit. `value`: what was published
    last (the sum since January, the running total, the level), None where nothing was, then
    `reason` is why; `level`, `expected`, `due`: judged level now, at the year's end, on the
    straight line then; `needed`, `so_far`: a month, of the rest of the year and of what passed;
    `p_year`, `p_met`: of that line and of the target. `before` is the same at the month before it
    of which something is known."""

    facts: Indicator
    year: int
    month: int | None = None
    value: float | None = None
    level: float | None = None
    nowcast: Nowcast | None = None
    expected: float | None = None
    interval: tuple[float, float] | None = None
    due: float | None = None
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


@dataclass(frozen=True)
class Known:
    """The annual side of a year in progress: `series` of the years before, `annual` the values the
    year's own is one of (additions of sums), `banked` what they come to, `last` last year's level,
    `base` and its year. Where a figure is only a bound there are none."""

    series: Series
    annual: dict[int, float]
    banked: float | None
    last: float | None
    base: float | None
    base_year: int


def known_before(plan: Plan, facts: Indicator, rows: Iterable[Observation], year: int) -> Known:
    """What whole years before `year` say of one indicator (of the plan's whole area)."""
    points = observations.taken(plan, facts, rows, year - 1)
    series = observations.series(facts, points, plan.whole.id)
    base = verdict.baseline_of(plan, facts, series)
    exact = all(point.bound == "=" for point in (*series.history, *series.points))
    levels = dict(zip(series.years, series.levels, strict=True)) if exact else {}
    sums = facts.kind in outlook.ADDED_UP
    if sums:
        annual = dict(zip(*outlook.additions(plan, facts, series), strict=True)) if levels else {}
    else:
        annual = dict(levels)
    last = levels.get(year - 1)
    if last is None and base.year == year - 1:
        last = base.value
        if not sums and last is not None:
            annual[year - 1] = last
    if last is None and facts.kind == "increment" and year == plan.period.start:
        last = 0.0
    return Known(series, annual, last if sums else 0.0, last, base.value, base.year)


def standing(
    plan: Plan,
    facts: Indicator,
    rows: Sequence[Observation],
    parts: Sequence[Observation],
    year: int,
    until: int = MONTHS,
    known_by: str = "",
    model: str = "pooled",
) -> Standing:
    """Where `facts` stands by the parts of `year` up to month `until`, beside the month before."""
    whole = plan.whole.id
    mine = [row for row in parts if row.indicator_id == facts.id and row.area == whole]
    annual = [row for row in rows if row.indicator_id == facts.id and row.area == whole]
    known = known_before(plan, facts, annual, year)
    curves = part_year.curves(facts, mine, known_by, until)
    former = part_year.curves(facts, mine, known_by)
    months = sorted(curves.pop(year, {}))
    if not months or facts.kind == "binary":
        return Standing(facts, year, reason=_why_nothing(facts, mine, year))
    past = {y: curve for y, curve in former.items() if y < year}

    def at_end_of(month: int) -> Standing:
        now = dict(part_year.curves(facts, mine, known_by, month)[year])
        return _standing(facts, known, now, past, year, model)

    *before, newest = map(at_end_of, months[-2:])
    return replace(newest, before=before[0] if before else None)


def _why_nothing(facts: Indicator, rows: Sequence[Observation], year: int) -> str:
    if facts.kind == "binary":
        return "binary"
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
    sums, total = facts.kind in outlook.ADDED_UP, part_year.is_total(facts)
    level = value if total or not sums else None if known.banked is None else known.banked + value
    now = _nowcast(facts, known, part, former, year)
    expected = None if now is None else now.expected + (known.banked or 0.0 if sums else 0.0)
    base, base_year = known.base if facts.start is None else facts.start, known.base_year
    target, last_year = facts.target.value, facts.target.year
    due = progress.scheduled_value(year, base, base_year, target, last_year)
    is_flow = facts.kind == "flow"
    when = year if is_flow else year - 1 + month / MONTHS
    judged = expected if is_flow else level
    gained = progress.progress(judged, base, target)
    passed = (when - base_year) / (last_year - base_year)
    ratio = progress.ratio(gained, passed)
    status = _status(facts, judged, ratio)
    begin = known.last if not is_flow else 0.0
    done = value if is_flow else level
    left = None if due is None or done is None or month == MONTHS else due - done
    return Standing(
        facts,
        year,
        month,
        value,
        level,
        now,
        expected,
        _interval(now, known.banked or 0.0 if sums else 0.0, year),
        due,
        gained,
        passed,
        ratio,
        status,
        None if left is None else left / (MONTHS - month),
        None if done is None or begin is None else (done - begin) / month,
        _chance(facts, now, known.banked or 0.0 if sums else 0.0, due),
        1.0 if status == "met_locked" else p_target(facts, known, now, model),
        "no_start" if now is None else now.ahead.reason,
    )


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
        ends = dict(zip(known.series.years, known.series.levels, strict=True))
        ends |= {} if known.last is None else {year - 1: known.last}
        if known.last is None:
            return None
        part = {m: v - ends[year - 1] for m, v in part.items()}
        former = {
            y: {m: v - ends.get(y - 1, 0.0) for m, v in curve.items()}
            for y, curve in former.items()
            if y - 1 in ends or (facts.kind == "increment" and y == min(known.series.years))
        }
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
    return "not_assessable" if ratio is None else rung(ratio + 1e-9, *RUNGS, below="reverse")


def _chance(
    facts: Indicator, now: Nowcast | None, banked: float, line: float | None
) -> float | None:
    """P(the year ends on the straight line or better)."""
    if now is None or line is None:
        return None
    return now.ahead.chance(line - banked, facts.target.op)


def p_target(
    facts: Indicator, known: Known, now: Nowcast | None, model: str = "pooled"
) -> float | None:
    """P(the target is met in its year), None without nowcast or target.

    Of a target of this year it is the nowcast's own; of a later one (1/k)·Σ P(target | this year
    ends at its quantile (i − ½)/k), i = 1…k, k = `STEPS`.
    """
    target, sums = facts.target, facts.kind in outlook.ADDED_UP
    if now is None or now.ahead.reason or target.value is None:
        return None
    banked = known.banked or 0.0 if sums else 0.0
    if target.year == now.year:
        half = outlook.half_unit(facts) * (1 if target.op in (">", "<=") else -1)
        return now.ahead.chance(target.value + half - banked, target.op)
    if now.year > target.year or (sums and known.banked is None):
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
    """The forecast from this year on, had it ended with `end`."""
    years, values = [*known.annual, year], [*known.annual.values(), end]
    return forecasts.fit(
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


# ── how earlier nowcasts came out ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Track:
    """A year that is over, foretold at the end of `month` by what former years said, and how it
    came out."""

    facts: Indicator
    year: int
    month: int
    expected: float
    low80: float
    high80: float
    actual: float

    @property
    def inside(self) -> bool:
        return self.low80 <= self.actual <= self.high80


def track(
    plan: Plan,
    facts: Indicator,
    rows: Sequence[Observation],
    parts: Sequence[Observation],
    year: int,
    month: int,
) -> list[Track]:
    """Each year before `year` foretold again at the same `month`, by the years before it alone."""
    found = []
    for past in sorted({row.year for row in parts if row.indicator_id == facts.id}):
        if past >= year:
            continue
        then = [row for row in parts if row.year <= past]
        one = standing(plan, facts, rows, then, past, month)
        ended = known_before(plan, facts, rows, past + 1).last
        if one.month != month or one.expected is None or one.interval is None or ended is None:
            continue
        found.append(Track(facts, past, month, one.expected, *one.interval, ended))
    return found


def standings(
    plan: Plan, received: Received, span: Span, known_by: str = "", model: str = "pooled"
) -> list[Standing]:
    """Where every indicator of the plan stands at the end of `span`, in its order."""
    rows = [row for row in received.observations if _seen(row, known_by)]
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
        if row.year == year and row.value is not None and _seen(row, known_by)
    }
    if plan.scenario or not any(row.year == year for row in received.parts):
        return []
    found = standings(plan, received, Span(year, MONTHS), known_by, model)
    return [
        one for one in found if one.value is not None and (one.facts.id, plan.whole.id) not in over
    ]


def _seen(row: Observation, known_by: str) -> bool:
    return not known_by or "" < observations.became_known(row) <= plans.last_day(known_by)


def tracks(plan: Plan, received: Received, span: Span) -> list[Track]:
    """Every indicator's former years foretold again."""
    return [
        one
        for facts in plans.indicators(plan)
        for one in track(plan, facts, received.observations, received.parts, span.year, span.last)
    ]


def ended(plan: Plan, received: Received, span: Span) -> dict[tuple[str, int], float]:
    """(indicator, year) → the judged level of every year before `span`'s that is known."""
    found = {}
    for facts in plans.indicators(plan):
        rows = [row for row in received.observations if row.indicator_id == facts.id]
        for year in range(plan.period.start, span.year):
            last = known_before(plan, facts, rows, year + 1).last
            if last is not None:
                found[facts.id, year] = last
    return found
