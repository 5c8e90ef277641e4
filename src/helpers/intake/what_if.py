"""What a scenario chooses otherwise and what it assumes: the fields of
`params/<plan>/scenarios/<name>.yml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict, cast

from . import fields

_date = {fields.ISO_DATE: True}


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
    name: str = field(default="", metadata={"computed": True})

    @property
    def dropped(self) -> tuple[str, ...]:
        return tuple(entry.indicator for entry in self.what_if if entry.drop)

    @property
    def overrides(self) -> Overrides:
        """Name of each choice made otherwise → its value."""
        names = ("model", "rule", "level", "known_by", "window")
        given = ((name, getattr(one, name)) for one in self.choices for name in names)
        return cast(Overrides, {name: value for name, value in given if value is not None})
