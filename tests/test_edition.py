"""One assessment from start to end: what stands in its folder, that it is the same everywhere, that
nothing is ever half."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, helpers, some

from helpers import edition, request
from helpers.intake.finding import Unknown
from helpers.run import place

ASKED = ("assess", "--plan", "national-145", "--year", "2023", "--known-by", "2024-03-31")
FOLDER = Path("data/processed/national-145/2023@2024-03-31")
INDICATORS = [
    "hvp_per_10k",
    "overseas_grants",
    "pledge_amount",
    "royalty_trade",
    "patent_intensive_share",
    "copyright_share",
    "satisfaction",
    "civil_no_appeal_rate",
]
NOTEBOOKS = ["1_data_check", *(f"2_{name}" for name in INDICATORS), "3_commitments", "4_assessment"]


def checkout(root: Path, plan: str) -> Path:
    """A root with one shipped plan and the notebooks, as a user's checkout has them."""
    for part in (f"params/{plan}", f"data/raw/{plan}", "notebooks"):
        shutil.copytree(ROOT / part, root / part)
    return root


@pytest.fixture(scope="module")
def midterm(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The national midterm edition, as known on the day after the office itself spoke."""
    root = checkout(tmp_path_factory.mktemp("checkout"), "national-145")
    return root, helpers(
        root, *ASKED, TZ="America/New_York", LC_ALL="en_US.UTF-8", PYTHONHASHSEED="1"
    )


def rows(root: Path) -> dict[str, dict[str, str]]:
    with open(root / FOLDER / "results.csv", encoding="utf-8-sig", newline="") as file:
        return {row["indicator_id"]: row for row in csv.DictReader(file)}


@pytest.mark.slow
def test_an_edition_is_whole_and_nothing_else_is_left(midterm):
    root, ran = midterm
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == f"open {FOLDER}/assessment.html"
    made = {path.name for path in (root / FOLDER).iterdir()}
    assert made == {
        *(f"{name}.ipynb" for name in NOTEBOOKS),
        "observations.csv",
        "results.csv",
        "results.json",
        "page.json",
        "assessment.html",
        "run.json",
    }
    assert sorted(path.name for path in (root / FOLDER).parent.iterdir()) == [
        ".2023@2024-03-31.lock",
        "2023@2024-03-31",
    ]
    assert (root / "data/processed/index.html").is_file()


@pytest.mark.slow
def test_the_midterm_edition_says_what_the_office_said(midterm):
    said = {name: row["status"] for name, row in rows(midterm[0]).items()}
    assert list(said) == INDICATORS
    assert said["hvp_per_10k"] == said["patent_intensive_share"] == "ahead"
    assert {
        said[name]
        for name in ("pledge_amount", "royalty_trade", "satisfaction", "civil_no_appeal_rate")
    } == {"met_hold"}
    assert said["copyright_share"] == "far_behind"
    assert (
        rows(midterm[0])["overseas_grants"]["data_year"],
        rows(midterm[0])["patent_intensive_share"]["value"],
    ) == ("2021", "12.71")
    told = {name: (row["outlook"], row["alert"]) for name, row in rows(midterm[0]).items()}
    assert (told["pledge_amount"], told["patent_intensive_share"], told["copyright_share"]) == (
        ("很可能", "绿"),
        ("较可能", "绿"),
        ("不确定", "黄"),  # 较难, 橙 without what the closed plan of the family teaches
    )
    foretold = {name: row["p_met"] for name, row in rows(midterm[0]).items()}
    assert foretold.pop("civil_no_appeal_rate") == ""  # one value, no baseline
    assert all(0 < float(p) < 1 for p in foretold.values())


@pytest.mark.slow
def test_numbers_in_results_are_the_numbers_in_the_executed_notebooks(midterm):
    from helpers.show import result

    root, _ = midterm
    recorded = json.loads((root / FOLDER / "results.json").read_text("utf-8"))
    for record in some(recorded):
        notebook = json.loads(
            (root / FOLDER / f"2_{record['indicator_id']}.ipynb").read_text("utf-8")
        )
        assert result.read(notebook) == record
        row = rows(root)[record["indicator_id"]]
        assert {name: row[name] for name in ("value", "progress", "note")} == {
            name: "" if record[name] is None else str(record[name])
            for name in ("value", "progress", "note")
        }


@pytest.mark.slow
def test_only_short_ascii_scalars_are_injected_into_archived_notebooks(midterm):
    root, _ = midterm
    cells = json.loads((root / FOLDER / "2_hvp_per_10k.ipynb").read_text("utf-8"))["cells"]
    injected = next(
        cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", ())
    )
    assert "".join(injected["source"]).splitlines() == [
        'plan = "national-145"',
        "year = 2023",
        'known_by = "2024-03-31"',
        'language = "zh"',
        'indicator = "hvp_per_10k"',
        'model = "pooled"',
        'rule = "cn-plan-1"',
        "level = 0.8",
    ]


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_in_another_folder_time_zone_locale_and_hash_seed(
    midterm, tmp_path
):
    root, _ = midterm
    there = checkout(tmp_path / "另一处 elsewhere", "national-145")
    ran = helpers(
        there,
        *ASKED,
        "--jobs",
        "1",
        TZ="Asia/Shanghai",
        LC_ALL="C",
        PYTHONHASHSEED="77",
        COLUMNS="40",
    )
    assert ran.returncode == 0, ran.stderr
    for path in sorted((root / FOLDER).iterdir()):
        if path.name != edition.RUN_FILE:
            assert path.read_bytes() == (there / FOLDER / path.name).read_bytes(), path.name


@pytest.mark.slow
def test_what_was_made_carries_no_trace_of_the_machine(midterm):
    root, _ = midterm
    traces = (str(root), str(Path.home()), " at 0x", "ipykernel_", str(ROOT))
    for path in (root / FOLDER).iterdir():
        text = path.read_text("utf-8")
        assert not [trace for trace in traces if trace in text], path.name
    from helpers.archive import lint

    assert [
        fault
        for path in (root / FOLDER).glob("*.ipynb")
        for fault in lint.notebook(path.read_bytes())
    ] == []
    page, script = (
        (root / FOLDER / "assessment.html").read_bytes(),
        (ROOT / "src/helpers/publish/template/assessment/script.js").read_text("utf-8"),
    )
    assert lint.page(page, scripts=[script]) == []
    assert (
        lint.page(page)
        == lint.page(page, scripts=[script + " "])
        == lint.page(
            page.replace(b"</body>", f"<script>{script}</script></body>".encode()), scripts=[script]
        )
        == ["里有会执行的脚本"]
    )
    run = json.loads((root / FOLDER / edition.RUN_FILE).read_text("utf-8"))
    assert run["made"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (root / FOLDER).iterdir()
        if path.name != edition.RUN_FILE
    }
    assert set(run["notebooks"]) == set(NOTEBOOKS)
    assert run["versions"]["papermill"]
    assert run["seconds"] > 0


@pytest.mark.slow
def test_a_failing_notebook_is_named_the_others_finish_and_the_old_edition_stays(toy):
    root = toy.root
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    folder = root / "data/processed/toy/2023"
    folder.mkdir(parents=True)
    (folder / "assessment.html").write_text("old")
    broken = root / "notebooks/3_commitments.ipynb"
    broken.write_text(
        broken.read_text("utf-8").replace(
            "plans.commitments(the_plan)", "plans.promises(the_plan)"
        ),
        "utf-8",
    )
    ran = helpers(root, "assess", "--plan", "toy", "--year", "2023")
    assert ran.returncode == 3
    assert "3_commitments: cell 5: AttributeError" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert (folder / "assessment.html").read_text() == "old"
    kept = root / "data/processed/toy/2023.failed"
    assert (kept / "1_data_check.ipynb").is_file()
    assert not (kept / "4_assessment.ipynb").exists()


def test_bad_input_starts_no_notebook_and_writes_nothing(toy):
    toy.cell("observations.csv", 2, unit="千克")
    ran = helpers(toy.root, "assess", "--plan", "toy")
    assert ran.returncode == 1
    assert "unit" in ran.stderr
    assert "单位" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list((toy.root / "data/processed").glob("*/*"))


def test_a_second_run_on_one_edition_is_refused_and_told_who_holds_it(toy):
    folder = toy.root / "data/processed/toy"
    folder.mkdir(parents=True)
    with open(folder / ".2023.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        ran = helpers(toy.root, "assess", "--plan", "toy", "--year", "2023")
    assert ran.returncode == 3
    assert "process 4711 is making toy 2023" in ran.stderr


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc to see the children of a process"
)
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_takes_its_processes_with_it_and_leaves_the_old_edition(toy, by):
    shutil.copytree(ROOT / "notebooks", toy.root / "notebooks")
    folder = toy.root / "data/processed/toy/2023"
    folder.mkdir(parents=True)
    (folder / "assessment.html").write_text("old")
    command = [sys.executable, "-m", "helpers", "assess", "--plan", "toy", "--year", "2023"]
    run = subprocess.Popen(
        command,
        cwd=toy.root,
        env={**os.environ, "ASSESSMENT_ROOT": str(toy.root)},
        stderr=subprocess.PIPE,
        text=True,
    )
    making = folder.parent.glob
    until(lambda: list(making(".2023.making-*")))  # the first notebooks are being executed
    workers = list(descendants(run.pid))
    run.send_signal(by)
    said = run.communicate(timeout=30)[1]
    assert run.returncode == (-by if by == signal.SIGKILL else 3)
    assert by == signal.SIGKILL or (
        "stopped; the previous edition was left as it is" in said and "Traceback" not in said
    )
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    beside = {path.name for path in folder.parent.iterdir()}
    assert by == signal.SIGKILL or beside == {".2023.lock", "2023"}
    assert [path.name for path in folder.iterdir()] == ["assessment.html"]
    assert (folder / "assessment.html").read_text() == "old"
    with place.held(folder, "toy 2023"):  # nobody holds the edition any more
        pass


def descendants(pid: int) -> Iterator[str]:
    """The processes a process started, and those they started."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield child
        yield from descendants(int(child))


def until(holds, seconds: float = 30) -> None:
    """Wait for `holds()`; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_run_killed_between_the_renames_leaves_the_old_edition_to_be_found(tmp_path):
    folder, aside = tmp_path / "2023", tmp_path / ".2023.old"
    aside.mkdir()
    (aside / "assessment.html").write_text("old")
    with place.held(folder, "toy 2023"):
        pass
    assert (folder / "assessment.html").read_text() == "old"
    assert not aside.exists()


def test_a_run_killed_after_the_renames_leaves_the_new_edition(tmp_path):
    folder, aside = tmp_path / "2023", tmp_path / ".2023.old"
    for path, text in ((folder, "new"), (aside, "old")):
        path.mkdir()
        (path / "assessment.html").write_text(text)
    with place.held(folder, "toy 2023"):
        pass
    assert (folder / "assessment.html").read_text() == "new"
    assert not aside.exists()


def test_putting_in_place_replaces_the_edition_whole(tmp_path):
    making, folder = tmp_path / ".2023.making", tmp_path / "2023"
    for path, name in ((making, "new.html"), (folder, "old.html")):
        path.mkdir()
        (path / name).write_text(name)
    place.put(making, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["2023"]
    assert [path.name for path in folder.iterdir()] == ["new.html"]


@pytest.mark.parametrize("day", ["2024-3-31", "2024", "31.03.2024", "2024-13-01", "../x"])
def test_a_cut_off_is_a_whole_date(day):
    with pytest.raises(Unknown, match="请写成 2024-03-31"):
        request.of("national-145", 2023, day)


def test_an_edition_is_named_by_year_and_cut_off():
    assert request.of("national-145", 2023).name == "2023"
    assert request.of("national-145", 2023, "2024-03-31").name == "2023@2024-03-31"
    assert request.of("national-135").name == "2020"
