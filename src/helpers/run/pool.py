"""How many notebooks are executed: some at once, each in a fresh process, all finished whatever one
of them does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .. import atomic
from .engine import LIMIT, SETTLED
from .fork import ForkPool
from .inputs import CODE
from .kernel import KernelPool
from .task import Pool

DEFAULT = (
    "fork" if sys.platform == "linux" else "kernel"
)  # elsewhere a fork of loaded system libraries is not safe


@contextmanager
def workers(
    jobs: int,
    engine: str = DEFAULT,
    limit: float = LIMIT,
    cell_limit: float | None = None,
    warm: Sequence[str] = (),
) -> Iterator[Pool]:
    """A pool that executes `jobs` notebooks at once, each within `limit` seconds, each of its cells
    within `cell_limit`; modules named `warm` are imported once and not by each.

    However this process ends, what it started ends too: after an error or an interrupt it is
    stopped, and when this process is killed it notices it itself.
    """
    with atomic.scratch("assessment-") as scratch:
        settled = {
            **SETTLED,
            "MPLCONFIGDIR": _fonts_list(str(scratch)),
            "IPYTHONDIR": str(scratch),
            "JUPYTER_RUNTIME_DIR": str(scratch),
        }
        pool = {"fork": ForkPool, "kernel": KernelPool}[engine](
            jobs, settled, scratch, limit, min(limit, cell_limit or limit), warm
        )
        try:
            yield pool
        except BaseException:
            pool.kill()
            raise
        finally:
            pool.close()


def _fonts_list(scratch: str) -> str:
    """Where matplotlib keeps its list of the system's fonts: making it anew would cost as much as
    two notebooks."""
    kept = CODE.parents[1] / ".cache" / "matplotlib"
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError:
        return scratch
    return str(kept) if os.access(kept, os.W_OK) else scratch
