"""Learns what `helpers.measure.season` knows, and writes `src/helpers/measure/nowcast.csv`.

    python benchmarks/nowcast.py learn [FOLDER]     the table, to the byte
    python benchmarks/nowcast.py score [FOLDER]     quality, each file scored by what the others say

`foretold` is what a scorer of other series calls: `score_nowcast.py … --method
benchmarks/nowcast.py:foretold`.

FOLDER (default ../shared/bench/nowcast) holds `*_monthly.csv.gz` and `*_quarterly.csv.gz`, long
tables `unique_id, period, y, kind` of whole calendar years. Nothing is drawn at random.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.measure import nowcast, pooled, season

ROOT = Path(__file__).resolve().parents[1]

FOLDER = ROOT.parent / "shared" / "bench" / "nowcast"
FLOWS, LEVELS = ("flow", "flow_likely"), ("stock", "index", "unknown")
LEAST = 3  # whole former years of every case, of which the sets for fewer see one or two
RECENT, WINDOWS = 3, 8  # years scored of a series; years learned from, the earlier ones at less
EARLIER = 0.4
RIDGE, ROUNDS, ROUNDS_NEAR = 0.05, 25, 8
CAP = 2.0  # no error counts for more than two years' totals
EDGES = (0.02, 1.0)  # of a trait: calmer series than these are not foretold more narrowly
GROUPS = 4  # of files, within which the spread is learned on errors of others' mixes
VERSION = 2


@dataclass(frozen=True)
class Cases:
    """Years of series to be foretold: `series` its place among all, `former` (N, 5, f) newest
    first, `year` (N, f), `annual` (N, 12), `ahead` and `width` of the annual forecast, `late`
    among the last `RECENT` years."""

    file: np.ndarray
    series: np.ndarray
    former: np.ndarray
    year: np.ndarray
    annual: np.ndarray
    ahead: np.ndarray
    width: np.ndarray
    late: np.ndarray

    def part(self, chosen: np.ndarray) -> Cases:
        return Cases(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def joined(self, other: Cases) -> Cases:
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Cases(*(np.concatenate(pair) for pair in pairs))


def files(folder: Path) -> list[Path]:
    found = sorted((*folder.glob("*_monthly.csv.gz"), *folder.glob("*_quarterly.csv.gz")))
    if not found:
        raise SystemExit(
            f"{folder}: no *_monthly.csv.gz or *_quarterly.csv.gz; name a folder that has them"
        )
    return found


def whole_years(folder: Path, kinds: tuple[str, ...], f: int) -> Iterator[tuple[str, np.ndarray]]:
    """(file, (years, f) values) of every series with f values a year."""
    for path in files(folder):
        if path.name.endswith("quarterly.csv.gz") == (f == 4):
            rows = pd.read_csv(path, dtype={"unique_id": str, "period": str})
            for _, own in rows[rows.kind.isin(kinds)].groupby("unique_id", sort=False):
                yield path.name.removesuffix(".csv.gz"), own.y.to_numpy(float).reshape(-1, f)


def cases(folder: Path, kinds: tuple[str, ...], f: int) -> Cases:
    """Every year of every series that has `LEAST` former ones, the last `WINDOWS` of them."""
    found = []
    for at, (name, values) in enumerate(whole_years(folder, kinds, f)):
        totals = values[:, -1] if kinds == LEVELS else values.sum(1)
        for t in range(max(LEAST, len(values) - WINDOWS), len(values)):
            if totals[t] > 0 and np.abs(totals[t - 3 : t]).mean() > 0:
                late = t >= len(values) - RECENT
                found.append((name, at, *_case(values, totals, t), late))
    return Cases(*(np.array(column) for column in zip(*found, strict=True)))


def _case(values: np.ndarray, totals: np.ndarray, t: int) -> tuple:
    before = totals[max(0, t - pooled.LONGEST) : t]
    curve = pooled.quantiles(np.arange(len(before))[None] * 1.0, before[None], 1, free=True)[0, 0]
    former = np.full((season.FORMER, values.shape[1]), np.nan)
    newest = values[:t][::-1][: season.FORMER]
    former[: len(newest)] = newest
    annual = np.full(pooled.LONGEST, np.nan)
    annual[pooled.LONGEST - len(before) :] = before
    return former, values[t], annual, curve[3], curve[5] - curve[1]


def evened(data: Cases, m: int) -> Cases:
    """The same with only sums known: m twelfths of a year so far, and the rest of former years."""
    f = data.year.shape[1]
    cut = m * f // 12

    def even(x: np.ndarray) -> np.ndarray:
        sums = (
            x[..., :cut].sum(-1, keepdims=True) / m,
            x[..., cut:].sum(-1, keepdims=True) / (12 - m),
        )
        return np.concatenate([np.repeat(sums[0], m, -1), np.repeat(sums[1], 12 - m, -1)], -1)

    return replace(data, former=even(data.former), year=even(data.year))


def repeated(data: Cases) -> Cases:
    """Levels at the ends of quarters as levels at the ends of months."""
    return replace(
        data, former=np.repeat(data.former, 3, axis=-1), year=np.repeat(data.year, 3, axis=-1)
    )


# ── one set: m known, n former years ──────────────────────────────────────────────────────────────


def regression(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, near: np.ndarray | None = None
) -> np.ndarray:
    """β of least Σ w|y − xβ|, each weight drawn towards nothing in proportion to its column;
    `near`: a β of much the same cases, from which fewer rounds are enough."""
    beta = np.zeros(x.shape[1]) if near is None else near
    off, size = np.abs(y - x @ beta), np.abs(x).mean(0) + 1e-12
    for _ in range(ROUNDS if near is None else ROUNDS_NEAR):
        v = w / np.maximum(off, 2e-4)
        normal = x.T @ (x * v[:, None]) + RIDGE * v.sum() * np.diag(size**2)
        beta = np.linalg.solve(normal, x.T @ (v * y))
        off = np.abs(y - x @ beta)
    return beta


def spread(z: np.ndarray, e: np.ndarray, w: np.ndarray) -> np.ndarray:
    """β of least Σ w·(zβ + |e|·exp(−zβ)): the log of how far the error usually lies; convex."""
    beta = np.zeros(z.shape[1])
    beta[0], w = np.log(np.abs(e).mean() + 1e-9), w / w.sum()
    for _ in range(60):
        u = w * np.abs(e) * np.exp(-np.clip(z @ beta, -12, 5))
        slope = w @ z - z.T @ u + 1e-3 * np.append(0, beta[1:])
        bend = (z * u[:, None]).T @ z + 1e-3 * np.eye(z.shape[1])
        step = np.linalg.solve(bend, slope)
        beta = beta - step * min(1, 1.5 / max(np.abs(z @ step).max(), 1e-12))
        if np.abs(step).max() < 1e-7:
            break
    return beta


def of_set(data: Cases, m: int, n: int, stock: bool) -> tuple:
    """(what the mix needs, what is left of the year in units of S, whether a case counts)."""
    part = season.Part(data.former[:, :n], data.year[:, :m], data.annual, data.ahead, data.width)
    has = season.seen_of_stock(part) if stock else season.seen(part)
    total = data.year[:, -1] if stock else data.year.sum(1)
    left = np.clip((total - has.known - has.base) / has.size, -CAP, CAP)
    counts = stock | (has.known != 0) | (data.former[:, 0, :m].sum(1) != 0)
    return has, left, counts


def groups_of(names: np.ndarray) -> np.ndarray:
    """The group of each case: files in the order of their names, dealt out in turn; a single file
    is cut into as many blocks."""
    which = np.unique(names, return_inverse=True)[1]
    return which % GROUPS if which.any() else np.arange(len(names)) * GROUPS // len(names)


def learn_set(
    data: Cases, has: season.Seen, left: np.ndarray, counts: np.ndarray
) -> season.Learned:
    """What one set learns: the mix on all; spread and quantiles on errors of mixes that have not
    seen the file."""
    x, w = season.design(has), np.where(data.late, 1.0, EARLIER)
    mix = regression(x[counts], left[counts], w[counts])
    group, error = groups_of(data.file), np.zeros(len(left))
    for g in range(GROUPS):
        others = counts & (group != g)
        error[group == g] = left[group == g] - x[group == g] @ regression(
            x[others], left[others], w[others], mix
        )
    late = counts & data.late
    _, which, count = np.unique(data.file[late], return_inverse=True, return_counts=True)
    heavy = (
        count[which] ** -0.25
    )  # of the spread a large file says less per series than a small one
    limits = np.quantile(has.traits[late], EDGES, axis=0)
    traits = np.clip(has.traits[late], *limits)
    wide = spread(traits, error[late], heavy)
    z = error[late] * np.exp(-traits @ wide)
    order = np.argsort(z)
    passed = (np.cumsum(heavy[order]) - heavy[order] / 2) / heavy.sum()
    ends = np.interp(pooled.PROBS, passed, z[order])
    ends[pooled.MIDDLE] = 0.0
    return season.Learned(mix, wide, ends, limits)


def sets(folder: Path) -> Iterator[tuple[str, int, Cases, bool]]:
    """(detail, m, its cases, whether of levels) of every set."""
    months, quarters = (cases(folder, FLOWS, f) for f in (12, 4))
    for m in range(1, 12):
        yield "months", m, months, False
    for m in range(1, 4):
        yield "quarters", m, quarters, False
    for m in range(1, 12):
        both = evened(months, m)
        yield "sums", m, both if m % 3 else both.joined(evened(quarters, m)), False
    levels, quarterly = cases(folder, LEVELS, 12), repeated(cases(folder, LEVELS, 4))
    for m in range(1, 12):
        yield "stock", m, levels if m % 3 else levels.joined(quarterly), True


def learn(folder: Path) -> pooled.Table:
    table = pooled.Table()
    table.head = {
        "made by": "benchmarks/nowcast.py learn",
        "version": VERSION,
        "data": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files(folder)
        },
    }
    for detail, m, data, stock in sets(folder):
        for n in season.FORMERS:
            found = learn_set(data, *of_set(data, m, n, stock))
            for name, numbers in found._asdict().items():
                table[name, f"{detail}-{m}-{n}"] = np.atleast_2d(numbers)
    return table


# ── scores ────────────────────────────────────────────────────────────────────────────────────────


def score_set(
    data: Cases, m: int, n: int, stock: bool = False, left_out: str = "file"
) -> pd.DataFrame:
    """One row a late case: file, error, error of "same share as last year", inside 80 and 95 %;
    each file foretold by what was learned on the others or, `left_out` "half", every second series
    by the series between."""
    has, left, counts = of_set(data, m, n, stock)
    curves = np.zeros((len(left), len(pooled.PROBS)))
    apart = data.file if left_out == "file" else data.series % 2
    for name in np.unique(apart):
        own = apart == name
        other = season.Seen(*(column[~own] for column in has))
        found = learn_set(data.part(~own), other, left[~own], counts[~own])
        curves[own] = season.curves(season.Seen(*(column[own] for column in has)), found, stock)
    total = data.year[:, -1] if stock else data.year.sum(1)
    before = data.former[:, 0, m - 1] if stock else data.former[:, 0, :m].sum(1)
    last = data.annual[:, -1]
    same = np.where(before > 0, has.known / np.where(before > 0, before, 1.0) * last, last)
    same = same if stock else np.maximum(same, has.known)
    inside = [
        (curves[:, a] - 1e-9 * has.size <= total) & (total <= curves[:, b] + 1e-9 * has.size)
        for a, b in ((1, 5), (0, 6))
    ]
    frame = pd.DataFrame(
        {
            "file": data.file,
            "error": np.minimum(np.abs(curves[:, 3] - total) / has.size, CAP),
            "same": np.minimum(np.abs(same - total) / has.size, CAP),
            "in80": inside[0],
            "in95": inside[1],
            "width80": np.minimum((curves[:, 5] - curves[:, 1]) / has.size, 4.0),
        }
    )
    return frame[counts & data.late]


def scored(rows: pd.DataFrame) -> dict[str, float]:
    return {
        "cases": len(rows),
        "relative_error": round(rows.error.mean() / rows.same.mean(), 3),
        "cover80": round(100 * rows.in80.mean(), 1),
        "cover95": round(100 * rows.in95.mean(), 1),
        "width80": round(100 * rows.width80.mean(), 1),
    }


def score(folder: Path) -> pd.DataFrame:
    """A row a set; where all former years are taken one more for each file of 45 cases or more.
    What is chosen is chosen by files left out; what series of files that were learned from may
    expect, their halves say."""
    found = []
    for detail, m, data, stock in sets(folder):
        few = (1, 2) if m in (3, 6, 9) and detail in ("sums", "stock") else ()
        for n in (*few, season.FORMER):
            rows = score_set(data, m, n, stock)
            of = {"detail": detail, "known": m, "former": n}
            found.append(of | {"file": "all"} | scored(rows))
            if n == season.FORMER:
                halves = scored(score_set(data, m, n, stock, "half"))
                found.append(of | {"file": "all, by halves"} | halves)
            print(*found[-1].values(), flush=True)
            each = rows.groupby("file") if n == season.FORMER else ()
            found += [of | {"file": name} | scored(own) for name, own in each if len(own) >= 45]
    return pd.DataFrame(found)


def foretold(former: np.ndarray, year: np.ndarray, m: int, f: int) -> tuple[float, ...]:
    """(median, low80, high80, low95, high95) of one year as the package foretells it, in the shape
    scorers of such series ask: `former` (years, f) oldest first, `year` (m,)."""
    step, last = 12 // f, len(former)
    sums = {
        y: {(k + 1) * step: float(v) for k, v in enumerate(row.cumsum())}
        for y, row in enumerate([*former, year[:m]])
    }
    found = nowcast.fit(last, sums.pop(last), sums, {y: part[12] for y, part in sums.items()})
    row = found.ahead.at(last)
    names = ("median", "low80", "high80", "low95", "high95")
    return tuple(np.nan if row[name] is None else row[name] for name in names)


def main(what: str = "score", folder: str = str(FOLDER)) -> None:
    if what == "learn":
        nowcast.LEARNED.write_text(learn(Path(folder)).text(), "utf-8")
        return print(f"wrote {nowcast.LEARNED}")
    table = score(Path(folder))
    table.to_csv(ROOT / "benchmarks" / "results" / "nowcast.csv", index=False)
    print(table[table.file.str.startswith("all")].to_string(index=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
