"""Which evidence has been registered? One CSV file, one line a bag, each naming the one before:
lines are only ever added.

Every bag carries the SHA-256 of the register as it stood before its own line, so a bag vouches for
all lines before it. A bag waits under a hidden name until its line is written: whoever is killed in
between leaves nothing that looks like registered evidence.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import verify

HEADER = ",".join(verify.REGISTER) + "\n"
WAITING = re.compile(r"\.(.+-([0-9a-f]{12})\.zip)")
HALF = re.compile(r"\..+\.(csv|py|zip)\.\d+")  # of a `put` that was killed


@contextmanager
def held(path: Path) -> Iterator[bytes]:
    """Hold the register for this process and give its bytes; whoever else wants it waits. Raises
    `verify.Unsafe` where it is broken.

    What was killed before is tidied up first; at the end every waiting bag gets its name or goes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(f".{path.name}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # goes with the process, however it ends
        raw = path.read_bytes() if path.exists() else HEADER.encode()
        verify.read_register(raw, path.name)
        _tidy(path)
        try:
            yield raw
        finally:
            _tidy(path)


def waiting(bag: Path) -> Path:
    """Where a bag lies until its line is in the register and `held` ends."""
    return bag.with_name(f".{bag.name}")


def _tidy(path: Path) -> None:
    """Give waiting bags that are registered their names, remove those that are not, and what was
    half written. Only who holds the register writes beside it."""
    raw = path.read_bytes() if path.exists() else HEADER.encode()
    registered = {line["evidence_id"][:12] for line in verify.read_register(raw, path.name)}
    for beside in sorted(path.parent.iterdir()):
        if HALF.fullmatch(beside.name):
            beside.unlink()
        elif bag := WAITING.fullmatch(beside.name):
            if bag[2] in registered:
                os.replace(beside, path.with_name(bag[1]))
            else:
                beside.unlink()


def append(path: Path, raw: bytes, line: dict[str, str]) -> None:
    """Put `line` behind `raw`, the register as `held` gave it. Raises `verify.Unsafe` rather than
    break the chain."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([line[column] for column in verify.REGISTER])
    longer = raw + text.getvalue().encode()
    verify.read_register(longer, path.name)
    put(path, longer)


def put(path: Path, content: bytes) -> None:
    """Write beside, sync, rename, sync the folder: after a power cut the old file is there or the
    new one, whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
