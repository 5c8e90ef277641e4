"""The chapter of the Word document on the promises, in the order of the page: how they lie by
chapter and office, what is late, the evidence over time, and every promise by chapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Protocol

from ..show.ledger import Group, chapter_of
from ..show.lines import Line


class Written(Protocol):
    """A document under construction, as far as a chapter needs it."""

    def heading(self, text: str, level: int) -> None: ...
    def say(self, text: str) -> None: ...
    def listed(self, texts: Iterable[str]) -> None: ...
    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[Line | int | float]],
        widths: Sequence[float] = (),
        size: float = 10,
    ) -> None: ...


def chapter(written: Written, facts: dict, w: ModuleType) -> None:
    """Write the chapter of an edition's `facts` in the words `w`."""
    promised, ledger = facts["commitments"], facts["ledger"]
    written.heading(w.page.SECTION["commitments"], 1)
    rows = promised["commitments"]
    if not rows:
        written.say(promised["sentence"])
        return
    written.say(promised["sentence"] + w.ledger.aged(ledger.aged) + w.page.EVIDENCE_ONLY)
    _groups(written, ledger.codes, "chapter", ledger.chapters, w)
    _groups(written, ledger.codes, "office", ledger.offices, w)
    written.say(w.ledger.SUGGESTED_OWNERS)
    for name, listed in (("late", ledger.late), ("due_next", ledger.due_next)):
        if listed:
            written.heading(w.ledger.TITLE[name], 2)
            written.listed(
                f"{c['due']}{w.COLON}{c['title']}{w.COMMA}{_schedule(c, w)}" for c in listed
            )
    _funds(written, facts, w)
    _events(written, facts, w)
    _contradictions(written, promised["contradictions"], w)
    for group in ledger.chapters:
        mine = [_promise(c, w) for c in rows if chapter_of(c) == group.name]
        written.heading(group.name, 2)
        written.table(w.page.COMMITMENT_COLUMNS, mine, (3, 4, 3, 2, 2, 4), 9)


def _groups(
    written: Written, codes: tuple[str, ...], name: str, groups: tuple[Group, ...], w: ModuleType
) -> None:
    title = w.ledger.TITLE
    written.heading(title[f"{name}s"], 2)
    heads = [title[name], *(w.COMMITMENT[code] for code in codes), title["total"]]
    rows = [[g.name, *(g.counts.get(code, "") for code in codes), g.total] for g in groups]
    written.table(heads, rows, (5, *[2] * (len(heads) - 1)), 9)


def _funds(written: Written, facts: dict, w: ModuleType) -> None:
    funded = facts["ledger"].funded
    if funded:
        written.heading(w.ledger.TITLE["funds"], 2)
        rows = [(row["title"], *facts["funds"][row["id"]]) for row in funded]
        written.table(w.ledger.FUND_COLUMNS, rows, (4, 2, 2, 2, 6), 9)
        written.say(w.ledger.FUNDS_NOTE)


def _events(written: Written, facts: dict, w: ModuleType) -> None:
    events = facts["ledger"].events
    if events:
        written.heading(w.ledger.TITLE["events"], 2)
        rows = [
            (
                event.day,
                promise["title"],
                sign["note"] or sign["locator"],
                f"{w.STRENGTH[event.strength]}{w.COLON}{facts['sources'][event.source]['title']}",
            )
            for event in events
            for promise, sign in event.signs
        ]
        written.table(w.ledger.EVENT_COLUMNS, rows, (2, 3, 5, 4), 9)


def _contradictions(written: Written, found: list[dict], w: ModuleType) -> None:
    if found:
        written.heading(w.ledger.TITLE["contradictions"], 2)
        written.listed(
            f"{each['title']}{w.COLON}"
            + w.SEMICOLON.join(
                f"{w.quotation(place['quote'])}{w.OPEN}{w.place(place['line'], '')}{w.CLOSE}"
                for place in each["places"]
            )
            for each in found
        )


def _schedule(c: dict, w: ModuleType) -> str:
    return f"{w.COMMITMENT_SIGN[c['schedule']]} {w.COMMITMENT[c['schedule']]}"


def _promise(c: dict, w: ModuleType) -> tuple[str, ...]:
    owner = c["owner"]
    office = f"{owner['office']}{w.OPEN}{w.BASIS[owner['basis']]}{w.CLOSE}" if owner else ""
    return (
        c["title"],
        w.quotation(c["quote"]),
        office or w.ledger.NO_OWNER,
        c["due"] or w.page.NO_DUE,
        _schedule(c, w),
        _evidence(c, w),
    )


def _evidence(c: dict, w: ModuleType) -> str:
    told = [
        w.page.labelled(e["date"] or w.page.year(e["year"]), e["note"] or e["locator"])
        for e in c["evidence"]
    ]
    if c["unclear"]:
        told.append(w.ledger.UNCLEAR_BECAUSE + c["unclear"])
    return w.SEMICOLON.join(told) or w.page.TO_SUPPLY + c["evidence_needed"]
