"""How does an edition become evidence? Its plan and its keeper are told to the archive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .intake import fields
from .request import Edition
from .run import place

if TYPE_CHECKING:
    from .archive.bag import Archived
    from .archive.subject import Subject


def archive(
    edition: Edition,
    date: str,
    *,
    key: Path | None = None,
    sm3: bool = False,
    remake: bool = False,
    more: Mapping[str, bytes] | None = None,
) -> Archived:
    """Keep the edition as an evidence bag in evidence/, registered under `date`; key, sm3, remake
    and more as of `bag.archive`. Raises `CannotArchive`, `Unsafe`, `Refused` or `Busy`."""
    from .archive import bag
    from .archive.subject import Keeper

    root = edition.plan.root
    keeper = fields.read(root / "params" / "archive.yml", Keeper, "params/archive.yml")
    what = (root, edition.folder, _subject(edition), keeper, root / "evidence", date)
    with place.held(edition.folder, f"{edition.plan.id} {edition.name}"):
        return bag.archive(*what, key=key, sm3=sm3, remake=remake, more=more)


def _subject(edition: Edition) -> Subject:
    from .archive.subject import Subject

    plan = edition.plan
    document = {
        "name": plan.title,
        "alternateName": plan.title_en,
        "publisher": plan.issuer,
        "datePublished": plan.issued,
        "url": plan.document.url,
        "sha256": plan.document.sha256,
    }
    return Subject(plan.id, edition.year, edition.name, plan.title, document)
