"""The chapters of an assessment: which there are, in which order, on which paper. The page and its
contents, the Word document and the outline of the PDF all follow this one list.

A chapter is a function of an edition and its words that yields blocks (`show.blocks`); its title is
in `wording.page.SECTION`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

from ...show.blocks import Block
from . import (
    annex,
    areas,
    background,
    cards,
    check,
    commitments,
    conclusion,
    evidence,
    judgement,
    method,
    opinions,
    outlook,
    results,
    safeguards,
    scenario,
    sources,
)

PAPERS = ("page", "word")
Write = Callable[[dict, ModuleType], Iterable[Block]]


def _always(_: dict) -> bool:
    return True


def _assumed(edition: dict) -> bool:
    return bool(edition["whole"].get("scenario"))


def _by_area(edition: dict) -> bool:
    return any(record["areas"] for record in edition["indicators"])


def _judged(edition: dict) -> bool:
    return bool(edition["whole"].get("judgement"))


def _signed(edition: dict) -> bool:
    return _judged(edition) and bool(edition["whole"]["judgement"]["parties"]["signatures"])


@dataclass(frozen=True)
class Chapter:
    """A chapter by its id; `there` tells in which editions it stands, `papers` on which papers,
    `aside` that it lies on its side where paper is printed."""

    id: str
    write: Write
    there: Callable[[dict], bool] = _always
    papers: tuple[str, ...] = PAPERS
    aside: bool = False


CHAPTERS = (
    Chapter("scenario", scenario.chapter, _assumed),
    Chapter("conclusion", conclusion.chapter),
    Chapter("background", background.chapter),
    Chapter("categories", judgement.categories),
    Chapter("table", results.chapter),
    Chapter("cards", cards.chapter),
    Chapter("areas", areas.chapter, _by_area),
    Chapter("commitments", commitments.chapter),
    Chapter("safeguards", safeguards.chapter, safeguards.there),
    Chapter("opinions", opinions.chapter, opinions.there),
    Chapter("problems", judgement.problems, _judged),
    Chapter("recommendations", judgement.recommendations, _judged),
    Chapter("outlook", outlook.chapter),
    Chapter("check", check.chapter),
    Chapter("method", method.chapter),
    Chapter("sources", sources.chapter),
    Chapter("annex", annex.chapter, aside=True),
    Chapter("evidence", evidence.chapter),
    Chapter("signatures", judgement.signatures, _signed),
)


@dataclass(frozen=True)
class Written:
    """A chapter of one edition as every paper draws it."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    aside: bool


def of(edition: dict, paper: str, w: ModuleType) -> list[Written]:
    """The chapters of an edition on `paper` ("page" or "word"), in the words `w`."""
    return [
        Written(
            chapter.id,
            w.page.SECTION[chapter.id],
            tuple(chapter.write(edition, w)),
            chapter.aside,
        )
        for chapter in CHAPTERS
        if paper in chapter.papers and chapter.there(edition)
    ]
