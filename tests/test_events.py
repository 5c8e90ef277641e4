"""What happened around a plan: what its table must say, where an event falls on an axis of years,
who is told of it and when."""

import shutil
from pathlib import Path

import matplotlib
import pytest
from conftest import some
from drawing import trajectory
from matplotlib.text import Annotation

from helpers import request, tasks
from helpers.intake import door, events, observations, plan as plans
from helpers.intake.events import Event
from helpers.intake.finding import Refused
from helpers.measure import verdict
from helpers.publish.chapters import outlook
from helpers.show import canvas, labels, wording
from helpers.show.lines import plain

ROOT = Path(__file__).resolve().parents[1]
HEADER = "plan,date,name,kind,indicators,source,name_en,locator,note\n"
LAW = "toy,2021-06-01,专利法修订施行,law,all,report_2020,Patent law in force,第一条,"
FLOOD = "toy,2022,洪涝,shock,patents share,report_2022,,,"
LATE = "toy,2024-01,机构合并,institution,share,report_2023,,,"


@pytest.fixture
def eventful(toy):
    toy.write("events.csv", HEADER + "".join(f"{row}\n" for row in (LATE, FLOOD, LAW)))
    return toy


def at(date):
    return Event(date, "", "law", (), "").at


def test_an_event_stands_in_the_middle_of_its_day_month_or_year():
    """Year y is y ± ½. 1 June 2021 is day 152 of 365: 151.5 days have passed; June 2020 is days
    153 to 182 of 366: 167 have passed at its middle."""
    assert at("2021-06-01") == pytest.approx(2020.5 + 151.5 / 365)
    assert at("2020-06") == pytest.approx(2019.5 + 167 / 366)
    assert at("2022") == 2022
    assert at("2021-12-31") < 2021.5 < at("2022-01-01")


def test_events_are_read_by_date_and_all_concerns_every_indicator(eventful):
    found = events.of(eventful.plan)
    assert [one.name for one in found] == ["专利法修订施行", "洪涝", "机构合并"]
    assert [one.indicators for one in found] == [(), ("patents", "share"), ("share",)]
    assert (found[0].name_en, found[0].locator) == ("Patent law in force", "第一条")


def test_a_plan_without_a_table_has_no_events(toy):
    assert events.of(toy.plan) == events.of_run(toy.plan, 2023, "") == ()


@pytest.mark.parametrize(
    ("indicator", "year", "known_by", "names"),
    [
        ("patents", 2023, "", ["专利法修订施行", "洪涝"]),
        ("grants_cum", 2023, "", ["专利法修订施行"]),
        ("", 2021, "", ["专利法修订施行"]),
        ("share", 2023, "", ["专利法修订施行", "洪涝"]),  # of 2024, published in 2024
        ("share", 2024, "", ["专利法修订施行", "洪涝", "机构合并"]),
        ("share", 2024, "2023-02-28", ["专利法修订施行"]),  # the floods are in a report of March
    ],
)
def test_an_edition_knows_what_had_happened_and_concerns_the_indicator(
    eventful, indicator, year, known_by, names
):
    found = events.of_run(eventful.plan, year, known_by, indicator)
    assert [one.name for one in found] == names


def test_what_was_announced_is_known_before_it_happens(eventful):
    eventful.change("events.csv", "share,report_2023", "share,report_2022")  # told in March 2023
    assert [one.name for one in events.of_run(eventful.plan, 2023, "", "share")][-1] == "机构合并"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2021-06-01", "2021年6月", ":4:date: 2021年6月 — 不是日期 — 请写成 2021-06-01、2021-06"),
        ("2021-06-01", "", ":4:date: 没有填日期"),
        ("专利法修订施行", "", ":4:name: 没有填事件的名称"),
        ("专利法修订施行", "专" * 21, "超过 20 字，图上写不下"),
        ("Patent law in force", "x" * 41, "超过 40 字，图上写不下"),
        (",law,", ",laws,", ":4:kind: laws — 不在可选的词里；最接近的是 law"),
        ("all,report", ",report", ":4:indicators: 没有填涉及的指标"),
        ("all,report", "all patents,report", "写了 all 又写了别的"),
        ("all,report", "patent,report", "没有这项指标：patent"),
        ("report_2020", "report_1920", ":4:source: report_1920 — 没有这个来源"),
        ("toy,2021", "toi,2021", ":4:plan: toi — 没有这个规划"),
        ("toy,2022,洪涝", "toy,2021-06-01,专利法修订施行", "同一天的同一件事写了两次"),
    ],
)
def test_a_row_that_does_not_say_what_when_and_from_where_is_refused(eventful, old, new, told):
    eventful.change("events.csv", old, new)
    with pytest.raises(Refused) as refused:
        door.check_plan(eventful.plan)
    assert told in str(refused.value)
    assert told in "\n".join(map(str, door.check(eventful["events.csv"], eventful.plan)))


def test_the_door_passes_a_sound_table(eventful):
    assert not door.check(eventful["events.csv"], eventful.plan)


def assessed(toy, name="patents"):
    facts = plans.indicator(toy.plan, name)
    return verdict.assess(toy.plan, facts, observations.of_run(toy.plan, 2023, ""), 2023)


def test_the_chart_has_a_line_and_a_name_where_each_event_falls(eventful):
    happened = events.of_run(eventful.plan, 2023, "", "patents")
    ax = trajectory(assessed(eventful), happened)
    lines = {line.get_label(): set(line.get_xdata()) for line in ax.lines}
    names = {text.get_text(): text for text in ax.texts}
    with matplotlib.rc_context(canvas.STYLE):
        for one in some(happened):
            assert lines[f"_{one.name}"] == {one.at}
            assert labels.box(ax, names[one.name]).low > ax.bbox.height * 72 / ax.figure.dpi
    assert "图上标出：2021-06-01 专利法修订施行，2022 洪涝" in wording.alternative(
        assessed(eventful), assessed(eventful).facts, happened
    )


def test_an_event_outside_the_years_shown_is_not_drawn(eventful):
    one = Event("1985-04-01", "专利法施行", "law", (), "report_2020")
    ax = trajectory(assessed(eventful), [one])
    assert "专利法施行" not in [text.get_text() for text in ax.texts]


def test_names_of_events_close_to_one_another_stand_in_rows(eventful):
    happened = [
        Event(f"202{year}-{month:02d}", f"第{year}{month:02d}号办法印发施行", "policy", (), "")
        for year in (1, 2)
        for month in (1, 3, 5, 12)
    ]
    ax = trajectory(assessed(eventful), happened)
    ax.figure.draw_without_rendering()
    shown = [t for t in ax.texts if isinstance(t, Annotation) and "办法" in t.get_text()]
    shown += [ax._left_title, ax.yaxis.label]
    boxes = [text.get_window_extent().padded(-1) for text in shown]
    assert len(boxes) == len(happened) + 2
    assert not [(k, box) for k, box in enumerate(boxes) if any(map(box.overlaps, boxes[:k]))]
    assert ax.figure.bbox.contains(*ax._left_title.get_window_extent().max)


def test_the_outlook_lists_them_and_calls_none_a_cause(eventful):
    happened = events.of_run(eventful.plan, 2023, "")
    record = {"indicator_id": "patents", "name": "有效专利", "anchor": "i-patents"}
    told = [vars(one) for one in happened]
    titles = {"report_2020": "公报2020", "report_2022": "公报2022"}
    sources = {name: {"title": title, "file": "", "url": ""} for name, title in titles.items()}
    edition = {"whole": {"events": told}, "indicators": [record], "sources": sources}
    for words, note in ((wording.zh, "不说明因果"), (wording.en, "not what caused what")):
        heading, sentence, table = outlook._surroundings(edition, words)
        assert heading.text == words.chapters.EVENTS
        assert note in plain(sentence.line)
    cells = [[plain(cell.line) for cell in row.drawn] for row in table.rows]
    assert [row[3] for row in cells] == ["All indicators", "有效专利"]
    assert not list(outlook._surroundings({**edition, "whole": {}}, wording.zh))


def test_what_reads_the_tables_of_events_and_opinions_rests_on_them(eventful, tmp_path):
    """Else a changed table would leave what was made of the old one in place."""
    shutil.copytree(ROOT / "notebooks", eventful.root / "notebooks")
    edition = request.of("toy", 2023, root=eventful.root)
    inputs = tasks.inputs_of(edition)
    declared = tasks.assessment_task(edition, inputs, tmp_path).inputs
    assert declared["root/data/raw/toy/events.csv"] == inputs.files["root/data/raw/toy/events.csv"]
    assert {"root/data/raw/toy/survey.csv", "root/params/toy/opinions.yml"} <= declared.keys()
