"""The documents cannot drift: every command in them exists and runs, every file they name is
there."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import some

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "README.zh-CN.md")
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))
SLOW = {  # dry-run here; `assess` runs in test_edition, forms in test_workbook
    "assess",
    "test",
    "test-all",
    "lint",
    "lab",
    "notebooks",
    "bench-speed",
    "bench-faults",
    "clean",
    "template",
    "import",
    "archive",
    "verify",
    "replay",
    "compare",
    "pdf",
    "docx",
    "brief",
    "overview",
    "new-plan",
    "bench-quality",
    "close",
}


def commands() -> list[str]:
    """Every line of every ```sh block of the documents, once."""
    blocks = (
        block
        for name in (*DOCUMENTS, *PAGES)
        for block in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    )
    return sorted({line for block in blocks for line in block.splitlines() if line.strip()})


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAKE") and name != "ARGS"
    }
    ours = (
        [] if Path(sys.prefix) == ROOT / ".venv" else ["VENV=", f"PYTHON={sys.executable}"]
    )  # run in the environment we are in
    return subprocess.run(
        ["make", *ours, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


LONG = ("lint-plan", "monitor")  # run too, among the slow tests


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, marks=pytest.mark.slow) if command.split()[1] in LONG else command
        for command in commands()
    ],
)
def test_every_command_in_the_documents_runs(command):
    words = shlex.split(command)
    assert words[0] == "make"
    ran = (
        make("--dry-run", *words[1:])
        if words[1] in SLOW or "PLAN=our-plan" in words
        else make(*words[1:])
    )
    assert ran.returncode == 0, ran.stderr
    given = [word for word in words[2:] if "=" in word]
    for variable in given:  # a variable the Makefile does not pass on would be ignored silently
        name, value = variable.split("=")
        assert value in make("--dry-run", *words[1:]).stdout, f"{name} reaches nothing"


def test_help_names_every_verb_a_user_may_call():
    verbs = re.findall(r"^([a-z-]+): .*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    listed = make("help").stdout
    assert set(verbs) >= {"assess", "test", "check", "lab", "clean", "new-plan", "bench-speed"}
    assert all(re.search(rf"^  {verb} ", listed, re.MULTILINE) for verb in verbs)


@pytest.mark.parametrize("name", [*DOCUMENTS, *PAGES, "params/README.md", "CHANGELOG.md"])
def test_every_link_in_the_documents_leads_somewhere(name):
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert ((ROOT / name).parent / target).exists(), f"{name} links {target}"


def test_the_readme_links_pages():
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(re.findall(r"\]\((?!https?://)([^)#]+)\)", text)) > 5


def test_every_path_the_readme_names_is_there():
    named = re.findall(
        r"`((?:src|tests|params|tools|benchmarks|notebooks|data)/[\w./*-]*)`",
        (ROOT / "README.md").read_text("utf-8"),
    )
    made = ("data/processed/",)
    assert len(named) > 8
    for path in named:
        assert path.startswith(made) or (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES)
def test_every_path_the_pages_name_is_there(page):
    from helpers.show.wording import en, zh

    text = (ROOT / page).read_text("utf-8")
    for path in re.findall(r"`((?:src|tests|params|tools|benchmarks|notebooks)/[\w./-]*)`", text):
        assert (ROOT / path).exists() or path.startswith("params/our-plan"), path
    if "`MODEL`" in text:  # and what is to be written there, is there
        assert "延续年均增量" in zh.MODEL.values()
        assert set(en.MODEL) == set(zh.MODEL)


def test_both_readmes_open_with_the_same_two_commands():
    for name in some(DOCUMENTS):
        first = re.search(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL).group(1)
        assert first.split("\n")[:2] == ["make assess", "make test"]


def test_the_quality_quoted_in_the_readme_is_the_benchmarks():
    with open(ROOT / "benchmarks/results/quality.csv", encoding="utf-8", newline="") as file:
        measured = {
            row["method"]: row
            for row in csv.DictReader(file)
            if (row["question"], row["n"]) == ("forecast", "6")
        }
    quoted = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) % \| ([\d.]+) % \|$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(quoted) == 6
    for model, *figures in quoted:
        row = measured[model]
        assert figures == [
            f"{float(row['owa']):.3f}",
            f"{float(row['cover80']) * 100:.1f}",
            f"{float(row['cover95']) * 100:.1f}",
        ]


def test_the_costs_quoted_in_the_readme_are_the_benchmarks():
    with open(ROOT / "benchmarks/results/speed.csv", encoding="utf-8", newline="") as file:
        measured = {
            row["contender"]: row for row in csv.DictReader(file) if row["what"] == "side by side"
        }
    quoted = re.findall(
        r"^\| .* \(`([\w-]+)`\) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+)× \| ([\d.]+)× \|$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert {name for name, *_ in quoted} == set(measured)
    for name, *figures in quoted:
        assert figures == [
            f"{float(measured[name][column]):.1f}"
            for column in ("wall_s", "cpu_s", "wall_ratio_to_fork", "cpu_ratio_to_fork")
        ]


def test_what_editions_cost_in_the_readme_is_the_benchmarks():
    with open(ROOT / "benchmarks/results/speed.csv", encoding="utf-8", newline="") as file:
        measured = [row for row in csv.DictReader(file) if row["what"] == "editions"]
    quoted = re.findall(
        r"^\| `(\w+)` \| (\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \|$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert quoted == [
        (
            row["contender"],
            row["workers"],
            row["notebooks"],
            f"{float(row['wall_s_each']):.2f}",
            f"{float(row['cpu_s_each']):.2f}",
            row["peak_mb"],
        )
        for row in measured
    ]


def test_the_attacks_counted_in_the_readme_are_the_benchmarks():
    found = {}
    for name in ("pairs", "places"):
        with open(ROOT / f"benchmarks/results/{name}.csv", encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file))
    late = sum(row["how"] == "too late" for row in found["pairs"])
    full = [row for row in found["places"] if row["kind"] == "full"]
    refused = sum(row["tried"].endswith("refused") for row in full)
    other = [row for row in found["places"] if row["kind"] == "elsewhere"]
    rest = [row for row in found["places"] if row["kind"] in ("nfs", "set back")]
    text = (ROOT / "README.md").read_text("utf-8")
    for what, rows in (
        (f"two writing verbs at once, one killed ({late} too late)", found["pairs"]),
        ("a verb whose folder is on another file system", other),
        (f"a verb whose folder has 16 to 256 kB left ({refused} refused)", full),
        ("a verb on what refuses as NFS does, with the clock set back", rest),
    ):
        faults = sum(bool(row["fault"]) for row in rows)
        assert f"| {what} | {len(rows)} | {faults} with a fault" in text


def test_the_faults_quoted_in_the_readme_are_the_benchmarks():
    with open(ROOT / "benchmarks/results/tamper.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    one_by_one, many = (
        [row for row in rows if row["tried"] == "1"],
        [row for row in rows if row["tried"] != "1"],
    )
    measured = [
        [
            str(sum(int(row[column]) for row in one_by_one))
            for column in ("tried", "with_id", "without_id", "bagit")
        ]
    ]
    measured += [[row["tried"], row["with_id"], "", ""] for row in many]
    text = (ROOT / "README.md").read_text("utf-8")
    quoted = re.findall(
        r"^\| (?:one bit|every byte|random bytes|every cell|bytes of)[^|]*"
        r"\| (\d+) \| (\d+) \| ?(\d*) ?\| ?(\d*) ?\|$",
        text,
        re.MULTILINE,
    )
    assert [list(row) for row in quoted] == measured


def test_the_quality_of_chances_quoted_in_the_readme_is_the_benchmarks():
    with open(ROOT / "benchmarks/results/quality.csv", encoding="utf-8", newline="") as file:
        measured = {
            (row["question"], row["method"]): row
            for row in csv.DictReader(file)
            if row["n"] == "all"
        }
    quoted = re.findall(
        r"^\| [^|]+ \(`(\w+)`\) \| (0\.\d{4}) \| (0\.\d{4}) \| (0\.\d{4})? ?\| (0\.\d{4})? ?\|$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    others = {question.split()[1] for question, _ in measured if question.startswith("hold ")}
    assert len(quoted) == 5 + len(others)
    for method, *figures in quoted:
        rows = (
            [measured[f"{question} {method}", "pooled"] for question in ("levels", "hold")]
            if method in others
            else [measured.get((question, method)) for question in ("levels", "increments")]
        )
        assert figures == [
            f"{float(row[column]):.4f}" if row else ""
            for row in rows
            for column in ("brier", "calibration")
        ]


def test_the_results_quoted_in_the_readme_are_what_assess_prints():
    from helpers.intake import plan as plans
    from helpers.show import result

    quoted = re.search(
        r"```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    ).group(1)
    printed = []
    for name in plans.available():
        plan = plans.load(name)
        year = plans.choices(plan).year
        printed.append(
            f"{name} {year}: "
            f"{result.assessment(plan, year, '', result.of_run(plan, year)).sentence}"
        )
    assert quoted.splitlines() == printed


def test_the_site_is_built_whole_and_asks_the_network_for_nothing(tmp_path):
    pytest.importorskip("mkdocs", reason="mkdocs is in the docs group")
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "--strict",
            "--site-dir",
            str(tmp_path / "site"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    pages = {
        path.relative_to(tmp_path / "site").as_posix(): path.read_text("utf-8")
        for path in (tmp_path / "site").rglob("*.html")
    }
    assert {
        "index.html",
        "tutorial.html",
        "method.html",
        "howto/model.html",
        "reference/cli.html",
    } <= set(pages)
    fetched = [
        found
        for text in pages.values()
        for found in re.findall(
            r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"((?:https?:)?//[^\"]+)", text
        )
    ]
    assert fetched == []
    assert not any("@@" in text for text in pages.values())
    styles = "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.css"))
    assert not re.findall(r"(?:@import\s+[\"']|url\([\"']?)(?:https?:)?//", styles)
    assert not any("<script" in text for text in pages.values())  # the same from a disk
    for name, text in pages.items():
        prose = re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)
        assert "\\|" not in prose, f"{name} shows the backslash of an escaped bar"
        assert not re.search(r"(?:<p>|^)\|.*\|$", prose, re.MULTILINE), (
            f"{name} has a table that is not one; put a blank line before it"
        )
        assert "site.css" in text
    parameters = pages["reference/params.html"]
    assert "<code>str | None</code>" in parameters
    assert "(0.05 is 5 % a year, up to" in parameters
    assert 'href="../method.html#kinds"' in parameters
    assert 'href="method.html#kinds"' in pages["tutorial.html"]
    assert 'id="kinds"' in pages["method.html"]


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
    chapters = dict(
        re.findall(
            r"^## `(.*?)`\n(.*?)(?=^## |\Z)", reference.tables_of_fields(), re.MULTILINE | re.DOTALL
        )
    )
    said = [
        text
        for chapter in chapters.values()
        for text in re.findall(r"^\*\*\w+\*\*: (.*)$", chapter, re.MULTILINE)
    ]
    assert len(said) > 8
    assert all(text.endswith(".") and text.count("(") == text.count(")") for text in said)
    assert all(
        ("**WhatIf**" in chapter) == (name == "scenarios/<name>.yml")
        for name, chapter in chapters.items()
    )
    assert all(
        line.count("|") - line.count(" | None") == 4
        for chapter in chapters.values()
        for line in chapter.splitlines()
        if line.startswith("|")
    )


def test_the_table_of_kinds_says_what_the_code_does():
    from typing import get_args

    from helpers.intake import facts, form_columns

    method = (ROOT / "docs/method.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in re.findall(r"^\| `.*\|$", method.partition("## Kinds")[2], re.MULTILINE)
    ]
    assert tuple(row[0].strip("`") for row in rows) == get_args(facts.Kind)
    assert {row[1]: row[0].strip("`") for row in rows} == form_columns.KINDS
    assert {row[0].strip("`") for row in rows if row[4] == "zero"} == facts.STARTS_FROM_ZERO
    assert {row[4] for row in rows} == {"zero", "baseline"}
    assert {row[0].strip("`") for row in rows if row[5] == "no"} == facts.CANNOT_BE_LOST
    assert {row[5] for row in rows} == {"yes", "no"}
    assert all(
        f"`{code}` ({word})" in method.replace("reported: ", "")
        for word, code in form_columns.REPORTED.items()
    )
    shared = {word for word, code in form_columns.KINDS.items() if code in facts.SAME_EVERYWHERE}
    assert (
        set(
            re.search(r"share the target of the whole for (.*?);", method)[1]
            .replace(" and ", ", ")
            .split(", ")
        )
        == shared
    )


def test_the_examples_of_kinds_are_indicators_of_their_kind():
    from helpers.intake import plan as plans

    there = {
        (facts.name_zh, facts.kind, facts.unit)
        for name in plans.available()
        for facts in plans.indicators(plans.load(name))
    }
    for kind, example in some(
        re.findall(
            r"^\| `(\w+)` \|[^|]*\|[^|]*\| ([^|]*) \|",
            (ROOT / "docs/method.md").read_text("utf-8"),
            re.MULTILINE,
        )
    ):
        name, _, unit = example.removesuffix(" (`example`)").partition(", ")
        assert any(
            name == one[0] and kind == one[1] and (not unit or unit == one[2]) for one in there
        ), example


def test_the_words_and_their_borders_are_those_the_page_uses():
    from helpers.measure import outlook
    from helpers.show.wording import zh

    method = (ROOT / "docs/method.md").read_text("utf-8")
    *borders, (lowest, _) = outlook.OUTLOOKS
    assert (
        ", ".join(f"{zh.OUTLOOK[code]} from {least:.2f}" for code, least in borders)
        + f", {zh.OUTLOOK[lowest]} below"
        in method
    )
    for word, p in re.findall(r"(\S+) for a P of (0\.\d\d)", method):
        assert zh.chance(float(p)) == "约 65%"
        assert zh.OUTLOOK[outlook.outlook(float(p), 5)] == word
    assert method.count(" for a P of ") == 2
    assert "约 65% is" in method


def test_a_model_is_given_the_additions_of_a_running_total_as_the_how_to_says(monkeypatch):
    """Totals 3, 5, 9: the additions 2 and 4 are given; of an increment the first year's 3 is one
    too. What a gap hides is left out."""
    from dataclasses import replace

    from helpers.intake import plan as plans
    from helpers.intake.contract import Observation
    from helpers.intake.observations import Point, Series
    from helpers.measure import outlook
    from helpers.measure.models import MODELS

    plan, asked = plans.load("national-135"), []  # 2016–2020
    monkeypatch.setitem(
        MODELS,
        "last",
        replace(
            MODELS["last"],
            median=lambda _, values, ahead: (
                asked.append(values[0].tolist()) or values[:, -1:] + 0 * ahead
            ),
        ),
    )
    total = plans.indicator(plan, "plant_variety_cum")
    increment = replace(plans.indicator(plan, "royalty_export_cum"), reported="to_date")

    def series(facts, levels):
        row = ("national-135", facts.id, "china")
        return Series(
            tuple(
                Point(Observation(*row, year, level, facts.unit, "final", ""), level, "=")
                for year, level in levels.items()
            )
        )

    def given(facts, levels):
        outlook.forecast(plan, facts, series(facts, levels), "last")
        return asked.pop()

    assert given(total, {2016: 3.0, 2017: 5.0, 2018: 9.0}) == [2.0, 4.0]
    assert given(increment, {2016: 3.0, 2017: 5.0, 2018: 9.0}) == [3.0, 2.0, 4.0]
    assert outlook.additions(
        plan,
        total,
        series(total, {2015: 3.0, 2016: 5.0, 2018: 9.0, 2019: 20.0}),
    ) == ((2016, 2019), (2.0, 11.0))


def test_the_formats_name_every_fraction_and_figures_are_in_their_unit():
    from helpers.intake import plan as plans
    from helpers.show import result

    text = (ROOT / "docs/reference/formats.md").read_text("utf-8")
    fractions = re.findall(r"`(\w+)`", re.search(r"computed columns (.*?) are fractions", text)[1])
    assert [name for name in result.COLUMNS if name in fractions] == fractions
    assert "shares are fractions" not in text
    assert "`10.5`, never `0.105`" in text
    [row] = [
        one
        for one in result.of_run(plans.load("national-145"), 2023)
        if one["indicator_id"] == "copyright_share"
    ]
    gained, wanted, passed = (
        row["value"] - row["baseline"],
        row["target"] - row["baseline"],
        row["data_year"] - row["baseline_year"],
    )
    by_hand = {
        "attainment": row["value"] / row["target"],
        "progress": gained / wanted,
        "elapsed": passed / 6,
        "ratio": gained / wanted / (passed / 6),
    }
    assert {*by_hand, "p_met", "cagr", "required_cagr"} == set(fractions)
    assert 0 < row["p_met"] < 1
    assert {name: row[name] for name in by_hand} == pytest.approx(by_hand)
    assert row["cagr"] is None
    assert row["required_cagr"] is None
    assert row["unit"] == "%"
    assert 7 < row["value"] < row["target"] < 8


def test_the_tutorial_names_every_field_of_the_workbook_and_its_words():
    from helpers.intake import form_columns

    text = (ROOT / "docs/tutorial.md").read_text("utf-8")
    for word in some(
        (
            *form_columns.PLAN_FIELDS,
            *form_columns.INDICATOR_FIELDS,
            *form_columns.REPORTED,
            *form_columns.OPERATORS,
            *form_columns.PROPERTIES,
        )
    ):
        assert re.search(rf"(?<!\w){word}(?!\w)", text), word


def test_the_readme_says_who_the_shipped_keeper_is_and_what_a_plus_means(tmp_path):
    from helpers.archive import tree

    readme, keeper = (
        (ROOT / "README.md").read_text("utf-8"),
        (ROOT / "params/archive.yml").read_text("utf-8"),
    )
    assert "ships with the project's own name as keeper" in readme
    assert "plan-assessment" in keeper
    with pytest.raises(tree.CannotArchive, match="没提交"):
        tree.made_from(tmp_path, "0123456789ab+", ("src",))


def test_the_reference_names_every_verb_field_and_column():
    reference = reference_chapters()
    from helpers import cli
    from helpers.show import result

    told = reference.command_line()
    assert all(f"## {name}\n" in told for name in cli.verbs.commands)
    fields = reference.tables_of_fields()
    assert all(
        f"| `{name}` |" in fields
        for name in (
            "substitute_baseline",
            "what_if",
            "growth",
            "window",
            "evidence_needed",
            "relates_to",
        )
    )
    assert " ".join(f"`{name}`" for name in result.COLUMNS) in reference.formats()
    undefined = [
        name
        for name in re.findall(r"^\| `(\w+)` \|", fields, re.MULTILINE)
        if f"`{name}`" not in reference.meaning()
        and not re.search(rf"\b{name}\b", reference.meaning())
    ]
    assert undefined == []  # every field the code has is defined in params/README.md


def test_a_variable_make_does_not_know_is_refused():
    ran = make("--dry-run", "assess", "plan=tongzhou-145")
    assert ran.returncode
    assert "no variable is called plan" in ran.stderr
    assert make("--dry-run", "assess", "PLAN=tongzhou-145").returncode == 0


def test_lab_opens_copies_and_no_tracked_file():
    told = make("--dry-run", "lab").stdout
    assert "cp -n notebooks/lab/*.ipynb scratch/lab/" in told
    assert "page=scratch/lab" in told


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        (("import", "PLAN=example"), "FILE"),
        (("verify",), "BAG"),
        (("overview",), "PLANS"),
        (("replay",), "BAG"),
        (("lab", "INDICATOR=ip_firms"), "PLAN"),
    ],
)
def test_make_says_in_a_sentence_what_a_target_needs(asked, missing):
    ran = make("--dry-run", *asked)
    assert ran.returncode != 0
    assert f"make {asked[0]} needs {missing}=" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_the_laboratory_asks_nobody_for_news():
    folder = ROOT / "tools/jupyter/labconfig"
    told = json.loads((folder / "page_config.json").read_text("utf-8"))
    assert told["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}
    assert "JUPYTER_CONFIG_PATH=tools/jupyter" in (ROOT / "Makefile").read_text("utf-8")
