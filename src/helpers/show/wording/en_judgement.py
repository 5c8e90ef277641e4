"""The words around what the evaluator says in their own words, in English."""

from ...measure.categories import Category

TITLE = {
    "parties": "About this assessment", "categories": "By category", "achievements": "What was achieved", "problems": "What is wrong", "recommendations": "This year's recommendations",
    "not_recommended": "Not recommended, and why", "judged": "Targets judged in words", "changes": "Proposed changes of targets", "lessons": "Lessons", "fates": "What became of earlier recommendations",
    "unanswered": "Without a recommendation yet", "signatures": "Signatures",
}  # fmt: skip
PARTIES = {"client": "Commissioned by", "evaluator": "Evaluator", "basis": "Basis", "independence": "Independence", "period": "Period assessed", "dated": "Date of the report"}
COVER = ("client", "evaluator", "dated")  # of them on the cover
WRITTEN, BY = "evaluator", "ev."
WRITTEN_NOTE = "Text with a bar at its left, marked “ev.” (in the Word document set in KaiTi), was written by the evaluator, in Chinese; all other text is generated from the data."
DRAFT = "Draft"
BECAUSE = "Rests on: "
CAUSE_KIND = {"indicator": "indicator", "task": "task", "mechanism": "mechanism"}
FATE = {"adopted": "adopted", "under_way": "under way", "done": "done", "declined": "not adopted"}
JUDGED = {"met": "met", "on_track": "on track", "off_track": "off track", "not_met": "not met"}
WHY = {"red": "red alert", "orange": "orange alert", "late": "late", "due_no_information": "due, no information", "no_data": "no data in the target year"}
PROBLEM_COLUMNS = ("Problem", "Causes", "Rests on")
RECOMMENDATION_COLUMNS = ("Recommendation", "Owner", "Due", "Measure of success")
FATE_COLUMNS = ("Earlier recommendation", "Owner", "Fate", "Note")
CHANGE_COLUMNS = ("Indicator", "Target", "Proposed", "Reason")
CATEGORY_COLUMNS = ("Category", "Indicators", "Judged", "On schedule or better", "Expected to be met", "Assessment")
REMARK, ALL_REFERENCES = "Note", "All records these rest on"
TO_ACT = "Who has to act first"
SIGNATURE_COLUMNS = ("Who signs", "Signature", "Date")


def expected(met: float | None, foreseen: int) -> str:
    """How many of a category's indicators may be expected to be met."""
    return f"{met:.1f} of {foreseen}" if met is not None else "not foreseen"


def unanswered(n: int) -> str:
    """That items call for a recommendation and have none."""
    return f"{n} orange, red, late or due items have neither a recommendation nor a reason for none:"


def category(row: Category) -> str:
    """A category's figures in one line of a draft."""
    return f"{row.indicators} indicators, {row.judged} judged, expected to be met: {expected(row.expected, row.foreseen)}"


def more(n: int) -> str:
    """How many records a passage rests on, after the first few of them."""
    return f" and others, {n} records in all"


def numbered(k: int) -> str:
    """The number of a problem."""
    return f"Problem {k}. "


def answers(numbers: list[int]) -> str:
    """Which problems a recommendation answers."""
    return "Answers problem " + ", ".join(map(str, numbers))


def counted(said: dict) -> str:
    """What the evaluator's chapters hold, in one sentence."""
    return f"The evaluator names {len(said['problems'])} problems and makes {len(said['recommendations'])} recommendations; each names the records it rests on."


def causes(kind: str) -> str:
    """The heading of the causes of a problem."""
    return f"Causes (in the {CAUSE_KIND[kind]})"


def fated(fates: list[dict]) -> str:
    """How many earlier recommendations came to what."""
    told = [each["fate"] for each in fates]
    return f"Of {len(told)} earlier recommendations: " + ", ".join(f"{told.count(code)} {word}" for code, word in FATE.items() if code in told) + "."


def to_act(text: str, owner: str, due: str) -> str:
    """A recommendation in one line: who must do what by when."""
    return f"{owner}, by {due}: {text}"


def period(start: int, end: int, until: int) -> str:
    """What is assessed: the plan's period as far as the assessed year."""
    return f"{start}–{end}, as far as {until}"


def more_recommended(n: int) -> str:
    """That there are more recommendations than were named."""
    return f"{n} more recommendations"
