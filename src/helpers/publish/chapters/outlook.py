"""What lies ahead: which targets are still open, what each asks a year beside what was had so far,
what may be expected."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import Block, Cell, Heading, Row, Sentence, Table, columns
from ...show.lines import Link

LOCKED = "met_locked"


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The open targets with pace and forecast."""
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
