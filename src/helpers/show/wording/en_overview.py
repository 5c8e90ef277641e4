"""What an overview of many plans says in English: headings, columns, labels, the sentences on a whole province."""

KIND, UNTITLED, TITLE, PEERS_TITLE = "Overview", "Areas", "{title}: overview of {year}", "{title} beside its peers, {year}"
SECTION = {
    "conclusion": "Conclusion", "silent": "Who has not reported", "front": "Among the first", "indicators": "Places and distribution", "moved": "Who moved", "members": "All places",
    "map": "Map", "composite": "Composite index", "ledger": "Commitments", "method": "How to read this",
}  # fmt: skip
COLUMNS = {
    "silent": ("Indicator", "Expected", "Of the year", "Only foreseen", "None"), "front": ("Indicator", "In the plan's words", "First third: in, out, open", "First three: in, out, open"),
    "best": ("Place (may be)", "Area", "Value", "Basis", "First third", "First three"), "moved": ("Area", "Better", "Worse", "Indicators"),
    "members": ("Area", "On schedule or better", "Red and orange", "No figure of the year", "Since last year", "Commitments", "Index"),
    "composite": ("Place (nine in ten draws)", "Area", "Index", "Data", "Ahead of the next"), "ledger": ("Area", "Total"),
    "spread": ("Least", "10 %", "25 %", "Median", "75 %", "90 %", "Greatest"),
}  # fmt: skip
BASIS = {
    "exact": "figure of the year", "bound": "only a bound", "vintage": "revised", "forecast": "no figure; forecast interval", "stale": "no figure of the year", "missing": "no figure",
    "differs": "another definition, not ranked",
}  # fmt: skip
RULE, VERDICT = {"third": "first third", "three": "first three"}, {"in": "in", "out": "out", "open": "open"}
VERDICT_SIGN = {"in": "✓", "out": "×", "open": "？"}
OF_MEMBERS, SHOWN_FIRST, DECLARED_RULE, NOT_DECLARED = "{k} / {n}", "The first {k} of {n}; all are in overview.csv.", "declared: {rule}", "No rule was declared; both are shown."
AT_THE_LINE, NOBODY_MOVED, NOBODY_SILENT, ALL_REPORTED = "At the line: {names}", "No verdict moved.", "All have reported the year.", "all reported"
HOLDS_NOTHING, NO_EARLIER, NO_EDITION = "—", "There is no edition of the year before to compare with.", "No edition of this year: {names}."
PROGRESS_AXIS, FIGURE, MAP_FIGURE, FIGURE_TITLE = "Progress", "Figure 1. Distribution of progress, by indicator", "Figure 2. Share of assessable indicators on schedule or better", "Progress across areas"
MAP_STEPS, MAP_NONE, UNMAPPED = ("below 40 %", "40–60 %", "60–80 %", "80 % and more"), "not assessable", "Not on the map: {names}."
CSV, PARQUET, EDITIONS = "All places (CSV)", "Parquet", "Editions used (CSV)"
REACHED, SCHEDULE, EACH = "target 100 %", "elapsed", "one mark an area"
COMPOSITE_REFUSED = "Only {data} of the data are there, less than 60 %: no index."
COMPOSITE_NONE = "No weights were declared: no index."
COMPOSITE_LEFT_OUT = "Left out, with data for less than 60 % of the weight: {names}."
LACKS, SILENT_MEMBERS = "{name} ({n})", "Areas that lack figures of the year, the most first: {names}."
UP, DOWN, AND_MORE, MORE_IN_CSV, WITH = "up", "down", "{names} and others, {n} in all", "The rest is in overview.csv.", "{indicator} ({before} → {now})"
METHOD = (
    "Places are by the value of the year, turned round where less is better; equal values share a place. In brackets are the places that are possible: a bound stands for all values in it, a revised figure for all that were published, and where there is no figure of the year, the 80 % interval of the forecast. Who has not reported is not ranked but may be ahead of anyone, which counts into the worst place.",
    "Plans promise to be among the first and do not say how that is counted. Two rules are shown: the first third (areas divided by three, rounded down) and the first three. In is said where every possible place is inside, out where every one is outside, else open.",
    "Figures in another unit, of another kind or direction than most are not ranked. Areas start from and aim at different figures: a place is no verdict on progress; that stands in each area's own report.",
    "There is an index only where weights were declared: each indicator from the least (0) to the greatest (100), averaged by weight. Ten thousand further sets of weights are drawn (Dirichlet, their mean the declared ones) to see in what share the order holds. Below 60 % of the data there is none.",
)  # fmt: skip


def conclusion(members: int, indicators: int, known: int, cells: int, good: int, assessable: int) -> str:
    """How many figures of the year there are, and how many are on course."""
    first = f"{members} areas, {indicators} indicators: of {cells} figures of the year {known} are there"
    return f"{first}; {assessable} could be assessed, {good} of them on schedule or better."


def moved(up: int, down: int, compared: int) -> str:
    """How many verdicts became better and worse, of how many that were judged in both years."""
    return f"Of {compared} judged in both years {up} became better and {down} worse."


def held(order: float, draws: int, sure: int, pairs: int) -> str:
    """How much of an order of the index hangs on the weights."""
    return f"{draws:,} sets of weights were drawn: the whole order holds in {order:.1%}; of {pairs} neighbouring pairs {sure} hold in nine of ten."


def place(rank: int, best: int, worst: int) -> str:
    """A place and those it may be."""
    return f"{rank}" if best == worst == rank else f"{rank} ({best}–{worst})"


def distribution(names: list[str]) -> str:
    """What the picture of the distributions shows, for who does not see it."""
    return f"Small charts: the distribution of progress across areas for {len(names)} indicators, with target and elapsed time: {', '.join(names)}. The figures are in the table below."


def mapped(counts: dict[str, int]) -> str:
    """What the map shows, for who does not see it."""
    return "Map: the share of assessable indicators on schedule or better: " + ", ".join(f"{step} {k}" for step, k in counts.items()) + "."
