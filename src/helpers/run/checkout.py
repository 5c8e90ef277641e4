"""Which commit of a repository a run's code is of."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from .inputs import stat_of

# set where the files were brought to and the repository was not
COMMIT_VARIABLE = "ASSESSMENT_COMMIT"
TICK = 10**8  # nanoseconds: a file system's clock may be behind by a tenth of a second


def commit(root: Path, paths: Sequence[str], code: Sequence[str] = ()) -> str:
    """The commit of the code, with a "+" where one of `paths` or of `code` was changed since;
    empty outside a repository.

    A replay runs archived code outside its repository: $ASSESSMENT_COMMIT says which commit it is.
    Git is asked once for a thousand plans, and again about those of `paths` touched since; of
    `code` a process runs what it began with.
    """
    if COMMIT_VARIABLE in os.environ:
        return os.environ[COMMIT_VARIABLE]
    places = _places(root)
    if not places:
        return ""
    try:
        asked, head, changed = _state(root, *(stat_of(place) for place in places))
        if any(_touched(root / path, asked) for path in paths):
            changed = _changed(root, (*paths, *code))
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + "+" * any(
        name == path or name.startswith(f"{path}/") for name in changed for path in (*paths, *code)
    )


@cache
def _places(root: Path) -> tuple[Path, ...]:
    """The files of the repository that change with every commit and everything added to the
    next; none outside a repository."""
    names = ("index", "HEAD", "logs/HEAD")
    try:
        found = _git(root, "rev-parse", *(word for name in names for word in ("--git-path", name)))
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(root / line for line in found.splitlines())


@lru_cache(maxsize=16)
def _state(root: Path, *_state_of_places: tuple[int, ...]) -> tuple[int, str, tuple[str, ...]]:
    """(when it was asked for, HEAD, what was changed since) of the repository."""
    asked = time.time_ns()
    return asked, _git(root, "rev-parse", "--short=12", "HEAD").strip(), _changed(root, ["."])


def _changed(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """The files under `paths`, from `root`, that differ from HEAD or are not in it."""
    told = _git(root, "status", "--porcelain", "-z", "--no-renames", "-uall", "--", *paths)
    prefix = _git(root, "rev-parse", "--show-prefix").strip()
    return tuple(entry[3:].removeprefix(prefix) for entry in told.split("\0") if entry)


def _touched(path: Path, since: int) -> bool:
    """Whether a file or folder there was changed after `since`, or is not there."""
    return any(
        not (stat := stat_of(one)) or stat[-1] > since - TICK for one in (path, *_under(path))
    )


def _under(path: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(folder, name) for name in (*folders, *files))


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "--no-optional-locks", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
