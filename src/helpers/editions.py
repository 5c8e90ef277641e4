"""Many assessments in one go: which editions are asked for, and how they are made
side by side."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from . import edition, request
from .edition import Made
from .intake import plan as plans
from .intake.finding import Unknown
from .request import Edition
from .run.cluster import cluster as cluster
from .run.progress import Progress
from .run.task import Pool

YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
AT_ONCE = 4  # editions being made, of those that share a pool
NOTEBOOKS_A_BATCH = 20  # at least: starting a warm parent costs as much as five notebooks


def matching(pattern: str, root: Path | None = None) -> list[str]:
    """Ids of the plans a pattern of folders names: `params/*`, `national-*`. Raises `Unknown` where
    there is none."""
    names = fnmatch.filter(plans.available(root), Path(pattern).name)
    if not names:
        raise Unknown(f"没有规划符合 {pattern!r}；现有：{'、'.join(plans.available(root))}")
    return names


def several(
    names: Iterable[str],
    years: str,
    known_by: str = "",
    root: Path | None = None,
    scenario: str = "",
    language: str = "zh",
) -> list[Edition]:
    """The editions of several plans in `years` (2021-2025) that lie in a plan's period. Raises
    `Unknown` where there is none."""
    span = YEARS.fullmatch(years)
    if not span:
        raise Unknown(f"年份 {years!r} 不是起止年；请写成 2021-2025")
    asked = range(int(span[1]), int(span[2] or span[1]) + 1)
    periods = {name: plans.load(name, root).period for name in names}
    found = [
        request.of(name, year, known_by, root, scenario, language)
        for name, period in periods.items()
        for year in asked
        if period.start <= year <= period.end
    ]
    if not found:
        raise Unknown(f"{years} 年不在任何所选规划的规划期内；请改用规划期内的年份")
    return found


def named(names: Iterable[str], root: Path | None = None) -> list[Edition]:
    """The editions so named: PLAN/YEAR[@DATE][+SCENARIO][.LANGUAGE]."""
    found = []
    for name in names:
        part = re.fullmatch(r"([^/]+)/(\d{4})(?:@([\d-]+))?(?:\+([^.]+))?(?:\.([a-z]+))?", name)
        if part is None:
            raise Unknown(f"{name!r} 不是期次的名称；请写成 national-145/2023")
        found.append(
            request.of(part[1], int(part[2]), part[3] or "", root, part[4] or "", part[5] or "zh")
        )
    return found


def year_by_year(
    asked: Sequence[Edition], pool: Pool, progress: Progress, force: bool = False
) -> Iterator[tuple[Edition, Made | Exception]]:
    """Every edition with what became of it; of one plan an earlier year comes first, since a page
    tells of last year's edition.

    Some are made at once and share the pool: where the last notebook of one leaves a process idle,
    another's are executed.
    """

    def label(one: Edition) -> str:
        return f"{one.plan.id} {one.name}" if len(asked) > 1 else ""

    turns = turns_of(asked)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            for turn in sorted(turns):
                made = {
                    threads.submit(edition.make, one, pool, progress, force, label(one)): one
                    for one in turns[turn]
                }
                for future in as_completed(made):
                    error = future.exception()
                    if error is not None and not isinstance(error, Exception):
                        raise error  # an interrupt ends them all
                    yield made[future], error or future.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            pool.kill()  # nothing may write any more when the editions tidy up
            raise


def turns_of(asked: Sequence[Edition]) -> dict[int, list[Edition]]:
    """The editions by turn: the first year of every plan, the second of every plan, …"""
    years: dict[str, set[int]] = {}
    for one in asked:
        years.setdefault(one.plan.id, set()).add(one.year)
    turn = {(plan, year): k for plan, all_ in years.items() for k, year in enumerate(sorted(all_))}
    turns: dict[int, list[Edition]] = {}
    for one in asked:
        turns.setdefault(turn[one.plan.id, one.year], []).append(one)
    return turns
