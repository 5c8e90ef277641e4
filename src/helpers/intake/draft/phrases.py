"""Words that promise something nobody can check later: ranks, batches, efforts, states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .figures import Figure, alike, within
from .text import Draft, Part
from .trap import Trap

AIMS: tuple[Part, ...] = ("goals", "tasks")
CLAUSE = re.compile(r"(?:[^，。；！,]|(?<=\d),(?=\d))+")
YEAR_END = re.compile(r"到20\d\d年|20\d\d年[底末]?前|“?十[四五六]五”?(?:期末|期间)")


ALIKE = 0.5  # `alike`: the rate of a clause is that of a figure


class Phrase(NamedTuple):
    """A kind of trap told by its words in one clause, unless `but` stands there too."""

    about: str
    words: re.Pattern[str]
    but: re.Pattern[str]
    problem: str


# what is covered is named, and its number known: 行政村全覆盖, 法定人群全覆盖, 制度全覆盖
COVERED = "[村镇乡县区市群校度]"
NEVER = re.compile(r"(?!)")
NUMBER = re.compile(r"\d")
RAISED = re.compile(
    r"(?:提高|提升|扩大|降低|增加|缩短|缩减)"
    r"([^，。；]{0,40}?(?:(?<![效功频概])率|比重|占比|覆盖面|渗透度|市场份额))(?:$|、|和)"
)
REACHED = re.compile(r"，(?:到?\d{4}年[底末]?)?(?:达到?|超过)\d")  # the next clause says how far
PHRASES = (
    Phrase(
        "rank",
        re.compile(
            r"(?:位居|居于?|保持|进入|达到|处于|走在|成为|迈入|稳居|争当).{0,24}?"
            r"(前列|前茅|领先|先进水平|一流|先进行列|排头兵|第一方阵)"
        ),
        re.compile(r"前\s*\d+|第[一二三四五\d]+[位名]|前[三五十百]"),
        "没有写明用什么指标、跟谁比、第几名",
    ),
    Phrase(
        "title",
        re.compile(
            r"(?:成为|打造成?|建成|建设成?|争做).{0,30}?"
            r"(标杆|样板|高地|典范|先行区|策源地|新名片|集聚地)"
        ),
        NEVER,
        "没有写明由谁按什么标准认定",
    ),
    Phrase(
        "batch",
        re.compile(
            r"(?:建|育|打造|形成|集聚|引[进入]|支持|推[进动出广]|发展|实施|布局|[认确]定|攻克|做[大强优]|"
            r"遴选|扶持|壮大|办好|培养|挖掘|发掘|制定|创|完成|开发|抓好|选择)"
            r".*?((?<!等)一批|若干|一系列)(?!重?点?(?:领域|区域|方面|问题|意见|政策|措施))"
        ),
        NEVER,
        "没有写明多少",
    ),
    Phrase(
        "frequency",
        re.compile(
            r"(定期|常态化|不定期|适时|经常性).{0,14}?"
            r"(?:举行|开展|举办|组织|召开|进行|评估|发布|对接|通报|调度|研判)"
        ),
        re.compile(r"每[年季月周半]|\d+次|(?:机制|制度)$"),  # 定期评估机制: that is what is made
        "没有写明多久一次",
    ),
    Phrase(
        "effort",
        re.compile(
            r"(争创|申创|申报|争取|力争|积极创建).{0,40}?"
            r"(?:示范|试点|基地|园区|集聚区|称号|网点|试验区|优势|项目|落户|通过|获批)"
        ),
        re.compile(r"\d+[家个项件]|探索|鼓励"),
        "只说去争取，没有说得到什么、何时得到",
    ),
    Phrase(
        "raise",
        RAISED,
        re.compile(r"\d|^(?:围绕|通过)"),
        "没有写明从多少到多少",
    ),
    Phrase(
        "coverage",
        re.compile(rf"(?<![健升])(?<!{COVERED})(全覆盖)(?=$|[和及与]|率)|(全面覆盖)(?!.+的)"),
        re.compile(r"\d"),
        "没有写明覆盖谁、共多少",
    ),
)
STATE = re.compile(
    r"(?:较为|基本|初步|更加|更为|明显|显著|大幅|全面|进一步|有效|不断)"
    r"(?:健全|完善|建立|形成|提升|提高|增强|改善|优化|发展|扩大|成熟|缓解|加快|凸显|确立|建成|顺畅|有力|浓厚)"
)


VAGUE = frozenset((*(phrase.about for phrase in PHRASES), "state"))


def traps(draft: Draft, figures: Sequence[Figure]) -> Iterator[Trap]:
    """Every clause of goals and tasks that promises what cannot be checked, one of a kind in a
    sentence; a rate whose number the text gives elsewhere is promised there."""
    rates = [figure.core for figure in figures if figure.when == "target"]
    for line, sentence in draft.sentences(*AIMS):
        for trap in of_sentence((line,), sentence):
            if trap.about == "title" and draft.lines[line - 1].part == "tasks":
                continue  # 高地, 策源地: a figure of speech, but where it is a goal
            if not (trap.about == "raise" and _is_given(trap.subject, rates)):
                yield trap


def _is_given(clause: str, rates: Sequence[str]) -> bool:
    """True where one of the targets' names is that of a rate the clause wants to raise."""
    match = RAISED.search(clause)
    names = [clause, *re.split("[、和]", match[1] if match else "")]
    return any(
        alike(rate, name) >= ALIKE or within(rate, name) or within(name, rate)
        for rate in rates
        for name in names
    )


def of_sentence(lines: tuple[int, ...], sentence: str) -> Iterator[Trap]:
    """The traps of one sentence that stands on `lines`."""
    told: set[str] = set()
    for phrase in PHRASES:
        if (found := _first(phrase, sentence)) and found not in told:
            told.add(found)
            yield Trap(phrase.about, lines, sentence, found, phrase.problem)
    yield from _state(lines, sentence)


def _first(phrase: Phrase, sentence: str) -> str:
    for match in CLAUSE.finditer(sentence):
        clause = match.group()
        given = phrase.about == "raise" and REACHED.match(sentence[match.end() :])
        if phrase.words.search(clause) and not phrase.but.search(clause) and not given:
            return clause.strip()
    return ""


def _state(lines: tuple[int, ...], sentence: str) -> Iterator[Trap]:
    """A state that is promised for a year, without a figure in its clause."""
    if not YEAR_END.search(sentence):
        return
    for match in CLAUSE.finditer(sentence):
        clause = match.group().strip()
        if STATE.search(clause) and not NUMBER.search(YEAR_END.sub("", clause)):
            problem = "没有写明达到什么程度才算"
            yield Trap("state", lines, sentence, clause, problem)
            return
