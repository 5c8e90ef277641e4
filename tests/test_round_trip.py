"""From the empty form to the evidence: two offices' forms with twenty states and their documents,
imported, on the page, in the bag, verified; a changed document is found."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from conftest import some
from test_edition import ROOT, helpers
from test_task_form import Office

from helpers.archive import verify
from helpers.intake import plan as plans

pytestmark = pytest.mark.slow
PLAN, OTHER = "tongzhou-145", "区商务局"
HOUSE = (
    f"params/{PLAN}",
    f"data/raw/{PLAN}",
    "notebooks",
    "src",
    "requirements.lock",
    "requirements-runtime.lock",
    "Makefile",
    "pyproject.toml",
    "tools",
    "LICENSE",
    "params/archive.yml",
    "params/README.md",
    ".gitignore",
)


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


def report(root: Path, name: str, office: str, promises: list[str]) -> None:
    """An office's form with a state and a document for each of its promises."""
    form = Office(root, office, f"forms/{name}.xlsx")
    form.source(f"{name}工作总结")
    for promise in promises:
        (root / f"forms/{promise}.pdf").write_bytes(f"%PDF-1.4 {promise}".encode())
        form.say(
            promise,
            state="已完成",
            date="2025-06-30",
            strength="报告或记录",
            source=f"{name}工作总结",
            document=f"{promise}.pdf",
        )
    form.book.save(form.path)


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> tuple[Path, list[str]]:
    """A repository of its own in which twenty states were imported and an edition archived."""
    root = tmp_path_factory.mktemp("house")
    for part in HOUSE:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    (root / "forms").mkdir()
    simple = [
        promise
        for promise in plans.commitments(plans.load(PLAN, root))
        if promise.type == "milestone" and not promise.unclear and not promise.readings
    ]
    of_other = [one.id for one in simple if one.owner and one.owner.office == OTHER]
    rest = [one.id for one in simple if one.id not in of_other][: 20 - len(of_other)]
    report(root, "甲局", "", rest)
    report(root, "乙局", OTHER, of_other)
    ran = helpers(root, "import", "forms", "--plan", PLAN, "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "任务状态 20 条，佐证文件 20 个" in ran.stdout
    shutil.rmtree(root / "forms")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "as reported")
    for arguments in (("assess", "--year", "2025"), ("archive",)):
        ran = helpers(root, *arguments, "--plan", PLAN)
        assert ran.returncode == 0, ran.stderr
    return root, [*rest, *of_other]


def test_the_page_links_every_document_to_its_promise(house):
    root, promises = house
    page = (root / f"data/processed/{PLAN}/2025/assessment.html").read_text("utf-8")
    for promise in some(promises):
        digest = hashlib.sha256(f"%PDF-1.4 {promise}".encode()).hexdigest()
        link = f"../../../raw/{PLAN}/documents/{digest}.pdf"
        row = page.partition(f'id="c-{promise}"')[2].partition("</tr>")[0]
        assert link in row, promise
        assert "已完成" in row
        linked = root / f"data/processed/{PLAN}/2025" / link
        assert hashlib.sha256(linked.read_bytes()).hexdigest() == digest


def test_the_bag_holds_every_document_and_is_intact(house):
    root, promises = house
    (bag,) = (root / "evidence").glob("*.zip")
    found = verify.verify(bag)
    assert (found.exit, found.problems) == (verify.INTACT, [])
    listed = verify.manifest(verify.open_bag(bag), "manifest-sha256.txt")
    digests = {hashlib.sha256(f"%PDF-1.4 {one}".encode()).hexdigest() for one in promises}
    kept = {name: d for name, d in listed.items() if f"data/raw/{PLAN}/documents/" in name}
    assert digests <= set(kept.values())


def test_a_changed_document_is_found_in_the_bag_and_at_the_door(house, tmp_path):
    root, promises = house
    (bag,) = (root / "evidence").glob("*.zip")
    digest = hashlib.sha256(f"%PDF-1.4 {promises[0]}".encode()).hexdigest()
    name = f"data/data/raw/{PLAN}/documents/{digest}.pdf"
    with zipfile.ZipFile(bag) as file:
        file.extractall(tmp_path)
    unpacked = tmp_path / bag.stem
    assert verify.verify(unpacked).exit == verify.INTACT
    (unpacked / name).write_bytes(b"%PDF-1.4 other")
    found = verify.verify(unpacked)
    assert found.exit != verify.INTACT
    assert any(digest in str(problem) for problem in found.problems)
    document = root / f"data/raw/{PLAN}/documents/{digest}.pdf"
    document.write_bytes(b"%PDF-1.4 other")
    ran = helpers(root, "check", "--plan", PLAN)
    assert ran.returncode == 1
    assert "不是登记的那一份" in ran.stderr + ran.stdout
