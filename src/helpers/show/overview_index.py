"""The composite index of an overview as rows, and how its lists and shares are told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas

from ..measure.composite import DRAWS, Composite
from . import wording

FIRST, NAMED, SURE = 10, 12, 0.9  # places shown; names listed; share of draws that is nearly all


def some(found: Sequence[str]) -> str:
    """The first names of a list, and how many there are."""
    told = wording.LISTING.join(found[:NAMED])
    return (
        told if len(found) <= NAMED else wording.province.AND_MORE.format(names=told, n=len(found))
    )


def percent(value: float) -> str:
    """A whole percentage; a dash where there is none."""
    return "—" if math.isnan(value) else wording.percent(value, 0)


def composite_rows(index: Composite | None, members: Mapping[str, str]) -> dict:
    """The index as rows, and what is to be said of it; why there is none where there is none."""
    words = wording.province
    if index is None:
        return {"sentence": words.COMPOSITE_NONE, "rows": [], "left_out": ""}
    if index.order is None:
        refused = words.COMPOSITE_REFUSED.format(data=wording.percent(index.data))
        return {"sentence": refused, "rows": [], "left_out": ""}
    held = index.table["holds"].dropna()
    return {
        "sentence": words.held(index.order, DRAWS, int((held >= SURE).sum()), len(held)),
        "left_out": some([members[member] for member in index.left_out]),
        "rows": [_index_row(row, members) for row in _rows(index.table.head(3 * FIRST))],
    }


def _rows(table: pandas.DataFrame) -> list[dict]:
    return table.rename_axis("member").reset_index().to_dict("records")


def _index_row(row: Mapping, members: Mapping[str, str]) -> dict:
    ends = (int(row[name]) for name in ("rank", "low", "high"))
    return {
        "member": row["member"],
        "place": wording.province.place(*ends),
        "name": members[row["member"]],
        "index": f"{row['index']:.1f}",
        "share": wording.percent(row["share"], 0),
        "holds": percent(row["holds"]),
    }
