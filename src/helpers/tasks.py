"""What does an edition rest on, and what must be executed for it, each with its inputs?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .intake import (
    events,
    judgement,
    notebook,
    observations,
    opinions,
    plan as plans,
    protocol,
    scenario as scenarios,
)
from .intake.observations import Point
from .intake.plan import Plan
from .request import Edition
from .run import cache, checkout, engine
from .run.engine import Call, Job
from .run.inputs import ABSENT, Digests, digest, named, stat_of
from .run.task import Task

# what a page takes beside what notebooks take
PUBLISHING = ("nbconvert", "fontTools.subset", "helpers.publish.warm")
PAGE = ("results.csv", "results.json", "page.json", "assessment.html")


@dataclass(frozen=True)
class Inputs:
    """All an edition rests on beside our code, digested before anything of it is read."""

    digests: Digests
    files: dict[str, str]  # of parameters and raw data, by name
    notebooks: dict[str, str]  # digests without outputs, by stem
    year_before: dict[str, str]
    commit: str

    @property
    def key(self) -> str:
        """One digest of everything that decides an edition."""
        return cache.sha256(
            cache.environment(), self.files, self.notebooks, self.year_before, self.commit
        )


def inputs_of(edition: Edition) -> Inputs:
    """The digests of all that `edition` rests on: this is taken first, and everything is read after
    it."""
    cache.code()
    plan, digests, before = edition.plan, Digests(), edition.year_before
    scenarios_file = scenarios.path_of(plan, plan.scenario.name) if plan.scenario else None
    said = () if plan.scenario else judgement.files(plan, edition.year)
    notebooks = sorted((plan.root / "notebooks").glob("[1-9]_*.ipynb"))
    places = {"root": plan.root}
    for path in notebooks:
        digests.stats[path] = stat_of(path)  # `of_notebook` digests it, once for all editions
    return Inputs(
        digests,
        digests.under(
            plan.params, named(plan.params, places), without=("scenarios", judgement.FOLDER)
        )
        | digests.under(plan.raw, named(plan.raw, places))
        | ({named(scenarios_file, places): digests.of(scenarios_file)} if scenarios_file else {})
        | {named(path, places): digests.of(path) for path in said},
        {path.stem: cache.of_notebook(path) for path in notebooks},
        {named(path, places): digests.of(path) for path in ([before / PAGE[1]] if before else [])},
        commit(plan),
    )


def commit(plan: Plan) -> str:
    """The commit of the code and of the plan's files (`checkout.commit`)."""
    own = ("notebooks", f"params/{plan.id}", f"data/raw/{plan.id}")
    return checkout.commit(plan.root, own, code=("src", "requirements.lock"))


def indicator_tasks(
    edition: Edition, inputs: Inputs, making: Path, points: Sequence[Point]
) -> list[Task]:
    """The notebooks that can run at once, each with its declared inputs.

    An indicator's are its facts and those of the indicators they name, the rows of both in the
    checked table, and the series beside it. The data check rests on all there is, the commitments
    on the files of promises.
    """
    tasks = []
    for job in jobs_of(edition, making):
        reads = [making / "observations.csv"]
        if "indicator" in job.parameters:
            name = str(job.parameters["indicator"])
            names, rows = _of_indicator(edition.plan, name, points)
            if plans.indicator(edition.plan, name).target.form == "qualitative":
                files, listed = _of_judgement(edition)
                names, reads = [*names, *files], [*reads, *listed]
        elif job.name == "1_data_check":
            names = [name for name in inputs.files if f"/{judgement.FOLDER}/" not in name]
            rows = {"observations.csv": cache.sha256(observations.table(points))}
            reads += [edition.plan.params, edition.plan.raw]
        else:
            names, rows = _of_commitments(edition.plan, inputs), {}
        tasks.append(_task(edition, inputs, making, job, names, rows, reads))
    return tasks


def _of_indicator(
    plan: Plan, indicator: str, points: Sequence[Point]
) -> tuple[list[str], dict[str, str]]:
    """(files, digests of rows) an indicator's notebook rests on."""
    own = _related(plan, indicator)
    params, raw = _folders(plan)
    names = [f"{params}/{name}.yml" for name in ("plan", "memory", "context")]
    names += [f"{raw}/{name}.csv" for name in ("sources", "context", "events")]
    names += [f"{params}/indicators/{name}.yml" for name in own]
    taken = [point for point in points if point.row.indicator_id in own]
    rows = {f"observations.csv:{'+'.join(own)}": cache.sha256(observations.table(taken))}
    if plan.scenario:
        parts = [scenarios.part_of(plan.scenario, name) for name in own]
        rows["scenario"] = cache.sha256(parts, plan.scenario.dropped)
    return names, rows


def _of_judgement(edition: Edition) -> tuple[list[str], list[Path]]:
    """(files, folders listed) that the evaluator's own words of the year rest on; none under a
    scenario."""
    plan = edition.plan
    files = () if plan.scenario else judgement.rests_on(plan, edition.year)
    listed = [plan.params / "indicators", plan.params / judgement.FOLDER]
    return [named(path, {"root": plan.root}) for path in files], listed


def _of_commitments(plan: Plan, inputs: Inputs) -> list[str]:
    params, raw = _folders(plan)
    tables = tuple(f"{raw}/{name}" for name in ("commitments", "funds", "searches", "sources"))
    given = [name for name in inputs.files if name.startswith(tables)]
    return [*(f"{params}/{name}.yml" for name in ("plan", "memory", "commitments")), *given]


def _folders(plan: Plan) -> list[str]:
    return [named(path, {"root": plan.root}) for path in (plan.params, plan.raw)]


def _related(plan: Plan, indicator: str) -> list[str]:
    """The indicator and those whose names stand in the file of its facts: a target may be relative
    to another."""
    text = (plan.params / "indicators" / f"{indicator}.yml").read_text("utf-8")
    words = {*re.findall(r"\w+", text)}
    return [indicator, *(name for name in plan.indicators if name != indicator and name in words)]


def _task(
    edition: Edition,
    inputs: Inputs,
    making: Path,
    job: Job | Call,
    names: Iterable[str],
    made: dict[str, str],
    reads: Iterable[Path],
) -> Task:
    """`job` with its inputs: the files so `named`, and what was `made` in this run; beside the
    former it may open `reads`."""
    plan = edition.plan
    declared = {name: inputs.files.get(name, ABSENT) for name in names}
    files = [plan.root / name.removeprefix("root/") for name in declared]
    if isinstance(job, Job):
        stem = job.notebook.stem
        declared[f"root/notebooks/{stem}.ipynb"] = inputs.notebooks[stem]
    if plan.scenario:
        files.append(scenarios.path_of(plan, plan.scenario.name))
    environment = {observations.EDITION_VARIABLE: str(making), "ASSESSMENT_ROOT": str(plan.root)}
    return Task(job, making, environment, declared | made, (*files, *reads))


def assessment_task(edition: Edition, inputs: Inputs, making: Path) -> Task:
    """The notebook that reads what the others recorded."""
    plan, chosen = edition.plan, plans.choices(edition.plan)
    under = {"scenario": plan.scenario.name} if plan.scenario else {}
    job = _job(edition, making, "4_assessment", "4_assessment", model=chosen.model, **under)
    files = [plan.params / "plan.yml", plan.params / "memory.yml", plan.raw / "sources.csv"]
    files += [plan.raw / events.FILE, *opinions.rests_on(plan)]
    if plan.scenario:  # whose readings and targets are those of the indicators' files
        files += [plan.params / "indicators" / f"{name}.yml" for name in plan.indicators]
        files += [scenarios.path_of(plan, plan.scenario.name)]
    else:
        files += protocol.rests_on(plan)
    judging, listed = _of_judgement(edition)
    names = [*(named(path, {"root": plan.root}) for path in files), *judging]
    made = {f"edition/{path.name}": digest(path) for path in making.glob("[1-3]_*.ipynb")}
    return _task(
        edition,
        inputs,
        making,
        replace(job, warm=PUBLISHING),
        names,
        made,
        [*listed, *(making / name.removeprefix("edition/") for name in made)],
    )


def page_task(edition: Edition, inputs: Inputs, making: Path) -> Task:
    """What is assembled of all executed notebooks, and of last year's results."""
    before = edition.year_before.name if inputs.year_before and edition.year_before else ""
    job = Call(
        "page",
        f"{__name__}:assemble",
        {"commit": inputs.commit, "year_before": before},
        tuple(making / name for name in PAGE),
        PUBLISHING,
    )
    made = {f"edition/{path.name}": digest(path) for path in making.glob("[1-9]_*.ipynb")}
    files = [edition.plan.root / name.removeprefix("root/") for name in inputs.year_before]
    return _task(edition, inputs, making, job, (), inputs.year_before | made, [making, *files])


def jobs_of(edition: Edition, making: Path) -> list[Job]:
    """The notebooks that can run at once: the check, one an indicator, the commitments."""
    plan, chosen = edition.plan, plans.choices(edition.plan)
    under = (
        {"scenario": plan.scenario.name} if plan.scenario else {}
    )  # promises have no figures: no scenario moves them
    choices = {"model": chosen.model, "rule": chosen.rule, "level": chosen.level} | (
        {"window": chosen.window} if chosen.window else {}
    )
    return [
        _job(edition, making, "1_data_check", "1_data_check", **under),
        *(
            _job(edition, making, f"2_{name}", "2_indicator", indicator=name, **under, **choices)
            for name in plan.indicators
        ),
        _job(edition, making, "3_commitments", "3_commitments"),
    ]


def _job(edition: Edition, making: Path, name: str, notebook: str, **parameters: object) -> Job:
    common = {
        "plan": edition.plan.id,
        "year": edition.year,
        "known_by": edition.cutoff,
        "language": edition.language,
    }
    path = edition.plan.root / "notebooks" / f"{notebook}.ipynb"
    return Job(name, path, making / f"{name}.ipynb", common | parameters)


def assemble(making: Path, commit: str, year_before: str) -> str:
    """results.csv, results.json, page.json and assessment.html of the executed notebooks in
    `making`; the overall sentence.

    Raises `Refused` for a notebook that is no evidence.
    """
    from .publish import notebooks, report, year_before as last_year
    from .show import wording

    notebook.refuse(sorted(making.glob("*.ipynb")))
    made = notebooks.executed(making)
    before = last_year.earlier(making.with_name(year_before) if year_before else None)
    commit, changes = commit or wording.UNKNOWN, last_year.changes(made, before)
    texts = (
        notebooks.results_csv(made),
        notebooks.results_json(made),
        notebooks.page_json(commit, changes),
        report.page(made, commit, changes),
    )
    for name, text in zip(PAGE, texts, strict=True):
        engine.write(making / name, text)
    return made[-1].record["sentence"]
