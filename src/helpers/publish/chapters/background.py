"""What is assessed and on whose behalf: the plan, the parties, the period, and what was settled
before the data came."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import Block, Heading, Pairs, Sentence
from . import protocol


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Plan, parties and scope; the protocol and every departure from it, or that there is none."""
    whole, plan, p, c = edition["whole"], edition["plan"], w.page, w.chapters
    said, period = whole["judgement"], plan["period"]
    parties = said["parties"] if said else {}
    number = f"{w.OPEN}{plan['document_number']}{w.CLOSE}" if plan["document_number"] else ""
    titles = w.judgement.PARTIES
    told = [
        (p.PLAN_OF, plan["title"] + number),
        (p.ISSUED, f"{plan['issuer']}{w.COMMA}{plan['issued']}"),
        *((titles[name], parties[name]) for name in titles if name in parties),
        *([(c.LATER_DATA, later)] if (later := _later(parties, edition)) else []),
        (c.PERIOD, w.judgement.period(period["start"], period["end"], whole["year"])),
        (c.SCOPE, _scope(edition, w)),
        (c.EDITION, whole["cutoff"]),
    ]
    yield Pairs(tuple(told), w.PAIR_COLUMNS)
    if not said:
        yield Sentence(c.NO_PARTIES)
    yield Heading(p.PROTOCOL, id="protocol")
    if whole.get("protocol"):
        yield from protocol.chapter(edition, w)
    else:
        yield Sentence(c.NO_PROTOCOL)


def _later(parties: dict, edition: dict) -> str:
    """The newest publication used, where the evaluator signed before it; else empty."""
    newest = edition["newest"]
    return newest if newest > parties.get("dated", newest) else ""


def _scope(edition: dict, w: ModuleType) -> str:
    categories = {r["category"] for r in edition["indicators"]}
    promises = len(edition["commitments"]["commitments"])
    return w.chapters.scope(len(edition["indicators"]), len(categories), promises)
