"""What the form asks beside figures and promises: the sheets 满意度 and 专家评议 where the plan has
questions of its own (`opinions.yml`), and 大事记 of what happened around it.

A row a line of survey.csv, experts.csv, events.csv; what is read back is the question of
`further_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import events, opinions
from .facts import Plan
from .sheet import BOLD, FONT, HEAD, MIDDLE, PALE, PLAIN, YELLOW, finish, put

HEADER_ROW = 3
EXPERTS, EVENTS = 9, 12  # rows to be filled: an item's experts, events
KIND_WORDS = {
    "法律法规": "law",
    "政策文件": "policy",
    "机构与体制": "institution",
    "统计口径": "statistics",
    "突发事件": "shock",
}
ALL = "全部"  # of indicators, in the words of the form
FROM = {
    "source": ("来源（题名）", 26),
    "locator": ("出处（页、表、原句）", 22),
    "note": ("备注", 22),
}
Rows = Iterator[tuple[dict[str, object], bool]]  # (cells by field, whether the row is to be filled)


@dataclass(frozen=True)
class Kind:
    """One of the sheets: its title, table and columns (field → heading, width), the fields that are
    printed, and those of what is typed that are filled in already."""

    title: str
    table: str
    columns: Mapping[str, tuple[str, float]]
    how_to: str
    rows: Callable[[Plan, int], Rows]
    printed: Sequence[str] = ()
    filled: Sequence[str] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def letters(self) -> dict[str, str]:
        """Field → letter of its column."""
        return {name: get_column_letter(k) for k, name in enumerate(self.columns, 1)}

    @property
    def typed(self) -> tuple[str, ...]:
        """The letters of what is to be typed."""
        return tuple(at for name, at in self.letters.items() if name not in self.printed)


def _answers(plan: Plan, year: int) -> Rows:
    given = opinions.of(plan)
    for question in given.asked.questions if given else ():
        for answer in question.answers:
            told = {"question": question.id, "says": question.text}
            yield told | {"answer": answer.id, "means": answer.text, "year": year}, True


def _scores(plan: Plan, year: int) -> Rows:
    given = opinions.of(plan)
    for item in given.asked.items if given else ():
        for _ in range(EXPERTS):
            yield {"item": item.id, "says": item.text, "year": year}, True


def _happened(plan: Plan, _: int) -> Rows:
    yield from (({}, True) for _ in range(EVENTS))
    words = {code: word for word, code in KIND_WORDS.items()}
    for one in events.of(plan):
        told = {"indicators": " ".join(one.indicators) or ALL, "kind": words[one.kind]}
        yield {**vars(one), **told}, False


KINDS = (
    Kind(
        "满意度",
        "survey.csv",
        {
            "question": ("问题代码", 14),
            "says": ("问题", 30),
            "answer": ("回答代码", 14),
            "means": ("回答", 14),
            "year": ("年份", 8),
            "count": ("人数", 9),
            **FROM,
        },
        "只填黄色格：每种回答的人数，拒访和未答也要填；没有人选的填 0。来源先在“来源”表登记。",
        _answers,
        ("question", "says", "answer", "means"),
        ("year",),
    ),
    Kind(
        "专家评议",
        "experts.csv",
        {
            "item": ("评议项代码", 14),
            "says": ("评议项", 22),
            "year": ("年份", 8),
            "expert": ("专家代号", 12),
            "score": ("评分", 9),
            **FROM,
        },
        "只填黄色格：一位专家对一项评一次，写代号，不必具名；没有评的行留空。来源先在“来源”表登记。",
        _scores,
        ("item", "says"),
        ("year",),
    ),
    Kind(
        "大事记",
        "events.csv",
        {
            "date": ("时间（年、年月或年月日）", 16),
            "name": (f"事件（{events.LONGEST} 字以内）", 28),
            "kind": ("类别", 12),
            "indicators": (f"涉及指标（代码或名称，{ALL}）", 30),
            **FROM,
            "name_en": ("英文名（可不填）", 22),
        },
        "只填黄色格：规划期内外发生、读这些指标时应当知道的事。只画在图上标明时间，不作成因。",
        _happened,
        words={"kind": KIND_WORDS},
    ),
)


def draw(book: Workbook, plan: Plan, year: int, titles: str) -> None:
    """The sheets that have anything to ask; `titles`: where the form has the titles of sources."""
    for kind in KINDS:
        rows = list(kind.rows(plan, year))
        if rows:
            _sheet(book.create_sheet(kind.title), kind, f"{plan.short_title}{kind.title}", rows)
            _choices(book[kind.title], kind, HEADER_ROW + len(rows), titles)


def _sheet(
    sheet: Worksheet, kind: Kind, title: str, rows: Sequence[tuple[dict[str, object], bool]]
) -> None:
    big = Font(name=FONT, size=14, bold=True)
    put(sheet, "A1", title, big, border=None, wrap=Alignment())
    put(sheet, "A2", kind.how_to, PLAIN, border=None, wrap=Alignment())
    letters = kind.letters
    for name, (heading, width) in kind.columns.items():
        fill = YELLOW if letters[name] in kind.typed else HEAD
        put(sheet, f"{letters[name]}{HEADER_ROW}", heading, BOLD, fill=fill, wrap=MIDDLE)
        sheet.column_dimensions[letters[name]].width = width
    for k, (cells, asked) in enumerate(rows, HEADER_ROW + 1):
        for name, letter in letters.items():
            open_ = asked and letter in kind.typed
            fill = YELLOW if open_ else PALE
            put(sheet, f"{letter}{k}", cells.get(name), PLAIN, fill=fill, typed=open_)
            if open_ and name not in ("count", "score"):
                sheet[f"{letter}{k}"].number_format = "@"  # text: a date stays as it is typed
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    finish(sheet, "A4", landscape=True, title_rows=f"1:{HEADER_ROW}")


def _choices(sheet: Worksheet, kind: Kind, last: int, titles: str) -> None:
    listed = {"source": titles} | {n: f'"{",".join(words)}"' for n, words in kind.words.items()}
    for name, formula in listed.items():
        rule = DataValidation("list", formula1=formula, error="请从列表中选择", allow_blank=True)
        rule.showErrorMessage = True
        rule.add(f"{kind.letters[name]}{HEADER_ROW + 1}:{kind.letters[name]}{last}")
        sheet.add_data_validation(rule)
