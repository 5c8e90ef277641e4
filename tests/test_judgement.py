"""The evaluator's judgement: refused at its place where it rests on nothing, held to the figures,
its recommendations followed from year to year."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import fields, is_dataclass
from datetime import datetime
from xml.etree import ElementTree

import openpyxl
import pytest
from conftest import ROOT, called, some

from helpers import judged, request, returned, tasks
from helpers.intake import (
    door,
    grounds,
    judgement,
    judgement_book,
    judgement_edit,
    plan as plans,
)
from helpers.intake.finding import Refused, Unknown
from helpers.intake.judgement_sheets import WORDS
from helpers.measure import attention
from helpers.measure.categories import Category, categories
from helpers.publish import chapters, document, word, word_back
from helpers.publish.chapters import judgement as pages
from helpers.show import judgement_record, result, wording
from helpers.show.lines import Break, Own, Small, parted, plain

PARTIES = """\
parties:
  client: 玩具县
  evaluator: 评估组
  basis: 规划第八章
  independence: 没有参与编制
  dated: "{year}-04-01"
"""
FIRST = (
    PARTIES.format(year=2023)
    + """\
categories:
  - {category: 创造, text: 增长较稳。, because: [indicator/patents]}
problems:
  - id: slow
    text: 产业占比增长慢。
    because: [indicator/share, commitment/week]
    causes: [{text: 企业少。, because: [source/report_2022]}]
recommendations:
  - {id: firms, text: 培育企业。, owner: 统计局, due: "2023-12-31", success: 新增两家。,
     answers: [slow]}
  - {id: count, text: 补报。, owner: 统计局, due: "2023", success: 收到数。, because: [check/total]}
not_recommended:
  - {items: [indicator/attorneys_new], reason: 已有安排。}
lessons:
  - {text: 先补数。, because: [context/city_share]}
"""
)
SECOND = (
    PARTIES.format(year=2024)
    + """\
recommendations:
  - {id: week, text: 补记录。, owner: 宣传部, due: "2024-12-31", success: 记录齐全。,
     because: [commitment/week]}
fates:
  - {of: 2022/firms, fate: under_way, text: 一家。, because: [indicator/share]}
  - {of: 2022/count, fate: done, text: 已收到。}
"""
)


@pytest.fixture
def judged_toy(toy):
    toy.write("judgement/2022.yml", FIRST)
    toy.write("judgement/2023.yml", SECOND)
    return toy


def test_a_judgement_is_read_with_its_year(judged_toy):
    said = grounds.of(judged_toy.plan, 2022)
    assert (said.year, said.parties.evaluator) == (2022, "评估组")
    assert [each.id for each in said.recommendations] == ["firms", "count"]
    assert grounds.of(judged_toy.plan, 2021) is None


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("source/report_2022", "source/report_2029", "problems.1.causes.1.because", "没有这条记录"),
        ("[check/total]", "[checks/total]", "recommendations.2.because", "没有这条记录"),
        ("check/total", "indicator/nothing", "recommendations.2.because", "没有这条记录"),
        ("text: 企业少。", 'text: " "', "problems.1.causes.1.text", "没有写"),
        ("success: 收到数。", 'success: ""', "recommendations.2.success", "没有写"),
        ("category: 创造", "category: 服务", "categories.1.category", "规划没有这个类别"),
        ("id: count", "id: firms", "recommendations", "写了两次"),
        ("answers: [slow]", "answers: [fast]", "recommendations.1.answers", "没有这个问题"),
        ("answers: [slow]", "because: []", "recommendations.1.because", "没有依据"),
        (
            "because: [indicator/share, commitment/week]",
            "because: []",
            "problems.1.because",
            "没有依据",
        ),
        ("client: 玩具县", "owner: 玩具县", "parties.owner", "没有这个字段"),
        ('due: "2023"', "due: 年底", "recommendations.due", "不是日期"),
    ],
)
def test_what_rests_on_nothing_is_refused_at_its_place(judged_toy, old, new, place, problem):
    judged_toy.change("judgement/2022.yml", old, new)
    with pytest.raises(Refused) as refused:
        grounds.of(judged_toy.plan, 2022)
    assert [f.column for f in refused.value.findings if problem in f.problem] == [place]


def test_a_change_starts_from_the_target_the_plan_has(judged_toy):
    """patents: 200 件 in 2025."""
    change = "changes:\n  - {{indicator: patents, before: {}, after: 220, text: 已近目标。}}\n"
    judged_toy.write("judgement/2023.yml", SECOND + change.format(200))
    assert grounds.of(judged_toy.plan, 2023).changes[0].after == 220
    judged_toy.write("judgement/2023.yml", SECOND + change.format(180))
    with pytest.raises(Refused, match=r"changes.1.before: 180 — 不是规划现在的目标值 — 请写 200"):
        grounds.of(judged_toy.plan, 2023)


def test_a_recommendation_stays_open_until_it_is_done_or_declined(judged_toy):
    plan = judged_toy.plan
    assert [each.name for each in judgement.open_before(plan, 2023)] == ["2022/firms", "2022/count"]
    # count is done in 2023; firms was only under way; week is new
    assert [(each.name, each.fate) for each in judgement.open_before(plan, 2024)] == [
        ("2022/firms", "under_way"),
        ("2023/week", ""),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  - {of: 2022/count, fate: done, text: 已收到。}\n", "", "fates: 2022/count — 没有交代"),
        ("of: 2022/count", "of: 2022/counts", "2022/counts — 以前没有这条未了结的建议；最接近的是"),
        ("fate: done", "fate: finished", "finished — 不在可选的词里"),
    ],
)
def test_every_open_recommendation_has_its_fate(judged_toy, old, new, sentence):
    judged_toy.change("judgement/2023.yml", old, new)
    with pytest.raises(Refused, match=sentence):
        grounds.of(judged_toy.plan, 2023)


def test_a_fate_told_twice_over_the_years_is_refused(judged_toy):
    """What was done is closed: a later year has nothing more to say of it."""
    fates = "fates:\n" + "".join(
        f"  - {{of: {name}, fate: done, text: 好。}}\n"
        for name in ("2022/firms", "2022/count", "2023/week")
    )
    judged_toy.write("judgement/2024.yml", PARTIES.format(year=2025) + fates)
    with pytest.raises(Refused, match="2022/count — 以前没有这条未了结的建议"):
        grounds.of(judged_toy.plan, 2024)


def test_a_stray_file_is_refused_and_a_draft_is_not_read(judged_toy):
    judged_toy.write("judgement/2024.draft.yml", "parties: {}\n")
    assert judgement.years(judged_toy.plan) == (2022, 2023)
    judged_toy.write("judgement/last.yml", FIRST)
    with pytest.raises(Refused, match=r"judgement/last\.yml: 文件名不是年份"):
        judgement.years(judged_toy.plan)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("red", "reverse", 2023, 2025), "red"),
        (("orange", "behind", 2023, 2025), "orange"),
        (("yellow", "behind", 2023, 2025), ""),
        ((None, "no_data", 2024, 2025), ""),
        ((None, "no_data", 2025, 2025), "no_data"),
        ((None, "not_assessable", 2025, 2025), ""),
    ],
)
def test_which_indicators_call_for_a_recommendation(arguments, why):
    assert attention.indicator(*arguments) == why


def test_which_promises_call_for_a_recommendation():
    assert [attention.commitment(code) for code in ("late", "due_no_information")] == [
        "late",
        "due_no_information",
    ]
    assert not any(map(attention.commitment, ("done", "in_time", "no_information", "unclear")))


def unanswered(plan, year):
    """What `make check` would say of one year."""
    return [f for f in judged.check(plan, year) if f"judgement/{year}.yml" in f.file]


def test_a_promise_due_without_information_or_a_recommendation_stops_the_check(judged_toy):
    """The station was to be built in 2023; of that year nothing is known then, only of 2022."""
    assert not list(judged.check(judged_toy.plan, 2023)), "what the toy says by itself"
    judged_toy.cell("commitments.csv", 2, state="in_progress", commitment_id="station", year="2022")
    found = unanswered(judged_toy.plan, 2023)
    assert [(f.value, f.problem[:4]) for f in found] == [("commitment/station", "到期无资")]
    reason = "not_recommended:\n  - {items: [commitment/station], reason: 已列入下年。}\n"
    judged_toy.write("judgement/2023.yml", SECOND + reason)
    assert not unanswered(judged_toy.plan, 2023)


def test_an_item_is_answered_through_the_problem_a_recommendation_answers(judged_toy):
    said = grounds.of(judged_toy.plan, 2022)
    assert said.answered == {
        "indicator/share",
        "commitment/week",
        "check/total",
        "indicator/attorneys_new",
    }


def test_a_year_that_has_to_be_judged_and_is_not_stops_the_check(judged_toy):
    judged_toy.add("run.yml", "judgement_from: 2021")
    assert [f.file for f in grounds.missing(judged_toy.plan, 2023)] == [
        "params/toy/judgement/2021.yml"
    ]
    assert [f.file for f in grounds.missing(judged_toy.plan, 2020)] == []


def test_a_red_item_of_a_shipped_plan_without_a_recommendation_stops_make_check(tmp_path):
    """example 2024: 审理天数 is red; what speaks to it is taken away."""
    for name in ("params/example", "data/raw/example"):
        shutil.copytree(ROOT / name, tmp_path / name)
    plan = plans.load("example", tmp_path)
    assert not list(judged.check(plan, 2024))
    path = tmp_path / "params/example/judgement/2024.yml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("    answers: [slow_cases]", "    because: [source/work_report_2024]")
    )
    ran = called(tmp_path, "check", "--plan", "example")
    assert ran.returncode == 1
    assert "indicator/case_days — 红色预警，却没有建议" in ran.stdout


def test_every_recommendation_of_the_example_has_its_fate_in_the_next_edition():
    plan = plans.load("example")
    first, second = grounds.of(plan, 2023), grounds.of(plan, 2024)
    assert [each.of for each in second.fates] == [
        f"2023/{r.id}" for r in some(first.recommendations)
    ]
    record = judgement_record.of_run(plan, 2024, "", result.of_run(plan, 2024))
    told = judgement_record.fates(record)
    assert len(told) == len(first.recommendations)
    assert list(told.iloc[:, 2]) == ["推进中", "已完成", "已采纳", "未采纳"]
    assert record["unanswered"] == {}


def test_a_category_is_counted_and_what_may_be_expected_of_it():
    """Two of 创造 with chances of 0.25 and 0.5: Σp = 0.75; 运用 has none."""
    rows = [
        {"category": "创造", "p_met": 0.25, "status": "behind"},
        {"category": "创造", "p_met": 0.5, "status": "ahead"},
        {"category": "运用", "p_met": None, "status": "no_data"},
    ]
    assert categories(("创造", "运用", "服务"), rows) == (
        Category("创造", 2, 2, 1, 2, 0.75),
        Category("运用", 1, 0, 0, 0, None),
        Category("服务", 0, 0, 0, 0, None),
    )


def test_a_judgement_written_on_another_cut_off_or_of_the_base_is_not_shown(judged_toy):
    plan = judged_toy.plan
    records = result.of_run(plan, 2022)
    assert judgement_record.of_run(plan, 2022, "", records)["parties"]["client"] == "玩具县"
    assert judgement_record.of_run(plan, 2022, "2023-03-31", records) is None
    assert judgement_record.of_run(plan, 2021, "", records) is None


def test_a_draft_is_filled_with_facts_and_refused_until_a_person_has_written(judged_toy):
    """Every empty text is told at its place; what is written passes."""
    judged_toy.write("judgement/2023.yml", judged.drafted(judged_toy.plan, 2023))
    with pytest.raises(Refused) as refused:
        grounds.of(judged_toy.plan, 2023)
    assert "fate" in str(refused.value)  # told first: a word the file cannot be read without
    text = judged_toy["judgement/2023.yml"].read_text("utf-8")
    assert "有效专利" not in text or "创造" in text
    text = text.replace("fate:  #", "fate: done  #").replace('due: ""', 'due: "2024"')
    judged_toy.write("judgement/2023.yml", text.replace('dated: ""', 'dated: "2024-04-01"'))
    with pytest.raises(Refused) as refused:
        grounds.of(judged_toy.plan, 2023)
    assert {f.problem for f in refused.value.findings} == {"没有写"}
    judged_toy.write(
        "judgement/2023.yml",
        judged_toy["judgement/2023.yml"]
        .read_text("utf-8")
        .replace('""', '"写好了"')
        .replace('known_by: "写好了"', 'known_by: ""'),
    )
    assert grounds.of(judged_toy.plan, 2023).fates
    assert not unanswered(judged_toy.plan, 2023)


def test_a_draft_of_a_judged_year_needs_another_name(judged_toy, tmp_path):
    plan = judged_toy.plan
    with pytest.raises(Unknown, match="已有 2023 年的评估意见"):
        judged.path_of_draft(plan, 2023, None)
    assert judged.path_of_draft(plan, 2023, tmp_path / "x.yml") == tmp_path / "x.yml"
    assert judged.path_of_draft(plan, 2024, None).name == "2024.draft.yml"


def test_one_file_is_checked_by_itself_or_with_its_plan(judged_toy):
    path = judged_toy["judgement/2022.yml"]
    assert door.check(path) == []
    judged_toy.change("judgement/2022.yml", "source/report_2022", "source/report_2029")
    assert door.check(path) == []
    assert [f.column for f in door.check(path, judged_toy.plan)] == ["problems.1.causes.1.because"]


def test_an_edition_rests_on_its_own_judgement_and_those_before_it(judged_toy):
    """A word on 2023 is none on 2022; what 2023 says of 2022's recommendations rests on both."""

    def keys():
        return [
            tasks.inputs_of(request.of("toy", year, root=judged_toy.root)).key
            for year in (2021, 2022, 2023)
        ]

    before = keys()
    judged_toy.change("judgement/2023.yml", "补记录", "补齐记录")
    now = keys()
    assert [a == b for a, b in zip(before, now, strict=True)] == [True, True, False]
    judged_toy.change("judgement/2022.yml", "培育企业", "培育三家企业")
    assert [a == b for a, b in zip(now, keys(), strict=True)] == [True, False, False]


# On paper -----------------------------------------------------------------------------------------


def facts_with(said):
    """What chapters need of an edition that holds `said`."""
    return {
        "whole": {"judgement": said, "year": 2024, "categories": []},
        "plan": {"period": {"start": 2021, "end": 2025}},
        "sources": {},
    }


def own_of(block):
    """Every `Own` in a block, wherever it stands."""
    if isinstance(block, Own):
        return [block]
    if isinstance(block, (tuple, list)):
        return [own for part in block for own in own_of(part)]
    if is_dataclass(block):
        return [own for each in fields(block) for own in own_of(getattr(block, each.name))]
    return []


def value_at(said, place):
    """What stands at `recommendations.2.text` of a judgement's record."""
    for part in place.split("."):
        said = said[int(part) - 1] if part.isdecimal() else said[part]
    return said


@pytest.mark.parametrize("year", [2023, 2024])
def test_every_sentence_of_the_evaluator_is_marked_as_theirs_with_its_place(year):
    plan = plans.load("example")
    record = judgement_record.of_run(plan, year, "", result.of_run(plan, year))
    edition_of = facts_with(record) | {"sources": {"work_report_2023": {}}}
    edition_of["whole"]["categories"] = [
        {"name": name, "indicators": 1, "judged": 1, "good": 1, "foreseen": 0, "expected": None}
        for name in plan.categories
    ]
    blocks = [
        block
        for chapter in (pages.categories, pages.problems, pages.recommendations, pages.signatures)
        for block in chapter(edition_of, wording.zh)
    ]
    owned = {own.place: own.text for own in own_of(blocks)}
    assert all(value_at(record, place) == text for place, text in some(owned.items()))
    written = {
        f"{name}.{k}.text"
        for name in (
            "categories",
            "achievements",
            "problems",
            "recommendations",
            "lessons",
            "fates",
        )
        for k in range(1, len(record[name]) + 1)
    }
    assert written <= owned.keys()


def test_what_no_recommendation_speaks_to_is_printed(judged_toy):
    judged_toy.change("judgement/2022.yml", "indicator/attorneys_new", "indicator/patents")
    plan = judged_toy.plan
    record = judgement_record.of_run(plan, 2022, "", result.of_run(plan, 2022))
    assert record["unanswered"] == {"indicator/attorneys_new": "orange"}
    first = next(iter(pages.recommendations(facts_with(record), wording.zh)))
    assert [plain(item) for item in first.items] == ["新增代理师：橙色预警"]


def test_the_word_document_keeps_each_sentence_in_a_field_named_by_its_place():
    written = word.Document("题", [], wording.zh)
    written.contents_here()
    written.say(("问题 1　", Own("审理变慢。", "problems.1.text"), Small("依据：甲")))
    written.table(("建议",), [((Own("扩大试点。", "recommendations.2.text"), Break(), "注"),)])
    body = ElementTree.fromstring(
        zipfile.ZipFile(io.BytesIO(written.bytes())).read("word/document.xml")
    )
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    fields_of = {
        control.find(f"{w}sdtPr/{w}tag").get(f"{w}val"): "".join(
            text.text for text in control.iter(f"{w}t")
        )
        for control in some(body.iter(f"{w}sdt"))
    }
    assert fields_of == {
        "problems.1.text": "审理变慢。",
        "recommendations.2.text": "扩大试点。",
    }
    assert "问题 1　审理变慢。" in "".join(text.text for text in body.iter(f"{w}t"))


def test_a_line_is_parted_where_the_evaluator_speaks():
    line = ("甲", Own("乙", "a.1"), " ", Small("丙"))
    assert parted(line) == [("甲", ""), ("乙", "a.1"), (" 丙", "")]
    assert parted("甲") == [("甲", "")]
    assert parted(("", "")) == []


# Word goes out and comes back ---------------------------------------------------------------------


@pytest.fixture
def sent(judged_toy, monkeypatch):
    """A document of the toy's judgement of 2022, as `make docx` writes one, and its edition."""

    def written(_):
        plan = judged_toy.plan
        made = word.Document("题", [], wording.zh)
        record = judgement_record.of_run(plan, 2022, "", result.of_run(plan, 2022))
        edition_of = facts_with(record) | {"sources": {"report_2022": {}}}
        made.contents_here()
        for title, chapter in (("问题", pages.problems), ("建议", pages.recommendations)):
            made.heading(title, 1)
            document.draw(made, chapter(edition_of, wording.zh))
        made.table(("指标", "数值"), [("有效专利", "118")])
        return made.bytes()

    content = written(None)
    monkeypatch.setattr(returned.handout, "document_of", lambda _: content)
    path = judged_toy.root / "edited.docx"
    path.write_bytes(content)
    return path


def rewrite(path, old, new):
    """One passage of the document's text; it must be there exactly once."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    text = parts["word/document.xml"].decode()
    assert text.count(old) == 1, text.count(old)
    parts["word/document.xml"] = text.replace(old, new).encode()
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)


def test_an_unedited_document_brings_nothing_back(judged_toy, sent):
    assert returned.prepare(sent, judged_toy.plan, 2022).rewritten == ()


def test_a_sentence_rewritten_in_word_goes_into_the_file_and_nothing_else_does(judged_toy, sent):
    path, before = judged_toy["judgement/2022.yml"], FIRST
    rewrite(sent, "产业占比增长慢。", "产业占比只增长了一点，“慢”。")
    rewrite(sent, "新增两家。", "新增三家。")
    back = returned.prepare(sent, judged_toy.plan, 2022)
    assert [(each.place, each.now) for each in back.rewritten] == [
        ("problems.1.text", "产业占比只增长了一点，“慢”。"),
        ("recommendations.1.success", "新增三家。"),
    ]
    returned.write(back)
    now = path.read_text("utf-8")
    assert now == before.replace("产业占比增长慢。", '"产业占比只增长了一点，“慢”。"').replace(
        "新增两家。", '"新增三家。"'
    )
    assert grounds.of(judged_toy.plan, 2022).recommendations[0].success == "新增三家。"


def test_a_changed_number_is_refused_with_its_place(judged_toy, sent):
    rewrite(sent, ">118<", ">811<")
    with pytest.raises(
        Refused, match=r"edited.docx:.*: 811 — 这里由数据生成.*原为“118”"
    ) as refused:
        returned.prepare(sent, judged_toy.plan, 2022)
    assert [f.column for f in refused.value.findings] == [
        "不提建议的事项及理由"
    ]  # the heading it stands under


def test_a_document_saved_by_an_office_that_drops_the_names_of_controls_is_read_by_bookmarks(
    judged_toy, sent
):
    """LibreOffice 7.4 keeps the control and takes its name off, others take the control too."""
    with zipfile.ZipFile(sent) as file:
        text = file.read("word/document.xml").decode()
    tags = some(re.findall(r'<w:tag w:val="[^"]*"/>', text))
    for k, tag in enumerate(tags):
        control = "<w:sdt><w:sdtPr>" + tag + "</w:sdtPr><w:sdtContent>"
        rewrite(sent, tag, "") if k % 2 else rewrite(
            sent, control, "<w:sdt><w:sdtPr/><w:sdtContent>"
        )
    assert returned.prepare(sent, judged_toy.plan, 2022).rewritten == ()
    rewrite(sent, "产业占比增长慢。", "产业占比只增长了一点。")
    (back,) = returned.prepare(sent, judged_toy.plan, 2022).rewritten
    assert (back.place, back.now) == ("problems.1.text", "产业占比只增长了一点。")
    rewrite(sent, ">118<", ">811<")
    with pytest.raises(Refused, match="811 — 这里由数据生成"):
        returned.prepare(sent, judged_toy.plan, 2022)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_a_document_saved_by_libreoffice_comes_back(judged_toy, sent, tmp_path):
    rewrite(sent, "产业占比增长慢。", "2023 年产业占比只增长了一点。")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    target = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path), str(sent)]
    subprocess.run([*command, *target], check=True, capture_output=True, timeout=300)
    (back,) = returned.prepare(tmp_path / "edited.docx", judged_toy.plan, 2022).rewritten
    assert (back.place, back.now) == ("problems.1.text", "2023 年产业占比只增长了一点。")


def test_a_paragraph_struck_out_or_put_in_is_refused(judged_toy, sent):
    rewrite(sent, ">有效专利<", "><")
    with pytest.raises(Refused, match="有效专利 — 这一段由数据生成，被删去了"):
        returned.prepare(sent, judged_toy.plan, 2022)


def test_a_field_that_is_gone_is_asked_for(judged_toy, sent):
    rewrite(sent, 'w:val="recommendations.1.success"', 'w:val="elsewhere"')
    with pytest.raises(Refused, match=r"recommendations.1.success: 新增两家。 — .*内容控件不见了"):
        returned.prepare(sent, judged_toy.plan, 2022)


def test_a_judgement_changed_since_the_document_was_made_is_not_overwritten(judged_toy, sent):
    rewrite(sent, "产业占比增长慢。", "产业占比增长很慢。")
    judged_toy.change("judgement/2022.yml", "产业占比增长慢。", "产业占比不增长。")
    with pytest.raises(Refused, match="评估意见在生成这份文档之后改过"):
        returned.prepare(sent, judged_toy.plan, 2022)


def test_an_emptied_sentence_is_refused_as_in_the_file(judged_toy, sent):
    rewrite(sent, "产业占比增长慢。", "")
    before = judged_toy["judgement/2022.yml"].read_text("utf-8")
    with pytest.raises(Refused, match=r"problems.1.text: 没有写"):
        returned.prepare(sent, judged_toy.plan, 2022)
    assert judged_toy["judgement/2022.yml"].read_text("utf-8") == before


def test_what_is_no_document_is_told_in_one_sentence(judged_toy, sent):
    sent.write_bytes(b"PK")
    with pytest.raises(Refused, match="打不开这个 Word 文档"):
        returned.prepare(sent, judged_toy.plan, 2022)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  - {text: 旧, x: 1}\n", 'a:\n  - {text: "新", x: 1}\n'),
        ("a:\n  - text: 旧  # 注\n", 'a:\n  - text: "新"  # 注\n'),
        ("a:\n  - text: >-\n      旧\n      的\n    x: 1\n", 'a:\n  - text: "新"\n    x: 1\n'),
        ('a:\n  - text: "旧"\n', 'a:\n  - text: "新"\n'),
    ],
)
def test_a_value_is_replaced_however_it_was_written(before, after):
    assert judgement_edit.edited(before, {"a.1.text": "新"}) == after


def test_a_place_that_is_not_there_is_no_place():
    for place in ("a.2.text", "a.1", "a.1.text.x"):
        with pytest.raises(KeyError):
            judgement_edit.edited("a:\n  - {text: 旧}\n", {place: "新"})


# The workbook goes out and comes back -------------------------------------------------------------

EVERYTHING = (
    SECOND
    + """\
draft: true
remark: 试填。
achievements:
  - {text: 专利过半。, because: [indicator/patents]}
judged:
  - {indicator: share, word: off_track, text: 企业少。, because: [indicator/share]}
changes:
  - {indicator: patents, before: 200, after: 220.5, text: "=已近目标", because: []}
"""
)


def book_of(toy, year=2023):
    path = toy.root / "judgement.xlsx"
    path.write_bytes(judged.to_be_filled(toy.plan, year, "", ".xlsx"))
    return path


def typed(path, cells):
    """The workbook with further cells: (sheet, cell) → value."""
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_judgement_goes_through_the_workbook_unchanged(judged_toy, year):
    judged_toy.write("judgement/2023.yml", EVERYTHING)
    path = book_of(judged_toy, year)
    before = grounds.of(judged_toy.plan, year)
    back = returned.prepare(path, judged_toy.plan)
    assert back.rewritten == ()
    judged_toy[f"judgement/{year}.yml"].unlink()
    assert [
        each.former for each in returned.prepare(path, judged_toy.plan).rewritten if each.former
    ] == []
    returned.write(back)
    assert grounds.of(judged_toy.plan, year) == before


@pytest.mark.parametrize(("name", "year"), [("example", 2024), ("tongzhou-145", 2025)])
def test_a_shipped_judgement_goes_through_the_workbook_unchanged(tmp_path, name, year):
    path = tmp_path / "judgement.xlsx"
    path.write_bytes(judged.to_be_filled(plans.load(name), year, "", ".xlsx"))
    assert judgement_book.is_one(path)
    assert returned.prepare(path, plans.load(name)).rewritten == ()


def test_a_draft_filled_in_a_workbook_becomes_the_file(judged_toy):
    judged_toy["judgement/2023.yml"].unlink()
    path = book_of(judged_toy)
    parties = ("玩具县", "评估组", "规划第八章", "没有参与编制", "2024-04-01", "项目负责人、审核人")
    typed(
        path,
        {("评估说明", f"B{k}"): text for k, text in enumerate(parties, 5)}
        | {("分类评价", f"B{k}"): "尚可。" for k in (4, 5)}
        | {("主要成效", "A4"): "专利过半。"}
        | {("问题", "A4"): "slow", ("问题", "B4"): "增长慢。", ("问题", "C4"): "机制"}
        | {("问题", "D4"): "indicator/share\ncommitment/week"}
        | {("成因", "A4"): "slow", ("成因", "B4"): "企业少。", ("成因", "C4"): "source/report_2022"}
        | {("建议", "A4"): "firms", ("建议", "B4"): "培育企业。", ("建议", "C4"): "统计局"}
        | {("建议", "D4"): datetime(2024, 12, 31), ("建议", "E4"): "两家。", ("建议", "F4"): "slow"}
        | {("以往建议", f"B{k}"): "已完成" for k in (4, 5)}
        | {("以往建议", f"C{k}"): "收到。" for k in (4, 5)},
    )
    returned.write(returned.prepare(path, judged_toy.plan))
    said = grounds.of(judged_toy.plan, 2023)
    assert said.parties.signatures == ("项目负责人", "审核人")
    assert said.problems == (
        judgement.Problem(
            "slow",
            "增长慢。",
            "mechanism",
            ("indicator/share", "commitment/week"),
            (judgement.Passage("企业少。", ("source/report_2022",)),),
        ),
    )
    assert (said.recommendations[0].due, said.recommendations[0].answers) == (
        "2024-12-31",
        ("slow",),
    )
    assert [(each.of, each.fate) for each in said.fates] == [
        ("2022/firms", "done"),
        ("2022/count", "done"),
    ]


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        (("建议", "D4"), "年底", "建议!D4: 年底 — 不是日期"),
        (("建议", "E4"), "", "建议!E4: 没有写"),
        (("建议", "G4"), "commitment/weak", "建议!G4: commitment/weak — 没有这条记录"),
        (("建议", "F4"), "fast", "建议!F4: fast — 没有这个问题"),
        (("以往建议", "B4"), "完了", "以往建议!B4: 完了 — 不在可选的词里"),
        (("以往建议", "A4"), "2022/firm", "以往建议!A4: 2022/firm — 以前没有这条未了结的建议"),
        (("目标调整", "B4"), 180, "目标调整!B4: 180 — 不是规划现在的目标值 — 请写 200"),
        (("目标调整", "C4"), "220左右", "目标调整!C4: 220左右 — 应为数字"),
        (("成因", "A4"), "gone", "成因!A4: gone — “问题”表里没有这个代码"),
        (("评估说明", "B9"), "去年", "评估说明!B9: 去年 — 不是日期"),
        (("评估说明", "B3"), "other", "评估说明!B3: other — 不是这个规划的评估意见"),
        (("建议", "D3"), "何时", "建议!D3: 何时 — 这一列的表头应为“完成期限”"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_told_at_its_cell(judged_toy, cell, value, sentence):
    judged_toy.write("judgement/2023.yml", EVERYTHING)
    path = book_of(judged_toy)
    typed(path, {cell: value})
    with pytest.raises(Refused) as refused:
        returned.prepare(path, judged_toy.plan)
    assert sentence in str(refused.value)
    assert "judgement.xlsx" in str(refused.value)


def test_a_hidden_row_or_sheet_of_a_workbook_is_refused(judged_toy):
    path = book_of(judged_toy)
    book = openpyxl.load_workbook(path)
    book["建议"].row_dimensions[4].hidden = True
    book["以往建议"].sheet_state = "hidden"
    book.save(path)
    with pytest.raises(Refused) as refused:
        returned.prepare(path, judged_toy.plan)
    assert [f.column for f in refused.value.findings] == ["建议!A4", "以往建议"]


def test_the_workbook_and_the_page_say_the_same_words():
    words = wording.zh.judgement
    told = {name: {code: word for word, code in known.items()} for name, known in WORDS.items()}
    assert told["fate"] == words.FATE
    assert told["word"] == words.JUDGED
    assert told["kind"] == words.CAUSE_KIND


# One list of chapters, read back from every paper -------------------------------------------------


def outline_of(pdf: bytes) -> list[str]:
    """The titles of a PDF's outline that stand right under the page's own title, in order."""
    objects = {
        int(match[1]): match[2]
        for match in re.finditer(rb"(\d+) 0 obj\s*(.*?)endobj", pdf, re.DOTALL)
    }

    def to(name, content):
        found = re.search(rb"/" + name + rb" (\d+) 0 R", content)
        return objects[int(found[1])] if found else None

    root = next(each for each in objects.values() if b"/Type /Outlines" in each)
    one, titles = to(b"First", to(b"First", root)), []
    while one is not None:
        titles.append(bytes.fromhex(re.search(rb"/Title <FEFF([0-9A-F]*)>", one)[1].decode()))
        one = to(b"Next", one)
    return [title.decode("utf-16-be") for title in titles]


@pytest.mark.slow
@pytest.mark.browser
def test_page_word_and_pdf_have_the_published_chapters_in_their_order(tmp_path):
    """`make assess`, `make docx` and `make pdf` of the example, read back."""
    for name in ("params/example", "data/raw/example", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    environment = {"ASSESSMENT_ROOT": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    for verb in ("assess", "docx", "pdf"):
        subprocess.run(
            [sys.executable, "-m", "helpers", verb, "--plan", "example", "--year", "2024"],
            env={**os.environ, **environment},
            check=True,
            cwd=tmp_path,
        )
    folder = tmp_path / "data/processed/example"
    titles = wording.zh.page.SECTION
    expected = [titles[each.id] for each in chapters.CHAPTERS if each.id != "scenario"]
    html = (folder / "2024/assessment.html").read_text("utf-8")
    sections = re.findall(r'<section id="(\w+)"', html)
    assert [titles[name] for name in sections] == expected
    back = word_back.paragraphs((folder / "2024.docx").read_bytes())
    headings = list(dict.fromkeys(each.heading for each in back if each.heading in expected))
    assert headings == [title for title in expected if title in headings]
    assert {*expected} - {*headings} <= {titles["areas"]}
    assert outline_of((folder / "2024.pdf").read_bytes()) == expected
