"""Two verbs that write, at once, in every pair, one of them killed: is all there still whole?

    python benchmarks/pairs.py [--times 3] [--seed 1]

A fictional plan in a repository of its own, with an edition and a bag. Of each pair one is killed
after a random time, the other goes on; afterwards the register must be readable and every bag
beside it intact with it, the tables must begin with what was in them, the edition must be whole,
and nobody may have shown a traceback. After each pair the edition is assessed again, undisturbed.
Prints a line a pair, exits 3 where anything else was found.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from helpers import edition
from helpers.archive import verify

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from conftest import Toy  # noqa: E402

PARTS = ("notebooks", "src", "requirements.lock", "requirements-runtime.lock", "Makefile")
ALSO = ("pyproject.toml", "tools", "LICENSE", "params/archive.yml", "params/README.md")
FORM = "plan,indicator_id,area,year,value,unit,status,source,published,bound\n"
LONGEST = 12.0  # seconds after which a kill is late for every verb
REFUSED = (0, 1, 2, 3, 4)


class House:
    """The repository, its verbs, and what must be true of it whatever happens."""

    def __init__(self, root: Path):
        self.root, self.toy, self.number = root, Toy(root), 0
        for part in (*PARTS, *ALSO):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, root / part)
        for name in ("params/example", "data/raw/example"):
            shutil.copytree(ROOT / name, root / name)
        (root / ".gitignore").write_text("data/processed\nevidence\n")
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a state")
        self.run("assess", "--plan", "toy", "--year", "2023")
        self.run("archive", "--plan", "toy")
        self.tables = self.read()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(self.root), *who, *arguments], check=True)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "helpers", *arguments],
            cwd=self.root,
            env={**os.environ, "ASSESSMENT_ROOT": str(self.root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> None:
        started = self.start(*arguments)
        said = started.communicate()[1]
        assert started.returncode == 0, said

    def form(self) -> str:
        """A revision of one figure, on a day of its own."""
        self.number += 1
        day = f"2024-{self.number // 28 % 12 + 1:02}-{self.number % 28 + 1:02}"
        path = self.root / f"form{self.number}.csv"
        source = self.toy["observations.csv"].read_text("utf-8").splitlines()[1].split(",")[7]
        path.write_text(FORM + f"toy,patents,town,2022,130,件,final,{source},{day},=\n", "utf-8")
        return str(path)

    def verbs(self) -> dict[str, tuple[str, ...]]:
        known = verify.read_register((self.root / "evidence/REGISTER.csv").read_bytes())
        return {
            "assess": ("assess", "--plan", "toy", "--year", "2023", "--force"),
            "import": ("import", "--plan", "toy", "--yes", self.form()),
            "archive": ("archive", "--plan", "toy"),
            "withdraw": ("register", "--expect", known[0]["evidence_id"], "--withdraw", "x"),
            "docx": ("docx", "--plan", "toy", "--year", "2023"),
            "monitor": ("monitor", "--plan", "example"),
        }

    def read(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.toy.plan.raw.glob("*.csv"))}

    def faults(self) -> list[str]:
        found = []
        register = self.root / "evidence/REGISTER.csv"
        for bag in sorted(register.parent.glob("[!.]*.zip")):
            report = verify.verify(bag, "", register)
            found += [f"{bag.name}: {what}" for _, what in report.problems]
        for name, before in self.tables.items():
            if not self.read()[name].startswith(before):
                found.append(f"{name} is not what it was, continued")
        folder = self.root / "data/processed/toy/2023"
        if folder.is_dir():
            run = json.loads((folder / edition.RUN_FILE).read_text("utf-8"))
            for name, digest in run["made"].items():
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                    found.append(f"{name} is not of this edition")
        elif not folder.with_name(".2023.old").is_dir():
            found.append("the edition is gone")
        return found

    def again(self) -> None:
        """The raw data as committed, and the edition made of it."""
        self.git("checkout", "-q", "--", "data/raw")
        self.tables = self.read()
        for path in self.root.glob("form*.csv"):
            path.unlink()
        self.run("assess", "--plan", "toy", "--year", "2023")


def tried(house: House, one: str, other: str, chance: random.Random) -> str:
    """What was found after `one` and `other` at once, `one` killed."""
    asked = house.verbs()
    first = house.start(*asked[one])
    second = house.start(*(house.verbs() if one == other else asked)[other])
    time.sleep(chance.uniform(0, LONGEST))
    first.kill()
    said = [first.communicate()[1], second.communicate()[1]]
    faults = house.faults()
    faults += ["a traceback" for text in said if "Traceback" in text]
    faults += [f"{other} ended with {second.returncode}"] * (second.returncode not in REFUSED)
    house.again()
    faults += house.faults()
    killed = "killed" if first.returncode < 0 else "too late"
    return f"{killed}: {'; '.join(faults) or 'whole'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, counts = random.Random(asked.seed), Counter()
    with tempfile.TemporaryDirectory(prefix="pairs-", ignore_cleanup_errors=True) as folder:
        house = House(Path(folder) / "house")
        for _ in range(asked.times):
            for one, other in itertools.product(house.verbs(), repeat=2):
                answer = tried(house, one, other, chance)
                counts[answer.partition(":")[0], answer.endswith(": whole")] += 1
                print(f"{sum(counts.values()):4} {one} + {other}: {answer}", flush=True)
    pairs, whole = sum(counts.values()), sum(n for (_, ok), n in counts.items() if ok)
    killed = sum(n for (how, _), n in counts.items() if how == "killed")
    print(f"{pairs} pairs, {killed} killed in time, {pairs - whole} with a fault")
    sys.exit(3 if whole < pairs else 0)


if __name__ == "__main__":
    main()
