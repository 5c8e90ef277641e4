"""What a monitoring page shows, already worded: its tables, its record, the CSV of moves, the two
lines to send on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ..intake import plan as plans
from ..intake.period import Span
from ..intake.plan import Commitment, Indicator, Plan
from ..measure.commitment import CommitmentState
from ..measure.monitor import Standing, Track
from . import wording
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
AHEAD = 6  # months of the next two quarters


def span_of(span: Span) -> str:
    """2026 年 1—9 月."""
    words = wording.monitor
    form = words.JANUARY if span.last == 1 else words.SPAN
    return form.format(year=span.year, month=span.last)


def _figure(value: float | None, facts: Indicator) -> str:
    return wording.amount(value, facts)


def _rate(value: float | None, facts: Indicator) -> str:
    """An amount a month, one digit finer than the indicator is printed."""
    return wording.number(value, facts.decimals + 1)


def _known(one: Standing | None) -> str:
    if one is None or one.value is None:
        return "—"
    month = wording.monitor.MONTH.format(month=one.month)
    return f"{month}{wording.COLON}{_figure(one.value, one.facts)}"


def _expected(one: Standing | None) -> str:
    if one is None or one.expected is None:
        return wording.monitor.REASON[one.reason] if one else "—"
    if one.interval is None:
        return wording.monitor.BY_PACE + _figure(one.expected, one.facts)
    low, high = (wording.number(end, one.facts.decimals) for end in one.interval)
    return f"{_figure(one.expected, one.facts)}{wording.OPEN}{low}—{high}{wording.CLOSE}"


def _median(one: Standing | None) -> str:
    return "—" if one is None or one.expected is None else _figure(one.expected, one.facts)


def _chance(one: Standing | None) -> str:
    return "—" if one is None or one.value is None else wording.chance(one.p_met)


def _pace(one: Standing) -> str:
    word = f"{wording.SIGN[one.status]} {wording.STATUS[one.status]}"
    return word if one.ratio is None else f"{word} {wording.number(one.ratio, 2)}"


def _name(facts: Indicator) -> str:
    return getattr(facts, wording.NAME)


def _rows(name: str, rows: Sequence[tuple]) -> Table:
    return Table(rows, columns=list(wording.monitor.COLUMNS[name]))


def moves(standings: Iterable[Standing]) -> Table:
    """What is known and expected now beside the last period of each indicator that reported."""
    return _rows(
        "moves",
        [
            (
                _name(one.facts),
                _known(one),
                _known(one.before),
                _expected(one),
                _median(one.before),
                _chance(one),
                _chance(one.before),
                _pace(one),
            )
            for one in standings
            if one.value is not None
        ],
    )


def running(standings: Iterable[Standing]) -> dict[str, str]:
    """Indicator → the sentence that stands, marked, beside an annual verdict of a year that is not
    over."""
    return {
        one.facts.id: wording.monitor.RUNNING.format(
            known=_known(one), expected=_expected(one), chance=wording.chance(one.p_met)
        )
        for one in standings
    }


def pace(standings: Iterable[Standing]) -> Table:
    """What a month of the rest of the year must bring for the straight line, beside those so
    far."""
    rows = []
    for one in standings:
        if one.due is None or one.value is None:
            continue
        higher = one.facts.direction == "higher"
        left = one.needed is not None and (one.needed > 0) == higher and one.needed != 0
        words = wording.monitor
        needed = words.NOTHING_LEFT if one.needed is None else words.MET_ALREADY
        rows.append(
            (
                _name(one.facts),
                _figure(one.due, one.facts),
                _median(one),
                wording.chance(one.p_year) if one.p_year is not None else "—",
                _rate(one.so_far, one.facts),
                _rate(one.needed, one.facts) if left else needed,
                _pace(one),
            )
        )
    return _rows("pace", rows)


def _months_on(span: Span, months: int) -> str:
    """The last month, YYYY-MM, that lies so many months on."""
    count = span.year * 12 + span.last - 1 + months
    return f"{count // 12}-{count % 12 + 1:02d}"


def due(
    _plan: Plan, standings: Sequence[Standing], states: Sequence[CommitmentState], span: Span
) -> Table:
    """Targets and promises whose date lies in the two quarters after the period."""
    until, rows = f"{_months_on(span, AHEAD)}-31", []
    words = wording.monitor
    for state in states:
        promise = state.commitment
        day = plans.last_day(promise.due) if promise.due else ""
        if promise.type == "annual" and not day:
            day = f"{span.year}-12-31"
        if span.last_day < day <= until and state.state not in ("done", "dropped"):
            title = promise.title
            if promise.type == "annual":
                title = words.ANNUAL_DUE.format(title=title)
            word = wording.COMMITMENT.get(state.schedule, wording.COMMITMENT["no_information"])
            rows.append((day, title, word, _owner(promise)))
    for one in standings:
        day = f"{one.facts.target.year}-12-31"
        if span.last_day < day <= until and one.facts.target.value is not None:
            target = words.TARGET_DUE.format(target=wording.target(one.facts))
            title = f"{_name(one.facts)}{wording.COMMA}{target}"
            rows.append((day, title, _chance(one), one.facts.supplier.office))
    return _rows("due", sorted(rows, key=lambda row: row[0]))


def _owner(one: Commitment) -> str:
    return one.owner.office if one.owner else "—"


def lacking(standings: Iterable[Standing], span: Span) -> list[Standing]:
    """Those that have not been reported up to the period; a yes or no is none."""
    return [one for one in standings if one.facts.kind != "binary" and (one.month or 0) < span.last]


def missing(standings: Iterable[Standing], span: Span) -> Table:
    """What has not been reported for the period, and by whom."""
    words = wording.monitor
    rows = []
    for one in lacking(standings, span):
        to = words.REPORTED_TO.format(month=one.month) if one.month else words.REASON[one.reason]
        supplier = one.facts.supplier
        rows.append((_name(one.facts), to, supplier.office, supplier.needs))
    return _rows("missing", rows)


def track(tracks: Iterable[Track], kept: Iterable[dict], ended: dict[tuple[str, int], float]):
    """How earlier nowcasts came out: those kept at the time, and former years foretold again.

    `ended`: (indicator, year) → the year's value that is known by now.
    """
    words, facts = wording.monitor, {}
    again = list(tracks)
    rows, inside = [], 0
    for one in again:
        facts[one.facts.id] = one.facts
        rows.append(_tracked(one.facts, (one.year, one.month), one, "again"))
    for row in kept:
        key = (row["indicator_id"], int(row["period"][:4]))
        if key in ended and row["expected"] and row["low80"] and row["indicator_id"] in facts:
            expected, low80, high80 = (float(row[name]) for name in ("expected", "low80", "high80"))
            month = int(row["period"][-2:])
            own = facts[row["indicator_id"]]
            one = Track(own, key[1], month, expected, low80, high80, ended[key])
            again.append(one)
            rows.append(_tracked(own, (key[1], month), one, "kept"))
    inside = sum(one.inside for one in again)
    table = _rows("track", rows)
    table.attrs["sentence"] = (
        words.TRACKED.format(n=len(again), inside=inside) if again else words.NOTHING["track"]
    )
    return table


def _tracked(facts: Indicator, when: tuple[int, int], one: Track, origin: str) -> tuple:
    low, high = (wording.number(end, facts.decimals) for end in (one.low80, one.high80))
    return (
        _name(facts),
        span_of(Span(*when)),
        f"{_figure(one.expected, facts)}{wording.OPEN}{low}—{high}{wording.CLOSE}",
        _figure(one.actual, facts),
        wording.monitor.INSIDE[one.inside],
        wording.monitor.ORIGIN[origin],
    )


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
            name=_name(one.facts), expected=_median(one), chance=wording.chance(one.p_met)
        )
        for one in sorted(watched, key=lambda one: one.p_met if one.p_met is not None else 1)
    ]
    names = [_name(one.facts) for one in lacking(standings, span)]
    first = words.LINE_STANDING.format(
        title=plan.short_title if wording.CODE == "zh" else plan.title_en,
        period=span_of(span),
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
    ends = one.nowcast.ahead.at(one.year) if one.nowcast else {}
    shift = (one.expected - one.nowcast.expected) if one.nowcast and one.expected is not None else 0

    def end(name: str) -> float | None:
        found = ends.get(name)
        return None if found is None else found + shift

    facts = one.facts
    return tidy(
        {
            "plan": plan.id,
            "indicator_id": facts.id,
            "name_zh": facts.name_zh,
            "unit": facts.unit,
            "period": _written(one),
            "value": one.value,
            "previous_period": _written(before),
            "previous_value": before.value,
            "expected": one.expected,
            **{name: end(name) for name in ("low80", "high80", "low95", "high95")},
            "previous_expected": before.expected,
            "p_met": one.p_met,
            "previous_p_met": before.p_met,
            "elapsed": one.elapsed,
            "progress": one.progress,
            "ratio": one.ratio,
            "status": one.status,
            "previous_status": before.status,
            "due": one.due,
            "p_due": one.p_year,
            "so_far_per_month": one.so_far,
            "needed_per_month": one.needed,
            "reason": one.reason,
        }
    )


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
    shown = {
        name: {
            "columns": list(table.columns),
            "rows": [list(row) for row in table.itertuples(index=False)],
            "sentence": table.attrs.get("sentence", ""),
        }
        for name, table in tables.items()
    }
    data = {
        "plan": plan.id,
        "title": words.TITLE.format(title=title, period=span_of(span)),
        "period": f"{span.year}-{span.last:02d}",
        "until": words.SUBTITLE.format(period=span.last_day),
        "fictional": plan.fictional,
        "language": wording.CODE,
        "cutoff": cutoff,
        "lines": list(lines),
        "tables": shown,
        "moves": [_numbers(plan, one) for one in standings],
        "moves_csv": moves_csv(plan, standings),
        "statuses": {one.facts.id: one.status for one in standings},
    }
    return Record("monitor", lines[0], data)
