"""Fonts: shapes of letters and no text, so they are passed over and listed as such.

Only a file that its own header accounts for to the last byte is a font and nothing else.
"""

from __future__ import annotations

import struct

from secreview.errors import Damaged
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Status

MEDIA_TYPES = ("font/sfnt", "font/woff", "font/woff2", "application/vnd.ms-fontobject")
HEADER, RECORD = 12, 16  # bytes of the head of an sfnt font, and of each of its table records
PADDING = 3  # bytes at most behind the last table


def read(source: Source, limits: Limits) -> Content:
    """Return no part: the row of the coverage list says that the file was passed over.

    Raises Damaged when the file is longer or shorter than the font that it begins as.
    """
    data = source.read(limits)
    try:
        told = told_size(data)
    except struct.error:
        told = -1
    if not 0 <= len(data) - told <= PADDING:
        raise Damaged("the file is not the font that it begins as")
    return Content((), (), (Covered(source.name, "font", Status.SKIPPED, len(data), "font"),))


def told_size(data: bytes) -> int:
    """Return the size in bytes that the header of a font tells."""
    if data.startswith((b"wOFF", b"wOF2")):
        return int(struct.unpack_from(">I", data, 8)[0])
    if data.startswith(b"ttcf"):
        fonts = struct.unpack_from(">I", data, 8)[0]
        starts = struct.unpack_from(f">{min(fonts, len(data) // 4)}I", data, HEADER)
        return max((end_of_tables(data, start) for start in starts), default=-1)
    if data.startswith((b"\0\1\0\0", b"OTTO")):
        return end_of_tables(data, 0)
    return int(struct.unpack_from("<I", data)[0])  # Embedded OpenType


def end_of_tables(data: bytes, start: int) -> int:
    """Return where the last table of the font that starts at an offset ends."""
    count = struct.unpack_from(">H", data, start + 4)[0]
    first = start + HEADER
    records = (struct.unpack_from(">II", data, first + n * RECORD + 8) for n in range(count))
    return max((offset + size for offset, size in records), default=-1)
