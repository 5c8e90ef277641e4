"""Whether a judgement rests on something: its references exist, its targets are the plan's, and
every earlier recommendation has its fate.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as fields_of, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import consistency, fields, observations, plan as plans
from .facts import Indicator, Plan
from .finding import Finding, Refused, Wrong, in_file, nearest, shown_path
from .judgement import FATES, Judged, Judgement, open_before, path_of, read, years

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MAY_BE_EMPTY = ("remark", "known_by")
WHY = {  # code of `measure.attention` → what it says of an item
    "red": "红色预警",
    "orange": "橙色预警",
    "late": "逾期",
    "due_no_information": "到期无资料",
    "no_data": "目标年无数据",
}


def of(plan: Plan, year: int) -> Judgement | None:
    """The judgement of `year`, None where there is none; every fault of the file at once in
    `Refused`."""
    path = path_of(plan, year)
    return checked(plan, read(plan, path, year), path) if path.is_file() else None


def of_text(plan: Plan, year: int, text: str) -> Judgement:
    """What the file of `year` would say with this text. Raises `Refused` as `of` does."""
    path = path_of(plan, year)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, "utf-8")
        said = fields.read(trial, Judgement, shown_path(path, plan.root))
    return checked(plan, replace(said, year=year), path)


def checked(plan: Plan, judgement: Judgement, path: Path) -> Judgement:
    """`judgement` where it agrees with the plan and with earlier judgements. Raises `Refused`."""
    findings = list(_findings(plan, judgement, in_file(shown_path(path, plan.root))))
    if findings:
        raise Refused(findings)
    return judgement


def word_of(plan: Plan, facts: Indicator, year: int, known_by: str = "") -> Judged | None:
    """The evaluator's word of `year` on a target in words, None of other targets; none under a
    scenario, and of a judgement that was written on another data cut-off."""
    if facts.target.form != "qualitative" or plan.scenario:
        return None
    said = of(plan, year)
    judged = said.judged if said is not None and said.known_by == known_by else ()
    return next((each for each in judged if each.indicator == facts.id), None)


def unanswered(plan: Plan, said: Judgement, called: Mapping[str, str]) -> Iterable[Finding]:
    """A finding for every item `called` (reference → why) to which no recommendation, and no
    reasoned 不建议, speaks."""
    wrong = in_file(shown_path(path_of(plan, said.year), plan.root))
    for name, why in called.items():
        if name not in said.answered:
            yield wrong(
                "recommendations",
                name,
                f"{WHY[why]}，却没有建议",
                "请在一条建议的 because 里列出，或在 not_recommended 里写明理由",
            )


def missing(plan: Plan, last: int) -> Iterable[Finding]:
    """A finding for every year up to `last` that has to have a judgement (`judgement_from` of
    run.yml) and has none."""
    first, there = plans.choices(plan).judgement_from, years(plan)
    for year in range(first, last + 1) if first else ():
        if year not in there:
            yield Finding(
                shown_path(path_of(plan, year), plan.root),
                0,
                "",
                "",
                f"run.yml 的 judgement_from 要求 {year} 年有评估意见，没有这个文件",
                f"请先执行 make judgement PLAN={plan.id} YEAR={year}，再写完",
            )


def citable(plan: Plan) -> dict[str, str]:
    """What a passage may rest on: reference → the name it goes by."""
    ledger = plans.ledger(plan)
    named: dict[str, Mapping[str, str]] = {
        "indicator": {each.id: each.name_zh for each in plans.indicators(plan)},
        "commitment": {each.id: each.title for each in ledger.commitments},
        "contradiction": {each.id: each.title for each in ledger.contradictions},
        "check": {each.id: each.says for each in plan.checks},
        "context": {each.id: each.name_zh for each in plans.context(plan)},
        "source": {each.id: each.title for each in observations.sources(plan).values()},
    }
    return {f"{kind}/{id_}": name for kind, ids in named.items() for id_, name in ids.items()}


def _findings(plan: Plan, said: Judgement, wrong: Wrong) -> Iterable[Finding]:
    yield from _blank(said, "", wrong)
    yield from _doubled(said, wrong)
    known = citable(plan)
    for place, references in _cited(said):
        for name in references:
            if name not in known:
                yield wrong(place, name, f"没有这条记录{nearest(name, known)}", "请改正，或删去")
    yield from _answers(said, wrong)
    yield from _targets(plan, said, wrong)
    for k, each in enumerate(said.categories, 1):
        if each.category not in plan.categories:
            known_categories = "、".join(plan.categories)
            yield wrong(
                f"categories.{k}.category",
                each.category,
                "规划没有这个类别",
                f"可写：{known_categories}",
            )
    yield from _fates(plan, said, wrong)


def _blank(value: DataclassInstance, place: str, wrong: Wrong) -> Iterator[Finding]:
    """Texts that say nothing: what a draft leaves to the person must have been written."""
    for each in fields_of(value):
        content = getattr(value, each.name)
        here = f"{place}.{each.name}" if place else each.name
        if isinstance(content, str) and not content.strip() and each.name not in MAY_BE_EMPTY:
            yield wrong(here, "", "没有写", "请写明，或删去这一条")
        elif is_dataclass(content) and not isinstance(content, type):
            yield from _blank(content, here, wrong)
        elif isinstance(content, tuple):
            for k, item in enumerate(content, 1):
                if is_dataclass(item) and not isinstance(item, type):
                    yield from _blank(item, f"{here}.{k}", wrong)


def _doubled(said: Judgement, wrong: Wrong) -> Iterable[Finding]:
    for name, ids in (
        ("problems", [each.id for each in said.problems]),
        ("recommendations", [each.id for each in said.recommendations]),
        ("categories", [each.category for each in said.categories]),
        ("judged", [each.indicator for each in said.judged]),
        ("changes", [each.indicator for each in said.changes]),
        ("fates", [each.of for each in said.fates]),
        ("not_recommended", [name for each in said.not_recommended for name in each.items]),
    ):
        for twice in consistency.doubled(ids):
            yield wrong(name, twice, "写了两次", "请只留一条")


def _cited(said: Judgement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(place, references) of every passage."""
    for name in ("categories", "achievements", "problems", "recommendations"):
        for k, each in enumerate(getattr(said, name), 1):
            yield f"{name}.{k}.because", each.because
    for k, problem in enumerate(said.problems, 1):
        for c, cause in enumerate(problem.causes, 1):
            yield f"problems.{k}.causes.{c}.because", cause.because
    for name in ("judged", "changes", "lessons", "fates"):
        for k, each in enumerate(getattr(said, name), 1):
            yield f"{name}.{k}.because", each.because
    for k, declined in enumerate(said.not_recommended, 1):
        yield f"not_recommended.{k}.items", declined.items


def _answers(said: Judgement, wrong: Wrong) -> Iterable[Finding]:
    """A problem rests on something, a recommendation too, on records or on a problem named."""
    problems = [each.id for each in said.problems]
    for k, problem in enumerate(said.problems, 1):
        if not problem.because:
            yield wrong(f"problems.{k}.because", problem.id, "没有依据", "请写明依据的记录")
    for k, each in enumerate(said.recommendations, 1):
        if not each.because and not each.answers:
            yield wrong(
                f"recommendations.{k}.because", each.id, "没有依据", "请写明依据的记录或所答的问题"
            )
        for name in each.answers:
            if name not in problems:
                yield wrong(
                    f"recommendations.{k}.answers",
                    name,
                    f"没有这个问题{nearest(name, problems)}",
                    "请改正",
                )


def _targets(plan: Plan, said: Judgement, wrong: Wrong) -> Iterable[Finding]:
    """Changes start from the target the plan has."""
    facts = {each.id: each for each in plans.indicators(plan)}
    for name in ("judged", "changes"):
        for k, each in enumerate(getattr(said, name), 1):
            if each.indicator not in facts:
                yield wrong(
                    f"{name}.{k}.indicator",
                    each.indicator,
                    f"没有这项指标{nearest(each.indicator, facts)}",
                    "请改正",
                )
    for k, change in enumerate(said.changes, 1):
        target = facts[change.indicator].target.value if change.indicator in facts else None
        if change.indicator in facts and change.before != target:
            yield wrong(
                f"changes.{k}.before",
                f"{change.before:g}",
                "不是规划现在的目标值",
                "这项指标没有目标值，请删去" if target is None else f"请写 {target:g}",
            )
        if change.before == change.after:
            yield wrong(f"changes.{k}.after", f"{change.after:g}", "与原目标相同", "请改正，或删去")


def _fates(plan: Plan, said: Judgement, wrong: Wrong) -> Iterable[Finding]:
    """Every open recommendation of earlier years has its fate, and no other."""
    waiting = {each.name: each for each in open_before(plan, said.year)}
    told = [each.of for each in said.fates]
    for k, name in enumerate(told, 1):
        if name not in waiting:
            yield wrong(
                f"fates.{k}.of",
                name,
                f"以前没有这条未了结的建议{nearest(name, waiting)}",
                "请改正，或删去",
            )
    for name, each in waiting.items():
        if name not in told:
            yield wrong(
                "fates",
                name,
                f"没有交代这条建议的结果（{each.recommendation.text[:20]}…）",
                f"请补上 fate：{'、'.join(FATES)}",
            )
