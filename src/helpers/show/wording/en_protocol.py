"""The words of the protocol in English: when it was sealed, what departs from it."""

DEPARTED, NO_DEPARTURE = "Departs from the protocol", "Questions, targets, definitions, rule, model and thresholds are those of the sealed protocol."
COLUMNS = ("What", "Of what", "Sealed", "This edition")
WHAT = {
    "rule": "rule", "model": "model of the forecast", "level": "interval", "window": "years used", "threshold": "threshold", "target": "target", "kind": "kind of indicator", "reading": "reading",
    "new": "new indicator", "dropped": "indicator no longer judged",
}  # fmt: skip
THRESHOLD = {
    "from_ahead": "least of ahead", "from_on_schedule": "least of on schedule", "from_behind": "least of behind", "from_far_behind": "least of far behind", "least_assessable": "share that must be judged for a conclusion",
    "well": "share for on schedule overall", "mostly": "share for mostly on schedule", "overfulfilled": "least of overfulfilled", "nearly": "least of nearly fulfilled", "least_foreseen": "indicators needed to say how many will be met",
}  # fmt: skip


def sealed(day: str, questions: int) -> str:
    """When the protocol was sealed."""
    return f"The protocol was sealed on {day}: {questions} questions with their targets, definitions, rule, model, thresholds and the offices that supply the data. The repository's commits and the register of evidence bear the date out."


def order(older: bool, first: str) -> str:
    """Whether it was sealed before the first figure used was published."""
    if not first:
        return "No figure of the plan's period that is used has a date of publication: nothing shows that the protocol is older than the data."
    return f"The first figure of the plan's period that is used was published on {first}: the protocol is {'older' if older else 'not older'} than the data."


def departed(n: int, older: bool) -> str:
    """That an edition departs from its protocol."""
    told = [f"{n} things are not as in the sealed protocol"] if n else []
    return "; ".join([*told, *([] if older else ["the protocol is not older than the data used"])]) + "."
