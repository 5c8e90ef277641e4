"""How a drawing comes to fit its paper: margins and title by the widths of its words, few colours.

Nothing is drawn to find out: every width is the font's own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.textpath import text_to_path
from PIL import Image

NEAR = 3  # of 255: as far as a palette's colour is off when pixels of an edge are counted into it
# what a title may be broken after: a word and its spaces, a Chinese character and its closing marks
PIECE = re.compile(r"[\u2e80-\uff00][，。；：、）」』》％！？]*|[^\u2e80-\uff00\s]+\s*|\s+|.")


def png(pixels: np.ndarray, colours: Sequence[str], dpi: int) -> bytes:
    """RGBA `pixels` as a PNG with a palette in which `colours` are exact: a quarter of the bytes of
    a full one in half the time."""
    opaque = np.ascontiguousarray(pixels[:, :, :3])
    image = Image.fromarray(opaque).quantize(256, method=Image.Quantize.FASTOCTREE)
    found = np.array(image.getpalette(), dtype=int).reshape(-1, 3)
    for colour in colours:
        exact = np.round(255 * np.array(to_rgb(colour)))
        found[np.abs(found - exact).max(axis=1) <= NEAR] = exact
    image.putpalette(found.astype(np.uint8).tobytes())
    file = io.BytesIO()
    image.save(file, "png", dpi=(dpi, dpi))
    return file.getvalue()


def arrange(ax: Axes, title: str, pad: float | None = None) -> None:
    """Put up the title, in as many lines as it needs, and margins that hold what stands in them.

    `pad`: points between axes and title (the style's own). A layout engine finds margins by drawing
    everything once more; here the font's own widths tell. To be called within the style the picture
    is drawn in.
    """
    paper, point = ax.figure.bbox, ax.figure.dpi / 72
    across, height = paper.width / point, paper.height / point
    text, head = rcParams["font.size"], rcParams["axes.titlesize"]
    pad = rcParams["axes.titlepad"] if pad is None else pad
    labelled = bool(ax.get_xlabel()), bool(ax.get_ylabel()) and ax.yaxis.label.get_rotation() > 0
    if not any(labelled):  # else every drawing would look for a place beside the ticks
        ax.xaxis.set_label_coords(0.5, 0)
        ax.yaxis.set_label_coords(0, 1.02)
    below = 2 * text + 1.5 * text * labelled[0]
    lines = 1
    # the height decides the ticks, their width the lines of the title, those the height
    for _ in range(2):
        above = pad + 1.15 * head + 1.2 * head * (lines - 1)
        ax.figure.subplots_adjust(bottom=below / height, top=1 - above / height)
        ticks = ax.yaxis.get_major_formatter().format_ticks([*ax.get_yticks()])
        left = 6.5 + width("\n".join(ticks), text) + 1.5 * text * labelled[1]
        shown = _wrapped(title, head, across - left - 3)
        lines = 1 + shown.count("\n")
    ax.set_title(shown, pad=pad)
    right = max([3.0, *_overhangs(ax, across - left)])
    ax.figure.subplots_adjust(left=left / across, right=1 - right / across)


def _overhangs(ax: Axes, room: float) -> Iterator[float]:
    """For every label that hangs on a figure: the right margin in points that keeps it on the
    paper, `room` being what axes and margin share."""
    low, high = ax.get_xlim()
    for label in ax.texts:
        if isinstance(label, Annotation) and label.xycoords == "data":
            x, offset = label.xy[0], label.xyann[0]
        elif label.get_transform() == ax.transData:
            x, offset = label.get_position()[0], 0
        else:
            continue
        share = {"left": 1.0, "center": 0.5, "right": 0.0}[label.get_horizontalalignment()]
        beyond = offset + share * width(label.get_text(), float(label.get_fontsize())) + 4
        inside = (high - x) / (high - low)  # of the axes, between the figure and their edge
        if label.get_text():
            yield (beyond - inside * room) / (1 - inside)


def width(text: str, size: float) -> float:
    """The width in points of the longest line of `text` in the style's font.

    A raster's letters are up to 1.5 % wider than the font says.
    """
    font = FontProperties(size=size)
    measure = text_to_path.get_text_width_height_descent
    lines = text.split("\n")
    return 1.015 * max(measure(line, font, ismath=False)[0] if line else 0.0 for line in lines)


def fitted(text: str, size: float, room: float, most: int = 2) -> str:
    """`text` in at most `most` lines of `room` points; what is left off is an ellipsis."""
    lines = _wrapped(text, size, room).split("\n")
    if len(lines) > most:
        lines = [*lines[: most - 1], "".join(lines[most - 1 :])]
    return "\n".join(_cut(line, size, room) for line in lines)


def _cut(line: str, size: float, room: float) -> str:
    """`line`, or as much of it as leaves room for an ellipsis."""
    short, more = line, ""
    while short and width(short + more, size) > room:
        short, more = short[:-1], "…"
    return short + more


def _wrapped(text: str, size: float, room: float) -> str:
    """`text` in lines at most `room` points wide, broken at spaces and between Chinese characters;
    no line begins with a closing mark."""
    lines = [""] if width(text, size) > room else [text]
    for piece in PIECE.findall(text) if not lines[0] else ():
        if lines[-1] and width(lines[-1] + piece.rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
