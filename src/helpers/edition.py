"""One assessment of one plan in one year, from start to end: digest → check → run → assemble → put
in place.

Everything is made in a folder beside the edition and renamed into place at the end; until then the
previous edition stays as it was. What differs between two honest runs is in run.json and nowhere
else, and so is what the next run needs to know which notebooks it may leave as they are.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from .intake import door, grounds, observations
from .intake.observations import Point
from .request import Edition, check_choices
from .run import cache, engine, moments, place
from .run.checkout import COMMIT_VARIABLE as COMMIT_VARIABLE
from .run.engine import Outcome
from .run.inputs import digest, named
from .run.place import Busy as Busy
from .run.progress import Progress
from .run.task import Pool, Task
from .tasks import Inputs, assessment_task, indicator_tasks, inputs_of, jobs_of, page_task

VERSIONS = (
    *("pandas", "numpy", "matplotlib", "seaborn"),
    *("papermill", "nbconvert", "ipykernel", "nbclient"),
)
RUN_FILE = "run.json"
SCRATCH = "scratch"  # under the root, ignored by git: notebooks opened to try things
WARM = (  # what notebooks import of ours: once, before they are forked
    "helpers.measure.areas",
    "helpers.measure.backtest",
    "helpers.measure.commitment",
    "helpers.measure.coverage",
    "helpers.measure.crosscheck",
    "helpers.measure.frames",
    "helpers.measure.sensitivity",
    "helpers.measure.surprise",
    "helpers.intake.grounds",
    "helpers.intake.plausible",
    "helpers.show.figure",
    "helpers.show.result",
    "helpers.show.table",
    "helpers.show.warm",
)


class Failed(RuntimeError):
    """Some notebooks of an edition failed; the edition that was there before stays. What was made
    is kept beside it."""

    def __init__(self, edition: Edition, outcomes: Iterable[Outcome]):
        outcomes = list(outcomes)
        failures = [outcome for outcome in outcomes if outcome.error]
        told = "".join(f"\n  {outcome.name}: {outcome.error}" for outcome in failures)
        super().__init__(
            f"{edition.plan.id} {edition.name}: {len(failures)} of {len(outcomes)} notebooks "
            f"failed; the previous edition was left as it is{told}"
        )


@dataclass(frozen=True)
class Made:
    """An edition that is in place: its conclusion, and the outcomes of what had to be executed for
    it (none: unchanged)."""

    edition: Edition
    folder: Path
    conclusion: str
    executed: Sequence[Outcome]


def make(
    edition: Edition, pool: Pool, progress: Progress, force: bool = False, label: str = ""
) -> Made:
    """The edition in its place: check, run what has changed, assemble.

    What an earlier run made of the same ingredients is taken over unless `force`; where all is as
    it was, the edition is not touched. Raises `Refused` on bad input, `Busy`, or `Failed`.
    """
    inputs = inputs_of(edition)
    before = cache.Records(edition.folder, {}) if force else earlier(edition.folder)
    if not force and unchanged(edition, inputs):
        return Made(edition, edition.folder, before.records["page"]["value"], [])
    pool.start()
    points = _checked(edition, progress)
    with (
        place.held(edition.folder, f"{edition.plan.id} {edition.name}"),
        place.beside(edition.folder) as making,
    ):
        run = Run(edition, inputs, making, before, pool, progress, label)
        if not run.whole(points):
            place.keep_failed(making, edition.folder)
            raise Failed(edition, run.done.values())
        place.put(making, edition.folder)
    executed = [outcome for outcome in run.done.values() if not outcome.reused]
    return Made(edition, edition.folder, run.records["page"]["value"], executed)


def _checked(edition: Edition, progress: Progress) -> list[Point]:
    """The figures the edition rests on, everything it is given checked. Raises `Refused`."""
    check_choices(edition.plan)
    if edition.plan.scenario is None:
        grounds.of(edition.plan, edition.year)
    received = observations.receive(edition.plan)
    points = observations.all_taken(edition.plan, received, edition.year, edition.cutoff)
    for finding in door.ahead(edition.plan, received):
        progress.say(str(finding))
    return points


class Run:
    """One run of an edition in the folder `making`: what is done, stage by stage."""

    def __init__(
        self,
        edition: Edition,
        inputs: Inputs,
        making: Path,
        before: cache.Records,
        pool: Pool,
        progress: Progress,
        label: str,
    ):
        self.edition, self.inputs, self.making, self.before = edition, inputs, making, before
        self.pool, self.progress, self.label, self.started = pool, progress, label, time.time()
        self.done: dict[str, Outcome] = {}
        self.records: dict[str, dict] = {}
        self.read: dict[str, str] = {}

    def whole(self, points: Sequence[Point]) -> bool:
        """Everything made, stage by stage, and recorded; True where nothing failed."""
        rest = (self.edition, self.inputs, self.making)
        observations.write(self.making / "observations.csv", points)
        whole = (
            self.stage(indicator_tasks(*rest, points))
            and self.stage([assessment_task(*rest)])
            and self.stage([page_task(*rest)])
        )
        engine.write(self.making / RUN_FILE, self.record())
        return whole

    def stage(self, tasks: Sequence[Task]) -> bool:
        """Take over or execute what can run at once; True where nothing failed."""
        reused = {task.job.name: self.before.reused(task) for task in tasks}
        needed = [task for task in tasks if reused[task.job.name] is None]
        executed: dict[str, Outcome] = {}
        for task, outcome in zip(
            needed, self.pool.outcomes(needed, self.progress, self.label), strict=True
        ):
            at = {**outcome.ran, "commit": self.inputs.commit}
            executed[task.job.name] = replace(outcome, ran=at)
            if outcome.undeclared:
                self.progress.say(
                    f"{task.job.name} read {outcome.undeclared}, which is none of its inputs: "
                    "it will be executed every time"
                )
        outcomes = {name: outcome or executed[name] for name, outcome in reused.items()}
        self.done |= outcomes
        for task in tasks:
            self.records[task.job.name] = cache.record_of(task, outcomes[task.job.name])
            self.read |= task.inputs
        return not any(outcome.error for outcome in outcomes.values())

    def record(self) -> str:
        """run.json: everything that may differ between two honest runs; and what was made of what,
        for the next run and the archive."""
        touched = [*self.inputs.digests.touched(), *cache.code().touched()]
        for path in touched:
            shown = named(path, {"root": self.edition.plan.root})
            self.progress.say(f"{shown} changed while the run went on: run it again")
        seen = all(record["key"] for record in self.records.values()) and not touched
        if touched:
            for record in self.records.values():
                record["key"] = None  # nothing may rest on it
        record = {
            **moments.ran(self.started),
            "commit": self.inputs.commit,
            "key": self.inputs.key if seen else None,
            "made": {path.name: digest(path) for path in self.making.iterdir()},
            "seconds": round(time.time() - self.started, 2),
            "notebooks": {name: one for name, one in self.records.items() if name != "page"},
            "page": self.records.get("page"),
            "read": dict(sorted(self.read.items())),
            "versions": {name: metadata.version(name) for name in VERSIONS},
        }
        return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def earlier(folder: Path) -> cache.Records:
    """What the run that made `folder` recorded; nothing where there is no such record, or one of
    another kind."""
    record = _recorded(folder)
    return cache.Records(folder, {**record["notebooks"], "page": record["page"]} if record else {})


def _recorded(folder: Path) -> dict:
    try:
        record = json.loads((folder / RUN_FILE).read_text("utf-8"))
        return record if {"notebooks", "page", "key", "made"} <= {*record} else {}
    except (OSError, ValueError, TypeError):
        return {}


def unchanged(edition: Edition, inputs: Inputs) -> bool:
    """True where every ingredient and every file of the edition is what it was, and nothing is left
    to tidy up."""
    record, folder = _recorded(edition.folder), edition.folder
    return (
        not place.aside(folder).exists()
        and bool(record)
        and record["key"] == inputs.key
        and {path.name for path in folder.glob("*")} == {*record["made"], RUN_FILE}
        and cache.Records(folder, {}).intact(record["made"])
    )


def prepared(edition: Edition, indicator: str) -> Path:
    """The notebook of one indicator with the edition's parameters filled in and nothing executed,
    in `SCRATCH`."""
    import papermill

    folder = edition.plan.root / SCRATCH
    folder.mkdir(exist_ok=True)
    job = next(job for job in jobs_of(edition, folder) if job.name == f"2_{indicator}")
    output = folder / f"{edition.plan.id}-{edition.name}-{indicator}.ipynb"
    papermill.execute_notebook(
        job.notebook, output, job.parameters, prepare_only=True, progress_bar=False
    )
    prepared = json.loads(output.read_text("utf-8"))
    for cell in prepared["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None  # those of the example plan
    engine.write(output, json.dumps(prepared, ensure_ascii=False, indent=1) + "\n")
    return output
