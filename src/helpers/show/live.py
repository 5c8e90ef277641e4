"""Choices that can be changed by hand: widgets under `make lab`, elsewhere the first choice of
each, shown once.

Widgets have random names and run scripts, so they are made only where somebody can turn them: the
same notebook executed by papermill or nbval gives the same bytes every time.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from typing import Any

from ..intake import plan as plans
from ..measure import sensitivity
from . import result, table, wording

VARIABLE = "ASSESSMENT_LIVE"  # set by `make lab`
Option = str | int | None


def choices(draw: Callable[..., Iterable], **options: Sequence[Option] | Mapping[Option, str]):
    """Show what `draw` gives for one of each of `options` (`indicator`, `model`, `window`; a
    mapping names its values): with a menu each where that is possible, else for the first ones."""
    from IPython.display import display

    def show(**chosen: Option) -> None:
        for thing in draw(**chosen):
            display(thing)  # what it returns, a widget would not show

    if not os.environ.get(VARIABLE):
        show(**{name: next(iter(values)) for name, values in options.items()})
        return None
    from ipywidgets import Dropdown, interactive

    menus = {
        name: Dropdown(
            options=[(_named(value, values), value) for value in values],
            description=wording.page.CHOICE[name],
        )
        for name, values in options.items()
    }
    return interactive(show, **menus)


def _named(value: Option, values: Sequence[Option] | Mapping[Option, str]) -> str:
    if isinstance(values, Mapping):
        return values[value]
    return wording.MODEL[value] if isinstance(value, str) else wording.page.latest_years(value)


def indicators(plan: plans.Plan, first: str) -> dict[str, str]:
    """The names of all indicators of a plan by id, `first` before the others."""
    names = {each.id: getattr(each, wording.NAME) for each in plans.indicators(plan)}
    return {first: names[first], **names}


def executed(name: str, **parameters: Any) -> dict[str, Any]:
    """The variables after all cells of `notebooks/<name>` with these parameters; what its cells
    print is not shown."""
    cells = json.loads((plans.home() / "notebooks" / name).read_text("utf-8"))["cells"]
    known: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), known)
            if "parameters" in cell["metadata"].get("tags", ()):
                known |= parameters
    return known


def concluded(windows: Iterable[int | None], **parameters: Any) -> tuple[Any, ...]:
    """What 2_indicator comes to with these parameters: its conclusion is printed, its card, picture
    and results follow, and what every model would say with each of `windows`."""
    run = executed("2_indicator.ipynb", **parameters)
    plan, facts, points = run["the_plan"], run["facts"], run["points"]
    tried = sensitivity.tried(plan, facts, points, run["year"], windows, run["rule"])
    told = table.concluded(run["record"].data)
    print(run["record"].sentence)
    return table.card(plan, facts), run["picture"], told, table.tried(tried), result.tried(tried)
