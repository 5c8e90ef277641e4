"""One number out of many indicators, only with weights that were declared, and how much of the
order hangs on them.

score = (value − least) ÷ (greatest − least) among the members, turned round where less is better;
index = 100 Σ wᵢ·scoreᵢ ÷ Σ wᵢ over the indicators a member has (OECD/JRC, Handbook on Constructing
Composite Indicators, 2008, chapters 5–7: min-max, linear aggregation, uncertainty of the weights).
The weights are drawn from a Dirichlet distribution whose mean is the declared ones; equal weights
make every set of weights equally likely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas

from .overview import FLOATS, KNOWN, places

LEAST = (
    0.6  # share of the data there must be: of all for an index, of a member's weight for its own
)
COLUMNS = ("index", "share", "rank", "low", "high", "holds")
DRAWS, CHUNK, SEED = 10_000, 500, 20_210_630


@dataclass(frozen=True)
class Composite:
    """`table`: one row a member, best first: index, share (of the weight it has data for), rank,
    low, high (its places in nine of ten draws), holds (share of the draws in which it is ahead of
    the next). `order`: share of the draws with just this order. `data`: share of the data there
    is; below `LEAST` the table is empty."""

    table: pandas.DataFrame
    order: float | None
    data: float
    left_out: tuple[str, ...] = ()


def composite(
    standings: pandas.DataFrame, weights: Mapping[str, float], draws: int = DRAWS
) -> Composite:
    """The index of every member with at least `LEAST` of the weight. `standings` as of
    `overview.ranked`; `weights`: indicator → weight, greater than zero."""
    weight = np.array([*weights.values()]) / sum(weights.values())
    score = scores(standings, [*weights])
    there = score.notna().to_numpy()
    data, share = float(there.mean()) if there.size else 0.0, there @ weight
    enough = share >= LEAST - 1e-12
    left_out = tuple(score.index[~enough])
    if data < LEAST or not enough.any():
        return Composite(pandas.DataFrame(columns=COLUMNS), None, data, left_out)
    value = score.to_numpy()[enough]
    index = 100 * _weighted(value, weight[None, :])[0]
    order = np.argsort(-index, kind="stable")
    low, high, holds, whole = _drawn(value[order], weight, draws)
    rank = places(index[order], index[order])[0].astype(int)
    columns = (index[order], share[enough][order], rank, low, high, holds)
    members = score.index[enough][order]
    table = pandas.DataFrame(dict(zip(COLUMNS, columns, strict=True)), members)
    return Composite(table, whole, data, left_out)


def scores(standings: pandas.DataFrame, indicators: list[str]) -> pandas.DataFrame:
    """0…1 for each member (rows) and indicator (columns), 1 the best of the year; NaN where there
    is no figure of the year. Where all are equal the score is 1."""
    asked = standings[standings["indicator_id"].isin(indicators)]
    sign = asked["direction"].map({"higher": 1.0, "lower": -1.0})
    found = (asked["value"] * sign).where(asked["basis"].isin(KNOWN))
    wide = asked.assign(found=found).pivot(index="member", columns="indicator_id", values="found")
    wide = wide.reindex(columns=indicators).loc[[*dict.fromkeys(asked["member"])]]
    least, room = wide.min(), wide.max() - wide.min()
    return (
        ((wide - least) / room.replace(0.0, 1.0))
        .where(wide.notna(), np.nan)
        .mask(wide.notna() & (room == 0), 1.0)
    )


def _weighted(value: FLOATS, weights: FLOATS) -> FLOATS:
    """Σ w·score ÷ Σ w over what there is: one row a set of weights, one column a member."""
    total: FLOATS = weights @ np.nan_to_num(value).T
    there: FLOATS = weights @ (~np.isnan(value)).T.astype(float)
    return total / there


def _drawn(value: FLOATS, weight: FLOATS, draws: int) -> tuple[FLOATS, FLOATS, FLOATS, float]:
    """(low, high, holds, order) of members that stand in their order."""
    chance = np.random.default_rng(SEED)
    ranks, ahead, whole = np.empty((draws, len(value)), dtype=np.int32), np.zeros(len(value)), 0
    for start in range(0, draws, CHUNK):
        drawn = chance.dirichlet(weight * len(weight), min(CHUNK, draws - start))
        index = _weighted(value, drawn)
        kept = index[:, :-1] >= index[:, 1:] - 1e-12
        ahead[:-1] += kept.sum(axis=0)
        whole += int(kept.all(axis=1).sum())
        order = np.argsort(-index, axis=1, kind="stable")
        np.put_along_axis(
            ranks[start : start + len(drawn)],
            order,
            np.arange(1, len(value) + 1, dtype=np.int32)[None, :],
            axis=1,
        )
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0, method="inverted_cdf")
    holds = ahead / draws
    holds[-1] = np.nan  # nobody is behind the last
    return low, high, holds, whole / draws
