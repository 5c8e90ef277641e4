"""What the warm parent imports before a page is asked of one of its children, while the last
notebooks run: all that makes it, the templates compiled."""

from . import notebooks, report, year_before
from .rendered import compile_templates

__all__ = ["notebooks", "report", "year_before"]

compile_templates()
