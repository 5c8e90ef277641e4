"""Which evidence has been registered? One CSV file, one line a bag, each naming the one before:
lines are only ever added.

Every bag carries the SHA-256 of the register as it stood before its own line, so a bag vouches for
all lines before it.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import verify

HEADER = ",".join(verify.REGISTER) + "\n"


@contextmanager
def held(path: Path) -> Iterator[bytes]:
    """Hold the register for this process and give its bytes; whoever else wants it waits. Raises
    `verify.Unsafe` where it is broken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(f".{path.name}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # goes with the process, however it ends
        raw = path.read_bytes() if path.exists() else HEADER.encode()
        verify.read_register(raw, path.name)
        yield raw


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
