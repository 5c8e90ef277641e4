"""What is said of an indicator and of a plan: every rung, every edge case of METHOD §3 to §5.

The usual case below: 1000 in 2020, at least 2000 wanted in 2025. In 2024 four fifths of the time
have passed, so a ratio r needs the value 1000 + 800·r.
"""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings, strategies as st

from helpers.intake import observations
from helpers.intake.contract import Observation
from helpers.intake.plan import (
    Area,
    Baseline,
    Break,
    Clause,
    Document,
    Indicator,
    Period,
    Plan,
    Reading,
    Supplier,
    Target,
)
from helpers.measure import (
    assessment,
    final,
    forecast,
    outlook,
    overall,
    sensitivity,
    verdict,
    worlds,
)

PLAN = Plan(
    id="made-up",
    title="规划",
    short_title="规划",
    title_en="plan",
    issuer="",
    document=Document(""),
    issued="2021-01-01",
    period=Period(2021, 2025),
    baseline_year=2020,
    target_year=2025,
    categories=("类",),
    indicators=("one",),
    areas=(Area("district", "全区", "whole"), Area("town", "镇", "part")),
)


def indicator(
    base=1000,
    target=2000,
    op=">=",
    *,
    base_year=2020,
    base_bound="=",
    base_source="plan",
    target_year=2025,
    **changes,
):
    kind = changes.get("kind", "stock")
    facts = {
        "id": "one",
        "name_zh": "指标",
        "name_en": "indicator",
        "category": "类",
        "unit": "件",
        "kind": kind,
        "decimals": 0,
        "baseline": Baseline(base_year, base, base_bound, base_source),
        "target": Target(target_year, target, op),
        "clauses": (Clause("", 1),),
        "definition": "",
        "supplier": Supplier("", "按职能建议", ""),
        "direction": "lower" if op in ("<=", "<") else "higher",
        "reported": "annual" if kind == "increment" else None,
    }
    return Indicator(**{**facts, **changes})


def row(year, value, bound="=", *, series="one", area="district", published="", status="final"):
    return Observation(
        PLAN.id, series, area, year, value, "件", status, "somewhere", published, bound
    )


def rows(values):
    """{year: value or (value, bound)} as observations."""
    return [
        row(year, *(value if isinstance(value, tuple) else (value,)))
        for year, value in values.items()
    ]


def judged(facts, values, year=2024, *, known_by="", area="", **options):
    """The assessment of `facts` on `values`: a dict of years, or observations."""
    observed = rows(values) if isinstance(values, dict) else values
    points = observations.taken(PLAN, facts, observed, year, known_by, area)
    return verdict.assess(PLAN, facts, points, year, area=area, **options)


# ── the ladder ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (2000, "met_hold"),
        (1999, "ahead"),
        (1840, "ahead"),  # r = 840/800 = 1.05
        (1839, "on_schedule"),
        (1760, "on_schedule"),  # r = 760/800 = 0.95
        (1759, "behind"),
        (1480, "behind"),  # r = 480/800 = 0.60
        (1479, "far_behind"),
        (1000, "far_behind"),  # r = 0
        (999, "reverse"),
    ],
)
def test_each_rung_begins_where_the_method_says(value, status):
    assert judged(indicator(), {2024: value}).status == status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (1000, "met_hold"),
        (1001, "ahead"),
        (1160, "ahead"),
        (1161, "on_schedule"),
        (1240, "on_schedule"),
        (1241, "behind"),
        (1520, "behind"),
        (1521, "far_behind"),
        (2000, "far_behind"),
        (2001, "reverse"),
    ],
)
def test_each_rung_begins_there_too_where_lower_is_better(value, status):
    # from 2000 down to 1000: 2000 - 800 r
    assert judged(indicator(2000, 1000, "<="), {2024: value}).status == status


@pytest.mark.parametrize(
    ("base", "target", "year", "value", "status"),
    [
        (0, 1, 2024, 0.84, "ahead"),  # p = 0.84, τ = 0.8: 1.05
        (0.4, 15.4, 2022, 6.1, "on_schedule"),  # p = 5.7/15 = 0.38, τ = 0.4: 0.95
        (0.2, 7.7, 2024, 3.8, "behind"),  # p = 3.6/7.5 = 0.48, τ = 0.8: 0.60
    ],
)
def test_a_threshold_reached_on_paper_is_reached_whatever_binary_makes_of_it(
    base, target, year, value, status
):
    said = judged(indicator(base, target, decimals=2), {year: value}, year)
    assert (
        said.ratio < {"ahead": 1.05, "on_schedule": 0.95, "behind": 0.6}[status]
    )  # by a hair, in binary
    assert said.status == status


def test_the_statuses_and_finals_have_one_order():
    assert (
        *verdict.GOOD,
        "behind",
        "far_behind",
        "reverse",
        "not_assessable",
        "no_data",
    ) == verdict.STATUSES
    assert verdict.MET == ("met_locked", "met_hold")
    assert final.FINALS == (
        "over_fulfilled",
        "fulfilled",
        "nearly_fulfilled",
        "fulfilled_late",
        "unfulfilled",
        "unfulfilled_reverse",
        "pending",
    )


def test_the_numbers_of_an_assessment_by_hand():
    said = judged(indicator(10, 20, decimals=1), {2022: 14})
    assert (said.data_year, said.value, said.n) == (2022, 14, 1)
    assert said.attainment == pytest.approx(0.7)  # 14 / 20
    assert said.progress == pytest.approx(0.4)  # (14 - 10) / (20 - 10)
    assert said.elapsed == pytest.approx(
        0.4
    )  # (2022 - 2020) / 5: the data year, not the assessment year 2024
    assert said.ratio == pytest.approx(1)
    assert said.scheduled == pytest.approx(14)  # 10 + 0.4 * 10
    assert said.cagr == pytest.approx(1.4**0.5 - 1)
    assert said.required_cagr == pytest.approx((20 / 14) ** (1 / 3) - 1)
    assert said.required_step == pytest.approx(2)  # (20 - 14) / 3
    assert said.mean_step == pytest.approx(2)  # (14 - 10) / 2
    assert said.step_factor == pytest.approx(1)
    assert said.planned_step == pytest.approx(2)  # (20 - 10) / 5
    assert said.baseline == assessment.Baseline(2020, 10, "=", "plan")
    assert said.reasons == ("lagging_data", "single_point")


def test_a_target_already_met_needs_no_further_step():
    said = judged(indicator(10, 20), {2023: 22}, 2023)
    assert (said.required_step, said.required_cagr, said.step_factor) == (None, None, None)
    assert said.planned_step == 2
    assert said.mean_step == 4


@pytest.mark.parametrize(
    ("value", "rule", "status"),
    [
        (12, "cn-plan-1", "met_hold"),
        (11.95, "cn-plan-1", "ahead"),  # GB/T 8170: as measured, unless agreed otherwise
        (11.95, "cn-plan-1-rounded", "met_hold"),  # 12.0 at the precision of 6.3
        (11.94, "cn-plan-1-rounded", "ahead"),
    ],
)
def test_a_target_is_met_by_the_declared_comparison(value, rule, status):
    said = judged(indicator(6.3, 12, decimals=2), {2024: value}, rule=rule)
    assert said.status == status


@pytest.mark.parametrize(("base", "target", "value"), [(2.9, 3.2, 3.15), (10.8, 11.3, 11.25)])
def test_what_only_rounding_meets_is_said_and_not_fulfilled(base, target, value):
    # doctors per thousand and years of schooling of the national plan: both print one digit
    facts = indicator(base, target, decimals=2, unit="人/千人", property="binding")
    said = judged(facts, {2025: value}, 2025)
    assert (said.final, "met_if_rounded" in said.reasons) == ("unfulfilled", True)
    rounded = judged(facts, {2025: value}, 2025, rule="cn-plan-1-rounded")
    assert (rounded.final, "met_by_rounding" in rounded.reasons) == ("fulfilled", True)


@pytest.mark.parametrize(
    ("base", "target", "declared", "decimals"),
    [
        (2.9, 3.2, None, 1),
        (6.3, 12, None, 1),
        (0, 18, None, 0),
        (80.05, 82, None, 2),
        (84, 85, 1, 1),
    ],
)
def test_the_plans_printed_precision(base, target, declared, decimals):
    facts = indicator(base, target)
    facts = replace(facts, target=replace(facts.target, decimals=declared))
    assert facts.printed_decimals == decimals


def test_an_assessment_names_its_year_area_and_rule():
    said = judged(indicator(), {2023: 1500})
    assert (said.year, said.area, said.rule) == (2024, "district", "cn-plan-1")


def test_an_unknown_rule_or_model_is_refused_with_the_known_ones_even_where_there_are_no_data():
    with pytest.raises(ValueError, match="rule 'cn-plan-2' is not known; choose one of cn-plan-1"):
        judged(indicator(), {}, rule="cn-plan-2")
    with pytest.raises(ValueError, match=r"model 'guess' is not known; choose one of .*drift"):
        judged(indicator(), {}, model="guess")


# ── the ladder, a second way ──────────────────────────────────────────────────────────────────────


def by_fractions(base, target, value, year, decimals):
    """Status and final word of a stock where higher is better, in exact arithmetic on figures
    rounded to `decimals`."""

    def shown(figure):
        return Decimal(figure).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    y0, y1, y = Fraction(base), Fraction(target), Fraction(value)
    met, met_before = shown(value) >= shown(target), shown(base) >= shown(target)
    if met_before:
        return ("met_hold", "fulfilled") if met else ("reverse", "unfulfilled_reverse")
    p = (y - y0) / (y1 - y0)
    r = p / Fraction(year - 2020, 5)
    if met:
        return "met_hold", "over_fulfilled" if p >= Fraction(11, 10) else "fulfilled"
    final = (
        "nearly_fulfilled"
        if p >= Fraction(19, 20)
        else "unfulfilled"
        if p >= 0
        else "unfulfilled_reverse"
    )
    for status, least in (
        ("ahead", "1.05"),
        ("on_schedule", "0.95"),
        ("behind", "0.6"),
        ("far_behind", "0"),
    ):
        if r >= Fraction(least):
            return status, final
    return "reverse", final


printed = st.integers(-20_000, 20_000).map(lambda k: str(Decimal(k).scaleb(-3)))


@settings(max_examples=500)
@given(printed, printed, printed, st.integers(2021, 2025), st.sampled_from(verdict.RULES))
def test_status_and_final_word_agree_with_exact_arithmetic(base, target, value, year, rule):
    said = judged(
        indicator(float(base), float(target), decimals=3), {year: float(value)}, year, rule=rule
    )
    printed_to = max(-Decimal(text).normalize().as_tuple().exponent for text in (base, target))
    decimals = max(0, printed_to) if rule == "cn-plan-1-rounded" else 3
    status, final = by_fractions(base, target, value, year, decimals)
    assert (said.status, said.final) == (status, final if year == 2025 else "")


@settings(max_examples=500)
@given(st.integers(1, 400), st.integers(-60, 130), st.integers(2021, 2025))
def test_status_and_final_word_agree_with_exact_arithmetic_on_the_thresholds_themselves(
    tenths, hundredths, year
):
    # base 0.1·k, plan to double it, value on a hundredth of the way: r falls on 0.95 or 1.05
    # exactly
    base = Decimal(tenths).scaleb(-1)
    value = base + base * hundredths / 100
    said = judged(indicator(float(base), float(2 * base), decimals=3), {year: float(value)}, year)
    status, final = by_fractions(base, 2 * base, value, year, 3)
    assert (said.status, said.final) == (status, final if year == 2025 else "")


# ── what must not matter, and what must ───────────────────────────────────────────────────────────

whole = st.integers(-300, 300)
year_judged = st.integers(2021, 2025)


@given(whole, whole, whole, year_judged, st.booleans(), st.sampled_from(["expected", "binding"]))
def test_higher_is_better_judged_in_a_mirror_is_lower_is_better(
    base, target, value, year, strictly, binding
):
    up = judged(
        indicator(base, target, ">" if strictly else ">=", property=binding), {year: value}, year
    )
    down = judged(
        indicator(-base, -target, "<" if strictly else "<=", property=binding), {year: -value}, year
    )
    assert (up.status, up.final, up.reasons, up.possible) == (
        down.status,
        down.final,
        down.reasons,
        down.possible,
    )
    assert (up.progress, up.ratio, up.attainment) == (down.progress, down.ratio, down.attainment)
    assert up.mean_step is None or up.mean_step == -down.mean_step


@given(whole, whole, whole, year_judged, st.integers(-3, 6))
def test_the_unit_does_not_matter(base, target, value, year, power):
    # 亿元 or 万元: all figures times a power of ten, printed to the same digit
    def other(figure):
        return float(Decimal(figure).scaleb(power))

    said = judged(indicator(base, target), {year: value}, year)
    same = judged(
        indicator(other(base), other(target), decimals=max(0, -power)), {year: other(value)}, year
    )
    assert (said.status, said.final) == (same.status, same.final)
    assert same.ratio == pytest.approx(said.ratio) if said.ratio is not None else same.ratio is None


@given(whole, whole, whole, year_judged, st.integers(-30, 30))
def test_the_calendar_does_not_matter(base, target, value, year, shift):
    said = judged(indicator(base, target), {year: value}, year)
    later = judged(
        indicator(base, target, base_year=2020 + shift, target_year=2025 + shift),
        {year + shift: value},
        year + shift,
    )
    for name in (
        "status",
        "final",
        "progress",
        "elapsed",
        "ratio",
        "required_step",
        "mean_step",
        "cagr",
    ):
        assert getattr(said, name) == getattr(later, name)


@given(whole, whole, whole, whole, year_judged, st.sampled_from(["expected", "binding"]))
def test_a_better_value_is_never_judged_worse(base, target, one, two, year, binding):
    facts = indicator(base, target, property=binding)
    worse, better = (judged(facts, {year: value}, year) for value in sorted((one, two)))
    assert verdict.STATUSES.index(better.status) <= verdict.STATUSES.index(worse.status)
    if year == 2025:
        assert final.FINALS.index(better.final) <= final.FINALS.index(worse.final)


@given(whole, whole, whole, st.integers(2021, 2024))
def test_the_same_value_a_year_later_is_never_judged_better(base, target, value, year):
    assume(value >= base)  # who went back goes back more slowly with time
    now, later = (judged(indicator(base, target), {when: value}, when) for when in (year, year + 1))
    assert verdict.STATUSES.index(now.status) <= verdict.STATUSES.index(later.status)


# ── the final word ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "expected", "binding"),
    [
        (2100, "over_fulfilled", "fulfilled"),  # p = 1.10
        (2099, "fulfilled", "fulfilled"),
        (2000, "fulfilled", "fulfilled"),
        (1999, "nearly_fulfilled", "unfulfilled"),
        (1950, "nearly_fulfilled", "unfulfilled"),  # p = 0.95
        (1949, "unfulfilled", "unfulfilled"),
        (1000, "unfulfilled", "unfulfilled"),  # p = 0
        (999, "unfulfilled_reverse", "unfulfilled"),
    ],
)
def test_the_final_word_in_the_target_year_and_a_binding_target_knows_only_two(
    value, expected, binding
):
    assert judged(indicator(), {2025: value}, 2025).final == expected
    assert judged(indicator(property="binding"), {2025: value}, 2025).final == binding


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (900, "over_fulfilled"),
        (901, "fulfilled"),
        (1000, "fulfilled"),
        (1050, "nearly_fulfilled"),
        (1051, "unfulfilled"),
        (2001, "unfulfilled_reverse"),
    ],
)
def test_the_final_word_where_lower_is_better(value, expected):
    assert judged(indicator(2000, 1000, "<="), {2025: value}, 2025).final == expected


def test_a_final_threshold_reached_on_paper_is_reached_whatever_binary_makes_of_it():
    over = judged(indicator(0.1, 1.1, decimals=1), {2025: 1.2}, 2025)  # 1.1/1
    assert over.progress < 1.1
    assert over.final == "over_fulfilled"
    nearly = judged(indicator(0.4, 6.4, decimals=1), {2025: 6.1}, 2025)  # 5.7/6
    assert nearly.progress < 0.95
    assert nearly.final == "nearly_fulfilled"


def test_no_final_word_before_the_target_year_even_where_the_target_is_met():
    assert judged(indicator(), {2024: 2500}, 2024).final == ""
    assert judged(indicator(), {}, 2024).final == ""


def test_the_final_word_waits_for_the_target_years_own_value():
    said = judged(indicator(), {2024: 2500}, 2025)
    assert (said.status, said.data_year, said.final) == ("met_hold", 2024, "pending")
    assert judged(indicator(), {}, 2025).final == "pending"


def test_a_target_due_within_the_period_keeps_its_final_word_when_later_values_come():
    facts = indicator(target_year=2023)
    assert judged(facts, {2023: 2050}, 2023).final == "fulfilled"
    later = judged(facts, {2023: 2050, 2024: 1000}, 2024)
    assert (later.final, later.data_year) == ("fulfilled", 2024)
    assert (
        judged(facts, {2022: 1900, 2024: 2500}, 2024).final == "pending"
    )  # 2023 itself was never published


def test_a_fulfilled_target_without_a_baseline_is_fulfilled_and_a_missed_one_unfulfilled():
    assert judged(indicator(None), {2025: 2500}, 2025).final == "fulfilled"
    assert judged(indicator(None), {2025: 1990}, 2025).final == "unfulfilled"


# ── kinds ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("stock", "met_hold"),
        ("flow", "met_hold"),
        ("share", "met_hold"),
        ("score", "met_hold"),
        ("ratio", "met_hold"),
        ("increment", "met_locked"),
        ("cumulative", "met_locked"),
        ("binary", "met_locked"),
    ],
)
def test_what_was_met_is_locked_or_must_be_held_as_its_kind_says(kind, status):
    assert judged(indicator(0.5, 1, kind=kind), {2022: 1}, 2022).status == status


@pytest.mark.parametrize("base", [None, 0, 7, 1000])
def test_an_increment_starts_from_zero_whatever_the_base(base):
    said = judged(indicator(base, 10, kind="increment"), {2021: 2, 2022: 1, 2023: 2, 2024: 3})
    assert said.baseline == assessment.Baseline(2020, 0, "=", "zero")
    assert said.value == 8  # 2 + 1 + 2 + 3
    assert said.progress == pytest.approx(0.8)
    assert said.ratio == pytest.approx(1)
    assert said.status == "on_schedule"
    assert said.cagr is None  # from zero there is no growth rate
    assert said.reasons == ()  # nor anything to remark


def test_nothing_done_yet_is_no_baseline_that_met_the_target():
    # at most 50 cases in five years: that there were none before the first is not 基期已达标
    assert (
        judged(indicator(None, 50, "<=", kind="increment"), {2021: 10, 2022: 20}, 2022).reasons
        == ()
    )


def test_additions_before_the_plan_do_not_count():
    said = judged(
        indicator(None, 10, kind="increment"), {2019: 50, 2020: 50, 2021: 2, 2022: 2}, 2022
    )
    assert (said.value, said.n) == (4, 2)
    assert (
        judged(indicator(None, 10, kind="increment"), {2019: 50, 2020: 50}, 2022).status
        == "no_data"
    )


def test_an_increment_reported_to_date_is_not_summed_again():
    said = judged(
        indicator(None, 10, kind="increment", reported="to_date"),
        {2021: 2, 2022: 4, 2023: 6, 2024: 8},
    )
    assert (said.value, said.status) == (8, "on_schedule")


def test_an_increment_with_a_missing_year_is_a_lower_bound():
    # 2022 is missing: at least 3 + 5 = 8; r = 1 or any more
    said = judged(indicator(None, 10, kind="increment"), {2021: 3, 2023: 2, 2024: 3})
    assert (said.value, said.bound, said.status) == (8, ">=", "on_schedule")
    assert said.at_least
    assert said.possible == ("on_schedule", "ahead", "met_locked")
    enough = judged(indicator(None, 10, kind="increment"), {2021: 3, 2023: 4, 2024: 3})
    assert enough.status == "met_locked"  # the missing year cannot take it back


def test_a_running_total_starts_from_the_plans_baseline():
    said = judged(indicator(20, 40, kind="cumulative", since="2010"), {2024: 36})
    assert said.progress == pytest.approx(0.8)  # (36 - 20) / (40 - 20)
    assert said.status == "on_schedule"


def test_yes_or_no_before_the_target_year_is_not_due_and_in_it_undone():
    facts = indicator(0, 1, kind="binary")
    before = judged(facts, {2023: 0, 2024: 0})
    assert (before.status, before.reasons, before.possible) == (
        "not_assessable",
        ("binary_not_due",),
        (),
    )
    late = judged(
        facts, {2024: 0}, 2025
    )  # the target year, but what is known is of the year before
    assert (late.status, late.final) == ("not_assessable", "pending")
    undone = judged(facts, {2025: 0}, 2025)
    assert (undone.status, undone.final) == ("far_behind", "unfulfilled")
    assert (judged(facts, {2025: 1}, 2025).status, judged(facts, {2025: 1}, 2025).final) == (
        "met_locked",
        "fulfilled",
    )
    assert judged(facts, {2022: 1}, 2022).status == "met_locked"


additions = st.lists(
    st.one_of(
        st.none(),
        st.integers(0, 8),
        st.tuples(st.integers(0, 8), st.sampled_from([">", ">=", "="])),
    ),
    min_size=5,
    max_size=5,
)


@given(additions, st.integers(1, 20), st.sampled_from([">=", ">"]))
def test_what_is_locked_is_never_lost(each_year, target, op):
    facts = indicator(None, target, op, kind="increment")
    values = {2021 + k: value for k, value in enumerate(each_year) if value is not None}
    statuses = [judged(facts, values, year).status for year in range(2021, 2026)]
    if "met_locked" in statuses:
        assert set(statuses[statuses.index("met_locked") :]) == {"met_locked"}
    final = judged(facts, values, 2025)
    assert final.final in ("over_fulfilled", "fulfilled", "pending") or "met_locked" not in statuses


@given(st.lists(st.integers(0, 8), min_size=5, max_size=5), st.integers(1, 20))
def test_a_sum_reported_each_year_or_to_date_is_judged_the_same(each_year, target):
    so_far = [sum(each_year[: k + 1]) for k in range(5)]
    for year in range(2021, 2026):
        annual = judged(
            indicator(None, target, kind="increment"),
            dict(zip(range(2021, 2026), each_year, strict=False)),
            year,
        )
        to_date = judged(
            indicator(None, target, kind="increment", reported="to_date"),
            dict(zip(range(2021, 2026), so_far, strict=False)),
            year,
        )
        assert (annual.status, annual.value, annual.ratio, annual.final) == (
            to_date.status,
            to_date.value,
            to_date.ratio,
            to_date.final,
        )
        assert annual.forecast == to_date.forecast


# ── baselines ─────────────────────────────────────────────────────────────────────────────────────


def test_a_base_of_zero_has_no_growth_rate_and_is_said():
    said = judged(indicator(0, 10), {2024: 8})
    assert (said.cagr, said.status, said.progress) == (None, "on_schedule", 0.8)
    assert said.reasons == ("single_point", "zero_base")


def test_a_base_that_already_meets_the_target_is_judged_on_holding_it():
    facts = indicator(96, 95, kind="share", lower=0, upper=100)
    held = judged(facts, {2024: 97})
    assert (held.status, held.progress, held.ratio, held.scheduled) == (
        "met_hold",
        None,
        None,
        None,
    )
    assert held.elapsed == pytest.approx(0.8)
    assert "baseline_met" in held.reasons
    lost = judged(facts, {2024: 94})
    assert (lost.status, lost.progress) == ("reverse", None)
    assert (
        judged(facts, {2025: 99}, 2025).final == "fulfilled"
    )  # never over-fulfilled: there was nothing to gain
    assert judged(facts, {2025: 94}, 2025).final == "unfulfilled_reverse"


def test_a_base_that_equals_the_target_already_meets_it():
    assert judged(indicator(95, 95), {2024: 95}).status == "met_hold"
    assert judged(indicator(95, 95), {2024: 94}).status == "reverse"
    assert "baseline_met" in judged(indicator(95, 95), {2024: 95}).reasons


def test_without_a_baseline_only_met_can_be_told():
    said = judged(indicator(None), {2023: 1900, 2024: 1990})
    assert (said.status, said.reasons, said.baseline.source) == (
        "not_assessable",
        ("no_baseline",),
        "none",
    )
    assert (
        said.progress,
        said.ratio,
        said.mean_step,
        said.cagr,
        said.planned_step,
        said.scheduled,
    ) == (None,) * 6
    assert said.attainment == pytest.approx(0.995)
    assert said.required_step == 10
    assert said.elapsed == pytest.approx(0.8)
    met = judged(indicator(None), {2024: 2000})
    assert (met.status, met.reasons) == ("met_hold", ("no_baseline", "single_point"))
    assert (
        judged(indicator(None), {2021: 2000}, 2021).status == "met_hold"
    )  # from the plan's first year on


def test_without_a_baseline_a_value_of_before_the_plan_is_not_the_plans():
    said = judged(indicator(None), {2018: 1900, 2020: 2500}, 2024)
    assert (said.status, said.reasons, said.n) == ("no_data", ("no_observation",), 2)
    earlier = judged(
        indicator(None, base_year=2018), {2019: 1900, 2020: 2500}, 2024
    )  # after the base year, before the plan
    assert (earlier.status, earlier.reasons, earlier.n) == ("no_data", ("no_observation",), 2)


def test_with_a_baseline_before_the_base_year_of_the_plan_the_years_between_count():
    # baseline of 2019, the latest published figure is of 2020: (12 - 10) / (20 - 10) against 1/6
    said = judged(indicator(10, 20, base_year=2019), {2019: 10, 2020: 12}, 2021)
    assert (said.data_year, said.status) == (2020, "ahead")
    assert said.ratio == pytest.approx(1.2)


def test_the_baselines_own_year_is_not_an_observation_of_the_plan():
    said = judged(indicator(), {2020: 1000})
    assert (said.status, said.reasons, said.value, said.n) == (
        "no_data",
        ("no_observation",),
        None,
        1,
    )


def test_an_observed_baseline_is_taken_where_the_plan_refers_to_it_and_flagged():
    facts = indicator(None, base_source="observations")
    said = judged(facts, {2020: 1000, 2023: 1700, 2024: 1800})
    assert said.baseline == assessment.Baseline(2020, 1000, "=", "observations")
    assert (said.status, said.reasons) == ("on_schedule", ("baseline_observed", "gaps"))
    assert (
        judged(facts, {2021: 1000, 2024: 1800}).baseline.source == "none"
    )  # 2020 was never published
    assert (
        judged(indicator(None), {2020: 1000, 2024: 1800}).baseline.source == "none"
    )  # and not where it does not


def test_the_plans_own_baseline_goes_before_an_observed_one():
    assert (
        judged(indicator(1000, base_source="observations"), {2020: 900, 2024: 1800}).baseline.value
        == 1000
    )


def test_the_first_value_of_the_period_stands_in_as_baseline_only_where_params_say_so():
    values = {2019: 400, 2021: 1000, 2024: 1750}
    said = judged(indicator(None, substitute_baseline=True), values)
    assert said.baseline == assessment.Baseline(2021, 1000, "=", "substitute")
    assert said.elapsed == 0.75
    assert said.ratio == 1
    assert (said.status, said.reasons) == ("on_schedule", ("baseline_substitute", "gaps"))
    assert judged(indicator(None), values).status == "not_assessable"


def test_a_substitute_baseline_alone_is_no_progress_but_its_value_is_shown():
    said = judged(indicator(None, substitute_baseline=True), {2022: (1000, "~")})
    assert (said.status, said.reasons) == ("not_assessable", ("only_substitute",))
    assert (said.data_year, said.value, said.bound) == (2022, 1000, "~")
    assert judged(indicator(None, substitute_baseline=True), {}).status == "no_data"


def test_the_target_years_own_value_is_no_substitute_for_a_baseline():
    facts = indicator(None, substitute_baseline=True)
    missed = judged(facts, {2025: 1500}, 2025)
    assert (missed.baseline.source, missed.status, missed.final) == (
        "none",
        "not_assessable",
        "unfulfilled",
    )
    assert judged(facts, {2025: 2100}, 2025).final == "fulfilled"


@pytest.mark.parametrize("bound", [">", ">=", "~"])
def test_a_baseline_with_a_bound_gives_no_progress(bound):
    said = judged(indicator(1000, base_bound=bound), {2023: 1700, 2024: 1800})
    # 约 1000: 950 to 1050, (1800 − 950)/1050 and 750/950 after 4/5: 1.01 and .99 of the schedule,
    # on it whatever it was; 超 1000: perhaps met before it began
    loose = ("reverse", "far_behind", "behind", "on_schedule")
    expected = ("on_schedule", ()) if bound == "~" else ("not_assessable", loose)
    assert (said.status, said.possible) == expected
    assert (said.reasons, said.baseline.bound) == (("baseline_bound",), bound)
    assert (
        said.progress,
        said.ratio,
        said.mean_step,
        said.cagr,
        said.scheduled,
        said.planned_step,
    ) == (None,) * 6
    assert (
        judged(indicator(1000, base_bound=bound), {2024: 2000}).status == "met_hold"
    )  # whatever the base was
    assert (
        judged(indicator(1000, base_bound=bound), {2025: 2500}, 2025).final == "fulfilled"
    )  # over by how much is not known


# ── data ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_verdict_that_holds_for_every_base_inside_its_bound_is_given():
    # 约 1100: 1050 to 1150; 1400 after 3/5 of the time: 350/950 and 250/850, .61 and .49 of the
    # schedule — 1300: .44 and .29
    assert judged(indicator(1100, base_bound="~"), {2023: 1400}).possible == (
        "far_behind",
        "behind",
    )
    said = judged(indicator(1100, base_bound="~"), {2023: 1300})
    assert (said.status, said.progress, said.reasons) == (
        "far_behind",
        None,
        ("lagging_data", "baseline_bound", "single_point"),
    )
    # at least 100 days, to fall to 50: at 49 it is met, at 75 half of it at least is done, at 105
    # perhaps none
    days = indicator(100, 50, "<=", base_bound=">=")
    assert judged(days, {2024: 49}).status == "met_hold"
    assert judged(days, {2022: 75}).status == "ahead"  # 25/50 after 2/5, or more
    assert judged(days, {2024: 105}).possible == (
        "reverse",
        "far_behind",
        "behind",
        "on_schedule",
        "ahead",
    )


def test_standing_still_is_far_behind_where_the_target_is_more_than_the_baseline():
    facts = indicator(1000, 1000, ">")
    assert judged(facts, {2024: 1001}).status == "met_hold"
    said = judged(facts, {2023: 1000, 2024: 1000})
    assert (said.status, said.reasons, said.progress) == ("far_behind", ("no_distance",), None)
    assert judged(facts, {2024: 999}).status == "reverse"
    assert judged(indicator(1000, 1000, "<"), {2024: 1001}).status == "reverse"


def test_the_data_year_and_not_the_assessment_year_counts():
    # 1400 in 2022: on schedule then; if 2024 were counted it would be far behind
    said = judged(indicator(), {2021: 1200, 2022: 1400}, 2024)
    assert (said.status, said.data_year, said.year, said.elapsed) == (
        "on_schedule",
        2022,
        2024,
        0.4,
    )
    assert said.reasons == ("lagging_data",)


def test_missing_years_are_not_filled_and_are_said():
    said = judged(indicator(), {2021: 1200, 2024: 1800})
    assert (said.n, said.series.gaps, said.reasons) == (2, (2022, 2023), ("gaps",))
    assert judged(indicator(), {2021: 1200, 2022: None, 2024: 1800}).series.gaps == (2022, 2023)


@pytest.mark.parametrize(
    ("status", "reasons"),
    [("final", ()), ("derived", ("derived_value",)), ("preliminary", ("preliminary_value",))],
)
def test_a_derived_or_preliminary_latest_value_is_said(status, reasons):
    said = judged(indicator(), [row(2023, 1600), row(2024, 1800, status=status)])
    assert said.reasons == reasons
    assert (
        judged(indicator(), [row(2023, 1600, status=status), row(2024, 1800)]).reasons == ()
    )  # an earlier one is not


def test_a_target_row_is_no_observation():
    assert judged(indicator(), [row(2025, 2000, status="target")], 2025).status == "no_data"


def test_no_data_is_no_verdict():
    said = judged(indicator(), {})
    assert (
        said.status,
        said.value,
        said.data_year,
        said.progress,
        said.ratio,
        said.attainment,
        said.elapsed,
    ) == ("no_data", *(None,) * 6)
    assert (said.n, said.forecast.rows, said.forecast.reason, said.reasons) == (
        0,
        (),
        "no_data",
        ("no_observation",),
    )
    assert (said.final, said.possible, said.bound) == ("", (), "=")
    assert (
        said.planned_step == 200
    )  # what the plan asks for is known all the same: (2000 - 1000) / 5


def test_without_a_target_nothing_is_judged():
    said = judged(indicator(10, None), {2023: 15, 2024: 18})
    assert (said.status, said.reasons, said.possible) == ("not_assessable", ("no_target",), ())
    assert (
        said.attainment,
        said.progress,
        said.ratio,
        said.required_step,
        said.required_cagr,
        said.planned_step,
    ) == (None,) * 6
    assert said.mean_step == 2
    assert said.elapsed == pytest.approx(0.8)
    assert judged(indicator(10, None), {2025: 18}, 2025).final == "pending"


def test_an_area_is_judged_on_its_own_values_alone():
    observed = [row(2024, 2500), row(2024, 1480, area="town")]
    assert judged(indicator(), observed).status == "met_hold"
    town = judged(indicator(), observed, area="town")
    assert (town.status, town.area, town.value) == ("behind", "town", 1480)
    assert judged(indicator(), observed[:1], area="town").status == "no_data"


def test_the_latest_vintage_known_at_the_date_is_judged():
    observed = [row(2024, 1759, published="2025-03-01"), row(2024, 1840, published="2025-09-01")]
    assert judged(indicator(), observed, known_by="2025-01-31").status == "no_data"
    assert judged(indicator(), observed, known_by="2025-06-30").status == "behind"
    assert judged(indicator(), observed).status == "ahead"


# ── changes of definition ─────────────────────────────────────────────────────────────────────────

BROKEN = Break(2023, "新口径", "2024-03-01")


def test_across_a_change_of_definition_there_is_no_progress():
    said = judged(
        indicator(breaks=(BROKEN,)),
        [
            row(2022, 1900),
            row(2023, 1500, published="2024-03-01"),
            row(2024, 1700, published="2025-03-01"),
        ],
    )
    assert (said.status, said.reasons) == ("not_assessable", ("broken_series",))  # said once
    assert (said.baseline.source, said.progress, said.n, said.series.broken_at) == (
        "none",
        None,
        2,
        2023,
    )
    assert said.attainment == pytest.approx(0.85)
    assert said.required_step == 300


def test_additions_of_a_former_definition_are_missing_from_the_sum():
    facts = indicator(None, 10, kind="increment", breaks=(Break(2023, "新口径"),))
    said = judged(facts, {2020: 9, 2021: 4, 2022: 4, 2023: 3, 2024: 4})
    assert [(p.year, p.level, p.bound) for p in said.series.before] == [
        (2021, 4, "="),
        (2022, 8, "="),
    ]
    assert [(p.year, p.level, p.bound) for p in said.series.points] == [
        (2023, 3, ">="),
        (2024, 7, ">="),
    ]
    # at least 7 of 10 after 4/5: .875 of the schedule or any more
    assert (said.status, said.possible) == (
        "not_assessable",
        ("behind", "on_schedule", "ahead", "met_locked"),
    )
    assert (
        judged(facts, {2021: 4, 2023: 6, 2024: 4}).status == "met_locked"
    )  # by the new definition alone
    assert judged(facts, {2021: 0, 2022: 0, 2023: 3}).bound == ">="
    assert judged(facts, {2023: 3, 2024: 4}).series.points[0].level == 3
    assert judged(facts, {2021: 4, 2022: 4}).value == 8


def test_a_target_met_in_the_new_definition_is_met():
    said = judged(
        indicator(breaks=(BROKEN,)),
        [row(2022, 1500), row(2023, 2100, published="2024-03-01")],
        2023,
    )
    assert (said.status, said.reasons) == ("met_hold", ("broken_series", "single_point"))


def test_a_change_of_definition_not_yet_known_does_not_count():
    observed = [
        row(2022, 1400, published="2023-03-01"),
        row(2023, 1600, published="2024-02-01"),
        row(2023, 1500, published="2024-03-01"),
    ]
    before = judged(indicator(breaks=(BROKEN,)), observed, 2023, known_by="2024-02-29")
    assert (before.status, before.value, before.series.broken_at) == ("on_schedule", 1600, None)
    after = judged(indicator(breaks=(BROKEN,)), observed, 2023, known_by="2024-03-01")
    assert (after.status, after.value, after.series.broken_at) == ("not_assessable", 1500, 2023)


def test_a_baseline_of_the_new_definition_is_still_a_baseline():
    facts = indicator(1000, base_year=2022, breaks=(Break(2022, "新口径"),))
    said = judged(facts, {2021: 5000, 2022: 1000, 2024: 1667})
    assert (said.baseline.source, said.status) == ("plan", "on_schedule")  # 667/1000 against 2/3
    assert said.reasons == ("broken_series", "gaps")


def test_an_observed_baseline_of_the_old_definition_is_lost_to_the_change():
    facts = indicator(None, base_source="observations", breaks=(Break(2023, "新口径"),))
    said = judged(facts, {2020: 1000, 2023: 1500, 2024: 1700})
    assert (said.status, said.reasons) == ("not_assessable", ("broken_series",))


def test_a_baseline_nobody_ever_had_is_not_lost_to_the_change():
    said = judged(
        indicator(None, breaks=(Break(2023, "新口径"),)), {2021: 1000, 2023: 1500, 2024: 1700}
    )
    assert (said.status, said.reasons) == ("not_assessable", ("no_baseline", "broken_series"))


def test_after_a_change_the_first_value_of_the_new_definition_may_stand_in():
    said = judged(
        indicator(breaks=(Break(2023, "新口径"),), substitute_baseline=True),
        {2021: 1900, 2023: 1000, 2024: 1500},
    )
    assert (said.baseline.year, said.baseline.value, said.baseline.source) == (
        2023,
        1000,
        "substitute",
    )
    assert said.ratio == 1
    assert said.status == "on_schedule"


# ── bounds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "bound", "upper", "expected"),
    [
        (18, "=", None, (18, 18)),
        (18, ">", None, (18, float("inf"))),
        (18, ">=", None, (18, float("inf"))),
        (98, ">", 100, (98, 100)),
        (98, ">=", 100, (98, 100)),
        (18, "~", None, (17.5, 18.5)),
        (12.5, "~", None, (12.45, 12.55)),
        (0.25, "~", None, (0.245, 0.255)),
        (1200, "~", None, (1150, 1250)),
        (180, "~", 200, (175, 185)),
        (-18, "~", None, (-18.5, -17.5)),
        (0, "~", None, (0, 0)),
        (0.00003, "~", None, (0.000025, 0.000035)),
        (3e13, "~", None, (2.95e13, 3.05e13)),
        (10, "~", None, (9.5, 10.5)),  # not 5 to 15
        (300, "~", None, (295, 305)),
        (5000, "~", None, (4950, 5050)),
        (12_345, "~", None, (12_344.5, 12_345.5)),
        (7, "~", None, (6.5, 7.5)),
    ],
)
def test_all_values_a_printed_figure_may_stand_for(value, bound, upper, expected):
    assert worlds.interval_of(value, bound, upper) == pytest.approx(expected)


def test_an_exact_value_has_one_status():
    assert judged(indicator(10, 20), {2024: (18, "=")}).possible == ()


@pytest.mark.parametrize("bound", [">", ">="])
def test_a_lower_bound_gives_a_verdict_only_where_all_above_it_agree(bound):
    # counted things: above 17 is 18 or more, r = 1; 17 itself is .7/.8 = .875
    loose = judged(indicator(10, 20), {2024: (17, bound)})
    rest = ("on_schedule", "ahead", "met_hold")
    if bound == ">":
        assert (loose.status, loose.at_least, loose.possible) == ("on_schedule", True, rest)
    else:
        assert (loose.status, loose.at_least) == ("not_assessable", False)
        assert loose.possible == ("behind", *rest)
        assert loose.reasons == ("bound_too_loose", "bounded_value", "single_point")
    tight = judged(indicator(10, 20), {2024: (20, bound)})
    assert (tight.status, tight.possible) == ("met_hold", ())
    assert tight.reasons == ("bounded_value", "single_point")


def test_above_a_strict_targets_own_value_the_target_is_met():
    # 「超20」 against 「超20」: whatever it is, it is above 20; 「20以上」 may be 20 itself
    above = judged(indicator(10, 20, ">"), {2024: (20, ">")})
    assert (above.status, above.possible, above.required_step) == ("met_hold", (), None)
    at_least = judged(indicator(10, 20, ">"), {2024: (20, ">=")})
    assert (at_least.status, at_least.possible) == ("ahead", ("ahead", "met_hold"))
    assert at_least.at_least
    assert judged(indicator(10, 20, ">"), {2024: 20}).status == "ahead"
    assert judged(indicator(10, 20, ">"), {2025: (20, ">")}, 2025).final == "fulfilled"
    assert judged(indicator(10, 20, ">"), {2025: (20, ">=")}, 2025).final == "pending"


def test_where_lower_is_better_a_lower_bound_says_little():
    # from 50 down to 40: above 44 may be anything from behind to worse than ever
    said = judged(indicator(50, 40, "<="), {2024: (44, ">")})
    assert (said.status, said.possible) == ("not_assessable", ("reverse", "far_behind", "behind"))
    assert (
        judged(indicator(50, 40, "<="), {2024: (51, ">")}).status == "reverse"
    )  # but this is plain


def test_the_upper_limit_closes_the_bound():
    # from 50 down to 40, in 2024: 44 gives r = 0.6/0.8 = 0.75, 45 gives 0.5/0.8 = 0.625: behind
    # throughout
    assert judged(indicator(50, 40, "<=", upper=45), {2024: (44, ">")}).status == "behind"
    assert judged(indicator(50, 40, "<=", upper=46), {2024: (44, ">")}).possible == (
        "far_behind",
        "behind",
    )  # 0.4/0.8 = 0.5


def test_about_means_half_a_unit_of_the_last_digit_to_either_side():
    # 约18: 17.5 gives 0.75/0.8 = 0.9375, 18.5 gives 0.85/0.8 = 1.0625
    loose = judged(indicator(10, 20, unit="亿元"), {2024: (18, "~")})
    assert (loose.status, loose.possible) == ("not_assessable", ("behind", "on_schedule", "ahead"))
    # 约16: 15.5 gives 0.6875, 16.5 gives 0.8125
    assert judged(indicator(10, 20), {2024: (16, "~")}).status == "behind"
    # 约21: 20.5 and 21.5 are both above 20
    assert judged(indicator(10, 20), {2024: (21, "~")}).status == "met_hold"


def test_without_a_baseline_a_bound_that_meets_the_target_is_enough():
    # 33,673 variety applications and more against 25,000 (the national plan to 2020)
    assert (
        judged(
            indicator(None, 25_000, kind="cumulative", since="1999"), {2024: (33_673, ">=")}
        ).status
        == "met_locked"
    )
    said = judged(indicator(None, 25_000, kind="cumulative", since="1999"), {2024: (20_000, ">=")})
    assert (said.status, said.reasons[0]) == ("not_assessable", "no_baseline")


@pytest.mark.parametrize(
    ("value", "bound", "final"),
    [
        (2200, ">", "over_fulfilled"),  # p = 1.2 or more
        (2100, ">=", "over_fulfilled"),  # p = 1.1 or more
        (2050, ">", "fulfilled"),  # 1.05 or more: met, by how much is open
        (2000, ">=", "fulfilled"),
        (1999, ">", "pending"),
        (999, ">", "pending"),
        (2000, "~", "pending"),  # 1500 to 2500
        (2010, "~", "fulfilled"),  # 2005 to 2015
        (1980, "~", "nearly_fulfilled"),  # 1975 to 1985
    ],
)
def test_the_final_word_holds_for_every_value_inside_the_bound(value, bound, final):
    assert judged(indicator(), {2025: (value, bound)}, 2025).final == final


def test_the_final_word_on_a_bound_of_a_binding_target_or_without_a_baseline():
    assert judged(indicator(property="binding"), {2025: (2000, ">=")}, 2025).final == "fulfilled"
    assert judged(indicator(property="binding"), {2025: (1999, ">=")}, 2025).final == "pending"
    assert judged(indicator(property="binding"), {2025: (1980, "~")}, 2025).final == "unfulfilled"
    assert judged(indicator(None), {2025: (2200, ">")}, 2025).final == "fulfilled"
    assert (
        judged(indicator(2000, 1000, "<="), {2025: (2500, ">")}, 2025).final == "pending"
    )  # unfulfilled, by how much is open
    assert (
        judged(indicator(2000, 1000, "<=", property="binding"), {2025: (1500, ">")}, 2025).final
        == "unfulfilled"
    )


@settings(max_examples=200)
@given(
    st.integers(0, 40),
    st.integers(1, 60),
    st.integers(0, 80),
    st.sampled_from([">", ">=", "~"]),
    st.sampled_from([">=", ">"]),
    year_judged,
    st.one_of(st.none(), st.integers(80, 100)),
)
def test_a_verdict_on_a_bound_holds_for_every_value_inside_it(
    base, target, value, bound, op, year, upper
):
    """The slow way: judge values inside the bound, in tenths, one by one."""
    facts = indicator(base, target, op, decimals=1, upper=upper)
    bounded = judged(facts, {year: (value, bound)}, year)
    low, high = worlds.interval_of(value, bound, upper)
    tenths = range(round(low * 10) + (bound == ">"), round(min(high, 200) * 10) + 1)
    inside = [
        judged(facts, {year: k / 10}, year)
        for k in {*tenths[:: max(1, len(tenths) // 10)], *tenths[-1:]}
    ]
    if bounded.at_least:
        assert {said.status for said in inside} <= set(bounded.possible)
        assert bounded.possible[0] == bounded.status
    elif bounded.status != "not_assessable":
        assert {said.status for said in inside} <= {bounded.status}
        if bounded.final not in ("", "pending"):
            assert {said.final for said in inside} <= {
                bounded.final
            } or bounded.final == "fulfilled"
    elif bounded.reasons[0] == "bound_too_loose":
        assert {said.status for said in inside} <= set(bounded.possible)


# ── the forecast of an assessment ─────────────────────────────────────────────────────────────────


def test_a_level_is_forecast_as_it_stands():
    said = judged(indicator(), {2021: 1200, 2022: 1400, 2023: 1600}, model="drift")
    assert [r[0] for r in said.forecast.rows] == [2024, 2025]
    assert said.at_target["median"] == pytest.approx(2000)  # two more steps of 200
    assert (
        said.at_target["low80"] < 2000 < said.at_target["high80"]
    )  # half a unit of rounding is left
    assert (said.forecast.model, said.forecast.n) == ("drift", 3)


@pytest.mark.parametrize(("decimals", "half_a_unit"), [(0, 0.5), (1, 0.05), (2, 0.005)])
def test_a_series_of_zeros_is_uncertain_by_half_a_unit_of_its_last_digit(decimals, half_a_unit):
    said = judged(indicator(0, 5, decimals=decimals), {2021: 0, 2022: 0, 2023: 0}, model="drift")
    high80 = forecast.offsets("drift", 3)[1][5]  # two years ahead, in units of the scale
    assert said.at_target["high80"] == pytest.approx(high80 * half_a_unit)


def test_values_before_the_plan_help_to_forecast_a_level():
    said = judged(indicator(), {2018: 800, 2019: 900, 2020: 1000, 2021: 1200}, 2021, model="last")
    assert (said.forecast.n, said.at_target["median"]) == (4, 1200)


def test_additions_of_before_the_plan_help_to_forecast_those_to_come():
    values = {2018: 2, 2019: 3, 2020: 3, 2021: 4, 2022: 3, 2023: 5, 2024: 4}
    said = judged(indicator(None, 20, kind="increment"), values, model="last")
    assert said.forecast.n == 7
    assert said.n == 4
    assert said.at_target["median"] == 20  # 4 + 3 + 5 + 4 = 16 banked, and 4 again
    assert said.at_target["low95"] >= 16


def test_a_sum_to_date_is_forecast_by_its_yearly_additions():
    said = judged(
        indicator(None, 20, kind="increment", reported="to_date"),
        {2021: 2, 2022: 5, 2023: 8, 2024: 12},
        model="last",
    )
    assert said.forecast.n == 4  # 2, 3, 3, 4: the first sum is the first addition
    assert said.at_target["median"] == 16  # 12 + 4
    late = judged(
        indicator(None, 20, kind="increment", reported="to_date"),
        {2022: 5, 2023: 8, 2024: 12},
        model="last",
    )
    assert late.forecast.n == 2  # 3, 4: the 5 of 2022 are of two years


def test_a_running_total_is_forecast_by_its_yearly_additions():
    said = judged(
        indicator(20, 40, kind="cumulative", since="2010"),
        {2020: 20, 2021: 24, 2022: 29, 2023: 33},
        2023,
        model="last",
    )
    assert said.forecast.n == 3  # 4, 5, 4
    assert said.forecast.at(2024)["median"] == 37
    assert said.at_target["median"] == 41
    late = judged(
        indicator(20, 40, kind="cumulative", since="2010"),
        {2021: 24, 2022: 29, 2023: 33},
        2023,
        model="last",
    )
    assert late.forecast.n == 2  # 5, 4: the 24 are of all years since 2010


def test_a_gap_leaves_a_running_total_without_its_latest_addition():
    said = judged(
        indicator(20, 40, kind="cumulative", since="2010"),
        {2020: 20, 2021: 24, 2022: 29, 2024: 38},
        model="last",
    )
    assert (said.forecast.rows, said.forecast.reason) == ((), "too_few_points")
    one = judged(indicator(20, 40, kind="cumulative", since="2010"), {2024: 38}, model="last")
    assert (one.forecast.rows, one.forecast.reason) == ((), "too_few_points")


@pytest.mark.parametrize(
    ("facts", "values", "reason"),
    [
        (indicator(), {2024: 1500, 2025: 1900}, "target_year_known"),
        (indicator(), {2022: (1300, ">"), 2023: 1500, 2024: 1800}, "bounded_series"),
        (indicator(), {2022: 1300, 2023: 1500, 2024: (1800, ">=")}, "bounded_series"),
        (
            indicator(None, 20, kind="increment"),
            {2019: (2, ">"), 2020: 2, 2021: 3, 2022: 3, 2023: 4, 2024: 4},
            "bounded_series",
        ),
        (indicator(0, 1, kind="binary"), {2022: 0, 2023: 0, 2024: 1}, "binary_no_forecast"),
        (indicator(), {2024: 1800}, "too_few_points"),
    ],
)
def test_why_there_is_no_forecast(facts, values, reason):
    said = judged(facts, values, 2025, model="drift")
    assert (said.forecast.rows, said.forecast.reason) == ((), reason)
    assert set(said.at_target.values()) == {None}


def test_an_approximate_value_does_not_forbid_a_forecast():
    assert judged(
        indicator(), {2022: (1300, "~"), 2023: 1500, 2024: 1800}, model="drift"
    ).forecast.rows


def test_the_forecast_stays_inside_the_natural_limits():
    said = judged(
        indicator(50, 90, kind="share", lower=0, upper=100),
        {2021: 60, 2022: 90, 2023: 99},
        model="drift",
    )
    assert said.at_target["median"] == 100
    assert said.at_target["high95"] == 100
    assert said.at_target["low95"] >= 0


def test_a_change_of_definition_is_not_forecast_across():
    said = judged(
        indicator(breaks=(Break(2023, "新口径"),)),
        {2021: 100, 2022: 200, 2023: 1500, 2024: 1600},
        model="last",
    )
    assert (said.forecast.n, said.at_target["median"]) == (2, 1600)


# ── the other readings of the plan ────────────────────────────────────────────────────────────────

TAKEN = Reading("taken", "本读法", True)


def other(facts, values, year=2024, context=(), **options):
    points = observations.taken(PLAN, facts, rows(values), year, options.get("known_by", ""))
    return sensitivity.other_readings(PLAN, facts, points, context, year, **options)


def test_a_plan_that_can_be_read_in_one_way_has_no_other_readings():
    assert other(indicator(), {2024: 1800}) == []
    assert other(indicator(readings=(TAKEN,)), {2024: 1800}) == []


def test_the_other_reading_of_a_strict_word_judges_the_same_observations():
    facts = indicator(10, 20, ">", readings=(TAKEN, Reading("table", "表", False, op=">=")))
    assert judged(facts, {2024: 20}).status == "ahead"
    [(reading, said)] = other(facts, {2024: 20})
    assert (reading.id, said.status, said.value) == ("table", "met_hold", 20)


def test_five_years_together_or_the_target_year_alone():
    # 30 in five years, or 30 in the year 2025: 6 + 6 + 6 + 6 = 24 banked is on schedule, 6 a year
    # never comes near
    facts = indicator(
        None,
        30,
        kind="increment",
        readings=(TAKEN, Reading("annual", "当年", False, kind="flow", baseline=Baseline(2020, 4))),
    )
    values = {2021: 6, 2022: 6, 2023: 6, 2024: 6}
    assert (judged(facts, values).status, judged(facts, values).value) == ("on_schedule", 24)
    [(_, said)] = other(facts, values)
    assert (said.value, said.bound, said.facts.kind, said.facts.reported) == (6, "=", "flow", None)
    assert said.ratio == pytest.approx(2 / 26 / 0.8)  # (6 - 4) / (30 - 4) against 4/5
    assert said.status == "far_behind"


def test_the_other_reading_may_rest_on_a_series_that_is_only_context():
    facts = indicator(2, 12, readings=(TAKEN, Reading("wide", "含著作权", False, series="wide")))
    context = [
        row(2020, 2, series="wide"),
        row(2024, 10, series="wide"),
        row(2025, 99, series="wide"),
        row(2024, 50, series="another"),
        row(2024, 60, series="wide", area="town"),
    ]
    assert judged(facts, {2024: 8}).status == "behind"  # (8 - 2) / 10 against 0.8: 0.75
    [(_, said)] = other(facts, {2024: 8}, context=iter(context))
    assert (said.value, said.status, said.facts.id) == (
        10,
        "on_schedule",
        "one",
    )  # (10 - 2) / 10 against 0.8: 1


def test_the_other_reading_sees_only_what_was_known():
    facts = indicator(2, 12, readings=(TAKEN, Reading("wide", "含著作权", False, series="wide")))
    context = [
        row(2023, 8, series="wide", published="2024-03-01"),
        row(2024, 10, series="wide", published="2025-03-01"),
    ]
    [(_, said)] = other(facts, {}, context=context, known_by="2024-12-31")
    assert (said.data_year, said.value) == (2023, 8)
    assert other(facts, {}, context=[], known_by="2024-12-31")[0][1].status == "no_data"


def test_every_reading_not_taken_is_told_in_the_plans_order_with_the_same_rule_and_model():
    facts = indicator(
        readings=(
            Reading("a", "", False, op=">"),
            TAKEN,
            Reading("b", "", False, target=Target(2025, 3000)),
        )
    )
    said = other(facts, {2022: 1400, 2024: 1800}, model="last")
    assert [reading.id for reading, _ in said] == ["a", "b"]
    assert [one.status for _, one in said] == [
        "on_schedule",
        "far_behind",
    ]  # 0.8/0.8; (800/2000)/0.8 = 0.5
    assert {one.forecast.model for _, one in said} == {"last"}


def test_the_other_reading_of_an_area_is_of_that_area():
    facts = indicator(10, 20, ">", readings=(TAKEN, Reading("table", "表", False, op=">=")))
    observed = [row(2024, 20), row(2024, 18, area="town")]
    points = [
        point
        for area in ("district", "town")
        for point in observations.taken(PLAN, facts, observed, 2024, "", area)
    ]
    [(_, said)] = sensitivity.other_readings(PLAN, facts, points, [], 2024, area="town")
    assert (said.area, said.value, said.status) == ("town", 18, "on_schedule")


# ── the plan as a whole ───────────────────────────────────────────────────────────────────────────


def conclusion(*statuses, binding=()):
    return overall.of_statuses(
        [
            (f"i{k}", status, "binding" if k in binding else "expected")
            for k, status in enumerate(statuses)
        ]
    )


@pytest.mark.parametrize(
    ("good", "late", "unjudged", "word"),
    [
        (8, 2, 0, "on_schedule"),  # 8/10
        (7, 2, 0, "mostly"),  # 7/9 = 0.78
        (6, 4, 0, "mostly"),  # 6/10
        (5, 4, 0, "behind"),  # 5/9 = 0.56
        (0, 3, 0, "behind"),
        (6, 0, 4, "on_schedule"),  # 6 of 10 can be judged
        (5, 0, 4, "insufficient"),  # 5 of 9
        (0, 0, 3, "insufficient"),
        (0, 0, 0, "insufficient"),
        (3, 0, 2, "on_schedule"),  # 3/5: 0.6 exactly
        (4, 1, 0, "on_schedule"),  # 4/5: 0.8 exactly
    ],
)
def test_the_conclusion_at_sixty_and_eighty_percent(good, late, unjudged, word):
    said = conclusion(*["ahead"] * good, *["behind"] * late, *["no_data"] * unjudged)
    assert (said.word, said.total, said.assessable) == (word, good + late + unjudged, good + late)


def test_a_binding_target_behind_denies_the_best_conclusion_and_is_named():
    statuses = ["on_schedule"] * 9 + ["behind"]
    assert conclusion(*statuses).word == "on_schedule"
    assert conclusion(*statuses, binding=(0, 1)).word == "on_schedule"  # binding ones that are good
    said = conclusion(*statuses, binding=(0, 9))
    assert (said.word, said.binding_behind) == ("mostly", ("i9",))
    unknown = conclusion("ahead", "ahead", "ahead", "no_data", "not_assessable", binding=(3, 4))
    assert (unknown.word, unknown.binding_behind) == ("on_schedule", ())  # not known is not behind


@pytest.mark.parametrize("status", verdict.STATUSES)
def test_which_statuses_count_as_good_and_which_as_judged(status):
    said = conclusion(status)
    assert said.assessable == (status not in ("no_data", "not_assessable"))
    good = status in ("met_locked", "met_hold", "ahead", "on_schedule")
    assert said.word == (
        "insufficient" if not said.assessable else "on_schedule" if good else "behind"
    )
    assert conclusion(status, binding=(0,)).binding_behind == (
        ("i0",) if status in ("behind", "far_behind", "reverse") else ()
    )


def test_the_counts_are_of_all_indicators_from_the_best_status_down():
    said = conclusion("behind", "no_data", "ahead", "behind", "met_locked")
    assert said.counts == (("met_locked", 1), ("ahead", 1), ("behind", 2), ("no_data", 1))


@given(st.lists(st.tuples(st.sampled_from(verdict.STATUSES), st.booleans()), max_size=30))
def test_the_conclusion_agrees_with_counting_by_hand(indicators):
    said = overall.of_statuses(
        [
            (str(k), status, "binding" if binding else "expected")
            for k, (status, binding) in enumerate(indicators)
        ]
    )
    judged_ones = [
        (status, binding)
        for status, binding in indicators
        if status not in ("no_data", "not_assessable")
    ]
    good = sum(
        status in ("met_locked", "met_hold", "ahead", "on_schedule") for status, _ in judged_ones
    )
    late = sum(
        binding and status in ("behind", "far_behind", "reverse") for status, binding in judged_ones
    )
    if 10 * len(judged_ones) < 6 * len(indicators) or not indicators:
        word = "insufficient"
    elif 10 * good >= 8 * len(judged_ones) and not late:
        word = "on_schedule"
    else:
        word = "mostly" if 10 * good >= 6 * len(judged_ones) else "behind"
    assert (said.word, said.total, said.assessable, len(said.binding_behind)) == (
        word,
        len(indicators),
        len(judged_ones),
        late,
    )
    assert sum(count for _, count in said.counts) == len(indicators)


# The target year: final words over published final values -----------------------------------------


def at_the_end(*codes, binding=(), status="met_hold", data_year=2025):
    return overall.of_records(
        PLAN,
        2025,
        [
            {
                "indicator_id": f"i{k}",
                "status": status,
                "property": "binding" if k in binding else "expected",
                "data_year": data_year,
                "final_code": code,
            }
            for k, code in enumerate(codes)
        ],
    )


@pytest.mark.parametrize(
    ("codes", "binding", "word"),
    [
        (["fulfilled", *["pending"] * 7], (), "final_insufficient"),  # 1 of 8 is published
        (["fulfilled"] * 5 + ["pending"] * 4, (), "final_insufficient"),  # 5/9 = 55.6 %
        (["fulfilled"] * 6 + ["pending"] * 4, (), "fulfilled"),  # 6/10 published, all done
        (["over_fulfilled"] * 4 + ["unfulfilled"], (), "fulfilled"),  # 4/5 = 80 %
        (
            ["over_fulfilled"] * 4 + ["unfulfilled"],
            (4,),
            "mostly_fulfilled",
        ),  # a binding one is not
        (["fulfilled"] * 3 + ["nearly_fulfilled"] * 2, (), "mostly_fulfilled"),  # 60 %
        (["fulfilled"] + ["unfulfilled"] * 4, (), "unfulfilled"),
    ],
)
def test_in_the_target_year_the_conclusion_is_of_published_final_values(codes, binding, word):
    found = at_the_end(*codes, binding=binding)
    assert found.word == word
    assert found.published == len(codes) - codes.count("pending")


def test_before_the_target_year_statuses_conclude_and_older_data_are_counted():
    rows = [
        {
            "indicator_id": k,
            "status": status,
            "property": "expected",
            "data_year": year,
            "final_code": "",
        }
        for k, status, year in (
            ("a", "ahead", 2023),
            ("b", "ahead", 2021),
            ("c", "behind", 2022),
            ("d", "no_data", None),
        )
    ]
    found = overall.of_records(PLAN, 2023, rows)
    assert (found.word, found.finals) == ("mostly", ())  # 2 of 3
    assert found.stale == ((2022, 1), (2021, 1))
    assert overall.of_records(PLAN, PLAN.period.start - 1, rows).word == overall.NOT_BEGUN


# ── after the target year ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("final", "late", "word"),
    [
        (1990, 2000, "fulfilled_late"),
        (1990, 1999, "nearly_fulfilled"),  # (1990 - 1000)/1000 = .99
        (1400, 2100, "fulfilled_late"),
        (2000, 1500, "fulfilled"),  # what came later takes nothing back
        (1400, None, "unfulfilled"),
        (1400, (2000, ">="), "fulfilled_late"),
        (1400, (2000, "~"), "unfulfilled"),  # about 2000 may be less
        (None, 2100, "pending"),  # the target year itself is not known
    ],
)
def test_what_the_year_after_the_plan_met_is_fulfilled_late(final, late, word):
    values = {year: value for year, value in ((2025, final), (2026, late)) if value}
    said = judged(indicator(), {2024: 1380, **values}, 2025)
    assert said.final == word
    assert said.data_year == (2025 if final else 2024)
    assert judged(indicator(), {2024: 1380, **values}, 2024).series.late is None


def test_a_level_known_by_one_value_is_forecast_from_the_baseline_or_not_at_all():
    alone = judged(indicator(None, 78.3, decimals=1), {2021: 77.6}, 2021)
    assert (alone.forecast.reason, alone.p_met) == ("too_few_points", None)
    both = judged(indicator(77.3, 78.3, decimals=1), {2021: 77.6}, 2021)  # a life expectancy
    assert both.forecast.n == 2
    assert 70 < both.at_target["low80"] < 78 < both.at_target["high80"] < 100
    observed = judged(indicator(77.3, 78.3, decimals=1), {2020: 77.3, 2021: 77.6}, 2021)
    assert both.forecast == observed.forecast
    added = judged(indicator(None, 20, kind="increment"), {2021: 3}, 2021)
    assert (added.forecast.n, added.p_met is None) == (1, False)


def test_the_number_expected_to_be_met_adds_up_the_chances():
    # x = .9 + .5 + .4 = 1.8; v = .3, .5, .4899; Σv² = .58; (Σv)² = 1.6637
    # d = 1.2816·√(.58 + .1·(1.6637 − .58)) = 1.2816·√.68837 = 1.0633
    assert outlook.expected([0.9, 0.5, 0.4]) == pytest.approx((1.8, 1.0633), abs=1e-4)
    assert outlook.expected([1.0, 1.0, 0.0]) == (2.0, 0.0)
