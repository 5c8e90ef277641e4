"""One assessment of one plan in one year, from start to end: check → jobs → run → assemble → put in place.

Everything is made in a folder beside the edition and renamed into place at the end; until then the previous edition
stays as it was. What differs between two honest runs is in run.json and nowhere else.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from .intake import observations, plan as plans
from .intake.finding import Unknown
from .intake.plan import Plan
from .publish import report
from .run import engine
from .run.engine import Job, Outcome
from .run.pool import Pool, bar
from .show import result, wording

DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
VERSIONS = ("pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbconvert", "ipykernel", "nbclient")
RUN_FILE = "run.json"


class Busy(RuntimeError):
    """Another process is making this edition."""


class Failed(RuntimeError):
    """Some notebooks of an edition failed; the edition that was there before stays. `kept` holds what was made."""

    def __init__(self, edition: str, outcomes: Sequence[Outcome], kept: Path):
        self.failures = [outcome for outcome in outcomes if outcome.error]
        self.kept = kept
        told = "".join(f"\n  {outcome.name}: {outcome.error}" for outcome in self.failures)
        super().__init__(f"{edition}: {len(self.failures)} of {len(outcomes)} notebooks failed; the previous edition was left as it is{told}")


@dataclass(frozen=True)
class Edition:
    """What is to be assessed: a plan, a year, the date by which its data must have been known ("" for all), the language it is told in."""

    plan: Plan
    year: int
    known_by: str = ""
    language: str = "zh"

    @property
    def name(self) -> str:
        dated = f"{self.year}@{self.known_by}" if self.known_by else str(self.year)
        return dated if self.language == "zh" else f"{dated}.{self.language}"

    @property
    def folder(self) -> Path:
        return processed(self.plan.root) / self.plan.id / self.name


def processed(root: Path) -> Path:
    return root / "data" / "processed"


def of(plan_id: str, year: int | None = None, known_by: str = "", root: Path | None = None, language: str = "zh") -> Edition:
    """The edition asked for, its default year filled in. Raises `Unknown` for a plan, year, date or language that cannot be."""
    plan = plans.load(plan_id, root)
    if known_by and not DAY.fullmatch(known_by):
        raise Unknown(f"数据截止日 {known_by!r} 不是日期；请写成 2024-03-31")
    if language not in wording.LANGUAGES:
        raise Unknown(f"报告语言 {language!r} 没有用语表；可选：{'、'.join(wording.LANGUAGES)}")
    return Edition(plan, plans.year_of(plan, year), known_by, language)


def assess(edition: Edition, pool: Pool) -> Path:
    """Make the edition and return its folder. Raises `Refused` on bad input, `Busy`, or `Failed` when a notebook failed."""
    received = observations.receive(edition.plan)
    points = observations.all_taken(edition.plan, received, edition.year, edition.known_by)
    with _held(edition), _beside(edition) as making:
        started = time.time()
        observations.write(making / "observations.csv", points)
        outcomes = _run(edition, making, pool)
        failed = [outcome for outcome in outcomes if outcome.error]
        if failed:
            raise Failed(f"{edition.plan.id} {edition.name}", outcomes, _kept(edition, making))
        made = report.executed(making)
        engine.write(making / "results.csv", report.results_csv(made))
        engine.write(making / "results.json", report.results_json(made))
        engine.write(making / "assessment.html", report.page(made, commit(edition.plan.root), report.earlier(edition.folder.parent, made[-1].record)))
        engine.write(making / RUN_FILE, _run_record(outcomes, started))
        _put_in_place(making, edition.folder)
    return edition.folder


def jobs_of(edition: Edition, making: Path) -> tuple[list[Job], Job]:
    """The notebooks that can run at once, and the one that reads what they recorded."""
    plan, chosen = edition.plan, plans.choices(edition.plan)
    notebooks = plan.root / "notebooks"
    common = {"plan": plan.id, "year": edition.year, "known_by": edition.known_by, "language": edition.language}
    choices = {"model": chosen.model, "rule": chosen.rule, "level": chosen.level}

    def job(name: str, notebook: str, **parameters: object) -> Job:
        return Job(name, notebooks / f"{notebook}.ipynb", making / f"{name}.ipynb", {**common, **parameters})

    first = [job("1_data_check", "1_data_check")]
    first += [job(f"2_{name}", "2_indicator", indicator=name, **choices) for name in plan.indicators]
    first += [job("3_commitments", "3_commitments")]
    return first, job("4_assessment", "4_assessment", model=chosen.model)


def _run(edition: Edition, making: Path, pool: Pool) -> list[Outcome]:
    first, last = jobs_of(edition, making)
    environment = {observations.EDITION_VARIABLE: str(making), "ASSESSMENT_ROOT": str(edition.plan.root)}
    with bar(len(first) + 1, f"{edition.plan.id} {edition.name}") as progress:
        outcomes = pool.run(first, making, environment, progress)
        if not any(outcome.error for outcome in outcomes):
            outcomes += pool.run([last], making, environment, progress)
    return outcomes


@contextmanager
def _held(edition: Edition) -> Iterator[None]:
    """Hold the edition for this process; the lock goes with the process, however it ends."""
    edition.folder.parent.mkdir(parents=True, exist_ok=True)
    with open(edition.folder.with_name(f".{edition.name}.lock"), "a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Busy(f"process {lock.read() or '?'} is making {edition.plan.id} {edition.name}; wait for it or stop it") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        _finish_interrupted(edition.folder)
        yield


@contextmanager
def _beside(edition: Edition) -> Iterator[Path]:
    """An empty folder beside the edition, gone afterwards unless it was renamed."""
    for left in edition.folder.parent.glob(f".{edition.name}.making-*"):
        shutil.rmtree(left, ignore_errors=True)  # by a run that was killed; the lock says that it is nobody's
    making = edition.folder.with_name(f".{edition.name}.making-{os.getpid()}")
    making.mkdir()
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _kept(edition: Edition, making: Path) -> Path:
    """Keep what a failed run made, for whoever has to find out why."""
    kept = edition.folder.with_name(f"{edition.name}.failed")
    shutil.rmtree(kept, ignore_errors=True)
    os.replace(making, kept)
    return kept


def _put_in_place(making: Path, folder: Path) -> None:
    """Sync what was made, set the old edition aside, rename the new one into its place, remove the old one."""
    for path in making.iterdir():
        with open(path, "rb") as file:
            os.fsync(file.fileno())
    aside = folder.with_name(f".{folder.name}.old")
    if folder.exists():
        os.replace(folder, aside)
    os.replace(making, folder)
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(folder.with_name(f"{folder.name}.failed"), ignore_errors=True)


def _finish_interrupted(folder: Path) -> None:
    """A run killed between the two renames left the old edition aside: put it back, or remove it where the new one is in place."""
    aside = folder.with_name(f".{folder.name}.old")
    if aside.exists() and not folder.exists():
        os.replace(aside, folder)
    shutil.rmtree(aside, ignore_errors=True)


def _run_record(outcomes: Sequence[Outcome], started: float) -> str:
    """run.json: everything that may differ between two honest runs."""
    record = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 2),
        "notebooks": {outcome.name: {"seconds": round(outcome.seconds, 2)} for outcome in outcomes},
        "host": {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "versions": {name: metadata.version(name) for name in VERSIONS},
    }
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def commit(root: Path) -> str:
    """The commit of the code, with 「+」 where the tree was changed since; 「未知」 outside a repository."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", "src", "params", "data/raw", "notebooks")
        return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return wording.UNKNOWN


def conclusion(folder: Path) -> str:
    """The overall sentence of an edition, as its last notebook recorded it."""
    return result.read(json.loads((folder / "4_assessment.ipynb").read_text("utf-8")))["sentence"]


def write_index(root: Path) -> Path:
    """data/processed/index.html: all whole editions, plan by plan, latest year first."""
    found = (_listed(path) for path in sorted(processed(root).glob("[!.]*/[!.]*/4_assessment.ipynb"), reverse=True))
    index = processed(root) / "index.html"
    engine.write(index, report.index([edition for edition in found if edition]))
    return index


def _listed(assessment: Path) -> dict | None:
    """What the index says of the edition `assessment` belongs to; None for a failed one and one of another version's records."""
    folder = assessment.parent
    record = result.read(json.loads(assessment.read_text("utf-8")))
    if folder.suffix == ".failed" or not (folder / "assessment.html").is_file() or not record or record["schema"] != result.SCHEMA:
        return None
    facts = record["facts"]
    return {**record, "title": facts["short_title"], "fictional": facts["fictional"], "edition": folder.name, "link": f"{facts['id']}/{folder.name}/assessment.html"}
