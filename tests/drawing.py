"""The cells of 2_indicator, for tests that change them or look at what they draw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from matplotlib.axes import Axes

from helpers.intake.events import Event
from helpers.measure import frames
from helpers.measure.assessment import Assessment
from helpers.show import figure, traces, wording

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "2_indicator.ipynb"


@lru_cache(1)
def cells() -> list[str]:
    """The code of every code cell."""
    listed = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in listed if cell["cell_type"] == "code"]


def trajectory(said: Assessment, happened: Sequence[Event] = ()) -> Axes:
    """The picture of an assessment, drawn by the notebook's own cell."""
    [cell] = [cell for cell in cells() if "figure.paper_of(" in cell]
    series = said.series
    points = (*series.history, *series.before, *series.points)
    known = {
        "said": said,
        "happened": happened,
        "facts": said.facts,
        "seen": frames.observed(series, {point.row.source: "" for point in points}),
        "fan": frames.fan(said, frames.forecasts(said, ())),
        "frames": frames,
        "figure": figure,
        "traces": traces,
        "wording": wording,
    }
    exec(cell, known)
    return known["ax"]
