"""Keep what a source says now: its page or file fetched once, its digest and the day written into
sources.csv.

Only what has an address, has no copy yet and may be copied is asked for. Nothing is converted: the
bytes that came are the bytes that are kept.
"""

from __future__ import annotations

import csv
import hashlib
import http.client
import io
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import atomic
from . import contract, observations
from .contract import Source
from .plan import Plan

SUFFIXES = {  # media type → end of the file's name
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/json": ".json",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
AGENT = "plan-assessment (keeps a copy of a cited source)"
SECONDS = 30


class NotKept(Exception):
    """No copy could be kept. Its text is one sentence."""


@dataclass(frozen=True)
class Snapshot:
    """What became of one source: the file that is kept, or why there is none."""

    source: Source
    file: str = ""
    problem: str = ""


def wanted(plan: Plan) -> list[Source]:
    """The sources with an address and without a copy, those left out that may not be copied."""
    known = observations.sources(plan).values()
    return [s for s in known if s.url and not s.file and s.rights != contract.CLOSED]


def take(plan: Plan, asked: Iterable[Source], today: str) -> Iterator[Snapshot]:
    """Fetch each of `asked` in turn and keep it under its id; each is registered before the next is
    asked for."""
    for source in asked:
        try:
            content, media = _fetched(source.url)
            name = source.id + _suffix(media)
            folder = plan.raw / contract.DOCUMENTS
            folder.mkdir(exist_ok=True)
            with atomic.alone(plan.raw.with_name(f".{plan.raw.name}.lock")):
                atomic.write(folder / name, content)
                digest = hashlib.sha256(content).hexdigest()
                _register(
                    plan.raw / "sources.csv", source.id, file=name, sha256=digest, accessed=today
                )
            yield Snapshot(source, name)
        except NotKept as error:
            yield Snapshot(source, problem=str(error))


def _fetched(url: str) -> tuple[bytes, str]:
    """(bytes, media type) at `url`. Raises `NotKept`."""
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            content = answer.read(contract.DOCUMENT_BYTES + 1)
            media = answer.headers.get_content_type()
            short = answer.length  # what was announced and has not come
    except urllib.error.HTTPError as error:
        raise NotKept(f"对方答 {error.code}，没有存下") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise NotKept(f"取不到（{why}），没有存下") from None
    if len(content) > contract.DOCUMENT_BYTES:
        raise NotKept(
            f"超过 {contract.DOCUMENT_BYTES} 字节，没有存下；请另行保存，在备注写明存放处"
        )
    if not content or short:
        raise NotKept("对方没有给出完整的内容，没有存下")
    return content, media


def _suffix(media: str) -> str:
    if media not in SUFFIXES:
        raise NotKept(f"内容的类型是 {media}，没有存下；请另存为 PDF 后手工登记")
    return SUFFIXES[media]


def _register(path: Path, source: str, **cells: str) -> None:
    """Write `cells` into the row of `source`; a column that is not there yet goes to the end."""
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    header = [*rows[0], *(column for column in cells if column not in rows[0])]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out, header, restval="", lineterminator="\r\n" if "\r\n" in text else "\n"
    )
    writer.writeheader()
    for row in rows[1:]:
        named = dict(zip(rows[0], row, strict=True))
        writer.writerow({**named, **cells} if named["id"] == source else named)
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    atomic.write(path, mark + out.getvalue().encode())
