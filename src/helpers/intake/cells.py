"""What is wrong with one cell: a word, a name, a year, a date or a number that is not quite one,
and what to do about it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal

from .fields import DECIMAL, LARGEST, is_date
from .finding import Finding, nearest

EXACT = 15  # decimal digits that a float keeps, whatever they are
NUMBER = re.compile(DECIMAL.pattern + r"(?:[eE][-+]?[0-9]{1,2})?")
YEARS = {str(year): year for year in range(1900, 2100)}
MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
PLACEHOLDERS = {"-", "--", "—", "——", "－", "–", "/", "\\", "…", "……", "*", "?", "？", "x"}
PLACEHOLDERS |= {
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "tbd",
    "missing",
    "无",
    "暂无",
    "暂缺",
    "无数据",
    "缺",
    "缺失",
    "空",
    "不详",
    "未知",
    "待定",
    "未公布",
    "未统计",
}


class Cells:
    """The checks of one row's cells: each returns the value, or None and a finding. Names that are
    None cannot be checked."""

    def __init__(self, shown: str, line: int, row: Mapping[str, str], findings: list[Finding]):
        self.shown, self.line, self.row, self.findings = shown, line, row, findings

    def wrong(self, column: str, problem: str, remedy: str, warning: bool = False) -> None:
        self.findings.append(
            Finding(
                self.shown, self.line, column, self.row.get(column, ""), problem, remedy, warning
            )
        )

    def word(self, column: str, words: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.row.get(column, "") or default or ""
        if value in words:
            return value
        self.wrong(column, f"不在可选的词里{nearest(value, words)}", f"可写：{'、'.join(words)}")
        return None

    def known(self, column: str, names, what: str) -> str | None:
        value = self.row[column]
        if value in names if names is not None else value.strip():
            return value
        self.wrong(
            column,
            f"没有这{what}{nearest(value, names or ())}" if value else f"没有填{what[1:]}",
            "请改正，或先在参数与来源表里登记",
        )
        return None

    def year(self, column: str, last: int) -> int | None:
        year = YEARS.get(self.row[column])
        if year is None:
            self.wrong(column, "不是四位年份", "请写成 2023")
        elif year > last:
            self.wrong(column, f"晚于可报送的最后一年 {last} 年", "请核对年份")
        else:
            return year
        return None

    def date(self, column: str) -> str:
        value = self.row.get(column, "")
        if value and not is_date(value):
            self.wrong(column, "不是日期", "请写成 2023-02-16、2023-02 或 2023")
        return value

    def number(self, column: str) -> float | None:
        value = self.row[column]
        if not NUMBER.fullmatch(value):
            self.wrong(column, *_number_remedy(value))
            return None
        if abs(float(value)) >= LARGEST:
            self.wrong(column, "数字过大", "请核对，或换用更大的单位")
            return None
        if "e" in value or "E" in value:
            self.wrong(column, "科学记数法，可能已丢失精度", "请核对原值并写全", warning=True)
        elif len(value) > EXACT and Decimal(value) != Decimal(repr(float(value))):
            self.wrong(column, "位数过多，计算机存不下", f"请四舍五入到 {EXACT} 位以内")
            return None
        return float(value)


def _number_remedy(value: str) -> tuple[str, str]:
    plain = value.strip().replace(",", "")
    if not value:
        return "没有填数", "请填写；确实缺数就留空，并把 status 写成 missing"
    if NUMBER.fullmatch(value.strip()):
        return "数字前后有空格", "请删去空格"
    if value.strip().lower() in PLACEHOLDERS:
        return "用符号或文字表示缺数", "请留空，并把 status 写成 missing"
    if value.startswith("#"):
        return "这是 Excel 的出错值", "请在 Excel 里改正公式，再填入数字"
    if "," in value and NUMBER.fullmatch(plain):
        return "数字里有逗号", "请去掉千分位逗号，小数点用“.”"
    if any("０" <= ch <= "９" or ch in "．−－，" for ch in value):
        return "含全角数字或符号", "请改用半角"
    if any(ch.isdecimal() and not ch.isascii() for ch in value):
        return "含其他文字的数字", "请改用 0 至 9"
    if re.fullmatch(r"-?0[0-9.]+", plain):
        return "数字前面有多余的 0", "请删去"
    if re.match(r"-?[0-9]", plain):
        return "数字后面带有单位或其他文字", "只写数字，单位写在 unit 列"
    return "不是数字", "只写半角数字，如 12.71"


def converted(given: str, due: str) -> str:
    """What to do with a value in unit `given` where `due` is due: the factor, where both are
    multiples of one unit."""
    one, other = (
        re.fullmatch(r"([十百千万亿]{0,2})(.+)", unit, re.DOTALL) for unit in (given, due)
    )
    if one and other and one[2] == other[2]:
        ratio = math.prod(MULTIPLES[ch] for ch in one[1]) / math.prod(
            MULTIPLES[ch] for ch in other[1]
        )
        factor = f"乘以 {ratio:.0f}" if ratio > 1 else f"除以 {1 / ratio:.0f}"
        return f"请把数值{factor}，单位写成{due}"
    return "请换算数值后改用该单位"
