"""Which figures stand apart from the others of their series, or repeat another where a new one is
due? What a hand does when it types: doubles, halves, takes the wrong row, the sum to date, a zero.

A figure is held against the others of its series, in logarithms: an inner year against the line
between its neighbours, an outer one against the last figure and against the usual step from it,
whichever is nearer. It is apart where it lies off by more than `FLOOR`, by more than `BEYOND` times
the spread of the steps, and by more than a usual step, all of the others alone. Of the figures of
public annual series of three to seven years (benchmarks, learning data) that doubts 0.9 to 2.2 % as
they are, 72 to 90 % of those doubled or halved and 94 to 98 % of those off by five;
`benchmarks/slips.py` counts it on the tables that ship.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Mapping, Sequence

from .facts import Indicator
from .observations import Observation
from .part_year import is_total

FLOOR = math.log(1.6)
FLOORS = {2: math.log(2.2), 3: math.log(1.8)}  # where there are so few to tell what is usual
BEYOND = 5.0
# figures of a number that is not the same as another's, or as last year's, by chance
SIGNIFICANT, SIGNIFICANT_RATE = 3, 4
EXACT = 6  # of one that nobody calls "more than"
ENOUGH = 3  # figures that are held against each other and not against the baseline
OUTER = 0.8  # an outer year seems as far off as the inner one beside it that is
ABOVE = ("超", "逾", "以上", "余", "多", "不低于", "不少于")  # words that say a bound
SMALL = 5.0  # a count that is usually larger does not fall to none
Point = tuple[int, float]  # year, logarithm


def apart(
    rows: Sequence[Observation], start: tuple[int, float] | None = None, total: bool = False
) -> list[tuple[Observation, float]]:
    """Rows that stand apart from the others of `rows` (positive figures of one definition, by
    year), with the factor, the most deviant first; `start`: baseline year and value, which is held
    against none; `total`: a running total, whose first year is small beside the next by nature. No
    more than every third: what jumps more often is a series that jumps."""
    positive = [row for row in rows if row.figure > 0]
    points = {row.year: math.log(row.figure) for row in positive}
    taken = {row.year: row for row in positive[1 if total else 0 :]}
    few = len(points) < ENOUGH
    if few and start and start[1] > 0 and start[0] < min(points, default=0):
        points[start[0]] = math.log(start[1])
    line = [points[year] for year in sorted(points)]
    if all(abs(later - earlier) <= FLOOR for earlier, later in itertools.pairwise(line)):
        return []  # nothing lies further off than from the year beside it
    found: list[tuple[Observation, float]] = []
    for _ in range(max(1, len(taken) // 3)):
        off = {year: _off(year, points) for year in points if year in taken}
        if not off:
            break
        inner = {year for year in off if min(points) < year < max(points)}
        year = max(off, key=lambda year: off[year][0] * (1.0 if year in inner else OUTER))
        excess, factor = off[year]
        if excess <= 1:
            break
        found.append((taken[year], factor))
        del points[year]
    return found


def _off(year: int, points: Mapping[int, float]) -> tuple[float, float]:
    """(how many times what is allowed, by which factor) the figure of `year` is off what the others
    lead one to expect."""
    others = sorted(one for one in points.items() if one[0] != year)
    if not others:
        return 0.0, 1.0
    steps = [(y - x) / (later - earlier) for (earlier, x), (later, y) in itertools.pairwise(others)]
    usual = statistics.median(steps or [0.0])
    spread = statistics.median([abs(step - usual) for step in steps] or [0.0])
    size = statistics.median([abs(step) for step in steps] or [0.0])
    off = min((points[year] - at for at in _expected(year, others, usual)), key=abs)
    floor = FLOORS.get(len(points), FLOOR)
    return abs(off) / max(floor, BEYOND * spread, size), math.exp(off)


def _expected(year: int, others: Sequence[Point], usual: float) -> list[float]:
    before = [one for one in others if one[0] < year]
    after = [one for one in others if one[0] > year]
    if before and after:
        (a, x), (b, y) = before[-1], after[0]
        return [x + (y - x) * (year - a) / (b - a)]
    nearest, value = before[-1] if before else after[0]
    return [value, value + usual * (year - nearest)]


def zeros(rows: Sequence[Observation], facts: Indicator) -> list[Observation]:
    """Zeros after figures above it, and not so small that none is a number of them: a series may
    begin with none."""
    others = [row.figure for row in rows if row.figure != 0]
    none = [row for row in itertools.dropwhile(lambda row: row.figure == 0, rows) if not row.figure]
    if facts.kind == "binary" or not others or min(others) < 0 or len(none) > len(others):
        return []
    return none if not facts.is_count or statistics.median(others) >= SMALL else []


def repeated(rows: Sequence[Observation], facts: Indicator) -> list[Observation]:
    """Rows with the figure of the year before to the last digit, where the number has enough of
    them and the series does not repeat itself otherwise."""
    pairs = list(itertools.pairwise(rows))
    same = [later for earlier, later in pairs if later.figure == earlier.figure]
    if len(same) * 2 > len(pairs) and len(pairs) > 1:
        return []
    least = SIGNIFICANT_RATE if facts.kind in RATES else SIGNIFICANT
    return [row for row in same if digits(row.figure) >= least]


def elsewhere(
    row: Observation,
    others: Mapping[tuple[int, float], Sequence[Observation]],
    of_year: Mapping[int, int],
) -> Observation | None:
    """A row of another indicator of the area, or another area, with the same figure for the same
    year. Of a hundred areas some agree in three digits by chance: the more, the more digits."""
    if digits(row.figure) < SIGNIFICANT + int(math.log10(of_year[row.year])):
        return None
    same = (
        other
        for other in others[row.year, row.figure]
        if (other.indicator_id == row.indicator_id) != (other.area == row.area)
    )
    return next(same, None)


def over_exact(rows: Sequence[Observation]) -> list[Observation]:
    """Rows said to be above a figure that is too exact for that, or the only one of its series, and
    that quote no word to that effect."""
    above = [row for row in rows if row.bound in (">", ">=")]
    lone = len(above) == 1 and len(rows) > 2
    above = [row for row in above if not any(word in row.locator + row.note for word in ABOVE)]
    return [row for row in above if lone or digits(row.figure) >= EXACT]


def digits(value: float) -> int:
    """Figures of a number that say something: 3 of 1180, 4 of 12.71."""
    return len(f"{value:.15g}".replace(".", "").replace("-", "").strip("0"))


def oddities(
    segments: Sequence[Sequence[Observation]],
    facts: Indicator,
    others: Mapping[tuple[int, float], Sequence[Observation]],
    of_year: Mapping[int, int],
) -> list[tuple[Observation, str, str]]:
    """(row, what is odd, what to do), the plainest first for each row. `segments`: the series cut
    where its definition changed; `others`: the rows of all series by year and figure; `of_year`:
    how many figures of each year there are."""
    told = [(row, "是 0，别的年份都不是", MISSING) for row in zeros(_all(segments), facts)]
    for segment in segments:
        told += [(row, "与上一年的数完全相同", AGAIN) for row in repeated(segment, facts)]
    for row in _all(segments):
        if facts.kind != "binary" and (other := elsewhere(row, others, of_year)):
            whose = f"{other.indicator_id}（{other.area}）"
            told.append((row, f"与 {whose}同年的数完全相同", AGAIN))
    for k, segment in enumerate(segments):
        for row, factor in apart(segment, None if k else start(facts), is_total(facts)):
            if not _few(row, factor, facts):
                told.append((row, f"约为按别的年份推得的 {multiple(factor)}", NOTED))
    told += [
        (row, "数这样精确，却说是“超过”或“不低于”", "准确数请把 bound 写成 = 或留空")
        for row in over_exact(_all(segments))
    ]
    return told


MISSING = "没有数请留空，status 写成 missing；确实是 0 请在 note 说明"
AGAIN = "请核对是否填错了行；确实如此请在 note 说明"
NOTED = "请核对数值、单位和所填的年份；确实如此请在 note 说明"


def _all(segments: Sequence[Sequence[Observation]]) -> list[Observation]:
    return [row for segment in segments for row in segment]


def start(facts: Indicator) -> tuple[int, float] | None:
    """The baseline, where it is exact and on the scale of the figures."""
    start = facts.baseline
    known = start.value is not None and start.bound == "=" and facts.kind not in SUMS
    return (start.year, float(start.value or 0)) if known else None


SUMS, RATES = ("increment", "binary"), ("share", "score", "ratio")


def _few(row: Observation, factor: float, facts: Indicator) -> bool:
    """Whether a count is so small that as many more or less are chance: three times the root."""
    expected = row.figure / factor
    most = max(row.figure, expected)
    return facts.is_count and abs(row.figure - expected) < 3 * math.sqrt(most)


def multiple(factor: float) -> str:
    """2 倍, 1.6 倍, 1/3: one decimal where the next whole number would say another thing."""
    size = factor if factor > 1 else 1 / factor
    text = f"{size:.0f}" if size >= SMALL else f"{size:.1f}".removesuffix(".0")
    return f"{text} 倍" if factor > 1 else f"1/{text}"
