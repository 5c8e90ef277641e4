"""How it is judged and how good that is: the rules, the forecast, its record, the terms."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show import marks, protocol_record
from ...show.blocks import (
    Block,
    Figure,
    Heading,
    Listing,
    Pairs,
    Row,
    Sentence,
    Table,
    columns,
    rows,
)
from ...show.lines import Break, Small

RULE = "cn-plan-1"
UNJUDGED, SOFT = ("no_data", "not_assessable"), ("preliminary", "derived")
FEW = 3  # observations that a chance of more than "likely" rests on


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The method of an edition, and what it cannot say."""
    p = w.page
    yield from _rules(w)
    yield Heading(p.CHANCE)
    yield Sentence(p.FORECAST_METHOD)
    if edition["whole"]["memory"]["targets"]:
        yield Sentence(edition["whole"]["memory"]["says"])
    yield Sentence(p.CHANCE_METHOD)
    yield from _reliability(edition, w)
    yield _alerts(edition, w)
    yield from _hindsight(edition["whole"]["hindcasts"], w)
    yield Heading(w.chapters.LIMITS)
    yield Listing(tuple(w.chapters.limits(_limits(edition))))
    yield Heading(p.TERMS)
    yield Pairs(tuple(p.GLOSSARY.items()), w.PAIR_COLUMNS)


def _limits(edition: dict) -> dict[str, int]:
    """How many indicators, figures, promises and sources each limit bears on."""
    records, start = edition["indicators"], edition["plan"]["period"]["start"]
    used = [[p for p in r["points"] if p["year"] >= start] for r in records]
    points = [point for mine in used for point in mine]
    states = [c["schedule"] for c in edition["commitments"]["commitments"]]
    return {
        "points": len(points),
        "unjudged": sum(r["status"] in UNJUDGED for r in records),
        "stale": sum(k for _, k in edition["whole"]["stale"]),
        "soft": sum(point["status"] in SOFT for point in points),
        "bounded": sum(point["bound"] != "=" for point in points),
        "single": sum(len(mine) == 1 for mine in used),
        "few": sum(0 < r["n"] < FEW and r["median"] is not None for r in records),
        "disagree": sum(bool(r["disagree"]) for r in records),
        "silent": states.count("due_no_information"),
        "unkept": sum(not source["file"] for source in edition["sources"].values()),
    }


def _rules(w: ModuleType) -> Iterator[Block]:
    """How status, final word and conclusion are found, with the thresholds in force."""
    p, printed = w.page, protocol_record.PRINTED
    yield Sentence(p.METHOD)
    ladder = [
        (marks.status(code, w), condition.format(**printed)) for code, condition in p.LADDER.items()
    ]
    heads = columns(p.LADDER_COLUMNS, "", (1, 3))
    yield Table(heads, rows(ladder), w.RULE[RULE], p.ladder_caption(w.RULE[RULE]))
    yield Sentence(p.FINAL_METHOD.format(**printed))
    yield Sentence(p.OVERALL_METHOD.format(**printed))


def _reliability(edition: dict, w: ModuleType) -> Iterator[Block]:
    """How often what was called likely came true; a sentence for a model without a record."""
    p, picture = w.page, edition["reliability"]
    chosen = next((r["model"] for r in edition["indicators"] if r["model"]), None)
    if chosen and chosen != "pooled":
        yield Sentence(p.other_model(w.MODEL[chosen]))
    if chosen and picture["alt"] == w.reliability_alternative(chosen, {}):
        yield Sentence(picture["alt"])
        return
    k = len(edition["indicators"]) + bool(edition["whole"]["assessable"]) + 1
    caption = p.figure(k, p.reliability(w.RELIABILITY_TITLE))
    yield Figure("reliability", picture["svg"], picture["alt"], caption)


def _alerts(edition: dict, w: ModuleType) -> Table:
    """Which alert a judgement and a chance make together."""
    p = w.page
    shares = {
        code: p.at_least(w.percent(least, 0)) if least else p.below("10%")
        for code, least in edition["outlooks"]
    }
    outlooks = [(w.OUTLOOK[code], Break(), Small(share)) for code, share in shares.items()]
    listed = [
        (label, *(marks.alert(code, w) for code in edition["alerts"][row]))
        for row, label in p.ALERT_ROWS.items()
    ]
    heads = columns((p.LADDER_COLUMNS[0], *outlooks))
    return Table(heads, rows(listed), p.ALERT_TABLE, p.ALERT_CAPTION, style="")


def _hindsight(hindcasts: dict, w: ModuleType) -> Iterator[Block]:
    """What would have been said of earlier plans of the same series."""
    p = w.page
    if hindcasts["data"]:
        yield Heading(p.HINDSIGHT)
        yield Sentence(p.HINDSIGHT_NOTE)
        listed = tuple(Row(tuple(row)) for row in hindcasts["data"])
        yield Table(columns(hindcasts["columns"]), listed, p.HINDSIGHT_TABLE, head=1)
