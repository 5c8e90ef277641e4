"""The record in the notebook is the data: what it holds, that it survives the way to JSON and CSV,
that it is harmless."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import fields, replace

import pytest
from conftest import some
from hypothesis import given, strategies as st

from helpers.intake import observations, plan as plans, targets
from helpers.intake.plan import Plan
from helpers.measure import commitment, coverage, sensitivity, verdict
from helpers.measure.assessment import Assessment
from helpers.show import result, wording

# DESIGN §5, as it is printed there
DESIGN = (
    "plan,indicator_id,area,category,name_zh,unit,kind,property,baseline_year,baseline,"
    "target_year,target,op,year,data_year,value,n,"
    "attainment,progress,elapsed,ratio,cagr,required_cagr,required_step,step_factor,status,"
    "model,median,low80,high80,low95,high95,"
    "p_met,outlook,alert,final,note"
)


def assessed(plan: Plan, year: int) -> dict[str, Assessment]:
    points = observations.all_taken(plan, observations.receive(plan), year)
    return {
        facts.id: verdict.assess(plan, facts, points, year, model="drift")
        for facts in plans.indicators(plan)
    }


def record_of(plan: Plan, said: Assessment) -> dict:
    return result.indicator(
        plan, said, (), sensitivity.other_models(plan, said), sensitivity.other_rules(said)
    ).data


@pytest.fixture(scope="module")
def example() -> dict[str, dict]:
    """The records of the example plan in 2024."""
    plan = plans.load("example")
    return {name: record_of(plan, one) for name, one in assessed(plan, 2024).items()}


@pytest.fixture
def town(toy) -> dict[str, dict]:
    return {name: record_of(toy.plan, one) for name, one in assessed(toy.plan, 2023).items()}


def rows(records) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.to_csv(records), newline="")))


def every_record(plan: Plan, year: int) -> list[result.Record]:
    """All kinds of record one edition holds."""
    received = observations.receive(plan)
    points = observations.all_taken(plan, received, year)
    facts = plans.indicators(plan)
    each = []
    for one in facts:
        others = sensitivity.other_readings(plan, one, points, received.context, year)
        each.append(result.indicator(plan, verdict.assess(plan, one, points, year), others))
    states = [
        commitment.state_of(promise, received.evidence, plan.period, year)
        for promise in plans.commitments(plan)
    ]
    return [
        *each,
        result.commitments(plan, states),
        result.data_check(plan, received, points, coverage.missing(plan, facts, points, year)),
        result.assessment(plan, year, "", [one.data for one in each]),
    ]


# results.csv --------------------------------------------------------------------------------------


def test_the_columns_are_those_of_the_design_in_its_order(example):
    assert result.to_csv(example.values()).splitlines()[0] == DESIGN
    assert ",".join(result.COLUMNS) == DESIGN


def test_there_is_one_row_an_indicator_in_the_plans_order(example):
    assert [row["indicator_id"] for row in rows(example.values())] == list(
        plans.load("example").indicators
    )


def test_every_column_is_filled_from_the_record(example):
    for record, row in some(zip(example.values(), rows(example.values()), strict=False)):
        for name in some(result.COLUMNS):
            value = record[name]
            if value is None:
                assert row[name] == "", name  # empty is not available, never a zero
            elif isinstance(value, float):
                assert float(row[name]) == value, name
            else:
                assert row[name] == str(value), name


def test_chance_word_and_alert_stand_in_their_columns(example):
    told = {
        row["indicator_id"]: (row["p_met"], row["outlook"], row["alert"])
        for row in rows(example.values())
    }
    assert told["demo_firms_new"] == ("1.0", "很可能", "绿")  # met, and an increment cannot be lost
    assert told["royalty_exports"] == ("", "", "")  # no data
    assert told["patent_intensive_share"][1:] == (
        "很难",
        "",
    )  # the break leaves two points and no baseline: a chance, no status, no alert
    assert told["madrid_valid"] == (
        "",
        "",
        "黄",
    )  # one point: no forecast by drift, the middle column
    assert told["case_days"][1:] == ("很难", "红")
    assert float(told["case_days"][0]) < 0.1


def test_a_record_holds_what_other_models_and_rules_say(example):
    one = example["trademarks_valid"]
    assert [other["model"] for other in one["models"]] == [
        "last",
        "drift",
        "theta",
        "ols",
        "growth",
        "pooled",
    ]
    assert one["disagree"]
    assert all(
        abs(other["p_met"] - one["p_met"]) > 0.25
        for other in one["models"]
        if other["model"] in one["disagree"]
    )
    # r = 90 % of 80 %: our status is ahead; growth from 100 to 190 against 100 to 200 as Statistics
    # Canada takes it: ((190/100)^(1/4) − 1)/((200/100)^(1/5) − 1) = .174055/.148698 = 1.17053
    (statcan,) = [other for other in one["ratings"] if other["rule"] == "statcan_target"]
    assert statcan["measures"] == [pytest.approx(1.17053, abs=1e-5)]
    assert statcan["status"] == "substantial_progress"
    assert statcan["agrees"]
    assert "模型分歧" in one["texts"]["disagreement"]


def test_without_data_every_quantity_is_empty_and_the_note_says_why(example):
    (row,) = [row for row in rows(example.values()) if row["status"] == "no_data"]
    empty = (
        "data_year",
        "value",
        "attainment",
        "progress",
        "elapsed",
        "ratio",
        "cagr",
        "required_step",
        "median",
        "low80",
        "model",
        "final",
    )
    assert [row[name] for name in empty] == [""] * len(empty)
    assert row["n"] == "0"
    assert row["note"] == "规划期内没有公开的同口径数据"
    assert row["target"] == "50.0"


def test_the_final_word_is_chinese_and_comes_only_in_the_target_year(toy):
    assert {
        row["final"]
        for row in rows(
            result.indicator(toy.plan, one).data for one in assessed(toy.plan, 2024).values()
        )
    } == {""}
    assert {
        row["final"]
        for row in rows(
            result.indicator(toy.plan, one).data for one in assessed(toy.plan, 2025).values()
        )
    } == {"终期数据未公布"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_a_spreadsheet_would_take_for_a_formula_is_made_harmless(example, start):
    record = {**example["case_days"], "name_zh": start + "cmd|' /C calc'!A0", "note": start + "1"}
    (row,) = rows([record])
    assert row["name_zh"].replace("\n", "\r") == "'" + record["name_zh"]
    assert row["note"].replace("\n", "\r") == "'" + record["note"]


def test_operators_and_negative_numbers_stay_what_they_are(example):
    (row,) = rows([example["case_days"]])
    assert row["op"] == "<="
    assert float(row["progress"]) == -0.5
    assert rows([{**example["case_days"], "op": ">="}])[0]["op"] == ">="


@given(st.text())
def test_no_text_cell_begins_like_a_formula_and_none_is_lost(text):
    record = dict.fromkeys(result.COLUMNS) | {"note": text}
    (cells,) = list(csv.reader(io.StringIO(result.to_csv([record]), newline="")))[1:]
    assert not cells[-1].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells[-1].removeprefix("'") == text.replace("\r\n", "\n").replace(
        "\r", "\n"
    ).removeprefix("'")


# The record ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", plans.available())
def test_every_record_is_the_same_after_the_way_through_json(name):
    plan = plans.load(name)
    kinds = set()
    for record in every_record(plan, plans.choices(plan).year):
        assert (
            json.loads(json.dumps(record.data, ensure_ascii=False, allow_nan=False)) == record.data
        )
        kinds.add(record.data["record"])
        assert record.data["schema"] == result.SCHEMA
        assert record.data["sentence"] == record.sentence
    assert kinds == {"indicator", "commitments", "data_check", "assessment"}


def floats(value: object) -> list[float]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in floats(item)]
    if isinstance(value, list):
        return [found for item in value for found in floats(item)]
    return [value] if isinstance(value, float) else []


def test_numbers_carry_nine_significant_digits(example):
    assert example["trademarks_valid"]["cagr"] == 0.174054886  # 1.9^(1/4) - 1 = 0.1740548859…
    assert all(
        found == float(f"{found:.9g}") for record in example.values() for found in floats(record)
    )


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1 / 3, 0.333333333),
        (2 / 3, 0.666666667),
        (123456789.4, 123456789.0),
        (0.1 + 0.2, 0.3),
        (1e-12 / 3, 3.33333333e-13),
        (-1 / 3, -0.333333333),
    ],
)
def test_a_computed_number_is_kept_to_nine_digits(value, kept):
    assert result.tidy(value) == kept
    assert result.tidy({"a": (value, [value, "x", None, 3, True])}) == {
        "a": [kept, [kept, "x", None, 3, True]]
    }


def test_a_record_shows_its_sentence_and_its_numbers(toy):
    record = result.indicator(toy.plan, assessed(toy.plan, 2023)["patents"])
    assert record._repr_mimebundle_() == {"text/plain": record.sentence, result.MIME: record.data}
    assert result.MIME == "application/vnd.plan-assessment.result+json"


def test_the_numbers_of_a_record_are_those_worked_by_hand(town):
    # patents: 160 of 2023 between 100 (2020) and 200 (2025); (160-100)/(200-100) = 0.6, 3/5 = 0.6
    one = town["patents"]
    assert (one["value"], one["data_year"], one["n"], one["baseline"], one["target"]) == (
        160,
        2023,
        3,
        100,
        200,
    )
    assert (one["attainment"], one["progress"], one["elapsed"], one["ratio"], one["status"]) == (
        0.8,
        0.6,
        0.6,
        1,
        "on_schedule",
    )
    assert (one["required_step"], one["mean_step"], one["step_factor"], one["scheduled"]) == (
        20,
        20,
        1,
        160,
    )  # (200-160)/2, 60/3
    assert (
        one["gaps"],
        one["bound"],
        town["grants_cum"]["bound"],
        town["attorneys_new"]["value"],
    ) == ([2022], "=", ">", 12)
    assert one["model"] == "drift"
    assert [row["year"] for row in one["forecast"]] == [2024, 2025]
    assert one["median"] == one["forecast"][-1]["median"]


def test_points_carry_source_state_level_and_where_they_belong(example, town):
    last = town["attorneys_new"]["points"][-1]
    assert (
        last["year"],
        last["value"],
        last["level"],
        last["source"],
        last["status"],
        last["note"],
    ) == (2023, 5, 12, "report_2023", "derived", "12-7=5")
    assert {p["year"]: p["before"] for p in example["patent_intensive_share"]["points"]} == {
        2020: True,
        2021: True,
        2022: True,
        2023: False,
        2024: False,
    }
    assert [p["level"] for p in example["patent_attorneys_new"]["points"]] == [
        None,
        None,
        None,
        4,
        7,
        12,
        16,
    ]  # 2018—2020 are history
    assert example["trademarks_valid"]["points"][-1]["earlier"] == "175（2025-03-01）"


def test_a_record_names_the_files_it_rests_on(town):
    named = {entry["path"]: entry["sha256"] for entry in town["share"]["inputs"]}
    assert "params/toy/indicators/share.yml" in named
    assert "params/toy/indicators/patents.yml" not in named
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in named.values())


def test_a_record_holds_every_fact_of_its_indicator(example):
    for record in some(example.values()):
        every = {field.name for field in fields(plans.Indicator)}
        assert set(record["facts"]) == every - set(targets.LATER[""])  # none is a proxy
        assert record["facts"]["caveats"]
        assert record["texts"]["conclusion"] == record["sentence"]


def test_the_interval_of_the_sentence_is_the_one_asked_for(toy):
    one = assessed(toy.plan, 2023)["patents"]
    assert "80% 预测区间" in result.indicator(toy.plan, one).data["texts"]["outlook"]
    assert "95% 预测区间" in result.indicator(toy.plan, one, level=0.95).data["texts"]["outlook"]


# The whole ----------------------------------------------------------------------------------------


def test_the_whole_counts_statuses_and_names_the_best_and_the_worst(example):
    whole = result.assessment(plans.load("example"), 2024, "", list(example.values())).data
    assert (whole["total"], whole["assessable"], sum(k for _, k in whole["counts"])) == (14, 12, 14)
    assert whole["overall"] == "mostly"  # 2+2+2+2 = 8 of 12 = 66.7 % at or above 符合预期
    assert whole["sentence"] == whole["counted"] + wording.OVERALL["mostly"] + "。"
    assert whole["best"] == [
        "demo_firms_new",
        "service_platform",
        "satisfaction",
    ]  # met for good: r 1.5, 1.25; then met and to be held
    assert whole["worst"] == [
        "case_days",
        "service_staff",
        "pledge_amount",
    ]  # 倒退; 明显滞后; r 0.75 before 0.83
    assert whole["cutoff"] == "全部已知数据（最晚公布于 2025-09-01）"
    assert "root" not in whole["facts"]


def test_nobody_is_best_or_worst_where_nothing_can_be_judged(example):
    silent = [{**record, "status": "no_data"} for record in example.values()]
    whole = result.assessment(plans.load("example"), 2024, "", silent).data
    assert (whole["best"], whole["worst"], whole["overall"]) == (
        [],
        [],
        "insufficient",
    )


def test_the_data_check_lists_what_is_missing_revised_and_from_where(toy):
    toy.add(
        "observations.csv", "toy,patents,town,2021,117,件,preliminary,report_2021,2021-09-01,,,"
    )
    (check,) = [
        record.data
        for record in every_record(toy.plan, 2023)
        if record.data["record"] == "data_check"
    ]
    assert {row["id"]: row["years"] for row in check["missing"]} == {
        "patents": [2022],
        "grants_cum": [2021],
        "share": [2022],
    }
    assert [(row["id"], row["year"], row["value"], row["earlier"]) for row in check["revised"]] == [
        ("patents", 2021, 118, "117（2021-09-01）")
    ]
    assert {source["id"] for source in check["sources"]} == {
        "report_2020",
        "report_2021",
        "report_2022",
        "report_2023",
        "undated",
    }
    assert [(row["computed"], row["holds"]) for row in check["checks"]] == [(100, True)]


# Read back ----------------------------------------------------------------------------------------


def notebook(*bundles: dict) -> dict:
    """An executed notebook as `nbformat` stores it: one prose cell, one code cell an output."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# 结论"}]
    cells += [
        {
            "cell_type": "code",
            "metadata": {},
            "source": "",
            "execution_count": 1,
            "outputs": [{"output_type": "execute_result", "data": data, "metadata": {}}],
        }
        for data in bundles
    ]
    cells += [
        {
            "cell_type": "code",
            "metadata": {},
            "source": "",
            "execution_count": 2,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
        }
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_a_record_is_found_in_a_notebook_and_its_absence_is_told(example):
    record = example["case_days"]
    assert (
        result.read(notebook({"text/plain": "x"}, {"text/plain": "y", result.MIME: record}))
        == record
    )
    assert result.read(notebook({"text/plain": "x"})) is None
    assert result.read({"cells": []}) is None


def test_inside_a_run_the_records_come_from_its_executed_notebooks(
    toy, town, tmp_path, monkeypatch
):
    for name, record in town.items():
        (tmp_path / f"2_{name}.ipynb").write_text(
            json.dumps(notebook({result.MIME: {**record, "value": 7.0}})), encoding="utf-8"
        )
    monkeypatch.setenv(observations.EDITION_VARIABLE, str(tmp_path))
    assert [record["value"] for record in result.of_run(toy.plan, 2023)] == [7.0] * 4


def test_by_hand_the_records_are_computed_now_with_the_plans_choices(toy, town):
    assert observations.EDITION_VARIABLE not in os.environ
    assert result.of_run(toy.plan, 2023) == list(town.values())
    toy.change("run.yml", "model: drift", "model: last")
    assert {record["model"] for record in result.of_run(toy.plan, 2023)} == {"last", None}


def test_a_record_of_a_target_that_was_not_set_is_whole(toy):
    one = assessed(toy.plan, 2023)["patents"]
    bare = replace(
        one,
        facts=replace(one.facts, target=plans.Target(2025, None, note="规划没有写")),
        status="not_assessable",
        progress=None,
    )
    record = result.indicator(toy.plan, bare).data
    assert record["target"] is None
    assert rows([record])[0]["target"] == ""
    assert record["texts"]["target"] == "未设目标（规划没有写）"
