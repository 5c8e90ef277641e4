"""What a plan says (facts) and what the evaluator chooses (choices), read from `params/<plan>/`.

Conventions: years are integers, values are in the unit of their indicator, a missing value is None and
never zero, dates are ISO strings of any precision (`2023`, `2023-02`, `2023-02-16`). Every field is
defined in params/README.md. Nothing here knows an observed figure.
"""

from __future__ import annotations

import calendar
import hashlib
import math
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from . import fields
from .finding import Finding, Refused, Unknown, nearest, shown_path

Kind = Literal["stock", "flow", "share", "score", "ratio", "increment", "cumulative", "binary"]
Operator = Literal[">=", ">", "<=", "<"]
Bound = Literal["=", ">", ">=", "~"]

CANNOT_BE_LOST = frozenset({"increment", "cumulative", "binary"})  # METHOD §2: once met, met for good
STARTS_FROM_ZERO = frozenset({"increment", "binary"})  # METHOD §2: progress starts from 0 whatever the base
LEVELS = (0.8, 0.95)  # the prediction intervals that are computed, and whose coverage is measured
PLAN_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
FACT_ID = re.compile(r"[a-z][a-z0-9_]{0,47}")
RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{i}" for p in ("com", "lpt") for i in range(10))}  # not file names on Windows

attribute = property  # inside Indicator the builtin is hidden by the field of that name
_date = {"metadata": {fields.ISO_DATE: True}}
_computed = {"metadata": {"computed": True}}


@dataclass(frozen=True)
class Document:
    title: str
    url: str | None = None
    sha256: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Period:
    start: int
    end: int


@dataclass(frozen=True)
class Area:
    id: str
    name: str
    role: Literal["whole", "part", "context"]


@dataclass(frozen=True)
class Check:
    """Arithmetic the plan's own figures should satisfy (or imply)."""

    id: str
    operation: Literal["sum", "quotient"]
    terms: tuple[float, ...]
    result: float
    decimals: int
    says: str
    lines: tuple[int, ...] = ()

    @property
    def computed(self) -> float:
        """Σ terms, or the first term divided by the second, unrounded."""
        return math.fsum(self.terms) if self.operation == "sum" else self.terms[0] / self.terms[1]

    @property
    def holds(self) -> bool:
        """True where the computed figure equals the recorded one at its printed precision."""
        return abs(self.computed - self.result) <= 0.5 * 10**-self.decimals * (1 + 1e-9)


@dataclass(frozen=True)
class Clause:
    quote: str
    line: int | None = None
    place: str = ""
    source: str = ""


@dataclass(frozen=True)
class Baseline:
    year: int
    value: float | None
    bound: Bound = "="
    source: Literal["plan", "observations"] = "plan"
    note: str = ""


@dataclass(frozen=True)
class Target:
    year: int
    value: float | None
    op: Operator = ">="
    note: str = ""


@dataclass(frozen=True)
class Supplier:
    office: str
    basis: Literal["规划原文", "按职能建议"]
    needs: str


@dataclass(frozen=True)
class Break:
    """A change of definition: values of `year` and later that were published on or after `published`."""

    year: int
    reason: str
    published: str = field(default="", **_date)


@dataclass(frozen=True)
class Reading:
    """One way to read the plan's words; what is None is as in the indicator."""

    id: str
    text: str
    taken: bool
    kind: Kind | None = None
    reported: Literal["annual", "to_date"] | None = None
    since: str | None = None
    unit: str | None = None
    direction: Literal["higher", "lower"] | None = None
    baseline: Baseline | None = None
    target: Target | None = None
    op: Operator | None = None
    series: str | None = None


@dataclass(frozen=True)
class Indicator:
    """The facts of one indicator: `params/<plan>/indicators/<id>.yml`."""

    id: str
    name_zh: str
    name_en: str
    category: str
    unit: str
    kind: Kind
    decimals: int
    baseline: Baseline
    target: Target
    clauses: tuple[Clause, ...]
    definition: str
    supplier: Supplier
    reported: Literal["annual", "to_date"] | None = None
    since: str | None = None
    direction: Literal["higher", "lower"] = "higher"
    property: Literal["binding", "expected"] = "expected"
    lower: float | None = None
    upper: float | None = None
    readings: tuple[Reading, ...] = ()
    caveats: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    substitute_baseline: bool = False

    @attribute
    def start(self) -> float | None:
        """What progress starts from, in the indicator's unit: 0 for increments and yes/no, else the plan's baseline."""
        return 0.0 if self.kind in STARTS_FROM_ZERO else self.baseline.value

    @attribute
    def can_be_lost(self) -> bool:
        return self.kind not in CANNOT_BE_LOST

    def read_as(self, reading: Reading) -> Indicator:
        """This indicator with everything `reading` changes."""
        names = ("kind", "reported", "since", "unit", "direction", "baseline", "target")
        changes = {name: getattr(reading, name) for name in names if getattr(reading, name) is not None}
        if changes.get("kind", self.kind) != "increment":
            changes["reported"] = None  # only increments are sums of what each year reports
        if reading.op:
            changes["target"] = replace(changes.get("target", self.target), op=reading.op)
        return replace(self, **changes)


@dataclass(frozen=True)
class Plan:
    """The facts of a plan: `params/<plan>/plan.yml`."""

    id: str
    title: str
    short_title: str
    title_en: str
    issuer: str
    document: Document
    period: Period
    baseline_year: int
    target_year: int
    categories: tuple[str, ...]
    indicators: tuple[str, ...]
    areas: tuple[Area, ...]
    issued: str = field(**_date)
    document_number: str | None = None
    fictional: bool = False
    checks: tuple[Check, ...] = ()
    caveats: tuple[str, ...] = ()
    root: Path = field(default=Path(), repr=False, **_computed)

    @property
    def whole(self) -> Area:
        """The area the plan's targets are set for."""
        return next(area for area in self.areas if area.role == "whole")

    @property
    def params(self) -> Path:
        return self.root / "params" / self.id

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / self.id


@dataclass(frozen=True)
class ContextSeries:
    id: str
    name_zh: str
    unit: str
    group: Literal["baseline_table", "district", "city", "province", "nation", "component"]
    differs: str
    relates_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commitment:
    id: str
    box: str
    title: str
    quote: str
    type: Literal["milestone", "annual", "continuing"]
    evidence_needed: str
    due: str | None = field(default=None, **_date)
    line: int | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Choices:
    """What the evaluator chooses: `params/<plan>/run.yml`."""

    year: int
    model: str
    rule: str
    level: float


@dataclass(frozen=True)
class _ContextFile:
    series: tuple[ContextSeries, ...]


@dataclass(frozen=True)
class _CommitmentsFile:
    commitments: tuple[Commitment, ...]


def home(root: Path | str | None = None) -> Path:
    """The one root of all paths: `root`, else $ASSESSMENT_ROOT, else the checkout this file lies in."""
    return Path(root or os.environ.get("ASSESSMENT_ROOT") or Path(__file__).resolve().parents[3])


def available(root: Path | str | None = None) -> tuple[str, ...]:
    """Ids of all plans under `root`, sorted."""
    return tuple(sorted(path.parent.name for path in (home(root) / "params").glob("*/plan.yml")))


def load(plan_id: str, root: Path | str | None = None) -> Plan:
    """The plan of that id. Raises `Unknown` when there is none, `Refused` when its file is bad."""
    root = home(root)
    if not _safe(plan_id, PLAN_ID) or not (root / "params" / plan_id / "plan.yml").is_file():
        raise Unknown(f"没有规划 {plan_id!r}{nearest(plan_id, available(root))}；现有：{'、'.join(available(root))}")
    path = root / "params" / plan_id / "plan.yml"
    plan = replace(fields.read(path, Plan, shown_path(path, root)), root=root)
    _refuse(_plan_findings(plan, plan_id, shown_path(path, root)))
    return plan


def indicator(plan: Plan, indicator_id: str) -> Indicator:
    """The facts of one indicator of `plan`. Raises `Unknown` or `Refused`."""
    if indicator_id not in plan.indicators:
        raise Unknown(f"规划 {plan.id} 没有指标 {indicator_id!r}{nearest(indicator_id, plan.indicators)}")
    path = plan.params / "indicators" / f"{indicator_id}.yml"
    shown = shown_path(path, plan.root)
    if not path.is_file():
        raise Refused([Finding(shown, 0, "", "", "plan.yml 列出了这项指标，但没有它的文件", "请建立文件，或从 plan.yml 的 indicators 删去")])
    facts = fields.read(path, Indicator, shown)
    _refuse(_indicator_findings(plan, facts, indicator_id, shown))
    return facts


def indicators(plan: Plan) -> tuple[Indicator, ...]:
    """All indicators in the plan's order; every bad file is told at once."""
    found, findings = [], []
    for indicator_id in plan.indicators:
        try:
            found.append(indicator(plan, indicator_id))
        except Refused as refused:
            findings += refused.findings
    known = {f"{name}.yml" for name in plan.indicators}
    for path in sorted((plan.params / "indicators").glob("*")):
        if path.name not in known:
            findings.append(Finding(shown_path(path, plan.root), 0, "", "", "plan.yml 的 indicators 没有列出这项指标", "请列入，或删去文件"))
    _refuse(findings)
    return tuple(found)


def context(plan: Plan) -> tuple[ContextSeries, ...]:
    """Published series that are shown but never judged."""
    path = plan.params / "context.yml"
    shown = shown_path(path, plan.root)
    series = fields.read(path, _ContextFile, shown).series if path.is_file() else ()
    _refuse(
        [Finding(shown, 0, "id", s.id, "代码只能用小写字母、数字和下划线", "请改名") for s in series if not FACT_ID.fullmatch(s.id)]
        + [Finding(shown, 0, "id", s, "代码写了两次", "请改名") for s in _doubled(s.id for s in series)]
        + [Finding(shown, 0, "relates_to", r, f"没有这项指标{nearest(r, plan.indicators)}", "请改正") for s in series for r in s.relates_to if r not in plan.indicators]
    )
    return series


def commitments(plan: Plan) -> tuple[Commitment, ...]:
    """Promises without a number, in the plan's order."""
    path = plan.params / "commitments.yml"
    shown = shown_path(path, plan.root)
    promised = fields.read(path, _CommitmentsFile, shown).commitments if path.is_file() else ()
    _refuse(
        [Finding(shown, 0, "id", c.id, "代码只能用小写字母、数字和下划线", "请改名") for c in promised if not FACT_ID.fullmatch(c.id)]
        + [Finding(shown, 0, "id", c, "代码写了两次", "请改名") for c in _doubled(c.id for c in promised)]
    )
    return promised


def choices(plan: Plan) -> Choices:
    """The evaluator's choices. Raises `Refused` where the file is not ASCII: papermill writes its values into notebooks."""
    path = plan.params / "run.yml"
    shown = shown_path(path, plan.root)
    if not path.is_file():
        raise Refused([Finding(shown, 0, "", "", "没有这个文件", "请建立，写明 year、model、rule、level")])
    if not path.read_bytes().isascii():
        raise Refused([Finding(shown, 0, "", "", "run.yml 只能用 ASCII 字符", "说明文字请写在 plan.yml")])
    chosen = fields.read(path, Choices, shown)
    if chosen.level not in LEVELS:
        raise Refused([Finding(shown, 0, "level", str(chosen.level), "没有这个区间水平", "请写 0.8 或 0.95")])
    return chosen


def year_of(plan: Plan, year: int | None) -> int:
    """`year`, or the plan's default; raises `Unknown` outside the plan's period."""
    year = choices(plan).year if year is None else year
    if not plan.period.start <= year <= plan.period.end:
        raise Unknown(f"{plan.short_title}的规划期是 {plan.period.start}—{plan.period.end} 年，不能评估 {year} 年；请改用规划期内的年份")
    return year


def last_day(date: str) -> str:
    """The last day of an ISO date of any precision: 2023-02 → 2023-02-28. Dates are compared by it: known for sure by then."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1]
    return f"{parts[0]:04d}-{month:02d}-{day:02d}"


def inputs(plan: Plan, indicator_id: str | None = None) -> tuple[tuple[str, str], ...]:
    """(path, SHA-256) of every file an assessment of the plan (or of one indicator) rests on, sorted by path."""
    files = [*plan.params.glob("*.yml"), *plan.raw.glob("*.csv")]
    files += [plan.params / "indicators" / f"{i}.yml" for i in (plan.indicators if indicator_id is None else [indicator_id])]
    return tuple((shown_path(f, plan.root), hashlib.sha256(f.read_bytes()).hexdigest()) for f in sorted(files))


def _safe(name: str, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.fullmatch(name)) and name not in RESERVED


def _doubled(names: Iterable[str]) -> list[str]:
    names = list(names)
    return sorted({name for name in names if names.count(name) > 1})


def _refuse(findings: Iterable[Finding]) -> None:
    findings = list(findings)
    if findings:
        raise Refused(findings)


def _plan_findings(plan: Plan, folder: str, shown: str) -> Iterable[Finding]:
    def wrong(column: str, value: object, problem: str, remedy: str) -> Finding:
        return Finding(shown, 0, column, str(value), problem, remedy)

    if plan.id != folder:
        yield wrong("id", plan.id, "与文件夹名不同", f"请写成 {folder}")
    if not plan.baseline_year < plan.period.start <= plan.period.end <= plan.target_year:
        years = f"{plan.baseline_year}、{plan.period.start}、{plan.period.end}、{plan.target_year}"
        yield wrong("period", years, "年份次序不对", "应为 基期年 < 起始年 ≤ 结束年 ≤ 目标年")
    if sum(area.role == "whole" for area in plan.areas) != 1:
        yield wrong("areas", "", "须有且只有一个 role: whole 的区域", "请改正")
    for column, names in (("indicators", plan.indicators), ("areas", [area.id for area in plan.areas])):
        for name in _doubled(names):
            yield wrong(column, name, "列了两次", "请删去一个")
    for name in plan.indicators:
        if not _safe(name, FACT_ID):
            yield wrong("indicators", name, "代码只能用小写字母、数字和下划线", "请改名")
    for check in plan.checks:
        if len(check.terms) < 2 or (check.operation == "quotient" and (len(check.terms) != 2 or not check.terms[1])):
            yield wrong("checks.terms", check.id, "项数不对，或除数为零", "sum 至少两项，quotient 恰好两项")


def _indicator_findings(plan: Plan, facts: Indicator, indicator_id: str, shown: str) -> Iterable[Finding]:
    def wrong(column: str, value: object, problem: str, remedy: str) -> Finding:
        return Finding(shown, 0, column, str(value), problem, remedy)

    if facts.id != indicator_id:
        yield wrong("id", facts.id, "与文件名不同", f"请写成 {indicator_id}")
    if facts.category not in plan.categories:
        yield wrong("category", facts.category, f"plan.yml 没有这个类别{nearest(facts.category, plan.categories)}", "请改用规划的类别")
    if not 0 <= facts.decimals <= 6:
        yield wrong("decimals", facts.decimals, "精度应在 0 至 6 位之间", "请改正")
    if not facts.clauses or any(c.line is None and not c.source for c in facts.clauses):
        yield wrong("clauses", "", "每条原文要有行号 line 或来源 source", "请补上")
    taken = [reading for reading in facts.readings if reading.taken]
    if facts.readings and len(taken) != 1:
        yield wrong("readings", "", "须有且只有一种读法 taken: true", "请改正")
    for reading in taken:
        if reading.series or facts.read_as(reading) != facts:
            yield wrong("readings", reading.id, "采用的读法不应再改变指标", "请把改变写在指标本身，这里只留 id、text、taken")
    yield from _judged_findings(facts, wrong, "")
    for reading in facts.readings:
        yield from _judged_findings(facts.read_as(reading), wrong, f"readings.{reading.id}.")


def _judged_findings(facts: Indicator, wrong, prefix: str) -> Iterable[Finding]:
    base, target = facts.baseline, facts.target
    if (facts.kind == "increment") != (facts.reported is not None) and not prefix:
        yield wrong(prefix + "reported", facts.reported or "", "只有期内新增（increment）要写、也必须写 reported", "请写 annual 或 to_date，或删去")
    if facts.kind == "increment" and facts.reported is None and prefix:
        yield wrong(prefix + "reported", "", "读作期内新增时必须写 reported", "请写 annual 或 to_date")
    if facts.kind == "cumulative" and not facts.since:
        yield wrong(prefix + "since", "", "累计指标必须写累计起点 since", "请写年份；规划未载明时照实写“规划未载明”")
    if base.year >= target.year:
        yield wrong(prefix + "baseline.year", base.year, "基期年不早于目标年", "请改正")
    if base.value is None and not base.note:
        yield wrong(prefix + "baseline.note", "", "没有基期值时须说明原因", "请写明规划为何没有同口径基期")
    if target.value is None and not target.note:
        yield wrong(prefix + "target.note", "", "没有目标值时须说明原因", "请写明")
    if (target.op in ("<=", "<")) != (facts.direction == "lower"):
        yield wrong(prefix + "target.op", target.op, "与方向 direction 矛盾", "越高越好用 >= 或 >，越低越好用 <= 或 <")
    for name, value in (("baseline.value", base.value), ("target.value", target.value)):
        if value is not None and not (-math.inf if facts.lower is None else facts.lower) <= value <= (math.inf if facts.upper is None else facts.upper):
            yield wrong(prefix + name, value, "超出 lower 与 upper 之间", "请核对单位与上下限")
