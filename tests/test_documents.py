"""Copies of sources: kept beside the tables, held to their digests, fetched once, shown as 存 or
未存."""

from __future__ import annotations

import csv
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import Toy

from helpers.intake import contract, observations, snapshot
from helpers.intake.finding import Refused

HTML = "<!doctype html><meta charset=utf-8><p>全县有效专利160件。\r\n".encode()
DIGEST = hashlib.sha256(HTML).hexdigest()
SERVED = {  # path → (code, media type, bytes)
    "/page": (200, "text/html; charset=utf-8", HTML),
    "/report": (200, "application/pdf", b"%PDF-1.4 x"),
    "/gone": (404, "text/html", b"x"),
    "/film": (200, "video/mp4", b"x"),
    "/empty": (200, "text/html", b""),
    "/large": (200, "text/html", b"x" * 200),
}


class Office(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        code, media, content = SERVED[self.path]
        self.server.asked.append(self.path)
        self.send_response(code)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def office() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Office) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def with_columns(toy: Toy) -> None:
    """The optional columns of sources.csv, empty in every row."""
    head, *rows = toy["sources.csv"].read_text("utf-8").splitlines()
    more = ",".join(contract.SOURCES_OPTIONAL)
    toy.write("sources.csv", "".join([f"{head},{more}\n", *(f"{row},,,\n" for row in rows)]))


def with_copy(toy: Toy, **cells: str) -> None:
    with_columns(toy)
    (toy["sources.csv"].parent / "documents").mkdir()
    (toy["sources.csv"].parent / "documents/report.html").write_bytes(HTML)
    toy.cell("sources.csv", 3, **{"file": "report.html", "sha256": DIGEST, **cells})


def rows(toy: Toy) -> dict[str, dict[str, str]]:
    with open(toy["sources.csv"], encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_a_kept_copy_with_its_digest_passes_the_door(toy):
    with_copy(toy, rights="open")
    source = observations.receive(toy.plan).sources["report_2021"]
    assert (source.file, source.sha256, source.rights) == ("report.html", DIGEST, "open")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"sha256": ""}, "3:sha256: 有文件而没有摘要"),
        ({"sha256": "AB" * 32}, "不是 SHA-256"),
        ({"sha256": "0" * 64}, f"文件的摘要是 {DIGEST}：不是登记的那一份"),
        ({"file": "other.html"}, "documents/ 下没有这个文件"),
        ({"file": "../sources.csv"}, "不是文件名"),
        ({"file": ".hidden"}, "不是文件名"),
        ({"rights": "free"}, "free — 不在可选的词里"),
        ({"rights": "closed"}, "写明不得复制，却存了文件"),
    ],
)
def test_a_copy_that_is_not_the_registered_one_is_refused_at_the_door(toy, cells, sentence):
    with_copy(toy, **cells)
    with pytest.raises(Refused) as refused:
        observations.receive(toy.plan)
    assert [sentence in str(refused.value), len(refused.value.findings)] == [True, 1], str(
        refused.value
    )


def test_an_altered_document_is_refused(toy):
    with_copy(toy)
    (toy["sources.csv"].parent / "documents/report.html").write_bytes(HTML.replace(b"160", b"190"))
    with pytest.raises(Refused, match="不是登记的那一份"):
        observations.receive(toy.plan)


def test_a_snapshot_keeps_the_bytes_that_came_their_digest_and_the_day(toy, office, monkeypatch):
    monkeypatch.setattr(contract, "DOCUMENT_BYTES", 100)
    base = f"http://127.0.0.1:{office.server_port}"
    lines = {"page": 2, "report": 3, "gone": 4, "film": 5, "empty": 6}
    for path, line in lines.items():
        toy.cell("sources.csv", line, url=f"{base}/{path}")
    toy.add(
        "sources.csv", f"large,长,统计局,,{base}/large,,", "away,远,统计局,,http://127.0.0.1:9/x,,"
    )
    taken = [*snapshot.take(toy.plan, snapshot.wanted(toy.plan), "2026-11-27")]
    assert {one.source.id: one.file for one in taken if one.file} == {
        "report_2020": "report_2020.html",
        "report_2021": "report_2021.pdf",
    }
    problems = {one.source.id: one.problem for one in taken if one.problem}
    assert {name: sentence.split("，")[0] for name, sentence in problems.items()} == {
        "report_2022": "对方答 404",
        "report_2023": "内容的类型是 video/mp4",
        "undated": "对方没有给出完整的内容",
        "large": "超过 100 字节",
        "away": "取不到（[Errno 111] Connection refused）",
    }
    assert all(len(sentence.splitlines()) == 1 for sentence in problems.values())
    kept = toy["sources.csv"].parent / "documents"
    assert (kept / "report_2020.html").read_bytes() == HTML
    row = rows(toy)["report_2020"]
    assert (row["file"], row["sha256"], row["accessed"]) == (
        "report_2020.html",
        DIGEST,
        "2026-11-27",
    )
    assert rows(toy)["undated"]["accessed"] == "2024-05"  # what was not kept stays as it was
    assert observations.receive(toy.plan).sources["report_2021"].file == "report_2021.pdf"
    office.asked.clear()
    asked = {source.id for source in snapshot.wanted(toy.plan)}
    assert asked == {*problems}  # what is kept is not asked for again


def test_what_may_not_be_copied_is_not_asked_for(toy, office):
    with_columns(toy)
    toy.cell("sources.csv", 2, url=f"http://127.0.0.1:{office.server_port}/page", rights="closed")
    assert "report_2020" not in {source.id for source in snapshot.wanted(toy.plan)}


def test_the_districts_plan_is_kept_and_is_the_text_its_lines_are_counted_in():
    from helpers.intake import plan as plans

    plan = plans.load("tongzhou-145", Path(__file__).parents[1])
    source = observations.receive(plan).sources["plan_text"]
    assert (source.file, source.sha256) == ("plan.txt", plan.document.sha256)
