"""What happened around a plan, as a notebook's table and as part of the assessment's record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from ..intake.contract import Source
from ..intake.events import Event
from . import wording
from .notebook_table import Table


def table(happened: Iterable[Event], sources: Mapping[str, Source]) -> Table:
    """外部环境: each event with its kind, the indicators it concerns and its source."""
    c = wording.chapters
    rows = [
        (
            one.date,
            c.event(one),
            c.EVENT_KIND[one.kind],
            wording.LISTING.join(one.indicators) or c.ALL_INDICATORS,
            sources[one.source].title,
        )
        for one in happened
    ]
    return Table(rows, columns=list(c.EVENT_COLUMNS))


def record(happened: Iterable[Event]) -> list[dict]:
    """The events as the assessment's record holds them, by the name of its language."""
    return [asdict(one) | {"name": wording.chapters.event(one)} for one in happened]
