"""The national plans in each earlier year, on what was known by the end of the next: status and P
beside what happened."""

from __future__ import annotations

import pytest

from helpers.measure import backtest, outlook, verdict

SAID = {(row.plan, row.indicator, row.year): row for row in backtest.hindcasts()}
MET = ("over_fulfilled", "fulfilled")


def series(plan, indicator):
    return {
        year: row
        for (name, one, year), row in SAID.items()
        if (name, one) == (plan, indicator) and row.data_year
    }


def test_every_judged_hindcast_has_a_chance_and_its_word():
    judged = [row for row in SAID.values() if row.status not in verdict.UNJUDGED]
    assert len(judged) > 40
    for row in judged:
        assert row.p_met is not None or row.n < 2  # one value of a level shows no movement
        assert row.outlook == outlook.outlook(row.p_met, row.n, locked=row.status == "met_locked")


def test_pledge_financing_was_met_though_every_rule_called_a_miss():
    # 1089, 1224 of 2017 and 2018 against 1800 in 2020; it came to 2180. An honest P is small and
    # not nothing.
    said = series("national-135", "pledge_annual")
    assert all(row.final in MET for row in said.values())
    assert 0.03 < said[2018].p_met < 0.33
    assert said[2018].outlook in ("unlikely", "very_unlikely")
    assert said[2018].p_met < said[2019].p_met < 0.33  # 1515: one year left for 285 more


def test_satisfaction_was_met_by_five_hundredths_though_rules_called_it_comfortable():
    # 78.98 of 2019 against 80 in 2020, after a rise of 2.1 a year: 80.05. An honest P is near a
    # half.
    said = series("national-135", "satisfaction")
    assert said[2019].status == "ahead"
    assert said[2019].final == "fulfilled"
    assert 0.4 < said[2019].p_met < 0.8


@pytest.mark.parametrize(
    ("plan", "indicator"),
    [
        ("national-135", "inv_per_10k"),
        ("national-135", "works_registered"),
        ("national-135", "software_registered"),
        ("national-145", "hvp_per_10k"),
    ],
)
def test_where_the_target_was_over_fulfilled_the_chance_rose_year_by_year(plan, indicator):
    said = series(plan, indicator)
    chances = [said[year].p_met for year in sorted(said)]
    assert all(row.final == "over_fulfilled" for row in said.values())
    assert chances == sorted(chances)
    assert chances[-1] > 0.85


def test_the_chances_were_low_where_every_target_was_met():
    """All 26 judgements, of six targets, came true: whoever always says one half has .25 here, a
    fan that knows nothing of how this office sets its targets .28, and its contrary .38."""
    known = [
        (row.p_met, row.final in MET)
        for row in SAID.values()
        if row.p_met is not None and row.final not in ("", "pending") and row.status != "met_locked"
    ]
    assert len(known) > 20
    assert all(met for _, met in known)
    brier = sum((p - met) ** 2 for p, met in known) / len(known)
    turned = sum((1 - p - met) ** 2 for p, met in known) / len(known)
    assert brier < 0.29
    assert brier < turned - 0.05
