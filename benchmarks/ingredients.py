"""Is what is taken over what a full run would make? One ingredient changed at random, then the
edition as it comes of what has changed, then as it comes of nothing: the bytes are compared.

    python benchmarks/ingredients.py [--changes 200] [--seed 1]

A fictional plan in a folder of its own; changes add up. A change that is refused is undone and does
not count. Prints a line a kind of ingredient, exits 3 where a single byte differs.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from helpers import edition, request
from helpers.intake.finding import Refused
from helpers.run.pool import workers
from helpers.run.progress import Progress
from helpers.run.task import Pool

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from conftest import Toy  # noqa: E402


class Quiet(Progress):
    """Says nothing: here the changes are told."""

    def tell(self, *_: object) -> None:
        pass

    def say(self, _text: str) -> None:
        pass


Change = Callable[[Toy, random.Random], None]
FOUND = {True: "same bytes", False: "OTHER BYTES"}


def _table(toy: Toy, name: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(toy[name].read_text("utf-8"), newline=""))
    return header, rows


def _write(toy: Toy, name: str, header: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    toy.write(name, text.getvalue())


def value(toy: Toy, chance: random.Random) -> None:
    """A figure of observations.csv a little higher or lower."""
    header, rows = _table(toy, "observations.csv")
    row = chance.choice([row for row in rows if row[header.index("value")]])
    at = header.index("value")
    step = 1 if "." not in row[at] else 0.1
    row[at] = f"{float(row[at]) + chance.choice((-step, step)):.12g}"
    _write(toy, "observations.csv", header, rows)


def words(name: str, column: str) -> Change:
    """Another word at the end of a cell."""

    def change(toy: Toy, chance: random.Random) -> None:
        header, rows = _table(toy, name)
        if column not in header:
            header.append(column)
            rows = [[*row, ""] for row in rows]
        chance.choice(rows)[header.index(column)] += f"字{chance.randrange(1000)}"
        _write(toy, name, header, rows)

    return change


def row_removed(toy: Toy, chance: random.Random) -> None:
    header, rows = _table(toy, "observations.csv")
    if len(rows) > 8:
        del rows[chance.randrange(len(rows))]
    _write(toy, "observations.csv", header, rows)


def row_doubled_as_vintage(toy: Toy, chance: random.Random) -> None:
    """A figure published again, on another day."""
    header, rows = _table(toy, "observations.csv")
    row = list(chance.choice(rows))
    row[header.index("published")] = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    _write(toy, "observations.csv", header, [*rows, row])


def line_of(pattern: str, names: str) -> Change:
    """A word more in a line of a parameter file that matches `pattern`."""

    def change(toy: Toy, chance: random.Random) -> None:
        path = chance.choice(sorted(toy.plan.params.glob(names)))
        text = path.read_text("utf-8")
        found = chance.choice([*re.finditer(pattern, text, re.MULTILINE)])
        more = f"{found[0]}字{chance.randrange(1000)}"
        path.write_text(text[: found.start()] + more + text[found.end() :], "utf-8")

    return change


def target(toy: Toy, chance: random.Random) -> None:
    path = chance.choice(sorted((toy.plan.params / "indicators").glob("*.yml")))
    text = path.read_text("utf-8")
    found = re.search(r"target: \{year: 2025, value: ([\d.]+)", text)
    assert found
    other = f"{float(found[1]) + chance.choice((-1, 1)):g}"
    path.write_text(text[: found.start(1)] + other + text[found.end(1) :], "utf-8")


def choice(toy: Toy, chance: random.Random) -> None:
    """Another rule, model, or width of the intervals in run.yml."""
    path = toy.plan.params / "run.yml"
    text = path.read_text("utf-8")
    name, values = chance.choice(
        (("level", ("0.8", "0.9", "0.7")), ("model", ("pooled", "last", "drift")))
    )
    line = f"{name}: {chance.choice(values)}"
    found = re.search(rf"^{name}: .*$", text, re.MULTILINE)
    text = text.replace(found[0], line) if found else f"{text.rstrip()}\n{line}\n"
    path.write_text(text, "utf-8")


def notebook(toy: Toy, chance: random.Random) -> None:
    """A word in a text cell, or a comment in a code cell, of one of the notebooks."""
    path = chance.choice(sorted((toy.root / "notebooks").glob("[1-4]_*.ipynb")))
    whole = json.loads(path.read_text("utf-8"))
    cells = [
        cell
        for cell in whole["cells"]
        if "".join(cell["source"]) and "parameters" not in cell["metadata"].get("tags", ())
    ]
    cell = chance.choice(cells)
    mark = "#" if cell["cell_type"] == "code" else "字"
    cell["source"] = "".join(cell["source"]) + f"\n{mark} {chance.randrange(1000)}"
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")


CHANGES: dict[str, Change] = {
    "a figure": value,
    "a figure, removed": row_removed,
    "a figure, published again": row_doubled_as_vintage,
    "a note of a figure": words("observations.csv", "note"),
    "a locator of a figure": words("observations.csv", "locator"),
    "a title of a source": words("sources.csv", "title"),
    "a note of a source": words("sources.csv", "note"),
    "a note of evidence": words("commitments.csv", "note"),
    "a note of context": words("context.csv", "note"),
    "a definition": line_of(r"^definition: .*$", "indicators/*.yml"),
    "a name of an indicator": line_of(r"^name_zh: .*$", "indicators/*.yml"),
    "a target": target,
    "a title of the plan": line_of(r"^title: .*$", "plan.yml"),
    "a choice of run.yml": choice,
    "a cell of a notebook": notebook,
}


def state(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != edition.RUN_FILE}


def made(toy: Toy, pool: Pool, force: bool) -> tuple[dict[str, bytes], int]:
    """(the edition's bytes, how many notebooks were executed for it)"""
    one = request.of("toy", 2023, root=toy.root)
    done = edition.make(one, pool, Quiet(""), force=force)
    return state(one.folder), len(done.executed)


def tried(toy: Toy, pool: Pool, change: Change, chance: random.Random) -> tuple[bool, int] | None:
    """(whether the bytes are those of a full run, how many were executed); None where refused."""
    places = [toy.root / name for name in ("params", "data/raw", "notebooks")]
    with tempfile.TemporaryDirectory() as kept:
        for k, place in enumerate(places):
            shutil.copytree(place, Path(kept) / str(k))
        try:
            change(toy, chance)
            taken_over, executed = made(toy, pool, force=False)
        except (Refused, edition.Failed):
            for k, place in enumerate(places):
                shutil.rmtree(place)
                shutil.copytree(Path(kept) / str(k), place)
            return None
    whole, _ = made(toy, pool, force=True)
    return taken_over == whole, executed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, counts, executed = random.Random(asked.seed), Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        toy = Toy(Path(folder))
        shutil.copytree(ROOT / "notebooks", toy.root / "notebooks")
        with workers(2, "fork", warm=edition.WARM) as pool:
            whole = made(toy, pool, force=True)[1]
            while sum(counts.values()) < asked.changes:
                name = chance.choice(list(CHANGES))
                answer = tried(toy, pool, CHANGES[name], chance)
                if answer is not None:
                    counts[name, answer[0]] += 1
                    executed += answer[1]
                    print(f"{sum(counts.values()):4} {name}: {FOUND[answer[0]]}", flush=True)
    for (name, same), times in sorted(counts.items()):
        print(f"{name:28} {times:4} {FOUND[same]}")
    wrong = sum(times for (_, same), times in counts.items() if not same)
    each = executed / asked.changes
    print(
        f"{asked.changes} single changes, {wrong} with other bytes than a full run; "
        f"{each:.1f} of {whole} executed on average"
    )
    sys.exit(3 if wrong else 0)


if __name__ == "__main__":
    main()
