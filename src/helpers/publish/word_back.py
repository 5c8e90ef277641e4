"""What an edited Word document says: its paragraphs in order, each under its heading, and the
sentences in the fields that `word` named.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

OWN = "own_"  # how the bookmark of a sentence of the evaluator begins
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


def bookmark(place: str) -> str:
    """The bookmark of the sentence at `place` in the judgement's file: letters, digits, "_"."""
    return OWN + place.replace(".", "__")


def _read(paragraph) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of a paragraph and its named fields: content controls by their tag, or, where an
    office took that off, what stands in their bookmark."""
    text, inside, ends = "", "", ""
    fields: dict[str, str] = {}
    for part in _pieces(paragraph):
        name = _tag(part)
        if name:
            text, fields[name] = text + HOLE, _plain(part)
        elif part.tag == _qn("w:bookmarkStart") and part.get(_qn("w:name"), "").startswith(OWN):
            inside = part.get(_qn("w:name")).removeprefix(OWN).replace("__", ".")
            text, fields[inside], ends = text + HOLE, "", part.get(_qn("w:id"))
        elif part.tag == _qn("w:bookmarkEnd") and part.get(_qn("w:id")) == ends:
            inside = ""
        elif inside:
            fields[inside] += _plain(part)
        else:
            text += _plain(part)
    return text, tuple(fields.items())


def _tag(part) -> str:
    """The name of a content control; "" for anything else."""
    name = part.find(f"{_qn('w:sdtPr')}/{_qn('w:tag')}") if part.tag == _qn("w:sdt") else None
    return "" if name is None else name.get(_qn("w:val"), "")


def _pieces(element) -> Iterator:
    """The parts of a paragraph in order, a content control without a name as what it holds."""
    for part in element:
        if part.tag == _qn("w:sdt") and not _tag(part):
            yield from _pieces(part.find(_qn("w:sdtContent")))
        else:
            yield part


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
