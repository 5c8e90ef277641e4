"""Whether a plan's facts agree with each other: what no single field can show.

Each function yields findings; none reads a file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from .facts import Indicator, Plan
from .fields import FACT_ID, PLAN_ID as PLAN_ID, is_name as is_name
from .finding import Finding, Wrong, in_file, nearest


def doubled(names: Iterable[str]) -> list[str]:
    names = list(names)
    return sorted({name for name in names if names.count(name) > 1})


def of_plan(plan: Plan, folder: str, shown: str) -> Iterable[Finding]:
    wrong = in_file(shown)
    if plan.id != folder:
        yield wrong("id", plan.id, "与文件夹名不同", f"请写成 {folder}")
    if not plan.baseline_year < plan.period.start <= plan.period.end <= plan.target_year:
        years = f"{plan.baseline_year}、{plan.period.start}、{plan.period.end}、{plan.target_year}"
        yield wrong("period", years, "年份次序不对", "应为 基期年 < 起始年 ≤ 结束年 ≤ 目标年")
    if sum(area.role == "whole" for area in plan.areas) != 1:
        yield wrong("areas", "", "须有且只有一个 role: whole 的区域", "请改正")
    yield from _name_findings(plan, wrong)
    yield from _check_findings(plan, wrong)


def _name_findings(plan: Plan, wrong: Wrong) -> Iterable[Finding]:
    for column, names in (
        ("indicators", plan.indicators),
        ("areas", [area.id for area in plan.areas]),
    ):
        for name in doubled(names):
            yield wrong(column, name, "列了两次", "请删去一个")
    for name in plan.indicators:
        if not is_name(name, FACT_ID):
            yield wrong("indicators", name, "代码只能用小写字母、数字和下划线", "请改名")


def _check_findings(plan: Plan, wrong: Wrong) -> Iterable[Finding]:
    for check in plan.checks:
        terms = check.series or check.terms
        if len(terms) < 2 or (check.operation == "quotient" and (len(terms) != 2 or not terms[1])):
            yield wrong(
                "checks.terms",
                check.id,
                "项数不对，或除数为零",
                "sum 和 product 至少两项，quotient 恰好两项",
            )
        if (
            bool(check.series) != bool(check.equals)
            or bool(check.series) == bool(check.terms)
            or (check.result is None) == bool(check.terms)
        ):
            yield wrong(
                "checks",
                check.id,
                "写法不完整",
                "原文里的数写 terms 和 result；按年核对的序列写 series 和 equals",
            )


def of_indicator(plan: Plan, facts: Indicator, indicator_id: str, shown: str) -> Iterable[Finding]:
    wrong = in_file(shown)
    if facts.id != indicator_id:
        yield wrong("id", facts.id, "与文件名不同", f"请写成 {indicator_id}")
    if facts.category not in plan.categories:
        yield wrong(
            "category",
            facts.category,
            f"plan.yml 没有这个类别{nearest(facts.category, plan.categories)}",
            "请改用规划的类别",
        )
    if not 0 <= facts.decimals <= 6:
        yield wrong("decimals", facts.decimals, "精度应在 0 至 6 位之间", "请改正")
    if not facts.clauses or any(c.line is None and not c.source for c in facts.clauses):
        yield wrong("clauses", "", "每条原文要有行号 line 或来源 source", "请补上")
    other = facts.target.compared.to if facts.target.compared else ""
    if other and (other not in plan.indicators or other == facts.id):
        hint = nearest(other, plan.indicators)
        yield wrong("target.compared.to", other, f"没有另一项这样的指标{hint}", "请改正")
    parts = [area.id for area in plan.areas if area.role == "part"]
    for one in facts.area_targets:
        if one.area not in parts:
            yield wrong(
                "area_targets",
                one.area,
                f"plan.yml 没有这个下级区域{nearest(one.area, parts)}",
                "请改用 role: part 的区域，或先登记",
            )
    yield from _reading_findings(facts, wrong)
    yield from _judged_findings(facts, wrong, "")
    for reading in facts.readings:
        yield from _judged_findings(facts.read_as(reading), wrong, f"readings.{reading.id}.")


def _reading_findings(facts: Indicator, wrong: Wrong) -> Iterable[Finding]:
    taken = [reading for reading in facts.readings if reading.taken]
    if facts.readings and len(taken) != 1:
        yield wrong("readings", "", "须有且只有一种读法 taken: true", "请改正")
    for reading in taken:
        if reading.series or facts.read_as(reading) != facts:
            yield wrong(
                "readings",
                reading.id,
                "采用的读法不应再改变指标",
                "请把改变写在指标本身，这里只留 id、text、taken",
            )


def _judged_findings(facts: Indicator, wrong: Wrong, prefix: str) -> Iterable[Finding]:
    base, target = facts.baseline, facts.target
    if (facts.kind == "increment") != (facts.reported is not None) and not prefix:
        yield wrong(
            prefix + "reported",
            facts.reported or "",
            "只有期内新增（increment）要写、也必须写 reported",
            "请写 annual 或 to_date，或删去",
        )
    if facts.kind == "increment" and facts.reported is None and prefix:
        yield wrong(
            prefix + "reported", "", "读作期内新增时必须写 reported", "请写 annual 或 to_date"
        )
    if facts.kind == "cumulative" and not facts.since:
        yield wrong(
            prefix + "since",
            "",
            "累计指标必须写累计起点 since",
            "请写年份；规划未载明时照实写“规划未载明”",
        )
    if base.year >= target.year:
        yield wrong(prefix + "baseline.year", base.year, "基期年不早于目标年", "请改正")
    if base.value is None and not base.note:
        yield wrong(
            prefix + "baseline.note", "", "没有基期值时须说明原因", "请写明规划为何没有同口径基期"
        )
    if target.value is None and not target.note:
        yield wrong(prefix + "target.note", "", "没有目标值时须说明原因", "请写明")
    yield from _form_findings(facts, wrong, prefix)
    if (target.op in ("<=", "<")) != (facts.direction == "lower"):
        yield wrong(
            prefix + "target.op",
            target.op,
            "与方向 direction 矛盾",
            "越高越好用 >= 或 >，越低越好用 <= 或 <",
        )
    for name, value in (("baseline.value", base.value), ("target.value", target.value)):
        if value is not None and not (
            -math.inf if facts.lower is None else facts.lower
        ) <= value <= (math.inf if facts.upper is None else facts.upper):
            yield wrong(prefix + name, value, "超出 lower 与 upper 之间", "请核对单位与上下限")


def _form_findings(facts: Indicator, wrong: Wrong, prefix: str) -> Iterable[Finding]:
    """What the form of a target needs, and no other has."""
    target = facts.target
    if target.form == "compound" and target.rate is None:
        yield wrong(prefix + "target.rate", "", "逐年复合须写增减", "请写 growth 或 fall")
    if target.form == "compound" and target.rate == "fall" and (target.value or 0) >= 100:
        yield wrong(prefix + "target.value", target.value, "降低不能达到百分之百", "请核对")
    if (target.form == "relative") != (target.compared is not None):
        yield wrong(prefix + "target.compared", "", "form: relative 与 compared 须同时写", "请补上")
    ends = target.low, target.high
    if target.form == "range" and ends == (None, None) and not target.goals:
        yield wrong(prefix + "target.low", "", "区间没有两端", "请写 low、high，或各年目标 goals")
    if target.low is not None and target.high is not None and target.low > target.high:
        yield wrong(prefix + "target.low", target.low, "区间的下限高于上限", "请改正")
    if target.form == "rise" and facts.baseline.value is None:
        yield wrong(prefix + "baseline.value", "", "比基期提高须有基期值", "请补上")
    if target.goals and target.judged not in ("every_year", "range"):
        yield wrong(prefix + "target.goals", "", "只有每年达到和区间可写各年目标", "请删去")
