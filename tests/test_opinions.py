"""What people asked say and experts judge: shares, changes and agreement by hand, and what is
refused at the door."""

import itertools

import pandas
import pytest
from conftest import some

from helpers.intake import door, opinions, plan as plans
from helpers.intake.finding import Refused
from helpers.measure import opinions as measured
from helpers.publish.chapters import opinions as chapter
from helpers.show import opinion_record, wording
from helpers.show.lines import plain

ASKED = """\
questions:
  - id: content
    text: 满意吗？
    respondents: 企业
    method: 电话
    answers:
      - {id: yes_, text: 满意, satisfied: true}
      - {id: no_, text: 不满意}
      - {id: silent, text: 未答, counted: false}
items:
  - {id: one, text: 甲}
  - {id: two, text: 乙}
least: 1
most: 5
"""
SURVEY = "plan,question,year,answer,count,source\n"
EXPERTS = "plan,item,year,expert,score,source\n"


def rows(*told):
    return "".join(f"toy,{row},report_2022\n" for row in told)


@pytest.fixture
def asked(toy):
    toy.write("opinions.yml", ASKED)
    (toy.plan.raw / "survey.csv").write_text(
        SURVEY + rows("content,2022,yes_,15", "content,2022,no_,5", "content,2022,silent,30")
    )
    (toy.plan.raw / "experts.csv").write_text(
        EXPERTS + rows("one,2022,a,5", "two,2022,a,3", "one,2022,b,4", "two,2022,b,4")
    )
    return toy


def test_a_share_has_wilsons_interval():
    """150 of 200: (0.75 + 3.8415/400 ± 1.96 √(0.75·0.25/200 + 3.8415/160000)) ÷ (1 + 3.8415/200)
    = (0.759604 ± 0.060772) ÷ 1.019207 = 0.6857 … 0.8049."""
    found = measured.share(150, 200)
    assert (found.n, found.share) == (200, 0.75)
    assert [found.low, found.high] == pytest.approx([0.6857, 0.8049], abs=1e-4)


def test_a_design_effect_of_four_is_a_quarter_of_the_answers():
    wide, quarter = measured.share(150, 200, 4.0), measured.share(75, 100)
    assert (wide.low, wide.high) != (quarter.low, quarter.high)
    assert measured.share(300, 400, 4.0).low == quarter.low
    assert measured.share(300, 400, 4.0).n == 400


def test_all_or_none_satisfied_is_no_certainty():
    """0 of 10: 3.8415 ÷ 13.8415 = 0.2775 at most (the rule of three says 0.3)."""
    assert measured.share(0, 10).low == pytest.approx(0, abs=1e-12)
    assert measured.share(0, 10).high == pytest.approx(0.2775, abs=1e-4)
    assert measured.share(10, 10).high == pytest.approx(1)
    with pytest.raises(ValueError, match="no answers"):
        measured.share(0, 0)


def test_a_change_is_tested_and_has_newcombes_interval():
    """150 then 164 of 200: d = 0.07; pooled 0.785, √(0.785·0.215/100) = 0.04108, z = 1.704, p =
    0.088. Intervals 0.6857–0.8049 and 0.7609–0.8671: 0.07 − √(0.0591² + 0.0549²) = −0.0107, 0.07 +
    √(0.0471² + 0.0643²) = 0.1497."""
    found = measured.change(measured.share(150, 200), measured.share(164, 200))
    assert found.difference == pytest.approx(0.07)
    assert found.p == pytest.approx(0.0884, abs=2e-4)
    assert [found.low, found.high] == pytest.approx([-0.0107, 0.1497], abs=2e-4)
    assert not found.significant
    # 170 of 200: d = 0.10, pooled 0.80, √(0.16/100) = 0.04, z = 2.5, p = 0.0124
    found = measured.change(measured.share(150, 200), measured.share(170, 200))
    assert found.p == pytest.approx(0.0124, abs=1e-4)
    assert found.significant
    same = measured.change(measured.share(10, 10), measured.share(10, 10))
    assert (same.p, same.significant) == (1.0, False)


def test_kendalls_w_by_hand():
    """Ranks 1234, 2134, 1324: sums 4 6 8 12, mean 7.5, S = 12.25 + 2.25 + 0.25 + 20.25 = 35; W =
    12·35 ÷ (9·60) = 0.7778."""
    scores = pandas.DataFrame([[1, 2, 3, 4], [2, 1, 3, 4], [1, 3, 2, 4]])
    found = measured.agreement(scores)
    assert found.w == pytest.approx(0.7778, abs=1e-4)
    assert (found.experts, found.items, found.left_out) == (3, 4, 0)


def test_ties_are_taken_out_of_what_w_can_be():
    """All three give 1 1 2: ranks 1.5 1.5 3, sums 4.5 4.5 9, S = 13.5; Σ(t³ − t) = 6 a row, 18 in
    all, times m = 54: W = 12·13.5 ÷ (9·24 − 54) = 162 ÷ 162 = 1; uncorrected it would be 0.75."""
    found = measured.agreement(pandas.DataFrame([[1, 1, 2]] * 3))
    assert found.w == pytest.approx(1.0)


def test_the_chance_of_as_much_agreement_is_that_of_all_orders():
    """A slow second implementation: 3 experts, 3 items, every one of the 6³ orders counted."""
    ranks = [(1, 2, 3), (1, 3, 2), (1, 2, 3)]

    def spread(listed):
        sums = [sum(column) for column in zip(*listed, strict=True)]
        return sum((each - 6) ** 2 for each in sums)

    orders = list(itertools.permutations((1, 2, 3)))
    every = [spread(listed) for listed in itertools.product(orders, repeat=3)]
    exact = sum(each >= spread(ranks) for each in every) / len(every)
    found = measured.agreement(pandas.DataFrame(ranks))
    assert found.p == pytest.approx(exact, abs=0.02)


def test_an_agreement_needs_three_who_scored_all():
    scores = pandas.DataFrame([[1, 2, 3], [1, 2, 3], [1, None, 3], [1, 2, 3]])
    assert measured.agreement(scores).left_out == 1
    assert measured.agreement(scores.iloc[:3]) is None
    assert measured.agreement(pandas.DataFrame([[2, 2, 2]] * 3)) is None


def test_who_did_not_answer_is_counted_and_is_no_opinion(asked):
    told = opinion_record.of_run(asked.plan, 2022, "")
    (wave,) = told["surveys"][0]["waves"]
    assert (wave["n"], wave["share"], wave["unanswered"]) == (20, 0.75, 30)
    (panel,) = told["experts"]
    assert [(item["mean"], item["low"], item["high"]) for item in panel["items"]] == [
        (4.5, 4, 5),
        (3.5, 3, 4),
    ]
    assert panel["agreement"] is None  # two experts, two items


def test_only_what_was_known_by_then_is_told(asked):
    assert opinion_record.of_run(asked.plan, 2021, "") == {"surveys": [], "experts": []}
    assert opinion_record.of_run(asked.plan, 2022, "2023-12-31")["surveys"]
    assert not opinion_record.of_run(asked.plan, 2022, "2022-12-31")["surveys"]
    assert not chapter.there({"whole": {"opinions": {"surveys": [], "experts": []}}})


def test_a_plan_that_asked_nobody_has_none(toy):
    assert opinion_record.of_run(toy.plan, 2022, "") is None
    assert not chapter.there({"whole": {}})


@pytest.mark.parametrize(
    ("table", "row", "sentence"),
    [
        ("survey", "content,2022,maybe,5", "survey.csv:5:answer: maybe — 没有这个回答"),
        ("survey", "other,2022,yes_,5", "survey.csv:5:question: other — 没有这个问题"),
        ("survey", "content,2023,yes_,2.5", "survey.csv:5:count: 2.5 — 不是人数"),
        ("survey", "content,2023,yes_,-1", "survey.csv:5:count: -1 — 不是人数"),
        ("survey", "content,2022,yes_,9", "survey.csv:5:answer: yes_ — 同一年的同一个回答写了两次"),
        ("survey", "content,22,yes_,9", "survey.csv:5:year: 22 — 不是四位年份"),
        ("experts", "one,2022,c,6", "experts.csv:6:score: 6 — 应在 1 至 5 之间"),
        ("experts", "one,2022,,4", "experts.csv:6:expert: 没有填专家的代号"),
        ("experts", "one,2022,a,4", "experts.csv:6:expert: a — 这位专家同一年给同一项打了两次分"),
        ("experts", "six,2022,c,4", "experts.csv:6:item: six — 没有这个评议项"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_place(asked, table, row, sentence):
    path = asked.plan.raw / f"{table}.csv"
    path.write_text(path.read_text() + rows(row))
    with pytest.raises(Refused) as refused:
        door.check_plan(asked.plan)
    assert sentence in str(refused.value)


def test_questions_that_cannot_be_counted_are_refused(asked):
    asked.change("opinions.yml", ", satisfied: true", "")
    with pytest.raises(Refused, match="也要有算作不满意的"):
        opinions.of(asked.plan)
    asked["opinions.yml"].unlink()
    with pytest.raises(Refused, match="没有说明问的是什么"):
        opinions.of(asked.plan)


def test_the_example_is_told_with_its_numbers_on_the_page():
    """164 of 200 after 150 of 200; the experts' W: ranks 3 2 4 1, 4 2 3 1, 3 2 4 1 → sums 10 6 11
    3, S = 6.25 + 2.25 + 12.25 + 20.25 = 41, W = 492 ÷ 540 = 0.91."""
    told = opinion_record.of_run(plans.load("example"), 2024, "")
    sources = {
        f"work_report_{year}": {"title": "报告", "url": "", "file": ""} for year in (2023, 2024)
    }
    edition = {"whole": {"opinions": told, "plan": "example"}, "sources": sources}
    for words in (wording.zh, wording.en):
        blocks = some(chapter.chapter(edition, words))
        tables = [block for block in blocks if block.kind == "table"]
        cells = [[plain(cell.line) for cell in row.drawn] for row in tables[0].rows]
        assert [row[:4] for row in cells] == [
            ["2023", "200", "75.0%", "68.6%—80.5%"],
            ["2024", "200", "82.0%", "76.1%—86.7%"],
        ]
        assert "p=0.088" in cells[1][4]
        assert any("W=0.91" in plain(block.line) for block in blocks if block.kind == "sentence")
    assert "没有显著变化" in wording.zh.opinions.wave(told["surveys"][0]["waves"][1])[4]
    assert len(opinion_record.surveys(told)) == 2
    assert len(opinion_record.experts(told)) == 4
