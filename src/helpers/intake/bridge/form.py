"""The workbook of the next plan, filled in from the plan before: its values of last year are the
baselines, its targets are nobody's to tell."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from .. import form_columns, observations, plan as plans, plan_book
from ..facts import STARTS_FROM_ZERO, Indicator, Plan
from ..observations import Received, Series
from ..succession import COLUMNS

YEARS = 5  # of the plan that follows


def form(old: Plan) -> bytes:
    """The workbook of the plan after `old`: its indicators with last year's values as baselines,
    targets empty."""
    book = openpyxl.load_workbook(io.BytesIO(plan_book.form()))
    _fill_plan(book[form_columns.PLAN_SHEET], old)
    sheet = book[form_columns.INDICATOR_SHEET]
    headings = [*form_columns.INDICATOR_FIELDS, *COLUMNS]
    for k, (name, says) in enumerate(COLUMNS.items(), len(form_columns.INDICATOR_FIELDS) + 1):
        sheet.cell(1, k, name)
        sheet.cell(2, k, f"（{says}）")
    received = observations.receive(old)
    points = observations.all_taken(old, received, old.target_year)
    for number, facts in enumerate(plans.indicators(old), 3):
        series = observations.series(facts, points, old.whole.id)
        for name, value in _prefilled(old, facts, series, received).items():
            _put(sheet.cell(number, headings.index(name) + 1), value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill_plan(sheet: Worksheet, old: Plan) -> None:
    known = {
        "发文机关": old.issuer,
        "规划期起": old.period.end + 1,
        "规划期止": old.period.end + YEARS,
        "基期年": old.period.end,
        "区域代码": old.whole.id,
        "区域名称": old.whole.name,
        "虚构": "是" if old.fictional else None,
    }
    for row in sheet.iter_rows(min_row=2):
        _put(row[1], known.get(row[0].value))


def _put(cell: Cell, value: object) -> None:
    """A text stays one, though it begins as a formula does."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _prefilled(
    old: Plan, facts: Indicator, series: Series, received: Received
) -> dict[str, object]:
    """What the plan before tells of an indicator of the next; its target is nobody's to tell."""
    value, vintage = baseline(old, facts, series, received)
    words = {kind: name for name, kind in form_columns.KINDS.items()}
    compared = {op: name for name, op in form_columns.OPERATORS.items()}
    reported = {code: name for name, code in form_columns.REPORTED.items()}
    start, end = old.period.end + 1, old.period.end + YEARS
    return {
        "代码": facts.id,
        "名称": facts.name_zh,
        "英文名": facts.name_en,
        "类别": facts.category,
        "单位": facts.unit,
        "性质": words[facts.kind],
        "精度": facts.decimals,
        "基期值": value,
        "比较": compared[facts.target.op],
        "属性": "约束性" if facts.property == "binding" else "预期性",
        "报送方式": reported.get(facts.reported or ""),
        "累计起点": facts.since,
        "口径": facts.definition,
        "数据提供单位": facts.supplier.office,
        "需要的数据": f"{start}—{end}年各年的值",
        "说明": vintage,
        "与上一期": "同",
        "上一期代码": facts.id,
    }


def baseline(
    old: Plan, facts: Indicator, series: Series, received: Received
) -> tuple[float | None, str]:
    """(the value of the plan's last year, its vintage in words): None where a sum starts from
    zero, where none was published, or only a bound."""
    if facts.kind in STARTS_FROM_ZERO:
        return None, f"{facts.name_zh}从0起算，不需要基期值。"
    point = next((p for p in series.points if p.year == old.period.end), None)
    if point is None:
        return None, f"{old.short_title}到{old.period.end}年没有公布终期值。"
    source = received.sources[point.row.source].title
    word = {"final": "终值", "preliminary": "初值", "derived": "推算"}.get(point.row.status, "")
    published = point.row.published or "公布日期不详"
    vintage = f"承接{old.short_title}{point.year}年{word}，{published}，{source}。"
    return (point.figure if point.bound == "=" else None), vintage
