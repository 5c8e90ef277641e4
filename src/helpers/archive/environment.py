"""In what does the archived code run again? In an environment made from the bag's own lock, with
as little of the caller's as it needs, and without network where the system can take it away."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import layout, verify

RUNTIME_LOCK = "requirements-runtime.lock"  # without what tests and the laboratory need
PASSED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
INSTALLING = re.compile(
    r"HOME|(https?|all|no)_proxy|SSL_CERT_.*|REQUESTS_CA_BUNDLE|(UV|PIP)_.*", re.I
)
WITHOUT_NETWORK = ("unshare", "--user", "--map-root-user", "--net", "--")
LOOPBACK_UP = """\
import fcntl, os, socket, struct, sys
with socket.socket() as loopback:
    fcntl.ioctl(loopback, 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
os.execv(sys.argv[1], sys.argv[1:])
"""


class CannotReplay(Exception):
    """The environment could not be rebuilt, or the archived code did not run. Its text is one
    sentence."""


def wheels_beside(bag: Path, root: Path) -> Path | None:
    """The folder of wheels that `make wheels` left beside the bag for its lock, if there is one."""
    lock = root / RUNTIME_LOCK
    if not lock.is_file():
        return None
    folder = bag.parent / "wheels" / hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return folder if folder.is_dir() else None


@dataclass(frozen=True)
class Interpreter:
    """What the archived code is run by: a command to which arguments are added, and what to say of
    it."""

    command: tuple[str, ...]
    told: str


def interpreter(root: Path, version: str, wheels: Path | None, current: bool) -> Interpreter:
    """The one this runs in where `current`, else one made from the lock of the bag at `root`, which
    ran in Python `version`; without network where that can be."""
    python, told = (
        (sys.executable, f"当前环境，Python {sys.version.split()[0]}")
        if current
        else rebuilt(root, version, wheels)
    )
    alone = without_network()
    offline = "，执行时没有网络" if alone else "，执行时没有断网（本机不能）"
    return Interpreter((*alone, python), told + offline)


def rebuilt(root: Path, version: str, wheels: Path | None) -> tuple[str, str]:
    """(interpreter, what to say of it): an environment made from the bag's lock, every package by
    its hash."""
    venv, lock = root / ".venv", root / RUNTIME_LOCK
    if not lock.is_file():  # a bag of the older form
        lock = root / layout.LOCK
    python = str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    source = ("--no-index", "--find-links", str(wheels.resolve())) if wheels else ()
    if shutil.which("uv"):
        minor = ".".join(version.split(".")[:2])
        _by_uv(str(venv), minor, ("--python", python, *source), str(lock))
    else:
        _must(sys.executable, "-m", "venv", str(venv))
        _by_pip(python, source, str(lock))
    asked = _ran(python, "-c", "import platform; print(platform.python_version())")
    ran = asked.stdout.strip()
    before = "" if ran == version else f"（归档时 {version}）"
    return python, f"按证据包的锁定重建，Python {ran}{before}"


def _by_uv(venv: str, minor: str, options: tuple[str, ...], lock: str) -> None:
    make = ("uv", "venv", "--quiet", "--no-config")
    if _ran(*make, "--python", minor, venv).returncode:  # not that Python: the one at hand
        _must(*make, "--clear", "--python", sys.executable, venv)
    # a wheel is unpacked; building would execute what it holds
    sync = ("uv", "pip", "sync", "--quiet", "--require-hashes", "--no-build", "--compile-bytecode")
    offline = ("--offline",) if "--no-index" in options else ()
    _must(*sync, *options, *offline, lock)


def _by_pip(python: str, source: tuple[str, ...], lock: str) -> None:
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    # the lock is complete: see tools/setup.sh
    _must(*install, "--no-deps", "--require-hashes", "--only-binary=:all:", *source, "-r", lock)


def without_network() -> list[str]:
    """What a command is put behind to run with loopback only; nothing where the system refuses."""
    command = [*WITHOUT_NETWORK, sys.executable, "-I", "-c", LOOPBACK_UP]
    try:
        able = not _ran(*command, sys.executable, "-I", "-c", "").returncode
    except OSError:
        able = False
    return command if able else []


def passed(more: re.Pattern[str] | None = None) -> dict[str, str]:
    """The caller's variables that a command gets: `PASSED`, and those `more` matches."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in PASSED or (more and more.fullmatch(name))
    }


def _must(*command: str) -> None:
    done = _ran(*command)
    if done.returncode:
        raise CannotReplay(
            f"不能按锁定重建环境（{last_line(done.stderr or done.stdout)}）；离线请给 "
            "WHEELS=（放有全部 wheel 的文件夹），或用 CURRENT=1 在当前环境重放"
        )


def _ran(*command: str) -> subprocess.CompletedProcess[str]:
    return ran(*command, env=passed(INSTALLING))


def ran(
    *command: str, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """What came of a command, its output as text whatever bytes it writes."""
    return subprocess.run(
        command,
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def last_line(text: str) -> str:
    return verify.visible((text.strip().splitlines() or ["没有说明"])[-1].strip())[:300]
