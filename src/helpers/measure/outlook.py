"""What is said of the future, and how loud: the outlook word of a probability, the alert of a status and a probability (METHOD §5).

Codes only; `show.wording` says them. A probability is a fraction; None means that there is no forecast.
"""

from __future__ import annotations

OUTLOOKS = (("very_likely", 0.90), ("likely", 0.66), ("uncertain", 0.33), ("unlikely", 0.10), ("very_unlikely", 0.0))  # P at least
ALERTS = ("green", "blue", "yellow", "orange", "red")
FEWEST = 3  # points; with fewer the outlook may not exceed `likely`
ON_COURSE = ("met_hold", "ahead", "on_schedule")
COLUMNS = tuple(code for code, _ in OUTLOOKS)
TABLE = {  # status → alert for each outlook from very_likely to very_unlikely
    "on_course": ("green", "green", "blue", "yellow", "orange"),
    "behind": ("blue", "blue", "yellow", "orange", "red"),
    "far_behind": ("blue", "yellow", "yellow", "orange", "red"),
    "reverse": ("yellow", "yellow", "orange", "red", "red"),
}


def outlook(p: float | None, n: int) -> str | None:
    """The code of the outlook of probability `p` from `n` points: the first of OUTLOOKS whose bound p reaches; None without p."""
    if p is None:
        return None
    code = next(code for code, least in OUTLOOKS if p >= least)
    return "likely" if n < FEWEST and code == "very_likely" else code


def alert(status: str, outlook: str | None) -> str | None:
    """The colour of TABLE for a status and an outlook; the middle column where there is no outlook; None for what is not judged."""
    if status == "met_locked":
        return "green"
    row = TABLE.get("on_course" if status in ON_COURSE else status)
    return None if row is None else row[COLUMNS.index(outlook or "uncertain")]
