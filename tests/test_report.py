"""The page: what stands in it and in which order, that data stays text in it, that it asks nobody
for anything."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import itertools
import json
import re
import warnings
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import some
from drawing import trajectory
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from helpers.intake import observations, plan as plans
from helpers.measure import backtest, commitment, coverage, sensitivity, verdict
from helpers.publish import notebooks, pictures, rendered, report
from helpers.show import canvas, figure, result, wording

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = rendered.TEMPLATES / "assessment"
PLANS = plans.available()
NATIONAL = tuple(name for name in PLANS if name.startswith("national"))
SECTIONS = [
    *("conclusion", "background", "categories", "table", "cards", "commitments"),
    *("outlook", "check", "method", "sources", "annex", "evidence"),
]
SAFEGUARDED = ("example", "tongzhou-145")  # plans that name their safeguards
VOID = {"meta", "link", "br", "img", "input", "hr"}  # elements without an end


# An edition without kernels: the records and pictures its notebooks would hold --------------------


def notebook(name: str, *bundles: dict, source: str = "plan = 1") -> notebooks.Executed:
    """An executed notebook holding these outputs, as it is read back from its file."""
    cells = [{"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# 一项指标"}]
    for k, data in enumerate(bundles, 1):
        output = {
            "output_type": "execute_result",
            "execution_count": k,
            "metadata": {},
            "data": data,
        }
        cells.append(
            {
                "cell_type": "code",
                "id": f"c{k}",
                "metadata": {},
                "source": source,
                "execution_count": k,
                "outputs": [output],
            }
        )
    raw = json.dumps(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False
    ).encode()
    content = json.loads(raw)
    return notebooks.Executed(
        f"{name}.ipynb", hashlib.sha256(raw).hexdigest(), content, result.read(content)
    )


def picture(ax, alt: str) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "error"
        )  # matplotlib warns of a character its font lacks, and draws a box
        return {"text/plain": alt, pictures.SVG: canvas.Picture(ax, alt).svg}


def executed(
    name: str, *, facts=lambda one: one, data=lambda record: record, source: str = "plan = 1"
) -> list[notebooks.Executed]:
    """All notebooks of an edition of a shipped plan in its default year; `facts` and `data` may
    spoil what they hold."""
    plan = plans.load(name)
    chosen = plans.choices(plan)
    year, choices = chosen.year, {"model": chosen.model, "rule": chosen.rule}
    received = observations.receive(plan)
    points = observations.all_taken(plan, received, year)
    known = plans.indicators(plan)
    each, records = [], []
    for one in known:
        said = verdict.assess(plan, one, points, year, **choices)
        others = sensitivity.other_readings(plan, one, points, received.context, year, **choices)
        said = replace(said, facts=facts(said.facts))
        records.append(
            result.indicator(
                plan,
                said,
                others,
                sensitivity.other_models(plan, said),
                sensitivity.other_rules(said),
                level=chosen.level,
            ).data
        )
        alt = wording.alternative(said, said.facts)
        each.append(
            notebook(
                f"2_{one.id}",
                picture(trajectory(said), alt),
                {"text/plain": alt, result.MIME: data(records[-1])},
                source=source,
            )
        )
    states = [
        commitment.state_of(promise, received.evidence, plan.period, year)
        for promise in plans.commitments(plan)
    ]
    others = [
        result.data_check(plan, received, points, coverage.missing(plan, known, points, year)),
        result.commitments(plan, states),
        result.assessment(plan, year, "", records),
    ]
    check, promises, whole = (
        {"text/plain": record.sentence, result.MIME: data(record.data)} for record in others
    )
    overview = picture(figure.overview(records), wording.overview_alternative(records))
    tenths = {kind: backtest.tenths("pooled", kind) for kind in backtest.KINDS}
    reliability = picture(
        figure.reliability(tenths), wording.reliability_alternative("pooled", tenths)
    )
    return [
        notebook("1_data_check", check),
        *each,
        notebook("3_commitments", promises),
        notebook("4_assessment", overview, reliability, whole),
    ]


@functools.cache
def assembled(name: str) -> tuple[notebooks.Executed, ...]:
    return tuple(executed(name))


@functools.cache
def page(name: str) -> str:
    return report.page(assembled(name), "0123456789ab")


HOSTILE = "".join(
    (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'onmouseover='alert(1)",
        "javascript:alert(1)",
        "{{7*7}}",
        "{% raw %}{# #}",
        "$x^2$",
        "](javascript:x)",
        "</style></svg></title>",
        "<!--",
        "&lt;b&gt;",
        "@@STYLE@@",
        "@@STYLE-HASH@@",
        "${7*7}",
        "\\u003cscript\\u003e",
    )
)
SHORT = "<script>$x^2$</script>"  # what still has room in a picture
SAFE_LINK = 'https://example.org/"onmouseover="alert(1)'
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//example.org/x",
    " https://example.org",
    "vbscript:x",
    SAFE_LINK,
]
CODES = {
    "record",
    "schema",
    "plan",
    "indicator_id",
    "id",
    "area",
    "kind",
    "property",
    "op",
    "status",
    "model",
    "rule",
    "category",
    "categories",
    "bound",
    "baseline_source",
    "baseline_bound",
    "level_bound",
    "final_code",
    "reasons",
    "possible",
    "reported",
    "direction",
    "source",
    "sources",
    "group",
    "relates_to",
    "operation",
    "type",
    "state",
    "overall",
    "counts",
    "best",
    "worst",
    "indicators",
    "role",
    "series",
    "language",
    "anchor",
    "commitment_id",
    "schedule",
    "official",
    "strength",
    "basis",
    "reading",
    "sha256",
    "since",
    "outlook_code",
    "alert_code",
    "alerts",
    "disagree",
    "why_not",
    "course",
}


def spoilt(value, key: str = "", addresses=None):
    """`value` with every string a reader sees replaced by hostile ones; codes, which choose words,
    stay."""
    if isinstance(value, dict):
        return {
            name: item
            if name in CODES and not isinstance(item, (dict, list))
            else spoilt(item, name, addresses)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return (
            value
            if key in CODES and not any(isinstance(item, dict) for item in value)
            else [spoilt(item, key, addresses) for item in value]
        )
    if not isinstance(value, str):
        return value
    return addresses() if key == "url" else HOSTILE


@functools.cache
def _hostile() -> tuple[notebooks.Executed, ...]:
    addresses = (ADDRESSES * 99).__iter__().__next__
    return tuple(
        executed(
            "example",
            facts=lambda one: replace(one, name_zh=SHORT, unit=SHORT),
            data=lambda record: spoilt(record, addresses=addresses),
            source=HOSTILE,
        )
    )


def hostile_edition() -> list[notebooks.Executed]:
    return list(_hostile())


@functools.cache
def hostile_page() -> str:
    return report.page(hostile_edition(), HOSTILE)


# Reading a page back ------------------------------------------------------------------------------


@dataclass(eq=False, repr=False)
class Element:
    tag: str
    attrs: dict[str, str]
    inside: tuple[Element, ...]
    page: Read
    start: int
    end: int | None = None

    @property
    def text(self) -> str:
        return "".join(self.page.pieces[self.start : self.end])

    def within(self, tag: str, **attrs: str) -> bool:
        return any(one.tag == tag and attrs.items() <= one.attrs.items() for one in self.inside)


@dataclass(eq=False, repr=False)
class Read(HTMLParser):
    """A page as html.parser sees it: its elements in order, each with the text inside it."""

    source: str
    elements: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        self.elements.append(
            Element(
                tag,
                {name: value or "" for name, value in attrs},
                tuple(self.open),
                self,
                len(self.pieces),
            )
        )
        if tag in VOID:
            self.elements[-1].end = len(self.pieces)
        else:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"
        closed.end = len(self.pieces)

    def handle_data(self, data):
        self.pieces.append(data)

    def handle_comment(self, data):
        self.comments.append(data)

    def all(self, tag: str, **attrs: str) -> list[Element]:
        return [
            one for one in self.elements if one.tag == tag and attrs.items() <= one.attrs.items()
        ]

    def id(self, name: str) -> Element:
        (found,) = [one for one in self.elements if one.attrs.get("id") == name]
        return found


@functools.cache
def read(name: str) -> Read:
    return Read(page(name))


DOCUMENT = re.compile(r"\.\./\.\./\.\./raw/[\w-]+/documents/[\w.%-]+")  # a kept copy of a source


@pytest.fixture
def no_font(monkeypatch) -> None:
    """Pages without their font, in half the time."""
    monkeypatch.setattr(rendered, "embedded", lambda *_: "")


# What stands in it --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANS)
def test_the_page_opens_with_the_conclusion_and_keeps_its_order(name):
    opened, expected = read(name), [*SECTIONS]
    expected[6:6] = ["safeguards"] * (name in SAFEGUARDED)
    assert [section.attrs["id"] for section in opened.all("section")] == expected
    whole = assembled(name)[-1].record
    assert wording.OVERALL[whole["overall"]] in opened.id("conclusion").text
    assert whole["counted"] in opened.id("conclusion").text
    assert [
        link.attrs["href"]
        for link in opened.all("a")
        if link.within("nav") and not link.attrs["href"].startswith("#i-")
    ] == [f"#{section}" for section in expected]


@pytest.mark.parametrize("name", PLANS)
def test_every_indicator_has_its_card_and_its_row_in_plan_order(name):
    opened = read(name)
    records = [one.record for one in assembled(name) if one.record["record"] == "indicator"]
    cards = opened.all("article")
    assert [card.attrs["id"] for card in cards] == [
        f"i-{record['indicator_id']}" for record in records
    ]
    for record, card in zip(records, cards, strict=False):
        assert record["name_zh"] in card.text
        assert record["sentence"] in card.text
        assert wording.STATUS[record["status"]] in card.text
    rows = {
        link.attrs["href"]: link.inside[-2].text
        for link in opened.all("a")
        if link.within("section", id="table")
        and link.within("tbody")
        and link.attrs.get("class") != "value"  # those open the row of the data
    }
    assert list(rows) == [f"#{card.attrs['id']}" for card in cards]
    for record in records:
        row = rows[f"#i-{record['indicator_id']}"]
        shown = [
            wording.NO_DATA
            if record["value"] is None
            else wording.number(record["value"], record["decimals"]),
            wording.number(record["target"], record["target_decimals"]),
            wording.STATUS[record["status"]],
        ]
        shown += (
            [wording.percent(record["progress"])]
            if record["progress"] is not None
            else [wording.NOT_APPLICABLE]
        )
        assert all(text in row for text in shown), record["indicator_id"]


@pytest.mark.parametrize("name", PLANS)
def test_every_caveat_every_clause_and_every_sentence_is_in_the_open(name):
    opened, told = read(name), 0
    for record in some(
        one.record for one in assembled(name) if one.record["record"] == "indicator"
    ):
        card = opened.id(f"i-{record['indicator_id']}")
        items = {one.text: one for one in opened.all("li") if card in one.inside}
        for caveat in some(record["facts"]["caveats"]):
            told += 1
            assert caveat in items
            assert not items[caveat].within("details"), caveat
        for clause in some(record["facts"]["clauses"]):
            assert wording.quotation(clause["quote"]) in card.text
        for sentence in (
            record["texts"]["target"],
            record["texts"]["baseline"],
            record["texts"]["pace"],
            record["facts"]["supplier"]["needs"],
        ):
            assert sentence in card.text
    assert told > 5


def test_the_traps_of_tongzhou_are_all_there_and_so_is_what_the_office_must_supply():
    opened = read("tongzhou-145")
    records = [
        one.record for one in assembled("tongzhou-145") if one.record["record"] == "indicator"
    ]
    assert sum(len(record["facts"]["caveats"]) for record in records) > 30
    assert (
        sum(record["status"] == "no_data" for record in records) >= 17
    )  # almost nothing is public, and the page says so
    missing = opened.id("conclusion").text
    assert all(
        record["name_zh"] in missing and record["facts"]["supplier"]["needs"] in missing
        for record in records
        if record["status"] == "no_data"
    )


@pytest.mark.parametrize("name", PLANS)
def test_every_figure_names_its_source(name):
    opened = read(name)
    (check,) = [one.record for one in assembled(name) if one.record["record"] == "data_check"]
    titles = {source["id"]: source["title"] for source in check["sources"]}
    for record in (one.record for one in assembled(name) if one.record["record"] == "indicator"):
        card = opened.id(f"i-{record['indicator_id']}").text
        for point in record["points"]:
            assert titles[point["source"]] in card
            assert wording.number(point["value"], record["decimals"]) in card
    assert all(title in opened.id("sources").text for title in titles.values())


@pytest.mark.parametrize("name", PLANS)
def test_the_reader_sees_the_titles_of_sources_and_never_their_codes(name):
    (check,) = [one.record for one in assembled(name) if one.record["record"] == "data_check"]
    codes = {source["id"] for source in check["sources"]}
    assert not {code for code in codes if code in read(name).all("main")[0].text}


@pytest.mark.usefixtures("no_font")
def test_a_commitment_known_from_elsewhere_names_where_by_its_title():
    def quoted(record):
        return (
            {
                **record,
                "commitments": [
                    {**row, "line": None, "source": "bulletin_2020"}
                    for row in record["commitments"]
                ],
            }
            if record["record"] == "commitments"
            else record
        )

    opened = Read(
        report.page([replace(one, record=quoted(one.record)) for one in assembled("example")], "")
    )
    assert opened.id("commitments").text.count("转引自 虚构统计公报2020") == 6
    assert "bulletin_2020" not in opened.id("commitments").text


def test_a_fictional_plan_says_so_before_anything_else_and_a_real_one_does_not():
    banner = [one for one in read("example").elements if one.attrs.get("class") == "fictional"]
    assert len(banner) == 1
    assert wording.FICTIONAL in banner[0].text
    assert banner[0].start < read("example").all("h1")[0].start
    for name in set(PLANS) - {"example"}:
        assert wording.FICTIONAL not in page(name)


@pytest.mark.parametrize("name", PLANS)
def test_links_inside_the_page_and_to_the_files_beside_it_lead_somewhere(name):
    opened = read(name)
    ids = {one.attrs["id"] for one in opened.elements if "id" in one.attrs}
    beside = {
        "results.csv",
        "results.json",
        "observations.csv",
        *(one.name for one in assembled(name)),
    }
    links = [
        one.attrs["href"]
        for one in opened.elements
        if one.tag in ("a", "use") and "href" in one.attrs
    ]
    assert len(links) > 20
    for link in links:
        assert (
            link[1:] in ids
            if link.startswith("#")
            else link in beside
            or link.startswith(("http://", "https://", "data:text/csv;"))
            or (
                DOCUMENT.fullmatch(link)
                and (ROOT / "data/processed/a/b" / link).resolve().is_file()
            )
        ), link
    assert all(one.sha256 in opened.id("evidence").text for one in assembled(name))


def test_every_source_is_marked_as_kept_or_not_and_a_kept_one_opens():
    items = {
        one.attrs["id"]: one
        for one in read("tongzhou-145").all("li")
        if one.attrs.get("id", "").startswith("source-")
    }
    kept = [one for one in items.values() if one.text.split()[-2:-1] == ["存"]]
    assert [one.attrs["id"] for one in kept] == ["source-1"]  # the plan's own text, listed first
    assert sum(one.text.endswith("未存") for one in items.values()) == len(items) - 1 == 39
    assert "40 个来源，存有副本的 1 个" in read("tongzhou-145").id("sources").text
    links = [one for one in read("tongzhou-145").all("a") if one.attrs.get("class") == "kept"]
    assert {one.attrs["href"] for one in links} == {"../../../raw/tongzhou-145/documents/plan.txt"}
    assert len(links) == 3  # by 规划原文, in the list, and in the list of evidence


@pytest.mark.parametrize("name", PLANS)
def test_a_value_leads_to_the_copy_of_its_source_to_its_address_or_to_the_word_that_there_is_none(
    name,
):
    opened = read(name)
    sources = {source["id"]: source for source in assembled(name)[0].record["sources"]}
    numbers = {one: k for k, one in enumerate(sources, 1)}
    points = [
        point
        for one in assembled(name)
        for point in one.record.get("points", ())
        if point["value"] is not None
    ]
    assert points
    addresses = {
        one.attrs.get("href") for one in opened.all("a") if one.within("section", id="cards")
    }
    for point in points:
        source = sources[point["source"]]
        leads = (
            f"../../../raw/{name}/documents/{source['file']}"
            if source["file"]
            else source["url"] or f"#source-{numbers[source['id']]}"
        )
        assert leads in addresses
        said = opened.id(f"source-{numbers[source['id']]}").text
        assert ("存" if source["file"] else "未存") in said


@pytest.mark.parametrize("name", PLANS)
def test_a_number_of_the_table_opens_the_row_it_was_taken_from(name):
    opened = read(name)
    links = [one for one in opened.all("a") if one.attrs.get("class") == "value"]
    judged = [
        one.record
        for one in assembled(name)
        if one.record.get("record") == "indicator" and one.record["value"] is not None
    ]
    assert len(links) == len(judged) > 0
    for link in links:
        row = opened.id(link.attrs["href"][1:])
        assert row.tag == "tr"
        assert link.attrs["href"].endswith(f"-{row.text[:4]}")
        assert row.within("section", id="cards")


@pytest.mark.parametrize("name", PLANS)
def test_every_number_is_traced_in_three_clicks_to_a_kept_copy_or_the_word_that_there_is_none(name):
    """Number of the main table → its row of data → the copy, which is there with that digest; or
    → 未存, which opens the source's entry, where it says so again."""
    opened = read(name)
    traced = {"存": 0, "未存": 0}
    for number in [one for one in opened.all("a") if one.attrs.get("class") == "value"]:
        row = opened.id(number.attrs["href"][1:])  # first click
        inside = [one for one in opened.all("a") if row in one.inside]
        unkept = [one for one in inside if one.attrs.get("class") == "unkept"]
        if unkept:
            assert unkept[0].text in ("未存", "依权利不存")
            entry = opened.id(unkept[0].attrs["href"][1:])  # second
            assert entry.text.endswith(unkept[0].text)
            title = next(one for one in inside if one is not unkept[0])
            assert entry.text.startswith(title.text)
            traced["未存"] += 1
        else:
            (copy,) = [one for one in inside if DOCUMENT.fullmatch(one.attrs["href"])]  # second
            path = (ROOT / "data/processed/a/b" / unquote(copy.attrs["href"])).resolve()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert digest in {source["sha256"] for source in assembled(name)[0].record["sources"]}
            traced["存"] += 1
    assert sum(traced.values()) >= {"national-145": 5}.get(name, 1)


def test_the_sparkline_breaks_where_the_picture_breaks():
    rows = {row.text: row for row in read("example").all("tr")}

    def moves(name: str) -> int:
        (row,) = [
            row for text, row in rows.items() if name in text and row.within("section", id="table")
        ]
        (line,) = [
            one.attrs["d"]
            for one in read("example").all("path")
            if row in one.inside and one.attrs.get("stroke-width") == "2"
        ]
        return line.count("M")

    assert moves("每万人口发明专利拥有量") == 1
    assert moves("知识产权保护社会满意度") == 2  # 2022 is missing
    assert moves("专利密集型产业增加值占地区生产总值比重") == 2  # the definition changed in 2023


@pytest.mark.usefixtures("no_font")
def test_a_target_that_was_not_set_is_a_word_in_the_table():
    def bare(record):
        return {**record, "target": None} if record.get("indicator_id") == "case_days" else record

    made = [replace(one, record=bare(one.record)) for one in assembled("example")]
    (row,) = [
        row.text
        for row in Read(report.page(made, "")).all("tr")
        if row.within("section", id="table") and "平均审理天数" in row.text
    ]
    assert "未设" in row
    assert "≤" not in row


# Data stays text ----------------------------------------------------------------------------------


def test_hostile_text_is_shown_as_text_everywhere():
    opened = Read(hostile_page())
    assert opened.id("h-i-patents_per_10k").text.endswith(HOSTILE)
    assert HOSTILE in opened.all("title")[0].text
    assert HOSTILE in opened.all("h1")[0].text
    for element in (
        one
        for one in opened.elements
        if one.within("article")
        and (
            one.tag in ("blockquote", "figcaption", "cite", "dd")
            or one.attrs.get("class") == "sentence"
        )
    ):
        assert HOSTILE in element.text, element.tag
    assert sum(SHORT in one.text for one in opened.all("text")) > 14  # in every picture too
    assert all(HOSTILE in one.text for one in opened.all("code") if one.within("article"))
    assert hostile_page().count("7*7") > 500
    assert not opened.comments


def promises_of(opened: Read) -> list[Element]:
    """The rows of the ledger."""
    return [one for one in opened.all("tr") if one.attrs.get("data-item", "").startswith("c-")]


OF_PROMISES = {"commitments", "safeguards"}


def test_hostile_text_adds_no_element_and_no_attribute():
    clean, spoiled = Read(page("example")), Read(hostile_page())
    assert {one.tag for one in spoiled.elements} == {one.tag for one in clean.elements}
    attributes = [
        {(one.tag, name) for one in opened.elements for name in one.attrs}
        for opened in (spoiled, clean)
    ]
    assert attributes[0] - attributes[1] == {
        ("a", "rel")
    }  # of the one address that may be a link: the example has none
    cells, folds = (
        [
            [
                one
                for one in opened.all(tag)
                if not (one.inside and {s.attrs.get("id") for s in one.inside} & OF_PROMISES)
            ]
            for opened in (clean, spoiled)
        ]
        for tag in ("td", "details")
    )  # in the ledger all chapters became one; its rows are counted below
    assert (len(cells[0]) - len(cells[1])) % len(
        wording.page.REPORTING_COLUMNS[1:]
    ) == 0  # all offices became one
    assert len(folds[0]) == len(folds[1])
    assert len(promises_of(clean)) == len(promises_of(spoiled)) == 6
    count = {
        tag: len(clean.all(tag))
        for tag in (
            "section",
            "article",
            "h2",
            "h3",
            "svg",
            "figure",
            "blockquote",
            "style",
            "text",
        )
    }
    assert count == {tag: len(spoiled.all(tag)) for tag in count}


@pytest.mark.parametrize("name", [*PLANS, "hostile"])
def test_nothing_in_the_page_can_run(name):
    opened = Read(hostile_page() if name == "hostile" else page(name))
    assert not {
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "foreignobject",
        "animate",
        "set",
        "img",
        "image",
        "audio",
        "video",
    } & {one.tag for one in opened.elements}
    (script,) = opened.all("script")
    assert script.text == (TEMPLATE / "script.js").read_text("utf-8")
    assert not script.attrs
    for one in opened.elements:
        assert not [
            attribute
            for attribute in one.attrs
            if attribute.startswith("on") or attribute in ("srcdoc", "formaction", "action", "ping")
        ], one
        for attribute in ("href", "src", "xlink:href"):
            address = one.attrs.get(attribute, "#")
            assert (
                re.match(r"#|https?://|[\w.-]+\.(?:csv|json|ipynb)$|data:,$", address)
                or DOCUMENT.fullmatch(address)
                or (address.startswith("data:text/csv;") and "download" in one.attrs)
            ), address


def test_only_http_and_https_addresses_become_links():
    links = [
        one.attrs["href"]
        for one in Read(hostile_page()).all("a")
        if not re.match(r"#|[\w.-]+\.(?:csv|json|ipynb)$|data:text/csv;", one.attrs["href"])
        and not DOCUMENT.fullmatch(one.attrs["href"])
    ]
    assert links
    assert set(links) == {SAFE_LINK}
    assert "https://" in {one.attrs["href"][:8] for one in read("national-145").all("a")}


def test_the_page_forbids_everything_but_its_own_style_and_font():
    def named(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    for html in (page("example"), hostile_page(), report.index([])):
        opened = Read(html)
        (policy,) = opened.all("meta", **{"http-equiv": "Content-Security-Policy"})
        rules = dict(rule.strip().split(" ", 1) for rule in policy.attrs["content"].split(";"))
        (style,), scripts = opened.all("style"), opened.all("script")
        allowed = {"style-src-elem": named(style.text), "style-src-attr": "'unsafe-inline'"}
        if scripts:
            (script,) = scripts
            allowed["script-src"] = named(script.text)
        assert rules == allowed | {
            "default-src": "'none'",
            "font-src": "data:",
            "img-src": "data:",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
        first = [one for one in opened.elements if one.within("head")][:3]
        assert policy in first  # before anything it could concern


def test_escaping_has_one_choke_point():
    sources = {path.name: path.read_text("utf-8") for path in TEMPLATE.rglob("*.j2")}
    assert len(sources) > 10
    assert not [
        name
        for name, text in sources.items()
        if re.search(r"\|\s*safe|autoescape|\bMarkup\b(?!\(svg\))", text)
    ]
    assert (
        sum(text.count("Markup(") for text in sources.values()) == 1
    )  # the pictures, which are checked
    with pytest.raises(ValueError, match="must be escaped"):
        rendered._refused_filter("<b>")


# Pictures -----------------------------------------------------------------------------------------


def shown(body: str, root: str = 'viewBox="0 0 10 10"') -> str:
    """What becomes of an SVG with this body."""
    svg = (
        '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" {root}>{body}</svg>'
    )
    return pictures._picture(notebook("2_x", {"text/plain": "alt", pictures.SVG: svg}), "i-x")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<g><script xlink:href='data:,x'/></g>",
        "<foreignObject><p>x</p></foreignObject>",
        "<image href='x.png'/>",
        "<a href='#x'><text>x</text></a>",
        "<animate attributeName='href' values='javascript:alert(1)'/>",
        "<path onload='alert(1)'/>",
        "<path ONCLICK='alert(1)'/>",
        "<use href='https://example.org/x.svg#a'/>",
        "<use xlink:href='javascript:alert(1)'/>",
        "<use xlink:href='&#106;avascript:alert(1)'/>",
        "<use href=' https://example.org/x'/>",
        "<use href='other.svg#a'/>",
        "<path style='fill: url(https://example.org/x)'/>",
        "<path style=\"fill: url('https://example.org/x')\"/>",
        "<path style='fill: u\\72l(x)'/>",
        "<path style='cursor: image-set(x 1x)'/>",
        "<html:p xmlns:html='http://www.w3.org/1999/xhtml'>x</html:p>",
        "<title><b>x</b></title>",
        "<path",
        "&undefined;",
    ],
)
def test_a_picture_that_holds_more_than_shapes_and_text_is_refused(body):
    with pytest.raises(
        ValueError, match=r"2_x\.ipynb: the picture holds .+ not drawn by this project"
    ):
        shown(body)


def test_what_is_dropped_from_a_picture_is_dropped_whole():
    svg = shown(
        "<!-- <b> "
        "--><metadata><x>y</x></metadata><defs><style>body{display:none}</style></defs><text><![CDATA[<script>]]></text>",
        'viewBox="0 0 10 10" width="9" onload="alert(1)"'.replace(' onload="alert(1)"', ""),
    )
    assert (
        svg == '<svg viewBox="0 0 10 10" role="img" aria-labelledby="i-x-alt"><defs /><text>&lt;'
        "script&gt;</text></svg>"
    )


def test_the_ids_of_a_picture_become_its_own_wherever_they_are_used():
    svg = shown(
        "<defs><clipPath id='p1'><rect/></clipPath></defs><path id='m1'/><use "
        "xlink:href='#m1'/><path clip-path='url(#p1)' style='fill: url(#p1)'/>"
    )
    assert re.findall(r'(?:id|href)="([^"]+)"', svg) == ["i-x-p1", "i-x-m1", "#i-x-m1"]
    assert svg.count("url(#i-x-p1)") == 2


@pytest.mark.parametrize("name", PLANS)
def test_every_picture_takes_its_colours_from_the_theme_and_has_a_name(name):
    opened = read(name)
    pictures = [one for one in opened.all("svg") if one.attrs.get("role") == "img"]
    assert len(pictures) == len(opened.all("figure")) >= len(plans.load(name).indicators)
    for one in opened.all("svg"):
        assert one.attrs.get("aria-hidden") == "true" or opened.id(
            one.attrs["aria-labelledby"]
        ).text.startswith(("折线图：", "横条图：", "散点图："))
    styles = [
        value
        for one in opened.elements
        for key, value in one.attrs.items()
        if key in ("style", "fill", "stroke")
    ]
    assert not [value for value in styles if re.search(r"#[0-9a-fA-F]{3,8}\b(?![^(]*\))", value)]


def test_the_alt_text_of_every_picture_tells_its_numbers():
    opened = read("example")
    for record in some(
        one.record for one in assembled("example") if one.record["record"] == "indicator"
    ):
        alt = opened.id(f"i-{record['indicator_id']}-alt").text
        assert record["name_zh"] in alt
        for point in record["points"]:
            assert (
                point["level"] is None or wording.number(point["level"], record["decimals"]) in alt
            )


# Form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*PLANS, "index"])
def test_the_page_can_be_read_aloud_and_by_keyboard(name):
    html = report.index(EDITIONS) if name == "index" else page(name)
    opened = Read(html)
    assert html.startswith("<!DOCTYPE html>")
    assert opened.all("html")[0].attrs["lang"] == "zh-CN"
    assert len(opened.all("h1")) == len(opened.all("main")) == 1
    assert html.partition("</head>")[0].count("<title>") == 1  # marks of pictures have titles too
    levels = [int(one.tag[1]) for one in opened.elements if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels)), levels
    assert all(
        one.text.strip()
        for one in opened.elements
        if re.fullmatch("h[1-6]|th|summary|figcaption|caption", one.tag)
    )
    assert all(
        header.attrs.get("scope") in ("col", "row", "colgroup") for header in opened.all("th")
    )
    ids = [one.attrs["id"] for one in opened.elements if "id" in one.attrs]
    assert len(set(ids)) == len(ids)
    for one in opened.elements:
        assert all(target in ids for target in one.attrs.get("aria-labelledby", "").split())
    if name != "index":
        skip = opened.all("a")[0]
        assert skip.attrs["href"] == "#main"
        assert skip.attrs["class"] == "skip"
        assert all(
            "tabindex" in one.attrs and one.attrs.get("aria-label", "").strip()
            for one in opened.elements
            if one.attrs.get("class") == "scroll"
        )


@pytest.mark.parametrize("name", PLANS)
def test_colour_is_never_the_only_sign(name):
    marks = [
        one for one in read(name).elements if one.attrs.get("class", "").startswith("status s-")
    ]
    words, signs = (
        {
            *wording.STATUS.values(),
            *wording.COMMITMENT.values(),
            *(
                wording.judged(code, at_least, of)
                for code in verdict.STATUSES
                for at_least in (False, True)
                for of in (None, *range(2016, 2026))
            ),
        },
        {*wording.SIGN.values(), *wording.COMMITMENT_SIGN.values()},
    )
    assert marks
    assert all(
        one.text.split(maxsplit=1)[0] in signs and one.text.split(maxsplit=1)[1] in words
        for one in marks
    )


def colours() -> tuple[dict[str, str], dict[str, str]]:
    """The colour variables of the light and the dark theme."""
    light, dark = re.findall(
        r":root \{(.*?)\}", (TEMPLATE / "style.css").read_text("utf-8"), re.DOTALL
    )[:2]
    named = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    assert named[0].keys() == named[1].keys()
    return named[0], named[1]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_standard_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(
        4.54, abs=0.01
    )  # the known last grey that passes on white


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_their_paper_in_both_themes(theme):
    named = colours()[theme]
    for text in ("ink", "muted", "accent", "actual", "target", "warn", *verdict.STATUSES):
        for paper in (
            "paper",
            "card",
            *(("warnpaper",) if text in ("ink", "warn", "muted") else ()),
        ):
            assert contrast(named[text], named[paper]) >= 4.5, f"{text} on {paper}"


def test_every_status_has_its_classes_and_every_variable_is_defined():
    style = (TEMPLATE / "style.css").read_text("utf-8")
    assert all(f".s-{status}" in style and f".b-{status}" in style for status in verdict.STATUSES)
    used = set(re.findall(r"var\(--([\w-]+)\)", style + page("example")))
    assert used <= set(colours()[0])


def test_narrow_rules_are_for_screens_only_and_print_hides_nothing_but_the_means():
    style = (TEMPLATE / "style.css").read_text("utf-8")
    assert not re.search(r"@media \(max-width", style)  # plain max-width fires on A4 too
    printed = style[style.index("@media print") :]
    assert re.findall(r"([^{}\n]+) \{ display: none; \}", printed) == [
        "  nav, .skip, details.code, .tools, .saves, .permalink"
    ]
    assert "pre-wrap" in printed
    assert "table-header-group" in printed


# Carried along ------------------------------------------------------------------------------------


def font_in(html: str) -> TTFont:
    return TTFont(
        io.BytesIO(base64.b64decode(re.search(r"url\(data:font/woff;base64,([^)]+)\)", html)[1]))
    )


@pytest.mark.parametrize("name", PLANS)
def test_the_font_in_the_page_has_every_character_of_the_page(name):
    shown_characters = {
        ch
        for one in (*read(name).all("body"), *read(name).all("title"))
        for ch in one.text
        if not ch.isspace()
    }
    assert shown_characters <= {chr(code) for code in font_in(page(name)).getBestCmap()}


def test_the_font_in_the_page_is_cut_and_carries_no_date_of_its_making():
    assert len(font_in(page("example")).getBestCmap()) < 2500
    assert font_in(page("example"))["head"].modified == TTFont(canvas.FONT)["head"].modified


def test_the_shapes_of_the_font_in_the_page_are_those_of_the_whole_font():
    cut, whole = font_in(page("example")).getGlyphSet(), TTFont(canvas.FONT).getGlyphSet()
    for name in some(sorted(cut)[::20]):
        shapes = [RecordingPen(), RecordingPen()]
        cut[name].draw(shapes[0])
        whole[name].draw(shapes[1])
        assert shapes[0].value == shapes[1].value
        assert cut[name].width == whole[name].width


def test_the_marks_of_style_and_policy_in_data_are_only_text():
    for mark in (rendered.STYLE_MARK, rendered.HASH_MARK):
        assert mark in HOSTILE
        assert hostile_page().count(mark) > 100
        assert mark not in page("example")
    assert len(hostile_page()) < 5_000_000


@pytest.mark.parametrize("name", PLANS)
def test_the_page_names_no_resource_to_load_and_stays_small(name):
    html = page(name)
    assert len(html.encode()) < 1_500_000
    (style,) = [one.text for one in read(name).all("style")]
    assert re.findall(r"@import|url\((?!data:font/woff;base64,)", style) == []
    assert [one.attrs["href"] for one in read(name).all("link")] == ["data:,"]


def test_the_same_notebooks_give_the_same_page():
    assert report.page(assembled("national-145"), "0123456789ab") == page("national-145")


@pytest.mark.usefixtures("no_font")
def test_an_indicator_may_be_called_like_a_section_of_the_page():
    def renamed(record):
        return (
            {**record, "indicator_id": "table"}
            if record.get("indicator_id") == "case_days"
            else record
        )

    made = [replace(one, record=renamed(one.record)) for one in assembled("example")]
    opened = Read(report.page(made, ""))
    ids = [one.attrs["id"] for one in opened.elements if "id" in one.attrs]
    assert len(set(ids)) == len(ids)
    assert opened.id("i-table").tag == "article"


# From notebooks to page ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    for one in assembled("national-145"):
        (tmp_path / one.name).write_text(
            json.dumps(one.notebook, ensure_ascii=False), encoding="utf-8"
        )
    return tmp_path


def test_notebooks_are_taken_in_the_plans_order_with_the_hash_of_their_bytes(folder):
    made = notebooks.executed(folder)
    indicators = plans.load("national-145").indicators
    assert [one.name for one in made] == [
        "1_data_check.ipynb",
        *(f"2_{name}.ipynb" for name in indicators),
        "3_commitments.ipynb",
        "4_assessment.ipynb",
    ]
    assert all(
        one.sha256 == hashlib.sha256((folder / one.name).read_bytes()).hexdigest() for one in made
    )
    assert [one.record for one in made] == [one.record for one in assembled("national-145")]


def unexecuted(cell: dict) -> None:
    cell.update(execution_count=None, outputs=[])


def failed(cell: dict) -> None:
    cell["outputs"] = [
        {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": []}
    ]


@pytest.mark.parametrize("spoil", [unexecuted, failed])
@pytest.mark.parametrize("name", ["1_data_check", "2_satisfaction", "4_assessment"])
def test_a_cell_that_failed_or_was_not_executed_is_refused_by_name(folder, name, spoil):
    path = folder / f"{name}.ipynb"
    content = json.loads(path.read_text("utf-8"))
    spoil(content["cells"][-1])
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(
        ValueError, match=rf"{name}\.ipynb: cell {len(content['cells'])} failed or was not executed"
    ):
        notebooks.executed(folder)


def test_results_are_the_indicator_records_in_plan_order():
    records = [one.record for one in assembled("example") if one.record["record"] == "indicator"]
    assert json.loads(notebooks.results_json(assembled("example"))) == records
    assert notebooks.results_csv(assembled("example")) == result.to_csv(records)


# The index ----------------------------------------------------------------------------------------


def edition(plan: str, year: int, **changes) -> dict:
    whole = {
        **assembled("example")[-1].record,
        "title": plan,
        "fictional": False,
        "year": year,
        "edition": str(year),
        "link": f"{plan}/{year}/assessment.html",
    }
    return {**whole, **changes}


EDITIONS = [
    edition("乙规划", 2024),
    edition("甲规划", 2025, fictional=True),
    edition("乙规划", 2025, overall="insufficient"),
]


def cells(opened: Read) -> dict[tuple[str, str], str]:
    """(plan, year) → what the index says there."""
    found = {}
    for row in [one for one in opened.all("tr") if one.within("tbody")]:
        (title,) = [one.text for one in opened.all("th") if row in one.inside]
        found |= {
            (title, one.attrs["data-l"]): one.text.strip()
            for one in opened.all("td")
            if row in one.inside
        }
    return found


@pytest.mark.usefixtures("no_font")
def test_the_index_is_a_matrix_of_plans_and_years():
    opened = Read(report.index(EDITIONS))
    assert {link.attrs["href"] for link in opened.all("a")} == {one["link"] for one in EDITIONS}
    assert [one.text for one in opened.all("th") if one.within("thead")] == [
        wording.page.EDITIONS_PLAN,
        "2024 年",
        "2025 年",
    ]
    told = cells(opened)
    assert {title.split("※")[0].strip() for title, _ in told} == {"甲规划", "乙规划"}
    assert all((wording.FICTIONAL in title) == title.startswith("甲规划") for title, _ in told)
    assert wording.OVERALL["insufficient"] in told["乙规划", "2025 年"]
    assert told[next(key for key in told if key[0][0] == "甲" and key[1] == "2024 年")] == ""
    for code, k in EDITIONS[0]["counts"]:
        assert f"{wording.STATUS[code]} {k}" in told["乙规划", "2024 年"]


@pytest.mark.usefixtures("no_font")
def test_the_languages_of_an_edition_stand_together_in_the_index():
    both = [edition("甲", 2024, edition=name, link=f"{name}.html") for name in ("2024.en", "2024")]
    alone = edition("甲", 2023, edition="2023.en", link="2023.en.html")
    opened = Read(report.index([*both, alone]))
    told = [one for one in opened.all("div") if one.attrs.get("class") == "edition"]
    assert len(told) == 2
    links = [one.attrs["href"] for one in opened.all("a")]
    assert links == ["2023.en.html", "2024.html", "2024.en.html"]


@pytest.mark.usefixtures("no_font")
def test_what_changed_comes_first_side_by_side_and_leads_to_its_card():
    base = [one.record for one in assembled("example") if one.record["record"] == "indicator"]
    other = [
        *base[:-1],
        base[-1] | {"alert_code": "green" if base[-1]["alert_code"] != "green" else "red"},
    ]
    about = [{"title": name, "link": f"{name}.html", "conclusion": ""} for name in "ab"]
    opened = Read(report.comparison({"a": base, "b": other}, about))
    to_cards = [a.attrs["href"] for a in opened.all("a") if "#i-" in a.attrs["href"]]
    assert len(to_cards) == len(base)
    assert to_cards[0] == f"a.html#i-{base[-1]['indicator_id']}"
    assert [one.attrs.get("class") for one in opened.all("tr")[1:]] == [None] + ["same"] * 13


@pytest.mark.usefixtures("no_font")
def test_the_index_shows_hostile_titles_as_text():
    opened = Read(
        report.index(
            [
                edition(
                    HOSTILE,
                    2024,
                    cutoff=HOSTILE,
                    evaluation=HOSTILE,
                    edition=HOSTILE,
                    link="x/2024/assessment.html",
                )
            ]
        )
    )
    assert HOSTILE in opened.all("th")[2].text
    assert HOSTILE in opened.all("a")[0].text
    assert not {"script", "img"} & {one.tag for one in opened.elements}


def test_an_index_without_editions_is_still_a_page():
    assert Read(report.index([])).all("h1")[0].text == "期次一览"
