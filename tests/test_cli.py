"""The command line: verbs, exit codes, one sentence an error."""

from __future__ import annotations

import errno
import os
import re

import pytest
from conftest import ROOT, called, helpers

from helpers import cli


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("assess", "--plan", "tongzhou"),
            2,
            "没有规划 'tongzhou'；最接近的是 tongzhou-145；现有：china-145、example、national-135、"
            "national-145、tongzhou-145",
        ),
        (("assess", "--plan", "../etc"), 2, "没有规划 '../etc'"),
        (
            ("assess", "--plan", "national-145", "--year", "2030"),
            2,
            "规划期是 2021—2025 年，不能评估 2030 年",
        ),
        (("assess", "--plan", "national-145", "--known-by", "2024"), 2, "请写成 2024-03-31"),
        (("assess", "--year", "2023"), 2, "a year needs a plan"),
        (("assess", "--jobs", "0"), 2, "0 is not in the range"),
        (("asess",), 2, "No such command 'asess'"),
        (("check", "nowhere"), 2, "没有规划 'nowhere'"),
        (("check", "nowhere.csv"), 2, "there is no file nowhere.csv"),
        (("check", "x.csv", "--params", "nowhere"), 2, "'nowhere' does not exist"),
        (("check", "README.md", "--params", "src"), 2, "src 里没有 plan.yml"),
    ],
)
def test_wrong_use_gets_one_sentence_and_exit_code_2(arguments, code, sentence):
    ran = called(ROOT, *arguments)
    assert ran.returncode == code
    assert sentence in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_the_shipped_plans_pass_their_check():
    ran = called(ROOT, "check")
    assert ran.returncode == 0, ran.stdout
    assert [line.split("：")[0] for line in ran.stdout.splitlines() if line.endswith("合格")] == [
        "china-145",
        "example",
        "national-135",
        "national-145",
        "tongzhou-145",
    ]


@pytest.mark.parametrize(
    "target",
    ["params/example/indicators/satisfaction.yml", "data/raw/example/observations.csv", "example"],
)
def test_a_file_is_checked_with_the_plan_it_belongs_to(target):
    ran = called(ROOT, "check", target)
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[-1].startswith("example：")


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("observations.csv", ":3:value: 2_410 — "),
        ("run.yaml", ":2:horizn: "),
        ("run.ipynb", ":cell 1: "),
    ],
)
@pytest.mark.parametrize(
    "options", [("--plan", "demo", "--params", "tests"), ("--params", "tests/demo")]
)
def test_a_file_from_elsewhere_is_checked_by_itself(tmp_path, name, where, options):
    contents = {
        "observations.csv": "plan,indicator_id,area,year,value,unit,status,source\n"
        "demo,patent_grants,320612,2021,2410,件,final,公报\n"
        "demo,patent_grants,320612,2022,2_410,件,final,公报\n",
        "run.yaml": "plan: demo\nhorizn: 2\n",
        "run.ipynb": '{"nbformat": 4, "nbformat_minor": 4, '
        '"metadata": {"kernelspec": {"name": "python3"}}, '
        '"cells": [{"cell_type": "code", "execution_count": null, "source": "1"}]}',
    }
    path = (
        tmp_path / "data" / "raw" / "example" / name
    )  # the folder's name says nothing outside this repository
    path.parent.mkdir(parents=True)
    path.write_text(contents[name], "utf-8")
    ran = called(ROOT, "check", str(path), *options)
    assert ran.returncode == 1
    assert not ran.stderr
    assert f"{name}{where}" in ran.stdout


def test_without_a_plan_a_table_is_checked_with_the_plan_its_rows_name(tmp_path):
    raw = (ROOT / "data/raw/example/observations.csv").read_text("utf-8")
    (tmp_path / "new.csv").write_text(raw, "utf-8")
    (tmp_path / "other.csv").write_text(raw.replace("example,", "exampel,"), "utf-8")
    good, bad = (
        called(ROOT, "check", str(tmp_path / "new.csv")),
        called(ROOT, "check", str(tmp_path / "other.csv")),
    )
    assert good.returncode == 0
    assert good.stdout.endswith("new.csv：合格\n")
    assert bad.returncode == 1
    assert (
        bad.stdout
        == "other.csv:2:plan: exampel — 没有这个规划；最接近的是 example — 请用 --plan 或 "
        "--params 指明规划\n"
    )


def test_a_bad_plan_is_told_whole_with_exit_code_1(toy):
    toy.cell("observations.csv", 2, unit="千克")
    toy.cell("observations.csv", 3, source="hearsay")
    ran = called(toy.root, "check", "toy")
    assert ran.returncode == 1
    assert re.search(r"data/raw/toy/observations\.csv:2:unit: 千克 — .+ — .+", ran.stdout)
    assert re.search(r"data/raw/toy/observations\.csv:3:source: hearsay — .+ — .+", ran.stdout)


@pytest.mark.parametrize(
    ("number", "path", "told"),
    [
        (errno.EROFS, "data/processed/x/.2024.lock", "data/processed/x/.2024.lock: Read-only file"),
        (errno.ENOSPC, None, "the disk: No space left on device"),
    ],
)
def test_where_nothing_can_be_written_one_sentence_says_where(
    monkeypatch, capsys, number, path, told
):
    def fail(**_):
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(cli, "verbs", fail)
    with pytest.raises(SystemExit, match="3"):
        cli.main()
    said = capsys.readouterr().err
    assert said.startswith(told)
    assert said.endswith("; make it writable or make room, then run again\n")
    assert said.count("\n") == 1


def test_a_traceback_is_shown_only_on_request(toy):
    (toy.root / "data/processed").write_text("a file where the folder of editions should be")
    asked = ("assess", "--plan", "toy")
    quiet, loud = helpers(toy.root, *asked), helpers(toy.root, "--debug", *asked)
    assert quiet.returncode == 3
    assert "Traceback" not in quiet.stderr
    assert len(quiet.stderr.strip().splitlines()) == 1
    assert "Traceback" in loud.stderr
