"""Bad inputs of all kinds: what must happen to each, and what must never.

The corpus lies beside the repository (`../shared/hostile`, expectations.csv names each file, the
outcome, the place); the generated files here are larger or stranger than any it holds.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import some
from hypothesis import given, settings, strategies as st

from helpers import cli
from helpers.intake import contract, door, observations, plan as plans
from helpers.intake.finding import INVISIBLE

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "hostile"
DEMO = ROOT / "tests" / "demo"
SECONDS, MEGABYTES = 2, 500
PLAN = door.plan_in(DEMO)
FACTS = {facts.id: facts for facts in plans.indicators(PLAN)}

cases = []
if (CORPUS / "expectations.csv").is_file():
    with open(CORPUS / "expectations.csv", encoding="utf-8", newline="") as file:
        cases = [
            case for case in csv.DictReader(file) if not case["file"].startswith("zip/")
        ]  # bags are the archive's
CODES = {
    "accept": {0},
    "accept_warn": {0},
    "reject": {1},
    "reject_or_convert_warn": {0, 1},
    "safe_render": {0, 1},
}


def checked(path: Path, *options: str):
    return CliRunner().invoke(
        cli.verbs, ["check", str(path), "--params", str(DEMO), *options], prog_name="helpers"
    )


@pytest.mark.skipif(not cases, reason="the corpus ../shared/hostile is not there")
@pytest.mark.parametrize("case", cases, ids=lambda case: case["file"])
def test_a_hostile_file_meets_its_expectation(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    ran = checked(CORPUS / case["file"])
    assert time.process_time() - started < SECONDS
    assert not isinstance(ran.exception, Exception), ran.exception
    assert ran.exit_code in CODES[case["must"]], ran.output
    assert "Traceback" not in ran.output
    assert ran.output.rstrip("\n").replace("\n", "").isprintable()
    assert not list(tmp_path.iterdir()), "nothing is written by a check"
    if case["must"] in ("accept_warn", "reject", "reject_or_convert_warn"):
        name, where = Path(case["file"]).name, "" if case["where"] == "file" else case["where"]
        assert f"{name}:{where}" in ran.output, ran.output
    if case["must"] == "accept_warn":
        assert "提醒 " in ran.output
    if case["must"] == "accept":
        assert "提醒 " not in ran.output


@pytest.mark.skipif(not cases, reason="the corpus ../shared/hostile is not there")
def test_the_figures_of_an_accepted_file_are_those_that_were_typed():
    for case in some(cases):
        if case["must"] not in ("accept", "accept_warn", "safe_render") or not case[
            "file"
        ].endswith(".csv"):
            continue
        with open(CORPUS / case["file"], encoding="utf-8-sig", newline="") as file:
            typed = [
                (row["indicator_id"], row["year"], row["value"], row["status"], row["source"])
                for row in csv.DictReader(file)
            ]
        rows = list(
            contract.observation_rows(PLAN, CORPUS / case["file"], "x.csv", FACTS, None, [])
        )
        assert [(row.indicator_id, str(row.year), row.status, row.source) for row in rows] == [
            (i, y, st, so) for i, y, _, st, so in typed
        ]
        assert [row.value for row in rows] == [
            float(value) if value else None for _, _, value, _, _ in typed
        ]


# Larger and stranger than the corpus: each in a process of its own, with bounded time and memory.

HEADER = "plan,indicator_id,area,year,value,unit,status,source\n"
GOOD = "demo,patent_grants,320612,2021,2100,件,final,公报\n"
NOTEBOOK = (
    '{"nbformat":4,"nbformat_minor":4,"metadata":{"kernelspec":{"name":"python3"}},"cells":[%s]}'
)
PATHOLOGICAL = {
    "one_line.csv": lambda: b"x" * 100_000_000,
    "zeros.csv": lambda: b"\0" * 50_000_000,
    "commas.csv": lambda: HEADER.encode() + b"," * 20_000_000,
    "quotes.csv": lambda: HEADER.encode() + b'"' * 20_000_001,
    "open_quote.csv": lambda: (
        HEADER + 'demo,patent_grants,320612,2021,2100,件,final,"公报\n' + GOOD * 100_000
    ).encode(),
    "all_bad.csv": lambda: (
        HEADER + "demo,patent_grant,NA,20222,2_100,万件,finl,\n" * 200_000
    ).encode(),
    "long_names.csv": lambda: (
        HEADER + f"demo,{'patent_grants' * 5000},320612,2021,2100,件,final,公报\n" * 500
    ).encode(),
    "units.csv": lambda: (
        HEADER + f"demo,patent_grants,320612,2021,2100,{'亿' * 30000}件,final,公报\n" * 200
    ).encode(),
    "digits.csv": lambda: (
        HEADER + f"demo,patent_grants,320612,2021,{'9' * 90000},件,final,公报\n" * 300
    ).encode(),
    "blank.csv": lambda: HEADER.encode() + b"\n" * 2_000_000,
    "noise.csv": lambda: random.Random(1).randbytes(5_000_000),
    "deep.yaml": lambda: b"plan: " + b"[" * 100_000,
    "flow.yaml": lambda: b"plan: {" * 20_000,
    "keys.yaml": lambda: b"".join(b"k%d: 1\n" % k for k in range(15_000)),
    "long.yaml": lambda: b"plan: " + b"x" * 10_000_000,
    "bombs.yaml": lambda: (
        b"a: &a [x,x]\n" + b"".join(b"a%d: &a%d [*a,*a]\n" % (k, k) for k in range(5_000))
    ),
    "deep.ipynb": lambda: b"[" * 1_000_000,
    "objects.ipynb": lambda: NOTEBOOK.encode() % b",".join([b"{}"] * 4_000_000),
    "spaces.ipynb": lambda: (
        (
            NOTEBOOK
            % '{"cell_type":"code","id":"a","execution_count":1,"outputs":[],"source":"%s"}'
        ).encode()
        % (b" " * 4_000_000)
    ),
    "tags.ipynb": lambda: (
        (NOTEBOOK % '{"cell_type":"markdown","id":"a","source":"%s"}').encode()
        % (b"<a " * 1_000_000)
    ),
    "handlers.ipynb": lambda: (
        (NOTEBOOK % '{"cell_type":"markdown","id":"a","source":"%s"}').encode()
        % (b"<a " + b" onaaaa" * 500_000)
    ),
    "huge.ipynb": lambda: b" " * 100_000_000,
}
HARMLESS = {"spaces.ipynb", "tags.ipynb", "handlers.ipynb"}  # long, but nothing in them runs


JUDGE = """
import gc, json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from click.testing import CliRunner
from helpers import cli
for path in sys.argv[3:]:
    started = time.process_time()
    ran = CliRunner().invoke(cli.verbs, ["check", path, "--params", sys.argv[2]])
    seconds = time.process_time() - started
    told = [path, ran.exit_code, seconds, ran.output[:1_000_000], repr(ran.exception)]
    print(json.dumps(told), flush=True)
    gc.collect()
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> dict[str, list]:
    """What became of each pathological file, in one process whose memory is bounded."""
    folder = tmp_path_factory.mktemp("pathological")
    for name, content in PATHOLOGICAL.items():
        (folder / name).write_bytes(content())
    limit = MEGABYTES * 1_000_000 + 200_000_000  # the interpreter maps more than it uses
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            JUDGE,
            str(limit),
            str(DEMO),
            *(str(folder / name) for name in PATHOLOGICAL),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    for name in PATHOLOGICAL:
        (folder / name).unlink()
    return {Path(line[0]).name: line[1:] for line in map(json.loads, ran.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_pathological_file_is_judged_in_little_time_and_memory(judged, name):
    assert name in judged, "the process that judged it died"
    code, seconds, output, exception = judged[name]
    assert exception in ("None", f"SystemExit({code})")
    assert code == (0 if name in HARMLESS else 1)
    assert name in output
    assert len(output) < 1_000_000
    assert seconds < SECONDS


# Generated tables: what a writer writes is read back; what is changed on the way is refused or
# told, never taken for something else.

COLUMNS = (*contract.OBSERVATIONS, *contract.CONTEXT_OPTIONAL)
words = st.text(
    st.characters(categories=["L", "Nd", "P", "S", "Zs"]), min_size=1, max_size=12
).filter(lambda text: text.strip() and not INVISIBLE.search(text))
figures = {
    "patent_grants": st.integers(0, 10**12).map(str),
    "grant_growth": st.decimals(-1000, 1000, places=2).map(str),
}


@st.composite
def tables(draw) -> list[list[str]]:
    """The cells of a table that keeps the contract."""
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(list(FACTS)), st.integers(1990, 2025)),
            min_size=1,
            max_size=8,
            unique=True,
        )
    )
    rows = []
    for indicator_id, year in keys:
        status = draw(st.sampled_from(contract.STATUSES))
        value = "" if status == "missing" else draw(figures[indicator_id])
        note = draw(words) if status == "derived" else draw(words | st.just(""))
        bound = draw(st.sampled_from(("", *contract.BOUNDS)))
        rows.append(
            [
                "demo",
                indicator_id,
                "320612",
                str(year),
                value,
                FACTS[indicator_id].unit,
                status,
                draw(words),
                "",
                bound,
                draw(words | st.just("")),
                note,
            ]
        )
    return rows


def written(rows: list[list[str]], **how) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=how.pop("end", "\n"), **how).writerows([COLUMNS, *rows])
    return text.getvalue()


def taken(folder: Path, content: bytes):
    """The rows that are taken (None where the file is refused) without their lines, and what is
    said."""
    path, findings = folder / "table.csv", []
    path.write_bytes(content)
    rows = list(contract.observation_rows(PLAN, path, "table.csv", FACTS, None, findings))
    findings += observations.contradictions(rows, FACTS, "table.csv")
    return (
        None
        if any(not finding.warning for finding in findings)
        else [replace(row, line=0) for row in rows]
    ), findings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@given(tables())
def test_a_table_is_read_back_as_it_was_written(folder, rows):
    read, findings = taken(folder, written(rows).encode())
    assert not findings
    assert [
        (r.indicator_id, str(r.year), r.status, r.source, r.bound, r.locator, r.note) for r in read
    ] == [(c[1], c[3], c[6], c[7], c[9] or "=", c[10], c[11]) for c in rows]
    assert [r.value for r in read] == [float(c[4]) if c[4] else None for c in rows]


def _cell(rows: list[list[str]], column: str, change) -> bytes:
    """The table with one cell changed, in the first row where the change is one."""
    rows = [list(row) for row in rows]
    k = COLUMNS.index(column)
    for row in rows:
        if row[k] and change(row[k]) != row[k]:
            row[k] = change(row[k])
            break
    return written(rows).encode()


SAME_TABLE = {  # another file that says the same: taken as it stands
    "with a byte order mark": lambda rows: written(rows).encode("utf-8-sig"),
    "with Windows line ends": lambda rows: written(rows, end="\r\n").encode(),
    "with old line ends": lambda rows: written(rows, end="\r").encode(),
    "with every cell quoted": lambda rows: written(rows, quoting=csv.QUOTE_ALL).encode(),
}
TOLD = {  # a slip on the way: refused, or the same table with a warning
    "as GBK": lambda rows: written(rows).encode("gb18030"),
    "as UTF-16": lambda rows: written(rows).encode("utf-16"),
    "as UTF-16 without a mark": lambda rows: written(rows).encode("utf-16-le"),
    "as Big5, as far as it goes": lambda rows: written(rows).encode(
        "big5" if "件" in written(rows) else "utf-8", "replace"
    ),
    "through Latin-1": lambda rows: (
        written(rows).encode().decode("latin-1" if "件" in written(rows) else "utf-8").encode()
    ),
    "without the last line end": lambda rows: written(rows).rstrip("\n").encode(),
    "with blank lines": lambda rows: written(rows).replace("\n", "\n\n").encode(),
    "with empty rows": lambda rows: written(rows).encode() + b"," * 11 + b"\n",
    "with semicolons": lambda rows: written(rows, delimiter=";").encode(),
    "with tabs": lambda rows: written(rows, delimiter="\t").encode(),
    "with a title": lambda rows: "统计表\n".encode() + written(rows).encode(),
    "with a total": lambda rows: written([*rows, ["合计", "", "", "", "1", *[""] * 7]]).encode(),
    "with a remark below": lambda rows: written(rows).encode() + "注：初步数。\n".encode(),
    "with a column twice": lambda rows: (
        written([[*row, row[4]] for row in rows]).replace("note\n", "note,value\n", 1).encode()
    ),
    "with a column unknown": lambda rows: written(rows).replace("locator", "page", 1).encode(),
    "with a row twice": lambda rows: written([*rows, rows[0]]).encode(),
    "with a cell too many": lambda rows: written([[*rows[0], "x"], *rows[1:]]).encode(),
    "with a cell too few": lambda rows: written([rows[0][:-1], *rows[1:]]).encode(),
    "with full-width digits": lambda rows: _cell(
        rows, "value", lambda text: text.translate({48 + k: 0xFF10 + k for k in range(10)})
    ),
    "with Arabic digits": lambda rows: _cell(
        rows, "value", lambda text: text.translate({48 + k: 0x660 + k for k in range(10)})
    ),
    "with thousands marked": lambda rows: _cell(rows, "value", lambda text: f"{Decimal(text):,}"),
    "with a comma for the point": lambda rows: _cell(
        rows, "value", lambda text: text.replace(".", ",")
    ),
    "with an underscore": lambda rows: _cell(
        rows, "value", lambda text: f"{text[:1]}_{text[1:]}" if text[1:2].isdigit() else text
    ),
    "with a plus": lambda rows: _cell(rows, "value", lambda text: f"+{text}"),
    "with leading zeros": lambda rows: _cell(rows, "value", lambda text: f"0{text}"),
    "with the unit in the value": lambda rows: _cell(rows, "value", lambda text: f"{text}件"),
    "with a space before the value": lambda rows: _cell(rows, "value", lambda text: f" {text}"),
    "with a hexadecimal value": lambda rows: _cell(rows, "value", lambda _: "0x1F"),
    "with a footnote mark": lambda rows: _cell(rows, "value", lambda text: f"{text}①"),
    "with a year as a fraction": lambda rows: _cell(rows, "year", lambda text: f"{text}.0"),
    "with a year as a word": lambda rows: _cell(rows, "year", lambda text: f"{text}年"),
    "with two digits of the year": lambda rows: _cell(rows, "year", lambda text: text[2:]),
    "with a Cyrillic letter": lambda rows: _cell(
        rows, "indicator_id", lambda text: text.replace("a", "\u0430", 1)
    ),
    "with a zero-width space": lambda rows: _cell(rows, "source", lambda text: f"{text}\u200b"),
    "with a variation selector": lambda rows: _cell(rows, "source", lambda text: f"{text}\ufe0f"),
    "with capital letters": lambda rows: _cell(rows, "status", str.upper),
    "with a space in the status": lambda rows: _cell(rows, "status", lambda text: f"{text} "),
    "with another unit": lambda rows: _cell(rows, "unit", lambda text: f"万{text}"),
    "without a source": lambda rows: _cell(rows, "source", lambda _: " "),
}


@settings(max_examples=8)
@given(rows=tables())
@pytest.mark.parametrize("how", SAME_TABLE)
def test_another_way_to_write_the_same_is_taken_as_the_same(folder, how, rows):
    assert taken(folder, SAME_TABLE[how](rows)) == (taken(folder, written(rows).encode())[0], [])


@settings(max_examples=8)
@given(rows=tables())
@pytest.mark.parametrize("how", TOLD)
def test_a_slip_is_refused_or_told_and_never_makes_another_table(folder, how, rows):
    content, good = TOLD[how](rows), written(rows).encode()
    if content == good:
        return
    read, findings = taken(folder, content)
    assert findings, content
    assert read is None or read == taken(folder, good)[0]


@settings(max_examples=30)
@given(tables(), st.integers(1, 30))
def test_a_table_cut_in_its_last_row_is_refused_or_told_to_be_incomplete(folder, rows, cut):
    whole = written(rows).encode()
    read, findings = taken(
        folder, whole[: -min(cut, len(written(rows[-1:]).encode()) - len(written([]).encode()) - 1)]
    )
    assert (
        any("不完整" in finding.problem or "断了" in finding.problem for finding in findings)
        or read is None
    )
    assert read is None or read[:-1] == taken(folder, whole)[0][:-1]


@settings(max_examples=150)
@given(st.data())
def test_a_changed_byte_is_refused_or_gives_what_is_typed(folder, data):
    good = written(data.draw(tables())).encode()
    at, byte = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 255))
    content = data.draw(
        st.sampled_from(
            [
                good[:at] + bytes([byte]) + good[at + 1 :],
                good[:at] + good[at + 1 :],
                good[:at] + bytes([byte]) + good[at:],
            ]
        )
    )
    read, _ = taken(folder, content)
    if read is None:
        return
    typed = [
        row
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        if any(row.values())
    ]
    assert [(r.indicator_id, r.area, str(r.year), r.unit, r.status, r.source) for r in read] == [
        tuple(row[c] for c in ("indicator_id", "area", "year", "unit", "status", "source"))
        for row in typed
    ]
    assert [r.value for r in read] == [
        float(row["value"]) if row["value"] else None for row in typed
    ]
    for row in read:
        assert row.unit == FACTS[row.indicator_id].unit
        assert row.year <= PLAN.period.end
        assert (
            row.value is None
            or row.indicator_id != "patent_grants"
            or (row.value >= 0 and row.value == int(row.value))
        )


@settings(max_examples=200)
@given(
    st.sampled_from([".csv", ".yml", ".yaml", ".ipynb"]),
    st.binary(max_size=300) | st.text(max_size=200).map(str.encode),
)
def test_no_bytes_under_any_name_end_in_anything_but_findings(folder, suffix, content):
    path = folder / f"anything{suffix}"
    path.write_bytes(content)
    for finding in some(door.check(path, PLAN)):
        assert str(finding).startswith(path.name)
        assert str(finding).isprintable()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "cell_type",
                    "source",
                    "outputs",
                    "data",
                    "id",
                    "metadata",
                    "output_type",
                    "text/html",
                    "text",
                    "execution_count",
                    "evalue",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(json_values, json_values)
def test_a_notebook_of_any_shape_is_judged_without_an_error(folder, cells, metadata):
    path = folder / "shape.ipynb"
    path.write_text(
        json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "cells": cells if isinstance(cells, list) else [cells],
                "metadata": metadata,
            }
        ),
        "utf-8",
    )
    assert all(str(finding).startswith("shape.ipynb") for finding in door.check(path))
