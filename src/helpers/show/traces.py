"""What is drawn of one indicator: schedule, fan, history, target, what is known of each year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from ..intake.observations import Point
from ..intake.plan import Indicator
from ..measure.assessment import Assessment
from ..measure.progress import met
from . import hover, wording
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
    WORDS_ON_PAPER,
    Look,
)

LOWER = (">", ">=")  # bounds that are lower ones


def schedule(ax: Axes, seen: Assessment) -> None:
    """The straight line from baseline to target; none without a baseline, from one that is only a
    bound, to no target, or from one that meets the target."""
    base, target = seen.baseline, seen.facts.target
    if seen.planned_step is None or met(base.figure, target.figure, target.op):
        return
    years, figures = [base.year, target.year], [base.figure, target.figure]
    label = wording.MARK["schedule"]
    ax.plot(years, figures, color=MUTED, linewidth=1.2, linestyle=DOTS, label=label, zorder=2)


def fan(ax: Axes, seen: Assessment) -> None:
    """The forecast: median and both intervals, from where the data end."""
    rows = seen.forecast.rows
    if not rows:
        return
    year, value = _origin(seen)
    years, median, low80, high80, low95, high95 = zip((year, *(value,) * 5), *rows, strict=False)
    for low, high, colour, level, order in (
        (low95, high95, BAND95, "95", 1),
        (low80, high80, BAND80, "80", 1.1),
    ):
        label = wording.MARK[level]
        band = ax.fill_between(
            years, low, high, color=colour, linewidth=0, label=label, zorder=order
        )
    hover.say(band, [hover.foretold(seen.facts, *row[:4]) for row in rows])
    line: Look = {"color": ACTUAL, "linewidth": 1.6, "linestyle": (0, (4, 2)), "zorder": 3}
    ax.plot(years, median, label=wording.MARK["median"], **line)
    last = wording.number(median[-1], seen.facts.decimals)
    _write(ax, last, (years[-1], median[-1]), (8, 0), va="center", color=ACTUAL, zorder=6)


def _origin(seen: Assessment) -> tuple[int | None, float | None]:
    """Where the forecast begins: at the latest figure; where no year of the plan is in, where those
    before it end."""
    if seen.value is not None:
        return seen.data_year, seen.value
    if seen.series.points:
        return seen.series.points[-1].year, seen.series.points[-1].level
    return int(seen.forecast.rows[0][0]), seen.forecast.rows[0][1]


def history(ax: Axes, seen: Assessment) -> None:
    """What was observed, year by year: gaps stay gaps, bounds are arrows, the first and the last
    figure are written."""
    _points(ax, seen.facts, seen.series.before, MUTED, wording.MARK["former"])
    _points(ax, seen.facts, seen.series.points, ACTUAL, wording.MARK["observed"])
    _vintages(ax, seen)
    for year in seen.series.gaps:
        _gap(ax, year)
    if seen.series.broken_at is not None:
        _break(ax, seen.series.broken_at - 0.5)
    shown = (*seen.series.before, *seen.series.points)
    for point in (shown[:1] + shown[-1:])[: len(shown)]:
        text = wording.BOUND[point.bound] + wording.number(point.level, seen.facts.decimals)
        # beside the arrow of a bound
        offset, side = ((7, 4), "left") if point.bound in LOWER else ((0, 9), "center")
        _write(ax, text, (point.year, point.level), offset, ha=side, color=INK, zorder=3.5)


def _write(ax: Axes, text: str, at: tuple, offset: tuple[int, int], **look: Any) -> None:
    """A figure `offset` points from where it is, lines kept from running through it."""
    ax.annotate(text, at, offset, textcoords="offset points", bbox=WORDS_ON_PAPER, **look)


def _points(ax: Axes, facts: Indicator, points: Sequence[Point], colour: str, label: str) -> None:
    """Points joined between neighbouring years; a line of seaborn's own would take a frame apart
    first: a fourth of the picture's time."""
    line: Look = {"linewidth": 2.2, "markersize": 6, "markeredgewidth": 0, "zorder": 4}
    for run in _runs(points):
        years, levels = [p.year for p in run], [p.figure for p in run]
        [drawn] = ax.plot(years, levels, color=colour, marker="o", label=label, **line)
        hover.say(drawn, [hover.point(point, facts) for point in run])
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


def _vintages(ax: Axes, seen: Assessment) -> None:
    """Values a year was published with before, as open circles."""
    if former := vintages(seen):
        _circles(ax, former, MUTED, "none", "vintage", 3.2)


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


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """`points` cut where a year is missing: a line is drawn only between neighbouring years."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.year == runs[-1][-1].year + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def target(ax: Axes, seen: Assessment) -> None:
    """What was promised: a line over all years, a mark in the target year, its figure."""
    aim = seen.facts.target
    for value in aim.lines:
        line = ax.axhline(value, color=TARGET, linewidth=1.4, linestyle=DASHES, zorder=2)
        line.set_label(wording.MARK["target"])
    if aim.value is None:
        return
    mark: Look = {"marker": "D", "markersize": 6, "linestyle": "none"}
    ax.plot([aim.year], [aim.value], color=TARGET, zorder=5, **mark)
    text = f"{wording.MARK['target']} {wording.target_amount(seen.facts, with_unit=False)}"
    place: Look = {
        "xycoords": ax.get_yaxis_transform(),
        "textcoords": "offset points",
        "va": "bottom",
    }
    ax.annotate(text, (0, aim.value), (4, 3), color=TARGET, **place)


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
