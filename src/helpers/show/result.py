"""The numbers of an assessment as a record in the notebook's own output, which is the data.

A record is a flat dict of the columns of results.csv plus what the page needs; numbers are full
precision here. It is displayed under the MIME type `MIME`, beside its sentence, and read back from
executed notebooks.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from ..intake import observations, plan as plans
from ..intake.finding import Finding
from ..intake.observations import EDITION_VARIABLE, Point, Received
from ..intake.plan import Indicator, Plan, Reading
from ..intake.promise_rows import Search
from ..intake.targets import as_recorded
from ..measure import backtest, memory, outlook, overall, sensitivity, verdict
from ..measure.assessment import Assessment
from ..measure.categories import categories
from ..measure.commitment import CommitmentState
from ..measure.coverage import Missing
from ..measure.crosscheck import Crosscheck
from ..measure.funds import Stage
from ..measure.rolling import Score
from ..measure.sensitivity import OtherModel, OtherRule
from ..measure.surprise import Surprise
from . import explained, table, wording

AXES = ("state", "schedule", "official", "strength", "other_readings")  # of a commitment
MIME = "application/vnd.plan-assessment.result+json"
COLUMNS = (
    "plan",
    "indicator_id",
    "area",
    "category",
    "name_zh",
    "unit",
    "kind",
    "property",
    "baseline_year",
    "baseline",
    "target_year",
    "target",
    "op",
    "year",
    "data_year",
    "value",
    "n",
    "attainment",
    "progress",
    "elapsed",
    "ratio",
    "cagr",
    "required_cagr",
    "required_step",
    "step_factor",
    "status",
    "model",
    "median",
    "low80",
    "high80",
    "low95",
    "high95",
    "p_met",
    "outlook",
    "alert",
    "final",
    "note",
)
SCHEMA = 2  # of the records; raised when a reader of old records would misread them
OUTLOOKS, ALERTS = outlook.OUTLOOKS, outlook.TABLE  # as the page's method chapter prints them
SIGNIFICANT = 9  # digits kept of a computed number: the last ones differ between machines


class Record:
    """A record that displays itself: its sentence as text, its numbers under `MIME`."""

    def __init__(self, kind: str, sentence: str, data: dict):
        self.sentence = sentence
        self.data = {"record": kind, "schema": SCHEMA, "sentence": sentence, **data}

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"text/plain": self.sentence, MIME: self.data}


def indicator(
    plan: Plan,
    said: Assessment,
    others: Sequence[tuple[Reading, Assessment]] = (),
    models: Sequence[OtherModel] = (),
    rules: Sequence[OtherRule] = (),
    parts: Sequence[Assessment] = (),
    *,
    level: float = 0.8,
) -> Record:
    """The record of one indicator: results.csv's columns, facts, points, what others say, areas."""
    facts, base = said.facts, said.baseline
    data = {
        "plan": plan.id,
        "indicator_id": facts.id,
        "area": said.area,
        "category": facts.category,
        "name_zh": facts.name_zh,
        "unit": facts.unit,
        "kind": facts.kind,
        "property": facts.property,
        "baseline_year": base.year,
        "baseline": base.value,
        "target_year": facts.target.year,
        "target": facts.target.value,
        "op": facts.target.op,
        "year": said.year,
        "data_year": said.data_year,
        "value": said.value,
        "n": said.n,
        "attainment": said.attainment,
        "progress": said.progress,
        "elapsed": said.elapsed,
        "ratio": said.ratio,
        "cagr": said.cagr,
        "required_cagr": said.required_cagr,
        "required_step": said.required_step,
        "step_factor": said.step_factor,
        "status": said.status,
        "model": said.forecast.model if said.forecast.rows else None,
        **said.at_target,
        "p_met": said.p_met,
        "outlook": wording.OUTLOOK.get(said.outlook or ""),
        "alert": wording.ALERT.get(said.alert or ""),
        "final": wording.FINAL[said.final] or None,
        "note": wording.note(said) or None,
    }
    more = {
        "name_en": facts.name_en,
        "decimals": facts.decimals,
        "target_decimals": facts.target_decimals,
        "bound": said.bound,
        "baseline_source": base.source,
        "baseline_bound": base.bound,
        "scheduled": said.scheduled,
        "mean_step": said.mean_step,
        "planned_step": said.planned_step,
        "rule": said.rule,
        "window": said.window,
        "possible": list(said.possible),
        "at_least": said.at_least,
        "stale": _stale(said),
        "reasons": list(said.reasons),
        "final_code": said.final,
        "forecast": [
            dict(zip(("year", "median", "low80", "high80", "low95", "high95"), row, strict=True))
            for row in said.forecast.rows
        ],
        "points": [
            _point(p, before=p in said.series.before)
            for p in (*said.series.history, *said.series.before, *said.series.points)
        ],
        "gaps": list(said.series.gaps),
        "broken_at": said.series.broken_at,
        "facts": as_recorded(asdict(facts)),
        "texts": texts(said, models, rules, level),
        "outlook_code": said.outlook,
        "alert_code": said.alert,
        "trend": asdict(said.trend) | {"code": said.trend.code} if said.trend else None,
        "models": [_model(one, facts) for one in models],
        "ratings": [_rating(one) for one in rules],
        "areas": [_area(plan, one) for one in parts],
        "disagree": [one.model for one in sensitivity.disagreeing(said, models)],
        "explained": explained.record(said),
        "readings": [
            {"text": reading.text, "says": wording.reading(reading, other), "status": other.status}
            for reading, other in others
        ],
        "inputs": [
            {"path": path, "sha256": digest}
            for path, digest in observations.inputs(plan, facts.id, said.series, said.word)
        ],
    }
    return Record("indicator", wording.conclusion(said), tidy({**data, **more}))


def _stale(said: Assessment) -> int | None:
    """The year of the data a judgement rests on, where that is not the assessed year; None where it
    is, or nothing is judged."""
    if said.status in verdict.UNJUDGED or said.data_year is None:
        return None
    return said.data_year if said.data_year < said.year else None


def texts(
    said: Assessment,
    models: Sequence[OtherModel] = (),
    rules: Sequence[OtherRule] = (),
    level: float = 0.8,
) -> dict[str, str]:
    """The generated sentences of one indicator, by what they speak of."""
    record, fate = backtest.track_record(said)
    return {
        "chance": wording.NOT_APPLICABLE if said.without_chance else wording.chance(said.p_met),
        "prospect": wording.prospect(said, record, fate),
        "alert": wording.alert(said),
        "significance": wording.significance(said),
        "disagreement": wording.disagreement(said, sensitivity.disagreeing(said, models)),
        "parting": wording.parting(said, rules),
        "assumed": wording.assumptions(said.facts),
        "conclusion": wording.conclusion(said),
        "finding": wording.finding(said),
        "target": wording.target(said.facts),
        "baseline": wording.baseline(said),
        "latest": wording.latest(said),
        "progress": wording.progress(said),
        "trend": wording.trend(said),
        "outlook": wording.outlook(said, level),
        "pace": wording.pace(said),
        **({"word": wording.forms.in_words(said.word)} if said.word else {}),
        **({"goal": goal} if (goal := wording.forms.goal(said.facts)) else {}),
    }


def commitments(
    plan: Plan,
    states: Sequence[CommitmentState],
    searches: Sequence[Search] = (),
    funds: Mapping[str, Sequence[Stage]] | None = None,
) -> Record:
    """The record of the plan's promises: each with its state on three axes, its evidence and its
    `funds` by id; what was looked for in vain, and where the plan's text contradicts itself."""
    rows = [
        {
            **asdict(s.commitment),
            **{name: getattr(s, name) for name in AXES},
            "evidence": [asdict(row) for row in s.evidence],
            "funds": [asdict(one) for one in (funds or {}).get(s.commitment.id, ())],
        }
        for s in states
    ]
    ledger = plans.ledger(plan)
    parts = {
        "searches": [asdict(each) for each in searches],
        "contradictions": [asdict(each) for each in ledger.contradictions],
        "safeguards": list(ledger.safeguards),
    }
    told = tidy({"plan": plan.id, "commitments": rows, **parts})
    return Record("commitments", wording.commitments(states), told)


def data_check(
    plan: Plan,
    received: Received,
    points: Sequence[Point],
    lacking: Sequence[Missing],
    crossed: Sequence[Crosscheck] = (),
    surprises: Sequence[Surprise] = (),
    doubts: Sequence[Finding] = (),
    running: Mapping[str, str] | None = None,
) -> Record:
    """The record of what came through the door: what was received, revised, refused a use, is
    missing; the plan's own arithmetic, what other figures say of these, and what their own series
    would not have led one to expect; what is known of the year while it is running."""
    used = {point.row.indicator_id for point in points}
    sentence = wording.received(len(points), len(used), len(plan.indicators), len(lacking))
    received = replace(received, sources=observations.sources(plan))
    parts = {
        "missing": [
            {
                "id": m.facts.id,
                "name_zh": m.facts.name_zh,
                "years": list(m.years),
                **asdict(m.facts.supplier),
            }
            for m in lacking
        ],
        "revised": [
            {
                "id": p.row.indicator_id,
                "year": p.year,
                "value": p.row.value,
                "published": p.row.published,
                "earlier": p.earlier,
            }
            for p in points
            if p.earlier
        ],
        "checks": [
            {**asdict(check), "computed": check.computed, "holds": check.holds}
            for check in plan.checks
            if not check.observed
        ],
        "crosschecks": [
            {**asdict(one), "check": one.check.id, "says": one.check.says} for one in crossed
        ],
        "surprises": [asdict(one) for one in surprises],
        "running": dict(running or {}),
        "doubts": [_doubt(plan, finding) for finding in doubts],
        "warnings": [_doubt(plan, finding) for finding in received.warnings],
        "sources": [asdict(source) for source in received.sources.values()],
        "context_series": [asdict(series) for series in plans.context(plan)],
        "context": [asdict(row) for row in received.context],
        "inputs": [{"path": path, "sha256": digest} for path, digest in plans.inputs(plan)],
    }
    return Record("data_check", sentence, tidy({"plan": plan.id, **parts}))


def _doubt(plan: Plan, finding: Finding) -> str:
    """A finding as a reader of the page needs it: of which figure and what; where in which file is
    for whoever mends it."""
    names = {facts.id: getattr(facts, wording.NAME) for facts in plans.indicators(plan)}
    parts = {area.id: area.name for area in plan.areas if area.role == "part"}
    indicator_id, area, year = finding.about
    value = finding.value if finding.column in ("value", "published") else ""
    if indicator_id not in names:
        return "：".join(text for text in (finding.value, finding.problem) if text)
    return wording.page.doubted(
        names[indicator_id], parts.get(area, ""), year, value, finding.problem
    )


def assessment(
    plan: Plan, year: int, known_by: str, records: Sequence[dict], **more: dict | list | None
) -> Record:
    """The record of the whole: the plan's facts, the overall conclusion, the best and the worst; of
    `more` the evaluator's judgement, how the protocol was kept, what happened meanwhile."""
    result = overall.of_records(plan, year, records)
    dates = [point["published"] for r in records for point in r["points"] if point["published"]]
    (best, worst), taught = extremes(records), memory.of_plan(plan, year)
    facts = {
        name: value
        for name, value in asdict(plan).items()
        if name not in ("root", "checks", "scenario", "memory")
    }
    parts = {
        "facts": facts,
        "title": wording.title(plan, year),
        "evaluation": wording.evaluation(plan, year),
        "cutoff": wording.cutoff(known_by, max(dates, key=plans.last_day, default="")),
        "overall": result.word,
        "total": result.total,
        "assessable": result.assessable,
        "counts": [[code, k] for code, k in result.counts],
        "counted": wording.counted(result),
        "published": result.published,
        "stale": [[k, count] for k, count in result.stale],
        "foreseen": result.foreseen,
        "expected": None if result.expected is None else list(result.expected),
        "alerts": [
            [code, k]
            for code in outlook.ALERTS
            if (k := sum(r["alert_code"] == code for r in records))
        ],
        "hindcasts": _hindcasts(plan),
        "memory": asdict(taught) | {"says": wording.memory(taught, plan.memory.plans)},
        "best": [r["indicator_id"] for r in best],
        "worst": [r["indicator_id"] for r in worst],
        "categories": [asdict(each) for each in categories(plan.categories, records)],
        **more,
    }
    asked = {"plan": plan.id, "year": year, "known_by": known_by, "language": wording.CODE}
    return Record(
        "assessment", wording.overall(result), tidy({**asked, **_scenario(plan), **parts})
    )


def _hindcasts(plan: Plan) -> dict:
    """The table of the plan's own series as columns and rows; no row where it has none."""
    told = table.hindcasts(backtest.of_series(plan.id)).to_dict("split", index=False)
    return told if backtest.of_series(plan.id) else {"columns": [], "data": []}


def _scenario(plan: Plan) -> dict:
    """What a page says of the scenario: name, title, reason, choices and assumptions with their
    reasons; nothing of the base."""
    scenario, names = (
        plan.scenario,
        {facts.id: facts for facts in plans.indicators(plans.base(plan))} if plan.scenario else {},
    )
    if scenario is None:
        return {}
    assumed = [
        {
            "name_zh": names[entry.indicator].name_zh,
            "name": getattr(names[entry.indicator], wording.NAME),
            "says": wording.assumption(entry, names[entry.indicator]),
            "reason": entry.reason,
        }
        for entry in scenario.what_if
    ]
    chosen = [{"says": says, "reason": reason} for says, reason in wording.choices(scenario)]
    return {
        "scenario": scenario.name,
        "scenario_title": scenario.title,
        "scenario_reason": scenario.reason,
        "chosen": chosen,
        "assumed": assumed,
    }


def backtest_of(scores: Sequence[Score], series: int) -> Record:
    """The record of a backtest: one score a model."""
    return Record(
        "backtest",
        wording.scores(scores, series),
        tidy({"series": series, "scores": [asdict(score) for score in scores]}),
    )


def tried(assessments: Sequence[Assessment]) -> Record:
    """The record of one indicator under every model and window."""
    rows = [
        {
            "model": said.forecast.model,
            "window": said.window,
            **said.at_target,
            "p_met": said.p_met,
            "alert": said.alert,
        }
        for said in assessments
    ]
    return Record(
        "tried",
        wording.tried(assessments),
        tidy({"indicator_id": assessments[0].facts.id, "rows": rows}),
    )


def extremes(records: Sequence[dict], k: int = 3) -> tuple[list[dict], list[dict]]:
    """The `k` best of those at or above 符合预期, best first, and the `k` worst of those below,
    worst first."""
    judged = sorted(
        (r for r in records if r["status"] not in verdict.UNJUDGED),
        key=lambda r: (verdict.STATUSES.index(r["status"]), -(r["ratio"] or 0)),
    )
    good = [r for r in judged if r["status"] in verdict.GOOD]
    return good[:k], [r for r in reversed(judged) if r["status"] not in verdict.GOOD][:k]


def recorded(path: Path) -> dict:
    record = read(json.loads(path.read_text("utf-8")))
    if record is None:
        raise ValueError(f"{path.name} holds no record; run the assessment again")
    return record


def of_run(plan: Plan, year: int, known_by: str = "") -> list[dict]:
    """The indicator records of an assessment: inside a run those in the run's executed notebooks,
    by hand computed now."""
    folder = os.environ.get(EDITION_VARIABLE)
    if folder:
        return [recorded(Path(folder) / f"2_{name}.ipynb") for name in plan.indicators]
    points, chosen = observations.of_run(plan, year, known_by), plans.choices(plan)
    said = (
        verdict.assess(
            plan, facts, points, year, model=chosen.model, rule=chosen.rule, window=chosen.window
        )
        for facts in plans.indicators(plan)
    )
    return [
        indicator(
            plan, one, (), sensitivity.other_models(plan, one), sensitivity.other_rules(one)
        ).data
        for one in said
    ]


def read(notebook: dict) -> dict | None:
    """The record in an executed notebook (nbformat as a dict), or None where it has none."""
    outputs = (out for cell in notebook["cells"] for out in cell.get("outputs", ()))
    return next((out["data"][MIME] for out in outputs if MIME in out.get("data", {})), None)


def to_csv(records: Iterable[dict]) -> str:
    """results.csv: one row a record, empty where not available, text that a spreadsheet would take
    for a formula made harmless."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerow(
            ["" if record[name] is None else harmless(record[name]) for name in COLUMNS]
        )
    return file.getvalue()


def harmless(cell: object) -> object:
    """A number as it is; a text without a bare carriage return, which would break its row, and
    without the start of a formula."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def tidy(value):
    """`value` with every float at `SIGNIFICANT` digits and every tuple a list: what JSON holds, the
    same on every machine."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT}g}")
    if isinstance(value, dict):
        return {key: tidy(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [tidy(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def _area(plan: Plan, one: Assessment) -> dict:
    name = next(area.name for area in plan.areas if area.id == one.area)
    figures = {
        "data_year": one.data_year,
        "value": one.value,
        "bound": one.bound,
        "target": one.facts.target.value,
        "progress": one.progress,
        "p_met": one.p_met,
    }
    return {
        "area": one.area,
        "name": name,
        "status": one.status,
        "at_least": one.at_least,
        "outlook_code": one.outlook,
        "alert_code": one.alert,
        "final_code": one.final,
        **figures,
        "chance": wording.chance(one.p_met),
        "latest": wording.latest(one),
        "sentence": wording.conclusion(one),
    }


def _model(one: OtherModel, facts: Indicator) -> dict:
    return {
        "model": one.model,
        **one.forecast.at(facts.target.year),
        "p_met": one.p_met,
        "n": one.forecast.n,
        "reason": one.forecast.reason,
    }


def _rating(one: OtherRule) -> dict:
    rating = one.rating
    return {
        "rule": one.rule,
        "measures": rating.measures,
        "score": rating.score,
        "status": rating.status,
        "course": one.course,
        "agrees": one.agrees,
        "why_not": one.why_not,
    }


def _point(point: Point, *, before: bool) -> dict:
    return {
        **asdict(point.row),
        "level": point.level,
        "level_bound": point.bound,
        "earlier": point.earlier,
        "before": before,
    }
