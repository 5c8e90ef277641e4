"""What is archived, what is refused, what the register holds: on a small invented edition, made by
hand, in a repository of its own."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import some

from helpers import atomic
from helpers.archive import bag, lint, register, verify
from helpers.archive.subject import Keeper, Licence, Organization, Person, Subject
from helpers.archive.tree import CannotArchive

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = ROOT.parent / "shared" / "hostile"
SUBJECT = Subject(
    "toy",
    2023,
    "2023",
    "玩具县知识产权规划（虚构）",
    {"name": "玩具县知识产权规划（虚构）", "publisher": "玩具县"},
)
KEEPER = Keeper(
    Organization("虚构评估机构", "https://example.org"),
    Licence("CC BY 4.0", "https://spdx.org/licenses/CC-BY-4.0"),
    "虚构，只供测试。",
    (Person("某某", "评估负责人"),),
)
MIME = "application/vnd.plan-assessment.result+json"


def code(source: str, count: int | None = None, outputs: list | None = None, *tags: str) -> dict:
    return {
        "cell_type": "code",
        "id": f"c{abs(hash((source, tags))) % 10**8}",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "execution_count": count,
        "outputs": outputs or [],
    }


def notebook(*cells: dict) -> str:
    whole = {
        "cells": list(cells),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def template() -> str:
    return notebook(code('plan = "example"', None, None, "parameters"), code("assessed"))


def executed(injected: str, record: dict | None = None) -> str:
    outputs = (
        [
            {
                "output_type": "execute_result",
                "execution_count": 3,
                "metadata": {},
                "data": {"text/plain": "快于预期", MIME: record},
            }
        ]
        if record
        else []
    )
    return notebook(
        code('plan = "example"', 1, None, "parameters"),
        code(injected, 2, None, "injected-parameters"),
        code("assessed", 3, outputs),
    )


class House:
    """A repository in small, an edition in it, and its evidence folder."""

    def __init__(self, root: Path):
        self.root, self.edition, self.evidence = (
            root,
            root / "data/processed/toy/2023",
            root / "evidence",
        )
        files = {
            "src/helpers/edition.py": "# the workflow\n",
            "params/toy/plan.yml": "id: toy\n",
            "params/toy/indicators/patents.yml": "id: patents\n",
            "params/archive.yml": "rights: x\n",
            "params/other/plan.yml": "id: other\n",
            "data/raw/toy/observations.csv": "plan,year,value\ntoy,2023,160\n",
            "data/raw/toy/sources.csv": "id,title,publisher,published,url,accessed,note\n"
            "report,公报,统计局,2024-03-01,https://example.org/report,,\n",
            "requirements.lock": "numpy==2.4.6 \\\n    --hash=sha256:00\n"
            "papermill==2.7.0 \\\n    --hash=sha256:00\n",
            "LICENSE": "MIT\n",
            ".gitignore": "data/processed\nevidence\n",
            "notebooks/1_data_check.ipynb": template(),
            "notebooks/2_indicator.ipynb": template(),
            "notebooks/4_assessment.ipynb": template(),
        }
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        self.git("init", "-q")
        self.commit()
        self.make()

    def git(self, *arguments: str) -> str:
        identity = (
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.org",
            "-c",
            "commit.gpgsign=false",
        )
        return subprocess.run(
            ["git", "-C", str(self.root), *identity, *arguments],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a state")

    def make(self, value: float = 160, started: str = "2024-05-01T08:00:00Z") -> None:
        """The edition anew, as `assess` would leave it."""
        shutil.rmtree(self.edition, ignore_errors=True)
        self.edition.mkdir(parents=True)
        inputs = [
            {"path": "data/raw/toy/observations.csv", "sha256": "…"},
            {"path": "params/toy/indicators/patents.yml", "sha256": "…"},
        ]
        files = {
            "1_data_check.ipynb": executed(
                'plan = "toy"\nyear = 2023', {"record": "data_check", "inputs": inputs}
            ),
            "2_patents.ipynb": executed(
                'plan = "toy"\nyear = 2023\nindicator = "patents"\nlevel = 0.8',
                {"record": "indicator", "value": value, "inputs": inputs},
            ),
            "4_assessment.ipynb": executed('plan = "toy"\nyear = 2023', {"record": "assessment"}),
            "observations.csv": f"plan,year,value\ntoy,2023,{value}\n",
            "results.csv": f"plan,value\ntoy,{value}\n",
            "results.json": json.dumps([{"value": value}]),
            "assessment.html": f"<!doctype html><meta charset=utf-8><title>玩具</title><p>{value}",
        }
        for name, text in files.items():
            (self.edition / name).write_text(text, "utf-8")
        self.record(
            started=started, ended=started, commit=self.git("rev-parse", "--short=12", "HEAD")
        )

    def record(self, **changes: object) -> None:
        """run.json, which knows the digest of everything that was made."""
        path = self.edition / "run.json"
        facts = (
            json.loads(path.read_text("utf-8"))
            if path.exists()
            else {
                "host": {"python": "3.11.7", "system": "toy"},
                "versions": {"numpy": "2.4.6", "papermill": "2.6.0"},
                "notebooks": {},
                "seconds": 1.0,
            }
        )
        made = {
            p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in self.edition.iterdir()
            if p.name != "run.json"
        }
        path.write_text(json.dumps({**facts, "made": made, **changes}), "utf-8")

    def archive(
        self, date: str = "2024-05-02", subject: Subject = SUBJECT, **options: object
    ) -> bag.Archived:
        return bag.archive(self.root, self.edition, subject, KEEPER, self.evidence, date, **options)

    @property
    def register(self) -> Path:
        return self.evidence / "REGISTER.csv"

    def lines(self) -> list[dict[str, str]]:
        return verify.read_register(self.register.read_bytes())

    def three(self) -> list[bag.Archived]:
        """Three editions archived, one a day."""
        kept = []
        for day in (2, 3, 4):
            self.make(value=150 + day)
            kept.append(self.archive(f"2024-05-0{day}"))
        return kept


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "房子 house")


def contents(path: Path) -> dict[str, bytes]:
    """name without the top folder → bytes"""
    with zipfile.ZipFile(path) as file:
        return {name.split("/", 1)[1]: file.read(name) for name in file.namelist()}


def graph(path: Path) -> dict[str, dict]:
    return {
        entity["@id"]: entity
        for entity in json.loads(contents(path)["data/ro-crate-metadata.json"])["@graph"]
    }


def ids(value: object) -> list[str]:
    return [ref["@id"] for ref in (value if isinstance(value, list) else [value])]


# --- the bag --------------------------------------------------------------------------------------


def test_a_bag_is_named_by_plan_year_and_id_holds_everything_and_is_intact(house):
    kept = house.archive()
    assert kept.path == house.evidence / f"toy-2023-{kept.evidence_id[:12]}.zip"
    assert not kept.already
    held = contents(kept.path)
    assert hashlib.sha256(held["tagmanifest-sha256.txt"]).hexdigest() == kept.evidence_id
    assert set(held) == {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "data/ro-crate-metadata.json",
        "data/README.md",
        "data/LICENSE",
        "data/data/processed/toy/2023/1_data_check.ipynb",
        "data/data/processed/toy/2023/2_patents.ipynb",
        "data/data/processed/toy/2023/4_assessment.ipynb",
        "data/data/processed/toy/2023/assessment.html",
        "data/data/processed/toy/2023/results.csv",
        "data/data/processed/toy/2023/results.json",
        "data/data/processed/toy/2023/observations.csv",
        "data/data/processed/toy/2023/run.json",
        "data/data/raw/toy/observations.csv",
        "data/data/raw/toy/sources.csv",
        "data/params/toy/plan.yml",
        "data/params/toy/indicators/patents.yml",
        "data/params/archive.yml",
        "data/notebooks/1_data_check.ipynb",
        "data/notebooks/2_indicator.ipynb",
        "data/notebooks/4_assessment.ipynb",
        "data/src/helpers/edition.py",
        "data/requirements.lock",
        "data/env/platform.json",
        "data/evidence/REGISTER.csv",
    }
    assert (
        held["data/data/raw/toy/observations.csv"]
        == (house.root / "data/raw/toy/observations.csv").read_bytes()
    )
    report = verify.verify(kept.path, kept.evidence_id, house.register)
    assert report.problems == []
    assert report.exit == 0
    assert (house.evidence / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()


def test_the_same_edition_in_another_folder_gives_the_same_bytes(house, tmp_path):
    other = tmp_path / "elsewhere"
    shutil.copytree(house.root, other)
    there = bag.archive(
        other, other / "data/processed/toy/2023", SUBJECT, KEEPER, other / "evidence", "2024-05-02"
    )
    assert there.path.read_bytes() == house.archive().path.read_bytes()
    assert (other / "evidence/REGISTER.csv").read_bytes() == house.register.read_bytes()


def test_members_carry_no_time_and_no_rights_of_the_machine_and_are_not_compressed(house):
    with zipfile.ZipFile(house.archive().path) as file:
        assert {
            (m.date_time, m.external_attr >> 16, m.compress_type, m.create_system)
            for m in file.infolist()
        } == {((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED, 3)}
        names = [m.filename.split("/", 1)[1] for m in file.infolist()]
    assert names == sorted(names, key=lambda name: (name.startswith("data/"), name))


def test_bagit_of_the_library_of_congress_accepts_the_bag(house, tmp_path):
    bagit = pytest.importorskip("bagit", reason="bagit is not installed: pip install bagit")
    for options in ({}, {"sm3": True} if "sm3" in hashlib.algorithms_available else {}):
        shutil.rmtree(house.evidence, ignore_errors=True)
        kept = house.archive(**options)
        with zipfile.ZipFile(kept.path) as file:
            file.extractall(tmp_path / str(len(options)))
        assert bagit.Bag(str(tmp_path / str(len(options)) / kept.path.stem)).is_valid()


def test_what_ran_on_other_versions_than_the_locks_says_so(house):
    facts = json.loads(contents(house.archive().path)["data/env/platform.json"])
    assert facts["differs_from_lock"] == {"papermill": {"lock": "2.7.0", "ran": "2.6.0"}}


def test_the_crate_names_every_file_its_digest_and_where_it_came_from(house):
    kept = house.archive()
    entities, held = graph(kept.path), contents(kept.path)
    files = {
        name.removeprefix("data/"): content
        for name, content in held.items()
        if name.startswith("data/") and not name.endswith("ro-crate-metadata.json")
    }
    assert set(ids(entities["./"]["hasPart"])) == set(files)
    for name, content in files.items():
        assert (entities[name]["sha256"], entities[name]["contentSize"]) == (
            hashlib.sha256(content).hexdigest(),
            str(len(content)),
        )
    action = entities["#run-2_patents"]
    assert (action["instrument"], action["result"]) == (
        {"@id": "notebooks/2_indicator.ipynb"},
        {"@id": "data/processed/toy/2023/2_patents.ipynb"},
    )
    assert {
        "data/raw/toy/observations.csv",
        "params/toy/indicators/patents.yml",
        "data/processed/toy/2023/observations.csv",
    } <= set(ids(action["object"]))
    values = {
        entities[i]["name"]: entities[i]["value"]
        for i in ids(action["object"])
        if i.startswith("#2_patents-")
    }
    assert values == {"plan": "toy", "year": 2023, "indicator": "patents", "level": 0.8}
    assert "data/processed/toy/2023/2_patents.ipynb" in ids(entities["#run-4_assessment"]["object"])
    assert set(ids(entities["./"]["mentions"])) == {
        "#run",
        "#run-1_data_check",
        "#run-2_patents",
        "#run-4_assessment",
    }
    assert entities["./"]["mainEntity"] == {"@id": "src/helpers/edition.py"}
    assert entities["./"]["license"] == {"@id": KEEPER.licence.url}
    assert entities["#plan"]["publisher"] == "玩具县"
    assert entities["#source-report"]["url"] == "https://example.org/report"
    assert entities["#person-1"]["name"] == "某某"
    assert entities["#organization"]["name"] == "虚构评估机构"


def test_a_notebook_that_no_execution_is_made_from_is_no_tool_of_the_workflow(house):
    """The profile asks of every tool that an action names it as its instrument."""
    (house.root / "notebooks/monitor.ipynb").write_text(template())
    house.commit()
    house.make()
    entities = graph(house.archive().path)
    used = {entity["instrument"]["@id"] for entity in entities.values() if "instrument" in entity}
    workflow = entities["src/helpers/edition.py"]
    assert set(ids(workflow["hasPart"])) == used - {"src/helpers/edition.py"}
    assert entities["notebooks/monitor.ipynb"]["@type"] == "File"
    assert len(ids(workflow["step"])) == 3


def ran(day: str, start: str, end: str, commit: str = "0123456789ab") -> dict:
    host = {"system": "toy-os", "python": "3.11.7", "cores": 2}
    return {"started": f"{day}T{start}Z", "ended": f"{day}T{end}Z", "host": host, "commit": commit}


def two_runs() -> dict:
    """run.json's notebooks: one of this run (2024-05-01 08:00), one of the day before."""
    return {
        "1_data_check": {
            "seconds": 2.0,
            "reused": False,
            "ran": ran("2024-05-01", "08:00:00", "08:00:00"),
        },
        "2_patents": {
            "seconds": 3.0,
            "reused": True,
            "ran": ran("2024-04-30", "09:00:01", "09:00:04", "ba9876543210"),
        },
    }


def test_a_notebook_of_an_earlier_run_keeps_its_own_times_host_and_commit(house):
    house.record(notebooks=two_runs())
    entities = graph(house.archive().path)
    whole, folder = entities["#run"], "data/processed/toy/2023/"
    assert f"{folder}2_patents.ipynb" not in ids(whole["result"])
    assert f"{folder}2_patents.ipynb" in ids(whole["object"])
    assert f"{folder}1_data_check.ipynb" in ids(whole["result"])
    said = entities["#run-2_patents"]
    assert said["description"] == (
        "3.0 s, on toy-os, Python 3.11.7, at commit ba9876543210, in an earlier run; "
        "taken over in #run"
    )
    assert (said["startTime"], said["endTime"]) == (
        "2024-04-30T09:00:01+00:00",
        "2024-04-30T09:00:04+00:00",
    )
    assert entities["#run-1_data_check"]["startTime"] == "2024-05-01T08:00:00+00:00"


def test_no_time_is_given_that_was_not_recorded(house):
    house.record(notebooks={"2_patents": {"seconds": 3.0, "reused": True}})
    said = graph(house.archive().path)["#run-2_patents"]
    assert said["description"] == "3.0 s, in an earlier run; taken over in #run"
    assert not {"startTime", "endTime"} & set(said)


@pytest.mark.parametrize(
    ("stem", "forged"),
    [
        ("2_patents", {"ran": ran("2024-05-02", "09:00:01", "09:00:04")}),  # after it was taken
        ("2_patents", {"ran": ran("2024-04-30", "09:00:04", "09:00:01")}),  # ends before it starts
        ("2_patents", {"reused": False}),  # yesterday's said to be of this run
        ("1_data_check", {"ran": ran("2024-04-30", "08:00:00", "08:00:00")}),  # before the run
    ],
)
def test_an_edition_whose_notebook_has_an_impossible_time_is_not_archived(house, stem, forged):
    notebooks = two_runs()
    notebooks[stem] |= forged
    house.record(notebooks=notebooks)
    refused(house, f"{stem} 的起止时间不可能")


@pytest.mark.parametrize("also_the_crate", [False, True])
def test_a_forged_time_of_a_notebook_taken_over_is_found(house, tmp_path, also_the_crate):
    """Every manifest made anew: without the id, run.json and the crate contradict each other; with
    it, whatever was forged is found."""
    from test_verify import tamper

    house.record(notebooks=two_runs())
    kept = house.archive()
    assert verify.verify(kept.path).exit == verify.INTACT

    def forge(bag):
        for path in bag.rglob("*.json"):
            if path.name == "run.json" or also_the_crate:
                text = path.read_text("utf-8").replace("2024-04-30T", "2023-04-30T")
                path.write_text(text, "utf-8")
        tamper.reseal(bag)

    with zipfile.ZipFile(kept.path) as file:
        file.extractall(tmp_path)
    spoilt = tamper.planted(tmp_path / kept.path.stem, forge, tmp_path / "spoilt")
    assert (verify.verify(spoilt).exit == verify.INTACT) == also_the_crate
    assert verify.verify(spoilt, kept.evidence_id).exit == verify.DIFFERS


def test_no_reference_of_the_crate_leads_nowhere(house):
    kept = house.archive()
    entities = graph(kept.path)

    def references(value):
        if isinstance(value, dict):
            yield from (
                [value["@id"]]
                if set(value) == {"@id"}
                else (ref for child in value.values() for ref in references(child))
            )
        elif isinstance(value, list):
            yield from (ref for child in value for ref in references(child))

    outside = {ref for entity in entities.values() for ref in references(entity)} - set(entities)
    assert outside == {"https://w3id.org/ro/crate/1.1"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2023", "期次 toy 2023"),
        ("2023+prudent", "期次 toy 2023+prudent，情景 prudent：假设之下的推演，不是正式评估"),
        ("2023@2024-03-31", "期次 toy 2023@2024-03-31，数据截止 2024-03-31"),
        ("2023.en", "期次 toy 2023.en，语言 en"),
    ],
)
def test_which_edition_it_is_stands_in_name_register_and_the_first_line_of_verify(
    house, name, said
):
    kept = house.archive(subject=replace(SUBJECT, edition=name))
    assert kept.path.name == f"toy-{name}-{kept.evidence_id[:12]}.zip"
    assert (house.lines()[0]["edition"], house.lines()[0]["year"]) == (name, "2023")
    report = verify.verify(kept.path, kept.evidence_id, house.register)
    assert report.as_text().splitlines()[0] == said
    assert json.loads(report.as_json())["edition"] == verify.edition({"Edition": name})
    assert report.problems == []


def test_a_scenario_passed_off_as_the_plain_edition_in_the_register_is_found(house):
    kept = house.archive(subject=replace(SUBJECT, edition="2023+prudent"))
    text = house.register.read_text("utf-8")
    house.register.write_text(text.replace("2023+prudent", "2023"), "utf-8")
    assert verify.verify(kept.path, kept.evidence_id, house.register).exit == 1
    house.register.write_text(  # nor by a line of the older form, which had no edition
        text.replace(",2023+prudent,,,,", "").replace(",edition,event,concerns,by,reason", "")
    )
    assert verify.verify(kept.path, kept.evidence_id, house.register).exit == 1


def test_every_fault_that_only_a_whole_edition_can_have_is_found(house, tmp_path):
    from test_verify import tamper

    house.record(notebooks=two_runs())
    path = house.edition / "run.json"  # as `assess` writes it
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=1), "utf-8")
    kept = house.archive()
    with zipfile.ZipFile(kept.path) as file:
        file.extractall(tmp_path)
    for name, fault in some(tamper.OF_AN_EDITION.items()):
        spoilt = tamper.planted(tmp_path / kept.path.stem, fault, tmp_path / "spoilt")
        assert verify.verify(spoilt, kept.evidence_id).exit == 1, name
    tried = tamper.missed_beside(kept.path, tmp_path)
    assert tried == {"register, every cell and line": (13, [])}


# --- what is not archived -------------------------------------------------------------------------


def refused(house: House, sentence: str, **options: object) -> None:
    with pytest.raises(CannotArchive, match=sentence) as caught:
        house.archive(**options)
    assert len(str(caught.value).splitlines()) == 1
    assert not list(house.evidence.glob("*.zip"))
    assert not house.register.exists() or house.lines() == []


@pytest.mark.parametrize(
    "name",
    [
        "params/toy/plan.yml",
        "data/raw/toy/observations.csv",
        "src/helpers/edition.py",
        "notebooks/2_indicator.ipynb",
        "requirements.lock",
    ],
)
def test_an_edition_whose_code_or_data_changed_since_is_not_archived(house, name):
    with open(house.root / name, "a", encoding="utf-8") as file:
        file.write("\n")
    refused(house, f"做这一期之后改动了 {name}")
    house.commit()
    refused(
        house, f"做这一期之后改动了 {name}"
    )  # committed it is still not what the edition was made from
    house.make()
    assert house.archive().path.exists()


def test_a_new_file_among_the_inputs_is_a_change(house):
    (house.root / "params/toy/indicators/new.yml").write_text("id: new\n")
    refused(house, "改动了 params/toy/indicators/new.yml")


@pytest.mark.parametrize("folder", ["params/third", "data/raw/third"])
def test_what_another_plan_has_not_committed_is_no_change(house, folder):
    (house.root / folder).mkdir(parents=True)
    (house.root / folder / "plan.yml").write_text("id: third\n")
    assert house.archive().path.exists()


def test_a_commit_that_touches_nothing_the_edition_was_made_from_is_no_change(house):
    made = house.git("rev-parse", "HEAD")
    (house.root / "README.md").write_text("x")
    house.commit()
    house.archive()
    assert house.lines()[0]["commit"] == made


@pytest.mark.parametrize(
    ("recorded", "sentence"),
    [
        ("{}+", "有没提交的改动"),
        ("", "没有记下代码的提交"),
        ("未知", "没有记下代码的提交"),
        ("0123456789ab", "没有提交 0123456789ab"),
        ("--all", "没有记下代码的提交"),
    ],
)
def test_an_edition_made_from_uncommitted_or_unknown_code_is_not_archived(
    house, recorded, sentence
):
    house.record(commit=recorded.format(house.git("rev-parse", "HEAD")))
    refused(house, sentence)


def test_an_edition_that_is_missing_half_or_touched_is_not_archived(house):
    (house.edition / "results.csv").write_text("plan,value\ntoy,999\n")
    refused(house, "results.csv 不是做这一期时写下的那个")
    house.make()
    (house.edition / "2_patents.ipynb").unlink()
    refused(house, "2_patents.ipynb 不是做这一期时写下的那个")
    house.make()
    (house.edition / "extra.txt").write_text("x")
    refused(house, "extra.txt 不是")
    house.make()
    (house.edition / "run.json").unlink()
    refused(house, "没有完整的运行记录 run.json")
    shutil.rmtree(house.edition)
    refused(house, "没有这一期.*make assess PLAN=toy")


SPOILT = {
    "出错：ValueError": lambda cells: cells[2]["outputs"].append(
        {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": []}
    ),
    "第 3 个单元没有执行": lambda cells: cells[2].update(execution_count=None),
    "不是按顺序执行的（序号 7，应为 3）": lambda cells: cells[2].update(execution_count=7),
    "会执行的脚本": lambda cells: cells[2]["outputs"].append(
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": "<p onclick=alert(1)>"},
        }
    ),
    "这台机器的痕迹： at 0x7f3a": lambda cells: cells[2]["outputs"].append(
        {"output_type": "stream", "name": "stdout", "text": "<object at 0x7f3a>"}
    ),
    "这台机器的痕迹：/home/somebody": lambda cells: cells[2]["outputs"].append(
        {"output_type": "stream", "name": "stdout", "text": ["read /home/somebody/x.csv\n"]}
    ),
    "执行过的代码不是 notebooks/2_indicator.ipynb 的代码": lambda cells: cells[2].update(
        source="assessed + 1"
    ),
}


@pytest.mark.parametrize("sentence", SPOILT)
def test_an_edition_with_an_unsound_notebook_is_not_archived(house, sentence):
    path = house.edition / "2_patents.ipynb"
    nb = json.loads(path.read_text("utf-8"))
    SPOILT[sentence](nb["cells"])
    path.write_text(json.dumps(nb), "utf-8")
    house.record()
    refused(house, f"^2_patents.ipynb：.*{sentence}")


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href=" javascript:alert(1)">x</a>',
        "<svg><script/></svg>",
        "<p>read /tmp/x.csv</p>",
    ],
)
def test_an_edition_whose_page_is_live_or_names_the_machine_is_not_archived(house, markup):
    page = house.edition / "assessment.html"
    page.write_text(page.read_text("utf-8") + markup, "utf-8")
    house.record()
    refused(house, "assessment.html：里有")


@pytest.mark.skipif(
    not HOSTILE.is_dir(),
    reason="the collection of hostile files lies beside the repository and is not here",
)
def test_no_hostile_notebook_is_sound_and_the_control_is():
    with open(HOSTILE / "expectations.csv", encoding="utf-8", newline="") as file:
        expected = {
            row["file"]: row["must"]
            for row in csv.DictReader(file)
            if row["file"].startswith("ipynb/")
        }
    assert len(expected) >= 10
    assert {name: not lint.notebook((HOSTILE / name).read_bytes()) for name in expected} == {
        name: must == "accept" for name, must in expected.items()
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b'{"nbformat": 4, "cells": 3}',
        b"\xff",
        b'{"nbformat": 4, "cells": [{}], "metadata": {}}',
    ],
)
def test_what_is_no_notebook_is_unsound_and_raises_nothing(raw):
    assert len(lint.notebook(raw)) == 1


def test_addresses_and_pictures_are_no_traces_of_a_machine():
    outputs = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {
                "image/png": "iVBOR /home/x /tmp/y",
                "text/html": '<a href="https://www.cnipa.gov.cn/home/tmp/root/x.html">来源</a>',
            },
        }
    ]
    assert lint.notebook(notebook(code("x", 1, outputs)).encode()) == []


# --- the register ---------------------------------------------------------------------------------


def test_each_line_names_the_one_before(house):
    kept = house.three()
    assert [line["evidence_id"] for line in house.lines()] == [one.evidence_id for one in kept]
    assert [line["previous_evidence_id"] for line in house.lines()] == [
        "",
        kept[0].evidence_id,
        kept[1].evidence_id,
    ]
    assert house.register.read_text("utf-8").splitlines()[0] == (
        "date,plan,year,evidence_id,previous_evidence_id,commit,signer,edition,"
        "event,concerns,by,reason"
    )
    for one in kept:
        assert verify.verify(one.path, one.evidence_id, house.register).exit == 0


def test_an_edition_is_registered_once_whatever_the_day_and_though_its_bag_was_moved_away(house):
    first, *_ = house.three()
    house.make(value=152)
    before = house.register.read_bytes()
    for path in house.evidence.glob("*.zip"):
        path.unlink()
    again = house.archive("2024-06-01")
    assert again == bag.Archived(first.path, first.evidence_id, True, first.keeper)
    assert house.register.read_bytes() == before
    assert not list(house.evidence.glob("*.zip"))


def test_another_run_of_the_same_edition_is_another_line(house):
    first = house.archive()
    house.make(started="2024-05-09T08:00:00Z")
    assert house.archive().evidence_id != first.evidence_id
    assert len(house.lines()) == 2


def mutations(text: str):
    """(what, text) of every single change of one cell of one line, every removal and every exchange
    of lines."""
    header, *lines = text.splitlines(keepends=True)
    for k, line in enumerate(lines):
        cells = line.rstrip("\n").split(",")
        for n, cell in enumerate(cells):
            for other in {
                "2024-01-01",
                "other",
                "",
                cell[:-1] + ("0" if cell[-1:] != "0" else "1"),
            } - {cell}:
                changed = ",".join([*cells[:n], other, *cells[n + 1 :]]) + "\n"
                yield (
                    f"line {k + 1} {verify.REGISTER[n]} {cell!r} → {other!r}",
                    header + "".join([*lines[:k], changed, *lines[k + 1 :]]),
                )
        yield f"line {k + 1} twice", header + "".join([*lines[: k + 1], *lines[k:]])
        if k < len(lines) - 1:
            yield f"line {k + 1} removed", header + "".join(lines[:k] + lines[k + 1 :])
            yield (
                f"lines {k + 1}, {k + 2} exchanged",
                header + "".join([*lines[:k], lines[k + 1], lines[k], *lines[k + 2 :]]),
            )


def test_a_register_line_altered_removed_or_reordered_is_found_by_the_latest_bag(house, tmp_path):
    *_, last = house.three()
    alone = (
        tmp_path / last.path.name
    )  # away from the other bags: it vouches for the lines before it by itself
    shutil.copy(last.path, alone)
    elsewhere = tmp_path / "REGISTER.csv"
    for what, text in some(mutations(house.register.read_text("utf-8"))):
        elsewhere.write_text(text, "utf-8")
        assert verify.verify(alone, last.evidence_id, elsewhere).exit == 1, what


def test_and_by_any_bag_where_the_others_lie_beside_the_register(house):
    for one in some(house.three()):
        good = house.register.read_text("utf-8")
        for what, text in some(mutations(good)):
            house.register.write_text(text, "utf-8")
            assert verify.verify(one.path, one.evidence_id, house.register).exit == 1, what
        house.register.write_text(good, "utf-8")


def test_the_whole_chain_made_anew_by_a_forger_is_found(house):
    kept = house.three()
    header, _first, second, third = house.register.read_text("utf-8").splitlines(keepends=True)
    forged = (
        header + second.replace(kept[0].evidence_id, "") + third
    )  # the first removed, the second made to begin the chain
    verify.read_register(forged.encode())  # consistent in itself
    house.register.write_text(forged, "utf-8")
    assert verify.verify(kept[2].path, "", house.register).exit == 1


def test_a_register_that_went_through_windows_is_the_same_register(house):
    *_, last = house.three()
    house.register.write_bytes(house.register.read_bytes().replace(b"\n", b"\r\n"))
    assert verify.verify(last.path, last.evidence_id, house.register).exit == 0


def test_a_bag_of_another_maker_is_compared_with_what_it_says_itself(tmp_path):
    from test_verify import evidence_id, make_bag

    known = evidence_id(make_bag(tmp_path / "bag"))
    for line, code in (
        (f"2026-01-31,toy,2023,{known},,abc,", 0),
        (f"2026-01-31,toy,2023,{known},{'0' * 64},abc,me", 0),
        (f"2026-01-31,toy,2024,{known},,abc,", 1),
    ):
        (tmp_path / "REGISTER.csv").write_text(register.HEADER + line + "\n")
        assert verify.verify(tmp_path / "bag", known, tmp_path / "REGISTER.csv").exit == code


def of_older_form(house: House, tmp_path: Path) -> str:
    """A register of seven columns with one bag, as before editions had names; its id."""
    from test_verify import evidence_id, make_bag

    past = hashlib.sha256(register.NARROW.encode()).hexdigest()
    info = (
        "Bagging-Date: 2024-01-31\nPlan: toy\nYear: 2022\nEdition: 2022\nCommit: abc\n"
        f"Register-SHA256: {past}\n"
    )
    known = evidence_id(make_bag(tmp_path / "old", info))
    house.evidence.mkdir()
    line = f"2024-01-31,toy,2022,{known},,abc,\n"
    house.register.write_text(register.NARROW + line, "utf-8")
    return known


def test_a_register_of_the_older_form_goes_on_and_its_bags_stay_valid(house, tmp_path):
    old = of_older_form(house, tmp_path)
    before = house.register.read_text("utf-8")
    kept = house.archive()
    assert house.register.read_text("utf-8").startswith(before)
    assert [line["evidence_id"] for line in house.lines()] == [old, kept.evidence_id]
    for path, known in ((tmp_path / "old", old), (kept.path, kept.evidence_id)):
        report = verify.verify(path, known, house.register)
        assert (report.exit, report.problems) == (0, [])
    for spoilt in (before.replace("2022,", "2021,", 1), register.NARROW):
        whole = house.register.read_text("utf-8")
        house.register.write_text(whole.replace(before, spoilt), "utf-8")
        assert verify.verify(kept.path, kept.evidence_id, house.register).exit == 1
        house.register.write_text(whole, "utf-8")


@pytest.mark.parametrize("ours_first", [True, False])
def test_registers_of_two_branches_put_together_by_git_keep_every_bag_valid(house, ours_first):
    base = house.archive()
    other = House(house.root.parent / "another")
    shutil.copytree(house.evidence, other.evidence)
    start = house.register.read_bytes()
    kept = [base]
    for where, day in ((house, 3), (other, 4), (house, 5)):  # two lines here, one there
        where.make(value=200 + day)
        kept.append(where.archive(f"2024-05-0{day}"))
    parts = [house.register, house.root / "base", other.register]
    parts[1].write_bytes(start)
    merged = subprocess.run(
        ["git", "merge-file", "-p", "--union", *map(str, parts if ours_first else parts[::-1])],
        capture_output=True,
        check=True,
    ).stdout
    house.register.write_bytes(merged)
    shutil.copy(kept[2].path, house.evidence)
    for one in kept:
        one = house.evidence / one.path.name
        report = verify.verify(one, "", house.register)
        assert report.problems == []
        assert any("2 个分支" in says for _, says in report.notes)
    house.make(value=300)
    last = house.archive("2024-05-06")
    assert [line.get("event") for line in house.lines()] == ["", "", "", "", "joined", ""]
    assert len(verify.heads(house.lines())) == 1
    for path in house.evidence.glob("*.zip"):
        assert verify.verify(path, "", house.register).problems == []
        if path != last.path:
            path.unlink()
    good = house.register.read_text("utf-8")
    for what, text in mutations(good):  # the last bag vouches for both branches by itself
        house.register.write_text(text, "utf-8")
        still = verify.verify(last.path, last.evidence_id, house.register).exit == 0
        swapped = verify.read_register(text.encode()) if still else []
        assert not still or sorted(swapped, key=str) == sorted(
            verify.read_register(good.encode()), key=str
        ), what


def test_the_repository_lets_git_put_registers_together():
    rule = subprocess.run(
        ["git", "-C", str(ROOT), "check-attr", "merge", "evidence/REGISTER.csv"],
        capture_output=True,
        text=True,
    ).stdout
    assert rule.strip().endswith("merge: union")


def test_a_bag_that_is_not_registered_is_told(house, tmp_path):
    kept = house.archive()
    other = tmp_path / "REGISTER.csv"
    other.write_text(register.HEADER)
    assert "没有登记" in verify.verify(kept.path, "", other).problems[0][1]


def killed(house: House, monkeypatch, when: str, date: str) -> None:
    """`archive` in a child that dies by SIGKILL just before, or just after, its line is written."""
    append = register.append

    def dying(*arguments):
        if when == "after":
            append(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(register, "append", dying)
        child = os.fork()
        if child == 0:
            try:
                house.archive(date)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_bag_and_register_nothing_is_lost_and_the_next_archive_tidies(
    house, monkeypatch, when
):
    good = house.archive()
    house.make(value=170)
    killed(house, monkeypatch, when, "2024-05-03")
    (waiting,) = house.evidence.glob(".toy-*.zip")
    assert verify.verify(good.path, good.evidence_id, house.register).problems == []
    (house.evidence / ".REGISTER.csv.123").write_text("half")
    again = house.archive("2024-06-01")  # another day: what was registered stays, the rest goes
    assert again.already == (when == "after")
    assert (house.lines()[1]["date"], len(house.lines())) == (
        ("2024-05-03", 2) if when == "after" else ("2024-06-01", 2)
    )
    assert sorted(path.name for path in house.evidence.glob(".*")) == [".REGISTER.csv.lock"]
    assert sorted(house.evidence.glob("*.zip")) == sorted([good.path, again.path])
    for one in (good, again):
        assert verify.verify(one.path, one.evidence_id, house.register).exit == 0
    assert (waiting.name[1:] == again.path.name) == (when == "after")


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_rename_or_half_written_file_nothing_is_lost(house, monkeypatch, after):
    """Bag, verify.py, register, the bag's own name: each step killed before and after it."""
    good = house.archive()
    replace_file = os.replace
    for step in (1, 2, 3, 4):
        house.make(value=200 + 2 * step + after)
        done = []

        def dying(source, target, done=done, step=step):
            done.append(target)
            if after:
                replace_file(source, target)
            if len(done) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            if not after:
                replace_file(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(atomic.os, "replace", dying)
            child = os.fork()
            if child == 0:
                try:
                    house.archive("2024-05-03")
                finally:
                    os._exit(1)
            status = os.waitpid(child, 0)[1]
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, step
        assert verify.verify(good.path, good.evidence_id, house.register).problems == []
        registered = len(house.lines())
        again = house.archive("2024-06-01")
        assert again.already == (registered > step)
        assert len(house.lines()) == step + 1
        assert [path.name for path in house.evidence.glob(".*")] == [".REGISTER.csv.lock"]
        for path in house.evidence.glob("*.zip"):
            assert verify.verify(path, "", house.register).problems == []
    assert len([*house.evidence.glob("*.zip")]) == 5


def test_a_neighbour_that_is_not_registered_or_not_a_bag_is_noted_and_spoils_no_verdict(house):
    good = house.archive()
    (house.evidence / "x-0123456789ab.zip").write_bytes(b"PK")
    other = House(house.root.parent / "another")
    other.make(value=9)
    stray = other.archive().path
    shutil.copy(stray, house.evidence / stray.name)
    report = verify.verify(good.path, good.evidence_id, house.register)
    assert (report.exit, report.problems) == (0, [])
    noted = [says for _, says in report.notes if "旁边的" in says]
    assert len(noted) == 2
    assert all("与本包无关" in says for says in noted)


def test_nothing_is_added_to_a_broken_register(house):
    house.three()
    for broken in (
        "x,y\n",
        register.HEADER[:-1],
        register.HEADER + '"a\nb",toy,2023,' + "0" * 64 + ",,,\n",
        "",
        house.register.read_text("utf-8")[:-30],
        house.register.read_text("utf-8") + "2024-05-05,toy",
    ):
        house.register.write_text(broken, "utf-8")
        house.make(value=99)
        with pytest.raises(verify.Unsafe, match=r"REGISTER\.csv"):
            house.archive()
        assert house.register.read_text("utf-8") == broken


def test_two_who_archive_at_once_make_one_chain(house):
    (house.root / "REGISTER.csv").write_text(register.HEADER)

    def add(k: int) -> None:
        with register.held(house.root / "REGISTER.csv") as raw:
            lines = verify.read_register(raw)
            line = dict.fromkeys(verify.REGISTER, "") | {
                "date": "2024-05-02",
                "plan": "toy",
                "evidence_id": f"{k:064x}",
                "previous_evidence_id": lines[-1]["evidence_id"] if lines else "",
            }
            register.append(house.root / "REGISTER.csv", raw, line)

    with ThreadPoolExecutor(8) as many:
        list(many.map(add, range(40)))
    assert len(verify.read_register((house.root / "REGISTER.csv").read_bytes())) == 40


@pytest.mark.parametrize("at", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_register_as_it_was_and_nothing_half(house, monkeypatch, at):
    house.archive()
    before = sorted((path.name, path.read_bytes()) for path in house.evidence.iterdir())
    house.make(value=7)

    def full(*_: object, **__: object):
        raise OSError(28, "No space left on device")

    def opened(path, mode="r", **more):
        return full() if "b" in mode else open(path, mode, **more)

    if at == "write":
        monkeypatch.setattr(
            atomic,
            "open",
            opened,
            raising=False,
        )
    else:
        monkeypatch.setattr(atomic.os, at, full)
    with pytest.raises(OSError, match="No space"):
        house.archive()
    assert sorted((path.name, path.read_bytes()) for path in house.evidence.iterdir()) == before


# --- options --------------------------------------------------------------------------------------


@pytest.mark.skipif(
    "sm3" not in hashlib.algorithms_available, reason="this Python's OpenSSL has no SM3"
)
def test_sm3_is_the_digest_of_the_standards_own_example_and_covers_the_payload(house):
    assert (
        hashlib.new("sm3", b"abc").hexdigest()
        == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )  # GB/T 32905—2016, example 1
    held = contents(house.archive(sm3=True).path)
    listed = dict(
        reversed(line.split("  ")) for line in held["manifest-sm3.txt"].decode().splitlines()
    )
    assert listed == {
        name: hashlib.new("sm3", content).hexdigest()
        for name, content in held.items()
        if name.startswith("data/")
    }


def test_without_sm3_it_is_said_in_one_sentence(house, monkeypatch):
    monkeypatch.setattr(bag.hashlib, "algorithms_available", {"sha256"})
    refused(house, "不能算 SM3", sm3=True)


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
def test_a_signed_bag_names_its_signer_and_a_spoilt_or_foreign_signature_is_found(house, tmp_path):
    keys = [tmp_path / name for name in ("mine", "other")]
    for key in keys:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    kept = house.archive(key=keys[0])
    signer = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(keys[0])], capture_output=True, text=True
    ).stdout.split()[1]
    assert house.lines()[0]["signer"] == signer
    report = verify.verify(kept.path, kept.evidence_id, house.register)
    assert report.exit == 0
    assert any("签名有效" in says for _, says in report.notes)
    assert house.archive(key=keys[0]).already

    with zipfile.ZipFile(kept.path) as file:
        file.extractall(tmp_path)
    folder = tmp_path / kept.path.stem
    signature = folder / "tagmanifest-sha256.txt.sig"
    good = signature.read_bytes()
    allowed = tmp_path / "allowed"
    allowed.write_text("evaluator " + (tmp_path / "mine.pub").read_text())
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        str(allowed),
        "-I",
        "evaluator",
        "-n",
        "plan-assessment-evidence",
        "-s",
        str(signature),
    ]
    assert (
        subprocess.run(
            command,
            input=(folder / "tagmanifest-sha256.txt").read_bytes(),
            capture_output=True,
        ).returncode
        == 0
    )

    foreign = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-n", "plan-assessment-evidence", "-f", str(keys[1])],
        input=(folder / "tagmanifest-sha256.txt").read_bytes(),
        capture_output=True,
    ).stdout
    middle = len(good) // 2
    for spoilt in (
        foreign,
        good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :],
        b"",
        b"x",
    ):
        signature.write_bytes(spoilt)
        assert verify.verify(folder, kept.evidence_id).exit == 1
    signature.unlink()
    assert verify.verify(folder, kept.evidence_id).exit == 1


def test_a_key_that_cannot_sign_is_told_in_one_sentence(house, tmp_path):
    (tmp_path / "key").write_text("no key")
    refused(house, "不能用所给的钥匙签名", key=tmp_path / "key")
