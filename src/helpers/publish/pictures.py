"""The pictures of executed notebooks: as SVG the page can take, checked and made its own; as PNG
for paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from ..show import canvas, raster, wording
from ..show.wording.en_names import CJK, english
from .notebooks import Executed, of_kind

SVG = "image/svg+xml"
OF_THE_WHOLE = ("overview", "reliability")  # figures of the last notebook, in its order
COLOURS = {  # what figures draw with → what the page's theme decides
    **{colour: f"var(--{status})" for status, colour in canvas.STATUS_COLOUR.items()},
    canvas.INK: "var(--ink)",
    canvas.MUTED: "var(--muted)",
    canvas.GRID: "var(--line)",
    canvas.PAPER: "var(--paper)",
    canvas.ACTUAL: "var(--actual)",
    canvas.TARGET: "var(--target)",
    canvas.BAND80: "var(--band80)",
    canvas.BAND95: "var(--band95)",
}
XMLNS = "{http://www.w3.org/2000/svg}"
ALLOWED_SVG = {XMLNS + name for name in ("svg", "g", "path", "defs", "clipPath", "rect", "use")} | {
    XMLNS + name for name in ("text", "tspan", "title", "pattern")
}
DROPPED_SVG = {
    XMLNS + "metadata",
    XMLNS + "style",
}  # a style would hold for the whole page, whose own says the same
PLAIN_SVG = re.compile(
    r"(?:(?!url\((?!#)|image)[\w\s#%.,:;()'+-])*", re.IGNORECASE
)  # attributes: no address but an id of its own


def pictures(executed: Sequence[Executed]) -> dict[str, bytes]:
    """The pictures of an edition as PNG, drawn from their SVG, by the name of their drawing."""
    named = {
        name: (one, k)
        for one in of_kind(executed, "indicator")
        for k, name in enumerate((anchor(one.record), f"{anchor(one.record)}-ranking"))
        if k < len(drawn(one))
    }
    named |= {name: (executed[-1], k) for k, name in enumerate(OF_THE_WHOLE)}
    return {name: raster.pixels("".join(drawn(one)[k][SVG])) for name, (one, k) in named.items()}


def figure_of(one: Executed, prefix: str, k: int = 0) -> dict[str, str]:
    """The `k`-th picture of a notebook as the page takes it, and its alt text."""
    return {"svg": _picture(one, prefix, k), "alt": "".join(drawn(one)[k]["text/plain"])}


def drawn(one: Executed) -> list[dict]:
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
        root = ElementTree.fromstring("".join(drawn(one)[k][SVG]))
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
            element.text = english(element.text)
            if CJK.search(element.text):
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


def anchor(record: dict) -> str:
    return f"i-{record['indicator_id']}"  # an indicator may be called like a section of the page
