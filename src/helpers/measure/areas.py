"""How the parts of the plan's area stand, each judged alone; the whole is never the mean of its
parts (METHOD §4)."""

from __future__ import annotations

from collections.abc import Sequence

from ..intake.observations import Point
from ..intake.plan import Indicator, Plan
from . import verdict
from .assessment import Assessment


def by_area(
    plan: Plan,
    facts: Indicator,
    points: Sequence[Point],
    year: int,
    *,
    model: str = "pooled",
    rule: str = "cn-plan-1",
    window: int | None = None,
) -> list[Assessment]:
    """The assessment of `facts` in every part that has figures of it, in the plan's order; model,
    rule and window as of `verdict.assess`."""
    reported = {point.row.area for point in points if point.row.indicator_id == facts.id}
    parts = [area.id for area in plan.areas if area.role == "part" and area.id in reported]
    return [
        verdict.assess(
            plan,
            facts.in_area(area),
            points,
            year,
            area=area,
            model=model,
            rule=rule,
            window=window,
        )
        for area in parts
    ]


def ranked(said: Sequence[Assessment]) -> list[Assessment]:
    """Those with a value, the best first."""
    known = [(one.value, one) for one in said if one.value is not None]
    best_first = sorted(known, key=lambda pair: pair[0], reverse=one_way([one for _, one in known]))
    return [one for _, one in best_first]


def one_way(said: Sequence[Assessment]) -> bool:
    """True where more is better."""
    return not said or said[0].facts.direction == "higher"
