"""What a plan promises beside its figures: the fields of `params/<plan>/commitments.yml`, and
whether they agree with each other.

A promise is one checkable undertaking of the plan's text; its quotation stands verbatim on the line
named. Every field is explained in params/README.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from . import fields
from .consistency import FACT_ID, doubled
from .finding import Finding, Wrong, in_file, nearest

PromiseKind = Literal["numeric", "recognition", "document", "platform", "activity", "direction", ""]
Basis = Literal["named", "suggested"]


@dataclass(frozen=True)
class Owner:
    """Who answers for a promise, and whether the plan names them or their duties suggest it."""

    office: str
    basis: Basis


@dataclass(frozen=True)
class Place:
    """Words of the plan and the line they stand on."""

    line: int
    quote: str


@dataclass(frozen=True)
class WayToRead:
    """One way to read a promise: what would fulfil it; `taken` where the assessment reads it so."""

    id: str
    text: str
    taken: bool


@dataclass(frozen=True)
class Commitment:
    id: str
    box: str
    title: str
    quote: str
    type: Literal["milestone", "annual", "continuing"]
    evidence_needed: str
    due: str | None = field(default=None, metadata={fields.ISO_DATE: True})
    line: int | None = None
    source: str = ""
    note: str = ""
    kind: PromiseKind = ""
    chapter: str = ""
    owner: Owner | None = None
    deliverable: str = ""
    readings: tuple[WayToRead, ...] = ()
    unclear: str = ""  # why no evidence could settle it
    restated: tuple[Place, ...] = ()  # where the plan promises the same once more

    @property
    def places(self) -> tuple[Place, ...]:
        """Where in the plan's text it stands; empty where it is quoted second-hand."""
        return ((Place(self.line, self.quote),) if self.line else ()) + self.restated


@dataclass(frozen=True)
class Contradiction:
    """What the plan calls or counts differently in several places; `commitments` it bears on."""

    id: str
    title: str
    places: tuple[Place, ...]
    commitments: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommitmentsFile:
    commitments: tuple[Commitment, ...]
    offices: tuple[str, ...] = ()  # that may own a promise
    contradictions: tuple[Contradiction, ...] = ()
    safeguards: tuple[str, ...] = ()  # chapters (or boxes) of the plan's 保障措施


def of_promises(ledger: CommitmentsFile, shown: str) -> Iterable[Finding]:
    """What of a ledger does not agree with itself."""
    wrong = in_file(shown)
    known = [promise.id for promise in ledger.commitments]
    for name in known:
        if not FACT_ID.fullmatch(name):
            yield wrong("id", name, "代码只能用小写字母、数字和下划线", "请改名")
    for name in doubled([*known, *(each.id for each in ledger.contradictions)]):
        yield wrong("id", name, "代码写了两次", "请改名")
    chapters = {promise.chapter or promise.box for promise in ledger.commitments}
    for name in ledger.safeguards:
        if name not in chapters:
            problem = f"没有任务写在这一章{nearest(name, chapters)}"
            yield wrong("safeguards", name, problem, "请写任务的 chapter（没有则 box）")
    for promise in ledger.commitments:
        yield from _promise_findings(promise, ledger, wrong)
    for each in ledger.contradictions:
        yield from _contradiction_findings(each, known, wrong)


def _promise_findings(
    promise: Commitment, ledger: CommitmentsFile, wrong: Wrong
) -> Iterable[Finding]:
    office = promise.owner.office if promise.owner else ""
    if office and office not in ledger.offices:
        yield wrong(
            f"{promise.id}.owner.office",
            office,
            f"offices 没有列出这个单位{nearest(office, ledger.offices)}",
            "请改正，或先列入 offices",
        )
    ways = promise.readings
    for name in doubled(way.id for way in ways):
        yield wrong(f"{promise.id}.readings", name, "代码写了两次", "请改名")
    if ways and sum(way.taken for way in ways) != 1:
        yield wrong(f"{promise.id}.readings", "", "须有且只有一种读法 taken: true", "请改正")


def _contradiction_findings(
    each: Contradiction, known: Sequence[str], wrong: Wrong
) -> Iterable[Finding]:
    if len(each.places) < 2:
        yield wrong(f"{each.id}.places", "", "自相矛盾至少要有两处原文", "请补上，或删去")
    for name in each.commitments:
        if name not in known:
            yield wrong(
                f"{each.id}.commitments", name, f"没有这项任务{nearest(name, known)}", "请改正"
            )
