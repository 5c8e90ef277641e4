"""Targets and their chances as a reader sees them: of a plan, of one indicator, as a curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import matplotlib
import pandas
import seaborn

from ..intake import observations, plan as plans
from ..intake.observations import Point
from ..intake.plan import Indicator, Plan
from ..measure import forms, progress, target
from ..measure.target import Asked, Pace
from . import canvas, wording
from .paper import arrange
from .result import Record, tidy
from .table import Table

STEPS = 60  # points of a curve
ENDS = (0.02, 0.98)  # chances between which it is drawn


def asked(
    plan: Plan, points: Sequence[Point], year: int | None = None, model: str = "pooled"
) -> list[Asked]:
    """What is asked of every indicator of the plan that has a number to reach."""
    wanted = [facts for facts in plans.indicators(plan) if facts.kind != "binary"]
    return [target.ask(plan, facts, points, year, model=model) for facts in wanted]


def _name(facts: Indicator) -> str:
    return getattr(facts, wording.NAME)


def intro(model: str, year: int) -> str:
    """What the chances are of, in a sentence."""
    return wording.targets.AHEAD.format(model=wording.MODEL[model], year=year)


def told(plan: Plan, points: Sequence[Point], year: int | None, model: str) -> list[str]:
    """The table of a whole plan as text, and how many are expected to be met."""
    many = asked(plan, points, year, model)
    head = intro(model, year or plan.target_year)
    return [head, str(of_plan(many)), expected(many)]


def told_of_one(
    plan: Plan,
    facts: Indicator,
    points: Sequence[Point],
    year: int | None,
    model: str,
    chance: float | None,
    proposed: float | None,
) -> list[str]:
    """The tables of one indicator as text: its targets, and the paces to compare with."""
    one = target.ask(plan, facts, points, year, model=model)
    chances = sorted({*target.CHANCES, *((chance,) if chance else ())})
    found = paces(plan, facts, points)
    table = of_one(one, chances, found[0] if found else None, proposed)
    return [intro(model, one.year), str(table), str(table_of_paces(found, facts.decimals))]


def of_plan(many: Iterable[Asked]) -> Table:
    """One row an indicator: latest, the plan's target and its chance, the targets at `CHANCES`."""
    rows = [_row(one) for one in many]
    return Table(rows, columns=list(wording.targets.COLUMNS["plan"]))


def _row(one: Asked) -> tuple[str, ...]:
    facts, planned = one.facts, one.facts.target.value
    chance = None if planned is None else target.chance(one, planned)
    return (
        _name(facts),
        wording.unit(facts.unit),
        _latest(one),
        wording.forms.goal(facts) or wording.number(planned, facts.target_decimals),
        _reason(one) if one.reason else wording.chance(chance),
        *(wording.number(target.printed(one, p), facts.decimals) for p in target.CHANCES),
    )


def _latest(one: Asked) -> str:
    if one.latest is None:
        return wording.NOT_APPLICABLE
    year, level = one.latest
    shown = wording.number(level, one.facts.decimals)
    return wording.targets.LATEST.format(value=shown, year=year)


def _reason(one: Asked) -> str:
    said = wording.targets
    own = {"too_far": said.TOO_FAR, "other_form": said.OTHER_FORM, "no_data": wording.NO_DATA}
    return own.get(one.reason) or wording.REASON[one.reason]


def of_one(
    one: Asked, chances: Sequence[float], pace: Pace | None, proposed: float | None = None
) -> Table:
    """One row a target of one indicator: the plan's, the proposed one, those at `chances`; chance
    and pace it needs."""
    said, facts = wording.targets, one.facts
    rows = []
    for template, value in ((said.PLANNED, facts.target.value), (said.PROPOSED, proposed)):
        if value is not None:
            shown = template.format(value=wording.amount(value, facts))
            rows.append(_needed(one, shown, value, pace))
    for p in chances:
        value = target.printed(one, p)
        if value is not None:
            shown = said.ASKED.format(
                chance=wording.percent(p, 0), value=wording.amount(value, facts)
            )
            rows.append(_needed(one, shown, value, pace))
    return Table(rows, columns=list(said.COLUMNS["one"]))


def _needed(one: Asked, shown: str, value: float, pace: Pace | None) -> tuple[str, ...]:
    step, growth = target.required(one, value)
    decimals = one.facts.decimals + 1
    chance = _reason(one) if one.reason else _chance(target.chance(one, value))
    times = progress.step_factor(step, pace.step if pace else None)
    reached = wording.targets.REACHED if forms.is_level(one.facts) else wording.NOT_APPLICABLE
    return (
        shown,
        chance,
        reached if step is None else wording.number(step, decimals),
        wording.percent(growth),
        wording.NOT_APPLICABLE
        if times is None
        else wording.targets.TIMES.format(times=wording.number(times, 1)),
    )


def _chance(p: float | None) -> str:
    """To the whole per cent, near certainty as everywhere: never 0 and never 100 %."""
    return wording.percent(p, 0) if p is not None and 0.05 <= p <= 0.95 else wording.chance(p)


def paces(plan: Plan, facts: Indicator, points: Sequence[Point]) -> list[Pace]:
    """How fast the indicator itself moved lately, series of other places that are named beside it,
    and the same indicator under former plans of this place."""
    own = target.own_pace(plan, facts, points)
    said = wording.targets
    found = [Pace(said.OWN, own.first, own.last, own.step, own.growth)] if own else []
    context = observations.context(plan)
    for series in plans.context(plan):
        if facts.id in series.relates_to and series.group != "component":
            rows = [row for row in observations.known(context) if row.indicator_id == series.id]
            known = sorted((row.year, row.figure) for row in rows if row.value is not None)
            years, values = [y for y, _ in known], [v for _, v in known]
            name = said.PEER.format(name=series.name_zh)
            other = target.pace(name, years, values, rate=facts.in_points) if known else None
            found += [other] if other else []
    return [*found, *_former(plan, facts)]


def _former(plan: Plan, facts: Indicator) -> list[Pace]:
    """The pace under plans of the same series that ended before this one began."""
    found = []
    for name in plans.available(plan.root):
        if name == plan.id or name.rpartition("-")[0] != (plan.id.rpartition("-")[0] or "\0"):
            continue
        former = plans.load(name, plan.root)
        same = [f for f in plans.indicators(former) if f.id == facts.id and f.unit == facts.unit]
        if former.period.end < plan.period.start and same:
            points = target.known(former)
            title = wording.targets.FORMER.format(name=former.short_title)
            own = target.own_pace(former, same[0], points)
            found += [Pace(title, own.first, own.last, own.step, own.growth)] if own else []
    return found


def table_of_paces(found: Sequence[Pace], decimals: int) -> Table:
    """One row a pace."""
    rows = [
        (
            one.name,
            wording.targets.SPAN.format(first=one.first, last=one.last),
            wording.number(one.step, decimals + 1),
            wording.percent(one.growth),
        )
        for one in found
    ]
    return Table(rows, columns=list(wording.targets.COLUMNS["pace"]))


def expected(many: Iterable[Asked]) -> str:
    """How many of the plan's targets are expected to be met, in a sentence."""
    chances = [
        target.chance(one, one.facts.target.value)
        for one in many
        if one.facts.target.value is not None
    ]
    found = target.expected(chances)
    if found is None:
        return wording.targets.NO_EXPECTED
    count, (middle, half) = sum(p is not None for p in chances), found
    low, high = max(0.0, middle - half), min(float(count), middle + half)
    shown = [wording.number(x, 1) for x in (middle, low, high)]
    return wording.targets.EXPECTED.format(
        count=count, middle=shown[0], low=shown[1], high=shown[2]
    )


def curve(one: Asked) -> pandas.DataFrame:
    """Targets and their chances, from almost certain to almost none; empty without forecast."""
    chances = [ENDS[0] + (ENDS[1] - ENDS[0]) * k / STEPS for k in range(STEPS + 1)]
    rows = [(target.at_chance(one, p), p) for p in chances]
    return pandas.DataFrame(
        [row for row in rows if row[0] is not None], columns=["target", "chance"], dtype=float
    )


def drawn(one: Asked, frame: pandas.DataFrame) -> canvas.Picture:
    """The curve, with the plan's target and those at `CHANCES` marked, titled with its finding."""
    facts, said = one.facts, wording.targets
    ax = canvas.axes()
    with matplotlib.rc_context(canvas.STYLE):
        seaborn.lineplot(frame, x="target", y="chance", ax=ax, color=canvas.ACTUAL)
        for p in target.CHANCES:
            value = target.at_chance(one, p)
            if value is not None:
                shown = f"{wording.percent(p, 0)}　{wording.number(value, facts.decimals)}"
                ax.plot([value], [p], "o", color=canvas.ACTUAL)
                ax.annotate(shown, (value, p), xytext=(6, 6), textcoords="offset points")
        if facts.target.value is not None:
            ax.axvline(facts.target.value, color=canvas.TARGET, linestyle="--")
        ax.set(ylim=(0, 1), ylabel=said.CHANCE_AXIS)
        ax.set_xlabel(said.TARGET_AXIS.format(unit=wording.unit(facts.unit)))
        arrange(ax, _title(one))
    return canvas.Picture(ax, _title(one))


def _title(one: Asked) -> str:
    value = target.printed(one, target.CHANCES[1])
    said, name = wording.targets, _name(one.facts)
    if value is None:
        return said.CURVE_UNKNOWN.format(name=name, year=one.year)
    return said.CURVE.format(name=name, year=one.year, value=wording.amount(value, one.facts))


def record(one: Asked) -> Record:
    """The conclusion of one indicator: the targets at `CHANCES`."""
    found = {p: target.printed(one, p) for p in target.CHANCES}
    shown = [
        (wording.percent(p, 0), wording.amount(value, one.facts))
        for p, value in found.items()
        if value is not None
    ]
    sentence = wording.targets.record(_name(one.facts), one.year, shown)
    rows = [{"chance": p, "target": value} for p, value in found.items()]
    facts = {"indicator_id": one.facts.id, "year": one.year, "targets": rows}
    return Record("targets", sentence, tidy(facts))
