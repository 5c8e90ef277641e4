"""What a scenario assumes of an indicator, as rows: values of single years, then a growth path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from .contract import Observation, printed
from .facts import Indicator, Plan
from .finding import Finding, Refused, shown_path
from .what_if import WhatIf

ASSUMED = "assumed"  # status of a row that a scenario made: no table that is handed in may say it


def place(plan: Plan, scenario: str) -> str:
    """The file of that scenario, as a finding names it."""
    return shown_path(plan.params / "scenarios" / f"{scenario}.yml", plan.root)


def rows(
    plan: Plan, scenario: str, facts: Indicator, observed: Iterable[Observation], year: int
) -> list[Observation]:
    """The `observed` rows and what the scenario so named assumes of this indicator: values of
    single years first, then the growth path.

    A path goes on from the last value y of year t: y·(1 + g)^(k) in year t + k, at the indicator's
    decimals. Raises `Refused` for a value out of the indicator's limits and for a path without a
    year to fill.
    """
    shown, found = place(plan, scenario), {row.year: row for row in observed}
    findings: list[Finding] = []
    values = (entry for entry in facts.assumed if entry.value is not None)
    paths = (entry for entry in facts.assumed if entry.growth is not None)
    for entry in (*values, *paths):
        last = found[max(found)] if found else None
        if entry.growth is not None and (last is None or last.year >= _until(entry, year)):
            findings.append(_no_year(shown, facts, entry, last))
            continue
        for at, value, bound in _assumed(facts, entry, last, year):
            row = _row(plan, scenario, facts, (at, value, bound), entry, found.get(at))
            found[at] = row
            if _impossible(facts, value):
                problem = f"指标 {facts.id} 在 {at} 年不可能是这个数"
                remedy = "请核对单位、上下限和整数"
                findings.append(Finding(shown, 0, "what_if.value", printed(value), problem, remedy))
    if findings:
        raise Refused(findings)
    return [found[at] for at in sorted(found)]


def _until(entry: WhatIf, year: int) -> int:
    return min(entry.until or year, year)


def _assumed(
    facts: Indicator, entry: WhatIf, last: Observation | None, year: int
) -> Iterator[tuple[int, float, str]]:
    """(year, value, bound) of what one entry assumes up to `year`."""
    if entry.value is not None and entry.year is not None and entry.year <= year:
        yield entry.year, entry.value, "="
    if entry.growth is None or last is None:
        return
    unit, rate = Decimal(1).scaleb(-facts.decimals), 1 + Decimal(str(entry.growth))
    for k in range(1, _until(entry, year) - last.year + 1):
        value = (Decimal(str(last.value)) * rate**k).quantize(unit, ROUND_HALF_UP)
        yield last.year + k, float(value), last.bound


def _row(
    plan: Plan,
    scenario: str,
    facts: Indicator,
    assumed: tuple[int, float, str],
    entry: WhatIf,
    former: Observation | None,
) -> Observation:
    at, value, bound = assumed
    published = f"；已公布 {printed(former.value)}" if former else ""
    return Observation(
        plan.id,
        facts.id,
        plan.whole.id,
        at,
        value,
        facts.unit,
        ASSUMED,
        f"scenario:{scenario}",
        bound=bound,
        note=f"情景假设：{entry.reason.rstrip('。')}{published}",
    )


def _impossible(facts: Indicator, value: float) -> bool:
    low, high = facts.least, facts.upper
    return (
        (low is not None and value < low)
        or (high is not None and value > high)
        or (facts.is_count and value != int(value))
        or (facts.kind == "binary" and value not in (0, 1))
    )


def _no_year(shown: str, facts: Indicator, entry: WhatIf, last: Observation | None) -> Finding:
    """A path has nothing to go on from, or nowhere to go."""
    why = f"最新值已是 {last.year} 年，没有要推的年份" if last else "没有任何数值可以接着推"
    remedy = "请改评更晚的年份、改写 value，或删去这一条"
    growth = str(entry.growth)
    return Finding(shown, 0, "what_if.growth", growth, f"指标 {facts.id}：{why}", remedy)
