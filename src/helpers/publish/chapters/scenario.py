"""What a scenario assumes and why, before anything that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import Block, Sentence, Table, columns, rows


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The choices and the assumed values of the edition's scenario, each with its reason."""
    whole, p = edition["whole"], w.page
    yield Sentence(p.SCENARIO_NOTE)
    listed = [
        *((p.CHOSEN, one["says"], one["reason"]) for one in whole["chosen"]),
        *((one["name"], one["says"], one["reason"]) for one in whole["assumed"]),
    ]
    yield Table(columns(p.SCENARIO_COLUMNS, "", (2, 4, 4)), rows(listed), w.ASSUMED)
