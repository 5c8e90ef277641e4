"""What need not be executed again: its ingredients are, byte for byte, what they were.

An ingredient is whatever may change a byte of the result: the notebook, its parameters, every file
it was observed to read (data, our modules, the font), this room's own code, the lock and the
packages really there, Python, and the settings a run is given. The record of a result lies with the
results; there is no other store, and nothing to tidy up.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from .engine import SETTLED, Job, Outcome
from .pool import Task
from .reads import CODE, digest, located

ENGINE = (
    "engine.py",
    "reads.py",
    "shell.py",
    "parent.py",
    "cache.py",
)  # of this room: what results and their records depend on


class Records:
    """What an earlier run in `folder` recorded: for each name its key, its outputs, its reads, each
    with a digest."""

    def __init__(self, folder: Path, records: Mapping[str, dict], read: Mapping[str, str]):
        self.folder, self.records, self.read = folder, records, read
        self.digests: dict[Path, str] = {}

    def reused(self, task: Task) -> Outcome | None:
        """The outcome of `task` with its old outputs put where new ones would be, or None where it
        must be executed."""
        record = self.records.get(task.job.name)
        if record is None or not self.stands(task):
            return None
        for path in task.job.outputs:
            shutil.copyfile(self.folder / path.name, path)
        return replace(
            outcome_of(task.job.name, record),
            reused=True,
            reads={name: self.read[name] for name in record["reads"]},
        )

    def stands(self, task: Task, without: str = "") -> bool:
        """True where every ingredient of `task` and every output is what it was; reads whose place
        is `without` are passed over."""
        record = self.records.get(task.job.name)
        if record is None or record.get("key") != key(task) or record["reads"] is None:
            return False
        if any(
            self._digest(self.folder / name) != known for name, known in record["outputs"].items()
        ):
            return False
        names = (name for name in record["reads"] if not without or not name.startswith(without))
        return all(
            self._digest(located(name, task.places)) == self.read.get(name) for name in names
        )

    def _digest(self, path: Path) -> str:
        if path not in self.digests:
            self.digests[path] = digest(path)
        return self.digests[path]


def record_of(task: Task, outcome: Outcome) -> dict:
    """What is to be kept of `outcome`; `outcome_of` makes it an outcome again."""
    outputs = {path.name: digest(path) for path in task.job.outputs}
    reads = None if outcome.reads is None else list(outcome.reads)
    measured = {
        "seconds": round(outcome.seconds, 3),
        "cpu": _rounded(outcome.cpu, 3),
        "memory": _rounded(outcome.memory, 1),
    }
    return {
        **measured,
        "error": outcome.error,
        "reused": outcome.reused,
        "key": key(task),
        "outputs": outputs,
        "reads": reads,
        "value": outcome.value,
    }


def outcome_of(name: str, record: Mapping[str, object]) -> Outcome:
    """The outcome a record was made of, but for what it read."""
    return Outcome(
        name,
        *(record[part] for part in ("seconds", "error", "cpu", "memory")),
        value=record["value"],
        reused=record["reused"],
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def key(task: Task) -> str:
    """SHA-256 over everything that decides a result except the files it reads."""
    job = task.job
    if isinstance(job, Job):
        what: tuple = (
            _notebook(job.notebook),
            sorted((name, repr(value)) for name, value in job.parameters.items()),
        )
    else:
        what = (job.function, sorted((name, repr(value)) for name, value in job.arguments.items()))
    return _sha256(_engine(), what)


@cache
def _engine() -> str:
    """This room's code, Python, the lock and the packages that are there, locale and thread
    settings."""
    ours = [digest(CODE / "__init__.py"), *(digest(CODE / "run" / name) for name in ENGINE)]
    lock = digest(CODE.parents[1] / "requirements.lock")
    packages = sorted(
        {path.name for place in sys.path for path in Path(place or ".").glob("*.dist-info")}
    )
    return _sha256(ours, sys.version, lock, packages, sorted(SETTLED.items()))


@cache
def _notebook(path: Path) -> str:
    """The digest of a notebook without its outputs."""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return _sha256(notebook)


def _sha256(*parts: object) -> str:
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()
