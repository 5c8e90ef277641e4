"""The example plan: one case of everything, worked out by hand in example_by_hand.csv."""

import csv
from functools import cache
from pathlib import Path

import pytest

from helpers.intake import observations, plan as plans
from helpers.measure import overall, sensitivity, verdict
from helpers.measure.commitment import state_of

ROOT = Path(__file__).parents[2]
with open(Path(__file__).with_name("example_by_hand.csv"), encoding="utf-8", newline="") as file:
    BY_HAND = list(csv.DictReader(file))


@cache
def read():
    plan = plans.load("example", ROOT)
    return plan, observations.receive(plan), plans.indicators(plan)


@cache
def assessed(year, known_by=""):
    plan, received, indicators = read()
    points = observations.all_taken(plan, received, year, known_by)
    return {facts.id: verdict.assess(plan, facts, points, year) for facts in indicators}


@pytest.mark.parametrize("row", BY_HAND, ids=lambda row: row["indicator_id"])
def test_every_figure_and_word_is_the_one_worked_out_by_hand(row):
    said = assessed(int(row["year"]))[row["indicator_id"]]
    assert (said.status, said.final) == (row["status"], row["final"])
    for name in ("value", "progress", "elapsed", "ratio"):
        expected = float(row[name]) if row[name] else None
        assert getattr(said, name) == (
            expected if expected is None else pytest.approx(expected, rel=1e-9)
        ), name


def test_every_indicator_was_worked_out_by_hand():
    assert [row["indicator_id"] for row in BY_HAND] == list(read()[0].indicators)


def test_the_conclusion_counted_by_hand():
    said = overall.of_statuses(
        [
            (row["indicator_id"], row["status"], read()[2][k].property)
            for k, row in enumerate(BY_HAND)
        ]
    )
    # 14 indicators, 2 not judged: 12/14 = 0.86 can be; 8 of 12 = 0.67 are on schedule or better
    assert (said.total, said.assessable, said.word) == (14, 12, "mostly")
    assert said.binding_behind == ("case_days",)
    assert said == overall.of_statuses(
        [(name, one.status, one.facts.property) for name, one in assessed(2024).items()]
    )


def test_the_preliminary_figure_gave_another_word_than_the_revised_one():
    before, after = (
        assessed(2024, "2025-06-30")["trademarks_valid"],
        assessed(2024)["trademarks_valid"],
    )
    assert (before.value, before.status) == (175, "behind")  # 0.75/0.8 = 0.9375
    assert (after.value, after.status) == (190, "ahead")  # 0.9/0.8 = 1.125
    assert "preliminary_value" in before.reasons
    assert "preliminary_value" not in after.reasons


def test_the_other_reading_of_the_pledges():
    plan, received, _ = read()
    facts = plans.indicator(plan, "pledge_amount")
    points = observations.taken(plan, facts, received.observations, 2024)
    [(reading, said)] = sensitivity.other_readings(plan, facts, points, received.context, 2024)
    assert (reading.id, said.value, said.status) == (
        "with_copyright",
        10,
        "on_schedule",
    )  # (10 - 2)/10 after 4/5


def test_what_the_bound_of_the_grants_leaves_open():
    said = assessed(2024)["overseas_grants_cum"]
    assert (said.bound, said.at_least, said.possible) == (">", True, ("ahead", "met_locked"))
    assert (
        assessed(2023)["overseas_grants_cum"].status == "ahead"
    )  # 33 in 2023 is exact: 13/20 after 3/5


def test_in_the_target_year_the_final_words_wait_for_its_figures():
    assert {said.final for said in assessed(2025).values()} == {"pending"}
    assert {name: said.status for name, said in assessed(2025).items()} == {
        name: said.status for name, said in assessed(2024).items()
    }


def test_the_promises_one_of_every_state():
    plan, received, _ = read()
    states = {
        one.id: state_of(one, received.evidence, plan.period, 2024).state
        for one in plans.commitments(plan)
    }
    assert states == {
        "protection_station": "done",
        "conversion_measures": "overdue",
        "strong_county": "in_progress",
        "publicity_week": "done",
        "cooperation": "in_progress",
        "talent_base": "no_information",
    }
