"""Editions side by side: what each says of every indicator, and what is no longer as in the first
of them.

Built from the records of executed notebooks, or of `lab` where nothing was executed; the first
edition is the base.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from ..intake import plan as plans, scenario as scenarios
from . import wording
from .result import Record, harmless, of_run, tidy
from .table import Table

FIELDS = ("data_year", "value", "target", "median", "p_met", "status", "outlook", "alert", "final")
COLUMNS = ("indicator_id", "name_zh", "unit", "edition", *FIELDS, "assumed", "flipped")
CODES = {
    "status": "status",
    "outlook": "outlook_code",
    "alert": "alert_code",
    "final": "final_code",
}  # what can flip, whatever language it was said in

Records = Mapping[str, Sequence[dict]]  # name of an edition → its indicators' records


def of_scenarios(
    plan_id: str, year: int | None = None, known_by: str = ""
) -> dict[str, list[dict]]:
    """The records of the base and of every scenario of a plan, computed now. Raises `Unknown` or
    `Refused`."""
    base = plans.load(plan_id)
    there = {wording.page.COMPARISON["base"]: base} | {
        name: plans.load(plan_id, scenario=name) for name in scenarios.available(base)
    }
    cutoffs = {
        name: known_by or (plan.scenario.overrides.get("known_by", "") if plan.scenario else "")
        for name, plan in there.items()
    }
    return {
        name: of_run(plan, plans.year_of(plan, year), cutoffs[name]) for name, plan in there.items()
    }


def record(editions: Records) -> Record:
    """What `rows` says, as a record; its sentence is the `summary`."""
    return Record("comparison", "\n".join(summary(editions)), tidy({"rows": rows(editions)}))


def rows(editions: Records) -> list[dict]:
    """One row an indicator and edition, in the order of the base: `COLUMNS`; `flipped` lists the
    words that are not the base's.

    An indicator that an edition leaves out has a row of None there.
    """
    by_id = {
        name: {record["indicator_id"]: record for record in records}
        for name, records in editions.items()
    }
    base = next(iter(by_id.values()))
    return [
        _row(indicator, name, records.get(indicator), base.get(indicator), _any(indicator, by_id))
        for indicator in dict.fromkeys(i for records in by_id.values() for i in records)
        for name, records in by_id.items()
    ]


def _any(indicator: str, by_id: Mapping[str, Mapping[str, dict]]) -> dict:
    return next(records[indicator] for records in by_id.values() if indicator in records)


def _row(indicator: str, edition: str, record: dict | None, base: dict | None, named: dict) -> dict:
    said = {name: record.get(name) if record else None for name in FIELDS}
    codes = {code: record.get(code) if record else None for code in CODES.values()}
    flipped = [
        name
        for name, code in CODES.items()
        if record and base and record.get(code) != base.get(code)
    ]
    about = {
        "indicator_id": indicator,
        "name_zh": named["name_zh"],
        "name": named[wording.NAME],
        "unit": named["unit"],
        "edition": edition,
    }
    return {
        **about,
        **said,
        **codes,
        **{
            name: (record or {}).get("texts", {}).get(name, "")
            for name in ("assumed", "baseline", "pace", "chance")
        },
        "flipped": flipped,
        "left_out": record is None,
        "at_least": bool((record or {}).get("at_least")),
        "decimals": named["decimals"],
    }


def table(editions: Records) -> Table:
    """One line an indicator: median, chance, status and alert in each edition, and what flipped."""
    names, listed = list(editions), rows(editions)
    lines = [listed[k : k + len(names)] for k in range(0, len(listed), len(names))]
    said = wording.page.COMPARISON
    heads = [
        f"{name}{wording.COLON}{said[what]}"
        for name in names
        for what in ("forecast", "chance", "status", "alert")
    ]
    cells = [
        (line[0]["name"], *(text for row in line for text in words(row)), flips(line))
        for line in lines
    ]
    return Table(cells, columns=[said["indicator"], *heads, said["versus"]])


def words(row: dict) -> tuple[str, str, str, str]:
    """Median, chance, status and alert of one row as a reader sees them."""
    if row["left_out"]:
        return "—", "—", wording.page.COMPARISON["left_out"], "—"
    status = wording.judged(row["status"], row["at_least"]) + (
        f"{wording.OPEN}{wording.ASSUMED}{wording.CLOSE}" if row["assumed"] else ""
    )
    return (
        wording.number(row["median"], row["decimals"]),
        row["chance"] or wording.NOT_APPLICABLE,
        status,
        wording.ALERT.get(row["alert_code"], "—"),
    )


def flips(line: Sequence[dict]) -> str:
    """「审慎：进度判断 快于预期 → 滞后于预期」 of one indicator; empty where every word stayed."""
    return wording.flips(
        [
            (
                row["edition"],
                [(name, _word(line[0], name), _word(row, name)) for name in row["flipped"]],
            )
            for row in line
            if row["flipped"]
        ]
    )


def _word(row: dict, name: str) -> str:
    if name == "status" and row["status"]:
        return wording.judged(row["status"], row["at_least"])
    said = {
        "status": wording.STATUS,
        "outlook": wording.OUTLOOK,
        "alert": wording.ALERT,
        "final": wording.FINAL,
    }[name]
    return said.get(row[CODES[name]]) or wording.page.NONE


def summary(editions: Records) -> list[str]:
    """One sentence an edition after the first: how many indicators have another word than in the
    base, and which."""
    listed, names = rows(editions), list(editions)
    there = {name: [row for row in listed if row["edition"] == name] for name in names}
    return [
        wording.compared(
            name,
            names[0],
            [row["name"] for row in there[name] if row["flipped"]],
            [row["name"] for row in there[name] if row["left_out"]],
        )
        for name in names[1:]
    ]


def as_csv(editions: Records) -> str:
    """`rows` as a table: numbers in full, codes as in results.csv, `flipped` joined by 「;」, empty
    where not available."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(editions):
        cells = {**row, "flipped": ";".join(row["flipped"])}
        writer.writerow(["" if cells[name] is None else harmless(cells[name]) for name in COLUMNS])
    return file.getvalue()
