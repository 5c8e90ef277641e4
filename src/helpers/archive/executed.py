"""What does an executed notebook say of itself: its template, its parameters, its record?"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

Json = dict[str, Any]  # an object of a JSON file
MIME = (
    "application/vnd.plan-assessment.result+json"  # of the record in an executed notebook's output
)


def template(executed: str, files: Mapping[str, bytes]) -> str:
    """The notebook an executed one was made from: 2_patents.ipynb ← notebooks/2_indicator.ipynb, by
    its number."""
    number = PurePosixPath(executed).name.split("_")[0]
    return next(name for name in files if name.startswith(f"notebooks/{number}_"))


def injected(notebook: Json) -> dict[str, object]:
    """The values papermill wrote into an executed notebook, read as literals, never executed."""
    for cell in notebook["cells"]:
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            tree = ast.parse("".join(cell["source"]))
            return {
                target.id: ast.literal_eval(node.value)
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
    return {}


def record(notebook: Json) -> Json | None:
    """The record of numbers in an executed notebook, or None where it has none."""
    outputs = (out for cell in notebook["cells"] for out in cell.get("outputs", ()))
    return next((out["data"][MIME] for out in outputs if MIME in out.get("data", {})), None)
