"""What makes a series of figures doubtful though each figure is well formed: too few years, gaps, jumps like a slipped unit.

Every answer is a warning: the figures are taken as they stand, and whoever supplied them is asked.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from .facts import Indicator
from .finding import Finding
from .observations import Observation, by_series, known, printed

SLIP = 6.0  # a factor below this is a good or a bad year, not a unit
BEYOND = 2.0  # times the usual change (of logarithms) of the series
SLIPS = {1: "十倍", 2: "百倍（百分数与小数？）", 3: "千倍", 4: "万倍（万元与亿元，或件与万件？）", 8: "亿倍（元与亿元？）"}
NEAR = 0.2  # of a power of ten, in logarithms: a factor of 1.6 up or down


def doubts(rows: Sequence[Observation], facts: Mapping[str, Indicator], shown: str) -> list[Finding]:
    """The warnings on one table: on the whole of it, then on its series in their order."""

    def doubtful(column: str, value: str, problem: str, remedy: str) -> Finding:
        return Finding(shown, 0, column, value, problem, remedy, warning=True)

    series = {key: known(mine) for key, mine in by_series(rows).items()}
    said = {(row.indicator_id, row.area, row.year) for row in rows if row.status == "missing"}  # a gap that is owned to
    years = {row.year for observed in series.values() for row in observed}
    if rows and not years:
        return [doubtful("", "", "整张表没有一个数值", "请向数据提供部门索取；在此之前各项只能判为无数据")]
    findings = []
    if len(years) == 1:
        findings.append(doubtful("", "", f"整张表只有 {min(years)} 年，看不出趋势", "请补报其他年份"))
    for (indicator_id, area), observed in series.items():
        if indicator_id not in facts:
            continue  # left out by a scenario
        reported = [row.year for row in observed]
        for year in sorted({*range(min(reported, default=0), max(reported, default=0))} - {*reported}):
            if (indicator_id, area, year) not in said:
                findings.append(doubtful(f"year={year}", f"{indicator_id}（{area}）", "序列缺这一年", "请补报，或写一行 status 为 missing；缺的年份不会插补"))
        findings += [_jump(row, factor, shown) for segment in _segments(observed, facts[indicator_id]) for row, factor in jumps(segment)]
    return findings


def _segments(rows: Sequence[Observation], facts: Indicator) -> list[list[Observation]]:
    """`rows` cut at the indicator's changes of definition: a jump there has its reason."""
    cuts = [-math.inf, *sorted(cut.year for cut in facts.breaks), math.inf]
    return [[row for row in rows if start <= row.year < end] for start, end in zip(cuts, cuts[1:])]


def jumps(rows: Sequence[Observation]) -> list[tuple[Observation, float]]:
    """Rows that stand apart from the year beside them by more than `SLIP` and by more than such a series changes, with the factor.

    A step up and back is one row (the peak); a step at the start is the first row, any other the row after it: from there
    on the unit may be another. Only positive values have a factor.
    """
    taken = [row for row in rows if row.value > 0]
    steps = [math.log10(later.value / earlier.value) for earlier, later in zip(taken, taken[1:])]
    if all(abs(step) <= math.log10(SLIP) for step in steps):
        return []
    found, back = [], False
    for k, step in enumerate(steps):
        flanks = [j for j in (k - 1, k + 1) if 0 <= j < len(steps) and steps[j] * step < 0]  # the other side of one peak
        usual = statistics.median([abs(other) for j, other in enumerate(steps) if j != k and j not in flanks] or [0.0])
        wide = abs(step) > max(math.log10(SLIP), BEYOND * usual)
        if wide and not back:
            first = k == 0 and len(steps) > 1 and not (flanks and abs(steps[1]) > math.log10(SLIP))
            found.append((taken[0], 10**-step) if first else (taken[k + 1], 10**step))
        back = wide and not back and k + 1 in flanks and abs(steps[k + 1]) > math.log10(SLIP)
    return found


def _jump(row: Observation, factor: float, shown: str) -> Finding:
    power = round(math.log10(factor))
    slip = SLIPS.get(abs(power), "") if abs(math.log10(factor) - power) <= NEAR else ""
    much = f"约为相邻年份的 {factor:.0f} 倍" if factor > 1 else f"约为相邻年份的 1/{1 / factor:.0f}"
    like = f"，单位或小数点像是错了{slip}" if slip else ""
    return Finding(shown, row.line, "value", printed(row.value), f"{much}{like}", "请核对数值和单位；确实如此请在 note 说明", warning=True)
