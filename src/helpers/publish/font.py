"""The page's own font: the committed one cut to the characters the page uses, so that it shows on any machine."""

from __future__ import annotations

import base64
import io
from pathlib import Path


def embedded(font: Path, text: str) -> str:
    """`font` cut to the characters of `text`, as WOFF2 in base64. Characters it lacks are left to the reader's fonts."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.hinting, options.layout_features = False, []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]  # of vertical setting and features: not used
    cut = subset.Subsetter(options)
    cut.populate(text="".join(sorted(set(text))))
    loaded = TTFont(font, recalcTimestamp=False, recalcBBoxes=False)  # boxes of the whole font hold for a part; half the time
    cut.subset(loaded)
    loaded.flavor = "woff2"
    file = io.BytesIO()
    loaded.save(file)
    return base64.b64encode(file.getvalue()).decode("ascii")
