"""One thing under several names: platforms and the like, and lists that are longer in one place
than in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .text import Draft
from .trap import Trap

HEADS = ("平台", "联盟", "评价体系", "专家库", "数据库")
CUT = re.compile(
    r"加快|加强|推动|引导|提升|整合|推进|建设|打造|完善|建立|构建|搭建|探索|深入|健全|促进|支持|依托|充分发挥|面向|"
    r"形成|牵头|成立|创建|发挥|围绕|建成|运用|利用|以及|为|与|和|及|的|等|以|由|在|有|“|”|《|》|、"
)
COMMON = re.compile(
    r"知识产权|公共|服务|专业|优化|重点|综合|信息|信息化|网上|线上|管理|工作|科学合理|本地|优势|产业"
)
MOST_NAMES = 4
FEWEST_NAMES = 3  # two may be a thing and its kind: 平台, 智能平台
LONGEST_NAME = 24  # characters before a head: more is a sentence
COUNTED = dict(zip("二三四五六七八九十", range(2, 11), strict=True))
LISTED = re.compile(
    r"((?:[^，。；：、]{2,14}、)+[^，。；：、]{2,18}?)等?(?:([二三四五六七八九十])大)?"
    r"((?:重点|主导|优势|支柱|特色)产业(?:集群)?|产业集群)"
)


class Name(NamedTuple):
    """One name: what of it is its own, where it stands."""

    core: str
    full: str
    line: int
    sentence: str


def traps(draft: Draft) -> Iterator[Trap]:
    """Names that may be one thing's, and lists of different length."""
    for head in HEADS:
        yield from _two_names(list(_names(draft, head)), head)
    yield from _lists(draft)


def _names(draft: Draft, head: str) -> Iterator[Name]:
    place = _place(draft)
    for line, sentence in draft.sentences("goals", "tasks"):
        for match in re.finditer(rf"([^，。；：（）()]{{2,{LONGEST_NAME}}}){head}", sentence):
            own = re.sub(r"^\d+[家个]", "", CUT.split(match[1])[-1].removeprefix(place))
            core = COMMON.sub("", own)
            if 1 < len(core) <= LONGEST_NAME // 2:
                yield Name(core, own + head, line, sentence)


def _place(draft: Draft) -> str:
    """The name of the place: what the title says before its 区, 市, 县 or 省."""
    for line in draft.lines[:30]:
        if match := re.search(
            r"([\u4e00-\u9fff]{2,3})[区市县省][“\"]?十[二三四五六]?五", line.text
        ):
            return match[1]
    return "\0"


def _two_names(names: list[Name], head: str) -> Iterator[Trap]:
    """Names of which the shorter core lies within the longer: they may mean one thing; not those
    of a class, whose bare name is used or has many members."""
    for short in sorted({name.core for name in names}, key=len):
        alike = [name for name in names if short in name.core]
        full = list(dict.fromkeys(name.full for name in alike))
        if FEWEST_NAMES <= len(full) <= MOST_NAMES and short + head not in full:
            lines = tuple(dict.fromkeys(name.line for name in alike))
            problem = f"{len(full)} 个名称，没有写明是一个还是几个：{'、'.join(full)}"
            yield Trap("two_names", lines, alike[0].sentence, short + head, problem)
            return


def _lists(draft: Draft) -> Iterator[Trap]:
    """Lists of the same kind of thing whose numbers contradict: 六个、四大、三大."""
    found: list[tuple[int, int, bool, str]] = []
    for line, sentence in draft.sentences("goals", "tasks"):
        for match in LISTED.finditer(sentence):
            listed = len(match[1].split("、"))
            stated = COUNTED.get(match[2] or "", 0)
            if stated or listed > 2:
                found.append((stated or listed, line, bool(stated), match.group()))
            if stated and listed > stated:
                problem = f"列出 {listed} 个，写 {match[2]}大"
                yield Trap("sum", (line,), sentence, match[3], problem)
    stated_numbers = {count for count, _, stated, _ in found if stated}
    longest = max((count for count, *_ in found), default=0)
    if stated_numbers and longest > min(stated_numbers):
        lines = tuple(dict.fromkeys(line for _, line, *_ in found))
        counts = "、".join(
            str(count) for count in sorted({count for count, *_ in found}, reverse=True)
        )
        problem = f"列出的个数前后不同（{counts}）：" + "；".join(
            dict.fromkeys(text for *_, text in found)
        )
        yield Trap("two_names", lines, found[0][3], "重点产业", problem)
