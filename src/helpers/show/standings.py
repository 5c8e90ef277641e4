"""Where one indicator of one plan stands, as a row of a table of many: taken from the records of
executed notebooks, so that the table says nothing that no notebook says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas

from ..intake import declared, plan as plans
from ..intake.plan import EDITION_VARIABLE
from ..measure.commitment import SCHEDULE
from ..measure.worlds import interval_of
from .result import harmless

COLUMNS = {  # name → type
    "member": str,
    "name": str,
    "edition": str,
    "fictional": bool,
    "indicator_id": str,
    "name_zh": str,
    "name_en": str,
    "unit": str,
    "kind": str,
    "direction": str,
    "decimals": int,
    "target": float,
    "year": int,
    "data_year": float,
    "value": float,
    "low": float,
    "high": float,
    "middle": float,
    "basis": str,
    "progress": float,
    "elapsed": float,
    "status": str,
    "at_least": bool,
    "alert": str,
    "p_met": float,
    "data_year_before": float,
    "value_before": float,
    "status_before": str,
}
EXACT, BOUND, VINTAGE, FORECAST, STALE, MISSING = (
    "exact",  # one figure of the year
    "bound",  # printed as more than, at least, about
    "vintage",  # published more than once: all that was printed
    "forecast",  # nothing of the year: the 80 % interval from the years before
    "stale",  # nothing of the year, and too little before it
    "missing",  # nothing at all
)


def row(record: Mapping, member: Mapping, before: Mapping | None = None) -> dict:
    """The row of one indicator's record. `member`: member, name, edition, fictional; `before`: the
    record, or row of results.csv, of a year ago."""
    facts, earlier = record["facts"], before or {}
    named = ("indicator_id", "name_zh", "name_en", "unit", "kind", "decimals", "target", "year")
    said = ("data_year", "value", "progress", "elapsed", "status", "at_least", "p_met")
    return {
        **member,
        **{name: record[name] for name in (*named, *said)},
        "direction": facts["direction"],
        "alert": record["alert_code"] or "",
        **span(record),
        "data_year_before": _number(earlier.get("data_year")),
        "value_before": _number(earlier.get("value")),
        "status_before": earlier.get("status") or "",
    }


def span(record: Mapping) -> dict:
    """low, high and middle of what the value may be in the assessed year, and the `basis` of it:
    the figure itself, its bound, all its vintages, or the forecast from earlier years."""
    value, year = record["value"], record["year"]
    if value is None:
        return {"basis": MISSING}
    if record["data_year"] != year:
        ahead = next((one for one in record["forecast"] if one["year"] == year), None)
        if ahead is None:
            return {"basis": STALE}
        ends = {"low": ahead["low80"], "high": ahead["high80"], "middle": ahead["median"]}
        return {**ends, "basis": FORECAST}
    if record["bound"] != "=":
        low, high = interval_of(value, record["bound"], record["facts"]["upper"])
        return {"low": low, "high": high, "middle": value, "basis": BOUND}
    printed = [value, *vintages(record)]
    return {
        "low": min(printed),
        "high": max(printed),
        "middle": value,
        "basis": VINTAGE if max(printed) > min(printed) else EXACT,
    }


def vintages(record: Mapping) -> list[float]:
    """What the judged value was published as before; of a sum of additions the sums they would
    have made."""
    last = next((p for p in reversed(record["points"]) if p["year"] == record["data_year"]), None)
    if last is None or not last["earlier"]:
        return []
    rest = record["value"] - last["value"] if record["kind"] == "increment" else 0.0
    return [rest + float(text.partition("（")[0]) for text in last["earlier"].split("；") if text]


def _number(text: object) -> float | None:
    return None if text in (None, "") else float(str(text))


def as_csv(table: pandas.DataFrame) -> str:
    """`table` as a file: numbers in full, empty where not available, text that a spreadsheet would
    take for a formula made harmless."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.columns)
    for cells in table.astype(object).where(table.notna(), "").itertuples(index=False):
        writer.writerow([_cell(cell) for cell in cells])
    return file.getvalue()


def _cell(cell: object) -> object:
    """A whole number without its point; other numbers in full."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return harmless(cell)


def frame(rows: Iterable[Mapping]) -> pandas.DataFrame:
    """`rows` as a frame of `COLUMNS`."""
    return _typed(pandas.DataFrame(list(rows), columns=[*COLUMNS]))


def read(path: Path) -> pandas.DataFrame:
    """The table of standings at `path`, as `as_csv` wrote it; further columns are left out."""
    found = pandas.read_csv(path, dtype=str, keep_default_na=False, usecols=[*COLUMNS])
    for name, kind in COLUMNS.items():
        if kind is bool:
            found[name] = found[name] == "True"
        elif kind is not str:
            found[name] = pandas.to_numeric(found[name])
        else:
            found[name] = found[name].str.removeprefix("'")
    return _typed(found[[*COLUMNS]])


def _typed(table: pandas.DataFrame) -> pandas.DataFrame:
    texts = [name for name, kind in COLUMNS.items() if kind is str]
    table[texts] = table[texts].astype(object).fillna("").astype(str)
    return table.astype({name: kind for name, kind in COLUMNS.items() if kind is not str})


def names(table: pandas.DataFrame, column: str) -> dict[str, str]:
    """Indicator → how it is called in the language of `column`."""
    first = table.drop_duplicates("indicator_id")
    return dict(zip(first["indicator_id"], first[column], strict=True))


def members(table: pandas.DataFrame) -> dict[str, str]:
    """Member → its name; a name that two share is followed by the member's id."""
    first = table.drop_duplicates("member")
    shared = first["name"].duplicated(keep=False)
    shown: Sequence[str] = first["name"].where(~shared, first["name"] + " " + first["member"])
    return dict(zip(first["member"], shown, strict=True))


def folder(path: str) -> Path:
    """Where the tables of an overview are: where the run made them, by hand in `path` under the
    root."""
    return Path(os.environ.get(EDITION_VARIABLE) or plans.home() / path)


def editions(path: Path) -> pandas.DataFrame:
    """One row a member: id, name, edition, digest of its results, link to its page, and how many of
    its promises are in which state."""
    found = pandas.read_csv(path, dtype=str, keep_default_na=False)
    return found.astype(dict.fromkeys(SCHEDULE, int))


def inputs(where: Path) -> list[tuple[str, str]]:
    """Name and SHA-256 of every file an overview is told from."""
    found = [where / "overview.csv", where / "editions.csv", where / declared.FILE]
    found += [where / declared.of(where, {*read(found[0])["indicator_id"]}).geometry]
    return [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in found
        if path.is_file()
    ]
