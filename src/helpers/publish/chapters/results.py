"""All indicators in one table: latest value, target, progress, forecast, judgement, alert."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from ...show import marks
from ...show.blocks import (
    Block,
    Cell,
    Column,
    Gallery,
    Row,
    Screen,
    Table,
)
from ...show.lines import Break, Line, Link, Small, Spark, Track


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The table by category, with the tools to search, filter and sort it."""
    p = w.page
    yield Screen("find_indicators")
    heads = tuple(
        Column(title, "n" * column.number, column.width, column.sorts, column.drawn)
        for title, column in zip(p.TABLE_COLUMNS, COLUMNS, strict=True)
    )
    listed: list[Row] = []
    for category in edition["plan"]["categories"]:
        mine = [_row(r, edition, w) for r in edition["indicators"] if r["category"] == category]
        listed += [Row((category,), group=True), *mine] if mine else []
    label = p.table_of(p.SECTION["table"])
    yield Table(heads, tuple(listed), label, p.TABLE_CAPTION, "stack results")
    yield from _courses(edition, w)


def _courses(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The course of every indicator side by side, where there is one to see."""
    seen = [(r, course) for r in edition["indicators"] if (course := _course(r))]
    if seen:
        told = (
            (r["anchor"], (Link(r["name"], f"#{r['anchor']}"), course, _ends(r, w)))
            for r, course in seen
        )
        yield Gallery(w.page.COURSES, w.page.COURSES_NOTE, tuple(told))


def _ends(r: dict, w: ModuleType) -> Line:
    """The first and the last value of a course, with their years, and the status."""
    known = [point for point in r["points"] if point["level"] is not None]
    values = (
        f"{each['year']} {w.number(each['level'], r['decimals'])}" for each in (known[0], known[-1])
    )
    return " → ".join(values), Break(), marks.status_of(r, w)


def _row(r: dict, edition: dict, w: ModuleType) -> Row:
    return Row(tuple(column.cell(r, edition, w) for column in COLUMNS), data=_filters(r))


def _filters(r: dict) -> tuple[tuple[str, str], ...]:
    """What the tools over the table find and filter a row by."""
    found = {
        "item": r["anchor"],
        "category": r["category"],
        "status": r["status"],
        "alert": r["alert_code"] or "",
        "area": r["area"],
    }
    return tuple(found.items())


def _name(r: dict, _: dict, w: ModuleType) -> Cell:
    about = f"{w.unit(r['unit'])} · {w.KIND[r['kind']]} · {w.PROPERTY[r['property']]}"
    return Cell((Link(r["name"], f"#{r['anchor']}"), Break(), Small(about)), r["name"])


def _latest(r: dict, _: dict, w: ModuleType) -> Line:
    """The value, leading to its row of data, and its year."""
    if r["value"] is None:
        return Small(w.NO_DATA)
    value = w.BOUND[r["bound"]] + w.number(r["value"], r["decimals"])
    known = any(point["year"] == r["data_year"] for point in r["points"])
    newest = max(r["points"], key=lambda point: point["year"], default=None)
    assumed = f" {w.ASSUMED}" if newest and newest["status"] == "assumed" else ""
    link = Link(value, f"#{r['anchor']}-{r['data_year']}", "value") if known else value
    return link, Break(), Small(w.page.year(r["data_year"]) + assumed)


def _target(r: dict, _: dict, w: ModuleType) -> Line:
    """The target with its year, and the baseline."""
    p = w.page
    if "goal" in r["texts"]:
        target: tuple[Line, ...] = (Small(r["texts"]["goal"]),)
    elif r["target"] is None:
        target = (Small(p.NO_TARGET),)
    else:
        assumed = any(one["target"] is not None for one in r["facts"]["assumed"])
        year = p.year(r["target_year"]) + f" {w.ASSUMED}" * assumed
        printed = f"{w.OPERATOR_SIGN[r['op']]} {w.number(r['target'], r['target_decimals'])}"
        target = (printed, Break(), Small(year))
    baseline = (
        p.NO_BASELINE
        if r["baseline_source"] in ("none", "form")
        else w.BOUND[r["baseline_bound"]]
        + w.number(r["baseline"], r["decimals"] if r["baseline"] else 0)
    )
    return (*target, Break(), Small(f"{p.BASELINE} {baseline}"))


def _progress(r: dict, _: dict, w: ModuleType) -> Cell:
    if r["progress"] is None:
        return Cell(Small(w.NOT_APPLICABLE), "", empty=True)
    gained = w.gained(r["progress"], r["bound"], r["facts"]["direction"])
    elapsed = Small(f"{w.page.ELAPSED} {w.percent(r['elapsed'])}")
    track = Track(r["progress"], r["elapsed"], r["status"])
    return Cell((track, gained, Break(), elapsed), r["progress"])


def _course(r: dict) -> Line:
    points = tuple(
        (point["year"], point["level"], point["before"])
        for point in r["points"]
        if point["level"] is not None
    )
    if len(points) < 2 or r["target"] is None:
        return ""
    return Spark(points, r["target"], r["target_year"])


def _drawn(r: dict, _: dict, __: ModuleType) -> Cell:
    return Cell(_course(r), empty=True)


def _forecast(r: dict, _: dict, w: ModuleType) -> Line | Cell:
    if r["median"] is None:
        return Cell(Small(w.page.NONE), empty=True)
    median, low, high = (w.number(r[name], r["decimals"]) for name in ("median", "low80", "high80"))
    return median, Break(), Small(f"{low}—{high}")


def _status(r: dict, edition: dict, w: ModuleType) -> Cell:
    final = (Break(), Small(r["final"])) if r["final"] else ()
    return Cell((marks.status_of(r, w, dated=True), *final), edition["ladder"][r["status"]])


def _chance(r: dict, _: dict, w: ModuleType) -> Cell:
    """The chance with its word, and that models disagree where they do."""
    chance = r["texts"]["chance"]
    if chance == w.NOT_APPLICABLE:
        return Cell(chance, "", empty=True)
    p = "" if r["p_met"] is None else r["p_met"]
    if not r["outlook"]:
        return Cell(chance, p)
    apart = (Break(), Small(w.MODELS_DISAGREE, doubt=True)) if r["disagree"] else ()
    return Cell((chance, Break(), Small(r["outlook"]), *apart), p)


def _alert(r: dict, edition: dict, w: ModuleType) -> Cell:
    code = r["alert_code"] or ""
    return Cell(marks.alert_of(r, w), edition["severity"].get(code, ""), empty=not code)


@dataclass(frozen=True)
class _Column:
    """What a column says of an indicator; its width beside the others; whether it holds numbers,
    sorts the table, is drawn."""

    cell: Callable[[dict, dict, ModuleType], Line | Cell]
    width: float
    number: bool = False
    sorts: bool = False
    drawn: bool = False


COLUMNS = (  # in the order of `TABLE_COLUMNS` of the wording tables, their headings
    _Column(_name, 4.2, sorts=True),
    _Column(_latest, 2.8, number=True),
    _Column(_target, 3.5, number=True),
    _Column(_progress, 3.1, sorts=True),
    _Column(_drawn, 2, drawn=True),
    _Column(_forecast, 3, number=True),
    _Column(_status, 3, sorts=True),
    _Column(_chance, 3.1, sorts=True),
    _Column(_alert, 2.8, sorts=True),
)
