"""The conclusion first: its word, how many of each kind, the best and the worst, what changed since
last year, what is missing and who has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ...show import marks
from ...show.blocks import (
    Beside,
    Block,
    Cell,
    Column,
    Counts,
    Figure,
    Folded,
    Heading,
    Lead,
    Listing,
    Row,
    Sentence,
    Strip,
    Table,
    columns,
)
from ...show.lines import Bold, Break, Line, Link, Small
from . import first_screen, glance, protocol

INSUFFICIENT = ("insufficient", "final_insufficient", "not_begun")


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The conclusion of an edition. Where too little can be judged for a word, the news is what is
    missing: that comes first, with what can be said all the same and who has to act."""
    whole = edition["whole"]
    begun = not glance.not_begun(edition)  # a baseline is no progress: nothing is counted
    yield Lead(
        w.OVERALL[whole["overall"]], whole["counted"] if begun else "", glance.rows(edition, w)
    )
    yield from _unfinished(edition, w)
    yield from protocol.departed(edition, w)
    few = whole["overall"] in INSUFFICIENT
    yield from first_screen.blocks(edition, w) if few else ()
    yield from _counts(edition, w) if begun else ()
    if few:
        yield from _mostly_empty(edition, w)
    else:
        yield from extremes(edition, w)
        yield from _overview(edition, w)
        yield from first_screen.to_act(edition, w)
    yield from _changed(edition, w)
    yield from _missing(edition, w, folded=few)


def _counts(edition: dict, w: ModuleType) -> Iterator[Block]:
    """How many indicators stand where, and how many alerts there are of each colour."""
    whole = edition["whole"]
    yield Strip(tuple((code, k) for code, k in whole["counts"]))
    yield Counts(tuple((marks.status(code, w), k, "") for code, k in whole["counts"]))
    if whole["alerts"]:
        yield Sentence(w.page.ALERTS)
        yield Counts(tuple((marks.alert(code, w), k, "") for code, k in whole["alerts"]))


def _overview(edition: dict, w: ModuleType) -> Iterator[Block]:
    if edition["whole"]["assessable"] and not glance.not_begun(edition):
        picture = edition["overview"]
        data = edition["results_csv"]
        yield Figure("overview", picture["svg"], picture["alt"], w.page.OVERVIEW, data)


def _mostly_empty(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The overview; folded where most of its rows would be empty."""
    drawn, few = tuple(_overview(edition, w)), edition["whole"]["assessable"]
    if drawn and 2 * few < edition["whole"]["total"]:
        yield Folded(w.summary.few_drawn(few), drawn)
    else:
        yield from drawn


def _changed(edition: dict, w: ModuleType) -> Iterator[Block]:
    yield Heading(w.page.CHANGES, id="changes")
    yield from _changes(edition["changes"], edition["names"], w)


def _unfinished(edition: dict, w: ModuleType) -> Iterator[Block]:
    """That what is known ends before the assessed year does, and what is known of that year."""
    whole, running = edition["whole"], edition["check"].get("running") or {}
    newest = whole["known_by"] or edition["newest"]
    end = newest + "-12-31"[max(0, len(newest) - 4) :]
    if newest and end >= f"{whole['year']}-12-31" and not running:
        return
    told = w.monitor.UNFINISHED if newest else w.monitor.NOTHING_KNOWN
    parts = w.monitor.PARTS_KNOWN.format(n=len(running)) if running else ""
    yield Sentence(Bold(told.format(newest=newest, year=whole["year"]) + parts))


def extremes(
    edition: dict, w: ModuleType, *, level: int = 1, linked: bool = True
) -> Iterator[Block]:
    """The best and the worst side by side, under headings of that level; `linked` to their
    cards."""
    whole, p = edition["whole"], w.page
    cards = {r["indicator_id"]: r for r in edition["indicators"]}
    groups = tuple(
        (
            Heading(title, level),
            Listing(tuple(_standing(cards[one], w, linked) for one in ids if one in cards)),
        )
        for title, named in ((p.BEST, whole["best"]), (p.WORST, whole["worst"]))
        if (ids := [one for one in named if one in cards])
    )
    if groups:
        yield Beside(groups)


def _standing(r: dict, w: ModuleType, linked: bool) -> Line:
    name = Link(r["name"], f"#{r['anchor']}") if linked else r["name"]
    return name, w.COLON, r["texts"]["latest"], w.COMMA, marks.status_of(r, w)


def _changes(changes: dict | None, names: dict, w: ModuleType) -> Iterator[Block]:
    """What is different from last year's edition; a sentence where none can be compared."""
    p = w.page
    if not changes or not changes["comparable"]:
        yield Sentence(p.other_schema(changes["edition"]) if changes else p.NO_EARLIER)
        return
    revised = [
        p.revised_since(names[one["id"]], one["year"], w.plain(one["before"]), w.plain(one["now"]))
        for one in changes["revised"]
    ]
    method = [
        w.changed(one["what"], one["before"], one["now"], names.get(one["id"], ""))
        for one in changes["method"]
    ]
    told = (
        (p.MOVED, moved(changes, names, w), p.NOTHING_MOVED),
        (p.REVISED_SINCE, revised, p.NOTHING_REVISED),
        (p.METHOD_SINCE, method, p.SAME_METHOD),
        (p.NEW_INDICATORS, changes["new"], ""),
        (p.LOST_INDICATORS, changes["lost"], ""),
    )
    if not any(items for _, items, _ in told):
        yield Sentence(w.summary.nothing_changed(changes["edition"]))
        return
    yield Sentence(p.earlier(changes["edition"]))
    yield _matrix(changes, w)
    for title, items, none in told:
        if items or none:
            yield Sentence(Bold(title))
            yield Listing(tuple(items)) if items else Sentence(none)


def moved(changes: dict, names: dict, w: ModuleType) -> Sequence[Line]:
    """The indicators judged otherwise than last year, each with both words."""
    return [
        Link(
            w.page.moved(names[one["id"]], w.STATUS[one["before"]], w.STATUS[one["now"]]),
            f"#i-{one['id']}",
        )
        for one in changes["moved"]
    ]


def _matrix(changes: dict, w: ModuleType) -> Table:
    """How many judgements moved from which (rows) to which (columns)."""
    codes = changes["columns"]
    heads = (Column(""), *(Column(marks.status(code, w)) for code in codes))
    listed = tuple(
        Row(
            (
                marks.status(code, w),
                *(
                    Cell(str(k or "·"), style="same" if code == there else "")
                    for there, k in zip(codes, cells, strict=True)
                ),
            )
        )
        for code, cells in changes["rows"]
    )
    return Table(heads, listed, w.page.MATRIX, w.page.MATRIX, "matrix", corner=True)


def _missing(edition: dict, w: ModuleType, *, folded: bool = False) -> Iterator[Block]:
    """Which years are missing of what, who has them, what is needed."""
    p, missing = w.page, edition["check"]["missing"]
    if missing:
        since = Sentence(p.missing_since(edition["whole"]["year"]))
        listed = tuple(
            Row(
                (
                    Link(edition["names"][row["id"]], f"#i-{row['id']}"),
                    w.years(row["years"]),
                    (row["office"], Break(), Small(row["basis"])),
                    w.summary.needs(row["needs"]),
                )
            )
            for row in missing
        )
        heads = columns(p.MISSING_COLUMNS, "-d", (3, 2, 3, 5))
        table = Table(heads, listed, p.MISSING_TABLE)
        if folded:
            yield Folded(w.summary.missing_in_full(len(listed)), (since, table))
        else:
            yield from (Heading(p.MISSING), since, table)
