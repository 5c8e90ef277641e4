"""What the warm parent imports before a page is asked of one of its children: the templates,
compiled while the last notebooks run."""

from .rendered import compile_templates

compile_templates()
