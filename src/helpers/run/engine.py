"""How one notebook is executed: by papermill, in a fresh process, leaving the same bytes every
time.

What differs between two honest runs (times, host, absolute paths) is taken out of the notebook and
returned beside it.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import atomic
from . import moments

# seconds a cell, and a notebook, may take: what computes longer is not one of ours, it hangs
LIMIT = 120.0
STREAM_CHARACTERS = (
    1_000_000  # kept of one stream of one cell: more is a loop that prints, not a result
)
CELL_OUTPUTS = 1_000  # kept of one cell, for the same reason
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SETTLED = {  # whatever may change the digits or the order of an output, fixed for every kernel
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "NO_COLOR": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONNOUSERSITE": "1",
    "JUPYTER_NO_CONFIG": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
TOLD = 300  # characters of a reason: a message may quote a whole picture
CELL_FILE = re.compile(r"\bipykernel_\d+/(\d+\.py)")
SCALARS = (str, int, float, bool)


@dataclass(frozen=True)
class Job:
    """One notebook to execute: where it lies, where the executed one goes, the values of its
    parameters cell.

    `warm` names packages that what comes after it needs: they are imported while it runs.
    """

    name: str
    notebook: Path
    output: Path
    parameters: Mapping[str, object] = field(default_factory=dict)
    warm: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[Path, ...]:
        return (self.output,)


@dataclass(frozen=True)
class Call:
    """One function to call in a process of its own, `package.module:name`: what is no notebook but
    takes as long.

    It is given its working directory and `arguments` (plain values), writes `outputs` and returns a
    plain value. `warm` names packages it needs beside those notebooks need.
    """

    name: str
    function: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    outputs: tuple[Path, ...] = ()
    warm: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a job: `error` is empty when it succeeded, else the cell and the reason in one
    line.

    `seconds` of the clock, `cpu` seconds of its process and those it started, `memory` at its peak
    in MB; `undeclared` the first file it read that is none of its inputs, or what it did that
    cannot be observed ("" nothing, None not observed); `value` what a call returned; `reused` where
    nothing had changed and nothing was executed; `ran` when and where it was executed (`moments`),
    and the commit it was executed at.
    """

    name: str
    seconds: float
    error: str = ""
    cpu: float | None = None
    memory: float | None = None
    undeclared: str | None = None
    value: object = None
    reused: bool = False
    ran: Mapping[str, object] = field(default_factory=dict)


def execute(
    job: Job, folder: Path, engine: str = "kernel", limit: float = LIMIT, **options: object
) -> Outcome:
    """Execute `job` with `folder` as working directory. Never raises for what the notebook does:
    that is the outcome.

    `engine` is one papermill knows, or `kernel` for its own; `limit` is for a cell, `options` go to
    the engine.
    """
    import papermill
    from traitlets.config import Config

    started, began = time.monotonic(), time.time()
    if engine == "kernel":  # sockets in a folder: no port is opened
        options |= {
            "start_timeout": LIMIT,
            "execution_timeout": int(limit),
            "config": Config({"KernelManager": {"transport": "ipc", "ip": _socket()}}),
        }
    try:
        _checked(job)
        papermill.execute_notebook(
            str(job.notebook),
            str(job.output),
            parameters=dict(job.parameters),
            kernel_name=KERNEL["name"],
            cwd=str(folder),
            engine_name=None if engine == "kernel" else engine,
            request_save_on_cell_execute=engine == "kernel",
            progress_bar=False,
            log_output=False,
            record_timing=False,
            **options,
        )
        if engine == "kernel":
            settle(job.output)  # `fork` writes it so
    except (
        Exception
    ) as error:  # the boundary of one job: whatever went wrong is reported, the others go on
        return Outcome(job.name, time.monotonic() - started, _told(error, job.output))
    return Outcome(job.name, time.monotonic() - started, ran=moments.ran(began))


def call(job: Call, folder: Path) -> Outcome:
    """Call what `job` names; an error is the outcome."""
    started, began = time.monotonic(), time.time()
    module, _, name = job.function.partition(":")
    try:
        value = getattr(importlib.import_module(module), name)(folder, **job.arguments)
    except Exception as error:
        return Outcome(job.name, time.monotonic() - started, f"{type(error).__name__}: {error}")
    return Outcome(job.name, time.monotonic() - started, value=value, ran=moments.ran(began))


def _socket() -> str:
    """A path of its own for the sockets of the next kernel; short, since the system allows about
    100 characters."""
    return os.path.join(
        os.environ.get("JUPYTER_RUNTIME_DIR") or tempfile.gettempdir(),
        f"{os.getpid()}-{time.monotonic_ns()}",
    )


def _checked(job: Job) -> None:
    """Papermill executes parameter names as code: only short ASCII scalars for names the notebook
    declares are let through."""
    declared = parameters_of(json.loads(job.notebook.read_text("utf-8")))
    for name, value in job.parameters.items():
        if name not in declared:
            raise ValueError(
                f"{job.notebook.name} has no parameter {name!r}; it has "
                f"{', '.join(sorted(declared))}"
            )
        if not isinstance(value, SCALARS) or not str(value).isascii() or len(str(value)) > 100:
            raise ValueError(
                f"parameter {name} of {job.name} must be a short ASCII scalar, not {value!r}"
            )


def parameters_of(notebook: dict) -> set[str]:
    """The names assigned in the cell tagged `parameters`."""
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            return set(re.findall(r"^([a-z_]\w*) *=", "".join(cell["source"]), re.MULTILINE))
    return set()


def _told(error: Exception, output: Path) -> str:
    """The failing cell (counted from 1 among all cells) and the last line of its error."""
    last = (getattr(error, "evalue", "") or str(error)).strip().splitlines() or [""]
    name = getattr(error, "ename", "") or type(error).__name__
    cell = _failing_cell(output)
    return f"{f'cell {cell}: ' if cell else ''}{name}: {last[0][:TOLD]}"


def _failing_cell(output: Path) -> int | None:
    try:
        cells = json.loads(output.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    ours = [
        cell for cell in cells if "papermill-error-cell-tag" not in cell["metadata"].get("tags", ())
    ]  # papermill puts up signs
    bad = (
        k
        for k, cell in enumerate(ours, 1)
        if any(out.get("output_type") == "error" for out in cell.get("outputs", ()))
    )
    return next(bad, None)


def settle(path: Path) -> None:
    """Rewrite an executed notebook so that two honest runs give the same bytes (written beside,
    synced, renamed)."""
    write(path, settled(json.loads(path.read_text("utf-8"))))


def settled(notebook: dict) -> str:
    """The text of an executed notebook without what differs between two honest runs."""
    notebook["metadata"] = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in notebook["cells"]:
        for name in ("papermill", "execution"):
            cell["metadata"].pop(name, None)
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            cell["id"] = "injected-parameters"
            cell["source"] = (
                [line for line in cell["source"] if not line.startswith("# Parameters")]
                if isinstance(cell["source"], list)
                else cell["source"]
            )
        if cell["cell_type"] == "code":
            cell["outputs"] = _counted(_streams_joined(cell["outputs"]))
            for output in cell["outputs"]:
                _without_process(output)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _streams_joined(outputs: list[dict]) -> list[dict]:
    """Neighbouring pieces of one stream as one: how they are cut depends on timing."""
    joined: list[dict] = []
    for output in outputs:
        previous = joined[-1] if joined else {}
        if (
            output["output_type"] == "stream"
            and previous.get("output_type") == "stream"
            and previous["name"] == output["name"]
        ):
            previous["text"] = "".join(previous["text"]) + "".join(output["text"])
        else:
            joined.append(output)
    return joined


def _counted(outputs: list[dict]) -> list[dict]:
    """The first `CELL_OUTPUTS` of a cell, with a note where there were more."""
    if len(outputs) <= CELL_OUTPUTS:
        return outputs
    return [
        *outputs[:CELL_OUTPUTS],
        {
            "output_type": "stream",
            "name": "stderr",
            "text": f"[cut here: this cell has more than {CELL_OUTPUTS} outputs]\n",
        },
    ]


def _without_process(output: dict) -> None:
    """The number of the process out of the names a kernel gives to cells; an endless stream cut,
    with a note."""
    if output["output_type"] == "stream":
        text = "".join(output["text"])
        if len(text) > STREAM_CHARACTERS:
            text = (
                f"{text[:STREAM_CHARACTERS]}\n[cut here: {output['name']} of this cell is longer "
                f"than {STREAM_CHARACTERS} characters]\n"
            )
        output["text"] = CELL_FILE.sub(r"ipykernel/\1", text).splitlines(keepends=True)
    elif output["output_type"] == "error":
        output["traceback"] = [CELL_FILE.sub(r"ipykernel/\1", line) for line in output["traceback"]]


def write(path: Path, text: str) -> None:
    """Put `text` at `path`, whole or not at all. Its folder is neither listed nor opened, which a
    notebook's process would be heard to do. A table begins with a byte order mark, without which
    a spreadsheet takes Chinese for something else."""
    code = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
    with atomic.beside(path, text.encode(code), tidy=False) as made:
        os.replace(made, path)
