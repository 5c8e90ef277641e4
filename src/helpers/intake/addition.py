"""What a filled form would add to a plan's tables, and how it is added: checked whole, shown,
appended, never overwritten.

The tables with the new lines are written beside the old ones and pass the same strict reader; only
then are they renamed into place. Former lines stay byte for byte: a revision is a new line with its
own date.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import contract, observations, part_year, plan as plans, plausible, table, workbook
from .cells import NUMBER
from .contract import Observation, Source
from .facts import Plan
from .filled import Entry, read
from .finding import Finding, Refused, shown_path


class Changed(RuntimeError):
    """A table was changed by someone else between the check and the writing."""


@dataclass(frozen=True)
class Change:
    """One filled row against what is there: `former` is the value that counts now, None where there
    is none; `counts` is False where the new one was published earlier and so changes nothing today.
    """

    row: Observation
    former: Observation | None
    counts: bool = True

    def __str__(self) -> str:
        when = self.row.period or f"{self.row.year} 年"
        now = f"{self.row.indicator_id}（{self.row.area}）{when} {_said(self.row)}"
        if self.former is None or self.former.value is None:  # 缺 was no value to revise
            return f"新增 {now}"
        return f"修订 {now}，原为 {_said(self.former)}，" + (
            "旧值保留" if self.counts else "但发布较早，仍以原值为准"
        )


@dataclass(frozen=True)
class Addition:
    """A checked form: what it changes, what it repeats, what is doubtful, and the tables as they
    will be (path → former and new bytes)."""

    changes: tuple[Change, ...]
    unchanged: int
    sources: tuple[Source, ...]
    warnings: tuple[Finding, ...]
    tables: dict[Path, tuple[bytes, bytes]]


def prepare(path: Path, plan: Plan) -> Addition:
    """What the form at `path` would add to `plan`. Raises `Refused` with every finding, each where
    it was typed."""
    findings: list[Finding] = []
    register = observations.sources(plan) if (plan.raw / "sources.csv").is_file() else {}
    facts = {facts.id: facts for facts in plans.indicators(plan)}
    filled = read(path, plan, register, findings)
    present = _present(plan, facts, register)
    new_sources = [entry for entry in filled.sources if entry.cells["id"] not in register]
    figures = [entry for entry in filled.figures if not _repeats(entry, present)]
    tables = {
        plan.raw / "sources.csv": _appended(
            plan.raw / "sources.csv",
            contract.SOURCES,
            contract.SOURCES_OPTIONAL,
            new_sources,
            findings,
            path.name,
        ),
        plan.raw / "observations.csv": _appended(
            plan.raw / "observations.csv",
            contract.OBSERVATIONS,
            contract.OBSERVATIONS_OPTIONAL,
            figures,
            findings,
            path.name,
        ),
    }
    rows, sources = _checked(plan, facts, tables, path.name, new_sources, figures, findings)
    if any(not finding.warning for finding in findings):
        raise Refused(findings)
    changes = tuple(_change(row, present) for row in rows)
    if not figures and not new_sources:
        tables = {}
    return Addition(
        changes,
        len(filled.figures) - len(figures),
        sources,
        tuple(findings),
        {path: both for path, both in tables.items() if both[0] != both[1]},
    )


def add(addition: Addition) -> None:
    """Put the new tables in place, sources first. Raises `Changed` where a table is no longer what
    was checked.

    Killed between the two, it leaves a source that nothing names yet, which the next import finds
    there.
    """
    with contextlib.ExitStack() as held:
        for folder in {path.parent for path in addition.tables}:
            held.enter_context(alone(folder))
        for path, (former, _) in addition.tables.items():
            if (path.read_bytes() if path.is_file() else b"") != former:
                raise Changed(f"{path.name} 在核对之后被改动，没有写入；请重新导入")
        for path, (_, new) in addition.tables.items():
            table.write(path, new)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other import writes into `folder`: what was checked must still hold when the
    last table is written."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _present(plan: Plan, facts, register: dict[str, Source]) -> list[Observation]:
    path = plan.raw / "observations.csv"
    if not path.is_file():
        return []
    findings: list[Finding] = []
    rows = list(
        contract.observation_rows(
            plan, path, shown_path(path, plan.root), facts, register, findings
        )
    )
    if any(not finding.warning for finding in findings):
        raise Refused(findings)
    return rows


def _key(cells: dict[str, str]) -> tuple[str, str, str, str]:
    return cells["indicator_id"], cells["area"], cells["year"], cells.get("period", "")


def _repeats(entry: Entry, present: Sequence[Observation]) -> bool:
    """True where a row says again what some row that is there says: same value, word, bound and
    source."""
    cells = entry.cells
    said = (*_key(cells), cells["status"], cells.get("bound") or "=", cells["source"])
    for row in present:
        same_date = cells.get("published", "") in ("", row.published)
        if (
            same_date
            and (
                *(row.indicator_id, row.area, str(row.year), row.period),
                *(row.status, row.bound, row.source),
            )
            == said
        ):
            given = cells["value"]
            if (
                given == ""
                if row.value is None
                else NUMBER.fullmatch(given) and float(given) == row.value
            ):
                return True
    return False


def _change(row: Observation, present: Sequence[Observation]) -> Change:
    def place(other: Observation) -> tuple:
        return other.indicator_id, other.area, other.year, other.period

    mine = [other for other in present if place(other) == place(row)]
    counted = _counted(mine)
    return Change(
        row,
        counted or (mine[-1] if mine else None),
        row.value is None or _counted([*mine, row]) == row,
    )


def _counted(rows: Sequence[Observation]) -> Observation | None:
    """The vintage that counts, of rows of one year or of one part of it."""
    found = observations.known(rows) or part_year.newest(rows)
    return found[0] if found else None


def _said(row: Observation) -> str:
    bound = next(
        (f"{word} " for word, code in workbook.BOUND_WORDS.items() if code == row.bound != "="), ""
    )
    word = next(
        (word for word, code in workbook.STATUS_WORDS.items() if code == row.status), row.status
    )
    return f"{bound}{observations.printed(row.value)} {row.unit}（{word}，{row.source}）"


def _appended(
    path: Path,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    entries: Sequence[Entry],
    findings: list[Finding],
    name: str,
) -> tuple[bytes, bytes]:
    """The bytes of a table now and with `entries` as further lines, in its own columns and line
    ends."""
    former = path.read_bytes() if path.is_file() else b""
    end = "\r\n" if b"\r\n" in former else "\n"
    header = (
        next(csv.reader([former.decode("utf-8-sig").splitlines()[0]]))
        if former
        else [*required, *optional]
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    if not former:
        writer.writerow(header)
    for entry in entries:
        lost = [
            column
            for column, value in entry.cells.items()
            if value and column not in header and (column, value) != ("bound", "=")
        ]
        for column in lost:
            findings.append(
                Finding(
                    name,
                    0 if entry.places else entry.line,
                    entry.places.get(column, column),
                    entry.cells[column],
                    f"{path.name} 的表头没有 {column} 这一列",
                    "请先在表头末尾加上这一列，各行补一个逗号",
                )
            )
        writer.writerow([entry.cells.get(column, "") for column in header])
    joint = end.encode() if former and not former.endswith((b"\n", b"\r")) else b""
    return former, former + joint + text.getvalue().encode()


def _checked(
    plan: Plan,
    facts,
    tables,
    name: str,
    new_sources: Sequence[Entry],
    figures: Sequence[Entry],
    findings: list[Finding],
) -> tuple[list[Observation], tuple[Source, ...]]:
    """The new rows as the strict reader takes them from the tables to be; its findings are moved to
    where each was typed."""
    (source_table, (old_sources, all_sources)), (figure_table, (old_rows, all_rows)) = (
        tables.items()
    )
    told: list[Finding] = []
    with table.beside(source_table, all_sources) as made:
        sources = contract.source_rows(made, "", told)
    _add_told(findings, _moved(told, name, old_sources, new_sources, source_table.name))
    told = []
    with table.beside(figure_table, all_rows) as made:
        rows = (
            list(contract.observation_rows(plan, made, "", facts, sources, told)) if figures else []
        )
    first = _lines(old_rows) + 1
    told += observations.contradictions(rows, facts, "")
    keys = {(row.indicator_id, row.area) for row in rows if row.line >= first}
    touched = [row for row in rows if (row.indicator_id, row.area) in keys]
    told += (
        [finding for finding in plausible.doubts(touched, facts, "") if finding.line >= first]
        if all(finding.warning for finding in told)
        else []
    )
    _add_told(findings, _moved(told, name, old_rows, figures, figure_table.name))
    added = {entry.cells["id"] for entry in new_sources}
    return [row for row in rows if row.line >= first], tuple(
        source for source in sources.values() if source.id in added
    )


def _add_told(findings: list[Finding], further: Iterator[Finding]) -> None:
    """Add what is said of cells of which nothing was said yet: a wrong cell makes others look
    wrong."""
    told = {finding.column for finding in findings if "!" in finding.column and not finding.warning}
    findings += [finding for finding in further if finding.column not in told]


def _lines(content: bytes) -> int:
    """Physical lines of a table, the header's included where there is none yet."""
    return max(1, len(content.splitlines()))


def _moved(
    told: Sequence[Finding], name: str, former: bytes, entries: Sequence[Entry], shown: str
) -> Iterator[Finding]:
    """Findings on lines of a table to be, as findings on the cells they were typed in; those on
    former lines name the table."""
    before = _lines(former)
    starts, line = [], before + 1
    for entry in entries:
        starts.append(line)
        line += 1 + sum(value.count("\n") for value in entry.cells.values())
    for finding in told:
        k = next((k for k in range(len(starts) - 1, -1, -1) if starts[k] <= finding.line), None)
        if finding.line <= before or k is None:
            yield replace(finding, file=shown)
        elif entries[k].places:
            place = entries[k].places.get(finding.column) or next(iter(entries[k].places.values()))
            yield replace(finding, file=name, line=0, column=place)
        else:
            yield replace(finding, file=name, line=entries[k].line)
