"""Figures of part of a year: what may be written, what is known of a year by them, and that no
annual judgement sees them."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from helpers.intake import (
    addition,
    door,
    form_layout,
    observations,
    part_year,
    period,
    plan as plans,
    workbook,
)
from helpers.intake.finding import Refused
from helpers.intake.period import Span

ROOT = Path(__file__).resolve().parents[1]
UNITS = {"patents": "件", "grants_cum": "件", "attorneys_new": "人", "share": "%"}


def entered(toy, *parts, indicator="attorneys_new"):
    """The toy plan with rows (period, value, published) of one indicator added."""
    header, *lines = toy["observations.csv"].read_text("utf-8").splitlines()
    text = [f"{header},period", *(f"{line}," for line in lines)]
    for name, value, published in parts:
        unit, year = UNITS[indicator], name[:4]
        text.append(
            f"toy,{indicator},town,{year},{value},{unit},final,report_2023,{published},,,,{name}"
        )
    toy.write("observations.csv", "\n".join(text) + "\n")
    return toy


def told(toy):
    with pytest.raises(Refused) as refused:
        observations.receive(toy.plan)
    return str(refused.value)


def curve(toy, indicator="attorneys_new", **options):
    parts = observations.receive(toy.plan).parts
    return part_year.curves(plans.indicator(toy.plan, indicator), parts, **options)


# ── what a period is ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-09", Span(2026, 9, 9)),
        ("2026Q3", Span(2026, 9, 7)),
        ("2026-01/2026-09", Span(2026, 9, 1)),
        ("2026-13", None),
        ("2026Q5", None),
        ("2026-01/2025-09", None),
        ("2026-02/2026-09", None),
        ("2026-01/2026-01", None),
        ("2026", None),
        ("", None),
        ("１-９月", None),
    ],
)
def test_three_ways_to_write_a_part_of_a_year(text, span):
    assert period.read(text) == span


def test_a_span_knows_its_days():
    assert period.read("2024Q1").last_day == "2024-03-31"
    assert period.read("2024-02").last_day == "2024-02-29"
    assert period.read("2023-01/2023-02").first_day == "2023-01-01"


@pytest.mark.parametrize(
    ("name", "published", "what"),
    [
        ("2024-1—9", "2024-10-20", "不是月、季或1月起的累计"),
        ("2024", "2025-01-20", "请把 period 留空"),
        ("2024-09", "2024-08-31", "这一期还没有开始"),
    ],
)
def test_a_part_that_cannot_be_is_refused(toy, name, published, what):
    assert what in told(entered(toy, (name, 5, published)))


def test_the_year_of_a_part_is_the_year_of_its_row(toy):
    entered(toy, ("2024-09", 5, "2024-10-20"))
    toy.change("observations.csv", "town,2024,5", "town,2023,5")
    assert "与 year 列的 2023 年不同" in told(toy)


def test_a_part_with_a_date_that_is_none_is_told_once(toy):
    entered(toy, ("2023-09", 1, "2023&10"))
    with pytest.raises(Refused) as refused:
        observations.receive(toy.plan)
    assert [(one.column, one.problem) for one in refused.value.findings] == [
        ("published", "不是日期")
    ]


def test_a_target_is_of_no_part(toy):
    entered(toy, ("2024-09", 5, "2024-10-20"))
    toy.change("observations.csv", "2024,5,人,final", "2024,5,人,target")
    assert "目标值是全年的" in told(toy)


def test_a_part_published_before_it_ended_is_asked_about(toy):
    received = observations.receive(entered(toy, ("2024Q3", 5, "2024-09-20")).plan)
    assert "这一期还没有结束" in str(received.warnings[0])
    assert len(received.parts) == 1


def test_a_whole_year_published_before_it_ended_is_asked_about(toy):
    toy.cell("observations.csv", 4, published="2023-10-20")  # preliminary, 2023
    _, doubts = door.check_plan(toy.plan)
    told = [str(doubt) for doubt in doubts if "当年结束以前" in str(doubt)]
    assert len(told) == 1
    assert "2023-01/2023-09" in told[0]


# ── what is known by it ───────────────────────────────────────────────────────────────────────────


def test_months_and_quarters_of_an_amount_add_up_as_far_as_they_follow_each_other(toy):
    entered(
        toy,
        ("2024Q1", 2, "2024-04-10"),
        ("2024-04", 1, "2024-05-10"),
        ("2024-05", 3, "2024-06-10"),
        ("2024-07", 9, "2024-08-10"),  # June is missing: July cannot be added
    )
    assert curve(toy) == {2024: {3: 2.0, 4: 3.0, 5: 6.0}}


def test_a_sum_since_january_stands_beside_its_months(toy):
    entered(toy, ("2024-01/2024-06", 7, "2024-07-10"), ("2024-07", 2, "2024-08-10"))
    assert curve(toy) == {2024: {6: 7.0, 7: 9.0}}
    assert curve(toy, until=6) == {2024: {6: 7.0}}


def test_a_year_that_starts_late_has_no_sum(toy):
    entered(toy, ("2024-06", 7, "2024-07-10"), ("2024Q3", 2, "2024-10-10"))
    assert curve(toy) == {}


@pytest.mark.parametrize("indicator", ["patents", "grants_cum"])
def test_levels_and_running_totals_are_what_they_were_at_the_end_of_the_part(toy, indicator):
    parts = [("2024Q1", 41, "2024-04-10"), ("2024-01/2024-06", 45, "2024-07-10")]
    assert curve(entered(toy, *parts, indicator=indicator), indicator) == {2024: {3: 41.0, 6: 45.0}}


def test_a_revised_part_replaces_the_former_one_from_its_day_on(toy):
    entered(toy, ("2024Q1", 2, "2024-04-10"), ("2024Q1", 4, "2024-07-10"))
    assert curve(toy) == {2024: {3: 4.0}}
    assert curve(toy, known_by="2024-05-01") == {2024: {3: 2.0}}
    assert curve(toy, known_by="2024-04-01") == {}


def test_the_same_part_twice_on_one_day_is_refused(toy):
    assert "重复" in told(entered(toy, ("2024Q1", 2, "2024-04-10"), ("2024Q1", 4, "2024-04-10")))


def test_a_sum_since_january_cannot_fall(toy):
    parts = [("2024-01/2024-06", 7, "2024-07-10"), ("2024-01/2024-09", 6, "2024-10-10")]
    message = told(entered(toy, *parts))
    assert "累计数比 2024-01/2024-06 的 7 少" in message
    assert "2024Q3" in message  # the way on: a quarter's own figure


def test_a_month_may_be_less_than_the_one_before(toy):
    entered(toy, ("2024-01", 41, "2024-02-10"), ("2024-02", 39, "2024-03-10"))
    assert curve(toy) == {2024: {1: 41.0, 2: 80.0}}


def test_a_running_total_cannot_fall_within_the_year(toy):
    parts = [("2024-06", 41, "2024-07-10"), ("2024-07", 39, "2024-08-10")]
    assert "累计数比 2024-06 的 41 少" in told(entered(toy, *parts, indicator="grants_cum"))


def test_a_level_may_fall(toy):
    parts = [("2024-06", 141, "2024-07-10"), ("2024-07", 139, "2024-08-10")]
    found = curve(entered(toy, *parts, indicator="patents"), "patents")
    assert found == {2024: {6: 141.0, 7: 139.0}}


# ── no annual judgement sees them ─────────────────────────────────────────────────────────────────


def test_what_an_annual_edition_rests_on_is_the_same_to_the_byte(toy):
    before = observations.table(
        observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
    )
    entered(
        toy,
        ("2023Q1", 1, "2023-04-10"),
        ("2023-01/2023-06", 2, "2023-07-10"),
        ("2024-03", 1, "2024-04-10"),
    )
    entered_too = observations.receive(toy.plan)
    assert len(entered_too.parts) == 3
    assert observations.table(observations.all_taken(toy.plan, entered_too, 2023)) == before


def test_rows_of_parts_are_no_vintages_of_the_year(toy):
    rows = observations.receive(entered(toy, ("2023Q1", 1, "2024-06-10")).plan).parts
    assert observations.known(rows) == []


# ── the form ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def form(toy, tmp_path):
    """The form of 2023 with a source registered; the year in progress is 2024."""
    entered(toy)
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook.template(toy.plan, 2023))
    book = openpyxl.load_workbook(path)
    book[form_layout.REGISTER]["B4"], book[form_layout.REGISTER]["D4"] = "复函", "2024-10-15"
    return book, path


def fill(book, indicator, part, value):
    sheet = book[form_layout.PARTS]
    row = next(
        k
        for k in range(4, sheet.max_row + 1)
        if (sheet[f"A{k}"].value, sheet[f"C{k}"].value) == (indicator, part)
    )
    sheet[f"E{row}"], sheet[f"H{row}"] = value, "复函"
    return sheet, row


def test_a_part_goes_out_and_comes_back(toy, form):
    book, path = form
    fill(book, "attorneys_new", "2024-01/2024-09", 4)
    fill(book, "patents", "2024-01/2024-09", 171)
    book.save(path)
    change = addition.prepare(path, toy.plan)
    assert [str(one) for one in change.changes] == [
        "新增 patents（town）2024-01/2024-09 171 件（终值，form_1）",
        "新增 attorneys_new（town）2024-01/2024-09 4 人（终值，form_1）",
    ]
    addition.add(change)
    assert curve(toy) == {2024: {9: 4.0}}
    again = addition.prepare(path, toy.plan)
    assert (again.changes, again.unchanged) == ((), 2)


def test_a_part_may_be_typed_over(toy, form):
    book, path = form
    sheet, row = fill(book, "attorneys_new", "2024-01/2024-09", 2)
    sheet[f"C{row}"] = "2024Q1"
    book.save(path)
    addition.add(addition.prepare(path, toy.plan))
    assert curve(toy) == {2024: {3: 2.0}}


def test_a_part_that_is_none_is_told_where_it_was_typed(toy, form):
    book, path = form
    sheet, row = fill(book, "attorneys_new", "2024-01/2024-09", 2)
    sheet[f"C{row}"] = "1—9月"
    book.save(path)
    with pytest.raises(Refused) as refused:
        addition.prepare(path, toy.plan)
    assert f"月度季度!C{row}" in str(refused.value)


def test_what_is_known_of_a_part_stands_beside_its_cell(toy):
    entered(toy, ("2024-01/2024-06", 3, "2024-07-10"))
    book = openpyxl.load_workbook(io.BytesIO(workbook.template(toy.plan, 2023)))
    known = [row[11].value for row in book[form_layout.PARTS].iter_rows(min_row=4)]
    assert [text for text in known if text != "—"] == ["3（终值，2024-07-10）"]


def test_a_yes_or_no_has_no_part_to_fill():
    book = openpyxl.load_workbook(io.BytesIO(workbook.template(plans.load("example", ROOT), 2024)))
    asked = {row[0].value for row in book[form_layout.PARTS].iter_rows(min_row=4)}
    assert "service_platform" not in asked
    assert "pledge_amount" in asked
