"""A hostile zip where an office's file is expected: refused in one sentence, at every door."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from helpers import returned
from helpers.intake import addition, draft, judgement, judgement_book, packed, plan_book
from helpers.intake.finding import Refused

ROOM = 1_000_000  # bytes; enough for what is not hostile


def workbook() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


def document() -> bytes:
    file = io.BytesIO()
    docx.Document().save(file)
    return file.getvalue()


def returned_document(path: Path, toy) -> object:
    place = judgement.path_of(toy.plan, 2023)
    place.parent.mkdir()
    place.write_text("remark: 一句话。\n")
    return returned.prepare(path, toy.plan, 2023)


DOORS: dict[str, tuple[str, Callable[[], bytes], Callable]] = {
    "figures": ("a.xlsx", workbook, lambda path, toy: addition.prepare(path, toy.plan)),
    "judgement": ("a.xlsx", workbook, lambda path, toy: judgement_book.read(path, toy.plan)),
    "plan": ("a.xlsx", workbook, lambda path, _: plan_book.read(path)),
    "draft": ("a.docx", document, lambda path, _: draft.read(path)),
    "assessment": ("a.docx", document, returned_document),
}


def with_bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("big.xml", bytes(ROOM))


def with_two_of_a_name(archive: zipfile.ZipFile) -> None:
    archive.writestr("[content_types].xml", b"")


def with_link(archive: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("link.xml")
    member.external_attr = 0o120777 << 16
    archive.writestr(member, "/etc/passwd")


def outside(name: str) -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(name, b"")


HOSTILE: list[tuple[Callable[[zipfile.ZipFile], None], str]] = [
    (with_bomb, "解压后过大"),
    (with_two_of_a_name, "里面有两个同名的部件"),
    (with_link, "里面有符号链接"),
    *(
        (outside(name), "里面部件的名称指向文件之外")
        for name in ("/etc/x.xml", "../x.xml", "a\\..\\x.xml")
    ),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("spoil", "sentence"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_zip_is_refused_in_one_sentence_at_every_door(
    toy, tmp_path, monkeypatch, door, spoil, sentence
):
    monkeypatch.setattr(packed, "UNPACKED", ROOM)
    name, good, opened = DOORS[door]
    path = tmp_path / name
    path.write_bytes(good())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        spoil(archive)
    with pytest.raises(Refused) as refused:
        opened(path, toy)
    (told,) = map(str, refused.value.findings)
    assert told.startswith(f"{name}: {sentence}")


@pytest.mark.parametrize("good", [workbook, document])
def test_what_offices_save_is_opened(tmp_path, good):
    path = tmp_path / "a.zip"
    path.write_bytes(good())
    assert packed.problem(path) == ""
