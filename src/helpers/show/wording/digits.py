"""How a number is printed, in every language: at the digits asked for, halves up, missing as a word and never as zero."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from ...measure.progress import half_up


class Named(dict):
    """Words by code; a code that nobody has named, as that of a model of one's own, stands for itself."""

    def __missing__(self, code: str) -> str:
        return code


def number(value: float | None, decimals: int, missing: str = "—") -> str:
    """`value` at `decimals` digits, halves up, thousands grouped from five digits on; `missing` where it is None."""
    if value is None:
        return missing
    rounded = half_up(value, decimals) + 0.0  # a small negative number rounds to zero, not to minus zero
    text = f"{rounded:,.{decimals}f}"
    return text if abs(rounded) >= 10_000 else text.replace(",", "")


def plain(value: float) -> str:
    """A published figure as it was published, no digit added or lost and no exponent: 1234567.5, 12."""
    return np.format_float_positional(value, trim="-")


def significant(value: float, digits: int = 6) -> str:
    """A computed figure at so many significant digits, without exponent: 0.123457, 1234570."""
    return plain(float(f"{value:.{digits}g}"))


def percent(share: float | None, decimals: int = 1, missing: str = "—") -> str:
    """A fraction as percent: 0.793 → 79.3%."""
    return missing if share is None else f"{half_up(share * 100, decimals) + 0.0:.{decimals}f}%"


def runs(years: Iterable[int]) -> list[tuple[int, int]]:
    """First and last year of each run without a gap: 2021, 2022, 2025 → (2021, 2022), (2025, 2025)."""
    found = groupby(enumerate(sorted(years)), lambda numbered: numbered[1] - numbered[0])
    ends = [[year for _, year in run] for _, run in found]
    return [(run[0], run[-1]) for run in ends]
