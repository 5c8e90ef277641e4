"""A bag is run again: by its own code, on its own inputs; what came out otherwise is told by
indicator and field."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
import re
import shutil
import socket
import subprocess
import sys
import zipfile
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from conftest import ROOT, helpers

from helpers.archive import environment, replay, verify


@pytest.fixture(scope="module")
def archived(tmp_path_factory) -> tuple[Path, Path, str]:
    """(root, bag, evidence id): the toy plan, cut to two indicators, assessed and archived in a
    repository of its own."""
    from conftest import Toy
    from test_documents import with_copy

    root = tmp_path_factory.mktemp("house")
    toy = Toy(root)
    with_copy(toy)
    toy.change("plan.yml", "  - attorneys_new\n  - share\n", "")
    for name in ("attorneys_new", "share"):
        toy[f"indicators/{name}.yml"].unlink()
        lines = toy["observations.csv"].read_text("utf-8").splitlines(keepends=True)
        toy.write("observations.csv", "".join(line for line in lines if f",{name}," not in line))
    toy["context.yml"].unlink()
    toy["context.csv"].unlink()
    for part in (
        "notebooks",
        "src",
        "requirements.lock",
        "requirements-runtime.lock",
        "Makefile",
        "pyproject.toml",
        "tools",
        "LICENSE",
        "params/archive.yml",
        "params/README.md",
        ".gitignore",
    ):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    for arguments in (
        ("init", "-q"),
        ("add", "-A"),
        (
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "-q",
            "-m",
            "a state",
        ),
    ):
        subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)
    for year in ("2022", "2023"):  # the page of the second tells of the first
        ran = helpers(root, "assess", "--plan", "toy", "--year", year)
        assert ran.returncode == 0, ran.stderr
    ran = helpers(root, "archive", "--plan", "toy")
    assert ran.returncode == 0, ran.stderr
    (bag,) = (root / "evidence").glob("*.zip")
    return root, bag, verify.verify(bag).evidence_id


def forged(bag: Path, folder: Path, spoil) -> Path:
    """The bag with `spoil` done to its files and every manifest made anew: intact in itself,
    another id."""
    from test_verify import tamper

    with zipfile.ZipFile(bag) as file:
        file.extractall(folder)
    inner = folder / bag.stem
    spoil(inner / "data")
    tamper.reseal(inner)
    return inner


@pytest.mark.slow
def test_a_real_edition_is_archived_registered_and_verified(archived):
    root, bag, known = archived
    with zipfile.ZipFile(bag) as file:  # what the page compares itself with is evidence too
        (name,) = [name for name in file.namelist() if "/processed/toy/2022/" in name]
        assert name.endswith("data/data/processed/toy/2022/results.json")
        assert file.read(name) == (root / "data/processed/toy/2022/results.json").read_bytes()
    ran = helpers(
        root,
        "verify",
        str(bag),
        "--expect",
        known,
        "--register",
        str(root / "evidence/REGISTER.csv"),
    )
    assert ran.returncode == 0
    assert "结论：完好" in ran.stdout
    other = root / "data/processed/toy/2022/results.json"
    kept = other.read_bytes()
    other.write_bytes(kept + b" ")
    refused = helpers(root, "archive", "--plan", "toy")
    assert refused.returncode != 0
    assert "上年期次 2022 在做这一期之后变了；请重新 make assess，再归档" in refused.stderr
    other.write_bytes(kept)
    again = helpers(root, "archive", "--plan", "toy")
    assert again.returncode == 0
    assert "早已登记" in again.stdout
    assert len((root / "evidence/REGISTER.csv").read_text().splitlines()) == 2
    listed = helpers(root, "register", "--expect", known[:12])
    assert listed.returncode == 0
    assert listed.stdout.split()[1:5] == ["toy", "2023", known, "在"]
    wrong = helpers(root, "register", "--expect", "0" * 64, "--withdraw", "x")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (1, 1)
    alone = subprocess.run(
        [sys.executable, "-I", str(root / "evidence/verify.py"), str(bag), "--expect", known],
        capture_output=True,
        text=True,
    )
    assert alone.returncode == 0


def addresses(page: str) -> list[str]:
    class Links(HTMLParser):
        found: ClassVar[list[str]] = []

        def handle_starttag(self, _tag, attributes):
            self.found += [value for name, value in attributes if name in ("href", "src")]

    Links.found = []
    Links().feed(page)
    return Links.found


@pytest.mark.slow
def test_every_link_of_the_page_opens_a_file_of_the_bag(archived):
    _, bag, _ = archived
    with zipfile.ZipFile(bag) as file:
        names = set(file.namelist())
        (page,) = [name for name in names if name.endswith("/2023/assessment.html")]
        links = addresses(file.read(page).decode())
    beside = [each for each in links if not re.match(r"#|data:|https?://", each)]
    assert len(beside) >= 8
    assert any("/documents/" in each for each in beside)
    for each in beside:
        assert posixpath.normpath(posixpath.join(posixpath.dirname(page), each)) in names, each


def inflated(pdf: bytes) -> bytes:
    """A PDF with its compressed streams beside it in the clear."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"\n".join(found)


@pytest.mark.slow
@pytest.mark.browser
def test_nothing_that_leaves_the_house_names_the_makers_machine(archived):
    root, bag, _ = archived
    for verb in ("pdf", "docx", "brief"):
        ran = helpers(root, verb, "--plan", "toy", "--year", "2023")
        if "Chromium" in ran.stderr:
            pytest.skip("needs Chromium")
        assert ran.returncode == 0, ran.stderr
    processed = root / "data/processed"
    leaving = {
        path.name: path.read_bytes()
        for path in [*processed.rglob("*.*"), root / "evidence/REGISTER.csv"]
        if path.is_file()
    }
    packed = [bag, *(path for path in processed.rglob("*.docx"))]
    for path in packed:
        with zipfile.ZipFile(path) as file:
            leaving |= {f"{path.name}:{name}": file.read(name) for name in file.namelist()}
    leaving = {
        name: inflated(content) if name.endswith(".pdf") else content
        for name, content in leaving.items()
    }
    assert {Path(name).suffix for name in leaving} >= {".pdf", ".docx", ".html", ".csv", ".ipynb"}
    own = [str(root).encode(), str(ROOT).encode(), str(Path.home()).encode() + b"/"]
    for name, content in leaving.items():
        assert not [trace for trace in own if trace in content], name
        if "/src/" not in name:  # the code itself speaks of such addresses
            assert b"file://" not in content, name


@pytest.mark.slow
@pytest.mark.skipif(
    not environment.without_network(), reason="no network namespace can be made here"
)
def test_the_bag_alone_without_network_is_verified_and_replayed_as_its_readme_says(
    archived, tmp_path
):
    """From a folder with bag, verify.py and wheels, by plain Python, in a namespace without routes.
    Without the wheels (`make wheels`) the packages are taken from where this test runs."""
    _, bag, known = archived
    (tmp_path / "证据包.zip").write_bytes(bag.read_bytes())
    with zipfile.ZipFile(bag) as file:
        file.extractall(tmp_path)
    inside = tmp_path / bag.stem / "data"
    commands = re.findall(r"^    (\S.*)$", (inside / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 2
    digest = hashlib.sha256((inside / "requirements-runtime.lock").read_bytes()).hexdigest()
    wheels = ROOT / "evidence/wheels" / digest[:12]
    plain = getattr(sys, "_base_executable", sys.executable)
    python = plain if wheels.is_dir() else sys.executable
    offered = f"--wheels {wheels}" if wheels.is_dir() else "--current"
    answers = []
    for command in commands:
        command = command.replace("证据编号", known).replace("--wheels ../../wheels", offered)
        ran = subprocess.run(
            [*environment.WITHOUT_NETWORK, "sh", "-c", command.replace("python3", python)],
            cwd=inside,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        answers.append(ran.stdout)
    assert "结论：完好" in answers[0]
    assert "结论：逐字节相同" in answers[1]
    assert not wheels.is_dir() or "按证据包的锁定重建" in answers[1]


@pytest.mark.slow
def test_a_replay_in_the_same_environment_gives_the_same_bytes(archived):
    root, bag, known = archived
    ran = helpers(root, "replay", str(bag), "--expect", known, "--current", "--json")
    said = json.loads(ran.stdout)
    assert (ran.returncode, said["answer"], said["changed"], said["differences"]) == (
        0,
        "identical",
        [],
        [],
    )
    assert (
        said["identical"] == 10
    )  # five notebooks, observations, two results, the page and what it says beside them


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_an_archived_edition_gets_its_time_stamp_later_and_both_are_registered(archived, tmp_path):
    from test_stamp import Authority, serving

    root, bag, known = archived
    register = root / "evidence/REGISTER.csv"
    before, ours = register.read_bytes(), Authority(tmp_path / "ours", "ours")
    with serving(ours) as address:
        asked = ("archive", "--plan", "toy", "--tsa", f"{address}/tsa")
        assert helpers(root, *asked).returncode == 2  # an authority needs its certificate
        ran = helpers(root, *asked, "--tsa-ca", str(ours.root))
    assert ran.returncode == 0, ran.stderr
    assert "早已登记" in ran.stdout
    assert bag.with_suffix(".tsr").name in ran.stdout
    report = verify.verify(bag, known, register, ours.root)
    assert (report.exit, len(report.stamps), report.since) == (0, 1, [])
    register.write_bytes(before)  # as the other tests expect it
    for end in (".tsr", ".tsa.pem"):
        bag.with_suffix(end).unlink()


@pytest.mark.slow
def test_an_english_edition_is_archived_and_replayed(archived):
    root, *_ = archived
    register = root / "evidence/REGISTER.csv"
    before, there = register.read_bytes(), {*(root / "evidence").glob("*.zip")}
    asked = ("--plan", "toy", "--year", "2023", "--report-lang", "en")
    for verb in ("assess", "archive"):
        ran = helpers(root, verb, *asked)
        assert ran.returncode == 0, ran.stderr
    (bag,) = {*(root / "evidence").glob("*.zip")} - there
    assert bag.name.startswith("toy-2023.en-")
    ran = helpers(root, "replay", str(bag), "--register", str(register), "--current", "--json")
    assert json.loads(ran.stdout)["answer"] == "identical", ran.stdout + ran.stderr
    register.write_bytes(before)  # as the other tests expect it
    bag.unlink()


@pytest.mark.slow
def test_a_changed_input_is_told_by_indicator_and_field_with_exit_code_4(archived, tmp_path):
    root, bag, known = archived

    def raise_a_figure(data: Path) -> None:
        path = data / "data/raw/toy/observations.csv"
        path.write_text(path.read_text("utf-8").replace("2023,160,", "2023,170,"), "utf-8")

    spoilt = forged(bag, tmp_path, raise_a_figure)
    ran = helpers(root, "replay", str(spoilt), "--unverified", "--current", "--json")
    assert ran.returncode == 4, ran.stderr
    told = {
        (d["indicator"], d["field"]): (d["a"], d["b"])
        for d in json.loads(ran.stdout)["differences"]
    }
    assert told[("patents", "value")] == (160.0, 170.0)
    assert {field for indicator, field in told if indicator == "grants_cum"} <= {
        "inputs[0].sha256",
        "inputs[1].sha256",
    }  # the same file, other rows
    words = helpers(root, "replay", str(spoilt), "--expect", known, "--current")
    assert words.returncode == 1
    assert "没有重放" in words.stderr


def to_the_older_form(data: Path) -> None:
    """Files where bags had them before they had them where a checkout has them."""
    from helpers.archive import layout

    folder = layout.folder("toy", "2023")
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        name = path.relative_to(data).as_posix()
        if "/" not in name and name != "requirements.lock":
            continue
        older = data / layout.part(name, folder)
        older.parent.mkdir(parents=True, exist_ok=True)
        path.rename(older)
    for name in ("Makefile", "pyproject.toml", "requirements-runtime.lock"):
        (data / name).unlink()
    for path in sorted((p for p in data.rglob("*") if p.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


@pytest.mark.slow
def test_a_bag_of_the_older_form_is_replayed_and_compared_as_before(archived, tmp_path):
    root, bag, _ = archived
    older = forged(bag, tmp_path, to_the_older_form)
    assert {path.name for path in (older / "data").iterdir()} >= {"executed", "inputs", "report"}
    assert not (older / "data/data").exists()
    ran = helpers(root, "replay", str(older), "--unverified", "--current", "--json")
    assert json.loads(ran.stdout)["answer"] == "identical", ran.stdout + ran.stderr
    ran = helpers(root, "compare", str(older), "toy/2023")
    assert (ran.returncode, "不同" in ran.stdout) == (0, False)


@pytest.mark.slow
def test_code_that_does_not_run_any_more_is_told_in_one_sentence(archived, tmp_path):
    root, bag, _ = archived
    spoilt = forged(
        bag,
        tmp_path,
        lambda data: (data / "src/helpers/cli.py").write_text(
            "raise RuntimeError('a later Python')\n"
        ),
    )
    ran = helpers(root, "replay", str(spoilt), "--unverified", "--current")
    assert ran.returncode == 3
    assert "没有跑通" in ran.stderr
    assert "a later Python" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


SPY = """\
import json, os, pathlib, socket
def reached():
    try:
        socket.create_connection(("127.0.0.1", {port}), 2).close()
        return True
    except OSError:
        return False
pathlib.Path({told!r}).write_text(json.dumps(dict(os.environ) | {{"reached": reached()}}))
"""


@pytest.mark.slow
def test_replayed_code_gets_no_variable_no_home_and_no_network_of_the_caller(archived, tmp_path):
    root, bag, _ = archived
    told = tmp_path / "told.json"
    with socket.create_server(("127.0.0.1", 0)) as server:
        spy = SPY.format(port=server.getsockname()[1], told=str(told))
        spoilt = forged(
            bag, tmp_path, lambda data: (data / "src/helpers/__main__.py").write_text(spy)
        )
        ran = helpers(
            root,
            *("replay", str(spoilt), "--current"),
            SECRET_TOKEN="x",
            HTTPS_PROXY="http://u:p@example.org",
        )
        assert ran.returncode == 2
        assert "EXPECT=" in ran.stderr
        assert "UNVERIFIED=1" in ran.stderr
        assert not told.exists()
        ran = helpers(
            root,
            *("replay", str(spoilt), "--current", "--unverified"),
            SECRET_TOKEN="x",
            HTTPS_PROXY="http://u:p@example.org",
        )
    seen = json.loads(told.read_text())
    assert "SECRET_TOKEN" not in seen
    assert "HTTPS_PROXY" not in seen
    assert seen["HOME"] != os.environ.get("HOME")
    assert "replay-" in seen["HOME"]
    assert seen["reached"] == (not environment.without_network())


@pytest.mark.slow
def test_what_is_replayed_though_not_identified_says_so(archived):
    root, bag, _ = archived
    ran = helpers(root, "replay", str(bag), "--current", "--unverified")
    assert ran.returncode == 0
    assert "来历不明" in ran.stdout
    assert "逐字节相同" in ran.stdout


@pytest.mark.slow
def test_an_edition_and_its_bag_do_not_differ(archived):
    root, bag, _ = archived
    ran = helpers(root, "compare", str(bag), "toy/2023", "--csv", str(root / "table.csv"))
    assert ran.returncode == 0
    assert "不同" not in ran.stdout
    assert (root / "table.csv").read_text("utf-8-sig") == "part,indicator_id,field,a,b\n"


@pytest.mark.slow
def test_what_is_executed_is_what_was_verified(archived, tmp_path):
    """A file that changes between the two readings is noticed."""
    _, bag, known = archived
    folder = forged(bag, tmp_path, lambda _: None)
    good = verify.verify(folder).evidence_id
    assert good == known
    replay.unpack(folder, tmp_path / "fine", known)
    path = folder / "data/src/helpers/cli.py"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(replay.CannotReplay, match=r"cli\.py 在校验之后变了"):
        replay.unpack(folder, tmp_path / "spoilt", known)


@pytest.mark.slow
def test_without_the_wheels_the_way_out_is_told(archived, tmp_path):
    root, bag, known = archived
    (tmp_path / "wheels").mkdir()
    ran = helpers(root, "replay", str(bag), "--expect", known, "--wheels", str(tmp_path / "wheels"))
    assert ran.returncode == 3
    assert "WHEELS=" in ran.stderr
    assert "CURRENT=1" in ran.stderr


def test_other_bytes_with_the_same_records_are_the_same_results():
    made = replay.Replayed("toy 2023", "0" * 64, "当前环境", 3, ["report/assessment.html"])
    assert (made.answer, made.exit) == ("same", 0)
    assert "字节不同" in made.as_text()
    assert (
        replay.Replayed("toy 2023", "0" * 64, "", 4).answer,
        replay.Replayed("toy 2023", "0" * 64, "", 4).exit,
    ) == ("identical", 0)
    different = replay.Replayed(
        "toy 2023",
        "0" * 64,
        "",
        3,
        ["x"],
        [replay.Difference("value", "patents", "value", 160.0, 170.0)],
    )
    assert different.exit == 4
    assert "patents value：归档 160.0，重放 170.0" in different.as_text()
    assert "1 处" in different.as_text()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("2023", {"year": "2023"}),
        ("2023@2024-03-31", {"year": "2023", "known_by": "2024-03-31"}),
        (
            "2023@2024-03-31+high.en",
            {"year": "2023", "known_by": "2024-03-31", "scenario": "high", "language": "en"},
        ),
        ("2023.en", {"year": "2023", "language": "en"}),
        ("../x", {}),
        ("2023;rm", {}),
    ],
)
def test_an_editions_name_says_how_to_ask_for_it(name, parts):
    assert verify.edition({"Edition": name}) == parts
