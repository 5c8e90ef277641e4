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

from helpers import edition
from helpers.run import cache, engine
from helpers.run.engine import Job, Outcome
from helpers.run.pool import Pool, Task, workers
from helpers.run.reads import ABSENT, CODE

ROOT = Path(__file__).resolve().parents[1]
INDICATORS = {f"2_{name}" for name in ("patents", "grants_cum", "attorneys_new", "share")}
ALL = INDICATORS | {"1_data_check", "3_commitments", "4_assessment", "page"}
# file touched → what no longer stands by itself; 4_assessment and page read what the others
# leave, see below
CHECKED = {
    "nothing": set(),
    "data/raw/toy/observations.csv": {
        "1_data_check"
    },  # the indicators read their own rows of the checked table
    "data/raw/toy/context.csv": INDICATORS | {"1_data_check"},
    "data/raw/toy/commitments.csv": {"1_data_check", "3_commitments"},
    "data/raw/toy/sources.csv": INDICATORS | {"1_data_check", "3_commitments"},
    "data/raw/toy/new.csv": INDICATORS
    | {"1_data_check", "3_commitments"},  # one of them may have looked for it
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
    "src/helpers/measure/coverage.py": {
        "1_data_check",
        "2_patents",
        "2_grants_cum",
        "2_attorneys_new",
        "2_share",
        "3_commitments",
        "4_assessment",
        "page",
    },
    "src/helpers/show/figure.py": INDICATORS | {"4_assessment", "page"},
    "src/helpers/show/fonts/plan-assessment-sans.otf": INDICATORS | {"4_assessment", "page"},
    "src/helpers/publish/report.py": {"page"},
    "src/helpers/publish/template/assessment/style.css": {"page"},
    "src/helpers/edition.py": {"page"},
    "src/helpers/run/engine.py": ALL,
    "requirements.lock": ALL,
}

STANDS = """
import json, sys
from pathlib import Path
from helpers import edition
from helpers.run import cache
one = edition.of("toy", 2023)
for name in json.loads(sys.argv[1]):
    path = Path(name)
    before = path.read_bytes() if path.is_file() else None
    if path.suffix == ".ipynb":
        path.write_bytes(before.replace(b"# ", b"## ", 1))
    elif name != "nothing":
        path.write_bytes((before or b"") + b"\\n")
    cache._engine.cache_clear(), cache._notebook.cache_clear()
    earlier = edition.earlier(one.folder)
    print(json.dumps([name, [task.job.name for stage in edition._tasks(one, one.folder) for task in stage if not earlier.stands(task, without="edition/")]]))
    if before is not None:
        path.write_bytes(before)
    elif path.is_file():
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
def test_one_value_executes_its_indicator_the_check_and_the_whole_and_leaves_what_a_run_from_nothing_leaves(
    house,
):
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


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with workers(1, "fork") as one:
        yield one


def outcome(pool: Pool, tmp_path: Path, *cells: str) -> Outcome:
    """Of a notebook of `cells`, in a folder with one file `data.csv`, which is the place `root`."""
    (tmp_path / "data.csv").write_text("1\n")
    job = Job("n", notebook(tmp_path / "n.ipynb", 'plan = "x"', *cells), tmp_path / "out.ipynb")
    [one] = pool.run([job], tmp_path, {}, places={"root": tmp_path})
    assert one.error == ""
    return one


def test_the_reads_are_observed_whoever_opens_and_whatever_is_found(pool, tmp_path):
    cells = (
        "import pandas; pandas.read_csv('data.csv')",
        "from pathlib import Path; Path('nowhere.csv').exists()",
        "try:\n    open('lost.csv')\nexcept OSError:\n    pass",
        "Path('made.csv').write_text('x'); Path('made.csv').read_text()",
        "import os; os.close(os.open('data.csv', os.O_RDONLY)); sorted(os.listdir('.'))[:1]",
    )
    reads = outcome(pool, tmp_path, *cells).reads
    assert set(reads) == {
        "root/",
        "root/data.csv",
        "root/lost.csv",
    }  # not what it made itself, not the notebook, not the packages
    assert reads["root/lost.csv"] == ABSENT


@pytest.mark.parametrize(
    "cell",
    [
        "!true",
        "import subprocess; subprocess.run('true')",
        "import sqlite3; sqlite3.connect(':memory:').close()",
    ],
)
def test_where_something_cannot_be_observed_nothing_is_concluded(pool, tmp_path, cell):
    assert outcome(pool, tmp_path, cell).reads is None


def task(tmp_path: Path, **parameters: object) -> Task:
    return Task(
        Job("n", tmp_path / "n.ipynb", tmp_path / "out.ipynb", parameters),
        tmp_path,
        places={"code": CODE},
    )


def test_the_key_holds_parameters_python_settings_and_packages(tmp_path, monkeypatch):
    notebook(tmp_path / "n.ipynb", "year = 1")

    def key(**parameters: object) -> str:
        cache._engine.cache_clear()
        return cache.key(task(tmp_path, **parameters))

    keys = [key(year=2023), key(year=2024), key(year="2023")]
    monkeypatch.setattr(sys, "version", "3.99")
    keys.append(key(year=2023))
    monkeypatch.setitem(engine.SETTLED, "OMP_NUM_THREADS", "2")
    keys.append(key(year=2023))
    (tmp_path / "another-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    keys.append(key(year=2023))
    assert len(set(keys)) == 6
    assert keys[-1] == key(year=2023)
    cache._engine.cache_clear()


def test_a_record_of_another_kind_is_no_record(toy):
    one = edition.of("toy", 2023, root=toy.root)
    one.folder.mkdir(parents=True)
    for text in ("", "[]", "{}", '{"notebooks": {}}', "\0"):
        (one.folder / edition.RUN_FILE).write_text(text)
        assert not edition.unchanged(one, edition.earlier(one.folder))


def test_a_module_read_from_its_compiled_file_counts_by_its_source(tmp_path):
    """Its source is opened only to be counted, while what was opened is gone through."""
    (tmp_path / "worded.py").write_text("WORD = 1\n")
    code = (
        "import sys, time, py_compile; from pathlib import Path; from helpers.run import reads\n"
        f"root = Path({str(tmp_path)!r}); py_compile.compile(str(root / 'worded.py')); "
        "sys.path.insert(0, str(root))\n"
        "heard = reads.Observed(); import worded\n"
        "found = heard.reads({'code': root}, root / 'scratch', time.time() + 1)\n"
        "assert found['code/worded.py'] == reads.digest(root / 'worded.py'), found\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert ran.returncode == 0, ran.stderr


RACED = """
import sys
from pathlib import Path
from helpers import cli
from helpers.intake import observations
raw, receive = Path(sys.argv[1]), observations.receive

def raced(plan):
    received = receive(plan)
    raw.write_text(raw.read_text("utf-8").replace(sys.argv[2], sys.argv[3]), "utf-8")
    return received

observations.receive = raced
cli.verbs(["assess", "--plan", "toy", "--year", "2023", "--force"], standalone_mode=False)
"""


def test_what_is_saved_after_the_inputs_were_read_is_executed_by_the_next_run(tmp_path):
    """The run that reads the old figure must not vouch for the new file; until 2026-11 its value
    stayed for ever."""
    house = House(tmp_path)
    raw = house.root / "data/raw/toy/observations.csv"
    row = next(
        line
        for line in raw.read_text("utf-8").splitlines()
        if ",patents," in line and ",2023," in line
    )
    old = row.split(",")[4]
    moved = row.replace(f",2023,{old},", ",2023,171,")
    assert moved != row
    ran = house.python("-c", RACED, str(raw), row, moved)
    assert ran.returncode == 0, ran.stderr
    results = house.root / "data/processed/toy/2023/results.csv"
    before = results.read_text("utf-8")
    assert moved in raw.read_text("utf-8")
    assert ",171," not in before
    again = house.python("-m", "helpers", "assess", "--plan", "toy", "--year", "2023")
    assert again.returncode == 0, again.stderr
    assert ",171" in results.read_text("utf-8")
