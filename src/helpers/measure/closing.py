"""What a plan leaves when it ends: the final word of every indicator, what was met too late, what
never could be judged."""

from __future__ import annotations

from dataclasses import dataclass

from ..intake import observations, plan as plans
from ..intake.plan import Indicator, Plan
from . import verdict
from .assessment import Assessment
from .verdict import UNJUDGED

UNSAID = ("", "pending")  # final codes that are no final word


@dataclass(frozen=True)
class Ended:
    """One indicator at the end of its plan: what is said in the target year, and the years of the
    plan in which it could be judged at all."""

    facts: Indicator
    said: Assessment
    judged: tuple[int, ...]

    @property
    def final(self) -> str:
        """The code of its final word; pending where its last value is not published."""
        return self.said.final or "pending"

    @property
    def never(self) -> bool:
        """True where no year's data could be judged."""
        return not self.judged

    @property
    def late(self) -> bool:
        """True where the year after the plan met what the plan missed."""
        return self.final == "fulfilled_late"


def ended(plan: Plan, known_by: str = "") -> tuple[Ended, ...]:
    """Every indicator of the plan at its end, on what is known (by a date where one is given)."""
    received = observations.receive(plan)
    years = range(plan.period.start, plan.target_year + 1)
    taken = {year: observations.all_taken(plan, received, year, known_by) for year in years}
    found = []
    for facts in plans.indicators(plan):
        said = {year: verdict.assess(plan, facts, taken[year], year) for year in years}
        judged = tuple(
            year for year in years if said[year].status not in UNJUDGED and said[year].series.points
        )
        found.append(Ended(facts, said[plan.target_year], judged))
    return tuple(found)
