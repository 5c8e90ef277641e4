"""What other offices would say: their published rules, each under its own name and with its own
defects (METHOD §6).

Symbols: d = ±1 the direction that is better · y0, t0 base value and year · y, t current · T, tT
target · ŷ its estimate. None of these rules judges in our reports; they stand beside our own
(`verdict`) to show where they part. Those built on annual growth are in `open_sdg`; `RULES` names
all of them, `rate` applies them to a table of cases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from . import open_sdg
from .case import NOT_AVAILABLE, Case, Rating, case_of, known, rung
from .thresholds import SLACK

COLUMNS = ("case_id", "measure", "score", "status")
LEAST_POINTS, MOST_POINTS = 4, 6  # Destatis: the last six points, in exceptional cases four
SIGNIFICANT = 1.959963984540054  # two-sided 5 % point of the normal distribution


def un_2023(case: Case) -> Rating:
    """UN progress chart 2023: ŷ = y·(1 + CAGR_o)^(tT−t), measure q = (ŷ − y0)/(T − y0).

    Met, or q ≥ .95: on_track; ≥ .10: fair; else stagnation. Where the base was beyond the target
    and the value has fallen short of it since, q is positive and the rule says on_track;
    reproduced. Not available, unless met, for y0 = 0, for T = y0, over less than a year and across
    zero. Source: UN Statistics Division, SDG Progress Chart 2023, Technical Note.
    """
    base_year, base, year, value, target_year, target = case.needs(
        "base_year", "base_value", "current_year", "current_value", "target_year", "target"
    )
    case.in_order()
    span, q = year - base_year, None
    if base and span >= 1 and value / base >= 0 and target != base:
        ahead = base * (value / base) ** ((target_year - base_year) / span)
        q = (ahead - base) / (target - base)
    if case.met:
        return Rating("on_track", known(q))
    return (
        NOT_AVAILABLE
        if q is None
        else Rating(rung(q, (0.95, "on_track"), (0.1, "fair"), below="stagnation"), (q,))
    )


def escap(case: Case) -> Rating:
    """ESCAP's current status and anticipated progress, two measures from 0 to 10 (below 0 without
    end).

    CS = 10·d·(y − y0)/|T − y0|, AP the same with the target year's value, 10 where the value meets
    T. Values not given are taken from the series, or estimated (`_logit_step`). CS > 9 On-track, ≤
    0 Regression, else Slow progress; AP > 9 Will meet target, ≤ 0 No progress expected, else Need
    to accelerate. One point only: met or Insufficient data. Where T = y0 and the value fell short
    the measure is −∞. Source: ESCAP Statistics Division, Working Paper 5 (2017), as coded by UNICEF
    MENARO (repository spalmas/SDG-MENARO, `progress_assessment_functions.R`).
    """
    base_year, year, target_year, _ = case.needs(
        "base_year", "current_year", "target_year", "target", "years"
    )
    if len(case.years) == 1:
        met = case.reaches(case.values[0])
        return (
            Rating("On-track|Will meet target", (10.0, 10.0))
            if met
            else Rating("Insufficient data|Insufficient data")
        )
    base = _logit_step(case, base_year) if case.base_value is None else case.base_value
    now = _logit_step(case, year) if case.current_value is None else case.current_value
    cs, ap = (_ten(case, base, value) for value in (now, _logit_step(case, target_year)))
    words = (
        ("Regression", "Slow progress", "On-track"),
        ("No progress expected", "Need to accelerate", "Will meet target"),
    )
    status = "|".join(
        word[(index > 0) + (index > 9)] for word, index in zip(words, (cs, ap), strict=False)
    )
    return Rating(status, (cs, ap))


def destatis_weather(case: Case) -> Rating:
    """Destatis weather symbols: ŷ = y + (tT − t)·mean annual change, miss = d·(T − ŷ)/|T − y|, the
    last point being y, t.

    miss < 5 % sun, ≤ 20 % sun_cloud, else cloud where the change leads the right way, else thunder.
    The mean is that of the last six points (five annual changes), of four where there are no more;
    gaps count by their years. Where y = T the measure is not defined: sun where ŷ meets it too,
    else thunder. Source: Destatis, Sustainable Development in Germany, Indicator Report 2018, and
    dns-indikatoren.de/en/status ("Methodology").
    """
    target_year, target = case.needs("years", "target_year", "target")
    if len(case.years) < LEAST_POINTS:
        raise ValueError(
            f"years has {len(case.years)} points; this rule needs {LEAST_POINTS} at least"
        )
    years, values = case.years[-MOST_POINTS:], case.values[-MOST_POINTS:]
    if target_year < years[-1]:
        raise ValueError(
            f"target_year {target_year} lies before the last year {years[-1]}; correct one of them"
        )
    step = (values[-1] - values[0]) / (years[-1] - years[0])
    ahead = values[-1] + (target_year - years[-1]) * step
    if target == values[-1]:
        return Rating("sun" if case.reaches(ahead) else "thunder")
    miss = case.direction * (target - ahead) / abs(target - values[-1])
    leads = "cloud" if case.direction * step > 0 else "thunder"
    far = "sun_cloud" if miss <= 0.2 + SLACK else leads
    return Rating("sun" if miss < 0.05 - SLACK else far, (miss,))


def healthy_people_2030(case: Case) -> Rating:
    """Healthy People 2030: toward the target the share of the targeted change, (y − y0)/(T − y0);
    away from it −|y − y0|/|y0|.

    Met → met. Without standard errors: ≥ 10 % of the targeted change improving, ≥ 10 % of the base
    away from the target getting_worse, else little_change. With both standard errors the change
    decides, significant at 5 % (two-sided normal test) or not, not the 10 %. Away from a base of 0
    the share is not defined. Source: NCHS, Measuring progress toward target attainment and the
    elimination of health disparities in Healthy People 2030 (Vital and Health Statistics).
    """
    base, value, target = case.needs("base_value", "current_value", "target")
    change, whole = value - base, target - base
    toward = case.direction * change > 0
    if case.met:
        return Rating("met", known(change / whole if case.direction * whole > 0 else None))
    share = change / whole if toward else -abs(change / base) if base else None
    if case.base_se is not None and case.current_se is not None:
        moved = abs(change) > SIGNIFICANT * math.hypot(case.base_se, case.current_se)
    else:
        moved = change != 0 if share is None else abs(share) >= 0.1 - SLACK
    return Rating(
        "little_change" if not moved else "improving" if toward else "getting_worse", known(share)
    )


def _ten(case: Case, base: float, value: float) -> float:
    """ESCAP's index of a value: 10 at the target or beyond it, 0 at the base."""
    if case.reaches(value):
        return 10.0
    (target,) = case.needs("target")
    way = abs(target - base)
    return 10 * case.direction * (value - base) / way if way else -math.inf


def _logit_step(case: Case, year: float) -> float:
    """The value of `year`: observed, else carried from the last point y_n on its logit L =
    ln(y/(scale − y)).

    L(year) = L_n + (year − t_n)·mean of (L_i+1 − L_i)/(t_i+1 − t_i). The last value itself where
    one of the values is 0 or the whole scale, whose logit is infinite. Raises ValueError for values
    outside the scale.
    """
    if year in case.years:
        return case.values[case.years.index(year)]
    if not 0 <= min(case.values) <= max(case.values) <= case.scale:
        raise ValueError(
            f"values lie outside 0 to {case.scale:g}; write what stands for the whole (1000 for "
            "per mille) as limit"
        )
    if min(case.values) == 0 or max(case.values) == case.scale:
        return case.values[-1]
    logits = [math.log(value / (case.scale - value)) for value in case.values]
    steps = [
        (b - a) / (t1 - t0)
        for a, b, t0, t1 in zip(logits, logits[1:], case.years, case.years[1:], strict=False)
    ]
    moved = (year - case.years[-1]) * sum(steps) / len(steps)
    return case.scale * (1 + math.tanh((logits[-1] + moved) / 2)) / 2 if moved else case.values[-1]


RULES: dict[str, Callable[[Case], Rating]] = {
    "statcan_target": open_sdg.statcan_target,
    "statcan_notarget": open_sdg.statcan_notarget,
    "eurostat_target_eustat": open_sdg.eurostat_target,
    "eurostat_notarget_eustat": open_sdg.eurostat_notarget,
    "un_2023": un_2023,
    "escap_cs_ap_logitstep": escap,
    "destatis_weather": destatis_weather,
    "healthy_people_2030": healthy_people_2030,
}


def rated(row: Mapping[str, str | None]) -> tuple[str, str, str, str]:
    """case_id, measure, score and status of one row, as they are printed: shortest exact digits,
    two measures joined by |.

    Raises ValueError in one sentence for a method that is not known and for a row the method cannot
    do with.
    """
    name, method = ((row.get(column) or "").strip() for column in ("case_id", "method"))
    if method not in RULES:
        raise ValueError(
            f"method {repr(method) + ' is not known' if method else 'is missing'}; choose one of "
            f"{', '.join(RULES)}"
        )
    try:
        rating = RULES[method](case_of(row))
        if not all(measure < math.inf for measure in rating.measures):
            raise OverflowError
    except ArithmeticError:
        raise ValueError(
            f"{name} ({method}): the figures are too large or too small to reckon with; choose "
            "another unit"
        ) from None
    except ValueError as error:
        raise ValueError(f"{name} ({method}): {error}") from None
    return (
        name,
        "|".join(map(repr, rating.measures)),
        "" if rating.score is None else repr(rating.score),
        rating.status,
    )


def rate(rows: Iterable[Mapping[str, str | None]]) -> list[tuple[str, str, str, str]]:
    """What `rated` says of each row of a table whose head is line 1.

    Raises ValueError with a sentence for every row that cannot be rated, each beginning with its
    line.
    """
    ratings, refused = [], []
    for line, row in enumerate(rows, 2):
        try:
            ratings.append(rated(row))
        except ValueError as error:
            refused.append(f"{line}: {error}")
    if refused:
        raise ValueError("\n".join(refused))
    return ratings
