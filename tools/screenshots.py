"""Take the README's pictures from editions that were really made: `make assess`, then `python
tools/screenshots.py`.

Needs Chromium (`apt-get install chromium`).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = {  # file → edition, width of the window, (top, bottom) of the picture in its pixels
    "national-145-2023.png": ("national-145/2023@2024-03-31", 1280, (0, 1260)),
    "national-145-card.png": ("national-145/2023@2024-03-31", 1280, (3460, 4730)),
    "tongzhou-145-phone.png": ("tongzhou-145/2025", 390, (0, 1150)),
}
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


def screenshot(browser: str, page: Path, width: int, bottom: int) -> Image.Image:
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "page.png"
        command = [
            browser,
            *QUIET,
            f"--user-data-dir={scratch}/profile",
            f"--window-size={width},{bottom}",
            f"--screenshot={target}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True)
        return Image.open(io.BytesIO(target.read_bytes())).convert("RGB")


def main() -> None:
    browser = shutil.which("chromium") or sys.exit(
        "chromium is not there; install it with: apt-get install chromium"
    )
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (edition, width, (top, bottom)) in PICTURES.items():
        page = ROOT / "data" / "processed" / edition / "assessment.html"
        picture = screenshot(browser, page, width, bottom).crop((0, top, width, bottom))
        picture.quantize(128).save(folder / name, optimize=True)
        print(f"docs/images/{name}: {(folder / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
