"""The pages that link all editions, some plans a page: where one edition changed, its page alone is
made again.

What a page says of an edition is remembered with the state of the edition's files (time, size,
inode), so that nothing of an edition is read which did not change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from . import request, tasks
from .run import cache, engine
from .run.engine import Call
from .run.task import Pool, Task

PLANS = 30  # a page: five years of each make a page of 200 kB
READ, THERE = "4_assessment.ipynb", "assessment.html"  # what is read, what has to be there
SAID = (  # of an edition's record, what the page says
    "year",
    "scenario",
    "scenario_title",
    "evaluation",
    "overall",
    "assessable",
    "total",
    "counts",
    "cutoff",
)
STORE = ".cache/editions.json"


def index(root: Path, pool: Pool) -> Path:
    """The first page, all of them made again as far as an edition or our code changed."""
    folder = request.processed(root)
    states, kept = dict(_states(folder)), _kept(root)
    pages = kept["pages"]
    if kept["key"] != _key(states) or not all((folder / name).is_file() for name in pages):
        call = Call("index", f"{__name__}:write_index", warm=tasks.PUBLISHING)
        [outcome] = pool.outcomes([Task(call, folder, {"ASSESSMENT_ROOT": str(root)})])
        if outcome.error:
            raise RuntimeError(f"index.html: {outcome.error}")
    return folder / "index.html"


def _key(states: Mapping[str, str]) -> str:
    return cache.sha256(cache.environment(), states)


def _states(folder: Path) -> Iterator[tuple[str, str]]:
    """(plan/edition, state of its files) of every whole edition, by plan, latest year first."""
    for plan in sorted(_folders(folder)):
        for name in sorted(_folders(folder / plan), reverse=True):
            try:
                stats = [os.stat(folder / plan / name / file) for file in (READ, THERE)]
            except OSError:
                continue
            if not name.endswith(".failed"):
                told = ((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats)
                yield f"{plan}/{name}", repr([*told])


def _folders(folder: Path) -> list[str]:
    with os.scandir(folder) as found:
        return [one.name for one in found if one.is_dir() and not one.name.startswith(".")]


def _kept(root: Path) -> dict:
    """What was remembered; nothing where it cannot be read."""
    try:
        kept = json.loads((root / STORE).read_text("utf-8"))
        return kept if {"key", "code", "editions", "pages"} <= {*kept} else _nothing()
    except (OSError, ValueError, TypeError):
        return _nothing()


def _nothing() -> dict:
    return {"key": "", "code": "", "editions": {}, "pages": {}}


def write_index(folder: Path) -> int:
    """Make the pages in data/processed again whose editions changed, remove those too many; how
    many were made."""
    from .publish import report

    root, states = folder.parents[1], dict(_states(folder))
    kept, code = _kept(root), cache.environment()
    if kept["code"] != code:
        kept = _nothing()
    told = {name: _told(folder, name, state, kept["editions"]) for name, state in states.items()}
    pages = _pages([one["says"] for one in told.values() if one["says"]])
    keys = {name: cache.sha256(says, len(pages)) for name, says in pages.items()}
    changed = [
        name
        for name, key in keys.items()
        if kept["pages"].get(name) != key or not (folder / name).is_file()
    ]
    for name in changed:
        engine.write(folder / name, report.index(pages[name], pages=_links(pages, name)))
    for name in {*kept["pages"]} - {*pages}:
        (folder / name).unlink(missing_ok=True)
    store = {"key": _key(states), "code": code, "editions": told, "pages": keys}
    (root / STORE).parent.mkdir(exist_ok=True)
    engine.write(root / STORE, json.dumps(store, ensure_ascii=False))
    return len(changed)


def _pages(says: Sequence[dict]) -> dict[str, list[dict]]:
    """Name of a page → what it says, `PLANS` plans each; one page where there is nothing."""
    plans = [*dict.fromkeys(one["plan"] for one in says)]
    page_of = {plan: k // PLANS for k, plan in enumerate(plans)}
    found: dict[str, list[dict]] = {"index.html": []}
    for one in says:
        k = page_of[one["plan"]]
        found.setdefault(f"index-{k + 1}.html" if k else "index.html", []).append(one)
    return found


def _links(pages: Iterable[str], here: str) -> list[tuple[str, bool]]:
    """(page, whether it is this one) of each; nothing where there is one."""
    links = [(name, name == here) for name in pages]
    return links if len(links) > 1 else []


def _told(folder: Path, name: str, state: str, kept: Mapping[str, dict]) -> dict:
    """What is said of an edition, with the state of its files: as remembered, or read."""
    before = kept.get(name)
    if before is not None and before["state"] == state:
        return before
    return {"state": state, "says": _listed(folder / name)}


def _listed(folder: Path) -> dict | None:
    """What the page says of the edition in `folder`; None for one of another version's records."""
    from .show import result

    record = result.read(json.loads((folder / READ).read_bytes()))
    if not record or record["schema"] != result.SCHEMA:
        return None
    facts = record["facts"]
    return {
        **{name: record.get(name, "") for name in SAID},
        "title": facts["short_title"],
        "fictional": facts["fictional"],
        "plan": facts["id"],
        "edition": folder.name,
        "link": f"{facts['id']}/{folder.name}/{THERE}",
    }
