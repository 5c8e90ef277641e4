"""What a year will be before it is over: by hand, by a second implementation, and what must hold
whatever was learned."""

import csv
import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
from conftest import some
from hypothesis import given, strategies as st

from helpers.measure import forecast, nowcast, pooled, season

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "bench" / "nowcast"
MONTHS = range(1, 13)
WEIGHTS = (4, 6, 7, 8, 9, 9, 8, 8, 9, 10, 11, 11)  # of a hundred: a year that is heavy at its end


def sums(total, weights=WEIGHTS, upto=12):
    """{month: sum since January} of a year of `total` with that season."""
    return {m: total * sum(weights[:m]) / sum(weights) for m in MONTHS if m <= upto}


def years(*totals, last=2024):
    """Parts and totals of former years, the newest `last`."""
    named = {last - k: total for k, total in enumerate(reversed(totals))}
    return {year: sums(total) for year, total in named.items()}, named


def fitted(month, total=150.0, former=(100.0, 110.0, 121.0), **options):
    parts, annual = years(*former)
    return nowcast.fit(2025, sums(total, upto=month), parts, annual, **options)


# ── by hand ───────────────────────────────────────────────────────────────────────────────────────


def test_without_a_former_part_there_is_only_the_pace_and_no_probability():
    found = nowcast.fit(2025, {9: 30.0}, {}, {2024: 50.0})
    assert (found.ahead.reason, found.pace, found.expected) == ("no_former_part", 40.0, 40.0)
    assert found.ahead.chance(1.0) is None  # 30·12/9 = 40 is arithmetic, not a forecast


def test_the_pace_of_a_level_is_its_move_since_last_december():
    found = nowcast.fit(2025, {3: 16.8}, {}, {2024: 16.0}, level=True)
    assert found.pace == pytest.approx(16.0 + 0.8 * 12 / 3)


def test_a_year_that_is_over_is_what_it_was():
    found = fitted(12)
    assert list(found.ahead.at(2025).values()) == pytest.approx([150.0] * 5)
    assert (found.ahead.chance(150.5), found.ahead.chance(149.5)) == (0.0, 1.0)


def test_shares_are_the_mean_of_former_years_where_they_agree():
    former = np.array([[[10, 20, 30, 40], [1, 2, 3, 4]]], float)
    share, scatter = season.shares(former)
    assert share[0] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert scatter[0] == pytest.approx(0.0)


def test_shares_are_drawn_to_equal_ones_where_former_years_disagree():
    share, _ = season.shares(np.array([[[40, 30, 20, 10], [10, 20, 30, 40]]], float))
    assert share[0] == pytest.approx([0.25] * 4)  # mean shares .25 each: no season is left
    share, scatter = season.shares(np.array([[[2, 4, 2, 2], [2, 6, 1, 1]]], float))
    # mean .2 .5 .15 .15; σ² = Σ(±.1² of the 2nd, ±.05² twice, both years)/1/4 = .03/4 = .0075;
    # var of the pattern = (.05² + .25² + 2·.1²)/4 = .02125; ρ = 1 − (.0075/2)/.02125
    rho = 1 - 0.00375 / 0.02125
    assert share[0] == pytest.approx([0.25 + rho * d for d in (-0.05, 0.25, -0.1, -0.1)])
    assert scatter[0] == pytest.approx(4 * math.sqrt(0.0075))


def test_the_growth_so_far_carries_the_rest_whole_or_damped():
    """Two former years of quarters, one known: rest 60 and 45, known 15 against 10 and 20; last
    year's growth 1.2. Against last year g = 15/10 = 1.5; against both 15/15 = 1, mean rest 52.5."""
    former = np.array([[[10, 20, 20, 20], [20, 15, 15, 15]]], float)
    found = season._grown(former, np.array([15.0]), 1, np.array([1.2]))
    expected = (90, 60 * math.sqrt(1.5), 52.5, 52.5, 60 * math.sqrt(1.5 * 1.2))
    assert [one[0] for one in found] == pytest.approx(expected)


def test_how_far_former_rests_were_missed():
    """Rests 60, 45; the older year's known 20 against 10 now: g = .5, 45·√.5 = 31.8; missed 28.2 of
    S = 100."""
    former = np.array([[[10, 20, 20, 20], [20, 15, 15, 15]]], float)
    missed = 60 - 45 * math.sqrt(0.5)
    found = season._missed(former, 1, np.array([100.0]))
    assert found[0] == pytest.approx(math.log(missed / 100) + 3)
    assert season._missed(former[:, :1], 1, np.array([100.0]))[0] == 0.0  # one year says nothing


def test_a_level_is_smoothed_month_by_month():
    found = season.smoothed(np.array([[10.0, np.nan, 20.0]]), np.array([0.0]), 0.5)
    assert found[0] == 12.5  # 0 → 5 → 5 → 5 + (20 − 5)/2


def test_what_a_revision_added_counts_to_the_rest_of_the_year():
    """Sums known by September 75, the year's value revised from 100 to 110: the rest is 35."""
    former, annual = {2024: {9: 75.0}}, {2023: 100.0, 2024: 110.0}
    revised = nowcast.fit(2025, {9: 75.0}, former, annual)
    unrevised = nowcast.fit(2025, {9: 75.0}, former, annual | {2024: 100.0})
    assert revised.share == pytest.approx(75 / 110)
    assert revised.expected > unrevised.expected + 5


def test_the_mix_by_a_second_implementation():
    """Sums of September and one former year, every candidate written out for one series."""
    known, before, last, m = 66.0, 60.0, 90.0, 9
    annual = {2022: 70.0, 2023: 80.0, 2024: last}
    found = nowcast.fit(2025, {m: known}, {2024: {m: before}}, annual)
    curve = forecast.fit(list(annual), list(annual.values()), 2025).curves[0]
    size, rest, f = (70 + 80 + 90) / 3, last - before, 12
    share = [before / m / last] * m + [rest / (f - m) / last] * (f - m)
    pattern = sum((s - 1 / 12) ** 2 for s in share)  # one year does not scatter: full trust
    assert pattern > 0
    x = [
        v / (s * f)
        for v, s in zip(
            [before / m] * m + [rest / 3] * 3 + [known / m] * m, share * 2, strict=False
        )
    ]
    levels = []
    for alpha in season.SMOOTHING:
        level = sum(x[:12]) / 12
        for value in x:
            level += alpha * (value - level)
        levels.append(level)
    year, late, early = sum(x[-12:]) / 12, sum(x[-6:]) / 6, sum(x[-12:-6]) / 6
    levels += [year, sum(x[-9:]) / 9, late, year, late + (late - early) / 2]
    left = sum(share[m:]) * f
    candidates = [level * left for level in levels]
    candidates += [known * 3 / 9, rest * last / 80, curve[pooled.MIDDLE] - known]
    so_far = known / before  # 66/60: one former year is last year and the mean of three
    candidates += [rest * so_far, rest * math.sqrt(so_far)] * 2
    candidates += [rest * math.sqrt(so_far * last / 80)]
    noise = np.mean(np.abs(np.diff(x))) / (size / f)
    rough = min(max(math.log(min(max(noise, 1e-3), 5)) + 2, -2), 2)
    steady = -2.0  # one year does not scatter: ln .001 + 2, at least −2
    beta = nowcast.learned()["mix", "sums-9-1"][0]
    off = [(candidate - rest) / size for candidate in candidates]
    bent = [*off, *(rough * o for o in off), *(steady * o for o in off)]
    assert len(bent) == len(beta)
    middle = sum(b * o for b, o in zip(beta, bent, strict=True))
    assert found.expected == pytest.approx(known + rest + size * middle, rel=1e-9)


# ── what must hold whatever was learned ───────────────────────────────────────────────────────────


@given(
    st.integers(1, 11),
    st.lists(st.floats(50, 200), min_size=1, max_size=6),
    st.floats(50, 200),
    st.sampled_from([1e-3, 7.0, 1e5]),
    st.booleans(),
)
def test_no_unit_matters(month, former, total, factor, level):
    plain = fitted(month, total, former, level=level)
    scaled = fitted(month, total * factor, [factor * one for one in former], level=level)
    assert np.array(scaled.ahead.curves) == pytest.approx(
        factor * np.array(plain.ahead.curves), rel=1e-6
    )


@given(st.integers(1, 11), st.lists(st.floats(50, 200), min_size=1, max_size=6), st.floats(50, 200))
def test_quantiles_rise_and_lie_above_what_is_known(month, former, total):
    found = fitted(month, total, former)
    curve = found.ahead.curves[0]
    assert list(curve) == sorted(curve)
    assert min(curve) >= found.known


@given(
    st.integers(1, 11),
    st.lists(st.floats(50, 200), min_size=1, max_size=6),
    st.floats(50, 200),
    st.floats(20, 300),
    st.booleans(),
)
def test_a_target_is_met_or_not_and_a_higher_one_is_never_likelier(
    month, former, total, target, level
):
    ahead = fitted(month, total, former, level=level).ahead
    assert ahead.chance(target, ">=") + ahead.chance(target, "<") == pytest.approx(1.0)
    assert ahead.chance(target + 5) <= ahead.chance(target) + 1e-12


def test_the_more_of_the_year_is_known_the_narrower_the_interval():
    for former in ((100.0,), (100.0, 104.0), (90.0, 100.0, 96.0, 104.0)):
        widths = []
        for month in (1, 3, 6, 9, 11):
            at = fitted(month, 108.0, former).ahead.at(2025)
            widths.append(at["high80"] - at["low80"])
        assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("month", [1, 3, 6, 9, 11])
@pytest.mark.parametrize("former", [(100.0,), (100.0, 104.0), (90.0, 100.0, 96.0, 104.0)])
def test_a_better_year_so_far_is_never_expected_to_end_worse(month, former):
    found = [fitted(month, total, former).expected for total in range(70, 160, 6)]
    assert found == sorted(found)


@pytest.mark.parametrize("month", [3, 6, 9])
def test_a_season_that_repeats_is_taken_for_what_it_is(month):
    """A third of the year by June, each year: the nowcast is near 150, twice the half is 100."""
    weights = (3, 3, 3, 3, 3, 3, 6, 6, 6, 6, 6, 6)
    annual = dict.fromkeys((2021, 2022, 2023, 2024), 150.0)
    former = {year: sums(150.0, weights) for year in annual}
    found = nowcast.fit(2025, sums(150.0, weights, month), former, annual)
    assert found.expected == pytest.approx(150.0, rel=0.02)  # most series grow a little
    assert found.pace == pytest.approx(150.0 * sum(weights[:month]) / 54 * 12 / month)


def test_zero_months_and_a_late_start_are_figures_like_others():
    weights = (0, 0, 0, 1, 1, 2, 2, 2, 1, 1, 0, 0)
    annual = {2022: 100.0, 2023: 110.0, 2024: 120.0}
    former = {year: sums(total, weights) for year, total in annual.items()}
    for month in (1, 3):  # nothing yet, as every year: not a year of nothing
        found = nowcast.fit(2025, sums(130.0, weights, month), former, annual)
        assert 90 < found.expected < 150
    found = nowcast.fit(2025, sums(130.0, weights, 9), former, annual)
    assert found.expected == pytest.approx(130.0, rel=0.05)


def test_all_twelve_months_all_quarters_or_one_sum_are_each_enough():
    parts, annual = years(100.0, 110.0, 121.0)
    for known in (MONTHS, (3, 6, 9, 12), (9,)):
        former = {y: {m: v for m, v in part.items() if m in known} for y, part in parts.items()}
        part = {m: v for m, v in sums(133.0, upto=9).items() if m in known}
        found = nowcast.fit(2025, part, former, annual)
        assert found.expected == pytest.approx(133.0, rel=0.03)


def test_amounts_below_zero_have_no_nowcast_but_a_pace():
    parts, annual = years(100.0, 110.0)
    found = nowcast.fit(2025, {1: -3.0}, parts, annual)
    assert (found.ahead.reason, found.pace) == ("negative_amounts", -36.0)


def test_former_years_of_nothing_have_no_shares():
    found = nowcast.fit(2025, {6: 3.0}, {2024: {6: 0.0}}, {2024: 0.0})
    assert found.ahead.reason == "former_years_zero"


def test_a_month_that_is_none_is_refused():
    with pytest.raises(ValueError, match="give what is known at months 1 to 12"):
        nowcast.fit(2025, {13: 1.0}, {}, {})
    with pytest.raises(ValueError, match="give what is known"):
        nowcast.fit(2025, {}, {}, {})


# ── the learned table ─────────────────────────────────────────────────────────────────────────────


def test_the_table_has_every_set_and_names_what_it_was_learned_from():
    table = nowcast.learned()
    expected = {
        f"{detail}-{m}-{n}"
        for detail, known in (("months", 12), ("quarters", 4), ("sums", 12), ("stock", 12))
        for m in range(1, known)
        for n in season.FORMERS
    }
    for what in season.Learned._fields:
        assert {key for name, key in table.lines if name == what} == expected
    assert all(len(digest) == 64 for digest in table.head["data"].values())
    assert nowcast.LEARNED.stat().st_size < 80_000


def test_the_quantiles_of_every_set_rise_about_the_median():
    table = nowcast.learned()
    for what, key in some(table.lines):
        if what == "ends":
            ends = table[what, key][0]
            assert (np.diff(ends) > 0).all(), key
            assert ends[pooled.MIDDLE] == 0, key


def test_the_method_chapter_quotes_the_benchmark():
    with open(ROOT / "benchmarks/results/nowcast.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["former"] == "5"]
    found, halves = (
        {(row["detail"], int(row["known"])): row for row in rows if row["file"] == file}
        for file in ("all", "all, by halves")
    )
    shown = [("months", m) for m in (1, 3, 6, 9, 11)] + [("quarters", m) for m in (1, 2, 3)]
    text = (ROOT / "docs/method.md").read_text("utf-8")
    share, other = "{:.1f} %".format, "the same, half of each file's series by the other half"
    for title, rows_of, column, form in (
        ("relative error", found, "relative_error", lambda x: f"{x:.3f}".lstrip("0")),
        (other, halves, "relative_error", lambda x: f"{x:.3f}".lstrip("0")),
        ("inside the 80 % interval", found, "cover80", share),
        ("inside the 95 % interval", found, "cover95", share),
    ):
        cells = [form(float(rows_of[one][column])) for one in shown]
        assert f"| {title} | {' | '.join(cells)} |" in text


@pytest.mark.skipif(not BENCH.is_dir(), reason="the learning data (../shared/bench) are not here")
def test_the_table_was_learned_from_the_folder_that_lies_here():
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in BENCH.glob("*.csv.gz")}
    assert nowcast.learned().head["data"] == found
