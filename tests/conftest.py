"""What several test modules share: a tiny fictional plan that a test may spoil in one place."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import settings

from helpers import cli
from helpers.intake import plan as plans

ROOT = Path(__file__).resolve().parents[1]

# No test may read the plans or the edition of whoever runs it.
for variable in ("ASSESSMENT_ROOT", "ASSESSMENT_EDITION"):
    os.environ.pop(variable, None)

# The same examples in every run, and no failure because a machine was busy.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

INDICATOR = """\
id: {id}
name_zh: {name_zh}
name_en: {name_en}
category: {category}
unit: "{unit}"
kind: {kind}
decimals: {decimals}
{more}
baseline: {baseline}
target: {target}
clauses:
  - {{quote: {name_zh}, line: {line}}}
definition: 虚构，只供测试。
supplier: {{office: 统计局, basis: 规划原文, needs: 各年的值。}}
"""


def _indicator(name: str, name_zh: str, **rest: object) -> str:
    return INDICATOR.format(id=name, name_zh=name_zh, name_en=name, **rest)


TOY = {
    "plan.yml": """\
id: toy
title: 玩具县知识产权规划（虚构）
short_title: 玩具规划
title_en: Toy plan (fictional)
issuer: 玩具县
issued: "2021-06-30"
document: {title: 玩具县知识产权规划}
period: {start: 2021, end: 2025}
baseline_year: 2020
target_year: 2025
fictional: true
categories: [创造, 运用]
indicators:
  - patents
  - grants_cum
  - attorneys_new
  - share
areas:
  - {id: town, name: 玩具县, role: whole}
  - {id: north, name: 县北, role: part}
  - {id: city, name: 玩具市, role: context}
checks:
  - {id: total, operation: sum, terms: [70, 30], result: 100, decimals: 0, says: 两项相加等于合计。}
""",
    "run.yml": """\
year: 2023
model: drift
rule: cn-plan-1
level: 0.8
""",
    "indicators/patents.yml": _indicator(
        "patents",
        "有效专利",
        category="创造",
        unit="件",
        kind="stock",
        decimals=0,
        more="",
        baseline="{year: 2020, value: 100}",
        target="{year: 2025, value: 200}",
        line=10,
    ),
    "indicators/grants_cum.yml": _indicator(
        "grants_cum",
        "累计授权",
        category="创造",
        unit="件",
        kind="cumulative",
        decimals=0,
        more='since: "2010"',
        baseline="{year: 2020, value: 20}",
        target="{year: 2025, value: 40}",
        line=11,
    ),
    "indicators/attorneys_new.yml": _indicator(
        "attorneys_new",
        "新增代理师",
        category="运用",
        unit="人",
        kind="increment",
        decimals=0,
        more="reported: annual",
        baseline="{year: 2020, value: null, note: 从0起算。}",
        target="{year: 2025, value: 20}",
        line=12,
    ),
    "indicators/share.yml": _indicator(
        "share",
        "产业占比",
        category="运用",
        unit="%",
        kind="share",
        decimals=1,
        more="lower: 0\nupper: 100",
        baseline="{year: 2020, value: 10}",
        target="{year: 2025, value: 12}",
        line=13,
    ),
    "context.yml": """\
series:
  - {id: city_share, name_zh: 全市产业占比, unit: "%", group: city, relates_to: [share],
     differs: 全市的数，不是全县的。}
""",
    "commitments.yml": """\
commitments:
  - {id: station, box: 专栏1, title: 建成保护工作站, quote: 建成保护工作站, line: 20,
     type: milestone, due: "2023-12-31", evidence_needed: 批复}
  - {id: week, box: 专栏1, title: 每年举办宣传周, quote: 每年举办宣传周, line: 21,
     type: annual, evidence_needed: 记录}
""",
    "sources.csv": """\
id,title,publisher,published,url,accessed,note
report_2020,公报2020,统计局,2021-03-01,,,
report_2021,公报2021,统计局,2022-03-01,,,
report_2022,公报2022,统计局,2023-03-01,,,
report_2023,公报2023,统计局,2024-03-01,,,
undated,汇编,统计局,,https://example.org/book,2024-05,
""",
    "observations.csv": """\
plan,indicator_id,area,year,value,unit,status,source,published,bound,locator,note
toy,patents,town,2020,100,件,final,report_2020,,,,
toy,patents,town,2021,118,件,final,report_2021,,,,
toy,patents,town,2023,160,件,preliminary,report_2023,,,,
toy,patents,north,2023,60,件,final,report_2023,,,,
toy,grants_cum,town,2020,20,件,final,report_2020,,,,
toy,grants_cum,town,2022,30,件,final,report_2022,,,,
toy,grants_cum,town,2023,38,件,final,report_2023,,>,,
toy,attorneys_new,town,2021,4,人,final,report_2021,,,,
toy,attorneys_new,town,2022,3,人,final,report_2022,,,,
toy,attorneys_new,town,2023,5,人,derived,report_2023,,,,12-7=5
toy,share,town,2021,10.2,%,final,report_2021,,,,
toy,share,town,2022,,%,missing,report_2022,,,,没有公布
toy,share,town,2023,10.9,%,final,report_2023,2024-03-15,,第3页,
toy,share,town,2025,12,%,target,report_2021,,,,
""",
    "context.csv": """\
plan,indicator_id,area,year,value,unit,status,source
toy,city_share,city,2023,14.5,%,final,report_2023
""",
    "commitments.csv": """\
plan,commitment_id,year,state,source
toy,station,2023,done,report_2023
toy,week,2022,done,report_2022
""",
}


class Toy:
    """The toy plan under `root`. `toy["plan.yml"]` is a file's path; every change is seen by the
    next `toy.plan`."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in TOY.items():
            self.write(name, text)

    def __getitem__(self, name: str) -> Path:
        return self.root / ("data/raw/toy" if name.endswith(".csv") else "params/toy") / name

    @property
    def plan(self) -> plans.Plan:
        return plans.load("toy", self.root)

    def write(self, name: str, content: str | bytes) -> None:
        """The whole file anew."""
        self[name].parent.mkdir(parents=True, exist_ok=True)
        self[name].write_bytes(content if isinstance(content, bytes) else content.encode())

    def change(self, name: str, old: str, new: str) -> None:
        """One passage of a file; it must be there exactly once, so that no test spoils nothing."""
        text = self[name].read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def cell(self, name: str, line: int, **cells: str) -> None:
        """Some cells of one line of a CSV file: `toy.cell("observations.csv", 3,
        value="1,180")`."""
        header, *rows = csv.reader(io.StringIO(self[name].read_text("utf-8"), newline=""))
        for column, value in cells.items():
            rows[line - 2][header.index(column)] = value
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        self.write(name, text.getvalue())

    def add(self, name: str, *lines: str) -> None:
        """Lines at the end of a file."""
        self.write(name, self[name].read_text("utf-8") + "".join(f"{line}\n" for line in lines))


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def some(things):
    """`things` as a list that is not empty: a loop that holds a test's only asserts must run."""
    things = list(things)
    assert things, "nothing was checked"
    return things


def helpers(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m helpers …` on `root` in a process of its own, as the Makefile calls it."""
    return subprocess.run(
        [sys.executable, "-m", "helpers", *arguments],
        cwd=root,
        env={**os.environ, "ASSESSMENT_ROOT": str(root), **environment},
        capture_output=True,
        text=True,
    )


def called(root: Path, *arguments: str, asked: str = "") -> subprocess.CompletedProcess[str]:
    """The same in this process: a verb that executes no notebook needs no other."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(root)
        patch.setenv("ASSESSMENT_ROOT", str(root))
        patch.setattr(sys, "argv", ["helpers", *arguments])
        patch.setattr(sys, "stdin", io.StringIO(asked))
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
