"""The verifier: every planted fault is found, every dangerous container refused, and it runs alone
on old Pythons."""

from __future__ import annotations

import ast
import csv
import hashlib
import importlib.util
import json
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from helpers.archive import verify

ROOT = Path(__file__).resolve().parents[1]
VERIFY = ROOT / "src/helpers/archive/verify.py"
HOSTILE = ROOT.parent / "shared" / "hostile"
_spec = importlib.util.spec_from_file_location("tamper", ROOT / "benchmarks/tamper.py")
tamper = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tamper)

PAYLOAD = {  # a bag in small, all of it invented
    "executed/1_data_check.ipynb": '{"cells": [], "nbformat": 4}\n',
    "executed/2_patents.ipynb": '{"cells": [{"outputs": ["118"]}], "nbformat": 4}\n',
    "inputs/toy/observations.csv": (
        "plan,indicator_id,area,year,value\ntoy,patents,town,2021,1180\n"
    ),
    "report/assessment.html": "<!doctype html><title>玩具规划（虚构）</title>\n",
    "results/结果.json": '[{"value": 118}]\n',
}


def make_bag(folder: Path, info: str = "Bagging-Date: 2026-01-31\nPlan: toy\nYear: 2023\n") -> Path:
    """A good bag, written by hand: what the verifier is measured by does not come from our own
    writer."""
    for name, text in PAYLOAD.items():
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (folder / "bag-info.txt").write_text(info + "Payload-Oxum: 0.0\n", "utf-8")
    tamper.reseal(folder)
    return folder


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "bag")


def zipped(folder: Path, to: Path, top: str = "bag/", **more) -> Path:
    """`folder` as a zip; `more`: member name → content, added after."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, top + path.relative_to(folder).as_posix())
        for name, content in more.items():
            file.writestr(name, content)
    return to


FIRST = "所用规划期数据的最早发布日期"
OBSERVED = "plan,year,value,published\n{rows}"


@pytest.mark.parametrize(
    ("sealed", "rows", "says"),
    [
        # 2020 lies before the plan; of a month the first day counts
        ("2021-07-15", "toy,2020,9,2021-01-01\ntoy,2021,1,2022-03\n", f"早于{FIRST} 2022-03-01"),
        ("2022-03-01", "toy,2021,1,2022-03\n", f"不早于{FIRST} 2022-03-01：偏离方案"),
        ("2022-12-31", "toy,2021,,2022-03\ntoy,2022,2,2023\n", f"早于{FIRST} 2023-01-01"),
    ],
)
@pytest.mark.parametrize("period", ["{start: 2021, end: 2025}", "\n  start: 2021\n  end: 2025"])
def test_a_bag_tells_whether_the_protocol_is_older_than_the_data(
    tmp_path, monkeypatch, sealed, rows, says, period
):
    files = {
        "params/toy/plan.yml": f"id: toy\nperiod: {period}\n",
        "params/toy/protocol.yml": f'# 封存后不改\nsealed: "{sealed}"  # 虚构\n',
        "data/processed/toy/2023/observations.csv": OBSERVED.format(rows=rows),
    }
    monkeypatch.setitem(globals(), "PAYLOAD", files)
    info = "Bagging-Date: 2026-01-31\nPlan: toy\nYear: 2023\nEdition: 2023\n"
    report = verify.verify(make_bag(tmp_path / "bag", info))
    notes = [sentence for _, sentence in report.notes if "评估方案" in sentence]
    assert notes == [f"评估方案自记封存于 {sealed}，{says}"]
    assert not [each for each in report.problems if "方案" in each[1]]


@pytest.mark.parametrize("rows", ["toy,2021,1,\n", "toy,2020,1,2021-03-01\n"])
def test_without_a_dated_figure_of_the_period_nothing_is_told(tmp_path, monkeypatch, rows):
    files = {
        "params/toy/plan.yml": "period: {start: 2021}\n",
        "params/toy/protocol.yml": 'sealed: "2021-07-15"\n',
        "data/processed/toy/2023/observations.csv": OBSERVED.format(rows=rows),
    }
    monkeypatch.setitem(globals(), "PAYLOAD", files)
    report = verify.verify(make_bag(tmp_path / "bag", "Plan: toy\nYear: 2023\nEdition: 2023\n"))
    assert report.exit == 0
    assert not [sentence for _, sentence in report.notes if "评估方案" in sentence]


def test_a_bag_without_a_protocol_tells_nothing_of_one(bag):
    assert not [sentence for _, sentence in verify.verify(bag).notes if "评估方案" in sentence]


def told(report: verify.Report) -> str:
    return "\n".join(says for _, says in report.problems)


def evidence_id(bag: Path) -> str:
    return hashlib.sha256((bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


# --- a good bag -----------------------------------------------------------------------------------


def test_a_good_bag_is_intact_as_a_folder_and_as_a_zip_with_and_without_a_top_folder(bag, tmp_path):
    known = evidence_id(bag)
    for path in (bag, zipped(bag, tmp_path / "a.zip"), zipped(bag, tmp_path / "b.zip", top="")):
        report = verify.verify(path, known)
        assert (report.exit, report.problems, report.evidence_id) == (0, [], known), told(report)
        assert report.files == len(PAYLOAD) + 3
        assert report.bytes == sum(len(text.encode()) for text in PAYLOAD.values())


def test_without_an_id_it_says_what_that_leaves_open(bag):
    assert any("没有给出证据编号" in says for _, says in verify.verify(bag).notes)
    assert not any("没有给出" in says for _, says in verify.verify(bag, evidence_id(bag)).notes)


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", tamper.STRUCTURAL)
def test_every_structural_fault_is_found_with_the_id(bag, tmp_path, name):
    known = evidence_id(bag)
    spoilt = tamper.planted(bag, tamper.STRUCTURAL[name], tmp_path / "spoilt")
    assert verify.verify(spoilt, known).exit in (1, 2)


def test_a_forger_who_recomputes_everything_is_found_by_the_id_alone(bag):
    known = evidence_id(bag)
    tamper.number_changed_and_all_manifests_recomputed(bag)
    assert verify.verify(bag).exit == 0  # consistent again: this is why the id is kept elsewhere
    report = verify.verify(bag, known)
    assert report.exit == 1
    assert "证据编号" in told(report)


def test_every_single_byte_change_of_the_tag_files_is_found(bag):
    changes = list(tamper.byte_changes(bag))
    tried, missed = tamper.missed_byte_changes(bag, changes, evidence_id(bag))
    assert tried > 3000
    assert missed == []


def test_random_byte_changes_of_the_payload_are_found(bag):
    tried, missed = tamper.missed_byte_changes(
        bag, list(tamper.random_payload_changes(bag, 300)), evidence_id(bag)
    )
    assert (tried, missed) == (300, [])


@pytest.mark.parametrize(
    ("spoil", "aspect", "code"),
    [
        ("two digits swapped", verify.AUTHENTIC, 1),
        ("payload file deleted", verify.COMPLETE, 1),
        ("payload file added", verify.COMPLETE, 1),
        ("named pipe added", verify.SAFE, 2),
        ("tag manifest deleted", verify.COMPLETE, 2),
    ],
)
def test_what_is_wrong_is_told_under_the_aspect_it_belongs_to(bag, spoil, aspect, code):
    tamper.STRUCTURAL[spoil](bag)
    report = verify.verify(bag)
    assert report.exit == code
    assert aspect in {a for a, _ in report.problems}


def test_a_damaged_zip_member_is_unusable_and_the_others_are_still_read(bag, tmp_path):
    path = zipped(bag, tmp_path / "bag.zip")
    with zipfile.ZipFile(path) as file:
        members = {member.filename: member for member in file.infolist()}
    data = bytearray(path.read_bytes())
    place = (
        members["bag/data/report/assessment.html"].header_offset
        + 30
        + len("bag/data/report/assessment.html")
        + 5
    )
    data[place] ^= 0xFF
    path.write_bytes(data)
    report = verify.verify(path)
    assert report.exit == 1
    assert [says.split("：")[0] for aspect, says in report.problems if aspect == verify.USABLE] == [
        "data/report/assessment.html"
    ]


# --- containers -----------------------------------------------------------------------------------


@pytest.mark.skipif(
    not HOSTILE.is_dir(),
    reason="the collection of hostile files lies beside the repository and is not here",
)
def test_hostile_zips_get_the_exit_code_they_deserve():
    with open(HOSTILE / "expectations.csv", encoding="utf-8", newline="") as file:
        expected = [row for row in csv.DictReader(file) if row["file"].startswith("zip/")]
    assert len(expected) >= 15
    codes = {"verify_ok": 0, "verify_fail": 1, "verify_unsafe": 2}
    assert {row["file"]: verify.verify(HOSTILE / row["file"]).exit for row in expected} == {
        row["file"]: codes[row["must"]] for row in expected
    }


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "bag/../../x",
        "/etc/x",
        "bag/a\\..\\b",
        "C:/x",
        "bag/./x",
        "bag//x",
        "~/x",
        "bag/data/a\u202egnp.exe",
        "bag/data/a\u200bb",
        "bag/data/a\nb",
        "bag/data/CON",
        "bag/data/com1.txt",
        "bag/data/x.",
        "bag/data/x ",
        "bag/data/a:b",
        "bag/data/" + unicodedata.normalize("NFD", "é"),
        "bag/DATA/x",
        "bag/data/RESULTS/结果.json",
        "bag/data/report/Assessment.html",
        "bag/data/results/结果.json",
        "bag/data/report/assessment.html/x",
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_dangerous_or_ambiguous_name_is_refused_before_anything_is_read(bag, tmp_path, name):
    report = verify.verify(zipped(bag, tmp_path / "bag.zip", **{name: "x"}), evidence_id(bag))
    assert (report.exit, report.files) == (2, 0)


def test_the_same_names_are_refused_in_a_folder(bag):
    for name in ("a\u202eb", "CON", "x\\y", "x."):
        path = bag / "data" / name
        path.write_text("x")
        assert verify.verify(bag).exit == 2, name
        path.unlink()
    (bag / "data/Report").mkdir()
    (bag / "data/Report/x").write_text("x")
    assert verify.verify(bag).exit == 2


def member(name: str, kind: int, **more) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = kind << 16
    for key, value in more.items():
        setattr(info, key, value)
    return info


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK]
)
def test_a_member_that_is_no_plain_file_is_refused(bag, tmp_path, kind):
    path = zipped(bag, tmp_path / "bag.zip")
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(member("bag/data/x", kind | 0o644), "/etc/passwd")
    assert verify.verify(path).exit == 2


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_python_unpacks_without_bound_is_refused(bag, tmp_path, method):
    path = zipped(bag, tmp_path / "bag.zip")
    with zipfile.ZipFile(path, "a", method) as file:
        file.writestr("bag/data/x", "x" * 100)
    assert verify.verify(path).exit == 2


def test_a_bomb_is_refused_unread_whether_its_header_is_true_or_lies(bag, tmp_path):
    true, lying = tmp_path / "true.zip", tmp_path / "lying.zip"
    zipped(bag, true, **{"bag/data/zeros": bytes(300_000)})
    report = verify.verify(true)
    assert report.exit == 2
    assert "压缩比" in told(report)
    data = true.read_bytes()
    assert data.count(struct.pack("<L", 300_000)) == 2  # in the local and in the central header
    lying.write_bytes(data.replace(struct.pack("<L", 300_000), struct.pack("<L", 3_000)))
    assert verify.verify(lying).exit in (1, 2)


def test_overlapping_members_are_refused(bag, tmp_path):
    path = zipped(bag, tmp_path / "bag.zip")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        first, second = sorted(file.infolist(), key=lambda member: member.header_offset)[:2]
    at = data.index(b"PK\1\2" + bytes(data[data.index(b"PK\1\2") + 4 : data.index(b"PK\1\2") + 6]))
    entries = [k for k in range(at, len(data) - 4) if data[k : k + 4] == b"PK\1\2"]
    data[entries[1] + 42 : entries[1] + 46] = struct.pack("<L", first.header_offset + 10)
    assert second.header_offset != first.header_offset + 10
    path.write_bytes(data)
    report = verify.verify(path)
    assert report.exit == 2
    assert "重叠" in told(report)


def test_a_zip_with_something_before_or_after_it_is_refused(bag, tmp_path):
    path = zipped(bag, tmp_path / "bag.zip")
    data = path.read_bytes()
    for spoilt in (
        b"#!/bin/sh\n" + data,
        data + b"x",
        data[:-1],
        data[: len(data) // 2],
        b"",
        b"PK",
    ):
        path.write_bytes(spoilt)
        assert verify.verify(path).exit == 2


def test_too_many_files_are_refused_from_the_table_of_contents_alone(tmp_path):
    path = tmp_path / "bag.zip"
    with zipfile.ZipFile(path, "w") as file:
        for k in range(verify.MAX_FILES + 1):
            file.writestr(f"data/{k}", "")
    report = verify.verify(path)
    assert report.exit == 2
    assert "20000" in told(report)


def test_limits_are_held_for_one_file_and_for_all(bag, monkeypatch):
    monkeypatch.setattr(verify, "MAX_FILE", 100)
    assert verify.verify(bag).exit == 2
    monkeypatch.undo()
    monkeypatch.setattr(verify, "MAX_TOTAL", 500)
    assert verify.verify(bag).exit == 2


def test_a_nested_bag_is_bytes_and_is_not_opened(bag, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../evil", bytes(5_000_000))
    shutil.copy(bomb, bag / "data/inner.zip")
    tamper.reseal(bag)
    assert verify.verify(bag).exit == 0


def test_a_repeated_change_of_random_bytes_of_a_zip_never_raises(bag, tmp_path):
    data, chance = zipped(bag, tmp_path / "bag.zip").read_bytes(), random.Random(7)
    path, known = tmp_path / "spoilt.zip", evidence_id(bag)
    for _ in range(400):
        spoilt = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        path.write_bytes(spoilt)
        assert verify.verify(path, known).exit in (
            0,
            1,
            2,
        )  # 0 where a time stamp or the like was hit: no content


# --- other digests --------------------------------------------------------------------------------


def with_manifest(bag: Path, algorithm: str) -> None:
    lines = (
        f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  "
        f"{path.relative_to(bag).as_posix()}\n"
        for path in tamper.payload(bag)
    )
    (bag / f"manifest-{algorithm}.txt").write_text("".join(lines), "utf-8")
    tamper.reseal(bag)


def test_a_second_manifest_must_list_the_same_files_and_agree(bag):
    with_manifest(bag, "sha512")
    assert verify.verify(bag).exit == 0
    second = bag / "manifest-sha512.txt"
    good = second.read_text("utf-8")
    for spoilt in (good[good.index("\n") + 1 :], ("1" if good[0] == "0" else "0") + good[1:]):
        second.write_text(spoilt, "utf-8")
        tamper.reseal(bag)
        assert verify.verify(bag).exit == 1


def test_a_manifest_under_a_digest_this_python_lacks_is_named_as_unchecked(bag, monkeypatch):
    with_manifest(bag, "sha512")
    monkeypatch.setattr(verify.hashlib, "algorithms_available", {"sha256"})
    report = verify.verify(bag)
    assert report.exit == 0
    assert any("manifest-sha512.txt" in says and "没有核对" in says for _, says in report.notes)


# --- alone ----------------------------------------------------------------------------------------


def alone(
    *arguments: object, python: str = sys.executable, **environment: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [python, "-I", str(VERIFY), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def test_it_needs_nothing_but_the_standard_library_of_python_3_8():
    tree = ast.parse(VERIFY.read_text("utf-8"), feature_version=(3, 8))
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert names <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))


@pytest.mark.parametrize("python", ["python3.8", "python3.9", "python3.10"])
def test_it_runs_on_an_old_python_register_and_all(bag, tmp_path, python):
    found = shutil.which(python)
    if not found or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"{python} is not installed here")
    known = evidence_id(bag)
    (tmp_path / "REGISTER.csv").write_text(
        ",".join(verify.REGISTER) + f"\n2026-01-31,toy,2023,{known},,,,,,,,\n"
    )
    ran = alone(bag, "--register", tmp_path / "REGISTER.csv", python=found)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "本包在第 2 行" in ran.stdout


def test_exit_codes_and_json_on_the_command_line(bag, tmp_path):
    good, known = zipped(bag, tmp_path / "好 bag.zip"), evidence_id(bag)
    ran = alone(good, "--expect", known.upper(), "--json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["evidence_id"] == known
    assert json.loads(ran.stdout)["ok"] is True
    assert alone(good, "--expect", "0" * 64).returncode == 1
    (tmp_path / "no.zip").write_text("no zip")
    ran = alone(tmp_path / "no.zip", "--json")
    assert ran.returncode == 2
    assert json.loads(ran.stdout)["problems"][0]["aspect"] == verify.USABLE
    for wrong in (
        (),
        (good, "--expect", "12ab"),
        (tmp_path / "nowhere.zip",),
        (good, "--frobnicate"),
        (good, "--register", tmp_path / "nowhere.csv"),
    ):
        ran = alone(*wrong)
        assert ran.returncode == 64
        assert ran.stdout == ""
        assert "Traceback" not in ran.stderr


def test_its_lines_are_grouped_by_the_four_aspects_in_any_locale(bag):
    for locale in ("C", "en_US.ISO-8859-1", "zh_CN.GBK"):
        ran = alone(bag, LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert [line[:3] for line in ran.stdout.splitlines() if line[:1] not in " 期结证"] == list(
            verify.ASPECTS
        )
        assert "结论：完好" in ran.stdout


def test_a_register_with_a_field_beyond_the_csv_modules_limit_is_told_in_a_sentence(bag, tmp_path):
    known, register = evidence_id(bag), tmp_path / "REGISTER.csv"
    header = ",".join(verify.REGISTER)
    register.write_text(f"{header}\n2024-05-01,{'x' * 131_073},2023,{known},,,\n", "utf-8")
    ran = alone(bag, "--register", register)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "REGISTER.csv：不是可读的 CSV" in ran.stdout


def test_the_answer_stands_though_its_reader_has_gone(bag):
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run([sys.executable, "-I", str(VERIFY), str(bag)], stdout=write, stderr=-1)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_nothing_is_written_and_nothing_extracted(bag, tmp_path):
    path = zipped(bag, tmp_path / "bag.zip")
    there = sorted(tmp_path.rglob("*"))
    assert alone(path, TMPDIR=str(tmp_path)).returncode == 0
    assert sorted(tmp_path.rglob("*")) == there


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to measure memory")
def test_a_thousand_files_take_little_time_and_memory(tmp_path):
    seconds, megabytes = tamper.cost(tamper.large_bag(tmp_path))
    assert seconds < 2
    assert megabytes < 50
