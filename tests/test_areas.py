"""The parts of a plan's area are judged alone, on their own figures, and the whole is never their
mean."""

from __future__ import annotations

import pytest
from test_verdict import PLAN, indicator, row

from helpers.intake import observations
from helpers.intake.plan import AreaTarget
from helpers.measure import areas
from helpers.show import figure, table, wording


def stand(facts, values, year=2024):
    """The parts of PLAN (one, called town) on `values` of town; the whole has figures of its
    own."""
    rows = [row(y, value, area="town") for y, value in values.items()] + [
        row(2020, 1000),
        row(2024, 1900),
    ]
    points = [
        point
        for area in ("district", "town")
        for point in observations.taken(PLAN, facts, rows, year, "", area)
    ]
    return areas.by_area(PLAN, facts, points, year)


def test_a_share_has_the_target_of_the_whole_and_the_baseline_of_the_part():
    (one,) = stand(
        indicator(60, 80, kind="share", lower=0, upper=100), {2020: 40, 2022: 48, 2024: 56}
    )
    assert (one.area, one.facts.target.value, one.baseline.value, one.baseline.source) == (
        "town",
        80,
        40,
        "observations",
    )
    assert (one.progress, one.elapsed, one.status) == (
        0.4,
        0.8,
        "far_behind",
    )  # (56 − 40)/(80 − 40) in 4 of 5 years


def test_a_count_without_a_target_of_its_own_is_shown_and_not_judged():
    (one,) = stand(indicator(1000, 2000), {2020: 100, 2024: 150})
    assert (one.status, one.reasons[0], one.value) == ("not_assessable", "no_target", 150)


@pytest.mark.parametrize(
    ("baseline", "source", "progress"), [(100, "plan", 0.5), (None, "observations", 0.375)]
)
def test_a_target_set_for_the_part_is_the_one_it_is_judged_by(baseline, source, progress):
    facts = indicator(1000, 2000, area_targets=(AreaTarget("town", 200, baseline),))
    (one,) = stand(facts, {2020: 120, 2022: 140, 2024: 150})
    assert (one.baseline.source, one.progress) == (
        source,
        progress,
    )  # (150 − 100)/(200 − 100); (150 − 120)/(200 − 120)


def test_an_area_without_figures_is_left_out():
    assert stand(indicator(), {}) == []


def test_the_best_is_ranked_first_and_lower_may_be_better():
    rows = [row(2024, 30, area="town")]
    facts = indicator(50, 40, "<=", kind="flow")
    (town,) = areas.by_area(
        PLAN, facts, observations.taken(PLAN, facts, rows, 2024, "", "town"), 2024
    )
    (other,) = areas.by_area(
        PLAN,
        facts,
        observations.taken(PLAN, facts, [row(2024, 45, area="town")], 2024, "", "town"),
        2024,
    )
    assert areas.ranked([other, town]) == [town, other]


def test_the_ranking_shows_every_area_with_its_value_target_and_status():
    facts = indicator(60, 80, kind="share", lower=0, upper=100)
    (one,) = stand(facts, {2020: 40, 2022: 48, 2024: 56})
    (two,) = stand(facts, {2020: 60, 2022: 78, 2024: 81})
    names = {"town": "镇"}
    ax = figure.ranking(areas.ranked([one, two]), names)
    assert [bar.get_width() for bar in ax.patches] == [56, 81]  # from the bottom: the best on top
    assert [tuple(line.get_xdata()) for line in ax.get_lines()] == [(80, 80), (80, 80)]
    alt = wording.ranking(areas.ranked([one, two]), names)
    assert alt.index("81 件") < alt.index("56 件")
    assert "明显滞后" in alt
    assert figure.comparison([one], names) is None
    assert figure.comparison([two, one], names).alt == alt


def test_the_table_names_the_areas_or_says_that_there_are_none():
    (one,) = stand(indicator(60, 80, kind="share"), {2020: 40, 2024: 56})
    shown = table.areas(PLAN, [one])
    assert shown.iloc[0]["区域"] == "镇"
    assert shown.iloc[0]["最新值"] == "2024 年 56 件"
    assert wording.NO_AREAS in table.areas(PLAN, []).to_string()
