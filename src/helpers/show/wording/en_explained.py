"""What is said of the four facts that make a chance, in English."""

from __future__ import annotations

WHY = "Where this probability comes from: four facts"
COLUMNS = ("Fact", "This indicator", "Usual", "P were it usual")
ALL = "All four usual"
FACT = {
    "level": {
        "distance": "How far the target is (in usual annual moves)",
        "drift": "How far the forecast moves towards it a year (in usual annual moves)",
        "spread": "How uncertain the forecast is (80 % interval of one year, in usual annual moves)",
        "years": "Years left",
    },
    "sum": {
        "distance": "What is still missing (in years of the mean addition)",
        "drift": "What is forecast to be added a year (in mean additions)",
        "spread": "How uncertain the forecast is (80 % interval of one year, in usual annual moves)",
        "years": "Years left",
    },
}


def sentence(name: str, chance: str, usual: str) -> str:
    """Which fact moves the chance most, and what it would be."""
    return (f"Of the four, “{name}” moves this probability most: were it usual (the median of the pseudo-plans the forecast was learned from), "
        f"it would be {chance}; were all four, {usual}.")
