"""What leaves a monitored period: its record, the CSV of moves, the two lines to send on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ..intake.period import Span
from ..intake.plan import Plan
from ..measure.monitor import Standing
from . import monitoring, wording
from .result import Record, harmless, tidy
from .table import Table

MOVES = (
    "plan",
    "indicator_id",
    "name_zh",
    "unit",
    "period",
    "value",
    "previous_period",
    "previous_value",
    "expected",
    "low80",
    "high80",
    "low95",
    "high95",
    "previous_expected",
    "p_met",
    "previous_p_met",
    "elapsed",
    "progress",
    "ratio",
    "status",
    "previous_status",
    "due",
    "p_due",
    "so_far_per_month",
    "needed_per_month",
    "reason",
)
BEHIND = ("behind", "far_behind", "reverse")
UNLIKELY = 0.33  # P(met) below it is watched
NAMED = 3  # names a line to send on may hold


def message(plan: Plan, standings: Sequence[Standing], span: Span) -> tuple[str, str]:
    """Two lines a person can send on: how it stands, what to watch and what is not reported."""
    words, reported = wording.monitor, [one for one in standings if one.value is not None]
    behind = [one for one in reported if one.status in BEHIND]
    good = [one for one in reported if one.status not in (*BEHIND, "not_assessable")]
    watched = [
        one
        for one in reported
        if (one.p_met is not None and one.p_met < UNLIKELY) or (one.p_met is None and one in behind)
    ]
    told = [
        (words.UNFORESEEN if one.p_met is None else words.WATCHED).format(
            name=monitoring.name(one.facts),
            expected=monitoring.median(one),
            chance=wording.chance(one.p_met),
        )
        for one in sorted(watched, key=lambda one: one.p_met if one.p_met is not None else 1)
    ]
    names = [monitoring.name(one.facts) for one in monitoring.lacking(standings, span)]
    first = words.LINE_STANDING.format(
        title=plan.short_title if wording.CODE == "zh" else plan.title_en,
        period=monitoring.span_of(span),
        total=len(standings),
        reported=len(reported),
        good=len(good),
        behind=len(behind),
    )
    return first, words.LINE_WATCH.format(watch=_some(told), missing=_some(names))


def _some(names: Sequence[str]) -> str:
    if not names:
        return wording.monitor.NONE
    listed = wording.LISTING.join(names[:NAMED])
    over = len(names) > NAMED
    return wording.monitor.MORE.format(names=listed, n=len(names)) if over else listed


def moves_csv(plan: Plan, standings: Iterable[Standing]) -> str:
    """moves.csv: a row an indicator, numbers in full, empty where there is none."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(MOVES)
    for one in standings:
        row = _numbers(plan, one)
        writer.writerow(["" if row[name] is None else harmless(row[name]) for name in MOVES])
    return file.getvalue()


def _numbers(plan: Plan, one: Standing) -> dict[str, object]:
    before = one.before or Standing(one.facts, one.year, status="")
    facts = one.facts
    return tidy(
        {
            "plan": plan.id,
            "indicator_id": facts.id,
            "name_zh": facts.name_zh,
            "unit": facts.unit,
            "period": _written(one),
            **_ends(one),
            **{name: getattr(one, field) for name, field in FIELDS.items()},
            "previous_period": _written(before),
            **{f"previous_{name}": getattr(before, name) for name in BEFORE},
        }
    )


FIELDS = {  # column of moves.csv → field of a standing
    "value": "value",
    "expected": "expected",
    "p_met": "p_met",
    "elapsed": "elapsed",
    "progress": "progress",
    "ratio": "ratio",
    "status": "status",
    "due": "due",
    "p_due": "p_year",
    "so_far_per_month": "so_far",
    "needed_per_month": "needed",
    "reason": "reason",
}
BEFORE = ("value", "expected", "p_met", "status")


def _ends(one: Standing) -> dict[str, float | None]:
    """The interval ends of the judged level at the year's end."""
    names = ("low80", "high80", "low95", "high95")
    if one.nowcast is None or one.expected is None or not one.nowcast.ahead.rows:
        return dict.fromkeys(names)
    at, banked = one.nowcast.ahead.at(one.year), one.expected - one.nowcast.expected
    return {name: (at[name] or 0.0) + banked for name in names}


def _written(one: Standing) -> str:
    """The period as PERIOD= takes it: 2026-09."""
    return f"{one.year}-{one.month:02d}" if one.month else ""


def record(
    plan: Plan, standings: Sequence[Standing], span: Span, tables: dict[str, Table], cutoff: str
) -> Record:
    """The record of a monitoring page: its tables in words, the numbers of moves.csv, the two
    lines."""
    lines = message(plan, standings, span)
    words = wording.monitor
    title = plan.short_title if wording.CODE == "zh" else plan.title_en
    data = {
        "plan": plan.id,
        "title": words.TITLE.format(title=title, period=monitoring.span_of(span)),
        "period": f"{span.year}-{span.last:02d}",
        "until": words.SUBTITLE.format(period=span.last_day),
        "fictional": plan.fictional,
        "language": wording.CODE,
        "cutoff": cutoff,
        "lines": list(lines),
        "tables": {name: _shown(table) for name, table in tables.items()},
        "moves": [_numbers(plan, one) for one in standings],
        "moves_csv": moves_csv(plan, standings),
    }
    return Record("monitor", lines[0], data)


def _shown(table: Table) -> dict[str, object]:
    """A table of words as the page reads it back."""
    return {
        "columns": list(table.columns),
        "rows": [list(row) for row in table.itertuples(index=False)],
        "sentence": table.attrs.get("sentence", ""),
    }
