"""A draft gone through before it becomes a plan: its traps told, as a page and as a Word document
with marks.

Page and document are written to data/processed/lint/; nothing of the draft is kept beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import atomic
from .intake import draft, plan as plans, succession
from .intake.draft import Draft, Trap
from .intake.finding import Unknown
from .intake.plan import Plan
from .measure import closing, target
from .show import wording

AUTHOR = "规划文稿检查"
FOLDER = "lint"
TOLD = 3  # of a kind of vague words so many are told in full, the others by their lines


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

    @property
    def first(self) -> list[Trap]:
        """The traps that are told in full: of vague words of a kind the first few."""
        found: Counter[str] = Counter()
        told = []
        for trap in self.traps:
            found[trap.about] += 1
            if trap.about not in draft.VAGUE or found[trap.about] <= TOLD:
                told.append(trap)
        return told

    @property
    def further(self) -> list[str]:
        """A line for each kind of which not all are told: how many more, on which lines."""
        first = set(self.first)
        rest: dict[str, list[Trap]] = {}
        for trap in self.traps:
            if trap not in first:
                rest.setdefault(trap.label, []).append(trap)
        return [
            f"【{label}】另有 {len(more)} 处：第 "
            + "、".join(dict.fromkeys(str(line) for trap in more for line in trap.lines))
            + " 行"
            for label, more in rest.items()
        ]

    def told(self, trap: Trap) -> str:
        """A trap in one paragraph: where, sentence, what is wrong, what to write."""
        sentence = f"“{trap.sentence}”" if trap.sentence else ""
        return (
            f"{trap.where}：【{trap.label}】{trap.subject} — {trap.problem}\n"
            + (f"    原文：{sentence}\n" if sentence else "")
            + f"    为什么：{trap.why}\n    可写：{trap.wording(self.start, self.end)}"
        )


def of(name: str, root: Path | None = None) -> Linted:
    """The traps of a plan (its id) or of a text (a path). Raises `Unknown` where there is neither,
    `Refused` for what cannot be read."""
    path = Path(name)
    if path.is_file():
        read = draft.read(path)
        return Linted(path.stem, path.name, read.start, read.end, path, draft.of_text(read))
    if path.suffix in draft.SUFFIXES:
        raise Unknown(f"没有文件 {name}；请给出规划代码，或 .txt、.md、.docx 文稿的路径")
    plan = plans.load(name, root)
    period = plan.period
    found = (*draft.of_plan(plan), *_by_trend(plan), *_lessons(plan))
    return Linted(plan.id, plan.title, period.start, period.end, draft.document(plan), found)


def _by_trend(plan: Plan) -> Iterator[Trap]:
    """Targets that what was known when the plan was issued meets anyway, or hardly can."""
    points = target.known(plan, plan.issued)
    for facts in plans.indicators(plan):
        asked = target.ask(plan, facts, points)
        wanted = asked.facts.target.value
        p = None if wanted is None else target.chance(asked, wanted)
        if p is None or target.REACH < p < target.TREND:
            continue
        about = "behind_trend" if p >= target.TREND else "out_of_reach"
        likely = target.printed(asked, target.CHANCES[1])
        problem = f"印发时的走势之下达标概率{wording.chance(p)}"
        if likely is not None:
            problem += f"；概率 66% 的目标是 {wording.amount(likely, facts)}"
        yield draft.of_indicator(about, facts, problem)


def _lessons(plan: Plan) -> Iterator[Trap]:
    """What of the plan before could not be judged, and goes on under this one."""
    link = succession.load(plan)
    if link is None:
        return
    now = {one.was: one for one in link.indicators if one.state in ("same", "changed")}
    for one in closing.ended(plans.load(link.plan, plan.root)):
        if one.facts.id not in now or (one.final not in closing.UNSAID and not one.never):
            continue
        reasons = "；".join(wording.REASON[code] for code in one.said.reasons)
        never = "五年里没有一年能评价" if one.never else f"最后只能说“{wording.FINAL[one.final]}”"
        problem = f"上一期（{link.title}）{never}" + (f"：{reasons}" if reasons else "")
        yield draft.of_indicator("lesson", plans.indicator(plan, now[one.facts.id].id), problem)


def write(linted: Linted, root: Path | None = None) -> list[Path]:
    """Page and, of a text, Word document with marks; the page first."""
    from .publish import draft_page, marked

    folder = plans.home(root) / "data" / "processed" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{linted.name}.html"
    atomic.write(page, draft_page.page(_facts(linted)).encode())
    if linted.source is None:
        return [page]
    read = draft.read(linted.source)
    word = linted.source if linted.source.suffix.lower() == ".docx" else None
    lines = ["\t".join(line.cells) for line in read.lines]
    content = marked.document(word, lines, _marks(linted, read), AUTHOR)
    atomic.write(page.with_suffix(".docx"), content)
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
            for trap in linted.first
        ],
        "further": linted.further,
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
