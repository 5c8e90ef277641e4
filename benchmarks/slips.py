"""Which well-formed slips does the door doubt? One slip of an office planted in a table at a time.

    python benchmarks/slips.py [--slips 1000] [--seed 1] [--missed]

The tables are those of the plans that ship, the fictional example last. A slip counts as doubted
where the door says of that figure (indicator, area, year) something it did not say before, as a
refusal or as a warning. What it says of figures of the unspoilt tables are doubts that may be
false: their share is told of published figures, and of all. `--missed` lists what passed.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.intake import contract, door, plan as plans

ROOT = Path(__file__).resolve().parents[1]

Row = dict[str, str]
Slip = Callable[[Row, Sequence[Row], random.Random], bool]  # spoils the row; False: cannot be here
PLANS = ("national-145", "national-135", "example")


def printed(value: float, like: str) -> str:
    """`value` with as many decimals as `like` has."""
    return f"{value:.{len(like.partition('.')[2])}f}"


def times(factor: float) -> Slip:
    def spoil(row: Row, _: Sequence[Row], __: random.Random) -> bool:
        before, exact = row["value"], float(row["value"]) * factor
        whole = row["unit"] in ("件", "家", "个", "项", "人", "人次", "万件") and "." not in before
        row["value"] = f"{exact:.0f}" if whole else f"{exact:.12g}"
        return float(row["value"]) != float(before)

    return spoil


def zero(row: Row, _: Sequence[Row], __: random.Random) -> bool:
    spoilt, row["value"] = float(row["value"]) != 0, "0"
    return spoilt


def of_another(column: str) -> Slip:
    """The value of another indicator, or another area, in the same year."""

    def spoil(row: Row, rows: Sequence[Row], chance: random.Random) -> bool:
        others = [
            one["value"]
            for one in rows
            if one[column] != row[column]
            and one["year"] == row["year"]
            and (column == "indicator_id" or one["indicator_id"] == row["indicator_id"])
            and one["value"] not in ("", row["value"])
        ]
        row["value"] = chance.choice(others or [row["value"]])
        return bool(others)

    return spoil


def near(step: int) -> Slip:
    """The value of the year before or after, of the same series."""

    def spoil(row: Row, rows: Sequence[Row], _: random.Random) -> bool:
        others = [
            one["value"]
            for one in rows
            if (one["indicator_id"], one["area"]) == (row["indicator_id"], row["area"])
            and int(one["year"]) == int(row["year"]) + step
            and one["value"] not in ("", row["value"])
        ]
        row["value"] = others[0] if others else row["value"]
        return bool(others)

    return spoil


def to_date(row: Row, rows: Sequence[Row], _: random.Random) -> bool:
    """The sum of the years so far where the year's own value is due."""
    before = [
        float(one["value"])
        for one in rows
        if (one["indicator_id"], one["area"]) == (row["indicator_id"], row["area"])
        and int(one["year"]) < int(row["year"])
        and one["value"]
    ]
    row["value"] = printed(sum(before) + float(row["value"]), row["value"])
    return bool(before)


def digits_exchanged(row: Row, _: Sequence[Row], chance: random.Random) -> bool:
    """Two neighbouring figures of the number change places."""
    text = row["value"]
    places = [k for k in range(len(text) - 1) if "." not in text[k : k + 2]]
    places = [k for k in places if text[k] != text[k + 1] and (k or text[k + 1] != "0")]
    if not places:
        return False
    k = chance.choice(places)
    row["value"] = text[:k] + text[k + 1] + text[k] + text[k + 2 :]
    return True


def digit_doubled(row: Row, _: Sequence[Row], chance: random.Random) -> bool:
    text = row["value"]
    k = chance.randrange(len(text.partition(".")[0]))
    row["value"] = text[:k] + text[k] + text[k:]
    return text[0] != "0"


def digit_lost(row: Row, _: Sequence[Row], chance: random.Random) -> bool:
    text = row["value"]
    whole = text.partition(".")[0]
    if len(whole) < 2:
        return False
    k = chance.randrange(len(whole))
    row["value"] = (whole[:k] + whole[k + 1 :]).lstrip("0") + text[len(whole) :]
    return row["value"][:1].isdigit()


def over(row: Row, _: Sequence[Row], __: random.Random) -> bool:
    spoilt, row["bound"] = row.get("bound", "=") in ("", "="), ">"
    return spoilt


SLIPS: dict[str, Slip] = {
    "×2": times(2),
    "÷2": times(1 / 2),
    "×5": times(5),
    "÷5": times(1 / 5),
    "×10": times(10),
    "÷10": times(1 / 10),
    "×100": times(100),
    "÷100": times(1 / 100),
    "×1,000": times(1000),
    "×10,000": times(10_000),
    "÷10,000": times(1 / 10_000),
    "zero": zero,
    "another indicator's value": of_another("indicator_id"),
    "another area's value": of_another("area"),
    "the year before's value": near(-1),
    "the year after's value": near(1),
    "the sum to date": to_date,
    "a digit twice": digit_doubled,
    "a digit lost": digit_lost,
    "> for =": over,
}
SMALL: dict[str, Slip] = {"two digits exchanged": digits_exchanged}


class Table:
    """A plan's observations, and what the door says of them."""

    def __init__(self, plan_id: str):
        self.plan = plans.load(plan_id, ROOT)
        with open(self.plan.raw / "observations.csv", encoding="utf-8-sig", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.header = [*contract.OBSERVATIONS, *contract.OBSERVATIONS_OPTIONAL]
        self.good = self.told(self.rows)

    def told(self, rows: Sequence[Row]) -> set[tuple[str, str, int, str]]:
        """(indicator, area, year, problem) of every figure something is said of."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self.header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "observations.csv"
            path.write_text(text.getvalue(), "utf-8")
            (Path(folder) / "sources.csv").write_bytes((self.plan.raw / "sources.csv").read_bytes())
            found = door.check(path, self.plan)
        return {(*self._figure(one, rows), one.problem) for one in found}

    @staticmethod
    def _figure(finding, rows: Sequence[Row]) -> tuple[str, str, int]:
        if finding.about[0] or finding.line < 2:
            return finding.about[0], finding.about[1], finding.about[2] or 0
        row = rows[finding.line - 2]
        return row["indicator_id"], row["area"], int(row["year"])

    def usable(self) -> list[int]:
        latest: dict[tuple, int] = {}
        for k, row in enumerate(self.rows):
            if row["value"] and row["status"] != "target" and not row.get("period"):
                latest[row["indicator_id"], row["area"], row["year"]] = k
        kinds = {one.id: one.kind for one in plans.indicators(self.plan)}
        return [k for k in latest.values() if kinds[self.rows[k]["indicator_id"]] != "binary"]

    def figures(self) -> set[tuple[str, str, int]]:
        rows = [self.rows[k] for k in self.usable()]
        return {(row["indicator_id"], row["area"], int(row["year"])) for row in rows}

    def doubted(self, k: int, rows: Sequence[Row]) -> bool:
        row = self.rows[k]
        figure = row["indicator_id"], row["area"], int(row["year"])
        # a step is told at one of its two ends
        return any(
            one[:2] == figure[:2] and abs(one[2] - figure[2]) <= 1
            for one in self.told(rows) - self.good
        )


def planted(tables: Sequence[Table], slips: dict[str, Slip], count: int, chance: random.Random):
    """(slip, plan, row, doubted) of `count` slips, each kind and figure as likely as another."""
    figures = [(table, k) for table in tables for k in table.usable()]
    done = 0
    while done < count:
        name, (table, k) = chance.choice(list(slips)), chance.choice(figures)
        rows = [dict(row) for row in table.rows]
        if slips[name](rows[k], table.rows, chance):
            done += 1
            yield name, table.plan.id, rows[k], table.doubted(k, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--slips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true")
    asked = parser.parse_args()
    tables, found, tried = [Table(name) for name in PLANS], Counter(), Counter()
    for kinds, count in ((SLIPS, asked.slips), (SMALL, asked.slips // 20)):
        for name, plan, row, doubted in planted(tables, kinds, count, random.Random(asked.seed)):
            tried[name] += 1
            found[name] += doubted
            if asked.missed and not doubted:
                print("missed", name, plan, *list(row.values())[1:6], row.get("bound"))
    for name in (*SLIPS, *SMALL):
        print(f"{name:28} {found[name]:4} of {tried[name]:4}")
    total = sum(found[name] for name in SLIPS), sum(tried[name] for name in SLIPS)
    print(f"doubted: {total[0]} of {total[1]} slips ({total[0] / total[1]:.0%})")
    for whose, some in (
        ("published", [table for table in tables if not table.plan.fictional]),
        ("all", tables),
    ):
        said = sorted(one for table in some for one in table.good if one[:3] in table.figures())
        figures = sum(len(table.figures()) for table in some)
        print(f"doubts of {whose} figures as they are: {len(said)} of {figures}")
    for one in said:
        print("  ", *one)


if __name__ == "__main__":
    main()
