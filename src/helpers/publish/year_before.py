"""What an edition says of the one of the year before: read from the earlier results.json when the
edition is made, never later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..show import changes as found, result, wording
from .notebooks import Executed


@dataclass(frozen=True)
class Earlier:
    """Last year's edition of a plan: its folder's name, the SHA-256 of its results.json, the
    records in it."""

    edition: str
    sha256: str
    records: list[dict]


def earlier(folder: Path | None) -> Earlier | None:
    """Last year's edition in `folder`, as far as its results can be read; None where there is
    none."""
    if folder is None:
        return None
    raw = (folder / "results.json").read_bytes()
    return Earlier(folder.name, hashlib.sha256(raw).hexdigest(), _records(raw))


def _records(raw: bytes) -> list[dict]:
    """The records of a results.json; none where it was spoilt since, which must not stop this
    year's page."""
    try:
        records = json.loads(raw)
    except ValueError:
        return []
    return (
        records
        if isinstance(records, list) and all(isinstance(one, dict) for one in records)
        else []
    )


def changes(executed: Sequence[Executed], last_year: Earlier | None) -> dict | None:
    """What is told of last year's edition, None without one; one written by another version of the
    records is named and not compared."""
    if last_year is None:
        return None
    before = last_year.records
    now = [one.record for one in executed if one.record.get("record") == "indicator"]
    told = {
        "edition": last_year.edition,
        "sha256": last_year.sha256,
        "comparable": bool(before) and all(one.get("schema") == result.SCHEMA for one in before),
    }
    if not told["comparable"]:
        return told
    columns, rows = found.matrix(before, now)
    name = wording.LANGUAGES[executed[-1].record["language"]].NAME
    return told | {
        "moved": [asdict(one) for one in found.moved(before, now)],
        "revised": [asdict(one) for one in found.revised(before, now)],
        "method": [asdict(one) for one in found.method(before, now)],
        "columns": columns,
        "rows": rows,
        "new": [one[name] for one in found.unmatched(before, now)],
        "lost": [one[name] for one in found.unmatched(now, before)],
    }
