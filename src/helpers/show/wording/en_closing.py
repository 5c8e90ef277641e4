"""The words of the page a plan is closed with, in English."""

TITLE, LATE, NEVER, LESSONS, EDITIONS = "Final words", "Met late", "Never assessable", "Lessons", "Editions enclosed"
FINAL_COLUMNS = ("Indicator", "Target", "Last value", "Final word", "Years judged")
LESSON_COLUMNS = ("Wording", "Places", "Why", "Wording that can be assessed")
NONE = "None."
LESSONS_NOTE = "Wordings of the plan that left the assessment without a verdict or asked for a convention, the most frequent first; the next plan can use the wording that can be assessed."
EDITIONS_NOTE = "These words are sealed in one evidence bag with the reports and results of these editions."


def scope(closing: dict) -> str:
    """The period, how many indicators there are, how many have a final word, the data cut-off."""
    start, end = closing["period"]
    cutoff = f" Data cut-off {closing['known_by']}." if closing["known_by"] else ""
    return f"{start}—{end}, {closing['total']} indicators, {closing['spoken']} with a final word.{cutoff}"


def counted(counts: list[tuple[str, int]]) -> str:
    """How many ended in which word."""
    return ", ".join(f"{word} {n}" for word, n in counts) + "."


def late(row: dict) -> str:
    """A target missed in its year and met a year later."""
    return f"{row['name']}: {row['target']} was missed in its year and met the year after."


def never(row: dict) -> str:
    """An indicator that could not be judged in any year, and why."""
    return f"{row['name']}: {row['reasons'] or 'no usable figure in any year'}."
