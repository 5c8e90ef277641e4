"""What every verb of the command line shares: exit codes, how findings and paths are printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from .intake.finding import Finding

DONE, BAD_INPUT, USED_WRONGLY, FAILED = 0, 1, 2, 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PLAN = click.option("--plan", help="A folder of params/ (default: every plan).")
ONE_PLAN = click.option("--plan", required=True, help="A folder of params/.")
YEAR = click.option("--year", type=int, help="Assessment year (default: the plan's own).")
KNOWN_BY = click.option(
    "--known-by", default="", help="Only what was published by this date (2024-03-31)."
)
LANGUAGE = click.option(
    "--report-lang", default="zh", show_default=True, help="Language of the report: zh, en."
)


def told(findings: Sequence[Finding], passed: str) -> int:
    """Print every finding, and `passed` where none is more than a warning; the exit code."""
    for finding in findings:
        click.echo(f"提醒 {finding}" if finding.warning else str(finding))
    if any(not finding.warning for finding in findings):
        return BAD_INPUT
    click.echo(passed)
    return DONE


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def shown(path: Path) -> str:
    return os.path.relpath(path)


def leave(message: object, code: int, error: BaseException | None = None) -> NoReturn:
    """End with a sentence and an exit code; with --debug with the traceback of `error`."""
    if error is not None and "--debug" in sys.argv:
        raise error
    click.echo(str(message), err=True)
    sys.exit(code)
