"""The brief of an edition: one sheet of A4 for who has two minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ..show import card, marks, wording
from ..show.blocks import (
    Block,
    Counts,
    Figure,
    Heading,
    Lead,
    Listing,
    Row,
    Sentence,
    Strip,
    Table,
    columns,
)
from ..show.lines import Line, Own, Small, plain
from .chapters import conclusion
from .rendered import rendered

ALERTS = ("red", "orange", "yellow")  # what a hurried reader must know of
ROWS, ASKED, MOVED = 7, 5, 5  # as many as fit
NAME, TEXT = 24, 24  # characters of a name and of a cell
ACTIONS, ACTION = 3, 90  # recommendations, and the characters of each


def page(edition: dict) -> str:
    """The brief, from what the page is made from."""
    w = wording.LANGUAGES[edition["whole"]["language"]]
    blocks = [*_conclusion(edition, w), *_alerted(edition, w), *_rest(edition, w)]
    return rendered({**edition, "blocks": blocks}, "brief.html.j2", script=False)


def _conclusion(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The word and the counts; where nothing is alerted there is room for the promises."""
    whole, promised = edition["whole"], edition["commitments"]
    yield Lead(w.OVERALL[whole["overall"]], whole["counted"])
    yield Strip(tuple((code, k) for code, k in whole["counts"]))
    counted = [(marks.status(code, w), k, "") for code, k in whole["counts"]]
    yield Counts((*counted, *((marks.alert(code, w), k, "") for code, k in whole["alerts"])))
    if funded := edition["ledger"].funded:
        yield Sentence(w.ledger.money([row["funds"] for row in funded]))
    if promised["commitments"] and not _watched(edition):
        yield Sentence(promised["sentence"] + w.ledger.aged(edition["ledger"].aged))


def _watched(edition: dict) -> list[dict]:
    """The alerted indicators, the most severe first."""
    found = [r for r in edition["indicators"] if r["alert_code"] in ALERTS]
    return sorted(found, key=lambda r: -edition["severity"][r["alert_code"]])


def _alerted(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The cards of the alerted in short, and the overview where there is room."""
    p, whole, alerted = w.page, edition["whole"], _watched(edition)
    yield Heading(p.ALERTED, 0)
    if alerted:
        heads = columns((p.TABLE_COLUMNS[0], *card.short_headings(w)), "-nn")
        listed = tuple(
            Row((_cut(r["name"], NAME), *(_short(line) for line in card.short(r, w))))
            for r in alerted[:ROWS]
        )
        yield Table(heads, listed, p.ALERTED, style="")
        yield from _more(len(alerted) - ROWS, w)
    else:
        yield Sentence(p.no_alerted(whole["assessable"], whole["total"]))
    few = (
        len(edition["indicators"]) <= 20
        and len(alerted) + len(_offices(edition)) + _actions(edition) <= ROWS
    )
    if whole["assessable"] and few:
        picture = edition["overview"]
        yield Figure("overview", picture["svg"], picture["alt"], "")


def _short(line: Line) -> Line:
    return _cut(line, TEXT) if isinstance(line, str) else line


def _cut(text: str, length: int) -> str:
    """`text`, its end an ellipsis where it is much longer than there is room for."""
    return text if len(text) <= length + 5 else text[: length - 3].rsplit(" ", 1)[0] + "..."


def _more(left: int, w: ModuleType) -> Iterator[Block]:
    if left > 0:
        yield Sentence(Small(w.page.more(left)))


def _offices(edition: dict) -> dict[str, list[str]]:
    """Office → the names of the indicators it has yet to report."""
    offices: dict[str, list[str]] = {}
    for row in edition["check"]["missing"]:
        offices.setdefault(row["office"], []).append(edition["names"][row["id"]])
    return offices


def _rest(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The best and the worst, who must report what, what moved."""
    p, changes = w.page, edition["changes"]
    yield from _to_act(edition, w)
    yield from conclusion.extremes(_cut_names(edition), w, level=0, linked=False)
    yield Heading(p.TO_ASK, 0)
    offices = _offices(edition)
    room = 95 if _watched(edition) else 400
    asked = [
        _cut(p.asked(_cut(office, 30), w.LISTING.join(_cut(name, NAME) for name in names)), room)
        for office, names in offices.items()
    ]
    yield from _listed(asked, ASKED, p.NOTHING_TO_ASK, w)
    if changes and changes["comparable"]:
        yield Heading(p.CHANGES, 0)
        names = {name: _cut(text, 40) for name, text in edition["names"].items()}
        told = [plain(line) for line in conclusion.moved(changes, names, w)]
        yield from _listed(told, MOVED, p.NOTHING_MOVED, w)


def _to_act(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Who has to act first, where the evaluator recommends anything."""
    said = edition["whole"].get("judgement")
    if said and said["recommendations"]:
        yield Heading(w.judgement.TO_ACT, 0)
        told: list[Line] = []
        for k, each in enumerate(said["recommendations"], 1):
            who = w.judgement.to_act("", _cut(each["owner"], NAME), each["due"])
            text = _cut(each["text"], ACTION - len(who))
            told.append((who, Own(text, f"recommendations.{k}.text")))
        yield from _listed(told, ACTIONS, "", w)


def _actions(edition: dict) -> int:
    """The rows that recommendations take."""
    said = edition["whole"].get("judgement")
    return min(len(said["recommendations"]), ACTIONS) + 1 if said else 0


def _cut_names(edition: dict) -> dict:
    """The edition with names and latest values as long as there is room for."""
    shorter = [
        {
            **r,
            "name": _cut(r["name"], NAME),
            "texts": {**r["texts"], "latest": _cut(r["texts"]["latest"], TEXT)},
        }
        for r in edition["indicators"]
    ]
    return {**edition, "indicators": shorter}


def _listed(items: Sequence[Line], room: int, none: str, w: ModuleType) -> Iterator[Block]:
    if not items:
        yield Sentence(none)
        return
    yield Listing(tuple(items[:room]))
    yield from _more(len(items) - room, w)
