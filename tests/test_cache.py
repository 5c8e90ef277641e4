"""What is executed again: exactly the notebooks one of whose ingredients changed, each ingredient
touched in turn."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Toy
from test_shell import notebook

from helpers import edition, request, tasks
from helpers.run import cache, engine
from helpers.run.engine import Job, Outcome
from helpers.run.pool import workers
from helpers.run.task import Pool, Task

ROOT = Path(__file__).resolve().parents[1]
INDICATORS = {f"2_{name}" for name in ("patents", "grants_cum", "attorneys_new", "share")}
ALL = INDICATORS | {"1_data_check", "3_commitments", "4_assessment", "page"}
# file touched → what is executed again beside 4_assessment and page, which read what others leave
CHECKED = {
    "data/raw/toy/context.csv": INDICATORS | {"1_data_check"},
    "data/raw/toy/commitments.csv": {"1_data_check", "3_commitments"},
    "data/raw/toy/sources.csv": ALL - {"page"},
    "data/raw/toy/new.csv": {"1_data_check"},
    "params/toy/plan.yml": ALL - {"page"},
    "params/toy/run.yml": {"1_data_check"},  # lists it; the choices themselves are parameters
    "params/toy/context.yml": INDICATORS | {"1_data_check"},
    "params/toy/commitments.yml": {"1_data_check", "3_commitments"},
    "params/toy/indicators/share.yml": {"1_data_check", "2_share"},
    "notebooks/1_data_check.ipynb": {"1_data_check"},
    "notebooks/2_indicator.ipynb": INDICATORS,
    "notebooks/3_commitments.ipynb": {"3_commitments"},
    "notebooks/4_assessment.ipynb": {"4_assessment"},
    "src/helpers/intake/contract.py": ALL,
    "src/helpers/measure/new.py": ALL,  # a module that was looked for in vain
    "src/helpers/show/fonts/plan-assessment-sans.otf": ALL,
    "src/helpers/publish/template/assessment/style.css": ALL,
    "requirements.lock": ALL,
}

STANDS = """
import json, sys
from pathlib import Path
from helpers import edition, request, tasks
from helpers.intake import observations
from helpers.run import cache
one = request.of("toy", 2023)
points = observations.all_taken(one.plan, observations.receive(one.plan), 2023)
earlier = edition.earlier(one.folder)
def fallen():
    cache.code.cache_clear(), cache.environment.cache_clear()
    inputs = tasks.inputs_of(one)
    made = [*tasks.indicator_tasks(one, inputs, one.folder, points)]
    last = tasks.assessment_task, tasks.page_task
    made += [make(one, inputs, one.folder) for make in last]
    down = [task.job.name for task in made if not earlier.stands(task)]
    assert edition.unchanged(one, inputs) == (not down), down
    return down
assert fallen() == []
for name in json.loads(sys.argv[1]):
    path = Path(name)
    before = path.read_bytes() if path.is_file() else None
    if path.suffix == ".ipynb":
        path.write_bytes(before.replace(b"# ", b"## ", 1))
    else:
        path.write_bytes((before or b"") + b"\\n")
    print(json.dumps([name, fallen()]))
    if before is not None:
        path.write_bytes(before)
    else:
        path.unlink()
"""


class House:
    """A checkout of its own with the toy plan, code and lock included, so that a test may touch
    everything."""

    def __init__(self, root: Path):
        self.root, self.toy = root, Toy(root)
        shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
        shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "requirements.lock", root)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "ASSESSMENT_ROOT": str(self.root),
            "PYTHONPATH": str(self.root / "src"),
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
        )

    def assess(self, *options: str) -> set[str]:
        """Names of what was executed."""
        ran = self.python("-m", "helpers", "assess", "--plan", "toy", *options)
        assert ran.returncode == 0, ran.stderr
        return {line.split()[0] for line in ran.stderr.splitlines() if line.startswith("  ")}

    def bytes(self) -> dict[str, bytes]:
        """The edition, without what differs between two honest runs."""
        folder = self.root / "data/processed/toy/2023"
        return {
            path.name: path.read_bytes()
            for path in folder.iterdir()
            if path.name != edition.RUN_FILE
        }


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    made = House(tmp_path_factory.mktemp("house"))
    assert made.assess() == ALL
    return made


@pytest.fixture(scope="module")
def standing(house) -> dict[str, set[str]]:
    """For each file touched alone, what no longer stands."""
    ran = house.python("-c", STANDS, json.dumps(list(CHECKED)))
    assert ran.returncode == 0, ran.stderr
    return {name: set(names) for name, names in map(json.loads, ran.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.parametrize("touched", CHECKED)
def test_each_ingredient_touched_fells_exactly_what_was_made_of_it(standing, touched):
    assert standing[touched] == CHECKED[touched]


@pytest.mark.slow
def test_one_value_executes_its_indicator_the_check_and_the_whole_as_a_run_from_nothing(house):
    assert house.assess() == set()
    house.toy.cell("observations.csv", 3, value="119")
    assert house.assess() == {"1_data_check", "2_patents", "4_assessment", "page"}
    cached = house.bytes()
    assert house.assess("--force") == ALL
    assert house.bytes() == cached


@pytest.mark.slow
def test_what_was_changed_or_lost_in_the_edition_is_made_again(house):
    whole, folder = house.bytes(), house.root / "data/processed/toy/2023"
    (folder / "2_share.ipynb").write_text("{}")
    (folder / "assessment.html").unlink()
    assert house.assess() == {"2_share", "page"}  # the whole reads the same bytes again
    assert house.bytes() == whole


@pytest.mark.slow
def test_what_is_taken_over_keeps_when_where_and_from_which_commit_it_ran(house, monkeypatch):
    recorded = house.root / "data/processed/toy/2023" / edition.RUN_FILE
    before = json.loads(recorded.read_text("utf-8"))
    monkeypatch.setenv(edition.COMMIT_VARIABLE, "0123456789ab")
    house.toy.cell("observations.csv", 3, value="118")
    executed = house.assess()
    assert executed == {"1_data_check", "2_patents", "4_assessment", "page"}
    after = json.loads(recorded.read_text("utf-8"))
    assert before["commit"] != after["commit"] == "0123456789ab"
    for name, record in after["notebooks"].items():
        if name in executed:
            assert record["ran"]["commit"] == "0123456789ab"
            assert after["started"] <= record["ran"]["started"] <= record["ran"]["ended"]
            assert record["ran"]["ended"] <= after["ended"]
        else:
            assert record["ran"] == before["notebooks"][name]["ran"]
            assert record["ran"]["ended"] <= after["started"]
            assert set(record["ran"]["host"]) == {"system", "python", "cores"}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with workers(1, "fork") as one:
        yield one


def outcome(pool: Pool, tmp_path: Path, *cells: str) -> Outcome:
    """Of a notebook of `cells`, in a folder with one file `data.csv`, which is its declared
    input."""
    (tmp_path / "data.csv").write_text("1\n")
    (tmp_path / "other.csv").write_text("1\n")
    job = Job("n", notebook(tmp_path / "n.ipynb", 'plan = "x"', *cells), tmp_path / "out.ipynb")
    [one] = pool.outcomes([Task(job, tmp_path, reads=(tmp_path / "data.csv",))])
    assert one.error == ""
    return one


def test_what_is_declared_may_be_read_and_what_a_notebook_makes_itself(pool, tmp_path):
    cells = (
        "import pandas; pandas.read_csv('data.csv')",
        "from pathlib import Path; Path('made.csv').write_text('x'); Path('made.csv').read_text()",
        "import tempfile; f = tempfile.NamedTemporaryFile(); open(f.name).read()",
    )
    assert outcome(pool, tmp_path, *cells).undeclared == ""


@pytest.mark.parametrize(
    "cell",
    [
        "open('other.csv').read()",
        "open('other.csv', 'r+').read()",
        "f = open('other.csv', 'a+'); f.seek(0); f.read()",
        "try:\n    open('lost.csv')\nexcept OSError:\n    pass",
        "import os; os.listdir('.')",
        "from pathlib import Path; sorted(Path('.').rglob('*'))",
        "import os; os.close(os.open('other.csv', os.O_RDONLY))",
        "import os; next(os.fwalk('.'))",
        "import numpy; numpy.fromfile('other.csv')",
        "import ctypes; ctypes.CDLL('libc.so.6')",
        "!true",
        "import subprocess; subprocess.run('true')",
        "import multiprocessing.popen_spawn_posix",
        "import lxml.etree",
        "import sqlite3; sqlite3.connect(':memory:').close()",
    ],
)
def test_what_reads_something_else_or_cannot_be_observed_is_never_taken_over(pool, tmp_path, cell):
    one = outcome(pool, tmp_path, cell)
    assert one.undeclared
    assert cache.record_of(task(tmp_path), one)["key"] is None


def test_a_notebook_does_not_see_what_only_this_session_has_set(tmp_path, monkeypatch):
    monkeypatch.setenv("DISCOUNT", "0.5")
    with workers(1, "fork") as pool:
        outcome(pool, tmp_path, "import os; assert 'DISCOUNT' not in os.environ")


@pytest.mark.slow
def test_every_file_the_shipped_notebooks_read_is_declared(house):
    record = json.loads((house.root / "data/processed/toy/2023/run.json").read_text("utf-8"))
    said = {name: one["undeclared"] for name, one in record["notebooks"].items()}
    assert said == dict.fromkeys(ALL - {"page"}, "")
    assert record["page"]["undeclared"] == ""
    assert record["key"]


def task(tmp_path: Path, **parameters: object) -> Task:
    return Task(Job("n", tmp_path / "n.ipynb", tmp_path / "out.ipynb", parameters), tmp_path)


def test_the_key_holds_parameters_python_settings_and_packages(tmp_path, monkeypatch):
    notebook(tmp_path / "n.ipynb", "year = 1")

    def key(**parameters: object) -> str:
        cache.environment.cache_clear()
        return cache.key(task(tmp_path, **parameters))

    keys = [key(year=2023), key(year=2024), key(year="2023")]
    monkeypatch.setattr(sys, "version", "3.99")
    keys.append(key(year=2023))
    monkeypatch.setitem(engine.SETTLED, "OMP_NUM_THREADS", "2")
    keys.append(key(year=2023))
    (tmp_path / "another-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    keys.append(key(year=2023))
    site = tmp_path / "site-packages"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    for name, text in (("no.py", ""), ("a.pth", "x"), ("a.pth", "y")):  # of no distribution
        (site / name).write_text(text)
        keys.append(key(year=2023))
    assert len(set(keys)) == 9
    assert keys[-1] == key(year=2023)
    cache.environment.cache_clear()


def test_a_record_of_another_kind_is_no_record(toy):
    one = request.of("toy", 2023, root=toy.root)
    one.folder.mkdir(parents=True)
    for text in ("", "[]", "{}", '{"notebooks": {}}', "\0"):
        (one.folder / edition.RUN_FILE).write_text(text)
        assert edition.earlier(one.folder).records == {}
        assert not edition.unchanged(one, tasks.inputs_of(one))


# A file saved while a run goes on, at a placed moment: between digests and reading, and after it.
RACE = """
import sys
from pathlib import Path
from helpers import edition
from helpers.intake import observations
target, old, new, moment = sys.argv[1:5]
del sys.argv[1:5]
def save():
    text = Path(target).read_text("utf-8")
    assert text.count(old) == 1
    Path(target).write_text(text.replace(old, new), "utf-8")
receive, write = observations.receive, observations.write
def received(plan):
    if moment == "before it is read":
        save()
    return receive(plan)
def written(path, points):
    write(path, points)
    if moment == "after the table is cut":
        save()
observations.receive, observations.write = received, written
from helpers.cli import main
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before it is read", "after the table is cut"])
@pytest.mark.parametrize(
    ("target", "old", "new"),
    [
        ("data/raw/toy/observations.csv", "2021,10.2,", "2021,10.4,"),
        ("notebooks/3_commitments.ipynb", "import commitment", "import commitment as commitment"),
        ("src/helpers/measure/commitment.py", "def state_of(", "def state_of(  # now\n    "),
    ],
)
def test_what_is_saved_while_a_run_goes_on_is_executed_by_the_next(house, moment, target, old, new):
    path = house.root / target
    before = path.read_text("utf-8")
    ran = house.python("-c", RACE, target, old, new, moment, "assess", "--plan", "toy", "--force")
    assert ran.returncode == 0, ran.stderr
    assert f"{target} changed while the run went on: run it again" in ran.stderr
    assert house.assess() != set()
    made = house.bytes()
    assert house.assess() == set()
    assert house.assess("--force") == ALL
    assert house.bytes() == made
    path.write_text(before, "utf-8")
    house.assess()


@pytest.mark.slow
@pytest.mark.parametrize("linked", ["data/raw/toy/observations.csv", "data/raw/toy"])
def test_a_link_pointed_elsewhere_is_another_input(house, tmp_path, linked):
    link = house.root / linked
    for version in ("one", "two"):
        place = tmp_path / version
        shutil.copytree(link, place) if link.is_dir() else shutil.copy(link, place)
    table = tmp_path / "two" if linked.endswith("csv") else tmp_path / "two/observations.csv"
    table.write_text(table.read_text("utf-8").replace("2021,10.2,", "2021,10.4,"), "utf-8")
    link.rename(tmp_path / "kept")
    link.symlink_to(tmp_path / "one")
    house.assess("--force")
    link.unlink()
    link.symlink_to(tmp_path / "two")
    assert house.assess() == {"1_data_check", "2_share", "4_assessment", "page"}
    link.unlink()
    (tmp_path / "kept").rename(link)
    house.assess()


@pytest.mark.slow
def test_a_helper_of_the_same_size_and_time_is_not_run_from_its_old_bytecode(house):
    path = house.root / "src/helpers/measure/commitment.py"
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
    house.assess("--force")  # the interpreter compiles by time and size
    stat, text = path.stat(), path.read_text("utf-8")
    path.write_text(text.replace("def state_of(", "def state_0f("), "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    ran = house.python("-m", "helpers", "assess", "--plan", "toy")
    assert ran.returncode == 3, ran.stderr
    assert "3_commitments" in ran.stderr
    path.write_text(text, "utf-8")
    house.assess()


def test_a_notebook_is_read_once_however_many_editions_ask(tmp_path, monkeypatch):
    path, read = tmp_path / "n.ipynb", []
    path.write_text(json.dumps({"cells": [{"source": "1", "outputs": ["x"]}]}))
    loads = json.loads
    monkeypatch.setattr(cache.json, "loads", lambda text: read.append(1) or loads(text))
    first = [cache.of_notebook(path) for _ in range(100)]
    assert (len(set(first)), len(read)) == (1, 1)
    path.write_text(json.dumps({"cells": [{"source": "22", "outputs": []}]}))
    assert cache.of_notebook(path) != first[0]
    assert len(read) == 2
