"""Cut the font that figures and pages carry: GB 2312, signs, and every character the repository
itself uses.

    apt-get install fonts-noto-cjk && make font

Source: Noto Sans CJK SC Regular (© Adobe, SIL OFL 1.1) as Debian ships it. The family gets a
private name, so that a page never mistakes it for a font installed on the reader's machine, and so
that no reserved name is used for a changed font.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = ROOT / "src/helpers/show/fonts/plan-assessment-sans.otf"
FAMILY = "Plan Assessment Sans"
SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x203F),
    *range(0x2070, 0x209F),
    *range(0x2190, 0x2200),
    *range(0x2200, 0x2270),
    *range(0x2460, 0x2474),
    *range(0x2500, 0x2580),
    *range(0x25A0, 0x2610),
    *range(0x2713, 0x2719),
    *range(0x3000, 0x3020),
    *range(0xFF01, 0xFF5F),
)
TEXTS = (
    "params/**/*.yml",
    "data/raw/**/*.csv",
    "notebooks/**/*.ipynb",
    "src/**/*.py",
    "src/**/*.j2",
    "*.md",
)
FIXED_TIME = 3_786_912_000  # 2024-01-01 in the font's epoch: the same input gives the same bytes


def gb2312() -> set[str]:
    """All 7,445 characters of GB 2312."""
    rows = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {ch for row in rows for ch in row.decode("gb2312", "ignore")}


def used() -> set[str]:
    """Every character of the repository's own texts."""
    return {
        ch for pattern in TEXTS for path in ROOT.glob(pattern) for ch in path.read_text("utf-8")
    }


def simplified_chinese(collection: Path) -> TTFont:
    fonts = TTCollection(collection).fonts
    return next(font for font in fonts if font["name"].getDebugName(1) == "Noto Sans CJK SC")


def rename(font: TTFont, family: str) -> None:
    """Give every name record that carries the old family the new one; the copyright and licence
    records stay."""
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            text = {6: family.replace(" ", "") + "-Regular", 3: f"{family} Regular"}.get(
                record.nameID, family
            )
            font["name"].setName(
                text, record.nameID, record.platformID, record.platEncID, record.langID
            )
    top = font["CFF "].cff
    top.fontNames = [family.replace(" ", "") + "-Regular"]
    top.topDictIndex[0].FullName, top.topDictIndex[0].FamilyName = family, family


def main() -> None:
    if not SOURCE.is_file():
        sys.exit(f"{SOURCE} is not there; install it with: apt-get install fonts-noto-cjk")
    font = simplified_chinese(SOURCE)
    options = subset.Options()
    options.hinting, options.layout_features, options.name_IDs = (
        False,
        [],
        [0, 1, 2, 3, 4, 5, 6, 13, 14, 16],
    )
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]  # of vertical setting
    # a page takes over shapes as bytes (helpers.publish.font): each stands alone
    options.notdef_outline, options.desubroutinize = True, True
    cut = subset.Subsetter(options)
    cut.populate(unicodes={*SIGNS, *map(ord, gb2312() | used())})
    cut.subset(font)
    rename(font, FAMILY)
    font["head"].created = font["head"].modified = FIXED_TIME
    font.recalcTimestamp = False
    font.save(TARGET)
    print(
        f"{TARGET.relative_to(ROOT)}: {len(font.getBestCmap())} characters, "
        f"{TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
