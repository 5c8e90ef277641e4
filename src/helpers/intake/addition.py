"""What a filled form would add to a plan's tables, and how it is added: checked whole, shown,
appended, never overwritten.

The tables with the new lines are written beside the old ones and pass the same strict reader; only
then are they renamed into place. Former lines stay byte for byte: a revision is a new line with its
own date.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from .. import atomic
from . import (
    contract,
    form_layout,
    further_rows,
    observations,
    part_year,
    plan as plans,
    plausible,
    task_form,
    to_come,
)
from .appended import add_told, appended, lines, moved
from .cells import NUMBER
from .contract import Observation, Source
from .facts import Plan
from .filled import read
from .finding import Finding, Refused, shown_path
from .further_rows import NO_MORE, Further
from .task_states import NOTHING, Reported, reported_of
from .typed import Entry


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
    promised: Reported = NOTHING
    further: Further = NO_MORE

    def __str__(self) -> str:
        """What would be added, a line each."""
        sources = [f"来源 {source.id}：{source.title}" for source in self.sources]
        states = [f"任务 {task_form.told(row)}" for row in self.promised.states]
        funds = [f"资金 {task_form.told_fund(row)}" for row in self.promised.funds]
        further = chain.from_iterable(self.further.told.values())
        return "\n".join([*sources, *map(str, self.changes), *states, *funds, *further])

    @property
    def counted(self) -> str:
        """How much is added, in one sentence."""
        new = sum(one.former is None for one in self.changes)
        told = self.promised
        more = (
            ("任务状态", len(told.states), "条"),
            ("资金", len(told.funds), "条"),
            ("佐证文件", told.documents, "个"),
            *((title, len(rows), "条") for title, rows in self.further.told.items()),
        )
        return (
            f"新增 {new} 条，修订 {len(self.changes) - new} 条，未变 {self.unchanged} 条，"
            f"新来源 {len(self.sources)} 个"
            + "".join(f"，{what} {n} {unit}" for what, n, unit in more if n)
        )


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
        plan.raw / "sources.csv": appended(
            plan.raw / "sources.csv",
            contract.SOURCES,
            contract.SOURCES_OPTIONAL,
            new_sources,
        ),
        plan.raw / "observations.csv": appended(
            plan.raw / "observations.csv",
            contract.OBSERVATIONS,
            contract.OBSERVATIONS_OPTIONAL,
            figures,
        ),
    }
    rows, sources = _checked(plan, facts, tables, path.name, new_sources, figures, findings)
    known = tables[plan.raw / "sources.csv"][1]
    promised = reported_of(plan, filled.tasks, known, path, findings)
    further = further_rows.added(plan, filled.further, known, path.name, findings)
    tables |= (promised.tables or {}) | further.tables
    if any(not finding.warning for finding in findings):
        raise Refused(findings)
    changes = tuple(_change(row, present) for row in rows)
    said = (figures, new_sources, promised.states, promised.funds, further.told)
    if not any(said):
        tables = {}
    return Addition(
        changes,
        len(filled.figures) - len(figures) + promised.repeated + further.repeated,
        sources,
        tuple(findings),
        {path: both for path, both in tables.items() if both[0] != both[1]},
        promised,
        further,
    )


def add(addition: Addition) -> None:
    """Put the new tables in place, sources first. Raises `Changed` where a table is no longer what
    was checked.

    Killed between the two, it leaves a source that nothing names yet, which the next import finds
    there.
    """
    with contextlib.ExitStack() as held:
        for folder in sorted({path.parent for path in addition.tables}):
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(atomic.alone(folder.with_name(f".{folder.name}.lock")))
        for path, (former, _) in addition.tables.items():
            if (path.read_bytes() if path.is_file() else b"") != former:
                raise Changed(f"{path.name} 在核对之后被改动，没有写入；请重新导入")
        for path, (_, new) in addition.tables.items():
            atomic.write(path, new)


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
        (f"{word} " for word, code in form_layout.BOUND_WORDS.items() if code == row.bound != "="),
        "",
    )
    word = next(
        (word for word, code in form_layout.STATUS_WORDS.items() if code == row.status), row.status
    )
    return f"{bound}{observations.printed(row.value)} {row.unit}（{word}，{row.source}）"


def _still_to_come(
    entries: Sequence[Entry], sources: dict[str, Source], name: str
) -> Iterator[Finding]:
    """New sources dated in the future, each where it was typed."""
    for entry in entries:
        mine = [sources[entry.cells["id"]]] if entry.cells["id"] in sources else []
        for finding in to_come.findings(mine, {}, name):
            place = entry.places.get(finding.column, finding.column)
            yield replace(finding, column=place, line=0 if entry.places else entry.line)


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
    with atomic.beside(source_table, all_sources) as made:
        sources = contract.source_rows(made, "", told)
    add_told(findings, moved(told, name, old_sources, new_sources, source_table.name))
    add_told(findings, _still_to_come(new_sources, sources, name))
    told = []
    with atomic.beside(figure_table, all_rows) as made:
        rows = (
            list(contract.observation_rows(plan, made, "", facts, sources, told)) if figures else []
        )
    first = lines(old_rows) + 1
    told += observations.contradictions(rows, facts, "")
    told += to_come.findings([row for row in rows if row.line >= first], sources, "")
    keys = {(row.indicator_id, row.area) for row in rows if row.line >= first}
    touched = [row for row in rows if (row.indicator_id, row.area) in keys]
    told += (
        [finding for finding in plausible.doubts(touched, facts, "") if finding.line >= first]
        if all(finding.warning for finding in told)
        else []
    )
    add_told(findings, moved(told, name, old_rows, figures, figure_table.name))
    added = {entry.cells["id"] for entry in new_sources}
    return [row for row in rows if row.line >= first], tuple(
        source for source in sources.values() if source.id in added
    )
