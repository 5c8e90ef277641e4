"""One assessment of one plan in one year, from start to end: digest → check → run → assemble → put
in place.

Everything is made in a folder beside the edition and renamed into place at the end; until then the
previous edition stays as it was. What differs between two honest runs is in run.json and nowhere
else, and so is what the next run needs to know which notebooks it may leave as they are.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from .intake import (
    door,
    fields,
    grounds,
    judgement,
    notebook,
    observations,
    plan as plans,
    protocol,
    scenario as scenarios,
)
from .intake.finding import Finding, Refused, Unknown, nearest, shown_path
from .intake.observations import Point
from .intake.plan import Plan
from .run import cache, checkout, engine, moments, place
from .run.checkout import COMMIT_VARIABLE as COMMIT_VARIABLE
from .run.engine import Call, Job, Outcome
from .run.inputs import ABSENT, Digests, digest, named
from .run.place import Busy as Busy
from .run.progress import Progress
from .run.task import Pool, Task

if TYPE_CHECKING:
    from .archive.bag import Archived

DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
VERSIONS = (
    "pandas",
    "numpy",
    "matplotlib",
    "seaborn",
    "papermill",
    "nbconvert",
    "ipykernel",
    "nbclient",
)
RUN_FILE = "run.json"
# those of `show.wording`, which is not loaded to see that nothing has changed
LANGUAGES = ("zh", "en")
SCRATCH = "scratch"  # under the root, ignored by git: notebooks opened to try things
# what a page takes beside what notebooks take
PUBLISHING = ("nbconvert", "fontTools.subset", "helpers.publish.warm")
WARM = (  # what notebooks import of ours: once, before they are forked
    "helpers.measure.areas",
    "helpers.measure.backtest",
    "helpers.measure.commitment",
    "helpers.measure.coverage",
    "helpers.measure.crosscheck",
    "helpers.measure.sensitivity",
    "helpers.measure.surprise",
    "helpers.intake.plausible",
    "helpers.show.figure",
    "helpers.show.result",
    "helpers.show.table",
)
PAGE = ("results.csv", "results.json", "page.json", "assessment.html")


class Failed(RuntimeError):
    """Some notebooks of an edition failed; the edition that was there before stays. What was made
    is kept beside it."""

    def __init__(self, edition: Edition, outcomes: Iterable[Outcome]):
        outcomes = list(outcomes)
        failures = [outcome for outcome in outcomes if outcome.error]
        told = "".join(f"\n  {outcome.name}: {outcome.error}" for outcome in failures)
        super().__init__(
            f"{edition.plan.id} {edition.name}: {len(failures)} of {len(outcomes)} notebooks "
            f"failed; the previous edition was left as it is{told}"
        )


@dataclass(frozen=True)
class Edition:
    """What is to be assessed: a plan (under a scenario or not), a year, the date by which its data
    must have been known ("" for all), the language it is told in."""

    plan: Plan
    year: int
    known_by: str = ""
    language: str = "zh"

    @property
    def name(self) -> str:
        """YEAR[@KNOWN_BY][+SCENARIO][.LANGUAGE]"""
        under = f"+{self.plan.scenario.name}" if self.plan.scenario else ""
        by = "@" * bool(self.known_by) + self.known_by
        told = "" if self.language == "zh" else f".{self.language}"
        return f"{self.year}{by}{under}{told}"

    @property
    def cutoff(self) -> str:
        """The data cut-off that was asked for, or the scenario's own."""
        return self.known_by or (
            self.plan.scenario.overrides.get("known_by", "") if self.plan.scenario else ""
        )

    @property
    def folder(self) -> Path:
        return processed(self.plan.root) / self.plan.id / self.name

    @property
    def year_before(self) -> Path | None:
        """The edition of the year before, under the same scenario: as known by the same date or the
        latest before it, else the one of all data."""
        tail = self.name.removeprefix(str(self.year)).removeprefix(
            f"@{self.known_by}" if self.known_by else ""
        )
        dated = sorted(
            (
                path.name
                for path in self.folder.parent.glob(f"{self.year - 1}@*")
                if DAY.fullmatch(path.name.removeprefix(f"{self.year - 1}@").removesuffix(tail))
            ),
            reverse=True,
        )
        dated = [name for name in dated if name.endswith(tail)]
        known = [
            name
            for name in dated
            if not self.known_by or name.removesuffix(tail).partition("@")[2] <= self.known_by
        ]
        names = (
            [*known, f"{self.year - 1}{tail}"]
            if self.known_by
            else [f"{self.year - 1}{tail}", *known]
        )
        found = (self.folder.with_name(name) for name in names)
        return next((folder for folder in found if (folder / "results.json").is_file()), None)


@dataclass(frozen=True)
class Made:
    """An edition that is in place: its conclusion, and the outcomes of what had to be executed for
    it (none: unchanged)."""

    edition: Edition
    folder: Path
    conclusion: str
    executed: Sequence[Outcome]


def processed(root: Path) -> Path:
    return root / "data" / "processed"


def of(
    plan_id: str,
    year: int | None = None,
    known_by: str = "",
    root: Path | None = None,
    scenario: str = "",
    language: str = "zh",
) -> Edition:
    """The edition asked for, its default year filled in. Raises `Unknown` for a plan, scenario,
    year, date or language that cannot be."""
    plan = plans.load(plan_id, root, scenario)
    if known_by and not DAY.fullmatch(known_by):
        raise Unknown(f"数据截止日 {known_by!r} 不是日期；请写成 2024-03-31")
    if language not in LANGUAGES:
        raise Unknown(f"报告语言 {language!r} 没有用语表；可选：{'、'.join(LANGUAGES)}")
    own = plan.scenario.overrides.get("known_by", known_by) if plan.scenario else known_by
    if known_by and own != known_by:
        raise Unknown(f"情景 {scenario} 已把数据截止日定为 {own}；请不要再另给 {known_by}")
    year = plans.year_of(plan, year)
    plans.check_cutoff(plan, year, own)
    return Edition(plan, year, known_by, language)


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
        digests.of(path)
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


def make(
    edition: Edition, pool: Pool, progress: Progress, force: bool = False, label: str = ""
) -> Made:
    """The edition in its place: check, run what has changed, assemble.

    What an earlier run made of the same ingredients is taken over unless `force`; where all is as
    it was, the edition is not touched. Raises `Refused` on bad input, `Busy`, or `Failed`.
    """
    inputs = inputs_of(edition)
    before = cache.Records(edition.folder, {}) if force else earlier(edition.folder)
    if not force and unchanged(edition, inputs):
        return Made(edition, edition.folder, before.records["page"]["value"], [])
    pool.start()
    check_choices(edition.plan)
    if edition.plan.scenario is None:
        grounds.of(edition.plan, edition.year)
    received = observations.receive(edition.plan)
    points = observations.all_taken(edition.plan, received, edition.year, edition.cutoff)
    for finding in door.ahead(edition.plan, received):
        progress.say(str(finding))
    with (
        place.held(edition.folder, f"{edition.plan.id} {edition.name}"),
        place.beside(edition.folder) as making,
    ):
        run = Run(edition, inputs, making, before, pool, progress, label)
        observations.write(making / "observations.csv", points)
        whole = (
            run.stage(indicator_tasks(edition, inputs, making, points))
            and run.stage([assessment_task(edition, inputs, making)])
            and run.stage([page_task(edition, inputs, making)])
        )
        engine.write(making / RUN_FILE, run.record())
        if not whole:
            place.keep_failed(making, edition.folder)
            raise Failed(edition, run.done.values())
        place.put(making, edition.folder)
    conclusion = run.records["page"]["value"]
    executed = [outcome for outcome in run.done.values() if not outcome.reused]
    return Made(edition, edition.folder, conclusion, executed)


class Run:
    """One run of an edition in the folder `making`: what is done, stage by stage."""

    def __init__(
        self,
        edition: Edition,
        inputs: Inputs,
        making: Path,
        before: cache.Records,
        pool: Pool,
        progress: Progress,
        label: str,
    ):
        self.edition, self.inputs, self.making, self.before = edition, inputs, making, before
        self.pool, self.progress, self.label, self.started = pool, progress, label, time.time()
        self.done: dict[str, Outcome] = {}
        self.records: dict[str, dict] = {}
        self.read: dict[str, str] = {}

    def stage(self, tasks: Sequence[Task]) -> bool:
        """Take over or execute what can run at once; True where nothing failed."""
        reused = {task.job.name: self.before.reused(task) for task in tasks}
        needed = [task for task in tasks if reused[task.job.name] is None]
        executed: dict[str, Outcome] = {}
        for task, outcome in zip(
            needed, self.pool.outcomes(needed, self.progress, self.label), strict=True
        ):
            at = {**outcome.ran, "commit": self.inputs.commit}
            executed[task.job.name] = replace(outcome, ran=at)
            if outcome.undeclared:
                self.progress.say(
                    f"{task.job.name} read {outcome.undeclared}, which is none of its inputs: "
                    "it will be executed every time"
                )
        outcomes = {name: outcome or executed[name] for name, outcome in reused.items()}
        self.done |= outcomes
        for task in tasks:
            self.records[task.job.name] = cache.record_of(task, outcomes[task.job.name])
            self.read |= task.inputs
        return not any(outcome.error for outcome in outcomes.values())

    def record(self) -> str:
        """run.json: everything that may differ between two honest runs; and what was made of what,
        for the next run and the archive."""
        touched = [*self.inputs.digests.touched(), *cache.code().touched()]
        for path in touched:
            shown = named(path, {"root": self.edition.plan.root})
            self.progress.say(f"{shown} changed while the run went on: run it again")
        seen = all(record["key"] for record in self.records.values()) and not touched
        if touched:
            for record in self.records.values():
                record["key"] = None  # nothing may rest on it
        record = {
            **moments.ran(self.started),
            "commit": self.inputs.commit,
            "key": self.inputs.key if seen else None,
            "made": {path.name: digest(path) for path in self.making.iterdir()},
            "seconds": round(time.time() - self.started, 2),
            "notebooks": {name: one for name, one in self.records.items() if name != "page"},
            "page": self.records.get("page"),
            "read": dict(sorted(self.read.items())),
            "versions": {name: metadata.version(name) for name in VERSIONS},
        }
        return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def earlier(folder: Path) -> cache.Records:
    """What the run that made `folder` recorded; nothing where there is no such record, or one of
    another kind."""
    record = _recorded(folder)
    return cache.Records(folder, {**record["notebooks"], "page": record["page"]} if record else {})


def _recorded(folder: Path) -> dict:
    try:
        record = json.loads((folder / RUN_FILE).read_text("utf-8"))
        return record if {"notebooks", "page", "key", "made"} <= {*record} else {}
    except (OSError, ValueError, TypeError):
        return {}


def unchanged(edition: Edition, inputs: Inputs) -> bool:
    """True where every ingredient and every file of the edition is what it was, and nothing is left
    to tidy up."""
    record, folder = _recorded(edition.folder), edition.folder
    return (
        not place.aside(folder).exists()
        and bool(record)
        and record["key"] == inputs.key
        and {path.name for path in folder.glob("*")} == {*record["made"], RUN_FILE}
        and cache.Records(folder, {}).intact(record["made"])
    )


def indicator_tasks(
    edition: Edition, inputs: Inputs, making: Path, points: Sequence[Point]
) -> list[Task]:
    """The notebooks that can run at once, each with its declared inputs.

    An indicator's are its facts and those of the indicators they name, the rows of both in the
    checked table, and the series beside it. The data check rests on all there is, the commitments
    on the files of promises.
    """
    plan, table = edition.plan, observations.table
    params, raw = (named(path, {"root": plan.root}) for path in (plan.params, plan.raw))
    facts = [
        f"{params}/plan.yml",
        f"{params}/memory.yml",
        f"{params}/context.yml",
        f"{raw}/sources.csv",
        f"{raw}/context.csv",
    ]
    said = [f"{params}/{name}.yml" for name in ("plan", "memory", "commitments")]
    tasks = []
    for job in jobs_of(edition, making):
        rows, reads = {}, [making / "observations.csv"]
        if "indicator" in job.parameters:
            own = _related(plan, str(job.parameters["indicator"]))
            names = [*facts, *(f"{params}/indicators/{name}.yml" for name in own)]
            kept = [point for point in points if point.row.indicator_id in own]
            rows = {f"observations.csv:{'+'.join(own)}": cache.sha256(table(kept))}
            if plan.scenario:
                parts = [scenarios.part_of(plan.scenario, name) for name in own]
                rows["scenario"] = cache.sha256(parts, plan.scenario.dropped)
        elif job.name == "1_data_check":
            names = [name for name in inputs.files if f"/{judgement.FOLDER}/" not in name]
            rows = {"observations.csv": cache.sha256(table(points))}
            reads += [plan.params, plan.raw]
        else:
            names = [
                *said,
                *(
                    n
                    for n in inputs.files
                    if n.startswith(
                        (f"{raw}/commitments", f"{raw}/funds", f"{raw}/searches", f"{raw}/sources")
                    )
                ),
            ]
        tasks.append(_task(edition, inputs, making, job, names, rows, reads))
    return tasks


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
    files = [plan.params / "plan.yml", plan.params / "memory.yml"]
    if plan.scenario:  # whose readings and targets are those of the indicators' files
        files += [plan.params / "indicators" / f"{name}.yml" for name in plan.indicators]
        files += [scenarios.path_of(plan, plan.scenario.name)]
    else:
        files += (*judgement.rests_on(plan, edition.year), *protocol.rests_on(plan))
    names = [named(path, {"root": plan.root}) for path in files]
    listed = [plan.params / "indicators", plan.params / judgement.FOLDER]
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


def prepared(edition: Edition, indicator: str) -> Path:
    """The notebook of one indicator with the edition's parameters filled in and nothing executed,
    in `SCRATCH`."""
    import papermill

    folder = edition.plan.root / SCRATCH
    folder.mkdir(exist_ok=True)
    job = next(job for job in jobs_of(edition, folder) if job.name == f"2_{indicator}")
    output = folder / f"{edition.plan.id}-{edition.name}-{indicator}.ipynb"
    papermill.execute_notebook(
        job.notebook, output, job.parameters, prepare_only=True, progress_bar=False
    )
    prepared = json.loads(output.read_text("utf-8"))
    for cell in prepared["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None  # those of the example plan
    engine.write(output, json.dumps(prepared, ensure_ascii=False, indent=1) + "\n")
    return output


def check_choices(plan: Plan) -> None:
    """Raises `Refused` where model or rule of run.yml, or of the scenario, is none there is."""
    from .measure import forecast, verdict

    file = plan.params / "run.yml"
    chosen, scenario, findings = plans.choices(plan), plan.scenario, []
    for column, value, known, what in (
        ("model", chosen.model, forecast.NAMES, "预测模型"),
        ("rule", chosen.rule, verdict.RULES, "进度判断规则"),
    ):
        if value not in known:
            otherwise = scenario is not None and column in scenario.overrides
            path = scenarios.path_of(plan, scenario.name) if scenario and otherwise else file
            line = fields.line_of(path, column if path == file else "choices")
            findings.append(
                Finding(
                    shown_path(path, plan.root),
                    line,
                    column,
                    value,
                    f"没有这种{what}{nearest(value, known)}",
                    f"可写：{'、'.join(known)}",
                )
            )
    if findings:
        raise Refused(findings)


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


def commit(plan: Plan) -> str:
    """The commit of the code and of the plan's files (`checkout.commit`)."""
    own = (f"params/{plan.id}", f"data/raw/{plan.id}")
    return checkout.commit(plan.root, ("src", "notebooks", *own, "requirements.lock"))


def archive(
    edition: Edition,
    date: str,
    *,
    key: Path | None = None,
    sm3: bool = False,
    remake: bool = False,
    more: Mapping[str, bytes] | None = None,
) -> Archived:
    """Keep the edition as an evidence bag in evidence/, registered under `date`; key, sm3, remake
    and more as of `bag.archive`. Raises `CannotArchive`, `Unsafe`, `Refused` or `Busy`."""
    from .archive import bag
    from .archive.subject import Keeper, Subject

    root, plan = edition.plan.root, edition.plan
    keeper = fields.read(root / "params" / "archive.yml", Keeper, "params/archive.yml")
    document = {
        "name": plan.title,
        "alternateName": plan.title_en,
        "publisher": plan.issuer,
        "datePublished": plan.issued,
        "url": plan.document.url,
        "sha256": plan.document.sha256,
    }
    subject = Subject(plan.id, edition.year, edition.name, plan.title, document)
    with place.held(edition.folder, f"{plan.id} {edition.name}"):
        return bag.archive(
            root,
            edition.folder,
            subject,
            keeper,
            root / "evidence",
            date,
            key=key,
            sm3=sm3,
            remake=remake,
            more=more,
        )
