"""Bytecode that goes by content: an edit of the same size and time is compiled, not run as it
was."""

import importlib.util
import py_compile
import sys
from pathlib import Path

BY_CONTENT = 0b11  # flags of a .pyc, PEP 552: checked against the hash of its source


def settle(folder: Path = Path(__file__).parent) -> None:
    """Compile anew whatever the interpreter compiled by time and size; where that cannot be
    written, it is removed or stays."""
    for path in folder.rglob(f"__pycache__/*.{sys.implementation.cache_tag}.pyc"):
        try:
            with open(path, "rb") as file:
                flags = int.from_bytes(file.read(8)[4:], "little")
            source = Path(importlib.util.source_from_cache(str(path)))
            if flags == BY_CONTENT or not source.is_file():
                continue
            py_compile.compile(
                str(source),
                str(path),
                invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
            )
        except (OSError, ValueError, SyntaxError):
            continue
