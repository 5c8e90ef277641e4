"""What the evaluator says of a year in their own words: the fields of
`params/<plan>/judgement/<year>.yml`, and how they are read.

Every passage names under `because` the records it rests on, as `indicator/<id>`, `commitment/<id>`,
`contradiction/<id>`, `check/<id>`, `context/<id>` or `source/<id>`. A recommendation stays open
until a later year's file says that it was done or not adopted; until then every file says what
became of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from . import fields
from .facts import Plan
from .finding import Finding, Refused, shown_path

FOLDER = "judgement"
YEAR_FILE = re.compile(r"[0-9]{4}\.yml")
DRAFT = ".draft.yml"  # how the name of a draft ends: no edition reads it
FATES = ("adopted", "under_way", "done", "declined")
CLOSED = ("done", "declined")  # after these a recommendation needs no further word
JUDGED = ("met", "on_track", "off_track", "not_met")
_name = {fields.NAME: fields.FACT_ID}
_date = {fields.ISO_DATE: True}


@dataclass(frozen=True)
class Parties:
    """Who asked, who answers, on what ground, and how independent they are of each other."""

    client: str
    evaluator: str
    basis: str
    independence: str
    dated: str = field(metadata=_date)
    signatures: tuple[str, ...] = ()  # whose hand the last page waits for


@dataclass(frozen=True)
class Passage:
    """A sentence of the evaluator and the records it rests on."""

    text: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class CategoryWord:
    """What is to be said of one category of the plan as a whole."""

    category: str
    text: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong, and why: `kind` says where the cause lies."""

    id: str = field(metadata=_name)
    text: str = ""
    kind: Literal["indicator", "task", "mechanism"] = "indicator"
    because: tuple[str, ...] = ()
    causes: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """What to do, by whom, by when, and how it will be seen; `answers` are ids of problems."""

    id: str = field(metadata=_name)
    text: str
    owner: str
    due: str = field(metadata=_date)
    success: str
    because: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declined:
    """不建议: items that call for a recommendation and get none, and why."""

    items: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Judged:
    """The evaluator's word on a target that no figure can settle."""

    indicator: str
    word: Literal["met", "on_track", "off_track", "not_met"]
    text: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A target the evaluator proposes to change: before, after, and the reason."""

    indicator: str
    before: float
    after: float
    text: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fate:
    """What became of an earlier recommendation, named `<year>/<id>`."""

    of: str
    fate: Literal["adopted", "under_way", "done", "declined"]
    text: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The judgement of one year; `known_by` is the data cut-off it was written on ("" for all)."""

    parties: Parties
    draft: bool = False
    remark: str = ""  # whose reading it is, printed above everything
    known_by: str = field(default="", metadata=_date)
    categories: tuple[CategoryWord, ...] = ()
    achievements: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    not_recommended: tuple[Declined, ...] = ()
    judged: tuple[Judged, ...] = ()
    changes: tuple[Change, ...] = ()
    lessons: tuple[Passage, ...] = ()
    fates: tuple[Fate, ...] = ()
    year: int = field(default=0, metadata={"computed": True})

    @property
    def answered(self) -> set[str]:
        """The records that some recommendation, or a reasoned 不建议, speaks to."""
        of_problem = {problem.id: problem.because for problem in self.problems}
        cited = {name for each in self.not_recommended for name in each.items}
        for each in self.recommendations:
            cited |= {*each.because, *(n for p in each.answers for n in of_problem.get(p, ()))}
        return cited


@dataclass(frozen=True)
class Open:
    """A recommendation of an earlier year that still waits, and what was last said of it."""

    year: int
    recommendation: Recommendation
    fate: str = ""

    @property
    def name(self) -> str:
        return f"{self.year}/{self.recommendation.id}"


def path_of(plan: Plan, year: int) -> Path:
    return plan.params / FOLDER / f"{year}.yml"


def years(plan: Plan) -> tuple[int, ...]:
    """The years the plan has a judgement of. Raises `Refused` for a file that is none."""
    found = sorted((plan.params / FOLDER).glob("*"))
    stray = [
        Finding(
            shown_path(path, plan.root),
            0,
            "",
            "",
            "文件名不是年份",
            "请写成 2024.yml；草稿写成 2024.draft.yml",
        )
        for path in found
        if not YEAR_FILE.fullmatch(path.name) and not path.name.endswith(DRAFT)
    ]
    if stray:
        raise Refused(stray)
    return tuple(int(path.stem) for path in found if YEAR_FILE.fullmatch(path.name))


def files(plan: Plan, year: int) -> tuple[Path, ...]:
    """The files that the judgement of `year` is made of: its own and the earlier ones it answers;
    none where it has none."""
    if not path_of(plan, year).is_file():
        return ()
    return tuple(path_of(plan, y) for y in years(plan) if y <= year)


def rests_on(plan: Plan, year: int) -> tuple[Path, ...]:
    """The files that are read to check it: its own, and those that hold what may be cited."""
    own = files(plan, year)
    indicators = (plan.params / "indicators" / f"{name}.yml" for name in plan.indicators)
    cited = (*indicators, plan.params / "commitments.yml", plan.params / "context.yml")
    return (*own, *cited, plan.raw / "sources.csv") if own else ()


def read(plan: Plan, path: Path, year: int) -> Judgement:
    """The file at `path` as the judgement of `year`, its fields alone checked."""
    return replace(fields.read(path, Judgement, shown_path(path, plan.root)), year=year)


def open_before(plan: Plan, year: int) -> tuple[Open, ...]:
    """Recommendations of earlier years that no file before `year` closed, the oldest first."""
    waiting: dict[str, Open] = {}
    for earlier in (y for y in years(plan) if y < year):
        said = read(plan, path_of(plan, earlier), earlier)
        for fate in said.fates:
            if fate.of in waiting:
                waiting[fate.of] = replace(waiting[fate.of], fate=fate.fate)
            if fate.fate in CLOSED:
                waiting.pop(fate.of, None)
        for each in said.recommendations:
            one = Open(earlier, each)
            waiting[one.name] = one
    return tuple(waiting.values())
