"""What would have been said of a plan in each earlier year, on what was known then, beside what
happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..intake import observations, plan as plans
from ..intake.closed import MemoryFile, Outcome
from ..intake.plan import Indicator, Plan
from . import forms, verdict
from .assessment import Assessment

DIGITS = 4  # of a place that is kept


@dataclass(frozen=True)
class Hindsight:
    """One indicator: its assessment of every year before the target year, and the final one."""

    facts: Indicator
    yearly: tuple[Assessment, ...]
    final: Assessment


def of_plan(plan: Plan) -> Iterator[Hindsight]:
    """Every indicator of a plan, in its order; the assessment of year Y rests on what was published
    by the end of Y + 1."""
    received, last = observations.receive(plan), plan.target_year
    final = observations.all_taken(plan, received, last)
    years = range(plan.period.start, last)
    known = {
        year: observations.all_taken(plan, received, year, f"{year + 1}-12-31") for year in years
    }
    for facts in plans.indicators(plan):
        yearly = (verdict.assess(plan, facts, known[year], year) for year in years)
        yield Hindsight(facts, tuple(yearly), verdict.assess(plan, facts, final, last))


def outcomes(plan: Plan) -> list[Outcome]:
    """Where the published outcomes of a closed plan came in its forecasts (`Outcome`): a row an
    indicator and year that has both. The forecasts are those without any memory."""
    found = []
    for each in of_plan(replace(plan, memory=MemoryFile())):
        facts, point = each.facts, next(iter(each.final.series.points[-1:]), None)
        if forms.has_own_rule(facts) or point is None or point.bound != "=":
            continue
        if point.year != facts.target.year:
            continue
        known = observations.became_known(point.row)
        for said in each.yearly:
            place = said.forecast.chance(point.figure, "<=", point.year)
            if place is not None and known:
                place = round(place, DIGITS)
                key = (plan.id, facts.id, facts.name_zh, said.year)
                found.append(Outcome(*key, facts.direction, place, known))
    return found
