"""What is wrong with an input, where, and what to do about it.

Convention: messages about inputs are Chinese, one sentence each, printed as
`file:line:column: value — what is wrong — what to do`; all findings of an input are told at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MOST = 1000  # findings told of one file: whoever sees a thousand has to look at the file as a whole
LONGEST_NAME = 80  # a longer word is no slip of a known name, and comparing it would take long

# What a reader cannot see, and what changes how the rest of a line is seen: controls, soft hyphen,
# zero-width and bidirectional marks, blank letters of Hangul and Braille, variation selectors,
# tags, noncharacters. Also a carriage return without its line feed, and U+FFFD or 「锟斤拷」, which
# a converter leaves where it could not read.
INVISIBLE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]|\r(?!\n)|锟斤拷"
)
# Letters that look like those of ids: Greek, Cyrillic, Armenian, Cherokee, phonetic, mathematical.
LOOKALIKE = re.compile(
    "[\u0251-\u02af\u0370-\u052f\u0531-\u058f\u13a0-\u13ff\u1d00-\u1dbf\u212a\u212b\U0001d400-\U0001d7ff]"
)


@dataclass(frozen=True)
class Finding:
    """One problem of one input file. `line` is the physical line (0: the file as a whole); `about`
    names indicator, area and year where the problem is one of a figure."""

    file: str
    line: int
    column: str
    value: str
    problem: str
    remedy: str
    warning: bool = False
    about: tuple[str, str, int | None] = ("", "", None)

    def __str__(self) -> str:
        place = ":".join(
            str(part) for part in (self.file, self.line or "", visible(self.column)) if part
        )
        value = f"{visible(self.value)} — " if self.value else ""
        return f"{place}: {value}{self.problem} — {self.remedy}"


Wrong = Callable[[str, object, str, str], Finding]  # column, value, problem, remedy


def in_file(shown: str) -> Wrong:
    """A maker of findings about the file `shown` as a whole."""

    def wrong(column: str, value: object, problem: str, remedy: str) -> Finding:
        return Finding(shown, 0, column, str(value), problem, remedy)

    return wrong


class Refused(Exception):
    """The input is bad. Carries every finding; its text is one finding a line."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Unknown(LookupError):
    """A plan, indicator or year was asked for that does not exist. Its text is one sentence."""


def visible(text: str, limit: int = 60) -> str:
    """`text` with characters a reader cannot see, or takes for others, shown as U+XXXX, cut at
    `limit`."""
    shown = "".join(map(_visible, str(text)[: limit + 1]))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _visible(ch: str) -> str:
    if LOOKALIKE.match(ch):
        return f"{ch}<U+{ord(ch):04X}>"
    return ch if ch.isprintable() and not INVISIBLE.match(ch) else f"<U+{ord(ch):04X}>"


def nearest(word: str, known: Iterable[str]) -> str:
    """「；最接近的是 X」 when a known word is near enough to `word` to be a slip, else an empty
    string."""
    if len(str(word)) > LONGEST_NAME:
        return ""
    close = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"；最接近的是 {close[0]}" if close else ""


def shown_path(path: Path, root: Path) -> str:
    """`path` relative to `root` where it lies inside, so that no message names a machine's
    folders."""
    path, root = Path(path).absolute(), Path(root).absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
