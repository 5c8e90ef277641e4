"""The words of the protocol in Chinese: when it was sealed, what departs from it."""

DEPARTED, NO_DEPARTURE = "偏离方案", "问题、目标、口径、规则、模型与阈值都同封存的方案一致，没有偏离。"
COLUMNS = ("项目", "对象", "封存的方案", "本期")
WHAT = {
    "rule": "进度判断规则", "model": "预测模型", "level": "区间水平", "window": "所用年份", "threshold": "阈值", "target": "目标", "kind": "指标性质", "reading": "读法",
    "new": "新增的指标", "dropped": "不再评价的指标",
}  # fmt: skip
THRESHOLD = {
    "from_ahead": "快于预期的下限", "from_on_schedule": "符合预期的下限", "from_behind": "滞后于预期的下限", "from_far_behind": "明显滞后的下限", "least_assessable": "作总体结论所需的可评价比例",
    "well": "总体符合预期的比例", "mostly": "基本符合预期的比例", "overfulfilled": "超额完成的下限", "nearly": "基本完成的下限", "least_foreseen": "预计完成项数所需的指标数",
}  # fmt: skip


def sealed(day: str, questions: int) -> str:
    """When the protocol was sealed."""
    return f"评估方案封存于 {day}，定下 {questions} 个问题及其目标、口径、规则、模型、阈值和数据提供单位。封存日期由版本库的提交记录和证据登记佐证。"


def order(older: bool, first: str) -> str:
    """Whether it was sealed before the first figure used was published."""
    if not first:
        return "本期所用的规划期内数据没有写明公布日期，不能说明方案早于数据。"
    return f"本期所用的第一个规划期内数据公布于 {first}，方案{'早于' if older else '不早于'}数据。"


def departed(n: int, older: bool) -> str:
    """That an edition departs from its protocol."""
    told = [f"本期有 {n} 处与封存的方案不同"] if n else []
    return "；".join([*told, *([] if older else ["方案不早于所用的数据"])]) + "。"
