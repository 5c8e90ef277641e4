"""Two languages, one assessment: the tables of words have the same shape, and on a page each
language keeps to its place."""

from __future__ import annotations

import functools
import inspect
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import ModuleType

import pytest
from test_report import VOID, Read, assembled, executed, page

from helpers import comparisons, request
from helpers.intake import plan as plans
from helpers.intake.finding import Unknown
from helpers.publish import report
from helpers.show import result, wording
from helpers.show.wording import en, en_names, zh

HAN = re.compile(r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]")
TABLES = {"words": (zh, en), "page": (zh.page, en.page), "monitor": (zh.monitor, en.monitor)}


def names(table: ModuleType) -> dict[str, object]:
    """What a table offers: its constants and functions, without what it imported to make them."""
    return {
        name: value
        for name, value in vars(table).items()
        if not name.startswith("_")
        and (name.isupper() or (inspect.isfunction(value) and value.__module__ == table.__name__))
    }


@pytest.mark.parametrize("which", TABLES)
def test_both_tables_say_the_same_things(which):
    ours, theirs = map(names, TABLES[which])
    assert ours.keys() - {"UNIT"} == theirs.keys() - {
        "UNIT"
    }  # units are translated into one language only
    assert len(ours) > 25


@pytest.mark.parametrize(
    ("which", "name"),
    [(which, name) for which, (ours, _) in TABLES.items() for name in names(ours)],
)
def test_every_word_and_sentence_has_the_same_form_in_both(which, name):
    ours, theirs = (names(table)[name] for table in TABLES[which])
    if inspect.isfunction(ours):
        assert inspect.signature(ours) == inspect.signature(theirs)
    elif isinstance(ours, dict) and name != "GLOSSARY":
        assert list(ours) == list(theirs)  # keys and their order, which is the order of the page
        assert {key for key, word in ours.items() if not word} == {
            key for key, word in theirs.items() if not word
        }
    elif isinstance(ours, tuple) and name != "WITHOUT_SPACE":
        assert [len(part) if isinstance(part, tuple) else 1 for part in ours] == [
            len(part) if isinstance(part, tuple) else 1 for part in theirs
        ]
    else:
        assert type(ours) is type(theirs)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    return (
        [text for item in value for text in strings(item)]
        if isinstance(value, (tuple, list))
        else []
    )


def test_no_english_word_is_chinese_and_no_chinese_one_english():
    for _, table in TABLES.values():
        assert not [
            text for value in names(table).values() for text in strings(value) if HAN.search(text)
        ]
    sentences = [
        text
        for table, _ in TABLES.values()
        for name, value in names(table).items()
        if name not in ("CODE", "LANG", "NAME")
        for text in strings(value)
    ]
    assert not [text for text in sentences if re.search(r"[a-z]{2,} [a-z]{2,}", text)]


def test_a_language_without_a_table_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"no report language 'fr'; choose one of zh, en"):
        wording.speak("fr")
    with pytest.raises(Unknown, match=r"报告语言 'fr' 没有用语表；可选：zh、en"):
        request.of("example", language="fr")


def test_a_language_is_spoken_until_another_is_and_restored_after_an_error():
    assert wording.CODE == "zh"
    assert wording.STATUS["behind"] == "滞后于预期"

    def fails() -> None:
        with wording.speaking("en"):
            assert wording.STATUS["behind"] == "behind expectation"
            assert wording.spoken() is en
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert wording.CODE == "zh"


def test_an_edition_in_english_has_a_folder_of_its_own():
    assert [
        request.of("example", 2024, known, language=language).name
        for known in ("", "2025-03-31")
        for language in ("zh", "en")
    ] == ["2024", "2024.en", "2024@2025-03-31", "2024@2025-03-31.en"]


# The page -----------------------------------------------------------------------------------------


@functools.cache
def english(name: str) -> str:
    with wording.speaking("en"):
        return report.page(executed(name), "0123456789ab")


class Spoken(HTMLParser):
    """Text and spoken attributes of a page with the language they stand in."""

    def __init__(self, html: str):
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.told: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.told += [
            (attrs.get("lang") or self.language, f"{tag}[{name}]", attrs[name] or "")
            for name in ("aria-label", "title", "alt", "data-l", "data-words", "data-done")
            if name in attrs
        ]
        if tag not in VOID:
            self.open.append((tag, attrs.get("lang")))

    def handle_endtag(self, _tag):
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1][0] not in ("style", "script"):
            self.told.append((self.language, self.open[-1][0], data))

    @property
    def language(self) -> str:
        return next((language for _, language in reversed(self.open) if language), "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["example", "tongzhou-145", "national-145"])
def test_on_the_english_page_chinese_is_marked_as_a_quotation(name):
    told = Spoken(english(name)).told
    assert english(name).startswith('<!DOCTYPE html>\n<html lang="en">')
    assert not [
        (where, text) for language, where, text in told if language == "en" and HAN.search(text)
    ]
    quoted = [text for language, _, text in told if language == "zh-CN" and HAN.search(text)]
    assert len(quoted) > 50  # the plan's words are there all the same
    clauses = [
        clause["quote"].split("|")[0]
        for one in assembled(name)
        if one.record["record"] == "indicator"
        for clause in one.record["facts"]["clauses"]
    ]
    assert all(
        any(HAN.findall(clause)[0] in text for text in quoted)
        for clause in clauses
        if HAN.search(clause)
    )


@pytest.mark.slow
def test_what_an_english_reader_looks_for_first_has_no_word_of_chinese():
    """Conclusion, categories and the table of the national plan, which no evaluator wrote into."""
    found = re.findall(
        r'<section id="(?:conclusion|categories|table)".*?</section>', english("national-145"), re.S
    )
    texts = [re.sub(r"<svg.*?</svg>|<[^>]+>", "", part, flags=re.S) for part in found]
    assert [HAN.findall(text) for text in texts] == [[], [], []]
    assert "China National Intellectual Property Administration" in texts[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("国家统计局、教育部", "National Bureau of Statistics, Ministry of Education"),
        ("云上县统计局（虚构）：3", "云上县统计局（虚构）：3"),  # more than names
        ("云上县统计局（虚构） 3", "Yunshang County Bureau of Statistics (fictional) 3"),
        ("国家统计局公布", "国家统计局公布"),
    ],
)  # fmt: skip
def test_known_names_are_in_english_and_half_a_sentence_is_not(text, told):
    assert en_names.english(text) == told


@pytest.mark.parametrize(
    ("unit", "decimals", "value", "told"),
    [
        ("亿元", 1, 2180.0, "218.00 billion yuan"),  # ten of a hundred million are a billion
        ("万人", 1, 9.5, "95 thousand people"),
        ("%", 1, 10.5, "10.5%"),
    ],
)
def test_a_sentence_says_billion_and_thousand(unit, decimals, value, told):
    facts = next(iter(plans.indicators(plans.load("example"))))
    assert en.amount(value, replace(facts, unit=unit, decimals=decimals)) == told


@pytest.mark.parametrize("name", ["example", "tongzhou-145"])
def test_on_the_chinese_page_english_is_code_or_a_name(name):
    told = [
        (language, where, re.sub("“[^”]*”", "", text))
        for language, where, text in Spoken(page(name)).told
    ]
    allowed = {
        "code",
        "a",
        "span",
        "cite",
        "blockquote",
        "small",
        "li",
    }  # sources may have English titles, code is code
    said = [
        (where, text)
        for _, where, text in told
        if re.search(r"\b[a-z]{3,} [a-z]{3,} [a-z]{3,}\b", text) and where not in allowed
    ]
    assert said == []


def test_the_english_page_says_of_every_indicator_what_the_chinese_one_does():
    opened = Read(english("example"))
    for record in (
        one.record for one in assembled("example") if one.record["record"] == "indicator"
    ):
        card = opened.id(f"i-{record['indicator_id']}").text
        assert record["name_en"] in card
        assert en.STATUS[record["status"]] in card
        assert record["facts"]["definition"] in card
        if record["progress"] is not None:
            assert (
                f"{en.gained(record['progress'], record['bound'], record['facts']['direction'])} "
                f"of the planned gain in {en.percent(record['elapsed'])} of the time" in card
            )
    assert [one.attrs["id"] for one in opened.all("section")] == [
        one.attrs["id"] for one in Read(page("example")).all("section")
    ]


def test_scenarios_can_be_compared_in_english(tmp_path):
    html, told = comparisons.compared_scenarios("example", 2024, "", tmp_path, "en")
    said = Spoken(html.read_text("utf-8")).told
    assert not [
        (where, text) for language, where, text in said if language == "en" and HAN.search(text)
    ]
    assert "behind expectation" in html.read_text("utf-8")
    assert wording.CODE == "zh"
    assert f"※ {en.FICTIONAL}" in html.read_text("utf-8")
    assert told[0].startswith("hopeful: against base, ")
    assert not any(HAN.search(one) for one in told)


def test_codes_and_numbers_of_the_records_are_the_same_in_both_languages():
    ours = [one.record for one in assembled("national-145") if one.record["record"] == "indicator"]
    with wording.speaking("en"):
        theirs = [
            one.record for one in executed("national-145") if one.record["record"] == "indicator"
        ]
    same = [name for name in result.COLUMNS if name not in ("outlook", "alert", "final", "note")]
    assert [[record[name] for name in same] for record in ours] == [
        [record[name] for name in same] for record in theirs
    ]


def test_an_edition_can_be_asked_for_in_every_language_that_has_a_table():
    assert tuple(wording.LANGUAGES) == request.LANGUAGES
