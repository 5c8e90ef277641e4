"""Where what a run makes comes to lie: made beside its place and renamed into it at the end, whole
or not at all."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import atomic


class Busy(RuntimeError):
    """Another process is making what lies in this folder."""


@contextmanager
def held(folder: Path, what: str) -> Iterator[None]:
    """Hold `folder` for this process; the lock goes with the process, however it ends. `what` names
    it in messages.

    Raises `Busy` with the holder's number. Where the last holder died, that is said, and what it
    left is tidied up.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(f".{folder.name}.lock"), "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Busy(
                f"process {lock.read().strip() or '?'} is making {what}; wait for it or stop it"
            ) from None
        lock.seek(0)
        dead = lock.read().strip()
        if dead:
            print(f"{what}: process {dead} died while making it; taking over", file=sys.stderr)
        lock.truncate(0)
        lock.write(f"{os.getpid()} on {platform.node()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
        lock.flush()
        _finish_interrupted(folder)
        try:
            yield
        finally:
            lock.truncate(0)


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder`, gone afterwards unless it was renamed."""
    for left in folder.parent.glob(f".{folder.name}.making-*"):
        shutil.rmtree(
            left, ignore_errors=True
        )  # by a run that was killed; the lock says that it is nobody's
    making = folder.with_name(f".{folder.name}.making-{os.getpid()}")
    making.mkdir()
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def keep_failed(making: Path, folder: Path) -> Path:
    """Keep what a failed run made, for whoever has to find out why; returns where."""
    kept = folder.with_name(f"{folder.name}.failed")
    shutil.rmtree(kept, ignore_errors=True)
    os.replace(making, kept)
    return kept


def put(making: Path, folder: Path) -> None:
    """Sync what was made, set the old folder aside, rename the new one into its place, remove the
    old one."""
    for path in (*making.iterdir(), making):
        atomic.sync(path)
    if folder.exists():
        os.replace(folder, aside(folder))
    os.replace(making, folder)
    atomic.sync(folder.parent)
    shutil.rmtree(aside(folder), ignore_errors=True)
    shutil.rmtree(folder.with_name(f"{folder.name}.failed"), ignore_errors=True)


def aside(folder: Path) -> Path:
    """Where the old folder lies while the new one is put in place; what lies there afterwards, an
    interrupted run left."""
    return folder.with_name(f".{folder.name}.old")


def _finish_interrupted(folder: Path) -> None:
    """A run killed between the two renames left the old folder aside: put it back, or remove it
    where the new one is in place."""
    if aside(folder).exists() and not folder.exists():
        os.replace(aside(folder), folder)
    shutil.rmtree(aside(folder), ignore_errors=True)
