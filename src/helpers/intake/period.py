"""Which part of a year a figure is of: a month `2026-09`, a quarter `2026Q3`, from January to a
month `2026-01/2026-09`.

What the figure of a part is, its kind says: an amount is that of the part, a running total or a
level the one at its end.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

FORMS = "2026-09（月）、2026Q3（季）或 2026-01/2026-09（1月起累计）"
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_SINCE = re.compile(r"([0-9]{4})-01/\1-(0[2-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Span:
    """The months `first` to `last` of `year`."""

    year: int
    last: int
    first: int = 1

    @property
    def first_day(self) -> str:
        return f"{self.year}-{self.first:02d}-01"

    @property
    def last_day(self) -> str:
        return f"{self.year}-{self.last:02d}-{calendar.monthrange(self.year, self.last)[1]}"


def of(text: str) -> Span:
    """The span of a text that names one. Raises ValueError for another."""
    span = read(text)
    if span is None:
        raise ValueError(f"{text!r} is no part of a year; write 2026-09, 2026Q3 or 2026-01/2026-09")
    return span


def read(text: str) -> Span | None:
    """The span `text` names; None where it is none of the three forms."""
    if found := _MONTH.fullmatch(text):
        return Span(int(found[1]), int(found[2]), int(found[2]))
    if found := _QUARTER.fullmatch(text):
        return Span(int(found[1]), 3 * int(found[2]), 3 * int(found[2]) - 2)
    if found := _SINCE.fullmatch(text):
        return Span(int(found[1]), int(found[2]))
    return None
