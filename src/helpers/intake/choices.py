"""What the evaluator chooses, and what may be injected into a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import fields

_date = {fields.ISO_DATE: True}


@dataclass(frozen=True)
class Choices:
    """What the evaluator chooses: `params/<plan>/run.yml`."""

    year: int
    model: str
    rule: str
    level: float
    window: int | None = field(
        default=None, metadata={fields.RANGE: (1, 50)}
    )  # the forecast rests on the last n years only
    judgement_from: int | None = None  # from this year on every year needs its judgement/<year>.yml


@dataclass(frozen=True)
class Parameters:
    """What may be injected into a notebook, in one file (`papermill -f FILE`): short ASCII words
    and numbers, no code."""

    plan: str = field(metadata={fields.NAME: fields.PLAN_ID})
    indicator: str = field(default="", metadata={fields.NAME: fields.FACT_ID})
    area: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
    year: int | None = field(default=None, metadata={fields.RANGE: (1900, 2099)})
    known_by: str = field(default="", metadata=_date)
    as_of: str = field(
        default="", metadata=_date
    )  # of backtests: what was known at that date forecasts
    horizon: int | None = field(
        default=None, metadata={fields.RANGE: (1, 20)}
    )  # of backtests: years ahead
    model: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
    rule: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
    level: float | None = None
    window: int | None = field(default=None, metadata={fields.RANGE: (1, 50)})
    scenario: str = field(default="", metadata={fields.NAME: fields.ANY_ID})
