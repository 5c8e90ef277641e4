"""The verbs before a plan and after it: go through a draft, ask what a target's chance is."""

from __future__ import annotations

import click

from .console import shown


@click.command()
@click.argument("target", metavar="PLAN|TEXT")
def lint(target: str) -> None:
    """Go through a draft, a PLAN of params/ or a TEXT (.txt, .md, .docx): what will hurt when it is
    evaluated, why, and what to write instead."""
    from . import drafts

    linted = drafts.of(target)
    for trap in linted.traps:
        click.echo(linted.told(trap))
    click.echo(f"{linted.name}：{linted.summary}")
    for path in drafts.write(linted):
        click.echo(f"open {shown(path)}")


VERBS = (lint,)
