"""What an edited Word document says: its paragraphs in order, each under its heading, and the
sentences in the fields that `word` named.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

HOLE = "\ufffc"  # stands for a named field in the text around it


class Unreadable(ValueError):
    """No Word document, or one that cannot be opened."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: the heading it stands under, its text with a `HOLE` for each named field, and
    those fields as (name, text)."""

    heading: str
    text: str
    fields: tuple[tuple[str, str], ...]


def paragraphs(content: bytes) -> list[Paragraph]:
    """The paragraphs of a document, those in tables too; the contents, which Word makes again, and
    empty ones are left out. Raises `Unreadable`."""
    from docx import Document

    try:
        body = Document(io.BytesIO(content)).element.body
    except Exception:  # python-docx raises what its zip and XML readers raise
        raise Unreadable from None
    return list(_under_headings(body))


def _under_headings(body) -> Iterator[Paragraph]:
    heading = ""
    for paragraph in body.iter(_qn("w:p")):
        style = paragraph.find(f"{_qn('w:pPr')}/{_qn('w:pStyle')}")
        name = "" if style is None else style.get(_qn("w:val"), "")
        if name.upper().startswith("TOC") or _in_contents(paragraph):
            continue
        text, fields = _read(paragraph)
        if name.startswith("Heading"):
            heading = text
        if text.strip():
            yield Paragraph(heading, text, fields)


def _in_contents(paragraph) -> bool:
    links = paragraph.iter(_qn("w:hyperlink"))
    return any(link.get(_qn("w:anchor"), "").startswith("_Toc") for link in links)


def _read(paragraph) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of a paragraph and its named fields."""
    text, fields = "", []
    for part in paragraph:
        name = part.find(f"{_qn('w:sdtPr')}/{_qn('w:tag')}") if part.tag == _qn("w:sdt") else None
        if name is None:
            text += _plain(part)
        else:
            text += HOLE
            fields.append((name.get(_qn("w:val"), ""), _plain(part)))
    return text, tuple(fields)


def _plain(element) -> str:
    """The letters of an element as they are read: what was struck out is gone, what was put in is
    there."""
    letters = {_qn("w:tab"): "\t", _qn("w:br"): "\n", _qn("w:cr"): "\n"}
    if element.tag == _qn("w:pPr"):
        return ""
    return "".join(
        (part.text or "") if part.tag == _qn("w:t") else letters.get(part.tag, "")
        for part in element.iter()
    )


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))
