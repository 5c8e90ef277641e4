"""Targets as plans set them: a mean, a compounded total, a limit for each year, a rise, another
indicator (METHOD §2, §3). Expected values are worked by hand.

The usual plan: 2021 to 2025, five years; in 2022 two fifths have passed.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from conftest import some
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from test_verdict import PLAN, indicator, judged, row, rows

from helpers.intake import accumulated, grounds, observations, plan as plans
from helpers.intake.judgement import Judged
from helpers.intake.plan import Baseline, Break, Target
from helpers.intake.scenario import Scenario
from helpers.intake.targets import Amendment, Comparison, Goal, Revision
from helpers.measure import (
    forecast,
    form_verdict,
    forms,
    frames,
    outlook,
    paths,
    pooled,
    sensitivity,
    verdict,
)
from helpers.show import wording


def of_form(form, value, op=">=", *, rate=None, kind="ratio", unit="%", **changes):
    """An indicator with a target of that form for 2025; other fields of the target in `changes`."""
    target = Target(2025, value, op, **{"form": form, "rate": rate, **changes})
    facts = indicator(None, value or 0, op, kind=kind, unit=unit, decimals=1)
    return replace(facts, target=target, baseline=Baseline(2020, None, note="none"))


MEAN = of_form("mean", 7, ">", rate="growth")
FALL = of_form("compound", 13.5, rate="fall")
CEILING = of_form("every_year", 5.5, "<")
IN_WORDS = of_form("qualitative", None, note="居民收入与经济增长基本同步")
WORDS = """\
parties:
  {client: 玩具县, evaluator: 评估组, basis: 规划第八章, independence: 没有参与编制,
   dated: "2023-04-01"}
judged:
  - {indicator: share, word: on_track, text: 稳步提高。, because: [indicator/share]}
"""


# ── a mean ────────────────────────────────────────────────────────────────────────────────────────


def test_a_mean_is_that_of_the_years_of_the_plan():
    said = judged(of_form("mean", 10), {2018: 99, 2021: 10, 2022: 14}, 2022)
    assert (said.value, said.ratio, said.elapsed) == (12, 1.2, 0.4)  # (10 + 14)/2, 12/10, 2/5
    assert said.progress == pytest.approx(24 / 50)  # of five years of 10
    assert said.needed == pytest.approx((50 - 24) / 3)
    assert (said.scheduled, said.status) == (10, "ahead")


def test_a_mean_of_rates_is_the_rate_that_leads_to_the_same_place():
    said = judged(MEAN, {2021: 10, 2022: 21}, 2022)
    # 1.10 · 1.21 = 1.331 = 1.15369²; five years of 7 % are 1.40255, so 1.40255/1.331 in three years
    assert said.value == pytest.approx(15.36897, abs=1e-5)
    assert said.needed == pytest.approx(((1.07**5 / 1.331) ** (1 / 3) - 1) * 100)
    assert said.needed == pytest.approx(1.7607, abs=5e-5)


def test_years_above_the_mean_carry_years_below_it():
    rates = {2021: 14.6, 2022: 10.1, 2023: 8.4, 2024: 8.3, 2025: 6.0}
    said = judged(MEAN, rates, 2025)
    # 1.146·1.101·1.084·1.083·1.06 = 1.57013; its fifth root 1.0944; the last year alone missed
    assert said.value == pytest.approx(9.44, abs=5e-3)
    assert (said.final, said.status) == ("over_fulfilled", "met_hold")  # 9.44/7 = 1.35


def test_a_mean_is_met_in_the_target_year_alone():
    assert judged(MEAN, {2021: 30}, 2021).status == "ahead"
    assert judged(MEAN, {2021: 7}, 2021).status == "on_schedule"  # > 7 is not met, r = 1
    assert judged(MEAN, dict.fromkeys(range(2021, 2026), 7), 2025).final == "nearly_fulfilled"


@pytest.mark.parametrize(
    ("mean", "status"),
    [(7.35, "ahead"), (6.65, "on_schedule"), (4.2, "behind"), (4.1, "far_behind")],
)
def test_the_rungs_of_a_mean_are_those_of_the_ladder(mean, status):
    assert judged(of_form("mean", 7), {2021: mean}, 2021).status == status


def test_where_less_is_better_a_mean_below_the_ceiling_is_ahead():
    ceiling = of_form("mean", 50, "<=", unit="")
    assert judged(ceiling, {2021: 45}, 2021).ratio == pytest.approx(1.1)  # 1 + (50 − 45)/50
    assert judged(ceiling, {2021: 60}, 2021).status == "behind"  # 1 − 10/50


def test_a_mean_of_zero_is_kept_or_not():
    level = of_form("mean", 0, ">")
    assert judged(level, {2021: 0.4, 2022: -0.1}, 2022).status == "on_schedule"
    assert judged(level, {2021: 0.4, 2022: -0.6}, 2022).status == "behind"
    assert judged(level, {2021: 0.4}, 2021).ratio is None


# ── a compounded total ────────────────────────────────────────────────────────────────────────────


def test_yearly_falls_compound_and_do_not_add_up():
    five = judged(FALL, dict.fromkeys(range(2021, 2026), 2.86), 2025)
    assert five.value == pytest.approx(
        13.505, abs=5e-4
    )  # 1 − 0.9714⁵ = 1 − 0.86495; the sum is 14.3
    assert five.final == "fulfilled"
    assert judged(FALL, dict.fromkeys(range(2021, 2026), 2.85), 2025).final == "nearly_fulfilled"


def test_a_constant_rate_is_on_schedule_in_every_year():
    rate = (1 - 0.865**0.2) * 100
    for year in range(2021, 2025):
        said = judged(FALL, dict.fromkeys(range(2021, year + 1), rate), year)
        assert said.ratio == pytest.approx(1)
        assert said.progress == pytest.approx((year - 2020) / 5)
        assert said.value == pytest.approx(said.scheduled)
        assert said.needed == pytest.approx(rate)


def test_a_year_may_be_negative():
    said = judged(FALL, {2021: 3.3, 2022: -0.5}, 2022)
    assert said.value == pytest.approx(2.8165)  # 1 − 0.967·1.005 = 0.028165
    assert said.status == "far_behind"  # ln 0.971835 / (0.4 · ln 0.865) = 0.4925


def test_growth_compounds_too():
    said = judged(of_form("compound", 60, rate="growth"), {2021: 10, 2022: 10}, 2022)
    assert said.value == pytest.approx(21)
    assert said.ratio == pytest.approx(math.log(1.21) / (0.4 * math.log(1.6)))


def test_a_missing_year_leaves_a_compounded_total_unknown():
    said = judged(FALL, {2021: 2.7, 2023: 0.5}, 2023)
    assert (said.status, said.reasons[0]) == ("not_assessable", "gap_in_total")
    assert said.forecast.reason == "broken_total"


def test_a_total_of_a_binding_target_knows_only_two_final_words():
    binding = replace(FALL, property="binding")
    assert judged(binding, dict.fromkeys(range(2021, 2026), 2.85), 2025).final == "unfulfilled"


# ── every year ────────────────────────────────────────────────────────────────────────────────────


def test_a_year_over_the_ceiling_stays_over_it():
    said = judged(CEILING, {2020: 5.6, 2021: 5.1, 2022: 5.6, 2023: 5.2}, 2023)
    assert said.broke == (2022,)  # 2020 is no year of the plan
    assert said.ratio == pytest.approx(2 / 3)
    assert (said.progress, said.elapsed) == (pytest.approx(2 / 5), pytest.approx(3 / 5))
    assert (said.status, said.p_met, said.outlook) == ("behind", 0, "very_unlikely")
    last = judged(CEILING, {2021: 5.1, 2022: 5.6, 2023: 5.2, 2024: 5.1, 2025: 5.2}, 2025)
    assert (last.final, last.status) == ("unfulfilled", "behind")


def test_below_is_strictly_below():
    assert judged(CEILING, {2021: 5.5}, 2021).status == "far_behind"
    assert judged(CEILING, {2021: 5.4}, 2021).status == "on_schedule"


def test_every_year_kept_is_fulfilled_and_a_year_unknown_is_pending():
    kept = dict.fromkeys(range(2021, 2026), 5.0)
    assert judged(CEILING, kept, 2025).final == "fulfilled"
    assert judged(CEILING, {y: v for y, v in kept.items() if y != 2023}, 2025).final == "pending"


def test_a_range_has_two_ends_and_both_are_inside():
    wanted = of_form("range", None, low=5, high=6)
    assert judged(wanted, {2021: 5, 2022: 6}, 2022).status == "on_schedule"
    assert judged(wanted, {2021: 4.9, 2022: 6.1}, 2022).broke == (2021, 2022)


def test_a_year_can_have_a_goal_of_its_own():
    goals = (Goal(2021, 6), Goal(2022, 5, 6))
    wanted = of_form("range", None, goals=goals)
    said = judged(wanted, {2021: 8.1, 2022: 3.0}, 2022)
    assert (said.broke, said.ratio) == ((2022,), 0.5)
    later = judged(wanted, {2021: 8.1, 2022: 5.5, 2023: 1.0}, 2023)
    assert later.broke == ()  # no goal was set for 2023
    assert judged(of_form("range", None), {2021: 8.1}, 2021).reasons[0] == "no_target"


# ── a rise, another indicator, words ──────────────────────────────────────────────────────────────


def rise(base=77.3, year=2019):
    facts = of_form("rise", 1, kind="score", unit="岁")
    return replace(facts, baseline=Baseline(year, base))


def test_a_rise_leads_to_the_baseline_and_so_much_more():
    said = judged(rise(), {2021: 78.2}, 2021)
    assert said.facts.target.figure == 78.3
    assert said.progress == pytest.approx(0.9)  # (78.2 − 77.3)/1
    assert said.elapsed == pytest.approx(2 / 6)  # of a baseline of 2019
    assert judged(rise(), {2022: 78.3}, 2022).status == "met_hold"
    assert judged(rise(None), {2022: 78.3}, 2022).reasons[0] == "no_target"


def relative(**changes):
    to = Comparison("gdp", "国内生产总值增长", "difference", "mean", **changes)
    return replace(
        of_form("relative", 0, ">"), target=Target(2025, 0, ">", form="relative", compared=to)
    )


def compared(facts, own, other):
    return accumulated.compared(
        facts, rows(own), [row(y, v, series="gdp") for y, v in other.items()]
    )


def test_a_relative_target_judges_the_difference():
    found = compared(relative(), {2021: 8.7, 2022: 4.2, 2023: 5.7}, {2021: 8.4, 2022: 3.0})
    assert [(r.year, r.value, r.status) for r in found] == [
        (2021, 0.3, "derived"),
        (2022, 1.2, "derived"),
    ]
    assert found[0].note == "8.7 − 8.4（国内生产总值增长）"
    said = judged(relative(), found, 2022)
    assert (said.value, said.status) == (0.75, "on_schedule")  # (0.3 + 1.2)/2


def test_a_ratio_divides():
    facts = relative()
    ratio = replace(facts.target, compared=replace(facts.target.compared, by="ratio"), value=1)
    found = compared(replace(facts, target=ratio), {2021: 9, 2022: 5}, {2021: 8, 2022: 0})
    assert [r.value for r in found] == [1.125]  # nothing is divided by zero


@pytest.mark.parametrize(
    ("words", "told"), [(wording.zh, "不低于 0.9"), (wording.en, "at least 0.9")]
)
def test_a_ratio_of_two_indicators_has_no_unit(words, told):
    facts = relative()
    target = replace(
        facts.target, op=">=", value=0.9, compared=replace(facts.target.compared, by="ratio")
    )
    facts = replace(facts, unit="%", target=target)
    assert told in words.forms.target(facts)
    assert "%" not in words.forms.target(facts) + words.forms.goal(facts)


def test_a_difference_is_known_once_both_are_and_changes_with_either():
    own = [row(2021, 8.7, published="2022-02"), row(2021, 8.9, published="2023-02")]
    other = [row(2021, 8.1, series="gdp", published="2022-03")]
    found = accumulated.compared(relative(), own, other)
    assert [(r.value, r.published) for r in found] == [(0.6, "2022-03"), (0.8, "2023-02")]


def test_a_target_in_words_is_left_to_the_evaluator():
    said = judged(of_form("qualitative", None), {2021: 1}, 2021)
    assert (said.status, said.reasons[0]) == ("not_assessable", "qualitative")


# ── baselines and targets that changed ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("word", "status", "final"),
    [
        ("met", "met_hold", "fulfilled"),
        ("on_track", "on_schedule", "pending"),
        ("off_track", "behind", "pending"),
        ("not_met", "far_behind", "unfulfilled"),
    ],
)
@pytest.mark.parametrize("values", [{}, {2021: 5.0}, {2018: 4.0, 2019: 4.5, 2020: 4.2}])
def test_a_target_in_words_has_the_evaluators_word_whatever_the_figures(
    values, word, status, final
):
    spoken = Judged("one", word, "居民收入与经济增长大体同步。", ("source/a",))
    for year, at_end in ((2022, ""), (2025, final)):
        said = form_verdict.in_words(judged(IN_WORDS, values, year), spoken)
        assert (said.status, said.final, said.reasons) == (status, at_end, ())
        assert (said.ratio, said.p_met, said.outlook) == (None, None, None)
        assert said.alert is not None
        assert "评价者的判断：居民收入与经济增长大体同步" in wording.conclusion(said)
        assert sensitivity.other_rules(said) == ()


def test_without_a_word_a_target_in_words_stays_as_it_is():
    said = judged(IN_WORDS, {2021: 5.0}, 2022)
    assert form_verdict.in_words(said, None) is said
    assert (said.status, said.reasons[0]) == ("not_assessable", "qualitative")


def test_the_word_is_of_the_year_the_cut_off_and_no_scenario(toy):
    toy.change(
        "indicators/share.yml",
        "target: {year: 2025, value: 12}",
        "target: {year: 2025, value: null, form: qualitative, note: 稳步提高}",
    )
    toy.write("judgement/2022.yml", WORDS)
    plan = toy.plan
    share, patents = plans.indicator(plan, "share"), plans.indicator(plan, "patents")
    assert grounds.word_of(plan, share, 2022).word == "on_track"
    assert grounds.word_of(plan, patents, 2022) is None
    assert grounds.word_of(plan, share, 2022, "2023-06-30") is None
    assert grounds.word_of(plan, share, 2023) is None
    assert grounds.word_of(replace(plan, scenario=Scenario("what-if", "试算")), share, 2022) is None


def test_a_baseline_revised_by_a_census_is_used_with_the_figures_after_it():
    base = Baseline(2019, 60.6, revised=Revision(62.71, "2021-05", "census"))
    facts = replace(indicator(60.6, 65, kind="share", unit="%", decimals=2), baseline=base)
    before = judged(facts, [row(2020, 61.4), row(2021, 62, published="2021-03")], 2021)
    after = judged(facts, [row(2021, 64.72, published="2022-01")], 2021)
    assert before.baseline.value == 60.6
    assert "baseline_revised" not in before.reasons
    assert after.progress == pytest.approx((64.72 - 62.71) / (65 - 62.71))
    assert "baseline_revised" in after.reasons


def test_an_estimated_baseline_counts_and_is_flagged():
    facts = indicator(1000, 2000)
    said = judged(
        replace(facts, baseline=replace(facts.baseline, estimated=True)), {2022: 1400}, 2022
    )
    assert (said.status, said.progress) == ("on_schedule", 0.4)
    assert "baseline_estimated" in said.reasons


def test_a_target_counts_as_amended_from_the_year_it_was():
    facts = indicator(1000, 2000)
    lower = replace(facts.target, amended=(Amendment("2023-06", 1500, "why", "document"),))
    facts = replace(facts, target=lower)
    assert judged(facts, {2022: 1300}, 2022).facts.target.value == 2000
    said = judged(facts, {2023: 1300}, 2023)
    assert (said.facts.target.value, said.ratio) == (1500, 1)  # 300 of 500 in three of five years
    assert "target_amended" in said.reasons


def test_a_definition_may_change_inside_a_total_where_adjusted_years_are_given():
    cut = Break(2024, "raw materials left out", "2025-02")
    old = [row(2021, 2.7, published="2022-02"), row(2022, 0.1, published="2023-02"),
           row(2023, 0.5, published="2024-02")]  # fmt: skip
    new = [row(2024, 3.8, published="2025-02")]
    anew = [row(y, v, published="2025-02") for y, v in ((2021, 3.0), (2022, 1.0), (2023, 1.0))]
    broken = judged(replace(FALL, breaks=(cut,)), [*old, *new], 2024)
    assert (broken.status, broken.reasons[0]) == ("not_assessable", "broken_series")
    whole = replace(FALL, breaks=(replace(cut, adjusted=True),))
    said = judged(whole, [*old, *new, *anew], 2024)
    assert said.value == pytest.approx((1 - 0.97 * 0.99 * 0.99 * 0.962) * 100)
    assert said.status != "not_assessable"
    assert "adjusted_series" in said.reasons


def test_a_proxy_is_named():
    assert "proxy" in judged(replace(indicator(), proxy="harvest"), {2022: 1400}, 2022).reasons


# ── bounds ────────────────────────────────────────────────────────────────────────────────────────


def test_a_bound_is_judged_where_all_it_allows_is_judged_alike():
    assert judged(of_form("mean", 10), {2021: (20, ">")}, 2021).status == "ahead"
    loose = judged(of_form("mean", 10), {2021: (9.4, ">")}, 2021)
    assert (loose.status, loose.possible) == ("not_assessable", ("behind", "ahead"))
    assert judged(CEILING, {2021: (5.4, ">")}, 2021).reasons[0] == "bound_too_loose"


# ── properties ────────────────────────────────────────────────────────────────────────────────────

values = st.lists(st.integers(1, 400).map(lambda k: k / 10), min_size=1, max_size=5)


def series_of(list_of_values, first=2021):
    return {first + k: v for k, v in enumerate(list_of_values)}


def words(said):
    return said.status, said.final, said.broke


@pytest.mark.parametrize("form", ["mean", "every_year"])
@settings(max_examples=25, deadline=None)
@given(values=values, target=st.integers(1, 400), scale=st.sampled_from([0.25, 4, 1024]))
def test_a_form_without_rates_does_not_depend_on_the_unit(form, values, target, scale):
    """Powers of two, so that nothing is rounded on the way."""
    at = 2020 + len(values)
    one = judged(of_form(form, target / 10), series_of(values), at)
    other = judged(of_form(form, target / 10 * scale), series_of([v * scale for v in values]), at)
    assert words(one) == words(other)
    assert one.ratio == pytest.approx(other.ratio, rel=1e-6)


@pytest.mark.parametrize(
    ("form", "rate"), [("mean", None), ("mean", "growth"), ("compound", "fall")]
)
@settings(max_examples=25, deadline=None)
@given(values=values, target=st.integers(10, 400))
def test_a_form_does_not_depend_on_the_calendar(form, rate, values, target):
    at, facts = 2020 + len(values), of_form(form, target / 10, rate=rate)
    later = replace(facts, target=replace(facts.target, year=2035))
    plan = replace(PLAN, period=replace(PLAN.period, start=2031, end=2035), target_year=2035)
    one = judged(facts, series_of(values), at)
    points = observations.taken(plan, later, rows(series_of(values, 2031)), at + 10)
    other = verdict.assess(plan, later, points, at + 10)
    assert words(one)[:2] == words(other)[:2]
    assert (one.ratio, one.p_met) == (other.ratio, other.p_met)


def mirrored(facts):
    ops = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
    target, turned = facts.target, {"growth": "fall", "fall": "growth", None: None}
    return replace(
        facts,
        direction="lower" if facts.direction == "higher" else "higher",
        target=replace(target, value=-target.value, op=ops[target.op], rate=turned[target.rate]),
    )


@pytest.mark.parametrize(
    ("form", "rate"),
    [("mean", None), ("mean", "growth"), ("compound", "fall"), ("every_year", None)],
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],  # many a cap is met before its year
)
@given(values=values, target=st.integers(10, 400))
def test_a_form_is_judged_alike_in_the_mirror(form, rate, values, target):
    """Growth of v is a fall of −v: what is asked of one side is asked of the other."""
    at, facts = 2020 + len(values), of_form(form, target / 10, rate=rate, kind="ratio")
    one = judged(facts, series_of(values), at)
    other = judged(mirrored(facts), series_of([-v for v in values]), at)
    assume(form != "compound" or one.status != "met_hold")  # a cap is not met before its year
    assert words(one) == words(other)
    assert one.ratio == pytest.approx(other.ratio, abs=1e-6)
    if rate is not None and one.p_met is not None:  # rates are free to turn negative either way
        assert one.p_met == pytest.approx(other.p_met, abs=1e-6)


# The same of forms with two ends, a start or another series beside them.

FLIPPED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
OWN_PLACE = ("range", "goals", "rise", "mean", "every_year", "range_of_two", "at_end")


def placed(form, op, goal, *, sign=1, end=2025):
    """An indicator whose target is of that form; the last four of `OWN_PLACE` compare with another
    series by the difference. `goal` and 2.5 more are the ends of ranges."""
    low, high = sorted((sign * goal, sign * goal + sign * 2.5 * abs(goal)))
    op = op if sign > 0 else FLIPPED[op]
    target = Target(end, sign * goal, op, "")
    judged_by = {"range_of_two": "range"}.get(form, form)
    if form == "goals":
        goals = tuple(Goal(end - k, low, high) for k in range(5))
        target = replace(target, form="range", goals=goals)
    elif form in ("range", "rise"):
        target = replace(target, form=form)
    else:
        target = replace(
            target, form="relative", compared=Comparison("two", "另一项", "difference", judged_by)
        )
    if judged_by == "range":
        target = replace(target, value=None, low=low, high=high)
    start = Baseline(end - 5, sign * 10.0)
    direction = "higher" if op in (">=", ">") else "lower"
    facts = indicator(None, 0, op, kind="ratio", unit="分", decimals=1, direction=direction)
    return replace(facts, target=target, baseline=start)


def placed_in(form, op, goal, values, *, unit=1.0, sign=1, end=2025):
    """The assessment of such a target by `values` from the plan's first year on, all figures in
    another unit, in the mirror, or of another plan's years."""
    facts, first = placed(form, op, goal * unit, sign=sign, end=end), end - 4
    facts = replace(facts, baseline=replace(facts.baseline, value=sign * 10.0 * unit))
    own = rows(series_of([sign * unit * v for v in values], first))
    two = [row(one.year, sign * unit * 7.5, series="two") for one in own]
    plan = replace(PLAN, period=replace(PLAN.period, start=first, end=end), target_year=end)
    at = first + len(values) - 1
    points = observations.taken(plan, facts, accumulated.compared(facts, own, two), at)
    return verdict.assess(plan, facts, points, at)


def told(said):
    printed = ("met_if_rounded", "met_by_rounding")  # a unit's digits do not grow with it
    return said.status, said.final, len(said.broke), {*said.reasons} - {*printed}


PLACED = {
    "form": st.sampled_from(OWN_PLACE),
    "op": st.sampled_from([">=", "<", "<=", ">"]),
    "goal": st.sampled_from([-4.0, 0.5, 1.0, 3.0, 6.0]),
    "values": st.lists(st.integers(1, 60), min_size=2, max_size=5).map(
        lambda found: [v / 4 for v in found]
    ),
}


@settings(max_examples=150, deadline=None)
@given(**PLACED, unit=st.sampled_from([0.25, 4.0, 1024.0]))
def test_ends_starts_and_differences_do_not_depend_on_the_unit(form, op, goal, values, unit):
    one, other = placed_in(form, op, goal, values), placed_in(form, op, goal, values, unit=unit)
    assert told(one) == told(other)
    assert (one.ratio is None) == (other.ratio is None)
    assert one.ratio is None or one.ratio == pytest.approx(other.ratio, rel=1e-6, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(**PLACED)
def test_ends_starts_and_differences_do_not_depend_on_the_calendar(form, op, goal, values):
    one, other = (placed_in(form, op, goal, values, end=end) for end in (2025, 2035))
    assert told(one) == told(other)
    assert (one.ratio, one.p_met, one.needed) == (other.ratio, other.p_met, other.needed)


@settings(max_examples=150, deadline=None)
@given(**PLACED)
def test_ends_starts_and_differences_are_judged_alike_in_the_mirror(form, op, goal, values):
    one, other = (placed_in(form, op, goal, values, sign=sign) for sign in (1, -1))
    assert told(one) == told(other)
    assert one.ratio == (None if other.ratio is None else pytest.approx(other.ratio, abs=1e-6))
    if one.p_met is not None and form not in ("range", "goals", "rise"):  # not free of zero
        assert one.p_met == pytest.approx(other.p_met, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(values=PLACED["values"], unit=st.sampled_from([0.25, 4.0]), judged_by=st.sampled_from(
    ["mean", "every_year", "at_end"]))  # fmt: skip
def test_a_ratio_does_not_depend_on_the_unit_of_either(values, unit, judged_by):
    facts = placed("mean", ">=", 1.2)
    facts = replace(
        facts, target=replace(facts.target, compared=Comparison("two", "另", "ratio", judged_by))
    )
    own, two = series_of(values), [row(2020 + k, 4.0, series="two") for k in range(1, 6)]
    found = [
        judged(facts, accumulated.compared(facts, rows(mine), theirs), 2020 + len(values))
        for mine, theirs in (
            (own, two),
            (
                {y: v * unit for y, v in own.items()},
                [replace(r, value=r.value * unit) for r in two],
            ),
        )
    ]
    assert told(found[0]) == told(found[1])
    assert (found[0].value, found[0].p_met) == (found[1].value, found[1].p_met)


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.integers(1, 99), min_size=2, max_size=4), more=st.integers(1, 50))
def test_a_better_year_is_never_judged_worse(values, more):
    at = 2020 + len(values)
    better = [*values[:-1], values[-1] + more]
    for facts in (
        of_form("mean", 20),
        of_form("compound", 60, rate="growth"),
        of_form("every_year", 20),
    ):
        low, high = judged(facts, series_of(values), at), judged(facts, series_of(better), at)
        assert high.ratio >= low.ratio - 1e-9


# ── the forecast ──────────────────────────────────────────────────────────────────────────────────


def test_every_year_of_the_paths_has_the_quantiles_of_its_fan():
    ahead = outlook.forecast(
        PLAN, indicator(), series(indicator(), {2020: 1000, 2021: 1100, 2022: 1150}), "pooled"
    )
    found = np.quantile(paths.of_years(ahead), pooled.PROBS, axis=0)
    for k, row_ in enumerate(some(ahead.rows)):
        assert found[3, k] == pytest.approx(row_[1], rel=2e-3)
        assert found[:, k] == pytest.approx(np.array(ahead.curves[k]), rel=5e-3)


def test_paths_come_in_mirrored_pairs_and_lean_together():
    ranks = paths.ranks()
    assert np.sort(ranks, axis=0) == pytest.approx(np.sort(-ranks, axis=0), abs=1e-9)
    assert ranks.sum(axis=0) == pytest.approx(np.zeros(ranks.shape[1]), abs=1e-6)
    near, far = np.corrcoef(ranks.T)[0, 1], np.corrcoef(ranks.T)[0, 9]
    assert near > far > 0


def series(facts, values):
    return observations.series(
        facts, observations.taken(PLAN, facts, rows(values), 2022), "district"
    )


def test_a_total_of_years_that_do_not_move_is_their_total():
    index = 100 * 0.98 ** np.arange(3)  # two falls of 2 %, then three more whatever the quantile
    curves = tuple((100 * 0.98**k,) * 7 for k in (3, 4, 5))
    rows_ = tuple((2020 + k, 0, 0, 0, 0, 0) for k in (3, 4, 5))
    given_ = forecast.Given(tuple(range(2020, 2023)), tuple(index))
    flat = paths.as_rates(
        forecast.Forecast("last", 3, rows_, "", curves, given_), FALL.target, 100, 2020
    )
    assert [row[1] for row in flat.rows] == pytest.approx([(1 - 0.98**k) * 100 for k in (3, 4, 5)])
    mean = paths.as_rates(
        forecast.Forecast("last", 3, rows_, "", curves, given_),
        replace(FALL.target, form="mean"),
        100,
        2020,
    )
    assert [row[1] for row in mean.rows] == pytest.approx([2, 2, 2])


def test_which_of_two_series_is_named_first_makes_no_difference():
    """An index of 110 and an inverse of 90: √(110 · 10⁴/90) = 110.554; exchanged, 10⁴ over it."""
    given_ = forecast.Given((2020, 2021), (100.0, 105.0))

    def index(middle):
        curve = tuple(middle + k for k in range(-3, 4))
        return forecast.Forecast("pooled", 2, ((2022, *[0.0] * 5),), "", (curve,), given_)

    one, other = paths.both_ways(index(110), index(90)), paths.both_ways(index(90), index(110))
    assert one.rows[0][1] == pytest.approx(110.5542, abs=5e-4)
    mirrored_ = 1e4 / np.array(other.curves)[:, ::-1]
    assert np.array(one.curves) == pytest.approx(mirrored_)


def test_differences_that_do_not_move_average_to_themselves():
    """Sums 0, 1, 2, 3 go on to 4 and 5: five years of 1 are 1 a year."""
    found = compared(
        relative(), dict.fromkeys(range(2021, 2024), 7.5),
        dict.fromkeys(range(2021, 2024), 6.5),
    )  # fmt: skip
    said = judged(relative(), found, 2023, model="drift")
    assert said.value == 1
    assert [row_[1] for row_ in said.forecast.rows] == pytest.approx([1, 1])


def test_a_running_mean_counts_what_is_known():
    found = paths.running(np.array([10.0, 14.0]), np.array([[9.0, 9.0, 9.0]]))
    assert found[0] == pytest.approx([11, 10.5, 51 / 5])


def test_the_chance_of_a_form_falls_as_more_is_asked():
    rates = {2018: 9.0, 2019: 11.0, 2020: 10.0, 2021: 12.0, 2022: 8.0}
    chances = [
        judged(of_form("mean", t, rate="growth"), rates, 2022).p_met for t in (2, 8, 9, 10, 20)
    ]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.85 > 0.1 > chances[-1]
    ceilings = [judged(of_form("every_year", t, "<="), rates, 2022).p_met for t in (12, 15, 20, 60)]
    assert ceilings == sorted(ceilings)
    assert ceilings[-1] > 0.9


def test_every_year_is_less_likely_than_the_last_alone():
    rates = {2018: 5.0, 2019: 5.2, 2020: 5.3, 2021: 5.1, 2022: 5.2}
    last = judged(indicator(5.0, 5.5, "<=", kind="ratio", decimals=1), rates, 2022)
    every = judged(of_form("every_year", 5.5, "<="), rates, 2022)
    assert 0 < every.p_met < last.p_met


# ── what stands beside ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("facts", [MEAN, FALL, CEILING, of_form("range", None, low=1, high=4)])
def test_the_frame_of_a_notebook_gives_the_same_progress(facts):
    said = judged(facts, {2020: 3.0, 2021: 2.7, 2022: 3.1}, 2022)
    ends = frames.ends(PLAN, said.facts, said.series)
    start, latest, target = ends.level
    first, now, last = ends.year
    assert (latest - start) / (target - start) == pytest.approx(said.progress)
    assert (now - first) / (last - first) == pytest.approx(said.elapsed)


def test_other_offices_judge_no_form_of_this_sort():
    said = judged(MEAN, {2021: 10}, 2021)
    assert {one.why_not for one in sensitivity.other_rules(said)} == {"other_form"}


def test_in_force_is_read_once():
    facts = rise()
    mine = series(replace(facts, id="one"), {2021: 78.2})
    once = forms.in_force(facts, mine, 2022)
    assert forms.in_force(once, mine, 2022) is once


# ── before the first value of the plan is in ──────────────────────────────────────────────────────

HISTORY = {2016: 900, 2017: 920, 2018: 940, 2019: 970, 2020: 1000}


@pytest.mark.parametrize("year", [2020, 2021])
def test_years_before_the_plan_say_what_to_expect(year):
    """A level of 1000 that gained 25 a year: 2000 in five years is out of reach, 1050 is not."""
    far, near = (judged(indicator(target=t), HISTORY, year) for t in (2000, 1050))
    assert {one.status for one in (far, near)} == {"no_data"}
    assert far.alert is None
    assert far.p_met < 0.1 < 0.5 < near.p_met
    assert near.planned_step == 10


def test_a_sum_is_foreseen_from_the_additions_before_the_plan():
    facts = indicator(target=500, kind="increment")
    years = {2017: 100, 2018: 105, 2019: 98, 2020: 102}
    said = judged(facts, years, 2021)
    assert said.status == "no_data"
    assert said.forecast.at(2021)["median"] == pytest.approx(102, abs=15)
    assert 0.2 < said.p_met < 0.9  # five years of about 100
    ended = judged(facts, {2017: 100, 2018: 105}, 2021)
    assert (ended.p_met, ended.forecast.reason) == (None, "too_few_points")


@pytest.mark.parametrize("facts", [MEAN, FALL, CEILING])
def test_forms_are_foreseen_before_the_plan_too(facts):
    said = judged(facts, {2017: 4.0, 2018: 4.5, 2019: 4.2, 2020: 4.4}, 2021)
    assert said.status == "no_data"
    assert 0 < said.p_met < 1
