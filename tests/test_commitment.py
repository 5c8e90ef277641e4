"""Whether a promise without a number was kept: every state, and silence is never read as
failure."""

import pytest
from hypothesis import given, strategies as st

from helpers.intake.contract import Evidence
from helpers.intake.plan import Commitment, Period
from helpers.measure.commitment import STATES, state_of

PERIOD = Period(2021, 2025)


def promise(kind="milestone", due=None):
    return Commitment("station", "专栏", "建成工作站", "", kind, "", due)


def sign(year, state="done", published="", commitment="station"):
    return Evidence("made-up", commitment, year, state, "somewhere", published)


def state(commitment, evidence, year=2024, known_by=""):
    return state_of(commitment, evidence, PERIOD, year, known_by).state


def test_a_milestone_is_done_once():
    assert state(promise(due="2023-12-31"), [sign(2022, "in_progress"), sign(2023)]) == "done"
    assert state(promise(due="2022-12-31"), [sign(2023)]) == "done"  # late, but done
    assert (
        state(promise(), [sign(2021), sign(2024, "in_progress")]) == "done"
    )  # and not undone by later work


def test_a_milestone_begun_and_past_its_date_is_overdue():
    assert state(promise(due="2023-12-31"), [sign(2022, "in_progress")]) == "overdue"


def test_a_milestone_begun_and_not_yet_due_is_under_way():
    assert state(promise(due="2025-12-31"), [sign(2024, "in_progress")]) == "in_progress"
    assert (
        state(promise(due=None), [sign(2021, "in_progress")]) == "in_progress"
    )  # the plan names no date


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2024-12-31", "in_progress"),
        ("2024-12", "in_progress"),
        ("2024", "in_progress"),
        ("2024-12-30", "overdue"),
        ("2024-11", "overdue"),
        ("2023", "overdue"),
    ],
)
def test_the_last_day_of_a_due_date_is_still_in_time(due, expected):
    # judged at the end of 2024; a date is meant to its last day
    assert state(promise(due=due), [sign(2022, "in_progress")], 2024) == expected


def test_the_four_states_from_the_best_to_the_unknown():
    assert STATES == ("done", "in_progress", "overdue", "no_information")


def test_silence_is_no_information_and_never_overdue():
    assert state(promise(due="2022-12-31"), []) == "no_information"
    assert state(promise("annual"), []) == "no_information"
    assert state(promise("continuing"), []) == "no_information"


def test_evidence_of_another_promise_says_nothing():
    assert state(promise(), [sign(2022, commitment="another")]) == "no_information"


def test_evidence_of_a_later_year_is_not_seen_yet():
    evidence = [sign(2022, "in_progress"), sign(2024)]
    assert state(promise(due="2022-12-31"), evidence, 2023) == "overdue"
    assert state(promise(due="2022-12-31"), evidence, 2021) == "no_information"
    assert state(promise(due="2022-12-31"), evidence, 2024) == "done"


def test_an_annual_promise_is_done_where_every_year_so_far_is():
    evidence = [sign(year) for year in (2021, 2022, 2023)]
    assert state(promise("annual"), evidence, 2023) == "done"
    assert state(promise("annual"), evidence, 2024) == "in_progress"
    assert (
        state(promise("annual"), evidence[1:], 2023) == "in_progress"
    )  # the first year is missing
    assert (
        state(promise("annual"), [*evidence[:2], sign(2023, "in_progress")], 2023) == "in_progress"
    )
    assert (
        state(promise("annual"), [sign(2020), *evidence], 2023) == "done"
    )  # a year before the plan does no harm


def test_an_annual_promise_is_never_overdue():
    assert state(promise("annual", due="2022-12-31"), [sign(2021)], 2024) == "in_progress"


def test_a_continuing_promise_is_never_done_and_never_overdue():
    assert (
        state(promise("continuing", due="2022-12-31"), [sign(year) for year in range(2021, 2025)])
        == "in_progress"
    )


def test_only_what_was_published_by_the_date_is_seen():
    evidence = [sign(2022, "in_progress", "2023-01-15"), sign(2023, "done", "2024-01-15")]
    due = promise(due="2023-12-31")
    assert state(due, evidence, 2023, "2023-01-14") == "no_information"
    assert (
        state(due, evidence, 2023, "2023-01-15") == "in_progress"
    )  # known, and the date has not passed
    assert state(due, evidence, 2023, "2023-12-31") == "in_progress"
    assert state(due, evidence, 2023, "2024-01-01") == "overdue"
    assert state(due, evidence, 2023, "2024-01-15") == "done"


def test_evidence_known_to_the_month_counts_from_the_months_last_day():
    assert state(promise(), [sign(2022, "done", "2023-01")], 2023, "2023-01-30") == "no_information"
    assert state(promise(), [sign(2022, "done", "2023-01")], 2023, "2023-01-31") == "done"
    assert (
        state(promise(), [sign(2022, "done", "2023-01")], 2023, "2023-01") == "done"
    )  # a date without its day: the last


def test_undated_evidence_counts_only_where_no_date_is_set():
    assert state(promise(), [sign(2022)], 2023) == "done"
    assert state(promise(), [sign(2022)], 2023, "2099-12-31") == "no_information"


def test_the_evidence_that_was_seen_is_handed_on():
    evidence = [sign(2022, "in_progress"), sign(2022, commitment="another"), sign(2023), sign(2025)]
    said = state_of(promise(), iter(evidence), PERIOD, 2024)
    assert said.evidence == (evidence[0], evidence[2])
    assert said.commitment == promise()


signs = st.lists(
    st.builds(sign, st.integers(2020, 2025), st.sampled_from(["done", "in_progress"])), max_size=6
)
due_dates = st.sampled_from([None, "2022", "2023-06", "2025-12-31"])
promises = st.builds(promise, st.sampled_from(["milestone", "annual", "continuing"]), due_dates)


@given(promises, signs, st.integers(2021, 2025))
def test_every_promise_has_one_state_and_bad_news_needs_evidence(commitment, evidence, year):
    said = state_of(commitment, evidence, PERIOD, year)
    assert said.state in STATES
    assert (said.state == "no_information") == (not [one for one in evidence if one.year <= year])
    if said.state == "overdue":
        assert commitment.type == "milestone"
        assert commitment.due
        assert not any(one.state == "done" for one in said.evidence)


@given(signs, st.integers(2021, 2024))
def test_a_milestone_once_done_stays_done(evidence, year):
    if state(promise(due="2022"), evidence, year) == "done":
        assert state(promise(due="2022"), evidence, year + 1) == "done"
