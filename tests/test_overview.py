"""Many plans side by side: places and what they hang on, 「前列」 by both rules, the index, the
map, the page of it all."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas
import pytest
from conftest import Toy, some
from hypothesis import given, strategies as st

from helpers import overviews
from helpers.intake import declared as declarations
from helpers.intake.finding import Refused, Unknown
from helpers.measure import composite, overview
from helpers.show import overview_index, overview_record, region_map, standings

NAN = math.nan
ROOT = Path(__file__).resolve().parents[1]
SPANS = st.lists(
    st.one_of(
        st.none(), st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda p: (min(p), max(p)))
    ),
    min_size=1,
    max_size=7,
)


def table(rows, **more):
    """Standings of one indicator: (member, value, low, high) each; `more` fills columns."""
    first = {
        "name": "",
        "edition": "2024",
        "fictional": True,
        "indicator_id": "patents",
        "name_zh": "有效专利",
        "name_en": "Patents",
        "unit": "件",
        "kind": "stock",
        "direction": "higher",
        "decimals": 0,
        "target": 10.0,
        "year": 2024,
        "data_year": 2024.0,
        "status": "on_schedule",
        "at_least": False,
        "progress": 0.5,
        "elapsed": 0.8,
    } | more
    return standings.frame(
        {
            **first,
            "member": member,
            "value": value,
            "middle": value,
            "low": low,
            "high": high,
            "basis": "missing" if math.isnan(low) else "exact" if low == high else "bound",
        }
        for member, value, low, high in rows
    )


def exact(*values, **more):
    return table([(chr(97 + k), v, v, v) for k, v in enumerate(values)], **more)


# Places -----------------------------------------------------------------------------------------


def test_a_place_is_as_sure_as_the_figures_are():
    """9 is first. More than 5 may be above 9 or stay above 5 only; 6 is behind 9 and perhaps
    behind it."""
    found = overview.ranked(table([("a", 9, 9, 9), ("b", 5, 5, math.inf), ("c", 6, 6, 6)]))
    assert found["best"].tolist() == [1, 1, 2]
    assert found["worst"].tolist() == [2, 3, 3]
    assert found["rank"].tolist() == [1, 3, 2]


def test_equal_figures_share_a_place():
    found = overview.ranked(exact(7, 9, 7, 3))
    assert (
        found["rank"].tolist() == found["best"].tolist() == found["worst"].tolist() == [2, 1, 2, 4]
    )


def test_where_less_is_better_the_least_is_first():
    found = overview.ranked(
        table([("a", 9, 9, 9), ("b", 5, 5, 6), ("c", 5.5, 5.5, 5.5)], direction="lower")
    )
    assert found["best"].tolist() == [3, 1, 1]
    assert found["worst"].tolist() == [3, 2, 2]


def test_who_has_not_reported_is_not_ranked_and_may_be_ahead_of_anyone():
    found = overview.ranked(table([("a", 9, 9, 9), ("b", NAN, NAN, NAN), ("c", 6, 6, 6)]))
    assert found["best"].tolist()[::2] == [1, 2]
    assert found["worst"].tolist()[::2] == [2, 3]  # each may have b ahead
    assert math.isnan(found["best"][1])
    assert found["three"].tolist() == ["in", "open", "in"]  # three places for three members


@given(SPANS)
def test_places_are_those_of_every_order_the_figures_allow(spans):
    """Beside a second implementation that asks of every pair who is ahead."""
    low = np.array([NAN if s is None else s[0] for s in spans], float)
    high = np.array([NAN if s is None else s[1] for s in spans], float)
    best, worst = overview.places(low, high)
    for k, mine in enumerate(some(spans)):
        if mine is None:
            assert math.isnan(best[k])
            assert math.isnan(worst[k])
            continue
        others = [s for j, s in enumerate(spans) if j != k and s is not None]
        assert best[k] == 1 + sum(other[0] > mine[1] for other in others)
        assert worst[k] == 1 + sum(other[1] > mine[0] for other in others)


def test_a_figure_in_another_unit_is_not_ranked():
    rows = exact(1, 2, 30)
    rows.loc[2, "unit"] = "万件"
    found = overview.ranked(rows)
    assert found["basis"].tolist() == ["exact", "exact", "differs"]
    assert found["rank"].tolist()[:2] == [2, 1]
    assert math.isnan(found["rank"][2])
    assert found["members"].tolist() == [2, 2, 2]


# 「前列」 --------------------------------------------------------------------------------------


def test_front_is_said_by_both_rules():
    """Ten members: a third is three places (10 ÷ 3 = 3.3), as many as the first three; of twelve it
    is four."""
    ten, twelve = overview.ranked(exact(*range(10))), overview.ranked(exact(*range(12)))
    assert ten["third"].tolist() == ten["three"].tolist() == ["out"] * 7 + ["in"] * 3
    assert twelve["third"].tolist().count("in") == 4
    assert twelve["three"].tolist().count("in") == 3


def test_front_is_open_where_a_place_may_be_on_either_side():
    """b is second, or fourth if c and d are as high as they may be; the first three hold for a
    alone."""
    rows = [("a", 9, 9, 9), ("b", 6, 6, 6), ("c", 5, 5, 7), ("d", 5, 5, 7), ("e", 1, 1, 1)]
    found = overview.ranked(table(rows))
    assert found["three"].tolist() == ["in", "open", "open", "open", "out"]
    assert found["third"].tolist() == ["in", "out", "out", "out", "out"]  # one place: 5 ÷ 3


# What a value may be ----------------------------------------------------------------------------


def record(**changes):
    return {
        "value": 100.0,
        "year": 2024,
        "data_year": 2024,
        "bound": "=",
        "kind": "stock",
        "facts": {"upper": None},
        "forecast": [{"year": 2024, "median": 110.0, "low80": 104.0, "high80": 118.0}],
        "points": [{"year": 2024, "earlier": "", "value": 100.0}],
    } | changes


def test_a_figure_of_the_year_is_itself():
    assert standings.span(record()) == {"low": 100, "high": 100, "middle": 100, "basis": "exact"}


def test_a_bound_is_all_it_may_stand_for():
    said = standings.span(record(bound=">", facts={"upper": 150.0}))
    assert (said["low"], said["high"], said["basis"]) == (100, 150, "bound")


def test_a_revised_figure_is_all_that_was_published():
    points = [{"year": 2024, "earlier": "96（2025-02-01）；103（2025-03-01）", "value": 100.0}]
    said = standings.span(record(points=points))
    assert (said["low"], said["high"], said["middle"], said["basis"]) == (96, 103, 100, "vintage")


def test_of_a_sum_the_revision_of_an_addition_moves_the_sum():
    """12 were added in the year and had been printed as 10: the sum of 40 was 38."""
    points = [{"year": 2024, "earlier": "10（2025-02-01）", "value": 12.0}]
    said = standings.span(record(kind="increment", value=40.0, points=points))
    assert (said["low"], said["high"]) == (38, 40)


def test_a_year_without_a_figure_is_as_wide_as_its_forecast():
    said = standings.span(record(data_year=2023))
    assert (said["low"], said["middle"], said["high"], said["basis"]) == (104, 110, 118, "forecast")
    assert standings.span(record(data_year=2023, forecast=[])) == {"basis": "stale"}
    assert standings.span(record(value=None)) == {"basis": "missing"}


def test_the_table_comes_back_from_its_file_as_it_went(tmp_path):
    before = table([("a", 9, 9, 9), ("b", NAN, NAN, NAN)], name="=1+1", name_zh="专利，件")
    (tmp_path / "t.csv").write_text(standings.as_csv(overview.ranked(before)), "utf-8")
    pandas.testing.assert_frame_equal(standings.read(tmp_path / "t.csv"), before)
    assert "'=1+1" in (tmp_path / "t.csv").read_text("utf-8")


# Who moved ---------------------------------------------------------------------------------------


def test_a_verdict_moves_up_or_down_the_ladder_and_nowhere_without_two():
    rows = exact(1, 2, 3, 4)
    rows["status"] = ["ahead", "behind", "no_data", "on_schedule"]
    rows["status_before"] = ["on_schedule", "ahead", "ahead", ""]
    found = overview.moves(rows)
    assert found["up"].tolist() == [True, False, False, False]
    assert found["down"].tolist() == [False, True, False, False]


def test_the_spread_rests_on_figures_of_the_year_alone():
    rows = pandas.concat([exact(1, 2, 3, 4, 5), table([("x", 99, NAN, NAN)])], ignore_index=True)
    one = overview.spread(rows).iloc[0]
    assert (one["members"], one["known"]) == (6, 5)
    assert (one["value_low"], one["value_q50"], one["value_high"]) == (1, 3, 5)
    assert one["value_q25"] == 2  # of 1…5


# The index ---------------------------------------------------------------------------------------


def two(first, second):
    """Two indicators, x and y, of as many members."""
    return overview.ranked(
        pandas.concat(
            [exact(*first, indicator_id="x"), exact(*second, indicator_id="y")], ignore_index=True
        )
    )


def test_the_index_is_the_weighted_mean_of_what_lies_between_least_and_greatest():
    """a: (0, 1), b: (0.5, 0.5), c: (1, 0). Weights 3 and 1: a 25, b 50, c 75."""
    found = composite.composite(two([0, 5, 10], [8, 6, 4]), {"x": 3, "y": 1}, 200)
    assert found.table["index"].to_dict() == pytest.approx({"c": 75, "b": 50, "a": 25})
    assert found.table["rank"].tolist() == [1, 2, 3]


def test_an_order_that_no_weights_can_turn_holds_in_every_draw():
    found = composite.composite(two([0, 5, 10], [1, 2, 3]), {"x": 1, "y": 1}, 500)
    assert found.order == 1
    assert found.table["holds"].tolist()[:2] == [1, 1]
    assert (found.table["low"] == found.table["high"]).all()


def test_an_order_that_hangs_on_the_weights_holds_as_often_as_they_let_it():
    """a leads in x, b in y: a is ahead where the weight of x is more than half. With equal weights
    all are equally likely (Dirichlet(1, 1) is uniform), so in half of the draws: 10,000 of them are
    within four standard errors (0.005) of it."""
    found = composite.composite(two([1, 0], [0, 1.0]), {"x": 1.001, "y": 1})
    assert found.table.index.tolist() == ["a", "b"]
    assert found.order == pytest.approx(0.5, abs=0.02)


def test_below_six_tenths_of_the_data_there_is_no_index():
    """Of 2 × 5 figures 5 are there; with one more, 6, there is one, and who has less than six
    tenths of the weight is left out."""
    half = two([1, 2, 3, 4, 5], [NAN] * 5)
    found = composite.composite(half, {"x": 1, "y": 1}, 10)
    assert (found.order, len(found.table), found.data) == (None, 0, 0.5)
    more = composite.composite(two([1, 2, 3, 4, 5], [7, NAN, NAN, NAN, NAN]), {"x": 1, "y": 1}, 10)
    assert more.data == 0.6
    assert more.table.index.tolist() == ["a"]
    assert more.left_out == ("b", "c", "d", "e")


# What is declared --------------------------------------------------------------------------------


def test_nothing_is_declared_without_a_file(tmp_path):
    assert declarations.of(tmp_path, {"x"}) == declarations.Declared()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("weights: [{indicator: z, weight: 1}]", "没有这项指标"),
        ("weights: [{indicator: x, weight: 0}]", "应在"),
        ("front: [{indicator: x, rule: fifth}]", "不在可选的词里"),
        ("front: [{indicator: x, rule: third}, {indicator: x, rule: three}]", "写了两次"),
        ("geometry: nowhere.geojson", "没有这个文件"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_its_place(tmp_path, text, problem):
    (tmp_path / "d.yml").write_text(text, "utf-8")
    with pytest.raises(Refused, match=problem):
        declarations.read(tmp_path / "d.yml", "d.yml", {"x"})


# The map -----------------------------------------------------------------------------------------

SQUARE = [[120, 32], [121, 32], [121, 33], [120, 33], [120, 32]]


def test_a_map_colours_each_area_by_its_share(tmp_path):
    features = [
        {"properties": {"id": name}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
        for name in ("a", "b")
    ]
    (tmp_path / "m.geojson").write_text(json.dumps({"features": features}), "utf-8")
    shares = {"a": 0.85, "b": 0.4, "c": 0.1}
    drawn = region_map.of(tmp_path / "m.geojson", "id", shares, {n: n.upper() for n in shares})
    assert region_map.COLOURS[3] in drawn.svg  # 85 %
    assert "url(#step1)" in drawn.svg  # 40 % is the first of its step
    assert drawn.unmapped == ("C",)
    assert "八成及以上 1 个" in drawn.alt


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude():
    """At 60° by half: a square of one degree is drawn twice as high as wide."""
    to_paper, height = region_map._projected([[0, 59], [1, 61]])
    x, _ = to_paper([1, 59])
    assert height / x == pytest.approx(4, rel=1e-9)  # two degrees high, half a degree wide


def test_a_file_that_is_no_map_is_refused(tmp_path):
    (tmp_path / "m.geojson").write_text("{}")
    with pytest.raises(ValueError, match="GeoJSON"):
        region_map.read(tmp_path / "m.geojson", "id")


# A province --------------------------------------------------------------------------------------


def test_a_list_of_names_says_how_many_there_are():
    names = [f"n{k}" for k in range(14)]
    assert overview_index.some(names[:12]) == "、".join(names[:12])
    assert overview_index.some(names).endswith("n11等 14 个")


def test_who_lacks_most_comes_first():
    rows = pandas.concat(
        [exact(1, 2, NAN), exact(NAN, 2, NAN, indicator_id="x")], ignore_index=True
    )
    heads = overview.by_member(rows)
    told = overview_record._silent_members(heads, {"a": "甲", "b": "乙", "c": "丙"})
    assert told == "丙（2 项）、甲（1 项）"


def test_without_an_edition_there_is_nothing_to_lay_side_by_side(toy):
    with pytest.raises(Unknown, match="还没有 2024 的期次"):
        overviews.of("toy", 2024, root=toy.root)
    with pytest.raises(Unknown, match="没有规划符合"):
        overviews.of("other-*", 2024, root=toy.root)


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """The toy plan three times over, two of them assessed, in two years."""
    root = tmp_path_factory.mktemp("province")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    toy = Toy(root)
    for name in ("toy-a", "toy-b", "toy-c"):
        for part in ("params", "data/raw"):
            shutil.copytree(root / part / "toy", root / part / name)
        for path in (
            *(root / "data/raw" / name).glob("*.csv"),
            root / "params" / name / "plan.yml",
        ):
            path.write_text(
                re.sub(r"(^|: )toy\b", rf"\1{name}", path.read_text("utf-8"), flags=re.M), "utf-8"
            )
    observed = root / "data/raw/toy-b/observations.csv"
    observed.write_text(observed.read_text("utf-8").replace("2023,160,", "2023,170,"), "utf-8")
    shutil.rmtree(toy.plan.params)
    for asked in ("toy-a", "toy-b"):
        helpers(root, "assess", "--plan", asked, "--years", "2022-2023")
    return root


def helpers(root, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "helpers", *arguments],
        env={**os.environ, "ASSESSMENT_ROOT": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
def test_the_rows_of_an_overview_are_the_records_of_its_editions(province):
    asked = overviews.of("params/toy-*", root=province)
    assert (asked.year, asked.without) == (2023, ("toy-c",))
    rows, listed = overviews.gathered(asked.editions, "zh")
    by_id = {(row["member"], row["indicator_id"]): row for row in rows}
    for folder in some(asked.editions):
        for record in json.loads((folder / "results.json").read_text("utf-8")):
            row = by_id[folder.parent.name, record["indicator_id"]]
            assert (row["value"], row["status"]) == (record["value"], record["status"])
    promises = [*csv.DictReader(io.StringIO(listed))]
    assert [row["member"] for row in promises] == ["toy-a", "toy-b"]
    assert [row["done"] for row in promises] == ["1", "1"]  # the station; the week is asked of 2023


@pytest.mark.slow
def test_an_overview_is_a_table_a_notebook_and_a_page(province):
    (province / "params" / "all.yml").write_text(
        "title: 玩具省\nfront:\n  - {indicator: patents, rule: three, quote: 全省前列}\n"
        "weights:\n  - {indicator: patents, weight: 1}\n  - {indicator: share, weight: 1}\n"
    )
    said = helpers(
        province, "overview", "--plans", "toy-*", "--file", str(province / "params/all.yml")
    )
    folder = province / "data/processed/overview/toy-2023"
    page = (folder / "overview.html").read_text("utf-8")
    assert "2 个地方、4 项指标" in said.stdout
    assert "玩具省2023年一览" in page
    assert "没有这一年的期次：toy-c" in page
    assert 'href="../../toy-a/2023/assessment.html"' in page
    assert "全省前列" in page
    assert "都报了当年数" in page
    rows = [*csv.DictReader(io.StringIO((folder / "overview.csv").read_text("utf-8-sig")))]
    best = {row["member"]: row["rank"] for row in rows if row["indicator_id"] == "patents"}
    assert best == {"toy-a": "2", "toy-b": "1"}  # 160 and 170
    notebook = json.loads((folder / "overview.ipynb").read_text("utf-8"))
    assert not any(
        o["output_type"] == "error" for c in notebook["cells"] for o in c.get("outputs", ())
    )
    assert str(province) not in json.dumps(notebook)


def test_parquet_holds_what_the_csv_holds(tmp_path):
    """Where what writes it is installed (`make overview` sees to it), else there is none."""
    before = overview.ranked(table([("a", 9.5, 9.5, 9.5), ("b", NAN, NAN, NAN)]))
    (tmp_path / "t.csv").write_text(standings.as_csv(before), "utf-8")
    written = overviews.write_parquet(tmp_path / "t.csv", tmp_path / "t.parquet")
    assert written == (tmp_path / "t.parquet").is_file() == (find_spec("duckdb") is not None)
    if written:
        duckdb = pytest.importorskip("duckdb")
        rows = duckdb.read_parquet(str(tmp_path / "t.parquet")).fetchall()
        names = [*before.columns]
        assert [row[names.index("member")] for row in rows] == ["a", "b"]
        assert [row[names.index("value")] for row in rows] == [9.5, None]
        assert [row[names.index("fictional")] for row in rows] == [True, True]


@pytest.mark.slow
def test_an_overview_made_twice_is_the_same_to_the_byte(province):
    folder = province / "data/processed/overview/toy-2022"
    seen = []
    for _ in range(2):
        helpers(province, "overview", "--plans", "toy-*", "--year", "2022")
        seen.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert seen[0] == seen[1]


def test_the_committed_table_is_fictional_and_ranked_as_it_says():
    table = standings.read(ROOT / "data/raw/example-province/overview.csv")
    stored = pandas.read_csv(ROOT / "data/raw/example-province/overview.csv")
    assert table["fictional"].all()
    found = overview.ranked(table)
    for name in ("rank", "best", "worst"):
        np.testing.assert_array_equal(found[name], stored[name])
