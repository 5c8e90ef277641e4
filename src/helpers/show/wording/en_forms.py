"""The forms a target can have, in English: what is asked, where it stands, what the years left must bring."""

from __future__ import annotations

from ...intake.judgement import Judged
from ...intake.plan import Indicator
from ...intake.targets import ACCUMULATED, EACH_YEAR
from ...measure.assessment import Assessment
from .digits import number, percent

FORM = {"at_end": "reached at the end", "every_year": "kept in every year", "range": "kept in a range every year", "mean": "mean of the period", "compound": "total of the period, compounded", "rise": "rise above the baseline", "relative": "against another indicator", "qualitative": "in words"}
OPERATOR = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
SIGN = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
PROXY, AMENDED, GOALS, FORM_LABEL = "Proxy", "Target amended", "goals of each year", "Form of the target"
ESTIMATED = ", estimated"
UNITS = {"%": "%", "‰": "‰"}


def figure(value: float | None, facts: Indicator, decimals: int | None = None) -> str:
    """A value with its unit; a unit without a sign of its own stands in the heading, a ratio of two
    indicators has none."""
    unit = "" if facts.target.is_ratio else UNITS.get(facts.unit, "")
    return number(value, facts.decimals if decimals is None else decimals) + unit


def span(low: float | None, high: float | None, facts: Indicator) -> str:
    """"5.0 to 6.0%", or one end of it."""
    if low is None or high is None:
        return ("at least " + figure(low, facts)) if high is None else ("at most " + figure(high, facts))
    return f"{number(low, facts.decimals)} to {figure(high, facts)}"


def in_words(word: Judged) -> str:
    """What the evaluator says of a target in words, without its full stop."""
    return f"in the evaluator's words: {word.text.rstrip('。.')}"


def target(facts: Indicator) -> str:
    """What a target of this form asks, in a phrase: "more than 7% a year on average"."""
    goal = facts.target
    if goal.form == "qualitative":
        return f"in words ({goal.note})"
    if goal.compared:
        return _compared(facts)
    asked = _asked(facts)
    if goal.form == "rise":
        if goal.printed is None:
            return f"{figure(goal.value, facts, facts.target_decimals)} above the baseline in {goal.year}"
        return f"{figure(goal.printed, facts)} above the baseline in {goal.year}, that is {asked}"
    if goal.form in EACH_YEAR:
        return _each_year(facts)
    word = ("a year on average" if goal.rate else "as the mean of the period") if goal.form == "mean" else "over the period, compounded"
    return f"{asked} {word}"


def _asked(facts: Indicator) -> str:
    return f"{OPERATOR[facts.target.op]} {figure(facts.target.value, facts, facts.target_decimals)}"


def _each_year(facts: Indicator) -> str:
    goal = facts.target
    own = ", ".join(f"{one.year} {span(one.low, one.high, facts)}" for one in goal.goals)
    if goal.judged == "range":
        common = f"{span(goal.low, goal.high, facts)} in every year" if goal.low is not None or goal.high is not None else ""
    else:
        common = f"{_asked(facts)} in every year" if goal.value is not None else ""
    return "; ".join(filter(None, (common, f"goals of each year: {own}" if own else ""))) or f"goals of each year not set yet ({goal.note})"


def _compared(facts: Indicator) -> str:
    goal, other = facts.target, facts.target.compared
    assert other is not None
    name = other.name_en or other.name
    when = {"mean": "on average", "every_year": "in every year", "range": "in every year", "at_end": f"in {goal.year}"}[other.judged]
    what = f"the {'difference' if other.by == 'difference' else 'ratio'} to {name}"
    if other.judged == "range":
        return f"{what} {span(goal.low, goal.high, facts)} {when}"
    if other.by == "difference" and goal.value == 0:
        return f"{OPERATOR[goal.op]} {name} {when}"
    return f"{what} {_asked(facts)} {when}"


def goal(facts: Indicator) -> str:
    """The target in a table's cell: "mean > 7%"; empty for the value of the target year."""
    asked = facts.target
    if asked.form in ("at_end", "rise"):
        return ""
    if asked.form == "qualitative":
        return "in words"
    if asked.judged == "range" or asked.value is None:
        return f"each year {span(asked.low, asked.high, facts)}" if asked.low is not None or asked.high is not None else GOALS
    word = {"mean": "mean ", "compound": "total ", "every_year": "each year ", "at_end": ""}[asked.judged]
    versus = f"{'difference' if asked.compared.by == 'difference' else 'ratio'} to {asked.compared.name_en or asked.compared.name}, " if asked.compared else ""
    return f"{versus}{word}{SIGN[asked.op]} {figure(asked.value, facts, facts.target_decimals)}"


def when(said: Assessment) -> str:
    """"on average 2021 to 2023" of what several years came to; empty for the value of one year."""
    asked = said.facts.target
    if asked.judged not in ACCUMULATED or said.data_year is None:
        return ""
    first = said.baseline.year + 1
    years = f"{first} to {said.data_year}" if said.data_year > first else f"{first}"
    return ("on average " if asked.judged == "mean" else "in total ") + years


def progress(said: Assessment) -> str:
    """How far a target of this form has come."""
    asked = said.facts.target
    if said.value is None:
        return "Nothing was observed in the plan period, progress cannot be computed."
    if asked.judged in EACH_YEAR:
        return _kept(said)
    parts = [f"{percent(said.attainment)} of the target"] if said.attainment is not None else []
    if said.scheduled is not None and asked.judged == "compound":
        parts.append(f"{figure(said.scheduled, said.facts)} due by {said.data_year} at a constant rate")
    if said.ratio is not None:
        parts.append(f"{percent(said.progress)} of the way in {percent(said.elapsed)} of the time, a ratio of {number(said.ratio, 2)}")
    return ", ".join(parts) + "." if parts else "The target is zero: it is met or not, without a share of the way."


def _kept(said: Assessment) -> str:
    broke = ", ".join(map(str, said.broke))
    if said.progress is None or said.elapsed is None:
        return "No year with figures has a goal to be held against."
    return f"The years with figures are {percent(said.elapsed)} of the period; {f'{broke} broke the limit' if broke else 'all of them kept to it'}."


def pace(said: Assessment) -> str:
    """What each year left has to be."""
    asked, facts = said.facts.target, said.facts
    if said.data_year is not None and said.data_year >= asked.year:
        return "The target year's figure is published, no year is left."
    if asked.judged in EACH_YEAR:
        return "A year broke the limit; those left still have to keep to it." if said.broke else "Every year left has to keep to it."
    if said.needed is None:
        return f"Required: {target(facts)}." if asked.is_set else "Without a target nothing can be required of the years left."
    left = asked.year - said.latest[0]
    word = {"growth": "growth", "fall": "falls", None: "a mean"}[asked.rate]
    beyond = "or more" if facts.direction == "higher" else "or less"
    return f"{left} year{'s' if left > 1 else ''} to the target year: {word} of {figure(said.needed, facts, facts.decimals + 1)} {beyond} a year required."


def trend(said: Assessment) -> str:
    """What the years behind a mean or total were: they have no slope of their own."""
    points = said.series.points
    if not points:
        return "Without observations no trend can be told. "
    listed = ", ".join(f"{p.year} {number(p.row.value, said.facts.decimals)}" for p in points)
    return f"Values of the years: {listed}. "


def course(said: Assessment) -> str:
    """Where it stands, in the conclusion: "60.0% of the way in 40.0% of the time"."""
    if said.facts.target.judged in EACH_YEAR:
        return f"{', '.join(map(str, said.broke))} broke the limit" if said.broke else "kept in every year so far"
    return f"{percent(said.progress)} of the way in {percent(said.elapsed)} of the time"


def amended(facts: Indicator) -> list[str]:
    """What became of a target that was changed: when, to what, why, by which document."""
    return [f"{one.published}: {figure(one.value, facts)} instead of {figure(facts.target.value, facts)} ({one.reason}; {one.document})" for one in facts.target.amended]


def revised(facts: Indicator) -> str:
    """The baseline as published anew; empty where it was not."""
    anew = facts.baseline.revised
    return f"; revised {anew.published} to {figure(anew.value, facts)} ({anew.reason})" if anew else ""
