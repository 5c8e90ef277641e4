"""The page of many plans side by side, from the record of its executed notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..show import overview_index, wording
from .notebooks import read
from .pictures import drawn, figure_of
from .rendered import rendered


def record_of(path: Path) -> dict:
    """The record of the executed notebook at `path`. Raises ValueError where a cell failed."""
    return read(path).record


def page(path: Path, without: Sequence[str] = (), parquet: bool = False) -> str:
    """overview.html; `without`: plans that have no edition of the year."""
    one = read(path)
    record = one.record
    with wording.speaking(record["language"]):
        pictures = [figure_of(one, f"picture-{k}", k) for k in range(len(drawn(one)))]
        report = {
            "whole": {
                "language": record["language"],
                "year": record["year"],
                "known_by": record["known_by"],
            },
            "plan": {"short_title": record["title"]},
            "record": record,
            "pictures": pictures,
            "without": overview_index.some([*without]),
            "parquet": parquet,
            "sha256": one.sha256,
        }
        return rendered(report, "overview.html.j2", script=False)
