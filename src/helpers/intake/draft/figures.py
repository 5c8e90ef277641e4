"""Every figure a plan's text gives, and what is said of it: in prose and in tables.

A `Figure` is one number with its unit, the name it stands beside, and the words that decide how
it is read (新增, 累计, 不低于, 超). In prose the name is what stands between the figure before and
this one; a table names it in the cell to the left, or, where each cell is a line, on the line
above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .text import Draft, Line

When = Literal["earlier", "base", "target"]  # of a rise in the past, what it began with
UNIT = (
    r"(?:(?:万|亿|千|百)?(?:人次|件次|家次|人|件|家|个|项|笔|户|所|次|款|条|起|名|例|宗|种|处|场|批|座|"
    r"元|美元|吨|公里|平方米|亩|公顷|分|岁|天|小时|部|篇|期)|%|％|‰|个百分点)"
    r"(?:[/／](?:万?人|万家企业|万企|人|年|亿元|家))?"
)
QUANTITY = re.compile(
    r"(?P<before>不低于|不少于|不高于|不超过|超过|超|突破|高于|达到|达|至少|约)?\s*"
    r"(?<![\d.第前至—－~-])(?:\d+\s*[至~—－-]\s*)?(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<about>余|多)?\s*(?P<unit>" + UNIT + r")"
    r"(?!度)(?:（含）)?(?P<after>以上|以内|以下|左右|之间)?"
)
ALONE = re.compile(r"(?P<sign>[<>≥≤＞＜]=?)?" + QUANTITY.pattern)
SIGNED = re.compile(r"(?P<sign>[<>≥≤＞＜]=?)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)")
BARE = re.compile(r"[<>≥≤＞＜]?\d[\d,]*(?:\.\d+)?[%％]?")
UNIT_IN_NAME = re.compile(r"[（(](" + UNIT + r")[）)]")
BETWEEN = re.compile(r"[，。；：:！（）()]")
RISES = re.compile(r"(?:增加|提高|增长|上升|提升|扩大|下降|降低|降|减少)(?:到|至)")
BOUNDS = {"超过": ">", "超": ">", "突破": ">", "高于": ">", "不低于": ">=", "不少于": ">=",
          "至少": ">=", "不高于": "<=", "不超过": "<=", "以上": ">=", "以内": "<=", "以下": "<=",
          ">": ">", "＞": ">", "≥": ">=", "<": "<", "＜": "<", "≤": "<=",
          "余": ">=", "多": ">=", "约": "~", "左右": "~"}  # fmt: skip
KIND_WORDS = ("新增", "累计", "年均", "每年", "引进", "培育", "新建", "总量", "总数", "合计",
              "有效", "拥有量", "保有量", "年度", "当年")  # fmt: skip
LEADING = re.compile(
    r"^(?:—+|到?(?:20\d\d[—－–-]+)?20\d\d年[底末]?|“?十[一二三四五六]五”?(?:期间|时期|末)?|全区|全市|全县|全省|全国|我国|"
    r"其中|力争|实现|使|将|及|和|与|以及|并|共|、|获|新增各级|新增|累计|总数|培训)+"
)
TRAILING = re.compile(r"(?:达到|达|超过|超|不低于|不少于|突破|提高到|增加到|增长到|保持在|控制在|"
                      r"为|至|到|累计|总数|共|从[\d.]*|由[\d.]*|、|约)+$")  # fmt: skip
SAME = (("贯标", "管理标准化"), ("代理机构", "服务机构"), ("每万人口", "万人"), ("每万人", "万人"),
        ("GDP", "地区生产总值"), ("研发经费投入强度", "研发投入占比"))  # fmt: skip
PER_HEAD = re.compile(r"^每?[百千万]+(?:人口?|名|企业?|户)|^人均")
# what a task describes (涉及10个省, 草原面积15995万公顷) is no target
AIMED = re.compile(
    r"到20\d\d年|达到?|不低于|不少于|突破|新增|新建|培育|引进|建成|建设|创建|实现|力争|每[年季月]|"
    r"累计|提高到|培训|举办|认定|扶持|完成"
)
VERB = re.compile(r"(?:新增|培育|扶持|引进|建设|建成|打造|认定|创建|支持|新建|举办|开展|累计)+")
NO_NAME = re.compile(r"[“”\"《》（）()\s—…·]|各级|数量|实施|建设$")


@dataclass(frozen=True)
class Figure:
    """One figure of the text."""

    name: str
    number: float
    unit: str
    bound: str
    line: int
    sentence: str
    place: Literal["prose", "table"]
    when: When
    clause: str  # what stands before the number since the figure or comma before it
    chained: bool = False  # joined by 、 to the figure before

    @property
    def words(self) -> tuple[str, ...]:
        """Which words that decide how it is read stand in its clause."""
        return tuple(word for word in KIND_WORDS if word in self.clause)

    @property
    def core(self) -> str:
        """The name without what a name may do without, in one spelling."""
        name = NO_NAME.sub("", self.name)
        for spelled, same in SAME:
            name = name.replace(spelled, same)
        for word in ("新增", "累计"):
            name = name.replace(word, "")
        own = name.replace("知识产权", "")  # in a plan of intellectual property it tells nothing
        return own if len(own) > 3 else name

    @property
    def per_head(self) -> bool:
        """True of a number per ten thousand people or firms."""
        return bool(PER_HEAD.match(self.core))

    @property
    def shown(self) -> str:
        return f"{self.number:.12g}{self.unit}"


def alike(a: str, b: str) -> float:
    """Dice's coefficient of the two-letter pieces of two names: 0 nothing in common, 1 the same."""
    first, second = ({text[k : k + 2] for k in range(len(text) - 1)} for text in (a, b))
    if not first or not second:
        return float(a == b and bool(a))
    return 2 * len(first & second) / (len(first) + len(second))


def within(short: str, long: str) -> bool:
    """True where the letters of `short` stand in `long` in this order."""
    letters = iter(long)
    return len(short) > 3 and all(letter in letters for letter in short)


def of_prose(draft: Draft) -> list[Figure]:
    """The figures of all sentences: those of the past are `base`, those of goals and tasks
    `target`."""
    return [
        figure
        for line in draft.lines
        if line.part in ("past", "goals", "tasks")
        for sentence in line.sentences
        if not ALONE.fullmatch(sentence) and (line.part != "tasks" or AIMED.search(sentence))
        for figure in in_sentence(
            sentence, line.number, "base" if line.part == "past" else "target"
        )
    ]


def in_sentence(sentence: str, line: int, when: When) -> list[Figure]:
    """The figures of one sentence, each with the name it stands beside."""
    found: list[Figure] = []
    end = 0
    for match in QUANTITY.finditer(sentence):
        if match["unit"] == "年" or sentence[: match.start()].endswith("第"):
            continue
        clause = BETWEEN.split(sentence[end : match.start()])[-1]
        chained = clause.startswith("、") and bool(found)
        clause += match["before"] or ""
        name = TRAILING.sub("", LEADING.sub("", clause.strip("、 ")))
        if len(name) < 2 or VERB.fullmatch(
            name
        ):  # the number stands before its name: 2家优势产业知识产权保护联盟
            name = BETWEEN.split(sentence[match.end() :])[0].split("、")[0]
        figure = _figure(match, name, line, sentence, "prose", when, clause)
        if found and RISES.fullmatch(clause):  # 从1990件增加到4493件: two figures of one name
            before: When = "earlier" if when == "base" else "base"
            found[-1] = replace(found[-1], when=before)
            figure = replace(figure, name=found[-1].name, clause=found[-1].clause)
        found.append(replace(figure, chained=chained))
        end = match.end()
    return [figure for figure in found if len(figure.name) > 1]


def _figure(match, name, line, sentence, place, when, clause) -> Figure:
    parts = match.groupdict("")
    words = (parts.get(part, "") for part in ("sign", "before", "after", "about"))
    bound = next((BOUNDS[word] for word in words if word in BOUNDS), "=")
    return Figure(
        name.strip("的、 "),
        float(match["number"].replace(",", "")),
        parts.get("unit", "").replace("％", "%").replace("／", "/"),
        bound,
        line,
        sentence,
        place,
        when,
        clause,
    )


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
            yield _figure(match, above, line.number, sentence, "table", when, above)
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


LONG_LINE = 60  # characters: a paragraph, after which a table is another one


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
            yield _figure(match, name, line.number, line.text, "table", when, name + cell)


def _quantity(cell: str, unit: str) -> re.Match[str] | None:
    """The one quantity of a cell: a bare figure in the row's unit, or a phrase with one."""
    if bare := SIGNED.fullmatch(cell):
        return ALONE.fullmatch(cell + unit) if unit else bare
    found = list(ALONE.finditer(cell))
    return found[0] if len(found) == 1 else None


def of_draft(draft: Draft) -> list[Figure]:
    """All figures of the text, tables first."""
    return [*of_tables(draft), *of_prose(draft)]
