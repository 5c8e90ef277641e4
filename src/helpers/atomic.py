"""Files that are there whole or not at all, and what is needed for a while only: known to every
room.

What a killed process leaves is nobody's: the next that writes there removes it. Files made beside
their places bear the number of their process; a folder for a while holds a lock, which goes with
its process.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MINUTE = 60.0  # what is younger may be of a process on another machine
HELD = ".held"
NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}  # where a folder cannot be synced


@contextmanager
def beside(path: Path, content: bytes, *, tidy: bool = True) -> Iterator[Path]:
    """A file beside `path` with that content, synced; gone afterwards unless it was renamed.
    `tidy`: remove what killed processes left of the same file."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*") if tidy else ():
        if left.suffix[1:].isdigit() and _of_the_dead(left):
            left.unlink(missing_ok=True)
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(made, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield made
    finally:
        made.unlink(missing_ok=True)


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`: a reader sees the old file or the new one, also after a power
    cut."""
    with beside(path, content) as made:
        os.replace(made, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Sync a file or a folder; some file systems sync folders by themselves and refuse."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_SYNC or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def move(source: Path, target: Path) -> None:
    """Rename a folder; onto another file system it is copied beside its place and then renamed."""
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with scratch(f".{target.name}.", target.parent) as here:
            shutil.copytree(source, here / target.name)
            os.replace(here / target.name, target)


def tidy(prefix: str, folder: Path) -> None:
    """Remove each `scratch` so called whose process was killed."""
    for left in folder.glob(f"{glob.escape(prefix)}*"):
        if _let_go(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def scratch(prefix: str, folder: Path | None = None) -> Iterator[Path]:
    """A folder for a while, in `folder` or where the system keeps such; those of the dead are
    removed."""
    tidy(prefix, Path(folder or tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as made,
        alone(Path(made, HELD)),
    ):
        yield Path(made)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock at `path`; it goes with the process, however it
    ends."""
    with open(path, "a", encoding="ascii") as lock:  # over NFS only what can be written is locked
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _of_the_dead(path: Path) -> bool:
    """Whether the process that made `path` is no more."""
    try:
        os.kill(int(path.suffix[1:]), 0)
    except (ProcessLookupError, OverflowError):
        return _older_than_a_minute(path)
    except OSError:  # another user's, who lives
        return False
    return False


def _let_go(folder: Path) -> bool:
    """Whether `folder` was a `scratch` whose holder is no more; one removed while something still
    wrote into it has no lock left."""
    try:
        with open(folder / HELD, "r+", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return _older_than_a_minute(folder)
    except OSError:
        return False


def _older_than_a_minute(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > MINUTE
    except OSError:
        return False
