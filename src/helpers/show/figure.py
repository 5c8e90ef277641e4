"""What a reader looks at: one function a picture, each returning its Axes so that a test can read
what it shows."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import matplotlib
from matplotlib.axes import Axes

from ..intake.events import Event
from ..measure.assessment import Assessment
from ..measure.backtest import Record
from . import hover, labels, overview_rows, paper, traces, wording
from .canvas import (
    ACTUAL,
    DASHES,
    DOTS,
    EMPTY_HEIGHT,
    HEIGHT,
    INK,
    MUTED,
    PAPER,
    STATUS_COLOUR,
    STYLE,
    TARGET,
    WIDTH,
    WORDS_ON_PAPER,
    Look,
    Picture,
    axes,
)
from .overview_rows import LONGEST, WORDS


def paper_of(said: Assessment) -> Axes:
    """An empty Axes for the course of one indicator, low where nothing was observed."""
    return axes(height=HEIGHT if said.series.points else EMPTY_HEIGHT)


def finished(ax: Axes, said: Assessment, happened: Sequence[Event] = ()) -> Axes:
    """What `2_indicator` drew (schedule, fan, course; `traces.look`) with what a reader needs to
    read it: target, gaps, bounds, figures, limits, the finding as its title, the name of every
    mark, and what happened meanwhile."""
    with matplotlib.rc_context(STYLE):
        ax.set_ylabel(wording.unit(said.facts.unit), rotation=0, ha="left", va="bottom", fontsize=9)
        traces.without_empty(ax, said)
        traces.limits(ax, said)
        draws = (traces.notes, traces.told, traces.target, traces.schedule)
        words = [word for draw in draws for word in draw(ax, said)]
        if not said.series.points:
            middle: Look = {"transform": ax.transAxes, "ha": "center", "va": "center"}
            ax.text(0.5, 0.32, wording.NO_DATA, **middle, fontsize=22, color=MUTED)
        texts = labels.written(ax, words)
        paper.arrange(ax, wording.finding(said))
        if happened:
            above = traces.events(ax, happened)
            paper.arrange(ax, wording.finding(said), STYLE["axes.titlepad"] + above)
        labels.settle(ax, words, texts)
    return ax


def ranking(areas: Sequence[Assessment], names: Mapping[str, str]) -> Axes:
    """The latest value of every area as a bar, the best on top, its own target as a mark; colour
    and word are its status.

    `areas`: assessments of one indicator in several areas, best first; `names`: area id → name.
    """
    ax = axes(WIDTH, 1.0 + 0.42 * len(areas))
    with matplotlib.rc_context(STYLE):
        for k, area in enumerate(reversed(areas)):
            _bar(ax, k, area)
        ax.set_yticks(range(len(areas)), [names[area.area] for area in reversed(areas)])
        right = max(max(area.latest[1], area.facts.target.value or 0) for area in areas)
        ax.set_xlim(right=right * 1.4)
        _upright(ax, len(areas))
        unit = wording.unit(areas[0].facts.unit)
        paper.arrange(ax, f"{wording.RANKING_TITLE}{wording.OPEN}{unit}{wording.CLOSE}")
    return ax


def _bar(ax: Axes, k: int, area: Assessment) -> None:
    (_, value), aim = area.latest, area.facts.target.value
    ax.barh(k, value, height=0.56, color=STATUS_COLOUR[area.status], zorder=2)
    if aim is not None:
        ax.plot([aim] * 2, [k - 0.4, k + 0.4], color=TARGET, linewidth=2, zorder=3)
    text = wording.BOUND[area.bound] + wording.number(value, area.facts.decimals)
    text += f"　{wording.SIGN[area.status]} {wording.judged(area.status, area.at_least)}"
    beside: Look = {"textcoords": "offset points", "va": "center"}
    ax.annotate(text, (max(value, aim or 0), k), (6, 0), color=INK, zorder=4, **beside)


def _upright(ax: Axes, rows: int) -> None:
    """Room for so many rows of bars, and lines that stand."""
    ax.set_ylim(-0.6, rows - 0.4)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)


def comparison(areas: Sequence[Assessment], names: Mapping[str, str]) -> Picture | None:
    """The ranking as a picture, or nothing where fewer than two areas have a value."""
    return Picture(ranking(areas, names), wording.ranking(areas, names)) if len(areas) > 1 else None


def overview(records: Sequence[dict]) -> Axes:
    """增量完成率 of every indicator as a bar against the 序时进度 of its data year, the furthest
    ahead of it on top; words stand before the bars, why there is none where there is none.

    `records`: result records of the whole area.
    """
    rows = sorted(records, key=overview_rows.ahead)
    names = [textwrap.fill(row[wording.NAME], 34) for row in rows]
    lines = max((name.count("\n") for name in names), default=0)
    ax = axes(WIDTH, 0.9 + (0.34, 0.42, 0.54)[min(lines, 2)] * len(rows))
    with matplotlib.rc_context(STYLE):
        column = overview_rows.column(names, [overview_rows.words(row) for row in rows], WIDTH * 72)
        for k, row in enumerate(rows):
            _overview_row(ax, len(rows) - 1 - k, row, column)
        ax.axvline(1, color=TARGET, linewidth=1.4, linestyle=DASHES, zorder=1)
        _overview_heads(ax, rows)
        ax.set_yticks(range(len(rows)), names[::-1])
        ax.set_xlim(column - 0.04, LONGEST + 0.05)
        ax.set_xticks([0, 0.5, 1, 1.5], ["0", "50%", "100%", ""])  # two there would touch
        _upright(ax, len(rows))
        paper.arrange(ax, wording.overview_finding(records))
    return ax


def _overview_heads(ax: Axes, rows: Sequence[dict]) -> None:
    """The names of both lines: one ends where the other begins, so that they never meet."""
    heads = [(1.0, "left", TARGET, wording.MARK["target"])]
    elapsed = [row["elapsed"] for row in rows if row["progress"] is not None]
    if elapsed:
        heads.append((max(elapsed), "right", INK, wording.page.ELAPSED))
    for x, side, colour, word in heads:
        ax.text(x, len(rows) - 0.35, f" {word} ", ha=side, va="bottom", color=colour, fontsize=9)


def _overview_row(ax: Axes, y: int, record: dict, column: float) -> None:
    p, colour = record["progress"], MUTED if record["progress"] is None else INK
    ax.text(column, y, overview_rows.words(record), color=colour, va="center", fontsize=WORDS)
    if p is None:
        told = wording.no_share(record)
        ax.text(0.03, y, told, color=MUTED, va="center", fontsize=9, bbox=WORDS_ON_PAPER)
        return
    shown = min(max(p, -0.1), LONGEST)
    [bar] = ax.barh(y, shown, height=0.56, color=STATUS_COLOUR[record["status"]], zorder=2)
    course = f"{wording.page.ELAPSED} {wording.percent(record['elapsed'])}"
    hover.say(
        bar, [wording.COMMA.join((record[wording.NAME], overview_rows.words(record), course))]
    )
    for back in (0.03, 0.055) if shown != p else ():  # a bar that is cut shows it
        end = shown - math.copysign(back, p)
        cut = [end - 0.012, end + 0.012], [y - 0.28, y + 0.28]
        ax.plot(*cut, color=PAPER, linewidth=1.6, zorder=2.5)
    ax.plot([record["elapsed"]] * 2, [y - 0.4, y + 0.4], color=INK, linewidth=2, zorder=3)


def reliability(records: Mapping[str, Sequence[Record]]) -> Axes:
    """How often targets were met (up) against the chance that was given (right), a mark a tenth; on
    the line is reliable.

    `records`: kind of question (stock, sum) → its tenths; marks grow with the number of cases.
    """
    ax = axes(4.8, 4.6)
    with matplotlib.rc_context(STYLE):
        line: Look = {"color": MUTED, "linewidth": 1.2, "linestyle": DOTS}
        ax.plot([0, 1], [0, 1], label=wording.PERFECT, zorder=1, **line)
        looks = ((ACTUAL, "o", ACTUAL), (TARGET, "D", "none"))
        for (kind, tenths), look in zip(records.items(), looks, strict=False):
            _tenths(ax, tenths, wording.RELIABILITY[kind], *look)
        ticks = [0, 0.25, 0.5, 0.75, 1]
        ax.set_xticks(ticks, [wording.percent(x, 0) for x in ticks])
        ax.set_yticks(ticks, [wording.percent(x, 0) for x in ticks])
        ax.set_xlim(-0.03, 1.03)
        ax.set_ylim(-0.03, 1.03)
        ax.set_xlabel(wording.SAID_AXIS)
        ax.set_ylabel(wording.MET_AXIS)
        paper.arrange(ax, wording.RELIABILITY_TITLE, pad=10)
        ax.legend(loc="upper left", frameon=False, fontsize=9)
    return ax


def _tenths(
    ax: Axes, tenths: Sequence[Record], label: str, edge: str, marker: str, fill: str
) -> None:
    seen = [tenth for tenth in tenths if tenth.cases]
    most = max((tenth.cases for tenth in seen), default=1)
    ax.scatter(
        [tenth.said for tenth in seen],
        [tenth.met for tenth in seen],
        s=[20 + 90 * tenth.cases / most for tenth in seen],
        facecolors=fill,
        edgecolors=edge,
        marker=marker,
        linewidths=1.6,
        label=label,
        zorder=3,
    )
