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
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from .. import atomic
from . import compare, environment, layout, verify
from .compare import Difference
from .contents import Contents, contents_of
from .environment import CannotReplay
from .verify import Report

TOLERANCE = 1e-9  # relative; records are rounded to nine significant digits
IDENTICAL, SAME, DIFFERENT = "identical", "same", "different"
EXITS = {IDENTICAL: 0, SAME: 0, DIFFERENT: 4}
BAD, FAILED = 1, 3
ANSWERS = {
    IDENTICAL: "逐字节相同",
    SAME: f"结果相同（相对误差不超过 {TOLERANCE:g}），字节不同",
    DIFFERENT: "结果有不同",
}
MADE = ("executed/", "report/", "results/")  # what a replay must make again; run/ differs by nature


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
        places = f"，{len(self.differences)} 处" if self.differences else ""
        return "\n".join([*lines, f"结论：{ANSWERS[self.answer]}{places}"])


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
    with atomic.scratch("replay-") as root:
        command = _command(report.info, jobs)
        old = unpack(path, root, report.evidence_id)
        wheels = wheels or environment.wheels_beside(path, root)
        used = environment.interpreter(root, old.run["host"]["python"], wheels, current)
        made = _run(root, [*used.command, *command], report.info, old.run.get("commit", ""))
        answer = _answer(report, used.told, old, contents_of(made))
        return replace(answer, identified=bool(expect or register))


def _command(info: dict[str, str], jobs: int) -> list[str]:
    """What makes the bag's edition anew. Raises `CannotReplay` where the bag does not say which it
    is."""
    edition, plan = verify.edition(info), info.get("Plan", "")
    if not edition or not re.fullmatch(r"[a-z0-9-]+", plan):
        raise CannotReplay("bag-info.txt 没有写明规划和期次，不知道重放什么")
    asked = [(option, edition[name]) for name, option in OPTIONS.items() if name in edition]
    given = [word for option in (("--plan", plan), *asked) for word in option]
    return ["-m", "helpers", "assess", *given, "--jobs", str(jobs)]


def unpack(path: Path, root: Path, evidence_id: str) -> Contents:
    """Lay the bag out as a checkout under `root`. Every file is hashed again as it is read: the bag
    may change after it was verified."""
    files, info = _read(path, evidence_id)
    parts = layout.parts(files, info)
    along = {name: files[name] for name in (environment.RUNTIME_LOCK,) if name in files}
    for name, content in (layout.in_checkout(parts) | along).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return Contents(path.stem, parts)


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


def _run(root: Path, command: list[str], info: dict[str, str], commit: str) -> Path:
    """Run the bag's own `assess`; the folder of the edition it made."""
    home = root / ".home"
    home.mkdir()
    own = {
        "HOME": str(home),
        "ASSESSMENT_ROOT": str(root),
        "ASSESSMENT_COMMIT": commit,
        "PYTHONPATH": str(root / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    ran = environment.ran(*command, env={**environment.passed(), **own}, cwd=root)
    if ran.returncode:
        last = environment.last_line(ran.stderr or ran.stdout)
        raise CannotReplay(f"证据包里的代码没有跑通（退出码 {ran.returncode}）：{last}")
    return root / "data" / "processed" / info["Plan"] / info["Edition"]


def _answer(report: Report, told: str, old: Contents, new: Contents) -> Replayed:
    """What was archived against what was made now. A file that only one side has counts as a
    difference of results."""
    before, after = (
        {name: content for name, content in side.files.items() if name.startswith(MADE)}
        for side in (old, new)
    )
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    versions = [
        d for d in compare.compare(old, new) if d.part == "environment" and d.field != "cores"
    ]
    return Replayed(
        f"{report.info['Plan']} {report.info['Edition']}",
        report.evidence_id,
        told,
        len({*before, *after}) - len(changed),
        changed,
        list(_differences(old, new)) if changed else [],
        versions,
    )


def _differences(old: Contents, new: Contents) -> Iterator[Difference]:
    """Every field of every record, sentences too: in words nothing may differ."""
    for name in sorted(old.files.keys() ^ new.files.keys()):
        if name.startswith(MADE):
            there = ("有" if name in side.files else None for side in (old, new))
            yield Difference("value", "", name, *there)
    for name in sorted({*old.records, *new.records}):
        x, y = (dict(compare.flat(side.records.get(name, {}))) for side in (old, new))
        for path in sorted({*x, *y}):
            if not compare.same(x.get(path), y.get(path), TOLERANCE):
                yield Difference("value", name.removeprefix("2_"), path, x.get(path), y.get(path))


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
