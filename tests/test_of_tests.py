"""The tests' own rule: an assertion that may never run asserts nothing."""

import ast
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parent.rglob("test_*.py"))
MAY_BE_EMPTY = {  # of one file each among many that are asked
    "test_a_module_imports_only_what_lies_to_its_left",
    "test_every_link_in_the_documents_leads_somewhere",
}
WRAPPERS = ("zip", "enumerate", "sorted", "reversed", "product", "pairwise", "items", "values")


def runs(node: ast.expr) -> bool:
    """Whether a loop over `node` surely runs: a literal, a constant of the module, a range, or what
    `some` has seen to."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return bool(node.elts)
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, (ast.Dict, ast.Constant)):
        return bool(node.keys if isinstance(node, ast.Dict) else node.value)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in ("some", "range"):
        return True
    inside = node.args or [getattr(node.func, "value", node.func)]
    return name in WRAPPERS and all(runs(one) for one in inside)


def asserted(node: ast.AST, sure: bool = True) -> list[bool]:
    """For each assertion under `node` whether it surely runs, as far as its loops go."""
    found = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.For):
            found += asserted(child, sure and runs(child.iter))
            continue
        if isinstance(child, ast.Assert) or (
            isinstance(child, ast.With) and "raises" in ast.dump(child.items[0].context_expr)
        ):
            found.append(sure)
        if not isinstance(child, ast.FunctionDef):
            found += asserted(child, sure)
    return found


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_no_test_asserts_only_in_a_loop_that_may_be_empty(path):
    vacuous = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and node.name not in MAY_BE_EMPTY
        and (told := asserted(node))
        and not any(told)
    ]
    assert vacuous == []


def test_a_loop_over_what_was_found_is_not_sure():
    loop = "def test_x():\n    for one in {}:\n        assert one\n"
    unsure = ast.parse(loop.format("found()"))
    sure = ast.parse(loop.format("some(found())"))
    assert (asserted(unsure.body[0]), asserted(sure.body[0])) == ([False], [True])
