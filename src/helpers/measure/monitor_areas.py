"""Where the parts of the plan's area stand while the year is not over, each by its own figures; the
whole is never the mean of its parts (METHOD §4)."""

from __future__ import annotations

from ..intake import plan as plans
from ..intake.observations import Received
from ..intake.period import Span
from ..intake.plan import Area, Plan
from .monitor import Standing, seen, standing


def by_area(
    plan: Plan, received: Received, span: Span, known_by: str = "", model: str = "pooled"
) -> list[tuple[Area, Standing]]:
    """(area, where an indicator stands in it) wherever an area reported of the year, in the order
    of the plan."""
    rows = [row for row in received.observations if seen(row, known_by)]
    told = {(row.indicator_id, row.area) for row in received.parts if row.year == span.year}
    until = (span.year, span.last, known_by, model)
    found = [
        (area, standing(plan, facts.in_area(area.id), rows, received.parts, *until, area.id))
        for facts in plans.indicators(plan)
        for area in plan.areas
        if area.role == "part" and (facts.id, area.id) in told
    ]
    return [(area, one) for area, one in found if one.value is not None]
