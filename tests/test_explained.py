"""Why a chance is what it is: the four facts, put together again, and each replaced by what is
usual."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from conftest import some

from helpers.intake import plan as plans
from helpers.measure import explained, forecast, outlook, pooled

NORMAL = explained.usual("level")
SPREAD = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


def facts(
    value: float, year: int = 2025, *, op: str = ">=", kind: str = "stock"
) -> plans.Indicator:
    return plans.Indicator(
        "one", "一", "one", "", "", kind, 2, plans.Baseline(2020, None),
        plans.Target(year, value, op=op), (), "", plans.Supplier("", "按职能建议", ""),
    )  # fmt: skip


def fan(curve: tuple[float, ...], year: int = 2025, *, kind: str = "stock") -> forecast.Forecast:
    """A series 10, 12, 11, 13 up to 2021 and a fan of one year: |Δ| = 2, 1, 2, ȳ = 11.5, so that
    s = (5 + .05·11.5)/4 = 1.39375."""
    given = forecast.Given((2018.0, 2019.0, 2020.0, 2021.0), (10.0, 12.0, 11.0, 13.0), kind)
    row = (float(year), curve[3], curve[1], curve[5], curve[0], curve[6])
    return forecast.Forecast("pooled", 4, (row,), "", (curve,), given)


S = (5 + 0.05 * 11.5) / 4


def test_the_facts_are_those_worked_by_hand():
    """T = 16, line 16 − .005; y = 13; four years; Q(½) = 15, Q(.1) = 13.5, Q(.9) = 16."""
    curve = (12.0, 13.5, 14.5, 15.0, 15.5, 16.0, 18.0)
    found = explained.explain(facts(16.0), fan(curve))
    assert found is not None
    assert found.case.distance == pytest.approx((15.995 - 13) / S)
    assert found.case.drift == pytest.approx((15 - 13) / (4 * S))
    assert found.case.width == pytest.approx((16 - 13.5) / (2 * S))  # √4 = 2
    assert found.case.years == 4
    # the line lies .995 of the way from the quantile of .75 to that of .9 … 15.995 of 15.5 and 16
    low, high = math.log(0.75 / 0.25), math.log(0.9 / 0.1)
    assert found.p == pytest.approx(1 / (1 + math.exp(low + 0.99 * (high - low))))


@pytest.mark.parametrize("op", [">=", ">", "<=", "<"])
@pytest.mark.parametrize("kind", ["stock", "increment"])
def test_facts_put_together_again_are_the_editions_chance(op, kind):
    """What is not replaced changes nothing: were the case the usual case, P would be P."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        curve = tuple(np.sort(rng.normal(15, 3, 7)).tolist())
        one, ahead = facts(float(rng.normal(15, 3)), op=op, kind=kind), fan(curve, kind=kind)
        frame = explained._frame(one, ahead)
        assert frame is not None
        assert frame.chance(frame.case, ahead, one) == pytest.approx(outlook.p_met(one, ahead))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_of_a_usual_case_every_chance_is_the_usual(sign):
    """y = 13, s = 1.39375, the usual drift, spread and years (2.5 taken as they are)."""
    h = NORMAL.years
    offsets = np.array(NORMAL.spread) * math.sqrt(h) * S
    curve = 13 + sign * NORMAL.drift * h * S + (offsets if sign > 0 else -offsets[::-1])
    ahead = fan(tuple(curve.tolist()))
    ahead = replace(
        ahead, given=replace(ahead.given, years=tuple(np.array((-3, -2, -1, 0.0)) + 2025 - h))
    )
    line = 13 + sign * NORMAL.distance * S
    one = facts(line + 0.005 if sign > 0 else line - 0.005, op=">=" if sign > 0 else "<=")
    found = explained.explain(one, ahead)
    assert found is not None
    assert found.case.distance == pytest.approx(NORMAL.distance)
    assert [found.p, *found.if_usual.values()] == pytest.approx([found.p_usual] * 5)


def test_a_target_farther_than_usual_is_what_makes_the_chance_small():
    h, offsets = 4, np.array(NORMAL.spread) * 2 * S
    curve = tuple((13 + NORMAL.drift * h * S + offsets).tolist())
    found = explained.explain(facts(13 + 9 * S), fan(curve))
    assert found is not None
    moved = {name: abs(found.p - p) for name, p in found.if_usual.items()}
    assert max(moved, key=moved.__getitem__) == "distance"
    assert found.if_usual["distance"] > found.p
    assert found.if_usual["drift"] == pytest.approx(found.p)  # it is usual already
    assert found.if_usual["spread"] == pytest.approx(found.p)


def test_a_target_of_another_form_or_without_chance_is_not_explained():
    ahead = fan(tuple(15.0 + np.arange(7)))
    mean = replace(facts(16.0), target=replace(facts(16.0).target, form="mean"))
    assert explained.explain(mean, ahead) is None
    assert explained.explain(facts(16.0, 2030), ahead) is None
    assert explained.explain(facts(16.0), forecast.Forecast("pooled", 1, reason="no_data")) is None


def test_what_is_usual_rises_with_its_probability_and_has_no_width_at_the_median():
    for kind in some(("level", "sum")):
        spread = explained.usual(kind).spread
        assert spread[pooled.MIDDLE] == 0
        assert list(spread) == sorted(spread)
