"""Are weaknesses known of the locked packages? pip-audit asks, in an environment of its own.

    python tools/audit.py [LOCK …]

Prints a line a lock and one a weakness; where nobody could be asked, one that says so. Exit code 1
where a weakness is known, else 0: without network nothing is known, and that is no fault.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TOOL = "pip-audit==2.10.1"
LOCKS = ("requirements.lock", "requirements-lint.lock")
SECONDS = 300


def asked(lock: str) -> tuple[Mapping[str, Any] | None, str]:
    """(pip-audit's answer, else None; its last word)."""
    if not shutil.which("uvx"):
        return None, "uv is not here"
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        options = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")
        command = ["uvx", "--quiet", TOOL, *options, "--output", str(found), "-r", lock]
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None, f"no answer in {SECONDS} s"
        if found.is_file() and found.stat().st_size:
            return json.loads(found.read_text("utf-8")), ""
    return None, (ran.stderr.strip().splitlines() or ["no word of why"])[-1][:200]


def told(lock: str, answer: Mapping[str, Any] | None, why: str) -> tuple[list[str], bool]:
    """(lines to print, whether a weakness is known)."""
    if answer is None:
        return [f"audit: {lock} skipped, no data ({why})"], False
    packages = answer["dependencies"]
    known = [one for one in packages if "skip_reason" not in one]
    if not known:
        return [f"audit: {lock} skipped, no data on any of its {len(packages)} packages"], False
    weak = [(one, each) for one in known for each in one["vulns"]]
    lines = [
        f"audit: {one['name']} {one['version']}: {each['id']}, mended in "
        f"{', '.join(each['fix_versions']) or 'no version yet'}"
        for one, each in weak
    ]
    counted = f"{len(packages)} packages, data on {len(known)}, {len(weak)} known weaknesses"
    return [*lines, f"audit: {lock}: {counted}"], bool(weak)


def main(locks: list[str]) -> int:
    weak = False
    for lock in locks or LOCKS:
        lines, found = told(lock, *asked(lock))
        print("\n".join(lines))
        weak |= found
    return int(weak)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
