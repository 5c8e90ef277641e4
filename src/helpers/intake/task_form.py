"""What the form asks an office about its promises: the sheet 任务, one row a promise, and what
stands beside the cells to be filled.

An office writes the state, when it came about, what shows it, the source and, where there is money,
how much is planned, in place and spent; the state without a source is refused like a figure without
one. What is filled in becomes rows of commitments.csv and funds.csv; a document that lies beside
the form is kept with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .finding import Unknown, nearest
from .promise_rows import Evidence, Fund
from .promises import Commitment, CommitmentsFile
from .sheet import BOLD, FONT, GREY, HEAD, MIDDLE, PALE, PLAIN, YELLOW, finish, height, put

TASKS, HEADER_ROW = "任务", 3
LISTED = 255  # letters a list of choices may have in a cell's rule
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
# Column letter → heading, width. What is typed is TYPED; FIELDS says which column of
# commitments.csv it becomes, MONEY which stage of funds.csv.
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
    "L": ("佐证文件（文件名）", 18),
    "M": ("发布日期", 12),
    "N": ("说明、下一步", 28),
    "O": ("报送单位", 16),
    "P": ("计划资金（万元）", 11),
    "Q": ("到位资金（万元）", 11),
    "R": ("支出资金（万元）", 11),
    "S": ("现有佐证", 34),
}
FIELDS = {
    "commitment_id": "A",
    "state": "G",
    "date": "H",
    "strength": "I",
    "source": "J",
    "locator": "K",
    "document": "L",
    "published": "M",
    "note": "N",
    "office": "O",
}
MONEY = {"planned": "P", "in_place": "Q", "spent": "R"}
TYPED = tuple("GHIJKLMNOPQR")
FILLED = "O"  # of what is typed, filled in already
HOW_TO = (
    "“任务”表：每项任务一行，可以追加状态；写明发生的时间和来源，没有来源的状态不能导入。"
    "单位自己的说法选“单位自述”，它说明单位怎么说，不作为佐证。"
    "佐证文件与本表放在同一个文件夹，这里写文件名，导入时留存并记下指纹。"
    "资金写到那时为止的累计数。"
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
    offices: Sequence[str],
) -> None:
    """One row a promise: what the plan says, what is known, and the cells for what the office says.
    `titles`: where the form has the titles of sources; `offices`: that may report."""
    big = Font(name=FONT, size=14, bold=True)
    put(sheet, "A1", title, big, border=None, wrap=Alignment())
    put(sheet, "A2", HOW_TO, PLAIN, border=None, wrap=Alignment())
    for letter, (heading, width) in COLUMNS.items():
        fill = YELLOW if letter in TYPED else HEAD
        put(sheet, f"{letter}{HEADER_ROW}", heading, BOLD, fill=fill, wrap=MIDDLE)
        sheet.column_dimensions[letter].width = width
    for row, promise in enumerate(promised, HEADER_ROW + 1):
        _row(sheet, row, promise, [one for one in evidence if one.commitment_id == promise.id])
    _choices(sheet, HEADER_ROW + len(promised), titles, offices)
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
    put(sheet, f"{FILLED}{row}", _office(promise), PLAIN, fill=YELLOW, typed=True)
    sheet.row_dimensions[row].height = height(
        (text, COLUMNS[letter][1]) for letter, text in texts.items()
    )


def _office(promise: Commitment) -> str | None:
    return promise.owner.office if promise.owner else None


def _choices(sheet: Worksheet, last: int, titles: str, offices: Sequence[str]) -> None:
    words: dict[str, Iterable[str]] = {"G": STATE_WORDS, "I": STRENGTH_WORDS}
    listed = {letter: f'"{",".join(named)}"' for letter, named in words.items()} | {"J": titles}
    plain = not {'"', ","} & {*"".join(offices)}  # else the list would be another, or none
    if offices and plain and len(",".join(offices)) < LISTED:
        listed["O"] = f'"{",".join(offices)}"'
    for letter, source in listed.items():
        rule = DataValidation("list", formula1=source, error="请从列表中选择", allow_blank=True)
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
    told = [f"{row.date or row.year} {words[row.state]}{_by(row)}" for row in known]
    return {
        "B": promise.title,
        "C": f"“{promise.quote}”{place}",
        "D": f"{owner.office}（{basis[owner.basis]}）" if owner else "—",
        "E": promise.due or "规划期末（原文未写明）",
        "F": "\n".join(filter(None, heed)),
        "S": "\n".join(told) or "—",
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
    return f"{row.commitment_id} {row.date or f'{row.year} 年'} {word}{_by(row)}"


def _by(row: Evidence | Fund) -> str:
    """The source of a row, who reported it and the document kept with it."""
    parts = (row.source, row.office, f"文件 {row.sha256[:8]}" if row.file else "")
    return f"（{'，'.join(filter(None, parts))}）"


def told_fund(row: Fund) -> str:
    """One row of money in words."""
    word = COLUMNS[MONEY[row.stage]][0].partition("（")[0]
    return (
        f"{row.commitment_id} {row.date or f'{row.year} 年'} {word} {row.amount:.15g} {row.unit}"
        + _by(row)
    )


def clash_of_funds(row: Fund, present: Iterable[Fund]) -> Fund | None:
    """What is there already of the same stage and time and says another amount."""
    key = (row.commitment_id, row.stage, row.instalment, row.date or str(row.year))
    mine = (
        other
        for other in present
        if (other.commitment_id, other.stage, other.instalment, other.date or str(other.year))
        == key
    )
    return next((other for other in mine if other.wan != row.wan), None)
