"""A year that is not over: pace, what is expected, P(target), what falls due, what is missing."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_edition import checkout, helpers
from test_part_year import entered

from helpers import monitored
from helpers.intake import observations, part_year, plan as plans
from helpers.intake.finding import Unknown
from helpers.intake.period import Span
from helpers.measure import before, commitment, monitor, monitor_areas, outlook, track
from helpers.run.engine import execute
from helpers.show import monitor_figure, monitor_record, monitoring, wording

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "report_2023"


@pytest.fixture(scope="module")
def example():
    plan = plans.load("example", ROOT)
    received = observations.receive(plan)
    span = part_year.at(plan, received.parts)
    return plan, received, span, monitor.standings(plan, received, span)


def of(example, name):
    return next(one for one in example[3] if one.facts.id == name)


def standing(toy, indicator, year, month=12):
    plan = toy.plan
    received = observations.receive(plan)
    facts = plans.indicator(plan, indicator)
    return monitor.standing(plan, facts, received.observations, received.parts, year, month)


# ── pace: the two examples that were judged behind ────────────────────────────────────────────────


def test_a_first_year_of_a_sum_is_judged_by_the_months_that_passed(toy):
    """3.1 of 17 by September of the first year: p = .1824, τ = .75/5 = .15, r = 1.216; as the
    year's value it was .1824/.2 = .91, behind."""
    for change in (
        ("indicators/attorneys_new.yml", "reported: annual", "reported: to_date"),
        ("indicators/attorneys_new.yml", "value: 20}", "value: 17}"),
        ("indicators/attorneys_new.yml", "decimals: 0", "decimals: 1"),
    ):
        toy.change(*change)
    header = toy["observations.csv"].read_text("utf-8").splitlines()[0]
    rows = [
        f"{header},period",
        f"toy,attorneys_new,town,2021,3.1,人,final,{SOURCE},2021-10-20,,,,2021-01/2021-09",
    ]
    toy.write("observations.csv", "\n".join(rows) + "\n")
    found = standing(toy, "attorneys_new", 2021)
    assert found.elapsed == pytest.approx(0.15)
    assert found.ratio == pytest.approx(3.1 / 17 / 0.15)
    assert found.status == "ahead"
    assert found.expected == pytest.approx(3.1 * 12 / 9)  # by time passed: no former year
    assert (found.reason, found.p_met) == ("no_former_part", None)


def test_a_quarter_of_a_stock_is_judged_by_the_quarter(toy):
    """The base 100 of 2020, target 200 of 2025, 106 in March 2021: p = .06, τ = .25/5 = .05,
    r = 1.2; as the year's value it was .06/.2 = .3, far behind."""
    header = toy["observations.csv"].read_text("utf-8").splitlines()[0]
    rows = [f"{header},period", f"toy,patents,town,2021,106,件,final,{SOURCE},2021-04-20,,,,2021Q1"]
    toy.write("observations.csv", "\n".join(rows) + "\n")
    found = standing(toy, "patents", 2021)
    assert (found.elapsed, found.ratio) == (pytest.approx(0.05), pytest.approx(1.2))
    assert found.status == "ahead"
    assert found.due == pytest.approx(120.0)
    assert found.needed == pytest.approx((120 - 106) / 9)
    assert found.so_far == pytest.approx(6 / 3)
    assert found.expected == pytest.approx(100 + 6 * 4)


def quarter_of_patents(toy, target):
    toy.change("indicators/patents.yml", "target: {year: 2025, value: 200}", f"target: {target}")
    header = toy["observations.csv"].read_text("utf-8").splitlines()[0]
    rows = [f"{header},period", f"toy,patents,town,2021,106,件,final,{SOURCE},2021-04-20,,,,2021Q1"]
    toy.write("observations.csv", "\n".join(rows) + "\n")
    return standing(toy, "patents", 2021)


def test_a_rise_is_judged_by_the_level_it_leads_to(toy):
    """100 more than 100 is 200, as in the example above; 106 is more than 100 and meets nothing."""
    found = quarter_of_patents(toy, "{year: 2025, value: 100, form: rise}")
    assert (found.status, found.due) == ("ahead", pytest.approx(120.0))


@pytest.mark.parametrize(
    "target",
    [
        "{year: 2025, value: 1, form: relative, compared: {to: share, name: 占比, by: ratio,"
        " judged: at_end}}",
        "{year: 2025, value: null, form: qualitative, note: 稳步增加}",
        "{year: 2025, value: 100, form: every_year}",
    ],
)
def test_what_is_no_value_of_the_target_year_is_not_judged_by_months(toy, target):
    found = quarter_of_patents(toy, target)
    assert (found.reason, found.status, found.p_met) == ("other_form", "no_data", None)


def test_a_quarter_and_the_next_are_no_correction_of_each_other(toy):
    entered(toy, ("2024Q1", 2, "2024-04-10"), ("2024Q2", 3, "2024-07-10"))
    found = standing(toy, "attorneys_new", 2024)
    assert (found.month, found.value, found.before.month, found.before.value) == (6, 5.0, 3, 2.0)


# ── what is expected ──────────────────────────────────────────────────────────────────────────────


def test_a_sum_is_banked_and_the_year_added_to_it(example):
    found = of(example, "patent_attorneys_new")
    assert found.level == 16 + 3  # 4 + 3 + 5 + 4 of 2021 to 2024, and 0 + 2 + 1
    assert found.expected >= found.level
    assert found.p_met == found.p_year  # the target year: the schedule's end is the target


def test_an_amount_is_expected_by_its_share_of_former_years(example):
    """7.4 by September 2025; in 2022, 2023, 2024 that was 66, 67, 67.5 % of the year: about 11."""
    found = of(example, "pledge_amount")
    assert found.nowcast.share == pytest.approx((3.3 / 5 + 4 / 6 + 5.4 / 8) / 3)
    assert 10 < found.expected < 11.5
    assert found.needed == pytest.approx((12 - 7.4) / 3)


def test_what_is_met_and_cannot_be_lost_is_certain(example):
    assert of(example, "demo_firms_new").p_met == 1.0


def test_a_bound_is_no_start_of_a_year(example):
    found = of(example, "overseas_grants_cum")  # 2024 is only known to be beyond 38
    assert (found.reason, found.expected, found.value) == ("no_start", None, 42.0)


def test_what_was_not_reported_has_no_figure(example):
    found = of(example, "madrid_valid")
    assert (found.value, found.expected, found.reason) == (None, None, "not_reported")


def test_a_later_target_is_the_mean_over_likely_ends_of_the_year(example):
    """P(target 2025) seen in 2024: a mean of chances, between those after a bad and a good end."""
    plan, received, _, _ = example
    facts = plans.indicator(plan, "pledge_amount")
    rows, parts = received.observations, received.parts
    found = monitor.standing(plan, facts, rows, parts, 2024, 9)
    known = before.known_before(plan, facts, rows, 2024)
    after = [
        outlook.p_met(facts, monitor._after(facts, known, 2024, end, end, "pooled"))
        for end in (found.nowcast.ahead.quantile(2024, p) for p in (0.05, 0.95))
    ]
    assert after[0] < found.p_met < after[1]


def test_a_nowcast_sees_nothing_of_the_year_it_foretells(example):
    plan, received, _, _ = example
    facts = plans.indicator(plan, "pledge_amount")
    rows = [row for row in received.observations if row.year < 2024]
    parts = [row for row in received.parts if row.year <= 2024]
    blind = monitor.standing(plan, facts, rows, parts, 2024, 9)
    seeing = monitor.standing(plan, facts, received.observations, received.parts, 2024, 9)
    assert blind.expected == seeing.expected


def test_earlier_nowcasts_are_set_against_what_came(example):
    plan, received, span, _ = example
    found = {(one.facts.id, one.year): one for one in track.tracks(plan, received, span)}
    assert found["pledge_amount", 2024].actual == 8.0
    assert found["patent_attorneys_new", 2024].actual == 16  # the running sum
    assert ("pledge_amount", 2022) not in found  # no former year's part by then


# ── which period ──────────────────────────────────────────────────────────────────────────────────


def test_the_newest_period_is_taken_where_none_is_named(example):
    plan, received, span, _ = example
    assert span == Span(2025, 9)
    assert part_year.at(plan, received.parts, "2025Q2") == Span(2025, 6)


@pytest.mark.parametrize("text", ["2031-03", "2025", "九月"])
def test_a_period_that_is_none_of_the_plan_is_refused(example, text):
    with pytest.raises(Unknown, match="规划期（2021—2025）"):
        part_year.at(example[0], example[1].parts, text)


def test_a_plan_without_parts_is_told_how_to_enter_them(toy):
    with pytest.raises(Unknown, match="period 列"):
        part_year.at(toy.plan, observations.receive(toy.plan).parts)


# ── the page's tables ─────────────────────────────────────────────────────────────────────────────


def test_what_falls_due_lies_in_the_two_quarters_after_the_period(example):
    plan, _, span, standings = example
    promised, evidence = plans.commitments(plan), observations.evidence(plan)

    def due(at):
        states = [
            commitment.state_of(one, evidence, plan.period, at.year, at.last_day)
            for one in promised
        ]
        return monitoring.due(plan, standings, states, at)

    assert "通过知识产权强县验收" in set(due(span)[wording.monitor.COLUMNS["due"][1]])
    assert len(due(Span(2025, 3))) == 0  # December is nine months away
    assert len(due(Span(2025, 6))) == len(due(span))


def test_what_is_missing_names_who_has_to_report_it(example):
    _, _, span, standings = example
    table = monitoring.missing(standings, span)
    assert "云上县商务局（虚构）" in set(table.iloc[:, 2])
    assert "建成知识产权公共服务平台" not in set(table.iloc[:, 0])  # a yes or no


def test_two_lines_say_how_it_stands_and_what_to_watch(example):
    plan, _, span, standings = example
    first, second = monitor_record.message(plan, standings, span)
    assert "14 项指标中 7 项报了当年数" in first
    assert "知识产权质押融资金额（预计年末 10.8 亿元" in second
    assert "无预测" not in second


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The example's page of September 2025, made as the verb makes it."""
    root = tmp_path_factory.mktemp("monitor")
    for name in ("params", "data", "notebooks", "src"):
        (root / name).symlink_to(ROOT / name)
    (root / "data").unlink()
    (root / "data" / "raw").mkdir(parents=True)
    (root / "data" / "raw" / "example").symlink_to(ROOT / "data/raw/example")

    def run(job, folder, environment):
        assert environment == {"ASSESSMENT_ROOT": str(root)}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ASSESSMENT_ROOT", str(root))
            return execute(job, folder)

    return monitored.make("example", "2025-09", run, root=root)


def test_the_page_is_small_whole_and_asks_the_network_for_nothing(made):
    page = (made.folder / monitored.PAGE).read_text("utf-8")
    assert len(page.encode()) < 300_000
    for name, title in wording.monitor.SECTION.items():
        assert (title in page) == (name != "areas")  # of the example no part reported
    assert page.count("<svg") == 1
    assert "虚构数据" in page
    assert "src=" not in page.replace("src: url(data:", "")


def test_the_moves_are_the_standings_in_numbers(made, example):
    rows = {
        row["indicator_id"]: row
        for row in csv.DictReader(
            io.StringIO((made.folder / monitored.MOVES).read_text("utf-8-sig"))
        )
    }
    assert list(rows) == [one.facts.id for one in example[3]]
    found = of(example, "pledge_amount")
    assert float(rows["pledge_amount"]["expected"]) == pytest.approx(found.expected)
    assert rows["pledge_amount"]["previous_period"] == "2025-06"
    assert rows["madrid_valid"]["value"] == ""  # missing is no zero


def test_the_message_has_two_lines(made):
    assert len((made.folder / monitored.MESSAGE).read_text("utf-8").splitlines()) == 2


def test_the_notebook_is_evidence(made):
    notebook = json.loads((made.folder / "monitor.ipynb").read_text("utf-8"))
    assert all(c["execution_count"] for c in notebook["cells"] if c["cell_type"] == "code")


def kept(indicator_id, period, expected="", low80="", high80=""):
    """A row of an earlier moves.csv, as far as it is read."""
    return {
        "indicator_id": indicator_id,
        "period": period,
        "expected": expected,
        "low80": low80,
        "high80": high80,
    }


def came_out(example, *rows):
    plan, received, span, _ = example
    tracks, ended = track.tracks(plan, received, span), track.ended(plan, received, span)
    return monitoring.track(plans.indicators(plan), tracks, rows, ended)


def test_a_kept_nowcast_takes_the_place_of_one_foretold_again(example):
    again = came_out(example)
    table = came_out(example, kept("pledge_amount", "2024-09", "9", "8.5", "9.5"))
    assert len(table) == len(again)
    row = next(r for r in table.itertuples(index=False) if r[-1] == "当时留存")
    assert row[3:5] == ("8.0 亿元", "否")  # 8.0 came, 8.5 to 9.5 was foretold
    assert f"{len(again)} 次以往的预计中，{len(again) - 1} 次" in table.attrs["sentence"]


def test_a_kept_nowcast_of_an_indicator_without_another_is_shown(example):
    table = came_out(example, kept("demo_firms_new", "2023-06", "7", "6", "9"))
    assert ("新增知识产权示范企业", "8 家", "是", "当时留存") in {
        (r[0], *r[3:]) for r in table.itertuples(index=False)
    }  # 8 by the end of 2023


def test_what_foretold_nothing_or_is_not_over_is_no_record(example):
    rows = (
        kept("madrid_valid", ""),  # not reported then
        kept("service_staff", "2024-06", "136"),  # by time passed: no interval
        kept("pledge_amount", "2025-06", "10", "9", "11"),  # 2025 has no value yet
    )
    assert len(came_out(example, *rows)) == len(came_out(example))


def test_the_record_of_earlier_periods_is_read_from_where_they_lie(example, tmp_path):
    for name, value in (("2024-09", 1), ("2024-09.en", 2), ("2025-09", 3)):
        (tmp_path / "monitor" / name).mkdir(parents=True)
        (tmp_path / "monitor" / name / "moves.csv").write_text(f"indicator_id\n{value}\n")
    plan = replace(example[0], root=tmp_path)
    assert part_year.kept(plan, "monitor", Span(2025, 9)) == [{"indicator_id": "1"}]
    assert part_year.kept(plan, "", Span(2025, 9)) == []


# ── editions ──────────────────────────────────────────────────────────────────────────────────────


def test_an_edition_of_a_year_not_over_has_the_nowcast_beside_the_verdict(example):
    plan, received, _, _ = example
    running = monitor.running(plan, received, 2025)
    assert {one.facts.id for one in running} == {
        "patents_per_10k",
        "trademarks_valid",
        "overseas_grants_cum",
        "pledge_amount",
        "demo_firms_new",
        "patent_attorneys_new",
        "service_staff",
    }
    sentence = monitoring.running(running)["pledge_amount"]
    assert "当年未完：9 月：7.4 亿元" in sentence
    assert "不计入年度判断" in sentence


def test_an_edition_of_a_year_that_is_over_has_none(example):
    plan, received, _, _ = example
    assert monitor.running(plan, received, 2024) == []  # its own values are known
    assert len(monitor.running(plan, received, 2024, known_by="2024-12-31")) > 0


@pytest.mark.slow
def test_annual_editions_are_the_same_with_and_without_figures_of_parts(tmp_path):
    def made(name, keep):
        root = checkout(tmp_path / name, "example")
        table = root / "data/raw/example/observations.csv"
        lines = table.read_text("utf-8").splitlines()
        whole = [line for line in lines if line.endswith((",", ",period"))]
        assert len(whole) < len(lines)
        table.write_text("\n".join(lines if keep else whole) + "\n", "utf-8")
        done = helpers(root, "assess", "--plan", "example", "--year", "2024")
        assert done.returncode == 0, done.stderr
        folder = root / "data/processed/example/2024"
        names = ["results.csv", "results.json", "observations.csv", "3_commitments.ipynb"]
        names += sorted(path.name for path in folder.glob("2_*.ipynb"))
        return {name: (folder / name).read_bytes() for name in names}

    assert made("with", True) == made("without", False)


# ── the picture, and parts of the area ────────────────────────────────────────────────────────────


def test_the_picture_counts_from_the_baseline_or_from_nothing(example):
    """7.4 of an annual amount whose line is 12: .617, expected .85 to .95 of it; a running total
    counts from its baseline; of a bound there is no way."""
    found = monitor_figure.shares(of(example, "pledge_amount"))
    assert found[0] == pytest.approx(7.4 / 12)
    assert found[1] == pytest.approx(of(example, "pledge_amount").expected / 12)
    stock = of(example, "patents_per_10k")
    way = stock.due - stock.start
    assert monitor_figure.shares(stock)[0] == pytest.approx((stock.level - stock.start) / way)
    assert monitor_figure.shares(of(example, "overseas_grants_cum")) is None


def test_the_picture_draws_what_its_sentence_says(example):
    ax = monitor_figure.expected(example[3])
    told = [one for one in example[3] if one.value is not None]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        monitoring.name(one.facts) for one in told
    ][::-1]
    dots = {
        line.get_ydata()[0]: line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1
    }
    row = len(told) - 1 - [one.facts.id for one in told].index("pledge_amount")
    middle = monitor_figure.shares(of(example, "pledge_amount"))[1]
    assert dots[row] == pytest.approx(middle)
    sentence = monitor_figure.alternative(example[3])
    assert sentence.startswith("预计年末：6 项中 3 项到序时值。")
    assert f"知识产权质押融资金额：{wording.percent(middle)}" in sentence


def test_an_area_is_told_by_its_own_figures_only(toy):
    entered(toy, ("2024-01/2024-06", 9, "2024-07-10"))
    text = toy["observations.csv"].read_text("utf-8")
    north = text.splitlines()[-1].replace(",town,", ",north,").replace(",9,", ",2,")
    toy.write("observations.csv", text + north + "\n")
    plan = toy.plan
    received = observations.receive(plan)
    ((area, one),) = monitor_areas.by_area(plan, received, Span(2024, 6))
    assert (area.id, one.facts.id, one.value) == ("north", "attorneys_new", 2.0)
    assert standing(toy, "attorneys_new", 2024).value == 9.0
    (row,) = monitoring.areas([(area, one)]).itertuples(index=False)
    assert row[1:3] == ("县北", "6 月：2 人")
    assert monitor_areas.by_area(plan, received, Span(2024, 3)) == []  # nothing known by then
