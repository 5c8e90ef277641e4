"""What was executed, from what, to what? The answers as CreateActions of a Workflow Run RO-Crate.

Times are those of run.json; no time is given that was not recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from .executed import Json, injected, record, template
from .subject import Subject

WORKFLOW = "src/helpers/edition.py"
COMPLETED = "http://schema.org/CompletedActionStatus"


def ref(to: str) -> dict[str, str]:
    return {"@id": to}


def refs(to: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """References to all of `to`; RO-Crate wants a single one bare."""
    refs = [ref(each) for each in to]
    return refs[0] if len(refs) == 1 else refs


def _moment(recorded: str) -> str:
    """2026-01-31T08:00:00Z as the profile writes it: 2026-01-31T08:00:00+00:00."""
    return recorded.removesuffix("Z") + "+00:00"


def executions(
    subject: Subject, files: Mapping[str, bytes], run: Json
) -> list[tuple[Json, list[Json]]]:
    """(action, parameter values) of every executed notebook, in the order of their numbers."""
    outputs = sorted(name for name in files if subject.holds(name) and name.endswith(".ipynb"))
    found = []
    for name in outputs:
        notebook, stem = json.loads(files[name]), PurePosixPath(name).stem
        values = _values(stem, notebook)
        listed = [item["path"] for item in (record(notebook) or {}).get("inputs", ())]
        before = [other for other in outputs if other.startswith(f"{subject.folder}2_")]
        read = listed or before  # the assessment lists none: it reads the others' records
        taken = [path for path in (*read, f"{subject.folder}observations.csv") if path in files]
        action = {
            "@id": f"#run-{stem}",
            "@type": "CreateAction",
            "name": f"papermill {stem}",
            "instrument": ref(template(name, files)),
            "agent": ref("#organization"),
            "object": refs([*map(quote, taken), *(value["@id"] for value in values)]),
            "result": ref(quote(name)),
            "actionStatus": COMPLETED,
            **_when(run["notebooks"].get(stem, {})),
        }
        found.append((action, values))
    return found


def _values(stem: str, notebook: Json) -> list[Json]:
    return [
        {
            "@id": f"#{stem}-{key}",
            "@type": "PropertyValue",
            "name": key,
            "value": value,
            "exampleOfWork": ref(f"#parameter-{key}"),
        }
        for key, value in injected(notebook).items()
    ]


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


def whole_run(
    subject: Subject, files: Mapping[str, bytes], run: Json, parameters: Mapping[str, Json]
) -> Json:
    """The run as a whole: from the inputs and parameters to everything that was made between its
    start and its end. Notebooks that an earlier run executed are among what it took, not among what
    it made."""
    earlier = (stem for stem, ran in run["notebooks"].items() if ran.get("reused"))
    reused = {f"{subject.folder}{stem}.ipynb" for stem in earlier}
    own = [name for name in files if subject.holds(name)]
    inputs = [
        name
        for name in files
        if name in reused or (name.startswith(("data/", "params/")) and name not in own)
    ]
    values = [key for key in parameters if key.startswith("#1_data_check-")]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"assess {subject.plan} {subject.edition}",
        "instrument": ref(WORKFLOW),
        "agent": ref("#organization"),
        "startTime": _moment(run["started"]),
        "endTime": _moment(run["ended"]),
        "actionStatus": COMPLETED,
        "object": refs([*map(quote, inputs), *values]),
        "result": refs(quote(name) for name in own if name not in reused),
        "description": f"{run['seconds']} s",
    }
