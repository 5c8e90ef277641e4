"""Many assessments in one go: which editions are asked for, how they are given to a cluster, the
page that links them."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from . import atomic, edition, request, tasks
from .edition import Failed, Made
from .intake import observations, plan as plans, scenario as scenarios
from .intake.finding import Unknown
from .request import Edition
from .run import cache, engine, place
from .run.cluster import Batch, Cluster, Returned, cluster as cluster, unpacked
from .run.engine import Outcome
from .run.inputs import CODE
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


def common(root: Path) -> dict[str, Path]:
    """What a worker needs for any edition, by its name under the worker's root."""
    return {
        "src/helpers": CODE,
        "requirements.lock": CODE.parents[1] / "requirements.lock",
        "notebooks": root / "notebooks",
    }


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


def with_year_before(
    ends: Iterable[tuple[Edition, Made | Exception]], pool: Pool, progress: Progress
) -> Iterator[tuple[Edition, Made | Exception]]:
    """`ends` of a cluster, the pages made again here that can tell of last year's edition now; a
    worker had only its own."""
    ends = list(ends)
    later = [one for one, end in ends if isinstance(end, Made) and one.year_before]
    again = {one.folder: end for one, end in year_by_year(later, pool, progress)}
    for one, end in ends:
        anew = again.get(one.folder, end)
        yield (
            one,
            replace(anew, executed=[*end.executed, *anew.executed])
            if anew is not end and isinstance(anew, Made) and isinstance(end, Made)
            else anew,
        )


def distributed(
    editions: Iterable[Edition],
    cluster: Cluster,
    options: tuple[str, ...] = (),
    force: bool = False,
) -> Iterator[tuple[Edition, Made | Exception]]:
    """Every edition with what became of it, as `edition.make` would have left it; the notebooks are
    executed by the cluster.

    Input is checked here before anything is sent, an unchanged edition is not sent, and this
    process holds what it sent.
    """
    told: list[tuple[Edition, Made | Exception]] = []
    locks: dict[Path, ExitStack] = {}  # of what is on its way: a descriptor an edition
    try:
        for batch, returned in cluster.run(_batches(editions, locks, told, options, force)):
            yield from _flushed(told)
            yield from _arrived(batch, returned)
            for one in batch.of:
                locks.pop(one.folder).close()
        yield from _flushed(told)
    finally:
        for lock in locks.values():
            lock.close()


def _batches(
    editions: Iterable[Edition],
    locks: dict[Path, ExitStack],
    told: list,
    options: tuple[str, ...],
    force: bool,
) -> Iterator[Batch[list[Edition]]]:
    """The editions that must be made, in batches of one commit; `told` gets what needs no
    worker, `locks` what holds the others."""
    waiting: dict[str, list[Edition]] = {}
    for one in editions:
        try:
            if not force and edition.unchanged(one, tasks.inputs_of(one)):
                page = edition.earlier(one.folder).records["page"]
                told.append((one, Made(one, one.folder, page["value"], [])))
                continue
            observations.receive(one.plan)
            with ExitStack() as lock:
                lock.enter_context(place.held(one.folder, f"{one.plan.id} {one.name}"))
                locks[one.folder] = lock.pop_all()
        except Exception as error:  # the boundary of one edition, as in `year_by_year`
            told.append((one, error))
            continue
        commit = tasks.commit(one.plan)
        many = waiting.setdefault(commit, [])
        many.append(one)
        if sum(len(one.plan.indicators) + 3 for one in many) >= NOTEBOOKS_A_BATCH:
            yield _batch(waiting.pop(commit), commit, options, force)
    for commit, many in waiting.items():
        yield _batch(many, commit, options, force)


def _batch(
    many: list[Edition], commit: str, options: tuple[str, ...], force: bool
) -> Batch[list[Edition]]:
    named = [option for one in many for option in ("--edition", f"{one.plan.id}/{one.name}")]
    folders = [
        folder
        for one in many
        for folder in (one.plan.params, one.plan.raw, *([] if force else [one.folder]))
        if folder.is_dir()
    ]
    files = {folder.relative_to(many[0].plan.root).as_posix(): folder for folder in folders}
    back = [
        f"data/processed/{one.plan.id}/{one.name}{end}" for one in many for end in ("", ".failed")
    ]
    return Batch(
        many,
        ("assess", *named, "--commit", commit, *options, *(["--force"] if force else [])),
        files,
        tuple(back),
    )


def _arrived(
    batch: Batch[list[Edition]], returned: Returned | Exception
) -> Iterator[tuple[Edition, Made | Exception]]:
    """Put what a worker made into place, edition by edition."""
    processed = request.processed(batch.of[0].plan.root)
    with atomic.scratch(".arrived-", processed) as folder:
        if isinstance(returned, Returned):
            unpacked(returned.files, folder)
        for one in batch.of:
            made = Path(folder, "data/processed", one.plan.id, one.name)
            failed = made.with_name(f"{one.name}.failed")
            if failed.is_dir():
                outcomes = [
                    Outcome(name, record["seconds"], record["error"])
                    for name, record in _records(failed).items()
                ]
                place.keep_failed(failed, one.folder)
                yield one, Failed(one, outcomes)
            elif made.is_dir() and not isinstance(returned, Exception):
                records = _records(made)
                place.put(made, one.folder)
                done = [
                    cache.outcome_of(name, record)
                    for name, record in records.items()
                    if not record["reused"]
                ]
                yield one, Made(one, one.folder, records["page"]["value"], done)
            else:
                said = (
                    f"{type(returned).__name__}: {returned}"
                    if isinstance(returned, Exception)
                    else returned.said.strip().rpartition("\n")[2]
                )
                yield one, Failed(one, [Outcome("a worker", 0.0, f"could not make it: {said}")])


def _records(folder: Path) -> dict[str, dict]:
    record = json.loads((folder / edition.RUN_FILE).read_text("utf-8"))
    return {**record["notebooks"], **({"page": record["page"]} if record["page"] else {})}


def _flushed(told: list) -> Iterator[tuple[Edition, Made | Exception]]:
    while told:
        yield told.pop(0)


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
