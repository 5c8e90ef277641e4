"""What README and METHOD say of the chances of forms and of asked targets is what was measured."""

import csv
import re
from pathlib import Path

from conftest import some

ROOT = Path(__file__).resolve().parents[1]
WIDEST = 0.03
FORMS = {
    "`mean`": "mean",
    "`mean` with `rate`": "mean rate",
    "`compound`": "compound",
    "`every_year`": "every year",
    "`range`": "range",
    "`rise`": "rise",
    "`relative` (mean rates)": "relative",
    "`relative` (mean differences)": "difference",
}


def measured() -> dict[str, dict[str, str]]:
    with open(ROOT / "benchmarks/results/forms.csv", encoding="utf-8", newline="") as file:
        return {row["form"]: row for row in csv.DictReader(file) if row["k"] == "all"}


def test_the_table_of_forms_in_the_readme_is_the_benchmarks():
    quoted = re.findall(
        r"^\| (`[^|]+) \| ([\d,]+) \| (0\.\d{3}) \| (0\.\d{3}) \| (0\.\d{4}) \| (0\.\d{4}) \|$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert {name for name, *_ in quoted} == set(FORMS)
    for name, *figures in quoted:
        row = measured()[FORMS[name]]
        assert figures == [
            f"{int(row['count']):,}",
            f"{float(row['said']):.3f}",
            f"{float(row['met']):.3f}",
            f"{float(row['brier']):.4f}",
            f"{float(row['calibration']):.4f}",
        ]


def test_the_chances_of_every_form_are_calibrated():
    for form, row in some(measured().items()):
        assert float(row["calibration"]) <= WIDEST, form


def asked_and_met() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(question, direction) → (chance asked for, share met), over all lengths and years ahead."""
    with open(ROOT / "benchmarks/results/target.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["n"] == row["ahead"] == "all"]
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault((row["question"], row["op"]), []).append((row["chance"], row["met"]))
    return found


def test_a_target_asked_for_at_a_chance_is_met_that_often():
    measured = asked_and_met()
    assert set(measured) == {(q, op) for q in ("levels", "increments") for op in (">=", "<=")}
    for question, pairs in some(measured.items()):
        for chance, met in some(pairs):
            assert abs(float(met) - float(chance)) <= WIDEST, question


def test_the_table_of_asked_targets_in_the_readme_is_the_benchmarks():
    readme = (ROOT / "README.md").read_text("utf-8")
    for (question, op), pairs in some(asked_and_met().items()):
        if op == ">=":
            cells = " | ".join(f"{float(met):.3f}" for _, met in pairs)
            assert f"| `{question}`, met | {cells} |" in readme
