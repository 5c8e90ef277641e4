"""Every page there is, with the same policy in its head and hostile text in every field a reader
sees: nothing of it lives."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import test_report
from test_report import (
    HOSTILE,
    TEMPLATE,
    Read,
    assembled,
    hostile_edition,
    no_font,  # noqa: F401
    spoilt,
)

from helpers.archive import lint
from helpers.publish import (
    brief,
    closing_page,
    draft_page,
    evidence_page,
    monitor_page,
    notebooks,
    overview_page,
    report,
)

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path.name for path in TEMPLATE.glob("*.j2") if "<!DOCTYPE" in path.read_text("utf-8")
)
HEAD = re.compile(r"<head>\n\{% include 'head\.html\.j2' %\}\n")
LIVE = {"script", "iframe", "object", "embed", "form", "base"}


def of_notebook(module, monkeypatch, name: str):
    """A page of a committed notebook whose record is hostile."""
    one = notebooks.read(ROOT / "notebooks" / name)
    monkeypatch.setattr(module, "read", lambda _: replace(one, record=spoilt(one.record)))


def monitor(monkeypatch) -> str:
    of_notebook(monitor_page, monkeypatch, "monitor.ipynb")
    return monitor_page.page(Path("x"), HOSTILE)


def overview(monkeypatch) -> str:
    of_notebook(overview_page, monkeypatch, "overview.ipynb")
    return overview_page.page(Path("x"), [HOSTILE])


def compared(_) -> str:
    records = [one.record for one in assembled("example") if one.record["record"] == "indicator"]
    editions = {name: [spoilt(record) for record in records] for name in "ab"}
    texts = ("link", "conclusion", "scenario_title", "scenario_reason")
    about = [
        {"title": f"{HOSTILE}{k}", "fictional": True} | dict.fromkeys(texts, HOSTILE)
        for k in range(2)
    ]
    return report.comparison(editions, [one | {"link": "x.html"} for one in about])


def sheet(_) -> str:
    files = [dict.fromkeys(("what", "name", "sha256"), HOSTILE)]
    facts = {"title": HOSTILE, "edition": HOSTILE, "scenario": True, "since": [HOSTILE]}
    facts |= {"id": [HOSTILE], "qr": "<svg></svg>", "files": files}
    listed = {HOSTILE: HOSTILE}
    return evidence_page.page(facts | {"registered": listed, "filing": listed})


def draft(_) -> str:
    kinds = [{"label": HOSTILE, "count": 1, "why": HOSTILE}]
    traps = [dict.fromkeys(("where", "sentence", "label", "problem", "wording"), HOSTILE)]
    facts = {"title": HOSTILE, "summary": HOSTILE, "kinds": kinds, "traps": traps}
    facts["further"] = [HOSTILE]
    return draft_page.page(facts)


def of_index(_) -> str:
    return report.page(hostile_edition(), HOSTILE)


def of_brief(_) -> str:
    return brief.page(report.facts_of(hostile_edition(), HOSTILE))


def editions(_) -> str:
    from test_report import edition

    texts = dict.fromkeys(("cutoff", "evaluation", "edition"), HOSTILE)
    return report.index([edition(HOSTILE, 2024, link="x", **texts)])


def closed(_) -> str:
    row = dict.fromkeys(("name", "target", "value", "final", "judged", "reasons"), HOSTILE)
    lesson = dict.fromkeys(("label", "count", "why", "wording"), HOSTILE)
    facts = {"title": HOSTILE, "fictional": True, "period": [HOSTILE] * 2, "total": 1, "spoken": 1}
    facts |= {"known_by": HOSTILE, "counts": [(HOSTILE, 1)], "editions": [HOSTILE]}
    return closing_page.page(
        facts | {"rows": [row | {"late": True, "never": True}], "lessons": [lesson]}
    )


MADE = {
    "brief.html.j2": of_brief,
    "closing.html.j2": closed,
    "compare.html.j2": compared,
    "draft.html.j2": draft,
    "editions.html.j2": editions,
    "index.html.j2": of_index,
    "monitor.html.j2": monitor,
    "overview.html.j2": overview,
    "sheet.html.j2": sheet,
}
MORE_CODES = {
    "third",
    "three",
    "rule",
    "verdict",
    "outlook",
    "level",
    "code",
    "figures",
    "moved",
    "period",
}  # choose words


def test_no_page_was_forgotten():
    assert list(MADE) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_stands_first_in_the_head_of_every_page(name):
    text = (TEMPLATE / name).read_text("utf-8")
    assert text.count("<head>") == 1
    assert HEAD.search(text)
    head = (TEMPLATE / "head.html.j2").read_text("utf-8")
    assert head.count("Content-Security-Policy") == 1
    assert "default-src 'none'" in head
    assert "'unsafe-inline'" not in head.partition("style-src-attr")[0]  # attributes of style alone


@pytest.mark.usefixtures("no_font")
@pytest.mark.parametrize("name", MADE)
def test_no_text_of_any_page_lives(name, monkeypatch):
    hostile_edition()  # kept as it is spoilt for all tests, before more codes are left alone here
    monkeypatch.setattr(test_report, "CODES", test_report.CODES | MORE_CODES)
    html = MADE[name](monkeypatch)
    opened = Read(html)
    script = (TEMPLATE / "script.js").read_text("utf-8")
    assert lint.page(html.encode(), (), [script]) == []
    scripts = [one for one in opened.elements if one.tag in LIVE]
    assert [one.tag for one in scripts] == (["script"] if name == "index.html.j2" else [])
    assert html.count("&lt;script&gt;alert(1)") >= 3  # the text arrived, as text
    (policy,) = opened.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy.attrs["content"].startswith("default-src 'none'; ")
