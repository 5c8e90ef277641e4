"""What a year will be before it is over: the known part of it, its share of former years and the
annual forecast (METHOD §7).

Conventions: a part is a mapping of months, {9: 3.1} being what is known at the end of September: of
amounts the sum since January, of levels the value then. With no former year's part there is no
share and no probability: only the pace, what is known spread over the months that have passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from . import forecast as forecasts, pooled, season
from .forecast import Forecast, Given
from .pooled import Floats

LEARNED = Path(__file__).with_name("nowcast.csv")
MONTHS = 12
Part = Mapping[int, float]


@cache
def learned() -> pooled.Table:
    """The committed table: what each set has learned, named detail-known-former."""
    return pooled.Table(LEARNED.read_text("utf-8"))


def of_set(name: str) -> season.Learned:
    """What the set of that name has learned."""
    mix, spread, ends = (learned()[what, name][0] for what in ("mix", "spread", "ends"))
    return season.Learned(mix, spread, ends, learned()["limits", name])


@dataclass(frozen=True)
class Nowcast:
    """One year foretold from its first `month` months. `known`: the sum so far, or the newest
    level; `pace`: the year's value if it goes on like this; `former`: how many former years' parts
    it rests on, `share` which part of those years was known by then (of amounts). `ahead` has
    median, intervals, quantiles and P of the year; where it has none its `reason` is why."""

    year: int
    month: int
    known: float
    pace: float
    ahead: Forecast
    former: int = 0
    share: float | None = None

    @property
    def expected(self) -> float:
        """The median, or the pace where there is no more to say."""
        median = self.ahead.at(self.year)["median"]
        return self.pace if median is None else median


def fit(
    year: int,
    part: Part,
    former: Mapping[int, Part],
    annual: Mapping[int, float],
    *,
    level: bool = False,
    lower: float | None = None,
    upper: float | None = None,
    whole: bool = False,
) -> Nowcast:
    """The nowcast of `year` from its `part`, the parts of `former` years and `annual` values.

    `level`: the value is one of the year's end, not a sum; levels stay between `lower` and `upper`.
    A former year counts where its part at the same month and its annual value are known; a revision
    of the year's value after its months were published counts to the rest of the year. Raises
    ValueError for an empty part or a month that is none.
    """
    if not part or not set(part) <= set(range(1, MONTHS + 1)):
        raise ValueError(f"months {sorted(part)}; give what is known at months 1 to {MONTHS}")
    month, known = max(part), part[max(part)]
    annual = {y: v for y, v in sorted(annual.items()) if y < year}
    years = _comparable(year, month, former, annual)
    reason = _reason(part, years, former, annual, level)
    pace = _pace(known, month, annual.get(year - 1), level)
    nothing = Forecast("nowcast", len(years), reason=reason)
    found = Nowcast(year, month, known, pace, nothing, len(years))
    if month < MONTHS and reason:
        return found
    low, high = (known, known) if month == MONTHS else (lower if level else known, upper)
    given = _given(year, known, level, low, high, whole)
    pairs = [(former[y], annual[y]) for y in years]
    if month == MONTHS:
        over = np.full(len(pooled.PROBS), known)
        return replace(found, ahead=_forecast(year, over, given, len(years)))
    curve = _curve(part, pairs, year, annual, level)
    share = None if level else _share(month, pairs)
    return replace(found, ahead=_forecast(year, curve, given, len(years)), share=share)


def _given(
    year: int, known: float, level: bool, low: float | None, high: float | None, whole: bool
) -> Given:
    """What the quantiles are held to."""
    bounds = (-np.inf if low is None else low, np.inf if high is None else high)
    return Given((year - 1.0,), (known,), "stock" if level else "flow", 0.0, *bounds, whole)


def _comparable(
    year: int, month: int, former: Mapping[int, Part], annual: Mapping[int, float]
) -> list[int]:
    """The former years whose part at the month and whose value are known, the newest first."""
    back = range(year - 1, year - 1 - 2 * season.FORMER, -1)
    return [y for y in back if y in annual and month in former.get(y, {})][: season.FORMER]


def _share(month: int, former: Sequence[tuple[Part, float]]) -> float | None:
    """Which part of former years was known by the month, on average."""
    shares = [part[month] / total for part, total in former if total]
    return float(np.mean(shares)) if shares else None


def _pace(known: float, month: int, last: float | None, level: bool) -> float:
    """An amount spread over the year: known·12/m; a level's move since last year's end likewise,
    the level itself where that is not known."""
    if not level:
        return known * MONTHS / month
    return known if last is None else last + (known - last) * MONTHS / month


def _reason(
    part: Part,
    years: Sequence[int],
    former: Mapping[int, Part],
    annual: Mapping[int, float],
    level: bool,
) -> str:
    """The code of why there is no nowcast; empty where there can be one."""
    if not years:
        return "no_former_part"
    values = [*part.values(), *annual.values(), *(v for y in years for v in former[y].values())]
    if not level and min(values) < 0:
        return "negative_amounts"
    return "" if any(annual[y] for y in years) else "former_years_zero"


def _forecast(year: int, curve: Floats, given: Given, n: int) -> Forecast:
    ends = [int(np.argmin(abs(pooled.PROBS - p))) for p in (0.5, 0.1, 0.9, 0.025, 0.975)]
    row = (year, *given.shown(curve[ends]).tolist())
    return Forecast("nowcast", n, (row,), "", (tuple(curve.tolist()),), given)


def _curve(
    part: Part,
    former: Sequence[tuple[Part, float]],
    year: int,
    annual: Mapping[int, float],
    level: bool,
) -> Floats:
    """The quantiles at `pooled.PROBS` of the year's value."""
    month, n = max(part), len(former)
    values = list(annual.values())[-pooled.LONGEST :]
    ahead: Floats = np.array(
        forecasts.fit(list(annual)[-pooled.LONGEST :], values, year).curves[-1]
    )
    if not level and not any([part[month], *(months[month] for months, _ in former)]):
        return np.maximum(ahead, 0.0)  # nothing by then, as every year: that says nothing yet
    detail = "stock" if level else _detail(part, former, month)
    step, spaced = 3 if detail == "quarters" else 1, _levels if level else _amounts
    fine = detail in ("months", "quarters")
    ends = range(step, MONTHS + 1, step) if fine else (month, MONTHS)
    pieces = [1] * len(ends) if fine else (month, MONTHS - month)
    rows = [spaced({**months, MONTHS: total}, ends, pieces) for months, total in former]
    rows += [np.full(len(rows[0]), np.nan)] * (season.FORMER - n if n > 2 else 0)
    given = season.Part(
        np.array([rows]),
        np.array([spaced(part, [end for end in ends if end <= month], pieces)]),
        np.array([values]),
        np.array([ahead[pooled.MIDDLE]]),
        np.array([ahead[pooled.MIDDLE + 2] - ahead[pooled.MIDDLE - 2]]),
    )
    name = f"{detail}-{month // step}-{n if n < 3 else season.FORMER}"
    has = season.seen_of_stock(given) if level else season.seen(given)
    (curve,) = season.curves(has, of_set(name), level)
    return np.asarray(curve)


def _detail(part: Part, former: Sequence[tuple[Part, float]], month: int) -> str:
    """As fine as every year is known: `months`, `quarters`, or `sums` up to the month alone."""
    for name, step in (("months", 1), ("quarters", 3)):
        ends = set(range(step, MONTHS, step))
        whole = all(ends <= set(months) for months, _ in former)
        if month % step == 0 and whole and {e for e in ends if e <= month} <= set(part):
            return name
    return "sums"


def _amounts(sums: Part, ends: Sequence[int], pieces: Sequence[int]) -> Floats:
    """The amounts between the `ends`, each spread over so many equal `pieces`; what was taken back
    is 0."""
    found, last = [], 0.0
    for end, count in zip(ends, pieces, strict=False):
        found += [max(sums[end] - last, 0.0) / count] * count
        last = sums[end]
    return np.array(found)


def _levels(levels: Part, ends: Sequence[int], pieces: Sequence[int]) -> Floats:
    """The level at each end, as often as it has pieces."""
    return np.array(
        [levels[end] for end, count in zip(ends, pieces, strict=False) for _ in range(count)]
    )
