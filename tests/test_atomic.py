"""Written whole or not at all, and nothing left by the dead: on file systems of all kinds."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import atomic


def ended() -> int:
    """The number of a process that is no more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def aged(path: Path) -> Path:
    os.utime(path, (0, 0))
    return path


def test_what_a_dead_process_left_beside_is_removed_by_the_next(tmp_path):
    path = tmp_path / "memory.yml"
    left = tmp_path / f".memory.yml.{ended()}"
    left.write_text("half")
    aged(left)
    living = tmp_path / f".memory.yml.{os.getppid()}"
    living.write_text("being written")
    aged(living)
    young = tmp_path / f".memory.yml.{ended()}9"
    young.write_text("of another machine, perhaps")
    atomic.write(path, b"new")
    assert path.read_bytes() == b"new"
    assert {each.name for each in tmp_path.iterdir()} == {path.name, living.name, young.name}


def test_a_scratch_of_a_killed_process_is_removed_and_a_held_one_is_left(tmp_path):
    script = "from helpers import atomic; import os, sys; from pathlib import Path\n"
    script += "with atomic.scratch('run-', Path(sys.argv[1])): os._exit(9)"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert len([*tmp_path.iterdir()]) == 1
    with atomic.scratch("run-", tmp_path) as first:
        assert [*tmp_path.iterdir()] == [first]
        with atomic.scratch("run-", tmp_path) as second:
            assert {*tmp_path.iterdir()} == {first, second}
    assert not [*tmp_path.iterdir()]


def test_a_folder_moved_to_another_file_system_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    source, target = tmp_path / "a" / "toy", tmp_path / "b" / "toy"
    (source / "indicators").mkdir(parents=True)
    (source / "indicators/x.yml").write_text("x")
    target.parent.mkdir()
    rename = os.replace

    def across(one, other):
        if Path(one).parent == source.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(one, other)

    monkeypatch.setattr(os, "replace", across)
    atomic.move(source, target)
    assert (target / "indicators/x.yml").read_text() == "x"
    assert [*target.parent.iterdir()] == [target]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_does_not_sync_folders_is_written_to(tmp_path, monkeypatch, code):
    sync = os.fsync

    def refuses(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(code, "no")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refuses)
    atomic.write(tmp_path / "x", b"1")
    assert (tmp_path / "x").read_bytes() == b"1"


def test_a_disk_that_does_not_sync_a_file_is_told(tmp_path, monkeypatch):
    def fails(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Input/output"):
        atomic.write(tmp_path / "x", b"1")
    assert not [*tmp_path.iterdir()]


def test_what_is_locked_can_be_written_as_nfs_asks(tmp_path, monkeypatch):
    """Over NFS a lock is one of byte ranges: an exclusive one needs a descriptor that writes."""
    lock = fcntl.flock

    def nfs(file, how) -> None:
        number = file if isinstance(file, int) else file.fileno()
        if how & fcntl.LOCK_EX and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", nfs)
    with atomic.alone(tmp_path / ".lock"), atomic.scratch("run-", tmp_path):
        pass
