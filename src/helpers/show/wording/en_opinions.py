"""The words of surveys and experts' scores in English."""

NOTE = "Intervals are Wilson's (95 %), changes are tested as two shares (z, 5 %); who refused or did not answer is not in n. Opinions stand beside the indicators and judge none."
SURVEY_COLUMNS = ("Question", "Year", "n", "Satisfied", "95 % interval", "Since the last wave", "Unanswered")
EXPERT_COLUMNS = ("Year", "Item", "Experts", "Mean", "Lowest—highest", "Agreement")
SOURCE = "Source"


def design(effect: float) -> str:
    """By how much the sample is less than a simple one."""
    return "simple random sample" if effect == 1 else f"design effect {effect:g}: intervals are on n÷{effect:g}"


def wave(told: dict) -> tuple[str, ...]:
    """Year, n, share, interval, change and the number that did not answer."""
    interval = f"{told['low']:.1%}—{told['high']:.1%}"
    return str(told["year"]), str(told["n"]), f"{told['share']:.1%}", interval, changed(told["change"]), str(told["unanswered"])


def changed(change: dict | None) -> str:
    """The change since the last wave, and whether it is more than sampling makes."""
    if change is None:
        return "first wave"
    points = f"{change['difference'] * 100:+.1f} points ({change['low'] * 100:+.1f} to {change['high'] * 100:+.1f})"
    word = ("significantly higher" if change["difference"] > 0 else "significantly lower") if change["significant"] else "no significant change"
    return f"{points}, p={change['p']:.3f}, {word}"


def answers(told: dict) -> str:
    """Every answer of the newest wave with its number."""
    return f"Answers in {told['year']}: " + ", ".join(f"{text} {n}" for text, n in told["answers"]) + "."


def panel(told: dict) -> str:
    """The heading of one year's experts."""
    least, most = told["scale"]
    return f"Experts ({told['year']}, {told['experts']} of them, {least:g}—{most:g} points)"


def scored(item: dict) -> tuple[str, ...]:
    """An item, how many scored it, the mean, the lowest and the highest."""
    return item["text"], str(item["n"]), f"{item['mean']:.1f}", f"{item['low']:g}—{item['high']:g}"


def agreed(told: dict) -> str:
    """Whether the experts agree."""
    found = told["agreement"]
    if found is None:
        return "Fewer than three experts or items, or all scores alike: no agreement is computed."
    word = "they agree more than by chance" if found["p"] < 0.05 else "no agreement beyond chance is seen; means are for orientation"
    out = f"; {found['left_out']} more did not score every item" if found["left_out"] else ""
    return f"Kendall's W={found['w']:.2f} ({found['experts']} experts, {found['items']} items, permutation test p={found['p']:.3f}): {word}{out}."
