"""Since when has this bag existed, by the word of somebody else? A time stamp under RFC 3161
(GB/T 20520) over its evidence id.

The token stands beside the bag, with the certificate of the authority it goes back to; `verify`
checks it without network. OpenSSL makes the question and checks the answer.
"""

from __future__ import annotations

import http.client
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from .. import atomic
from . import verify

SECONDS = 30


class NotStamped(Exception):
    """No trusted time could be had. Its text is one sentence."""


def stamp(bag: Path, evidence_id: str, authority: str, root: Path) -> Path:
    """Ask `authority` (an address) for the time of `evidence_id`, check the answer against the
    certificate `root` (PEM) and put both beside `bag`. What is there already is left. Raises
    `NotStamped`."""
    token, certificate = (bag.with_suffix(end) for end in (verify.TOKEN, verify.AUTHORITY))
    if token.exists():
        return token
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "question"), Path(folder, "answer")
        _openssl(*("-query", "-digest", evidence_id, "-sha256", "-cert", "-out", str(question)))
        answer.write_bytes(_asked(authority, question.read_bytes()))
        _openssl(
            *("-verify", "-queryfile", str(question), "-in", str(answer), "-CAfile", str(root))
        )
        atomic.write(certificate, root.read_bytes())
        atomic.write(token, answer.read_bytes())
    return token


def _asked(authority: str, question: bytes) -> bytes:
    if not authority.startswith(("http://", "https://")):
        raise NotStamped(f"时间戳机构 {authority!r} 不是网址；请写 http:// 或 https:// 开头的地址")
    request = urllib.request.Request(
        authority, question, {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return bytes(answer.read(verify.MAX_TOKEN))
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise NotStamped(f"时间戳机构没有答复（{why}）；证据包已登记，再次归档会再问") from None


def _openssl(*arguments: str) -> None:
    try:
        ran = subprocess.run(["openssl", "ts", *arguments], capture_output=True)
    except OSError:
        raise NotStamped("时间戳要用 openssl，本机没有；请安装 OpenSSL 1.1.1 以上") from None
    if ran.returncode:
        raise NotStamped(
            f"时间戳机构的答复没有通过核验（{verify.last_error(ran.stderr)}）；"
            "请核对 TSA= 和 TSA_CA="
        )
