"""Many editions of one year side by side, from start to end: gather → rank → execute the notebook →
page → put in place.

`data/processed/overview/<name>/` holds all places as CSV and, where a writer is installed, as
Parquet; the page and its notebook; which editions, by digest, it rests on. Nothing is computed of
an edition anew: its executed notebooks are read.
"""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from . import request, tasks
from .intake import declared as declarations, notebook, plan as plans
from .intake.finding import Unknown
from .run import engine, place
from .run.engine import Job, Outcome

TABLE, EDITIONS, PARQUET, PAGE = "overview.csv", "editions.csv", "overview.parquet", "overview.html"
NAME = re.compile(r"[^a-z0-9]+")
FIRST_COLUMNS = ("member", "name", "edition", "sha256", "link")


@dataclass(frozen=True)
class Overview:
    """What is compared: editions of one year, in the order of their plans, and the plans of the
    pattern that have none."""

    folder: Path
    year: int
    known_by: str
    language: str
    editions: tuple[Path, ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """An overview that is in place: the folder, its sentence, and whether there is a Parquet."""

    folder: Path
    conclusion: str
    parquet: bool


def of(
    pattern: str,
    year: int | None = None,
    known_by: str = "",
    language: str = "zh",
    root: Path | None = None,
) -> Overview:
    """What a pattern of plans (`params/county-*`) has of a year (default: the latest there is).
    Raises `Unknown` where there is no such plan or edition."""
    home = plans.home(root)
    names = fnmatch.filter(plans.available(home), Path(pattern).name)
    if not names:
        raise Unknown(f"没有规划符合 {pattern!r}；现有：{'、'.join(plans.available(home)[:20])}")
    tail = (f"@{known_by}" if known_by else "") + ("" if language == "zh" else f".{language}")
    processed = request.processed(home)
    for tried in [year] if year else _years(processed, names, tail):
        found = [processed / name / f"{tried}{tail}" for name in names]
        there = tuple(path for path in found if (path / tasks.PAGE[1]).is_file())
        if there:
            shown = NAME.sub("-", Path(pattern).name.lower()).strip("-") or "all"
            folder = processed / "overview" / f"{shown}-{tried}{tail}"
            without = tuple(path.parent.name for path in found if path not in there)
            return Overview(folder, tried, known_by, language, there, without)
    raise Unknown(
        f"{pattern} 还没有 {year or ''}{tail} 的期次；请先评估（make assess PLANS=… YEARS=…）"
    )


def _years(processed: Path, names: Sequence[str], tail: str) -> list[int]:
    """The years of which some of the plans have an edition, latest first."""
    pattern = re.compile(r"(\d{4})" + re.escape(tail))
    found = (
        pattern.fullmatch(path.name) for name in names for path in (processed / name).glob("*")
    )
    return sorted({int(match[1]) for match in found if match}, reverse=True)


def make(asked: Overview, declared: Path | None, run: Callable[[Job, Path, dict], Outcome]) -> Made:
    """The overview in its place. `declared`: the user's file, or none; `run` executes the
    notebook. Raises `Refused`, or RuntimeError with what failed."""
    from .measure import overview
    from .show import standings

    folder, root = asked.folder, edition_root(asked.folder)
    rows, listed = gathered(asked.editions, asked.language)
    table = overview.ranked(standings.frame(rows))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with place.held(folder, f"overview {folder.name}"), place.beside(folder) as making:
        if declared is not None:
            _copy(declared, making, {*table["indicator_id"]})
        engine.write(making / TABLE, standings.as_csv(table))
        engine.write(making / EDITIONS, listed)
        parquet = write_parquet(making / TABLE, making / PARQUET)
        parameters = {"year": asked.year, "known_by": asked.known_by, "language": asked.language}
        source = root / "notebooks" / "overview.ipynb"
        job = Job("overview", source, making / "overview.ipynb", parameters)
        environment = {plans.EDITION_VARIABLE: str(making), "ASSESSMENT_ROOT": str(root)}
        outcome = run(job, making, environment)
        if outcome.error:
            raise RuntimeError(f"overview {folder.name}: {outcome.error}")
        sentence = _page(making, job.output, asked.without, parquet)
        place.put(making, folder)
    return Made(folder, sentence, parquet)


def edition_root(folder: Path) -> Path:
    """The root of data/processed/overview/<name>."""
    return folder.parents[3]


def _copy(declared: Path, making: Path, indicators: set[str]) -> None:
    """What was declared, and its map, beside what rests on it. Raises `Refused`."""
    said = declarations.read(declared, declared.name, indicators)
    shutil.copyfile(declared, making / declarations.FILE)
    if said.geometry:
        shutil.copyfile(declared.parent / said.geometry, making / Path(said.geometry).name)


def gathered(editions: Sequence[Path], language: str) -> tuple[list[dict], str]:
    """The rows of all editions, and editions.csv: what each is called, its digest, its promises by
    state."""
    from .measure.commitment import SCHEDULE
    from .show import result, standings

    rows: list[dict] = []
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*FIRST_COLUMNS, *SCHEDULE])
    for folder in editions:
        raw = (folder / tasks.PAGE[1]).read_bytes()
        member, before = _member(folder), _before(folder, language)
        for record in json.loads(raw):
            rows.append(standings.row(record, member, before.get(record["indicator_id"])))
        named = (member["member"], result.harmless(member["name"]), folder.name)
        link = f"../../{folder.parent.name}/{folder.name}/{tasks.PAGE[3]}"
        states = Counter(_states(folder))
        counts = (states[code] for code in SCHEDULE)
        writer.writerow([*named, hashlib.sha256(raw).hexdigest(), link, *counts])
    return rows, file.getvalue()


def _member(folder: Path) -> dict:
    """Plan, name of its area, edition, whether it is fictional: from the executed assessment."""
    facts = _record(folder / "4_assessment.ipynb")["facts"]
    whole = next(area["name"] for area in facts["areas"] if area["role"] == "whole")
    return {
        "member": facts["id"],
        "name": whole,
        "edition": folder.name,
        "fictional": facts["fictional"],
    }


def _states(folder: Path) -> list[str]:
    return [one["schedule"] for one in _record(folder / "3_commitments.ipynb")["commitments"]]


def _record(path: Path) -> dict:
    from .show import result

    record = result.read(json.loads(path.read_bytes()))
    if record is None:
        raise Unknown(f"{path.parent.parent.name}/{path.parent.name} 里没有记录；请重新评估")
    return record


def _before(folder: Path, language: str) -> dict[str, dict]:
    """The rows of last year's results.csv by indicator; nothing where there is none."""
    year = int(folder.name[:4])
    name = f"{year - 1}" + ("" if language == "zh" else f".{language}")
    path = folder.with_name(name) / tasks.PAGE[0]
    if not path.is_file():
        return {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {row["indicator_id"]: row for row in csv.DictReader(file)}


def write_parquet(table: Path, target: Path) -> bool:
    """The CSV file `table` as Parquet, types found from all its rows; False where no writer is
    installed."""
    if find_spec("duckdb") is None:
        return False
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET threads TO 1")
        said = connection.read_csv(str(table), sample_size=-1)
        said.write_parquet(str(target), compression="zstd")
    return True


def _page(making: Path, executed: Path, without: Sequence[str], parquet: bool) -> str:
    """The page from the executed notebook; its sentence."""
    from .publish import overview_page

    notebook.refuse([executed])
    engine.write(making / PAGE, overview_page.page(executed, without, parquet))
    return overview_page.record_of(executed)["sentence"]


def told(made: Made) -> Iterator[str]:
    """What is said at the end."""
    yield made.conclusion
    if not made.parquet:
        yield f"{PARQUET} was not written: `make overview` installs what writes it"
