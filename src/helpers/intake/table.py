"""What the bytes of a CSV table must be: one encoding, one header, rows as wide as it, each at its
physical line.

One strict reader on the csv module, one pass, bounded memory: nothing is guessed, no row that says
anything is dropped. What the cells must say is the question of `contract`. A table is written
beside its place and renamed into it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from .finding import INVISIBLE, MOST, Finding, nearest

BYTES = 256_000_000  # a million rows with long notes
CELL = 2_000  # characters of one cell; our longest has some hundred
LINE = 100_000  # bytes of one physical line; our longest has a few hundred
MAY_BREAK = frozenset({"title", "locator", "note"})  # cells in which a line may end
SEPARATORS = {";": "分号", "\t": "制表符", "|": "竖线", "，": "全角逗号", "、": "顿号"}
AS_UTF8 = "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”"
OTHER_FILES = {
    b"PK\x03\x04": "Excel 工作簿（xlsx）",
    b"\xd0\xcf\x11\xe0": "旧式 Excel 工作簿（xls）",
    b"%PDF": "PDF 文件",
}

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet computes begins with one of them
Row = tuple[int, dict[str, str]]


class _Stop(Exception):
    """The rest of the file cannot be read; the finding that says why has been made."""


def rows(
    path: Path,
    shown: str,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    findings: list[Finding],
    cleared: bytes = b"",
) -> Iterator[Row]:
    """The rows of a CSV file as (physical line, {column: text}); appends to `findings`. A header
    that does not fit gives no row; a row whose line is marked in `cleared` is passed over.

    Whoever takes the rows must refuse them all if a finding that is no warning was made: reading
    stops where a file cannot be read on.
    """

    def wrong(
        line: int, column: str, value: str, problem: str, remedy: str, warning: bool = False
    ) -> None:
        findings.append(Finding(shown, line, column, value, problem, remedy, warning))

    if not path.is_file():
        wrong(0, "", "", "没有这个文件", f"请建立，首行为 {','.join(required)}")
    elif path.stat().st_size > BYTES:
        wrong(0, "", "", f"文件有 {path.stat().st_size} 字节", f"表格不超过 {BYTES} 字节，请拆分")
    elif path.stat().st_size == 0:
        wrong(0, "", "", "文件是空的", f"首行应为 {','.join(required)}")
    else:
        with open(path, "rb") as file, suppress(_Stop):
            lines = _Lines(file, wrong)
            yield from _records(lines, required, optional, findings, wrong, cleared)


class _Lines:
    """The physical lines of a file, decoded. `number` and `text`: the last one read; `start` and
    `first`: the one its record begins with; `hidden`: whether any so far holds what cannot be
    seen, or more than one cell may."""

    def __init__(self, file: BinaryIO, wrong):
        self.file, self.wrong = file, wrong
        self.number, self.text, self.start, self.first, self.hidden = 0, "", 1, "", False

    def __iter__(self) -> Iterator[str]:
        self._sniff()
        beyond_ascii = False
        while raw := self.file.readline(LINE):
            if len(raw) == LINE:
                self._stop(self.number + 1, f"这一行超过 {LINE} 字节", "请检查换行和引号")
            try:
                text = raw.decode(
                    "utf-8-sig" if not self.number else "utf-8"
                )  # Excel's "CSV UTF-8" begins with a mark that is no text
            except UnicodeDecodeError as error:
                if "end of data" in error.reason and not raw.endswith(b"\n"):
                    self._stop(self.number + 1, "文件在一个字的中间断了", "请重新取得完整的文件")
                self._undecodable(raw, beyond_ascii)
            beyond_ascii = beyond_ascii or not text.isascii()
            for self.text in (
                re.split(r"(?<=\r)(?!\n|$)", text) if "\r" in text else (text,)
            ):  # old systems end a line with CR alone
                self.number += 1
                if self.number == self.start:
                    self.first = self.text
                self.hidden |= len(raw) > CELL
                if not self.hidden and INVISIBLE.search(self.text.rstrip("\r\n")):
                    self.hidden = True
                yield self.text

    def _stop(self, line: int, problem: str, remedy: str, value: str = "") -> None:
        self.wrong(line, "", value, problem, remedy)
        raise _Stop

    def _sniff(self) -> None:
        head = self.file.read(4)
        self.file.seek(0)
        if head in OTHER_FILES:
            self._stop(
                0,
                f"这不是 CSV，而是{OTHER_FILES[head]}",
                "请另存为“CSV UTF-8（逗号分隔）”；xlsx 可用 make import 导入",
            )
        if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[1:2] == b"\0" or head[:1] == b"\0":
            self._stop(1, "UTF-16 编码", AS_UTF8)

    def _undecodable(self, raw: bytes, beyond_ascii: bool) -> None:
        """Say that the file is in another encoding, or that only this line is damaged where others
        were good."""
        line = self.number + 1
        try:
            raw.decode("gb18030")
            chinese = not beyond_ascii
        except UnicodeDecodeError:
            chinese = False
        if chinese:
            self._stop(1, f"不是 UTF-8，像是 GBK/GB18030（自第 {line} 行起）", AS_UTF8)
        self._stop(line, "不是 UTF-8" if not beyond_ascii else "有损坏的字节，不是 UTF-8", AS_UTF8)


def _records(
    lines: _Lines,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    findings: list[Finding],
    wrong,
    cleared: bytes,
) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    blank: list[int] = []
    try:
        for cells in reader:
            line, lines.start = lines.start, lines.number + 1
            if header is None:
                header = cells
                if not header_fits(header, required, optional, wrong):
                    return
            elif not any(cells):
                blank.append(line)
            elif len(cells) != len(header):
                wrong(
                    line,
                    "",
                    ",".join(cells),
                    f"这一行有 {len(cells)} 格，表头有 {len(header)} 格",
                    "请检查逗号和引号；含逗号的文字要加双引号",
                )
            elif cleared[line : line + 1] != b"\1":
                row = dict(zip(header, cells, strict=False))
                _legible(lines, line, row, len(required), wrong)
                yield line, row
            if len(findings) + len(blank) >= MOST:
                wrong(
                    line,
                    "",
                    "",
                    f"问题或空行已有 {MOST} 处，以后各行没有再查",
                    "请先改正这些，再检查一次",
                )
                break
    except csv.Error as error:
        _broken(error, lines, wrong)
    else:
        _ended(lines, blank, wrong)


def _ended(lines: _Lines, blank: list[int], wrong) -> None:
    if blank:
        wrong(blank[0], "", "", f"空行（共 {len(blank)} 行），已略过", "请删去", warning=True)
    if not lines.text.endswith(("\n", "\r")):
        wrong(
            lines.number,
            "",
            "",
            "最后一行没有换行，文件可能不完整",
            "请核对最后一行，再在末尾补一个换行",
            warning=True,
        )


def _broken(error: csv.Error, lines: _Lines, wrong) -> None:
    if "field limit" in str(error):
        wrong(lines.start, "", "", "一格的文字过长，或引号没有成对", "请检查这一行的双引号")
    else:
        first = lines.first.strip()
        wrong(lines.start, "", first, "引号没有成对", "请补上或删去这一行的双引号")


def _legible(lines: _Lines, line: int, row: dict[str, str], width: int, wrong) -> None:
    """A reader sees all of each cell, and no quotation mark has swallowed the rows that follow."""
    for column, value in row.items() if lines.hidden or lines.number > line else ():
        if len(value) > CELL:
            problem, remedy = f"这一格有 {len(value)} 个字", f"请写在 {CELL} 字以内"
            wrong(line, column, f"{value[:20]}…", problem, remedy)
        if INVISIBLE.search(value):
            wrong(line, column, value, "含有看不见的字符（已标出码位）", "请删去后重新键入")
        if "\n" in value and column not in MAY_BREAK:
            wrong(
                line,
                column,
                value,
                "格内有换行，或引号没有成对",
                "请写成一行，并检查这一行的双引号",
            )
        elif any(part.count(",") >= width - 1 for part in value.split("\n")[1:]):
            wrong(line, column, value, "引号里像是吞进了后面的行", "请补上或删去这一行的双引号")


def inert(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def header_fits(
    header: list[str], required: tuple[str, ...], optional: tuple[str, ...], wrong
) -> bool:
    known, first_line = (*required, *optional), f"首行应为 {','.join(required)}"
    separator = next((mark for mark in SEPARATORS if len(header) == 1 and mark in header[0]), "")
    if separator:
        wrong(1, "", header[0], f"各列是用{SEPARATORS[separator]}分隔的", "请另存为逗号分隔的 CSV")
        return False
    if (
        len(header) > 1
        and not set(header) & set(known)
        and not any(nearest(name, known) for name in header)
    ):
        wrong(1, "", ",".join(header), "这一行不是表头", f"请删去表头上方的标题行；{first_line}")
        return False
    fits = True
    for name in header:
        if name not in known:
            spaced = (
                "（首尾有空格）" if name.strip(" \u3000\t\u00a0") in known else nearest(name, known)
            )
            wrong(1, name, "", f"没有这一列{spaced}", f"首行应为 {','.join(known)}")
            fits = False
    for name in required:
        if name not in header:
            wrong(1, name, "", "缺少这一列", first_line)
            fits = False
    for name in sorted({name for name in header if header.count(name) > 1}):
        wrong(1, name, "", "这一列出现两次", "请删去一列")
        fits = False
    return fits
