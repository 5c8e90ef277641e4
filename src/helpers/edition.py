"""One assessment of one plan in one year, from start to end: check → jobs → run → assemble → put in
place.

Everything is made in a folder beside the edition and renamed into place at the end; until then the
previous edition stays as it was. What differs between two honest runs is in run.json and nowhere
else, and so is what the next run needs to know which notebooks it may leave as they are.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from .intake import fields, notebook, observations, plan as plans, scenario as scenarios
from .intake.finding import Finding, Refused, Unknown, nearest, shown_path
from .intake.plan import Plan
from .run import cache as kept, engine, place
from .run.engine import Call, Job, Outcome
from .run.place import Busy as Busy
from .run.pool import Task, Work
from .run.reads import CODE, digest

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
LANGUAGES = (
    "zh",
    "en",
)  # those of `show.wording`, which is not loaded to see that nothing has changed
# inside a folder being made: for each indicator the rows of observations.csv that are its own
SLICES = ".slices"
COMMIT_VARIABLE = (
    "ASSESSMENT_COMMIT"  # set where the files were brought to and the repository was not
)
SCRATCH = "scratch"  # under the root, ignored by git: notebooks opened to try things
PUBLISHING = ("nbconvert", "fontTools.subset")  # what a page takes beside what notebooks take
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
        return f"{self.year}{'@' * bool(self.known_by)}{self.known_by}{under}{'' if self.language == 'zh' else '.' + self.language}"

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


def steps(edition: Edition, force: bool = False, soon: Callable[[], None] = lambda: None) -> Work:
    """The work of making `edition`: yields what can run at once, is sent the outcomes, returns a
    `Made`.

    What an earlier run made of the same ingredients is taken over unless `force`; where all is as
    it was, the edition is not touched. `soon` is called before the first task is ready. Raises
    `Refused` on bad input, `Busy`, or `Failed`.
    """
    before = kept.Records(edition.folder, {}, {}) if force else earlier(edition.folder)
    if unchanged(edition, before):
        return Made(edition, edition.folder, before.records["page"]["value"], [])
    soon()
    known = digested(
        edition.plan
    )  # before any of it is read: what is saved from now on is another file
    check_choices(edition.plan)
    received = observations.receive(edition.plan)
    points = observations.all_taken(edition.plan, received, edition.year, edition.cutoff)
    with (
        place.held(edition.folder, f"{edition.plan.id} {edition.name}"),
        place.beside(edition.folder) as making,
    ):
        started = time.time()
        observations.write(making / "observations.csv", points)
        for indicator in edition.plan.indicators:
            (making / SLICES / indicator).mkdir(parents=True)
            observations.write(
                making / SLICES / indicator / "observations.csv",
                [p for p in points if p.row.indicator_id == indicator],
            )
            if edition.plan.scenario:
                scenarios.write_part(making / SLICES / indicator, edition.plan.scenario, indicator)
        outcomes, records = [], {}
        for tasks in _tasks(edition, making):
            reused = [before.reused(task) for task in tasks]
            executed = iter(
                (
                    yield [
                        task
                        for task, outcome in zip(tasks, reused, strict=False)
                        if outcome is None
                    ]
                )
                if None in reused
                else ()
            )
            done = [outcome or next(executed) for outcome in reused]
            outcomes += done
            records |= {
                task.job.name: kept.record_of(task, outcome)
                for task, outcome in zip(tasks, done, strict=False)
            }
            if any(outcome.error for outcome in done):
                break
        shutil.rmtree(making / SLICES)
        engine.write(
            making / RUN_FILE,
            _run_record(outcomes, records, known, started, making, commit(edition.plan)),
        )
        if any(outcome.error for outcome in outcomes):
            place.keep_failed(making, edition.folder)
            raise Failed(edition, outcomes)
        place.put(making, edition.folder)
    return Made(
        edition,
        edition.folder,
        records["page"]["value"],
        [outcome for outcome in outcomes if not outcome.reused],
    )


def _tasks(edition: Edition, making: Path) -> Iterator[list[Task]]:
    """What can run at once, stage by stage: the notebooks, the one that reads what they recorded,
    the page."""
    environment = {
        observations.EDITION_VARIABLE: str(making),
        "ASSESSMENT_ROOT": str(edition.plan.root),
    }
    places = {"root": edition.plan.root, "edition": making, "code": CODE}
    first, last = jobs_of(edition, making)
    page = Call(
        "page",
        f"{__name__}:assemble",
        {
            "commit": commit(edition.plan),
            "year_before": edition.year_before.name if edition.year_before else "",
        },
        tuple(making / name for name in PAGE),
        PUBLISHING,
    )
    for jobs in (first, [last], [page]):
        yield [Task(job, making, environment, places) for job in jobs]


def earlier(folder: Path) -> kept.Records:
    """What the run that made `folder` recorded; nothing where there is no such record, or one of
    another kind."""
    try:
        record = json.loads((folder / RUN_FILE).read_text("utf-8"))
        return kept.Records(folder, {**record["notebooks"], "page": record["page"]}, record["read"])
    except (OSError, ValueError, KeyError, TypeError):
        return kept.Records(folder, {}, {})


def unchanged(edition: Edition, before: kept.Records) -> bool:
    """True where every ingredient and every file of the edition is what it was, and nothing is left
    to tidy up. Its own files stand by their outputs."""
    if place.aside(edition.folder).exists():
        return False
    tasks = [task for stage in _tasks(edition, edition.folder) for task in stage]
    files = {path.name for path in edition.folder.glob("*")}
    named = {path.name for task in tasks for path in task.job.outputs} | {
        "observations.csv",
        RUN_FILE,
    }
    return (
        files == named
        and all(before.stands(task, without="edition/") for task in tasks)
        and before.read.get("edition/observations.csv")
        == digest(edition.folder / "observations.csv")
    )


def jobs_of(edition: Edition, making: Path) -> tuple[list[Job], Job]:
    """The notebooks that can run at once, and the one that reads what they recorded.

    An indicator's notebook finds in its edition the rows that are its own: it cannot depend on
    another's.
    """
    plan, chosen = edition.plan, plans.choices(edition.plan)
    notebooks = plan.root / "notebooks"
    common = {
        "plan": plan.id,
        "year": edition.year,
        "known_by": edition.cutoff,
        "language": edition.language,
    }
    under = (
        {"scenario": plan.scenario.name} if plan.scenario else {}
    )  # promises have no figures: no scenario moves them
    choices = {
        **under,
        "model": chosen.model,
        "rule": chosen.rule,
        "level": chosen.level,
        **({"window": chosen.window} if chosen.window else {}),
    }

    def job(
        name: str, notebook: str, environment: dict[str, str] | None = None, **parameters: object
    ) -> Job:
        return Job(
            name,
            notebooks / f"{notebook}.ipynb",
            making / f"{name}.ipynb",
            {**common, **parameters},
            environment or {},
        )

    first = [job("1_data_check", "1_data_check", **under)]
    first += [
        job(
            f"2_{name}",
            "2_indicator",
            {observations.EDITION_VARIABLE: str(making / SLICES / name)},
            indicator=name,
            **choices,
        )
        for name in plan.indicators
    ]
    first += [job("3_commitments", "3_commitments")]
    return first, replace(
        job("4_assessment", "4_assessment", model=chosen.model, **under), warm=PUBLISHING
    )


def prepared(edition: Edition, indicator: str) -> Path:
    """The notebook of one indicator with the edition's parameters filled in and nothing executed,
    in `SCRATCH`."""
    import papermill

    folder = edition.plan.root / SCRATCH
    folder.mkdir(exist_ok=True)
    job = next(job for job in jobs_of(edition, folder)[0] if job.name == f"2_{indicator}")
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
    chosen, overrides = plans.choices(plan), plan.scenario.overrides if plan.scenario else {}
    findings = []
    for column, value, known, what in (
        ("model", chosen.model, forecast.NAMES, "预测模型"),
        ("rule", chosen.rule, verdict.RULES, "进度判断规则"),
    ):
        if value not in known:
            path = scenarios.path_of(plan, plan.scenario.name) if column in overrides else file
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
    from .publish import report, year_before as last_year
    from .show import wording

    notebook.refuse(sorted(making.glob("*.ipynb")))
    made = report.executed(making)
    before = last_year.earlier(making.with_name(year_before) if year_before else None)
    commit, changes = commit or wording.UNKNOWN, last_year.changes(made, before)
    texts = (
        report.results_csv(made),
        report.results_json(made),
        report.page_json(commit, changes),
        report.page(made, commit, changes),
    )
    for name, text in zip(PAGE, texts, strict=False):
        engine.write(making / name, text)
    return made[-1].record["sentence"]


def digested(plan: Plan) -> dict[str, str]:
    """{name: SHA-256} of the plan's raw data and parameters as they are now, named as what
    notebooks read is."""
    root = Path(os.path.realpath(plan.root))
    files = (path for folder in (plan.raw, plan.params) for path in sorted(folder.rglob("*")))
    real = (Path(os.path.realpath(path)) for path in files if path.is_file())
    return {
        f"root/{path.relative_to(root).as_posix()}": digest(path)
        for path in real
        if path.is_relative_to(root)
    }


def _run_record(
    outcomes: Sequence[Outcome],
    records: dict[str, dict],
    known: dict[str, str],
    started: float,
    making: Path,
    code: str,
) -> str:
    """run.json: everything that may differ between two honest runs; and what was made by which
    code, so that the archive can tell.

    `known`: the digests of the inputs before any was read. Where a notebook saw another file,
    nothing rests on its record.
    """
    read = {name: seen for outcome in outcomes for name, seen in (outcome.reads or {}).items()}
    read |= {name: before for name, before in known.items() if name in read}
    for outcome in outcomes:
        if any(read[name] != seen for name, seen in (outcome.reads or {}).items()):
            records[outcome.name]["reads"] = (
                None  # a file changed while the run went on: nothing may rest on it
            )
    record = {
        "started": _moment(started),
        "ended": _moment(time.time()),
        "commit": code,
        "made": {path.name: digest(path) for path in making.iterdir()},
        "seconds": round(time.time() - started, 2),
        "notebooks": {name: one for name, one in records.items() if name != "page"},
        "page": records.get("page"),
        "read": dict(sorted(read.items())),
        "host": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
        "versions": {name: metadata.version(name) for name in VERSIONS},
    }
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def commit(plan: Plan) -> str:
    """The commit of the code, with 「+」 where the tree was changed since; empty outside a
    repository.

    A replay runs archived code outside its repository: $ASSESSMENT_COMMIT says which commit it is.
    """
    if COMMIT_VARIABLE in os.environ:
        return os.environ[COMMIT_VARIABLE]

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(plan.root), *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        changed = git(
            "status",
            "--porcelain",
            "--",
            "src",
            "notebooks",
            f"params/{plan.id}",
            f"data/raw/{plan.id}",
            "requirements.lock",
        )
        return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def archive(edition: Edition, date: str, key: Path | None = None, sm3: bool = False) -> Archived:
    """Keep the edition as an evidence bag in evidence/, registered under `date`. Raises
    `CannotArchive`, `Unsafe`, `Refused` or `Busy`."""
    from .archive import bag
    from .archive.crate import Keeper, Subject

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
            root, edition.folder, subject, keeper, root / "evidence", date, key=key, sm3=sm3
        )
