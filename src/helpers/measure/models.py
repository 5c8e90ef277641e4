"""The simple forecasts: one function a model, registered under its name (METHOD §7).

A model says the median only: from years and values (N, n) of many series at once, the values (N, H)
of the years `ahead` (H,) after the last. It is then offered in params, notebooks, backtests and the
comparison of models; its intervals are as wide as public annual series require
(`benchmarks/learn.py`). A model of your own goes into `own_models.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .pooled import Floats

Median = Callable[[Floats, Floats, Floats], Floats]


@dataclass(frozen=True)
class Model:
    """A forecast by name; with fewer than `least` points it does not speak."""

    name: str
    median: Median
    least: int


MODELS: dict[str, Model] = {}


def model(name: str, *, least: int = 2) -> Callable[[Median], Median]:
    """Registers the function below it as the model `name`. Raises ValueError for a name that is
    taken or no short identifier."""
    if name in (*MODELS, "pooled") or not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", name):
        taken = name in (*MODELS, "pooled")
        why = "that name is taken" if taken else "use small letters, digits and _"
        raise ValueError(f"a model cannot be called {name!r}: {why}")

    def register(median: Median) -> Median:
        MODELS[name] = Model(name, median, least)
        return median

    return register


@model("last", least=1)
def last(_years: Floats, values: Floats, ahead: Floats) -> Floats:
    """y_n: it stays where it is."""
    return np.repeat(values[:, -1:], len(ahead), axis=1)


@model("drift")
def drift(years: Floats, values: Floats, ahead: Floats) -> Floats:
    """y_n + b·h, b = (y_n − y_1)/(t_n − t_1): it goes on by its mean annual step."""
    step = (values[:, -1] - values[:, 0]) / (years[:, -1] - years[:, 0])
    return values[:, -1:] + step[:, None] * ahead


def line(years: Floats, values: Floats) -> tuple[Floats, Floats]:
    """(level at the last year, slope) of the least-squares line of each series; (N, n) → (N,),
    (N,)."""
    t = years - years[:, -1:]
    off = t - t.mean(1, keepdims=True)
    slope = (off * values).sum(1) / (off**2).sum(1)
    return values.mean(1) - slope * t.mean(1), slope


ALPHAS = np.linspace(0.05, 1.0, 20)  # of exponential smoothing, tried one after the other


@model("theta")
def theta(years: Floats, values: Floats, ahead: Floats) -> Floats:
    """½(smoothed θ₂-line + least-squares line): Assimakopoulos and Nikolopoulos 2000.

    The θ₂-line 2y − (a + b·t) doubles what departs from the line; it is smoothed exponentially from
    its first value with that of `ALPHAS` whose squared one-step errors are least, and stays where
    it ends. Gaps count as one step of smoothing.
    """
    level, slope = line(years, values)
    doubled = 2 * values - (level[:, None] + slope[:, None] * (years - years[:, -1:]))
    smooth, errors = (
        np.repeat(doubled[:, :1], len(ALPHAS), axis=1),
        np.zeros((len(values), len(ALPHAS))),
    )
    for k in range(1, values.shape[1]):
        miss = doubled[:, k : k + 1] - smooth
        errors += miss**2
        smooth = smooth + ALPHAS * miss
    chosen = smooth[
        np.arange(len(values)),
        np.argmin(np.round(errors / np.maximum(errors.max(1, keepdims=True), 1e-300), 9), axis=1),
    ]
    found: Floats = (chosen[:, None] + level[:, None] + slope[:, None] * ahead) / 2
    return found


@model("ols")
def ols(years: Floats, values: Floats, ahead: Floats) -> Floats:
    """a + b·h on the least-squares line."""
    level, slope = line(years, values)
    return level[:, None] + slope[:, None] * ahead


@model("growth")
def growth(years: Floats, values: Floats, ahead: Floats) -> Floats:
    """y_n·(y_n/y_1)^(h/(t_n − t_1)): it grows on at its mean rate; NaN where first or last is not
    positive."""
    first, last = values[:, 0], values[:, -1]
    rate = np.where((first > 0) & (last > 0), last, np.nan) / np.where(first > 0, first, np.nan)
    return last[:, None] * rate[:, None] ** (ahead / (years[:, -1] - years[:, 0])[:, None])
