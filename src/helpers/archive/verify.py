#!/usr/bin/env python3
"""Is this evidence bag what was registered? Runs alone: Python 3.8 or newer, standard library, no
network.

    python verify.py BAG [--expect ID] [--register REGISTER.csv] [--tsa-ca CA.pem] [--json]

BAG is a BagIt 1.0 bag, a zip or a folder. It is read in pieces, never extracted; nothing in it is
executed. ID is the evidence id, the SHA-256 of tagmanifest-sha256.txt, kept outside the bag:
whoever alters everything and recomputes every manifest is consistent again, but has another id.
Exit code: 0 intact, 1 content differs, 2 malformed or unsafe, 64 used wrongly.

What is said is grouped as DA/T 70-2018 groups its tests: 真实性 authenticity (digests, id,
register, signature), 完整性 completeness (nothing missing, nothing added), 可用性 usability
(everything can be read), 安全性 safety (nothing harms a reader).
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime
import email.utils
import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from typing import IO, Collection, Dict, Iterable, Mapping, Sequence

INTACT, DIFFERS, UNSAFE, USAGE = 0, 1, 2, 64
ASPECTS = AUTHENTIC, COMPLETE, USABLE, SAFE = "真实性", "完整性", "可用性", "安全性"
VERDICTS = {INTACT: "完好", DIFFERS: "内容有变，不可采信", UNSAFE: "容器不合格或不安全，没有继续读"}

MANIFEST, TAGMANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
INFO, DECLARATION = "bag-info.txt", "bagit.txt"
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SIGNATURE, NAMESPACE = TAGMANIFEST + ".sig", "plan-assessment-evidence"
UNLISTED = {TAGMANIFEST, SIGNATURE}  # by the tag manifest: one is it, the other made from it
NARROW = ("date", "plan", "year", "evidence_id", "previous_evidence_id", "commit", "signer")
TOKEN, AUTHORITY = ".tsr", ".tsa.pem"  # beside the bag: its time stamp, and the authority's root
REGISTER = (*NARROW, "edition", "event", "concerns", "by", "reason")  # NARROW: of older registers
JOINED = "joined"  # two branches of a register are one again
STAMPED = "stamped"  # a time stamp was had: the reason is its SHA-256
HANDED_OUT = "handed_out"  # a paper made from the bag's page: its name and digest are the reason
EVENTS = {  # of lines without a bag
    JOINED: "合并",
    HANDED_OUT: "交出",
    STAMPED: "时间戳",
    "withdrawn": "撤回",
    "superseded": "取代",
}
AS_REGISTERED = {  # column of the register → field of bag-info.txt
    "date": "Bagging-Date",
    "plan": "Plan",
    "year": "Year",
    "previous_evidence_id": "Previous-Evidence-Id",
    "commit": "Commit",
    "signer": "Signer",
    "edition": "Edition",
}
EDITION = re.compile(r"(\d{4})(?:@([\d-]+))?(?:\+([\w-]+))?(?:\.([a-z]+))?")
APART = {
    "scenario": "情景 {}：假设之下的推演，不是正式评估",
    "known_by": "数据截止 {}",
    "language": "语言 {}",
}
ASKED = ("year", "known_by", "scenario", "language")  # what the parts of an edition's name are
SKEW = 60  # seconds by which the clocks of two machines may differ
MOMENT, CRATE_TIMES = "%Y-%m-%dT%H:%M:%S%z", ("startTime", "endTime")
# field of bag-info.txt: digest of the register as it stood before this bag's line
BEFORE = "Register-SHA256"

SEALED = re.compile(r"^sealed: *[\"']?(\d{4}-\d\d-\d\d)", re.MULTILINE)  # of protocol.yml
BEGINS = re.compile(r"^period:\s*(?:\{ *)?start: *(\d{4})", re.MULTILINE)  # of plan.yml

MAX_FILES, MAX_TOTAL, MAX_FILE, MAX_TAG_FILE = 20_000, 4 << 30, 1 << 30, 8 << 20
MAX_TOKEN = 1 << 20
MAX_DIRECTORY = 4 << 20  # bytes of a zip's table of contents: room for 20,000 names of 150 bytes
MAX_RATIO = 200  # deflate reaches 1,032; notebooks and pages stay below 20
PIECE = 1 << 20
HEX = re.compile(r"[0-9a-f]{64}")
LINE = re.compile(r"([0-9a-f]+)  (\S.*)")
# names Windows keeps for itself
DEVICES = {"con", "prn", "aux", "nul"} | {f"{p}{k}" for p in ("com", "lpt") for k in range(1, 10)}
# what reading a damaged member raises
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Unsafe(Exception):
    """The container is malformed or dangerous: nothing more is read."""

    def __init__(self, where: str, what: str, aspect: str = SAFE):
        super().__init__(f"{visible(where)}：{what}")
        self.aspect = aspect


class Report:
    """What was found: `problems` and `notes` as (aspect, sentence); the evidence id, number and
    bytes of files once known."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self.exit, self.evidence_id, self.files, self.bytes = INTACT, "", 0, 0
        self.info: dict[str, str] = {}
        self.since: list[str] = []  # what was registered of the bag later
        self.stamps: list[str] = []  # digests of the time stamps that were registered

    def heading(self) -> str:
        """Which edition it is: plan and name, then in words what sets it apart from the plain one
        of a year."""
        name = visible(" ".join(filter(None, (self.info.get("Plan"), self.info.get("Edition")))))
        asked = edition(self.info)
        apart = [words.format(asked[part]) for part, words in APART.items() if part in asked]
        return "，".join([f"期次 {name or '（没有写明）'}", *apart])

    def problem(self, aspect: str, where: str, what: str) -> None:
        self.problems.append((aspect, f"{visible(where)}：{what}"))
        self.exit = max(self.exit, DIFFERS)

    def note(self, aspect: str, sentence: str) -> None:
        self.notes.append((aspect, sentence))

    def as_json(self) -> str:
        told = {
            name: [{"aspect": aspect, "says": says} for aspect, says in getattr(self, name)]
            for name in ("problems", "notes")
        }
        facts = {"ok": self.exit == INTACT, "exit": self.exit, "evidence_id": self.evidence_id}
        facts.update(files=self.files, bytes=self.bytes, edition=edition(self.info))
        facts.update(told, registered_since=self.since, bag_info=self.info)
        return json.dumps(facts, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        lines = [self.heading()]
        for aspect in ASPECTS:
            bad = [says for a, says in self.problems if a == aspect]
            lines += [
                f"{aspect}  {'✗' if bad else '–' if self.exit == UNSAFE else '✓'}",
                *(f"  ✗ {says}" for says in bad),
            ]
            lines += [f"  · {says}" for a, says in self.notes if a == aspect]
        lines.append("；".join([f"结论：{VERDICTS[self.exit]}", *self.since]))
        return "\n".join(lines + ([f"证据编号 {self.evidence_id}"] if self.evidence_id else []))


def visible(text: str) -> str:
    """`text` with everything a reader cannot see written as U+XXXX."""
    return "".join(ch if ch.isprintable() else f"<U+{ord(ch):04X}>" for ch in text)


# --- the container --------------------------------------------------------------------------------


def check_name(name: str) -> None:
    """Refuse a name that leaves the bag, or that is not one and the same name on every system."""
    parts = name.split("/")
    if name.startswith(("/", "~")) or "\\" in name or re.match("[A-Za-z]:", name):
        raise Unsafe(name, "绝对路径，或含反斜杠、盘符")
    if any(part in ("", ".", "..") for part in parts):
        raise Unsafe(name, "路径越出证据包")
    if any(unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Zl", "Zp") for ch in name):
        raise Unsafe(name, "名称含控制字符、不可见字符或双向控制符")
    if any(
        part.split(".")[0].rstrip().lower() in DEVICES
        or part[-1] in ". "
        or set(part) & set('<>:"|?*%')
        for part in parts
    ):
        raise Unsafe(name, "名称为系统保留，或不能在各系统间通用")
    if unicodedata.normalize("NFC", name) != name:
        raise Unsafe(name, "名称不是 NFC 规范形式")


def check_names(names: Collection[str]) -> None:
    """Refuse two names that are one where case does not count, in any folder of the path, and a
    file that is also a folder."""
    spelled: dict[str, str] = {}
    files = set(names)
    for name in names:
        parts = name.split("/")
        for k in range(1, len(parts) + 1):
            path = "/".join(parts[:k])
            other = spelled.setdefault(unicodedata.normalize("NFC", path.casefold()), path)
            if other != path:
                raise Unsafe(name, f"与 {visible(other)} 只差大小写")
            if k < len(parts) and path in files:
                raise Unsafe(name, f"{visible(path)} 既是文件又是文件夹")


def check_size(sizes: Mapping[str, int]) -> None:
    if len(sizes) > MAX_FILES:
        raise Unsafe(f"{len(sizes)} 个文件", f"超过 {MAX_FILES} 个")
    if sum(sizes.values()) > MAX_TOTAL or max(sizes.values(), default=0) > MAX_FILE:
        raise Unsafe("文件总量", f"单个超过 {MAX_FILE >> 30} GiB 或合计超过 {MAX_TOTAL >> 30} GiB")


class Folder:
    """A bag as a folder. `sizes`: name → bytes; `empty`: folders without a file."""

    def __init__(self, root: str | os.PathLike[str]):
        self.root = os.fspath(root)
        self.sizes: dict[str, int] = {}
        self.empty: list[str] = []
        for folder, folders, files in os.walk(self.root, onerror=_cannot_list):
            for entry in folders + files:
                path = os.path.join(folder, entry)
                name = os.path.relpath(path, self.root).replace(os.sep, "/")
                check_name(name)
                status = os.lstat(path)
                if stat.S_ISDIR(status.st_mode):
                    if not os.listdir(path):
                        self.empty.append(name)
                    continue
                if not stat.S_ISREG(status.st_mode):
                    raise Unsafe(name, "不是普通文件（符号链接、管道、设备或套接字）")
                if status.st_nlink > 1:
                    raise Unsafe(name, "硬链接：包外另有一个名称指向它")
                self.sizes[name] = status.st_size
                if len(self.sizes) + len(self.empty) > MAX_FILES:
                    raise Unsafe(name, f"文件超过 {MAX_FILES} 个")
        check_names(self.sizes)
        check_size(self.sizes)

    def open(self, name: str) -> IO[bytes]:
        """The file to read; looked at again, since a folder may change under a reader."""
        flags = os.O_RDONLY
        for wanted in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
            flags |= getattr(os, wanted, 0)
        handle = os.open(os.path.join(self.root, *name.split("/")), flags)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Unsafe(name, "读的时候不再是普通文件")
        return os.fdopen(handle, "rb")

    def close(self) -> None:
        pass


def _cannot_list(error: OSError) -> None:
    raise error


class Zip:
    """A bag as a zip: its files at the root, or all in one folder, which is then left out of their
    names."""

    def __init__(self, path: str | os.PathLike[str]):
        end = _end_of_zip(path)
        try:
            self.zip = zipfile.ZipFile(path)
        except DAMAGE as error:
            raise Unsafe(os.path.basename(path), f"不是可读的 zip（{error}）", USABLE) from None
        try:
            self._read(end)
        except BaseException:
            self.zip.close()
            raise

    def _read(self, end: int) -> None:
        members: dict[str, zipfile.ZipInfo] = {}
        folders: list[str] = []
        for member in self.zip.infolist():
            name = member.orig_filename  # as it stands there: `filename` is cut and converted
            check_name(name[:-1] if name.endswith("/") else name)
            _check_member(member, name)
            if name in members or name in folders:
                raise Unsafe(name, "同名成员出现两次，各种软件取的不是同一个")
            if name.endswith("/"):
                folders.append(name)
            else:
                members[name] = member
        _check_layout(self.zip.infolist(), end)
        check_names(members)
        tops = {name.split("/")[0] for name in (*members, *folders)}
        cut = len(tops.pop()) + 1 if len(tops) == 1 and DECLARATION not in members else 0
        self.members = {name[cut:]: member for name, member in members.items()}
        self.sizes = {name: member.file_size for name, member in self.members.items()}
        self.empty = [
            name[cut:-1]
            for name in folders
            if len(name) > cut and not any(other.startswith(name) for other in members)
        ]
        check_size(self.sizes)

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(self.members[name])

    def close(self) -> None:
        self.zip.close()


def _end_of_zip(path: str | os.PathLike[str]) -> int:
    """Where the table of contents of a zip begins, its size refused before it is read. Raises
    `Unsafe` for what is not one plain zip."""
    name = os.path.basename(path)
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 22))
        end = file.read(22)
    if len(end) < 22 or end[:4] != b"PK\5\6":
        raise Unsafe(name, "不是 zip，或被截断，或末尾附有别的内容", USABLE)
    count, length, start = (
        int.from_bytes(end[a:b], "little") for a, b in ((10, 12), (12, 16), (16, 20))
    )
    if count == 0xFFFF or 0xFFFFFFFF in (length, start) or length > MAX_DIRECTORY:
        raise Unsafe(name, f"目录过大（超过 {MAX_FILES} 个文件或 4 GiB）")
    if start + length + 22 != size:
        raise Unsafe(name, "前面附有别的内容，或被截断", USABLE)
    return start


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
        raise Unsafe(name, "不是普通文件（符号链接或特殊文件）")
    if name.endswith("/") and member.file_size:
        raise Unsafe(name, "名为文件夹而有内容")
    if member.flag_bits & 0x1 or member.flag_bits & 0x2000:
        raise Unsafe(name, "已加密", USABLE)
    if not member.flag_bits & 0x800 and not name.isascii():
        raise Unsafe(name, "名称的编码未注明", USABLE)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Python unpacks the others without a bound
        raise Unsafe(name, "压缩方法不是 stored 或 deflate")
    if member.file_size > MAX_RATIO * member.compress_size:
        raise Unsafe(name, f"压缩比超过 {MAX_RATIO}（压缩炸弹？）")


def _check_layout(members: Iterable[zipfile.ZipInfo], end: int) -> None:
    """No two members share bytes of the zip: overlapping ones are how a small file claims to hold a
    large one."""
    free = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < free:
            raise Unsafe(member.orig_filename, "成员互相重叠")
        free = (
            member.header_offset
            + 30
            + len(member.orig_filename.encode("utf-8" if member.flag_bits & 0x800 else "cp437"))
            + member.compress_size
        )
    if free > end:
        raise Unsafe("zip", "成员越过目录")


def open_bag(path: str | os.PathLike[str]) -> Folder | Zip:
    """The bag at `path`, its names and sizes checked. Raises `Unsafe`."""
    return Folder(path) if os.path.isdir(path) else Zip(path)


# --- the bag --------------------------------------------------------------------------------------


def digest(bag: Folder | Zip, name: str, algorithm: str = "sha256") -> tuple[str, int]:
    """(hex digest, bytes) of one file of the bag, read in pieces. Raises one of `DAMAGE` when it
    cannot be read."""
    summed, size = hashlib.new(algorithm), 0
    with bag.open(name) as file:
        while piece := file.read(PIECE):
            summed.update(piece)
            size += len(piece)
            if size > bag.sizes[name]:
                raise Unsafe(name, "比登记的大小长")
    return summed.hexdigest(), size


def read(bag: Folder | Zip, name: str) -> bytes:
    """A tag file, whole. Raises `Unsafe` where it is missing, too large or damaged."""
    if name not in bag.sizes:
        raise Unsafe(name, "没有这个文件", COMPLETE)
    if bag.sizes[name] > MAX_TAG_FILE:
        raise Unsafe(name, f"超过 {MAX_TAG_FILE >> 20} MiB")
    try:
        with bag.open(name) as file:
            return bytes(file.read(MAX_TAG_FILE))
    except DAMAGE as error:
        raise Unsafe(name, f"读不出来（{error}）", USABLE) from None


def manifest(bag: Folder | Zip, name: str, algorithm: str = "sha256") -> dict[str, str]:
    """path → digest. Only the one canonical form is accepted: LF, lower case, two spaces, sorted,
    no path twice."""
    try:
        text = read(bag, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unsafe(name, f"第 {error.start} 字节起不是 UTF-8", COMPLETE) from None
    if not text.endswith("\n") or "\r" in text:
        raise Unsafe(name, "不是规范形式：须用 LF 换行，末行也要换行", COMPLETE)
    listed: dict[str, str] = {}
    last, width = "", hashlib.new(algorithm).digest_size * 2
    for k, line in enumerate(text[:-1].split("\n"), 1):
        match = LINE.fullmatch(line)
        if not match or len(match[1]) != width:
            raise Unsafe(f"{name}:{k}", "不是「摘要、两个空格、路径」", COMPLETE)
        check_name(match[2])
        if match[2] <= last:
            raise Unsafe(f"{name}:{k}", "路径重复或没有排序", COMPLETE)
        last = match[2]
        listed[last] = match[1]
    return listed


def fields(text: str) -> dict[str, str]:
    """bag-info.txt as field → value; a value continued on indented lines is joined, the first of a
    repeated field counts."""
    found: dict[str, str] = {}
    for match in re.finditer(r"^([^\s:][^:\n]*): ?(.*(?:\n[ \t].*)*)$", text, re.MULTILINE):
        found.setdefault(match[1].strip(), re.sub(r"\n[ \t]+", " ", match[2]).strip())
    return found


def edition(info: dict[str, str]) -> dict[str, str]:
    """The parts of the edition's name that bag-info.txt gives: `ASKED` → text, those that are
    there."""
    match = EDITION.fullmatch(info.get("Edition", ""))
    return {name: part for name, part in zip(ASKED, match.groups()) if part} if match else {}


def verify(
    path: str | os.PathLike[str],
    expect: str = "",
    register: str | os.PathLike[str] | None = None,
    authority: str | os.PathLike[str] | None = None,
) -> Report:
    """What is to be said of the bag at `path`. `authority`: the certificate (PEM) its time stamp
    must go back to. Never raises for what the bag holds."""
    report = Report()
    try:
        with contextlib.closing(open_bag(path)) as bag:
            _verify(bag, report)
    except Unsafe as unsafe:
        report.problems.append((unsafe.aspect, str(unsafe)))
        report.exit = UNSAFE
    except (OSError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        report.problems.append((USABLE, f"{os.path.basename(path)}：读不出来（{why}）"))
        report.exit = UNSAFE
    if report.evidence_id:
        _check_id(report, expect, register)
        _check_time(report, path, authority)
    return report


def _verify(bag: Folder | Zip, report: Report) -> None:
    if read(bag, DECLARATION) != DECLARED:
        raise Unsafe(DECLARATION, "不是 BagIt 1.0、UTF-8 的声明", COMPLETE)
    if "fetch.txt" in bag.sizes:
        raise Unsafe("fetch.txt", "有的文件要从网上取，证据须全在包内", COMPLETE)
    tags, payload = manifest(bag, TAGMANIFEST), manifest(bag, MANIFEST)
    report.info = fields(read(bag, INFO).decode("utf-8", "replace"))
    report.evidence_id = hashlib.sha256(read(bag, TAGMANIFEST)).hexdigest()
    _check_lists(bag, tags, payload, report)
    sizes = [
        _check_file(bag, name, wanted, report)
        for listed in (tags, payload)
        for name, wanted in listed.items()
    ][len(tags) :]
    report.files, report.bytes = len(tags) + len(payload), sum(sizes)
    report.note(COMPLETE, f"清单列 {report.files} 个文件，读了 {report.bytes:,} 字节")
    told, counted = report.info.get("Payload-Oxum", "无"), f"{sum(sizes)}.{len(payload)}"
    if told != counted:
        report.problem(COMPLETE, INFO, f"Payload-Oxum 写 {told}，实有 {counted}")
    _check_other_manifests(bag, payload, report)
    _check_run(bag, report)
    _check_protocol(bag, report)
    _check_signature(bag, report)


def _check_lists(
    bag: Folder | Zip, tags: Collection[str], payload: Collection[str], report: Report
) -> None:
    """The two manifests list what they have to, the bag holds nothing they do not list."""
    for name in payload:
        if not name.startswith("data/"):
            raise Unsafe(MANIFEST, f"列有 data/ 以外的 {name}", COMPLETE)
    for name in tags:
        if name.startswith("data/") or name in UNLISTED:
            raise Unsafe(TAGMANIFEST, f"不应列 {name}", COMPLETE)
    for name in (DECLARATION, INFO, MANIFEST):
        if name not in tags:
            report.problem(COMPLETE, TAGMANIFEST, f"没有列 {name}")
    for name in sorted(set(bag.sizes) - set(tags) - set(payload) - UNLISTED):
        report.problem(COMPLETE, name, "清单没有列的文件")
    for name in bag.empty:
        report.problem(COMPLETE, name, "清单没有列的空文件夹")


def _check_id(report: Report, expect: str, register: str | os.PathLike[str] | None) -> None:
    """The id is the one that was kept outside the bag."""
    if expect and expect != report.evidence_id:
        report.problem(
            AUTHENTIC, TAGMANIFEST, f"证据编号是 {report.evidence_id}，不是所给的 {expect}"
        )
    if register is not None:
        _check_register(report, register)
    elif not expect:
        report.note(
            AUTHENTIC,
            "没有给出证据编号或登记簿：只能说包内前后一致，"
            "不能说它就是当初登记的那一个（--expect，--register）",
        )


def _check_file(bag: Folder | Zip, name: str, wanted: str, report: Report) -> int:
    """Bytes of the file, 0 where it is not there or cannot be read; every fault is reported."""
    if name not in bag.sizes:
        report.problem(COMPLETE, name, "清单列有而包内没有")
        return 0
    try:
        found, size = digest(bag, name)
    except DAMAGE as error:
        report.problem(USABLE, name, f"读不出来（{error}）")
        return 0
    if found != wanted:
        report.problem(
            AUTHENTIC, name, f"内容与清单不符（SHA-256 是 {found[:12]}…，清单是 {wanted[:12]}…）"
        )
    return size


def _check_run(bag: Folder | Zip, report: Report) -> None:
    """The times of run.json are those of the crate, and possible: what was executed ran within the
    run, what was taken over before it."""
    edition = "data/data/processed/{Plan}/{Edition}/run.json"
    name = edition.format_map({"Plan": "", "Edition": "", **report.info})
    if report.exit or name not in bag.sizes:
        return  # believed no more; or of another maker, or of the older form, without such times
    try:
        run = json.loads(read(bag, name))
        graph = json.loads(read(bag, "data/ro-crate-metadata.json"))["@graph"]
        actions = {entity["@id"]: entity for entity in graph}
        whole = _check_times(report, name, "", run, actions["#run"])
        for stem, executed in run["notebooks"].items():
            if executed.get("ran"):
                action = actions[f"#run-{stem}"]
                own = _check_times(report, name, f"{stem} ", executed["ran"], action)
                late = own[1] > whole[0] + SKEW if executed["reused"] else own[0] < whole[0] - SKEW
                if late or not own[0] <= own[1] <= whole[1] + SKEW:
                    report.problem(AUTHENTIC, name, f"{stem} 的起止时间不可能（整次执行之外）")
    except (ValueError, KeyError, TypeError, AttributeError):
        report.problem(USABLE, name, "不是完整的运行记录")


def _check_times(
    report: Report, name: str, whose: str, ran: Mapping[str, str], action: Mapping[str, str]
) -> Sequence[float]:
    """Start and end in seconds since 1970; a problem where the crate's `action` has others."""
    written = [ran["started"], ran["ended"]]
    if [each.replace("Z", "+00:00") for each in written] != [action[key] for key in CRATE_TIMES]:
        report.problem(AUTHENTIC, name, f"{whose}的起止时间与 ro-crate-metadata.json 不同")
    return [datetime.datetime.strptime(each, MOMENT).timestamp() for each in written]


def _check_protocol(bag: Folder | Zip, report: Report) -> None:
    """Whether the protocol, by the day written in it, is older than the first figure used of the
    plan's period: the first day on which that may have been published."""
    plan, edition = (report.info.get(field, "") for field in ("Plan", "Edition"))
    names = [f"data/params/{plan}/{name}.yml" for name in ("protocol", "plan")]
    names += [f"data/data/processed/{plan}/{edition}/observations.csv"]
    if report.exit or not {*names} <= {*bag.sizes}:
        return  # believed no more; or without a protocol, or of another maker
    protocol, facts, table = (read(bag, name).decode("utf-8", "replace") for name in names)
    sealed, begins = SEALED.search(protocol), BEGINS.search(facts)
    if not sealed or not begins:
        return
    rows = csv.DictReader(io.StringIO(table, newline=""))
    used = [row for row in rows if (row.get("year") or "") >= begins[1] and row.get("value")]
    days = [(row["published"] + "-01-01")[:10] for row in used if row.get("published")]
    if days:
        late = sealed[1] >= min(days)
        order = f"{'不' * late}早于所用规划期数据的最早发布日期 {min(days)}{'：偏离方案' * late}"
        report.note(AUTHENTIC, f"评估方案自记封存于 {sealed[1]}，{order}")


def _check_other_manifests(bag: Folder | Zip, payload: dict[str, str], report: Report) -> None:
    """Payload manifests under other digests, say SM3: they must list the same files, and agree
    where the digest can be computed here."""
    for name in sorted(bag.sizes):
        match = re.fullmatch(r"manifest-([a-z0-9]+)\.txt", name)
        if not match or name == MANIFEST:
            continue
        algorithm = match[1]
        if algorithm not in hashlib.algorithms_available:
            told = f"本机的 Python 不能算 {algorithm.upper()}，没有核对（SHA-256 已逐个核对）"
            report.note(AUTHENTIC, f"{name}：{told}")
            continue
        listed = manifest(bag, name, algorithm)
        for path in sorted(set(listed) ^ set(payload)):
            report.problem(COMPLETE, name, f"与 {MANIFEST} 所列不同：{path}")
        for path in sorted(set(listed) & set(bag.sizes)):
            try:
                if digest(bag, path, algorithm)[0] != listed[path]:
                    report.problem(AUTHENTIC, path, f"内容与 {name} 不符")
            except DAMAGE:
                continue  # told already, under SHA-256


def _check_signature(bag: Folder | Zip, report: Report) -> None:
    """The signature and the signer that bag-info.txt names go together; ssh-keygen, where there is
    one, checks the mathematics."""
    signer = report.info.get("Signer", "")
    if SIGNATURE not in bag.sizes:
        if signer:
            report.problem(
                AUTHENTIC, SIGNATURE, f"bag-info.txt 写明签名人 {visible(signer)}，签名却不在"
            )
        return
    if not shutil.which("ssh-keygen"):
        report.note(AUTHENTIC, "有签名，本机没有 ssh-keygen，没有核验")
        return
    said = _check_novalidate(read(bag, SIGNATURE), read(bag, TAGMANIFEST))
    if said.returncode:
        report.problem(AUTHENTIC, SIGNATURE, "签名无效")
    elif not signer or signer.encode() not in said.stdout.split():
        named = visible(signer) or "（无）"
        report.problem(AUTHENTIC, SIGNATURE, f"签名的钥匙不是 bag-info.txt 写明的 {named}")
    else:
        report.note(AUTHENTIC, f"签名有效，钥匙 {signer}；它属于谁，须另行核实")


def _check_novalidate(signature: bytes, signed: bytes) -> subprocess.CompletedProcess[bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "sig")
        with open(path, "wb") as file:
            file.write(signature)
        command = ["ssh-keygen", "-Y", "check-novalidate", "-n", NAMESPACE, "-s", path]
        return subprocess.run(command, input=signed, capture_output=True)


# --- trusted time ---------------------------------------------------------------------------------


def _check_time(
    report: Report, path: str | os.PathLike[str], authority: str | os.PathLike[str] | None
) -> None:
    """The time stamp beside the bag (RFC 3161) is of this evidence id, and was signed by whom the
    certificate names. Revocation is not asked: that would need the network."""
    beside_it = re.sub(r"\.zip$", "", os.fspath(path).rstrip(os.sep))
    token, given = beside_it + TOKEN, authority is not None
    if not os.path.isfile(token):
        if given:
            report.problem(AUTHENTIC, os.path.basename(token), "没有时间戳")
        return
    shown = os.path.basename(token)
    root = beside_it + AUTHORITY if authority is None else authority
    if not shutil.which("openssl"):
        report.note(AUTHENTIC, "有时间戳，本机没有 openssl，没有核验")
        return
    with open(token, "rb") as file:
        content = file.read(MAX_TOKEN + 1)
    known = not report.stamps or hashlib.sha256(content).hexdigest() in report.stamps
    stamped = _stamped(token) if known and len(content) <= MAX_TOKEN else None
    if stamped is None:
        report.problem(AUTHENTIC, shown, "不是时间戳，或不是登记的那一个")
    elif not os.path.isfile(root):
        report.note(AUTHENTIC, f"有时间戳（自称 {stamped[0]}），没有签发机构的根证书，没有核验")
    else:
        _check_token(report, token, root, stamped, given)


def _check_token(
    report: Report, token: str, root: str | os.PathLike[str], stamped: tuple[str, int], given: bool
) -> None:
    when, seconds = stamped
    command = ["openssl", "ts", "-verify", "-digest", report.evidence_id, "-in", token]
    command += ["-CAfile", os.fspath(root), "-attime", str(seconds)]
    ran = subprocess.run(command, capture_output=True)
    if ran.returncode:
        why = f"时间戳没有通过核验（{last_error(ran.stderr)}）"
        report.problem(AUTHENTIC, os.path.basename(token), why)
        return
    whose = "所给的" if given else f"旁边的 {visible(os.path.basename(root))}，它属于谁，须另行核实"
    report.note(AUTHENTIC, f"时间戳有效：{when} 已有本包；根证书是{whose}；是否吊销没有查")


def _stamped(token: str) -> tuple[str, int] | None:
    """(time as ISO text, seconds since 1970) of a token; None where it is none."""
    said = subprocess.run(
        ["openssl", "ts", "-reply", "-in", token, "-text"], capture_output=True
    ).stdout.decode("utf-8", "replace")
    match = re.search(
        r"^Time stamp: (\w{3}) +(\d+) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", said, re.M
    )
    parsed = match and email.utils.parsedate_tz("{1} {0} {3} {2} GMT".format(*match.groups()))
    if not parsed:
        return None
    seconds = int(email.utils.mktime_tz(parsed))
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ"), seconds


def last_error(said: bytes) -> str:
    """What OpenSSL gives as the reason, without its numbers."""
    reasons = re.findall(
        r"error:[^:\n]*:[^:\n]*:[^:\n]*:([^:\n]+)", said.decode("utf-8", "replace")
    )
    return visible(reasons[-1] if reasons else "没有说明")


# --- the register ---------------------------------------------------------------------------------


class Line(Dict[str, str]):
    """One line of a register: column → cell. `text`: as it stands in the file; `at`: on which line
    of it; `depth`: how many lines it goes back over at most."""

    def __init__(self, cells: Iterable[tuple[str, str]], text: str = "", at: int = 0):
        super().__init__(cells)
        self.text, self.at, self.depth = text, at, 0

    @property
    def wide(self) -> bool:
        return "edition" in self

    def parents(self) -> list[str]:
        """Ids of the lines it was added to: one, of a line that joins two branches both."""
        joined = [self["concerns"]] if self.get("event") == JOINED else []
        return [each for each in (self["previous_evidence_id"], *joined) if each.strip("0")]


def line_id(cells: Mapping[str, str]) -> str:
    """The id of a line without a bag: SHA-256 of its other cells, one a line, in the order of the
    columns."""
    others = (cells.get(column, "") for column in REGISTER if column != "evidence_id")
    return hashlib.sha256("\n".join(others).encode()).hexdigest()


def read_register(raw: bytes, name: str = "REGISTER.csv") -> list[Line]:
    """The lines of a register in the order of the file. Raises `Unsafe` where it is not one, or
    where a line does not go back to one before it.

    A line goes back to the line it was added to. So registers that grew apart and were put together
    line by line (git's union merge) are one register: every line goes back to what it went back to.
    """
    known: dict[str, Line] = {}
    for at, (row, written) in enumerate(_rows_of_register(raw, name), 1):
        if tuple(row) in (REGISTER, NARROW):
            continue  # a register of the older form went on in the newer one
        line = Line(zip(REGISTER, row), written + "\n", at)
        if len(row) not in (len(REGISTER), len(NARROW)) or not HEX.fullmatch(line["evidence_id"]):
            raise Unsafe(f"{name}:{at}", "不是一行登记", AUTHENTIC)
        _check_event(line, known, f"{name}:{at}")
        for parent in line.parents():
            if parent not in known:
                raise Unsafe(
                    f"{name}:{at}",
                    f"上一编号写 {visible(parent)}，前面没有这一行：有登记被改动、删去或调换",
                    AUTHENTIC,
                )
            line.depth = max(line.depth, known[parent].depth + 1)
        if line["evidence_id"] in known:
            raise Unsafe(f"{name}:{at}", "这个证据编号登记过了", AUTHENTIC)
        known[line["evidence_id"]] = line
    return list(known.values())


def _rows_of_register(raw: bytes, name: str) -> list[tuple[list[str], str]]:
    """(cells, text) of every line, the head's included."""
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except UnicodeDecodeError as error:
        raise Unsafe(name, f"第 {error.start} 字节起不是 UTF-8", AUTHENTIC) from None
    except csv.Error as error:
        raise Unsafe(name, f"不是可读的 CSV（{error}）", AUTHENTIC) from None
    if not text.endswith("\n") or len(rows) != text.count("\n"):
        raise Unsafe(name, "末行不全，或一行登记里有换行；请与备份核对", AUTHENTIC)
    if tuple(rows[0]) not in (REGISTER, NARROW):
        raise Unsafe(f"{name}:1", f"表头须是 {','.join(REGISTER)}", AUTHENTIC)
    return list(zip(rows, text.split("\n")))


def _check_event(line: Line, known: dict[str, Line], where: str) -> None:
    """A bag's line tells of nothing else. A line without a bag has a known word, tells of known
    lines, and its id is that of its cells."""
    event, told = line.get("event", ""), [line.get("concerns", ""), line.get("by", "")]
    if not event:
        sound = not any(told) and not line.get("reason")
    else:
        sound = event in EVENTS and told[0] in known and (not told[1] or told[1] in known)
    if not sound:
        raise Unsafe(where, "不是一行登记", AUTHENTIC)
    if event and line["evidence_id"] != line_id(line):
        raise Unsafe(where, "这一行的内容与它的编号不符：登记被改动", AUTHENTIC)


def heads(lines: Collection[Line]) -> list[Line]:
    """The lines no other goes back to: one, or one a branch that has not been joined."""
    named = {parent for line in lines for parent in line.parents()}
    return [line for line in lines if line["evidence_id"] not in named]


def before(lines: Iterable[Line], line: Line) -> bytes:
    """The register as it stood when `line` was added to it: all that it goes back to, in an order
    that does not depend on how branches were put together."""
    known = {each["evidence_id"]: each for each in lines}
    found: dict[str, Line] = {}
    asked = line.parents()
    while asked:
        each = asked.pop()
        if each not in found:
            found[each] = known[each]
            asked += known[each].parents()
    return as_register(found.values(), line.wide)


def as_register(lines: Iterable[Line], wide: bool = False) -> bytes:
    """A register of `lines`, those of the older form first, each after all it goes back to. `wide`:
    it ends in the newer form though no line does."""
    ordered = sorted(lines, key=lambda each: (each.depth, each["evidence_id"]))
    narrow, newer = [[each.text for each in ordered if each.wide == of] for of in (False, True)]
    wide = wide or bool(newer)
    texts = [",".join(NARROW) + "\n", *narrow] if narrow or not wide else []
    texts += [",".join(REGISTER) + "\n", *newer] if wide else []
    return "".join(texts).encode()


def standing(lines: Iterable[Line], evidence_id: str) -> list[Line]:
    """What was registered of a bag after it that changes its worth: withdrawn, superseded."""
    told = (line for line in lines if line.get("event") in ("withdrawn", "superseded"))
    return [line for line in told if line["concerns"] == evidence_id]


def _check_register(report: Report, register: str | os.PathLike[str]) -> None:
    """The bag stands in the register, its line says what the bag says, and the lines before are
    those the bag was made on."""
    name = os.path.basename(register)
    try:
        with open(register, "rb") as file:
            raw = file.read(MAX_TAG_FILE)
        lines = read_register(raw, name)
    except Unsafe as unsafe:
        report.problems.append((unsafe.aspect, str(unsafe)))
        report.exit = max(report.exit, DIFFERS)
        return
    line = next((each for each in lines if each["evidence_id"] == report.evidence_id), None)
    if line is None:
        report.problem(AUTHENTIC, name, f"没有登记 {report.evidence_id}")
    else:
        check_line(report, name, lines, line, report.info)
        _hear(report, lines)
    for path in beside(register):
        _check_neighbour(report, name, path, lines)
    where = f"，本包在第 {line.at} 行" if line else ""
    report.note(AUTHENTIC, f"登记簿共 {len(lines)} 条{where}")
    if (n := len(heads(lines))) > 1:
        report.note(AUTHENTIC, f"登记簿有 {n} 个分支，没有证据包为它们一起作证；下次归档时合并")


def _hear(report: Report, lines: Sequence[Line]) -> None:
    mine = [each for each in lines if each.get("concerns") == report.evidence_id]
    report.since = [told(each) for each in standing(lines, report.evidence_id)]
    report.stamps = [each["reason"] for each in mine if each["event"] == STAMPED]


def told(line: Line) -> str:
    what = f"由 {line['by'][:12]}… 取代" if line["by"] else EVENTS[line["event"]]
    return visible(f"{line['date']} {what}：{line['reason']}")


def check_line(
    report: Report, name: str, lines: Iterable[Line], line: Line, info: dict[str, str]
) -> None:
    """`line` says what its bag says (`info`), and the register before it is the bag's.

    Our bags say all of it, and nothing where a cell is empty; of another maker's bag only what it
    says is compared.
    """
    for column, field in AS_REGISTERED.items():
        if column not in line or (field not in info and BEFORE not in info):
            continue
        if line[column] != info.get(field, ""):
            here, there = (visible(x) or "（空）" for x in (line[column], info.get(field, "")))
            report.problem(AUTHENTIC, f"{name}:{line.at}:{column}", f"写 {here}，证据包写 {there}")
    if BEFORE in info and hashlib.sha256(before(lines, line)).hexdigest() != info[BEFORE]:
        report.problem(
            AUTHENTIC, f"{name}:1—{line.at}", "与归档当时的登记簿不同：有登记被改动、删去或调换"
        )


def beside(register: str | os.PathLike[str]) -> list[str]:
    """The bags beside the register, known by their names: <plan>-<edition>-<first 12 of the
    id>.zip."""
    folder = os.path.dirname(os.path.abspath(register))
    named = re.compile(r"[^.].*-[0-9a-f]{12}\.zip")
    return [
        os.path.join(folder, each) for each in sorted(filter(named.fullmatch, os.listdir(folder)))
    ]


def _check_neighbour(report: Report, name: str, path: str, lines: Collection[Line]) -> None:
    """What `check_line` asks, of another bag's line too; only its tag files are looked at.

    A neighbour that is damaged or was never registered says nothing of this bag: it is noted.
    """
    shown = os.path.basename(path)
    try:
        with contextlib.closing(open_bag(path)) as bag:
            listed, info, tags = manifest(bag, TAGMANIFEST), read(bag, INFO), read(bag, TAGMANIFEST)
        evidence_id = hashlib.sha256(tags).hexdigest()
    except (Unsafe, OSError):
        report.note(AUTHENTIC, f"旁边的 {visible(shown)} 不能读，它的登记没有核对；与本包无关")
        return
    line = next((each for each in lines if each["evidence_id"] == evidence_id), None)
    if line is None and any(each["evidence_id"][:12] == evidence_id[:12] for each in lines):
        report.problem(AUTHENTIC, name, f"旁边的 {shown} 的编号是 {evidence_id}，登记的不是")
    elif line is None:
        report.note(AUTHENTIC, f"旁边的 {visible(shown)} 没有登记；与本包无关")
    elif evidence_id != report.evidence_id and listed.get(INFO) == hashlib.sha256(info).hexdigest():
        check_line(report, name, lines, line, fields(info.decode("utf-8", "replace")))


# --- the command ----------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="证据包校验：不解包，不执行，不联网",
        epilog="退出码：0 完好，1 内容有变，2 容器不合格或不安全，64 用法不对",
    )
    parser.add_argument("bag", metavar="BAG", help="证据包：zip 或文件夹")
    parser.add_argument("--expect", metavar="ID", default="", help="登记的证据编号，64 位十六进制")
    parser.add_argument("--register", metavar="REGISTER.csv", help="登记簿：核对链与本包的登记")
    parser.add_argument("--tsa-ca", metavar="CA.pem", help="时间戳机构的根证书：核对包旁的时间戳")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names and Chinese can be printed whatever the locale
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        asked = parser.parse_args(arguments)
    except SystemExit as leaving:
        return USAGE if leaving.code else INTACT
    expect = asked.expect.strip().lower()
    wrong = (
        f"--expect 须是 64 位十六进制的证据编号，不是 {visible(asked.expect)!r}"
        if expect and not HEX.fullmatch(expect)
        else f"没有 {visible(asked.bag)}；请给出证据包的路径"
        if not os.path.exists(asked.bag)
        else f"没有登记簿 {visible(asked.register)}"
        if asked.register is not None and not os.path.isfile(asked.register)
        else f"没有根证书 {visible(asked.tsa_ca)}"
        if asked.tsa_ca is not None and not os.path.isfile(asked.tsa_ca)
        else ""
    )
    if wrong:
        print("verify.py:", wrong, file=sys.stderr)
        return USAGE
    report = verify(asked.bag, expect, asked.register, asked.tsa_ca)
    try:
        print(report.as_json() if asked.json else report.as_text(), flush=True)
    except BrokenPipeError:  # into `head`: what was found is still the answer
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return report.exit


if __name__ == "__main__":
    sys.exit(main())
