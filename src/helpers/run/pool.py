"""How many notebooks are executed: some at once, each in a fresh process, all finished whatever one
of them does.

`fork`: a warm parent of its own forks one process a notebook. `kernel`: processes that each start
one Jupyter kernel after another, as papermill does it; the reference, and the way where there is no
fork.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from .engine import LIMIT, SETTLED, Call, Job, Outcome, call, execute
from .parent import READY
from .progress import Progress
from .reads import CODE

ENGINES = ("fork", "kernel")
DEFAULT = (
    "fork" if sys.platform == "linux" else "kernel"
)  # elsewhere a fork of loaded system libraries is not safe


@dataclass(frozen=True)
class Task:
    """A job and what it sees: its working directory, its environment, the places its reads are
    named by."""

    job: Job | Call
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Path] = field(default_factory=dict)

    @property
    def seen(self) -> dict[str, str]:
        return {**self.environment, **(self.job.environment if isinstance(self.job, Job) else {})}


class Pool:
    """Tasks go in by `submit`, come out by `done` in whatever order they end."""

    def start(self) -> None:
        """Work is coming: get ready while whoever wants it still prepares it."""

    def submit(self, task: Task) -> None:
        raise NotImplementedError

    def done(self) -> tuple[Task, Outcome]:
        """The next task that ended; waits for it."""
        raise NotImplementedError

    def kill(self) -> None:
        """End at once whatever runs."""
        raise NotImplementedError

    def run(
        self,
        jobs: Sequence[Job | Call],
        folder: Path,
        environment: Mapping[str, str],
        progress: Progress | None = None,
        places: Mapping[str, Path] | None = None,
    ) -> list[Outcome]:
        """The outcome of every job, in the order given; `environment` is added to what they see."""
        if progress is not None:
            progress.expect(len(jobs))
        for job in jobs:
            self.submit(Task(job, folder, environment, {**places, "code": CODE} if places else {}))
        outcomes = {}
        for _ in jobs:
            _, outcome = self.done()
            outcomes[outcome.name] = outcome
            if progress is not None:
                progress.tell(outcome)
        return [outcomes[job.name] for job in jobs]


Work = Generator[
    list[Task], list[Outcome], object
]  # yields tasks that can run at once, is sent their outcomes, returns its result


def driven(
    pool: Pool, works: Iterable[tuple[str, Work]], progress: Progress, at_once: int = 4
) -> Iterator[tuple[int, object]]:
    """(number, result or the exception it ended with) of every (label, work), as they end;
    `at_once` share the pool.

    Where the last task of one work leaves a process idle, another work's are executed: many small
    works cost no waiting.
    """
    waiting, running = enumerate(works), {}
    owners: dict[int, int] = {}  # id of a task → number of its work

    def advance(number: int, sent: list[Outcome] | None) -> Iterator[tuple[int, object]]:
        label, work, _ = running[number]
        try:
            tasks = work.send(sent)
        except StopIteration as stop:
            del running[number]
            yield number, stop.value
        # the boundary of one work: the others go on, whoever drives decides what it means
        except Exception as error:
            del running[number]
            yield number, error
        else:
            running[number] = (label, work, {id(task): None for task in tasks})
            progress.expect(len(tasks))
            for task in tasks:
                owners[id(task)] = number
                pool.submit(task)

    try:
        while True:
            while len(running) < at_once and (following := next(waiting, None)):
                number, (label, work) = following
                running[number] = (label, work, {})
                yield from advance(number, None)
            if not running:
                return
            task, outcome = pool.done()
            label, _, outcomes = running[number := owners.pop(id(task))]
            outcomes[id(task)] = outcome
            progress.tell(outcome, label)
            if None not in outcomes.values():
                yield from advance(number, list(outcomes.values()))
    except BaseException:
        pool.kill()  # nothing may write any more when the works tidy up
        raise
    finally:
        for _, work, _ in running.values():
            work.close()


@contextmanager
def workers(
    jobs: int, engine: str = DEFAULT, limit: float = LIMIT, cell_limit: float | None = None
) -> Iterator[Pool]:
    """A pool that executes `jobs` notebooks at once, each within `limit` seconds, each of its cells
    within `cell_limit`.

    However this process ends, what it started ends too: after an error or an interrupt it is
    stopped, and when this process is killed it notices it itself.
    """
    with tempfile.TemporaryDirectory(prefix="assessment-", ignore_cleanup_errors=True) as scratch:
        settled = {
            **SETTLED,
            "MPLCONFIGDIR": _fonts_list(scratch),
            "IPYTHONDIR": scratch,
            "JUPYTER_RUNTIME_DIR": scratch,
        }
        pool = {"fork": ForkPool, "kernel": KernelPool}[engine](
            jobs, settled, Path(scratch), limit, min(limit, cell_limit or limit)
        )
        try:
            yield pool
        except BaseException:
            pool.kill()
            raise
        finally:
            pool.close()


def _fonts_list(scratch: str) -> str:
    """Where matplotlib keeps its list of the system's fonts: making it anew would cost as much as
    two notebooks."""
    kept = CODE.parents[1] / ".cache" / "matplotlib"
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError:
        return scratch
    return str(kept) if os.access(kept, os.W_OK) else scratch


class ForkPool(Pool):
    """Speaks with a warm parent, which is started with the first task and again should it die."""

    def __init__(
        self, jobs: int, settled: Mapping[str, str], scratch: Path, limit: float, cell_limit: float
    ):
        self.jobs, self.settled, self.scratch = jobs, settled, scratch
        self.arguments = [str(jobs), str(limit), str(cell_limit), str(scratch)]
        self.parent: subprocess.Popen | None = None
        self.queue: deque[tuple[int, Task]] = deque()
        self.sent: dict[int, Task] = {}
        self.count, self.ready = 0, False

    def start(self) -> None:
        if self.parent is not None:
            return
        self.ready = False
        with open(self.scratch / "parent.log", "wb") as log:
            self.parent = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.parent", *self.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **self.settled},
                cwd=self.scratch,
                start_new_session=True,  # Ctrl-C is for this process to decide
            )

    def submit(self, task: Task) -> None:
        self.start()
        self.count += 1
        self.queue.append((self.count, task))
        self._send()

    def _send(self) -> None:
        """No more than the parent can soon begin: neither side ever waits for the other to read."""
        while self.queue and len(self.sent) < 2 * self.jobs:
            number, task = self.queue.popleft()
            self.sent[number] = task
            request = {
                **asdict(task.job),
                "id": number,
                "folder": task.folder,
                "environment": task.seen,
                "places": task.places,
            }
            try:
                self.parent.stdin.write(json.dumps(request, default=str).encode() + b"\n")
                self.parent.stdin.flush()
            except BrokenPipeError:
                return  # it died; `done` says so

    def done(self) -> tuple[Task, Outcome]:
        reply = json.loads(self.parent.stdout.readline() or "null")
        if reply == READY:
            self.ready, reply = True, json.loads(self.parent.stdout.readline() or "null")
        if reply is None:
            return self._died()
        task = self.sent.pop(reply.pop("id"))
        self._send()
        return task, Outcome(**{"name": task.job.name, **reply})

    def _died(self) -> tuple[Task, Outcome]:
        """The first of the tasks the dead parent had; the others are sent to a new one. Raises
        where it never got ready."""
        self.close()
        last = (self.scratch / "parent.log").read_text("utf-8", "replace").strip().splitlines()[-1:]
        told = f": {last[0]}" if last else ""
        if not self.ready:
            raise RuntimeError(
                f"the process that starts notebooks cannot start{told}; ENGINE=kernel does "
                "without it"
            )
        number, task = min(self.sent.items(), key=lambda pair: pair[0])
        del self.sent[number]
        self.queue.extendleft(sorted(self.sent.items(), reverse=True))
        self.sent.clear()
        self.start()
        self._send()
        return task, Outcome(task.job.name, 0.0, f"the process that starts notebooks died{told}")

    def kill(self) -> None:
        self.close()

    def close(self) -> None:
        if self.parent is not None:
            with suppress(BrokenPipeError):  # what it did not live to read
                self.parent.stdin.close()  # its sign to end, with all its children
            self.parent.stdout.close()
            self.parent.wait()
            self.parent = None


class KernelPool(Pool):
    """Processes that execute by plain papermill, and their kernels."""

    def __init__(
        self, jobs: int, settled: Mapping[str, str], scratch: Path, limit: float, cell_limit: float
    ):
        context = multiprocessing.get_context(
            "spawn"
        )  # a forked process would share the parent's threads and sockets
        self.limits = limit, cell_limit
        self.executor = ProcessPoolExecutor(
            jobs,
            mp_context=context,
            initializer=_begin,
            initargs=(settled, os.getpid(), f"{scratch}/kernels.log"),
        )
        self.futures: dict[Future, Task] = {}

    def submit(self, task: Task) -> None:
        self.futures[self.executor.submit(_execute, task, *self.limits)] = task

    def done(self) -> tuple[Task, Outcome]:
        future = next(iter(wait(self.futures, return_when=FIRST_COMPLETED).done))
        task = self.futures.pop(future)
        try:
            return task, future.result()
        except BrokenProcessPool:
            return task, Outcome(task.job.name, 0.0, "the process executing it died")

    def kill(self) -> None:
        for process in list((self.executor._processes or {}).values()):
            process.terminate()  # their kernels follow within a second

    def close(self) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)


def _begin(environment: Mapping[str, str], parent: int, log: str) -> None:
    """The start of a worker: what its kernels will see, and that it neither outlives, interrupts
    nor talks over its parent.

    What a kernel writes to its own stderr is chatter of starting and stopping; what a notebook
    writes is in its outputs.
    """
    os.environ.update(environment)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole terminal; the parent decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _execute(task: Task, limit: float, cell_limit: float) -> Outcome:
    os.environ.update(task.seen)
    before = _used()
    if isinstance(task.job, Call):
        outcome = call(task.job, task.folder)
    else:
        with _within(limit):
            outcome = execute(task.job, task.folder, limit=cell_limit)
    after = _used()
    return replace(outcome, cpu=after[0] - before[0], memory=after[1])


def _used() -> tuple[float, float]:
    """(CPU seconds, peak MB) of this process and of the kernels it had."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both), max(one.ru_maxrss for one in both) / (
        1024 if sys.platform == "linux" else 1 << 20
    )


@contextmanager
def _within(limit: float) -> Iterator[None]:
    """Raises TimeoutError in the block after `limit` seconds; papermill then ends the kernel."""

    def over(*_: object) -> None:
        raise TimeoutError(f"took longer than {limit:g} s, the limit for a notebook")

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
