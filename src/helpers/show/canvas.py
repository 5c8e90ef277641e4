"""On what is a picture drawn? One paper, one font, one set of colours, the same bytes everywhere.

Conventions: fixed size, no trimming (drawing twice), the font carried in `fonts/` on every machine,
nothing random in the file, so that two runs give the same bytes. Colour is never the only sign. `$`
is a character, not mathematics.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..measure.verdict import STATUSES
from . import hover, vector

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

FONT = Path(__file__).parent / "fonts" / "plan-assessment-sans.otf"
FAMILY = "Plan Assessment Sans"
# a notebook does not carry the font, a page does
FALLBACK = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
# inches (a picture without data is lower), dots per inch of the PNG
WIDTH, HEIGHT, EMPTY_HEIGHT, DPI = 7.2, 3.7, 2.4, 144
DASHES, DOTS = (0, (6, 3)), (0, (1, 2))  # of a target, of what was scheduled
INK, MUTED, GRID, PAPER = "#1f2328", "#5b6470", "#dfe3e8", "#ffffff"
ACTUAL, TARGET, BAND80, BAND95 = "#0b5394", "#b3261e", "#9fc1e3", "#d6e5f4"
# keeps lines from running through words
WORDS_ON_PAPER = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
STATUS_COLOUR = {
    "met_locked": "#0a6b3d",
    "met_hold": "#2e8b57",
    "ahead": "#0b5394",
    "on_schedule": "#3d7ab8",
    "behind": "#b26a00",
    "far_behind": "#c2410c",
    "reverse": "#a3211a",
    "not_assessable": "#7a828c",
    "no_data": "#a9b0b8",
}
STYLE: dict[RcKeyType, Any] = {
    "font.family": FAMILY,
    "font.size": 10.5,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titlepad": 24,
    "axes.titley": 1.0,  # where it is: nothing is moved out of its way
    "axes.unicode_minus": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "plan-assessment",
}

Look = dict[str, Any]  # how something is drawn: keywords of matplotlib
COLOURS = (INK, MUTED, GRID, PAPER, ACTUAL, TARGET, BAND80, BAND95, *STATUS_COLOUR.values())

font_manager.fontManager.addfont(FONT)
READY: list[Axes] = []  # made by `prepare`
TICKS = 10  # an axis: more than a picture of years has


class Picture:
    """A drawn figure: SVG, its alt text as plain text. What takes no SVG has it drawn by
    `raster`."""

    def __init__(self, ax: Axes, alt: str):
        if not isinstance(ax.figure, Figure):
            raise TypeError("a picture is made of a whole figure, not of a part of one")
        self.ax, self.alt, self.figure = ax, alt, ax.figure

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"text/plain": self.alt, "image/svg+xml": self.svg}

    @property
    def svg(self) -> str:
        with matplotlib.rc_context(STYLE):  # `savefig` would draw it twice
            return hover.told(vector.written(self.figure, f"'{FAMILY}', {FALLBACK}"))


def axes(width: float = WIDTH, height: float = HEIGHT) -> Axes:
    """An empty Axes on a figure of its own, known to no window and no global state."""
    with matplotlib.rc_context(STYLE):
        ax = READY.pop() if READY else _empty()
        whole = ax.get_figure(root=True)
        assert whole is not None
        whole.set_size_inches(width, height)
    return ax


def _empty() -> Axes:
    ax = Figure(dpi=DPI).add_subplot()
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(labelsize=STYLE["font.size"])  # decides how many ticks there are
    return ax


def prepare() -> None:
    """Open the font and make an Axes with its ticks before one is asked for: every process that is
    forked then finds them, which is a fifth of its picture."""
    _ = Picture(axes(), "").svg
    with matplotlib.rc_context(STYLE):
        READY.append(_empty())
        for axis in (READY[0].xaxis, READY[0].yaxis):
            axis.get_major_ticks(TICKS)


assert tuple(STATUS_COLOUR) == STATUSES, "every status has a colour"
