"""How many plans stand beside each other in one year, and how sure that is.

A standing is one indicator of one member: `low` and `high` are the ends of what its value may be in
the assessed year (equal where it is known exactly, NaN where nothing is known). Places are counted
from the best, 1. Who has not reported could stand anywhere and is never ranked, but may be ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas
from numpy.typing import NDArray

from .verdict import GOOD, STATUSES, UNJUDGED

THIRD, THREE = "third", "three"
RULES: Mapping[str, Callable[[int], int]] = {  # 「前列」: the last place that is still in front
    THIRD: lambda members: max(1, members // 3),
    THREE: lambda members: min(3, members),
}
IN, OUT, OPEN = "in", "out", "open"
COMPARED_BY = ("unit", "kind", "direction")  # figures are ranked only where these agree
DIFFERS = "differs"
KNOWN = ("exact", "bound", "vintage")  # the basis of a figure of the year
QUANTILES = {"q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9}
FLOATS = NDArray[np.float64]


def places(low: FLOATS, high: FLOATS) -> tuple[FLOATS, FLOATS]:
    """Best and worst place of each interval among all: 1 + those surely above it, 1 + those
    possibly above it. More is better; equal figures share a place; NaN where nothing is known."""
    known = ~np.isnan(low)
    lows, highs = np.sort(low[known]), np.sort(high[known])
    surely = len(lows) - np.searchsorted(lows, high, side="right")
    possibly = len(highs) - np.searchsorted(highs, low, side="right") - (high > low)
    return np.where(known, 1.0 + surely, np.nan), np.where(known, 1.0 + possibly, np.nan)


def front(best: FLOATS, worst: FLOATS, members: int, rule: str) -> list[str]:
    """「前列」 of each by `rule`: in or out where every place it may have says so, else open.
    `worst` must count who has not reported as ahead."""
    last = RULES[rule](members)
    return [
        IN if b <= last and w <= last else OUT if b > last else OPEN
        for b, w in zip(best, worst, strict=True)
    ]


def ranked(standings: pandas.DataFrame) -> pandas.DataFrame:
    """`standings` with `rank` (of the figure itself), `best` and `worst` (with who has not
    reported), `third` and `three` (「前列」 by both rules), `members`, and `rank_before`.

    A figure in another unit, of another kind or direction than most is not ranked (`basis`
    differs).
    """
    groups = standings.groupby("indicator_id", sort=False)
    parts = [_ranked(group) for _, group in groups]
    return pandas.concat(parts).loc[standings.index]


def _ranked(group: pandas.DataFrame) -> pandas.DataFrame:
    usual = group[[*COMPARED_BY]].value_counts().index[0]
    same = (group[[*COMPARED_BY]] == list(usual)).all(axis=1)
    low, high, middle, before = (
        group[name].where(same).to_numpy(float)
        for name in ("low", "high", "middle", "value_before")
    )
    if usual[2] == "lower":
        low, high, middle, before = -high, -low, -middle, -before
    best, worst = places(low, high)
    silent = int(np.isnan(low[same]).sum())
    worst, members = worst + silent, int(same.sum())
    verdicts = {rule: front(best, worst, members, rule) for rule in RULES}
    return group.assign(
        basis=group["basis"].where(same, DIFFERS),
        rank=places(middle, middle)[0],
        best=best,
        worst=worst,
        rank_before=places(before, before)[0],
        members=members,
        **{
            rule: pandas.Series(told, group.index).where(~np.isnan(best), OPEN)
            for rule, told in verdicts.items()
        },
    )


def spread(standings: pandas.DataFrame) -> pandas.DataFrame:
    """One row an indicator: members, how many have a figure of the year, least, quantiles and
    greatest of `value` and of `progress` among them."""
    known = standings[standings["basis"].isin(KNOWN)]
    groups = known.groupby("indicator_id", sort=False)
    parts = {
        "members": standings.groupby("indicator_id", sort=False).size(),
        "known": groups.size(),
    }
    for name in ("value", "progress"):
        parts |= {
            f"{name}_{label}": groups[name].quantile(share) for label, share in QUANTILES.items()
        } | {f"{name}_low": groups[name].min(), f"{name}_high": groups[name].max()}
    return (
        pandas.DataFrame(parts)
        .fillna({"known": 0})
        .astype({"known": int})
        .loc[[*parts["members"].index]]
    )


def by_member(standings: pandas.DataFrame) -> pandas.DataFrame:
    """One row a member: indicators, those assessable, those at or above 符合预期, those without a
    figure of the year, red and orange alerts, and how many statuses went up or down."""
    rows = standings.assign(
        assessable=~standings["status"].isin(UNJUDGED),
        good=standings["status"].isin(GOOD),
        silent=~standings["basis"].isin((*KNOWN, DIFFERS)),
        alerted=standings["alert"].isin(("red", "orange")),
    ).join(moves(standings))
    columns = ["assessable", "good", "silent", "alerted", "up", "down"]
    groups = rows.groupby("member", sort=False)
    return groups[columns].sum().assign(indicators=groups.size())


def moves(standings: pandas.DataFrame) -> pandas.DataFrame:
    """Whether the status is a better (`up`) or a worse one (`down`) than a year ago; neither where
    one of the two years was not judged."""
    ladder = {status: -k for k, status in enumerate(STATUSES) if status not in UNJUDGED}
    now, before = (
        standings[name].map(ladder).astype(float) for name in ("status", "status_before")
    )
    return pandas.DataFrame({"up": now > before, "down": now < before})
