"""The page of a draft that was gone through: what stands on it is chosen in `intake.draft`."""

from __future__ import annotations

from collections.abc import Mapping

from .rendered import rendered


def page(draft: Mapping[str, object]) -> str:
    """lint.html: how many findings of which kind, then each with its sentence, why, and a wording
    that can be evaluated."""
    return rendered({"whole": {"language": "zh"}, "draft": draft}, "draft.html.j2", script=False)
