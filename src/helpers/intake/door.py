"""What is said about one file, or about all files of a plan, before anything is made of them.

A file is known by its name: CSV tables by their header too, parameter files by where they lie in a
plan's folder.
"""

from __future__ import annotations

import csv
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from . import (
    consistency,
    contract,
    events,
    fields,
    grounds,
    judgement,
    notebook,
    observations,
    opinions,
    plan as plans,
    plausible,
    promise_rows,
    protocol,
    scenario as scenarios,
    succession,
    table,
    to_come,
)
from .choices import Choices, Parameters
from .closed import MemoryFile, of_memory
from .contract import Source
from .facts import ContextFile, Indicator, Plan
from .finding import Finding, Refused, Unknown, nearest, shown_path
from .promises import CommitmentsFile, of_promises
from .protocol import Protocol
from .sentences import CoverageFile
from .what_if import Scenario

PARAMETER_FILES = {
    "plan.yml": Plan,
    "run.yml": Choices,
    "commitments.yml": CommitmentsFile,
    "context.yml": ContextFile,
    "coverage.yml": CoverageFile,
    succession.FILE: succession.Bridge,
    "memory.yml": MemoryFile,
    "protocol.yml": Protocol,
}


def check(path: Path, plan: Plan | None = None) -> list[Finding]:
    """Everything that is to be said about the file at `path`, by itself, in the order of its lines.
    Raises `Refused` where the parameters of `plan` themselves are bad.
    """
    shown, kind = path.name, path.suffix.lower()
    try:
        if kind == ".ipynb":
            return notebook.check(path, shown)
        if kind in (".yml", ".yaml"):
            return _parameters(path, plan, shown)
        if kind == ".xlsx":
            return _form(path, plan, shown)
        if kind == ".csv":
            return sorted(_table(path, plan, shown), key=lambda finding: finding.line)
    except OSError as error:
        return [Finding(shown, 0, "", "", f"读不了（{error.strerror}）", "请检查文件的权限")]
    return [Finding(shown, 0, "", "", "不认识这种文件", "可查 .csv、.yml、.ipynb、.xlsx")]


def check_plan(plan: Plan) -> tuple[observations.Received, list[Finding]]:
    """All that was received for `plan`, and the warnings. Raises `Refused`."""
    plans.choices(plan)
    succession.load(plan)
    protocol.of(plan)
    opinions.of(plan)
    events.of(plan)
    _under_each_scenario(plan, plans.indicators)
    received = observations.receive(plan)
    _under_each_scenario(
        plan, lambda under: observations.all_taken(under, received, plan.target_year)
    )
    facts = {facts.id: facts for facts in plans.indicators(plan)}
    shown = shown_path(plan.raw / "observations.csv", plan.root)
    doubts = plausible.doubts(received.observations, facts, shown)
    return received, [*received.warnings, *doubts, *ahead(plan, received)]


def ahead(plan: Plan, received: observations.Received) -> list[Finding]:
    """Warnings on what is dated in the future."""
    dated = (
        ("observations.csv", (*received.observations, *received.parts)),
        ("sources.csv", received.sources.values()),
        ("commitments.csv", received.evidence),
    )
    return [
        finding
        for name, rows in dated
        for finding in to_come.findings(
            rows, received.sources, shown_path(plan.raw / name, plan.root), warning=True
        )
    ]


def _under_each_scenario(plan: Plan, tried: Callable[[Plan], object]) -> None:
    """`tried` on the plan under every scenario; raises `Refused` with the findings of all."""
    findings: list[Finding] = []
    for name in scenarios.available(plan):
        try:
            tried(scenarios.under(plan, name))
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(findings)


def plan_of(path: Path, root: Path | None = None) -> str:
    """The plan whose folder under params/ or data/raw/ the file lies in, or an empty string."""
    path, root = path.resolve(), plans.home(root).resolve()
    for anchor in (root / "params", root / "data" / "raw"):
        if path.is_relative_to(anchor) and len(path.relative_to(anchor).parts) > 1:
            return path.relative_to(anchor).parts[0]
    return ""


def plan_in(folder: Path, plan_id: str | None = None) -> Plan:
    """The plan in `folder`, or in a folder of it. Raises `Unknown` where there is none, or several
    and `plan_id` names none of them."""
    found = {
        path.parent.name: path.parent
        for pattern in ("plan.yml", "*/plan.yml", "params/*/plan.yml")
        for path in sorted(folder.glob(pattern))
    }
    if (folder / "plan.yml").is_file():
        return plans.opened(folder)
    if plan_id in found or (plan_id is None and len(found) == 1):
        return plans.opened(found[plan_id] if plan_id else next(iter(found.values())))
    if found:
        raise Unknown(f"{folder.name} 里有几个规划：{'、'.join(found)}；请用 --plan 指明")
    raise Unknown(f"{folder.name} 里没有 plan.yml；请指明规划的参数文件夹")


def _parameters(path: Path, plan: Plan | None, shown: str) -> list[Finding]:
    try:
        if path.name in PARAMETER_FILES:
            read: object = fields.read(path, PARAMETER_FILES[path.name], shown)
            if isinstance(read, Plan):
                return list(consistency.of_plan(read, read.id, shown))
            if isinstance(read, MemoryFile):
                return list(of_memory(read, plan.id if plan else "", shown))
            return list(of_promises(read, shown)) if isinstance(read, CommitmentsFile) else []
        if path.parent.name == "indicators":
            facts = fields.read(path, Indicator, shown)
            return list(consistency.of_indicator(plan, facts, path.stem, shown)) if plan else []
        if path.parent.name == judgement.FOLDER:
            return _judgement(path, plan, shown)
        if path.parent.name == "scenarios":
            fields.read(path, Scenario, shown)
            return []
        return _unknown_names(path, plan, shown)
    except Refused as refused:
        return list(refused.findings)


def _unknown_names(path: Path, plan: Plan | None, shown: str) -> list[Finding]:
    """Of a file of parameters for a notebook: names that are looked up in vain."""
    given = fields.read(path, Parameters, shown)
    known = {"plan": [plan.id] if plan else plans.available()}
    if plan and given.plan == plan.id:
        known |= {"indicator": plan.indicators, "area": [area.id for area in plan.areas]}
    return [
        Finding(shown, fields.line_of(path, name), name, value, problem, "请改正")
        for name, names in known.items()
        if (value := getattr(given, name)) and value not in names
        for problem in [f"参数里没有这个代码{nearest(value, names)}"]
    ]


def _judgement(path: Path, plan: Plan | None, shown: str) -> list[Finding]:
    """A judgement or a draft of one: with its plan, what it may rest on too."""
    said = fields.read(path, judgement.Judgement, shown)
    year = path.name[:4]
    if plan and year.isdecimal():
        grounds.checked(plan, replace(said, year=int(year)), path)
    return []


def _form(path: Path, plan: Plan | None, shown: str) -> list[Finding]:
    if plan is None:
        return [Finding(shown, 0, "", "", "不知道是哪个规划的填报表", "请用 --plan 指明规划")]
    try:
        from . import addition  # loads what reads workbooks, which an edition needs not

        return list(addition.prepare(path, plan).warnings)
    except Refused as refused:
        return list(refused.findings)


def _table(path: Path, plan: Plan | None, shown: str) -> list[Finding]:
    findings: list[Finding] = []
    header, first = _beginning(path)
    if "commitment_id" not in header and {"title", "publisher"} & header.keys():
        registered = contract.source_rows(path, shown, findings)
        return findings + to_come.findings(registered.values(), {}, shown)
    if plan is None:
        plan_id = first.get("plan", "")
        if plan_id not in plans.available():
            list(
                table.rows(
                    path, shown, contract.OBSERVATIONS, contract.OBSERVATIONS_OPTIONAL, findings
                )
            )
            return findings or [
                Finding(
                    shown,
                    2,
                    "plan",
                    plan_id,
                    f"没有这个规划{nearest(plan_id, plans.available())}",
                    "请用 --plan 或 --params 指明规划",
                )
            ]
        plan = plans.load(plan_id)
    if {"words", "place"} & header.keys():
        list(promise_rows.search_rows(plan, path, shown, plans.commitments(plan), findings))
        return findings
    sources = _sources(path, plan, findings)
    if {"kind", "indicators"} <= header.keys():
        events.of_table(plan, path, shown, sources, findings)
        return findings
    if "commitment_id" in header:
        read = promise_rows.fund_rows if "stage" in header else promise_rows.evidence_rows
        signs: list[to_come.Dated] = list(
            read(plan, path, shown, plans.commitments(plan), sources, findings)
        )
        return findings + to_come.findings(signs, sources or {}, shown)
    context = path.name == "context.csv"
    facts = {} if context else {one.id: one for one in plans.indicators(plan)}
    known = {one.id: one for one in plans.context(plan)} if context else facts
    with _not_collecting():
        from .cleared import Cleared, cleared  # loads numpy

        seen = Cleared() if context else cleared(path, plan, facts, sources)
        given = (plan, path, shown, known, sources, findings, context, seen.lines)
        rows = [] if seen.whole else list(contract.observation_rows(*given))
        findings += to_come.findings(rows, sources or {}, shown)
        if not context:
            findings += observations.contradictions(rows, facts, shown)
            findings += (
                plausible.doubts(rows, facts, shown, seen.figures)
                if all(finding.warning for finding in findings)
                else []
            )
    return findings


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Rows are kept and refer to nothing: looking through a million of them for garbage, again and
    again, finds none."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _beginning(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the header and the first row, as far as they can be read: enough to know what
    table it is."""
    with open(path, "rb") as file:
        text = file.read(4000).decode("utf-8-sig", "replace").replace("\0", "")
    try:
        header, first = (
            next(iter(csv.reader([line])), []) for line in [*text.splitlines(), "", ""][:2]
        )
    except csv.Error:
        return {}, {}
    return dict.fromkeys(header, ""), dict(zip(header, first, strict=False))


def _sources(path: Path, plan: Plan, findings: list[Finding]) -> dict[str, Source] | None:
    """The sources a table may name: those registered beside it, else the plan's; None where there
    is no register."""
    for register in (path.with_name("sources.csv"), plan.raw / "sources.csv"):
        if register.is_file():
            return contract.source_rows(register, register.name, findings) or None
    return None
