"""What of an edition goes into its bag? All that was made, what it was made from, and a README.

What was not made by the committed code, not by the run that run.json tells of, or may not leave
the machine, is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from . import executed, lint, tree
from .executed import Json
from .layout import LOCK
from .subject import Subject
from .tree import CannotArchive

OWN = ("params/README.md", "params/archive.yml", "requirements.lock", "LICENSE")
ALONG = ("Makefile", "pyproject.toml", "uv.lock", "requirements-runtime.lock", "tools/setup.sh")
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


def of_edition(root: Path, edition: Path, subject: Subject) -> tuple[dict[str, bytes], str]:
    """(path below data/ → content, commit), everything but the crate's metadata. Raises
    `CannotArchive`."""
    run = _run_record(edition)
    own = ("src", f"params/{subject.plan}", f"data/raw/{subject.plan}", "notebooks", *OWN)
    commit = tree.made_from(root, run.get("commit", ""), own)
    made = {path.name: path.read_bytes() for path in sorted(edition.iterdir()) if path.is_file()}
    for name in sorted({*run["made"], *made} - {"run.json"}):
        if name not in made or hashlib.sha256(made[name]).hexdigest() != run["made"].get(name):
            raise CannotArchive(f"{name} 不是做这一期时写下的那个；请重新 make assess，再归档")
    files = {subject.folder + name: content for name, content in made.items()}
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


def _year_before(root: Path, run: Json) -> dict[str, bytes]:
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


def _run_record(edition: Path) -> Json:
    if not edition.is_dir():
        raise CannotArchive(
            f"没有这一期（{edition.parent.name} {edition.name}）；请先 make assess "
            f"PLAN={edition.parent.name}"
        )
    try:
        run: Json = json.loads((edition / "run.json").read_text("utf-8"))
        if isinstance(run["made"], dict) and isinstance(run["notebooks"], dict):
            return run
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise CannotArchive(
        f"{edition.parent.name} {edition.name} 没有完整的运行记录 run.json：没有做完，"
        "或是旧版做的；请重新 make assess，再归档"
    )


def _platform(run: Json, lock: bytes) -> bytes:
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
            files[executed.template(name, files)]
        ):
            raise CannotArchive(
                f"{name}：执行过的代码不是 {executed.template(name, files)} 的代码；"
                "请重新 make assess，再归档"
            )


def _sources(notebook: bytes) -> list[str]:
    cells = json.loads(notebook)["cells"]
    return [
        "".join(cell["source"])
        for cell in cells
        if "injected-parameters" not in cell["metadata"].get("tags", ())
    ]
