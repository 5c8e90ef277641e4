"""The command line: verbs, exit codes, one sentence an error."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def helpers(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "helpers", *arguments], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("assess", "--plan", "tongzhou"), 2, "没有规划 'tongzhou'；最接近的是 tongzhou-145；现有：example、national-135、national-145、tongzhou-145"),
        (("assess", "--plan", "../etc"), 2, "没有规划 '../etc'"),
        (("assess", "--plan", "national-145", "--year", "2030"), 2, "规划期是 2021—2025 年，不能评估 2030 年"),
        (("assess", "--plan", "national-145", "--known-by", "2024"), 2, "请写成 2024-03-31"),
        (("assess", "--year", "2023"), 2, "a year needs a plan"),
        (("assess", "--jobs", "0"), 2, "0 is not in the range"),
        (("asess",), 2, "No such command 'asess'"),
        (("check", "nowhere"), 2, "没有规划 'nowhere'"),
    ],
)
def test_wrong_use_gets_one_sentence_and_exit_code_2(arguments, code, sentence):
    ran = helpers(*arguments)
    assert ran.returncode == code
    assert sentence in ran.stderr
    assert "Traceback" not in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


def test_the_shipped_plans_pass_their_check():
    ran = helpers("check")
    assert ran.returncode == 0, ran.stdout
    assert [line.split("：")[0] for line in ran.stdout.splitlines() if line.endswith("合格")] == ["example", "national-135", "national-145", "tongzhou-145"]


@pytest.mark.parametrize("target", ["params/example/indicators/satisfaction.yml", "data/raw/example/observations.csv", "example"])
def test_a_file_is_checked_with_the_plan_it_belongs_to(target):
    ran = helpers("check", target)
    assert ran.returncode == 0 and ran.stdout.startswith("example：")


def test_a_bad_plan_is_told_whole_with_exit_code_1(toy, monkeypatch):
    monkeypatch.setenv("ASSESSMENT_ROOT", str(toy.root))
    toy.cell("observations.csv", 2, unit="千克")
    toy.cell("observations.csv", 3, source="hearsay")
    ran = helpers("check", "toy")
    assert ran.returncode == 1
    assert re.search(r"data/raw/toy/observations\.csv:2:unit: 千克 — .+ — .+", ran.stdout)
    assert re.search(r"data/raw/toy/observations\.csv:3:source: hearsay — .+ — .+", ran.stdout)


def test_a_traceback_is_shown_only_on_request(toy, monkeypatch):
    monkeypatch.setenv("ASSESSMENT_ROOT", str(toy.root))
    (toy.root / "data/processed").write_text("a file where the folder of editions should be")
    quiet, loud = helpers("assess", "--plan", "toy"), helpers("--debug", "assess", "--plan", "toy")
    assert quiet.returncode == 3
    assert "Traceback" not in quiet.stderr and len(quiet.stderr.strip().splitlines()) == 1
    assert "Traceback" in loud.stderr
