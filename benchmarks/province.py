"""A synthetic province: any number of counties with 20 indicators each, to measure speed and to be
spoilt. No figure is real.

    # FOLDER becomes a root: params/, data/raw/, notebooks/
    python benchmarks/province.py FOLDER [COUNTIES]
    # the table notebooks/overview.ipynb is committed with: twelve counties, nothing executed
    python benchmarks/province.py --example
    # an overview of COUNTIES counties of which EXECUTED are executed, the rest copies of them that
    # differ in name: seconds, memory
    python benchmarks/province.py --overview FOLDER COUNTIES EXECUTED

Every plan is marked fictional, so every page made of it says so.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
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
            "areas": [{"id": "county", "name": f"合成县{number:04d}", "role": "whole"}],
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
    _promises(params, raw, plan, chance)
    return plan


def _promises(params: Path, raw: Path, plan: str, chance: random.Random) -> None:
    """Six promises; half of them with evidence."""
    promises = [
        {
            "id": f"promise_{k}",
            "box": "专栏1",
            "title": f"合成任务{k}",
            "quote": f"合成任务{k}",
            "line": 40 + k,
            "type": "milestone",
            "due": f"{2022 + k % 4}-12-31",
            "evidence_needed": MARK,
        }
        for k in range(6)
    ]
    _yaml(params / "commitments.yml", {"commitments": promises})
    rows = [
        (plan, one["id"], 2023, chance.choice(["done", "in_progress"]), "report_2023")
        for one in promises
        if chance.random() < 0.5
    ]
    _csv(raw / "commitments.csv", ["plan", "commitment_id", "year", "state", "source"], rows)


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


EXAMPLE, EXAMPLE_COUNTIES, EXAMPLE_INDICATORS, YEAR = "data/raw/example-province", 12, 6, 2024


def example() -> None:
    """overview.csv, editions.csv, declared.yml and map.geojson of `EXAMPLE_COUNTIES` counties;
    records are computed here, no notebook is executed."""
    from helpers import overviews  # not loaded where speed is measured
    from helpers.intake import declared, observations, plan as plans
    from helpers.measure import commitment, overview
    from helpers.show import result, standings

    folder = ROOT / EXAMPLE
    folder.mkdir(exist_ok=True)
    rows, listed = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(1, EXAMPLE_COUNTIES + 1):
            plan = plans.load(county(Path(scratch), number), scratch)
            name = plan.whole.name
            member = {"member": plan.id, "name": name, "edition": str(YEAR), "fictional": True}
            year_ago = {one["indicator_id"]: one for one in result.of_run(plan, YEAR - 1)}
            rows += [
                standings.row(one, member, year_ago[one["indicator_id"]])
                for one in result.of_run(plan, YEAR)[:EXAMPLE_INDICATORS]
            ]
            evidence = observations.evidence(plan)
            states = [
                commitment.state_of(one, evidence, plan.period, YEAR).schedule
                for one in plans.commitments(plan)
            ]
            counts = [states.count(code) for code in commitment.SCHEDULE]
            listed.append((plan.id, name, YEAR, "", "", *counts))
    table = overview.ranked(standings.frame(rows))
    (folder / overviews.TABLE).write_text(standings.as_csv(table), "utf-8")
    columns = [*overviews.FIRST_COLUMNS, *commitment.SCHEDULE]
    _csv(folder / overviews.EDITIONS, columns, listed)
    (folder / "map.geojson").write_text(tiles([row[0] for row in listed]), "utf-8")
    _yaml(folder / declared.FILE, DECLARED)


DECLARED = {
    "title": f"合成省（{MARK}）",
    "title_en": "Synthetic province (fictional)",
    "front": [
        {"indicator": "stock_00", "rule": "third", "quote": "进入全省前列"},
        {"indicator": "share_01", "rule": "three"},
    ],
    "weights": [
        {"indicator": "stock_00", "weight": 2},
        {"indicator": "share_01", "weight": 1},
        {"indicator": "ratio_03", "weight": 1},
    ],
    "geometry": "map.geojson",
}


def tiles(names: list[str], across: int = 4) -> str:
    """A GeoJSON of one slanted tile a name."""
    features = []
    for k, name in enumerate(names):
        x, y = 118 + k % across, 34 - k // across
        ring = [[x, y], [x + 0.98, y + 0.1], [x + 1, y + 0.98], [x + 0.02, y + 0.9], [x, y]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"id": name}, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}) + "\n"


def measured(folder: Path, counties: int, executed: int) -> None:
    """An overview of many counties: made, timed, its memory."""
    province(folder, executed)
    environment = {**os.environ, "ASSESSMENT_ROOT": str(folder)}
    helpers = [sys.executable, "-m", "helpers"]
    for year in (YEAR - 1, YEAR):
        asked = ["assess", "--plans", "county-*", "--years", str(year)]
        subprocess.run([*helpers, *asked], env=environment, check=True, stdout=subprocess.DEVNULL)
    copies(folder, counties, executed)
    names = [f"county-{k:04d}" for k in range(1, counties + 1)]
    (folder / "params" / "map.geojson").write_text(tiles(names, 60), "utf-8")
    _yaml(folder / "params" / "province.yml", DECLARED)
    asked = ["overview", "--plans", "county-*", "--file", str(folder / "params" / "province.yml")]
    started = time.monotonic()
    subprocess.run([*helpers, *asked], env=environment, check=True)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{counties} counties, {executed} executed: {time.monotonic() - started:.1f} s, "
        f"largest process {usage.ru_maxrss / 1024:.0f} MB"
    )


COPIED = ("results.csv", "results.json", "3_commitments.ipynb", "4_assessment.ipynb")


def copies(folder: Path, counties: int, executed: int) -> None:
    """Further counties: what an overview reads of the executed ones, under another name."""
    processed = folder / "data" / "processed"
    for number in range(executed + 1, counties + 1):
        model = f"county-{(number - 1) % executed + 1:04d}"
        plan = f"county-{number:04d}"
        (folder / "params" / plan).mkdir()
        os.link(folder / "params" / model / "plan.yml", folder / "params" / plan / "plan.yml")
        for year, copied in ((YEAR - 1, COPIED[:1]), (YEAR, COPIED)):
            made = processed / plan / str(year)
            made.mkdir(parents=True)
            for name in copied:
                text = (processed / model / str(year) / name).read_text("utf-8")
                text = text.replace(model, plan).replace(
                    f"合成县{model[-4:]}", f"合成县{plan[-4:]}"
                )
                (made / name).write_text(text, "utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "--example":
        example()
    elif sys.argv[1] == "--overview":
        measured(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        many = int(sys.argv[2]) if len(sys.argv) > 2 else 100
        print(len(province(Path(sys.argv[1]), many)), "counties")
