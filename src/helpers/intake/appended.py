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
) -> tuple[bytes, bytes]:
    """The bytes of a table now and with `entries` as further lines, in its own columns and line
    ends; optional columns it lacks and `entries` fill are added at the end of its lines."""
    former = path.read_bytes() if path.is_file() else b""
    end = "\r\n" if b"\r\n" in former else "\n"
    header, table = [*required, *optional], former
    if former:
        header = next(csv.reader([former.decode("utf-8-sig").splitlines()[0]]))
        new = [column for column in optional if column not in header]
        new = [column for column in new if any(_filled(entry, column) for entry in entries)]
        header, table = [*header, *new], _widened(former, new)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    if not former:
        writer.writerow(header)
    writer.writerows([entry.cells.get(column, "") for column in header] for entry in entries)
    joint = end.encode() if former and not former.endswith((b"\n", b"\r")) else b""
    return former, table + joint + text.getvalue().encode()


def _filled(entry: Entry, column: str) -> bool:
    value = entry.cells.get(column)
    return bool(value) and (column, value) != ("bound", "=")


def _widened(table: bytes, columns: Sequence[str]) -> bytes:
    """A table with further, empty columns: every byte of its lines stays, what is new stands before
    their ends."""
    if not columns:
        return table
    physical = table.decode("utf-8").splitlines(keepends=True)
    reader, more = csv.reader(physical), "," + ",".join(columns)
    for cells in reader:
        if cells:
            line = physical[reader.line_num - 1]
            bare = line.rstrip("\r\n")
            physical[reader.line_num - 1] = bare + more + line[len(bare) :]
            more = "," * len(columns)
    return "".join(physical).encode()


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
