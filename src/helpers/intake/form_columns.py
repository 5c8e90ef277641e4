"""What the workbook of a new plan asks, and what its columns for the form of a target become: what
may be typed, what is wrong with it, which fields it is (DESIGN2 §4).

Nothing is guessed: what a form needs and nobody typed is asked for at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .contract import printed
from .facts import Indicator, Kind
from .fields import is_date
from .finding import Finding, nearest

FORMS = {
    "期末达到": ("at_end", None),
    "每年达到": ("every_year", None),
    "区间": ("range", None),
    "各年平均": ("mean", None),
    "年均增长": ("mean", "growth"),
    "年均降低": ("mean", "fall"),
    "累计增长": ("compound", "growth"),
    "累计降低": ("compound", "fall"),
    "比基期提高": ("rise", None),
    "相对": ("relative", None),
    "定性": ("qualitative", None),
}
JUDGED = {"各年平均": "mean", "每年": "every_year", "期末": "at_end"}
BY = {"差": "difference", "比": "ratio"}
BOUNDS = {"约": "~", "超": ">", "不低于": ">=", "预计": "="}
WITHOUT_VALUE = ("区间", "定性")  # forms that may do without 目标值
COLUMNS = {  # heading → what it is; none has to be filled where the target is one for the end
    "目标形式": "可不填（期末达到）；" + "、".join(FORMS),
    "区间下限": "可不填；区间填",
    "区间上限": "可不填；区间填",
    "各年目标": "可不填；如 2021:6-；2022:5-6；2023:-5.5（年份:下限-上限）",
    "相对于": "可不填；相对填：另一项指标的代码",
    "相对方式": "可不填；相对填：" + "、".join(BY),
    "相对判断": "可不填；相对填：" + "、".join(JUDGED),
    "基期年": "可不填（规划的基期年）；带*的写那一年",
    "基期限定": "可不填；" + "、".join(BOUNDS),
    "修订基期值": "可不填；普查等修订后的基期值",
    "修订年份": "可不填；修订值是哪一年的",
    "修订公布日期": "可不填；有修订基期值的必填，如 2021-05-11",
    "修订说明": "可不填；有修订基期值的必填：为何修订",
    "数值下限": "可不填；数值不可能低于多少",
    "数值上限": "可不填；数值不可能高于多少，如 100",
    "代理": "可不填；数据只是代理时，写明代理什么",
}
MENUS: dict[str, Iterable[str]] = {
    "目标形式": FORMS,
    "相对方式": BY,
    "相对判断": JUDGED,
    "基期限定": BOUNDS,
}
NUMBERS = ("区间下限", "区间上限", "修订基期值", "数值下限", "数值上限")
YEARS = ("基期年", "修订年份")
NUMBER, YEAR = re.compile(r"-?\d+(?:\.\d+)?"), re.compile(r"(?:19|20)\d\d")
GOAL = re.compile(r"((?:19|20)\d\d)[:：](-?\d+(?:\.\d+)?)?[-—~](-?\d+(?:\.\d+)?)?")
PLAN_SHEET, INDICATOR_SHEET = "规划", "指标"
UNIT_OF_YES = "项"  # of what is done or not
KINDS: dict[str, Kind] = {
    "期末存量": "stock",
    "年度值": "flow",
    "占比": "share",
    "评分": "score",
    "比率": "ratio",
    "期内新增": "increment",
    "累计": "cumulative",
    "是否": "binary",
}
OPERATORS = {"不低于": ">=", "超过": ">", "不高于": "<=", "低于": "<"}
REPORTED = {"各年分别报送": "annual", "报送期初以来累计": "to_date"}
PROPERTIES = {"预期性": "expected", "约束性": "binding"}
YES = ("是", "否")
HEADINGS = {  # field of an indicator's file → the heading it was typed under
    "id": "代码",
    "name_zh": "名称",
    "name_en": "英文名",
    "category": "类别",
    "unit": "单位",
    "kind": "性质",
    "decimals": "精度",
    "baseline": "基期值",
    "target": "目标值",
    "direction": "比较",
    "property": "属性",
    "reported": "报送方式",
    "since": "累计起点",
    "clauses": "原文",
    "definition": "口径",
    "supplier": "数据提供单位",
}
# Field → what it is. A field whose explanation begins with 可不填 may stay empty.
PLAN_FIELDS = {
    "名称": "规划全称",
    "简称": "表格和标题里用",
    "英文名": "可不填",
    "发文机关": "谁印发的",
    "文号": "可不填",
    "印发日期": "2021-06-30 这样写",
    "原文标题": "文件或网页的题名",
    "原文网址": "可不填",
    "规划期起": "第一年",
    "规划期止": "最后一年",
    "基期年": "指标表的基期",
    "区域代码": "小写字母，如 nantong",
    "区域名称": "如 南通市",
    "虚构": "可不填；教学、测试用的写“是”",
}
INDICATOR_FIELDS = {
    "代码": "小写字母、数字和下划线",
    "名称": "照规划的写法",
    "英文名": "可不填（英文页上用代码）",
    "类别": "规划表里的分类",
    "单位": "可不填（是否）；件、亿元、% 等",
    "性质": "、".join(KINDS),
    "精度": "小数位数",
    "基期值": "可不填，但要写说明",
    "目标值": "可不填（定性、区间）；目标年的值，或年均、累计、提高多少",
    "比较": "可不填（不低于）；" + "、".join(OPERATORS),
    "属性": "可不填（预期性）；约束性",
    "报送方式": "可不填；期内新增必填：" + "、".join(REPORTED),
    "累计起点": "可不填；累计必填：年份，或“规划未载明”",
    "原文": "写有目标的那句话",
    "行号": "在原文的第几行",
    "口径": "统计什么、何时、由谁",
    "数据提供单位": "向谁要数",
    "需要的数据": "要哪些数",
    "说明": "可不填；没有基期值或目标值时写明原因",
    **COLUMNS,
}
Wrong = tuple[str, str, str, str]  # heading, value, what is wrong, what to do


def wrong(cells: Mapping[str, str], codes: set[str]) -> Iterator[Wrong]:
    """What is wrong with the columns of one row; `codes` are those of the plan's indicators."""
    for heading, words in MENUS.items():
        if (said := cells.get(heading)) and said not in words:
            hint = f"不在可选的词里{nearest(said, words)}"
            yield heading, said, hint, f"可写：{'、'.join(words)}"
    for headings, pattern, what in ((NUMBERS, NUMBER, "不是数字"), (YEARS, YEAR, "不是年份")):
        for heading in headings:
            if (said := cells.get(heading)) and not pattern.fullmatch(said):
                yield heading, said, what, "只写半角数字"
    if cells.get("性质") != "是否" and not cells.get("单位"):
        yield "单位", "", "没有填", "请填写：件、亿元、% 等"
    yield from _goals_wrong(cells)
    yield from _missing(cells)
    other = cells.get("相对于")
    if other and (other not in codes or other == cells.get("代码")):
        yield "相对于", other, f"没有这项指标{nearest(other, codes)}", "请写另一项指标的代码"
    if cells.get("修订公布日期") and not is_date(cells["修订公布日期"]):
        yield "修订公布日期", cells["修订公布日期"], "不是日期", "请写成 2021-05-11"


def _goals_wrong(cells: Mapping[str, str]) -> Iterator[Wrong]:
    for part in _parts(cells):
        found = GOAL.fullmatch(part)
        if found is None or found[2] is found[3] is None:
            yield "各年目标", part, "看不懂", "请写成 2021:6-；2022:5-6；2023:-5.5"


def _parts(cells: Mapping[str, str]) -> list[str]:
    text = cells.get("各年目标", "")
    return [part.strip() for part in re.split(r"[;；\n]", text) if part.strip()]


def _missing(cells: Mapping[str, str]) -> Iterator[Wrong]:
    """What the form needs and nobody typed."""
    form = cells.get("目标形式") or "期末达到"
    needed = {
        "相对": ("相对于", "相对方式", "相对判断"),
        "定性": ("说明",),
    }.get(form, ())
    if form not in WITHOUT_VALUE and not (form == "每年达到" and _parts(cells)):
        needed = ("目标值", *needed)
    if cells.get("修订基期值"):
        needed = (*needed, "修订公布日期", "修订说明")
    for name in needed:
        if not cells.get(name):
            yield name, "", "没有填", f"目标形式是“{form}”的须填写"
    ends = cells.get("区间下限"), cells.get("区间上限")
    if form == "区间" and not any(ends) and not _parts(cells):
        yield "区间下限", "", "没有填", "请填区间下限、上限，或各年目标"
    if form == "比基期提高" and not cells.get("基期值"):
        yield "基期值", "", "没有填", "目标形式是“比基期提高”的须填写"


def target(cells: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a target beyond year, value and op; `names`: code → name of the indicators."""
    form, rate = FORMS[cells.get("目标形式") or "期末达到"]
    found: dict[str, Any] = {}
    if form != "at_end":
        found["form"] = form
    if rate:
        found["rate"] = rate
    for field, heading in (("low", "区间下限"), ("high", "区间上限")):
        if form == "range" and cells.get(heading):
            found[field] = float(cells[heading])
    if goals := [_goal(part) for part in _parts(cells)]:
        found["goals"] = goals
    if form == "relative":
        found["compared"] = {
            "to": cells["相对于"],
            "name": names[cells["相对于"]],
            "by": BY[cells["相对方式"]],
            "judged": JUDGED[cells["相对判断"]],
        }
    return found


def _goal(part: str) -> dict[str, Any]:
    year, low, high = GOAL.fullmatch(part).groups()  # type: ignore[union-attr]
    ends = {"low": low, "high": high}
    return {"year": int(year), **{k: float(v) for k, v in ends.items() if v is not None}}


def baseline(cells: Mapping[str, str], year: int) -> dict[str, Any]:
    """The fields of a baseline beyond value and note."""
    limited = cells.get("基期限定", "")
    found: dict[str, Any] = {"year": int(cells.get("基期年") or year)}
    if limited == "预计":
        found["estimated"] = True
    elif limited:
        found["bound"] = BOUNDS[limited]
    if cells.get("修订基期值"):
        anew: dict[str, Any] = {
            "value": float(cells["修订基期值"]),
            "published": cells["修订公布日期"],
            "reason": cells["修订说明"],
        }
        if cells.get("修订年份"):
            anew["year"] = int(cells["修订年份"])
        found["revised"] = anew
    return found


def unit_of(cells: Mapping[str, str]) -> str:
    """The unit of a row; what is done or not needs none."""
    return cells.get("单位") or UNIT_OF_YES


def limits(cells: Mapping[str, str]) -> dict[str, Any]:
    """Natural limits of the values, and what they are a proxy for."""
    found: dict[str, Any] = {
        field: float(cells[heading])
        for field, heading in (("lower", "数值下限"), ("upper", "数值上限"))
        if cells.get(heading)
    }
    return {**found, "proxy": cells["代理"]} if cells.get("代理") else found


def met_from_the_start(facts: Iterable[Indicator], shown: str) -> list[Finding]:
    """Questions about targets for the end of a plan that their baseline meets already."""
    return [
        Finding(
            shown,
            0,
            "",
            one.id,
            f"基期值 {printed(one.baseline.value)} 已经达到目标 {printed(one.target.value)}",
            "请核对；若是每年都要保持，请把目标形式写成“每年达到”，若是提高多少，写“比基期提高”",
            warning=True,
            about=(one.id, "", None),
        )
        for one in facts
        if one.target.form == "at_end" and one.kind not in ("increment", "binary") and _met(one)
    ]


def _met(facts: Indicator) -> bool:
    start, end = facts.baseline.value, facts.target.value
    if start is None or end is None:
        return False
    return {">=": start >= end, ">": start > end, "<=": start <= end, "<": start < end}[
        facts.target.op
    ]
