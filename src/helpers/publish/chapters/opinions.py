"""What people asked say and experts judge: shares with n and interval, whether they changed, mean
scores and agreement."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show import marks
from ...show.blocks import Block, Heading, Sentence, Table, columns, rows
from ...show.lines import Small, separated


def there(edition: dict) -> bool:
    """True where anybody was asked by the assessed year."""
    told = edition["whole"].get("opinions") or {}
    return bool(told.get("surveys") or told.get("experts"))


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """Each question with its waves, then the experts of each year."""
    told, o = edition["whole"]["opinions"], w.opinions
    yield Sentence(o.NOTE)
    for one in told["surveys"]:
        yield Heading(one["text"])
        about = (one["respondents"], one["method"], o.design(one["design_effect"]))
        yield Sentence(Small(separated(about, w.SEMICOLON)))
        listed = [(*o.wave(wave), _sources(wave, edition, w)) for wave in one["waves"]]
        heads = columns((*o.SURVEY_COLUMNS[1:], o.SOURCE), "nnnn---", (1.5, 1.5, 2, 3, 5, 4, 4))
        yield Table(heads, rows(listed), w.page.table_of(one["text"]))
        yield Sentence(Small(o.answers(one["waves"][-1])))
    for panel in told["experts"]:
        title = o.panel(panel)
        yield Heading(title)
        yield Sentence(o.agreed(panel))
        listed = [o.scored(item) for item in panel["items"]]
        yield Table(columns(o.EXPERT_COLUMNS[1:-1], "-nnn", (6, 2, 2, 3)), rows(listed), title)
        yield Sentence(Small((o.SOURCE, w.COLON, _sources(panel, edition, w))))


def _sources(one: dict, edition: dict, w: ModuleType):
    return separated([marks.source(name, edition) for name in one["sources"]], w.LISTING)
