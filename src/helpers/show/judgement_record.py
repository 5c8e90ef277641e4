"""The evaluator's own words as a record: what they judge, recommend and propose, each with the
names of the records it rests on, and what nobody has spoken to yet.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from ..intake import grounds, judgement, observations, plan as plans
from ..intake.judgement import Judgement
from ..intake.observations import EDITION_VARIABLE
from ..intake.plan import Plan
from ..measure import attention, commitment
from . import result, wording
from .table import Table

LONGEST_NAME = 28  # characters a reference may take


def of_run(plan: Plan, year: int, known_by: str, records: Sequence[dict]) -> dict | None:
    """The judgement of an edition; None where the year has none, under a scenario, and where it was
    written on another data cut-off."""
    said = None if plan.scenario else grounds.of(plan, year)
    if said is None or said.known_by != known_by:
        return None
    return of(plan, said, records, promised(plan, year, known_by))


def promised(plan: Plan, year: int, known_by: str = "") -> dict:
    """The record of the commitments: inside a run the notebook's, by hand computed now."""
    folder = os.environ.get(EDITION_VARIABLE)
    if folder:
        return result.recorded(Path(folder) / "3_commitments.ipynb")
    evidence = observations.evidence(plan)
    states = [
        commitment.state_of(each, evidence, plan.period, year, known_by)
        for each in plans.commitments(plan)
    ]
    return result.commitments(plan, states).data


def called(records: Iterable[dict], promises: Mapping) -> dict[str, str]:
    """The items that call for a recommendation: reference → why (`attention`)."""
    found = {
        f"indicator/{r['indicator_id']}": attention.indicator(
            r["alert_code"], r["status"], r["year"], r["target_year"]
        )
        for r in records
    } | {
        f"commitment/{row['id']}": attention.commitment(row["schedule"])
        for row in promises["commitments"]
    }
    return {reference: why for reference, why in found.items() if why}


def of(plan: Plan, said: Judgement, records: Sequence[dict], promises: Mapping) -> dict:
    """The record: the file's own fields, and beside them what the figures say of the same."""
    waiting = {each.name: each for each in judgement.open_before(plan, said.year)}
    fates = [
        {
            **asdict(fate),
            "year": waiting[fate.of].year,
            "recommendation": asdict(waiting[fate.of].recommendation),
        }
        for fate in said.fates
    ]
    open_items = called(records, promises)
    parts = {
        "fates": fates,
        "unanswered": {ref: why for ref, why in open_items.items() if ref not in said.answered},
        "names": _names(plan, records),
    }
    return result.tidy({**asdict(said), **parts})


def _names(plan: Plan, records: Sequence[dict]) -> dict[str, str]:
    """Every citable record by the name it has in the report's language."""
    told = {f"indicator/{r['indicator_id']}": r[wording.NAME] for r in records}
    return {name: _short(text) for name, text in (grounds.citable(plan) | told).items()}


def _short(text: str) -> str:
    """A name as it is, of a sentence its beginning."""
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def problems(said: dict | None) -> Table:
    """问题与成因: each problem, its causes, and what it rests on."""
    rows = [
        (
            each["text"],
            wording.SEMICOLON.join(cause["text"] for cause in each["causes"]),
            _because(said, each["because"]),
        )
        for each in (said or {}).get("problems", ())
    ]
    return Table(rows, columns=list(wording.judgement.PROBLEM_COLUMNS))


def recommendations(said: dict | None) -> Table:
    """建议: what, by whom, by when, and how it will be seen."""
    rows = [
        (each["text"], each["owner"], each["due"], each["success"])
        for each in (said or {}).get("recommendations", ())
    ]
    return Table(rows, columns=list(wording.judgement.RECOMMENDATION_COLUMNS))


def fates(said: dict | None) -> Table:
    """上期建议的落实: each recommendation that was open, and what became of it."""
    words = wording.judgement
    rows = [
        (
            wording.page.labelled(wording.page.year(each["year"]), each["recommendation"]["text"]),
            each["recommendation"]["owner"],
            words.FATE[each["fate"]],
            each["text"],
        )
        for each in (said or {}).get("fates", ())
    ]
    return Table(rows, columns=list(words.FATE_COLUMNS))


def _because(said: dict | None, references: Iterable[str]) -> str:
    names = (said or {}).get("names", {})
    return wording.LISTING.join(names.get(name, name) for name in references)
