"""What a monitoring page says in English: headings, labels, reasons, the two lines to send on."""

KIND, TITLE = "Monitoring", "{title}: monitoring, {period}"
SPAN, MONTH, LAST_PERIOD = "January to month {month} of {year}", "month {month}", "last period"
JANUARY = "January {year}"
SECTION = {
    "areas": "By area",
    "moves": "What moved", "pace": "How fast the rest of the year must be", "due": "Due in the next two quarters", "missing": "Not yet reported",
    "track": "How earlier nowcasts came out", "method": "How it is foretold and read",
}  # fmt: skip
COLUMNS = {
    "areas": ("Indicator", "Area", "Known now", "Expected year-end (80 % interval)", "P(met)", "Pace"),
    "moves": ("Indicator", "Known now", "Known before", "Expected year-end (80 % interval)", "Expected before", "P(met)", "P before", "Pace"),
    "pace": ("Indicator", "Scheduled year-end", "Expected year-end", "P of the schedule", "A month so far", "A month needed", "Pace"),
    "due": ("Date", "What", "State", "Office"),
    "missing": ("Indicator", "Reported to", "Office", "Data needed"),
    "running": ("Indicator", "Known and expected this year"),
    "track": ("Indicator", "Foretold at", "Expected (80 % interval)", "Actual", "Inside", "Origin"),
}  # fmt: skip
REASON = {
    "": "", "not_reported": "nothing reported this year", "starts_late": "the first months are missing, no sum can be formed", "no_former_part": "no former year's part: spread over the time passed",
    "no_start": "last year's end is not known: only what was reported", "negative_amounts": "amounts below zero: no nowcast", "former_years_zero": "former years are zero: no share to compare",
    "binary": "yes or no: no nowcast",
    "other_form": "the target is not the indicator's own value at the end of the plan, months and quarters are not judged",
}  # fmt: skip
FIGURE_TITLE, NO_WAY = "Expected year-end: {reached} of {n} on the straight line", "no line to compare with"
FIGURE_NOTE = "Bar: known; dot: expected year-end; thin line: 80 % interval. All as shares of the way to the straight line's value at the year's end; the dashed line (100 %) is that value."
BY_PACE, MET_ALREADY, NOTHING_LEFT = "by time passed ", "there already", "—"
NOT_REPORTED, REPORTED_TO = "nothing this year", "month {month}"
TARGET_DUE, ANNUAL_DUE = "target: {target}", "every year: {title}"
INSIDE = {True: "yes", False: "no"}
ORIGIN = {"kept": "kept at the time", "again": "recomputed from the data of then"}
NOTHING = {
    "areas": "No area has reported figures of the year.",
    "moves": "No indicator has reported months or quarters of this year.", "pace": "Nothing to compute.", "due": "No target or promise falls due in the next two quarters.",
    "missing": "All that is due has been reported for this period.", "track": "No former year's parts are known: there is no earlier nowcast to compare.",
}  # fmt: skip
TRACKED = "Of {n} earlier nowcasts {inside} had the actual value inside their 80 % interval."
LINE_STANDING = "{title}, {period}: {reported} of {total} indicators reported figures of this year; by their pace {good} are on schedule or ahead, {behind} behind."
LINE_WATCH = "To watch: {watch}; not reported for this period: {missing}."
NONE, WATCHED, UNFORESEEN, MORE = "none", "{name} (expected year-end {expected}, P(met){chance})", "{name} (expected year-end {expected})", "{names} and others, {n} in all"
NOT_ANNUAL = "Part of a year is no annual verdict: annual assessments use whole years only, and this page changes none of them."
METHOD = (
    "Expected year-end: what is known, and the rest by its share of former years, the pace of this year so far and the annual forecast; weights and widths of the intervals are learned from some two thousand real monthly and quarterly series (docs/method.md).",
    "P(met): for a target of this year that of the nowcast; for a later one the mean of the annual forecasts after every likely end of this year.",
    "Pace: progress against the time passed in months; an annual amount is compared as expected for the whole year. Where no former year's part is known, the figure is only spread over the time passed and there is no probability.",
)  # fmt: skip
SUBTITLE, MESSAGE, MOVES_CSV = "data to {period}", "Two lines to send on", "Table of moves (CSV)"
OPEN = "open {path}"
UNFINISHED = "The newest figure used was published on {newest}, before the end of {year}: the whole of {year} cannot be seen yet, and this is no conclusion on it. "
NOTHING_KNOWN = "Nothing has been published yet: {year} cannot be seen. "
PARTS_KNOWN = "{n} indicators have figures of a part of the year, under “Monitoring” on their cards, for information only."
RUNNING = "Year not over: {known}; expected year-end: {expected}; P(met): {chance}. A notice, no part of the annual verdict."
