"""Do figures that come from different offices agree with one another? Year by year, as the plan's
`checks` say they should."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..intake import observations
from ..intake.observations import Observation, Point
from ..intake.plan import Check, Plan


@dataclass(frozen=True)
class Crosscheck:
    """One year of a check: what the series come to, what `equals` records, and their relative
    difference (computed/recorded − 1)."""

    check: Check
    year: int
    terms: tuple[float, ...]
    computed: float
    recorded: float
    difference: float
    holds: bool


def crosschecks(
    plan: Plan, points: Iterable[Point], context: Iterable[Observation], known_by: str = ""
) -> list[Crosscheck]:
    """Every check of observed series in every year in which all of them are known exactly; bounds
    are left out."""
    values = _values(plan, points, context, known_by)
    found = []
    for check in plan.checks:
        years = (
            [set(values.get(name, ())) for name in (*check.series, check.equals)]
            if check.observed
            else []
        )
        for year in sorted(set.intersection(*years)) if years else ():
            terms = tuple(values[name][year] for name in check.series)
            computed, recorded = check.of(terms), values[check.equals][year]
            if computed is not None and recorded:
                difference = computed / recorded - 1
                found.append(
                    Crosscheck(
                        check,
                        year,
                        terms,
                        computed,
                        recorded,
                        difference,
                        abs(difference) <= check.tolerance,
                    )
                )
    return found


def _values(
    plan: Plan, points: Iterable[Point], context: Iterable[Observation], known_by: str
) -> dict[str, dict[int, float]]:
    """Series → year → value: indicators of the whole area as taken, context series as known."""
    values: dict[str, dict[int, float]] = {}
    for point in points:
        if point.row.area == plan.whole.id and point.row.bound == "=":
            values.setdefault(point.row.indicator_id, {})[point.year] = point.row.figure
    series: dict[str, list[Observation]] = {}
    for row in context:
        series.setdefault(row.indicator_id, []).append(row)
    for name, rows in series.items():
        values[name] = {
            row.year: row.figure for row in observations.known(rows, known_by) if row.bound == "="
        }
    return values
