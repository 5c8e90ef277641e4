"""What targets and their chances are called in English."""

COLUMNS = {
    "plan": ("Indicator", "Unit", "Latest", "Planned target", "Chance", "Target at 50%", "66%", "80%"),
    "one": ("Target", "Chance", "Needed a year", "Needed growth", "Against lately"),
    "pace": ("Who", "Years", "A year", "Growth a year"),
}  # fmt: skip
OWN, PEER, FORMER = "This indicator lately", "Beside: {name}", "Former plan: {name}"
PLANNED, PROPOSED = "planned {value}", "proposed {value}"
ASKED = "at {chance}: {value}"
LATEST = "{value} ({year})"
REACHED = "reached"
SPAN = "{first}–{last}"
TIMES = "{times} times"
CURVE, CURVE_UNKNOWN = "{name}: the target of {year} with a chance of 66% is {value}", "{name}: targets of {year} and their chance"
TARGET_AXIS, CHANCE_AXIS = "target ({unit})", "chance"
EXPECTED = "Of {count} indicators with a chance, {middle} are expected to meet the plan's target ({low}–{high} with 80% confidence)."
NO_EXPECTED = "None has a chance."
AHEAD = "Targets of {year} by the model “{model}”; a chance is of things going on as they did, without new measures."
TOO_FAR = "too far from the latest observation to forecast"
OTHER_FORM = "no single value, or of another period than the plan's: not inverted"


def record(name: str, year: int, shown: list[tuple[str, str]]) -> str:
    """The conclusion of one indicator: which target has which chance."""
    said = ", ".join(f"{value} has a chance of {chance}" for chance, value in shown)
    return f"{name}: in {year} {said}." if shown else f"{name}: no target can be told for {year}."
