"""A page from a template: one choke point for text from data, one script, a policy that lets
nothing else run, the font cut to the characters of the page.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from jinja2.bccache import Bucket, BytecodeCache

from ..show import canvas, wording
from ..show.wording.en_names import CJK, english
from .font import embedded

if TYPE_CHECKING:
    from nbconvert.exporters import TemplateExporter

TEMPLATES = Path(__file__).parent / "template"
STYLE_MARK, HASH_MARK = (
    "@@STYLE@@",
    "@@STYLE-HASH@@",
)  # each stands in the head before anything that came from data
FONT_FACE = (
    '@font-face {{ font-family: "{family}"; src: url(data:font/woff;base64,{woff}) '
    'format("woff"); }}'
)


def rendered(report: dict, template: str, *, script: bool = True) -> str:
    """`report` through the template. The font is cut after a first rendering, when the page's
    characters are known."""
    import nbformat
    from markupsafe import Markup

    exporter = _exporter(template, wording.LANGUAGES[report["whole"]["language"]])
    code = (TEMPLATES / "assessment" / "script.js").read_text("utf-8") if script else ""
    style = (TEMPLATES / "assessment" / "style.css").read_text("utf-8")
    resources = {
        "report": Shown(report),
        "style": Markup(STYLE_MARK),
        "style_hash": HASH_MARK,
        "script": Markup(code),
        "script_hash": _policy_hash(code),
    }
    html, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(), resources=resources)
    font = FONT_FACE.format(family=canvas.FAMILY, woff=embedded(canvas.FONT, html))
    whole_style = f"{font}\n{style}{_running_heads(report)}"
    return html.replace(HASH_MARK, _policy_hash(whole_style), 1).replace(STYLE_MARK, whole_style, 1)


class Shown(dict):
    """What a page shows: it is only read, and nbconvert's deep copy would take a tenth of its
    time."""

    def __deepcopy__(self, _: dict) -> Shown:
        return self


def _exporter(template: str, words: ModuleType) -> TemplateExporter:
    """What renders `template` in the language of `words`."""
    from jinja2 import StrictUndefined
    from markupsafe import Markup
    from nbconvert.exporters import TemplateExporter

    exporter = TemplateExporter(
        template_name="assessment",
        template_file=template,
        extra_template_basedirs=[str(TEMPLATES)],
        default_preprocessors=[],
    )
    exporter.output_mimetype = "text/html"
    environment = exporter.environment
    environment.undefined = StrictUndefined  # a name that is not there is a fault
    environment.autoescape = True  # the one choke point: what is not Markup is text
    environment.bytecode_cache = COMPILED
    environment.globals.update(w=words, Markup=Markup)
    environment.filters.update(safe=_refused_filter, q=_quoting(words.LANG))
    return exporter


class Compiled(BytecodeCache):
    """Templates this process, or the one it was forked from, compiled already: every page has an
    environment of its own, and compiling was a third of its time."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def compile_templates() -> None:
    """Compile all templates of the page, as a page would."""
    folder = TEMPLATES / "assessment"
    environment = _exporter("index.html.j2", wording.LANGUAGES["zh"]).environment
    for path in sorted(folder.rglob("*.j2")):
        environment.get_template(path.relative_to(folder).as_posix())


def _policy_hash(text: str) -> str:
    """How a content security policy names the one script or style it lets pass."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _running_heads(report: dict) -> str:
    """The head of every printed page: the plan and its edition, as strings of a style sheet."""
    if "plan" not in report:
        return ""
    title, edition = (
        _css_string(report["plan"]["short_title"]),
        _css_string(f"{report['whole']['year']} {report['whole']['known_by']}".strip()),
    )
    return f"\n@page {{ @top-left {{ content: {title}; }} @top-right {{ content: {edition}; }} }}\n"


def _css_string(text: str) -> str:
    """`text` as a string of a style sheet: everything but letters and digits by its number, so that
    nothing ends the string or the sheet."""
    return '"' + "".join(ch if ch.isalnum() else f"\\{ord(ch):x} " for ch in text) + '"'


def _quoting(language: str) -> Callable[[object], object]:
    """The filter `q`: text as it is; on a page in another language known names are in English and
    every run of Chinese that is left is marked as such."""
    from markupsafe import Markup

    def quoted(text: object) -> object:
        if not isinstance(text, str) or isinstance(text, Markup) or not CJK.search(text):
            return text
        pieces = [
            Markup('<span lang="zh-CN">{}</span>').format(piece) if CJK.match(piece) else piece
            for piece in re.split(f"({CJK.pattern})", english(text))
        ]
        return Markup("").join(pieces)

    return (lambda text: text) if language == "zh-CN" else quoted


def _refused_filter(_: object) -> str:
    raise ValueError("the template filter `safe` is not used here: text from data must be escaped")
