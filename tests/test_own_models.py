"""A model of one's own: the examples of docs/howto/model.md, as they stand there, in every place a
model can be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs/howto/model.md").read_text("utf-8"), re.DOTALL
)
ELSEWHERE = """
import helpers.measure.forecast as forecast
from helpers.intake import observations, plan as plans
from helpers.measure import rolling, sensitivity, verdict
from helpers.show import result, table, wording

assert "median_step" in forecast.NAMES
plan = plans.load("example")
points = observations.of_run(plan, 2024)
facts = plans.indicator(plan, "patents_per_10k")
said = verdict.assess(plan, facts, points, 2024, model="median_step")
assert said.at_target["median"] == 18.0 + 2.0 and 0 < said.p_met < 1  # steps 2.5, 1.5, 2.5, 1.5
models = sensitivity.other_models(plan, said)
assert "median_step" in table.models(said, models).to_string()
assert "median_step" in wording.outlook(said)
record = result.indicator(plan, said, (), models, sensitivity.other_rules(said)).data
assert record["model"] == "median_step" and "median_step" in record["texts"]["prospect"]
scores = rolling.scores(rolling.outcomes(rolling.of_plan(plan, points), horizon=2))
assert "median_step" in [score.model for score in scores]
assert "median_step" in table.scores(scores).to_string()
tried = sensitivity.tried(plan, facts, points, 2024, [None, 3], "cn-plan-1")
assert "median_step" in table.tried(tried).to_string()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The code with the first example in `own_models.py`, and the example plan."""
    for name in ("src", "params", "data/raw", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    return tmp_path


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "ASSESSMENT_ROOT": str(root)},
        capture_output=True,
        text=True,
    )


def add(root: Path, example: str) -> None:
    with open(root / "src/helpers/measure/own_models.py", "a", encoding="utf-8") as file:
        file.write(f"\n\n{example}")


@pytest.mark.slow
def test_one_function_in_one_file_stands_in_every_comparison(checkout):
    add(checkout, EXAMPLES[0])
    ran = run(checkout, "-c", ELSEWHERE)
    assert ran.returncode == 0, ran.stderr
    assert "median_step" in run(checkout, "-m", "helpers", "models").stdout.split()
    file = checkout / "params/example/run.yml"
    file.write_text(file.read_text("utf-8").replace("model: pooled", "model: median_step"), "utf-8")
    made = run(checkout, "-m", "helpers", "assess", "--plan", "example")
    assert made.returncode == 0, made.stderr
    assert "“median_step”模型" in (
        checkout / "data/processed/example/2024/assessment.html"
    ).read_text("utf-8")


@pytest.mark.slow
def test_the_property_tests_are_asked_of_it(checkout):
    add(checkout, EXAMPLES[0])
    shutil.copytree(
        ROOT / "tests", checkout / "tests", ignore=shutil.ignore_patterns("__pycache__")
    )
    add(
        checkout,
        EXAMPLES[0].replace("median_step", "broken").replace("values[:, -1:] +", "1 / 0 +"),
    )
    ran = run(
        checkout,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
        "tests/test_pooled.py",
        "-k",
        "no_model_crashes and (median_step or broken)",
    )
    assert "1 failed, 1 passed" in ran.stdout
    assert "[broken]" in ran.stdout
    assert "ZeroDivisionError" in ran.stdout


def test_a_model_of_another_library_is_asked_where_that_is_installed(checkout):
    pytest.importorskip(
        "statsforecast",
        reason="statsforecast is in the environment of the benchmarks",
    )
    add(checkout, EXAMPLES[1])
    ran = run(
        checkout,
        "-c",
        "from helpers.measure import forecast; said = forecast.fit(range(2015, 2025), [1.0, 2, "
        "4, 4, 5, 7, 7, 8, 9, 11], 2027, model='auto_ets'); assert len(said.rows) == 3 and "
        "said.rows[-1][1] > 9, said",
    )
    assert ran.returncode == 0, ran.stderr
