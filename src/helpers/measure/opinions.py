"""How sure an answer of a survey is, whether it changed, and whether experts agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy
import pandas

LEVEL = 0.95
SIGNIFICANT = 0.05
DRAWS = 9999  # random orders that agreement by chance is told from
FEWEST = (3, 3)  # experts and items that an agreement is of
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


@dataclass(frozen=True)
class Share:
    """A share of `n` answers with its interval."""

    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """The difference of two shares, its interval, and the chance of one as large by sampling alone
    (two-sided)."""

    difference: float
    low: float
    high: float
    p: float

    @property
    def significant(self) -> bool:
        return self.p < SIGNIFICANT


@dataclass(frozen=True)
class Agreement:
    """Kendall's W of `experts` on `items`: 0 where they order at random, 1 where all order alike;
    `p` the chance of as much by chance; `left_out` experts who did not score every item."""

    experts: int
    items: int
    w: float
    p: float
    left_out: int


def share(satisfied: int, n: int, design_effect: float = 1.0) -> Share:
    """The share with Wilson's 95 % interval, on n ÷ design effect answers. Raises ValueError for
    n = 0.

    Wilson 1927, JASA 22: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    """
    if n <= 0:
        raise ValueError("a share of no answers")
    p, m = satisfied / n, n / design_effect
    middle, half = p + Z**2 / (2 * m), Z * math.sqrt(p * (1 - p) / m + Z**2 / (4 * m**2))
    low, high = ((middle + sign * half) / (1 + Z**2 / m) for sign in (-1, 1))
    return Share(n, p, max(0.0, low), min(1.0, high))


def change(before: Share, now: Share, design_effect: float = 1.0) -> Change:
    """`now` − `before`: Newcombe's interval (1998, Statistics in Medicine 17, method 10) and the z
    test of two shares on the pooled one, on n ÷ design effect answers each."""
    d = now.share - before.share
    low = d - math.hypot(now.share - now.low, before.high - before.share)
    high = d + math.hypot(now.high - now.share, before.share - before.low)
    n, m = now.n / design_effect, before.n / design_effect
    pooled = (now.share * n + before.share * m) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    p = 2 * (1 - NormalDist().cdf(abs(d) / error)) if error else 1.0
    return Change(d, low, high, p)


def agreement(scores: pandas.DataFrame) -> Agreement | None:
    """Kendall's W of `scores` (a row an expert, a column an item), ties by their mean rank; None
    with fewer than three whole rows or three items, or where nobody tells items apart.

    W = 12 S ÷ (m²(k³ − k) − m Σ(t³ − t)), S the squared deviations of the items' rank sums
    (Kendall & Babington Smith 1939). p by `DRAWS` random orders of every row.
    """
    whole = scores.dropna()
    (m, k), left_out = whole.shape, len(scores) - len(whole)
    if m < FEWEST[0] or k < FEWEST[1]:
        return None
    ranks = whole.rank(axis=1).to_numpy()
    ties = sum(_tied(row) for row in ranks)
    most = m**2 * (k**3 - k) - m * ties
    if most <= 0:
        return None
    spread = _spread(ranks)
    shuffled = numpy.random.default_rng(0)
    as_much = sum(_spread(shuffled.permuted(ranks, axis=1)) >= spread - 1e-9 for _ in range(DRAWS))
    return Agreement(m, k, 12 * spread / most, (as_much + 1) / (DRAWS + 1), left_out)


def _spread(ranks: numpy.ndarray) -> float:
    sums = ranks.sum(axis=0)
    return float(((sums - sums.mean()) ** 2).sum())


def _tied(ranks: Sequence[float]) -> int:
    """Σ(t³ − t) over the groups of t equal ranks."""
    counts = numpy.unique(ranks, return_counts=True)[1]
    return int((counts**3 - counts).sum())
