"""The documents cannot drift: every command in them exists and runs, every file they name is there."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "README.zh-CN.md")
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))
SLOW = {"assess", "test", "lab", "notebooks", "bench-speed", "bench-faults", "clean", "template", "import", "archive", "verify", "replay", "compare", "pdf", "docx", "brief", "new-plan", "bench-quality"}  # dry-run here; `assess` runs in test_edition, forms in test_workbook, the rest are this suite or take it away


def commands() -> list[str]:
    """Every line of every ```sh block of the documents, once."""
    blocks = (block for name in (*DOCUMENTS, *PAGES) for block in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL))
    return sorted({line for block in blocks for line in block.splitlines() if line.strip()})


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "ARGS"}
    ours = [] if Path(sys.prefix) == ROOT / ".venv" else ["VENV=", f"PYTHON={sys.executable}"]  # run in the environment we are in
    return subprocess.run(["make", *ours, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("command", commands())
def test_every_command_in_the_documents_runs(command):
    words = shlex.split(command)
    assert words[0] == "make"
    ran = make("--dry-run", *words[1:]) if words[1] in SLOW or "PLAN=our-plan" in words else make(*words[1:])
    assert ran.returncode == 0, ran.stderr
    given = [word for word in words[2:] if "=" in word]
    for variable in given:  # a variable the Makefile does not pass on would be ignored silently
        name, value = variable.split("=")
        assert value in make("--dry-run", *words[1:]).stdout, f"{name} reaches nothing"


def test_help_names_every_verb_a_user_may_call():
    verbs = re.findall(r"^([a-z]+): .*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    listed = make("help").stdout
    assert set(verbs) >= {"assess", "test", "check", "lab", "clean"}
    assert all(re.search(rf"^  {verb} ", listed, re.MULTILINE) for verb in verbs)


@pytest.mark.parametrize("name", [*DOCUMENTS, *PAGES, "params/README.md", "CHANGELOG.md"])
def test_every_link_in_the_documents_leads_somewhere(name):
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert ((ROOT / name).parent / target).exists(), f"{name} links {target}"


def test_every_path_the_readme_names_is_there():
    named = re.findall(r"`((?:src|tests|params|tools|benchmarks|notebooks|data)/[\w./*-]*)`", (ROOT / "README.md").read_text("utf-8"))
    made = ("data/processed/",)
    assert len(named) > 8
    for path in named:
        assert path.startswith(made) or (ROOT / path).exists(), path


def test_both_readmes_open_with_the_same_two_commands():
    for name in DOCUMENTS:
        first = re.search(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL).group(1)
        assert first.split("\n")[:2] == ["make assess", "make test"]


def test_the_quality_quoted_in_the_readme_is_the_benchmarks():
    with open(ROOT / "benchmarks/results/quality.csv", encoding="utf-8", newline="") as file:
        measured = {row["method"]: row for row in csv.DictReader(file) if (row["question"], row["n"]) == ("forecast", "6")}
    quoted = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) % \| ([\d.]+) % \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(quoted) == 6
    for model, *figures in quoted:
        row = measured[model]
        assert figures == [f"{float(row['owa']):.3f}", f"{float(row['cover80']) * 100:.1f}", f"{float(row['cover95']) * 100:.1f}"]


def test_the_costs_quoted_in_the_readme_are_the_benchmarks():
    with open(ROOT / "benchmarks/results/speed.csv", encoding="utf-8", newline="") as file:
        measured = {row["contender"]: row for row in csv.DictReader(file) if row["what"] == "side by side"}
    quoted = re.findall(r"^\| .* \(`([\w-]+)`\) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+)× \| ([\d.]+)× \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {name for name, *_ in quoted} == set(measured)
    for name, *figures in quoted:
        assert figures == [f"{float(measured[name][column]):.1f}" for column in ("wall_s", "cpu_s", "wall_ratio_to_fork", "cpu_ratio_to_fork")]


def test_what_editions_cost_in_the_readme_is_the_benchmarks():
    with open(ROOT / "benchmarks/results/speed.csv", encoding="utf-8", newline="") as file:
        measured = [row for row in csv.DictReader(file) if row["what"] == "editions"]
    quoted = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert quoted == [(row["contender"], row["workers"], row["notebooks"], f"{float(row['wall_s_each']):.2f}", f"{float(row['cpu_s_each']):.2f}", row["peak_mb"]) for row in measured]


def test_the_faults_quoted_in_the_readme_are_the_benchmarks():
    with open(ROOT / "benchmarks/results/tamper.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    one_by_one, many = [row for row in rows if row["tried"] == "1"], [row for row in rows if row["tried"] != "1"]
    measured = [[str(sum(int(row[column]) for row in one_by_one)) for column in ("tried", "with_id", "without_id", "bagit")]]
    measured += [[row["tried"], row["with_id"], "", ""] for row in many]
    text = (ROOT / "README.md").read_text("utf-8")
    quoted = re.findall(r"^\| (?:one bit|every byte|random bytes)[^|]*\| (\d+) \| (\d+) \| ?(\d*) ?\| ?(\d*) ?\|$", text, re.MULTILINE)
    assert [list(row) for row in quoted] == measured


def test_the_quality_of_chances_quoted_in_the_readme_is_the_benchmarks():
    with open(ROOT / "benchmarks/results/quality.csv", encoding="utf-8", newline="") as file:
        measured = {(row["question"], row["method"]): row for row in csv.DictReader(file) if row["n"] == "all"}
    quoted = re.findall(r"^\| [^|]+ \(`(\w+)`\) \| (0\.\d{4}) \| (0\.\d{4}) \| (0\.\d{4})? ?\| (0\.\d{4})? ?\|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(quoted) == 5
    for method, *figures in quoted:
        rows = [measured.get((question, method)) for question in ("levels", "increments")]
        assert figures == [f"{float(row[column]):.4f}" if row else "" for row in rows for column in ("brier", "calibration")]


def test_the_results_quoted_in_the_readme_are_what_assess_prints():
    from helpers.intake import plan as plans
    from helpers.show import result

    quoted = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL).group(1)
    printed = []
    for name in plans.available():
        plan = plans.load(name)
        year = plans.choices(plan).year
        printed.append(f"{name} {year}: {result.assessment(plan, year, '', result.of_run(plan, year)).sentence}")
    assert quoted.splitlines() == printed


def test_the_site_is_built_whole_and_asks_the_network_for_nothing(tmp_path):
    pytest.importorskip("mkdocs", reason="mkdocs is in the docs group")
    built = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    pages = {path.relative_to(tmp_path / "site").as_posix(): path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html")}
    assert {"index.html", "tutorial.html", "method.html", "howto/model.html", "reference/cli.html"} <= set(pages)
    fetched = [found for text in pages.values() for found in re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"((?:https?:)?//[^\"]+)", text)]
    assert fetched == [] and not any("@@" in text for text in pages.values())
    styles = "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.css"))
    assert not re.findall(r"(?:@import\s+[\"']|url\([\"']?)(?:https?:)?//", styles)
    for name, text in pages.items():
        prose = re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)
        assert "\\|" not in prose, f"{name} shows the backslash of an escaped bar"
        assert not re.search(r"(?:<p>|^)\|.*\|$", prose, re.MULTILINE), f"{name} has a table that is not one; put a blank line before it"
        assert "site.css" in text
    parameters = pages["reference/params.html"]
    assert "<code>str | None</code>" in parameters and "(0.05 is 5 % a year, up to" in parameters


def reference_chapters():
    """tools/reference.py, which is outside the package."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import reference
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return reference


def test_the_reference_cuts_no_sentence_and_shows_no_part_of_a_file_that_cannot_be_in_it():
    reference = reference_chapters()
    chapters = dict(re.findall(r"^## `(.*?)`\n(.*?)(?=^## |\Z)", reference.tables_of_fields(), re.MULTILINE | re.DOTALL))
    said = [text for chapter in chapters.values() for text in re.findall(r"^\*\*\w+\*\*: (.*)$", chapter, re.MULTILINE)]
    assert len(said) > 8 and all(text.endswith(".") and text.count("(") == text.count(")") for text in said)
    assert all(("**WhatIf**" in chapter) == (name == "scenarios/<name>.yml") for name, chapter in chapters.items())
    assert all(line.count("|") - line.count(" | None") == 4 for chapter in chapters.values() for line in chapter.splitlines() if line.startswith("|"))


def test_the_reference_names_every_verb_field_and_column():
    reference = reference_chapters()
    from helpers import cli
    from helpers.show import result

    told = reference.command_line()
    assert all(f"## {name}\n" in told for name in cli.verbs.commands)
    fields = reference.tables_of_fields()
    assert all(f"| `{name}` |" in fields for name in ("substitute_baseline", "what_if", "growth", "window", "evidence_needed", "relates_to"))
    assert " ".join(f"`{name}`" for name in result.COLUMNS) in reference.formats()
    undefined = [name for name in re.findall(r"^\| `(\w+)` \|", fields, re.MULTILINE) if f"`{name}`" not in reference.meaning() and not re.search(rf"\b{name}\b", reference.meaning())]
    assert undefined == []  # every field the code has is defined in params/README.md
