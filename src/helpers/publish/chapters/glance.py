"""What a reader takes from an edition in ten seconds: where it stands, what is missing, who must
act. Three short answers under the word of the conclusion, before anything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import ModuleType

from ...show.lines import Bold, Line, Link, Small, separated

NAMED = 3  # indicators and offices that are named; the rest are counted
CALLED = ("red", "orange")  # alerts that somebody has to explain


def rows(edition: dict, w: ModuleType) -> tuple[tuple[str, Line], ...]:
    """(question, answer) of the three."""
    answers = _stands(edition, w), _missing(edition, w), _act(edition, w)
    return tuple(zip(w.summary.GLANCE, answers, strict=True))


def not_begun(edition: dict) -> bool:
    """Whether the edition is of a year before the plan's first."""
    return edition["whole"]["year"] < edition["plan"]["period"]["start"]


def due(edition: dict) -> dict[str, int]:
    """How many promises of each office are due without information."""
    counts = {
        group.name: group.counts.get("due_no_information", 0) for group in edition["ledger"].offices
    }
    return {office: k for office, k in counts.items() if k}


def _stands(edition: dict, w: ModuleType) -> Line:
    whole = edition["whole"]
    if not_begun(edition):
        foreseen = sum(r["p_met"] is not None for r in edition["indicators"])
        return w.summary.not_begun(edition["plan"]["period"]["start"], whole["total"], foreseen)
    good = sum(each["good"] for each in whole["categories"])
    final = whole["year"] == edition["plan"]["period"]["end"]
    published = whole["published"] if final else None
    return w.summary.stands(whole["total"], whole["assessable"], good, published)


def _missing(edition: dict, w: ModuleType) -> Line:
    """Which indicators lack a year, and how many promises are due without a word of them."""
    lacking, promises = edition["check"]["missing"], sum(due(edition).values())
    names: list[Line] = [
        Link(edition["names"][row["id"]], f"#i-{row['id']}") for row in lacking[:NAMED]
    ]
    none = dict(edition["whole"]["counts"]).get("no_data", 0)
    parts: list[Line] = []
    if lacking:
        others = w.summary.OTHERS if len(lacking) > NAMED else ""
        listed = separated(names, w.LISTING), others
        parts.append((w.summary.lacking(len(lacking), none), w.COLON, listed))
    if promises:
        parts.append(Link(w.summary.silent(promises), "#commitments"))
    nothing = w.summary.NOT_DUE if not_begun(edition) else w.summary.NOTHING_MISSING
    return separated(parts, w.SEMICOLON) or nothing


def _act(edition: dict, w: ModuleType) -> Line:
    """Who has to do what: by the evaluator's first recommendation, or, where there is none, by the
    record: who has the figures, who is asked why an alert stands."""
    said = edition["whole"]["judgement"]
    if said and said["recommendations"]:
        return _recommended(said, w)
    alerted = [r["facts"]["supplier"] for r in edition["indicators"] if r["alert_code"] in CALLED]
    asked = (
        (w.summary.SUPPLY, Counter(row["office"] for row in edition["check"]["missing"])),
        (w.summary.EXPLAIN, Counter(each["office"] for each in alerted)),
        (w.summary.REPORT, Counter(due(edition))),
    )
    told = [(Bold(what), w.COLON, _offices(offices, w)) for what, offices in asked if offices]
    if not told:
        return w.summary.NOBODY
    suppliers = [*edition["check"]["missing"], *alerted]
    by_duty = any(each["basis"] == w.BASIS["suggested"] for each in suppliers)
    duty = (" ", Small(w.summary.BY_DUTY)) if by_duty else ()
    return (*separated(told, w.SEMICOLON), *duty)


def _recommended(said: Mapping, w: ModuleType) -> Line:
    """The evaluator's first recommendation, told to be theirs, and whom the others are made to."""
    given = said["recommendations"]
    first = given[0]
    owner = Bold(Link(first["owner"], f"#r-{first['id']}"))
    whose = Small(w.summary.proposed(said["parties"]["evaluator"], said["draft"])), w.COLON
    told = *whose, owner, w.summary.due_by(first["due"]), w.COLON, first["text"]
    others = [*dict.fromkeys(each["owner"] for each in given[1:])]
    if not others:
        return told
    named = w.LISTING.join(others[:NAMED]) + w.summary.OTHERS * (len(others) > NAMED)
    more = Link(w.judgement.more_recommended(len(given) - 1), "#recommendations")
    return told, (w.OPEN, more, w.COLON, named, w.CLOSE)


def _offices(asked: Mapping[str, int], w: ModuleType) -> str:
    first = sorted(asked.items(), key=lambda each: -each[1])[:NAMED]
    told = w.COMMA.join(w.summary.office(name, k) for name, k in first)
    return told + (w.summary.and_offices(len(asked)) if len(asked) > NAMED else "")
