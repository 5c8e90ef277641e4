"""Money for a promise, by hand."""

from dataclasses import asdict, replace

from helpers.intake.promise_rows import Fund
from helpers.measure import funds
from helpers.show import ledger

PLAN = Fund("p", "park", 2022, "planned", 1000, "万元", "news", published="2022-06-17")


def of(*rows, year=2025, known_by=""):
    return [
        (one.stage, one.amount, one.in_parts)
        for one in funds.by_promise(rows, year, known_by).get("park", ())
    ]


def test_the_newest_total_of_a_stage_counts_whatever_the_order():
    more = replace(PLAN, year=2023, amount=0.12, unit="亿元")
    assert of(more, PLAN) == [("planned", 1200.0, False)]


def test_instalments_are_added_up_where_no_total_is_told():
    first = replace(PLAN, stage="in_place", amount=750, instalment="首期")
    second = replace(first, amount=100, instalment="二期", year=2023)
    assert of(PLAN, first) == [("planned", 1000.0, False), ("in_place", 750.0, True)]
    assert of(first, second) == [("in_place", 850.0, True)]  # 750 + 100
    again = replace(first, amount=700, year=2023)  # the first instalment, told anew
    assert of(first, second, again) == [("in_place", 800.0, True)]  # 700 + 100
    total = replace(first, amount=900, instalment="")
    assert of(first, second, total) == [("in_place", 900.0, False)]


def test_what_was_told_later_or_of_another_promise_is_not_seen():
    later = replace(PLAN, year=2024, amount=5, published="2025-02")
    other = replace(PLAN, commitment_id="other", amount=9)
    assert of(PLAN, later, other, year=2023) == [("planned", 1000.0, False)]
    assert of(PLAN, later, known_by="2025-01-31") == [("planned", 1000.0, False)]
    assert of(PLAN, later, known_by="2025-02-28") == [("planned", 5.0, False)]
    assert of(replace(PLAN, published=""), known_by="2025-12-31") == []  # no date, not known by one


def test_money_is_told_in_words_with_what_it_rests_on():
    first = replace(PLAN, stage="in_place", amount=750, instalment="首期", date="2022-06")
    second = replace(first, amount=100, instalment="二期", year=2023, date="", note="到账")
    (stages,) = funds.by_promise([PLAN, first, second], 2025).values()
    row = {"funds": [asdict(one) for one in stages]}
    assert ledger.funds_of(row, {"news": "报道"}) == (
        "1000",
        "850（各期合计）",
        "",  # of what was spent nothing is told: no zero
        "2022 计划 1000 万元（报道）；2022-06 到位首期 750 万元（报道）；"
        "2023 到位二期 100 万元，到账（报道）",
    )
