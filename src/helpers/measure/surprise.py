"""Which published values their own series would not have led one to expect: to be looked at, never
altered (METHOD §4).

A value is a surprise where it lies outside what the forecast from the values before it holds with
99 % probability. Slips of the unit are told at the door already (`intake.plausible`); this is the
finer sieve behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..intake.observations import Point
from ..intake.plan import Indicator
from . import forecast

FEWEST = 3  # values before the one asked about: with fewer the forecast holds almost anything
TAIL = 0.005  # on either side


@dataclass(frozen=True)
class Surprise:
    """`value` of a year where [`low`, `high`] was to be expected, all in the indicator's unit."""

    indicator_id: str
    area: str
    year: int
    value: float
    low: float
    high: float


def surprises(facts: Indicator, points: Iterable[Point]) -> list[Surprise]:
    """The surprising values of one indicator in one area, by year; of annual amounts, not of their
    sums. [] for yes or no."""
    exact = [point for point in points if point.bound == "=" and point.row.bound == "="]
    if facts.kind == "binary":
        return []
    years, values = [p.year for p in exact], [p.row.figure for p in exact]
    return [
        found
        for k in range(FEWEST, len(exact))
        if (found := _judged(facts, exact[k], years[:k], values[:k]))
    ]


def in_all(facts: Sequence[Indicator], points: Sequence[Point]) -> list[Surprise]:
    """The surprises of every indicator and area, in the order of the indicators."""
    found = []
    for one in facts:
        mine = [point for point in points if point.row.indicator_id == one.id]
        for area in dict.fromkeys(point.row.area for point in mine):
            found += surprises(one, [point for point in mine if point.row.area == area])
    return found


def _judged(
    facts: Indicator, point: Point, years: list[int], values: list[float]
) -> Surprise | None:
    half = 0.5 * 10.0**-facts.decimals
    ahead = forecast.fit(
        years, values, point.year, lower=facts.lower, upper=facts.upper, rounding=half
    )
    low, high = ahead.quantile(point.year, TAIL), ahead.quantile(point.year, 1 - TAIL)
    value = point.row.figure
    if low is None or high is None or low - half <= value <= high + half:
        return None
    return Surprise(facts.id, point.row.area, point.year, value, low, high)
