"""The form an office fills in: one Excel workbook of a plan and a year, with everything needed to
fill it beside the cell.

说明 how to fill, 指标 one row per indicator and year, 来源 where figures come from, 月度季度 what
is known of the year in progress; then what `further_form` and `task_form` ask.
Only the yellow cells can be typed in; the protection has no password, it keeps slips out and nobody
else. The same plan, data and year give the same bytes. What a filled form says is read by `filled`.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from . import figure_sheet, further_form, observations, part_sheet, plan as plans, task_form
from .contract import SOURCES, Source
from .facts import Area, Plan
from .figure_sheet import head
from .form_layout import (
    FIGURES,
    GUIDE,
    GUIDE_WIDTH,
    HEADER_ROW,
    HOW_TO,
    IDENTITY,
    NEW_SOURCES,
    PARTS,
    REGISTER,
    SOURCE_COLUMNS,
)
from .sheet import (
    BAND,
    BOLD,
    FONT,
    NEVER,
    PALE,
    PLAIN,
    YELLOW,
    finish,
    height as height_of,
    put,
    settled,
)


def template(plan: Plan, year: int, area: Area | None = None, office: str = "") -> bytes:
    """The empty form for `year`, with the promises of `office` (default: all). Raises `Refused`
    where the plan's own files are bad, `Unknown` for an office that is not listed."""
    area, received = area or plan.whole, observations.receive(plan)
    book = Workbook()
    book.remove(book.active)
    sources = list(received.sources.values())
    rows = NEW_SOURCES + len(sources)
    by_series = observations.by_series(received.observations)
    _guide(book.create_sheet(GUIDE), plan, year, area)
    figure_sheet.draw(book.create_sheet(FIGURES), plan, year, area, by_series, rows)
    _register(book.create_sheet(REGISTER), sources)
    running = min(year + 1, plan.period.end)
    part_sheet.draw(book.create_sheet(PARTS), plan, running, area, received.parts, rows)
    titles = f"{REGISTER}!$B${HEADER_ROW + 1}:$B${HEADER_ROW + rows}"
    further_form.draw(book, plan, year, titles)
    promised = task_form.of_office(plans.ledger(plan), office)
    if promised:
        tasks, title = book.create_sheet(task_form.TASKS, 2), f"{plan.short_title}重点任务填报"
        offices = plans.ledger(plan).offices
        task_form.draw(tasks, title, promised, received.evidence, titles, offices)
    book.active = 1
    book.properties.creator = plan.issuer
    book.properties.title = f"{plan.short_title} {year} 年数据填报"
    book.properties.created = book.properties.modified = NEVER
    return settled(book)


def _guide(sheet: Worksheet, plan: Plan, year: int, area: Area) -> None:
    put(
        sheet,
        "A1",
        f"{plan.short_title} {year} 年数据填报表",
        Font(name=FONT, size=16, bold=True),
        border=None,
        wrap=Alignment(),
    )
    rows = [
        ("规划", plan.title),
        ("区域", area.name),
        *zip(IDENTITY, (plan.id, area.id, str(year)), strict=False),
    ]
    rows += [("数据来源", "由数据提供部门填写，第三方评估导入；每个数值都要有来源。")]
    if plan.fictional:
        rows.append(("提示", "本规划及其数据均为虚构，只供学习和测试。"))
    rows += [(f"填法 {k}", text) for k, text in enumerate(HOW_TO, 1)]
    rows += [(f"全局提示 {k}", text) for k, text in enumerate(plan.caveats, 1)]
    for k, (name, text) in enumerate(rows, 3):
        put(sheet, f"A{k}", name, BOLD, fill=BAND)
        put(sheet, f"B{k}", text, PLAIN)
        sheet.row_dimensions[k].height = height_of([(text, GUIDE_WIDTH)])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 13, GUIDE_WIDTH
    finish(sheet, "A4", landscape=False, title_rows="")


def _register(sheet: Worksheet, sources: Sequence[Source]) -> None:
    note = f"新来源填在黄色格；题名必填。以下 {len(sources)} 个是已登记的，可直接选用。"
    head(sheet, "来源", note, dict(zip("ABCDEFG", SOURCE_COLUMNS.values(), strict=True)))
    for k in range(NEW_SOURCES + len(sources)):
        row, source = HEADER_ROW + 1 + k, None if k < NEW_SOURCES else sources[k - NEW_SOURCES]
        texts = [getattr(source, name) if source else None for name in SOURCES]
        for letter, text in zip("ABCDEFG", texts, strict=False):
            fill = PALE if source else YELLOW
            put(sheet, f"{letter}{row}", text, PLAIN, fill=fill, typed=source is None)
            sheet[f"{letter}{row}"].number_format = "@"
        sheet.row_dimensions[row].height = height_of(
            (text or "", width)
            for text, (_, width) in zip(texts, SOURCE_COLUMNS.values(), strict=False)
        )
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    finish(sheet, "A4", landscape=True, title_rows=f"{HEADER_ROW}:{HEADER_ROW}")
