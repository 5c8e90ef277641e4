"""The tables a reader of a notebook sees: small DataFrames, headings and text already worded.

Every function returns a `Table`; numbers are printed at the indicator's `decimals`, missing is a
word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas

from ..intake import observations, plan as plans
from ..intake.contract import Observation, Source
from ..intake.finding import Finding
from ..intake.observations import Point
from ..intake.plan import Check, ContextSeries, Indicator, Plan, Reading
from ..measure import backtest, sensitivity
from ..measure.assessment import Assessment
from ..measure.backtest import Hindcast
from ..measure.coverage import Missing
from ..measure.crosscheck import Crosscheck
from ..measure.rolling import Score
from ..measure.sensitivity import OtherModel, OtherRule
from ..measure.surprise import Surprise
from . import wording
from .card import rows
from .lines import plain
from .notebook_table import Table, named, pairs


def card(plan: Plan, facts: Indicator) -> Table:
    """指标卡: the facts of one indicator as the plan states them, its traps, and who has to supply
    what."""
    label, sources = wording.page.LABEL, observations.sources(plan)
    kind = (
        wording.KIND[facts.kind],
        wording.REPORTED[facts.reported] if facts.reported else "",
        wording.since(facts.since) if facts.since else "",
    )
    nature = (
        wording.COMMA.join(filter(None, kind)),
        wording.DIRECTION[facts.direction],
        wording.PROPERTY[facts.property],
    )
    rows = [
        (label["plan"], plan.title),
        (label["category"], facts.category),
        (label["unit"], wording.unit(facts.unit)),
        (label["kind"], wording.SEMICOLON.join(nature)),
        *(
            [(wording.ASSUMED, wording.page.labelled(plan.scenario.title, plan.scenario.reason))]
            if plan.scenario
            else []
        ),
        *([(label["assumed"], wording.assumptions(facts))] if facts.assumed else []),
        (label["baseline"], wording.stated(facts.baseline, facts)),
        (label["target"], wording.target(facts)),
        *(
            (
                label["clause"],
                wording.quotation(c.quote)
                + wording.OPEN
                + wording.place(c.line, c.place, sources[c.source].title if c.source else "")
                + wording.CLOSE,
            )
            for c in facts.clauses
        ),
        (label["definition"], facts.definition),
        *((label["caveat"], text) for text in facts.caveats),
        *([(wording.forms.PROXY, facts.proxy)] if facts.proxy else []),
        *((wording.forms.AMENDED, text) for text in wording.forms.amended(facts)),
        *((label["break"], wording.page.broken(cut.year, cut.reason)) for cut in facts.breaks),
        (
            label["supplier"],
            wording.page.supplied_by(
                facts.supplier.office, facts.supplier.basis, facts.supplier.needs
            ),
        ),
    ]
    return pairs(rows)


def concluded(record: Mapping) -> Table:
    """The card of an indicator's record, row by row as the report has it."""
    told = rows(record, wording.spoken())
    return pairs([(heading, plain(line).replace("\n", " ")) for heading, line in told])


def observed(seen: pandas.DataFrame, facts: Indicator) -> Table:
    """一、数据: every observation that was taken (`frames.observed`), with its state, publication
    date and source."""
    return named("observed", [_observed_row(row, facts) for row in seen.itertuples()])


def _observed_row(row: Any, facts: Indicator) -> tuple:
    judged = wording.BOUND[row.level_bound] + wording.number(row.level, facts.decimals)
    earlier = wording.page.EARLIER + row.earlier if row.earlier else ""
    return (
        row.Index,
        wording.BOUND[row.bound] + wording.number(row.value, facts.decimals),
        wording.NOT_APPLICABLE if math.isnan(row.level) else judged,
        wording.OBSERVED[row.status],
        row.published or wording.page.UNDATED,
        row.source,
        wording.SEMICOLON.join(filter(None, (row.note, earlier))),
    )


def context(
    rows: Sequence[Observation],
    series: Sequence[ContextSeries],
    sources: Mapping[str, Source],
    indicator_id: str,
) -> Table:
    """参考数据: published figures of another definition, area or period; never used in a
    verdict."""
    about = {s.id: s for s in series if indicator_id in s.relates_to}
    listed = [
        (
            about[row.indicator_id].name_zh,
            row.year,
            f"{wording.BOUND[row.bound]}{wording.plain(row.value)} {row.unit}",
            about[row.indicator_id].differs,
            sources[row.source].title,
        )
        for row in rows
        if row.indicator_id in about and row.value is not None
    ]
    return named("context", listed)


def progress(said: Assessment) -> Table:
    """二、进度: how far it came, how far it should have come."""
    facts, label = said.facts, wording.page.LABEL
    rows = [
        (label["baseline"], wording.baseline(said)),
        (label["latest"], wording.latest(said)),
        (label["target"], wording.target(facts)),
        (label["attainment"], wording.percent(said.attainment, missing=wording.NOT_APPLICABLE)),
        (label["progress"], wording.gained(said.progress, said.bound, facts.direction)),
        (label["elapsed"], wording.percent(said.elapsed, missing=wording.NOT_APPLICABLE)),
        (label["scheduled"], wording.amount(said.scheduled, facts, missing=wording.NOT_APPLICABLE)),
        (label["cagr"], wording.percent(said.cagr, 2, wording.NOT_APPLICABLE)),
        (label["pace"], wording.pace(said)),
        (
            label["status"],
            f"{wording.SIGN[said.status]} {wording.judged(said.status, said.at_least)}"
            f"{wording.OPEN}{wording.RULE[said.rule]}{wording.CLOSE}",
        ),
    ]
    return pairs(rows)


def forecast(said: Assessment) -> Table:
    """三、预测: median and intervals by year; one row of reason where there is none."""
    decimals = said.facts.decimals
    rows = [
        (year, *(wording.number(v, decimals) for v in values))
        for year, *values in said.forecast.rows
    ]
    if not rows:
        return pairs([(wording.page.LABEL["forecast"], wording.outlook(said))])
    return named("forecast", rows)


def prospect(said: Assessment) -> Table:
    """达标前景: chance, word, how often such a word came true, and the alert that joins it with the
    status."""
    label = wording.page.LABEL
    record, fate = backtest.track_record(said)
    locked = said.status == "met_locked"
    rows = [
        (label["chance"], wording.NOT_APPLICABLE if locked else wording.chance(said.p_met)),
        (label["prospect"], wording.prospect(said)),
        (
            label["record"],
            wording.tested_before(record) + wording.STOP.rstrip()
            if record and not locked
            else wording.NOT_APPLICABLE,
        ),
        (label["fate"], wording.fate(said, fate).strip() or wording.NOT_APPLICABLE),
        (label["alert"], wording.alert(said) or wording.NOT_APPLICABLE),
    ]
    return pairs(rows)


def models(said: Assessment, others: Sequence[OtherModel]) -> Table:
    """What every model foresees for the target year, and whether its chance lies far from the one
    taken."""
    apart = {one.model for one in sensitivity.disagreeing(said, others)}
    rows = [
        (
            _model(one, said),
            *_foreseen(one, said.facts),
            wording.MODELS_DISAGREE if one.model in apart else "",
        )
        for one in others
    ]
    return (
        named("models", rows)
        if rows
        else pairs([(wording.page.LABEL["models"], wording.prospect(said))])
    )


def _model(one: OtherModel, said: Assessment) -> str:
    return wording.MODEL[one.model] + (
        wording.OPEN + wording.page.ADOPTED + wording.CLOSE
        if one.model == said.forecast.model
        else ""
    )


def _foreseen(one: OtherModel, facts: Indicator) -> tuple[str, str, str]:
    at, decimals = one.forecast.at(facts.target.year), facts.decimals
    if at["median"] is None:
        return wording.REASON[one.forecast.reason], "—", wording.NO_FORECAST
    return (
        wording.number(at["median"], decimals),
        f"{wording.number(at['low80'], decimals)}—{wording.number(at['high80'], decimals)}",
        wording.chance(one.p_met),
    )


def tried(assessments: Sequence[Assessment]) -> Table:
    """Every model with every window: forecast, chance, alert."""
    rows = []
    for said in assessments:
        at, decimals = said.at_target, said.facts.decimals
        interval = (
            f"{wording.number(at['low80'], decimals)}—{wording.number(at['high80'], decimals)}"
            if at["median"] is not None
            else wording.REASON.get(said.forecast.reason, "—")
        )
        rows.append(
            (
                wording.MODEL[said.forecast.model],
                wording.page.latest_years(said.window),
                said.forecast.n,
                wording.number(at["median"], decimals),
                interval,
                wording.chance(said.p_met),
                wording.alert(said) or "—",
            )
        )
    return named("tried", rows)


def scores(rows: Sequence[Score]) -> Table:
    """回测: how far each model was off, how often its intervals held, how good its chances were."""
    listed = [
        (
            wording.MODEL[s.model],
            s.count,
            wording.number(s.error, 2),
            wording.number(s.relative, 2),
            wording.percent(s.cover80, 0),
            wording.percent(s.cover95, 0),
            wording.number(s.brier, 3),
        )
        for s in rows
    ]
    return named("scores", listed)


def ratings(said: Assessment, others: Sequence[OtherRule]) -> Table:
    """What other offices' rules say of the same figures, and whether they part from our
    judgement."""
    rows = [
        (
            wording.OTHER_RULE[one.rule],
            wording.COMMA.join(wording.number(x, 2) for x in one.rating.measures) or "—",
            wording.rating(one),
            wording.WHY_NOT[one.why_not] or wording.COURSE[one.course],
            wording.page.AGREES[one.agrees],
        )
        for one in others
    ]
    return (
        named("ratings", rows)
        if rows
        else pairs([(wording.page.LABEL["ratings"], wording.parting(said, others))])
    )


def readings(facts: Indicator, others: Sequence[tuple[Reading, Assessment]]) -> Table:
    """别的读法: the reading taken, and what each of the others would say."""
    rows = [
        (wording.page.LABEL["taken"], reading.text) for reading in facts.readings if reading.taken
    ]
    rows += [
        (wording.page.LABEL["other"], wording.reading(reading, said)) for reading, said in others
    ]
    return pairs(rows or [(wording.page.LABEL["reading"], wording.page.ONE_READING)])


def areas(plan: Plan, said: Sequence[Assessment]) -> Table:
    """分区域: how every part of the plan's area stands, each judged alone."""
    names = {area.id: area.name for area in plan.areas}
    rows = [
        (
            names[one.area],
            wording.latest(one),
            wording.target(one.facts),
            wording.gained(one.progress, one.bound, one.facts.direction),
            f"{wording.SIGN[one.status]} {wording.judged(one.status, one.at_least)}",
            wording.chance(one.p_met),
            wording.alert(one),
        )
        for one in said
    ]
    return (
        named("areas", rows) if rows else pairs([(wording.page.LABEL["areas"], wording.NO_AREAS)])
    )


def inputs(rows: Iterable[tuple[str, str]]) -> Table:
    """来历: what was read, with its SHA-256."""
    return named("inputs", list(rows))


def coverage(facts: Sequence[Indicator], points: Iterable[Point], years: Sequence[int]) -> Table:
    """What was received: indicators × years, the value or 「·」, with bound and state."""
    values = {
        (p.row.indicator_id, p.year): wording.BOUND[p.row.bound]
        + wording.plain(p.row.figure)
        + {"derived": "*", "assumed": f"{wording.OPEN}{wording.ASSUMED}{wording.CLOSE}"}.get(
            p.row.status, ""
        )
        for p in points
    }
    rows = [
        (
            getattr(f, wording.NAME),
            wording.unit(f.unit),
            *(values.get((f.id, year), "·") for year in years),
        )
        for f in facts
    ]
    return Table(rows, columns=[*wording.page.TABLE["coverage"], *map(str, years)])


def missing(rows: Sequence[Missing]) -> Table:
    """What is missing and from whom."""
    listed = [
        (
            m.facts.supplier.office,
            m.facts.supplier.basis,
            getattr(m.facts, wording.NAME),
            wording.LISTING.join(map(str, m.years)),
            m.facts.supplier.needs,
        )
        for m in rows
    ]
    return named("missing", listed)


def revised(points: Iterable[Point], facts: Sequence[Indicator]) -> Table:
    """修订: the years whose figure was published more than once."""
    names = {one.id: getattr(one, wording.NAME) for one in facts}
    rows = [
        (
            names[p.row.indicator_id],
            p.year,
            f"{wording.plain(p.row.figure)}{wording.OPEN}{p.row.published}{wording.CLOSE}",
            p.earlier,
        )
        for p in points
        if p.earlier
    ]
    return named("revised", rows)


def checks(listed: Sequence[Check]) -> Table:
    """The plan's own arithmetic: what it says, what comes out."""
    signs, listed = wording.OPERATION, [check for check in listed if not check.observed]
    rows = [
        (
            check.says,
            signs[check.operation].join(map(wording.plain, check.terms)),
            wording.number(check.computed, check.decimals),
            wording.number(check.result, check.decimals),
            wording.page.HOLDS[check.holds],
        )
        for check in listed
    ]
    return named("checks", rows)


def crosschecks(rows: Sequence[Crosscheck]) -> Table:
    """Figures of different offices against one another, year by year."""
    listed = [
        (
            one.check.says,
            one.year,
            wording.OPERATION[one.check.operation].join(map(wording.plain, one.terms)),
            wording.significant(one.computed),
            wording.plain(one.recorded),
            wording.percent(one.difference, 2),
            wording.page.HOLDS[one.holds],
        )
        for one in rows
    ]
    return named("crosschecks", listed)


def surprises(rows: Sequence[Surprise], facts: Sequence[Indicator]) -> Table:
    """Values outside what their own series would have led one to expect."""
    about = {one.id: one for one in facts}
    listed = [
        (
            getattr(about[one.indicator_id], wording.NAME),
            one.year,
            *(
                wording.number(x, about[one.indicator_id].decimals)
                for x in (one.value, one.low, one.high)
            ),
        )
        for one in rows
    ]
    return named("surprises", listed)


def warnings(findings: Sequence[Finding]) -> Table:
    rows = [(f"{f.file}:{f.line}", f.value, f.problem, f.remedy) for f in findings]
    return named("warnings", rows)


def scenarios(listed: Iterable[Plan]) -> Table:
    """Every scenario's choices and assumptions, each with its reason."""
    parts = [(plan.scenario, scenario(plan, plans.indicators(plans.base(plan)))) for plan in listed]
    rows = [(one.name, *row) for one, said in parts if one for row in said.itertuples(index=False)]
    return named("scenarios", rows)


def scenario(plan: Plan, facts: Iterable[Indicator]) -> Table:
    """情景假设: what the scenario chooses and assumes, each with its reason; one row where there is
    none."""
    if plan.scenario is None:
        return pairs([(wording.page.SCENARIO, wording.page.BASE)])
    named = {one.id: one for one in facts}
    rows = [(wording.page.SCENARIO, plan.scenario.title, plan.scenario.reason)]
    rows += [(wording.page.CHOSEN, said, why) for said, why in wording.choices(plan.scenario)]
    rows += [
        (
            getattr(named[e.indicator], wording.NAME) if e.indicator in named else e.indicator,
            wording.assumption(e, named.get(e.indicator)),
            e.reason,
        )
        for e in plan.scenario.what_if
    ]
    return Table(rows, columns=list(wording.page.SCENARIO_COLUMNS))


def hindcasts(rows: Sequence[Hindcast]) -> Table:
    """What would have been said of earlier plans year by year, beside what happened; indicators
    never judged are left out."""
    listed = []
    for (_, _), group in groupby(rows, key=lambda row: (row.plan, row.indicator)):
        said = list(group)
        if any(one.data_year for one in said):
            listed.append(
                (
                    f"{said[0].year}—{said[-1].year + 1}",
                    said[0].name_zh,
                    *map(wording.hindcast, said),
                    wording.FINAL[said[0].final],
                )
            )
    nothing = [(wording.page.HINDSIGHT_TABLE, wording.page.NO_HINDCASTS)]
    return named("hindcasts", listed) if listed else pairs(nothing)


def results(records: Sequence[dict]) -> Table:
    """指标总表 as the notebook shows it: one row an indicator, in the plan's order."""
    rows = [
        (
            r["category"],
            r[wording.NAME],
            r["texts"]["latest"],
            r["texts"]["target"],
            wording.gained(r["progress"], r["bound"], r["facts"]["direction"]),
            wording.percent(r["elapsed"], missing=wording.NOT_APPLICABLE),
            f"{wording.SIGN[r['status']]} "
            f"{wording.judged(r['status'], r.get('at_least', False), r.get('stale'))}",
            r["texts"]["chance"],
            r["texts"]["alert"],
            r["final"] or "",
        )
        for r in records
    ]
    return named("results", rows)
