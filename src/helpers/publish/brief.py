"""The brief of an edition: one sheet of A4 for who has two minutes."""

from __future__ import annotations

from ..show import card, wording
from .report import _rendered


def page(facts: dict) -> str:
    """One sheet of A4 for who has two minutes, from what the page is made from."""
    watched = [
        one for one in facts["indicators"] if one["alert_code"] in ("red", "orange", "yellow")
    ]
    offices: dict[str, list[str]] = {}
    for row in facts["check"]["missing"]:
        offices.setdefault(row["office"], []).append(facts["names"][row["id"]])
    alerted, w = (
        sorted(watched, key=lambda one: -facts["severity"][one["alert_code"]]),
        wording.LANGUAGES[facts["whole"]["language"]],
    )
    more = {
        "alerted": [(one["name"], card.short(one, w)) for one in alerted],
        "headings": (w.page.TABLE_COLUMNS[0], *card.short_headings(w)),
        "asked": [{"office": office, "names": names} for office, names in offices.items()],
    }
    return _rendered({**facts, **more}, "brief.html.j2", script=False)
