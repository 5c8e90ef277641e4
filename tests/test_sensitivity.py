"""What others would say of the same figures stands beside our judgement and never in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_verdict import PLAN, indicator, judged

from helpers.measure import forecast, outlook, rules, sensitivity, verdict

STEADY = {
    2020: 1000,
    2021: 1200,
    2022: 1400,
    2023: 1600,
    2024: 1800,
}  # on the straight line from 1000 to 2000


def by_name(said):
    return {one.rule: one for one in sensitivity.other_rules(said)}


def test_every_rule_with_a_target_is_asked_on_the_figures_our_own_judgement_rests_on():
    said = judged(indicator(), STEADY)
    found = by_name(said)
    assert set(found) == {name for name in rules.RULES if "notarget" not in name}
    # Healthy People: (1800 − 1000)/(2000 − 1000) = 80 %; Destatis: a step of 200 reaches 2000, miss
    # 0
    assert found["healthy_people_2030"].rating.measures == (0.8,)
    assert found["healthy_people_2030"].agrees is None
    assert found["destatis_weather"].rating == rules.Rating("sun", (0.0,))
    assert found["destatis_weather"].agrees


def test_a_rule_that_sees_another_course_parts_from_us():
    # r = .2/.6 = 1/3: far behind. Growth of 2.3 % a year where 14.9 % are needed is limited
    # progress, too: both say short.
    said = judged(indicator(), {2020: 1000, 2021: 1000, 2022: 1100, 2023: 1200}, 2023)
    assert said.status == "far_behind"
    assert by_name(said)["statcan_target"].course == "short"
    # a steep last stretch: 10 of 20 in four of five years lags; growing from 10 to 15 is 95 % of
    # the growth asked
    said = judged(indicator(10, 20), {2020: 10, 2021: 10, 2022: 10, 2023: 15}, 2023)
    assert said.status == "behind"  # (15 − 10)/(20 − 10) = .5 of .6
    assert by_name(said)["statcan_target"].course == "on"
    assert by_name(said)["statcan_target"].agrees is False


def test_lower_is_better_is_rated_the_other_way_round():
    said = judged(
        indicator(50, 40, "<=", kind="flow"), {2020: 50, 2021: 52, 2022: 53, 2023: 54, 2024: 55}
    )
    assert said.status == "reverse"
    assert {one.course for one in sensitivity.other_rules(said) if one.agrees is not None} == {
        "wrong"
    }
    assert all(one.agrees for one in sensitivity.other_rules(said) if one.agrees is not None)


@pytest.mark.parametrize(
    ("values", "changes", "rule", "why"),
    [
        ({2020: 1000, 2021: 1200}, {}, "destatis_weather", "fewer_than_four"),
        ({2020: 1000, 2021: 1200}, {}, "escap_cs_ap_logitstep", "no_scale"),
        (
            {2021: 3},
            {"kind": "increment", "base": None, "target": 20},
            "un_2023",
            "undefined_there",
        ),  # growth from zero
    ],
)
def test_a_rule_that_cannot_be_applied_says_why(values, changes, rule, why):
    found = by_name(judged(indicator(**changes), values, 2021))[rule]
    assert (found.rating.status, found.agrees, found.why_not) == ("not_available", None, why)


def test_a_level_without_a_baseline_is_met_or_not_for_few_rules():
    found = by_name(judged(indicator(None, 85, kind="share", base_source="none"), {2023: 91.9}))
    assert found["statcan_target"].why_not == "without_baseline"


def test_where_nothing_is_judged_no_rule_is_asked():
    assert sensitivity.other_rules(judged(indicator(None, base_source="none"), {2021: 3})) == ()
    assert sensitivity.other_rules(judged(indicator(), {})) == ()


def test_every_status_of_a_rule_that_means_a_course_is_one_the_rule_can_give():
    said = {word for one in sensitivity.MEANS.values() for word in one}
    source = "".join(Path(module.__file__).read_text("utf-8") for module in (rules, rules.open_sdg))
    assert all(f'"{word}"' in source for word in said)
    assert set(sensitivity.OURS) == set(verdict.STATUSES) - set(verdict.UNJUDGED)


# ── models ────────────────────────────────────────────────────────────────────────────────────────


def test_every_model_is_asked_and_the_chosen_one_says_the_same():
    said = judged(indicator(), STEADY)
    models = {one.model: one for one in sensitivity.other_models(PLAN, said)}
    assert tuple(models) == forecast.NAMES
    assert models["pooled"].p_met == said.p_met
    assert models["pooled"].forecast == said.forecast
    assert models["drift"].forecast.at(2025)["median"] == pytest.approx(2000)


def test_models_disagree_where_their_chances_lie_more_than_a_quarter_apart():
    said = judged(indicator(), STEADY)
    models = sensitivity.other_models(PLAN, said)
    apart = sensitivity.disagreeing(said, models)
    assert {one.model for one in apart} == {
        one.model for one in models if abs(one.p_met - said.p_met) > outlook.DISAGREE
    }
    gaps = [abs(one.p_met - said.p_met) for one in apart]
    assert gaps == sorted(gaps, reverse=True)


def test_what_is_done_and_what_is_known_asks_no_model():
    locked = judged(indicator(None, 10, kind="increment"), {2021: 4, 2022: 4, 2023: 4})
    assert locked.status == "met_locked"
    assert sensitivity.other_models(PLAN, locked) == ()
    known = judged(indicator(), {**STEADY, 2025: 2100}, 2025)
    assert sensitivity.other_models(PLAN, known) == ()


@pytest.mark.parametrize("name", ["statcan_target", "eurostat_target_eustat"])
def test_a_growth_rule_is_not_applied_to_a_base_of_zero(name):
    """It replaces 0 by 0.001, so its answer depends on the unit."""
    said = judged(
        indicator(kind="increment", reported="annual", base=0, target=100), {2021: 10, 2022: 14}
    )
    [found] = [one for one in sensitivity.other_rules(said) if one.rule == name]
    assert (found.agrees, found.why_not) == (None, "undefined_there")
