"""What people asked say and experts judge: the questions in `params/<plan>/opinions.yml`, the
counts of answers in survey.csv, the scores in experts.csv.

A figure without a source is none; who did not answer is counted, and is no opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import fields, observations
from .cells import Cells
from .consistency import doubled
from .contract import Source
from .facts import Plan
from .fields import FACT_ID
from .finding import Finding, Refused, in_file, shown_path
from .plan import last_day
from .table import rows

FILE = "opinions.yml"
SURVEY = ("plan", "question", "year", "answer", "count", "source")
EXPERTS = ("plan", "item", "year", "expert", "score", "source")
OPTIONAL = ("locator", "note")
_name = {fields.NAME: FACT_ID}


@dataclass(frozen=True)
class Answer:
    """One answer that may be given; `counted` is False for who refused or did not know."""

    id: str = field(metadata=_name)
    text: str = ""
    satisfied: bool = False
    counted: bool = True


@dataclass(frozen=True)
class Question:
    """One question of a survey: to whom, how, and by how much its sample is less than a simple one
    (`design_effect`: variance ÷ that of a simple random sample)."""

    id: str = field(metadata=_name)
    text: str
    respondents: str
    method: str
    answers: tuple[Answer, ...]
    design_effect: float = field(default=1.0, metadata={fields.RANGE: (1.0, 100.0)})


@dataclass(frozen=True)
class Item:
    """One thing that every expert scores."""

    id: str = field(metadata=_name)
    text: str = ""


@dataclass(frozen=True)
class Asked:
    """The file's fields; `least` and `most` are the ends of the experts' scale."""

    questions: tuple[Question, ...] = ()
    items: tuple[Item, ...] = ()
    least: float = 0.0
    most: float = 100.0


@dataclass(frozen=True)
class Count:
    """How many gave one answer to one question in one year."""

    question: str
    year: int
    answer: str
    count: int
    source: str
    line: int


@dataclass(frozen=True)
class Score:
    """What one expert, by a code, gave one item in one year."""

    item: str
    year: int
    expert: str
    score: float
    source: str
    line: int


@dataclass(frozen=True)
class Opinions:
    asked: Asked
    counts: tuple[Count, ...]
    scores: tuple[Score, ...]

    def until(self, year: int, known_by: str, sources: Mapping[str, Source]) -> Opinions:
        """What was asked by `year` and published by `known_by` (empty: whenever)."""

        def known(row: Count | Score) -> bool:
            day = sources[row.source].published
            return row.year <= year and (not known_by or bool(day and last_day(day) <= known_by))

        counts, scores = filter(known, self.counts), filter(known, self.scores)
        return Opinions(self.asked, tuple(counts), tuple(scores))


def rests_on(plan: Plan) -> tuple[Path, Path, Path]:
    """The files of opinions: the questions, the counts, the scores."""
    return plan.params / FILE, plan.raw / "survey.csv", plan.raw / "experts.csv"


def of(plan: Plan) -> Opinions | None:
    """The plan's opinions; None where nobody was asked. Raises `Refused` with every finding."""
    path, *tables = rests_on(plan)
    if not path.is_file():
        stray = [shown_path(one, plan.root) for one in tables if one.is_file()]
        if stray:
            remedy = f"请把问题写在 params/{plan.id}/{FILE}"
            raise Refused(
                [Finding(name, 0, "", "", "没有说明问的是什么", remedy) for name in stray]
            )
        return None
    asked = fields.read(path, Asked, shown_path(path, plan.root))
    findings = list(_of_itself(asked, shown_path(path, plan.root)))
    sources = observations.sources(plan)
    made = Opinions(
        asked,
        tuple(counts(plan, tables[0], asked, sources, findings)),
        tuple(scores(plan, tables[1], asked, sources, findings)),
    )
    if findings:
        raise Refused(findings)
    return made


def _of_itself(asked: Asked, shown: str) -> Iterator[Finding]:
    wrong = in_file(shown)
    listed = {"questions": [q.id for q in asked.questions], "items": [i.id for i in asked.items]}
    listed |= {f"{q.id}.answers": [a.id for a in q.answers] for q in asked.questions}
    for place, ids in listed.items():
        for twice in doubled(ids):
            yield wrong(place, twice, "代码写了两次", "请改名")
    for q in asked.questions:
        if not {True, False} <= {a.satisfied for a in q.answers if a.counted}:
            problem = "回答里要有算作满意的，也要有算作不满意的"
            yield wrong(f"{q.id}.answers", "", problem, "请在算作满意的回答写 satisfied: true")
    if asked.least >= asked.most:
        yield wrong("most", f"{asked.most:g}", "评分的上限不高于下限", "请改正")


def counts(
    plan: Plan, path: Path, asked: Asked, sources: Mapping[str, Source], findings: list[Finding]
) -> Iterator[Count]:
    """The rows of survey.csv; appends to `findings`."""
    answers = {q.id: [a.id for a in q.answers] for q in asked.questions}
    seen: set[tuple] = set()
    for cells in _rows(plan, path, SURVEY, sources, findings):
        question = cells.known("question", answers, "个问题") or ""
        answer = cells.known("answer", answers.get(question), "个回答") or ""
        count = cells.number("count")
        if count is not None and (count < 0 or count != int(count)):
            cells.wrong("count", "不是人数", "请写 0 或正整数")
        key = (question, cells.row["year"], answer)
        if key in seen:
            cells.wrong("answer", "同一年的同一个回答写了两次", "请只留一行")
        seen.add(key)
        if count is not None and cells.row["year"].isdecimal():
            year, source = int(cells.row["year"]), cells.row["source"]
            yield Count(question, year, answer, int(count), source, cells.line)


def scores(
    plan: Plan, path: Path, asked: Asked, sources: Mapping[str, Source], findings: list[Finding]
) -> Iterator[Score]:
    """The rows of experts.csv; appends to `findings`."""
    items, seen = [item.id for item in asked.items], set[tuple]()
    for cells in _rows(plan, path, EXPERTS, sources, findings):
        item, expert = cells.known("item", items, "个评议项") or "", cells.row["expert"]
        score = cells.number("score")
        if not expert:
            cells.wrong("expert", "没有填专家的代号", "请填代号，不必具名")
        if score is not None and not asked.least <= score <= asked.most:
            cells.wrong("score", f"应在 {asked.least:g} 至 {asked.most:g} 之间", "请改正")
        key = (item, cells.row["year"], expert)
        if key in seen:
            cells.wrong("expert", "这位专家同一年给同一项打了两次分", "请只留一行")
        seen.add(key)
        if score is not None and cells.row["year"].isdecimal():
            year, source = int(cells.row["year"]), cells.row["source"]
            yield Score(item, year, expert, score, source, cells.line)


def _rows(
    plan: Plan,
    path: Path,
    columns: tuple[str, ...],
    sources: Mapping[str, Source],
    findings: list[Finding],
) -> Iterator[Cells]:
    """The rows of a table that may be absent, what both tables have checked."""
    if not path.is_file():
        return
    shown = shown_path(path, plan.root)
    for line, row in rows(path, shown, columns, OPTIONAL, findings):
        cells = Cells(shown, line, row, findings)
        cells.known("plan", [plan.id], "个规划")
        cells.year("year", plan.period.end + 1)
        cells.known("source", sources, "个来源")
        yield cells
