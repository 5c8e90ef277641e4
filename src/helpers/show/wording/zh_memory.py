"""What is said of the closed plans a forecast learned from, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from ...intake.closed import ClosedPlan
from ...measure.memory import Memory


def memory(taught: Memory, closed: Sequence[ClosedPlan]) -> str:
    """What the forecasts have learned from closed plans of the family."""
    if not taught.targets:
        return "没有前期规划的结果可以借鉴，预测不作修正。"
    told = "、".join(f"“{one.title}”" for one in closed if one.id in taught.plans)
    return (f"预测借鉴了前期规划的结果：{told}有 {taught.targets} 项指标的终期结果在评估年之前已公布，与当年会作出的预测相比，结果"
        f"普遍{'偏高' if taught.higher + taught.better > 0 else '偏低'}。据此，越高越好的指标的预测中位数移到原分布的第 {100 * taught.middle(True):.0f} 百分位，"
        f"越低越好的移到第 {100 * taught.middle(False):.0f} 百分位，预测区间的宽度约为原来的 {1 / taught.slope:.2f} 倍；指标越少，修正越小。逐项依据见参数文件 memory.yml。")
