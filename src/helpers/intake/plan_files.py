"""The files of params/<id>/ and data/raw/<id>/ of a plan described in words: every indicator gets
one row `missing`, because a figure nobody has published is that."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from . import contract, form_columns, promise_rows
from .form_columns import KINDS, OPERATORS, PROPERTIES, REPORTED, unit_of

Cells = Mapping[str, str]  # heading → what was typed


def of_plan(plan_id: str, plan: Cells, indicators: Sequence[Cells]) -> Iterator[tuple[str, str]]:
    """(path under the root, content) of every file of the plan."""
    params, raw = f"params/{plan_id}", f"data/raw/{plan_id}"
    base, end = int(plan["基期年"]), int(plan["规划期止"])
    names = {row["代码"]: row["名称"] for row in indicators}
    yield f"{params}/plan.yml", as_yaml(_plan(plan_id, plan, indicators))
    yield f"{params}/run.yml", f"year: {end}\nmodel: pooled\nrule: cn-plan-1\nlevel: 0.8\n"
    yield f"{params}/commitments.yml", "commitments: []\n"
    for row in indicators:
        yield f"{params}/indicators/{row['代码']}.yml", as_yaml(_indicator(row, base, end, names))
    yield f"{raw}/observations.csv", _observations(plan_id, plan, indicators)
    text = (plan["原文标题"], plan["发文机关"], plan["印发日期"], plan.get("原文网址", ""))
    yield f"{raw}/sources.csv", _csv(contract.SOURCES, [("plan_text", *text, "", "")])
    evidence = (*promise_rows.COMMITMENTS, *promise_rows.COMMITMENTS_OPTIONAL)
    yield f"{raw}/commitments.csv", _csv(evidence, [])


def _observations(plan_id: str, plan: Cells, indicators: Sequence[Cells]) -> str:
    unpublished = ("missing", "plan_text", "", "", "", "规划印发时没有公布", "")
    where, start = plan["区域代码"], int(plan["规划期起"])
    rows = [
        (plan_id, row["代码"], where, start, "", unit_of(row), *unpublished) for row in indicators
    ]
    return _csv((*contract.OBSERVATIONS, *contract.OBSERVATIONS_OPTIONAL), rows)


def _plan(plan_id: str, plan: Cells, indicators: Sequence[Cells]) -> dict:
    start, end = int(plan["规划期起"]), int(plan["规划期止"])
    return {
        "id": plan_id,
        "title": plan["名称"],
        "short_title": plan["简称"],
        "title_en": plan.get("英文名") or plan["名称"],
        "issuer": plan["发文机关"],
        "document_number": plan.get("文号") or None,
        "issued": plan["印发日期"],
        "document": {
            "title": plan["原文标题"],
            "url": plan.get("原文网址") or None,
            "sha256": None,
            "note": "没有保存原文；保存后请写明其 SHA-256。",
        },
        "period": {"start": start, "end": end},
        "baseline_year": int(plan["基期年"]),
        "target_year": end,
        "fictional": plan.get("虚构") == "是",
        "categories": list(dict.fromkeys(row["类别"] for row in indicators)),
        "indicators": [row["代码"] for row in indicators],
        "areas": [{"id": plan["区域代码"], "name": plan["区域名称"], "role": "whole"}],
    }


def _indicator(row: Cells, base: int, end: int, names: Cells) -> dict:
    op, office = OPERATORS[row.get("比较") or "不低于"], row["数据提供单位"]
    fields = {
        "id": row["代码"],
        "name_zh": row["名称"],
        "name_en": row.get("英文名") or row["代码"].replace("_", " "),
        "category": row["类别"],
        "unit": unit_of(row),
        "kind": KINDS[row["性质"]],
        "reported": REPORTED.get(row.get("报送方式", "")),
        "since": row.get("累计起点") or None,
        "direction": "lower" if op in ("<=", "<") else "higher",
        "property": PROPERTIES[row.get("属性") or "预期性"],
        "decimals": int(row["精度"]),
        **form_columns.limits(row),
        "baseline": _baseline(row, base),
        "target": _target(row, op, end, names),
        "clauses": [{"quote": row["原文"], "line": int(row["行号"])}],
        "definition": row["口径"],
        "supplier": {"office": office, "basis": "按职能建议", "needs": row["需要的数据"]},
    }
    return {name: value for name, value in fields.items() if value is not None}


def _baseline(row: Cells, year: int) -> dict:
    value, note = row.get("基期值"), row.get("说明", "")
    own = form_columns.baseline(row, year)
    return {"value": float(value) if value else None, "note": note, **own}


def _target(row: Cells, op: str, year: int, names: Cells) -> dict:
    value = row.get("目标值")
    note = "" if value else row.get("说明") or row.get("各年目标", "")
    goal = {"year": year, "value": float(value) if value else None, "op": op, "note": note}
    return {**goal, **form_columns.target(row, names)}


def as_yaml(content: dict) -> str:
    """`content` as a file of parameters."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)


def _csv(header: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return file.getvalue()
