"""What evidence is there, and what became of it? The register listed and searched, a bag withdrawn
or superseded, a lost register made again from the bags.

A bag is never removed from the register: what became of it is a line of its own, with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from .. import atomic
from . import bag, register, verify
from .verify import Line

SHORTEST = 8  # digits of an id that are taken for it


class NotFound(Exception):
    """No such evidence is registered, or more than one. Its text is one sentence."""


class CannotRebuild(Exception):
    """The bags do not give the whole register. Its text is one sentence."""


@dataclass(frozen=True)
class Entry:
    """One registered bag: its line, what was registered of it since, and whether it lies here."""

    line: Line
    since: tuple[str, ...]
    path: Path
    here: bool

    def __str__(self) -> str:
        line = self.line
        edition = verify.visible(line.get("edition") or line["year"])
        where = "在" if self.here else "不在这里"
        since = "".join(f"；{each}" for each in self.since)
        return (
            f"{line['date']}  {verify.visible(line['plan'])} {edition}  {line['evidence_id']}  "
            f"{where}{since}"
        )


def entries(path: Path, plan: str = "", year: str = "", start: str = "") -> list[Entry]:
    """The bags in the register at `path`, oldest first: all, of one plan, of one year, of ids that
    begin so. Raises `verify.Unsafe`."""
    raw = path.read_bytes() if path.exists() else register.HEADER.encode()
    lines = verify.read_register(raw, path.name)
    found = []
    for line in lines:
        asked = plan in ("", line["plan"]) and year in ("", line["year"])
        if line.get("event") or not asked or not line["evidence_id"].startswith(start):
            continue
        since = tuple(verify.told(each) for each in verify.standing(lines, line["evidence_id"]))
        lies = path.with_name(bag.name_of(line))
        found.append(Entry(line, since, lies, lies.is_file()))
    return found


def found(path: Path, start: str) -> Entry:
    """The one bag whose id begins with `start`. Raises `NotFound`."""
    matching = entries(path, start=start) if len(start) >= SHORTEST else []
    if len(matching) != 1:
        raise NotFound(
            f"{path.name} 里没有唯一一个以 {verify.visible(start) or '（空）'} 开头的证据编号；"
            f"请写至少 {SHORTEST} 位，或用 make register 查"
        )
    return matching[0]


def withdraw(path: Path, start: str, reason: str, date: str, by: str = "") -> Entry:
    """Register that a bag counts no more: withdrawn, or superseded by another. Raises `NotFound`,
    `verify.Unsafe`."""
    with register.held(path) as raw:
        told_of = found(path, start).line["evidence_id"]
        other = found(path, by).line["evidence_id"] if by else ""
        if other == told_of:
            raise NotFound("一个证据包不能由它自己取代；BY= 请写另一个编号")
        raw = register.joined(raw, date)
        (head,) = verify.heads(verify.read_register(raw))
        what, words = "superseded" if by else "withdrawn", " ".join(reason.split())
        line = register.event(what, date, head["evidence_id"], told_of, other, words)
        register.append(path, raw, line)
    return found(path, told_of)


def handed_out(path: Path, evidence_id: str) -> list[dict[str, str]]:
    """The papers that were registered as made from a bag's page: name, SHA-256."""
    lines = verify.read_register(path.read_bytes(), path.name)
    papers = [
        line["reason"].rpartition(" ")
        for line in lines
        if line.get("event") == verify.HANDED_OUT and line["concerns"] == evidence_id
    ]
    return [{"name": name, "sha256": digest} for name, _, digest in papers]


def hand_out(path: Path, start: str, papers: Mapping[str, bytes], date: str) -> None:
    """Register papers (name → content) as made from a bag's page. Raises `NotFound`,
    `verify.Unsafe`."""
    digests = {name: hashlib.sha256(papers[name]).hexdigest() for name in sorted(papers)}
    said = [f"{name} {digest}" for name, digest in digests.items()]
    _tell(path, start, verify.HANDED_OUT, said, date)


def stamped(path: Path, start: str, token: bytes, date: str) -> None:
    """Register the time stamp of a bag, so that no byte of it can be changed unseen, of those the
    authority did not sign either. Raises `NotFound`, `verify.Unsafe`."""
    _tell(path, start, verify.STAMPED, [hashlib.sha256(token).hexdigest()], date)


def _tell(path: Path, start: str, what: str, said: Iterable[str], date: str) -> None:
    """Add a line a reason; what is registered of the bag already is left."""
    with register.held(path) as raw:
        evidence_id = found(path, start).line["evidence_id"]
        whole = register.joined(raw, date)
        for reason in said:
            lines = verify.read_register(whole)
            known = {each["reason"] for each in lines if each.get("event") == what}
            if reason not in known:
                (head,) = verify.heads(lines)
                line = register.event(what, date, head["evidence_id"], evidence_id, "", reason)
                whole = register.longer(whole, line)
        if whole != raw:
            atomic.write(path, whole)


def rebuilt(paths: Iterable[Path]) -> bytes:
    """The register as the bags at `paths` know it: each holds the register before it, and says its
    own line. Raises `CannotRebuild`."""
    known: dict[str, Line] = {}
    for path in paths:
        report = verify.verify(path)
        if report.exit:
            raise CannotRebuild(f"{path.name} 没有通过校验（{report.problems[0][1]}）；请先移走")
        past = _past(path)
        known |= {line["evidence_id"]: line for line in verify.read_register(past)} if past else {}
        columns = verify.REGISTER if past else verify.NARROW
        cells = dict.fromkeys(columns, "") | {"evidence_id": report.evidence_id}
        for column, field in verify.AS_REGISTERED.items():
            if column in columns:
                cells[column] = report.info.get(field, "")
        own = Line(cells.items(), register.row(cells, columns))
        known.setdefault(report.evidence_id, own)
    for line in known.values():
        for parent in line.parents():
            if parent not in known:
                raise CannotRebuild(f"缺少编号 {parent} 的证据包，它的登记恢复不了；请先取回")
    raw = verify.as_register(_with_depth(known).values())
    verify.read_register(raw)
    return raw


def _with_depth(known: dict[str, Line]) -> dict[str, Line]:
    parents = {name: line.parents() for name, line in known.items()}
    for name in TopologicalSorter(parents).static_order():  # what a line goes back to comes first
        known[name].depth = max((1 + known[each].depth for each in parents[name]), default=0)
    return known


def _past(path: Path) -> bytes:
    """The register a bag holds; nothing in a bag of the older form."""
    opened = verify.open_bag(path)
    try:
        name = f"data/{bag.PAST}"
        return verify.read(opened, name) if name in opened.sizes else b""
    finally:
        opened.close()


def rebuild(path: Path) -> int:
    """Write the register at `path` again from the bags beside it; how many lines it has. What it
    says already must be in it. Raises `CannotRebuild`."""
    with register.held(path) as raw:
        bags = [Path(each) for each in verify.beside(path)]
        whole = rebuilt(bags)
        have, made = (
            {line["evidence_id"] for line in verify.read_register(text)} for text in (raw, whole)
        )
        if have - made:
            raise CannotRebuild(
                f"现有的登记簿里有 {len(have - made)} 条在证据包里找不到，没有改动；"
                "请先备份再移走它"
            )
        atomic.write(path, whole)
    return len(made)
