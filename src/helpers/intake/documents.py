"""Evidence files an office hands in with its form: found beside it, held to what a document may be,
kept under their digest.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from .contract import DOCUMENT_BYTES

TEXTS = (".pdf", ".ofd", ".doc", ".docx", ".wps", ".txt", ".ppt", ".pptx", ".dps", ".zip")
TABLES = (".xls", ".xlsx", ".et", ".csv")
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
SUFFIXES = frozenset((*TEXTS, *TABLES, *PICTURES))


class Unfit(ValueError):
    """A file that cannot be kept: what is wrong and what to do about it."""

    def __init__(self, problem: str, remedy: str):
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def handed_in(beside: Path, written: str) -> bytes:
    """The file that a form lying at `beside` names as `written`, a path within its folder. Raises
    `Unfit`."""
    folder = beside.parent.resolve()
    path = (folder / written).resolve()
    if folder not in path.parents:
        raise Unfit("不在填报表所在的文件夹里", "请把文件与填报表放在一起，只写文件名")
    if path.suffix.lower() not in SUFFIXES:
        raise Unfit("不是可以留存的文件", f"可用 {'、'.join(sorted(SUFFIXES))}")
    if not path.is_file():
        raise Unfit("填报表旁边没有这个文件", "请把文件与填报表放在一起，文件名带后缀")
    if path.stat().st_size > DOCUMENT_BYTES:
        raise Unfit(f"文件超过 {DOCUMENT_BYTES} 字节", "请压缩，或另行保存、在说明里写明存放处")
    content = path.read_bytes()
    if not content:
        raise Unfit("文件是空的", "请换成有内容的文件")
    return content


def kept_as(content: bytes, written: str) -> tuple[str, str]:
    """(name, digest) a document is kept under: its digest with the suffix it came with."""
    digest = hashlib.sha256(content).hexdigest()
    return digest + Path(written).suffix.lower(), digest
