"""What is handed out of an edition: a PDF, a Word document, a brief; whole or not at all, and
nothing in it but text."""

from __future__ import annotations

import functools
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import docx
import docx.shared
import pytest
from conftest import some
from test_page import CHROMIUM, NO_CHROMIUM
from test_report import HOSTILE, PLANS, Element, Read, assembled, executed, hostile_edition, page

from helpers import cli, handout, request, tasks
from helpers.intake.finding import Unknown
from helpers.publish import (
    brief as brief_page,
    document,
    notebooks,
    pictures,
    print as paper,
    report,
    word as word_paper,
    year_before,
)
from helpers.show import wording

browser = pytest.mark.browser
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def parts(made: list[notebooks.Executed]) -> zipfile.ZipFile:
    """The Word document of an edition; its pictures are one pixel each."""
    facts = report.facts_of(made, "0123456789ab")
    drawn = dict.fromkeys(
        [one["anchor"] for one in facts["indicators"]] + [*pictures.OF_THE_WHOLE], ONE_PIXEL
    )
    return zipfile.ZipFile(io.BytesIO(document.document(facts, drawn)))


def part(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(package.read(f"word/{name}.xml"))


def word(made: list[notebooks.Executed]) -> ElementTree.Element:
    """The body of the Word document of an edition."""
    return part(parts(made), "document")


@functools.cache
def package(name: str) -> zipfile.ZipFile:
    return parts(list(assembled(name)))


@functools.cache
def written(name: str) -> ElementTree.Element:
    return part(package(name), "document")


def text_of(element: ElementTree.Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(W + "t"))


@pytest.mark.parametrize("name", PLANS)
def test_the_document_says_of_every_indicator_what_the_page_says(name):
    told = text_of(written(name))
    for record in (one.record for one in assembled(name) if one.record["record"] == "indicator"):
        assert record["sentence"] in told
        assert record["texts"]["pace"] in told
        assert record["facts"]["supplier"]["needs"] in told
    assert assembled(name)[-1].record["counted"] in told
    assert (wording.FICTIONAL in told) == (name == "example")


def test_every_heading_of_two_levels_stands_in_the_contents_and_is_linked():
    body = written("example")
    marks = {mark.get(W + "name") for mark in body.iter(W + "bookmarkStart")}
    links = {link.get(W + "anchor"): text_of(link) for link in body.iter(W + "hyperlink")}
    assert links.keys() <= marks
    headings = [
        text_of(one)
        for one in body.iter(W + "p")
        if (style := one.find(f"{W}pPr/{W}pStyle")) is not None
        and style.get(W + "val") in ("Heading1", "Heading2")
    ]
    assert list(links.values()) == headings
    assert len(headings) > 20
    assert ["TOC" in one.text for one in body.iter(W + "instrText")] == [True]
    kinds = [mark.get(W + "fldCharType") for mark in body.iter(W + "fldChar")]
    assert kinds == ["begin", "separate", "end"]


def test_tables_have_borders_repeat_their_heads_and_pictures_have_alt_text():
    body = written("example")
    tables = list(body.iter(W + "tbl"))
    assert len(tables) > 25
    for table in tables:
        assert table.find(f"{W}tblPr/{W}tblStyle").get(W + "val") == "TableGrid"
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
    alts = [one.get("descr") for one in body.iter() if one.tag.endswith("}docPr")]
    assert len(alts) == 16
    assert all(alt.startswith(("折线图：", "横条图：", "散点图：")) for alt in alts)
    assert [size.get(W + "orient") for size in body.iter(W + "pgSz")] == [
        None,
        "landscape",
        None,
    ]  # 附表1 lies on its side, the evidence stands again


def test_text_is_set_in_fangsong_under_heiti():
    styles = part(package("example"), "styles")
    fonts = {
        style.get(W + "styleId"): style.find(f"{W}rPr/{W}rFonts")
        for style in styles.iter(W + "style")
    }
    assert fonts["Normal"].get(W + "eastAsia") == "FangSong"
    assert fonts["Heading1"].get(W + "eastAsia") == fonts["Title"].get(W + "eastAsia") == "SimHei"
    assert not [part for part in fonts["Heading1"].attrib if "Theme" in part]


# What the page says, the document says ------------------------------------------------------------


@functools.cache
def in_english(name: str) -> tuple[notebooks.Executed, ...]:
    with wording.speaking("en"):
        return tuple(executed(name))


def changed(
    made: tuple[notebooks.Executed, ...], kind: str, more: dict
) -> list[notebooks.Executed]:
    """An edition whose record of that kind holds `more`."""
    return [
        replace(one, record={**one.record, **more}) if one.record["record"] == kind else one
        for one in made
    ]


def bare(text: str) -> str:
    """`text` without spaces and brackets: what is small print on the page stands in brackets in the
    document."""
    return re.sub(r"[\s（）()]", "", text)


def chapters(body: ElementTree.Element, level: int) -> dict[str, str]:
    """The bare text under each heading of that level, itself included, up to the next of the same
    or a higher one."""
    found, title = {}, None
    for one in body.find(W + "body"):
        style = one.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(W + "val") in [
            f"Heading{k}" for k in range(1, level + 1)
        ]:
            title = text_of(one)
        found[title] = found.get(title, "") + bare(text_of(one))
    return found


def said_on(seen: Read, tag: str, within: Element, starting: str = "") -> list[str]:
    """The bare texts of the elements of that kind inside of another, those that start so."""
    return [
        bare(one.text)
        for one in seen.elements
        if one.tag == tag and within in one.inside and bare(one.text).startswith(bare(starting))
    ]


@pytest.mark.parametrize("name", PLANS)
def test_a_card_says_in_the_document_what_it_says_on_the_page(name):
    """The judgement with 模型分歧, other readings, other models, other rules: the same words in the
    same order."""
    seen, cards = Read(page(name)), chapters(written(name), 2)
    articles = [one for one in seen.elements if one.tag == "article"]
    assert len(articles) == len(
        [one for one in assembled(name) if one.record["record"] == "indicator"]
    )
    for article in articles:
        title = next(one.text for one in seen.elements if one.tag == "h3" and article in one.inside)
        told = said_on(seen, "dl", article) + said_on(
            seen, "details", article, wording.zh.page.SENSITIVITY
        )
        readings = said_on(seen, "h4", article)
        assert all(text in cards[title] for text in some(told) + readings), title
    records = [one.record for one in assembled(name) if one.record["record"] == "indicator"]
    told = "".join(cards.values())
    assert all(bare(one["texts"]["disagreement"]) in told for one in records)
    assert all(bare(one["says"]) in told for record in records for one in record["readings"])


def test_models_disagree_on_a_shipped_plan():
    """So that what is said of it is seen by the tests of pages and documents."""
    assert [
        one.record["indicator_id"]
        for name in PLANS
        for one in assembled(name)
        if one.record.get("disagree")
    ]


@pytest.mark.parametrize("name", PLANS)
def test_the_chance_in_the_main_table_is_that_of_the_page(name):
    seen, columns = Read(page(name)), wording.zh.page.TABLE_COLUMNS
    on_page = [
        bare(one.text)
        for one in seen.elements
        if one.tag == "td" and one.attrs.get("data-l") == columns[7] and "data-v" in one.attrs
    ]
    table = next(
        one
        for one in written(name).iter(W + "tbl")
        if text_of(one).startswith("".join(columns[:3]))
    )
    rows = [row.findall(W + "tc") for row in table.findall(W + "tr")[1:]]
    in_word = [bare(text_of(cells[6])) for cells in rows if len(cells) > 1]  # not the categories
    assert in_word == on_page
    assert len(in_word) == len(
        [one for one in assembled(name) if one.record["record"] == "indicator"]
    )


CROSSED = {
    "says": "虚构：甲与乙相符",
    "year": 2023,
    "computed": 11.25,
    "recorded": 11.5,
    "difference": -0.0217,
    "holds": False,
}
DOUBTED = {  # fictional
    "crosschecks": [CROSSED, {**CROSSED, "year": 2024, "holds": True}],
    "doubts": ["虚构：缺一行"],
    "warnings": ["虚构：单位不明"],
    "surprises": [
        {
            "indicator_id": "satisfaction",
            "area": "",
            "year": 2023,
            "value": 99.0,
            "low": 80.0,
            "high": 90.0,
        }
    ],
}


@pytest.mark.parametrize("name", [*PLANS, "doubted", "english"])
def test_the_data_check_is_the_page_s_word_for_word(name):
    """All but the reference series, which judge nothing."""
    made = (
        changed(assembled("example"), "data_check", DOUBTED)
        if name == "doubted"
        else list(in_english("example"))
        if name == "english"
        else None
    )
    seen, w = (
        Read(report.page(made, "0123456789ab") if made else page(name)),
        wording.en if name == "english" else wording.zh,
    )
    section = next(one for one in seen.elements if one.attrs.get("id") == "check")
    expected = bare(section.text)
    for folded in said_on(seen, "details", section):
        expected = expected.replace(folded, "")
    assert chapters(word(made) if made else written(name), 1)[w.page.SECTION["check"]] == expected
    assert bare(w.page.REPORTING) in expected


def test_every_sheet_bears_the_marks_of_the_page():
    """One header for all sections, so that no sheet of fictional or assumed figures can be copied
    without the word."""
    title = "审慎 <b>虚构</b>"
    assumed = {
        "scenario": "prudent",
        "scenario_title": title,
        "scenario_reason": "虚构的理由",
        "chosen": [{"says": "模型换了", "reason": "试试"}],
        "assumed": [],
    }
    under, fictional = (
        changed(assembled("example"), "assessment", assumed),
        f"※ {wording.FICTIONAL}",
    )
    made = (
        (package("example"), page("example"), [fictional]),
        (package("tongzhou-145"), page("tongzhou-145"), []),
        (parts(under), report.page(under, ""), [f"※ {wording.ASSUMED}“{title}”", fictional]),
    )
    for handed_out, html, marks in made:
        assert [text_of(one) for one in part(handed_out, "header1").iter(W + "p")][1:] == marks
        banners = [
            one.text
            for one in Read(html).elements
            if "fictional" in one.attrs.get("class", "").split()
        ]
        assert len(banners) == len(marks)
        assert all(banner.startswith(mark) for banner, mark in zip(banners, marks, strict=False))
        body = part(handed_out, "document")
        assert all(
            banner in [text_of(one) for one in body.iter(W + "p")] for banner in banners
        )  # the whole of it, once, in front
        assert len(list(body.iter(W + "headerReference"))) == 1
        assert not list(body.iter(W + "titlePg"))
    chapter = chapters(body, 1)[wording.ASSUMED]
    assert all(
        bare(text) in chapter for text in (wording.zh.page.SCENARIO_NOTE, "模型换了", "试试")
    )
    assert wording.ASSUMED not in chapters(written("example"), 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_chinese_is_set_as_chinese_and_latin_as_english_in_either_language(language):
    """Latin text under zh-CN is broken within its words and numbers."""
    styles = part(
        package("example") if language == "zh" else parts(list(in_english("example"))), "styles"
    )
    normal = next(
        style for style in styles.iter(W + "style") if style.get(W + "styleId") == "Normal"
    )
    spoken = [*styles.find(W + "docDefaults").iter(W + "lang"), *normal.iter(W + "lang")]
    assert [(one.get(W + "val"), one.get(W + "eastAsia")) for one in spoken] == [
        ("en-US", "zh-CN")
    ] * 2


def test_hostile_text_is_text_in_the_document():
    body = word(hostile_edition())
    assert text_of(body).count(HOSTILE) > 100
    assert {one.get(W + "anchor")[:4] for one in body.iter(W + "hyperlink")} == {
        "_Toc"
    }  # no link that came from data
    assert ["TOC" in one.text for one in body.iter(W + "instrText")] == [True]  # and no field


def test_characters_a_document_cannot_hold_are_shown_as_unknown_ones():
    assert (
        word_paper.clean("a\x00b\x08c\x1fd\ufffee\nf\tg") == "a\ufffdb\ufffdc\ufffdd\ufffde\nf\tg"
    )


# On paper -----------------------------------------------------------------------------------------


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b(?!s)", pdf))


@browser
@needs_chromium
def test_the_page_prints_tagged_with_an_outline_and_the_annex_on_its_side(tmp_path):
    (tmp_path / "page.html").write_text(page("example"), encoding="utf-8")
    paper.pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    pdf = (tmp_path / "page.pdf").read_bytes()
    assert b"/StructTreeRoot" in pdf
    assert b"/Outlines" in pdf
    assert pages(pdf) > 10
    sizes = {
        tuple(round(float(side)) for side in box.split())
        for box in re.findall(rb"/MediaBox ?\[0 0 ([\d.]+ [\d.]+)\]", pdf)
    }
    assert sizes == {(595, 842), (842, 595)}
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, text=True
        ).stdout.split("\f")
        assert all(
            "云上县示例规划" in one.splitlines()[0]
            and "2024" in one.splitlines()[0]
            and re.search(rf"{k} / {len(told) - 1}\s*$", one)
            for k, one in enumerate(told[:-1], 1)
        )


@browser
@needs_chromium
def test_hostile_text_is_text_on_paper(tmp_path):
    (tmp_path / "brief.html").write_text(
        brief_page.page(report.facts_of(hostile_edition(), HOSTILE)), encoding="utf-8"
    )
    paper.pdf(tmp_path / "brief.html", tmp_path / "brief.pdf")
    pdf = (tmp_path / "brief.pdf").read_bytes()
    assert not re.search(rb"/JavaScript|/JS\b|/Launch|/EmbeddedFile|/URI\b", pdf)
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", tmp_path / "brief.pdf", "-"], capture_output=True, text=True
        ).stdout
        assert "<script>alert(1)</script>" in told
        assert "{{7*7}}" in told


def long_winded(record: dict) -> dict:
    """A record of a plan that calls everything by a hundred characters, has every alert and lacks
    all data from everyone."""
    name = "名称很长的一项指标" * 12
    if record["record"] == "indicator":
        return {**record, "name_zh": name, "alert_code": "red", "p_met": 0.01}
    if record["record"] == "data_check":
        return {
            **record,
            "missing": [
                {**row, "office": f"{k}{name}", "name_zh": name}
                for k, row in enumerate(record["missing"] * 20)
            ],
        }
    return record


@browser
@needs_chromium
@pytest.mark.parametrize("name", [*PLANS, "long"])
def test_the_brief_is_one_page(tmp_path, name):
    made = (
        list(assembled(name))
        if name != "long"
        else [replace(one, record=long_winded(one.record)) for one in assembled("example")]
    )
    (tmp_path / "brief.html").write_text(
        brief_page.page(report.facts_of(made, "0123456789ab")), encoding="utf-8"
    )
    paper.pdf(tmp_path / "brief.html", tmp_path / "brief.pdf")
    assert pages((tmp_path / "brief.pdf").read_bytes()) == 1


@pytest.mark.parametrize("name", PLANS)
def test_the_brief_leads_with_the_conclusion_and_names_who_must_supply(name):
    facts = report.facts_of(list(assembled(name)), "0123456789ab")
    brief = brief_page.page(facts)
    assert wording.OVERALL[facts["whole"]["overall"]] in brief
    assert "<script" not in brief
    assert all(row["office"] in brief for row in facts["check"]["missing"][:1])
    watched = [
        one for one in facts["indicators"] if one["alert_code"] in ("red", "orange", "yellow")
    ]
    assert all(one["name"] in brief for one in watched[:7])


def test_a_brief_without_alerts_has_room_for_the_promises():
    facts = report.facts_of(list(assembled("tongzhou-145")), "0123456789ab")
    assert facts["commitments"]["sentence"].startswith("规划作出的 173 项任务承诺中：")
    assert facts["commitments"]["sentence"] in brief_page.page(facts)


# Whole or not at all ------------------------------------------------------------------------------


def test_without_chromium_one_sentence_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(paper.shutil, "which", lambda _: None)
    with pytest.raises(
        paper.NoBrowser,
        match=r"no Chromium to print with .* install it with: apt-get install chromium",
    ):
        paper.pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "no word of why"),
        ("echo 'no display' >&2; exit 1", "no display"),
        ("exit 0", "no word of why"),
        (
            """for a in "$@"; do case $a in --print-to-pdf=*) echo x > "${a#*=}";; esac; done""",
            "no word",
        ),
    ],
)
def test_a_browser_that_fails_leaves_the_earlier_print(monkeypatch, tmp_path, script, why):
    (tmp_path / "chromium").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setattr(paper.shutil, "which", lambda _: str(tmp_path / "chromium"))
    (tmp_path / "page.html").write_text("<!doctype html>")
    (tmp_path / "page.pdf").write_bytes(b"earlier")
    with pytest.raises(paper.NotPrinted, match=why):
        paper.pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes() == b"earlier"
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("kind", handout.KINDS)
def test_an_edition_that_was_not_made_is_named_with_the_command_that_makes_it(toy, kind):
    with pytest.raises(
        Unknown,
        match=r"toy 还没有 2023@2024-03-31 期次；先执行 make assess PLAN=toy YEAR=2023 "
        r"KNOWN_BY=2024-03-31$",
    ):
        handout.make(kind, request.of("toy", 2023, "2024-03-31", toy.root))


def filed(folder: Path, changes: dict | None = None) -> None:
    """The files of an edition, its notebooks without the cells: what handouts read is their records
    and page.json."""
    folder.mkdir(parents=True)
    for name in tasks.PAGE:
        (folder / name).write_text("x")
    (folder / "page.json").write_text(notebooks.page_json("0123456789ab", changes))


def pixels(made: list[notebooks.Executed]) -> dict[str, bytes]:
    return dict.fromkeys(
        [f"i-{each.record['indicator_id']}" for each in made[1:-2]] + [*pictures.OF_THE_WHOLE],
        ONE_PIXEL,
    )


def test_what_is_handed_out_compares_with_what_the_page_compared_with(toy, monkeypatch):
    """A neighbour assessed since, or assessed anew, changes no handout: all papers of an edition
    tell one story."""
    made = list(assembled("example"))
    records = [one.record for one in made if one.record["record"] == "indicator"]
    before = [
        {**one, "status": "behind"} if one["indicator_id"] == "case_days" else one
        for one in records
    ]
    changes = year_before.changes(made, year_before.Earlier("2022", "ab" * 32, before))
    one = request.of("toy", 2023, root=toy.root)
    filed(one.folder, changes)
    for module in (handout.report, handout.notebooks):
        monkeypatch.setattr(module, "executed", lambda _: made)
    monkeypatch.setattr(handout.pictures, "pictures", pixels)
    monkeypatch.setattr(paper, "pdf", lambda _, target: target.write_bytes(b"%PDF-"))
    shown = []
    for neighbour in (None, "[]"):  # none there any more; then another than the page knew
        if neighbour:
            (one.folder.with_name("2022")).mkdir()
            (one.folder.with_name("2022") / "results.json").write_text(neighbour)
        (docx,), (_, brief) = handout.make("docx", one), handout.make("brief", one)
        body = part(zipfile.ZipFile(docx), "document")
        shown.append((text_of(body), brief.read_text("utf-8")))
    assert shown[0] == shown[1]
    moved = Read(report.page(made, "0123456789ab", changes)).id("conclusion").text
    line = next(text for text in re.findall(r"\S+：\S+ → \S+", moved))
    assert all(line.split("：")[0] in text and "→" in text for text in shown[0])
    assert "0123456789ab" in shown[0][0]
    assert "0123456789ab" in shown[0][1]


def test_a_document_stands_beside_its_edition_and_is_replaced_whole(toy, monkeypatch):
    one = request.of("toy", 2023, root=toy.root)
    made = list(assembled("example"))
    filed(one.folder)
    for module in (handout.report, handout.notebooks):
        monkeypatch.setattr(module, "executed", lambda _: made)
    monkeypatch.setattr(handout.pictures, "pictures", pixels)
    assert handout.make("docx", one) == [one.folder.with_name("2023.docx")]
    assert zipfile.is_zipfile(one.folder.with_name("2023.docx"))
    assert sorted(path.name for path in one.folder.iterdir()) == sorted(tasks.PAGE)
    monkeypatch.setattr(
        handout.atomic.os,
        "fsync",
        lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(OSError, match="No space"):
        handout.make("docx", one)
    assert sorted(path.name for path in one.folder.parent.iterdir()) == ["2023", "2023.docx"]


@pytest.mark.parametrize("kind", handout.KINDS)
def test_the_verb_tells_what_it_cannot_do_in_one_sentence(monkeypatch, capsys, kind):
    def fails(*_):
        raise paper.NoBrowser("no Chromium to print with; install it")

    monkeypatch.setattr(handout, "make", fails)
    monkeypatch.setattr("sys.argv", ["helpers", kind, "--plan", "example"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == cli.FAILED
    assert capsys.readouterr().err == "no Chromium to print with; install it\n"
    monkeypatch.setattr("sys.argv", ["helpers", kind, "--year", "2024"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == cli.USED_WRONGLY
    assert "a year needs a plan" in capsys.readouterr().err


def test_an_office_restyles_the_document_by_changing_its_skeleton(monkeypatch, tmp_path):
    """Fonts, margins and what stands in the foot of a page are the skeleton's, not the code's."""
    skeleton = docx.Document(str(word_paper.SKELETON))
    skeleton.styles["Heading 1"].font.size = docx.shared.Pt(31)
    skeleton.sections[0].left_margin = docx.shared.Cm(4)
    skeleton.sections[0].footer.add_paragraph("虚构的页脚")
    skeleton.save(str(tmp_path / "report.docx"))
    monkeypatch.setattr(word_paper, "SKELETON", tmp_path / "report.docx")
    made = parts(list(assembled("example")))
    sizes = {
        style.get(W + "styleId"): style.find(f"{W}rPr/{W}sz")
        for style in part(made, "styles").iter(W + "style")
    }
    assert sizes["Heading1"].get(W + "val") == "62"  # in half points
    standing, aside, _ = [one.get(W + "left") for one in part(made, "document").iter(W + "pgMar")]
    assert round(int(standing) / 567) == 4  # 567 twentieths of a point are a centimetre
    assert round(int(aside) / 56.7) == 12
    assert "虚构的页脚" in text_of(part(made, "footer1"))
