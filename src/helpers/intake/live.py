"""What of an output would run, or fetch something, in a browser.

It is looked for in the raw text with patterns that take too much rather than too little: browsers
read more as a tag than any parser does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

Fault = tuple[str, str, str, str]  # column, value, problem, remedy

LIVE_TAG = re.compile(
    r"<[\s/]*(?:[\w.-]+:)?(script|iframe|frame|frameset|object|embed|applet|base|link|meta|form|input|button|portal|foreignobject|animate\w*|set|handler)\b",
    re.IGNORECASE,
)
# One tag: a > ends it, unless it stands in the quoted value of an attribute.
TAG = re.compile(r"""<[a-z!?/](?:[^<>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+""", re.IGNORECASE)
HANDLER = re.compile(r"[\s/\"'](on[a-z]{3,})\s*=", re.IGNORECASE)
ADDRESS = re.compile(
    r"[\s\"'/](href|src|srcset|srcdoc|action|formaction|data|poster|background|style)\s*=\s*"
    r"(\"[^\"]*\"|'[^']*'|[^\s>]+)",
    re.IGNORECASE,
)
STYLE = re.compile(
    r"@import|url\(\s*[\"']?\s*(?!#|data:image/)|expression\(|javascript:", re.IGNORECASE
)
SCRIPT_ADDRESS = re.compile(r"(?:javascript|vbscript|data:text/html|data:image/svg)", re.IGNORECASE)


def faults(where: str, text: str, markdown: bool = False) -> Iterator[Fault]:
    """What would run, or fetch something, once `text` is part of a page."""
    remedy = "请去掉；报告里只许有静态的文字、表格和图片"
    running = [f"<{found[1]}" for found in LIVE_TAG.finditer(text)]
    running += [found[1] for tag in TAG.finditer(text) for found in HANDLER.finditer(tag[0])]
    for what in running:
        yield where, what, "输出里有会执行的内容", remedy
    for name, value in ADDRESS.findall(text) if "<" in text else ():
        address = _bare(value)
        if (
            SCRIPT_ADDRESS.match(address)
            or name.lower() in ("srcdoc", "action", "formaction")
            or (name.lower() == "style" and STYLE.search(address))
        ):
            yield where, f"{name}={value}"[:60], "输出里有会执行的内容", remedy
        elif name.lower() not in ("href", "style") and re.match(
            r"(?:[a-z]+:)?//", address, re.IGNORECASE
        ):
            yield where, f"{name}={value}"[:60], "输出会向网络取内容", remedy
    if STYLE.search(_styles(text)):
        yield where, "<style>", "样式会向网络取内容", remedy
    if markdown and re.search(
        r"(?:\]\(|\]:|<)[\"'<]*(?:javascript|vbscript|data:text/html):?", _bare(text), re.IGNORECASE
    ):
        yield where, "javascript:", "链接会执行脚本", remedy


def _styles(text: str) -> str:
    """From the first style sheet to where the last ends: what a table says beside it is no
    style."""
    low = text.lower()
    last, end = low.rfind("<style"), low.rfind("</style")
    return text[low.find("<style") : end if end > last else None] if last >= 0 else ""


def _bare(text: str) -> str:
    """`text` as a browser reads an address: references resolved, quotes and everything up to the
    space dropped."""
    return re.sub(r"[\x00-\x20\u200b\ufeff]+", "", html.unescape(text)).strip("\"'")
