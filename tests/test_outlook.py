"""The words for a probability and the colour of an alert: METHOD §5, cell by cell."""

from __future__ import annotations

import pytest
from conftest import some
from test_verdict import indicator, judged

from helpers.measure import forecast, outlook
from helpers.measure.verdict import STATUSES


@pytest.mark.parametrize(
    ("p", "code"),
    [
        (1, "very_likely"),
        (0.90, "very_likely"),
        (0.8999, "likely"),
        (0.66, "likely"),
        (0.6599, "uncertain"),
        (0.33, "uncertain"),
        (0.3299, "unlikely"),
        (0.10, "unlikely"),
        (0.0999, "very_unlikely"),
        (0, "very_unlikely"),
    ],
)
def test_each_word_begins_at_its_bound(p, code):
    assert outlook.outlook(p, 6) == code


@pytest.mark.parametrize(("n", "code"), [(1, "likely"), (2, "likely"), (3, "very_likely")])
def test_fewer_than_three_points_never_say_very_likely(n, code):
    assert outlook.outlook(0.97, n) == code
    assert outlook.outlook(0.05, n) == "very_unlikely"  # doubt is not capped


def test_without_a_forecast_there_is_no_word():
    assert outlook.outlook(None, 9) is None


METHOD_5 = """
met_hold    green  green  blue   yellow orange
ahead       green  green  blue   yellow orange
on_schedule green  green  blue   yellow orange
behind      blue   blue   yellow orange red
far_behind  blue   yellow yellow orange red
reverse     yellow yellow orange red    red
met_locked  green  green  green  green  green
"""


@pytest.mark.parametrize("row", METHOD_5.strip().splitlines())
def test_the_alert_is_the_cell_of_the_table(row):
    status, *colours = row.split()
    assert [outlook.alert(status, code) for code, _ in outlook.OUTLOOKS] == colours
    assert outlook.alert(status, None) == colours[2]  # no forecast: the middle column


@pytest.mark.parametrize("status", ["no_data", "not_assessable"])
def test_what_is_not_judged_gives_no_alert(status):
    assert outlook.alert(status, "very_unlikely") is None


def test_every_status_is_in_the_table_or_not_judged():
    assert {status for status in STATUSES if outlook.alert(status, None) is None} == {
        "no_data",
        "not_assessable",
    }


def test_a_worse_outlook_never_lowers_the_alert():
    for status in some(STATUSES[:7]):
        colours = [
            outlook.ALERTS.index(outlook.alert(status, code)) for code, _ in outlook.OUTLOOKS
        ]
        assert colours == sorted(colours)


# ── the chance that a target is met ───────────────────────────────────────────────────────────────


def fitted(values=(1200, 1400, 1600), until=2025, first=2021, **options):
    return forecast.fit(range(first, first + len(values)), values, until, **options)


def test_a_target_counts_as_met_as_printed():
    ahead = fitted(model="drift")
    one, half = indicator(decimals=0), 0.5
    assert outlook.p_met(one, ahead) == ahead.chance(2000 - half, ">=", 2025)
    assert outlook.p_met(indicator(op=">"), ahead) == ahead.chance(2000 + half, ">", 2025)
    assert outlook.p_met(indicator(2000, 1900, "<="), ahead) == ahead.chance(
        1900 + half, "<=", 2025
    )
    assert outlook.p_met(indicator(2000, 1900, "<"), ahead) == ahead.chance(1900 - half, "<", 2025)


def test_fewer_than_three_points_are_never_nearly_sure():
    for values in ((5000,), (4000, 5000)):
        p = outlook.p_met(indicator(), fitted(values))
        assert p == outlook.MOST_OF_FEW
        assert outlook.outlook(p, len(values)) == "likely"
    assert outlook.p_met(indicator(), fitted((4000, 5000, 6000))) > outlook.MOST_OF_FEW
    assert outlook.p_met(indicator(op="<="), fitted((5000,))) < 0.1  # doubt is not capped


def test_no_forecast_or_no_target_gives_no_chance():
    assert outlook.p_met(indicator(), forecast.Forecast("pooled", 0, reason="no_data")) is None
    assert outlook.p_met(indicator(target=None), fitted()) is None


def test_what_is_met_and_cannot_be_lost_is_certain():
    said = judged(indicator(None, 10, kind="increment"), {2021: 12})
    assert (said.status, said.p_met, said.outlook, said.alert) == (
        "met_locked",
        1.0,
        "very_likely",
        "green",
    )  # one point: no forecast is meant


def test_chance_outlook_and_alert_belong_together():
    said = judged(indicator(), {2020: 1000, 2021: 1100, 2022: 1150, 2023: 1200}, 2023)
    assert said.status == "far_behind"
    assert said.p_met == outlook.p_met(said.facts, said.forecast)
    assert said.outlook == outlook.outlook(said.p_met, 4)
    assert said.alert == outlook.alert("far_behind", said.outlook)


def test_without_forecast_the_alert_is_that_of_the_middle_column():
    said = judged(indicator(), {2021: 1400}, 2021, model="drift")  # drift needs two points
    assert (said.status, said.p_met, said.outlook, said.alert) == ("ahead", None, None, "blue")


@pytest.mark.parametrize(
    ("value", "alert"), [(2000, "green"), (1980, "orange"), (1700, "red"), (900, "red")]
)
def test_once_the_target_years_value_is_known_the_alert_is_that_of_certainty(value, alert):
    said = judged(indicator(), {2020: 1000, 2023: 1500, 2024: 1600, 2025: value}, 2025)
    assert (said.p_met, said.outlook, said.alert) == (None, None, alert)


def test_a_status_that_cannot_be_told_has_a_chance_but_no_alert():
    said = judged(indicator(None, 2000, base_source="none"), {2021: 1200, 2022: 1400, 2023: 1600})
    assert said.status == "not_assessable"
    assert 0 < said.p_met < 1
    assert said.alert is None


# ── the series that is forecast and tested ────────────────────────────────────────────────────────


def test_an_increment_is_tested_by_its_yearly_additions():
    said = judged(indicator(None, 100, kind="increment"), {2021: 9, 2022: 7, 2023: 5, 2024: 3})
    assert (said.trend.n, said.trend.s, said.trend.slope) == (
        4,
        -6,
        -2.0,
    )  # the sum rises whatever happens


def test_a_running_total_is_tested_by_its_steps():
    said = judged(
        indicator(0, 100, kind="cumulative", since=2018), {2020: 10, 2021: 20, 2022: 40, 2023: 70}
    )
    assert (said.trend.n, said.trend.s) == (3, 3)  # 10, 20, 30


def test_bounds_and_single_points_are_not_tested():
    assert judged(indicator(), {2022: (1300, ">"), 2023: 1500}).trend is None
    assert judged(indicator(base_source="none", base=None), {2023: 1500}).trend is None
