"""What closed plans of the same family teach the next one: did outcomes come higher, better, or
farther off than forecast (METHOD §7).

With F the forecast's distribution function and L its logit at a value, the distribution after
memory has the logit

    L' = b·L − v − d·g          d = +1 where higher is better, −1 where lower is

v: how much higher, g: how much better than forecast the closed plans came out, in logits; b < 1
where forecasts were too sure. All three are learned from the places of the outcomes in their
forecasts (`learn`), held back toward 0, 0 and 1 by priors: a family of few targets hardly moves
anything, without a family nothing moves. P and the fan are read off L', so they stay one
distribution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..intake.closed import Outcome
from ..intake.plan import Plan, last_day
from . import forecast as forecasts, pooled
from .forecast import Forecast
from .pooled import Floats

MODEL = "pooled"  # whose forecasts are remembered, and corrected
HIGHER, BETTER, SURER = 0.7, 0.7, 0.2  # standard deviations of the priors of v, g and ln b
FARTHEST = 4.5  # logits: a place beyond 1.1 % or 98.9 % teaches no more than one there
ROUNDS, LONGEST_STEP, CLOSE = 60, 0.5, 1e-6  # of Newton's method


@dataclass(frozen=True)
class Memory:
    """v, g (logits) and b of the module, learned from `targets` closed targets; moves nothing by
    default."""

    higher: float = 0.0
    better: float = 0.0
    slope: float = 1.0
    targets: int = 0
    plans: tuple[str, ...] = ()

    def middle(self, higher_is_better: bool) -> float:
        """Which share of the plain forecast lies below the median after memory."""
        return float(1 / (1 + np.exp(-self.shift(higher_is_better) / self.slope)))

    def shift(self, higher_is_better: bool) -> float:
        """v ± g: how far the median of a forecast moves up, in logits."""
        return self.higher + (self.better if higher_is_better else -self.better)


def of_plan(plan: Plan, year: int) -> Memory:
    """What the assessment of `year` may remember: outcomes published before that year began."""
    return learn([each for each in plan.memory.outcomes if last_day(each.known) < f"{year}-01-01"])


def learn(outcomes: Sequence[Outcome]) -> Memory:
    """The three numbers that make the outcomes likeliest under their priors.

    Each target counts by 1/√n of n: targets of one family share their years' fortune. Its forecasts
    share its weight. `Memory()` without outcomes.
    """
    if not outcomes:
        return Memory()
    targets = Counter((each.plan, each.indicator) for each in outcomes)
    weight = np.array([1.0 / targets[each.plan, each.indicator] for each in outcomes])
    weight /= np.sqrt(len(targets))
    good = np.array([1.0 if each.better == "higher" else -1.0 for each in outcomes])
    place = np.clip([each.place for each in outcomes], 1e-9, 1 - 1e-9)
    z = np.clip(np.log(place / (1 - place)), -FARTHEST, FARTHEST)
    higher, better, log_slope = _likeliest(z, good, weight)
    plans = tuple(dict.fromkeys(each.plan for each in outcomes))
    return Memory(higher, better, float(np.exp(log_slope)), len(targets), plans)


def _likeliest(z: Floats, good: Floats, weight: Floats) -> tuple[float, float, float]:
    """(v, g, ln b) at the maximum of Σ w·(ln b + ln f(b·z − v − d·g)) − ½ Σ (θ/σ)², f the standard
    logistic density; by Newton's method with the expected curvature."""
    narrow = 1 / np.array([HIGHER, BETTER, SURER]) ** 2
    found = np.zeros(3)
    for _ in range(ROUNDS):
        b = np.exp(found[2])
        below = 1 / (1 + np.exp(-(b * z - found[0] - good * found[1])))
        slopes = np.stack([-np.ones_like(z), -good, b * z])
        gain = (weight * (1 - 2 * below) * slopes).sum(1) - narrow * found
        gain[2] += weight.sum()
        curvature = (2 * weight * below * (1 - below) * slopes) @ slopes.T + np.diag(narrow)
        step = np.clip(np.linalg.solve(curvature, gain), -LONGEST_STEP, LONGEST_STEP)
        found += step
        if np.abs(step).max() < CLOSE:
            break
    return float(found[0]), float(found[1]), float(found[2])


def recalled(ahead: Forecast, memory: Memory, higher_is_better: bool) -> Forecast:
    """`ahead` as the memory corrects it: q'(p) = q at the logit (ln(p/(1−p)) + v ± g)/b.

    A forecast of another model, of nothing, or a memory of nothing is returned as it is.
    """
    if ahead.model != MODEL or not ahead.rows or ahead.given is None or not memory.targets:
        return ahead
    logits = np.log(pooled.PROBS / (1 - pooled.PROBS))
    asked = (logits + memory.shift(higher_is_better)) / memory.slope
    curves = np.array(
        [[forecasts.along(x, logits, np.asarray(curve)) for x in asked] for curve in ahead.curves]
    )
    years = np.array([row[0] for row in ahead.rows])
    return forecasts.from_quantiles(ahead.model, ahead.n, years, curves, ahead.given)
