"""A large table is told the same of, whether its plain series are cleared at once or each row is
looked at; and most of a good table is cleared."""

from __future__ import annotations

import csv
import io
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.intake import cleared, contract, door, observations, plan as plans
from helpers.intake.facts import Area, Break

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
from door import mutated

PLAN = plans.load("example")
FACTS = {facts.id: facts for facts in plans.indicators(PLAN)}
SOURCES = observations.sources(PLAN)
LARGE_PLAN = replace(PLAN, areas=(*PLAN.areas, *(Area(f"a{k}", f"a{k}", "part") for k in range(9))))
COLUMNS = (*contract.OBSERVATIONS, *contract.OBSERVATIONS_OPTIONAL)
YEARS = range(2016, 2026)


def good(chance: random.Random) -> list[list[str]]:
    """Ten years of each indicator in some areas, from figures of the plan on, most of them
    steady."""
    rows = []
    for facts in FACTS.values():
        for area in chance.sample(LARGE_PLAN.areas, 3):
            figure = facts.target.value or facts.baseline.value or 50.0
            for year in YEARS:
                figure *= chance.choice((1.01, 1.03, 1.002, 1.1, 1.05) * 12 + (0.99, 1.7))
                typed = f"{figure:.0f}" if facts.is_count else f"{figure:.3f}"
                row = [PLAN.id, facts.id, area.id, str(year), typed, facts.unit, "final"]
                rows.append([*row, "bulletin_2024", "2026-03-01", "=", "第4页", "虚构", ""])
    return rows


def odd(rows: list[list[str]], chance: random.Random) -> None:
    """One to four things of a row otherwise: what offices do, right and wrong."""
    for _ in range(chance.randint(1, 4)):
        k, other = chance.randrange(len(rows)), chance.choice(rows)
        column = chance.choice([*COLUMNS, "row", "twice", "value", "value", "year"])
        if column == "row":
            del rows[k]
        elif column == "twice":
            rows.insert(k, list(rows[k]))
        else:
            at = COLUMNS.index(column)
            rows[k][at] = chance.choice((other[at], *WORDS[column], rows[k - 1][at]))


WORDS = dict.fromkeys(COLUMNS, ("", "x", " ")) | {
    "value": ("", "0", "-3", "1e3", "12.5", "1,200", "99999999", "0.001", "1234567.25", "缺"),
    "year": ("2015", "2026", "2027", "20", "2031"),
    "status": ("preliminary", "derived", "missing", "target", "终值"),
    "bound": ("", ">", "~", ">="),
    "published": ("", "2019", "2020-01", "2020-06-30", "2031-01-01", "2020-13"),
    "period": ("2020Q1", "2021-03", "2021-01/2021-06"),
    "source": ("", "bulletin_2024", "none_such"),
    "note": ("", "一,二", 'er sagte "ja"', "长" * 2001, "两\n行"),
}


def told(path: Path, monkeypatch, large: float) -> list[str]:
    monkeypatch.setattr(cleared, "LARGE", large)
    return [str(finding) for finding in door.check(path, LARGE_PLAN)]


def table(rows: list[list[str]], end: str = "\n") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([COLUMNS, *rows])
    return text.getvalue().encode()


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 9))]
)
def test_what_is_told_does_not_depend_on_what_is_cleared(seed, tmp_path, monkeypatch):
    chance, path = random.Random(seed), tmp_path / "observations.csv"
    found = []
    for _ in range(8 if seed == 0 else 50):
        rows = good(chance)
        chance.choice((list.sort, chance.shuffle, len))(rows)
        if chance.random() < 0.9:
            odd(rows, chance)
        content = table(rows, chance.choice(("\n", "\r\n")))
        path.write_bytes(mutated(content, chance) if chance.random() < 0.2 else content)
        monkeypatch.setattr(cleared, "BLOCK", chance.choice((300, 5000, 2_000_000)))
        assert told(path, monkeypatch, 0) == told(path, monkeypatch, float("inf"))
        monkeypatch.setattr(cleared, "LARGE", 0)
        lines = cleared.cleared(path, LARGE_PLAN, FACTS, SOURCES).lines
        found.append(sum(lines) / len(rows))
    assert 0.1 < sum(found) / len(found) < 0.9  # of both there is enough to tell them apart


def plain(years=YEARS) -> list[list[str]]:
    """Three areas' figures of one indicator, of which there is nothing to tell."""
    facts = FACTS["trademarks_valid"]
    return [
        f"{PLAN.id},{facts.id},a{k},{year},{1001 + 70 * k + 21 * (year - 2016)},{facts.unit},"
        "final,bulletin_2024,2026-03-01,,,,".split(",")
        for k in range(3)
        for year in years
    ]


SLIPS = {
    "last year's figure again": ("value", "1001"),
    "the figure of another area": ("value", "1092"),
    "a figure with an exponent": ("value", "1.022e3"),
    "half of a thing": ("value", "1022.5"),
    "more than an exact figure": ("bound", ">"),
    "published before the year was over": ("published", "2017-11-30"),
    "published before the year": ("published", "2016-11-30"),
    "published in the future": ("published", "2099-01-01"),
    "another unit": ("unit", "万件"),
    "no figure": ("value", ""),
    "a part of a year": ("period", "2017Q5"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_plain_table_is_told_as_ever(slip, tmp_path, monkeypatch):
    path, rows = tmp_path / "observations.csv", plain()
    path.write_bytes(table(rows))
    assert told(path, monkeypatch, 0) == []
    column, text = SLIPS[slip]
    rows[1][COLUMNS.index(column)] = text  # 2017 of a0: 1022
    path.write_bytes(table(rows))
    found = told(path, monkeypatch, 0)
    assert found == told(path, monkeypatch, float("inf"))
    assert found, "the slip is none"


def test_a_short_series_is_held_against_the_baseline(tmp_path, monkeypatch):
    path, start = tmp_path / "observations.csv", FACTS["trademarks_valid"].baseline
    assert start.year < 2024
    for factor, doubts in ((1.1, 0), (3, 1)):
        row = plain([2024])[0]
        row[4] = f"{start.value * factor:.0f}"
        path.write_bytes(table([row, *plain()[10:]]))
        found = told(path, monkeypatch, 0)
        assert len(found) == doubts
        assert found == told(path, monkeypatch, float("inf"))


def test_a_series_of_two_definitions_is_left_to_the_checks_of_its_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(cleared, "LARGE", 0)
    path, facts = tmp_path / "observations.csv", FACTS["trademarks_valid"]
    path.write_bytes(table(plain()))
    cut = replace(facts, breaks=(Break(2018, "虚构"),))
    for one, whole in ((facts, True), (cut, False)):
        assert cleared.cleared(path, LARGE_PLAN, FACTS | {one.id: one}, SOURCES).whole == whole


def test_a_good_table_is_cleared_whole_and_counted_by_year(tmp_path, monkeypatch):
    monkeypatch.setattr(cleared, "LARGE", 0)
    path, rows = tmp_path / "observations.csv", plain((2022, 2023, 2024))
    path.write_bytes(table(rows))
    found = cleared.cleared(path, LARGE_PLAN, FACTS, SOURCES)
    assert found.whole
    assert found.figures == {2022: 3, 2023: 3, 2024: 3}
    assert found.lines == bytes([0, 0]) + bytes([1]) * 9  # no line 0; line 1 is the header
    rows[4][COLUMNS.index("unit")] = "万件"  # 2023 of a1: its series is left, lines 5 to 7
    path.write_bytes(table(rows))
    found = cleared.cleared(path, LARGE_PLAN, FACTS, SOURCES)
    assert [n for n, line in enumerate(found.lines) if n > 1 and not line] == [5, 6, 7]


def test_of_a_table_that_is_cleared_no_row_is_looked_at(tmp_path, monkeypatch):
    path = tmp_path / "observations.csv"
    path.write_bytes(table(plain()))
    monkeypatch.setattr(contract, "observation_rows", lambda *_: pytest.fail("a row was read"))
    assert told(path, monkeypatch, 0) == []
