"""Where an indicator is heading, how likely its target is met, and how loud to say it (METHOD §5,
§7).

A probability is a fraction; None means that there is no forecast. Codes only; `show.wording` says
them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..intake.accumulated import is_accumulated
from ..intake.observations import ASSUMED, Series
from ..intake.plan import Indicator, Plan
from ..intake.targets import EACH_YEAR
from . import forecast as forecasts, forms, memory, paths
from .forecast import Forecast
from .memory import Memory
from .trend import Trend, increments, trend

OUTLOOKS = (
    ("very_likely", 0.90),
    ("likely", 0.66),
    ("uncertain", 0.33),
    ("unlikely", 0.10),
    ("very_unlikely", 0.0),
)  # P at least
ALERTS = ("green", "blue", "yellow", "orange", "red")
FEWEST, MOST_OF_FEW = (
    3,
    0.85,
)  # points; with fewer P may not exceed what `likely` prints
TOGETHER = 0.10  # correlation of two targets of one plan: met together, missed together
TEN_PERCENT = 1.2816  # standard normal: 80 % lie within so many standard deviations
DISAGREE = 0.25  # two models whose P lie farther apart contradict each other
ADDED_UP = (
    "increment",
    "cumulative",
)  # forecast and tested by their yearly additions: the sum rises whatever happens
ON_COURSE = ("met_hold", "ahead", "on_schedule")
COLUMNS = tuple(code for code, _ in OUTLOOKS)
TABLE = {  # status → alert for each outlook from very_likely to very_unlikely
    "on_course": ("green", "green", "blue", "yellow", "orange"),
    "behind": ("blue", "blue", "yellow", "orange", "red"),
    "far_behind": ("blue", "yellow", "yellow", "orange", "red"),
    "reverse": ("yellow", "yellow", "orange", "red", "red"),
}


def additions(
    plan: Plan, facts: Indicator, series: Series
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """(years, yearly additions) of an increment or a running total, or the yearly values behind a
    mean or compounded total; pre-plan years of the same definition included; what a gap hides is
    left out."""
    points = series.points
    if facts.reported == "annual" or is_accumulated(facts):
        known = [
            (p.year, p.row.figure)
            for p in (*(series.history if series.broken_at is None else ()), *points)
        ]
        return tuple(year for year, _ in known), tuple(value for _, value in known)
    years, totals = [p.year for p in points], [p.figure for p in points]
    if facts.kind == "increment" and years and years[0] == plan.period.start:
        years, totals = (
            [years[0] - 1, *years],
            [0.0, *totals],
        )  # the first year's sum is its addition
    return increments(years, totals)


def forecast(
    plan: Plan,
    facts: Indicator,
    series: Series,
    model: str,
    window: int | None = None,
    year: int | None = None,
) -> Forecast:
    """The forecast of `facts` up to its target year, made in the assessment of `year` (default: of
    the last value's); increments and running totals by their yearly additions.

    With a `window` it rests on the values of the last so many years only. What closed plans of the
    family teach (`memory`) is applied.
    """
    points, until = series.points, facts.target.year
    if not points:
        return _before_start(plan, facts, series, model, window, year)
    if points[-1].year >= until:
        return Forecast(
            model,
            len(points),
            reason="target_year_assumed"
            if points[-1].row.status == ASSUMED
            else "target_year_known",
        )
    if _bounded(series):
        return Forecast(model, len(points), reason="bounded_series")
    taught = memory.of_plan(plan, points[-1].year if year is None else year)
    if forms.has_own_rule(facts):
        if points[-1].year < plan.period.start - 1:
            return Forecast(model, len(points), reason="too_few_points")
        return _of_form(plan, facts, series, model, window, taught)
    added_up = facts.kind in ADDED_UP
    years, values = additions(plan, facts, series) if added_up else (series.years, series.levels)
    if model == "pooled" and len(years) == 1 and not added_up:
        years, values = _with_baseline(facts, series)
        if len(years) == 1:
            return Forecast(model, 1, reason="too_few_points")
    if not years or years[-1] != points[-1].year:
        return Forecast(model, len(years), reason="too_few_points")
    ahead = forecasts.fit(
        *_recent(years, values, window),
        until,
        kind=facts.kind,
        model=model,
        lower=facts.lower,
        upper=facts.upper,
        start=points[-1].figure if added_up else None,
        rounding=half_unit(facts),
    )
    return memory.recalled(ahead, taught, facts.direction == "higher")


def _before_start(
    plan: Plan,
    facts: Indicator,
    series: Series,
    model: str,
    window: int | None,
    year: int | None,
) -> Forecast:
    """The forecast of a sum or mean of the plan's years before the first of them is in: from the
    years before the plan, where they reach up to it."""
    known, before = series.history, plan.period.start - 1
    if not known:
        return Forecast(model, 0, reason="no_data")
    if _bounded(series):
        return Forecast(model, len(known), reason="bounded_series")
    if known[-1].year != before:
        return Forecast(model, len(known), reason="too_few_points")
    taught = memory.of_plan(plan, before if year is None else year)
    if forms.has_own_rule(facts):
        return _of_form(plan, facts, series, model, window, taught)
    ahead = forecasts.fit(
        *_recent(*additions(plan, facts, series), window),
        facts.target.year,
        kind=facts.kind,
        model=model,
        start=0.0,
        rounding=half_unit(facts),
    )
    return memory.recalled(ahead, taught, facts.direction == "higher")


def _of_form(
    plan: Plan, facts: Indicator, series: Series, model: str, window: int | None, taught: Memory
) -> Forecast:
    """The forecast of what the years come to, or of each year with P that all keep to their
    limits. Rates are foreseen by the index they make; other years' values are followed along
    paths (`measure.paths`)."""
    if series.broken_at is not None or (facts.target.judged == "compound" and series.gaps):
        return Forecast(model, len(series.points), reason="broken_total")
    years, values = _recent(*_yearly(plan, facts, series), window)
    if facts.target.rate is not None and is_accumulated(facts):
        ahead = paths.by_index(plan, facts.target, years, values, model)
        return memory.recalled(ahead, taught, facts.direction == "higher")
    compared = facts.target.compared
    if compared and compared.by == "difference" and is_accumulated(facts):
        ahead = paths.by_sum(plan, facts.target, years, values, model)
        return memory.recalled(ahead, taught, facts.direction == "higher")
    ahead = _each_year(facts, years, values, model)
    ahead = memory.recalled(ahead, taught, facts.direction == "higher")
    if facts.target.judged in EACH_YEAR:
        broke = forms.years_kept(facts, series, plan.period.start)[1]
        found = paths.kept(ahead, facts, half_unit(facts))
        return replace(found, p_kept=0.0) if broke and found.rows else found
    inside = [v for y, v in zip(years, values, strict=True) if y >= plan.period.start]
    return paths.accumulated(ahead, np.array(inside))


def _each_year(
    facts: Indicator, years: Sequence[int], values: Sequence[float], model: str
) -> Forecast:
    """The fan of the years' own values; rates and differences may turn negative."""
    rates = facts.target.rate is not None or facts.target.compared is not None
    return forecasts.fit(
        years,
        values,
        facts.target.year,
        kind="ratio" if rates else facts.kind,
        model=model,
        lower=facts.lower,
        upper=facts.upper,
        rounding=half_unit(facts),
        free=rates,
    )


def _yearly(
    plan: Plan, facts: Indicator, series: Series
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """(years, values) of the years' own figures: what is foreseen and tested."""
    if facts.kind in ADDED_UP or is_accumulated(facts):
        return additions(plan, facts, series)
    return series.years, series.levels


def _with_baseline(facts: Indicator, series: Series) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """(years, values) of a level of which one value was observed: it shows no movement by itself,
    so the plan's own baseline, where it is of the same definition, is the first of two."""
    stated, years, usable = facts.baseline, series.years, series.broken_at is None
    if stated.value is None or stated.bound != "=" or not usable or stated.year >= years[0]:
        return years, series.levels
    return (stated.year, *years), (stated.value, *series.levels)


def _recent(
    years: Sequence[int], values: Sequence[float], window: int | None
) -> tuple[Sequence[int], Sequence[float]]:
    """Years and values of the last `window` years, counted by the calendar; all without a
    window."""
    first = next(
        (k for k, year in enumerate(years) if window is None or year > years[-1] - window), 0
    )
    return years[first:], values[first:]


def tested(plan: Plan, facts: Indicator, series: Series) -> Trend | None:
    """The trend of the levels, or of the yearly additions; None where there are fewer than two or
    some are only bounds."""
    if facts.kind == "binary" or _bounded(series):
        return None
    years, values = _yearly(plan, facts, series)
    return trend(years, values) if len(years) > 1 else None


def _bounded(series: Series) -> bool:
    return any(point.bound in (">", ">=") for point in (*series.history, *series.points))


def half_unit(facts: Indicator) -> float:
    """Half a unit of the last printed digit, in the indicator's unit."""
    return 0.5 * 10.0**-facts.decimals


def p_met(facts: Indicator, ahead: Forecast, *, locked: bool = False) -> float | None:
    """P(the target is met in its year, as printed), 0…1; 1 where it is met and cannot be lost. None
    without forecast or target.

    The line asked for lies half a printed unit before the target, beyond it for a strict one:
    11.996 prints as 12.00. With fewer than `FEWEST` points P is `MOST_OF_FEW` at most.
    """
    if locked:
        return 1.0
    target, half = facts.target, half_unit(facts)
    if target.judged in EACH_YEAR:
        p = ahead.p_kept if target.is_set else None
    elif target.value is None:
        return None
    else:
        line = target.value + (half if target.op in (">", "<=") else -half)
        p = ahead.chance(line, target.op, target.year)
    return p if p is None or ahead.n >= FEWEST else min(p, MOST_OF_FEW)


def outlook(p: float | None, n: int, *, locked: bool = False) -> str | None:
    """The code of the outlook of probability `p` from `n` points: the first of OUTLOOKS whose bound
    p reaches; None without p."""
    if p is None:
        return None
    code = next(code for code, least in OUTLOOKS if p >= least)
    return "likely" if n < FEWEST and code == "very_likely" and not locked else code


def expected(chances: Sequence[float]) -> tuple[float, float]:
    """(x, d): x = Σp targets are expected to be met, with a chance of about 80 % x ± d of them.

    d = 1.28·√(Σ v² + ρ·((Σ v)² − Σ v²)) with v² = p(1 − p) and ρ = `TOGETHER`: one area's targets
    share its fortune. Measured on plans cut from real series (`benchmarks/quality.py`).
    """
    shares = [min(max(p, 0.0), 1.0) for p in chances]
    own = sum(p * (1 - p) for p in shares)
    both = sum(math.sqrt(p * (1 - p)) for p in shares) ** 2 - own
    return sum(shares), TEN_PERCENT * math.sqrt(own + TOGETHER * both)


def alert(status: str, outlook: str | None) -> str | None:
    """The colour of TABLE for a status and an outlook; the middle column where there is no outlook;
    None for what is not judged."""
    if status == "met_locked":
        return "green"
    row = TABLE.get("on_course" if status in ON_COURSE else status)
    return None if row is None else row[COLUMNS.index(outlook or "uncertain")]
