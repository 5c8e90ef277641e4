"""What a filled form says, row by row, as text: a workbook saved by Excel or WPS, or a plain CSV
table of the same columns.

Each cell keeps its place (`指标!E7`, or a line and column), so that whatever is found wrong later
is told where it was typed. Nothing is judged here but what only a workbook can do: formulas, merged
cells, hidden rows, dates, percent formats.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl

from . import contract, table, workbook
from .facts import Plan
from .finding import MOST, Finding, nearest
from .sheet import inert

BYTES = 10_000_000  # a form of twenty indicators has 30 KB
UNPACKED = 60_000_000
ROWS = 5000  # rows of a sheet that are looked at; a form has some hundred
SAVE_AGAIN = "请用 Excel 或 WPS 另存为 .xlsx 后再导入"


@dataclass(frozen=True)
class Entry:
    """One filled row: its cells as text, by column of the contract, and where each was typed."""

    cells: dict[str, str]
    line: int
    # column → 指标!E7; empty for CSV, where the line says it
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """Everything a form says: figures, and sources that are not registered yet."""

    figures: tuple[Entry, ...]
    sources: tuple[Entry, ...]


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
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
                return wrong("解压后过大，不像填报表", "请只保留填报表，去掉多余的行")
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


def _from_book(
    typed: openpyxl.Workbook,
    computed: openpyxl.Workbook,
    name: str,
    plan: Plan,
    registered: dict[str, contract.Source],
    findings: list[Finding],
) -> Filled:
    sheets = [
        _Sheet(typed, computed, sheet, name, findings)
        for sheet in (workbook.FIGURES, workbook.REGISTER)
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
    area = _identity(typed, name, plan, findings)
    sources = tuple(_sources(sheets[1], registered))
    ids = {source.title: source.id for source in registered.values()} | {
        entry.cells["title"]: entry.cells["id"] for entry in sources
    }
    figures = list(_figures(sheets[0], plan, area, ids))
    if workbook.PARTS in typed.sheetnames:  # forms made before there was one have none
        figures += _figures(
            _Sheet(typed, computed, workbook.PARTS, name, findings), plan, area, ids
        )
    return Filled(tuple(figures), sources)


def _identity(book: openpyxl.Workbook, name: str, plan: Plan, findings: list[Finding]) -> str:
    """The area the form was made for; a form of another plan is told."""
    said = {}
    if workbook.GUIDE in book.sheetnames:
        for row in book[workbook.GUIDE].iter_rows(min_row=1, max_row=30, max_col=2):
            if row[0].value in workbook.IDENTITY:
                said[workbook.IDENTITY[row[0].value]] = (
                    str(row[1].value or ""),
                    f"{workbook.GUIDE}!{row[1].coordinate}",
                )
    given, place = said.get("plan", (plan.id, ""))
    if given != plan.id:
        findings.append(
            Finding(
                name,
                0,
                place,
                given,
                "是另一个规划的填报表",
                f"请改用 {plan.id} 的填报表，或以 PLAN={given} 导入",
            )
        )
    return said.get("area", (plan.whole.id, ""))[0]


class _Sheet:
    """One sheet as typed and as computed, and the checks of a cell."""

    def __init__(
        self,
        typed: openpyxl.Workbook,
        computed: openpyxl.Workbook,
        title: str,
        name: str,
        findings: list[Finding],
    ):
        self.typed, self.computed, self.title, self.name, self.findings = (
            typed[title],
            computed[title],
            title,
            name,
            findings,
        )
        self.merged = {
            (row, column): str(area)
            for area in self.typed.merged_cells.ranges
            for row, column in _inside(area)
        }

    def place(self, letter: str, row: int) -> str:
        return f"{self.title}!{letter}{row}"

    def wrong(
        self, letter: str, row: int, value: object, problem: str, remedy: str, warning: bool = False
    ) -> None:
        self.findings.append(
            Finding(self.name, 0, self.place(letter, row), str(value), problem, remedy, warning)
        )

    def text(self, letter: str, row: int, column: str = "", unit: str = "") -> str:
        """The cell's text as it would stand in a CSV table; what has none is told."""
        cell, value = self.typed[f"{letter}{row}"], self.computed[f"{letter}{row}"].value
        if (
            (cell.row, cell.column) in self.merged
            and letter in workbook.TYPED
            and self.title == workbook.FIGURES
        ):
            self.wrong(
                letter,
                row,
                "" if value is None else value,
                f"与别的格合并了（{self.merged[cell.row, cell.column]}）",
                "请取消合并，每行各填一个数",
            )
        if cell.data_type == "f":
            if value is None:
                self.wrong(
                    letter, row, cell.value, "公式没有算出的结果", "请选择性粘贴为数值后再导入"
                )
                return ""
            self.wrong(
                letter,
                row,
                cell.value,
                f"是公式，取它的结果 {_plain(value)}",
                "请核对；最好粘贴为数值",
                warning=True,
            )
        if isinstance(value, bool):
            self.wrong(letter, row, value, "是逻辑值，不是数", "请填数字；是否型指标填 1 或 0")
            return ""
        if isinstance(value, (dt.datetime, dt.date, dt.time)):
            if column in ("published", "accessed") and isinstance(value, dt.datetime):
                return f"{value:%Y-%m-%d}"
            self.wrong(
                letter,
                row,
                value,
                "被当成了日期",
                "请填年份，如 2023" if column == "year" else "请把格的格式改为常规，再重新填写",
            )
            return ""
        if (
            column == "value"
            and unit == "%"
            and isinstance(value, (int, float))
            and "%" in str(cell.number_format)
        ):
            self.wrong(
                letter,
                row,
                f"{value * 100:.15g}%",
                f"用了百分比格式，格里存的是 {_plain(value)}",
                f"单位已是 %，请把格式改为常规并填 {value * 100:.15g}",
            )
            return ""
        return _plain(value)


def _inside(area) -> Iterator[tuple[int, int]]:
    """The cells of a merged range, as far as rows are looked at."""
    for row in range(area.min_row, min(area.max_row, ROWS) + 1):
        for column in range(area.min_col, min(area.max_col, 20) + 1):
            yield row, column


def _plain(value: object) -> str:
    """A cell's value as text: numbers as typed, up to the 15 digits a spreadsheet keeps."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    return str(value).strip()


def _rows(sheet: _Sheet, heading: str) -> Iterator[int]:
    """The rows below the heading that hold anything."""
    start = next((k for k in range(1, 21) if _plain(sheet.typed.cell(k, 1).value) == heading), None)
    if start is None:
        sheet.wrong(
            "A",
            workbook.HEADER_ROW,
            sheet.typed[f"A{workbook.HEADER_ROW}"].value or "",
            f"找不到表头“{heading}”",
            "请用 make template 生成的填报表，不要改动表头",
        )
        return
    if sheet.typed.max_row > ROWS:
        sheet.wrong(
            "A",
            sheet.typed.max_row,
            "",
            f"这张表有 {sheet.typed.max_row} 行，不像填报表",
            "请删去下方的空行后另存",
        )
        return
    yield from range(start + 1, sheet.typed.max_row + 1)


def _figures(sheet: _Sheet, plan: Plan, area: str, ids: dict[str, str]) -> Iterator[Entry]:
    letters = workbook.PART_FIELDS if sheet.title == workbook.PARTS else workbook.FIELDS
    for row in _rows(sheet, workbook.COLUMNS["A"][0]):
        if not any(_plain(sheet.typed[f"{letter}{row}"].value) for letter in workbook.TYPED):
            continue
        if sheet.typed.row_dimensions[row].hidden:
            sheet.wrong(
                "E",
                row,
                _plain(sheet.typed[f"E{row}"].value),
                "这一行被隐藏，却填了数",
                "请取消隐藏或筛选，核对后再导入",
            )
        if len(sheet.findings) > MOST:
            return
        entry = _entry(sheet, row, letters, ids)
        yield replace(entry, cells={"plan": plan.id, "area": area} | entry.cells)


def _entry(sheet: _Sheet, row: int, letters: dict[str, str], ids: dict[str, str]) -> Entry:
    unit = _plain(sheet.typed[f"{letters['unit']}{row}"].value)
    cells = {name: sheet.text(letter, row, name, unit) for name, letter in letters.items()}
    word = _word(sheet, row, "status", cells["status"], workbook.STATUS_WORDS)
    cells["status"] = word or "final"  # a figure without a word is a final one
    cells["bound"] = _word(sheet, row, "bound", cells["bound"], workbook.BOUND_WORDS)
    cells["source"] = _source(sheet, row, cells["source"], ids)
    places = {name: sheet.place(letter, row) for name, letter in letters.items()}
    if "period" in cells:
        cells["year"], places["year"] = cells["period"][:4], places["period"]
    return Entry(cells | {n: inert(cells[n]) for n in ("locator", "note")}, row, places)


def _word(sheet: _Sheet, row: int, column: str, given: str, words: dict[str, str]) -> str:
    """The code of a word of the form; the codes themselves are understood too."""
    if given and given not in words and given not in words.values():
        sheet.wrong(
            workbook.FIELDS[column],
            row,
            given,
            f"不在可选的词里{nearest(given, words)}",
            f"请从列表中选择：{'、'.join(words)}",
        )
    return words.get(given, given)


def _source(sheet: _Sheet, row: int, given: str, ids: dict[str, str]) -> str:
    """The id of a source named by its title or its id."""
    if given in ids or not given:
        return ids.get(given, "")
    if given not in ids.values():
        sheet.wrong(
            workbook.FIELDS["source"],
            row,
            given,
            f"“来源”表里没有这个题名{nearest(given, ids)}",
            "请先在“来源”表登记，再从列表中选择",
        )
    return given


def _sources(sheet: _Sheet, registered: dict[str, contract.Source]) -> Iterator[Entry]:
    """The sources that are new; a registered one may not be changed by a form."""
    letters = dict(zip(contract.SOURCES, "ABCDEFG", strict=False))
    taken, number = set(registered), 0
    new: dict[str, int] = {}
    titles = {source.title: source for source in registered.values()}
    for row in _rows(sheet, workbook.SOURCE_COLUMNS["id"][0]):
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
