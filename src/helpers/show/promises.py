"""The tables a reader of the notebook of promises sees: how they lie by chapter and office, the
evidence over time, and every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..intake.contract import Source
from ..measure.commitment import SCHEDULE
from . import ledger, wording
from .table import Table


def commitments(record: dict, sources: Mapping[str, Source]) -> Table:
    """重点任务: every promise of the record with its owner, due date, state and evidence."""
    rows = [
        (
            c["box"],
            c["title"],
            wording.quotation(c["quote"]),
            ledger.office_of(c),
            c["due"] or wording.page.NO_DUE,
            f"{wording.COMMITMENT_SIGN[c['schedule']]} {wording.COMMITMENT[c['schedule']]}",
            _evidence(c, sources),
        )
        for c in record["commitments"]
    ]
    return Table(rows, columns=list(wording.page.TABLE["commitments"]))


def _evidence(c: dict, sources: Mapping[str, Source]) -> str:
    told = (
        wording.page.labelled(e["date"] or wording.page.year(e["year"]), e["note"] or e["locator"])
        + wording.OPEN
        + sources[e["source"]].title
        + wording.CLOSE
        for e in c["evidence"]
    )
    return wording.SEMICOLON.join(told) or wording.page.TO_SUPPLY + c["evidence_needed"]


def chapters(record: dict) -> Table:
    """How many promises of each chapter are in which state."""
    return _grouped("chapter", ledger.of(record).chapters)


def offices(record: dict) -> Table:
    """The same of each responsible office, the one with the most first."""
    return _grouped("office", ledger.of(record).offices)


def events(record: dict, sources: Mapping[str, Source]) -> Table:
    """What evidence there is, the newest first."""
    rows = [
        (
            event.day,
            promise["title"],
            sign["note"] or sign["locator"],
            wording.page.labelled(wording.STRENGTH[event.strength], sources[event.source].title),
        )
        for event in ledger.of(record).events
        for promise, sign in event.signs
    ]
    return Table(rows, columns=list(wording.ledger.EVENT_COLUMNS))


def funds(record: dict, sources: Mapping[str, Source]) -> Table:
    """What is planned, in place and spent, of the promises of which it is told."""
    titles = {name: source.title for name, source in sources.items()}
    rows = [(row["title"], *ledger.funds_of(row, titles)) for row in ledger.of(record).funded]
    return Table(rows, columns=list(wording.ledger.FUND_COLUMNS))


def _grouped(name: str, groups: Sequence[ledger.Group]) -> Table:
    codes = [code for code in SCHEDULE if any(code in group.counts for group in groups)]
    columns = [wording.ledger.TITLE[name], *(wording.COMMITMENT[code] for code in codes)]
    rows = [
        (group.name, *(group.counts.get(code, 0) for code in codes), group.total)
        for group in groups
    ]
    return Table(rows, columns=[*columns, wording.ledger.TITLE["total"]])
