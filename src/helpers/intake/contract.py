"""What a row of observed figures must look like (DESIGN §5): bytes, shape, vocabulary, numbers, units.

One strict reader on the csv module: nothing is guessed, no row is dropped, every finding carries the
physical line. What rows mean together (vintages, running totals) is the question of `observations`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .consistency import FACT_ID
from .facts import Indicator, Plan
from .fields import DECIMAL, LARGEST, is_date
from .finding import Finding, nearest

OBSERVATIONS = ("plan", "indicator_id", "area", "year", "value", "unit", "status", "source")
OBSERVATIONS_OPTIONAL = ("published", "bound", "locator", "note")
SOURCES = ("id", "title", "publisher", "published", "url", "accessed", "note")
COMMITMENTS = ("plan", "commitment_id", "year", "state", "source")
COMMITMENTS_OPTIONAL = ("published", "locator", "note")

STATUSES = ("final", "preliminary", "derived", "missing", "target")
BOUNDS = ("=", ">", ">=", "~")
STATES = ("done", "in_progress")
NUMBER = re.compile(DECIMAL.pattern + r"(?:[eE][-+]?[0-9]{1,2})?")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
INVISIBLE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\r(?!\n)")
PLACEHOLDERS = {"-", "--", "—", "/", "…", "NA", "N/A", "NaN", "nan", "null", "None", "无", "暂无", "缺"}


@dataclass(frozen=True)
class Source:
    id: str
    title: str
    publisher: str
    published: str
    url: str
    accessed: str
    note: str


@dataclass(frozen=True)
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


Row = tuple[int, dict[str, str]]


def rows(path: Path, shown: str, required: tuple[str, ...], optional: tuple[str, ...], findings: list[Finding]) -> list[Row]:
    """The rows of a CSV file as (physical line, {column: text}); appends to `findings`. No row is returned from a bad shape."""

    def wrong(line: int, column: str, value: str, problem: str, remedy: str, warning: bool = False) -> None:
        findings.append(Finding(shown, line, column, value, problem, remedy, warning))

    if not path.is_file():
        wrong(0, "", "", "没有这个文件", f"请建立，首行为 {','.join(required)}")
        return []
    text = _decoded(path.read_bytes(), wrong)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header, found, start = None, [], 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if header is None:
                header = cells
                if not _header_fits(header, required, optional, wrong):
                    return []
            elif len(cells) != len(header):
                wrong(line, "", ",".join(cells), f"这一行有 {len(cells)} 格，表头有 {len(header)} 格", "请检查逗号和引号；含逗号的文字要加双引号")
            else:
                found.append((line, dict(zip(header, cells))))
    except csv.Error:
        wrong(start, "", io.StringIO(text, newline="").readlines()[start - 1].strip(), "引号没有成对", "请补上或删去这一行的双引号")
        return []
    if header is None:
        wrong(0, "", "", "文件是空的", f"首行应为 {','.join(required)}")
    return found


def _decoded(raw: bytes, wrong) -> str | None:
    if b"\0" in raw:
        kind = "UTF-16 编码" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "含有 NUL 字节"
        wrong(raw[: raw.index(b"\0")].count(b"\n") + 1, "", "", kind, "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]  # Excel's "CSV UTF-8" begins with a mark that says only that it is UTF-8
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        try:
            raw.decode("gb18030")
            problem = "不是 UTF-8，像是 GBK/GB18030"
        except UnicodeDecodeError:
            problem = "不是 UTF-8"
        wrong(line, "", "", problem, "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”")
        return None


def _header_fits(header: list[str], required: tuple[str, ...], optional: tuple[str, ...], wrong) -> bool:
    known, fits = (*required, *optional), True
    for name in header:
        if name not in known:
            spaced = "（首尾有空格）" if name.strip(" \u3000\t") in known else nearest(name, known)
            wrong(1, name, "", f"没有这一列{spaced}", f"首行应为 {','.join(known)}")
            fits = False
    for name in required:
        if name not in header:
            wrong(1, name, "", "缺少这一列", f"首行应为 {','.join(required)}")
            fits = False
    for name in sorted({name for name in header if header.count(name) > 1}):
        wrong(1, name, "", "这一列出现两次", "请删去一列")
        fits = False
    return fits


class Cells:
    """The checks of one row's cells: each returns the value, or None and a finding. Names that are None cannot be checked."""

    def __init__(self, shown: str, line: int, row: Mapping[str, str], findings: list[Finding]):
        self.shown, self.line, self.row, self.findings = shown, line, row, findings
        for column, value in row.items():
            if INVISIBLE.search(value):
                self.wrong(column, "含有看不见的字符（已标出码位）", "请删去后重新键入")

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
        if names is None or value in names:
            return value
        self.wrong(column, f"没有这{what}{nearest(value, names)}" if value else f"缺{what}", "请改正，或先在参数与来源表里登记")
        return None

    def year(self, column: str, last: int) -> int | None:
        value = self.row[column]
        if not YEAR.fullmatch(value):
            self.wrong(column, "不是四位年份", "请写成 2023")
        elif int(value) > last:
            self.wrong(column, f"晚于规划期末 {last} 年", "请核对年份")
        else:
            return int(value)
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
        if "e" in value.lower():
            self.wrong(column, "科学记数法，可能已丢失精度", "请核对原值并写全", warning=True)
        return float(value)


def _number_remedy(value: str) -> tuple[str, str]:
    plain = value.strip().replace(",", "")
    if not value:
        return "没有填数", "请填写；确实缺数就留空，并把 status 写成 missing"
    if NUMBER.fullmatch(value.strip()):
        return "数字前后有空格", "请删去空格"
    if value.strip() in PLACEHOLDERS:
        return "用符号或文字表示缺数", "请留空，并把 status 写成 missing"
    if "," in value and NUMBER.fullmatch(plain):
        return "数字里有逗号", "请去掉千分位逗号，小数点用“.”"
    if any("０" <= ch <= "９" or ch in "．−－，" for ch in value):
        return "含全角数字或符号", "请改用半角"
    if re.fullmatch(r"-?0[0-9.]+", plain):
        return "数字前面有多余的 0", "请删去"
    if re.match(r"-?[0-9]", plain):
        return "数字后面带有单位或其他文字", "只写数字，单位写在 unit 列"
    return "不是数字", "只写半角数字，如 12.71"


def observation_rows(plan: Plan, path: Path, shown: str, facts: Mapping[str, object], sources, findings: list[Finding]) -> Iterator[Observation]:
    """The well-formed rows of observations.csv or context.csv. `facts` maps known ids to indicators or context series."""
    areas = {area.id for area in plan.areas if area.role != "context" or path.name == "context.csv"}
    for line, row in rows(path, shown, OBSERVATIONS, OBSERVATIONS_OPTIONAL, findings):
        before, cells = len(findings), Cells(shown, line, row, findings)
        cells.known("plan", {plan.id}, "个规划")
        known = cells.known("indicator_id", facts, "项指标")
        cells.known("area", areas, "个区域")
        year = cells.year("year", 2100 if path.name == "context.csv" else plan.period.end)
        status = cells.word("status", STATUSES)
        bound = cells.word("bound", BOUNDS, default="=")
        cells.known("source", sources, "个来源")
        cells.date("published")
        value = _value(cells, status)
        if known and row["unit"] != facts[known].unit:
            cells.wrong("unit", f"单位与参数里的“{facts[known].unit}”不同", "请换算数值后改用该单位")
        if status == "derived" and not row.get("note"):
            cells.wrong("note", "推算值没有写出算式", "请在 note 写明怎样算出")
        if known and value is not None and isinstance(facts[known], Indicator):
            _fits_kind(cells, facts[known], value)
        if all(finding.warning for finding in findings[before:]):
            texts = {name: row.get(name, "") for name in ("published", "locator", "note")}
            yield Observation(plan.id, row["indicator_id"], row["area"], year, value, row["unit"], status, row["source"], bound=bound, line=line, **texts)


def _value(cells: Cells, status: str | None) -> float | None:
    if status == "missing":
        if cells.row["value"]:
            cells.wrong("value", "status 是 missing，却填了数", "请留空，或改 status")
        return None
    return cells.number("value")


def _fits_kind(cells: Cells, facts: Indicator, value: float) -> None:
    counts = facts.kind in ("stock", "flow", "increment", "cumulative")
    lower = facts.lower if facts.lower is not None else (0.0 if counts else None)
    if lower is not None and value < lower:
        cells.wrong("value", f"低于下限 {lower:g}", "请核对；确可为负的指标请在参数里写 lower")
    if facts.upper is not None and value > facts.upper:
        cells.wrong("value", f"高于上限 {facts.upper:g}", "请核对单位与数值")
    if facts.kind == "binary" and value not in (0, 1):
        cells.wrong("value", "是否型指标只能是 0 或 1", "请改正")


def source_rows(path: Path, shown: str, findings: list[Finding]) -> dict[str, Source]:
    """sources.csv as {id: Source}."""
    found: dict[str, Source] = {}
    for line, row in rows(path, shown, SOURCES, (), findings):
        cells = Cells(shown, line, row, findings)
        cells.date("published")
        cells.date("accessed")
        if not FACT_ID.fullmatch(row["id"]):
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
