"""What the form asks an office about its promises: the sheet 任务, one row a promise, and what
stands beside the cells to be filled.

An office writes the state, when it came about, what shows it and the source; the state without a
source is refused like a figure without one. What is filled in becomes a row of commitments.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .contract import Evidence
from .finding import Unknown, nearest
from .promises import Commitment, CommitmentsFile
from .sheet import BOLD, FONT, GREY, HEAD, MIDDLE, PALE, PLAIN, YELLOW, finish, height, put

TASKS, HEADER_ROW = "任务", 3
STATE_WORDS = {
    "已完成": "done",
    "推进中": "in_progress",
    "未启动": "not_started",
    "已调整": "changed",
    "已取消": "dropped",
}
STRENGTH_WORDS = {
    "正式名单或批文": "official_list",
    "报告或记录": "report",
    "新闻报道": "news",
    "单位自述": "self_statement",
}
# Column letter → heading, width. What is typed is G to M; FIELDS says which column of
# commitments.csv it becomes.
COLUMNS = {
    "A": ("任务代码", 15),
    "B": ("任务", 18),
    "C": ("规划原文", 34),
    "D": ("责任单位", 16),
    "E": ("期限", 12),
    "F": ("须提供的佐证、留意", 34),
    "G": ("状态", 9),
    "H": ("时间（年或年月日）", 12),
    "I": ("佐证的种类", 14),
    "J": ("来源（题名）", 22),
    "K": ("出处（页、文号、原句）", 20),
    "L": ("发布日期", 12),
    "M": ("说明、下一步", 28),
    "N": ("现有佐证", 34),
}
FIELDS = {
    "commitment_id": "A",
    "state": "G",
    "date": "H",
    "strength": "I",
    "source": "J",
    "locator": "K",
    "published": "L",
    "note": "M",
}
TYPED = tuple("GHIJKLM")
HOW_TO = (
    "“任务”表：每项任务一行，可以追加状态；写明发生的时间和来源，没有来源的状态不能导入。"
    "单位自己的说法选“单位自述”，它说明单位怎么说，不作为佐证。"
    "一项任务有几件事要报，请复制整行另起一行。"
)


def of_office(ledger: CommitmentsFile, office: str) -> list[Commitment]:
    """The promises of one office, or all where none is named. Raises `Unknown` for an office that
    the ledger does not list."""
    if office and office not in ledger.offices:
        raise Unknown(
            f"commitments.yml 没有责任单位 {office!r}{nearest(office, ledger.offices)}；"
            f"现有：{'、'.join(ledger.offices) or '无'}"
        )
    return [p for p in ledger.commitments if not office or (p.owner and p.owner.office == office)]


def draw(
    sheet: Worksheet,
    title: str,
    promised: Sequence[Commitment],
    evidence: Sequence[Evidence],
    titles: str,
) -> None:
    """One row a promise: what the plan says, what is known, and the cells for what the office says.
    `titles`: where the form has the titles of sources."""
    big = Font(name=FONT, size=14, bold=True)
    put(sheet, "A1", title, big, border=None, wrap=Alignment())
    put(sheet, "A2", HOW_TO, PLAIN, border=None, wrap=Alignment())
    for letter, (heading, width) in COLUMNS.items():
        fill = YELLOW if letter in TYPED else HEAD
        put(sheet, f"{letter}{HEADER_ROW}", heading, BOLD, fill=fill, wrap=MIDDLE)
        sheet.column_dimensions[letter].width = width
    for row, promise in enumerate(promised, HEADER_ROW + 1):
        _row(sheet, row, promise, [one for one in evidence if one.commitment_id == promise.id])
    _choices(sheet, HEADER_ROW + len(promised), titles)
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    finish(sheet, "A3", landscape=True, title_rows=f"1:{HEADER_ROW}")


def _row(sheet: Worksheet, row: int, promise: Commitment, known: Sequence[Evidence]) -> None:
    texts = beside(promise, known)
    put(sheet, f"A{row}", promise.id, GREY, fill=PALE)
    for letter, text in texts.items():
        put(sheet, f"{letter}{row}", text, BOLD if letter == "B" else PLAIN, fill=PALE)
    for letter in TYPED:
        put(sheet, f"{letter}{row}", None, PLAIN, fill=YELLOW, typed=True)
        sheet[f"{letter}{row}"].number_format = "@"  # text: a date stays as it is typed
    sheet.row_dimensions[row].height = height(
        (text, COLUMNS[letter][1]) for letter, text in texts.items()
    )


def _choices(sheet: Worksheet, last: int, titles: str) -> None:
    words = {"G": STATE_WORDS, "I": STRENGTH_WORDS}
    for letter in "GIJ":
        listed = f'"{",".join(words[letter])}"' if letter in words else titles
        rule = DataValidation("list", formula1=listed, error="请从列表中选择", allow_blank=True)
        rule.showErrorMessage = True
        rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
        sheet.add_data_validation(rule)


def beside(promise: Commitment, known: Sequence[Evidence]) -> dict[str, str]:
    """The texts beside a promise's cells, by column."""
    owner, words = promise.owner, {code: word for word, code in STATE_WORDS.items()}
    basis = {"named": "原文写明", "suggested": "按职能建议"}
    place = f"（第{promise.line}行）" if promise.line else ""
    read = [f"读作：{way.text}" for way in promise.readings if way.taken]
    heed = [promise.evidence_needed, *read, promise.unclear, promise.note]
    told = [f"{row.date or row.year} {words[row.state]}（{row.source}）" for row in known]
    return {
        "B": promise.title,
        "C": f"“{promise.quote}”{place}",
        "D": f"{owner.office}（{basis[owner.basis]}）" if owner else "—",
        "E": promise.due or "规划期末（原文未写明）",
        "F": "\n".join(filter(None, heed)),
        "N": "\n".join(told) or "—",
    }


def clash(row: Evidence, present: Iterable[Evidence]) -> Evidence | None:
    """What is there already of the same time and says another state, as two offices may."""
    when = row.date or str(row.year)
    mine = [
        other
        for other in present
        if other.commitment_id == row.commitment_id and (other.date or str(other.year)) == when
    ]
    return next((other for other in mine if other.state != row.state), None)


def told(row: Evidence) -> str:
    """One row of evidence in words."""
    word = next(word for word, code in STATE_WORDS.items() if code == row.state)
    return f"{row.commitment_id} {row.date or f'{row.year} 年'} {word}（{row.source}）"
