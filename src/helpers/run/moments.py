"""When and where did something run? In UTC, to the second; the machine by its kind."""

from __future__ import annotations

import os
import platform
import time
from functools import cache


def moment(seconds: float) -> str:
    """Seconds since 1970 as 2026-01-31T08:00:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@cache
def host() -> dict[str, object]:
    """System, Python and number of cores; asked once, because the answer is read from files."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }


def ran(started: float) -> dict[str, object]:
    """Start, end and host of what began at `started` and ends now."""
    return {"started": moment(started), "ended": moment(time.time()), "host": host()}
