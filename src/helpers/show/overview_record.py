"""What an overview says, as a record in its notebook's own output: the page is made of it alone.

All that can be counted stands in it for every member; places stand for the first of each indicator
and those at the line, and for all in overview.csv beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas

from ..intake.declared import Declared
from ..measure import overview
from ..measure.commitment import SCHEDULE
from ..measure.composite import Composite
from ..measure.verdict import UNJUDGED
from . import standings, wording
from .overview_index import FIRST, composite_rows, percent, some
from .region_map import Map
from .result import Record, tidy


def record(
    table: pandas.DataFrame,
    editions: pandas.DataFrame,
    declared: Declared,
    index: Composite | None,
    region: Map | None,
    known_by: str,
) -> Record:
    """The record of an overview. `table` as of `overview.ranked`, `editions` as of
    `standings.editions`."""
    members, names = standings.members(table), standings.names(table, wording.NAME)
    heads = overview.by_member(table)
    data = {
        **_about(table, declared),
        "known_by": known_by,
        "counts": [[code, int(n)] for code, n in _statuses(table)],
        "silent": silent(table, names),
        "silent_members": _silent_members(heads, members),
        "front": front(table, names, members, declared),
        "indicators": [_indicator(rows, names, members) for _, rows in _each(table)],
        "moved": moved(table, heads, names, members),
        "members": member_rows(heads, members, editions, index),
        "composite": composite_rows(index, members),
        "unmapped": list(region.unmapped) if region else [],
        "mapped": region is not None,
    }
    return Record("overview", conclusion(table, heads), tidy(data))


def _about(table: pandas.DataFrame, declared: Declared) -> dict:
    words, year = wording.province, int(table["year"].iloc[0])
    title = declared.title if wording.CODE == "zh" else declared.title_en
    return {
        "title": words.TITLE.format(title=title or words.UNTITLED, year=year),
        "year": year,
        "language": wording.CODE,
        "fictional": bool(table["fictional"].any()),
    }


def conclusion(table: pandas.DataFrame, heads: pandas.DataFrame) -> str:
    """The sentence on the whole."""
    known = int(table["basis"].isin(overview.KNOWN).sum())
    good, assessable = int(heads["good"].sum()), int(heads["assessable"].sum())
    indicators = table["indicator_id"].nunique()
    return wording.province.conclusion(len(heads), indicators, known, len(table), good, assessable)


def _statuses(table: pandas.DataFrame) -> Iterator[tuple[str, int]]:
    counts = table["status"].value_counts()
    return ((code, counts[code]) for code in wording.STATUS if code in counts)


def _each(table: pandas.DataFrame) -> Iterator[tuple[str, pandas.DataFrame]]:
    return iter(table.groupby("indicator_id", sort=False))


def silent(table: pandas.DataFrame, names: Mapping[str, str]) -> list[dict]:
    """Each indicator: how many figures there should be, are, are only foreseen, and are not."""
    found = []
    for indicator, rows in _each(table):
        basis = rows["basis"].value_counts()
        known = sum(int(basis.get(code, 0)) for code in (*overview.KNOWN, overview.DIFFERS))
        foreseen = int(basis.get(standings.FORECAST, 0))
        none = len(rows) - known - foreseen
        found.append(
            {
                "id": indicator,
                "name": names[indicator],
                "expected": len(rows),
                "known": known,
                "foreseen": foreseen,
                "none": none,
            }
        )
    return found


def _silent_members(heads: pandas.DataFrame, members: Mapping[str, str]) -> str:
    """Who lacks figures of the year, the most first, with how many; empty where nobody does."""
    lacking = heads["silent"][heads["silent"] > 0].sort_values(ascending=False, kind="stable")
    told = wording.province.LACKS
    return some([told.format(name=members[m], n=n) for m, n in lacking.items()])


def front(
    table: pandas.DataFrame,
    names: Mapping[str, str],
    members: Mapping[str, str],
    declared: Declared,
) -> list[dict]:
    """Who is among the first, by both rules; of indicators that promise it where any is declared,
    else of all."""
    asked = {entry.indicator: entry for entry in declared.front}
    return [
        {
            "id": indicator,
            "name": names[indicator],
            "quote": asked[indicator].quote if indicator in asked else "",
            "rule": asked[indicator].rule if indicator in asked else "",
            "rules": {rule: _verdicts(rows, rule, members) for rule in overview.RULES},
        }
        for indicator, rows in _each(table)
        if not asked or indicator in asked
    ]


def _verdicts(rows: pandas.DataFrame, rule: str, members: Mapping[str, str]) -> dict:
    """Verdict → how many, and the first names, best place first."""
    ordered = rows.sort_values("best")
    listed = {
        code: [members[m] for m in ordered["member"][ordered[rule] == code]]
        for code in (overview.IN, overview.OPEN)
    }
    counts = rows[rule].value_counts()
    return {
        "counts": {
            code: int(counts.get(code, 0)) for code in (overview.IN, overview.OUT, overview.OPEN)
        },
        "names": {code: some(found) for code, found in listed.items()},
    }


def _indicator(
    rows: pandas.DataFrame, names: Mapping[str, str], members: Mapping[str, str]
) -> dict:
    first = rows.iloc[0]
    spread, decimals = overview.spread(rows).iloc[0], int(first["decimals"])
    labels = ("low", *overview.QUANTILES, "high")
    best = rows[rows["best"].notna()].sort_values(["rank", "worst"]).head(FIRST)
    return {
        "id": first["indicator_id"],
        "name": names[first["indicator_id"]],
        "unit": wording.unit(first["unit"]),
        "members": len(rows),
        "value": [wording.number(_number(spread[f"value_{label}"]), decimals) for label in labels],
        "progress": [percent(spread[f"progress_{label}"]) for label in labels],
        "best": [place_row(row, members) for row in best.to_dict("records")],
    }


def place_row(row: Mapping, members: Mapping[str, str]) -> dict:
    """One member's place in one indicator as a reader sees it."""
    words = wording.province
    value = row["value"] if row["basis"] != standings.FORECAST else row["middle"]
    return {
        "member": row["member"],
        "place": words.place(int(row["rank"]), int(row["best"]), int(row["worst"])),
        "name": members[row["member"]],
        "value": wording.number(_number(value), int(row["decimals"])),
        "status": row["status"],
        "at_least": bool(row["at_least"]),
        "basis": words.BASIS[row["basis"]],
        **{rule: row[rule] for rule in overview.RULES},
    }


def _number(value: float) -> float | None:
    return None if value is None or math.isnan(value) else value


def moved(
    table: pandas.DataFrame,
    heads: pandas.DataFrame,
    names: Mapping[str, str],
    members: Mapping[str, str],
) -> dict:
    """How many verdicts moved, and the members with the most that became worse, then better."""
    words, moves = wording.province, overview.moves(table)
    judged = [~table[name].isin(["", *UNJUDGED]) for name in ("status", "status_before")]
    compared = int((judged[0] & judged[1]).sum())
    changed = table[moves["up"] | moves["down"]]
    said = words.moved(int(moves["up"].sum()), int(moves["down"].sum()), compared)
    return {
        "sentence": said if compared else words.NO_EARLIER,
        "rows": [
            {
                "member": member,
                "name": members[member],
                **{way: int(heads.at[member, way]) for way in ("up", "down")},
                "told": _told(changed[changed["member"] == member], names),
            }
            for member in _most_moved(heads)
        ],
    }


def _told(rows: pandas.DataFrame, names: Mapping[str, str]) -> str:
    """「甲指标（符合预期→滞后于预期）」 of every verdict that moved."""
    told = wording.province.WITH
    return some(
        [
            told.format(
                indicator=names[row["indicator_id"]],
                before=wording.STATUS[row["status_before"]],
                now=wording.STATUS[row["status"]],
            )
            for row in rows.to_dict("records")
        ]
    )


def _most_moved(heads: pandas.DataFrame) -> list[str]:
    """The members with the most verdicts that became worse, then those with the most that became
    better."""
    found: list[str] = []
    for way in ("down", "up"):
        most = heads[heads[way] > 0].sort_values(way, ascending=False, kind="stable")
        found += [*most.head(FIRST).index]
    return [*dict.fromkeys(found)]


def member_rows(
    heads: pandas.DataFrame,
    members: Mapping[str, str],
    editions: pandas.DataFrame,
    index: Composite | None,
) -> list[dict]:
    """One row a member, in the order given: counts, promises by state, index."""
    promised = editions.set_index("member")
    scores = index.table["index"] if index is not None else {}
    counted = ("good", "assessable", "silent", "alerted", "up", "down", "indicators")
    return [
        {
            "id": member,
            "name": members[member],
            "link": promised.at[member, "link"],
            **{name: int(row[name]) for name in counted},
            "promises": _promises(promised.loc[member]),
            "index": f"{scores[member]:.1f}" if member in scores else "",
        }
        for member, row in heads.iterrows()
    ]


def _promises(states: pandas.Series) -> dict[str, int]:
    return {code: int(states[code]) for code in SCHEDULE if states[code]}
