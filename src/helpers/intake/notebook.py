"""Whether an executed notebook may be shown and kept as evidence: run whole and in order, harmless,
and free of a machine's traces.

A cell is counted from 1 among all cells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import live
from .finding import MOST, Finding, Refused
from .live import Fault

# an executed notebook of ours has 0.3 MB; JSON takes up to twenty times its size in memory
BYTES = 16_000_000
SAFE = frozenset(
    [
        "text/plain",
        "text/html",
        "text/markdown",
        "text/latex",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/svg+xml",
        "application/json",
        "application/vnd.plan-assessment.result+json",
    ]
)
SHELL = re.compile(
    r"^[ \t]*(?:\w[\w, ]*=[ \t]*)?"
    r"(![^=\n][^\n]*"
    r"|%%(?:bash|sh|script|system|sx|cmd|perl|ruby|javascript|js|html|svg|writefile)\b[^\n]*"
    r"|%(?:sx|system|alias|pip|conda|run|load)\b[^\n]*)"
    r"|(get_ipython\(\)\.(?:system|getoutput|run_\w+)|os\.(?:system|popen|exec\w*|spawn\w*)"
    r"|subprocess\.\w+|pty\.spawn)[ \t]*\(",
    re.MULTILINE,
)
TRACE = re.compile(
    r"(?<![\w.~:/%-])/(?:home|Users|root|tmp|private|mnt|media|var|workspace|usr/local)/[^\s\"'<>,"
    r";)\\]*"
    r"|(?<![\w.~:/%-])/root\b|\bfile:///?[^\s\"'<>]+|\b[A-Za-z]:\\{1,"
    r"2}[\w\u4e00-\u9fff][^\s\"'<>|]*|\\\\\\{0,2}[\w.-]+\\{1,2}[\w$.-]+"
    r"|\bat 0x[0-9a-fA-F]{5,16}\b"
    r"|(?<![\d.])(?:10\.\d{1,3}|127\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,"
    r"3}(?![\d.])|\blocalhost:\d{2,5}\b"
)
# What every trace holds: nearly all texts are cleared by looking for these, ten times as fast.
HOLDS = (
    *("/home/", "/Users/", "/root", "/tmp/", "/private/", "/mnt/", "/media/", "/var/"),
    *("/workspace/", "/usr/local/", "file:/", ":\\", "\\\\", "at 0x", "localhost:"),
)
NUMBERS = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d")  # of an address


def check(path: Path, shown: str) -> list[Finding]:
    """Everything that is wrong with the notebook at `path`; no finding, no objection."""
    if path.stat().st_size > BYTES:
        return [
            Finding(
                shown,
                0,
                "",
                "",
                f"文件有 {path.stat().st_size} 字节",
                f"笔记本不超过 {BYTES} 字节，请减少输出",
            )
        ]
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        return [Finding(shown, 0, "", "", "不是 UTF-8 编码", "请用 JupyterLab 另存")]
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        return [
            Finding(shown, line, "", "", "不是完整的笔记本（JSON）", "请重新执行或重新取得文件")
        ]
    except _Twice as twice:
        return [
            Finding(shown, 0, twice.args[0], "", "JSON 里同一个名称写了两次", "请重新执行笔记本")
        ]
    told: dict[Fault, None] = {}  # each once, in order
    for fault in _faults(notebook):
        told[fault] = None
        if len(told) >= MOST:
            break
    return [Finding(shown, 0, *fault) for fault in told]


def refuse(paths: Iterable[Path]) -> None:
    """Raise `Refused` with every finding of every notebook, or nothing."""
    findings = [finding for path in paths for finding in check(path, path.name)]
    if findings:
        raise Refused(findings)


class _Twice(Exception):
    """A name was given twice in one JSON object: readers disagree which counts."""


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _faults(notebook: object) -> Iterator[Fault]:
    again = "请用 make assess 或“重启内核并运行全部”重新执行"
    if (
        not isinstance(notebook, dict)
        or not isinstance(notebook.get("cells", []), list)
        or not isinstance(notebook.get("metadata", {}), dict)
    ):
        yield "", "", "不是笔记本", "应为 Jupyter 的 .ipynb 文件（nbformat 4）"
        return
    if notebook.get("nbformat") != 4 or "cells" not in notebook:
        yield (
            "nbformat",
            str(notebook.get("nbformat", "")),
            "不是第 4 版的笔记本格式",
            "请用现在的 JupyterLab 打开并另存",
        )
        return
    metadata = notebook.get("metadata", {})
    kernel = metadata.get("kernelspec")
    if not isinstance(kernel, dict) or not kernel.get("name"):
        yield "", "", "没有写明内核（kernelspec），别人不能重新执行", again
    if metadata.get("widgets"):
        yield (
            "metadata",
            "widgets",
            "带有交互控件的状态，在网页里会变成脚本",
            "请去掉控件后重新执行",
        )
    yield from _traces("metadata", _strings(metadata))
    yield from _cells_faults(notebook, again)


def _cells_faults(notebook: dict, again: str) -> Iterator[Fault]:
    minor = notebook.get("nbformat_minor")
    has_ids = isinstance(minor, int) and minor >= 5
    seen: dict[str, int] = {}
    executed = 0
    for k, cell in enumerate(notebook["cells"], 1):
        where = f"cell {k}"
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            yield where, "", "不是单元格", again
            continue
        name = cell.get("id")
        if name is None and has_ids:
            yield where, "", "单元格没有 id", again
        elif name is not None and str(name) in seen:
            yield (
                where,
                str(name),
                f"单元格的 id 与 cell {seen[str(name)]} 相同",
                "请用 JupyterLab 打开并另存，再重新执行",
            )
        seen.setdefault(str(name), k)
        source = _text(cell.get("source"))
        if cell["cell_type"] == "code" and source.strip():
            executed += 1
            count = cell.get("execution_count")
            if count is None:
                yield where, "", "这一格没有执行", again
            elif count != executed or isinstance(count, bool):
                yield where, str(count), f"不是从头到尾依次执行的，应为第 {executed} 次", again
        yield from _cell_faults(where, cell, source)


def _cell_faults(where: str, cell: dict, source: str) -> Iterator[Fault]:
    yield from _traces(where, [source, *_strings(cell.get("metadata"))])
    if cell["cell_type"] != "code":
        yield from live.faults(where, source, markdown=True)
    for found in SHELL.finditer(source) if cell["cell_type"] == "code" else ():
        yield where, found[0].strip(), "调用了系统命令", "评估只用 Python 的函数；请删去这一行"
    outputs = cell.get("outputs", [])
    for output in outputs if isinstance(outputs, list) else [None]:
        if not isinstance(output, dict) or output.get("output_type") not in (
            "stream",
            "display_data",
            "execute_result",
            "error",
        ):
            yield where, "", "输出不合格式", "请重新执行"
            continue
        if output["output_type"] == "error":
            yield (
                where,
                f"{output.get('ename', '')}: {output.get('evalue', '')}",
                "执行出错",
                "出错的笔记本不能用作证据；请改正后重新执行",
            )
        yield from _traces(
            where, _strings({name: value for name, value in output.items() if name != "data"})
        )
        bundle = output.get("data", {})
        for kind, data in bundle.items() if isinstance(bundle, dict) else [("", "")]:
            if kind not in SAFE:
                yield (
                    where,
                    kind,
                    "这种输出在网页里可能执行脚本，不能进入报告",
                    "请改用文字、表格或图片",
                )
            elif not kind.startswith("image/") or kind == "image/svg+xml":
                text = "\n".join(_strings(data)) if kind.startswith("application/") else _text(data)
                yield from _traces(where, [text])
                if kind in ("text/html", "image/svg+xml", "text/markdown"):
                    yield from live.faults(where, text, markdown=kind == "text/markdown")


def _traces(where: str, texts: Iterable[str]) -> Iterator[Fault]:
    for text in texts:
        if not any(held in text for held in HOLDS) and not NUMBERS.search(text):
            continue
        for found in TRACE.finditer(text):
            yield where, found[0], "留有本机的路径或地址", "请改用相对路径，去掉后重新执行"


def _strings(value: object) -> Iterator[str]:
    """Every string inside `value`, names of dictionaries included, without recursion."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item


def _text(value: object) -> str:
    """A multiline string of a notebook: one string or a list of them."""
    return (
        "".join(map(str, value))
        if isinstance(value, list)
        else value
        if isinstance(value, str)
        else ""
    )
