"""The words of the chapters that say what is assessed, what secures it, what lies ahead, what limits it and what it rests on, in English."""

from __future__ import annotations

from collections.abc import Iterable

from ...intake.events import Event

PERIOD, SCOPE, EDITION = "Period assessed", "Scope", "Data"
NO_PARTIES = "Neither client nor evaluator is named; this edition has no evaluator's words, every sentence is generated from data."
LATER_DATA = "Newest data used (later than the report is dated)"
NO_PROTOCOL = "No protocol was sealed for this plan; targets, definitions, rule, model and thresholds are under “Method and limits”."
SAFEGUARDS, SAFEGUARD_COLUMNS = "Commitments the plan lists as safeguards", ("Commitment", "Office", "Due", "State")
MECHANISM = "Problems of mechanism the evaluator names"
AHEAD, AHEAD_COLUMNS = "Indicators whose target year is still to come", ("Indicator", "Latest value", "Target", "Needed a year", "So far a year", "Median forecast (80 % interval)", "P(met)")
ENDED = "The period is over and no indicator is under way; what comes next is in the recommendations."
EVENTS, ALL_INDICATORS = "Surroundings: what happened in these years", "All indicators"
EVENTS_NOTE = "A thin line marks each event on the charts of the indicators it concerns. It shows what came first, not what caused what: no rise or fall is put down to any of them."
EVENT_COLUMNS = ("Date", "Event", "Kind", "Indicators", "Source")
EVENT_KIND = {"law": "law", "policy": "policy", "institution": "institutions", "statistics": "statistics", "shock": "shock"}
LIMITS, KEPT_TITLE, KEPT_COLUMNS = "Limits", "Originals kept", ("Document", "Shows", "File", "SHA-256")
NONE_KEPT = "No originals are kept; sources have a title or an address only."
PROVES_SOURCE = "source of figures"


def event(one: Event) -> str:
    """What a picture and a table call an event."""
    return one.name_en or one.name


def marked(happened: Iterable[Event]) -> str:
    """The events as an alt text names them at its end."""
    told = ", ".join(f"{one.date} {event(one)}" for one in happened)
    return f"; marked: {told}" if told else ""


def scope(indicators: int, categories: int, promises: int) -> str:
    return f"{indicators} indicators in {categories} categories" + (f", {promises} commitments" if promises else "")


def safeguarded(done: int, silent: int, total: int) -> str:
    return f"Of {total} safeguards {done} are done, of {silent} there is no information; the evidence of each is under “Commitments”."


def funded(n: int, total: int) -> str:
    return f"Of {total} commitments {n} have figures on money; see “Commitments”."


def foreseen(n: int, met: float, spread: float) -> str:
    return f"Of {n} indicators with a forecast {met:.1f}±{spread:.1f} are expected to be met (four times in five)."


def remaining(n: int, to_year: int, total: int) -> str:
    return f"Of {total} indicators {n} have no figure of {to_year} yet; those that cannot be lost are not listed."


def limits(told: dict) -> list[str]:
    """What an assessment cannot say, each with its number; nothing of what does not occur."""
    listed = (
        ("unjudged", "Indicators that cannot be judged: {n}; that is not to say that they were missed."),
        ("stale", "Judgements that rest on data older than the assessed year: {n}."),
        ("soft", "Of {points} figures used, preliminary or derived, and open to revision: {n}."),
        ("bounded", "Figures of which the source gives a bound only: {n}; judged over all values within."),
        ("single", "Indicators with a single year of the period, hence no course: {n}."),
        ("few", "Indicators with fewer than three observations, called “likely” at most: {n}."),
        ("disagree", "Indicators whose chance moves by more than 25 points under another model: {n}."),
        ("silent", "Commitments due without published information: {n}; that is not to say that they were not kept."),
        ("unkept", "Sources without a kept original, to be checked by title or address only: {n}."),
    )
    return [text.format(n=told[name], points=told["points"]) for name, text in listed if told[name]]
