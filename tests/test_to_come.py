"""A date in the future is refused where it comes in and told where it is found; nothing else
depends on a clock."""

from __future__ import annotations

import datetime as dt

import pytest
from test_workbook import Form, column

from helpers import edition, request
from helpers.intake import door, to_come
from helpers.run.progress import Progress

TOMORROW = dt.date.today() + dt.timedelta(days=1)
LATER = dt.date.today() + dt.timedelta(days=2)


@pytest.fixture
def form(toy, tmp_path):
    form = Form(toy.plan, 2023, tmp_path / "form.xlsx")
    form.register(title="统计局复函", publisher="统计局", published="2024-06-01")
    return form


def test_a_figure_of_the_future_is_refused_at_its_cell_and_one_of_tomorrow_taken(form):
    row = form.fill("patents", 2022, value=131, source="统计局复函", published=str(LATER))
    (told,) = form.told()
    assert told.startswith(f"form.xlsx:指标!{column('published')}{row}: {LATER} — 晚于今天")
    form.fill("patents", 2022, published=str(TOMORROW))  # somewhere it is tomorrow already
    assert len(form.prepare().changes) == 1


@pytest.mark.parametrize("day", ["2199", "9999-12", "2099-01-01"])
def test_a_source_of_the_future_is_refused_once_at_its_cell(form, day):
    form.fill("patents", 2022, value=131, source="统计局复函")
    form.fill("patents", 2021, value=121, source="统计局复函")
    form.register(published=day)
    (told,) = form.told()
    assert told.startswith(f"form.xlsx:来源!D4: {day} — 晚于今天")


def test_a_year_that_has_begun_is_not_to_come(form):
    form.register(published=f"{dt.date.today().year}")
    form.fill("patents", 2022, value=131, source="统计局复函")
    assert len(form.prepare().changes) == 1


def test_a_table_that_is_handed_in_is_refused_and_what_is_there_is_told(toy):
    toy.cell("observations.csv", 2, published=str(LATER))
    (told,) = [one for one in door.check(toy["observations.csv"], toy.plan) if one.line == 2]
    assert (told.warning, told.problem) == (False, f"晚于今天（{dt.date.today()}）")
    _, warnings = door.check_plan(toy.plan)
    (told,) = [one for one in warnings if one.line == 2]
    assert (told.warning, told.column, told.value) == (True, "published", str(LATER))


def test_evidence_of_the_future_is_told_and_a_term_that_ends_then_is_not(toy):
    head = "plan,commitment_id,year,state,source,published,date,until"
    _, line, *_ = toy["commitments.csv"].read_text("utf-8").splitlines()
    first = ",".join(line.split(",")[:5])
    year = first.split(",")[2]
    toy.write("commitments.csv", f"{head}\n{first},{LATER},{year}-06,2199\n")
    found = door.check(toy["commitments.csv"], toy.plan)
    assert [one.column for one in found if "晚于今天" in one.problem] == ["published"]


def test_an_assessment_of_such_figures_says_so(toy, monkeypatch):
    """It is not refused: the same inputs give the same edition whatever the day."""
    toy.cell("observations.csv", 2, published=str(LATER))
    said: list[str] = []
    monkeypatch.setattr(Progress, "say", lambda _, text: said.append(text))

    class Ended(Exception):
        pass

    class Pool:
        def start(self):
            pass

    def held(*_):
        raise Ended

    monkeypatch.setattr(edition.place, "held", held)
    with pytest.raises(Ended):
        edition.make(request.of("toy", 2023, root=toy.root), Pool(), Progress(""))
    assert [one for one in said if "晚于今天" in one]


def test_a_day_is_compared_by_its_first_day():
    assert [to_come._first_day(day) for day in ("2026", "2026-03", "2026-03-04", "")] == [
        "2026-01-01",
        "2026-03-01",
        "2026-03-04",
        "",
    ]
