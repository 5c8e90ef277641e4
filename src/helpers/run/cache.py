"""What need not be executed again: its ingredients are, byte for byte, what they were.

The key of a result is over the notebook, its parameters, the digest of every declared input, all of
our code, the lock and the packages really there, Python, and the settings a run is given; digests
are taken before anything is read. The record of a result lies with the results; there is no other
store, and nothing to tidy up.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from .engine import SETTLED, Job, Outcome
from .inputs import CODE, Digests, digest, stat_of
from .task import Task


class Records:
    """What an earlier run in `folder` recorded: for each name its key and its outputs, each with a
    digest."""

    def __init__(self, folder: Path, records: Mapping[str, dict]):
        self.folder, self.records = folder, records

    def reused(self, task: Task) -> Outcome | None:
        """The outcome of `task` with its old outputs put where new ones would be, or None where it
        must be executed."""
        record = self.records.get(task.job.name)
        if record is None or not self.stands(task):
            return None
        for path in task.job.outputs:
            shutil.copyfile(self.folder / path.name, path)
        return replace(outcome_of(task.job.name, record), reused=True)

    def stands(self, task: Task) -> bool:
        """True where every ingredient of `task` and every output is what it was."""
        record = self.records.get(task.job.name, {})
        return bool(record) and record.get("key") == key(task) and self.intact(record["outputs"])

    def intact(self, outputs: Mapping[str, str]) -> bool:
        """True where these files lie in the folder as they were made."""
        return all(digest(self.folder / name) == known for name, known in outputs.items())


def record_of(task: Task, outcome: Outcome) -> dict:
    """What is to be kept of `outcome`; `outcome_of` makes it an outcome again. Without a key
    nothing may rest on it."""
    return {
        "seconds": round(outcome.seconds, 3),
        "cpu": _rounded(outcome.cpu, 3),
        "memory": _rounded(outcome.memory, 1),
        "error": outcome.error,
        "reused": outcome.reused,
        "key": key(task) if outcome.undeclared == "" and not outcome.error else None,
        "undeclared": outcome.undeclared,
        "outputs": {path.name: digest(path) for path in task.job.outputs},
        "reads": sorted(task.inputs),
        "value": outcome.value,
        "ran": dict(outcome.ran),
    }


def outcome_of(name: str, record: Mapping[str, Any]) -> Outcome:
    """The outcome a record was made of."""
    parts = ("seconds", "error", "cpu", "memory", "undeclared", "value", "reused", "ran")
    return Outcome(name, **{part: record[part] for part in parts})


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def key(task: Task) -> str:
    """SHA-256 over everything that decides a result."""
    job = task.job
    if isinstance(job, Job):
        what: tuple = (job.notebook.name, sorted((n, repr(v)) for n, v in job.parameters.items()))
    else:
        what = (job.function, sorted((n, repr(v)) for n, v in job.arguments.items()))
    return sha256(environment(), what, sorted(task.inputs.items()))


@cache
def code() -> Digests:
    """All of our code and the lock, digested once: a process runs the code it began with."""
    digests = Digests()
    digests.under(CODE, "code")
    digests.of(CODE.parents[1] / "requirements.lock")
    return digests


@cache
def environment() -> str:
    """Our code, Python, the lock and the packages that are there, locale and thread settings."""
    ours = sorted((str(path.relative_to(CODE.parents[1])), d) for path, d in code().found.items())
    packages = {path.name for place in sys.path for path in Path(place or ".").glob("*.dist-info")}
    installed = (Path(place) for place in sys.path if place.endswith("-packages"))
    names = {path for place in installed for path in place.glob("[!_]*")}
    packages |= {path.name + (digest(path) if path.suffix == ".pth" else "") for path in names}
    return sha256(ours, sys.version, sorted(packages), sorted(SETTLED.items()))


def of_notebook(path: Path) -> str:
    """The digest of a notebook without its outputs; read once as long as the file is the same."""
    return _of_notebook(path, stat_of(path))


@lru_cache(maxsize=64)
def _of_notebook(path: Path, _state: tuple[int, ...]) -> str:
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return sha256(notebook)


def sha256(*parts: object) -> str:
    """SHA-256 of plain values as JSON."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
