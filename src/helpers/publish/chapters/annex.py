"""附表1: one row an indicator in the columns evaluators know."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import Block, Row, Screen, Sentence, Table, columns
from ...show.lines import Line, Link

BEFORE = (1, 1.4, 4, 1.4, 1.6, 1.5)  # widths of the columns before and after those of the years
AFTER = (1.8, 1.9, 1.7, 1.7, 2, 1.6, 1.6, 3, 1.6, 4)
NAME = 2  # the column that names the row


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The table of `show.annex`, its sources by their numbers in the list of sources."""
    yield Sentence(w.page.ANNEX_NOTE)
    yield Screen("save_annex")
    heads, listed = edition["annex"]["columns"], edition["annex"]["rows"]
    years = [1.5] * (len(heads) - len(BEFORE) - len(AFTER))
    yield Table(
        columns(heads, "", (*BEFORE, *years, *AFTER)),
        tuple(Row(_cells(row)) for row in listed),
        w.page.table_of(w.page.SECTION["annex"]),
        style="",
        head=NAME,
        size=6.5,
    )


def _cells(row: dict) -> tuple[Line, ...]:
    cells: list[Line] = [*row["cells"]]
    cells[NAME] = Link(row["cells"][NAME], f"#{row['anchor']}")
    numbers = [(Link(f"[{k}]", f"#source-{k}"), " ") for k in row["sources"]]
    return (*cells, tuple(numbers), row["note"])
