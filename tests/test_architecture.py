"""Who may know whom: DESIGN's rooms, read from the imports themselves."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from conftest import some

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "helpers"

MAY_KNOW = {  # room → rooms of ours it may import
    "atomic": set(),  # the ground: all may know it
    "intake": set(),
    "measure": {"intake"},
    "show": {"intake", "measure"},
    "publish": {"show"},
    "run": set(),
    "archive": set(),
    "request": {"intake", "measure"},
    "tasks": {"intake", "publish", "request", "run", "show"},
    "edition": {"intake", "request", "run", "tasks"},
    "evidence": {"archive", "intake", "request", "run"},
    "monitoring": {"edition", "intake", "publish", "run", "show"},
    "returned": {"handout", "intake", "publish", "request"},
    "judged": {"intake", "measure", "show"},
    "handout": {"intake", "publish", "request", "tasks"},
    "monitored": {"intake", "publish", "request", "run", "show", "tasks"},
    "listing": {"publish", "request", "run", "show", "tasks"},
    "overviews": {"intake", "measure", "publish", "request", "run", "show", "tasks"},
    "console": {"intake"},
    "drafts": {"intake", "measure", "publish", "show"},
    "closed": {
        "archive",
        "drafts",
        "evidence",
        "intake",
        "measure",
        "publish",
        "request",
        "run",
        "show",
        "tasks",
    },
    "cli_plans": {"archive", "closed", "console", "drafts", "edition", "intake", "measure", "show"},
    "cli_province": {"console", "edition", "overviews", "request", "run"},
    "cli_inputs": {"console", "intake", "judged", "request", "returned", "show"},
    "editions": {"edition", "intake", "request", "run"},
    "distributed": {"edition", "editions", "intake", "request", "run", "tasks"},
    "comparisons": {"intake", "publish", "request", "run", "show"},
    "cli_assess": {
        "console",
        "distributed",
        "edition",
        "editions",
        "intake",
        "listing",
        "measure",
        "monitored",
        "request",
        "run",
    },
    "cli_evidence": {"archive", "console", "edition", "evidence", "handout", "intake", "request"},
    "cli_papers": {"archive", "comparisons", "console", "handout", "intake", "request"},
    "cli_rules": {"console", "measure"},
    "cli": {
        "cli_assess",
        "cli_evidence",
        "cli_inputs",
        "cli_papers",
        "cli_plans",
        "cli_province",
        "cli_rules",
        "console",
        "intake",
    },
}
FROM_LEFT_TO_RIGHT = {  # inside a room a module imports only from its left
    "intake": [
        "finding",
        "packed",
        "fields",
        "targets",
        "closed",
        "check",
        "what_if",
        "facts",
        "choices",
        "consistency",
        "promises",
        "scenario",
        "plan",
        "table",
        "cells",
        "period",
        "contract",
        "accumulated",
        "promise_rows",
        "part_year",
        "to_come",
        "references",
        "assumed",
        "observations",
        "judgement",
        "grounds",
        "judgement_form",
        "apart",
        "judgement_edit",
        "protocol",
        "opinions",
        "events",
        "plausible",
        "cleared",
        "sheet",
        "task_form",
        "further_form",
        "documents",
        "form_layout",
        "figure_sheet",
        "part_sheet",
        "workbook",
        "typed",
        "form_shape",
        "appended",
        "task_states",
        "further_rows",
        "filled",
        "judgement_sheets",
        "judgement_book",
        "addition",
        "merged",
        "snapshot",
        "live",
        "notebook",
        "sentences",
        "draft",
        "declared",
        "succession",
        "door",
        "form_columns",
        "plan_book",
        "plan_files",
        "new_plan",
        "bridge",
    ],
    "measure": [
        "thresholds",
        "progress",
        "worlds",
        "forms",
        "trend",
        "case",
        "open_sdg",
        "rules",
        "pooled",
        "models",
        "own_models",
        "crosscheck",
        "forecast",
        "paths",
        "memory",
        "season",
        "nowcast",
        "surprise",
        "outlook",
        "explained",
        "target",
        "commitment",
        "attention",
        "funds",
        "coverage",
        "assessment",
        "final",
        "form_verdict",
        "baselines",
        "verdict",
        "overall",
        "closing",
        "hindsight",
        "categories",
        "backtest",
        "before",
        "monitor",
        "monitor_areas",
        "track",
        "areas",
        "sensitivity",
        "frames",
        "rolling",
        "overview",
        "composite",
        "opinions",
    ],
    "show": [
        "wording",
        "lines",
        "blocks",
        "marks",
        "card",
        "ledger",
        "paper",
        "hover",
        "vector",
        "overview_rows",
        "vector",
        "canvas",
        "labels",
        "traces",
        "figure",
        "raster",
        "notebook_table",
        "explained",
        "table",
        "promises",
        "result",
        "live",
        "judgement_record",
        "protocol_record",
        "opinion_record",
        "surroundings",
        "monitoring",
        "monitor_figure",
        "monitor_record",
        "changes",
        "annex",
        "comparison",
        "standings",
        "overview_figure",
        "region_map",
        "overview_index",
        "overview_record",
        "targets",
        "closing",
        "warm",
    ],
    "publish": [
        "font",
        "notebooks",
        "pictures",
        "rendered",
        "word_back",
        "chapters",
        "report",
        "brief",
        "evidence_page",
        "monitor_page",
        "draft_page",
        "closing_page",
        "overview_page",
        "year_before",
        "word",
        "document",
        "marked",
        "print",
        "warm",
    ],
    "run": [
        "moments",
        "engine",
        "inputs",
        "checkout",
        "once",
        "shell",
        "progress",
        "task",
        "fork",
        "parent",
        "kernel",
        "pool",
        "cache",
        "place",
        "cluster",
        "leash",
    ],
    "archive": [
        "verify",
        "lint",
        "tree",
        "layout",
        "subject",
        "executed",
        "actions",
        "crate",
        "payload",
        "signature",
        "register",
        "stamp",
        "bag",
        "shelf",
        "sheet",
        "contents",
        "compare",
        "environment",
        "replay",
    ],
}
MEASURE_READS = {
    "closed",
    "plan",
    "promise_rows",
    "facts",
    "judgement",
    "observations",
    "part_year",
    "period",
    "accumulated",
    "targets",
}  # of intake, only the facts and the figures
NOTEBOOKS_IMPORT = {"intake", "measure", "show"}


def module_of(path: Path) -> tuple[str, str]:
    """(room, module) of a source file; a file in no room is its own room, a file of a package is of
    the package."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return (parts[0], parts[1]) if len(parts) > 1 else (parts[0], "")


def imports_of(path: Path) -> set[tuple[str, str]]:
    """(room, module) of everything of ours that `path` imports, wherever in the file the import
    stands."""
    room, _ = module_of(path)
    depth = len(path.relative_to(SOURCE).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            assert not (
                isinstance(node, ast.Import)
                and any(a.name.startswith("helpers") for a in node.names)
            ), f"{path}: import relatively"
            continue
        if not node.level:
            assert not (node.module or "").startswith("helpers"), f"{path}: import relatively"
            continue
        if depth == 3 and node.level == 1:
            continue  # inside a package: one question, one module to the others
        base = [room] if depth - node.level == 1 else []
        target = base + (node.module.split(".") if node.module else [])
        found |= (
            {tuple(([*target, alias.name, ""])[:2]) for alias in node.names}
            if len(target) < 2
            else {(target[0], target[1])}
        )
    return {(there, module) for there, module in found if there in MAY_KNOW}


FILES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if path.name not in ("__init__.py", "__main__.py", "compiled.py")
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_what_lies_to_its_left(path):
    room, module = module_of(path)
    for there, other in imports_of(path):
        if there == room:
            order = FROM_LEFT_TO_RIGHT[room]
            assert other in order[: order.index(module)], (
                f"{room}.{module} imports {other}, which is not to its left"
            )
        else:
            assert there in {"atomic", *MAY_KNOW[room]}, f"{room}.{module} imports {there}.{other}"
            assert room != "measure" or other in MEASURE_READS, (
                f"measure.{module} imports intake.{other}"
            )


def test_the_imports_are_read_at_all():
    found = set().union(*map(imports_of, FILES))
    assert {("intake", "plan"), ("measure", "verdict"), ("show", "wording")} <= found


def test_every_module_has_its_place_in_its_room():
    for room, order in FROM_LEFT_TO_RIGHT.items():
        assert {p.stem for p in (SOURCE / room).glob("*.py")} - {"__init__"} | {
            p.parent.name for p in (SOURCE / room).glob("*/__init__.py")
        } == set(order)


def test_there_is_no_room_for_leftovers():
    names = {part for path in FILES for part in path.relative_to(SOURCE).with_suffix("").parts}
    assert not names & {"utils", "util", "common", "misc", "helpers"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks").rglob("[!.]*.ipynb")), ids=lambda path: path.name
)
def test_a_notebook_has_no_logic_of_its_own(path):
    cells = [
        cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    for cell in some(cells):
        tree = ast.parse("".join(cell["source"]))
        for node in ast.walk(tree):
            assert not isinstance(
                node, (ast.FunctionDef, ast.ClassDef, ast.If, ast.Try, ast.For, ast.While)
            ), f"{path.name}: a cell decides or loops"
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[:1] == ["helpers"]
                assert node.module.split(".")[1] in NOTEBOOKS_IMPORT
        assert len("".join(cell["source"]).splitlines()) <= (
            10 if "parameters" in cell["metadata"].get("tags", ()) else 9
        )


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks").rglob("[!.]*.ipynb")), ids=lambda path: path.name
)
def test_a_notebook_is_committed_with_outputs_and_without_traces_of_a_machine(path):
    text = path.read_text("utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] == k for k, cell in enumerate(cells, 1)), (
        f"{path.name}: run `make notebooks`"
    )
    assert any(cell["outputs"] for cell in cells)
    assert not any(trace in text for trace in (" at 0x", "/home/", "/tmp/", "/root/", "Traceback"))
    assert sum("parameters" in cell["metadata"].get("tags", ()) for cell in cells) == 1
    assert sum("conclusion" in cell["metadata"].get("tags", ()) for cell in cells) == 1


def test_chinese_stands_where_readers_are_spoken_to_and_nowhere_else():
    """Sentences live in show and in the template, messages about inputs in intake; run and publish
    speak no Chinese of their own."""
    for room in ("run", "publish", "measure"):
        for path in some((SOURCE / room).glob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            documented = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            said = [
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in documented
            ]
            assert not [text for text in said if any("\u4e00" <= ch <= "\u9fff" for ch in text)], (
                path
            )


# Ceilings: what is longer than the house allows today, and may only shrink ------------------------

LONGEST = 300  # lines of a module
LONG_MODULES = {
    "archive/verify.py": 970,
    "intake/observations.py": 540,
    "show/result.py": 570,
    "show/table.py": 510,
    "show/wording/en.py": 660,
    "show/wording/en_page.py": 330,
    "show/wording/zh.py": 650,
    "show/wording/zh_page.py": 330,
}
LONG_FUNCTION = 25  # lines without docstring
LONG_FUNCTIONS = 73  # of them there may be


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions_of(path: Path) -> list[tuple[str, int]]:
    """(name, lines without docstring) of every function of a module."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first, said = node.body[0], ast.get_docstring(node)
            told = 0 if said is None else first.end_lineno - first.lineno + 1
            found.append((node.name, node.end_lineno - node.lineno + 1 - told))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_is_no_longer_than_its_ceiling(path):
    name = path.relative_to(SOURCE).as_posix()
    ceiling = LONG_MODULES.get(name, LONGEST)
    assert lines_of(path) <= ceiling, f"{name}: split it at its second question"


def test_a_ceiling_comes_down_with_its_module():
    """Twenty lines of room at most, and none for a module that is short by now."""
    for name, ceiling in LONG_MODULES.items():
        lines = lines_of(SOURCE / name)
        assert lines > LONGEST, f"{name}: it needs no ceiling any more"
        assert ceiling - lines <= 20, f"{name}: lower its ceiling"


def test_long_functions_do_not_become_more():
    long = [
        f"{path.relative_to(SOURCE)}: {name} {lines}"
        for path in FILES
        for name, lines in functions_of(path)
        if lines > LONG_FUNCTION
    ]
    assert len(long) <= LONG_FUNCTIONS, "\n".join(long)


def test_a_function_is_counted_without_its_docstring(tmp_path):
    (tmp_path / "one.py").write_text(
        'def f():\n    """Said\n    twice."""\n    x = 1\n    return x\n'
    )
    assert functions_of(tmp_path / "one.py") == [("f", 3)]
