"""One notebook through papermill: what goes in, what comes out, what a failure looks like."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from helpers.run import engine
from helpers.run.engine import Job
from helpers.run.pool import workers


def notebook(path: Path, *cells: str) -> Path:
    """A notebook whose first cell is the parameters cell."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    made.cells[0].metadata["tags"] = ["parameters"]
    made.metadata["kernelspec"] = engine.KERNEL
    nbformat.write(made, path)
    return path


def test_a_parameter_the_notebook_does_not_declare_is_refused(tmp_path):
    job = Job(
        "a", notebook(tmp_path / "a.ipynb", 'plan = "x"'), tmp_path / "out.ipynb", {"plam": "y"}
    )
    outcome = engine.execute(job, tmp_path)
    assert "has no parameter 'plam'; it has plan" in outcome.error
    assert not job.output.exists()


@pytest.mark.parametrize("value", ["万", "x" * 101, ["a"], None])
def test_only_short_ascii_scalars_are_injected(tmp_path, value):
    job = Job(
        "a", notebook(tmp_path / "a.ipynb", 'plan = "x"'), tmp_path / "out.ipynb", {"plan": value}
    )
    assert "must be a short ASCII scalar" in engine.execute(job, tmp_path).error


def test_settling_takes_out_times_paths_and_random_ids(tmp_path):
    cell = {
        "cell_type": "code",
        "id": "r4nd0m",
        "source": ["# Parameters\n", "year = 2023\n"],
        "execution_count": 1,
        "outputs": [],
    }
    cell["metadata"] = {
        "tags": ["injected-parameters"],
        "papermill": {"start_time": "now"},
        "execution": {"iopub.status.busy": "now"},
    }
    streams = [
        {"output_type": "stream", "name": name, "text": text}
        for name, text in (("stdout", "a"), ("stdout", ["b", "c"]), ("stderr", "d"))
    ]
    second = {
        "cell_type": "code",
        "id": "x",
        "source": "print()",
        "execution_count": 2,
        "outputs": streams,
        "metadata": {},
    }
    path = tmp_path / "n.ipynb"
    path.write_text(
        json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {"papermill": {"input_path": "/somewhere"}},
                "cells": [cell, second],
            }
        )
    )
    engine.settle(path)
    settled = json.loads(path.read_text("utf-8"))
    assert settled["metadata"] == {"kernelspec": engine.KERNEL, "language_info": {"name": "python"}}
    assert settled["cells"][0]["id"] == "injected-parameters"
    assert settled["cells"][0]["metadata"] == {"tags": ["injected-parameters"]}
    assert [output["text"] for output in settled["cells"][1]["outputs"]] == [["abc"], ["d"]]


def test_a_table_is_written_with_the_mark_a_spreadsheet_asks_for_and_a_page_without(tmp_path):
    for name, content in (("a.csv", b"\xef\xbb\xbf\xe5\xb9\xb4\n"), ("a.html", b"\xe5\xb9\xb4\n")):
        engine.write(tmp_path / name, "年\n")
        assert (tmp_path / name).read_bytes() == content


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "results.csv"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        engine.write(path, "new")
    assert path.read_text() == "old"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fork", "cell 3: its process ended itself with status 9"),
        ("kernel", "DeadKernelError: Kernel died"),
    ],
)
def test_a_notebook_that_fails_costs_itself_only_and_is_told_by_cell(tmp_path, name, said):
    bad = notebook(tmp_path / "bad.ipynb", "n = 1", "n / 0", "print('never')")
    dead = notebook(tmp_path / "dead.ipynb", "n = 1", "import os; os._exit(9)")
    good = notebook(
        tmp_path / "good.ipynb",
        "n = 1",
        "import os; print(os.getcwd() == FOLDER, n, os.environ['TZ'], os.environ['SEEN'])".replace(
            "FOLDER", repr(str(tmp_path))
        ),
    )
    jobs = [
        Job(path.stem, path, tmp_path / f"{path.stem}.out.ipynb", {"n": 7})
        for path in (bad, dead, good)
    ]
    with workers(2, name) as pool:
        outcomes = {o.name: o for o in pool.run(jobs, tmp_path, {"SEEN": "yes"})}
    assert (
        outcomes["bad"].error == "cell 3: ZeroDivisionError: division by zero"
    )  # after the injected cell
    assert outcomes["dead"].error == said
    assert outcomes["good"].error == ""
    cells = json.loads((tmp_path / "good.out.ipynb").read_text("utf-8"))["cells"]
    assert "".join(cells[-1]["outputs"][0]["text"]) == "True 7 UTC yes\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fork", "kernel"])
def test_an_output_that_is_none_is_refused_whoever_executes(tmp_path, name):
    """A plain text has to be a text: nbformat is asked of every output, or once of them all."""
    source = "get_ipython().display_pub.publish({'text/plain': 5})"
    path = notebook(tmp_path / "odd.ipynb", "n = 1", source)
    with workers(1, name) as pool:
        [outcome] = pool.run([Job("odd", path, tmp_path / "out.ipynb", {})], tmp_path, {})
    assert "5 is not valid under any of the given schemas" in outcome.error
