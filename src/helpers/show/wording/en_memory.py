"""What is said of the closed plans a forecast learned from, in English."""

from __future__ import annotations

from collections.abc import Sequence

from ...intake.closed import ClosedPlan
from ...measure.memory import Memory


def memory(taught: Memory, closed: Sequence[ClosedPlan]) -> str:
    """What the forecasts have learned from closed plans of the family."""
    if not taught.targets:
        return "No closed plan's outcomes are there to learn from; forecasts are not corrected."
    told = ", ".join(f"“{one.title_en}”" for one in closed if one.id in taught.plans)
    return (f"The forecasts learn from closed plans of the family: of {told}, the outcomes of {taught.targets} indicators were published before the year assessed, "
        f"and compared with what would have been forecast they came out {'higher' if taught.higher + taught.better > 0 else 'lower'} on the whole. The median of an indicator that should rise is therefore "
        f"moved to percentile {100 * taught.middle(True):.0f} of the plain forecast, of one that should fall to percentile {100 * taught.middle(False):.0f}, and intervals are about {1 / taught.slope:.2f} times as wide; "
        "the fewer the indicators, the smaller the correction. The parameter file memory.yml has every single one.")
