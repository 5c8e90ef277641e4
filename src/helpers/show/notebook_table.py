"""A table of words as a notebook shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas

from . import wording

pandas.set_option(
    "display.max_colwidth", None, "display.max_rows", 500
)  # a clause is never cut with an ellipsis


class Table(pandas.DataFrame):
    """A DataFrame of words: shown left-aligned and without row numbers. Text from data is
    escaped."""

    @property
    def _constructor(self):
        return Table

    def _repr_html_(self) -> str:
        html = self.to_html(index=False, border=0, escape=True)
        return (
            html.replace("<td>", '<td style="text-align:left">')
            .replace("<th>", '<th style="text-align:left">')
            .replace("text-align: right", "text-align: left")
        )

    def __repr__(self) -> str:
        return self.to_string(index=False)


def pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Terms and what is said of each."""
    return Table(rows, columns=list(wording.PAIR_COLUMNS))


def named(name: str, rows: Sequence[tuple]) -> Table:
    """Rows under the headings of that table in `wording.page.TABLE`."""
    return Table(rows, columns=list(wording.page.TABLE[name]))
