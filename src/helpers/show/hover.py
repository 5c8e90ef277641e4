"""What a mark of a picture says where a pointer rests on it: a title in the SVG, without a script.

A mark carries its words as its id until the picture is written; `told` makes titles of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from matplotlib.artist import Artist

from ..intake.observations import Point
from ..intake.plan import Indicator
from . import wording

MARKED, END = "hover:", "hover"  # before the words, in a comment after what says them
PART = re.compile(rf'<g id="{MARKED}([^"]*)">(.*?)<!-- {END} -->\n', re.DOTALL)
MARKER = re.compile(r"(<use [^>]*)/>")


def say(artist: Artist, texts: Sequence[str]) -> None:
    """Have `artist` say `texts`: each of its markers its own, where there are as many, else all."""
    artist.set_gid(MARKED + "\n".join(texts))


def told(svg: str) -> str:
    """`svg` with titles instead of the ids that `say` gave."""
    return PART.sub(_titled, svg)


def _titled(part: re.Match[str]) -> str:
    texts, body = part[1].split("\n"), part[2]
    if len(MARKER.findall(body)) != len(texts):
        return f"<g><title>{part[1]}</title>{body}"
    each = iter(texts)
    return "<g>" + MARKER.sub(lambda use: f"{use[1]}><title>{next(each)}</title></use>", body)


def point(p: Point, facts: Indicator) -> str:
    """What a point says: 「2023 年 11.8 件」."""
    return wording.joined(wording.page.year(p.year), wording.amount(p.level, facts, p.bound))


def foretold(facts: Indicator, year: float, median: float, low: float, high: float) -> str:
    """What the fan says of a year: 「2025 年 预测中位数 12.4 件（80% 预测区间 11.9—12.8）」."""
    ends = "—".join(wording.number(end, facts.decimals) for end in (low, high))
    told = (
        f"{wording.page.year(int(year))} {wording.MARK['median']} {wording.amount(median, facts)}"
    )
    return f"{told}{wording.OPEN}{wording.MARK['80']} {ends}{wording.CLOSE}"
