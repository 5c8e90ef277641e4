"""The shipped plans: every figure and quote is where its source has it, and nothing is lost or
passed off as something else.

What was researched lies in ../shared/data; the comparisons with it are skipped where that folder is
absent.
"""

import csv
import hashlib
import re
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import some
from fontTools.ttLib import TTFont

from helpers.intake import contract, facts, observations, plan as plans, promise_rows, targets

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
PLANS = plans.available(ROOT)
TONGZHOU = plans.load("tongzhou-145", ROOT)

needs_tongzhou = pytest.mark.skipif(
    not (SHARED / "tongzhou").is_dir(),
    reason="../shared/data/tongzhou is not here: nothing to compare the plan's text with",
)
needs_national = pytest.mark.skipif(
    not (SHARED / "national").is_dir(),
    reason="../shared/data/national is not here: nothing to compare the figures with",
)


def table(name):
    with open(SHARED / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TEXT = TONGZHOU.raw / "documents/plan.txt"


def lines_of_the_plan():
    return TEXT.read_text("utf-8").split("\n")


# Every plan


def test_the_four_plans_are_shipped():
    assert PLANS == ("china-145", "example", "national-135", "national-145", "tongzhou-145")


@pytest.mark.parametrize("plan_id", PLANS)
def test_a_shipped_plan_and_its_data_are_received_without_a_refusal_or_a_warning(plan_id):
    plan = plans.load(plan_id, ROOT)
    received = observations.receive(plan)
    assert received.observations
    assert received.warnings == ()
    assert plans.year_of(plan, None) == plans.choices(plan).year


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_arithmetic_a_plan_records_holds(plan_id):
    assert [
        check.id
        for check in plans.load(plan_id, ROOT).checks
        if not check.observed and not check.holds
    ] == []


@pytest.mark.parametrize("plan_id", PLANS)
def test_choices_are_ascii_because_papermill_writes_them_into_notebooks(plan_id):
    assert (ROOT / "params" / plan_id / "run.yml").read_bytes().isascii()


# Tongzhou: the plan's own text


def test_the_text_is_the_one_the_line_numbers_refer_to():
    assert hashlib.sha256(TEXT.read_bytes()).hexdigest() == TONGZHOU.document.sha256


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param(quote, id=f"{entry.id}-{quote.line}")
        for entry, quotes in [
            *((facts, facts.clauses) for facts in plans.indicators(TONGZHOU)),
            *((promise, [promise]) for promise in plans.commitments(TONGZHOU)),
        ]
        for quote in quotes
        if quote.line
    ],
)
def test_every_quote_stands_verbatim_on_its_line(quote):
    text = lines_of_the_plan()
    *cells, last = quote.quote.split("|")
    assert last in text[quote.line - 1]
    for cell in (
        cells
    ):  # the cells of a table row stand on lines of their own, the last of them on the quoted line
        assert any(cell in line for line in text[quote.line - 5 : quote.line]), (
            f"{cell} is not on line {quote.line} or up to 4 before"
        )


def test_every_promise_and_every_indicator_of_tongzhou_is_quoted_by_line():
    assert all(clause.line for facts in plans.indicators(TONGZHOU) for clause in facts.clauses)
    assert all(promise.line or promise.source for promise in plans.commitments(TONGZHOU))


@needs_tongzhou
def test_the_19_targets_of_the_plans_table_are_there_in_order_and_training_after_them():
    targets = [
        (row["indicator_id"], float(row["target_2025"]), row["unit"])
        for row in table("tongzhou/coverage.csv")
    ]
    assert len(targets) == 19
    ours = [(facts.id, facts.target.value, facts.unit) for facts in plans.indicators(TONGZHOU)]
    assert ours == [*targets, ("ip_training_person_times", 2400, "人次")]


@needs_tongzhou
def test_every_target_is_quoted_from_the_line_of_the_plans_table():
    lines = {row["indicator_id"]: int(row["plan_line"]) for row in table("tongzhou/coverage.csv")}
    quoted = {
        facts.id: [clause.line for clause in facts.clauses] for facts in plans.indicators(TONGZHOU)
    }
    assert [name for name, line in lines.items() if line not in quoted[name]] == []


@needs_tongzhou
def test_all_17_figures_of_the_plans_table_of_2020_are_shown_beside_the_targets():
    printed = [
        row for row in table("tongzhou/plan_baseline.csv") if row["kind"] == "baseline_table"
    ]
    assert len(printed) == 17
    of_the_table = {
        series.id for series in plans.context(TONGZHOU) if series.group == "baseline_table"
    }
    ours = [row for row in observations.context(TONGZHOU) if row.indicator_id in of_the_table]
    for row in printed:
        same = [
            o
            for o in ours
            if f"（第{row['plan_line']}行）" in o.locator
            and o.year == 2020
            and o.value == float(row["value"])
            and o.unit == row["unit"]
        ]
        assert len(same) == 1, f"{row['indicator_id']} on line {row['plan_line']}"
        assert same[0].bound == row["bound"]


# Numbers of the traps that we tell with more digits; 33.5 (万件, the whole province in 2022) we do
# not tell at all.
TOLD_MORE_EXACTLY = {"788.8": "788.78", "635.6": "635.56", "126": "125.87"}
NOT_TOLD = {"33.5"}


@needs_tongzhou
def test_every_number_in_a_trap_is_told_in_our_parameters():
    told = "".join(
        path.read_text("utf-8")
        for path in sorted([*TONGZHOU.params.rglob("*.yml"), *TONGZHOU.raw.glob("*.csv")])
    )
    numbers = set(re.findall(r"\d+(?:\.\d+)?", told))
    traps = {
        number
        for row in table("tongzhou/plan_baseline.csv")
        for number in re.findall(r"\d+(?:\.\d+)?", row["trap"])
    }
    assert {TOLD_MORE_EXACTLY.get(number, number) for number in traps - NOT_TOLD} <= numbers


# The national plans: what was published

RESEARCHED = {"national-13-5": "national-135", "national-14-5": "national-145"}
EXCEPTIONS = {
    # researched figure: what we hold instead, and why
    ("pledge_annual", 2013, 687.53): (
        "pledge_annual",
        2013,
        655.8,
    ),  # 687.53 includes copyright; every other year is patents and trademarks, 254 + 401.8
    ("royalty_export_cum", 2018, 115.4): (
        "royalty_export_cum",
        2018,
        56.0,
    ),  # reported year by year: 11.4 + 48 + 56 is our level, not a row
}
LOWER_BOUND = (
    "plant_variety_cum",
    2020,
    3.3673,
)  # end of October: a running total cannot fall, so it bounds the year's end from below


def figures(rows):
    return {(row.indicator_id, row.year, row.value) for row in rows}


def researched(plan, *kinds):
    rows = [
        row
        for row in table("national/observations.csv")
        if RESEARCHED.get(row["plan"]) == plan and row["kind"] in kinds
    ]
    return [(row["indicator_id"], int(row["year"]), float(row["value"])) for row in rows]


@needs_national
@pytest.mark.parametrize("plan_id", RESEARCHED.values())
def test_every_published_or_derived_annual_value_is_in_our_tables(plan_id):
    received = observations.receive(plans.load(plan_id, ROOT))
    # A value that is not the indicator's own lies in the context under a name that says so; there
    # year and value must agree.
    shown = {(year, value) for _, year, value in figures(received.context)}
    observed = figures(received.observations)
    for figure in some(researched(plan_id, "published", "derived")):
        assert EXCEPTIONS.get(figure, figure) in observed or figure[1:] in shown, figure


@needs_national
def test_the_exceptions_are_held_under_what_they_are():
    received = observations.receive(plans.load("national-135", ROOT))
    for figure, instead in EXCEPTIONS.items():
        assert figure in researched("national-135", "derived")
        assert instead in figures(received.observations)
        assert figure not in figures(received.observations)
    assert ("pledge_with_copyright", 2013, 687.53) in figures(received.context)
    assert ("royalty_export_to_date", 2018, 115.4) in figures(received.context)


@needs_national
@pytest.mark.parametrize("plan_id", RESEARCHED.values())
def test_a_part_of_a_year_is_never_an_observation_but_for_one_declared_lower_bound(plan_id):
    received = observations.receive(plans.load(plan_id, ROOT))
    partial = set(researched(plan_id, "partial"))
    assert partial
    assert partial & figures(received.observations) == ({LOWER_BOUND} & partial)
    shown = {(year, value) for _, year, value in figures(received.context)}
    assert all(figure[1:] in shown for figure in partial - {LOWER_BOUND})


def test_the_part_of_a_year_that_is_an_observation_is_a_lower_bound():
    received = observations.receive(plans.load("national-135", ROOT))
    (row,) = [
        row
        for row in received.observations
        if (row.indicator_id, row.year, row.value) == LOWER_BOUND
    ]
    assert row.bound in (">", ">=")
    assert (
        plans.indicator(plans.load("national-135", ROOT), "plant_variety_cum").kind == "cumulative"
    )


@needs_national
@pytest.mark.parametrize("plan_id", RESEARCHED.values())
def test_a_rejected_figure_is_nowhere(plan_id):
    received = observations.receive(plans.load(plan_id, ROOT))
    assert (
        set(researched(plan_id, "rejected"))
        & (figures(received.observations) | figures(received.context))
        == set()
    )


KNOWN_LATER = {
    # researched figure: the day by which it was known for sure
    (
        "works_registered",
        2017,
        200.1966,
    ): "2019-03-06",  # researched with 2018-04-24, when only the rounded 200.2 was told
    (
        "copyright_share",
        2020,
        7.39,
    ): "2022-01-31",  # researched as "2021-12/2022-01": the later of the two
}


@needs_national
@pytest.mark.parametrize("plan_id", RESEARCHED.values())
def test_every_value_became_known_when_it_was_published(plan_id):
    received = observations.receive(plans.load(plan_id, ROOT))
    for row in some(table("national/observations.csv")):
        if RESEARCHED.get(row["plan"]) != plan_id or row["kind"] == "rejected":
            continue
        figure = (row["indicator_id"], int(row["year"]), float(row["value"]))
        day = KNOWN_LATER.get(figure) or plans.last_day(row["published"])
        held = EXCEPTIONS.get(figure, figure)
        days = {
            observations.became_known(o)
            for o in (*received.observations, *received.context)
            if (o.year, o.value) == held[1:]
        }
        assert day in days, figure


# The definition of the fields

README = (ROOT / "params/README.md").read_text("utf-8")


def section(title):
    """The lines of params/README.md under a heading that holds `title`."""
    (text,) = [part for part in README.split("\n## ") if title in part.split("\n")[0]]
    return text


def named(text):
    """Words in backquotes; a list in braces names several."""
    return set(re.findall(r"[a-z][a-z0-9_]*", " ".join(re.findall(r"`([^`]*)`", text))))


def first_column(title):
    rows = [line.split("|") for line in section(title).split("\n") if line.startswith("| `")]
    return {name for row in rows for name in named(row[1])}


def row_of(title, field):
    (row,) = [
        line
        for line in section(title).split("\n")
        if line.startswith(f"| `{field}`") or f"| `{field} " in line
    ]
    return row


def listed(text):
    """The names in the first braces of a row: `{year, value}` or list of `{id, text}`."""
    return set(re.findall(r"[a-z][a-z0-9_]*(?=\s*[,:}])", re.search(r"`\{([^`]*\})`", text)[1]))


def of(cls):
    return {field.name for field in fields(cls) if not field.metadata.get("computed")}


@pytest.mark.parametrize(
    ("title", "cls"),
    [
        ("/plan.yml`", plans.Plan),
        ("/indicators/<id>.yml`", plans.Indicator),
        ("/commitments.yml`", plans.Commitment),
    ],
)
def test_every_field_is_defined_once_in_words_and_once_in_code(title, cls):
    assert first_column(title) == of(cls)


@pytest.mark.parametrize(
    ("title", "field", "cls"),
    [
        ("/plan.yml`", "document", plans.Document),
        ("/plan.yml`", "period", plans.Period),
        ("/plan.yml`", "areas", plans.Area),
        ("/plan.yml`", "checks", plans.Check),
        ("/indicators/<id>.yml`", "baseline", plans.Baseline),
        ("/indicators/<id>.yml`", "target", plans.Target),
        ("/indicators/<id>.yml`", "clauses", plans.Clause),
        ("/indicators/<id>.yml`", "supplier", plans.Supplier),
        ("/indicators/<id>.yml`", "breaks", plans.Break),
    ],
)
def test_the_parts_of_a_field_are_defined_in_words_as_in_code(title, field, cls):
    row = row_of(title, field)
    assert (listed(row) if field != "period" else {"start", "end"} & named(row)) == of(cls)


def test_the_parts_of_a_reading_are_defined_in_words_as_in_code():
    row = row_of("/indicators/<id>.yml`", "readings")
    changes = set(re.search(r"any of `([^`]*)`", row)[1].split())
    assert listed(row) | changes == of(plans.Reading)


def test_the_parts_of_a_context_series_and_of_the_choices_are_defined_in_words_as_in_code():
    assert listed(section("/context.yml`").replace("`series:` list of ", "")) == of(
        plans.ContextSeries
    )
    assert named(section("/run.yml`").split("\n", 1)[1]) == of(plans.Choices)


def test_the_columns_of_the_raw_tables_are_defined_in_words_as_in_code():
    text = section("`data/raw/<plan>/`")
    for columns in (
        contract.OBSERVATIONS,
        contract.OBSERVATIONS_OPTIONAL,
        contract.SOURCES,
        promise_rows.COMMITMENTS,
        promise_rows.COMMITMENTS_OPTIONAL,
        promise_rows.FUNDS,
        promise_rows.FUNDS_OPTIONAL,
    ):
        assert f"`{','.join(columns)}`" in text
    assert set(contract.STATUSES) | set(promise_rows.STATES) | set(promise_rows.STAGES) <= named(
        text
    )


@pytest.mark.parametrize(
    ("title", "field", "annotation"),
    [
        ("/indicators/<id>.yml`", "kind", facts.Kind),
        ("/indicators/<id>.yml`", "target", targets.Operator),
        ("`data/raw/<plan>/`", "bound", targets.Bound),
    ],
)
def test_the_words_of_a_choice_are_defined_in_words_as_in_code(title, field, annotation):
    text = row_of(title, field) if field != "bound" else section(title)
    assert [word for word in annotation.__args__ if f"`{word}`" not in text] == []


# The font that travels with a report


def test_every_character_of_the_shipped_texts_is_in_the_font_that_travels_with_a_report():
    font = TTFont(ROOT / "src/helpers/show/fonts/plan-assessment-sans.otf").getBestCmap()
    texts = [
        path
        for folder in ("params", "data/raw")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    ]
    texts += [
        *(ROOT / "notebooks").glob("*.ipynb"),
        *(ROOT / "src/helpers/show").glob("*.py"),
        *(ROOT / "src/helpers/publish").rglob("*.j2"),
    ]
    missing = {}
    for path in texts:
        for character in set(path.read_text("utf-8")):
            if ord(character) > 0x7F and ord(character) not in font:
                missing.setdefault(f"{character} U+{ord(character):04X}", []).append(
                    path.relative_to(ROOT).as_posix()
                )
    assert (
        missing == {}
        # `make font` cuts it anew; a sign that Noto Sans CJK does not have must be replaced by
        # another
    )
