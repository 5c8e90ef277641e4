"""What makes a series of figures doubtful though each figure is well formed: too few years, gaps,
jumps like a slipped unit.

Every answer is a warning: the figures are taken as they stand, and whoever supplied them is asked.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .apart import multiple, oddities
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
NO_FIGURE = ("整张表没有一个数值", "请向数据提供部门索取；在此之前各项只能判为无数据")
UNLIKELY_TARGET = 50.0  # times the baseline, or a part of it


def doubts(
    rows: Sequence[Observation],
    facts: Mapping[str, Indicator],
    shown: str,
    cleared: Mapping[int, int] | None = None,
) -> list[Finding]:
    """The warnings on one table: on the whole of it, then on its series in their order. `cleared`:
    how many figures of each year it has beside `rows`, of which there is nothing to tell."""
    rows = [row for row in rows if not row.period]
    series = {key: known(mine) for key, mine in by_series(rows).items()}
    owned = {(row.indicator_id, row.area, row.year) for row in rows if row.status == "missing"}
    years = Counter(row.year for row in itertools.chain(*series.values())) + Counter(cleared)
    if rows and not years:
        return [Finding(shown, 0, "", "", *NO_FIGURE, warning=True)]
    findings = unlikely_targets(facts.values(), shown)
    if len(years) == 1:
        problem = f"整张表只有 {min(years)} 年，看不出趋势"
        findings.append(Finding(shown, 0, "", "", problem, "请补报其他年份", warning=True))
    same: dict[tuple[int, float], list[Observation]] = {}
    for row in itertools.chain(*series.values()):
        same.setdefault((row.year, row.figure), []).append(row)
    for (indicator_id, area), observed in series.items():
        if indicator_id in facts:  # else left out by a scenario
            findings += _gaps(indicator_id, area, observed, owned, shown)
            findings += _of_series(observed, facts[indicator_id], same, years, shown)
    return findings


def _gaps(
    indicator_id: str,
    area: str,
    observed: Sequence[Observation],
    owned: set[tuple[str, str, int]],
    shown: str,
) -> Iterator[Finding]:
    """Years between the first and the last that no row tells of; `owned`: those said to be
    missing."""
    reported = {row.year for row in observed}
    for year in sorted({*range(min(reported, default=0), max(reported, default=0))} - reported):
        if (indicator_id, area, year) not in owned:
            yield Finding(
                shown,
                0,
                f"year={year}",
                f"{indicator_id}（{area}）",
                "序列缺这一年",
                "请补报，或写一行 status 为 missing；缺的年份不会插补",
                warning=True,
                about=(indicator_id, area, year),
            )


def _of_series(
    observed: Sequence[Observation],
    facts: Indicator,
    same: Mapping[tuple[int, float], Sequence[Observation]],
    of_year: Mapping[int, int],
    shown: str,
) -> Iterator[Finding]:
    """What is odd in one series; of the size of a figure one thing is said, the plainest."""
    segments, told = _segments(observed, facts), []
    for row, factor in itertools.chain(*map(jumps, segments)):
        told.append(row)
        yield _jump(row, factor, "相邻年份", shown)
    yield from odd(observed, facts, shown)
    low, high = usual(facts)
    for row in segments[0]:
        if (row.figure > high or 0 < row.figure < low) and row not in told:
            for beside, factor in _nearest(row.figure, facts):
                told.append(row)
                yield _jump(row, factor, beside, shown)
    for row, problem, remedy in oddities(segments, facts, same, of_year):
        if row not in told:
            told.append(row)
            yield _doubt(row, problem, remedy, shown)


def odd(rows: Sequence[Observation], facts: Indicator, shown: str) -> list[Finding]:
    """What single figures say against themselves."""
    over = [row for row in rows if row.figure > 100] if is_percentage(facts) else []
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


def is_percentage(facts: Indicator) -> bool:
    """Whether more than 100 would be more than all, as far as the parameters say."""
    return facts.kind == "share" and facts.unit == "%" and facts.upper is None


def unlikely_targets(facts: Iterable[Indicator], shown: str) -> list[Finding]:
    """Warnings on targets so far from their baselines that one of the two may have another unit."""
    findings = []
    for one in facts:
        if one.target.form != "at_end":
            continue  # a rise or a yearly rate is no level to hold against the baseline
        start, end = one.baseline.value or 0.0, one.target.value or 0.0
        if start > 0 and end > 0 and not 1 / UNLIKELY_TARGET <= end / start <= UNLIKELY_TARGET:
            problem = (
                f"目标值 {printed(end)} 约为基期值 {printed(start)} 的 "
                f"{multiple(end / start)}{_like(end / start)}"
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
    if facts.target.form != "at_end":
        return []
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


def usual(facts: Indicator) -> tuple[float, float]:
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
    problem = f"约为{beside}的 {multiple(factor)}{_like(factor)}"
    return _doubt(row, problem, "请核对数值和单位；确实如此请在 note 说明", shown)


def _doubt(row: Observation, problem: str, remedy: str, shown: str) -> Finding:
    value = printed(row.value)
    return Finding(shown, row.line, "value", value, problem, remedy, True, _about(row))


def _about(row: Observation) -> tuple[str, str, int]:
    return row.indicator_id, row.area, row.year


def _like(factor: float) -> str:
    """What it looks like, where `factor` is near a power of ten that units are mistaken by."""
    power = round(math.log10(factor))
    slip = SLIPS.get(abs(power), "") if abs(math.log10(factor) - power) <= NEAR else ""
    return f"，单位或小数点像是错了{slip}" if slip else ""
