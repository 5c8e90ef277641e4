"""One monitored period of a plan, from start to end: check → execute the notebook → page, moves,
message → put in place.

`data/processed/<plan>/monitor/<period>/` is made beside its place and renamed into it; the nowcasts
of earlier periods stay where they are, so that it can be told later how they came out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import request, tasks
from .intake import notebook, observations, part_year, plan as plans
from .run import engine, place
from .run.engine import Job, Outcome

PAGE, MOVES, MESSAGE = "monitor.html", "moves.csv", "message.txt"


@dataclass(frozen=True)
class Monitored:
    """What was made: the folder and the two lines to send on."""

    folder: Path
    lines: tuple[str, ...]


def make(
    plan_id: str,
    period: str,
    run: Callable[[Job, Path, dict], Outcome],
    *,
    known_by: str = "",
    language: str = "zh",
    root: Path | None = None,
) -> Monitored:
    """Monitor the plan up to `period` (default: the newest of which anything is known). `run`
    executes the notebook. Raises `Unknown` for a period of which nothing can be known, `Refused`,
    or RuntimeError with what failed."""
    plan = plans.load(plan_id, root)
    request.check_choices(plan)
    span = part_year.at(plan, observations.receive(plan).parts, period)
    name = f"{span.year}-{span.last:02d}{'@' * bool(known_by)}{known_by}"
    name += "" if language == "zh" else f".{language}"
    folder = request.processed(plan.root) / plan.id / "monitor" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    parameters = {
        "plan": plan.id,
        "period": f"{span.year}-{span.last:02d}",
        "known_by": known_by,
        "model": plans.choices(plan).model,
        "kept": folder.parent.relative_to(plan.root).as_posix(),
        "language": language,
    }
    source = plan.root / "notebooks" / "monitor.ipynb"
    with place.held(folder, f"{plan.id} monitor {name}"), place.beside(folder) as making:
        job = Job("monitor", source, making / "monitor.ipynb", parameters)
        outcome = run(job, making, {"ASSESSMENT_ROOT": str(plan.root)})
        if outcome.error:
            raise RuntimeError(f"{plan.id} monitor {name}: {outcome.error}")
        lines = _written(making, job.output, tasks.commit(plan))
        place.put(making, folder)
    return Monitored(folder, lines)


def _written(making: Path, executed: Path, commit: str) -> tuple[str, ...]:
    """Page, moves and message from the executed notebook; the lines of the message."""
    from .publish import monitor_page

    notebook.refuse([executed])
    record = monitor_page.record_of(executed)
    engine.write(making / MOVES, record["moves_csv"])
    engine.write(making / MESSAGE, "\n".join(record["lines"]) + "\n")
    engine.write(making / PAGE, monitor_page.page(executed, commit))
    return tuple(record["lines"])
