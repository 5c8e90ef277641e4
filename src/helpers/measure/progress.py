"""How far an indicator has come, against how much time has passed (METHOD §3).

Conventions: y0, t0 baseline and its year; y, t latest value and its *data* year; T, tT target and
its year. Values are in the indicator's unit, years are integers, every result is a fraction (0.85)
or a number in that unit. None means not available: a missing value is never a zero.
"""

from __future__ import annotations

import math

Number = float | None


def attainment(value: Number, target: Number) -> Number:
    """目标完成率 y / T, shown but never used to judge. None where T is 0 or one of them is
    missing."""
    if value is None or not target:
        return None
    return value / target


def progress(value: Number, baseline: Number, target: Number) -> Number:
    """增量完成率 p = (y − y0) / (T − y0): 0 at the baseline, 1 at the target, in either direction.

    None where one of them is missing or T = y0 (nothing was to be gained).
    """
    if value is None or baseline is None or target is None or target == baseline:
        return None
    return (value - baseline) / (target - baseline)


def elapsed(year: int, baseline_year: int, target_year: int) -> float:
    """序时进度 τ = (t − t0) / (tT − t0), with t the data year. Raises ValueError where tT ≤ t0."""
    if target_year <= baseline_year:
        raise ValueError(
            f"target year {target_year} is not after baseline year {baseline_year}; correct the "
            "indicator's params"
        )
    return (year - baseline_year) / (target_year - baseline_year)


def ratio(progressed: Number, elapsed_share: float) -> Number:
    """r = p / τ: 1 is exactly on schedule. None where p is missing or no time has passed."""
    if progressed is None or elapsed_share <= 0:
        return None
    return progressed / elapsed_share


def scheduled_value(
    year: int, baseline: Number, baseline_year: int, target: Number, target_year: int
) -> Number:
    """序时值 y0 + τ·(T − y0): the value on the straight line, in the indicator's unit."""
    if baseline is None or target is None:
        return None
    return baseline + elapsed(year, baseline_year, target_year) * (target - baseline)


def cagr(value: Number, year: int, baseline: Number, baseline_year: int) -> Number:
    """年均增速 (y / y0)^(1/(t − t0)) − 1. None (不适用) where y0 ≤ 0, y < 0 or t ≤ t0; a zero base
    is never replaced."""
    if value is None or baseline is None or baseline <= 0 or value < 0 or year <= baseline_year:
        return None
    return math.pow(value / baseline, 1 / (year - baseline_year)) - 1


def required_step(value: Number, year: int, target: Number, target_year: int) -> Number:
    """所需年均增量 (T − y) / (tT − t), in units a year. None where no year is left."""
    if value is None or target is None or target_year <= year:
        return None
    return (target - value) / (target_year - year)


def mean_step(value: Number, year: int, baseline: Number, baseline_year: int) -> Number:
    """年均增量 (y − y0) / (t − t0), in units a year. None where no year has passed."""
    if value is None or baseline is None or year <= baseline_year:
        return None
    return (value - baseline) / (year - baseline_year)


def step_factor(required: Number, so_far: Number) -> Number:
    """k = required step / mean step so far. None where either is zero or they lead opposite
    ways."""
    if not required or not so_far or (required > 0) != (so_far > 0):
        return None
    return required / so_far


def met(
    value: float, target: float, op: str, decimals: int | None = None, *, beyond: bool = False
) -> bool:
    """True where `value op target` holds: as they are (全数值比较法), or both rounded to `decimals`
    (修约值比较法, GB/T 8170).

    `beyond`: the true value lies strictly above `value` (超), so a strict target equal to `value`
    is met.
    """
    shown, wanted = (
        (value, target)
        if decimals is None
        else (half_up(value, decimals), half_up(target, decimals))
    )
    holds = {
        ">=": shown >= wanted,
        ">": shown > wanted,
        "<=": shown <= wanted,
        "<": shown < wanted,
    }[op]
    return holds or (beyond and op == ">" and value == target)


def half_up(value: float, decimals: int) -> float:
    """`value` rounded to `decimals` digits, halves away from zero, as printed statistics are (not
    to even)."""
    scale = 10.0**decimals
    return (
        math.copysign(math.floor(abs(value) * scale * (1 + 1e-15) + 0.5) / scale, value)
        if math.isfinite(value)
        else value
    )
