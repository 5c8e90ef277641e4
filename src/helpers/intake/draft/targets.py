"""What can be told of each target by itself: base, denominator, unit, 新增 or 累计, since when,
source, and whether it lies above what there was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .figures import VERB, Figure, alike, within
from .text import Draft
from .trap import Trap

SAME_NAME, SIMILAR = 0.85, 0.5  # `alike`: one indicator; another definition of it
SAME_FIGURE = 0.3  # the same number and unit: so much of the name is enough
PER_PERSON = re.compile(r"^每?[百千万]+(?:人|名)|^人均")
POPULATION = re.compile(r"常住人口|户籍人口|年末人口|总人口")
ADDED = ("新增", "引进", "培育", "新建")
OF_A_YEAR = re.compile(r"登记量|申请量|授权量|成交额|登记额|登记件数")
STATED = re.compile(r"每年|年均|累计|年度|当年|期间|五年|5年|总量|总数|新增")
PERIOD = re.compile(r"每年|年均|期间|五年|5年")
COMPARED = re.compile(
    r"(?:较|比)(?:(?:19|20)\d\d年|“?[十九八七]?[一二三四五]?五)[^，。；|]*?\d|翻[一两]番"
)
GROWN = re.compile(r"[^，。；]*[，,](?:年均|平均每?年)(?:增长|递增|提高|下降)")
DATED = re.compile(r"(?:自|从|截至)20\d\d年|20\d\d年?[—－-]+20\d\d年|期间|以来|[五5]年累计")
UNTIL = re.compile(
    r"到(?:本世纪末|(?:19|20)\d\d年)|(?:19|20)\d\d年(?:底|末|以?前|完成)|期末|[五5]年内?|任期内"
)
SUMMED = re.compile(r"合计|累计|投资$|投入$|资金|经费$")
COUNTS_ALL = re.compile(rf"累计(?!{VERB.pattern})")  # 累计新增 begins with the plan
HELD = re.compile(r"(?:保持|稳定|维持|控制)在")
LEVEL = re.compile(r"有效|拥有量|保有量|从业人员|在册|存量")
TIMES = ("次", "场", "期")
THINGS = ("家", "个", "项", "所", "户", "名", "座", "种", "处")
SURVEYED = re.compile(r"满意度|知晓率|认知度|满意率|获得感")
ACCOUNTED = re.compile(r"(?:密集型|版权|数字经济|文化|旅游|海洋|战略性新兴)\w*产业\w*增加值|贡献率")
NO_TERM = re.compile(r"高层次|高端|高水平|领军|骨干|优质|知名|品牌化|有影响力")
SOURCED = re.compile(r"数据来源|数据由|统计局提供|以.{2,20}(?:公布|发布)的?.{0,10}为准")


@dataclass(frozen=True)
class Target:
    """One target: its figure in the table (None where it stands in prose alone) and in prose."""

    table: Figure | None
    prose: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*((self.table,) if self.table else ()), *self.prose)

    @property
    def first(self) -> Figure:
        return self.figures[0]

    @property
    def said(self) -> Figure:
        """The figure whose words say most: that of prose, where there is one."""
        return self.prose[0] if self.prose else self.first

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(figure.line for figure in self.figures))

    @property
    def words(self) -> set[str]:
        return {word for figure in self.figures for word in figure.words}

    @property
    def added(self) -> bool:
        """True where it counts what is added: a figure joined by 、 to one that says so too."""
        return any(word in self.words for word in ADDED) or any(
            figure.chained and "新增" in figure.sentence for figure in self.figures
        )

    def trap(self, about: str, problem: str, lines: Iterable[int] = ()) -> Trap:
        numbers = tuple(dict.fromkeys((*self.lines, *lines)))
        return Trap(about, numbers, self.said.sentence, self.first.name, problem)


def same(table: Figure, prose: Figure) -> bool:
    """True where a figure of a table and one of prose are the same indicator's: by name, or by
    number, unit and some of the name."""
    near = alike(table.core, prose.core)
    if table.number == prose.number and (_unit(table) == _unit(prose) or not table.unit):
        begun = table.core[:4] in prose.sentence and prose.core in table.core
        return near >= SAME_FIGURE or within(prose.core, table.core) or begun
    return near >= SAME_NAME and table.per_head == prose.per_head and table.unit == prose.unit


def _unit(figure: Figure) -> str:
    """The unit; 家 and 个 count the same things."""
    return "个" if figure.unit in THINGS else figure.unit


def of_figures(figures: Sequence[Figure]) -> list[Target]:
    """The targets of the text: those of tables with what prose says of them, then the others."""
    wanted = [figure for figure in figures if figure.when == "target"]
    prose = [figure for figure in wanted if figure.place == "prose"]
    found: list[Target] = []
    taken: set[int] = set()
    for table in (figure for figure in wanted if figure.place == "table"):
        mine = [figure for figure in prose if same(table, figure)]
        taken |= {id(figure) for figure in mine}
        found.append(Target(table, tuple(mine)))
    rest = [figure for figure in prose if id(figure) not in taken]
    return [*found, *_by_name(rest)]


def _by_name(prose: Sequence[Figure]) -> Iterator[Target]:
    """Targets that stand in prose alone, one for each name and number."""
    groups: list[list[Figure]] = []
    for figure in prose:
        group = next((g for g in groups if same(g[0], figure)), None)
        if group is None:
            groups.append([figure])
        else:
            group.append(figure)
    return (Target(None, tuple(group)) for group in groups)


def traps(draft: Draft, figures: Sequence[Figure], targets: Sequence[Target]) -> Iterator[Trap]:
    """Everything that can be told of single targets."""
    bases = [figure for figure in figures if figure.when == "base"]
    for target in targets:
        yield from _baseline(target, bases)
        yield from _denominator(target, draft)
        yield from _kind(target, bounded=any(_until(draft, f) for f in target.figures))
        yield from _since(target)
        yield from _source(target, draft)
        yield from _term(target)
        yield from _already(target, bases)


def _baseline(target: Target, bases: Sequence[Figure]) -> Iterator[Trap]:
    first = target.first
    if not _is_level(target) or any(_needs_no_base(figure) for figure in target.figures):
        return
    units = [base for base in bases if base.unit == first.unit and _same_head(base, first)]
    near = sorted(units, key=lambda base: -alike(base.core, first.core))[:1]
    if near and alike(near[0].core, first.core) >= SAME_NAME:
        return
    if near and alike(near[0].core, first.core) >= SIMILAR:
        base = near[0]
        problem = f"基期是“{base.name}”{base.shown}，口径不同"
        yield target.trap("baseline", problem, (base.line,))
    else:
        yield target.trap("baseline", "没有写基期值")


def _is_level(target: Target) -> bool:
    """True where it is clear that a level is meant, no sum, part or number of things."""
    first = target.first
    level = any(f.place == "table" or f.act == "level" for f in target.figures)
    summed = SUMMED.search(first.name) or "合计" in first.sentence or target.added
    unclear = first.unit in THINGS or first.clause.startswith("其中") or _happens(first)
    return level and not (summed or unclear)


def _needs_no_base(figure: Figure) -> bool:
    """True of a figure said against what it was (较“十二五”下降30%), followed by its growth
    (达到300亿元，年均增长20%), or a bound to keep."""
    bound = HELD.search(figure.clause) or (figure.bound in ("<", "<=") and not figure.moves)
    return bool(COMPARED.search(figure.sentence) or GROWN.match(figure.after) or bound)


def _same_head(base: Figure, target: Figure) -> bool:
    """True where what has the share is alike: 服务业 and 新兴产业 have two, however long the rest
    of their names is the same."""
    heads = [figure.core.partition("占")[0] for figure in (base, target)]
    return alike(*(head.replace("增加值", "") or head for head in heads)) >= SIMILAR


def _denominator(target: Target, draft: Draft) -> Iterator[Trap]:
    core, unit = target.first.core, target.first.unit
    level = target.first.act != "rate" and "寿命" not in core
    if level and PER_PERSON.match(core) and not POPULATION.search(draft.whole):
        yield target.trap("denominator", "没有写明人口分母是常住还是户籍、年末还是年平均")
    told = target.first.name.startswith("每")  # 每万人口医师数2人: its name says that it is a rate
    if target.first.per_head and core.endswith("数") and "/" not in unit and not told:
        problem = f"名称是每若干单位的比率，单位却写成“{unit}”，容易读成总数"
        yield target.trap("unit", problem)


def _until(draft: Draft, figure: Figure) -> bool:
    """True where its paragraph has named a year to reach before the figure's sentence ends; of
    things, which are added once, its section of the goals. What a task adds of them is of the
    plan's years."""
    if figure.place != "prose":
        return False
    told, _, _ = draft.lines[figure.line - 1].text.partition(figure.sentence)
    if not _flows(figure):
        if draft.lines[figure.line - 1].part == "tasks":
            return True
        told = draft.section_before(figure.line) + told
    return bool(UNTIL.search(told + figure.sentence))


def _kind(target: Target, bounded: bool) -> Iterator[Trap]:
    first, said = target.first, target.said
    spoken = "".join(figure.clause for figure in target.figures)
    if "累计" in spoken and LEVEL.search(spoken):
        yield target.trap("kind", "“累计”是历年合计，有效量、从业人员是存量，一句两种口径")
    elif not bounded and (
        (
            target.added
            and first.unit not in ("%", "‰")
            and not (PERIOD.search(said.sentence) or "累计" in said.clause)
        )
        or (_happens(first) and not (target.added or STATED.search(spoken)))
    ):
        yield target.trap("kind", "没有写明是规划期合计还是每年")
    elif OF_A_YEAR.search(first.core) and not STATED.search(spoken):
        yield target.trap("kind", "没有写明是当年数还是历年累计数")
    elif first.unit in THINGS and _counted(first) and not (_told(target) or STATED.search(spoken)):
        yield target.trap("kind", "没有写明是总量还是新增")


def _told(target: Target) -> bool:
    """True where a verb tells a total or an addition: 达到5家, 建设5家."""
    return target.added or any(figure.act in ("level", "done") for figure in target.figures)


def _happens(figure: Figure) -> bool:
    """True for a number of times."""
    return any(unit in figure.unit for unit in TIMES)


def _flows(figure: Figure) -> bool:
    """True of what is counted anew each year: files, people, money, times."""
    return figure.unit.endswith(("件", "人", "名", "元", *TIMES))


def _counted(figure: Figure) -> bool:
    """True for a number of things, not of things per head or of their value."""
    return not figure.per_head and not LEVEL.search(figure.core)


def _since(target: Target) -> Iterator[Trap]:
    spoken = "".join(figure.clause for figure in target.figures)
    dated = any(DATED.search(figure.sentence) for figure in target.figures)
    if COUNTS_ALL.search(spoken) and not dated and not LEVEL.search(spoken):
        yield target.trap("since", "没有写明累计从何年起算")


def _source(target: Target, draft: Draft) -> Iterator[Trap]:
    if SOURCED.search(draft.whole):
        return
    if SURVEYED.search(target.first.core):
        yield target.trap("source", "没有写明由谁调查、怎样调查，是百分比还是百分制")
    elif ACCOUNTED.search(target.first.core):
        yield target.trap("source", "要靠专门核算，没有写明本级由谁核算、何时公布")


def _term(target: Target) -> Iterator[Trap]:
    for figure in target.figures:
        if figure.unit in ("人", "名", "家", "个") and (match := NO_TERM.search(figure.name)):
            yield target.trap("undefined", f"“{match.group()}”没有定义")
            return


def _already(target: Target, bases: Sequence[Figure]) -> Iterator[Trap]:
    first = target.first
    if first.unit not in (*THINGS, "件", "人") or first.per_head:
        return
    counts = [b for b in bases if _unit(b) == _unit(first) and not b.per_head]
    near = SIMILAR if first.unit in THINGS else (SIMILAR + SAME_NAME) / 2
    named = [b for b in counts if alike(b.core, first.core) >= near]
    parts = [b for b in counts if b.place == "table" and within(b.core, first.core)]
    more = [b for b in named if b.number > first.number or (b.number == first.number)]
    total = sum(base.number for base in parts)
    if more:
        base = max(more, key=lambda b: alike(b.core, first.core))
        yield target.trap("already_met", f"已有“{base.name}”{base.shown}，不少于目标{first.shown}",
                          (b.line for b in more))  # fmt: skip
    elif len(parts) > 1 and total >= first.number:
        said = "、".join(f"{base.name}{base.shown}" for base in parts)
        yield target.trap("already_met", f"已有{said}，合计不少于目标{first.shown}",
                          (b.line for b in parts))  # fmt: skip
