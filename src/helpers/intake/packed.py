"""May a packed file of an office, a .xlsx or .docx, be opened? Asked before a library unpacks it.

Nothing is ever unpacked to disk; yet a bomb fills memory, and of two parts of one name one program
shows the first and another takes the last.
"""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

UNPACKED = 60_000_000  # bytes; ours have a few hundred thousand


def problem(path: Path) -> str:
    """Why the file must not be opened; empty where it may. Raises what `zipfile` raises of what is
    no zip."""
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
    names = [part.orig_filename for part in parts]
    if sum(part.file_size for part in parts) > UNPACKED:
        return "解压后过大"
    if len({name.casefold() for name in names}) < len(names):
        return "里面有两个同名的部件，各种软件取的不是同一个"
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        return "里面部件的名称指向文件之外"
    links = [part for part in parts if stat.S_ISLNK(part.external_attr >> 16)]
    return "里面有符号链接" if links else ""
