"""What is left after the worst: runs killed at random instants, disks that fill, workers that die.
Nothing silent, nothing half.

    python benchmarks/faults.py [--kills 200] [--writes 50] [--workers 20] [--seed 1]

Each fault is done to one synthetic county in a folder of its own. Afterwards its edition is
compared, file by file, with what undisturbed runs left: it must be the previous or the next one,
whole; a run that did not leave the next one must have said so or been killed; the run after it must
succeed. Prints a line a kind, exits 3 where anything else was found.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import province

from helpers import distributed, edition, request
from helpers.run import cluster

FULL = """
import errno, os, sys
from helpers.run import engine, place
limit, count = int(sys.argv.pop(1)), 0
def failing(function):
    def call(*arguments, **options):
        global count
        count += 1
        if count == limit:
            raise OSError(errno.ENOSPC, "No space left on device")
        return function(*arguments, **options)
    return call
os.fsync, os.replace, Writes = failing(os.fsync), failing(os.replace), None
from pathlib import Path
Path.write_bytes = failing(Path.write_bytes)
import shutil
shutil.copyfile = failing(shutil.copyfile)
import runpy
runpy.run_module("helpers", run_name="__main__", alter_sys=True)
"""  # the n-th write, sync or rename of the run's own process finds the disk full


class County:
    """A synthetic county with its edition, and the value that is changed between one run and the
    next."""

    def __init__(self, root: Path, indicators: int = province.INDICATORS):
        self.root, province.INDICATORS = root, indicators
        [self.plan] = province.province(root, 1)
        self.folder = root / "data/processed" / self.plan / "2024"
        self.raw = root / "data/raw" / self.plan / "observations.csv"
        self.texts = [self.raw.read_text("utf-8"), self._changed(self.raw.read_text("utf-8"))]
        self.states = []
        for text in self.texts:
            self.raw.write_text(text, "utf-8")
            assert self.assess().returncode == 0
            self.states.append(self.state())
        self.now = 1

    @staticmethod
    def _changed(text: str) -> str:
        lines = text.splitlines(keepends=True)
        cells = lines[2].split(",")
        cells[4] = str(float(cells[4]) + 1).removesuffix(".0")
        return "".join([*lines[:2], ",".join(cells), *lines[3:]])

    def turn(self) -> None:
        """The other value stands in the raw data: the next run has something to do."""
        self.now = 1 - self.now
        self.raw.write_text(self.texts[self.now], "utf-8")

    def command(self, *options: str) -> list[str]:
        return [sys.executable, *options, "assess", "--plan", self.plan]

    def start(self, *options: str) -> subprocess.Popen:
        environment = {**os.environ, "ASSESSMENT_ROOT": str(self.root)}
        return subprocess.Popen(
            self.command(*(options or ("-m", "helpers"))),
            cwd=self.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def assess(self, *options: str) -> subprocess.CompletedProcess[str]:
        run = self.start(*options)
        said = run.communicate()[1]
        return subprocess.CompletedProcess(run.args, run.returncode, stderr=said)

    def state(self) -> dict[str, bytes]:
        return (
            {
                path.name: path.read_bytes()
                for path in self.folder.iterdir()
                if path.name != edition.RUN_FILE
            }
            if self.folder.is_dir()
            else {}
        )

    def left(self) -> str:
        """Which edition lies there: old, new, or what it should never be."""
        found = self.state()
        if not found and self.folder.with_name(f".{self.folder.name}.old").is_dir():
            return "aside"  # killed between the two renames: the next run puts it back
        return {id(self.states[self.now]): "new", id(self.states[1 - self.now]): "old"}.get(
            next((id(one) for one in self.states if one == found), 0), "HALF"
        )


def killed(county: County, chance: random.Random, longest: float) -> str:
    """Kill the run after a random time; then run undisturbed."""
    county.turn()
    run = county.start()
    time.sleep(chance.uniform(0, longest))
    run.kill()
    said = run.communicate()[1]
    return _after(county, county.left(), said, silent_allowed=True)


def full(county: County, number: int) -> str:
    """The disk is full at the `number`-th write; then run undisturbed."""
    county.turn()
    ran = county.assess("-c", FULL, str(number))
    found = county.left()
    if ran.returncode == 0 and found != "new":
        return "SILENT"
    if ran.returncode != 0 and ("No space left" not in ran.stderr or "Traceback" in ran.stderr):
        return "UNTOLD"
    return _after(county, found, ran.stderr, silent_allowed=False)


def _after(county: County, found: str, said: str, *, silent_allowed: bool) -> str:
    if (
        found not in ("old", "new", "aside")
        or "Traceback" in said
        or not (silent_allowed or said or found == "new")
    ):
        return found if found == "HALF" else "UNTOLD"
    again = county.assess()
    if again.returncode != 0 or county.left() != "new":
        return "STUCK"
    rest = [
        path.name
        for path in county.folder.parent.iterdir()
        if path.name not in ("2024", ".2024.lock")
    ]
    return f"REST {rest}" if rest else found


def workers_killed(county: County, times: int, chance: random.Random) -> Counter:
    """Kill the worker that runs a batch, `times` times, each in a run of its own."""
    found: Counter = Counter()
    with cluster.cluster(distributed.common(county.root), 1) as one:
        for _ in range(times):
            county.turn()
            stop = threading.Event()
            killer = threading.Thread(
                target=_kill_a_worker, args=(one.client, chance.uniform(0, 3), stop)
            )
            killer.start()
            [(_, end)] = distributed.made(
                [request.of(county.plan, 2024, root=county.root)], one, force=True
            )
            stop.set()
            killer.join()
            found[f"FAILED {end}" if isinstance(end, Exception) else county.left()] += 1
    return found


def _kill_a_worker(client: object, after: float, stop: threading.Event) -> None:
    while not stop.wait(0.1):
        for pid in list(client.run(os.getpid).values()):
            children = [
                child
                for tasks in Path(f"/proc/{pid}/task").glob("*/children")
                for child in tasks.read_text().split()
            ]
            if any(
                "leash" in Path(f"/proc/{child}/cmdline").read_text()
                for child in children
                if Path(f"/proc/{child}/cmdline").exists()
            ):
                stop.wait(after)
                if not stop.is_set():
                    os.kill(pid, signal.SIGKILL)
                return


def many(kind: str, times: int, one: Callable[[int], str]) -> Counter:
    found = Counter(one(k) for k in range(times))
    print(f"{kind}: {times} times, left {dict(found)}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, times in (
        ("kills", 200),
        ("writes", 50),
        ("workers", 20),
        ("seed", 1),
        ("indicators", 3),
    ):
        parser.add_argument(f"--{name}", type=int, default=times)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        county = County(Path(folder) / "county", given.indicators)
        county.turn()
        started = time.monotonic()
        county.assess()
        longest = (time.monotonic() - started) * 1.1
        found = many("kill -9", given.kills, lambda _: killed(county, chance, longest))
        found += many("disk full", given.writes, lambda k: full(county, k + 1))
        if given.workers:
            left = workers_killed(county, given.workers, chance)
            print(f"worker killed: {given.workers} times, left {dict(left)}")
            found += left
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(3 if set(found) - {"old", "new", "aside"} else 0)


if __name__ == "__main__":
    main()
