"""What a filled workbook of a judgement says, row by row, as the judgement's file.

The workbook is another notation of that file and held to all the file is held to; what is wrong is
told at the cell it was typed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl import Workbook

from . import filled, grounds, judgement, judgement_form as form
from .facts import Plan
from .finding import Finding, Refused, nearest
from .judgement_form import Row, Rows
from .judgement_sheets import (
    COVER,
    COVER_ROWS,
    HEADINGS,
    IDENTITY,
    LISTS,
    SHEETS,
    WORDS,
    letters_of,
)
from .table import inert
from .typed import Sheet, plain, rows_below

BETWEEN = re.compile(r"[\s,，、;；]+")  # stands between the codes of a cell


@dataclass(frozen=True)
class Filled:
    """A workbook read back: the year it is of, and the file it makes."""

    year: int
    path: Path
    text: str


def is_one(path: Path) -> bool:
    """True for a workbook of a judgement, as against a form of figures."""
    book = filled.opened(path, []) if path.suffix.lower() == ".xlsx" else None
    return book is not None and SHEETS["recommendations"] in book[0].sheetnames


def read(path: Path, plan: Plan) -> Filled:
    """The judgement a filled workbook makes. Raises `Refused` with every finding at its cell."""
    findings: list[Finding] = []
    book = filled.opened(path, findings)
    if book is None:
        raise Refused(findings)
    missing = [name for name in (COVER, *SHEETS.values()) if name not in book[0].sheetnames]
    if missing:
        problem = f"缺少“{'”“'.join(missing)}”表"
        raise Refused([Finding(path.name, 0, "", "", problem, "请用 make judgement 生成的工作簿")])
    year, rows = _cover_of(Sheet(*book, COVER, path.name, findings), plan)
    for name, title in SHEETS.items():
        rows[name] = list(_rows(Sheet(*book, title, path.name, findings), name))
    findings += _hidden(book[0], path.name)
    findings += _orphans(rows, path.name)
    if findings and not all(one.warning for one in findings):
        raise Refused(findings)
    return _as_file(plan, year, rows, path.name)


def _cover_of(sheet: Sheet, plan: Plan) -> tuple[int, Rows]:
    """The year it is of, its parties and what is told of the whole."""
    cells = {
        plain(row[0].value): row[0].row for row in sheet.typed.iter_rows(max_row=60, max_col=1)
    }
    said = {label: sheet.text("B", cells[label], "date") for label in cells if label}
    given, year = (said.get(label, "") for label in IDENTITY)
    if given != plan.id:
        remedy = f"请改用 {plan.id} 的工作簿，或以 PLAN= 指明它的规划"
        sheet.wrong("B", cells.get(IDENTITY[0], 1), given, "不是这个规划的评估意见", remedy)
    if not re.fullmatch(r"[0-9]{4}", year):
        sheet.wrong("B", cells.get(IDENTITY[1], 1), year, "不是四位年份", "请写成 2024")
    found: dict[str, object] = {}
    for name, label in COVER_ROWS.items():
        if said.get(label):
            found[name] = _value(sheet, "B", cells[label], name, said[label])
    places = {n: sheet.place("B", cells.get(label, 1)) for n, label in COVER_ROWS.items()}
    parties = {name: found.get(name, () if name in LISTS else "") for name in form.PARTIES}
    told = {name: found[name] for name in form.TOLD if name in found}
    rows: Rows = {"parties": [Row(parties, "", places)], "told": [Row(told, "", places)]}
    return int(year) if year.isdecimal() else 0, rows


def _rows(sheet: Sheet, name: str) -> Iterator[Row]:
    """The rows of one sheet that say anything."""
    letters = letters_of(name)
    headings = {letter: HEADINGS[field][0] for field, letter in letters.items()}
    for k in rows_below(sheet, headings, tuple(headings)):
        said = {f: sheet.text(at, k, "date" if f == "due" else "note") for f, at in letters.items()}
        if not any(said.values()):
            continue
        if sheet.typed.row_dimensions[k].hidden:
            shown = next(filter(None, said.values()))
            sheet.wrong("A", k, shown, "这一行被隐藏，却填了内容", "请取消隐藏，核对后再导入")
        cells = {f: _value(sheet, letters[f], k, f, text) for f, text in said.items()}
        kept = {f: value for f, value in cells.items() if value != () or f in ("because", "items")}
        yield Row(kept, "", {f: sheet.place(at, k) for f, at in letters.items()})


def _value(sheet: Sheet, letter: str, row: int, name: str, text: str) -> object:
    """What a cell says, as the file has it."""
    if text.startswith("'") and inert(text[1:]) == text:
        text = text[1:]  # the mark that keeps a spreadsheet from computing it
    if name in LISTS:
        return tuple(filter(None, BETWEEN.split(text)))
    if name in WORDS:
        known = WORDS[name]
        if text not in known:
            problem = f"不在可选的词里{nearest(text, known)}" if text else "没有填"
            sheet.wrong(letter, row, text, problem, f"请从列表中选择：{'、'.join(known)}")
        return known.get(text, text)
    return text


def _hidden(book: Workbook, name: str) -> Iterator[Finding]:
    for title in (COVER, *SHEETS.values()):
        if book[title].sheet_state != "visible":
            yield Finding(name, 0, title, "", "这张表被隐藏", "请取消隐藏，核对后再导入")


def _orphans(rows: Rows, name: str) -> Iterator[Finding]:
    """Causes of a problem that is not there."""
    known = [str(row.cells["id"]) for row in rows["problems"]]
    for row in rows["causes"]:
        given = str(row.cells["problem"])
        if given not in known:
            problem = f"“问题”表里没有这个代码{nearest(given, known)}"
            yield Finding(name, 0, row.places["problem"], given, problem, "请改正")


def _as_file(plan: Plan, year: int, rows: Rows, name: str) -> Filled:
    """The file the rows make, read by the file's own strict readers."""
    path = judgement.path_of(plan, year)
    content, where = form.text(rows)
    former = path.read_text("utf-8") if path.is_file() else ""
    head = "".join(re.findall(r"\A(?:#.*\n)+", former))
    try:
        grounds.of_text(plan, year, content)
    except Refused as refused:
        raise Refused([_moved(each, where, name) for each in refused.findings]) from None
    return Filled(year, path, head + content)


def _moved(told: Finding, where: list[tuple[str, str]], name: str) -> Finding:
    """A finding on the file, at the cell the same was typed in, else at the sheet it is of."""
    field, at = where[told.line - 1] if 0 < told.line <= len(where) else (told.column, "")
    at = at or next((cell for path, cell in where if path == told.column and cell), "")
    sheet = SHEETS.get((told.column or field).partition(".")[0], COVER)
    return replace(told, file=name, line=0, column=at or sheet)
