"""How is a drawing written as SVG? What is seen and nothing else, in a third of the bytes.

matplotlib wraps every artist in a group of its own, names the font at every word and tells places
to a millionth of a point. Here a group is one that a pointer is told something of, the font stands
at the root, a place is told to a hundredth of a point (a thin line is 0.8 wide).
"""

from __future__ import annotations

import io
import re

from matplotlib import rcParams
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from . import hover

POINTS = 72  # an inch: the unit of what is written
PLACES = {"d", "x", "y", "width", "height", "transform"}  # attributes that say where something is
TAG = re.compile(r"<[^>]+>")  # a > in a value is written as a reference
ATTRIBUTE = re.compile(r""" ([\w:-]+)=("[^"]*"|'[^']*')""")
USUAL = ("stroke-dashoffset:0;", "text-anchor:start;")  # what holds where nothing is told
LONG = re.compile(r"-?\d+\.\d{3,}")
JOINT, LETTER = re.compile(r"\s*([MLQCz])\s*|\s+(?=\")"), r"\1"


class Renderer(RendererSVG):
    """matplotlib's own without its groups, metadata and style sheet."""

    def __init__(self, width: float, height: float, file: io.StringIO):
        self.grouped: list[bool] = []
        super().__init__(width, height, file)

    def open_group(self, _s: str, gid: str | None = None) -> None:
        self.grouped.append(gid is not None)
        if gid is not None:
            self.writer.start("g", id=gid)

    def close_group(self, _s: str) -> None:
        if self.grouped.pop():
            self.writer.end("g")
            self.writer.comment(hover.END)

    def _write_metadata(self, metadata: object) -> None:
        """When and with what it was made differs between runs that are alike."""

    def _write_default_style(self) -> None:
        """Of every element; `written` gives it to the root."""


def written(figure: Figure, fonts: str) -> str:
    """`figure` as SVG in the first of `fonts`, by which it is drawn. To be called within the style
    it was drawn in."""
    figure.dpi = POINTS
    file = io.StringIO()
    width, height = figure.get_size_inches() * POINTS
    renderer = Renderer(width, height, file)
    figure.draw(renderer)
    renderer.finalize()
    drawn = TAG.sub(_shortened, file.getvalue().replace(f"font-family: {_family()}; ", ""))
    style = f' style="stroke-linejoin:round;stroke-linecap:butt;font-family:{fonts}"'
    drawn = re.sub(r"\n +(?=<)", "\n", drawn)
    return re.sub(r"<g>\n(<use [^>]*/>)\n</g>", r"\1", drawn).replace("<svg", "<svg" + style, 1)


def _family() -> str:
    [family] = rcParams["font.family"]
    return f"'{family}'"


def _shortened(tag: re.Match[str]) -> str:
    return ATTRIBUTE.sub(_attribute, tag[0])


def _attribute(one: re.Match[str]) -> str:
    name, value = one[1], one[2]
    if name == "style":
        value = value.replace(": ", ":").replace("; ", ";")
        for usual in USUAL:
            value = value.replace(usual, "")
        return f" style={value}"
    if name not in PLACES:
        return one[0]
    if name == "transform" and value.startswith('"rotate(-0 '):  # a turn by nothing
        return ""
    return f" {name}={JOINT.sub(LETTER, LONG.sub(_rounded, value))}"


def _rounded(long: re.Match[str]) -> str:
    return f"{round(float(long[0]), 2) + 0:.2f}".rstrip("0").rstrip(".")  # no -0
