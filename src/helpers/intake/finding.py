"""What is wrong with an input, where, and what to do about it.

Convention: messages about inputs are Chinese, one sentence each, printed as
`file:line:column: value — what is wrong — what to do`; all findings of an input are told at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One problem of one input file. `line` is the physical line (0: the file as a whole)."""

    file: str
    line: int
    column: str
    value: str
    problem: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line or "", visible(self.column)) if part)
        value = f"{visible(self.value)} — " if self.value else ""
        return f"{place}: {value}{self.problem} — {self.remedy}"


class Refused(Exception):
    """The input is bad. Carries every finding; its text is one finding a line."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Unknown(LookupError):
    """A plan, indicator or year was asked for that does not exist. Its text is one sentence."""


def visible(text: str, limit: int = 60) -> str:
    """`text` with characters a reader cannot see (controls, zero-width, bidi) shown as U+XXXX, cut at `limit`."""
    shown = "".join(ch if ch.isprintable() else f"<U+{ord(ch):04X}>" for ch in str(text))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def nearest(word: str, known: Iterable[str]) -> str:
    """「；最接近的是 X」 when a known word is near enough to `word` to be a slip, else an empty string."""
    close = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"；最接近的是 {close[0]}" if close else ""


def shown_path(path: Path, root: Path) -> str:
    """`path` relative to `root` where it lies inside, so that no message names a machine's folders."""
    path, root = Path(path).absolute(), Path(root).absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
