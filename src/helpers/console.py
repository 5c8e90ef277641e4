"""What every verb of the command line shares: exit codes, how findings and paths are printed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from .intake.finding import Finding

DONE, BAD_INPUT, USED_WRONGLY, FAILED = 0, 1, 2, 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
