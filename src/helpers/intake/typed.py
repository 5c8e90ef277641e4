"""What stands in a sheet of a filled form, cell by cell, as the text it would be in a CSV table.

Only what a workbook alone can do is judged here: formulas, merged cells, dates, percent formats.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import openpyxl
from openpyxl.utils import column_index_from_string

from . import form_layout
from .finding import Finding

AS_TYPED = ("value", "year", "locator", "note")  # cells whose line breaks say something
ROWS = 5000  # rows of a sheet that are looked at; a form has some hundred


@dataclass(frozen=True)
class Entry:
    """One filled row: its cells as text, by column of the contract, and where each was typed."""

    cells: dict[str, str]
    line: int
    # column → 指标!E7; empty for CSV, where the line says it
    places: dict[str, str] = field(default_factory=dict)


class Sheet:
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
            and letter in form_layout.TYPED
            and self.title == form_layout.FIGURES
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
                f"是公式，取它的结果 {plain(value)}",
                "请核对；最好粘贴为数值",
                warning=True,
            )
        if isinstance(value, bool):
            self.wrong(letter, row, value, "是逻辑值，不是数", "请填数字；是否型指标填 1 或 0")
            return ""
        if isinstance(value, (dt.datetime, dt.date, dt.time)):
            if column in ("published", "accessed", "date") and isinstance(value, dt.datetime):
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
                f"用了百分比格式，格里存的是 {plain(value)}",
                f"单位已是 %，请把格式改为常规并填 {value * 100:.15g}",
            )
            return ""
        return plain(value) if column in AS_TYPED else joined(plain(value))


def joined(text: str) -> str:
    """`text` on one line: a space where two Latin words or numbers would run into one another."""
    if "\n" not in text:
        return text
    return re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", text).replace("\n", "").replace("\r", "")


def _inside(area) -> Iterator[tuple[int, int]]:
    """The cells of a merged range, as far as rows are looked at."""
    for row in range(area.min_row, min(area.max_row, ROWS) + 1):
        for column in range(area.min_col, min(area.max_col, 20) + 1):
            yield row, column


def plain(value: object) -> str:
    """A cell's value as text: numbers as typed, up to the 15 digits a spreadsheet keeps."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    return str(value).strip()


def rows_below(sheet: Sheet, headings: dict[str, str], typed: tuple[str, ...]) -> Iterator[int]:
    """The rows below the head (`headings` by letter, that of A among them) that hold anything; none
    where a heading is another's. A column of `typed` that is hidden and filled in is told."""
    heading = headings["A"]
    start = next((k for k in range(1, 21) if plain(sheet.typed.cell(k, 1).value) == heading), None)
    if start is None:
        sheet.wrong(
            "A",
            form_layout.HEADER_ROW,
            sheet.typed[f"A{form_layout.HEADER_ROW}"].value or "",
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
    below = range(start + 1, sheet.typed.max_row + 1)
    if _as_sent(sheet, start, headings):
        _all_seen(sheet, below, typed)
        yield from below


def _as_sent(sheet: Sheet, head: int, headings: dict[str, str]) -> bool:
    """True where each column has its own heading; how a heading is broken into lines does not
    count."""
    told = len(sheet.findings)
    for letter, heading in headings.items():
        found = plain(sheet.typed[f"{letter}{head}"].value)
        if "".join(found.split()) != "".join(heading.split()):
            problem = f"这一列的表头应为“{heading}”"
            sheet.wrong(letter, head, found, problem, "请恢复原来的表头和各列的次序")
    return len(sheet.findings) == told


def _all_seen(sheet: Sheet, rows: Iterable[int], typed: tuple[str, ...]) -> None:
    dimensions = sheet.typed.column_dimensions.values()
    hidden = {k for one in dimensions if one.hidden for k in range(one.min, one.max + 1)}
    for letter in typed:
        if column_index_from_string(letter) in hidden:
            row = next((k for k in rows if plain(sheet.typed[f"{letter}{k}"].value)), None)
            if row is not None:
                value = plain(sheet.typed[f"{letter}{row}"].value)
                sheet.wrong(
                    letter,
                    row,
                    value,
                    "这一列被隐藏，却填了内容",
                    "请取消隐藏，核对后再导入",
                )
