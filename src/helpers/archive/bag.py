"""How is an edition kept? As a BagIt 1.0 bag, one zip, whose payload is a Workflow Run RO-Crate;
then it is registered.

The bag is a function of the edition, the date, the register before it and the signer, to the byte.
So whether an edition has been registered is found by making its bag again as of each line that
could be it. Members are stored, not compressed: the bytes do not depend on a compressor's version,
and a damaged byte spoils one file.

The evidence id is the SHA-256 of tagmanifest-sha256.txt, which leads by digests to every byte of
the bag (but a signature, made from it). run.json is among them, so two honest runs of one edition
have different ids: an id names one run, `compare` and `replay` say that two runs came to the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .. import atomic
from . import crate, payload, register, signature, tree, verify
from .subject import Keeper, Subject
from .tree import CannotArchive

AGENT = "plan-assessment"
PAST = "evidence/REGISTER.csv"  # the register as it stood before the bag's own line


@dataclass(frozen=True)
class Archived:
    """What became of it: the bag, its id, and whether it had been registered before."""

    path: Path
    evidence_id: str
    already: bool
    keeper: str  # who answers for it


def archive(
    root: Path,
    edition: Path,
    subject: Subject,
    keeper: Keeper,
    evidence: Path,
    date: str,
    *,
    key: Path | None = None,
    sm3: bool = False,
    remake: bool = False,
    more: Mapping[str, bytes] | None = None,
) -> Archived:
    """Keep the edition in the folder `edition`, made in the checkout `root`, as a bag in the folder
    `evidence`, and register it.

    `date` is the day of archiving (ISO); `key` an ssh key that signs; `sm3` adds a manifest under
    GB/T 32905; `remake` writes the bag of a registered edition again, to the byte, where it does
    not lie there any more; `more` is kept beside the edition (path below data/ → content). Raises
    `CannotArchive` where the edition may not be kept,
    `verify.Unsafe` where the register is broken.
    """
    deposit = deposited(root, edition, subject, keeper, sm3, more or {})
    cells = deposit.cells | {"signer": signature.fingerprint(key) if key else ""}
    with register.held(path := evidence / "REGISTER.csv") as raw:
        lines = verify.read_register(raw, path.name)
        for line in (line for line in lines if cells.items() <= line.items()):
            bag = deposit.bag(line, lines)
            if bag.evidence_id == line["evidence_id"]:
                there = evidence / name_of(line)
                if remake and not there.exists():
                    bag.put(there, there.stem, key)
                return Archived(there, bag.evidence_id, True, keeper.organization.name)
        return _added(deposit, cells, path, register.joined(raw, date), date, key)


def _added(
    deposit: Deposit, cells: Mapping[str, str], path: Path, raw: bytes, date: str, key: Path | None
) -> Archived:
    """What is deposited, in a bag beside the register `raw` at `path` and as its next line."""
    lines = verify.read_register(raw)
    line = verify.Line({**dict.fromkeys(verify.REGISTER, ""), **cells, "date": date}.items())
    line["previous_evidence_id"] = "".join(head["evidence_id"] for head in verify.heads(lines))
    bag = deposit.bag(line, lines)
    line["evidence_id"] = bag.evidence_id
    there = path.with_name(name_of(line))
    bag.put(register.waiting(there), there.stem, key)
    atomic.write(path.with_name("verify.py"), Path(verify.__file__).read_bytes())
    register.append(path, raw, line)
    return Archived(there, bag.evidence_id, False, deposit.keeper.organization.name)


@dataclass(frozen=True)
class Bag:
    """The files of a bag, but its signature: what goes round it, and what goes in."""

    tags: Mapping[str, bytes]
    payload: Mapping[str, bytes]

    @property
    def evidence_id(self) -> str:
        return hashlib.sha256(self.tags[verify.TAGMANIFEST]).hexdigest()

    def put(self, path: Path, top: str, key: Path | None) -> None:
        """Write the bag, signed where there is a `key`, and verify what was written."""
        tags = dict(self.tags)
        if key:
            tags[verify.SIGNATURE] = signature.made(key, tags[verify.TAGMANIFEST])
        atomic.write(path, _zip(top, tags, self.payload))
        report = verify.verify(path, self.evidence_id)
        if report.exit:
            path.unlink()
            raise CannotArchive(f"写好的证据包没有通过校验，没有登记：{report.problems[0][1]}")


@dataclass(frozen=True)
class Deposit:
    """What is to be kept of whom: all of a bag that does not depend on the register."""

    subject: Subject
    keeper: Keeper
    commit: str
    payload: Mapping[str, bytes]
    sm3: bool

    @property
    def cells(self) -> dict[str, str]:
        """What the register says of it, whoever signs and whenever."""
        subject = self.subject
        edition = {"year": str(subject.year), "edition": subject.edition}
        return {"plan": subject.plan, **edition, "commit": self.commit}

    def bag(self, line: verify.Line, lines: Sequence[verify.Line]) -> Bag:
        """The bag whose `line` is, or is to be, in the register `lines`."""
        past = verify.before(lines, line)
        files = dict(sorted({**self.payload, PAST: past}.items()))
        run = json.loads(files[self.subject.folder + "run.json"])
        files["ro-crate-metadata.json"] = crate.metadata(
            self.subject, self.keeper, line["commit"], line["date"], files, run
        )
        info = _info(line, past, self.subject, self.keeper)
        files = dict(sorted(files.items()))
        return Bag(_tag_files(info, files, self.sm3), files)


def deposited(
    root: Path,
    edition: Path,
    subject: Subject,
    keeper: Keeper,
    sm3: bool,
    more: Mapping[str, bytes],
) -> Deposit:
    """The edition as it is to be kept, `more` beside it. Raises `CannotArchive`."""
    if sm3 and "sm3" not in hashlib.algorithms_available:
        raise CannotArchive(
            "本机 Python 的 OpenSSL 不能算 SM3；请换用 OpenSSL 1.1.1 以上的 Python，或不加 SM3"
        )
    files, commit = payload.of_edition(root, edition, subject)
    subject = replace(subject, code=tree.swhids(root, commit))
    return Deposit(subject, keeper, commit, {**more, **files}, sm3)


def name_of(line: Mapping[str, str]) -> str:
    """The name of a registered bag; of older lines, which know no edition, by its year."""
    edition = line.get("edition") or line["year"]
    return f"{line['plan']}-{edition}-{line['evidence_id'][:12]}.zip"


# --- what goes round it ---------------------------------------------------------------------------


def _info(
    line: Mapping[str, str], before: bytes, subject: Subject, keeper: Keeper
) -> dict[str, str]:
    """bag-info.txt without what is counted; `before` is the register before this bag."""
    fields = {
        "Source-Organization": keeper.organization.name,
        "External-Description": f"{subject.title}（{subject.edition}）",
        "External-Identifier": f"{subject.plan}/{subject.edition}",
        "Bag-Software-Agent": AGENT,
        "Edition": subject.edition,
        "Code-SWHID": " ".join(subject.code),
        "Fonds": keeper.filing.fonds,
        "File-Number": keeper.filing.number,
        "Retention-Period": keeper.filing.retention,
        "Security-Classification": keeper.filing.classification,
        verify.BEFORE: hashlib.sha256(before).hexdigest(),
        **{field: line[column] for column, field in verify.AS_REGISTERED.items()},
    }
    return {name: " ".join(value.split()) for name, value in sorted(fields.items()) if value}


def _tag_files(
    info: Mapping[str, str], payload: Mapping[str, bytes], sm3: bool
) -> dict[str, bytes]:
    """Every tag file but the signature."""
    described = {**info, "Payload-Oxum": f"{sum(map(len, payload.values()))}.{len(payload)}"}
    inside = {f"data/{name}": content for name, content in payload.items()}
    tags = {
        verify.DECLARATION: verify.DECLARED,
        verify.INFO: "".join(
            f"{name}: {value}\n" for name, value in sorted(described.items())
        ).encode(),
        verify.MANIFEST: _manifest(inside, "sha256"),
        **({"manifest-sm3.txt": _manifest(inside, "sm3")} if sm3 else {}),
    }
    return {**tags, verify.TAGMANIFEST: _manifest(tags, "sha256")}


def _manifest(files: Mapping[str, bytes], algorithm: str) -> bytes:
    return "".join(
        f"{hashlib.new(algorithm, files[name]).hexdigest()}  {name}\n" for name in sorted(files)
    ).encode()


def _zip(top: str, tags: Mapping[str, bytes], payload: Mapping[str, bytes]) -> bytes:
    """One folder named as the zip, as RFC 8493 asks; fixed times and rights, tag files first."""
    whole, files = io.BytesIO(), {**tags, **{f"data/{name}": payload[name] for name in payload}}
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(files, key=lambda name: (name.startswith("data/"), name)):
            member = zipfile.ZipInfo(f"{top}/{name}")  # 1980-01-01: a zip knows no earlier time
            member.create_system, member.external_attr = 3, 0o100644 << 16
            file.writestr(member, files[name])
    return whole.getvalue()
