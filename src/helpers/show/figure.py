"""What a reader looks at: one function a picture, each returning its Axes so that a test can read
what it shows.

Conventions: fixed size, no trimming (drawing twice), the font carried in `fonts/` on every machine,
nothing random in the file, so that two runs give the same bytes. Colour is never the only sign. `$`
is a character, not mathematics.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import seaborn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ..measure.assessment import Assessment
from ..measure.backtest import Record
from ..measure.progress import met
from ..measure.verdict import STATUSES
from . import hover, overview_rows, paper, wording
from .overview_rows import LONGEST, WORDS

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

FONT = Path(__file__).parent / "fonts" / "plan-assessment-sans.otf"
FAMILY = "Plan Assessment Sans"
# a notebook does not carry the font, a page does
FALLBACK = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
WIDTH, HEIGHT, EMPTY_HEIGHT, DPI = (
    7.2,
    3.7,
    2.4,
    144,
)  # inches (a picture without data is lower), dots per inch of the PNG
INK, MUTED, GRID, PAPER = "#1f2328", "#5b6470", "#dfe3e8", "#ffffff"
ACTUAL, TARGET, BAND80, BAND95 = "#0b5394", "#b3261e", "#9fc1e3", "#d6e5f4"
WORDS_ON_PAPER = {
    "facecolor": PAPER,
    "edgecolor": "none",
    "pad": 1.5,
}  # keeps lines from running through words
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

COLOURS = (INK, MUTED, GRID, PAPER, ACTUAL, TARGET, BAND80, BAND95, *STATUS_COLOUR.values())

font_manager.fontManager.addfont(FONT)


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
        file, unsaid = io.BytesIO(), ("Date", "Creator", "Format", "Type")
        with matplotlib.rc_context(STYLE):  # `savefig` would draw it twice
            FigureCanvasSVG(self.figure).print_svg(file, metadata=dict.fromkeys(unsaid))
        drawn = hover.told(file.getvalue().decode("utf-8"))
        return drawn.replace(f"'{FAMILY}'", f"'{FAMILY}', {FALLBACK}")


def _axes(width: float = WIDTH, height: float = HEIGHT) -> Axes:
    """An empty Axes on a figure of its own, known to no window and no global state."""
    with matplotlib.rc_context(STYLE):
        ax = Figure(figsize=(width, height), dpi=DPI).add_subplot()
        seaborn.despine(ax=ax, left=True)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(labelsize=STYLE["font.size"])  # decides how many ticks there are
    return ax


def trajectory(said: Assessment) -> Axes:
    """History, scheduled line, target and prediction intervals of one indicator; gaps stay gaps,
    bounds are arrows."""
    ax, facts = _axes(height=HEIGHT if said.series.points else EMPTY_HEIGHT), said.facts
    with matplotlib.rc_context(STYLE):
        ax.set_ylabel(wording.unit(facts.unit), rotation=0, ha="left", va="bottom", fontsize=9)
        ax.set_xlabel(" ")  # years say it; seaborn makes all ticks to see whether one is wanted
        _schedule(ax, said)
        _fan(ax, said)
        _history(ax, said)
        _target(ax, said)
        if not said.series.points:
            ax.text(
                0.5,
                0.32,
                wording.NO_DATA,
                transform=ax.transAxes,
                ha="center",
                va="center",
                fontsize=22,
                color=MUTED,
            )
        _limits(ax, said)
        marks, labels = _legend(ax)
        paper.arrange(
            ax, wording.finding(said), legend=math.ceil(len(labels) / wording.LEGEND_COLUMNS)
        )
        ax.figure.legend(
            marks,
            labels,
            loc="lower left",
            ncols=wording.LEGEND_COLUMNS,
            frameon=False,
            fontsize=9,
            handlelength=2.2,
            columnspacing=1.6,
        )
    return ax


def _legend(ax: Axes) -> tuple[list, list[str]]:
    """One entry a kind of mark, in a fixed order whatever was drawn first."""
    marks = {
        label: mark
        for mark, label in reversed(list(zip(*ax.get_legend_handles_labels(), strict=False)))
    }
    labels = [label for label in wording.MARK.values() if label in marks]
    return [marks[label] for label in labels], labels


def _schedule(ax: Axes, said: Assessment) -> None:
    base, target = said.baseline, said.facts.target
    if said.planned_step is None or met(base.figure, target.figure, target.op):
        # no baseline, one that is only a bound, no target, or a baseline that meets the target:
        # nothing is scheduled
        return
    ax.plot(
        [base.year, target.year],
        [base.figure, target.figure],
        color=MUTED,
        linewidth=1.2,
        linestyle=(0, (1, 2)),
        label=wording.MARK["schedule"],
        zorder=2,
    )


def _fan(ax: Axes, said: Assessment) -> None:
    rows = said.forecast.rows
    if not rows:
        return
    at = (said.data_year, said.value)
    if said.value is None:  # no year of the plan is in: it begins where those before it end
        before = [(point.year, point.level) for point in said.series.points[-1:]]
        at = before[0] if before else (int(rows[0][0]), rows[0][1])
    start = (at[0], *(at[1],) * 5)
    years, median, low80, high80, low95, high95 = zip(start, *rows, strict=False)
    ax.fill_between(
        years, low95, high95, color=BAND95, linewidth=0, label=wording.MARK["95"], zorder=1
    )
    band = ax.fill_between(
        years, low80, high80, color=BAND80, linewidth=0, label=wording.MARK["80"], zorder=1.1
    )
    hover.say(band, [hover.foretold(said.facts, *row[:4]) for row in rows])
    ax.plot(
        years,
        median,
        color=ACTUAL,
        linewidth=1.6,
        linestyle=(0, (4, 2)),
        label=wording.MARK["median"],
        zorder=3,
    )
    text = wording.number(median[-1], said.facts.decimals)
    ax.annotate(
        text,
        (years[-1], median[-1]),
        (8, 0),
        textcoords="offset points",
        va="center",
        color=ACTUAL,
        bbox=WORDS_ON_PAPER,
        zorder=6,
    )


def _history(ax: Axes, said: Assessment) -> None:
    decimals = said.facts.decimals
    for points, colour, label in (
        (said.series.before, MUTED, wording.MARK["former"]),
        (said.series.points, ACTUAL, wording.MARK["observed"]),
    ):
        for run in _runs(points):
            [line] = ax.plot(  # seaborn's own takes a frame apart: a fourth of the picture's time
                [p.year for p in run],
                [p.level for p in run],
                color=colour,
                linewidth=2.2,
                marker="o",
                markersize=6,
                markeredgewidth=0,
                label=label,
                zorder=4,
            )
            hover.say(line, [hover.point(p, said.facts) for p in run])
        assumed = [point for point in points if point.row.status == "assumed"]
        if assumed:
            years, levels = [point.year for point in assumed], [point.figure for point in assumed]
            ax.plot(
                years,
                levels,
                marker="o",
                markersize=7,
                markerfacecolor=PAPER,
                markeredgecolor=colour,
                linestyle="none",
                label=wording.MARK["assumed"],
                zorder=4.5,
            )
        for point in points:
            if point.bound in (">", ">="):
                ax.annotate(
                    "",
                    (point.year, point.level),
                    xytext=(0, 26),
                    textcoords="offset points",
                    arrowprops={"arrowstyle": "<-", "color": colour, "linewidth": 1.6},
                    zorder=5,
                )
    _vintages(ax, said)
    for gap in said.series.gaps:
        ax.axvspan(
            gap - 0.5,
            gap + 0.5,
            facecolor="none",
            edgecolor=GRID,
            hatch="///",
            linewidth=0,
            zorder=0,
        )
        ax.text(
            gap,
            0.03,
            wording.GAP,
            transform=ax.get_xaxis_transform(),
            ha="center",
            color=MUTED,
            fontsize=9,
        )
    if said.series.broken_at is not None:
        ax.axvline(
            said.series.broken_at - 0.5, color=MUTED, linewidth=1, linestyle=(0, (3, 3)), zorder=2
        )
        ax.text(
            said.series.broken_at - 0.45,
            0.98,
            wording.BREAK,
            transform=ax.get_xaxis_transform(),
            va="top",
            color=MUTED,
            fontsize=9,
        )
    shown = (*said.series.before, *said.series.points)
    for point in (shown[:1] + shown[-1:])[: len(shown)]:
        text = wording.BOUND[point.bound] + wording.number(point.level, decimals)
        offset, side = (
            ((7, 4), "left") if point.bound in (">", ">=") else ((0, 9), "center")
        )  # beside the arrow of a bound
        ax.annotate(
            text,
            (point.year, point.level),
            offset,
            textcoords="offset points",
            ha=side,
            color=INK,
            bbox=WORDS_ON_PAPER,
            zorder=3.5,
        )


def _vintages(ax: Axes, said: Assessment) -> None:
    """Values a year was published with before, as open circles."""
    former = _former(said)
    if former:
        years, values = zip(*former, strict=False)
        ax.plot(
            years,
            values,
            marker="o",
            markersize=7,
            markerfacecolor="none",
            markeredgecolor=MUTED,
            linestyle="none",
            label=wording.MARK["vintage"],
            zorder=3.2,
        )


def _former(said: Assessment) -> list[tuple[int, float]]:
    """(year, value) of earlier vintages; of a sum of additions none, since what was revised is an
    addition, which this axis does not show."""
    shown = (*said.series.before, *said.series.points) if said.facts.kind != "increment" else ()
    return [
        (point.year, float(text.partition("（")[0]))
        for point in shown
        for text in point.earlier.split("；")
        if text
    ]


def _runs(points: Sequence) -> list[list]:
    """`points` cut where a year is missing: a line is drawn only between neighbouring years."""
    runs: list[list] = []
    for point in points:
        if runs and point.year == runs[-1][-1].year + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _target(ax: Axes, said: Assessment) -> None:
    target, dashes = said.facts.target, (0, (6, 3))
    for value in target.lines:
        line = ax.axhline(value, color=TARGET, linewidth=1.4, linestyle=dashes, zorder=2)
        line.set_label(wording.MARK["target"])
    if target.value is None:
        return
    ax.plot(
        [target.year],
        [target.value],
        marker="D",
        color=TARGET,
        markersize=6,
        linestyle="none",
        zorder=5,
    )
    text = f"{wording.MARK['target']} {wording.target_amount(said.facts, with_unit=False)}"
    ax.annotate(
        text,
        (0, target.value),
        (4, 3),
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        va="bottom",
        color=TARGET,
    )


def _limits(ax: Axes, said: Assessment) -> None:
    """Years from the first figure to the target year; values around what is drawn, the 95 % band
    cut where it would dwarf the rest."""
    base, target = said.baseline, said.facts.target
    points = (*said.series.before, *said.series.points)
    years = [base.year, target.year, *(p.year for p in points)]
    values = [
        v
        for v in (
            base.value,
            *target.lines,
            *(p.level for p in points),
            *(v for _, v in _former(said)),
            *(x for row in said.forecast.rows for x in row[2:4]),
        )
        if v is not None
    ]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low or abs(high) or 1.0) * 0.14
    floor = 0.0 if low >= 0 and (low - room < 0 or low < 0.35 * high or not points) else low - room
    ax.set_xlim(min(years) - 0.5, max(years) + 0.75)
    ax.set_ylim(floor, high + room * 1.3)
    ax.set_xticks(range(min(years), max(years) + 1))
    ax.set_xlabel("")
    if not points and target.value is not None:
        ax.set_yticks([0, target.value], ["0", wording.target_amount(said.facts, with_unit=False)])


def ranking(said: Sequence[Assessment], names: Mapping[str, str]) -> Axes:
    """The latest value of every area as a bar, the best on top, its own target as a mark; colour
    and word are its status.

    `said`: assessments of one indicator in several areas, best first; `names`: area id → name.
    """
    ax = _axes(WIDTH, 1.0 + 0.42 * len(said))
    with matplotlib.rc_context(STYLE):
        for k, one in enumerate(reversed(said)):
            _, y = one.latest
            ax.barh(k, y, height=0.56, color=STATUS_COLOUR[one.status], zorder=2)
            if one.facts.target.value is not None:
                ax.plot(
                    [one.facts.target.value] * 2,
                    [k - 0.4, k + 0.4],
                    color=TARGET,
                    linewidth=2,
                    zorder=3,
                )
            value = wording.BOUND[one.bound] + wording.number(y, one.facts.decimals)
            word = wording.judged(one.status, one.at_least)
            text = f"{value}　{wording.SIGN[one.status]} {word}"
            ax.annotate(
                text,
                (max(y, one.facts.target.value or 0), k),
                (6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                zorder=4,
            )
        ax.set_yticks(range(len(said)), [names[one.area] for one in reversed(said)])
        ax.set_xlim(
            right=max(max(one.latest[1], one.facts.target.value or 0) for one in said) * 1.4
        )
        ax.set_ylim(-0.6, len(said) - 0.4)
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", visible=True)
        unit = wording.unit(said[0].facts.unit)
        paper.arrange(ax, f"{wording.RANKING_TITLE}{wording.OPEN}{unit}{wording.CLOSE}")
    return ax


def comparison(said: Sequence[Assessment], names: Mapping[str, str]) -> Picture | None:
    """The ranking as a picture, or nothing where fewer than two areas have a value."""
    return Picture(ranking(said, names), wording.ranking(said, names)) if len(said) > 1 else None


def overview(records: Sequence[dict]) -> Axes:
    """增量完成率 of every indicator as a bar against the 序时进度 of its data year, the furthest
    ahead of it on top; words stand before the bars, why there is none where there is none.

    `records`: result records of the whole area.
    """
    rows = sorted(records, key=overview_rows.ahead)
    names = [textwrap.fill(row[wording.NAME], 34) for row in rows]
    lines = max((name.count("\n") for name in names), default=0)
    ax = _axes(WIDTH, 0.9 + (0.34, 0.42, 0.54)[min(lines, 2)] * len(rows))
    with matplotlib.rc_context(STYLE):
        column = overview_rows.column(names, [overview_rows.words(row) for row in rows], WIDTH * 72)
        for k, row in enumerate(rows):
            _overview_row(ax, len(rows) - 1 - k, row, column)
        ax.axvline(1, color=TARGET, linewidth=1.4, linestyle=(0, (6, 3)), zorder=1)
        _overview_heads(ax, rows)
        ax.set_yticks(range(len(rows)), names[::-1])
        ax.set_xlim(column - 0.04, LONGEST + 0.05)
        ax.set_ylim(-0.6, len(rows) - 0.4)
        ax.set_xticks([0, 0.5, 1, 1.5], ["0", "50%", "100%", ""])  # two there would touch
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", visible=True)
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
    ax = _axes(4.8, 4.6)
    with matplotlib.rc_context(STYLE):
        ax.plot(
            [0, 1],
            [0, 1],
            color=MUTED,
            linewidth=1.2,
            linestyle=(0, (1, 2)),
            label=wording.PERFECT,
            zorder=1,
        )
        for (kind, tenths), colour, marker, fill in zip(
            records.items(), (ACTUAL, TARGET), ("o", "D"), (ACTUAL, "none"), strict=False
        ):
            seen = [one for one in tenths if one.cases]
            most = max((one.cases for one in seen), default=1)
            sizes = [20 + 90 * one.cases / most for one in seen]
            ax.scatter(
                [one.said for one in seen],
                [one.met for one in seen],
                s=sizes,
                facecolors=fill,
                edgecolors=colour,
                marker=marker,
                linewidths=1.6,
                label=wording.RELIABILITY[kind],
                zorder=3,
            )
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


assert tuple(STATUS_COLOUR) == STATUSES, "every status has a colour"
