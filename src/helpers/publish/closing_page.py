"""The page of a plan that has ended: final words, late fulfilments, what never could be judged,
lessons."""

from __future__ import annotations

from collections.abc import Mapping

from .rendered import rendered


def page(closing: Mapping[str, object]) -> str:
    """closing.html; what stands on it is chosen in `show.closing`."""
    facts = {"whole": {"language": "zh"}, "closing": closing}
    return rendered(facts, "closing.html.j2", script=False)
