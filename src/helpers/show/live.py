"""Choices that can be changed by hand: widgets under `make lab`, elsewhere the first choice of each, drawn once.

Widgets have random names and run scripts, so they are made only where somebody can turn them: the same notebook executed by
papermill or nbval gives the same bytes every time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

VARIABLE = "ASSESSMENT_LIVE"  # set by `make lab`


def choices(draw: Callable, **options: Sequence):
    """`draw` with one of each of `options`: a widget with a menu an option where that is possible, else what the first ones give."""
    if not os.environ.get(VARIABLE):
        return draw(**{name: values[0] for name, values in options.items()})
    from ipywidgets import Dropdown, interactive

    return interactive(draw, **{name: Dropdown(options=list(values), description=name) for name, values in options.items()})
