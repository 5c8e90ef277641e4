"""The warm parent: imports the locked packages once, then forks one child for each notebook, which
dies with it.

`python -m helpers.run.parent JOBS LIMIT CELL_LIMIT SCRATCH` reads requests, a line of JSON each,
from stdin and answers each with a line on stdout. It has one thread, ever: a fork of a process with
several would copy their locks and not them. Of our own code it imports this room only, so that a
notebook sees the helpers as they are now. When its stdin ends, whoever started it is gone, and it
ends with all its children.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import reads
from .engine import Call, Job, Outcome, call, execute

WARM = (
    "numpy",
    "pandas",
    "pandas.io.formats.style",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "yaml",
)
READY = "ready"  # the first answer, to no request
LARGEST_FILE = (
    1 << 28
    # bytes a notebook may write to one file: a program it starts and that prints must not fill the
    # disk
)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # of <sys/prctl.h>


@dataclass
class Child:
    """A notebook being executed: its request, its process, what it has said so far."""

    request: dict
    pid: int
    report: int
    started: float = field(default_factory=time.monotonic)
    cell: int = 0
    cell_started: float = 0.0
    said: bytes = b""
    outcome: dict | None = None
    error: str = ""


def warm() -> None:
    """Import and use once what notebooks use: a small figure, table, notebook and event loop load
    what comes lazily."""
    import asyncio
    import io

    gc.disable()  # nothing becomes garbage yet: looking for it would take a seventh of the time
    _import(WARM)
    import matplotlib.figure
    import nbformat
    import pandas

    from . import shell  # noqa: F401 — registers the engine

    figure = matplotlib.figure.Figure(figsize=(1, 1), layout="constrained")
    figure.add_subplot().plot([1, 2], label="0")
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)
    pandas.DataFrame({"a": [1.0]})._repr_html_()
    nbformat.validate(nbformat.v4.new_notebook())  # compiles the schema
    asyncio.new_event_loop().close()
    gc.collect()
    gc.freeze()  # the collector would write to every page shared with the children
    gc.enable()
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads != 1:
        raise RuntimeError(
            f"the warm parent has {threads} threads; it must have one before it forks "
            "(ENGINE=kernel does without it)"
        )


def _import(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)


class Parent:
    """Forks, watches, reaps; at most `jobs` children at once, each within `limit` seconds and each
    of its cells within `cell_limit`."""

    def __init__(
        self, jobs: int, limit: float, cell_limit: float, scratch: Path, requests: int, replies: int
    ):
        self.jobs, self.limit, self.cell_limit, self.scratch = jobs, limit, cell_limit, scratch
        self.requests, self.replies = requests, replies
        self.waiting: deque[dict] = deque()
        self.children: dict[int, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(requests, selectors.EVENT_READ)
        self.heard = b""

    def serve(self) -> None:
        """Until stdin ends. A child's end is noticed by SIGCHLD, which wakes the selector."""
        awake, wake = os.pipe()
        for end in (awake, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(awake, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select(0.2 if self.children else None):
                if key.fd == self.requests and not self._listen():
                    return
                if key.fd == awake:
                    os.read(awake, 4096)
                elif key.fd in self.children:
                    self._hear(self.children[key.fd])
            self._reap()
            self._limit()
            while self.waiting and len(self.children) < self.jobs:
                self._fork(self.waiting.popleft())

    def end(self) -> None:
        """Kill every child with all it started, and what left its group: such orphans have become
        this process's own children."""
        for child in self.children.values():
            _kill(child.pid)
        try:
            orphans = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        except OSError:
            return
        for pid in orphans:
            os.kill(int(pid), signal.SIGKILL)

    def _listen(self) -> bool:
        """Take what stands on stdin; False at its end."""
        chunk = os.read(self.requests, 1 << 16)
        *lines, self.heard = (self.heard + chunk).split(b"\n")
        self.waiting += map(json.loads, lines)
        return bool(chunk)

    def _fork(self, request: dict) -> None:
        if "function" in request:
            _import(request["warm"])
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            _live(request, theirs, self.scratch)
        os.close(theirs)
        os.set_blocking(ours, False)
        self.children[ours] = Child(request, pid, ours)
        self.selector.register(ours, selectors.EVENT_READ)
        if "notebook" in request:
            _import(request["warm"])

    def _hear(self, child: Child) -> None:
        """Lines of a child: the number of the cell it begins, at last its outcome."""
        try:
            while chunk := os.read(child.report, 1 << 16):
                child.said += chunk
        except BlockingIOError:
            pass
        else:  # closed, though perhaps not dead yet
            if child.report in self.selector.get_map():
                self.selector.unregister(child.report)
        *lines, child.said = child.said.split(b"\n")
        for line in lines:
            said = json.loads(line)
            if isinstance(said, int):
                child.cell, child.cell_started = said, time.monotonic()
            else:
                child.outcome = said

    def _limit(self) -> None:
        now = time.monotonic()
        for child in self.children.values():
            if child.cell and now - child.cell_started > self.cell_limit:
                child.error = f"took longer than {self.cell_limit:g} s, the limit for a cell"
            elif now - child.started > self.limit:
                child.error = f"took longer than {self.limit:g} s, the limit for a notebook"
            else:
                continue
            _kill(child.pid)

    def _reap(self) -> None:
        of = {child.pid: child for child in self.children.values()}
        while of:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            if pid in of:  # else an orphan
                self._ended(of.pop(pid), status, used)

    def _ended(self, child: Child, status: int, used: resource.struct_rusage) -> None:
        """Tell what became of a child that is dead."""
        self._hear(child)
        _kill(child.pid)  # what it started and did not end
        if child.report in self.selector.get_map():
            self.selector.unregister(child.report)
        os.close(child.report)
        del self.children[child.report]
        outcome = (
            child.outcome
            if child.outcome and not child.error
            else {"error": _reason(child, os.waitstatus_to_exitcode(status))}
        )
        peak = used.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
        measured = {
            "seconds": time.monotonic() - child.started,
            "cpu": used.ru_utime + used.ru_stime,
            "memory": peak,
        }
        _say(self.replies, {**outcome, **measured, "id": child.request["id"]})


def _reason(child: Child, code: int) -> str:
    """Why a child ended without an outcome."""
    if not child.error:
        child.error = (
            f"its process was killed by {signal.Signals(-code).name}"
            if code < 0
            else f"its process ended itself with status {code}"
        )
    return f"cell {child.cell}: {child.error}" if child.cell else child.error


def _kill(pid: int) -> None:
    """The process group of a child: itself and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _say(descriptor: int, said: object) -> None:
    raw = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    while raw:
        raw = raw[os.write(descriptor, raw) :]


def _live(request: dict, report: int, scratch: Path) -> None:
    """The whole life of a child; never returns."""
    try:
        _settle_in(request)
        began, observed = time.time(), reads.Observed()
        folder = Path(request["folder"])
        if "function" in request:
            job: Job | Call = Call(request["name"], request["function"], request["arguments"])
            outcome = call(job, folder)
        else:
            job = Job(
                request["name"],
                Path(request["notebook"]),
                Path(request["output"]),
                request["parameters"],
            )
            outcome = execute(job, folder, "fork", starts=lambda cell: _say(report, cell))
        own = (
            Path(request["notebook"]) if "notebook" in request else None
        )  # counts without its outputs, see `cache.key`
        places = {name: Path(path) for name, path in request["places"].items()}
        _say(
            report,
            {
                **asdict(outcome),
                "reads": observed.reads(places, scratch, began, own)
                if places and not outcome.error
                else None,
            },
        )
    # beyond the boundary of a job: still one line for the parent, no traceback for the user
    except BaseException as error:
        _say(report, asdict(Outcome(request["name"], 0.0, f"{type(error).__name__}: {error}")))
    finally:
        os._exit(0)


def _settle_in(request: dict) -> None:
    """What a fork must not share with its parent: session, signals, random numbers; and what it
    sees of the world."""
    import numpy

    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(
            number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler
        )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (LARGEST_FILE, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    )
    os.environ.update(request["environment"])
    numpy.random.seed()


def main() -> None:
    jobs, limit, cell_limit, scratch = sys.argv[1:]
    requests, replies, nowhere = os.dup(0), os.dup(1), os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    parent = Parent(int(jobs), float(limit), float(cell_limit), Path(scratch), requests, replies)
    warm()
    _say(replies, READY)
    try:
        parent.serve()
    finally:
        parent.end()
    os._exit(0)  # taking the loaded packages down in order would take as long as a small notebook


if __name__ == "__main__":
    main()
