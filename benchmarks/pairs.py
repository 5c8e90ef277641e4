"""Two verbs that write, at once, in every pair, the first of them killed: is all there still whole?

    python benchmarks/pairs.py [--times 2] [--minutes 600] [--seed 1] [--only VERB ...]

A fictional plan in a repository of its own, with editions and a bag, new for each pair; both verbs
run in processes forked from one that has the packages loaded. The first is killed at random: after
a time, alone or with all it started, or before one of its own writes, so that no step is missed; a
kill that comes too late is tried again.
Afterwards the register must be readable and every bag intact with it, tables must begin with what
was in them, editions, notebooks, pages and parameter files must be whole, and nobody may have shown
a traceback. Then the killed verb is run again, undisturbed: it must succeed, or say why not, and
nothing may lie about any more. Writes a line a pair, as it goes, to benchmarks/results/pairs.csv,
all pairs once before any twice. Exits 3 where anything else was found.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # what forks has one thread

import argparse
import csv
import hashlib
import itertools
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from helpers import cli, closed, edition
from helpers.archive import verify
from helpers.intake import door, plan as plans, protocol

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from conftest import Toy  # noqa: E402
from test_new_plan import filled_in  # noqa: E402

PROVINCE = "data/raw/example-province"  # of the notebook about many plans
PARTS = ("requirements.lock", "requirements-runtime.lock", "Makefile", "pyproject.toml", "LICENSE")
ALSO = ("tools/setup.sh", "params/archive.yml", "params/README.md", "src/helpers/archive", PROVINCE)
PLANS = ("example", "national-135")
FORM = "plan,indicator_id,area,year,value,unit,status,source,published,bound\n"
TRIES = 8  # until a kill is in time
PATIENCE = 300.0  # seconds after which a verb hangs
TOLD = (0, 1, 2, 3)  # exit codes of ours
WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
LEFT = re.compile(r"\.(tmp|new-plan-|.*\.making-|.*\.old$|.*\.\d+$)|tmp|assessment-|.*\.failed$")
VERBS: dict[str, tuple[str, ...]] = {
    "assess": ("assess", "--plan", "toy", "--year", "2023", "--force"),
    "import": ("import", "--plan", "toy", "--yes", "form.csv"),
    "archive": ("archive", "--plan", "toy", "--year", "2025"),
    "withdraw": ("register", "--expect", "ID", "--withdraw", "x"),
    "docx": ("docx", "--plan", "toy", "--year", "2023"),
    "monitor": ("monitor", "--plan", "example"),
    "new-plan": ("new-plan", "our-plan", "--file", "our-plan.xlsx"),
    "refresh": ("refresh",),
    "close": ("close", "--plan", "toy"),
    "memory": ("memory", "--plan", "toy", "--of", "national-135"),
    "judgement": ("judgement", "--plan", "toy", "--year", "2023"),
    "protocol": ("protocol", "--plan", "toy"),
    "overview": ("overview", "--plans", "params/toy*", "--year", "2023"),
    "lint": ("lint", "toy"),
}


class Verb:
    """One verb in a process forked from this one."""

    def __init__(
        self,
        root: Path,
        name: str,
        *,
        before: int = 0,
        form: int = 1,
        first: Callable[[], None] = lambda: None,
    ):
        self.said, self.counted = root.parent / f"{name}.said", root.parent / f"{name}.writes"
        given = {"form.csv": f"form{form}.csv", "ID": ids(root)[0]}
        arguments = [given.get(each, each) for each in VERBS[name]]
        self.pid, self.code = os.fork(), None
        if not self.pid:
            self._live(root, arguments, before, first)

    def _live(
        self, root: Path, arguments: list[str], before: int, first: Callable[[], None]
    ) -> None:
        """The verb's whole life, after `first`; it kills itself before its `before`-th write."""
        code, writes = 70, 0
        try:
            os.setsid()
            os.chdir(root)
            os.environ |= {"ASSESSMENT_ROOT": str(root), "TMPDIR": str(root.parent / "tmp")}
            tempfile.tempdir = None
            said = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            nothing = os.open(os.devnull, os.O_RDWR)
            for number, file in ((0, nothing), (1, nothing), (2, said)):
                os.dup2(file, number)
            sys.argv = ["helpers", *arguments]
            me = os.getpid()

            def heard(event: str, details: tuple) -> None:
                nonlocal writes
                opened = event == "open" and isinstance(details[2], int) and details[2] & 3
                if (opened or event in WRITES) and os.getpid() == me:
                    writes += 1
                    if writes == before:
                        os.kill(me, signal.SIGKILL)

            first()
            sys.addaudithook(heard)
            cli.main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else bool(leaving.code)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            self.counted.write_text(str(writes))
            os._exit(code)

    def kill(self, *, group: bool) -> None:
        (os.killpg if group else os.kill)(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Its exit code, negative where it was killed; `PATIENCE` is the longest it may take."""
        until = time.monotonic() + PATIENCE
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
            if time.monotonic() > until:
                self.kill(group=True)
            time.sleep(0.01)
        return self.code

    @property
    def text(self) -> str:
        return self.said.read_text("utf-8") if self.said.exists() else ""


def ids(root: Path) -> list[str]:
    path = root / "evidence/REGISTER.csv"
    lines = verify.read_register(path.read_bytes()) if path.exists() else []
    return [line["evidence_id"] for line in lines if not line.get("event")] or [""]


def house(root: Path) -> None:
    """The repository, an edition of two years, a bag."""
    toy = Toy(root)
    for part in (
        *PARTS,
        *ALSO,
        *(f"{each}/{name}" for each in ("params", "data/raw") for name in PLANS),
    ):
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    (root / "src/helpers/publish").mkdir(parents=True)
    shutil.copytree(ROOT / "src/helpers/publish/template", root / "src/helpers/publish/template")
    (root / "notebooks").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, root / "notebooks")
    filled_in(root / "our-plan.xlsx")
    source = toy["observations.csv"].read_text("utf-8").splitlines()[1].split(",")[7]
    for k in (1, 2):  # a revision of one figure, on a day of its own
        row = f"toy,patents,town,2022,13{k},件,final,{source},2024-04-0{k},=\n"
        (root / f"form{k}.csv").write_text(FORM + row, "utf-8")
    (root / ".gitignore").write_text("data/processed\nevidence\n*.csv.lock\n.*.lock\n.cache\n")
    git = ["git", "-C", str(root), "-c", "user.name=T", "-c", "user.email=t@example.org"]
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "a state")):
        subprocess.run([*git, "-c", "commit.gpgsign=false", *arguments], check=True)
    for year in ("2025", "2023"):
        made(root, "assess", ("assess", "--plan", "toy", "--year", year))
    made(root, "archive", ("archive", "--plan", "toy", "--year", "2023"))


def made(root: Path, name: str, arguments: tuple[str, ...]) -> None:
    VERBS["first"] = arguments
    verb = Verb(root, "first")
    assert verb.end() == 0, (name, verb.text)
    del VERBS["first"]


# --- what must be true whatever happened ----------------------------------------------------------


def of_register(root: Path) -> Iterator[str]:
    register = root / "evidence/REGISTER.csv"
    for bag in sorted(register.parent.glob("[!.]*.zip")):
        for _, problem in verify.verify(bag, "", register).problems:
            yield f"{bag.name}: {problem}"
    for line in verify.read_register(register.read_bytes()):
        if not line.get("event") and not [
            *register.parent.glob(f"*{line['evidence_id'][:12]}.zip")
        ]:
            yield f"the bag of {line['evidence_id'][:12]} is gone"


def of_tables(root: Path, before: dict[str, bytes]) -> Iterator[str]:
    for path in (root / "data/raw/toy").glob("*.csv"):
        if not path.read_bytes().startswith(before[path.name]):
            yield f"{path.name} is not what it was, continued"


def of_editions(root: Path) -> Iterator[str]:
    for year in ("2023", "2025"):
        folder = root / "data/processed/toy" / year
        if not folder.is_dir():
            folder = folder.with_name(f".{year}.old")
        if not folder.is_dir():
            yield f"edition {year} is gone"
            continue
        for name, digest in json.loads((folder / edition.RUN_FILE).read_text("utf-8"))[
            "made"
        ].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                yield f"{name} is not of edition {year}"


def of_folders(root: Path) -> Iterator[str]:
    """Monitoring, overview, closing: all the files of one, or none."""
    processed = root / "data/processed"
    for name in ("example/monitor/[!.]*", "overview/[!.]*"):
        for folder in processed.glob(name):
            names = {path.name for path in folder.iterdir()}
            kind = name.partition("/")[0]
            wanted = {"monitor.html", "moves.csv"} if kind == "example" else {"overview.html"}
            if not wanted <= names:
                yield f"{kind} has {sorted(names)}"
    closing = processed / "toy" / closed.FOLDER
    if (closing / closed.RECORD).is_file():
        json.loads((closing / closed.RECORD).read_text("utf-8"))


def of_texts(root: Path) -> Iterator[str]:
    """Every page, notebook and paper ends as it should; the index links what is there."""
    for path in [*(root / "notebooks").glob("*.ipynb"), *(root / ".cache").glob("*.json")]:
        json.loads(path.read_text("utf-8"))
    for path in (root / "data/processed").rglob("[!.]*.html"):
        if not path.read_text("utf-8").rstrip().endswith("</html>"):
            yield f"{path.name} is cut"
    for path in (root / "data/processed").rglob("[!.]*.docx"):
        shutil.unpack_archive(path, root.parent / "unpacked", "zip")


def of_parameters(root: Path) -> Iterator[str]:
    """Every plan there is is read and checked; what was written beside it is read as it will be."""
    for name in {"toy", "our-plan"} & {*plans.available(root)}:
        door.check_plan(found := plans.load(name, root))
        protocol.of(found)
        yield from (f"{name} has no {each.name}" for each in (found.raw,) if not each.is_dir())


CHECKS: tuple[Callable[[Path], Iterator[str]], ...] = (
    of_register,
    of_editions,
    of_folders,
    of_texts,
    of_parameters,
)


def faults(root: Path, before: dict[str, bytes]) -> list[str]:
    found = [*of_tables(root, before)]
    for check in CHECKS:
        try:
            found += check(root)
        except Exception as error:
            found.append(f"{check.__name__}: {type(error).__name__}: {str(error)[:200]}")
    return found


def lying_about(root: Path) -> list[str]:
    """What a killed verb left and the next did not tidy up."""
    places = [root.parent / "tmp", root / "notebooks", root / "data", root / "evidence"]
    places += [root / "data/processed", root / "params/toy", root / "data/raw/toy"]
    places += [root / f"data/processed/{name}" for name in ("toy", "overview", "example/monitor")]
    return [
        str(path.relative_to(root.parent))
        for place in places
        if place.is_dir()
        for path in place.iterdir()
        if LEFT.match(path.name)
    ]


# --- a pair ---------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """A line of pairs.csv; exit codes of ours, negative where a signal ended it."""

    killed: str
    other: str
    how: str
    ended: int
    other_ended: int
    again_ended: int
    fault: str


Cost = dict[str, tuple[float, int]]  # verb → seconds, writes of it alone


def tried(base: Path, killed: str, other: str, cost: Cost, chance: random.Random) -> Pair:
    """What was found after `killed` and `other` at once, the first killed."""
    root = base.with_name("house")
    for folder in (root, root.parent / "tmp", root.parent / "unpacked"):
        shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", base, root], check=True)
    (root.parent / "tmp").mkdir()
    before = {path.name: path.read_bytes() for path in (root / "data/raw/toy").glob("*.csv")}
    seconds, writes = cost[killed]
    how = chance.choice(("alone", "with all", "before write"))
    at = chance.randint(1, max(1, writes)) if how == "before write" else 0
    first = Verb(root, killed, before=at)
    second = Verb(root, other, form=2)
    if not at:
        time.sleep(chance.uniform(0, seconds))
        first.kill(group=how == "with all")
    codes = [first.end(), second.end()]
    found, texts = faults(root, before), [first.text, second.text]
    for lying in lying_about(root):  # as a minute later
        os.utime(root.parent / lying, (0, 0))
    again = Verb(root, killed)
    codes.append(again.end())
    found += [f"afterwards: {each}" for each in faults(root, before)]
    found += ["a traceback" for text in [*texts, again.text] if "Traceback" in text]
    found += [f"{other} ended with {codes[1]}"] * (codes[1] not in TOLD)
    found += [f"again: {codes[2]} {again.text.strip()[-200:]}"] * (codes[2] not in (0, 1, 2))
    if lying_about(root):  # what a killed run's own processes still wrote
        for lying in lying_about(root):
            os.utime(root.parent / lying, (0, 0))
        Verb(root, killed).end()
    found += [f"left {lying}"] if (lying := lying_about(root)) else []
    how = f"{how} {at}" if at else how
    return Pair(killed, other, how if codes[0] < 0 else "too late", *codes, "; ".join(found))


def costs(base: Path) -> Cost:
    found = {}
    for name in VERBS:
        root = base.with_name("house")
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run(["cp", "-a", base, root], check=True)
        (root.parent / "tmp").mkdir(exist_ok=True)
        started, verb = time.monotonic(), Verb(root, name)
        code = verb.end()
        found[name] = time.monotonic() - started, int(verb.counted.read_text())
        print(
            f"{name}: {found[name][0]:.1f} s, {found[name][1]} writes, ended with {code}",
            flush=True,
        )
        if code:
            sys.exit(f"{name} does not succeed alone: {verb.text}")
    return found


def asked_for(cost: Cost, asked: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Each pair, the quick ones first, `times` times; no more after `minutes`."""
    until = time.monotonic() + 60 * asked.minutes
    pairs = itertools.product(VERBS, repeat=2)
    quick = sorted(pairs, key=lambda pair: cost[pair[0]][0] + cost[pair[1]][0])
    for pair in quick * asked.times:
        if time.monotonic() < until and (not asked.only or {*pair} & {*asked.only}):
            yield pair


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="Only pairs of which one is so called.")
    asked = parser.parse_args()
    chance, done = random.Random(asked.seed), []
    with (
        tempfile.TemporaryDirectory(prefix="pairs-", ignore_cleanup_errors=True) as folder,
        open(ROOT / "benchmarks/results/pairs.csv", "w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Pair._fields)
        house(base := Path(folder) / "base")
        cost = costs(base)
        for killed, other in asked_for(cost, asked):
            for _ in range(TRIES):
                done.append(tried(base, killed, other, cost, chance))
                table.writerow(done[-1])
                file.flush()
                print(len(done), *done[-1], flush=True)
                if done[-1].how != "too late":
                    break
    in_time = [pair for pair in done if pair.how != "too late"]
    faulty = [pair for pair in done if pair.fault]
    print(f"{len(done)} tried, {len(in_time)} killed in time, {len(faulty)} with a fault")
    sys.exit(3 if faulty else 0)


if __name__ == "__main__":
    main()
