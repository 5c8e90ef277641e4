"""What a rule of another office is asked and what it answers: a case and a rating (METHOD §6).

A case is one row of a table with the columns of `conformance/reference_cases.csv`; an empty cell is
None. Its fields bear the names of the columns, so that a refusal names the column to fill. Values
are in the indicator's unit, years integers.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

NUMBERS = ("base_value", "current_value", "target", "limit", "base_se", "current_se")
DATES = ("base_year", "current_year", "target_year")
DIRECTIONS = {"increase": 1, "decrease": -1}
PERCENT = 100.0  # the scale where nothing else is said
WORST, BEST = -5.0, 5.0  # ends of the scores


@dataclass(frozen=True, kw_only=True)
class Case:
    """One indicator as a rule sees it. `direction`: +1 higher is better, −1 lower is better.

    `limit`: natural limit of the values; `scale`: the value that stands for the whole (100 for
    percent, 1000 for per mille); `years` ascending with their `values`; `base_se`, `current_se`:
    standard errors of base and current value (surveys).
    """

    direction: int
    base_year: int | None = None
    base_value: float | None = None
    current_year: int | None = None
    current_value: float | None = None
    target_year: int | None = None
    target: float | None = None
    limit: float | None = None
    years: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    scale: float = PERCENT
    base_se: float | None = None
    current_se: float | None = None

    def needs(self, *columns: str) -> list[float]:
        """The numbers in `columns`. Raises ValueError with the names of those that are empty."""
        empty = [name for name in columns if getattr(self, name) in (None, ())]
        if empty:
            raise ValueError(
                f"{', '.join(empty)} {'is' if len(empty) == 1 else 'are'} missing; this rule "
                "cannot do without"
            )
        cells = [getattr(self, name) for name in columns]
        return [cell for cell in cells if not isinstance(cell, tuple)]

    def in_order(self) -> None:
        """Raises ValueError where the target year is not after the base year."""
        base_year, target_year = self.needs("base_year", "target_year")
        if target_year <= base_year:
            raise ValueError(
                f"target_year {self.target_year} is not after base_year {self.base_year}; "
                "correct one of them"
            )

    @property
    def met(self) -> bool:
        """True where the current value is at the target or beyond it."""
        (value,) = self.needs("current_value")
        return self.reaches(value)

    def reaches(self, value: float) -> bool:
        """True where `value` is at the target or beyond it."""
        (target,) = self.needs("target")
        return self.direction * (value - target) >= 0


@dataclass(frozen=True)
class Rating:
    """A rule's answer: its `measures` (most have one, ESCAP two, none where it is not defined), its
    score, its word."""

    status: str
    measures: tuple[float, ...] = ()
    score: float | None = None


NOT_AVAILABLE = Rating("not_available")


def known(measure: float | None) -> tuple[float, ...]:
    """`measure` as a rating holds it: nothing where it is not defined."""
    return () if measure is None else (measure,)


def rung(measure: float, *steps: tuple[float, str], below: str) -> str:
    """The word of the first of `steps` (least measure, word), from the top, that `measure` reaches;
    else `below`."""
    return next((word for least, word in steps if measure >= least), below)


def case_of(row: Mapping[str, str | None]) -> Case:
    """The case in a row of a table. Raises ValueError in one sentence for a cell that cannot be
    read."""
    if None in row:
        raise ValueError("more cells than columns; put a text that has a comma between quotes")
    direction = _cell(row, "direction")
    if direction not in DIRECTIONS:
        raise ValueError(
            f"direction {f'{direction!r} is not known' if direction else 'is missing'}; write "
            "increase or decrease"
        )
    years, values = _series(row)
    numbers = {name: _number(_cell(row, name), name) for name in NUMBERS}
    dates = {name: _year(_cell(row, name), name) for name in DATES}
    return Case(
        direction=DIRECTIONS[direction],
        years=years,
        values=values,
        scale=_scale(row, numbers["limit"]),
        base_value=numbers["base_value"],
        current_value=numbers["current_value"],
        target=numbers["target"],
        limit=numbers["limit"],
        base_se=numbers["base_se"],
        current_se=numbers["current_se"],
        base_year=dates["base_year"],
        current_year=dates["current_year"],
        target_year=dates["target_year"],
    )


def _series(row: Mapping[str, str | None]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The years and values of a row, both separated by semicolons."""
    in_years, in_values = (
        text.split(";") if (text := _cell(row, name)) else [] for name in ("years", "values")
    )
    if len(in_years) != len(in_values):
        raise ValueError(
            f"{len(in_years)} years but {len(in_values)} values; give one value a year, both "
            "separated by ;"
        )
    if not all(cell.strip() for cell in in_years + in_values):
        raise ValueError("a year or a value of the series is empty; leave out both")
    years = tuple(_whole(cell.strip(), "years") for cell in in_years)
    values = tuple(_finite(cell.strip(), "values") for cell in in_values)
    if any(later <= earlier for earlier, later in itertools.pairwise(years)):
        raise ValueError("years are not ascending; give each year once, in order")
    return years, values


def _cell(row: Mapping[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip()


def _number(cell: str, name: str) -> float | None:
    return _finite(cell, name) if cell else None


def _finite(cell: str, name: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(
            f"{name} {cell!r} is not a number; write digits with a point, or leave it empty"
        )
    return value


def _year(cell: str, name: str) -> int | None:
    return _whole(cell, name) if cell else None


def _whole(cell: str, name: str) -> int:
    value = _finite(cell, name)
    if value != int(value):
        raise ValueError(f"{name} {cell!r} is not a year; write four digits")
    return int(value)


def _scale(row: Mapping[str, str | None], limit: float | None) -> float:
    """The natural limit, else what the note names (`scale 1000`), else percent."""
    named = re.search(r"\bscale (\d+)\b", _cell(row, "note"))
    return limit or (float(named[1]) if named else PERCENT)
