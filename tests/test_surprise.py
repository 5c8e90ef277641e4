"""A value its own series would not have led one to expect is named, with what was expected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_verdict import PLAN, indicator, rows

from helpers.intake import observations
from helpers.measure import forecast, surprise


def found(values, year=2025, **changes):
    facts = indicator(**changes)
    return surprise.surprises(facts, observations.taken(PLAN, facts, rows(values), year))


def test_a_jump_beyond_what_the_series_ever_did_is_a_surprise_with_what_was_expected():
    (one,) = found({2020: 100, 2021: 104, 2022: 107, 2023: 111, 2024: 160})
    ahead = forecast.fit([2020, 2021, 2022, 2023], [100, 104, 107, 111], 2024, rounding=0.5)
    assert (one.year, one.value) == (2024, 160)
    assert (one.low, one.high) == (
        ahead.quantile(2024, 0.005),
        ahead.quantile(2024, 0.995),
    )
    assert one.high < 160


def test_what_the_series_does_every_year_is_none():
    assert found({2020: 100, 2021: 160, 2022: 90, 2023: 170, 2024: 100}) == []


def test_fewer_than_three_earlier_values_expect_nothing():
    assert found({2020: 100, 2021: 104, 2022: 900}) == []


def test_bounds_and_yes_or_no_are_left_out():
    assert found({2020: 100, 2021: 104, 2022: 107, 2023: 111, 2024: (160, ">")}) == []
    assert found({2021: 0, 2022: 0, 2023: 0, 2024: 1}, kind="binary", base=0, target=1) == []


def test_a_rounded_series_is_not_surprised_by_its_last_digit():
    assert found({2020: 3, 2021: 3, 2022: 3, 2023: 3, 2024: 4}) == []


@pytest.mark.parametrize("unit", [1e-3, 1, 1e6])
def test_the_unit_does_not_matter(unit):
    values = {2020: 100, 2021: 104, 2022: 107, 2023: 111, 2024: 160}
    assert len(found({year: value * unit for year, value in values.items()}, decimals=6)) == 1


def test_half_a_printed_unit_beyond_what_was_expected_is_no_surprise():
    """A figure is printed rounded: 0.4 of a unit beyond the outermost expected value may be that
    value."""
    known = {2020: 100, 2021: 104, 2022: 107, 2023: 111}
    ahead = forecast.fit(list(known), list(known.values()), 2024, rounding=0.5)
    for side, tail in ((1, 0.995), (-1, 0.005)):
        edge = ahead.quantile(2024, tail)
        assert found({**known, 2024: edge + side * 0.4}) == []
        assert len(found({**known, 2024: edge + side * 0.6})) == 1


def test_every_indicator_and_area_is_looked_at_by_itself():
    calm, jump = {2020: 100, 2021: 104, 2022: 107, 2023: 111}, {2024: 160}
    first, second = indicator(), indicator(id="other")
    points = observations.taken(PLAN, first, rows({**calm, **jump}), 2025)
    others = [
        replace(point, row=replace(point.row, indicator_id="other"))
        for point in observations.taken(PLAN, second, rows(calm), 2025)
    ]
    [only] = surprise.in_all([first, second], [*points, *others])
    assert (only.indicator_id, only.year) == (first.id, 2024)
