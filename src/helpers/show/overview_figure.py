"""How progress is spread over many areas: one small chart an indicator, all on one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

import matplotlib
import numpy as np
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..measure.overview import KNOWN
from . import wording
from .canvas import ACTUAL, DPI, INK, STATUS_COLOUR, STYLE, TARGET, WIDTH, Picture

COLUMNS, ROW, HEAD, FOOT = 4, 1.05, 0.55, 0.55  # charts a row; inches of a row, title and legend
LEAST, MOST, BINS = -0.2, 1.6, 36  # of progress: what is beyond stands at the edge
NAME = 14  # characters of a name that stand above a chart
DOTS = 40  # areas: up to here each is a dot, beyond it they are counted


def distributions(standings: pandas.DataFrame, names: Mapping[str, str]) -> Picture:
    """The picture of `standings` (as of `show.standings`); `names`: indicator → what it is
    called."""
    with matplotlib.rc_context(STYLE):
        figure, axes = _grid(len(names))
        for ax, (indicator, name) in zip(axes, names.items(), strict=False):
            rows = standings[
                (standings["indicator_id"] == indicator) & standings["basis"].isin(KNOWN)
            ]
            _small(ax, rows["progress"].dropna().to_numpy(float), rows["elapsed"].max(), name)
        _legend(figure)
    return Picture(axes[0], wording.province.distribution([*names.values()]))


def _grid(n: int) -> tuple[Figure, list[Axes]]:
    """`n` empty charts, four a row, on one figure."""
    rows = max(1, math.ceil(n / COLUMNS))
    height = HEAD + rows * ROW + FOOT
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    figure.subplots_adjust(0.02, FOOT / height, 0.98, 1 - HEAD / height, 0.08, 0.75)
    axes = [*grid.flat]
    for ax in axes[max(n, 1) :]:
        ax.remove()
    return figure, axes[: max(n, 1)]


def _small(ax: Axes, progress: np.ndarray, elapsed: float, name: str) -> None:
    """One chart: areas by their progress, the schedule dotted, the target dashed."""
    edges = np.linspace(LEAST, MOST, BINS + 1)
    bins = np.clip(np.digitize(progress, edges) - 1, 0, BINS - 1)
    counts, middle = np.bincount(bins, minlength=BINS), (edges[:-1] + edges[1:]) / 2
    colours = np.where(middle >= 1, STATUS_COLOUR["met_hold"], ACTUAL)
    if len(progress) > DOTS:
        ax.bar(middle, counts, edges[1] - edges[0], color=colours, zorder=2)
    else:
        stacked = [k for n in counts for k in range(n)]
        each = np.repeat(colours, counts)
        ax.scatter(np.repeat(middle, counts), stacked, s=9, c=[*each], zorder=2)
    if not math.isnan(elapsed):
        ax.axvline(elapsed, color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=3)
    ax.axvline(1, color=TARGET, linewidth=1, linestyle=(0, (4, 2)), zorder=3)
    _bare(ax, max(counts.max(), 4))
    ax.set_title(name if len(name) <= NAME else f"{name[: NAME - 1]}…", fontsize=8, pad=3)


def _bare(ax: Axes, most: float) -> None:
    """The scale all charts share, and nothing that would be said twenty times."""
    ax.set(xlim=(LEAST, MOST), ylim=(-0.6, most + 0.6), xticks=[0, 0.5, 1, 1.5], yticks=[])
    ax.set_xticklabels(["0", "", "100%", ""], fontsize=7)
    ax.tick_params(length=0, pad=1)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)


def _legend(figure: Figure) -> None:
    words = wording.province
    figure.text(0.02, 1 - 0.12 / figure.get_figheight(), words.FIGURE_TITLE, fontsize=12, va="top")
    lines = figure.axes[0].get_lines()[-2:]
    labels = (words.SCHEDULE, words.REACHED)[-len(lines) :]
    figure.legend(lines, labels, loc="lower left", ncols=2, frameon=False, fontsize=8.5)
