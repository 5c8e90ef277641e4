"""What was observed: the checked rows of a plan, one vintage a year, each at the level that is
judged.

Conventions: `known_by` is an ISO date or "" (everything known today); a row whose publication date
is not known is not taken where `known_by` is given. The judged level of an annually reported
increment is the sum of its additions since the plan began; where a year of them is missing the sum
is a lower bound.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields as fields_of, replace
from decimal import Decimal
from pathlib import Path

from . import (
    accumulated,
    assumed,
    contract,
    part_year,
    plan as plans,
    promise_rows,
    references,
    scenario as scenarios,
)
from .assumed import ASSUMED as ASSUMED
from .contract import Observation, Source, became_known, printed
from .finding import Finding, Refused, shown_path
from .plan import EDITION_VARIABLE as EDITION_VARIABLE, Commitment, ContextSeries, Indicator, Plan
from .promise_rows import Evidence, Fund, Search
from .table import inert

OfPromises = tuple[list[Evidence], list[Fund], list[Search]]
TEXTS = ("unit", "locator", "note")  # columns in which anything may stand
COLUMNS = (
    *contract.OBSERVATIONS,
    *contract.CONTEXT_OPTIONAL,
    "line",
    *("level", "level_bound", "earlier"),
)


@dataclass(frozen=True)
class Point:
    """One year of one indicator in one area: the row that was taken and the level that is judged.

    `level` (in the indicator's unit) is None for additions before the plan began; `earlier` lists
    former vintages as `value (published)`.
    """

    row: Observation
    level: float | None
    bound: str
    earlier: str = ""

    @property
    def year(self) -> int:
        return self.row.year

    @property
    def figure(self) -> float:
        """The level of a point that has one. Raises ValueError for an addition of before."""
        if self.level is None:
            raise ValueError(f"{self.row.indicator_id} {self.year}: no level to judge")
        return self.level


@dataclass(frozen=True)
class Series:
    """The judged series of one indicator in one area, in order of years.

    `points`: those with a level, of the last segment (after the last break in force); `before`: of
    earlier segments, shown but not judged; `history`: additions before the plan began; `broken_at`:
    first year of the new definition; `late`: the year after the target year, which judges nothing
    but whether a target that was missed was met after all.
    """

    points: tuple[Point, ...]
    before: tuple[Point, ...] = ()
    history: tuple[Point, ...] = ()
    broken_at: int | None = None
    late: Point | None = None

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(point.year for point in self.points)

    @property
    def levels(self) -> tuple[float, ...]:
        return tuple(point.figure for point in self.points)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Years between the first and the last point without a value."""
        years = self.years
        return tuple(y for y in range(years[0], years[-1]) if y not in years) if years else ()


@dataclass(frozen=True)
class Received:
    """Everything the door let in: rows of whole years (each with the date it became known),
    context, sources, evidence, funds, warnings; rows of `parts` of a year, which no annual verdict
    sees."""

    observations: tuple[Observation, ...]
    context: tuple[Observation, ...]
    sources: dict[str, Source]
    evidence: tuple[Evidence, ...]
    warnings: tuple[Finding, ...] = ()
    searches: tuple[Search, ...] = ()
    parts: tuple[Observation, ...] = ()
    funds: tuple[Fund, ...] = ()


def receive(plan: Plan) -> Received:
    """All raw data of `plan`, checked; a scenario changes nothing of it. Raises `Refused` with
    every finding of every file."""
    findings: list[Finding] = []
    plan = plans.base(plan)
    facts = {facts.id: facts for facts in plans.indicators(plan)}
    series = {series.id: series for series in plans.context(plan)}
    promised = plans.commitments(plan)

    sources: dict[str, Source] | None = contract.source_rows(
        *_file(plan, "sources.csv"), findings, copies=True
    )
    if findings and not sources:
        sources = None  # unreadable: told once, not again for every row that names one
    rows = list(
        contract.observation_rows(plan, *_file(plan, "observations.csv"), facts, sources, findings)
    )
    context = _context_rows(plan, series, sources, findings)
    evidence, funded, looked = _of_promises(plan, promised, sources, findings, copies=True)
    findings += references.leading_nowhere(plan, facts, series, promised, sources)
    findings += contradictions(rows, facts, _file(plan, "observations.csv")[1])
    _refuse(findings)
    whole = tuple(row for row in rows if not row.period)
    parts = tuple(row for row in rows if row.period)
    return Received(
        whole,
        tuple(context),
        sources or {},
        tuple(evidence),
        tuple(findings),
        tuple(looked),
        parts,
        tuple(funded),
    )


def sources(plan: Plan) -> dict[str, Source]:
    """The plan's sources by id."""
    findings: list[Finding] = []
    found = contract.source_rows(*_file(plan, "sources.csv"), findings)
    _refuse(findings)
    return found | {source.id: source for source in _assumption(plan)}


def _assumption(plan: Plan) -> list[Source]:
    """What stands as the source of what the plan's scenario assumes; its id cannot be one of
    sources.csv."""
    if not plan.scenario:
        return []
    title = f"情景假设：{plan.scenario.title}"
    return [Source(f"scenario:{plan.scenario.name}", title, "", "", "", "", "不是观测值")]


def context(plan: Plan) -> list[Observation]:
    """The values of the context series: shown, never judged."""
    findings: list[Finding] = []
    rows = _context_rows(
        plan, {series.id: series for series in plans.context(plan)}, sources(plan), findings
    )
    _refuse(findings)
    return rows


def evidence(plan: Plan) -> list[Evidence]:
    """The published signs of where the commitments stand."""
    return _sound_of_promises(plan)[0]


def funds(plan: Plan) -> list[Fund]:
    """The money planned, in place and spent for the commitments, as far as it is told."""
    return _sound_of_promises(plan)[1]


def searches(plan: Plan) -> list[Search]:
    """What was looked for and not found."""
    return _sound_of_promises(plan)[2]


def _sound_of_promises(plan: Plan) -> OfPromises:
    findings: list[Finding] = []
    found = _of_promises(plan, plans.commitments(plan), sources(plan), findings)
    _refuse(findings)
    return found


def _file(plan: Plan, name: str) -> tuple[Path, str]:
    return plan.raw / name, shown_path(plan.raw / name, plan.root)


def _refuse(findings: list[Finding]) -> None:
    if any(not finding.warning for finding in findings):
        raise Refused(findings)


def _context_rows(
    plan: Plan,
    series: dict[str, ContextSeries],
    sources: dict[str, Source] | None,
    findings: list[Finding],
) -> list[Observation]:
    path, shown = _file(plan, "context.csv")
    if not series and not path.is_file():
        return []
    rows = list(
        contract.observation_rows(plan, path, shown, series, sources, findings, context=True)
    )
    findings += [finding for mine in by_series(rows).values() for finding in _doubled(mine, shown)]
    return rows


def _of_promises(
    plan: Plan,
    promised: Sequence[Commitment],
    sources: dict[str, Source] | None,
    findings: list[Finding],
    copies: bool = False,
) -> OfPromises:
    """The rows of the three tables on the promises; those of a table that may be absent, where it
    is there."""
    signs, funds, looked = (_file(plan, f"{n}.csv") for n in ("commitments", "funds", "searches"))
    evidence: list[Evidence] = []
    money: list[Fund] = []
    if promised or signs[0].is_file():
        evidence += promise_rows.evidence_rows(plan, *signs, promised, sources, findings, copies)
    if funds[0].is_file():
        money += promise_rows.fund_rows(plan, *funds, promised, sources, findings, copies)
    found = promise_rows.search_rows(plan, *looked, promised, findings)
    return evidence, money, list(found) if looked[0].is_file() else []


def contradictions(
    rows: Iterable[Observation], facts: dict[str, Indicator], shown: str
) -> list[Finding]:
    """What well-formed rows of one table cannot say together, in the order of its lines."""
    findings = []
    for (indicator_id, _), mine in by_series(rows).items():
        findings += _doubled(mine, shown) + _fallen(mine, facts[indicator_id], shown)
        findings += part_year.fallen(facts[indicator_id], mine, shown)
    return sorted(findings, key=lambda finding: finding.line)


def _doubled(rows: Iterable[Observation], shown: str) -> list[Finding]:
    """Rows of one series and year need different publication dates: they are vintages."""
    seen: dict[tuple, Observation] = {}
    findings = []
    for row in rows:
        key = (row.year, row.period, row.status == "target", row.published)
        if key in seen:
            problem = f"与第 {seen[key].line} 行（{printed(seen[key].value)}）重复"
            findings.append(
                Finding(
                    shown,
                    row.line,
                    "value",
                    printed(row.value),
                    problem,
                    "请删去一行；若是修订，请写明各自的 published",
                )
            )
        seen.setdefault(key, row)
    return findings


def _fallen(rows: Iterable[Observation], facts: Indicator, shown: str) -> list[Finding]:
    """A running total cannot fall (METHOD §4), except where its definition changed."""
    findings = []
    taken = known(rows) if part_year.is_total(facts) else []
    for earlier, later in itertools.pairwise(taken):
        if later.figure < earlier.figure and not any(
            earlier.year < cut.year <= later.year for cut in facts.breaks
        ):
            problem = f"累计数比 {earlier.year} 年的 {printed(earlier.value)} 少"
            findings.append(
                Finding(
                    shown,
                    later.line,
                    "value",
                    printed(later.value),
                    problem,
                    "累计只增不减：请核对；若口径改变，请在参数里写 breaks",
                )
            )
    return findings


def by_series(rows: Iterable[Observation]) -> dict[tuple[str, str], list[Observation]]:
    """The rows of each (indicator, area), in the order of the table."""
    series: dict[tuple[str, str], list[Observation]] = {}
    for row in rows:
        series.setdefault((row.indicator_id, row.area), []).append(row)
    return series


def known(rows: Iterable[Observation], known_by: str = "") -> list[Observation]:
    """One observed row a year, by year: the latest vintage published by `known_by`; missing and
    target rows and those of a part of the year are left out."""
    latest: dict[int, tuple[str, Observation]] = {}
    for row in rows:
        day = became_known(row)
        unknown_then = known_by and not "" < day <= plans.last_day(known_by)
        if row.value is None or row.status == "target" or row.period or unknown_then:
            continue
        if row.year not in latest or day >= latest[row.year][0]:
            latest[row.year] = (day, row)
    return [latest[year][1] for year in sorted(latest)]


def levels(facts: Indicator, rows: Iterable[Observation], start: int) -> list[Point]:
    """The judged level of each row, by year. `start` is the plan's first year.

    Annually reported increment: level(t) = Σ value(start…t), with bound `>=` once a year in between
    is missing or a term is itself a lower bound; additions before `start` have no level, and those
    before a break in force are no part of the sum after it: they are missing there. All other
    kinds: level = value. Of a mean or a compounded total: `accumulated.levels`.
    """
    rows = list(rows)
    cut = _break_in_force(facts, rows)
    if accumulated.is_accumulated(facts):
        judged = accumulated.levels(facts, rows, start, lambda row: bool(cut and _after(row, cut)))
        return [Point(row, *level) for row, level in zip(rows, judged, strict=True)]
    if facts.reported != "annual":
        return [Point(row, row.value, row.bound) for row in rows]
    points, total, bound, expected = [], Decimal(), "=", start
    for row in rows:
        if cut is not None and _after(row, cut):
            total, bound = (Decimal(), ">=") if expected > start else (total, bound)
            cut = None
        if row.year < start:
            points.append(Point(row, None, row.bound))
            continue
        total += Decimal(str(row.value))  # as it is printed: 0.1 + 0.2 is 0.3
        if row.year > expected or row.bound in (">", ">="):
            bound = ">="
        elif row.bound == "~" and bound == "=":
            bound = "~"
        expected = row.year + 1
        points.append(Point(row, float(total), bound))
    return points


def taken(
    plan: Plan,
    facts: Indicator,
    rows: Iterable[Observation],
    year: int,
    known_by: str = "",
    area: str = "",
) -> list[Point]:
    """The points of one indicator in one area (default the whole) up to `year`, as known by
    `known_by`; in the target year also what the year after brought."""
    area = area or plan.whole.id
    last = year + contract.LATE if year == facts.target.year and not plan.scenario else year
    mine = [
        row
        for row in rows
        if row.indicator_id == facts.id and row.area == area and row.year <= last
    ]
    rows = known(mine, known_by)
    if plan.scenario and facts.assumed and area == plan.whole.id:
        observed = [row for row in rows if row.status != ASSUMED]
        rows = assumed.rows(plan, plan.scenario.name, facts, observed, year)
        _refuse(_fallen(rows, facts, assumed.place(plan, plan.scenario.name)))
    points = levels(facts, rows, plan.period.start)
    return [
        replace(point, earlier="；".join(_vintages(mine, point.row, known_by))) for point in points
    ]


def _vintages(rows: Iterable[Observation], of: Observation, known_by: str) -> Iterator[str]:
    """What was published for the same year before `of`, as `value (published)`, the oldest
    first."""
    for row in sorted(rows, key=became_known):
        day = became_known(row)
        observed = row.value is not None and row.status != "target" and (day or not known_by)
        if row.year == of.year and row is not of and observed and day <= became_known(of):
            yield f"{printed(row.value)}（{row.published or '日期不明'}）"


def series(facts: Indicator, points: Iterable[Point], area: str, year: int | None = None) -> Series:
    """The points of one indicator in one area up to the assessed `year`, split at the last break
    in force."""
    mine = [
        point for point in points if point.row.indicator_id == facts.id and point.row.area == area
    ]
    last = math.inf if year is None else year
    levelled = [point for point in mine if point.level is not None and point.year <= last]
    cut = _break_in_force(facts, [point.row for point in levelled])
    judged = tuple(point for point in levelled if cut is None or _after(point.row, cut))
    return Series(
        points=judged,
        before=tuple(point for point in levelled if point not in judged),
        history=tuple(point for point in mine if point.level is None),
        broken_at=cut.year if cut and not cut.adjusted else None,
        late=next((point for point in mine if point.year > last), None),
    )


def _break_in_force(facts: Indicator, rows: Sequence[Observation]) -> plans.Break | None:
    """The last break that some value has reached."""
    return max(
        (cut for cut in facts.breaks if any(_after(row, cut) for row in rows)),
        key=lambda cut: cut.year,
        default=None,
    )


def _after(row: Observation, cut: plans.Break) -> bool:
    """True where `row` is of the definition in force after `cut`: of that year or later, and
    published since."""
    return (row.year >= cut.year or cut.adjusted) and (
        not cut.published or became_known(row) >= plans.last_day(cut.published)
    )


def all_taken(plan: Plan, received: Received, year: int, known_by: str = "") -> list[Point]:
    """The points of every indicator and area of `plan`: what an assessment of `year` rests on."""
    areas = [area.id for area in plan.areas if area.role != "context"]
    series, context = by_series(received.observations), by_series(received.context)
    return [
        point
        for facts in plans.indicators(plan)
        for area in areas
        for point in taken(
            plan, facts, accumulated.rows_of(facts, series, context, area), year, known_by, area
        )
    ]


def of_run(plan: Plan, year: int, known_by: str = "") -> list[Point]:
    """What an assessment rests on: inside a run the table the run wrote at its start, by hand the
    raw data, checked now.

    Raises `Unknown` for a year outside the plan's period or a cut-off at which there was nothing to
    know.
    """
    plans.check_year(plan, year)
    plans.check_cutoff(plan, year, known_by)
    folder = os.environ.get(EDITION_VARIABLE)
    return (
        read(Path(folder) / "observations.csv")
        if folder
        else all_taken(plan, receive(plan), year, known_by)
    )


def inputs(
    plan: Plan, indicator_id: str, series: Series, word: object = None
) -> tuple[tuple[str, str], ...]:
    """(what, SHA-256) of all that the judgement of one indicator rests on: files, its rows as the
    processed table has them, and the evaluator's `word` of it."""
    rows = table(
        sorted((*series.history, *series.before, *series.points), key=lambda point: point.year)
    )
    said = (
        [
            (
                f"scenarios/{plan.scenario.name}.yml：{indicator_id}",
                repr(scenarios.part_of(plan.scenario, indicator_id)),
            )
        ]
        if plan.scenario
        else []
    )
    own = [(f"observations.csv：{indicator_id}", rows), *said]
    own += [(f"judgement：{indicator_id}", repr(word))] if word else []
    return *plans.inputs_of_indicator(plan, indicator_id), *(
        (what, hashlib.sha256(text.encode()).hexdigest()) for what, text in own
    )


def write(path: Path, points: Iterable[Point]) -> None:
    """The processed table of `points` in a file, with the mark by which a spreadsheet knows its
    encoding."""
    path.write_bytes(table(points).encode("utf-8-sig"))


def table(points: Iterable[Point]) -> str:
    """The processed table: one row a point, columns `COLUMNS`, numbers in full precision, no text
    that a spreadsheet would compute."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in points:
        row = {name: getattr(point.row, name) for name in COLUMNS[:-3]}
        row |= {name: _quoted(row[name]) for name in TEXTS}
        writer.writerow([*row.values(), point.level, point.bound, _quoted(point.earlier)])
    return file.getvalue()


def _quoted(text: str) -> str:
    """A text as it is written: one that a spreadsheet would compute, or that begins with the mark
    itself, behind the mark."""
    return f"'{text}" if text.startswith("'") else inert(text)


def read(path: Path) -> list[Point]:
    """The points of a processed table, as `write` left them."""
    names = [field.name for field in fields_of(Observation) if field.name != "period"]
    points = []
    with open(path, encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            year, line = int(cells.pop("year")), int(cells.pop("line"))
            value = float(cells.pop("value"))
            cells |= {name: cells[name].removeprefix("'") for name in (*TEXTS, "earlier")}
            texts = {name: text for name, text in cells.items() if name in names}
            row = Observation(year=year, value=value, line=line, **texts)
            level = float(cells["level"]) if cells["level"] else None
            points.append(Point(row, level, cells["level_bound"], cells["earlier"]))
    return points
