"""The workbook a new plan is described in: written empty, read filled in.

Two sheets: 规划 (one field a row) and 指标 (one indicator a row).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import filled, form_columns
from .finding import Finding, Refused, nearest
from .form_columns import INDICATOR_FIELDS, INDICATOR_SHEET, PLAN_FIELDS, PLAN_SHEET, YES
from .typed import ROWS

COLUMNS = 40  # of the sheet of indicators that are looked at
CHOSEN: dict[str, Iterable[str]] = {
    "性质": form_columns.KINDS,
    "比较": form_columns.OPERATORS,
    "属性": form_columns.PROPERTIES,
    "报送方式": form_columns.REPORTED,
}


@dataclass(frozen=True)
class Row:
    """One indicator, or the plan itself, as text by heading, and where it was typed."""

    cells: Mapping[str, str]
    place: str

    def wrong(self, heading: str, problem: str, remedy: str) -> Finding:
        """What is wrong with what was typed under `heading`."""
        return Finding(self.place, 0, heading, self.cells.get(heading, ""), problem, remedy)


def form() -> bytes:
    """The empty workbook: both sheets, every field explained beside or below its heading."""
    book = Workbook()
    sheet = book.active
    sheet.title = PLAN_SHEET
    sheet.append(["项目", "内容", "填法"])
    for name, says in PLAN_FIELDS.items():
        sheet.append([name, "", says])
    listed = book.create_sheet(INDICATOR_SHEET)
    listed.append(list(INDICATOR_FIELDS))
    listed.append([f"（{says}）" for says in INDICATOR_FIELDS.values()])
    _menu(sheet, f"B{list(PLAN_FIELDS).index('虚构') + 2}", YES)
    for name, words in {**CHOSEN, **form_columns.MENUS}.items():
        letter = get_column_letter(list(INDICATOR_FIELDS).index(name) + 1)
        _menu(listed, f"{letter}3:{letter}{ROWS}", words)
    _laid_out(sheet, (16, 60, 40))
    _laid_out(listed, [18] * len(INDICATOR_FIELDS))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _laid_out(sheet: Worksheet, widths: Iterable[int]) -> None:
    sheet.freeze_panes = "A2"
    for k, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(k)].width = width
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        cell.font, cell.alignment = (
            Font(bold=cell.row == 1),
            Alignment(wrap_text=True, vertical="top"),
        )


def _menu(sheet: Worksheet, cells: str, words: Iterable[str]) -> None:
    """A drop-down of `words` in `cells`; another word is told when it is typed."""
    menu = DataValidation(
        type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True
    )
    menu.add(cells)
    sheet.add_data_validation(menu)


def read(path: Path, more: Iterable[str] = ()) -> tuple[Row, list[Row]]:
    """(the plan, its indicators) of a filled workbook, as text; `more` columns may stand there.
    Raises `Refused`."""
    findings: list[Finding] = []
    books = filled.opened(path, findings)
    if books is None:
        raise Refused(findings)
    missing = [name for name in (PLAN_SHEET, INDICATOR_SHEET) if name not in books[1].sheetnames]
    _refuse(
        Finding(path.name, 0, "", name, "没有这张表", "请用 new-plan --form 写出的表填写")
        for name in missing
    )
    plan, sheet = _plan(path, books[1][PLAN_SHEET]), books[1][INDICATOR_SHEET]
    _refuse(_in_percent(path, sheet))
    heading, *lines = sheet.iter_rows(**_extent(sheet), values_only=True)
    names = [_text(cell) for cell in heading]
    _refuse([*_unknown(path, names, plan, more)])
    rows = [
        Row(
            {name: _text(cell) for name, cell in zip(names, line, strict=False) if name},
            f"{path.name}:{INDICATOR_SHEET}:{number}",
        )
        for number, line in enumerate(lines, 2)
    ]
    return plan, [
        row
        for row in rows
        if any(row.cells.values()) and not row.cells.get("代码", "").startswith("（")
    ]


def _refuse(findings: Iterable[Finding]) -> None:
    if findings := list(findings):
        raise Refused(findings)


def _plan(path: Path, sheet: Worksheet) -> Row:
    rows = sheet.iter_rows(min_row=2, min_col=1, max_col=2, max_row=100, values_only=True)
    cells = {_text(name): _text(typed) for name, typed in rows if _text(name)}
    return Row(cells, f"{path.name}:{PLAN_SHEET}")


def _extent(sheet: Worksheet) -> dict[str, int]:
    """The last row and column that are read: openpyxl would make every cell up to a further one."""
    return {"max_row": min(ROWS, sheet.max_row), "max_col": min(COLUMNS, sheet.max_column)}


def _in_percent(path: Path, sheet: Worksheet) -> list[Finding]:
    """Figures typed as percentages: the cell holds a hundredth of what is seen."""
    return [
        Finding(
            f"{path.name}:{INDICATOR_SHEET}",
            0,
            cell.coordinate,
            f"{cell.value * 100:.15g}%",
            f"用了百分比格式，格里存的是 {_text(cell.value)}",
            "请把格式改为常规，照单位填写",
        )
        for line in sheet.iter_rows(**_extent(sheet))
        for cell in line
        if isinstance(cell.value, (int, float)) and "%" in (cell.number_format or "")
    ]


def _unknown(path: Path, names: Iterable[str], plan: Row, more: Iterable[str]) -> Iterable[Finding]:
    """Headings and fields there are none of."""
    place = f"{path.name}:{INDICATOR_SHEET}"
    for name in names:
        if name and name not in (*INDICATOR_FIELDS, *more):
            problem = f"没有这一栏{nearest(name, INDICATOR_FIELDS)}"
            yield Finding(place, 1, name, "", problem, "请照原样")
    for name in plan.cells:
        if name not in PLAN_FIELDS:
            problem = f"没有这一项{nearest(name, PLAN_FIELDS)}"
            yield Finding(plan.place, 0, name, "", problem, "请照原样")


def _text(cell: object) -> str:
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    return "" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()
