"""The text of a plan as lines with their part of the plan: what was reached, creed, goals, tasks.

Conventions: lines are counted from 1 (of a Word document: paragraphs and rows of tables); a line is
a row of cells, one cell where it is no table; a sentence ends at 。 or ； or with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from ..finding import INVISIBLE, Finding, Refused

Part = Literal["past", "creed", "goals", "tasks"]
SUFFIXES = (".txt", ".md", ".docx")
LARGEST = 5_000_000  # bytes; the text of a plan has some hundred thousand
SENTENCE = re.compile(r"[^。；！]+[。；！]?")
HEADING = re.compile(
    r"(?:#+\s*)?(?:第[一二三四五六七八九十百]+[编章节篇]|[一二三四五六七八九十]+、|"
    r"[（(][一二三四五六七八九十]+[）)]|专栏\s*\d+|#+\s)"
)
CHAPTER = re.compile(r"(?:#+\s*)?(?:第[一二三四五六七八九十百]+[编章篇]|[一二三四五六七八九十]+、)")
LONGEST_HEADING = 45  # characters; a longer line is a paragraph
PARTS: tuple[tuple[Part, str], ...] = (  # the first whose words stand in a heading
    ("goals", "目标|指标"),
    ("past", "基础|现状|回顾|成效|成就|完成情况|背景|形势|发展环境|面临|机遇|挑战|重要意义"),
    ("creed", "指导思想|基本原则|总体思路|总体要求"),
)
# a heading that its paragraph follows on the same line: （三）发展目标。到2025年，…
INLINE = re.compile(r"[（(][一二三四五六七八九十]+[）)][^。，；：]{2,12}[。：](?=.)")
FIVE_YEARS = dict(zip("十一二三四五六", range(2001, 2036, 5), strict=True))  # 十五 begins in 2001
NAMED = re.compile(r"[“\"]?十([一二三四五六]?)[·]?五[”\"]?(?=[^，。]{0,30}(?:规划|计划|方案))")
SPAN = re.compile(r"(20\d\d)\s*[—－–-]+\s*(20\d\d)\s*年?")


@dataclass(frozen=True)
class Line:
    """One line: its number, its cells, the part of the plan it stands in, a heading or not."""

    number: int
    cells: tuple[str, ...]
    part: Part
    heading: bool = False

    @property
    def text(self) -> str:
        return "|".join(self.cells)

    @property
    def sentences(self) -> list[str]:
        """The sentences of a line that is no heading and no part of a table."""
        cell = len(self.text) <= LONGEST_HEADING and not re.search("[。；，：]", self.text)
        if self.heading or len(self.cells) > 1 or cell:
            return []
        found = (match.group().strip() for match in SENTENCE.finditer(self.cells[0]))
        return [sentence for sentence in found if sentence]


@dataclass(frozen=True)
class Draft:
    """A plan's text and the years it is for (None where the text does not tell)."""

    name: str
    lines: tuple[Line, ...]
    start: int | None
    end: int | None

    def sentences(self, *parts: Part) -> Iterator[tuple[int, str]]:
        """(line, sentence) of the parts named, of all where none is."""
        for line in self.lines:
            if not parts or line.part in parts:
                for sentence in line.sentences:
                    yield line.number, sentence

    @cached_property
    def whole(self) -> str:
        return "\n".join(line.text for line in self.lines)


def read(path: Path) -> Draft:
    """The text of a .txt, .md or .docx file. Raises `Refused` for another, or one that cannot be
    read."""
    if path.suffix.lower() not in SUFFIXES:
        raise _refused(path, "不是可读的文稿", f"请存为 {'、'.join(SUFFIXES)}")
    if path.stat().st_size > LARGEST:
        raise _refused(path, f"文件大于 {LARGEST} 字节", "请只留规划正文，去掉图片")
    if path.suffix.lower() == ".docx":
        return of_rows(path.name, _rows_of_word(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, "不是 UTF-8 编码", "请用编辑器另存为 UTF-8") from None
    return of_text(path.name, text)


def _refused(path: Path, problem: str, remedy: str) -> Refused:
    return Refused([Finding(path.name, 0, "", "", problem, remedy)])


def of_text(name: str, text: str) -> Draft:
    """The draft of a text: rows of tables are lines of the form | a | b | or a<tab>b."""
    return of_rows(name, (_cells(INVISIBLE.sub("", line)) for line in text.split("\n")))


def _cells(line: str) -> tuple[str, ...]:
    bare = line.strip()
    if bare.startswith("|") and bare.count("|") > 2:
        return tuple(cell.strip() for cell in bare.strip("|").split("|"))
    cells = tuple(cell.strip() for cell in bare.split("\t"))
    return cells if len(cells) > 1 else (bare,)


def _rows_of_word(path: Path) -> Iterator[tuple[str, ...]]:
    """Paragraphs and rows of tables in the order of the document, merged cells once."""
    from docx import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    try:
        document = Document(str(path))
    except Exception:  # python-docx raises what its zip and XML readers raise
        raise _refused(path, "打不开这个 Word 文档", "请在 Word 里另存为 .docx") from None
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield (block.text.strip(),)
        elif isinstance(block, Table):
            for row in block.rows:
                yield tuple(cell.text.strip() for cell in row.cells)


def of_rows(name: str, rows: Iterable[tuple[str, ...]]) -> Draft:
    """The draft of rows of cells, each with its part: that of the heading above it, else of the
    chapter's."""
    lines: list[Line] = []
    chapter: Part = "creed"
    part: Part = "creed"
    for number, cells in enumerate(rows, 1):
        heading = _is_heading(cells)
        opened = INLINE.match(cells[0]) if len(cells) == 1 else None
        if heading or opened:
            named = _part_of(opened.group() if opened else cells[0])
            if CHAPTER.match(cells[0]):
                chapter = named or "tasks"
                part = chapter
            else:
                part = named or ("tasks" if chapter == "goals" else chapter)
        lines.append(Line(number, cells, part, heading))
    start, end = _years(lines)
    return Draft(name, tuple(lines), start, end)


def _is_heading(cells: tuple[str, ...]) -> bool:
    text = cells[0]
    short = len(cells) == 1 and len(text) <= LONGEST_HEADING and not text.endswith(("。", "；"))
    return short and bool(HEADING.match(text))


def _part_of(heading: str) -> Part | None:
    return next((part for part, words in PARTS if re.search(words, heading)), None)


def _years(lines: Iterable[Line]) -> tuple[int | None, int | None]:
    """First and last year of the plan: of the first five-year plan, or span of years, that the
    first lines name."""
    for line in lines:
        if match := NAMED.search(line.text):
            start = FIVE_YEARS[match.group(1) or "十"]
            return start, start + 4
        if (match := SPAN.search(line.text)) and int(match[2]) - int(match[1]) in range(2, 7):
            return int(match[1]), int(match[2])
    return None, None
