"""What would have been said of the national plans in each earlier year: writes
src/helpers/measure/hindcasts.csv.

    python benchmarks/hindcast.py

An evaluation of year Y made at the end of Y + 1: only what was published by then. Beside it the
final word of today's data.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import astuple, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from helpers.intake import observations, plan as plans  # noqa: E402
from helpers.measure import backtest, verdict  # noqa: E402

PLANS = ("national-135", "national-145")


def hindcasts() -> list[backtest.Hindcast]:
    """Every indicator of the national plans in every year before the target year, in the plans'
    order."""
    found = []
    for name in PLANS:
        plan = plans.load(name, ROOT)
        received, last = observations.receive(plan), plan.target_year
        final = observations.all_taken(plan, received, last)
        for facts in plans.indicators(plan):
            word = verdict.assess(plan, facts, final, last).final
            for year in range(plan.period.start, last):
                points = observations.all_taken(plan, received, year, f"{year + 1}-12-31")
                said = verdict.assess(plan, facts, points, year)
                p = None if said.p_met is None else float(f"{said.p_met:.4f}")
                found.append(
                    backtest.Hindcast(
                        name,
                        facts.id,
                        facts.name_zh,
                        year,
                        said.data_year,
                        said.forecast.n,
                        said.status,
                        p,
                        said.outlook,
                        word,
                    )
                )
    return found


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
