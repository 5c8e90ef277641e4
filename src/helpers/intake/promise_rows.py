"""What a row about a promise must say: a sign of where it stands, money for it, or what was looked
for and not found.

A state or an amount without a source is none; what was reported by an office says which, and the
file that shows it is kept beside the tables under its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .cells import Cells
from .contract import CLOSED, DOCUMENTS, LATE, Source, check_copy
from .facts import Plan
from .fields import is_date
from .finding import Finding
from .plan import last_day, ledger
from .promises import Commitment
from .table import rows

COMMITMENTS = ("plan", "commitment_id", "year", "state", "source")
OF_ROW = ("published", "locator", "note", "date")  # what a row of either table may say besides
REPORTED = ("office", "file", "sha256")
COMMITMENTS_OPTIONAL = (*OF_ROW, "until", "strength", "reading", *REPORTED)
FUNDS = ("plan", "commitment_id", "year", "stage", "amount", "unit", "source")
FUNDS_OPTIONAL = (*OF_ROW, "instalment", *REPORTED)
SEARCHES = ("plan", "date", "place", "words")
SEARCHES_OPTIONAL = ("commitment_id", "note")

STATES = ("done", "in_progress", "not_started", "changed", "dropped")
STRENGTHS = ("official_list", "report", "news", "self_statement")  # the strongest first
STAGES = ("planned", "in_place", "spent")
UNITS = {"元": 1e-4, "万元": 1.0, "亿元": 1e4}  # of money, in 万元

Sources = Mapping[str, Source] | None  # None where it is not known which there are


@dataclass(frozen=True)
class Evidence:
    """One sign of where a commitment stands: what happened in `year` (on `date`), and how strongly
    it is shown. `until`: the end of the term it speaks for; `reading`: the only way to read the
    commitment in which the state holds (empty: every); `office`: who reported it; `file`, `sha256`:
    the document that shows it."""

    plan: str
    commitment_id: str
    year: int
    state: str
    source: str
    published: str = ""
    locator: str = ""
    note: str = ""
    line: int = 0
    date: str = ""
    until: str = ""
    strength: str = ""
    reading: str = ""
    office: str = ""
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Fund:
    """Money for a commitment at one stage, in `unit`: all that was known by then, or one
    `instalment` of it."""

    plan: str
    commitment_id: str
    year: int
    stage: str
    amount: float
    unit: str
    source: str
    published: str = ""
    locator: str = ""
    note: str = ""
    line: int = 0
    date: str = ""
    instalment: str = ""
    office: str = ""
    file: str = ""
    sha256: str = ""

    @property
    def wan(self) -> float:
        """The amount in 万元."""
        return self.amount * UNITS[self.unit]


@dataclass(frozen=True)
class Search:
    """What was looked for and not found: on which day, where, by which words; for one commitment or
    (empty) for all."""

    date: str
    place: str
    words: str
    commitment_id: str = ""
    note: str = ""


def evidence_rows(
    plan: Plan,
    path: Path,
    shown: str,
    commitments: Iterable[Commitment],
    sources: Sources,
    findings: list[Finding],
    copies: bool = False,
) -> Iterator[Evidence]:
    """The well-formed rows of commitments.csv. `copies`: the documents beside it are read, and must
    be those of the table."""
    readings = {one.id: [way.id for way in one.readings] for one in commitments}
    row_of = _Row(plan, path, readings, sources, copies)
    for line, row in rows(path, shown, COMMITMENTS, COMMITMENTS_OPTIONAL, findings):
        before, cells = len(findings), Cells(shown, line, row, findings)
        promise, year = row_of.checked(cells)
        state = cells.word("state", STATES)
        _qualified(cells, readings.get(promise, ()))
        if year and len(findings) == before:
            _happened(cells, row_of.source(cells))
        if year and state and len(findings) == before:
            texts = {name: row.get(name, "") for name in COMMITMENTS_OPTIONAL}
            yield Evidence(plan.id, promise, year, state, row["source"], line=line, **texts)


def fund_rows(
    plan: Plan,
    path: Path,
    shown: str,
    commitments: Iterable[Commitment],
    sources: Sources,
    findings: list[Finding],
    copies: bool = False,
) -> Iterator[Fund]:
    """The well-formed rows of funds.csv. `copies` as for evidence."""
    row_of = _Row(plan, path, {one.id: () for one in commitments}, sources, copies)
    for line, row in rows(path, shown, FUNDS, FUNDS_OPTIONAL, findings):
        before, cells = len(findings), Cells(shown, line, row, findings)
        promise, year = row_of.checked(cells)
        stage, unit = cells.word("stage", STAGES), cells.word("unit", tuple(UNITS))
        amount = cells.number("amount")
        if amount is not None and amount < 0:
            cells.wrong("amount", "资金不能是负数", "收回的资金请减去后填累计数，并写明说明")
        if year and len(findings) == before:
            _happened(cells, row_of.source(cells))
        if year and stage and unit and amount is not None and len(findings) == before:
            texts = {name: row.get(name, "") for name in FUNDS_OPTIONAL}
            yield Fund(
                plan.id, promise, year, stage, amount, unit, row["source"], line=line, **texts
            )


class _Row:
    """What rows of both tables have: plan, promise, year, source, office, document."""

    def __init__(self, plan: Plan, path: Path, promises: Mapping, sources: Sources, copies: bool):
        self.plan, self.promises, self.sources = plan, promises, sources
        self.offices = ledger(plan).offices
        self.folder = path.parent / DOCUMENTS if copies else None

    def checked(self, cells: Cells) -> tuple[str, int | None]:
        """(promise, year), where they can be taken."""
        cells.known("plan", {self.plan.id}, "个规划")
        promise = cells.known("commitment_id", self.promises, "项任务")
        year = cells.year("year", self.plan.period.end + LATE)
        cells.known("source", self.sources, "个来源")
        cells.date("published")
        if cells.row.get("office"):
            cells.known("office", self.offices, "个责任单位")
        source = self.source(cells)
        if cells.row.get("file") and source and source.rights == CLOSED:
            cells.wrong("file", "来源写明不得复制，却存了文件", "请移走文件，或改来源的 rights")
        check_copy(cells, self.folder)
        return promise or "", year

    def source(self, cells: Cells) -> Source | None:
        return (self.sources or {}).get(cells.row["source"])


def _qualified(cells: Cells, readings: Sequence[str]) -> None:
    """How strong the evidence is and in which reading it holds, where the row says so."""
    if cells.row.get("strength"):
        cells.word("strength", STRENGTHS)
    if cells.row.get("reading") and cells.row["commitment_id"]:
        cells.known("reading", readings, "种读法")


def _happened(cells: Cells, source: Source | None) -> None:
    """An event lies in its year, is not reported before it happened, and no term ends before it."""
    day, until = cells.date("date"), cells.date("until")
    happened = day or cells.row["year"]
    published = cells.row.get("published") or (source.published if source else "")
    if not all(is_date(each) for each in (happened, until, published) if each):
        return  # told above, or of the source
    if day and day[:4] != cells.row["year"]:
        cells.wrong("date", f"不在 {cells.row['year']} 年", "请核对 date 和 year")
    elif _first_day(happened) > (last_day(published) if published else "9999"):
        column = "date" if day else "year"
        cells.wrong(column, f"晚于发布日期 {published}", "事情发生之后才能公布，请核对")
    if until and last_day(until) < _first_day(happened):
        cells.wrong("until", "早于事情发生的时间", "请核对")


def _first_day(day: str) -> str:
    return day + "-01-01"[len(day) - 4 :]


def search_rows(
    plan: Plan, path: Path, shown: str, commitments: Iterable[Commitment], findings: list[Finding]
) -> Iterator[Search]:
    """The well-formed rows of searches.csv."""
    ids = {one.id for one in commitments}
    for line, row in rows(path, shown, SEARCHES, SEARCHES_OPTIONAL, findings):
        before, cells = len(findings), Cells(shown, line, row, findings)
        cells.known("plan", {plan.id}, "个规划")
        if not cells.date("date") and not row["date"]:
            cells.wrong("date", "没有填查找的日期", "请写成 2026-11-27")
        for column in ("place", "words"):
            if not row[column].strip():
                cells.wrong(column, "没有填", "请写明查了哪里、查的什么")
        if row.get("commitment_id"):
            cells.known("commitment_id", ids, "项任务")
        if len(findings) == before:
            yield Search(
                row["date"],
                row["place"],
                row["words"],
                row.get("commitment_id", ""),
                row.get("note", ""),
            )
