"""What a filled form says of surveys, experts and events, checked by the strict readers of their
tables, each finding at the cell it was typed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from .. import atomic
from . import contract, events, opinions, plan as plans
from .appended import add_told, appended, moved
from .contract import Source
from .facts import Plan
from .finding import MOST, Finding, nearest
from .further_form import ALL, KINDS, Kind
from .table import inert
from .typed import Entry, Sheet, plain, rows_below

Tables = dict[Path, tuple[bytes, bytes]]
Read = Callable[[Plan, Path, Mapping[str, Source], list[Finding]], Sequence[Any]]
SAME = {  # what makes two rows say the same
    "survey.csv": ("question", "year", "answer", "count", "source"),
    "experts.csv": ("item", "year", "expert", "score", "source"),
    "events.csv": ("date", "name", "kind", "source"),
}


@dataclass(frozen=True)
class Further:
    """What is new, a line each by the title of its sheet, the tables with it, and how many rows the
    form only repeats."""

    told: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tables: Tables = field(default_factory=dict)
    repeated: int = 0


NO_MORE = Further()


def entries(
    typed: openpyxl.Workbook,
    computed: openpyxl.Workbook,
    name: str,
    plan: Plan,
    ids: Mapping[str, str],
    findings: list[Finding],
) -> dict[str, tuple[Entry, ...]]:
    """The filled rows of each of the sheets, by their table; `ids`: of sources by their titles."""
    found = {}
    for kind in KINDS:
        if kind.title in typed.sheetnames:
            sheet = Sheet(typed, computed, kind.title, name, findings)
            found[kind.table] = tuple(_entries(sheet, kind, plan, ids))
    return found


def _entries(sheet: Sheet, kind: Kind, plan: Plan, ids: Mapping[str, str]) -> Iterator[Entry]:
    letters = kind.letters
    headings = {letters[name]: heading for name, (heading, _) in kind.columns.items()}
    asked = [at for name, at in letters.items() if at in kind.typed and name not in kind.filled]
    for row in rows_below(sheet, headings, kind.typed):
        shown = next(filter(None, (plain(sheet.typed[f"{at}{row}"].value) for at in asked)), "")
        if not shown or sheet.typed[f"{asked[0]}{row}"].protection.locked:
            continue  # nothing is said, or what is known already is printed
        if sheet.typed.row_dimensions[row].hidden:
            sheet.wrong(
                asked[0], row, shown, "这一行被隐藏，却填了内容", "请取消隐藏，核对后再导入"
            )
        cells = {name: sheet.text(at, row, name) for name, at in letters.items()}
        places = {name: sheet.place(at, row) for name, at in letters.items()}
        cells["source"] = ids.get(cells["source"], cells["source"])
        for name, words in kind.words.items():
            cells[name] = _word(sheet, f"{letters[name]}{row}", cells[name], words)
        if "indicators" in cells:
            cells["indicators"] = _indicators(cells["indicators"], plan)
        cells |= {name: inert(cells[name]) for name in ("locator", "note")}
        yield Entry({"plan": plan.id} | cells, row, places)
        if len(sheet.findings) > MOST:
            return


def _word(sheet: Sheet, place: str, given: str, words: Mapping[str, str]) -> str:
    if given not in words and given not in words.values():
        problem = f"不在可选的词里{nearest(given, words)}" if given else "没有填"
        remedy = f"请从列表中选择：{'、'.join(words)}"
        at = f"{sheet.title}!{place}"
        sheet.findings.append(Finding(sheet.name, 0, at, given, problem, remedy))
    return words.get(given, given)


def _indicators(given: str, plan: Plan) -> str:
    """The codes of what is named by code or name."""
    known = {facts.name_zh: facts.id for facts in plans.indicators(plan)} | {ALL: events.ALL}
    return " ".join(known.get(name, name) for name in filter(None, events.BETWEEN.split(given)))


def added(
    plan: Plan,
    given: Mapping[str, Sequence[Entry]],
    sources: bytes,
    name: str,
    findings: list[Finding],
) -> Further:
    """What the form `name` adds; `sources`: the table of sources to be."""
    if not any(given.values()):
        return NO_MORE
    with atomic.beside(plan.raw / "sources.csv", sources) as made:
        known = contract.source_rows(made, "", [])
    told: dict[str, list[str]] = {}
    tables, repeated = Tables(), 0
    for kind in KINDS:
        rows = given.get(kind.table, ())
        new = _new(plan, kind.table, rows, known)
        repeated += len(rows) - len(new)
        if new:
            tables |= _checked(plan, kind, new, known, name, findings)
            told[kind.title] = [_said(kind, entry) for entry in new]
    return Further(told, tables, repeated)


def _new(
    plan: Plan, table: str, rows: Sequence[Entry], sources: Mapping[str, Source]
) -> list[Entry]:
    """The rows that say more than a row that is there."""
    path = plan.raw / table
    present = READ[table](plan, path, sources, []) if rows and path.is_file() else ()
    there = {tuple(_plain(getattr(row, name)) for name in SAME[table]) for row in present}
    return [row for row in rows if tuple(row.cells[name] for name in SAME[table]) not in there]


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _checked(
    plan: Plan,
    kind: Kind,
    new: Sequence[Entry],
    sources: Mapping[str, Source],
    name: str,
    findings: list[Finding],
) -> Tables:
    """The table with the new rows, as its own reader takes it."""
    required, optional = COLUMNS[kind.table]
    path = plan.raw / kind.table
    former, content = appended(path, required, optional, new)
    told: list[Finding] = []
    with atomic.beside(path, content) as made:
        READ[kind.table](plan, made, sources, told)
    add_told(findings, moved(told, name, former, new, path.name))
    return {path: (former, content)}


def _said(kind: Kind, entry: Entry) -> str:
    """One new row in words."""
    said = (entry.cells[name] for name in kind.columns if name not in ("says", "means", "note"))
    return f"{kind.title} {'，'.join(filter(None, said))}"


def _asked(plan: Plan) -> opinions.Asked:
    given = opinions.of(plan)
    return given.asked if given else opinions.Asked()


COLUMNS = {
    "survey.csv": (opinions.SURVEY, opinions.OPTIONAL),
    "experts.csv": (opinions.EXPERTS, opinions.OPTIONAL),
    "events.csv": (events.COLUMNS, events.OPTIONAL),
}
READ: dict[str, Read] = {
    "survey.csv": lambda plan, path, sources, findings: list(
        opinions.counts(plan, path, _asked(plan), sources, findings)
    ),
    "experts.csv": lambda plan, path, sources, findings: list(
        opinions.scores(plan, path, _asked(plan), sources, findings)
    ),
    "events.csv": lambda plan, path, sources, findings: events.of_table(
        plan, path, "", sources, findings
    ),
}
