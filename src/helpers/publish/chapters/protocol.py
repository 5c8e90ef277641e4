"""What was settled before the data came, and where this edition departs from it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import Block, Note, Sentence, Table, columns, rows
from ...show.lines import Line, Link


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """When the protocol was sealed, whether before the first figure used, and every departure."""
    kept, g = edition["whole"]["protocol"], w.protocol
    yield Sentence(g.sealed(kept["sealed"], kept["questions"]))
    yield Sentence(g.order(kept["older"], kept["first_published"]))
    if not kept["departures"]:
        yield Sentence(g.NO_DEPARTURE)
        return
    listed: list[tuple[Line, ...]] = [
        (
            g.WHAT.get(each["what"], each["what"]),
            edition["names"].get(each["of"], g.THRESHOLD.get(each["of"], "")),
            each["sealed"] or "—",
            each["now"] or "—",
        )
        for each in kept["departures"]
    ]
    heads = columns(g.COLUMNS, "", (3, 5, 4, 4))
    yield Table(heads, rows(listed), w.page.table_of(w.page.PROTOCOL))


def departed(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The warning under the conclusion of an edition that departs from its protocol, or whose
    protocol is younger than its data."""
    kept, g = edition["whole"].get("protocol"), w.protocol
    if kept and (kept["departures"] or not kept["older"]):
        told = g.departed(len(kept["departures"]), kept["older"])
        yield Note(g.DEPARTED, Link(told, "#protocol"))
