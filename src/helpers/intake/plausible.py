"""What makes a series of figures doubtful though each figure is well formed: too few years, gaps,
jumps like a slipped unit.

Every answer is a warning: the figures are taken as they stand, and whoever supplied them is asked.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence

from .facts import Indicator
from .finding import Finding
from .observations import Observation, became_known, by_series, known, printed

SLIP = 6.0  # a factor below this is a good or a bad year, not a unit
BEYOND = 2.0  # times the usual change (of logarithms) of the series
SLIPS = {
    1: "十倍",
    2: "百倍（百分数与小数？）",
    3: "千倍",
    4: "万倍（万元与亿元，或件与万件？）",
    8: "亿倍（元与亿元？）",
}
NEAR = 0.2  # of a power of ten, in logarithms: a factor of 1.6 up or down
# times baseline and target both: no year of a plan is that far from where it starts and ends
AFAR = 20.0
AFAR_BELOW = 500.0  # of an amount, of which a part of the area may have little
RATES = ("share", "score", "ratio")
PUBLISHED = {"final": "终值", "preliminary": "初值"}
UNLIKELY_TARGET = 50.0  # times the baseline, or a part of it


def doubts(
    rows: Sequence[Observation], facts: Mapping[str, Indicator], shown: str
) -> list[Finding]:
    """The warnings on one table: on the whole of it, then on its series in their order."""

    def doubtful(
        column: str,
        value: str,
        problem: str,
        remedy: str,
        about: tuple[str, str, int | None] = ("", "", None),
    ) -> Finding:
        return Finding(shown, 0, column, value, problem, remedy, warning=True, about=about)

    rows = [row for row in rows if not row.period]
    series = {key: known(mine) for key, mine in by_series(rows).items()}
    said = {
        (row.indicator_id, row.area, row.year) for row in rows if row.status == "missing"
    }  # a gap that is owned to
    years = {row.year for observed in series.values() for row in observed}
    if rows and not years:
        return [
            doubtful(
                "", "", "整张表没有一个数值", "请向数据提供部门索取；在此之前各项只能判为无数据"
            )
        ]
    findings = unlikely_targets(facts.values(), shown)
    ranges = {name: _range(one) for name, one in facts.items()}
    if len(years) == 1:
        findings.append(
            doubtful("", "", f"整张表只有 {min(years)} 年，看不出趋势", "请补报其他年份")
        )
    for (indicator_id, area), observed in series.items():
        if indicator_id not in facts:
            continue  # left out by a scenario
        reported = [row.year for row in observed]
        for year in sorted(
            {*range(min(reported, default=0), max(reported, default=0))} - {*reported}
        ):
            if (indicator_id, area, year) not in said:
                findings.append(
                    doubtful(
                        f"year={year}",
                        f"{indicator_id}（{area}）",
                        "序列缺这一年",
                        "请补报，或写一行 status 为 missing；缺的年份不会插补",
                        (indicator_id, area, year),
                    )
                )
        segments = _segments(observed, facts[indicator_id])
        apart = [(row, factor) for segment in segments for row, factor in jumps(segment)]
        findings += [_jump(row, factor, "相邻年份", shown) for row, factor in apart]
        findings += _odd(observed, facts[indicator_id], shown)
        told = [row for row, _ in apart]
        low, high = ranges[indicator_id]
        far = [
            row
            for row in segments[0]
            if (row.figure > high or 0 < row.figure < low) and row not in told
        ]
        findings += [
            _jump(row, factor, beside, shown)
            for row in far
            for beside, factor in _nearest(row.figure, facts[indicator_id])
        ]
    return findings


def _odd(rows: Sequence[Observation], facts: Indicator, shown: str) -> list[Finding]:
    """What single figures say against themselves."""
    over = (
        [row for row in rows if row.figure > 100]
        if facts.kind == "share" and facts.unit == "%" and facts.upper is None
        else []
    )
    early = [
        row
        for row in rows
        if row.status in PUBLISHED
        and row.published
        and int(row.published[:4]) <= row.year
        and became_known(row) < f"{row.year}-12-31"
    ]
    return [
        *(
            Finding(
                shown,
                row.line,
                "value",
                printed(row.value),
                "占比超过 100%",
                "请核对数值；按定义可以超过的，请在参数里写明 upper",
                warning=True,
                about=_about(row),
            )
            for row in over
        ),
        *(
            Finding(
                shown,
                row.line,
                "published",
                row.published,
                f"{row.year} 年的{PUBLISHED[row.status]}在当年结束以前就公布了",
                "请核对年份和发布日期；不满一年的数，请在 period 写明是哪几个月，如 "
                f"{row.year}-01/{row.year}-09",
                warning=True,
                about=_about(row),
            )
            for row in early
            if facts.kind != "binary"
        ),
    ]


def unlikely_targets(facts: Iterable[Indicator], shown: str) -> list[Finding]:
    """Warnings on targets so far from their baselines that one of the two may have another unit."""
    findings = []
    for one in facts:
        start, end = one.baseline.value or 0.0, one.target.value or 0.0
        if start > 0 and end > 0 and not 1 / UNLIKELY_TARGET <= end / start <= UNLIKELY_TARGET:
            problem = (
                f"目标值 {printed(end)} 约为基期值 {printed(start)} 的 "
                f"{_times(end / start)}{_like(end / start)}"
            )
            findings.append(
                Finding(
                    shown,
                    0,
                    "",
                    one.id,
                    problem,
                    "请核对规划参数里的基期值、目标值和单位",
                    warning=True,
                    about=(one.id, "", None),
                )
            )
    return findings


def _anchors(facts: Indicator) -> list[tuple[str, float]]:
    """[(what, value)] a figure can be held against: a whole series in another unit has no jump to
    tell by."""
    starts = () if facts.kind == "increment" else (("基期值", facts.baseline.value),)
    return (
        [
            (name, value)
            for name, value in (*starts, ("目标值", facts.target.value))
            if value is not None and value > 0
        ]
        if facts.kind != "binary"
        else []
    )


def _range(facts: Indicator) -> tuple[float, float]:
    """(low, high): below or beyond, a positive figure is far from baseline and target alike. The
    yearly part of a sum may be small beside its target."""
    values = [value for _, value in _anchors(facts)]
    if not values:
        return 0.0, math.inf
    below = math.inf if facts.kind == "increment" else AFAR if facts.kind in RATES else AFAR_BELOW
    return min(values) / below, max(values) * AFAR


def _nearest(value: float, facts: Indicator) -> list[tuple[str, float]]:
    """[(what it is nearest to of baseline and target, by which factor it is off)]"""
    return sorted(
        ((name, value / anchor) for name, anchor in _anchors(facts)),
        key=lambda one: abs(math.log(one[1])),
    )[:1]


def _segments(rows: Sequence[Observation], facts: Indicator) -> list[list[Observation]]:
    """`rows` cut at the indicator's changes of definition: a jump there has its reason."""
    cuts = [-math.inf, *sorted(cut.year for cut in facts.breaks), math.inf]
    return [
        [row for row in rows if start <= row.year < end] for start, end in itertools.pairwise(cuts)
    ]


def jumps(rows: Sequence[Observation]) -> list[tuple[Observation, float]]:
    """Rows that stand apart from the year beside them by more than `SLIP` and by more than such a
    series changes, with the factor.

    A step up and back is one row (the peak); a step at the start is the first row, any other the
    row after it: from there on the unit may be another. Only positive values have a factor.
    """
    taken = [row for row in rows if row.figure > 0]
    steps = [
        math.log10(later.figure / earlier.figure) for earlier, later in itertools.pairwise(taken)
    ]
    if all(abs(step) <= math.log10(SLIP) for step in steps):
        return []
    found, back = [], False
    for k, step in enumerate(steps):
        flanks = [
            j for j in (k - 1, k + 1) if 0 <= j < len(steps) and steps[j] * step < 0
        ]  # the other side of one peak
        usual = statistics.median(
            [abs(other) for j, other in enumerate(steps) if j != k and j not in flanks] or [0.0]
        )
        wide = abs(step) > max(math.log10(SLIP), BEYOND * usual)
        if wide and not back:
            first = k == 0 and len(steps) > 1 and not (flanks and abs(steps[1]) > math.log10(SLIP))
            found.append((taken[0], 10**-step) if first else (taken[k + 1], 10**step))
        back = wide and not back and k + 1 in flanks and abs(steps[k + 1]) > math.log10(SLIP)
    return found


def _jump(row: Observation, factor: float, beside: str, shown: str) -> Finding:
    return Finding(
        shown,
        row.line,
        "value",
        printed(row.value),
        f"约为{beside}的 {_times(factor)}{_like(factor)}",
        "请核对数值和单位；确实如此请在 note 说明",
        warning=True,
        about=_about(row),
    )


def _about(row: Observation) -> tuple[str, str, int]:
    return row.indicator_id, row.area, row.year


def _times(factor: float) -> str:
    return f"{factor:.0f} 倍" if factor > 1 else f"1/{1 / factor:.0f}"


def _like(factor: float) -> str:
    """What it looks like, where `factor` is near a power of ten that units are mistaken by."""
    power = round(math.log10(factor))
    slip = SLIPS.get(abs(power), "") if abs(math.log10(factor) - power) <= NEAR else ""
    return f"，单位或小数点像是错了{slip}" if slip else ""
