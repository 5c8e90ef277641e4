"""A plan of another place, described in a workbook or in answers: checked, then put in its place,
or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .. import atomic
from . import door, form_columns, plan as plans, plan_files, plausible
from .fields import ANY_ID, FACT_ID, PLAN_ID, is_date, is_name
from .finding import Finding, Refused, Unknown, nearest
from .form_columns import (
    HEADINGS,
    INDICATOR_FIELDS,
    INDICATOR_SHEET,
    NUMBER,
    PLAN_FIELDS,
    YEAR,
    YES,
)
from .plan_book import CHOSEN, Row

WHOLE = re.compile("[0-9]+")


MAKING = ".new-plan-"  # how the folder begins in which a plan is made


def make(
    plan_id: str,
    plan: Row,
    indicators: Sequence[Row],
    root: Path | str | None = None,
    more: Callable[[Path], None] = lambda _: None,
) -> tuple[Path, list[Finding]]:
    """(the folder of parameters, what is doubtful) of the plan so described: params/<id> and
    data/raw/<id>, checked, or nothing. `more` writes into the folder before it is checked.

    Raises `Unknown` for an id that cannot be or is taken, `Refused` with every finding.
    """
    root = plans.home(root)
    if not is_name(plan_id, PLAN_ID):
        raise Unknown(f"规划代码 {plan_id!r} 只能用小写字母、数字和连字符，如 nantong-145")
    places = (Path("params") / plan_id, Path("data/raw") / plan_id)
    if (root / places[0]).exists():
        atomic.tidy(MAKING, root / "data")  # the killed run may have come so far
        raise _taken(places[0])
    findings = [*_plan_findings(plan), *_indicators_findings(indicators)]
    if findings:
        raise Refused(findings)
    for place in places:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
    with atomic.scratch(MAKING, root / "data") as scratch:
        for name, text in plan_files.of_plan(
            plan_id, plan.cells, [row.cells for row in indicators]
        ):
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).write_text(text, "utf-8", newline="\n")
        more(scratch)
        doubts = _checked(plan_id, scratch, indicators)
        for place in reversed(places):  # a plan is there once its parameters are
            _put(scratch / place, root / place, place)
    return root / places[0], doubts


def _put(made: Path, target: Path, place: Path) -> None:
    """Move what was made to its place; the same of a run that was killed may lie there. Raises
    `Unknown` for anything else."""
    if not target.exists():
        atomic.move(made, target)
    elif _content(target) != _content(made):
        raise _taken(place)


def _taken(place: Path) -> Unknown:
    return Unknown(f"{place.as_posix()} 已经有了；请换一个代码，或先移走")


def _content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a folder by its path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _checked(plan_id: str, root: Path, indicators: Sequence[Row]) -> list[Finding]:
    """What is doubtful of the plan whose files lie under `root`. Raises `Refused`."""
    try:
        door.check_plan(made := plans.load(plan_id, root))
    except Refused as refused:
        raise Refused([_where_typed(finding, indicators) for finding in refused.findings]) from None
    facts = plans.indicators(made)
    return [
        *plausible.unlikely_targets(facts, INDICATOR_SHEET),
        *form_columns.met_from_the_start(facts, INDICATOR_SHEET),
    ]


def _where_typed(finding: Finding, indicators: Sequence[Row]) -> Finding:
    """`finding` on a file of parameters as one on the row and heading it was made from; any other
    as it is."""
    row = next(
        (row for row in indicators if finding.file.endswith(f"indicators/{row.cells['代码']}.yml")),
        None,
    )
    heading = HEADINGS.get(re.split(r"[.\[]", finding.column)[0])
    return replace(finding, file=row.place, line=0, column=heading) if row and heading else finding


def _plan_findings(plan: Row) -> Iterator[Finding]:
    yield from _empty(plan, PLAN_FIELDS)
    typed = {name: text for name, text in plan.cells.items() if text}
    for name in ("规划期起", "规划期止", "基期年"):
        if name in typed and not YEAR.fullmatch(typed[name]):
            yield plan.wrong(name, "不是年份", "请写成 2025 这样的四位数")
    if typed.get("虚构", "是") not in YES:
        remedy = "虚构的写“是”，每一页都会注明；其余留空"
        yield plan.wrong("虚构", "只能写“是”或“否”", remedy)
    if "印发日期" in typed and not is_date(typed["印发日期"]):
        yield plan.wrong("印发日期", "不是日期", "请写成 2021-06-30")
    if "区域代码" in typed and not is_name(typed["区域代码"], ANY_ID):
        yield plan.wrong("区域代码", "只能用小写字母、数字和连字符", "请改正")


def _indicators_findings(indicators: Sequence[Row]) -> Iterator[Finding]:
    if not indicators:
        yield Finding(INDICATOR_SHEET, 0, "", "", "一项指标也没有", "请每项指标填一行")
    names = [row.cells.get("代码", "") for row in indicators]
    for k, row in enumerate(indicators):
        yield from _empty(row, INDICATOR_FIELDS)
        for slip in form_columns.wrong(row.cells, set(names)):
            yield Finding(row.place, 0, *slip)
        yield from _indicator_findings(row, names[:k])


def _indicator_findings(row: Row, before: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with the cells of one indicator; `before`: the codes above it."""
    typed = {name: text for name, text in row.cells.items() if text}
    if "代码" in typed and typed["代码"] in before:
        yield row.wrong("代码", "写了两次", "请改名")
    elif "代码" in typed and not is_name(typed["代码"], FACT_ID):
        yield row.wrong("代码", "只能用小写字母、数字和下划线，以字母开头", "请改名")
    for name, words in CHOSEN.items():
        if name in typed and typed[name] not in words:
            near = nearest(typed[name], words)
            yield row.wrong(name, f"不在可选的词里{near}", f"可写：{'、'.join(words)}")
    for name, pattern, problem in (
        ("精度", WHOLE, "应为整数"),
        ("基期值", NUMBER, "不是数字"),
        ("目标值", NUMBER, "不是数字"),
        ("行号", WHOLE, "应为整数"),
    ):
        if name in typed and not pattern.fullmatch(typed[name]):
            yield row.wrong(name, problem, "只写半角数字，不写单位和千分位逗号")
    if "基期值" not in typed and "说明" not in typed:
        yield row.wrong("说明", "没有基期值时须说明原因", "请写明规划为何没有同口径基期")


def _empty(row: Row, known: Mapping[str, str]) -> Iterator[Finding]:
    for name, says in known.items():
        if not row.cells.get(name) and not says.startswith("可不填"):
            yield row.wrong(name, "没有填", f"请填写：{says}")
