"""The workbook's columns for the form of a target: twenty rows of every form go from an empty
workbook to a page, and what a form needs and nobody typed is asked for at its cell."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from test_forms import WORDS
from test_new_plan import Row, described, filled_in, helpers, made
from test_workbook import Form

from helpers.intake import form_columns, new_plan, observations, plan as plans, plan_book
from helpers.intake.finding import Refused
from helpers.measure import verdict

ROOT = Path(__file__).resolve().parents[1]
COMMON = {
    "类别": "发展",
    "单位": "%",
    "性质": "比率",
    "精度": "1",
    "原文": "原文",
    "行号": "1",
    "口径": "口径",
    "数据提供单位": "统计局",
    "需要的数据": "各年数",
    "说明": "规划表没有基期",
    "英文名": "name",
}
FORMS = [  # one row of each form and of each way to write a baseline or a limit
    {"目标值": "60", "基期值": "50"},
    {"目标值": "60", "基期值": "50", "基期年": "2014"},
    {"目标值": "60", "基期值": "50", "基期限定": "预计"},
    {"目标值": "60", "基期值": "50", "基期限定": "约"},
    {"目标值": "65", "基期值": "60.6", "修订基期值": "63.9", "修订公布日期": "2016-05-11",
     "修订说明": "普查", "修订年份": "2015"},
    {"目标形式": "每年达到", "目标值": "5.5", "比较": "低于", "基期值": "5.2"},
    {"目标形式": "区间", "区间下限": "5", "区间上限": "6"},
    {"目标形式": "区间", "各年目标": "2016:6-；2017:5-6；2018:-7"},
    {"目标形式": "各年平均", "目标值": "10"},
    {"目标形式": "年均增长", "目标值": "7", "比较": "超过"},
    {"目标形式": "年均降低", "目标值": "3"},
    {"目标形式": "累计降低", "目标值": "13.5", "属性": "约束性"},
    {"目标形式": "累计增长", "目标值": "40"},
    {"目标形式": "比基期提高", "目标值": "1", "基期值": "77.3", "单位": "岁", "性质": "评分"},
    {"目标形式": "相对", "相对于": "row_10", "相对方式": "差", "相对判断": "各年平均",
     "目标值": "0", "比较": "超过"},
    {"目标形式": "相对", "相对于": "row_10", "相对方式": "比", "相对判断": "每年", "目标值": "0.9"},
    {"目标形式": "定性", "说明": "居民收入与经济增长基本同步"},
    {"目标值": "50", "基期值": "40", "数值下限": "0", "数值上限": "100"},
    {"目标值": "50", "基期值": "40", "代理": "用产量代理能力"},
    {"目标值": "1", "性质": "是否", "单位": "", "精度": "0"},
]  # fmt: skip
VALUES = {2016: 6.4, 2017: 5.8, 2018: 6.1}


def rows() -> list[dict[str, str]]:
    return [
        {**COMMON, "代码": f"row_{k}", "名称": f"指标{k}", **row} for k, row in enumerate(FORMS, 1)
    ]


def typed_in(path: Path) -> Path:
    """The empty workbook with the tutorial's plan and the twenty rows typed into it."""
    book = openpyxl.load_workbook(filled_in(path))
    sheet = book["指标"]
    heading = [cell.value for cell in sheet[1]]
    sheet.delete_rows(3, sheet.max_row)
    for k, row in enumerate(rows(), 3):
        for name, text in row.items():
            sheet.cell(k, heading.index(name) + 1, text or None)
    book.save(path)
    return path


def test_every_form_and_every_column_is_among_the_rows():
    said = {row.get("目标形式", "期末达到") for row in rows()}
    assert said == set(form_columns.FORMS)
    assert {name for row in rows() for name in row} >= set(form_columns.COLUMNS)


def test_what_the_columns_said_is_what_is_judged(tmp_path):
    folder, _ = new_plan.make("our-plan", *plan_book.read(typed_in(tmp_path / "w.xlsx")), tmp_path)
    plan = plans.load("our-plan", tmp_path)
    facts = {one.id: one for one in plans.indicators(plan)}
    assert (folder.name, len(facts)) == ("our-plan", 20)
    forms = [one.target.form for one in facts.values()]
    assert {*forms} == {form for form, _ in form_columns.FORMS.values()}
    assert (facts["row_2"].baseline.year, facts["row_3"].baseline.estimated) == (2014, True)
    assert facts["row_5"].baseline.revised.value == 63.9
    assert facts["row_8"].target.limits(2017) == (5, 6)
    assert (facts["row_15"].target.compared.to, facts["row_15"].target.compared.name) == (
        "row_10",
        "指标10",
    )
    assert (facts["row_18"].upper, facts["row_20"].unit) == (100, "项")
    assert facts["row_19"].proxy == "用产量代理能力"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"目标形式": "平均"}, "目标形式: 平均 — 不在可选的词里"),
        ({"目标形式": "年均增长", "目标值": ""}, "目标值: .*没有填"),
        ({"目标形式": "相对"}, "相对于: .*没有填"),
        (
            {"目标形式": "相对", "相对于": "no", "相对方式": "差", "相对判断": "每年"},
            "没有这项指标",
        ),
        ({"目标形式": "区间", "目标值": ""}, "区间下限: .*没有填"),
        ({"目标形式": "比基期提高", "基期值": "", "说明": "x"}, "基期值: .*没有填"),
        ({"目标形式": "每年达到", "各年目标": "2021年6以上"}, "各年目标: .*看不懂"),
        ({"修订基期值": "60"}, "修订公布日期: .*没有填"),
        ({"基期年": "19"}, "基期年: 19 — 不是年份"),
        ({"目标值": ""}, "目标值: .*没有填"),
    ],
)
def test_what_a_form_needs_is_asked_for_at_its_cell(tmp_path, change, told):
    first, *rest = described()[1]
    with pytest.raises(Refused, match=told):
        made(tmp_path, indicators=[{**first, **change}, *rest])


def test_an_indicator_without_an_english_name_is_called_by_its_code(tmp_path):
    first, *rest = described()[1]
    made(tmp_path, indicators=[{**first, "英文名": ""}, *rest])
    plan = plans.load("our-plan", tmp_path)
    assert plans.indicator(plan, first["代码"]).name_en == first["代码"].replace("_", " ")


def test_the_empty_workbook_is_written_into_a_folder_that_is_not_there(tmp_path):
    ran = helpers(tmp_path, "new-plan", "x", "--form", str(tmp_path / "new" / "w.xlsx"))
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "new" / "w.xlsx").is_file()


@pytest.mark.slow
def test_twenty_rows_of_all_forms_go_from_an_empty_workbook_to_a_page(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    ran = helpers(tmp_path, "new-plan", "our-plan", "--file", str(typed_in(tmp_path / "w.xlsx")))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    plan, path = plans.load("our-plan", tmp_path), tmp_path / "form.xlsx"
    ran = helpers(tmp_path, "template", "--plan", "our-plan", "--year", "2018", "--file", str(path))
    assert ran.returncode == 0, ran.stderr
    form = Form(plan, 2018, path)
    form.register(title="统计局复函", publisher="统计局", published="2019-03-01")
    for facts in plans.indicators(plan):
        for year, value in VALUES.items():
            whole = 1 if facts.kind == "binary" else value
            form.fill(facts.id, year, value=whole, source="统计局复函")
    form.book.save(path)
    ran = helpers(tmp_path, "import", str(path), "--plan", "our-plan", "--yes")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ran = helpers(tmp_path, "assess", "--plan", "our-plan", "--year", "2018")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    page = (tmp_path / "data/processed/our-plan/2018/assessment.html").read_text("utf-8")
    for words in ("规划期年均超过 7", "累计（逐年复合）", "每年低于 5.5", "比基期提高 1"):
        assert words in page
    points = observations.all_taken(plan, observations.receive(plan), 2018)
    judged = [verdict.assess(plan, one, points, 2018) for one in plans.indicators(plan)]
    assert [one.facts.id for one in judged if one.status == "not_assessable"] == ["row_17"]
    assert "可评价 19 项" in page

    (plan.params / "judgement").mkdir()
    (plan.params / "judgement/2018.yml").write_text(WORDS.replace("share", "row_17"), "utf-8")
    ran = helpers(tmp_path, "assess", "--plan", "our-plan", "--year", "2018")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    page = (tmp_path / "data/processed/our-plan/2018/assessment.html").read_text("utf-8")
    assert "进度判断：符合预期。" in page
    assert "评价者的判断：稳步提高" in page
    assert "可评价 20 项" in page


def test_a_row_of_the_tutorial_needs_none_of_the_columns(tmp_path):
    new_plan.make("our-plan", *_as_rows(), tmp_path)
    facts = plans.indicators(plans.load("our-plan", tmp_path))
    assert {one.target.form for one in facts} == {"at_end"}


def _as_rows() -> tuple[Row, list[Row]]:
    plan, listed = described()
    return Row(plan, "规划"), [Row(row, f"指标:{k}") for k, row in enumerate(listed, 2)]
