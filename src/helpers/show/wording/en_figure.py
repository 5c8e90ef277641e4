"""The words of the overview picture in English: its finding, and why a row has no bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...measure.verdict import UNJUDGED


def overview_finding(records: Sequence[Mapping[str, Any]]) -> str:
    """The title of the overview: how many indicators are as far as the time, how many are behind."""
    judged = [r["status"] for r in records if r["status"] not in UNJUDGED]
    behind = sum(status in ("behind", "far_behind", "reverse") for status in judged)
    told = f"Of {len(judged)} judged, {len(judged) - behind} keep up with time, {behind or 'none'} behind" if judged else "No indicator can be judged"
    return told + (f"; {len(records) - len(judged)} not judged" if len(records) > len(judged) > 0 else "")


def no_share(record: Mapping[str, Any]) -> str:
    """Why an indicator has no bar in the overview, in a few words."""
    return {"no_data": "no figure in the period", "not_assessable": "not comparable"}.get(record["status"], "no share can be computed")
