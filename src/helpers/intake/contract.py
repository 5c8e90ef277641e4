"""What a row of observed figures must say (DESIGN §5): vocabulary, numbers, units, limits.

Nothing is guessed and every finding carries the physical line. What the bytes must be is the
question of `table`, what rows mean together (vintages, running totals) that of `observations`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from . import period
from .cells import Cells, converted
from .facts import ContextSeries, Indicator, Plan
from .fields import FACT_ID, is_date, is_name
from .finding import Finding
from .plan import last_day
from .table import Row, rows

OBSERVATIONS = ("plan", "indicator_id", "area", "year", "value", "unit", "status", "source")
OBSERVATIONS_OPTIONAL = ("published", "bound", "locator", "note", "period")
CONTEXT_OPTIONAL = OBSERVATIONS_OPTIONAL[:-1]
SOURCES = ("id", "title", "publisher", "published", "url", "accessed", "note")
SOURCES_OPTIONAL = ("file", "sha256", "rights")

STATUSES = ("final", "preliminary", "derived", "missing", "target")
BOUNDS = ("=", ">", ">=", "~")
RIGHTS = OPEN, CLOSED = ("open", "closed")  # a copy may be kept and handed on; it may not
DOCUMENTS = "documents"  # where copies of sources are kept, beside the tables
DOCUMENT_BYTES = 20_000_000
LAST_YEAR = 2099  # of what is not bound to the plan's period
LATE = 1  # years after the plan in which what was due may still be reported: 逾期完成


@dataclass(frozen=True)
class Source:
    id: str
    title: str
    publisher: str
    published: str
    url: str
    accessed: str
    note: str
    file: str = ""
    sha256: str = ""
    rights: str = ""


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
    period: str = ""  # the part of the year it is of; empty: the year's own

    @property
    def figure(self) -> float:
        """The value of a row that has one. Raises ValueError for a missing one."""
        if self.value is None:
            raise ValueError(f"{self.indicator_id} {self.year}: the value is missing")
        return self.value


def printed(value: float | None) -> str:
    """`value` as it was typed, every digit of it: 8539.9, 1599597; a missing one is a word."""
    return "缺" if value is None else f"{value:.15g}"


def became_known(row: Observation) -> str:
    """The last day of the row's publication date, by which it was known for sure; empty where no
    date is known."""
    return last_day(row.published) if row.published else ""


def observation_rows(
    plan: Plan,
    path: Path,
    shown: str,
    facts: Mapping[str, Indicator | ContextSeries],
    sources,
    findings: list[Finding],
    context: bool = False,
    cleared: bytes = b"",
) -> Iterator[Observation]:
    """The well-formed rows of observations.csv, or of context.csv; those of the lines marked in
    `cleared` are left out. The rest of what is given: `judged`."""
    before = len(findings)
    columns = OBSERVATIONS, CONTEXT_OPTIONAL if context else OBSERVATIONS_OPTIONAL
    table = rows(path, shown, *columns, findings, cleared)
    first = list(islice(table, 1))
    yield from judged(chain(first, table), plan, shown, facts, sources, findings, context)
    if not first and not context and all(finding.warning for finding in findings[before:]):
        remedy = "请至少填一行；没有公布的数，value 留空、status 写 missing，并注明来源"
        findings.append(Finding(shown, 0, "", "", "只有表头，没有数据", remedy))


def judged(
    table: Iterable[Row],
    plan: Plan,
    shown: str,
    facts: Mapping[str, Indicator | ContextSeries],
    sources: Mapping[str, Source] | None,
    findings: list[Finding],
    context: bool = False,
) -> Iterator[Observation]:
    """The rows of `table` that are well-formed. `facts` maps known ids to indicators or context
    series.

    `sources` is None where it is not known which there are. A row without a date has that of its
    source.
    """
    areas = {area.id: area.id for area in plan.areas if area.role != "context" or context}
    last = LAST_YEAR if context else plan.period.end + LATE
    whose = {plan.id}
    for line, row in table:
        told, cells = len(findings), Cells(shown, line, row, findings)
        cells.known("plan", whose, "个规划")
        known = facts.get(cells.known("indicator_id", facts, "项指标") or "")
        area = cells.known("area", areas, "个区域")
        year = cells.year("year", last)
        status = cells.word("status", STATUSES)
        bound = cells.word("bound", BOUNDS, default="=")
        source = cells.known("source", sources, "个来源")
        published = cells.date("published")
        value = _value(cells, status)
        if known and row["unit"] != known.unit:
            cells.wrong(
                "unit", f"单位与参数里的“{known.unit}”不同", converted(row["unit"], known.unit)
            )
        if status == "derived" and not row.get("note"):
            cells.wrong("note", "推算值没有写出算式", "请在 note 写明怎样算出")
        if isinstance(known, Indicator) and value is not None:
            _fits_kind(cells, known, value)
        if not published and sources is not None and source:
            published = sources[source].published
        day = published if is_date(published) else ""
        part = _part(cells, year, status, day) if row.get("period") else ""
        if (
            status in ("final", "preliminary")
            and not context
            and not part
            and year
            and published
            and published[:4] < row["year"]
        ):
            cells.wrong(
                "year",
                f"这一年还没有到，数据在 {published} 就发布了",
                "请核对年份和发布日期；目标值的 status 写 target",
            )
        sound = all(finding.warning for finding in findings[told:])
        if sound and known and area and year and status and source and bound:
            yield Observation(
                plan.id,
                known.id,
                areas[area],
                year,
                value,
                known.unit,
                status,
                source,
                published,
                bound,
                row.get("locator", ""),
                row.get("note", ""),
                line,
                part,
            )


def _value(cells: Cells, status: str | None) -> float | None:
    if status == "missing":
        if cells.row["value"]:
            cells.wrong("value", "status 是 missing，却填了数", "请留空，或改 status")
        return None
    return cells.number("value")


def _part(cells: Cells, year: int | None, status: str | None, published: str) -> str:
    """The part of the year the row is of, as it is written; told where it cannot be."""
    text = cells.row["period"]
    span = period.read(text)
    if span is None:
        whole = text.endswith("-01/" + text[:4] + "-12") or text == cells.row["year"]
        remedy = "全年数请把 period 留空" if whole else f"可写 {period.FORMS}；全年数留空"
        cells.wrong("period", "不是月、季或1月起的累计", remedy)
    elif year and span.year != year:
        cells.wrong("period", f"与 year 列的 {year} 年不同", "请核对年份")
    elif status == "target":
        cells.wrong("period", "目标值是全年的", "请留空")
    elif published and last_day(published) < span.first_day:
        cells.wrong(
            "period", f"这一期还没有开始，数据在 {published} 就发布了", "请核对期间和发布日期"
        )
    elif published and last_day(published) < span.last_day:
        cells.wrong(
            "period", f"发布于 {published}，这一期还没有结束", "请核对期间和发布日期", warning=True
        )
    return text


def _fits_kind(cells: Cells, facts: Indicator, value: float) -> None:
    if facts.least is not None and value < facts.least:
        cells.wrong(
            "value", f"低于下限 {facts.least:g}", "请核对；确可为负的指标请在参数里写 lower"
        )
    if facts.upper is not None and value > facts.upper:
        cells.wrong("value", f"高于上限 {facts.upper:g}", "请核对单位与数值")
    if facts.kind == "binary" and value not in (0, 1):
        cells.wrong("value", "是否型指标只能是 0 或 1", "请改正")
    if facts.is_count and value != int(value):
        cells.wrong("value", f"以“{facts.unit}”计数，应为整数", "请核对单位与数值")


def source_rows(
    path: Path, shown: str, findings: list[Finding], copies: bool = False
) -> dict[str, Source]:
    """sources.csv as {id: Source}. `copies`: the kept documents beside it are read, and must be
    those of the table."""
    found: dict[str, Source] = {}
    for line, row in rows(path, shown, SOURCES, SOURCES_OPTIONAL, findings):
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
        check_copy(cells, path.parent / DOCUMENTS if copies else None)
        found[row["id"]] = Source(**row)
    return found


def check_copy(cells: Cells, folder: Path | None) -> None:
    """The file that a row names: in `folder`, where it is given, with the digest of the row."""
    name, digest = cells.row.get("file", ""), cells.row.get("sha256", "")
    rights = cells.row.get("rights") and cells.word("rights", RIGHTS)
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        return cells.wrong(
            "file", "不是文件名", f"只写 {DOCUMENTS}/ 下的文件名，用字母、数字、点和连字符"
        )
    if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
        return cells.wrong("sha256", "不是 SHA-256", "请写 64 位小写十六进制")
    if name and not digest:
        return cells.wrong("sha256", "有文件而没有摘要", "请写文件的 SHA-256")
    if name and rights == CLOSED:
        return cells.wrong("rights", "写明不得复制，却存了文件", "请移走文件，或改 rights")
    if not name or folder is None:
        return None
    copy = folder / name
    if not copy.is_file():
        cells.wrong("file", f"{DOCUMENTS}/ 下没有这个文件", "请放入，或把 file 留空")
    elif copy.stat().st_size > DOCUMENT_BYTES:
        cells.wrong("file", f"文件超过 {DOCUMENT_BYTES} 字节", "请另行保存，在备注写明存放处")
    elif (found := hashlib.sha256(copy.read_bytes()).hexdigest()) != digest:
        cells.wrong("sha256", f"文件的摘要是 {found}：不是登记的那一份", "请核对文件，或重新登记")
    return None
