"""What a reader takes along: 附表1, one row an indicator in the columns evaluators know, and the
figures of a picture, as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import wording
from .result import harmless

NEGATIVE = re.compile(r"-[\d.,]+%?")


@dataclass(frozen=True)
class Row:
    """One indicator: the words of every column up to the sources, the ids of its sources, its
    note."""

    cells: tuple[str, ...]
    sources: tuple[str, ...]
    note: str


def columns(years: Iterable[int]) -> list[str]:
    """The headings, the plan's years between the baseline and the target."""
    before, after = wording.page.ANNEX_COLUMNS
    return [*before, *map(str, years), *after]


def rows(records: Sequence[dict], years: Sequence[int]) -> list[Row]:
    """附表1 in the plan's order; numbers at the indicator's decimals, missing is 「—」, a derived
    or preliminary value is marked."""
    return [_row(k, record, years) for k, record in enumerate(records, 1)]


def _row(k: int, r: dict, years: Sequence[int]) -> Row:
    by_year, decimals = {point["year"]: point for point in r["points"]}, r["decimals"]
    target = r["texts"].get("goal") or (
        f"{wording.OPERATOR_SIGN[r['op']]} {wording.number(r['target'], r['target_decimals'])}"
        if r["target"] is not None
        else wording.page.NO_TARGET
    )
    baseline = wording.BOUND[r["baseline_bound"]] + wording.number(
        r["baseline"], decimals if r["baseline"] else 0
    )
    cells = (
        str(k),
        r["category"],
        r[wording.NAME],
        wording.unit(r["unit"]),
        wording.PROPERTY[r["property"]],
        baseline,
        *(_value(by_year.get(year), decimals) for year in years),
        target,
        wording.gained(r["progress"], r["bound"], r["facts"]["direction"]),
        wording.percent(r["elapsed"]),
        wording.percent(r["cagr"], 2),
        f"{wording.SIGN[r['status']]} "
        f"{wording.judged(r['status'], r.get('at_least', False), r.get('stale'))}"
        + (wording.OPEN + r["final"] + wording.CLOSE if r["final"] else ""),
        r["texts"]["chance"],
        r["texts"]["alert"] or "—",
        r["facts"]["supplier"]["office"],
    )
    return Row(
        cells, tuple(dict.fromkeys(point["source"] for point in r["points"])), r["note"] or ""
    )


def _value(point: dict | None, decimals: int) -> str:
    if point is None or point["level"] is None:
        return "—"
    mark = wording.page.ANNEX_MARK.get(point["status"], "")
    level = wording.BOUND[point["level_bound"]] + wording.number(point["level"], decimals)
    return f"{level} {mark}" if mark else level


def as_csv(records: Sequence[dict], years: Sequence[int], titles: Mapping[str, str]) -> str:
    """附表1 as CSV, the sources by their titles."""
    listed = (
        (*row.cells, wording.SEMICOLON.join(titles[name] for name in row.sources), row.note)
        for row in rows(records, years)
    )
    return _csv([columns(years), *listed])


def series_csv(record: dict, titles: Mapping[str, str]) -> str:
    """The figures a picture draws, one row a year: value, scheduled value, target, forecast with
    its intervals."""
    r, points = record, {point["year"]: point for point in record["points"]}
    forecast = {row["year"]: row for row in r["forecast"]}
    years = sorted(
        {
            *points,
            *forecast,
            r["target_year"],
            *([r["baseline_year"]] if r["baseline"] is not None else []),
        }
    )
    table = [wording.page.CHART_COLUMNS]
    for year in years:
        point, ahead = points.get(year), forecast.get(year, {})
        said = ("", "", "", "", "")
        if point:
            said = (
                point["level"],
                wording.BOUND[point["level_bound"]],
                wording.OBSERVED[point["status"]],
                wording.page.FORMER if point["before"] else "",
                titles[point["source"]],
            )
        scheduled = (
            r["baseline"] + r["planned_step"] * (year - r["baseline_year"])
            if r["planned_step"] is not None and r["baseline_year"] <= year <= r["target_year"]
            else None
        )
        table.append(
            (
                year,
                *said,
                scheduled,
                r["target"],
                *(ahead.get(name) for name in ("median", "low80", "high80", "low95", "high95")),
            )
        )
    return _csv(table)


def _csv(table: Iterable[Iterable[object]]) -> str:
    """Rows as CSV with a byte order mark, without which a spreadsheet takes Chinese for something
    else."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(
        [[_cell(cell) for cell in row] for row in table]
    )
    return "\ufeff" + file.getvalue()


def _cell(cell: object) -> object:
    """Empty for None; a negative number as it is printed is no formula."""
    return (
        ""
        if cell is None
        else cell
        if isinstance(cell, str) and NEGATIVE.fullmatch(cell)
        else harmless(cell)
    )
