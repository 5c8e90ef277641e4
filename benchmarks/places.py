"""Where else may a checkout lie? Every verb that writes, with its folders on other file systems, on
full ones, on one that behaves as NFS, and with the clock set back.

    python benchmarks/places.py [--only KIND ...]

The plan, the verbs and what must be true afterwards are those of pairs.py. Another file system is a
tmpfs over one folder, in a mount namespace of this process (unshare). A full one has 16 to 256 kB
left: the verb must say so in one sentence, leave all whole, and succeed once there is room. As NFS
refuses to sync folders, to link, and to lock what is open for reading only. The clock goes back by
400 days between an edition and the verb (faketime, where it is installed). Writes a line a try,
as it goes, to benchmarks/results/places.csv, prints one a kind, exits 3 where anything else was
found.
"""

from __future__ import annotations

import argparse
import csv
import errno
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pairs
from pairs import VERBS, Verb

PLACES = ("tmp", "house/data/processed", "house/data/raw", "house/params", "house/evidence")
QUICK = ("assess", "import", "archive", "docx", "new-plan", "close", "memory", "protocol", "lint")
FULL = (16, 64, 256)  # kB left
BACK = "-400d"
NO_FAKE = not shutil.which("faketime")


def mounted(path: Path, kilobytes: int = 0) -> None:
    """A file system of its own over `path`, with what lies there; `kilobytes` left, or enough."""
    with tempfile.TemporaryDirectory(dir=path.parents[1]) as kept:
        copy = Path(kept) / "x"
        shutil.copytree(path, copy, symlinks=True)
        used = sum(-(-each.stat().st_size // 4096) * 4 + 4 for each in copy.rglob("*"))
        size = f"{used + kilobytes}k" if kilobytes else "500m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", path], check=True)
        subprocess.run(["cp", "-a", f"{copy}/.", path], check=True)


def as_nfs() -> None:
    """In a verb's own process: what an NFS mount refuses."""
    sync, lock = os.fsync, fcntl.flock

    def synced(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    def locked(file, how: int) -> None:
        number = file if isinstance(file, int) else file.fileno()
        reads = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        if how & fcntl.LOCK_EX and reads:
            raise OSError(errno.EBADF, "Bad file descriptor")
        lock(file, how)

    def linked(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    os.fsync, fcntl.flock, os.link = synced, locked, linked


class House:
    """The prepared repository, new for each try, and what was mounted over it."""

    def __init__(self, base: Path):
        self.base, self.root = base, base.with_name("house")
        self.mounts: list[Path] = []

    def __enter__(self) -> House:
        shutil.rmtree(self.root, ignore_errors=True)
        subprocess.run(["cp", "-a", self.base, self.root], check=True)
        (self.root.parent / "tmp").mkdir(exist_ok=True)
        raw = (self.root / "data/raw/toy").glob("*.csv")
        self.before = {path.name: path.read_bytes() for path in raw}
        return self

    def __exit__(self, *_: object) -> None:
        while self.mounts:
            subprocess.run(["umount", "-l", self.mounts.pop()], check=True)

    def mount(self, place: str, kilobytes: int = 0) -> None:
        mounted(self.root.parent / place, kilobytes)
        self.mounts.append(self.root.parent / place)

    def room(self) -> None:
        subprocess.run(["mount", "-o", "remount,size=500m", self.mounts[-1]], check=True)

    def faults(self) -> list[str]:
        return pairs.faults(self.root, self.before)

    def done(self, name: str, first: Callable[[], None] = lambda: None) -> list[str]:
        """What was found after the verb, which must succeed."""
        verb = Verb(self.root, name, first=first)
        failed = [f"{verb.code}: {verb.text.strip()[-150:]}"] if verb.end() else []
        return failed + self.faults() + [f"left {each}" for each in pairs.lying_about(self.root)]


def elsewhere(house: House) -> Iterator[tuple[str, list[str]]]:
    for place in PLACES:
        for name in VERBS:
            with house:
                house.mount(place)
                yield f"{name}, {place} elsewhere", house.done(name)


def full(house: House) -> Iterator[tuple[str, list[str]]]:
    for place in PLACES:
        for name in QUICK:
            for left in FULL:
                with house:
                    house.mount(place, left)
                    verb = Verb(house.root, name)
                    code, found = verb.end(), house.faults()
                    lines = verb.text.strip().splitlines()
                    told = "No space left" in verb.text or "room" in verb.text
                    found += [f"not told: {lines[-3:]}"] * bool(code and not told)
                    found += ["a traceback"] * ("Traceback" in verb.text)
                    house.room()
                    found += [f"afterwards {each}" for each in (house.done(name) if code else [])]
                    yield f"{name}, {left} kB in {place}, {'refused' if code else 'done'}", found


def nfs(house: House) -> Iterator[tuple[str, list[str]]]:
    for name in VERBS:
        with house:
            yield f"{name} as over NFS", house.done(name, as_nfs)


def set_back(house: House) -> Iterator[tuple[str, list[str]]]:
    """The verb, and what it makes of what it made before the clock was right again."""
    environment = {**os.environ, "ASSESSMENT_ROOT": str(house.root)}
    for name in () if NO_FAKE else ("assess", "archive", "close", "monitor", "docx", "overview"):
        with house:
            arguments = [sys.executable, "-m", "helpers", *VERBS[name]]
            ran = subprocess.run(
                ["faketime", "-f", BACK, *arguments],
                cwd=house.root,
                env=environment,
                capture_output=True,
                text=True,
            )
            found = [f"{ran.returncode}: {ran.stderr[-200:]}"] if ran.returncode else []
            found += house.faults() + [f"then {each}" for each in house.done(name)]
            yield f"{name}, the clock set back", found


KINDS = {"elsewhere": elsewhere, "full": full, "nfs": nfs, "set back": set_back}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="*", choices=KINDS, default=[*KINDS])
    asked = parser.parse_args()
    if "PLACES_APART" not in os.environ:  # mounts that end with this process
        os.environ["PLACES_APART"] = "1"
        own = [] if os.getuid() == 0 else ["--map-root-user"]
        os.execvp("unshare", ["unshare", "--mount", *own, sys.executable, *sys.argv])
    counts: Counter[tuple[str, bool]] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="places-", ignore_cleanup_errors=True) as folder,
        open(pairs.ROOT / "benchmarks/results/places.csv", "w", encoding="utf-8") as file,
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("kind", "tried", "fault"))
        pairs.house(base := Path(folder) / "base")
        for kind in asked.only:
            for what, found in KINDS[kind](House(base)):
                counts[kind, not found] += 1
                table.writerow((kind, what, "; ".join(found)))
                file.flush()
    for kind in asked.only:
        good, bad = counts[kind, True], counts[kind, False]
        print(f"{kind}: {good + bad} tried, {bad} with a fault")
    sys.exit(3 if any(number for (_, good), number in counts.items() if not good) else 0)


if __name__ == "__main__":
    main()
