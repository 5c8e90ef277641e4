"""How a status, an alert and a source are drawn in a line, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from urllib.parse import quote

from .lines import Line, Link, Mark, Small


def status(code: str, w: ModuleType, *, at_least: bool = False, of: int | None = None) -> Mark:
    """The mark of a status; see `wording.judged` for what may limit it."""
    return Mark(w.SIGN[code], w.judged(code, at_least, of), f"status s-{code}")


def status_of(record: Mapping, w: ModuleType, *, dated: bool = False) -> Mark:
    """The status of an indicator or an area; `dated` says of which year the data are, where that
    is not the assessed one."""
    year = record.get("stale") if dated else None
    return status(record["status"], w, at_least=record.get("at_least", False), of=year)


def alert(code: str, w: ModuleType, *, unforeseen: bool = False) -> Mark:
    """The mark of an alert; one given without a forecast is hatched."""
    word = f"{w.ALERT[code]}·{w.ALERT_MEANING[code]}"
    return Mark(w.ALERT_SIGN[code], word, f"alert a-{code}" + " unforeseen" * unforeseen)


def alert_of(record: Mapping, w: ModuleType) -> Line:
    """The alert of an indicator; empty where it has none."""
    if not record["alert_code"]:
        return ""
    unforeseen = record["p_met"] is None and record["final_code"] in ("", "pending")
    return alert(record["alert_code"], w, unforeseen=unforeseen)


def outside(url: str | None, text: str) -> Line:
    """A link to the open net; an address of any other kind is left out."""
    return Link(text, url) if url and url.startswith(("http://", "https://")) else text


def copy_at(plan: str, file: str) -> str:
    """Where the kept copy of a source lies, seen from the page of an edition."""
    return f"../../../raw/{plan}/documents/{quote(file, safe='')}"


def kept(plan: str, file: str, w: ModuleType) -> Link:
    """The word that a source is kept, leading to its copy."""
    return Link(w.page.KEPT, copy_at(plan, file), "kept")


def source(name: str, edition: Mapping) -> Line:
    """The title of a source, leading to its copy, else to its address, else to the list of
    sources."""
    one = edition["sources"][name]
    if one["file"]:
        return Link(one["title"], copy_at(edition["whole"]["plan"], one["file"]))
    if one["url"]:
        return outside(one["url"], one["title"])
    return Link(one["title"], f"#source-{list(edition['sources']).index(name) + 1}")


def unkept(name: str, edition: Mapping, w: ModuleType) -> Line:
    """That no copy of a source is kept, leading to its entry in the list of sources; nothing where
    one is."""
    one = edition["sources"][name]
    if one["file"]:
        return ""
    word = w.page.MAY_NOT_BE_KEPT if one["rights"] == "closed" else w.page.NOT_KEPT
    entry = f"#source-{list(edition['sources']).index(name) + 1}"
    return (" ", Small(Link(word, entry, "unkept")))
