"""Rolling origins: each model asked the same, of what was not yet known; errors by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from helpers.intake import observations, plan as plans
from helpers.measure import forecast, rolling
from helpers.measure.rolling import Annual
from helpers.show import live

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench" / "forecast"
SERIES = Annual("a", (2018, 2019, 2020, 2021, 2022), (10.0, 12.0, 14.0, 16.0, 20.0))


def test_errors_are_in_usual_yearly_moves_and_only_of_what_followed():
    said = rolling.outcomes([SERIES], ("last", "drift"), horizon=1)
    assert [(one.model, one.origin, one.year, one.error) for one in said] == [
        ("last", 2020, 2021, 1.0),
        ("drift", 2020, 2021, 0.0),  # 14 or 16 for 16, moves of 2
        ("last", 2021, 2022, 2.0),
        ("drift", 2021, 2022, 1.0),  # 16 or 18 for 20
    ]
    last, drift = rolling.scores(said)
    assert (last.count, last.error, last.relative) == (2, 1.5, 1.0)
    assert (
        drift.error,
        drift.relative,
    ) == (0.5, pytest.approx(1 / 3))
    assert all(0 <= score.brier <= 1 for score in (last, drift))


def test_a_future_value_moves_no_forecast():
    other = Annual("a", SERIES.years, (*SERIES.values[:-1], 99.0))
    first = [one for one in rolling.outcomes([SERIES], horizon=1) if one.origin == 2020]
    assert first == [one for one in rolling.outcomes([other], horizon=1) if one.origin == 2020]


def test_chances_are_asked_of_targets_and_held_against_what_happened():
    [one] = rolling.outcomes(
        [Annual("a", (2019, 2020, 2021), (1.0, 2.0, 3.5))], ("last",), horizon=1, least=2
    )
    assert [true for _, true in one.chances] == [True, True, False]  # 2, 3, 4 asked of 3.5
    assert [p for p, _ in one.chances] == sorted((p for p, _ in one.chances), reverse=True)


def test_every_model_is_asked_the_same_questions():
    series = [
        SERIES,
        Annual("zero", (2018, 2019, 2020, 2021), (0.0, 1.0, 2.0, 3.0)),
        Annual("still", (2018, 2019, 2020, 2021), (5.0,) * 4),
    ]
    counts = {score.count for score in rolling.scores(rolling.outcomes(series))}
    assert len(counts) == 1  # growth has no answer to the second, nothing moves in the third
    assert {one.series for one in rolling.outcomes(series)} == {"a"}


def test_the_plan_s_own_series_leave_bounds_and_sums_out(toy):
    found = {
        one.id: one
        for one in rolling.of_plan(
            toy.plan, observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
        )
    }
    assert set(found) == {"patents", "attorneys_new", "share"}  # the sum of grants ends in a bound
    assert found["attorneys_new"].values == (4, 3, 5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,ds,y\n", "columns"),
        ("unique_id,ds,y\na,2020,1\na,2020,2\n", "x.csv.gz:3"),
        ("unique_id,ds,y\na,2020,nan\n", "x.csv.gz:2"),
        ("unique_id,ds,y\na,2020.5,1\n", "x.csv.gz:2"),
    ],
)
def test_a_table_that_is_none_is_refused_by_its_line(tmp_path, text, told):
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(text.encode()))
    with pytest.raises(ValueError, match=told):
        rolling.of_folder(tmp_path)
    with pytest.raises(ValueError, match="holds no"):
        rolling.of_folder(tmp_path / "none")


@pytest.mark.skipif(
    not BENCH.is_dir(), reason="the benchmark's series are not here (../shared/bench)"
)
def test_a_folder_of_public_series_is_read_and_scored():
    series = rolling.of_folder(BENCH, most=6)
    scores = {
        score.model: score
        for score in rolling.scores(rolling.outcomes(series, ("last", "pooled", "ols"), 3, 6))
    }
    assert len(series) >= 20
    assert scores["pooled"].count > 100
    assert scores["pooled"].error < scores["ols"].error * 1.5
    assert 0.5 < scores["pooled"].cover80 < 1


def test_without_jupyterlab_the_first_of_each_choice_is_shown(monkeypatch):
    monkeypatch.delenv(live.VARIABLE, raising=False)
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    live.choices(lambda model, window: [model, window], model=["last", "ols"], window=[None, 3])
    assert shown == ["last", None]


def test_in_jupyterlab_there_is_a_menu_for_each_choice(monkeypatch):
    pytest.importorskip("ipywidgets", reason="ipywidgets is in the lab group")
    monkeypatch.setenv(live.VARIABLE, "1")
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    widget = live.choices(
        lambda indicator, model, window: [(indicator, model, window)],
        indicator={"days": "办案周期", "staff": "人员"},
        model=["last", "ols"],
        window=[None, 3],
    )
    menus = widget.children[:3]
    assert [(menu.description, [label for label, _ in menu.options]) for menu in menus] == [
        ("指标", ["办案周期", "人员"]),
        ("模型", ["维持最近值", "线性趋势"]),
        ("所用年份", ["全部", "最近 3 年"]),
    ]
    menus[2].value = 3
    menus[0].value = "staff"
    menus[1].value = "ols"
    assert shown == [
        ("days", "last", None),
        ("days", "last", 3),
        ("staff", "last", 3),
        ("staff", "ols", 3),
    ]


def test_the_menus_are_followed_down_to_the_conclusion(capsys):
    """case_close_share is another indicator than the notebook's own; with `last` the median is the
    last value."""
    given = {"plan": "example", "year": 2024, "indicator": "case_close_share", "model": "last"}
    run = live.executed("2_indicator.ipynb", **given)
    assert run["record"].data["indicator_id"] == "case_close_share"
    assert run["record"].data["median"] == run["latest"] == 97
    _, picture, told, tried, _ = live.concluded([None, 3], **given)
    assert "97" in picture.alt
    assert capsys.readouterr().out == run["record"].sentence + "\n"
    assert any("维持最近值" in text for text in told.iloc[:, 1])
    assert len(tried) == 2 * len(forecast.NAMES)


def test_the_indicator_asked_for_comes_first_in_the_menu():
    listed = list(live.indicators(plans.load("example"), "satisfaction"))
    assert listed[0] == "satisfaction"
    assert len(listed) == len(set(listed)) == 14
