"""How many notebooks are executed: some at once, each in a fresh kernel, all finished whatever one of them does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from .engine import SETTLED, Job, Outcome, execute


@contextmanager
def workers(jobs: int) -> Iterator[Pool]:
    """A pool of `jobs` processes that each execute one notebook after another.

    However this process ends, they and their kernels end too: after an error or an interrupt they are stopped, and when
    this process is killed they notice it themselves.
    """
    with tempfile.TemporaryDirectory(prefix="assessment-", ignore_cleanup_errors=True) as scratch:
        settled = {**SETTLED, "MPLCONFIGDIR": scratch, "IPYTHONDIR": scratch, "JUPYTER_RUNTIME_DIR": scratch}
        context = multiprocessing.get_context("spawn")  # a forked process would share the parent's threads and sockets
        executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(settled, os.getpid(), f"{scratch}/kernels.log"))
        try:
            yield Pool(executor)
        except BaseException:
            for process in list((executor._processes or {}).values()):
                process.terminate()  # their kernels follow within a second
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _begin(environment: Mapping[str, str], parent: int, log: str) -> None:
    """The start of a worker: what its kernels will see, and that it neither outlives, interrupts nor talks over its parent.

    What a kernel writes to its own stderr is chatter of starting and stopping; what a notebook writes is in its outputs.
    """
    _adopt(environment)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


class Pool:
    """Runs batches of jobs on the same workers."""

    def __init__(self, executor: ProcessPoolExecutor):
        self.executor = executor

    def run(self, jobs: Sequence[Job], folder: Path, environment: Mapping[str, str], progress: tqdm | None = None) -> list[Outcome]:
        """The outcome of every job, in the order given; `environment` is added to what their kernels see."""
        futures = {self.executor.submit(_execute, job, folder, environment): job for job in jobs}
        outcomes = {}
        for future in as_completed(futures):
            outcome = _outcome(futures[future], future)
            outcomes[outcome.name] = outcome
            if progress is not None:
                tell(outcome, progress)
        return [outcomes[job.name] for job in jobs]


def _adopt(environment: Mapping[str, str]) -> None:
    """What the kernels started from this process will see."""
    os.environ.update(environment)


def _execute(job: Job, folder: Path, environment: Mapping[str, str]) -> Outcome:
    _adopt(environment)
    return execute(job, folder)


def _outcome(job: Job, future: Future) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(job.name, 0.0, "the process executing it died")


def bar(total: int, label: str) -> tqdm:
    """One progress bar in a terminal; elsewhere the bar is silent and `tell` prints plain lines."""
    return tqdm(total=total, desc=label, unit="notebook", disable=not sys.stderr.isatty(), file=sys.stderr, leave=False)


def tell(outcome: Outcome, progress: tqdm) -> None:
    """Say that a job is done: moves the bar, or prints a line where there is none; a failure is always printed."""
    progress.update()
    line = f"  {outcome.name}  {outcome.seconds:.1f} s" if not outcome.error else f"  {outcome.name}  FAILED  {outcome.error}"
    if outcome.error or progress.disable:
        tqdm.write(line, file=sys.stderr)
