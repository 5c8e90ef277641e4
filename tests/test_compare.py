"""What is different between two editions: told by part, by indicator, by field, in words and as a
table."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from helpers.archive import compare
from helpers.archive.compare import Difference
from helpers.archive.contents import Contents, NotComparable, contents_of
from helpers.archive.executed import MIME
from helpers.show import result


def executed(record: dict) -> bytes:
    return json.dumps({"cells": [{"outputs": [{"data": {MIME: record}}]}]}).encode()


def edition(
    name: str = "a",
    indicator: dict | None = None,
    run: dict | None = None,
    observations: str = "",
    **more: dict,
) -> Contents:
    """An edition of one indicator; `more`: further notebooks by name."""
    base = {
        "record": "indicator",
        "name_zh": "有效专利",
        "value": 118.0,
        "status": "behind",
        "sentence": "滞后。",
        "facts": {"target": {"year": 2025, "value": 200}},
        "inputs": [{"path": "data/raw/toy/observations.csv", "sha256": "1" * 64}],
    }
    files = {
        "executed/2_patents.ipynb": executed({**base, **(indicator or {})}),
        "executed/4_assessment.ipynb": executed(
            {"record": "assessment", "year": 2023, "overall": "总体滞后"}
        ),
        "run/run.json": json.dumps(
            {
                "commit": "aaaa",
                "versions": {"numpy": "2.4.6"},
                "host": {"python": "3.11.7"},
                **(run or {}),
            }
        ).encode(),
        "results/observations.csv": (
            "indicator_id,area,year,value,unit,status\npatents,town,2021,118,件,final\n"
            + observations
        ).encode(),
    }
    return Contents(
        name,
        {**files, **{f"executed/{stem}.ipynb": executed(record) for stem, record in more.items()}},
    )


def differences(**changes) -> list[Difference]:
    return compare.compare(edition(), edition("b", **changes))


def test_an_edition_does_not_differ_from_itself():
    assert differences() == []


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"indicator": {"value": 119.0}}, Difference("value", "patents", "value", 118.0, 119.0)),
        (
            {"indicator": {"status": "ahead"}},
            Difference("verdict", "patents", "status", "behind", "ahead"),
        ),
        (
            {"indicator": {"facts": {"target": {"year": 2025, "value": 210}}}},
            Difference("fact", "patents", "facts.target.value", 200, 210),
        ),
        ({"indicator": {"progress": 0.5}}, Difference("value", "patents", "progress", None, 0.5)),
        (
            {
                "indicator": {
                    "inputs": [{"path": "data/raw/toy/observations.csv", "sha256": "2" * 64}]
                }
            },
            Difference("input", "", "data/raw/toy/observations.csv", "1" * 64, "2" * 64),
        ),
        (
            {"observations": "patents,town,2022,130,件,final\n"},
            Difference("input", "patents", "town 2022", None, "130 件 final"),
        ),
        ({"run": {"commit": "bbbb"}}, Difference("code", "", "commit", "aaaa", "bbbb")),
        (
            {"run": {"versions": {"numpy": "1.26.4"}}},
            Difference("environment", "", "numpy", "2.4.6", "1.26.4"),
        ),
        (
            {"4_assessment": {"record": "assessment", "year": 2024, "overall": "总体滞后"}},
            Difference("edition", "", "year", 2023, 2024),
        ),
        (
            {"4_assessment": {"record": "assessment", "year": 2023, "overall": "总体符合预期"}},
            Difference("verdict", "", "overall", "总体滞后", "总体符合预期"),
        ),
    ],
)
def test_one_change_is_one_difference_of_its_part(changes, difference):
    assert differences(**changes) == [difference]


def test_a_revised_observation_is_told_by_its_column():
    old, new = (
        edition(observations="patents,town,2022,130,件,preliminary\n"),
        edition(observations="patents,town,2022,131,件,final\n"),
    )
    told = {(d.field, d.a, d.b) for d in compare.compare(old, new)}
    assert told == {("town 2022 value", "130", "131"), ("town 2022 status", "preliminary", "final")}


def test_an_indicator_only_one_has_is_told_field_by_field():
    assert {
        (d.indicator, d.a)
        for d in compare.compare(edition(), edition(**{"2_new": {"value": 1, "status": "ahead"}}))
    } == {("new", None)}


def test_numbers_are_equal_within_the_tolerance_of_the_larger_and_words_never():
    assert compare.same(1.0, 1.0 + 9e-10, 1e-9)
    assert compare.same(-1e12, -1e12 - 900, 1e-9)
    assert not compare.same(1.0, 1.0 + 2e-9, 1e-9)
    assert not compare.same(0.0, 1e-300, 1e-9)
    assert not compare.same("1", "1 ", 1.0)
    assert not compare.same(True, 1, 1.0)
    assert not compare.same(None, 0, 1.0)
    assert compare.same(2, 2.0, 0)


def test_a_list_is_compared_by_year_or_id_where_its_items_have_one():
    old, new = (
        {"forecast": [{"year": year, "median": 3} for year in years]}
        for years in ((2023, 2024), (2024,))
    )
    assert set(dict(compare.flat(old))) - set(dict(compare.flat(new))) == {
        "forecast[2023].year",
        "forecast[2023].median",
    }


def test_words_name_the_indicator_both_conclusions_and_what_stayed_the_same():
    old, new = (
        edition(),
        edition("b", {"status": "ahead", "value": 150.0, "mean_step": 2, "sentence": "快于预期。"}),
    )
    said = compare.in_words(old, new, compare.compare(old, new))
    assert said.splitlines() == [
        "A：a",
        "B：b",
        "期次：相同",
        "输入：相同",
        "规划事实：相同",
        "数值：2 处不同",
        "  有效专利（patents）",
        "    现值：118.0 → 150.0",
        "    另有 1 个字段不同，见 CSV",
        "判断：1 处不同",
        "  有效专利（patents）",
        "    进度判断：behind → ahead",
        "    A：滞后。",
        "    B：快于预期。",
        "代码：相同",
        "环境：相同",
    ]


def test_the_table_has_every_difference_and_no_formula():
    table = compare.as_csv(
        [
            Difference("value", "patents", "note", "=cmd|x", -1.5),
            Difference("value", "patents", "value", None, "a,b\n"),
        ]
    )
    assert list(csv.reader(io.StringIO(table))) == [
        ["part", "indicator_id", "field", "a", "b"],
        ["value", "patents", "note", "'=cmd|x", "-1.5"],
        ["value", "patents", "value", "", "a,b\n"],
    ]


def test_what_is_no_edition_and_no_intact_bag_is_refused(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.zip").write_bytes(b"PK")
    for name in ("empty", "x.zip"):
        with pytest.raises(NotComparable, match=name):
            contents_of(tmp_path / name)


def test_records_are_read_as_show_writes_them():
    assert MIME == result.MIME
