"""What others would say of the same figures: other offices' rules, other models, other readings of
the plan (METHOD §3, §6).

None of them judges; they stand beside our own judgement to show whether it rests on a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..intake import observations
from ..intake.observations import Observation, Point
from ..intake.plan import Indicator, Plan, Reading
from . import forecast, forms, outlook, rules, verdict
from .assessment import Assessment
from .case import NOT_AVAILABLE, Case, Rating
from .forecast import Forecast

# these replace a zero by 0.001, so that what they say depends on the unit (METHOD §6)
ZERO_REPLACED = ("statcan_target", "eurostat_target_eustat")
COURSES = ("on", "short", "wrong")  # on course to the target, too slow for it, away from it
OURS = {
    **dict.fromkeys(verdict.GOOD, "on"),
    "behind": "short",
    "far_behind": "short",
    "reverse": "wrong",
}

MEANS = {  # rule → status → the course it means
    "statcan_target": {
        "target_achieved": "on",
        "substantial_progress": "on",
        "moderate_progress": "short",
        "limited_progress": "short",
        "deterioration": "wrong",
    },
    "eurostat_target_eustat": {
        "significant_progress": "on",
        "moderate_progress": "short",
        "moderate_deterioration": "short",
        "significant_deterioration": "wrong",
    },
    "un_2023": {"on_track": "on", "fair": "short", "stagnation": "wrong"},
    "escap_cs_ap_logitstep": {
        "Will meet target": "on",
        "Need to accelerate": "short",
        "No progress expected": "wrong",
    },
    "destatis_weather": {"sun": "on", "sun_cloud": "short", "cloud": "short", "thunder": "wrong"},
    "healthy_people_2030": {
        "met": "on",
        "getting_worse": "wrong",
    },  # else it speaks of direction, not of pace
}


@dataclass(frozen=True)
class OtherRule:
    """What a rule says: its rating, the course it means (None where it says nothing of it), and
    whether that is ours.

    `why_not` is the code of why it cannot be applied; `agrees` is None where the rule says nothing
    of the course.
    """

    rule: str
    rating: Rating
    course: str | None
    agrees: bool | None
    why_not: str = ""


@dataclass(frozen=True)
class OtherModel:
    """What a model foresees: its forecast and the chance that follows from it."""

    model: str
    forecast: Forecast
    p_met: float | None


def other_rules(said: Assessment) -> tuple[OtherRule, ...]:
    """The rules of METHOD §6 that need a target, on the figures our own judgement rests on. ()
    where nothing is judged."""
    if said.status in verdict.UNJUDGED or said.word is not None:
        return ()
    if forms.has_own_rule(said.facts):
        return tuple(OtherRule(name, NOT_AVAILABLE, None, None, "other_form") for name in MEANS)
    return tuple(_rated(name, said) for name in MEANS)


def _rated(name: str, said: Assessment) -> OtherRule:
    asked = case(said)
    nothing = name in ZERO_REPLACED and (asked.base_value == 0 or asked.target == 0)
    try:
        rating = NOT_AVAILABLE if nothing else rules.RULES[name](asked)
    except (ValueError, ArithmeticError):  # a row the rule cannot do with
        rating = NOT_AVAILABLE
    course = MEANS[name].get(rating.status.rpartition("|")[2])
    silent = rating is NOT_AVAILABLE or rating.status.startswith("Insufficient")
    return OtherRule(
        name,
        rating,
        course,
        None if course is None else course == OURS[said.status],
        _why_not(name, asked) if silent else "",
    )


def _why_not(name: str, asked: Case) -> str:
    """Why a rule that ought to speak does not, as a code."""
    if name == "escap_cs_ap_logitstep":
        return "one_point" if len(asked.years) == 1 else "no_scale"
    if name == "destatis_weather":
        return "fewer_than_four" if len(asked.years) < rules.LEAST_POINTS else "undefined_there"
    return "without_baseline" if asked.base_value is None else "undefined_there"


def case(said: Assessment) -> Case:
    """The figures of an assessment as other offices' rules take them; a bounded figure counts as if
    it were exact."""
    facts, base, points = said.facts, said.baseline, said.series.points
    return Case(
        direction=1 if facts.direction == "higher" else -1,
        base_year=base.year,
        base_value=base.value,
        current_year=said.data_year,
        current_value=said.value,
        target_year=facts.target.year,
        target=facts.target.value,
        limit=facts.upper,
        years=tuple(p.year for p in points),
        values=said.series.levels,
    )


def other_models(plan: Plan, said: Assessment) -> tuple[OtherModel, ...]:
    """Every model of `forecast.NAMES` on the same series, the chosen one included; () where there
    is nothing to foresee."""
    if not said.forecast.rows or said.status == "met_locked":
        return ()
    ahead = (
        outlook.forecast(plan, said.facts, said.series, model, said.window, said.year)
        for model in forecast.NAMES
    )
    return tuple(OtherModel(one.model, one, outlook.p_met(said.facts, one)) for one in ahead)


def tried(
    plan: Plan,
    facts: Indicator,
    points: Iterable[Point],
    year: int,
    windows: Iterable[int | None],
    rule: str,
) -> list[Assessment]:
    """What every model of `forecast.NAMES` says with every one of `windows` (None: all years),
    model by model."""
    points, windows = list(points), list(windows)
    return [
        verdict.assess(plan, facts, points, year, model=model, rule=rule, window=window)
        for model in forecast.NAMES
        for window in windows
    ]


def disagreeing(said: Assessment, models: Iterable[OtherModel]) -> tuple[OtherModel, ...]:
    """The models whose P lies more than `outlook.DISAGREE` from ours (METHOD: 模型分歧), farthest
    first."""
    if said.p_met is None:
        return ()
    apart = [(abs(one.p_met - said.p_met), one) for one in models if one.p_met is not None]
    farthest_first = sorted(apart, key=lambda pair: -pair[0])
    return tuple(one for far, one in farthest_first if far > outlook.DISAGREE)


def other_readings(
    plan: Plan,
    facts: Indicator,
    points: Sequence[Point],
    context: Iterable[Observation],
    year: int,
    *,
    known_by: str = "",
    area: str = "",
    model: str = "pooled",
    rule: str = "cn-plan-1",
    window: int | None = None,
) -> list[tuple[Reading, Assessment]]:
    """What each way to read the plan that was *not* taken would say, on the same observations or on
    the context series it names."""
    context, mine, said = (
        list(context),
        [point.row for point in points if point.row.indicator_id == facts.id],
        [],
    )
    for reading in facts.readings:
        if reading.taken:
            continue
        other = facts.read_as(reading)
        rows = (
            [
                replace(row, indicator_id=facts.id)
                for row in context
                if row.indicator_id == reading.series
            ]
            if reading.series
            else mine
        )
        seen = observations.taken(plan, other, rows, year, known_by, area)
        judged = verdict.assess(
            plan, other, seen, year, area=area, model=model, rule=rule, window=window
        )
        said.append((reading, judged))
    return said
