"""Many assessments on many machines: what is sent to a cluster, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from . import atomic, edition, request, tasks
from .edition import Failed, Made
from .editions import year_by_year
from .intake import observations
from .request import Edition
from .run import cache, place
from .run.cluster import Batch, Cluster, Returned, unpacked
from .run.engine import Outcome
from .run.inputs import CODE
from .run.progress import Progress
from .run.task import Pool

NOTEBOOKS_A_BATCH = 20  # at least: starting a warm parent costs as much as five notebooks


def common(root: Path) -> dict[str, Path]:
    """What a worker needs for any edition, by its name under the worker's root."""
    return {
        "src/helpers": CODE,
        "requirements.lock": CODE.parents[1] / "requirements.lock",
        "notebooks": root / "notebooks",
    }


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


def made(
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
