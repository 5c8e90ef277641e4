"""What whole years say before a year in progress: what is banked, where it starts, what its own
value is one of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..intake import observations
from ..intake.observations import Observation, Series
from ..intake.plan import Indicator, Plan
from . import baselines, forms, memory, outlook
from .memory import Memory


@dataclass(frozen=True)
class Known:
    """The annual side of a year in progress: `series` of the years before, `annual` the values the
    year's own is one of (additions of sums), `banked` what they come to, `last` last year's level,
    `start` of progress and its year. Where a figure is only a bound there are none. `memory`: what
    closed plans teach; `facts` as they stand in the year."""

    facts: Indicator
    series: Series
    annual: dict[int, float]
    banked: float | None
    last: float | None
    start: float | None
    base_year: int
    memory: Memory


def known_before(
    plan: Plan, facts: Indicator, rows: Iterable[Observation], year: int, area: str = ""
) -> Known:
    """What whole years before `year` say of one indicator, of the plan's whole area or one `area`
    of it."""
    points = observations.taken(plan, facts, rows, year - 1)
    series = observations.series(facts, points, area or plan.whole.id)
    facts = forms.in_force(facts, series, year)
    base = baselines.baseline_of(plan, facts, series)
    exact = all(point.bound == "=" for point in (*series.history, *series.points))
    levels = dict(zip(series.years, series.levels, strict=True)) if exact else {}
    sums = facts.kind in outlook.ADDED_UP
    if sums:
        annual = dict(zip(*outlook.additions(plan, facts, series), strict=True)) if levels else {}
    else:
        annual = dict(levels)
    start = base.value if facts.start is None else facts.start
    last = levels.get(year - 1)
    if last is None and base.year == year - 1:
        last = base.value
        if not sums and last is not None:
            annual[year - 1] = last
    if last is None and facts.kind == "increment" and year == plan.period.start:
        last = 0.0
    taught = memory.of_plan(plan, year)
    return Known(facts, series, annual, last if sums else 0.0, last, start, base.year, taught)
