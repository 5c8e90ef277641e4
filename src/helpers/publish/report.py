"""The page of an edition: its executed notebooks merged in order and rendered by nbconvert with our own template.

Every string that came from data passes one choke point, the template environment's escaping; only pictures that our own
code drew are let through as markup, and those are checked. The page asks the network for nothing and runs no script.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from ..show import comparison as compared, figure, result, wording
from .font import embedded

TEMPLATES = Path(__file__).parent / "template"
SVG = "image/svg+xml"
COLOURS = {  # what figures draw with → what the page's theme decides
    **{colour: f"var(--{status})" for status, colour in figure.STATUS_COLOUR.items()},
    figure.INK: "var(--ink)", figure.MUTED: "var(--muted)", figure.GRID: "var(--line)", figure.PAPER: "var(--paper)",
    figure.ACTUAL: "var(--actual)", figure.TARGET: "var(--target)", figure.BAND80: "var(--band80)", figure.BAND95: "var(--band95)",
}  # fmt: skip
XMLNS = "{http://www.w3.org/2000/svg}"
ALLOWED_SVG = {XMLNS + name for name in ("svg", "g", "path", "defs", "clipPath", "rect", "use", "text", "tspan", "pattern")}
DROPPED_SVG = {XMLNS + "metadata", XMLNS + "style"}  # a style would hold for the whole page, whose own says the same
PLAIN_SVG = re.compile(r"(?:(?!url\((?!#)|image)[\w\s#%.,:;()'+-])*", re.IGNORECASE)  # attributes: no address but an id of its own


@dataclass(frozen=True)
class Executed:
    """One executed notebook of an edition: file name, SHA-256 of its bytes, content, record."""

    name: str
    sha256: str
    notebook: dict
    record: dict | None


def executed(folder: Path) -> list[Executed]:
    """The executed notebooks of an edition in the order of the plan: check, indicators, commitments, assessment.

    Raises ValueError for one that holds an error or a cell that was not executed.
    """
    found = {path.name: path for path in folder.glob("[1-4]_*.ipynb")}
    last = _executed(found["4_assessment.ipynb"])
    order = ["1_data_check.ipynb", *(f"2_{name}.ipynb" for name in last.record["facts"]["indicators"]), "3_commitments.ipynb", "4_assessment.ipynb"]
    return [_executed(found[name]) for name in order]


def _executed(path: Path) -> Executed:
    raw = path.read_bytes()
    notebook = json.loads(raw)
    for k, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        if cell["execution_count"] is None or any(output["output_type"] == "error" for output in cell["outputs"]):
            raise ValueError(f"{path.name}: cell {k} failed or was not executed; run the assessment again")
    return Executed(path.name, hashlib.sha256(raw).hexdigest(), notebook, result.read(notebook))


def results_json(executed: Sequence[Executed]) -> str:
    """results.json: the indicator records with their types, in plan order."""
    return json.dumps([one.record for one in _of_kind(executed, "indicator")], ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def results_csv(executed: Sequence[Executed]) -> str:
    """results.csv: one row an indicator, in plan order."""
    return result.to_csv(one.record for one in _of_kind(executed, "indicator"))


def _of_kind(executed: Sequence[Executed], kind: str) -> list[Executed]:
    """Those notebooks whose record is of `kind`: indicator, commitments, data_check, assessment."""
    return [one for one in executed if one.record and one.record["record"] == kind]


def page(executed: Sequence[Executed], commit: str) -> str:
    """assessment.html from the executed notebooks of an edition; `commit` names the code that made them."""
    whole, check, promised = (_of_kind(executed, kind)[0].record for kind in ("assessment", "data_check", "commitments"))
    sources = {source["id"]: source for source in check["sources"]}
    report = {
        "whole": whole,
        "check": check,
        "plan": whole["facts"],
        "indicators": [_card(one, check["context_series"]) for one in _of_kind(executed, "indicator")],
        "commitments": promised,
        "overview": _figure(executed[-1], "overview"),
        "reliability": _figure(executed[-1], "reliability", 1),
        "sources": sources,
        "outlooks": result.OUTLOOKS,
        "alerts": result.ALERTS,
        "notebooks": [{"name": one.name, "sha256": one.sha256} for one in executed],
        "commit": commit,
        "inputs_sha256": hashlib.sha256("".join(i["sha256"] for i in check["inputs"]).encode()).hexdigest(),
    }
    return _rendered([one.notebook for one in executed], report, "index.html.j2")


def index(editions: Sequence[Mapping[str, object]]) -> str:
    """The page that links all editions: `editions` as plan title, year, link, counts of statuses, conclusion."""
    return _rendered([], {"editions": editions}, "editions.html.j2")


def comparison(editions: Mapping[str, Sequence[dict]], about: Sequence[dict]) -> str:
    """Editions side by side on one page. `editions`: name → records of its indicators; `about`: what the page says of each edition
    (name, link, conclusion, scenario_title, scenario_reason)."""
    listed, names = compared.rows(editions), list(editions)
    lines = [listed[k : k + len(names)] for k in range(0, len(listed), len(names))]
    report = {"about": about, "summary": compared.summary(editions), "lines": [{"rows": [{**row, "words": compared.words(row)} for row in line], "flips": compared.flips(line)} for line in lines]}
    return _rendered([], report, "compare.html.j2")


def _card(one: Executed, context_series: Sequence[dict]) -> dict:
    record = one.record
    related = [series for series in context_series if record["indicator_id"] in series["relates_to"]]
    anchor = f"i-{record['indicator_id']}"  # an indicator may be called like a section of the page
    code = ["".join(cell["source"]) for cell in one.notebook["cells"] if cell["cell_type"] == "code"]
    return {**record, "anchor": anchor, **_figure(one, anchor), "code": code, "related": related, "notebook": one.name, "sha256": one.sha256}


def _figure(one: Executed, prefix: str, k: int = 0) -> dict[str, str]:
    """The `k`-th picture of a notebook as the page takes it, and its alt text."""
    return {"svg": _picture(one, prefix, k), "alt": "".join(_drawn(one)[k]["text/plain"])}


def _drawn(one: Executed) -> list[dict]:
    """The output of each picture of a notebook, by MIME type, in order."""
    outputs = (output.get("data", {}) for cell in one.notebook["cells"] for output in cell.get("outputs", ()))
    return [data for data in outputs if SVG in data]


def _picture(one: Executed, prefix: str, k: int = 0) -> str:
    """The notebook's `k`-th SVG for the page: nothing in it but shapes and text, ids made its own, colours handed to the theme.

    Raises ValueError where it holds anything else. Comments, document type and namespaces are dropped.
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
            if name.lower().startswith("on") or not PLAIN_SVG.fullmatch(value) or (name == "href" and value[:1] != "#"):
                raise _not_ours(one, f"a script or a link ({name})")
            element.set(name, _made_own(name, value, prefix))
    root.attrib = {"viewBox": root.get("viewBox"), "role": "img", "aria-labelledby": f"{prefix}-alt"}
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


def _rendered(notebooks: Sequence[dict], report: dict, template: str) -> str:
    """`report` through the template. The font is cut after a first rendering, when the page's characters are known."""
    import nbformat
    from markupsafe import Markup
    from nbconvert import HTMLExporter
    from nbformat.v4.rwbase import rejoin_lines

    merged = nbformat.v4.new_notebook()
    for k, notebook in enumerate(notebooks, 1):
        cells = nbformat.from_dict(rejoin_lines(nbformat.from_dict(notebook))).cells
        merged.cells += [nbformat.from_dict({**cell, "id": f"{k}-{cell['id']}"}) for cell in cells]  # ids repeat between notebooks
    exporter = HTMLExporter(template_name="assessment", template_file=template, extra_template_basedirs=[str(TEMPLATES)])
    exporter.environment.autoescape = True  # the one choke point: what is not Markup is text
    exporter.environment.globals.update(w=wording, Markup=Markup, styles=Markup((TEMPLATES / "assessment" / "style.css").read_text("utf-8")))
    exporter.environment.filters["safe"] = _refused_filter
    html, _ = exporter.from_notebook_node(merged, resources={"report": report, "font": FONT_MARK})
    return html.replace(FONT_MARK, embedded(figure.FONT, html), 1)


FONT_MARK = "@@FONT@@"


def _refused_filter(_: object) -> str:
    raise ValueError("the template filter `safe` is not used here: text from data must be escaped")
