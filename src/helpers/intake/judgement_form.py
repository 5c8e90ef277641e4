"""The draft of a judgement: the year's facts filled in as remarks, the judgement left to a person.

What the evaluator has to write stands as an empty text, and the check refuses the file until it is
written: nothing here can be filed unread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .facts import Plan
from .grounds import WHY
from .judgement import FATES, Open

FATE_WORDS = dict(zip(FATES, ("采纳", "推进", "完成", "未采纳"), strict=True))
HEAD = """\
# {title}{year}年评估意见（草稿）
# “#”后是程序按数据填好的事实，空着的引号请评估者写。
# 写完存为 {year}.yml，make check 合格后进入期次。
# 不需要的条目整条删去；因果和建议是评估者的判断，程序不代写。
parties:
  client: ""  # 委托方
  evaluator: ""  # 评估方
  basis: ""  # 依据：规划的条款、委托文件
  independence: ""  # 独立性：与规划编制、实施单位的关系
  dated: ""  # 报告日期
  signatures: []  # 签署人，如 [项目负责人, 审核人]
"""


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
    groups = _groups(facts.called)
    return HEAD.format(title=plan.title, year=year) + "\n".join(
        [
            f"known_by: {_quoted(known_by)}  # 数据截止日，空为全部已知",
            "categories:",
            *_categories(facts.categories),
            "achievements:",
            *_passage(facts.best),
            "problems:" if groups else "problems: []",
            *(line for group in groups for line in _problem(*group)),
            "recommendations:" if groups else "recommendations: []",
            *(line for name, _, items in groups for line in _recommendation(name, items)),
            'not_recommended: []  # 不提建议的：- {items: [indicator/…], reason: "…"}',
            "judged: []  # 定性目标：- {indicator: …, word: met|on_track|off_track|not_met, …}",
            'changes: []  # 目标调整：- {indicator: …, before: 18, after: 20, text: "…"}',
            'lessons: []  # - {text: "…", because: […]}',
            "fates:" if facts.waiting else "fates: []",
            *(line for each in facts.waiting for line in _fate(each)),
            "",
        ]
    )


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


def _categories(facts: Mapping[str, str]) -> Iterator[str]:
    for name, fact in facts.items():
        yield f"  - category: {_quoted(name)}  # {fact}"
        yield '    text: ""'
        yield "    because: []"


def _passage(references: Sequence[str]) -> Iterator[str]:
    yield '  - text: ""'
    yield f"    because: [{', '.join(references)}]"


def _problem(name: str, kind: str, items: Sequence[Called]) -> Iterator[str]:
    yield f"  - id: {name}"
    for item in items:
        yield f"    # {WHY[item.why]}：{_one_line(item.fact)}"
    yield '    text: ""'
    yield f"    kind: {kind}  # indicator 指标、task 任务、mechanism 机制"
    yield "    because:"
    yield from (f"      - {item.reference}" for item in items)
    yield '    causes: [{text: "", because: []}]'


def _recommendation(name: str, items: Sequence[Called]) -> Iterator[str]:
    yield f"  - id: {name}"
    yield f"    answers: [{name}]"
    yield '    text: ""'
    yield f"    owner: {_quoted(items[0].office)}"
    yield '    due: ""'
    yield '    success: ""  # 怎样算做到'


def _fate(each: Open) -> Iterator[str]:
    told = f"，上次：{FATE_WORDS[each.fate]}" if each.fate else ""
    yield f"  - of: {each.name}  # {_one_line(each.recommendation.text)}{told}"
    yield f"    fate:  # {'、'.join(f'{code} {word}' for code, word in FATE_WORDS.items())}"
    yield '    text: ""'


def _quoted(text: str) -> str:
    """`text` as YAML takes it in one line."""
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
