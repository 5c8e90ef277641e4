"""How a plan is read from `params/<plan>/`: strictly, each file once, every fault of a file told at
once.

Nothing here knows an observed figure.
"""

from __future__ import annotations

import calendar
import functools
import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from . import closed, consistency, fields, scenario as scenarios
from .choices import Choices as Choices
from .consistency import FACT_ID, PLAN_ID, doubled, is_name
from .facts import (  # rooms further right know facts under the plan's name
    STARTS_FROM_ZERO as STARTS_FROM_ZERO,
    Area as Area,
    AreaTarget as AreaTarget,
    Baseline as Baseline,
    Break as Break,
    Check as Check,
    Clause as Clause,
    ContextFile,
    ContextSeries,
    Document as Document,
    Indicator,
    Period as Period,
    Plan,
    Reading as Reading,
    Scenario as Scenario,
    Supplier as Supplier,
    Target as Target,
    WhatIf as WhatIf,
)
from .finding import Finding, Refused, Unknown, nearest, shown_path
from .promises import Commitment as Commitment, CommitmentsFile, of_promises

# set by the run: the folder whose checked table its notebooks read
EDITION_VARIABLE = "ASSESSMENT_EDITION"
LEVELS = (0.8, 0.95)  # the prediction intervals that are computed, and whose coverage is measured


def home(root: Path | str | None = None) -> Path:
    """The one root of all paths: `root`, else $ASSESSMENT_ROOT, else the checkout this file lies
    in."""
    return Path(root or os.environ.get("ASSESSMENT_ROOT") or Path(__file__).resolve().parents[3])


def available(root: Path | str | None = None) -> tuple[str, ...]:
    """Ids of all plans under `root`, sorted."""
    return tuple(sorted(path.parent.name for path in (home(root) / "params").glob("*/plan.yml")))


def load(plan_id: str, root: Path | str | None = None, scenario: str = "") -> Plan:
    """The plan of that id, as one of its scenarios sees it where one is named. Raises `Unknown`
    when there is none, `Refused` when its file is bad."""
    root = home(root)
    if not is_name(plan_id, PLAN_ID) or not (root / "params" / plan_id / "plan.yml").is_file():
        raise Unknown(
            f"没有规划 {plan_id!r}{nearest(plan_id, available(root))}；"
            f"现有：{'、'.join(available(root))}"
        )
    path = root / "params" / plan_id / "plan.yml"
    plan = replace(fields.read(path, Plan, shown_path(path, root)), root=root)
    _refuse(consistency.of_plan(plan, plan_id, shown_path(path, root)))
    memory = plan.params / "memory.yml"
    plan = replace(plan, memory=closed.read(memory, plan_id, shown_path(memory, root)))
    return scenarios.under(plan, scenario) if scenario else plan


def base(plan: Plan) -> Plan:
    """`plan` without its scenario: what the files say."""
    if plan.scenario is None:
        return plan
    return replace(plan, scenario=None, indicators=(*plan.indicators, *plan.dropped))


def opened(folder: Path) -> Plan:
    """The plan in `folder`, wherever that lies and whatever it is called. Raises `Unknown` or
    `Refused`."""
    path = folder / "plan.yml"
    if not path.is_file():
        raise Unknown(f"{folder} 里没有 plan.yml；请指明规划的参数文件夹")
    plan = replace(fields.read(path, Plan, path.name), root=folder, folder=folder)
    _refuse(consistency.of_plan(plan, plan.id, path.name))
    return plan


def indicator(plan: Plan, indicator_id: str) -> Indicator:
    """The facts of one indicator of `plan`. Raises `Unknown` or `Refused`."""
    if indicator_id not in plan.indicators:
        raise Unknown(
            f"规划 {plan.id} 没有指标 {indicator_id!r}{nearest(indicator_id, plan.indicators)}"
        )
    path = plan.params / "indicators" / f"{indicator_id}.yml"
    shown = shown_path(path, plan.root)
    if not path.is_file():
        remedy = "请建立文件，或从 plan.yml 的 indicators 删去"
        _stop(shown, "plan.yml 列出了这项指标，但没有它的文件", remedy)
    facts = fields.read(path, Indicator, shown)
    _refuse(consistency.of_indicator(plan, facts, indicator_id, shown))
    return scenarios.applied(plan, facts)


def indicators(plan: Plan) -> tuple[Indicator, ...]:
    """All indicators in the plan's order; every bad file is told at once."""
    found: list[Indicator] = []
    findings: list[Finding] = []
    for indicator_id in plan.indicators:
        try:
            found.append(indicator(plan, indicator_id))
        except Refused as refused:
            findings += refused.findings
    known = {f"{name}.yml" for name in (*plan.indicators, *plan.dropped)}
    for path in sorted((plan.params / "indicators").glob("*")):
        if path.name not in known:
            problem = "plan.yml 的 indicators 没有列出这项指标"
            shown = shown_path(path, plan.root)
            findings.append(Finding(shown, 0, "", "", problem, "请列入，或删去文件"))
    _refuse(findings)
    return tuple(found)


def context(plan: Plan) -> tuple[ContextSeries, ...]:
    """Published series that are shown but never judged."""
    path = plan.params / "context.yml"
    shown = shown_path(path, plan.root)
    series = fields.read(path, ContextFile, shown).series if path.is_file() else ()
    known, ids = (*plan.indicators, *plan.dropped), [each.id for each in series]
    odd = "代码只能用小写字母、数字和下划线"
    wrong = [("id", s, odd, "请改名") for s in ids if not FACT_ID.fullmatch(s)]
    wrong += [("id", s, "代码写了两次", "请改名") for s in doubled(ids)]
    wrong += [
        ("relates_to", name, f"没有这项指标{nearest(name, plan.indicators)}", "请改正")
        for each in series
        for name in each.relates_to
        if name not in known
    ]
    _refuse(Finding(shown, 0, *finding) for finding in wrong)
    return series


def ledger(plan: Plan) -> CommitmentsFile:
    """Everything commitments.yml says; empty where a plan has none. Raises `Refused`."""
    path = plan.params / "commitments.yml"
    shown = shown_path(path, plan.root)
    if not path.is_file():
        return CommitmentsFile(())
    found = fields.read(path, CommitmentsFile, shown)
    _refuse(of_promises(found, shown))
    return found


def commitments(plan: Plan) -> tuple[Commitment, ...]:
    """Promises without a number, in the plan's order."""
    return ledger(plan).commitments


def choices(plan: Plan) -> Choices:
    """The evaluator's choices. Raises `Refused` where the file is not ASCII: papermill writes its
    values into notebooks."""
    path = plan.params / "run.yml"
    shown = shown_path(path, plan.root)
    if not path.is_file():
        _stop(shown, "没有这个文件", "请建立，写明 year、model、rule、level")
    if not path.read_bytes().isascii():
        _stop(shown, "run.yml 只能用 ASCII 字符", "说明文字请写在 plan.yml")
    chosen = fields.read(path, Choices, shown)
    if chosen.level not in LEVELS:
        _stop(shown, "没有这个区间水平", "请写 0.8 或 0.95", "level", str(chosen.level))
    if plan.scenario is None:
        return chosen
    otherwise: dict[str, Any] = {**plan.scenario.overrides}
    otherwise.pop("known_by", None)
    return replace(chosen, **otherwise)


def check_year(plan: Plan, year: int) -> None:
    """Raises `Unknown` where `year` lies outside the plan's period and is not the year before it,
    whose edition says what is known at the start and how hard each target is."""
    if not plan.period.start - 1 <= year <= plan.period.end:
        raise Unknown(
            f"{plan.short_title}的规划期是 {plan.period.start}—{plan.period.end} 年，不能评估 "
            f"{year} 年；请改用规划期内的年份"
        )


def check_cutoff(plan: Plan, year: int, known_by: str) -> None:
    """Raises `Unknown` for a data cut-off before the plan was issued, or before the year began of
    which data are asked."""
    if known_by and last_day(known_by) < last_day(plan.issued):
        raise Unknown(
            f"数据截止日 {known_by} 早于{plan.short_title}印发的 {plan.issued}，"
            "那时还没有规划可评；请改用更晚的日期"
        )
    if known_by and last_day(known_by) < f"{year}-01-01":
        raise Unknown(
            f"数据截止日 {known_by} 时 {year} 年还没有开始，不会有它的数据；请改用更晚的日期，"
            "或改评更早的年份"
        )


def year_of(plan: Plan, year: int | None, today: date | None = None) -> int:
    """`year`, or by default that of run.yml, at the latest the last year that has ended.

    Raises `Unknown` outside the plan's period, and for a year still to come unless a scenario
    assumes it.
    """
    now = (today or date.today()).year
    if year is None:
        year = max(plan.period.start, min(choices(plan).year, now - 1))
    check_year(plan, year)
    if year > now and plan.scenario is None:
        raise Unknown(
            f"今年是 {now} 年，{year} 年还没有到，不能评估；请改用 "
            f"{max(plan.period.start, now - 1)} 年，或用情景假设那一年的数"
        )
    scenario = plan.scenario
    for entry in scenario.what_if if scenario else ():
        if scenario and max(entry.year or 0, entry.until or 0) > year:
            raise Unknown(
                f"情景 {scenario.name} 假设了 {entry.year or entry.until} "
                f"年的数（{entry.indicator}），不能用来评估 {year} 年；请改评 "
                f"{entry.year or entry.until} 年"
            )
    return year


def area_of(plan: Plan, area_id: str | None) -> Area:
    """The area of that id (default: the whole). Raises `Unknown` for another, or one that is only
    context."""
    areas = {area.id: area for area in plan.areas if area.role != "context"}
    if area_id and area_id not in areas:
        raise Unknown(
            f"规划 {plan.id} 没有区域 {area_id!r}{nearest(area_id, areas)}；"
            f"可评估的有：{'、'.join(areas)}"
        )
    return areas[area_id] if area_id else plan.whole


@functools.lru_cache(10_000)  # a table of a million rows has few dates
def last_day(day: str) -> str:
    """The last day of an ISO date of any precision: 2023-02 → 2023-02-28. Dates are compared by it:
    known for sure by then."""
    parts = [int(part) for part in day.split("-")]
    month = parts[1] if len(parts) > 1 else 12
    last = parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1]
    return f"{parts[0]:04d}-{month:02d}-{last:02d}"


def inputs(plan: Plan) -> tuple[tuple[str, str], ...]:
    """(path, SHA-256) of every file an assessment of the plan rests on, sorted by path."""
    indicators = (
        plan.params / "indicators" / f"{name}.yml" for name in (*plan.indicators, *plan.dropped)
    )
    scenario = [scenarios.path_of(plan, plan.scenario.name)] if plan.scenario else []
    return _hashed(
        plan, (*plan.params.glob("*.yml"), *scenario, *plan.raw.glob("*.csv"), *indicators)
    )


def inputs_of_indicator(plan: Plan, indicator_id: str) -> tuple[tuple[str, str], ...]:
    """The same of the files one indicator rests on beside its observations: other indicators' rows
    and facts do not move it."""
    names = ("plan.yml", "memory.yml", f"indicators/{indicator_id}.yml", "context.yml")
    facts = [plan.params / name for name in names]
    return _hashed(plan, (*facts, plan.raw / "sources.csv", plan.raw / "context.csv"))


def inputs_of_commitments(plan: Plan) -> tuple[tuple[str, str], ...]:
    """The same of the files the commitments rest on."""
    facts = ("plan.yml", "memory.yml", "commitments.yml")
    rows = ("commitments.csv", "funds.csv", "searches.csv", "sources.csv")
    return _hashed(plan, (*(plan.params / name for name in facts), *(plan.raw / n for n in rows)))


def _hashed(plan: Plan, files: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (shown_path(f, plan.root), hashlib.sha256(f.read_bytes()).hexdigest())
        for f in sorted(files)
        if f.is_file()
    )


def _stop(shown: str, problem: str, remedy: str, column: str = "", value: str = "") -> NoReturn:
    raise Refused([Finding(shown, 0, column, value, problem, remedy)])


def _refuse(findings: Iterable[Finding]) -> None:
    if findings := list(findings):
        raise Refused(findings)
