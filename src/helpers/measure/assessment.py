"""What is said of one indicator in one area, and from where its progress starts (METHOD §3)."""

from __future__ import annotations

from dataclasses import dataclass

from ..intake.judgement import Judged
from ..intake.observations import Series
from ..intake.plan import Indicator
from .forecast import Forecast
from .trend import Trend


@dataclass(frozen=True)
class Baseline:
    """The start of progress that was used: `source` is zero, plan, observations, substitute, none,
    or form (the target's form does not start from a baseline)."""

    year: int
    value: float | None
    bound: str
    source: str

    @property
    def figure(self) -> float:
        """The value of a baseline that has one. Raises ValueError for one without."""
        if self.value is None:
            raise ValueError(f"there is no baseline of {self.year}")
        return self.value


@dataclass(frozen=True)
class Standing:
    """How far the latest value has come: its `status`; of several `possible` inside bounds, whether
    it is the least of them; why, in codes."""

    status: str
    possible: tuple[str, ...] = ()
    at_least: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """Everything said of one indicator in one area; names as in results.csv, None is not
    available. Of forms that are judged year by year or by what the years come to: `needed` is what
    each year left has to be, in the indicator's unit; `broke` the years that did not keep to
    their limits. `word`: the evaluator's, which the status of a target in words rests on."""

    facts: Indicator
    area: str
    year: int
    rule: str
    status: str
    baseline: Baseline
    series: Series
    forecast: Forecast
    data_year: int | None = None
    value: float | None = None
    bound: str = "="
    attainment: float | None = None
    progress: float | None = None
    elapsed: float | None = None
    ratio: float | None = None
    scheduled: float | None = None
    cagr: float | None = None
    required_cagr: float | None = None
    required_step: float | None = None
    mean_step: float | None = None
    planned_step: float | None = None
    step_factor: float | None = None
    trend: Trend | None = None
    p_met: float | None = None
    outlook: str | None = None
    alert: str | None = None
    final: str = ""
    possible: tuple[str, ...] = ()
    at_least: bool = False
    reasons: tuple[str, ...] = ()
    window: int | None = None
    needed: float | None = None
    broke: tuple[int, ...] = ()
    word: Judged | None = None

    @property
    def n(self) -> int:
        return len(self.series.points)

    @property
    def latest(self) -> tuple[int, float]:
        """(data year, value) of what is judged. Raises ValueError where nothing was observed."""
        if self.data_year is None or self.value is None:
            raise ValueError(f"{self.facts.id}: nothing was observed to judge")
        return self.data_year, self.value

    @property
    def without_chance(self) -> bool:
        """Whether no chance is spoken of: all is settled, or there is nothing to tell it from."""
        unknown = self.status == "no_data" and self.p_met is None
        settled = self.status == "met_locked" or self.final not in ("", "pending")
        return unknown or settled or self.word is not None

    @property
    def year_of_plan(self) -> int | None:
        """How many of a five-year plan's years had passed when the data were taken: 1…4, None of
        other plans and at the ends."""
        first, last = self.baseline.year, self.facts.target.year
        passed = None if self.data_year is None else self.data_year - first
        return passed if last - first == 5 and passed in range(1, 5) else None

    @property
    def at_target(self) -> dict[str, float | None]:
        """Median and interval ends of the forecast for the target year."""
        return self.forecast.at(self.facts.target.year)
