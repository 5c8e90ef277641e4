"""The words of surveys and experts' scores in Chinese."""

NOTE = "满意率的区间是 95% 威尔逊区间，变化按两个比例的 z 检验（5% 水平）；拒访和未答不计入 n。意见与指标并列，不参与进度判断。"
SURVEY_COLUMNS = ("问题", "年份", "n", "满意率", "95% 区间", "与上次相比", "未答")
EXPERT_COLUMNS = ("年份", "评议项", "专家数", "平均分", "最低—最高", "一致性")
SOURCE = "来源"


def design(effect: float) -> str:
    """By how much the sample is less than a simple one."""
    return "简单随机抽样" if effect == 1 else f"设计效应 {effect:g}，区间按 n÷{effect:g} 计算"


def wave(told: dict) -> tuple[str, ...]:
    """Year, n, share, interval, change and the number that did not answer."""
    interval = f"{told['low']:.1%}—{told['high']:.1%}"
    return str(told["year"]), str(told["n"]), f"{told['share']:.1%}", interval, changed(told["change"]), str(told["unanswered"])


def changed(change: dict | None) -> str:
    """The change since the last wave, and whether it is more than sampling makes."""
    if change is None:
        return "首次调查"
    points = f"{change['difference'] * 100:+.1f} 个百分点（{change['low'] * 100:+.1f} 至 {change['high'] * 100:+.1f}）"
    word = ("显著提高" if change["difference"] > 0 else "显著下降") if change["significant"] else "没有显著变化"
    return f"{points}，p={change['p']:.3f}，{word}"


def answers(told: dict) -> str:
    """Every answer of the newest wave with its number."""
    return f"{told['year']} 年各回答的人数：" + "，".join(f"{text} {n}" for text, n in told["answers"]) + "。"


def panel(told: dict) -> str:
    """The heading of one year's experts."""
    least, most = told["scale"]
    return f"专家评议（{told['year']} 年，{told['experts']} 位专家，{least:g}—{most:g} 分）"


def scored(item: dict) -> tuple[str, ...]:
    """An item, how many scored it, the mean, the lowest and the highest."""
    return item["text"], str(item["n"]), f"{item['mean']:.1f}", f"{item['low']:g}—{item['high']:g}"


def agreed(told: dict) -> str:
    """Whether the experts agree."""
    found = told["agreement"]
    if found is None:
        return "专家或评议项不足三个，或各项打分相同，不算一致性。"
    word = "意见一致的程度超过偶然" if found["p"] < 0.05 else "看不出超过偶然的一致，平均分只作参考"
    out = f"；另有 {found['left_out']} 位没有评完，未计入" if found["left_out"] else ""
    return f"肯德尔 W={found['w']:.2f}（{found['experts']} 位专家，{found['items']} 项，置换检验 p={found['p']:.3f}）：{word}{out}。"
