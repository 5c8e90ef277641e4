"""What changed between two editions of a plan: read from their records, the earlier one's
results.json and this one's.

A status moved, a figure of an earlier year was revised, a rule, model, target, baseline or
definition is not what it was. Everything is told in codes and numbers; `wording` finds the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..measure.verdict import STATUSES


@dataclass(frozen=True)
class Moved:
    """An indicator whose status is another one."""

    id: str
    before: str
    now: str


@dataclass(frozen=True)
class Revised:
    """A year both editions have a figure for, and not the same one."""

    id: str
    year: int
    before: float
    now: float


@dataclass(frozen=True)
class Method:
    """A choice (`rule`, `model`; no id) or a fact of an indicator (`target`, `baseline`,
    `definition`) that is not as it was."""

    what: str
    before: object
    now: object
    id: str = ""


def moved(earlier: Sequence[dict], now: Sequence[dict]) -> list[Moved]:
    """In this edition's order."""
    return [
        Moved(one["indicator_id"], was["status"], one["status"])
        for was, one in _pairs(earlier, now)
        if was["status"] != one["status"]
    ]


def matrix(
    earlier: Sequence[dict], now: Sequence[dict]
) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """(statuses of this edition, rows of (status of the earlier one, counts)), both from the best
    to no data, empty ones left out."""
    counts = Counter((was["status"], one["status"]) for was, one in _pairs(earlier, now))
    columns = [code for code in STATUSES if any(to == code for _, to in counts)]
    rows = [
        (code, [counts[code, to] for to in columns])
        for code in STATUSES
        if any(start == code for start, _ in counts)
    ]
    return columns, rows


def revised(earlier: Sequence[dict], now: Sequence[dict]) -> list[Revised]:
    """Figures of the same year that differ, in this edition's order."""
    found = []
    for was, one in _pairs(earlier, now):
        before = {point["year"]: point["value"] for point in was["points"]}
        found += [
            Revised(one["indicator_id"], p["year"], before[p["year"]], p["value"])
            for p in one["points"]
            if before.get(p["year"], p["value"]) != p["value"]
        ]
    return found


def method(earlier: Sequence[dict], now: Sequence[dict]) -> list[Method]:
    """Choices first, then the facts of each indicator in this edition's order."""
    pairs = list(_pairs(earlier, now))
    found = [change for what in ("rule", "model") for change in dict.fromkeys(_chosen(what, pairs))]
    for was, one in pairs:
        told = {
            "target": ("target", "op", "target_year"),
            "baseline": ("baseline", "baseline_bound", "baseline_year"),
        }
        found += [
            Method(what, was["texts"][what], one["texts"][what], one["indicator_id"])
            for what, names in told.items()
            if any(was[name] != one[name] for name in names)
        ]
        if was["facts"]["definition"] != one["facts"]["definition"]:
            found.append(
                Method(
                    "definition",
                    was["facts"]["definition"],
                    one["facts"]["definition"],
                    one["indicator_id"],
                )
            )
    return found


def unmatched(earlier: Sequence[dict], now: Sequence[dict]) -> list[dict]:
    """The records of `now` whose indicator the other edition lacks; with the two exchanged, those
    that are gone."""
    known = {was["indicator_id"] for was in earlier}
    return [one for one in now if one["indicator_id"] not in known]


def _pairs(earlier: Sequence[dict], now: Sequence[dict]) -> Iterator[tuple[dict, dict]]:
    before = {was["indicator_id"]: was for was in earlier}
    return ((before[one["indicator_id"]], one) for one in now if one["indicator_id"] in before)


def _chosen(what: str, pairs: Sequence[tuple[dict, dict]]) -> Iterator[Method]:
    """Where both editions made the choice at all (an indicator without forecast has no model) and
    made another one."""
    return (
        Method(what, was[what], one[what])
        for was, one in pairs
        if was[what] and one[what] and was[what] != one[what]
    )
