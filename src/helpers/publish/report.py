"""The page of an edition: the records, pictures and code of its executed notebooks, rendered by
nbconvert with our own template; the page of all editions, and of editions side by side.

Every string that came from data passes one choke point, the template environment's escaping; only
pictures that our own code drew are let through as markup, and those are checked. The page asks the
network for nothing and runs one script, its own, named by its hash in the page's policy.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from ..show import annex, canvas, comparison as compared, ledger, result, wording
from . import chapters
from .notebooks import Executed, beside, executed, of_kind
from .pictures import OF_THE_WHOLE, anchor, drawn, figure_of
from .rendered import rendered


def stored(folder: Path) -> dict:
    """`facts_of` an edition from its own folder alone: page, document and brief tell one story,
    whatever lies beside it by now."""
    return facts_of(executed(folder), *beside(folder))


def page(made: Sequence[Executed], commit: str, changes: dict | None = None) -> str:
    """assessment.html from the executed notebooks of an edition; `commit` names the code that made
    them, `changes` is what `year_before.changes` found."""
    edition = facts_of(made, commit, changes)
    written = chapters.of(edition, "page", wording.LANGUAGES[edition["whole"]["language"]])
    return rendered({**edition, "chapters": written}, "index.html.j2")


def facts_of(made: Sequence[Executed], commit: str, changes: dict | None = None) -> dict:
    """All that the page, the document and the brief of an edition are made from."""
    whole, check, promised = (
        of_kind(made, kind)[0].record for kind in ("assessment", "data_check", "commitments")
    )
    words = wording.LANGUAGES[whole["language"]]
    records = [one.record for one in of_kind(made, "indicator")]
    sources = {source["id"]: source for source in check["sources"]}
    titles = {name: source["title"] for name, source in sources.items()}
    years = range(whole["facts"]["period"]["start"], whole["facts"]["period"]["end"] + 1)
    with wording.speaking(whole["language"]):
        promises = ledger.of(promised)
        funds = {row["id"]: ledger.funds_of(row, titles) for row in promises.funded}
        table = {
            "columns": annex.columns(years),
            "rows": _annexed(annex.rows(records, years), records, list(sources)),
        }
        annex_csv = download(annex.as_csv(records, years, titles))
        whole_pictures = {name: figure_of(made[-1], name, k) for k, name in enumerate(OF_THE_WHOLE)}
        cards = [_card(one, check["context_series"], titles) for one in of_kind(made, "indicator")]
    return {
        "whole": {"scenario": None, "judgement": None, **whole},
        "check": check,
        "plan": whole["facts"],
        "indicators": cards,
        "names": {record["indicator_id"]: record[words.NAME] for record in records},
        "commitments": promised,
        "ledger": promises,
        "shade": ledger.SHADE,
        "funds": funds,
        **whole_pictures,
        "changes": changes,
        "reporting": _reporting(records, check["missing"], whole["year"] - years[0] + 1),
        "filters": _filters(records, whole["facts"], words),
        "annex": table,
        "annex_csv": annex_csv,
        "results_csv": download("\ufeff" + result.to_csv(records)),
        "sources": sources,
        "outlooks": result.OUTLOOKS,
        "alerts": result.ALERTS,
        "newest": newest(records),
        "ladder": {code: k for k, code in enumerate(canvas.STATUS_COLOUR)},
        "severity": {code: k for k, code in enumerate(words.ALERT)},
        "notebooks": [{"name": one.name, "sha256": one.sha256} for one in made],
        "commit": commit,
        "stem": f"{whole['plan']}-{whole['year']}",
        "inputs_sha256": hashlib.sha256(
            "".join(i["sha256"] for i in check["inputs"]).encode()
        ).hexdigest(),
    }


def index(
    editions: Sequence[Mapping[str, object]],
    language: str = "zh",
    pages: Sequence[tuple[str, bool]] = (),
) -> str:
    """A page that links editions: `editions` as plan title, year, link, counts of statuses,
    conclusion; `pages`: (address, whether it is this one) of each where there are several."""
    said = {"editions": editions, "whole": {"language": language}, "pages": pages}
    return rendered(said, "editions.html.j2", script=False)


def newest(records: Sequence[dict]) -> str:
    """When the newest figure used was published: a day, month or year; empty where none was."""
    return max((point["published"] for r in records for point in r["points"]), default="")


def _reporting(records: Sequence[dict], missing: Sequence[dict], years: int) -> list[dict]:
    """For each office, in the plan's order: its indicators, the annual values they should have had,
    have, and how many have all."""
    lacking = {row["id"]: len(row["years"]) for row in missing}
    offices: dict[str, list[int]] = {}
    for record in records:
        offices.setdefault(record["facts"]["supplier"]["office"], []).append(
            lacking.get(record["indicator_id"], 0)
        )
    return [
        {
            "office": office,
            "indicators": len(gaps),
            "expected": years * len(gaps),
            "received": years * len(gaps) - sum(gaps),
            "complete": gaps.count(0),
        }
        for office, gaps in offices.items()
    ]


def _filters(
    records: Sequence[dict], plan: dict, words: ModuleType
) -> list[tuple[str, list[tuple[str, str]]]]:
    """(field, its (code, word) pairs) for the table's filters; a field in which all are alike has
    none."""
    areas = {area["id"]: area["name"] for area in plan["areas"]}
    alerts = {code: f"{word}·{words.ALERT_MEANING[code]}" for code, word in words.ALERT.items()}
    fields = {
        "category": ("category", {name: name for name in plan["categories"]}),
        "status": ("status", words.STATUS),
        "alert": ("alert_code", alerts),
        "area": ("area", areas),
    }
    found = {
        field: [
            (code, word) for code, word in known.items() if any(r[name] == code for r in records)
        ]
        for field, (name, known) in fields.items()
    }
    return [(field, options) for field, options in found.items() if len(options) > 1]


def _annexed(
    rows: Sequence[annex.Row], records: Sequence[dict], known: Sequence[str]
) -> list[dict]:
    """附表1's rows with the numbers of their sources in the list of sources, and where their card
    is."""
    return [
        {
            "cells": row.cells,
            "note": row.note,
            "sources": [known.index(name) + 1 for name in row.sources],
            "anchor": anchor(record),
        }
        for row, record in zip(rows, records, strict=False)
    ]


def download(text: str) -> str:
    """`text` as an address that a link can save as a file, without a script and without the
    network."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode("ascii")


def comparison(editions: Mapping[str, Sequence[dict]], about: Sequence[dict]) -> str:
    """Editions side by side on one page. `editions`: name → records of its indicators; `about`:
    what the page says of each edition (title, link, conclusion, scenario_title, scenario_reason),
    which calls them by their titles and not by their folders."""
    editions = dict(zip((one["title"] for one in about), editions.values(), strict=True))
    listed, names = compared.rows(editions), list(editions)
    lines = [listed[k : k + len(names)] for k in range(0, len(listed), len(names))]
    report = {
        "whole": {"language": wording.CODE},
        "about": about,
        "fictional": any(one.get("fictional") for one in about),
        "summary": compared.summary(editions),
        "lines": sorted(  # what changed first, each part in the order of the plan
            (
                {
                    "rows": [{**row, "words": compared.words(row)} for row in line],
                    "flips": compared.flips(line),
                }
                for line in lines
            ),
            key=lambda line: not line["flips"],
        ),
    }
    return rendered(report, "compare.html.j2", script=False)


def _card(one: Executed, context_series: Sequence[dict], titles: Mapping[str, str]) -> dict:
    record, name = one.record, anchor(one.record)
    related = [
        series for series in context_series if record["indicator_id"] in series["relates_to"]
    ]
    code = {
        cell["id"]: "".join(cell["source"])
        for cell in one.notebook["cells"]
        if cell["cell_type"] == "code"
    }
    more = {
        "anchor": name,
        "name": record[wording.NAME],
        "code": code,
        "related": related,
        "notebook": one.name,
        "sha256": one.sha256,
    }
    ranking = figure_of(one, f"{name}-ranking", 1) if len(drawn(one)) > 1 else None
    return {
        **record,
        **more,
        "ranking": ranking,
        **figure_of(one, name),
        "data": download(annex.series_csv(record, titles)),
    }
