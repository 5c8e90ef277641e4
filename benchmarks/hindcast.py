"""What would have been said of the national plans in each earlier year: writes
src/helpers/measure/hindcasts.csv.

    python benchmarks/hindcast.py

An evaluation of year Y made at the end of Y + 1: only what was published by then. Beside it the
final word of today's data.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from pathlib import Path

from helpers.intake import plan as plans
from helpers.measure import assessment, backtest, hindsight

ROOT = Path(__file__).resolve().parents[1]

PLANS = ("national-135", "national-145")


def hindcasts() -> list[backtest.Hindcast]:
    """Every indicator of the national plans in every year before the target year, in the plans'
    order."""
    return [
        _row(name, each.facts, said, each.final)
        for name in PLANS
        for each in hindsight.of_plan(plans.load(name, ROOT))
        for said in each.yearly
    ]


def _row(
    name: str, facts: plans.Indicator, said: assessment.Assessment, final: assessment.Assessment
) -> backtest.Hindcast:
    return backtest.Hindcast(
        name,
        facts.id,
        facts.name_zh,
        said.year,
        said.data_year,
        said.forecast.n,
        said.status,
        None if said.p_met is None else float(f"{said.p_met:.4f}"),
        said.outlook,
        final.final,
    )


def table(rows: list[backtest.Hindcast]) -> str:
    """The rows as CSV, empty where there is nothing."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(field.name for field in fields(backtest.Hindcast))
    writer.writerows(astuple(row) for row in rows)
    return file.getvalue()


if __name__ == "__main__":
    backtest.HINDCASTS.write_text(table(hindcasts()), "utf-8")
    print(backtest.HINDCASTS.read_text("utf-8"), end="")
