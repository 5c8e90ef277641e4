"""The judgement of a plan's years held to their figures, and the draft of one: what intake reads,
joined with what the assessment says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .intake import grounds, judgement, judgement_sheets, plan as plans
from .intake.finding import Finding, Unknown
from .intake.judgement_form import Called, Facts, draft, drafted as rows_of, of
from .intake.plan import Plan
from .measure.categories import categories
from .show import judgement_record, result, wording


def check(plan: Plan, last: int) -> Iterator[Finding]:
    """What of the plan's judgements leaves an item without a word, and which years up to `last`
    lack one. Raises `Refused` for a file that is bad by itself."""
    yield from grounds.missing(plan, last)
    for year in judgement.years(plan):
        said = grounds.of(plan, year)
        assert said is not None  # it is listed
        records = result.of_run(plan, year, said.known_by)
        promises = judgement_record.promised(plan, year, said.known_by)
        yield from grounds.unanswered(plan, said, judgement_record.called(records, promises))


def drafted(plan: Plan, year: int, known_by: str = "") -> str:
    """The draft of a year's judgement, its facts filled in."""
    return draft(plan, year, known_by, _facts(plan, year, known_by))


def to_be_filled(plan: Plan, year: int, known_by: str, suffix: str) -> bytes:
    """The draft of a year's judgement or, of suffix ".xlsx", its workbook: the judgement as it is
    written, or the draft where none is."""
    if suffix != ".xlsx":
        return drafted(plan, year, known_by).encode()
    written = grounds.of(plan, year)
    rows = of(written) if written else rows_of(known_by, _facts(plan, year, known_by))
    return judgement_sheets.draw(plan, year, rows)


def _facts(plan: Plan, year: int, known_by: str) -> Facts:
    plans.check_year(plan, year)
    records = result.of_run(plan, year, known_by)
    promises = judgement_record.promised(plan, year, known_by)
    best, _ = result.extremes(records)
    told = {
        each.name: wording.judgement.category(each) for each in categories(plan.categories, records)
    }
    return Facts(
        told,
        [f"indicator/{r['indicator_id']}" for r in best],
        tuple(_called(records, promises)),
        judgement.open_before(plan, year),
    )


def _called(records: list[dict], promises: dict) -> Iterator[Called]:
    """The items that call for a recommendation, with what is known of them."""
    cards = {f"indicator/{r['indicator_id']}": r for r in records}
    rows = {f"commitment/{row['id']}": row for row in promises["commitments"]}
    for reference, why in judgement_record.called(records, promises).items():
        if reference in cards:
            one = cards[reference]
            yield Called(
                reference, why, one["texts"]["conclusion"], one["facts"]["supplier"]["office"]
            )
        else:
            row = rows[reference]
            yield Called(reference, why, row["title"], (row["owner"] or {}).get("office", ""))


def path_of_draft(plan: Plan, year: int, target: Path | None) -> Path:
    """Where a draft is written: beside the judgements, under a name no edition reads. Raises
    `Unknown` where the year is judged already."""
    if target is None and judgement.path_of(plan, year).is_file():
        raise Unknown(f"{plan.id} 已有 {year} 年的评估意见；另存请用 FILE= 指明文件名")
    return target or judgement.path_of(plan, year).with_suffix(judgement.DRAFT)
