"""Every Chinese sentence a reader of an assessment sees (with the page's template): words for codes, sentences from numbers.

Conventions: shares are fractions in the code and percent only here; a number is printed at the indicator's `decimals`;
missing is a word (「无数据」「不适用」), never a zero. Sentences follow the wording of official evaluations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...intake.accumulated import is_accumulated
from ...intake.events import Event
from ...intake.plan import Baseline, Indicator, Plan, Reading, Scenario, WhatIf
from ...measure.assessment import Assessment
from ...measure.backtest import Hindcast, Record
from ...measure.commitment import CommitmentState
from ...measure.forms import has_own_rule
from ...measure.outlook import ADDED_UP, DISAGREE, FEWEST
from ...measure.overall import Overall
from ...measure.progress import half_up, met
from ...measure.rolling import Score
from ...measure.sensitivity import OtherModel, OtherRule
from ...measure.verdict import UNJUDGED
from . import (
    zh_chapters,
    zh_closing,
    zh_explained,
    zh_forms,
    zh_judgement,
    zh_ledger,
    zh_monitor,
    zh_opinions,
    zh_overview,
    zh_page as page,
    zh_protocol,
    zh_summary,
    zh_targets,
)
from .digits import Named, number, percent, plain, runs, significant as significant
from .zh_figure import no_share as no_share, overview_finding as overview_finding
from .zh_memory import memory as memory
from .zh_reasons import BASELINE_SOURCE as BASELINE_SOURCE, REASON as REASON, WHY_NOT as WHY_NOT

forms, chapters, closing, case = zh_forms, zh_chapters, zh_closing, zh_explained  # words of forms, chapters, closing, a chance
judgement, protocol, summary, ledger = zh_judgement, zh_protocol, zh_summary, zh_ledger
monitor, opinions, province, targets = zh_monitor, zh_opinions, zh_overview, zh_targets
CODE, LANG, NAME = "zh", "zh-CN", "name_zh"  # of the table; of the page; the field that names an indicator in this language
COMMA, SEMICOLON, STOP, LISTING, COLON, OPEN, CLOSE, POINT = "，", "；", "。", "、", "：", "（", "）", "．"
PAIR_COLUMNS = ("项目", "内容")
NO_DATA, NOT_APPLICABLE, UNKNOWN, ASSUMED = "无数据", "不适用", "未知", "情景假设"
KIND = {
    "stock": "期末存量", "flow": "年度值", "share": "占比", "score": "评分", "ratio": "比率",
    "increment": "期内新增", "cumulative": "累计", "binary": "是否",
}  # fmt: skip
PROPERTY = {"binding": "约束性", "expected": "预期性"}
DIRECTION = {"higher": "越高越好", "lower": "越低越好"}
REPORTED = {"annual": "各年分别报送", "to_date": "报送期初以来累计"}
STATUS = {
    "met_locked": "提前实现", "met_hold": "已达标（须巩固）", "ahead": "快于预期", "on_schedule": "符合预期",
    "behind": "滞后于预期", "far_behind": "明显滞后", "reverse": "倒退", "not_assessable": "暂无法评价", "no_data": "无数据",
}  # fmt: skip
SIGN = {
    "met_locked": "★", "met_hold": "✓", "ahead": "▲", "on_schedule": "●", "behind": "▽", "far_behind": "▼",
    "reverse": "×", "not_assessable": "？", "no_data": "○",
}  # fmt: skip
FINAL = {
    "over_fulfilled": "超额完成", "fulfilled": "完成", "nearly_fulfilled": "基本完成", "fulfilled_late": "逾期完成", "unfulfilled": "未完成",
    "unfulfilled_reverse": "未完成且倒退", "pending": "终期数据未公布", "": "",
}  # fmt: skip
OUTLOOK = {"very_likely": "很可能", "likely": "较可能", "uncertain": "不确定", "unlikely": "较难", "very_unlikely": "很难"}
ALERT = {"green": "绿", "blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红"}
ALERT_MEANING = {"green": "正常", "blue": "关注", "yellow": "提示", "orange": "预警", "red": "严重预警"}
ALERT_SIGN = {"green": "◎", "blue": "◇", "yellow": "△", "orange": "■", "red": "◆"}
NO_AREAS = "没有分区域的数据"
NO_FORECAST, MODELS_DISAGREE = "无预测", "模型分歧"
OVERALL = {"on_schedule": "总体符合预期", "mostly": "总体基本符合预期", "behind": "总体滞后于预期", "insufficient": "数据不足，不作总体结论", "not_begun": "规划尚未开始，不作进度结论",
    "fulfilled": "总体完成", "mostly_fulfilled": "总体基本完成", "unfulfilled": "总体未完成", "final_insufficient": "终期数据不足，不作总体结论"}  # fmt: skip
OBSERVED = {"final": "终值", "preliminary": "初值", "derived": "推算", "missing": "缺", "target": "目标", "assumed": ASSUMED}
BOUND = {"=": "", ">": "超", ">=": "不低于", "~": "约"}
OPERATOR = {">=": "不低于", ">": "超过", "<=": "不高于", "<": "低于"}
OPERATOR_SIGN = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜"}
COMMITMENT = {"done": "已完成", "done_late": "逾期完成", "in_time": "推进中", "changed": "已调整", "stale": "资料陈旧", "not_started": "未启动", "late": "逾期", "dropped": "已取消", "unclear": "无法评定", "due_no_information": "到期无资料", "no_information": "无资料"}
COMMITMENT_SIGN = {"done": "✓", "done_late": "√", "in_time": "●", "changed": "◎", "stale": "◇", "not_started": "□", "late": "×", "dropped": "■", "unclear": "？", "due_no_information": "△", "no_information": "○"}
COMMITMENT_MEANING = {"done": "有佐证说明已按期完成", "done_late": "有佐证说明完成了，但过了期限", "in_time": "有近期佐证说明正在做，未到期", "changed": "任务已由有权机关调整", "stale": "有过佐证，已是两年以前的", "not_started": "有资料说明尚未启动", "late": "已经着手或未启动，过了期限没有完成的佐证", "dropped": "任务已由有权机关取消", "unclear": "规划没有给出可核验的标准", "due_no_information": "已到期限，当年没有任何佐证", "no_information": "未到期限，没有任何佐证"}
COMMITMENT_KIND = {"numeric": "数量", "recognition": "获批或名次", "document": "文件或制度", "platform": "平台或机构", "activity": "经常性活动", "direction": "只有方向", "": ""}
STRENGTH = {"official_list": "正式名单或批文", "report": "报告或记录", "news": "新闻报道", "self_statement": "单位自述", "": "未注明"}
BASIS = {"named": "原文写明", "suggested": "按职能建议"}
SAID = {"done": "已完成", "in_progress": "推进中", "not_started": "未启动", "changed": "已调整", "dropped": "已取消"}
COMMITMENT_TYPE = {"milestone": "一次性", "annual": "每年", "continuing": "持续推进"}
GROUP = {
    "baseline_table": "规划所列上期完成情况", "district": "本区其他公布数据", "city": "全市数据", "province": "全省数据",
    "nation": "全国数据", "component": "分项与其他口径",
}  # fmt: skip
MODEL = Named({
    "pooled": "众多年度序列的共同规律", "last": "维持最近值", "drift": "延续年均增量", "theta": "趋势与平滑各半",
    "ols": "线性趋势", "growth": "延续年均增速",
})  # fmt: skip
CHOICE = {"model": "预测模型", "rule": "进度判断规则", "level": "预测区间水平", "known_by": "数据截止日", "window": "预测所用的年数"}
RULE = {"cn-plan-1": "线性序时对照法", "cn-plan-1-rounded": "线性序时对照法，修约值比较"}
OTHER_RULE = {
    "statcan_target": "加拿大统计局（Open SDG）", "eurostat_target_eustat": "欧盟统计局（巴斯克统计局用法）", "un_2023": "联合国 2023 年进展图",
    "escap_cs_ap_logitstep": "联合国亚太经社会", "destatis_weather": "德国联邦统计局“天气”", "healthy_people_2030": "美国“健康国民 2030”",
}  # fmt: skip
RATING = {
    "target_achieved": "已达目标", "substantial_progress": "进展显著", "moderate_progress": "进展一般", "limited_progress": "进展有限", "deterioration": "恶化",
    "significant_progress": "明显进展", "moderate_deterioration": "中度背离", "significant_deterioration": "严重背离",
    "on_track": "在轨", "fair": "尚可", "stagnation": "停滞", "On-track": "在轨", "Slow progress": "进展缓慢", "Regression": "倒退",
    "Will meet target": "预计达标", "Need to accelerate": "须加速", "No progress expected": "预计无进展", "Insufficient data": "数据不足",
    "sun": "晴", "sun_cloud": "晴转多云", "cloud": "多云", "thunder": "雷雨", "met": "已达标", "improving": "改善", "little_change": "变化不大", "getting_worse": "变差",
    "not_available": NOT_APPLICABLE,
}  # fmt: skip
COURSE = {"on": "可达", "short": "不足", "wrong": "背离", None: "不涉及快慢"}
MARK = {  # what is drawn, in the order of the legend
    "observed": "实际值", "former": "原口径", "vintage": "此前公布", "assumed": ASSUMED, "schedule": "序时线", "target": "目标", "median": "预测中位数", "80": "80% 预测区间", "95": "95% 预测区间",
}  # fmt: skip
RELIABILITY = {"stock": "水平值（存量、占比等）", "sum": "期内新增与累计"}
RELIABILITY_TITLE, SAID_AXIS, MET_AXIS, PERFECT = "给出的概率与后来达标的比例", "给出的达标概率", "实际达标的比例", "完全可靠"
OPERATION = {"sum": " + ", "product": " × ", "quotient": " ÷ "}
GAP, BREAK, RANKING_TITLE = "缺", "口径调整", "各区域最新值（横条）与目标（红线）"
ROOM = 0.55  # of the longest words beside a bar of the overview, in lengths of the bar that reaches the target
EVALUATION = {"baseline": "基线评估", "annual": "年度评估", "midterm": "中期评估", "final": "总结评估"}
FICTIONAL = "虚构数据，不可引用"
WITHOUT_SPACE = ("%", "‰")


def amount(value: float | None, facts: Indicator, bound: str = "=", missing: str = "—") -> str:
    """`value` with its unit, and the word of its bound: 「超 5.00 亿元」."""
    if value is None:
        return missing
    text = number(value, facts.decimals)
    return f"{_bound(bound)}{text}{'' if facts.unit in WITHOUT_SPACE else ' '}{facts.unit}"


def _bound(bound: str) -> str:
    """The word of a bound, set off from the number that follows."""
    return BOUND[bound] + (" " if BOUND[bound] else "")


def joined(words: str, figure: str) -> str:
    """「2024 年 38 件」, 「2024 年超 38 件」: a space only where a number follows."""
    return f"{words}{' ' if figure[0] in '-0123456789' else ''}{figure}"


def compared(name: str, base: str, flipped: list[str], left_out: list[str]) -> str:
    """What became of the indicators in an edition, against another."""
    text = f"{name}：与 {base} 相比，{len(flipped)} 项指标的判断、前景或预警改变" + (f"（{'、'.join(flipped)}）" if flipped else "")
    return text + (f"；不计入 {'、'.join(left_out)}" if left_out else "") + "。"


def flips(editions: list[tuple[str, list[tuple[str, str, str]]]]) -> str:
    """「审慎：进度判断 快于预期 → 滞后于预期」, of (edition, [(what, before, after)])."""
    return "；".join(f"{name}：" + "，".join(f"{page.COMPARISON[what]} {before} → {after}" for what, before, after in words) for name, words in editions)


def since(start: str) -> str:
    """Since when a running total runs."""
    return f"累计起点：{start}"


def stated(base: Baseline, facts: Indicator) -> str:
    """The baseline as the plan states it, or why it does not."""
    text = joined(f"{base.year} 年", amount(base.value, facts, base.bound)) if base.value is not None else f"规划未载：{base.note}"
    return text + (forms.ESTIMATED if base.estimated else "") + forms.revised(facts)


def unit(printed: str) -> str:
    """A unit as the plan prints it."""
    return printed


def contextual(row: Mapping[str, Any]) -> str:
    """One figure of a reference series: 「2023 年 14.5 %」."""
    return f"{row['year']} 年 {BOUND[row['bound']]}{plain(row['value'])} {unit(row['unit'])}"


def changed(what: str, before: object, now: object, name: str = "") -> str:
    """What is not as it was in last year's edition: a rule or a model, or the target, baseline or definition of an indicator."""
    words = {"rule": RULE, "model": MODEL}.get(what, {})
    told = "改写" if what == "definition" else f"由{words.get(before, before)}改为{words.get(now, now)}"
    return (f"{name}：" if name else "") + {"rule": "判断规则", "model": "预测模型", "target": "目标", "baseline": "基期", "definition": "口径"}[what] + told


def difference(value: float, facts: Indicator) -> str:
    """A step in the indicator's unit; a difference of percentages is in 百分点."""
    text = number(value, max(facts.decimals, 2) if abs(value) < 1 else facts.decimals + 1)
    return f"{text} 百分点" if facts.unit in ("%", "‰") else f"{text} {facts.unit}"


def evaluation(plan: Plan, year: int) -> str:
    """年度/中期/总结评估: final in the target year, midterm in the middle year of the period, annual otherwise."""
    middle = (plan.period.start + plan.period.end) // 2
    if year < plan.period.start:
        return EVALUATION["baseline"]
    return EVALUATION["final" if year == plan.target_year else "midterm" if year == middle else "annual"]


def title(plan: Plan, year: int) -> str:
    return f"{plan.short_title}{year}年{evaluation(plan, year)}报告" + (f"（{ASSUMED}：{plan.scenario.title}）" if plan.scenario else "")


def assumption(entry: WhatIf, facts: Indicator | None = None) -> str:
    """What one entry of a scenario assumes, without its reason; with its unit where the facts are at hand."""
    unit = f" {facts.unit}" if facts else ""
    if entry.value is not None:
        return f"{entry.year} 年的值为 {plain(entry.value)}{unit}"
    if entry.growth is not None:
        return f"自最新值起每年增长 {percent(entry.growth)}，推至{f' {entry.until} 年' if entry.until else '评估年'}"
    if entry.target is not None:
        return f"目标值为 {plain(entry.target)}{unit}"
    return "这项指标不计入" if entry.drop else f"改用另一种读法（{entry.reading}）"


def assumptions(facts: Indicator) -> str:
    """Everything a scenario assumes of one indicator, each with its reason; empty without a scenario."""
    return "；".join(f"{assumption(entry, facts)}（理由：{entry.reason.rstrip('。')}）" for entry in facts.assumed)


def choices(scenario: Scenario) -> list[tuple[str, str]]:
    """(what was chosen, why) of every choice a scenario makes otherwise."""
    return [(f"{CHOICE[name]}：{MODEL[value] if name == 'model' else value}", one.reason) for one in scenario.choices for name in CHOICE if (value := getattr(one, name)) is not None]


def _is_assumed(said: Assessment) -> bool:
    """True where the value that is judged is a scenario's."""
    return bool(said.series.points) and said.series.points[-1].row.status == "assumed"


def target(facts: Indicator) -> str:
    """「2025 年不低于 12.0 件」, or why there is none."""
    if facts.target.form != "at_end":
        return forms.target(facts)
    if facts.target.value is None:
        return f"未设目标（{facts.target.note}）"
    mark = f"（{ASSUMED}）" if any(entry.target is not None for entry in facts.assumed) else ""
    return f"{facts.target.year} 年{_total(facts)}{OPERATOR[facts.target.op]} {target_amount(facts)}{mark}"


def target_amount(facts: Indicator, with_unit: bool = True) -> str:
    """The target as the plan prints it: 「18 件」 where others of its figures have decimals."""
    text = number(facts.target.value, facts.target_decimals)
    return f"{text}{'' if facts.unit in WITHOUT_SPACE else ' '}{facts.unit}" if with_unit else text


def baseline(said: Assessment) -> str:
    """The start of progress that was used, with where it comes from."""
    base, facts = said.baseline, said.facts
    if base.source == "zero":
        return f"0 {facts.unit}（{BASELINE_SOURCE['zero']}）"
    if base.value is None:
        stated = facts.baseline
        note = f"：{stated.note.rstrip('。')}" if stated.note else ""
        printed = "；" + joined(f"规划所载 {stated.year} 年为", amount(stated.value, facts, stated.bound)) if stated.value is not None else ""
        return f"{BASELINE_SOURCE[base.source]}{note}{printed}"
    return joined(f"{base.year} 年", amount(base.value, facts, base.bound)) + f"（{BASELINE_SOURCE[base.source]}）"


def _total(facts: Indicator) -> str:
    """「累计」 before a value that sums up several years, unless the name of a running total says it already."""
    return "累计" if facts.kind == "increment" or (facts.kind == "cumulative" and "累计" not in facts.name_zh) else ""


def latest(said: Assessment) -> str:
    if said.value is None:
        return NO_DATA
    return joined(forms.when(said) or f"{said.data_year} 年{_total(said.facts)}", amount(said.value, said.facts, said.bound)) + (f"（{ASSUMED}）" if _is_assumed(said) else "")


def reasons(codes: Iterable[str]) -> str:
    return "；".join(REASON[code] for code in codes)


def note(said: Assessment) -> str:
    """Why something is not available, and what a reader must know: the column 备注."""
    parts = [f"{ASSUMED}：{assumptions(said.facts)}"] if said.facts.assumed else []
    parts += [reasons(dict.fromkeys(said.reasons)), forms.in_words(said.word) if said.word else ""]
    if said.possible:
        parts.append(f"界内可能的判断：{'、'.join(STATUS[code] for code in said.possible)}")
    if said.data_year is not None and said.series.points[-1].earlier:
        parts.append(f"最新值此前公布为 {said.series.points[-1].earlier}")
    return "；".join(part for part in parts if part)


def judged(status: str, at_least: bool, of: int | None = None) -> str:
    """The word of a status; of one that is the least of several that the bounds allow, or rests on data `of` an earlier year, so said."""
    return ("至少" if at_least else "") + STATUS[status] + (f"（{of} 年数据）" if of else "")


def pace(said: Assessment) -> str:
    """What the years left require, against the pace so far; for an indicator without data, what the plan itself requires."""
    facts = said.facts
    if has_own_rule(facts):
        return forms.pace(said)
    if said.status in ("met_locked", "met_hold"):
        return "目标已经实现，无须再增。" if not facts.can_be_lost else "目标已经达到，须在目标年保持。"
    if facts.target.value is None:
        return "没有目标值，所需年均增量不可算。"
    if said.data_year is not None and said.data_year >= facts.target.year:
        return "目标年的值是情景假设，没有剩余年份。" if _is_assumed(said) else "目标年数据已公布，没有剩余年份。"
    if facts.kind == "binary":
        return f"是否型指标没有年均增量，须在 {facts.target.year} 年年底前实现。"
    if said.required_step is not None:
        text = f"距目标年还有 {facts.target.year - said.latest[0]} 年，年均须{_change(said.required_step, facts)}"
        if said.mean_step is not None and said.required_step:
            text += f"，{said.baseline.year} 年以来年均{_change(said.mean_step, facts)}"
        text += f"，后续年均增量须达到前期的 {number(said.step_factor, 2)} 倍" if said.step_factor is not None else ""
        bounded = "（按界限计，为至多所需）" if said.bound in (">", ">=") and facts.direction == "higher" else ""
        return text + bounded + "。"
    if said.value is None and said.planned_step is not None and met(said.baseline.figure, facts.target.figure, facts.target.op):
        return f"基期值已在目标之内，须保持到 {facts.target.year} 年，没有所需的增量。"
    if said.planned_step is not None and said.value is None:
        return f"按规划，{said.baseline.year}—{facts.target.year} 年年均须{_change(said.planned_step, facts)}。"
    why = "基期值只是约数或界限" if said.baseline.bound != "=" else "没有同口径基期值"
    return f"{why}，规划要求的年均增量不可算。"


def _change(step: float, facts: Indicator) -> str:
    word = "增加" if step >= 0 else "减少"
    return f"{word} {difference(abs(step), facts)}"


def progress(said: Assessment) -> str:
    """「增量完成率 79.3%，序时进度 50.0%」, as far as they are available."""
    if has_own_rule(said.facts):
        return forms.progress(said)
    if said.value is None:
        return "没有规划期内的观测，进度不可算。"
    above, beyond = ("以上", "以上" if said.facts.direction == "higher" else "以下") if said.bound in (">", ">=") else ("", "")
    parts = [f"为目标值的 {percent(said.attainment)}{above}"] if said.attainment is not None and said.facts.kind != "binary" else []
    if said.progress is not None:
        done = joined("增量完成率", gained(said.progress, said.bound, said.facts.direction))
        parts.append(f"{done}，序时进度 {percent(said.elapsed)}，两者之比 {number(said.ratio, 2)}{beyond}")
    else:
        parts.append("增量完成率" + NOT_APPLICABLE)
    return "，".join(parts) + "。"


def gained(share: float | None, bound: str, direction: str, decimals: int = 1) -> str:
    """增量完成率 in percent; that of a bounded figure is a bound too: 「不低于 90.0%」."""
    word = {"=": "", "~": "约 "}.get(bound, "不低于 " if direction == "higher" else "不高于 ")
    return (word if share is not None else "") + percent(share, decimals, NOT_APPLICABLE)


def trend(said: Assessment) -> str:
    """What can be said of the direction so far: nothing with fewer than two points, no step between bounds."""
    points = said.series.points
    if is_accumulated(said.facts):
        return forms.trend(said)
    if said.facts.kind == "binary":
        return "是否型指标没有趋势可言。"
    if len(points) < 2:
        return f"规划期内只有 {len(points)} 个可用观测，不能判断趋势。" if points else "没有观测，不能判断趋势。"
    first, last = points[0], points[-1]
    if {first.bound, last.bound} & {">", ">="}:
        return f"{first.year}—{last.year} 年共 {len(points)} 个观测，其中有的只是界限，年均增量不可算。"
    step = (last.figure - first.figure) / (last.year - first.year)
    gaps = f"其间缺 {'、'.join(map(str, said.series.gaps))} 年，未作插补。" if said.series.gaps else ""
    rate = f"，规划期年均增速 {percent(said.cagr, 2)}" if said.cagr is not None else ""
    change = f"年均{_change(step, said.facts)}"
    if said.facts.kind == "increment":  # a sum from nothing: between its first year and its last lies one addition too few
        change = f"平均每年新增 {difference(said.mean_step, said.facts)}" if said.mean_step is not None else "年均新增不可算"
    return f"{first.year}—{last.year} 年共 {len(points)} 个观测，{change}{rate}。{gaps}"


def outlook(said: Assessment, level: float = 0.8) -> str:
    """The forecast in a sentence, with model, n and the prediction interval of `level` (0.8 or 0.95); or why there is none."""
    at, facts = said.at_target, said.facts
    if at["median"] is None:
        return REASON[said.forecast.reason] + "。" if said.forecast.reason else "不作预测。"
    name = f"{level * 100:.0f}"
    return (
        f"按“{MODEL[said.forecast.model]}”模型（{said.forecast.n} 个{_observations(said)}），{facts.target.year} 年预测中位数 {amount(at['median'], facts)}，"
        f"{name}% 预测区间 {number(at[f'low{name}'], facts.decimals)}—{number(at[f'high{name}'], facts.decimals)}。"
    )


def chance(p: float | None) -> str:
    """A probability to the nearest 5 %, never as certainty: 「约 75%」, 「超过 95%」; 无预测 where there is none."""
    if p is None:
        return NO_FORECAST
    rounded = int(half_up(p * 20, 0)) * 5
    return "超过 95%" if rounded == 100 else "不足 5%" if rounded == 0 else f"约 {rounded}%"


def prospect(said: Assessment, record: Record | None = None, fate_of: Record | None = None) -> str:
    """达标前景 in a sentence: P, its word, model, n, and how often that word came true; or why there is none."""
    if said.status == "met_locked":
        return "目标已经实现，按定义不会再失去，无须预测。"
    if said.p_met is None or said.outlook is None:
        return f"{NO_FORECAST}：{REASON[said.forecast.reason] if said.forecast.reason else '没有目标值'}。"
    few = f"；观测少于 {FEWEST} 个，最高只说“较可能”" if said.forecast.n < FEWEST else ""
    text = f"达标概率{chance(said.p_met)}，{OUTLOOK[said.outlook]}（“{MODEL[said.forecast.model]}”模型，{said.forecast.n} 个{_observations(said)}{few}）。"
    return text + (f"{tested_before(record)}。" if record else "") + fate(said, fate_of)


def fate(said: Assessment, record: Record | None) -> str:
    """How often a status came true: of plans so judged in that year; empty where it is not known."""
    if record is None:
        return ""
    return f"真实序列切成的规划里，第 {said.year_of_plan} 年判为“{STATUS[said.status]}”的有 {record.cases} 例，后来 {percent(record.met, 0)} 达标。"


def tested_before(record: Record) -> str:
    """How often a class of chances came true in the backtest."""
    return f"在没有学过的序列上回测，这样说过 {record.cases} 次，平均给出 {percent(record.said, 0)}，实际达标 {percent(record.met, 0)}"


def disagreement(_said: Assessment, models: Iterable[OtherModel]) -> str:
    """模型分歧: the models whose P lies far from ours; empty where none does."""
    told = "，".join(f"“{MODEL[one.model]}”给出{chance(one.p_met)}" for one in models)
    return f"{MODELS_DISAGREE}：{told}，与本结论相差逾 {DISAGREE * 100:.0f} 个百分点，结论取决于如何外推。" if told else ""


def parting(said: Assessment, others: Iterable[OtherRule]) -> str:
    """Where other offices' rules part from our judgement, in a sentence."""
    others = list(others)
    spoke = [one for one in others if one.agrees is not None]
    apart = [one for one in spoke if not one.agrees]
    if not others:
        return "没有进度判断，无从对照。"
    if not spoke:
        return f"{len(others)} 种规则都不适用于这些数据。"
    if not apart:
        return f"{len(spoke)} 种适用的规则与本判断方向一致。"
    told = "、".join(f"{OTHER_RULE[one.rule]}为“{rating(one)}”" for one in apart)
    return f"{len(spoke)} 种适用的规则中有 {len(apart)} 种与本判断（{STATUS[said.status]}）不一致：{told}。"


def rating(one: OtherRule) -> str:
    """The word of another office's rule; of a rule with two measures both."""
    return "，".join(RATING[word] for word in one.rating.status.split("|"))


def _observations(said: Assessment) -> str:
    return "年度新增值" if said.facts.kind in ADDED_UP else "观测"


def significance(said: Assessment) -> str:
    """What the exact Mann-Kendall test and the Theil–Sen slope say; empty where there is nothing to test."""
    found = said.trend
    if found is None or found.slope is None:
        return ""
    what = "各年新增值" if said.facts.kind in ADDED_UP else "观测值"
    head = f"Mann-Kendall 精确检验（{what}，n={found.n}）：S={found.s}，双侧 p{_probability(found.p)}，"
    verdict = {
        "rising": "上升趋势显著（5% 水平）", "falling": "下降趋势显著（5% 水平）", "none": "趋势不显著（5% 水平）",
        "unreachable": f"这 {found.n} 个数无论怎样排列都达不到 5% 水平，检验不能说明有无趋势",
    }[found.code]  # fmt: skip
    sums = "新增值" if said.facts.kind in ADDED_UP else ""
    return f"{head}{verdict}。Theil–Sen 斜率：{sums}每年{_change(found.slope, said.facts)}。"


def _probability(p: float) -> str:
    return f"={p:.3f}" if p >= 0.001 else "<0.001"


def alert(said: Assessment) -> str:
    """「绿（正常）」; without forecast the word for it beside; empty where nothing is judged."""
    if said.alert is None:
        return ""
    return warned(said.alert, said.p_met is None and said.word is None and said.latest[0] < said.facts.target.year)


def warned(code: str, unforeseen: bool = False) -> str:
    return f"{ALERT[code]}（{ALERT_MEANING[code]}{'，' + NO_FORECAST if unforeseen else ''}）"


def foreseen(said: Assessment) -> str:
    """Chance and alert as they stand in the conclusion; empty where there is neither."""
    parts = [f"达标前景：{OUTLOOK[said.outlook]}（达标概率{chance(said.p_met)}）"] if said.outlook and said.status != "met_locked" else []
    parts += [f"预警等级：{alert(said)}"] if said.alert else []
    return "".join(f"{part}。" for part in parts)


def conclusion(said: Assessment) -> str:
    """The one sentence of an indicator, generated from its numbers."""
    facts = said.facts
    if said.status == "no_data":
        return f"{facts.name_zh}：{NO_DATA}。{_goal(facts)}；{REASON['no_observation']}，不作评价。{_to_come(said)}{_final(said)}"
    text = f"{facts.name_zh} {latest(said)}，{_goal(facts)}"
    if said.progress is not None and has_own_rule(facts):
        text += f"，{forms.course(said)}"
    elif said.progress is not None:
        text += f"，{joined('增量完成率', gained(said.progress, said.bound, said.facts.direction))}（序时进度 {percent(said.elapsed)}）"
    why = f"说明：{note(said)}。" if note(said) else ""
    return f"{text}。进度判断：{judged(said.status, said.at_least)}。{foreseen(said)}{_final(said)}{why}"


def _to_come(said: Assessment) -> str:
    """What the years before the plan lead one to expect; empty where they say nothing."""
    return f"按规划期以前的数据外推，达标概率{chance(said.p_met)}（{OUTLOOK[said.outlook]}）。" if said.outlook else ""


def _goal(facts: Indicator) -> str:
    return joined("目标为", target(facts)) if facts.target.is_set else target(facts)


def _final(said: Assessment) -> str:
    late = said.series.late
    when = f"（{late.year} 年 {amount(late.level, said.facts, late.bound)}）" if late and said.final == "fulfilled_late" else ""
    return f"总结评估：{FINAL[said.final]}{when}。" if said.final else ""


def finding(said: Assessment) -> str:
    """The title of the picture: what it shows, in one line."""
    facts, value = said.facts, latest(said)
    if facts.target.value is None:
        return f"{facts.name_zh}：{value}"
    if said.value is None:
        return f"{facts.name_zh}：{NO_DATA}，目标 {target_amount(facts)}"
    met = said.status in ("met_locked", "met_hold")
    return f"{value}，{'已达' if met else '目标'} {target_amount(facts)}{'的目标' if met else ''}"


def alternative(said: Assessment, facts: Indicator, happened: Iterable[Event] = ()) -> str:
    """The alt text of the picture: a sentence with its numbers, and with what happened meanwhile."""
    points = "，".join(joined(f"{p.year} 年", _bound(p.bound) + number(p.level, facts.decimals)) for p in (*said.series.before, *said.series.points))
    ahead = said.at_target
    future = f"；{facts.target.year} 年预测 {number(ahead['median'], facts.decimals)}（80% 预测区间 {number(ahead['low80'], facts.decimals)}—{number(ahead['high80'], facts.decimals)}）" if ahead["median"] is not None else ""
    return f"折线图：{facts.name_zh}（{facts.unit}），{points or NO_DATA}；{_goal(facts)}{future}{zh_chapters.marked(happened)}。"


def overview_alternative(records: Iterable[dict]) -> str:
    """The alt text of the overview of all indicators' records: every indicator with its numbers."""
    rows = (f"{r['name_zh']} {gained(r['progress'], r['bound'], r['facts']['direction'], 0)}（{STATUS[r['status']]}）" for r in records)
    return f"横条图：各指标增量完成率——{'；'.join(rows)}。"


def reliability_alternative(model: str, records: Mapping[str, Iterable[Record]]) -> str:
    """The alt text of the reliability picture: what was said and what came true, for each tenth of P."""
    told = (
        f"{RELIABILITY[kind]}：" + "，".join(f"说 {percent(one.said, 0)} 的达标 {percent(one.met, 0)}（{one.cases} 次）" for one in rows if one.cases)
        for kind, rows in records.items()
        if rows
    )
    if not any(records.values()):
        return f"“{MODEL[model]}”模型没有回测过，没有可画的点。"
    return f"散点图：“{MODEL[model]}”模型在没有学过的序列上回测，{'；'.join(told)}。"


def scores(rows: Iterable[Score], series: int) -> str:
    """Which model came nearest on these series, and how sure that is."""
    rows = sorted(rows, key=lambda score: score.error)
    if not rows:
        return f"{series} 个序列都太短，无从回测。"
    few = "；次数太少，只供参考" if rows[0].count < 100 else ""
    return f"{series} 个序列上每种模型回测 {rows[0].count} 次：误差最小的是“{MODEL[rows[0].model]}”，为年均变动的 {number(rows[0].error, 2)} 倍；最大的是“{MODEL[rows[-1].model]}”，为 {number(rows[-1].error, 2)} 倍{few}。"


def tried(assessments: Iterable[Assessment]) -> str:
    """How far the chance depends on model and window."""
    chances = [said.p_met for said in assessments if said.p_met is not None]
    if not chances:
        return "没有可比的达标概率。"
    return f"换模型、换所用年份，达标概率从{chance(min(chances))}到{chance(max(chances))}。"


def hindcast(said: Hindcast) -> str:
    """「快于预期，约 60%」: what would have been said in one year."""
    if said.data_year is None:
        return NO_DATA
    return STATUS[said.status] + ("" if said.status == "met_locked" else f"，{chance(said.p_met)}")


def ranking(said: Sequence[Assessment], names: Mapping[str, str]) -> str:
    """The alt text of the ranking: every area with its value, the best first."""
    facts = said[0].facts
    listed = "，".join(f"{names[one.area]} {amount(one.value, one.facts, one.bound)}（{one.data_year} 年，{STATUS[one.status]}）" for one in said)
    return f"横条图：各区域{facts.name_zh}，由优到劣——{listed}。"


def reading(other: Reading, said: Assessment) -> str:
    """What another reading of the plan's words would say."""
    text = other.text.rstrip("。")
    if said.status == "no_data":
        start = ("基期 " if said.baseline.value is not None else "") + baseline(said)
        return f"{text}——{_goal(said.facts)}，{start}；{NO_DATA}。{pace(said)}"
    why = f"（{note(said)}）" if said.status in UNJUDGED else ""
    return f"{text}——{latest(said)}，{progress(said)}进度判断：{judged(said.status, said.at_least)}{why}。"


def counted(result: Overall) -> str:
    """METHOD §5: 「规划确定的 N 项主要指标中，可评价 M 项：…；另有 N−M 项…。」"""
    judged = "，".join(f"{STATUS[code]} {k} 项" for code, k in result.counts if code not in UNJUDGED)
    rest = "，".join(f"{STATUS[code]} {k} 项" for code, k in result.counts if code in UNJUDGED)
    text = f"规划确定的 {result.total} 项主要指标中，"
    if result.finals:
        spoken = "，".join(f"{FINAL[code]} {k} 项" for code, k in result.finals if code != "pending")
        text += f"目标年的终期数据已公布 {result.published} 项" + (f"（{spoken}）" if spoken else "")
        text += f"，未公布 {result.total - result.published} 项。按现有最新数据，"
    text += f"可评价 {result.assessable} 项"
    text += f"：{judged}" if judged else ""
    text += f"（其中 {result.at_least} 项按“至少”计）" if result.at_least else ""
    text += f"；另有 {result.total - result.assessable} 项不能评价（{rest}）" if rest else ""
    older = "、".join(f"{year} 年 {k} 项" for year, k in result.stale)
    text += f"；可评价的指标中 {sum(k for _, k in result.stale)} 项依据的不是评估年的数据（{older}）" if older else ""
    return f"{text}。{expected(result)}"


def expected(result: Overall) -> str:
    """「有预测的 N 项中，预计完成 x±d 项」, d holding about 80 %; empty where too few are forecast."""
    if result.expected is None:
        return ""
    middle, half = result.expected
    return f"有预测的 {result.foreseen} 项中，预计完成 {middle:.1f}±{half:.1f} 项（八成把握）。"


def overall(result: Overall) -> str:
    """The counts and the conclusion drawn from them."""
    return f"{counted(result)}{OVERALL[result.word]}。"


def commitments(states: Iterable[CommitmentState]) -> str:
    codes = [state.schedule for state in states]
    counted = "，".join(f"{COMMITMENT[code]} {codes.count(code)} 项" for code in COMMITMENT if code in codes)
    return f"规划作出的 {len(codes)} 项任务承诺中：{counted}。" if codes else "本规划没有录入任务承诺。"


def place(line: int | None, where: str, source: str = "") -> str:
    """Where a quotation stands: 「发展主要指标表，原文第 150 行」."""
    parts = [where] if where else []
    parts += [f"原文第 {line} 行"] if line is not None else [f"转引自 {source}"] if source else []
    return "，".join(parts)


def quotation(quote: str) -> str:
    """A clause as printed; cells of a table row are set apart."""
    return "“" + quote.replace("|", " ｜ ") + "”"


def received(rows: int, indicators: int, total: int, lacking: int) -> str:
    """What came through the door, in a sentence."""
    text = f"收到观测 {rows} 条，涉及 {indicators} 项指标（共 {total} 项）"
    return f"{text}；{lacking} 项指标有缺数年份。" if lacking else f"{text}；各年数据齐全。"


def cutoff(known_by: str, latest: str) -> str:
    """数据截止: the date the evaluator chose, or the latest publication used."""
    if known_by:
        return f"截至 {known_by} 已公布的数据"
    return f"全部已知数据（最晚公布于 {latest}）" if latest else "全部已知数据（没有观测）"


def years(listed: Iterable[int]) -> str:
    """Years with runs joined: 2021—2023、2025."""
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in runs(listed))
