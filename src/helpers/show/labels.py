"""Where the words of a drawing stand: each beside the mark it names, none over another, as far off
the lines as there is room.

A word has places where it may stand, the best first; words are placed in their order, each where it
meets no word before it and the fewest points of a line. Lengths are points, from the lower left
corner of the axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text

from .canvas import WORDS_ON_PAPER, Look
from .paper import width

STEP = 3  # points between what is looked at of a line
GAP, HEIGHT = 5, 1.3  # from a mark to its word; of a line of text, in sizes
ALIKE = 6  # points of lines by which places do not differ: the first of them is taken
NEAR = 4  # from a line to a word that seems to name it
SIDES = {  # what lies of a word left of and below its place, in its own size; how far it is pushed
    "n": (0.5, 0.0, 0, 1),
    "s": (0.5, 1.0, 0, -1),
    "e": (0.0, 0.5, 1, 0),
    "w": (1.0, 0.5, -1, 0),
    "ne": (0.0, 0.0, 0.6, 0.6),
    "se": (0.0, 1.0, 0.6, -0.6),
    "nw": (1.0, 0.0, -0.6, 0.6),
    "sw": (1.0, 1.0, -0.6, -0.6),
}
BEHIND = ("end",)  # the last year: the words there push each other up and down
Place = tuple[float, float]


@dataclass(frozen=True)
class Word:
    """A word that wants a place: beside one of `at` (data), on one of `sides`."""

    text: str
    at: Sequence[Place]
    sides: Sequence[str] = ("n", "s", "e", "w")
    look: Look = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """The room of a word."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high


def written(ax: Axes, words: Sequence[Word]) -> list[Annotation]:
    """`words` as texts, each at its first place yet: what room they need behind the axes is
    known."""
    look: Look = {"textcoords": "offset points", "ha": "left", "va": "bottom"}
    look |= {"annotation_clip": False, "bbox": WORDS_ON_PAPER}
    return [ax.annotate(word.text, word.at[0], (GAP, 0), **look, **word.look) for word in words]


def settle(ax: Axes, words: Sequence[Word], texts: Sequence[Annotation]) -> None:
    """Move `texts` to where each of `words` stands best. To be called when the axes have their
    place and limits."""
    taken = [box(ax, text) for text in ax.texts if text not in texts and text.get_text()]
    points, room = _lines(ax), _room(ax)
    ends = [k for k, word in enumerate(words) if word.sides == BEHIND]
    _stack(ax, [texts[k] for k in ends])
    taken += [box(ax, texts[k]) for k in ends]
    for k, word in enumerate(words):
        if k not in ends:
            at, offset = min(
                _places(word, texts[k]),
                key=lambda place: _cost(_moved(ax, texts[k], *place), taken, points, room),
            )
            texts[k].xy, texts[k].xyann = at, offset
            taken.append(box(ax, texts[k]))


def rows_above(
    ax: Axes, words: Sequence[tuple[float, str]], size: float
) -> list[tuple[int, float]]:
    """For each (x in data, text) in order: the row above the axes in which it meets none before it,
    nor the unit in the lowest, and where in points it begins there."""
    full = ax.bbox.width * 72 / ax.figure.dpi
    taken = [(0.0, width(ax.get_ylabel(), size) + GAP)] if ax.get_ylabel() else []
    filled, found = [taken], []
    for x, text in words:
        wide = width(text, size)
        middle = _points(ax, [(x, 0)], ax.transData)[0][0]
        left = max(0.0, min(middle - wide / 2, full - wide))
        free = [not any(left < b and a < left + wide for a, b in row) for row in filled]
        row = free.index(True) if True in free else len(filled)
        filled += [[]] * (row == len(filled))
        filled[row] = [*filled[row], (left, left + wide + GAP)]
        found.append((row, left))
    return found


def box(ax: Axes, text: Text) -> Box:
    """The room a text on the axes takes."""
    wide, high = _size(text)
    anchor = text.xy if isinstance(text, Annotation) else text.get_position()
    how = text.xycoords if isinstance(text, Annotation) else text.get_transform()
    x, y = _points(ax, [anchor], ax.transData if how == "data" else how)[0]
    dx, dy = text.xyann if isinstance(text, Annotation) else (0, 0)
    left = (
        x + dx - {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_horizontalalignment()] * wide
    )
    low = y + dy - {"top": 1.0, "center": 0.5}.get(text.get_verticalalignment(), 0.0) * high
    return Box(left, low, left + wide, low + high)


def _moved(ax: Axes, text: Annotation, at: Place, offset: Place) -> Box:
    (x, y), (wide, high) = _points(ax, [at], ax.transData)[0] + offset, _size(text)
    return Box(x, y, x + wide, y + high)


def _size(text: Text) -> Place:
    size = float(text.get_fontsize())
    return width(text.get_text(), size), HEIGHT * size * (1 + text.get_text().count("\n"))


def _places(word: Word, text: Annotation) -> Iterator[tuple[Place, Place]]:
    """(place in data, offset in points) of every place of a word."""
    wide, high = _size(text)
    for side in word.sides:
        left, low, x, y = SIDES[side]
        for at in word.at:
            yield at, (GAP * x - left * wide, GAP * y - low * high)


def _cost(own: Box, taken: Sequence[Box], points: np.ndarray, room: Box) -> tuple[int, int]:
    """(words met, points of lines met, those near a third as much) of a place; one outside the axes
    is as bad as any word."""
    outside = own.left < room.left or own.right > room.right or own.low < 0 or own.high > room.high
    lines = 3 * _inside(own, points, 0) + _inside(own, points, NEAR)
    return sum(own.meets(other) for other in taken) + outside, lines // ALIKE


def _inside(own: Box, points: np.ndarray, around: float) -> int:
    """How many of `points` lie in the room of a word and so far around."""
    x, y = points.T
    across = (x > own.left - around) & (x < own.right + around)
    return int((across & (y > own.low - around) & (y < own.high + around)).sum())


def _stack(ax: Axes, texts: Sequence[Annotation]) -> None:
    """Words behind the last year, each as near its height as those beside it let it be."""
    order = sorted(texts, key=lambda text: float(text.xy[1]))
    if not order:
        return
    at = [_points(ax, [text.xy], ax.transData)[0][1] for text in order]
    sizes = [_size(text)[1] for text in order]
    middle = [y - high / 2 for y, high in zip(at, sizes, strict=True)]
    for k in range(1, len(middle)):
        middle[k] = max(middle[k], middle[k - 1] + sizes[k - 1])
    top = _room(ax).high
    for k in reversed(range(len(middle))):
        middle[k] = min(middle[k], top - sizes[k])
        top = middle[k]
    for text, low, y in zip(order, middle, at, strict=True):
        text.xyann = (1.6 * GAP, low - y)


def _points(ax: Axes, at: Sequence[Place] | np.ndarray, transform) -> np.ndarray:
    """Places in points from the lower left corner of the axes, (n, 2)."""
    found = transform.transform(np.asarray(at, float).reshape(-1, 2))
    return (found - ax.bbox.min) * (72 / ax.figure.dpi)


def _room(ax: Axes) -> Box:
    scale = 72 / ax.figure.dpi
    return Box(0, 0, ax.bbox.width * scale, ax.bbox.height * scale)


def _lines(ax: Axes) -> np.ndarray:
    """Points on every line, `STEP` apart, (n, 2)."""
    found = [np.empty((0, 2))]
    for line in ax.lines:
        corners = _points(ax, np.asarray(line.get_xydata()), line.get_transform())
        for start, end in pairwise(corners):
            if np.isfinite(start + end).all():  # else a gap: nothing is drawn
                count = max(2, int(np.hypot(*(end - start)) / STEP))
                found.append(np.linspace(start, end, count))
        found.append(corners[np.isfinite(corners).all(axis=1)])
    return np.concatenate(found)
