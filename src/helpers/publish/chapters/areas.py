"""How the parts of the plan's area stand, each judged alone, beside the whole."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show import marks
from ...show.blocks import Block, Cell, Figure, Row, Sentence, Table, columns
from ...show.lines import Break, Line, Link, Small


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Indicators × areas, and the ranking of each indicator as a figure."""
    p = w.page
    judged = [r for r in edition["indicators"] if r["areas"]]
    parts = [area for area in edition["plan"]["areas"] if area["role"] == "part"]
    yield Sentence(p.AREAS_NOTE)
    heads = columns((p.TABLE_COLUMNS[0], p.WHOLE_AREA, *(area["name"] for area in parts)))
    listed = tuple(_row(r, parts, w) for r in judged)
    yield Table(heads, listed, p.SECTION["areas"], style="heat")
    for r in judged:
        if r["ranking"]:
            caption = p.labelled(r["name"], w.RANKING_TITLE)
            name = f"{r['anchor']}-ranking"
            yield Figure(name, r["ranking"]["svg"], r["ranking"]["alt"], caption)


def _row(r: dict, parts: list[dict], w: ModuleType) -> Row:
    name: Line = (Link(r["name"], f"#{r['anchor']}"), Break(), Small(w.unit(r["unit"])))
    whole = (r["texts"]["latest"], Break(), marks.status_of(r, w))
    found = {area["area"]: area for area in r["areas"]}
    cells = (_area(found.get(area["id"]), w) for area in parts)
    return Row((name, Cell(whole, style=f"h-{r['status']}"), *cells))


def _area(one: dict | None, w: ModuleType) -> Cell:
    """Latest value, status, and the chance where it is still open."""
    if one is None:
        return Cell(Small(w.NO_DATA))
    open_still = one["p_met"] is not None and not one["final_code"]
    chance = (Break(), Small(w.page.chance_of(one["chance"]))) if open_still else ()
    line = (one["latest"], Break(), marks.status_of(one, w), *chance)
    return Cell(line, style=f"h-{one['status']}")
