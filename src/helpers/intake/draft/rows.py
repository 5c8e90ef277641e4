"""The figures of a text's tables: rows of cells, and tables of which each cell is a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .figures import ALONE, UNIT, Figure, When, figure_of, of_prose
from .text import Draft, Line

SIGNED = re.compile(r"(?P<sign>[<>≥≤＞＜]=?)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)")
BARE = re.compile(r"[<>≥≤＞＜]?\d[\d,]*(?:\.\d+)?[%％]?")
UNIT_IN_NAME = re.compile(r"[（(](" + UNIT + r")[）)]")
LONG_LINE = 60  # characters: a paragraph, after which a table is another one


def of_tables(draft: Draft) -> list[Figure]:
    """The figures of tables: rows of cells, and cells one a line."""
    rows = [line for line in draft.lines if any(line.cells)]
    return [*_of_rows(rows, draft), *_of_columns(rows)]


def _of_columns(rows: Sequence[Line]) -> Iterator[Figure]:
    """A table of which each cell is a line: a line that is nothing but a quantity belongs to the
    one above it. Whether it was reached or is aimed at is told by the last heading of a column."""
    when: When = "target"
    above = ""
    for line in rows:
        text = " ".join(cell for cell in line.cells if cell)
        if len([cell for cell in line.cells if cell]) > 1:
            continue
        match = ALONE.fullmatch(text)
        if match and above and not ALONE.fullmatch(above) and "。" not in above:
            sentence = f"{above}|{text}"
            yield figure_of(match, above, line.number, sentence, "table", when, above)
        elif len(text) <= 30:
            when = _heading_of_column(text, when)
        above = text


def _heading_of_column(text: str, when: When) -> When:
    if re.search(r"完成情况|实际完成|现状值|基期值", text):
        return "base"
    return "target" if re.search(r"发展目标|目标值|20\d\d年目标|发展主要指标", text) else when


def _of_rows(rows: Sequence[Line], draft: Draft) -> Iterator[Figure]:
    """A table of rows of cells: the heading above tells which columns hold name, unit, base,
    target."""
    columns: dict[str, int] = {}
    for line in rows:
        if len([cell for cell in line.cells if cell]) < 2:
            columns = {} if len(line.text) > LONG_LINE else columns
            continue
        found = _columns(line.cells, draft)
        if found:
            columns = found
        elif columns:
            yield from _of_row(line, columns)


def _columns(cells: Sequence[str], draft: Draft) -> dict[str, int]:
    """Which column holds what, of a row of headings; empty for another row."""
    base, end = (str(year) if year else "~" for year in (
        draft.start - 1 if draft.start else None, draft.end))  # fmt: skip
    words = {
        "name": "指标|名称|项目",
        "unit": "^单位$",
        "base": f"基期|现状|完成|{base}",
        "target": f"目标|{end}",
    }
    found: dict[str, int] = {}
    for what, pattern in words.items():
        for k, cell in enumerate(cells):
            if re.search(pattern, cell) and k not in found.values() and not BARE.fullmatch(cell):
                found.setdefault(what, k)
    return found if "name" in found and "target" in found else {}


def _of_row(line: Line, columns: dict[str, int]) -> Iterator[Figure]:
    cells = line.cells
    if max(columns.values()) >= len(cells):
        return
    name = cells[columns["name"]]
    in_name = UNIT_IN_NAME.search(name)
    unit = cells[columns["unit"]] if "unit" in columns else in_name[1] if in_name else ""
    name = re.sub(r"^[\d.、]+", "", UNIT_IN_NAME.sub("", name))
    for when in ("base", "target"):
        cell = cells[columns[when]] if when in columns else ""
        match = _quantity(cell.replace("〔", "").replace("〕", ""), unit)
        if match and name:
            yield figure_of(match, name, line.number, line.text, "table", when, name + cell)


def _quantity(cell: str, unit: str) -> re.Match[str] | None:
    """The one quantity of a cell: a bare figure in the row's unit, or a phrase with one."""
    if bare := SIGNED.fullmatch(cell):
        return ALONE.fullmatch(cell + unit) if unit else bare
    found = list(ALONE.finditer(cell))
    return found[0] if len(found) == 1 else None


def of_draft(draft: Draft) -> list[Figure]:
    """All figures of the text, tables first."""
    return [*of_tables(draft), *of_prose(draft)]
