"""Where does a file lie in a bag? Where it lies in a checkout: so the page's links lead to the same
files, and what is unpacked can be run where it is.

A part is what a file is to an edition: `executed/`, `report/`, `results/`, `run/`, `inputs/`,
`year_before/`, `env/`, each followed by its name; everything else is called as it lies. In bags of
the older form the files lay under these names.
"""

from __future__ import annotations

from collections.abc import Mapping

PROCESSED, RAW, LOCK = "data/processed/", "data/raw/", "requirements.lock"
OF_EDITION = {".ipynb": "executed/", ".html": "report/", ".pdf": "report/", ".docx": "report/"}
IN_CHECKOUT = {  # part → where it lies; of bags of the older form
    "inputs/": RAW,
    "year_before/": PROCESSED,
    "params/": "params/",
    "notebooks/": "notebooks/",
    "src/": "src/",
    f"env/{LOCK}": LOCK,
}


def folder(plan: str, edition: str) -> str:
    """The folder of an edition in a checkout, and so in a bag's payload."""
    return f"{PROCESSED}{plan}/{edition}/"


def part_of_edition(name: str) -> str:
    """The part that the file `name` of an edition's folder is."""
    suffix = name[name.rfind(".") :]
    return ("run/" if name == "run.json" else OF_EDITION.get(suffix, "results/")) + name


def part(path: str, edition: str) -> str:
    """The part that a file of a payload is; `edition` is the folder of the bag's edition. A path of
    the older form is one already."""
    if path.startswith(edition) and "/" not in path.removeprefix(edition):
        return part_of_edition(path.removeprefix(edition))
    if path.startswith(PROCESSED):
        return "year_before/" + path.removeprefix(PROCESSED)
    if path.startswith(RAW):
        return "inputs/" + path.removeprefix(RAW)
    return f"env/{LOCK}" if path == LOCK else path


def parts(files: Mapping[str, bytes], info: Mapping[str, str]) -> dict[str, bytes]:
    """A payload (path → content) by its parts; `info`: its bag-info.txt."""
    edition = folder(info.get("Plan", ""), info.get("Edition", ""))
    return {part(path, edition): content for path, content in files.items()}


def in_checkout(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What of an edition's parts it was made from, by where it lies in a checkout."""
    found = {}
    for name, content in files.items():
        for start, to in IN_CHECKOUT.items():
            if name.startswith(start):
                found[to + name.removeprefix(start)] = content
    return found
