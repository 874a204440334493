"""Stand-ins for Chinese fonts that are not in the file, so that pages look alike on any machine.

pdfium drops letters that it has no glyph for when they stand alone, and paints nothing for the
others; hidden text could then not be told from seen text. The stand-in is a TrueType font whose
every letter is a square.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from secreview.formats.pdf_objects import Objects, entries, get, is_dictionary, subtype_of

FILES = ("/FontFile", "/FontFile2", "/FontFile3")
EM = 1000
SQUARE = (40, -100, 460, 860)  # left, bottom, right, top; half an em wide as digits are
CODES = 1 << 16
MAGIC = 0x5F0F3CF5  # OpenType: head.magicNumber


def with_stand_ins(objects: Objects) -> bytes | None:
    """Put stand-ins into an open file and return its bytes, None when it needs none."""
    lacking = list(absent_fonts(objects))
    if not lacking:
        return None
    import pikepdf

    pdf = objects.pdf
    font = pdf.make_stream(square_font())
    font["/Length1"] = len(square_font())
    always = pdf.make_stream(b"\0\1" * CODES)  # every code is glyph 1
    for holder in lacking:
        holder["/Subtype"] = pikepdf.Name.CIDFontType2
        holder["/CIDToGIDMap"] = always
        descriptor = get(holder, "/FontDescriptor")
        if not is_dictionary(descriptor):
            descriptor = pdf.make_indirect(usual_descriptor(get(holder, "/BaseFont")))
            holder["/FontDescriptor"] = descriptor
        descriptor["/FontFile2"] = font
    target = io.BytesIO()
    pdf.save(target, fix_metadata_version=False)
    return target.getvalue()


def absent_fonts(objects: Objects) -> Iterator[Any]:
    """Yield the descendants of composite fonts whose letters are not in the file."""
    for _, item in objects.holding(b"/Type0"):
        if not is_dictionary(item) or subtype_of(item) != "/Type0":
            continue
        for font in entries(item.get("/DescendantFonts")):
            descriptor = get(font, "/FontDescriptor")
            if is_dictionary(font) and all(get(descriptor, name) is None for name in FILES):
                yield font


def usual_descriptor(name: Any) -> Any:
    """Return a font descriptor for a font without one."""
    import pikepdf

    return pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=name or pikepdf.Name.Square, Flags=4,
        FontBBox=pikepdf.Array(list(SQUARE)), ItalicAngle=0, Ascent=860, Descent=-100,
        CapHeight=860, StemV=80,
    )  # fmt: skip


def square_font() -> bytes:
    """Return a TrueType font of two glyphs: nothing, and a square."""
    left, bottom, right, top = SQUARE
    outline = struct.pack(
        ">hhhhhHH4B4h4h", 1, left, bottom, right, top, 3, 0, 1, 1, 1, 1,
        left, 0, right - left, 0, bottom, top - bottom, 0, bottom - top,
    )  # fmt: skip
    outline += b"\0" * (-len(outline) % 4)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + character_map(),
        b"glyf": outline,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh", 1 << 16, 1 << 16, 0, MAGIC, 11, EM, 0, 0,
            left, bottom, right, top, 0, 8, 2, 1, 0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhh11hH", 1 << 16, top, bottom, 0, EM, left, EM - right, right,
            *([1] + [0] * 10), 2,
        ),
        b"hmtx": struct.pack(">HhHh", EM, 0, EM, left),
        b"loca": struct.pack(">III", 0, 0, len(outline)),
        b"maxp": struct.pack(">IH13H", 1 << 16, 2, 4, 1, *([0] * 11)),
        b"post": struct.pack(">IIhhIIIII", 3 << 16, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    return assembled(tables)


def character_map() -> bytes:
    """Return a character map (format 4) without characters."""
    return struct.pack(">HHHHHHH5H", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0)


def assembled(tables: dict[bytes, bytes]) -> bytes:
    """Return a font file of some tables."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    start = 12 + 16 * count
    head = struct.pack(
        ">IHHHH", 1 << 16, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    body = b""
    for tag, data in sorted(tables.items()):
        head += struct.pack(">4sIII", tag, checksum(data), start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return head + body


def checksum(data: bytes) -> int:
    """Return the checksum of a table."""
    padded = data + b"\0" * (-len(data) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded))) & 0xFFFFFFFF
