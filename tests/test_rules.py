"""What other offices would say: their published ratings, cases by hand, their defects, and the verb
that rates a file."""

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, called, some
from hypothesis import assume, given, strategies as st

from helpers.measure import open_sdg, rules
from helpers.measure.case import Case

REFERENCE = ROOT.parent / "shared" / "conformance" / "reference_cases.csv"
ABSENT = "../shared/conformance/reference_cases.csv is not here: nothing published to reproduce"
needs_reference = pytest.mark.skipif(not REFERENCE.is_file(), reason=ABSENT)
PUBLISHED = {  # rows of a method
    "statcan_target": 72,
    "statcan_notarget": 110,
    "eurostat_target_eustat": 16,
    "eurostat_notarget_eustat": 17,
    "escap_cs_ap_logitstep": 191,
}
ANY_UNIT = tuple(
    method for method in rules.RULES if method != "escap_cs_ap_logitstep"
)  # without a whole to refer to
WITH_TARGET = ("statcan_target", "eurostat_target_eustat", "un_2023", "healthy_people_2030")


def case(base=None, now=None, target=None, *, up=True, years=(2020, 2022, 2025), **more):
    """A case of `years` (base, current, target), from values given in the same order; higher is
    better unless `up` is False."""
    dates = dict(zip(("base_year", "current_year", "target_year"), years, strict=False))
    return Case(
        direction=1 if up else -1,
        base_value=base,
        current_value=now,
        target=target,
        **dates,
        **more,
    )


def series(*values, target, until, up=True, first=2015, **more):
    """A case of consecutive years: the last value is the current one."""
    years = tuple(range(first, first + len(values)))
    return Case(
        direction=1 if up else -1,
        years=years,
        values=values,
        target=target,
        target_year=until,
        **more,
    )


def said(rating):
    """(status, measure, score) of a rating of one measure at most."""
    return rating.status, rating.measures[0] if rating.measures else None, rating.score


def near(status, measure, score=None):
    return (
        status,
        None if measure is None else pytest.approx(measure),
        None if score is None else pytest.approx(score),
    )


# ── what was published ────────────────────────────────────────────────────────────────────────────


def reference(method):
    with open(REFERENCE, encoding="utf-8", newline="") as file:
        return [
            (line, row)
            for line, row in enumerate(csv.DictReader(file), 2)
            if row["method"] == method
        ]


def numbers(cell):
    return [float(part) for part in cell.split("|")] if cell else []


@needs_reference
@pytest.mark.parametrize("method", PUBLISHED)
def test_every_published_rating_is_reproduced(method):
    rows = reference(method)
    for line, row in rows:
        name, measure, score, status = rules.rated(row)
        assert (name, status) == (row["case_id"].strip(), row["published_status"]), line
        if row["measure_name"] != "status only":
            assert numbers(measure) == pytest.approx(
                numbers(row["published_measure"]), rel=0, abs=1e-6
            ), line
            assert numbers(score) == pytest.approx(
                numbers(row["published_score"]), rel=0, abs=1e-6
            ), line
    assert len(rows) == PUBLISHED[method]


@needs_reference
def test_values_that_are_not_given_are_those_the_office_estimated():
    for line, row in some(reference("escap_cs_ap_logitstep")):
        bare = rules.rated({**row, "base_value": "", "current_value": ""})
        assert numbers(bare[1]) == pytest.approx(
            numbers(row["published_measure"]), rel=0, abs=1e-6
        ), line


@needs_reference
def test_the_verb_rates_the_published_file_and_names_what_no_rule_said():
    ran = called(ROOT, "rate", str(REFERENCE))
    rated, refused = list(csv.reader(io.StringIO(ran.stdout))), ran.stderr.splitlines()
    assert ran.returncode == 1
    assert len(rated) == 1 + sum(PUBLISHED.values())
    # lines 408–415 are words of Chinese offices, spoken without a rule
    assert [line.split(": ")[0] for line in refused] == [
        f"{REFERENCE}:{k}" for k in range(408, 416)
    ]
    assert all(
        "method 'cn_official_" in line and "is not known; choose one of statcan_target" in line
        for line in refused
    )


# ── Statistics Canada, Open SDG ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given_case", "status", "measure", "score"),
    [
        # 100 → 121 in 2 years: CAGR_o 10 %; 100 → 100·1.1^5 in 5 years: CAGR_r 10 %; R = 1; 7.1429
        # − 4.2857
        (case(100, 121, 100 * 1.1**5), "substantial_progress", 1, 2.8572),
        # 100 → 110.25: 5 %; 100 → 100·1.08^5: 8 %; R = .625; 7.1429·.625 − 4.2857
        (case(100, 110.25, 100 * 1.08**5), "moderate_progress", 0.625, 0.1786125),
        # 100 → 104.04: 2 % of 8 %; R = .25; 4.1667·.25 − 2.5
        (case(100, 104.04, 100 * 1.08**5), "limited_progress", 0.25, -1.458325),
        # 100 → 96.04: −2 % of 8 %; R = −.25; −4.1667·.25 − 2.5
        (case(100, 96.04, 100 * 1.08**5), "deterioration", -0.25, -3.541675),
        # lower is better: 100 → 81: −10 %; 100 → 100·.9^5: −10 %; R = 1
        (case(100, 81, 100 * 0.9**5, up=False), "substantial_progress", 1, 2.8572),
        # 100 → 144: 20 % of 8 %: R = 2.5, but not there yet over a longer way: 100·1.08^10 = 216;
        # score 13.6 → 5
        (case(100, 144, 100 * 1.08**10, years=(2020, 2022, 2030)), "substantial_progress", 2.5, 5),
        # 100 → 64: −20 % of 8 %: R = −2.5; −12.9 → −5
        (case(100, 64, 100 * 1.08**5), "deterioration", -2.5, -5),
        # below zero: −100 → −81 is a rise, s = −1: −1·(.9 − 1)/.1
        (case(-100, -81, -100 * 0.9**5), "substantial_progress", 1, 2.8572),
    ],
)
def test_statcan_compares_the_growth_with_the_growth_required(given_case, status, measure, score):
    assert said(open_sdg.statcan_target(given_case)) == near(status, measure, score)


def test_statcan_asks_first_whether_the_target_is_met():
    # 70 species at risk, 100 at most wanted, 55 now: .786^(1/8) − 1 = −.0297; 100/70: .0241 (CIF
    # 15-5-1, published)
    met = case(70, 55, 100, up=False, years=(2015, 2023, 2030))
    assert said(open_sdg.statcan_target(met)) == near("target_achieved", 1.2340549664701979, 5)
    # moving away from a target that is still met
    assert open_sdg.statcan_target(case(130, 125, 120)).status == "target_achieved"
    assert open_sdg.statcan_target(case(100, 119.9, 120)).status != "target_achieved"
    assert said(open_sdg.statcan_target(case(1, 1, 1, up=False))) == (
        "target_achieved",
        None,
        5,
    )  # 1 → 1 requires no growth


@pytest.mark.parametrize(
    "given_case",
    [
        case(None, None, 120, years=(2020, None, 2025)),  # nothing observed
        case(100, 100, 120, years=(2020, 2020, 2025)),  # one year only
        case(100, 110, 120, years=(2022, 2021, 2025)),  # the base lies after the value
        case(10, -5, 20),  # across zero
        case(10, 12, -20, up=False),  # a target on the other side of zero
        case(10, 9, 10),  # nothing was to be gained, and it was lost
    ],
)
@pytest.mark.parametrize("rule", [open_sdg.statcan_target, open_sdg.eurostat_target])
def test_growth_to_a_target_is_not_available_where_it_is_not_defined(rule, given_case):
    assert said(rule(given_case)) == ("not_available", None, None)


@pytest.mark.parametrize("rule", [open_sdg.statcan_notarget, open_sdg.eurostat_notarget])
@pytest.mark.parametrize(
    "given_case", [case(years=(2020,)), case(10, 10, years=(2020, 2020)), case(10, -5)]
)
def test_growth_without_a_target_is_not_available_where_it_is_not_defined(rule, given_case):
    assert said(rule(given_case)) == ("not_available", None, None)


@pytest.mark.parametrize(
    ("given_case", "status", "measure", "score"),
    [
        (case(100, 104.04), "substantial_progress", 0.02, 5),  # 2 %: 500·.02 − 5
        (case(100, 103.2256), "substantial_progress", 0.016, 3),  # 1.6 %: 500·.016 − 5
        (case(100, 102.01), "moderate_progress", 0.01, 1.25),  # 1 %: 250·.01 − 1.25
        (case(100, 100.4004), "limited_progress", 0.002, -1.5),  # 0.2 %: 500·.002 − 2.5
        (case(100, 100), "limited_progress", 0, -2.5),
        (case(100, 98.01), "deterioration", -0.01, -3.75),  # −1 %: −125·.01 − 2.5
        (case(100, 81), "deterioration", -0.1, -5),  # −10 %: −15 → −5
        (case(100, 98.01, up=False), "moderate_progress", 0.01, 1.25),
        (case(-100, -98.01), "moderate_progress", 0.01, 1.25),  # s = −1
    ],
)
def test_statcan_without_a_target_asks_for_one_and_a_half_percent_a_year(
    given_case, status, measure, score
):
    assert said(open_sdg.statcan_notarget(given_case)) == near(status, measure, score)


def test_statcan_asks_less_of_who_stands_near_the_limit():
    # 80 of 100: C = 1 − .8^4.44 = .62871; .4 % a year is under .5 % but over .5 %·C = .314 %:
    # 250·.004/C − 1.25
    near_limit = case(80, 80 * 1.004**2, limit=100)
    c = 1 - math.exp(4.44 * math.log(0.8))
    assert said(open_sdg.statcan_notarget(near_limit)) == near(
        "moderate_progress", 0.004, 1 / c - 1.25
    )
    assert open_sdg.statcan_notarget(case(80, 80 * 1.004**2)).status == "limited_progress"
    assert said(open_sdg.statcan_notarget(case(80, 80 * 1.002**2, limit=100))) == near(
        "limited_progress", 0.002, 1 / c - 2.5
    )
    # lower is better and 150 stands above a lowest of 100: C = 1 − ((200 − 150)/100)^4.44 = .95393
    c = 1 - 0.5**4.44
    beyond = case(150, 150 * 0.985**2, up=False, limit=100)
    assert said(open_sdg.statcan_notarget(beyond)) == near(
        "substantial_progress", 0.015, 7.5 / c - 5
    )
    # from twice the limit on nothing is reduced; and a lowest of zero reduces nothing
    for base, limit in ((200, 100), (250, 100), (7, 0)):
        far = case(base, base * 0.99**2, up=False, limit=limit)
        assert said(open_sdg.statcan_notarget(far)) == near("moderate_progress", 0.01, 1.25)


# ── known defects of Open SDG, part of the rule when reproducing it ───────────────────────────────


@pytest.mark.parametrize("rule", [open_sdg.statcan_notarget, open_sdg.eurostat_notarget])
def test_defect_a_base_of_zero_counts_as_a_thousandth_so_any_rise_is_a_triumph(rule):
    # 0 → 1 in 2 years: (1/.001)^(1/2) − 1 = 30.6, that is 3062 % a year
    best = "substantial_progress" if rule is open_sdg.statcan_notarget else "significant_progress"
    assert said(rule(case(0, 1))) == near(best, 1000**0.5 - 1, 5)


def test_defect_with_a_base_of_zero_the_rating_depends_on_the_unit():
    # 0 → 3 of 10 in half the time. Tons: ln 3000/ln 10000 of the exponent; the same in grams:
    # nearer to 1
    tons, grams = (
        open_sdg.statcan_target(case(0, 3 * unit, 10 * unit, years=(2020, 2025, 2030))).measures[0]
        for unit in (1, 1e6)
    )
    assert tons == pytest.approx((3000**0.2 - 1) / (10000**0.1 - 1))  # 3.959/1.512
    assert grams == pytest.approx((3e9**0.2 - 1) / (1e10**0.1 - 1))
    assert grams > 3 * tons


def test_defect_a_target_of_zero_is_a_thousandth_and_is_met_above_zero():
    # TB 4 → 1: (1/4)^(1/2) − 1 = −.5; required (.001/4)^(1/5) − 1
    required = 0.00025**0.2 - 1
    r = 0.5 / -required
    assert said(open_sdg.statcan_target(case(4, 1, 0, up=False))) == near(
        "moderate_progress", r, 7.1429 * r - 4.2857
    )
    assert open_sdg.statcan_target(case(4, 0.0009, 0, up=False)).status == "target_achieved"


@pytest.mark.parametrize(
    ("now", "status", "score"),
    [
        (100, "substantial_progress", 5),
        (101, "substantial_progress", 5),
        (99.8001, "deterioration", -2.625),
    ],
)
def test_defect_who_starts_at_the_limit_makes_substantial_progress_by_standing_still(
    now, status, score
):
    rating = open_sdg.statcan_notarget(
        case(100, now, limit=100)
    )  # C = 1 − (100/100)^4.44 = 0; 99.8001: −.1 %, −125·.001 − 2.5
    assert (rating.status, rating.score) == (status, pytest.approx(score))


# ── Eurostat as applied by Eustat; figures with an indicator's number were published by Eustat
# (EUSTAT-DES/data@00a0109c) ──


@pytest.mark.parametrize(
    ("given_case", "status", "measure", "score"),
    [
        (case(100, 121, 100 * 1.1**5), "significant_progress", 1, 5 / 0.7 * 0.4),  # 10 % of 10 %
        (
            case(100, 110.25, 100 * 1.0625**5),
            "moderate_progress",
            0.8,
            5 / 0.7 * 0.2,
        ),  # 5 % of 6.25 %
        (
            case(100, 104.04, 100 * 1.05**5),
            "moderate_deterioration",
            0.4,
            5 / 1.2 - 5,
        ),  # 2 % of 5 %
        (
            case(100, 96.04, 100 * 1.05**5),
            "significant_deterioration",
            -0.4,
            5 / 1.2 * 0.2 - 5,
        ),  # −2 % of 5 %
        (case(100, 92.16, 100 * 1.05**5), "significant_deterioration", -0.8, -5),  # −4 % of 5 %
        (
            case(100, 114.49, 100 * 1.05**5),
            "significant_progress",
            1.4,
            5,
        ),  # 7 % of 5 %, not met: 127.6
        (
            case(7.7, 7.7, 5.1333, up=False, years=(2015, 2024, 2030)),
            "moderate_deterioration",
            0,
            -2.5,
        ),  # 3-4-2: stood still
        (
            case(5.3, 0, 70, up=False, years=(2015, 2024, 2030)),
            "significant_progress",
            5.326507991358079,
            5,
        ),  # 3-1-1: fell to 0
        (
            case(0, 0, 1, up=False, years=(2015, 2024, 2030)),
            "significant_progress",
            1.7097138638119558,
            5,
        ),  # 3-3-3: defect, base 0
        (
            case(100, 99.9, 99.9, years=(2016, 2024, 2030)),
            "significant_progress",
            -1.7499531029439417,
            5,
        ),  # 7-1-1: met, moving away
        (
            case(99.9, 99.9, 99.9, years=(2015, 2023, 2030)),
            "significant_progress",
            None,
            5,
        ),  # 1-4-1
    ],
)
def test_eurostat_compares_the_growth_with_the_growth_required(given_case, status, measure, score):
    assert said(open_sdg.eurostat_target(given_case)) == near(status, measure, score)


@pytest.mark.parametrize(
    ("given_case", "status", "measure", "score"),
    [
        (case(100, 100 * 1.015**2), "significant_progress", 0.015, 3.75),  # 250·.015
        (case(100, 100 * 1.005**2), "moderate_progress", 0.005, 1.25),
        (case(100, 100 * 1.0005**2), "no_progress", 0.0005, 0.125),
        (case(100, 100), "no_progress", 0, 0),
        (case(100, 100 * 0.9995**2), "no_progress", -0.0005, -0.125),
        (case(100, 100 * 0.995**2), "moderate_deterioration", -0.005, -1.25),
        (case(100, 100 * 0.985**2), "significant_deterioration", -0.015, -3.75),
        (case(100, 110.25), "significant_progress", 0.05, 5),
        (case(100, 90.25), "significant_deterioration", -0.05, -5),
        (case(100, 100 * 0.985**2, up=False), "significant_progress", 0.015, 3.75),
    ],
)
def test_eurostat_without_a_target_asks_for_one_percent_a_year(given_case, status, measure, score):
    assert said(open_sdg.eurostat_notarget(given_case)) == near(status, measure, score)


@pytest.mark.parametrize(
    ("given_case", "status", "measure", "score"),
    [
        (
            case(98.77, 99.03, limit=100, years=(2016, 2023)),
            "moderate_progress",
            0.0003756304762048135,
            1.7563286572956605,
        ),  # 2-4-1
        (
            case(99.89, 99.99, limit=100, years=(2015, 2020)),
            "significant_progress",
            0.00020014011410074417,
            5,
        ),  # 9-c-1, 3.5G
        (
            case(48.1, 44.4, limit=50, years=(2015, 2025)),
            "significant_deterioration",
            -0.007972321891407952,
            -1.993080472851988,
        ),  # 5-5-1
        (
            case(100, 100, limit=100, years=(2015, 2024)),
            "significant_progress",
            0,
            5,
        ),  # 1-5-4: defect, base = limit
        (
            case(98, 98 * 0.9995**2, limit=100),
            "no_progress",
            -0.0005,
            -0.125,
        ),  # thresholds of a loss: −0.1 % stays, −1 % shrinks
        (
            case(98, 98 * 0.9985**2, limit=100),
            "significant_deterioration",
            -0.0015,
            -0.375,
        ),  # C = .0858: under −.0858 %
        (
            case(50, 46.7, limit=50, years=(2015, 2025)),
            "significant_deterioration",
            -0.006804627037080846,
            5,
        ),  # 5-5-1: worse still
    ],
)
def test_eustat_reduces_the_thresholds_near_a_limit_and_scores_who_starts_there_five(
    given_case, status, measure, score
):
    assert said(open_sdg.eurostat_notarget(given_case)) == near(status, measure, score)


# ── United Nations ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given_case", "status", "measure"),
    [
        # 100 → 110 in 2 of 4 years: 121 in the target year
        (case(100, 110, 122, years=(2020, 2022, 2024)), "on_track", 21 / 22),  # .9545
        (case(100, 110, 122.5, years=(2020, 2022, 2024)), "fair", 21 / 22.5),  # .9333
        (case(100, 110, 125, years=(2020, 2022, 2024)), "fair", 21 / 25),
        (case(100, 110, 310, years=(2020, 2022, 2024)), "fair", 0.1),
        (case(100, 110, 320, years=(2020, 2022, 2024)), "stagnation", 21 / 220),
        (case(100, 90, 120, years=(2020, 2022, 2024)), "stagnation", -19 / 20),  # 81
        (case(100, 90, 80, up=False, years=(2020, 2022, 2024)), "on_track", 19 / 20),
        (
            case(100, 0, -5, up=False, years=(2020, 2022, 2024)),
            "on_track",
            100 / 105,
        ),  # falls to 0 and stays there
        (case(100, 121, 120, years=(2020, 2022, 2024)), "on_track", 46.41 / 20),  # met
        (
            case(130, 121, 120, years=(2020, 2022, 2024)),
            "on_track",
            (121**2 / 130 - 130) / -10,
        ),  # met though falling
    ],
)
def test_the_un_asks_what_the_growth_would_lead_to(given_case, status, measure):
    assert said(rules.un_2023(given_case)) == near(status, measure)


def test_the_un_replaces_no_zero():
    assert said(rules.un_2023(case(0, 1, 10))) == ("not_available", None, None)
    assert said(rules.un_2023(case(0, 10, 10))) == ("on_track", None, None)  # met all the same
    assert (
        said(rules.un_2023(case(10, -1, 20)))
        == said(rules.un_2023(case(10, 9, 10)))
        == ("not_available", None, None)
    )
    assert said(rules.un_2023(case(10, 11, 20, years=(2020, 2020, 2025)))) == (
        "not_available",
        None,
        None,
    )


def test_defect_the_un_calls_it_on_track_when_a_base_beyond_the_target_has_been_lost():
    # 100 at first, 80 wanted, 64 now: 40.96 in the target year, (40.96 − 100)/(80 − 100) = 2.952
    assert said(rules.un_2023(case(100, 64, 80, years=(2020, 2022, 2024)))) == near(
        "on_track", 2.952
    )


# ── ESCAP ─────────────────────────────────────────────────────────────────────────────────────────


def shares(*values, target=100.0, up=True, first=2015, **more):
    """What ESCAP says of consecutive years from 2015, assessed in 2020 for 2030; base and current
    value as given, else from the series."""
    years = tuple(range(first, first + 5 * len(values), 5))
    dates = {"base_year": 2015, "current_year": 2020, "target_year": 2030}
    return rules.escap(
        Case(direction=1 if up else -1, target=target, years=years, values=values, **dates, **more)
    )


def test_escap_measures_the_way_made_and_the_way_the_logit_will_make():
    # 20 %, 50 % in 2015, 2020: logits −ln 4, 0, a step of ln 4/5 a year; 2030: 2·ln 4, that is
    # 16/17 = 94.1 %
    rating = shares(20.0, 50.0)
    assert rating.measures == pytest.approx(
        (10 * 30 / 80, 10 * (1600 / 17 - 20) / 80)
    )  # 3.75, 9.26
    assert (rating.status, rating.score) == ("Slow progress|Will meet target", None)


def test_escap_estimates_a_value_that_is_missing_from_the_last_point():
    # the same line, seen in 2020 (50 %) and 2025 (80 %): 2015 is −ln 4 again, and 2030 2·ln 4
    assert shares(50.0, 80.0, first=2020).measures == pytest.approx(shares(20.0, 50.0).measures)
    # a value that is given goes before both
    assert shares(20.0, 50.0, base_value=40.0, current_value=70.0).measures == pytest.approx(
        (10 * 30 / 60, 10 * (1600 / 17 - 40) / 60)
    )


def test_escap_takes_the_mean_of_the_yearly_steps_not_of_the_years():
    # 2015 20 %, 2016 50 %, 2020 50 %: steps ln 4 and 0 a year, mean ln 2; 2030: 10·ln 2, that is
    # 1024/1025
    dates = {"base_year": 2015, "current_year": 2020, "target_year": 2030}
    rating = rules.escap(
        Case(direction=1, target=100, years=(2015, 2016, 2020), values=(20, 50, 50), **dates)
    )
    assert rating.measures == pytest.approx((3.75, 10 * (102400 / 1025 - 20) / 80))


@pytest.mark.parametrize(
    ("values", "target", "up", "status", "measures"),
    [
        (
            (50.0, 20.0),
            100,
            True,
            "Regression|No progress expected",
            (-6, -10 * (50 - 100 / 65) / 50),
        ),  # −3·ln 4: 1/65
        ((50.0, 20.0), 10, False, "Slow progress|Will meet target", (7.5, 10)),  # 1.5 % beyond 10 %
        (
            (50.0, 20.0),
            1,
            False,
            "Slow progress|Will meet target",
            (10 * 30 / 49, 10 * (50 - 100 / 65) / 49),
        ),  # 9.89
        ((50.0, 20.0), 30, False, "On-track|Will meet target", (10, 10)),  # met
        # met now, lost then: odds 1/4 and 3/7, in 2030 (3/7)³·4² = 432/343
        (
            (20.0, 30.0),
            30,
            False,
            "On-track|No progress expected",
            (10, 10 * (20 - 100 * 432 / 775) / 10),
        ),
        (
            (40.0, 40.0),
            80,
            True,
            "Regression|No progress expected",
            (0, 0),
        ),  # who stands still regresses
        # odds 1/4 and 1/3, in 2030 (1/3)³·4² = 16/27
        (
            (20.0, 25.0),
            100,
            True,
            "Slow progress|Need to accelerate",
            (10 * 5 / 80, 10 * (100 * 16 / 43 - 20) / 80),
        ),
    ],
)
def test_escap_has_three_words_for_each_of_its_measures(values, target, up, status, measures):
    rating = shares(*values, target=target, up=up)
    assert rating.status == status
    assert rating.measures == pytest.approx(measures)


def test_escap_keeps_the_last_value_where_the_logit_has_no_end():
    assert shares(99.9, 100.0, 99.9).measures == (
        10,
        0,
    )  # 2020 has reached 100; 2030 is taken to be 99.9 again
    assert shares(0.0, 40.0).measures == pytest.approx((4, 4))
    assert shares(40.0, 40.0).measures == (
        0,
        0,
    )  # exactly: no digit is lost on the way there and back


def test_escap_knows_other_wholes_than_percent():
    # 20, 50 of 1,000: odds 1/49 and 1/19; a step multiplies by 49/19 in five years: 2030 odds
    # 49²/19³ → 259.3
    odds = 49**2 / 19**3
    assert shares(20.0, 50.0, target=1000, scale=1000.0).measures[1] == pytest.approx(
        10 * (1000 * odds / (1 + odds) - 20) / 980
    )
    with pytest.raises(
        ValueError,
        match=r"values lie outside 0 to 100; write what stands for the whole .* as limit",
    ):
        shares(20.0, 150.0)


def test_escap_says_of_a_single_point_only_whether_it_meets_the_target():
    assert shares(90.0, target=80) == rules.Rating("On-track|Will meet target", (10, 10))
    assert shares(70.0, target=80) == rules.Rating("Insufficient data|Insufficient data")


def test_defect_escap_has_no_measure_for_a_loss_from_a_base_at_the_target():
    assert shares(80.0, 70.0, target=80).measures == (-math.inf, -math.inf)  # 10·(70 − 80)/0


# ── Destatis ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given_case", "status", "miss"),
    [
        # 100, 102, … 110 in 2020: 2 a year, 130 in 2030
        (series(100, 102, 104, 106, 108, 110, target=130, until=2030), "sun", 0),
        (series(100, 102, 104, 106, 108, 110, target=120, until=2030), "sun", -1),
        (series(100, 102, 104, 106, 108, 110, target=131, until=2030), "sun", 1 / 21),  # 4.8 %
        (
            series(100, 102, 104, 106, 108, 110, target=110 + 20 / 0.95, until=2030),
            "sun_cloud",
            0.05,
        ),  # at least 5 %
        (
            series(100, 102, 104, 106, 108, 110, target=135, until=2030),
            "sun_cloud",
            0.2,
        ),  # no more than 20 %
        (series(100, 102, 104, 106, 108, 110, target=136, until=2030), "cloud", 6 / 26),
        (series(110, 108, 106, 104, 102, 100, target=130, until=2030), "thunder", 50 / 30),
        (
            series(100, 100, 100, 100, 100, 100, target=130, until=2030),
            "thunder",
            1,
        ),  # the distance stays
        (series(110, 108, 106, 104, 102, 100, target=80, until=2030, up=False), "sun", 0),
        (
            series(100, 97, 99, 120, 104, 110, target=130, until=2030),
            "sun",
            0,
        ),  # only the ends of five years count
        (
            series(500, 300, 100, 102, 104, 106, 108, 110, target=130, until=2032),
            "sun",
            0,
        ),  # only the last six points
        (
            series(104, 106, 108, 110, target=130, until=2028),
            "sun",
            0,
        ),  # four where there are no more
        (
            series(110, 108, 106, 104, 102, 100, target=95, until=2030),
            "thunder",
            3,
        ),  # met today, on the way to losing it
    ],
)
def test_destatis_lets_the_mean_of_five_changes_go_on(given_case, status, miss):
    assert said(rules.destatis_weather(given_case)) == (
        status,
        pytest.approx(miss, abs=1e-12),
        None,
    )


def test_destatis_at_the_very_target_asks_whether_it_will_hold():
    assert said(
        rules.destatis_weather(series(100, 102, 104, 106, 108, 110, target=110, until=2030))
    ) == ("sun", None, None)
    assert said(
        rules.destatis_weather(series(120, 118, 116, 114, 112, 110, target=110, until=2030))
    ) == ("thunder", None, None)


def test_destatis_counts_a_gap_by_its_years():
    # 2010 100, 2014 108, 2016 112, 2020 120: 2 a year; 140 in 2030
    given_case = Case(
        direction=1,
        years=(2010, 2014, 2016, 2020),
        values=(100, 108, 112, 120),
        target=140,
        target_year=2030,
    )
    assert said(rules.destatis_weather(given_case)) == ("sun", 0, None)


@pytest.mark.parametrize(
    ("given_case", "sentence"),
    [
        (series(1, 2, 3, target=9, until=2030), "3 points; this rule needs 4"),
        (series(1, 2, 3, 4, target=9, until=2017), "target_year 2017 lies before"),
    ],
)
def test_destatis_needs_four_points_and_a_target_year_to_come(given_case, sentence):
    with pytest.raises(ValueError, match=sentence):
        rules.destatis_weather(given_case)


# ── Healthy People ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given_case", "status", "share"),
    [
        (case(50, 60, 60), "met", 1),
        (case(50, 63, 60), "met", 1.3),
        (case(65, 62, 60), "met", None),  # met from the start: the change was not asked for
        (case(60, 60, 60), "met", None),
        (case(50, 55, 60), "improving", 0.5),
        (case(10, 10.1, 11), "improving", 0.1),  # 10 % on paper, a hair less in binary
        (case(50, 50.9, 60), "little_change", 0.09),
        (case(50, 50, 60), "little_change", 0),
        (case(50, 45.5, 60), "little_change", -0.09),  # 4.5 of 50
        (case(50, 45, 60), "getting_worse", -0.1),
        (case(50, 45, 40, up=False), "improving", 0.5),
        (case(50, 55, 40, up=False), "getting_worse", -0.1),  # 5 of 50 more, where less is better
        (case(-50, -56, -40), "getting_worse", -0.12),
        (case(0, -1, 10), "getting_worse", None),  # of a base of 0 there is no share
        (case(65, 55, 60), "getting_worse", -10 / 65),  # it was met and is lost
        # survey: 1 of 10, but 1.96·√(.3² + .4²) = .98 < 1
        (case(50, 51, 60, base_se=0.3, current_se=0.4), "improving", 0.1),
        (
            case(50, 50.99, 60, base_se=0.3, current_se=0.4),
            "improving",
            0.099,
        ),  # less than 10 %, yet significant
        (case(50, 55, 60, base_se=3, current_se=4), "little_change", 0.5),  # 1.96·5 = 9.8
        (case(50, 40.3, 60, base_se=3, current_se=4), "little_change", -0.194),
        (case(50, 40.1, 60, base_se=3, current_se=4), "getting_worse", -0.198),
        (
            case(50, 50.9, 60, base_se=0.01),
            "little_change",
            0.09,
        ),  # one standard error alone is none
    ],
)
def test_healthy_people_asks_for_a_tenth_of_the_change_or_for_significance(
    given_case, status, share
):
    assert said(rules.healthy_people_2030(given_case)) == near(status, share)


# ── properties ────────────────────────────────────────────────────────────────────────────────────

amounts = st.integers(1, 4000).map(lambda k: k / 8)
units = st.sampled_from([0.25, 2.0, 1024.0])
percents = st.integers(1, 99).map(float)


@st.composite
def cases(draw, values=amounts):
    """A case with everything a rule may ask for, all values above zero."""
    years = sorted(draw(st.sets(st.integers(2010, 2021), min_size=4, max_size=8)))
    points = draw(st.lists(values, min_size=len(years), max_size=len(years)))
    return Case(
        direction=draw(st.sampled_from([1, -1])),
        base_year=years[0],
        base_value=points[0],
        current_year=years[-1],
        current_value=points[-1],
        target_year=2030,
        target=draw(values),
        years=tuple(years),
        values=tuple(points),
    )


def changed(given_case, change, direction=1, **more):
    """The case with `change` applied to each of its values."""
    names = ("base_value", "current_value", "target", "limit", "scale")
    values = {
        name: change(value) for name in names if (value := getattr(given_case, name)) is not None
    }
    dates = {
        name: getattr(given_case, name)
        for name in ("base_year", "current_year", "target_year", "years")
    }
    values["values"] = tuple(map(change, given_case.values))
    return Case(**{"direction": direction * given_case.direction, **dates, **values, **more})


def same(one, other):
    assert one.status == other.status
    assert one.measures == pytest.approx(other.measures, rel=1e-6, abs=1e-9)
    assert (one.score is None) == (other.score is None)
    assert (one.score or 0) == pytest.approx(other.score or 0, abs=1e-6)


def away_from_thresholds(rating):
    """True where no measure lies so near a threshold that rounding could carry it across."""
    steps = (-0.02, -0.01, -0.001, 0, 0.001, 0.005, 0.01, 0.015, 0.05, 0.1, 0.2, 0.6, 0.95, 9)
    return all(
        measure == 0 or min(abs(measure - step) for step in steps) > 1e-7
        for measure in rating.measures
    )


@pytest.mark.parametrize("method", ANY_UNIT)
@given(given_case=cases(), unit=units)
def test_the_unit_of_the_values_does_not_matter(method, given_case, unit):
    rule = rules.RULES[method]
    same(rule(given_case), rule(changed(given_case, lambda value: unit * value)))


@given(given_case=cases(percents), unit=units)
def test_nor_does_it_to_escap_where_the_whole_goes_with_it(given_case, unit):
    assume(away_from_thresholds(rating := rules.escap(given_case)))
    same(rating, rules.escap(changed(given_case, lambda value: unit * value)))


@pytest.mark.parametrize("method", ANY_UNIT)
@given(given_case=cases())
def test_less_is_better_is_the_mirror_of_more_is_better(method, given_case):
    rule = rules.RULES[method]
    same(rule(given_case), rule(changed(given_case, lambda value: -value, direction=-1)))


@given(given_case=cases(percents))
def test_the_mirror_of_a_share_is_the_rest_of_the_whole(given_case):
    assume(away_from_thresholds(rating := rules.escap(given_case)))
    same(
        rating,
        rules.escap(changed(given_case, lambda value: 100 - value, direction=-1, scale=100.0)),
    )


@pytest.mark.parametrize(
    "method", [method for method in rules.RULES if method != "un_2023"]
)  # its defect turns at the target
@given(given_case=cases(percents), more=percents)
def test_a_better_value_is_never_rated_worse(method, given_case, more):
    better = {"current_value": given_case.current_value + given_case.direction * more}
    assume(better["current_value"] >= 0)
    rule, plain = rules.RULES[method], lambda value: value
    if method == "destatis_weather":  # it reads the series
        better = {"values": (*given_case.values[:-1], better["current_value"])}
        given_case = changed(given_case, plain, target=given_case.direction * 1000.0)
    words = {
        "statcan": (
            "deterioration",
            "limited_progress",
            "moderate_progress",
            "substantial_progress",
            "target_achieved",
        ),
        "eurostat": (
            "significant_deterioration",
            "moderate_deterioration",
            "no_progress",
            "moderate_progress",
            "significant_progress",
        ),
        "escap": ("Regression", "Slow progress", "On-track"),
        "destatis": ("thunder", "cloud", "sun_cloud", "sun"),
        "healthy": ("getting_worse", "little_change", "improving", "met"),
    }[method.split("_")[0]]
    one, other = (
        rule(given_case),
        rule(changed(given_case, plain, **({"target": given_case.target} | better))),
    )
    assume("not_available" not in (one.status, other.status))
    assert words.index(one.status.split("|")[0]) <= words.index(other.status.split("|")[0])
    assert (one.score or 0) <= (other.score or 0) + 1e-9


@pytest.mark.parametrize("method", WITH_TARGET)
@given(given_case=cases())
def test_a_met_target_is_met_whatever_the_way(method, given_case):
    assume(given_case.met)
    assert rules.RULES[method](given_case).status in (
        "target_achieved",
        "significant_progress",
        "on_track",
        "met",
    )


# ── rows and the verb ─────────────────────────────────────────────────────────────────────────────

ROW = {
    "case_id": "patents",
    "method": "statcan_target",
    "direction": "increase",
    "base_year": "2020",
    "base_value": "100",
    "current_year": "2022.0",
    "current_value": "121",
    "target_year": "2025",
    "target": "200",
    "limit": "",
    "years": "",
    "values": "",
}
SHARES = {**ROW, "method": "escap_cs_ap_logitstep", "base_value": "", "current_value": ""}
PATENTS = (
    "patents",
    "0.6725",
    "0.5179",
)  # .1/(2^(1/5) − 1) = .1/.148698 = .67250; 7.1429·.67250 − 4.2857


def written(path, *rows, head=None):
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, head or list(ROW), restval="")
        table.writeheader()
        table.writerows(rows)
    return str(path)


def test_a_row_is_rated_as_it_will_be_printed():
    name, measure, score, status = rules.rated(ROW)
    assert (name, f"{float(measure):.4f}", f"{float(score):.4f}", status) == (
        *PATENTS,
        "moderate_progress",
    )
    assert rules.rated({**ROW, "target": "121"})[2:] == ("5.0", "target_achieved")
    assert rules.rated({**ROW, "direction": "decrease", "target": "50"})[3] == "deterioration"
    assert rules.rated({**ROW, "current_year": "2020"})[1:] == ("", "", "not_available")
    assert rules.rated({**ROW, "base_value": "", "current_year": "", "current_value": ""})[1:] == (
        "",
        "",
        "not_available",
    )


def test_two_measures_stand_in_one_cell():
    row = {**SHARES, "years": "2020; 2022", "values": "40;40", "target": "80"}
    assert rules.rated(row) == ("patents", "0.0|0.0", "", "Regression|No progress expected")


@pytest.mark.parametrize(
    ("limit", "note", "whole"),
    [("", "", 100), ("", "of the births, scale 1000; inferred", 1000), ("500", "scale 1000", 500)],
)
def test_the_whole_of_a_share_is_the_limit_or_stands_in_the_note_or_is_a_hundred(
    limit, note, whole
):
    row = {**SHARES, "years": "2020;2022", "values": "20;50", "limit": limit, "note": note}
    direct = rules.escap(
        replace(case(target=200), years=(2020, 2022), values=(20.0, 50.0), scale=float(whole))
    )
    assert numbers(rules.rated(row)[1]) == list(direct.measures)


@pytest.mark.parametrize("method", rules.RULES)
def test_every_rule_can_be_asked_for_in_a_row(method):
    row = {
        **ROW,
        "method": method,
        "years": "2019;2020;2021;2022",
        "values": "90;100;110;121",
        "limit": "500",
    }
    assert rules.rated(row)[3]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"method": "statcan"},
            "method 'statcan' is not known; choose one of statcan_target, statcan_notarget, "
            "eurostat_target_eustat",
        ),
        ({"method": ""}, "method is missing; choose one of"),
        ({"target": ""}, r"patents \(statcan_target\): target is missing"),
        ({"target": "", "target_year": " "}, "target_year, target are missing"),
        ({"base_value": ""}, "base_value is missing"),
        ({"current_value": "", "base_year": ""}, "base_year, current_value are missing"),
        ({"method": "statcan_notarget", "base_value": ""}, "base_value is missing"),
        ({"method": "eurostat_target_eustat", "target": ""}, "target is missing"),
        ({"method": "eurostat_notarget_eustat", "current_value": ""}, "current_value is missing"),
        ({"method": "un_2023", "target_year": ""}, "target_year is missing"),
        ({"method": "escap_cs_ap_logitstep"}, "years is missing"),
        ({"method": "destatis_weather"}, "years is missing"),
        ({"method": "healthy_people_2030", "base_value": ""}, "base_value is missing"),
        ({"direction": ""}, "direction is missing; write increase or decrease"),
        ({"direction": "up"}, "direction 'up' is not known; write increase or decrease"),
        ({"target": "1,200"}, "target '1,200' is not a number; write digits with a point"),
        ({"target": "nan"}, "target 'nan' is not a number"),
        ({"limit": "inf"}, "limit 'inf' is not a number"),
        ({"base_year": "2020.5"}, "base_year '2020.5' is not a year"),
        (
            {"target_year": "2020"},
            "target_year 2020 is not after base_year 2020; correct one of them",
        ),
        (
            {"method": "un_2023", "target_year": "2019"},
            "target_year 2019 is not after base_year 2020",
        ),
        ({"years": "2020;2021", "values": "1"}, "2 years but 1 values"),
        ({"years": "2020;2021", "values": "1;"}, "a year or a value of the series is empty"),
        ({"years": "2021;2020", "values": "1;2"}, "years are not ascending"),
        ({"years": "2020;2021", "values": "1;?"}, r"values '\?' is not a number"),
        (
            {"current_value": "1e308", "base_value": "1e-300"},
            "too large or too small to reckon with; choose another unit",
        ),
        ({"method": "un_2023", "current_value": "1e300"}, "too large or too small to reckon with"),
        ({None: ["stray"]}, "more cells than columns"),
    ],
)
def test_a_row_that_cannot_be_rated_says_why(cells, sentence):
    with pytest.raises(ValueError, match=sentence):
        rules.rated({**ROW, **cells})


def test_all_bad_rows_of_a_table_are_told_with_their_lines():
    assert [name for name, *_ in rules.rate([ROW, {**ROW, "case_id": "second"}])] == [
        "patents",
        "second",
    ]
    with pytest.raises(ValueError, match=r"^3: ") as told:
        rules.rate([ROW, {**ROW, "target": ""}, ROW, {**ROW, "method": "?"}])
    assert [line.split(": ")[0] for line in str(told.value).splitlines()] == ["3", "5"]


def test_the_verb_prints_a_rating_for_every_case(tmp_path):
    ran = called(
        ROOT,
        "rate",
        written(tmp_path / "cases.csv", ROW, {**ROW, "case_id": "专利, 2", "method": "un_2023"}),
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    head, first, second = csv.reader(io.StringIO(ran.stdout))
    assert head == ["case_id", "measure", "score", "status"]
    assert first == list(rules.rated(ROW))
    # 100·1.1^5 = 161.051: 61.051 of 100
    assert (second[0], f"{float(second[1]):.5f}", second[2:]) == (
        "专利, 2",
        "0.61051",
        ["", "fair"],
    )


def test_the_verb_names_every_bad_line_and_rates_the_others(tmp_path):
    path = written(
        tmp_path / "cases.csv",
        ROW,
        {**ROW, "target": ""},
        {**ROW, "method": "guess"},
        {**ROW, "case_id": "last"},
    )
    ran = called(ROOT, "rate", path)
    assert ran.returncode == 1
    assert [row[0] for row in csv.reader(io.StringIO(ran.stdout))] == ["case_id", "patents", "last"]
    incomplete, unknown = ran.stderr.splitlines()
    assert (
        incomplete
        == f"{path}:3: patents (statcan_target): target is missing; this rule cannot do without"
    )
    assert unknown.startswith(
        f"{path}:4: method 'guess' is not known; choose one of statcan_target, "
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", ":1: there is no column method; the first line must name the columns"),
        (b"case_id,direction\na,increase\n", ":1: there is no column method"),
        ("case_id,method\n专利,x\n".encode("gb18030"), ":1: not a CSV table in UTF-8"),
    ],
)
def test_what_is_no_table_of_cases_gets_one_sentence(tmp_path, content, sentence):
    (tmp_path / "cases.csv").write_bytes(content)
    ran = called(ROOT, "rate", str(tmp_path / "cases.csv"))
    assert ran.returncode == 1
    assert ran.stderr.startswith(str(tmp_path / "cases.csv") + sentence)
    assert len(ran.stderr.splitlines()) == 1


def test_a_table_saved_by_excel_is_read(tmp_path):
    (tmp_path / "cases.csv").write_bytes(
        b"\xef\xbb\xbf"
        + Path(written(tmp_path / "plain.csv", ROW)).read_bytes().replace(b"\n", b"\r\n")
    )
    ran = called(ROOT, "rate", str(tmp_path / "cases.csv"))
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 2), ran.stderr


def test_a_file_that_is_not_there_is_wrong_use(tmp_path):
    ran = called(ROOT, "rate", str(tmp_path / "nowhere.csv"))
    assert ran.returncode == 2
    assert "does not exist" in ran.stderr
    assert "Traceback" not in ran.stderr
