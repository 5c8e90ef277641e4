"""One promise of the plan as a row of the ledger: what was promised, by whom, how it stands, on
which evidence.
"""

from __future__ import annotations

from types import ModuleType

from ...show import marks
from ...show.blocks import Row
from ...show.ledger import SHADE
from ...show.lines import Break, Line, Link, Mark, Part, Small, separated

NOT_ASKED = ("done", "done_late", "dropped", "unclear")  # schedules that need no more evidence


def schedule(code: str, w: ModuleType) -> Mark:
    """The mark of a promise's state."""
    style = f"status s-{SHADE[code]}"
    return Mark(w.COMMITMENT_SIGN[code], w.COMMITMENT[code], style, w.COMMITMENT_MEANING[code])


def quoted(e: dict, w: ModuleType) -> str:
    """What a piece of evidence says: its own words, then the note on it."""
    quotation = f"{w.quotation(e['locator'])} " if e["locator"] else ""
    return quotation + (e["note"] or "")


def held(e: dict, edition: dict, w: ModuleType) -> Line:
    """Whether the document itself is kept, only its source, only an address, or nothing."""
    source, plan = edition["sources"][e["source"]], edition["whole"]["plan"]
    if e["file"]:
        address, digest = marks.copy_at(plan, e["file"]), f"SHA-256 {e['sha256']}"
        return " ", Link(w.ledger.DOCUMENT, address, "kept", digest)
    if source["file"]:
        return " ", marks.kept(plan, source["file"], w)
    if source["url"]:
        return " ", Small(w.ledger.LINK_ONLY)
    return marks.unkept(e["source"], edition, w)


def row(c: dict, edition: dict, w: ModuleType) -> Row:
    """A promise with its sentence, owner, due date, state and evidence; what to filter it by."""
    kinds = (w.COMMITMENT_KIND[c["kind"]], w.COMMITMENT_TYPE[c["type"]])
    kind = w.COMMA.join(word for word in kinds if word)
    deliverable = w.ledger.DELIVERABLE + c["deliverable"] if c["deliverable"] else ""
    owner = c["owner"]
    office: Line = (
        (owner["office"], Break(), Small(w.BASIS[owner["basis"]]))
        if owner
        else Small(w.ledger.NO_OWNER)
    )
    cells = (
        _under(c["title"], kind, deliverable),
        _under(w.quotation(c["quote"]), _place(c, edition, w)),
        office,
        c["due"] or Small(w.page.NO_DUE),
        _state(c, w),
        _evidence(c, edition, w),
    )
    filters = {
        "item": f"c-{c['id']}",
        "schedule": c["schedule"],
        "office": owner["office"] if owner else w.ledger.NO_OWNER,
        "kind": c["kind"],
    }
    return Row(cells, f"c-{c['id']}", tuple(filters.items()))


def _under(line: Line, *notes: str) -> Line:
    """A line with small print under it, one line each."""
    return separated((line, *(Small(note) for note in notes if note)), Break())


def _place(c: dict, edition: dict, w: ModuleType) -> str:
    """Where the plan says it, and where it says it again."""
    source = edition["sources"][c["source"]]["title"] if c["source"] else ""
    again = w.ledger.restated([one["line"] for one in c["restated"]])
    return w.COMMA.join(text for text in (w.place(c["line"], "", source), again) if text)


def _state(c: dict, w: ModuleType) -> Line:
    """The state, how strong its evidence is, what the office says itself, other readings."""
    official = w.ledger.OFFICIAL + w.SAID[c["official"]] if c["official"] else ""
    otherwise = [
        w.ledger.read_otherwise(way["text"], w.COMMITMENT[c["other_readings"][way["id"]]])
        for way in c["readings"]
        if way["id"] in c["other_readings"]
    ]
    strength = w.STRENGTH[c["strength"]] if c["strength"] else ""
    return _under(schedule(c["schedule"], w), strength, official, *otherwise)


def _evidence(c: dict, edition: dict, w: ModuleType) -> Line:
    """Every piece of evidence, then what is still needed and why."""
    told = (
        w.ledger.UNCLEAR_BECAUSE + c["unclear"] if c["unclear"] else "",
        w.page.TO_SUPPLY + c["evidence_needed"] if c["schedule"] not in NOT_ASKED else "",
        c["note"] or "",
    )
    more = Small(separated(told, Break()))
    return (*(Part(_piece(e, edition, w)) for e in c["evidence"]), more)


def _piece(e: dict, edition: dict, w: ModuleType) -> Line:
    dated = w.page.labelled(e["date"] or w.page.year(e["year"]), "")
    office = w.COMMA + e["office"] if e["office"] else ""
    source = marks.source(e["source"], edition)
    where = (w.OPEN, source, office, w.CLOSE)
    return (dated, quoted(e, w), *where, held(e, edition, w))
