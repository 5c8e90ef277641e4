"""How a plan's promises lie: by chapter, by office, over time. Made from the rows of the record of
the commitments, so that notebook, page and document count alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..intake.promise_rows import STAGES
from ..measure.commitment import SCHEDULE
from . import wording

SHADE = {  # code of the schedule → the status whose colour it has; silence has no colour
    "done": "met_locked",
    "done_late": "met_hold",
    "in_time": "on_schedule",
    "changed": "ahead",
    "stale": "behind",
    "not_started": "far_behind",
    "late": "reverse",
    "dropped": "reverse",
    "unclear": "not_assessable",
    "due_no_information": "no_data",
    "no_information": "no_data",
}
OPEN = ("in_time", "changed", "stale", "not_started", "no_information")  # and still to be done


@dataclass(frozen=True)
class Group:
    """The promises of one chapter or office: how many of each state (`counts`, by code)."""

    name: str
    counts: dict[str, int]
    basis: tuple[str, ...] = ()  # on which an office is held to own them

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Event:
    """What one source tells of one day: the promises it bears on, each with its row of evidence."""

    day: str  # as precise as it is known
    source: str
    strength: str
    signs: tuple[tuple[dict, dict], ...]


@dataclass(frozen=True)
class Ledger:
    """All that page, document and brief draw of the promises beside the list of them."""

    codes: tuple[str, ...]  # that occur, from the best to the unknown
    counts: dict[str, int]
    chapters: tuple[Group, ...]
    offices: tuple[Group, ...]
    kinds: tuple[str, ...]
    late: tuple[dict, ...]
    due_next: tuple[dict, ...]
    events: tuple[Event, ...]
    funded: tuple[dict, ...]  # of which money is told
    titles: dict[str, str]  # id → title
    aged: int  # due without information of that year, though there is older


def of(record: dict) -> Ledger:
    """The ledger of a record of commitments."""
    rows = record["commitments"]
    counts = _counts(rows)
    return Ledger(
        tuple(counts),
        counts,
        _groups(rows, chapter_of),
        tuple(sorted(_groups(rows, office_of), key=lambda group: -group.total)),
        tuple(dict.fromkeys(row["kind"] for row in rows if row["kind"])),
        tuple(row for row in rows if row["schedule"] == "late"),
        tuple(
            sorted(
                (row for row in rows if row["due"] and row["schedule"] in OPEN),
                key=lambda row: _end(row["due"]),
            )
        ),
        _events(rows),
        tuple(row for row in rows if row["funds"]),
        {row["id"]: row["title"] for row in rows},
        sum(row["schedule"] == "due_no_information" and bool(row["evidence"]) for row in rows),
    )


def funds_of(row: dict, titles: Mapping[str, str]) -> tuple[str, ...]:
    """What is planned, in place and spent of a promise, in words, "" where it is not told; and what
    that rests on; `titles` of the sources by id."""
    words, found = wording.ledger, {one["stage"]: one for one in row["funds"]}
    return (
        *(words.amount(found.get(stage)) for stage in STAGES),
        words.rests_on(row["funds"], titles),
    )


def chapter_of(row: dict) -> str:
    """The chapter of a promise; a plan that names none is told by its boxes."""
    return row["chapter"] or row["box"]


def office_of(row: dict) -> str:
    return row["owner"]["office"] if row["owner"] else wording.ledger.NO_OWNER


def _events(rows: Iterable[dict]) -> tuple[Event, ...]:
    """The evidence by day and source, the newest first, in the plan's order within."""
    told: dict[tuple[str, str, str], list[tuple[dict, dict]]] = {}
    for row in rows:
        for sign in row["evidence"]:
            key = (sign["date"] or str(sign["year"]), sign["source"], sign["strength"])
            told.setdefault(key, []).append((row, sign))
    return tuple(
        Event(*key, tuple(signs))
        for key, signs in sorted(told.items(), key=lambda item: _end(item[0][0]), reverse=True)
    )


def _counts(rows: Iterable[dict]) -> dict[str, int]:
    found = [row["schedule"] for row in rows]
    return {code: found.count(code) for code in SCHEDULE if code in found}


def _groups(rows: Sequence[dict], name_of: Callable[[dict], str]) -> tuple[Group, ...]:
    """One group a name, in the order of the plan."""
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(name_of(row), []).append(row)
    return tuple(
        Group(
            name,
            _counts(mine),
            tuple(sorted({row["owner"]["basis"] for row in mine if row["owner"]})),
        )
        for name, mine in groups.items()
    )


def _end(day: str) -> str:
    """What to sort an ISO date of any precision by: its end, 2023 after 2023-08."""
    return day + "-12-31"[max(0, len(day) - 4) :]
