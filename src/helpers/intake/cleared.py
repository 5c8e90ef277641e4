"""Which rows of a large table need not be looked at each by itself? Those of series of which there
is nothing to tell.

A series (one indicator in one area) is cleared where each of its rows is of a kind that the checks
of a row find sound, judged once for all rows of the kind, and where none of the checks of a series
can find anything: an exact positive figure for each year, no year left out, no step or level that
`plausible` or `apart` would ask about, no figure that stands elsewhere too. What is not cleared is
left to those, so that all that is told is told by them; at least as strict as they are is all that
this has to be.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import apart, contract, plausible, table, to_come
from .cells import YEARS, Cells
from .contract import Source
from .facts import Indicator, Plan
from .finding import INVISIBLE, Finding
from .part_year import is_total

LARGE = 2_000_000  # bytes of a table from which on this is worth the import of numpy
BLOCK = 2_000_000  # bytes read at once
SEEN = bytes(range(0x20, 0x7F)) + b"\t\n"  # no need to look for anything invisible among them
# columns on which, value and area aside, the soundness of a row depends; of a note, whether it is
KIND = ("plan", "indicator_id", "year", "unit", "status", "source", "published", "bound", "period")
PUBLISHED = ("final", "preliminary", "derived")
SMALL_STEP = apart.FLOOR - 1e-9  # two ways to a logarithm may differ in its last digit
Of = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Cleared:
    """`lines[n]` is 1 where physical line n needs no look; `whole`: no line does; `figures`: how
    many figures of each year were cleared."""

    lines: bytes = b""
    whole: bool = False
    figures: Mapping[int, int] = field(default_factory=dict)


class _Numbers(dict[Any, int]):
    """Each key's number, in the order of first appearance."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]

    def of(self, keys: Iterable[Any]) -> Of:
        return np.fromiter(map(self.__getitem__, keys), np.int32)


@dataclass
class _Table:
    """The rows of a table as numbers: of their kinds, areas and typed values."""

    kinds: _Numbers
    areas: _Numbers
    values: _Numbers
    rows: Of  # kind, area, value by row


class _NotPlain(Exception):
    """The table has something that only a reader of lines can tell."""


def cleared(
    path: Path,
    plan: Plan,
    facts: Mapping[str, Indicator],
    sources: Mapping[str, Source] | None,
) -> Cleared:
    """What of the observations at `path` needs no further look; nothing of a table that is not
    large, or whose lines are not plain: one row each, nothing invisible, none too long."""
    try:
        if not facts or not LARGE <= path.stat().st_size <= table.BYTES:
            return Cleared()
        read = _read(path)
    except (OSError, UnicodeDecodeError, csv.Error, _NotPlain):
        return Cleared()
    kind, area, value = read.rows
    sound, year, indicator = (of[kind] for of in _kinds(read.kinds, plan, facts, sources))
    figure, exact = (of[value] for of in _figures(read.values))
    known = {one.id for one in plan.areas if one.role != "context"}
    sound &= exact & np.array([name in known for name in read.areas])[area]
    series = area.astype(np.int64) * len(facts) + indicator
    good = _unremarkable(series, year, figure, sound, _limits(facts.values())[:, indicator])
    good &= ~np.isin(series, series[_repeated(year, figure, good)])
    years, many = np.unique(year[good], return_counts=True)
    lines = b"\0\0" + good.astype(np.uint8).tobytes()
    return Cleared(lines, bool(good.all()), dict(zip(years.tolist(), many.tolist(), strict=True)))


def _read(path: Path) -> _Table:
    """The table as numbers. Raises `_NotPlain` where its lines are not."""
    kinds, areas, values = _Numbers(), _Numbers(), _Numbers()
    found: list[Of] = []
    header: list[str] = []
    for lines in _blocks(path):
        rows = list(csv.reader(lines, strict=True))
        if not header:
            header = rows.pop(0)
            columns = (contract.OBSERVATIONS, contract.OBSERVATIONS_OPTIONAL)
            if not table.header_fits(header, *columns, lambda *_: None):
                raise _NotPlain
        if len(rows) != len(lines) - (not found) or {*map(len, rows)} - {len(header)}:
            raise _NotPlain
        none = [""] * len(rows)
        of = dict(zip(header, zip(*rows, strict=True), strict=False))
        notes = map(bool, of.get("note", none))
        kind = kinds.of(zip(*(of.get(name, none) for name in KIND), notes, strict=True))
        found.append(np.stack([kind, areas.of(of.get("area", ())), values.of(of.get("value", ()))]))
    if not kinds:
        raise _NotPlain
    return _Table(kinds, areas, values, np.concatenate(found, axis=1))


def _blocks(path: Path) -> Iterator[list[str]]:
    """The lines of a file, some thousands at a time."""
    with open(path, "rb") as file:
        while block := file.read(BLOCK) + file.readline():
            block = block.removeprefix(b"\xef\xbb\xbf") if file.tell() == len(block) else block
            block = block.replace(b"\r\n", b"\n")
            text = block.decode()
            lines = text.split("\n")
            hidden = INVISIBLE.search(block.translate(None, SEEN).decode())
            if hidden or lines.pop() or max(map(len, lines)) > table.CELL:
                raise _NotPlain
            yield lines


def _figures(texts: Iterable[str]) -> tuple[Of, Of]:
    """(the figure of each typed value, NaN where it is none; whether nothing is to be told of
    it)."""
    figures, exact = [], []
    for text in texts:
        told: list[Finding] = []
        figure = Cells("", 0, {"value": text}, told).number("value")
        figures.append(math.nan if figure is None else figure)
        exact.append(not told)
    return np.array(figures), np.array(exact)


def _kinds(
    kinds: Iterable[tuple[Any, ...]],
    plan: Plan,
    facts: Mapping[str, Indicator],
    sources: Mapping[str, Source] | None,
) -> tuple[Of, Of, Of]:
    """(whether rows of it are sound, area and value aside; year, 0 for none; number of the
    indicator among `facts`, 0 also for none) of each kind."""
    numbers = {name: k for k, name in enumerate(facts)}
    sound, year, indicator = [], [], []
    for kind in kinds:
        row = dict(zip((*KIND, "note"), (*kind[:-1], "…" * kind[-1]), strict=True))
        of = facts.get(row["indicator_id"])
        sound.append(of is not None and _is_sound(row, plan, of, sources))
        year.append(YEARS.get(row["year"], 0))
        indicator.append(numbers.get(row["indicator_id"], 0))
    return np.array(sound), np.array(year), np.array(indicator)


def _is_sound(
    row: dict[str, str], plan: Plan, facts: Indicator, sources: Mapping[str, Source] | None
) -> bool:
    """Whether the checks of a row and of its dates find nothing in one like `row` with a value that
    fits, and it is a year's own exact figure of a definition that never changed."""
    fits = next((limit for limit in (facts.least, facts.upper) if limit is not None), 1)
    row |= {"area": plan.whole.id, "value": f"{fits:g}", "locator": ""}
    told: list[Finding] = []
    found = list(contract.judged([(0, row)], plan, "", {facts.id: facts}, sources, told))
    told += to_come.findings(found, sources or {}, "")
    told += plausible.odd([one for one in found if one.value is not None], facts, "")
    plain = all(one.bound == "=" and one.status in PUBLISHED and not one.period for one in found)
    return bool(found) and not told and plain and not facts.breaks and facts.kind != "binary"


def _limits(facts: Iterable[Indicator]) -> Of:
    """Of each indicator: the least and the greatest figure that nothing is told of, whether it
    must be whole, whether it must not fall, the baseline that few figures are held against."""
    found = []
    for of in facts:
        low, high = plausible.usual(of)
        most = 100.0 if plausible.is_percentage(of) else of.upper
        start = apart.start(of)
        found.append(
            (
                max(low, 0.0 if of.least is None else of.least),
                min(high, math.inf if most is None else most),
                of.is_count,
                is_total(of),
                start[1] if start and start[1] > 0 else math.nan,
            )
        )
    return np.array(found, float).T


def _unremarkable(series: Of, year: Of, figure: Of, sound: Of, limits: Of) -> Of:
    """Which rows are of series of which neither a row nor a step gives rise to anything."""
    least, most, counted, total, start = limits
    within = (figure > 0) & (figure >= least) & (figure <= most)
    bad = ~(sound & within & ((counted == 0) | (figure == np.floor(figure))))
    order = np.lexsort((year, series))
    level, next_to = np.log(np.where(bad, 1.0, figure))[order], np.diff(series[order]) == 0
    step = np.diff(level)
    odd = (np.diff(year[order]) != 1) | (np.abs(step) > SMALL_STEP) | (step == 0)
    odd |= (total[order][1:] == 1) & (step < 0)
    number = np.concatenate([[0], np.cumsum(~next_to)])  # of the series, by row
    few = (np.bincount(number) < apart.ENOUGH)[number]
    bad = bad[order] | (few & (np.abs(level - np.log(start[order])) > SMALL_STEP))
    bad[1:] |= odd & next_to
    good = np.empty(len(bad), bool)
    good[order] = (np.bincount(number, bad) == 0)[number]
    return good


def _repeated(year: Of, figure: Of, good: Of) -> Of:
    """Which rows have the figure of another of the year, exact enough not to be chance where no
    more than the `good` rows are known."""
    order = np.lexsort((figure, year))
    same = (np.diff(year[order]) == 0) & (np.diff(figure[order]) == 0)
    found = np.zeros(len(year), bool)
    found[order[1:]] = same
    found[order[:-1]] |= same
    known = np.bincount(year[good], minlength=max(YEARS.values()) + 1)
    enough = apart.SIGNIFICANT + np.log10(np.maximum(known, 1)).astype(int)
    distinct, at = np.unique(figure[found], return_inverse=True)
    found[found] = np.array([apart.digits(one) for one in distinct], int)[at] >= enough[year[found]]
    return found
