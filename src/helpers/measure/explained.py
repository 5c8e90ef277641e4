"""Why a chance is what it is: the four facts that make it, and what it would be if each were usual
(METHOD §7).

With y the level now, T the line the target draws, h the years left, s the usual annual move of the
series (`pooled.scale`), Q(p) the fan of the target year, d = +1 where more is better, −1 where less
is, and u = s of a level, the mean yearly addition of a sum (of which y is what is banked):

    distance = d·(T − y)/u            how far the target is
    drift    = d·(Q(½) − y)/(u·h)     how far the forecast moves a year towards it
    spread   = d·(Q(p) − Q(½))/(s·√h) how wide the fan is; `width` between p = .1 and .9
    years    = h

Put together again they are the same T and Q, so P is the edition's. What is usual is the median of
the pseudo-plans the fan was learned from (`usual.csv`, from `benchmarks/usual.py`), of levels and
of sums apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from ..intake.plan import Indicator
from . import outlook, pooled
from .forecast import Forecast
from .pooled import Floats

USUAL = Path(__file__).with_name("usual.csv")
FACTS = ("distance", "drift", "spread", "years")
COLUMNS = ("cases", "years", "distance", "drift", *(f"q{p:g}" for p in pooled.PROBS))
LOW, HIGH = 1, 5  # of the spread: p = .1 and .9


@dataclass(frozen=True)
class Case:
    """The four facts of a chance; `spread` holds an offset for each of `pooled.PROBS`."""

    distance: float
    drift: float
    spread: tuple[float, ...]
    years: float

    @property
    def width(self) -> float:
        """What holds 80 %, in usual annual moves of one year."""
        return self.spread[HIGH] - self.spread[LOW]


@dataclass(frozen=True)
class Explained:
    """A case, the usual case of its kind, its chance, the chance if each of `FACTS` alone were
    usual, and if all were."""

    case: Case
    usual: Case
    p: float
    if_usual: dict[str, float]
    p_usual: float


def measured(
    h: Floats, line: Floats, start: Floats, s: Floats, u: Floats, sign: Floats, curves: Floats
) -> Floats:
    """The facts of many cases, one a row: years, distance, drift, the seven of the spread; curves
    (N, 7) are the fans of the target year."""
    middle = curves[:, pooled.MIDDLE]
    offsets = (curves - middle[:, None]) / (s * np.sqrt(h))[:, None]
    offsets = np.where(sign[:, None] < 0, -offsets[:, ::-1], offsets)
    distance, drift = sign * (line - start) / u, sign * (middle - start) / (u * h)
    return np.column_stack([h, distance, drift, offsets])


def units(years: Floats, values: Floats, of: str) -> tuple[Floats, Floats]:
    """(s, u) of series, one a row: the usual annual move, and what distance and drift are counted
    in."""
    s = pooled.scale(years, values)
    mean = np.abs(values).mean(axis=1)
    return s, np.where(mean > 0, mean, s) if of == "sum" else s


@cache
def usual(kind: str) -> Case:
    """The usual case of a "level" or a "sum"."""
    rows = [line.split(",") for line in USUAL.read_text("utf-8").splitlines()[1:]]
    _, years, distance, drift, *spread = next(
        [float(x) for x in cells] for name, *cells in rows if name == kind
    )
    return Case(distance, drift, tuple(spread), years)


def explain(facts: Indicator, ahead: Forecast) -> Explained | None:
    """The facts of the chance of a target at the end, and what it would be if they were usual; None
    of another form, and without a chance."""
    p, frame = outlook.p_met(facts, ahead), _frame(facts, ahead)
    if p is None or frame is None:
        return None
    case, normal = frame.case, usual(frame.of)

    def chance(one: Case) -> float:
        return frame.chance(one, ahead, facts)

    alone = {name: chance(replace(case, **{name: getattr(normal, name)})) for name in FACTS}
    return Explained(case, normal, p, alone, chance(normal))


@dataclass(frozen=True)
class _Frame:
    """What turns a case into a target and a fan: kind, level now, units, direction, half a printed
    unit between target and line."""

    of: str
    start: float
    s: float
    u: float
    sign: float
    half: float
    case: Case

    def chance(self, one: Case, ahead: Forecast, facts: Indicator) -> float:
        """P of a case, read as the edition's is."""
        offsets = np.array(one.spread) * np.sqrt(one.years) * self.s
        offsets = offsets if self.sign > 0 else -offsets[::-1]
        curve = self.start + self.sign * one.drift * one.years * self.u + offsets
        value = self.start + self.sign * one.distance * self.u - self.half
        target = replace(facts.target, value=value)
        row = (float(target.year), *ahead.row(target.year))
        made = replace(ahead, rows=(row,), curves=(tuple(curve.tolist()),))
        p = outlook.p_met(replace(facts, target=target), made)
        assert p is not None
        return p


def _frame(facts: Indicator, ahead: Forecast) -> _Frame | None:
    target, given, years = facts.target, ahead.given, [int(row[0]) for row in ahead.rows]
    single = target.form == "at_end" and target.year in years and target.value is not None
    if given is None or target.value is None or not single:
        return None
    half = outlook.half_unit(facts) * (1 if target.op in (">", "<=") else -1)
    of = "sum" if facts.kind in outlook.ADDED_UP else "level"
    start = given.banked if of == "sum" else given.values[-1]
    s, u = units(np.array([given.years]), np.array([given.values]), of)
    s, sign = np.maximum(s, abs(half)), -1.0 if target.op in ("<=", "<") else 1.0
    u = u if of == "sum" else s
    h, line = target.year - given.years[-1], target.value + half
    single_case = ([h], [line], [start], s, u, [sign], [ahead.curves[years.index(target.year)]])
    years_left, distance, drift, *spread = measured(*map(np.array, single_case))[0].tolist()
    case = Case(distance, drift, tuple(spread), years_left)
    return _Frame(of, start, float(s[0]), float(u[0]), sign, half, case)
