"""What is said of a plan as a whole: its conclusion from the statuses of its indicators, in the
target year from their final words (METHOD §5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..intake.facts import Plan
from . import outlook
from .final import FINALS, FULFILLED
from .thresholds import LEAST_ASSESSABLE, LEAST_FORESEEN, MOSTLY, SLACK, WELL
from .verdict import GOOD, STATUSES, UNJUDGED

# of a plan, from the best; the last where too little is known: before the target year, and in it
WORDS = ("on_schedule", "mostly", "behind", "insufficient")
NOT_BEGUN = "not_begun"  # the conclusion of an edition of a year before the plan's first
FINAL_WORDS = ("fulfilled", "mostly_fulfilled", "unfulfilled", "final_insufficient")


@dataclass(frozen=True)
class Overall:
    """The plan's conclusion: `word` is on_schedule, mostly, behind or insufficient; counts are of
    statuses. Before the plan's first year `word` is not_begun.

    In the target year it speaks of final words: `word` is fulfilled, mostly_fulfilled, unfulfilled
    or final_insufficient, `finals` counts them. `stale`: how many statuses rest on data of which
    year, where that is not the assessed one; `at_least`: how many are the least their bounds allow.
    `expected`: of the `foreseen` indicators, those with a P, x ± d are expected to be met
    (`outlook.expected`).
    """

    word: str
    total: int
    assessable: int
    counts: tuple[tuple[str, int], ...]
    binding_behind: tuple[str, ...]
    finals: tuple[tuple[str, int], ...] = ()
    stale: tuple[tuple[int, int], ...] = ()
    at_least: int = 0
    foreseen: int = 0
    expected: tuple[float, float] | None = None

    @property
    def published(self) -> int:
        """Of how many indicators the final word could be spoken."""
        return sum(k for code, k in self.finals if code != "pending")


def of_statuses(rows: Sequence[tuple[str, str, str]]) -> Overall:
    """The conclusion from (indicator id, status, property) rows of the whole area, one an indicator
    (METHOD §5).

    insufficient where assessable/all < 60 %; on_schedule where ≥ 80 % of the assessable are good
    and no binding one is behind; mostly at ≥ 60 %; else behind.
    """
    counts = tuple((code, k) for code in STATUSES if (k := sum(row[1] == code for row in rows)))
    judged = [row for row in rows if row[1] not in UNJUDGED]
    late = tuple(name for name, status, prop in judged if prop == "binding" and status not in GOOD)
    good = sum(row[1] in GOOD for row in judged)
    word = _word(len(rows), len(judged), good, bool(late), WORDS)
    return Overall(word, len(rows), len(judged), counts, late)


def of_records(plan: Plan, year: int, records: Sequence[Mapping[str, Any]]) -> Overall:
    """The conclusion of an edition from its indicators' records: of their statuses, in the plan's
    target year of their final words, by the same shares (METHOD §5). What is not published at the
    end is not made up by an earlier year."""
    found = of_statuses([(r["indicator_id"], r["status"], r["property"]) for r in records])
    older = [
        r["data_year"]
        for r in records
        if r["status"] not in UNJUDGED and r["data_year"] is not None and r["data_year"] < year
    ]
    chances = [r["p_met"] for r in records if r.get("p_met") is not None]
    found = replace(
        found,
        stale=tuple((k, older.count(k)) for k in sorted(set(older), reverse=True)),
        at_least=sum(bool(r.get("at_least")) for r in records),
        foreseen=len(chances),
        expected=outlook.expected(chances) if len(chances) >= LEAST_FORESEEN else None,
    )
    if year < plan.period.start:
        return replace(found, word=NOT_BEGUN)
    return found if year < plan.target_year else _at_the_end(found, records)


def _at_the_end(found: Overall, records: Sequence[Mapping[str, Any]]) -> Overall:
    """The conclusion of final words, of which `Overall.finals` counts each."""
    codes = [r["final_code"] or "pending" for r in records]
    finals = tuple((code, codes.count(code)) for code in FINALS if code in codes)
    spoken = [r for r in records if r["final_code"] not in ("", "pending")]
    broken = any(r["property"] == "binding" and r["final_code"] not in FULFILLED for r in spoken)
    good = sum(r["final_code"] in FULFILLED for r in spoken)
    word = _word(len(records), len(spoken), good, broken, FINAL_WORDS)
    return replace(found, word=word, finals=finals)


def _word(
    total: int, judged: int, good: int, broken: bool, words: tuple[str, str, str, str]
) -> str:
    """The first of `words` where 80 % of the judged are good and no binding one is `broken`, the
    second at 60 %, else the third; the last where fewer than 60 % are judged."""
    if not total or judged / total < LEAST_ASSESSABLE - SLACK:
        return words[3]
    share = good / judged
    return (
        words[0]
        if share >= WELL - SLACK and not broken
        else words[1 if share >= MOSTLY - SLACK else 2]
    )
