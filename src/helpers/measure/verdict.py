"""What is said of an indicator, and of the plan: status, outlook, alert, final word, overall
conclusion (METHOD §3–§5).

Two statements are kept apart: the status is a fact (how far against how much time), the chance of
meeting the target is not. One table joins them into the alert. A verdict on a
bounded figure (超5亿) is given only where it holds for every value inside the bound. Reasons are
codes; `show.wording` says them. The rule is named by the caller, so that an archived notebook shows
which one spoke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..intake import observations, plan as plans
from ..intake.observations import Point, Series
from ..intake.plan import Indicator, Plan
from . import final, forecast, form_verdict, forms, outlook, progress as pg, worlds
from .assessment import Assessment, Baseline
from .final import FINALS, FULFILLED, ROUNDED, SLACK
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
# of a plan, from the best; the last where too little is known: before the target year, and in it
OVERALL_WORDS = ("on_schedule", "mostly", "behind", "insufficient")
NOT_BEGUN = "not_begun"  # the conclusion of an edition of a year before the plan's first
FINAL_WORDS = ("fulfilled", "mostly_fulfilled", "unfulfilled", "final_insufficient")
LEAST_FORESEEN = 3  # indicators with a P, for a sentence on how many will be met
LEAST_ASSESSABLE, WELL, MOSTLY = 0.60, 0.80, 0.60  # METHOD §5, shares of indicators


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
    forecast.fit(
        (), (), year, model=model
    )  # an unknown model is refused even where there is nothing to forecast
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
    if point is None and base.source != "substitute" and (series.points or series.history):
        ahead = outlook.forecast(plan, facts, series, model, window, year)
        said = replace(said, reasons=("no_observation",), final=_final(plan, said), forecast=ahead)
        return _to_come(said)
    if point is None:
        substitute = base.source == "substitute"
        reasons = ("only_substitute",) if substitute else ("no_observation",)
        return replace(
            said,
            status="not_assessable" if substitute else "no_data",
            reasons=reasons,
            **_latest(series, base),
            final=_final(plan, said),
        )
    ahead, direction = (
        outlook.forecast(plan, facts, series, model, window, year),
        outlook.tested(plan, facts, series),
    )
    said = replace(
        said,
        data_year=point.year,
        value=point.figure,
        bound=point.bound,
        forecast=ahead,
        trend=direction,
    )
    own = forms.has_own_rule(facts)
    said = form_verdict.measured(plan, said) if own else _measured(said)
    status, possible, at_least, why = form_verdict.status(plan, said) if own else _status(said)
    said = replace(
        said,
        status=status,
        possible=possible,
        at_least=at_least,
        reasons=tuple(dict.fromkeys(why + _remarks(said, printed))),
    )
    return _foreseen(replace(said, final=_final(plan, said)))


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


def _latest(series: Series, base: Baseline) -> dict[str, Any]:
    """Value and data year of a series whose only point is its own substitute baseline; nothing for
    an empty one."""
    if base.source != "substitute":
        return {}
    return {
        "data_year": series.points[-1].year,
        "value": series.points[-1].level,
        "bound": series.points[-1].bound,
    }


def baseline_of(plan: Plan, facts: Indicator, series: Series) -> Baseline:
    """Where progress starts (METHOD §2, §4): zero for increments; else the plan's figure, an
    observation, a substitute, or none."""
    stated = facts.baseline
    if forms.has_own_rule(facts):
        return form_verdict.baseline_of(plan)
    if facts.kind in plans.STARTS_FROM_ZERO:
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


def _status(said: Assessment) -> tuple[str, tuple[str, ...], bool, tuple[str, ...]]:
    """(status, statuses that occur inside the bounds, whether it is the least of them, reasons)."""
    facts, (data_year, value) = said.facts, said.latest
    if facts.target.value is None:
        why = "qualitative" if facts.target.form == "qualitative" else "no_target"
        return "not_assessable", (), False, (why,)
    if facts.kind == "binary" and value == 0 and data_year < facts.target.year:
        return "not_assessable", (), False, ("binary_not_due",)
    found = _rungs(said)
    if not found:
        return "not_assessable", (), False, (_why_no_progress(said),)
    possible = tuple(_named(code, facts) for code in found)
    if len(possible) == 1:
        return possible[0], (), False, ()
    if possible[0] in GOOD:  # every world is at least there
        return possible[0], possible, True, ()
    if said.baseline.bound != "=":
        return "not_assessable", possible, False, ("baseline_bound",)
    return "not_assessable", possible, False, ("bound_too_loose",)


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


@dataclass(frozen=True)
class Overall:
    """The plan's conclusion: `word` is on_schedule, mostly, behind or insufficient; counts are of
    statuses. Before the plan's first year `word` is not_begun.

    In the target year it speaks of final words: `word` is fulfilled, mostly_fulfilled, unfulfilled
    or final_insufficient, `finals` counts them. `stale`: how many statuses rest on data of which
    year, where that is not the assessed one; `at_least`: how many are the least their bounds allow.
    `expected`: of the `foreseen` indicators, those with a P, x ± d are expected to be met
    (`outlook.expected`).
    """

    word: str
    total: int
    assessable: int
    counts: tuple[tuple[str, int], ...]
    binding_behind: tuple[str, ...]
    finals: tuple[tuple[str, int], ...] = ()
    stale: tuple[tuple[int, int], ...] = ()
    at_least: int = 0
    foreseen: int = 0
    expected: tuple[float, float] | None = None

    @property
    def published(self) -> int:
        """Of how many indicators the final word could be spoken."""
        return sum(k for code, k in self.finals if code != "pending")


def overall(rows: Sequence[tuple[str, str, str]]) -> Overall:
    """The conclusion from (indicator id, status, property) rows of the whole area, one an indicator
    (METHOD §5).

    insufficient where assessable/all < 60 %; on_schedule where ≥ 80 % of the assessable are good
    and no binding one is behind; mostly at ≥ 60 %; else behind.
    """
    counts = tuple((code, k) for code in STATUSES if (k := sum(row[1] == code for row in rows)))
    judged = [row for row in rows if row[1] not in UNJUDGED]
    late = tuple(name for name, status, prop in judged if prop == "binding" and status not in GOOD)
    good = sum(row[1] in GOOD for row in judged)
    word = _word(len(rows), len(judged), good, bool(late), OVERALL_WORDS)
    return Overall(word, len(rows), len(judged), counts, late)


def overall_of(plan: Plan, year: int, records: Sequence[Mapping[str, Any]]) -> Overall:
    """The conclusion of an edition from its indicators' records: of their statuses, in the plan's
    target year of their final words, by the same shares (METHOD §5). What is not published at the
    end is not made up by an earlier year."""
    found = overall([(r["indicator_id"], r["status"], r["property"]) for r in records])
    older = [
        r["data_year"]
        for r in records
        if r["status"] not in UNJUDGED and r["data_year"] is not None and r["data_year"] < year
    ]
    chances = [r["p_met"] for r in records if r.get("p_met") is not None]
    found = replace(
        found,
        stale=tuple((k, older.count(k)) for k in sorted(set(older), reverse=True)),
        at_least=sum(bool(r.get("at_least")) for r in records),
        foreseen=len(chances),
        expected=outlook.expected(chances) if len(chances) >= LEAST_FORESEEN else None,
    )
    if year < plan.period.start:
        return replace(found, word=NOT_BEGUN)
    return found if year < plan.target_year else _at_the_end(found, records)


def _at_the_end(found: Overall, records: Sequence[Mapping[str, Any]]) -> Overall:
    """The conclusion of final words, of which `Overall.finals` counts each."""
    codes = [r["final_code"] or "pending" for r in records]
    finals = tuple((code, codes.count(code)) for code in FINALS if code in codes)
    spoken = [r for r in records if r["final_code"] not in ("", "pending")]
    broken = any(r["property"] == "binding" and r["final_code"] not in FULFILLED for r in spoken)
    good = sum(r["final_code"] in FULFILLED for r in spoken)
    word = _word(len(records), len(spoken), good, broken, FINAL_WORDS)
    return replace(found, word=word, finals=finals)


def _word(
    total: int, judged: int, good: int, broken: bool, words: tuple[str, str, str, str]
) -> str:
    """The first of `words` where 80 % of the judged are good and no binding one is `broken`, the
    second at 60 %, else the third; the last where fewer than 60 % are judged."""
    if not total or judged / total < LEAST_ASSESSABLE - SLACK:
        return words[3]
    share = good / judged
    return (
        words[0]
        if share >= WELL - SLACK and not broken
        else words[1 if share >= MOSTLY - SLACK else 2]
    )
