"""The sheet 月度季度 of the form: what is known of the year in progress."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from . import part_year, plan as plans
from .contract import Observation
from .facts import Area, Indicator, Plan
from .figure_sheet import choices, head, known_as
from .form_layout import HEADER_ROW, PART_COLUMNS, PART_ENDS, TYPED
from .sheet import MIDDLE, PALE, PLAIN, YELLOW, finish, put

NOTE = "只填黄色格；没有的期间不填。只用于动态监测，不进入年度评估；全年数请填“指标”表。"


def draw(
    sheet: Worksheet,
    plan: Plan,
    year: int,
    area: Area,
    known: Sequence[Observation],
    sources: int,
) -> None:
    """The sheet of the year in progress: a row an indicator and part, the part may be typed
    over."""
    title = f"{plan.short_title} {year} 年月度、季度数据：{area.name}"
    head(sheet, title, NOTE, PART_COLUMNS, (*TYPED, "C"))
    row = HEADER_ROW + 1
    for facts in plans.indicators(plan):
        if facts.kind == "binary":
            continue
        place = (facts.id, area.id)
        mine = (one for one in known if (one.indicator_id, one.area) == place)
        newest = {one.period: one for one in part_year.newest(mine)}
        for end in PART_ENDS:
            _part_row(sheet, row, facts, f"{year}-01/{year}-{end:02d}", newest)
            row += 1
    choices(sheet, HEADER_ROW + 1, row - 1, sources)
    sheet.freeze_panes = f"E{HEADER_ROW + 1}"
    finish(sheet, "A3", landscape=True, title_rows=f"1:{HEADER_ROW}")


def _part_row(
    sheet: Worksheet, row: int, facts: Indicator, part: str, known: dict[str, Observation]
) -> None:
    kind = "本期数：1月起累计的，期间写 1月/某月" if part_year.is_amount(facts) else "期末的数"
    kind = "到期末为止的累计数" if part_year.is_total(facts) else kind
    locked = {"A": facts.id, "B": facts.name_zh, "D": facts.unit, "M": kind}
    for letter, text in {**locked, "L": known_as(known.get(part))}.items():
        put(sheet, f"{letter}{row}", text, PLAIN, fill=PALE)
    for letter in (*TYPED, "C"):
        typed = part if letter == "C" else None
        put(sheet, f"{letter}{row}", typed, PLAIN, fill=YELLOW, typed=True, wrap=MIDDLE)
    for letter in "CHIJK":
        sheet[f"{letter}{row}"].number_format = "@"
    sheet.row_dimensions[row].height = 24
