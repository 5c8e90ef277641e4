"""The same traps read from the parameters of a plan: what a reader of its text has written down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .. import plan as plans
from ..facts import STARTS_FROM_ZERO, Indicator, Plan
from ..promises import CommitmentsFile
from . import phrases
from .figures import in_sentence
from .tables import READ_BY
from .trap import Trap

UNKNOWN = re.compile(r"未载明|没有写明|未说明|不明")
POPULATION = re.compile(r"常住|户籍|人口[（(]|总人口")
FROM_BASELINE = ("at_end", "rise")  # forms of a target that is measured from a baseline
LISTED = 5  # names that are told of a longer list


def traps(plan: Plan) -> Iterator[Trap]:
    """The traps of every indicator, of the promises, and of the plan's own arithmetic."""
    indicators, ledger = plans.indicators(plan), plans.ledger(plan)
    for facts in indicators:
        yield from _indicator(facts)
    yield from _owners(indicators)
    yield from _promises(ledger)
    for check in plan.checks:
        if not check.observed and not check.holds:
            yield Trap("sum", check.lines, check.says, check.id, "规划自己的数加不起来")


def _indicator(facts: Indicator) -> Iterator[Trap]:
    level = facts.kind not in STARTS_FROM_ZERO and facts.target.form in FROM_BASELINE
    if level and facts.baseline.value is None:
        yield of_indicator("baseline", facts, "没有写基期值")
    elif facts.baseline.bound != "=" and level:
        yield of_indicator("baseline", facts, "基期值只是界限，不是一个数")
    if facts.kind == "cumulative" and UNKNOWN.search(facts.since or ""):
        yield of_indicator("since", facts, "没有写明累计从何年起算")
    if "/万人" in facts.unit and not POPULATION.search(facts.definition):
        yield of_indicator("denominator", facts, "没有写明人口分母是常住还是户籍、年末还是年平均")
    if UNKNOWN.search(facts.definition):
        yield of_indicator("definition", facts, "统计口径没有写明")
    if len({(way.kind, way.since) for way in facts.readings}) > 1:
        ways = "；".join(way.text for way in facts.readings)
        yield of_indicator("kind", facts, f"有 {len(facts.readings)} 种读法：{ways}")
    yield from _clauses(facts)
    yield from _met(facts)


def of_indicator(about: str, facts: Indicator, problem: str) -> Trap:
    """A trap of one indicator, on the lines its clauses stand on."""
    lines = tuple(clause.line for clause in facts.clauses if clause.line)
    return Trap(about, lines, facts.clauses[0].quote, facts.name_zh, problem)


def _clauses(facts: Indicator) -> Iterator[Trap]:
    """A clause of the table beside one of prose that reads the same number otherwise."""
    rows = [clause.quote for clause in facts.clauses if "|" in clause.quote]
    prose = [clause.quote for clause in facts.clauses if "|" not in clause.quote]
    if not rows or not prose or facts.target.value is None:
        return
    said = [figure for figure in in_sentence(prose[0], 0, "target")
            if figure.number == facts.target.value]  # fmt: skip
    lost = [word for word in READ_BY if said and word in said[0].clause and word not in rows[0]]
    if (
        said
        and said[0].bound not in ("=", "~")
        and not re.search(r"[<>≥≤]|不低于|超|以上", rows[0])
    ):
        lost.append("超、不低于")
    if lost:
        yield of_indicator("table_prose", facts, f"正文有“{'、'.join(lost)}”，表没有")


def _met(facts: Indicator) -> Iterator[Trap]:
    """A target the baseline meets."""
    base, target = facts.baseline.value, facts.target.value
    measured = facts.kind not in STARTS_FROM_ZERO and facts.target.form in FROM_BASELINE
    if base is None or target is None or not measured:
        return
    better = base >= target if facts.direction == "higher" else base <= target
    held = any(re.search("保持|维持|稳定在", clause.quote) for clause in facts.clauses)
    if better and not held:
        yield of_indicator("already_met", facts, f"基期值 {base:.12g} 已达到目标 {target:.12g}")


def _owners(indicators: Sequence[Indicator]) -> Iterator[Trap]:
    unnamed = [facts for facts in indicators if facts.supplier.basis != "规划原文"]
    if unnamed:
        names = "、".join(facts.name_zh for facts in unnamed[:LISTED])
        problem = f"{len(unnamed)} 项指标没有写明由谁负责、由谁报数：{names}" + (
            "等" if len(unnamed) > LISTED else ""
        )
        yield Trap("owner", (), "", "各项指标", problem)


def _promises(ledger: CommitmentsFile) -> Iterator[Trap]:
    for promise in ledger.commitments:
        line = (promise.line,) if promise.line else ()
        if promise.unclear:
            yield Trap("state", line, promise.quote, promise.title, promise.unclear)
        else:
            yield from phrases.of_sentence(line, promise.quote)
    undated = [p for p in ledger.commitments if p.type == "milestone" and not p.due]
    if undated:
        names = "、".join(promise.title for promise in undated[:LISTED])
        lines = tuple(sorted({promise.line for promise in undated if promise.line}))
        problem = f"{len(undated)} 项要交出结果的任务没有期限：{names}等"
        yield Trap("due", lines, undated[0].quote, undated[0].title, problem)
    for each in ledger.contradictions:
        lines = tuple(place.line for place in each.places)
        yield Trap("two_names", lines, each.places[0].quote, each.id, each.title)
