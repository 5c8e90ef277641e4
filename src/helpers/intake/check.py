"""Arithmetic that the figures of a plan should satisfy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


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
