"""The words of the first screen in English: what is missing, what can be said, what changed."""

ASKED_COLUMNS = ("Office", "Indicators without data", "Promises due without information", "Which indicators")
ALL_THE_SAME, THE_REST = "What can be said all the same", "Figure, definition and the rest"


def nothing_changed(edition: str) -> str:
    return f"Compared with the edition of the year before, {edition}, no judgement, value, method or definition changed."


def year_before(edition: str) -> str:
    return f"SHA-256 of results.json of the year before, {edition}: "


def missing_in_full(n: int) -> str:
    return f"Which years are missing and what is needed, item by item ({n})"


def and_more(n: int) -> str:
    return f" and others, {n} in all"


def contradicted(n: int) -> str:
    return f"The plan's text contradicts itself in {n} places"


def troubled(n: int) -> str:
    return f"{n} traps in the plan's text and data to know of"


def other_offices(n: int) -> str:
    return f"{n} more offices"


def due_by(day: str) -> str:
    return f" (by {day})"
