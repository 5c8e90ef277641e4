"""Blocks: what is said once is drawn on every paper; a chapter and a row of the card are added in
one place."""

from __future__ import annotations

import json
import re
import typing
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from conftest import some
from jinja2 import UndefinedError
from test_handout import parts, text_of, written
from test_report import HOSTILE, PLANS, ROOT, TEMPLATE, Read, assembled, no_font, page, read  # noqa: F401

from helpers.publish import brief as brief_page, chapters, document, rendered, report
from helpers.publish.chapters import Chapter
from helpers.show import blocks, card, lines, marks, result, table, wording
from helpers.show.blocks import Sentence
from helpers.show.lines import Bold, Break, Link, Mark, Small, plain

KINDS = typing.get_args(blocks.Block)
PIECES = typing.get_args(lines.Piece)


def test_every_block_and_every_piece_is_drawn_on_the_page_and_in_word():
    drawn = set(re.findall(r"kind == '(\w+)'", (TEMPLATE / "blocks.html.j2").read_text("utf-8")))
    assert {kind.kind for kind in (*KINDS, *PIECES)} == drawn
    assert set(document.DRAWN) == set(KINDS)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("甲", "甲"),
        (("甲", " ", Small("乙")), "甲（乙）"),  # small print after text stands in brackets
        (("甲", Break(), Small("乙")), "甲\n乙"),  # and on its own line without
        (Small("乙"), "乙"),
        ((Mark("▲", "快于预期", "s"), "，", Link("表", "#t")), "▲ 快于预期，表"),
        ((Bold("甲"), lines.Track(0.5, 0.4, "ahead"), ""), "甲"),  # a drawing has no text
    ],
)
def test_a_line_is_told_without_what_only_a_screen_draws(line, text):
    assert plain(line) == text


def test_what_says_nothing_is_not_separated():
    assert plain(lines.separated(["甲", "", ("乙",)], "；")) == "甲；乙"
    assert lines.separated([], "；") == ()


# One list of chapters -----------------------------------------------------------------------------


def order_on(html: str) -> list[str]:
    return [one.attrs["id"] for one in Read(html).all("section")]


def headings(body) -> list[str]:
    return [
        text_of(one)
        for one in body.iter(f"{word_ns}p")
        if (style := one.find(f"{word_ns}pPr/{word_ns}pStyle")) is not None
        and style.get(f"{word_ns}val") == "Heading1"
    ]


word_ns = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.usefixtures("no_font")
def test_page_contents_and_document_have_the_chapters_in_one_order(monkeypatch):
    """The order of the list, turned around, is the order of every paper."""
    title = wording.zh.page.SECTION
    monkeypatch.setattr(chapters, "CHAPTERS", chapters.CHAPTERS[::-1])
    made = list(assembled("example"))
    opened = Read(report.page(made, ""))
    on_page = [one.attrs["id"] for one in opened.all("section")]
    assert on_page[0] == "evidence"  # these notebooks hold no judgement to sign
    assert on_page[-1] == "conclusion"
    linked = [one.attrs["href"][1:] for one in opened.all("a") if one.within("nav")]
    assert [name for name in linked if not name.startswith("i-")] == on_page
    body = ElementTree.fromstring(parts(made).read("word/document.xml"))
    assert headings(body) == [title[name] for name in on_page if name != "areas"]


@pytest.mark.usefixtures("no_font")
def test_a_chapter_added_to_the_list_is_on_the_page_and_in_the_document(monkeypatch):
    def said(edition, _):
        yield Sentence(("虚构的一章：", edition["plan"]["id"], HOSTILE), "")

    monkeypatch.setitem(wording.zh.page.SECTION, "added", "加的一章")
    monkeypatch.setattr(chapters, "CHAPTERS", (*chapters.CHAPTERS, Chapter("added", said)))
    made = list(assembled("example"))
    section = Read(report.page(made, "")).id("added")
    assert section.text.split() == ["加的一章", *f"虚构的一章：example{HOSTILE}".split()]
    body = ElementTree.fromstring(parts(made).read("word/document.xml"))
    assert headings(body)[-1] == "加的一章"
    assert f"虚构的一章：example{HOSTILE}" in text_of(body)


def test_a_chapter_stands_only_in_editions_that_have_what_it_tells():
    assert "scenario" not in order_on(page("example"))
    assert "areas" not in order_on(page("example"))  # these notebooks judge no area
    areas = next(one for one in chapters.CHAPTERS if one.id == "areas")
    assert areas.there({"indicators": [{"areas": []}, {"areas": [{"area": "north"}]}]})
    assert not areas.there({"indicators": [{"areas": []}]})


# One list of rows of the card ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_the_card_has_its_rows_on_the_page_and_in_the_document(name):
    opened, body = read(name), text_of(written(name))
    records = [one.record for one in assembled(name) if one.record["record"] == "indicator"]
    for record in some(records):
        article = opened.id(f"i-{record['indicator_id']}")
        terms = [one.text for one in opened.all("dt") if article in one.inside]
        told = [one.text for one in opened.all("dd") if article in one.inside]
        rows = card.rows(record, wording.zh)
        assert terms == [heading for heading, _ in rows]
        assert told == [plain(line).replace("\n", "") for _, line in rows]
        assert all(plain(line).replace("\n", "") in body for _, line in rows)


@pytest.mark.usefixtures("no_font")
def test_a_row_added_to_the_card_appears_on_page_document_notebook_and_brief(monkeypatch):
    """One change in one file: `card.ROWS`."""
    added = card.Row("cagr", lambda r, _: f"全：{r['cagr']}", lambda r, _: f"略：{r['cagr']}")
    monkeypatch.setattr(card, "ROWS", (*card.ROWS, added))
    made, heading = list(assembled("example")), wording.zh.page.LABEL["cagr"]
    facts = report.facts_of(made, "0123456789ab")
    opened, brief = Read(report.page(made, "")), Read(brief_page.page(facts))
    body = text_of(ElementTree.fromstring(parts(made).read("word/document.xml")))
    for record in (one.record for one in made if one.record["record"] == "indicator"):
        article = opened.id(f"i-{record['indicator_id']}")
        told = f"全：{record['cagr']}"
        assert told in [one.text for one in opened.all("dd") if article in one.inside]
        assert heading + told in body
        assert [heading, told] in table.concluded(record).values.tolist()
        if record["alert_code"] in ("red", "orange", "yellow"):
            assert f"略：{record['cagr']}" in [one.text for one in brief.all("td")]
    assert heading in [one.text for one in brief.all("th")]
    assert "略：" in "".join(one.text for one in brief.all("td"))


def test_the_notebook_of_an_indicator_shows_the_card_of_its_record():
    cells = json.loads((ROOT / "notebooks" / "2_indicator.ipynb").read_text("utf-8"))["cells"]
    (shown,) = [cell for cell in cells if "".join(cell["source"]) == "table.concluded(record.data)"]
    record = result.read({"cells": cells})
    text = "".join(shown["outputs"][0]["data"]["text/html"])
    assert all(f">{heading}</td>" in text for heading, _ in card.rows(record, wording.zh))


def test_a_name_that_is_not_there_is_a_fault_on_every_page():
    with pytest.raises(UndefinedError, match="pages"):
        rendered.rendered({"whole": {"language": "zh"}}, "editions.html.j2", script=False)


def test_an_alert_without_a_forecast_is_hatched_and_none_is_nothing():
    w = wording.zh
    base = {"alert_code": "blue", "p_met": None, "final_code": ""}
    assert marks.alert_of(base, w).style == "alert a-blue unforeseen"
    assert marks.alert_of({**base, "p_met": 0.5}, w).style == "alert a-blue"
    assert marks.alert_of({**base, "final_code": "done"}, w).style == "alert a-blue"
    assert marks.alert_of({**base, "alert_code": None}, w) == ""


def test_only_http_and_https_lead_outside():
    assert marks.outside("https://example.org", "x") == Link("x", "https://example.org")
    for address in ("javascript:alert(1)", "//example.org", " https://example.org", "", None):
        assert marks.outside(address, "x") == "x"
    assert replace(Link("x", "#y"), href="http://x").outside
