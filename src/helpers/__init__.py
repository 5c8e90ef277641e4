"""Reproducible evaluation of a five-year plan: rooms in the order of the data, intake → measure →
show → publish."""

import sys

__version__ = "0.1.0"

# The notebook schema's validator compiles grammars for a string format (RFC 3987) that the schema
# never uses: 90 % of the import of nbformat. Without this module the validator skips that format.
# This is the one place where it is switched off.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None bars a module
