"""Which fields a parameter file has, and of what type: strict YAML into frozen dataclasses.

Convention: a dataclass is the definition of a file's fields; its annotations are the types
(`str int float bool`, `X | None`, `tuple[X, ...]`, `Literal[...]`, another dataclass). Unknown,
missing, doubled and mistyped fields are refused with their line; aliases, tags and a second
document are refused.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, Union

import yaml

from .finding import INVISIBLE, MOST, Finding, Refused, nearest

T = TypeVar("T")

DEPTH = (
    12  # our deepest file has five levels; a bound keeps a nested file from exhausting the stack
)
BYTES = 200_000  # the largest parameter file is 40 KB
LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml where it was built in: ten times as fast
INTEGER = re.compile(
    r"-?(?:0|[1-9][0-9]*)"
)  # YAML would also take 010 for 8, 0x1F for 31, 1_000 and 12:30 for 750
DECIMAL = re.compile(INTEGER.pattern + r"(?:\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
LARGEST = 1e15  # up to here every whole number is exact
BARE_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
ISO_DATE = "date"  # metadata key of a str field that holds a date
# metadata key of a str field that may become part of a path: the pattern it has to match
NAME = "name"
RANGE = "range"  # metadata key of a number: the least and the greatest it may be
PLAN_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
FACT_ID = re.compile(r"[a-z][a-z0-9_]{0,47}")
ANY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{p}{i}" for p in ("com", "lpt") for i in range(10)),
}  # not file names on Windows


def is_name(name: str, pattern: re.Pattern[str]) -> bool:
    """True for a name of that pattern which every system allows for a file."""
    return bool(pattern.fullmatch(name)) and name not in RESERVED


@functools.lru_cache(maxsize=4096)  # a table names few dates, many times
def is_date(text: str) -> bool:
    """True for a day, month or year of the calendar in ISO form: 2023-02-16, 2023-02, 2023."""
    try:
        return bool(
            DATE.fullmatch(text) and dt.date.fromisoformat(text + "2000-01-01"[len(text) :])
        )
    except ValueError:
        return False


def read(path: Path, cls: type[T], shown: str) -> T:
    """The file at `path` as one `cls`; `shown` names the file in messages. Raises `Refused` with
    every finding."""
    findings: list[Finding] = []
    node = _document(path, shown)
    value = _convert(cls, node, "", shown, findings)
    if findings:
        raise Refused(findings)
    return value


def line_of(path: Path, field: str) -> int:
    """The line on which a top-level field of a well-formed file stands."""
    node = _document(path, path.name)
    return next((key.start_mark.line + 1 for key, _ in node.value if key.value == field), 0)


def _document(path: Path, shown: str) -> yaml.Node:
    """The one document of a file that holds nothing but names, lists and values."""
    text = _text(path, shown)
    try:
        _only_values(text, shown)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        problem = getattr(error, "problem", "") or ""
        remedy = "请检查缩进、引号和冒号后的空格"
        raise _refused(shown, line, "不是合法的 YAML", remedy, problem) from None
    if node is None:
        raise _refused(shown, 0, "文件是空的", "请按 params/README.md 填写")
    return node


def _refused(shown: str, line: int, problem: str, remedy: str, value: str = "") -> Refused:
    return Refused([Finding(shown, line, "", value, problem, remedy)])


def _text(path: Path, shown: str) -> str:
    size = path.stat().st_size
    if size > BYTES:
        raise _refused(shown, 0, f"文件有 {size} 字节", f"参数文件不超过 {BYTES} 字节，请拆分")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused(shown, line, "不是 UTF-8 编码", "请用编辑器另存为 UTF-8") from None
    hidden = [
        Finding(
            shown, number, "", line.strip(), "含有看不见的字符（已标出码位）", "请删去后重新键入"
        )
        for number, line in enumerate(text.split("\n"), 1)
        if INVISIBLE.search(line.rstrip("\r"))
    ]
    if hidden:
        raise Refused(hidden[:MOST])
    return text


def _only_values(text: str, shown: str) -> None:
    """Raise `Refused` for what makes YAML more than a list of values: anchors, tags, depth, a
    second document."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent) or anchor:
            raise _refused(shown, line, "使用了锚点或别名（& *）", "请把内容写全", str(anchor))
        if tag:
            raise _refused(shown, line, "使用了类型标签（!）", "请去掉标签，只写值", tag)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise _refused(shown, line, f"嵌套超过 {DEPTH} 层", "请对照 params/README.md 的字段")
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise _refused(shown, line, "一个文件里有两份文档（---）", "请只留一份")


def _convert(kind: Any, node: yaml.Node, field: str, shown: str, findings: list[Finding]) -> Any:
    """`node` as a value of type `kind`; appends to `findings` and returns None where it is not
    one."""
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        if _is_null(node):
            return None
        kind = next(arg for arg in typing.get_args(kind) if arg is not type(None))
        return _convert(kind, node, field, shown, findings)
    if is_dataclass(kind):
        return _mapping(kind, node, field, shown, findings)
    if origin is tuple:
        if not isinstance(node, yaml.SequenceNode):
            return _mistyped(node, field, "应为列表", "每项前写“- ”", shown, findings)
        item = typing.get_args(kind)[0]
        return tuple(_convert(item, child, field, shown, findings) for child in node.value)
    if origin is Literal:
        words = typing.get_args(kind)
        word = (
            node.value if isinstance(node, yaml.ScalarNode) else ""
        )  # as typed: ~ and = are words here, YAML has other ideas
        if word in words:
            return word
        return _mistyped(
            node,
            field,
            f"不在可选的词里{nearest(word, words)}",
            f"可写：{'、'.join(words)}",
            shown,
            findings,
        )
    return _plain(kind, node, field, shown, findings)


_hints = functools.cache(typing.get_type_hints)  # of the same few classes for every file of a plan


def _mapping(cls: Any, node: yaml.Node, field: str, shown: str, findings: list[Finding]) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return _mistyped(
            node, field, "应为若干“字段: 值”", "请对照 params/README.md", shown, findings
        )
    hints = _hints(cls)
    known = {f.name: f for f in fields(cls) if f.init and not f.metadata.get("computed")}
    before, values, seen = len(findings), {}, set()
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        line = key_node.start_mark.line + 1
        name = f"{field}.{key}" if field else key
        if key in seen:
            findings.append(Finding(shown, line, name, "", "字段写了两次", "请只留一个"))
        elif key not in known:
            hint = nearest(key, known)
            findings.append(
                Finding(shown, line, name, "", f"没有这个字段{hint}", "字段一览见 params/README.md")
            )
        else:
            year = known[key].metadata.get(ISO_DATE) and BARE_YEAR.fullmatch(str(value_node.value))
            values[key] = (
                value_node.value  # a year written without quotes is a date
                if year
                else _convert(hints[key], value_node, name, shown, findings)
            )
            if values[key] not in (None, ""):
                _within(known[key].metadata, values[key], value_node, name, shown, findings)
        seen.add(key)
    for key, f in known.items():
        if key not in seen and f.default is MISSING and f.default_factory is MISSING:
            line, name = node.start_mark.line + 1, f"{field}.{key}" if field else key
            remedy = "请补上，见 params/README.md"
            findings.append(Finding(shown, line, name, "", "缺少这个字段", remedy))
    return cls(**values) if len(findings) == before else None


def _within(
    limits: typing.Mapping,
    value: Any,
    node: yaml.Node,
    field: str,
    shown: str,
    findings: list[Finding],
) -> None:
    """What a field's metadata asks of its value beyond the type."""
    if limits.get(ISO_DATE) and not is_date(value):
        _mistyped(node, field, "不是日期", "请写成 2023-02-16、2023-02 或 2023", shown, findings)
    if NAME in limits and not is_name(value, limits[NAME]):
        _mistyped(
            node, field, "不能用作代码：只能用小写字母、数字和连字符", "请改正", shown, findings
        )
    if RANGE in limits and not limits[RANGE][0] <= value <= limits[RANGE][1]:
        _mistyped(
            node, field, "应在 {} 至 {} 之间".format(*limits[RANGE]), "请改正", shown, findings
        )


def _plain(kind: type, node: yaml.Node, field: str, shown: str, findings: list[Finding]) -> Any:
    value = _scalar(node)
    if kind is str and isinstance(value, dt.date):
        return node.value  # a date written without quotes is kept as it was typed
    if kind is str and isinstance(value, str):
        return value
    if kind is bool and isinstance(value, bool) and node.value in ("true", "false"):
        return value
    if kind is int and isinstance(value, int) and INTEGER.fullmatch(node.value):
        return value
    if (
        kind is float
        and isinstance(value, (int, float))
        and DECIMAL.fullmatch(node.value)
        and abs(value) < LARGEST
    ):
        return float(value)
    wanted = {
        str: ("应为文字", "请加引号"),
        bool: ("应为 true 或 false", "请改写"),
        int: ("应为整数", "请写成 2025 这样的整数"),
        float: ("应为数字", "请写成 8.6 这样的数字"),
    }
    return _mistyped(node, field, *wanted[kind], shown, findings)


def _scalar(node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        return None
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError):
        return None


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _mistyped(
    node: yaml.Node, field: str, problem: str, remedy: str, shown: str, findings: list[Finding]
) -> None:
    value = node.value if isinstance(node, yaml.ScalarNode) else ""
    findings.append(Finding(shown, node.start_mark.line + 1, field, value, problem, remedy))
