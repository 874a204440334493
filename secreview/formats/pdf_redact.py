"""Areas marked for redaction whose text was never taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secreview.formats.pdf_glyphs import Glyphs
from secreview.formats.pdf_scene import Box

REDACT = 28  # FPDF_ANNOT_REDACT


def marked_areas(page: Any, glyphs: Glyphs) -> Iterator[str]:
    """Yield the text under each redaction mark that was not applied."""
    import pypdfium2.raw as raw

    for nth in range(max(0, raw.FPDFPage_GetAnnotCount(page))):
        note = raw.FPDFPage_GetAnnot(page, nth)
        if not note:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(note) == REDACT:
                yield "\n".join(filter(None, map(glyphs.inside, areas(note))))
        finally:
            raw.FPDFPage_CloseAnnot(note)


def areas(note: Any) -> Iterator[Box]:
    """Yield the areas of a mark: its quadrilaterals, else its rectangle."""
    import pypdfium2.raw as raw

    quads = raw.FS_QUADPOINTSF()
    count = raw.FPDFAnnot_CountAttachmentPoints(note)
    for nth in range(count):
        if raw.FPDFAnnot_GetAttachmentPoints(note, nth, quads):
            across = (quads.x1, quads.x2, quads.x3, quads.x4)
            up = (quads.y1, quads.y2, quads.y3, quads.y4)
            yield Box(min(across), min(up), max(across), max(up))
    rect = raw.FS_RECTF()
    if not count and raw.FPDFAnnot_GetRect(note, rect):
        yield Box(rect.left, rect.bottom, rect.right, rect.top)
