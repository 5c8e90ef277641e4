"""The words a reader sees, in the language an assessment is read in: `zh` and `en` are tables of the same names.

`speak("en")` chooses for the process; a notebook speaks one language, and so does the page made from its records. Every
other module asks `wording.STATUS`, `wording.conclusion(said)`, … and does not know which language answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from . import en, zh

if TYPE_CHECKING:  # every table has the names and types of this one; tests compare the names
    from . import (  # noqa: F401
        zh_chapters as chapters,
        zh_closing as closing,
        zh_explained as case,
        zh_judgement as judgement,
        zh_ledger as ledger,
        zh_opinions as opinions,
        zh_overview as province,
        zh_page as page,
        zh_protocol as protocol,
        zh_summary as summary,
        zh_targets as targets,
    )
    from .zh import *

LANGUAGES: dict[str, ModuleType] = {"zh": zh, "en": en}
_spoken: ModuleType = zh


def speak(language: str) -> None:
    """Use the words of `language` from now on. Raises ValueError for one without a table."""
    global _spoken
    if language not in LANGUAGES:
        raise ValueError(f"there is no report language {language!r}; choose one of {', '.join(LANGUAGES)}")
    _spoken = LANGUAGES[language]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """The words of `language` while this lasts."""
    before = _spoken.CODE
    speak(language)
    try:
        yield
    finally:
        speak(before)


def spoken() -> ModuleType:
    """The table in use."""
    return _spoken


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        return getattr(_spoken, name)
