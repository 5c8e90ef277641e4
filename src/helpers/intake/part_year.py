"""What is known of a year before it is over: its months, quarters and sums since January as one
curve.

Conventions: a curve maps a month to what is known at its end, {9: 3.1}: of an amount the sum since
January, of a running total or a level the value then. Nothing is filled: a sum goes as far as its
parts follow each other. A figure published later replaces an earlier one of the same part.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable

from . import period
from .contract import Observation, became_known, printed
from .facts import Indicator
from .finding import Finding, Unknown
from .plan import Plan, last_day

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
    return sorted(found.values(), key=lambda row: period.of(row.period))


def curves(
    facts: Indicator, rows: Iterable[Observation], known_by: str = "", until: int = 12
) -> dict[int, Curve]:
    """{year: curve up to month `until`} of one indicator in one area; years of which nothing
    follows from January are left out."""
    rows = [row for row in newest(rows, known_by) if period.of(row.period).last <= until]
    years = itertools.groupby(rows, key=lambda row: row.year)
    found = {year: _curve(facts, list(mine)) for year, mine in years}
    return {year: curve for year, curve in found.items() if curve}


def _curve(facts: Indicator, rows: list[Observation]) -> Curve:
    spans = {period.of(row.period): row.figure for row in rows}
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
    rows = [row for row in newest(rows) if is_total(facts) or period.of(row.period).first == 1]
    findings = []
    for before, after in itertools.pairwise(rows):
        if before.year == after.year and after.figure < before.figure:
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


def at(plan: Plan, parts: Iterable[Observation], text: str = "") -> period.Span:
    """The part of a year to be looked at, from January on: the one `text` names, else the newest
    of which anything is known. Raises `Unknown` where there is none."""
    known = sorted(period.of(row.period) for row in parts if row.value is not None)
    if text:
        span = period.read(text)
        if span is None or not plan.period.start <= span.year <= plan.period.end:
            years = f"{plan.period.start}—{plan.period.end}"
            raise Unknown(
                f"{text!r} 不是{plan.short_title}规划期（{years}）里的一期；可写 {period.FORMS}"
            )
        return period.Span(span.year, span.last)
    inside = [span for span in known if plan.period.start <= span.year <= plan.period.end]
    if not inside:
        raise Unknown(
            f"{plan.short_title}没有月、季数据，没有可监测的；请在 observations.csv 的 period 列"
            f"写明期间，如 {period.FORMS}"
        )
    return period.Span(inside[-1].year, inside[-1].last)


def published(parts: Iterable[Observation], until: period.Span) -> str:
    """The day by which all parts up to `until` were known; empty where none has a date."""
    days = (became_known(row) for row in parts if period.of(row.period) <= until)
    return max(days, default="")


def kept(plan: Plan, folder: str, before: period.Span) -> list[dict[str, str]]:
    """The rows of moves.csv of the monitored periods before `before` that lie in `folder` under
    the root (not of other cut-offs or languages); none where no folder is named."""
    name, found = f"{before.year}-{before.last:02d}", []
    for path in sorted((plan.root / folder).glob("*/moves.csv")) if folder else ():
        if len(path.parent.name) == len(name) and path.parent.name < name:
            with open(path, encoding="utf-8", newline="") as file:
                found += list(csv.DictReader(file))
    return found
