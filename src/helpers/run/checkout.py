"""Which commit of a repository a run's code is of."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

# set where the files were brought to and the repository was not
COMMIT_VARIABLE = "ASSESSMENT_COMMIT"


def commit(root: Path, paths: Sequence[str]) -> str:
    """The commit of the code, with a "+" where one of `paths` was changed since; empty outside a
    repository.

    A replay runs archived code outside its repository: $ASSESSMENT_COMMIT says which commit it is.
    """
    if COMMIT_VARIABLE in os.environ:
        return os.environ[COMMIT_VARIABLE]
    try:
        changed = _git(root, "status", "--porcelain", "--", *paths)
        return _git(root, "rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "--no-optional-locks", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
