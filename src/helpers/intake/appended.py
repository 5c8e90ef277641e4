"""What a table is with further lines, and where in the form what is found wrong with a line was
typed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .finding import Finding
from .typed import Entry


def appended(
    path: Path,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    entries: Sequence[Entry],
    findings: list[Finding],
    name: str,
) -> tuple[bytes, bytes]:
    """The bytes of a table now and with `entries` as further lines, in its own columns and line
    ends."""
    former = path.read_bytes() if path.is_file() else b""
    end = "\r\n" if b"\r\n" in former else "\n"
    header = (
        next(csv.reader([former.decode("utf-8-sig").splitlines()[0]]))
        if former
        else [*required, *optional]
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    if not former:
        writer.writerow(header)
    for entry in entries:
        lost = [
            column
            for column, value in entry.cells.items()
            if value and column not in header and (column, value) != ("bound", "=")
        ]
        for column in lost:
            findings.append(
                Finding(
                    name,
                    0 if entry.places else entry.line,
                    entry.places.get(column, column),
                    entry.cells[column],
                    f"{path.name} 的表头没有 {column} 这一列",
                    "请先在表头末尾加上这一列，各行补一个逗号",
                )
            )
        writer.writerow([entry.cells.get(column, "") for column in header])
    joint = end.encode() if former and not former.endswith((b"\n", b"\r")) else b""
    return former, former + joint + text.getvalue().encode()


def add_told(findings: list[Finding], further: Iterator[Finding]) -> None:
    """Add what is said of cells of which nothing was said yet: a wrong cell makes others look
    wrong."""
    told = {finding.column for finding in findings if "!" in finding.column and not finding.warning}
    findings += [finding for finding in further if finding.column not in told]


def lines(content: bytes) -> int:
    """Physical lines of a table, the header's included where there is none yet."""
    return max(1, len(content.splitlines()))


def moved(
    told: Sequence[Finding], name: str, former: bytes, entries: Sequence[Entry], shown: str
) -> Iterator[Finding]:
    """Findings on lines of a table to be, as findings on the cells they were typed in; those on
    former lines name the table."""
    before = lines(former)
    starts, line = [], before + 1
    for entry in entries:
        starts.append(line)
        line += 1 + sum(value.count("\n") for value in entry.cells.values())
    for finding in told:
        k = next((k for k in range(len(starts) - 1, -1, -1) if starts[k] <= finding.line), None)
        if finding.line <= before or k is None:
            yield replace(finding, file=shown)
        elif entries[k].places:
            place = entries[k].places.get(finding.column) or next(iter(entries[k].places.values()))
            yield replace(finding, file=name, line=0, column=place)
        else:
            yield replace(finding, file=name, line=entries[k].line)
