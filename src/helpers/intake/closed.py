"""What became of closed plans of the same family: the fields of `params/<plan>/memory.yml`.

One row is one forecast of a closed plan and the place its outcome took in it. The file is made by
`python -m helpers memory`; every field is explained in params/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from . import fields
from .finding import Finding, Refused, in_file


@dataclass(frozen=True)
class Outcome:
    """Where the outcome of a closed target came in what was foreseen of it at the end of `year`.

    `place`: the probability, 0…1, the forecast gave to values at or below the outcome; `known`:
    the day by which the outcome was published; `better`: the side of the target that is good.
    """

    plan: str
    indicator: str
    name_zh: str
    year: int
    better: Literal["higher", "lower"]
    place: float = field(metadata={fields.RANGE: (0, 1)})
    known: str = field(metadata={fields.ISO_DATE: True})


@dataclass(frozen=True)
class ClosedPlan:
    """A plan of the family whose outcomes are remembered, as its readers call it."""

    id: str
    title: str
    title_en: str


@dataclass(frozen=True)
class MemoryFile:
    plans: tuple[ClosedPlan, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


def read(path: Path, plan_id: str, shown: str) -> MemoryFile:
    """What memory.yml remembers of closed plans, nothing without one. Raises `Refused`."""
    if not path.is_file():
        return MemoryFile()
    found = fields.read(path, MemoryFile, shown)
    wrong = list(of_memory(found, plan_id, shown))
    if wrong:
        raise Refused(wrong)
    return found


def of_memory(memory: MemoryFile, plan_id: str, shown: str) -> Iterable[Finding]:
    """What of a memory does not agree with itself, or with whose memory it is."""
    wrong = in_file(shown)
    seen: set[tuple[str, str, int]] = set()
    named = [plan.id for plan in memory.plans]
    for each in memory.outcomes:
        key = (each.plan, each.indicator, each.year)
        if each.plan == plan_id:
            yield wrong("plan", each.plan, "不能以本规划自己的结果校准自己", "请只列以前的规划")
        if each.plan not in named:
            yield wrong("plan", each.plan, "plans 没有列出这个规划", "请列入，或改正")
        if key in seen:
            yield wrong("indicator", f"{each.indicator} {each.year}", "写了两次", "请删去一行")
        seen.add(key)


def text(memory: MemoryFile) -> str:
    """A memory as its file, one plan or outcome a line."""
    lines = []
    for name in ("plans", "outcomes"):
        rows = [json.dumps(asdict(each), ensure_ascii=False) for each in getattr(memory, name)]
        lines += [f"{name}:", *(f"  - {row}" for row in rows)] if rows else [f"{name}: []"]
    return "\n".join(lines) + "\n"
