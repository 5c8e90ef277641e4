"""Whether a series rises or falls at all, and how steeply: exact Mann-Kendall test and Theil–Sen
slope (METHOD §6).

Only the order of the years enters the test, so gaps are no hindrance; a slope counts them by their
years. A running total rises whatever happens, so its yearly additions are tested instead
(`running_total=True`). The usual normal approximation is wrong at the length of a plan: n = 5, S =
10 has p = 2/5! = .0167, not .0275.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

LEVEL = 0.05


@dataclass(frozen=True)
class Trend:
    """`n` points tested, Kendall's `s`, its two-sided `p`, and `slope` in units of the values a
    year (None below two points).

    `reachable`: whether any order of these values could have p ≤ 5 %. With n ≤ 4 none can (2/4! =
    .083), nor with many equal values; "no trend was found" would then say nothing about the series.
    """

    n: int
    s: int
    p: float
    slope: float | None
    reachable: bool

    @property
    def code(self) -> str:
        """`rising` or `falling` where p ≤ 5 %, `unreachable` where it never could be, else
        `none`."""
        if not self.reachable:
            return "unreachable"
        return "none" if self.p > LEVEL else "rising" if self.s > 0 else "falling"


def trend(years: Sequence[int], values: Sequence[float], *, running_total: bool = False) -> Trend:
    """The trend of `values` over ascending `years`, gaps allowed; of their yearly additions where
    they are a running total.

    S = Σ_{i<j} sign(y_j − y_i); p = P(|S'| ≥ |S|) over all n! orders of the values, each as likely
    as the other, ties included. Source: Kendall, Rank Correlation Methods (1948), ch. 1; Mann,
    Econometrica 13 (1945). Raises ValueError for unequal lengths, years out of order and values
    that are no number.
    """
    _check(years, values)
    if running_total:
        years, values = increments(years, values)
    s = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    orders = _orders(tuple(sorted(Counter(values).values())))
    highest = len(orders) - 1
    least = _share(orders, highest)
    return Trend(len(values), s, _share(orders, abs(s)), slope(years, values), least <= LEVEL)


def slope(years: Sequence[int], values: Sequence[float]) -> float | None:
    """Theil–Sen: the median of (y_j − y_i)/(t_j − t_i) over all pairs, in units a year. None below
    two points.

    Source: Theil, Indagationes Mathematicae 12 (1950); Sen, JASA 63 (1968).
    """
    pairs = combinations(zip(years, values, strict=False), 2)
    slopes = [(later - earlier) / (t1 - t0) for (t0, earlier), (t1, later) in pairs]
    return float(statistics.median(slopes)) if slopes else None


def increments(
    years: Sequence[int], totals: Sequence[float]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The yearly additions (years, values) of a running total, each dated by the year it was added
    in.

    What was added over a gap is nobody's yearly addition and is left out. For a total that began at
    zero within the plan, put (year before, 0) in front, or its first year is lost.
    """
    steps = [
        (t1, later - earlier)
        for t0, earlier, t1, later in zip(years, totals, years[1:], totals[1:], strict=False)
        if t1 == t0 + 1
    ]
    return tuple(t for t, _ in steps), tuple(added for _, added in steps)


def _check(years: Sequence[int], values: Sequence[float]) -> None:
    if len(years) != len(values):
        raise ValueError(f"{len(years)} years but {len(values)} values; give one value a year")
    if any(later <= earlier for earlier, later in pairwise(years)):
        raise ValueError("the years are not ascending; give each year once, in order")
    if not all(math.isfinite(value) for value in values):
        raise ValueError("a value is not a finite number; leave its year out")


def _share(orders: tuple[int, ...], s: int) -> float:
    """P(|S'| ≥ s), where `orders[k]` of the orders have k falling pairs and so S' = (pairs − k) −
    k."""
    pairs = len(orders) - 1
    return sum(count for k, count in enumerate(orders) if abs(pairs - 2 * k) >= s) / sum(orders)


@lru_cache(maxsize=256)
def _orders(groups: tuple[int, ...]) -> tuple[int, ...]:
    """How many distinct orders of values have k falling pairs, for k = 0, 1, …; `groups` are the
    sizes of the groups of equals.

    The coefficients of the Gaussian multinomial Π_g Π_{i≤g} (1 − q^{m+i})/(1 − q^i), m the values
    already placed (MacMahon 1915): whole numbers, so exact for any n without walking through n!
    orders.
    """
    counts, placed = [1], 0
    for size in groups:
        for i in range(1, size + 1):
            counts = _divided(_multiplied(counts, placed + i), i)
        placed += size
    return tuple(counts)


def _multiplied(counts: list[int], power: int) -> list[int]:
    """The polynomial times 1 − q^power."""
    shifted = [0] * power + counts
    return [a - b for a, b in zip(counts + [0] * power, shifted, strict=False)]


def _divided(counts: list[int], power: int) -> list[int]:
    """The polynomial over 1 − q^power, which divides it."""
    quotient = counts[: len(counts) - power]
    for k in range(power, len(quotient)):
        quotient[k] += quotient[k - power]
    return quotient
