"""The target that has a given chance: the inverse of P, in every direction, kind and period."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas
import pytest
from conftest import some
from hypothesis import given, settings, strategies as st

from helpers.intake import contract, plan as plans
from helpers.intake.observations import Point
from helpers.measure import forecast, outlook, target
from helpers.show import targets

EXAMPLE = plans.load("example")
POINTS = target.known(EXAMPLE)
ASKED = [
    target.ask(EXAMPLE, facts, POINTS, year)
    for facts in plans.indicators(EXAMPLE)
    for year in (2025, 2027, 2030)
]
SPEAKING = [one for one in ASKED if not one.reason]
NAMES = [f"{one.facts.id}-{one.year}" for one in SPEAKING]


def by_id(name: str, year: int | None = None) -> target.Asked:
    return target.ask(EXAMPLE, plans.indicator(EXAMPLE, name), POINTS, year)


@pytest.mark.parametrize("one", SPEAKING, ids=NAMES)
@pytest.mark.parametrize("p", [0.1, 0.33, 0.5, 0.66, 0.8, 0.9])
def test_the_target_of_a_chance_has_that_chance(one, p):
    """P(at_chance(p)) = p, and nowhere off by more than .01: but for a limit of the indicator, or
    what is banked, where every target within it has more."""
    value = target.at_chance(one, p)
    if value is None:  # with so few points no such chance is given
        assert one.forecast.n < outlook.FEWEST
        return
    found = target.chance(one, value)
    line = one.forecast.given
    at_limit = value + one.before - outlook.half_unit(one.facts) in (line.low, line.high)
    assert found == pytest.approx(p, abs=1e-9) or (at_limit and found > p)


@pytest.mark.parametrize("one", SPEAKING, ids=NAMES)
def test_the_more_sure_the_easier(one):
    easier = 1 if one.facts.target.op in ("<=", "<") else -1
    found = [target.at_chance(one, p / 20) for p in range(1, 20)]
    known = some([value for value in found if value is not None])
    assert known == sorted(known, reverse=easier < 0)


@pytest.mark.parametrize("one", SPEAKING, ids=NAMES)
def test_what_is_printed_has_at_least_the_chance_and_one_unit_more_less(one):
    for p in some(target.CHANCES):
        shown = target.printed(one, p)
        harder = -1 if one.facts.target.op in ("<=", "<") else 1
        unit = harder * 10.0**-one.facts.decimals
        if target.at_chance(one, p) is not None and target.chance(one, shown + unit) > 0:
            assert target.chance(one, shown) >= p - 1e-9
            assert target.chance(one, shown + 1.01 * unit) < p + 1e-9


def test_the_chance_is_that_of_the_edition():
    """The same forecast and the same P as an assessment gives of the plan's own target."""
    from helpers.measure import verdict

    facts = plans.indicator(EXAMPLE, "patents_per_10k")
    said = verdict.assess(EXAMPLE, facts, POINTS, 2024)
    assert target.chance(by_id(facts.id), facts.target.value) == said.p_met


def test_a_sum_of_the_next_period_begins_at_its_first_year():
    """Additions 2, 3, 3, 4, 3, 5, 4: what 2025 may add is no part of 2026—2030, whose sum of five
    years at .5 is what six years give less one."""
    one = by_id("patent_attorneys_new", 2030)
    six = forecast.fit(range(2018, 2025), [2, 3, 3, 4, 3, 5, 4], 2030, kind="increment", start=0.0)
    assert one.before == pytest.approx(six.at(2025)["median"], rel=0.02)
    assert one.latest == (2025, 0.0)
    half = six.quantile(2030, 0.5) - six.at(2025)["median"]
    assert target.at_chance(one, 0.5) == pytest.approx(half, rel=0.05)


def test_a_target_of_another_year_is_not_the_plans():
    assert by_id("satisfaction", 2030).facts.target.value is None
    assert by_id("satisfaction").facts.target.value == 85


def test_with_two_points_nothing_is_promised_at_nine_tenths():
    one = by_id("madrid_valid")
    assert one.forecast.n < outlook.FEWEST
    assert target.at_chance(one, 0.9) is None
    assert target.at_chance(one, 0.8) is not None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("overseas_grants_cum", "bounded_series"),
        ("royalty_exports", "no_data"),
        ("service_platform", "binary_no_forecast"),
    ],
)
def test_why_there_is_no_chance_is_told(name, reason):
    one = by_id(name)
    assert one.reason == reason
    assert target.at_chance(one, 0.5) is None
    assert target.printed(one, 0.5) is None
    assert target.chance(one, 1.0) is None


def formed(name: str, **changes) -> plans.Indicator:
    facts = plans.indicator(EXAMPLE, name)
    return replace(facts, target=replace(facts.target, **changes))


FORMED = [
    formed("satisfaction", form="every_year", value=82),
    formed("satisfaction", form="every_year", value=87, op="<="),
    formed("satisfaction", form="every_year", value=87, op="<"),
    formed("satisfaction", form="mean", value=83),
    formed("satisfaction", form="rise", value=1.2),
]


@pytest.mark.parametrize("facts", FORMED, ids=lambda facts: facts.target.form + facts.target.op)
def test_a_target_of_another_form_has_the_chance_of_the_edition_and_is_inverted(facts):
    from helpers.measure import verdict

    facts = replace(facts, direction="lower" if "<" in facts.target.op else "higher")
    one, said = target.ask(EXAMPLE, facts, POINTS), verdict.assess(EXAMPLE, facts, POINTS, 2024)
    assert 0 < said.p_met < 1
    assert target.chance(one, said.facts.target.value) == pytest.approx(said.p_met, abs=1e-12)
    for p in target.CHANCES:  # a year that is known may be the worst on many paths
        value = target.at_chance(one, p)
        found, known = target.chance(one, value), value in (82, 86, 86.5)
        assert found == pytest.approx(p, abs=6e-4) or (known and found > p)


def test_a_year_that_broke_a_limit_leaves_it_no_chance():
    """82 in 2021 is the least of the known years of the plan: 82.1 in every year is lost."""
    one = target.ask(EXAMPLE, formed("satisfaction", form="every_year"), POINTS)
    assert target.chance(one, 82.1) == 0 < target.chance(one, 82)


@pytest.mark.parametrize(
    "changes",
    [{"form": "range", "low": 80.0, "high": 90.0}, {"form": "qualitative", "value": None}],
)
def test_what_no_single_value_draws_is_not_inverted(changes):
    assert target.ask(EXAMPLE, formed("satisfaction", **changes), POINTS).reason == "other_form"
    mean = formed("satisfaction", form="mean")
    assert target.ask(EXAMPLE, mean, POINTS, 2030).reason == "other_form"


FORMS = {  # form, rate → what the years up to each come to
    ("mean", None): lambda values: math.fsum(values) / len(values),
    ("mean", "growth"): lambda v: (math.prod(1 + x / 100 for x in v) ** (1 / len(v)) - 1) * 100,
    ("compound", "growth"): lambda values: (math.prod(1 + x / 100 for x in values) - 1) * 100,
    ("compound", "fall"): lambda values: (1 - math.prod(1 - x / 100 for x in values)) * 100,
    ("every_year", None): lambda values: values[-1],
}


@pytest.mark.parametrize(("form", "rate"), FORMS)
@given(
    st.lists(st.floats(0.5, 12), min_size=5, max_size=5),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
    st.sampled_from([">=", ">", "<=", "<"]),
)
@settings(max_examples=8, deadline=None)
def test_whatever_the_form_the_target_of_a_chance_has_it(form, rate, values, p, q, op):
    """2019 and 2020 lie before the plan, 2021—2023 in it. But where a year that is known, or the
    least there can be, is the worst of most paths: any target beyond it has no chance at all."""
    own = plans.Target(2025, None, op, form=form, rate=rate)
    facts = replace(plans.indicator(EXAMPLE, "trademarks_valid"), decimals=2, target=own)
    points = [
        Point(
            contract.Observation("example", facts.id, "yunshang", 2019 + k, y, "件", "final", "s"),
            FORMS[form, rate](values[2 : k + 1]) if k > 1 else None,
            "=",
        )
        for k, y in enumerate(values)
    ]
    one = target.ask(EXAMPLE, facts, points)
    first, second = target.at_chance(one, min(p, q)), target.at_chance(one, max(p, q))
    assert (first <= second) if one.sign > 0 else (first >= second)
    value, worst = (
        target.at_chance(one, p),
        (max if one.sign > 0 else min)(values[2:]),
    )
    edges = [worst, one.forecast.given.low] if form == "every_year" else []
    at_edge = any(value == pytest.approx(edge, abs=0.0051) for edge in edges)
    found = target.chance(one, value)
    assert found == pytest.approx(p, abs=0.01) or (at_edge and found > p)


def test_eleven_years_ahead_nothing_is_told():
    assert by_id("satisfaction", 2036).reason == "too_far"


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_certainty_is_no_chance(p):
    with pytest.raises(ValueError, match="a quantile needs"):
        target.at_chance(by_id("satisfaction"), p)


def test_the_pace_a_target_needs():
    """From 18 in 2024 to 24 in 2030: 6/6 = 1 a year; (24/18)^(1/6) − 1 = 4.91 %."""
    step, growth = target.required(by_id("patents_per_10k", 2030), 24.0)
    assert step == pytest.approx(1.0)
    assert growth == pytest.approx(0.04912, abs=1e-5)
    assert target.required(by_id("patents_per_10k", 2030), 17.0) == (None, None)


def test_the_pace_so_far():
    """10 in 2020 to 18 in 2024: 2 a year; of sums the mean addition of the last five years:
    (3 + 4 + 3 + 5 + 4)/5 = 3.8."""
    level = target.own_pace(EXAMPLE, plans.indicator(EXAMPLE, "patents_per_10k"), POINTS)
    assert (level.first, level.last, level.step) == (2020, 2024, 2.0)
    added = target.own_pace(EXAMPLE, plans.indicator(EXAMPLE, "patent_attorneys_new"), POINTS)
    assert (added.first, added.last, added.step) == (2020, 2024, 3.8)


@given(
    st.lists(st.floats(1, 1000), min_size=4, max_size=8),
    st.floats(0.05, 0.95),
    st.sampled_from([">=", ">", "<=", "<"]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_series_the_target_of_a_chance_has_it(values, p, op):
    facts = replace(
        plans.indicator(EXAMPLE, "trademarks_valid"), target=plans.Target(2030, None, op)
    )
    points = [
        Point(
            contract.Observation(
                "example", facts.id, "yunshang", 2020 + k, value, "件", "final", "s"
            ),
            value,
            "=",
        )
        for k, value in enumerate(values)
    ]
    one = target.ask(EXAMPLE, facts, points, 2030)
    value = target.at_chance(one, p)
    assert target.chance(one, value) == pytest.approx(p, abs=0.01) or value <= 1.0


# What a reader sees -------------------------------------------------------------------------------


def test_the_table_of_a_plan_has_a_row_an_indicator_and_says_why_one_has_no_chance():
    shown = targets.of_plan(targets.asked(EXAMPLE, POINTS))
    assert len(shown) == 13  # 14 indicators, one of them yes or no
    rows = {row[0]: tuple(row) for row in shown.itertuples(index=False)}
    assert rows["每万人口发明专利拥有量"][3:] == ("20", "约 35%", "19.4", "18.6", "17.6")
    assert rows["知识产权使用费出口额"][4:] == ("无数据", "—", "—", "—")


def test_how_many_are_expected_is_the_sum_of_the_chances():
    many = targets.asked(EXAMPLE, POINTS)
    chances = [target.chance(one, one.facts.target.value) for one in many]
    known = [p for p in chances if p is not None]
    assert f"{len(known)} 项有概率" in targets.expected(many)
    assert f"预计完成 {sum(known):.1f} 项" in targets.expected(many)
    assert targets.expected([]) == "没有一项有概率。"


def test_the_curve_falls_and_its_title_is_its_finding():
    one = by_id("patents_per_10k", 2030)
    frame = targets.curve(one)
    assert isinstance(frame, pandas.DataFrame)
    assert frame.sort_values("target").chance.is_monotonic_decreasing
    picture = targets.drawn(one, frame)
    assert picture.alt == "每万人口发明专利拥有量：2030 年把握 66% 的目标是 22.4 件/万人"
    assert picture.ax.lines[0].get_xdata()[-1] == pytest.approx(frame.target.max())


def test_peers_and_oneself_are_named_with_their_pace():
    found = targets.paces(EXAMPLE, plans.indicator(EXAMPLE, "patents_per_10k"), POINTS)
    assert [one.name for one in found] == [
        "本指标近年",
        "参照：云上市：每万人口发明专利拥有量（虚构）",
    ]
    assert [one.step for one in found] == [2.0, 2.0]  # (18 − 10)/4, (20 − 12)/4


def test_a_former_plan_of_the_place_tells_its_pace():
    plan = plans.load("national-145")
    found = targets.paces(plan, plans.indicator(plan, "satisfaction"), target.known(plan))
    assert any(one.name.startswith("上一期规划：") for one in found)
