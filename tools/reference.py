"""The reference chapters, read from the code when the site is built: a hook of mkdocs (`make
docs`)."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import typing
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from helpers import cli  # noqa: E402
from helpers.intake import (  # noqa: E402
    choices,
    closed,
    contract,
    facts,
    observations,
    promise_rows,
    promises,
    sentences,
    succession,
    what_if,
)
from helpers.measure import final, forecast, verdict  # noqa: E402
from helpers.show import comparison, monitor_record, result  # noqa: E402

FILES = {
    "plan.yml": facts.Plan,
    "indicators/<id>.yml": facts.Indicator,
    "context.yml": facts.ContextFile,
    "commitments.yml": promises.CommitmentsFile,
    "coverage.yml": sentences.CoverageFile,
    "bridge.yml": succession.Bridge,
    "memory.yml": closed.MemoryFile,
    "run.yml": choices.Choices,
    "scenarios/<name>.yml": what_if.Scenario,
    "a file for one run (make check FILE=…)": choices.Parameters,
}


def make_verbs() -> str:
    """What `make help` prints."""
    return (
        "```text\n"
        + subprocess.run(
            ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        + "```"
    )


def command_line() -> str:
    """Every verb with its help, as click prints it."""
    root = click.Context(cli.verbs, info_name="python -m helpers", max_content_width=110)
    shown = [command for name, command in sorted(cli.verbs.commands.items()) if not command.hidden]

    def help_of(verb: click.Command) -> str:
        under = click.Context(verb, parent=root, info_name=verb.name, max_content_width=110)
        return verb.get_help(under)

    return "\n\n".join(f"## {verb.name}\n\n```text\n{help_of(verb)}\n```" for verb in shown)


def tables_of_fields() -> str:
    """One table a file: field, type, default; the parts of a file under it."""
    return "\n\n".join(
        f"## `{name}`\n\n" + "\n\n".join(_table(part) for part in _parts(cls))
        for name, cls in FILES.items()
    )


def _parts(cls: type) -> list[type]:
    """`cls` and every dataclass a file of it may hold, each once."""
    found = [cls]
    for part in found:
        for hint in _written(part).values():
            found += [one for one in _inside(hint) if is_dataclass(one) and one not in found]
    return found


def _written(cls: type) -> dict[str, object]:
    """Field → type of what stands in a file; what is computed from it does not."""
    hints = typing.get_type_hints(cls)
    return {f.name: hints[f.name] for f in fields(cls) if not f.metadata.get("computed")}


def _inside(hint: object) -> list:
    return (
        [hint]
        if isinstance(hint, type)
        else [one for argument in typing.get_args(hint) for one in _inside(argument)]
    )


def _table(cls: type) -> str:
    defaults = {
        f.name: "must be there" if f.default is MISSING else f"`{f.default!r}`" for f in fields(cls)
    }
    rows = [
        f"| `{name}` | `{_type(hint)}` | {defaults[name]} |" for name, hint in _written(cls).items()
    ]
    says = _says(cls)
    return "\n".join(
        [
            f"**{cls.__name__}**" + (f": {says}" if says else ""),
            "",
            "| field | type | default |",
            "|---|---|---|",
            *rows,
        ]
    )


def _says(cls: type) -> str:
    """The first paragraph of its docstring; nothing where it has none of its own."""
    text = inspect.getdoc(cls) or ""
    return (
        "" if text.startswith(f"{cls.__name__}(") else " ".join(text.partition("\n\n")[0].split())
    )


def _type(hint: object) -> str:
    """As it is written in the code; a bar in a code span divides no cell in Python-Markdown, so
    none is escaped."""
    return (
        hint.__name__
        if isinstance(hint, type)
        else re.sub(r"\b(?:typing|helpers\.intake\.facts)\.", "", str(hint))
    )


def formats() -> str:
    """The columns of every table, the words of every code."""
    tables = {
        "observations.csv, context.csv (in)": (
            *contract.OBSERVATIONS,
            *contract.OBSERVATIONS_OPTIONAL,
        ),
        "sources.csv (in)": (*contract.SOURCES, *contract.SOURCES_OPTIONAL),
        "commitments.csv (in)": (*promise_rows.COMMITMENTS, *promise_rows.COMMITMENTS_OPTIONAL),
        "funds.csv (in)": (*promise_rows.FUNDS, *promise_rows.FUNDS_OPTIONAL),
        "searches.csv (in)": (*promise_rows.SEARCHES, *promise_rows.SEARCHES_OPTIONAL),
        "observations.csv (of an edition)": observations.COLUMNS,
        "results.csv": result.COLUMNS,
        "compare.csv": comparison.COLUMNS,
        "moves.csv (of a monitored period)": monitor_record.MOVES,
    }
    words = {
        "status of a row": (*contract.STATUSES, f"{observations.ASSUMED} (only under a scenario)"),
        "bound": contract.BOUNDS,
        "status": verdict.STATUSES,
        "final": final.FINALS,
        "model": forecast.NAMES,
        "rule": verdict.RULES,
    }
    columns = "\n\n".join(
        f"## {name}\n\n{' '.join(f'`{column}`' for column in columns)}"
        for name, columns in tables.items()
    )
    return (
        columns
        + "\n\n## Words\n\n| field | may be |\n|---|---|\n"
        + "\n".join(
            f"| {name} | {' '.join(f'`{one}`' for one in values)} |"
            for name, values in words.items()
        )
    )


def meaning() -> str:
    """params/README.md without its title, one level down, its links as from docs/reference/."""
    text = (
        (ROOT / "params" / "README.md")
        .read_text("utf-8")
        .partition("\n")[2]
        .replace("](../docs/", "](../")
    )
    return "## What they mean\n" + re.sub(r"^## ", "### ", text, flags=re.MULTILINE)


CHAPTERS = {
    "make": make_verbs,
    "cli": command_line,
    "fields": tables_of_fields,
    "params": meaning,
    "formats": formats,
}


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for each page: every @@name@@ on a line of its own becomes the chapter of
    that name."""
    return re.sub(r"^@@(\w+)@@$", lambda found: CHAPTERS[found[1]](), markdown, flags=re.MULTILINE)


def on_page_content(html: str, **_: object) -> str:
    """Called by mkdocs for each page: what is wider than a phone scrolls by itself, by keyboard
    too."""
    frame = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
    html = html.replace("<table>", f"{frame}<table>").replace("</table>", "</table></div>")
    html = html.replace("<pre>", '<pre tabindex="0">').replace("<th></th>", "<td></td>")
    return html.replace("<th>", '<th scope="col">')
