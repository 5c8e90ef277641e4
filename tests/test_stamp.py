"""Trusted time: a token of an authority of our own, beside the bag, checked without network."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from test_archive import House

from helpers.archive import shelf, stamp, verify

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")

CONFIG = """\
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A root, a signer under it, and a server that answers as RFC 3161 asks."""

    def __init__(self, folder: Path, name: str):
        folder.mkdir()
        self.folder, self.root = folder, folder / "root.pem"
        key = ("-newkey", "rsa:2048", "-nodes")
        openssl(
            *("req", "-x509", *key, "-subj", f"/CN={name} root", "-days", "2"),
            *("-keyout", f"{folder}/root.key", "-out", str(self.root)),
        )
        openssl(
            *("req", *key, "-subj", f"/CN={name}", "-keyout", f"{folder}/tsa.key"),
            *("-out", f"{folder}/tsa.csr"),
        )
        (folder / "purpose").write_text("extendedKeyUsage=critical,timeStamping\n")
        openssl(
            *("x509", "-req", "-in", f"{folder}/tsa.csr", "-CA", str(self.root), "-days", "1"),
            *("-CAkey", f"{folder}/root.key", "-CAcreateserial", "-extfile", f"{folder}/purpose"),
            *("-out", f"{folder}/tsa.pem"),
        )
        (folder / "serial").write_text("01\n")
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def answer(self, question: bytes) -> bytes:
        (self.folder / "question").write_bytes(question)
        openssl(
            *("ts", "-reply", "-queryfile", f"{self.folder}/question", "-section", "ours"),
            *("-config", f"{self.folder}/config", "-signer", f"{self.folder}/tsa.pem"),
            *("-inkey", f"{self.folder}/tsa.key", "-out", f"{self.folder}/answer"),
        )
        return (self.folder / "answer").read_bytes()


@pytest.fixture(scope="module")
def authorities(tmp_path_factory) -> tuple[Authority, Authority]:
    folder = tmp_path_factory.mktemp("authorities")
    return Authority(folder / "ours", "ours"), Authority(folder / "other", "other")


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """The authority's address: `/tsa` answers, everything else with what is no token."""

    class Office(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer = authority.answer(question) if self.path == "/tsa" else b"no token"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Office) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def address(authorities) -> Iterator[str]:
    with serving(authorities[0]) as at:
        yield at


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def test_a_stamped_bag_has_a_time_and_an_altered_or_foreign_token_is_found(
    house, authorities, address
):
    ours, other = authorities
    kept = house.archive()
    token = stamp.stamp(kept.path, kept.evidence_id, f"{address}/tsa", ours.root)
    assert token == kept.path.with_suffix(".tsr")
    good = token.read_bytes()
    assert stamp.stamp(kept.path, kept.evidence_id, "http://127.0.0.1:9", ours.root) == token

    def problems(**options: object) -> list[str]:
        report = verify.verify(kept.path, kept.evidence_id, house.register, **options)
        assert report.exit == bool(report.problems)
        return [says for _, says in report.problems]

    assert problems() == problems(authority=ours.root) == []
    notes = [s for _, s in verify.verify(kept.path).notes if "时间戳" in s]
    assert len(notes) == 1
    assert notes[0].startswith("时间戳有效：20")
    assert "另行核实" in notes[0]
    assert problems(authority=other.root) != []
    for spoilt in (  # every region of it: the time, the digest, the signature, the certificate
        *(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(60, len(good), 97)),
        good[:-1],
        b"",
        b"x",
        other.answer((ours.folder / "question").read_bytes()),
    ):
        token.write_bytes(spoilt)
        assert len(problems()) == 1, spoilt
    token.write_bytes(good)
    house.make(value=9)
    later = house.archive("2024-05-03")
    shutil.copy(token, later.path.with_suffix(".tsr"))  # of another bag
    shutil.copy(ours.root, later.path.with_suffix(".tsa.pem"))
    assert verify.verify(later.path, later.evidence_id).exit == 1
    shelf.stamped(house.register, kept.evidence_id, good, "2024-05-04")
    assert problems() == []
    for at in range(0, len(good), 9):  # with the register every byte, signed or not
        token.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert len(problems()) == 1, at
    token.unlink()
    assert [says.split("：")[1] for says in problems(authority=ours.root)] == ["没有时间戳"]


def test_a_token_without_its_root_is_named_and_not_believed(house, authorities, address):
    kept = house.archive()
    stamp.stamp(kept.path, kept.evidence_id, f"{address}/tsa", authorities[0].root)
    kept.path.with_suffix(".tsa.pem").unlink()
    report = verify.verify(kept.path, kept.evidence_id)
    assert report.exit == 0
    assert any("自称" in says and "没有核验" in says for _, says in report.notes)


def test_an_authority_that_does_not_answer_or_answers_wrongly_leaves_nothing(
    house, authorities, address
):
    kept = house.archive()
    ours, other = authorities
    for where, root, why in (
        ("ftp://x", ours.root, "不是网址"),
        ("http://127.0.0.1:9/", ours.root, "没有答复（"),
        (f"{address}/else", ours.root, "没有通过核验"),
        (f"{address}/tsa", other.root, "没有通过核验"),
    ):
        with pytest.raises(stamp.NotStamped, match=why) as told:
            stamp.stamp(kept.path, kept.evidence_id, where, root)
        assert len(str(told.value).splitlines()) == 1
        assert not [path for path in house.evidence.iterdir() if path.suffix in (".tsr", ".pem")]


def test_the_code_has_its_swhid_in_the_bag(house):
    from test_archive import contents

    kept = house.archive()
    commit, whole = house.git("rev-parse", "HEAD"), house.git("rev-parse", "HEAD^{tree}")
    info = verify.fields(contents(kept.path)["bag-info.txt"].decode())
    assert info["Code-SWHID"] == f"swh:1:rev:{commit} swh:1:dir:{whole}"
