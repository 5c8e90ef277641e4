"""The national plans: standing at the date of an official statement, our status agrees with it.

The statements are facts and entered here with date and source. A row is judged on what was
published by its date (`known_by`), for the latest year of which figures could then be expected.
Where officials only printed figures, the crossing of the target is tested: not met with the data of
the year before, met with those of the year.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.intake import observations, plan as plans
from helpers.intake.contract import Observation
from helpers.intake.plan import (
    Area,
    Baseline,
    Clause,
    Document,
    Indicator,
    Period,
    Plan,
    Supplier,
    Target,
)
from helpers.measure import overall, sensitivity, verdict

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "national" / "verdicts.csv"
PLAN_IDS = {
    "national-14-5": "national-145",
    "national-13-5": "national-135",
    "national-12-5": "national-125",
}

GMRB = "https://epaper.gmw.cn/gmrb/html/2024-03/30/nw.D110000gmrb_20240330_3-04.htm"
ECNS = "http://ecns.cn/news/sci-tech/2024-07-30/detail-iheeumea4566718.shtml"
CIPLU = (
    "https://chinaiplawupdate.com/2021/10/"
    "china-releases-14th-five-year-plan-notice-on-intellectual-property-china-to-more-than-double-number-of-foreign-patents-by-2025"
)
CBN = "https://www.chinabankingnews.com/2021/01/26/china-authorises-530000-patents-in-2020-patent-pledge-financing-rises-over-43-yoy/"
EARLY = "质押融资登记金额、使用费年进出口总额、社会满意度和服判息诉率4项指标已提前实现"
FASTER = "每万人口高价值发明专利拥有量和专利密集型产业增加值占GDP比重2项指标进展快于预期"
OVERALL = "8项规划指标进展总体符合预期"

MET, AHEAD, OVER, NOT_MET = (
    "achieved early",
    "faster than expected",
    "over-fulfilled",
    "not yet achieved",
)


class Statement(NamedTuple):
    plan: str
    indicator: str
    date: str
    year: int  # the latest year of which figures could be expected at that date
    meaning: str
    words: str
    url: str


STATEMENTS = [
    Statement("national-145", "pledge_amount", "2024-03-29", 2023, MET, EARLY, GMRB),
    Statement("national-145", "royalty_trade", "2024-03-29", 2023, MET, EARLY, GMRB),
    Statement("national-145", "satisfaction", "2024-03-29", 2023, MET, EARLY, GMRB),
    Statement("national-145", "civil_no_appeal_rate", "2024-03-29", 2023, MET, EARLY, GMRB),
    Statement("national-145", "hvp_per_10k", "2024-03-29", 2023, AHEAD, FASTER, GMRB),
    Statement("national-145", "patent_intensive_share", "2024-03-29", 2023, AHEAD, FASTER, GMRB),
    Statement(
        "national-145", "overseas_grants", "2024-03-29", 2023, NOT_MET, OVERALL, GMRB
    ),  # by elimination
    Statement(
        "national-145", "copyright_share", "2024-03-29", 2023, NOT_MET, OVERALL, GMRB
    ),  # by elimination
    Statement(
        "national-145",
        "hvp_per_10k",
        "2025-07-17",
        2024,
        MET,
        "每万人口高价值发明专利拥有量已经达到15.3件,提前实现“十四五”规划预期的12件目标",
        "http://news.hcygmm.com/zhishi/14769.html",
    ),
    Statement(
        "national-145",
        "patent_intensive_share",
        "2025-11-28",
        2024,
        MET,
        "中国专利密集型产业增加值占GDP比重已经超过13%",
        "https://us.usy7.cc/usy31INpXDk/us.usy7.cc",
    ),
    Statement(
        "national-145",
        "copyright_share",
        "2025-11-28",
        2024,
        NOT_MET,
        "版权产业增加值占GDP比重接近7.5%",
        "https://us.usy7.cc/usy31INpXDk/us.usy7.cc",
    ),
    Statement(
        "national-145",
        "hvp_per_10k",
        "2026-01-23",
        2025,
        OVER,
        "达到16件,超额完成国家“十四五”规划提出的12件的预期目标",
        "https://us.usy7.cc/usy0124Qc7lkd.htm",
    ),
    Statement(
        "national-135",
        "inv_per_10k",
        "2020-01-14",
        2019,
        MET,
        "每万人口发明专利拥有量达到13.3件,提前完成国家“十三五”规划确定的目标任务",
        "https://finance.sina.com.cn/roll/2020-01-14/doc-iihnzahk4136328.shtml",
    ),
    Statement(
        "national-135",
        "inv_per_10k",
        "2021-01-22",
        2020,
        OVER,
        "达到15.8件,超额完成国家“十三五”规划《纲要》预期的12件目标",
        "http://m.tfltb.cn/politics/2021_01_22_578866.shtml",
    ),
    Statement(
        "national-135",
        "royalty_export_cum",
        "2020-12-02",
        2019,
        MET,
        "知识产权使用费出口额达到454.5亿元人民币,同比增长23.6%,"
        "提前两年完成知识产权“十三五”规划目标",
        "http://1st.com.cn/news.asp?id=6888",
    ),
]
# Statements that need a word more; each has a test of its own below.
MID_YEAR = Statement(
    "national-145",
    "hvp_per_10k",
    "2024-07-29",
    2023,
    MET,
    "reached 12.9, realizing the expected goal … ahead of schedule",
    ECNS,
)
SEVERAL = Statement(
    "national-145",
    "(all)",
    "2025-07-17",
    2024,
    MET,
    "多项指标提前完成",
    "http://61.152.230.22/news,cjpl,54908953.html",
)
TWELFTH = Statement(
    "national-125",
    "inv_per_10k",
    "2014-01-15",
    2013,
    MET,
    "每万人口发明专利拥有量达4.02件,提前完成“十二五”规划确定的3.3件的目标",
    "http://cflac.org.cn/gn/201401/t20140116_240003.htm",
)
UNPRINTED = Statement(
    "national-125",
    "works_registered",
    "2014-04-22",
    2013,
    MET,
    "作品登记量84.5万件,同比增长22.89%,提前完成“十二五”规划目标",
    "http://www.yusrgfq.cn/c/2014-04-23/318889.shtml",
)
ALL_STATEMENTS = [*STATEMENTS, MID_YEAR, SEVERAL, TWELFTH, UNPRINTED]


class Crossing(NamedTuple):
    plan: str
    indicator: str
    before: int | None  # the last year that did not reach the target
    reached: int
    figures: str


BY_DATA = [  # no statement was found; the published figures cross the target
    Crossing(
        "national-135",
        "pct_applications",
        2018,
        2020,
        "5.52 < 6 <= 7.2; 2019 of the same count was not found",
    ),
    Crossing("national-135", "works_registered", 2017, 2018, "200.2 < 220 <= 235.2"),
    Crossing("national-135", "software_registered", 2016, 2017, "40.8 < 44 <= 74.5"),
    Crossing("national-135", "pledge_annual", 2019, 2020, "1515 < 1800 <= 2180: in the last year"),
    Crossing("national-135", "satisfaction", 2019, 2020, "78.98 < 80 <= 80.05: by 0.05"),
    Crossing(
        "national-135",
        "plant_variety_cum",
        2019,
        2020,
        "33,673 at the end of October 2020 > 25,000; nothing known before",
    ),
]
STATED = [  # the achieved years of the statements above
    Crossing("national-145", "pledge_amount", 2021, 2022, "3098 < 3200 <= 4868.8"),
    Crossing("national-145", "royalty_trade", None, 2021, "~3783 (derived) >= 3500"),
    Crossing("national-145", "satisfaction", 2022, 2023, "81.25 < 82 <= 82.04"),
    Crossing(
        "national-145", "civil_no_appeal_rate", 2022, 2023, "91.9 >= 85; nothing known before"
    ),
    Crossing("national-145", "hvp_per_10k", 2023, 2024, "11.8 < 12 <= 14"),
    Crossing("national-145", "patent_intensive_share", 2022, 2023, "12.60 (revised) < 13 <= 13.04"),
    Crossing("national-135", "inv_per_10k", 2018, 2019, "11.5 < 12 <= 13.3"),
    Crossing("national-135", "royalty_export_cum", 2017, 2018, "59.4 < 100 <= 115.4"),
]
UNKNOWN = {
    ("national-145", "overseas_grants"),
    ("national-135", "ip_service_growth"),
    ("national-135", "mfg_patents_per_100m"),
}


@cache
def read(plan_id):
    plan = plans.load(plan_id, ROOT)
    return plan, observations.receive(plan), plans.indicators(plan)


@cache
def assessed(plan_id, year, known_by=""):
    """{indicator: its assessment} of a year, on what was known at a date (default: today)."""
    plan, received, indicators = read(plan_id)
    points = observations.all_taken(plan, received, year, known_by)
    return {facts.id: verdict.assess(plan, facts, points, year) for facts in indicators}


def word(assessments):
    return overall.of_statuses(
        [(name, said.status, said.facts.property) for name, said in assessments.items()]
    )


# ── what officials said ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "stated", STATEMENTS, ids=lambda stated: f"{stated.date}-{stated.indicator}"
)
def test_at_the_date_of_an_official_statement_our_word_agrees(stated):
    said = assessed(stated.plan, stated.year, stated.date)[stated.indicator]
    if stated.meaning == MET:
        assert said.status == ("met_hold" if said.facts.can_be_lost else "met_locked")
    elif stated.meaning == AHEAD:
        assert said.status == "ahead"
    elif stated.meaning == OVER:
        assert (said.status, said.final) == ("met_hold", "over_fulfilled")
    else:
        assert said.status in ("ahead", "on_schedule", "behind", "far_behind", "reverse")


def test_a_mid_year_stock_is_not_a_year_end_value():
    """On 2024-07-29 officials called the patents' target reached: 12.9 at the end of June 2024.

    A stock is judged at the year's end, so what we could say then is of 2023: 11.8, ahead of time
    but not there. From 2025-01-15 on, when 14 at the end of 2024 was published, it is met.
    """
    then = assessed(MID_YEAR.plan, 2023, MID_YEAR.date)["hvp_per_10k"]
    assert (then.status, then.value) == ("ahead", 11.8)
    for date in (MID_YEAR.date, "2025-01-14"):
        assert assessed(MID_YEAR.plan, 2024, date)["hvp_per_10k"].status == "ahead"
    since = assessed(MID_YEAR.plan, 2024, "2025-01-15")["hvp_per_10k"]
    assert (since.status, since.value, since.data_year) == ("met_hold", 14, 2024)


def test_several_indicators_of_the_fourteenth_plan_were_achieved_early():
    counts = dict(word(assessed(SEVERAL.plan, SEVERAL.year, SEVERAL.date)).counts)
    # pledges, royalties, satisfaction, no-appeal rate, patents; the patent-intensive share since
    # 2024-12-31
    assert counts["met_hold"] == 6


@pytest.mark.parametrize(
    "crossing", BY_DATA + STATED, ids=lambda crossing: f"{crossing.plan}-{crossing.indicator}"
)
def test_a_target_is_met_in_the_year_its_figures_cross_it_and_not_before(crossing):
    reached = assessed(crossing.plan, crossing.reached)[crossing.indicator]
    assert reached.status in verdict.MET
    assert reached.data_year == crossing.reached
    if crossing.before:
        assert (
            assessed(crossing.plan, crossing.before)[crossing.indicator].status not in verdict.MET
        )


def twelfth(indicator_id, target, values):
    """An indicator of the twelfth plan, on published values alone: its baseline was not seen."""
    plan = Plan(
        id="national-125",
        title="",
        short_title="",
        title_en="",
        issuer="",
        document=Document(""),
        issued="2011",
        period=Period(2011, 2015),
        baseline_year=2010,
        target_year=2015,
        categories=("创造",),
        indicators=(indicator_id,),
        areas=(Area("china", "全国", "whole"),),
    )
    facts = Indicator(
        id=indicator_id,
        name_zh="",
        name_en="",
        category="创造",
        unit="件",
        kind="stock",
        decimals=2,
        definition="",
        baseline=Baseline(2010, None, note="未见到"),
        target=Target(2015, target),
        clauses=(Clause("", 1),),
        supplier=Supplier("", "按职能建议", ""),
    )
    rows = [
        Observation(plan.id, indicator_id, "china", year, value, "件", "final", "published", date)
        for year, value, date in values
    ]
    return plan, facts, rows


def test_the_patents_of_the_twelfth_plan_were_achieved_two_years_early():
    plan, facts, rows = twelfth(
        "inv_per_10k",
        3.3,
        [(2012, 3.23, "2013"), (2013, 4.02, "2014-01-15"), (2014, 4.9, "2015-06-12")],
    )
    statuses = {}
    for year, date in ((2012, "2013-12-31"), (2013, TWELFTH.date), (2014, "2015-06-12")):
        said = verdict.assess(plan, facts, observations.taken(plan, facts, rows, year, date), year)
        statuses[year] = said.status
    assert statuses == {
        2012: "not_assessable",
        2013: "met_hold",
        2014: "met_hold",
    }  # 3.23 < 3.3 <= 4.02


def test_where_the_target_was_not_printed_we_cannot_agree_and_say_so():
    plan, facts, rows = twelfth("works_registered", None, [(2013, 84.5, UNPRINTED.date)])
    said = verdict.assess(
        plan, facts, observations.taken(plan, facts, rows, 2013, UNPRINTED.date), 2013
    )
    assert (said.status, said.reasons[0], said.value) == ("not_assessable", "no_target", 84.5)


@pytest.mark.skipif(
    not SHARED.is_file(),
    reason="the collected statements (../shared/data/national/verdicts.csv) are not here",
)
def test_every_collected_verdict_is_tested_here():
    with open(SHARED, encoding="utf-8", newline="") as file:
        collected = list(csv.DictReader(file))
    stated = {(one.plan, one.indicator, one.date, one.url) for one in ALL_STATEMENTS}
    crossed = {(one.plan, one.indicator) for one in BY_DATA}
    assert collected
    for one in collected:
        name = PLAN_IDS[one["plan"]], one["indicator_id"]
        if one["date"]:
            assert (*name, one["date"], one["source_url"]) in stated
        else:
            assert name in (crossed if "(by data)" in one["verdict"] else UNKNOWN)


def test_every_statement_is_quoted_with_its_source_and_tested_once():
    assert len({(one.plan, one.indicator, one.date) for one in ALL_STATEMENTS}) == len(
        ALL_STATEMENTS
    )
    assert all(one.words and one.url.startswith("http") for one in ALL_STATEMENTS)


# ── the fourteenth plan in 2023 ───────────────────────────────────────────────────────────────────


def test_the_fourteenth_plan_in_2023_as_it_could_be_known_in_march_2024():
    said = assessed("national-145", 2023, "2024-03-31")
    assert {name: one.status for name, one in said.items()} == {
        "hvp_per_10k": "ahead",
        "overseas_grants": "ahead",
        "pledge_amount": "met_hold",
        "royalty_trade": "met_hold",
        "patent_intensive_share": "ahead",
        "copyright_share": "far_behind",
        "satisfaction": "met_hold",
        "civil_no_appeal_rate": "met_hold",
    }
    assert (word(said).word, word(said).assessable, word(said).total) == (
        "on_schedule",
        8,
        8,
    )  # 7 of 8 good: 87.5 %


def test_the_figures_behind_the_words_of_march_2024_by_hand():
    said = assessed("national-145", 2023, "2024-03-31")
    patents, grants, share, copyright_share = (
        said[name]
        for name in ("hvp_per_10k", "overseas_grants", "patent_intensive_share", "copyright_share")
    )
    # (11.8 - 6.3)/(12 - 6.3) = 5.5/5.7 after 3/5
    assert patents.ratio == pytest.approx(5.5 / 5.7 / 0.6)
    # grants: only 2021 was found; (5.377 - 4)/(9 - 4) = 0.2754 after 1/5
    assert (grants.data_year, grants.elapsed, grants.value) == (2021, pytest.approx(0.2), 5.377)
    assert grants.ratio == pytest.approx(1.377)
    assert "lagging_data" in grants.reasons
    # share of patent-intensive industries: 12.71 of 2022, from 11.6 in 2019: 1.11/1.4 after 3/6
    assert (share.data_year, share.value, share.baseline.value, share.baseline.year) == (
        2022,
        12.71,
        11.6,
        2019,
    )
    assert share.ratio == pytest.approx(1.11 / 1.4 / 0.5)
    # share of copyright industries: 7.41 of 2022, from 7.39 in 2019: 0.02/0.11 after 3/6
    assert (copyright_share.data_year, copyright_share.value) == (2022, 7.41)
    assert copyright_share.ratio == pytest.approx(0.02 / 0.11 / 0.5)


def test_the_same_year_with_all_that_is_known_today():
    said = assessed("national-145", 2023)
    share = said["patent_intensive_share"]
    assert (share.status, share.value, share.data_year) == ("met_hold", 13.04, 2023)
    assert (share.baseline.source, share.progress) == (
        "none",
        None,
    )  # 11.6 is of the definition before the census
    assert (said["copyright_share"].status, said["copyright_share"].data_year) == (
        "behind",
        2023,
    )  # 0.05/0.11 after 4/6
    assert word(said).word == "on_schedule"


def test_an_observed_baseline_is_the_published_one():
    said = assessed("national-145", 2023, "2024-03-31")
    assert [
        (said[name].baseline.value, said[name].baseline.source)
        for name in ("pledge_amount", "royalty_trade")
    ] == [
        (2180, "observations"),
        (3194.4, "observations"),
    ]


def test_the_final_words_of_the_fourteenth_plan_wait_for_the_figures_of_2025():
    finals = {name: one.final for name, one in assessed("national-145", 2025, "2026-01-23").items()}
    assert finals.pop("hvp_per_10k") == "over_fulfilled"  # (16 - 6.3)/(12 - 6.3) = 1.70
    assert set(finals.values()) == {"pending"}
    assert {one.final for one in assessed("national-145", 2024).values()} == {""}


# ── the thirteenth plan at its end ────────────────────────────────────────────────────────────────


def test_the_thirteenth_plan_at_its_end():
    said = assessed("national-135", 2020)
    assert {name: (one.status, one.final) for name, one in said.items()} == {
        "inv_per_10k": ("met_hold", "over_fulfilled"),  # (15.8 - 6.3)/(12 - 6.3) = 1.67
        "pct_applications": ("met_hold", "over_fulfilled"),  # (7.2 - 3)/(6 - 3) = 1.40
        "plant_variety_cum": ("met_locked", "fulfilled"),  # a lower bound, no baseline
        "works_registered": ("met_hold", "over_fulfilled"),  # (331.6 - 134.9)/(220 - 134.9) = 2.31
        "software_registered": ("met_hold", "over_fulfilled"),  # (172.3 - 29.2)/(44 - 29.2) = 9.69
        "mfg_patents_per_100m": ("no_data", "pending"),
        "royalty_export_cum": ("met_locked", "pending"),  # the dollar figure of 2020 was not found
        "ip_service_growth": ("no_data", "pending"),
        "pledge_annual": ("met_hold", "over_fulfilled"),  # (2180 - 848.5)/(1800 - 848.5) = 1.40
        "satisfaction": ("met_hold", "fulfilled"),  # (80.05 - 68.72)/(80 - 68.72) = 1.004: by 0.05
    }
    assert (word(said).word, word(said).assessable, word(said).total) == ("on_schedule", 8, 10)


def test_the_satisfaction_of_2020_was_met_by_five_hundredths():
    said = assessed("national-135", 2020)["satisfaction"]
    assert (said.value, said.facts.target.value) == (80.05, 80)
    assert said.progress == pytest.approx(11.33 / 11.28)


@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_the_exports_of_five_years_were_locked_two_years_early(year):
    said = assessed("national-135", year)["royalty_export_cum"]
    assert (said.status, said.data_year) == ("met_locked", 2018)
    assert said.value == pytest.approx(115.4)  # 11.4 + 48 + 56
    assert said.progress == pytest.approx(1.154)  # from zero, not from the 44.4 a newspaper printed


def test_read_as_a_level_of_2020_the_exports_would_have_been_far_behind():
    plan, received, _ = read("national-135")
    facts = plans.indicator(plan, "royalty_export_cum")
    points = observations.taken(plan, facts, received.observations, 2018)
    [(reading, said)] = sensitivity.other_readings(plan, facts, points, received.context, 2018)
    assert (reading.id, said.value, said.status) == ("annual_level", 56, "far_behind")
    assert said.ratio == pytest.approx((56 - 44.4) / (100 - 44.4) / 0.6)


def test_the_pledges_looked_late_until_the_last_year():
    # the hard case: behind on the straight line in 2018, and met in 2020; a status is a fact, not a
    # forecast
    assert [
        assessed("national-135", year)["pledge_annual"].status for year in (2017, 2018, 2019, 2020)
    ] == [
        "behind",  # (1089 - 848.5)/951.5 = 0.2528 after 2/5: 0.63
        "behind",  # (1224 - 848.5)/951.5 = 0.3946 after 3/5: 0.66
        "behind",  # (1515 - 848.5)/951.5 = 0.7005 after 4/5: 0.88
        "met_hold",
    ]


@pytest.mark.parametrize("name", ["mfg_patents_per_100m", "ip_service_growth"])
def test_a_single_years_growth_or_nothing_at_all_is_no_data(name):
    for year in range(2016, 2021):
        said = assessed("national-135", year)[name]
        assert (said.status, said.value, said.forecast.rows) == ("no_data", None, ())


def test_a_final_year_of_which_little_is_published_has_no_overall_success():
    """2025 of the 14th plan: one of eight final values was published; until 2026-11 its page said
    总体符合预期."""
    plan, _, _ = read("national-145")
    records = [
        {
            "indicator_id": name,
            "status": found.status,
            "property": found.facts.property,
            "data_year": found.data_year,
            "final_code": found.final,
        }
        for name, found in assessed("national-145", 2025).items()
    ]
    whole = overall.of_records(plan, 2025, records)
    assert (whole.word, whole.published, whole.total) == ("final_insufficient", 1, 8)
    assert sum(k for _, k in whole.stale) == 7
