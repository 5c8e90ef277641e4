"""The verbs before a plan and after it: go through a draft, ask what a target's chance is."""

from __future__ import annotations

import sys

import click

from .console import BAD_INPUT, KNOWN_BY, ONE_PLAN, shown, today


@click.command()
@click.argument("target", metavar="PLAN|TEXT")
def lint(target: str) -> None:
    """Go through a draft, a PLAN of params/ or a TEXT (.txt, .md, .docx): what will hurt when it is
    evaluated, why, and what to write instead."""
    from . import drafts

    linted = drafts.of(target)
    for trap in linted.first:
        click.echo(linted.told(trap))
    for line in linted.further:
        click.echo(line)
    click.echo(f"{linted.name}：{linted.summary}")
    for path in drafts.write(linted):
        click.echo(f"open {shown(path)}")


@click.command()
@ONE_PLAN
@click.option("--indicator", help="One indicator (default: all, as a table).")
@click.option("--year", type=int, help="The target's year (default: the plan's own).")
@click.option(
    "--chance",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Ask for the target with this chance, too (with --indicator).",
)
@click.option("--proposed", type=float, help="Ask for the chance of this target, too.")
@KNOWN_BY
@click.option("--model", default="pooled", show_default=True, help="A model, as in run.yml.")
def target(
    plan: str,
    indicator: str | None,
    year: int | None,
    chance: float | None,
    proposed: float | None,
    known_by: str,
    model: str,
) -> None:
    """Tell which target has which chance (0.5, 0.66, 0.8), and what pace each needs."""
    from .intake import plan as plans
    from .measure import forecast, target as measured
    from .show import targets

    if indicator is None and (chance is not None or proposed is not None):
        raise click.UsageError("a chance or a proposed target is asked of one --indicator")
    if model not in forecast.NAMES:
        raise click.UsageError(f"--model is one of {', '.join(forecast.NAMES)}")
    loaded = plans.load(plan)
    points = measured.known(loaded, known_by)
    if indicator is None:
        told = targets.told(loaded, points, year, model)
    else:
        facts = plans.indicator(loaded, indicator)
        told = targets.told_of_one(loaded, facts, points, year, model, chance, proposed)
    click.echo("\n".join(told))


@click.command()
@click.option("--plan", required=True, help="The folder of params/ that is to remember.")
@click.option(
    "--of", "former", required=True, multiple=True, help="A closed plan of its family, any number."
)
def memory(plan: str, former: tuple[str, ...]) -> None:
    """Write memory.yml: where the outcomes of closed plans came in their forecasts, so that the
    next plan's forecasts learn from it."""
    from . import atomic
    from .intake import closed, plan as plans
    from .measure import hindsight

    facts = plans.opened(plans.home() / "params" / plan)  # whatever it remembers so far
    family = [plans.load(name) for name in former]
    outcomes = [each for one in family for each in hindsight.outcomes(one)]
    named = [closed.ClosedPlan(one.id, one.short_title, one.title_en) for one in family]
    found = closed.MemoryFile(tuple(named), tuple(outcomes))
    path = facts.params / "memory.yml"
    atomic.write(path, closed.text(found).encode())
    targets = len({(each.plan, each.indicator) for each in outcomes})
    click.echo(f"{shown(path)}：{targets} 项指标，{len(outcomes)} 次预测的结果")


@click.command()
@ONE_PLAN
@click.option("--known-by", default="", help="The cut-off its last edition was made with.")
def close(plan: str, known_by: str) -> None:
    """Close a plan that has ended: final words, late fulfilments, what never could be judged,
    lessons, sealed with its editions in one evidence bag."""
    from . import closed, edition
    from .archive.tree import CannotArchive
    from .archive.verify import Unsafe
    from .intake.finding import Refused

    last = closed.of(plan, known_by)
    made = closed.make(last)
    click.echo(made.summary)
    click.echo(f"open {shown(made.folder / closed.PAGE)}")
    try:
        kept = closed.seal(last, today())
    except (CannotArchive, Unsafe, Refused, edition.Busy) as error:
        click.echo(f"没有封存：{error}", err=True)
        sys.exit(BAD_INPUT)
    word = "早已登记" if kept.already else "已封存"
    click.echo(f"{word} {shown(kept.path)}，证据编号 {kept.evidence_id}")


VERBS = (lint, target, memory, close)
