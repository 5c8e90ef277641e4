"""What came in: who reported how much, where the plan contradicts itself, which figures surprise,
were revised or warn.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import (
    Block,
    Folded,
    Heading,
    Listing,
    Note,
    Sentence,
    Table,
    columns,
    rows,
)
from ...show.lines import Break, Line, Small, separated


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The data check of an edition, section by section."""
    check, p = edition["check"], w.page
    yield Sentence(check["sentence"])
    yield from _reporting(edition, w)
    if edition["plan"]["caveats"]:
        yield Note(p.PLAN_TROUBLE, items=tuple(edition["plan"]["caveats"]))
    yield from _arithmetic(check, w)
    yield from _crosschecks(check, w)
    for title, note, items in (
        (p.SURPRISES, p.SURPRISES_NOTE, (*_surprises(edition, w), *check["doubts"])),
        (p.REVISED, "", _revised(edition, w)),
        (p.WARNINGS, "", check["warnings"]),
    ):
        if items:
            yield Heading(title)
            if note:
                yield Sentence(note)
            yield Listing(tuple(items))
    yield from _context(check, w)


def _reporting(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What each office should have reported, and has."""
    p, counted = w.page, ("indicators", "expected", "received", "complete")
    yield Heading(p.REPORTING)
    yield Sentence(p.REPORTING_NOTE)
    listed = [
        (one["office"], *(str(one[name]) for name in counted)) for one in edition["reporting"]
    ]
    heads = columns(p.REPORTING_COLUMNS, "-nnnn", (6, 2, 2, 2, 3))
    yield Table(heads, rows(listed), p.REPORTING)


def _arithmetic(check: dict, w: ModuleType) -> Iterator[Block]:
    """The plan's own sums."""
    p = w.page
    if check["checks"]:
        yield Heading(p.ARITHMETIC)
        heads = columns(p.CHECK_COLUMNS, "--nn", (6, 5, 2, 2, 2))
        listed = [_sum(one, w) for one in check["checks"]]
        yield Table(heads, rows(listed), p.ARITHMETIC_TABLE)


def _sum(one: dict, w: ModuleType) -> tuple[Line, ...]:
    where = w.LISTING.join(map(str, one["lines"]))
    printed = (Break(), Small(w.page.lines(where))) if one["lines"] else ()
    return (
        (one["says"], *printed),
        w.OPERATION[one["operation"]].join(w.plain(term) for term in one["terms"]),
        w.number(one["computed"], one["decimals"]),
        w.number(one["result"], one["decimals"]),
        w.page.HOLDS[one["holds"]],
    )


def _crosschecks(check: dict, w: ModuleType) -> Iterator[Block]:
    """The figures beside those of other offices; the formula is in the notebook."""
    p = w.page
    if check["crosschecks"]:
        yield Heading(p.CROSSCHECKS)
        titles = [title for k, title in enumerate(p.TABLE["crosschecks"]) if k != 2]
        listed = [
            (
                one["says"],
                str(one["year"]),
                w.significant(one["computed"]),
                w.plain(one["recorded"]),
                w.percent(one["difference"], 2),
                p.HOLDS[one["holds"]],
            )
            for one in check["crosschecks"]
        ]
        yield Table(
            columns(titles, "--nnn", (6, 2, 2, 2, 2, 2)),
            rows(listed),
            p.CROSSCHECKS,
        )


def _surprises(edition: dict, w: ModuleType) -> list[str]:
    """Figures outside of what the earlier ones led to expect."""
    cards, told = {r["indicator_id"]: r for r in edition["indicators"]}, []
    for row in edition["check"]["surprises"]:
        r = cards[row["indicator_id"]]
        value, low, high = (w.number(row[name], r["decimals"]) for name in ("value", "low", "high"))
        told.append(
            w.page.surprise(r["name"], row["year"], f"{value} {w.unit(r['unit'])}", low, high)
        )
    return told


def _revised(edition: dict, w: ModuleType) -> list[str]:
    """Values that were published more than once."""
    cards = {r["indicator_id"]: r for r in edition["indicators"]}
    revised = ((cards[row["id"]], row) for row in edition["check"]["revised"])
    return [
        w.page.revised(
            r["name"],
            row["year"],
            f"{w.plain(row['value'])} {w.unit(r['unit'])}",
            row["published"],
            row["earlier"],
        )
        for r, row in revised
    ]


def _context(check: dict, w: ModuleType) -> Iterator[Block]:
    """Reference series by group, which judge nothing: a reader of the page may open them."""
    for group, title in w.GROUP.items():
        series = [one for one in check["context_series"] if one["group"] == group]
        if series:
            listed = [(one["name_zh"], _values(one, check, w), one["differs"]) for one in series]
            table = Table(columns(w.page.CONTEXT_COLUMNS), rows(listed), title)
            summary = w.page.context(title, len(series))
            yield Folded(summary, (table,), open=group == "baseline_table", screen=True)


def _values(series: dict, check: dict, w: ModuleType) -> Line:
    """The figures of a series, a preliminary one with its note."""
    told = [
        (
            w.contextual(row),
            Small((w.OPEN, row["note"], w.CLOSE))
            if row["status"] == "preliminary" and row["note"]
            else "",
        )
        for row in check["context"]
        if row["indicator_id"] == series["id"] and row["value"] is not None
    ]
    return separated(told, w.SEMICOLON)
