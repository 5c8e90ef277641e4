"""A synthetic province: any number of counties with 20 indicators each, to measure speed and to be
spoilt. No figure is real.

    # FOLDER becomes a root: params/, data/raw/, notebooks/
    python benchmarks/province.py FOLDER [COUNTIES]

Every plan is marked fictional, so every page made of it says so.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
MARK = "合成数据，只供测速"
KINDS = {  # kind → unit, decimals, baseline, target, more fields
    "stock": ("件", 0, 400, 900, {}),
    "share": ("%", 1, 8.0, 12.0, {"lower": 0, "upper": 100}),
    "score": ("分", 1, 80.0, 85.0, {"lower": 0, "upper": 100}),
    "ratio": ("件/万人", 2, 6.0, 12.0, {"lower": 0}),
    "flow": ("亿元", 1, 10.0, 20.0, {}),
    "cumulative": ("项", 0, 20, 60, {"since": "2016"}),
    "increment": ("家", 0, None, 50, {"reported": "annual"}),
}
INDICATORS, YEARS = 20, range(2020, 2025)


def county(root: Path, number: int) -> str:
    """Write one plan with its data under `root`; the same number gives the same county everywhere.
    Returns its id."""
    plan, chance = f"county-{number:04d}", random.Random(number)
    params, raw = root / "params" / plan, root / "data" / "raw" / plan
    (params / "indicators").mkdir(parents=True)
    raw.mkdir(parents=True)
    facts = [_indicator(k) for k in range(INDICATORS)]
    title = f"合成县{number:04d}知识产权规划（{MARK}）"
    _yaml(
        params / "plan.yml",
        {
            "id": plan,
            "title": title,
            "short_title": f"合成县{number:04d}（合成）",
            "title_en": f"Synthetic county {number:04d} (fictional)",
            "issuer": "合成县",
            "issued": "2021-06-30",
            "document": {"title": title},
            "period": {"start": 2021, "end": 2025},
            "baseline_year": 2020,
            "target_year": 2025,
            "fictional": True,
            "categories": ["创造", "运用"],
            "indicators": [one["id"] for one in facts],
            "areas": [{"id": "county", "name": "合成县", "role": "whole"}],
        },
    )
    (params / "run.yml").write_text(
        "year: 2024\nmodel: drift\nrule: cn-plan-1\nlevel: 0.8\n", "ascii"
    )
    for one in facts:
        _yaml(params / "indicators" / f"{one['id']}.yml", one)
    _csv(
        raw / "sources.csv",
        ["id", "title", "publisher", "published", "url", "accessed", "note"],
        [
            (f"report_{year}", f"合成公报{year}", "合成县", f"{year + 1}-03-01", "", "", MARK)
            for year in YEARS
        ],
    )
    rows = [row for one in facts for row in _observations(plan, one, chance)]
    _csv(
        raw / "observations.csv",
        ["plan", "indicator_id", "area", "year", "value", "unit", "status", "source", "note"],
        rows,
    )
    _csv(
        raw / "context.csv",
        ["plan", "indicator_id", "area", "year", "value", "unit", "status", "source"],
        [],
    )
    _csv(raw / "commitments.csv", ["plan", "commitment_id", "year", "state", "source"], [])
    return plan


def _indicator(k: int) -> dict:
    kind = list(KINDS)[k % len(KINDS)]
    unit, decimals, base, target, more = KINDS[kind]
    baseline = {"year": 2020, "value": base} | ({"note": "从0起算。"} if base is None else {})
    return {
        "id": f"{kind}_{k:02d}",
        "name_zh": f"合成指标{k:02d}",
        "name_en": f"Synthetic indicator {k:02d}",
        "category": ("创造", "运用")[k % 2],
        "unit": unit,
        "kind": kind,
        "decimals": decimals,
        **more,
        "baseline": baseline,
        "target": {"year": 2025, "value": target},
        "clauses": [{"quote": f"合成指标{k:02d}", "line": k + 1}],
        "definition": MARK,
        "supplier": {"office": "合成县", "basis": "规划原文", "needs": "各年的值。"},
    }


def _observations(plan: str, facts: dict, chance: random.Random) -> list[tuple]:
    """A walk from the baseline at between half and one and a half times the planned pace; a tenth
    of the values is missing."""
    base, target = facts["baseline"]["value"] or 0, facts["target"]["value"]
    step = (target - base) / 5 * chance.uniform(0.5, 1.5)
    rows = []
    for year in YEARS:
        level = (
            step
            if facts["kind"] == "increment"
            else base + step * (year - 2020) * chance.uniform(0.95, 1.0)
        )
        level = max(level, rows[-1][4] if rows and facts["kind"] == "cumulative" else 0)
        value = round(level) if facts["decimals"] == 0 else round(level, facts["decimals"])
        if year == 2020 or chance.random() > 0.1:
            rows.append(
                (
                    plan,
                    facts["id"],
                    "county",
                    year,
                    value,
                    facts["unit"],
                    "final",
                    f"report_{year}",
                    MARK,
                )
            )
    return rows


def _yaml(path: Path, facts: dict) -> None:
    path.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), "utf-8")


def _csv(path: Path, header: list[str], rows: list[tuple]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def province(root: Path, counties: int) -> list[str]:
    """`counties` plans and the notebooks under `root`; their ids."""
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return [county(root, number) for number in range(1, counties + 1)]


if __name__ == "__main__":
    print(
        len(province(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)), "counties"
    )
