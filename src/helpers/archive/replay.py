"""Does the archived code, on the archived inputs, still come to the archived results?

The bag is verified, unpacked into a temporary folder, its environment rebuilt from its own lock,
its own code run on its own inputs. Three answers: the same bytes; other bytes (pictures change
between versions of a package) but the same records within `TOLERANCE`; or differences, by indicator
and field.

A replay executes what is in the bag. So it asks for the id the bag was registered under, and gives
the bag's code as little as it needs: no variable of the caller's but `PASSED`, an empty home, and
no network where the system can take it away (a network namespace of its own, Linux).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from . import compare, layout, verify
from .compare import Difference, Kept
from .verify import Report

TOLERANCE = 1e-9  # relative; records are rounded to nine significant digits
IDENTICAL, SAME, DIFFERENT = "identical", "same", "different"
EXITS = {IDENTICAL: 0, SAME: 0, DIFFERENT: 4}
BAD, FAILED = 1, 3
SAID = {
    IDENTICAL: "逐字节相同",
    SAME: f"结果相同（相对误差不超过 {TOLERANCE:g}），字节不同",
    DIFFERENT: "结果有不同",
}
RUNTIME_LOCK = "requirements-runtime.lock"  # without what tests and the laboratory need
MADE = ("executed/", "report/", "results/")  # what a replay must make again; run/ differs by nature
PASSED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
INSTALLING = re.compile(
    r"HOME|(https?|all|no)_proxy|SSL_CERT_.*|REQUESTS_CA_BUNDLE|(UV|PIP)_.*", re.I
)
WITHOUT_NETWORK = ("unshare", "--user", "--map-root-user", "--net", "--")
LOOPBACK_UP = """\
import fcntl, os, socket, struct, sys
with socket.socket() as one:
    fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
os.execv(sys.argv[1], sys.argv[1:])
"""


OPTIONS = dict(
    zip(verify.ASKED, ("--year", "--known-by", "--scenario", "--report-lang"), strict=False)
)


class NotIdentified(Exception):
    """Neither an id nor a register was given: whose code would be executed is not known."""

    def __init__(self) -> None:
        super().__init__(
            "重放要执行证据包里的代码：请给出登记的证据编号（EXPECT=）或登记簿（REGISTER=）；"
            "明知来历不明仍要执行，请写 UNVERIFIED=1"
        )


class NotIntact(Exception):
    """The bag is not what was registered; nothing was executed."""

    def __init__(self, report: Report):
        super().__init__(f"证据包没有通过校验，没有重放：{report.problems[0][1]}")


class CannotReplay(Exception):
    """The environment could not be rebuilt, or the archived code did not run. Its text is one
    sentence."""


@dataclass(frozen=True)
class Replayed:
    """The answer: files whose bytes differ, records that differ, and packages that are not of the
    archived version."""

    edition: str
    evidence_id: str
    environment: str
    identical: int
    changed: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    versions: list[Difference] = field(default_factory=list)
    identified: bool = True

    @property
    def answer(self) -> str:
        return DIFFERENT if self.differences else SAME if self.changed else IDENTICAL

    @property
    def exit(self) -> int:
        return EXITS[self.answer]

    def as_json(self) -> str:
        return json.dumps(
            {"answer": self.answer, "exit": self.exit, **asdict(self)}, ensure_ascii=False, indent=1
        )

    def as_text(self) -> str:
        lines = [f"重放 {self.edition}，证据编号 {self.evidence_id}", f"环境：{self.environment}"]
        if not self.identified:
            lines.append("没有给出证据编号或登记簿：执行的代码来历不明，下面的结论只对这个文件成立")
        lines += [f"  与归档时不同：{v.field} {v.a} → {v.b}" for v in self.versions]
        lines += [
            f"相同的文件 {self.identical} 个，字节不同的 {len(self.changed)} 个",
            *(f"  {name}" for name in self.changed),
        ]
        lines += [
            f"  {d.indicator or '（全期）'} {d.field}：归档 {_shown(d.a)}，重放 {_shown(d.b)}"
            for d in self.differences
        ]
        return "\n".join(
            [
                *lines,
                f"结论：{SAID[self.answer]}"
                + (f"，{len(self.differences)} 处" if self.differences else ""),
            ]
        )


def _shown(value: object) -> str:
    return "（无）" if value is None else verify.visible(str(value))


def replay(
    path: Path,
    *,
    expect: str = "",
    register: Path | None = None,
    unverified: bool = False,
    wheels: Path | None = None,
    current: bool = False,
    jobs: int = 1,
) -> Replayed:
    """Run the bag at `path` again. `wheels`: a folder to install from, without network; `current`:
    use the interpreter this runs in; `unverified`: whatever the bag's id is.

    Raises `NotIdentified` or `NotIntact` before anything is executed, `CannotReplay` where it could
    not be run.
    """
    if not (expect or register or unverified):
        raise NotIdentified
    report = verify.verify(path, expect, register)
    if report.exit:
        raise NotIntact(report)
    edition = verify.edition(report.info)
    if not edition or not re.fullmatch(r"[a-z0-9-]+", report.info.get("Plan", "")):
        raise CannotReplay("bag-info.txt 没有写明规划和期次，不知道重放什么")
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        root = Path(folder)
        old = unpack(path, root, report.evidence_id)
        wheels = wheels or _beside(path, root)
        python, environment = (
            (sys.executable, f"当前环境，Python {sys.version.split()[0]}")
            if current
            else _environment(root, old.run["host"]["python"], wheels)
        )
        alone = _without_network()
        made = _run(
            root, [*alone, python], report.info["Plan"], edition, old.run.get("commit", ""), jobs
        )
        made /= report.info["Edition"]
        answer = _answer(
            f"{report.info['Plan']} {report.info['Edition']}",
            report.evidence_id,
            environment + ("，执行时没有网络" if alone else "，执行时没有断网（本机不能）"),
            old,
            compare.kept(made),
        )
        return replace(answer, identified=bool(expect or register))


def unpack(path: Path, root: Path, evidence_id: str) -> Kept:
    """Lay the bag out as a checkout under `root`. Every file is hashed again as it is read: the bag
    may change after it was verified."""
    files, info = _read(path, evidence_id)
    parts = layout.parts(files, info)
    along = {name: files[name] for name in (RUNTIME_LOCK,) if name in files}
    for name, content in (layout.in_checkout(parts) | along).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return Kept(path.stem, parts)


def _read(path: Path, evidence_id: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """(payload, bag-info.txt) of the bag that was verified."""
    bag = verify.open_bag(path)
    files: dict[str, bytes] = {}
    try:
        tags = verify.manifest(bag, verify.TAGMANIFEST)
        listed = verify.manifest(bag, verify.MANIFEST)
        info = verify.fields(verify.read(bag, verify.INFO).decode("utf-8", "replace"))
        if (
            hashlib.sha256(verify.read(bag, verify.TAGMANIFEST)).hexdigest() != evidence_id
            or hashlib.sha256(verify.read(bag, verify.MANIFEST)).hexdigest()
            != tags[verify.MANIFEST]
        ):
            raise CannotReplay("证据包在校验之后变了")
        for name, digest in listed.items():
            with bag.open(name) as file:
                content = file.read()
            if hashlib.sha256(content).hexdigest() != digest:
                raise CannotReplay(f"{name} 在校验之后变了")
            files[name.removeprefix("data/")] = content
    finally:
        bag.close()
    return files, info


def _beside(bag: Path, root: Path) -> Path | None:
    """The folder of wheels that `make wheels` left beside the bag for its lock, if there is one."""
    lock = root / RUNTIME_LOCK
    if not lock.is_file():
        return None
    folder = bag.parent / "wheels" / hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return folder if folder.is_dir() else None


def _environment(root: Path, version: str, wheels: Path | None) -> tuple[str, str]:
    """(interpreter, what to say of it): an environment made from the bag's lock, every package by
    its hash."""
    venv, lock = root / ".venv", root / RUNTIME_LOCK
    if not lock.is_file():  # a bag of the older form
        lock = root / layout.LOCK
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    source = ["--no-index", "--find-links", str(wheels.resolve())] if wheels else []
    minor = ".".join(version.split(".")[:2])
    if shutil.which("uv"):
        if _ran(
            "uv", "venv", "--quiet", "--no-config", "--python", minor, str(venv)
        ).returncode:  # not that Python: the one at hand
            again = ("--quiet", "--no-config", "--clear", "--python", sys.executable, str(venv))
            _must("uv", "venv", *again)
        _must(
            "uv",
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--no-build",  # a wheel is unpacked; building would execute what it holds
            *source,
            *(["--offline"] if wheels else []),
            "--compile-bytecode",
            "--python",
            str(python),
            str(lock),
        )
    else:
        _must(sys.executable, "-m", "venv", str(venv))
        _must(
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",  # the lock is complete: see tools/setup.sh
            "--require-hashes",
            "--only-binary=:all:",
            *source,
            "-r",
            str(lock),
        )
    ran = _ran(
        str(python), "-c", "import platform; print(platform.python_version())"
    ).stdout.strip()
    return str(python), f"按证据包的锁定重建，Python {ran}" + (
        "" if ran == version else f"（归档时 {version}）"
    )


def _without_network() -> list[str]:
    """What a command is put behind to run with loopback only; nothing where the system refuses."""
    command = [*WITHOUT_NETWORK, sys.executable, "-I", "-c", LOOPBACK_UP]
    try:
        able = not _ran(*command, sys.executable, "-I", "-c", "").returncode
    except OSError:
        able = False
    return command if able else []


def _run(
    root: Path, python: list[str], plan: str, edition: dict[str, str], commit: str, jobs: int
) -> Path:
    """Run the bag's own `assess`; the folder of the plan's editions."""
    asked = [
        word
        for name, option in OPTIONS.items()
        if name in edition
        for word in (option, edition[name])
    ]
    own = {
        "ASSESSMENT_ROOT": str(root),
        "ASSESSMENT_COMMIT": commit,
        "PYTHONPATH": str(root / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    home = root / ".home"
    home.mkdir()
    ran = subprocess.run(
        [
            *python,
            "-m",
            "helpers",
            "assess",
            "--plan",
            plan,
            *asked,
            "--jobs",
            str(jobs),
        ],
        cwd=root,
        env={**_passed(), "HOME": str(home), **own},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if ran.returncode:
        raise CannotReplay(
            f"证据包里的代码没有跑通（退出码 {ran.returncode}）：{_last(ran.stderr or ran.stdout)}"
        )
    return root / "data" / "processed" / plan


def _passed(more: re.Pattern[str] | None = None) -> dict[str, str]:
    """The caller's variables that a command gets: `PASSED`, and those `more` matches."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in PASSED or (more and more.fullmatch(name))
    }


def _answer(edition: str, evidence_id: str, environment: str, old: Kept, new: Kept) -> Replayed:
    """What was archived against what was made now. A file that only one side has counts as a
    difference of results."""
    before, after = (
        {name: content for name, content in side.files.items() if name.startswith(MADE)}
        for side in (old, new)
    )
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    differences = list(_differences(old, new)) if changed else []
    versions = [
        d for d in compare.compare(old, new) if d.part == "environment" and d.field != "cores"
    ]
    return Replayed(
        edition,
        evidence_id,
        environment,
        len({*before, *after}) - len(changed),
        changed,
        differences,
        versions,
    )


def _differences(old: Kept, new: Kept) -> Iterator[Difference]:
    """Every field of every record, sentences too: in words nothing may differ."""
    for name in sorted({*old.files, *new.files}):
        if name.startswith(MADE) and (name not in old.files or name not in new.files):
            yield Difference(
                "value",
                "",
                name,
                "有" if name in old.files else None,
                "有" if name in new.files else None,
            )
    for name in sorted({*old.records, *new.records}):
        x, y = (dict(compare.flat(side.records.get(name, {}))) for side in (old, new))
        for path in sorted({*x, *y}):
            if not compare.same(x.get(path), y.get(path), TOLERANCE):
                yield Difference(
                    "value",
                    name.removeprefix("2_") if name.startswith("2_") else name,
                    path,
                    x.get(path),
                    y.get(path),
                )


def _must(*command: str) -> None:
    ran = _ran(*command)
    if ran.returncode:
        raise CannotReplay(
            f"不能按锁定重建环境（{_last(ran.stderr or ran.stdout)}）；离线请给 "
            "WHEELS=（放有全部 wheel 的文件夹），或用 CURRENT=1 在当前环境重放"
        )


def _ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=_passed(INSTALLING),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _last(text: str) -> str:
    return verify.visible((text.strip().splitlines() or ["没有说明"])[-1].strip())[:300]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="replay",
        description="重放证据包：用包内的代码和输入再算一遍，与归档时比较",
        epilog="退出码：0 相同，1 证据包没有通过校验，2 用法不对，3 没有跑成，4 结果有不同",
    )
    parser.add_argument("bag", metavar="BAG", type=Path, help="证据包：zip 或文件夹")
    parser.add_argument("--expect", metavar="ID", default="", help="登记的证据编号")
    parser.add_argument("--register", metavar="REGISTER.csv", type=Path, help="登记簿")
    parser.add_argument("--unverified", action="store_true", help="来历不明也执行")
    parser.add_argument("--wheels", type=Path, help="从这个文件夹安装，不用网络")
    parser.add_argument("--current", action="store_true", help="用当前环境，不按锁定重建")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="同时执行几本")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """The command line, which needs the standard library alone; returns the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    asked.expect = asked.expect.strip().lower()
    for path in filter(None, (asked.bag, asked.register, asked.wheels)):
        if not path.exists():
            parser.error(f"没有 {verify.visible(str(path))}")
    try:
        options = {
            name: value for name, value in vars(asked).items() if name not in ("bag", "json")
        }
        answer = replay(asked.bag, **options)
    except NotIdentified as error:
        parser.error(str(error))
    except (NotIntact, CannotReplay) as error:
        print(error, file=sys.stderr)
        return BAD if isinstance(error, NotIntact) else FAILED
    print(answer.as_json() if asked.json else answer.as_text())
    return answer.exit


if __name__ == "__main__":
    sys.exit(main())
