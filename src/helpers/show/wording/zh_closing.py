"""The words of the page a plan is closed with, in Chinese."""

TITLE, LATE, NEVER, LESSONS, EDITIONS = "终期结论", "逾期完成", "从来没有能评价的", "教训", "随附的期次"
FINAL_COLUMNS = ("指标", "目标", "最后的值", "结论", "能评价的年数")
LESSON_COLUMNS = ("写法", "处数", "为什么", "可评估的写法")
NONE = "没有。"
LESSONS_NOTE = "下面是规划文本里使评估作不出判断或要另作约定的写法，按处数排列；下一期规划可以用“可评估的写法”代替。"
EDITIONS_NOTE = "本结论与下列期次的报告和结果一同封存在一个证据包里。"


def scope(closing: dict) -> str:
    """The period, how many indicators there are, how many have a final word, the data cut-off."""
    start, end = closing["period"]
    cutoff = f"数据截止 {closing['known_by']}。" if closing["known_by"] else ""
    return f"{start}—{end} 年，{closing['total']} 项指标，{closing['spoken']} 项有终期结论。{cutoff}"


def counted(counts: list[tuple[str, int]]) -> str:
    """How many ended in which word."""
    return "，".join(f"{word} {n} 项" for word, n in counts) + "。"


def late(row: dict) -> str:
    """A target missed in its year and met a year later."""
    return f"{row['name']}：到期没有达到 {row['target']}，第二年达到。"


def never(row: dict) -> str:
    """An indicator that could not be judged in any year, and why."""
    return f"{row['name']}：{row['reasons'] or '各年都没有可用的数'}。"
