"""What is different between two editions? Inputs, values, verdicts, code, environment: read from
editions or from their bags.

A record is compared field by field, numbers within `tolerance` of the larger one; a list whose
items have a year or an id is compared by it. Sentences are left out where they only repeat numbers
that are compared themselves.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from . import verify
from .contents import Contents

Key = TypeVar("Key")

PARTS = {
    "edition": "期次",
    "input": "输入",
    "fact": "规划事实",
    "value": "数值",
    "verdict": "判断",
    "code": "代码",
    "environment": "环境",
}
OBSERVED = (
    "value",
    "unit",
    "status",
    "bound",
    "source",
    "published",
)  # columns of an observation that may be revised
VERDICT = ("status", "final", "outlook", "alert", "overall", "total", "assessable")
REPEATS = {  # of a record: sentences and lists that only repeat what is compared itself
    "texts",
    "sentence",
    "inputs",
    "points",
    "readings",
    "sources",
    "context",
    "context_series",
    "counted",
    "title",
    "cutoff",
    "evaluation",
    "missing",
    "revised",
    "warnings",
    "reasons",
    "final_code",
    "finals",
    "best",
    "worst",
    "counts",
}
ASKED = (
    "plan",
    "year",
    "known_by",
    "scenario",
)  # what was asked for: told once, not indicator by indicator
COLUMNS = ("part", "indicator_id", "field", "a", "b")
NAMES = {  # of fields, as the assessment calls them
    "value": "现值",
    "data_year": "数据年",
    "attainment": "目标完成率",
    "progress": "增量完成率",
    "elapsed": "序时进度",
    "cagr": "年均增速",
    "scheduled": "序时值",
    "required_cagr": "所需年均增速",
    "required_step": "所需年均增量",
    "median": "目标年预测中位数",
    "p_met": "达标概率",
    "status": "进度判断",
    "final": "总结评估",
    "outlook": "达标前景",
    "alert": "预警等级",
    "overall": "总体判断",
    "target": "目标",
    "baseline": "基期值",
    "n": "观测数",
    "note": "说明",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: `a` and `b` are None where it is absent."""

    part: str
    indicator: str
    field: str
    a: object
    b: object

    def __str__(self) -> str:
        name = NAMES.get(self.field, self.field)
        if self.a is None or self.b is None:
            return (
                f"{name}：只在 {'B' if self.a is None else 'A'} "
                f"有（{_shown(self.b if self.a is None else self.a)}）"
            )
        return f"{name}：{_shown(self.a)} → {_shown(self.b)}"


def compare(a: Contents, b: Contents, tolerance: float = 0.0) -> list[Difference]:
    """All differences, in the order of `PARTS`."""
    found = [*_inputs(a, b), *records(a, b, tolerance), *_code(a, b), *_environment(a, b)]
    return sorted(found, key=lambda difference: [*PARTS].index(difference.part))


def records(a: Contents, b: Contents, tolerance: float) -> Iterator[Difference]:
    """What the executed notebooks recorded, indicator by indicator, field by field."""
    for name in _united(a.records, b.records):
        indicator = name.removeprefix("2_") if name.startswith("2_") else ""
        old, new = (dict(flat(side.records.get(name, {}))) for side in (a, b))
        for field in _united(old, new):
            x, y, top = old.get(field), new.get(field), re.split(r"[.\[]", field)[0]
            if (
                top not in REPEATS
                and not (top in ASKED and name != "4_assessment")
                and not same(x, y, tolerance)
            ):
                yield Difference(_part(top), indicator, field, x, y)


def _part(top: str) -> str:
    return (
        "verdict"
        if top in VERDICT
        else "edition"
        if top in ASKED
        else "fact"
        if top == "facts"
        else "value"
    )


def flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """(path, scalar) of everything in a record: {"forecast": [{"year": 2025, "median": 3}]} →
    ("forecast[2025].median", 3)."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from flat(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for k, child in enumerate(value):
            key = (
                next((child[name] for name in ("id", "year") if name in child), k)
                if isinstance(child, dict)
                else k
            )
            yield from flat(child, f"{path}[{key}]")
    elif value is not None:
        yield path, value


def same(x: object, y: object, tolerance: float) -> bool:
    """Equal, or two numbers no further apart than `tolerance` times the larger."""
    if (
        isinstance(x, (int, float))
        and isinstance(y, (int, float))
        and not isinstance(x, bool)
        and not isinstance(y, bool)
    ):
        return abs(x - y) <= tolerance * max(abs(x), abs(y))
    return x == y and type(x) is type(y)


def _inputs(a: Contents, b: Contents) -> Iterator[Difference]:
    for path in _united(a.inputs, b.inputs):
        if a.inputs.get(path) != b.inputs.get(path):
            yield Difference("input", "", path, a.inputs.get(path), b.inputs.get(path))
    for key in _united(a.observations, b.observations):
        old, new = (side.observations.get(key) for side in (a, b))
        where = " ".join(key[1:])
        if not old or not new:
            yield Difference(
                "input",
                key[0],
                where,
                *(
                    row and " ".join(filter(None, (row.get(column) for column in OBSERVED)))
                    for row in (old, new)
                ),
            )
            continue
        for column in OBSERVED:
            if old.get(column, "") != new.get(column, ""):
                yield Difference(
                    "input", key[0], f"{where} {column}", old.get(column, ""), new.get(column, "")
                )


def _code(a: Contents, b: Contents) -> Iterator[Difference]:
    if a.run.get("commit") != b.run.get("commit"):
        yield Difference("code", "", "commit", a.run.get("commit"), b.run.get("commit"))
    there = [
        {
            name: content
            for name, content in side.files.items()
            if name.startswith(("src/", "notebooks/"))
        }
        for side in (a, b)
    ]
    if all(there):  # only bags hold the code itself
        for name in _united(*there):
            x, y = (side.get(name) for side in there)
            if x != y:
                yield Difference(
                    "code",
                    "",
                    name,
                    x and hashlib.sha256(x).hexdigest(),
                    y and hashlib.sha256(y).hexdigest(),
                )


def _environment(a: Contents, b: Contents) -> Iterator[Difference]:
    old, new = ({**side.run.get("versions", {}), **side.run.get("host", {})} for side in (a, b))
    for name in _united(old, new):
        if old.get(name) != new.get(name):
            yield Difference("environment", "", name, old.get(name), new.get(name))


def _united(a: Iterable[Key], b: Iterable[Key]) -> list[Key]:
    """The keys of both: those of `a` in their order, then what only `b` has."""
    return list(dict.fromkeys([*a, *b]))


def _shown(value: object) -> str:
    text = (
        value[:12] + "…" if isinstance(value, str) and verify.HEX.fullmatch(value) else str(value)
    )
    return verify.visible(text)


def in_words(a: Contents, b: Contents, differences: list[Difference]) -> str:
    """What is different, part by part, indicator by indicator; where a verdict changed, both
    conclusions.

    Of values only those are told that have a name in an assessment; the table of `as_csv` has them
    all.
    """
    lines = [f"A：{a.name}", f"B：{b.name}"]
    for part, title in PARTS.items():
        found = [difference for difference in differences if difference.part == part]
        lines.append(f"{title}：{f'{len(found)} 处不同' if found else '相同'}")
        for indicator in dict.fromkeys(difference.indicator for difference in found):
            notebook = f"2_{indicator}" if indicator else "4_assessment"
            if indicator:
                record = b.records.get(notebook) or a.records.get(notebook, {})
                lines.append(f"  {record.get('name_zh', '')}（{indicator}）")
            of_it = [difference for difference in found if difference.indicator == indicator]
            named = [
                difference for difference in of_it if part != "value" or difference.field in NAMES
            ]
            lines += [f"  {'  ' if indicator else ''}{difference}" for difference in named]
            lines += [f"    另有 {len(of_it) - len(named)} 个字段不同，见 CSV"] * (
                len(of_it) > len(named)
            )
            if part == "verdict":
                lines += [
                    f"    {side}：{there.records.get(notebook, {}).get('sentence', '没有评价')}"
                    for side, there in (("A", a), ("B", b))
                ]
    return "\n".join(lines)


def as_csv(differences: Iterable[Difference]) -> str:
    """One row a difference; empty where absent, text a spreadsheet would take for a formula made
    harmless."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for d in differences:
        writer.writerow([_harmless(cell) for cell in (d.part, d.indicator, d.field, d.a, d.b)])
    return file.getvalue()


def _harmless(cell: object) -> object:
    return (
        ""
        if cell is None
        else "'" + cell
        if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
        else cell
    )
