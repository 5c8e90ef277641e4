"""Indicator by indicator: the plan's sentence, the traps, the figure, what is judged and why, what
other models and rules say, the data with their sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ...show import card, explained, marks
from ...show.blocks import (
    Block,
    Card,
    Cell,
    Code,
    Figure,
    Folded,
    Heading,
    Listing,
    Note,
    Pairs,
    Quote,
    Row,
    Sentence,
    Table,
    columns,
)
from ...show.lines import Break, Digest, Line, Link, Small, separated

NO_DATA = "no_data"
INJECTED = "injected-parameters"  # the cell in which notebooks of one kind differ


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """A card an indicator, in the plan's order."""
    first = 2 if edition["whole"]["assessable"] else 1  # the overview is the first figure
    for k, r in enumerate(edition["indicators"]):
        alert = marks.alert_of(r, w)
        judged = (marks.status_of(r, w, dated=True), *((alert,) if alert else ()))
        says: tuple[Block, ...] = tuple(_plan_says(r, edition, w))
        more: tuple[Block, ...] = (
            _figure(r, first + k, w),
            Pairs(card.rows(r, w), w.PAIR_COLUMNS),
            *_explained(r, w),
            *_readings(r, w),
            *_sensitivity(r, w),
            *_data(r, edition, w),
            *_related(r, edition, w),
            *_made_from(r, edition, w),
        )
        empty = r["status"] == NO_DATA
        blocks = tuple(_without_data(r, says, more, w)) if empty else (*says, *more)
        yield Card(r["anchor"], f"{k + 1}{w.POINT}{r['name']}", r["name"], judged, blocks)


def _without_data(
    r: dict, says: Sequence[Block], more: Sequence[Block], w: ModuleType
) -> Iterator[Block]:
    """The card of an indicator without data: the plan's words and their traps, what is needed and
    from whom; the rest is folded."""
    supplier = r["facts"]["supplier"]
    needed = w.page.supplied_by(supplier["office"], supplier["basis"], supplier["needs"])
    yield from (*says, Sentence(needed), Folded(w.summary.THE_REST, tuple(more)))


def _plan_says(r: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    """The conclusion, what is known of the running year, what is assumed; the plan's own words and
    their traps."""
    f, p, running = r["facts"], w.page, edition["check"].get("running") or {}
    yield Sentence(r["texts"]["conclusion"], "sentence")
    if r["indicator_id"] in running:
        yield Note(w.monitor.KIND, running[r["indicator_id"]], role="running")
    if f["assumed"]:
        yield Note(w.ASSUMED, r["texts"]["assumed"])
    for clause in f["clauses"]:
        source = edition["sources"][clause["source"]]["title"] if clause["source"] else ""
        place = w.place(clause["line"], clause["place"], source)
        yield Quote(w.quotation(clause["quote"]), place)
    traps = [*f["caveats"], *(p.broken(cut["year"], cut["reason"]) for cut in f["breaks"])]
    if traps:
        yield Note(p.TRAPS, items=tuple(traps))


def _figure(r: dict, k: int, w: ModuleType) -> Figure:
    caption = w.page.figure(k, r["texts"]["finding"])
    return Figure(r["anchor"], r["svg"], r["alt"], caption, r["data"])


def _explained(r: dict, w: ModuleType) -> Iterator[Block]:
    """The facts that make the chance, and what it would be if each were usual."""
    if told := r["explained"]:
        heads = columns(w.case.COLUMNS, "-nnn", (8, 3, 3, 4))
        listed = tuple(Row(row) for row in explained.rows(told, w))
        table = Table(heads, listed, w.page.labelled(r["name"], w.case.WHY))
        yield Folded(w.case.WHY, (Sentence(explained.sentence(told, w)), table))


def _readings(r: dict, w: ModuleType) -> Iterator[Block]:
    """The reading taken and what the others would say, where a sentence can be read in two ways."""
    p, readings = w.page, r["facts"]["readings"]
    if readings:
        yield Heading(p.READINGS, 2)
        taken = (p.TAKEN + one["text"] for one in readings if one["taken"])
        yield Listing((*taken, *(p.OTHER_READING + one["says"] for one in r["readings"])))


def _sensitivity(r: dict, w: ModuleType) -> Iterator[Block]:
    """What other models would forecast, and how other offices' rules would rate it."""
    tables = (*_models(r, w), *_ratings(r, w))
    if tables:
        yield Folded(w.page.SENSITIVITY, tables)


def _models(r: dict, w: ModuleType) -> Iterator[Table]:
    p = w.page
    if r["models"]:
        heads = columns(p.MODEL_COLUMNS, "-nn", (5, 2, 3, 4))
        label, caption = p.labelled(r["name"], p.OTHER_MODELS), p.forecasts_for(r["target_year"])
        listed = tuple(Row(_forecast(one, r, w)) for one in r["models"])
        yield Table(heads, listed, label, caption)


def _forecast(one: dict, r: dict, w: ModuleType) -> tuple[Line | Cell, ...]:
    """A model's name and what it forecasts, or why it forecasts nothing."""
    adopted = (" ", Small(w.page.ADOPTED)) if one["model"] == r["model"] else ()
    name = (w.MODEL[one["model"]], *adopted)
    if one["median"] is None:
        reason = w.REASON.get(one["reason"], one["reason"])
        return name, Cell(Small(reason), span=3, label=w.page.FORECAST)
    median, low, high = (
        w.number(one[bound], r["decimals"]) for bound in ("median", "low80", "high80")
    )
    apart = (" ", Small(w.MODELS_DISAGREE, doubt=True)) if one["model"] in r["disagree"] else ()
    return name, median, f"{low}—{high}", (w.chance(one["p_met"]), *apart)


def _ratings(r: dict, w: ModuleType) -> Iterator[Table]:
    p = w.page
    if r["ratings"]:
        heads = columns(p.RATING_COLUMNS, "-n", (5, 2, 3, 3, 2))
        label = p.labelled(r["name"], p.OTHER_RULES)
        listed = tuple(Row(_rating(one, w)) for one in r["ratings"])
        yield Table(heads, listed, label, p.RATINGS_CAPTION)


def _rating(one: dict, w: ModuleType) -> tuple[Line | Cell, ...]:
    """A rule's name, what it measures, its rating, what that means for the target or why it has
    none, and whether it agrees with ours."""
    return (
        w.OTHER_RULE[one["rule"]],
        w.COMMA.join(w.number(measure, 2) for measure in one["measures"]) or "—",
        w.COMMA.join(w.RATING[code] for code in one["status"].split("|")),
        w.WHY_NOT[one["why_not"]] or w.COURSE[one["course"]],
        Cell(w.page.AGREES[one["agrees"]], empty=one["agrees"] is None),
    )


def _data(r: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    """Every figure taken, with its state, its date and its source."""
    if r["points"]:
        summary = w.page.data_and_sources(len(r["points"]))
        heads = columns(w.page.data_columns(w.unit(r["unit"])), "-n-d", (2, 3, 2, 3, 8, 4))
        points = sorted(r["points"], key=lambda point: point["year"])
        listed = tuple(_point(point, r, edition, w) for point in points)
        table = Table(heads, listed, w.page.labelled(r["name"], summary))
        yield Folded(summary, (table,))


def _point(point: dict, r: dict, edition: dict, w: ModuleType) -> Row:
    p, name = w.page, point["source"]
    former = (" ", Small(p.FORMER)) if point["before"] else ()
    early = (" ", Small(p.BEFORE_PLAN)) if point["level"] is None else ()
    found = (Break(), Small(w.quotation(point["locator"]))) if point["locator"] else ()
    earlier = f" {p.EARLIER}{point['earlier']}" if point["earlier"] else ""
    cells = (
        (str(point["year"]), *former, *early),
        w.BOUND[point["bound"]] + w.number(point["value"], r["decimals"]),
        w.OBSERVED[point["status"]],
        point["published"] or p.UNDATED,
        (marks.source(name, edition), marks.unkept(name, edition, w), *found),
        Cell((point["note"] or "") + earlier, empty=not (point["note"] or earlier)),
    )
    return Row(cells, id=f"{r['anchor']}-{point['year']}")


def _related(r: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    """Reference series, which judge nothing: a reader of the page may open them."""
    if r["related"]:
        items = tuple(_series(series, edition, w) for series in r["related"])
        yield Folded(w.page.related(len(items)), (Listing(items),), screen=True)


def _series(series: dict, edition: dict, w: ModuleType) -> Line:
    told = [
        (w.contextual(row), w.OPEN, marks.source(row["source"], edition), w.CLOSE)
        for row in edition["check"]["context"]
        if row["indicator_id"] == series["id"] and row["value"] is not None
    ]
    values = separated(told, w.SEMICOLON) or w.page.RELATED_NONE
    name = w.page.labelled(series["name_zh"], "")
    return (name, values, w.STOP, Small(series["differs"]))


def _made_from(r: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    """The code of the notebook, where it is an earlier card's the parameters alone; the notebook
    itself with its fingerprint."""
    same = next(one for one in edition["indicators"] if _code(one) == _code(r))
    own = (source for name, source in r["code"].items() if same is r or name == INJECTED)
    told: list[Block] = [Code(source, quoted=True) for source in own]
    if same is not r:
        told.append(Sentence(Small((w.page.SAME_CODE, Link(same["name"], f"#{same['anchor']}")))))
    yield Folded(w.page.SOURCE_CODE, tuple(told), role="code", screen=True)
    name = (w.page.NOTEBOOK, Link(r["notebook"], r["notebook"]))
    yield Sentence(Small((*name, "\u2003", Digest(f"SHA-256 {r['sha256']}"))))


def _code(r: dict) -> dict[str, str]:
    return {name: source for name, source in r["code"].items() if name != INJECTED}
