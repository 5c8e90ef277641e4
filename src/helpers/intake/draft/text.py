"""The text of a plan as lines with their part of the plan: what was reached, creed, goals, tasks.

Conventions: lines are counted from 1 (of a Word document: paragraphs and rows of tables); a line is
a row of cells, one cell where it is no table; a sentence ends at 。 or ； or with its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from .. import packed
from ..finding import INVISIBLE, Finding, Refused

Part = Literal["past", "creed", "goals", "tasks"]
SUFFIXES = (".txt", ".md", ".docx")
LARGEST = 5_000_000  # bytes; the text of a plan has some hundred thousand
SENTENCE = re.compile(r"[^。；！]+[。；！]?")
NUMBERED = r"\d+(?:\.\d+)+\s*(?=[^\d\s.%％])"  # 2.3 or 2.3.1
HEADING = re.compile(
    r"(?:#+\s*)?(?:第[一二三四五六七八九十百]+[编章节篇]|[一二三四五六七八九十]+、|"
    rf"[（(][一二三四五六七八九十]+[）)]|专栏\s*\d+|{NUMBERED}|#+\s)"
)
CHAPTER = re.compile(r"(?:#+\s*)?(?:第[一二三四五六七八九十百]+[编章篇]|[一二三四五六七八九十]+、)")
BEYOND = 5  # years after the last: what a plan looks forward to, no goal of its own
TITLE = 30  # lines, of which one is the title
LONGEST_HEADING = 45  # characters; a longer line is a paragraph
WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
SPACED_OUT = 20  # stops after a space; more are no slip
SPACES = re.compile(
    r"(?<=[\d\u4e00-\u9fff，。；：、,%])[ \u3000]+(?=[\d\u4e00-\u9fff，。；：、,%％‰.])"
)
CONTENTS = re.compile(r"\.{4,}|…{2,}|·{4,}")  # the line of a table of contents
PARTS: tuple[tuple[Part, str], ...] = (  # the first whose words stand in a heading
    ("past", "如期|完成情况|实施情况|执行情况|取得"),
    ("goals", "目标|指标"),
    (
        "past",
        r"基础(?:$|[和与、及条])|现状|回顾|成效|成就|背景|形势|发展环境(?:$|[和与、及])|面临|机遇|挑战|重要意义",
    ),
    ("creed", "指导思想|基本原则|总体思路|总体要求"),
)
# a heading that begins so is a task's, whatever it ends with: 优化发展环境, 夯实发展基础
TASK = re.compile(
    r"(?:优化|改善|营造|夯实|筑牢|强化|加强|完善|巩固|打造|建设|构建|提升|推进|加快|抢抓|应对|做[实强优大]|健全|创新|深化|拓展)"
)
EMPHASIS = re.compile(r"\*\*|__|^>\s*|\s+$")  # of Markdown
NUMBER_OF_HEADING = re.compile(
    r"^(?:#+\s*)?(?:第[^章编节篇]+[章编节篇]|[（(]?[一二三四五六七八九十]+[）)、]|[\d.]+)?\s*"
)
# a heading that its paragraph follows on the same line: （三）发展目标。到2025年，…
INLINE = re.compile(
    rf"(?:[（(][一二三四五六七八九十]+[）)]|{NUMBERED})[^。，；：]{{2,30}}[。：](?=.)"
)
ORDINALS = ("六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六")
FIVE_YEARS = {f"{name}五": 1981 + 5 * k for k, name in enumerate(ORDINALS)}
NAMED = re.compile(r"(?<![十第（(])(十[一二三四五六]五|[六七八九十]五)(?![）)]|年|大|[届条章个项])")
COUNTED = re.compile(r"第([六七八九]|十[一二三四五六]?)个五年(?:规划|计划)")
SPAN = re.compile(r"(20\d\d)\s*[—－–-]+\s*(20\d\d)\s*年?")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
# a sentence that tells what was: its years alone would not, 较2020年提高
SINCE = re.compile(r"以来|近年来|[五几]年来|过去五年|(?:期间|时期)[^，。；]{0,12}了")
AGAINST = re.compile(r"[比较由从于]|基础上|相当")


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
        if self.heading or len(self.cells) > 1 or cell or CONTENTS.search(self.text):
            return []
        body = INLINE.sub("", self.cells[0], count=1) if INLINE.match(self.text) else self.cells[0]
        found = (match.group().strip() for match in SENTENCE.finditer(body))
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
            for sentence in line.sentences:
                if not parts or self.part_of(line, sentence) in parts:
                    yield line.number, sentence

    def part_of(self, line: Line, sentence: str) -> Part:
        """The part a sentence belongs to: its line's, but the past where it tells what was, the
        creed where its paragraph looks beyond the plan's last year."""
        years = [int(year) for year in YEAR.findall(line.text)]
        if self.end and years and min(years) >= self.end + BEYOND:
            return "creed"
        told = line.part in ("goals", "tasks") and (
            bool(SINCE.search(sentence)) or self._is_over(sentence)
        )
        return "past" if told else line.part

    def section_before(self, number: int) -> str:
        """What stands above a line in its section of the goals."""
        above: list[str] = []
        for line in reversed(self.lines[: number - 1]):
            if line.part != "goals" or (line.heading and line.text):
                break
            above.append(line.text)
        return "\n".join(reversed(above))

    def _is_over(self, sentence: str) -> bool:
        """True where every year a sentence names lies before the plan's first, and it compares
        with none of them."""
        years = [int(year) for year in YEAR.findall(sentence)]
        years += [FIVE_YEARS[name] + 4 for name in NAMED.findall(sentence)]
        over = bool(self.start and years) and max(years, default=0) < (self.start or 0)
        return over and not AGAINST.search(sentence)

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
    """The draft of a text: rows of tables are lines of the form | a | b | or a<tab>b; letters that
    print spaced out (2 0 0 5 年 ，) are closed up, wide digits are narrow."""
    text = text.translate(WIDE)
    if text.count(" ，") + text.count(" 、") + text.count(" 。") > SPACED_OUT:
        text = SPACES.sub("", text)
    return of_rows(
        name, (_cells(EMPHASIS.sub("", INVISIBLE.sub("", line))) for line in text.split("\n"))
    )


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
        if problem := packed.problem(path):
            raise _refused(path, problem, "请在 Word 里另存为 .docx")
        document = Document(str(path))
    except Refused:
        raise
    except Exception:  # python-docx raises what its zip and XML readers raise
        raise _refused(path, "打不开这个 Word 文档", "请在 Word 里另存为 .docx") from None
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield (block.text.strip(),)
        elif isinstance(block, Table):
            for row in block.rows:
                yield tuple(cell.text.strip() for cell in row.cells)


def of_rows(name: str, rows: Iterable[tuple[str, ...]]) -> Draft:
    """The draft of rows of cells, each with its part: that of the nearest heading above it that
    names one, the nearer the deeper; what comes before the first creed or goals, if anything of
    them comes, is no task. Where no heading names one, all are
    goals."""
    kept = list(rows)
    headings = [_heading(cells) for cells in kept]
    aimed = [k for k, heading in enumerate(headings) if _part_of(heading) in ("creed", "goals")]
    lines: list[Line] = []
    # of the chapter, of its section, of that one's
    parts: list[Part] = ["creed" if any(map(_part_of, headings)) else "goals"]
    for k, (cells, heading) in enumerate(zip(kept, headings, strict=True)):
        if heading:
            named, depth = _part_of(heading), _depth(heading)
            opening: Part = "creed" if aimed and k < aimed[0] else "tasks"
            above = parts[: min(depth, len(parts))]
            usual = opening if not above or (depth == 1 and above[-1] == "goals") else above[-1]
            parts = [*above, named or usual]
        lines.append(Line(k + 1, cells, parts[-1], heading == cells[0]))
    start, end = _years(lines)
    return Draft(name, tuple(lines), start, end)


def _heading(cells: tuple[str, ...]) -> str:
    """The heading a row is or begins with, empty where it has none."""
    text = cells[0]
    if len(cells) > 1 or CONTENTS.search(text) or not HEADING.match(text):
        return ""
    if opened := INLINE.match(text):
        return opened.group()
    numbered = re.match(NUMBERED, text) and "。" not in text[:-1]
    short = len(text) <= LONGEST_HEADING and (numbered or not text.endswith(("。", "；")))
    return text if short else ""


def _depth(heading: str) -> int:
    """0 of a chapter, 1 of a section, 2 of what stands under one."""
    if CHAPTER.match(heading):
        return 0
    numbered = re.match(r"\d+(?:\.\d+)+", heading)
    return numbered.group().count(".") if numbered else 1


def _part_of(heading: str) -> Part | None:
    """The part a heading names, None where it names none or sets a task."""
    bare = NUMBER_OF_HEADING.sub("", heading).rstrip("。：")
    found = next((part for part, words in PARTS if re.search(words, bare)), None)
    return None if found == "past" and TASK.match(bare) else found


def _years(lines: Sequence[Line]) -> tuple[int | None, int | None]:
    """First and last year of the plan: those its title names (a line without a stop among the
    first), else of the five-year plan the text names most often."""
    titles = [line.text for line in lines[:TITLE] if not re.search("[。，；]", line.text)]
    for text in titles:
        longest = 7 if "《" in text else 16  # a longer plan is quoted as another's
        if (match := SPAN.search(text)) and int(match[2]) - int(match[1]) in range(2, longest):
            return int(match[1]), int(match[2])
    whole = "\n".join(line.text for line in lines)
    for text in (*(text for text in titles if re.search("规划|计划|方案", text)), whole):
        found = Counter([*NAMED.findall(text), *(f"{n}五" for n in COUNTED.findall(text))])
        if found:
            start = FIVE_YEARS[found.most_common(1)[0][0]]
            return start, start + 4
    return None, None
