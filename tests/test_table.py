"""The tables of the notebooks: Chinese headings, figures already worded, nothing cut, nothing lost,
nothing run."""

from __future__ import annotations

from dataclasses import replace

import pandas
import pytest
from conftest import some

from helpers.intake import observations, plan as plans
from helpers.intake.finding import Finding
from helpers.measure import commitment, coverage, frames, sensitivity, verdict
from helpers.measure.assessment import Assessment
from helpers.show import promises, result, table


class Assessed:
    """A plan read, and its indicators judged in one year."""

    def __init__(self, plan: plans.Plan, year: int):
        self.plan, self.year = plan, year
        self.received = observations.receive(plan)
        self.facts = {one.id: one for one in plans.indicators(plan)}
        self.points = observations.all_taken(plan, self.received, year)
        self.said = {
            name: verdict.assess(plan, one, self.points, year, model="drift")
            for name, one in self.facts.items()
        }
        self.sources = self.received.sources

    def others(self, name: str) -> list:
        return sensitivity.other_readings(
            self.plan, self.facts[name], self.points, self.received.context, self.year
        )


@pytest.fixture
def town(toy) -> Assessed:
    return Assessed(toy.plan, 2023)


@pytest.fixture(scope="module")
def example() -> Assessed:
    return Assessed(plans.load("example"), 2024)


def column(frame: pandas.DataFrame) -> dict:
    """A table of two columns as a dict; a heading that stands twice keeps its last line."""
    return dict(frame.itertuples(index=False))


def lines(frame: pandas.DataFrame) -> dict[object, list]:
    """A table by its first column."""
    return {first: rest for first, *rest in frame.itertuples(index=False)}


def observed(said: Assessment, one: Assessed) -> pandas.DataFrame:
    titles = {key: source.title for key, source in one.sources.items()}
    return table.observed(frames.observed(said.series, titles), said.facts)


def everything(one: Assessed) -> dict[str, pandas.DataFrame]:
    """Every table a notebook shows of a plan."""
    plan, facts, said = one.plan, tuple(one.facts.values()), one.said
    series, lacking = plans.context(plan), coverage.missing(plan, facts, one.points, one.year)
    states = [
        commitment.state_of(promise, one.received.evidence, plan.period, one.year)
        for promise in plans.commitments(plan)
    ]
    promised = result.commitments(plan, states).data
    shown = {
        "coverage": table.coverage(facts, one.points, range(plan.baseline_year, one.year + 1)),
        "missing": table.missing(lacking),
        "revised": table.revised(one.points, facts),
        "checks": table.checks(plan.checks),
        "warnings": table.warnings(one.received.warnings),
        "commitments": promises.commitments(promised, one.sources),
        "chapters": promises.chapters(promised),
        "offices": promises.offices(promised),
        "events": promises.events(promised, one.sources),
        "inputs": table.inputs(plans.inputs(plan)),
        "results": table.results(
            [result.indicator(plan, each, one.others(name)).data for name, each in said.items()]
        ),
    }
    for name, each in said.items():
        shown |= {
            f"card {name}": table.card(plan, each.facts),
            f"observed {name}": observed(each, one),
            f"context {name}": table.context(one.received.context, series, one.sources, name),
            f"progress {name}": table.progress(each),
            f"forecast {name}": table.forecast(each),
            f"readings {name}": table.readings(each.facts, one.others(name)),
        }
    return shown


# All of them --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", plans.available())
def test_no_cell_of_any_table_of_a_shipped_plan_is_a_hole(name):
    plan = plans.load(name)
    for title, frame in some(everything(Assessed(plan, plans.choices(plan).year)).items()):
        assert all(
            not pandas.isna(cell) and str(cell) not in ("None", "nan", "NaT")
            for row in frame.itertuples(index=False)
            for cell in row
        ), title


def test_every_heading_is_chinese_a_year_or_the_name_of_a_hash(example):
    headings = {str(name) for frame in everything(example).values() for name in frame.columns}
    assert not {
        name
        for name in headings
        if not any("一" <= ch <= "鿿" for ch in name) and not name.isdigit() and name != "SHA-256"
    }


def test_a_long_clause_is_shown_whole(town):
    clause = "甲" * 400
    facts = replace(town.facts["patents"], definition=clause)
    shown = table.card(town.plan, facts)
    assert clause in shown._repr_html_()
    assert clause in repr(shown).replace("\n", "")


def test_markup_in_the_data_is_text_in_a_table(town):
    facts = replace(
        town.facts["patents"],
        definition="<script>alert(1)</script>",
        caveats=('"><img src=x onerror=alert(1)>',),
    )
    html = table.card(town.plan, facts)._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


# One by one ---------------------------------------------------------------------------------------


def test_the_card_states_the_facts_their_traps_and_who_supplies_what(example):
    card = column(table.card(example.plan, example.facts["case_days"]))
    assert card["性质"] == "年度值；越低越好；约束性"
    assert card["基期"] == "2020 年 50 天"
    assert card["目标"] == "2025 年不高于 40 天"
    assert (
        card["原文"]
        == "“案件平均审理天数（天，约束性） ｜ 50 ｜ 不高于40”（指标表（虚构），原文第 58 行）"
    )
    assert card["陷阱"] == example.facts["case_days"].caveats[-1]
    assert card["数据提供"].startswith("云上县市场监督管理局（虚构）（规划原文）：")


def test_the_card_says_how_an_increment_is_reported_where_a_total_starts_and_what_broke(example):
    assert column(table.card(example.plan, example.facts["demo_firms_new"]))["性质"].startswith(
        "期内新增，报送期初以来累计；"
    )
    assert column(table.card(example.plan, example.facts["overseas_grants_cum"]))[
        "性质"
    ].startswith("累计，累计起点：2010；")
    assert column(table.card(example.plan, example.facts["patent_intensive_share"]))[
        "口径中断"
    ].startswith("2023 年起口径调整：")
    assert column(table.card(example.plan, example.facts["demo_firms_new"]))["基期"].startswith(
        "规划未载："
    )


def test_a_clause_quoted_elsewhere_names_the_source_by_its_title(toy):
    toy.change("indicators/share.yml", "line: 13", "source: report_2021")
    plan = toy.plan
    assert (
        column(table.card(plan, plans.indicator(plan, "share")))["原文"]
        == "“产业占比”（转引自 公报2021）"
    )


def test_every_clause_and_every_trap_has_its_own_line(example):
    for facts in some(example.facts.values()):
        headings = list(table.card(example.plan, facts)["项目"])
        assert headings.count("原文") == len(facts.clauses)
        assert headings.count("陷阱") == len(facts.caveats)


def test_an_observation_is_shown_with_level_state_date_source_and_remarks(town):
    shown = observed(town.said["attorneys_new"], town)
    assert list(shown.columns) == ["年份", "数值", "用于判断", "状态", "公布", "来源", "备注"]
    assert list(shown["年份"]) == [2021, 2022, 2023]
    assert lines(shown)[2023] == [
        "5",
        "12",
        "推算",
        "2024-03-01",
        "公报2023",
        "12-7=5",
    ]  # 4 + 3 + 5 = 12 is judged
    assert lines(observed(town.said["grants_cum"], town))[2023][:2] == [
        "超38",
        "超38",
    ]


def test_an_addition_before_the_plan_is_shown_and_not_judged(example):
    shown = lines(observed(example.said["patent_attorneys_new"], example))
    assert {year: judged for year, (_, judged, *_) in shown.items()} == {
        2018: "不适用",
        2019: "不适用",
        2020: "不适用",
        2021: "4",
        2022: "7",
        2023: "12",
        2024: "16",
    }


def test_a_revised_figure_is_shown_with_the_former_one(example):
    assert (
        "此前公布：175（2025-03-01）"
        in lines(observed(example.said["trademarks_valid"], example))[2024][-1]
    )
    assert lines(table.revised(example.points, tuple(example.facts.values()))) == {
        "有效注册商标量": [2024, "190（2025-09-01）", "175（2025-03-01）"]
    }


def test_a_date_that_is_not_known_is_a_word(toy):
    toy.cell("observations.csv", 3, source="undated")
    town = Assessed(toy.plan, 2023)
    assert lines(observed(town.said["patents"], town))[2021][3] == "日期不明"


def test_reference_figures_are_shown_only_where_they_relate_and_say_why_they_are_not_used(town):
    shown = table.context(town.received.context, plans.context(town.plan), town.sources, "share")
    assert lines(shown) == {"全市产业占比": [2023, "14.5 %", "全市的数，不是全县的。", "公报2023"]}
    assert table.context(
        town.received.context, plans.context(town.plan), town.sources, "patents"
    ).empty


def test_progress_is_shown_in_the_order_of_the_argument(example):
    shown = table.progress(example.said["patents_per_10k"])
    assert list(shown["项目"]) == [
        "基期",
        "最新值",
        "目标",
        "目标完成率",
        "增量完成率",
        "序时进度（按数据年）",
        "序时值",
        "年均增速",
        "后续所需",
        "进度判断",
    ]
    assert column(shown)["目标完成率"] == "90.0%"  # 18 / 20
    assert column(shown)["增量完成率"] == "80.0%"  # (18 - 10) / (20 - 10)
    assert column(shown)["序时值"] == "18.0 件/万人"  # 10 + 0.8 × (20 - 10)
    assert column(shown)["年均增速"] == "15.83%"  # (18/10)^(1/4) - 1
    assert column(shown)["进度判断"] == "● 符合预期（线性序时对照法）"


def test_what_is_not_available_in_progress_is_a_word(example):
    shown = column(table.progress(example.said["royalty_exports"]))
    assert shown["最新值"] == "无数据"
    assert [
        shown[name]
        for name in ("目标完成率", "增量完成率", "序时进度（按数据年）", "序时值", "年均增速")
    ] == ["不适用"] * 5


def test_the_progress_of_a_bounded_value_is_a_bound_in_every_table(example):
    assert (
        column(table.progress(example.said["overseas_grants_cum"]))["增量完成率"] == "不低于 90.0%"
    )  # above (38 - 20) / (40 - 20)
    records = [result.indicator(example.plan, each).data for each in example.said.values()]
    assert (
        dict(
            zip(table.results(records)["指标"], table.results(records)["增量完成率"], strict=False)
        )["海外发明专利累计授权量"]
        == "不低于 90.0%"
    )


def test_the_forecast_has_a_row_a_year_or_one_reason(town):
    one = town.said["attorneys_new"]
    shown = table.forecast(one)
    assert list(shown.columns) == [
        "年份",
        "中位数",
        "80% 区间下",
        "80% 区间上",
        "95% 区间下",
        "95% 区间上",
    ]
    assert list(shown["年份"]) == [2024, 2025]
    assert lines(shown)[2025] == [f"{value:.0f}" for value in one.forecast.rows[-1][1:]]
    assert column(table.forecast(town.said["grants_cum"])) == {"预测": "观测只有界限，不作预测。"}


def test_readings_name_the_one_taken_and_what_the_others_say(example):
    shown = table.readings(example.facts["pledge_amount"], example.others("pledge_amount"))
    assert list(shown["项目"]) == ["本报告采用", "另一读法"]
    assert "进度判断：符合预期" in column(shown)["另一读法"]
    assert column(table.readings(example.facts["case_days"], [])) == {
        "读法": "规划的表述只有一种读法。"
    }


def test_coverage_is_a_dot_where_nothing_was_observed_a_star_where_derived_a_word_where_bounded(
    town,
):
    shown = table.coverage(tuple(town.facts.values()), town.points, range(2020, 2024))
    assert list(shown.columns) == ["指标", "单位", "2020", "2021", "2022", "2023"]
    assert lines(shown)["新增代理师"] == ["人", "·", "4", "3", "5*"]
    assert lines(shown)["累计授权"] == ["件", "20", "·", "30", "超38"]
    assert lines(shown)["产业占比"] == ["%", "·", "10.2", "·", "10.9"]


def test_a_large_figure_keeps_all_its_digits(toy):
    toy.cell("observations.csv", 3, value="123456789")
    town = Assessed(toy.plan, 2023)
    assert lines(table.coverage(tuple(town.facts.values()), town.points, [2021]))["有效专利"] == [
        "件",
        "123456789",
    ]


def test_missing_years_are_shown_with_who_has_to_supply_them(town):
    shown = table.missing(
        coverage.missing(town.plan, tuple(town.facts.values()), town.points, 2023)
    )
    assert list(shown.columns) == ["数据提供单位", "依据", "指标", "缺年份", "需要的数据"]
    assert {row.指标: row.缺年份 for row in shown.itertuples()} == {
        "有效专利": "2022",
        "累计授权": "2021",
        "产业占比": "2022",
    }
    assert set(shown["数据提供单位"]) == {"统计局"}


def test_the_plans_own_arithmetic_is_shown_as_sum_or_quotient(town):
    wrong = plans.Check("q", "quotient", "五百除以四十九。", (500, 49), 10.0, 1)
    shown = table.checks([*town.plan.checks, wrong])
    assert [rest for _, *rest in shown.itertuples(index=False)] == [
        ["70 + 30", "100", "100", "一致"],
        ["500 ÷ 49", "10.2", "10.0", "不一致"],
    ]  # 500/49 = 10.204


def test_a_warning_stands_where_it_was_found():
    shown = table.warnings(
        [Finding("data/raw/toy/sources.csv", 3, "url", "x", "没有用到", "可以删去")]
    )
    assert lines(shown) == {"data/raw/toy/sources.csv:3": ["x", "没有用到", "可以删去"]}


def test_a_commitment_is_shown_with_state_and_evidence_or_what_would_be_needed(town):
    states = [
        commitment.state_of(promise, town.received.evidence, town.plan.period, year)
        for promise, year in zip(plans.commitments(town.plan), (2023, 2021), strict=False)
    ]
    said = result.commitments(town.plan, states).data
    done, silent = (
        rest for _, *rest in promises.commitments(said, town.sources).itertuples(index=False)
    )
    assert done[:3] == ["建成保护工作站", "“建成保护工作站”", "未列责任单位"]
    assert done[3:5] == ["2023-12-31", "✓ 已完成"]
    assert done[5].startswith("2023 年：")
    assert done[5].endswith("（公报2023）")
    assert silent[3:] == ["规划期末（原文未写明）", "○ 无资料", "须提供：记录"]


def test_promises_are_counted_by_chapter_and_office_and_their_evidence_told_by_day(town):
    states = [
        commitment.state_of(promise, town.received.evidence, town.plan.period, 2023)
        for promise in plans.commitments(town.plan)
    ]
    said = result.commitments(town.plan, states).data
    assert promises.chapters(said).values.tolist() == [["专栏1", 1, 1, 2]]
    assert list(promises.chapters(said).columns) == ["章", "已完成", "推进中", "合计"]
    assert promises.offices(said).values.tolist() == [["未列责任单位", 1, 1, 2]]
    assert list(promises.events(said, town.sources)["时间"]) == ["2023", "2022"]  # the newest first


def test_inputs_are_what_was_read_with_its_fingerprint(town):
    shown = table.inputs(observations.inputs(town.plan, "share", town.said["share"].series))
    assert list(shown["输入"])[-2:] == ["params/toy/plan.yml", "observations.csv：share"]
    assert shown["SHA-256"].str.fullmatch("[0-9a-f]{64}").all()


def test_results_have_one_row_an_indicator_in_the_plans_order(example):
    records = [result.indicator(example.plan, each).data for each in example.said.values()]
    shown = table.results(records)
    assert list(shown["指标"]) == [facts.name_zh for facts in example.facts.values()]
    assert list(shown.columns) == [
        "类别",
        "指标",
        "最新值",
        "目标",
        "增量完成率",
        "序时进度",
        "进度判断",
        "达标概率",
        "预警等级",
        "总结评估",
    ]
    assert [
        "运用",
        "知识产权使用费出口额",
        "无数据",
        "2025 年不低于 50 万元",
        "不适用",
        "不适用",
        "○ 无数据",
        "不适用",
        "",
        "",
    ] in shown.values.tolist()
