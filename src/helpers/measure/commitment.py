"""Whether a promise without a number was kept, as far as published evidence tells.

States: `done` 已完成, `in_progress` 推进中, `overdue` 逾期, `no_information` 无资料. Silence is
never read as failure: only a promise with evidence of having begun, past its date, is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..intake.observations import Evidence
from ..intake.plan import Commitment, Period, last_day

STATES = ("done", "in_progress", "overdue", "no_information")


@dataclass(frozen=True)
class CommitmentState:
    commitment: Commitment
    state: str
    evidence: tuple[Evidence, ...]


def state_of(
    commitment: Commitment,
    evidence: Iterable[Evidence],
    period: Period,
    year: int,
    known_by: str = "",
) -> CommitmentState:
    """The state at the end of `year` (or on `known_by`, an ISO date), from the evidence published
    by then.

    milestone: done once; annual: done where every year of the period so far is; continuing: never
    done, only under way.
    """
    on = known_by or f"{year}-12-31"
    seen = tuple(
        row
        for row in evidence
        if row.commitment_id == commitment.id
        and row.year <= year
        and (not known_by or (row.published and last_day(row.published) <= last_day(known_by)))
    )
    done = {row.year for row in seen if row.state == "done"}
    passed = commitment.due is not None and last_day(commitment.due) < last_day(on)
    if not seen:
        state = "no_information"
    elif (commitment.type == "milestone" and done) or (
        commitment.type == "annual" and done >= set(range(period.start, year + 1))
    ):
        state = "done"
    else:
        state = "overdue" if passed and commitment.type == "milestone" else "in_progress"
    return CommitmentState(commitment, state, seen)
