"""The next plan from the filled workbook: its parameters, its bridge, the history of what stays."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from .. import contract, form_columns, new_plan, observations, plan as plans, plan_book, plan_files
from ..contract import Observation
from ..facts import Indicator, Plan
from ..finding import Finding, Refused, nearest
from ..plan_book import Row
from ..succession import COLUMNS, FILE, STATES, State


def make(plan_id: str, path: Path, old: Plan) -> tuple[Path, list[Finding]]:
    """The plan of the filled workbook, with its bridge and the history of what stays the same.

    Raises `Unknown` for an id that cannot be, `Refused` with every finding.
    """
    plan, rows = plan_book.read(path, COLUMNS)
    findings = list(_findings(rows, old))
    if findings:
        raise Refused(findings)
    following = [row for row in rows if _state(row) != "dropped"]
    bare = [
        Row({name: text for name, text in row.cells.items() if name not in COLUMNS}, row.place)
        for row in following
    ]
    return new_plan.make(plan_id, plan, bare, old.root, _writer(plan_id, plan, rows, old))


def _state(row: Row) -> State:
    return STATES[row.cells["与上一期"]]


def _findings(rows: Sequence[Row], old: Plan) -> Iterator[Finding]:
    """What is wrong with the columns of the bridge."""
    seen: list[str] = []
    for row in rows:
        word, was = row.cells.get("与上一期", ""), row.cells.get("上一期代码", "")
        if word not in STATES:
            remedy = f"可写：{'、'.join(STATES)}"
            yield Finding(row.place, 0, "与上一期", word, "没有写明与上一期的关系", remedy)
        elif word == "新":
            continue
        elif was not in old.indicators:
            problem = f"{old.id} 没有这项指标{nearest(was, old.indicators)}"
            yield Finding(row.place, 0, "上一期代码", was, problem, "请改正；新增的写“新”")
        else:
            seen.append(was)
            yield from _of_state(row, word, plans.indicator(old, was))
    for name in old.indicators:
        if seen.count(name) != 1:
            problem = "上一期的这项指标没有写" if name not in seen else "上一期的这项指标写了两次"
            remedy = "请写一行：同、改或停"
            yield Finding(form_columns.INDICATOR_SHEET, 0, "上一期代码", name, problem, remedy)


def _of_state(row: Row, word: str, facts: Indicator) -> Iterator[Finding]:
    cells = row.cells
    if word == "停" and not cells.get("说明"):
        yield Finding(row.place, 0, "说明", "", "停用没有写原因", "请写明为何不再用、由什么代替")
    if word == "同" and (cells.get("单位"), form_columns.KINDS.get(cells.get("性质", ""))) != (
        facts.unit,
        facts.kind,
    ):
        problem = f"单位或性质与上一期（{facts.unit}）不同"
        yield Finding(row.place, 0, "与上一期", "同", problem, "请写“改”，并填重叠年两个值")
    if word != "改":
        return
    for name in ("重叠年", "旧口径值", "新口径值"):
        wanted = form_columns.YEAR if name == "重叠年" else form_columns.NUMBER
        if not wanted.fullmatch(cells.get(name, "")):
            problem = "口径变了，须有同一年两种口径的值"
            yield Finding(row.place, 0, name, cells.get(name, ""), problem, "请填这一年的数")


def _writer(plan_id: str, plan: Row, rows: Sequence[Row], old: Plan) -> Callable[[Path], None]:
    """What writes the bridge and the history into the folder where the plan is made."""

    def write(folder: Path) -> None:
        entries = [_entry(row.cells) for row in rows]
        text = plan_files.as_yaml({"plan": old.id, "title": old.title, "indicators": entries})
        (folder / "params" / plan_id / FILE).write_text(text, "utf-8", newline="\n")
        for row in (row for row in rows if _state(row) in ("same", "changed")):
            _remark(folder / "params" / plan_id / "indicators", row.cells)
        _history(folder / "data" / "raw" / plan_id, plan_id, plan.cells["区域代码"], rows, old)

    return write


def _remark(folder: Path, cells: Mapping[str, str]) -> None:
    """Tell the reader of an indicator where its baseline comes from, and what its definition was
    before."""
    path = folder / f"{cells['代码']}.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    remarks = [cells["说明"]] if cells.get("说明") else []
    if STATES[cells["与上一期"]] == "changed":
        year, old, new = (cells[name] for name in ("重叠年", "旧口径值", "新口径值"))
        remarks.append(
            f"口径与上一期不同：{year}年旧口径 {old}、新口径 {new}，两期的数不能直接相比。"
        )
    content["caveats"] = remarks
    path.write_text(plan_files.as_yaml(content), "utf-8", newline="\n")


def _entry(cells: Mapping[str, str]) -> dict[str, object]:
    state = STATES[cells["与上一期"]]
    entry: dict[str, object] = {"state": state}
    if state != "dropped":
        entry["id"] = cells["代码"]
    if state != "new":
        entry["was"] = cells["上一期代码"]
    if state == "changed":
        old, new = float(cells["旧口径值"]), float(cells["新口径值"])
        entry["overlap"] = {"year": int(cells["重叠年"]), "old": old, "new": new}
    if state == "dropped":
        entry["reason"] = cells["说明"]
    return entry


def _history(raw: Path, plan_id: str, area: str, rows: Sequence[Row], old: Plan) -> None:
    """Append what was observed of the indicators that stay the same, and its sources: a next plan
    whose first year is asked what the last ones tell."""
    stays = {row.cells["上一期代码"]: row.cells["代码"] for row in rows if _state(row) == "same"}
    received = observations.receive(old)
    sums = {f.id for f in plans.indicators(old) if f.kind == "increment" and f.reported != "annual"}
    kept = [
        row
        for row in received.observations
        if row.indicator_id in stays
        and row.area == old.whole.id
        and row.source != "plan_text"
        and row.indicator_id not in sums
    ]
    names = (*contract.OBSERVATIONS, *contract.OBSERVATIONS_OPTIONAL)
    _append(
        raw / "observations.csv",
        ([_cell(row, name, plan_id, area, stays) for name in names] for row in kept),
    )
    used = dict.fromkeys(row.source for row in kept)
    sources = (received.sources[name] for name in used)
    _append(
        raw / "sources.csv",
        ([getattr(source, name) or "" for name in contract.SOURCES] for source in sources),
    )


def _cell(row: Observation, name: str, plan_id: str, area: str, stays: Mapping[str, str]) -> object:
    own = {"plan": plan_id, "area": area, "indicator_id": stays[row.indicator_id]}
    value = own.get(name, getattr(row, name, ""))
    return "" if value is None else value


def _append(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with open(path, "a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
