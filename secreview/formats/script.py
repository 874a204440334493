"""Scripts and style sheets: their text with the escapes of characters written out."""

from __future__ import annotations

from secreview.formats.decode import decode
from secreview.formats.escapes import unescaped
from secreview.formats.plain import damage
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Part, PartKind

MEDIA_TYPES = ("text/javascript", "text/css")


def read(source: Source, limits: Limits) -> Content:
    """Return the text of a script, once for each encoding it may be in; line numbers hold."""
    decoded = decode(source.read(limits))
    readings = {"script": decoded.text, **{f"script-{e}": t for e, t in decoded.alternatives}}
    parts = (
        Part(name, PartKind.SCRIPT, unescaped(text), first_line=1)
        for name, text in readings.items()
    )
    return Content(tuple(parts), damage(decoded.undecodable))
