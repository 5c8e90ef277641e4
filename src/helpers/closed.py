"""A plan closed: the words its indicators end with, made beside its editions and sealed with them
in one evidence bag.

The edition of the target year is what is archived; the closing page and its table, and report and
results of every other year's edition that is there, are kept in the same bag under the same id.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import drafts, evidence, request, tasks
from .intake import draft
from .intake.finding import Unknown
from .measure import closing as measured
from .request import Edition
from .run import engine, place
from .show import closing

if TYPE_CHECKING:
    from .archive.bag import Archived

FOLDER = "closing"
PAGE, TABLE, RECORD = "closing.html", "closing.csv", "closing.json"
OF_A_YEAR = ("assessment.html", "results.csv", "results.json")  # of every other edition


@dataclass(frozen=True)
class Closed:
    """What was made: the folder, and how the plan ends in one line."""

    folder: Path
    summary: str


def of(plan_id: str, known_by: str = "", root: Path | None = None) -> Edition:
    """The edition a plan is closed with: that of its target year. Raises `Unknown` where it has not
    been made."""
    from .intake import plan as plans

    plan = plans.load(plan_id, root)
    last = request.of(plan_id, plan.target_year, known_by, root)
    if not all((last.folder / name).is_file() for name in tasks.PAGE):
        by = f" KNOWN_BY={known_by}" if known_by else ""
        raise Unknown(
            f"{plan_id} 还没有 {last.name} 期次；先执行 make assess PLAN={plan_id} "
            f"YEAR={plan.target_year}{by}"
        )
    return last


def make(last: Edition) -> Closed:
    """closing.html, closing.csv and closing.json of the plan, beside its editions."""
    from .publish import closing_page

    plan = last.plan
    ended = measured.ended(plan, last.known_by)
    rows, shown = closing.rows(plan, ended), closing.page(plan, ended)
    shown |= {
        "known_by": last.known_by,
        "lessons": _lessons(plan.id, plan.root),
        "editions": [path.name for path in _editions(last)],
    }
    folder = last.folder.parent / FOLDER
    record = json.dumps({"plan": plan.id, "edition": last.name, "rows": rows}, ensure_ascii=False)
    with place.held(folder, f"{plan.id} {FOLDER}"), place.beside(folder) as making:
        engine.write(making / TABLE, closing.as_csv(rows))
        engine.write(making / RECORD, record + "\n")
        engine.write(making / PAGE, closing_page.page(shown))
        place.put(making, folder)
    counts = "，".join(f"{word} {n} 项" for word, n in shown["counts"])
    return Closed(folder, f"{plan.short_title}：{counts}")


def seal(last: Edition, date: str) -> Archived:
    """The edition of the target year, the closing set and the other years' reports in one bag.
    Raises as `evidence.archive`."""
    home = last.plan.root
    kept = sorted((last.folder.parent / FOLDER).iterdir())
    kept += [one / name for one in _editions(last) if one != last.folder for name in OF_A_YEAR]
    more = {path.relative_to(home).as_posix(): path.read_bytes() for path in kept if path.is_file()}
    return evidence.archive(last, date, more=more)


def _editions(last: Edition) -> list[Path]:
    """The folders of the plan's editions of whole years, under no scenario, in their order."""
    years = range(last.plan.period.start, last.plan.target_year)
    tail = f"@{last.known_by}" if last.known_by else ""
    found = [last.folder.with_name(str(year)) for year in years] + [last.folder]
    found += [last.folder.with_name(f"{year}{tail}") for year in years] if tail else []
    return [path for path in sorted(found) if (path / OF_A_YEAR[0]).is_file()]


def _lessons(plan_id: str, root: Path) -> list[dict[str, object]]:
    """The traps of the plan by kind, with what to write instead."""
    linted = drafts.of(plan_id, root)
    counts = Counter(trap.about for trap in linted.traps)
    first = {trap.about: trap for trap in reversed(linted.traps)}
    return [
        {
            "label": draft.ADVICE[about].label,
            "count": count,
            "why": draft.ADVICE[about].why,
            "wording": first[about].wording(linted.start, linted.end),
        }
        for about, count in counts.most_common()
    ]
