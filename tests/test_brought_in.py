"""The whole way of a figure, for every plan: the form goes out, comes back filled, and the value
stands on the page."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from helpers import cli
from helpers.intake import door, form_layout, observations, plan as plans

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("plan_id", plans.available())
def test_out_and_back_and_onto_the_page_for_every_plan(plan_id, tmp_path, monkeypatch):
    for folder in (f"params/{plan_id}", f"data/raw/{plan_id}", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setenv("ASSESSMENT_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    plan = plans.load(plan_id)
    assert (
        CliRunner()
        .invoke(
            cli.verbs,
            ["template", "--plan", plan_id, "--year", str(plan.period.end), "--file", "form.xlsx"],
        )
        .output
        == "open form.xlsx\n"
    )
    book = openpyxl.load_workbook("form.xlsx")
    sheet, facts = book[form_layout.FIGURES], plans.indicators(plan)[0]
    row = next(
        k
        for k in range(4, sheet.max_row + 1)
        if (sheet[f"A{k}"].value, sheet[f"C{k}"].value) == (facts.id, plan.period.end)
    )
    present = [
        row.value
        for row in observations.receive(plan).observations
        if row.indicator_id == facts.id and row.value
    ]
    value = max(present, default=10.0) + (1 if facts.decimals == 0 else 0.25)
    (
        sheet[f"E{row}"],
        sheet[f"H{row}"],
        book[form_layout.REGISTER]["B4"],
        book[form_layout.REGISTER]["D4"],
    ) = value, "复函", "复函", "2026-03-01"
    book.save("form.xlsx")
    shown = CliRunner().invoke(cli.verbs, ["import", "form.xlsx", "--plan", plan_id])
    assert shown.exit_code == 0, shown.output
    assert "没有写入" in shown.output
    assert not any(point.value == value for point in observations.receive(plan).observations)
    done = CliRunner().invoke(cli.verbs, ["import", "form.xlsx", "--plan", plan_id, "--yes"])
    assert done.exit_code == 0, done.output
    assert "已写入" in done.output
    points = observations.all_taken(plan, observations.receive(plan), plan.period.end)
    assert [
        point.row.value
        for point in points
        if point.row.indicator_id == facts.id and point.year == plan.period.end
    ] == [value]
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "helpers",
            "assess",
            "--plan",
            plan_id,
            "--year",
            str(plan.period.end),
            "--jobs",
            "2",
        ],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    edition = tmp_path / "data" / "processed" / plan_id / str(plan.period.end)
    with open(edition / "results.csv", encoding="utf-8-sig", newline="") as file:
        assert [
            float(row["value"]) for row in csv.DictReader(file) if row["indicator_id"] == facts.id
        ] == [value]
    assert "复函" in (edition / "assessment.html").read_text("utf-8")
    assert CliRunner().invoke(cli.verbs, ["check", plan_id]).exit_code == 0
    assert door.check(tmp_path / "data" / "raw" / plan_id / "observations.csv", plan) is not None
