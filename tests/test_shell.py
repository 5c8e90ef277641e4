"""The engine `fork` leaves what a Jupyter kernel leaves: the shipped notebooks, and one that has
everything in it."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path

import nbformat
import pytest

from helpers.run import engine
from helpers.run.engine import Job
from helpers.run.pool import workers

ROOT = Path(__file__).resolve().parents[1]

# What is written below Python reaches a kernel by a thread of its own, on a busy machine after the
# cell has ended, and is lost: such a cell waits for it.
PAUSE = "import time; time.sleep(1)"
TORTURE = [
    'plan = "x"',
    "print('out'); import sys; print('err', file=sys.stderr); print('out again')",
    "import pandas; pandas.DataFrame([[0.5] * 9], columns=[f'a_long_name_{k}' for k in range(9)])",
    "1 + 1",
    "_ * 20 + 2",  # the last result has a name
    "import subprocess; ran = subprocess.run(['sh', '-c', 'echo below; echo beneath >&2'])\n"
    f"{PAUSE}\nran",
    "!echo from the shell; echo aside >&2",
    "lines = !printf 'a\\nb\\n'\nlines",
    "%%bash\necho cell magic",
    f"import os; _ = os.system('echo system'); {PAUSE}",
    f"import os; _ = os.write(1, b'descriptor\\n'); {PAUSE}",
    "from IPython.display import HTML, JSON, Markdown, SVG, Image, clear_output, display, "
    "update_display\ndisplay(HTML('<b>b</b>'), Markdown('**m**'), JSON({'a': [1, None]}))",
    "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')); HTML('<i>last</i>')",
    "handle = display('first', display_id='one'); print('between')",
    "update_display('second', display_id='one'); handle.update('third')",
    "display('fourth', display_id='one')",  # shows here and in the earlier cell
    "print('gone'); clear_output(); print('stays')",
    "print('waits'); clear_output(wait=True); print('replaces')",
    "class Rich:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n        return "
    "{'text/plain': 'rich', 'application/vnd.x+json': {'万': (1, 2)}, 'image/png': b'\\x89PNG'},"
    " {'application/vnd.x+json': {'k': 1}}\nRich()",
    "class Broken:\n    def _repr_html_(self):\n        raise ValueError('in a "
    "repr')\nBroken.__module__ = 'm'; _ = Broken()",
    "import asyncio\nawait asyncio.sleep(0)\nprint('awaited', "
    "asyncio.get_running_loop().is_running())",
    "asyncio.get_running_loop().is_running()",
    "import warnings; warnings.warn('careful')",
    "def stacked():\n    warnings.warn('deep', DeprecationWarning)\nstacked()",
    "import logging; logging.getLogger('x').warning('logged')",
    "raises|try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('chained') "
    "from error",
    "raises|def f(:\n    pass",
    "raises|%nosuchmagic",
    "raises|raise ExceptionGroup('several', [ValueError(1), TypeError('万')])",
    # a loop runs already, as in a kernel
    "raises|never = asyncio.sleep(0)\ntry:\n    asyncio.run(never)\nfinally:\n    never.close()",
    "raises|await asyncio.wait_for(asyncio.sleep(9), 0.01)",
    "raises|assert plan == 'x', 'never'; import nosuchmodule",
    "import matplotlib.pyplot as plt\nfigure, ax = plt.subplots(figsize=(2, 1)); _ = ax.plot([1,"
    " 3, 2])",
    "plt.figure(figsize=(1, 1)); plt.show(); print('after')",
    "import pandas; pandas.DataFrame({'a': [1.5, None], '万': ['x', 'y']})",
    "import numpy; numpy.arange(3)",
    "get_ipython().__class__.__name__, __name__, In[3], type(Out).__name__",
    "import multiprocessing as mp\nprocess = mp.get_context('fork').Process(target=print, "
    "args=('from a child',)); process.start(); process.join()\n"
    f"{PAUSE}",
    "import threading\nthread = threading.Thread(target=print, args=('from a thread',)); "
    "thread.start(); thread.join()",
    "print('no newline', end='')",
    "print('x\\r\\ny\\x0bz\\u2028', end='\\n\\n')",
    "",
    "# a comment only",
    "%%capture held\nprint('captured')",
    "held.stdout",
    "x = 5;",
    "None",
    "exit",
    "skip|raise SystemError('never executed')",
]


def notebook(path: Path, *cells: str) -> Path:
    """A notebook whose first cell is the parameters cell; a source that begins with a tag and a bar
    has the tag."""
    tags = {"raises": "raises-exception", "skip": "skip-execution"}
    made = nbformat.v4.new_notebook(metadata={"kernelspec": engine.KERNEL})
    for k, cell in enumerate(cells):
        word, bar, source = cell.partition("|")
        tag = [tags[word]] if bar and word in tags else ["parameters"] if k == 0 else []
        made.cells.append(
            nbformat.v4.new_code_cell(
                source if bar and word in tags else cell, id=f"c{k}", metadata={"tags": tag}
            )
        )
    made.cells.insert(3, nbformat.v4.new_markdown_cell("# 万", id="m"))
    nbformat.write(made, path)
    return path


def both(
    jobs: list[tuple[str, Path, dict]], folder: Path, environment: dict[str, str], into: Path
) -> dict[str, dict[str, list[dict]]]:
    """{name: {engine: cells of the executed notebook}}, without the signs papermill puts up at a
    first error."""
    os.environ.pop(
        "PYTEST_CURRENT_TEST", None
    )  # where it is set, ipykernel does not listen below Python
    cells: dict[str, dict[str, list[dict]]] = {name: {} for name, *_ in jobs}
    for which in ("fork", "kernel"):
        listed = [
            Job(name, path, into / f"{name}.{which}.ipynb", parameters)
            for name, path, parameters in jobs
        ]
        with workers(2, which) as pool:
            pool.run(listed, folder, environment)
        for job in listed:
            engine.settle(job.output)
            found = json.loads(job.output.read_text("utf-8"))["cells"]
            cells[job.name][which] = [
                cell
                for cell in found
                if "papermill-error-cell-tag" not in cell["metadata"].get("tags", ())
            ]
    return cells


def difference(one: dict[str, list[dict]]) -> str:
    """The cells that differ, kernel against fork."""
    lines = [
        json.dumps(one[which], ensure_ascii=False, indent=1).splitlines()
        for which in ("kernel", "fork")
    ]
    return "\n".join(difflib.unified_diff(*lines, "kernel", "fork", lineterm="", n=6))


# what differs, and why nothing is done about it: cell → (what a kernel leaves, what fork leaves)
ACCEPTED = {
    "the file in which input() is refused stands in the traceback": (
        "raises|input('?')",
        "kernelbase.py",
        "shell.py",
    ),
    "there is no kernel object behind the shell": ("get_ipython().kernel is None", "False", "True"),
    "sys.stdout's descriptor is the terminal's copy in a kernel, the notebook's own here": (
        "import os, sys; os.write(sys.stdout.fileno(), b'caught'); None",
        "",
        "caught",
    ),
    "what overtakes what is decided by a clock in a kernel: stderr after 0.2 s; here stdout "
    "always comes first": (
        "import sys, time; print('first', end='', file=sys.stderr); time.sleep(0.6); "
        "print('second', end='')",
        "firstsecond",
        "secondfirst",
    ),
}


SHIPPED = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def executed(tmp_path_factory) -> tuple[dict[str, dict[str, list[dict]]], Path]:
    """Everything compared here, executed once by each engine."""
    into = tmp_path_factory.mktemp("engines")
    torture = notebook(into / "torture.ipynb", *TORTURE)
    accepted = notebook(
        into / "accepted.ipynb", 'plan = "x"', *(cell for cell, *_ in ACCEPTED.values())
    )
    jobs = [
        ("torture", torture, {"plan": "x"}),
        ("accepted", accepted, {}),
        *((path.stem, path, {}) for path in SHIPPED),
    ]
    return both(jobs, into, {"ASSESSMENT_ROOT": str(ROOT)}, into), into


@pytest.mark.slow
@pytest.mark.parametrize("name", ["torture", *(path.stem for path in SHIPPED)])
def test_fork_leaves_what_a_kernel_leaves(executed, name):
    """Byte for byte. No difference is accepted here; those there are, below."""
    cells, into = executed
    assert cells[name]["fork"] == cells[name]["kernel"], difference(cells[name])
    assert sum(bool(cell.get("outputs")) for cell in cells[name]["fork"]) > (
        35 if name == "torture" else 1
    )  # something was there to compare
    if name != "torture":
        assert (into / f"{name}.fork.ipynb").read_bytes() == (
            into / f"{name}.kernel.ipynb"
        ).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("said", ACCEPTED)
def test_every_accepted_difference_is_one(executed, said):
    found = {
        which: text(
            next(cell for cell in cells if cell["id"] == f"c{1 + list(ACCEPTED).index(said)}")
        )
        for which, cells in executed[0]["accepted"].items()
    }
    _, kernel, fork = ACCEPTED[said]
    assert kernel in found["kernel"]
    assert fork in found["fork"]
    assert found["kernel"] != found["fork"]


def text(cell: dict) -> str:
    """Everything a cell put out, one after another."""
    outputs = (
        out.get("text") or out.get("traceback") or out["data"]["text/plain"]
        for out in cell["outputs"]
    )
    return "".join("".join(one) for one in outputs)
