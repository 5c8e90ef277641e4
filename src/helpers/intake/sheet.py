"""How a cell and a sheet of the form are drawn, and how a workbook becomes the same bytes every
time."""

from __future__ import annotations

import datetime as dt
import io
import math
import unicodedata
import zipfile
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from .table import inert

FONT, SIZE, LINE = "微软雅黑", 9, 13.5  # points: of the letters, and from line to line
A3_WIDTH, A3_HEIGHT, MARGIN = 1191, 842, 34  # points, landscape
NEVER = dt.datetime(
    2000, 1, 1
)  # the date of a form: none, so that the same form has the same bytes
PLAIN = Font(name=FONT, size=SIZE)
GREY = Font(name=FONT, size=7, color="808080")
BOLD = Font(name=FONT, size=SIZE, bold=True)
THIN = Border(*[Side(style="thin", color="BFBFBF")] * 4)
YELLOW, PALE, HEAD, BAND = (
    PatternFill("solid", fgColor=colour) for colour in ("FFF8DC", "F5F5F5", "D9E2EC", "EAF0F6")
)
WRAPPED = Alignment(wrap_text=True, vertical="top")
MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")


def put(
    sheet: Worksheet,
    place: str,
    value,
    font: Font,
    fill: PatternFill | None = None,
    typed: bool = False,
    border: Border | None = THIN,
    wrap: Alignment = WRAPPED,
) -> None:
    cell = sheet[place]
    cell.value = inert(value) if isinstance(value, str) else value
    cell.font, cell.alignment, cell.protection = font, wrap, Protection(locked=not typed)
    if fill:
        cell.fill = fill
    if border:
        cell.border = border


def height(texts: Iterable[tuple[str, float]]) -> float:
    """Points that the tallest of some texts needs in a column of that width."""
    return (
        max(
            (
                sum(math.ceil(max(1, _span(line)) / _room(width)) for line in text.split("\n"))
                for text, width in texts
            ),
            default=1,
        )
        * LINE
        + 6
    )


def _span(line: str) -> int:
    """The width of a line, a Chinese letter counting two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "FWA" else 1 for ch in line)


def _room(width: float) -> int:
    """Half-width letters of our size that fit into a column: its unit is a digit of 11 points, 7
    pixels; ours has 6."""
    return max(1, int((width * 7 - 6) / (SIZE * 2 / 3)))


def page_height(sheet: Worksheet) -> float:
    """Points of rows that fit a page under the repeated heading, once all columns fit its width."""
    width = sum(dimension.width * 7 + 5 for dimension in sheet.column_dimensions.values()) * 0.75
    return (A3_HEIGHT - 2 * MARGIN - 20) * max(1.0, width / (A3_WIDTH - 2 * MARGIN)) - 75


def finish(sheet: Worksheet, paper: str, landscape: bool, title_rows: str) -> None:
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = (
        False  # widening a column is no harm
    )
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = {"A3": 8, "A4": 9}[paper]
    (
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
        sheet.sheet_properties.pageSetUpPr.fitToPage,
    ) = 1, 0, True
    margin = MARGIN / 72
    sheet.page_margins.left = sheet.page_margins.right = sheet.page_margins.top = margin
    sheet.page_margins.bottom = margin + 0.2
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.print_title_rows = title_rows or None


def settled(book: Workbook) -> bytes:
    """The workbook's bytes, the same whenever and wherever it is made: zip dates are set, the
    moment of saving is taken out."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as settled:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, NEVER.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            settled.writestr(
                entry, _undated(made.read(name)) if name == "docProps/core.xml" else made.read(name)
            )
    return out.getvalue()


def _undated(core: bytes) -> bytes:
    start, end = core.index(b"<dcterms:modified"), core.index(b"</dcterms:modified>")
    return (
        core[: core.index(b">", start) + 1]
        + NEVER.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        + core[end:]
    )
