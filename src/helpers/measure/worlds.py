"""Which rungs of the ladder occur, over all true figures that the printed ones may stand for
(docs/method.md, Progress).

A world is one (baseline, latest value) that the printed figures allow: each inside its bound, a
running total no lower than where it began, a value that was counted on from the baseline higher
than it by what was added, counted things whole. Everything is exact: fractions of the printed
digits. Where lower is better all figures change sign, so that below "up" is always the better way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from ..intake.facts import Indicator
from .thresholds import LADDER, STEPS

MOST_COUNTED = 5000  # whole baselines tried one by one; beyond it half a thing is allowed


@dataclass(frozen=True)
class Interval:
    """Numbers from `low` to `high` (None: without end), each end included or not; only `whole` ones
    where so said."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool = True
    high_in: bool = True
    whole: bool = False

    def within(
        self, low: Fraction | None, high: Fraction | None, low_in: bool, high_in: bool
    ) -> Interval:
        """The part of this interval that also lies between `low` and `high`."""
        cut = self
        if low is not None and (cut.low is None or (low, not low_in) > (cut.low, not cut.low_in)):
            cut = replace(cut, low=low, low_in=low_in)
        if high is not None and (cut.high is None or (high, high_in) < (cut.high, cut.high_in)):
            cut = replace(cut, high=high, high_in=high_in)
        return cut

    @property
    def empty(self) -> bool:
        """True where no number lies inside."""
        if self.low is None or self.high is None:
            return False
        if not self.whole:
            return self.low > self.high or (
                self.low == self.high and not (self.low_in and self.high_in)
            )
        first = math.ceil(self.low) + (not self.low_in and self.low.denominator == 1)
        return first > self.high or (first == self.high and not self.high_in)

    def __contains__(self, number: Fraction) -> bool:
        return not self.within(number, number, True, True).empty

    def mirrored(self) -> Interval:
        """The negatives of its numbers."""
        low = None if self.high is None else -self.high
        return Interval(
            low, None if self.low is None else -self.low, self.high_in, self.low_in, self.whole
        )


def exact(number: float) -> Fraction:
    """The number its shortest digits print."""
    return Fraction(repr(float(number)))


def interval_of(value: float, bound: str, upper: float | None) -> tuple[float, float]:
    """Ends of what a printed figure may stand for: itself; from it up to `upper` (超, 余); or
    `half_unit` around it (约)."""
    if bound in (">", ">="):
        return value, math.inf if upper is None else upper
    if bound == "~" and value:
        half = half_unit(value)
        return value - half, value + half
    return value, value


def half_unit(value: float) -> float:
    """Half a unit of the last digit a 约 leaves open: the last that is not zero, but of a round
    number the second one.

    约 18: ±0.5, 约 12.5: ±0.05, 约 10: ±0.5 (9.5 to 10.5, not 5 to 15), 约 300: ±5, 约 5000: ±50. A
    whole number is not taken for more exact than ±0.5.
    """
    digits = Decimal(f"{value:.12g}").normalize()
    last = digits.adjusted() - len(digits.as_tuple().digits) + 1
    second = digits.adjusted() - 1
    return 0.5 * 10.0 ** min(last, max(min(last, 0), second))


def _interval(value: float, bound: str, facts: Indicator) -> Interval:
    low, high = interval_of(value, bound, facts.upper)
    return Interval(
        exact(low),
        None if math.isinf(high) else exact(high),
        low_in=bound != ">",
        high_in=bound != "~" or not value,
        whole=facts.is_count and bound != "=",
    )


@dataclass(frozen=True)
class Line:
    """What the better side of the target begins with: the target, and the first value that meets it
    (`at_least` or above)."""

    target: Fraction
    least: Fraction
    included: bool

    def met(self, interval: Interval) -> Interval:
        return interval.within(self.least, None, self.included, True)

    def missed(self, interval: Interval) -> Interval:
        return interval.within(None, self.least, True, not self.included)


def line_of(facts: Indicator, decimals: int | None) -> Line:
    """The line of the target of `facts`; with `decimals` values are rounded to them, halves away
    from zero, before they are compared."""
    sign = 1 if facts.direction == "higher" else -1
    target, strict = sign * exact(facts.target.figure), facts.target.op in (">", "<")
    if decimals is None:
        return Line(target, target, not strict)
    unit = Fraction(1, 10**decimals)
    first = target + (unit if strict else 0)
    return Line(target, first - unit / 2, first > 0)


@dataclass(frozen=True)
class Worlds:
    """All (baseline, latest) that the printed figures allow, up being better; `gain`: what is known
    to lie between them."""

    start: Interval
    latest: Interval
    grows: bool  # a running total: never below where it began
    gain: Fraction | None = None
    gain_exact: bool = False
    sign: int = 1

    def latest_from(self, start: Fraction) -> Interval:
        """What the latest value may be where the baseline is `start`."""
        if not self.grows:
            return self.latest
        least = start + (self.gain or 0) * self.sign
        if self.gain is not None and self.gain_exact:
            return self.latest.within(least, least, True, True)
        low, high = (least, None) if self.sign > 0 else (None, least)
        return self.latest.within(low, high, True, True)

    def starts(self, line: Line, elapsed: Fraction) -> Iterator[Fraction]:
        """Baselines that show all there is to see: where two lines of the plane cross, one between
        any two of them, one beyond."""
        if self.start.low is not None and self.start.low == self.start.high:
            yield self.start.low
            return
        marks = sorted(self._crossings(line, elapsed))
        if self.start.whole and marks[-1] - marks[0] <= MOST_COUNTED:
            marks = [Fraction(k) for k in range(math.floor(marks[0]) - 1, math.ceil(marks[-1]) + 2)]
        beyond = [marks[0] - 1, *((a + b) / 2 for a, b in pairwise(marks)), marks[-1] + 1]
        yield from (b for b in (*marks, *beyond) if b in self.start)

    def _crossings(self, line: Line, elapsed: Fraction) -> set[Fraction]:
        """Baselines at which the order of any two ends or thresholds of the latest value
        changes."""
        rays = [(line.least, Fraction(0)), (Fraction(0), Fraction(1))]  # y = a + b·baseline
        rays += [
            (end, Fraction(0)) for end in (self.latest.low, self.latest.high) if end is not None
        ]
        rays += [(r * elapsed * line.target, 1 - r * elapsed) for r in STEPS]
        rays += [(self.gain * self.sign, Fraction(1))] if self.gain is not None else []
        found = {line.target, line.least}
        found |= {end for end in (self.start.low, self.start.high) if end is not None}
        for (a, b), (c, d) in combinations(rays, 2):
            if b != d:
                found.add((c - a) / (b - d))
        return found


def worlds_of(
    facts: Indicator, start: tuple[float, str], latest: tuple[float, str], *, counted_on: bool
) -> Worlds:
    """The worlds of a printed baseline and a printed latest value, each (value, bound).

    `counted_on`: the latest value was formed by adding to the printed baseline; what was added is
    their difference, exactly so or at least, as the value's bound says.
    """
    sign = 1 if facts.direction == "higher" else -1
    ends = [_interval(*figure, facts) for figure in (start, latest)]
    first, last = ends if sign > 0 else [end.mirrored() for end in ends]
    gain = exact(latest[0]) - exact(start[0]) if counted_on else None
    if counted_on and latest[1] not in (">", ">="):  # the value's own figure moves with the base
        last = Interval(None, None)
    return Worlds(first, last, facts.kind == "cumulative", gain, latest[1] not in (">", ">="), sign)


def rungs(worlds: Worlds, line: Line, elapsed: Fraction) -> tuple[str, ...]:
    """The rungs of `LADDER` on which some world stands, from the bottom. `elapsed` is τ, above
    0."""
    found: set[str] = set()
    for start in worlds.starts(line, elapsed):
        latest = worlds.latest_from(start)
        found |= {code for code, inside in _parts(start, latest, line, elapsed) if not inside.empty}
    return tuple(code for code in LADDER if code in found)


def _parts(
    start: Fraction, latest: Interval, line: Line, elapsed: Fraction
) -> Iterator[tuple[str, Interval]]:
    """(rung, the part of `latest` that stands on it) for a world that begins at `start`."""
    yield "met", line.met(latest)
    short, way = line.missed(latest), line.target - start
    if not line.met(Interval(start, start)).empty:
        yield "reverse", short  # METHOD §4: 基期已达标 is judged on holding it
        return
    if way <= 0:  # 超过基期值: what is not gained is nothing or a loss
        yield "reverse", short.within(None, start, True, False)
        yield "far_behind", short.within(start, None, True, True)
        return
    ends = [None, *(start + r * elapsed * way for r in STEPS), None]
    for code, (low, high) in zip(LADDER, pairwise(ends), strict=False):
        yield code, short.within(low, high, True, False)


def met_everywhere(facts: Indicator, latest: tuple[float, str], line: Line) -> bool:
    """True where every value that `latest` may stand for meets the target."""
    interval = _interval(*latest, facts)
    return line.missed(interval if facts.direction == "higher" else interval.mirrored()).empty
