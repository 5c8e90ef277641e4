"""What targets and their chances are called in Chinese."""

COLUMNS = {
    "plan": ("指标", "单位", "最近值", "规划目标", "达标概率", "概率 50% 的目标", "66%", "80%"),
    "one": ("目标", "达标概率", "所需年均增量", "所需年均增速", "与近年之比"),
    "pace": ("谁", "年份", "年均增量", "年均增速"),
}  # fmt: skip
OWN, PEER, FORMER = "本指标近年", "参照：{name}", "上一期规划：{name}"
PLANNED, PROPOSED = "规划目标 {value}", "拟定 {value}"
ASKED = "概率 {chance} 的目标 {value}"
LATEST = "{value}（{year} 年）"
REACHED = "已达到"
SPAN = "{first}—{last}"
TIMES = "{times} 倍"
CURVE, CURVE_UNKNOWN = "{name}：{year} 年把握 66% 的目标是 {value}", "{name}：{year} 年的目标与达标概率"
TARGET_AXIS, CHANCE_AXIS = "目标（{unit}）", "达标概率"
EXPECTED = "{count} 项有概率的指标中，照规划的目标预计完成 {middle} 项（80% 的把握在 {low}—{high} 项）。"
NO_EXPECTED = "没有一项有概率。"
AHEAD = "按“{model}”模型，{year} 年的目标；概率指照已有的走势，不含今后新的措施。"
TOO_FAR = "离最近的观测太远，不作预测"
OTHER_FORM = "目标不是一个值，或不是本规划期的，不反求"


def record(name: str, year: int, shown: list[tuple[str, str]]) -> str:
    """The conclusion of one indicator: which target has which chance."""
    said = "，".join(f"概率 {chance} 的目标是 {value}" for chance, value in shown)
    return f"{name}：{year} 年{said}。" if shown else f"{name}：{year} 年没有可算的目标。"
