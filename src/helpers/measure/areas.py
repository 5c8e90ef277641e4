"""How the parts of the plan's area stand, each judged alone; the whole is never the mean of its
parts (METHOD §4)."""

from __future__ import annotations

from collections.abc import Sequence

from ..intake.observations import Point
from ..intake.plan import Indicator, Plan
from . import verdict
from .verdict import Assessment


def by_area(
    plan: Plan, facts: Indicator, points: Sequence[Point], year: int, **options: object
) -> list[Assessment]:
    """The assessment of `facts` in every part that has figures of it, in the plan's order;
    `options` as of `verdict.assess`."""
    reported = {point.row.area for point in points if point.row.indicator_id == facts.id}
    parts = [area.id for area in plan.areas if area.role == "part" and area.id in reported]
    return [
        verdict.assess(plan, facts.in_area(area), points, year, area=area, **options)
        for area in parts
    ]


def ranked(said: Sequence[Assessment]) -> list[Assessment]:
    """Those with a value, the best first."""
    known = [one for one in said if one.value is not None]
    return sorted(known, key=lambda one: one.value, reverse=one_way(known))


def one_way(said: Sequence[Assessment]) -> bool:
    """True where more is better."""
    return not said or said[0].facts.direction == "higher"
