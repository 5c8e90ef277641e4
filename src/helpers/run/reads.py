"""Which files a notebook read: observed in the process that executes it, not declared by anybody.

A file is named by the place it lies in (`root/params/…`, `edition/observations.csv`,
`code/show/figure.py`), so that names hold in another folder. The interpreter, its packages and the
system are not listed: the lock, their versions and the version of Python stand for them. Where
something was done that cannot be observed (a program started, a connection made) the observation
says so, and nothing may be concluded from it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from importlib.util import source_from_cache
from pathlib import Path

ABSENT = "-"  # the digest of a file that was looked for in vain
UNSEEN = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "pty.spawn",
    "socket.connect",
    "sqlite3.connect",
    "urllib.Request",
)
CODE = Path(__file__).resolve().parents[1]  # src/helpers: what notebooks import of ours
SYSTEM = tuple(
    {
        os.path.realpath(path) + os.sep
        for path in (
            sys.prefix,
            sys.base_prefix,
            sys.exec_prefix,
            "/usr",
            "/lib",
            "/etc",
            "/proc",
            "/sys",
            "/dev",
        )
    }
)


class Observed:
    """What this process opens from now on. An audit hook cannot be taken away: the process must be
    one notebook's own."""

    def __init__(self) -> None:
        self.opened: dict[str, None] = {}
        self.listed: dict[str, None] = {}
        self.written: set[str] = set()
        self.unseen = ""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, bytes)):
                full = os.path.abspath(os.fsdecode(path))
                if set(mode or "") & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR):
                    self.written.add(full)
                elif full not in self.written:
                    self.opened[full] = None
        elif event in ("os.listdir", "os.scandir"):
            if isinstance(arguments[0], (str, bytes)):
                self.listed[os.path.abspath(os.fsdecode(arguments[0]))] = None
        elif event in UNSEEN:
            self.unseen = self.unseen or event

    def reads(
        self, places: Mapping[str, Path], scratch: Path, began: float, own: Path | None = None
    ) -> dict[str, str] | None:
        """{name: digest} of what was read but `own`; None where it cannot be told. `began`: when,
        by the clock of files.

        The folder of a file read from `root` counts by the names in it: a file that appears may be
        one that was looked for in vain, which no operating system reports.
        """
        if self.unseen:
            return None
        found = {}
        for path in list(self.opened):  # to look at a file is to open it, which is heard
            path = (
                source_from_cache(path) if path.endswith(".pyc") and "__pycache__" in path else path
            )
            name = _name(path, places, scratch)
            if not name or path == str(own):
                continue
            if os.path.isfile(path) and os.stat(path).st_mtime > began:
                return None  # changed since it was read, or while
            found[name] = digest(Path(path))
            if name.startswith("root/"):
                self.listed.setdefault(os.path.dirname(path))
        for path in list(self.listed):
            name = _name(path + os.sep, places, scratch)
            if name and not name.startswith(("code/", "edition/")):
                found[name] = digest(Path(path))
        return dict(sorted(found.items()))


def _name(path: str, places: Mapping[str, Path], scratch: Path) -> str:
    """The name of `path` by its place; its absolute path outside of all places; "" for what is not
    listed."""
    real = os.path.realpath(path) + (os.sep if path.endswith(os.sep) else "")
    if real.startswith(os.path.realpath(scratch) + os.sep):
        return ""
    inside = [(name, os.path.realpath(folder) + os.sep) for name, folder in places.items()]
    for name, folder in sorted(inside, key=lambda pair: -len(pair[1])):
        if real.startswith(folder) and not real.startswith(
            tuple(one for one in SYSTEM if one.startswith(folder))
        ):
            return f"{name}/{real.removeprefix(folder)}"
    return "" if real.startswith(SYSTEM) else real


def located(name: str, places: Mapping[str, Path]) -> Path:
    """Where a file so named lies now."""
    place, _, rest = name.partition("/")
    return places[place] / rest if place in places else Path(name)


def digest(path: Path) -> str:
    """SHA-256 of a file, of the sorted names in a folder, `ABSENT` where there is neither."""
    try:
        if path.is_dir():
            return hashlib.sha256(
                "\0".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape")
            ).hexdigest()
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT
