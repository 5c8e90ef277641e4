"""What a reader is told about a bad input: one sentence that says where, what, why and the way
on."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from helpers.intake.finding import Finding, Refused, nearest, shown_path, visible


def test_a_finding_reads_file_line_column_value_problem_remedy():
    found = Finding(
        "data/raw/toy/observations.csv", 3, "value", "1,180", "数字里有逗号", "请去掉千分位逗号"
    )
    assert (
        str(found)
        == "data/raw/toy/observations.csv:3:value: 1,180 — 数字里有逗号 — 请去掉千分位逗号"
    )


def test_what_is_not_known_is_left_out_of_the_place():
    assert (
        str(Finding("plan.yml", 0, "", "", "文件是空的", "请填写"))
        == "plan.yml: 文件是空的 — 请填写"
    )
    assert (
        str(Finding("plan.yml", 4, "", "", "缩进不对", "请改正")) == "plan.yml:4: 缩进不对 — 请改正"
    )
    assert str(Finding("plan.yml", 0, "areas", "", "缺", "请补上")) == "plan.yml:areas: 缺 — 请补上"


def test_a_refusal_tells_every_finding_on_a_line_of_its_own():
    one, two = (Finding("a.csv", line, "year", "", "不是年份", "请改正") for line in (2, 7))
    refused = Refused(found for found in (one, two))
    assert refused.findings == (one, two)
    assert str(refused) == f"{one}\n{two}"


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("pat\u200bents", "pat<U+200B>ents"),  # zero-width space: looks like the right name
        (
            "abc\u202ecba",
            "abc<U+202E>cba",
        ),  # right-to-left override: turns the rest of the line round
        ("\ufeffplan", "<U+FEFF>plan"),  # byte order mark
        ("a\nb", "a<U+000A>b"),  # a line break would make two sentences of one
        ("有效　专利", "有效<U+3000>专利"),  # ideographic space
        ("有效 专利", "有效 专利"),
    ],
)
def test_characters_that_cannot_be_seen_are_named(hidden, shown):
    assert visible(hidden) == shown
    assert f"{shown}: {shown} — " in str(
        Finding("a.csv", 1, hidden, hidden, "没有这一列", "请改正")
    )


@given(st.text())
def test_a_shown_value_fits_the_sentence_and_holds_nothing_invisible(text):
    assert len(visible(text)) <= 60
    assert visible(text).isprintable()


def test_a_long_value_is_cut_with_a_mark():
    assert visible("九" * 60) == "九" * 60
    assert visible("九" * 61) == "九" * 59 + "…"


def test_the_nearest_known_name_is_told_only_when_it_may_be_a_slip():
    assert nearest("patnets", ["grants", "patents"]) == "；最接近的是 patents"
    assert nearest("weather", ["grants", "patents"]) == ""
    assert nearest("", ["grants", "patents"]) == ""


def test_no_message_names_a_folder_of_the_machine():
    assert (
        shown_path(Path("/home/li/house/params/toy/plan.yml"), Path("/home/li/house"))
        == "params/toy/plan.yml"
    )
    assert shown_path(Path("/home/li/plan.yml"), Path("/home/li/house")) == "plan.yml"
