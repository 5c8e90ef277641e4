"""Every world that printed figures allow stands on a rung that `possible` names, and each of those
rungs occurs.

The second implementation is slow and naive: it draws a true baseline and a true latest value that
would print as the figures do, and judges them by METHOD §3 on fractions.
"""

import random
from fractions import Fraction

import pytest
from test_verdict import indicator

from helpers.measure import thresholds, worlds

BOUNDS = ("=", ">", ">=", "~")
STEPS = (("ahead", "1.05"), ("on_schedule", "0.95"), ("behind", "0.60"), ("far_behind", "0"))


def naive(facts, start, latest, elapsed):
    """The rung of one world: the target met, else 基期已达标, else r = (y − y0)/(T − y0)/τ on the
    ladder."""
    sign = 1 if facts.direction == "higher" else -1
    y0, y, target = sign * start, sign * latest, sign * worlds.exact(facts.target.value)

    def met(value):
        return value > target if facts.target.op in "><" else value >= target

    if met(y):
        return "met"
    if met(y0):
        return "reverse"
    if y0 == target:
        return "far_behind" if y == target else "reverse"
    r = (y - y0) / (target - y0) / elapsed
    return next((code for code, least in STEPS if r >= Fraction(least)), "reverse")


def drawn(rng, figure, bound, whole, upper):
    """A true value that prints as `figure` with its bound, near its end as often as far from it."""
    if bound == "=":
        return Fraction(figure)
    if bound == "~":
        half = Fraction(str(worlds.half_unit(figure))) if figure else Fraction(0)
        if whole:
            return Fraction(figure)
        return figure - half + 2 * half * Fraction(rng.randrange(1000), 1000)
    most = (upper or figure + rng.choice((1, 3, 30, 300))) - figure
    if whole:
        return figure + Fraction(rng.randint(1 if bound == ">" else 0, max(1, most)))
    return figure + most * Fraction(rng.randint(1 if bound == ">" else 0, 1000), 1000)


def case(rng):
    """Facts, printed baseline and latest value with their bounds, whether the value was counted on,
    and τ."""
    lower, kind = rng.random() < 0.3, rng.choice(("stock", "cumulative"))
    base, target = rng.randint(1, 60), rng.randint(1, 60)
    whole = rng.random() < 0.3
    facts = indicator(
        base,
        target,
        rng.choice(("<=", "<") if lower else (">=", ">")),
        kind=kind,
        unit="件" if whole else "亿元",
        upper=rng.choice((None, None, 100)),
        decimals=0,
        since="2010" if kind == "cumulative" else None,
    )
    start = (base, rng.choice(BOUNDS))
    counted_on = kind == "cumulative" and not lower and rng.random() < 0.4
    value = base + rng.randint(0, 30) if counted_on else rng.randint(1, 60)
    bounds = (">", ">=") if counted_on and start[1] in (">", ">=") else ("=", ">", ">=", "~")
    latest = (value, start[1] if counted_on and start[1] == "~" else rng.choice(bounds))
    return facts, start, latest, counted_on, Fraction(rng.randint(1, 5), 5)


def world(rng, facts, start, latest, counted_on):
    """A consistent (baseline, value), or None where the draw is not one."""
    whole = facts.is_count
    y0 = drawn(rng, *start, whole and start[1] != "=", facts.upper)
    if counted_on:
        added = Fraction(latest[0] - start[0])
        if latest[1] in (">", ">="):
            added += rng.choice((0, rng.randint(0, 60)))
        y = y0 + added
        if facts.upper is not None and y > facts.upper:
            return None
        return y0, y, not (latest[1] == ">" and y <= latest[0])
    y = drawn(rng, *latest, whole and latest[1] != "=", facts.upper)
    return y0, y, facts.kind != "cumulative" or y >= y0


@pytest.mark.slow
def test_the_rung_of_each_of_ten_thousand_worlds_is_possible():
    rng, seen = random.Random(13), 0
    while seen < 10_000:
        facts, start, latest, counted_on, elapsed = case(rng)
        line = worlds.line_of(facts, None)
        found = worlds.rungs(
            worlds.worlds_of(facts, start, latest, counted_on=counted_on), line, elapsed
        )
        for _ in range(20):
            drawn_world = world(rng, facts, start, latest, counted_on)
            if drawn_world is None or not drawn_world[2]:
                continue
            y0, y, _ = drawn_world
            seen += 1
            assert naive(facts, y0, y, elapsed) in found, (facts, start, latest, y0, y)


@pytest.mark.parametrize("seed", range(4))
def test_each_possible_rung_occurs_in_a_world_that_can_be_named(seed):
    rng, seen = random.Random(seed), 0
    for _ in range(60):
        facts, start, latest, counted_on, elapsed = case(rng)
        line = worlds.line_of(facts, None)
        allowed = worlds.worlds_of(facts, start, latest, counted_on=counted_on)
        for code in worlds.rungs(allowed, line, elapsed):
            y0, y = witness(allowed, line, elapsed, code)
            assert naive(facts, y0, y, elapsed) == code, (facts, start, latest, y0, y)
            assert inside(start, y0, facts)
            assert counted_on or inside(latest, y, facts)
            assert facts.kind != "cumulative" or y >= y0
            assert not counted_on or y - y0 >= latest[0] - start[0]
            seen += 1
    assert seen > 60


def witness(allowed, line, elapsed, code):
    """A world on the rung `code`: a baseline of those looked at, and a value of its part."""
    for start in allowed.starts(line, elapsed):
        for rung, part in worlds._parts(start, allowed.latest_from(start), line, elapsed):
            if rung == code and not part.empty:
                return allowed.sign * start, allowed.sign * some(part)
    raise AssertionError(f"no world stands on {code}")


def some(part):
    """A number inside a part that is not empty."""
    if part.low is None:
        tries = [part.high - 1, part.high]
    elif part.high is None:
        tries = [part.low, part.low + 1]
    else:
        tries = [part.low, (part.low + part.high) / 2, part.high]
    around = [t // 1 + k for t in tries for k in (-1, 0, 1, 2)] if part.whole else tries
    return next(number for number in map(Fraction, around) if number in part)


def inside(figure, number, facts):
    """True where `number` would print as `figure` = (value, bound)."""
    value, bound = figure
    if bound == "=":
        return number == value
    if bound == "~":
        half = Fraction(str(worlds.half_unit(value)))
        return -half <= number - value <= half
    above = number > value if bound == ">" else number >= value
    whole = not facts.is_count or number.denominator == 1
    return above and whole and (facts.upper is None or number <= facts.upper)


def test_a_value_that_contains_its_bounded_base_is_not_independent_of_it():
    # p = (7.32 + f)/(20 − b), b above 5: at least .488 after 2/5 of the time, r 1.22; alone it
    # might be anything
    facts = indicator(5, 20, kind="cumulative", unit="亿元", decimals=2, since="?")
    line, elapsed = worlds.line_of(facts, None), Fraction(2, 5)
    figures = (facts, (5, ">"), (12.32, ">"))
    together = worlds.worlds_of(*figures, counted_on=True)
    assert worlds.rungs(together, line, elapsed) == ("ahead", "met")
    apart = worlds.worlds_of(*figures, counted_on=False)
    assert worlds.rungs(apart, line, elapsed) == thresholds.LADDER[1:]


def test_faster_than_scheduled_is_no_longer_possible_when_all_the_time_has_passed():
    # at τ = 1 what falls short of the target has r below 1: there is no rung between on_schedule
    # and met
    facts = indicator(10, 20, unit="亿元")
    found = worlds.rungs(
        worlds.worlds_of(facts, (10, "="), (19, ">="), counted_on=False),
        worlds.line_of(facts, None),
        Fraction(1),
    )
    assert found == ("behind", "on_schedule", "met")  # 0.9 is behind, 0.95 to 1 on schedule
