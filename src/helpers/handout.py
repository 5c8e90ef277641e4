"""What an edition is handed out as: a PDF, a Word document, a brief of one page. Made from the
edition's own folder and nothing else.

They stand beside the edition's folder and not in it: they carry the hour of their making, and the
folder is evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import atomic
from .intake.finding import Unknown
from .publish import (
    brief,
    document,
    evidence_page,
    notebooks,
    pictures,
    print as paper,
    report,
    word,
)
from .request import Edition
from .tasks import PAGE

NOT_POSSIBLE = (word.Missing, paper.NoBrowser, paper.NotPrinted)


def _pdf(edition: Edition) -> list[Path]:
    target = _beside(edition, ".pdf")
    paper.pdf(edition.folder / "assessment.html", target)
    return [target]


def document_of(edition: Edition) -> bytes:
    """The Word document of an edition, from its own folder."""
    drawn = pictures.pictures(notebooks.executed(edition.folder))
    return document.document(report.stored(edition.folder), drawn)


def _docx(edition: Edition) -> list[Path]:
    target = _beside(edition, ".docx")
    atomic.write(target, document_of(edition))
    return [target]


def _brief(edition: Edition) -> list[Path]:
    page, target = _beside(edition, ".brief.html"), _beside(edition, ".brief.pdf")
    atomic.write(page, brief.page(report.stored(edition.folder)).encode())
    paper.pdf(page, target)
    return [target, page]


def evidence_list(sheet: dict, page: Path) -> Path:
    """证据清单 of the facts `sheet` as `page` and, beside it, printed; what can be opened first."""
    atomic.write(page, evidence_page.page(sheet).encode())
    try:
        paper.pdf(page, page.with_suffix(".pdf"))
    except paper.NoBrowser:
        return page
    return page.with_suffix(".pdf")


def papers(folder: Path) -> dict[str, bytes]:
    """What was made to be handed out of the edition in `folder`, by name; what is older than the
    edition was made from another one and is left."""
    made = (folder / "run.json").stat().st_mtime if (folder / "run.json").is_file() else None
    beside = (folder.with_name(folder.name + end) for end in PAPERS)
    return {
        path.name: path.read_bytes()
        for path in beside
        if made is not None and path.is_file() and path.stat().st_mtime >= made
    }


PAPERS = (".pdf", ".docx", ".brief.pdf", ".brief.html")
KINDS: dict[str, Callable[[Edition], list[Path]]] = {
    "pdf": _pdf,
    "docx": _docx,
    "brief": _brief,
}


def make(kind: str, edition: Edition) -> list[Path]:
    """The files of one kind, the one to open first. Raises `Unknown` where the edition has not been
    made, or by an older version."""
    if not all((edition.folder / name).is_file() for name in PAGE):
        known_by = f" KNOWN_BY={edition.known_by}" if edition.known_by else ""
        language = f" REPORT_LANG={edition.language}" if edition.language != "zh" else ""
        raise Unknown(
            f"{edition.plan.id} 还没有 {edition.name} 期次；先执行 make assess "
            f"PLAN={edition.plan.id} YEAR={edition.year}{known_by}{language}"
        )
    return KINDS[kind](edition)


def _beside(edition: Edition, suffix: str) -> Path:
    return edition.folder.with_name(edition.name + suffix)
