"""What closed plans teach the forecasts of the next: learned, applied, shown, off by default."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import some

from helpers.intake import closed, observations, plan as plans
from helpers.intake.closed import MemoryFile, Outcome
from helpers.intake.finding import Refused
from helpers.measure import forecast, hindsight, memory, pooled, verdict
from helpers.measure.memory import Memory

ROOT = Path(__file__).resolve().parents[1]
YEARS, VALUES = [2018, 2019, 2020, 2021, 2022], [120.0, 135.0, 150.0, 171.0, 190.0]


def outcomes(places, better="higher", plan="former"):
    return [
        Outcome(plan, f"i{k}", "指标", 2020, better, place, "2021-03-01")
        for k, place in enumerate(places)
    ]


def ahead():
    return forecast.fit(YEARS, VALUES, 2025)


def test_nothing_is_remembered_where_there_is_no_closed_plan():
    assert memory.learn([]) == Memory()
    plain = ahead()
    assert memory.recalled(plain, Memory(), True) is plain


def test_two_outcomes_by_hand():
    # places .8 and .8: z = ln 4 = 1.386, each weight 1/√2; by symmetry v = g. At the maximum
    # Σw·(1 − 2F(b·z − 2v))·(−1) = v/.49 and the like for ln b; the slopes are checked to be zero
    found = memory.learn(outcomes([0.8, 0.8]))
    assert found.higher == pytest.approx(found.better)
    z, w, b = np.log(4), np.sqrt(2), found.slope
    pull = w * (2 / (1 + np.exp(-(b * z - 2 * found.higher))) - 1)
    assert pull == pytest.approx(found.higher / 0.49, rel=1e-4)
    assert w * (1 - b * z * pull / w) == pytest.approx(np.log(b) / 0.04, rel=1e-3)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_outcomes_in_the_middle_move_nothing_but_the_width(better):
    found = memory.learn(outcomes([0.3, 0.5, 0.7], better))
    assert found.higher == pytest.approx(0, abs=1e-9)
    assert found.better == pytest.approx(0, abs=1e-9)


def test_a_family_of_both_directions_tells_higher_from_better():
    up, down = outcomes([0.9] * 8), outcomes([0.1] * 8, "lower", "other")
    good = memory.learn(up + down)  # where more is better it came higher, where less is, lower
    assert good.better > 0.5
    assert good.higher == pytest.approx(0, abs=1e-6)
    high = memory.learn(up + outcomes([0.9] * 8, "lower", "other"))
    assert high.higher > 0.5
    assert high.better == pytest.approx(0, abs=1e-6)


def test_more_targets_move_more_and_surprises_widen():
    few, many = memory.learn(outcomes([0.85] * 2)), memory.learn(outcomes([0.85] * 20))
    assert 0 < few.shift(True) < many.shift(True) < np.log(0.85 / 0.15) + 0.01
    assert memory.learn(outcomes([0.01, 0.99] * 8)).slope < 0.8
    assert memory.learn(outcomes([0.45, 0.55] * 8)).slope > 1.1


def test_the_years_of_one_target_share_its_weight():
    once = outcomes([0.9, 0.6])
    twice = once + [replace(each, year=2019) for each in once]
    assert memory.learn(twice).higher == pytest.approx(memory.learn(once).higher)


def test_p_and_fan_stay_one_distribution():
    taught = Memory(0.3, 0.4, 0.8, 5, ("former",))
    before, after = ahead(), memory.recalled(ahead(), taught, True)

    def logit(p):
        return np.log(p / (1 - p))

    for p in some(pooled.PROBS):
        value = after.quantile(2025, float(p))
        assert after.chance(value, "<=", 2025) == pytest.approx(p, abs=1e-9)
        plain = before.chance(value, "<=", 2025)
        assert 0.8 * logit(plain) - 0.7 == pytest.approx(logit(p), abs=1e-6)
    for target in some(np.linspace(100, 400, 31)):
        total = after.chance(target, ">=", 2025) + after.chance(target, "<", 2025)
        assert total == pytest.approx(1, abs=1e-9)


def test_what_should_fall_is_moved_the_other_way():
    taught = Memory(0.0, 0.5, 1.0, 5, ("former",))
    up, down = (memory.recalled(ahead(), taught, higher).at(2025)["median"] for higher in (1, 0))
    assert down < ahead().at(2025)["median"] < up


def test_other_models_are_left_as_they_are():
    plain = forecast.fit(YEARS, VALUES, 2025, model="drift")
    assert memory.recalled(plain, Memory(0.5, 0.5, 1.0, 5, ("former",)), True) is plain


def test_only_what_was_known_before_the_year_is_remembered():
    plan = plans.load("national-145", ROOT)
    assert memory.of_plan(plan, 2021) == Memory()
    assert memory.of_plan(plan, 2022).targets == 6
    assert memory.of_plan(plans.load("national-135", ROOT), 2020) == Memory()


def test_the_shipped_memory_is_what_the_verb_makes():
    made = hindsight.outcomes(plans.load("national-135", ROOT))
    assert list(plans.load("national-145", ROOT).memory.outcomes) == made
    assert len({each.indicator for each in made}) == 6


def test_an_assessment_uses_it_and_says_so():
    plan = plans.load("national-145", ROOT)
    bare = replace(plan, memory=MemoryFile())
    received = observations.receive(plan)
    points = observations.all_taken(plan, received, 2023)
    facts = plans.indicator(plan, "royalty_trade")
    with_it, without = (verdict.assess(one, facts, points, 2023) for one in (plan, bare))
    assert with_it.p_met > without.p_met
    assert with_it.status == without.status


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"plan": "mine"}, "不能以本规划自己的结果"),
        ({"plan": "unknown"}, "plans 没有列出"),
        ({"place": 1.2}, "place"),
        ({"known": "soon"}, "known"),
    ],
)
def test_a_memory_that_cannot_be_is_refused(tmp_path, changed, word):
    one = replace(outcomes([0.5])[0], **changed)
    named = (closed.ClosedPlan("former", "前期", "former"),)
    path = tmp_path / "memory.yml"
    path.write_text(closed.text(MemoryFile(named, (one,))), "utf-8")

    with pytest.raises(Refused, match=word):
        closed.read(path, "mine", "memory.yml")
