"""What is known of the locked packages is told; where nobody could be asked, that is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import audit

SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
WEAK = {
    "name": "mistune",
    "version": "0.8.0",
    "vulns": [
        {"id": "PYSEC-2022-237", "fix_versions": ["2.0.3"]},
        {"id": "X-1", "fix_versions": []},
    ],
}
UNKNOWN = {"name": "ours", "skip_reason": "not found"}


def test_a_known_weakness_is_named_with_the_version_that_mends_it():
    lines, weak = audit.told("a.lock", {"dependencies": [SOUND, WEAK, UNKNOWN]}, "")
    assert weak
    assert lines == [
        "audit: mistune 0.8.0: PYSEC-2022-237, mended in 2.0.3",
        "audit: mistune 0.8.0: X-1, mended in no version yet",
        "audit: a.lock: 3 packages, data on 2, 2 known weaknesses",
    ]


@pytest.mark.parametrize(
    ("answer", "why", "line"),
    [
        (None, "offline", "audit: a.lock skipped, no data (offline)"),
        (
            {"dependencies": [UNKNOWN, UNKNOWN]},
            "",
            "audit: a.lock skipped, no data on any of its 2 packages",
        ),
    ],
)
def test_without_data_it_says_so_and_is_no_fault(answer, why, line):
    assert audit.told("a.lock", answer, why) == ([line], False)


def test_without_the_tool_it_is_skipped(monkeypatch, capsys):
    monkeypatch.setattr(audit.shutil, "which", lambda _: None)
    assert audit.main(["a.lock"]) == 0
    assert capsys.readouterr().out == "audit: a.lock skipped, no data (uv is not here)\n"


def test_a_tool_that_fails_is_quoted(monkeypatch, tmp_path):
    fake = tmp_path / "uvx"
    fake.write_text("#!/bin/sh\necho no route to host >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert audit.asked("a.lock") == (None, "no route to host")
