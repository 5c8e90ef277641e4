"""Which items of an assessment call for a recommendation: orange and red ones, late ones, and what
has fallen due and nobody tells of.
"""

from __future__ import annotations

ALERTS = ("red", "orange")
SCHEDULES = ("late", "due_no_information")
NO_DATA = "no_data"


def indicator(alert: str | None, status: str, year: int, target_year: int) -> str:
    """Why an indicator calls for one: its alert, or `NO_DATA` where its target year has come
    without a figure; "" where it does not."""
    if alert in ALERTS:
        return alert
    return NO_DATA if status == NO_DATA and year >= target_year else ""


def commitment(schedule: str) -> str:
    """Why a promise calls for one: late, or due without information; "" where it does not."""
    return schedule if schedule in SCHEDULES else ""
