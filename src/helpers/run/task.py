"""What is to be executed, and what executes it: tasks go into a pool, outcomes come out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from .engine import Call, Job, Outcome
from .progress import Progress


@dataclass(frozen=True)
class Task:
    """A job and what it sees: its working directory, its environment; its declared inputs by name
    with their digests, and the files they are.

    What reads any other file is not to be taken over; `reads` None: nobody looks.
    """

    job: Job | Call
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[Path, ...] | None = None


class Stopped(RuntimeError):
    """The pool was killed before this was executed."""


class Pool:
    """Tasks go in by `submit`; each comes out as the outcome of its future, in whatever order they
    end."""

    def start(self) -> None:
        """Work is coming: get ready while whoever wants it still prepares it."""

    def submit(self, task: Task) -> Future[Outcome]:
        raise NotImplementedError

    def outcome(self, _task: Task, future: Future[Outcome], /) -> Outcome:
        """What became of a task, its future being done."""
        return future.result()

    def kill(self) -> None:
        """End at once whatever runs; nothing is begun any more."""
        raise NotImplementedError

    def close(self) -> None:
        """Wait for what runs, and end."""
        raise NotImplementedError

    def outcomes(
        self, tasks: Sequence[Task], progress: Progress | None = None, label: str = ""
    ) -> list[Outcome]:
        """The outcome of every task, in the order given; `progress` is told of each as it ends."""
        if progress is not None:
            progress.expect(len(tasks))
        found: dict[Future, Task] = {self.submit(task): task for task in tasks}
        outcomes = {}
        for future in as_completed(found):
            task = found[future]
            outcomes[task.job.name] = self.outcome(task, future)
            if progress is not None:
                progress.tell(outcomes[task.job.name], label)
        return [outcomes[task.job.name] for task in tasks]

    def run(
        self,
        jobs: Sequence[Job | Call],
        folder: Path,
        environment: Mapping[str, str],
        progress: Progress | None = None,
    ) -> list[Outcome]:
        """The same of jobs that share a folder and an environment."""
        return self.outcomes([Task(job, folder, environment) for job in jobs], progress)
