"""The words of the overview picture in Chinese: its finding, and why a row has no bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...measure.verdict import UNJUDGED


def overview_finding(records: Sequence[Mapping[str, Any]]) -> str:
    """The title of the overview: how many indicators are as far as the time, how many are behind."""
    judged = [r["status"] for r in records if r["status"] not in UNJUDGED]
    behind = sum(status in ("behind", "far_behind", "reverse") for status in judged)
    told = f"{len(judged)} 项可评价：{len(judged) - behind} 项不慢于序时，{f'{behind} 项落后' if behind else '没有落后的'}" if judged else "没有可评价的指标"
    return told + (f"；{len(records) - len(judged)} 项不能评价" if len(records) > len(judged) > 0 else "")


def no_share(record: Mapping[str, Any]) -> str:
    """Why an indicator has no bar in the overview, in a few words."""
    return {"no_data": "规划期内没有数据", "not_assessable": "基期、目标或数值不足以计算"}.get(record["status"], "目标或基期的写法算不出增量完成率")
