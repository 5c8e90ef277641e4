"""Figures of different offices are held against one another, year by year, as the plan says they
belong together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_verdict import PLAN, indicator, row, rows

from helpers.intake import observations
from helpers.intake.plan import Check
from helpers.measure import crosscheck


def crossed(values, context, **check):
    check = Check(
        **{
            "id": "c",
            "operation": "product",
            "says": "",
            "series": ("one", "people"),
            "equals": "count",
            "tolerance": 0.01,
            **check,
        }
    )
    points = observations.taken(PLAN, indicator(), rows(values), 2025)
    return crosscheck.crosschecks(replace(PLAN, checks=(check,)), points, context)


PEOPLE = [
    row(2021, 50, series="people"),
    row(2022, 51, series="people"),
    row(2024, 52, series="people"),
]


def test_a_product_is_checked_in_every_year_in_which_all_is_known():
    count = [
        row(2021, 500, series="count"),
        row(2022, 600, series="count"),
        row(2023, 1, series="count"),
    ]
    first, second = crossed({2021: 10, 2022: 11, 2023: 12}, [*PEOPLE, *count])
    assert (
        first.year,
        first.terms,
        first.computed,
        first.recorded,
        first.difference,
        first.holds,
    ) == (2021, (10, 50), 500, 500, 0, True)
    assert (second.year, second.computed, second.holds) == (
        2022,
        561,
        False,
    )
    assert second.difference == pytest.approx(561 / 600 - 1)


@pytest.mark.parametrize(
    ("recorded", "holds"), [(505, True), (506, False), (495.1, True), (495, False)]
)
def test_a_difference_within_the_tolerance_is_none(recorded, holds):
    (one,) = crossed({2021: 10}, [*PEOPLE, row(2021, recorded, series="count")])
    assert one.holds is holds  # 500/505 − 1 = −.99 %, 500/495 − 1 = 1.01 %


def test_sums_and_quotients():
    (total,) = crossed({2021: 10}, [*PEOPLE, row(2021, 60, series="count")], operation="sum")
    assert total.computed == 60
    assert total.holds
    (share,) = crossed({2021: 10}, [*PEOPLE, row(2021, 0.2, series="count")], operation="quotient")
    assert share.computed == 0.2
    assert share.holds


def test_bounds_and_zeros_are_left_out():
    assert crossed({2021: (10, ">")}, [*PEOPLE, row(2021, 500, series="count")]) == []
    assert crossed({2021: 10}, [*PEOPLE, row(2021, 0, series="count")]) == []
    assert (
        crossed(
            {2021: 10},
            [row(2021, 0, series="people"), row(2021, 5, series="count")],
            operation="quotient",
        )
        == []
    )


def test_the_latest_vintage_known_then_counts():
    count = [
        row(2021, 500, series="count", published="2022-03-01"),
        row(2021, 510, series="count", published="2023-03-01"),
    ]
    (one,) = crossed({2021: 10}, [*PEOPLE, *count])
    assert one.recorded == 510
