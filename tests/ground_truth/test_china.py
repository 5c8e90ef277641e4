"""The national plan 2021–2025 at its official mid-term evaluation: what the NDRC said of its twenty
main indicators on 26 December 2023, against what we say of 2022 on the data known by then.

Every difference is explained in docs/china-145.md; a new one has to be explained there.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from helpers.intake import observations, plan as plans
from helpers.measure import verdict
from helpers.measure.assessment import Assessment

ROOT = Path(__file__).resolve().parents[2]
PLAN = plans.load("china-145")
YEAR, KNOWN_BY = 2022, "2023-12-31"
GROUPS = {  # as Xinhua reported them (source ndrc_20231226)
    "提前实现": ("urbanization", "pension", "water_quality", "energy_capacity"),
    "快于预期": ("rd_growth", "hvp_per_10k", "digital_share", "doctors", "forest"),
    "基本符合": (
        "gdp_growth",
        "labour_productivity",
        "income_growth",
        "unemployment",
        "schooling",
        "life_expectancy",
        "grain",
    ),
    "滞后": ("energy_intensity", "co2_intensity", "air_days", "childcare"),
}
MEANS = {  # what of our words says the same
    "提前实现": ("met_hold", "met_locked"),
    "快于预期": ("ahead",),
    "基本符合": ("on_schedule",),
    "滞后": ("behind", "far_behind", "reverse"),
}
DIFFER = {
    "gdp_growth": "far_behind",
    "life_expectancy": "ahead",
    "grain": "met_hold",
    "digital_share": "no_data",
    "pension": "no_data",
    "energy_capacity": "no_data",
}


@functools.cache
def assessed(name: str) -> Assessment:
    points = observations.all_taken(PLAN, observations.receive(PLAN), YEAR, KNOWN_BY)
    return verdict.assess(PLAN, plans.indicator(PLAN, name), points, YEAR)


def test_the_official_groups_are_all_twenty_indicators():
    assert sorted(name for group in GROUPS.values() for name in group) == sorted(PLAN.indicators)


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, names in GROUPS.items() for name in names]
)
def test_we_say_what_the_official_evaluation_said_or_why_not(group, name):
    said = assessed(name).status
    if name in DIFFER:
        assert said == DIFFER[name]
        assert said not in MEANS[group]
    else:
        assert said in MEANS[group]


def test_every_difference_is_explained_by_name():
    text = (ROOT / "docs" / "china-145.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert told == set(DIFFER)


def test_the_forms_of_the_plan_come_to_what_a_reader_can_work_out():
    # 1.098 · 1.077 = 1.182546, its root 1.08745: 8.745 % a year
    assert assessed("rd_growth").value == pytest.approx(8.745, abs=5e-4)
    # 1 − 0.973 · 0.999 = 2.797 %; 1 − 0.962 · 0.992 = 4.570 %
    assert assessed("energy_intensity").value == pytest.approx(2.797, abs=5e-4)
    assert assessed("co2_intensity").value == pytest.approx(4.570, abs=5e-4)
    # 8.7 − 8.1 and 4.2 − 3.0: (1.006 · 1.012)^½ − 1; 8.1 − 8.1 and 2.9 − 3.0: (1 · 0.999)^½ − 1
    assert assessed("labour_productivity").value == pytest.approx(0.9, abs=1e-3)
    assert assessed("income_growth").value == pytest.approx(-0.05, abs=1e-3)
    # (78.2 − 77.3)/1
    assert assessed("life_expectancy").progress == pytest.approx(0.9)
    # (65.22 − 63.89)/(65 − 63.89): from the census, not from 60.6
    assert assessed("urbanization").progress == pytest.approx(1.33 / 1.11)
