"""The assessment as a Word document, for offices that edit and file one.

It is made from the same blocks as the page; how they look is said in `word`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from ..show import blocks, wording
from ..show.blocks import Block
from ..show.lines import Line
from . import chapters, promises
from .word import Document, clean


def document(facts: dict, pictures: Mapping[str, bytes]) -> bytes:
    """The document of an edition: `facts` as the page has them, `pictures` as PNG by the anchor of
    their card and "overview"."""
    words = wording.LANGUAGES[facts["whole"]["language"]]
    written = Document(facts["whole"]["title"], _marks(facts, words), words)
    written.pictures = pictures
    _front(written, facts, words)
    for chapter in chapters.of(facts, "word", words):
        if chapter.blocks is None:
            OWN[chapter.id](written, facts, words)
            continue
        written.heading(chapter.title, 1)
        draw(written, chapter.blocks)
    return written.bytes()


def _marks(facts: dict, w: ModuleType) -> list[str]:
    """What every sheet says, since sheets are copied one by one: that the data are fictional, that
    values are assumed."""
    whole = facts["whole"]
    scenario = f"{w.ASSUMED}“{whole['scenario_title']}”" if whole.get("scenario") else ""
    return [
        f"※ {text}"
        for text in (scenario, w.FICTIONAL if facts["plan"]["fictional"] else "")
        if text
    ]


def _front(written: Document, facts: dict, w: ModuleType) -> None:
    whole, plan, p = facts["whole"], facts["plan"], w.page
    written.docx.add_paragraph(clean(whole["title"]), "Title")
    if whole.get("scenario"):
        written.say(f"※ {w.ASSUMED}“{whole['scenario_title']}”{w.COLON}{whole['scenario_reason']}")
    if plan["fictional"]:
        written.say(f"※ {w.FICTIONAL}")
    written.say(
        p.labelled(
            p.PLAN_OF, " ".join(text for text in (plan["title"], plan["document_number"]) if text)
        ),
        p.labelled(p.ISSUED, f"{plan['issuer']}{w.COMMA}{plan['issued']}"),
        p.labelled(p.DATA, whole["cutoff"]),
        p.labelled(p.CODE, facts["commit"]),
        p.labelled(p.INPUTS, facts["inputs_sha256"][:12]),
        p.CONTENTS,
    )
    written.contents_here()


def _conclusion(written: Document, facts: dict, w: ModuleType) -> None:
    whole, p, names = facts["whole"], w.page, facts["names"]
    latest = {one["indicator_id"]: one for one in facts["indicators"]}
    written.heading(p.SECTION["conclusion"], 1)
    written.docx.paragraphs[-1].paragraph_format.page_break_before = True
    written.say(w.OVERALL[whole["overall"]] + w.STOP, whole["counted"])
    if whole["alerts"]:
        written.say(
            p.ALERTS
            + w.LISTING.join(
                f"{w.ALERT[code]}·{w.ALERT_MEANING[code]} {k}" for code, k in whole["alerts"]
            )
        )
    for title, ids in ((p.BEST, whole["best"]), (p.WORST, whole["worst"])):
        if ids:
            written.heading(title, 2)
            written.listed(
                p.labelled(
                    names[one],
                    f"{latest[one]['texts']['latest']}{w.COMMA}{_status(latest[one], w)}",
                )
                for one in ids
            )
    if whole["assessable"]:
        written.picture(written.pictures["overview"], facts["overview"]["alt"], p.OVERVIEW)
    written.heading(p.CHANGES, 2)
    _changes(written, facts, w)
    if facts["check"]["missing"]:
        written.heading(p.MISSING, 2)
        written.say(p.missing_since(whole["year"]))
        written.table(
            p.MISSING_COLUMNS,
            [
                (names[row["id"]], w.years(row["years"]), row["office"], row["needs"])
                for row in facts["check"]["missing"]
            ],
            (3, 2, 3, 5),
        )


def _changes(written: Document, facts: dict, w: ModuleType) -> None:
    changes, p, names = facts["changes"], w.page, facts["names"]
    if not changes or not changes["comparable"]:
        written.say(p.other_schema(changes["edition"]) if changes else p.NO_EARLIER)
        return
    written.say(p.earlier(changes["edition"], changes["sha256"]))
    told = (
        (
            p.MOVED,
            [
                p.moved(names[one["id"]], w.STATUS[one["before"]], w.STATUS[one["now"]])
                for one in changes["moved"]
            ],
            p.NOTHING_MOVED,
        ),
        (
            p.REVISED_SINCE,
            [
                p.revised_since(
                    names[one["id"]], one["year"], w.plain(one["before"]), w.plain(one["now"])
                )
                for one in changes["revised"]
            ],
            p.NOTHING_REVISED,
        ),
        (
            p.METHOD_SINCE,
            [
                w.changed(one["what"], one["before"], one["now"], names.get(one["id"], ""))
                for one in changes["method"]
            ],
            p.SAME_METHOD,
        ),
        (p.NEW_INDICATORS, changes["new"], ""),
        (p.LOST_INDICATORS, changes["lost"], ""),
    )
    for title, texts, none in told:
        if texts or none:
            written.say(p.labelled(title, "" if texts else none))
        written.listed(texts)


def _table(written: Document, facts: dict, w: ModuleType) -> None:
    p = w.page
    written.heading(p.SECTION["table"], 1)
    columns = (
        *p.TABLE_COLUMNS[:3],
        p.ANNEX_COLUMNS[1][1],
        p.ANNEX_COLUMNS[1][2],
        *p.TABLE_COLUMNS[6:],
    )
    rows = []
    for r in facts["indicators"]:
        gained = w.gained(r["progress"], r["bound"], r["facts"]["direction"])
        rows.append(
            (
                r["name"],
                r["texts"]["latest"],
                r["texts"]["target"],
                gained,
                w.percent(r["elapsed"]),
                _status(r, w),
                _chance(r, w),
                r["texts"]["alert"] or "—",
            )
        )
    written.table(columns, rows, (4.2, 2.8, 3.5, 3.1, 2.6, 3, 3.1, 2.8), 9)


def _status(r: dict, w: ModuleType) -> str:
    return (
        f"{w.SIGN[r['status']]} {w.judged(r['status'], r.get('at_least', False), r.get('stale'))}"
    )


def _chance(r: dict, w: ModuleType) -> str:
    """The chance with its word, and that models disagree where they do."""
    chance = r["texts"]["chance"]
    told = (
        (chance, r["outlook"], w.MODELS_DISAGREE if r["disagree"] else "")
        if r["outlook"] and chance != w.NOT_APPLICABLE
        else (chance,)
    )
    return "\n".join(text for text in told if text)


def _check(written: Document, facts: dict, w: ModuleType) -> None:
    """The chapter on the data in the order of the page; the reference series, which judge nothing,
    are left to the page."""
    check, caveats, p = facts["check"], facts["plan"]["caveats"], w.page
    written.heading(p.SECTION["check"], 1)
    written.say(check["sentence"])
    written.heading(p.REPORTING, 2)
    written.say(p.REPORTING_NOTE)
    written.table(
        p.REPORTING_COLUMNS,
        [
            [one[name] for name in ("office", "indicators", "expected", "received", "complete")]
            for one in facts["reporting"]
        ],
        (6, 2, 2, 2, 3),
        9,
    )
    if caveats:
        written.heading(p.PLAN_TROUBLE, 2)
        written.listed(caveats)
    _arithmetic(written, check, w)
    surprises, revised = _surprises(facts, w), _revised(facts, w)
    for title, note, texts in (
        (p.SURPRISES, p.SURPRISES_NOTE, surprises),
        (p.REVISED, "", revised),
        (p.WARNINGS, "", check["warnings"]),
    ):
        if texts:
            written.heading(title, 2)
            written.say(note)
            written.listed(texts)


def _arithmetic(written: Document, check: dict, w: ModuleType) -> None:
    """The plan's own sums, and its figures beside those of others."""
    p = w.page
    if check["checks"]:
        written.heading(p.ARITHMETIC, 2)
        rows = []
        for c in check["checks"]:
            says = [
                c["says"],
                *([p.lines(w.LISTING.join(map(str, c["lines"])))] if c["lines"] else []),
            ]
            formula = w.OPERATION[c["operation"]].join(w.plain(term) for term in c["terms"])
            rows.append(
                (
                    "\n".join(says),
                    formula,
                    w.number(c["computed"], c["decimals"]),
                    w.number(c["result"], c["decimals"]),
                    p.HOLDS[c["holds"]],
                )
            )
        written.table(p.CHECK_COLUMNS, rows, (6, 5, 2, 2, 2), 9)
    if check["crosschecks"]:
        written.heading(p.CROSSCHECKS, 2)
        columns = [
            name for k, name in enumerate(p.TABLE["crosschecks"]) if k != 2
        ]  # the formula is in the notebook
        compared = [
            (
                c["says"],
                c["year"],
                w.significant(c["computed"]),
                w.plain(c["recorded"]),
                w.percent(c["difference"], 2),
                p.HOLDS[c["holds"]],
            )
            for c in check["crosschecks"]
        ]
        written.table(columns, compared, (6, 2, 2, 2, 2, 2), 9)


def _surprises(facts: dict, w: ModuleType) -> list[str]:
    """Figures outside of what the earlier ones led to expect, and what else is doubted."""
    cards, told = {r["indicator_id"]: r for r in facts["indicators"]}, []
    for row in facts["check"]["surprises"]:
        r = cards[row["indicator_id"]]
        value, low, high = (w.number(row[name], r["decimals"]) for name in ("value", "low", "high"))
        told.append(
            w.page.surprise(r["name"], row["year"], f"{value} {w.unit(r['unit'])}", low, high)
        )
    return told + facts["check"]["doubts"]


def _revised(facts: dict, w: ModuleType) -> list[str]:
    """Values that were published more than once."""
    cards = {r["indicator_id"]: r for r in facts["indicators"]}
    revised = ((cards[row["id"]], row) for row in facts["check"]["revised"])
    return [
        w.page.revised(
            r["name"],
            row["year"],
            f"{w.plain(row['value'])} {w.unit(r['unit'])}",
            row["published"],
            row["earlier"],
        )
        for r, row in revised
    ]


def _method(written: Document, _: dict, w: ModuleType) -> None:
    p = w.page
    written.heading(p.SECTION["method"], 1)
    written.say(p.METHOD)
    written.table(
        p.LADDER_COLUMNS,
        [(f"{w.SIGN[code]} {w.STATUS[code]}", rule) for code, rule in p.LADDER.items()],
        (1, 3),
    )
    written.say(p.FINAL_METHOD, p.OVERALL_METHOD)
    written.heading(p.CHANCE, 2)
    written.say(p.FORECAST_METHOD, p.CHANCE_METHOD)


def _sources(written: Document, facts: dict, w: ModuleType) -> None:
    p = w.page
    written.heading(p.SECTION["sources"], 1)
    written.say(facts["plan"]["document"]["title"])
    for k, source in enumerate(facts["sources"].values(), 1):
        written.say(
            f"[{k}] "
            + w.COMMA.join(
                text
                for text in (
                    source["title"],
                    source["publisher"],
                    source["published"],
                    source["url"],
                )
                if text
            )
            + f"（{p.KEPT if source['file'] else p.NOT_KEPT}）"
        )
    written.say(
        p.labelled(
            p.CITE,
            p.citation(facts["whole"]["title"], facts["commit"], facts["inputs_sha256"][:12]),
        ),
        p.labelled(p.LICENCE, p.LICENCE_NOTE),
    )


def _annex(written: Document, facts: dict, w: ModuleType) -> None:
    written.turn()
    written.heading(w.page.SECTION["annex"], 1)
    written.say(w.page.ANNEX_NOTE)
    rows = [
        (*row["cells"], " ".join(f"[{k}]" for k in row["sources"]), row["note"])
        for row in facts["annex"]["rows"]
    ]
    years = len(facts["annex"]["columns"]) - 16
    written.table(
        facts["annex"]["columns"],
        rows,
        (1, 1.4, 4, 1.4, 1.6, 1.5, *[1.5] * years, 1.8, 1.9, 1.7, 1.7, 2, 1.6, 1.6, 3, 1.6, 4),
        6.5,
    )


OWN = {  # chapters that are not blocks yet
    "conclusion": _conclusion,
    "table": _table,
    "commitments": promises.chapter,
    "check": _check,
    "method": _method,
    "sources": _sources,
    "annex": _annex,
}


def draw(written: Document, chapter: Iterable[Block]) -> None:
    """The blocks of a chapter, one after the other."""
    for block in chapter:
        DRAWN[type(block)](written, block)


def _heading(written: Document, block: blocks.Heading) -> None:
    written.heading(block.text, block.level + 1)


def _sentence(written: Document, block: blocks.Sentence) -> None:
    written.say(block.line)


def _lead(written: Document, block: blocks.Lead) -> None:
    written.say(block.word, block.text)


def _listing(written: Document, block: blocks.Listing) -> None:
    written.listed(block.items)


def _counts(written: Document, block: blocks.Counts) -> None:
    written.listed(written.labelled(written.plain(mark), str(k)) for mark, k, _ in block.items)


def _pairs(written: Document, block: blocks.Pairs) -> None:
    written.table(block.heads, [(term, written.plain(said)) for term, said in block.rows], (1, 5))


def _table_of(written: Document, block: blocks.Table) -> None:
    """A table without the columns only a screen can draw."""
    shown = [k for k, column in enumerate(block.columns) if not column.screen]
    rows = [_row(row, shown) for row in block.rows]
    heads = [written.plain(block.columns[k].title) for k in shown]
    widths = [block.columns[k].width for k in shown]
    written.table(heads, rows, widths, block.size, block.caption)


def _row(row: blocks.Row, shown: Sequence[int]) -> list[Line]:
    return [cell.line for k, cell in enumerate(row.drawn) if k in shown]


def _figure(written: Document, block: blocks.Figure) -> None:
    written.picture(written.pictures[block.name], block.alt, block.caption)


def _note(written: Document, block: blocks.Note) -> None:
    text = written.plain(block.line)
    written.say(written.labelled(block.title, text) if text else block.title)
    written.listed(map(written.plain, block.items))


def _quote(written: Document, block: blocks.Quote) -> None:
    opened, closed = written.brackets
    written.say(block.text + opened + block.place + closed, style="Quote")


def _code(written: Document, block: blocks.Code) -> None:
    written.say(block.text)


def _folded(written: Document, block: blocks.Folded) -> None:
    if not block.screen:
        written.heading(written.plain(block.summary), 3)
        draw(written, block.blocks)


def _beside(written: Document, block: blocks.Beside) -> None:
    for group in block.groups:
        draw(written, group)


def _card(written: Document, block: blocks.Card) -> None:
    written.heading(block.title, 2)
    written.say("\u2003".join(map(written.plain, block.marks)))
    draw(written, block.blocks)


def _nothing(written: Document, _: Block) -> None:
    """What only a screen can do."""


DRAWN: dict[type, Callable[[Document, Any], None]] = {
    blocks.Heading: _heading,
    blocks.Sentence: _sentence,
    blocks.Lead: _lead,
    blocks.Listing: _listing,
    blocks.Counts: _counts,
    blocks.Strip: _nothing,
    blocks.Pairs: _pairs,
    blocks.Table: _table_of,
    blocks.Figure: _figure,
    blocks.Note: _note,
    blocks.Quote: _quote,
    blocks.Code: _code,
    blocks.Folded: _folded,
    blocks.Beside: _beside,
    blocks.Card: _card,
    blocks.Screen: _nothing,
}
