"""Many editions in one go, on one machine and on a cluster: the same bytes, and a lost worker costs
nothing but time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import Toy

from helpers import distributed, edition, editions, request
from helpers.intake.finding import Unknown
from helpers.run import cluster

ROOT = Path(__file__).resolve().parents[1]


def assess(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ASSESSMENT_ROOT": str(root)}
    return subprocess.run(
        [sys.executable, "-m", "helpers", "assess", *options],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )


def made(root: Path) -> dict[str, bytes]:
    """Every file of every edition, but for what differs between two honest runs."""
    folder = root / "data/processed"
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.glob("[!.]*/[!.]*/*")
        if path.name != edition.RUN_FILE
    }


@pytest.fixture(scope="module")
def by_fork(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    toy = Toy(tmp_path_factory.mktemp("fork"))
    shutil.copytree(ROOT / "notebooks", toy.root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return toy.root, assess(toy.root, "--plans", "params/*", "--years", "2022-2023")


@pytest.mark.slow
def test_several_years_are_made_in_one_go(by_fork):
    root, ran = by_fork
    assert ran.returncode == 0, ran.stderr
    assert {name.split("/")[1] for name in made(root)} == {"2022", "2023"}
    assert len(made(root)) == 2 * 12
    assert sorted(line.split(":")[0] for line in ran.stdout.splitlines()[:-1]) == [
        "toy 2022",
        "toy 2023",
    ]
    assert ran.stdout.splitlines()[-1] == "open data/processed/index.html"
    assert "  toy 2022 2_share  " in ran.stderr
    assert "16 executed; slowest: toy 202" in ran.stderr


@pytest.mark.slow
def test_a_cluster_leaves_the_bytes_fork_leaves_and_fork_then_has_nothing_to_do(by_fork, tmp_path):
    toy = Toy(tmp_path)
    shutil.copytree(by_fork[0] / "notebooks", toy.root / "notebooks")
    ran = assess(toy.root, "--plans", "params/*", "--years", "2022-2023", "--engine", "dask")
    assert ran.returncode == 0, ran.stderr
    assert made(toy.root) == made(by_fork[0])
    again = assess(toy.root, "--plans", "params/*", "--years", "2022-2023", "--engine", "fork")
    assert again.returncode == 0
    assert "executed" not in again.stderr


class Killer(threading.Thread):
    """Kills the worker that runs a batch, as soon as the batch's own process is there; `times`
    times."""

    def __init__(self, client, times: int = 1):
        super().__init__(daemon=True)
        self.client, self.times, self.killed = client, times, 0

    def run(self) -> None:
        while self.killed < self.times:
            time.sleep(0.3)
            for pid in list(self.client.run(os.getpid).values()):
                children = Path(f"/proc/{pid}/task/{pid}/children")
                if (
                    children.exists()
                    and self.killed < self.times
                    and any(
                        "leash" in Path(f"/proc/{child}/cmdline").read_text() for child in busy(pid)
                    )
                ):
                    os.kill(pid, signal.SIGKILL)
                    self.killed += 1


def busy(pid: int) -> list[int]:
    """The children of every thread of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc to see the children of a process"
)
def test_the_batch_of_a_killed_worker_is_given_to_another(by_fork, tmp_path):
    toy = Toy(tmp_path)
    shutil.copytree(by_fork[0] / "notebooks", toy.root / "notebooks")
    asked = editions.several(["toy"], "2022-2023", root=toy.root)
    with cluster.cluster(distributed.common(toy.root), 1) as one:
        killer = Killer(one.client)
        killer.start()
        ends = dict(distributed.made(asked, one))
    assert killer.killed == 1
    assert [str(end) for end in ends.values() if isinstance(end, Exception)] == []
    assert made(toy.root) == made(by_fork[0])


@pytest.mark.slow
def test_a_notebook_that_fails_on_a_worker_is_told_by_cell_and_the_old_edition_stays(toy):
    shutil.copytree(ROOT / "notebooks", toy.root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    broken = toy.root / "notebooks/3_commitments.ipynb"
    broken.write_text(
        broken.read_text("utf-8").replace(
            "plans.commitments(the_plan)", "plans.promises(the_plan)"
        ),
        "utf-8",
    )
    folder = toy.root / "data/processed/toy/2023"
    folder.mkdir(parents=True)
    (folder / "assessment.html").write_text("old")
    ran = assess(toy.root, "--plan", "toy", "--engine", "dask", "--jobs", "1")
    assert ran.returncode == 3
    assert "toy 2023: 1 of 6 notebooks failed" in ran.stderr
    assert "3_commitments: cell 5: AttributeError" in ran.stderr
    assert [path.name for path in folder.iterdir()] == ["assessment.html"]
    assert (folder.parent / "2023.failed/1_data_check.ipynb").is_file()


def test_packages_of_another_version_are_named_and_missing_ones_are_not():
    numpy = version("numpy")
    assert cluster.unlike(f"numpy=={numpy} \\\n    --hash=sha256:0\nno-such-package==1.0\n") == []
    assert cluster.unlike("numpy==0.1 ; python_version < '3.12'\nnumpy==0.2\n") == [
        f"numpy {numpy} (locked: 0.1 or 0.2)"
    ]
    assert cluster.unlike((ROOT / "requirements.lock").read_text("utf-8")) == []


STRANGER = """
import os, sys
from distributed import Client, Security
try:
    print(Client(sys.argv[1], security=eval(sys.argv[2]), timeout="3s"))
except Exception as error:
    print("refused", flush=True)
os._exit(0)  # a client that was refused may wait for its own loop for ever
"""


@pytest.mark.slow
def test_the_cluster_answers_nobody_else_and_a_worker_of_other_packages_is_refused(toy, tmp_path):
    """The scheduler stands on this machine, where others may be: the door has a key."""
    shutil.copytree(ROOT / "notebooks", toy.root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    (tmp_path / "lock").write_text("numpy==0.1\n")
    common = {**distributed.common(toy.root), "requirements.lock": tmp_path / "lock"}
    with cluster.cluster(common, 1) as one:
        address = one.client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        for at, key in (
            (address, "None"),
            (address, "Security.temporary()"),
            (address.replace("tls:", "tcp:"), "None"),
        ):
            command = [sys.executable, "-c", STRANGER, at, key]
            asked = subprocess.run(command, capture_output=True, text=True, timeout=60)
            assert asked.stdout == "refused\n"
        [(_, end)] = distributed.made([request.of("toy", 2023, root=toy.root)], one)
    assert f"has numpy {version('numpy')} (locked: 0.1): set it up from the lock" in str(end)
    assert not (toy.root / "data/processed/toy/2023").exists()


@pytest.mark.slow
def test_where_all_workers_are_gone_new_ones_are_asked_for_and_at_last_it_is_told(monkeypatch):
    """Dask does not start a worker again that is killed while it starts; a run would wait for
    ever."""
    monkeypatch.setattr(cluster, "PATIENCE", 3.0)
    batch = cluster.Batch("any", ("--help",), {}, ())
    with cluster.cluster(distributed.common(ROOT), 1) as one:

        def lose_all() -> None:
            one.client.cluster.scale(0)
            while one.client.nthreads():
                time.sleep(0.1)

        lose_all()
        assert [(done, type(returned)) for done, returned in one.run([batch])] == [
            (batch, cluster.Returned)
        ]
        lose_all()
        one.revive = lambda: None
        monkeypatch.setattr(cluster, "ASKED", 1)
        one.patience = 1.0
        with pytest.raises(
            RuntimeError,
            match="the cluster has no worker, and none came within 2 s; start workers, then run "
            "this again",
        ):
            list(one.run([batch]))


def test_bad_input_is_sent_to_no_worker(toy):
    toy.cell("observations.csv", 2, unit="千克")

    class Nobody:
        def run(self, batches):
            assert not list(batches)
            return iter(())

    [(_one, end)] = distributed.made([request.of("toy", 2023, root=toy.root)], Nobody())
    assert "单位" in str(end)


def test_what_is_asked_for_must_be_there(toy):
    assert editions.matching("params/t*", toy.root) == ["toy"]
    assert [one.name for one in editions.several(["toy"], "2019-2022", root=toy.root)] == [
        "2021",
        "2022",
    ]
    assert [one.name for one in editions.named(["toy/2022", "toy/2023@2024-03-31"], toy.root)] == [
        "2022",
        "2023@2024-03-31",
    ]
    with pytest.raises(Unknown, match="没有规划符合"):
        editions.matching("params/x*", toy.root)
    with pytest.raises(Unknown, match="请写成 2021-2025"):
        editions.several(["toy"], "2021,2022", root=toy.root)
    with pytest.raises(Unknown, match="规划期"):
        editions.several(["toy"], "2011-2015", root=toy.root)


def test_an_archive_holds_folders_without_caches_and_leads_nowhere_else(tmp_path):
    (tmp_path / "a/__pycache__").mkdir(parents=True)
    for name in ("a/x.py", "a/__pycache__/x.pyc", "lock"):
        (tmp_path / name).write_text(name)
    packed = cluster.packed({"src": tmp_path / "a", "b/lock": tmp_path / "lock"})
    cluster.unpacked(packed, tmp_path / "there")
    assert sorted(
        str(path.relative_to(tmp_path / "there"))
        for path in (tmp_path / "there").rglob("*")
        if path.is_file()
    ) == ["b/lock", "src/x.py"]


class Lost:
    """A cluster that keeps four batches on their way and loses each; `most` descriptors were
    open."""

    def __init__(self):
        self.most = 0

    def run(self, batches):
        sent = deque()
        for batch in batches:
            sent.append(batch)
            self.most = max(self.most, len(os.listdir("/proc/self/fd")))
            if len(sent) == 4:
                yield sent.popleft(), RuntimeError("lost")
        while sent:
            yield sent.popleft(), RuntimeError("lost")


def test_only_what_is_on_its_way_to_a_worker_is_held(toy):
    """60 editions of 7 notebooks, 3 a batch, 4 batches on their way: 12 or 15 locks at once, not
    60."""
    days = [f"2024-{month:02d}-{day:02d}" for month in range(4, 10) for day in range(1, 11)]
    asked = [request.of("toy", 2023, day, toy.root) for day in days]
    before, cluster = len(os.listdir("/proc/self/fd")), Lost()
    ends = [*distributed.made(asked, cluster)]
    assert len(ends) == 60
    assert all("lost" in str(end) for _, end in ends)
    assert cluster.most - before < 20
    assert len(os.listdir("/proc/self/fd")) <= before + 1


class Counted:
    """An edition that counts how often its year is asked for."""

    asked = 0

    def __init__(self, plan, year):
        self.plan, self.own = SimpleNamespace(id=plan), year

    @property
    def year(self):
        Counted.asked += 1
        return self.own


def test_turns_are_found_by_asking_each_edition_twice():
    """Whether there are 300 or 3,000: a plan's years in order, the plans in theirs."""
    for plans_ in (100, 1000):
        Counted.asked = 0
        asked = [Counted(f"p{k}", year) for year in (2023, 2021, 2022) for k in range(plans_)]
        turns = editions.turns_of(asked)
        assert Counted.asked == 2 * len(asked)
        assert [[one.own for one in turns[k]] for k in range(3)] == [
            [year] * plans_ for year in (2021, 2022, 2023)
        ]


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc to see the children of a process"
)
def test_where_the_scheduler_is_killed_one_sentence_says_so_and_nothing_is_lost(by_fork, tmp_path):
    toy, file = Toy(tmp_path / "toy"), tmp_path / "scheduler.json"
    shutil.copytree(by_fork[0] / "notebooks", toy.root / "notebooks")
    dask = (sys.executable, "-m", "distributed.cli.dask_")
    given = ("--scheduler-file", str(file), "--no-dashboard")
    port = ("--port", "0", "--host", "127.0.0.1")
    quiet = {"stderr": subprocess.DEVNULL}
    with subprocess.Popen([*dask[:2], f"{dask[2]}scheduler", *port, *given], **quiet) as scheduler:
        while not file.exists() or not file.read_text():
            time.sleep(0.1)
        local = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path / "worker"))
        with subprocess.Popen([*dask[:2], f"{dask[2]}worker", *given, *local], **quiet) as worker:
            asked = ("--plans", "params/*", "--years", "2022-2023", "--engine", "dask")
            address = json.loads(file.read_text())["address"]
            command = [sys.executable, "-m", "helpers", "assess", *asked, "--scheduler", address]
            environment = {**os.environ, "ASSESSMENT_ROOT": str(toy.root)}
            with subprocess.Popen(
                command, cwd=toy.root, env=environment, stderr=subprocess.PIPE, text=True
            ) as run:
                while run.poll() is None and not busy(worker.pid):
                    time.sleep(0.1)
                scheduler.kill()
                said = run.communicate()[1]
            worker.kill()
    assert (run.returncode, said.strip().splitlines()[-1]) == (3, f"RuntimeError: {cluster.GONE}")
    assert "Traceback" not in said
    again = assess(toy.root, "--plans", "params/*", "--years", "2022-2023")
    assert again.returncode == 0, again.stderr
    assert made(toy.root) == made(by_fork[0])
