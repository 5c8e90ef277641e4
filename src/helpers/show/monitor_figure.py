"""Where each indicator's year leads, in one picture: what is known, what is expected, the line."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
from matplotlib import rcParams
from matplotlib.axes import Axes

from ..measure.monitor import Standing
from . import canvas, monitoring, paper, wording
from .canvas import ACTUAL, INK, MUTED, PAPER, STATUS_COLOUR, STYLE, TARGET, WIDTH

ENDS = (-0.3, 1.8)  # of the picture; what lies beyond is cut and says its number
Shares = tuple[float, float, tuple[float, float] | None]


def shares(one: Standing) -> Shares | None:
    """What is known, the expected year-end and its interval as shares of the way to the straight
    line's value at the year's end: (v − v0)/(line − v0), v0 the baseline of a level and 0 of an
    amount, so that 1 is on the line whichever way is good. None where there is no such way."""
    begin = 0.0 if one.facts.kind in ("flow", "increment") else one.start
    known = one.value if one.facts.kind == "flow" else one.level
    if begin is None or known is None or one.expected is None or one.due in (None, begin):
        return None
    way = one.due - begin
    ends = None
    if one.interval is not None:
        low, high = sorted((end - begin) / way for end in one.interval)
        ends = low, high
    return (known - begin) / way, (one.expected - begin) / way, ends


def expected(standings: Sequence[Standing]) -> Axes:
    """The bar is known, the dot expected, the thin line its 80 % interval; on the dashed line the
    year ends where the plan's straight line is."""
    told = [one for one in standings if one.value is not None]
    ax = canvas.axes(WIDTH, 0.9 + 0.36 * len(told))
    with matplotlib.rc_context(STYLE):
        for k, one in enumerate(told):
            _row(ax, len(told) - 1 - k, one)
        ax.axvline(1, color=TARGET, linewidth=1.4, linestyle=(0, (6, 3)), zorder=1)
        ax.set_yticks(range(len(told)), [_name(one) for one in told][::-1])
        ax.set_xlim(ENDS[0], ENDS[1] + wording.ROOM * 1.6)
        ax.set_ylim(-0.6, len(told) - 0.4)
        ax.set_xticks([0, 0.5, 1, 1.5], ["0", "50%", "100%", "150%"])
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", visible=True)
        paper.arrange(ax, title(told))
    return ax


def title(told: Sequence[Standing]) -> str:
    """What the picture shows, counted."""
    found = [each for each in map(shares, told) if each]
    reached = sum(middle >= 1 for _, middle, _ in found)
    return wording.monitor.FIGURE_TITLE.format(n=len(found), reached=reached)


def alternative(standings: Sequence[Standing]) -> str:
    """The picture in a sentence."""
    told = [one for one in standings if one.value is not None]
    rows = [monitoring.name(one.facts) + wording.COLON + _label(shares(one)) for one in told]
    return title(told) + wording.STOP + wording.SEMICOLON.join(rows)


def _name(one: Standing) -> str:
    """In two lines of three tenths of the paper at most."""
    return paper.fitted(monitoring.name(one.facts), rcParams["font.size"], 0.3 * 72 * WIDTH)


def _row(ax: Axes, y: int, one: Standing) -> None:
    found = shares(one)
    ax.text(ENDS[1] + 0.04, y, _label(found), color=INK if found else MUTED, va="center")
    if found is None:
        return
    known, middle, ends = found
    low, high = ENDS

    def inside(x: float) -> float:
        return min(max(x, low), high)

    colour = STATUS_COLOUR.get(one.status, ACTUAL)
    ax.barh(y, inside(known), height=0.5, color=colour, alpha=0.55, zorder=2)
    if ends:
        ax.plot([inside(end) for end in ends], [y, y], color=INK, linewidth=1.6, zorder=3)
    if low <= middle <= high:
        ax.plot(middle, y, "o", color=INK, markeredgecolor=PAPER, markersize=6, zorder=4)


def _label(found: Shares | None) -> str:
    if found is None:
        return wording.monitor.NO_WAY
    _, middle, ends = found
    label = wording.percent(middle)
    if ends is None:
        return wording.monitor.BY_PACE + label
    return (
        f"{label}{wording.OPEN}{wording.percent(ends[0])}—{wording.percent(ends[1])}{wording.CLOSE}"
    )
