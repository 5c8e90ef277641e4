"""The page's own font: the committed one cut to the characters the page uses, so that it shows on
any machine."""

from __future__ import annotations

import base64
import io
from pathlib import Path


def embedded(font: Path, text: str) -> str:
    """`font` cut to the characters of `text`, as WOFF in base64. Characters it lacks are left to
    the reader's fonts.

    No glyph of `font` needs another or a subroutine (tools/make_font.py), so that shapes are taken
    over as bytes; following them would take four times as long. WOFF2 would save another 20 KB of a
    page and take longer than all the rest of the page.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont

    cut = subset.Subsetter(subset.Options(layout_features=[]))
    cut.populate(text="".join(sorted(set(text))))
    # boxes of the whole font hold for a part
    loaded = TTFont(font, recalcTimestamp=False, recalcBBoxes=False)
    loaded.getGlyphOrder()  # stands in the table that is taken out
    shapes = loaded["CFF "]
    del loaded["CFF "]
    cut.subset(loaded)
    cut.glyphs = cut.glyphs_retained
    shapes.subset_glyphs(cut)
    loaded["CFF "] = shapes
    loaded.flavor = "woff"
    file = io.BytesIO()
    loaded.save(file)
    return base64.b64encode(file.getvalue()).decode("ascii")
