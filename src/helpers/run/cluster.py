"""How many machines: batches of work go to Dask workers, each of which runs a batch in a process of
its own.

A worker has many threads and never forks: it starts our command line, which has a warm parent.
Files travel with the batch and results come back as bytes, so a worker needs the locked packages
and nothing else: no shared storage, no checkout, and never the code of yesterday. A worker that
dies loses its batch, which another one is given.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

RETRIES = 3  # of a batch whose worker died or could not run it
PATIENCE, QUEUE, ASKED = (
    20.0,
    150.0,
    3,
    # seconds without any worker until new ones are asked for, here and of others (whose jobs may
    # queue); how often
)
GONE = (
    "the scheduler is gone; what it had finished is in place, the rest is as it was: start it, "
    "then run this again"
)

T = TypeVar("T")


@dataclass(frozen=True)
class Batch(Generic[T]):
    """`arguments` of our command line, the files it needs by their names under its root, the
    folders it is to bring back."""

    of: T  # what it was made of, for whoever sent it
    arguments: tuple[str, ...]
    files: Mapping[str, Path]
    back: tuple[str, ...]


@dataclass(frozen=True)
class Returned:
    """What came of a batch: exit code, what was said on stderr, the files brought back as a zip
    archive."""

    code: int
    said: str
    files: bytes


class Promise(Protocol):
    """What a Dask client returns at once."""

    def result(self) -> Returned: ...


class Client(Protocol):
    """What is asked of a Dask client."""

    def submit(self, function: Callable[..., object], *given: object, **options: object) -> Promise:
        """`function` called with `given` on some worker."""

    def nthreads(self) -> Mapping[str, int]:
        """Its workers."""


class Cluster:
    """Workers that wait for batches; `common` are files every batch needs, `revive` asks for new
    workers where there was none for `patience` seconds."""

    def __init__(
        self,
        client: Client,
        common: Mapping[str, Path],
        patience: float,
        revive: Callable[[], None] = lambda: None,
    ):
        import cloudpickle

        cloudpickle.register_pickle_by_value(
            sys.modules[__name__]
        )  # a worker may have no checkout, or an older one
        self.patience, self.revive = patience, revive
        self.client, self.common = (
            client,
            client.submit(same, packed(common)),
        )  # the result of a task: lost with a worker, made again

    def run(self, batches: Iterable[Batch[T]]) -> Iterator[tuple[Batch[T], Returned | Exception]]:
        """Every batch with what came of it, as they end. No more are sent than the workers will
        soon begin."""
        batches = iter(batches)
        sent: dict[Promise, Batch[T]] = {}
        while True:
            while len(sent) < 2 * max(1, len(self.client.nthreads())) and (
                batch := next(batches, None)
            ):
                future = self.client.submit(
                    executed,
                    self.common,
                    packed(batch.files),
                    batch.arguments,
                    batch.back,
                    pure=False,
                    retries=RETRIES,
                )
                sent[future] = batch
            if not sent:
                return
            future = self._ended(sent)
            batch = sent.pop(future)
            try:
                returned: Returned | Exception = future.result()
            except (
                Exception
            ) as error:  # the boundary of one batch: it was lost more often than it is retried
                returned = error
            yield batch, returned

    def _ended(self, sent: Iterable[Promise]) -> Promise:
        """The next future that ended. A worker killed while it starts is not started again by Dask:
        then nobody would ever come.

        Raises RuntimeError where there is no worker and none comes, or no scheduler any more.
        """
        from distributed import CancelledError, wait

        for _ in range(ASKED + 1):
            gone = 0.0
            while gone < self.patience:
                try:
                    return next(
                        iter(
                            wait(
                                list(sent),
                                timeout=self.patience / 10,
                                return_when="FIRST_COMPLETED",
                            ).done
                        )
                    )
                except CancelledError:
                    raise RuntimeError(GONE) from None
                except TimeoutError:
                    gone = 0.0 if self.client.nthreads() else gone + self.patience / 10
            self.revive()
        raise RuntimeError(
            f"the cluster has no worker, and none came within {self.patience * (ASKED + 1):.0f} "
            "s; start workers, then run this again"
        )


EMBEDDED: dict[str, Any] = {
    "threads_per_worker": 1,
    "memory_limit": 0,
    "dashboard_address": None,
    "security": True,
    "silence_logs": "ERROR",
}


@contextmanager
def cluster(common: Mapping[str, Path], workers: int, address: str = "") -> Iterator[Cluster]:
    """The scheduler at `address`, or an embedded cluster of `workers` processes on this machine.

    The embedded one answers only who holds its certificate, which is made for it and never written.
    """
    try:
        import cryptography  # noqa: F401 — what dask makes the certificate with
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ModuleNotFoundError(
            f"ENGINE=dask needs the package {error.name}: `make setup`, or pip install --no-deps "
            "-r requirements.lock"
        ) from None
    if address:
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # `GONE` tells it
        with Client(address, timeout="30s") as client:
            yield Cluster(client, common, QUEUE)
        return
    with LocalCluster(workers, **EMBEDDED) as local, Client(local) as client:
        yield Cluster(client, common, PATIENCE, lambda: local.scale(workers))


def same(archive: bytes) -> bytes:
    return archive


def packed(files: Mapping[str, Path]) -> bytes:
    """A zip archive of `files`, a folder with everything in it but caches."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in files.items():
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file() and "__pycache__" not in file.parts:
                    archive.write(
                        file,
                        f"{name}/{file.relative_to(path).as_posix()}" if path.is_dir() else name,
                    )
    return buffer.getvalue()


def unpacked(archive: bytes, folder: Path) -> None:
    """The files of an archive `packed` made. Names that lead out of `folder` are refused by zipfile
    itself."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)


def unlike(lock: str) -> list[str]:
    """The packages of `lock` that are installed here in another version; one that is not installed
    is missed by whoever needs it."""
    from importlib import metadata

    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE):
        locked.setdefault(name, set()).add(version)
    here = {
        re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower(): one.version
        for one in metadata.distributions()
    }
    return [
        f"{name} {here[name]} (locked: {' or '.join(sorted(versions))})"
        for name, versions in sorted(locked.items())
        if here.get(name, next(iter(versions))) not in versions
    ]


def executed(
    common: bytes, files: bytes, arguments: tuple[str, ...], back: tuple[str, ...]
) -> Returned:
    """On a worker: our command line on the unpacked files, in a process that ends with the worker;
    what it leaves in `back`."""
    import os
    import subprocess
    import tempfile

    from distributed import get_worker

    worker = get_worker()
    kept = Path(worker.local_directory, "cache")  # the list of the system's fonts outlives a batch
    kept.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=worker.local_directory) as root:
        for archive in (common, files):
            unpacked(archive, Path(root))
        if other := unlike(Path(root, "requirements.lock").read_text("utf-8")):
            said = f"worker {worker.address} has {', '.join(other)}: set it up from the lock"
            return Returned(1, said, packed({}))
        Path(root, ".cache").symlink_to(kept)
        command = [
            sys.executable,
            "-m",
            "helpers.run.leash",
            *arguments,
            "--jobs",
            str(worker.state.nthreads),
        ]
        # the copy is this batch's own: whatever the machine is set to, its code is compiled once
        # and not in every notebook
        environment = {
            **os.environ,
            "PYTHONPATH": f"{root}/src",
            "ASSESSMENT_ROOT": root,
            "PYTHONDONTWRITEBYTECODE": "",
        }
        with subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as run:
            # Its stdin stays open as long as this process lives.
            said = run.stderr.read() if run.stderr else ""
        return Returned(
            run.returncode,
            said,
            packed({name: Path(root, name) for name in back if Path(root, name).exists()}),
        )
