"""A map of areas from a GeoJSON of the user's, drawn as shapes only: no tiles, no network, and no
borders but those of the file.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from . import wording
from .canvas import FAMILY, GRID, INK, MUTED, PAPER, STATUS_COLOUR

WIDTH, TALLEST, LEGEND = 760.0, 900.0, 26.0  # units of the drawing
NEAREST = 0.5  # points nearer to the one before are left out: nobody sees them
NAMED = 60  # areas: more names than that cannot be read
STEPS = (0.4, 0.6, 0.8)  # share of indicators on course
COLOURS = tuple(STATUS_COLOUR[s] for s in ("far_behind", "behind", "on_schedule", "met_hold"))
HATCHED = 2  # steps that are also hatched: colour is not the only sign

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Map:
    """A drawn map: SVG for the page, its alt text as plain text; `unmapped`: members without a
    shape."""

    svg: str
    alt: str
    unmapped: tuple[str, ...]

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"text/plain": self.alt, "image/svg+xml": self.svg}


def read(path: Path, key: str) -> dict[str, list[Ring]]:
    """Area → its rings, of the polygons whose property `key` names it. Raises ValueError for a file
    that is no GeoJSON of polygons."""
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        found: dict[str, list[Ring]] = {}
        for feature in features:
            shape = feature["geometry"]
            parts = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}
            rings = [ring for part in parts[shape["type"]] for ring in part]
            found.setdefault(str(feature["properties"].get(key, "")), []).extend(rings)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{path.name}: 不是多边形的 GeoJSON；请导出为 FeatureCollection") from None
    return found


def of(path: Path, key: str, shares: Mapping[str, float], names: Mapping[str, str]) -> Map:
    """The map of the file at `path`; `shares` and `names` by member."""
    return drawn(read(path, key), dict(shares.items()), names)


def drawn(
    shapes: Mapping[str, Sequence[Ring]],
    shares: Mapping[str, float | None],
    names: Mapping[str, str],
) -> Map:
    """The map of `shares` (member → 0…1, None where nothing is assessable), by steps."""
    words = wording.province
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    to_paper, height = _projected(points)
    steps = {member: _step(share) for member, share in shares.items()}
    body = []
    for area, rings in shapes.items():
        outline = "".join(_path([to_paper(point) for point in ring]) for ring in rings)
        body.append(f'<path d="{outline}" style="{_fill(steps.get(area))}"/>')
    for area in [area for area in shapes if area in names] if len(shapes) <= NAMED else ():
        longest = max(shapes[area], key=len)
        body.append(_name(names[area], [to_paper(point) for point in longest]))
    counted = Counter(steps.values())
    counts = {word: counted[k] for k, word in [*enumerate(words.MAP_STEPS), (None, words.MAP_NONE)]}
    unmapped = tuple(names[member] for member in shares if member not in shapes)
    return Map(_svg(height, [*body, *_legend(height)]), words.mapped(counts), unmapped)


def _step(share: float | None) -> int | None:
    return None if share is None or math.isnan(share) else sum(share >= step for step in STEPS)


def _fill(step: int | None) -> str:
    line = f"stroke: {PAPER}; stroke-width: 0.7"
    if step is None:
        return f"fill: {GRID}; {line}"
    return f"fill: {f'url(#step{step})' if step < HATCHED else COLOURS[step]}; {line}"


def _projected(points: Sequence[Sequence[float]]):
    """(function to the drawing, its height): degrees are squeezed by the cosine of their middle
    latitude, other coordinates are taken as plane."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
    degrees = max(map(abs, xs)) <= 180 and max(map(abs, ys)) <= 90
    squeeze = math.cos(math.radians((bottom + top) / 2)) if degrees else 1.0
    width, tall = (right - left) * squeeze or 1.0, (top - bottom) or 1.0
    scale = min(WIDTH / width, TALLEST / tall)

    def to_paper(point: Sequence[float]) -> tuple[float, float]:
        return (point[0] - left) * squeeze * scale, (top - point[1]) * scale

    return to_paper, tall * scale


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in _thinned(points)) + "Z"


def _thinned(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    last = None
    for x, y in points:
        if last is None or abs(x - last[0]) + abs(y - last[1]) >= NEAREST:
            last = (x, y)
            yield last


def _name(name: str, ring: Sequence[tuple[float, float]]) -> str:
    x, y = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    outlined = f"paint-order: stroke; stroke: {PAPER}; stroke-width: 3px; text-anchor: middle"
    return _word(name, x, y, f"; {outlined}")


def _word(text: str, x: float, y: float, more: str = "") -> str:
    style = f"font: 12px '{FAMILY}', sans-serif; fill: {INK}{more}"
    return f'<text x="{x:.1f}" y="{y:.1f}" style="{style}">{escape(text)}</text>'


def _legend(height: float) -> Iterator[str]:
    words, y = wording.province, height + LEGEND / 2
    room = WIDTH / (len(words.MAP_STEPS) + 1)
    for k, (step, word) in enumerate([*enumerate(words.MAP_STEPS), (None, words.MAP_NONE)]):
        place = f'x="{k * room:.1f}" y="{y - 2:.1f}" width="16" height="12"'
        yield f'<rect {place} style="{_fill(step)}"/>'
        yield _word(word, k * room + 22, y + 8)


def _hatched(step: int) -> str:
    """The pattern of a step: its colour, hatched the closer the lower it is."""
    apart = 6 - 2 * (HATCHED - 1 - step)
    size = f'width="{apart}" height="6" patternUnits="userSpaceOnUse"'
    return (
        f'<pattern id="step{step}" {size} patternTransform="rotate(45)">'
        f'<rect width="6" height="6" style="fill: {COLOURS[step]}"/>'
        f'<path d="M0 0L0 6" style="stroke: {PAPER}; stroke-width: 1.6"/></pattern>'
    )


def _svg(height: float, body: Sequence[str]) -> str:
    whole = height + LEGEND
    size = f'viewBox="0 0 {WIDTH:.0f} {whole:.0f}" width="{WIDTH:.0f}" height="{whole:.0f}"'
    patterns = "".join(map(_hatched, range(HATCHED)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="color: {MUTED}">'
        f"<defs>{patterns}</defs>{''.join(body)}</svg>"
    )
