"""The page's own font: the committed one cut to the characters the page uses, so that it shows on
any machine."""

from __future__ import annotations

import base64
import io
from pathlib import Path

UNUSED = {
    "BASE",
    "GDEF",
    "GPOS",
    "GSUB",
    "VORG",
    "vhea",
    "vmtx",
}  # of vertical setting and of features


def embedded(font: Path, text: str) -> str:
    """`font` cut to the characters of `text`, in base64. Characters it lacks are left to the
    reader's fonts.

    Uncompressed: WOFF2 would save 20 KB of a page and take longer than all the rest of the page.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.hinting, options.layout_features = False, []
    cut = subset.Subsetter(options)
    cut.populate(text="".join(sorted(set(text))))
    loaded = TTFont(
        font, recalcTimestamp=False, recalcBBoxes=False
    )  # boxes of the whole font hold for a part; half the time
    for table in UNUSED.intersection(loaded.keys()):
        del loaded[table]  # before it is read: parsing them would take a fifth of the time
    cut.subset(loaded)
    file = io.BytesIO()
    loaded.save(file)
    return base64.b64encode(file.getvalue()).decode("ascii")
