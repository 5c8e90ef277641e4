"""Where a promise without a number stands, as far as published evidence tells: three axes.

*Schedule* (`SCHEDULE`) is what the evidence shows against the promise's date, *official* what its
office says itself, *strength* how good the best evidence is. Silence is never read as failure: only
a promise with evidence of having begun, past its date, is late. A sign ages: it speaks for its year
and the next, in the year a promise falls due for that year alone. `state` sums the schedule up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..intake.plan import Commitment, Period, last_day
from ..intake.promise_rows import STRENGTHS, Evidence

SCHEDULE = {  # code → the state it is summed up as; from the best to the unknown
    "done": "done",
    "done_late": "done",
    "in_time": "in_progress",
    "changed": "in_progress",
    "stale": "in_progress",
    "not_started": "not_started",
    "late": "overdue",
    "dropped": "dropped",
    "unclear": "no_information",
    "due_no_information": "no_information",
    "no_information": "no_information",
}
STATES = ("done", "in_progress", "overdue", "not_started", "dropped", "no_information")
FRESH = 1  # years: what happened in a year is told in the next, so the newest sign is a year old


@dataclass(frozen=True)
class CommitmentState:
    """`state` and `schedule` in the reading taken; `other_readings`: id → schedule in it;
    `official`: the state its office says, "" where it says none; `strength` of the best evidence
    that is not its own word, "" where none says."""

    commitment: Commitment
    state: str
    evidence: tuple[Evidence, ...]
    schedule: str = ""
    official: str = ""
    strength: str = ""
    other_readings: dict[str, str] = field(default_factory=dict)


def state_of(
    commitment: Commitment,
    evidence: Iterable[Evidence],
    period: Period,
    year: int,
    known_by: str = "",
) -> CommitmentState:
    """Where it stands at the end of `year` (or on `known_by`, an ISO date), from the evidence
    published by then; an office's own word moves the official axis alone. At the plan's end what
    was done after it is seen too, where `known_by` lies so late.

    milestone: done once; annual: done where every year of the period so far is; continuing: never
    done, only under way.
    """
    on = last_day(known_by or f"{year}-12-31")
    last = int(on[:4]) if known_by and year == period.end else year
    seen = _seen(commitment, evidence, max(year, last), on if known_by else "")
    shown = [row for row in seen if row.strength != "self_statement"]
    said = [row for row in seen if row.strength == "self_statement"]
    ways = {
        way.id: schedule_of(commitment, _read_as(shown, way.id), period, year, on)
        for way in commitment.readings
    }
    taken = next((way.id for way in commitment.readings if way.taken), "")
    schedule = ways.pop(taken, "") or schedule_of(commitment, shown, period, year, on)
    begun = shown and SCHEDULE[schedule] == "no_information"
    return CommitmentState(
        commitment,
        "in_progress" if begun else SCHEDULE[schedule],
        seen,
        schedule,
        max(said, key=_day).state if said else "",
        next((name for name in STRENGTHS if any(row.strength == name for row in shown)), ""),
        ways,
    )


def _seen(
    commitment: Commitment, evidence: Iterable[Evidence], year: int, known_by: str
) -> tuple[Evidence, ...]:
    """The signs of `commitment` up to `year` that were published by `known_by`."""
    return tuple(
        row
        for row in evidence
        if row.commitment_id == commitment.id
        and row.year <= year
        and (not known_by or (row.published and last_day(row.published) <= known_by))
    )


def schedule_of(
    commitment: Commitment, shown: Sequence[Evidence], period: Period, year: int, on: str
) -> str:
    """A code of `SCHEDULE`. A promise without a date is due at the plan's end."""
    due = last_day(commitment.due or f"{period.end}-12-31")
    last = max(shown, key=_day).state if shown else ""
    done = [row for row in shown if row.state == "done"]
    if last in ("dropped", "changed"):
        return last
    if commitment.unclear:
        return "unclear"
    if commitment.type == "milestone" and done:
        return "done" if min(map(_first_day, done)) <= due else "done_late"
    if commitment.type == "annual" and {row.year for row in done} >= set(
        range(period.start, year + 1)
    ):
        return "done"
    if not shown:
        return "due_no_information" if due <= on else "no_information"
    if commitment.type == "milestone" and due < on:
        return "late"
    if last == "not_started":
        return last
    return _aged(shown, year, due <= on)


def _aged(shown: Sequence[Evidence], year: int, due: bool) -> str:
    """What signs of work under way say of `year`, in which the promise is `due` or is not."""
    newest = max(max(row.year, int((row.until or "0")[:4])) for row in shown)
    if due:
        return "in_time" if newest >= year else "due_no_information"
    return "in_time" if newest >= year - FRESH else "stale"


def _read_as(rows: Iterable[Evidence], way: str) -> list[Evidence]:
    """The rows as that reading takes them: done in another one only is, in this, under way."""
    return [
        row if row.reading in ("", way) or row.state != "done" else _under_way(row) for row in rows
    ]


def _under_way(row: Evidence) -> Evidence:
    return replace(row, state="in_progress")


def _first_day(row: Evidence) -> str:
    """The day from which it may have been so: a year alone is read in favour of the promise."""
    return (row.date or str(row.year)) + "-01-01"[len(row.date or "2000") - 4 :]


def _day(row: Evidence) -> str:
    return last_day(row.date or str(row.year))
