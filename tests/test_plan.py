"""The plan's facts and the evaluator's choices: what is read, what follows from it, and what is
refused."""

import calendar
import contextlib
import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from helpers.intake import observations, plan as plans
from helpers.intake.finding import Refused, Unknown


def told(reader, *arguments):
    """What `reader` says about a bad input, sentence by sentence."""
    with pytest.raises(Refused) as refused:
        reader(*arguments)
    return str(refused.value).split("\n")


def by_id(plan):
    return {facts.id: facts for facts in plans.indicators(plan)}


# The plan


def test_a_plan_is_read_from_its_folder(toy):
    plan = toy.plan
    assert (plan.id, plan.period, plan.whole.name) == ("toy", plans.Period(2021, 2025), "玩具县")
    assert (plan.params, plan.raw) == (toy.root / "params/toy", toy.root / "data/raw/toy")
    assert plans.available(toy.root) == ("toy",)


def test_the_root_is_the_argument_then_the_environment_then_the_checkout(toy, monkeypatch):
    assert (plans.home() / "params/README.md").is_file()
    monkeypatch.setenv("ASSESSMENT_ROOT", str(toy.root))
    assert plans.home() == toy.root
    assert plans.load("toy").title == "玩具县知识产权规划（虚构）"
    assert plans.home(toy.root / "elsewhere") == toy.root / "elsewhere"


@pytest.mark.parametrize(
    "plan_id", ["../toy", "toy/../toy", "/etc", "", ".", "Toy", "toy\n", "con", "玩具", "t" * 41]
)
def test_a_plan_id_that_is_no_plain_name_is_unknown_even_if_a_file_lies_there(toy, plan_id):
    (toy.root / "params" / "con").mkdir()
    (toy.root / "params" / "con" / "plan.yml").write_bytes(toy["plan.yml"].read_bytes())
    with pytest.raises(Unknown):
        plans.load(plan_id, toy.root)


def test_an_unknown_plan_is_told_with_the_nearest_and_with_all_there_are(toy):
    with pytest.raises(Unknown) as unknown:
        plans.load("toyy", toy.root)
    assert str(unknown.value) == "没有规划 'toyy'；最接近的是 toy；现有：toy"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("id: toy\n", "id: tox\n", "id: tox — 与文件夹名不同 — 请写成 toy"),
        (
            "baseline_year: 2020",
            "baseline_year: 2021",
            "period: 2021、2021、2025、2025 — 年份次序不对 — 应为 基期年 < 起始年 ≤ 结束年 ≤ "
            "目标年",
        ),
        (
            "start: 2021, end: 2025",
            "start: 2025, end: 2021",
            "period: 2020、2025、2021、2025 — 年份次序不对",
        ),
        ("target_year: 2025", "target_year: 2024", "period: 2020、2021、2025、2024 — 年份次序不对"),
        ("role: part", "role: whole", "areas: 须有且只有一个 role: whole 的区域"),
        ("role: whole", "role: part", "areas: 须有且只有一个 role: whole 的区域"),
        ("id: north", "id: town", "areas: town — 列了两次"),
        ("  - share\n", "  - patents\n", "indicators: patents — 列了两次"),
        (
            "  - share\n",
            "  - ../share\n",
            "indicators: ../share — 代码只能用小写字母、数字和下划线",
        ),
        ("  - share\n", "  - nul\n", "indicators: nul — 代码只能用小写字母、数字和下划线"),
        ("terms: [70, 30]", "terms: [70]", "checks.terms: total — 项数不对，或除数为零"),
        (
            "sum, terms: [70, 30]",
            "quotient, terms: [70, 0]",
            "checks.terms: total — 项数不对，或除数为零",
        ),
        (
            "sum, terms: [70, 30]",
            "quotient, terms: [70, 30, 2]",
            "checks.terms: total — 项数不对，或除数为零",
        ),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(toy, old, new, sentence):
    toy.change("plan.yml", old, new)
    (only,) = told(plans.load, "toy", toy.root)
    assert only.startswith(f"params/toy/plan.yml:{sentence}")


def test_a_plan_with_several_faults_tells_them_all(toy):
    toy.change("plan.yml", "id: toy\n", "id: tox\n")
    toy.change("plan.yml", "role: whole", "role: part")
    assert len(told(plans.load, "toy", toy.root)) == 2


# Checks of the plan's own arithmetic


def check(operation, terms, result, decimals):
    return plans.Check("c", operation, "说明", terms, result, decimals)


def test_a_check_holds_where_the_figure_is_right_at_its_printed_precision():
    assert check("sum", (0.1, 0.2), 0.3, 1).holds
    assert check("quotient", (4493, 44.3), 101.42, 2).holds  # 101.4221...
    assert not check("quotient", (4493, 44.3), 101.43, 2).holds
    assert check("quotient", (1, 8), 0.13, 2).holds  # 0.125 lies at the very edge of 0.13 ± 0.005
    assert check("quotient", (1, 8), 0.12, 2).holds  # and of 0.12 ± 0.005
    assert not check("quotient", (1, 8), 0.11, 2).holds
    assert not check("sum", (70, 31), 100, 0).holds


def test_the_computed_figure_of_a_check_is_not_rounded():
    assert (
        check("sum", (0.1,) * 10, 1, 0).computed == 1.0
    )  # naive addition gives 0.9999999999999999
    assert check("quotient", (1, 8), 0.1, 1).computed == 0.125


# Indicators


def test_indicators_come_in_the_plans_order(toy):
    assert [facts.id for facts in plans.indicators(toy.plan)] == [
        "patents",
        "grants_cum",
        "attorneys_new",
        "share",
    ]


def test_an_increment_starts_from_zero_whatever_the_base_and_a_level_from_its_base(toy):
    toy.change("indicators/attorneys_new.yml", "value: null, note: 从0起算。", "value: 9")
    facts = by_id(toy.plan)
    assert facts["attorneys_new"].start == 0
    assert facts["grants_cum"].start == 20
    assert facts["share"].start == 10


def test_what_was_added_or_done_cannot_be_lost_and_a_level_can(toy):
    facts = by_id(toy.plan)
    assert {name: facts[name].can_be_lost for name in facts} == {
        "patents": True,
        "grants_cum": False,
        "attorneys_new": False,
        "share": True,
    }


def test_an_unknown_indicator_is_told_with_the_nearest(toy):
    with pytest.raises(Unknown) as unknown:
        plans.indicator(toy.plan, "patent")
    assert str(unknown.value) == "规划 toy 没有指标 'patent'；最接近的是 patents"
    with pytest.raises(Unknown, match=r"没有指标 '\.\./plan'$"):
        plans.indicator(toy.plan, "../plan")


def test_an_unknown_key_of_an_indicator_is_told_with_its_line_and_the_nearest(toy):
    toy.change("indicators/share.yml", "upper: 100", "uper: 100")
    assert told(plans.indicator, toy.plan, "share") == [
        "params/toy/indicators/share.yml:9:uper: 没有这个字段；最接近的是 upper — 字段一览见 "
        "params/README.md"
    ]


CONTRADICTIONS = [
    # file, old, new, what is told
    ("share", "id: share\n", "id: shares\n", "id: shares — 与文件名不同 — 请写成 share"),
    ("share", "category: 运用", "category: 运甪", "category: 运甪 — plan.yml 没有这个类别"),
    ("share", "decimals: 1", "decimals: 7", "decimals: 7 — 精度应在 0 至 6 位之间"),
    ("share", "decimals: 1", "decimals: -1", "decimals: -1 — 精度应在 0 至 6 位之间"),
    ("share", ", line: 13", "", "clauses: 每条原文要有行号 line 或来源 source"),
    (
        "share",
        "\n  - {quote: 产业占比, line: 13}",
        " []",
        "clauses: 每条原文要有行号 line 或来源 source",
    ),
    (
        "share",
        "kind: share",
        "kind: share\nreported: annual",
        "reported: annual — 只有期内新增（increment）要写、也必须写 reported",
    ),
    (
        "attorneys_new",
        "reported: annual\n",
        "",
        "reported: 只有期内新增（increment）要写、也必须写 reported",
    ),
    ("grants_cum", 'since: "2010"\n', "", "since: 累计指标必须写累计起点 since"),
    (
        "share",
        "year: 2020, value: 10",
        "year: 2025, value: 10",
        "baseline.year: 2025 — 基期年不早于目标年",
    ),
    ("attorneys_new", ", note: 从0起算。", "", "baseline.note: 没有基期值时须说明原因"),
    ("share", "value: 12", "value: null", "target.note: 没有目标值时须说明原因"),
    ("share", "value: 12", 'value: 12, op: "<="', "target.op: <= — 与方向 direction 矛盾"),
    (
        "share",
        "kind: share",
        "kind: share\ndirection: lower",
        "target.op: >= — 与方向 direction 矛盾",
    ),
    ("share", "value: 10}", "value: -1}", "baseline.value: -1.0 — 超出 lower 与 upper 之间"),
    ("share", "value: 12", "value: 120", "target.value: 120.0 — 超出 lower 与 upper 之间"),
]


@pytest.mark.parametrize(("name", "old", "new", "sentence"), CONTRADICTIONS)
def test_an_indicator_that_contradicts_itself_is_refused(toy, name, old, new, sentence):
    toy.change(f"indicators/{name}.yml", old, new)
    (only,) = told(plans.indicator, toy.plan, name)
    assert only.startswith(f"params/toy/indicators/{name}.yml:{sentence}")
    assert only.rsplit(" — ", 1)[1]


def test_every_bad_indicator_file_is_told_at_once(toy):
    toy.change("indicators/patents.yml", "decimals: 0", "decimals: 9")
    toy.change("indicators/share.yml", "kind: share", "kind: shares")
    toy["indicators/grants_cum.yml"].rename(toy["indicators/grants.yml"])
    assert told(plans.indicators, toy.plan) == [
        "params/toy/indicators/patents.yml:decimals: 9 — 精度应在 0 至 6 位之间 — 请改正",
        "params/toy/indicators/grants_cum.yml: plan.yml 列出了这项指标，但没有它的文件 — "
        "请建立文件，或从 plan.yml 的 indicators 删去",
        "params/toy/indicators/share.yml:6:kind: shares — 不在可选的词里；最接近的是 share — "
        "可写：stock、flow、share、score、ratio、increment、cumulative、binary",
        "params/toy/indicators/grants.yml: plan.yml 的 indicators 没有列出这项指标 — 请列入，"
        "或删去文件",
    ]


# Readings

TWO_READINGS = """\
readings:
  - {{id: all_time, text: 历年累计, taken: true{taken}}}
  - {{id: since_2021, text: 五年累计, taken: false{other}}}
"""


def add_readings(toy, taken="", other=""):
    toy.add("indicators/grants_cum.yml", TWO_READINGS.format(taken=taken, other=other).rstrip())
    return plans.indicator(toy.plan, "grants_cum")


def test_a_reading_changes_what_it_names_and_nothing_else(toy):
    facts = add_readings(
        toy,
        other=", kind: increment, reported: annual, baseline: {year: 2020, value: 0}, op: '>', "
        "series: city_share",
    )
    read = facts.read_as(facts.readings[1])
    assert (read.kind, read.reported, read.start, read.target) == (
        "increment",
        "annual",
        0,
        plans.Target(2025, 40, ">"),
    )
    assert (read.unit, read.since, read.name_zh) == (facts.unit, facts.since, facts.name_zh)


def test_a_reading_may_change_target_and_operator_at_once(toy):
    facts = add_readings(toy, other=", target: {year: 2025, value: 30}, op: '>'")
    assert facts.read_as(facts.readings[1]).target == plans.Target(2025, 30, ">")


def test_an_increment_read_as_a_level_is_no_longer_a_sum_of_what_each_year_reports(toy):
    readings = (
        "readings:\n  - {id: five_years, text: 五年新增, taken: true}\n  - {id: yearly, text: "
        "当年新增, taken: false, kind: flow}"
    )
    toy.add("indicators/attorneys_new.yml", readings)
    facts = plans.indicator(toy.plan, "attorneys_new")
    assert (facts.reported, facts.read_as(facts.readings[1]).reported) == ("annual", None)


def test_the_reading_taken_is_the_indicator_itself(toy):
    facts = add_readings(toy)
    assert facts.read_as(facts.readings[0]) == facts


@pytest.mark.parametrize(
    ("taken", "other", "sentence"),
    [
        (", kind: stock", "", "readings: all_time — 采用的读法不应再改变指标"),
        (", series: city_share", "", "readings: all_time — 采用的读法不应再改变指标"),
        ("", ", kind: increment", "readings.since_2021.reported: 读作期内新增时必须写 reported"),
        ("", ", op: '<'", "readings.since_2021.target.op: < — 与方向 direction 矛盾"),
        (
            "",
            ", baseline: {year: 2020, value: null}",
            "readings.since_2021.baseline.note: 没有基期值时须说明原因",
        ),
    ],
)
def test_a_reading_that_contradicts_itself_is_refused(toy, taken, other, sentence):
    (only,) = told(add_readings, toy, taken, other)
    assert only.startswith(f"params/toy/indicators/grants_cum.yml:{sentence}")


@pytest.mark.parametrize("taken", ["true", "false"])
def test_exactly_one_reading_is_taken(toy, taken):
    toy.add(
        "indicators/share.yml",
        f"readings:\n  - {{id: a, text: 甲, taken: {taken}}}\n  - {{id: b, text: 乙, taken: "
        f"{taken}}}",
    )
    assert told(plans.indicator, toy.plan, "share") == [
        "params/toy/indicators/share.yml:readings: 须有且只有一种读法 taken: true — 请改正"
    ]


# Context, commitments, choices


def test_a_plan_may_have_no_context_and_no_commitments(toy):
    toy["context.yml"].unlink()
    toy["commitments.yml"].unlink()
    assert plans.context(toy.plan) == plans.commitments(toy.plan) == ()


def test_context_series_with_bad_or_doubled_ids_or_unknown_indicators_are_refused(toy):
    more = (
        "  - {id: %s, name_zh: 甲, unit: 件, group: nation, relates_to: [%s], differs: 全国的数。}"
    )
    toy.add("context.yml", more % ("city_share", "share"), more % ("../x", "shore"))
    assert told(plans.context, toy.plan) == [
        "params/toy/context.yml:id: ../x — 代码只能用小写字母、数字和下划线 — 请改名",
        "params/toy/context.yml:id: city_share — 代码写了两次 — 请改名",
        "params/toy/context.yml:relates_to: shore — 没有这项指标；最接近的是 share — 请改正",
    ]


def test_commitments_with_bad_or_doubled_ids_are_refused(toy):
    more = "  - {id: %s, box: 一, title: 甲, quote: 甲, type: continuing, evidence_needed: 文件}"
    toy.add("commitments.yml", more % "station", more % "A/B")
    assert told(plans.commitments, toy.plan) == [
        "params/toy/commitments.yml:id: A/B — 代码只能用小写字母、数字和下划线 — 请改名",
        "params/toy/commitments.yml:id: station — 代码写了两次 — 请改名",
    ]


def test_choices_are_read(toy):
    assert plans.choices(toy.plan) == plans.Choices(2023, "drift", "cn-plan-1", 0.8)


def test_choices_are_refused_where_missing_not_ascii_or_of_a_level_nobody_measured(toy):
    toy.change("run.yml", "0.8", "0.9")
    assert told(plans.choices, toy.plan) == [
        "params/toy/run.yml:level: 0.9 — 没有这个区间水平 — 请写 0.8 或 0.95"
    ]
    toy.add("run.yml", "# 说明")
    assert told(plans.choices, toy.plan) == [
        "params/toy/run.yml: run.yml 只能用 ASCII 字符 — 说明文字请写在 plan.yml"
    ]
    toy["run.yml"].unlink()
    assert told(plans.choices, toy.plan) == [
        "params/toy/run.yml: 没有这个文件 — 请建立，写明 year、model、rule、level"
    ]


def test_the_year_is_the_one_asked_for_or_the_plans_default(toy):
    assert plans.year_of(toy.plan, None) == 2023
    assert plans.year_of(toy.plan, 2021) == 2021
    assert plans.year_of(toy.plan, 2025) == 2025


@pytest.mark.parametrize(
    ("today", "year"),
    [("2026-11-27", 2023), ("2023-12-31", 2022), ("2022-01-01", 2021), ("2021-05-01", 2021)],
)
def test_the_default_year_is_at_the_latest_the_last_that_has_ended(toy, today, year):
    assert plans.year_of(toy.plan, None, date.fromisoformat(today)) == year  # run.yml: 2023


def test_a_year_still_to_come_is_refused_in_a_sentence(toy):
    assert plans.year_of(toy.plan, 2025, date(2025, 1, 1)) == 2025
    with pytest.raises(Unknown) as unknown:
        plans.year_of(toy.plan, 2025, date(2024, 12, 31))
    assert (
        str(unknown.value)
        == "今年是 2024 年，2025 年还没有到，不能评估；请改用 2023 年，或用情景假设那一年的数"
    )


@pytest.mark.parametrize(
    ("year", "known_by", "told"),
    [
        (2023, "2019-01-01", "还没有规划可评"),
        (2023, "2022-12-31", "2023 年还没有开始"),
        (2023, "2023-01-01", ""),
        (2023, "", ""),
    ],
)
def test_a_cut_off_before_plan_or_data_is_refused(toy, year, known_by, told):
    with pytest.raises(Unknown, match=told) if told else contextlib.nullcontext():
        plans.check_cutoff(toy.plan, year, known_by)
    with pytest.raises(Unknown, match=told) if told else contextlib.nullcontext():
        observations.of_run(toy.plan, year, known_by)  # as a notebook run by hand asks


def test_a_notebook_run_by_hand_refuses_a_year_outside_the_period(toy):
    with pytest.raises(Unknown, match="不能评估 1990 年"):
        observations.of_run(toy.plan, 1990)


@pytest.mark.parametrize("year", [2019, 2026])
def test_a_year_outside_the_plans_period_is_unknown(toy, year):
    with pytest.raises(Unknown) as unknown:
        plans.year_of(toy.plan, year)
    assert (
        str(unknown.value)
        == f"玩具规划的规划期是 2021—2025 年，不能评估 {year} 年；请改用规划期内的年份"
    )


def test_the_year_before_the_period_has_a_baseline_edition(toy):
    assert plans.year_of(toy.plan, 2020) == 2020


# Dates and inputs


def test_dates_are_compared_by_their_last_day():
    assert plans.last_day("2023-02-16") == "2023-02-16"
    assert plans.last_day("2023-02") == "2023-02-28"
    assert plans.last_day("2024-02") == "2024-02-29"
    assert plans.last_day("2023") == "2023-12-31"


@given(st.dates())
def test_a_coarser_date_is_never_known_before_a_finer_one(day):
    full = day.isoformat()
    assert (
        full
        == plans.last_day(full)
        <= plans.last_day(full[:7])
        <= plans.last_day(full[:4])
        == f"{full[:4]}-12-31"
    )
    assert plans.last_day(full[:7]).endswith(f"{calendar.monthrange(day.year, day.month)[1]:02d}")


def test_the_inputs_of_a_plan_are_all_its_files_with_their_hashes(toy):
    inputs = dict(plans.inputs(toy.plan))
    assert list(inputs) == sorted(inputs)
    assert set(inputs) == {
        path.relative_to(toy.root).as_posix() for path in toy.root.rglob("*") if path.is_file()
    }
    assert inputs["params/toy/run.yml"] == hashlib.sha256(toy["run.yml"].read_bytes()).hexdigest()


def test_the_inputs_of_one_indicator_leave_the_other_indicators_out(toy):
    names = [path for path, _ in plans.inputs_of_indicator(toy.plan, "share")]
    assert names == [
        "data/raw/toy/context.csv",
        "data/raw/toy/sources.csv",
        "params/toy/context.yml",
        "params/toy/indicators/share.yml",
        "params/toy/plan.yml",
    ]


def test_the_inputs_of_the_commitments_leave_the_indicators_out(toy):
    names = [path for path, _ in plans.inputs_of_commitments(toy.plan)]
    assert names == [
        "data/raw/toy/commitments.csv",
        "data/raw/toy/sources.csv",
        "params/toy/commitments.yml",
        "params/toy/plan.yml",
    ]


@pytest.mark.parametrize(
    ("kind", "direction", "lost"),
    [
        ("increment", "higher", False),
        ("cumulative", "higher", False),
        ("increment", "lower", True),
        ("stock", "higher", True),
    ],
)
def test_a_sum_that_should_stay_low_can_still_be_lost(toy, kind, direction, lost):
    facts = plans.indicator(toy.plan, "patents")
    assert replace(facts, kind=kind, direction=direction).can_be_lost is lost
