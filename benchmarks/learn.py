"""Learns what `helpers.measure.pooled` knows, and writes `src/helpers/measure/learned.csv`.

    python benchmarks/learn.py [FOLDER]

FOLDER (default ../shared/bench) holds `forecast/*.csv.gz`, long tables `unique_id, ds, y, split`.
Beside them `verdict_cases.csv.gz`, pseudo five-year plans cut from such series, and
`transfer/cases.csv.gz`, plans cut from other collections: nothing is learned from these, they are
asked (`benchmarks/quality.py`). To learn from the other collections too was tried: it helps none
that was left out. Nothing is drawn at random: the same folder and the same version of numpy give
the same file.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.measure import forecast, pooled

ROOT = Path(__file__).resolve().parents[1]

FOLDER = ROOT.parent / "shared" / "bench"
LENGTHS, HORIZONS = range(1, pooled.LONGEST + 1), range(1, pooled.FARTHEST + 1)
FOLDS = 5
WINDOWS = 10  # of one series at most, spread evenly: a long series says no more than a short one
CASES = ("verdict_cases.csv.gz", "transfer/cases.csv.gz")
TAILS, TAIL_WEIGHT = "_tail", 0.5  # of the many very short series every third, at half weight
OTHERS = "transfer"  # folder of collections of other kinds
PLAN, CASE_POINTS = 5, 10  # years of a pseudo-plan; known points of one at most
# origins, up to the end of the training part, on which the intervals are corrected: the spread of
# lately
RECENT = 3
VERSION = 2
RIDGE, ROUNDS = 3e-4, 40  # of quantile regression
HEAVIEST = 8.0  # no window counts more than so many average ones
ALIKE = 5  # series that share so many consecutive values are one series


@dataclass(frozen=True)
class Series:
    """One annual series: `train` of its values are the training part, `fold` is where it is held
    out."""

    id: str
    data: str
    y: np.ndarray
    train: int
    fold: int

    @cached_property
    def change(self) -> float:
        """The mean absolute annual change."""
        return float(np.abs(np.diff(self.y)).mean()) if len(self.y) > 1 else 0.0


# ── the learning data ─────────────────────────────────────────────────────────────────────────────


def origin(name: str) -> str:
    """What must stay together: the country or province of WDI-…-AUT and of table|…|AT, else the
    series."""
    return name.rsplit("-" if name.startswith("WDI-") else "|", 1)[-1]


def fold_of(key: str) -> int:
    """The fold of a group, the same on every machine."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % FOLDS


def groups(named: Iterable[tuple[str, np.ndarray]]) -> dict[str, str]:
    """id → group: `origin`, joined where two series share `ALIKE` consecutive changing values
    (collections overlap)."""
    leader: dict[str, str] = {}
    seen: dict[bytes, str] = {}

    def head(key: str) -> str:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    ids = []
    for name, y in named:
        ids.append(name)
        for k in range(len(y) - ALIKE + 1):
            part = y[k : k + ALIKE]
            if (np.diff(part) != 0).all():
                first = seen.setdefault(part.tobytes(), origin(name))
                leader[head(origin(name))] = head(first)
    return {name: head(origin(name)) for name in ids}


def long_tables(folder: Path) -> list[Path]:
    """The folder's tables of series, in `forecast/` or in the folder itself, in the order of their
    names."""
    found = sorted((folder / "forecast").glob("*.csv.gz")) or [
        path for path in sorted(folder.glob("*.csv.gz")) if path.name not in CASES
    ]
    if not found:
        raise SystemExit(
            f"{folder}: no forecast/*.csv.gz with unique_id, ds, y, split; name a folder that "
            "has them"
        )
    return found


def series(folder: Path) -> list[Series]:
    """Every annual series of the folder's long tables, with its fold."""
    found = []
    for path in long_tables(folder):
        rows = pd.read_csv(path)
        names, y, train = (
            rows.unique_id.to_numpy(),
            rows.y.to_numpy(float),
            (rows.split == "train").to_numpy(),
        )
        cuts = np.flatnonzero(names[1:] != names[:-1]) + 1
        data = path.name.removesuffix(".csv.gz")
        found += [
            (names[a], data, y[a:b], int(train[a:b].sum()))
            for a, b in zip(np.r_[0, cuts], np.r_[cuts, len(y)], strict=True)
        ]
    group = groups((name, y) for name, _, y, _ in found)
    return [Series(name, data, y, train, fold_of(group[name])) for name, data, y, train in found]


def is_learned(one: Series) -> bool:
    """Of the collection of very short series every third, chosen by the hash of its id."""
    return TAILS not in one.data or hashlib.md5(one.id.encode()).digest()[0] % 3 == 0


@dataclass(frozen=True)
class Windows:
    """n values each, what came h years later (`y`) and the sum of the years until then; weights add
    up to one a series."""

    values: np.ndarray
    y: np.ndarray
    total: np.ndarray
    change: np.ndarray
    weight: np.ndarray


def windows(many: list[Series], n: int, h: int, *, lately: bool = False) -> Windows:
    """Up to `WINDOWS` windows of each series, or the `RECENT` last that end where its training part
    ends or before.

    Windows without any change say nothing of scale and are left out.
    """
    parts = []
    for one in many:
        count, change = len(one.y) - n - h + 1, one.change
        if lately:
            count = min(count, one.train - n + 1)
        if count < 1 or change == 0:
            continue
        at = (
            np.arange(max(0, count - RECENT), count)
            if lately
            else np.unique(np.linspace(0, count - 1, min(count, WINDOWS)).astype(int))
        )
        seen = np.lib.stride_tricks.sliding_window_view(one.y, n + h)[at]
        seen = seen[np.ptp(seen[:, :n], axis=1) > 0 if n > 1 else seen[:, 0] != 0]
        if len(seen):
            weight = (TAIL_WEIGHT if TAILS in one.data else 1.0) / len(seen)
            parts.append(
                (
                    seen[:, :n],
                    seen[:, -1],
                    seen[:, n:].sum(1),
                    np.full(len(seen), change),
                    np.full(len(seen), weight),
                )
            )
    return Windows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


# ── quantiles ─────────────────────────────────────────────────────────────────────────────────────


def quantile_regression(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, p: float, start: np.ndarray | None = None
) -> np.ndarray:
    """β that minimises Σ w·ρ_p(y − xβ), ρ_p(e) = e·(p − [e < 0]), by reweighted least squares with
    a slight ridge."""
    root = np.sqrt(w)
    beta = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0] if start is None else start
    least = 0.1
    for _ in range(ROUNDS):
        e = y - x @ beta
        u = w * np.where(e >= 0, p, 1 - p) / np.maximum(np.abs(e), least)
        weighted = x * u[:, None]
        gram = weighted.T @ x
        gram[np.diag_indices_from(gram)] += RIDGE * np.diag(gram).mean()
        new = np.linalg.solve(gram, weighted.T @ y)
        if np.abs(new - beta).max() < 1e-3:
            return new
        beta, least = new, max(0.01, least * 0.85)
    return beta


def error_weights(data: Windows, s: np.ndarray) -> np.ndarray:
    """Weights under which the absolute error in units of s is the mean of MASE and sMAPE, each
    relative to its average."""
    scaled, relative = (
        s / data.change,
        s / np.maximum(np.abs(data.values[:, -1]) + np.abs(data.y), 1e-12),
    )
    both = scaled / np.average(scaled, weights=data.weight) + relative / np.average(
        relative, weights=data.weight
    )
    return data.weight * np.minimum(both, HEAVIEST)


def weighted_quantile(x: np.ndarray, w: np.ndarray, p: float) -> float:
    """The smallest x below or at which at least a share p of the weight lies."""
    order = np.argsort(x, kind="stable")
    total = np.cumsum(w[order])
    return float(x[order][np.searchsorted(total, p * total[-1])])


def stretched(recent: tuple, middle: np.ndarray, beta: np.ndarray, p: float) -> np.ndarray:
    """β moved from or to the median's by the factor k for which a share p of the recent outcomes
    lies below: m + k·(q − m)."""
    x, y, w = recent
    m, half = x @ middle, np.maximum(np.abs(x @ beta - x @ middle), pooled.LEAST_WIDTH)
    k = weighted_quantile(np.sign(p - 0.5) * (y - m) / half, w, max(p, 1 - p))
    return middle + max(k, 0.0) * (beta - middle)


def scaled(data: Windows, of: str, h: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(s, location features, all features, outcome in units of s) of windows; of a sum the outcome
    is its annual mean."""
    n = data.values.shape[1]
    s, place, x = pooled.features(
        np.broadcast_to(np.arange(n, dtype=float), data.values.shape), data.values
    )
    return s, place, x, ((data.y if of == "level" else data.total / h) - data.values[:, -1]) / s


def learn_one(data: Windows, lately: Windows, of: str, h: int) -> np.ndarray:
    """β of one n and h: a row of 7 × (p + w) numbers, quantile after quantile.

    Every window counts by its weight; of levels half of that goes by how much its error costs, so
    that the median is good in MASE and sMAPE too. The median of a sum is moved, by a constant in
    units of s, to where half of the recent outcomes lie below it, as its other quantiles are.
    """
    s, place, x, y = scaled(data, of, h)
    recent = (*scaled(lately, of, h)[2:], lately.weight)
    w = (error_weights(data, s) + data.weight) / 2 if of == "level" else data.weight
    middle = np.zeros(x.shape[1])
    middle[: place.shape[1]] = quantile_regression(place, y, w, 0.5)
    if of == "sum":  # the first feature is the sign of the level: a constant that is mirrored
        late, came, weight = recent
        middle[0] += weighted_quantile(came - late @ middle, weight, 0.5)
    found = [middle] * len(pooled.PROBS)
    for outward in (range(pooled.MIDDLE - 1, -1, -1), range(pooled.MIDDLE + 1, len(pooled.PROBS))):
        start = None
        for k in outward:
            start = quantile_regression(x, y, w, float(pooled.PROBS[k]), start)
            found[k] = stretched(recent, middle, start, float(pooled.PROBS[k]))
    return np.concatenate(found) * (1 if of == "level" else h)


def learn_quantiles(
    table: pooled.Table,
    many: list[Series],
    lengths: Iterable[int] = LENGTHS,
    horizons: Iterable[int] = HORIZONS,
    what: Iterable[str] = ("level", "sum"),
) -> None:
    """Fills the table with the coefficients of every n, one row a horizon."""
    kept, followed = (
        [one for one in many if is_learned(one)],
        [one for one in many if TAILS not in one.data],
    )
    for n in lengths:
        data = {h: (windows(kept, n, h), windows(followed, n, h, lately=True)) for h in horizons}
        for of in what:
            table[of, n] = np.stack([learn_one(*data[h], of, h) for h in horizons])


# ── pseudo-plans ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Cases:
    """Pseudo-plans as arrays: years and values (N, 10), NaN on the left.

    `need`: the target, of sums less what is banked; `hold`: it is to be kept rather than reached;
    `other`: of a collection of another kind; `plan`: cases of one area that begin in one year;
    `series`: what each is cut from.
    """

    data: np.ndarray
    other: np.ndarray
    plan: np.ndarray
    series: np.ndarray
    what: np.ndarray
    hold: np.ndarray
    years: np.ndarray
    values: np.ndarray
    need: np.ndarray
    below: np.ndarray
    k: np.ndarray
    met: np.ndarray
    fold: np.ndarray

    def part(self, chosen: np.ndarray) -> Cases:
        return Cases(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def ahead(self) -> np.ndarray:
        return PLAN - self.k


def padded(texts: pd.Series) -> np.ndarray:
    """ "1;2;3" of each row as (N, 10), right-aligned."""
    rows = np.full((len(texts), CASE_POINTS), np.nan)
    for row, text in zip(rows, texts, strict=False):
        numbers = text.split(";")
        row[CASE_POINTS - len(numbers) :] = [float(number) for number in numbers]
    return rows


def cases(folder: Path, group: dict[str, str]) -> Cases:
    """The pseudo-plans of the folder, each in the fold of its series; only what a method may see,
    and `met`."""
    there = [folder / name for name in CASES if (folder / name).is_file()]
    found = [pd.read_csv(path) for path in there]
    rows = pd.concat(found, ignore_index=True)
    years, values = padded(rows.years.astype(str)), padded(rows["values"].astype(str))
    is_sum = (rows.kind == "increment").to_numpy()
    banked = np.where(years > 0, values, 0.0).sum(1)
    names = [
        case.split("@")[0].removeprefix(f"{data}:")
        for case, data in zip(rows.case, rows["data"], strict=False)
    ]
    starts = rows.case.str.extract(r"@(\d+)")[0]
    return Cases(
        data=rows["data"].to_numpy(str),
        other=np.repeat(
            [path.parent.name == OTHERS for path in there], [len(part) for part in found]
        ),
        plan=np.array(
            [
                f"{data} {origin(name)} {start} {history}"
                for data, name, start, history in zip(
                    rows["data"], names, starts, rows.history, strict=False
                )
            ]
        ),
        series=np.array(names),
        what=np.where(is_sum, "sum", "stock"),
        hold=(rows.target_kind == "hold").to_numpy(),
        years=years,
        values=values,
        need=rows.target.to_numpy(float) - np.where(is_sum, banked, 0.0),
        below=(rows.direction < 0).to_numpy(),
        k=rows.k.to_numpy(),
        met=rows.met.to_numpy(),
        fold=np.array([fold_of(group.get(name, origin(name))) for name in names]),
    )


# ── the simple models' widths, and the file ───────────────────────────────────────────────────────


def learn_offsets(
    table: pooled.Table,
    many: list[Series],
    lengths: Iterable[int] = LENGTHS,
    horizons: Iterable[int] = HORIZONS,
) -> None:
    """The quantiles of (outcome − median)/s of every simple model: a row of seven a horizon."""
    followed = [one for one in many if TAILS not in one.data]
    for n in lengths:
        data = {h: windows(followed, n, h, lately=True) for h in horizons}
        for model in forecast.MODELS.values():
            if n >= model.least:
                rows = np.array([offsets(data[h], model.median, h) for h in horizons])
                table[model.name, n] = pooled.ordered(rows[None])[
                    0
                ]  # never narrower in a later year


def offsets(data: Windows, median, h: int) -> list[float]:
    years = np.broadcast_to(np.arange(data.values.shape[1], dtype=float), data.values.shape)
    missed = (data.y - median(years, data.values, np.array([h]))[:, 0]) / pooled.scale(
        years, data.values
    )
    told = np.isfinite(missed)
    return [
        0.0 if p == 0.5 else weighted_quantile(missed[told], data.weight[told], p)
        for p in pooled.PROBS
    ]


def sources(folder: Path) -> dict[str, str]:
    """Name → SHA-256 of every file learned from, in the order of the names."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in long_tables(folder)
    }


def learn(folder: Path) -> pooled.Table:
    """Everything, from everything in the folder."""
    table, many = pooled.Table(), series(folder)
    table.head = {
        "version": VERSION,
        "made_by": "benchmarks/learn.py",
        "learned_from": sources(folder),
        "series": len(many),
    }
    learn_quantiles(table, many)
    learn_offsets(table, many)
    return table


def main(folder: str = str(FOLDER)) -> None:
    import quality

    table = learn(Path(folder))
    found, record = quality.measure(Path(folder))
    table.head["scores"] = quality.summary(found)
    for named, rows in record.items():
        table[named] = rows
    pooled.LEARNED.write_text(table.text(), "utf-8")
    pooled.learned.cache_clear()  # of what is really set the shipped table is asked
    quality.keep(pd.concat([found, quality.others(Path(folder))]))
    print(f"{pooled.LEARNED}: {pooled.LEARNED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
