"""What does an edition hold, wherever it lies: in a folder of data/processed or in a bag?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import executed, layout, verify
from .executed import Json


class NotComparable(Exception):
    """One of the two is no edition and no intact bag. Its text is one sentence."""


@dataclass(frozen=True)
class Contents:
    """An edition, wherever it lies: part (`layout`) → content."""

    name: str
    files: Mapping[str, bytes]

    @cached_property
    def records(self) -> dict[str, Json]:
        """Name of the executed notebook → its record."""
        found = {
            Path(name).stem: executed.record(json.loads(content))
            for name, content in self.files.items()
            if name.startswith("executed/")
        }
        return {name: record for name, record in found.items() if record}

    @cached_property
    def run(self) -> Json:
        found: Json = json.loads(self.files.get("run/run.json", b"{}"))
        return found

    @cached_property
    def inputs(self) -> dict[str, str]:
        """Path in the checkout → SHA-256, as the notebooks recorded what they read."""
        return {
            item["path"]: item["sha256"]
            for record in self.records.values()
            for item in record.get("inputs", ())
        }

    @cached_property
    def observations(self) -> dict[tuple[str, str, str], dict[str, str]]:
        """(indicator, area, year) → the checked observation."""
        raw = self.files.get("results/observations.csv", b"").decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(raw, newline=""))
        return {
            (row.get("indicator_id", ""), row.get("area", ""), row.get("year", "")): row
            for row in rows
        }


def contents_of(path: Path) -> Contents:
    """The edition in a folder of data/processed or in a bag. Raises `NotComparable`."""
    if (path / "run.json").is_file():
        return Contents(
            f"{path.parent.name} {path.name}",
            {
                layout.part_of_edition(file.name): file.read_bytes()
                for file in sorted(path.iterdir())
                if file.is_file()
            },
        )
    report = verify.verify(path)
    if report.exit:
        raise NotComparable(
            f"{path.name} 不是一期评估的文件夹，也不是完好的证据包（{report.problems[0][1]}）"
        )
    bag = verify.open_bag(path)
    try:
        files = {
            name.removeprefix("data/"): _content(bag, name)
            for name in bag.sizes
            if name.startswith("data/")
        }
        return Contents(path.stem, layout.parts(files, report.info))
    finally:
        bag.close()


def _content(bag: verify.Folder | verify.Zip, name: str) -> bytes:
    with bag.open(name) as file:
        return file.read()
