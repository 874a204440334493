"""Windows metafiles (emf, wmf): the text records of a drawing."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from secreview.errors import Damaged
from secreview.formats.decode import decode
from secreview.formats.lines import Lines
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, PartKind, Status, Why

MEDIA_TYPES = ("image/emf", "image/wmf")
READER = "metafile"
# Record types of [MS-EMF] 2.1.1 and [MS-WMF] 2.1.1.1
EXT_TEXT_OUT_W, EXT_TEXT_OUT_A, SMALL_TEXT_OUT, COMMENT, END = 84, 83, 108, 70, 14
PICTURES = frozenset({76, 77, 78, 79, 80, 81, 114, 116})  # bitmaps: text in them is not read
DESCRIPTION = 60  # offset of the description's size in the header record
WMF_TEXT_OUT, WMF_EXT_TEXT_OUT, WMF_END = 0x0521, 0x0A32, 0
WMF_PICTURES = frozenset({0x0940, 0x0B41, 0x0F43, 0x0922, 0x0B23, 0x0D33})
PLACEABLE = b"\xd7\xcd\xc6\x9a"
SMALL_NO_RECT, SMALL_CHARS = 0x100, 0x200
DRAW_STRING = 0x401C  # [MS-EMFPLUS] 2.3.4.14


def read(source: Source, limits: Limits) -> Content:
    """Return the text of a metafile; bitmaps in it are gaps."""
    data = source.read(limits)
    lines, notes = Lines("picture", PartKind.BODY), Lines("metadata", PartKind.PROPERTY)
    is_wmf = data.startswith((PLACEABLE, b"\1\0\x09\0", b"\2\0\x09\0"))
    pictures = 0
    try:
        for kind, text in wmf(data) if is_wmf else emf(data):
            if kind == "picture":
                pictures += 1
            else:
                (notes if kind == "description" else lines).add(text)
    except struct.error:
        raise Damaged("metafile: a record is cut off") from None
    gaps = (Gap("bitmaps", Why.PICTURE, f"{pictures} in the drawing"),) if pictures else ()
    row = Covered(source.name, "drawing", Status.READ, len(data), READER)
    return Content((*lines.parts(), *notes.parts()), gaps, (row,))


def emf(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (``text``, ``description`` or ``picture``, words) for each record that has any."""
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or kind == END:
            return
        record = data[at : at + size]
        if at == 0 and size >= DESCRIPTION + 8:
            count, offset = struct.unpack_from("<II", record, DESCRIPTION)
            text = record[offset : offset + 2 * count].decode("utf-16-le", "replace")
            yield "description", text.replace("\0", " ").strip()
        elif kind in (EXT_TEXT_OUT_W, EXT_TEXT_OUT_A):
            count, offset = struct.unpack_from("<II", record, 44)
            yield "text", words(record[offset:], count, is_wide=kind == EXT_TEXT_OUT_W)
        elif kind == SMALL_TEXT_OUT:
            count, options = struct.unpack_from("<II", record, 16)[:2]
            start = 36 if options & SMALL_NO_RECT else 52
            yield "text", words(record[start:], count, is_wide=not options & SMALL_CHARS)
        elif kind == COMMENT:
            yield from (("text", text) for text in drawn(record[12:]))
        elif kind in PICTURES:
            yield "picture", ""
        at += size


def drawn(data: bytes) -> Iterator[str]:
    """Yield the strings that EMF+ records inside a comment draw."""
    if not data.startswith(b"EMF+"):
        return
    at = 4
    while at + 12 <= len(data):
        kind, _, size, _ = struct.unpack_from("<HHII", data, at)
        if size < 12:
            return
        if kind == DRAW_STRING and at + 40 <= len(data):
            count = int(struct.unpack_from("<I", data, at + 20)[0])
            yield words(data[at + 40 : at + size], count, is_wide=True)
        at += size


def wmf(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (``text`` or ``picture``, words) for each record that has any."""
    at = 22 if data.startswith(PLACEABLE) else 0
    at += 2 * int(struct.unpack_from("<H", data, at + 2)[0])
    while at + 6 <= len(data):
        size, kind = struct.unpack_from("<IH", data, at)
        if size < 3 or kind == WMF_END:
            return
        record = data[at + 6 : at + 2 * size]
        if kind == WMF_TEXT_OUT:
            count = int(struct.unpack_from("<H", record)[0])
            yield "text", words(record[2:], count, is_wide=False)
        elif kind == WMF_EXT_TEXT_OUT:
            count, options = struct.unpack_from("<HH", record, 4)
            start = 16 if options & 6 else 8  # a rectangle comes first when it clips or paints
            yield "text", words(record[start:], count, is_wide=False)
        elif kind in WMF_PICTURES:
            yield "picture", ""
        at += 2 * size


def words(data: bytes, count: int, *, is_wide: bool) -> str:
    """Return so many characters of a record as text."""
    if is_wide:
        return data[: 2 * count].decode("utf-16-le", "replace").strip("\0")
    return decode(data[:count]).text.strip("\0")
