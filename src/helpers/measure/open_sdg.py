"""The rules built on annual growth: Open SDG as Statistics Canada uses it, and Eurostat's as Eustat
applies them (METHOD §6).

Symbols: d = ±1 the direction that is better · y0, t0 base value and year · y, t current · T, tT
target · s = −1 where y0 < 0. CAGR_o = (y/y0)^(1/(t−t0)) − 1 is the growth observed, CAGR_r =
(T/y0)^(1/(tT−t0)) − 1 the growth required, fractions a year. Both offices run the same program, so
they share its ways: 0 becomes 0.001, and all values must have one sign.
"""

from __future__ import annotations

import math

from .case import BEST, NOT_AVAILABLE, WORST, Case, Rating, known, rung

INSTEAD_OF_ZERO = 0.001  # the substitute for a base or a target of zero
OBSERVED = ("base_year", "base_value", "current_year", "current_value")
NEAR_LIMIT = 4.44  # exponent of the reduction near a natural limit


def statcan_target(case: Case) -> Rating:
    """Open SDG 2.4 with a target: R = s·d·CAGR_o/|CAGR_r|, s = −1 where y0 < 0.

    Target met → target_achieved, score 5, whatever R. Else R ≥ .95 substantial_progress, ≥ .60
    moderate_progress, ≥ 0 limited_progress, below deterioration; score 7.1429R − 4.2857 from R =
    .60, else 4.1667R − 2.5, within ±5. A base or a target of 0 is replaced by 0.001 (so R depends
    on the unit), the limit is ignored. Not available: without any value, over less than a year,
    across zero, where T = y0. Source: Statistics Canada, Open SDG documentation, "Progress
    Measurement Methodology", and `sdg/ProgressMeasure.py` of sdg-build.
    """
    case.needs("target_year", "target")
    if _unobserved(case):
        return NOT_AVAILABLE
    r, met = _ratio(case)
    if met:
        return Rating("target_achieved", known(r), BEST)
    if r is None:
        return NOT_AVAILABLE
    score = min(7.1429 * r - 4.2857, BEST) if r >= 0.6 else max(4.1667 * r - 2.5, WORST)
    status = rung(
        r,
        (0.95, "substantial_progress"),
        (0.6, "moderate_progress"),
        (0, "limited_progress"),
        below="deterioration",
    )
    return Rating(status, (r,), score)


def statcan_notarget(case: Case) -> Rating:
    """Open SDG 2.4 without a target: v = s·d·CAGR_o against 1.5 %·C, 0.5 %·C and 0, words as with a
    target.

    C shrinks the thresholds near a natural limit (`_reduction`); without a limit C = 1. Score: v <
    0: max(125v − 2.5, −5); C = 0: 5, so who starts at the limit and stays there makes substantial
    progress; v ≥ 1.5 %·C: min(500v/C − 5, 5); v ≥ 0.5 %·C: 250v/C − 1.25; else 500v/C − 2.5. A base
    of 0 is replaced by 0.001. Source: as `statcan_target`.
    """
    if _unobserved(case):
        return NOT_AVAILABLE
    v, c = _observed(case), _reduction(case)
    if v is None:
        return NOT_AVAILABLE
    status = rung(
        v,
        (0.015 * c, "substantial_progress"),
        (0.005 * c, "moderate_progress"),
        (0, "limited_progress"),
        below="deterioration",
    )
    if v < 0:
        score = max(125 * v - 2.5, WORST)
    elif c == 0:
        score = BEST
    elif v >= 0.015 * c:
        score = min(500 * v / c - 5, BEST)
    else:
        score = 250 * v / c - 1.25 if v >= 0.005 * c else 500 * v / c - 2.5
    return Rating(status, (v,), score)


def eurostat_target(case: Case) -> Rating:
    """Eurostat's thresholds as Eustat applies them, with a target: R as in `statcan_target`, the
    0.001 included.

    Met → significant_progress, score 5. Else R ≥ .95 significant_progress, ≥ .60 moderate_progress,
    ≥ 0 moderate_deterioration, below significant_deterioration; score R > 1.3: 5; ≥ .6: 5/0.7·(R −
    .6); > −.6: 5/1.2·(R + .6) − 5; else −5. Eurostat words the thresholds as "more than", Eustat
    computes "at least": standing still (R = 0) is moderate_deterioration in what it publishes.
    Source: Eurostat, Sustainable development in the European Union, monitoring report, annex;
    Eustat, repository EUSTAT-DES/data, `scripts/build_data.py`.
    """
    case.needs("target_year", "target")
    if _unobserved(case):
        return NOT_AVAILABLE
    r, met = _ratio(case)
    if met:
        return Rating("significant_progress", known(r), BEST)
    if r is None:
        return NOT_AVAILABLE
    if r > 1.3:
        score = BEST
    elif r >= 0.6:
        score = 5 / 0.7 * (r - 0.6)
    else:
        score = 5 / 1.2 * (r + 0.6) - 5 if r > -0.6 else WORST
    rungs = (
        (0.95, "significant_progress"),
        (0.6, "moderate_progress"),
        (0, "moderate_deterioration"),
    )
    return Rating(rung(r, *rungs, below="significant_deterioration"), (r,), score)


def eurostat_notarget(case: Case) -> Rating:
    """Eurostat's thresholds as Eustat applies them, without a target: v = s·d·CAGR_o.

    v ≥ 1 %·C significant_progress, ≥ 0.1 %·C moderate_progress, ≥ −0.1 % no_progress, ≥ −1 %·C
    moderate_deterioration, below significant_deterioration, C as in `statcan_notarget`. Score
    250v/C where v ≥ 0, else 250v, within ±5; with C = 0 it is 5 for any v ≥ −2 %, even for a loss.
    Source: as `eurostat_target`.
    """
    if _unobserved(case):
        return NOT_AVAILABLE
    v, c = _observed(case), _reduction(case)
    if v is None:
        return NOT_AVAILABLE
    gains = ((0.01 * c, "significant_progress"), (0.001 * c, "moderate_progress"))
    losses = ((-0.001, "no_progress"), (-0.01 * c, "moderate_deterioration"))
    if v < -0.02:
        score = WORST
    elif c == 0 or v > 0.02 * c:
        score = BEST
    else:
        score = 250 * v / c if v >= 0 else 250 * v
    return Rating(rung(v, *gains, *losses, below="significant_deterioration"), (v,), score)


def _unobserved(case: Case) -> bool:
    """True where nothing was observed; raises ValueError where only a part is given."""
    if case.base_value is None and case.current_value is None and case.current_year is None:
        return True
    case.needs(*OBSERVED)
    return False


def _observed(case: Case) -> float | None:
    """s·d·CAGR_o; None over less than a year or across zero."""
    base_year, base, year, value = case.needs(*OBSERVED)
    sign = -1 if base < 0 else 1
    growth = _growth(base, base_year, value, year)
    return None if growth is None else sign * case.direction * growth


def _ratio(case: Case) -> tuple[float | None, bool]:
    """(R, whether the target is met); R is None where it is not defined."""
    case.in_order()
    base_year, base, value, target_year = case.needs(
        "base_year", "base_value", "current_value", "target_year"
    )
    target = case.target or INSTEAD_OF_ZERO
    observed, required = _observed(case), _growth(base, base_year, target, target_year)
    met = case.direction * (value - target) >= 0
    return (observed / abs(required) if observed is not None and required else None), met


def _growth(start: float, start_year: float, end: float, end_year: float) -> float | None:
    """Compound annual growth from `start` (0 becomes 0.001) to `end`; None over less than a year or
    across zero."""
    start = start or INSTEAD_OF_ZERO
    if end_year - start_year < 1 or end / start < 0:
        return None
    return math.pow(end / start, 1 / (end_year - start_year)) - 1


def _reduction(case: Case) -> float:
    """C, by which thresholds shrink near a natural limit; b = |y0|, l = |limit|, a = 4.44: 1 far
    from it, 0 at it.

    b ≥ 2l: 1; b ≤ l: 1 − (b/l)^a; between, with the base beyond the limit: 1 − ((2l − b)/l)^a.
    """
    if case.limit is None:
        return 1.0
    (start,) = case.needs("base_value")
    base, limit = abs(start), abs(case.limit)
    return 1.0 if base >= 2 * limit else 1 - (min(base, 2 * limit - base) / limit) ** NEAR_LIMIT
