"""The target that has a given chance: the inverse of P, read off the same fan (METHOD §5, §7).

P(T) = P(the value of the year meets T) falls the more is asked, so for each chance p there is one
target with P(T) = p: the quantile 1 − p of the fan for a target to reach, p for one to stay below,
and half a printed unit beside it, because P asks for the value as it is printed. Values are in the
indicator's unit, chances and shares are fractions, a year is an integer. A target of the next
period, an increment's, counts from the first year after this one: what may still be added before
is taken at its median.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..intake import observations
from ..intake.observations import Point, Series
from ..intake.plan import Indicator, Plan
from ..intake.targets import EACH_YEAR
from . import forecast as forecasts, forms, memory, outlook, paths, progress
from .forecast import Forecast
from .pooled import Floats

CHANCES = (0.5, 0.66, 0.8)  # even, likely, and what a binding target might be set at
TREND = 0.95  # a target at least so likely without anything new is behind the trend
REACH = 0.05  # one at most so likely is out of reach
LATELY = 5  # years a pace is taken over
TINY = 1e-9  # half units are added in binary


@dataclass(frozen=True)
class Asked:
    """An indicator and the year a target is asked for: its facts with that year, the fan, the
    latest level and its year, what of a sum falls before the period (`before`); of a target for
    each year the worst year's value on every path, so that T is kept where it is not beyond T."""

    facts: Indicator
    forecast: Forecast
    year: int
    latest: tuple[int, float] | None
    before: float = 0.0
    worst: Floats | None = None

    @property
    def sign(self) -> int:
        """1 of a target to stay below, −1 of one to reach."""
        return 1 if self.facts.target.op in ("<=", "<") else -1

    @property
    def reason(self) -> str:
        """The code of why there is no chance, an empty string where there is one."""
        return self.forecast.reason or ("" if self.forecast.rows else "too_far")


@dataclass(frozen=True)
class Pace:
    """How fast a series moved: per year in its unit, per year as a share (None for rates), from
    one year to another."""

    name: str
    first: int
    last: int
    step: float
    growth: float | None


def known(plan: Plan, known_by: str = "") -> list[Point]:
    """Everything known of the plan's indicators, by a date where one is given."""
    received = observations.receive(plan)
    return observations.all_taken(plan, received, plan.target_year, known_by)


def ask(
    plan: Plan,
    facts: Indicator,
    points: Sequence[Point],
    year: int | None = None,
    *,
    model: str = "pooled",
    window: int | None = None,
) -> Asked:
    """The fan of `facts` up to `year` (default: its own target year, else it has no target of the
    plan's), from the plan's points."""
    series, own = observations.series(facts, points, plan.whole.id), facts.target.year
    facts = forms.in_force(facts, series, _known_in(points))
    if (year := year or own) != own:
        facts = replace(facts, target=replace(facts.target, year=year, value=None))
    if _has_no_line(facts, year == own):
        return Asked(facts, Forecast(model, 0, reason="other_form"), year, None)
    if forms.has_own_rule(facts):
        return _of_form(plan, facts, series, outlook.forecast(plan, facts, series, model, window))
    last = series.points[-1] if series.points else None
    if facts.kind == "increment" and (year > plan.period.end if last else series.history):
        before = plan.period.end if last else plan.period.start - 1
        return _coming(plan, facts, series, model, before)
    if last is None:
        return Asked(facts, Forecast(model, 0, reason="no_data"), year, None)
    fan = _reaching(outlook.forecast(plan, facts, series, model, window), year)
    return Asked(facts, fan, year, (last.year, last.figure))


def _known_in(points: Sequence[Point]) -> int:
    """The year up to which the points tell what became of the plan."""
    return max((int(p.row.published[:4]) for p in points if p.row.published), default=0)


def _has_no_line(facts: Indicator, as_planned: bool) -> bool:
    """Whether no single value draws the target: words, a range, a goal for each year; what the
    years come to, or are to keep to, in another period than the plan's."""
    target = facts.target
    if target.form == "qualitative" or target.judged == "range" or target.goals:
        return True
    return forms.has_own_rule(facts) and not as_planned


def _of_form(plan: Plan, facts: Indicator, series: Series, fan: Forecast) -> Asked:
    """A target for what the years come to, or for each of them: then P(T) is that the worst year
    of the plan, known or on a path, keeps to T as printed."""
    latest = next(((p.year, p.figure) for p in reversed(series.points)), None)
    found = Asked(facts, fan, facts.target.year, latest)
    if not fan.rows or facts.target.judged not in EACH_YEAR:
        return found
    half = outlook.half_unit(facts)
    slack = half if forms.is_strict(facts, facts.target.year) else 0.0
    inside = [p.figure for p in series.points if p.year >= plan.period.start]
    known = max((found.sign * figure + slack for figure in inside), default=-np.inf)
    ahead = (found.sign * paths.of_years(fan)).max(axis=1) + (slack or -half)
    return replace(found, worst=found.sign * np.maximum(ahead, known))


def _coming(plan: Plan, facts: Indicator, series: Series, model: str, before: int) -> Asked:
    """A sum that begins after the year `before`, from its yearly additions so far."""
    year, known = facts.target.year, [*series.history, *series.points]
    years, added = outlook.additions(plan, facts, series)
    if not years or years[-1] != known[-1].year:
        fan = Forecast(model, len(years), reason="too_few_points")
        return Asked(facts, fan, year, (before, 0.0))
    half = outlook.half_unit(facts)
    fan = forecasts.fit(years, added, year, kind=facts.kind, model=model, start=0.0, rounding=half)
    taught = memory.of_plan(plan, years[-1])
    fan = memory.recalled(fan, taught, facts.direction == "higher")
    gap = fan.at(before)["median"] if years[-1] < before else 0.0
    return Asked(facts, _reaching(fan, year), year, (before, 0.0), gap or 0.0)


def _reaching(fan: Forecast, year: int) -> Forecast:
    """The fan where it reaches the year, else one that says why not."""
    if fan.reason or any(row[0] == year for row in fan.rows):
        return fan
    return Forecast(fan.model, fan.n, reason="too_far")


def chance(asked: Asked, target: float) -> float | None:
    """P(the target is met in the year), as an edition gives it; None without forecast."""
    facts = asked.facts
    moved = replace(facts, target=replace(facts.target, value=target + asked.before))
    if asked.reason:
        return None
    kept = None
    if asked.worst is not None:
        kept = float((asked.sign * asked.worst <= asked.sign * target + TINY).mean())
    return outlook.p_met(moved, replace(asked.forecast, p_kept=kept))


def at_chance(asked: Asked, p: float) -> float | None:
    """The target with P(T) = p, unrounded; at a natural limit the limit, where P is more than p.

    None without forecast, and where so few points allow no such chance. Raises ValueError unless
    0 < p < 1.
    """
    few = asked.forecast.n < outlook.FEWEST and p > outlook.MOST_OF_FEW
    if asked.reason or few:
        return None
    if asked.worst is not None:
        worst = np.quantile(asked.sign * asked.worst, p, method="inverted_cdf")
        return float(asked.sign * worst)
    line = asked.forecast.quantile(asked.year, p if asked.sign > 0 else 1 - p)
    if line is None:
        return None
    half = outlook.half_unit(asked.facts)
    return line - asked.before + (-half if asked.facts.target.op in (">", "<=") else half)


def printed(asked: Asked, p: float) -> float | None:
    """The most a plan can print and still have the chance p: `at_chance` rounded towards the
    easier target, at the indicator's decimals."""
    exact = at_chance(asked, p)
    if exact is None:
        return None
    scale = 10.0**asked.facts.decimals
    easier = math.ceil if asked.sign > 0 else math.floor
    return easier(round(exact * scale, 6)) / scale


def required(asked: Asked, target: float) -> tuple[float | None, float | None]:
    """(step a year, growth a year) from the latest level to the target; None where it is reached
    or judged by other years too, and no growth of rates."""
    if asked.latest is None or forms.has_own_rule(asked.facts):
        return None, None
    year, level = asked.latest
    if progress.met(level, target, asked.facts.target.op):
        return None, None
    step = progress.required_step(level, year, target, asked.year)
    rates = asked.facts.in_points or asked.facts.kind == "increment"
    return step, None if rates else progress.cagr(target, asked.year, level, year)


def pace(name: str, years: Sequence[int], values: Sequence[float], *, rate: bool) -> Pace | None:
    """The pace of the last `LATELY` years of a series; None with fewer than two values."""
    known = [(y, v) for y, v in zip(years, values, strict=True) if y >= years[-1] - LATELY]
    if len(known) < 2:
        return None
    (first, start), (last, end) = known[0], known[-1]
    growth = None if rate else progress.cagr(end, last, start, first)
    return Pace(name, first, last, (end - start) / (last - first), growth)


def own_pace(plan: Plan, facts: Indicator, points: Sequence[Point]) -> Pace | None:
    """How fast the indicator itself moved lately; of a sum the mean of its additions; None of what
    several years come to."""
    series = observations.series(facts, points, plan.whole.id)
    if forms.has_own_rule(facts) or any(point.bound != "=" for point in series.points):
        return None
    if facts.kind in outlook.ADDED_UP:
        years, added = outlook.additions(plan, facts, series)
        lately = added[-LATELY:]
        step = math.fsum(lately) / len(lately) if lately else None
        return None if step is None else Pace(
            facts.name_zh, years[-len(lately)], years[-1], step, None
        )  # fmt: skip
    return pace(facts.name_zh, series.years, series.levels, rate=facts.in_points)


def expected(chances: Sequence[float | None]) -> tuple[float, float] | None:
    """(how many are expected to be met, ± for about 80 %) of those with a chance; None where there
    are none."""
    known = [p for p in chances if p is not None]
    return outlook.expected(known) if known else None
