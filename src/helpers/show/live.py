"""Choices that can be changed by hand: widgets under `make lab`, elsewhere the first choice of
each, drawn once.

Widgets have random names and run scripts, so they are made only where somebody can turn them: the
same notebook executed by papermill or nbval gives the same bytes every time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from . import wording

VARIABLE = "ASSESSMENT_LIVE"  # set by `make lab`


def choices(draw: Callable, **options: Sequence):
    """`draw` with one of each of `options` (`model`, `window`): a widget with a menu each where
    that is possible, else what the first ones give."""
    if not os.environ.get(VARIABLE):
        return draw(**{name: values[0] for name, values in options.items()})
    from IPython.display import display
    from ipywidgets import Dropdown, interactive

    menus = {
        name: Dropdown(
            options=[(_said(value), value) for value in values],
            description=wording.page.CHOICE[name],
        )
        for name, values in options.items()
    }
    return interactive(
        lambda **chosen: display(draw(**chosen)), **menus
    )  # what it returns, a widget would not show


def _said(value: str | int | None) -> str:
    return wording.MODEL[value] if isinstance(value, str) else wording.page.latest_years(value)
