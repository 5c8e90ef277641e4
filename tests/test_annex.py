"""What a reader takes along: 附表1 and the figures of a picture, the same numbers as on the page
and nothing that runs."""

from __future__ import annotations

import base64
import csv
import io

import pytest
from test_report import HOSTILE, PLANS, Read, assembled, hostile_edition, page

from helpers.publish import report
from helpers.show import annex, wording

YEARS = range(2021, 2026)


def records(name: str) -> list[dict]:
    return [one.record for one in assembled(name) if one.record["record"] == "indicator"]


def titles(name: str) -> dict[str, str]:
    return {
        source["id"]: source["title"]
        for source in next(
            one.record for one in assembled(name) if one.record["record"] == "data_check"
        )["sources"]
    }


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_the_columns_are_those_evaluators_know():
    assert annex.columns(YEARS) == [
        "序号",
        "类别",
        "指标",
        "单位",
        "属性",
        "基期",
        "2021",
        "2022",
        "2023",
        "2024",
        "2025",
        "目标",
        "增量完成率",
        "序时进度",
        "年均增速",
        "判断",
        "概率",
        "预警",
        "责任单位",
        "来源",
        "备注",
    ]


def test_a_row_by_hand():
    row = table(annex.as_csv(records("example"), YEARS, titles("example")))[1]
    # 100 → 190 of 200: 90 of 100 gained in 4 of 5 years; (190/100)^(1/4) − 1 = 17.41 %
    assert [
        row[name]
        for name in (
            "序号",
            "指标",
            "基期",
            "2021",
            "2024",
            "2025",
            "目标",
            "增量完成率",
            "序时进度",
            "年均增速",
        )
    ] == ["2", "有效注册商标量", "100", "118", "190", "—", "≥ 200", "90.0%", "80.0%", "17.41%"]
    assert row["来源"].split("；")[-1] == "虚构修订公告2025"
    assert row["判断"] == "▲ 快于预期"


@pytest.mark.parametrize("name", PLANS)
def test_every_indicator_has_a_row_as_wide_as_the_head(name):
    rows = annex.rows(records(name), YEARS)
    assert [row.cells[2] for row in rows] == [record["name_zh"] for record in records(name)]
    assert {len(row.cells) + 2 for row in rows} == {len(annex.columns(YEARS))}


def test_a_bound_a_derived_value_and_a_negative_share_are_told():
    rows = {
        row["指标"]: row
        for row in table(annex.as_csv(records("example"), YEARS, titles("example")))
    }
    assert rows["海外发明专利累计授权量"]["2024"] == "超38"
    assert rows["专利侵权行政裁决案件平均审理天数"]["增量完成率"] == "-50.0%"
    derived = [
        row
        for name in PLANS
        for row in table(annex.as_csv(records(name), YEARS, titles(name)))
        if any(row[str(year)].endswith(" 推") for year in YEARS)
    ]
    assert derived


def test_the_figures_of_a_picture_are_the_points_the_schedule_and_the_forecast():
    record = next(one for one in records("example") if one["indicator_id"] == "trademarks_valid")
    rows = {row["年份"]: row for row in table(annex.series_csv(record, titles("example")))}
    assert list(rows) == ["2020", "2021", "2022", "2023", "2024", "2025"]
    assert [rows[year]["序时值"] for year in rows] == [
        "100.0",
        "120.0",
        "140.0",
        "160.0",
        "180.0",
        "200.0",
    ]  # 100 a fifth of a hundred a year
    assert rows["2024"]["数值"] == "190.0"
    assert rows["2025"]["数值"] == ""
    assert float(rows["2025"]["预测中位数"]) == record["median"]
    assert rows["2024"]["预测中位数"] == ""
    assert {row["目标"] for row in rows.values()} == {"200.0"}


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless():
    record = {
        **records("example")[0],
        "name_zh": "=cmd|' /C calc'!A0",
        "note": "@SUM(1)",
        "category": "-2+3",
        "unit": "+1",
    }
    (row,) = table(annex.as_csv([record], YEARS, titles("example")))
    assert [row[name][:2] for name in ("指标", "备注", "类别", "单位")] == ["'=", "'@", "'-", "'+"]
    assert annex._cell("-50.0%") == "-50.0%"
    assert annex._cell("-1,234.5") == "-1,234.5"
    assert annex._cell("-1+1") == "'-1+1"


def test_hostile_text_is_text_in_what_is_saved():
    made = hostile_edition()
    facts = report.facts_of(made, "")
    for address in (
        facts["annex_csv"],
        facts["results_csv"],
        *(one["data"] for one in facts["indicators"]),
    ):
        head, content = address.split(",")
        assert head == "data:text/csv;charset=utf-8;base64"
        rows = list(
            csv.reader(io.StringIO(base64.b64decode(content).decode("utf-8-sig"), newline=""))
        )
        assert (
            len({len(row) for row in rows}) == 1
        )  # no quotation mark or line end of a text breaks a row
        assert any(HOSTILE in cell for row in rows for cell in row) or address in (
            one["data"] for one in facts["indicators"] if not one["points"]
        )


@pytest.mark.parametrize("name", PLANS)
def test_the_page_shows_the_annex_with_its_sources_numbered_as_in_the_list(name):
    opened = Read(page(name))
    listed = {
        f"#{one.attrs['id']}": one.text
        for one in opened.all("li")
        if one.attrs.get("id", "").startswith("source-")
    }
    assert [
        one.text
        for one in opened.all("th")
        if one.within("section", id="annex") and one.within("thead")
    ] == annex.columns(YEARS if "135" not in name else range(2016, 2021))
    known = titles(name)
    links = [
        (one.attrs["href"], one.text)
        for one in opened.all("a")
        if one.within("section", id="annex") and one.attrs["href"].startswith("#source")
    ]
    assert [
        known[source] in listed[href]
        for (href, _), source in zip(
            links,
            (
                s
                for record in records(name)
                for s in dict.fromkeys(p["source"] for p in record["points"])
            ),
            strict=False,
        )
    ] == [True] * len(links)
    assert wording.page.ANNEX_NOTE in opened.id("annex").text
