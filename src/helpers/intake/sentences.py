"""Whether every sentence of a plan's text is accounted for: by a promise, by an indicator, or as a
direction with the reason why nothing in it could be checked.

A sentence ends at 。 or ； or with its line; headings are no sentences. Lines are counted from 1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import fields, plan as plans
from .facts import Plan
from .finding import Finding, Refused, Unknown, shown_path
from .promises import Place

SENTENCE = re.compile(r"[^。；]+[。；]?")
HEADING = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|专栏\s*\d+：")


@dataclass(frozen=True)
class Direction:
    """How a sentence begins that promises nothing which could be checked, and why not."""

    line: int
    starts: str
    reason: str


@dataclass(frozen=True)
class PassedOver:
    """Lines that are no sentences (a table), `first` to `last`, and where their content is."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class CoverageFile:
    """`params/<plan>/coverage.yml`: which lines of the plan's text are gone through, and what in
    them is no promise."""

    document: str
    first_line: int
    last_line: int
    passed_over: tuple[PassedOver, ...] = ()
    directions: tuple[Direction, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """One sentence of the text; `ids` of what represents it, `reason` why nothing does."""

    line: int
    text: str
    kind: Literal["promise", "direction", "uncovered"]
    ids: tuple[str, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        why = "、".join(self.ids) or self.reason or "没有对应的任务、指标或方向"
        return f"第 {self.line} 行：{self.text} — {why}"


def coverage(plan: Plan) -> tuple[Sentence, ...]:
    """Every sentence between the lines that coverage.yml names. Raises `Unknown` without that file,
    `Refused` where it is bad."""
    path = plan.params / "coverage.yml"
    shown = shown_path(path, plan.root)
    if not path.is_file():
        raise Unknown(f"还没有 {shown}；请按 params/README.md 建立")
    wanted = fields.read(path, CoverageFile, shown)
    lines, quoted = _lines(plan, wanted, shown), list(_quoted(plan))
    _refuse_misquoted(plan, quoted, lines)
    found = tuple(
        _judged(number, start, text, lines[number - 1], quoted, wanted)
        for number, start, text in sentences(lines, wanted)
    )
    _refuse_idle(wanted, found, shown)
    return found


def summary(found: Sequence[Sentence]) -> str:
    """How many sentences there are of each kind, in one sentence."""
    kinds = [sentence.kind for sentence in found]
    ids = {name for sentence in found for name in sentence.ids}
    return (
        f"{len(found)} 句：{kinds.count('promise')} 句有任务或指标（共 {len(ids)} 项），"
        f"{kinds.count('direction')} 句只是方向，{kinds.count('uncovered')} 句没有对应"
    )


def sentences(lines: Sequence[str], wanted: CoverageFile) -> Iterator[tuple[int, int, str]]:
    """(line, where in the line it starts, sentence) of all lines wanted, but headings and those
    passed over."""
    for number in range(wanted.first_line, wanted.last_line + 1):
        if any(part.first <= number <= part.last for part in wanted.passed_over):
            continue
        for match in SENTENCE.finditer(lines[number - 1]):
            text = match.group().strip()
            if text and not HEADING.match(text):
                yield number, match.start(), text


def _quoted(plan: Plan) -> Iterator[tuple[str, Place]]:
    """What of the text is represented: (id, place) of every promise and every indicator."""
    for promise in plans.commitments(plan):
        for place in promise.places:
            yield promise.id, place
    for facts in plans.indicators(plan):
        for clause in facts.clauses:
            if clause.line and "|" not in clause.quote:  # cells of a table are no sentence
                yield facts.id, Place(clause.line, clause.quote)


def _judged(
    number: int,
    start: int,
    text: str,
    line: str,
    quoted: Iterable[tuple[str, Place]],
    wanted: CoverageFile,
) -> Sentence:
    ids = [
        name
        for name, place in quoted
        if place.line == number
        and line.find(place.quote) < start + len(text)
        and line.find(place.quote) + len(place.quote) > start
    ]
    if ids:
        return Sentence(number, text, "promise", tuple(dict.fromkeys(ids)))
    for direction in wanted.directions:
        if direction.line == number and text.startswith(direction.starts):
            return Sentence(number, text, "direction", reason=direction.reason)
    return Sentence(number, text, "uncovered")


def _lines(plan: Plan, wanted: CoverageFile, shown: str) -> list[str]:
    path = (plan.raw / wanted.document).resolve()
    raw = path.read_bytes() if _inside(path, plan.raw) and path.is_file() else None
    if raw is None:
        problem = "没有这个文件", f"请放在 {shown_path(plan.raw, plan.root)} 下"
    elif hashlib.sha256(raw).hexdigest() != plan.document.sha256:
        problem = "与 plan.yml 的 sha256 不符", "请换回行号所据的文本"
    elif not 1 <= wanted.first_line <= wanted.last_line <= raw.count(b"\n") + 1:
        problem = "行号范围不在文本之内", "请核对 first_line 和 last_line"
    else:
        return raw.decode("utf-8").split("\n")
    raise Refused([Finding(shown, 0, "document", wanted.document, *problem)])


def _inside(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder.resolve())


def _refuse_misquoted(plan: Plan, quoted: Iterable[tuple[str, Place]], lines: list[str]) -> None:
    """Every quotation stands verbatim on the line it names, those of contradictions too."""
    places = [*quoted, *((c.id, p) for c in plans.ledger(plan).contradictions for p in c.places)]
    wrong = [
        Finding(
            shown_path(plan.params, plan.root),
            0,
            name,
            place.quote,
            f"规划文本第 {place.line} 行没有这句原文",
            "请照原文改正，或核对行号",
        )
        for name, place in places
        if not 1 <= place.line <= len(lines) or place.quote not in lines[place.line - 1]
    ]
    if wrong:
        raise Refused(wrong)


def _refuse_idle(wanted: CoverageFile, found: Sequence[Sentence], shown: str) -> None:
    """A direction that no sentence needs is misquoted, or its sentence has become a promise."""
    used = {(s.line, s.text) for s in found if s.kind == "direction"}
    idle = [
        Finding(
            shown,
            0,
            "directions",
            each.starts,
            f"第 {each.line} 行没有这样起头、又没有任务的句子",
            "请照原文改正，或删去",
        )
        for each in wanted.directions
        if not any(line == each.line and text.startswith(each.starts) for line, text in used)
    ]
    if idle:
        raise Refused(idle)
