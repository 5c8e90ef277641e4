"""A Word document as Chinese offices set one: 仿宋 text under 黑体 headings, bordered tables,
pictures.

How it looks is said in a document, `template/report.docx`, which an office opens in Word to change
its styles, margins or page number. Chinese is Chinese there and Latin letters are English, in
either language of the report: under zh-CN LibreOffice breaks a line within a Latin word or a
number. The contents are a field with its entries already in it, so that they can be read and
followed before Word counts the pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from ..show.lines import Line, parted, plain
from ..show.wording.en_names import english
from . import word_back

SKELETON = Path(__file__).parent / "template" / "report.docx"  # styles, margins, header and footer
BODY = "FangSong"  # 仿宋, as Chinese offices set documents; a machine without it shows its own
OWN = "KaiTi"  # 楷体, for what the evaluator wrote
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # characters XML cannot hold
NARROW = 1.2  # centimetres beside a table that lies on its side
OWN_IDS = 100_000  # of the bookmarks of those sentences, above those of headings


class Missing(RuntimeError):
    """What writes documents is not installed."""


class Document:
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
        from docx.shared import Cm, Pt

        self.docx, self.element, self.qn = docx.Document(str(SKELETON)), OxmlElement, qn
        self.cm, self.pt, self.orientations = Cm, Pt, (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
        self.aside = False
        self.headings: list[tuple[int, str]] = []
        self.owned = 0  # sentences of the evaluator so far
        self.brackets, self.listing = (words.OPEN, words.CLOSE), words.LISTING
        self.labelled, self.chinese = words.page.labelled, words.LANG == "zh-CN"
        self.pictures: Mapping[str, bytes] = {}
        header = self.docx.sections[0].header
        header.paragraphs[0].text = clean(title)
        for mark in marks:
            header.add_paragraph(style="Header").add_run(clean(mark)).bold = True
        header.paragraphs[-1].paragraph_format.space_after = Pt(8)  # many push the text down
        properties = self.docx.core_properties
        properties.title, properties.language = clean(title)[:250], words.LANG

    def plain(self, line: Line) -> str:
        """A line as text, small print in the brackets of the document's language."""
        return plain(line, self.brackets)

    def heading(self, text: str, level: int, *, new_page: bool = False) -> None:
        """A heading with a bookmark, so that the contents can lead to it."""
        paragraph = self.docx.add_heading(clean(text), level)
        if new_page:
            paragraph.paragraph_format.page_break_before = True
        self.headings.append((level, text))
        start, end = self.element("w:bookmarkStart"), self.element("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(self.qn("w:id"), str(len(self.headings)))
        start.set(self.qn("w:name"), f"_Toc{len(self.headings)}")
        paragraph._p.insert(1, start)
        paragraph._p.append(end)

    def say(self, *texts: Line, style: str | None = None) -> None:
        """A paragraph for each text that says something."""
        for text in texts:
            if self.plain(text):
                self._write(self.docx.add_paragraph(style=style), text)

    def _write(self, paragraph, line: Line, size: float = 0, *, bold: bool = False) -> None:
        """A line in a paragraph; what the evaluator wrote in a field of its own, named by its place
        in the judgement, so that it is found again when the document was edited."""
        for text, place in parted(line, self.brackets):
            run = paragraph.add_run(clean(text if place or self.chinese else english(text)))
            run.bold = bold or None
            if size:
                run.font.size = self.pt(size)
            if place:
                run._r.get_or_add_rPr().get_or_add_rFonts().set(self.qn("w:eastAsia"), OWN)
                self._name(run, place)

    def _name(self, run, place: str) -> None:
        """Put a run into a content control called by `place`, and a bookmark of the same name into
        that: LibreOffice takes the name off a control, Word the bookmark off a sentence typed
        over."""
        control, about, tag, content, start, end = (
            self.element(f"w:{name}")
            for name in ("sdt", "sdtPr", "tag", "sdtContent", "bookmarkStart", "bookmarkEnd")
        )
        tag.set(self.qn("w:val"), place)
        about.append(tag)
        self.owned += 1
        for mark in (start, end):
            mark.set(self.qn("w:id"), str(OWN_IDS + self.owned))
        start.set(self.qn("w:name"), word_back.bookmark(place))
        run._r.addprevious(control)
        content.extend((start, run._r, end))
        control.extend((about, content))

    def listed(self, texts: Iterable[Line]) -> None:
        self.say(*texts, style="List Bullet")

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[Line | int | float]],
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
                said = str(text) if isinstance(text, str | int | float) else text
                self._write(paragraph, said, size, bold=row is columns)
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

    def lay(self, aside: bool) -> None:
        """From here on the paper lies on its side, or stands."""
        if aside == self.aside:
            return
        self.aside = aside
        first, section = self.docx.sections[0], self.docx.add_section()
        sides = (first.page_width, first.page_height)
        section.page_width, section.page_height = sides[::-1] if aside else sides
        section.orientation = self.orientations[aside]
        section.left_margin = section.right_margin = self.cm(NARROW) if aside else first.left_margin

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
