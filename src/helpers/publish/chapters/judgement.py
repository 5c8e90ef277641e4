"""What the evaluator says in their own words: by category, problems and causes, recommendations and
what became of earlier ones, parties and signatures.

Every sentence of theirs is an `Own` with its place in the judgement's file; what stands around it
is generated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ...show.blocks import (
    Block,
    Folded,
    Heading,
    Listing,
    Note,
    Pairs,
    Row,
    Sentence,
    Table,
    columns,
    rows,
)
from ...show.lines import Bold, Break, Line, Link, Mark, Own, Small, separated

MOST = 6  # references a passage names; the rest stand in a list that can be opened
SIGNED = ("evaluator", "dated")  # of the parties, on the page that is signed
FATE_STYLE = {  # the colour of a fate is that of a status
    "adopted": "on_schedule",
    "under_way": "on_schedule",
    "done": "met_hold",
    "declined": "far_behind",
}
FATE_SIGN = {"adopted": "○", "under_way": "◐", "done": "●", "declined": "×"}


def categories(edition: dict, w: ModuleType) -> Iterator[Block]:
    """How many indicators of each category are judged, how many may be expected to be met, and the
    evaluator's word on it."""
    said, g = edition["whole"].get("judgement") or {}, w.judgement
    words = {
        each["category"]: (each, f"categories.{k}")
        for k, each in enumerate(said.get("categories", ()), 1)
    }
    if said:
        yield Sentence(g.WRITTEN_NOTE)
    listed = [
        (
            row["name"],
            str(row["indicators"]),
            str(row["judged"]),
            str(row["good"]),
            g.expected(row["expected"], row["foreseen"]),
            *(
                [_passage(*words[row["name"]], edition, w)]
                if row["name"] in words
                else ["—"] * bool(words)
            ),
        )
        for row in edition["whole"]["categories"]
    ]
    heads = g.CATEGORY_COLUMNS if words else g.CATEGORY_COLUMNS[:-1]
    label = w.page.table_of(w.page.SECTION["categories"])
    yield Table(columns(heads, "-nnn", (3, 1.5, 1.5, 2.5, 3, 10)), rows(listed), label)


def problems(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What was achieved, what is wrong and why, what is to be learnt."""
    said, g = edition["whole"]["judgement"], w.judgement
    if said["draft"] or said["remark"]:
        remark = (Own(said["remark"], "remark", quiet=True),) if said["remark"] else ()
        yield Note(g.DRAFT if said["draft"] else g.REMARK, remark)
    yield Sentence(g.counted(said))
    yield from _passages("achievements", said, edition, w)
    if said["problems"]:
        yield Heading(g.TITLE["problems"])
    for k, each in enumerate(said["problems"], 1):
        yield Sentence((Bold(g.numbered(k)), _passage(each, f"problems.{k}", edition, w)), f"p-{k}")
        if each["causes"]:
            yield Listing(
                tuple(
                    (
                        f"{g.causes(each['kind'])}{w.COLON}",
                        _passage(cause, f"problems.{k}.causes.{c}", edition, w),
                    )
                    for c, cause in enumerate(each["causes"], 1)
                )
            )
    yield from _passages("lessons", said, edition, w)
    yield from _all_references(
        [(each["text"], each["because"]) for each in said["problems"]], edition, w
    )


def recommendations(edition: dict, w: ModuleType) -> Iterator[Block]:
    """What became of earlier recommendations, then this year's, changes of targets, and what no
    recommendation is made on."""
    said = edition["whole"]["judgement"]
    yield from _unanswered(said, edition, w)
    yield from _fates(said, edition, w)
    yield from _recommended(said, edition, w)
    yield from _changes(said, edition, w)
    yield from _judged(said, edition, w)
    yield from _not_recommended(said, edition, w)
    yield from _all_references(
        [(each["text"], each["because"]) for each in said["recommendations"]], edition, w
    )


def signatures(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Whose report of which day it is, and the lines to sign on."""
    said, g = edition["whole"]["judgement"]["parties"], w.judgement
    told = ((g.PARTIES[name], said[name]) for name in SIGNED)
    yield Pairs(tuple(told), w.PAIR_COLUMNS)
    listed = [(name, "", "") for name in said["signatures"]]
    heads = columns(g.SIGNATURE_COLUMNS, "", (3, 5, 4))
    yield Table(heads, rows(listed), g.TITLE["signatures"], style="signed")


def _unanswered(said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    found, g = said["unanswered"], w.judgement
    if found:
        items = tuple(
            (reference(name, edition), w.COLON, g.WHY[why]) for name, why in found.items()
        )
        yield Note(g.unanswered(len(items)), items=items)


def _fates(said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    g = w.judgement
    if not said["fates"]:
        return
    yield Heading(g.TITLE["fates"])
    yield Sentence(g.fated(said["fates"]))
    listed = []
    for k, each in enumerate(said["fates"], 1):
        before, code = each["recommendation"], each["fate"]
        listed.append(
            (
                w.page.labelled(w.page.year(each["year"]), before["text"]),
                (before["owner"], Break(), Small(before["due"])),
                Mark(FATE_SIGN[code], g.FATE[code], f"status s-{FATE_STYLE[code]}"),
                _passage(each, f"fates.{k}", edition, w),
            )
        )
    heads = columns(g.FATE_COLUMNS, "", (4, 3, 2, 5))
    yield Table(heads, rows(listed), w.page.table_of(g.TITLE["fates"]))


def _recommended(said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    g, problems_of = w.judgement, [each["id"] for each in said["problems"]]
    if not said["recommendations"]:
        return
    yield Heading(g.TITLE["recommendations"])
    listed = []
    for k, each in enumerate(said["recommendations"], 1):
        place = f"recommendations.{k}"
        numbers = [problems_of.index(name) + 1 for name in each["answers"]]
        answers = (Break(), Small(g.answers(numbers))) if numbers else ()
        cells = (
            (_passage(each, place, edition, w), *answers),
            Own(each["owner"], f"{place}.owner", quiet=True),
            each["due"],
            Own(each["success"], f"{place}.success", quiet=True),
        )
        listed.append(Row(cells, id=f"r-{each['id']}"))
    heads = columns(g.RECOMMENDATION_COLUMNS, "--d", (6, 3, 2.6, 4))
    yield Table(heads, tuple(listed), w.page.table_of(g.TITLE["recommendations"]))


def _changes(said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    g = w.judgement
    if said["changes"]:
        yield Heading(g.TITLE["changes"])
        listed = [
            (
                reference(f"indicator/{each['indicator']}", edition),
                w.plain(each["before"]),
                w.plain(each["after"]),
                _passage(each, f"changes.{k}", edition, w),
            )
            for k, each in enumerate(said["changes"], 1)
        ]
        heads = columns(g.CHANGE_COLUMNS, "-nn", (4, 2, 2, 7))
        yield Table(heads, rows(listed), w.page.table_of(g.TITLE["changes"]))


def _judged(said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    g = w.judgement
    if said["judged"]:
        yield Heading(g.TITLE["judged"])
        yield Listing(
            tuple(
                (
                    reference(f"indicator/{each['indicator']}", edition),
                    w.COLON,
                    Bold(g.JUDGED[each["word"]]),
                    w.STOP,
                    _passage(each, f"judged.{k}", edition, w),
                )
                for k, each in enumerate(said["judged"], 1)
            )
        )


def _not_recommended(said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    g = w.judgement
    if said["not_recommended"]:
        yield Heading(g.TITLE["not_recommended"])
        yield Listing(
            tuple(
                (
                    separated([reference(name, edition) for name in each["items"]], w.LISTING),
                    w.COLON,
                    Own(each["reason"], f"not_recommended.{k}.reason"),
                )
                for k, each in enumerate(said["not_recommended"], 1)
            )
        )


def _passages(name: str, said: dict, edition: dict, w: ModuleType) -> Iterator[Block]:
    if said[name]:
        yield Heading(w.judgement.TITLE[name])
        yield Listing(
            tuple(_passage(each, f"{name}.{k}", edition, w) for k, each in enumerate(said[name], 1))
        )


def _passage(each: dict, place: str, edition: dict, w: ModuleType) -> Line:
    """The evaluator's sentence, and below it in small print the records it rests on."""
    own = Own(each["text"], f"{place}.text")
    names = each["because"]
    if not names:
        return (own,)
    named: list[Line] = [reference(name, edition) for name in names[:MOST]]
    more = w.judgement.more(len(names)) if len(names) > MOST else ""
    because = (w.judgement.BECAUSE, separated(named, w.LISTING), more)
    return (own, Break(), Small(because))


def _all_references(
    listed: Sequence[tuple[str, list[str]]], edition: dict, w: ModuleType
) -> Iterator[Block]:
    """The whole of what was cut short above, to be opened."""
    long = [(text, names) for text, names in listed if len(names) > MOST]
    if long:
        items = tuple(
            (text, w.COLON, separated([reference(name, edition) for name in names], w.LISTING))
            for text, names in long
        )
        yield Folded(w.judgement.ALL_REFERENCES, (Listing(items),))


def reference(name: str, edition: dict) -> Line:
    """The record called `name`, leading to where the page tells of it."""
    kind, _, id_ = name.partition("/")
    label = edition["whole"]["judgement"]["names"][name]
    if kind == "source":
        return Link(label, f"#source-{list(edition['sources']).index(id_) + 1}")
    to = {"indicator": f"i-{id_}", "commitment": f"c-{id_}", "contradiction": "commitments"}
    return Link(label, f"#{to.get(kind, 'check')}")
