"""The promises of the plan: how they lie by chapter and office, what is late, the evidence over
time, where the plan contradicts itself, every promise, and what was looked for in vain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType

from ...show import marks
from ...show.blocks import (
    Block,
    Cell,
    Column,
    Counts,
    Folded,
    Heading,
    Listing,
    Row,
    Screen,
    Sentence,
    Strip,
    Table,
    Timeline,
    columns,
)
from ...show.ledger import SHADE, Group, chapter_of
from ...show.lines import Break, Line, Link, Shares, Small
from .promise import held, quoted, row, schedule

FEW = 20  # promises that can stand open
DEEPEST = 45  # per cent of a state's colour where all promises of a group are in it


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The chapter on the promises of an edition."""
    promised, ledger = edition["commitments"], edition["ledger"]
    if not promised["commitments"]:
        yield Sentence(promised["sentence"])
        return
    yield Sentence(promised["sentence"] + w.ledger.aged(ledger.aged) + w.page.EVIDENCE_ONLY)
    yield Strip(_shares(ledger.counts))
    yield Counts(
        tuple(
            (schedule(code, w), n, w.COMMITMENT_MEANING[code]) for code, n in ledger.counts.items()
        )
    )
    yield from _groups(edition, w)
    yield from _due(edition, w)
    yield from _funds(edition, w)
    yield from _events(edition, w)
    yield from _contradictions(promised["contradictions"], w)
    yield Heading(w.ledger.TITLE["all"])
    yield Screen("find_promises")
    for group in ledger.chapters:
        yield _chapter(group, edition, w)
    yield from _searches(edition, w)


def _shares(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((SHADE[code], n) for code, n in counts.items())


def _named(c: dict) -> Link:
    return Link(c["title"], f"#c-{c['id']}")


def _groups(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Chapters and offices × states."""
    ledger = edition["ledger"]
    yield from _grouped("chapter", ledger.chapters, ledger.codes, w)
    if len(ledger.offices) > 1:
        yield from _grouped("office", ledger.offices, ledger.codes, w)
        yield Sentence(Small(w.ledger.SUGGESTED_OWNERS))


def _grouped(
    name: str, groups: tuple[Group, ...], codes: tuple[str, ...], w: ModuleType
) -> Iterator[Block]:
    title = w.ledger.TITLE

    def named(group: Group) -> Line:
        return _office(group, w) if name == "office" else group.name

    states = (Column(schedule(code, w), "n") for code in codes)
    heads = (Column(title[name], width=5), *states, Column(title["total"], "n"))
    listed = tuple(
        Row((named(group), *(_count(group, code, w) for code in codes), str(group.total)))
        for group in groups
    )
    yield Heading(title[f"{name}s"])
    yield Table(heads, listed, w.page.table_of(title[f"{name}s"]), style="heat ledger stack")


def _office(group: Group, w: ModuleType) -> Line:
    """An office, and on which basis it is held to own its promises."""
    bases = w.COMMA.join(w.BASIS[basis] for basis in group.basis)
    return (group.name, Break(), Small(bases)) if bases else group.name


def _count(group: Group, code: str, w: ModuleType) -> Cell:
    n = group.counts.get(code, 0)
    if not n:
        return Cell("", empty=True, label=w.COMMITMENT[code])
    share = round(DEEPEST * n / group.total)
    return Cell(str(n), label=w.COMMITMENT[code], shade=(SHADE[code], share))


def _due(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What is late, and what falls due next."""
    ledger = edition["ledger"]
    for name, listed in (("late", ledger.late), ("due_next", ledger.due_next)):
        if listed:
            yield Heading(w.ledger.TITLE[name])
            yield Listing(
                tuple(
                    (c["due"], w.COLON, _named(c), w.COMMA, schedule(c["schedule"], w))
                    for c in listed
                )
            )


def _funds(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What is planned, in place and spent, and what that rests on."""
    funded = edition["ledger"].funded
    if funded:
        title = w.ledger.TITLE["funds"]
        listed = tuple(Row((_named(c), *_amounts(edition["funds"][c["id"]]))) for c in funded)
        yield Heading(title)
        heads = columns(w.ledger.FUND_COLUMNS, "-nnn", (4, 2, 2, 2, 6))
        yield Table(heads, listed, w.page.table_of(title))
        yield Sentence(Small(w.ledger.FUNDS_NOTE))


def _amounts(told: tuple[str, ...]) -> Iterator[Line | Cell]:
    *amounts, rests_on = told
    yield from (Cell(amount, empty=not amount) for amount in amounts)
    yield rests_on


def _events(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The evidence by day and source, the newest first."""
    events = edition["ledger"].events
    if events:
        yield Heading(w.ledger.TITLE["events"])
        yield Timeline(
            tuple(
                (
                    event.day,
                    marks.source(event.source, edition),
                    w.STRENGTH[event.strength],
                    tuple(_sign(c, e, edition, w) for c, e in event.signs),
                )
                for event in events
            )
        )


def _sign(c: dict, e: dict, edition: dict, w: ModuleType) -> Line:
    """What a piece of evidence says of a promise, and in which reading."""
    ways = [way["text"] for way in c["readings"] if way["id"] == e["reading"]]
    read = "".join(f"{w.OPEN}{text}{w.CLOSE}" for text in ways)
    told = (_named(c), w.COLON, w.SAID[e["state"]], read, w.SEMICOLON, quoted(e, w))
    return (*told, held(e, edition, w))


def _contradictions(found: list[dict], w: ModuleType) -> Iterator[Block]:
    """Where the plan's own text says two things."""
    if found:
        yield Heading(w.ledger.TITLE["contradictions"])
    for each in found:
        yield Heading(each["title"], 2)
        yield Listing(
            tuple(
                (w.quotation(place["quote"]), " ", Small(w.place(place["line"], "")))
                for place in each["places"]
            )
        )


def _chapter(group: Group, edition: dict, w: ModuleType) -> Folded:
    """Every promise of a chapter, under its boxes."""
    ledger, promises = edition["ledger"], edition["commitments"]["commitments"]
    listed: list[Row] = []
    box = ""
    for c in promises:
        if chapter_of(c) != group.name:
            continue
        if c["box"] not in (box, group.name):
            listed.append(Row((c["box"],), group=True))
        box = c["box"]
        listed.append(row(c, edition, w))
    heads = columns(w.page.COMMITMENT_COLUMNS, "", (3, 4, 3, 2, 2, 4))
    label = w.page.table_of(w.page.SECTION["commitments"])  # in the language of the page
    table = Table(heads, tuple(listed), label, style="stack promises")
    counted = Small(w.ledger.counted(group.total))
    summary = (group.name, " ", counted, Shares(_shares(group.counts)))
    opened = len(ledger.chapters) == 1 or len(promises) <= FEW
    return Folded(summary, (table,), open=opened, role="chapter")


def _searches(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What was looked for in vain, where and when."""
    searches, title = edition["commitments"]["searches"], w.ledger.TITLE["searches"]
    if searches:
        yield Heading(title)
        yield Sentence(w.ledger.SEARCHES_NOTE)
        listed = tuple(
            Row((one["date"], one["place"], one["words"], _about(one, edition, w), one["note"]))
            for one in searches
        )
        heads = columns(w.ledger.SEARCH_COLUMNS)
        yield Table(heads, listed, w.page.table_of(title))


def _about(search: dict, edition: dict, w: ModuleType) -> Line:
    name = search["commitment_id"]
    return Link(edition["ledger"].titles[name], f"#c-{name}") if name else w.ledger.ALL_PROMISES
