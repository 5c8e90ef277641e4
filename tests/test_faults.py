"""The short form of benchmarks/faults.py: killed at random instants, the disk full at several
writes. Nothing half, nothing silent."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.run import place

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
import faults


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> faults.County:
    return faults.County(tmp_path_factory.mktemp("faults") / "county", indicators=2)


@pytest.mark.slow
def test_a_run_killed_at_any_instant_leaves_the_old_edition_or_the_new(county):
    chance = random.Random(7)
    assert {faults.killed(county, chance, longest=4.0) for _ in range(2)} <= {"old", "new", "aside"}


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 3, 8])
def test_a_full_disk_is_told_and_leaves_the_old_edition(county, number):
    assert faults.full(county, number) == "old"


@pytest.mark.slow
def test_what_is_neither_the_old_edition_nor_the_new_is_seen(county):
    """The measure itself: a file lost, a file changed."""
    path = county.folder / "results.csv"
    kept = path.read_bytes()
    path.write_bytes(kept + b"x")
    assert county.left() == "HALF"
    path.unlink()
    assert county.left() == "HALF"
    path.write_bytes(kept)
    assert county.left() in ("old", "new")


def test_a_lock_whose_holder_died_is_taken_over_and_that_is_said(tmp_path, capsys):
    folder = tmp_path / "2023"
    script = (
        "import os; from pathlib import Path; from helpers.run import place\nwith "
        f"place.held(Path({str(folder)!r}), 'toy 2023'): os._exit(9)"
    )
    dead = subprocess.Popen([sys.executable, "-c", script])
    dead.wait()
    with place.held(folder, "toy 2023"):
        assert f"toy 2023: process {dead.pid} on " in (said := capsys.readouterr().err)
        assert "died while making it; taking over" in said
        with (
            pytest.raises(
                place.Busy,
                match=f"process {os.getpid()} on .* is making toy 2023; wait for it or stop it",
            ),
            place.held(folder, "toy 2023"),
        ):
            pass
    with place.held(folder, "toy 2023"):
        assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_what_an_interrupted_run_set_aside_is_tidied_up_though_nothing_changed(county):
    """The last sync failed: the new edition is in place, the old one still beside it."""
    assert county.assess().returncode == 0
    before, aside = county.state(), place.aside(county.folder)
    aside.mkdir()
    assert county.assess().returncode == 0
    assert not aside.exists()
    assert county.state() == before
