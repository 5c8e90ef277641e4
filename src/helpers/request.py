"""Which edition is asked for? One plan, under a scenario or not, in one year, as known by a date,
told in a language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .intake import fields, plan as plans, scenario as scenarios
from .intake.finding import Finding, Refused, Unknown, nearest, shown_path
from .intake.plan import Plan

DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
# those of `show.wording`, which is not loaded to see that nothing has changed
LANGUAGES = ("zh", "en")


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
