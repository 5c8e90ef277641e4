"""Where everything stands in the form an office fills in: sheets, columns, words."""

from __future__ import annotations

GUIDE, FIGURES, REGISTER, PARTS = "说明", "指标", "来源", "月度季度"
PART_ENDS = (3, 6, 9, 11)  # months up to which the form asks for a year in progress
STATUS_WORDS = {"终值": "final", "初值": "preliminary", "推算": "derived", "缺": "missing"}
BOUND_WORDS = {"等于": "=", "超过": ">", "不低于": ">=", "约": "~"}
OPERATORS = {">=": "不低于", ">": "超过", "<=": "不高于", "<": "低于"}

# Column letter → heading, width in characters of the default font. What is typed is E to K; the
# field each letter holds is in FIELDS.
COLUMNS = {
    "A": ("指标代码", 15),
    "B": ("指标", 15),
    "C": ("年份", 6.5),
    "D": ("单位", 8),
    "E": ("数值", 12),
    "F": ("状态", 7.5),
    "G": ("限定", 7.5),
    "H": ("来源（题名）", 22),
    "I": ("出处（页、表、原句）", 16),
    "J": ("发布日期", 11.5),
    "K": ("备注（推算写算式）", 18),
    "L": ("现有数值", 24),
    "M": ("目标、规划原文、口径", 41),
    "N": ("填报时注意", 40),
    "O": ("提供部门与所需数据", 26),
}
FIELDS = {
    "indicator_id": "A",
    "year": "C",
    "unit": "D",
    "value": "E",
    "status": "F",
    "bound": "G",
    "source": "H",
    "locator": "I",
    "published": "J",
    "note": "K",
}
PART_FIELDS = {"period" if name == "year" else name: letter for name, letter in FIELDS.items()}
TYPED = tuple("EFGHIJK")
HEADER_ROW = 3
GUIDE_WIDTH = 86
SOURCE_COLUMNS = {
    "id": ("代码（可不填）", 20),
    "title": ("题名", 48),
    "publisher": ("发布单位", 28),
    "published": ("发布日期", 14),
    "url": ("网址", 44),
    "accessed": ("查阅日期", 14),
    "note": ("备注", 36),
}
NEW_SOURCES = 12  # empty rows for sources that are not registered yet
IDENTITY = {
    "规划代码": "plan",
    "区域代码": "area",
    "评估年": "year",
}  # of the form, on the first sheet, for whoever reads it back


HOW_TO = (
    "只填“指标”表和“来源”表的黄色格；其余各格已锁定，请不要改动、合并、插入或删除行列。",
    "数值：只填半角数字，如 12.71；不写单位、千分位逗号和“约”“超”等字。"
    "单位以同一行的“单位”格为准，须先换算（元与万元、亿元，件与万件；百分数填 85.3，不填 0.853，"
    "也不用百分比格式）。",
    "状态：终值（正式公布）、初值（快报、预计、初步核算）、推算（由别的数算出，"
    "须在备注写出算式）、缺（确实没有，数值留空）。不要用 0、“-”“无”表示缺数。",
    "限定：原文为“超5亿元”选“超过”，“100余家”“…以上”选“不低于”，“约”选“约”；准确数选“等于”或留空。",
    "来源：先在“来源”表登记（题名、发布单位、发布日期，代码可不填），再在“指标”表选用；"
    "没有来源的数值不能导入。本单位直接提供的，来源写本次复函或本表。",
    "出处：页码、表号或原句，使别人找得到。发布日期：2024-03-15、2024-03 或 2024；"
    "不填则取来源的发布日期。",
    "修订旧数：直接填新值，并写明修订的发布日期；旧值会作为历史公布值保留，不会被覆盖。"
    "“现有数值”一栏是已经掌握的数，没有变化的不必再填。",
    "不满一年的数（如1—10月）不是年末或全年数，不要填在“指标”表，请填“月度季度”表；"
    "没有填的行按没有提供处理，不会当作 0。",
    "“月度季度”表的期间：2026-01/2026-09 是1月起累计到9月，2026Q3 是一个季，2026-09 是一个月，"
    "可以改写；存量、占比、累计数填期末的数。这些数只用于动态监测，不进入年度评估。",
)
PART_COLUMNS = {letter: COLUMNS[letter] for letter in "ABCDEFGHIJKL"}
PART_COLUMNS |= {"C": ("期间", 17), "M": ("这个数是", 24)}
