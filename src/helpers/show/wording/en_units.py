"""Units that count in hundreds of millions or ten thousands, as an English sentence says them."""

from ...intake.plan import Indicator
from .digits import number

SCALED = {  # unit of a plan → factor, digits more, unit of the sentence
    "亿元": (0.1, 1, "billion yuan"), "亿美元": (0.1, 1, "billion US$"), "万元": (10, -1, "thousand yuan"), "万件": (10, -1, "thousand items"),
    "万人": (10, -1, "thousand people"), "万家": (10, -1, "thousand firms"), "万户": (10, -1, "thousand households"),
}  # fmt: skip


def figure(value: float | None, facts: Indicator, decimals: int | None = None) -> str:
    """`value` as a sentence has it, without its unit: 2180.0 of 100 million yuan is "218.00" (billion
    yuan). Tables and charts have the plan's own unit."""
    factor, more, _ = SCALED.get(facts.unit, (1, 0, ""))
    return number(value and value * factor, max(0, (facts.decimals if decimals is None else decimals) + more))
