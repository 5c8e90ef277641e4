"""What is in the bag and where does each file come from? The answer as a Workflow Run RO-Crate 0.5
(ro-crate-metadata.json).

The workflow is edition.py; the notebooks are its tools; every executed notebook is the result of a
CreateAction that names its notebook, its inputs and the values of its parameters. Times are those
of run.json; no time is given that was not recorded.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from .subject import Keeper, Subject

RUN = "https://w3id.org/ro/wfrun"
Json = dict[str, Any]  # an object of a JSON file
PROFILES = {  # of Workflow Run RO-Crate: id → name, version
    f"{RUN}/process/0.5": ("Process Run Crate", "0.5"),
    f"{RUN}/workflow/0.5": ("Workflow Run Crate", "0.5"),
    f"{RUN}/provenance/0.5": ("Provenance Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    f"{RUN.replace('wfrun', 'terms/workflow-run')}/context",
]
WORKFLOW = "src/helpers/edition.py"
FORMATS = {
    ".ipynb": "application/x-ipynb+json",
    ".html": "text/html",
    ".csv": "text/csv",
    ".json": "application/json",
    ".yml": "application/yaml",
    ".py": "text/x-python",
    ".css": "text/css",
    ".otf": "font/otf",
    ".md": "text/markdown",
}
MIME = (
    "application/vnd.plan-assessment.result+json"  # of the record in an executed notebook's output
)


def metadata(
    subject: Subject,
    keeper: Keeper,
    commit: str,
    date: str,
    files: Mapping[str, bytes],
    run: Json,
) -> bytes:
    """ro-crate-metadata.json for the payload `files` (path below data/ → content); `run` is
    run.json as a dict."""
    executions = _executions(subject, files, run)
    tools = sorted({action["instrument"]["@id"] for action, _ in executions})
    software = [
        _software(name, version)
        for name, version in sorted({**run["versions"], "python": run["host"]["python"]}.items())
    ]
    sources = _sources(files.get(f"data/raw/{subject.plan}/sources.csv", b""))
    people: list[Json] = [
        {
            "@id": _web(person.url) or f"#person-{k}",
            "@type": "Person",
            "name": person.name,
            "jobTitle": person.role,
            "affiliation": _ref("#organization"),
        }
        for k, person in enumerate(keeper.people, 1)
    ]
    parameters = {entity["@id"]: entity for _, values in executions for entity in values}
    actions = [action for action, _ in executions]
    whole = _whole_run(subject, files, run, parameters)
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{subject.title}（{subject.edition}）证据包",
        "description": "已执行的 notebook、输入、代码、环境与结果：一次年度评估的全部证据。"
        " Executed notebooks, inputs, code, environment and results of one assessment.",
        "datePublished": date,
        "license": _ref(keeper.licence.url),
        "conditionsOfAccess": keeper.rights,
        "conformsTo": _refs(PROFILES),
        "mainEntity": _ref(WORKFLOW),
        "hasPart": _refs(map(quote, files)),
        "mentions": _refs(action["@id"] for action in (whole, *actions)),
        "author": _refs([*(p["@id"] for p in people), "#organization"]),
        "publisher": _ref("#organization"),
        "about": _ref("#plan"),
        "citation": _refs(source["@id"] for source in sources),
        "version": commit,
        **({"isBasedOn": list(subject.code)} if subject.code else {}),
    }
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": _refs(["https://w3id.org/ro/crate/1.1", list(PROFILES)[-1]]),
            "about": _ref("./"),
        },
        root,
        {
            "@id": "#plan",
            "@type": "CreativeWork",
            "identifier": subject.plan,
            **{name: value for name, value in subject.document.items() if value},
        },
        {
            "@id": "#organization",
            "@type": "Organization",
            "name": keeper.organization.name,
            **({"url": keeper.organization.url} if keeper.organization.url else {}),
        },
        *people,
        {
            "@id": keeper.licence.url,
            "@type": "CreativeWork",
            "name": keeper.licence.name,
            "description": keeper.rights,
        },
        *(
            {"@id": profile, "@type": "CreativeWork", "name": name, "version": version}
            for profile, (name, version) in PROFILES.items()
        ),
        {
            "@id": "#python-language",
            "@type": "ComputerLanguage",
            "name": "Python",
            "version": run["host"]["python"],
            "url": "https://www.python.org/",
            "identifier": "https://www.python.org/",
        },
        *software,
        *sources,
        whole,
        *actions,
        *parameters.values(),
        *_formal(parameters.values()),
        *(
            _file(name, content, commit, tools, software, parameters)
            for name, content in files.items()
        ),
        *_steps(tools),
    ]
    return (
        json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def template(executed: str, files: Mapping[str, bytes]) -> str:
    """The notebook an executed one was made from: 2_patents.ipynb ← notebooks/2_indicator.ipynb, by
    its number."""
    number = PurePosixPath(executed).name.split("_")[0]
    return next(name for name in files if name.startswith(f"notebooks/{number}_"))


def injected(notebook: Json) -> dict[str, object]:
    """The values papermill wrote into an executed notebook, read as literals, never executed."""
    for cell in notebook["cells"]:
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            tree = ast.parse("".join(cell["source"]))
            return {
                target.id: ast.literal_eval(node.value)
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
    return {}


def record(notebook: Json) -> Json | None:
    """The record of numbers in an executed notebook, or None where it has none."""
    outputs = (out for cell in notebook["cells"] for out in cell.get("outputs", ()))
    return next((out["data"][MIME] for out in outputs if MIME in out.get("data", {})), None)


def _ref(to: str) -> dict[str, str]:
    return {"@id": to}


def _refs(to: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """References to all of `to`; RO-Crate wants a single one bare."""
    refs = [_ref(each) for each in to]
    return refs[0] if len(refs) == 1 else refs


def _moment(recorded: str) -> str:
    """2026-01-31T08:00:00Z as the profile writes it: 2026-01-31T08:00:00+00:00."""
    return recorded.removesuffix("Z") + "+00:00"


def _web(url: str | None) -> str:
    return url if url and url.startswith(("http://", "https://")) else ""


def _executions(
    subject: Subject, files: Mapping[str, bytes], run: Json
) -> list[tuple[Json, list[Json]]]:
    """(action, parameter values) of every executed notebook, in the order of their numbers."""
    found = []
    outputs = sorted(name for name in files if subject.holds(name) and name.endswith(".ipynb"))
    for name in outputs:
        notebook = json.loads(files[name])
        stem = PurePosixPath(name).stem
        values: list[Json] = [
            {
                "@id": f"#{stem}-{key}",
                "@type": "PropertyValue",
                "name": key,
                "value": value,
                "exampleOfWork": _ref(f"#parameter-{key}"),
            }
            for key, value in injected(notebook).items()
        ]
        listed = [item["path"] for item in (record(notebook) or {}).get("inputs", ())]
        before = (
            [other for other in outputs if other.startswith(f"{subject.folder}2_")]
            if not listed
            else []
        )  # the assessment reads the others' records
        action = {
            "@id": f"#run-{stem}",
            "@type": "CreateAction",
            "name": f"papermill {stem}",
            "instrument": _ref(template(name, files)),
            "agent": _ref("#organization"),
            "object": _refs(
                [
                    *(
                        quote(path)
                        for path in (*listed, *before, f"{subject.folder}observations.csv")
                        if path in files
                    ),
                    *(value["@id"] for value in values),
                ]
            ),
            "result": _ref(quote(name)),
            "actionStatus": "http://schema.org/CompletedActionStatus",
            **_when(run["notebooks"].get(stem, {})),
        }
        found.append((action, values))
    return found


def _when(executed: Json) -> Json:
    """Start, end, seconds, host and commit of an execution, its own also where an earlier run did
    it; of a run that recorded no times none."""
    ran = executed.get("ran") or {}
    host = ran.get("host") or {}
    told = [
        f"{executed.get('seconds', '?')} s",
        f"on {host['system']}, Python {host['python']}" if host else "",
        f"at commit {ran['commit']}" if ran.get("commit") else "",
        "in an earlier run; taken over in #run" if executed.get("reused") else "",
    ]
    times = {"startTime": _moment(ran["started"]), "endTime": _moment(ran["ended"])} if ran else {}
    return {**times, "description": ", ".join(filter(None, told))}


def _whole_run(
    subject: Subject, files: Mapping[str, bytes], run: Json, parameters: Mapping[str, Json]
) -> Json:
    """The run as a whole: from the inputs and parameters to everything that was made between its
    start and its end. Notebooks that an earlier run executed are among what it took, not among what
    it made."""
    reused = {
        f"{subject.folder}{stem}.ipynb"
        for stem, executed in run["notebooks"].items()
        if executed.get("reused")
    }
    made = [name for name in files if subject.holds(name) and name not in reused]
    inputs = [
        name
        for name in files
        if name in reused or (name.startswith(("data/", "params/")) and not subject.holds(name))
    ]
    values = [
        entity["@id"]
        for entity in parameters.values()
        if entity["@id"].startswith("#1_data_check-")
    ]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"assess {subject.plan} {subject.edition}",
        "instrument": _ref(WORKFLOW),
        "agent": _ref("#organization"),
        "startTime": _moment(run["started"]),
        "endTime": _moment(run["ended"]),
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "object": _refs([*map(quote, inputs), *values]),
        "result": _refs(map(quote, made)),
        "description": f"{run['seconds']} s",
    }


def _file(
    name: str,
    content: bytes,
    commit: str,
    tools: Sequence[str],
    software: Sequence[Json],
    parameters: Mapping[str, Json],
) -> Json:
    entity: Json = {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "encodingFormat": FORMATS.get(PurePosixPath(name).suffix, "text/plain"),
    }
    if name == "README.md":
        entity |= {"about": _ref("./")}
    if name == WORKFLOW or name in tools:
        formal = sorted({value["exampleOfWork"]["@id"] for value in parameters.values()})
        entity |= {
            "@type": ["File", "SoftwareSourceCode"],
            "programmingLanguage": _ref("#python-language"),
            "version": commit,
            "input": _refs(formal),
        }
    if name == WORKFLOW:
        entity |= {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "hasPart": _refs(tools),
            "step": _refs(f"#step-{PurePosixPath(tool).stem}" for tool in tools),
        }
        entity |= {
            "softwareRequirements": _refs(
                [*(each["@id"] for each in software), "requirements.lock"]
            )
        }
    return entity


def _steps(tools: Sequence[str]) -> list[Json]:
    return [
        {
            "@id": f"#step-{PurePosixPath(tool).stem}",
            "@type": "HowToStep",
            "position": str(k),
            "workExample": _ref(tool),
        }
        for k, tool in enumerate(tools, 1)
    ]


def _formal(values: Iterable[Json]) -> list[Json]:
    """The parameters themselves, of which the values are examples."""
    kinds = {bool: "Boolean", int: "Integer", float: "Float", str: "Text"}
    formal = {value["name"]: kinds[type(value["value"])] for value in values}
    return [
        {
            "@id": f"#parameter-{name}",
            "@type": "FormalParameter",
            "name": name,
            "additionalType": kind,
        }
        for name, kind in sorted(formal.items())
    ]


def _software(name: str, version: str) -> Json:
    url = (
        f"https://www.python.org/downloads/release/python-{version.replace('.', '')}/"
        if name == "python"
        else f"https://pypi.org/project/{name}/{version}/"
    )
    return {
        "@id": url,
        "@type": "SoftwareApplication",
        "name": name,
        "softwareVersion": version,
        "url": url,
    }


def _sources(raw: bytes) -> list[Json]:
    """sources.csv: who published what, when, where."""
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    return [
        {
            "@id": "#source-" + quote(row["id"]),
            "@type": "CreativeWork",
            "identifier": row["id"],
            "name": row["title"],
        }
        | {
            name: row[column]
            for name, column in (
                ("sourceOrganization", "publisher"),
                ("datePublished", "published"),
                ("url", "url"),
            )
            if row.get(column)
        }
        for row in rows
    ]
