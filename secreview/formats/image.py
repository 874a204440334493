"""Pictures: metadata, thumbnails, bytes after the end, and text by recognition."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from secreview.errors import Damaged, TooLarge
from secreview.formats import ocr
from secreview.formats.decode import decode
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.ooxml import parse
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, Part, PartKind, Place, Status, Step, Unit, Why

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/webp",
    "image/x-icon",
)
READER = "image"
TELLING = {  # EXIF tags that people or devices write words into → how they are called
    0x010E: "ImageDescription", 0x013B: "Artist", 0x8298: "Copyright", 0x9286: "UserComment",
    0xA430: "CameraOwnerName", 0xA431: "BodySerialNumber", 0x9C9B: "XPTitle", 0x9C9C: "XPComment",
    0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject", 0x010D: "DocumentName",
    0x013C: "HostComputer", 0xA420: "ImageUniqueID",
}  # fmt: skip
WINDOWS = range(0x9C9B, 0x9CA0)  # tags in UTF-16
SUB_IFD, GPS_IFD = 0x8769, 0x8825
THUMBNAIL_AT, THUMBNAIL_SIZE = 0x0201, 0x0202
PNG_START = b"\x89PNG\r\n\x1a\n"
LOWEST = 3  # pixels: no letter is smaller, so lines and spacers hold no text
ICON = 32  # pixels: a picture no larger has no room for a number or a name that is legible
END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG markers without a length


def read(source: Source, limits: Limits) -> Content:
    """Return what a picture says in words: its metadata, and its text when it can be recognised."""
    from PIL import Image, UnidentifiedImageError

    data = source.read(limits)
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > limits.pixels:
            raise TooLarge(f"{image.width} x {image.height} pixels, limit {limits.pixels}")
        notes = Lines("metadata", PartKind.PROPERTY)
        thumbnail = metadata(image, data, notes)
    except (
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        kind = TooLarge if isinstance(error, Image.DecompressionBombError) else Damaged
        raise kind(f"picture: {type(error).__name__}") from None
    gaps: list[Gap] = []
    rows: list[Covered] = []
    parts = list(pictured(image, source, limits, gaps, rows))
    parts += notes.parts()
    for name, held in (("thumbnail", thumbnail), ("tail", data[end_of(data) :])):
        content = beside(name, held, limits)
        parts += content.parts
        gaps += content.gaps
        rows += content.coverage
    return Content(tuple(parts), tuple(gaps), tuple(rows))


def metadata(image: Image, data: bytes, notes: Lines) -> bytes:
    """Add what the metadata says, and return the thumbnail of the picture before it was cropped."""
    exif = image.getexif()
    tags = {**dict(exif), **dict(exif.get_ifd(SUB_IFD))}
    for tag, name in TELLING.items():
        if tag in tags:
            notes.add(told(tag, tags[tag]), Place((Step(Unit.PROPERTY, name),)))
    position = gps(dict(exif.get_ifd(GPS_IFD)))
    notes.add(position, Place((Step(Unit.PROPERTY, "GPS"),)))
    for key, value in image.info.items():
        name = str(key)
        if isinstance(value, bytes) and name == "comment":
            value = decode(value).text
        if not isinstance(value, str):
            continue
        if name not in ("Software", "date:create", "date:modify"):
            is_xmp = "xmp" in name.lower() or value.lstrip().startswith("<?xpacket")
            for text in xmp(value.encode()) if is_xmp else (value,):
                notes.add(text, Place((Step(Unit.PROPERTY, name),)))
    packet = image.info.get("xmp")
    for text in xmp(packet) if isinstance(packet, bytes) else ():
        notes.add(text, Place((Step(Unit.PROPERTY, "XMP"),)))
    for text in captions(image):
        notes.add(text, Place((Step(Unit.PROPERTY, "IPTC"),)))
    inner = exif.get_ifd(1)  # IFD1 describes the thumbnail
    start, size = inner.get(THUMBNAIL_AT), inner.get(THUMBNAIL_SIZE)
    raw = data[data.find(b"Exif\0\0") + 6 :] if b"Exif\0\0" in data[:65536] else b""
    return raw[start : start + size] if isinstance(start, int) and isinstance(size, int) else b""


def told(tag: int, value: Any) -> str:
    """Return the words of an EXIF tag."""
    if isinstance(value, (tuple, list)) and all(isinstance(v, int) and v < 256 for v in value):
        value = bytes(value)
    if tag in WINDOWS and isinstance(value, bytes):
        return str(value.decode("utf-16-le", "ignore")).strip("\0 ")
    if isinstance(value, str) and is_latin(value):  # bytes that were taken for Latin-1
        value = value.encode("latin-1")
    if not isinstance(value, bytes):
        return str(value).strip("\0 ")
    if value[:8].rstrip(b"\0 ") in (b"ASCII", b"UNICODE", b"JIS", b""):
        is_wide = value.startswith(b"UNICODE")
        value = value[8:]
        if is_wide:
            return str(value.decode("utf-16-le", "ignore")).strip("\0 ")
    return decode(value).text.strip("\0 ")


def is_latin(text: str) -> bool:
    """Return whether every character of a text is one of Latin-1."""
    return all(letter < "\u0100" for letter in text)


def gps(tags: dict[int, Any]) -> str:
    """Return the position of a picture in degrees, an empty string without one."""
    try:
        latitude, longitude = degrees(tags[2]), degrees(tags[4])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return ""
    south, west = tags.get(1) == "S", tags.get(3) == "W"
    return f"GPS: {-latitude if south else latitude:.6f}, {-longitude if west else longitude:.6f}"


def degrees(value: Any) -> float:
    """Return degrees, minutes and seconds as degrees."""
    whole, minutes, seconds = (float(part) for part in value)
    return whole + minutes / 60 + seconds / 3600


def xmp(packet: bytes) -> Iterator[str]:
    """Yield the texts of an XMP packet."""
    from lxml import etree

    try:
        root = parse(packet.strip(b"\0 \r\n"), recover=True)
    except Exception:  # a packet that does not parse is told as it stands
        yield decode(packet).text
        return
    for element in root.iter(etree.Element):
        texts = [
            element.text or "",
            *(str(v) for k, v in element.attrib.items() if "about" not in str(k)),
        ]
        yield from (text.strip() for text in texts if any(c.isalpha() for c in text))


def captions(image: Any) -> Iterator[str]:
    """Yield the IPTC captions of a picture."""
    from PIL import IptcImagePlugin

    for value in (IptcImagePlugin.getiptcinfo(image) or {}).values():
        for item in value if isinstance(value, list) else [value]:
            text = decode(item).text if isinstance(item, bytes) else str(item)
            if any(c.isalpha() for c in text):
                yield text.strip("\0 ")


def pictured(
    image: Image, source: Source, limits: Limits, gaps: list[Gap], rows: list[Covered]
) -> Iterator[Part]:
    """Yield the text of each frame by recognition; without the extra the picture is a gap."""
    frames = getattr(image, "n_frames", 1)
    if min(image.size) < LOWEST or max(image.size) <= ICON:
        rows.append(Covered(source.name, "icon", Status.SKIPPED, source.size(), READER, "no text"))
        return
    if not ocr.is_installed() or not ocr.has_time():
        what = f"text in pictures is read with {ocr.EXTRA}"
        detail = "no processor time is left for recognition" if ocr.is_installed() else what
        gaps.append(Gap(source.name, Why.PICTURE, detail))
        rows.append(
            Covered(source.name, "picture", Status.UNREAD, source.size(), READER, "picture")
        )
        return
    lines, told_codes = Lines("picture", PartKind.BODY), Lines("codes", PartKind.LINK)
    for number in range(min(frames, limits.pictures)):
        image.seek(number)
        place = Place((Step(Unit.PAGE, number + 1),)) if frames > 1 else Place()
        lines.add(ocr.text_of(ocr.recognised(image)), place)
        for code in ocr.codes(image):
            told_codes.add(code, place)
    if frames > limits.pictures:
        gaps.append(Gap("frames", Why.LIMIT, f"frames {limits.pictures + 1} to {frames}"))
    yield from lines.parts()
    yield from told_codes.parts()
    gaps.append(Gap(source.name, Why.APPROXIMATE))
    rows.append(
        Covered(source.name, "picture", Status.APPROXIMATE, source.size(), READER, "approximate")
    )


def beside(name: str, data: bytes, limits: Limits) -> Content:
    """Return what bytes beside the picture hold: another picture, or something unknown."""
    if not data.strip(b"\0\r\n "):
        return Content(())
    if data.startswith((b"\xff\xd8", PNG_START, b"PK\3\4", b"%PDF-")):
        return nested(Source(name, data=data), limits)
    lines = Lines(name, PartKind.DATA)
    lines.add(decode(data[: 1 << 20]).text)
    gap = Gap(name, Why.UNSUPPORTED, f"{len(data)} bytes after the end of the picture")
    row = Covered(name, "tail", Status.UNREAD, len(data), READER, "unsupported")
    return Content(lines.parts(), (gap,), (row,))


def end_of(data: bytes) -> int:
    """Return the offset after the last byte of a picture, as far as its format tells."""
    if data.startswith(b"\xff\xd8"):
        return end_of_jpeg(data)
    if data.startswith(PNG_START):
        return end_of_png(data)
    if data.startswith(b"RIFF") and len(data) >= 12:
        return min(len(data), 8 + int(struct.unpack("<I", data[4:8])[0]) + 1)
    return len(data)


def end_of_jpeg(data: bytes) -> int:
    """Return the offset after the end-of-image marker."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return len(data)
        marker = data[at + 1]
        if marker == END_OF_IMAGE:
            return at + 2
        if marker in ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
        if marker == START_OF_SCAN:
            while at + 1 < len(data) and (
                data[at] != 0xFF or data[at + 1] in (0, *range(0xD0, 0xD8))
            ):
                following = data.find(b"\xff", at + 1)
                at = len(data) if following < 0 else following
    return min(at + 2, len(data)) if data[at : at + 2] == b"\xff\xd9" else len(data)


def end_of_png(data: bytes) -> int:
    """Return the offset after the last chunk."""
    at = len(PNG_START)
    while at + 12 <= len(data):
        size = int(struct.unpack(">I", data[at : at + 4])[0])
        kind = data[at + 4 : at + 8]
        at += 12 + size
        if kind == b"IEND":
            return min(at, len(data))
    return len(data)
