"""A draft gone through before it becomes a plan: its traps told, as a page and as a Word document
with marks.

Page and document are written to data/processed/lint/; nothing of the draft is kept beside them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .intake import draft, plan as plans, table
from .intake.draft import Draft, Trap
from .intake.finding import Unknown

AUTHOR = "规划文稿检查"
FOLDER = "lint"


@dataclass(frozen=True)
class Linted:
    """A draft that was gone through: its title, its years, where its text lies (None: only
    parameters are there), its traps."""

    name: str
    title: str
    start: int | None
    end: int | None
    source: Path | None
    traps: tuple[Trap, ...]

    @property
    def summary(self) -> str:
        """How many traps of how many kinds, in one sentence."""
        kinds = len({trap.about for trap in self.traps})
        return f"{len(self.traps)} 处，{kinds} 类" if self.traps else "没有发现"

    def told(self, trap: Trap) -> str:
        """A trap in one paragraph: where, sentence, what is wrong, what to write."""
        sentence = f"“{trap.sentence}”" if trap.sentence else ""
        return (
            f"{trap.where}：【{trap.label}】{trap.subject} — {trap.problem}\n"
            + (f"    原文：{sentence}\n" if sentence else "")
            + f"    为什么：{trap.why}\n    可写：{trap.wording(self.start, self.end)}"
        )


def of(target: str, root: Path | None = None) -> Linted:
    """The traps of a plan (its id) or of a text (a path). Raises `Unknown` where there is neither,
    `Refused` for what cannot be read."""
    path = Path(target)
    if path.is_file():
        read = draft.read(path)
        return Linted(path.stem, path.name, read.start, read.end, path, draft.of_text(read))
    if path.suffix in draft.SUFFIXES:
        raise Unknown(f"没有文件 {target}；请给出规划代码，或 .txt、.md、.docx 文稿的路径")
    plan = plans.load(target, root)
    period = plan.period
    found = draft.of_plan(plan)
    return Linted(plan.id, plan.title, period.start, period.end, draft.document(plan), found)


def write(linted: Linted, root: Path | None = None) -> list[Path]:
    """Page and, of a text, Word document with marks; the page first."""
    from .publish import draft_page, marked

    folder = plans.home(root) / "data" / "processed" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{linted.name}.html"
    table.write(page, draft_page.page(_facts(linted)).encode())
    if linted.source is None:
        return [page]
    read = draft.read(linted.source)
    word = linted.source if linted.source.suffix.lower() == ".docx" else None
    lines = ["\t".join(line.cells) for line in read.lines]
    content = marked.document(word, lines, _marks(linted, read), AUTHOR)
    table.write(page.with_suffix(".docx"), content)
    return [page, page.with_suffix(".docx")]


def _facts(linted: Linted) -> dict[str, object]:
    """What the page shows."""
    counts = Counter(trap.about for trap in linted.traps)
    return {
        "title": linted.title,
        "summary": linted.summary,
        "kinds": [
            {"label": draft.ADVICE[about].label, "count": count, "why": draft.ADVICE[about].why}
            for about, count in counts.most_common()
        ],
        "traps": [
            {
                "where": trap.where,
                "sentence": trap.sentence,
                "label": trap.label,
                "problem": f"{trap.subject}：{trap.problem}",
                "wording": trap.wording(linted.start, linted.end),
            }
            for trap in linted.traps
        ],
    }


def _marks(linted: Linted, read: Draft) -> list:
    """A comment for every trap, on the line its sentence stands on."""
    from .publish.marked import Mark

    years = linted.start, linted.end
    texts = {line.number: line.text for line in read.lines}
    return [
        Mark(
            next((n for n in trap.lines if trap.sentence in texts.get(n, "")), (*trap.lines, 0)[0]),
            trap.sentence,
            f"【{trap.label}】{trap.problem}\n{trap.why}\n可写：{trap.wording(*years)}",
        )
        for trap in linted.traps
    ]
