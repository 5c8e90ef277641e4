"""What was settled before the data came: `params/<plan>/protocol.yml`, sealed with a date, and how
today's choices depart from it.

The protocol holds the questions, the targets as they were read, rule and thresholds, the model, and
which figures were to come from whom. It is written once; a later change is not written into it but
shows as a departure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import fields, plan as plans
from .facts import Indicator, Plan
from .finding import Unknown, shown_path

CHOICES = ("rule", "model", "level", "window")


@dataclass(frozen=True)
class Question:
    """What was to be asked of one indicator, and which figures from whom were to answer it."""

    indicator: str
    question: str
    target: str
    kind: str
    reading: str
    office: str
    needs: str


@dataclass(frozen=True)
class Threshold:
    """A number a verdict turns on, by its name."""

    name: str
    value: float


@dataclass(frozen=True)
class Protocol:
    """The file's fields; `sealed` is the day it was settled."""

    sealed: str = field(metadata={fields.ISO_DATE: True})
    rule: str
    model: str
    level: float
    thresholds: tuple[Threshold, ...]
    questions: tuple[Question, ...]
    window: int | None = None


@dataclass(frozen=True)
class Departure:
    """One thing that is not as it was sealed: `of` names the indicator, threshold or choice."""

    what: str  # a choice, "threshold", a field of `Question`, "new" or "dropped"
    of: str
    sealed: str
    now: str


def path_of(plan: Plan) -> Path:
    return plan.params / "protocol.yml"


def of(plan: Plan) -> Protocol | None:
    """The plan's protocol; None where it has none. Raises `Refused`."""
    path = path_of(plan)
    return fields.read(path, Protocol, shown_path(path, plan.root)) if path.is_file() else None


def rests_on(plan: Plan) -> tuple[Path, ...]:
    """The files that are read to hold an edition to it; none where there is no protocol."""
    if not path_of(plan).is_file():
        return ()
    indicators = (plan.params / "indicators" / f"{name}.yml" for name in plan.indicators)
    return (path_of(plan), plan.params / "run.yml", *indicators)


def drawn_up(plan: Plan, sealed: str, thresholds: Mapping[str, float]) -> Protocol:
    """The protocol of the plan as it is read and judged today."""
    chosen = plans.choices(plan)
    return Protocol(
        sealed,
        chosen.rule,
        chosen.model,
        chosen.level,
        tuple(Threshold(name, value) for name, value in thresholds.items()),
        tuple(_question(facts) for facts in plans.indicators(plan)),
        chosen.window,
    )


def _question(facts: Indicator) -> Question:
    target, taken = facts.target, next((each.id for each in facts.readings if each.taken), "")
    wanted = "" if target.value is None else f"{target.op} {target.value:g} {facts.unit}".strip()
    return Question(
        facts.id,
        f"到 {target.year} 年，{facts.name_zh}达到目标没有？",
        f"{target.year}: {wanted}" if wanted else f"{target.year}",
        facts.kind,
        taken,
        facts.supplier.office,
        facts.supplier.needs,
    )


def departures(sealed: Protocol, now: Protocol) -> tuple[Departure, ...]:
    """What of today's protocol is not as it was sealed, choices first."""
    return (*_of_choices(sealed, now), *_of_questions(sealed.questions, now.questions))


def _of_choices(sealed: Protocol, now: Protocol) -> Iterator[Departure]:
    for name in CHOICES:
        before, after = getattr(sealed, name), getattr(now, name)
        if before != after:
            yield Departure(name, name, _said(before), _said(after))
    former = {each.name: each.value for each in sealed.thresholds}
    for each in now.thresholds:
        if former.get(each.name) != each.value:
            yield Departure("threshold", each.name, _said(former.get(each.name)), _said(each.value))


def _of_questions(sealed: Sequence[Question], now: Sequence[Question]) -> Iterator[Departure]:
    former, latter = ({each.indicator: each for each in asked} for asked in (sealed, now))
    for name, one in former.items():
        other = latter.get(name)
        if other is None:
            yield Departure("dropped", name, one.target, "")
            continue
        for what in ("target", "kind", "reading"):
            before, after = getattr(one, what), getattr(other, what)
            if before != after:
                yield Departure(what, name, before, after)
    for name, other in latter.items():
        if name not in former:
            yield Departure("new", name, "", other.target)


def _said(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def text(protocol: Protocol) -> str:
    """The file of a protocol."""

    def q(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [
        "# 评估方案：在数据公布之前定下的问题、口径、规则、阈值和数据来源。封存后不改；",
        "# 以后的改动由程序逐条列为“偏离方案”。",
        f"sealed: {q(protocol.sealed)}",
        *(f"{name}: {q(getattr(protocol, name))}" for name in CHOICES),
        "thresholds:",
        *(f"  - {{name: {q(each.name)}, value: {each.value:g}}}" for each in protocol.thresholds),
        "questions:",
    ]
    for each in protocol.questions:
        lines += [f"  - indicator: {each.indicator}"]
        lines += [f"    {name}: {q(value)}" for name, value in list(vars(each).items())[1:]]
    return "\n".join(lines) + "\n"


def refuse_sealed(plan: Plan) -> None:
    """Raises `Unknown` where the plan has a protocol: it is sealed once."""
    if path_of(plan).exists():
        raise Unknown(
            f"{shown_path(path_of(plan), plan.root)} 已经封存，不再改写；改动请写在参数里，"
            "期次会逐条列为偏离方案"
        )
