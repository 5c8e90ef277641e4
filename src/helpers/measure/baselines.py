"""From where progress is measured (METHOD §2, §4), and up to which point."""

from __future__ import annotations

from ..intake.facts import STARTS_FROM_ZERO, Indicator, Plan
from ..intake.observations import Point, Series
from . import forms
from .assessment import Baseline


def baseline_of(plan: Plan, facts: Indicator, series: Series) -> Baseline:
    """Where progress starts (METHOD §2, §4): zero for increments; else the plan's figure, an
    observation, a substitute, or none. The year before the period, without a value, for a form that
    measures nothing from one."""
    stated = facts.baseline
    if forms.has_own_rule(facts):
        return Baseline(plan.period.start - 1, None, "=", "form")
    if facts.kind in STARTS_FROM_ZERO:
        return Baseline(stated.year, 0.0, "=", "zero")
    broken = series.broken_at is not None and stated.year < series.broken_at
    observed = next((p for p in series.points if p.year == stated.year), None)
    if stated.value is not None and not broken:
        return Baseline(stated.year, stated.value, stated.bound, "plan")
    if stated.source == "observations" and observed is not None:
        return Baseline(stated.year, observed.level, observed.bound, "observations")
    first = next(
        (p for p in series.points if plan.period.start <= p.year < facts.target.year), None
    )
    if facts.substitute_baseline and first is not None:
        return Baseline(first.year, first.level, first.bound, "substitute")
    return Baseline(stated.year, None, "=", "none")


def latest_of(plan: Plan, series: Series, base: Baseline) -> Point | None:
    """The last point after the baseline, of a level without one the last in the plan period; None
    where there is none."""
    first = plan.period.start if base.source == "none" else base.year + 1
    after = [p for p in series.points if p.year > base.year and p.year >= first]
    return after[-1] if after else None
