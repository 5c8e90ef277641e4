"""The words around what the evaluator says in their own words, in English."""

from ...measure.categories import Category

TITLE = {
    "parties": "About this assessment", "categories": "By category", "achievements": "What was achieved", "problems": "Problems and causes", "recommendations": "Recommendations",
    "not_recommended": "Not recommended, and why", "judged": "Targets judged in words", "changes": "Proposed changes of targets", "lessons": "Lessons", "fates": "What became of earlier recommendations",
    "unanswered": "Without a recommendation yet", "signatures": "Signatures",
}  # fmt: skip
PARTIES = {"client": "Commissioned by", "evaluator": "Evaluator", "basis": "Basis", "independence": "Independence", "period": "Period assessed", "dated": "Date of the report"}
WRITTEN, GENERATED = "evaluator", "generated from data"
WRITTEN_NOTE = "Text with a bar at its left, marked “evaluator”, was written by the evaluator, in Chinese; all other text is generated from the data."
DRAFT = "Draft"
BECAUSE, CAUSES, ANSWERS = "Rests on: ", "Causes: ", "Answers: "
CAUSE_KIND = {"indicator": "indicator", "task": "task", "mechanism": "mechanism"}
FATE = {"adopted": "adopted", "under_way": "under way", "done": "done", "declined": "not adopted"}
JUDGED = {"met": "met", "on_track": "on track", "off_track": "off track", "not_met": "not met"}
WHY = {"red": "red alert", "orange": "orange alert", "late": "late", "due_no_information": "due, no information", "no_data": "no data in the target year"}
PROBLEM_COLUMNS = ("Problem", "Causes", "Rests on")
RECOMMENDATION_COLUMNS = ("Recommendation", "Owner", "Due", "Measure of success")
FATE_COLUMNS = ("Earlier recommendation", "Owner", "Fate", "Note")
CHANGE_COLUMNS = ("Indicator", "Target", "Proposed", "Reason")
CATEGORY_COLUMNS = ("Category", "Indicators", "Expected to be met", "Assessment")
SIGN_HERE, SIGN_DATE = "(signature)", "Date:"
NONE = "No words of the evaluator in this edition."


def expected(met: float | None, foreseen: int) -> str:
    """How many of a category's indicators may be expected to be met."""
    return f"{met:.1f} of {foreseen}" if met is not None else "not foreseen"


def unanswered(n: int) -> str:
    """That items call for a recommendation and have none."""
    return f"{n} orange, red, late or due items have neither a recommendation nor a reason for none:"


def category(row: Category) -> str:
    """A category's figures in one line of a draft."""
    return f"{row.indicators} indicators, {row.judged} judged, expected to be met: {expected(row.expected, row.foreseen)}"
