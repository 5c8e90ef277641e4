"""What a notebook rests on: declared, and digested before anything is read; watched while it is
executed.

A file is named by where it lies (`root/params/…`, `code/show/figure.py`), so that names hold in
another folder, and goes by the path it is opened by: a link pointed elsewhere is another content.
Who executes a notebook is told which files it may read; where it opens another, or does what cannot
be observed, its result is never taken over.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

BLOCK = 1 << 17  # bytes of a file digested at once
ABSENT = "-"  # the digest of a file that is not there
CODE = Path(__file__).resolve().parents[1]  # src/helpers: what notebooks import of ours
UNSEEN = (  # after one of these a process may read what no hook hears
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
    "ctypes.dlopen",
    "os.fwalk",
)
UNSEEN_MODULES = (  # the same, without an event of their own
    "multiprocessing.popen_spawn_posix",
    "multiprocessing.popen_forkserver",
    "lxml.etree",
)
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


class Digests:
    """Digests of files, each taken once and before anything reads it; whether one of them was
    touched since."""

    def __init__(self) -> None:
        self.found: dict[Path, str] = {}
        self.stats: dict[Path, tuple[int, ...]] = {}

    def of(self, path: Path) -> str:
        """The digest of one file or of the names in a folder."""
        if path not in self.found:
            self.stats[path] = stat_of(path)
            self.found[path] = digest(path)
        return self.found[path]

    def under(self, folder: Path, name: str, without: Iterable[str] = ()) -> dict[str, str]:
        """{name/path: digest} of every file under `folder`; folders of our making and those
        `without` are passed over."""
        files, begin = {}, len(str(folder))
        for here, folders, names in os.walk(folder, followlinks=True):
            folders[:] = sorted({*folders} - {"__pycache__", ".ipynb_checkpoints", *without})
            below = name + here[begin:].replace(os.sep, "/")
            for file in (one for one in names if not one.startswith(".")):  # half written
                files[f"{below}/{file}"] = self.of(Path(here, file))
        return files

    def touched(self) -> list[Path]:
        """Files changed or replaced since their digest was taken, though it be to what they
        were."""
        return [path for path, stat in self.stats.items() if stat_of(path) != stat]


def stat_of(path: Path) -> tuple[int, ...]:
    """What changes where a file does: inode, size, times; nothing of one that is not there."""
    try:
        stat = os.stat(path)
    except OSError:
        return ()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def digest(path: Path) -> str:
    """SHA-256 of a file, of the sorted names in a folder, `ABSENT` where there is neither."""
    found = hashlib.sha256()
    try:
        # `hashlib.file_digest` makes an empty block of 256 kB for every file
        with open(path, "rb", buffering=0) as file:
            while block := file.read(BLOCK):
                found.update(block)
        return found.hexdigest()
    except OSError:  # a folder, unless there is nothing
        pass
    try:
        names = "\0".join(sorted(os.listdir(path)))
        return hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()
    except OSError:
        return ABSENT


class Watch:
    """What this process opens and lists from now on. An audit hook cannot be taken away: the
    process must be one notebook's own."""

    def __init__(self) -> None:
        self.opened: dict[str, None] = {}
        self.made: set[str] = set()
        self.unseen = ""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if event == "open":
            self._open(*arguments)
        elif event in ("os.listdir", "os.scandir"):
            if isinstance(arguments[0], (str, bytes)):
                self._opened(arguments[0])
        elif event == "import":
            if arguments[1]:  # a compiled module, by its file
                self._opened(arguments[1])
            elif arguments[0] in UNSEEN_MODULES:
                self.unseen = self.unseen or arguments[0]
        elif event in UNSEEN:
            self.unseen = self.unseen or event

    def _open(self, path: object, mode: str | None, flags: int) -> None:
        if not isinstance(path, (str, bytes)):
            return
        if set(mode or "") & set("wx") or flags & (os.O_TRUNC | os.O_EXCL):
            # empty then: whatever is read in it later is its own
            self.made.add(os.path.abspath(os.fsdecode(path)))
        else:
            self._opened(path)

    def _opened(self, path: str | bytes) -> None:
        full = os.path.abspath(os.fsdecode(path))
        if full not in self.made:
            self.opened[full] = None

    def undeclared(self, declared: Iterable[Path | str], own: Iterable[Path | str]) -> str:
        """The first thing read that was not declared, or done that cannot be observed; "" where
        there is none.

        `declared` are files, and folders that stand for all that is in them; `own` folders are the
        run's.
        """
        if self.unseen:
            return self.unseen
        allowed = {os.path.realpath(path) for path in declared}
        folders = (*SYSTEM, *(os.path.realpath(path) + os.sep for path in (*declared, *own)))
        for path in self.opened:
            real = os.path.realpath(path)
            if real not in allowed and not (real + os.sep).startswith(folders):
                return path
        return ""


def named(path: Path, places: Mapping[str, Path]) -> str:
    """The name of `path` by the place it lies in."""
    for name, folder in places.items():
        if path.is_relative_to(folder):
            return f"{name}/{path.relative_to(folder).as_posix()}"
    return str(path)
