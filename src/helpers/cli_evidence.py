"""The verbs on evidence: keep an edition as a bag, list the bags, check one, run it again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .console import BAD_INPUT, DONE, FAILED, FILE, PLAN, YEAR, leave, shown, today
from .intake.finding import Refused

if TYPE_CHECKING:
    from .archive.bag import Archived
    from .request import Edition


@click.command()
@PLAN
@YEAR
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
    from . import request
    from .intake import plan as plans

    if plan is None and year is not None:
        raise click.UsageError("a year needs a plan: add --plan (make archive PLAN=… YEAR=…)")
    if bool(tsa) != bool(tsa_ca):
        raise click.UsageError("an authority needs its certificate: give both TSA= and TSA_CA=")
    code = DONE
    for name in [plan] if plan else plans.available():
        one = request.of(name, year, known_by, scenario=scenario, language=report_lang)
        code = _archived(one, key, sm3, remake, tsa, tsa_ca) or code
    sys.exit(code)


def _archived(
    one: Edition, key: Path | None, sm3: bool, remake: bool, tsa: str | None, tsa_ca: Path | None
) -> int:
    """Keep one edition; what came of it is said, and returned as an exit code."""
    from . import edition, evidence
    from .archive import shelf, stamp
    from .archive.tree import CannotArchive
    from .archive.verify import Unsafe

    label, date = f"{one.plan.id} {one.name}", today()
    try:
        bag = evidence.archive(one, date, key=key, sm3=sm3, remake=remake)
        click.echo(f"{label}：{_kept(bag)}")
        if tsa and tsa_ca:
            token = stamp.stamp(bag.path, bag.evidence_id, tsa, tsa_ca)
            shelf.stamped(_register(), bag.evidence_id, token.read_bytes(), date)
            click.echo(f"时间戳 {shown(token)}")
    except (CannotArchive, Unsafe, Refused, edition.Busy, stamp.NotStamped) as error:
        click.echo(f"{label}: {error}", err=True)
        return FAILED if isinstance(error, (edition.Busy, stamp.NotStamped)) else BAD_INPUT
    return DONE


def _kept(bag: Archived) -> str:
    if not bag.already:
        return (
            f"已归档 {shown(bag.path)}，证据编号 {bag.evidence_id}，"
            f"责任者 {bag.keeper}（params/archive.yml）"
        )
    gone = f"；{shown(bag.path)} 不在这里，请从存放处取回，或加 REMAKE=1 重做"
    there = bag.path.exists()
    return f"早已登记，没有再登记，证据编号 {bag.evidence_id}{'' if there else gone}"


@click.command()
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
        leave(error, BAD_INPUT)
    click.echo("\n".join(map(str, listed)) or "没有登记")


@click.command()
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
        leave(error, BAD_INPUT)
    if not made:
        click.echo("这里的评估报告不是归档的那一份：没有登记交出件", err=True)
    click.echo(f"open {shown(handout.evidence_list(listed, bag.with_suffix('.sheet.html')))}")


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check an evidence bag: BAG [--expect ID] [--register REGISTER.csv] [--json]; exit codes as of
    verify.py."""
    from .archive import verify as verifier

    sys.exit(verifier.main(list(arguments)))


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def replay(arguments: tuple[str, ...]) -> None:
    """Run an evidence bag again: BAG and --expect ID or --register REGISTER.csv (or --unverified),
    [--wheels FOLDER] [--current] [--jobs N] [--json]; exit 0 the same, 4 different."""
    from .archive import replay as replays

    sys.exit(replays.main(list(arguments)))


def _register() -> Path:
    from .intake import plan as plans

    return plans.home() / "evidence" / "REGISTER.csv"


VERBS = (archive, register, sheet, verify, replay)
