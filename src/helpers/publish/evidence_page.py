"""证据清单: the one sheet of A4 that goes into the file with a bag."""

from __future__ import annotations

from collections.abc import Mapping

from .rendered import rendered


def page(sheet: Mapping[str, object]) -> str:
    """The sheet as a page; what stands on it is chosen in `archive.sheet`."""
    return rendered({"whole": {"language": "zh"}, "sheet": sheet}, "sheet.html.j2", script=False)
