"""Fonts: shapes of letters and no text, so they are passed over and listed as such."""

from __future__ import annotations

from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Status

MEDIA_TYPES = ("font/sfnt", "font/woff", "font/woff2", "application/vnd.ms-fontobject")


def read(source: Source, limits: Limits) -> Content:
    """Return no part: the row of the coverage list says that the file was passed over."""
    return Content((), (), (Covered(source.name, "font", Status.SKIPPED, source.size(), "font"),))
