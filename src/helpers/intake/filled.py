"""What a filled form says, row by row, as text: a workbook saved by Excel or WPS, or a plain CSV
table of the same columns.

Each cell keeps its place (`指标!E7`, or a line and column), so that whatever is found wrong later
is told where it was typed. Nothing is judged here but what only a workbook can do: formulas, merged
cells, hidden rows, dates, percent formats.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl

from . import contract, form_layout, form_shape, further_rows, packed, table, task_form, task_states
from .facts import Plan
from .finding import MOST, Finding, nearest
from .table import inert
from .typed import Entry, Sheet, plain, rows_below

BYTES = 10_000_000  # a form of twenty indicators has 30 KB
MOST_ROWS = 30_000  # of all its sheets; our forms have some hundred
SAVE_AGAIN = "请用 Excel 或 WPS 另存为 .xlsx 后再导入"


@dataclass(frozen=True)
class Filled:
    """Everything a form says: figures, sources that are not registered yet, states of promises, and
    by their tables surveys, experts and events."""

    figures: tuple[Entry, ...]
    sources: tuple[Entry, ...]
    tasks: tuple[Entry, ...] = ()
    further: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)


def read(
    path: Path, plan: Plan, registered: dict[str, contract.Source], findings: list[Finding]
) -> Filled:
    """What the file at `path` says; appends to `findings` what cannot be taken as it stands."""
    if path.suffix.lower() == ".csv":
        return _from_csv(path, findings)
    book = opened(path, findings)
    return _from_book(*book, path.name, plan, registered, findings) if book else Filled((), ())


def _from_csv(path: Path, findings: list[Finding]) -> Filled:
    def entries(
        name: Path, required: tuple[str, ...], optional: tuple[str, ...]
    ) -> tuple[Entry, ...]:
        return tuple(
            Entry(row, line)
            for line, row in table.rows(name, name.name, required, optional, findings)
        )

    register = path.with_name("sources.csv")
    figures = entries(path, contract.OBSERVATIONS, contract.OBSERVATIONS_OPTIONAL)
    return Filled(
        figures,
        entries(register, contract.SOURCES, contract.SOURCES_OPTIONAL)
        if register.is_file()
        else (),
    )


def opened(
    path: Path, findings: list[Finding]
) -> tuple[openpyxl.Workbook, openpyxl.Workbook] | None:
    """The workbook as typed and as computed."""

    def wrong(
        problem: str, remedy: str = SAVE_AGAIN
    ) -> tuple[openpyxl.Workbook, openpyxl.Workbook] | None:
        findings.append(Finding(path.name, 0, "", "", problem, remedy))
        return None

    try:
        if path.stat().st_size > BYTES:
            return wrong(
                f"文件有 {path.stat().st_size} 字节，不像填报表",
                "请只保留填报表，去掉图片和多余的行",
            )
        with open(path, "rb") as file:
            if file.read(4) == b"\xd0\xcf\x11\xe0":
                return wrong(
                    "是旧式（xls、et）或加密的工作簿",
                    "请去掉密码，" + SAVE_AGAIN.removeprefix("请"),
                )
        if problem := packed.problem(path):
            return wrong(
                f"{problem}，不像填报表", "请只保留填报表，去掉多余的行，" + SAVE_AGAIN[1:]
            )
        if (rows := _rows(path)) > MOST_ROWS:
            return wrong(f"有 {rows} 行以上，不像填报表", "请只保留填报表，去掉多余的行")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of decorations the library does not know; none of them is a figure
            return openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    except OSError as error:
        return wrong(f"读不了（{error.strerror}）", "请检查文件和权限")
    except (
        Exception
    ):  # the boundary to a library that reads a rich format: damaged parts fail in many ways
        return wrong("不是完整的 xlsx 工作簿")


def _rows(path: Path) -> int:
    """Rows of all sheets, counted in the packed text no further than `MOST_ROWS`: to load a million
    of them takes the better part of a minute."""
    count = 0
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                with book.open(name) as sheet:
                    rest = b""
                    while count <= MOST_ROWS and (piece := sheet.read(1 << 20)):
                        count += (rest + piece).count(b"<row ")
                        rest = piece[-4:]
    return min(count, MOST_ROWS + 1)


def _from_book(
    typed: openpyxl.Workbook,
    computed: openpyxl.Workbook,
    name: str,
    plan: Plan,
    registered: dict[str, contract.Source],
    findings: list[Finding],
) -> Filled:
    sheets = [
        Sheet(typed, computed, sheet, name, findings)
        for sheet in (form_layout.FIGURES, form_layout.REGISTER)
        if sheet in typed.sheetnames
    ]
    if len(sheets) < 2:
        findings.append(
            Finding(
                name,
                0,
                "",
                "、".join(typed.sheetnames),
                "缺少“指标”表或“来源”表",
                "请用 make template 生成的填报表",
            )
        )
        return Filled((), ())
    area = form_shape.area_of(typed, name, plan, findings)
    findings += form_shape.out_of_sight(typed, name)
    sources = tuple(_sources(sheets[1], registered))
    ids = {source.title: source.id for source in registered.values()} | {
        entry.cells["title"]: entry.cells["id"] for entry in sources
    }
    figures = list(_figures(sheets[0], plan, area, ids))
    if form_layout.PARTS in typed.sheetnames:  # forms made before there was one have none
        figures += _figures(
            Sheet(typed, computed, form_layout.PARTS, name, findings), plan, area, ids
        )
    tasks: tuple[Entry, ...] = ()
    if task_form.TASKS in typed.sheetnames:
        sheet = Sheet(typed, computed, task_form.TASKS, name, findings)
        tasks = tuple(task_states.entries(sheet, plan, ids))
    further = further_rows.entries(typed, computed, name, plan, ids, findings)
    return Filled(tuple(figures), sources, tasks, further)


def _figures(sheet: Sheet, plan: Plan, area: str, ids: dict[str, str]) -> Iterator[Entry]:
    parts = sheet.title == form_layout.PARTS
    letters = form_layout.PART_FIELDS if parts else form_layout.FIELDS
    columns = form_layout.PART_COLUMNS if parts else form_layout.COLUMNS
    headings = {letter: columns[letter][0] for letter in letters.values()}
    for row in rows_below(sheet, headings, form_layout.TYPED):
        if not any(plain(sheet.typed[f"{letter}{row}"].value) for letter in form_layout.TYPED):
            continue
        if sheet.typed.row_dimensions[row].hidden:
            sheet.wrong(
                "E",
                row,
                plain(sheet.typed[f"E{row}"].value),
                "这一行被隐藏，却填了数",
                "请取消隐藏或筛选，核对后再导入",
            )
        if len(sheet.findings) > MOST:
            return
        entry = _entry(sheet, row, letters, ids)
        yield replace(entry, cells={"plan": plan.id, "area": area} | entry.cells)


def _entry(sheet: Sheet, row: int, letters: dict[str, str], ids: dict[str, str]) -> Entry:
    unit = plain(sheet.typed[f"{letters['unit']}{row}"].value)
    cells = {name: sheet.text(letter, row, name, unit) for name, letter in letters.items()}
    word = _word(sheet, row, "status", cells["status"], form_layout.STATUS_WORDS)
    cells["status"] = word or "final"  # a figure without a word is a final one
    cells["bound"] = _word(sheet, row, "bound", cells["bound"], form_layout.BOUND_WORDS)
    cells["source"] = _source(sheet, row, cells["source"], ids)
    places = {name: sheet.place(letter, row) for name, letter in letters.items()}
    if "period" in cells:
        cells["year"], places["year"] = cells["period"][:4], places["period"]
    return Entry(cells | {n: inert(cells[n]) for n in ("locator", "note")}, row, places)


def _word(sheet: Sheet, row: int, column: str, given: str, words: dict[str, str]) -> str:
    """The code of a word of the form; the codes themselves are understood too."""
    if given and given not in words and given not in words.values():
        sheet.wrong(
            form_layout.FIELDS[column],
            row,
            given,
            f"不在可选的词里{nearest(given, words)}",
            f"请从列表中选择：{'、'.join(words)}",
        )
    return words.get(given, given)


def _source(sheet: Sheet, row: int, given: str, ids: dict[str, str]) -> str:
    """The id of a source named by its title or its id."""
    if given in ids or not given:
        return ids.get(given, "")
    if given not in ids.values():
        sheet.wrong(
            form_layout.FIELDS["source"],
            row,
            given,
            f"“来源”表里没有这个题名{nearest(given, ids)}",
            "请先在“来源”表登记，再从列表中选择",
        )
    return given


def _sources(sheet: Sheet, registered: dict[str, contract.Source]) -> Iterator[Entry]:
    """The sources that are new; a registered one may not be changed by a form."""
    letters = dict(zip(contract.SOURCES, "ABCDEFG", strict=False))
    taken, number = set(registered), 0
    new: dict[str, int] = {}
    titles = {source.title: source for source in registered.values()}
    headings = {letter: form_layout.SOURCE_COLUMNS[name][0] for name, letter in letters.items()}
    for row in rows_below(sheet, headings, tuple(headings)):
        cells = {column: sheet.text(letter, row, column) for column, letter in letters.items()}
        if not any(cells.values()):
            continue
        known = registered.get(cells["id"]) or (
            titles.get(cells["title"]) if not cells["id"] else None
        )
        if known:
            changed = [
                column
                for column in contract.SOURCES
                if cells[column] not in ("", getattr(known, column), inert(getattr(known, column)))
            ]
            for column in changed:
                sheet.wrong(
                    letters[column],
                    row,
                    cells[column],
                    f"与已登记的“{getattr(known, column)}”不同",
                    "已登记的来源不能在填报表里改；请改回，或另登记一个来源",
                )
            continue
        while not cells["id"]:
            number += 1
            cells["id"] = f"form_{number}" if f"form_{number}" not in taken else ""
        if cells["title"] and cells["title"] in new:
            sheet.wrong(
                letters["title"],
                row,
                cells["title"],
                f"与第 {new[cells['title']]} 行的题名相同",
                "请删去一行，或使题名能够区分",
            )
        new.setdefault(cells["title"], row)
        taken.add(cells["id"])
        texts = {column: inert(cells[column]) for column in ("title", "publisher", "note")}
        yield Entry(
            cells | texts,
            row,
            {column: sheet.place(letter, row) for column, letter in letters.items()},
        )
