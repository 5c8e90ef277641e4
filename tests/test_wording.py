"""What the sentences say: every code has a word, every word its grammar, every printed number is
the record's."""

from __future__ import annotations

import ast
import inspect
import re
import types
import typing
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from conftest import some
from hypothesis import given, strategies as st

from helpers.intake import contract, observations, plan as plans, promise_rows, promises
from helpers.intake.observations import Point, Series
from helpers.measure import (
    assessment,
    backtest,
    baselines,
    commitment,
    final,
    forecast,
    form_verdict,
    outlook,
    overall,
    sensitivity,
    verdict,
)
from helpers.measure.assessment import Assessment
from helpers.measure.case import Rating
from helpers.measure.commitment import CommitmentState
from helpers.measure.overall import Overall
from helpers.measure.trend import trend
from helpers.show import canvas, result, wording

ROOT = Path(__file__).resolve().parents[1]


# By hand: an indicator, its points, what was said of it -------------------------------------------

FACTS = plans.Indicator(
    "patents",
    "有效专利",
    "Valid patents",
    "创造",
    "件",
    "stock",
    0,
    plans.Baseline(2020, 100),
    plans.Target(2025, 200),
    (plans.Clause("有效专利达200件", 1),),
    "年末有效件数。",
    plans.Supplier("局", "规划原文", "各年值"),
)
SHARE = replace(
    FACTS,
    unit="%",
    kind="share",
    decimals=1,
    baseline=plans.Baseline(2020, 10),
    target=plans.Target(2025, 12),
)
PLEDGE = replace(
    FACTS,
    unit="亿元",
    kind="cumulative",
    decimals=2,
    baseline=plans.Baseline(2020, 2),
    target=plans.Target(2025, 20),
)
NO_TARGET = replace(FACTS, target=plans.Target(2025, None, note="规划只说“大幅提高”"))
BUILT = replace(FACTS, unit="个", kind="binary", target=plans.Target(2025, 1))
DAYS = replace(
    FACTS,
    unit="天",
    direction="lower",
    baseline=plans.Baseline(2020, 50),
    target=plans.Target(2025, 40, "<="),
)


def point(year: int, value: float, bound: str = "=", earlier: str = "") -> Point:
    row = contract.Observation(
        "toy", "patents", "town", year, value, "件", "final", "report", bound=bound
    )
    return Point(row, value, bound, earlier)


def said(
    status: str = "behind",
    facts: plans.Indicator = FACTS,
    points: tuple[Point, ...] = (),
    **numbers,
) -> Assessment:
    """What would be said of `facts`; the latest of `points` is its value."""
    latest = (
        {"data_year": points[-1].year, "value": points[-1].level, "bound": points[-1].bound}
        if points
        else {}
    )
    fixed = {
        "baseline": assessment.Baseline(2020, facts.baseline.value, "=", "plan"),
        "series": Series(points),
        "forecast": forecast.Forecast("drift", len(points), reason="too_few_points"),
    }
    return Assessment(facts, "town", 2023, "cn-plan-1", status, **{**fixed, **latest, **numbers})


def gained(facts: plans.Indicator = FACTS, **numbers) -> Assessment:
    """140 pieces in 2023: (140-100)/(200-100) = 40 % of the gain in 3/5 = 60 % of the time, r =
    2/3."""
    return said(
        "behind",
        facts,
        (point(2020, 100), point(2023, 140)),
        attainment=0.7,
        progress=0.4,
        elapsed=0.6,
        ratio=2 / 3,
        **numbers,
    )


# Codes and words ----------------------------------------------------------------------------------


def literals(owner: type, name: str) -> set[str]:
    """The codes a field may hold, from its annotation."""

    def codes(hint: object) -> set[str]:
        parts = typing.get_args(hint)
        return (
            set(parts)
            if typing.get_origin(hint) is typing.Literal
            else {code for part in parts for code in codes(part)}
        )

    return codes(typing.get_type_hints(owner)[name])


def constants(node: ast.AST) -> set[str]:
    return {
        leaf.value
        for leaf in ast.walk(node)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }


def function(module: types.ModuleType, name: str) -> ast.FunctionDef:
    return next(
        n
        for n in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(n, ast.FunctionDef) and n.name == name
    )


def reasons_in_the_source() -> set[str]:
    """Every reason code that `verdict` and `forecast` can give, read where they give it."""
    given = {
        leaf
        for module in (verdict, form_verdict, forecast, outlook)
        for n in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(n, ast.keyword) and n.arg in ("reason", "reasons")
        for leaf in constants(n.value)
    }
    given |= {
        leaf
        for name in ("_remarks", "_rounding_matters")
        for n in ast.walk(function(verdict, name))
        if isinstance(n, ast.Dict)
        for key in n.keys
        if key is not None
        for leaf in constants(key)
    }
    for node in ast.walk(function(verdict, "_why_no_progress")):
        if isinstance(node, ast.Return):
            branches = (
                [node.value.body, node.value.orelse]
                if isinstance(node.value, ast.IfExp)
                else [node.value]
            )
            given |= {leaf for branch in branches for leaf in constants(branch)}
    return given | reasons_of_forms()


def reasons_of_forms() -> set[str]:
    """The reasons given where the form of a target has a rule of its own, and for what is none."""
    given = constants_of(function(form_verdict, "_why_not")) - {""}
    for node in ast.walk(function(form_verdict, "remarks")):
        if isinstance(node, ast.Dict):
            given |= {leaf for key in node.keys for leaf in constants(key)}
    for node in ast.walk(function(verdict, "_status")):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "why":
            given |= {*constants(node.value.body), *constants(node.value.orelse)}
    return given


def constants_of(node: ast.FunctionDef) -> set[str]:
    """The codes a function returns."""
    given = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Return):
            branches = (
                [one.value.body, one.value.orelse]
                if isinstance(one.value, ast.IfExp)
                else [one.value]
            )
            given |= {leaf for branch in branches for leaf in constants(branch)}
    return given


def own_models() -> set[str]:
    """Names of models added by hand, which may go without words."""
    return {
        name for name, model in forecast.MODELS.items() if "own_models" in model.median.__module__
    }


def baseline_sources_in_the_source() -> set[str]:
    calls = [
        n
        for n in ast.walk(function(baselines, "baseline_of"))
        if isinstance(n, ast.Call) and ast.unparse(n.func) == "Baseline"
    ]
    return {call.args[3].value for call in calls}


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.STATUS, set(verdict.STATUSES)),
        (wording.SIGN, set(verdict.STATUSES)),
        (canvas.STATUS_COLOUR, set(verdict.STATUSES)),
        (wording.FINAL, {*final.FINALS, ""}),
        (wording.OVERALL, {*overall.WORDS, *overall.FINAL_WORDS, overall.NOT_BEGUN}),
        (wording.OUTLOOK, set(outlook.COLUMNS)),
        (wording.ALERT, set(outlook.ALERTS)),
        (wording.ALERT_MEANING, set(outlook.ALERTS)),
        (wording.ALERT_SIGN, set(outlook.ALERTS)),
        (wording.OTHER_RULE, set(sensitivity.MEANS)),
        (wording.COURSE, {*sensitivity.COURSES, None}),
        (wording.WHY_NOT, {"", "other_form", *constants_of(function(sensitivity, "_why_not"))}),
        (wording.forms.FORM, literals(plans.Target, "form")),
        (wording.forms.OPERATOR, literals(plans.Target, "op")),
        (wording.RELIABILITY, set(backtest.KINDS)),
        (wording.REASON, reasons_in_the_source()),
        (wording.BASELINE_SOURCE, baseline_sources_in_the_source()),
        (wording.COMMITMENT, set(commitment.SCHEDULE)),
        (wording.COMMITMENT_SIGN, set(commitment.SCHEDULE)),
        (wording.COMMITMENT_MEANING, set(commitment.SCHEDULE)),
        (wording.COMMITMENT_KIND, literals(plans.Commitment, "kind")),
        (wording.STRENGTH, {*promise_rows.STRENGTHS, ""}),
        (wording.STRENGTH, {*commitment.STRENGTHS, ""}),
        (wording.BASIS, literals(promises.Owner, "basis")),
        (wording.SAID, set(promise_rows.STATES)),
        (wording.COMMITMENT_TYPE, literals(plans.Commitment, "type")),
        (wording.MODEL, set(forecast.NAMES) - (own_models() - set(wording.MODEL))),
        (wording.RULE, set(verdict.RULES)),
        (wording.KIND, literals(plans.Indicator, "kind")),
        (wording.PROPERTY, literals(plans.Indicator, "property")),
        (wording.DIRECTION, literals(plans.Indicator, "direction")),
        (wording.REPORTED, literals(plans.Indicator, "reported")),
        (wording.OPERATOR, literals(plans.Target, "op")),
        (wording.BOUND, literals(plans.Baseline, "bound")),
        (wording.BOUND, set(contract.BOUNDS)),
        (wording.OBSERVED, {*contract.STATUSES, observations.ASSUMED}),
        (wording.GROUP, literals(plans.ContextSeries, "group")),
    ],
    ids=lambda value: None if isinstance(value, set) else min(value, key=str),
)
def test_every_code_has_a_word_and_no_word_is_without_a_code(words, codes):
    assert codes
    assert set(words) == codes


@pytest.mark.parametrize(
    "words",
    [
        wording.STATUS,
        wording.SIGN,
        wording.FINAL,
        wording.OVERALL,
        wording.COMMITMENT,
        wording.COMMITMENT_SIGN,
        wording.KIND,
        wording.BOUND,
        wording.OPERATOR,
        wording.REASON,
    ],
)
def test_no_two_codes_share_a_word(words):
    assert len(set(words.values())) == len(words)


def test_a_word_is_missing_only_where_there_is_nothing_to_say():
    dictionaries = {
        name: words
        for name, words in vars(wording.spoken()).items()
        if name.isupper() and isinstance(words, dict)
    }
    assert len(dictionaries) > 15
    empty = {
        (name, code)
        for name, words in dictionaries.items()
        for code, word in words.items()
        if not word
    }
    assert empty == {("FINAL", ""), ("BOUND", "="), ("WHY_NOT", ""), ("COMMITMENT_KIND", "")}


# Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (12, 0, "12"),
        (2.5, 0, "3"),  # halves up, not to even
        (3.5, 0, "4"),
        (-2.5, 0, "-3"),  # and away from zero
        (1.125, 2, "1.13"),
        (1.005, 2, "1.01"),  # a hair less than 1.005 in binary
        (0.07, 1, "0.1"),
        (-0.04, 1, "0.0"),  # nothing is not less than nothing
        (9999, 0, "9999"),
        (9999.4, 0, "9999"),
        (9999.5, 0, "10,000"),  # grouped from five digits on, counted as printed
        (12345, 0, "12,345"),
        (-12345.67, 1, "-12,345.7"),
        (1234567.5, 1, "1,234,567.5"),
        (None, 1, "—"),
    ],
)
def test_a_number_is_printed_at_its_decimals_halves_up_in_thousands(value, decimals, text):
    assert wording.number(value, decimals) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_printed_number_is_the_one_a_decimal_calculation_gives(thousandths, decimals):
    exact = Decimal(thousandths) / 1000
    expected = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0
    assert Decimal(wording.number(thousandths / 1000, decimals).replace(",", "")) == expected


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.793, 1, "79.3%"),
        (0.0005, 1, "0.1%"),
        (1, 1, "100.0%"),
        (1.23456, 2, "123.46%"),
        (-0.5, 1, "-50.0%"),
        (-0.0001, 1, "0.0%"),
        (0.285, 0, "29%"),
        (None, 1, "—"),
    ],
)
def test_a_share_is_printed_in_percent(share, decimals, text):
    assert wording.percent(share, decimals) == text  # 0.285 × 100 is 28.499999999999996 in binary


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12.50, "12.5"),
        (0.1, "0.1"),
        (1234567.0, "1234567"),
        (5.3770001, "5.3770001"),
        (1e16, "10000000000000000"),
        (70, "70"),
    ],
)
def test_a_published_figure_is_shown_as_published_without_an_exponent(value, text):
    assert wording.plain(value) == text


@pytest.mark.parametrize(
    ("bound", "text"),
    [("=", "5.00 亿元"), (">", "超 5.00 亿元"), (">=", "不低于 5.00 亿元"), ("~", "约 5.00 亿元")],
)
def test_an_amount_carries_its_unit_and_the_word_of_its_bound(bound, text):
    assert wording.amount(5, PLEDGE, bound) == text


def test_a_percentage_stands_without_a_space_and_a_missing_amount_is_a_dash():
    assert wording.amount(85, SHARE) == "85.0%"
    assert wording.amount(None, SHARE) == "—"


def test_a_difference_of_percentages_is_in_percentage_points():
    assert wording.difference(2.1, SHARE) == "2.10 百分点"
    assert wording.difference(0.25, replace(SHARE, unit="‰", decimals=0)) == "0.25 百分点"


def test_a_step_shows_a_digit_more_than_the_figure_and_two_where_it_is_below_one():
    assert wording.difference(22.5, FACTS) == "22.5 件"
    assert wording.difference(0.25, FACTS) == "0.25 件"


# Sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "word"),
    [
        (2021, "年度评估"),
        (2022, "年度评估"),
        (2023, "中期评估"),
        (2024, "年度评估"),
        (2025, "总结评估"),
    ],
)
def test_the_kind_of_assessment_follows_from_the_year(toy, year, word):
    assert (
        wording.evaluation(toy.plan, year) == word
    )  # 2021—2025: the middle is 2023, the target year 2025
    assert wording.title(toy.plan, year) == f"玩具规划{year}年{word}报告"


@pytest.mark.parametrize(
    ("op", "text"),
    [
        (">=", "2025 年不低于 200 件"),
        (">", "2025 年超过 200 件"),
        ("<=", "2025 年不高于 200 件"),
        ("<", "2025 年低于 200 件"),
    ],
)
def test_a_target_is_said_with_its_year_and_operator(op, text):
    assert wording.target(replace(FACTS, target=plans.Target(2025, 200, op))) == text


def test_a_target_that_was_not_set_is_said_with_the_reason():
    assert wording.target(NO_TARGET) == "未设目标（规划只说“大幅提高”）"


@pytest.mark.parametrize(
    ("base", "facts", "text"),
    [
        (assessment.Baseline(2020, 100, "=", "plan"), FACTS, "2020 年 100 件（规划所载）"),
        (assessment.Baseline(2020, 5, ">", "plan"), PLEDGE, "2020 年超 5.00 亿元（规划所载）"),
        (assessment.Baseline(2020, 0, "=", "zero"), FACTS, "0 件（按定义从零起算）"),
        (
            assessment.Baseline(2020, 100, "=", "observations"),
            FACTS,
            "2020 年 100 件（取自观测值，规划未载）",
        ),
        (
            assessment.Baseline(2021, 110, "=", "substitute"),
            FACTS,
            "2021 年 110 件（替代基期（规划期首个观测值））",
        ),
        (
            assessment.Baseline(2020, None, "=", "none"),
            replace(FACTS, baseline=plans.Baseline(2020, None, note="规划没有写。")),
            "无同口径基期：规划没有写",
        ),
        (
            assessment.Baseline(2020, None, "=", "none"),
            SHARE,
            "无同口径基期；规划所载 2020 年为 10.0%",
        ),
        (
            assessment.Baseline(2020, None, "=", "none"),
            replace(PLEDGE, baseline=plans.Baseline(2020, 5, ">")),
            "无同口径基期；规划所载 2020 年为超 5.00 亿元",
        ),
    ],
)
def test_a_baseline_is_said_with_where_it_comes_from(base, facts, text):
    assert wording.baseline(said(facts=facts, baseline=base)) == text


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        ("=", "2023 年 140 件"),
        (">", "2023 年超 140 件"),
        (">=", "2023 年不低于 140 件"),
        ("~", "2023 年约 140 件"),
    ],
)
def test_the_latest_value_is_said_with_its_year_and_bound(bound, text):
    assert wording.latest(said(points=(point(2023, 140, bound),))) == text


def test_without_an_observation_the_latest_value_is_a_word_and_not_a_zero():
    assert wording.latest(said("no_data")) == "无数据"


def test_the_note_joins_reasons_possible_words_and_the_earlier_vintage():
    one = said(
        points=(point(2023, 140, ">", earlier="135（2024-03-01）"),),
        reasons=("bound_too_loose", "single_point"),
        possible=("ahead", "met_locked"),
    )
    assert (
        wording.note(one) == "最新值只有界限，界内各值的判断不一致；只有一个观测值，不能判断趋势；"
        "界内可能的判断：快于预期、提前实现；最新值此前公布为 135（2024-03-01）"
    )
    assert wording.note(said(points=(point(2023, 140),))) == ""


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (said("met_locked", replace(FACTS, kind="increment")), "目标已经实现，无须再增。"),
        (said("met_hold"), "目标已经达到，须在目标年保持。"),
        # (200-140)/2 = 30 a year are left, (140-100)/3 = 13.33 a year were gained, 30 / 13.33 =
        # 2.25
        (
            gained(required_step=30, mean_step=40 / 3, step_factor=2.25),
            "距目标年还有 2 年，年均须增加 30.0 件，2020 年以来年均增加 13.3 件，"
            "后续年均增量须达到前期的 2.25 倍。",
        ),
        (
            gained(required_step=30, mean_step=-5),
            "距目标年还有 2 年，年均须增加 30.0 件，2020 年以来年均减少 5.0 件。",
        ),  # the other way: no factor
        (gained(required_step=30), "距目标年还有 2 年，年均须增加 30.0 件。"),
        (
            gained(required_step=30, mean_step=26.7, step_factor=1.125),
            "距目标年还有 2 年，年均须增加 30.0 件，2020 年以来年均增加 26.7 件，"
            "后续年均增量须达到前期的 1.13 倍。",
        ),
        (
            said(
                facts=DAYS,
                points=(point(2023, 46),),
                required_step=-3,
                mean_step=-4 / 3,
                step_factor=2.25,
            ),
            "距目标年还有 2 年，年均须减少 3.0 天，2020 年以来年均减少 1.3 天，"
            "后续年均增量须达到前期的 2.25 倍。",
        ),
        (
            said(facts=SHARE, points=(point(2023, 10.9),), required_step=0.55),
            "距目标年还有 2 年，年均须增加 0.55 百分点。",
        ),
        (
            said(points=(point(2023, 140, ">"),), required_step=30),
            "距目标年还有 2 年，年均须增加 30.0 件（按界限计，为至多所需）。",
        ),
        (
            said("no_data", planned_step=20),
            "按规划，2020—2025 年年均须增加 20.0 件。",
        ),  # (200-100)/5
        (said("behind", points=(point(2025, 190),)), "目标年数据已公布，没有剩余年份。"),
        (
            said("no_data", baseline=assessment.Baseline(2020, None, "=", "none")),
            "没有同口径基期值，规划要求的年均增量不可算。",
        ),
        (
            said("no_data", baseline=assessment.Baseline(2020, 100, "~", "plan")),
            "基期值只是约数或界限，规划要求的年均增量不可算。",
        ),
        (
            said("not_assessable", NO_TARGET, (point(2023, 140),)),
            "没有目标值，所需年均增量不可算。",
        ),
        (
            said("not_assessable", BUILT, (point(2023, 0),), required_step=0.5, mean_step=0),
            "是否型指标没有年均增量，须在 2025 年年底前实现。",
        ),
        (
            said("no_data", BUILT, planned_step=0.2),
            "是否型指标没有年均增量，须在 2025 年年底前实现。",
        ),
    ],
)
def test_the_pace_says_what_the_years_left_require_and_against_what(one, text):
    assert wording.pace(one) == text


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (gained(), "为目标值的 70.0%，增量完成率 40.0%，序时进度 60.0%，两者之比 0.67。"),
        (
            replace(gained(), ratio=1.125),
            "为目标值的 70.0%，增量完成率 40.0%，序时进度 60.0%，两者之比 1.13。",
        ),
        (
            replace(gained(), bound=">"),
            "为目标值的 70.0%以上，增量完成率不低于 40.0%，序时进度 60.0%，两者之比 0.67以上。",
        ),
        (
            replace(gained(DAYS), bound=">"),
            "为目标值的 70.0%以上，增量完成率不高于 40.0%，序时进度 60.0%，两者之比 0.67以下。",
        ),
        (
            replace(gained(), bound="~"),
            "为目标值的 70.0%，增量完成率约 40.0%，序时进度 60.0%，两者之比 0.67。",
        ),
        (replace(gained(), progress=None), "为目标值的 70.0%，增量完成率不适用。"),
        (replace(gained(), progress=None, attainment=None), "增量完成率不适用。"),
        (
            gained(BUILT),
            "增量完成率 40.0%，序时进度 60.0%，两者之比 0.67。",
        ),  # a share of a yes or no means nothing
        (said("no_data"), "没有规划期内的观测，进度不可算。"),
    ],
)
def test_the_progress_is_said_as_far_as_it_is_known(one, text):
    assert wording.progress(one) == text


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (said(), "没有观测，不能判断趋势。"),
        (said(points=(point(2023, 140),)), "规划期内只有 1 个可用观测，不能判断趋势。"),
        (
            said(points=(point(2021, 110), point(2022, 120), point(2023, 140)), cagr=0.1187),
            "2021—2023 年共 3 个观测，年均增加 15.0 件，规划期年均增速 11.87%。",
        ),
        (
            said(points=(point(2020, 100), point(2023, 85))),
            "2020—2023 年共 2 个观测，年均减少 5.0 件。其间缺 2021、2022 年，未作插补。",
        ),
        (
            said(points=(point(2020, 100), point(2021, 110, ">"))),
            "2020—2021 年共 2 个观测，其中有的只是界限，年均增量不可算。",
        ),
        (said(facts=BUILT, points=(point(2021, 0), point(2022, 1))), "是否型指标没有趋势可言。"),
        # 3, 4 and 5 were added: 4 a year from nothing, though the sums 3 and 12 lie 9 in two years
        # apart
        (
            said(
                facts=replace(FACTS, kind="increment"),
                points=(point(2021, 3), point(2022, 7), point(2023, 12)),
                mean_step=4.0,
            ),
            "2021—2023 年共 3 个观测，平均每年新增 4.0 件。",
        ),
    ],
)
def test_the_trend_is_said_only_where_two_exact_points_allow_it(one, text):
    assert wording.trend(one) == text


def test_a_forecast_is_said_with_its_model_its_n_and_the_interval_asked_for():
    rows = ((2024, 150, 145, 155, 140, 160), (2025, 162.4, 150, 175.5, 141, 184))
    one = said(
        points=(point(2021, 110), point(2022, 120), point(2023, 140)),
        forecast=forecast.Forecast("drift", 3, rows),
    )
    assert (
        wording.outlook(one)
        == "按“延续年均增量”模型（3 个观测），2025 年预测中位数 162 件，80% 预测区间 150—176。"
    )
    assert (
        wording.outlook(one, 0.95)
        == "按“延续年均增量”模型（3 个观测），2025 年预测中位数 162 件，95% 预测区间 141—184。"
    )


@pytest.mark.parametrize(
    "reason",
    sorted(
        {
            n.value.value
            for m in (verdict, forecast)
            for n in ast.walk(ast.parse(inspect.getsource(m)))
            if isinstance(n, ast.keyword) and n.arg == "reason"
        }
    ),
)
def test_without_a_forecast_the_reason_is_said(reason):
    assert (
        wording.outlook(said(forecast=forecast.Forecast("drift", 1, reason=reason)))
        == wording.REASON[reason] + "。"
    )


@pytest.mark.parametrize("status", [status for status in verdict.STATUSES if status != "no_data"])
def test_a_conclusion_names_value_target_progress_and_the_word_of_its_status(status):
    expected = (
        "有效专利 2023 年 140 件，目标为 2025 年不低于 200 件，增量完成率 40.0%（序时进度 "
        f"60.0%）。进度判断：{wording.STATUS[status]}。"
    )
    assert wording.conclusion(replace(gained(), status=status)) == expected


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (
            said("no_data"),
            "有效专利：无数据。目标为 2025 年不低于 200 件；规划期内没有公开的同口径数据，"
            "不作评价。",
        ),
        (
            said("no_data", final="pending"),
            "有效专利：无数据。目标为 2025 年不低于 200 件；规划期内没有公开的同口径数据，"
            "不作评价。总结评估：终期数据未公布。",
        ),
        (
            said("no_data", NO_TARGET),
            "有效专利：无数据。未设目标（规划只说“大幅提高”）；规划期内没有公开的同口径数据，"
            "不作评价。",
        ),
        (
            said("not_assessable", NO_TARGET, (point(2023, 140),), reasons=("no_target",)),
            "有效专利 2023 年 140 件，未设目标（规划只说“大幅提高”）。进度判断：暂无法评价。"
            "说明：规划没有给出目标值。",
        ),
        (
            replace(gained(final="nearly_fulfilled", reasons=("gaps",)), bound=">"),
            "有效专利 2023 年超 140 件，目标为 2025 年不低于 200 件，增量完成率不低于 "
            "40.0%（序时进度 60.0%）。进度判断：滞后于预期。总结评估：基本完成。"
            "说明：中间年份缺数，未作插补。",
        ),
    ],
)
def test_a_conclusion_says_what_is_lacking_and_why(one, text):
    assert wording.conclusion(one) == text


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (gained(), "2023 年 140 件，目标 200 件"),
        (replace(gained(), status="met_hold", value=210), "2023 年 210 件，已达 200 件的目标"),
        (said("no_data"), "有效专利：无数据，目标 200 件"),
        (said("no_data", NO_TARGET), "有效专利：无数据"),
        (said("not_assessable", NO_TARGET, (point(2023, 140),)), "有效专利：2023 年 140 件"),
    ],
)
def test_the_title_of_the_picture_is_its_finding(one, text):
    assert wording.finding(one) == text


def test_the_alt_text_tells_every_number_drawn():
    rows = ((2025, 162, 150, 176, 141, 184),)
    one = said(
        points=(point(2022, 110), point(2023, 140, ">")),
        series=Series((point(2022, 110), point(2023, 140, ">")), before=(point(2020, 95),)),
        forecast=forecast.Forecast("drift", 3, rows),
    )
    assert (
        wording.alternative(one, FACTS)
        == "折线图：有效专利（件），2020 年 95，2022 年 110，2023 年超 140；目标为 2025 "
        "年不低于 200 件；2025 年预测 162（80% 预测区间 150—176）。"
    )
    assert (
        wording.alternative(said("no_data", NO_TARGET), NO_TARGET)
        == "折线图：有效专利（件），无数据；未设目标（规划只说“大幅提高”）。"
    )


def test_another_reading_says_what_it_would_come_to():
    other = plans.Reading("strict", "按字面读作存量。", taken=False)
    assert (
        wording.reading(other, gained())
        == "按字面读作存量——2023 年 140 件，为目标值的 70.0%，增量完成率 40.0%，序时进度 "
        "60.0%，两者之比 0.67。进度判断：滞后于预期。"
    )
    assert (
        wording.reading(other, said("no_data", planned_step=20))
        == "按字面读作存量——目标为 2025 年不低于 200 件，基期 2020 年 100 件（规划所载）；"
        "无数据。按规划，2020—2025 年年均须增加 20.0 件。"
    )
    lacking = said("not_assessable", points=(point(2023, 140),), reasons=("no_baseline",))
    assert wording.reading(other, lacking).endswith(
        "进度判断：暂无法评价（规划没有同口径基期值，增量完成率不可算）。"
    )


# 2 + 1 + 3 = 6 of 10 are assessable, 1 + 3 = 4 are not.
COUNTED = Overall(
    "mostly",
    10,
    6,
    (("met_locked", 2), ("ahead", 1), ("behind", 3), ("not_assessable", 1), ("no_data", 3)),
    (),
)


def test_the_overall_sentence_has_the_form_of_the_method():
    text = (
        "规划确定的 10 项主要指标中，可评价 6 项：提前实现 2 项，快于预期 1 项，滞后于预期 3 "
        "项；另有 4 项不能评价（暂无法评价 1 项，无数据 3 项）。"
    )
    assert wording.counted(COUNTED) == text
    assert wording.overall(COUNTED) == text + "总体基本符合预期。"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("on_schedule", "总体符合预期。"),
        ("mostly", "总体基本符合预期。"),
        ("behind", "总体滞后于预期。"),
        ("insufficient", "数据不足，不作总体结论。"),
    ],
)
def test_the_overall_sentence_ends_with_its_conclusion(word, text):
    assert wording.overall(replace(COUNTED, word=word)).endswith("）。" + text)


def test_where_all_or_none_can_be_assessed_the_sentence_leaves_out_the_other_half():
    assert (
        wording.counted(Overall("on_schedule", 2, 2, (("ahead", 2),), ()))
        == "规划确定的 2 项主要指标中，可评价 2 项：快于预期 2 项。"
    )
    assert (
        wording.counted(Overall("insufficient", 2, 0, (("no_data", 2),), ()))
        == "规划确定的 2 项主要指标中，可评价 0 项；另有 2 项不能评价（无数据 2 项）。"
    )


def test_in_the_target_year_the_sentence_says_what_is_published_and_how_old_the_rest_is():
    final = replace(
        COUNTED,
        word="final_insufficient",
        finals=(("fulfilled", 1), ("pending", 9)),
        stale=((2024, 4), (2021, 1)),
    )
    assert wording.overall(final) == (
        "规划确定的 10 项主要指标中，目标年的终期数据已公布 1 项（完成 1 项），未公布 9 项。"
        "按现有最新数据，"
        "可评价 6 项：提前实现 2 项，快于预期 1 项，滞后于预期 3 项；另有 4 "
        "项不能评价（暂无法评价 1 项，无数据 3 项）；"
        "可评价的指标中 5 项依据的不是评估年的数据（2024 年 4 项、2021 年 1 项）。终期数据不足，"
        "不作总体结论。"
    )


def test_a_judgement_on_older_data_says_of_which_year():
    assert wording.judged("ahead", False, 2021) == "快于预期（2021 年数据）"
    assert wording.judged("ahead", True) == "至少快于预期"


def test_commitments_are_counted_by_state():
    promise = plans.Commitment("station", "专栏1", "建站", "建成工作站", "milestone", "批复")
    states = [
        CommitmentState(promise, "", (), schedule)
        for schedule in ("no_information", "done", "late", "done")
    ]
    assert (
        wording.commitments(states)
        == "规划作出的 4 项任务承诺中：已完成 2 项，逾期 1 项，无资料 1 项。"
    )
    assert wording.commitments([]) == "本规划没有录入任务承诺。"


def test_a_place_is_a_line_of_the_plan_or_who_quotes_it():
    assert wording.place(150, "指标表") == "指标表，原文第 150 行"
    assert wording.place(None, "指标表", "新华社") == "指标表，转引自 新华社"
    assert wording.place(None, "") == ""
    assert wording.quotation("有效专利|100|200") == "“有效专利 ｜ 100 ｜ 200”"


def test_what_was_received_is_said_with_what_lacks():
    assert (
        wording.received(12, 3, 4, 2)
        == "收到观测 12 条，涉及 3 项指标（共 4 项）；2 项指标有缺数年份。"
    )
    assert (
        wording.received(12, 4, 4, 0) == "收到观测 12 条，涉及 4 项指标（共 4 项）；各年数据齐全。"
    )


def test_the_cut_off_is_the_date_chosen_or_the_latest_publication():
    assert wording.cutoff("2024-03-31", "2024-03-01") == "截至 2024-03-31 已公布的数据"
    assert wording.cutoff("", "2024-03-01") == "全部已知数据（最晚公布于 2024-03-01）"
    assert wording.cutoff("", "") == "全部已知数据（没有观测）"


def test_years_in_a_row_are_joined():
    assert wording.years([2025, 2021, 2022, 2023]) == "2021—2023、2025"
    assert wording.years([2021, 2022]) == "2021—2022"
    assert wording.years([2024]) == "2024"


# Every sentence of every shipped plan, in every year of its period --------------------------------


@pytest.fixture(scope="module")
def records() -> list[dict]:
    """The record of every indicator of every shipped plan in every year, with what the page says
    beside it."""
    made = []
    for plan in map(plans.load, plans.available()):
        received = observations.receive(plan)
        facts = plans.indicators(plan)
        for year in range(plan.period.start, plan.period.end + 1):
            points = observations.all_taken(plan, received, year)
            for one in facts:
                about = verdict.assess(plan, one, points, year)
                others = sensitivity.other_readings(plan, one, points, received.context, year)
                made.append(
                    {
                        **result.indicator(plan, about, others).data,
                        "alt": wording.alternative(about, one),
                        "asked95": wording.outlook(about, 0.95),
                    }
                )
    assert len(made) == sum(
        len(plan.indicators) * (plan.period.end - plan.period.start + 1)
        for plan in map(plans.load, plans.available())
    )
    return made


def sentences(record: dict) -> list[str]:
    return [
        *record["texts"].values(),
        record["alt"],
        record["asked95"],
        record["note"] or "",
        *(reading["says"] for reading in record["readings"]),
    ]


BROKEN = re.compile(
    r"。。|；。|，。|，，|；；|：。|（）|（；|；）|None|nan|\binf\b|-0\.0*(?![0-9])|  | [，。；"
    r"：）]|(?<=[年为率的]) [超约不未]|\{|\}"
)


def test_no_sentence_of_a_shipped_plan_is_broken(records):
    broken = {text for record in records for text in sentences(record) if BROKEN.search(text)}
    assert not broken


def test_every_sentence_that_is_one_ends_like_one(records):
    for record in some(records):
        for name in ("conclusion", "progress", "trend", "outlook", "pace"):
            text = record["texts"][name]
            assert text.endswith("。"), text
            assert text.count("（") == text.count("）"), text


def exact(value: float, decimals: int) -> str:
    """`value` at `decimals` digits by decimal arithmetic: the second way to the printed number."""
    return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0:f}"


def test_the_numbers_in_a_conclusion_are_the_records(records):
    seen = 0
    for record in records:
        if record["baseline_source"] == "form":
            continue  # what is judged is told in the words of its form: test_forms
        text = record["sentence"]
        unit = ("" if record["unit"] == "%" else " ") + record["unit"]
        if record["value"] is not None:
            printed = re.search(
                rf"{re.escape(record['name_zh'])} (\d+) 年(?:累计)?(?: |超 |不低于 |约 )([\d.,"
                rf"-]+){re.escape(unit)}，",
                text,
            )
            value = exact(record["value"], record["decimals"])
            assert printed[1] == str(record["data_year"]), text
            assert printed[2].replace(",", "") == value, text
        aimed = re.search(
            r"目标为 (\d+) 年(?:累计|比基期提高 [\d.]+ \S+，即)?(不低于|超过|不高于|低于) "
            rf"([\d.,-]+){re.escape(unit)}",
            text,
        )
        assert (aimed[1], aimed[2], aimed[3].replace(",", "")) == (
            str(record["target_year"]),
            wording.OPERATOR[record["op"]],
            exact(record["target"], record["target_decimals"]),
        ), text
        share = re.search(
            r"增量完成率(?: |不低于 |不高于 |约 )(-?[\d.]+)%（序时进度 ([\d.]+)%）", text
        )
        assert (share is None) == (record["progress"] is None), text
        if share:
            seen += 1
            assert share.groups() == (
                exact(float(f"{record['progress'] * 100:.9g}"), 1),
                exact(float(f"{record['elapsed'] * 100:.9g}"), 1),
            ), text
        assert wording.STATUS[record["status"]] in text
    assert seen > 50


def test_the_forecast_in_the_sentence_is_the_records(records):
    said_so = [record for record in records if record["median"] is not None]
    assert len(said_so) > 20
    for record in said_so:
        for text, low, high in (
            (record["texts"]["outlook"], "low80", "high80"),
            (record["asked95"], "low95", "high95"),
        ):
            numbers = [exact(record[name], record["decimals"]) for name in ("median", low, high)]
            printed = re.search(
                r"预测中位数 ([\d.,-]+).*?，(\d+)% 预测区间 (-?[\d.,]+)—(-?[\d.,]+)。$", text
            )
            assert [printed[k].replace(",", "") for k in (1, 3, 4)] == numbers, text
            assert low.endswith(printed[2]), text


# One word for one thing ---------------------------------------------------------------------------

SPOKEN = (
    "src/helpers/show/*.py",
    "src/helpers/publish/template/**/*.j2",
    "notebooks/*.ipynb",
    "README.zh-CN.md",
)
FORBIDDEN = {
    "时序进度": "序时进度",
    "置信区间": "预测区间",
    "(?<!目标)(?<!增量)完成率": "目标完成率 or 增量完成率",
    "复合增长率": "年均增速",
}


def test_the_glossary_is_kept_in_every_sentence(records):
    for wrong, right in some(FORBIDDEN.items()):
        assert not [
            text for record in records for text in sentences(record) if re.search(wrong, text)
        ], f"write {right}"


@pytest.mark.parametrize(("wrong", "right"), FORBIDDEN.items())
def test_the_glossary_is_kept_in_templates_notebooks_and_code(wrong, right):
    files = [path for pattern in SPOKEN for path in ROOT.glob(pattern)]
    assert len(files) > 15
    found = {
        f"{path.name}: {match[0]}"
        for path in files
        for match in re.finditer(rf".{{0,20}}(?:{wrong}).{{0,20}}", path.read_text("utf-8"))
    }
    assert not found, f"write {right}"


# Chances ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (None, "无预测"),
        (0.0, "不足 5%"),
        (0.0249, "不足 5%"),
        (0.025, "约 5%"),
        (0.124, "约 10%"),
        (0.125, "约 15%"),
        (0.5, "约 50%"),
        (0.9749, "约 95%"),
        (0.975, "超过 95%"),
        (1.0, "超过 95%"),
    ],
)
def test_a_chance_is_printed_to_five_percent_and_never_as_certainty(p, text):
    assert wording.chance(p) == text


def foreseen(**numbers) -> Assessment:
    rows = ((2024, 150.0, 140.0, 160.0, 130.0, 170.0), (2025, 160.0, 140.0, 180.0, 130.0, 190.0))
    return gained(
        forecast=forecast.Forecast("pooled", 4, rows),
        p_met=0.37,
        outlook="uncertain",
        alert="yellow",
        **numbers,
    )


def test_the_outlook_names_chance_model_points_and_how_often_it_came_true():
    text = wording.prospect(foreseen(), backtest.Record(1200, 0.49, 0.512))
    assert (
        text == "达标概率约 35%，不确定（“众多年度序列的共同规律”模型，4 个观测）。"
        "在没有学过的序列上回测，这样说过 1200 次，平均给出 49%，实际达标 51%。"
    )
    few = replace(foreseen(), forecast=replace(foreseen().forecast, n=2))
    assert "观测少于 3 个，最高只说“较可能”" in wording.prospect(few)
    assert wording.prospect(said()) == "无预测：观测太少，不作预测。"
    assert "无须预测" in wording.prospect(replace(foreseen(), status="met_locked"))


def test_the_conclusion_says_status_chance_and_alert_apart():
    assert (
        "进度判断：滞后于预期。达标前景：不确定（达标概率约 35%）。预警等级：黄（提示）。"
        in wording.conclusion(foreseen())
    )


def test_an_alert_without_forecast_says_so():
    one = replace(gained(), alert="yellow")
    assert wording.alert(one) == "黄（提示，无预测）"
    assert wording.alert(foreseen()) == "黄（提示）"
    assert wording.alert(gained()) == ""


def test_models_that_disagree_are_named_with_what_they_say():
    other = sensitivity.OtherModel("growth", forecast.Forecast("growth", 4), 0.9)
    assert (
        wording.disagreement(foreseen(), [other])
        == "模型分歧：“延续年均增速”给出约 90%，与本结论相差逾 25 个百分点，结论取决于如何外推。"
    )
    assert wording.disagreement(foreseen(), []) == ""


def test_rules_that_part_are_named():
    agree, part, silent = (
        sensitivity.OtherRule(rule, Rating(status), course, agrees)
        for rule, status, course, agrees in [
            ("un_2023", "fair", "short", True),
            ("escap_cs_ap_logitstep", "Slow progress|Will meet target", "on", False),
            ("destatis_weather", "not_available", None, None),
        ]
    )
    assert (
        wording.parting(foreseen(), [agree, part, silent])
        == "2 种适用的规则中有 1 种与本判断（滞后于预期）不一致：联合国亚太经社会为“进展缓慢，"
        "预计达标”。"
    )
    assert wording.parting(foreseen(), [agree]) == "1 种适用的规则与本判断方向一致。"
    assert wording.parting(foreseen(), [silent]) == "1 种规则都不适用于这些数据。"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((1, 2, 3, 4, 5), "n=5）：S=10，双侧 p=0.017，上升趋势显著（5% 水平）"),  # 2/5! = .0167
        ((5, 4, 3, 2, 1), "S=-10，双侧 p=0.017，下降趋势显著"),
        ((1, 3, 2, 5, 4), "趋势不显著"),
        ((1, 2, 3, 4), "这 4 个数无论怎样排列都达不到 5% 水平"),  # 2/4! = .083
        (tuple(range(12)), "双侧 p<0.001"),
    ],
)
def test_the_trend_is_said_with_its_test(values, text):
    found = trend(range(2010, 2010 + len(values)), values)
    assert text in wording.significance(gained(trend=found))
    assert "Theil–Sen 斜率：新增值每年" in wording.significance(
        gained(replace(FACTS, kind="increment"), trend=found)
    )
