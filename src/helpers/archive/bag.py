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
import re
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import crate, lint, register, tree, verify
from .layout import LOCK
from .subject import Keeper, Subject
from .tree import CannotArchive

AGENT = "plan-assessment"
OWN = ("params/README.md", "params/archive.yml", "requirements.lock", "LICENSE")
ALONG = ("Makefile", "pyproject.toml", "uv.lock", "requirements-runtime.lock", "tools/setup.sh")
PAST = "evidence/REGISTER.csv"  # the register as it stood before the bag's own line
README = """\
# {title}（{edition}）证据包

这是一次年度评估的全部证据：不靠别的文件就能看懂、校验、重放。各文件的位置与做评估时相同，报告里的链接在这里都能打开。

| 位置 | 内容 |
|---|---|
| `{folder}assessment.html` | 评估报告：从这里看起 |
| `{folder}*.ipynb` | 已执行的 notebook：报告中的每个数都在其中一本里，并写明来源 |
| `{folder}` 其余 | 各指标结果，核对后的观测值；\
`run.json` 记时间、主机、版本：两次如实运行只在这里不同 |
| `data/raw/` | 送来的数据、来源，`documents/` 下存有来源的副本 |
| `params/` | 规划原文所说，评估者所选 |
| `data/processed/` 其他期次 | 报告据以比较的上年结果 |
| `notebooks/` `src/` `Makefile` | 执行前的 notebook、代码 |
| `requirements.lock` `env/` | \
依赖锁定（`requirements-runtime.lock` 只含重放所需），当时的运行环境 |
| `evidence/REGISTER.csv` | 登记簿，到本包之前为止 |
| `ro-crate-metadata.json` | 每个文件是什么、由哪次执行得来（Workflow Run RO-Crate 0.5） |

证据编号是 `tagmanifest-sha256.txt` 的 SHA-256，存于包外的登记簿；没有编号，只能说包内前后一致。

在解包后的这个文件夹（有本文件的文件夹）里：

校验原来的 zip，只需 Python 3.8 以上：

    python3 src/helpers/archive/verify.py ../../证据包.zip --expect 证据编号

重放，即用包内的代码和输入再算一遍，需要 Python {python} 上下；\
`wheels` 是用 `make wheels` 存下的文件夹，有它就不需要网络：

    PYTHONPATH=src python3 -m helpers.archive.replay ../../证据包.zip \
--expect 证据编号 --wheels ../../wheels
"""


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
    if sm3 and "sm3" not in hashlib.algorithms_available:
        raise CannotArchive(
            "本机 Python 的 OpenSSL 不能算 SM3；请换用 OpenSSL 1.1.1 以上的 Python，或不加 SM3"
        )
    payload, commit = _payload(root, edition, subject)
    payload = dict(sorted({**(more or {}), **payload}.items()))
    subject = replace(subject, code=tree.swhids(root, commit))
    signer, by = _fingerprint(key) if key else "", keeper.organization.name
    path = evidence / "REGISTER.csv"
    with register.held(path) as raw:
        lines = verify.read_register(raw, path.name)
        cells = {
            "plan": subject.plan,
            "year": str(subject.year),
            "edition": subject.edition,
            "commit": commit,
            "signer": signer,
        }
        for line in lines:
            if cells.items() <= line.items():
                tags, whole = _around(line, lines, payload, subject, keeper, sm3)
                if _id(tags) == line["evidence_id"]:
                    there = evidence / name_of(line)
                    if remake and not there.exists():
                        _put(there, there.stem, tags, whole, key)
                    return Archived(there, _id(tags), True, by)
        raw = register.joined(raw, date)
        lines = verify.read_register(raw)
        named = dict.fromkeys(verify.REGISTER, "") | cells | {"date": date}
        line = verify.Line(named.items())
        line["previous_evidence_id"] = "".join(head["evidence_id"] for head in verify.heads(lines))
        tags, payload = _around(line, lines, payload, subject, keeper, sm3)
        line["evidence_id"] = _id(tags)
        made = evidence / name_of(line)
        _put(register.waiting(made), made.stem, tags, payload, key)
        register.put(evidence / "verify.py", Path(verify.__file__).read_bytes())
        register.append(path, raw, line)
    return Archived(made, line["evidence_id"], False, by)


def _put(
    path: Path,
    top: str,
    tags: Mapping[str, bytes],
    payload: Mapping[str, bytes],
    key: Path | None,
) -> None:
    """Write the bag, signed where there is a `key`, and verify what was written."""
    signed = {verify.SIGNATURE: _signature(key, tags[verify.TAGMANIFEST])} if key else {}
    register.put(path, _zip(top, {**tags, **signed}, payload))
    report = verify.verify(path, _id(tags))
    if report.exit:
        path.unlink()
        raise CannotArchive(f"写好的证据包没有通过校验，没有登记：{report.problems[0][1]}")


def _around(
    line: verify.Line,
    lines: Sequence[verify.Line],
    payload: Mapping[str, bytes],
    subject: Subject,
    keeper: Keeper,
    sm3: bool,
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """(tag files, whole payload) of the bag whose `line` is, or is to be, in the register
    `lines`."""
    past = verify.before(lines, line)
    described = crate.metadata(
        subject,
        keeper,
        line["commit"],
        line["date"],
        payload := dict(sorted({**payload, PAST: past}.items())),
        json.loads(payload[subject.folder + "run.json"]),
    )
    payload = dict(sorted({**payload, "ro-crate-metadata.json": described}.items()))
    return _tag_files(_info(line, past, subject, keeper), payload, sm3), payload


def name_of(line: Mapping[str, str]) -> str:
    """The name of a registered bag; of older lines, which know no edition, by its year."""
    edition = line.get("edition") or line["year"]
    return f"{line['plan']}-{edition}-{line['evidence_id'][:12]}.zip"


def _id(tags: Mapping[str, bytes]) -> str:
    return hashlib.sha256(tags[verify.TAGMANIFEST]).hexdigest()


# --- what goes in ---------------------------------------------------------------------------------


def _payload(root: Path, edition: Path, subject: Subject) -> tuple[dict[str, bytes], str]:
    """(path below data/ → content, commit), everything but the crate's metadata. Raises
    `CannotArchive`."""
    run = _run_record(edition)
    commit = tree.made_from(root, run.get("commit", ""))
    made = {path.name: path.read_bytes() for path in sorted(edition.iterdir()) if path.is_file()}
    for name in sorted({*run["made"], *made} - {"run.json"}):
        if name not in made or hashlib.sha256(made[name]).hexdigest() != run["made"].get(name):
            raise CannotArchive(f"{name} 不是做这一期时写下的那个；请重新 make assess，再归档")
    files = {subject.folder + name: content for name, content in made.items()}
    own = ("src", f"params/{subject.plan}", f"data/raw/{subject.plan}", "notebooks", *OWN)
    files |= {
        name: (root / name).read_bytes()
        for name in tree.files(root, commit, *own)
        if not name.startswith("notebooks/lab/")
    }
    files |= {name: tree.content(root, commit, name) for name in tree.files(root, commit, *ALONG)}
    files |= _year_before(root, run)
    files["README.md"] = README.format(
        title=subject.title,
        edition=subject.edition,
        folder=subject.folder,
        python=".".join(run["host"]["python"].split(".")[:2]),
    ).encode()
    files["env/platform.json"] = _platform(run, files[LOCK])
    _refuse_unsound(files, subject.folder, (str(root), str(Path.home())))
    return dict(sorted(files.items())), commit


def _year_before(root: Path, run: crate.Json) -> dict[str, bytes]:
    """The results the page compares itself with, where they lay;
    run.json says which it read."""
    found, start = {}, "root/data/processed/"
    for name, digest in run.get("read", {}).items():
        if name.startswith(start) and name.endswith("/results.json"):
            path = root / name.removeprefix("root/")
            content = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(content).hexdigest() != digest:
                raise CannotArchive(
                    f"上年期次 {path.parent.name} 在做这一期之后变了；请重新 make assess，再归档"
                )
            found[name.removeprefix("root/")] = content
    return found


def _run_record(edition: Path) -> crate.Json:
    if not edition.is_dir():
        raise CannotArchive(
            f"没有这一期（{edition.parent.name} {edition.name}）；请先 make assess "
            f"PLAN={edition.parent.name}"
        )
    try:
        run: crate.Json = json.loads((edition / "run.json").read_text("utf-8"))
        if isinstance(run["made"], dict) and isinstance(run["notebooks"], dict):
            return run
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise CannotArchive(
        f"{edition.parent.name} {edition.name} 没有完整的运行记录 run.json：没有做完，"
        "或是旧版做的；请重新 make assess，再归档"
    )


def _platform(run: crate.Json, lock: bytes) -> bytes:
    """env/platform.json: on what it ran, and which of those packages were not the lock's."""
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.decode("utf-8"), re.MULTILINE))
    other = {
        name: {"ran": version, "lock": pins.get(name, "")}
        for name, version in sorted(run["versions"].items())
        if pins.get(name) != version
    }
    facts = {
        "host": run["host"],
        "versions": run["versions"],
        "lock_sha256": hashlib.sha256(lock).hexdigest(),
        "differs_from_lock": other,
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _refuse_unsound(files: Mapping[str, bytes], folder: str, own: tuple[str, ...]) -> None:
    """Raises `CannotArchive` for the first executed notebook or page that must not be kept."""
    own = tuple(trace for trace in own if len(trace) > 4)  # a home of "/" is no trace
    scripts = [
        content.decode("utf-8")
        for name, content in files.items()
        if name.startswith("src/") and name.endswith(".js")
    ]  # the code's own
    for path, content in files.items():
        if not path.startswith(folder):
            continue
        name, faults = path.removeprefix(folder), []
        if name.endswith(".ipynb"):
            faults = lint.notebook(content, own)
        elif name.endswith(".html"):
            faults = lint.page(content, own, scripts)
        if faults:
            raise CannotArchive(f"{name}：{faults[0]}；请改正后重新 make assess，再归档")
        if name.endswith(".ipynb") and _sources(content) != _sources(
            files[crate.template(name, files)]
        ):
            raise CannotArchive(
                f"{name}：执行过的代码不是 {crate.template(name, files)} 的代码；"
                "请重新 make assess，再归档"
            )


def _sources(notebook: bytes) -> list[str]:
    cells = json.loads(notebook)["cells"]
    return [
        "".join(cell["source"])
        for cell in cells
        if "injected-parameters" not in cell["metadata"].get("tags", ())
    ]


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


# --- who signs ------------------------------------------------------------------------------------


def _fingerprint(key: Path) -> str:
    """SHA256:… of an ssh key."""
    return _ssh_keygen("-l", "-E", "sha256", "-f", str(key)).split()[1].decode()


def _signature(key: Path, signed: bytes) -> bytes:
    return _ssh_keygen("-Y", "sign", "-q", "-n", verify.NAMESPACE, "-f", str(key), given=signed)


def _ssh_keygen(*arguments: str, given: bytes = b"") -> bytes:
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments], input=given, capture_output=True, check=True
        ).stdout
    except OSError:
        raise CannotArchive(
            "签名要用 ssh-keygen，本机没有；请安装 OpenSSH 8.1 以上，或不签名"
        ) from None
    except subprocess.CalledProcessError as error:
        raise CannotArchive(
            f"不能用所给的钥匙签名（{error.stderr.decode(errors='replace').strip()}）；请检查 KEY="
        ) from None
