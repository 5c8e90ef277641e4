"""The ledger of a plan's promises: what is refused at its place, and that every sentence of the
plan's text is a promise, a direction or uncovered."""

import hashlib

import pytest
from conftest import called, some

from helpers.intake import door, observations, plan as plans, promise_rows, sentences
from helpers.intake.finding import Refused, Unknown

LEDGER = """\
offices: [市场局, 农业局]
contradictions:
  - {id: names, title: 两个名称, places: [{line: 3, quote: 服务站}, {line: 4, quote: 保护站}],
     commitments: [station]}
commitments:
  - id: station
    chapter: 一、保护
    box: 专栏1
    title: 建成服务站
    quote: 建成服务站
    line: 3
    restated: [{line: 4, quote: 建成保护站}]
    kind: platform
    type: milestone
    deliverable: 服务站
    due: null
    owner: {office: 市场局, basis: named}
    evidence_needed: 批复
    readings:
      - {id: opened, text: 以揭牌为准, taken: true}
      - {id: approved, text: 以批复为准, taken: false}
  - id: week
    box: 专栏1
    title: 每年举办宣传周
    quote: 每年举办宣传周
    line: 5
    kind: activity
    type: annual
    owner: {office: 农业局, basis: suggested}
    evidence_needed: 记录
    unclear: 没有标准。
"""
TEXT = """\
规划
一、保护
建成服务站，加强协作；形成合力。
建成保护站。
（一）宣传
每年举办宣传周。营造氛围。
"""
COVERAGE = """\
document: documents/plan.txt
first_line: 2
last_line: 6
directions:
  - {line: 3, starts: 形成, reason: 没有对象。}
  - {line: 6, starts: 营造, reason: 没有对象。}
"""
EVIDENCE = (
    "plan,commitment_id,year,state,source,published,locator,note,date,until,strength,reading\n"
)


@pytest.fixture
def ledger(toy):
    """The toy plan with a text of its own and a ledger of two promises; it has no indicator that
    quotes the text."""
    toy.write("commitments.yml", LEDGER.replace("line: 5", "line: 6"))
    toy.write("coverage.yml", COVERAGE)
    toy.write("commitments.csv", EVIDENCE)
    text = toy.root / "data/raw/toy/documents/plan.txt"
    text.parent.mkdir()
    text.write_text(TEXT, "utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    toy.change("plan.yml", "document: {", f"document: {{sha256: {digest}, ")
    for facts in some(plans.indicators(toy.plan)):  # theirs stand in another text
        (clause,) = facts.clauses
        toy.change(f"indicators/{facts.id}.yml", f"line: {clause.line}}}", "source: report_2020}")
    return toy


def told(function, *arguments):
    with pytest.raises(Refused) as refused:
        function(*arguments)
    return [str(finding) for finding in refused.value.findings]


# The ledger


def test_a_promise_says_who_owes_what_by_when_and_how_it_can_be_read(ledger):
    station, week = plans.commitments(ledger.plan)
    assert (station.owner.office, station.owner.basis) == ("市场局", "named")
    assert (station.kind, station.deliverable, station.due) == ("platform", "服务站", None)
    assert [(way.id, way.taken) for way in station.readings] == [
        ("opened", True),
        ("approved", False),
    ]
    assert [place.line for place in station.places] == [3, 4]
    assert week.unclear
    assert week.owner.basis == "suggested"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "office: 市场局",
            "office: 市场所",
            "station.owner.office: 市场所 — offices 没有列出这个单位；最接近的是 市场局 — "
            "请改正，或先列入 offices",
        ),
        (
            "taken: false",
            "taken: true",
            "station.readings: 须有且只有一种读法 taken: true — 请改正",
        ),
        (
            "id: approved",
            "id: opened",
            "station.readings: opened — 代码写了两次 — 请改名",
        ),
        (
            ", {line: 4, quote: 保护站}]",
            "]",
            "names.places: 自相矛盾至少要有两处原文 — 请补上，或删去",
        ),
        (
            "commitments: [station]",
            "commitments: [staton]",
            "names.commitments: staton — 没有这项任务；最接近的是 station — 请改正",
        ),
    ],
)
def test_a_ledger_that_does_not_agree_with_itself_is_refused(ledger, old, new, sentence):
    ledger.change("commitments.yml", old, new)
    assert told(plans.commitments, ledger.plan) == [f"params/toy/commitments.yml:{sentence}"]
    assert [str(f) for f in door.check(ledger["commitments.yml"], ledger.plan)] == [
        f"commitments.yml:{sentence}"
    ]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("kind: platform", "kind: platfrom", "platform"),
        ("basis: named", "basis: 原文写明", "named"),
        ("deliverable: 服务站", "delivrable: 服务站", "deliverable"),
    ],
)
def test_a_word_or_a_field_the_ledger_does_not_know_is_refused_with_the_nearest(
    ledger, old, new, word
):
    ledger.change("commitments.yml", old, new)
    (sentence,) = told(plans.commitments, ledger.plan)
    assert word in sentence


# Evidence


@pytest.mark.parametrize(
    ("row", "place", "sentence"),
    [
        ("station,2022,done,,,,,,,,", "source", "没有填来源"),
        (
            "staton,2022,done,report_2022,,,,,,,",
            "commitment_id",
            "没有这项任务；最接近的是 station",
        ),
        ("station,2022,done,report_2022,,,,2023-04-01,,,", "date", "不在 2022 年"),
        ("station,2023,done,report_2023,2023-02,,,2023-03-01,,,", "date", "晚于发布日期 2023-02"),
        ("station,2023,done,report_2022,,,,2023-03-02,,,", "date", "晚于发布日期 2023-03-01"),
        ("station,2024,done,report_2022,,,,,,,", "year", "晚于发布日期 2023-03-01"),
        ("station,2022,done,report_2022,,,,2022-05,2022-04,,", "until", "早于事情发生的时间"),
        ("station,2022,done,report_2022,,,,,,newspaper,", "strength", "不在可选的词里"),
        ("station,2022,done,report_2022,,,,,,,opend", "reading", "没有这种读法；最接近的是 opened"),
        ("week,2022,done,report_2022,,,,,,,opened", "reading", "没有这种读法"),
        ("station,2022,done,report_2022,,,,2022-13,,,", "date", "不是日期"),
    ],
)
def test_evidence_that_cannot_be_is_refused_at_its_cell(ledger, row, place, sentence):
    ledger.add("commitments.csv", f"toy,{row}")
    (found,) = told(observations.evidence, ledger.plan)
    assert found.startswith(f"data/raw/toy/commitments.csv:2:{place}: ")
    assert sentence in found


@pytest.mark.parametrize(
    "row",
    [
        "station,2023,done,report_2022,,,,2023-03-01,,,",  # told on the very day
        "station,2023,done,report_2022,2023,,,2023-12,,,",  # of a year alone no day is late
        "station,2022,dropped,undated,,,,2022-08,2025-07,official_list,approved",
        "week,2022,not_started,report_2022,,,,,,self_statement,",
    ],
)
def test_evidence_that_can_be_is_taken(ledger, row):
    ledger.add("commitments.csv", f"toy,{row}")
    (taken,) = observations.evidence(ledger.plan)
    assert taken.state == row.split(",")[2]


def test_what_was_looked_for_and_not_found_says_when_where_and_what(ledger):
    ledger.write(
        "searches.csv",
        "plan,date,place,words,commitment_id\ntoy,2024-05-01,区政府网站,服务站,station\n"
        "toy,2024-05-01,区政府网站,规划,\n",
    )
    assert observations.searches(ledger.plan) == [
        promise_rows.Search("2024-05-01", "区政府网站", "服务站", "station"),
        promise_rows.Search("2024-05-01", "区政府网站", "规划"),
    ]
    assert observations.receive(ledger.plan).searches[0].place == "区政府网站"
    ledger.write(
        "searches.csv",
        "plan,date,place,words,commitment_id\ntoy,,, ,staton\n",
    )
    places = [sentence.split(": ")[0] for sentence in told(observations.searches, ledger.plan)]
    assert places == [
        f"data/raw/toy/searches.csv:2:{column}"
        for column in ("date", "place", "words", "commitment_id")
    ]
    assert len(door.check(ledger["searches.csv"], ledger.plan)) == 4


# Coverage


def test_every_sentence_is_a_promise_a_direction_or_uncovered(ledger):
    found = sentences.coverage(ledger.plan)
    assert [(s.line, s.text, s.kind) for s in found] == [
        (3, "建成服务站，加强协作；", "promise"),
        (3, "形成合力。", "direction"),
        (4, "建成保护站。", "promise"),  # the same promise, restated
        (6, "每年举办宣传周。", "promise"),
        (6, "营造氛围。", "direction"),
    ]
    assert [s.ids for s in found if s.ids] == [("station",), ("station",), ("week",)]
    assert (
        sentences.summary(found) == "5 句：3 句有任务或指标（共 2 项），2 句只是方向，0 句没有对应"
    )


def test_a_sentence_nobody_stands_for_is_uncovered(ledger):
    ledger.change("commitments.yml", "    restated: [{line: 4, quote: 建成保护站}]\n", "")
    found = sentences.coverage(ledger.plan)
    assert [(s.line, s.kind) for s in found if s.kind == "uncovered"] == [(4, "uncovered")]
    ledger.change(
        "commitments.yml", "line: 6", "line: 3"
    )  # and a quotation of another line is none
    assert told(sentences.coverage, ledger.plan) == [
        "params/toy:week: 每年举办宣传周 — 规划文本第 3 行没有这句原文 — 请照原文改正，或核对行号"
    ]


def test_a_line_passed_over_is_no_sentence(ledger):
    ledger.change(
        "coverage.yml", "directions:", "passed_over: [{first: 3, last: 4, reason: 表}]\ndirections:"
    )
    ledger.change("coverage.yml", "  - {line: 3, starts: 形成, reason: 没有对象。}\n", "")
    assert [s.line for s in sentences.coverage(ledger.plan)] == [6, 6]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("starts: 形成", "starts: 成形", "directions: 成形"),
        ("line: 3, starts: 形成", "line: 3, starts: 建成服务", "directions: 建成服务"),  # a promise
        ("last_line: 6", "last_line: 9", "document"),
        ("first_line: 2", "first_line: 7", "document"),
        ("documents/plan.txt", "documents/plan.pdf", "document: documents/plan.pdf — 没有这个文件"),
        ("documents/plan.txt", "../../../params/toy/plan.yml", "document"),  # outside
    ],
)
def test_a_coverage_file_that_leads_nowhere_is_refused(ledger, old, new, place):
    ledger.change("coverage.yml", old, new)
    (sentence,) = told(sentences.coverage, ledger.plan)
    assert sentence.startswith(f"params/toy/coverage.yml:{place}")


def test_a_text_that_was_changed_is_not_gone_through(ledger):
    text = ledger.root / "data/raw/toy/documents/plan.txt"
    text.write_text(TEXT.replace("建成保护站", "建成保护站了"), "utf-8")
    (sentence,) = told(sentences.coverage, ledger.plan)
    assert "与 plan.yml 的 sha256 不符" in sentence


def test_a_plan_without_a_coverage_file_says_what_to_make(toy):
    with pytest.raises(Unknown, match=r"还没有 params/toy/coverage\.yml"):
        sentences.coverage(toy.plan)


def test_a_contradiction_is_quoted_like_a_promise(ledger):
    ledger.change("commitments.yml", "{line: 4, quote: 保护站}", "{line: 4, quote: 工作站}")
    (sentence,) = told(sentences.coverage, ledger.plan)
    assert "names: 工作站 — 规划文本第 4 行没有这句原文" in sentence


@pytest.mark.parametrize(("spoiled", "code"), [(False, 0), (True, 1)])
def test_the_verb_ends_with_1_where_a_sentence_is_uncovered(ledger, spoiled, code):
    if spoiled:
        ledger.change("commitments.yml", "    restated: [{line: 4, quote: 建成保护站}]\n", "")
    ran = called(ledger.root, "coverage", "--plan", "toy")
    assert ran.returncode == code, ran.stderr
    assert ("第 4 行：建成保护站。" in ran.stdout) == spoiled


# Tongzhou

TONGZHOU = plans.load("tongzhou-145")


def test_no_sentence_of_the_district_plan_is_uncovered():
    found = sentences.coverage(TONGZHOU)
    assert [str(s) for s in found if s.kind == "uncovered"] == []
    assert {s.line for s in found} >= {131, 363}
    ids = {name for s in found for name in s.ids}
    assert ids >= {promise.id for promise in plans.commitments(TONGZHOU)}
    assert ids >= set(TONGZHOU.indicators)


def test_every_promise_of_the_district_plan_says_what_it_owes():
    for promise in some(plans.commitments(TONGZHOU)):
        assert all((promise.kind, promise.chapter, promise.owner)), promise.id
        assert (promise.kind == "direction") <= bool(promise.unclear), promise.id


def test_an_office_is_named_only_where_the_text_names_it():
    text = (TONGZHOU.raw / "documents/plan.txt").read_text("utf-8").split("\n")
    named = [p for p in plans.commitments(TONGZHOU) if p.owner.basis == "named"]
    for promise in some(named):
        assert promise.owner.office in text[promise.line - 1], promise.id
