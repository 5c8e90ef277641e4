"""The words of the ledger of promises in English: headings, columns, and what is said of one promise."""

from collections.abc import Mapping

TITLE = {
    "chapters": "By chapter", "offices": "By office", "late": "Overdue", "due_next": "With a stated date, not done yet", "events": "Evidence over time", "contradictions": "Where the plan's text disagrees with itself",
    "funds": "Money", "searches": "Looked for and not found", "all": "Every commitment", "total": "Total", "chapter": "Chapter", "office": "Responsible",
}  # fmt: skip
FIND, FILTER, NO_OWNER = "Find commitments", {"schedule": "State", "office": "Responsible", "kind": "Kind"}, "no office named"
EVENT_COLUMNS, SEARCH_COLUMNS = ("When", "Commitment", "What it says", "Strength and source"), ("Day", "Where", "Words", "About", "Result")
OFFICIAL, UNCLEAR_BECAUSE, DELIVERABLE, ALL_PROMISES = "The office says: ", "Cannot be rated: ", "Deliverable: ", "all commitments"
SUGGESTED_OWNERS = "Offices not marked “named in the plan” are suggested by their duties; the plan does not assign them, and the government has to confirm them."
SEARCHES_NOTE = "Not found does not mean not done: only that it was looked for on that day and in those places."
FUND_COLUMNS, STAGE = ("Commitment", "Planned (10k yuan)", "In place (10k yuan)", "Spent (10k yuan)", "Rests on"), {"planned": "planned", "in_place": "in place", "spent": "spent"}
FUNDS_NOTE = "Only what was published or reported; an empty cell is no information, not zero."
DOCUMENT, LINK_ONLY = "document", "link only"


def aged(n: int) -> str:
    """How many of the promises due without information have older evidence."""
    return f"For {n} of these there is older evidence, which does not speak for the year they fell due. " if n else ""


def restated(lines: list[int]) -> str:
    """Where the plan promises the same once more; empty where it does not."""
    return f"restated in line {', '.join(map(str, lines))}" if lines else ""


def read_otherwise(text: str, word: str) -> str:
    """What a promise's state would be in the other way to read it."""
    return f"Read otherwise ({text}): {word}"


def counted(n: int) -> str:
    """How many promises a chapter has."""
    return f"{n} commitments"


def amount(stage: dict | None) -> str:
    """The money of one stage, in 10 000 yuan; empty where it is not told."""
    return f"{stage['amount']:.15g}{' (sum of instalments)' * stage['in_parts']}" if stage else ""


def rests_on(stages: list[dict], titles: Mapping[str, str]) -> str:
    """What the amounts rest on, every row of them."""
    return "; ".join(
        f"{row['date'] or row['year']} {STAGE[stage['stage']]} {row['instalment']} {row['amount']:.15g} {row['unit']}"
        + f", {row['note'] or row['locator']}" * bool(row["note"] or row["locator"]) + f" ({titles[row['source']]})"
        for stage in stages for row in stage["rows"]
    )


def money(funded: list[list[dict]]) -> str:
    """The money of all promises of which any is told, stage by stage: the sum, and of how many."""
    told = [
        f"{word} {sum(mine) / 100:.15g} million yuan ({len(mine)})"
        for stage, word in STAGE.items()
        if (mine := [one["amount"] for stages in funded for one in stages if one["stage"] == stage])
    ]
    return f"Money for commitments: {', '.join(told)}; of the others none is told."
