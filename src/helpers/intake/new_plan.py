"""A plan of another place: from a workbook, or from answers, to its parameters and its still empty
data, checked.

The workbook has two sheets: 规划 (one field a row) and 指标 (one indicator a row). What it says is
written as the files of `params/<id>/` and `data/raw/<id>/`; every indicator gets one row `missing`,
because a figure nobody has published is that.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import contract, door, filled, form_columns, plan as plans, plausible, promise_rows
from .fields import ANY_ID, FACT_ID, PLAN_ID, is_date, is_name
from .finding import Finding, Refused, Unknown, nearest
from .form_columns import (  # who fills the workbook knows it under the plan's name
    HEADINGS as HEADINGS,
    INDICATOR_FIELDS as INDICATOR_FIELDS,
    INDICATOR_SHEET as INDICATOR_SHEET,
    KINDS as KINDS,
    NUMBER as NUMBER,
    OPERATORS as OPERATORS,
    PLAN_FIELDS as PLAN_FIELDS,
    PLAN_SHEET as PLAN_SHEET,
    PROPERTIES as PROPERTIES,
    REPORTED as REPORTED,
    YEAR as YEAR,
    YES as YES,
    unit_of,
)
from .typed import ROWS


@dataclass(frozen=True)
class Row:
    """One indicator, or the plan itself, as text by heading, and where it was typed."""

    cells: Mapping[str, str]
    place: str


def form() -> bytes:
    """The empty workbook: both sheets, every field explained beside or below its heading."""
    book = Workbook()
    sheet = book.active
    sheet.title = PLAN_SHEET
    sheet.append(["项目", "内容", "填法"])
    for name, says in PLAN_FIELDS.items():
        sheet.append([name, "", says])
    listed = book.create_sheet(INDICATOR_SHEET)
    listed.append(list(INDICATOR_FIELDS))
    listed.append([f"（{says}）" for says in INDICATOR_FIELDS.values()])
    _menu(sheet, f"B{list(PLAN_FIELDS).index('虚构') + 2}", YES)
    chosen: dict[str, Iterable[str]] = {
        "性质": KINDS,
        "比较": OPERATORS,
        "属性": PROPERTIES,
        "报送方式": REPORTED,
        **form_columns.MENUS,
    }
    for name, words in chosen.items():
        letter = get_column_letter(list(INDICATOR_FIELDS).index(name) + 1)
        _menu(listed, f"{letter}3:{letter}{ROWS}", words)
    for page, widths in ((sheet, (16, 60, 40)), (listed, [18] * len(INDICATOR_FIELDS))):
        page.freeze_panes = "A2"
        for k, width in enumerate(widths):
            page.column_dimensions[get_column_letter(k + 1)].width = width
        for row in page.iter_rows():
            for cell in row:
                cell.font, cell.alignment = (
                    Font(bold=cell.row == 1),
                    Alignment(wrap_text=True, vertical="top"),
                )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _menu(sheet: Worksheet, cells: str, words: Iterable[str]) -> None:
    """A drop-down of `words` in `cells`; another word is told when it is typed."""
    menu = DataValidation(
        type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True
    )
    menu.add(cells)
    sheet.add_data_validation(menu)


def read(path: Path, more: Iterable[str] = ()) -> tuple[Row, list[Row]]:
    """(the plan, its indicators) of a filled workbook, as text; `more` columns may stand there.
    Raises `Refused`."""
    findings: list[Finding] = []
    books = filled.opened(path, findings)
    if books is None:
        raise Refused(findings)
    missing = [name for name in (PLAN_SHEET, INDICATOR_SHEET) if name not in books[1].sheetnames]
    if missing:
        raise Refused(
            [
                Finding(path.name, 0, "", name, "没有这张表", "请用 new-plan --form 写出的表填写")
                for name in missing
            ]
        )
    plan = {
        _text(row[0]): _text(row[1])
        for row in books[1][PLAN_SHEET].iter_rows(
            min_row=2, min_col=1, max_col=2, max_row=100, values_only=True
        )
        if _text(row[0])
    }
    findings += [
        Finding(
            f"{path.name}:{INDICATOR_SHEET}",
            0,
            cell.coordinate,
            f"{cell.value * 100:.15g}%",
            f"用了百分比格式，格里存的是 {_text(cell.value)}",
            "请把格式改为常规，照单位填写",
        )
        for line in books[1][INDICATOR_SHEET].iter_rows(max_col=40, max_row=ROWS)
        for cell in line
        if isinstance(cell.value, (int, float)) and "%" in (cell.number_format or "")
    ]
    if findings:
        raise Refused(findings)
    heading, *lines = books[1][INDICATOR_SHEET].iter_rows(
        max_col=40, max_row=ROWS, values_only=True
    )
    names = [_text(cell) for cell in heading]
    unknown = [
        Finding(
            f"{path.name}:{INDICATOR_SHEET}",
            1,
            name,
            "",
            f"没有这一栏{nearest(name, INDICATOR_FIELDS)}",
            "请照原样",
        )
        for name in names
        if name and name not in (*INDICATOR_FIELDS, *more)
    ]
    unknown += [
        Finding(
            f"{path.name}:{PLAN_SHEET}",
            0,
            name,
            "",
            f"没有这一项{nearest(name, PLAN_FIELDS)}",
            "请照原样",
        )
        for name in plan
        if name not in PLAN_FIELDS
    ]
    if unknown:
        raise Refused(unknown)
    rows = [
        Row(
            {name: _text(cell) for name, cell in zip(names, line, strict=False) if name},
            f"{path.name}:{INDICATOR_SHEET}:{number}",
        )
        for number, line in enumerate(lines, 2)
    ]
    return Row(plan, f"{path.name}:{PLAN_SHEET}"), [
        row
        for row in rows
        if any(row.cells.values()) and not row.cells.get("代码", "").startswith("（")
    ]


def _text(cell: object) -> str:
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    return "" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()


def make(
    plan_id: str,
    plan: Row,
    indicators: Sequence[Row],
    root: Path | str | None = None,
    more: Callable[[Path], None] = lambda _: None,
) -> tuple[Path, list[Finding]]:
    """(the folder of parameters, what is doubtful) of the plan so described: params/<id> and
    data/raw/<id>, checked, or nothing. `more` writes into the folder before it is checked.

    Raises `Unknown` for an id that cannot be or is taken, `Refused` with every finding.
    """
    root = plans.home(root)
    if not is_name(plan_id, PLAN_ID):
        raise Unknown(f"规划代码 {plan_id!r} 只能用小写字母、数字和连字符，如 nantong-145")
    places = (Path("params") / plan_id, Path("data/raw") / plan_id)
    for place in places:
        if (root / place).exists():
            raise Unknown(f"{place.as_posix()} 已经有了；请换一个代码，或先移走")
    findings = [*_plan_findings(plan), *_indicator_findings(indicators)]
    if findings:
        raise Refused(findings)
    for place in places:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / "data", prefix=".new-plan-") as scratch:
        for name, text in _files(plan_id, plan.cells, [row.cells for row in indicators]):
            path = Path(scratch) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        more(Path(scratch))
        try:
            door.check_plan(made := plans.load(plan_id, scratch))
        except Refused as refused:
            raise Refused(
                [_where_typed(finding, indicators) for finding in refused.findings]
            ) from None
        facts = plans.indicators(made)
        doubts = [
            *plausible.unlikely_targets(facts, INDICATOR_SHEET),
            *form_columns.met_from_the_start(facts, INDICATOR_SHEET),
        ]
        for place in reversed(places):  # a plan is there once its parameters are
            os.replace(Path(scratch) / place, root / place)
    return root / places[0], doubts


def _where_typed(finding: Finding, indicators: Sequence[Row]) -> Finding:
    """`finding` on a file of parameters as one on the row and heading it was made from; any other
    as it is."""
    row = next(
        (row for row in indicators if finding.file.endswith(f"indicators/{row.cells['代码']}.yml")),
        None,
    )
    heading = HEADINGS.get(re.split(r"[.\[]", finding.column)[0])
    return replace(finding, file=row.place, line=0, column=heading) if row and heading else finding


def _plan_findings(plan: Row) -> Iterator[Finding]:
    yield from _empty(plan, PLAN_FIELDS)
    for name in ("规划期起", "规划期止", "基期年"):
        if plan.cells.get(name) and not YEAR.fullmatch(plan.cells[name]):
            yield Finding(
                plan.place, 0, name, plan.cells[name], "不是年份", "请写成 2025 这样的四位数"
            )
    if plan.cells.get("虚构") and plan.cells["虚构"] not in YES:
        yield Finding(
            plan.place,
            0,
            "虚构",
            plan.cells["虚构"],
            "只能写“是”或“否”",
            "虚构的写“是”，每一页都会注明；其余留空",
        )
    if plan.cells.get("印发日期") and not is_date(plan.cells["印发日期"]):
        yield Finding(
            plan.place, 0, "印发日期", plan.cells["印发日期"], "不是日期", "请写成 2021-06-30"
        )
    if plan.cells.get("区域代码") and not is_name(plan.cells["区域代码"], ANY_ID):
        yield Finding(
            plan.place,
            0,
            "区域代码",
            plan.cells["区域代码"],
            "只能用小写字母、数字和连字符",
            "请改正",
        )


def _indicator_findings(indicators: Sequence[Row]) -> Iterator[Finding]:
    if not indicators:
        yield Finding(INDICATOR_SHEET, 0, "", "", "一项指标也没有", "请每项指标填一行")
    seen: set[str] = set()
    for row in indicators:
        cells = row.cells
        yield from _empty(row, INDICATOR_FIELDS)
        for slip in form_columns.wrong(cells, {one.cells.get("代码", "") for one in indicators}):
            yield Finding(row.place, 0, *slip)
        if cells.get("代码") and (not is_name(cells["代码"], FACT_ID) or cells["代码"] in seen):
            yield Finding(
                row.place,
                0,
                "代码",
                cells["代码"],
                "写了两次" if cells["代码"] in seen else "只能用小写字母、数字和下划线，以字母开头",
                "请改名",
            )
        seen.add(cells.get("代码", ""))
        for name, words in (
            ("性质", KINDS),
            ("比较", OPERATORS),
            ("属性", PROPERTIES),
            ("报送方式", REPORTED),
        ):
            if cells.get(name) and cells[name] not in words:
                yield Finding(
                    row.place,
                    0,
                    name,
                    cells[name],
                    f"不在可选的词里{nearest(cells[name], words)}",
                    f"可写：{'、'.join(words)}",
                )
        for name in ("精度", "基期值", "目标值", "行号"):
            whole = name in ("精度", "行号")
            if cells.get(name) and not (
                cells[name].isascii() and cells[name].isdigit()
                if whole
                else NUMBER.fullmatch(cells[name])
            ):
                yield Finding(
                    row.place,
                    0,
                    name,
                    cells[name],
                    "应为整数" if whole else "不是数字",
                    "只写半角数字，不写单位和千分位逗号",
                )
        if not cells.get("基期值") and not cells.get("说明"):
            yield Finding(
                row.place, 0, "说明", "", "没有基期值时须说明原因", "请写明规划为何没有同口径基期"
            )


def _empty(row: Row, known: Mapping[str, str]) -> Iterator[Finding]:
    for name, says in known.items():
        if not row.cells.get(name) and not says.startswith("可不填"):
            yield Finding(row.place, 0, name, "", "没有填", f"请填写：{says}")


def _files(
    plan_id: str, plan: Mapping[str, str], indicators: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """(path under the root, content) of every file of the plan."""
    start, end = int(plan["规划期起"]), int(plan["规划期止"])
    area = {"id": plan["区域代码"], "name": plan["区域名称"], "role": "whole"}
    yield (
        f"params/{plan_id}/plan.yml",
        as_yaml(
            {
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
                "areas": [area],
            }
        ),
    )
    yield f"params/{plan_id}/run.yml", f"year: {end}\nmodel: pooled\nrule: cn-plan-1\nlevel: 0.8\n"
    names = {row["代码"]: row["名称"] for row in indicators}
    yield f"params/{plan_id}/commitments.yml", "commitments: []\n"
    for row in indicators:
        yield (
            f"params/{plan_id}/indicators/{row['代码']}.yml",
            as_yaml(_indicator(row, int(plan["基期年"]), end, names)),
        )
    unpublished = ("missing", "plan_text", "", "", "", "规划印发时没有公布", "")
    rows = [
        (plan_id, row["代码"], area["id"], start, "", unit_of(row), *unpublished)
        for row in indicators
    ]
    yield (
        f"data/raw/{plan_id}/observations.csv",
        _csv((*contract.OBSERVATIONS, *contract.OBSERVATIONS_OPTIONAL), rows),
    )
    yield (
        f"data/raw/{plan_id}/sources.csv",
        _csv(
            contract.SOURCES,
            [
                (
                    "plan_text",
                    plan["原文标题"],
                    plan["发文机关"],
                    plan["印发日期"],
                    plan.get("原文网址", ""),
                    "",
                    "",
                )
            ],
        ),
    )
    yield (
        f"data/raw/{plan_id}/commitments.csv",
        _csv((*promise_rows.COMMITMENTS, *promise_rows.COMMITMENTS_OPTIONAL), []),
    )


def _indicator(row: Mapping[str, str], base: int, end: int, names: Mapping[str, str]) -> dict:
    kind, op = KINDS[row["性质"]], OPERATORS[row.get("比较") or "不低于"]
    said = {
        "id": row["代码"],
        "name_zh": row["名称"],
        "name_en": row.get("英文名") or row["代码"].replace("_", " "),
        "category": row["类别"],
        "unit": unit_of(row),
        "kind": kind,
        "reported": REPORTED.get(row.get("报送方式", "")),
        "since": row.get("累计起点") or None,
        "direction": "lower" if op in ("<=", "<") else "higher",
        "property": PROPERTIES[row.get("属性") or "预期性"],
        "decimals": int(row["精度"]),
        **form_columns.limits(row),
        "baseline": {
            "value": float(row["基期值"]) if row.get("基期值") else None,
            "note": row.get("说明", ""),
            **form_columns.baseline(row, base),
        },
        "target": {
            "year": end,
            "value": float(row["目标值"]) if row.get("目标值") else None,
            "op": op,
            "note": "" if row.get("目标值") else row.get("说明") or row.get("各年目标", ""),
            **form_columns.target(row, names),
        },
        "clauses": [{"quote": row["原文"], "line": int(row["行号"])}],
        "definition": row["口径"],
        "supplier": {
            "office": row["数据提供单位"],
            "basis": "按职能建议",
            "needs": row["需要的数据"],
        },
    }
    return {name: value for name, value in said.items() if value is not None}


def as_yaml(content: dict) -> str:
    """`content` as a file of parameters."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)


def _csv(header: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return file.getvalue()
