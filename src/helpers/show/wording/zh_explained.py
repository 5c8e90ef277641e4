"""What is said of the four facts that make a chance, in Chinese."""

from __future__ import annotations

WHY = "这个概率怎么来的：四项事实"
COLUMNS = ("事实", "本项指标", "常见水平", "这一项若为常见水平，达标概率")
ALL = "四项都为常见水平"
FACT = {
    "level": {
        "distance": "目标还有多远（等于几个通常的年变动）",
        "drift": "预测每年向目标走多少（通常年变动的倍数）",
        "spread": "预测有多不确定（一年的 80% 区间，等于几个通常的年变动）",
        "years": "还有几年",
    },
    "sum": {
        "distance": "目标还差多少（等于几年的平均新增量）",
        "drift": "预测每年新增多少（平均新增量的倍数）",
        "spread": "预测有多不确定（一年的 80% 区间，等于几个通常的年变动）",
        "years": "还有几年",
    },
}


def sentence(name: str, chance: str, usual: str) -> str:
    """Which fact moves the chance most, and what it would be."""
    return f"四项中最左右这个概率的是“{name}”：若为常见水平（预测所据的模拟规划的中位数），达标概率{chance}；四项都为常见水平时{usual}。"
