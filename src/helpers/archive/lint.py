"""May this executed notebook, this page be kept as evidence? Whole, run once from top to bottom,
the same everywhere, harmless.

Every fault is one sentence that names its cell, counted from 1 among all cells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import Any

LIVE_TYPES = ("application/javascript", "text/javascript", "application/x-javascript")
MARKUP = ("text/html", "image/svg+xml", "text/markdown")
PICTURES = ("image/png", "image/jpeg", "application/pdf")  # base64: may spell anything by chance
LIVE_ELEMENTS = {
    "script",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "base",
    "form",
    "meta",
    "link",
    "foreignobject",
}
LIVE_ADDRESS = re.compile(r"[\s\x00-\x20]*(javascript|vbscript|data:text/html)", re.IGNORECASE)
# What names a machine or a moment, not a result. A path counts where it begins, not inside an
# address (https://x.cn/home/).
TRACES = re.compile(
    r" at 0x[0-9a-fA-F]{4,"
    r"}|(?<![\w./-])/(?:home|root|tmp|Users|private|var|mnt|opt|srv|media|workspace)/[\w.~-]+|\b[A-Za-z]:\\[\w.~-]+|file:///|ipykernel_\d+"
)


def notebook(raw: bytes, own: Sequence[str] = ()) -> list[str]:
    """Why the executed notebook must not be kept; empty when it may. `own`: further traces, say the
    checkout's path."""
    try:
        nb = json.loads(raw.decode("utf-8"))
        if nb["nbformat"] != 4 or not isinstance(nb["cells"], list):
            return ["不是第 4 版格式的 notebook"]
        return [
            *_of_whole(nb),
            *(
                f"第 {k} 个单元{what}"
                for k, cell in enumerate(nb["cells"], 1)
                for what in _of_cell(cell, own)
            ),
            *_of_order(nb),
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["不是完整的 notebook"]


def _of_whole(nb: dict[str, Any]) -> Iterator[str]:
    if not nb["metadata"].get("kernelspec"):
        yield "没有写明内核（kernelspec）"
    if nb["metadata"].get("widgets"):
        yield "带有控件状态（widgets），打开时会执行脚本"
    ids = [cell["id"] for cell in nb["cells"] if "id" in cell]
    if len(ids) != len(set(ids)):
        yield "有单元的 id 重复"


def _of_order(nb: dict[str, Any]) -> Iterator[str]:
    """Executed once, from top to bottom, in a fresh kernel: the counts are 1, 2, 3 …"""
    code = [
        (k, cell)
        for k, cell in enumerate(nb["cells"], 1)
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]
    for expected, (k, cell) in enumerate(code, 1):
        count = cell["execution_count"]
        if count != expected:
            yield f"第 {k} 个单元" + (
                "没有执行"
                if count is None
                else f"不是按顺序执行的（序号 {count}，应为 {expected}）"
            )
            return  # those after it follow from it


def _of_cell(cell: dict[str, Any], own: Sequence[str]) -> Iterator[str]:
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            yield f"出错：{output['ename']}"
        data = output.get("data", {})
        if any(kind in LIVE_TYPES for kind in data) or any(
            is_live(_text(data[kind])) for kind in MARKUP if kind in data
        ):
            yield "的输出里有会执行的脚本"
        said = "\n".join(
            [
                _text(output.get("text", "")),
                *(_text(value) for kind, value in data.items() if kind not in PICTURES),
            ]
        )
        if trace := _trace(said, own):
            yield f"的输出里有这台机器的痕迹：{trace}"


def page(raw: bytes, own: Sequence[str] = (), scripts: Iterable[str] = ()) -> list[str]:
    """Why a page must not be kept; empty when it may. `scripts`: those it may hold, each once and
    to the letter."""
    text = raw.decode("utf-8", "replace")
    for script in scripts:
        text = text.replace(f"<script>{script}</script>", "", 1)
    trace = _trace(re.sub(r"base64,[\w+/=]+", "", text), own)
    return ["里有会执行的脚本"] * is_live(text, allowed=("meta", "link")) + (
        [f"里有这台机器的痕迹：{trace}"] if trace else []
    )


def _trace(text: str, own: Sequence[str]) -> str:
    match = TRACES.search(text)
    return match[0] if match else next((trace for trace in own if trace in text), "")


def _text(value: object) -> str:
    """The text of an output, which nbformat keeps as a string, as lines, or as JSON."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_live(markup: str, allowed: Sequence[str] = ()) -> bool:
    """Whether a browser showing `markup` would run, load or send anything. `allowed`: elements that
    may stand in it."""
    parser = _Live(LIVE_ELEMENTS - set(allowed))
    parser.feed(markup)
    parser.close()
    return parser.live


class _Live(HTMLParser):
    def __init__(self, elements: set[str]):
        super().__init__()
        self.elements, self.live = elements, False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.live |= tag in self.elements
        self.live |= any(
            name.startswith("on") or LIVE_ADDRESS.match(value or "") is not None
            for name, value in attributes
        )
