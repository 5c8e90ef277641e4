"""Money for a promise: planned, in place and spent, as far as it was told by a day, in 万元."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..intake.plan import last_day
from ..intake.promise_rows import STAGES, Fund


@dataclass(frozen=True)
class Stage:
    """One stage of a promise's money: the amount, whether it is a sum of instalments (then at
    least so much), and the rows it rests on, the oldest first."""

    stage: str
    amount: float
    in_parts: bool
    rows: tuple[Fund, ...]


def by_promise(funds: Iterable[Fund], year: int, known_by: str = "") -> dict[str, list[Stage]]:
    """Promise → the stages of which anything was told by the end of `year`, or published by
    `known_by`; in the order planned, in place, spent."""
    found: dict[str, list[Fund]] = {}
    for row in sorted(funds, key=_day):
        if row.year <= year and _known(row, known_by):
            found.setdefault(row.commitment_id, []).append(row)
    return {name: _stages(rows) for name, rows in found.items()}


def _stages(funds: Sequence[Fund]) -> list[Stage]:
    found = [(stage, [row for row in funds if row.stage == stage]) for stage in STAGES]
    return [_stage(stage, rows) for stage, rows in found if rows]


def _known(row: Fund, known_by: str) -> bool:
    return not known_by or bool(row.published and last_day(row.published) <= last_day(known_by))


def _stage(stage: str, rows: Sequence[Fund]) -> Stage:
    """The newest total; where no total is told, the sum of the newest word on each instalment."""
    totals = [row for row in rows if not row.instalment]
    if totals:
        return Stage(stage, totals[-1].wan, False, tuple(rows))
    newest = {row.instalment: row for row in rows}
    return Stage(stage, sum(row.wan for row in newest.values()), True, tuple(rows))


def _day(row: Fund) -> str:
    return last_day(row.date or str(row.year))
