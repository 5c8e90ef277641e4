"""What is missing: for every indicator the years of the plan without a value, and who would have to
supply them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..intake.observations import Point
from ..intake.plan import Indicator, Plan


@dataclass(frozen=True)
class Missing:
    """The years from the plan's first to the assessment year in which nothing was observed."""

    facts: Indicator
    years: tuple[int, ...]


def missing(
    plan: Plan, facts: Sequence[Indicator], points: Iterable[Point], year: int
) -> list[Missing]:
    """Indicators that lack a year of the whole area, in the plan's order."""
    seen = {
        (point.row.indicator_id, point.year) for point in points if point.row.area == plan.whole.id
    }
    lacking = [
        Missing(
            one, tuple(y for y in range(plan.period.start, year + 1) if (one.id, y) not in seen)
        )
        for one in facts
    ]
    return [one for one in lacking if one.years]
