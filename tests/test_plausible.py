"""A series is doubted where it has gaps, one year, or a jump like a slipped unit; good and bad
years are not."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from helpers.intake import observations, plan as plans, plausible
from helpers.intake.contract import Observation


def row(year, value, status="final", **rest):
    fields = {
        "plan": "toy",
        "indicator_id": "patents",
        "area": "town",
        "unit": "件",
        "source": "report",
        "line": year - 2000,
    } | rest
    return Observation(year=year, value=value, status=status, **fields)


def series(*values):
    return [row(2016 + k, value) for k, value in enumerate(values)]


def jumped(*values):
    return [(row.year, round(factor, 2)) for row, factor in plausible.jumps(series(*values))]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((2100, 2410, 2388000, 2795), [(2018, 990.87)]),  # 2388000 / 2410
        ((2100, 2410, 2388, 27950), [(2019, 11.7)]),  # the last year: 27950 / 2388
        ((210000, 2410, 2388, 2795), [(2016, 87.14)]),  # the first one: 210000 / 2410
        ((5.1, 5.6, 6.2, 73200, 84000), [(2019, 11806.45)]),  # 万元 from there on where 亿元 is due
        ((0.85, 86.1, 87), [(2016, 0.01)]),  # a fraction where percent is due
        ((85, 0.86, 87), [(2017, 0.01)]),
        ((7.5, 75), [(2017, 10.0)]),  # two years: nothing says what is usual, so it is asked
        ((1, 7, 50, 350), []),  # grows sevenfold every year
        ((100, 100, 100, 100), []),
        ((100, 0, 100), []),  # a zero has no factor
        ((100, 55, 20, 90), []),
        ((-3.2, 4.1, -50), []),
        ((12,), []),
        ((), []),
    ],
)
def test_a_value_apart_from_its_neighbours_is_found_with_the_factor(values, found):
    assert jumped(*values) == found


@given(st.lists(st.integers(100, 500), min_size=2, max_size=8), st.data())
def test_a_thousandfold_slip_of_any_year_is_found(values, data):
    k = data.draw(st.integers(0, len(values) - 1))
    spoilt = [value * 1000 if j == k else value for j, value in enumerate(values)]
    found = [year for year, _ in jumped(*spoilt)]
    assert (
        found == [2016 + k] if len(values) > 2 else found
    )  # of two years either may be the odd one


@given(st.lists(st.integers(100, 500), max_size=8))
def test_years_within_a_factor_of_five_are_not_doubted(values):
    assert jumped(*values) == []


@pytest.fixture
def facts(toy):
    return {facts.id: facts for facts in plans.indicators(toy.plan)}


def said(rows, facts):
    return [str(finding) for finding in plausible.doubts(rows, facts, "o.csv")]


def test_a_slip_is_named_by_the_units_that_are_taken_for_each_other(facts):
    assert said(series(5, 6, 70000), facts) == [
        "o.csv:18:value: 70000 — 约为相邻年份的 11667 倍，单位或小数点像是错了万倍（万元与亿元，"
        "或件与万件？） — 请核对数值和单位；确实如此请在 note 说明"
    ]
    assert said(series(5, 6, 300), facts) == [
        "o.csv:18:value: 300 — 约为相邻年份的 50 倍 — 请核对数值和单位；确实如此请在 note 说明"
    ]
    assert said(series(80, 85, 0.87), facts)[0].startswith(
        "o.csv:18:value: 0.87 — 约为相邻年份的 1/98，单位或小数点像是错了百倍（百分数与小数？）"
    )


def test_a_whole_series_in_another_unit_is_told_by_baseline_and_target(facts):
    """Steady in itself, it has no jump: 亿元 typed as 万元, percent typed as fractions."""
    assert (facts["patents"].baseline.value, facts["patents"].target.value) == (100, 200)
    assert [
        line.split(" — ")[1] for line in said([row(2021, 1_800_000), row(2022, 2_000_000)], facts)
    ] == [
        "约为目标值的 9000 倍，单位或小数点像是错了万倍（万元与亿元，或件与万件？）",
        "约为目标值的 10000 倍，单位或小数点像是错了万倍（万元与亿元，或件与万件？）",
    ]
    share = replace(
        facts["patents"],
        kind="share",
        baseline=replace(facts["patents"].baseline, value=10.0),
        target=replace(facts["patents"].target, value=13.0),
    )
    assert [
        line.split(" — ")[1]
        for line in said([row(2021, 0.105), row(2022, 0.109)], {"patents": share})
    ] == [
        "约为基期值的 1/95，单位或小数点像是错了百倍（百分数与小数？）",
        "约为基期值的 1/92，单位或小数点像是错了百倍（百分数与小数？）",
    ]
    assert said([row(2021, 9), row(2022, 8)], facts) == []  # a part of the area may have little
    assert (
        said([row(2021, 1), row(2022, 1)], {"patents": replace(facts["patents"], kind="increment")})
        == []
    )  # of one year


def test_a_figure_that_speaks_against_itself_is_doubted(facts):
    early = said(
        [row(2021, 120, published="2022-03-01"), row(2022, 130, published="2022-01-05")], facts
    )
    assert early == [
        "o.csv:22:published: 2022-01-05 — 2022 年的终值在当年结束以前就公布了 — "
        "请核对年份和发布日期；不满一年的数，请在 period 写明是哪几个月，如 2022-01/2022-09"
    ]
    assert (
        said([row(2021, 120, published="2021"), row(2022, 130, published="2022-12-31")], facts)
        == []
    )
    first = [row(2021, 120), row(2022, 130, published="2022-10-20", status="preliminary")]
    assert "2022 年的初值在当年结束以前就公布了" in said(first, facts)[0]
    share = replace(
        facts["patents"],
        kind="share",
        unit="%",
        baseline=replace(facts["patents"].baseline, value=90.0),
        target=replace(facts["patents"].target, value=99.0),
    )
    assert [
        line.split(" — ")[1] for line in said([row(2021, 98), row(2022, 109)], {"patents": share})
    ] == ["占比超过 100%"]
    assert said([row(2021, 98), row(2022, 109)], {"patents": replace(share, upper=200.0)}) == []


def test_a_target_far_from_its_baseline_is_doubted(facts):
    absurd = replace(
        facts["patents"],
        baseline=replace(facts["patents"].baseline, value=20000.0),
        target=replace(facts["patents"].target, value=10.0),
    )
    assert said([row(2021, 15000), row(2022, 12000)], {"patents": absurd}) == [
        "o.csv: patents — 目标值 10 约为基期值 20000 的 1/2000 — 请核对规划参数里的基期值、"
        "目标值和单位"
    ]


def test_a_jump_at_a_change_of_definition_has_its_reason(toy):
    toy.change(
        "indicators/patents.yml",
        "decimals: 0",
        "decimals: 0\nbreaks:\n  - {year: 2018, reason: 口径改变。}",
    )
    assert (
        said(series(5, 6, 70000, 71000), {facts.id: facts for facts in plans.indicators(toy.plan)})
        == []
    )


def test_a_gap_is_told_unless_a_row_owns_to_it(facts):
    assert said([row(2021, 110), row(2023, 130)], facts) == [
        "o.csv:year=2022: patents（town） — 序列缺这一年 — 请补报，或写一行 status 为 missing；"
        "缺的年份不会插补"
    ]
    assert said([row(2021, 110), row(2022, None, "missing"), row(2023, 130)], facts) == []


def test_a_table_of_one_year_or_of_none_is_told_as_a_whole(facts):
    assert said([row(2021, 110), row(2021, 10, indicator_id="share")], facts) == [
        "o.csv: 整张表只有 2021 年，看不出趋势 — 请补报其他年份"
    ]
    assert said([row(2021, None, "missing"), row(2025, 200, "target")], facts)[0].startswith(
        "o.csv: 整张表没有一个数值"
    )
    assert said([], facts) == []


def test_only_the_latest_vintage_is_compared(facts):
    revised = [
        row(2021, 10),
        row(2022, 120000, published="2023-01-01"),
        row(2022, 12, published="2024-01-01"),
        row(2023, 13),
    ]
    assert said(revised, facts) == []
    assert observations.known(revised)[1].value == 12
