"""What is in the bag and where does each file come from? The answer as a Workflow Run RO-Crate 0.5
(ro-crate-metadata.json).

The workflow is edition.py; the notebooks are its tools; every executed notebook is the result of a
CreateAction that names its notebook, its inputs and the values of its parameters. Times are those
of run.json; no time is given that was not recorded.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from .actions import WORKFLOW, executions, ref, refs, whole_run
from .executed import Json
from .subject import Keeper, Subject

RUN = "https://w3id.org/ro/wfrun"
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
DESCRIPTOR: Json = {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    "conformsTo": refs(["https://w3id.org/ro/crate/1.1", list(PROFILES)[-1]]),
    "about": ref("./"),
}
ORGANIZATION: Json = {"@id": "#organization", "@type": "Organization"}
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


def metadata(
    subject: Subject, keeper: Keeper, commit: str, date: str, files: Mapping[str, bytes], run: Json
) -> bytes:
    """ro-crate-metadata.json for the payload `files` (path below data/ → content); `run` is
    run.json as a dict."""
    ran = executions(subject, files, run)
    actions = [action for action, _ in ran]
    values = {value["@id"]: value for _, given in ran for value in given}
    whole, formal = whole_run(subject, files, run, values), _formal(values.values())
    tools = sorted({action["instrument"]["@id"] for action in actions})
    versions = {**run["versions"], "python": run["host"]["python"]}
    software = [_software(name, versions[name]) for name in sorted(versions)]
    sources, people = _sources(subject, files), _people(keeper)
    linked = {"mentions": [whole, *actions], "author": [*people, ORGANIZATION], "citation": sources}
    roles = _roles(commit, tools, software, formal)
    graph = [
        *(DESCRIPTOR, _root(subject, keeper, commit, date, files, linked)),
        *(*_subjects(subject, keeper), *people, *_terms(keeper, run["host"]["python"])),
        *(*software, *sources, whole, *actions, *values.values(), *formal),
        *(_file(name, content) | roles.get(name, {}) for name, content in files.items()),
        *_steps(tools),
    ]
    written = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1)
    return f"{written}\n".encode()


def _root(
    subject: Subject,
    keeper: Keeper,
    commit: str,
    date: str,
    files: Mapping[str, bytes],
    linked: Mapping[str, Sequence[Json]],
) -> Json:
    """The crate itself; `linked`: by what it is related to which entities."""
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{subject.title}（{subject.edition}）证据包",
        "description": "已执行的 notebook、输入、代码、环境与结果：一次年度评估的全部证据。"
        " Executed notebooks, inputs, code, environment and results of one assessment.",
        "datePublished": date,
        "license": ref(keeper.licence.url),
        "conditionsOfAccess": keeper.rights,
        "conformsTo": refs(PROFILES),
        "mainEntity": ref(WORKFLOW),
        "hasPart": refs(map(quote, files)),
        **{name: refs(entity["@id"] for entity in those) for name, those in linked.items()},
        "publisher": ref("#organization"),
        "about": ref("#plan"),
        "version": commit,
    } | ({"isBasedOn": list(subject.code)} if subject.code else {})


def _subjects(subject: Subject, keeper: Keeper) -> list[Json]:
    """The plan that was assessed, and who assessed it."""
    url = {"url": keeper.organization.url} if keeper.organization.url else {}
    return [
        {
            "@id": "#plan",
            "@type": "CreativeWork",
            "identifier": subject.plan,
            **{name: value for name, value in subject.document.items() if value},
        },
        {**ORGANIZATION, "name": keeper.organization.name, **url},
    ]


def _people(keeper: Keeper) -> list[Json]:
    return [
        {
            "@id": _web(person.url) or f"#person-{k}",
            "@type": "Person",
            "name": person.name,
            "jobTitle": person.role,
            "affiliation": ref("#organization"),
        }
        for k, person in enumerate(keeper.people, 1)
    ]


def _terms(keeper: Keeper, python: str) -> list[Json]:
    """The licence, the profiles followed, the language of the code."""
    work, home = {"@type": "CreativeWork"}, "https://www.python.org/"
    licence = {"name": keeper.licence.name, "description": keeper.rights}
    language = {"@type": "ComputerLanguage", "name": "Python", "version": python}
    return [
        {"@id": keeper.licence.url, **work, **licence},
        *(
            {"@id": profile, **work, "name": name, "version": version}
            for profile, (name, version) in PROFILES.items()
        ),
        {"@id": "#python-language", **language, "url": home, "identifier": home},
    ]


def _web(url: str | None) -> str:
    return url if url and url.startswith(("http://", "https://")) else ""


def _file(name: str, content: bytes) -> Json:
    return {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "encodingFormat": FORMATS.get(PurePosixPath(name).suffix, "text/plain"),
    }


def _roles(
    commit: str, tools: Sequence[str], software: Sequence[Json], formal: Sequence[Json]
) -> dict[str, Json]:
    """What some files are beside files: notebooks are programs, the workflow is one of programs."""
    program: Json = {
        "@type": ["File", "SoftwareSourceCode"],
        "programmingLanguage": ref("#python-language"),
        "version": commit,
        "input": refs(parameter["@id"] for parameter in formal),
    }
    required = [*(package["@id"] for package in software), "requirements.lock"]
    workflow = {
        "@type": [*program["@type"], "ComputationalWorkflow", "HowTo"],
        "hasPart": refs(tools),
        "step": refs(f"#step-{PurePosixPath(tool).stem}" for tool in tools),
        "softwareRequirements": refs(required),
    }
    return {
        "README.md": {"about": ref("./")},
        **dict.fromkeys(tools, program),
        WORKFLOW: program | workflow,
    }


def _steps(tools: Sequence[str]) -> list[Json]:
    return [
        {
            "@id": f"#step-{PurePosixPath(tool).stem}",
            "@type": "HowToStep",
            "position": str(k),
            "workExample": ref(tool),
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


def _sources(subject: Subject, files: Mapping[str, bytes]) -> list[Json]:
    """sources.csv: who published what, when, where."""
    raw = files.get(f"data/raw/{subject.plan}/sources.csv", b"")
    terms = {"sourceOrganization": "publisher", "datePublished": "published", "url": "url"}
    return [
        {
            "@id": "#source-" + quote(row["id"]),
            "@type": "CreativeWork",
            "identifier": row["id"],
            "name": row["title"],
            **{term: row[column] for term, column in terms.items() if row.get(column)},
        }
        for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    ]
