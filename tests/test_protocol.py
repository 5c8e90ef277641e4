"""The protocol: sealed once before the data, and every later change told as a departure."""

import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from helpers.intake import plan as plans, protocol
from helpers.intake.finding import Refused, Unknown
from helpers.intake.protocol import Departure
from helpers.measure import thresholds
from helpers.publish.chapters import protocol as chapter
from helpers.show import protocol_record, result, wording
from helpers.show.lines import plain

ROOT = Path(__file__).resolve().parents[1]
THRESHOLDS = {"well": 0.8}


@pytest.fixture
def sealed(toy):
    """The toy's protocol, sealed in the year before its first figure was published."""
    drawn = protocol.drawn_up(toy.plan, "2021-07-01", protocol_record.THRESHOLDS)
    toy.write("protocol.yml", protocol.text(drawn))
    return toy


def departures(toy):
    return protocol_record.of_run(toy.plan, result.of_run(toy.plan, 2023))["departures"]


def test_a_protocol_is_read_back_as_it_was_drawn_up(toy):
    drawn = protocol.drawn_up(toy.plan, "2021-07-01", THRESHOLDS)
    toy.write("protocol.yml", protocol.text(drawn))
    assert protocol.of(toy.plan) == drawn
    assert drawn.questions[0].target == "2025: >= 200 件"
    assert drawn.questions[0].office == "统计局"


def test_a_plan_without_a_protocol_has_no_record_of_one(toy):
    assert protocol_record.of_run(toy.plan, []) is None


def test_it_is_sealed_once(sealed):
    with pytest.raises(Unknown, match="已经封存，不再改写"):
        protocol.refuse_sealed(sealed.plan)


def test_nothing_changed_is_no_departure_and_it_is_older_than_the_data(sealed):
    """The toy's first figure of the period is in the report of 2022-03-01."""
    kept = protocol_record.of_run(sealed.plan, result.of_run(sealed.plan, 2023))
    assert kept["departures"] == []
    assert kept["first_published"] == "2022-03-01"
    assert kept["older"]
    assert kept["questions"] == 4


@pytest.mark.parametrize(
    ("file", "old", "new", "departure"),
    [
        ("run.yml", "model: drift", "model: pooled", ("model", "model", "drift", "pooled")),
        ("run.yml", "level: 0.8", "level: 0.95", ("level", "level", "0.8", "0.95")),
        (
            "indicators/patents.yml",
            "value: 200",
            "value: 180",
            ("target", "patents", "2025: >= 200 件", "2025: >= 180 件"),
        ),
        (
            "indicators/patents.yml",
            "kind: stock",
            "kind: flow",
            ("kind", "patents", "stock", "flow"),
        ),
        ("plan.yml", "  - share\n", "", ("dropped", "share", "2025: >= 12 %", "")),
    ],
)
def test_a_change_since_is_a_departure(sealed, file, old, new, departure):
    sealed.change(file, old, new)
    before, now = protocol.of(sealed.plan), None
    if file == "plan.yml":
        sealed["indicators/share.yml"].unlink()
        sealed.change("context.yml", "relates_to: [share]", "relates_to: []")
    now = protocol.drawn_up(sealed.plan, "2021-07-01", protocol_record.THRESHOLDS)
    assert protocol.departures(before, now) == (Departure(*departure),)


def test_an_indicator_and_a_threshold_that_came_later_are_departures(toy):
    now = protocol.drawn_up(toy.plan, "2021-07-01", {"well": 0.8, "mostly": 0.6})
    before = replace(
        now, questions=now.questions[1:], thresholds=(protocol.Threshold("well", 0.75),)
    )
    assert protocol.departures(before, now) == (
        Departure("threshold", "well", "0.75", "0.8"),
        Departure("threshold", "mostly", "", "0.6"),
        Departure("new", "patents", "", "2025: >= 200 件"),
    )


def test_the_first_figure_is_that_of_the_plans_period_at_the_earliest_it_may_have_been_told():
    def at(year, published):
        return {"year": year, "published": published}

    records = [{"points": [at(2019, "2020-03-01"), at(2021, "2022"), at(2021, "")]}]
    assert protocol_record.first_published(records, 2021) == "2022-01-01"
    assert protocol_record.first_published([{"points": [at(2021, "")]}], 2021) == ""


def test_a_protocol_younger_than_the_data_is_said_to_be(sealed):
    sealed.change("protocol.yml", '"2021-07-01"', '"2022-03-01"')
    kept = protocol_record.of_run(sealed.plan, result.of_run(sealed.plan, 2023))
    assert not kept["older"]
    (note,) = chapter.departed({"whole": {"protocol": kept}}, wording.zh)
    assert (note.title, plain(note.line)) == ("偏离方案", "方案不早于所用的数据。")


def test_a_departure_is_printed_under_the_conclusion_and_in_its_chapter(sealed):
    sealed.change("indicators/patents.yml", "value: 200", "value: 180")
    kept = protocol_record.of_run(sealed.plan, result.of_run(sealed.plan, 2023))
    edition = {"whole": {"protocol": kept}, "names": {"patents": "有效专利"}}
    (note,) = chapter.departed(edition, wording.zh)
    assert plain(note.line) == "本期有 1 处与封存的方案不同。"
    *_, table = chapter.chapter(edition, wording.zh)
    assert [plain(cell.line) for cell in table.rows[0].drawn] == [
        "目标",
        "有效专利",
        "2025: >= 200 件",
        "2025: >= 180 件",
    ]


def test_every_departure_and_every_threshold_has_its_word():
    for words in (wording.zh.protocol, wording.en.protocol):
        assert words.THRESHOLD.keys() == protocol_record.THRESHOLDS.keys()
        assert words.WHAT.keys() == {
            *protocol.CHOICES,
            *("threshold", "target", "kind", "reading", "new", "dropped"),
        }


@pytest.mark.parametrize("words", [wording.zh.page, wording.en.page], ids=["zh", "en"])
def test_the_page_says_the_thresholds_in_force(words):
    rules = (*words.LADDER.values(), words.FINAL_METHOD, words.OVERALL_METHOD)
    named = {name for text in rules for _, name, _, _ in Formatter().parse(text) if name}
    assert named == protocol_record.PRINTED.keys() - {"far_behind"}
    assert not re.search(r"\d[.%\d]", " ".join(rules)), "a threshold typed by hand"


def test_the_method_on_paper_says_the_thresholds_in_force():
    method = (ROOT / "docs" / "method.md").read_text("utf-8")
    for status in ("ahead", "on_schedule", "behind"):
        word = wording.zh.STATUS[status]
        assert f"{word} from {thresholds.STATUS[status]}" in method


def test_a_spoilt_protocol_is_refused(sealed):
    sealed.change("protocol.yml", "level: 0.8", "level: high")
    with pytest.raises(Refused, match=r"params/toy/protocol.yml:.*level: high — 应为数字"):
        protocol.of(sealed.plan)


def test_the_example_has_kept_its_protocol():
    plan = plans.load("example")
    kept = protocol_record.of_run(plan, result.of_run(plan, 2024))
    assert kept["departures"] == []
    assert kept["older"]
