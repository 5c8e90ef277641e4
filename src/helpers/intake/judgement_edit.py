"""Sentences of a judgement written anew where they stand in its file: what is around them, remarks
included, stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

from .finding import Finding


def edited(text: str, edits: Mapping[str, str]) -> str:
    """The file's `text` with the value at each place (`recommendations.2.text`, counted from 1)
    replaced. Raises KeyError for a place that is not there."""
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    spans = sorted((_span(_at(document, place), text), now) for place, now in edits.items())
    for (start, end), now in reversed(spans):
        text = text[:start] + json.dumps(now, ensure_ascii=False) + text[end:]
    return text


def _at(node: yaml.Node, place: str) -> yaml.ScalarNode:
    for part in place.split("."):
        if (
            isinstance(node, yaml.SequenceNode)
            and part.isdecimal()
            and int(part) <= len(node.value)
        ):
            node = node.value[int(part) - 1]
        elif isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == part)
        else:
            raise KeyError(place)
    if not isinstance(node, yaml.ScalarNode):
        raise KeyError(place)
    return node


def _span(node: yaml.ScalarNode, text: str) -> tuple[int, int]:
    """Where a value stands, without the line end that closes a block of lines."""
    start, end = node.start_mark.index, node.end_mark.index
    while end > start and text[end - 1] in " \n":
        end -= 1
    return start, end


def generated(file: str, heading: str, former: str, now: str) -> Finding:
    """What was changed in a document though it is generated from data."""
    return Finding(
        file,
        0,
        heading,
        now,
        f"这里由数据生成，不能在文档里改（原为“{_short(former)}”）"
        if former
        else "生成的文档里没有这一段",
        "请改回原样；数据有误请改数据后重新 make assess，意见请写在评估者的文字里",
    )


def struck(file: str, heading: str, former: str) -> Finding:
    """What was taken out of a document though it is generated from data."""
    return Finding(
        file, 0, heading, former, "这一段由数据生成，被删去了", "请用 make docx 重新生成后再改"
    )


def lost(file: str, place: str, former: str) -> Finding:
    """A sentence of the evaluator whose field is gone from the document."""
    return Finding(
        file, 0, place, former, "这句评估意见的内容控件不见了", "请在原处改写，不要整段删去控件"
    )


def unreadable(file: str, problem: str = "") -> Finding:
    return Finding(file, 0, "", "", problem or "打不开这个 Word 文档", "请在 Word 里另存为 .docx")


def moved_on(file: str, place: str) -> Finding:
    return Finding(
        file,
        0,
        place,
        "",
        "评估意见在生成这份文档之后改过",
        "请重新 make assess、make docx，再在新文档里改",
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
