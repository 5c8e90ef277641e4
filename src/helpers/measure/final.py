"""The final word on an indicator (METHOD §3): spoken in the target year on that year's value."""

from __future__ import annotations

import math

from ..intake.plan import Indicator
from . import progress as pg
from .assessment import Assessment
from .thresholds import NEARLY, OVERFULFILLED, SLACK
from .worlds import interval_of

ROUNDED = "cn-plan-1-rounded"  # 修约值比较法 of GB/T 8170; the default compares 全数值
FINALS = (
    "over_fulfilled",
    "fulfilled",
    "nearly_fulfilled",
    "fulfilled_late",
    "unfulfilled",
    "unfulfilled_reverse",
    "pending",
)
FULFILLED = ("over_fulfilled", "fulfilled")


def rounding_of(facts: Indicator, rule: str) -> int | None:
    """The decimals to which values are rounded before they meet a target; None where they are
    compared as they are."""
    return facts.printed_decimals if rule == ROUNDED else None


def final_word(said: Assessment) -> str:
    """The final word (METHOD §3), spoken in the target year and only on the target year's own
    value; "" before it."""
    facts, target = said.facts, said.facts.target
    if said.year < target.year:
        return ""
    point = next((p for p in said.series.points if p.year == target.year), None)
    if point is None or target.value is None:
        return "pending"
    low, high = interval_of(point.figure, point.bound, facts.upper)
    words = {_final_of(said, y, beyond=point.bound == ">") for y in (low, high)}
    if len(words) == 1:
        word = words.pop()
        return "fulfilled_late" if word not in FULFILLED and _met_late(said) else word
    return "fulfilled" if words <= set(FULFILLED) else "pending"


def _met_late(said: Assessment) -> bool:
    """Whether the year after the target year met what the target year missed."""
    late, facts, target = said.series.late, said.facts, said.facts.target
    if late is None or late.bound not in ("=", ">", ">="):
        return False
    if late.bound != "=" and target.op not in (">", ">="):
        return False
    beyond = late.bound == ">"
    return pg.met(
        late.figure, target.figure, target.op, rounding_of(facts, said.rule), beyond=beyond
    )


def _final_of(said: Assessment, y: float, *, beyond: bool) -> str:
    facts, base, target = said.facts, said.baseline, said.facts.target
    done = pg.met(y, target.figure, target.op, rounding_of(facts, said.rule), beyond=beyond)
    start = base.value if base.bound == "=" else None
    started_met = start is not None and pg.met(
        start, target.figure, target.op, rounding_of(facts, said.rule)
    )
    p = None if started_met or math.isinf(y) else pg.progress(y, start, target.value)
    if facts.property == "binding":
        return "fulfilled" if done else "unfulfilled"
    if done:
        return (
            "over_fulfilled"
            if math.isinf(y) or (p is not None and p >= OVERFULFILLED - SLACK)
            else "fulfilled"
        )
    if p is not None and p >= NEARLY - SLACK:
        return "nearly_fulfilled"
    return "unfulfilled_reverse" if started_met or (p is not None and p < 0) else "unfulfilled"
