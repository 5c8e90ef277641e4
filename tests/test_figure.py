"""What the pictures show, read back from their Axes: every line ends where the numbers end, nothing
hides a gap."""

from __future__ import annotations

import hashlib
import io
import math
import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from itertools import groupby
from xml.etree import ElementTree

import matplotlib
import pytest
from conftest import some
from drawing import trajectory
from fontTools.ttLib import TTFont
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Annotation, Text
from PIL import Image

from helpers.intake import observations, plan as plans
from helpers.measure import assessment, backtest, forms, verdict
from helpers.measure.assessment import Assessment
from helpers.show import canvas, figure, labels, paper, raster, result, wording

SVG = "{http://www.w3.org/2000/svg}"


def assessed(name: str, year: int | None = None) -> dict[str, Assessment]:
    """Every indicator of a shipped plan, judged in `year`."""
    plan = plans.load(name)
    year = plans.year_of(plan, year)
    points = observations.all_taken(plan, observations.receive(plan), year)
    return {
        facts.id: verdict.assess(plan, facts, points, year, model="drift")
        for facts in plans.indicators(plan)
    }


@pytest.fixture(scope="module")
def example() -> dict[str, Assessment]:
    return assessed("example", 2024)


@pytest.fixture(scope="module")
def pictures() -> list[tuple[Assessment, Axes]]:
    """The picture of every indicator of every shipped plan in its default year; a warning while
    drawing is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [
            (one, trajectory(one)) for name in plans.available() for one in assessed(name).values()
        ]


def drawn(ax: Axes, label: str) -> list[list[tuple[float, float]]]:
    """The points of every stretch of the lines of that label, in the order drawn; a line breaks
    where it has no value."""
    return [
        [(float(x), float(y)) for x, y in stretch]
        for line in ax.get_lines()
        if line.get_label() == label
        for missing, stretch in groupby(line.get_xydata(), lambda at: math.isnan(at[1]))
        if not missing
    ]


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def band(ax: Axes, label: str) -> list[tuple[float, float]]:
    """The corners of a filled band."""
    (filled,) = [collection for collection in ax.collections if collection.get_label() == label]
    return [tuple(map(float, corner)) for corner in filled.get_paths()[0].vertices]


def arrows(ax: Axes) -> list[tuple[float, float]]:
    """Where the arrows stand that mark a bound."""
    return [
        text.xy
        for text in ax.texts
        if isinstance(text, Annotation) and text.arrow_patch is not None
    ]


def saved(ax: Axes, kind: str) -> bytes:
    svg = canvas.Picture(ax, "").svg
    return svg.encode() if kind == "svg" else raster.pixels(svg)


# History ------------------------------------------------------------------------------------------


def test_the_line_is_the_series(example):
    ax = trajectory(example["patents_per_10k"])
    assert drawn(ax, "实际值") == [[(2020, 10), (2021, 12.5), (2022, 14), (2023, 16.5), (2024, 18)]]


def test_the_line_of_an_increment_is_its_sum_since_the_plan_began(example):
    ax = trajectory(example["patent_attorneys_new"])
    assert drawn(ax, "实际值") == [
        [(2021, 4), (2022, 7), (2023, 12), (2024, 16)]
    ]  # 4, 4+3, 4+3+5, 4+3+5+4


def test_a_gap_is_a_break_in_the_line_and_says_so(example):
    ax = trajectory(example["satisfaction"])
    assert drawn(ax, "实际值") == [[(2020, 80), (2021, 82)], [(2023, 84), (2024, 86)]]
    (missing,) = [text for text in ax.texts if text.get_text() == "缺"]
    assert missing.get_position()[0] == 2022


def test_a_change_of_definition_parts_the_line_and_is_marked(example):
    ax = trajectory(example["patent_intensive_share"])
    assert drawn(ax, "原口径") == [[(2020, 10), (2021, 10.4), (2022, 10.8)]]
    assert drawn(ax, "实际值") == [[(2023, 9.5), (2024, 9.9)]]
    (mark,) = [text for text in ax.texts if text.get_text() == "口径调整"]
    assert 2022 < mark.get_position()[0] < 2023
    assert any(set(line.get_xdata()) == {2022.5} for line in ax.get_lines())


def test_a_bound_has_an_arrow_and_its_word_and_an_exact_value_has_none(example):
    ax = trajectory(example["overseas_grants_cum"])
    assert arrows(ax) == [(2024, 38)]
    assert "超38" in words(ax)
    assert arrows(trajectory(example["patents_per_10k"])) == []


def test_the_first_and_the_last_value_are_written_at_their_decimals(example):
    assert {"10.0", "18.0"} <= set(words(trajectory(example["patents_per_10k"])))
    assert {"100", "190"} <= set(words(trajectory(example["trademarks_valid"])))
    assert words(trajectory(example["madrid_valid"])).count("15") == 1  # one point, written once


# Target and schedule ------------------------------------------------------------------------------


def test_the_target_line_stands_at_the_target_and_is_named(example):
    for name, height, text in (
        ("patents_per_10k", 20, "目标 20"),
        ("case_days", 40, "目标 40"),
        ("royalty_exports", 50, "目标 50"),
    ):
        ax = trajectory(example[name])
        line, mark = (
            drawn(ax, "目标")[0],
            [line for line in ax.get_lines() if line.get_marker() == "D"],
        )
        assert {y for _, y in line} == {height}
        assert text in words(ax)
        assert [(x, y) for x, y in zip(*mark[0].get_data(), strict=False)] == [(2025, height)]


def test_the_scheduled_line_runs_from_the_baseline_used_to_the_target(example):
    assert drawn(trajectory(example["patents_per_10k"]), "序时线") == [[(2020, 10), (2025, 20)]]
    assert drawn(trajectory(example["service_staff"]), "序时线") == [
        [(2021, 100), (2025, 200)]
    ]  # substitute baseline
    assert drawn(trajectory(example["demo_firms_new"]), "序时线") == [
        [(2020, 0), (2025, 10)]
    ]  # an increment starts from zero
    assert drawn(trajectory(example["royalty_exports"]), "序时线") == [
        [(2020, 20), (2025, 50)]
    ]  # also without data


@pytest.mark.parametrize(
    "change",
    [
        {},  # case_close_share: the baseline 96 meets the target 95 already
        {"baseline": assessment.Baseline(2020, 90, ">", "plan"), "planned_step": None},
        {"baseline": assessment.Baseline(2020, None, "=", "none"), "planned_step": None},
    ],
)
def test_nothing_is_scheduled_from_a_baseline_that_is_met_missing_or_only_a_bound(example, change):
    assert drawn(trajectory(replace(example["case_close_share"], **change)), "序时线") == []


def test_the_verdict_and_the_picture_schedule_the_same_things(pictures):
    for one, ax in some(pictures):
        if one.data_year is not None and not forms.has_own_rule(one.facts):
            assert bool(drawn(ax, "序时线")) == (one.scheduled is not None), one.facts.id


# Forecast -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["patents_per_10k", "patent_attorneys_new", "case_days"])
def test_the_fan_is_the_forecast(example, name):
    one = example[name]
    ax = trajectory(one)
    start = (float(one.data_year), one.value)
    assert drawn(ax, "预测中位数") == [[start, *((row[0], row[1]) for row in one.forecast.rows)]]
    for label, low, high in (("80% 预测区间", 2, 3), ("95% 预测区间", 4, 5)):
        assert set(band(ax, label)) == {
            start,
            *((row[0], row[k]) for row in one.forecast.rows for k in (low, high)),
        }
    last = wording.number(one.forecast.rows[-1][1], one.facts.decimals)
    assert f"预测中位数 {last}" in words(ax)


def test_without_a_forecast_no_fan_is_drawn(example):
    for name in ("overseas_grants_cum", "madrid_valid", "royalty_exports", "service_platform"):
        ax = trajectory(example[name])
        assert not drawn(ax, "预测中位数")
        assert not [filled for filled in ax.collections if "预测区间" in filled.get_label()]


def test_every_kind_of_mark_has_its_name_beside_it_and_nothing_else_is_named(example):
    for one in some(example.values()):
        ax = trajectory(one)
        marks = {
            mark.get_label()
            for mark in (*ax.get_lines(), *ax.collections)
            if not mark.get_label().startswith("_")
        }
        named = {
            name
            for name in wording.MARK.values()
            if any(text.startswith(name) for text in words(ax))
        }
        assert named == marks, one.facts.id
        assert not ax.figure.legends


def meeting(ax: Axes) -> list[tuple[str, str]]:
    """The pairs of words over one another, as the rasterizer measures them."""
    ax.figure.draw_without_rendering()
    shown = [text for text in (*ax.texts, ax.yaxis.label, ax._left_title) if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in shown]
    return [
        (one, other)
        for k, (one, box) in enumerate(boxes)
        for other, room in boxes[:k]
        if box.overlaps(room)
    ]


def test_no_word_of_any_shipped_plan_stands_over_another(pictures):
    assert not [(one.facts.id, pair) for one, ax in some(pictures) for pair in meeting(ax)]


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_words_of_lines_that_are_nearly_one_do_not_meet(example, language):
    """The course, the schedule and the target within a hundredth of one another."""
    one = example["patents_per_10k"]
    points = tuple(
        replace(p, level=19.9 + k / 100, row=replace(p.row, value=19.9 + k / 100))
        for k, p in enumerate(one.series.points)
    )
    near = replace(one, series=replace(one.series, points=points))
    with wording.speaking(language):
        assert not meeting(trajectory(near))


def test_a_word_stands_where_it_meets_fewest_points_of_lines():
    """Above the middle of a level line the schedule would run through the name of the course."""
    ax = canvas.axes()
    ax.set_xlim(0, 2)
    ax.set_ylim(0, 2)
    ax.plot([0, 2], [1, 1])
    for height, side in ((1.1, "s"), (0.9, "n")):
        [line] = ax.plot([0, 2], [height, height])
        wanted = [labels.Word("名", [(1, 1)], ("s", "n") if side == "n" else ("n", "s"))]
        with matplotlib.rc_context(canvas.STYLE):
            texts = labels.written(ax, wanted)
            labels.settle(ax, wanted, texts)
        line.remove()
        assert (texts[0].xyann[1] > 0) == (side == "n")
        texts[0].remove()


def on_paper(ax: Axes) -> None:
    """Every word of a drawn picture lies on its paper, to a pixel."""
    ax.figure.draw_without_rendering()
    room = ax.figure.bbox.padded(1)
    low, high = ax.get_ylim()
    ticks = [
        text for text in ax.get_yticklabels() if low <= text.get_unitless_position()[1] <= high
    ]
    for text in (*ax.texts, *ticks, *ax.get_xticklabels(), ax._left_title):
        if text.get_text():
            box = text.get_window_extent()
            assert room.contains(box.x0, box.y0), text
            assert room.contains(box.x1, box.y1), text


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_word_stays_on_the_paper(example, language):
    with wording.speaking(language):
        for one in some(example.values()):
            on_paper(trajectory(one))


def test_a_long_title_is_broken_between_words_and_pushes_the_axes_down(example, monkeypatch):
    one = example["patents_per_10k"]
    short = trajectory(one).get_position().y1
    long = "每万人口高价值发明专利拥有量，" * 5 + "as the plan counts it"
    monkeypatch.setattr(wording, "finding", lambda _: long)
    ax = trajectory(one)
    lines = ax.get_title(loc="left").split("\n")
    assert "".join(lines).replace(" ", "") == long.replace(" ", "")
    assert len(lines) == 3  # 75 characters of 12 points, 498 points wide: 41 a line
    assert not [line for line in lines if line[0] in "，。"]
    # a line more is 1.2 × 12 = 14.4 of 266.4 points
    assert ax.get_position().y1 == pytest.approx(short - 2 * 14.4 / 266.4, abs=1e-3)
    on_paper(ax)


def test_a_palette_leaves_our_colours_exact(example):
    with Image.open(io.BytesIO(saved(trajectory(example["patents_per_10k"]), "png"))) as png:
        pixels = png.convert("RGB")
    assert pixels.getpixel((2, 2)) == (255, 255, 255)
    found = {colour for _, colour in pixels.getcolors(1 << 20)}
    used = (canvas.ACTUAL, canvas.TARGET, canvas.BAND80, canvas.BAND95)
    assert {tuple(round(255 * part) for part in to_rgb(colour)) for colour in used} <= found


# The frame ----------------------------------------------------------------------------------------


def test_labels_are_the_finding_the_unit_and_the_years(example):
    ax = trajectory(example["case_days"])
    assert (
        ax.get_title(loc="left")
        == wording.finding(example["case_days"])
        == "2024 年 55 天，目标 40 天"
    )
    assert ax.get_ylabel() == "天"
    assert ax.get_xlabel() == ""
    assert list(ax.get_xticks()) == [2020, 2021, 2022, 2023, 2024, 2025]


def test_a_picture_without_data_says_so_and_still_shows_the_target(example):
    ax = trajectory(example["royalty_exports"])
    assert "无数据" in words(ax)
    assert "目标 50" in words(ax)
    assert not drawn(ax, "实际值")


def test_everything_that_matters_lies_inside_the_axes(pictures):
    for one, ax in some(pictures):
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        shown = [(p.year, p.level) for p in (*one.series.before, *one.series.points)] + [
            (one.facts.target.year, one.facts.target.value)
        ]
        shown = [(x, y) for x, y in shown if y is not None]  # a range has no one target
        shown += [(row[0], v) for row in one.forecast.rows for v in row[1:4]]
        assert all(left < x < right and low <= y <= high for x, y in shown), one.facts.id


# The overview -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def records() -> list[dict]:
    plan = plans.load("example")
    return [result.indicator(plan, one).data for one in assessed("example", 2024).values()]


def ahead(records: list[dict]) -> list[dict]:
    """The furthest ahead of the schedule first, those without a share last, by a slow hand."""
    left, found = [r for r in records if r["progress"] is not None], []
    while left:
        found.append(max(left, key=lambda r: r["progress"] - r["elapsed"]))
        left.remove(found[-1])
    without = [r for r in records if r["progress"] is None]
    return found + [r for code in canvas.STATUSES for r in without if r["status"] == code]


def test_the_overview_has_a_bar_for_every_progress_and_words_why_there_is_none(records):
    ax, records = figure.overview(records), ahead(records)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        record["name_zh"] for record in reversed(records)
    ]
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    said: dict[int, str] = {}
    for text in ax.texts:
        said[round(text.get_position()[1])] = (
            said.get(round(text.get_position()[1]), "") + text.get_text()
        )
    for k, record in enumerate(reversed(records)):
        assert (k in bars) == (record["progress"] is not None)
        assert (wording.no_share(record) in said[k]) == (record["progress"] is None)
        assert wording.STATUS[record["status"]] in said[k]
        if k in bars:
            assert bars[k].get_width() == pytest.approx(max(-0.1, min(1.6, record["progress"])))
            assert to_hex(bars[k].get_facecolor()) == canvas.STATUS_COLOUR[record["status"]]
            assert wording.percent(record["progress"], 0) in said[k]


def test_the_overview_marks_the_time_that_has_passed_by_the_data_year(records):
    ax, records = figure.overview(records), ahead(records)
    marks = {
        round(sum(line.get_ydata()) / 2): line.get_xdata()[0]
        for line in ax.get_lines()
        if len(set(line.get_xdata())) == 1 and to_hex(line.get_color()) == canvas.INK
    }
    expected = {
        k: record["elapsed"]
        for k, record in enumerate(reversed(records))
        if record["progress"] is not None
    }
    assert marks == pytest.approx(expected)
    assert marks[
        [r["indicator_id"] for r in reversed(records)].index("madrid_valid")
    ] == pytest.approx(0.6)  # data of 2023, not 0.8


def test_a_bar_that_is_cut_in_the_overview_shows_it(records):
    rows = [{**records[0], "progress": progress} for progress in (4874.75, 1.6, 0.3, -0.1, -3.3)]
    ax = figure.overview(rows)
    cut = [
        line.get_ydata()[0] + 0.28
        for line in ax.get_lines()
        if to_hex(line.get_color()) == canvas.PAPER
    ]
    assert cut == pytest.approx([4, 4, 0, 0])  # the first and the last, from the top


def test_the_overview_says_what_it_found_and_names_both_lines(records):
    ax = figure.overview(records)
    # 12 of 14 can be judged; behind, far behind or backwards are 2 + 1 + 1
    assert ax.get_title(loc="left") == "12 项可评价：8 项不慢于序时，4 项落后；2 项不能评价"
    heads = {text.get_text().strip(): text for text in ax.texts}
    assert heads["目标"].get_position()[0] == 1
    assert heads["序时"].get_position()[0] == pytest.approx(0.8)
    assert (heads["序时"].get_ha(), heads["目标"].get_ha()) == ("right", "left")


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_no_word_of_the_overview_meets_a_bar_or_a_name(language, records):
    """Also where a share is as long as can be and a bar goes back: as drawn."""
    rows = [r if r["progress"] is None else r | {"progress": -48.7475} for r in records]
    with wording.speaking(language):
        ax = figure.overview(rows)
        ax.figure.canvas.draw()
        zero = ax.transData.transform((-0.1, 0))[0]
        words = [text for text in ax.texts if text.get_text()[0] in "".join(wording.SIGN.values())]
    assert len(words) == len(rows)
    assert max(text.get_window_extent().x1 for text in words) < zero
    names = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert max(box.x1 for box in names) < min(text.get_window_extent().x0 for text in words)


def test_a_pointer_is_told_the_numbers_of_a_mark(example, records):
    drawn = canvas.Picture(trajectory(example["case_days"]), "").svg
    said = re.findall("<title>([^<]*)</title>", drawn)
    points = [p for p in example["case_days"].series.points if p.level is not None]
    shown = [f"{p.year} 年 {p.level:.0f} 天" for p in points]
    assert [one for one in said if "预测" not in one][-len(points) :] == shown
    assert sum(one.count("预测中位数") for one in said) == len(example["case_days"].forecast.rows)
    assert "hover:" not in drawn
    bars = canvas.Picture(figure.overview(records), "").svg.count("<title>")
    assert bars == sum(r["progress"] is not None for r in records)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_title_and_words_of_the_overview_stay_on_the_paper(language):
    plan = plans.load("example")
    with wording.speaking(language):
        ax = canvas.Picture(
            figure.overview(
                [result.indicator(plan, one).data for one in assessed("example", 2024).values()]
            ),
            "",
        ).ax
    shown = [text for text in ax.figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert not [
        text.get_text()
        for text in shown
        if not ax.figure.bbox.x0 - 1
        <= text.get_window_extent().x0
        <= text.get_window_extent().x1
        <= ax.figure.bbox.x1 + 1
    ]


def test_a_bounded_progress_is_a_bound_in_the_overview_and_its_alt_text(records):
    assert any(text.endswith("不低于 90%") for text in words(figure.overview(records)))
    assert "海外发明专利累计授权量 不低于 90%（快于预期）" in wording.overview_alternative(records)


def test_the_alt_text_of_the_overview_tells_every_indicator(records):
    alt = wording.overview_alternative(records)
    assert all(
        f"{record['name_zh']} " in alt and wording.STATUS[record["status"]] in alt
        for record in records
    )
    assert "知识产权使用费出口额 不适用（无数据）" in alt
    assert "每万人口发明专利拥有量 80%（符合预期）" in alt


# The file -----------------------------------------------------------------------------------------


def test_every_character_of_every_picture_is_in_the_font(pictures, records):
    """That drawing them warns of nothing is held where all are drawn, in test_report."""
    known = {chr(code) for code in TTFont(canvas.FONT).getBestCmap()} | {"\n"}
    for ax in (*(ax for _, ax in pictures), figure.overview(records)):
        assert {ch for text in ax.figure.findobj(Text) for ch in text.get_text()} <= known


def test_a_missing_character_would_be_noticed(example):
    facts = replace(example["patents_per_10k"].facts, unit="ꙮ")  # a letter no Chinese font has
    with pytest.warns(UserWarning, match="missing from font"):
        trajectory(replace(example["patents_per_10k"], facts=facts)).figure.draw_without_rendering()


def test_dollar_and_angle_brackets_are_drawn_as_characters(example):
    one = example["royalty_exports"]
    one = replace(
        one, facts=replace(one.facts, name_zh="<script>$x^2$</script>", unit="&$a_b$")
    )  # $…$ in pairs: else no mathematics
    svg = saved(trajectory(one), "svg")
    texts = ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert "<script>$x^2$</script>：无数据，目标 50 &$a_b$" in texts
    assert "&$a_b$" in texts
    assert b"<script" not in svg


def test_the_svg_carries_text_not_outlines(example):
    root = ElementTree.fromstring(saved(trajectory(example["case_days"]), "svg"))
    texts = {"".join(node.itertext()): node.get("style") for node in root.iter(f"{SVG}text")}
    assert "2024 年 55 天，目标 40 天" in texts
    # a notebook has no font of its own; no text has another than the whole
    assert f"font-family:'{canvas.FAMILY}', {canvas.FALLBACK}" in root.get("style")
    assert all("font-family" not in style for style in texts.values())


def test_a_picture_has_a_fixed_size_and_says_nothing_of_when_and_with_what_it_was_made(example):
    for name, height in (("patents_per_10k", 3.7), ("royalty_exports", 2.4)):
        svg, png = (saved(trajectory(example[name]), kind) for kind in ("svg", "png"))
        assert (
            ElementTree.fromstring(svg).get("viewBox") == f"0 0 518.4 {height * 72:.6g}"
        )  # 7.2 inches of 72 points
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (
            1036,
            int(height * 144),
        )  # 144 dots an inch
        for word in (
            b"matplotlib v",
            b"Matplotlib",
            b"dc:date",
            b"dc:creator",
            b"Software",
            b"tEXt",
            b"tIME",
        ):
            assert word not in svg
            assert word not in png


def test_drawing_changes_no_setting_of_the_session(example):
    before = dict(matplotlib.rcParams)
    saved(trajectory(example["case_days"]), "svg")
    assert dict(matplotlib.rcParams) == before


ELSEWHERE = """
import hashlib
from test_figure import assessed, saved, trajectory
one = assessed("example", 2024)["satisfaction"]
print(*(hashlib.sha256(saved(trajectory(one), kind)).hexdigest() for kind in ("svg", "png")))
"""


@pytest.mark.slow
def test_the_same_numbers_give_the_same_bytes_twice_and_under_another_hash_seed(example):
    digests = [
        [
            hashlib.sha256(saved(trajectory(example["satisfaction"]), kind)).hexdigest()
            for kind in ("svg", "png")
        ]
        for _ in range(2)
    ]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Apia",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    elsewhere = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert digests[0] == digests[1] == elsewhere.stdout.split()


def test_a_picture_tells_itself_in_words_beside_its_svg(example):
    one = example["patents_per_10k"]
    alt = wording.alternative(one, one.facts)
    bundle = canvas.Picture(trajectory(one), alt)._repr_mimebundle_()
    assert bundle == {"text/plain": alt, "image/svg+xml": bundle["image/svg+xml"]}
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert re.findall(r"\d{4} 年 ([\d.]+)", alt) == ["10.0", "12.5", "14.0", "16.5", "18.0"]
    assert "20.0" in alt


# Reliability --------------------------------------------------------------------------------------


def test_the_reliability_picture_has_a_mark_a_tenth_at_what_was_said_and_what_came_true():
    tenths = {kind: backtest.tenths("pooled", kind) for kind in backtest.KINDS}
    ax = figure.reliability(tenths)
    marks = {
        collection.get_label(): collection.get_offsets().tolist() for collection in ax.collections
    }
    for kind, records in tenths.items():
        assert marks[wording.RELIABILITY[kind]] == [
            [one.said, one.met] for one in records if one.cases
        ]
    assert [
        tuple(line.get_xdata()) for line in ax.get_lines() if line.get_label() == wording.PERFECT
    ] == [(0, 1)]
    alt = wording.reliability_alternative("pooled", tenths)
    assert all(
        f"（{one.cases} 次）" in alt for records in tenths.values() for one in records if one.cases
    )


def test_what_a_year_was_published_with_before_is_an_open_circle():
    plan = plans.load("example")
    said = verdict.assess(
        plan,
        plans.indicator(plan, "trademarks_valid"),
        observations.all_taken(plan, observations.receive(plan), 2024),
        2024,
    )
    circles = [
        line for line in trajectory(said).lines if line.get_label() == wording.MARK["vintage"]
    ]
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in circles] == [
        ([2024], [175.0])
    ]  # 175 in March 2025, 190 since September
    unrevised = verdict.assess(
        plan,
        plans.indicator(plan, "case_days"),
        observations.all_taken(plan, observations.receive(plan), 2024),
        2024,
    )
    assert wording.MARK["vintage"] not in [line.get_label() for line in trajectory(unrevised).lines]


def test_an_axes_made_beforehand_draws_the_same_picture(example, monkeypatch):
    """What the warm parent has ready for its children: the next picture alone takes it."""
    monkeypatch.setattr(canvas, "READY", [])
    for name in ("satisfaction", "royalty_exports"):
        anew = saved(trajectory(example[name]), "svg")
        canvas.prepare()
        assert len(canvas.READY) == 1
        assert saved(trajectory(example[name]), "svg") == anew
        assert canvas.READY == []


def test_a_long_name_is_cut_where_its_two_lines_end():
    assert paper.fitted("有效发明专利", 9, 200) == "有效发明专利"
    for name in ("每万人口高价值发明专利拥有量" * 8, "x" * 300, "a long name of many words " * 9):
        lines = paper.fitted(name, 9, 180).split("\n")
        assert len(lines) <= 2
        assert lines[-1].endswith("…")
        assert max(paper.width(line, 9) for line in lines) <= 180
