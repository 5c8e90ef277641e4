"""The pool `fork`: a warm parent of its own forks one process a notebook; here each is asked for,
listened to and limited."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from .engine import Outcome
from .task import Pool, Stopped, Task

GRACE = 10.0  # seconds the end of a killed notebook may take to be told
# Of the environment of whoever starts a run: a notebook cannot depend on what it does not see.
KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
)


class ForkPool(Pool):
    """A thread a notebook at once; each asks the warm parent for a child, listens to it and ends it
    at its limit."""

    def __init__(
        self,
        jobs: int,
        settled: Mapping[str, str],
        scratch: Path,
        limit: float,
        cell_limit: float,
        warm: Sequence[str],
    ):
        self.scratch, self.limit, self.cell_limit, self.warm = scratch, limit, cell_limit, warm
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment.update(settled)
        self.threads = ThreadPoolExecutor(jobs)
        self.lock, self.closed, self.able = threading.Lock(), False, False
        self.parent: subprocess.Popen | None = None
        self.control: socket.socket | None = None

    def start(self) -> None:
        """The warm parent, a new one where it died."""
        with self.lock:
            if self.closed or (self.parent is not None and self.parent.poll() is None):
                return
            if self.control is not None:
                self.control.close()
            self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs, open(self.scratch / "parent.log", "wb") as log:
                self.parent = subprocess.Popen(
                    [sys.executable, "-m", f"{__package__}.parent", str(self.scratch), *self.warm],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    env=self.environment,
                    cwd=self.scratch,
                    start_new_session=True,  # Ctrl-C is for this process to decide
                )

    def submit(self, task: Task) -> Future[Outcome]:
        self.start()
        return self.threads.submit(self._executed, task)

    def _executed(self, task: Task) -> Outcome:
        """The outcome of `task`; where the parent dies under it, of its second try."""
        for _ in range(2):
            self.start()
            outcome = None if self.closed else self._asked(task)
            if self.closed:
                raise Stopped(task.job.name)
            if outcome is not None:
                return outcome
        return Outcome(
            task.job.name, 0.0, f"the process that starts notebooks died{self._last_words()}"
        )

    def _asked(self, task: Task) -> Outcome | None:
        """One child of the parent for `task`; None where the parent died. Raises RuntimeError where
        it never could start one."""
        if self.control is None:
            return None  # the pool was closed before it began
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, suppress(OSError):  # a dead parent is seen at the end of what it says
                request = {**vars(task), "job": asdict(task.job), "kind": type(task.job).__name__}
                message = json.dumps(request, default=str).encode()
                socket.send_fds(self.control, [message], [theirs.fileno()])
            child = Child(task.job.name, self.limit, self.cell_limit)
            outcome = child.listen(ours)
        self.able = self.able or child.pid > 0
        if not self.able and not self.closed:
            raise RuntimeError(
                f"the process that starts notebooks cannot start{self._last_words()}; "
                "ENGINE=kernel does without it"
            )
        return outcome

    def _last_words(self) -> str:
        log = (self.scratch / "parent.log").read_text("utf-8", "replace")
        last = log.strip().splitlines()[-1:]
        return f": {last[0]}" if last else ""

    def kill(self) -> None:
        with self.lock:
            self.closed = True
            if self.parent is not None and self.control is not None:
                self.control.close()  # its sign to end, with all its children
                self.parent.wait()
        self.threads.shutdown()

    def close(self) -> None:
        self.threads.shutdown()
        self.kill()


class Child:
    """What is known of one notebook's process: what it says, one line of JSON after another, and
    its limits.

    It says its number, the cells it begins and its outcome; at last its parent says how it ended.
    """

    def __init__(self, name: str, limit: float, cell_limit: float):
        self.name, self.limit, self.cell_limit = name, limit, cell_limit
        self.pid = self.cell = 0
        self.started = self.cell_started = time.monotonic()
        self.error = ""
        self.outcome: dict | None = None

    def listen(self, line: socket.socket) -> Outcome | None:
        """Until its end; None where that is not told, its parent being dead."""
        for word in self._words(line):
            if isinstance(word, int):
                self.cell, self.cell_started = word, time.monotonic()
            elif "status" in word:
                return self._ended(**word)
            elif "pid" in word:
                self.pid, self.started = self.pid or word["pid"], time.monotonic()
            else:
                self.outcome = word
        return self._ended(0) if self.error else None

    def _words(self, line: socket.socket) -> Iterator[int | dict]:
        """What is said, until there is nothing more to be expected."""
        heard = b""
        while True:
            line.settimeout(self._patience())
            try:
                chunk = line.recv(1 << 16)
            except TimeoutError:
                if self.error:
                    return
                self._end_at_limit()
                continue
            if not chunk:
                return
            *lines, heard = (heard + chunk).split(b"\n")
            for said in lines:
                with suppress(ValueError):  # a cell wrote where only its process writes
                    word = json.loads(said)
                    if isinstance(word, (int, dict)):
                        yield word

    def _patience(self) -> float:
        """Seconds until the next limit, more than none."""
        if self.error:
            return GRACE
        until = self.started + self.limit
        if self.cell:
            until = min(until, self.cell_started + self.cell_limit)
        return max(0.001, until - time.monotonic())

    def _end_at_limit(self) -> None:
        of_cell = self.cell and time.monotonic() - self.cell_started >= self.cell_limit
        limit, what = (self.cell_limit, "a cell") if of_cell else (self.limit, "a notebook")
        self.error = f"took longer than {limit:g} s, the limit for {what}"
        kill(self.pid)

    def _ended(self, status: int, cpu: float | None = None, memory: float | None = None) -> Outcome:
        """Its own word of itself, or why there is none."""
        seconds = time.monotonic() - self.started
        if self.outcome and not self.error:
            measured = {"seconds": seconds, "cpu": cpu, "memory": memory}
            return Outcome(**{"name": self.name, **self.outcome, **measured})
        if not self.error and status < 0:
            self.error = f"its process was killed by {signal.Signals(-status).name}"
        elif not self.error:
            self.error = f"its process ended itself with status {status}"
        where = f"cell {self.cell}: " if self.cell else ""
        return Outcome(self.name, seconds, where + self.error, cpu, memory)


def kill(pid: int) -> None:
    """The process group of a child: itself and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        if pid:
            os.killpg(pid, signal.SIGKILL)
