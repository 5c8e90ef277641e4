"""What is kept, and who answers for it: an edition, and the people of params/archive.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import layout


@dataclass(frozen=True)
class Organization:
    """Who makes the assessment."""

    name: str
    url: str | None = None


@dataclass(frozen=True)
class Person:
    """Who answers for it; `url` may be an ORCID."""

    name: str
    role: str
    url: str | None = None


@dataclass(frozen=True)
class Licence:
    """The terms under which the archive may be used."""

    name: str
    url: str


@dataclass(frozen=True)
class Filing:
    """How an archive files it: 全宗号, 档号, 保管期限, 密级; empty where it is written in later."""

    fonds: str = ""
    number: str = ""
    retention: str = ""
    classification: str = ""


@dataclass(frozen=True)
class Keeper:
    """params/archive.yml: people, licence, rights and filing, written into every bag."""

    organization: Organization
    licence: Licence
    rights: str
    people: tuple[Person, ...] = ()
    filing: Filing = Filing()


@dataclass(frozen=True)
class Subject:
    """What was assessed: `edition` is its folder's name, `document` the plan as a schema.org
    CreativeWork (name, publisher, …)."""

    plan: str
    year: int
    edition: str
    title: str
    document: Mapping[str, object] = field(default_factory=dict)
    code: tuple[str, ...] = ()  # SWHIDs of the commit it was made from

    @property
    def folder(self) -> str:
        return layout.folder(self.plan, self.edition)

    def holds(self, path: str) -> bool:
        """Whether a file of the payload was made by this edition."""
        return path.startswith(self.folder)
