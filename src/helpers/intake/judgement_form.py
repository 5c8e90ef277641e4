"""A judgement as rows of its lists, and the file those rows make: what a draft, a workbook and the
file have in common.

In a draft what the evaluator has to write stands as an empty text, and the check refuses the file
until it is written: nothing here can be filed unread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .facts import Plan
from .grounds import WHY
from .judgement import FATES, Judgement, Open

FATE_WORDS = dict(zip(FATES, ("已采纳", "推进中", "已完成", "未采纳"), strict=True))
FIELDS = {  # of each list, in the order in which they are written
    "categories": ("category", "text", "because"),
    "achievements": ("text", "because"),
    "problems": ("id", "text", "kind", "because"),
    "causes": ("problem", "text", "because"),
    "recommendations": ("id", "text", "owner", "due", "success", "answers", "because"),
    "not_recommended": ("items", "reason"),
    "judged": ("indicator", "word", "text", "because"),
    "changes": ("indicator", "before", "after", "text", "because"),
    "lessons": ("text", "because"),
    "fates": ("of", "fate", "text", "because"),
}
PARTIES = ("client", "evaluator", "basis", "independence", "dated", "signatures")
TOLD = ("draft", "remark", "known_by")  # beside the parties, of the whole judgement
REMARKS = {  # beside a field that is still to be written
    "client": "委托方",
    "evaluator": "评估方",
    "basis": "依据：规划的条款、委托文件",
    "independence": "独立性：与规划编制、实施单位的关系",
    "dated": "报告日期",
    "signatures": "签署人，如 [项目负责人, 审核人]",
    "known_by": "数据截止日，空为全部已知",
    "kind": "indicator 指标、task 任务、mechanism 机制",
    "success": "怎样算做到",
    "fate": "、".join(f"{code} {word}" for code, word in FATE_WORDS.items()),
    "not_recommended": '不提建议的：- {items: [indicator/…], reason: "…"}',
    "judged": "定性目标：- {indicator: …, word: met|on_track|off_track|not_met, …}",
    "changes": '目标调整：- {indicator: …, before: 18, after: 20, text: "…"}',
    "lessons": '- {text: "…", because: […]}',
}
AS_TYPED = ("draft", "kind", "word", "fate", "before", "after")  # words and numbers, no texts
HEAD = """\
# {title}{year}年评估意见（草稿）
# “#”后是程序按数据填好的事实，空着的引号请评估者写。
# 写完存为 {year}.yml，make check 合格后进入期次。
# 不需要的条目整条删去；因果和建议是评估者的判断，程序不代写。
"""


@dataclass(frozen=True)
class Row:
    """One entry of a list: its fields, where each was typed, and what the data say of the same."""

    cells: Mapping[str, object]
    fact: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


Rows = dict[str, list[Row]]  # by the list's name; the parties and what is told are one row each


@dataclass(frozen=True)
class Called:
    """An item that calls for a recommendation: its reference, why, a sentence of fact, the office
    that answers for it ("" where nobody is named)."""

    reference: str
    why: str
    fact: str
    office: str


@dataclass(frozen=True)
class Facts:
    """What a draft is filled with: one line a category, references of what went best, the items
    called, recommendations still open."""

    categories: Mapping[str, str]
    best: Sequence[str]
    called: Sequence[Called]
    waiting: Sequence[Open]


def draft(plan: Plan, year: int, known_by: str, facts: Facts) -> str:
    """The file of one year, to be filled in."""
    content, _ = text(drafted(known_by, facts), to_be_written=True)
    return HEAD.format(title=plan.title, year=year) + content


def drafted(known_by: str, facts: Facts) -> Rows:
    """The rows of a draft: facts filled in, judgement left empty."""
    groups = _groups(facts.called)
    return {
        "parties": [Row(dict.fromkeys(PARTIES[:-1], "") | {"signatures": ()})],
        "told": [Row({"known_by": known_by})],
        "categories": [
            Row({"category": name, "text": "", "because": ()}, fact)
            for name, fact in facts.categories.items()
        ],
        "achievements": [Row({"text": "", "because": tuple(facts.best)})],
        "problems": [_problem(*group) for group in groups],
        "causes": [Row({"problem": name, "text": "", "because": ()}) for name, _, _ in groups],
        "recommendations": [_recommendation(name, items) for name, _, items in groups],
        "fates": [_fate(each) for each in facts.waiting],
    }


def of(said: Judgement) -> Rows:
    """The rows of a judgement that is written."""
    parts: dict[str, Iterable] = {name: getattr(said, name, ()) for name in FIELDS}
    rows = {
        name: [Row({key: getattr(each, key) for key in FIELDS[name]}) for each in listed]
        for name, listed in parts.items()
    }
    rows["causes"] = [
        Row({"problem": each.id, "text": cause.text, "because": cause.because})
        for each in said.problems
        for cause in each.causes
    ]
    rows["parties"] = [Row({name: getattr(said.parties, name) for name in PARTIES})]
    rows["told"] = [Row({name: getattr(said, name) for name in TOLD if getattr(said, name)})]
    return rows


def _groups(called: Iterable[Called]) -> list[tuple[str, str, list[Called]]]:
    """(id, kind of cause, items): an indicator by itself, promises by the office that owns them."""
    groups: dict[str, list[Called]] = {}
    for item in called:
        kind, _, name = item.reference.partition("/")
        groups.setdefault(name if kind == "indicator" else item.office, []).append(item)
    tasks = [key for key, items in groups.items() if items[0].reference.startswith("commitment/")]
    return [
        (f"office_{tasks.index(key) + 1}", "task", items)
        if key in tasks
        else (key, "indicator", items)
        for key, items in groups.items()
    ]


def _problem(name: str, kind: str, items: Sequence[Called]) -> Row:
    because = tuple(item.reference for item in items)
    fact = "\n".join(f"{WHY[item.why]}：{_one_line(item.fact)}" for item in items)
    return Row({"id": name, "text": "", "kind": kind, "because": because}, fact)


def _recommendation(name: str, items: Sequence[Called]) -> Row:
    asked = {"id": name, "answers": (name,), "text": "", "owner": items[0].office}
    return Row(asked | {"due": "", "success": ""})


def _fate(each: Open) -> Row:
    told = f"，上次：{FATE_WORDS[each.fate]}" if each.fate else ""
    fact = f"{_one_line(each.recommendation.text)}{told}"
    return Row({"of": each.name, "fate": "", "text": ""}, fact)


def text(rows: Rows, *, to_be_written: bool = False) -> tuple[str, list[tuple[str, str]]]:
    """The file that `rows` make, and for each of its lines (path of the field, where it was typed);
    with remarks where it is still `to_be_written`."""
    lines = list(_lines(rows, to_be_written))
    return "".join(f"{line}\n" for line, _, _ in lines), [(path, at) for _, path, at in lines]


Line = tuple[str, str, str]  # the text, the path of its field, where that was typed


def _lines(rows: Rows, remarked: bool) -> Iterator[Line]:
    parties, told = rows["parties"][0], rows["told"][0]
    yield "parties:", "parties", ""
    yield from _fields(parties, PARTIES, "parties", "  ", remarked)
    yield from _fields(told, TOLD, "", "", remarked)
    for name in (name for name in FIELDS if name != "causes"):
        listed = rows.get(name, [])
        if listed or remarked:
            yield f"{name}:{'' if listed else ' []' + _remark(name, remarked)}", name, ""
        for k, row in enumerate(listed, 1):
            yield from _entry(row, FIELDS[name], f"{name}.{k}", "  ", remarked)
            if name == "problems":
                mine = [c for c in rows["causes"] if c.cells["problem"] == row.cells["id"]]
                if mine:
                    yield "    causes:", f"{name}.{k}.causes", ""
                for c, cause in enumerate(mine, 1):
                    place = f"{name}.{k}.causes.{c}"
                    yield from _entry(cause, FIELDS["causes"][1:], place, "      ", remarked)


def _entry(
    row: Row, names: Sequence[str], path: str, indent: str, remarked: bool
) -> Iterator[Line]:
    """An entry of a list: its first field stands behind the dash."""
    if remarked:
        yield from ((f"{indent}# {fact}", path, "") for fact in row.fact.splitlines())
    first = True
    for line, place, at in _fields(row, names, path, indent + "  ", remarked):
        yield (f"{indent}- {line.lstrip()}" if first else line), place, at
        first = False


def _fields(
    row: Row, names: Sequence[str], path: str, indent: str, remarked: bool
) -> Iterator[Line]:
    for name in names:
        value = row.cells.get(name)
        if value is None:
            continue
        place, at = f"{path}.{name}".lstrip("."), row.places.get(name, "")
        if isinstance(value, tuple) and len(value) > 1:
            yield f"{indent}{name}:", place, at
            yield from ((f"{indent}  - {_scalar(name, one)}", place, at) for one in value)
        else:
            written = f"{indent}{name}: {_value(name, value)}".rstrip()
            yield written + _remark(name, remarked), place, at


def _value(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_scalar(name, one) for one in value)}]"
    return _scalar(name, value)


def _scalar(name: str, value: object) -> str:
    """A value as YAML takes it in one line; references and codes need no quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    written = str(value)
    bare = name in AS_TYPED or (name in ("because", "items", "answers", "of", "id", "indicator"))
    plain = bare and all(ch.isalnum() or ch in "/_.-" for ch in written)
    return written if plain else json.dumps(written, ensure_ascii=False)


def _remark(name: str, remarked: bool) -> str:
    return f"  # {REMARKS[name]}" if remarked and name in REMARKS else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
