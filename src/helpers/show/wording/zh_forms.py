"""The forms a target can have, in Chinese: what is asked, where it stands, what the years left must bring."""

from __future__ import annotations

from ...intake.judgement import Judged
from ...intake.plan import Indicator
from ...intake.targets import ACCUMULATED, EACH_YEAR
from ...measure.assessment import Assessment
from .digits import number, percent

FORM = {"at_end": "期末达到", "every_year": "每年达到", "range": "每年保持在区间内", "mean": "规划期平均", "compound": "规划期累计（逐年复合）", "rise": "比基期提高", "relative": "与另一指标相比", "qualitative": "定性要求"}
OPERATOR = {">=": "不低于", ">": "超过", "<=": "不高于", "<": "低于"}
SIGN = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜"}
PROXY, AMENDED, GOALS, FORM_LABEL = "代理数据", "目标调整", "各年目标", "目标形式"
ESTIMATED = "，预计数"


def figure(value: float | None, facts: Indicator, decimals: int | None = None) -> str:
    """A value with its unit; a ratio of two indicators has none."""
    text = number(value, facts.decimals if decimals is None else decimals)
    if facts.target.is_ratio:
        return text
    return text + ("" if facts.unit in ("%", "‰") else " ") + facts.unit


def span(low: float | None, high: float | None, facts: Indicator) -> str:
    """「5.0—6.0%」, or one end of it."""
    if low is None or high is None:
        return ("不低于 " + figure(low, facts)) if high is None else ("不高于 " + figure(high, facts))
    return f"{number(low, facts.decimals)}—{figure(high, facts)}"


def in_words(word: Judged) -> str:
    """What the evaluator says of a target in words, without its full stop."""
    return f"评价者的判断：{word.text.rstrip('。.')}"


def target(facts: Indicator) -> str:
    """What a target of this form asks, in a phrase: 「规划期内年均超过 7%」."""
    goal = facts.target
    if goal.form == "qualitative":
        return f"定性要求（{goal.note}）"
    if goal.compared:
        return _compared(facts)
    asked = _asked(facts)
    if goal.form == "rise":
        if goal.printed is None:
            return f"{goal.year} 年比基期提高 {figure(goal.value, facts, facts.target_decimals)}"
        return f"{goal.year} 年比基期提高 {figure(goal.printed, facts)}，即{asked}"
    if goal.form in EACH_YEAR:
        return _each_year(facts)
    word = ("年均" if goal.rate else "各年平均") if goal.form == "mean" else "累计（逐年复合）"
    return f"规划期{word}{asked}"


def _asked(facts: Indicator) -> str:
    return f"{OPERATOR[facts.target.op]} {figure(facts.target.value, facts, facts.target_decimals)}"


def _each_year(facts: Indicator) -> str:
    goal = facts.target
    own = "，".join(f"{one.year} 年{span(one.low, one.high, facts)}" for one in goal.goals)
    if goal.judged == "range":
        common = f"规划期内每年保持在 {span(goal.low, goal.high, facts)}" if goal.low is not None or goal.high is not None else ""
    else:
        common = f"规划期内每年{_asked(facts)}" if goal.value is not None else ""
    return "；".join(filter(None, (common, f"各年目标：{own}" if own else ""))) or f"各年目标尚未提出（{goal.note}）"


def _compared(facts: Indicator) -> str:
    goal, other = facts.target, facts.target.compared
    assert other is not None
    when = {"mean": "规划期平均", "every_year": "规划期内每年", "range": "规划期内每年", "at_end": f"{goal.year} 年"}[other.judged]
    what = f"与{other.name}之{'差' if other.by == 'difference' else '比'}"
    if other.judged == "range":
        return f"{when}{what}在 {span(goal.low, goal.high, facts)}"
    if other.by == "difference" and goal.value == 0:
        return f"{when}{'高于' if goal.op == '>' else '低于' if goal.op == '<' else OPERATOR[goal.op]}{other.name}"
    return f"{when}{what}{_asked(facts)}"


def goal(facts: Indicator) -> str:
    """The target in a table's cell: 「年均＞7%」; empty for the value of the target year."""
    asked = facts.target
    if asked.form in ("at_end", "rise"):
        return ""
    if asked.form == "qualitative":
        return "定性"
    if asked.judged == "range" or asked.value is None:
        return f"每年 {span(asked.low, asked.high, facts)}" if asked.low is not None or asked.high is not None else GOALS
    word = {"mean": "年均" if asked.rate else "平均", "compound": "累计", "every_year": "每年", "at_end": ""}[asked.judged]
    versus = f"与{asked.compared.name}之{'差' if asked.compared.by == 'difference' else '比'}" if asked.compared else ""
    return f"{versus}{word}{SIGN[asked.op]}{figure(asked.value, facts, facts.target_decimals)}"


def when(said: Assessment) -> str:
    """「2021—2023 年年均」 before what several years came to; empty for the value of one year."""
    asked = said.facts.target
    if asked.judged not in ACCUMULATED or said.data_year is None:
        return ""
    first = said.baseline.year + 1
    years = f"{first}—{said.data_year} 年" if said.data_year > first else f"{first} 年"
    return years + ({True: "年均", False: "平均"}[asked.rate is not None] if asked.judged == "mean" else "累计")


def progress(said: Assessment) -> str:
    """How far a target of this form has come."""
    asked = said.facts.target
    if said.value is None:
        return "没有规划期内的观测，进度不可算。"
    if asked.judged in EACH_YEAR:
        return _kept(said)
    parts = [f"为目标值的 {percent(said.attainment)}"] if said.attainment is not None else []
    if said.scheduled is not None and asked.judged == "compound":
        parts.append(f"按不变的年率，到 {said.data_year} 年应为 {figure(said.scheduled, said.facts)}")
    if said.ratio is not None:
        parts.append(f"完成进度 {percent(said.progress)}，序时进度 {percent(said.elapsed)}，两者之比 {number(said.ratio, 2)}")
    return "，".join(parts) + "。" if parts else "目标为零，只判断是否达到，没有完成进度。"


def _kept(said: Assessment) -> str:
    broke = "、".join(map(str, said.broke))
    if said.progress is None or said.elapsed is None:
        return "已有数据的年份没有目标可对照。"
    return f"有数据的年份占规划期的 {percent(said.elapsed)}，其中{f' {broke} 年越线' if broke else '各年都达到'}。"


def pace(said: Assessment) -> str:
    """What each year left has to be."""
    asked, facts = said.facts.target, said.facts
    if said.data_year is not None and said.data_year >= asked.year:
        return "目标年数据已公布，没有剩余年份。"
    if asked.judged in EACH_YEAR:
        return "已有年份越线，余下各年仍应达到。" if said.broke else "余下各年都须达到。"
    if said.needed is None:
        return f"须使{target(facts)}。" if asked.is_set else "没有目标值，余下各年所需不可算。"
    left = asked.year - said.latest[0]
    word = {"growth": "年均增长", "fall": "年均降低", None: "平均"}[asked.rate]
    beyond = "以上" if facts.direction == "higher" else "以下"
    return f"距目标年还有 {left} 年，须{word} {figure(said.needed, facts, facts.decimals + 1)}{beyond}。"


def trend(said: Assessment) -> str:
    """What the years behind a mean or total were: they have no slope of their own."""
    points = said.series.points
    if not points:
        return "没有观测，不能判断趋势。"
    listed = "，".join(f"{p.year} 年 {number(p.row.value, said.facts.decimals)}" for p in points)
    return f"各年数值（{said.facts.unit}）：{listed}。"


def course(said: Assessment) -> str:
    """Where it stands, in the conclusion: 「完成进度 60.0%（序时进度 40.0%）」."""
    if said.facts.target.judged in EACH_YEAR:
        return f"{'、'.join(map(str, said.broke))} 年越线" if said.broke else "各年都达到"
    return f"完成进度 {percent(said.progress)}（序时进度 {percent(said.elapsed)}）"


def amended(facts: Indicator) -> list[str]:
    """What became of a target that was changed: when, to what, why, by which document."""
    return [f"{one.published} 调整为 {figure(one.value, facts)}（原为 {figure(facts.target.value, facts)}）：{one.reason}，见{one.document}" for one in facts.target.amended]


def revised(facts: Indicator) -> str:
    """The baseline as published anew; empty where it was not."""
    anew = facts.baseline.revised
    return f"；{anew.published} 修订为 {figure(anew.value, facts)}（{anew.reason}）" if anew else ""
