"""How earlier nowcasts came out: years that are over, foretold again by what former years said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..intake import plan as plans
from ..intake.observations import Observation, Received
from ..intake.period import Span
from ..intake.plan import Indicator, Plan
from . import monitor
from .before import known_before


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
        one = monitor.standing(plan, facts, rows, then, past, month)
        ended = known_before(plan, facts, rows, past + 1).last
        if one.month != month or one.expected is None or one.interval is None or ended is None:
            continue
        found.append(Track(facts, past, month, one.expected, *one.interval, ended))
    return found


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
