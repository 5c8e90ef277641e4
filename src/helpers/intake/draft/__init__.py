"""What in the draft of a plan will hurt when it is evaluated, sentence by sentence."""

from __future__ import annotations

from pathlib import Path

from ..facts import Plan
from . import names, params, phrases, rows, tables, targets, whole
from .params import of_indicator as of_indicator
from .phrases import VAGUE as VAGUE
from .text import SUFFIXES as SUFFIXES, Draft as Draft, read as read
from .trap import ADVICE as ADVICE, Trap as Trap


def of_text(draft: Draft) -> tuple[Trap, ...]:
    """The traps of a text, in the order of its lines; what it lacks as a whole comes first."""
    found = rows.of_draft(draft)
    aimed = targets.of_figures(found)
    return _in_order(
        [
            *whole.traps(draft, aimed),
            *targets.traps(draft, found, aimed),
            *tables.traps(found, aimed, draft),
            *phrases.traps(draft, found),
            *names.traps(draft),
        ]
    )


def of_plan(plan: Plan) -> tuple[Trap, ...]:
    """The traps of a plan: of its text where that is kept, and what its parameters tell beside."""
    text = document(plan)
    told = of_text(read(text)) if text else ()
    return _in_order([*told, *(trap for trap in params.traps(plan) if not _told(trap, told))])


def document(plan: Plan) -> Path | None:
    """The plan's own text among its documents: the file called plan, None where there is none."""
    folder = plan.raw / "documents"
    return next((p for end in SUFFIXES if (p := folder / f"plan{end}").is_file()), None)


def _told(trap: Trap, told: tuple[Trap, ...]) -> bool:
    """True where the text told the same of one of its lines, vague words of any kind included, or
    has that kind for the whole."""
    kinds = phrases.VAGUE if trap.about in phrases.VAGUE else {trap.about}
    return any(
        other.about in kinds and (bool({*trap.lines} & {*other.lines}) or not other.lines)
        for other in told
    )


def _in_order(traps: list[Trap]) -> tuple[Trap, ...]:
    return tuple(sorted(dict.fromkeys(traps), key=lambda trap: (trap.lines or (0,))[0]))
