"""What yearly figures come to under a target's form: running means, compounded totals, and the
difference or ratio to another series (METHOD §2).

Rates are in percent and compound: five falls of 2.86 % come to 13.5 %, not to 14.3 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from .contract import Observation, became_known
from .facts import Indicator
from .targets import ACCUMULATED, Comparison, Target

DIGITS = 9  # of a computed level: 7 % a year is 7 % on average, whatever the binary says


def levels(
    facts: Indicator,
    rows: Sequence[Observation],
    start: int,
    renewed: Callable[[Observation], bool],
) -> list[tuple[float | None, str]]:
    """(level, bound) of each row of an indicator whose target is a mean or compounds: what the
    years from `start` on come to. Years before it have no level.

    A missing year is passed over in a mean; a term that is a bound makes what rests on it one.
    `renewed` rows are of a new definition: those before them are no part of what they come to.
    """
    found: list[tuple[float | None, str]] = []
    seen: list[Observation] = []
    for row in rows:
        if row.year < start:
            found.append((None, row.bound))
            continue
        if seen and renewed(row) and not renewed(seen[-1]):
            seen = []
        seen.append(row)
        found.append((level(facts.target, [term.figure for term in seen]), _bound(seen)))
    return found


def level(target: Target, values: Sequence[float]) -> float:
    """What `values`, one a year, come to: their mean (of rates the mean rate, (Π(1 ± v/100))^(1/n)
    − 1), or their compounded total; in the unit of the values."""
    if target.rate is None:
        return round(math.fsum(values) / len(values), DIGITS)
    sign = 1 if target.rate == "growth" else -1
    factor = math.prod(1 + sign * value / 100 for value in values)
    if target.judged == "mean":
        factor = max(factor, 0.0) ** (1 / len(values))
    return round(sign * (factor - 1) * 100, DIGITS)


def _bound(rows: Sequence[Observation]) -> str:
    bounds = {row.bound for row in rows} - {"="}
    return "=" if not bounds else bounds.pop() if len(bounds) == 1 else "~"


def is_accumulated(facts: Indicator) -> bool:
    """Whether the judged level of a year is what the period's years up to it come to."""
    return facts.target.judged in ACCUMULATED


def compared(
    facts: Indicator, own: Iterable[Observation], other: Iterable[Observation]
) -> list[Observation]:
    """The rows of an indicator whose target is relative: of each year that both have, own − other
    or own ÷ other, marked as derived with the arithmetic in its note.

    Every state of knowledge has its row: each time one of the two is published anew.
    """
    comparison = facts.target.compared
    if comparison is None:
        return list(own)
    mine, theirs = _by_year(own), _by_year(other)
    return [
        row
        for year in sorted(mine)
        for row in _of_year(comparison, mine[year], theirs.get(year, []))
    ]


def _by_year(rows: Iterable[Observation]) -> dict[int, list[Observation]]:
    """Rows with a value, by year, in the order in which they became known."""
    found: dict[int, list[Observation]] = {}
    for row in sorted(rows, key=became_known):
        if row.value is not None and row.status != "target":
            found.setdefault(row.year, []).append(row)
    return found


def _of_year(
    comparison: Comparison, mine: Sequence[Observation], theirs: Sequence[Observation]
) -> Iterator[Observation]:
    for known in sorted({became_known(row) for row in (*mine, *theirs)}):
        pair = [[row for row in rows if became_known(row) <= known][-1:] for rows in (mine, theirs)]
        if not (pair[0] and pair[1]) or (comparison.by == "ratio" and not pair[1][0].value):
            continue
        own, other = pair[0][0], pair[1][0]
        a, b = Decimal(str(own.value)), Decimal(str(other.value))
        value = a - b if comparison.by == "difference" else a / b
        sign = "−" if comparison.by == "difference" else "÷"
        exact = own.bound == other.bound == "="
        later = max(own, other, key=became_known)
        yield replace(
            own,
            value=float(value),
            status="derived",
            published=later.published,
            bound="=" if exact else "~",
            note="；".join(filter(None, (f"{a} {sign} {b}（{comparison.name}）", own.note))),
        )


ByArea = Mapping[tuple[str, str], list[Observation]]


def rows_of(facts: Indicator, series: ByArea, context: ByArea, area: str) -> list[Observation]:
    """The rows an indicator is judged by in one area: its own, those compared with another series,
    or those of the context series a scenario's reading names."""
    if facts.target.compared:
        other = series.get((facts.target.compared.to, area), [])
        return compared(facts, series.get((facts.id, area), []), other)
    if not facts.from_series:
        return series.get((facts.id, area), [])
    named = context.get((facts.from_series, area), [])
    return [replace(row, indicator_id=facts.id) for row in named]
