"""Whatever a notebook does to its process, it costs itself only, and is told by its cell."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_shell import notebook, text

from helpers.run.engine import CELL_OUTPUTS, STREAM_CHARACTERS, Job, Outcome
from helpers.run.pool import workers
from helpers.run.progress import Progress, slowest
from helpers.run.task import Pool

CRASHES = {  # cell → what is said of it
    "import os; os.kill(os.getpid(), 11)": "cell 3: its process was killed by SIGSEGV",
    "import ctypes; ctypes.string_at(0)": "cell 3: its process was killed by SIGSEGV",
    "import os; os._exit(7)": "cell 3: its process ended itself with status 7",
    "import os; os._exit(0)": "cell 3: its process ended itself with status 0",
    "import os; os.abort()": "cell 3: its process was killed by SIGABRT",
    "bytes(3 << 30)": "cell 3: MemoryError: ",
    "bytearray(1 << 60)": "cell 3: MemoryError: ",
    "import sys; sys.exit(3)": "cell 3: SystemExit: 3",
    "raise KeyboardInterrupt": "cell 3: KeyboardInterrupt: ",
    "import os; os.close(1); os.close(2); raise ValueError('silent')": "cell 3: ValueError: silent",
    "import os; os.closerange(3, 99)": "cell 3: its process ended itself",
}

ENDLESS = (
    "import time; time.sleep(600)",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "while True: print('x' * 1000)",
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """No clock: what ends here ends of itself, however busy the machine."""
    with workers(4, "fork") as one:
        yield one


def job(folder: Path, name: str, *cells: str) -> Job:
    return Job(
        name, notebook(folder / f"{name}.ipynb", "n = 1", *cells), folder / f"{name}.out.ipynb"
    )


def left(job: Job) -> list[str]:
    """What each cell put out."""
    cells = json.loads(job.output.read_text("utf-8"))["cells"]
    return [text(cell) for cell in cells if cell["cell_type"] == "code"]


def test_a_crash_costs_one_notebook_and_is_told_by_cell(pool, tmp_path):
    jobs = [job(tmp_path, f"n{k}", "'before'", cell) for k, cell in enumerate(CRASHES)]
    good = [job(tmp_path, f"good{k}", "21 * 2") for k in range(3)]
    outcomes = pool.run([*jobs, *good], tmp_path, {})
    for (cell, said), outcome in zip(CRASHES.items(), outcomes[: len(CRASHES)], strict=True):
        assert outcome.error.startswith(said), (cell, outcome.error)
        assert outcome.cpu is not None
        assert outcome.memory > 1
    assert [outcome.error for outcome in outcomes[-3:]] == [""] * 3
    assert [left(one)[1] for one in good] == ["42"] * 3


@pytest.mark.slow
def test_a_cell_without_an_end_is_ended_at_its_limit(tmp_path):
    """The cells before it are empty: on a machine however slow they end within the limit."""
    jobs = [job(tmp_path, f"n{k}", "", cell) for k, cell in enumerate(ENDLESS)]
    with workers(4, "fork", cell_limit=5) as timed:
        outcomes = timed.run(jobs, tmp_path, {})
    told = "cell 3: took longer than 5 s, the limit for a cell"
    assert [outcome.error for outcome in outcomes] == [told] * len(ENDLESS)


@pytest.mark.slow
def test_output_of_a_command_without_an_end_is_cut_or_ended_at_the_limit(tmp_path):
    with workers(1, "fork", cell_limit=20) as timed:
        [outcome] = timed.run(
            [job(tmp_path, "yes", "", "import subprocess; subprocess.run('yes')")], tmp_path, {}
        )
    assert not outcome.error or "took longer than 20 s" in outcome.error


def test_a_notebook_of_many_short_cells_is_limited_too(tmp_path):
    with workers(1, "fork", limit=2, cell_limit=1.5) as pool:
        [outcome] = pool.run(
            [job(tmp_path, "long", *["import time; time.sleep(0.8)"] * 5)], tmp_path, {}
        )
    assert "took longer than 2 s, the limit for a notebook" in outcome.error


def test_endless_output_is_cut_with_a_note(pool, tmp_path):
    one = job(
        tmp_path,
        "loud",
        "for _ in range(30_000): print('x' * 99)",
        "import os; _ = os.system('head -c 3000000 /dev/zero | tr \"\\\\0\" z')",
        "from IPython.display import display\nfor _ in range(2_000): display('万')",
    )
    assert pool.run([one], tmp_path, {})[0].error == ""
    for printed in left(one)[1:3]:
        assert len(printed) < STREAM_CHARACTERS + 100
        assert printed.endswith(
            f"[cut here: stdout of this cell is longer than {STREAM_CHARACTERS} characters]\n"
        )
    assert (
        left(one)[3]
        == "'万'" * CELL_OUTPUTS + f"[cut here: this cell has more than {CELL_OUTPUTS} outputs]\n"
    )


def test_a_process_forked_by_a_cell_ends_with_the_cell(pool, tmp_path):
    one = job(
        tmp_path,
        "forks",
        "import os\nif os.fork() == 0:\n    print('from the fork', flush=True)\nelse:\n    "
        "os.wait(); print('from the notebook')",
        "print('once')",
    )
    assert pool.run([one], tmp_path, {})[0].error == ""
    assert left(one)[1] == "from the fork\nfrom the notebook\n"
    assert left(one)[2] == "once\n"


def test_what_a_notebook_started_and_did_not_end_is_ended(pool, tmp_path):
    cell = (
        "import subprocess, threading, time\nprint(subprocess.Popen(['sleep', "
        "'600']).pid)\nthreading.Thread(target=time.sleep, args=(600,)).start()"
    )
    one = job(tmp_path, "leaves", cell)
    outcome = pool.run([one], tmp_path, {})[0]
    assert outcome.error == ""
    assert outcome.seconds < 300
    assert gone(int(left(one)[1]))


def test_what_left_its_group_is_ended_with_the_pool(tmp_path):
    one = job(
        tmp_path,
        "escapes",
        "import subprocess\nprint(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)",
    )
    with workers(1, "fork") as pool:
        assert pool.run([one], tmp_path, {})[0].error == ""
    assert gone(int(left(one)[1]))


def gone(pid: int) -> bool:
    """True once there is no such process (a zombie is none)."""
    for _ in range(50):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_where_the_process_that_forks_dies_the_others_are_executed_by_a_new_one(tmp_path):
    bad = job(
        tmp_path,
        "kills",
        "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
        "import time; time.sleep(5)",
    )
    good = [job(tmp_path, f"good{k}", "21 * 2") for k in range(3)]
    with workers(1, "fork") as pool:
        outcomes = pool.run([bad, *good], tmp_path, {})
    assert "the process that starts notebooks died" in outcomes[0].error
    assert [outcome.error for outcome in outcomes[1:]] == [""] * 3


def test_every_notebook_is_a_fresh_process_with_its_own_random_numbers(pool, tmp_path):
    cell = (
        "import os, numpy, random; print(os.getpid(), numpy.random.random(), random.random(), "
        "'left' in dir(numpy)); numpy.left = 1"
    )
    jobs = [job(tmp_path, f"n{k}", cell) for k in range(3)]
    pool.run(jobs, tmp_path, {})
    columns = list(zip(*(left(one)[1].split() for one in jobs), strict=False))
    assert [len(set(column)) for column in columns] == [3, 3, 3, 1]
    assert columns[3][0] == "False"


def test_the_parent_has_one_thread_and_none_of_our_rooms(pool, tmp_path):
    cells = (
        "import sys; print(sorted(name for name in sys.modules if name.startswith('helpers')))",
        "import os; print(len(os.listdir(f'/proc/{os.getppid()}/task')), "
        "os.environ['OPENBLAS_NUM_THREADS'], 'pandas' in sys.modules)",
    )
    one = job(tmp_path, "looks", *cells)
    pool.run([one], tmp_path, {})
    assert set(eval(left(one)[1])) == {
        "helpers",
        "helpers.atomic",
        "helpers.run.once",
        *(
            f"helpers.run{name}"
            for name in (
                "",
                ".engine",
                ".fork",
                ".inputs",
                ".moments",
                ".progress",
                ".shell",
                ".task",
            )
        ),
    }
    assert left(one)[2].split() == ["1", "1", "True"]


def test_where_no_process_can_be_forked_one_sentence_says_so(tmp_path, monkeypatch):
    """A second thread in the parent before it forks: here from what its Python starts with."""
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time; threading.Thread(target=time.sleep, args=(60,), "
        "daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (
        pytest.raises(
            RuntimeError,
            match="cannot start: RuntimeError: the warm parent has 2 threads; it must have one "
            "before it forks",
        ),
        workers(1, "fork") as pool,
    ):
        pool.run([job(tmp_path, "n", "1")], tmp_path, {})


@pytest.mark.slow
def test_a_parent_that_dies_before_it_reads_is_told_of_too(tmp_path, monkeypatch):
    """What it did not read must not end the run in silence: a broken pipe is what a command line is
    silent about."""
    (tmp_path / "yaml.py").write_text("raise SystemExit('no yaml today')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = "cannot start: no yaml today; ENGINE=kernel does without it"
    with workers(1, "fork") as pool:
        pool.start()
        pool.parent.wait()
        with pytest.raises(RuntimeError, match=told):
            pool.run([job(tmp_path, "n", "1")], tmp_path, {})


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_with_names_and_failures_and_other_places_plain_lines(
    monkeypatch,
):
    done, failed = (
        Outcome("2_share", 0.41),
        Outcome("3_commitments", 1.0, "cell 5: ValueError: bad"),
    )
    for terminal in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress("notebooks") as progress:
            progress.expect(2)
            progress.tell(done, "toy 2023")
            progress.tell(failed)
        text = terminal.getvalue()
        assert "  3_commitments  FAILED  cell 5: ValueError: bad\n" in text
        if terminal.isatty():
            assert "2/2 [" in text
            assert "toy 2023 2_share" in text
            assert "\r" in text
        else:
            assert text.splitlines()[0] == "  toy 2023 2_share  0.4 s"
    assert (
        slowest([done, failed] * 2)
        == "slowest: 3_commitments 1.0 s, 3_commitments 1.0 s, 2_share 0.4 s"
    )


def test_a_notebook_collects_its_garbage_though_its_parent_loads_without(pool, tmp_path):
    one = job(tmp_path, "gc", "import gc; gc.isenabled()")
    assert pool.run([one], tmp_path, {})[0].error == ""
    assert left(one) == ["", "True"]


def test_a_notebook_that_writes_to_every_descriptor_costs_itself_only(pool, tmp_path):
    cell = """
import os
for number in range(3, 256):
    try:
        os.write(number, b'{"x\\n[]\\n')
    except OSError:
        pass
"""
    loud, good = job(tmp_path, "loud", cell), [job(tmp_path, f"n{k}", "21 * 2") for k in range(3)]
    outcomes = pool.run([loud, *good], tmp_path, {})
    assert [outcome.error for outcome in outcomes[1:]] == [""] * 3
    assert [left(one)[1] for one in good] == ["42"] * 3


def test_the_first_cell_may_await(pool, tmp_path):
    one = Job(
        "waits",
        notebook(tmp_path / "waits.ipynb", "import asyncio; n = await asyncio.sleep(0, 42)", "n"),
        tmp_path / "waits.out.ipynb",
    )
    assert pool.run([one], tmp_path, {})[0].error == ""
    assert left(one) == ["", "42"]
