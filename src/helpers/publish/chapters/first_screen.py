"""The first screen of an edition that can judge too little: what is missing and from whom, what can
be said all the same, who has to act first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ...show import marks
from ...show.blocks import Block, Cell, Heading, Listing, Row, Sentence, Table, columns
from ...show.lines import Bold, Line, Link, Small, separated
from . import glance

NAMED = 8  # indicators of an office that are named; the rest are counted
FIRST = 3  # recommendations named where there is little room


def blocks(edition: dict, w: ModuleType) -> Iterator[Block]:
    """All of it, in that order."""
    yield from _asked(edition, w)
    yield from _said_all_the_same(edition, w)
    yield from to_act(edition, w)


def _asked(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What is missing, an office a row: its indicators without data, its promises due without
    information."""
    p, due = w.page, glance.due(edition)
    offices: dict[str, list[dict]] = {}
    for row in edition["check"]["missing"]:
        offices.setdefault(row["office"], []).append(row)
    listed = [
        _office(name, rows_of, due.get(name, 0), edition, w) for name, rows_of in offices.items()
    ]
    others = {name: k for name, k in due.items() if name not in offices}
    if others:
        told = w.LISTING.join(f"{name} {k}" for name, k in others.items())
        total = Link(str(sum(others.values())), "#commitments")
        cells = (w.summary.other_offices(len(others)), Cell("", empty=True), total, told)
        listed.append(Row(cells))
    if listed:
        yield Heading(p.MISSING, id="missing")
        heads = columns(w.summary.ASKED_COLUMNS, "-nn", (4, 1.6, 2.2, 8))
        yield Table(heads, tuple(listed), p.MISSING_TABLE)


def _office(name: str, lacking: Sequence[dict], due: int, edition: dict, w: ModuleType) -> Row:
    """An office: how many of its indicators and promises, and which indicators."""
    mine = [Link(edition["names"][row["id"]], f"#i-{row['id']}") for row in lacking]
    more = w.summary.and_more(len(mine)) if len(mine) > NAMED else ""
    promises = Cell(Link(str(due), "#commitments") if due else "", empty=not due)
    return Row((name, str(len(mine)), promises, (separated(mine[:NAMED], w.LISTING), more)))


def _said_all_the_same(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What is known though most is not: what is judged, how the promises stand, what the plan's own
    text gets wrong."""
    judged = edition["whole"]["best"] + edition["whole"]["worst"]
    cards = {one["indicator_id"]: one for one in edition["indicators"]}
    items: list[Line] = [_stands(cards[name], w) for name in judged if name in cards]
    promised, caveats = edition["commitments"], edition["plan"]["caveats"]
    if promised["commitments"]:
        items.append((promised["sentence"], Link(w.page.SECTION["commitments"], "#commitments")))
    if promised["contradictions"]:
        told = w.summary.contradicted(len(promised["contradictions"]))
        items.append(Link(told, "#commitments"))
    if caveats:
        items.append(Link(w.summary.troubled(len(caveats)), "#check"))
    if items:
        yield Heading(w.summary.ALL_THE_SAME)
        yield Listing(tuple(items))


def to_act(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Who has to act first, where the evaluator recommends anything."""
    said = edition["whole"].get("judgement")
    if not said or not said["recommendations"]:
        return
    items: list[Line] = [
        (
            Bold(each["owner"]),
            w.summary.due_by(each["due"]),
            w.COLON,
            Link(each["text"], f"#r-{each['id']}"),
        )
        for each in said["recommendations"][:FIRST]
    ]
    more = len(said["recommendations"]) - FIRST
    if more > 0:
        items.append(Link(w.judgement.more_recommended(more), "#recommendations"))
    yield Heading(w.judgement.TO_ACT)
    yield Sentence(Small(w.summary.proposed(said["parties"]["evaluator"], said["draft"])))
    yield Listing(tuple(items))


def _stands(r: dict, w: ModuleType) -> Line:
    latest = (Link(r["name"], f"#{r['anchor']}"), w.COLON, r["texts"]["latest"])
    return (*latest, w.COMMA, marks.status(r["status"], w, at_least=r["at_least"]))
