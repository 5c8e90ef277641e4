"""A draft as a Word document with its findings as comments beside highlighted sentences.

A Word document keeps its own form; any other text is written as one paragraph a line. Lines are
counted as in `intake.draft`: paragraphs and rows of tables, in the order of the document.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .word import BODY, ILLEGAL, Missing


class Mark(NamedTuple):
    """A comment on the sentence that begins in `line` (0: on the first), or on the whole line
    where it is not found."""

    line: int
    sentence: str
    text: str


def document(
    source: Path | None, lines: Sequence[str], marks: Iterable[Mark], author: str
) -> bytes:
    """The marked document of the Word file `source`, or of `lines` where there is none."""
    try:
        import docx
        from docx.enum.text import WD_COLOR_INDEX
    except ImportError:
        raise Missing("python-docx is not installed; run: make setup") from None
    made = docx.Document(str(source) if source else None)
    if source is None:
        _set_font(made)
        for line in lines:
            made.add_paragraph(ILLEGAL.sub("", line))
    paragraphs = list(_lines(made))
    for mark in marks:
        paragraph = _paragraph(paragraphs, mark.line)
        if paragraph is not None:
            runs = _runs(paragraph, mark.sentence)
            for run in runs:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            made.add_comment(runs, ILLEGAL.sub("", mark.text), author, author[:2])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _set_font(made: Any) -> None:
    """仿宋 as Chinese offices set documents."""
    from docx.oxml.ns import qn

    normal = made.styles["Normal"]
    normal.font.name = BODY
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)


def _lines(made: Any) -> Iterator[list[Any]]:
    """The paragraphs of each line: one of text, all of a row."""
    for block in made.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield [paragraph for cell in row.cells for paragraph in cell.paragraphs]
        else:
            yield [block]


def _paragraph(paragraphs: Sequence[Sequence[Any]], line: int) -> Any | None:
    """The first paragraph with text of the line, of the document for line 0."""
    wanted = paragraphs[line - 1] if line else [p for each in paragraphs for p in each]
    return next((p for p in wanted if p.text.strip() and p.runs), None)


def _runs(paragraph: Any, sentence: str) -> list[Any]:
    """The runs of the sentence, cut out of those it lies in; all where it is not found."""
    start = paragraph.text.find(sentence) if sentence else -1
    if start < 0 or "".join(run.text for run in paragraph.runs) != paragraph.text:
        return list(paragraph.runs)
    _cut(paragraph, start)
    _cut(paragraph, start + len(sentence))
    found, at = [], 0
    for run in paragraph.runs:
        if start <= at < start + len(sentence) and run.text:
            found.append(run)
        at += len(run.text)
    return found or list(paragraph.runs)


def _cut(paragraph: Any, at: int) -> None:
    """Make a run end at character `at`, the form of both halves as it was."""
    passed = 0
    for run in paragraph.runs:
        if passed < at < passed + len(run.text):
            text = run.text
            second = copy.deepcopy(run._r)
            run._r.addnext(second)
            run.text = text[: at - passed]
            type(run)(second, paragraph).text = text[at - passed :]
            return
        passed += len(run.text)
