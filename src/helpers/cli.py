"""The command line: one verb, one call. Exit codes: 0 done, 1 bad input, 2 used wrongly, 3 failed while running."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from pathlib import Path

import click

from . import __version__
from .intake.finding import Refused, Unknown

LANGUAGE = click.option("--report-lang", default="zh", show_default=True, help="Language of the report: zh, en.")
DONE, BAD_INPUT, USED_WRONGLY, FAILED = 0, 1, 2, 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def verbs(debug: bool) -> None:
    """Reproducible evaluation of a five-year plan."""


@verbs.command()
@click.option("--plan", help="A folder of params/ (default: every plan).")
@click.option("--year", type=int, help="Assessment year (default: the plan's own).")
@click.option("--known-by", default="", help="Only what was published by this date (2024-03-31).")
@LANGUAGE
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count(), show_default=True, help="Notebooks at once.")
def assess(plan: str | None, year: int | None, known_by: str, report_lang: str, jobs: int) -> None:
    """Check the inputs, execute the notebooks, assemble the page."""
    from . import edition
    from .intake import plan as plans
    from .run.pool import workers

    if plan is None and year is not None:
        raise click.UsageError("a year needs a plan: add --plan (make assess PLAN=… YEAR=…)")
    editions = [edition.of(name, year, known_by, language=report_lang) for name in ([plan] if plan else plans.available())]
    made, failures = [], []
    with workers(jobs) as pool:
        for one in editions:
            try:
                folder = edition.assess(one, pool)
                made.append(folder / "assessment.html")
                click.echo(f"{one.plan.id} {one.name}: {edition.conclusion(folder)}")
            except (edition.Failed, edition.Busy, Refused) as error:
                failures.append(error)
                click.echo(str(error), err=True)
    index = edition.write_index(plans.home()) if made else None
    if failures:
        sys.exit(BAD_INPUT if all(isinstance(error, Refused) for error in failures) else FAILED)
    click.echo(f"open {_shown(made[0] if plan else index)}")


@verbs.command()
@click.option("--plan", help="A folder of params/ (default: every plan).")
@click.argument("target", required=False)
def check(plan: str | None, target: str | None) -> None:
    """Check the inputs of a plan, or the plan that a FILE of params/ or data/raw/ belongs to."""
    from .intake import observations, plan as plans

    names = [plan or _plan_of(target)] if plan or target else list(plans.available())
    bad = 0
    for name in names:
        try:
            facts = plans.load(name)
            plans.choices(facts)
            received = observations.receive(facts)
        except Refused as refused:
            bad += 1
            click.echo(str(refused))
            continue
        for warning in received.warnings:
            click.echo(f"提醒 {warning}")
        click.echo(f"{name}：{len(facts.indicators)} 项指标，{len(received.observations)} 条观测，{len(received.context)} 条参考数据，{len(received.sources)} 个来源，合格")
    sys.exit(BAD_INPUT if bad else DONE)


def _handed_out(kind: str, does: str) -> None:
    """The verbs that make something to hand out of an edition that is there."""

    @verbs.command(kind, help=does)
    @click.option("--plan", help="A folder of params/ (default: every plan).")
    @click.option("--year", type=int, help="Assessment year (default: the plan's own).")
    @click.option("--known-by", default="", help="Only what was published by this date (2024-03-31).")
    @LANGUAGE
    def verb(plan: str | None, year: int | None, known_by: str, report_lang: str) -> None:
        from . import edition, handout
        from .intake import plan as plans

        if plan is None and year is not None:
            raise click.UsageError(f"a year needs a plan: add --plan (make {kind} PLAN=… YEAR=…)")
        for name in [plan] if plan else plans.available():
            try:
                made = handout.make(kind, edition.of(name, year, known_by, language=report_lang))
            except handout.NOT_POSSIBLE as error:
                _leave(error, FAILED, error)
            for path in made:
                click.echo(_shown(path))


for kind, does in (("pdf", "Print the assessment to PDF."), ("docx", "The assessment as a Word document."), ("brief", "One A4 page for the head of office.")):
    _handed_out(kind, does)


@verbs.command()
@click.argument("cases", type=click.Path(exists=True, dir_okay=False))
def rate(cases: str) -> None:
    """Rate a CSV file of CASES by other offices' rules: prints case_id,measure,score,status."""
    from .measure import rules

    ratings, bad = csv.writer(sys.stdout, lineterminator="\n"), []
    ratings.writerow(rules.COLUMNS)
    try:
        with open(cases, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            if "method" not in (table.fieldnames or ()):
                bad.append(f"{cases}:1: there is no column method; the first line must name the columns")
            for row in table if not bad else ():
                try:
                    ratings.writerow(rules.rated(row))
                except ValueError as error:
                    bad.append(f"{cases}:{table.line_num}: {error}")
    except (UnicodeDecodeError, csv.Error) as error:
        bad.append(f"{cases}:1: not a CSV table in UTF-8 ({error}); save it as one")
    for sentence in bad:
        click.echo(sentence, err=True)
    sys.exit(BAD_INPUT if bad else DONE)


@verbs.command()
def refresh() -> None:
    """Execute the committed notebooks again on the example plan; each is replaced once it succeeded."""
    from .intake import plan as plans
    from .run.engine import Job
    from .run.pool import bar, workers

    folder = plans.home() / "notebooks"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as scratch:
        jobs = [Job(path.stem, path, Path(scratch) / path.name) for path in sorted(folder.glob("*.ipynb"))]
        with workers(os.cpu_count() or 1) as pool, bar(len(jobs), "notebooks") as progress:
            outcomes = pool.run(jobs, folder, {"ASSESSMENT_ROOT": str(plans.home())}, progress)
        for job, outcome in zip(jobs, outcomes):
            if not outcome.error:
                os.replace(job.output, job.notebook)
    sys.exit(FAILED if any(outcome.error for outcome in outcomes) else DONE)


def _plan_of(target: str) -> str:
    """The plan a name, a folder or a file belongs to: the folder under params/ or data/raw/ it lies in, or its own name."""
    parts = Path(target).parts
    for anchor in ("params", "raw"):
        if anchor in parts[:-1]:
            return parts[parts.index(anchor) + 1]
    return target


def _shown(path: Path) -> str:
    return os.path.relpath(path)


def main() -> None:
    """Run a verb; an error is one sentence and an exit code, a traceback only with --debug."""
    try:
        verbs(prog_name="helpers", standalone_mode=False)
    except Refused as error:
        _leave(error, BAD_INPUT)
    except (Unknown, click.UsageError) as error:
        _leave(error.format_message() if isinstance(error, click.UsageError) else error, USED_WRONGLY)
    except (KeyboardInterrupt, click.exceptions.Abort) as error:
        _leave("stopped; the previous edition was left as it is", FAILED, error)
    except Exception as error:  # the boundary of the program: anything else failed while running
        _leave(f"{type(error).__name__}: {error}", FAILED, error)


def _leave(message: object, code: int, error: BaseException | None = None) -> None:
    if error is not None and "--debug" in sys.argv:
        raise error
    click.echo(str(message), err=True)
    sys.exit(code)
