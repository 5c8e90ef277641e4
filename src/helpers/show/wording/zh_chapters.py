"""The words of the chapters that say what is assessed, what secures it, what lies ahead, what limits it and what it rests on, in Chinese."""

from __future__ import annotations

from collections.abc import Iterable

from ...intake.events import Event

PERIOD, SCOPE, EDITION = "评估期", "评估范围", "数据"
NO_PARTIES = "没有写明委托方和评估方；本期没有评估者的意见，全部文字由程序按数据生成。"
LATER_DATA = "所用数据最晚公布于（晚于报告日期）"
NO_PROTOCOL = "本规划没有封存评估方案；所用的目标、口径、规则、模型与阈值列在“方法与限制”。"
SAFEGUARDS, SAFEGUARD_COLUMNS = "规划中列为保障措施的任务", ("任务", "责任单位", "期限", "状态")
MECHANISM = "评估者指出的机制问题"
AHEAD, AHEAD_COLUMNS = "还没有到目标年的指标", ("指标", "最新值", "目标", "今后年均须变动", "以往年均变动", "预测中位数（80% 区间）", "达标概率")
ENDED = "规划期已满，没有还在推进中的指标；以后的事写在建议里。"
EVENTS, ALL_INDICATORS = "外部环境：这几年里发生的事", "全部指标"
EVENTS_NOTE = "下列事件在所涉指标的图上以细线标出。只说明先后，不说明因果：指标的升降没有归因于任何一件。"
EVENT_COLUMNS = ("时间", "事件", "类别", "涉及指标", "来源")
EVENT_KIND = {"law": "法律法规", "policy": "政策文件", "institution": "机构与体制", "statistics": "统计口径", "shock": "突发事件"}
LIMITS, KEPT_TITLE, KEPT_COLUMNS = "限制", "留存的原件", ("材料", "所证", "文件", "SHA-256")
NONE_KEPT = "没有留存原件，来源都只有题名或网址。"
PROVES_SOURCE = "数据来源"


def event(one: Event) -> str:
    """What a picture and a table call an event."""
    return one.name


def marked(happened: Iterable[Event]) -> str:
    """The events as an alt text names them at its end."""
    told = "，".join(f"{one.date} {event(one)}" for one in happened)
    return f"；图上标出：{told}" if told else ""


def scope(indicators: int, categories: int, promises: int) -> str:
    return f"{categories} 类 {indicators} 项指标" + (f"，{promises} 项任务" if promises else "")


def safeguarded(done: int, silent: int, total: int) -> str:
    return f"保障措施 {total} 项任务，已完成 {done} 项，没有资料的 {silent} 项；逐项的佐证见“重点任务”。"


def funded(n: int, total: int) -> str:
    return f"全部任务 {total} 项中，{n} 项有资金数，见“重点任务”。"


def foreseen(n: int, met: float, spread: float) -> str:
    return f"有预测的 {n} 项指标中，预计完成 {met:.1f}±{spread:.1f} 项（八成把握）。"


def remaining(n: int, to_year: int, total: int) -> str:
    return f"{total} 项指标中，{n} 项还没有 {to_year} 年的数，其中已锁定的不再列出。"


def limits(told: dict) -> list[str]:
    """What an assessment cannot say, each with its number; nothing of what does not occur."""
    listed = (
        ("unjudged", "{n} 项指标不能评价；不能评价不等于没有做到。"),
        ("stale", "{n} 项的判断依据早于评估年的数据。"),
        ("soft", "所用的 {points} 个数值中，{n} 个是初值或推算值，以后可能修订。"),
        ("bounded", "{n} 个数值原文只给界限（“超”“不低于”“约”），判断按界内各值作出。"),
        ("single", "{n} 项指标在规划期内只有一个年度的数，走势无从判断。"),
        ("few", "{n} 项指标的观测少于三个，概率最高只说“较可能”。"),
        ("disagree", "{n} 项指标换一种预测模型，达标概率相差逾 25 个百分点。"),
        ("silent", "{n} 项任务到期而没有公开资料；没有资料不等于没有做。"),
        ("unkept", "{n} 个来源没有留存原件，只能按题名或网址核对。"),
    )
    return [text.format(n=told[name], points=told["points"]) for name, text in listed if told[name]]
