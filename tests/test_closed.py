"""A plan closed: the set is made beside its editions, and sealed with them in one bag."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers import closed, tasks
from helpers.archive import verify
from helpers.intake.finding import Unknown

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("notebooks", "src", "requirements.lock", "requirements-runtime.lock", "Makefile", "uv.lock",
        "pyproject.toml", "tools", "LICENSE", "params/archive.yml", "params/README.md",
        "params/example", "data/raw/example", ".gitignore")  # fmt: skip


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A root with the example and, in place of its last edition, files of its names."""
    for name in ("params/example", "data/raw/example"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for year in ("2024", "2025"):
        folder = tmp_path / "data" / "processed" / "example" / year
        folder.mkdir(parents=True)
        for name in tasks.PAGE:
            (folder / name).write_text("{}", "utf-8")
    monkeypatch.setenv("ASSESSMENT_ROOT", str(tmp_path))
    return tmp_path


def test_a_plan_whose_last_edition_is_not_there_cannot_be_closed(place):
    shutil.rmtree(place / "data" / "processed" / "example" / "2025")
    with pytest.raises(Unknown, match="先执行 make assess PLAN=example YEAR=2025"):
        closed.of("example")


def test_the_set_has_final_words_what_was_never_judged_and_lessons(place):
    made = closed.make(closed.of("example"))
    assert made.folder == place / "data" / "processed" / "example" / "closing"
    with open(made.folder / closed.TABLE, encoding="utf-8-sig") as file:
        rows = {row["indicator_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 14
    assert {row["final_code"] for row in rows.values()} == {"pending"}  # 2025 is not published
    assert rows["royalty_exports"]["never_judged"] == "True"
    assert rows["royalty_exports"]["years_judged"] == "0"
    assert rows["pledge_amount"]["years_judged"] == "5"
    assert rows["pledge_amount"]["final_value"] == "8.0"
    record = json.loads((made.folder / closed.RECORD).read_text("utf-8"))
    assert [row["indicator_id"] for row in record["rows"]] == list(rows)
    page = (made.folder / closed.PAGE).read_text("utf-8")
    never = re.search(r'id="h-never".*?</section>', page, re.DOTALL)[0]
    assert "知识产权使用费出口额" in never
    assert "知识产权质押融资金额" not in never
    lessons = re.search(r'id="h-lessons".*?</section>', page, re.DOTALL)[0]
    assert "缺基期" in lessons
    assert re.findall(r'href="\.\./(\w+)/assessment.html"', page) == ["2024", "2025"]


def test_what_is_met_a_year_late_is_told(place):
    """The year after: 20 of 20, where 2025 brought 19."""
    with open(place / "data/raw/example/observations.csv", "a", encoding="utf-8") as file:
        for year, value, day in ((2025, "19.0", "2026-03-01"), (2026, "20.0", "2027-03-01")):
            known = f"patents_per_10k,yunshang,{year},{value},件/万人,final,bulletin_2024,{day}"
            file.write(f"example,{known},=,,虚构,\n")
    from helpers.measure import closing as measured

    plan = closed.of("example").plan
    [late] = [one for one in measured.ended(plan) if one.late]
    assert (late.facts.id, late.final) == ("patents_per_10k", "fulfilled_late")


@pytest.mark.slow
def test_a_closed_plan_is_one_bag_that_verifies(tmp_path):
    """The bag holds the last edition, the closing set, and the report of the year before."""
    for name in KEPT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    person = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "-A"), (*person, "commit", "-q", "-m", "a state")):
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    def helpers(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "helpers", *arguments], cwd=tmp_path, capture_output=True,
            text=True, env=os.environ | {"ASSESSMENT_ROOT": str(tmp_path)},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    for year in ("2024", "2025"):
        helpers("assess", "--plan", "example", "--year", year)
    assert "已封存" in helpers("close", "--plan", "example")
    (bag,) = (tmp_path / "evidence").glob("*.zip")
    assert verify.verify(bag).exit == 0
    names = [name.partition("/data/")[2] for name in zipfile.ZipFile(bag).namelist()]
    there = {name for name in names if name.startswith("data/processed/")}
    for wanted in ("closing/closing.html", "closing/closing.csv", "2025/assessment.html",
                   "2024/assessment.html", "2024/results.csv"):  # fmt: skip
        assert f"data/processed/example/{wanted}" in there
    assert "早已登记" in helpers("close", "--plan", "example")
