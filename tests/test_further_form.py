"""The sheets 满意度, 专家评议 and 大事记 of the form: out empty, back filled, each wrong cell at
its place."""

import openpyxl
import pytest
from test_opinions import ASKED

from helpers.intake import addition, events, further_form, merged, opinions, workbook
from helpers.intake.finding import Refused
from helpers.show import wording

FIRST = further_form.HEADER_ROW + 1
LETTERS = {kind.title: kind.letters for kind in further_form.KINDS}
SURVEY, EXPERTS, EVENTS = LETTERS
pytestmark = pytest.mark.slow


class Form:
    """The form of the toy, whose plan asks one question of people and two of experts."""

    def __init__(self, toy, name="form.xlsx"):
        self.toy, self.path = toy, toy.root / name
        self.path.write_bytes(workbook.template(toy.plan, 2022))
        self.book = openpyxl.load_workbook(self.path)

    def say(self, sheet, row, **cells):
        for name, value in cells.items():
            self.book[sheet][f"{LETTERS[sheet][name]}{row}"] = value

    def whole(self):
        """One survey, two experts, one event."""
        for k, count in enumerate((15, 5, 0)):
            self.say(SURVEY, FIRST + k, count=count, source="公报2022", locator="附件")
        for k, (expert, score) in enumerate((("甲", 5), ("乙", 3.5))):
            self.say(EXPERTS, FIRST + k, expert=expert, score=score, source="公报2022")
        self.say(
            EVENTS, FIRST, date="2021-06", name="专利法施行", kind="法律法规", source="公报2021"
        )
        self.say(EVENTS, FIRST, indicators="有效专利、share", name_en="Patent law")
        return self

    def prepare(self):
        self.book.save(self.path)
        return addition.prepare(self.path, self.toy.plan)

    def refused(self):
        with pytest.raises(Refused) as refused:
            self.prepare()
        return [str(each) for each in refused.value.findings if not each.warning]


@pytest.fixture
def asking(toy):
    toy.write("opinions.yml", ASKED)
    return toy


def test_what_goes_out_empty_comes_back_filled_into_the_three_tables(asking):
    change = Form(asking).whole().prepare()
    assert change.counted.endswith("，满意度 3 条，专家评议 2 条，大事记 1 条")
    assert "大事记 2021-06，专利法施行，law，patents share，report_2021，Patent law" in str(change)
    addition.add(change)
    told = opinions.of(asking.plan)
    assert [(c.question, c.answer, c.year, c.count, c.source) for c in told.counts] == [
        ("content", "yes_", 2022, 15, "report_2022"),
        ("content", "no_", 2022, 5, "report_2022"),
        ("content", "silent", 2022, 0, "report_2022"),
    ]
    assert [(s.item, s.expert, s.score) for s in told.scores] == [
        ("one", "甲", 5),
        ("one", "乙", 3.5),
    ]
    (event,) = events.of(asking.plan)
    assert (event.date, event.kind, event.indicators) == ("2021-06", "law", ("patents", "share"))


def test_the_same_form_twice_adds_nothing_and_known_events_are_printed_not_read(asking):
    addition.add(Form(asking).whole().prepare())
    again = Form(asking, "again.xlsx").whole()
    known = [row[1].value for row in again.book[EVENTS].iter_rows(min_row=FIRST)]
    assert known.count("专利法施行") == 2  # typed once more, and printed below
    change = again.prepare()
    assert not change.tables
    assert (change.further.told, change.unchanged) == ({}, 6)


def test_a_plan_that_asks_nobody_has_the_sheet_of_events_alone(toy):
    titles = Form(toy).book.sheetnames
    assert EVENTS in titles
    assert not {SURVEY, EXPERTS} & {*titles}


@pytest.mark.parametrize(
    ("sheet", "cells", "told"),
    [
        (SURVEY, {"count": 2.5}, "满意度!F4: 2.5 — 不是人数"),
        (SURVEY, {"count": "十五"}, "满意度!F4: 十五 — 不是数字"),
        (SURVEY, {"year": "22"}, "满意度!E4: 22 — 不是四位年份"),
        (SURVEY, {"source": "公报2032"}, "满意度!G4: 公报2032 — 没有这个来源"),
        (EXPERTS, {"score": 6}, "专家评议!E4: 6 — 应在 1 至 5 之间"),
        (EXPERTS, {"expert": None}, "专家评议!D4: 没有填专家的代号"),
        (EXPERTS, {"expert": "乙"}, "专家评议!D5: 乙 — 这位专家同一年给同一项打了两次分"),
        (EVENTS, {"date": "六月"}, "大事记!A4: 六月 — 不是日期"),
        (EVENTS, {"kind": "法律"}, "大事记!C4: 法律 — 不在可选的词里"),
        (EVENTS, {"indicators": "专利"}, "大事记!D4: 专利 — 没有这项指标：专利"),
        (EVENTS, {"name": "事" * 21}, "超过 20 字，图上写不下"),
        (EVENTS, {"source": None}, "大事记!E4: 没有填来源"),
    ],
)
def test_a_slip_is_refused_at_its_cell_and_nothing_is_written(asking, sheet, cells, told):
    form = Form(asking).whole()
    form.say(sheet, FIRST, **cells)
    assert any(told in each for each in form.refused())
    assert not (asking.plan.raw / "events.csv").exists()


def test_a_hidden_sheet_and_a_changed_heading_are_refused(asking):
    form = Form(asking).whole()
    form.book[SURVEY].sheet_state = "hidden"
    form.book[EXPERTS]["D3"] = "评分"
    told = "\n".join(form.refused())
    assert "满意度: 这张表被隐藏" in told
    assert "专家评议!D3: 评分 — 这一列的表头应为“专家代号”" in told


def test_two_offices_forms_go_in_together(asking):
    folder = asking.root / "forms"
    folder.mkdir()
    for name, keep in (("a", SURVEY), ("b", EVENTS)):
        form = Form(asking, f"forms/{name}.xlsx").whole()
        for sheet in {SURVEY, EXPERTS, EVENTS} - {keep}:
            form.book[sheet].delete_rows(FIRST, 40)
        form.book.save(form.path)
    change = merged.prepare(folder, asking.plan)
    assert {title: len(rows) for title, rows in change.further.told.items()} == {
        "满意度": 3,
        "大事记": 1,
    }
    addition.add(change)
    assert len(opinions.of(asking.plan).counts) == 3


def test_the_forms_words_for_kinds_are_the_pages():
    pages = wording.zh.chapters.EVENT_KIND
    assert {code: word for word, code in further_form.KIND_WORDS.items()} == pages
