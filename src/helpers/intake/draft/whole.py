"""What a text lacks as a whole: owners, dates that fit the period it plans for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .targets import Target
from .text import Draft
from .trap import Trap

OWNER = re.compile(
    r"(?:责任|牵头|实施|主办)(?:单位|部门)|(?:局|委|办|部|院|厅|中心)(?:等)?(?:牵头|负责)|"
    r"（[^（）]{2,60}(?:局|委|办|部|厅)(?:等|按职责分工负责)?）"
)
FEWEST_OWNERS = 3  # named in the whole text: fewer is an exception, not a rule
DATED = re.compile(r"(20\d\d)年(\d\d?)月(\d\d?)日")
TITLED = re.compile(r"《[^》]*?(20\d\d)\s*[—－–-]+\s*(20\d\d)\s*年?[^》]*》")
LATE = 1  # years after the first: a plan issued then has a year behind it that is known


def traps(draft: Draft, targets: Sequence[Target]) -> Iterator[Trap]:
    """Owners, schemes that end before the plan, a plan issued late."""
    yield from _owners(draft, targets)
    if draft.start and draft.end:
        yield from _lapses(draft, draft.end)
        yield from _issued(draft, draft.start)


def _owners(draft: Draft, targets: Sequence[Target]) -> Iterator[Trap]:
    if targets and len(OWNER.findall(draft.whole)) < FEWEST_OWNERS:
        problem = f"{len(targets)} 个有数的目标都没有写明牵头单位和报数单位"
        yield Trap("owner", (), "", "各项指标", problem)


def _lapses(draft: Draft, end: int) -> Iterator[Trap]:
    for line, sentence in draft.sentences("goals", "tasks"):
        for match in TITLED.finditer(sentence):
            if int(match[2]) < end:
                problem = f"{match.group()} {match[2]} 年到期，规划到 {end} 年"
                yield Trap("lapses", (line,), sentence, match.group(), problem)


def _issued(draft: Draft, start: int) -> Iterator[Trap]:
    """The date that stands alone near the top."""
    for line in draft.lines[:30]:
        match = DATED.fullmatch(line.text.strip())
        if match and int(match[1]) > start + LATE:
            problem = f"印发于 {match.group()}，规划期从 {start} 年开始"
            yield Trap("issued", (line.number,), line.text.strip(), "印发日期", problem)
            return
