"""What rows mean together: which vintage was known when, what level is judged, where a series
breaks."""

import csv
import hashlib
from dataclasses import replace

import pytest
from hypothesis import example, given, strategies as st

from helpers.intake import observations, plan as plans
from helpers.intake.contract import Observation
from helpers.intake.finding import Refused
from helpers.intake.observations import Point

TABLE = "data/raw/toy/observations.csv"


def row(year, value, published="", **rest):
    """An observation of the toy plan's patents in town."""
    fields = {
        "plan": "toy",
        "indicator_id": "patents",
        "area": "town",
        "unit": "件",
        "status": "final",
        "source": "report",
    } | rest
    return Observation(year=year, value=value, published=published, **fields)


def told(toy):
    with pytest.raises(Refused) as refused:
        observations.receive(toy.plan)
    return str(refused.value).split("\n")


def facts(toy, indicator_id):
    return plans.indicator(toy.plan, indicator_id)


# Vintages


def test_the_latest_vintage_counts_whatever_the_order_of_the_rows():
    first, second = row(2022, 12.71, "2023-12-29"), row(2022, 12.6, "2024-12-31")
    assert observations.known([first, second]) == observations.known([second, first]) == [second]


def test_years_come_in_order():
    assert [r.year for r in observations.known([row(2023, 3), row(2021, 1), row(2022, 2)])] == [
        2021,
        2022,
        2023,
    ]


def test_an_assessment_takes_what_was_known_at_its_date():
    first, second = row(2022, 12.71, "2023-12-29"), row(2022, 12.6, "2024-12-31")
    assert observations.known([first, second], "2023-12-28") == []
    assert observations.known([first, second], "2023-12-29") == [first]
    assert observations.known([first, second], "2024-12-30") == [first]
    assert observations.known([first, second], "2024-12-31") == [second]


@pytest.mark.parametrize(
    ("published", "known_by", "known"),
    [
        # Known for sure is what was published on the last day of its date or before.
        ("2023-02-16", "2023-02-16", True),
        ("2023-02-16", "2023-02-15", False),
        ("2023-02", "2023-02-28", True),
        ("2023-02", "2023-02-27", False),
        ("2024-02", "2024-02-28", False),  # 2024 has a 29 February
        ("2023", "2023-12-31", True),
        ("2023", "2023-12-30", False),
        # A cut-off without a day means its last day too.
        ("2023-02-28", "2023-02", True),
        ("2023-03-01", "2023-02", False),
        ("2023-02", "2023-02", True),
        ("2023", "2023-11", False),
        ("2023", "2023", True),
        ("2023-12-31", "2023", True),
        ("2024-01-01", "2023", False),
    ],
)
def test_dates_of_every_precision_are_known_by_their_last_day(published, known_by, known):
    assert bool(observations.known([row(2022, 1, published)], known_by)) == known


def test_a_row_without_a_date_is_taken_today_but_never_where_a_date_is_asked_for():
    assert observations.known([row(2022, 1)]) == [row(2022, 1)]
    assert observations.known([row(2022, 1)], "2099-12-31") == []


def test_a_dated_vintage_goes_before_one_without_a_date():
    dated, undated = row(2022, 1, "2023-01-01"), row(2022, 2)
    assert observations.known([dated, undated]) == observations.known([undated, dated]) == [dated]


def test_missing_values_and_targets_are_no_observations():
    assert (
        observations.known([row(2022, None, status="missing"), row(2022, 200, status="target")])
        == []
    )


def test_a_later_missing_row_does_not_hide_an_earlier_value():
    value, missing = row(2022, 30, "2023-01-01"), row(2022, None, "2024-01-01", status="missing")
    assert observations.known([value, missing]) == [value]


days = st.dates().map(str).flatmap(lambda day: st.sampled_from([day, day[:7], day[:4]]))
dates = days | st.just("")
figures = st.lists(st.tuples(st.integers(2021, 2023), st.floats(0, 9), dates), max_size=8)


@given(figures, days, days)
def test_what_is_known_only_grows_with_time(figures, one, other):
    rows = [row(*figure) for figure in figures]
    early, late = sorted((one, other), key=plans.last_day)
    before, after = ({r.year for r in observations.known(rows, day)} for day in (early, late))
    assert before <= after <= {r.year for r in observations.known(rows)}


@given(figures, dates)
def test_one_row_a_year_is_known_and_it_is_the_latest_that_was_out_by_then(figures, known_by):
    rows = [row(*figure) for figure in figures]
    known = observations.known(rows, known_by)
    assert len({taken.year for taken in known}) == len(known)
    for taken in known:
        # A slow second implementation: all vintages of the year that were out by then, and the
        # latest of their days.
        out = [
            plans.last_day(r.published)
            for r in rows
            if r.year == taken.year
            and r.published
            and (not known_by or plans.last_day(r.published) <= plans.last_day(known_by))
        ]
        assert plans.last_day(taken.published) == max(out) if out else taken.published == ""


def test_former_vintages_are_kept_beside_the_one_that_counts(toy):
    rows = [
        row(2022, 12.71, "2023-12-29"),
        row(2022, 12.5, "2022-12"),
        row(2022, 12.6, "2024-12-31"),
    ]
    (point,) = observations.taken(toy.plan, facts(toy, "patents"), rows, 2023)
    assert (point.level, point.earlier) == (12.6, "12.5（2022-12）；12.71（2023-12-29）")
    (point,) = observations.taken(
        toy.plan, facts(toy, "patents"), rows, 2023, known_by="2024-01-01"
    )
    assert (point.level, point.earlier) == (12.71, "12.5（2022-12）")


def test_former_vintages_are_told_by_date_and_not_by_spelling(toy):
    # "2023-06-30" sorts after "2023" as text but is earlier than its last day.
    (point,) = observations.taken(
        toy.plan, facts(toy, "patents"), [row(2022, 1, "2023-06-30"), row(2022, 2, "2023")], 2023
    )
    assert (point.level, point.earlier) == (2, "1（2023-06-30）")


def test_former_vintages_keep_every_digit(toy):
    rows = [row(2022, 7726635.25, "2023"), row(2022, 7726636.5, "2024")]
    (point,) = observations.taken(toy.plan, facts(toy, "patents"), rows, 2023)
    assert point.earlier == "7726635.25（2023）"


def test_a_vintage_without_a_date_is_a_former_one_only_where_no_date_is_asked_for(toy):
    rows = [row(2022, 1), row(2022, 2, "2023-05-01")]
    assert (
        observations.taken(toy.plan, facts(toy, "patents"), rows, 2023)[0].earlier
        == "1（日期不明）"
    )
    assert (
        observations.taken(toy.plan, facts(toy, "patents"), rows, 2023, "2024-01-01")[0].earlier
        == ""
    )


def test_targets_and_missing_rows_are_no_former_vintages(toy):
    rows = [
        row(2022, 1, "2021", status="target"),
        row(2022, None, "2022", status="missing"),
        row(2022, 2, "2023-05-01"),
    ]
    assert observations.taken(toy.plan, facts(toy, "patents"), rows, 2023)[0].earlier == ""


def test_points_are_of_one_indicator_one_area_and_up_to_the_year(toy):
    rows = [
        row(2021, 1),
        row(2022, 2),
        row(2024, 4),
        row(2022, 9, area="north"),
        row(2022, 8, indicator_id="share"),
    ]
    town = observations.taken(toy.plan, facts(toy, "patents"), rows, 2023)
    assert [(p.year, p.level) for p in town] == [(2021, 1), (2022, 2)]
    north = observations.taken(toy.plan, facts(toy, "patents"), rows, 2023, area="north")
    assert [(p.year, p.level) for p in north] == [(2022, 9)]


# Levels of annual increments

ANNUAL = plans.Indicator(
    "new",
    "新增",
    "new",
    "创造",
    "件",
    "increment",
    0,
    plans.Baseline(2020, None, note="从0起算"),
    plans.Target(2025, 20),
    (plans.Clause("新增", 1),),
    "",
    plans.Supplier("局", "规划原文", ""),
    reported="annual",
)


def levels(toy, *rows):
    return [
        (p.year, p.level, p.bound)
        for p in observations.levels(facts(toy, "attorneys_new"), rows, start=2021)
    ]


def test_the_level_of_an_annual_increment_is_the_sum_since_the_plan_began(toy):
    # 4; 4 + 3; 4 + 3 + 5
    assert levels(toy, row(2021, 4), row(2022, 3), row(2023, 5)) == [
        (2021, 4, "="),
        (2022, 7, "="),
        (2023, 12, "="),
    ]


def test_a_sum_of_decimals_is_the_decimal_one_expects(toy):
    # 0.1 + 0.2 is 0.30000000000000004 in binary
    assert levels(toy, row(2021, 0.1), row(2022, 0.2))[1] == (2022, 0.3, "=")


def test_after_a_year_without_a_figure_the_sum_is_a_lower_bound(toy):
    assert levels(toy, row(2021, 4), row(2023, 5), row(2024, 1)) == [
        (2021, 4, "="),
        (2023, 9, ">="),
        (2024, 10, ">="),
    ]


def test_a_first_year_without_a_figure_makes_every_sum_a_lower_bound(toy):
    assert levels(toy, row(2022, 3), row(2023, 5)) == [(2022, 3, ">="), (2023, 8, ">=")]


@pytest.mark.parametrize("bound", [">", ">="])
def test_a_sum_with_a_lower_bound_in_it_is_a_lower_bound(toy, bound):
    assert levels(toy, row(2021, 4), row(2022, 3, bound=bound), row(2023, 5, bound="~")) == [
        (2021, 4, "="),
        (2022, 7, ">="),
        (2023, 12, ">="),
    ]


def test_a_sum_with_an_approximate_term_is_approximate(toy):
    assert levels(toy, row(2021, 4, bound="~"), row(2022, 3), row(2023, 5, bound=">")) == [
        (2021, 4, "~"),
        (2022, 7, "~"),
        (2023, 12, ">="),
    ]


def test_additions_before_the_plan_began_have_no_level_and_are_not_counted(toy):
    assert levels(toy, row(2019, 9, bound=">"), row(2020, 9), row(2021, 4)) == [
        (2019, None, ">"),
        (2020, None, "="),
        (2021, 4, "="),
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_annual_additions_add_up_to_the_last_digit(hundredths):
    points = observations.levels(
        ANNUAL, [row(2021 + i, n / 100) for i, n in enumerate(hundredths)], start=2021
    )
    assert [p.level for p in points] == [
        sum(hundredths[: i + 1]) / 100 for i in range(len(hundredths))
    ]  # added as whole numbers
    assert all(p.bound == "=" for p in points)


def test_every_other_kind_is_judged_by_its_value_and_its_own_bound(toy):
    rows = [row(2019, 9), row(2023, 38, bound=">")]
    assert [
        (p.level, p.bound) for p in observations.levels(facts(toy, "grants_cum"), rows, 2021)
    ] == [(9, "="), (38, ">")]


# Breaks and gaps


def broken(toy, *breaks):
    return replace(
        facts(toy, "patents"),
        breaks=tuple(plans.Break(year, "新口径", published) for year, published in breaks),
    )


def split(facts, *rows):
    series = observations.series(facts, [Point(r, r.value, r.bound) for r in rows], "town")
    return series.years, tuple(p.year for p in series.before), series.broken_at


def test_without_a_break_every_level_is_judged(toy):
    assert split(broken(toy), row(2021, 1), row(2022, 2)) == ((2021, 2022), (), None)


def test_only_the_segment_after_a_break_is_judged(toy):
    assert split(broken(toy, (2022, "")), row(2021, 1), row(2022, 2), row(2023, 3)) == (
        (2022, 2023),
        (2021,),
        2022,
    )


def test_of_several_breaks_the_last_counts(toy):
    assert split(broken(toy, (2023, ""), (2022, "")), row(2021, 1), row(2022, 2), row(2023, 3)) == (
        (2023,),
        (2021, 2022),
        2023,
    )


def test_a_break_that_no_value_has_reached_is_not_in_force(toy):
    assert split(broken(toy, (2024, "")), row(2021, 1), row(2023, 3)) == ((2021, 2023), (), None)


def test_a_break_published_later_leaves_the_values_known_before_in_the_old_definition(toy):
    facts = broken(toy, (2022, "2024-12-31"))
    old, new = row(2022, 12.71, "2023-12-29"), row(2022, 12.6, "2024-12-31")
    assert split(facts, row(2021, 12.44, "2022-12-30"), old) == ((2021, 2022), (), None)
    assert split(facts, row(2021, 12.44, "2022-12-30"), new) == ((2022,), (2021,), 2022)


def test_a_value_of_the_old_definition_beside_new_ones_is_not_judged_even_if_its_year_is_later(toy):
    facts = broken(toy, (2022, "2024"))
    assert split(facts, row(2022, 2, "2024-12-31"), row(2023, 3, "2024-12-30")) == (
        (2022,),
        (2023,),
        2022,
    )
    assert split(facts, row(2022, 2, "2024-12-31"), row(2023, 3)) == (
        (2022,),
        (2023,),
        2022,
    )  # no date: not surely new


def test_additions_before_the_plan_are_history_and_neither_judged_nor_before(toy):
    points = observations.levels(facts(toy, "attorneys_new"), [row(2020, 9), row(2021, 4)], 2021)
    series = observations.series(replace(facts(toy, "attorneys_new"), id="patents"), points, "town")
    assert (series.levels, series.before, [p.year for p in series.history]) == ((4,), (), [2020])


def test_a_series_is_of_one_indicator_in_one_area(toy):
    rows = [row(2021, 1), row(2022, 2, area="north"), row(2023, 3, indicator_id="share")]
    assert split(broken(toy), *rows) == ((2021,), (), None)


def test_gaps_are_the_years_without_a_value_between_the_first_and_the_last(toy):
    points = [Point(row(year, 1.0), 1.0, "=") for year in (2018, 2021, 2023)]
    assert observations.series(facts(toy, "patents"), points, "town").gaps == (2019, 2020, 2022)
    assert observations.series(facts(toy, "patents"), points[:1], "town").gaps == ()
    assert observations.series(facts(toy, "patents"), [], "town").gaps == ()


# At the door


def test_a_row_without_a_date_of_its_own_became_known_with_its_source(toy):
    received = observations.receive(toy.plan)
    assert received.observations[0].published == "2021-03-01"
    assert received.observations[12].published == "2024-03-15"  # its own
    assert (
        received.context[0].published == observations.context(toy.plan)[0].published == "2024-03-01"
    )


def test_two_values_of_one_key_are_refused_with_both(toy):
    toy.add("observations.csv", "toy,patents,town,2021,125,件,final,report_2021,,,,")
    assert told(toy) == [
        f"{TABLE}:16:value: 125 — 与第 3 行（118）重复 — 请删去一行；若是修订，请写明各自的 "
        "published"
    ]


def test_the_same_date_told_by_row_and_by_source_is_one_date(toy):
    toy.add("observations.csv", "toy,patents,town,2021,125,件,final,report_2020,2022-03-01,,,")
    assert told(toy)[0].startswith(f"{TABLE}:16:value: 125 — 与第 3 行（118）重复")


def test_a_missing_row_beside_a_value_of_the_same_date_is_refused(toy):
    toy.add("observations.csv", "toy,patents,town,2021,,件,missing,report_2021,,,,")
    assert told(toy)[0].startswith(f"{TABLE}:16:value: 缺 — 与第 3 行（118）重复")


def test_doubled_context_values_are_refused_too(toy):
    toy.add("context.csv", "toy,city_share,city,2023,14.6,%,final,report_2023")
    assert told(toy) == [
        "data/raw/toy/context.csv:3:value: 14.6 — 与第 2 行（14.5）重复 — 请删去一行；若是修订，"
        "请写明各自的 published"
    ]
    with pytest.raises(Refused):
        observations.context(toy.plan)


def test_two_values_of_one_key_with_different_dates_are_vintages(toy):
    toy.add("observations.csv", "toy,patents,town,2021,125,件,final,report_2021,2023-06,,,")
    plan, received = toy.plan, observations.receive(toy.plan)
    taken = observations.taken(plan, facts(toy, "patents"), received.observations, 2023)
    assert [(p.year, p.level, p.earlier) for p in taken if p.year == 2021] == [
        (2021, 125, "118（2022-03-01）")
    ]


def test_a_target_beside_an_observation_of_the_same_year_is_no_duplicate(toy):
    toy.add("observations.csv", "toy,share,town,2025,11.9,%,preliminary,undated,,,,")
    assert len(observations.receive(toy.plan).observations) == 15


def test_a_running_total_that_falls_is_refused(toy):
    toy.cell("observations.csv", 7, value="19")
    assert told(toy) == [
        f"{TABLE}:7:value: 19 — 累计数比 2020 年的 20 少 — 累计只增不减：请核对；若口径改变，"
        "请在参数里写 breaks"
    ]


def test_an_increment_reported_to_date_may_not_fall_and_an_annual_one_may(toy):
    toy.change("indicators/attorneys_new.yml", "reported: annual", "reported: to_date")
    assert [sentence.split(" — ")[1] for sentence in told(toy)] == [
        "累计数比 2021 年的 4 少"
    ]  # 4, 3, 5


def test_a_running_total_may_stay_and_may_fall_where_its_definition_changed(toy):
    toy.cell("observations.csv", 7, value="20")
    observations.receive(toy.plan)
    toy.cell("observations.csv", 7, value="3")
    toy.add("indicators/grants_cum.yml", "breaks:\n  - {year: 2022, reason: 只计发明}")
    observations.receive(toy.plan)


@pytest.mark.parametrize("year", [2020, 2023])
def test_a_break_elsewhere_does_not_excuse_a_fall(toy, year):
    toy.cell("observations.csv", 7, value="19")  # 20 in 2020, 19 in 2022
    toy.add("indicators/grants_cum.yml", f"breaks:\n  - {{year: {year}, reason: 只计发明}}")
    assert told(toy)[0].startswith(f"{TABLE}:7:value: 19 — 累计数比 2020 年的 20 少")


def test_a_running_total_that_was_revised_down_is_judged_by_what_it_is_now(toy):
    toy.add("observations.csv", "toy,grants_cum,town,2020,15,件,final,report_2020,2023-01-01,,,")
    toy.cell(
        "observations.csv", 7, value="16"
    )  # less than the 20 first published, more than the 15 of the revision
    observations.receive(toy.plan)


def test_names_in_the_parameters_that_nothing_stands_behind_are_refused(toy):
    toy.change("indicators/share.yml", "line: 13", "source: report_2032")
    toy.add(
        "indicators/share.yml",
        "readings:\n  - {id: a, text: 甲, taken: true}\n  - {id: b, text: 乙, taken: false, "
        "series: city_shares}",
    )
    toy.change("commitments.yml", "line: 21", "source: book")
    assert told(toy) == [
        "params/toy/indicators/share.yml:clauses.source: report_2032 — 没有这个来源；最接近的是 "
        "report_2023 — 请改正，或先登记",
        "params/toy/commitments.yml:source: book — 没有这个来源 — 请改正，或先登记",
        "params/toy/indicators/share.yml:readings.b.series: city_shares — 没有这个参考数据系列；"
        "最接近的是 city_share — 请改正，或先登记",
    ]


def test_a_plan_without_context_and_commitments_needs_no_tables_for_them(toy):
    for name in ("context.yml", "context.csv", "commitments.yml", "commitments.csv"):
        toy[name].unlink()
    received = observations.receive(toy.plan)
    assert received.context == received.evidence == ()


def test_rows_of_context_and_commitments_nobody_declared_are_refused_and_not_passed_over(toy):
    toy["context.yml"].unlink()
    toy["commitments.yml"].unlink()
    assert [sentence.split(" — ")[1] for sentence in told(toy)] == [
        "没有这项指标",
        "没有这项任务",
        "没有这项任务",
    ]


def test_all_that_an_assessment_rests_on_is_of_every_indicator_and_area_but_not_of_the_context(toy):
    points = observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
    assert {(p.row.indicator_id, p.row.area) for p in points} == {
        ("patents", "town"),
        ("patents", "north"),
        ("grants_cum", "town"),
        ("attorneys_new", "town"),
        ("share", "town"),
    }
    assert [p.level for p in points if p.row.indicator_id == "attorneys_new"] == [4, 7, 12]


def test_an_assessment_of_the_past_sees_only_what_was_known(toy):
    points = observations.all_taken(
        toy.plan, observations.receive(toy.plan), 2023, known_by="2023-12-31"
    )
    assert {p.year for p in points} == {2020, 2021, 2022}


# The processed table


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    return tmp_path_factory.mktemp("processed")


text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
)  # what the door lets in
numbers = st.floats(allow_nan=False, allow_infinity=False)
observed = st.builds(
    Observation,
    plan=text,
    indicator_id=text,
    area=text,
    year=st.integers(1900, 2099),
    value=numbers,
    unit=text,
    status=text,
    source=text,
    published=text,
    bound=text,
    locator=text,
    note=text,
    line=st.integers(0, 10**6),
)
points = st.lists(st.builds(Point, observed, st.none() | numbers, text, text), max_size=4)


@given(points)
@example([Point(row(2022, 0.1, note='two\r\nlines, "quoted"'), None, "=", "")])
@example([Point(row(2022, 1.0, note="=1+1", locator="'@x"), None, "=", "-3（2022）")])
@example([Point(row(2022, 5e-324), 1.7976931348623157e308, "=", "")])
def test_what_is_written_is_read_back_exactly(processed, points):
    path = processed / "observations.csv"
    observations.write(path, points)
    assert observations.read(path) == points


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "'"])
def test_no_text_of_the_processed_table_is_computed_by_a_spreadsheet(processed, text):
    """The editions' observations.csv is opened by double-click; what is read back is the text."""
    points = [Point(row(2022, 1.0, note=text, locator=text), 1.0, "=", text)]
    observations.write(processed / "observations.csv", points)
    with open(processed / "observations.csv", encoding="utf-8", newline="") as file:
        (cells,) = csv.DictReader(file)
    assert (cells["note"], cells["locator"], cells["earlier"]) == ("'" + text,) * 3
    assert observations.read(processed / "observations.csv") == points


def test_the_processed_table_is_readable_by_eye(toy, tmp_path):
    points = observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
    observations.write(tmp_path / "out.csv", points)
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").split("\n")
    assert (
        lines[0]
        == "plan,indicator_id,area,year,value,unit,status,source,published,bound,locator,note,"
        "line,level,level_bound,earlier"
    )
    assert (
        lines[-2] == "toy,share,town,2023,10.9,%,final,report_2023,2024-03-15,=,第3页,,14,10.9,=,"
    )
    assert lines[-1] == ""


def test_by_hand_an_assessment_reads_the_raw_data(toy):
    points = observations.of_run(toy.plan, 2023)
    assert points == observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
    assert observations.of_run(toy.plan, 2023, "2023-12-31") == [p for p in points if p.year < 2023]


def test_inside_a_run_the_runs_table_is_read_and_nothing_else(toy, tmp_path, monkeypatch):
    edition = tmp_path / "edition"
    edition.mkdir()
    written = [Point(row(2022, 42.0, "2023-01-01", line=7), 42.0, "=", "41（2022）")]
    observations.write(edition / "observations.csv", written)
    monkeypatch.setenv("ASSESSMENT_EDITION", str(edition))
    plan = toy.plan
    for path in (*plan.raw.iterdir(), *plan.params.rglob("*.yml")):
        path.unlink()  # what the run froze may change or vanish while it runs
    assert observations.of_run(plan, 2023) == written


def test_the_fingerprint_of_an_indicators_rows_is_of_its_lines_in_the_editions_table(toy, tmp_path):
    """An auditor can make it from the edition: the header and the indicator's lines of the whole
    area."""
    points = observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
    observations.write(tmp_path / "observations.csv", points)
    header, *lines = (
        (tmp_path / "observations.csv").read_text("utf-8-sig").splitlines(keepends=True)
    )
    mine = header + "".join(line for line in lines if line.startswith("toy,patents,town,"))
    name, digest = observations.inputs(
        toy.plan,
        "patents",
        observations.series(plans.indicator(toy.plan, "patents"), points, "town"),
    )[-1]
    assert (name, digest) == (
        "observations.csv：patents",
        hashlib.sha256(mine.encode()).hexdigest(),
    )


def test_another_indicators_value_does_not_move_the_fingerprint(toy):
    def fingerprints() -> dict[str, str]:
        points = observations.all_taken(toy.plan, observations.receive(toy.plan), 2023)
        return {
            one.id: observations.inputs(toy.plan, one.id, observations.series(one, points, "town"))[
                -1
            ][1]
            for one in plans.indicators(toy.plan)
        }

    before = fingerprints()
    toy.cell("observations.csv", 3, value="119")
    assert {name for name, digest in fingerprints().items() if digest != before[name]} == {
        "patents"
    }
