"""Editions side by side, and a plan's scenarios: compare.html and compare.csv."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from . import request
from .intake import plan as plans, scenario as scenarios
from .intake.finding import Unknown
from .run import engine


def compared(kept: Mapping[str, Mapping[str, dict]], folder: Path) -> Path:
    """compare.html in `folder`, and compare.csv beside it: editions (name → records by notebook)
    side by side, the first the base, in whose language they are told.

    Raises `Unknown` where one of them has no indicator's record.
    """
    from .show import wording

    records = {
        name: [one for one in notebooks.values() if one.get("record") == "indicator"]
        for name, notebooks in kept.items()
    }
    if not all(records.values()):
        raise Unknown(
            f"{next(name for name in records if not records[name])} 里没有指标的记录，不能对照；"
            "请重新评估后再对照"
        )
    about = []
    for name, notebooks in kept.items():
        whole = notebooks.get("4_assessment", {})
        order = whole.get("facts", {}).get("indicators", [])
        records[name].sort(
            key=lambda record: (
                order.index(record["indicator_id"])
                if record["indicator_id"] in order
                else len(order)
            )
        )
        place = folder / name.replace(" ", "/") / "assessment.html"
        link = place.relative_to(folder).as_posix() if place.is_file() else ""
        about.append(
            {
                "name": name,
                "link": link,
                "whole": whole,
                "conclusion": whole.get("sentence", ""),
                "fictional": whole.get("facts", {}).get("fictional", False),
                "scenario_title": whole.get("scenario_title", ""),
                "scenario_reason": whole.get("scenario_reason", ""),
            }
        )
    with wording.speaking(next(iter(kept.values())).get("4_assessment", {}).get("language", "zh")):
        titles = [_title(one.pop("whole"), one["name"]) for one in about]
        for one, title in zip(about, titles, strict=True):
            told = titles.count(title) == 1  # two bags of one edition are told apart by their names
            one["title"] = title if told else f"{title} {one['name']}"
        return _side_by_side(records, about, folder)


def compared_scenarios(
    plan_id: str, year: int | None, known_by: str, folder: Path, language: str = "zh"
) -> tuple[Path, list[str]]:
    """The same of a plan's base and all its scenarios, computed now: nothing is executed, nothing
    is evidence; and what flipped, in sentences.

    Raises `Unknown` for a plan or year that cannot be, `Refused` on bad input.
    """
    from .show import comparison, wording

    one = request.of(plan_id, year, known_by, language=language)
    for under in (
        one.plan,
        *(plans.load(plan_id, scenario=name) for name in scenarios.available(one.plan)),
    ):
        request.check_choices(under)
    with wording.speaking(language):
        records = comparison.of_scenarios(plan_id, one.year, known_by)
        about = [
            {
                "title": next(iter(records)),
                "link": "",
                "conclusion": f"{one.plan.short_title} {one.year}",
                "fictional": one.plan.fictional,
                "scenario_title": "",
            }
        ]
        loaded = ((name, plans.load(plan_id, scenario=name).scenario) for name in [*records][1:])
        there = {name: scenario for name, scenario in loaded if scenario is not None}
        titles = [next(iter(records)), *(scenario.title for scenario in there.values())]
        for name, scenario in there.items():  # titles are Chinese: they head columns of such a page
            told = language == "zh" and titles.count(scenario.title) == 1
            about.append(
                {
                    "title": scenario.title if told else name,
                    "link": "",
                    "conclusion": "",
                    "fictional": one.plan.fictional,
                    "scenario_title": scenario.title,
                    "scenario_reason": scenario.reason,
                }
            )
        return _side_by_side(records, about, folder), comparison.summary(records)


def _side_by_side(records: Mapping[str, list[dict]], about: list[dict], folder: Path) -> Path:
    from .publish import report
    from .show import comparison

    folder.mkdir(parents=True, exist_ok=True)
    engine.write(folder / "compare.csv", comparison.as_csv(records))
    engine.write(folder / "compare.html", report.comparison(records, about))
    return folder / "compare.html"


def _title(whole: Mapping, name: str) -> str:
    """What the edition of the record `whole` is called on a page; its name where there is none."""
    from .show import wording

    if not whole:
        return name
    return wording.page.edition(
        whole["facts"]["short_title"],
        whole["year"],
        whole["known_by"],
        whole.get("scenario_title", ""),
    )
