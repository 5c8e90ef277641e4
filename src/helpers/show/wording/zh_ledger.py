"""The words of the ledger of promises in Chinese: headings, columns, and what is said of one promise."""

from collections.abc import Mapping

TITLE = {
    "chapters": "按章看", "offices": "按责任单位看", "late": "逾期的", "due_next": "写明了期限、还没有完成的", "events": "佐证的时间线", "contradictions": "规划文本自相不一致之处",
    "funds": "资金", "searches": "查过而没有查到的", "all": "逐项台账", "total": "合计", "chapter": "章", "office": "责任单位",
}  # fmt: skip
FIND, FILTER, NO_OWNER = "查找任务", {"schedule": "状态", "office": "责任单位", "kind": "种类"}, "未列责任单位"
EVENT_COLUMNS, SEARCH_COLUMNS = ("时间", "任务", "佐证说明", "强度与来源"), ("日期", "查找的地方", "查找的词", "关于", "结果")
OFFICIAL, UNCLEAR_BECAUSE, DELIVERABLE, ALL_PROMISES = "单位自述：", "无法评定：", "成果：", "全部任务"
SUGGESTED_OWNERS = "责任单位除注明“原文写明”的以外，都是按部门职能的建议，不是规划的分工，须由规划的编制机关确认。"
SEARCHES_NOTE = "没有查到不等于没有做，只说明在这一天、这些地方查过。"
FUND_COLUMNS, STAGE = ("任务", "计划（万元）", "到位（万元）", "支出（万元）", "依据"), {"planned": "计划", "in_place": "到位", "spent": "支出"}
FUNDS_NOTE = "只列已经公布或报送的；空格是没有资料，不是零。"
DOCUMENT, LINK_ONLY = "佐证文件", "仅网址"


def aged(n: int) -> str:
    """How many of the promises due without information have older evidence."""
    return f"其中 {n} 项有较早的佐证，但不能说明到期那一年的情况。" if n else ""


def restated(lines: list[int]) -> str:
    """Where the plan promises the same once more; empty where it does not."""
    return f"第 {'、'.join(map(str, lines))} 行重复" if lines else ""


def read_otherwise(text: str, word: str) -> str:
    """What a promise's state would be in the other way to read it."""
    return f"另一种读法（{text}）：{word}"


def counted(n: int) -> str:
    """How many promises a chapter has."""
    return f"{n} 项"


def amount(stage: dict | None) -> str:
    """The money of one stage, in 万元; empty where it is not told."""
    return f"{stage['amount']:.15g}{'（各期合计）' * stage['in_parts']}" if stage else ""


def rests_on(stages: list[dict], titles: Mapping[str, str]) -> str:
    """What the amounts rest on, every row of them."""
    return "；".join(
        f"{row['date'] or row['year']} {STAGE[stage['stage']]}{row['instalment']} {row['amount']:.15g} {row['unit']}"
        + f"，{row['note'] or row['locator']}" * bool(row["note"] or row["locator"]) + f"（{titles[row['source']]}）"
        for stage in stages for row in stage["rows"]
    )


def money(funded: list[list[dict]]) -> str:
    """The money of all promises of which any is told, stage by stage: the sum, and of how many."""
    told = [
        f"{word} {sum(mine):.15g} 万元（{len(mine)} 项）"
        for stage, word in STAGE.items()
        if (mine := [one["amount"] for stages in funded for one in stages if one["stage"] == stage])
    ]
    return f"任务资金：{'，'.join(told)}；其余任务没有资金资料。"
