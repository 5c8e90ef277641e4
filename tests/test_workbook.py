"""The form goes out, comes back filled, and what it says is appended: nothing lost, nothing
overwritten, every slip told at its cell."""

import csv
import datetime as dt
import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from conftest import some
from hypothesis import given, settings, strategies as st

from helpers import cli
from helpers.intake import (
    addition,
    door,
    figure_sheet,
    form_layout,
    observations,
    plan as plans,
    table,
    workbook,
)
from helpers.intake.finding import Finding, Refused
from helpers.show import wording

ROOT = Path(__file__).resolve().parents[1]


def column(letter_of: str) -> str:
    return form_layout.FIELDS[letter_of]


class Form:
    """The template of a plan and year as a file one can fill in: `form.fill("patents", 2022,
    value=130, source="复函")`."""

    def __init__(self, plan: plans.Plan, year: int, path: Path):
        self.plan, self.path = plan, path
        if not path.exists():  # handed out by the verb
            path.write_bytes(workbook.template(plan, year))
        self.book = openpyxl.load_workbook(path)
        self.figures, self.sources = self.book[form_layout.FIGURES], self.book[form_layout.REGISTER]

    def row(self, indicator_id: str, year: int) -> int:
        return next(
            k
            for k in range(1, self.figures.max_row + 1)
            if (self.figures[f"A{k}"].value, self.figures[f"C{k}"].value) == (indicator_id, year)
        )

    def fill(self, indicator_id: str, year: int, /, **cells) -> int:
        row = self.row(indicator_id, year)
        for name, value in cells.items():
            self.figures[f"{column(name)}{row}"] = value
        return row

    def register(self, row: int = 4, **cells) -> None:
        for name, letter in zip(form_layout.SOURCE_COLUMNS, "ABCDEFG", strict=False):
            if name in cells:
                self.sources[f"{letter}{row}"] = cells[name]

    def prepare(self) -> addition.Addition:
        self.book.save(self.path)
        return addition.prepare(self.path, self.plan)

    def told(self) -> list[str]:
        with pytest.raises(Refused) as refused:
            self.prepare()
        return [str(finding) for finding in refused.value.findings]


@pytest.fixture
def form(toy, tmp_path):
    form = Form(toy.plan, 2023, tmp_path / "form.xlsx")
    form.register(title="统计局复函", publisher="统计局", published="2024-06-01")
    return form


# What goes out


def test_there_is_one_row_for_each_indicator_and_year(toy, form):
    rows = [
        (form.figures[f"A{k}"].value, form.figures[f"C{k}"].value, form.figures[f"D{k}"].value)
        for k in range(4, form.figures.max_row + 1)
        if form.figures[f"C{k}"].value
    ]
    assert rows == [
        (facts.id, year, facts.unit)
        for facts in plans.indicators(toy.plan)
        for year in (2021, 2022, 2023)
    ]


def test_the_baseline_year_is_asked_for_where_the_plan_prints_none_or_a_bound(toy):
    toy.change(
        "indicators/patents.yml",
        "{year: 2020, value: 100}",
        "{year: 2020, value: null, note: 没有。}",
    )
    toy.change(
        "indicators/share.yml", "{year: 2020, value: 10}", '{year: 2020, value: 10, bound: ">"}'
    )
    facts = {
        facts.id: figure_sheet.years_of(toy.plan, facts, 2022)
        for facts in plans.indicators(toy.plan)
    }
    assert facts == {
        "patents": [2020, 2021, 2022],
        "grants_cum": [2021, 2022],
        "attorneys_new": [2021, 2022],
        "share": [2020, 2021, 2022],
    }


def test_only_what_is_to_be_filled_in_can_be_typed(form):
    for sheet in form.book:
        assert sheet.protection.sheet
    for cells in form.figures.iter_rows(min_row=4):
        if cells[2].value:
            assert [cell.column_letter for cell in cells if not cell.protection.locked] == list(
                form_layout.TYPED
            )
    unlocked = {
        cell.row
        for cells in form.sources.iter_rows()
        for cell in cells
        if not cell.protection.locked
    }
    assert unlocked == set(range(4, 4 + form_layout.NEW_SOURCES))


def test_the_words_of_the_form_are_those_of_the_report():
    assert {code: word for word, code in form_layout.STATUS_WORDS.items()} == {
        code: word for code, word in wording.OBSERVED.items() if code not in ("target", "assumed")
    }


def test_clause_definition_traps_and_office_stand_beside_the_cell(toy, form):
    toy.change(
        "indicators/patents.yml",
        "definition: 虚构，只供测试。",
        "definition: 虚构，只供测试。\ncaveats: [不含外观设计。]",
    )
    form = Form(toy.plan, 2023, form.path.with_name("changed.xlsx"))
    row = form.row("patents", 2021)
    assert (
        form.figures[f"M{row}"].value
        == "目标：2025 年不低于 200 件\n原文：“有效专利”（第10行）\n口径：虚构，只供测试。"
    )
    assert form.figures[f"N{row}"].value == "1. 不含外观设计。"
    assert form.figures[f"O{row}"].value == "统计局（规划原文）\n各年的值。"
    assert [form.figures[f"L{k}"].value for k in range(row, row + 3)] == [
        "118（终值，2022-03-01）",
        "—",
        "160（初值，2024-03-01）",
    ]


def test_the_same_form_has_the_same_bytes(toy):
    assert (
        workbook.template(toy.plan, 2023)
        == workbook.template(toy.plan, 2023)
        != workbook.template(toy.plan, 2022)
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_text_of_a_plan_becomes_a_formula(toy, tmp_path, text):
    toy.change(
        "indicators/patents.yml",
        "definition: 虚构，只供测试。",
        f"definition: {text.strip()!r}\ncaveats: [{text.strip()!r}]",
    )
    toy.change("sources.csv", "公报2020", f'"{text.strip()}"')
    form = Form(toy.plan, 2023, tmp_path / "f.xlsx")
    for sheet in some(form.book):
        assert not [
            cell.coordinate
            for cells in sheet.iter_rows()
            for cell in cells
            if cell.data_type == "f" or str(cell.value)[:1] in table.FORMULA
        ]


@given(st.text(min_size=1))
def test_an_inert_text_begins_with_nothing_a_spreadsheet_computes(text):
    assert table.inert(text)[0] not in table.FORMULA
    assert table.inert(text).endswith(text)


# What comes back


def test_a_filled_figure_and_its_source_are_appended_and_nothing_else_changes(toy, form):
    before = {name: toy[name].read_bytes() for name in ("observations.csv", "sources.csv")}
    form.fill(
        "patents",
        2022,
        value=131,
        status="终值",
        bound="超过",
        source="统计局复函",
        locator="第2页",
        note="含失效",
    )
    change = form.prepare()
    assert [str(one) for one in change.changes] == [
        "新增 patents（town）2022 年 超过 131 件（终值，form_1）"
    ]
    assert {name: toy[name].read_bytes() for name in before} == before, "preparing writes nothing"
    addition.add(change)
    assert (
        toy["observations.csv"].read_bytes()
        == before["observations.csv"]
        + "toy,patents,town,2022,131,件,final,form_1,,>,第2页,含失效\n".encode()
    )
    assert (
        toy["sources.csv"].read_bytes()
        == before["sources.csv"] + "form_1,统计局复函,统计局,2024-06-01,,,\n".encode()
    )
    assert (
        observations.known(
            [
                row
                for row in observations.receive(toy.plan).observations
                if row.indicator_id == "patents" and row.area == "town"
            ]
        )[2].value
        == 131
    )
    assert not [
        path.name for path in toy["observations.csv"].parent.iterdir() if path.name.startswith(".")
    ]


def test_a_form_brought_twice_changes_nothing_the_second_time(form):
    form.fill("patents", 2022, value=131, source="统计局复函")
    addition.add(form.prepare())
    again = form.prepare()
    assert (again.changes, again.unchanged, again.sources, again.tables) == ((), 1, (), {})


def test_of_two_forms_brought_at_once_one_is_told_to_come_again(toy, form, monkeypatch):
    """Both were checked against the same tables: whoever writes second would take away what the
    first wrote."""
    form.fill("patents", 2022, value=131, source="统计局复函")
    first = form.prepare()
    form.fill("patents", 2022, value=132)
    second, write = form.prepare(), addition.atomic.write
    monkeypatch.setattr(addition.atomic, "write", lambda *table: (time.sleep(0.1), write(*table)))
    with ThreadPoolExecutor(2) as both:
        ended = [
            task.exception()
            for task in [both.submit(addition.add, change) for change in (first, second)]
        ]
    assert sorted(map(type, ended), key=str) == sorted([type(None), addition.Changed], key=str)
    assert (
        sum(
            f"town,2022,{value}," in toy["observations.csv"].read_text("utf-8")
            for value in (131, 132)
        )
        == 1
    )


def test_a_revision_is_a_further_row_and_the_former_value_stays(toy, form):
    form.fill("patents", 2021, value=121, source="统计局复函")
    change = form.prepare()
    assert [str(one) for one in change.changes] == [
        "修订 patents（town）2021 年 121 件（终值，form_1），原为 118 件（终值，report_2021），"
        "旧值保留"
    ]
    addition.add(change)
    (point,) = [
        point
        for point in observations.of_run(toy.plan, 2021)
        if point.row.indicator_id == "patents" and point.year == 2021
    ]
    assert (point.row.value, point.earlier) == (121, "118（2022-03-01）")


def test_a_revision_that_was_published_earlier_is_told_to_change_nothing(form):
    form.fill("patents", 2021, value=121, source="统计局复函", published="2022-01")
    assert str(form.prepare().changes[0]).endswith(
        "原为 118 件（终值，report_2021），但发布较早，仍以原值为准"
    )


def test_the_same_value_published_again_is_a_vintage_of_its_own(form):
    form.fill("patents", 2021, value=118, source="公报2021", published="2023-05-01")
    change = form.prepare()
    assert (len(change.changes), change.unchanged) == (1, 0)


def test_a_revision_of_the_same_date_is_refused_at_its_cell(form):
    row = form.fill("patents", 2021, value=121, source="公报2021")
    assert form.told() == [
        f"form.xlsx:指标!E{row}: 121 — 与第 3 行（118）重复 — 请删去一行；若是修订，请写明各自的 "
        "published"
    ]


def test_a_year_that_is_missing_is_said_with_a_source_and_without_a_value(form):
    form.fill("attorneys_new", 2023, status="缺", source="统计局复函")
    assert "缺 人（缺，form_1）" in str(form.prepare().changes[0])


def test_what_is_left_empty_is_not_supplied_and_no_zero(form):
    change = form.prepare()
    assert change.changes == ()
    assert [source.title for source in change.sources] == ["统计局复函"]


SLIPS = [
    ({"value": "1,180"}, "E", "1,180 — 数字里有逗号"),
    ({"value": "１３１"}, "E", "１３１ — 含全角数字或符号"),
    ({"value": "131件"}, "E", "131件 — 数字后面带有单位或其他文字"),
    ({"value": "无"}, "E", "无 — 用符号或文字表示缺数"),
    ({"value": "#DIV/0!"}, "E", "#DIV/0! — 这是 Excel 的出错值"),
    ({"value": 131.5}, "E", "131.5 — 以“件”计数，应为整数"),
    ({"value": -3}, "E", "-3 — 低于下限 0"),
    ({"value": True}, "E", "True — 是逻辑值，不是数"),
    (
        {"value": dt.datetime(2022, 1, 31)},
        "E",
        "2022-01-31 00:00:00 — 被当成了日期 — 请把格的格式改为常规，再重新填写",
    ),
    ({"value": "=100+31"}, "E", "=100+31 — 公式没有算出的结果 — 请选择性粘贴为数值后再导入"),
    ({"value": None, "note": "尚无"}, "E", "没有填数"),
    (
        {"year": dt.datetime(2022, 12, 31)},
        "C",
        "2022-12-31 00:00:00 — 被当成了日期 — 请填年份，如 2023",
    ),
    ({"year": 2027}, "C", "2027 — 晚于可报送的最后一年 2026 年"),
    ({"unit": "万件"}, "D", "万件 — 单位与参数里的“件”不同 — 请把数值乘以 10000，单位写成件"),
    ({"indicator_id": "patnets"}, "A", "patnets — 没有这项指标；最接近的是 patents"),
    ({"status": "最终"}, "F", "最终 — 不在可选的词里 — 请从列表中选择：终值、初值、推算、缺"),
    ({"status": "推算"}, "K", "推算值没有写出算式"),
    ({"status": "缺"}, "E", "131 — status 是 missing，却填了数"),
    ({"bound": "大约"}, "G", "大约 — 不在可选的词里"),
    ({"source": "统计局来函"}, "H", "统计局来函 — “来源”表里没有这个题名；最接近的是 统计局复函"),
    ({"source": None}, "H", "没有填来源"),
    ({"published": "2024/3/1"}, "J", "2024/3/1 — 不是日期"),
    ({"locator": "第\u200b2页"}, "I", "第<U+200B>2页 — 含有看不见的字符"),
]


@pytest.mark.parametrize(
    ("cells", "letter", "sentence"), SLIPS, ids=[str(cells) for cells, _, _ in SLIPS]
)
def test_a_slip_is_told_once_at_its_cell(form, cells, letter, sentence):
    row = form.row("patents", 2022)
    form.fill("patents", 2022, **({"value": 131, "source": "统计局复函"} | cells))
    (told,) = form.told()
    assert told.startswith(f"form.xlsx:指标!{letter}{row}: {sentence}")


def test_a_percent_format_is_told_with_the_figure_to_type(form):
    row = form.fill("share", 2022, value=0.105, source="统计局复函")
    form.figures[f"E{row}"].number_format = "0.0%"
    assert form.told() == [
        f"form.xlsx:指标!E{row}: 10.5% — 用了百分比格式，格里存的是 0.105 — 单位已是 %，"
        "请把格式改为常规并填 10.5"
    ]


def test_a_fraction_where_percent_is_due_and_wan_where_yi_is_due_are_doubted(form):
    one, other = (
        form.fill("share", 2022, value=0.105, source="统计局复函"),
        form.fill("patents", 2022, value=1300000, source="统计局复函"),
    )
    assert sorted(
        str(warning).split(" — ")[1].split("像是")[1] for warning in form.prepare().warnings
    ) == ["错了万倍（万元与亿元，或件与万件？）", "错了百倍（百分数与小数？）"]
    assert {warning.column for warning in form.prepare().warnings} == {
        f"指标!E{one}",
        f"指标!E{other}",
    }


def test_merged_cells_and_hidden_rows_are_told(form):
    row = form.fill("patents", 2022, value=131, source="统计局复函")
    form.figures.merge_cells(f"E{row}:E{row + 1}")
    assert (
        f"form.xlsx:指标!E{row}: 131 — 与别的格合并了（E{row}:E{row + 1}） — 请取消合并，"
        "每行各填一个数" in form.told()
    )
    form.figures.unmerge_cells(f"E{row}:E{row + 1}")
    form.figures.row_dimensions[row].hidden = True
    assert form.told() == [
        f"form.xlsx:指标!E{row}: 131 — 这一行被隐藏，却填了数 — 请取消隐藏或筛选，核对后再导入"
    ]


def test_a_formula_with_its_result_is_taken_with_a_warning(form):
    row = form.fill("patents", 2022, value="=100+31", source="统计局复函")
    form.book.save(form.path)
    computed = form.path.with_name("computed.xlsx")
    with (
        zipfile.ZipFile(form.path) as old,
        zipfile.ZipFile(computed, "w") as new,
    ):  # as a spreadsheet saves it: formula and value
        for name in old.namelist():
            new.writestr(
                name,
                old.read(name)
                .replace(b"<f>100+31</f><v></v>", b"<f>100+31</f><v>131</v>")
                .replace(b"<f>100+31</f><v/>", b"<f>100+31</f><v>131</v>")
                .replace(b"<f>100+31</f><v />", b"<f>100+31</f><v>131</v>"),
            )
    change = addition.prepare(computed, form.plan)
    assert [str(warning) for warning in change.warnings] == [
        f"computed.xlsx:指标!E{row}: =100+31 — 是公式，取它的结果 131 — 请核对；最好粘贴为数值"
    ]
    assert change.changes[0].row.value == 131


def test_a_form_can_be_checked_without_being_imported(toy, form):
    form.fill("patents", 2022, value="131件", source="统计局复函")
    form.book.save(form.path)
    assert [finding.column for finding in door.check(form.path, toy.plan)] == [
        f"指标!E{form.row('patents', 2022)}"
    ]
    assert [str(finding) for finding in door.check(form.path)] == [
        "form.xlsx: 不知道是哪个规划的填报表 — 请用 --plan 指明规划"
    ]


def test_a_cell_of_a_date_is_a_date_of_publication(form):
    form.fill("patents", 2022, value=131, source="统计局复函", published=dt.datetime(2024, 7, 1))
    assert form.prepare().changes[0].row.published == "2024-07-01"


def test_a_total_that_falls_below_what_is_there_is_told_where_it_was_typed(form):
    row = form.fill("grants_cum", 2022, value=45, source="统计局复函")
    (told,) = form.told()
    assert (
        told == "observations.csv:8:value: 38 — 累计数比 2022 年的 45 少 — 累计只增不减：请核对；"
        "若口径改变，请在参数里写 breaks"
    )
    form.fill("grants_cum", 2022, value=15)
    assert (
        form.told()[0]
        == f"form.xlsx:指标!E{row}: 15 — 累计数比 2020 年的 20 少 — 累计只增不减：请核对；"
        "若口径改变，请在参数里写 breaks"
    )


def test_a_registered_source_cannot_be_changed_by_a_form(form):
    row = 4 + form_layout.NEW_SOURCES
    form.sources[f"C{row}"] = "别的单位"
    assert form.told() == [
        f"form.xlsx:来源!C{row}: 别的单位 — 与已登记的“统计局”不同 — "
        "已登记的来源不能在填报表里改；请改回，或另登记一个来源"
    ]


def test_a_bad_source_is_told_at_its_cell(form):
    form.register(5, title="统计局复函", url="example.org")
    assert form.told() == [
        "form.xlsx:来源!B5: 统计局复函 — 与第 4 行的题名相同 — 请删去一行，或使题名能够区分",
        "form.xlsx:来源!E5: example.org — 不是网址 — 请写 http:// 或 https:// 开头的地址，"
        "没有就留空",
    ]


def test_text_that_looks_like_a_formula_is_prefixed_in_the_table(toy, form):
    form.fill("patents", 2022, value=131, source="统计局复函", note="-含失效")
    addition.add(form.prepare())
    assert toy["observations.csv"].read_text("utf-8").splitlines()[-1].endswith(",'-含失效")


def test_the_form_of_another_plan_is_refused(form):
    form.book[form_layout.GUIDE]["B5"] = "toys"
    assert (
        form.told()[0]
        == "form.xlsx:说明!B5: toys — 是另一个规划的填报表 — 请改用 toy 的填报表，或以 "
        "PLAN=toys 导入"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是完整的 xlsx 工作簿"),
        (b"PK\x03\x04", "不是完整的 xlsx 工作簿"),
        (b"\xd0\xcf\x11\xe0rest", "是旧式（xls、et）或加密的工作簿"),
        (b"\0" * 11_000_000, "文件有 11000000 字节，不像填报表"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(toy, tmp_path, content, sentence):
    (tmp_path / "form.xlsx").write_bytes(content)
    with pytest.raises(Refused) as refused:
        addition.prepare(tmp_path / "form.xlsx", toy.plan)
    assert str(refused.value).startswith(f"form.xlsx: {sentence} — ")


def test_a_workbook_that_unpacks_to_something_huge_is_not_unpacked(toy, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    with pytest.raises(Refused, match="解压后过大"):
        addition.prepare(tmp_path / "bomb.xlsx", toy.plan)


def test_a_workbook_of_a_million_rows_is_refused_before_it_is_loaded(toy, tmp_path, monkeypatch):
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (k, k) for k in range(1, 40_000))
    with zipfile.ZipFile(tmp_path / "long.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + rows + b"</sheetData>")
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    with pytest.raises(Refused, match="有 30001 行以上，不像填报表"):
        addition.prepare(tmp_path / "long.xlsx", toy.plan)


def test_another_workbook_is_refused(toy, tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(Refused, match="缺少“指标”表或“来源”表"):
        addition.prepare(tmp_path / "other.xlsx", toy.plan)


@settings(max_examples=40)
@given(st.integers(0, 30_000), st.integers(0, 255))
def test_a_damaged_workbook_is_refused_or_read_and_nothing_else(workshop, at, byte):
    toy, content, path = workshop
    at %= len(content)
    path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
    findings: list[Finding] = []
    try:
        addition.prepare(path, toy.plan)
    except Refused as refused:
        findings = list(refused.findings)
    assert all(str(finding) for finding in findings)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    from conftest import Toy

    toy = Toy(tmp_path_factory.mktemp("workshop"))
    return toy, workbook.template(toy.plan, 2021), toy.root / "damaged.xlsx"


# CSV, and the files on disk


def test_a_plain_table_of_the_same_columns_is_imported_too(toy, tmp_path):
    (tmp_path / "new.csv").write_text(
        "plan,indicator_id,area,year,value,unit,status,source,published\r\ntoy,patents,town,"
        "2022,131,件,final,reply,\r\ntoy,patents,town,2021,118,件,final,report_2021,\r\n",
        "utf-8-sig",
    )
    (tmp_path / "sources.csv").write_text(
        "id,title,publisher,published,url,accessed,note\nreply,复函,统计局,2024-06-01,,,\n", "utf-8"
    )
    change = addition.prepare(tmp_path / "new.csv", toy.plan)
    assert ([str(one) for one in change.changes], change.unchanged) == (
        ["新增 patents（town）2022 年 131 件（终值，reply）"],
        1,
    )
    (tmp_path / "new.csv").write_text(
        "plan,indicator_id,area,year,value,unit,status,source\ntoy,patents,town,2022,1_31,件,"
        "final,reply\n",
        "utf-8",
    )
    with pytest.raises(Refused, match=r"^new\.csv:2:value: 1_31 — "):
        addition.prepare(tmp_path / "new.csv", toy.plan)


def test_a_table_from_elsewhere_may_name_the_sources_registered_beside_it(toy, tmp_path):
    (tmp_path / "new.csv").write_text(
        "plan,indicator_id,area,year,value,unit,status,source\ntoy,patents,town,2021,118,件,"
        "final,reply\ntoy,patents,town,2022,131,件,final,reply\n",
        "utf-8",
    )
    assert [finding.column for finding in door.check(tmp_path / "new.csv", toy.plan)] == [
        "source",
        "source",
    ]
    (tmp_path / "sources.csv").write_text(
        "id,title,publisher,published,url,accessed,note\nreply,复函,统计局,2024-06-01,,,\n", "utf-8"
    )
    assert door.check(tmp_path / "new.csv", toy.plan) == []


def test_windows_line_ends_and_a_missing_last_one_are_kept_and_mended(toy, form):
    toy.write(
        "observations.csv",
        toy["observations.csv"].read_text("utf-8").replace("\n", "\r\n").rstrip("\r\n"),
    )
    before = toy["observations.csv"].read_bytes()
    form.fill("patents", 2022, value=131, source="统计局复函")
    addition.add(form.prepare())
    assert (
        toy["observations.csv"].read_bytes()
        == before + "\r\ntoy,patents,town,2022,131,件,final,form_1,,,,\r\n".encode()
    )


def test_the_first_figures_of_a_plan_make_its_tables(toy, form):
    for name in ("observations.csv", "sources.csv", "context.csv", "commitments.csv"):
        toy[name].unlink()
    form.fill("patents", 2022, value=131, source="统计局复函")
    addition.add(form.prepare())
    rows = list(csv.DictReader(io.StringIO(toy["observations.csv"].read_text("utf-8"))))
    assert [(row["year"], row["value"], row["source"]) for row in rows] == [
        ("2022", "131", "form_1")
    ]


def test_a_column_that_the_table_lacks_is_added_at_its_end_and_nothing_is_dropped(toy, form):
    head = "plan,indicator_id,area,year,value,unit,status,source"
    former = "toy,patents,town,2021,118,件,final,report_2021"
    toy.write("observations.csv", f"{head}\n{former}\n")
    form.fill("patents", 2022, value=131, source="统计局复函", locator="第2页")
    addition.add(form.prepare())
    assert toy["observations.csv"].read_text("utf-8").splitlines() == [
        f"{head},locator",
        f"{former},",
        "toy,patents,town,2022,131,件,final,form_1,第2页",
    ]


def test_a_table_changed_in_the_meantime_is_left_alone(toy, form):
    form.fill("patents", 2022, value=131, source="统计局复函")
    change = form.prepare()
    toy.add("observations.csv", "toy,patents,town,2022,130,件,final,report_2022,,,,")
    before = toy["observations.csv"].read_bytes()
    with pytest.raises(addition.Changed):
        addition.add(change)
    assert toy["observations.csv"].read_bytes() == before
    assert "form_1" not in toy["sources.csv"].read_text("utf-8")


def test_a_failing_disk_leaves_the_former_table(toy, form, monkeypatch):
    form.fill("patents", 2022, value=131, source="统计局复函")
    change, before = form.prepare(), toy["observations.csv"].read_bytes()
    monkeypatch.setattr(
        "os.fsync", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(OSError, match="No space"):
        addition.add(change)
    assert toy["observations.csv"].read_bytes() == before
    assert not [
        path.name for path in toy["observations.csv"].parent.iterdir() if path.name.startswith(".")
    ]


# Through the command line, for every plan that ships

VALUES = {"binary": 1, "share": 50, "score": 80}


def test_a_form_that_may_be_filled_in_is_not_overwritten(toy, monkeypatch, tmp_path):
    monkeypatch.setenv("ASSESSMENT_ROOT", str(toy.root))
    target = tmp_path / "form.xlsx"
    assert (
        CliRunner()
        .invoke(cli.verbs, ["template", "--plan", "toy", "--file", str(target)])
        .exit_code
        == 0
    )
    assert (
        CliRunner()
        .invoke(cli.verbs, ["template", "--plan", "toy", "--file", str(target)])
        .exit_code
        == 0
    )  # the same form
    target.write_bytes(b"filled")
    ran = CliRunner().invoke(cli.verbs, ["template", "--plan", "toy", "--file", str(target)])
    assert ran.exit_code == 2
    assert "is there already" in ran.output
    assert target.read_bytes() == b"filled"
