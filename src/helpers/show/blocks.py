"""What a report is made of, whatever paper it is drawn on: headings, sentences, tables, figures,
notes.

A block is already worded; page, Word document and notebook only draw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from .lines import Line, Mark


@dataclass(frozen=True)
class Heading:
    """A heading inside a chapter, 1 for the highest such."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1
    id: str = ""


@dataclass(frozen=True)
class Sentence:
    """A paragraph; `role` names what it is for: "sentence", the conclusion of a card."""

    kind: ClassVar[str] = "sentence"
    line: Line
    role: str = ""


@dataclass(frozen=True)
class Lead:
    """The conclusion of the whole: its word, what is asked first with the answers, its counts."""

    kind: ClassVar[str] = "lead"
    word: str
    text: str
    rows: tuple[tuple[str, Line], ...] = ()


@dataclass(frozen=True)
class Listing:
    kind: ClassVar[str] = "listing"
    items: tuple[Line, ...]
    ordered: bool = False
    ids: str = ""  # items are called by this and their number, so that others can refer to them


@dataclass(frozen=True)
class Counts:
    """How many of each kind there are, largest type for the number; (mark, number, what it
    means)."""

    kind: ClassVar[str] = "counts"
    items: tuple[tuple[Mark, int, str], ...]


@dataclass(frozen=True)
class Strip:
    """Shares of a whole as a coloured bar: (style, count); its numbers stand beside it."""

    kind: ClassVar[str] = "strip"
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Gallery:
    """Small pictures side by side, each with its lines, by the card they lead to; a screen's."""

    kind: ClassVar[str] = "gallery"
    title: str
    caption: str
    items: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True)
class Timeline:
    """What happened when: the day, where that is told, how strongly, and what it says."""

    kind: ClassVar[str] = "timeline"
    events: tuple[tuple[str, Line, str, tuple[Line, ...]], ...]


@dataclass(frozen=True)
class Pairs:
    """Terms and what is said of each; `heads` name both where they are drawn as a table."""

    kind: ClassVar[str] = "pairs"
    rows: tuple[tuple[str, Line], ...]
    heads: tuple[str, str]


@dataclass(frozen=True)
class Column:
    title: Line
    style: str = ""  # "n": numbers, set to the right; "d": dates
    width: float = 2  # beside the others, where a paper needs to know
    sorts: bool = False
    screen: bool = False  # drawn, without a text: left to the page


@dataclass(frozen=True)
class Cell:
    """A cell that is more than its line: the value it sorts by, whether it says nothing, how many
    columns it takes, whose heading it has, its colour."""

    line: Line
    value: object = None
    empty: bool = False
    span: int = 1
    label: str = ""
    style: str = ""
    shade: tuple[str, int] | None = None  # a status and the per cent of its colour


@dataclass(frozen=True)
class Row:
    cells: tuple[Line | Cell, ...]
    id: str = ""
    data: tuple[tuple[str, str], ...] = ()  # what a reader may filter by
    group: bool = False  # a heading over the rows that follow

    @property
    def drawn(self) -> tuple[Cell, ...]:
        return tuple(one if isinstance(one, Cell) else Cell(one) for one in self.cells)


@dataclass(frozen=True)
class Table:
    """Columns and rows; `head` is the column that names the row; `label` names the table where it
    cannot be seen."""

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    label: str
    caption: str = ""
    style: str = "stack"  # "stack": its rows become cards on a phone
    head: int = 0
    size: float = 9  # points, on paper
    corner: bool = False  # a matrix: the first heading is empty


@dataclass(frozen=True)
class Figure:
    """A picture by the name of its card, with its numbers in words (`alt`) and as a file to save
    (`data`)."""

    kind: ClassVar[str] = "figure"
    name: str
    svg: str
    alt: str
    caption: str
    data: str = ""


@dataclass(frozen=True)
class Note:
    """What a reader must not miss: a title with a text or a list."""

    kind: ClassVar[str] = "note"
    title: str
    line: Line = ""
    items: tuple[Line, ...] = ()
    role: str = ""


@dataclass(frozen=True)
class Quote:
    kind: ClassVar[str] = "quote"
    text: str
    place: str


@dataclass(frozen=True)
class Code:
    kind: ClassVar[str] = "code"
    text: str
    quoted: bool = False  # holds the comments of its authors, in their language


@dataclass(frozen=True)
class Folded:
    """Blocks a reader opens; on paper they stand open under their summary, unless only a screen has
    them."""

    kind: ClassVar[str] = "folded"
    summary: Line
    blocks: tuple[Block, ...]
    open: bool = False
    role: str = ""
    screen: bool = False


@dataclass(frozen=True)
class Beside:
    """Groups of blocks that stand side by side where there is room."""

    kind: ClassVar[str] = "beside"
    groups: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Card:
    """All that is said of one indicator, under its own heading and marks."""

    kind: ClassVar[str] = "card"
    id: str
    title: str
    name: str
    marks: tuple[Line, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Screen:
    """A tool of the page, drawn by the template of that name; nothing on paper."""

    kind: ClassVar[str] = "screen"
    name: str


Block = (
    Heading
    | Sentence
    | Lead
    | Listing
    | Counts
    | Strip
    | Gallery
    | Timeline
    | Pairs
    | Table
    | Figure
    | Note
    | Quote
    | Code
    | Folded
    | Beside
    | Card
    | Screen
)


def rows(cells: Sequence[Sequence[Line | Cell]]) -> tuple[Row, ...]:
    """Rows that are nothing but their cells."""
    return tuple(Row(tuple(row)) for row in cells)


def columns(
    titles: Sequence[Line], styles: str = "", widths: Sequence[float] = ()
) -> tuple[Column, ...]:
    """Columns by their titles; `styles` has a letter a column: `n` numbers, `d` dates, `-`
    words."""
    return tuple(
        Column(
            title,
            styles[k : k + 1].strip("-"),
            widths[k] if k < len(widths) else 2,
        )
        for k, title in enumerate(titles)
    )
