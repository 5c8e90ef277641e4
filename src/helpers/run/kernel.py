"""The pool `kernel`: processes that each start one Jupyter kernel after another, as papermill does
it."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from .engine import Call, Outcome, call, execute
from .task import Pool, Stopped, Task


class KernelPool(Pool):
    """Processes that execute by plain papermill, and their kernels."""

    def __init__(
        self,
        jobs: int,
        settled: Mapping[str, str],
        scratch: Path,
        limit: float,
        cell_limit: float,
        _warm: Sequence[str] = (),
    ):
        context = multiprocessing.get_context(
            "spawn"
        )  # a forked process would share the parent's threads and sockets
        self.limits, self.closed = (limit, cell_limit), False
        self.executor = ProcessPoolExecutor(
            jobs,
            mp_context=context,
            initializer=_begin,
            initargs=(settled, os.getpid(), f"{scratch}/kernels.log"),
        )

    def submit(self, task: Task) -> Future[Outcome]:
        return self.executor.submit(_execute, task, *self.limits)

    def outcome(self, task: Task, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except BrokenProcessPool:
            if self.closed:
                raise Stopped(task.job.name) from None
            return Outcome(task.job.name, 0.0, "the process executing it died")

    def kill(self) -> None:
        self.closed = True
        for process in list((self.executor._processes or {}).values()):
            process.terminate()  # their kernels follow within a second
        self.close()

    def close(self) -> None:
        self.executor.shutdown()


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
    os.environ.update(task.environment)
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
