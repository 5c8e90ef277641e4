"""The command line: one verb, one call. Exit codes: 0 done, 1 bad input, 2 used wrongly, 3 failed
while running."""

from __future__ import annotations

import csv
import errno
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from . import __version__, atomic, cli_inputs, cli_plans, cli_province
from .console import BAD_INPUT, DONE, FAILED, FILE, USED_WRONGLY, shown, today
from .intake.finding import Refused, Unknown

# elsewhere a fork of loaded system libraries is not safe
DEFAULT = "fork" if sys.platform == "linux" else "kernel"
NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}
ENGINE = click.option(
    "--engine",
    type=click.Choice(["fork", "kernel", "dask"]),
    default=DEFAULT,
    show_default=True,
    help="What executes the notebooks.",
)
LANGUAGE = click.option(
    "--report-lang", default="zh", show_default=True, help="Language of the report: zh, en."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def verbs(debug: bool) -> None:
    """Reproducible evaluation of a five-year plan."""


for verb in (*cli_inputs.VERBS, *cli_plans.VERBS, *cli_province.VERBS):
    verbs.add_command(verb)


@verbs.command()
@click.option("--plan", help="A folder of params/ (default: every plan).")
@click.option("--plans", help="Several: a pattern of folders, 'params/*'.")
@click.option("--year", type=int, help="Assessment year (default: the plan's own).")
@click.option("--years", help="Several: 2021-2025; years outside a plan's period are left out.")
@click.option("--known-by", default="", help="Only what was published by this date (2024-03-31).")
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
def assess(
    plan: str | None,
    plans: str | None,
    year: int | None,
    years: str | None,
    known_by: str,
    report_lang: str,
    scenario: str,
    named: tuple[str, ...],
    commit: str | None,
    engine: str,
    scheduler: str,
    jobs: int,
    limit: float,
    cell_limit: float | None,
    force: bool,
) -> None:
    """Check the inputs, execute the notebooks, assemble the page."""
    from .run import cache

    cache.code()  # digested before what it says is loaded
    from . import edition, editions, listing, request
    from .intake import plan as facts
    from .run.pool import workers
    from .run.progress import Progress, slowest

    named_plan = bool(plan or plans)
    for contradicts, sentence in (
        (
            (plan and plans) or (year and years),
            "one or several: --plan or --plans, --year or --years",
        ),
        (
            year is not None and not named_plan,
            "a year needs a plan: add --plan (make assess PLAN=… YEAR=…)",
        ),
        (
            scenario and not named_plan,
            "a scenario needs a plan: add --plan (make assess PLAN=… SCENARIO=…)",
        ),
        (scheduler and engine != "dask", "a scheduler needs --engine dask"),
    ):
        if contradicts:
            raise click.UsageError(sentence)
    if commit is not None:
        os.environ[edition.COMMIT_VARIABLE] = commit
    names = editions.matching(plans) if plans else [plan] if plan else facts.available()
    asked = (
        editions.named(named)
        if named
        else editions.several(names, years, known_by, scenario=scenario, language=report_lang)
        if years
        else [
            request.of(name, year, known_by, scenario=scenario, language=report_lang)
            for name in names
        ]
    )
    made, executed, failures, root = [], [], [], facts.home()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress("notebooks"))
        pool = stack.enter_context(
            workers(
                jobs, "kernel" if engine == "kernel" else "fork", limit, cell_limit, edition.WARM
            )
        )
        if engine == "dask":
            options = ("--limit", str(limit), "--cell-limit", str(cell_limit or limit))
            distributed = editions.distributed(
                asked,
                stack.enter_context(editions.cluster(editions.common(root), jobs, scheduler)),
                options,
                force,
            )
            ends = editions.with_year_before(distributed, pool, progress)
        else:
            ends = editions.year_by_year(asked, pool, progress, force)
        for one, end in ends:
            label = f"{one.plan.id} {one.name}"
            if isinstance(end, (edition.Failed, edition.Busy, Refused)):
                failures.append(end)
                progress.say(str(end))
            elif isinstance(end, Exception):
                raise end
            else:
                made.append(end)
                executed += [
                    replace(
                        outcome, name=f"{label} {outcome.name}" if len(asked) > 1 else outcome.name
                    )
                    for outcome in end.executed
                ]
                progress.say(f"{label}: {end.conclusion}", sys.stdout)
        index = listing.index(root, pool) if made else root
    if executed:
        click.echo(f"{len(executed)} executed; {slowest(executed)}", err=True)
    if failures:
        sys.exit(BAD_INPUT if all(isinstance(error, Refused) for error in failures) else FAILED)
    page = made[0].folder / "assessment.html" if len(asked) == 1 else index
    click.echo(f"open {shown(page)}")


@verbs.command()
@click.option("--plan", required=True, help="A folder of params/.")
@click.option(
    "--period",
    default="",
    help="Look as far as this month or quarter, 2026-09 or 2026Q3 (default: the newest known).",
)
@click.option("--known-by", default="", help="Only what was published by this date (2026-10-31).")
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

        def run(job, folder):
            return pool.run([job], folder, {}, progress)[0]

        made = monitored.make(plan, period, run, known_by=known_by, language=report_lang)
    for line in made.lines:
        click.echo(line)
    click.echo(f"open {shown(made.folder / monitored.PAGE)}")


@verbs.command()
@click.option("--plan", help="A folder of params/ (default: every plan).")
@click.option("--year", type=int, help="Assessment year (default: the plan's own).")
@click.option("--known-by", default="", help="The cut-off the edition was made with.")
@click.option("--scenario", default="", help="The scenario it was made under.")
@click.option("--report-lang", default="zh", help="The language it is told in.")
@click.option("--key", type=FILE, help="Sign with this ssh key.")
@click.option("--sm3", is_flag=True, help="Add a manifest under SM3 (GB/T 32905).")
@click.option("--remake", is_flag=True, help="Make a registered bag that is lost again.")
@click.option("--tsa", help="Ask this RFC 3161 authority for the time.")
@click.option("--tsa-ca", type=FILE, help="The certificate the authority goes back to.")
def archive(
    plan: str | None,
    year: int | None,
    known_by: str,
    scenario: str,
    report_lang: str,
    key: Path | None,
    sm3: bool,
    remake: bool,
    tsa: str | None,
    tsa_ca: Path | None,
) -> None:
    """Keep an edition as an evidence bag and register it."""
    from . import edition, evidence, request
    from .archive import shelf, stamp
    from .archive.tree import CannotArchive
    from .archive.verify import Unsafe
    from .intake import plan as plans

    if plan is None and year is not None:
        raise click.UsageError("a year needs a plan: add --plan (make archive PLAN=… YEAR=…)")
    if bool(tsa) != bool(tsa_ca):
        raise click.UsageError("an authority needs its certificate: give both TSA= and TSA_CA=")
    date, code = today(), DONE
    for one in [
        request.of(name, year, known_by, scenario=scenario, language=report_lang)
        for name in ([plan] if plan else plans.available())
    ]:
        try:
            kept = evidence.archive(one, date, key=key, sm3=sm3, remake=remake)
        except (CannotArchive, Unsafe, Refused, edition.Busy) as error:
            code = FAILED if isinstance(error, edition.Busy) else BAD_INPUT
            click.echo(f"{one.plan.id} {one.name}: {error}", err=True)
            continue
        if kept.already:
            gone = (
                ""
                if kept.path.exists()
                else f"；{shown(kept.path)} 不在这里，请从存放处取回，或加 REMAKE=1 重做"
            )
            click.echo(
                f"{one.plan.id} {one.name}：早已登记，没有再登记，证据编号 {kept.evidence_id}{gone}"
            )
        else:
            click.echo(
                f"{one.plan.id} {one.name}：已归档 {shown(kept.path)}，证据编号 "
                f"{kept.evidence_id}，责任者 {kept.keeper}（params/archive.yml）"
            )
        if tsa and tsa_ca:
            try:
                token = stamp.stamp(kept.path, kept.evidence_id, tsa, tsa_ca)
                shelf.stamped(_register(), kept.evidence_id, token.read_bytes(), date)
                click.echo(f"时间戳 {shown(token)}")
            except stamp.NotStamped as error:
                code = FAILED
                click.echo(f"{one.plan.id} {one.name}: {error}", err=True)
    sys.exit(code)


@verbs.command()
@click.option("--plan", default="", help="Only this plan.")
@click.option("--year", default="", help="Only this year.")
@click.option("--expect", default="", metavar="ID", help="Only ids that begin so.")
@click.option("--rebuild", is_flag=True, help="Make the register again from the bags beside it.")
@click.option("--withdraw", metavar="REASON", help="Register why the evidence counts no more.")
@click.option("--by", default="", metavar="ID", help="The evidence that takes its place.")
def register(
    plan: str, year: str, expect: str, rebuild: bool, withdraw: str | None, by: str
) -> None:
    """List what evidence was registered, where it lies, what became of it."""
    from .archive import shelf
    from .archive.verify import Unsafe

    expect, by = expect.strip().lower(), by.strip().lower()
    if withdraw is not None and not (expect and withdraw.strip()):
        raise click.UsageError("what is withdrawn needs EXPECT= (its id) and REASON=")
    try:
        if rebuild:
            click.echo(f"已由证据包恢复登记簿，共 {shelf.rebuild(_register())} 条")
        if withdraw is not None:
            shelf.withdraw(_register(), expect, withdraw, today(), by)
        listed = shelf.entries(_register(), plan, year, expect)
    except (Unsafe, shelf.CannotRebuild, shelf.NotFound) as error:
        _leave(error, BAD_INPUT)
    click.echo("\n".join(map(str, listed)) or "没有登记")


@verbs.command()
@click.argument("bag", type=FILE)
def sheet(bag: Path) -> None:
    """Print the list of evidence (证据清单) of a BAG; register the papers made from its page."""
    from . import handout, request
    from .archive import sheet as sheets, shelf, verify as verifier
    from .intake import plan as plans

    processed = request.processed(plans.home())
    try:
        listed, made = sheets.handed_out(bag, _register(), processed, handout.papers, today())
    except (verifier.Unsafe, shelf.NotFound, sheets.CannotList) as error:
        _leave(error, BAD_INPUT)
    if not made:
        click.echo("这里的评估报告不是归档的那一份：没有登记交出件", err=True)
    click.echo(f"open {shown(handout.evidence_list(listed, bag.with_suffix('.sheet.html')))}")


@verbs.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check an evidence bag: BAG [--expect ID] [--register REGISTER.csv] [--json]; exit codes as of
    verify.py."""
    from .archive import verify as verifier

    sys.exit(verifier.main(list(arguments)))


@verbs.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def replay(arguments: tuple[str, ...]) -> None:
    """Run an evidence bag again: BAG and --expect ID or --register REGISTER.csv (or --unverified),
    [--wheels FOLDER] [--current] [--jobs N] [--json]; exit 0 the same, 4 different."""
    from .archive import replay as replays

    sys.exit(replays.main(list(arguments)))


@verbs.command()
@click.argument("names", nargs=-1, metavar="[A B ...]")
@click.option(
    "--plan",
    help="In place of editions: the plan's base and all its scenarios, computed now, nothing "
    "executed.",
)
@click.option("--year", type=int, help="With --plan: the year (default: the plan's own).")
@click.option("--known-by", default="", help="With --plan: only what was published by this date.")
@click.option(
    "--csv",
    "table",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the differences between A and B as a table.",
)
@click.option(
    "--report-lang",
    help="With --plan: the language to tell it in, zh or en. Editions are told in that of the "
    "first.",
)
def compare(
    names: tuple[str, ...],
    plan: str | None,
    year: int | None,
    known_by: str,
    table: Path | None,
    report_lang: str | None,
) -> None:
    """What is different between A and B: editions (national-145/2023, national-145/2025+prudent),
    their folders, or evidence bags.

    A and all others stand side by side in data/processed/compare.html and compare.csv.
    """
    from . import editions, request
    from .intake import plan as plans

    if bool(plan) == bool(names) or len(names) == 1 or (table and plan):
        raise click.UsageError(
            "name two editions or more (make compare A=… B=…), or one plan whose scenarios to "
            "compare (make compare PLAN=…)"
        )
    if report_lang and names:
        raise click.UsageError(
            "editions are told in the language of the first; leave --report-lang out"
        )
    if plan:
        page, told = editions.compared_scenarios(
            plan, year, known_by, request.processed(plans.home()), report_lang or "zh"
        )
        click.echo("\n".join([*told, f"open {shown(page)}"]))
        return
    records = _differences(names, table)
    click.echo(f"open {shown(editions.compared(records, request.processed(plans.home())))}")


def _differences(names: tuple[str, ...], table: Path | None) -> dict[str, dict[str, dict]]:
    """Say where each edition differs from the first, write the second's differences as a `table`;
    the records of all, by edition and notebook."""
    from .archive.compare import as_csv, compare, in_words
    from .archive.contents import NotComparable, contents_of

    try:
        first, *others = [contents_of(_place_of(name)) for name in names]
    except NotComparable as error:
        _leave(error, BAD_INPUT)
    for other in others:
        differences = compare(first, other)
        if table and other is others[0]:
            table.write_text(as_csv(differences), "utf-8", newline="\n")
        click.echo(in_words(first, other, differences))
    return {edition.name: edition.records for edition in (first, *others)}


def _handed_out(kind: str, does: str) -> None:
    """The verbs that make something to hand out of an edition that is there."""

    @verbs.command(kind, help=does)
    @click.option("--plan", help="A folder of params/ (default: every plan).")
    @click.option("--year", type=int, help="Assessment year (default: the plan's own).")
    @click.option(
        "--known-by", default="", help="Only what was published by this date (2024-03-31)."
    )
    @LANGUAGE
    def verb(plan: str | None, year: int | None, known_by: str, report_lang: str) -> None:
        from . import handout, request
        from .intake import plan as plans

        if plan is None and year is not None:
            raise click.UsageError(f"a year needs a plan: add --plan (make {kind} PLAN=… YEAR=…)")
        for name in [plan] if plan else plans.available():
            try:
                made = handout.make(kind, request.of(name, year, known_by, language=report_lang))
            except handout.NOT_POSSIBLE as error:
                _leave(error, FAILED, error)
            for path in made:
                click.echo(shown(path))


for kind, does in (
    ("pdf", "Print the assessment to PDF."),
    ("docx", "The assessment as a Word document."),
    ("brief", "One A4 page for the head of office."),
):
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
                bad.append(
                    f"{cases}:1: there is no column method; the first line must name the columns"
                )
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


@verbs.command("open")
@click.argument("plan")
@click.argument("indicator")
@click.option("--year", type=int, help="Assessment year (default: the plan's own).")
@click.option("--known-by", default="", help="Only what was published by this date.")
@click.option("--scenario", default="", help="A scenario of the plan.")
def open_(plan: str, indicator: str, year: int | None, known_by: str, scenario: str) -> None:
    """Prepare an indicator's notebook with an edition's parameters filled in, not executed, and
    print its path."""
    from . import edition, request
    from .intake import plan as plans

    one = request.of(plan, year, known_by, scenario=scenario)
    plans.indicator(one.plan, indicator)
    click.echo(shown(edition.prepared(one, indicator)))


@verbs.command()
def models() -> None:
    """Print the names a model may have in run.yml and scenarios, one's own included."""
    from .measure import forecast

    click.echo("\n".join(forecast.NAMES))


@verbs.command()
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


def _place_of(name: str) -> Path:
    """Where an edition or a bag lies: a path, or <plan>/<edition> as under data/processed."""
    from . import request
    from .intake import plan as plans

    paths = (Path(name), request.processed(plans.home()) / name)
    found = next((path for path in paths if path.exists()), None)
    if found is None:
        raise click.UsageError(
            f"there is no {name}; give an edition (national-145/2023), its folder or a bag"
        )
    return found


def _register() -> Path:
    from .intake import plan as plans

    return plans.home() / "evidence" / "REGISTER.csv"


def main() -> None:
    """Run a verb; an error is one sentence and an exit code, a traceback only with --debug."""
    try:
        verbs(prog_name="helpers", standalone_mode=False)
    except Refused as error:
        _leave(error, BAD_INPUT)
    except (Unknown, click.UsageError) as error:
        _leave(
            error.format_message() if isinstance(error, click.UsageError) else error, USED_WRONGLY
        )
    except (KeyboardInterrupt, click.exceptions.Abort) as error:
        _leave("stopped; the previous edition was left as it is", FAILED, error)
    except Exception as error:  # the boundary of the program: anything else failed while running
        reason = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError) and error.errno in NO_WRITING:
            where = shown(Path(error.filename)) if error.filename else "the disk"
            reason = f"{where}: {error.strerror}; make it writable or make room, then run again"
        _leave(reason, FAILED, error)


def _leave(message: object, code: int, error: BaseException | None = None) -> None:
    if error is not None and "--debug" in sys.argv:
        raise error
    click.echo(str(message), err=True)
    sys.exit(code)
