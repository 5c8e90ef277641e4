"""The file bridge.yml: the plan before, and what became of each of its indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import fields
from .facts import Plan
from .finding import Finding, Refused, nearest, shown_path

State = Literal["same", "changed", "dropped", "new"]
STATES: dict[str, State] = {"同": "same", "改": "changed", "停": "dropped", "新": "new"}
COLUMNS = {
    "与上一期": "同、改（口径变了）、停（不再用）、新",
    "上一期代码": "新增的不填",
    "重叠年": "改的必填：两种口径都有数的一年",
    "旧口径值": "改的必填：那一年按旧口径",
    "新口径值": "改的必填：那一年按新口径",
}
FILE = "bridge.yml"


@dataclass(frozen=True)
class Overlap:
    """One year known in both definitions, in the unit of each."""

    year: int
    old: float
    new: float


@dataclass(frozen=True)
class Succession:
    """What became of one indicator: `was` its id in the plan before, `id` its id now."""

    state: State
    id: str = ""
    was: str = ""
    overlap: Overlap | None = None
    reason: str = ""


@dataclass(frozen=True)
class Bridge:
    """`params/<plan>/bridge.yml`."""

    plan: str
    title: str
    indicators: tuple[Succession, ...]


def load(plan: Plan) -> Bridge | None:
    """The bridge of a plan that follows another; None for one that follows none. Raises
    `Refused`."""
    path = plan.params / FILE
    if not path.is_file():
        return None
    shown = shown_path(path, plan.root)
    found = fields.read(path, Bridge, shown)
    wrong = [
        Finding(shown, 0, one.id, "", "没有这项指标" + nearest(one.id, plan.indicators), "请改正")
        for one in found.indicators
        if one.state != "dropped" and one.id not in plan.indicators
    ]
    wrong += [
        Finding(shown, 0, one.id, "", "口径变了，却没有重叠年的两个值", "请补上 overlap")
        for one in found.indicators
        if one.state == "changed" and one.overlap is None
    ]
    if wrong:
        raise Refused(wrong)
    return found
