"""An office's row says on which basis it owns its promises; a chapter owns none."""

from helpers.publish.chapters import commitments
from helpers.show import wording
from helpers.show.blocks import Table
from helpers.show.ledger import Group
from helpers.show.lines import plain

ZH = wording.LANGUAGES["zh"]
GROUPS = (Group("甲", {"done": 1, "late": 3}, ("suggested",)),)


def first_row(name: str) -> list[str]:
    blocks = commitments._grouped(name, GROUPS, ("done", "late", "unclear"), ZH)
    (table,) = [block for block in blocks if isinstance(block, Table)]
    return [plain(cell.line) for cell in table.rows[0].drawn]


def test_a_chapter_is_named_alone_and_an_office_with_its_basis():
    assert first_row("chapter") == ["甲", "1", "3", "", "4"]
    assert ZH.BASIS["suggested"] in first_row("office")[0]
