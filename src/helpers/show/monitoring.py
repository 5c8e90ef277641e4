"""The tables of a monitored period, already worded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..intake import plan as plans
from ..intake.period import Span
from ..intake.plan import Area, Commitment, Indicator, Plan
from ..measure.commitment import CommitmentState
from ..measure.monitor import Standing
from ..measure.track import Track
from . import wording
from .table import Table

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


def median(one: Standing | None) -> str:
    return "—" if one is None or one.expected is None else _figure(one.expected, one.facts)


def _chance(one: Standing | None) -> str:
    return "—" if one is None or one.value is None else wording.chance(one.p_met)


def _pace(one: Standing) -> str:
    word = f"{wording.SIGN[one.status]} {wording.STATUS[one.status]}"
    return word if one.ratio is None else f"{word} {wording.number(one.ratio, 2)}"


def name(facts: Indicator) -> str:
    return getattr(facts, wording.NAME)


def _rows(name: str, rows: Sequence[tuple]) -> Table:
    return Table(rows, columns=list(wording.monitor.COLUMNS[name]))


def moves(standings: Iterable[Standing]) -> Table:
    """What is known and expected now beside the last period of each indicator that reported."""
    return _rows(
        "moves",
        [
            (
                name(one.facts),
                _known(one),
                _known(one.before),
                _expected(one),
                median(one.before),
                _chance(one),
                _chance(one.before),
                _pace(one),
            )
            for one in standings
            if one.value is not None
        ],
    )


def areas(found: Iterable[tuple[Area, Standing]]) -> Table:
    """What is known and expected of each part of the area that reported."""
    return _rows(
        "areas",
        [
            (name(one.facts), area.name, _known(one), _expected(one), _chance(one), _pace(one))
            for area, one in found
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


def running_table(facts: Sequence[Indicator], sentences: Mapping[str, str]) -> Table:
    """What is known of the assessed year before it is over, an indicator a row."""
    rows = [(name(one), sentences[one.id]) for one in facts if one.id in sentences]
    return Table(rows, columns=list(wording.monitor.COLUMNS["running"]))


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
                name(one.facts),
                _figure(one.due, one.facts),
                median(one),
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
            title = f"{name(one.facts)}{wording.COMMA}{target}"
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
        rows.append((name(one.facts), to, supplier.office, supplier.needs))
    return _rows("missing", rows)


def track(
    facts: Sequence[Indicator],
    tracks: Iterable[Track],
    kept: Iterable[Mapping[str, str]],
    ended: Mapping[tuple[str, int], float],
) -> Table:
    """How earlier nowcasts came out: those kept at the time, where there is none former years
    foretold again. `ended`: (indicator, year) → the year's value that is known by now."""
    found = {(one.facts.id, one.year, one.month): (one, "again") for one in tracks}
    by_id = {one.id: one for one in facts}
    for one in (_kept(row, by_id, ended) for row in kept):
        if one is not None:
            found[one.facts.id, one.year, one.month] = (one, "kept")
    rows = [_tracked(one, origin) for _, (one, origin) in sorted(found.items())]
    table = _rows("track", rows)
    inside = sum(one.inside for one, _ in found.values())
    told = wording.monitor.TRACKED.format(n=len(found), inside=inside)
    table.attrs["sentence"] = told if found else wording.monitor.NOTHING["track"]
    return table


def _kept(
    row: Mapping[str, str],
    facts: Mapping[str, Indicator],
    ended: Mapping[tuple[str, int], float],
) -> Track | None:
    """What a row of an earlier moves.csv foretold and how it came out; None where it foretold
    nothing or the year has no value yet."""
    if not (row["period"] and row["low80"] and row["indicator_id"] in facts):
        return None
    year, month = (int(part) for part in row["period"].split("-"))
    actual = ended.get((row["indicator_id"], year))
    if actual is None:
        return None
    expected, low80, high80 = (float(row[column]) for column in ("expected", "low80", "high80"))
    return Track(facts[row["indicator_id"]], year, month, expected, low80, high80, actual)


def _tracked(one: Track, origin: str) -> tuple[str, ...]:
    facts = one.facts
    low, high = (wording.number(end, facts.decimals) for end in (one.low80, one.high80))
    return (
        name(facts),
        span_of(Span(one.year, one.month)),
        f"{_figure(one.expected, facts)}{wording.OPEN}{low}—{high}{wording.CLOSE}",
        _figure(one.actual, facts),
        wording.monitor.INSIDE[one.inside],
        wording.monitor.ORIGIN[origin],
    )
