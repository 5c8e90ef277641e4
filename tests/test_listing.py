"""The pages that link all editions: what is made again, and what is not even read."""

from __future__ import annotations

import json
import re

import pytest
from conftest import some

from helpers import listing


def record(plan: str, year: int, **more: object) -> dict:
    facts = {"id": plan, "short_title": f"{plan}规划", "fictional": True}
    said = {"year": year, "evaluation": "年度评估", "overall": "on_schedule", "cutoff": "全部"}
    said |= {"assessable": 3, "total": 4, "counts": [["ahead", 3], ["no_data", 1]]}
    return {"record": "assessment", "schema": 2, "facts": facts, **said, **more}


def edition(folder, plan: str, year: int, **more: object) -> None:
    """What the index reads of an edition."""
    place = folder / plan / str(year)
    place.mkdir(parents=True, exist_ok=True)
    data = {"application/vnd.plan-assessment.result+json": record(plan, year, **more)}
    cell = {"cell_type": "code", "outputs": [{"output_type": "execute_result", "data": data}]}
    (place / "4_assessment.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    (place / "assessment.html").write_text("x")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Editions of seven plans in two years, three plans a page."""
    monkeypatch.setattr(listing, "PLANS", 3)
    place = tmp_path / "data" / "processed"
    for k in range(7):
        for year in (2023, 2024):
            edition(place, f"p{k}", year)
    return place


def pages(folder) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("index*.html")}


def test_plans_are_listed_some_a_page_and_the_pages_link_each_other(folder):
    assert listing.write_index(folder) == 3
    found = pages(folder)
    assert sorted(found) == ["index-2.html", "index-3.html", "index.html"]
    links = {name: re.findall(r'href="(p\d/\d+)/', text) for name, text in found.items()}
    assert links["index-3.html"] == ["p6/2023", "p6/2024"]
    assert len(set(links["index.html"])) == 6
    for name, text in some(found.items()):
        assert [f'href="{other}"' in text for other in found] == [other != name for other in found]


def test_one_changed_edition_makes_one_page_again_and_nothing_else_is_read(folder, monkeypatch):
    listing.write_index(folder)
    before, read = pages(folder), []
    listed = listing._listed
    monkeypatch.setattr(listing, "_listed", lambda place: read.append(place) or listed(place))
    edition(folder, "p4", 2024, overall="behind")
    assert listing.write_index(folder) == 1
    assert [place.parent.name for place in read] == ["p4"]
    after = pages(folder)
    assert {name for name in after if after[name] != before[name]} == {"index-2.html"}


def test_a_page_too_many_goes_and_one_of_few_plans_has_no_links(folder):
    listing.write_index(folder)
    for k in range(3, 7):
        for year in (2023, 2024):
            (folder / f"p{k}" / str(year) / "assessment.html").unlink()
    listing.write_index(folder)
    assert [*pages(folder)] == ["index.html"]
    assert "<nav" not in pages(folder)["index.html"]


def test_our_code_changed_makes_all_of_them_again(folder, monkeypatch):
    listing.write_index(folder)
    monkeypatch.setattr(listing.cache, "environment", lambda: "another")
    assert listing.write_index(folder) == 3


def test_a_failed_edition_and_a_spoilt_store_are_passed_over(folder):
    edition(folder, "p0", 2022)
    (folder / "p0" / "2022").rename(folder / "p0" / "2022.failed")
    listing.write_index(folder)
    (folder.parents[1] / listing.STORE).write_text("{")
    assert listing.write_index(folder) == 3
    assert "2022" not in pages(folder)["index.html"]


def test_a_template_is_compiled_once_whichever_page_asks(monkeypatch):
    from jinja2 import Environment

    from helpers.publish import rendered, report

    compiled, compile_ = [], Environment.compile

    def counted(self, source, name=None, *rest, **more):
        compiled.append(name)
        return compile_(self, source, name, *rest, **more)

    monkeypatch.setattr(Environment, "compile", counted)
    monkeypatch.setattr(rendered, "COMPILED", rendered.Compiled())
    first = report.index([])
    assert {"editions.html.j2", "macros.html.j2", "head.html.j2"} <= {*compiled}
    told = len(compiled)
    assert report.index([]) == first
    assert report.index([], language="en") != first  # its words are no part of what is compiled
    assert len(compiled) == told
