"""How a drawing of ours becomes pixels, for a paper that takes no SVG (Word).

A notebook keeps its figures as SVG alone. What matplotlib writes is a few kinds of shape (path,
use, text, clip, hatch) in user units of 1/72 inch; the same library's rasterizer draws them again.
Anything else is refused: a shape left out in silence would be a figure that says something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib
import numpy as np
from matplotlib._enums import CapStyle, JoinStyle
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, TransformedPath

from .canvas import COLOURS, DPI, FAMILY, STYLE
from .paper import png

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
CODES = {"M": (Path.MOVETO,), "L": (Path.LINETO,), "Q": (Path.CURVE3,) * 2, "C": (Path.CURVE4,) * 3}
TOKEN = re.compile(r"[MLQCzZ]|-?[\d.]+(?:e-?\d+)?")
ANCHOR = {"start": 0.0, "middle": 0.5, "end": 1.0}
KNOWN = {SVG + name for name in ("svg", "g", "path", "use", "text", "defs")}
CAPS = {"butt": CapStyle.butt, "square": CapStyle.projecting, "round": CapStyle.round}
OPAQUE = "1"


def pixels(svg: str) -> bytes:
    """`svg`, as `canvas.Picture` draws it, as PNG. Raises ValueError for what none of ours
    holds."""
    root = ElementTree.fromstring(svg)
    width, height = map(float, root.get("viewBox", "").split()[2:])
    scale = DPI / 72
    canvas = RendererAgg(int(width * scale), int(height * scale), DPI)
    sheet = _Sheet(canvas, scale, height, {e.get("id", ""): e for e in root.iter()})
    with matplotlib.rc_context(STYLE):
        _draw(root, sheet, None)
    return png(np.asarray(canvas.buffer_rgba()), COLOURS, DPI)


@dataclass
class _Sheet:
    """What is drawn on: `named` are the elements of the drawing by id."""

    canvas: RendererAgg
    scale: float
    height: float
    named: Mapping[str, Element]
    to_paper: Affine2D = field(init=False)

    def __post_init__(self) -> None:
        self.to_paper = Affine2D().scale(1, -1).translate(0, self.height).scale(self.scale)


def _draw(element: Element, sheet: _Sheet, clip: str | None) -> None:
    """The element and what is in it; `clip`: the id of what it is cut to."""
    if element.tag == SVG + "title":
        return  # what a pointer is told
    if element.tag not in KNOWN:
        raise ValueError(f"the figure holds {element.tag.rpartition('}')[2]}, which is not ours")
    clip = element.get("clip-path") or clip
    if element.tag == SVG + "path":
        _path(element, _styled(element), Affine2D(), sheet, clip)
    elif element.tag == SVG + "use":
        shape = sheet.named[element.get(LINK, "").removeprefix("#")]
        moved = Affine2D().translate(float(element.get("x", 0)), float(element.get("y", 0)))
        _path(shape, _styled(shape) | _styled(element), moved, sheet, clip)
    elif element.tag == SVG + "text":
        _text(element, _styled(element), sheet)
    elif element.tag != SVG + "defs":
        for child in element:
            _draw(child, sheet, clip)


def _styled(element: Element) -> dict[str, str]:
    pairs = (part.partition(":") for part in element.get("style", "").split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _path(
    element: Element, style: dict[str, str], moved: Affine2D, sheet: _Sheet, clip: str | None
) -> None:
    gc = _context(style, sheet)
    if clip:
        _clip(gc, sheet.named[clip[5:-1]], sheet)
    fill = style.get("fill", "#000000")
    face = None
    if fill.startswith("url("):
        _hatch(gc, sheet.named[fill[5:-1]])
    elif fill != "none":
        share = float(style.get("opacity", OPAQUE)) * float(style.get("fill-opacity", OPAQUE))
        face = to_rgba(fill, share)
    outline, to_paper = _outline(element.get("d", "")), moved + sheet.to_paper
    sheet.canvas.draw_path(gc, outline, to_paper, face)


def _outline(text: str) -> Path:
    """The path of a `d`: absolute moves, lines, curves, ends."""
    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    for letter, numbers in _steps(text):
        if letter in "zZ":
            vertices.append(vertices[-1])
            codes.append(int(Path.CLOSEPOLY))
        else:
            vertices += zip(numbers[::2], numbers[1::2], strict=True)
            codes += map(int, CODES[letter])
    return Path(np.array(vertices).reshape(-1, 2), codes)


def _steps(text: str) -> Iterator[tuple[str, list[float]]]:
    letter, numbers = "", list[float]()
    for token in TOKEN.findall(text):
        if token.isalpha():
            if letter:
                yield letter, numbers
            letter, numbers = token, []
        else:
            numbers.append(float(token))
    if letter:
        yield letter, numbers


def _context(style: Mapping[str, str], sheet: _Sheet) -> GraphicsContextBase:
    """Pen and ends of a style, in points as the rasterizer takes them; without a stroke a pen of no
    width."""
    gc = sheet.canvas.new_gc()
    stroke = style.get("stroke", "none")
    if stroke == "none":
        gc.set_linewidth(0)
        return gc
    share = float(style.get("opacity", OPAQUE)) * float(style.get("stroke-opacity", OPAQUE))
    gc.set_foreground(to_rgba(stroke, share), isRGBA=True)
    gc.set_linewidth(float(style.get("stroke-width", 1)))
    gc.set_joinstyle(JoinStyle(style.get("stroke-linejoin", "round")))
    gc.set_capstyle(CAPS[style.get("stroke-linecap", "butt")])
    if "stroke-dasharray" in style and style["stroke-dasharray"] != "none":
        dashes = [float(each) for each in style["stroke-dasharray"].split(",")]
        gc.set_dashes(float(style.get("stroke-dashoffset", 0)), dashes)
    return gc


def _clip(gc: GraphicsContextBase, element: Element, sheet: _Sheet) -> None:
    (shape,) = element
    if shape.tag == SVG + "rect":
        x, y, width, height = (float(shape.get(n, 0)) for n in ("x", "y", "width", "height"))
        gc.set_clip_rectangle(Bbox.from_bounds(x, y, width, height).transformed(sheet.to_paper))
    else:
        gc.set_clip_path(TransformedPath(_outline(shape.get("d", "")), sheet.to_paper))


def _hatch(gc: GraphicsContextBase, pattern: Element) -> None:
    """The only hatch of ours, slanted lines in the colour and width of the pattern's."""
    style = _styled(pattern[-1])
    gc.set_hatch("///")
    gc.set_hatch_color(to_rgba(style["stroke"]))
    gc.set_hatch_linewidth(float(style["stroke-width"]))


def _text(element: Element, style: Mapping[str, str], sheet: _Sheet) -> None:
    font = FontProperties(family=FAMILY, size=float(style["font-size"].removesuffix("px")))
    text, angle, x, y = element.text or "", *_placed(element)
    width, _, _ = sheet.canvas.get_text_width_height_descent(text, font, ismath=False)
    shift = ANCHOR[style.get("text-anchor", "start")] * width
    turn = np.deg2rad(angle)
    gc = sheet.canvas.new_gc()
    share = float(style.get("opacity", OPAQUE))
    gc.set_foreground(to_rgba(style.get("fill", "#000000"), share), isRGBA=True)
    left, base = x * sheet.scale - shift * np.cos(turn), y * sheet.scale + shift * np.sin(turn)
    sheet.canvas.draw_text(gc, left, base, text, font, angle)


def _placed(element: Element) -> tuple[float, float, float]:
    """Angle (counter-clockwise, degrees) and place of a text, from its transform."""
    numbers = {
        name: [float(each) for each in inside.replace(",", " ").split()]
        for name, inside in re.findall(r"(\w+)\(([^)]*)\)", element.get("transform", ""))
    }
    x, y = numbers.get("translate", [float(element.get("x", 0)), float(element.get("y", 0))])
    return -numbers.get("rotate", [0.0])[0], x, y
