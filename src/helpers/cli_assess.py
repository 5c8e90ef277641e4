"""The verbs that execute notebooks, and those that help to look into one."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import atomic
from .console import BAD_INPUT, DONE, FAILED, KNOWN_BY, LANGUAGE, ONE_PLAN, PLAN, YEAR, shown
from .intake.finding import Refused

if TYPE_CHECKING:
    from .edition import Made
    from .request import Edition

# elsewhere a fork of loaded system libraries is not safe
DEFAULT = "fork" if sys.platform == "linux" else "kernel"
ENGINE = click.option(
    "--engine",
    type=click.Choice(["fork", "kernel", "dask"]),
    default=DEFAULT,
    show_default=True,
    help="What executes the notebooks.",
)


@dataclass(frozen=True)
class Asked:
    """The options of `assess`, as click gives them."""

    plan: str | None
    plans: str | None
    year: int | None
    years: str | None
    known_by: str
    report_lang: str
    scenario: str
    named: tuple[str, ...]
    commit: str | None
    engine: str
    scheduler: str
    jobs: int
    limit: float
    cell_limit: float | None
    force: bool

    @property
    def contradiction(self) -> str | None:
        """What cannot be asked for together, as a sentence."""
        named_plan = self.plan or self.plans
        contradictions = {
            "one or several: --plan or --plans, --year or --years": (self.plan and self.plans)
            or (self.year and self.years),
            "a year needs a plan: add --plan (make assess PLAN=… YEAR=…)": self.year is not None
            and not named_plan,
            "a scenario needs a plan: add --plan (make assess PLAN=… SCENARIO=…)": self.scenario
            and not named_plan,
            "a scheduler needs --engine dask": self.scheduler and self.engine != "dask",
        }
        return next((sentence for sentence, holds in contradictions.items() if holds), None)


@click.command()
@PLAN
@click.option("--plans", help="Several: a pattern of folders, 'params/*'.")
@YEAR
@click.option("--years", help="Several: 2021-2025; years outside a plan's period are left out.")
@KNOWN_BY
@click.option(
    "--scenario", default="", help="A file of the plan's params/<plan>/scenarios/, without .yml."
)
@click.option(
    "--edition",
    "named",
    multiple=True,
    hidden=True,
    help="PLAN/YEAR[@DATE][+SCENARIO], any number: what a worker is given.",
)
@click.option(
    "--commit",
    hidden=True,
    help="The commit of the files: where they were brought to there is no repository.",
)
@LANGUAGE
@ENGINE
@click.option(
    "--scheduler",
    default="",
    help="Address of a Dask scheduler, for --engine dask (default: workers on this machine).",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count(),
    show_default=True,
    help="Notebooks at once.",
)
@click.option(
    "--limit",
    type=click.FloatRange(1),
    default=120,
    show_default=True,
    help="Seconds a notebook may take.",
)
@click.option(
    "--cell-limit",
    type=click.FloatRange(1),
    help="Seconds a cell may take (default: as the notebook).",
)
@click.option("--force", is_flag=True, help="Execute everything, whatever has not changed.")
def assess(**options: Any) -> None:
    """Check the inputs, execute the notebooks, assemble the page."""
    from .run import cache

    cache.code()  # digested before what it says is loaded
    from . import edition
    from .run.progress import slowest

    asked = Asked(**options)
    if asked.contradiction:
        raise click.UsageError(asked.contradiction)
    if asked.commit is not None:
        os.environ[edition.COMMIT_VARIABLE] = asked.commit
    listed = _listed(asked)
    made, failures, index = _made(asked, listed)
    if executed := _executed(made, len(listed) > 1):
        click.echo(f"{len(executed)} executed; {slowest(executed)}", err=True)
    if failures:
        sys.exit(BAD_INPUT if all(isinstance(error, Refused) for error in failures) else FAILED)
    page = made[0].folder / "assessment.html" if len(listed) == 1 else index
    click.echo(f"open {shown(page)}")


def _listed(asked: Asked) -> list[Edition]:
    from . import editions, request
    from .intake import plan as plans

    if asked.named:
        return editions.named(asked.named)
    names = [asked.plan] if asked.plan else plans.available()
    if asked.plans:
        names = editions.matching(asked.plans)
    more: Any = {"scenario": asked.scenario, "language": asked.report_lang}
    if asked.years:
        return editions.several(names, asked.years, asked.known_by, **more)
    return [request.of(name, asked.year, asked.known_by, **more) for name in names]


def _made(asked: Asked, listed: Sequence[Edition]) -> tuple[list[Made], Sequence[Exception], Path]:
    """(the editions that were made, why others were not, the page that links all)."""
    from . import edition, listing
    from .intake import plan as plans
    from .run.pool import workers
    from .run.progress import Progress

    made, failures, index = [], [], plans.home()
    kind = "fork" if asked.engine == "dask" else asked.engine
    with (
        Progress("notebooks") as progress,
        workers(asked.jobs, kind, asked.limit, asked.cell_limit, edition.WARM) as pool,
        closing(_ends(asked, listed, pool, progress)) as ends,
    ):
        for one, end in ends:
            if isinstance(end, (edition.Failed, edition.Busy, Refused)):
                failures.append(end)
                progress.say(str(end))
            elif isinstance(end, Exception):
                raise end
            else:
                made.append(end)
                progress.say(f"{one.plan.id} {one.name}: {end.conclusion}", sys.stdout)
        if made:
            index = listing.index(index, pool)
    return made, failures, index


def _ends(
    asked: Asked, listed: Sequence[Edition], pool: Any, progress: Any
) -> Generator[tuple[Edition, Made | Exception], None, None]:
    """Every edition with what became of it."""
    from . import distributed, editions
    from .intake import plan as plans
    from .run.cluster import cluster

    if asked.engine != "dask":
        yield from editions.year_by_year(listed, pool, progress, asked.force)
        return
    options = ("--limit", str(asked.limit), "--cell-limit", str(asked.cell_limit or asked.limit))
    with ExitStack() as stack:
        common = distributed.common(plans.home())
        machines = stack.enter_context(cluster(common, asked.jobs, asked.scheduler))
        ends = distributed.made(listed, machines, options, asked.force)
        yield from distributed.with_year_before(ends, pool, progress)


def _executed(made: Sequence[Made], labelled: bool) -> list[Any]:
    """What was executed of all editions, `labelled` with theirs."""
    return [
        replace(outcome, name=f"{one.edition.plan.id} {one.edition.name} {outcome.name}")
        if labelled
        else outcome
        for one in made
        for outcome in one.executed
    ]


@click.command()
@ONE_PLAN
@click.option(
    "--period",
    default="",
    help="Look as far as this month or quarter, 2026-09 or 2026Q3 (default: the newest known).",
)
@KNOWN_BY
@LANGUAGE
@ENGINE
def monitor(plan: str, period: str, known_by: str, report_lang: str, engine: str) -> None:
    """Say before a year is over where it leads: one page, a table of moves, two lines to send
    on."""
    from . import monitored, request
    from .run.pool import workers
    from .run.progress import Progress

    if report_lang not in request.LANGUAGES:
        raise click.UsageError(f"--report-lang is one of {', '.join(request.LANGUAGES)}")
    with workers(1, engine) as pool, Progress("monitor") as progress:

        def run(job, folder, environment):
            return pool.run([job], folder, environment, progress)[0]

        made = monitored.make(plan, period, run, known_by=known_by, language=report_lang)
    for line in made.lines:
        click.echo(line)
    click.echo(f"open {shown(made.folder / monitored.PAGE)}")


@click.command("open")
@click.argument("plan")
@click.argument("indicator")
@YEAR
@KNOWN_BY
@click.option("--scenario", default="", help="A scenario of the plan.")
def open_(plan: str, indicator: str, year: int | None, known_by: str, scenario: str) -> None:
    """Prepare an indicator's notebook with an edition's parameters filled in, not executed, and
    print its path."""
    from . import edition, request
    from .intake import plan as plans

    one = request.of(plan, year, known_by, scenario=scenario)
    plans.indicator(one.plan, indicator)
    click.echo(shown(edition.prepared(one, indicator)))


@click.command()
def models() -> None:
    """Print the names a model may have in run.yml and scenarios, one's own included."""
    from .measure import forecast

    click.echo("\n".join(forecast.NAMES))


@click.command()
@click.option(
    "--engine",
    type=click.Choice(["fork", "kernel"]),
    default=DEFAULT,
    show_default=True,
    help="What executes the notebooks.",
)
def refresh(engine: str) -> None:
    """Execute the committed notebooks again on the example plan; each is replaced once it
    succeeded."""
    from .intake import plan as plans
    from .run.engine import Job
    from .run.pool import workers
    from .run.progress import Progress

    folder = plans.home() / "notebooks"
    with atomic.scratch(".refresh-", folder) as scratch:
        jobs = [
            Job(path.stem, path, scratch / path.name)
            for path in sorted([*folder.glob("*.ipynb"), *folder.glob("lab/*.ipynb")])
        ]
        with workers(os.cpu_count() or 1, engine) as pool, Progress("notebooks") as progress:
            outcomes = pool.run(jobs, folder, {"ASSESSMENT_ROOT": str(plans.home())}, progress)
        for job, outcome in zip(jobs, outcomes, strict=False):
            if not outcome.error:
                os.replace(job.output, job.notebook)
    sys.exit(FAILED if any(outcome.error for outcome in outcomes) else DONE)


VERBS = (assess, monitor, open_, models, refresh)
