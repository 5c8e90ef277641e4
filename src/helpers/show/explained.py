"""The four facts that make a chance, as a record and as the rows of its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import ModuleType

from ..measure import explained
from ..measure.assessment import Assessment
from ..measure.outlook import ADDED_UP
from . import wording
from .notebook_table import Table


def record(said: Assessment) -> dict | None:
    """Each fact of an indicator's chance, what is usual, and P were it usual.

    None where the chance is no forecast's.
    """
    found = None if said.without_chance else explained.explain(said.facts, said.forecast)
    if found is None or said.p_met in (None, 1.0):
        return None
    own, usual = (asdict(case) | {"spread": case.width} for case in (found.case, found.usual))
    facts = {
        name: {"own": own[name], "usual": usual[name], "p": found.if_usual[name]}
        for name in explained.FACTS
    }
    is_sum = said.facts.kind in ADDED_UP
    return {"sum": is_sum, "facts": facts, "p": found.p, "p_usual": found.p_usual}


def _ranked(told: Mapping) -> list[str]:
    """The facts, the one that moves the chance most first."""
    return sorted(told["facts"], key=lambda name: -abs(told["p"] - told["facts"][name]["p"]))


def _named(told: Mapping, name: str, w: ModuleType) -> str:
    return w.case.FACT["sum" if told["sum"] else "level"][name]


def sentence(told: Mapping, w: ModuleType) -> str:
    """Which fact moves the chance most."""
    first = _ranked(told)[0]
    chance = w.chance(told["facts"][first]["p"])
    return w.case.sentence(_named(told, first, w), chance, w.chance(told["p_usual"]))


def rows(told: Mapping, w: ModuleType) -> list[tuple[str, str, str, str]]:
    """The rows of the table of `w.case.COLUMNS`."""
    found = []
    for name in _ranked(told):
        one = told["facts"][name]
        own, usual = w.number(one["own"], 1), w.number(one["usual"], 1)
        found.append((_named(told, name, w), own, usual, w.chance(one["p"])))
    return [*found, (w.case.ALL, "", "", w.chance(told["p_usual"]))]


def table(said: Assessment) -> Table:
    """The table of a notebook; empty where the chance is no forecast's."""
    told, w = record(said), wording.spoken()
    return Table(rows(told, w) if told else [], columns=list(w.case.COLUMNS))
