"""Hostile text in every field of a plan that takes it, through every verb, into every file made.

No list of fields stands here: those of parameter files are their dataclasses', those of tables what
their readers ask for, both as they are read; the files made are those that lie there afterwards. A
field whose text the door refuses is left as it was.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import typing
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, fields as fields_of, is_dataclass
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import openpyxl
import pytest
import test_judgement
import test_opinions
import yaml
from conftest import Toy, some

from helpers import judged as judged_by, request
from helpers.archive import lint, verify
from helpers.intake import door, fields, judgement, opinions, plan as plans, scenario, table
from helpers.intake.facts import Indicator, Scenario
from helpers.intake.finding import Refused, Unknown
from helpers.publish import rendered

ROOT = Path(__file__).resolve().parents[1]
TEXT = (
    '=HYPERLINK("javascript:alert(1)")<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    "'onmouseover='alert(1)](javascript:alert(1))</style></svg><!--{{7*7}}&lt;b&gt;"
)
ADDRESS = '"onmouseover="alert(1)'
WAYS: tuple[Callable[[str], str], ...] = (  # the first that the door takes
    lambda text: TEXT + text,
    lambda text: text + TEXT,
    lambda text: text + ADDRESS,
)
CODE = re.compile(r"[a-z0-9._~-]*")  # codes, dates, numbers, nothing: spoilt a column at a time
TOY = ("--plan", "toy")
PARTS = (
    *("params/archive.yml", "params/README.md", "notebooks", "tools/setup.sh", "LICENSE"),
    *("src/helpers/archive", "src/helpers/publish/template", "requirements.lock", "Makefile"),
    *("requirements-runtime.lock", "pyproject.toml"),
)
OTHERS = (Indicator, Scenario, judgement.Judgement, opinions.Asked)
TEXT_TAG = "tag:yaml.org,2002:str"
SCRIPT = (rendered.TEMPLATES / "assessment" / "script.js").read_text("utf-8")

# --- the fields -----------------------------------------------------------------------------------

Key = tuple[str, ...]  # the text itself, so that it stays the same wherever it is said; or a field


class Place(typing.NamedTuple):
    """One text of one file: where it stands, and what is spoilt with it."""

    file: Path
    at: tuple
    text: str
    key: Key


def key_of(text: str, *field: str) -> Key:
    return field if CODE.fullmatch(text) else (text,)


def mapping(node: yaml.Node, kind: Any, at: tuple, *field: str) -> Iterator[tuple[tuple, str, Key]]:
    """The texts of a YAML file that may be any: of a class of fields, those too that are absent; of
    one nobody is heard to ask for (`Any`), all."""
    kinds = [Any] if kind is Any else parts(kind)
    if isinstance(node, yaml.ScalarNode):
        if {str, Any} & {*kinds} and node.tag == TEXT_TAG:
            yield at, node.value, key_of(node.value, *field)
    elif isinstance(node, yaml.SequenceNode):
        for k, item in enumerate(node.value):
            yield from mapping(item, kind, (*at, k), *field)
    else:
        cls = next((each for each in kinds if is_dataclass(each)), None)
        hints = typing.get_type_hints(cls) if cls else {}
        texts = {each.name for each in fields_of(cls) if may_be_any(each)} if cls else ()
        for k, (key, value) in enumerate(node.value):
            name = key.value
            if name in texts or not cls or not {str} & {*parts(hints[name])}:
                kind = hints.get(name, Any)
                yield from mapping(value, kind, (*at, k), cls.__name__ if cls else "", name)
        for name in {*texts} - {key.value for key, _ in node.value}:
            if str in parts(hints[name]):
                listed = "[]" * (typing.get_origin(hints[name]) is tuple)
                yield (*at, name + listed), "", (cls.__name__, name)


def may_be_any(field: Field) -> bool:
    """Neither set by us, nor held to be a date or a name."""
    return field.init and not {"computed", fields.ISO_DATE, fields.NAME} & {*field.metadata}


def parts(hint: Any) -> list:
    """The classes a type is made of; of a choice of words none."""
    if typing.get_origin(hint) is Literal:
        return []
    return [each for arg in typing.get_args(hint) for each in parts(arg)] or [hint]


class Plan:
    """A plan in a repository of its own, as it was and as it is spoilt."""

    def __init__(self, root: Path, name: str):
        self.root, self.name = root, name
        folders = root / "params" / name, root / "data/raw" / name
        found = [path for folder in folders for path in folder.rglob("*")]
        found += [root / "params/archive.yml", root / "declared.yml"]
        files = sorted(path for path in found if path.suffix in (".yml", ".csv"))
        self.before = {path: path.read_text("utf-8-sig") for path in files}
        self.classes: dict[Path, type] = {}
        self.columns: dict[Path, list[str]] = {}
        self.places = list(self._places())

    def check(self) -> bool:
        """Whether the door takes all there is now."""
        try:
            plan = plans.load(self.name)
            door.check_plan(plan)
            for one in (plan, *(scenario.under(plan, each) for each in scenario.available(plan))):
                request.check_choices(one)
            list(judged_by.check(plan, plans.choices(plan).year))
        except (Refused, Unknown):
            return False
        return True

    def _places(self) -> Iterator[Place]:
        self._listen()
        for path, text in self.before.items():
            if path.suffix == ".yml":
                for at, said, key in mapping(yaml.compose(text), self.classes.get(path, Any), ()):
                    yield Place(path, at, said, key)
            else:
                header, *rows = csv.reader(io.StringIO(text))
                known = [*header, *(c for c in self.columns[path] if c not in header)]
                for k, row in enumerate(rows):
                    for n, (column, said) in enumerate(zip_longest(known, row, fillvalue="")):
                        yield Place(path, (k, n), said, key_of(said, path.name, column))
                self.columns[path] = known

    def _listen(self) -> None:
        """Who asks for which file: the class of parameters, the columns of a table."""
        read, records = fields.read, table._records

        def heard_read(path, cls, shown):
            self.classes[path] = cls
            return read(path, cls, shown)

        def heard_records(lines, required, optional, *rest):
            self.columns[Path(lines.file.name)] = [*required, *optional]
            return records(lines, required, optional, *rest)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fields, "read", heard_read)
            patch.setattr(table, "_records", heard_records)
            plan = plans.load(self.name)
            door.check_plan(plan)
            list(judged_by.check(plan, plans.choices(plan).year))

    def write(self, ways: Mapping[Key, Callable[[str], str]]) -> None:
        """The files anew, each text of `ways` spoilt in its way."""
        spoilt: dict[Path, dict[tuple, str]] = {path: {} for path in self.before}
        for place in self.places:
            if place.key in ways:
                spoilt[place.file][place.at] = ways[place.key](place.text)
        for path, texts in spoilt.items():
            if not texts:
                content = self.before[path]
            elif path.suffix == ".yml":
                content = in_yaml(self.before[path], texts)
            else:
                content = in_table(self.before[path], self.columns[path], texts)
            path.write_text(content, "utf-8")

    def spoil(self) -> dict[Key, Callable[[str], str]]:
        """All the texts that the door takes spoilt, as halves and halves of halves."""
        ways: dict[Key, Callable[[str], str]] = {}
        keys = dict.fromkeys(place.key for place in self.places)
        for way in WAYS:
            left = [key for key in keys if key not in ways]
            self._spoil([key for key in left if len(key) == 1 or way is WAYS[0]], way, ways)
        self.write(ways)
        return ways

    def _spoil(self, keys: list[Key], way, ways: dict) -> None:
        self.write({**ways, **dict.fromkeys(keys, way)})
        if self.check():
            ways |= dict.fromkeys(keys, way)
        elif len(keys) > 1:
            for half in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
                self._spoil(half, way, ways)


def in_yaml(text: str, spoilt: Mapping[tuple, str]) -> str:
    whole = yaml.compose(text)
    for at, value in spoilt.items():
        node = whole
        for step in at[:-1]:
            node = node.value[step][1] if isinstance(node, yaml.MappingNode) else node.value[step]
        new = yaml.ScalarNode(TEXT_TAG, value, style='"')
        if isinstance(at[-1], str):
            name = at[-1].removesuffix("[]")
            one = new if name == at[-1] else yaml.SequenceNode("tag:yaml.org,2002:seq", [new])
            node.value.append((yaml.ScalarNode(TEXT_TAG, name), one))
        elif isinstance(node, yaml.MappingNode):
            node.value[at[-1]] = node.value[at[-1]][0], new
        else:
            node.value[at[-1]] = new
    return yaml.serialize(whole, allow_unicode=True)


def in_table(text: str, columns: Sequence[str], spoilt: Mapping[tuple, str]) -> str:
    header, *rows = csv.reader(io.StringIO(text))
    used = max(len(header), *(n + 1 for _, n in spoilt))
    rows = [row + [""] * (used - len(row)) for row in rows]
    for (k, n), value in spoilt.items():
        rows[k][n] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns[:used], *rows])
    return out.getvalue()


# --- the files made -------------------------------------------------------------------------------


class Live(HTMLParser):
    """Elements and attributes of a page that would do or load something."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            address = (value or "").strip().lower()
            inside = name == "src" and not address.startswith("data:image/")
            leads = name in ("href", "action", "xlink:href") and re.match(r"[a-z]+:", address)
            table = address.startswith("data:text/csv;charset=utf-8;base64,")
            good = address.startswith(("http://", "https://")) or address == "data:," or table
            if name.startswith("on") or inside or (leads and not good):
                self.found.append(f"{tag} {name}={value}")
            if table:
                self.found += in_cells(base64.b64decode((value or "").partition(",")[2]))
        if tag in ("iframe", "object", "embed", "form", "base"):
            self.found.append(tag)


def in_page(raw: bytes) -> list[str]:
    page = raw.decode()
    policy = re.search(
        r'<head>\s*(?:<meta (?:charset|name="vi)[^>]*>\s*)*<meta http-equiv="C', page
    )
    own = [SCRIPT] if SCRIPT in page else []
    return [*lint.page(raw, (), own), *Live(page).found, *([] if policy else ["no policy first"])]


def in_cells(raw: bytes) -> list[str]:
    return [
        cell
        for row in csv.reader(io.StringIO(raw.decode("utf-8-sig")))
        for cell in row
        if cell.startswith(table.FORMULA)
        and cell != "="
        and not re.fullmatch(r"[-+]?[\d.]+(e-?\d+)?%?", cell)
    ]


def in_office(raw: bytes) -> list[str]:
    """Formulas, fields, macros, and links that lead elsewhere than to http, of a workbook or a
    Word document; each part is well-formed."""
    found = []
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                found += [name] * (not re.search(r"\.(png|svg|jpe?g|emf|odttf|ttf)$", name))
                continue
            for element in ElementTree.fromstring(archive.read(name)).iter():
                kind, said = element.tag.rpartition("}")[2], element.text or ""
                target = element.get("Target", "http")
                away = element.get("TargetMode") == "External" and not target.startswith("http")
                computed = kind in ("f", "instrText", "definedName", "altChunk", "formula1")
                if (
                    away
                    or (computed and "alert" in said)
                    or element.get("instr", "").count("alert")
                ):
                    found.append(f"{name}: {kind} {said or target}")
    return found


def in_bag(raw: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        made = [name for name in archive.namelist() if "/data/data/processed/" in name]
        return [each for name in some(made) for each in judged(Path(name), archive.read(name))]


JUDGES: dict[str, Callable[[bytes], list[str]]] = {
    ".html": in_page,
    ".csv": in_cells,
    ".xlsx": in_office,
    ".docx": in_office,
    ".ipynb": lint.notebook,
    ".zip": in_bag,
    ".json": lambda raw: [] if json.loads(raw) else ["empty"],
    ".yml": lambda raw: [] if yaml.safe_load(raw) else ["empty"],
    ".pdf": lambda raw: [word for word in ("/JavaScript", "/Launch") if word.encode() in raw],
    ".py": lambda raw: [] if raw == Path(verify.__file__).read_bytes() else ["another program"],
    ".txt": lambda _: [],
    ".svg": lambda raw: ["live"] * lint.is_live(raw.decode()),
    ".parquet": lambda _: [],
}


def judged(path: Path, raw: bytes) -> list[str]:
    """What is wrong with a file; one of a kind nobody judges is."""
    judge = JUDGES.get(path.suffix, lambda _: ["of a kind nobody judges"])
    return [f"{path.name}: {each[:200]}" for each in judge(raw)]


PART = "toy,share,town,2023,10.5,%,final,report_2023,2023-08-01,,,,2023-06\n"
FURTHER = {  # what the toy plan lacks
    "opinions.yml": test_opinions.ASKED,
    "survey.csv": f"{test_opinions.SURVEY}toy,content,2022,yes_,15,report_2022\n",
    "experts.csv": f"{test_opinions.EXPERTS}toy,one,2022,a,5,report_2022\n",
    "funds.csv": "plan,commitment_id,year,stage,amount,unit,source\n"
    "toy,station,2023,planned,1,万元,report_2023\n",
    "searches.csv": "plan,date,place,words\ntoy,2024-01-02,门户网站,宣传周\n",
    "judgement/2022.yml": test_judgement.FIRST,
    "judgement/2023.yml": test_judgement.SECOND,
    "scenarios/prudent.yml": "title: 审慎\nreason: 只供测试。\n"
    "choices:\n  - {model: last, reason: 审慎一点。}\n",
    "memory.yml": "plans: [{id: old, title: 旧规划, title_en: Old}]\n"
    "outcomes:\n  - {plan: old, indicator: one, name_zh: 旧指标, year: 2018, better: higher,\n"
    "     place: 0.4, known: 2021}\n",
}


def house(root: Path) -> None:
    toy = Toy(root)
    for name, text in FURTHER.items():
        toy.write(name, text)
    figures = toy["observations.csv"].read_text("utf-8").splitlines()
    parts = [f"{figures[0]},period", *(f"{line}," for line in figures[1:]), PART]
    toy.write("observations.csv", "\n".join(parts))
    for part in PARTS:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    (root / "declared.yml").write_text("title: 一\ntitle_en: One\n")
    (root / ".gitignore").write_text("data/processed\nevidence\n.*.lock\n")


VERBS = (  # every verb that writes of a plan
    ("assess", *TOY, "--year", "2022"),
    ("assess", *TOY, "--year", "2025"),
    ("assess", *TOY, "--year", "2023"),
    ("assess", *TOY, "--year", "2023", "--report-lang", "en"),
    ("assess", *TOY, "--year", "2023", "--scenario", "prudent"),
    *(
        (verb, *TOY, "--year", "2023", "--report-lang", language)
        for verb in ("docx", "brief", "archive")
        for language in ("zh", "en")
    ),
    ("monitor", *TOY),
    ("judgement", *TOY, "--year", "2023", "--file", "judgement.xlsx"),
    ("judgement", *TOY, "--year", "2025", "--file", "judgement.yml"),
    ("template", *TOY, "--file", "template.xlsx"),
    ("new-plan", "next-plan", "--from", "toy", "--form", "next.xlsx"),
    ("lint", "toy"),
    ("overview", "--plans", "params/toy", "--file", "declared.yml"),
    ("compare", "toy/2022", "toy/2023", "--csv", "differences.csv"),
    ("compare", *TOY),
    ("close", *TOY),
)


def done(root: Path, *arguments: str) -> str:
    """What went wrong, if anything did."""
    ran = subprocess.run(
        [sys.executable, "-m", "helpers", *arguments],
        cwd=root,
        env={**os.environ, "ASSESSMENT_ROOT": str(root)},
        capture_output=True,
        text=True,
    )
    return (
        f"{arguments}: {(ran.stdout + ran.stderr)[-2000:]}"
        if ran.returncode or "Traceback" in ran.stderr
        else ""
    )


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> tuple[Plan, dict[Key, Callable[[str], str]], list[str]]:
    """The plan, how each of its texts was spoilt, and what went wrong with the verbs."""
    root = tmp_path_factory.mktemp("payload")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSESSMENT_ROOT", str(root))
        house(root)
        assert done(root, "protocol", "--plan", "toy") == ""
        plan = Plan(root, "toy")
        ways = plan.spoil()
    git = ["git", "-C", str(root), "-c", "user.name=T", "-c", "user.email=t@example.org"]
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "a state")):
        subprocess.run([*git, "-c", "commit.gpgsign=false", *arguments], check=True)
    told = [done(root, *arguments) for arguments in VERBS]
    bag = next((root / "evidence").glob("*.zip"), root)
    return plan, ways, [each for each in (*told, done(root, "sheet", str(bag))) if each]


@pytest.mark.slow
def test_every_kind_of_parameter_file_and_table_is_spoilt(spoilt):
    plan, ways, _ = spoilt
    heard = {cls.__name__ for cls in plan.classes.values()}
    classes = {cls.__name__ for cls in (*door.PARAMETER_FILES.values(), *OTHERS)}
    assert classes - heard == {"CoverageFile", "Bridge"}
    touched = {place.file.name for place in plan.places if place.key in ways}
    assert touched == {path.name for path in plan.before} - {"run.yml"}


@pytest.mark.slow
def test_no_text_of_any_field_lives_in_anything_made(spoilt):
    plan, _, wrong = spoilt
    assert wrong == []
    made = [
        *(plan.root / "data/processed").rglob("[!.]*.*"),
        *(plan.root / "evidence").glob("[!.]*.*"),
    ]
    made += [*plan.root.glob("*.xlsx"), plan.root / "differences.csv", plan.root / "judgement.yml"]
    files = {path: path.read_bytes() for path in made if path.is_file()}
    assert [each for path, raw in files.items() for each in judged(path, raw)] == []
    silent = [p.name for p, raw in files.items() if p.suffix == ".html" and b"alert(1)" not in raw]
    assert silent == []  # the text arrived


HEAD = '<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"></head>'


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.html", "<head></head>"),
        ("a.html", HEAD + "<script>alert(1)</script>"),
        ("a.html", HEAD + "<img src=x>"),
        ("a.html", HEAD + "<p onclick=x>"),
        ("a.html", HEAD + '<a href="javascript:x">'),
        ("a.html", HEAD + '<a href="data:text/html,x">'),
        (
            "a.html",
            HEAD
            + f'<a href="data:text/csv;charset=utf-8;base64,{base64.b64encode(b"=1+1").decode()}">',
        ),
        ("a.csv", "a,b\n1,=1+1\n"),
        ("a.csv", "a\n@x\n"),
        ("a.exe", ""),
    ],
)
def test_what_lives_is_seen(name, raw):
    assert judged(Path(name), HEAD.encode()) == [] or name != "a.html"
    assert judged(Path(name), raw.encode()) != []


def test_a_formula_in_a_workbook_is_seen():
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "=alert"
    book.save(file)
    assert len(judged(Path("a.xlsx"), file.getvalue())) == 1
