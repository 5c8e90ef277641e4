"""How a plan's categories stand: what is judged in each, and how many targets may be expected to be
met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .verdict import GOOD, UNJUDGED


@dataclass(frozen=True)
class Category:
    """One category: its `indicators`, how many are `judged`, how many of those are at or above
    符合预期 (`good`), how many have a chance (`foreseen`), and Σp of these (`expected`; None where
    there is none)."""

    name: str
    indicators: int
    judged: int
    good: int
    foreseen: int
    expected: float | None


def categories(names: Sequence[str], records: Sequence[Mapping[str, Any]]) -> tuple[Category, ...]:
    """One a name, in the plan's order; a category without an indicator has none of anything."""
    return tuple(_category(name, [r for r in records if r["category"] == name]) for name in names)


def _category(name: str, mine: Sequence[Mapping[str, Any]]) -> Category:
    chances = [r["p_met"] for r in mine if r["p_met"] is not None]
    return Category(
        name,
        len(mine),
        sum(r["status"] not in UNJUDGED for r in mine),
        sum(r["status"] in GOOD for r in mine),
        len(chances),
        sum(chances) if chances else None,
    )
