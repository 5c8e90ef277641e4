"""What the sources are held to by `make lint`: the rules stand, and nothing is waved through."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from conftest import some

ROOT = Path(__file__).resolve().parents[1]
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
RULES = {"E", "F", "W", "I", "B", "A", "ARG", "C4", "C90", "UP", "SIM", "PT", "RUF"}
STRICT = {  # what `mypy --strict` asks and a part of the sources can be asked by itself
    "disallow_any_generics": True,
    "disallow_incomplete_defs": True,
    "disallow_subclassing_any": True,
    "disallow_untyped_calls": True,
    "disallow_untyped_decorators": True,
    "disallow_untyped_defs": True,
    "extra_checks": True,
    "implicit_reexport": False,
    "strict_equality": True,
    "warn_return_any": True,
}
SOURCES = sorted(
    path
    for folder in ("src", "tests", "benchmarks", "tools")
    for path in (ROOT / folder).rglob("*.py")
)
OURS = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<codes>[^\n]*)")
EXCUSED = 17  # lines that excuse themselves, each naming the rule; mend some, and lower it


def test_ruff_holds_every_rule_in_every_file():
    lint = TOOLS["ruff"]["lint"]
    assert TOOLS["ruff"]["line-length"] == 100
    assert set(lint["select"]) == RULES
    assert lint["ignore"] == ["RUF001", "RUF002", "RUF003"]  # Chinese punctuation is meant
    assert lint["per-file-ignores"] == {
        "src/helpers/show/wording/*": ["E501"],
        "src/helpers/show/wording/__init__.py": ["F403"],
    }
    assert TOOLS["ruff"]["extend-exclude"] == ["*.ipynb"]
    assert "lint" not in TOOLS["ruff"]["format"]


def test_mypy_reads_all_sources_and_is_strict_where_numbers_and_evidence_are_made():
    mypy = TOOLS["mypy"]
    assert mypy["files"] == ["src/helpers"]
    assert mypy["check_untyped_defs"]
    assert mypy["warn_unused_ignores"]
    strict, untyped = mypy["overrides"]
    assert strict == {"module": ["helpers.measure.*", "helpers.archive.*"], **STRICT}
    assert set(untyped) == {"module", "ignore_missing_imports"}
    assert not [name for name in untyped["module"] if name.startswith(("helpers", "*"))]
    told = repr(mypy)
    assert "ignore_errors" not in told
    assert "disable_error_code" not in told
    assert "exclude" not in told


def excuses(path: Path) -> list[str]:
    return [found["codes"] for found in OURS.finditer(path.read_text("utf-8"))]


def test_an_excuse_names_the_rule_it_is_excused_from_and_they_do_not_grow():
    told = [codes for path in SOURCES for codes in excuses(path)]
    for codes in some(told):
        assert re.match(r": [A-Z]+\d+|\[[a-z-]+\]", codes), codes
    assert len(told) <= EXCUSED


@pytest.mark.parametrize("verb", ["check .", "format --check --quiet ."])
def test_make_lint_asks_ruff(verb):
    assert f"-m ruff {verb}" in (ROOT / "Makefile").read_text("utf-8")


def test_coverage_has_a_floor_that_test_all_asks_for():
    assert TOOLS["coverage"]["report"]["fail_under"] >= 86
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^test-all:.*\n.*\$\(COV\)", makefile, re.MULTILINE)
    assert "exec make test\n" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_ci_lints():
    assert re.search(r"^make lint\b", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
