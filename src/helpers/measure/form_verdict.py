"""How a target is judged whose form has a rule of its own: a mean, a compounded total, a limit for
each year (METHOD §3). All others are judged by `verdict`.

The ladder is the same (`thresholds`). What the years come to may still be lost, so a
mean counts as met in the target year alone. A year that broke its limit stays broken.
"""

from __future__ import annotations

from dataclasses import replace

from ..intake.judgement import Judged
from ..intake.plan import Indicator, Plan, last_day
from ..intake.targets import EACH_YEAR
from . import forms, outlook, progress as pg
from .assessment import Assessment, Standing
from .case import rung
from .final import FULFILLED, rounding_of
from .forms import Course
from .thresholds import LADDER, NEARLY, OVERFULFILLED, RUNGS, SLACK
from .worlds import interval_of

IN_WORDS = {
    "met": "met_hold",
    "on_track": "on_schedule",
    "off_track": "behind",
    "not_met": "far_behind",
}
FINAL_IN_WORDS = {"met": "fulfilled", "not_met": "unfulfilled"}


def in_words(said: Assessment, word: Judged | None) -> Assessment:
    """`said` of a target in words with the status and final word that the evaluator's gives it;
    as it is without one. No figure says how far it has come or how likely it is."""
    if word is None:
        return said
    due = said.year >= said.facts.target.year
    status = IN_WORDS[word.word]
    certain = ("very_likely" if word.word == "met" else "very_unlikely") if due else None
    return replace(
        said,
        word=word,
        status=status,
        reasons=(),
        alert=outlook.alert(status, certain),
        final=FINAL_IN_WORDS.get(word.word, "pending") if due else "",
    )


def measured(plan: Plan, said: Assessment) -> Assessment:
    """`said` with the quantities of its form."""
    facts, (year, value) = said.facts, said.latest
    found = _course(plan, said, value)
    each_year = facts.target.judged in EACH_YEAR
    return replace(
        said,
        attainment=None if each_year else pg.attainment(value, facts.target.value),
        progress=found.progress if found else None,
        elapsed=found.elapsed if found else None,
        ratio=found.ratio if found else None,
        scheduled=forms.due_level(plan, facts, year),
        needed=None if said.bound != "=" else forms.needed(plan, facts, value, year),
        broke=forms.years_kept(facts, said.series, plan.period.start)[1] if each_year else (),
    )


def _course(plan: Plan, said: Assessment, value: float) -> Course | None:
    """Where the form stands; None where it has no target or the definition changed in between."""
    if not said.facts.target.is_set or said.series.broken_at is not None:
        return None
    if said.facts.target.judged == "compound" and said.series.gaps:
        return None  # what a missing year changed is not known
    return forms.course(plan, said.facts, said.series, value, said.latest[0])


def status(plan: Plan, said: Assessment) -> Standing:
    """Where the latest value stands by the rule of its form."""
    why = _why_not(plan, said)
    if why:
        return Standing("not_assessable", reasons=(why,))
    if said.facts.target.judged in EACH_YEAR:
        return Standing(_each_year(plan, said))
    ends = interval_of(said.latest[1], said.bound, said.facts.upper)
    codes = {_accumulated(plan, said, y) for y in ends}
    if len(codes) == 1:
        return Standing(codes.pop())
    order = [*LADDER[:-1], "met_hold"]
    possible = tuple(sorted(codes, key=order.index))
    return Standing("not_assessable", possible, reasons=("bound_too_loose",))


def _why_not(plan: Plan, said: Assessment) -> str:
    facts, series = said.facts, said.series
    if not facts.target.is_set:
        return "no_target"
    if series.broken_at is not None:
        return "broken_series"
    if facts.target.judged == "compound" and series.gaps:
        return "gap_in_total"
    if facts.target.judged in EACH_YEAR:
        kept, broke, unsure = forms.years_kept(facts, series, plan.period.start)
        if unsure and not broke:
            return "bound_too_loose"
        return "" if kept or broke else "no_goal_yet"
    return ""


def _each_year(plan: Plan, said: Assessment) -> str:
    facts, (year, _) = said.facts, said.latest
    kept, broke, _ = forms.years_kept(facts, said.series, plan.period.start)
    if broke:
        return rung(len(kept) / (len(kept) + len(broke)) + SLACK, *RUNGS, below="reverse")
    return "met_hold" if year >= facts.target.year else "on_schedule"


def _accumulated(plan: Plan, said: Assessment, value: float) -> str:
    facts, (year, _) = said.facts, said.latest
    done, at_end = _met(facts, value, said), year >= facts.target.year
    banked = facts.target.judged == "compound" and facts.direction == "higher"
    if done and (at_end or banked):
        return "met_hold"
    found = _course(plan, said, value)
    if found is None or found.ratio is None:
        return "on_schedule" if done else "behind"
    return rung(found.ratio + SLACK, *RUNGS, below="reverse")


def _met(facts: Indicator, value: float, said: Assessment) -> bool:
    target = facts.target
    rounding = rounding_of(facts, said.rule)
    return pg.met(value, target.figure, target.op, rounding, beyond=said.bound == ">")


def final_word(plan: Plan, said: Assessment) -> str:
    """The final word: of a mean or total by what all years came to, of limits by every year.
    "" before the target year, pending while a year of the period that decides is not known."""
    facts, series = said.facts, said.series
    if said.year < facts.target.year:
        return ""
    if facts.target.judged in EACH_YEAR:
        kept, broke, _ = forms.years_kept(facts, series, plan.period.start)
        due = facts.target.year - plan.period.start + 1
        return "unfulfilled" if broke else "fulfilled" if len(kept) == due else "pending"
    point = next((p for p in series.points if p.year == facts.target.year), None)
    if point is None or not facts.target.is_set or series.gaps or series.broken_at is not None:
        return "pending"
    at = replace(said, data_year=point.year, value=point.figure, bound=point.bound)
    words = {_final_of(plan, at, y) for y in interval_of(point.figure, point.bound, facts.upper)}
    return words.pop() if len(words) == 1 else "fulfilled" if words <= {*FULFILLED} else "pending"


def _final_of(plan: Plan, said: Assessment, value: float) -> str:
    done, found = _met(said.facts, value, said), _course(plan, said, value)
    r = found.ratio if found else None
    if said.facts.property == "binding":
        return "fulfilled" if done else "unfulfilled"
    if done:
        over = r is not None and r >= OVERFULFILLED - SLACK
        return "over_fulfilled" if over else "fulfilled"
    if r is not None and r >= NEARLY - SLACK:
        return "nearly_fulfilled"
    return "unfulfilled_reverse" if r is not None and r < 0 else "unfulfilled"


def remarks(said: Assessment, printed: Indicator) -> dict[str, bool]:
    """What a reader must know of how the target was read; `printed` are the facts as the plan has
    them."""
    base, target = printed.baseline, printed.target
    return {
        "limit_broken": bool(said.broke),
        "proxy": bool(printed.proxy),
        "baseline_estimated": base.estimated and said.facts.baseline.value == base.value,
        "baseline_revised": said.facts.baseline.value != base.value,
        "target_amended": bool(target.amended)
        and said.facts.target.value != _unamended(said, printed),
        "adjusted_series": said.series.broken_at is None and _adjusted(said, printed),
    }


def _adjusted(said: Assessment, printed: Indicator) -> bool:
    known = last_day(said.series.points[-1].row.published or "0001")
    return any(
        cut.adjusted and known >= last_day(cut.published or "0001") for cut in printed.breaks
    )


def _unamended(said: Assessment, printed: Indicator) -> float | None:
    plain = replace(printed, target=replace(printed.target, amended=()))
    return forms.in_force(plain, said.series, said.year).target.value
