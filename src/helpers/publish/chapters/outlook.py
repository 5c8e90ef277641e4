"""What lies ahead: which targets are still open, what each asks a year beside what was had so far,
what may be expected; and what happened around the plan."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show import marks
from ...show.blocks import Block, Cell, Heading, Row, Sentence, Table, columns
from ...show.lines import Break, Link, Small, separated

LOCKED = "met_locked"


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The open targets with pace and forecast, then the surroundings."""
    yield from _ahead(edition, w)
    yield from _surroundings(edition, w)


def _surroundings(edition: dict, w: ModuleType) -> Iterator[Block]:
    happened, c = edition["whole"].get("events"), w.chapters
    if not happened:
        return
    yield Heading(c.EVENTS)
    yield Sentence(c.EVENTS_NOTE)
    heads = columns(c.EVENT_COLUMNS, "d----", (2, 4, 2, 4, 5))
    yield Table(heads, tuple(_event(one, edition, w) for one in happened), c.EVENTS)


def _event(one: dict, edition: dict, w: ModuleType) -> Row:
    """An event with the indicators it concerns, each leading to its card, and the words quoted."""
    names = [
        Link(r["name"], f"#{r['anchor']}")
        for r in edition["indicators"]
        if r["indicator_id"] in one["indicators"]
    ]
    source = marks.source(one["source"], edition)
    quoted = (Break(), Small(w.quotation(one["locator"]))) if one["locator"] else ()
    concerned = separated(names, w.LISTING) if names else w.chapters.ALL_INDICATORS
    kind = w.chapters.EVENT_KIND[one["kind"]]
    return Row((one["date"], one["name"], kind, concerned, (source, *quoted)))


def _ahead(edition: dict, w: ModuleType) -> Iterator[Block]:
    whole, c = edition["whole"], w.chapters
    still = [
        r
        for r in edition["indicators"]
        if not r["final_code"] and r["status"] != LOCKED and r["value"] is not None
    ]
    waiting = [r for r in still if r["target"] is not None and r["data_year"] < r["target_year"]]
    if whole["expected"]:
        yield Sentence(c.foreseen(whole["foreseen"], *whole["expected"]))
    if not waiting:
        yield Sentence(c.ENDED)
        return
    yield Heading(c.AHEAD)
    last = edition["plan"]["target_year"]
    yield Sentence(c.remaining(len(waiting), last, len(edition["indicators"])))
    heads = columns(c.AHEAD_COLUMNS, "-nnnnnn", (4, 3, 2.6, 2.4, 2.4, 4, 2.4))
    rows = tuple(_row(r, w) for r in waiting)
    yield Table(heads, rows, w.page.table_of(c.AHEAD))


def _row(r: dict, w: ModuleType) -> Row:
    """One open target; its goal in words where it is not a number to reach."""

    def number(name: str) -> str | Cell:
        none = r[name] is None
        return Cell(w.NOT_APPLICABLE, empty=True) if none else w.number(r[name], r["decimals"] + 1)

    low, high = (w.number(r[name], r["decimals"]) for name in ("low80", "high80"))
    forecast = f"{w.number(r['median'], r['decimals'])}{w.OPEN}{low}—{high}{w.CLOSE}"
    goal = r["texts"].get("goal") or (
        f"{w.OPERATOR_SIGN[r['op']]} {w.number(r['target'], r['target_decimals'])}"
    )
    return Row(
        (
            Link(r["name"], f"#{r['anchor']}"),
            r["texts"]["latest"],
            goal,
            number("required_step"),
            number("mean_step"),
            Cell(w.page.NONE, empty=True) if r["median"] is None else forecast,
            r["texts"]["chance"],
        )
    )
