"""证据清单: the originals that are kept, the executed notebooks and the inputs, each with its
fingerprint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ...show import marks
from ...show.blocks import Block, Folded, Heading, Listing, Row, Sentence, Table, columns
from ...show.lines import Digest, Line, Link, separated


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Every piece an edition rests on; what decided it all, in two numbers."""
    p, c = w.page, w.chapters
    kept = tuple(Row(cells) for cells in _kept(edition, w))
    yield Heading(c.KEPT_TITLE)
    if kept:
        heads = columns(c.KEPT_COLUMNS, "", (5, 4, 3, 6))
        yield Table(heads, kept, w.page.table_of(c.KEPT_TITLE))
    else:
        yield Sentence(c.NONE_KEPT)
    notebooks = [(Link(one["name"], one["name"]), one["sha256"]) for one in edition["notebooks"]]
    yield _fingerprints(p.notebooks(len(notebooks)), notebooks)
    inputs = [(one["path"], one["sha256"]) for one in edition["check"]["inputs"]]
    yield _fingerprints(p.inputs(len(inputs)), inputs)
    yield Sentence(_made_of(edition, w))


def _kept(edition: dict, w: ModuleType) -> Iterator[tuple[Line, ...]]:
    """(what, what it shows, its file, its digest) of each original, once."""
    plan, told = edition["whole"]["plan"], set()
    for one in edition["sources"].values():
        if one["file"]:
            told.add(one["file"])
            copy = marks.kept(plan, one["file"], w)
            yield one["title"], w.chapters.PROVES_SOURCE, copy, Digest(one["sha256"])
    for promise in edition["commitments"]["commitments"]:
        for sign in promise["evidence"]:
            if sign.get("file") and sign["file"] not in told:
                told.add(sign["file"])
                title = edition["sources"][sign["source"]]["title"]
                shown = Link(promise["title"], f"#c-{promise['id']}")
                yield title, shown, marks.kept(plan, sign["file"], w), Digest(sign["sha256"])


def _made_of(edition: dict, w: ModuleType) -> Line:
    """The fingerprints of all that decided the edition: code, inputs, the edition it is compared
    with."""
    p, before = w.page, edition["changes"]
    code = p.labelled(p.CODE, edition["commit"])
    told: list[Line] = [code, (p.labelled(p.INPUTS, ""), Digest(edition["inputs_sha256"]))]
    if before:
        told.append((w.summary.year_before(before["edition"]), Digest(before["sha256"])))
    return separated(told, w.SEMICOLON)


def _fingerprints(summary: str, files: Sequence[tuple[Line, str]]) -> Folded:
    items = tuple((name, " ", Digest(digest)) for name, digest in files)
    return Folded(summary, (Listing(items),))
