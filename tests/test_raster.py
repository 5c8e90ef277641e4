"""Pixels drawn from the SVG of a notebook show what the library draws itself."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from conftest import some
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from test_figure import pictures, records  # fixtures

from helpers.measure import backtest
from helpers.show import canvas, figure, raster

pytestmark = pytest.mark.slow

BLOCK, NEAR = (
    12,
    30,
)  # pixels; of 255: letters lie up to a pixel beside where another unit puts them
__all__ = ["pictures", "records"]


def blocks(image: np.ndarray) -> np.ndarray:
    """The mean colour of squares of `BLOCK` pixels."""
    rows, columns = (length // BLOCK for length in image.shape[:2])
    cut = image[: rows * BLOCK, : columns * BLOCK].astype(float)
    return cut.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))


def by_the_library(drawn) -> np.ndarray:
    drawn.set_dpi(canvas.DPI)
    agg = FigureCanvasAgg(drawn)
    with matplotlib.rc_context(canvas.STYLE):
        agg.draw()
    return np.asarray(agg.buffer_rgba())[:, :, :3]


def ours(svg: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(raster.pixels(svg))).convert("RGB"))


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference of a square, of 255."""
    assert one.shape == other.shape
    return float(np.abs(blocks(one) - blocks(other)).max())


def test_every_picture_is_drawn_as_the_library_draws_it(pictures):
    for _, ax in some(pictures):
        svg = canvas.Picture(ax, "").svg
        assert apart(ours(svg), by_the_library(ax.figure)) < NEAR


def test_the_overview_and_the_reliability_too(records):
    tenths = {kind: backtest.tenths("pooled", kind) for kind in backtest.KINDS}
    for ax in (figure.overview(records), figure.reliability(tenths)):
        assert apart(ours(canvas.Picture(ax, "").svg), by_the_library(ax.figure)) < NEAR


def test_a_word_or_the_series_left_out_would_be_seen(pictures):
    """The measure of the test above is finer than what matters: each word, and the line."""
    ax = next(ax for one, ax in pictures if one.facts.id == "trademarks_valid")
    svg = canvas.Picture(ax, "").svg
    root, whole = ElementTree.fromstring(svg), ours(svg)
    series = [line for line in ax.get_lines() if line.get_label() == "实际值"]
    assert series
    for parent in some(e for e in root.iter() if any(c.tag.endswith("}text") for c in e)):
        for child in [c for c in parent if c.tag.endswith("}text") and (c.text or "").strip()]:
            parent.remove(child)
            left = ours(ElementTree.tostring(root, encoding="unicode"))
            parent.append(child)
            assert apart(left, whole) > NEAR, child.text
    series[0].set_visible(False)
    assert apart(ours(canvas.Picture(ax, "").svg), whole) > NEAR
    series[0].set_visible(True)


def test_the_pixels_are_as_many_as_the_paper_is_wide(pictures):
    _, ax = pictures[0]
    width, _ = Image.open(io.BytesIO(raster.pixels(canvas.Picture(ax, "").svg))).size
    assert width == int(canvas.WIDTH * canvas.DPI)


def test_what_is_not_ours_is_refused():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="3"/></svg>'
    with pytest.raises(ValueError, match="circle"):
        raster.pixels(svg)
