"""Where everything came from and how to make it again: the plan, the sources, the commands."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show import marks
from ...show.blocks import Block, Code, Heading, Listing, Sentence
from ...show.lines import Break, Digest, Line, Link, Small, separated


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Sources and replication of an edition."""
    p, whole, sources = w.page, edition["whole"], edition["sources"].values()
    yield Heading(p.ORIGINAL)
    yield Sentence(_original(edition, w))
    yield Heading(p.SOURCES)
    yield Sentence(p.kept(sum(bool(one["file"]) for one in sources), len(sources)))
    items = tuple(_source(one, whole["plan"], w) for one in sources)
    yield Listing(items, ordered=True, ids="source")
    yield Heading(p.REPRODUCE)
    yield Sentence(p.REPRODUCE_NOTE)
    yield Code(f"{_command(whole, w)}\n\nmake test")
    tables = [Link(name, name) for name in ("results.csv", "results.json", "observations.csv")]
    yield Sentence(separated(tables, w.LISTING))
    yield Heading(p.CITE)
    yield Sentence(p.citation(whole["title"], edition["commit"], edition["inputs_sha256"][:12]))
    yield Heading(p.LICENCE)
    yield Sentence(p.LICENCE_NOTE)


def _original(edition: dict, w: ModuleType) -> Line:
    """The plan's own text: title, address, note, fingerprint and the copy that is kept."""
    document = edition["plan"]["document"]
    url = document["url"]
    told: list[Line] = [document["title"]]
    told += [w.COMMA, marks.outside(url, url)] if url else []
    told += [w.STOP, document["note"] or ""]
    if document["sha256"]:
        copies = [
            marks.kept(edition["whole"]["plan"], one["file"], w)
            for one in edition["sources"].values()
            if one["file"] and one["sha256"] == document["sha256"]
        ]
        told += [Break(), *((copies[0], " ") if copies else ())]
        told += [Digest(f"SHA-256 {document['sha256']}")]
    return tuple(told)


def _source(one: dict, plan: str, w: ModuleType) -> Line:
    """A source: title and address, publisher, date, note, whether a copy is kept."""
    told = [marks.outside(one["url"], one["title"]), one["publisher"], one["published"]]
    note = (w.STOP, Small(one["note"])) if one["note"] else ()
    if one["file"]:
        copy: tuple[Line, ...] = (marks.kept(plan, one["file"], w), " ", Digest(one["sha256"]))
    else:
        closed = one["rights"] == "closed"
        copy = (Small(w.page.MAY_NOT_BE_KEPT if closed else w.page.NOT_KEPT),)
    return (*separated(told, w.COMMA), *note, " ", *copy)


def _command(whole: dict, w: ModuleType) -> str:
    asked = {
        "PLAN": whole["plan"],
        "YEAR": whole["year"],
        "KNOWN_BY": whole["known_by"],
        "SCENARIO": whole.get("scenario"),
        "REPORT_LANG": "" if w.CODE == "zh" else w.CODE,
    }
    return " ".join(["make assess", *(f"{name}={value}" for name, value in asked.items() if value)])
