"""Two measurements of the door: does any damaged file get through wrongly, and what does a large
table cost, whole and with a wrong figure in every thousand?

    python benchmarks/door.py [MUTATIONS [ROWS]]

Default: 10,000 mutations, 1,000,000 rows; fictional figures.

Good files of the example plan (tables, parameters, committed notebooks) are damaged at random,
always the same way. Each must be judged without an error and within a second; where a damaged table
is taken, each figure must be what a plain reader of CSV finds in the cell, in the unit and within
the limits of its indicator. What is told of a table must be the same where its plain series are
cleared at once, as those of a large one are.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from helpers.intake import cleared, contract, door, observations, plan as plans
from helpers.intake.facts import Area
from helpers.intake.finding import Finding

ROOT = Path(__file__).resolve().parents[1]

PLAN = plans.load("example", ROOT)
FACTS = {facts.id: facts for facts in plans.indicators(PLAN)}
SOURCES = observations.sources(PLAN)
PIECES = [
    "\u200b",
    "\u202e",
    "\ufeff",
    "，",
    "１",
    "−",
    '"',
    "\r",
    "\n",
    ",",
    ";",
    "&a ",
    "*a",
    "!!python/x ",
    "- ",
    "{",
    "[",
    "<script>",
    "e9",
    ".",
]


def mutated(good: bytes, chance: random.Random) -> bytes:
    """`good` with one to five places changed: a byte, a hole, a repetition, a piece that does not
    belong there."""
    content = bytearray(good)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(content) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(content):
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.choice((1, 1, 10, 200))]
        elif kind == 2:
            content[at:at] = bytes([chance.randrange(256)]) * chance.choice((1, 1, 50))
        elif kind == 3:
            start = chance.randrange(len(content) + 1)
            content[at:at] = content[start : start + 40]
        else:
            content[at:at] = chance.choice(PIECES).encode()
    return bytes(content)


def keeps_the_contract(path: Path) -> bool:
    """True where every figure taken from the table is what stands in its cell and what its
    indicator allows."""
    rows = list(contract.observation_rows(PLAN, path, path.name, FACTS, SOURCES, []))
    with open(path, encoding="utf-8-sig", newline="") as file:
        typed = [row for row in csv.DictReader(file) if any(row.values())]
    for row, cells in zip(rows, typed, strict=True):
        facts = FACTS[row.indicator_id]
        if (row.indicator_id, str(row.year), row.unit) != (
            cells["indicator_id"],
            cells["year"],
            facts.unit,
        ) or row.year > PLAN.period.end:
            return False
        if row.value is not None and (
            row.value != float(cells["value"])
            or (facts.lower is not None and row.value < facts.lower)
            or (facts.upper is not None and row.value > facts.upper)
        ):
            return False
    return True


def mutations(count: int) -> None:
    files = [
        PLAN.raw / "observations.csv",
        PLAN.raw / "sources.csv",
        *sorted(PLAN.params.rglob("*.yml")),
        *sorted((ROOT / "notebooks").glob("*.ipynb")),
    ]
    chance, told, worst = random.Random(0), Counter(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "indicators").mkdir()
        for _ in range(count):
            good = chance.choice(files[:2] * 10 + files[2:])
            path = (
                Path(folder)
                / ("indicators" if good.parent.name == "indicators" else "")
                / good.name
            )
            path.write_bytes(mutated(good.read_bytes(), chance))
            started = time.process_time()
            findings = door.check(path, PLAN)
            worst = max(worst, time.process_time() - started)
            refused = any(not finding.warning for finding in findings)
            told[
                good.suffix,
                "refused" if refused else "taken with a warning" if findings else "taken",
            ] += 1
            if good.name == "observations.csv":
                if not refused and not keeps_the_contract(path):
                    sys.exit(f"taken against the contract: {path.read_bytes()!r}")
                if checked_as_large(path) != findings:
                    sys.exit(f"told otherwise of a large table: {path.read_bytes()!r}")
            path.unlink()
    for (suffix, outcome), number in sorted(told.items()):
        print(f"{suffix:7} {outcome:22} {number}")
    print(f"{count} mutations: no error, none taken against the contract, worst {worst:.3f} s")


def checked_as_large(path: Path) -> list[Finding]:
    """What would be told of the table if it were a large one."""
    large, cleared.LARGE = cleared.LARGE, 0
    try:
        return door.check(path, PLAN)
    finally:
        cleared.LARGE = large


def rows(count: int, wrong: int = 0) -> None:
    """Check a table of `count` rows, in which every `wrong`-th value has lost its point."""
    areas = [f"a{k}" for k in range(count // 10 + 1)]
    plan = replace(PLAN, areas=(*PLAN.areas, *(Area(area, area, "part") for area in areas)))
    text, facts = io.StringIO(), FACTS["trademarks_valid"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*contract.OBSERVATIONS, *contract.OBSERVATIONS_OPTIONAL])
    for k in range(count):
        year = 2016 + k % 10
        writer.writerow(
            [
                plan.id,
                facts.id,
                areas[k // 10],
                year,
                (1000 + k % 500) * (10_000 if wrong and k % wrong == 7 else 1),
                facts.unit,
                "final",
                "bulletin_2024",
                "2026-03-01",
                "=",
                f"第{k % 90}页",
                "虚构",
                "",
            ]
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "observations.csv"
        path.write_text(text.getvalue(), "utf-8")
        del text
        started = time.process_time()
        findings = door.check(path, plan)
        what = f"{count} rows" + (f", one wrong in {wrong}" if wrong else "")
        print(
            f"{what}, {path.stat().st_size / 1e6:.0f} MB: "
            f"{time.process_time() - started:.2f} s, peak "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, "
            f"{len(findings)} findings"
        )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    mutations(*given[:1] or [10_000])
    for one_wrong_in in (0, 1000):
        rows(*given[1:2] or [1_000_000], one_wrong_in)
