"""The rows of an indicator's card, decided once: page, Word document and notebook show them in
full, the brief in short.

A row added to `ROWS` is on all of them. Its heading is a word of `page.CARD` or `page.LABEL`, in
the brief of `page.SHORT` where that has a shorter one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from . import marks
from .lines import Bold, Break, Line

Told = Callable[[Mapping, ModuleType], Line]  # what is said of a record in some words


@dataclass(frozen=True)
class Row:
    """One row: what the card says in full, what the brief says in short; None where it says
    nothing."""

    name: str
    full: Told | None
    short: Told | None = None
    judged: bool = False  # only where there is a value to judge

    def heading(self, w: ModuleType) -> str:
        return w.page.CARD.get(self.name) or w.page.LABEL[self.name]

    def short_heading(self, w: ModuleType) -> str:
        return w.page.SHORT.get(self.name) or self.heading(w)


def _text(name: str) -> Told:
    return lambda r, _: r["texts"][name]


def _target(r: Mapping, w: ModuleType) -> str:
    own = r["texts"].get("goal")
    return own or f"{w.OPERATOR_SIGN[r['op']]} {w.number(r['target'], r['target_decimals'])}"


def _share(r: Mapping, w: ModuleType) -> str:
    gained = w.gained(r["progress"], r["bound"], r["facts"]["direction"])
    return f"{gained} / {w.percent(r['elapsed'])}"


def _trend(r: Mapping, _: ModuleType) -> str:
    return r["texts"]["trend"] + r["texts"]["significance"]


def _prospect(r: Mapping, _: ModuleType) -> Line:
    """The chance in words, and that models disagree where they do."""
    told = r["texts"]["prospect"]
    return (told, Break(), Bold(r["texts"]["disagreement"], doubt=True)) if r["disagree"] else told


def _supplier(r: Mapping, w: ModuleType) -> str:
    office = r["facts"]["supplier"]
    return w.page.supplied_by(office["office"], office["basis"], office["needs"])


ROWS = (
    Row("latest", None, _text("latest")),
    Row("target", _text("target"), _target),
    Row("baseline", _text("baseline")),
    Row("progress", _text("progress"), _share, judged=True),
    Row("trend", _trend, judged=True),
    Row("outlook", _text("outlook"), judged=True),
    Row("prospect", _prospect, judged=True),
    Row("parting", _text("parting"), judged=True),
    Row("status", None, marks.status_of),
    Row("chance", None, _text("chance")),
    Row("alert", None, marks.alert_of),
    Row("pace", _text("pace")),
    Row("definition", lambda r, _: r["facts"]["definition"]),
    Row("supplier", _supplier),
)


def rows(record: Mapping, w: ModuleType) -> tuple[tuple[str, Line], ...]:
    """The card of an indicator in the words `w`: headings and what is said."""
    return tuple(
        (row.heading(w), row.full(record, w))
        for row in ROWS
        if row.full and (record["value"] is not None or not row.judged)
    )


def short(record: Mapping, w: ModuleType) -> tuple[Line, ...]:
    """What the brief says of an indicator, in the order of `short_headings`."""
    return tuple(row.short(record, w) for row in ROWS if row.short)


def short_headings(w: ModuleType) -> tuple[str, ...]:
    return tuple(row.short_heading(w) for row in ROWS if row.short)
