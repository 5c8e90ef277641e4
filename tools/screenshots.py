"""Take the README's pictures from editions that were really made: `make assess`, then `python tools/screenshots.py`.

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
PICTURES = {  # file → edition and place in its page, width and height of the window
    "national-145-2023.png": ("national-145/2023@2024-03-31", "", 1280, 1250),
    "national-145-card.png": ("national-145/2023@2024-03-31", "#i-hvp_per_10k", 1280, 1060),
    "tongzhou-145-phone.png": ("tongzhou-145/2025", "", 390, 1150),
}
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars", "--force-device-scale-factor=1")


def screenshot(browser: str, address: str, width: int, height: int) -> Image.Image:
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "page.png"
        command = [browser, *QUIET, f"--user-data-dir={scratch}/profile", f"--window-size={width},{height}", f"--screenshot={target}", address]
        subprocess.run(command, check=True, capture_output=True)
        return Image.open(io.BytesIO(target.read_bytes())).convert("RGB")


def main() -> None:
    browser = shutil.which("chromium") or sys.exit("chromium is not there; install it with: apt-get install chromium")
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (edition, place, width, height) in PICTURES.items():
        page = ROOT / "data" / "processed" / edition / "assessment.html"
        picture = screenshot(browser, page.as_uri() + place, width, height)
        picture.quantize(128).save(folder / name, optimize=True)
        print(f"docs/images/{name}: {(folder / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
