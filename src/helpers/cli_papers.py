"""The verbs on editions that are there: compare them, make of them what is handed out."""

from __future__ import annotations

from pathlib import Path

import click

from .console import BAD_INPUT, FAILED, KNOWN_BY, LANGUAGE, PLAN, YEAR, leave, shown


@click.command()
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
    from . import comparisons, request
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
        page, told = comparisons.compared_scenarios(
            plan, year, known_by, request.processed(plans.home()), report_lang or "zh"
        )
        click.echo("\n".join([*told, f"open {shown(page)}"]))
        return
    records = _differences(names, table)
    click.echo(f"open {shown(comparisons.compared(records, request.processed(plans.home())))}")


def _differences(names: tuple[str, ...], table: Path | None) -> dict[str, dict[str, dict]]:
    """Say where each edition differs from the first, write the second's differences as a `table`;
    the records of all, by edition and notebook."""
    from .archive.compare import as_csv, compare, in_words
    from .archive.contents import NotComparable, contents_of

    try:
        first, *others = [contents_of(_place_of(name)) for name in names]
    except NotComparable as error:
        leave(error, BAD_INPUT)
    for other in others:
        differences = compare(first, other)
        if table and other is others[0]:
            table.write_text(as_csv(differences), "utf-8-sig", newline="\n")
        click.echo(in_words(first, other, differences))
    return {edition.name: edition.records for edition in (first, *others)}


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


def _handed_out(kind: str, does: str) -> click.Command:
    """The verb that makes something to hand out of an edition that is there."""

    @click.command(kind, help=does)
    @PLAN
    @YEAR
    @KNOWN_BY
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
                leave(error, FAILED, error)
            for path in made:
                click.echo(shown(path))

    return verb


PAPERS = {
    "pdf": "Print the assessment to PDF.",
    "docx": "The assessment as a Word document.",
    "brief": "One A4 page for the head of office.",
}
VERBS = (compare, *(_handed_out(kind, does) for kind, does in PAPERS.items()))
