"""Many editions: what their index costs after one change, and whether a cluster makes them with few
files open.

    # 14,000 editions by record alone: all pages, nothing changed, one edition changed
    python benchmarks/many.py --index FOLDER [COUNTIES]
    # N editions executed on dask while 256 files may be open at once; the most that were
    python benchmarks/many.py --dask FOLDER [N]

CPU seconds beside wall seconds: the former hold on a loaded machine. The counties are those of
province.py; no figure is real.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import province

from helpers import listing

importlib.import_module("helpers.publish.warm")  # as whoever makes the index has it

YEARS = range(2021, 2026)
OPEN = 256  # files a process may have open: a usual limit is 1024, some systems have this
RECORD = {
    "record": "assessment",
    "schema": 2,
    "evaluation": "年度评估",
    "cutoff": "全部",
    "assessable": 20,
    "total": 20,
    "counts": [["ahead", 20]],
}


def edition(folder: Path, plan: str, year: int, overall: str = "on_schedule") -> None:
    """What the index reads of an edition."""
    place = folder / plan / str(year)
    place.mkdir(parents=True, exist_ok=True)
    facts = {"id": plan, "short_title": f"{plan}（{province.MARK}）", "fictional": True}
    record = {**RECORD, "facts": facts, "year": year, "overall": overall}
    data = {"application/vnd.plan-assessment.result+json": record}
    cell = {"cell_type": "code", "outputs": [{"output_type": "execute_result", "data": data}]}
    (place / listing.READ).write_text(json.dumps({"cells": [cell]}), "utf-8")
    (place / listing.THERE).touch()


def index(root: Path, counties: int) -> None:
    folder = root / "data" / "processed"
    for k in range(counties):
        for year in YEARS:
            edition(folder, f"county-{k:04d}", year)
    print(counties * len(YEARS), "editions")
    _timed("all pages", lambda: listing.write_index(folder))
    _timed("nothing changed", lambda: listing.write_index(folder))
    edition(folder, f"county-{counties // 2:04d}", 2023, "behind")
    _timed("one edition changed", lambda: listing.write_index(folder))
    largest = max(path.stat().st_size for path in folder.glob("index*.html"))
    print(f"largest page {largest / 1000:.0f} kB")


def _timed(what: str, do: Callable[[], int]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    pages = do()
    spent = time.process_time() - cpu
    print(f"{what}: {pages} pages, {spent:.2f} s of CPU, {time.perf_counter() - wall:.2f} s")


def on_dask(root: Path, editions: int) -> None:
    province.province(root, editions)
    command = [sys.executable, "-m", "helpers", "assess", "--plans", "county-*"]
    running = subprocess.Popen(
        [*command, "--years", str(province.YEAR), "--engine", "dask", "--jobs", "2"],
        env={**os.environ, "ASSESSMENT_ROOT": str(root)},
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN, OPEN)),
    )
    started, most = time.monotonic(), 0
    while running.poll() is None:
        try:
            most = max(most, len(os.listdir(f"/proc/{running.pid}/fd")))
        except OSError:
            break
        time.sleep(0.2)
    made = len([*root.glob(f"data/processed/county-*/{province.YEAR}/assessment.html")])
    code, wall = running.wait(), time.monotonic() - started
    print(f"{made} of {editions} editions, exit {code}, {wall:.0f} s")
    print(f"at most {most} of {OPEN} files open in the process that asks")


def main() -> None:
    what, folder, *many = sys.argv[1:]
    do, usual = {"--index": (index, 2800), "--dask": (on_dask, 300)}[what]
    do(Path(folder), int(many[0]) if many else usual)


if __name__ == "__main__":
    main()
