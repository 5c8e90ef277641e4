"""The page of an edition: its executed notebooks merged in order and rendered by nbconvert with our
own template.

Every string that came from data passes one choke point, the template environment's escaping; only
pictures that our own code drew are let through as markup, and those are checked. The page asks the
network for nothing and runs one script, its own, named by its hash in the page's policy.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

from ..show import annex, comparison as compared, figure, ledger, result, wording
from . import chapters
from .font import embedded

TEMPLATES = Path(__file__).parent / "template"
SVG, PNG = "image/svg+xml", "image/png"
COLOURS = {  # what figures draw with → what the page's theme decides
    **{colour: f"var(--{status})" for status, colour in figure.STATUS_COLOUR.items()},
    figure.INK: "var(--ink)",
    figure.MUTED: "var(--muted)",
    figure.GRID: "var(--line)",
    figure.PAPER: "var(--paper)",
    figure.ACTUAL: "var(--actual)",
    figure.TARGET: "var(--target)",
    figure.BAND80: "var(--band80)",
    figure.BAND95: "var(--band95)",
}
XMLNS = "{http://www.w3.org/2000/svg}"
ALLOWED_SVG = {
    XMLNS + name
    for name in ("svg", "g", "path", "defs", "clipPath", "rect", "use", "text", "tspan", "pattern")
}
DROPPED_SVG = {
    XMLNS + "metadata",
    XMLNS + "style",
}  # a style would hold for the whole page, whose own says the same
PLAIN_SVG = re.compile(
    r"(?:(?!url\((?!#)|image)[\w\s#%.,:;()'+-])*", re.IGNORECASE
)  # attributes: no address but an id of its own


@dataclass(frozen=True)
class Executed:
    """One executed notebook of an edition: file name, SHA-256 of its bytes, content, record."""

    name: str
    sha256: str
    notebook: dict
    record: dict  # empty where it holds none


def executed(folder: Path) -> list[Executed]:
    """The executed notebooks of an edition in the order of the plan: check, indicators,
    commitments, assessment.

    Raises ValueError for one that holds an error or a cell that was not executed.
    """
    found = {path.name: path for path in folder.glob("[1-4]_*.ipynb")}
    last = _executed(found["4_assessment.ipynb"])
    order = [
        "1_data_check.ipynb",
        *(f"2_{name}.ipynb" for name in last.record["facts"]["indicators"]),
        "3_commitments.ipynb",
        "4_assessment.ipynb",
    ]
    return [_executed(found[name]) for name in order]


def _executed(path: Path) -> Executed:
    raw = path.read_bytes()
    notebook = json.loads(raw)
    for k, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        if cell["execution_count"] is None or any(
            output["output_type"] == "error" for output in cell["outputs"]
        ):
            raise ValueError(
                f"{path.name}: cell {k} failed or was not executed; run the assessment again"
            )
    return Executed(
        path.name, hashlib.sha256(raw).hexdigest(), notebook, result.read(notebook) or {}
    )


def results_json(executed: Sequence[Executed]) -> str:
    """results.json: the indicator records with their types, in plan order."""
    return (
        json.dumps(
            [one.record for one in _of_kind(executed, "indicator")],
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )


def results_csv(executed: Sequence[Executed]) -> str:
    """results.csv: one row an indicator, in plan order."""
    return result.to_csv(one.record for one in _of_kind(executed, "indicator"))


def page_json(commit: str, changes: dict | None) -> str:
    """page.json: what page, document and brief say that no notebook of the edition holds."""
    return json.dumps({"commit": commit, "changes": changes}, ensure_ascii=False, indent=1) + "\n"


def stored(folder: Path) -> dict:
    """`facts_of` an edition from its own folder alone: page, document and brief tell one story,
    whatever lies beside it by now."""
    beside = json.loads((folder / "page.json").read_text("utf-8"))
    return facts_of(executed(folder), beside["commit"], beside["changes"])


def _of_kind(executed: Sequence[Executed], kind: str) -> list[Executed]:
    """Those notebooks whose record is of `kind`: indicator, commitments, data_check, assessment."""
    return [one for one in executed if one.record.get("record") == kind]


def page(executed: Sequence[Executed], commit: str, changes: dict | None = None) -> str:
    """assessment.html from the executed notebooks of an edition; `commit` names the code that made
    them, `changes` is what `year_before.changes` found."""
    edition = facts_of(executed, commit, changes)
    written = chapters.of(edition, "page", wording.LANGUAGES[edition["whole"]["language"]])
    return _rendered(
        {**edition, "chapters": written}, "index.html.j2", [one.notebook for one in executed]
    )


def facts_of(executed: Sequence[Executed], commit: str, changes: dict | None = None) -> dict:
    """All that the page, the document and the brief of an edition are made from."""
    whole, check, promised = (
        _of_kind(executed, kind)[0].record for kind in ("assessment", "data_check", "commitments")
    )
    words = wording.LANGUAGES[whole["language"]]
    records = [one.record for one in _of_kind(executed, "indicator")]
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
        annex_csv = _download(annex.as_csv(records, years, titles))
        whole_pictures = {
            name: _figure(executed[-1], name, k)
            for k, name in enumerate(("overview", "reliability"))
        }
        cards = [
            _card(one, check["context_series"], titles) for one in _of_kind(executed, "indicator")
        ]
    return {
        "whole": whole,
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
        "results_csv": _download("\ufeff" + result.to_csv(records)),
        "sources": sources,
        "outlooks": result.OUTLOOKS,
        "alerts": result.ALERTS,
        "ladder": {code: k for k, code in enumerate(figure.STATUS_COLOUR)},
        "severity": {code: k for k, code in enumerate(words.ALERT)},
        "notebooks": [{"name": one.name, "sha256": one.sha256} for one in executed],
        "commit": commit,
        "stem": f"{whole['plan']}-{whole['year']}",
        "inputs_sha256": hashlib.sha256(
            "".join(i["sha256"] for i in check["inputs"]).encode()
        ).hexdigest(),
    }


def pictures(executed: Sequence[Executed]) -> dict[str, bytes]:
    """The pictures of an edition as PNG, by the anchor of their card; the first of the assessment
    as "overview"."""
    found = {_anchor(one.record): one for one in _of_kind(executed, "indicator")} | {
        "overview": executed[-1]
    }
    return {name: base64.b64decode("".join(_drawn(one)[0][PNG])) for name, one in found.items()}


def index(editions: Sequence[Mapping[str, object]], language: str = "zh") -> str:
    """The page that links all editions: `editions` as plan title, year, link, counts of statuses,
    conclusion."""
    return _rendered(
        {"editions": editions, "whole": {"language": language}}, "editions.html.j2", script=False
    )


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
            "anchor": _anchor(record),
        }
        for row, record in zip(rows, records, strict=False)
    ]


def _download(text: str) -> str:
    """`text` as an address that a link can save as a file, without a script and without the
    network."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode("ascii")


def _anchor(record: dict) -> str:
    return f"i-{record['indicator_id']}"  # an indicator may be called like a section of the page


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
        "summary": compared.summary(editions),
        "lines": [
            {
                "rows": [{**row, "words": compared.words(row)} for row in line],
                "flips": compared.flips(line),
            }
            for line in lines
        ],
    }
    return _rendered(report, "compare.html.j2", script=False)


def _card(one: Executed, context_series: Sequence[dict], titles: Mapping[str, str]) -> dict:
    record, anchor = one.record, _anchor(one.record)
    related = [
        series for series in context_series if record["indicator_id"] in series["relates_to"]
    ]
    code = [
        "".join(cell["source"]) for cell in one.notebook["cells"] if cell["cell_type"] == "code"
    ]
    more = {
        "anchor": anchor,
        "name": record[wording.NAME],
        "code": code,
        "related": related,
        "notebook": one.name,
        "sha256": one.sha256,
    }
    ranking = _figure(one, f"{anchor}-ranking", 1) if len(_drawn(one)) > 1 else None
    return {
        **record,
        **more,
        "ranking": ranking,
        **_figure(one, anchor),
        "data": _download(annex.series_csv(record, titles)),
    }


def _figure(one: Executed, prefix: str, k: int = 0) -> dict[str, str]:
    """The `k`-th picture of a notebook as the page takes it, and its alt text."""
    return {"svg": _picture(one, prefix, k), "alt": "".join(_drawn(one)[k]["text/plain"])}


def _drawn(one: Executed) -> list[dict]:
    """The output of each picture of a notebook, by MIME type, in order."""
    outputs = (
        output.get("data", {})
        for cell in one.notebook["cells"]
        for output in cell.get("outputs", ())
    )
    return [data for data in outputs if SVG in data]


def _picture(one: Executed, prefix: str, k: int = 0) -> str:
    """The notebook's `k`-th SVG for the page: nothing in it but shapes and text, ids made its own,
    colours handed to the theme.

    Raises ValueError where it holds anything else. Comments, document type and namespaces are
    dropped.
    """
    try:
        root = ElementTree.fromstring("".join(_drawn(one)[k][SVG]))
    except ElementTree.ParseError:
        raise _not_ours(one, "something that is not SVG") from None
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in DROPPED_SVG]:
            parent.remove(child)
    for element in root.iter():
        if element.tag not in ALLOWED_SVG:
            raise _not_ours(one, element.tag.rpartition("}")[2])
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {name.rpartition("}")[2]: value for name, value in element.items()}
        for name, value in element.items():
            if (
                name.lower().startswith("on")
                or not PLAIN_SVG.fullmatch(value)
                or (name == "href" and value[:1] != "#")
            ):
                raise _not_ours(one, f"a script or a link ({name})")
            element.set(name, _made_own(name, value, prefix))
        if element.text and wording.LANG != "zh-CN" and CJK.search(element.text):
            element.set("lang", "zh-CN")
    root.attrib = {
        "viewBox": root.get("viewBox", ""),
        "role": "img",
        "aria-labelledby": f"{prefix}-alt",
    }
    return ElementTree.tostring(root, encoding="unicode")


def _made_own(name: str, value: str, prefix: str) -> str:
    """An attribute with its ids under `prefix` and its colours from the theme."""
    if name in ("id", "href"):
        return f"{prefix}-{value}" if name == "id" else f"#{prefix}-{value[1:]}"
    for drawn, themed in COLOURS.items():
        value = value.replace(drawn, themed)
    return value.replace("url(#", f"url(#{prefix}-")


def _not_ours(one: Executed, what: str) -> ValueError:
    return ValueError(f"{one.name}: the picture holds {what}; it was not drawn by this project")


def _rendered(
    report: dict, template: str, notebooks: Sequence[dict] = (), *, script: bool = True
) -> str:
    """`report` through the template. The font is cut after a first rendering, when the page's
    characters are known."""
    import nbformat
    from markupsafe import Markup
    from nbconvert.exporters import TemplateExporter
    from nbformat.v4.rwbase import rejoin_lines

    merged = nbformat.v4.new_notebook()
    for k, notebook in enumerate(notebooks, 1):
        cells = nbformat.from_dict(rejoin_lines(nbformat.from_dict(notebook))).cells
        merged.cells += [
            nbformat.from_dict({**cell, "id": f"{k}-{cell['id']}"}) for cell in cells
        ]  # ids repeat between notebooks
    exporter = TemplateExporter(
        template_name="assessment",
        template_file=template,
        extra_template_basedirs=[str(TEMPLATES)],
        default_preprocessors=[],
    )
    exporter.output_mimetype = "text/html"
    exporter.environment.autoescape = True  # the one choke point: what is not Markup is text
    words = wording.LANGUAGES[report["whole"]["language"]]
    exporter.environment.globals.update(w=words, Markup=Markup)
    exporter.environment.filters.update(safe=_refused_filter, q=_quoting(words.LANG))
    code = (TEMPLATES / "assessment" / "script.js").read_text("utf-8") if script else ""
    style = (TEMPLATES / "assessment" / "style.css").read_text("utf-8")
    resources = {
        "report": report,
        "style": Markup(STYLE_MARK),
        "style_hash": HASH_MARK,
        "script": Markup(code),
        "script_hash": _policy_hash(code),
    }
    html, _ = exporter.from_notebook_node(merged, resources=resources)
    font = FONT_FACE.format(family=figure.FAMILY, opentype=embedded(figure.FONT, html))
    whole_style = f"{font}\n{style}{_running_heads(report)}"
    return html.replace(HASH_MARK, _policy_hash(whole_style), 1).replace(STYLE_MARK, whole_style, 1)


STYLE_MARK, HASH_MARK = (
    "@@STYLE@@",
    "@@STYLE-HASH@@",
)  # each stands in the head before anything that came from data
FONT_FACE = (
    '@font-face {{ font-family: "{family}"; src: url(data:font/otf;base64,{opentype}) '
    'format("opentype"); }}'
)
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+")


def _policy_hash(text: str) -> str:
    """How a content security policy names the one script or style it lets pass."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _running_heads(report: dict) -> str:
    """The head of every printed page: the plan and its edition, as strings of a style sheet."""
    if "plan" not in report:
        return ""
    title, edition = (
        _css_string(report["plan"]["short_title"]),
        _css_string(f"{report['whole']['year']} {report['whole']['known_by']}".strip()),
    )
    return f"\n@page {{ @top-left {{ content: {title}; }} @top-right {{ content: {edition}; }} }}\n"


def _css_string(text: str) -> str:
    """`text` as a string of a style sheet: everything but letters and digits by its number, so that
    nothing ends the string or the sheet."""
    return '"' + "".join(ch if ch.isalnum() else f"\\{ord(ch):x} " for ch in text) + '"'


def _quoting(language: str) -> Callable[[object], object]:
    """The filter `q`: text as it is; on a page in another language every run of Chinese in it is
    marked as such."""
    from markupsafe import Markup

    def quoted(text: object) -> object:
        if not isinstance(text, str) or isinstance(text, Markup) or not CJK.search(text):
            return text
        pieces = [
            Markup('<span lang="zh-CN">{}</span>').format(piece) if CJK.match(piece) else piece
            for piece in re.split(f"({CJK.pattern})", text)
        ]
        return Markup("").join(pieces)

    return (lambda text: text) if language == "zh-CN" else quoted


def _refused_filter(_: object) -> str:
    raise ValueError("the template filter `safe` is not used here: text from data must be escaped")
