"""What went out and comes back: of a Word document, what was rewritten in the evaluator's own
sentences goes into the judgement's file, and nothing else may have changed; a filled workbook
becomes that file.

What a document was made from is made again from the edition's folder and laid beside it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from zipfile import BadZipFile

from . import atomic, handout, request
from .intake import grounds, judgement, judgement_book, judgement_edit, packed
from .intake.finding import Finding, Refused, Unknown
from .intake.plan import Plan
from .publish import word_back
from .publish.word_back import Paragraph


@dataclass(frozen=True)
class Rewritten:
    """One sentence of the evaluator: where it stands in the file, what it was, what it is now."""

    place: str
    former: str
    now: str

    def __str__(self) -> str:
        return f"{self.place}\n  - {self.former}\n  + {self.now}"


@dataclass(frozen=True)
class Returned:
    """What a document brings back: the file it goes into, its new text, the sentences."""

    path: Path
    text: str
    rewritten: tuple[Rewritten, ...]


def prepare(file: Path, plan: Plan, year: int | None = None) -> Returned:
    """Read a Word document of the plan's edition of `year` (default: the plan's own), or a workbook
    of a judgement, which says itself of which year it is. Raises `Refused` with every change that
    may not be made, `Unknown` where there is no such edition."""
    if file.suffix.lower() == ".docx":
        return _of_document(file, plan, year)
    back = judgement_book.read(file, plan)
    there = grounds.of(plan, back.year)
    now = _flat(grounds.of_text(plan, back.year, back.text))
    former = _flat(there) if there else {}
    places = dict.fromkeys([*former, *now])
    changed = [
        Rewritten(place, former.get(place, ""), now.get(place, ""))
        for place in places
        if former.get(place, "") != now.get(place, "")
    ]
    return Returned(back.path, back.text, tuple(changed))


def _flat(value: object, place: str = "") -> dict[str, str]:
    """Every value of a judgement by its place, counted from 1; what is empty is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = [(each.name, getattr(value, each.name)) for each in fields(value)]
    elif isinstance(value, tuple) and any(map(is_dataclass, value)):
        parts = [(str(k), each) for k, each in enumerate(value, 1)]
    else:
        told = "、".join(value) if isinstance(value, tuple) else str(value)
        return {place: told} if value not in ((), "", None, False) else {}
    found: dict[str, str] = {}
    for name, part in parts:
        found |= _flat(part, f"{place}.{name}".lstrip("."))
    return found


def _of_document(document: Path, plan: Plan, year: int | None) -> Returned:
    one = request.of(plan.id, year, root=plan.root)
    path = judgement.path_of(plan, one.year)
    if not path.is_file():
        raise Unknown(f"{plan.id} 没有 {one.year} 年的评估意见，文档里没有可以带回的文字")
    try:
        problem = packed.problem(document)
        back = word_back.paragraphs(document.read_bytes()) if not problem else []
    except (word_back.Unreadable, BadZipFile):
        raise Refused([judgement_edit.unreadable(document.name)]) from None
    if problem:
        raise Refused([judgement_edit.unreadable(document.name, problem)])
    out = word_back.paragraphs(handout.document_of(one))
    findings = list(_changed(out, back, document.name))
    former, now = _fields(out), _fields(back)
    findings += [
        judgement_edit.lost(document.name, place, text)
        for place, text in former.items()
        if place not in now
    ]
    rewritten = tuple(
        Rewritten(place, text, now[place].strip())
        for place, text in former.items()
        if place in now and now[place].strip() != text.strip()
    )
    if findings:
        raise Refused(findings)
    return Returned(path, _text(plan, one.year, path, rewritten, document.name), rewritten)


def write(returned: Returned) -> None:
    """Put the file with its new sentences in place, whole or not at all."""
    returned.path.parent.mkdir(exist_ok=True)
    atomic.write(returned.path, returned.text.encode())


def _fields(paragraphs: list[Paragraph]) -> dict[str, str]:
    return {name: text for each in paragraphs for name, text in each.fields}


def _changed(out: list[Paragraph], back: list[Paragraph], name: str) -> Iterator[Finding]:
    """A finding for every paragraph that is not what was generated, the fields left aside."""
    texts = [each.text.strip() for each in out], [each.text.strip() for each in back]
    matcher = difflib.SequenceMatcher(None, *texts, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            continue
        for one, other in zip(out[i:j], back[k:m], strict=False):
            yield judgement_edit.generated(name, one.heading, one.text, other.text)
        pairs = min(j - i, m - k)
        for one in out[i + pairs : j]:
            yield judgement_edit.struck(name, one.heading, one.text)
        for other in back[k + pairs : m]:
            yield judgement_edit.generated(name, other.heading, "", other.text)


def _text(
    plan: Plan, year: int, path: Path, rewritten: tuple[Rewritten, ...], document: str
) -> str:
    """The file with the sentences in it, held to all it is held to. Raises `Refused`."""
    before = path.read_text("utf-8")
    standing = judgement.read(plan, path, year)
    for each in rewritten:
        if _value(standing, each.place) != each.former:
            raise Refused([judgement_edit.moved_on(document, each.place)])
    text = judgement_edit.edited(before, {each.place: each.now for each in rewritten})
    grounds.of_text(plan, year, text)
    return text


def _value(said: object, place: str) -> object:
    """What stands at a place of a judgement."""
    for part in place.split("."):
        if part.isdecimal() and isinstance(said, tuple):
            said = said[int(part) - 1] if int(part) <= len(said) else None
        else:
            said = getattr(said, part, None)
    return said
