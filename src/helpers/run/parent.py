"""The warm parent: imports what notebooks import once, then forks one child for each notebook,
which dies with it.

`python -m helpers.run.parent SCRATCH MODULE…` takes requests from the socket that is its stdin,
each a message of JSON with the line on which its child is to speak. It has one thread, ever: a fork
of a process with several would copy their locks and not them. When its stdin ends, whoever started
it is gone, and it ends with all its children.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from . import moments
from .engine import Call, Job, Outcome, call, execute
from .fork import kill
from .inputs import CODE, Watch

WARM = (
    "numpy.testing",
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "yaml",
)
# Bytes a notebook may write to one file: a program it starts and that prints must not fill the
# disk.
LARGEST_FILE = 1 << 28
LARGEST_MEMORY = 2 << 30  # bytes of its own a notebook may take: one of ours takes a tenth of it
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # of <sys/prctl.h>


def warm(modules: Iterable[str]) -> None:
    """Import and use once what notebooks use: a small figure, table, notebook and event loop load
    what comes lazily."""
    gc.disable()  # nothing becomes garbage yet: looking for it would take a seventh of the time
    _undocumented()
    _import(WARM)
    import nbformat
    import pandas

    from . import shell  # registers the engine

    shell.made()
    pandas.set_option("display.max_columns", 20)  # imported by a kernel it would not see a terminal
    table = pandas.DataFrame({"a": [1.0]})
    table._repr_html_(), repr(table)
    nbformat.validate(nbformat.v4.new_notebook())  # compiles the schema
    asyncio.new_event_loop().close()
    moments.host()  # a child that asked would read files that are none of its inputs
    _import(modules)
    gc.freeze()  # the collector would write to every page shared with the children
    gc.enable()
    _alone()


def _undocumented() -> None:
    """Import matplotlib's pictures without the texts that document `set` of each kind of artist:
    gathering them takes a third of the time. What is defined later is documented again."""
    from matplotlib import artist

    documented = artist.kwdoc
    vars(artist)["kwdoc"] = lambda _: ""
    try:
        importlib.import_module("matplotlib.figure")
    finally:
        vars(artist)["kwdoc"] = documented


def _alone() -> None:
    """Raises RuntimeError where this process has more threads than one."""
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads != 1:
        raise RuntimeError(
            f"the warm parent has {threads} threads; it must have one before it forks "
            "(ENGINE=kernel does without it)"
        )


def _import(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)


def serve(control: socket.socket, scratch: Path) -> None:
    """Until `control` ends: fork a child for each request, tell of its end. SIGCHLD wakes the
    waiting."""
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, socket.socket] = {}
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), awake], [], [])
            if awake in ready:
                os.read(awake, 4096)
                _reap(children)
            if control.fileno() in ready:
                message, descriptors, *_ = socket.recv_fds(control, 1 << 20, 1)
                if not message:
                    return
                _begin(json.loads(message), socket.socket(fileno=descriptors[0]), children, scratch)
    finally:
        _end(children)


def _begin(
    request: dict, line: socket.socket, children: dict[int, socket.socket], scratch: Path
) -> None:
    """Fork. What a call needs is imported before, what comes after a notebook while it runs."""
    job = request["job"]
    if request["kind"] == "Call":
        _import(job["warm"])
    pid = os.fork()
    if pid == 0:
        _live(request, line, scratch)
    children[pid] = line
    _say(line, {"pid": pid})
    _import(job["warm"])


def _reap(children: dict[int, socket.socket]) -> None:
    """Tell of every child that is dead, once what it started is; orphans need no word."""
    while children:
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if not pid:
            return
        if line := children.pop(pid, None):
            kill(pid)  # what it started and did not end
            peak = used.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
            code = os.waitstatus_to_exitcode(status)
            _say(line, {"status": code, "cpu": used.ru_utime + used.ru_stime, "memory": peak})
            line.close()


def _end(children: Iterable[int]) -> None:
    """Kill every child with all it started, and what left its group: such orphans have become this
    process's own children."""
    for pid in children:
        kill(pid)
    try:
        orphans = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    except OSError:
        return
    for orphan in orphans:
        os.kill(int(orphan), signal.SIGKILL)


def _say(line: socket.socket, word: object) -> None:
    with suppress(OSError):  # nobody listens any more
        line.sendall(json.dumps(word).encode() + b"\n")


def _live(request: dict, line: socket.socket, scratch: Path) -> None:
    """The whole life of a child; never returns."""
    try:
        line = _settle_in(request, line)
        watch = Watch() if request["reads"] is not None else None
        folder = Path(request["folder"])
        if request["kind"] == "Call":
            given = request["job"]
            function = Call(given["name"], given["function"], given["arguments"])
            outcome, own = call(function, folder), given["outputs"]
        else:
            given = request["job"] | {
                part: Path(request["job"][part]) for part in ("notebook", "output")
            }
            job = Job(**given)
            outcome = execute(job, folder, "fork", starts=lambda cell: _say(line, cell))
            own = [job.notebook, job.output]
        word = asdict(outcome)
        if watch is not None:
            places = (scratch, CODE, os.environ["MPLCONFIGDIR"])
            word["undeclared"] = watch.undeclared([*request["reads"], *own], places)
        _say(line, word)
    except BaseException as error:  # beyond the boundary of a job: still one line, no traceback
        _say(line, asdict(Outcome(request["job"]["name"], 0.0, f"{type(error).__name__}: {error}")))
    finally:
        os._exit(0)


def _settle_in(request: dict, line: socket.socket) -> socket.socket:
    """What a fork must not share with its parent: session, signals, descriptors, random numbers;
    and what it sees of the world."""
    import numpy

    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(line.detach(), 3, inheritable=False)
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_DATA, LARGEST_MEMORY),
    ):
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
    os.environ.update(request["environment"])
    numpy.random.seed()
    return socket.socket(fileno=3)


def main() -> None:
    scratch, *modules = sys.argv[1:]
    control = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    warm(modules)
    serve(control, Path(scratch))
    os._exit(0)  # taking the loaded packages down in order would take as long as a small notebook


if __name__ == "__main__":
    main()
