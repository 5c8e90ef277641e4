"""Chances read off quantiles, and how good chances were: what the benchmarks share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.measure import forecast, pooled

AHEAD = 5  # years
QUESTIONS = {"stock": "levels", "sum": "increments"}  # what is asked → its name in the table


def simple(model: str, values: np.ndarray, table: pooled.Table) -> np.ndarray:
    """Quantiles (N, 5, 7) of a simple model; growth stays at the last value where it is not
    defined."""
    n, ahead = values.shape[1], np.arange(1, AHEAD + 1)
    years = np.broadcast_to(np.arange(n, dtype=float), values.shape)
    median = forecast.MODELS[model].median(years, values, ahead)
    median = np.where(np.isnan(median), values[:, -1:], median)
    return (
        median[..., None]
        + pooled.scale(years, values)[:, None, None] * forecast.offsets(model, n, table)[:AHEAD]
    )


def curves_of(model: str, what: str, values: np.ndarray, table: pooled.Table) -> np.ndarray:
    """Quantiles (N, 5, 7) of the level or of the coming sum, as `helpers.measure.forecast` makes
    them."""
    if model != "pooled":
        found = simple(model, values, table)
        return np.cumsum(np.maximum(found, 0.0), axis=1) if what == "sum" else found
    years, of = np.arange(values.shape[1], dtype=float), "sum" if what == "sum" else "level"
    found = pooled.quantiles(
        years, values, AHEAD, of=of, free=bool((values < 0).any()), table=table
    )
    return np.maximum.accumulate(np.maximum(found, 0.0), axis=1) if what == "sum" else found


def ranks_area(met: np.ndarray, p: np.ndarray) -> float:
    """AUC: how often a met target had the higher P than a missed one."""
    rank, hits, misses = pd.Series(p).rank().to_numpy(), met.sum(), (~met).sum()
    return float((rank[met].sum() - hits * (hits + 1) / 2) / (hits * misses))


def calibration_error(met: np.ndarray, p: np.ndarray, bins: int = 10) -> float:
    """Mean over bins of |share met − mean P|, weighted by the bins' sizes."""
    which = np.minimum((p * bins).astype(int), bins - 1)
    inside = [which == b for b in range(bins) if (which == b).any()]
    return float(sum(abs(met[rows].mean() - p[rows].mean()) * rows.mean() for rows in inside))


def chance_scores(met: np.ndarray, p: np.ndarray) -> dict[str, float]:
    p = np.clip(p, 0.005, 0.995)
    logloss = -np.mean(np.where(met, np.log(p), np.log(1 - p)))
    brier, auc = np.mean((p - met) ** 2), ranks_area(met, p)
    return {
        "brier": float(brier),
        "logloss": float(logloss),
        "auc": auc,
        "calibration": calibration_error(met, p),
    }
