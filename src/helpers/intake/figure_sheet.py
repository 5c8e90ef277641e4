"""The sheet 指标 of the form: a row an indicator and year, what is to be known beside it, and what
every sheet of figures shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from . import observations, plan as plans
from .contract import Observation
from .facts import Area, Indicator, Plan
from .form_layout import (
    BOUND_WORDS,
    COLUMNS,
    HEADER_ROW,
    OPERATORS,
    REGISTER,
    STATUS_WORDS,
    TYPED,
)
from .sheet import (
    BAND,
    BOLD,
    FONT,
    GREY,
    HEAD,
    MIDDLE,
    PALE,
    PLAIN,
    YELLOW,
    finish,
    height as height_of,
    page_height,
    put,
)

Rows = Mapping[tuple[str, str], Sequence[Observation]]  # of (indicator, area)
WORDS = Alignment(wrap_text=True, vertical="center")
NUMBER = Alignment(wrap_text=True, vertical="center", horizontal="right")


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


def draw(sheet: Worksheet, plan: Plan, year: int, area: Area, series: Rows, sources: int) -> None:
    title = f"{plan.short_title} {year} 年数据填报表：{area.name}"
    head(sheet, title, "只填黄色格。填法见“说明”表；来源先在“来源”表登记。", COLUMNS, TYPED)
    sheet.row_dimensions[HEADER_ROW].height = 30
    row = _categories(sheet, plan, year, area, series)
    choices(sheet, HEADER_ROW + 1, row - 1, sources)
    sheet.freeze_panes = f"E{HEADER_ROW + 1}"
    finish(sheet, "A3", landscape=True, title_rows=f"1:{HEADER_ROW}")


def _categories(sheet: Worksheet, plan: Plan, year: int, area: Area, series: Rows) -> int:
    """The blocks of all indicators under their categories; the first row below them."""
    row, page = HEADER_ROW + 1, page_height(sheet)
    left = page
    for category in plan.categories:
        mine = [facts for facts in plans.indicators(plan) if facts.category == category]
        for k, facts in enumerate(mine):
            years, texts = years_of(plan, facts, year), _beside(facts)
            tallest = height_of((texts[letter], COLUMNS[letter][1]) for letter in texts)
            height = max(24.0, tallest / len(years))
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
    return row


def head(
    sheet: Worksheet,
    title: str,
    note: str,
    columns: Mapping[str, tuple[str, float]],
    typed: Iterable[str] = (),
) -> None:
    """Title, a line on how to fill, and the headings; those of what is `typed` are yellow."""
    put(sheet, "A1", title, Font(name=FONT, size=14, bold=True), border=None, wrap=Alignment())
    put(sheet, "A2", note, PLAIN, border=None, wrap=Alignment())
    for letter, (heading, width) in columns.items():
        fill = YELLOW if letter in typed else HEAD
        put(sheet, f"{letter}{HEADER_ROW}", heading, BOLD, fill=fill, wrap=MIDDLE)
        sheet.column_dimensions[letter].width = width


def _band(sheet: Worksheet, row: int, category: str) -> None:
    for letter in COLUMNS:
        text = category if letter == "A" else None
        put(sheet, f"{letter}{row}", text, BOLD, fill=BAND, wrap=Alignment(vertical="center"))
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
            wrap = NUMBER if letter == "E" else WORDS
            put(sheet, f"{letter}{k}", None, PLAIN, fill=YELLOW, typed=True, wrap=wrap)
        for letter in "HIJK":
            sheet[f"{letter}{k}"].number_format = "@"  # text: a date stays as it is typed
        put(sheet, f"L{k}", known_as(now.get(year)), PLAIN, fill=PALE, wrap=MIDDLE)
        sheet.row_dimensions[k].height = height
    for letter, text in texts.items():
        font = BOLD if letter == "B" else PLAIN
        for k in range(row, last + 1):
            put(sheet, f"{letter}{k}", text if k == row else None, font, fill=PALE)
        if last > row:
            sheet.merge_cells(f"{letter}{row}:{letter}{last}")


def known_as(row: Observation | None) -> str:
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


def choices(sheet: Worksheet, first: int, last: int, sources: int) -> None:
    """Drop-downs and the check of the number, for whoever types; what is pasted is checked on
    import."""
    titles = f"{REGISTER}!$B${HEADER_ROW + 1}:$B${HEADER_ROW + sources}"
    limits = {"operator": "between", "formula1": f"-{10**15}", "formula2": f"{10**15}"}
    status, bounds = (f'"{",".join(words)}"' for words in (STATUS_WORDS, BOUND_WORDS))
    pick, source = "请从列表中选择", "请先在“来源”表登记题名，再从列表中选择"
    rules = {
        "E": ("数值", "decimal", "只填半角数字，单位见左格", limits),
        "F": ("状态", "list", pick, {"formula1": status}),
        "G": ("限定", "list", pick, {"formula1": bounds}),
        "H": ("来源", "list", source, {"formula1": titles}),
    }
    for letter, (title, kind, error, formulas) in rules.items():
        rule = DataValidation(kind, error=error, errorTitle=title, **formulas)
        rule.allow_blank, rule.showErrorMessage = True, True
        rule.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(rule)
