"""Whether a promise without a number was kept: every state, and silence is never read as
failure."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from helpers.intake.plan import Commitment, Period
from helpers.intake.promise_rows import Evidence
from helpers.intake.promises import WayToRead
from helpers.measure.commitment import SCHEDULE, STATES, state_of

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


def test_the_states_from_the_best_to_the_unknown():
    assert STATES == (
        "done",
        "in_progress",
        "overdue",
        "not_started",
        "dropped",
        "no_information",
    )
    assert set(SCHEDULE.values()) == set(STATES)


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


# The schedule: what the evidence shows against the date


def schedule(commitment, evidence, year=2024, known_by=""):
    return state_of(commitment, evidence, PERIOD, year, known_by).schedule


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2022, "in_time"),  # the year of the sign
        (2023, "in_time"),  # what 2022 brought is told in 2023
        (2024, "stale"),  # two years on it says nothing
        (2025, "due_no_information"),  # at the end of the plan: of the last year nothing is known
    ],
)
def test_a_sign_ages(year, expected):
    for kind in ("milestone", "annual", "continuing"):
        assert schedule(promise(kind), [sign(2022, "in_progress")], year) == expected


def test_in_the_year_a_promise_falls_due_only_that_year_speaks():
    assert schedule(promise("continuing"), [sign(2024)], 2025) == "due_no_information"
    assert schedule(promise("continuing"), [sign(2025)], 2025) == "in_time"
    assert schedule(promise(due="2023-12-31"), [sign(2023, "in_progress")], 2023) == "in_time"
    assert schedule(promise(due="2023-12-31"), [sign(2022, "in_progress")], 2023) == (
        "due_no_information"
    )


def test_a_sign_speaks_for_the_whole_of_its_term():
    named = replace(sign(2022, "in_progress"), date="2022-08", until="2025-07")
    assert schedule(promise(), [named], 2024) == "in_time"
    assert schedule(promise(), [named], 2025) == "in_time"
    assert schedule(promise(), [replace(named, until="2024-07")], 2025) == "due_no_information"


def test_silence_at_the_date_is_told_from_silence_before_it():
    for kind in ("milestone", "annual", "continuing"):
        assert schedule(promise(kind), [], 2024) == "no_information"
        assert schedule(promise(kind), [], 2025) == "due_no_information"
    assert schedule(promise(due="2023-12-31"), [], 2023) == "due_no_information"
    assert schedule(promise(due="2023-12-31"), [], 2022) == "no_information"


def test_a_promise_without_a_date_is_due_at_the_end_of_the_plan():
    begun = [replace(sign(2025, "in_progress"), published="2026-01-10")]
    assert schedule(promise(), begun, 2025) == "in_time"
    assert schedule(promise(), begun, 2025, "2026-02-01") == "late"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2023-06-30", "done"),
        ("2023-06", "done"),  # the month is named: not after its date for sure
        ("", "done"),  # the year alone: in favour of the promise
        ("2023-07-01", "done_late"),
        ("2023-07", "done_late"),
    ],
)
def test_what_was_done_after_its_date_was_done_late(date, expected):
    done = [replace(sign(2023), date=date)]
    assert schedule(promise(due="2023-06-30"), done) == expected
    assert state(promise(due="2023-06-30"), done) == "done"


def test_what_is_done_after_the_plan_was_done_late_for_who_looks_that_late():
    done = [replace(sign(2026), date="2026-03-01", published="2026-04-01")]
    assert schedule(promise(), done, 2025, "2026-06-30") == "done_late"
    assert schedule(promise(), done, 2025, "2026-03-31") == "due_no_information"  # not told yet
    assert schedule(promise(), done, 2025) == "due_no_information"  # as it stood when 2025 ended
    assert schedule(promise(), done, 2024, "2024-12-31") == "no_information"


def test_what_was_done_in_time_is_not_made_late_by_later_news():
    evidence = [
        replace(sign(2023), date="2023-06-01"),
        replace(sign(2024), date="2024-01-05"),
    ]
    assert schedule(promise(due="2023-06-30"), evidence) == "done"


@pytest.mark.parametrize("word", ["changed", "dropped", "not_started"])
def test_the_last_word_holds(word):
    evidence = [sign(2022, "in_progress"), sign(2024, word)]
    assert schedule(promise(), evidence) == word
    assert schedule(promise(), [*evidence[::-1]]) == word  # whatever the order of the table
    assert schedule(promise(), [sign(2022, word), sign(2023, "in_progress")]) == "in_time"


def test_not_begun_and_past_its_date_is_late():
    assert schedule(promise(due="2023-12-31"), [sign(2023, "not_started")], 2024) == "late"
    assert state(promise(due="2024-12-31"), [sign(2024, "not_started")], 2024) == "not_started"
    assert state(promise(), [sign(2024, "dropped")], 2024) == "dropped"


def test_what_nothing_could_settle_is_unclear_whatever_is_shown():
    vague = replace(promise(), unclear="没有标准。")
    assert schedule(vague, []) == schedule(vague, [sign(2023)]) == "unclear"
    assert state(vague, []) == "no_information"
    assert state(vague, [sign(2023)]) == "in_progress"
    assert schedule(vague, [sign(2023, "dropped")]) == "dropped"


# What the office says, and how strong the evidence is


def test_an_offices_own_word_is_not_evidence():
    claimed = replace(sign(2024), strength="self_statement")
    said = state_of(promise(), [claimed], PERIOD, 2024)
    assert (said.official, said.schedule, said.state) == (
        "done",
        "no_information",
        "no_information",
    )
    assert said.strength == ""
    assert said.evidence == (claimed,)
    shown = replace(sign(2023, "in_progress"), strength="news")
    said = state_of(promise(), [claimed, shown], PERIOD, 2024)
    assert (said.official, said.schedule, said.strength) == ("done", "in_time", "news")


def test_the_latest_word_of_an_office_is_what_it_says():
    words = [
        replace(sign(2024, "not_started"), strength="self_statement"),
        replace(sign(2023), strength="self_statement"),
    ]
    assert state_of(promise(), words, PERIOD, 2024).official == "not_started"
    assert state_of(promise(), words, PERIOD, 2023).official == "done"


def test_the_strength_is_that_of_the_best_evidence():
    evidence = [replace(sign(2023), strength=word) for word in ("news", "official_list", "")]
    assert state_of(promise(), evidence, PERIOD, 2024).strength == "official_list"
    assert state_of(promise(), evidence[::2], PERIOD, 2024).strength == "news"
    assert state_of(promise(), [sign(2023)], PERIOD, 2024).strength == ""


# Two ways to read it


def test_named_in_2022_for_a_term_until_2025_is_under_way_and_not_done():
    county = replace(
        promise(due="2025-12-31"),
        readings=(WayToRead("term", "期满考核", True), WayToRead("listed", "列入名单", False)),
    )
    named = replace(sign(2022), date="2022-08", until="2025-07", reading="listed")
    said = state_of(county, [named], PERIOD, 2025)
    assert (said.schedule, said.state) == ("in_time", "in_progress")
    assert said.other_readings == {"listed": "done"}
    accepted = replace(sign(2025), date="2025-09", reading="term")
    said = state_of(county, [named, accepted], PERIOD, 2025)
    assert (said.schedule, said.other_readings) == ("done", {"listed": "done"})


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
    assert SCHEDULE[said.schedule] in (said.state, "no_information")
    if said.state == "overdue":
        assert commitment.type == "milestone"
        assert commitment.due
        assert not any(one.state == "done" for one in said.evidence)


@given(signs, st.integers(2021, 2024))
def test_a_milestone_once_done_stays_done(evidence, year):
    if state(promise(due="2022"), evidence, year) == "done":
        assert state(promise(due="2022"), evidence, year + 1) == "done"
