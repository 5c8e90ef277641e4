"""What is declared before plans are laid side by side: what 「前列」 means, weights of a composite
index, a map. Nothing of it is taken for granted; without a file there is no index and no map.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from . import fields
from .finding import Finding, Refused, nearest


@dataclass(frozen=True)
class Front:
    """A promise to be among the first: of which indicator, by which rule (`third`: 前三分之一,
    `three`: 前三名), and how the plan says it."""

    indicator: str
    rule: Literal["third", "three"]
    quote: str = ""


@dataclass(frozen=True)
class Weight:
    """The weight of an indicator in the composite index."""

    indicator: str
    weight: float = field(metadata={fields.RANGE: (1e-6, 1e6)})


@dataclass(frozen=True)
class Declared:
    """A file for `make overview FILE=`. `geometry`: a GeoJSON beside it, whose features carry
    the id of the plan (or area) in the property `key`."""

    title: str = ""
    title_en: str = ""
    front: tuple[Front, ...] = ()
    weights: tuple[Weight, ...] = ()
    geometry: str = ""
    key: str = "id"

    @property
    def weighted(self) -> dict[str, float]:
        """Indicator → weight in the composite index."""
        return {entry.indicator: entry.weight for entry in self.weights}


FILE = "declared.yml"  # what it is called in the folder of an overview


def of(folder: Path, indicators: Collection[str]) -> Declared:
    """What was declared for the overview in `folder`; nothing where there is no such file."""
    path = folder / FILE
    return read(path, FILE, indicators) if path.is_file() else Declared()


def read(path: Path, shown: str, indicators: Collection[str]) -> Declared:
    """The file at `path`; `indicators` are those that are compared. Raises `Refused` with every
    finding."""
    declared = fields.read(path, Declared, shown)
    findings = []
    for name, entries in (("front", declared.front), ("weights", declared.weights)):
        seen: set[str] = set()
        for entry in entries:
            problem = ""
            if entry.indicator not in indicators:
                problem = f"所选规划没有这项指标{nearest(entry.indicator, indicators)}"
            elif entry.indicator in seen:
                problem = "同一指标写了两次"
            if problem:
                line = fields.line_of(path, name)
                findings.append(Finding(shown, line, name, entry.indicator, problem, "请改正"))
            seen.add(entry.indicator)
    place = path.parent / declared.geometry
    if declared.geometry and not place.is_file():
        line = fields.line_of(path, "geometry")
        problem = "没有这个文件"
        remedy = "请放在本文件旁边"
        findings.append(Finding(shown, line, "geometry", declared.geometry, problem, remedy))
    if findings:
        raise Refused(findings)
    return declared
