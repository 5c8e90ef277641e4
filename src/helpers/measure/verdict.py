"""What is said of an indicator: status, outlook, alert, final word (METHOD §3–§4).

Two statements are kept apart: the status is a fact (how far against how much time), the chance of
meeting the target is not. One table joins them into the alert. A verdict on a
bounded figure (超5亿) is given only where it holds for every value inside the bound. Reasons are
codes; `show.wording` says them. The rule is named by the caller, so that an archived notebook shows
which one spoke.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from ..intake import observations
from ..intake.facts import Indicator, Plan
from ..intake.observations import Point
from . import final, forecast, form_verdict, forms, outlook, progress as pg, worlds
from .assessment import Assessment, Standing
from .baselines import baseline_of, latest_of
from .final import ROUNDED
from .forecast import Forecast

RULES = ("cn-plan-1", ROUNDED)
MET = ("met_locked", "met_hold")
GOOD = (*MET, "ahead", "on_schedule")
UNJUDGED = ("no_data", "not_assessable")
STATUSES = (
    "met_locked",
    "met_hold",
    "ahead",
    "on_schedule",
    "behind",
    "far_behind",
    "reverse",
    "not_assessable",
    "no_data",
)


def assess(
    plan: Plan,
    facts: Indicator,
    points: Iterable[Point],
    year: int,
    *,
    area: str = "",
    model: str = "pooled",
    rule: str = "cn-plan-1",
    window: int | None = None,
) -> Assessment:
    """The assessment of `facts` in `year` from the taken `points` (all of them known by the data
    cut-off).

    `window`: the forecast rests on the last so many years only; the status always on all.
    Raises ValueError for an unknown rule or model.
    """
    if rule not in RULES:
        raise ValueError(f"rule {rule!r} is not known; choose one of {', '.join(RULES)}")
    forecast.fit((), (), year, model=model)  # an unknown one is refused, though nothing is foreseen
    area, printed = area or plan.whole.id, facts
    series = observations.series(facts, points, area, year)
    facts = forms.in_force(facts, series, year)
    base = baseline_of(plan, facts, series)
    target = facts.target
    planned = pg.required_step(
        base.value if base.bound == "=" else None, base.year, target.value, target.year
    )
    said = Assessment(
        facts,
        area,
        year,
        rule,
        "no_data",
        base,
        series,
        Forecast(model, len(series.points), reason="no_data"),
        planned_step=planned,
        window=window,
    )
    point = latest_of(plan, series, base)
    if point is None:
        return _unjudged(plan, said, model)
    return _judged(plan, said, point, printed, model)


def _judged(
    plan: Plan, said: Assessment, point: Point, printed: Indicator, model: str
) -> Assessment:
    """`said` of the latest `point`; `printed` are the facts as the plan has them."""
    facts, series = said.facts, said.series
    said = replace(
        said,
        data_year=point.year,
        value=point.figure,
        bound=point.bound,
        forecast=outlook.forecast(plan, facts, series, model, said.window, said.year),
        trend=outlook.tested(plan, facts, series),
    )
    own = forms.has_own_rule(facts)
    said = form_verdict.measured(plan, said) if own else _measured(said)
    standing = form_verdict.status(plan, said) if own else _status(said)
    said = replace(said, **vars(standing))
    said = replace(said, reasons=tuple(dict.fromkeys(said.reasons + _remarks(said, printed))))
    return _foreseen(replace(said, final=_final(plan, said)))


def _unjudged(plan: Plan, said: Assessment, model: str) -> Assessment:
    """`said` where nothing came in after the baseline: what is known, and what the years before
    the plan foresee."""
    series, final_word = said.series, _final(plan, said)
    if said.baseline.source == "substitute":  # the only point is its own substitute baseline
        point = series.points[-1]
        return replace(
            said,
            status="not_assessable",
            reasons=("only_substitute",),
            data_year=point.year,
            value=point.level,
            bound=point.bound,
            final=final_word,
        )
    said = replace(said, reasons=("no_observation",), final=final_word)
    if not (series.points or series.history):
        return said
    ahead = outlook.forecast(plan, said.facts, series, model, said.window, said.year)
    return _to_come(replace(said, forecast=ahead))


def _final(plan: Plan, said: Assessment) -> str:
    """The final word by the rule of the target's form; none of a target without a figure."""
    own = forms.has_own_rule(said.facts)
    return form_verdict.final_word(plan, said) if own else final.final_word(said)


def _foreseen(said: Assessment) -> Assessment:
    """`said` with chance, outlook and alert. Once the target year's value is known there is nothing
    to foresee: the alert is that of certainty, one way or the other."""
    locked, (data_year, _) = said.status == "met_locked", said.latest
    if data_year >= said.facts.target.year and not locked:
        return replace(
            said,
            alert=outlook.alert(
                said.status, "very_likely" if said.status in MET else "very_unlikely"
            ),
        )
    p = outlook.p_met(said.facts, said.forecast, locked=locked)
    word = outlook.outlook(p, said.forecast.n, locked=locked)
    return replace(said, p_met=p, outlook=word, alert=outlook.alert(said.status, word))


def _to_come(said: Assessment) -> Assessment:
    """`said` with the chance that follows from the years before the plan: nothing is judged before
    its first value is in, so there is no alert."""
    p = outlook.p_met(said.facts, said.forecast)
    return replace(said, p_met=p, outlook=outlook.outlook(p, said.forecast.n))


def _measured(said: Assessment) -> Assessment:
    """`said` with the quantities of METHOD §3; those that rest on a bounded baseline stay None."""
    facts, base, (t, y) = said.facts, said.baseline, said.latest
    start = base.value if base.bound == "=" else None
    target, end = facts.target.value, facts.target.year
    reached = target is not None and pg.met(
        y, target, facts.target.op, _rounding(said), beyond=said.bound == ">"
    )
    started_met = (
        start is not None
        and target is not None
        and pg.met(start, target, facts.target.op, _rounding(said))
    )
    p = None if started_met else pg.progress(y, start, target)
    tau = pg.elapsed(t, base.year, end)
    needed = None if reached else pg.required_step(y, t, target, end)
    step = pg.mean_step(y, t, start, base.year)
    return replace(
        said,
        attainment=pg.attainment(y, target),
        progress=p,
        elapsed=tau,
        ratio=pg.ratio(p, tau),
        scheduled=None if started_met else pg.scheduled_value(t, start, base.year, target, end),
        cagr=None if facts.in_points else pg.cagr(y, t, start, base.year),
        required_cagr=None if reached or facts.in_points else pg.cagr(target, end, y, t),
        required_step=needed,
        mean_step=step,
        step_factor=pg.step_factor(needed, step),
    )


def _status(said: Assessment) -> Standing:
    """Where the latest value stands on the ladder."""
    facts, (data_year, value) = said.facts, said.latest
    if facts.target.value is None:
        why = "qualitative" if facts.target.form == "qualitative" else "no_target"
        return Standing("not_assessable", reasons=(why,))
    if facts.kind == "binary" and value == 0 and data_year < facts.target.year:
        return Standing("not_assessable", reasons=("binary_not_due",))
    found = _rungs(said)
    if not found:
        return Standing("not_assessable", reasons=(_why_no_progress(said),))
    possible = tuple(_named(code, facts) for code in found)
    if len(possible) == 1:
        return Standing(possible[0])
    if possible[0] in GOOD:  # every world is at least there
        return Standing(possible[0], possible, at_least=True)
    why = "bound_too_loose" if said.baseline.bound == "=" else "baseline_bound"
    return Standing("not_assessable", possible, reasons=(why,))


def _rungs(said: Assessment) -> tuple[str, ...]:
    """The rungs that occur in some consistent world; () where progress cannot be told."""
    facts, base, (data_year, value) = said.facts, said.baseline, said.latest
    line, latest = worlds.line_of(facts, _rounding(said)), (value, said.bound)
    if base.value is None:
        return ("met",) if worlds.met_everywhere(facts, latest, line) else ()
    elapsed = Fraction(data_year - base.year, facts.target.year - base.year)
    return worlds.rungs(
        worlds.worlds_of(facts, (base.value, base.bound), latest, counted_on=_counted_on(said)),
        line,
        elapsed,
    )


def _counted_on(said: Assessment) -> bool:
    """True where the latest value was formed by adding to the plan's baseline."""
    return (
        said.baseline.source == "plan"
        and said.facts.baseline.counted_on
        and said.series.points[-1].row.status == "derived"
    )


def _rounding(said: Assessment) -> int | None:
    return final.rounding_of(said.facts, said.rule)


def _why_no_progress(said: Assessment) -> str:
    stated, series = said.facts.baseline, said.series
    lost = series.broken_at is not None and (
        stated.value is not None or any(p.year == stated.year for p in series.before)
    )
    return "broken_series" if lost else "no_baseline"


def _named(code: str, facts: Indicator) -> str:
    return code if code != "met" else "met_hold" if facts.can_be_lost else "met_locked"


def _remarks(said: Assessment, printed: Indicator) -> tuple[str, ...]:
    """What a reader must know beside the status, as codes."""
    base, facts, (data_year, _) = said.baseline, said.facts, said.latest
    started_met = (
        base.value is not None
        and facts.target.value is not None
        and base.source != "zero"
        and pg.met(base.value, facts.target.value, facts.target.op, _rounding(said))
    )
    remarks = {
        **_rounding_matters(said),
        "lagging_data": data_year < said.year,
        "baseline_bound": base.bound != "=",
        "baseline_observed": base.source == "observations",
        "baseline_substitute": base.source == "substitute",
        "baseline_met": started_met,
        "no_distance": base.value is not None
        and base.value == facts.target.value
        and not started_met,
        "no_baseline": base.source == "none" and said.series.broken_at is None,
        "broken_series": said.series.broken_at is not None,
        "gaps": bool(said.series.gaps),
        "bounded_value": said.bound != "=",
        "single_point": said.n < 2,
        "zero_base": base.value == 0 and base.source != "zero",
        "derived_value": said.series.points[-1].row.status == "derived",
        "preliminary_value": said.series.points[-1].row.status == "preliminary",
        **form_verdict.remarks(said, printed),
    }
    return tuple(code for code, holds in remarks.items() if holds)


def _rounding_matters(said: Assessment) -> dict[str, bool]:
    """Whether only rounding to the plan's precision meets the target: by the other comparison, or
    by the chosen one."""
    facts, target, (_, value) = said.facts, said.facts.target, said.latest
    if target.value is None or said.bound != "=":
        return {}
    as_measured = pg.met(value, target.value, target.op)
    rounded = pg.met(value, target.value, target.op, facts.printed_decimals)
    return {
        "met_if_rounded": rounded and not as_measured and said.rule != ROUNDED,
        "met_by_rounding": rounded and not as_measured and said.rule == ROUNDED,
    }
