"""A line of a report: text, a piece that is more than text (small print, a link, the mark of a
status, …), or several of them one after the other.

`plain` is what is left of a line where nothing but text can be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class Small:
    """Small print: after other text in brackets where there is no small print."""

    kind: ClassVar[str] = "small"
    line: Line
    doubt: bool = False


@dataclass(frozen=True)
class Bold:
    kind: ClassVar[str] = "bold"
    line: Line
    doubt: bool = False


@dataclass(frozen=True)
class Link:
    """A link to a part of the page or to a file beside it; to elsewhere only with http or https."""

    kind: ClassVar[str] = "link"
    line: Line
    href: str
    role: str = (
        ""  # "value": a figure that opens its row, "kept" a copy, "unkept" that there is none
    )
    meaning: str = ""

    @property
    def outside(self) -> bool:
        return self.href.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Mark:
    """A status or an alert: a sign, its word, the style of its colour, what it means."""

    kind: ClassVar[str] = "mark"
    sign: str
    text: str
    style: str
    meaning: str = ""


@dataclass(frozen=True)
class Own:
    """A sentence the evaluator wrote, and its place in the judgement's file: told apart from what
    is generated, and on paper that is edited it can be found again."""

    kind: ClassVar[str] = "own"
    text: str
    place: str
    quiet: bool = False  # beside a sentence that is marked already: an owner, a measure


@dataclass(frozen=True)
class Digest:
    """A fingerprint of a file."""

    kind: ClassVar[str] = "digest"
    text: str


@dataclass(frozen=True)
class Break:
    """A new line within a cell or an item."""

    kind: ClassVar[str] = "break"


@dataclass(frozen=True)
class Part:
    """A paragraph within a cell."""

    kind: ClassVar[str] = "part"
    line: Line


@dataclass(frozen=True)
class Shares:
    """Shares of a whole as a coloured bar: (style, count)."""

    kind: ClassVar[str] = "shares"
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Track:
    """The share of the planned gain beside the elapsed share; its numbers stand beside it."""

    kind: ClassVar[str] = "track"
    progress: float
    elapsed: float
    status: str


@dataclass(frozen=True)
class Spark:
    """The course of a series beside its target: (year, level, before) of every point."""

    kind: ClassVar[str] = "spark"
    points: tuple[tuple[int, float, bool], ...]
    target: float
    target_year: int


Piece = Small | Bold | Link | Mark | Own | Digest | Break | Part | Shares | Track | Spark
Line: TypeAlias = "str | Piece | tuple[Line, ...]"


def plain(line: Line, brackets: tuple[str, str] = ("（", "）")) -> str:
    """The text of a line; what is drawn and not written is left out."""
    if isinstance(line, str):
        return line
    if isinstance(line, tuple):
        return _joined(line, brackets)
    if isinstance(line, Mark):
        return f"{line.sign} {line.text}"
    if isinstance(line, Break):
        return "\n"
    if isinstance(line, Digest | Own):
        return line.text
    return "" if isinstance(line, Shares | Track | Spark) else plain(line.line, brackets)


def _joined(line: tuple[Line, ...], brackets: tuple[str, str]) -> str:
    """Pieces one after the other; small print within a line in brackets."""
    text = ""
    for piece in line:
        more = plain(piece, brackets)
        if isinstance(piece, Small) and text.strip() and more and not text.endswith("\n"):
            text = text.rstrip(" ") + brackets[0] + more + brackets[1]
        else:
            text += more + "\n" * isinstance(piece, Part)
    return text.rstrip("\n") if any(isinstance(piece, Part) for piece in line) else text


def separated(lines: Sequence[Line], by: Line) -> tuple[Line, ...]:
    """The lines that say something, `by` between them."""
    found: list[Line] = []
    for line in lines:
        if line:
            found += [by, line] if found else [line]
    return tuple(found)


def parted(line: Line, brackets: tuple[str, str] = ("（", "）")) -> list[tuple[str, str]]:
    """The text of a line in stretches (text, place): the evaluator's own with its place in their
    file, what stands between with none."""
    found: list[tuple[str, str]] = []
    between: list[Line] = []
    for piece in (*_flat(line), Own("", "")):
        if not isinstance(piece, Own):
            between.append(piece)
            continue
        text = plain(tuple(between), brackets)
        found += [(text, "")] * bool(text) + [(piece.text, piece.place)] * bool(piece.place)
        between = []
    return found


def _flat(line: Line) -> list[Line]:
    """A line's pieces, those of lines within it too."""
    return [piece for part in line for piece in _flat(part)] if isinstance(line, tuple) else [line]
