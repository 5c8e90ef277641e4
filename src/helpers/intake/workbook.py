"""The form an office fills in: one Excel workbook of a plan and a year, with everything needed to
fill it beside the cell.

Four sheets: 说明 how to fill, 指标 one row per indicator and year, 来源 where figures come from,
月度季度 what is known of the year in progress.
Only the yellow cells can be typed in; the protection has no password, it keeps slips out and nobody
else. The same plan, data and year give the same bytes. What a filled form says is read by `filled`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from . import observations, part_year, plan as plans, task_form
from .contract import SOURCES, Observation, Source
from .facts import Area, Indicator, Plan
from .sheet import (
    BAND,
    BOLD,
    FONT,
    GREY,
    HEAD,
    MIDDLE,
    NEVER,
    PALE,
    PLAIN,
    YELLOW,
    finish,
    height as height_of,
    page_height,
    put,
    settled,
)

GUIDE, FIGURES, REGISTER, PARTS = "说明", "指标", "来源", "月度季度"
PART_ENDS = (3, 6, 9, 11)  # months up to which the form asks for a year in progress
STATUS_WORDS = {"终值": "final", "初值": "preliminary", "推算": "derived", "缺": "missing"}
BOUND_WORDS = {"等于": "=", "超过": ">", "不低于": ">=", "约": "~"}
OPERATORS = {">=": "不低于", ">": "超过", "<=": "不高于", "<": "低于"}

# Column letter → heading, width in characters of the default font. What is typed is E to K; the
# field each letter holds is in FIELDS.
COLUMNS = {
    "A": ("指标代码", 15),
    "B": ("指标", 15),
    "C": ("年份", 6.5),
    "D": ("单位", 8),
    "E": ("数值", 12),
    "F": ("状态", 7.5),
    "G": ("限定", 7.5),
    "H": ("来源（题名）", 22),
    "I": ("出处（页、表、原句）", 16),
    "J": ("发布日期", 11.5),
    "K": ("备注（推算写算式）", 18),
    "L": ("现有数值", 24),
    "M": ("目标、规划原文、口径", 41),
    "N": ("填报时注意", 40),
    "O": ("提供部门与所需数据", 26),
}
FIELDS = {
    "indicator_id": "A",
    "year": "C",
    "unit": "D",
    "value": "E",
    "status": "F",
    "bound": "G",
    "source": "H",
    "locator": "I",
    "published": "J",
    "note": "K",
}
PART_FIELDS = {"period" if name == "year" else name: letter for name, letter in FIELDS.items()}
TYPED = tuple("EFGHIJK")
HEADER_ROW = 3
GUIDE_WIDTH = 86
SOURCE_COLUMNS = {
    "id": ("代码（可不填）", 20),
    "title": ("题名", 48),
    "publisher": ("发布单位", 28),
    "published": ("发布日期", 14),
    "url": ("网址", 44),
    "accessed": ("查阅日期", 14),
    "note": ("备注", 36),
}
NEW_SOURCES = 12  # empty rows for sources that are not registered yet
IDENTITY = {
    "规划代码": "plan",
    "区域代码": "area",
    "评估年": "year",
}  # of the form, on the first sheet, for whoever reads it back


HOW_TO = (
    "只填“指标”表和“来源”表的黄色格；其余各格已锁定，请不要改动、合并、插入或删除行列。",
    "数值：只填半角数字，如 12.71；不写单位、千分位逗号和“约”“超”等字。"
    "单位以同一行的“单位”格为准，须先换算（元与万元、亿元，件与万件；百分数填 85.3，不填 0.853，"
    "也不用百分比格式）。",
    "状态：终值（正式公布）、初值（快报、预计、初步核算）、推算（由别的数算出，"
    "须在备注写出算式）、缺（确实没有，数值留空）。不要用 0、“-”“无”表示缺数。",
    "限定：原文为“超5亿元”选“超过”，“100余家”“…以上”选“不低于”，“约”选“约”；准确数选“等于”或留空。",
    "来源：先在“来源”表登记（题名、发布单位、发布日期，代码可不填），再在“指标”表选用；"
    "没有来源的数值不能导入。本单位直接提供的，来源写本次复函或本表。",
    "出处：页码、表号或原句，使别人找得到。发布日期：2024-03-15、2024-03 或 2024；"
    "不填则取来源的发布日期。",
    "修订旧数：直接填新值，并写明修订的发布日期；旧值会作为历史公布值保留，不会被覆盖。"
    "“现有数值”一栏是已经掌握的数，没有变化的不必再填。",
    "不满一年的数（如1—10月）不是年末或全年数，不要填在“指标”表，请填“月度季度”表；"
    "没有填的行按没有提供处理，不会当作 0。",
    "“月度季度”表的期间：2026-01/2026-09 是1月起累计到9月，2026Q3 是一个季，2026-09 是一个月，"
    "可以改写；存量、占比、累计数填期末的数。这些数只用于动态监测，不进入年度评估。",
)


def years_of(plan: Plan, facts: Indicator, year: int) -> list[int]:
    """The years asked for: of the plan up to `year`, before them the baseline's where the plan
    prints none or only a bound."""
    base = facts.baseline
    asked = (
        [base.year]
        if facts.start is None or (base.bound != "=" and facts.kind != "increment")
        else []
    )
    return [*(y for y in asked if y < plan.period.start), *range(plan.period.start, year + 1)]


def template(plan: Plan, year: int, area: Area | None = None, office: str = "") -> bytes:
    """The empty form for `year`, with the promises of `office` (default: all). Raises `Refused`
    where the plan's own files are bad, `Unknown` for an office that is not listed."""
    area, received = area or plan.whole, observations.receive(plan)
    book = Workbook()
    book.remove(book.active)
    sources = list(received.sources.values())
    _guide(book.create_sheet(GUIDE), plan, year, area)
    _figures(
        book.create_sheet(FIGURES),
        plan,
        year,
        area,
        observations.by_series(received.observations),
        NEW_SOURCES + len(sources),
    )
    _register(book.create_sheet(REGISTER), sources)
    _parts(
        book.create_sheet(PARTS),
        plan,
        min(year + 1, plan.period.end),
        area,
        received.parts,
        NEW_SOURCES + len(sources),
    )
    promised = task_form.of_office(plans.ledger(plan), office)
    if promised:
        titles = f"{REGISTER}!$B${HEADER_ROW + 1}:$B${HEADER_ROW + NEW_SOURCES + len(sources)}"
        tasks, title = book.create_sheet(task_form.TASKS, 2), f"{plan.short_title}重点任务填报"
        offices = plans.ledger(plan).offices
        task_form.draw(tasks, title, promised, received.evidence, titles, offices)
    book.active = 1
    book.properties.creator, book.properties.title = (
        plan.issuer,
        f"{plan.short_title} {year} 年数据填报",
    )
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


def _figures(sheet: Worksheet, plan: Plan, year: int, area: Area, series, sources: int) -> None:
    put(
        sheet,
        "A1",
        f"{plan.short_title} {year} 年数据填报表：{area.name}",
        Font(name=FONT, size=14, bold=True),
        border=None,
        wrap=Alignment(),
    )
    put(
        sheet,
        "A2",
        "只填黄色格。填法见“说明”表；来源先在“来源”表登记。",
        PLAIN,
        border=None,
        wrap=Alignment(),
    )
    for letter, (heading, width) in COLUMNS.items():
        put(
            sheet,
            f"{letter}{HEADER_ROW}",
            heading,
            BOLD,
            fill=YELLOW if letter in TYPED else HEAD,
            wrap=MIDDLE,
        )
        sheet.column_dimensions[letter].width = width
    sheet.row_dimensions[HEADER_ROW].height = 30
    row, page = HEADER_ROW + 1, page_height(sheet)
    left = page
    for category in plan.categories:
        mine = [facts for facts in plans.indicators(plan) if facts.category == category]
        for k, facts in enumerate(mine):
            years = years_of(plan, facts, year)
            texts = _beside(facts)
            height = max(
                24.0,
                height_of((texts[letter], COLUMNS[letter][1]) for letter in texts) / len(years),
            )
            needed = height * len(years) + (20 if k == 0 else 0)
            if needed > left:  # an indicator is not torn over two pages
                sheet.row_breaks.append(Break(id=row - 1))
                left = page
            left -= needed
            if k == 0:
                _band(sheet, row, category)
                row += 1
            _block(sheet, row, facts, years, texts, height, series.get((facts.id, area.id), ()))
            row += len(years)
    _choices(sheet, HEADER_ROW + 1, row - 1, sources)
    sheet.freeze_panes = f"E{HEADER_ROW + 1}"
    finish(sheet, "A3", landscape=True, title_rows=f"1:{HEADER_ROW}")


def _parts(
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
    put(sheet, "A1", title, Font(name=FONT, size=14, bold=True), border=None, wrap=Alignment())
    put(sheet, "A2", PARTS_NOTE, PLAIN, border=None, wrap=Alignment())
    for letter, (heading, width) in PART_COLUMNS.items():
        fill = YELLOW if letter in (*TYPED, "C") else HEAD
        put(sheet, f"{letter}{HEADER_ROW}", heading, BOLD, fill=fill, wrap=MIDDLE)
        sheet.column_dimensions[letter].width = width
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
    _choices(sheet, HEADER_ROW + 1, row - 1, sources)
    sheet.freeze_panes = f"E{HEADER_ROW + 1}"
    finish(sheet, "A3", landscape=True, title_rows=f"1:{HEADER_ROW}")


PART_COLUMNS = {letter: COLUMNS[letter] for letter in "ABCDEFGHIJKL"}
PART_COLUMNS |= {"C": ("期间", 17), "M": ("这个数是", 24)}
PARTS_NOTE = "只填黄色格；没有的期间不填。只用于动态监测，不进入年度评估；全年数请填“指标”表。"


def _part_row(
    sheet: Worksheet, row: int, facts: Indicator, part: str, known: dict[str, Observation]
) -> None:
    kind = "本期数：1月起累计的，期间写 1月/某月" if part_year.is_amount(facts) else "期末的数"
    kind = "到期末为止的累计数" if part_year.is_total(facts) else kind
    locked = {"A": facts.id, "B": facts.name_zh, "D": facts.unit, "M": kind}
    for letter, text in {**locked, "L": _known(known.get(part))}.items():
        put(sheet, f"{letter}{row}", text, PLAIN, fill=PALE)
    for letter in (*TYPED, "C"):
        typed = part if letter == "C" else None
        put(sheet, f"{letter}{row}", typed, PLAIN, fill=YELLOW, typed=True, wrap=MIDDLE)
    for letter in "CHIJK":
        sheet[f"{letter}{row}"].number_format = "@"
    sheet.row_dimensions[row].height = 24


def _band(sheet: Worksheet, row: int, category: str) -> None:
    for letter in COLUMNS:
        put(
            sheet,
            f"{letter}{row}",
            category if letter == "A" else None,
            BOLD,
            fill=BAND,
            wrap=Alignment(vertical="center"),
        )
    sheet.row_dimensions[row].height = 20


def _block(
    sheet: Worksheet,
    row: int,
    facts: Indicator,
    years: Sequence[int],
    texts: dict[str, str],
    height: float,
    known: Iterable[Observation],
) -> None:
    """The rows of one indicator; what is said of all its years stands once, over all of them."""
    last = row + len(years) - 1
    now = {point.year: point for point in observations.known(known)}
    for k, year in enumerate(years, row):
        put(sheet, f"A{k}", facts.id, GREY, fill=PALE)
        put(sheet, f"C{k}", year, PLAIN, fill=PALE, wrap=MIDDLE)
        put(sheet, f"D{k}", facts.unit, PLAIN, fill=PALE, wrap=MIDDLE)
        for letter in TYPED:
            put(
                sheet,
                f"{letter}{k}",
                None,
                PLAIN,
                fill=YELLOW,
                typed=True,
                wrap=Alignment(
                    wrap_text=True, vertical="center", horizontal="right" if letter == "E" else None
                ),
            )
        for letter in "HIJK":
            sheet[f"{letter}{k}"].number_format = "@"  # text: a date stays as it is typed
        put(sheet, f"L{k}", _known(now.get(year)), PLAIN, fill=PALE, wrap=MIDDLE)
        sheet.row_dimensions[k].height = height
    for letter, text in texts.items():
        for k in range(row, last + 1):
            put(
                sheet,
                f"{letter}{k}",
                text if k == row else None,
                BOLD if letter == "B" else PLAIN,
                fill=PALE,
            )
        if last > row:
            sheet.merge_cells(f"{letter}{row}:{letter}{last}")


def _known(row: Observation | None) -> str:
    if row is None:
        return "—"
    words = {code: word for word, code in STATUS_WORDS.items()}
    bound = {code: word for word, code in BOUND_WORDS.items() if code != "="}.get(row.bound, "")
    published = f"，{row.published}" if row.published else ""
    return f"{bound}{observations.printed(row.value)}（{words[row.status]}{published}）"


def _beside(facts: Indicator) -> dict[str, str]:
    """The texts beside an indicator's cells, by column."""
    target = (
        "规划没有给出"
        if facts.target.value is None
        else f"{facts.target.year} 年{OPERATORS[facts.target.op]} "
        f"{observations.printed(facts.target.value)} {facts.unit}"
    )
    quotes = [
        f"“{clause.quote}”（第{clause.line}行）" if clause.line else f"“{clause.quote}”"
        for clause in facts.clauses
    ]
    return {
        "B": facts.name_zh,
        "M": "\n".join(
            [f"目标：{target}", f"原文：{'；'.join(quotes)}", f"口径：{facts.definition}"]
        ),
        "N": "\n".join(f"{k}. {text}" for k, text in enumerate(facts.caveats, 1)) or "—",
        "O": f"{facts.supplier.office}（{facts.supplier.basis}）\n{facts.supplier.needs}",
    }


def _choices(sheet: Worksheet, first: int, last: int, sources: int) -> None:
    """Drop-downs and the check of the number, for whoever types; what is pasted is checked on
    import."""
    titles = f"{REGISTER}!$B${HEADER_ROW + 1}:$B${HEADER_ROW + sources}"
    rules = {
        "E": DataValidation(
            "decimal",
            operator="between",
            formula1="-1000000000000000",
            formula2="1000000000000000",
            error="只填半角数字，单位见左格",
            errorTitle="数值",
        ),
        "F": DataValidation(
            "list",
            formula1=f'"{",".join(STATUS_WORDS)}"',
            error="请从列表中选择",
            errorTitle="状态",
        ),
        "G": DataValidation(
            "list", formula1=f'"{",".join(BOUND_WORDS)}"', error="请从列表中选择", errorTitle="限定"
        ),
        "H": DataValidation(
            "list",
            formula1=titles,
            error="请先在“来源”表登记题名，再从列表中选择",
            errorTitle="来源",
        ),
    }
    for letter, rule in rules.items():
        rule.allow_blank, rule.showErrorMessage = True, True
        rule.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(rule)


def _register(sheet: Worksheet, sources: Sequence[Source]) -> None:
    put(sheet, "A1", "来源", Font(name=FONT, size=14, bold=True), border=None, wrap=Alignment())
    put(
        sheet,
        "A2",
        f"新来源填在黄色格；题名必填。以下 {len(sources)} 个是已登记的，可直接选用。",
        PLAIN,
        border=None,
        wrap=Alignment(),
    )
    for letter, (heading, width) in zip("ABCDEFG", SOURCE_COLUMNS.values(), strict=False):
        put(sheet, f"{letter}{HEADER_ROW}", heading, BOLD, fill=HEAD, wrap=MIDDLE)
        sheet.column_dimensions[letter].width = width
    for k in range(NEW_SOURCES + len(sources)):
        row, source = HEADER_ROW + 1 + k, None if k < NEW_SOURCES else sources[k - NEW_SOURCES]
        texts = [getattr(source, name) if source else None for name in SOURCES]
        for letter, text in zip("ABCDEFG", texts, strict=False):
            put(
                sheet,
                f"{letter}{row}",
                text,
                PLAIN,
                fill=PALE if source else YELLOW,
                typed=source is None,
            )
            sheet[f"{letter}{row}"].number_format = "@"
        sheet.row_dimensions[row].height = height_of(
            (text or "", width)
            for text, (_, width) in zip(texts, SOURCE_COLUMNS.values(), strict=False)
        )
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    finish(sheet, "A4", landscape=True, title_rows=f"{HEADER_ROW}:{HEADER_ROW}")
