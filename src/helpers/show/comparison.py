"""Editions side by side: what each says of every indicator, and what is no longer as in the first of them.

Built from the records of executed notebooks, or of `lab` where nothing was executed; the first edition is the base.
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
WORDS = {"status": "进度判断", "outlook": "达标前景", "alert": "预警等级", "final": "总结评估"}  # what can flip

Records = Mapping[str, Sequence[dict]]  # name of an edition → its indicators' records


def of_scenarios(plan_id: str, year: int | None = None, known_by: str = "") -> dict[str, list[dict]]:
    """The records of the base and of every scenario of a plan, computed now. Raises `Unknown` or `Refused`."""
    base = plans.load(plan_id)
    there = {"基准": base} | {name: plans.load(plan_id, scenario=name) for name in scenarios.available(base)}
    cutoffs = {name: known_by or (plan.scenario.overrides.get("known_by", "") if plan.scenario else "") for name, plan in there.items()}
    return {name: of_run(plan, plans.year_of(plan, year), cutoffs[name]) for name, plan in there.items()}


def record(editions: Records) -> Record:
    """What `rows` says, as a record; its sentence is the `summary`."""
    return Record("comparison", "\n".join(summary(editions)), tidy({"rows": rows(editions)}))


def rows(editions: Records) -> list[dict]:
    """One row an indicator and edition, in the order of the base: `COLUMNS`; `flipped` lists the words that are not the base's.

    An indicator that an edition leaves out has a row of None there.
    """
    by_id = {name: {record["indicator_id"]: record for record in records} for name, records in editions.items()}
    base = next(iter(by_id.values()))
    return [_row(indicator, name, records.get(indicator), base.get(indicator), _any(indicator, by_id)) for indicator in dict.fromkeys(i for records in by_id.values() for i in records) for name, records in by_id.items()]


def _any(indicator: str, by_id: Mapping[str, Mapping[str, dict]]) -> dict:
    return next(records[indicator] for records in by_id.values() if indicator in records)


def _row(indicator: str, edition: str, record: dict | None, base: dict | None, named: dict) -> dict:
    said = {name: record.get(name) if record else None for name in FIELDS}
    flipped = [name for name in WORDS if record and base and record.get(name) != base.get(name)]
    about = {"indicator_id": indicator, "name_zh": named["name_zh"], "unit": named["unit"], "edition": edition}
    return {**about, **said, **{name: (record or {}).get("texts", {}).get(name, "") for name in ("assumed", "baseline", "pace")}, "flipped": flipped, "left_out": record is None, "decimals": named["decimals"]}


def table(editions: Records) -> Table:
    """One line an indicator: median, chance, status and alert in each edition, and what flipped."""
    names, listed = list(editions), rows(editions)
    lines = [listed[k : k + len(names)] for k in range(0, len(listed), len(names))]
    heads = [f"{name}：{what}" for name in names for what in ("目标年预测", "达标概率", "进度判断", "预警")]
    cells = [(line[0]["name_zh"], *(text for row in line for text in words(row)), flips(line)) for line in lines]
    return Table(cells, columns=["指标", *heads, "与第一列相比"])


def words(row: dict) -> tuple[str, str, str, str]:
    """Median, chance, status and alert of one row as a reader sees them."""
    if row["left_out"]:
        return "—", "—", "不计入", "—"
    chance = wording.chance(row["p_met"]) if row["p_met"] is not None else wording.NOT_APPLICABLE
    status = wording.STATUS[row["status"]] + (f"（{wording.ASSUMED}）" if row["assumed"] else "")
    return wording.number(row["median"], row["decimals"]), chance, status, row["alert"] or "—"


def flips(line: Sequence[dict]) -> str:
    """「审慎：进度判断 快于预期 → 滞后于预期」 of one indicator; empty where every word stayed."""
    return "；".join(f"{row['edition']}：" + "，".join(f"{WORDS[name]} {_word(line[0], name)} → {_word(row, name)}" for name in row["flipped"]) for row in line if row["flipped"])


def _word(row: dict, name: str) -> str:
    return (wording.STATUS[row[name]] if name == "status" else row[name]) or "无"


def summary(editions: Records) -> list[str]:
    """One sentence an edition after the first: how many indicators have another word than in the base, and which."""
    listed, names = rows(editions), list(editions)
    said = []
    for name in names[1:]:
        flipped = [row["name_zh"] for row in listed if row["edition"] == name and row["flipped"]]
        left_out = [row["name_zh"] for row in listed if row["edition"] == name and row["left_out"]]
        text = f"{name}：与 {names[0]} 相比，{len(flipped)} 项指标的判断、前景或预警改变" + (f"（{'、'.join(flipped)}）" if flipped else "")
        said.append(text + (f"；不计入 {'、'.join(left_out)}" if left_out else "") + "。")
    return said


def as_csv(editions: Records) -> str:
    """`rows` as a table: numbers in full, codes as in results.csv, `flipped` joined by 「;」, empty where not available."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(editions):
        cells = {**row, "flipped": ";".join(row["flipped"])}
        writer.writerow(["" if cells[name] is None else harmless(cells[name]) for name in COLUMNS])
    return file.getvalue()
