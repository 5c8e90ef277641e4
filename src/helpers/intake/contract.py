"""What a row of observed figures must say (DESIGN §5): vocabulary, numbers, units, limits.

Nothing is guessed and every finding carries the physical line. What the bytes must be is the question of `table`, what
rows mean together (vintages, running totals) that of `observations`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from .facts import AMOUNTS, Indicator, Plan
from .fields import DECIMAL, FACT_ID, LARGEST, is_date, is_name
from .finding import Finding, nearest
from .table import rows

OBSERVATIONS = ("plan", "indicator_id", "area", "year", "value", "unit", "status", "source")
OBSERVATIONS_OPTIONAL = ("published", "bound", "locator", "note")
SOURCES = ("id", "title", "publisher", "published", "url", "accessed", "note")
COMMITMENTS = ("plan", "commitment_id", "year", "state", "source")
COMMITMENTS_OPTIONAL = ("published", "locator", "note")

STATUSES = ("final", "preliminary", "derived", "missing", "target")
EXACT = 15  # decimal digits that a float keeps, whatever they are
BOUNDS = ("=", ">", ">=", "~")
STATES = ("done", "in_progress")
NUMBER = re.compile(DECIMAL.pattern + r"(?:[eE][-+]?[0-9]{1,2})?")
YEARS = {str(year): year for year in range(1900, 2100)}
LAST_YEAR = 2099  # of what is not bound to the plan's period
MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
PLACEHOLDERS = {"-", "--", "—", "——", "－", "–", "/", "\\", "…", "……", "*", "?", "？", "x", "X"}
PLACEHOLDERS |= {"na", "n/a", "#n/a", "nan", "null", "none", "nil", "tbd", "missing", "无", "暂无", "暂缺", "无数据", "缺", "缺失", "空", "不详", "未知", "待定", "未公布", "未统计"}


@dataclass(frozen=True)
class Source:
    id: str
    title: str
    publisher: str
    published: str
    url: str
    accessed: str
    note: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure as it was published. `value` is in `unit`; None only where `status` is missing."""

    plan: str
    indicator_id: str
    area: str
    year: int
    value: float | None
    unit: str
    status: str
    source: str
    published: str = ""
    bound: str = "="
    locator: str = ""
    note: str = ""
    line: int = 0


@dataclass(frozen=True)
class Evidence:
    """One published sign that a commitment was kept or is under way."""

    plan: str
    commitment_id: str
    year: int
    state: str
    source: str
    published: str = ""
    locator: str = ""
    note: str = ""
    line: int = 0


class Cells:
    """The checks of one row's cells: each returns the value, or None and a finding. Names that are None cannot be checked."""

    def __init__(self, shown: str, line: int, row: Mapping[str, str], findings: list[Finding]):
        self.shown, self.line, self.row, self.findings = shown, line, row, findings

    def wrong(self, column: str, problem: str, remedy: str, warning: bool = False) -> None:
        self.findings.append(Finding(self.shown, self.line, column, self.row.get(column, ""), problem, remedy, warning))

    def word(self, column: str, words: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.row.get(column, "") or default or ""
        if value in words:
            return value
        self.wrong(column, f"不在可选的词里{nearest(value, words)}", f"可写：{'、'.join(words)}")
        return None

    def known(self, column: str, names, what: str) -> str | None:
        value = self.row[column]
        if value in names if names is not None else value.strip():
            return value
        self.wrong(column, f"没有这{what}{nearest(value, names or ())}" if value else f"没有填{what[1:]}", "请改正，或先在参数与来源表里登记")
        return None

    def year(self, column: str, last: int) -> int | None:
        year = YEARS.get(self.row[column])
        if year is None:
            self.wrong(column, "不是四位年份", "请写成 2023")
        elif year > last:
            self.wrong(column, f"晚于规划期末 {last} 年", "请核对年份")
        else:
            return year
        return None

    def date(self, column: str) -> str:
        value = self.row.get(column, "")
        if value and not is_date(value):
            self.wrong(column, "不是日期", "请写成 2023-02-16、2023-02 或 2023")
        return value

    def number(self, column: str) -> float | None:
        value = self.row[column]
        if not NUMBER.fullmatch(value):
            self.wrong(column, *_number_remedy(value))
            return None
        if abs(float(value)) >= LARGEST:
            self.wrong(column, "数字过大", "请核对，或换用更大的单位")
            return None
        if "e" in value or "E" in value:
            self.wrong(column, "科学记数法，可能已丢失精度", "请核对原值并写全", warning=True)
        elif len(value) > EXACT and Decimal(value) != Decimal(repr(float(value))):
            self.wrong(column, "位数过多，计算机存不下", f"请四舍五入到 {EXACT} 位以内")
            return None
        return float(value)


def _number_remedy(value: str) -> tuple[str, str]:
    plain = value.strip().replace(",", "")
    if not value:
        return "没有填数", "请填写；确实缺数就留空，并把 status 写成 missing"
    if NUMBER.fullmatch(value.strip()):
        return "数字前后有空格", "请删去空格"
    if value.strip().lower() in PLACEHOLDERS:
        return "用符号或文字表示缺数", "请留空，并把 status 写成 missing"
    if value.startswith("#"):
        return "这是 Excel 的出错值", "请在 Excel 里改正公式，再填入数字"
    if "," in value and NUMBER.fullmatch(plain):
        return "数字里有逗号", "请去掉千分位逗号，小数点用“.”"
    if any("０" <= ch <= "９" or ch in "．−－，" for ch in value):
        return "含全角数字或符号", "请改用半角"
    if any(ch.isdecimal() and not ch.isascii() for ch in value):
        return "含其他文字的数字", "请改用 0 至 9"
    if re.fullmatch(r"-?0[0-9.]+", plain):
        return "数字前面有多余的 0", "请删去"
    if re.match(r"-?[0-9]", plain):
        return "数字后面带有单位或其他文字", "只写数字，单位写在 unit 列"
    return "不是数字", "只写半角数字，如 12.71"


def observation_rows(plan: Plan, path: Path, shown: str, facts: Mapping[str, object], sources, findings: list[Finding], context: bool = False) -> Iterator[Observation]:
    """The well-formed rows of observations.csv, or of context.csv. `facts` maps known ids to indicators or context series.

    `sources` is None where it is not known which there are. A row without a date has that of its source.
    """
    areas = {area.id: area.id for area in plan.areas if area.role != "context" or context}
    last = LAST_YEAR if context else plan.period.end
    whose, taken, before = {plan.id}, 0, len(findings)
    for line, row in rows(path, shown, OBSERVATIONS, OBSERVATIONS_OPTIONAL, findings):
        taken, told, cells = taken + 1, len(findings), Cells(shown, line, row, findings)
        cells.known("plan", whose, "个规划")
        known = facts.get(cells.known("indicator_id", facts, "项指标"))
        area = cells.known("area", areas, "个区域")
        year = cells.year("year", last)
        status = cells.word("status", STATUSES)
        bound = cells.word("bound", BOUNDS, default="=")
        source = cells.known("source", sources, "个来源")
        published = cells.date("published")
        value = _value(cells, status)
        if known and row["unit"] != known.unit:
            cells.wrong("unit", f"单位与参数里的“{known.unit}”不同", _converted(row["unit"], known.unit))
        if status == "derived" and not row.get("note"):
            cells.wrong("note", "推算值没有写出算式", "请在 note 写明怎样算出")
        if known and value is not None and not context:
            _fits_kind(cells, known, value)
        if not published and sources is not None and source:
            published = sources[source].published
        if status in ("final", "preliminary") and not context and year and published and published[:4] < row["year"]:
            cells.wrong("year", f"这一年还没有到，数据在 {published} 就发布了", "请核对年份和发布日期；目标值的 status 写 target")
        if len(findings) == told or all(finding.warning for finding in findings[told:]):
            yield Observation(plan.id, known.id, areas[area], year, value, known.unit, status, source, published, bound, row.get("locator", ""), row.get("note", ""), line)
    if not taken and not context and all(finding.warning for finding in findings[before:]):
        findings.append(Finding(shown, 0, "", "", "只有表头，没有数据", "请至少填一行；没有公布的数，value 留空、status 写 missing，并注明来源"))


def _converted(given: str, due: str) -> str:
    """What to do with a value in unit `given` where `due` is due: the factor, where both are multiples of one unit."""
    one, other = (re.fullmatch(r"([十百千万亿]*)(.+)", unit) for unit in (given, due))
    if one and other and one[2] == other[2]:
        ratio = math.prod(MULTIPLES[ch] for ch in one[1]) / math.prod(MULTIPLES[ch] for ch in other[1])
        return f"请把数值{f'乘以 {ratio:.0f}' if ratio > 1 else f'除以 {1 / ratio:.0f}'}，单位写成{due}"
    return "请换算数值后改用该单位"


def _value(cells: Cells, status: str | None) -> float | None:
    if status == "missing":
        if cells.row["value"]:
            cells.wrong("value", "status 是 missing，却填了数", "请留空，或改 status")
        return None
    return cells.number("value")


def _fits_kind(cells: Cells, facts: Indicator, value: float) -> None:
    lower = facts.lower if facts.lower is not None else (0.0 if facts.kind in AMOUNTS else None)
    if lower is not None and value < lower:
        cells.wrong("value", f"低于下限 {lower:g}", "请核对；确可为负的指标请在参数里写 lower")
    if facts.upper is not None and value > facts.upper:
        cells.wrong("value", f"高于上限 {facts.upper:g}", "请核对单位与数值")
    if facts.kind == "binary" and value not in (0, 1):
        cells.wrong("value", "是否型指标只能是 0 或 1", "请改正")
    if facts.is_count and value != int(value):
        cells.wrong("value", f"以“{facts.unit}”计数，应为整数", "请核对单位与数值")


def source_rows(path: Path, shown: str, findings: list[Finding]) -> dict[str, Source]:
    """sources.csv as {id: Source}."""
    found: dict[str, Source] = {}
    for line, row in rows(path, shown, SOURCES, (), findings):
        cells = Cells(shown, line, row, findings)
        cells.date("published")
        cells.date("accessed")
        if not is_name(row["id"], FACT_ID):
            cells.wrong("id", "代码只能用小写字母、数字和下划线", "请改名")
        if row["id"] in found:
            cells.wrong("id", "代码写了两次", "请改名")
        if not row["title"]:
            cells.wrong("title", "缺标题", "请写来源的题名")
        if row["url"] and not re.match(r"https?://[^\s]+$", row["url"]):
            cells.wrong("url", "不是网址", "请写 http:// 或 https:// 开头的地址，没有就留空")
        found[row["id"]] = Source(**row)
    return found


def evidence_rows(plan: Plan, path: Path, shown: str, commitments, sources, findings: list[Finding]) -> Iterator[Evidence]:
    """The well-formed rows of commitments.csv."""
    for line, row in rows(path, shown, COMMITMENTS, COMMITMENTS_OPTIONAL, findings):
        before, cells = len(findings), Cells(shown, line, row, findings)
        cells.known("plan", {plan.id}, "个规划")
        cells.known("commitment_id", commitments, "项任务")
        year = cells.year("year", plan.period.end)
        state = cells.word("state", STATES)
        cells.known("source", sources, "个来源")
        cells.date("published")
        if len(findings) == before:
            texts = {name: row.get(name, "") for name in ("published", "locator", "note")}
            yield Evidence(plan.id, row["commitment_id"], year, state, row["source"], line=line, **texts)
