"""What a plan says (facts) and what the evaluator chooses (choices): the fields of
`params/<plan>/`, as frozen dataclasses.

Conventions: years are integers, values are in the unit of their indicator, a missing value is None
and never zero, dates are ISO strings of any precision (`2023`, `2023-02`, `2023-02-16`). Every
field is explained in params/README.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypedDict

from . import fields
from .closed import MemoryFile
from .targets import Baseline, Operator, Target

Kind = Literal["stock", "flow", "share", "score", "ratio", "increment", "cumulative", "binary"]

COUNTED = frozenset(
    [
        "件",
        "家",
        "个",
        "人",
        "人次",
        "项",
        "笔",
        "户",
        "所",
        "次",
        "款",
        "条",
        "起",
        "名",
        "例",
        "宗",
        "只",
        "种",
        "处",
        "场",
        "期",
        "批",
        "块",
        "本",
        "部",
        "篇",
        "枚",
    ]
)  # half of one does not exist
CANNOT_BE_LOST = frozenset(
    {"increment", "cumulative", "binary"}
)  # METHOD §2: once met, met for good
AMOUNTS = frozenset(
    {"stock", "flow", "increment", "cumulative"}
)  # how much there is; never below 0 unless `lower` says so
SAME_EVERYWHERE = (
    "share",
    "score",
    "ratio",
    "binary",
)  # kinds whose target does not depend on how large the area is
STARTS_FROM_ZERO = frozenset(
    {"increment", "binary"}
)  # METHOD §2: progress starts from 0 whatever the base


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
class Check:
    """Arithmetic that figures should satisfy: those of the plan's text (`terms`, `result`), or
    observed ones year by year (`series`, `equals`: ids of indicators or context series;
    `tolerance`: relative difference still taken as equal)."""

    id: str
    operation: Literal["sum", "product", "quotient"]
    says: str
    terms: tuple[float, ...] = ()
    result: float | None = None
    decimals: int = 0
    lines: tuple[int, ...] = ()
    series: tuple[str, ...] = ()
    equals: str = ""
    tolerance: float = 0.005

    @property
    def observed(self) -> bool:
        """True where it speaks of observed series, not of the plan's text."""
        return bool(self.series)

    def of(self, terms: Sequence[float]) -> float | None:
        """Σ terms, Π terms, or the first divided by the second, unrounded; None where the divisor
        is zero."""
        if self.operation == "quotient":
            return terms[0] / terms[1] if terms[1] else None
        return math.fsum(terms) if self.operation == "sum" else math.prod(terms)

    @property
    def computed(self) -> float | None:
        """What the plan's own terms come to; None where they divide by zero."""
        return self.of(self.terms)

    @property
    def holds(self) -> bool:
        """True where the computed figure equals the recorded one at its printed precision."""
        if self.computed is None or self.result is None:
            return False
        return abs(self.computed - self.result) <= 0.5 * 10**-self.decimals * (1 + 1e-9)


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
class WhatIf:
    """One thing a scenario assumes of one indicator: a value for a year, a growth path from the
    last value on (0.05 is 5 % a year, up to `until` or the assessment year), a target, another
    declared reading, or that it is left out.
    """

    indicator: str
    reason: str
    year: int | None = None
    value: float | None = None
    growth: float | None = field(default=None, metadata={fields.RANGE: (-0.99, 10)})
    until: int | None = None
    target: float | None = None
    reading: str | None = None
    drop: bool = False


@dataclass(frozen=True)
class Override:
    """One choice made otherwise than in run.yml, and why."""

    reason: str
    model: str | None = None
    rule: str | None = None
    level: float | None = None
    known_by: str | None = field(default=None, metadata=_date)
    window: int | None = field(default=None, metadata={fields.RANGE: (1, 50)})


class Overrides(TypedDict, total=False):
    """The choices a scenario makes otherwise."""

    model: str
    rule: str
    level: float
    known_by: str
    window: int


@dataclass(frozen=True)
class Scenario:
    """`params/<plan>/scenarios/<name>.yml`: choices made otherwise, and what is assumed. Nothing in
    it is an observation."""

    title: str
    reason: str
    choices: tuple[Override, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
    name: str = field(default="", metadata=_computed)

    @property
    def dropped(self) -> tuple[str, ...]:
        return tuple(entry.indicator for entry in self.what_if if entry.drop)

    @property
    def overrides(self) -> Overrides:
        """Name of each choice made otherwise → its value."""
        found: Overrides = {}
        for one in self.choices:
            if one.model is not None:
                found["model"] = one.model
            if one.rule is not None:
                found["rule"] = one.rule
            if one.level is not None:
                found["level"] = one.level
            if one.known_by is not None:
                found["known_by"] = one.known_by
            if one.window is not None:
                found["window"] = one.window
        return found


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
    assumed: tuple[WhatIf, ...] = field(
        default=(), metadata=_computed
    )  # what the scenario says of it
    from_series: str | None = field(
        default=None, metadata=_computed
    )  # the context series a scenario's reading takes its values from

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
        baseline = Baseline(
            self.baseline.year,
            start,
            "=",
            "plan" if given else "observations",
            "没有分区域的基期值",
        )
        return replace(
            self,
            baseline=baseline,
            target=replace(self.target, value=value, note="没有分区域的目标"),
        )

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
    folder: Path | None = field(
        default=None, repr=False, metadata=_computed
    )  # where it lies, if not in params/<id> of its root
    scenario: Scenario | None = field(
        default=None, metadata=_computed
    )  # under which it is looked at
    memory: MemoryFile = field(
        default=MemoryFile(), repr=False, metadata=_computed
    )  # what became of closed plans of its family: memory.yml

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
class Choices:
    """What the evaluator chooses: `params/<plan>/run.yml`."""

    year: int
    model: str
    rule: str
    level: float
    window: int | None = field(
        default=None, metadata={fields.RANGE: (1, 50)}
    )  # the forecast rests on the last n years only
    judgement_from: int | None = None  # from this year on every year needs its judgement/<year>.yml


@dataclass(frozen=True)
class Parameters:
    """What may be injected into a notebook, in one file (`papermill -f FILE`): short ASCII words
    and numbers, no code."""

    plan: str = field(metadata={fields.NAME: fields.PLAN_ID})
    indicator: str = field(default="", metadata={fields.NAME: fields.FACT_ID})
    area: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
    year: int | None = field(default=None, metadata={fields.RANGE: (1900, 2099)})
    known_by: str = field(default="", metadata=_date)
    as_of: str = field(
        default="", metadata=_date
    )  # of backtests: what was known at that date forecasts
    horizon: int | None = field(
        default=None, metadata={fields.RANGE: (1, 20)}
    )  # of backtests: years ahead
    model: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
    rule: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
    level: float | None = None
    window: int | None = field(default=None, metadata={fields.RANGE: (1, 50)})
    scenario: str = field(default="", metadata={fields.NAME: fields.ANY_ID})


@dataclass(frozen=True)
class ContextFile:
    series: tuple[ContextSeries, ...]
