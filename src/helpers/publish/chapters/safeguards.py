"""保障措施: what the plan promises about its own organisation, money and supervision, and what the
evaluator finds wrong with the mechanism."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ...show.blocks import Block, Heading, Listing, Row, Sentence, Table, columns
from ...show.ledger import chapter_of, office_of
from ...show.lines import Link
from .promise import schedule

DONE, SILENT = ("done", "done_late"), ("due_no_information", "no_information")


def there(edition: dict) -> bool:
    """True where the plan names its safeguards, or a problem of mechanism is written down."""
    return bool(_promises(edition) or _problems(edition))


def _promises(edition: dict) -> list[dict]:
    promised = edition["commitments"]
    return [c for c in promised["commitments"] if chapter_of(c) in promised["safeguards"]]


def _problems(edition: dict) -> list[tuple[int, dict]]:
    said = edition["whole"].get("judgement") or {"problems": ()}
    numbered = enumerate(said["problems"], 1)
    return [(k, each) for k, each in numbered if each["kind"] == "mechanism"]


def chapter(edition: dict, w: ModuleType) -> Iterator[Block]:
    """The safeguards in short, each leading to its row among the promises; then the problems."""
    c, promises = w.chapters, _promises(edition)
    if promises:
        states = [one["schedule"] for one in promises]
        done, silent = (sum(s in codes for s in states) for codes in (DONE, SILENT))
        yield Sentence(c.safeguarded(done, silent, len(promises)))
        listed = tuple(_row(one, w) for one in promises)
        heads = columns(c.SAFEGUARD_COLUMNS, "--d-", (6, 4, 3, 3))
        yield Table(heads, listed, w.page.table_of(c.SAFEGUARDS))
    funded, total = len(edition["ledger"].funded), len(edition["commitments"]["commitments"])
    if funded:
        yield Sentence(c.funded(funded, total))
    if problems := _problems(edition):
        yield Heading(c.MECHANISM)
        links = (Link((w.judgement.numbered(k), each["text"]), f"#p-{k}") for k, each in problems)
        yield Listing(tuple(links))


def _row(one: dict, w: ModuleType) -> Row:
    title = Link(one["title"], f"#c-{one['id']}")
    due = one["due"] or w.page.NO_DUE
    return Row((title, office_of(one), due, schedule(one["schedule"], w)))
