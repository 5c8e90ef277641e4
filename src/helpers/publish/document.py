"""The assessment as a Word document, for offices that edit and file one: 仿宋 text under 黑体
headings, bordered tables, pictures.

It is made from the same records as the page, in the same words; what only a screen can do is left
to the page. The contents are a field with its entries already in it, so that they can be read and
followed before Word counts the pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType

from ..show import wording
from . import promises

BODY, HEAD, LATIN = (
    "FangSong",
    "SimHei",
    "Times New Roman",
)  # 仿宋 and 黑体, as Chinese offices set documents; a machine without them shows its own
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # characters XML cannot hold


class Missing(RuntimeError):
    """What writes documents is not installed."""


def document(facts: dict, pictures: Mapping[str, bytes]) -> bytes:
    """The document of an edition: `facts` as the page has them, `pictures` as PNG by the anchor of
    their card and "overview"."""
    words = wording.LANGUAGES[facts["whole"]["language"]]
    written = _Document(facts["whole"]["title"], _marks(facts, words), words)
    _front(written, facts, words)
    _scenario(written, facts, words)
    _conclusion(written, facts, words, pictures)
    _table(written, facts, words)
    _cards(written, facts, words, pictures)
    promises.chapter(written, facts, words)
    _check(written, facts, words)
    _method(written, words)
    _sources(written, facts, words)
    _annex(written, facts, words)
    return written.bytes()


class _Document:
    """A document under construction: headings enter the contents, tables have borders and repeat
    their heads, every sheet bears the marks."""

    def __init__(self, title: str, marks: Sequence[str], words: ModuleType):
        try:
            import docx
        except ImportError:
            raise Missing("python-docx is not installed; run: make setup") from None
        from docx.enum.section import WD_ORIENT
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        self.docx, self.element, self.qn, self.cm, self.pt, self.landscape = (
            docx.Document(),
            OxmlElement,
            qn,
            Cm,
            Pt,
            WD_ORIENT.LANDSCAPE,
        )
        self.headings: list[tuple[int, str]] = []
        black = RGBColor(0, 0, 0)
        for name, family, size in (
            ("Normal", BODY, 12),
            ("Title", HEAD, 22),
            ("Heading 1", HEAD, 16),
            ("Heading 2", HEAD, 14),
            ("Heading 3", HEAD, 12),
            ("List Bullet", BODY, 12),
            ("Quote", BODY, 12),
            ("Caption", BODY, 10),
            ("Header", BODY, 9),
        ):
            style = self.docx.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), black
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for part in list(fonts.attrib):
                if "Theme" in part:
                    del fonts.attrib[part]  # a theme's font would win over the one named
            for script in ("w:ascii", "w:hAnsi"):
                fonts.set(qn(script), LATIN)
            fonts.set(qn("w:eastAsia"), family)
        self._speak()
        section = self.docx.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.4)
        section.top_margin = section.bottom_margin = Cm(2.4)
        section.header.paragraphs[0].text = clean(title)
        for mark in marks:
            section.header.add_paragraph(style="Header").add_run(clean(mark)).bold = True
        section.header.paragraphs[-1].paragraph_format.space_after = Pt(
            8
        )  # many marks push the text down and do not touch it
        footer = section.footer.paragraphs[0]
        footer.alignment = 1
        self._field(footer, "PAGE")
        properties = self.docx.core_properties
        properties.title, properties.author, properties.comments, properties.language = (
            clean(title)[:250],
            "",
            "",
            words.LANG,
        )

    def _speak(self) -> None:
        """Chinese is Chinese, so that its marks stand where its readers expect them, and Latin
        letters are English, in either language of the report: under zh-CN LibreOffice breaks a line
        anywhere within a Latin word or a number."""
        styles = self.docx.styles
        defaults = styles.element.find(
            f"{self.qn('w:docDefaults')}/{self.qn('w:rPrDefault')}/{self.qn('w:rPr')}"
        )
        for properties in (defaults, styles["Normal"].element.get_or_add_rPr()):
            spoken = properties.find(self.qn("w:lang"))
            if spoken is None:
                spoken = self.element("w:lang")
                properties.append(spoken)
            spoken.set(self.qn("w:val"), "en-US")
            spoken.set(self.qn("w:eastAsia"), "zh-CN")

    def heading(self, text: str, level: int) -> None:
        """A heading with a bookmark, so that the contents can lead to it."""
        paragraph = self.docx.add_heading(clean(text), level)
        self.headings.append((level, text))
        start, end = self.element("w:bookmarkStart"), self.element("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(self.qn("w:id"), str(len(self.headings)))
        start.set(self.qn("w:name"), f"_Toc{len(self.headings)}")
        paragraph._p.insert(1, start)
        paragraph._p.append(end)

    def say(self, *texts: str, style: str | None = None) -> None:
        """A paragraph for each text that says something."""
        for text in texts:
            if text:
                self.docx.add_paragraph(clean(text), style)

    def listed(self, texts: Iterable[str]) -> None:
        self.say(*texts, style="List Bullet")

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        widths: Sequence[float] = (),
        size: float = 10,
        caption: str = "",
    ) -> None:
        """A bordered table as wide as the text, its columns in proportion to `widths`; the head is
        repeated on every page, no row is torn.

        The last cell of a row shorter than the head takes what is left. A table with a caption is
        small and stays on one page with it.
        """
        rows = list(rows)
        if caption:
            self.docx.add_paragraph(
                clean(caption), "Caption"
            ).paragraph_format.keep_with_next = True
        section = self.docx.sections[-1]
        margins = (section.left_margin or 0) + (section.right_margin or 0)
        room = (section.page_width or 0) - margins
        shares = (
            [width / sum(widths) for width in widths]
            if widths
            else [1 / len(columns)] * len(columns)
        )
        table = self.docx.add_table(rows=1, cols=len(columns), style="Table Grid")
        table.autofit = False
        for column, share in zip(table.columns, shares, strict=False):
            column.width = int(room * share)
        for row in (columns, *rows):
            line = table.rows[0] if row is columns else table.add_row()
            line._tr.get_or_add_trPr().append(self.element("w:cantSplit"))
            cells = line.cells
            if len(row) < len(cells):
                cells[len(row) - 1].merge(cells[-1])
            for k, (cell, text) in enumerate(zip(cells, row, strict=False)):
                paragraph, cell.width = (
                    cell.paragraphs[0],
                    int(room * (shares[k] if k < len(row) - 1 else sum(shares[k:]))),
                )
                run = paragraph.add_run(clean(str(text)))
                run.font.size, run.bold = self.pt(size), row is columns
                paragraph.paragraph_format.space_after = self.pt(0)
                if caption and row is not rows[-1]:
                    paragraph.paragraph_format.keep_with_next = True
        table.rows[0]._tr.get_or_add_trPr().append(self.element("w:tblHeader"))
        self.docx.add_paragraph()

    def picture(self, png: bytes, alt: str, caption: str) -> None:
        shape = self.docx.add_picture(io.BytesIO(png), width=self.cm(15.5))
        shape._inline.docPr.set("descr", clean(alt))
        self.docx.paragraphs[-1].paragraph_format.keep_with_next = True
        self.say(caption, style="Caption")

    def contents_here(self) -> None:
        """Where the contents go once all headings are known."""
        self.contents = self.docx.add_paragraph()

    def turn(self) -> None:
        """From here on the paper lies on its side."""
        section = self.docx.add_section()
        section.orientation, section.page_width, section.page_height = (
            self.landscape,
            self.cm(29.7),
            self.cm(21),
        )
        section.left_margin = section.right_margin = self.cm(1.2)

    def bytes(self) -> bytes:
        self._contents()
        file = io.BytesIO()
        self.docx.save(file)
        return file.getvalue()

    def _contents(self) -> None:
        """A field TOC holding a link to every heading of the first two levels."""
        listed = [
            (k, level, text) for k, (level, text) in enumerate(self.headings, 1) if level <= 2
        ]
        before = self.contents
        for position, (k, level, text) in enumerate(listed):
            paragraph = before.insert_paragraph_before() if position < len(listed) - 1 else before
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_after = (
                self.cm(0.7 * (level - 1)),
                self.pt(2),
            )
            if position == 0:
                self._mark(paragraph, "begin", 'TOC \\o "1-2" \\h \\z')
            link = self.element("w:hyperlink")
            link.set(self.qn("w:anchor"), f"_Toc{k}")
            run = paragraph.add_run(clean(text))
            link.append(run._r)
            paragraph._p.append(link)
        if listed:
            self._mark(before, "end")

    def _field(self, paragraph, instruction: str) -> None:
        self._mark(paragraph, "begin", instruction)
        paragraph.add_run("1")
        self._mark(paragraph, "end")

    def _mark(self, paragraph, kind: str, instruction: str = "") -> None:
        """The begin of a field with its instruction, or its end."""
        for name in (kind, "separate") if instruction else (kind,):
            mark = self.element("w:fldChar")
            mark.set(self.qn("w:fldCharType"), name)
            paragraph.add_run()._r.append(mark)
            if instruction and name == "begin":
                text = self.element("w:instrText")
                text.set(self.qn("xml:space"), "preserve")
                text.text = f" {instruction} "
                paragraph.add_run()._r.append(text)


def clean(text: str) -> str:
    """`text` without the characters XML cannot hold."""
    return ILLEGAL.sub("\ufffd", text)


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


def _front(written: _Document, facts: dict, w: ModuleType) -> None:
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


def _scenario(written: _Document, facts: dict, w: ModuleType) -> None:
    """What is assumed and why, before anything that follows from it."""
    whole, p = facts["whole"], w.page
    if whole.get("scenario"):
        written.heading(w.ASSUMED, 1)
        written.say(p.SCENARIO_NOTE)
        written.table(
            p.SCENARIO_COLUMNS,
            [
                (name, one["says"], one["reason"])
                for name, one in [
                    *((p.CHOSEN, one) for one in whole["chosen"]),
                    *((one["name"], one) for one in whole["assumed"]),
                ]
            ],
            (2, 4, 4),
            9,
        )


def _conclusion(
    written: _Document, facts: dict, w: ModuleType, pictures: Mapping[str, bytes]
) -> None:
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
        written.picture(pictures["overview"], facts["overview"]["alt"], p.OVERVIEW)
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


def _changes(written: _Document, facts: dict, w: ModuleType) -> None:
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


def _table(written: _Document, facts: dict, w: ModuleType) -> None:
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


def _cards(written: _Document, facts: dict, w: ModuleType, pictures: Mapping[str, bytes]) -> None:
    p, sources = w.page, facts["sources"]
    written.heading(p.SECTION["cards"], 1)
    first = 2 if facts["whole"]["assessable"] else 1
    for k, r in enumerate(facts["indicators"]):
        f, t = r["facts"], r["texts"]
        written.heading(f"{k + 1}{w.POINT}{r['name']}", 2)
        written.say(t["conclusion"])
        if f["assumed"]:
            written.say(p.labelled(w.ASSUMED, t["assumed"]))
        for clause in f["clauses"]:
            place = w.place(
                clause["line"],
                clause["place"],
                sources[clause["source"]]["title"] if clause["source"] else "",
            )
            written.say(w.quotation(clause["quote"]) + w.OPEN + place + w.CLOSE, style="Quote")
        written.listed(
            [*f["caveats"], *(p.broken(cut["year"], cut["reason"]) for cut in f["breaks"])]
        )
        written.picture(pictures[r["anchor"]], r["alt"], p.figure(first + k, t["finding"]))
        said = {
            **t,
            "trend": t["trend"] + t["significance"],
            "prospect": f"{t['prospect']}\n{t['disagreement']}" if r["disagree"] else t["prospect"],
        }
        judged = (
            [
                (p.CARD[name], said[name])
                for name in ("progress", "trend", "outlook", "prospect", "parting")
            ]
            if r["value"] is not None
            else []
        )
        supplier = p.supplied_by(
            f["supplier"]["office"], f["supplier"]["basis"], f["supplier"]["needs"]
        )
        rows = [(p.CARD["target"], t["target"]), (p.CARD["baseline"], t["baseline"]), *judged]
        rows += [
            (p.CARD["pace"], t["pace"]),
            (p.CARD["definition"], f["definition"]),
            (p.CARD["supplier"], supplier),
        ]
        written.table(w.PAIR_COLUMNS, rows, (1, 5))
        if f["readings"]:
            written.heading(p.READINGS, 3)
            written.listed(
                [
                    *(p.TAKEN + one["text"] for one in f["readings"] if one["taken"]),
                    *(p.OTHER_READING + one["says"] for one in r["readings"]),
                ]
            )
        _sensitivity(written, r, w)
        if r["points"]:
            columns = p.data_columns(w.unit(r["unit"]))
            points = sorted(r["points"], key=lambda one: one["year"])
            written.table(
                columns[:5],
                [
                    (
                        v["year"],
                        w.BOUND[v["bound"]] + w.number(v["value"], r["decimals"]),
                        w.OBSERVED[v["status"]],
                        v["published"] or p.UNDATED,
                        sources[v["source"]]["title"],
                    )
                    for v in points
                ],
                (2, 3, 2, 3, 8),
                9,
            )


def _sensitivity(written: _Document, r: dict, w: ModuleType) -> None:
    """What other models would forecast of an indicator, and how other offices' rules would rate
    it."""
    p = w.page
    if r["models"] or r["ratings"]:
        written.heading(p.SENSITIVITY, 3)
    if r["models"]:
        written.table(
            p.MODEL_COLUMNS,
            [_forecast(one, r, w) for one in r["models"]],
            (5, 2, 3, 4),
            9,
            p.forecasts_for(r["target_year"]),
        )
    if r["ratings"]:
        written.table(
            p.RATING_COLUMNS,
            [_rating(one, w) for one in r["ratings"]],
            (5, 2, 3, 3, 2),
            9,
            p.RATINGS_CAPTION,
        )


def _forecast(one: dict, r: dict, w: ModuleType) -> tuple[str, ...]:
    """A model's name and what it forecasts, or why it forecasts nothing."""
    name = w.MODEL[one["model"]] + (
        w.OPEN + w.page.ADOPTED + w.CLOSE if one["model"] == r["model"] else ""
    )
    if one["median"] is None:
        return name, w.REASON.get(one["reason"], one["reason"])
    median, low, high = (
        w.number(one[bound], r["decimals"]) for bound in ("median", "low80", "high80")
    )
    return (
        name,
        median,
        f"{low}—{high}",
        " ".join(
            [
                w.chance(one["p_met"]),
                *([w.MODELS_DISAGREE] if one["model"] in r["disagree"] else []),
            ]
        ),
    )


def _rating(one: dict, w: ModuleType) -> tuple[str, ...]:
    """A rule's name, what it measures, its rating, what that means for the target or why it has
    none, and whether it agrees with ours."""
    measures = w.COMMA.join(w.number(measure, 2) for measure in one["measures"]) or "—"
    ratings = w.COMMA.join(w.RATING[code] for code in one["status"].split("|"))
    return (
        w.OTHER_RULE[one["rule"]],
        measures,
        ratings,
        w.WHY_NOT[one["why_not"]] or w.COURSE[one["course"]],
        w.page.AGREES[one["agrees"]],
    )


def _check(written: _Document, facts: dict, w: ModuleType) -> None:
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


def _arithmetic(written: _Document, check: dict, w: ModuleType) -> None:
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


def _method(written: _Document, w: ModuleType) -> None:
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


def _sources(written: _Document, facts: dict, w: ModuleType) -> None:
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


def _annex(written: _Document, facts: dict, w: ModuleType) -> None:
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
