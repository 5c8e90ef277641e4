"""The fixed words of the page in English: headings, labels, the method chapter. Sentences made from numbers are in `en`."""

SKIP, CONTENTS, LINK_TO = "Skip to the text", "Contents", "Copy the link to this indicator"
SECTION = {  # titles of the chapters; their order is in publish/chapters
    "scenario": "Assumed",
    "conclusion": "Conclusion", "table": "All indicators", "cards": "Indicator by indicator", "areas": "Comparison of areas", "commitments": "Commitments", "check": "Data check", "method": "Method and limits",
    "sources": "Sources and replication", "annex": "Annex 1: the indicators at a glance",
    "opinions": "Survey and experts", "background": "Background and protocol", "safeguards": "Safeguards", "outlook": "Outlook", "evidence": "Evidence", "categories": "By category", "problems": "Problems and causes", "recommendations": "Recommendations", "signatures": "Signatures",
}  # fmt: skip
QUOTED_PLAN = "What is quoted from the plan and its sources stays in Chinese."

# Masthead and tools
THEME, THEMES = "Theme", {"": "as the system", "light": "light", "dark": "dark"}
OPEN_ALL, CLOSE_ALL, PRINT = "Open all", "Close all", "Print"
FIND, SEARCH, ALL, SORT, PLAN_ORDER, RESET = "Find indicators", "Search", "all", "Order", "as in the plan", "Clear"
FILTER = {"category": "Category", "status": "Judgement", "alert": "Alert", "area": "Area"}
SHOWN = "Showing {n} of {N}"
COPIED = "link copied"
PROTOCOL, PLAN_OF, ISSUED, DATA, CODE, INPUTS = "Protocol", "Plan", "Issued by", "Data", "Code", "Fingerprint of the inputs"

# Lab
CHOICE = {"indicator": "Indicator", "model": "Model", "window": "Years used"}

# Editions side by side
COMPARISON = {
    "title": "Scenarios and editions side by side", "flips": "What changed", "table": "Indicator by indicator", "indicator": "Indicator", "changed": "Changed", "left_out": "left out", "base": "base", "versus": "Against the first",
    "forecast": "forecast for the target year", "chance": "P(met)", "status": "status", "outlook": "outlook", "alert": "alert", "final": "final assessment", "baseline": "Baseline", "pace": "Still required",
    "caption": "Median forecast for the target year, P(met), status and alert; ※ marks what is assumed, not observed",
}  # fmt: skip

# Conclusion
ALERTS = "Alerts (judgement and chance combined):"
BEST, WORST = "Furthest ahead", "Furthest behind"
OVERVIEW = "Figure 1. Share of the planned gain (bar), time elapsed by the year of the data (mark) and target (red line), the furthest ahead of time on top"
MISSING, MISSING_TABLE = "What is missing, and who has it", "Missing data"
MISSING_COLUMNS = ("Indicator", "Missing years", "Office that has the data", "What is needed")
CHANGES, MATRIX = "Compared with last year's edition", "How judgements moved: rows last year, columns this year, counts of indicators"
NO_EARLIER = "There is no edition of last year to compare with."
MOVED, REVISED_SINCE, METHOD_SINCE = "Indicators judged differently", "Figures revised since last year's edition", "Changes of method and definition"
NOTHING_MOVED, NOTHING_REVISED, SAME_METHOD = "No judgement changed.", "No revision.", "Rule, models, targets and definitions are those of last year's edition."
NEW_INDICATORS, LOST_INDICATORS = "Indicators last year's edition did not have", "Indicators this edition no longer has"

# Table
TABLE_CAPTION = "Progress: the bar is the share of the planned gain, the mark the time elapsed by the year of the data. Forecast: median and 80% prediction interval for the target year; chances to the nearest 5%."
TABLE_COLUMNS = ("Indicator", "Latest", "Target", "Progress", "Course", "Forecast", "Judgement", "Chance", "Alert")
COURSES, COURSES_NOTE = "All courses side by side", "A name leads to its card. Dashed: the target; line: observed values, broken where a year is missing or the definition changed; each picture has its own scale."
DOWNLOAD, ANNEX_CSV, NO_TARGET, BASELINE, NO_BASELINE, ELAPSED, NONE = "Download", "Annex 1 (CSV)", "not set", "baseline", "none", "elapsed", "none"

# Cards
TRAPS, CHART_DATA = "Mind", "figures of this chart (CSV)"
CARD = {
    "target": "Target", "baseline": "Baseline", "progress": "Progress", "trend": "Trend", "outlook": "Forecast", "prospect": "Chance", "parting": "Other rules",
    "pace": "Required", "definition": "Definition", "supplier": "Data supplied by",
}  # fmt: skip
READINGS, TAKEN, OTHER_READING = "Read another way", "Taken here: ", "Another reading: "
SENSITIVITY, OTHER_MODELS, OTHER_RULES = "Sensitivity: other models, other rules", "other models", "other rules"
MODEL_COLUMNS, ADOPTED, FORECAST = ("Model", "Median", "80% prediction interval", "Chance"), "taken here", "Forecast"
RATINGS_CAPTION, RATING_COLUMNS = "The same figures by the published rules of other offices", ("Rule", "Measure", "Rating", "Meaning", "Our judgement")
AGREES = {True: "agrees", False: "differs", None: "—"}
FORMER, BEFORE_PLAN, UNDATED, EARLIER = "former definition", "before the plan", "date unknown", "published before: "
RELATED_NONE = "no figure"
SOURCE_CODE, SAME_CODE, NOTEBOOK = "Parameters and code", "All other code as of: ", "Executed notebook: "

# Commitments
EVIDENCE_ONLY = "Judged by published evidence only: “no information” means that none was found, not that nothing was done."
COMMITMENT_COLUMNS, NO_DUE, TO_SUPPLY = ("Commitment", "Original", "Responsible", "Due", "State", "Evidence"), "end of the plan (not stated)", "to be supplied: "


# Data check
PLAN_TROUBLE, ARITHMETIC, ARITHMETIC_TABLE = "Trouble in the plan's text", "The plan's own arithmetic", "Arithmetic check"
CHECK_COLUMNS, HOLDS = ("Meaning", "Computation", "Computed", "Stated", "Check"), {True: "agrees", False: "differs"}
CROSSCHECKS, SURPRISES, SURPRISES_NOTE = "Do other figures agree", "Unexpected figures", "Taken as they stand, but to be checked by whoever supplied them."
AREAS_NOTE, WHOLE_AREA = "Every area is judged alone; the whole is not their mean. Counts without a target of their own are shown and not judged.", "Whole area"
SCENARIO, BASE = "Scenario", "the base: nothing is assumed"
SCENARIO_NOTE = "This page is no assessment: the choices and values below are assumed, not observed. The base stands in the assessment of the same plan."
SCENARIO_COLUMNS, CHOSEN = ("Of what", "Assumed", "Reason"), "choice"
REVISED, WARNINGS = "Revised figures", "Remarks"
REPORTING, REPORTING_NOTE = "Reporting status", "How many annual values of its indicators each office should have supplied from the first year of the plan to the assessment year, and how many there are."
REPORTING_COLUMNS = ("Office", "Indicators", "Expected", "Received", "Complete indicators")
CONTEXT_COLUMNS = ("Series", "Figures", "How it differs from the target's definition")

# Method
METHOD = (
    "Share of the planned gain = (latest − baseline) ÷ (target − baseline); time elapsed = (year of the data − baseline year) ÷ (target year − baseline year), by the year of the data and not of the assessment. "
    "r is the ratio of the two. Additions in the period start from zero. The judgement states what has happened and forecasts nothing."
)
LADDER_COLUMNS = ("Judgement", "Condition")
LADDER = {
    "no_data": "nothing of this definition was observed in the plan period",
    "not_assessable": "there are observations, but no comparable baseline or target, or only bounds inside which values are judged differently; the reason is stated each time",
    "met_locked": "the target is met and cannot be lost by definition (additions, running totals, done or not)",
    "met_hold": "the target is met but may be lost again, and has to be held until the target year",
    "ahead": "r is at least {ahead}",
    "on_schedule": "r is between {on_schedule} and {ahead}",
    "behind": "r is between {behind} and {on_schedule}",
    "far_behind": "r is between 0 and {behind}",
    "reverse": "r is negative, or the baseline met the target and the latest value does not",
}
FINAL_METHOD = (
    "The final word is spoken only when the target year's figure is published: over-fulfilled from {overfulfilled} of the planned gain, fulfilled where the target is met, nearly fulfilled from {nearly}, otherwise not fulfilled, "
    "and gone backwards below the baseline. A binding target is either fulfilled or not."
)
OVERALL_METHOD = (
    "Overall: with fewer than {least_assessable} of the indicators assessable there is no conclusion; with {well} of these as expected or better and no binding one behind, as expected; with {mostly}, largely as expected; otherwise behind. "
    "In the target year only published final figures count: fewer than {least_assessable} are too few; with {well} of these fulfilled and no binding one unfulfilled, on the whole fulfilled; with {mostly}, largely fulfilled; otherwise not fulfilled."
)
CHANCE, FORECAST_METHOD = "Forecasts and chances", (
    "The default model was learned from more than ten thousand published annual series: for each number of observations and each year ahead a weighted quantile regression gives the median and the quantiles, corrected by what came true most recently, so that an 80% interval does hold 80%. "
    "Textbook formulas hold 30 to 70% on series this short, and extrapolated growth errs most of all. The fewer the observations, the wider the interval. Forecasts assume that change goes on as before and know nothing of policy."
)
CHANCE_METHOD = (
    "The chance is the part of the forecast's distribution that lies beyond the target: with the median on the target it is one half, and the chances of meeting and of missing add up to one. Interval, median and chance say the same thing. "
    "A higher target never has a higher chance; what is banked and cannot be lost has chance one. With fewer than three observations the word is never better than “likely”. How often such words came true was counted on tens of thousands of five-year “plans” cut from real series and is printed with each indicator. The number expected to be met is the sum of the chances; that the targets of one plan share its fortune is in the margin. Words follow the exact chance, the printed one is rounded to 5%. Where another model differs by more than 25 percentage points, “models disagree” is printed."
)
ALERT_TABLE, ALERT_CAPTION = "Alerts", "Alerts: judgement (rows) and chance (columns); without forecast the middle column, hatched; what is achieved early cannot be lost and is green"
ALERT_ROWS = {"on_course": "achieved, faster than or as expected", "behind": "behind expectation", "far_behind": "far behind", "reverse": "going backwards"}
HINDSIGHT, HINDSIGHT_NOTE = "Looking back: what would have been said", "Every earlier year of the plans of this series, with only what was published by the end of the following year; beside the chance stands what happened."
HINDSIGHT_TABLE = "Looking back"
TERMS, GLOSSARY = "Terms", {
    "attainment": "latest value ÷ target; shown and never judged by, since a high baseline flatters it.",
    "derived": "computed from published figures by the formula in the note.",
    "bound": "a figure of which the source says only “over” or “at least”; judged only where all values inside the bound are judged alike.",
    "data cut-off": "only what was published by that date; of several publications for a year the latest.",
    "reference figures": "published figures of another definition, area or period; listed, never used in a judgement.",
}

# Sources
ORIGINAL, SOURCES, REPRODUCE, CITE, LICENCE = "The plan", "Sources of data", "Replication", "How to cite", "Licence"
REPRODUCE_NOTE = "With this repository two commands give the same notebooks, result tables and page, byte for byte (the comparison with last year is taken from last year's edition, where there is one):"
KEPT, NOT_KEPT, MAY_NOT_BE_KEPT = "copy kept", "no copy", "may not be copied"
LICENCE_NOTE = "Code: MIT. Data: rights stay with the sources. Font: SIL OFL 1.1, © Adobe."

# Annex
ANNEX_NOTE = "Values are those judged: additions are summed since the plan began; “d” is derived, “p” preliminary, “—” no data. The numbers of sources are those of the list of sources."
ANNEX_COLUMNS = ("No.", "Category", "Indicator", "Unit", "Property", "Baseline"), ("Target", "Planned gain", "Elapsed", "Growth a year", "Judgement", "Chance", "Alert", "Office", "Sources", "Note")
ANNEX_MARK = {"derived": "d", "preliminary": "p"}
CHART_COLUMNS = ("year", "value", "bound", "state", "definition", "source", "scheduled", "target", "median", "low 80%", "high 80%", "low 95%", "high 95%")

# Index of editions
EDITIONS_TITLE, EDITIONS_KIND, EDITIONS_HEADING = "Editions of plan assessments", "Five-year plans assessed", "Editions"
EDITIONS_TABLE, EDITIONS_PLAN = "Plans (rows) and assessment years (columns)", "Plan"

# Print and brief
BRIEF, ALERTED, TO_ASK, NOTHING_TO_ASK = "Brief", "Indicators to watch", "Data to be supplied", "No year is missing."
SHORT = {"progress": "Gain / elapsed", "status": "Judgement", "alert": "Alert"}  # headings of the card where there is little room

# Tables of the notebooks
TABLE = {
    "observed": ("Year", "Value", "Judged", "State", "Published", "Source", "Note"),
    "context": ("Reference series", "Year", "Value", "Why it is not used", "Source"),
    "forecast": ("Year", "Median", "80% low", "80% high", "95% low", "95% high"),
    "models": ("Model", "Median in the target year", "80% prediction interval", "Chance", "Note"),
    "ratings": ("Rule", "Measure", "Rating", "Meaning", "Our judgement"),
    "inputs": ("Input", "SHA-256"),
    "coverage": ("Indicator", "Unit"),
    "missing": ("Office that has the data", "Basis", "Indicator", "Missing years", "What is needed"),
    "revised": ("Indicator", "Year", "Taken", "Before"),
    "checks": ("Meaning", "Computation", "Computed", "Stated", "Check"),
    "crosschecks": ("What it means", "Year", "Calculation", "Computed", "Recorded", "Difference", "Check"),
    "surprises": ("Indicator", "Year", "Value", "Expected from", "Expected to"),
    "areas": ("Area", "Latest value", "Target", "Share of the planned gain", "Judgement", "Chance", "Alert"),
    "tried": ("Model", "Years used", "Observations", "Median of the target year", "80% interval", "Chance", "Alert"),
    "scores": ("Model", "Times", "Mean error (in mean yearly changes)", "Relative to the latest value", "80% interval holds", "95% interval holds", "Error of the chance (Brier)"),
    "scenarios": ("File", "Of what", "Assumed", "Reason"),
    "warnings": ("Place", "Value", "Problem", "Remedy"),
    "hindcasts": ("Period", "Indicator", "Year 1", "Year 2", "Year 3", "Year 4", "In the end"),
    "commitments": ("Box or chapter", "Commitment", "Original", "Responsible", "Due", "State", "Evidence"),
    "results": ("Category", "Indicator", "Latest", "Target", "Share of the planned gain", "Elapsed", "Judgement", "Chance", "Alert", "Final"),
}
LABEL = {
    "assumed": "assumed of this indicator", "areas": "by area", "plan": "Plan", "category": "Category", "unit": "Unit", "kind": "Kind", "baseline": "Baseline", "target": "Target", "clause": "Original", "definition": "Definition", "caveat": "Mind",
    "break": "Break", "supplier": "Data supplied by", "latest": "Latest", "attainment": "Attainment", "progress": "Share of the planned gain", "elapsed": "Elapsed (by the year of the data)",
    "scheduled": "Scheduled value", "cagr": "Growth a year", "pace": "Required", "status": "Judgement", "forecast": "Forecast", "chance": "Chance", "prospect": "Outlook",
    "record": "How often it came true", "fate": "What became of such judgements", "alert": "Alert", "models": "Models compared", "ratings": "Rules compared", "taken": "Taken here", "other": "Another reading", "reading": "Reading",
}  # fmt: skip
ONE_READING = "The plan's words can be read in one way only."
NO_HINDCASTS = "There is no plan of this series to look back at yet."


def other_model(name: str) -> str:
    """What to say where the default model was not used."""
    return f"This edition does not forecast by the default model but by “{name}”: its chances come from its own prediction intervals."


def year(y: int) -> str:
    return str(y)


def labelled(label: str, text: str) -> str:
    return f"{label}: {text}"


def table_of(title: str) -> str:
    return f"{title} (table)"


def figure(k: int, caption: str) -> str:
    return f"Figure {k}. {caption}"


def ladder_caption(rule: str) -> str:
    return f"Judgement ({rule}; the first that fits, from the top)"


def reliability(caption: str) -> str:
    return f"{caption}: the nearer to the dotted line the more reliable, larger marks stand for more cases"


def missing_since(y: int) -> str:
    return f"These indicators lack annual figures between the first year of the plan and {y}. What is missing is called missing: nothing is interpolated, carried over or replaced by another definition."


def earlier(edition: str) -> str:
    return f"Compared with the edition of the year before, {edition}:"


def other_schema(edition: str) -> str:
    return f"Last year's edition {edition} has records of another form and was not compared."


def moved(name: str, before: str, now: str) -> str:
    return f"{name}: {before} → {now}"


def revised_since(name: str, y: int, before: str, now: str) -> str:
    return f"{name} {y}: {before} in last year's edition, {now} in this one"


def broken(y: int, reason: str) -> str:
    return f"definition changed in {y}: {reason}"


def supplied_by(office: str, basis: str, needs: str) -> str:
    return f"{office} ({basis}): {needs}"


def forecasts_for(y: int) -> str:
    return f"Forecasts for {y}, by model"


def kept(copies: int, sources: int) -> str:
    return f"{sources} sources, {copies} with a copy kept here; the others can only be checked where they were published."


def data_and_sources(n: int) -> str:
    return f"Data and sources ({n})"


def data_columns(unit: str) -> tuple[str, ...]:
    return "Year", f"Value ({unit})", "State", "Published", "Source", "Note"


def related(n: int) -> str:
    return f"Reference figures (not judged, {n})"


def context(group: str, n: int) -> str:
    return f"Reference figures: {group} ({n}, not judged)"


def lines(listed: str) -> str:
    return f"line {listed} of the original"


def revised(name: str, y: int, value: str, published: str, earlier: str) -> str:
    return f"{name} {y}: {value} taken ({published}); before {earlier}"


def surprise(name: str, y: int, value: str, low: str, high: str) -> str:
    return f"{name} {y}: {value}; from the years before, {low} to {high} was to be expected"


def chance_of(chance: str) -> str:
    return f"chance {chance}"


def latest_years(window: int | None) -> str:
    return f"the latest {window}" if window else "all"


def at_least(share: str) -> str:
    return f"at least {share}"


def below(share: str) -> str:
    return f"below {share}"


def notebooks(n: int) -> str:
    return f"Executed notebooks ({n})"


def inputs(n: int) -> str:
    return f"Input files ({n})"


def citation(title: str, commit: str, digest: str) -> str:
    return f"{title}. Code {commit}, fingerprint of the inputs {digest}."


def edition(plan: str, y: int, known_by: str, scenario: str) -> str:
    """What an edition is called beside others: "… 2024 (as known by 2025-03-31; assumed: 审慎)"."""
    parts = [f"as known by {known_by}"] * bool(known_by) + [f"assumed: {scenario}"] * bool(scenario)
    return f"{plan} {y}" + (f" ({'; '.join(parts)})" if parts else "")


def assessable(n: int, total: int) -> str:
    return f"{n} of {total} can be judged"


def no_alerted(assessable: int, total: int) -> str:
    """What to say where nothing is alerted: of what could not be judged it is no all-clear."""
    if not assessable:
        return f"None of the {total} indicators can be judged, so nothing can be said of alerts."
    rest = f"; nothing can be said of the {total - assessable} that cannot be judged" if assessable < total else ""
    return f"None of the {assessable} indicators that can be judged has a yellow alert or worse{rest}."


def doubted(name: str, area: str, y: int | None, value: str, problem: str) -> str:
    """A doubt about an indicator's figures, quoted as the check tells it: "Satisfaction (north) 2022: …"."""
    place = f" ({area})" if area else ""
    return f"{name}{place}{f' {y}' if y else ''}: {f'{value}, ' if value else ''}{problem}"


def more(n: int) -> str:
    return f"{n} more in the assessment."


def asked(office: str, names: str) -> str:
    return f"{office}: {names}"
