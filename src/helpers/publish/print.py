"""Paper: a page printed to PDF by Chromium, tagged, with an outline, page numbers and running heads
from the page's own style."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from .. import atomic

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
NEIGHBOUR = re.compile(r'(<a\b[^>]*?)\shref="(?!#|https?:|data:)[^"]*"')  # of the page's own folder
AS_PDF = ("--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf")
SECONDS = 180


class NoBrowser(RuntimeError):
    """There is nothing that can print."""


class NotPrinted(RuntimeError):
    """The browser gave no PDF."""


def pdf(page: Path, target: Path) -> None:
    """Print `page` to `target`, which appears whole or not at all. Raises `NoBrowser` or
    `NotPrinted`.

    Links to files beside the page become plain text: paper travels without them, and a browser
    would write out where they lie on this machine.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowser(
            f"no Chromium to print with (looked for {', '.join(BROWSERS)}); install it with: "
            "apt-get install chromium"
        )
    with atomic.scratch(".print-", target.parent) as scratch:
        printed, alone = scratch / "page.pdf", scratch / "page.html"
        alone.write_text(NEIGHBOUR.sub(r"\1", page.read_text("utf-8")), "utf-8")
        command = [
            browser,
            *QUIET,
            *AS_PDF,
            f"--user-data-dir={scratch}/profile",
            f"--print-to-pdf={printed}",
            alone.resolve().as_uri(),
        ]
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise NotPrinted(
                f"{browser} did not print {page.name} in {SECONDS} seconds; close other programs "
                "and try again"
            ) from None
        if ran.returncode or not printed.is_file() or not printed.read_bytes().startswith(b"%PDF-"):
            said = next(
                (line for line in reversed(ran.stderr.splitlines()) if line.strip()),
                "no word of why",
            )
            raise NotPrinted(f"{browser} did not print {page.name}: {said}")
        printed.replace(target)
