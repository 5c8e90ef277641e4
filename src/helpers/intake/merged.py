"""Several offices' forms at once: what they would add together, as if imported one after the other,
before a byte of the plan's tables is written.

Each is read against what the ones before it added, so a source two of them register is one source
and what two of them say differently is named at the later one's cell.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from .. import atomic
from . import addition, contract, plan as plans
from .addition import Addition
from .facts import Plan
from .finding import Finding, Refused
from .further_rows import Further
from .task_states import Reported

FORM = ".xlsx"


def forms_in(folder: Path) -> list[Path]:
    """The filled forms of a folder, in the order of their names; what a spreadsheet left open
    beside its file is none."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() == FORM and not path.name.startswith((".", "~$"))
    )


def prepare(folder: Path, plan: Plan) -> Addition:
    """What the forms of `folder` would add to `plan` together. Raises `Refused` with every finding
    of every form: all are added or none."""
    forms = forms_in(folder)
    if not forms:
        remedy = "请把各单位填好的 xlsx 放在一个文件夹里"
        raise Refused([Finding(folder.name, 0, "", "", "没有填报表", remedy)])
    with atomic.scratch("import-") as made:
        trial = _trial(plan, made)
        refused: list[Finding] = []
        added: list[Addition] = []
        for form in forms:
            try:
                added.append(addition.prepare(form, trial))
                addition.add(added[-1])
            except Refused as told:
                refused += told.findings
        if refused:
            raise Refused(refused)
        tables = dict(_tables(plan, trial, added))
    return _together(added, tables)


def _trial(plan: Plan, root: Path) -> Plan:
    """The plan in a checkout of its own, with the tables as they are now."""
    (root / "params").mkdir()
    (root / "params" / plan.id).symlink_to(plan.params.resolve())
    documents = shutil.ignore_patterns(contract.DOCUMENTS)
    shutil.copytree(plan.raw, root / "data" / "raw" / plan.id, ignore=documents)
    return plans.load(plan.id, root)


def _tables(plan: Plan, trial: Plan, added: Sequence[Addition]):
    """(path, (bytes now, bytes to be)) of every table and document the forms touch, in the order
    in which they are to be written."""
    for path in dict.fromkeys(chain.from_iterable(one.tables for one in added)):
        here = plan.raw / path.relative_to(trial.raw)
        former = here.read_bytes() if here.is_file() else b""
        if (content := path.read_bytes()) != former:
            yield here, (former, content)


def _together(added: Sequence[Addition], tables: dict[Path, tuple[bytes, bytes]]) -> Addition:
    promised = [one.promised for one in added]
    return Addition(
        tuple(chain.from_iterable(one.changes for one in added)),
        sum(one.unchanged for one in added),
        tuple(chain.from_iterable(one.sources for one in added)),
        tuple(chain.from_iterable(one.warnings for one in added)),
        _documents_first(tables),
        Reported(
            tuple(chain.from_iterable(one.states for one in promised)),
            tuple(chain.from_iterable(one.funds for one in promised)),
            documents=sum(one.documents for one in promised),
        ),
        Further(
            {
                title: tuple(chain.from_iterable(one.further.told.get(title, ()) for one in added))
                for title in dict.fromkeys(chain.from_iterable(one.further.told for one in added))
            }
        ),
    )


def _documents_first(
    tables: dict[Path, tuple[bytes, bytes]],
) -> dict[Path, tuple[bytes, bytes]]:
    """Documents before the tables that name them, sources before what names those."""

    def rank(path: Path) -> int:
        return 0 if path.parent.name == contract.DOCUMENTS else 2 - (path.name == "sources.csv")

    return {path: tables[path] for path in sorted(tables, key=rank)}
