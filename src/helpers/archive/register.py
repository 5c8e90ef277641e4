"""Which evidence has been registered? One CSV file, one line a bag, each naming the line it was
added to: lines are only ever added.

Every bag carries the SHA-256 of the register as it stood before its own line, so a bag vouches for
all lines before it. Two machines, or two branches of a repository, may each add lines: put together
line by line every bag stays valid, and the next line added joins the branches. A bag waits under a
hidden name until its line is written: whoever is killed in between leaves nothing that looks like
registered evidence.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from .. import atomic
from . import verify

HEADER, NARROW = (",".join(columns) + "\n" for columns in (verify.REGISTER, verify.NARROW))
WAITING = re.compile(r"\.(.+-([0-9a-f]{12})\.zip)")
HALF = re.compile(r"\..+\.(csv|py|zip|tsr|pem)\.\d+")  # of a writer that was killed


@contextmanager
def held(path: Path) -> Iterator[bytes]:
    """Hold the register for this process and give its bytes; whoever else wants it waits. Raises
    `verify.Unsafe` where it is broken.

    What was killed before is tidied up first; at the end every waiting bag gets its name or goes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.alone(path.with_name(f".{path.name}.lock")):
        raw = path.read_bytes() if path.exists() else HEADER.encode()
        verify.read_register(raw, path.name)
        _tidy(path)
        try:
            yield raw
        finally:
            _tidy(path)


def waiting(bag: Path) -> Path:
    """Where a bag lies until its line is in the register and `held` ends."""
    return bag.with_name(f".{bag.name}")


def _tidy(path: Path) -> None:
    """Give waiting bags that are registered their names, remove those that are not, and what was
    half written. Only who holds the register writes beside it."""
    raw = path.read_bytes() if path.exists() else HEADER.encode()
    registered = {line["evidence_id"][:12] for line in verify.read_register(raw, path.name)}
    for beside in sorted(path.parent.iterdir()):
        if HALF.fullmatch(beside.name):
            beside.unlink()
        elif bag := WAITING.fullmatch(beside.name):
            if bag[2] in registered:
                os.replace(beside, path.with_name(bag[1]))
            else:
                beside.unlink()


def joined(raw: bytes, date: str) -> bytes:
    """`raw` with a line for every branch that is joined to the others: it ends in one head, or is
    empty."""
    while len(heads := verify.heads(verify.read_register(raw))) > 1:
        one, other = sorted(heads, key=lambda line: (line.depth, line["evidence_id"]))[:2]
        raw = longer(raw, event(verify.JOINED, date, one["evidence_id"], other["evidence_id"]))
    return raw


def event(
    what: str, date: str, previous: str, concerns: str, by: str = "", reason: str = ""
) -> dict[str, str]:
    """A line without a bag: `what` (of `verify.EVENTS`) became of the line `concerns`."""
    cells = {"date": date, "event": what, "previous_evidence_id": previous}
    cells |= {"concerns": concerns, "by": by, "reason": reason}
    return {**cells, "evidence_id": verify.line_id(cells)}


def longer(raw: bytes, line: Mapping[str, str]) -> bytes:
    """The register `raw` with `line` behind it. Raises `verify.Unsafe` rather than break the
    chain."""
    header = HEADER.encode()
    start = raw.replace(b"\r\n", b"\n")
    if start == NARROW.encode():
        start = header  # nothing rests on an empty register of the older form
    elif header not in start.splitlines(keepends=True):
        start += header  # the older form goes on in this one
    whole = start + row(line).encode()
    verify.read_register(whole)
    return whole


def row(cells: Mapping[str, str], columns: Sequence[str] = verify.REGISTER) -> str:
    """A line as it stands in the file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([cells.get(column, "") for column in columns])
    return text.getvalue()


def append(path: Path, raw: bytes, line: Mapping[str, str]) -> None:
    """Put `line` behind `raw`, the register as `held` gave it, in its file."""
    atomic.write(path, longer(raw, line))
