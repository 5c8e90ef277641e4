"""An executed notebook is validated once and written once; papermill and nbformat do both again and
again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import nbbase
from nbformat.v4.rwbase import split_lines, strip_transient
from papermill.execute import ERROR_MARKER_TAG
from papermill.iorw import write_ipynb

from .engine import settled, write


@contextmanager
def validated_as_a_whole() -> Iterator[None]:
    """nbformat validates every output as it is made; `written` validates all of them, once."""
    each, nbbase.validate = nbbase.validate, lambda *_, **__: None
    try:
        yield
    finally:
        nbbase.validate = each


def written(nb: NotebookNode, path: str) -> None:
    """What papermill calls to write an executed notebook: to the disk once, as `settle` would leave
    it. One that failed is written as papermill does. Raises ValidationError."""
    if any(ERROR_MARKER_TAG in cell.metadata.get("tags", ()) for cell in nb.cells):
        write_ipynb(nb, path)
        return
    nbformat.validate(nb)
    write(Path(path), settled(strip_transient(split_lines(nb))))
