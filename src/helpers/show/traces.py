"""What is drawn of one indicator: schedule, fan, history, target, what is known of each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from ..intake.events import Event
from ..intake.observations import Point
from ..measure.assessment import Assessment
from . import hover, labels, wording
from .canvas import (
    ACTUAL,
    BAND80,
    BAND95,
    DASHES,
    DOTS,
    GRID,
    INK,
    MUTED,
    PAPER,
    TARGET,
    Look,
)
from .labels import BEHIND, Word

LOWER = (">", ">=")  # bounds that are lower ones
NAME = 9  # the size of what names a mark
ALONG = ("nw", "se", "n", "s", "ne", "sw")  # sides of a line that slopes
LINE: Look = {"linewidth": 2.2, "marker": "o", "markersize": 6, "markeredgewidth": 0, "zorder": 4}
LOOKS: dict[str, Look] = {
    "schedule": {"color": MUTED, "linewidth": 1.2, "linestyle": DOTS, "zorder": 2},
    "95": {"color": BAND95, "linewidth": 0, "zorder": 1},
    "80": {"color": BAND80, "linewidth": 0, "zorder": 1.1},
    "median": {"color": ACTUAL, "linewidth": 1.6, "linestyle": (0, (4, 2)), "zorder": 3},
    "former": {"color": MUTED, **LINE},
    "observed": {"color": ACTUAL, **LINE},
}


def look(mark: str) -> Look:
    """How a mark of the course is drawn, and its name in the legend: keywords of matplotlib."""
    return {**LOOKS[mark], "label": wording.MARK[mark]}


def without_empty(ax: Axes, _: Assessment) -> None:
    """Take away what was drawn of nothing, so that no legend names it."""
    for line in [line for line in ax.lines if not np.size(line.get_xdata())]:
        line.remove()
    for band in [band for band in ax.collections if not band.get_paths()]:
        band.remove()


def told(ax: Axes, seen: Assessment) -> Iterator[Word]:
    """What the marks say where a pointer rests on them; the names of the fan, and the last
    median."""
    lines = {line.get_label(): line for line in ax.lines}
    for mark, points in (("former", seen.series.before), ("observed", seen.series.points)):
        if line := lines.get(wording.MARK[mark]):
            hover.say(line, [hover.point(point, seen.facts) for point in points])
    for band in (band for band in ax.collections if band.get_label() == wording.MARK["80"]):
        hover.say(band, [hover.foretold(seen.facts, *row[:4]) for row in seen.forecast.rows])
    if line := lines.get(wording.MARK["median"]):
        year, median = np.asarray(line.get_xydata())[-1].tolist()
        last = wording.number(median, seen.facts.decimals)
        yield _behind(wording.joined(wording.MARK["median"], last), (year, median), ACTUAL)
    for band in ax.collections:
        if band.get_label() in (wording.MARK["80"], wording.MARK["95"]):
            x, y = np.asarray(band.get_paths()[0].vertices).T
            yield _behind(str(band.get_label()), (x.max(), y[x == x.max()].max()), MUTED)


def _behind(text: str, at: tuple[float, float], colour: str) -> Word:
    return Word(text, [at], BEHIND, {"color": colour, "fontsize": NAME, "zorder": 6})


def notes(ax: Axes, seen: Assessment) -> Iterator[Word]:
    """What a line cannot say of a year: a gap, a break, a bound, an assumption, earlier vintages;
    the first and the last figure are written, each kind of point is named."""
    _marks(ax, seen.series.before, MUTED)
    _marks(ax, seen.series.points, ACTUAL)
    for year in seen.series.gaps:
        _gap(ax, year)
    if seen.series.broken_at is not None:
        _break(ax, seen.series.broken_at - 0.5)
    shown = (*seen.series.before, *seen.series.points)
    for point in (shown[:1] + shown[-1:])[: len(shown)]:
        text = wording.BOUND[point.bound] + wording.number(point.level, seen.facts.decimals)
        # beside the arrow of a bound
        sides = ("e", "w", "s") if point.bound in LOWER else ("n", "s", "nw", "se", "e", "w")
        yield Word(text, [(point.year, point.figure)], sides, {"color": INK, "zorder": 3.5})
    yield from _vintages(ax, seen)
    yield from _named(seen.series.points, ACTUAL, "observed")
    yield from _named(seen.series.before, MUTED, "former")
    yield from _named([p for p in shown if p.row.status == "assumed"], ACTUAL, "assumed")


def _named(points: Sequence[Point], colour: str, mark: str) -> Iterator[Word]:
    """The name of a kind of point, beside one of them or between two neighbours."""
    at = [(float(p.year), p.figure) for p in points]
    between = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in pairwise(at) if u - x == 1]
    if at:
        look: Look = {"color": colour, "fontsize": NAME, "zorder": 3.5}
        yield Word(wording.MARK[mark], [*between, *at], (*ALONG, "e", "w"), look)


def schedule(ax: Axes, _: Assessment) -> Iterator[Word]:
    """The name of the line that is scheduled, somewhere along it."""
    for line in [line for line in ax.lines if line.get_label() == wording.MARK["schedule"]]:
        start, end = np.asarray(line.get_xydata())[[0, -1]]
        along = [tuple(at) for at in np.linspace(start, end, 17)[1:-1].tolist()]
        look: Look = {"color": MUTED, "fontsize": NAME, "zorder": 2.5}
        yield Word(str(line.get_label()), along, ALONG, look)


def _marks(ax: Axes, points: Sequence[Point], colour: str) -> None:
    """Open circles of what is assumed, arrows of bounds."""
    assumed = [(p.year, p.figure) for p in points if p.row.status == "assumed"]
    if assumed:
        _circles(ax, assumed, colour, PAPER, "assumed", 4.5)
    arrow: Look = {"arrowstyle": "<-", "color": colour, "linewidth": 1.6}
    for point in points:
        if point.bound in LOWER:
            up: Look = {"textcoords": "offset points", "arrowprops": arrow}
            ax.annotate("", (point.year, point.figure), xytext=(0, 26), zorder=5, **up)


def _circles(
    ax: Axes, at: Sequence[tuple[int, float]], edge: str, fill: str, mark: str, order: float
) -> None:
    look: Look = {"marker": "o", "markersize": 7, "linestyle": "none", "label": wording.MARK[mark]}
    colours: Look = {"markerfacecolor": fill, "markeredgecolor": edge}
    ax.plot(*zip(*at, strict=True), **look, **colours, zorder=order)


def _gap(ax: Axes, year: int) -> None:
    look: Look = {"facecolor": "none", "edgecolor": GRID, "hatch": "///", "linewidth": 0}
    ax.axvspan(year - 0.5, year + 0.5, **look, zorder=0)
    across: Look = {"transform": ax.get_xaxis_transform(), "ha": "center"}
    ax.text(year, 0.03, wording.GAP, **across, color=MUTED, fontsize=9)


def _break(ax: Axes, at: float) -> None:
    ax.axvline(at, color=MUTED, linewidth=1, linestyle=(0, (3, 3)), zorder=2)
    across: Look = {"transform": ax.get_xaxis_transform(), "va": "top"}
    ax.text(at + 0.05, 0.98, wording.BREAK, **across, color=MUTED, fontsize=9)


def _vintages(ax: Axes, seen: Assessment) -> Iterator[Word]:
    """Values a year was published with before, as open circles."""
    if former := vintages(seen):
        _circles(ax, former, MUTED, "none", "vintage", 3.2)
        look: Look = {"color": MUTED, "fontsize": NAME, "zorder": 3.4}
        yield Word(wording.MARK["vintage"], former, ("e", "w", "s", "n"), look)


def vintages(seen: Assessment) -> list[tuple[int, float]]:
    """(year, value) of earlier vintages; of a sum of additions none, since what was revised is an
    addition, which this axis does not show."""
    shown = (*seen.series.before, *seen.series.points) if seen.facts.kind != "increment" else ()
    return [
        (point.year, float(text.partition("（")[0]))
        for point in shown
        for text in point.earlier.split("；")
        if text
    ]


def target(ax: Axes, seen: Assessment) -> Iterator[Word]:
    """What was promised: a line over all years, a mark in the target year, its figure."""
    aim = seen.facts.target
    first, last = ax.get_xticks()[0], aim.year
    years = [first - 0.45, *np.arange(first, last, 0.5)]
    for value in aim.lines:
        line = ax.axhline(value, color=TARGET, linewidth=1.4, linestyle=DASHES, zorder=2)
        line.set_label(wording.MARK["target"])
        figure = wording.number(value, seen.facts.target_decimals)
        look: Look = {"color": TARGET, "zorder": 3.5}
        at = [(year, value) for year in years]
        yield Word(wording.joined(wording.MARK["target"], figure), at, ("ne", "se"), look)
    if aim.value is not None:
        mark: Look = {"marker": "D", "markersize": 6, "linestyle": "none"}
        ax.plot([aim.year], [aim.value], color=TARGET, zorder=5, **mark)


def events(ax: Axes, happened: Sequence[Event]) -> float:
    """A thin line where each event of the years shown falls, its name above the axes; the points
    the names need there. To be called when the axes have their width and limits."""
    low, high = ax.get_xlim()
    shown = [(one, wording.chapters.event(one)) for one in happened if low < one.at < high]
    rows = labels.rows_above(ax, [(one.at, name) for one, name in shown], NAME)
    across, line = ax.get_xaxis_transform(), labels.HEIGHT * NAME
    tall = ax.bbox.height * 72 / ax.figure.dpi
    for (one, name), (row, left) in zip(shown, rows, strict=True):
        up = labels.GAP + row * line
        thin: Look = {"color": MUTED, "linewidth": 0.8, "zorder": 0.9, "label": f"_{one.name}"}
        [drawn] = ax.plot([one.at] * 2, [0, 1 + up / tall], transform=across, **thin)
        drawn.set_clip_on(False)
        hover.say(drawn, [f"{one.date} {name}"])
        look: Look = {"fontsize": NAME, "color": MUTED, "xycoords": ax.transAxes, "va": "bottom"}
        ax.annotate(name, (0, 1), (left, up), textcoords="offset points", **look)
    return line * max((row for row, _ in rows), default=0)


def limits(ax: Axes, seen: Assessment) -> None:
    """Years from the first figure to the target year; values around what is drawn, the 95 % band
    cut where it would dwarf the rest."""
    aim, points = seen.facts.target, (*seen.series.before, *seen.series.points)
    years = [seen.baseline.year, aim.year, *(p.year for p in points)]
    figures = [seen.baseline.value, *aim.lines, *(p.level for p in points)]
    figures += [value for _, value in vintages(seen)]
    figures += [x for row in seen.forecast.rows for x in row[2:4]]
    values = [value for value in figures if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low or abs(high) or 1.0) * 0.14
    floor = 0.0 if low >= 0 and (low - room < 0 or low < 0.35 * high or not points) else low - room
    ax.set_xlim(min(years) - 0.5, max(years) + 0.75)
    ax.set_ylim(floor, high + room * 1.3)
    ax.set_xticks(range(min(years), max(years) + 1))
    ax.set_xlabel("")
    if not points and aim.value is not None:
        ax.set_yticks([0, aim.value], ["0", wording.target_amount(seen.facts, with_unit=False)])
