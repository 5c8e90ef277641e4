"""What is known of a year before it is over: its months, quarters and sums since January as one
curve.

Conventions: a curve maps a month to what is known at its end, {9: 3.1}: of an amount the sum since
January, of a running total or a level the value then. Nothing is filled: a sum goes as far as its
parts follow each other. A figure published later replaces an earlier one of the same part.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from . import period
from .contract import Observation, became_known, printed
from .facts import Indicator
from .finding import Finding
from .plan import last_day

Curve = dict[int, float]


def is_amount(facts: Indicator) -> bool:
    """True where months add up to the year: a flow, or additions reported year by year."""
    return facts.kind == "flow" or facts.reported == "annual"


def is_total(facts: Indicator) -> bool:
    """True where every figure is a running total."""
    return facts.kind == "cumulative" or facts.reported == "to_date"


def newest(rows: Iterable[Observation], known_by: str = "") -> list[Observation]:
    """The latest vintage of each part published by `known_by`, in the order of the calendar;
    without date, one is known only where no date is asked for."""
    found: dict[str, Observation] = {}
    for row in sorted((row for row in rows if row.period), key=became_known):
        day = became_known(row)
        if row.value is not None and (not known_by or "" < day <= last_day(known_by)):
            found[row.period] = row
    return sorted(found.values(), key=lambda row: period.read(row.period))


def curves(
    facts: Indicator, rows: Iterable[Observation], known_by: str = "", until: int = 12
) -> dict[int, Curve]:
    """{year: curve up to month `until`} of one indicator in one area; years of which nothing
    follows from January are left out."""
    rows = [row for row in newest(rows, known_by) if period.read(row.period).last <= until]
    years = itertools.groupby(rows, key=lambda row: row.year)
    found = {year: _curve(facts, list(mine)) for year, mine in years}
    return {year: curve for year, curve in found.items() if curve}


def _curve(facts: Indicator, rows: list[Observation]) -> Curve:
    spans = {period.read(row.period): row.value for row in rows}
    if not is_amount(facts):
        return {span.last: value for span, value in sorted(spans.items())}
    sums = {span.last: value for span, value in spans.items() if span.first == 1}
    for span, value in sorted(spans.items()):
        if span.first > 1 and span.first - 1 in sums:
            sums.setdefault(span.last, sums[span.first - 1] + value)
    return dict(sorted(sums.items()))


def fallen(facts: Indicator, rows: Iterable[Observation], shown: str) -> list[Finding]:
    """What was counted since January, or since the beginning, cannot become less."""
    if not (is_amount(facts) or is_total(facts)) or (facts.lower or 0) < 0:
        return []
    rows = [row for row in newest(rows) if is_total(facts) or period.read(row.period).first == 1]
    findings = []
    for before, after in itertools.pairwise(rows):
        if before.year == after.year and after.value < before.value:
            findings.append(
                Finding(
                    shown,
                    after.line,
                    "value",
                    printed(after.value),
                    f"累计数比 {before.period} 的 {printed(before.value)} 少",
                    "累计只增不减：请核对；只是一个月、一季的数，period 请写成 "
                    f"{after.year}-09、{after.year}Q3；修订请写明 published",
                )
            )
    return findings
