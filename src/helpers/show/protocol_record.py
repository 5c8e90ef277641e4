"""The protocol beside an edition as a record: when it was sealed, when the first figure used was
published, and every departure from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ..intake import protocol
from ..intake.plan import Plan, last_day
from ..measure import thresholds

THRESHOLDS = {  # what verdicts turn on, by the names a protocol knows them by
    **{f"from_{status}": ratio for ratio, status in thresholds.RUNGS},
    "least_assessable": thresholds.LEAST_ASSESSABLE,
    "well": thresholds.WELL,
    "mostly": thresholds.MOSTLY,
    "overfulfilled": thresholds.OVERFULFILLED,
    "nearly": thresholds.NEARLY,
    "least_foreseen": float(thresholds.LEAST_FORESEEN),
}
PRINTED = thresholds.STATUS | {
    name: f"{100 * THRESHOLDS[name]:.0f}%"
    for name in ("overfulfilled", "nearly", "least_assessable", "well", "mostly")
}


def of_run(plan: Plan, records: Sequence[dict]) -> dict | None:
    """The record of the plan's protocol; None where it has none, and under a scenario, which is a
    departure by itself."""
    sealed = None if plan.scenario else protocol.of(plan)
    if sealed is None:
        return None
    now = protocol.drawn_up(plan, sealed.sealed, THRESHOLDS)
    first = first_published(records, plan.period.start)
    return {
        "sealed": sealed.sealed,
        "questions": len(sealed.questions),
        "first_published": first,
        "older": bool(first) and last_day(sealed.sealed) < first,
        "departures": [asdict(each) for each in protocol.departures(sealed, now)],
    }


def first_published(records: Sequence[dict], start: int) -> str:
    """The first day on which a figure of the plan's period that is used may have been published: of
    a month or a year its first; "" where none is dated."""
    days = [
        (point["published"] + "-01-01")[:10]
        for record in records
        for point in record["points"]
        if point["published"] and point["year"] >= start
    ]
    return min(days, default="")
