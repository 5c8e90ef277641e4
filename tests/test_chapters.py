"""What the chapters beside the figures say: on whose behalf, what secures the plan, what lies
ahead, what limits it, what it rests on."""

import re
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from conftest import some
from test_report import assembled

from helpers.intake import plan as plans
from helpers.intake.finding import Refused
from helpers.publish import brief, chapters, report
from helpers.publish.chapters import background, cards, evidence, method, outlook, safeguards
from helpers.show import wording
from helpers.show.blocks import Code
from helpers.show.lines import Own, plain

ORDER = (
    *("conclusion", "background", "categories", "table", "cards", "areas", "commitments"),
    *(
        "safeguards",
        "opinions",
        "problems",
        "recommendations",
        "outlook",
        "check",
        "method",
        "sources",
    ),
    *("annex", "evidence", "signatures"),
)


@pytest.fixture(scope="module")
def example():
    return report.facts_of(list(assembled("example")), "")


def cells_of(table):
    return [[plain(cell.line) for cell in row.drawn] for row in table.rows]


def test_the_chapters_are_in_the_order_a_report_is_filed_in():
    assert [one.id for one in chapters.CHAPTERS] == ["scenario", *ORDER]


def test_the_background_names_plan_parties_and_scope(example):
    pairs, *rest = background.chapter(example, wording.zh)
    told = dict(pairs.rows)
    assert told["评估期"] == "2021—2025 年，评至 2024 年"
    assert told["评估范围"] == "4 类 14 项指标，6 项任务"
    told = next(plain(one.line) for one in rest if one.kind == "sentence")
    assert told.startswith("没有写明委托方")
    parties = dict.fromkeys(("client", "evaluator", "basis", "independence"), "甲")
    judged = {"judgement": {"parties": {**parties, "dated": "2025-04-18", "signatures": []}}}
    pairs, *rest = background.chapter({**example, "whole": example["whole"] | judged}, wording.zh)
    told = [title for title, _ in pairs.rows]
    later = wording.zh.chapters.LATER_DATA
    assert told[2:9] == ["委托方", "评估方", "依据", "独立性", "报告日期", later, "评估期"]
    assert dict(pairs.rows)[later] == "2025-09-01"  # the revision of trademarks_valid
    assert rest[0].id == "protocol"


def test_a_report_dated_after_its_data_says_nothing_of_that(example):
    judged = {"judgement": {"parties": {"dated": "2025-09-01"}}}
    pairs, *_ = background.chapter({**example, "whole": example["whole"] | judged}, wording.zh)
    assert wording.zh.chapters.LATER_DATA not in dict(pairs.rows)


def test_safeguards_are_counted_and_lead_to_their_promises(example):
    """talent_base alone is of 第五章; it is due without information."""
    sentence, table, *_ = safeguards.chapter(example, wording.zh)
    assert plain(sentence.line).startswith("保障措施 1 项任务，已完成 0 项，没有资料的 1 项")
    assert cells_of(table)[0][0] == "设立人才培训基地"
    assert table.rows[0].cells[0].href == "#c-talent_base"


def test_a_problem_of_mechanism_alone_makes_the_chapter():
    said = {"problems": [{"kind": "task", "text": "甲"}, {"kind": "mechanism", "text": "乙"}]}
    promised = {"commitments": [], "safeguards": []}
    edition = {"whole": {"judgement": said}, "commitments": promised}
    edition["ledger"] = SimpleNamespace(funded=())
    assert safeguards.there(edition)
    _, listing = safeguards.chapter(edition, wording.zh)
    assert plain(listing.items[0]) == "问题 2　乙"
    assert not safeguards.there({**edition, "whole": {"judgement": None}})


def test_a_chapter_of_safeguards_that_holds_no_promise_is_refused(toy):
    toy.change("commitments.yml", "commitments:", "safeguards: [第九章]\ncommitments:")
    with pytest.raises(Refused, match="safeguards: 第九章 — 没有任务写在这一章"):
        plans.load("toy", toy.root) and plans.ledger(toy.plan)


def test_the_outlook_holds_what_is_asked_beside_what_was_had(example):
    """patents_per_10k: 18.0 of 20 with one year left asks 2.0; (18 − 10) / 4 = 2.0 so far."""
    *_, table = outlook.chapter(example, wording.zh)
    rows = {row[0]: row for row in cells_of(table)}
    told = rows["每万人口发明专利拥有量"]
    assert told[2:5] == ["≥ 20", "2.00", "2.00"]
    assert told[6] == "约 35%"
    names = {r["name"]: r for r in example["indicators"]}
    locked = {name for name, r in names.items() if r["status"] == "met_locked"}
    assert not {*some(locked)} & {*rows}


def test_after_the_target_year_nothing_lies_ahead(example):
    final = [{**r, "data_year": r["target_year"]} for r in example["indicators"]]
    *_, last = outlook.chapter({**example, "indicators": final}, wording.zh)
    assert plain(last.line).startswith("规划期已满")


def test_limits_are_counted():
    """Two indicators of the period from 2021: one with a final figure, one with a bound that is
    preliminary; each has one year alone."""
    point = {"year": 2022, "status": "final", "bound": "="}
    soft = {"year": 2022, "status": "preliminary", "bound": ">"}
    early = {"year": 2020, "status": "derived", "bound": "="}
    records = [
        {"points": [point, early], "status": "ahead", "n": 2, "median": 1.0, "disagree": ["ols"]},
        {"points": [soft], "status": "no_data", "n": 0, "median": None, "disagree": []},
    ]
    edition = {
        "indicators": records,
        "plan": {"period": {"start": 2021}},
        "whole": {"stale": [[2022, 1]]},
        "commitments": {"commitments": [{"schedule": "due_no_information"}, {"schedule": "done"}]},
        "sources": {"a": {"file": ""}, "b": {"file": "b.pdf"}},
    }
    counted = method._limits(edition)
    assert counted == {
        **{"points": 2, "unjudged": 1, "stale": 1, "soft": 1, "bounded": 1, "single": 2},
        **{"few": 1, "disagree": 1, "silent": 1, "unkept": 1},
    }
    assert "所用的 2 个数值中，1 个是初值或推算值，以后可能修订。" in wording.zh.chapters.limits(
        counted
    )
    assert len(wording.en.chapters.limits(counted)) == 9
    assert wording.zh.chapters.limits(dict.fromkeys(counted, 0)) == []


def test_the_evidence_lists_every_original_notebook_and_input(example):
    example = {**example, "sources": dict(example["sources"])}
    name, source = next(iter(example["sources"].items()))
    example["sources"][name] = {**source, "file": "copy.pdf", "sha256": "a" * 64}
    _, table, notebooks, inputs, made = evidence.chapter(example, wording.zh)
    assert [row[0] for row in cells_of(table)] == [source["title"]]
    assert cells_of(table)[0][3] == "a" * 64
    assert len(notebooks.blocks[0].items) == len(example["notebooks"]) == 17
    assert len(inputs.blocks[0].items) == len(some(example["check"]["inputs"]))
    assert example["inputs_sha256"] in plain(made.line)


@pytest.mark.slow
@pytest.mark.browser
def test_the_chapters_are_read_back_from_the_text_of_a_pdf(tmp_path):
    """As who has the paper reads them: each title once as a heading, in the list's order."""
    from helpers.publish import print as paper

    made = list(assembled("example"))
    (tmp_path / "page.html").write_text(report.page(made, ""), "utf-8")
    paper.pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert shutil.which("pdftotext")
    ran = subprocess.run(
        ["pdftotext", "-layout", "page.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    )
    lines = [re.sub(r"\s", "", line) for line in re.split(r"[\n\f]", ran.stdout.decode())]
    facts = report.facts_of(made, "")
    titles = [re.sub(r"\s", "", one.title) for one in chapters.of(facts, "page", wording.zh)]
    places = [max(k for k, line in enumerate(lines) if line == title) for title in titles]
    assert places == sorted(places)


def test_the_brief_tells_the_money_and_whose_words_are_whose(example):
    """80 planned, 76 in place, 71.5 spent of one, 80 planned of another, in 万元."""
    stages = {"planned": 80.0, "in_place": 76.0, "spent": 71.5}
    funds = [{"stage": stage, "amount": amount} for stage, amount in stages.items()]
    ledger = SimpleNamespace(funded=[{"funds": funds}, {"funds": funds[:1]}], aged=0)
    said = {"recommendations": [{"text": "扩大试点。", "owner": "甲局", "due": "2025-06-30"}]}
    judged = {**example, "ledger": ledger, "whole": {**example["whole"], "judgement": said}}
    blocks = [*brief._conclusion(judged, wording.zh), *brief._to_act(judged, wording.zh)]
    told = next(plain(block.line) for block in blocks if block.kind == "sentence")
    assert "计划 160 万元（2 项），到位 76 万元（1 项），支出 71.5 万元（1 项）" in told
    (item,) = blocks[-1].items
    assert item == ("甲局，2025-06-30 前：", Own("扩大试点。", "recommendations.1.text"))
    assert "planned 0.8 million yuan (1)" in wording.en.ledger.money([funds])


def test_code_that_differs_in_its_parameters_alone_is_told_once():
    def card(k, code):
        names = {"anchor": f"i-{k}", "name": f"指标{k}", "notebook": "n", "sha256": "0"}
        return {**names, "code": {"a": code, cards.INJECTED: f"n = {k}"}}

    edition = {"indicators": [card(1, "run()"), card(2, "run()"), card(3, "walk()")]}
    folds = [
        next(cards._made_from(one, edition, wording.LANGUAGES["zh"]))
        for one in edition["indicators"]
    ]
    told = [[block.text for block in fold.blocks if isinstance(block, Code)] for fold in folds]
    assert told == [["run()", "n = 1"], ["n = 2"], ["walk()", "n = 3"]]
    assert plain(folds[1].blocks[-1].line) == "其余代码同：指标1"
    assert len(folds[2].blocks) == 2
