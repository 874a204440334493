"""Outlook messages (msg): subject, body, recipients, headers and attachments ([MS-OXMSG])."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from secreview.formats.decode import decode
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.ole import CODE_PAGES, Compound
from secreview.formats.protocol import Content, Source
from secreview.model import Part, PartKind, Place, Step, Unit, Why

SHOWN = {  # property → how a mail program calls it
    "0C1A": "From", "0C1F": "From", "0E04": "To", "0E03": "Cc", "0037": "Subject", "1000": "",
}  # fmt: skip
HIDDEN = {
    "0E02": "Bcc", "007D": "Headers", "0E1D": "", "0070": "Topic", "1035": "Message-ID",
    "0042": "On behalf of", "0065": "", "5D01": "", "5D02": "",
}  # fmt: skip
HTML, RTF = "1013", "1009"
ATTACHMENT, RECIPIENT = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}"), re.compile(r"__recip_.*")
STREAM = re.compile(r"__substg1\.0_(?P<tag>[0-9A-F]{4})(?P<type>[0-9A-F]{4})$")
WIDE, NARROW, BINARY = "001F", "001E", "0102"
CODE_PAGE_TAGS = (0x3FFD, 0x3FDE)  # PidTagMessageCodepage, PidTagInternetCodepage
COMPRESSED, UNCOMPRESSED = b"LZFu", b"MELA"
RTF_START = (  # the dictionary that compressed rich text begins with, [MS-OXRTFCP] 2.1.2.1
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl"
    b"\\red0\\green0\\blue0"
    b"\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
WINDOW = 4096


def parts(compound: Compound, data: bytes) -> Iterator[Part]:
    """Yield the parts of a message."""
    page = charset(compound)
    head, body = Lines("head", PartKind.BODY), Lines("body", PartKind.BODY)
    beside = Lines("headers", PartKind.PROPERTY)
    for path in compound.streams():
        folder, _, last = path.rpartition("/")
        match = STREAM.fullmatch(last)
        if match is None or ATTACHMENT.match(folder) or match["type"] not in (WIDE, NARROW):
            continue
        tag, text = match["tag"], words(compound.read(path), match["type"], page)
        if folder.startswith("__recip"):
            beside.add(text, Place((Step(Unit.PROPERTY, "recipient"),)))
        elif folder or tag == HTML:
            continue
        elif tag in SHOWN:
            place = Place((Step(Unit.PROPERTY, SHOWN[tag]),)) if SHOWN[tag] else Place()
            (body if tag == "1000" else head).add(text.replace("\r\n", "\n").rstrip("\n"), place)
        else:
            beside.add(text, Place((Step(Unit.PROPERTY, HIDDEN.get(tag, "") or tag),)))
    for lines in (head, body, beside):
        yield from lines.parts()
    for path in compound.streams():
        rendition(compound, path, page)
    yield from attachments(compound, page)


def charset(compound: Compound) -> str:
    """Return the codec of eight-bit text, empty when the message does not say."""
    data = compound.read("__properties_version1.0")
    for at in range(32, len(data) - 15, 16):
        kind, tag = struct.unpack_from("<HH", data, at)
        if tag in CODE_PAGE_TAGS and kind == 3:
            number = int(struct.unpack_from("<I", data, at + 8)[0])
            if number in CODE_PAGES or 1250 <= number <= 1258:
                return CODE_PAGES.get(number, f"cp{number}")
    return ""


def words(data: bytes, kind: str, page: str) -> str:
    """Return a text property."""
    if kind == WIDE:
        return data.decode("utf-16-le", "replace").strip("\0")
    if page and not data.isascii():
        try:
            return data.decode(page).strip("\0")
        except UnicodeDecodeError:
            pass
    return decode(data).text.strip("\0")


def rendition(compound: Compound, path: str, page: str) -> None:
    """Read the body once more as a page or as rich text."""
    match = STREAM.fullmatch(path)
    if match is None:
        return
    data = compound.read(path).rstrip(b"\0") if match["tag"] in (HTML, RTF) else b""
    if match["tag"] == HTML and data:
        if match["type"] == WIDE:
            data = b"\xef\xbb\xbf" + words(data, WIDE, page).encode("utf-8", "replace")
        compound.take(nested(Source("body.html", data=data), compound.limits))
    elif match["tag"] == RTF and data:
        try:
            rich = uncompressed(data)
        except (IndexError, struct.error):
            compound.gap(path, Why.DAMAGED, "compressed rich text")
            return
        compound.take(nested(Source("body.rtf", data=rich), compound.limits))


def uncompressed(data: bytes) -> bytes:
    """Return rich text from its compressed form; raise IndexError or struct.error when cut off."""
    _, size, kind = struct.unpack_from("<II4s", data)
    if kind == UNCOMPRESSED:
        return data[16 : 16 + size]
    if kind != COMPRESSED:
        raise IndexError
    window = bytearray(RTF_START.ljust(WINDOW, b" "))
    write, at = len(RTF_START), 16
    made = bytearray()
    while at < len(data) and len(made) < size:
        flags = data[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                token = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == write % WINDOW:
                    return bytes(made)
                for step in range(length):
                    byte = window[(offset + step) % WINDOW]
                    made.append(byte)
                    window[write % WINDOW] = byte
                    write += 1
            elif at < len(data):
                made.append(data[at])
                window[write % WINDOW] = data[at]
                write += 1
                at += 1
    return bytes(made)


def attachments(compound: Compound, page: str) -> Iterator[Part]:
    """Read each attachment by its own format; yield nothing but what is told about them."""
    folders = dict.fromkeys(
        path.split("/", 1)[0] for path in compound.streams() if ATTACHMENT.match(path)
    )
    told = Lines("attachments", PartKind.PROPERTY)
    for number, folder in enumerate(folders, 1):
        name = ""
        for tag in ("3707", "3704", "3001"):
            for kind in (WIDE, NARROW):
                path = f"{folder}/__substg1.0_{tag}{kind}"
                if compound.has(path):
                    text = words(compound.read(path), kind, page)
                    told.add(text, Place((Step(Unit.PROPERTY, "attachment"),)))
                    name = name or text
        path = f"{folder}/__substg1.0_3701{BINARY}"
        if compound.has(path):
            source = Source(name or f"attachment {number}", data=compound.read(path))
            compound.take(nested(source, compound.limits))
        else:
            compound.take(message_in(compound, folder, page))
    yield from told.parts()


def message_in(compound: Compound, folder: str, page: str) -> Content:
    """Return the texts of a message that is attached whole."""
    lines = Lines(f"{folder}/message", PartKind.ATTACHMENT)
    for path in compound.streams():
        match = STREAM.fullmatch(path.rpartition("/")[2])
        if path.startswith(f"{folder}/") and match and match["type"] in (WIDE, NARROW):
            lines.add(words(compound.read(path), match["type"], page))
    return Content(lines.parts())
