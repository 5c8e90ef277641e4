"""What does the verifier notice? Faults planted in a real evidence bag, one at a time.

    python benchmarks/tamper.py BAG.zip

prints the table and writes benchmarks/results/tamper.csv: every structural fault, with and without
the evidence id and by the reference implementation bagit; then every single-byte change of the tag
files and 20,000 random byte changes of the payload, for which the payload is cut to the first 2,000
bytes of twelve files (a verification takes 1 ms then); time and memory of 1,000 files.
"""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.archive import verify

ROOT = Path(__file__).resolve().parents[1]

MANIFEST, TAGMANIFEST, INFO = verify.MANIFEST, verify.TAGMANIFEST, verify.INFO
TAG_FILES = (verify.DECLARATION, INFO, MANIFEST, TAGMANIFEST)
RANDOM_CHANGES, THIN_FILES, THIN_BYTES = 20_000, 12, 2_000


# --- faults: each takes the folder of a bag and spoils one thing ----------------------------------


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def payload(bag: Path, suffix: str = "") -> list[Path]:
    return sorted(path for path in (bag / "data").rglob(f"*{suffix}") if path.is_file())


def reseal_payload(bag: Path) -> None:
    (bag / MANIFEST).write_text(
        "".join(f"{sha256(path)}  {path.relative_to(bag).as_posix()}\n" for path in payload(bag)),
        "utf-8",
    )


def reseal(bag: Path) -> None:
    """What a forger does: make every manifest agree with what is there now."""
    reseal_payload(bag)
    files = payload(bag)
    oxum = f"Payload-Oxum: {sum(path.stat().st_size for path in files)}.{len(files)}"
    (bag / INFO).write_text(
        re.sub(r"Payload-Oxum: .*", oxum, (bag / INFO).read_text("utf-8")), "utf-8"
    )
    tags = sorted(
        path.name for path in bag.iterdir() if path.is_file() and path.name not in verify.UNLISTED
    )
    (bag / TAGMANIFEST).write_text(
        "".join(f"{sha256(bag / name)}  {name}\n" for name in tags), "utf-8"
    )


def change(path: Path, pattern: str, to: str) -> None:
    """Replace the first match; it must be there, so that no fault spoils nothing."""
    text, done = re.subn(pattern, to, path.read_bytes().decode(), count=1)
    assert done, f"{path.name}: {pattern} is not there"
    assert text.encode() != path.read_bytes(), f"{path.name}: {pattern} changes nothing"
    path.write_bytes(text.encode())


def raise_a_figure(bag: Path) -> None:
    """1180 → 9180 in the observations: the change somebody may want."""
    change(_observations(bag), r"(?<=,)[1-8](?=\d*,)", "9")


def _observations(bag: Path) -> Path:
    return next(path for path in payload(bag, ".csv") if path.name == "observations.csv")


def _page(bag: Path) -> Path:
    return payload(bag, ".html")[0]


def without(path: Path, word: str) -> None:
    path.write_text(
        "".join(
            line for line in path.read_text("utf-8").splitlines(keepends=True) if word not in line
        ),
        "utf-8",
    )


def link(bag: Path, target: Path, relative: bool) -> None:
    """The page replaced by a link to the same bytes."""
    page = _page(bag)
    shutil.copy(page, target)
    page.unlink()
    page.symlink_to(os.path.relpath(target, page.parent) if relative else target)


def number_changed_and_tagmanifest_deleted(bag: Path) -> None:
    raise_a_figure(bag)
    reseal_payload(bag)
    (bag / TAGMANIFEST).unlink()


def number_changed_and_all_manifests_recomputed(bag: Path) -> None:
    raise_a_figure(bag)
    reseal(bag)


def back_dated_and_its_line_dropped(bag: Path) -> None:
    without(bag / TAGMANIFEST, INFO)
    change(bag / INFO, r"(?<=: )(\d{3})\d(?=-\d\d-\d\d)", r"\g<1>1")


def swapped_digits(bag: Path) -> None:
    """Two neighbouring digits change places: same length, same count of bytes."""
    change(_observations(bag), r"(?<=,)(\d)(?!\1)(\d)(?=\d*,)", r"\2\1")


def _run_json(bag: Path) -> Path:
    return next(path for path in payload(bag, ".json") if path.name == "run.json")


def time_forged(bag: Path) -> None:
    """The whole run's start a year earlier: the last one written, after those of its notebooks."""
    change(_run_json(bag), r'(?s)(.*"started": "\d{3})\d', r"\g<1>0")


def time_of_taken_over_forged(bag: Path) -> None:
    """A notebook of an earlier run said to have run years before, every manifest made anew."""
    path = _run_json(bag)
    run = json.loads(path.read_text("utf-8"))
    records = [record for record in run["notebooks"].values() if record.get("ran")]
    record = next((each for each in records if each["reused"]), records[0])
    record["ran"] |= {"started": "2001-01-01T00:00:00Z", "ended": "2001-01-01T00:00:01Z"}
    path.write_text(json.dumps(run, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
    reseal(bag)


def taken_over_said_to_be_executed(bag: Path) -> None:
    """A notebook of an earlier run passed off as one of this run, or the other way round."""
    text = _run_json(bag).read_text("utf-8")
    word = "true" if '"reused": true' in text else "false"
    change(
        _run_json(bag), f'"reused": {word}', f'"reused": {"false" if word == "true" else "true"}'
    )


def scenario_swapped(bag: Path) -> None:
    """The edition passed off as one under a scenario, every manifest made anew."""
    change(bag / INFO, r"(?<=\nEdition: )(\d{4}).*", r"\g<1>+other")
    reseal(bag)


def document_altered(bag: Path) -> None:
    """A kept copy of a source, or the table of sources where none is kept: a word more."""
    kept = [path for path in payload(bag) if "documents" in path.parts]
    path = next(iter(kept), None) or next(
        p for p in payload(bag, ".csv") if p.name == "sources.csv"
    )
    path.write_bytes(path.read_bytes() + b" ")


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 1
    path.write_bytes(data)


STRUCTURAL: dict[str, Callable[[Path], None]] = {
    "payload file deleted": lambda bag: _observations(bag).unlink(),
    "payload file added": lambda bag: (bag / "data/extra.txt").write_text("x"),
    "tag file added": lambda bag: (bag / "NOTE.txt").write_text("x"),
    "hidden file added": lambda bag: (bag / "data/.hidden").write_text("x"),
    "empty folder added": lambda bag: (bag / "data/empty").mkdir(),
    "tag manifest deleted": lambda bag: (bag / TAGMANIFEST).unlink(),
    "bag-info's line dropped": lambda bag: without(bag / TAGMANIFEST, INFO),
    "bag-info's line dropped, bag back-dated": back_dated_and_its_line_dropped,
    "number changed, tag manifest deleted": number_changed_and_tagmanifest_deleted,
    "number changed, all manifests recomputed": number_changed_and_all_manifests_recomputed,
    "one notebook replaced by another": lambda bag: shutil.copy(
        payload(bag, ".ipynb")[0], payload(bag, ".ipynb")[1]
    ),
    "page is a link inside the bag": lambda bag: link(bag, bag / "x.html", relative=True),
    "page is a link out of the bag": lambda bag: link(
        bag, bag.parent / "outside.html", relative=False
    ),
    "CRLF in the manifest": lambda bag: (bag / MANIFEST).write_bytes(
        (bag / MANIFEST).read_bytes().replace(b"\n", b"\r\n")
    ),
    "upper-case digest": lambda bag: change(
        bag / TAGMANIFEST, r"^[0-9a-f]{64}", (bag / TAGMANIFEST).read_text()[:64].upper()
    ),
    "manifest names /etc/passwd": lambda bag: (bag / MANIFEST).write_text(
        (bag / MANIFEST).read_text("utf-8") + "0" * 64 + "  data/../../../etc/passwd\n", "utf-8"
    ),
    "notebook emptied": lambda bag: payload(bag, ".ipynb")[0].write_bytes(b""),
    "newline added to the page": lambda bag: _page(bag).write_bytes(
        _page(bag).read_bytes() + b"\n"
    ),
    "two digits swapped": swapped_digits,
    "hard link to the page": lambda bag: os.link(_page(bag), bag.parent / "second name"),
    "named pipe added": lambda bag: os.mkfifo(bag / "data/pipe"),
    "payload fetched from elsewhere": lambda bag: (bag / "fetch.txt").write_text(
        "https://example.org/x 1 data/x\n"
    ),
    "manifest out of order": lambda bag: (bag / MANIFEST).write_text(
        "".join(reversed((bag / MANIFEST).read_text("utf-8").splitlines(keepends=True))), "utf-8"
    ),
    "a manifest line twice": lambda bag: (bag / MANIFEST).write_text(
        (bag / MANIFEST).read_text("utf-8").splitlines(keepends=True)[0]
        + (bag / MANIFEST).read_text("utf-8"),
        "utf-8",
    ),
}


OF_AN_EDITION = {  # of bags that say which edition they are and how it ran
    "scenario swapped, all manifests recomputed": scenario_swapped,
    "the run's time forged": time_forged,
    "reused notebook's time forged, all manifests recomputed": time_of_taken_over_forged,
    "document altered": document_altered,
    "reused notebook passed off as executed": taken_over_said_to_be_executed,
}


def faults(bag: Path) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """(name, fault) of all of them: one bit of each file of `bag` in turn, then the structural
    ones."""
    for path in sorted(path.relative_to(bag) for path in bag.rglob("*") if path.is_file()):
        yield f"one bit of {path.as_posix()}", lambda spoilt, path=path: flipped(spoilt / path)
    yield from STRUCTURAL.items()
    yield from OF_AN_EDITION.items()


# --- who notices ----------------------------------------------------------------------------------


def noticed(bag: Path, evidence_id: str = "") -> bool:
    return verify.verify(bag, evidence_id).exit != verify.INTACT


def noticed_by_bagit(bag: Path) -> bool | None:
    """None where bagit is not installed."""
    try:
        import bagit
    except ImportError:
        return None
    logging.disable(logging.CRITICAL)
    try:
        bagit.Bag(str(bag)).validate()
        return False
    except Exception:
        return True


def planted(good: Path, fault: Callable[[Path], None], scratch: Path) -> Path:
    """A copy of `good` with the fault in it."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(good, scratch / "bag")
    fault(scratch / "bag")
    return scratch / "bag"


def byte_changes(good: Path, names: tuple[str, ...] = TAG_FILES) -> Iterator[tuple[str, int, int]]:
    """(file, place, value): every place of the tag files, each of four changes: lowest bit, case,
    highest bit, line end."""
    for name in names:
        for place, byte in enumerate((good / name).read_bytes()):
            yield from (
                (name, place, value)
                for value in sorted({byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0x0A} - {byte})
            )


def missed_byte_changes(
    bag: Path, changes, evidence_id: str
) -> tuple[int, list[tuple[str, int, int]]]:
    """(how many changes, those not noticed); each is undone before the next."""
    tried, missed = 0, []
    for name, place, value in changes:
        with open(bag / name, "r+b") as file:
            file.seek(place)
            old = file.read(1)
            file.seek(place)
            file.write(bytes([value]))
        tried += 1
        if not noticed(bag, evidence_id):
            missed.append((name, place, value))
        with open(bag / name, "r+b") as file:
            file.seek(place)
            file.write(old)
    return tried, missed


def random_payload_changes(bag: Path, count: int, seed: int = 1) -> Iterator[tuple[str, int, int]]:
    """(file, place, value), every byte of the payload as likely as another."""
    chance, files = random.Random(seed), payload(bag)
    sizes = [path.stat().st_size for path in files]
    contents = {path: path.read_bytes() for path in files}
    for path in chance.choices(files, sizes, k=count):
        data = contents[path]
        place = chance.randrange(len(data))
        yield path.relative_to(bag).as_posix(), place, data[place] ^ chance.randrange(1, 256)


def thinned(bag: Path) -> None:
    """The first bytes of a few payload files, of all kinds; the manifests made anew."""
    files = payload(bag)
    kept = set(files[:: -(-len(files) // THIN_FILES)])
    for path in files:
        if path in kept:
            path.write_bytes(path.read_bytes()[:THIN_BYTES])
        else:
            path.unlink()
    for folder in sorted((path for path in bag.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    reseal(bag)


def register_changes(text: str) -> Iterator[str]:
    """A register with one cell changed, one line removed, or two exchanged: every way there is of
    one step."""
    header, *lines = text.splitlines(keepends=True)
    for k, line in enumerate(lines):
        yield "".join([header, *lines[:k], *lines[k + 1 :]])
        if k + 1 < len(lines):
            yield "".join([header, *lines[:k], lines[k + 1], line, *lines[k + 2 :]])
        cells = line.rstrip("\n").split(",")
        for n, cell in enumerate(cells):
            other = cell[:-1] + ("0" if cell[-1:] != "0" else "1")
            changed = ",".join([*cells[:n], other, *cells[n + 1 :]]) + "\n"
            yield "".join([header, *lines[:k], changed, *lines[k + 1 :]])


def missed_beside(path: Path, scratch: Path) -> dict[str, tuple[int, list]]:
    """What -> (how many changes, those not noticed) of the register and the time stamp that lie
    beside the bag, each where it is there; lines after the bag's own are not its to vouch for."""
    found, bag = {}, scratch / path.name
    shutil.copy(path, bag)
    listed = path.with_name("REGISTER.csv")
    if listed.is_file():
        lines = listed.read_text("utf-8").splitlines(keepends=True)
        own = next(k for k, line in enumerate(lines) if verify.verify(path).evidence_id in line)
        changes, elsewhere = [*register_changes("".join(lines[: own + 1]))], scratch / "R.csv"
        missed = []
        for text in changes:
            elsewhere.write_text(text, "utf-8")
            if verify.verify(bag, "", elsewhere).exit == verify.INTACT:
                missed.append(text)
        found["register, every cell and line"] = (len(changes), missed)
    token = path.with_suffix(verify.TOKEN)
    if token.is_file():
        shutil.copy(path.with_suffix(verify.AUTHORITY), bag.with_suffix(verify.AUTHORITY))
        good, missed = token.read_bytes(), []
        places = range(0, len(good), max(1, len(good) // 200))
        for at in places:
            changed = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
            bag.with_suffix(verify.TOKEN).write_bytes(changed)
            if verify.verify(bag, "", listed if listed.is_file() else None).exit == verify.INTACT:
                missed.append(at)
        found["time stamp, bytes of the token"] = (len(places), missed)
    return found


def large_bag(folder: Path, files: int = 1000, size: int = 20_000) -> Path:
    """A zip of `files` files, for time and memory."""
    bag = folder / "large"
    (bag / "data").mkdir(parents=True)
    (bag / verify.DECLARATION).write_bytes(verify.DECLARED)
    (bag / INFO).write_text("Payload-Oxum: 0.0\n")
    chance = random.Random(1)
    for k in range(files):
        (bag / "data" / f"{k:04}.csv").write_bytes(chance.randbytes(size))
    reseal(bag)
    with zipfile.ZipFile(folder / "large.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(bag.rglob("*")):
            if path.is_file():
                zipped.write(path, path.relative_to(folder))
    return folder / "large.zip"


COST = """
import os, re, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as leaving:
    assert not leaving.code
# getrusage would count the parent's peak too
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print(sum(os.times()[:2]), int(peak[1]) / 1024, file=sys.stderr)
"""


def cost(path: Path) -> tuple[float, float]:
    """(CPU seconds, MB at the peak) of verifying `path` in a process of its own, as an archivist
    runs it. Linux only."""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", COST, verify.__file__, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(map(float, ran.stderr.split()))


def main(path: str) -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with zipfile.ZipFile(path) as zipped:
            zipped.extractall(scratch / "good")  # our own bag; the verifier itself extracts nothing
        (good,) = (scratch / "good").iterdir()
        evidence_id = verify.verify(good).evidence_id
        assert not noticed(good, evidence_id), "the bag is not intact to begin with"
        for name, fault in faults(good):
            bag = planted(good, fault, scratch / "spoilt")
            rows.append((name, noticed(bag, evidence_id), noticed(bag), noticed_by_bagit(bag)))
        thin = planted(good, thinned, scratch / "spoilt")
        thin_id, started = verify.verify(thin).evidence_id, time.process_time()
        changes = {
            "tag files, every byte": byte_changes(thin),
            "payload, random bytes": random_payload_changes(thin, RANDOM_CHANGES),
        }
        results = {
            name: missed_byte_changes(thin, list(each), thin_id) for name, each in changes.items()
        }
        results |= missed_beside(Path(path), scratch)
        spent = time.process_time() - started
        seconds, megabytes = cost(large_bag(scratch))
    said = {True: "found", False: "MISSED", None: "–"}
    for row in rows:
        print(f"{row[0]:62.62}", *(f"{said[answer]:>8}" for answer in row[1:]))
    total = [f"{sum(bool(row[k]) for row in rows)} of {len(rows)}" for k in (1, 2, 3)]
    print(f"{'faults found: with the id, without, by bagit':62}", *(f"{text:>8}" for text in total))
    for name, (tried, missed) in results.items():
        print(f"{name}: {tried - len(missed)} of {tried} found")
    print(f"changes took {spent:.0f} s; 1,000 files: {seconds:.2f} s CPU, {megabytes:.0f} MB")
    with open(ROOT / "benchmarks/results/tamper.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("fault", "tried", "with_id", "without_id", "bagit"))
        writer.writerows(
            (name, 1, *("" if answer is None else int(answer) for answer in answers))
            for name, *answers in rows
        )
        writer.writerows(
            (name, tried, tried - len(missed), "", "") for name, (tried, missed) in results.items()
        )
    sys.exit(any(missed for _, missed in results.values()) or not all(row[1] for row in rows))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
