"""Which dates are still to come? Asked at the door, of what is handed in, by the day it is handed
in; nothing that is computed later depends on a clock.

A figure dated in the future would outrank every revision that is published until then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from .contract import Observation, Source
from .finding import Finding
from .promise_rows import Evidence, Fund

Dated = Observation | Evidence | Fund | Source
AHEAD = dt.timedelta(days=1)  # somewhere it is tomorrow already
PUBLISHED = {Observation: ("published",), Source: ("published", "accessed")}
HAPPENED = ("published", "date")


def findings(
    rows: Iterable[Dated], sources: Mapping[str, Source], shown: str, warning: bool = False
) -> list[Finding]:
    """What is dated in the future, in the file that is `shown`; a row that has its date from its
    source is told by the source."""
    today = dt.date.today()
    told = []
    for row in rows:
        for column in PUBLISHED.get(type(row), HAPPENED):
            day = getattr(row, column)
            own = isinstance(row, Source) or day != _of_source(sources, row)
            if own and _first_day(day) > (today + AHEAD).isoformat():
                line = 0 if isinstance(row, Source) else row.line
                problem, remedy = f"晚于今天（{today}）", "请核对日期"
                told.append(Finding(shown, line, column, day, problem, remedy, warning))
    return told


def _of_source(sources: Mapping[str, Source], row: Observation | Evidence | Fund) -> str:
    return sources[row.source].published if row.source in sources else ""


def _first_day(day: str) -> str:
    """The first day of an ISO date of any precision."""
    return day + "-01-01"[len(day) - 4 :] if day else ""
