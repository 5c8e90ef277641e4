"""The verb that rates others' cases by their own rules."""

from __future__ import annotations

import csv
import sys

import click

from .console import BAD_INPUT, DONE


@click.command()
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


VERBS = (rate,)
