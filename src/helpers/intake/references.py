"""Names in the parameters of a plan that nothing stands behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .contract import Source
from .facts import ContextSeries, Indicator, Plan
from .finding import Finding, nearest, shown_path
from .promises import Commitment

REMEDY = "请改正，或先登记"


def leading_nowhere(
    plan: Plan,
    facts: dict[str, Indicator],
    series: dict[str, ContextSeries],
    promised: Iterable[Commitment],
    sources: dict[str, Source] | None,
) -> list[Finding]:
    """Names in the parameters that nothing stands behind: sources of quotes, series of readings."""
    files = {f"indicators/{name}.yml": each for name, each in facts.items()}
    quoted = [(n, "clauses.source", c.source) for n, each in files.items() for c in each.clauses]
    quoted += [("commitments.yml", "source", commitment.source) for commitment in promised]
    readings = [
        (name, f"readings.{reading.id}.series", reading.series)
        for name, each in files.items()
        for reading in each.readings
    ]
    checked = [
        ("plan.yml", "checks", name)
        for check in plan.checks
        if check.observed
        for name in (*check.series, check.equals)
    ]
    found = [] if sources is None else _vain(quoted, sources, "来源")
    found += _vain(readings, series, "参考数据系列")
    found += _vain(checked, (*facts, *series), "指标或参考数据系列")
    return [
        Finding(shown_path(plan.params / name, plan.root), 0, column, value, problem, REMEDY)
        for name, column, value, problem in found
    ]


def _vain(
    named: Iterable[tuple[str, str, str | None]], known: Collection[str], what: str
) -> list[tuple[str, str, str, str]]:
    """(file, column, value, problem) of what is `named` and not `known`."""
    return [
        (name, column, value, f"没有这个{what}{nearest(value, known)}")
        for name, column, value in named
        if value and value not in known
    ]
