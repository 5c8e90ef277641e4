"""What a plan asks of an indicator: from where, what by when, and in which form (DESIGN2 §4).

Conventions: values are in the indicator's unit (rates in percent: 13.5, not 0.135), a missing value
is None. A form says which quantity of the series is compared with the target; `at_end`, the value
of the target year, is what a plan means that says nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import fields

Operator = Literal[">=", ">", "<=", "<"]
Bound = Literal["=", ">", ">=", "~"]
Form = Literal[
    "at_end", "every_year", "range", "mean", "compound", "rise", "relative", "qualitative"
]
ACCUMULATED = ("mean", "compound")  # judged by what the years of the period come to together
EACH_YEAR = ("every_year", "range")  # judged year by year: a year that broke it stays broken
OWN_RULE = (*ACCUMULATED, *EACH_YEAR)  # forms whose progress does not start from a baseline
_date = {fields.ISO_DATE: True}


@dataclass(frozen=True)
class Revision:
    """The baseline as it was published anew (a census), which later figures are comparable with."""

    value: float
    published: str = field(metadata=_date)
    reason: str
    source: str = ""
    year: int | None = None  # of which it is, where that is another year


@dataclass(frozen=True)
class Baseline:
    year: int
    value: float | None
    bound: Bound = "="
    source: Literal["plan", "observations"] = "plan"
    note: str = ""
    counted_on: bool = False  # derived running totals are this printed figure plus what was added
    estimated: bool = False  # 预计数: a figure that was not yet final when the plan was printed
    revised: Revision | None = None


@dataclass(frozen=True)
class Goal:
    """What one year is to keep to, where each year has its own: from `low` to `high`, both
    included; one of them may be open."""

    year: int
    low: float | None = None
    high: float | None = None
    quote: str = ""
    source: str = ""


@dataclass(frozen=True)
class Comparison:
    """With what a target compares: `to`, an indicator of the same plan, called
    `name` in the plan's words; the difference (own − other) or the ratio (own ÷ other) is then
    judged in the form `judged`."""

    to: str
    name: str
    by: Literal["difference", "ratio"]
    judged: Literal["at_end", "every_year", "range", "mean"]
    name_en: str = ""


@dataclass(frozen=True)
class Amendment:
    """A target changed by those who may: what it is from then on, why, and by which document."""

    published: str = field(metadata=_date)
    value: float
    reason: str
    document: str


@dataclass(frozen=True)
class Target:
    year: int
    value: float | None
    op: Operator = ">="
    note: str = ""
    decimals: int | None = field(default=None, metadata={fields.RANGE: (0, 6)})  # 85.0 prints one
    form: Form = "at_end"
    rate: Literal["growth", "fall"] | None = None  # the values are yearly rates and compound
    low: float | None = None  # of a range
    high: float | None = None
    goals: tuple[Goal, ...] = ()
    compared: Comparison | None = None
    amended: tuple[Amendment, ...] = ()
    printed: float | None = field(default=None, metadata={"computed": True})  # before it was read

    @property
    def figure(self) -> float:
        """The value of a target that was set. Raises ValueError where the plan sets none."""
        if self.value is None:
            raise ValueError(f"the plan sets no target for {self.year}")
        return self.value

    @property
    def judged(self) -> str:
        """The form the judged series is measured by: that of the comparison where there is one."""
        return self.compared.judged if self.compared else self.form

    @property
    def is_ratio(self) -> bool:
        """Whether what is judged is a ratio of two indicators, which has no unit."""
        return self.compared is not None and self.compared.by == "ratio"

    @property
    def is_set(self) -> bool:
        """Whether there is anything to judge by: a value, a range, or goals of single years."""
        return self.value is not None or bool(self.lines) or bool(self.goals)

    @property
    def lines(self) -> tuple[float, ...]:
        """The values a picture draws as the target."""
        return tuple(x for x in (self.value, self.low, self.high) if x is not None)

    def limits(self, year: int) -> tuple[float | None, float | None]:
        """(least, most) `year` may be, of a target for each year; None is open."""
        own = next((goal for goal in self.goals if goal.year == year), None)
        if own:
            return own.low, own.high
        if self.judged == "range":
            return self.low, self.high
        return (self.value, None) if self.op in (">=", ">") else (None, self.value)


LATER = {  # fields that came with the forms: left out of a record where they say nothing
    "baseline": ("estimated", "revised"),
    "target": ("form", "rate", "low", "high", "goals", "compared", "amended", "printed"),
    "": ("proxy",),
}


def as_recorded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """`facts` (an indicator as a dict) without what the forms added and this plan does not use: the
    record of a plain target is what it was."""
    silent: tuple[object, ...] = (None, "", False, (), [], "at_end")
    found = {k: v for k, v in facts.items() if k not in LATER[""] or v not in silent}
    for part in ("baseline", "target"):
        found[part] = {
            k: v for k, v in facts[part].items() if k not in LATER[part] or v not in silent
        }
    found["breaks"] = [
        {k: v for k, v in cut.items() if k != "adjusted" or v} for cut in facts["breaks"]
    ]
    return found
