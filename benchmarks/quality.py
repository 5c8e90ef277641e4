"""How good the forecasts and the chances are, on series they have never seen: printed, and
benchmarks/results/quality.csv.

    python benchmarks/quality.py [FOLDER]

FOLDER as in `benchmarks/learn.py`. Five folds by series (World Bank data: by country; series that
share values together): every figure comes from a model learned without that series, the widths of
the simple models and the published rules' probabilities as well.
Forecasts: only the last n training values are known, one to five years ahead, every series with
ten of them that change. sMAPE in per cent; MASE and MSIS in units of the mean absolute change over
the training part; OWA the mean of sMAPE and MASE relative to `last`. Chances: as `score_verdict.py`
of the folder computes them, of levels, increments, targets to hold, other forms, targets really
set; "fan of M" is P read off the forecast quantiles of model M, where it
has enough points to forecast at all. statsforecast and statsmodels stand beside them where they are
installed (`benchmarks/requirements.txt`).
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import family
import forms
import learn
import numpy as np
import pandas as pd
from chances import AHEAD, QUESTIONS, chance_scores, curves_of, simple

from helpers.measure import forecast, outlook, pooled, thresholds

LENGTHS = (4, 5, 6, 7, 8, 9, 10)
LOW95, LOW80, HIGH80, HIGH95 = 0, 1, 5, 6  # where they stand in pooled.PROBS
RESULTS = learn.ROOT / "benchmarks" / "results" / "quality.csv"
ABOUT_FORECASTS = ("owa", "smape", "mase", "cover80", "cover95", "msis80", "msis95")
ABOUT_CHANCES = ("brier", "logloss", "auc", "calibration", "pairs")
LEAST_OF_PLAN = 5  # targets
COLUMNS = ("question", "n", "method", "count", *ABOUT_FORECASTS, *ABOUT_CHANCES)


# ── forecasts ─────────────────────────────────────────────────────────────────────────────────────


def held_back(many: list[learn.Series]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(last ten training values, test values with NaN where there are none, MASE scale, fold) of
    the series asked about."""
    long = [one for one in many if learn.TAILS not in one.data and one.train >= 10]
    asked = [one for one in long if np.ptp(one.y[one.train - 10 : one.train]) > 0]
    tests = np.full((len(asked), AHEAD), np.nan)
    for row, one in zip(tests, asked, strict=True):
        known = one.y[one.train : one.train + AHEAD]
        row[: len(known)] = known
    change = np.array([np.abs(np.diff(one.y[: one.train])).mean() for one in asked])
    return (
        np.array([one.y[one.train - 10 : one.train] for one in asked]),
        tests,
        change,
        np.array([one.fold for one in asked]),
    )


def point_errors(median: np.ndarray, y: np.ndarray, change: np.ndarray) -> tuple[float, float]:
    """(sMAPE, MASE): the mean over series of the mean over their years."""
    error = np.abs(median - y)
    relative = 200 * error / (np.abs(median) + np.abs(y) + 1e-300)
    return float(np.nanmean(relative, axis=1).mean()), float(
        (np.nanmean(error, axis=1) / change).mean()
    )


def msis(
    low: np.ndarray, high: np.ndarray, y: np.ndarray, change: np.ndarray, level: float
) -> float:
    """Mean scaled interval score: width, plus 2/(1 − level) for each unit the outcome lies
    outside."""
    outside = np.maximum(low - y, 0) + np.maximum(y - high, 0)
    return float((np.nanmean(high - low + 2 / (1 - level) * outside, axis=1) / change).mean())


def interval_scores(found: np.ndarray, y: np.ndarray, change: np.ndarray) -> dict[str, float]:
    known = np.isfinite(y)
    scores = {}
    for level, low, high in ((80, LOW80, HIGH80), (95, LOW95, HIGH95)):
        scores[f"cover{level}"] = float(
            ((y >= found[..., low]) & (y <= found[..., high]))[known].mean()
        )
        scores[f"msis{level}"] = msis(found[..., low], found[..., high], y, change, level / 100)
    return scores


def held_out(many: list[learn.Series]) -> list[pooled.Table]:
    """One table a fold, learned without it: quantiles of levels and sums, simple models' widths."""
    tables = [pooled.Table() for _ in range(learn.FOLDS)]
    for held, table in enumerate(tables):
        others = [one for one in many if one.fold != held]
        asked = range(1, learn.CASE_POINTS + 1), range(1, AHEAD + 1)
        learn.learn_quantiles(table, others, *asked)
        learn.learn_offsets(table, others, *asked)
    return tables


def crossed(
    tables: list[pooled.Table], values: np.ndarray, fold: np.ndarray
) -> dict[tuple[str, int], np.ndarray]:
    """(method, n) → quantiles (N, 5, 7), each series by what was learned without its fold."""
    found = {
        (model, n): np.zeros((len(values), AHEAD, len(pooled.PROBS)))
        for n in LENGTHS
        for model in forecast.NAMES
    }
    for held, table in enumerate(tables):
        mine = fold == held
        for model, n in found:
            part = values[mine, -n:]
            learned = model == "pooled"
            found[model, n][mine] = (
                pooled.quantiles(np.arange(n), part, AHEAD, table=table)
                if learned
                else simple(model, part, table)
            )
    return found


def forecasts(many: list[learn.Series], tables: list[pooled.Table]) -> list[dict]:
    """A row of scores a method and n."""
    values, y, change, fold = held_back(many)
    found, rows = crossed(tables, values, fold), []
    naive = point_errors(np.repeat(values[:, -1:], AHEAD, axis=1), y, change)
    for n in LENGTHS:
        medians = {model: found[model, n][..., pooled.MIDDLE] for model in forecast.NAMES}
        medians["mean(last,drift,theta)"] = (
            medians["last"] + medians["drift"] + medians["theta"]
        ) / 3
        medians |= peers(values[:, -n:])
        for model, median in medians.items():
            smape, mase = point_errors(median, y, change)
            scores = interval_scores(found[model, n], y, change) if (model, n) in found else {}
            owa = (smape / naive[0] + mase / naive[1]) / 2
            row = {
                "question": "forecast",
                "n": n,
                "method": model,
                "count": len(values),
                "owa": owa,
                "smape": smape,
                "mase": mase,
            }
            rows.append(row | scores)
    return rows


def peers(values: np.ndarray) -> dict[str, np.ndarray]:
    """Medians of statsforecast's Theta, DynamicOptimizedTheta and AutoETS and of statsmodels'
    damped ETS where they are installed.

    Where a series is too short for one of them (AutoETS at six points) it falls back to the last
    value.
    """
    return statsforecast_medians(values) | statsmodels_medians(values)


def statsforecast_medians(values: np.ndarray) -> dict[str, np.ndarray]:
    try:
        from statsforecast import StatsForecast
        from statsforecast.models import AutoETS, DynamicOptimizedTheta, Naive, Theta
    except ImportError:
        return {}
    n, models = (
        values.shape[1],
        [Theta(season_length=1), DynamicOptimizedTheta(season_length=1), AutoETS(season_length=1)],
    )
    names, times = np.repeat(np.arange(len(values)), n), np.tile(np.arange(1, n + 1), len(values))
    rows = pd.DataFrame({"unique_id": names, "ds": times, "y": values.ravel()})
    said = StatsForecast(models=models, freq=1, n_jobs=1, fallback_model=Naive()).forecast(
        df=rows, h=AHEAD
    )
    return {
        f"statsforecast.{model.alias}": said[model.alias].to_numpy().reshape(len(values), AHEAD)
        for model in models
    }


def statsmodels_medians(values: np.ndarray) -> dict[str, np.ndarray]:
    """Exponential smoothing with a damped additive trend, its start and weights estimated."""
    try:
        from statsmodels.tsa.holtwinters import Holt
    except ImportError:
        return {}
    median = np.repeat(values[:, -1:], AHEAD, axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of series it does not converge on; their forecast counts all the same
        for row, series in zip(median, values, strict=True):
            said = (
                Holt(series, damped_trend=True, initialization_method="estimated")
                .fit()
                .forecast(AHEAD)
            )
            row[:] = np.where(np.isfinite(said), said, row)
    return {"statsmodels.Holt(damped)": median}


# ── chances ───────────────────────────────────────────────────────────────────────────────────────


def rules(some: learn.Cases) -> dict[str, np.ndarray]:
    """What published rules and simple methods look at, larger = likelier; turned into probabilities
    by `calibrated`."""
    sign = np.where(some.below, -1.0, 1.0)
    row, h, k = np.arange(len(some.k)), some.ahead, some.k
    y, sums = some.values[:, -1], some.what[0] == "sum"
    steps = np.diff(some.values, axis=1)
    mean = np.nan_to_num(np.nansum(steps, axis=1) / np.maximum(np.isfinite(steps).sum(1), 1))
    level = np.nanmean(np.abs(some.values), axis=1)
    s = (np.nansum(np.abs(steps), axis=1) + pooled.PSEUDO_STEP * level) / (
        np.isfinite(steps).sum(1) + 1
    ) + 1e-300
    if sums:
        banked = np.where(some.years > 0, some.values, 0.0).sum(1)
        target = some.need + banked
        return {
            "linear": banked * 5 / k / target,
            "shrunk_drift": (h * (y + 0.5 * mean * (h + 1) / 2) - some.need) / (s * np.sqrt(h**3)),
        }
    base = some.values[row, learn.CASE_POINTS - 1 - k]
    gain = np.where(some.need == base, np.nan, some.need - base)
    with np.errstate(all="ignore"):
        usable = (base * y > 0) & (base * some.need > 0)
        rate, wanted = (y / base) ** (1 / k) - 1, (some.need / base) ** (1 / learn.PLAN) - 1
        linear = (y - base) * learn.PLAN / k / gain
        eurostat = np.where(usable, rate / np.abs(wanted) * np.sign(gain), linear)
        un = np.where(usable, (base * (1 + rate) ** learn.PLAN - base) / gain, linear)
    drift = (y + 0.5 * h * mean - some.need) * sign / (s * np.sqrt(h))
    return {"linear": linear, "eurostat": eurostat, "un": un, "shrunk_drift": drift}


def calibrated(
    looked_at: np.ndarray, met: np.ndarray, k: np.ndarray, fold: np.ndarray, bins: int = 25
) -> np.ndarray:
    """P from what a rule looks at: the share met in its bin among the other folds, separately for
    each year of the plan."""
    x, p = np.nan_to_num(looked_at, nan=0.0, posinf=1e9, neginf=-1e9), np.zeros(len(met))
    for held in range(learn.FOLDS):
        for year in np.unique(k):
            theirs, mine = (fold != held) & (k == year), (fold == held) & (k == year)
            edges = np.quantile(x[theirs], np.linspace(0, 1, bins + 1)[1:-1])
            there = np.searchsorted(edges, x[theirs])
            share = (np.bincount(there, met[theirs], bins) + met[theirs].mean()) / (
                np.bincount(there, minlength=bins) + 1
            )
            p[mine] = share[np.searchsorted(edges, x[mine])]
    return p


def read_off(model: str, some: learn.Cases, tables: list[pooled.Table]) -> np.ndarray:
    """P of each case read off a model's quantiles, by the table its fold had no part in; NaN with
    too few points."""
    p, size = np.full(len(some.k), np.nan), np.isfinite(some.values).sum(1)
    logits = np.log(pooled.PROBS / (1 - pooled.PROBS))
    least = forecast.MODELS[model].least if model in forecast.MODELS else 1
    for held, table in enumerate(tables):
        for n in np.unique(size[size >= least]):
            rows = np.flatnonzero((some.fold == held) & (size == n))
            curves = curves_of(model, some.what[0], some.values[rows, -n:], table)
            for row, curve in zip(
                rows, curves[np.arange(len(rows)), some.ahead[rows] - 1], strict=False
            ):
                above = 1 / (
                    1 + np.exp(np.clip(forecast.along(some.need[row], curve, logits), -700, 700))
                )
                above = 1.0 if some.what[0] == "sum" and some.need[row] <= 0 else above
                p[row] = 1 - above if some.below[row] else above
    return p


def questions(every: learn.Cases) -> dict[str, learn.Cases]:
    """What is asked → its cases: levels and increments of collections like those learned from; then
    each other collection by itself, its targets to hold apart."""
    other = every.other
    found = {name: every.part(~other & (every.what == what)) for what, name in QUESTIONS.items()}
    for data in np.unique(every.data[other]):
        mine = every.data == data
        for what, name in QUESTIONS.items():
            found[f"{name} {data}"] = every.part(mine & (every.what == what) & ~every.hold)
        found[f"hold {data}"] = every.part(mine & every.hold)
    return {name: some for name, some in found.items() if len(some.k)}


def told(
    every: learn.Cases, tables: list[pooled.Table]
) -> dict[str, tuple[learn.Cases, dict[str, np.ndarray]]]:
    """question → (its cases, method → P of each, NaN where the method does not speak); the simple
    models' fans of what is like the learning data only."""
    found = {}
    for question, some in questions(every).items():
        p = {
            rule: calibrated(seen, some.met, some.k, some.fold)
            for rule, seen in rules(some).items()
        }
        models = forecast.NAMES if question in QUESTIONS.values() else ("pooled",)
        p |= {
            model if model == "pooled" else f"fan of {model}": read_off(model, some, tables)
            for model in models
        }
        found[question] = some, p
    return found


def chances(found: dict[str, tuple[learn.Cases, dict[str, np.ndarray]]]) -> list[dict]:
    """A row of scores a question, a method and a year of the plan; "all" years together."""
    rows = []
    for question, (some, methods) in found.items():
        for method, p in methods.items():
            parts = {f"k={k}": some.k == k for k in np.unique(some.k)} | {"all": some.k > 0}
            for name, part in parts.items():
                part = part & np.isfinite(p)
                row = {"question": question, "n": name, "method": method, "count": int(part.sum())}
                rows.append(row | (chance_scores(some.met[part], p[part]) if part.any() else {}))
    return rows


def plans(found: dict[str, tuple[learn.Cases, dict[str, np.ndarray]]]) -> list[dict]:
    """How often the number met of a plan's targets lies within `outlook.expected`, a row a year of
    the plan; beside it the correlation of two targets' luck.

    A plan: the cases of one area that begin in the same year, one a series and kind, five at least;
    so its targets share the area's fortune and the years' shocks.
    """
    parts = [(some, p["pooled"]) for name, (some, p) in found.items() if "hold" not in name]
    table = pd.DataFrame(
        {
            "plan": np.concatenate([some.plan for some, _ in parts]),
            "one": np.concatenate([np.char.add(some.series, some.what[0]) for some, _ in parts]),
            "k": np.concatenate([some.k for some, _ in parts]),
            "p": np.concatenate([p for _, p in parts]),
            "met": np.concatenate([some.met for some, _ in parts]),
        }
    ).drop_duplicates(["plan", "k", "one"])
    rows = []
    for k, year in table.groupby("k"):
        groups = [group for _, group in year.groupby("plan") if len(group) >= LEAST_OF_PLAN]
        if not groups:
            continue
        inside, sums = [], np.zeros(2)
        for group in groups:
            p, met = group.p.to_numpy(), group.met.to_numpy(float)
            middle, half = outlook.expected(p)
            inside.append(abs(met.sum() - middle) <= half)
            luck, spread = met - p, np.sqrt(p * (1 - p))
            sums += [luck.sum() ** 2 - (luck**2).sum(), spread.sum() ** 2 - (spread**2).sum()]
        rows.append(
            {
                "question": "plans",
                "n": f"k={k}",
                "method": "pooled",
                "count": len(groups),
                "cover80": float(np.mean(inside)),
                "pairs": float(sums[0] / sums[1]),
            }
        )
    return rows


def record(
    found: dict[str, tuple[learn.Cases, dict[str, np.ndarray]]],
) -> dict[tuple[str, str], list]:
    """How often each word came true, by kind of question and year of the plan, for
    `helpers.measure.backtest`.

    ("class", model-kind) and ("class", pooled-kind-k): a row an outlook from very_likely down;
    ("tenth", model-kind): a row a tenth of P from 0 up; each row: number of cases, their mean P,
    the share that was met. ("status", kind-k): a row a rung of `thresholds.LADDER`: cases, the mean
    of r, share met.
    """
    rows = {}
    for what, question in QUESTIONS.items():
        some, methods = found[question]
        for method, p in methods.items():
            model = method.removeprefix("fan of ")
            if model not in forecast.NAMES:
                continue
            spoke = np.isfinite(p)
            words = word_of(np.nan_to_num(p))
            tenths = np.minimum((np.nan_to_num(p) * 10).astype(int), 9)
            count = len(outlook.COLUMNS)
            rows["class", f"{model}-{what}"] = by_group(p, some.met, spoke, words, count)
            rows["tenth", f"{model}-{what}"] = by_group(p, some.met, spoke, tenths, 10)
        for k in np.unique(some.k):
            now, p = some.k == k, methods["pooled"]
            rows["class", f"pooled-{what}-{k}"] = by_group(
                p, some.met, now, word_of(p), len(outlook.COLUMNS)
            )
            r, rung = rungs(some)
            rows["status", f"{what}-{k}"] = by_group(r, some.met, now, rung, len(thresholds.LADDER))
    return rows


def word_of(p: np.ndarray) -> np.ndarray:
    """Which of the outlooks, counted from very_likely, each P is."""
    least = np.array([bound for _, bound in outlook.OUTLOOKS])
    return (p[:, None] < least).sum(1)


def rungs(some: learn.Cases) -> tuple[np.ndarray, np.ndarray]:
    """(r = p/τ, the rung of `thresholds.LADDER` it stands on) of each case, as `measure.verdict`
    judges a plan: levels from the baseline, sums from zero."""
    row = np.arange(len(some.k))
    sums, tau = some.what[0] == "sum", some.k / learn.PLAN
    banked = np.where(some.years > 0, some.values, 0.0).sum(1)
    base = 0.0 if sums else some.values[row, learn.CASE_POINTS - 1 - some.k]
    now = banked if sums else some.values[:, -1]
    target = some.need + (banked if sums else 0.0)
    gain = np.where(target == base, np.nan, target - base)
    r = (now - base) / gain / tau
    met = np.where(some.below, now <= target, now >= target)
    steps = np.array([float(step) for step in thresholds.STEPS])
    rung = np.where(
        met, len(thresholds.LADDER) - 1, (r[:, None] >= steps - thresholds.SLACK).sum(1)
    )
    return np.nan_to_num(r), rung


def by_group(
    said: np.ndarray, met: np.ndarray, chosen: np.ndarray, which: np.ndarray, count: int
) -> list[tuple[float, float, float]]:
    """(cases, mean of what was said, share met) of each group 0…count − 1 among the chosen; zeros
    where there is no case."""
    return [shares(said[rows], met[rows]) for rows in (chosen & (which == k) for k in range(count))]


def shares(p: np.ndarray, met: np.ndarray) -> tuple[float, float, float]:
    """(cases, mean P, share met), zeros where there is no case."""
    return (float(len(p)), float(p.mean()), float(met.mean())) if len(p) else (0.0, 0.0, 0.0)


# ── all of it ─────────────────────────────────────────────────────────────────────────────────────


def measure(folder: Path) -> tuple[pd.DataFrame, dict[tuple[str, str], list]]:
    """Every row of `COLUMNS`, blank where a figure has no meaning; and the `record` of the
    chances."""
    many, every = learn.series(folder), None
    if any((folder / name).is_file() for name in learn.CASES):
        every = learn.cases(folder, learn.groups((one.id, one.y) for one in many))
    tables = held_out(many)
    rows, kept = forecasts(many, tables), {}
    if every is not None:
        found = told(every, tables)
        rows, kept = rows + chances(found) + plans(found), record(found)
    return pd.DataFrame(rows, columns=COLUMNS), kept


def others(folder: Path) -> pd.DataFrame:
    """Of targets in other forms and of targets that were really set, the same figures: rows of
    `COLUMNS` named "form …" and "real …", of `benchmarks/forms.py` and `benchmarks/family.py`."""
    asked = forms.measure(forms.told(folder, (forms.paths.TOGETHER,)))
    asked = asked.assign(
        question="form " + asked.form,
        n=[k if k == "all" else f"k={k}" for k in asked.k],
        method="pooled",
    )
    real = family.measure(folder).query("question == 'real'")
    real = real.assign(question="real " + real.set, n="all")
    return pd.concat([asked, real]).reindex(columns=COLUMNS)


def summary(found: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The learned method's own figures, for the head of the table it is stored in."""
    own = found[found.method.eq("pooled") & ~found.n.astype(str).str.startswith("k=")]
    scores = {
        f"{row['question']} {row['n']}": row[list(ABOUT_FORECASTS + ABOUT_CHANCES)].dropna()
        for _, row in own.iterrows()
    }
    return {
        name: {column: round(float(figure), 4) for column, figure in row.items()}
        for name, row in scores.items()
    }


def keep(found: pd.DataFrame) -> None:
    """benchmarks/results/quality.csv."""
    RESULTS.parent.mkdir(exist_ok=True)
    found.to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")


def main(folder: str = str(learn.FOLDER)) -> None:
    found, _ = measure(Path(folder))
    found = pd.concat([found, others(Path(folder))])
    keep(found)
    print(found.to_string(index=False, na_rep="", float_format="{:.4f}".format))
    for peer in ("statsforecast", "statsmodels"):
        if not found.method.str.startswith(peer).any():
            print(f"{peer} is not installed here; its models are left out")


if __name__ == "__main__":
    main(*sys.argv[1:])
