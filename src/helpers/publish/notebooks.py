"""The executed notebooks of an edition, read back: what they hold, and the tables made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..show import result


@dataclass(frozen=True)
class Executed:
    """One executed notebook of an edition: file name, SHA-256 of its bytes, content, record."""

    name: str
    sha256: str
    notebook: dict
    record: dict  # empty where it holds none


def executed(folder: Path) -> list[Executed]:
    """The executed notebooks of an edition in the order of the plan: check, indicators,
    commitments, assessment.

    Raises ValueError for one that holds an error or a cell that was not executed.
    """
    found = {path.name: path for path in folder.glob("[1-4]_*.ipynb")}
    last = read(found["4_assessment.ipynb"])
    order = [
        "1_data_check.ipynb",
        *(f"2_{name}.ipynb" for name in last.record["facts"]["indicators"]),
        "3_commitments.ipynb",
        "4_assessment.ipynb",
    ]
    return [read(found[name]) for name in order]


def read(path: Path) -> Executed:
    """One executed notebook. Raises ValueError where a cell failed or was not executed."""
    raw = path.read_bytes()
    notebook = json.loads(raw)
    for k, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        if cell["execution_count"] is None or any(
            output["output_type"] == "error" for output in cell["outputs"]
        ):
            raise ValueError(
                f"{path.name}: cell {k} failed or was not executed; run the assessment again"
            )
    return Executed(
        path.name, hashlib.sha256(raw).hexdigest(), notebook, result.read(notebook) or {}
    )


def results_json(executed: Sequence[Executed]) -> str:
    """results.json: the indicator records with their types, in plan order."""
    return (
        json.dumps(
            [one.record for one in of_kind(executed, "indicator")],
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )


def results_csv(executed: Sequence[Executed]) -> str:
    """results.csv: one row an indicator, in plan order."""
    return result.to_csv(one.record for one in of_kind(executed, "indicator"))


def page_json(commit: str, changes: dict | None) -> str:
    """page.json: what page, document and brief say that no notebook of the edition holds."""
    return json.dumps({"commit": commit, "changes": changes}, ensure_ascii=False, indent=1) + "\n"


def beside(folder: Path) -> tuple[str, dict | None]:
    """What page.json in an edition's folder says: the commit, and what changed since last year."""
    told = json.loads((folder / "page.json").read_text("utf-8"))
    return told["commit"], told["changes"]


def of_kind(executed: Sequence[Executed], kind: str) -> list[Executed]:
    """Those notebooks whose record is of `kind`: indicator, commitments, data_check, assessment."""
    return [one for one in executed if one.record.get("record") == kind]
