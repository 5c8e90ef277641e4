"""The rows of the overview picture: their order, their words, the room these take."""

from __future__ import annotations

from collections.abc import Sequence

from ..measure.verdict import STATUSES
from . import paper, wording

WORDS = 9.5  # points of the words
LONGEST = 1.6  # of a bar: a longer one is cut and says its number


def ahead(row: dict) -> tuple[bool, float]:
    """Order of the rows: by how far they are ahead of the schedule, then those without a share."""
    p = row["progress"]
    return (True, STATUSES.index(row["status"])) if p is None else (False, row["elapsed"] - p)


def words(record: dict) -> str:
    """Status, year of the data where it is not the assessed one, and the share."""
    status, p = record["status"], record["progress"]
    judged = wording.judged(status, p is None and record.get("at_least", False))
    label = f"{wording.SIGN[status]} {judged} {record.get('stale') or ''}".rstrip()
    if p is None:
        return label
    return f"{label}\u3000{wording.gained(p, record['bound'], record['facts']['direction'], 0)}"


def column(names: Sequence[str], words: Sequence[str], sheet: float) -> float:
    """Where the words begin, so that they end before the bars do: left of zero, in shares;
    `sheet`: points across."""
    name, word = (
        max((paper.width(text, size) for text in texts), default=0.0)
        for texts, size in ((names, 10.5), (words, WORDS))
    )
    bars = sheet - name - word - 34  # points that are left for them
    return -0.13 - (word + 8) * (LONGEST + 0.2) / bars
