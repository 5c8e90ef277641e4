"""What a filled form says of the promises: states and money read row by row, checked by the strict
readers of commitments.csv and funds.csv, and compared with what is there.

Several offices' forms are put together by importing one after the other: what two of them say
differently of the same time is named, and both stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import atomic
from . import (
    contract,
    documents,
    observations,
    plan as plans,
    promise_rows,
    task_form,
    to_come,
)
from .appended import add_told, appended, lines, moved
from .contract import Source
from .facts import Plan
from .finding import MOST, Finding, nearest
from .promise_rows import Evidence, Fund
from .table import inert
from .typed import Entry, Sheet, plain, rows_below

Tables = dict[Path, tuple[bytes, bytes]]
OF_STATE = ("state", "strength")  # a row with money alone says neither


@dataclass(frozen=True)
class Reported:
    """The new rows as the strict readers take them, the tables with them (the documents first), and
    how many the form only repeats."""

    states: tuple[Evidence, ...] = ()
    funds: tuple[Fund, ...] = ()
    tables: Tables | None = None
    repeated: int = 0
    documents: int = 0


NOTHING = Reported()


def entries(sheet: Sheet, plan: Plan, ids: dict[str, str]) -> Iterator[Entry]:
    """What the sheet says of the promises: rows of commitments.csv and, with a `stage`, of
    funds.csv; `ids`: of the sources by their titles."""
    letters = _letters(sheet)
    money = {stage: letters.get(letter, "") for stage, letter in task_form.MONEY.items()}
    asked = [letters[letter] for letter in task_form.TYPED if letter in letters]
    asked = [letter for letter in asked if letter != letters.get(task_form.FILLED)]
    for row in rows_below(sheet, {"A": task_form.COLUMNS["A"][0]}, tuple(asked)):
        if not any(plain(sheet.typed[f"{letter}{row}"].value) for letter in asked):
            continue
        entry = _entry(sheet, row, plan, ids, letters)
        amounts = {
            stage: (sheet.text(letter, row, "amount"), letter)
            for stage, letter in money.items()
            if letter and plain(sheet.typed[f"{letter}{row}"].value)
        }
        if not amounts or any(entry.cells[column] for column in OF_STATE):
            yield _worded(sheet, entry)
        for stage, (amount, letter) in amounts.items():
            yield _money(entry, stage, amount, sheet.place(letter, row))
        if len(sheet.findings) > MOST:
            return


def _letters(sheet: Sheet) -> dict[str, str]:
    """Where each column of the form stands in the sheet, by its heading: in forms handed out
    earlier some are missing and others lie elsewhere."""
    found: dict[str, str] = {}
    for cells in sheet.typed.iter_rows(max_row=20, max_col=40):
        found = {plain(cell.value): cell.column_letter for cell in cells if cell.value}
        if task_form.COLUMNS["A"][0] in found:
            break
    headings = {letter: heading for letter, (heading, _) in task_form.COLUMNS.items()}
    return {letter: found[heading] for letter, heading in headings.items() if heading in found}


def _entry(
    sheet: Sheet, row: int, plan: Plan, ids: dict[str, str], letters: Mapping[str, str]
) -> Entry:
    """The row as it was typed, the source by its id."""
    where = {column: letters.get(letter, "") for column, letter in task_form.FIELDS.items()}
    cells = {c: sheet.text(letter, row, c) if letter else "" for c, letter in where.items()}
    given = cells["source"]
    if given and given not in ids and given not in ids.values():
        problem = f"不在可选的词里{nearest(given, ids)}"
        sheet.wrong(where["source"], row, given, problem, "请从列表中选择，新来源先登记")
    when = cells["date"]
    places = {column: sheet.place(letter or "A", row) for column, letter in where.items()}
    places |= {"year": places["date"], "file": places["document"], "sha256": places["document"]}
    cells |= {"plan": plan.id, "year": when[:4], "date": when if len(when) > 4 else ""}
    cells |= {column: inert(cells[column]) for column in ("locator", "note")}
    return Entry(cells | {"source": ids.get(given, given)}, row, places)


def _worded(sheet: Sheet, entry: Entry) -> Entry:
    """The row with the codes of its words; the codes themselves are understood too."""
    cells = dict(entry.cells)
    for column, words in (
        ("state", task_form.STATE_WORDS),
        ("strength", task_form.STRENGTH_WORDS),
    ):
        given = cells[column]
        if given and given not in words and given not in words.values():
            problem = f"不在可选的词里{nearest(given, words)}"
            place = entry.places[column]
            remedy = "请从列表中选择"
            sheet.findings.append(Finding(sheet.name, 0, place, given, problem, remedy))
        cells[column] = words.get(given, given)
    return replace(entry, cells=cells)


def _money(entry: Entry, stage: str, amount: str, place: str) -> Entry:
    """The same row's amount at one stage, as a row of funds.csv."""
    cells = {name: value for name, value in entry.cells.items() if name not in OF_STATE}
    return replace(
        entry,
        cells=cells | {"stage": stage, "amount": amount, "unit": "万元"},
        places=entry.places | {"stage": place, "amount": place, "unit": place},
    )


def reported_of(
    plan: Plan, tasks: Sequence[Entry], sources: bytes, form: Path, findings: list[Finding]
) -> Reported:
    """What the form at `form` adds of the promises; `sources`: the table of sources to be."""
    if not tasks:
        return NOTHING
    kept: Tables = {}
    tasks = [_kept(entry, plan, form, kept, findings) for entry in tasks]
    with atomic.beside(plan.raw / "sources.csv", sources) as made:
        known = contract.source_rows(made, "", [])
    told = _Form(plan, known, form.name, findings)
    states = [entry for entry in tasks if "stage" not in entry.cells]
    money = [entry for entry in tasks if "stage" in entry.cells]
    path = plan.raw / "commitments.csv"
    present = observations.evidence(plan) if path.is_file() else []
    signs, signed, again = told.added(path, STATES, states, present)
    funds, funded, more = told.added(plan.raw / "funds.csv", FUNDS, money, observations.funds(plan))
    return Reported(signs, funds, kept | signed | funded, again + more, len(kept))


def _kept(entry: Entry, plan: Plan, form: Path, kept: Tables, findings: list[Finding]) -> Entry:
    """The row with the name and digest of its document, which goes to `kept`; told where it cannot
    be."""
    cells = dict(entry.cells)
    written = cells.pop("document")
    if not written:
        return replace(entry, cells=cells)
    try:
        content = documents.handed_in(form, written)
    except documents.Unfit as unfit:
        told = Finding(form.name, 0, entry.places["file"], written, unfit.problem, unfit.remedy)
        findings += [told] if told not in findings else []
        return replace(entry, cells=cells)
    name, digest = documents.kept_as(content, written)
    path = plan.raw / contract.DOCUMENTS / name
    kept[path] = (path.read_bytes() if path.is_file() else b"", content)
    return replace(entry, cells=cells | {"file": name, "sha256": digest})


@dataclass(frozen=True)
class _Kind:
    """One of the two tables: its columns and reader, what makes two rows say the same, and what of
    another row contradicts a row."""

    columns: tuple[tuple[str, ...], tuple[str, ...]]
    read: Callable[..., Iterator[Any]]
    same: tuple[str, ...]
    value: str  # the column told where two rows disagree
    clash: Callable[[Any, Any], Any]
    words: Callable[[Any], str]


STATES = _Kind(
    (promise_rows.COMMITMENTS, promise_rows.COMMITMENTS_OPTIONAL),
    promise_rows.evidence_rows,
    ("commitment_id", "state", "date", "source", "strength"),
    "state",
    task_form.clash,
    task_form.told,
)
FUNDS = _Kind(
    (promise_rows.FUNDS, promise_rows.FUNDS_OPTIONAL),
    promise_rows.fund_rows,
    ("commitment_id", "stage", "date", "source", "unit"),
    "amount",
    task_form.clash_of_funds,
    task_form.told_fund,
)


@dataclass(frozen=True)
class _Form:
    """A form being read into the tables of a plan."""

    plan: Plan
    sources: Mapping[str, Source]
    name: str
    findings: list[Finding]

    def added(
        self, path: Path, kind: _Kind, given: Sequence[Entry], present: Sequence[Any]
    ) -> tuple[tuple[Any, ...], Tables, int]:
        """The new rows, the table with them, and how many are repeated."""
        new = [entry for entry in given if not _repeats(entry, kind, present)]
        if not new:
            return (), {}, len(given)
        former, content = appended(path, *kind.columns, new)
        told: list[Finding] = []
        with atomic.beside(path, content) as made:
            promised = plans.commitments(self.plan)
            rows = list(kind.read(self.plan, made, "", promised, self.sources, told))
        added = tuple(row for row in rows if row.line > lines(former))
        told += [finding for row in added for finding in _clash(row, kind, rows)]
        told += to_come.findings(added, self.sources, "")
        add_told(self.findings, moved(told, self.name, former, new, path.name))
        return added, {path: (former, content)}, len(given) - len(new)


def _repeats(entry: Entry, kind: _Kind, present: Sequence[Any]) -> bool:
    """True where a row that is there says the same of the same time by the same source, with the
    same document or more."""
    cells = entry.cells
    return any(
        str(row.year) == cells["year"]
        and all(getattr(row, name) == cells[name] for name in kind.same)
        and row.office in ("", cells["office"])
        and cells.get("sha256", "") in ("", row.sha256)
        and (kind is STATES or f"{row.amount:.15g}" == cells["amount"])
        for row in present
    )


def _clash(row: Any, kind: _Kind, rows: Sequence[Any]) -> list[Finding]:
    """A warning where an earlier row says another thing of the same time."""
    other = kind.clash(row, [one for one in rows if one.line < row.line])
    if other is None:
        return []
    problem = f"与已有的不一致：{kind.words(other)}"
    value = str(getattr(row, kind.value))
    return [Finding("", row.line, kind.value, value, problem, "两者都会保留，请核对", True)]
