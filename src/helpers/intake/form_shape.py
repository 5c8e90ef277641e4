"""Is a workbook the form that was sent out: whose it is, its columns where they were, nothing of it
out of sight?

What a form does not say of itself is not guessed: a form without its identity could be of any
area.
"""

from __future__ import annotations

from collections.abc import Iterable

import openpyxl

from . import form_layout, further_form, task_form
from .facts import Plan
from .finding import Finding
from .typed import plain

IDENTITY_ROWS = 200  # of the first sheet, in which the form's identity is looked for
OURS = (
    form_layout.GUIDE,
    form_layout.FIGURES,
    form_layout.REGISTER,
    form_layout.PARTS,
    task_form.TASKS,
)
FURTHER = tuple(kind.title for kind in further_form.KINDS)


def area_of(book: openpyxl.Workbook, name: str, plan: Plan, findings: list[Finding]) -> str:
    """The area the form was made for; a form of another plan, or of nobody knows whom, is told."""
    said = _identity(book)
    lost = [word for word, field in form_layout.IDENTITY.items() if field not in said]
    if lost:
        findings.append(
            Finding(
                name,
                0,
                form_layout.GUIDE,
                "",
                f"“{form_layout.GUIDE}”表里找不到{'、'.join(lost)}：不知道这份表是谁的",
                "请把数填进 make template 生成的填报表，不要删改“说明”表",
            )
        )
        return plan.whole.id
    (given, place), (area, where) = said["plan"], said["area"]
    if given != plan.id:
        problem = "是另一个规划的填报表"
        remedy = f"请改用 {plan.id} 的填报表，或以 PLAN={given} 导入"
        findings.append(Finding(name, 0, place, given, problem, remedy))
    titled = _titled(book, plan)
    if titled and area not in titled:
        problem = f"与“{form_layout.FIGURES}”表的题目不同：题目写的是 {'、'.join(titled)}"
        findings.append(Finding(name, 0, where, area, problem, "请用该区域自己的填报表"))
    return area


def _identity(book: openpyxl.Workbook) -> dict[str, tuple[str, str]]:
    """Field of the identity → (what is written, its cell)."""
    if form_layout.GUIDE not in book.sheetnames:
        return {}
    return {
        form_layout.IDENTITY[row[0].value]: (
            plain(row[1].value),
            f"{form_layout.GUIDE}!{row[1].coordinate}",
        )
        for row in book[form_layout.GUIDE].iter_rows(min_row=1, max_row=IDENTITY_ROWS, max_col=2)
        if row[0].value in form_layout.IDENTITY and plain(row[1].value)
    }


def _titled(book: openpyxl.Workbook, plan: Plan) -> list[str]:
    """The areas whose name the title of the figures ends with."""
    title = plain(book[form_layout.FIGURES]["A1"].value)
    return [area.id for area in plan.areas if title.endswith(f"：{area.name}")]


def out_of_sight(book: openpyxl.Workbook, name: str) -> Iterable[Finding]:
    """Sheets that whoever filled in the form may never have seen: one of ours is refused, another
    is not read."""
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            continue
        if sheet.title in (*OURS, *FURTHER):
            yield Finding(name, 0, sheet.title, "", "这张表被隐藏", "请取消隐藏，核对后再导入")
        else:
            yield Finding(
                name,
                0,
                sheet.title,
                "",
                "有一张隐藏的表，没有读",
                "里面如有要报的数，请填进填报表",
                warning=True,
            )
