"""The verb about many plans at once."""

from __future__ import annotations

from pathlib import Path

import click

from .console import FILE, shown


@click.command()
@click.option("--plans", required=True, help="A pattern of folders, 'params/county-*'.")
@click.option("--year", type=int, help="Assessment year (default: the latest that was assessed).")
@click.option("--known-by", default="", help="The cut-off the editions were made with.")
@click.option("--report-lang", default="zh", show_default=True, help="Language: zh, en.")
@click.option(
    "--file", type=FILE, help="What is declared: 前列, weights, a map (params/README.md)."
)
def overview(
    plans: str, year: int | None, known_by: str, report_lang: str, file: Path | None
) -> None:
    """Lay the editions of many plans side by side: places with their intervals, who moved, who has
    not reported."""
    from . import edition, overviews, request
    from .run.pool import workers
    from .run.progress import Progress

    if report_lang not in request.LANGUAGES:
        raise click.UsageError(f"--report-lang is one of {', '.join(request.LANGUAGES)}")
    asked = overviews.of(plans, year, known_by, report_lang)
    with workers(1, warm=edition.WARM) as pool, Progress("overview") as progress:

        def run(job, folder, environment):
            return pool.run([job], folder, environment, progress)[0]

        made = overviews.make(asked, file, run)
    for line in overviews.told(made):
        click.echo(line)
    click.echo(f"open {shown(made.folder / overviews.PAGE)}")


VERBS = (overview,)
