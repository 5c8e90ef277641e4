"""The same table as `zh`, in English: words for codes, sentences from numbers.

The plan's own words (clauses, definitions, offices, titles of sources, units without a common translation) stay as they are:
they are quotations, and the page marks them as Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...intake.accumulated import is_accumulated
from ...intake.events import Event
from ...intake.plan import Baseline, Indicator, Plan, Reading, Scenario, WhatIf
from ...measure.assessment import Assessment
from ...measure.backtest import Hindcast, Record
from ...measure.commitment import CommitmentState
from ...measure.forms import has_own_rule
from ...measure.outlook import ADDED_UP, DISAGREE, FEWEST
from ...measure.overall import Overall
from ...measure.progress import half_up, met
from ...measure.rolling import Score
from ...measure.sensitivity import OtherModel, OtherRule
from ...measure.verdict import UNJUDGED
from . import (
    en_chapters,
    en_closing,
    en_explained,
    en_forms,
    en_judgement,
    en_ledger,
    en_monitor,
    en_opinions,
    en_overview,
    en_page as page,
    en_protocol,
    en_summary,
    en_targets,
    en_units,
)
from .digits import Named, number, percent, plain, runs, significant as significant
from .en_figure import no_share as no_share, overview_finding as overview_finding
from .en_memory import memory as memory
from .en_reasons import BASELINE_SOURCE as BASELINE_SOURCE, REASON as REASON, WHY_NOT as WHY_NOT

forms, chapters, closing, case = en_forms, en_chapters, en_closing, en_explained  # words of forms, chapters, closing, a chance
judgement, protocol, summary, ledger = en_judgement, en_protocol, en_summary, en_ledger
monitor, opinions, province, targets = en_monitor, en_opinions, en_overview, en_targets
CODE, LANG, NAME = "en", "en", "name_en"
COMMA, SEMICOLON, STOP, LISTING, COLON, OPEN, CLOSE, POINT = ", ", "; ", ". ", ", ", ": ", " (", ")", ". "
PAIR_COLUMNS = ("Item", "Content")
NO_DATA, NOT_APPLICABLE, UNKNOWN, ASSUMED = "no data", "not applicable", "unknown", "assumed"
KIND = {
    "stock": "year-end stock", "flow": "yearly amount", "share": "share", "score": "score", "ratio": "ratio",
    "increment": "added in the period", "cumulative": "running total", "binary": "done or not",
}  # fmt: skip
PROPERTY = {"binding": "binding", "expected": "anticipatory"}
DIRECTION = {"higher": "higher is better", "lower": "lower is better"}
REPORTED = {"annual": "reported year by year", "to_date": "reported as the sum to date"}
STATUS = {
    "met_locked": "achieved early", "met_hold": "achieved (to be held)", "ahead": "faster than expected", "on_schedule": "as expected",
    "behind": "behind expectation", "far_behind": "far behind", "reverse": "going backwards", "not_assessable": "not assessable yet", "no_data": "no data",
}  # fmt: skip
SIGN = {
    "met_locked": "★", "met_hold": "✓", "ahead": "▲", "on_schedule": "●", "behind": "▽", "far_behind": "▼",
    "reverse": "×", "not_assessable": "?", "no_data": "○",
}  # fmt: skip
FINAL = {
    "over_fulfilled": "over-fulfilled", "fulfilled": "fulfilled", "nearly_fulfilled": "nearly fulfilled", "fulfilled_late": "fulfilled late", "unfulfilled": "not fulfilled",
    "unfulfilled_reverse": "not fulfilled and gone backwards", "pending": "final figures not published", "": "",
}  # fmt: skip
OUTLOOK = {"very_likely": "very likely", "likely": "likely", "uncertain": "uncertain", "unlikely": "unlikely", "very_unlikely": "very unlikely"}
ALERT = {"green": "green", "blue": "blue", "yellow": "yellow", "orange": "orange", "red": "red"}
ALERT_MEANING = {"green": "normal", "blue": "watch", "yellow": "notice", "orange": "warning", "red": "severe warning"}
ALERT_SIGN = {"green": "◎", "blue": "◇", "yellow": "△", "orange": "■", "red": "◆"}
NO_AREAS = "no figures by area"
NO_FORECAST, MODELS_DISAGREE = "no forecast", "models disagree"
OVERALL = {
    "on_schedule": "On the whole as expected", "mostly": "On the whole largely as expected", "behind": "On the whole behind expectation",
    "insufficient": "Too little data for an overall conclusion", "not_begun": "The plan has not begun: no conclusion on progress",
    "fulfilled": "On the whole fulfilled", "mostly_fulfilled": "On the whole largely fulfilled", "unfulfilled": "On the whole not fulfilled",
    "final_insufficient": "Too few final figures for an overall conclusion",
}  # fmt: skip
OBSERVED = {"final": "final", "preliminary": "preliminary", "derived": "derived", "missing": "missing", "target": "target", "assumed": ASSUMED}
BOUND = {"=": "", ">": "over ", ">=": "at least ", "~": "about "}
OPERATOR = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
OPERATOR_SIGN = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
COMMITMENT = {"done": "done", "done_late": "done late", "in_time": "under way", "changed": "changed", "stale": "old information only", "not_started": "not started", "late": "overdue", "dropped": "dropped", "unclear": "cannot be rated", "due_no_information": "due, no information", "no_information": "no information"}
COMMITMENT_SIGN = {"done": "✓", "done_late": "√", "in_time": "●", "changed": "◎", "stale": "◇", "not_started": "□", "late": "×", "dropped": "■", "unclear": "?", "due_no_information": "△", "no_information": "○"}
COMMITMENT_MEANING = {"done": "evidence shows that it was done in time", "done_late": "evidence shows that it was done after its date", "in_time": "recent evidence shows work on it, and its date has not passed", "changed": "changed by who may change it", "stale": "the newest evidence is two years old or more", "not_started": "it is known not to have begun", "late": "begun or not begun, past its date, and no evidence that it was done", "dropped": "dropped by who may drop it", "unclear": "the plan gives no criterion that could be checked", "due_no_information": "its date has come, and nothing is known of that year", "no_information": "its date has not come, and nothing is known"}
COMMITMENT_KIND = {"numeric": "number", "recognition": "approval or rank", "document": "document or rules", "platform": "platform or body", "activity": "recurring activity", "direction": "direction only", "": ""}
STRENGTH = {"official_list": "official list or notice", "report": "report or record", "news": "news", "self_statement": "the office's own word", "": "not said"}
BASIS = {"named": "named in the plan", "suggested": "by its duties"}
SAID = {"done": "done", "in_progress": "under way", "not_started": "not started", "changed": "changed", "dropped": "dropped"}
COMMITMENT_TYPE = {"milestone": "once", "annual": "every year", "continuing": "continuing"}
GROUP = {
    "baseline_table": "results of the previous period as the plan lists them", "district": "other published figures of the district", "city": "figures of the city",
    "province": "figures of the province", "nation": "figures of the nation", "component": "components and other definitions",
}  # fmt: skip
MODEL = Named({
    "pooled": "what many annual series have in common", "last": "the latest value stays", "drift": "the mean yearly step goes on", "theta": "half trend, half smoothing",
    "ols": "linear trend", "growth": "the mean growth rate goes on",
})  # fmt: skip
CHOICE = {"model": "forecast model", "rule": "rule of judgement", "level": "level of the interval", "known_by": "data cut-off", "window": "years the forecast uses"}
RULE = {"cn-plan-1": "comparison with a linear schedule", "cn-plan-1-rounded": "comparison with a linear schedule, values rounded"}
OTHER_RULE = {
    "statcan_target": "Statistics Canada (Open SDG)", "eurostat_target_eustat": "Eurostat (as applied by Eustat)", "un_2023": "UN progress chart 2023",
    "escap_cs_ap_logitstep": "UN ESCAP", "destatis_weather": "Destatis weather symbols", "healthy_people_2030": "Healthy People 2030 (US)",
}  # fmt: skip
RATING = {
    "target_achieved": "target achieved", "substantial_progress": "substantial progress", "moderate_progress": "moderate progress", "limited_progress": "limited progress", "deterioration": "deterioration",
    "significant_progress": "significant progress", "moderate_deterioration": "moderate movement away", "significant_deterioration": "significant movement away",
    "on_track": "on track", "fair": "fair progress", "stagnation": "stagnation", "On-track": "on track", "Slow progress": "slow progress", "Regression": "regression",
    "Will meet target": "will meet target", "Need to accelerate": "need to accelerate", "No progress expected": "no progress expected", "Insufficient data": "insufficient data",
    "sun": "sun", "sun_cloud": "sun and cloud", "cloud": "cloud", "thunder": "thunderstorm", "met": "met", "improving": "improving", "little_change": "little change", "getting_worse": "getting worse",
    "not_available": NOT_APPLICABLE,
}  # fmt: skip
COURSE = {"on": "will do", "short": "falls short", "wrong": "moves away", None: "says nothing of pace"}
MARK = {
    "observed": "observed", "former": "former definition", "vintage": "published before", "assumed": ASSUMED, "schedule": "schedule", "target": "target", "median": "forecast median", "80": "80% interval", "95": "95% interval",
}  # fmt: skip
RELIABILITY = {"stock": "levels (stocks, shares, …)", "sum": "sums of additions"}
RELIABILITY_TITLE, SAID_AXIS, MET_AXIS, PERFECT = "Chances given and targets met", "chance given", "share met", "perfectly reliable"
OPERATION = {"sum": " + ", "product": " × ", "quotient": " ÷ "}
GAP, BREAK, RANKING_TITLE = "none", "definition changed", "Latest value by area (bar) and target (mark)"
ROOM = 1.22  # of the longest words beside a bar of the overview, in lengths of the bar that reaches the target
EVALUATION = {"baseline": "Baseline report", "annual": "annual assessment", "midterm": "midterm assessment", "final": "final assessment"}
FICTIONAL = "Fictional data, not to be quoted"
WITHOUT_SPACE = ("%", "‰")
UNIT = {
    "%": "%", "件": "items", "万件": "10,000 items", "件/万人": "per 10,000 people", "个": "units", "人": "people", "人次": "attendances", "家": "firms", "家/万企": "per 10,000 firms",
    "分": "points", "天": "days", "万元": "10,000 yuan", "亿元": "100 million yuan", "亿美元": "100 million US$", "万人": "10,000 people", "万家": "10,000 firms",
    "万户": "10,000 households", "位": "places", "款": "models", "笔": "transactions", "项": "items",
}  # fmt: skip


def amount(value: float | None, facts: Indicator, bound: str = "=", missing: str = "—") -> str:
    """`value` with its unit, and the word of its bound: "over 0.500 billion yuan"."""
    if value is None:
        return missing
    return f"{_bound(bound)}{en_units.figure(value, facts)}{_of(facts)}"


def _of(facts: Indicator) -> str:
    """The unit after a number: "%", " people", " billion yuan"; in brackets where a digit would meet a digit."""
    words = en_units.SCALED.get(facts.unit, ("", "", unit(facts.unit)))[2]
    return words if facts.unit in WITHOUT_SPACE else f" ({words})" if words[:1].isdigit() else f" {words}"


def _bound(bound: str) -> str:
    return BOUND[bound]


def joined(words: str, figure: str) -> str:
    return f"{words} {figure}"


def compared(name: str, base: str, flipped: list[str], left_out: list[str]) -> str:
    """What became of the indicators in an edition, against another."""
    text = f"{name}: against {base}, status, outlook or alert changed for {len(flipped)} indicator{'s' * (len(flipped) != 1)}" + (f" ({', '.join(flipped)})" if flipped else "")
    return text + (f"; left out: {', '.join(left_out)}" if left_out else "") + "."


def flips(editions: list[tuple[str, list[tuple[str, str, str]]]]) -> str:
    """"prudent: status ahead → behind", of (edition, [(what, before, after)])."""
    return "; ".join(f"{name}: " + ", ".join(f"{page.COMPARISON[what]} {before} → {after}" for what, before, after in words) for name, words in editions)


def since(start: str) -> str:
    """Since when a running total runs."""
    return f"since {start}"


def stated(base: Baseline, facts: Indicator) -> str:
    """The baseline as the plan states it, or why it does not."""
    text = f"{amount(base.value, facts, base.bound)} in {base.year}" if base.value is not None else f"not in the plan: {base.note}"
    return text + (forms.ESTIMATED if base.estimated else "") + forms.revised(facts)


def unit(printed: str) -> str:
    """A unit in English, or as the plan prints it where it has no common translation."""
    return UNIT.get(printed, printed)


def contextual(row: Mapping[str, Any]) -> str:
    """One figure of a reference series: "2023: 14.5 %"."""
    return f"{row['year']}: {BOUND[row['bound']]}{plain(row['value'])} {unit(row['unit'])}"


def changed(what: str, before: object, now: object, name: str = "") -> str:
    """What is not as it was in last year's edition: a rule or a model, or the target, baseline or definition of an indicator."""
    words = {"rule": RULE, "model": MODEL}.get(what, {})
    told = " was reworded" if what == "definition" else f": {words.get(before, before)} became {words.get(now, now)}"
    return (f"{name}: " if name else "") + {"rule": "rule", "model": "forecast model", "target": "target", "baseline": "baseline", "definition": "definition"}[what] + told


def difference(value: float, facts: Indicator) -> str:
    """A step in the indicator's unit; a difference of percentages is in percentage points."""
    text = en_units.figure(value, facts, max(facts.decimals, 2) if abs(value) < 1 else facts.decimals + 1)
    return f"{text} percentage points" if facts.unit in ("%", "‰") else f"{text}{_of(facts)}"


def evaluation(plan: Plan, year: int) -> str:
    """Annual, midterm or final assessment: final in the target year, midterm in the middle year of the period."""
    middle = (plan.period.start + plan.period.end) // 2
    if year < plan.period.start:
        return EVALUATION["baseline"]
    return EVALUATION["final" if year == plan.target_year else "midterm" if year == middle else "annual"]


def title(plan: Plan, year: int) -> str:
    return f"{plan.title_en}: {evaluation(plan, year)} {year}"


def target(facts: Indicator) -> str:
    """"at least 12.0 items in 2025", or why there is none."""
    if facts.target.form != "at_end":
        return forms.target(facts)
    if facts.target.value is None:
        return f"no target was set ({facts.target.note})"
    return f"{OPERATOR[facts.target.op]} {target_amount(facts)} {_in(facts)} {facts.target.year}"


def target_amount(facts: Indicator, with_unit: bool = True) -> str:
    """The target as the plan prints it: "18 items" where others of its figures have decimals."""
    if not with_unit:
        return number(facts.target.value, facts.target_decimals)
    return "—" if facts.target.value is None else en_units.figure(facts.target.value, facts, facts.target_decimals) + _of(facts)


def baseline(said: Assessment) -> str:
    """The start of progress that was used, with where it comes from."""
    base, facts = said.baseline, said.facts
    if base.source == "zero":
        return f"0{_of(facts)} ({BASELINE_SOURCE['zero']})"
    if base.value is None:
        stated = facts.baseline
        note = f": {stated.note.rstrip('。')}" if stated.note else ""
        printed = f"; the plan states {amount(stated.value, facts, stated.bound)} for {stated.year}" if stated.value is not None else ""
        return f"{BASELINE_SOURCE[base.source]}{note}{printed}"
    return f"{amount(base.value, facts, base.bound)} in {base.year} ({BASELINE_SOURCE[base.source]})"


def _in(facts: Indicator) -> str:
    """"in" before the year of a value; "in total by" where it sums up several years."""
    return "in total by" if facts.kind in ("increment", "cumulative") else "in"


def latest(said: Assessment) -> str:
    if said.value is None:
        return NO_DATA
    when = forms.when(said) or f"{_in(said.facts)} {said.data_year}"
    return f"{amount(said.value, said.facts, said.bound)} {when}"


def reasons(codes: Iterable[str]) -> str:
    return "; ".join(REASON[code] for code in codes)


def note(said: Assessment) -> str:
    """Why something is not available, and what a reader must know."""
    parts = [reasons(dict.fromkeys(said.reasons))]
    parts += [forms.in_words(said.word)] if said.word else []
    if said.possible:
        parts.append(f"possible inside the bound: {', '.join(STATUS[code] for code in said.possible)}")
    if said.data_year is not None and said.series.points[-1].earlier:
        parts.append(f"the latest value was published before as {said.series.points[-1].earlier}")
    return "; ".join(part for part in parts if part)


def judged(status: str, at_least: bool, of: int | None = None) -> str:
    """The word of a status; of one that is the least of several that the bounds allow, so said."""
    word = ("at least " if at_least else "") + STATUS[status]
    return word + (f" (figures of {of})" if of else "")


def pace(said: Assessment) -> str:
    """What the years left require, against the pace so far; for an indicator without data, what the plan itself requires."""
    facts = said.facts
    if has_own_rule(facts):
        return forms.pace(said)
    if said.status in ("met_locked", "met_hold"):
        return "The target is achieved, nothing more is required." if not facts.can_be_lost else "The target is achieved and has to be held until the target year."
    if facts.target.value is None:
        return "Without a target no required step can be computed."
    if said.data_year is not None and said.data_year >= facts.target.year:
        return f"The target year's figure is {'assumed' if _is_assumed(said) else 'published'}, no year is left."
    if facts.kind == "binary":
        return f"What is done or not has no yearly step; it is due by the end of {facts.target.year}."
    if said.required_step is not None:
        text = f"{(left := facts.target.year - said.latest[0])} year{'s' if left > 1 else ''} to the target year: {_change(said.required_step, facts)} a year required"
        if said.mean_step is not None and said.required_step:
            text += f", {_change(said.mean_step, facts)} a year since {said.baseline.year}"
        text += f", so the yearly step must be {number(said.step_factor, 2)} times what it was" if said.step_factor is not None else ""
        bounded = " (from the bound: required at most)" if said.bound in (">", ">=") and facts.direction == "higher" else ""
        return text + bounded + "."
    if said.value is None and said.planned_step is not None and met(said.baseline.figure, facts.target.figure, facts.target.op):
        return f"The baseline already meets the target, which is to be held until {facts.target.year}; nothing has to be gained."
    if said.planned_step is not None and said.value is None:
        return f"The plan requires {_change(said.planned_step, facts)} a year from {said.baseline.year} to {facts.target.year}."
    why = "The baseline is only approximate or a bound" if said.baseline.bound != "=" else "There is no baseline of this definition"
    return f"{why}, the yearly step the plan requires cannot be computed."


def _change(step: float, facts: Indicator) -> str:
    return f"{'+' if step >= 0 else '−'}{difference(abs(step), facts)}"


def progress(said: Assessment) -> str:
    """Value against target and share of the planned gain against time elapsed, as far as they are available."""
    if has_own_rule(said.facts):
        return forms.progress(said)
    if said.value is None:
        return "Nothing was observed in the plan period, progress cannot be computed."
    more, beyond = ("at least ", ("or more" if said.facts.direction == "higher" else "or less")) if said.bound in (">", ">=") else ("", "")
    parts = [f"{more}{percent(said.attainment)} of the target"] if said.attainment is not None and said.facts.kind != "binary" else []
    if said.progress is not None:
        done = f"{gained(said.progress, said.bound, said.facts.direction)} of the planned gain"
        parts.append(f"{done} in {percent(said.elapsed)} of the time, a ratio of {number(said.ratio, 2)}{' ' + beyond if beyond else ''}")
    else:
        parts.append(f"share of the planned gain {NOT_APPLICABLE}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:] + "."


def gained(share: float | None, bound: str, direction: str, decimals: int = 1) -> str:
    """Share of the planned gain in percent; that of a bounded figure is a bound too: "at least 90.0%"."""
    word = {"=": "", "~": "about "}.get(bound, "at least " if direction == "higher" else "at most ")
    return (word if share is not None else "") + percent(share, decimals, NOT_APPLICABLE)


def trend(said: Assessment) -> str:
    """What can be said of the direction so far: nothing with fewer than two points, no step between bounds."""
    points = said.series.points
    if is_accumulated(said.facts):
        return forms.trend(said)
    if said.facts.kind == "binary":
        return "What is done or not has no trend. "
    if len(points) < 2:
        return f"With {len(points)} usable observation in the plan period no trend can be told. " if points else "Without observations no trend can be told. "
    first, last = points[0], points[-1]
    if {first.bound, last.bound} & {">", ">="}:
        return f"{len(points)} observations from {first.year} to {last.year}, some of them only bounds: no yearly step can be computed. "
    step = (last.figure - first.figure) / (last.year - first.year)
    gaps = f"{', '.join(map(str, said.series.gaps))} missing, not filled in. " if said.series.gaps else ""
    rate = f", growth {percent(said.cagr, 2)} a year over the plan period" if said.cagr is not None else ""
    change = f"{_change(step, said.facts)} a year"
    if said.facts.kind == "increment":  # a sum from nothing: between its first year and its last lies one addition too few
        change = f"{difference(said.mean_step, said.facts)} added a year on average" if said.mean_step is not None else "yearly additions cannot be averaged"
    return f"{len(points)} observations from {first.year} to {last.year}, {change}{rate}. {gaps}"


def outlook(said: Assessment, level: float = 0.8) -> str:
    """The forecast in a sentence, with model, n and the prediction interval of `level` (0.8 or 0.95); or why there is none."""
    at, facts = said.at_target, said.facts
    if at["median"] is None:
        reason = REASON[said.forecast.reason] if said.forecast.reason else "no forecast"
        return f"{reason[:1].upper()}{reason[1:]}."
    name = f"{level * 100:.0f}"
    return (
        f"By the model “{MODEL[said.forecast.model]}” ({said.forecast.n} {_observations(said)}) the median for {facts.target.year} is {amount(at['median'], facts)}, "
        f"the {name}% prediction interval {en_units.figure(at[f'low{name}'], facts)} to {en_units.figure(at[f'high{name}'], facts)}."
    )


def chance(p: float | None) -> str:
    """A probability to the nearest 5 %, never as certainty; "no forecast" where there is none."""
    if p is None:
        return NO_FORECAST
    rounded = int(half_up(p * 20, 0)) * 5
    return "over 95%" if rounded == 100 else "under 5%" if rounded == 0 else f"about {rounded}%"


def prospect(said: Assessment, record: Record | None = None, fate_of: Record | None = None) -> str:
    """The chance in a sentence: P, its word, model, n, and how often that word came true; or why there is none."""
    if said.status == "met_locked":
        return "The target is achieved and cannot be lost by definition; nothing is left to forecast."
    if said.p_met is None or said.outlook is None:
        return f"No forecast: {REASON[said.forecast.reason] if said.forecast.reason else 'there is no target'}."
    few = f"; with fewer than {FEWEST} observations never more than “{OUTLOOK['likely']}”" if said.forecast.n < FEWEST else ""
    text = f"The chance to meet the target is {chance(said.p_met)}: {OUTLOOK[said.outlook]} (model “{MODEL[said.forecast.model]}”, {said.forecast.n} {_observations(said)}{few})."
    return text + (f" {tested_before(record)}." if record else "") + fate(said, fate_of)


def fate(said: Assessment, record: Record | None) -> str:
    """How often a status came true: of plans so judged in that year; empty where it is not known."""
    if record is None:
        return ""
    return f" Of the plans cut from real series {record.cases} were judged “{STATUS[said.status]}” in year {said.year_of_plan}; {percent(record.met, 0)} of them met their target."


def tested_before(record: Record) -> str:
    """How often a class of chances came true in the backtest."""
    return f"Backtested on series it had not learned from, this was said {record.cases} times: {percent(record.said, 0)} given on average, {percent(record.met, 0)} met"


def disagreement(_said: Assessment, models: Iterable[OtherModel]) -> str:
    """The models whose P lies far from ours; empty where none does."""
    told = ", ".join(f"“{MODEL[one.model]}” gives {chance(one.p_met)}" for one in models)
    return f"Models disagree: {told}, more than {DISAGREE * 100:.0f} percentage points from this conclusion, which depends on how the past is continued." if told else ""


def parting(said: Assessment, others: Iterable[OtherRule]) -> str:
    """Where other offices' rules part from our judgement, in a sentence."""
    others = list(others)
    spoke = [one for one in others if one.agrees is not None]
    apart = [one for one in spoke if not one.agrees]
    if not others:
        return "There is no judgement to compare."
    if not spoke:
        return f"None of {len(others)} rules applies to these figures."
    if not apart:
        return f"{len(spoke)} applicable rules point the same way."
    told = ", ".join(f"{OTHER_RULE[one.rule]} says “{rating(one)}”" for one in apart)
    return f"{len(apart)} of {len(spoke)} applicable rules part from this judgement ({STATUS[said.status]}): {told}."


def rating(one: OtherRule) -> str:
    """The word of another office's rule; of a rule with two measures both."""
    return ", ".join(RATING[word] for word in one.rating.status.split("|"))


def _observations(said: Assessment) -> str:
    return "yearly additions" if said.facts.kind in ADDED_UP else "observations"


def significance(said: Assessment) -> str:
    """What the exact Mann-Kendall test and the Theil–Sen slope say; empty where there is nothing to test."""
    found = said.trend
    if found is None or found.slope is None:
        return ""
    what = "yearly additions" if said.facts.kind in ADDED_UP else "observations"
    verdict = {
        "rising": "a significant rise (5% level)", "falling": "a significant fall (5% level)", "none": "no significant trend (5% level)",
        "unreachable": f"{found.n} values cannot reach the 5% level in any order, so the test cannot tell",
    }[found.code]  # fmt: skip
    return f"Exact Mann-Kendall test ({what}, n={found.n}): S={found.s}, two-sided p{_probability(found.p)}, {verdict}. Theil–Sen slope{' of the additions' if said.facts.kind in ADDED_UP else ''}: {_change(found.slope, said.facts)} a year."


def _probability(p: float) -> str:
    return f"={p:.3f}" if p >= 0.001 else "<0.001"


def alert(said: Assessment) -> str:
    """"green (normal)"; without forecast the word for it beside; empty where nothing is judged."""
    if said.alert is None:
        return ""
    return warned(said.alert, said.p_met is None and said.word is None and said.latest[0] < said.facts.target.year)


def warned(code: str, unforeseen: bool = False) -> str:
    return f"{ALERT[code]} ({ALERT_MEANING[code]}{', ' + NO_FORECAST if unforeseen else ''})"


def foreseen(said: Assessment) -> str:
    """Chance and alert as they stand in the conclusion; empty where there is neither."""
    parts = [f"Outlook: {OUTLOOK[said.outlook]} (chance to meet the target {chance(said.p_met)})"] if said.outlook and said.status != "met_locked" else []
    parts += [f"Alert: {alert(said)}"] if said.alert else []
    return "".join(f"{part}. " for part in parts)


def conclusion(said: Assessment) -> str:
    """The one sentence of an indicator, generated from its numbers."""
    facts = said.facts
    if said.status == "no_data":
        return f"{facts.name_en}: {NO_DATA}. {_goal(facts)}; {REASON['no_observation']}, not judged. {_to_come(said)}{_final(said)}".rstrip()
    text = f"{facts.name_en}: {latest(said)}; {_goal(facts)}"
    if said.progress is not None and has_own_rule(facts):
        text += f"; {forms.course(said)}"
    elif said.progress is not None:
        text += f"; {gained(said.progress, said.bound, said.facts.direction)} of the planned gain in {percent(said.elapsed)} of the time"
    why = f"Note: {note(said)}." if note(said) else ""
    return f"{text}. Judgement: {judged(said.status, said.at_least)}. {foreseen(said)}{_final(said)}{why}".rstrip()


def _to_come(said: Assessment) -> str:
    """What the years before the plan lead one to expect; empty where they say nothing."""
    return f"Going by the years before the plan, the chance of meeting the target is {chance(said.p_met)} ({OUTLOOK[said.outlook]}). " if said.outlook else ""


def _goal(facts: Indicator) -> str:
    return f"target: {target(facts)}" if facts.target.is_set else target(facts)


def _final(said: Assessment) -> str:
    late = said.series.late
    when = f" ({amount(late.level, said.facts, late.bound)} in {late.year})" if late and said.final == "fulfilled_late" else ""
    return f"Final assessment: {FINAL[said.final]}{when}. " if said.final else ""


def finding(said: Assessment) -> str:
    """The title of the picture: what it shows, in one line."""
    facts, value = said.facts, latest(said)
    if facts.target.value is None:
        return value
    if said.value is None:
        return f"{NO_DATA}, target {target_amount(facts)}"
    return f"{value}, {'target achieved:' if said.status in ('met_locked', 'met_hold') else 'target'} {target_amount(facts)}"


def alternative(said: Assessment, facts: Indicator, happened: Iterable[Event] = ()) -> str:
    """The alt text of the picture: a sentence with its numbers, and with what happened meanwhile."""
    points = ", ".join(f"{p.year} {_bound(p.bound)}{en_units.figure(p.level, facts)}" for p in (*said.series.before, *said.series.points))
    ahead = said.at_target
    future = f"; forecast for {facts.target.year} {en_units.figure(ahead['median'], facts)} (80% prediction interval {en_units.figure(ahead['low80'], facts)} to {en_units.figure(ahead['high80'], facts)})" if ahead["median"] is not None else ""
    return f"Line chart: {facts.name_en} ({_of(facts).strip(' ()')}), {points or NO_DATA}; {_goal(facts)}{future}{en_chapters.marked(happened)}."


def overview_alternative(records: Iterable[dict]) -> str:
    """The alt text of the overview of all indicators' records: every indicator with its numbers."""
    rows = (f"{r['name_en']} {gained(r['progress'], r['bound'], r['facts']['direction'], 0)} ({STATUS[r['status']]})" for r in records)
    return f"Bar chart: share of the planned gain of every indicator: {'; '.join(rows)}."


def reliability_alternative(model: str, records: Mapping[str, Iterable[Record]]) -> str:
    """The alt text of the reliability picture: what was said and what came true, for each tenth of P."""
    told = (
        f"{RELIABILITY[kind]}: " + ", ".join(f"of those given {percent(one.said, 0)}, {percent(one.met, 0)} were met ({one.cases} cases)" for one in rows if one.cases)
        for kind, rows in records.items()
    )
    return f"Scatter chart: the model “{MODEL[model]}” backtested on series it had not learned from; {'; '.join(told)}."


def hindcast(said: Hindcast) -> str:
    """"faster than expected, about 60%": what would have been said in one year."""
    if said.data_year is None:
        return NO_DATA
    return STATUS[said.status] + ("" if said.status == "met_locked" else f", {chance(said.p_met)}")


def assumption(entry: WhatIf, facts: Indicator | None = None) -> str:
    """What one entry of a scenario assumes, without its reason; with its unit where the facts are at hand."""
    words = _of(facts) if facts else ""
    if entry.value is not None:
        return f"the value of {entry.year} is {plain(entry.value)}{words}"
    if entry.growth is not None:
        return f"from the latest value on it grows by {percent(entry.growth)} a year, up to {entry.until or 'the assessment year'}"
    if entry.target is not None:
        return f"the target is {plain(entry.target)}{words}"
    return "this indicator is left out" if entry.drop else f"read otherwise ({entry.reading})"


def assumptions(facts: Indicator) -> str:
    """Everything a scenario assumes of one indicator, each with its reason; empty without a scenario."""
    return "; ".join(f"{assumption(entry, facts)} (because: {entry.reason.rstrip('。')})" for entry in facts.assumed)


def choices(scenario: Scenario) -> list[tuple[str, str]]:
    """(what was chosen, why) of every choice a scenario makes otherwise."""
    return [(f"{CHOICE[name]}: {MODEL[value] if name == 'model' else value}", one.reason) for one in scenario.choices for name in CHOICE if (value := getattr(one, name)) is not None]


def _is_assumed(said: Assessment) -> bool:
    """True where the value that is judged is a scenario's."""
    return bool(said.series.points) and said.series.points[-1].row.status == "assumed"


def scores(rows: Iterable[Score], series: int) -> str:
    """Which model came nearest on these series, and how sure that is."""
    rows = sorted(rows, key=lambda score: score.error)
    if not rows:
        return f"All {series} series are too short for a backtest."
    few = "; too few for more than a hint" if rows[0].count < 100 else ""
    return f"On {series} series each model was tested {rows[0].count} times: the least error is that of “{MODEL[rows[0].model]}”, {number(rows[0].error, 2)} times the mean yearly change; the largest that of “{MODEL[rows[-1].model]}”, {number(rows[-1].error, 2)} times{few}."


def tried(assessments: Iterable[Assessment]) -> str:
    """How far the chance depends on model and window."""
    chances = [said.p_met for said in assessments if said.p_met is not None]
    if not chances:
        return "There is no chance to compare."
    return f"With another model or other years, the chance goes from {chance(min(chances))} to {chance(max(chances))}."


def ranking(said: Sequence[Assessment], names: Mapping[str, str]) -> str:
    """The alt text of the ranking: every area with its value, the best first."""
    facts = said[0].facts
    listed = ", ".join(f"{names[one.area]} {amount(one.value, one.facts, one.bound)} ({one.data_year}, {STATUS[one.status]})" for one in said)
    return f"Bar chart: {facts.name_en} by area, the best first: {listed}."


def reading(other: Reading, said: Assessment) -> str:
    """What another reading of the plan's words would say."""
    text = other.text.rstrip("。")
    if said.status == "no_data":
        start = ("baseline " if said.baseline.value is not None else "") + baseline(said)
        return f"{text} — {_goal(said.facts)}, {start}; {NO_DATA}. {pace(said)}"
    why = f" ({note(said)})" if said.status in UNJUDGED else ""
    return f"{text} — {latest(said)}. {progress(said)} Judgement: {judged(said.status, said.at_least)}{why}."


def counted(result: Overall) -> str:
    """How many indicators can be judged, and how they stand."""
    judged = ", ".join(f"{k} {STATUS[code]}" for code, k in result.counts if code not in UNJUDGED)
    rest = ", ".join(f"{k} {STATUS[code]}" for code, k in result.counts if code in UNJUDGED)
    text = f"Of the plan's {result.total} main indicators "
    if result.finals:
        spoken = ", ".join(f"{k} {FINAL[code]}" for code, k in result.finals if code != "pending")
        text += f"{result.published} have a published figure of the target year" + (f" ({spoken})" if spoken else "")
        text += f", {result.total - result.published} have none. By the latest figures there are, "
    text += f"{result.assessable} can be judged"
    text += f": {judged}" if judged else ""
    text += f" ({result.at_least} of these are the least their bounds allow)" if result.at_least else ""
    text += f"; {result.total - result.assessable} cannot ({rest})" if rest else ""
    older = ", ".join(f"{k} of {year}" for year, k in result.stale)
    text += f"; {sum(k for _, k in result.stale)} of those assessed rest on figures that are not of the assessed year ({older})" if older else ""
    return f"{text}. {expected(result)}"


def expected(result: Overall) -> str:
    """How many are expected to be met, with a margin that holds about 80 %; empty where too few are forecast."""
    if result.expected is None:
        return ""
    middle, half = result.expected
    return f"Of the {result.foreseen} with a forecast, {middle:.1f} ± {half:.1f} are expected to be met (80% of the time). "


def overall(result: Overall) -> str:
    """The counts and the conclusion drawn from them."""
    return f"{counted(result)}{OVERALL[result.word]}."


def commitments(states: Iterable[CommitmentState]) -> str:
    codes = [state.schedule for state in states]
    listed = ", ".join(f"{codes.count(code)} {COMMITMENT[code]}" for code in COMMITMENT if code in codes)
    return f"Of the plan's {len(codes)} commitments: {listed}. " if codes else "No commitments of this plan were entered. "


def place(line: int | None, where: str, source: str = "") -> str:
    """Where a quotation stands: "…, line 150 of the original"."""
    parts = [where] if where else []
    parts += [f"line {line} of the original"] if line is not None else [f"quoted from {source}"] if source else []
    return ", ".join(parts)


def quotation(quote: str) -> str:
    """A clause as printed; cells of a table row are set apart."""
    return "“" + quote.replace("|", " | ") + "”"


def received(rows: int, indicators: int, total: int, lacking: int) -> str:
    """What came through the door, in a sentence."""
    text = f"{rows} observations received, of {indicators} of {total} indicators"
    return f"{text}; {lacking} indicators lack a year." if lacking else f"{text}; no year is missing."


def cutoff(known_by: str, latest: str) -> str:
    """The date the evaluator chose, or the latest publication used."""
    if known_by:
        return f"published by {known_by}"
    return f"all known data (latest publication {latest})" if latest else "all known data (no observation)"


def years(listed: Iterable[int]) -> str:
    """Years with runs joined: 2021–2023, 2025."""
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs(listed))
