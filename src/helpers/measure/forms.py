"""The arithmetic of a target's form: which quantity is judged, what it should be by now, and what
the years left must bring (METHOD §2, §3).

Every form with a rule of its own says where it stands as x, what has come together so far, against
`due`, what should have by now, and `whole`, what the period asks; all three in one additive unit:

    mean        x = t·m        due = t·T     whole = n·T     (m the mean of t years of n)
    compound    x = ln of the total          due = τ·ln of the target
    every year  x = years kept due = years known      whole = n

r = 1 + d·(x − due)/|due| is then the pace, 1 exactly on schedule, and p = r·τ the share of the way.
Rates compound: a constant yearly rate is exactly on schedule, whatever it adds up to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..intake.observations import Point, Series
from ..intake.plan import Indicator, Plan, last_day
from ..intake.targets import EACH_YEAR, OWN_RULE, Target
from . import progress as pg
from .worlds import interval_of


def has_own_rule(facts: Indicator) -> bool:
    """Whether the target is judged by what the years come to, or year by year."""
    return facts.target.judged in OWN_RULE


def is_level(facts: Indicator) -> bool:
    """Whether the target is a value of the indicator's own series in the target year."""
    return facts.target.form in ("at_end", "rise")


def in_force(facts: Indicator, series: Series, year: int) -> Indicator:
    """`facts` as they stand in the assessed `year`: the baseline last published anew that the
    latest value is comparable with, the target last amended, a rise as the level it leads to."""
    base, target = facts.baseline, facts.target
    if target.printed is not None:
        return facts  # read already
    known = series.points[-1].row.published if series.points else ""
    if base.revised and known and last_day(known) >= last_day(base.revised.published):
        anew = base.revised
        base = replace(base, year=anew.year or base.year, value=anew.value, bound="=")
    for change in target.amended:
        if int(change.published[:4]) <= year:
            target = replace(target, value=change.value)
    if target.form == "rise":
        start = base.value
        end = None if start is None or target.value is None else round(start + target.value, 9)
        target = replace(target, value=end, printed=target.value)
    if base == facts.baseline and target == facts.target:
        return facts
    return replace(facts, baseline=base, target=target)


@dataclass(frozen=True)
class Course:
    """How far a form has come: x against due, of the whole, for values of which more (d = 1) or
    less (d = −1) is better; `elapsed` is the share of the period that x speaks of."""

    x: float
    due: float
    whole: float
    d: int
    elapsed: float

    @property
    def ratio(self) -> float | None:
        """r; None where nothing is due by now (a mean of zero), or the due has no scale."""
        return None if not self.due else 1 + self.d * (self.x - self.due) / abs(self.due)

    @property
    def progress(self) -> float | None:
        """p = r·τ."""
        return None if self.ratio is None else self.ratio * self.elapsed


def course(plan: Plan, facts: Indicator, series: Series, value: float, year: int) -> Course | None:
    """Where an accumulated target stands with the judged level `value` in `year`, or a target of
    each year with its points; None where the level has no logarithm."""
    target, before = facts.target, plan.period.start - 1
    n = target.year - before
    if target.judged in EACH_YEAR:
        kept, broke, _ = years_kept(facts, series, plan.period.start)
        seen = len(kept) + len(broke)
        return Course(len(kept), seen, n, 1, seen / n)
    d, elapsed = (1 if facts.direction == "higher" else -1), (year - before) / n
    if target.judged == "mean":
        t, due = year - before, target.figure
        if target.compared and target.compared.by == "difference":
            due, value = 0.0, value - due  # how far apart two series are has no scale of its own
        return Course(t * value, t * due, n * due, d, elapsed)
    x, whole = log_total(target, value), log_total(target, target.figure)
    return None if x is None or whole is None else Course(x, elapsed * whole, whole, d, elapsed)


def log_total(target: Target, total: float) -> float | None:
    """100·ln of what a compounded total leaves, counted in the direction of the rates: yearly falls
    of 2.86 % add 2.90 each. None for a fall of all there was."""
    sign = 1 if target.rate == "growth" else -1
    left = 1 + sign * total / 100
    return sign * 100 * math.log(left) if left > 0 else None


def due_level(plan: Plan, facts: Indicator, year: int) -> float | None:
    """序时值: the mean asked for, or what the target's constant yearly rate comes to by `year`."""
    target, before = facts.target, plan.period.start - 1
    if target.judged == "mean":
        return target.value
    if target.judged != "compound" or target.value is None:
        return None
    share = (year - before) / (target.year - before)
    sign = 1 if target.rate == "growth" else -1
    return float(sign * ((1 + sign * target.value / 100) ** share - 1) * 100)


def needed(plan: Plan, facts: Indicator, value: float, year: int) -> float | None:
    """What each year left has to be for an accumulated target, in the unit of the years' values.
    None where no year is left, for other forms, and where no rate could do it."""
    target, before = facts.target, plan.period.start - 1
    left, passed, n = target.year - year, year - before, target.year - before
    if left <= 0 or target.value is None or target.judged in EACH_YEAR:
        return None
    if target.rate is None:
        return (n * target.value - passed * value) / left
    sign = 1 if target.rate == "growth" else -1
    goal, now = 1 + sign * target.value / 100, 1 + sign * value / 100
    if target.judged == "mean":
        goal, now = goal**n, now**passed
    return None if now <= 0 or goal <= 0 else sign * ((goal / now) ** (1 / left) - 1) * 100


def years_kept(
    facts: Indicator, series: Series, start: int
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """(years that kept to their limits, years that did not, years whose bound leaves it open), of
    those from `start` to the target year that are known and have a limit."""
    kept: list[int] = []
    broke: list[int] = []
    unsure: list[int] = []
    for point in series.points:
        if not start <= point.year <= facts.target.year or not any(_limits(facts, point.year)):
            continue
        ends = interval_of(point.figure, point.bound, facts.upper)
        found = {holds(facts, point.year, y) for y in ends}
        (unsure if len(found) > 1 else kept if found.pop() else broke).append(point.year)
    return tuple(kept), tuple(broke), tuple(unsure)


def _limits(facts: Indicator, year: int) -> list[bool]:
    return [end is not None for end in facts.target.limits(year)]


def holds(facts: Indicator, year: int, value: float) -> bool:
    """Whether `value` keeps to the limits of `year`; without any it does."""
    low, high = facts.target.limits(year)
    strict = is_strict(facts, year)
    if low is not None and not pg.met(value, low, ">" if strict else ">="):
        return False
    return high is None or pg.met(value, high, "<" if strict else "<=")


def is_strict(facts: Indicator, year: int) -> bool:
    """Whether the limit of `year` itself breaks it (低于); the ends of a range and of a year's own
    goal are inside."""
    own = any(goal.year == year for goal in facts.target.goals)
    return facts.target.op in (">", "<") and facts.target.judged == "every_year" and not own


def yearly(points: Sequence[Point]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """(years, values as published) behind accumulated levels."""
    return tuple(p.year for p in points), tuple(p.row.figure for p in points)
