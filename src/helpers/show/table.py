"""The tables a reader of a notebook sees: small DataFrames with Chinese headings, text already worded.

Every function returns a `Table`; numbers are printed at the indicator's `decimals`, missing is a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import pandas

from ..intake import observations, plan as plans
from ..intake.contract import Observation, Source
from ..intake.finding import Finding
from ..intake.observations import Point
from ..intake.plan import Check, ContextSeries, Indicator, Plan, Reading
from ..measure.commitment import CommitmentState
from ..measure import backtest, sensitivity
from ..measure.backtest import Hindcast
from ..measure.coverage import Missing
from ..measure.rolling import Score
from ..measure.sensitivity import OtherModel, OtherRule
from ..measure.verdict import Assessment
from . import wording

pandas.set_option("display.max_colwidth", None, "display.max_rows", 500)  # a clause is never cut with an ellipsis


class Table(pandas.DataFrame):
    """A DataFrame of words: shown left-aligned and without row numbers. Text from data is escaped."""

    @property
    def _constructor(self):
        return Table

    def _repr_html_(self) -> str:
        html = self.to_html(index=False, border=0, escape=True)
        return html.replace("<td>", '<td style="text-align:left">').replace("<th>", '<th style="text-align:left">').replace("text-align: right", "text-align: left")

    def __repr__(self) -> str:
        return self.to_string(index=False)


def _pairs(rows: Iterable[tuple[str, str]]) -> Table:
    return Table(rows, columns=["项目", "内容"])


def card(plan: Plan, facts: Indicator) -> Table:
    """指标卡: the facts of one indicator as the plan states them, its traps, and who has to supply what."""
    kind = wording.KIND[facts.kind] + (f"，{wording.REPORTED[facts.reported]}" if facts.reported else "") + (f"，累计起点：{facts.since}" if facts.since else "")
    stated, sources = facts.baseline, observations.sources(plan)
    base = wording.joined(f"{stated.year} 年", wording.amount(stated.value, facts, stated.bound)) if stated.value is not None else f"规划未载：{stated.note}"
    rows = [
        ("规划", plan.title),
        ("类别", facts.category),
        ("单位", facts.unit),
        ("性质", f"{kind}；{wording.DIRECTION[facts.direction]}；{wording.PROPERTY[facts.property]}"),
        *([(wording.ASSUMED, f"{plan.scenario.title}：{plan.scenario.reason}")] if plan.scenario else []),
        *([("对本项的假设", wording.assumptions(facts))] if facts.assumed else []),
        ("基期", base),
        ("目标", wording.target(facts)),
        *(("原文", f"{wording.quotation(c.quote)}（{wording.place(c.line, c.place, sources[c.source].title if c.source else '')}）") for c in facts.clauses),
        ("口径", facts.definition),
        *(("陷阱", text) for text in facts.caveats),
        *(("口径中断", f"{cut.year} 年起：{cut.reason}") for cut in facts.breaks),
        ("数据提供", f"{facts.supplier.office}（{facts.supplier.basis}）：{facts.supplier.needs}"),
    ]
    return _pairs(rows)


def observed(said: Assessment, sources: Mapping[str, Source]) -> Table:
    """一、数据: every observation that was taken, with its state, publication date and source."""
    series = said.series
    points = (*series.history, *series.before, *series.points)
    rows = [_observed_row(point, said.facts, sources) for point in sorted(points, key=lambda p: p.year)]
    columns = ["年份", "数值", "用于判断", "状态", "公布", "来源", "备注"]
    return Table(rows, columns=columns)


def _observed_row(point: Point, facts: Indicator, sources: Mapping[str, Source]) -> tuple:
    row = point.row
    judged = wording.NOT_APPLICABLE if point.level is None else wording.BOUND[point.bound] + wording.number(point.level, facts.decimals)
    remarks = "；".join(text for text in (row.note, f"此前：{point.earlier}" if point.earlier else "") if text)
    value = wording.BOUND[row.bound] + wording.number(row.value, facts.decimals)
    return row.year, value, judged, wording.OBSERVED[row.status], row.published or "日期不明", sources[row.source].title, remarks


def context(rows: Sequence[Observation], series: Sequence[ContextSeries], sources: Mapping[str, Source], indicator_id: str) -> Table:
    """参考数据: published figures of another definition, area or period; never used in a verdict."""
    about = {s.id: s for s in series if indicator_id in s.relates_to}
    listed = [
        (about[row.indicator_id].name_zh, row.year, f"{wording.BOUND[row.bound]}{wording.plain(row.value)} {row.unit}", about[row.indicator_id].differs, sources[row.source].title)
        for row in rows
        if row.indicator_id in about and row.value is not None
    ]
    return Table(listed, columns=["参考序列", "年份", "数值", "为何不用于评价", "来源"])


def progress(said: Assessment) -> Table:
    """二、进度: how far it came, how far it should have come."""
    facts = said.facts
    rows = [
        ("基期", wording.baseline(said)),
        ("最新值", wording.latest(said)),
        ("目标", wording.target(facts)),
        ("目标完成率", wording.percent(said.attainment, missing=wording.NOT_APPLICABLE)),
        ("增量完成率", wording.gained(said.progress, said.bound, facts.direction)),
        ("序时进度（按数据年）", wording.percent(said.elapsed, missing=wording.NOT_APPLICABLE)),
        ("序时值", wording.amount(said.scheduled, facts, missing=wording.NOT_APPLICABLE)),
        ("年均增速", wording.percent(said.cagr, 2, wording.NOT_APPLICABLE)),
        ("后续所需", wording.pace(said)),
        ("进度判断", f"{wording.SIGN[said.status]} {wording.STATUS[said.status]}（{wording.RULE[said.rule]}）"),
    ]
    return _pairs(rows)


def forecast(said: Assessment) -> Table:
    """三、预测: median and intervals by year; one row of reason where there is none."""
    decimals = said.facts.decimals
    names = ["年份", "中位数", "80% 区间下", "80% 区间上", "95% 区间下", "95% 区间上"]
    rows = [(year, *(wording.number(v, decimals) for v in values)) for year, *values in said.forecast.rows]
    if not rows:
        return _pairs([("预测", wording.outlook(said))])
    return Table(rows, columns=names)


def prospect(said: Assessment) -> Table:
    """达标前景: chance, word, how often such a word came true, and the alert that joins it with the status."""
    record = backtest.of_class(said.forecast.model, said.facts.kind, said.outlook)
    locked = said.status == "met_locked"
    rows = [
        ("达标概率", wording.NOT_APPLICABLE if locked else wording.chance(said.p_met)),
        ("达标前景", wording.prospect(said)),
        ("这样说有多准", f"{wording.tested_before(record)}。" if record and not locked else wording.NOT_APPLICABLE),
        ("预警等级", wording.alert(said) or wording.NOT_APPLICABLE),
    ]
    return _pairs(rows)


def models(said: Assessment, others: Sequence[OtherModel]) -> Table:
    """What every model foresees for the target year, and whether its chance lies far from the one taken."""
    apart = {one.model for one in sensitivity.disagreeing(said, others)}
    rows = [(_model(one, said), *_foreseen(one, said.facts), wording.MODELS_DISAGREE if one.model in apart else "") for one in others]
    return Table(rows, columns=["模型", "目标年中位数", "80% 预测区间", "达标概率", "备注"]) if rows else _pairs([("模型对照", wording.prospect(said))])


def _model(one: OtherModel, said: Assessment) -> str:
    return wording.MODEL[one.model] + ("（本报告采用）" if one.model == said.forecast.model else "")


def _foreseen(one: OtherModel, facts: Indicator) -> tuple[str, str, str]:
    at, decimals = one.forecast.at(facts.target.year), facts.decimals
    if at["median"] is None:
        return wording.REASON[one.forecast.reason], "—", wording.NO_FORECAST
    return wording.number(at["median"], decimals), f"{wording.number(at['low80'], decimals)}—{wording.number(at['high80'], decimals)}", wording.chance(one.p_met)


def tried(assessments: Sequence[Assessment]) -> Table:
    """Every model with every window: forecast, chance, alert."""
    rows = []
    for said in assessments:
        at, decimals = said.at_target, said.facts.decimals
        interval = f"{wording.number(at['low80'], decimals)}—{wording.number(at['high80'], decimals)}" if at["median"] is not None else wording.REASON.get(said.forecast.reason, "—")
        rows.append((wording.MODEL[said.forecast.model], f"最近 {said.window} 年" if said.window else "全部", said.forecast.n, wording.number(at["median"], decimals), interval, wording.chance(said.p_met), wording.alert(said) or "—"))
    return Table(rows, columns=["模型", "所用年份", "观测数", "目标年中位数", "80% 预测区间", "达标概率", "预警等级"])


def scores(rows: Sequence[Score]) -> Table:
    """回测: how far each model was off, how often its intervals held, how good its chances were."""
    listed = [(wording.MODEL[s.model], s.count, wording.number(s.error, 2), wording.number(s.relative, 2), wording.percent(s.cover80, 0), wording.percent(s.cover95, 0), wording.number(s.brier, 3)) for s in rows]
    return Table(listed, columns=["模型", "次数", "平均误差（年均变动的倍数）", "与维持最近值之比", "80% 区间包住", "95% 区间包住", "概率误差（Brier）"])


def ratings(said: Assessment, others: Sequence[OtherRule]) -> Table:
    """What other offices' rules say of the same figures, and whether they part from our judgement."""
    rows = [
        (wording.OTHER_RULE[one.rule], "，".join(wording.number(x, 2) for x in one.rating.measures) or "—", wording.rating(one), wording.WHY_NOT[one.why_not] or wording.COURSE[one.course], {True: "一致", False: "不一致", None: "—"}[one.agrees])
        for one in others
    ]
    return Table(rows, columns=["规则", "测度", "评级", "含义", "与本判断"]) if rows else _pairs([("规则对照", wording.parting(said, others))])


def readings(facts: Indicator, others: Sequence[tuple[Reading, Assessment]]) -> Table:
    """别的读法: the reading taken, and what each of the others would say."""
    rows = [("本报告采用", reading.text) for reading in facts.readings if reading.taken]
    rows += [("另一读法", wording.reading(reading, said)) for reading, said in others]
    return _pairs(rows or [("读法", "规划的表述只有一种读法。")])


def inputs(rows: Iterable[tuple[str, str]]) -> Table:
    """来历: what was read, with its SHA-256."""
    return Table(list(rows), columns=["输入", "SHA-256"])


def coverage(facts: Sequence[Indicator], points: Iterable[Point], years: Sequence[int]) -> Table:
    """What was received: indicators × years, the value or 「·」, with bound and state."""
    values = {(p.row.indicator_id, p.year): wording.BOUND[p.row.bound] + wording.plain(p.row.value) + ({"derived": "*", "assumed": f"（{wording.ASSUMED}）"}.get(p.row.status, "")) for p in points}
    rows = [(f.name_zh, f.unit, *(values.get((f.id, year), "·") for year in years)) for f in facts]
    return Table(rows, columns=["指标", "单位", *map(str, years)])


def missing(rows: Sequence[Missing]) -> Table:
    """What is missing and from whom."""
    listed = [(m.facts.supplier.office, m.facts.supplier.basis, m.facts.name_zh, "、".join(map(str, m.years)), m.facts.supplier.needs) for m in rows]
    return Table(listed, columns=["数据提供单位", "依据", "指标", "缺年份", "需要的数据"])


def revised(points: Iterable[Point], facts: Sequence[Indicator]) -> Table:
    """修订: the years whose figure was published more than once."""
    names = {one.id: one.name_zh for one in facts}
    rows = [(names[p.row.indicator_id], p.year, f"{wording.plain(p.row.value)}（{p.row.published}）", p.earlier) for p in points if p.earlier]
    return Table(rows, columns=["指标", "年份", "采用", "此前"])


def checks(listed: Sequence[Check]) -> Table:
    """The plan's own arithmetic: what it says, what comes out."""
    signs = {"sum": " + ", "quotient": " ÷ "}
    rows = [
        (check.says, signs[check.operation].join(map(wording.plain, check.terms)), wording.number(check.computed, check.decimals), wording.number(check.result, check.decimals), "一致" if check.holds else "不一致")
        for check in listed
    ]
    return Table(rows, columns=["含义", "算式", "算得", "所记", "核对"])


def warnings(findings: Sequence[Finding]) -> Table:
    rows = [(f"{f.file}:{f.line}", f.value, f.problem, f.remedy) for f in findings]
    return Table(rows, columns=["位置", "值", "问题", "办法"])


def scenarios(listed: Iterable[Plan]) -> Table:
    """Every scenario's choices and assumptions, each with its reason."""
    parts = [(plan.scenario, scenario(plan, plans.indicators(plans.base(plan)))) for plan in listed]
    rows = [(one.name, *row) for one, said in parts for row in said.itertuples(index=False)]
    return Table(rows, columns=["文件", "对象", wording.ASSUMED, "理由"])


def scenario(plan: Plan, facts: Iterable[Indicator]) -> Table:
    """情景假设: what the scenario chooses and assumes, each with its reason; one row where there is none."""
    if plan.scenario is None:
        return _pairs([("情景", "基准：没有假设")])
    named = {one.id: one for one in facts}
    rows = [("情景", plan.scenario.title, plan.scenario.reason)]
    rows += [("选择", said, why) for said, why in wording.choices(plan.scenario)]
    rows += [(named[e.indicator].name_zh if e.indicator in named else e.indicator, wording.assumption(e, named.get(e.indicator)), e.reason) for e in plan.scenario.what_if]
    return Table(rows, columns=["对象", wording.ASSUMED, "理由"])


def hindcasts(rows: Sequence[Hindcast]) -> Table:
    """What would have been said of the national plans year by year, beside what happened; indicators never judged are left out."""
    listed = []
    for (_, _), group in groupby(rows, key=lambda row: (row.plan, row.indicator)):
        said = list(group)
        if any(one.data_year for one in said):
            listed.append((f"{said[0].year}—{said[-1].year + 1}", said[0].name_zh, *map(wording.hindcast, said), wording.FINAL[said[0].final]))
    return Table(listed, columns=["规划期", "指标", "第 1 年", "第 2 年", "第 3 年", "第 4 年", "后来"])


def commitments(states: Sequence[CommitmentState], sources: Mapping[str, Source]) -> Table:
    """重点任务: every promise with its due date, state and evidence."""
    rows = [
        (
            s.commitment.box,
            s.commitment.title,
            wording.quotation(s.commitment.quote),
            s.commitment.due or "未定期限",
            f"{wording.COMMITMENT_SIGN[s.state]} {wording.COMMITMENT[s.state]}",
            "；".join(f"{e.year} 年：{e.note or e.locator}（{sources[e.source].title}）" for e in s.evidence) or f"尚无；须提供：{s.commitment.evidence_needed}",
        )
        for s in states
    ]
    return Table(rows, columns=["专栏或章节", "任务", "原文", "期限", "状态", "佐证"])


def results(records: Sequence[dict]) -> Table:
    """指标总表 as the notebook shows it: one row an indicator, in the plan's order."""
    rows = [
        (
            r["category"],
            r["name_zh"],
            r["texts"]["latest"],
            r["texts"]["target"],
            wording.gained(r["progress"], r["bound"], r["facts"]["direction"]),
            wording.percent(r["elapsed"], missing=wording.NOT_APPLICABLE),
            f"{wording.SIGN[r['status']]} {wording.STATUS[r['status']]}",
            r["texts"]["chance"],
            r["texts"]["alert"],
            r["final"] or "",
        )
        for r in records
    ]
    return Table(rows, columns=["类别", "指标", "最新值", "目标", "增量完成率", "序时进度", "进度判断", "达标概率", "预警等级", "总结评估"])
