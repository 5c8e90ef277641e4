"""What a notebook costs: our engines beside papermill, nbconvert, nbmake and snakemake, alternated,
on the same notebooks.

    python benchmarks/speed.py [--notebooks 20] [--repeats 3] [--scale 20,200,2000] [--only
    fork,papermill-pool-2] [--against COMMIT]

About twelve minutes on two idle cores without --scale, which takes another half hour; what was
measured with it before stays in the table.

Every contender is a process of its own, measured from outside: wall time, CPU seconds of all its
processes, the largest proportional memory (PSS) of all of them together; the median of the repeats.
The notebooks are the indicators of one synthetic county (see province.py). The edition's checked
table is there for everybody; nobody has a cache. nbmake and snakemake get environments of their own
in .cache/bench; what they and a kernel cost is told by one round. `--against` puts our engine as it
was at a commit, with the notebooks it had, among them, and whole editions of both, in turns. Writes
results/speed.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import province

from helpers import edition, request, tasks
from helpers.intake import observations
from helpers.run.engine import SETTLED, Job
from helpers.run.pool import workers

ROOT = province.ROOT
RESULTS = ROOT / "benchmarks" / "results" / "speed.csv"
ENVIRONMENTS = ROOT / ".cache" / "bench"
PACKAGES = {"nbmake": ("nbmake>=1.5", "pytest-xdist>=3.6"), "snakemake": ("snakemake>=9",)}
COLUMNS = (
    "what",
    "contender",
    "workers",
    "notebooks",
    "repeats",
    "wall_s",
    "cpu_s",
    "wall_s_each",
    "cpu_s_each",
    "peak_mb",
    "wall_ratio_to_fork",
    "cpu_ratio_to_fork",
)

BESIDE, EDITION = "beside an earlier commit", "one edition"
ONCE = (
    "kernel",
    "nbconvert-execute",
    "nbmake-n2",
    "snakemake-papermill",
)  # they take a third of it

POOL = """
import json, sys
from concurrent.futures import ProcessPoolExecutor
import papermill
def one(job):
    papermill.execute_notebook(
        job["notebook"], job["output"], job["parameters"], progress_bar=False, cwd=job["folder"]
    )
if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool: list(pool.map(one, json.load(open(sys.argv[1]))))
"""  # what a careful user of papermill writes
SNAKEFILE = """
import json
JOBS = {{job["name"]: job for job in json.load(open("{jobs}"))}}
rule all:
    input: [job["output"] for job in JOBS.values()]
rule notebook:
    output: "{out}/{{name}}.ipynb"
    params:
        given=lambda w: " ".join(
            f"-p {{k}} '{{v}}'" for k, v in JOBS[w.name]["parameters"].items()
        ),
        source=lambda w: JOBS[w.name]["notebook"]
    shell:
        "{python} -m papermill {{params.source}} {{output}} {{params.given}}"
        " --cwd {folder} --no-progress-bar 2>/dev/null"
"""


class Field:
    """The notebooks of one synthetic county in a folder of its own, as requests any contender can
    read."""

    def __init__(self, folder: Path, notebooks: int, counties: int = 1):
        self.folder, self.out = folder, folder / "out"
        self.root = folder / "root"
        plans = province.province(self.root, counties)
        self.jobs = []
        for plan in plans:
            one = request.of(plan, 2024, root=self.root)
            making = folder / "editions" / plan
            making.mkdir(parents=True)
            observations.write(
                making / "observations.csv",
                observations.all_taken(one.plan, observations.receive(one.plan), 2024),
            )
            self.jobs += [job for job in tasks.jobs_of(one, making) if job.name.startswith("2_")]
        self.jobs = self.jobs[:notebooks]
        self.environment = {
            "ASSESSMENT_ROOT": str(self.root),
            observations.EDITION_VARIABLE: str(folder / "editions" / plans[0]),
        }
        self.asked = folder / "jobs.json"

    def begin(self) -> None:
        """Nothing is left of the contender before."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        requests = [
            {
                "name": f"{k:04d}",
                "notebook": str(job.notebook),
                "output": str(self.out / f"{k:04d}.ipynb"),
                "parameters": dict(job.parameters),
                "folder": str(self.folder),
            }
            for k, job in enumerate(self.jobs)
        ]
        self.asked.write_text(json.dumps(requests))

    def injected(self) -> list[str]:
        """The notebooks with their parameters injected, for tools that know none."""
        import papermill

        for job in json.loads(self.asked.read_text()):
            papermill.execute_notebook(
                job["notebook"],
                job["output"],
                job["parameters"],
                prepare_only=True,
                progress_bar=False,
            )
        return sorted(map(str, self.out.glob("*.ipynb")))


class Earlier:
    """The same county, notebooks and engine as they were at a commit, checked out in a folder of
    its own and run in this environment."""

    def __init__(self, folder: Path, commit: str, notebooks: int):
        self.commit, self.tree, self.folder = commit, folder / "tree", folder / "field"
        self.tree.mkdir(parents=True)
        packed = subprocess.run(
            ["git", "-C", str(ROOT), "archive", commit], stdout=subprocess.PIPE, check=True
        )
        subprocess.run(["tar", "-x", "-C", str(self.tree)], input=packed.stdout, check=True)
        self.path = os.pathsep.join(str(self.tree / part) for part in ("benchmarks", "src"))
        made = (
            f"import json, pathlib, speed; place = pathlib.Path({str(self.folder)!r}); "
            f"field = speed.Field(place, {notebooks}); field.begin(); "
            "print(json.dumps(field.environment))"
        )
        told = subprocess.run(
            [sys.executable, "-c", made],
            env={**os.environ, "PYTHONPATH": self.path},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        self.environment = {**json.loads(told.stdout), "PYTHONPATH": self.path}
        self.out, self.asked = self.folder / "out", self.folder / "jobs.json"
        self.jobs = json.loads(self.asked.read_text())

    def begin(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()

    def command(self, jobs: int) -> list[str]:
        speed = str(self.tree / "benchmarks" / "speed.py")
        return [sys.executable, speed, "--run", "fork", str(jobs), str(self.asked)]


def ours(engine: str, jobs: int) -> Callable[[Field], list[str]]:
    return lambda field: [sys.executable, __file__, "--run", engine, str(jobs), str(field.asked)]


def papermill_cli(field: Field) -> list[str]:
    lines = []
    for job in json.loads(field.asked.read_text()):
        given = " ".join(f"-p {name} '{value}'" for name, value in job["parameters"].items())
        lines.append(
            f"'{sys.executable}' -m papermill '{job['notebook']}' '{job['output']}' "
            f"{given} --cwd '{job['folder']}' --no-progress-bar || exit 1"
        )
    return ["sh", "-c", "\n".join(lines)]


def papermill_pool(field: Field) -> list[str]:
    script = field.folder / "pool.py"
    script.write_text(POOL)
    return [sys.executable, str(script), str(field.asked)]


def nbconvert(field: Field) -> list[str]:
    return [
        "sh",
        "-c",
        "\n".join(
            f"'{sys.executable}' -m nbconvert --to notebook --execute --inplace --log-level "
            f"ERROR '{path}' || exit 1"
            for path in field.injected()
        ),
    ]


def nbmake(field: Field) -> list[str]:
    return [
        str(ENVIRONMENTS / "nbmake/bin/python"),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(field.out),
        "--nbmake",
        "--overwrite",
        "-n",
        "2",
        *field.injected(),
    ]


def snakemake(field: Field) -> list[str]:
    (field.folder / "Snakefile").write_text(
        SNAKEFILE.format(
            jobs=field.asked, out=field.out, python=sys.executable, folder=field.folder
        )
    )
    return [
        str(ENVIRONMENTS / "snakemake/bin/python"),
        "-m",
        "snakemake",
        "-s",
        str(field.folder / "Snakefile"),
        "-d",
        str(field.folder / "snake"),
        "--cores",
        "2",
        "--forceall",
        "--quiet",
        "all",
    ]


CONTENDERS = {  # name → (notebooks at once, its command)
    "fork": (2, ours("fork", 2)),
    "fork-1": (1, ours("fork", 1)),
    "kernel": (2, ours("kernel", 2)),
    "papermill-cli": (1, papermill_cli),
    "papermill-pool-2": (2, papermill_pool),
    "nbconvert-execute": (1, nbconvert),
    "nbmake-n2": (2, nbmake),
    "snakemake-papermill": (2, snakemake),
}


def measured(
    command: list[str], field: Field, environment: dict[str, str]
) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds of it and all it waited for, peak MB of all of them together)."""
    started, peak, stop = time.monotonic(), [0.0], threading.Event()
    run = subprocess.Popen(
        command,
        cwd=field.folder,
        env={**os.environ, **SETTLED, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    said: list[bytes] = []
    readers = [
        threading.Thread(target=lambda: said.append(run.stderr.read())),
        threading.Thread(target=_watch, args=(run.pid, peak, stop)),
    ]
    for reader in readers:
        reader.start()
    _, status, used = os.wait4(run.pid, 0)
    wall = time.monotonic() - started
    run.returncode = os.waitstatus_to_exitcode(status)
    stop.set()
    for reader in readers:
        reader.join()
    if run.returncode:
        raise RuntimeError(
            f"{command[:4]} failed: {b''.join(said).decode(errors='replace')[-800:]}"
        )
    return wall, used.ru_utime + used.ru_stime, peak[0]


def _watch(pid: int, peak: list[float], stop: threading.Event) -> None:
    while not stop.wait(0.5):
        peak[0] = max(peak[0], sum(_pss(one) for one in _tree(pid)))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [
                other for child in children.read_text().split() for other in _tree(int(child))
            ]
        except OSError:
            continue
    return found


def _pss(pid: int) -> float:
    try:
        line = next(
            line
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            if line.startswith("Pss:")
        )
        return int(line.split()[1]) / 1024
    except (OSError, StopIteration):
        return 0.0


def side_by_side(names: list[str], notebooks: int, repeats: int, against: str) -> list[dict]:
    """All contenders one after another, then all again: a machine that gets slower gets slower for
    everybody."""
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        field = Field(Path(folder, "now"), notebooks)
        asked = {name: (field, CONTENDERS[name]) for name in names}
        if against:
            earlier = Earlier(Path(folder, "earlier"), against, notebooks)
            asked[f"fork@{against}"] = earlier, (2, lambda _: earlier.command(2))
        taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in asked}
        for k in range(repeats):
            for name, (place, (_, command)) in asked.items():
                if k and name in ONCE:
                    continue
                place.begin()
                taken[name].append(measured(command(place), place, place.environment))
                done = len(list(place.out.glob("*.ipynb")))
                assert done == len(place.jobs), f"{name} left {done} of {len(place.jobs)} notebooks"
                print(name, *(f"{value:.1f}" for value in taken[name][-1]), flush=True)
        count = len(field.jobs)
        rows = [
            _row(BESIDE if "@" in name else "side by side", name, asked[name][1][0], count, runs)
            for name, runs in taken.items()
        ]
        return rows + (_whole(field, earlier, repeats) if against else [])


def _whole(now: Field, earlier: Earlier, repeats: int) -> list[dict]:
    """The whole edition of the county, page and all, by our command line now and then, in turns."""
    command = [sys.executable, "-m", "helpers", "assess", "--plans", "params/*", "--years", "2024"]
    taken: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(repeats):
        for name, place in (("fork", now), (f"fork@{earlier.commit}", earlier)):
            root = {"ASSESSMENT_ROOT": str(place.folder / "root")}
            run = measured([*command, "--jobs", "2", "--force"], place, place.environment | root)
            taken.setdefault(name, []).append(run)
            [page] = place.folder.glob("root/data/processed/*/2024/assessment.html")
            disk = sum(path.stat().st_size for path in page.parent.iterdir())
            shown = (*(f"{value:.1f}" for value in run), page.stat().st_size, disk)
            print("edition", name, *shown, flush=True)
    return [_row(EDITION, name, 2, len(now.jobs), runs) for name, runs in taken.items()]


def scaling(counts: list[int], ways: list[tuple[str, int]]) -> Iterator[dict]:
    """Whole editions of counties of 20 indicators: pages and all, by our command line."""
    for count in counts:
        for engine, jobs in ways:
            with tempfile.TemporaryDirectory(prefix="speed-") as folder:
                root = Path(folder)
                province.province(root, max(1, count // province.INDICATORS))
                command = [
                    sys.executable,
                    "-m",
                    "helpers",
                    "assess",
                    "--plans",
                    "params/*",
                    "--years",
                    "2024",
                    "--engine",
                    engine,
                    "--jobs",
                    str(jobs),
                ]
                field = type("Place", (), {"folder": root})()
                row = _row(
                    "editions",
                    engine,
                    jobs,
                    count,
                    [measured(command, field, {"ASSESSMENT_ROOT": folder})],
                )
                print(
                    engine,
                    jobs,
                    count,
                    row["wall_s_each"],
                    row["cpu_s_each"],
                    row["peak_mb"],
                    flush=True,
                )
                yield row


def _row(
    what: str, name: str, jobs: int, count: int, taken: list[tuple[float, float, float]]
) -> dict:
    wall, cpu, peak = (statistics.median(values) for values in zip(*taken, strict=False))
    return {
        "what": what,
        "contender": name,
        "workers": jobs,
        "notebooks": count,
        "repeats": len(taken),
        "wall_s": round(wall, 2),
        "cpu_s": round(cpu, 2),
        "wall_s_each": round(wall / count, 3),
        "cpu_s_each": round(cpu / count, 3),
        "peak_mb": round(peak),
    }


def environments(names: list[str]) -> list[str]:
    """Make the environments of peers that need one; those that cannot be made are told and left
    out."""
    left = list(names)
    for tool, packages in PACKAGES.items():
        place = ENVIRONMENTS / tool
        for name in [name for name in names if name.startswith(tool)]:
            if (place / "ready").exists():
                continue
            base = ["-r", str(ROOT / "requirements.lock")] if tool == "nbmake" else []
            steps = (
                ["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(place)],
                ["uv", "pip", "install", "--quiet", "--python", str(place), *base],
                [
                    "uv",
                    "pip",
                    "install",
                    "--quiet",
                    "--compile-bytecode",
                    "--python",
                    str(place),
                    *packages,
                ],
            )
            ran = [
                subprocess.run(step, capture_output=True, text=True)
                for step in steps
                if step[-1] != str(place) or "venv" in step
            ]
            if any(one.returncode for one in ran):
                print(f"{name} is left out: {ran[-1].stderr.strip()[-300:]}", file=sys.stderr)
                left.remove(name)
                continue
            if tool == "nbmake":
                site = next((place / "lib").glob("python*/site-packages"))
                (site / "plan_assessment.pth").write_text(f"{ROOT / 'src'}\n")
            (place / "ready").touch()
    return left


def run(engine: str, jobs: int, asked: str) -> None:
    """Execute the requests in a file by one of our engines: the contender's own process."""
    requests = json.loads(Path(asked).read_text())
    listed = [
        Job(one["name"], Path(one["notebook"]), Path(one["output"]), one["parameters"])
        for one in requests
    ]
    with workers(jobs, engine, warm=edition.WARM) as pool:
        given = {name: os.environ[name] for name in ("ASSESSMENT_ROOT", "ASSESSMENT_EDITION")}
        outcomes = pool.run(listed, Path(requests[0]["folder"]), given)
    sys.exit("\n".join(outcome.error for outcome in outcomes if outcome.error) or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--scale", default="", help="notebooks of whole editions: 20,200,2000; empty for none"
    )
    parser.add_argument("--only", default=",".join(CONTENDERS))
    parser.add_argument(
        "--against", default="065c9fc", help="a commit whose engine and notebooks run beside ours"
    )
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        run(given.run[0], int(given.run[1]), given.run[2])
    names = environments(given.only.split(","))
    rows = side_by_side(names, given.notebooks, given.repeats, given.against)
    base = next((row for row in rows if row["contender"] == "fork"), None)
    for row in rows if base else ():
        if row["what"] == EDITION:
            base = next(one for one in rows if one["what"] == EDITION)
        row |= {
            "wall_ratio_to_fork": round(row["wall_s"] / base["wall_s"], 2),
            "cpu_ratio_to_fork": round(row["cpu_s"] / base["cpu_s"], 2),
        }
    with open(RESULTS, encoding="utf-8", newline="") as file:
        before = [row for row in csv.DictReader(file) if row["what"] == "editions"]
    write(rows + before * (not given.scale))
    for row in scaling(
        [int(count) for count in given.scale.split(",") if count],
        [("fork", 2), ("dask", 2), ("fork", 1)],
    ):
        rows.append(row)
        write(rows)


def write(rows: list[dict]) -> None:
    with open(RESULTS, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
