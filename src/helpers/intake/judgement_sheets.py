"""A judgement as a workbook: a sheet for each of its lists, filled with what is known or written
already, and rows to go on in. What a filled one says is read by `judgement_book`.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import grounds, judgement, judgement_form as form
from .facts import Plan
from .judgement_form import Row, Rows
from .sheet import (
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
    height,
    put,
    settled,
)

COVER, RECORDS, HEADER_ROW, SPARE = "评估说明", "可引用的记录", 3, 12
HOW_TO = (
    "只填黄色格。依据写记录的代码（见“可引用的记录”表），几条之间用顿号或换行。"
    "灰色的“数据里的事实”由程序填写，不读回。不需要的行请清空；同一张表的空行可以接着填。"
)
SHEETS = {  # list of the judgement → its sheet
    "categories": "分类评价",
    "achievements": "主要成效",
    "problems": "问题",
    "causes": "成因",
    "recommendations": "建议",
    "not_recommended": "不提建议",
    "judged": "定性评定",
    "changes": "目标调整",
    "lessons": "经验教训",
    "fates": "以往建议",
}
HEADINGS = {  # field → heading, width
    "category": ("类别", 16),
    "id": ("代码", 16),
    "problem": ("问题代码", 16),
    "of": ("以往建议的代码", 22),
    "indicator": ("指标代码", 24),
    "text": ("内容", 60),
    "kind": ("成因在于", 10),
    "word": ("评定", 16),
    "fate": ("结果", 10),
    "owner": ("责任单位", 24),
    "due": ("完成期限", 13),
    "success": ("怎样算做到", 36),
    "answers": ("所答问题的代码", 18),
    "because": ("依据", 40),
    "items": ("事项的代码", 40),
    "reason": ("不提建议的理由", 50),
    "before": ("原目标", 10),
    "after": ("建议改为", 10),
}
FACT = ("数据里的事实（不读回）", 60)
COVER_ROWS = {
    "client": "委托方",
    "evaluator": "评估方",
    "basis": "依据",
    "independence": "独立性",
    "dated": "报告日期",
    "signatures": "签署人",
    "draft": "是否草稿",
    "remark": "说明",
    "known_by": "数据截止日",
}
IDENTITY = ("规划代码", "评估年")
WORDS: dict[str, dict[str, str]] = {  # field → word of the sheet → word of the file
    "kind": {"指标": "indicator", "任务": "task", "机制": "mechanism"},
    "word": dict(
        zip(("达到", "进展符合要求", "进展未达要求", "没有达到"), judgement.JUDGED, strict=True)
    ),
    "fate": {word: code for code, word in form.FATE_WORDS.items()},
    "draft": {"是": "true", "否": "false"},
}
LISTS = ("because", "items", "answers", "signatures")


def draw(plan: Plan, year: int, rows: Rows) -> bytes:
    """The workbook of a year's judgement, filled with `rows`."""
    book = Workbook()
    cover = book.active
    _cover(cover, plan, year, rows)
    for name, title in SHEETS.items():
        _list(book.create_sheet(title), name, rows.get(name, []))
    _records(book.create_sheet(RECORDS), grounds.citable(plan))
    book.properties.creator = plan.issuer
    book.properties.title = f"{plan.short_title} {year} 年评估意见"
    book.properties.created = book.properties.modified = NEVER
    return settled(book)


def _cover(sheet: Worksheet, plan: Plan, year: int, rows: Rows) -> None:
    sheet.title = COVER
    _title(sheet, f"{plan.short_title} {year} 年评估意见")
    told = {**rows["parties"][0].cells, **rows["told"][0].cells}
    listed = [*zip(IDENTITY, (plan.id, str(year)), strict=True)]
    for k, (label, text) in enumerate(listed, HEADER_ROW):
        put(sheet, f"A{k}", label, BOLD, fill=HEAD)
        put(sheet, f"B{k}", text, PLAIN, fill=PALE)
    for k, (name, label) in enumerate(COVER_ROWS.items(), HEADER_ROW + len(listed)):
        put(sheet, f"A{k}", label, BOLD, fill=HEAD)
        put(sheet, f"B{k}", _shown(name, told.get(name, "")), PLAIN, fill=YELLOW, typed=True)
        sheet[f"B{k}"].number_format = "@"
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 80
    finish(sheet, "A4", landscape=True, title_rows="")


def _title(sheet: Worksheet, title: str) -> None:
    put(sheet, "A1", title, Font(name=FONT, size=14, bold=True), border=None, wrap=Alignment())
    put(sheet, "A2", HOW_TO, PLAIN, border=None, wrap=Alignment())


def _list(sheet: Worksheet, name: str, rows: list[Row]) -> None:
    """The sheet of one list: what is there, and rows to go on in."""
    letters = letters_of(name)
    fact = chr(ord("A") + len(letters))
    heads = {letter: HEADINGS[field] for field, letter in letters.items()} | {fact: FACT}
    _title(sheet, sheet.title)
    for letter, (heading, width) in heads.items():
        fill = HEAD if letter == fact else YELLOW
        put(sheet, f"{letter}{HEADER_ROW}", heading, BOLD, fill=fill, wrap=MIDDLE)
        sheet.column_dimensions[letter].width = width
    for k, row in enumerate([*rows, *[Row({})] * SPARE], HEADER_ROW + 1):
        texts = {letters[f]: _shown(f, row.cells.get(f, "")) for f in letters}
        for letter, text in texts.items():
            put(sheet, f"{letter}{k}", text or None, PLAIN, fill=YELLOW, typed=True)
            sheet[f"{letter}{k}"].number_format = "@"
        put(sheet, f"{fact}{k}", row.fact or None, GREY, fill=PALE)
        told = [*texts.items(), (fact, row.fact)]
        sheet.row_dimensions[k].height = height((text, heads[letter][1]) for letter, text in told)
    _choices(sheet, letters, HEADER_ROW + len(rows) + SPARE)
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    finish(sheet, "A3", landscape=True, title_rows=f"1:{HEADER_ROW}")


def _choices(sheet: Worksheet, letters: Mapping[str, str], last: int) -> None:
    for field in letters.keys() & WORDS.keys():
        listed = f'"{",".join(WORDS[field])}"'
        rule = DataValidation("list", formula1=listed, error="请从列表中选择", allow_blank=True)
        rule.showErrorMessage = True
        rule.add(f"{letters[field]}{HEADER_ROW + 1}:{letters[field]}{last}")
        sheet.add_data_validation(rule)


def _records(sheet: Worksheet, known: Mapping[str, str]) -> None:
    """What may be cited, by code and name."""
    for letter, heading, width in (("A", "代码", 44), ("B", "名称", 80)):
        put(sheet, f"{letter}1", heading, BOLD, fill=HEAD)
        sheet.column_dimensions[letter].width = width
    for k, pair in enumerate(known.items(), 2):
        for letter, text in zip("AB", pair, strict=True):
            put(sheet, f"{letter}{k}", text, PLAIN, fill=PALE)
    sheet.freeze_panes = "A2"
    finish(sheet, "A4", landscape=True, title_rows="1:1")


def letters_of(name: str) -> dict[str, str]:
    """Field → column letter, of one list."""
    return dict(zip(form.FIELDS[name], "ABCDEFGH", strict=False))


def _shown(name: str, value: object) -> str:
    """A value as the sheet shows it."""
    if name in LISTS:
        return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
    if name in WORDS:
        code = str(value).lower()
        return next((word for word, known in WORDS[name].items() if known == code), "")
    return f"{value:.15g}" if isinstance(value, float) else str(value)
