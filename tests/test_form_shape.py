"""A form that lost its identity, its order or a part of what one sees is not taken; one that an
office only wrapped is."""

from __future__ import annotations

import openpyxl
import pytest
from test_workbook import Form, column

from helpers.intake import addition, form_layout, observations, plan as plans, table, workbook
from helpers.intake.finding import Refused

REPLY = "统计局复函"


@pytest.fixture
def form(toy, tmp_path):
    form = Form(toy.plan, 2023, tmp_path / "form.xlsx")
    form.register(title=REPLY, publisher="统计局", published="2024-06-01")
    form.fill("patents", 2022, value=131, source=REPLY)
    return form


def test_a_form_without_its_identity_is_nobodys(form):
    del form.book[form_layout.GUIDE]
    (told,) = form.told()
    assert "“说明”表里找不到规划代码、区域代码、评估年：不知道这份表是谁的" in told


def test_an_identity_whose_code_is_cleared_is_lost(form):
    guide = form.book[form_layout.GUIDE]
    (row,) = [k for k in range(1, 12) if guide[f"A{k}"].value == "区域代码"]
    guide[f"B{row}"] = None
    (told,) = form.told()
    assert "找不到区域代码" in told


def test_an_identity_that_was_pushed_down_is_found(form):
    form.book[form_layout.GUIDE].insert_rows(1, 60)
    assert [change.row.value for change in form.prepare().changes] == [131]


def test_the_form_of_a_part_is_not_taken_for_the_whole(tmp_path):
    """The title says which area it is of; the identity says another."""
    plan = plans.load("example")
    part = next(area for area in plan.areas if area.role == "part")
    path = tmp_path / "part.xlsx"
    path.write_bytes(workbook.template(plan, 2024, part))
    assert addition.prepare(path, plan).changes == ()
    form = Form(plan, 2024, path)
    path.write_bytes(workbook.template(plan, 2024, part))
    form.book = openpyxl.load_workbook(path)
    guide = form.book[form_layout.GUIDE]
    (row,) = [k for k in range(1, 12) if guide[f"A{k}"].value == "区域代码"]
    guide[f"B{row}"] = plan.whole.id
    (told,) = form.told()
    assert f"与“指标”表的题目不同：题目写的是 {part.id}" in told


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_of_ours_is_refused_and_another_is_named(form, state):
    form.book.create_sheet("旧数").sheet_state = state
    assert [str(one) for one in form.prepare().warnings] == [
        "form.xlsx:旧数: 有一张隐藏的表，没有读 — 里面如有要报的数，请填进填报表"
    ]
    form.sources.sheet_state = state
    (told,) = [one for one in form.told() if "没有读" not in one]
    assert told == "form.xlsx:来源: 这张表被隐藏 — 请取消隐藏，核对后再导入"


def test_a_hidden_column_that_is_filled_in_is_refused_also_within_a_group(form):
    letter, row = column("value"), form.row("patents", 2022)
    form.figures.column_dimensions[letter].hidden = True
    (told,) = form.told()
    assert told.startswith(f"form.xlsx:指标!{letter}{row}: 131 — 这一列被隐藏，却填了内容")
    form.figures.column_dimensions[letter].hidden = False
    form.figures.column_dimensions.group("D", "F", hidden=True)
    assert form.told() == [told]


def test_a_hidden_column_without_an_entry_is_let_be(form):
    form.figures.column_dimensions[column("locator")].hidden = True
    assert [change.row.value for change in form.prepare().changes] == [131]


def test_exchanged_headings_are_told_at_both(form):
    one, other = f"{column('value')}3", f"{column('status')}3"
    head = form.figures
    head[one].value, head[other].value = head[other].value, head[one].value
    assert form.told() == [
        f"form.xlsx:指标!{one}: 状态 — 这一列的表头应为“数值” — 请恢复原来的表头和各列的次序",
        f"form.xlsx:指标!{other}: 数值 — 这一列的表头应为“状态” — 请恢复原来的表头和各列的次序",
    ]


def test_a_heading_broken_into_lines_is_the_same_heading(form):
    form.figures[f"{column('locator')}3"] = "出处\n（页、表、原句）"
    assert [change.row.value for change in form.prepare().changes] == [131]


def test_cells_broken_into_lines_are_read_as_one_line(form):
    form.register(
        row=5,
        title="统计局\n公报 2024\nfinal edition",
        publisher="统计\n局",
        published="2024-06-01",
    )
    form.fill("patents", 2022, value=131, source="统计局\n公报 2024\nfinal edition")
    form.fill("patents", 2022, status="终\n值", locator="第 3 页\n表 2")
    prepared = form.prepare()
    (change,) = prepared.changes
    by_id = {source.id: source for source in prepared.sources}
    assert by_id[change.row.source].title == "统计局公报 2024 final edition"
    assert by_id[change.row.source].publisher == "统计局"
    assert (change.row.status, change.row.locator) == ("final", "第 3 页\n表 2")


def test_a_value_broken_into_lines_is_still_refused(form):
    form.fill("patents", 2022, value="13\n1")
    assert any("格内有换行" in told or "不是数字" in told for told in form.told())


def test_a_cell_as_long_as_a_report_is_refused_where_it_stands(form, toy):
    form.fill("patents", 2022, note="注" * (table.CELL + 1))
    (told,) = form.told()
    row = form.row("patents", 2022)
    assert told.startswith(f"form.xlsx:指标!{column('note')}{row}: 注注注")
    assert f"这一格有 {table.CELL + 1} 个字 — 请写在 {table.CELL} 字以内" in told
    form.fill("patents", 2022, note="注" * table.CELL)
    assert len(form.prepare().changes) == 1
    toy.cell("observations.csv", 2, note="x" * 20_000)
    with pytest.raises(Refused, match="这一格有 20000 个字"):
        observations.receive(toy.plan)
