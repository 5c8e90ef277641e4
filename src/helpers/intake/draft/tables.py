"""Where two places of a plan say the same thing differently: table and prose, base and target,
total and parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .figures import UNIT, Figure, alike, within
from .targets import SIMILAR, THINGS, Target, same
from .text import Draft
from .trap import Trap

READ_BY = ("新增", "累计", "引进", "培育", "每年", "年均")
BOUND_WORDS = {">": "超", ">=": "不低于（余、以上）", "<=": "不高于", "~": "约"}
PARTS = re.compile(rf"(?<![\d,，.])(\d+)({UNIT})，其中([^。；]+)")
PART = re.compile(rf"(?<![\d,，.])(\d+)({UNIT})")
TWO = re.compile(
    r"([^，。；]*(?:量|额|数|率|产值)、[^，。；]*(?:占比|比重|率))(?:达到?|为|超过?)\d[^，。；]*"
)
NEARLY = 0.7  # `alike`: one name written a little differently
ALL_PARTS = 0.9  # of a total: parts that make less of it are some of its parts
MOST_ALONE = 3  # targets that stand in prose beside a table
SHORTEST = 3  # letters: less is the unit of a cell, no indicator's name
SHIFT = 0.05  # relative change of an implied denominator that growth of a population does not make


def traps(figures: Sequence[Figure], targets: Sequence[Target], draft: Draft) -> Iterator[Trap]:
    """What does not agree."""
    has_table = sum(target.table is not None for target in targets) >= 3
    goals = {line.number for line in draft.lines if line.part == "goals"}
    rows = [line.cells[0] for line in draft.lines if len(line.cells) > 2]
    for target in targets:
        if target.table and target.prose:
            yield from _differs(target)
    alone = [t for t in targets if t.first.line in goals and not _in_table(t.first, rows)]
    if has_table and len(alone) <= MOST_ALONE:  # more are how this plan is written
        yield from (t.trap("table_prose", "只见于正文，没有列入指标表") for t in alone)
    yield from _bases(figures)
    yield from _without_target(figures, targets)
    yield from _restated(targets)
    yield from _sums(draft)
    yield from _implied(figures)
    yield from _two_ratios(draft)


def _in_table(figure: Figure, rows: Sequence[str]) -> bool:
    """True where a row of the table has its name, whatever its cells say."""
    return figure.place == "table" or any(
        alike(row, figure.name) >= SIMILAR or within(row, figure.name) for row in rows
    )


def _differs(target: Target) -> Iterator[Trap]:
    table, prose = target.table, target.prose[0]
    assert table is not None
    problems = list(_differences(table, prose))
    if problems:
        yield target.trap("table_prose", "；".join(problems))
    units = {table.unit, prose.unit}
    if len(units) > 1 and table.number == prose.number:
        yield target.trap("unit", f"表写“{table.unit}”，正文写“{prose.unit}”")


def _differences(table: Figure, prose: Figure) -> Iterator[str]:
    """What prose says and the table does not, and the other way round."""
    if table.number != prose.number and table.unit == prose.unit:
        yield f"表为{table.shown}，正文为{prose.shown}"
    if table.bound != prose.bound:
        lost = BOUND_WORDS.get(prose.bound)
        yield f"正文有“{lost}”，表没有" if lost else f"表有“{BOUND_WORDS[table.bound]}”，正文没有"
    said, shown = ([word for word in READ_BY if word in figure.clause] for figure in (prose, table))
    said = ["新增"] if prose.chained and "新增" in prose.sentence and not said else said
    if lost_words := [word for word in said if word not in shown]:
        yield f"正文有“{'、'.join(lost_words)}”，表没有"
    if more := [word for word in shown if word not in said]:
        yield f"表有“{'、'.join(more)}”，正文没有"
    if not (said or shown or prose.bound != "=") and _after_added(prose):
        yield "正文的“新增”管不管到这一项不明，表没有“新增”"
    beside = re.search(r"和(\w{2,4})$", prose.name)
    if beside and beside[1] not in table.name:
        yield f"正文还有“和{beside[1]}”，表没有"


def _after_added(figure: Figure) -> bool:
    """True where 新增 opened the list this figure of things continues after a comma."""
    before = figure.sentence.split(figure.clause)[0] if figure.clause else ""
    return figure.unit in THINGS and "新增" in before and "达" not in figure.clause


def _bases(figures: Sequence[Figure]) -> Iterator[Trap]:
    """A table of what was reached, beside the prose that tells it."""
    base = [figure for figure in figures if figure.when == "base"]
    prose = [figure for figure in base if figure.place == "prose"]
    for table in (figure for figure in base if figure.place == "table"):
        mine = next((f for f in prose if f.number == table.number and same(table, f)), None)
        if mine and (problems := list(_differences(table, mine))):
            lines = (mine.line, table.line)
            yield Trap("table_prose", lines, mine.sentence, table.name, "；".join(problems))


def _without_target(figures: Sequence[Figure], targets: Sequence[Target]) -> Iterator[Trap]:
    """Indicators of the table of what was reached that have no target any more."""
    aimed = [target.first.core for target in targets]
    dropped = [
        figure
        for figure in figures
        if figure.when == "base"
        and figure.place == "table"
        and len(figure.core) > SHORTEST
        and not re.search(r"\d", figure.core)
        and not any(alike(figure.core, c) >= SIMILAR or within(figure.core, c) for c in aimed)
    ]
    if targets and dropped:
        names = "、".join(figure.name for figure in dropped)
        lines = tuple(figure.line for figure in dropped)
        problem = f"{len(dropped)} 项有基期没有目标：{names}"
        yield Trap("no_target", lines, names, dropped[0].name, problem)


def _restated(targets: Sequence[Target]) -> Iterator[Trap]:
    """One number under two names in prose: 专业化、规模化服务机构5家, 高端品牌服务机构5家."""
    for target in targets:
        names = [target.prose[0].core] if target.prose else []
        for figure in target.prose:
            more = figure.core.endswith(names[0]) or names[0].endswith(figure.core)
            if SIMILAR <= alike(names[0], figure.core) < NEARLY and not more:
                names.append(figure.core)
        lines = tuple(dict.fromkeys(figure.line for figure in target.prose))
        if len(names) > 1 and len(lines) > 1:
            problem = f"同一目标前后名称不同：{'；'.join(f.name for f in target.prose)}"
            yield Trap("two_names", lines, target.said.sentence, target.first.name, problem)
            continue
        equal = [figure for figure in target.prose if figure.number == target.first.number]
        words = {tuple(w for w in READ_BY if w in figure.clause) for figure in equal}
        if len(words) > 1 and len(lines) > 1:
            yield target.trap("kind", "前后两处的“新增、累计”说法不同")


def _sums(draft: Draft) -> Iterator[Trap]:
    """A total and its parts in one sentence: 代理机构13家，其中专利3家，商标10家."""
    for line, sentence in draft.sentences():
        for match in PARTS.finditer(sentence):
            parts = [float(n) for n, unit in PART.findall(match[3]) if unit == match[2]]
            dated = re.search(r"20\d\d|其中", match[3])  # parts of another total
            total = float(match[1])
            whole = sum(parts) > total or ALL_PARTS * total <= sum(parts) < total
            if len(parts) > 1 and not dated and whole:
                problem = f"分项合计 {sum(parts):.12g}{match[2]}，总数写 {match[1]}{match[2]}"
                yield Trap("sum", (line,), sentence, match.group()[:20], problem)


def _implied(figures: Sequence[Figure]) -> Iterator[Trap]:
    """A total and the same per ten thousand people, at two times: the people between them."""
    past = [figure for figure in figures if figure.place == "prose" and figure.when != "target"]
    for per_head in (f for f in past if f.when == "earlier" and f.core.startswith("万人")):
        later = _other(past, per_head.core, "base")
        total = [_other(past, per_head.core[2:], when) for when in ("earlier", "base")]
        if later is None or total[0] is None or total[1] is None:
            continue
        before, after = total[0].number / per_head.number, total[1].number / later.number
        if abs(after / before - 1) > SHIFT:
            problem = (
                f"{total[0].shown}÷{per_head.shown}得{before:.2f}万人，{total[1].shown}÷"
                f"{later.shown}得{after:.2f}万人：五年间分母变了 {after / before - 1:+.1%}"
            )
            yield Trap("sum", (per_head.line,), per_head.sentence, per_head.name, problem)


def _other(figures: Sequence[Figure], core: str, when: str) -> Figure | None:
    return next((f for f in figures if f.core == core and f.when == when), None)


def _two_ratios(draft: Draft) -> Iterator[Trap]:
    for line, sentence in draft.sentences():
        match = TWO.search(sentence)
        if match and "分别" not in match.group() and match[1].count("占比") < 2:
            yield Trap("two_ratios", (line,), sentence, match[1].strip(), "两个量共用一个数")
