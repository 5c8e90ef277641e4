"""What a scenario changes in the facts: `params/<plan>/scenarios/<name>.yml`, read strictly,
applied here and in `observations`.

A scenario makes choices otherwise and says "what if", each with its reason. Rooms further right see
facts and figures as under the scenario, marked; nothing assumed is an observation, and the plan's
own files stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from . import consistency, fields
from .facts import Indicator, Plan, Reading
from .finding import Finding, Refused, Unknown, Wrong, in_file, nearest, shown_path
from .what_if import Scenario, WhatIf

KINDS = ("value", "growth", "target", "reading", "drop")  # what one entry may assume: exactly one
CHOICES = ("model", "rule", "level", "known_by", "window")


def available(plan: Plan) -> tuple[str, ...]:
    """Names of the plan's scenarios, sorted."""
    return tuple(sorted(path.stem for path in (plan.params / "scenarios").glob("*.yml")))


def path_of(plan: Plan, name: str) -> Path:
    return plan.params / "scenarios" / f"{name}.yml"


def under(plan: Plan, name: str) -> Plan:
    """`plan` as the scenario of that name sees it.

    Raises `Unknown` where the plan has no such scenario, `Refused` where the file is bad.
    """
    if not fields.is_name(name, fields.ANY_ID) or not path_of(plan, name).is_file():
        known = available(plan)
        raise Unknown(
            f"规划 {plan.id} 没有情景 {name!r}{nearest(name, known)}；"
            f"现有：{'、'.join(known) or '无'}"
        )
    path = path_of(plan, name)
    shown = shown_path(path, plan.root)
    read = replace(fields.read(path, Scenario, shown), name=name)
    findings = list(_findings(plan, read, shown))
    if findings:
        raise Refused(findings)
    return replace(
        plan,
        scenario=read,
        indicators=tuple(one for one in plan.indicators if one not in read.dropped),
    )


def _findings(plan: Plan, scenario: Scenario, shown: str) -> Iterable[Finding]:
    """What no single field shows: entries that say nothing or two things, names and years the plan
    does not have."""
    wrong = in_file(shown)
    yield from _text_findings(scenario, wrong)
    yield from _choice_findings(scenario, wrong)
    for k, entry in enumerate(scenario.what_if, 1):
        yield from _entry_findings(plan, entry, f"what_if.{k}", wrong)
    said = [
        (entry.indicator, kind, entry.year) for entry in scenario.what_if for kind in assumes(entry)
    ]
    for indicator, kind, year in dict.fromkeys(one for one in said if said.count(one) > 1):
        yield wrong(
            "what_if",
            indicator,
            f"同一件事（{kind}{f' {year}' if year else ''}）假设了两次",
            "请只留一条",
        )
    for indicator in scenario.dropped:
        if any(one == indicator and kind != "drop" for one, kind, _ in said):
            yield wrong("what_if", indicator, "已不计入，又作了别的假设", "请只留一条")
    if not scenario.choices and not scenario.what_if:
        yield wrong("", "", "什么都没有改", "请写 choices 或 what_if")


def _text_findings(scenario: Scenario, wrong: Wrong) -> Iterable[Finding]:
    for column, text in [
        ("title", scenario.title),
        ("reason", scenario.reason),
        *((f"choices.{k}.reason", one.reason) for k, one in enumerate(scenario.choices, 1)),
        *((f"what_if.{k}.reason", one.reason) for k, one in enumerate(scenario.what_if, 1)),
    ]:
        if not text.strip():
            yield wrong(column, "", "没有写", "标题和每一条的理由都会印出来，请写明")


def _choice_findings(scenario: Scenario, wrong: Wrong) -> Iterable[Finding]:
    chosen = [
        (k, [name for name in CHOICES if getattr(one, name) is not None])
        for k, one in enumerate(scenario.choices, 1)
    ]
    for k, names in chosen:
        if len(names) != 1:
            yield wrong(
                f"choices.{k}",
                "、".join(names),
                "每条要改且只改一项选择",
                f"可写：{'、'.join(CHOICES)}",
            )
    for name in consistency.doubled(name for _, names in chosen for name in names):
        yield wrong("choices", name, "同一项选择改了两次", "请只留一条")
    if (
        not scenario.overrides.get("model", "a").isascii()
        or not scenario.overrides.get("rule", "a").isascii()
    ):
        yield wrong("choices", "", "model 和 rule 只能用 ASCII 字符", "请改正")
    if scenario.overrides.get("level", 0.8) not in (0.8, 0.95):
        yield wrong(
            "choices.level", scenario.overrides["level"], "没有这个区间水平", "请写 0.8 或 0.95"
        )


def _entry_findings(plan: Plan, entry: WhatIf, place: str, wrong: Wrong) -> Iterable[Finding]:
    kinds = assumes(entry)
    if entry.indicator not in plan.indicators:
        yield wrong(
            f"{place}.indicator",
            entry.indicator,
            f"没有这项指标{nearest(entry.indicator, plan.indicators)}",
            "请改正",
        )
    if len(kinds) != 1:
        yield wrong(
            place,
            "、".join(kinds),
            "每条要假设且只假设一件事",
            f"可写：{'、'.join(KINDS)}",
        )
    if (entry.value is None) != (entry.year is None):
        yield wrong(f"{place}.year", entry.year or "", "value 和 year 要一起写", "请补上，或删去")
    if entry.until is not None and entry.growth is None:
        yield wrong(f"{place}.until", entry.until, "只有 growth 有 until", "请删去")
    for column, year in (("year", entry.year), ("until", entry.until)):
        if year is not None and not plan.period.start <= year <= plan.period.end:
            yield wrong(
                f"{place}.{column}",
                year,
                f"不在规划期 {plan.period.start}—{plan.period.end} 年内",
                "请改正",
            )


def assumes(entry: WhatIf) -> list[str]:
    """Which of `KINDS` an entry says."""
    return [kind for kind in KINDS if _said(getattr(entry, kind))]


def _said(value: object) -> bool:
    """True where an entry gives a value: zero is one, and equal to False."""
    return value is not None and value is not False


def applied(plan: Plan, facts: Indicator) -> Indicator:
    """`facts` as under the plan's scenario: another reading first, then the target. Raises
    `Refused` where that cannot be."""
    scenario = plan.scenario
    mine = tuple(
        entry for entry in (scenario.what_if if scenario else ()) if entry.indicator == facts.id
    )
    if scenario is None or not mine:
        return facts
    shown = shown_path(path_of(plan, scenario.name), plan.root)
    for entry in sorted(mine, key=lambda entry: entry.reading is None):
        if entry.reading is not None:
            facts = _read(facts, entry.reading, shown)
        elif entry.target is not None:
            facts = replace(facts, target=replace(facts.target, value=entry.target))
    findings = list(consistency.of_indicator(plan, facts, facts.id, shown))
    if findings:
        raise Refused(findings)
    return replace(facts, assumed=mine)


def _read(facts: Indicator, name: str, shown: str) -> Indicator:
    """`facts` under the reading `name`, the only one then: the others are read against the
    plan's, in the base edition."""
    known = {reading.id: reading for reading in facts.readings}
    if name not in known:
        raise Refused(
            [
                Finding(
                    shown,
                    0,
                    "what_if.reading",
                    name,
                    f"指标 {facts.id} 没有这种读法{nearest(name, known)}",
                    f"可写：{'、'.join(known) or '（这项指标只有一种读法，请删去这一条）'}",
                )
            ]
        )
    reading = known[name]
    return replace(
        facts.read_as(reading),
        readings=(Reading(reading.id, reading.text, True),),
        from_series=reading.series,
    )


def part_of(scenario: Scenario, indicator: str) -> dict:
    """What of the scenario bears on one indicator, as its file would say it: choices are injected,
    other indicators' entries do not move it."""
    entries = [
        {name: value for name, value in vars(entry).items() if _said(value)}
        for entry in scenario.what_if
        if entry.indicator == indicator
    ]
    return {"title": scenario.title, "reason": scenario.reason, "what_if": entries}
