"""An edition of a year that was not over when its newest figure was published says so."""

import pytest

from helpers.publish import report
from helpers.publish.chapters import conclusion
from helpers.show import wording
from helpers.show.lines import plain

ZH = wording.LANGUAGES["zh"]


def told(*published, year=2025, known_by="", running=0):
    records = [{"points": [{"published": day} for day in published]}]
    edition = {
        "whole": {"year": year, "known_by": known_by},
        "check": {"running": {str(k): "" for k in range(running)}},
        "newest": report.newest(records),
    }
    return "".join(plain(block.line) for block in conclusion._unfinished(edition, ZH))


@pytest.mark.parametrize(
    ("published", "known_by"),
    [
        (("2024-02", "2026-01-23"), ""),  # the newest counts
        (("2025-12-31",), ""),
        (("2025",), ""),  # a year alone is read as its end
        (("2026-01-23",), "2026-03-01"),
        (("2024-03-01",), "2025-12-31"),  # the evaluator looked that late and found no more
    ],
)
def test_nothing_is_said_of_a_year_that_was_over(published, known_by):
    assert told(*published, known_by=known_by) == ""


def test_a_year_not_over_is_said_with_the_day_of_the_newest_figure():
    assert told("2024-02-01", "2025-10-15").startswith(
        "已知数据最晚公布于 2025-10-15，早于 2025 年年末"
    )
    assert "最晚公布于 2025-06-30" in told("2026-01-23", known_by="2025-06-30")
    assert told("").startswith("还没有任何已公布的数据：2025 年")


def test_how_many_have_figures_of_a_part_of_the_year():
    assert "7 项指标报了当年的部分数" in told("2025-10-15", running=7)
    assert "部分数" not in told("2025-10-15")
