"""Which state of the repository was an edition made from, and is that state still there? Asks
git."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path


class CannotArchive(Exception):
    """This edition cannot be kept as evidence. Its text is one sentence: what is wrong and what to
    do."""


def made_from(root: Path, recorded: str, kept: Sequence[str]) -> str:
    """The full id of the commit an edition was made from, `recorded` being what its run.json says
    and `kept` the paths it was made from.

    Raises `CannotArchive` where they were not committed then, are not known here, or have changed
    since.
    """
    again = "请提交后重新 make assess，再归档"
    if not recorded or not recorded.rstrip("+").isalnum() or not recorded.isascii():
        raise CannotArchive(f"这一期没有记下代码的提交；{again}")
    if recorded.endswith("+"):
        raise CannotArchive(f"做这一期时有没提交的改动；{again}")
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{recorded}^{{commit}}")
    if not commit:
        raise CannotArchive(
            f"这个仓库没有提交 {recorded}，或不是 git 仓库；请在做这一期的仓库里归档"
        )
    changed = _git(root, "diff", "--name-only", commit, "--", *kept) + _git(
        root, "ls-files", "--others", "--exclude-standard", "--", *kept
    )
    if changed:
        raise CannotArchive(f"做这一期之后改动了 {changed.splitlines()[0]}；{again}")
    return commit


def files(root: Path, commit: str, *paths: str) -> list[str]:
    """The files of `commit` under `paths`, relative to `root`, sorted."""
    return sorted(
        filter(
            None,
            _git(
                root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", *paths
            ).split("\0"),
        )
    )


def swhids(root: Path, commit: str) -> tuple[str, ...]:
    """The names Software Heritage gives to the commit and to its files (SWHID 1.2): computed, not
    asked for."""
    whole = _git(root, "rev-parse", f"{commit}^{{tree}}")
    names = (f"swh:1:rev:{commit}", f"swh:1:dir:{whole}")
    return names if len(commit) == len(whole) == 40 else ()  # they are defined over SHA-1


def content(root: Path, commit: str, name: str) -> bytes:
    """The file `name` as it was committed, whatever it has become since."""
    return subprocess.run(
        ["git", "-C", str(root), "show", f"{commit}:{name}"], capture_output=True, check=True
    ).stdout


def _git(root: Path, *arguments: str) -> str:
    """What git says; nothing where it fails, or is not there."""
    try:
        return subprocess.run(
            [
                "git",
                "--no-optional-locks",
                "-C",
                str(root),
                "-c",
                "core.quotePath=false",
                *arguments,
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip("\n")
    except (OSError, subprocess.CalledProcessError):
        return ""
