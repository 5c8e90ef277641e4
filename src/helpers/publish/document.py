"""The assessment as a Word document, for offices that edit and file one.

It is made from the same blocks as the page; how they look is said in `word`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from ..show import blocks, wording
from ..show.blocks import Block
from ..show.lines import Line, Small
from . import chapters
from .word import Document, clean


def document(facts: dict, pictures: Mapping[str, bytes]) -> bytes:
    """The document of an edition: `facts` as the page has them, `pictures` as PNG by the anchor of
    their card and "overview"."""
    words = wording.LANGUAGES[facts["whole"]["language"]]
    written = Document(facts["whole"]["title"], _marks(facts, words), words)
    written.pictures = pictures
    _front(written, facts, words)
    for k, chapter in enumerate(chapters.of(facts, "word", words)):
        written.lay(chapter.aside)
        written.heading(chapter.title, 1, new_page=k == 0)
        draw(written, chapter.blocks)
    return written.bytes()


def _marks(facts: dict, w: ModuleType) -> list[str]:
    """What every sheet says, since sheets are copied one by one: that the data are fictional, that
    values are assumed."""
    whole = facts["whole"]
    scenario = f"{w.ASSUMED}“{whole['scenario_title']}”" if whole.get("scenario") else ""
    return [
        f"※ {text}"
        for text in (scenario, w.FICTIONAL if facts["plan"]["fictional"] else "")
        if text
    ]


def _front(written: Document, facts: dict, w: ModuleType) -> None:
    whole, plan, p = facts["whole"], facts["plan"], w.page
    written.docx.add_paragraph(clean(whole["title"]), "Title")
    if whole.get("scenario"):
        written.say(f"※ {w.ASSUMED}“{whole['scenario_title']}”{w.COLON}{whole['scenario_reason']}")
    if plan["fictional"]:
        written.say(f"※ {w.FICTIONAL}")
    written.say(
        p.labelled(
            p.PLAN_OF, " ".join(text for text in (plan["title"], plan["document_number"]) if text)
        ),
        p.labelled(p.ISSUED, f"{plan['issuer']}{w.COMMA}{plan['issued']}"),
        p.labelled(p.DATA, whole["cutoff"]),
        *_parties(whole, w),
        p.CONTENTS,
    )
    written.contents_here()


def _parties(whole: dict, w: ModuleType) -> list[str]:
    """Who asked, who answers and when, where the evaluator says so; that it is a draft."""
    said, titles = whole.get("judgement"), w.judgement.PARTIES
    if not said:
        return []
    told = [w.page.labelled(titles[name], said["parties"][name]) for name in w.judgement.COVER]
    return [*told, *([w.judgement.DRAFT] if said["draft"] else [])]


def draw(written: Document, chapter: Iterable[Block]) -> None:
    """The blocks of a chapter, one after the other."""
    for block in chapter:
        DRAWN[type(block)](written, block)


def _heading(written: Document, block: blocks.Heading) -> None:
    written.heading(block.text, block.level + 1)


def _sentence(written: Document, block: blocks.Sentence) -> None:
    written.say(block.line)


def _lead(written: Document, block: blocks.Lead) -> None:
    answers = (written.labelled(term, written.plain(line)) for term, line in block.rows)
    written.say(block.word, *answers, block.text)


def _listing(written: Document, block: blocks.Listing) -> None:
    if block.ids:
        numbered = ((f"[{k}] ", item) for k, item in enumerate(block.items, 1))
        written.say(*numbered)
    else:
        written.listed(block.items)


def _counts(written: Document, block: blocks.Counts) -> None:
    told = (f"{written.plain(mark)} {k}" for mark, k, _ in block.items)
    written.say(written.listing.join(told))


def _timeline(written: Document, block: blocks.Timeline) -> None:
    for day, source, strength, items in block.events:
        written.say((day, "\u2003", source, Small(strength)))
        written.listed(items)


def _pairs(written: Document, block: blocks.Pairs) -> None:
    written.table(block.heads, [(term, written.plain(said)) for term, said in block.rows], (1, 5))


def _table_of(written: Document, block: blocks.Table) -> None:
    """A table without the columns only a screen can draw."""
    shown = [k for k, column in enumerate(block.columns) if not column.screen]
    rows = [_row(row, shown) for row in block.rows]
    heads = [written.plain(block.columns[k].title) for k in shown]
    widths = [block.columns[k].width for k in shown]
    written.table(heads, rows, widths, block.size, block.caption)


def _row(row: blocks.Row, shown: Sequence[int]) -> list[Line]:
    return [cell.line for k, cell in enumerate(row.drawn) if k in shown]


def _figure(written: Document, block: blocks.Figure) -> None:
    written.picture(written.pictures[block.name], block.alt, block.caption)


def _note(written: Document, block: blocks.Note) -> None:
    text = written.plain(block.line)
    written.say(written.labelled(block.title, text) if text else block.title)
    written.listed(map(written.plain, block.items))


def _quote(written: Document, block: blocks.Quote) -> None:
    opened, closed = written.brackets
    written.say(block.text + opened + block.place + closed, style="Quote")


def _code(written: Document, block: blocks.Code) -> None:
    written.say(block.text)


def _folded(written: Document, block: blocks.Folded) -> None:
    if not block.screen:
        written.heading(written.plain(block.summary), 3)
        draw(written, block.blocks)


def _beside(written: Document, block: blocks.Beside) -> None:
    for group in block.groups:
        draw(written, group)


def _card(written: Document, block: blocks.Card) -> None:
    written.heading(block.title, 2)
    written.say("\u2003".join(map(written.plain, block.marks)))
    draw(written, block.blocks)


def _nothing(written: Document, _: Block) -> None:
    """What only a screen can do."""


DRAWN: dict[type, Callable[[Document, Any], None]] = {
    blocks.Heading: _heading,
    blocks.Sentence: _sentence,
    blocks.Lead: _lead,
    blocks.Listing: _listing,
    blocks.Counts: _counts,
    blocks.Strip: _nothing,
    blocks.Timeline: _timeline,
    blocks.Pairs: _pairs,
    blocks.Table: _table_of,
    blocks.Figure: _figure,
    blocks.Note: _note,
    blocks.Quote: _quote,
    blocks.Code: _code,
    blocks.Folded: _folded,
    blocks.Beside: _beside,
    blocks.Card: _card,
    blocks.Gallery: _nothing,
    blocks.Screen: _nothing,
}
