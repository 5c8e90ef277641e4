"""Who signs a bag? An ssh key, by ssh-keygen."""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import verify
from .tree import CannotArchive


def fingerprint(key: Path) -> str:
    """SHA256:… of an ssh key."""
    return _ssh_keygen("-l", "-E", "sha256", "-f", str(key)).split()[1].decode()


def made(key: Path, signed: bytes) -> bytes:
    """The signature of `signed`, as ssh-keygen -Y sign makes it."""
    return _ssh_keygen("-Y", "sign", "-q", "-n", verify.NAMESPACE, "-f", str(key), given=signed)


def _ssh_keygen(*arguments: str, given: bytes = b"") -> bytes:
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments], input=given, capture_output=True, check=True
        ).stdout
    except OSError:
        raise CannotArchive(
            "签名要用 ssh-keygen，本机没有；请安装 OpenSSH 8.1 以上，或不签名"
        ) from None
    except subprocess.CalledProcessError as error:
        raise CannotArchive(
            f"不能用所给的钥匙签名（{error.stderr.decode(errors='replace').strip()}）；请检查 KEY="
        ) from None
