"""Every figure a plan's text gives, and what is said of it: in prose and in tables.

A `Figure` is one number with its unit, the name it stands beside, and the words that decide how
it is read (新增, 累计, 不低于, 超). In prose the name is what stands between the figure before and
this one; a table names it in the cell to the left, or, where each cell is a line, on the line
above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from .text import Draft

# a level that is reached, a rate of change, what is done so many times, or not told
Act = Literal["level", "rate", "done", ""]
When = Literal["earlier", "base", "target"]  # of a rise in the past, what it began with
UNIT = (
    r"(?:(?:万|亿|千|百)?(?:人次|件次|家次|人|件|家|个|项|笔|户|所|次|款|条|起|名|例|宗|种|处|场|批|座|"
    r"元|美元|吨|公里|平方米|亩|公顷|分(?!钟)|岁|天|小时|部|篇|期)|%|％|‰|个百分点)"
    r"(?:[/／](?:万?人|万家企业|万企|人|年|亿元|家))?"
)
QUANTITY = re.compile(
    r"(?P<before>不低于|不少于|不高于|不超过|超过|超|突破|高于|低于|少于|小于|达到|达|至少|约)?\s*"
    r"(?<![\d.第前至—－~-])(?:\d+\s*[至~—－-]\s*)?(?P<number>\d{1,3}(?:[,，]\s?\d{3})+(?!\d)|\d+(?:\s?[.．·]\s?\d+)?)\s*"
    r"(?P<about>余|多)?\s*(?P<unit>" + UNIT + r")"
    r"(?!度|\s?和\s?[\d.]+\s?个百分点)(?:（含）)?(?P<after>以上|以内|以下|左右|之间)?"
)
POINTS = str.maketrans(
    {",": None, "，": None, "．": ".", "·": "."}
)  # 1,200 and 6 · 5 as print has them
ALONE = re.compile(r"(?P<sign>[<>≥≤＞＜]=?)?" + QUANTITY.pattern)
BETWEEN = re.compile(r"[，。；：:！（）()]|,(?!\d)")
RISES = re.compile(
    r"\w{0,4}?(?:增加|提高|增长|上升|提升|扩大|下降|降低|降|减少|缩短)(?:到|至)\s*(?:\d{4}年的?)?"
)
MOVES = re.compile(r"[高加升大低降少短缩][到至]")
FROM = re.compile(
    r"[要将]?[由从](?:\d{4}年|目前|现在)?的?$"
)  # 由1990年的: the name is before the comma
BOUNDS = {"超过": ">", "超": ">", "突破": ">", "高于": ">", "不低于": ">=", "不少于": ">=",
          "低于": "<", "少于": "<", "小于": "<", "至少": ">=",
          "不高于": "<=", "不超过": "<=", "以上": ">=", "以内": "<=", "以下": "<=",
          ">": ">", "＞": ">", "≥": ">=", "<": "<", "＜": "<", "≤": "<=",
          "余": ">=", "多": ">=", "约": "~", "左右": "~"}  # fmt: skip
KIND_WORDS = ("新增", "累计", "年均", "每年", "引进", "培育", "新建", "总量", "总数", "合计",
              "有效", "拥有量", "保有量", "年度", "当年")  # fmt: skip
LEADING = re.compile(
    r"^(?:—+|到?(?:(?:19|20)\d\d[—－–-]+)?(?:19|20)\d\d年[底末]?|“?十[一二三四五六]五”?(?:期间|时期|末)?|全区|全市|全县|全省|全国|我国|"
    r"其中|力争|实现|使|将|及|和|与|以及|并|共|、|获|新增各级|新增|累计|总数|培训)+"
)
TRAILING = re.compile(r"(?:上升到?|降到?|分别|达到|达|超过|超|不低于|不少于|突破|提高到|增加到|"
                      r"增长到|保持在|控制在|为|至|到|累计|总数|共|"
                      r"[从由]\s*(?:\d{4}年|目前|现在)?的?[\d.]*|、|约)+$")  # fmt: skip
SAME = (("贯标", "管理标准化"), ("代理机构", "服务机构"), ("每万人口", "万人"), ("每万人", "万人"),
        ("GDP", "地区生产总值"), ("研发经费投入强度", "研发投入占比"))  # fmt: skip
PER_HEAD = re.compile(r"^每?[百千万]+(?:人口?|名|企业?|户)|^人均")
DOES = (  # what is done so many times or to so many, as against what there is
    "新增|新建|新认定|培育|扶持|引进|引入|建设|建成|建立|打造|认定|创建|创办|支持|举办|开展|累计|引导|推动|推广|应用|"
    "遴选|实施|实现|完成|组织|面向|带动|集聚|投入|安排|招收|选派|资助|发放|改造|扩建|制定|发布|培养|培训|每年|滚动|"
    "力争|努力|继续|加快|全面|分类|基本|重点|再|各|可|约"
)
VERB = re.compile(rf"(?:{DOES})+")
# the verbs of a level, just before its number
REACHES = re.compile(
    r"(?:达到?|超过?|突破|高于|低于|不低于|不少于|不高于|不超过|至少|(?:保持|稳定|控制|维持)[在到]|"
    r"[高加升大低降少短缩]到|[高加升大低降少短缩]至|[为占]|[从由][^，。]{0,8})(?:约|每年)?$"
)
RATE = re.compile(
    r"(?P<own>\w*?)(?:年均|平均每?年|[比较].{2,12}?)?(?:增长|递增|增加|增幅|增速|下降|降低|减少|提高|削减)$"
)
PREDICATE = re.compile(
    r"(?:以上|左右|以内|以下|之间|（含）)*(?:$|[，,。；、：！（）()]|和|及|以及|并|"
    + RISES.pattern
    + ")"
)
TERMS = re.compile(r"、[^，。；：]{0,14}\d[^，。；、：]{0,8}的")  # 30人、井深超过800米的矿山
DESCRIBES = re.compile(r"[^，。；：]{0,30}的[^，。；、：]")  # 1000例病例的数据集
GRANTS = re.compile(
    r"奖补|补助|补贴|奖励|给予|最高|罚款"
)  # a condition or a sum of money for somebody
NUMBERS = re.compile(r"[\d.%％、]+和?")  # 分别为13%、51%和36%: no name is left for the others
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
    act: Act = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Which words that decide how it is read stand in its clause."""
        return tuple(word for word in KIND_WORDS if word in self.clause)

    @property
    def moves(self) -> bool:
        """True where its clause tells of a change to it: 降到, 提高至."""
        return bool(MOVES.search(self.clause))

    @property
    def after(self) -> str:
        """The sentence behind its clause."""
        return self.sentence.partition(self.clause)[2] if self.clause else ""

    @property
    def core(self) -> str:
        """The name without what a name may do without, in one spelling."""
        name = NO_NAME.sub("", _own(self.name) if self.act == "rate" else self.name)
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
        for sentence in line.sentences
        if line.part != "creed" and not ALONE.fullmatch(sentence)
        for figure in in_sentence(
            sentence,
            line.number,
            "base" if draft.part_of(line, sentence) == "past" else "target",
        )
        if figure.when != "target" or line.part != "tasks" or figure.act
    ]


def in_sentence(sentence: str, line: int, when: When) -> list[Figure]:
    """The figures of one sentence that say what is or is to be, each with the name it stands
    beside: 新建5个网点, 覆盖率达到20%; not those that describe, 15分钟服务圈."""
    found: list[Figure] = []
    end = 0
    for match in QUANTITY.finditer(sentence):
        clause, name, after = _around(match, sentence, end)
        behind = len(name) < 2 or bool(VERB.fullmatch(name))  # 2家优势产业知识产权保护联盟
        chained = clause.startswith("、") and bool(found)
        follows = chained or (bool(found) and clause == (match["before"] or ""))
        act = _act(clause, name, behind, found[-1].act if follows else "")
        if not _is_told(sentence[match.end() :], name, clause + after, behind, act):
            continue
        figure = figure_of(match, after if behind else name, line, sentence, "prose", when, clause)
        if found and RISES.fullmatch(clause):  # 从1990件增加到4493件: two figures of one name
            before: When = "earlier" if when == "base" else "base"
            found[-1] = replace(found[-1], when=before)
            figure = replace(figure, name=found[-1].name, clause=found[-1].clause)
        found.append(replace(figure, chained=chained, act=act))
        end = match.end() + (len(after) if behind else 0)
    return [
        figure for figure in found if len(figure.name) > 1 and not NUMBERS.fullmatch(figure.name)
    ]


def _around(match: re.Match[str], sentence: str, end: int) -> tuple[str, str, str]:
    """(clause, name, what follows) of a quantity: what stands before it since `end` and the last
    comma, the name in that, the words behind it up to the next comma."""
    *earlier, clause = BETWEEN.split(sentence[end : match.start()])
    clause += match["before"] or ""
    name = TRAILING.sub("", LEADING.sub("", clause.strip("、 ")))
    if earlier and FROM.fullmatch(clause.strip()):
        name = earlier[-1]
    return clause, name, BETWEEN.split(sentence[match.end() :])[0].split("、")[0]


def _is_told(rest: str, name: str, spoken: str, behind: bool, act: Act) -> bool:
    """True of a quantity that is a predicate; not of one that describes what `rest` goes on with,
    of a grant's terms, of the rate of another figure (比2025年增长6%)."""
    if behind:
        predicate = not re.search(r"\d", spoken)  # 12种污染物排放量削减5%: 5% is told of them
    else:
        predicate = bool(PREDICATE.match(rest)) or (act == "level" and not DESCRIBES.match(rest))
        predicate = predicate and not TERMS.match(rest)
    return predicate and not GRANTS.search(spoken) and (act != "rate" or bool(_own(name)))


def _own(name: str) -> str:
    """What of a rate's name is its own: 产值 of 产值年均增长, nothing of 比2025年增长."""
    match = RATE.fullmatch(name)
    return match["own"].strip("、") if match else name


def _act(clause: str, name: str, behind: bool, before: Act) -> Act:
    """What a clause says of its number: 达到 a level, 增长 a rate, 新建 what is done; of a number
    joined by 、 to another what was said of that one."""
    bare = clause.strip("、 ")
    if VERB.fullmatch(name):
        return "done"
    if RATE.search(TRAILING.sub("", bare)):
        return "rate"
    if REACHES.search(bare):
        return "level"
    if (behind and bare) or re.match(rf"(?:{LEADING.pattern[1:]})?(?:{DOES})", bare):
        return "done"
    return before


def figure_of(match, name, line, sentence, place, when, clause) -> Figure:
    parts = match.groupdict("")
    words = (parts.get(part, "") for part in ("sign", "before", "after", "about"))
    bound = next((BOUNDS[word] for word in words if word in BOUNDS), "=")
    return Figure(
        name.strip("的、 "),
        float(re.sub(r"\s", "", match["number"]).translate(POINTS)),
        parts.get("unit", "").replace("％", "%").replace("／", "/"),
        bound,
        line,
        sentence,
        place,
        when,
        clause,
    )
