"""Ten seconds: the first block of an edition says where it stands, what is missing, who acts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from test_page import PLANS, browser, pytestmark as in_browser, site  # noqa: F401

from helpers.publish.chapters import conclusion, glance
from helpers.show import wording
from helpers.show.lines import plain

SCREENS = ((1280, 800), (360, 740))


def indicator(alert: str, office: str, basis: str) -> dict:
    return {"alert_code": alert, "facts": {"supplier": {"office": office, "basis": basis}}}


def edition(**changes) -> dict:
    """Ten indicators, eight judged (3 + 2 well), four lack years at three offices, one is red."""
    w = wording.zh
    lacking = [("a", "甲"), ("b", "乙"), ("c", "甲"), ("d", "丙")]
    offices = [SimpleNamespace(name="丁", counts={"due_no_information": 6, "done": 2})]
    whole = {"year": 2023, "total": 10, "assessable": 8, "counts": [["no_data", 2]]}
    whole |= {"published": 0, "judgement": None, "categories": [{"good": 3}, {"good": 2}]}
    made = {
        "whole": whole | changes,
        "plan": {"period": {"start": 2021, "end": 2025}},
        "check": {"missing": [{"id": i, "office": o, "basis": "规划原文"} for i, o in lacking]},
        "names": dict(zip("abcd", ("一", "二", "三", "四"), strict=True)),
        "indicators": [indicator("red", "戊", w.BASIS["suggested"]), indicator("blue", "己", "")],
        "ledger": SimpleNamespace(offices=offices),
    }
    return made


def told(made: dict) -> list[str]:
    return [plain(line) for _, line in glance.rows(made, wording.zh)]


def test_the_three_answers_count_and_name_what_the_record_has():
    stands, missing, act = told(edition())
    assert stands == "10 项指标，可评价 8 项，其中 5 项符合预期或更好，3 项落后。"  # 3 + 2; 8 − 5
    assert missing == "4 项指标缺年度数据（2 项一个数也没有）：一、二、三等；6 项任务到期无资料"
    assert act == (
        "补报数据：甲（2 项），乙（1 项），丙（1 项）；说明预警原因：戊（1 项）；"
        "说明到期任务：丁（6 项）（规划没有写明的，单位按职能建议）"
    )


def test_in_the_target_year_the_final_figures_are_counted_and_nothing_is_asked_of_nobody():
    made = edition(year=2025, published=4, assessable=0, counts=[], categories=[{"good": 0}])
    assert told(made)[0] == "10 项指标，目标年的终期数据公布了 4 项；一项也不能评价。"
    made |= {"check": {"missing": []}, "indicators": [], "ledger": SimpleNamespace(offices=[])}
    assert told(made)[1:] == [wording.zh.summary.NOTHING_MISSING, wording.zh.summary.NOBODY]


def test_before_the_first_year_nothing_is_due_and_the_chances_are_the_news():
    made = edition(year=2020)
    for r, p in zip(made["indicators"], (0.4, None), strict=True):
        r["p_met"] = p
    made |= {"check": {"missing": []}, "ledger": SimpleNamespace(offices=[])}
    stands, missing, _ = told(made)
    assert stands == "规划从 2021 年起实施；10 项指标，1 项已能估算达标概率。"
    assert missing == wording.zh.summary.NOT_DUE
    made["whole"] |= {"overall": "not_begun", "counted": "可评价 1 项"}
    assert next(conclusion.chapter(made, wording.zh)).text == ""  # a baseline is no progress


def test_where_all_are_well_nobody_is_counted_behind():
    assert told(edition(assessable=5))[0] == "10 项指标，可评价 5 项，都符合预期或更好。"


def test_an_overview_of_mostly_empty_rows_is_folded():
    picture = {"overview": {"svg": "<svg/>", "alt": "图"}, "results_csv": "a"}
    for few, kind in ((4, "folded"), (5, "figure")):
        made = edition(assessable=few) | picture
        (block,) = conclusion._mostly_empty(made, wording.zh)
        assert block.kind == kind
    assert not list(conclusion._mostly_empty(edition(assessable=0) | picture, wording.zh))


def test_where_the_evaluator_recommends_the_first_owner_acts_and_the_others_are_named():
    given = [
        {"id": k, "owner": owner, "due": "2026-03-31", "text": f"做{k}。"}
        for k, owner in enumerate("甲乙甲丙丁")
    ]
    said = {"recommendations": given, "parties": {"evaluator": "评估组"}, "draft": False}
    act = told(edition(judgement=said))[2]
    assert act == "评估组的建议：甲（2026-03-31 前）：做0。（另有建议 4 条：乙、甲、丙等）"
    alone = told(edition(judgement=said | {"recommendations": given[:1], "draft": True}))[2]
    assert alone == "评估组的建议，草稿，未经有关单位核实：甲（2026-03-31 前）：做0。"


@pytest.mark.slow
@in_browser[0]
@in_browser[1]
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_screen_holds_the_three_answers(request, name, screen):
    pages, opened = (request.getfixturevalue(of) for of in ("site", "browser"))
    width, height = screen
    opened.open(pages[name], width)
    lines = "[...document.querySelectorAll('.lead dd')].map(dd => dd.getBoundingClientRect().top)"
    tops = opened.tell(lines)
    assert len(tops) == 3
    assert max(tops) + 2 * 28 < height  # two lines of each can be read without scrolling
