"""The words of the first screen in English: what is missing, what can be said, what changed."""

from .en_names import english

ASKED_COLUMNS = ("Office", "Indicators without data", "Promises due without information", "Which indicators")
GLANCE = ("Standing", "Missing", "Who must act")  # what ten seconds must answer
OTHERS = " and others"
NOTHING_MISSING, NOBODY = "Every year's figures are there, and no promise is due without information.", "No figures are lacking, and there is no orange or red alert."
NOT_DUE = "Figures of the plan's first year are not due yet."
SUPPLY, EXPLAIN, REPORT = "Supply figures", "Explain the alerts", "Report on promises that are due"
BY_DUTY = "where the plan names nobody, by the offices' duties"
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
    return f"The plan's text contradicts itself in {n} place{'s' * (n > 1)}"


def troubled(n: int) -> str:
    return f"{n} trap{'s' * (n > 1)} in the plan's text and data to know of"


def other_offices(n: int) -> str:
    return f"{n} more office{'s' * (n > 1)}"


def due_by(day: str) -> str:
    return f" (by {day})"


def stands(total: int, judged: int, good: int, published: int | None) -> str:
    """How many can be judged and how many of those are well; in the target year also how many
    final figures there are."""
    final = f", {published} with a published figure of the target year" if published is not None else ""
    well = f"{good} as expected or better, {judged - good} behind" if judged > good else "all as expected or better"
    return f"{total} indicators{final}; " + (f"{judged} can be judged: {well}." if judged else "none can be judged.")


def needs(text: str) -> str:
    """What an office is asked for: the parameters say it in Chinese, the card quotes it."""
    return "figures of these years, as the indicator defines them (its card quotes in full)" if text else ""


def proposed(evaluator: str, draft: bool) -> str:
    """Whose recommendation it is: nobody else's."""
    return f"Recommended by {english(evaluator)}" + (", a draft, not checked with any office" if draft else "")


def few_drawn(n: int) -> str:
    return f"Chart of progress ({n} can be judged)"


def not_begun(start: int, total: int, foreseen: int) -> str:
    """What can be said of a plan before its first year."""
    return f"The plan begins in {start}; of its {total} indicators {foreseen} have a probability already."


def lacking(n: int, none: int) -> str:
    """How many indicators lack a year, and how many have no figure at all."""
    return f"{n} indicator{'s lack' if n > 1 else ' lacks'} a year" + (f" ({none} {'have' if none > 1 else 'has'} no figure at all)" if none else "")


def silent(n: int) -> str:
    return f"{n} promise{'s are' if n > 1 else ' is'} due without information"


def office(name: str, n: int) -> str:
    return f"{name} ({n})"


def and_offices(n: int) -> str:
    return f" and others, {n} offices in all"
