"""The one page of a monitored period, from the record of its executed notebook."""

from __future__ import annotations

from pathlib import Path

from .notebooks import read
from .pictures import figure_of
from .rendered import rendered
from .report import download


def record_of(path: Path) -> dict:
    """The record of the executed monitoring notebook at `path`. Raises ValueError where a cell
    failed."""
    return read(path).record


def page(path: Path, commit: str) -> str:
    """monitor.html: what moved, pace, what falls due, what is missing, how earlier ones came
    out."""
    one = read(path)
    record = one.record
    report = {
        "whole": {"language": record["language"], "year": record["period"], "known_by": ""},
        "plan": {"short_title": record["title"]},
        "record": record,
        "commit": commit,
        "sha256": one.sha256,
        "figure": figure_of(one, "expected"),
        "csv": download("\ufeff" + record["moves_csv"]),
        "stem": f"{record['plan']}-{record['period']}",
    }
    return rendered(report, "monitor.html.j2", script=False)
