"""What a plan leaves when it ends, as a reader sees it: rows of a table, a CSV, what was met late,
what never could be judged."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..intake.plan import Plan
from ..measure.closing import UNSAID, Ended
from . import wording
from .result import harmless

COLUMNS = (
    "plan",
    "indicator_id",
    "name_zh",
    "unit",
    "baseline",
    "target",
    "final_value",
    "final_year",
    "final_code",
    "final",
    "fulfilled_late",
    "years_judged",
    "never_judged",
    "reasons",
)


def rows(plan: Plan, ended: Sequence[Ended]) -> list[dict[str, object]]:
    """One row an indicator, named as `COLUMNS`; None where there is nothing."""
    return [_row(plan, one) for one in ended]


def _row(plan: Plan, one: Ended) -> dict[str, object]:
    facts, said = one.facts, one.said
    return {
        "plan": plan.id,
        "indicator_id": facts.id,
        "name_zh": facts.name_zh,
        "unit": facts.unit,
        "baseline": said.baseline.value,
        "target": facts.target.value,
        "final_value": said.value,
        "final_year": said.data_year,
        "final_code": one.final,
        "final": wording.FINAL[one.final],
        "fulfilled_late": one.late,
        "years_judged": len(one.judged),
        "never_judged": one.never,
        "reasons": "；".join(wording.REASON[code] for code in said.reasons),
    }


def as_csv(found: Sequence[dict[str, object]]) -> str:
    """The rows as a table; empty where not available, true and false as words of CSV."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow(["" if row[name] is None else harmless(row[name]) for name in COLUMNS])
    return file.getvalue()


def page(plan: Plan, ended: Sequence[Ended]) -> dict[str, Any]:
    """What the closing page shows of the indicators, in words."""
    counts = Counter(one.final for one in ended)
    shown = [
        {
            "name": one.facts.name_zh,
            "target": wording.target_amount(one.facts),
            "value": _value(one),
            "final": wording.FINAL[one.final],
            "judged": len(one.judged),
            "reasons": "；".join(wording.REASON[code] for code in one.said.reasons),
            "late": one.late,
            "never": one.never,
        }
        for one in ended
    ]
    return {
        "title": plan.title,
        "fictional": plan.fictional,
        "period": (plan.period.start, plan.period.end),
        "counts": [(wording.FINAL[code], n) for code, n in counts.most_common()],
        "spoken": sum(one.final not in UNSAID for one in ended),
        "total": len(ended),
        "rows": shown,
    }


def _value(one: Ended) -> str:
    if one.said.value is None:
        return wording.NOT_APPLICABLE
    shown = wording.amount(one.said.value, one.facts)
    return wording.targets.LATEST.format(value=shown, year=one.said.data_year)
