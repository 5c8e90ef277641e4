"""The verbs about what comes in: check it, ask for it, read it back, make a plan of it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import click

from . import atomic
from .console import BAD_INPUT, DONE, FAILED, FILE, KNOWN_BY, ONE_PLAN, shown, today, told
from .intake.facts import Plan
from .intake.finding import Refused


@click.command()
@click.option(
    "--plan", help="A folder of params/ (default: the plan the FILE belongs to, or every plan)."
)
@click.option(
    "--params",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A plan's folder of parameters that lies elsewhere.",
)
@click.argument("target", required=False)
def check(plan: str | None, params: Path | None, target: str | None) -> None:
    """Check all inputs of a plan, or one FILE: a CSV table, a YAML file of parameters, an executed
    notebook.

    A FILE of params/ or data/raw/ is checked with its whole plan, any other by itself.
    """
    from . import judged, request
    from .intake import door, judgement as drafts, plan as plans, scenario as scenarios

    # a table becomes millions of small objects and no cycle; looking for cycles took a quarter of
    # the time
    gc.disable()
    path = Path(target) if target else None
    inside = (
        door.plan_of(path) if path and not plan and not params and path.suffix != ".ipynb" else ""
    )
    if path and inside and path.name.endswith(drafts.DRAFT):  # no part of its plan yet
        plan, inside = inside, ""
    if path and path.is_file() and not inside:
        facts = door.plan_in(params, plan) if params else plans.load(plan) if plan else None
        sys.exit(told(door.check(path, facts), f"{path.name}：合格"))
    if path and not inside and (path.suffix or path.exists()):
        raise click.UsageError(f"there is no file {target}")
    codes = []
    for name in (
        [params] if params else [plan or inside or target] if plan or target else plans.available()
    ):
        try:
            facts = door.plan_in(params, plan) if params else plans.load(str(name))
            received, warnings = door.check_plan(facts)
            for one in (
                facts,
                *(scenarios.under(facts, scenario) for scenario in scenarios.available(facts)),
            ):
                request.check_choices(one)
            unanswered = list(judged.check(facts, plans.choices(facts).year))
        except Refused as refused:
            codes.append(told(refused.findings, ""))
            continue
        counts = (
            f"{len(facts.indicators)} 项指标，{len(received.observations)} 条观测，"
            f"{len(received.context)} 条参考数据，{len(received.sources)} 个来源"
        )
        codes.append(told([*warnings, *unanswered], f"{facts.id}：{counts}，合格"))
    sys.exit(max(codes))


@click.command()
@ONE_PLAN
@click.option("--all", "every", is_flag=True, help="Print every sentence with what stands for it.")
def coverage(plan: str, every: bool) -> None:
    """Go through every sentence of a plan's text: a promise or indicator, a direction, or
    uncovered."""
    from .intake import plan as plans, sentences

    found = sentences.coverage(plans.load(plan))
    uncovered = [sentence for sentence in found if sentence.kind == "uncovered"]
    for sentence in found if every else uncovered:
        click.echo(str(sentence))
    click.echo(f"{plan}：{sentences.summary(found)}")
    sys.exit(BAD_INPUT if uncovered else DONE)


@click.command()
@ONE_PLAN
@click.option("--year", type=int, help="The last year to ask for (default: the plan's own).")
@click.option("--area", help="An area of the plan (default: the whole).")
@click.option("--office", default="", help="An office: only its promises (default: all).")
@click.option(
    "--file",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write (default: <plan>-<year>.xlsx here).",
)
def template(
    plan: str, year: int | None, area: str | None, office: str, target: Path | None
) -> None:
    """Write the Excel form in which offices supply a plan's figures."""
    from .intake import plan as plans, workbook

    facts = plans.load(plan)
    year = plans.year_of(facts, year)
    place = plans.area_of(facts, area)
    target = target or Path(f"{plan}-{year}{f'-{place.id}' if area else ''}.xlsx")
    content = workbook.template(facts, year, place, office)
    if target.exists() and target.read_bytes() != content:
        raise click.UsageError(
            f"{target} is there already and may be filled in; name another file with --file "
            "(make template FILE=…)"
        )
    atomic.write(target, content)
    click.echo(f"open {shown(target)}")


@click.command("import")
@click.argument("target", type=click.Path(exists=True, path_type=Path))
@ONE_PLAN
@click.option(
    "--yes",
    is_flag=True,
    help="Write without asking; without it, and without a terminal to ask on, nothing is written.",
)
@click.option("--year", type=int, help="The edition a .docx is of (default: the plan's own).")
def import_(target: Path, plan: str, yes: bool, year: int | None) -> None:
    """Read a filled form (xlsx, or CSV of the columns of observations.csv), or a folder of several
    offices' forms, show what it changes, append it to the plan's tables; of an assessment edited in
    Word (docx) take over the evaluator's sentences, of a judgement's workbook all of it."""
    from .intake import addition, judgement_book, merged, plan as plans

    if target.suffix.lower() == ".docx" or judgement_book.is_one(target):
        _import_judgement(target, plans.load(plan), year, yes=yes)
        return
    try:
        read = merged.prepare if target.is_dir() else addition.prepare
        change = read(target, plans.load(plan))
    except Refused as refused:
        sys.exit(told(refused.findings, ""))
    told(change.warnings, f"{change}\n{target.name}：{change.counted}".lstrip())
    if not change.tables:
        click.echo("没有要写入的")
    elif yes or (sys.stdin.isatty() and click.confirm("写入？")):
        addition.add(change)
        tables = [path for path in change.tables if path.suffix == ".csv"]
        click.echo(f"已写入 {'、'.join(map(shown, tables))}")
    else:
        click.echo("没有写入；确认无误后加 --yes（make import … YES=1）")


def _import_judgement(target: Path, plan: Plan, year: int | None, *, yes: bool) -> None:
    from . import returned

    try:
        back = returned.prepare(target, plan, year)
    except Refused as refused:
        sys.exit(told(refused.findings, ""))
    for each in back.rewritten:
        click.echo(str(each))
    if not back.rewritten:
        click.echo("没有要写入的")
    elif yes or (sys.stdin.isatty() and click.confirm("写入？")):
        returned.write(back)
        click.echo(f"已写入 {shown(back.path)}；请重新 make assess")
    else:
        click.echo("没有写入；确认无误后加 --yes（make import … YES=1）")


@click.command()
@ONE_PLAN
def snapshot(plan: str) -> None:
    """Keep a copy of every source that has an address, no copy, and may be copied."""
    from .intake import plan as plans, snapshot as snapshots

    loaded, failed = plans.load(plan), 0
    for one in snapshots.take(loaded, snapshots.wanted(loaded), today()):
        failed += bool(one.problem)
        click.echo(f"{one.source.id}：{one.problem or '已存 ' + one.file}", err=bool(one.problem))
    sys.exit(FAILED if failed else DONE)


@click.command("new-plan")
@click.argument("plan_id", metavar="ID")
@click.option(
    "--file",
    "target",
    type=FILE,
    help="The filled workbook (default: ask for everything here).",
)
@click.option(
    "--form",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Only write the empty workbook, to be filled in.",
)
@click.option("--from", "before", default="", help="The plan it follows: what stays, what changes.")
def new_plan(plan_id: str, target: Path | None, form: Path | None, before: str) -> None:
    """Make a plan: parameters and empty data, checked, from a workbook or from answers."""
    from .intake import bridge, new_plan as making, plan as plans, plan_book

    old = plans.load(before) if before else None

    if form:
        if form.exists():
            raise click.UsageError(
                f"{form} is there already and may be filled in; name another file"
            )
        form.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(form, bridge.form(old) if old else plan_book.form())
        click.echo(f"open {shown(form)}")
        return
    if not target and (old or not sys.stdin.isatty()):
        raise click.UsageError(
            "nobody to ask; write an empty workbook with --form, fill it in, and give it with "
            "--file"
        )
    try:
        if old and target:
            made, doubts = bridge.make(plan_id, target, old)
        else:
            described = plan_book.read(target) if target else _asked()
            made, doubts = making.make(plan_id, *described)
    except Refused as refused:
        sys.exit(told(refused.findings, ""))
    told(
        doubts,
        f"{plan_id}：{len(plans.load(plan_id).indicators)} 项指标，{shown(made)}，"
        f"{shown(plans.home() / 'data' / 'raw' / plan_id)}，合格",
    )


def _asked() -> tuple:
    """The plan and its indicators, field by field; an empty code ends the list."""
    from .intake import form_columns
    from .intake.plan_book import Row

    def ask(fields: dict[str, str], first: str = "") -> dict[str, str]:
        return {
            name: click.prompt(f"{name}（{says}）", default="", show_default=False).strip()
            for name, says in fields.items()
            if name != first
        }

    plan, indicators = Row(ask(form_columns.PLAN_FIELDS), "规划"), list[Row]()
    while name := click.prompt(
        f"第 {len(indicators) + 1} 项指标的代码（空为结束）", default="", show_default=False
    ).strip():
        indicators.append(
            Row({"代码": name, **ask(form_columns.INDICATOR_FIELDS, "代码")}, f"指标 {name}")
        )
    return plan, indicators


@click.command()
@ONE_PLAN
@click.option("--year", type=int, help="The year to judge (default: the plan's own).")
@KNOWN_BY
@click.option(
    "--file",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write (default: judgement/<year>.draft.yml of the plan).",
)
def judgement(plan: str, year: int | None, known_by: str, target: Path | None) -> None:
    """Draft the evaluator's judgement of a year: facts filled in, judgement left to a person. A
    FILE ending in .xlsx is a workbook, of what is written already where the year is judged."""
    from . import judged
    from .intake import plan as plans

    facts = plans.load(plan)
    year = plans.year_of(facts, year)
    path = judged.path_of_draft(facts, year, target)
    if path.exists():
        raise click.UsageError(
            f"{shown(path)} is there already and may be filled in; name another file with --file "
            "(make judgement FILE=…)"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path, judged.to_be_filled(facts, year, known_by, path.suffix.lower()))
    click.echo(f"open {shown(path)}")


@click.command()
@ONE_PLAN
def protocol(plan: str) -> None:
    """Seal the plan's questions, targets, rule, thresholds and sources of data, before the data."""
    from .intake import plan as plans, protocol as protocols
    from .show import protocol_record

    facts = plans.load(plan)
    protocols.refuse_sealed(facts)
    drawn = protocols.drawn_up(facts, today(), protocol_record.THRESHOLDS)
    atomic.write(protocols.path_of(facts), protocols.text(drawn).encode())
    click.echo(f"open {shown(protocols.path_of(facts))}")


VERBS = (check, judgement, protocol, coverage, template, import_, snapshot, new_plan)
