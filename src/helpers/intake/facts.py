"""What a plan says: the fields of `params/<plan>/`, as frozen dataclasses.

Conventions: years are integers, values are in the unit of their indicator, a missing value is None
and never zero, dates are ISO strings of any precision (`2023`, `2023-02`, `2023-02-16`). Every
field is explained in params/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from . import fields
from .check import Check
from .closed import MemoryFile
from .targets import Baseline, Operator, Target
from .what_if import Scenario, WhatIf

Kind = Literal["stock", "flow", "share", "score", "ratio", "increment", "cumulative", "binary"]

# half of one does not exist
COUNTED = frozenset({*"件家个人项笔户所次款条起名例宗只种处场期批块本部篇枚", "人次"})
# METHOD §2: once met, met for good
CANNOT_BE_LOST = frozenset({"increment", "cumulative", "binary"})
# how much there is; never below 0 unless `lower` says so
AMOUNTS = frozenset({"stock", "flow", "increment", "cumulative"})
# kinds whose target does not depend on how large the area is
SAME_EVERYWHERE = ("share", "score", "ratio", "binary")
# METHOD §2: progress starts from 0 whatever the base
STARTS_FROM_ZERO = frozenset({"increment", "binary"})


def digits_of(value: float) -> int:
    """Digits after the point in the shortest way to print `value`: 7.5 has 1, 18.0 has none."""
    number = Decimal(repr(float(value))).normalize()
    return max(0, len(number.as_tuple().digits) - 1 - number.adjusted())


attribute = property  # inside Indicator the builtin is hidden by the field of that name
_date = {fields.ISO_DATE: True}
_computed = {"computed": True}


@dataclass(frozen=True)
class Document:
    title: str
    url: str | None = None
    sha256: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Period:
    start: int
    end: int


@dataclass(frozen=True)
class Area:
    id: str
    name: str
    role: Literal["whole", "part", "context"]


@dataclass(frozen=True)
class Clause:
    quote: str
    line: int | None = None
    place: str = ""
    source: str = ""


@dataclass(frozen=True)
class AreaTarget:
    """What one part of the plan's area is to reach in the target year, where somebody has set
    it."""

    area: str
    target: float
    baseline: float | None = None


@dataclass(frozen=True)
class Supplier:
    office: str
    basis: Literal["规划原文", "按职能建议"]
    needs: str


@dataclass(frozen=True)
class Break:
    """A change of definition: values of `year` and later that were published on or after
    `published`."""

    year: int
    reason: str
    published: str = field(default="", metadata=_date)
    adjusted: bool = False  # earlier years published since are of the new definition too


@dataclass(frozen=True)
class Reading:
    """One way to read the plan's words; what is None is as in the indicator."""

    id: str
    text: str
    taken: bool
    kind: Kind | None = None
    reported: Literal["annual", "to_date"] | None = None
    since: str | None = None
    unit: str | None = None
    direction: Literal["higher", "lower"] | None = None
    baseline: Baseline | None = None
    target: Target | None = None
    op: Operator | None = None
    series: str | None = None


@dataclass(frozen=True)
class Indicator:
    """The facts of one indicator: `params/<plan>/indicators/<id>.yml`."""

    id: str
    name_zh: str
    name_en: str
    category: str
    unit: str
    kind: Kind
    decimals: int
    baseline: Baseline
    target: Target
    clauses: tuple[Clause, ...]
    definition: str
    supplier: Supplier
    reported: Literal["annual", "to_date"] | None = None
    since: str | None = None
    direction: Literal["higher", "lower"] = "higher"
    property: Literal["binding", "expected"] = "expected"
    lower: float | None = None
    upper: float | None = None
    readings: tuple[Reading, ...] = ()
    caveats: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    substitute_baseline: bool = False
    proxy: str = ""  # what the series stands for, where it is not the thing itself
    area_targets: tuple[AreaTarget, ...] = ()
    assumed: tuple[WhatIf, ...] = field(default=(), metadata=_computed)  # by the scenario
    # the context series a scenario's reading takes its values from
    from_series: str | None = field(default=None, metadata=_computed)

    @attribute
    def start(self) -> float | None:
        """What progress starts from, in the indicator's unit: 0 for increments and yes/no, else the
        plan's baseline."""
        return 0.0 if self.kind in STARTS_FROM_ZERO else self.baseline.value

    @attribute
    def target_decimals(self) -> int:
        """The digits the target is printed with: what it declares, else its own."""
        if self.target.decimals is not None:
            return self.target.decimals
        return digits_of(self.target.value or 0.0)

    @attribute
    def printed_decimals(self) -> int:
        """The precision the plan prints this indicator with: what the target declares, else the
        finest digit of target and baseline."""
        if self.target.decimals is not None:
            return self.target.decimals
        return max(
            (
                digits_of(figure)
                for figure in (self.target.value, self.baseline.value)
                if figure is not None
            ),
            default=self.decimals,
        )

    @attribute
    def in_points(self) -> bool:
        """True where a change is one of 百分点: a growth rate of a percentage says nothing."""
        return self.unit in ("%", "‰")

    @attribute
    def least(self) -> float | None:
        """What no value lies below, where there is such a limit."""
        return self.lower if self.lower is not None else 0.0 if self.kind in AMOUNTS else None

    @attribute
    def is_count(self) -> bool:
        """True where a value is a number of whole things: 件 counted, not 件 per head and not
        亿元."""
        return self.unit in COUNTED and self.decimals == 0 and self.kind in AMOUNTS

    @attribute
    def can_be_lost(self) -> bool:
        """False where what is reached stays reached; a sum that should stay low can still rise."""
        return self.kind not in CANNOT_BE_LOST or self.direction == "lower"

    def in_area(self, area: str) -> Indicator:
        """This indicator as it is judged in one part of the plan's area.

        A part has the target set for it; a share, score or ratio without one has that of the whole.
        The plan's baseline is that of the whole, so a part starts from its own: the one given, else
        what was observed there.
        """
        own = next((one for one in self.area_targets if one.area == area), None)
        value = own.target if own else self.target.value if self.kind in SAME_EVERYWHERE else None
        start, given = (own.baseline, own.baseline is not None) if own else (None, False)
        source: Literal["plan", "observations"] = "plan" if given else "observations"
        baseline = Baseline(self.baseline.year, start, "=", source, "没有分区域的基期值")
        target = replace(self.target, value=value, note="没有分区域的目标")
        return replace(self, baseline=baseline, target=target)

    def read_as(self, reading: Reading) -> Indicator:
        """This indicator with everything `reading` changes."""
        names = ("kind", "reported", "since", "unit", "direction", "baseline", "target")
        changes = {
            name: getattr(reading, name) for name in names if getattr(reading, name) is not None
        }
        if changes.get("kind", self.kind) != "increment":
            changes["reported"] = None  # only increments are sums of what each year reports
        if reading.op:
            changes["target"] = replace(changes.get("target", self.target), op=reading.op)
        if reading.series:
            changes["assumed"] = tuple(
                entry for entry in self.assumed if entry.target is not None
            )  # a value was assumed of its own series
        return replace(self, **changes)


@dataclass(frozen=True)
class Plan:
    """The facts of a plan: `params/<plan>/plan.yml`."""

    id: str
    title: str
    short_title: str
    title_en: str
    issuer: str
    document: Document
    period: Period
    baseline_year: int
    target_year: int
    categories: tuple[str, ...]
    indicators: tuple[str, ...]
    areas: tuple[Area, ...]
    issued: str = field(metadata=_date)
    document_number: str | None = None
    fictional: bool = False
    checks: tuple[Check, ...] = ()
    caveats: tuple[str, ...] = ()
    root: Path = field(default=Path(), repr=False, metadata=_computed)
    # where it lies, if not in params/<id> of its root
    folder: Path | None = field(default=None, repr=False, metadata=_computed)
    # under which it is looked at
    scenario: Scenario | None = field(default=None, metadata=_computed)
    # what became of closed plans of its family: memory.yml
    memory: MemoryFile = field(default=MemoryFile(), repr=False, metadata=_computed)

    @property
    def whole(self) -> Area:
        """The area the plan's targets are set for."""
        return next(area for area in self.areas if area.role == "whole")

    @property
    def dropped(self) -> tuple[str, ...]:
        """Indicators the plan lists and the scenario leaves out."""
        return self.scenario.dropped if self.scenario else ()

    @property
    def params(self) -> Path:
        return self.folder or self.root / "params" / self.id

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / self.id


@dataclass(frozen=True)
class ContextSeries:
    id: str
    name_zh: str
    unit: str
    group: Literal["baseline_table", "district", "city", "province", "nation", "component"]
    differs: str
    relates_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContextFile:
    series: tuple[ContextSeries, ...]
