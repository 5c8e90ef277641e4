"""The command line: one verb, one call. Exit codes: 0 done, 1 bad input, 2 used wrongly, 3 failed
while running."""

from __future__ import annotations

import errno
from pathlib import Path

import click

from . import (
    __version__,
    cli_assess,
    cli_evidence,
    cli_inputs,
    cli_papers,
    cli_plans,
    cli_province,
    cli_rules,
)
from .console import BAD_INPUT, FAILED, USED_WRONGLY, leave, shown
from .intake.finding import Refused, Unknown

NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}
GROUPS = (
    cli_assess,
    cli_evidence,
    cli_papers,
    cli_rules,
    cli_inputs,
    cli_plans,
    cli_province,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def verbs(debug: bool) -> None:
    """Reproducible evaluation of a five-year plan."""


for group in GROUPS:
    for verb in group.VERBS:
        verbs.add_command(verb)


def main() -> None:
    """Run a verb; an error is one sentence and an exit code, a traceback only with --debug."""
    try:
        verbs(prog_name="helpers", standalone_mode=False)
    except Refused as error:
        leave(error, BAD_INPUT)
    except (Unknown, click.UsageError) as error:
        leave(
            error.format_message() if isinstance(error, click.UsageError) else error, USED_WRONGLY
        )
    except (KeyboardInterrupt, click.exceptions.Abort) as error:
        leave("stopped; the previous edition was left as it is", FAILED, error)
    except Exception as error:  # the boundary of the program: anything else failed while running
        reason = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError) and error.errno in NO_WRITING:
            where = shown(Path(error.filename)) if error.filename else "the disk"
            reason = f"{where}: {error.strerror}; make it writable or make room, then run again"
        leave(reason, FAILED, error)
