"""The words for a probability and the colour of an alert: METHOD §5, cell by cell."""

from __future__ import annotations

import pytest

from helpers.measure import outlook
from helpers.measure.verdict import STATUSES


@pytest.mark.parametrize(
    ("p", "code"),
    [(1, "very_likely"), (0.90, "very_likely"), (0.8999, "likely"), (0.66, "likely"), (0.6599, "uncertain"), (0.33, "uncertain"), (0.3299, "unlikely"), (0.10, "unlikely"), (0.0999, "very_unlikely"), (0, "very_unlikely")],
)  # fmt: skip
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
    assert {status for status in STATUSES if outlook.alert(status, None) is None} == {"no_data", "not_assessable"}


def test_a_worse_outlook_never_lowers_the_alert():
    for status in STATUSES[:7]:
        colours = [outlook.ALERTS.index(outlook.alert(status, code)) for code, _ in outlook.OUTLOOKS]
        assert colours == sorted(colours)
