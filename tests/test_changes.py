"""What changed since last year's edition: statuses moved, figures revised, choices and facts not
what they were."""

from __future__ import annotations

import copy
import hashlib
import json
from types import SimpleNamespace

import pytest
from test_report import Read, assembled

from helpers import request
from helpers.publish import rendered, report, year_before
from helpers.show import changes, result, wording


@pytest.fixture
def now() -> list[dict]:
    return [
        copy.deepcopy(one.record)
        for one in assembled("example")
        if one.record["record"] == "indicator"
    ]


@pytest.fixture
def before(now) -> list[dict]:
    return copy.deepcopy(now)


def of(records: list[dict], name: str) -> dict:
    return next(record for record in records if record["indicator_id"] == name)


def test_an_edition_compared_with_itself_has_not_changed(before, now):
    assert (
        changes.moved(before, now)
        == changes.revised(before, now)
        == changes.method(before, now)
        == changes.unmatched(before, now)
        == []
    )
    columns, rows = changes.matrix(before, now)
    assert all(
        k == (0 if code != column else k)
        for code, cells in rows
        for column, k in zip(columns, cells, strict=False)
    )
    assert sum(k for _, cells in rows for k in cells) == 14


def test_a_status_that_moved_is_counted_in_its_row_and_column(before, now):
    of(before, "case_days")["status"] = "behind"  # now reverse
    assert changes.moved(before, now) == [changes.Moved("case_days", "behind", "reverse")]
    columns, rows = changes.matrix(before, now)
    assert dict(rows)["behind"][columns.index("reverse")] == 1
    assert "reverse" not in dict(rows)


def test_a_figure_of_an_earlier_year_that_differs_is_revised_and_a_new_year_is_not(before, now):
    points = of(before, "trademarks_valid")["points"]
    points[2]["value"] = 139.0  # 140 now
    del points[-1]  # 2024 was not known last year
    assert changes.revised(before, now) == [changes.Revised("trademarks_valid", 2022, 139.0, 140.0)]


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("rule", lambda one: one.update(rule="another")),
        ("model", lambda one: one.update(model="drift")),
        ("target", lambda one: one.update(target=99.0)),
        ("target", lambda one: one.update(op=">")),
        ("baseline", lambda one: one.update(baseline=1.0)),
        ("definition", lambda one: one["facts"].update(definition="另一种口径")),
    ],
)
def test_a_changed_choice_or_fact_is_named(before, now, what, spoil):
    spoil(of(before, "trademarks_valid"))
    (change,) = changes.method(before, now)
    assert (change.what, change.id) == (
        what,
        "" if what in ("rule", "model") else "trademarks_valid",
    )


def test_a_choice_changed_for_all_is_told_once_and_one_that_was_not_made_is_no_change(before, now):
    for record in before:
        record["rule"], record["model"] = "another", None
    assert [change.what for change in changes.method(before, now)] == ["rule"]


def test_indicators_that_came_or_went_are_neither_moved_nor_revised(before, now):
    gone = before.pop(0)
    now.pop()
    assert [one["indicator_id"] for one in changes.unmatched(before, now)] == [gone["indicator_id"]]
    assert [one["indicator_id"] for one in changes.unmatched(now, before)] == ["service_platform"]
    assert changes.moved(before, now) == []


# On the page --------------------------------------------------------------------------------------


def page(last_year: year_before.Earlier | None) -> str:
    made = list(assembled("example"))
    return report.page(made, "", year_before.changes(made, last_year))


def told(last_year: year_before.Earlier | None) -> str:
    return Read(page(last_year)).id("conclusion").text


def test_the_page_shows_the_matrix_and_names_what_it_compared_with(before, monkeypatch):
    monkeypatch.setattr(rendered, "embedded", lambda *_: "")
    of(before, "case_days")["status"] = "behind"
    of(before, "trademarks_valid")["points"][2]["value"] = 139.0
    of(before, "pledge_amount")["target"] = 99.0
    of(before, "pledge_amount")["texts"]["target"] = "2025 年不低于 99 亿元"
    text = told(year_before.Earlier("2023", "ab" * 32, before))
    assert "上年期次 2023" in text
    assert "ab" * 32 not in text
    opened = Read(page(year_before.Earlier("2023", "ab" * 32, before)))
    assert "ab" * 32 in opened.id("evidence").text  # fingerprints stand at the foot
    assert wording.page.NO_EARLIER not in text
    assert "专利侵权行政裁决案件平均审理天数：滞后于预期 → 倒退" in text
    assert "有效注册商标量 2022 年：上年期次 139，本期 140" in text
    assert "知识产权质押融资金额：目标由2025 年不低于 99 亿元改为2025 年不低于 12 亿元" in text
    matrix = list(
        Read(page(year_before.Earlier("2023", "ab" * 32, before))).all(
            "table", **{"class": "matrix"}
        )
    )
    assert len(matrix) == 1


def test_without_an_earlier_edition_the_page_says_so_in_a_word(before, monkeypatch):
    monkeypatch.setattr(rendered, "embedded", lambda *_: "")
    assert wording.page.NO_EARLIER in told(None)
    assert "2023 的记录格式不同" in told(
        year_before.Earlier(
            "2023", "0" * 64, [{**one, "schema": result.SCHEMA - 1} for one in before]
        )
    )


@pytest.mark.parametrize(
    ("folders", "known_by", "language", "found"),
    [
        (["2023"], "", "zh", "2023"),
        (["2022", "2025"], "", "zh", None),
        (["2023@2024-03-31", "2023@2024-06-30"], "", "zh", "2023@2024-06-30"),
        (["2023", "2023@2024-06-30"], "", "zh", "2023"),
        (["2023", "2023@2024-06-30", "2023@2026-01-01"], "2025-06-30", "zh", "2023@2024-06-30"),
        (["2023", "2023@2026-01-01"], "2025-06-30", "zh", "2023"),
        (["2023", "2023.en"], "", "en", "2023.en"),
        (["2023"], "", "en", None),
        (["2023.en", "2023@2024-06-30.en"], "", "zh", None),
        (["2023@2024-06-30.en"], "2025-06-30", "en", "2023@2024-06-30.en"),
    ],
)
def test_last_years_edition_is_that_of_the_same_knowledge_and_language(
    tmp_path, folders, known_by, language, found
):
    for name in folders:
        (tmp_path / "data/processed/toy" / name).mkdir(parents=True)
        (tmp_path / "data/processed/toy" / name / "results.json").write_text("[]")
    asked = request.Edition(
        SimpleNamespace(id="toy", root=tmp_path, scenario=None), 2024, known_by, language
    )
    earlier = year_before.earlier(asked.year_before)
    assert (earlier and earlier.edition) == found
    assert earlier is None or (earlier.sha256, earlier.records) == (
        hashlib.sha256(b"[]").hexdigest(),
        json.loads("[]"),
    )


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"[1]", b"\xff\xfe", b'[{"schema": 1}'])
def test_an_earlier_edition_that_was_spoilt_is_named_and_stops_nothing(
    tmp_path, monkeypatch, spoilt
):
    monkeypatch.setattr(rendered, "embedded", lambda *_: "")
    (tmp_path / "2023").mkdir()
    (tmp_path / "2023" / "results.json").write_bytes(spoilt)
    assert "2023 的记录格式不同" in told(year_before.earlier(tmp_path / "2023"))


def test_a_folder_without_results_is_no_edition(tmp_path):
    (tmp_path / "data/processed/toy/2023").mkdir(parents=True)
    assert (
        request.Edition(SimpleNamespace(id="toy", root=tmp_path, scenario=None), 2024).year_before
        is None
    )
