"""What happened around a plan, and when: the laws, policies, changes of statistics and shocks of
`events.csv` that a reader of its series should know of.

A day beside a series and no more: nothing an indicator did is put down to an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import observations
from .cells import Cells
from .contract import LAST_YEAR, Source
from .facts import Plan
from .fields import is_date
from .finding import Finding, Refused, shown_path
from .plan import last_day
from .table import rows

FILE = "events.csv"
COLUMNS = ("plan", "date", "name", "kind", "indicators", "source")
OPTIONAL = ("name_en", "locator", "note")
KINDS = ("law", "policy", "institution", "statistics", "shock")
ALL = "all"  # of every indicator
BETWEEN = re.compile(r"[\s,，、;；]+")  # stands between the indicators of a cell
LONGEST = 20  # characters of a name: it stands on a picture


@dataclass(frozen=True)
class Event:
    """One event. `date`: a day, month or year; `indicators`: empty where it concerns all."""

    date: str
    name: str
    kind: str
    indicators: tuple[str, ...]
    source: str
    name_en: str = ""
    locator: str = ""
    note: str = ""

    @property
    def at(self) -> float:
        """Where it stands on an axis of years, on which year y is y ± ½: the middle of its day,
        month or year."""
        first, last = (self.date + "-01-01")[:10], last_day(self.date)
        days = [date.fromisoformat(day).timetuple().tm_yday for day in (first, last)]
        year = int(self.date[:4])
        of_year = date(year, 12, 31).timetuple().tm_yday
        return year - 0.5 + (sum(days) - 1) / 2 / of_year


def of(plan: Plan, sources: Mapping[str, Source] | None = None) -> tuple[Event, ...]:
    """The plan's events by date; none where it has no table. `sources`: the plan's, where they
    are read already. Raises `Refused`."""
    path = plan.raw / FILE
    if not path.is_file():
        return ()
    findings: list[Finding] = []
    known = observations.sources(plan) if sources is None else sources
    found = of_table(plan, path, shown_path(path, plan.root), known, findings)
    if any(not finding.warning for finding in findings):
        raise Refused(findings)
    return found


def of_run(plan: Plan, year: int, known_by: str, indicator: str = "") -> tuple[Event, ...]:
    """What concerns `indicator` (default: any) and had happened or was announced by the end of
    `year`, and was published by `known_by` (empty: whenever)."""
    sources = observations.sources(plan) if (plan.raw / FILE).is_file() else {}

    def known(one: Event) -> bool:
        told = sources[one.source].published
        on_time = not known_by or bool(told and last_day(told) <= known_by)
        return on_time and min(one.date[:4], told[:4] or one.date[:4]) <= str(year)

    return tuple(
        one
        for one in of(plan, sources)
        if known(one) and (not indicator or indicator in (one.indicators or (indicator,)))
    )


def of_table(
    plan: Plan,
    path: Path,
    shown: str,
    sources: Mapping[str, Source] | None,
    findings: list[Finding],
) -> tuple[Event, ...]:
    """The events of a table by date; appends to `findings` what is wrong."""
    found = _events(plan, path, shown, sources, findings)
    return tuple(sorted(found, key=lambda one: (one.at, one.name)))


def _events(
    plan: Plan,
    path: Path,
    shown: str,
    sources: Mapping[str, Source] | None,
    findings: list[Finding],
) -> Iterator[Event]:
    seen: set[tuple[str, str]] = set()
    for line, row in rows(path, shown, COLUMNS, OPTIONAL, findings):
        told, cells = len(findings), Cells(shown, line, row, findings)
        cells.known("plan", [plan.id], "个规划")
        _dated(cells)
        kind = cells.word("kind", KINDS) or ""
        source = cells.known("source", sources, "个来源") or ""
        for column in ("name", "name_en"):
            _named(cells, column)
        indicators = _indicators(cells, plan)
        if (row["date"], row["name"]) in seen:
            cells.wrong("name", "同一天的同一件事写了两次", "请只留一行")
        seen.add((row["date"], row["name"]))
        if len(findings) == told:
            more = {name: row.get(name, "") for name in OPTIONAL}
            yield Event(row["date"], row["name"], kind, indicators, source, **more)


def _dated(cells: Cells) -> None:
    day = cells.row["date"]
    if not is_date(day) or int(day[:4]) > LAST_YEAR:
        cells.wrong(
            "date", "不是日期" if day else "没有填日期", "请写成 2021-06-01、2021-06 或 2021"
        )


def _named(cells: Cells, column: str) -> None:
    name, most = cells.row.get(column, ""), LONGEST * (1 if column == "name" else 2)
    if not name and column == "name":
        cells.wrong(column, "没有填事件的名称", "请写几个字，全文写在 locator")
    elif len(name) > most:
        cells.wrong(column, f"超过 {most} 字，图上写不下", "请缩短，全文写在 locator")


def _indicators(cells: Cells, plan: Plan) -> tuple[str, ...]:
    """The indicators it concerns; none of them where it concerns all."""
    given = tuple(filter(None, BETWEEN.split(cells.row["indicators"])))
    unknown = [name for name in given if name not in (*plan.indicators, ALL)]
    if not given or unknown:
        told = f"没有这项指标：{unknown[0]}" if unknown else "没有填涉及的指标"
        cells.wrong("indicators", told, f"请填指标代码，空格隔开；涉及全部指标就写 {ALL}")
    elif ALL in given and len(given) > 1:
        cells.wrong("indicators", f"写了 {ALL} 又写了别的", f"请只写 {ALL}，或只写指标代码")
    return () if given == (ALL,) else given
