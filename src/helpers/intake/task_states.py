"""What a filled form says of the promises: read row by row, checked by the strict reader of
commitments.csv, and compared with what is there.

Several offices' forms are put together by importing one after the other: what two of them say
differently of the same time is named, and both stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from . import contract, observations, plan as plans, table, task_form
from .appended import add_told, appended, lines, moved
from .contract import Evidence, Source
from .facts import Plan
from .finding import MOST, Finding, nearest
from .sheet import inert
from .typed import Entry, Sheet, plain, rows_below

Tables = dict[Path, tuple[bytes, bytes]]


def entries(sheet: Sheet, plan: Plan, ids: dict[str, str]) -> Iterator[Entry]:
    """The promises of which the sheet says anything, as rows of commitments.csv; `ids`: of the
    sources by their titles."""
    for row in rows_below(sheet, task_form.COLUMNS["A"][0]):
        if any(plain(sheet.typed[f"{letter}{row}"].value) for letter in task_form.TYPED):
            yield _entry(sheet, row, plan, ids)
        if len(sheet.findings) > MOST:
            return


def _entry(sheet: Sheet, row: int, plan: Plan, ids: dict[str, str]) -> Entry:
    letters = task_form.FIELDS
    cells = {column: sheet.text(letter, row, column) for column, letter in letters.items()}
    for column, words in (
        ("state", task_form.STATE_WORDS),
        ("strength", task_form.STRENGTH_WORDS),
        ("source", ids),
    ):
        given = cells[column]
        if given and given not in words and given not in words.values():
            problem = f"不在可选的词里{nearest(given, words)}"
            sheet.wrong(letters[column], row, given, problem, "请从列表中选择，新来源先登记")
        cells[column] = words.get(given, given)
    when = cells["date"]
    places = {column: sheet.place(letter, row) for column, letter in letters.items()}
    cells |= {"plan": plan.id, "year": when[:4], "date": when if len(when) > 4 else ""}
    cells |= {column: inert(cells[column]) for column in ("locator", "note")}
    return Entry(cells, row, places | {"year": places["date"]})


def states_of(
    plan: Plan, tasks: Sequence[Entry], sources: bytes, name: str, findings: list[Finding]
) -> tuple[tuple[Evidence, ...], Tables, int]:
    """The new states as the strict reader takes them, the table with them, and how many the form
    only repeats; `sources`: the table of sources to be."""
    if not tasks:
        return (), {}, 0
    path = plan.raw / "commitments.csv"
    present = observations.evidence(plan) if path.is_file() else []
    new = [entry for entry in tasks if not _repeats(entry, present)]
    columns = contract.COMMITMENTS, contract.COMMITMENTS_OPTIONAL
    former, content = appended(path, *columns, new, findings, name)
    told: list[Finding] = []
    with table.beside(path, content) as made:
        known = _sources(plan, sources)
        rows = list(contract.evidence_rows(plan, made, "", plans.commitments(plan), known, told))
    states = tuple(row for row in rows if row.line > lines(former))
    told += [finding for row in states for finding in _clash(row, rows)]
    add_told(findings, moved(told, name, former, new, path.name))
    return states, {path: (former, content)} if new else {}, len(tasks) - len(new)


def _sources(plan: Plan, content: bytes) -> dict[str, Source]:
    with table.beside(plan.raw / "sources.csv", content) as made:
        return contract.source_rows(made, "", [])


def _repeats(entry: Entry, present: Sequence[Evidence]) -> bool:
    """True where a row that is there says the same of the same time by the same source."""
    names = ("commitment_id", "state", "date", "source", "strength")
    return any(
        str(row.year) == entry.cells["year"]
        and all(getattr(row, name) == entry.cells[name] for name in names)
        for row in present
    )


def _clash(row: Evidence, rows: Sequence[Evidence]) -> list[Finding]:
    """A warning where an earlier row says another state of the same time."""
    other = task_form.clash(row, [one for one in rows if one.line < row.line])
    if other is None:
        return []
    problem = f"与已有的不一致：{task_form.told(other)}"
    return [Finding("", row.line, "state", row.state, problem, "两者都会保留，请核对", True)]
