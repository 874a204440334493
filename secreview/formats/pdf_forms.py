"""Form fields of a PDF file: values, choices, hints, XFA packets, and what signatures state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from secreview.formats.decode import decode, score
from secreview.formats.lines import Lines
from secreview.formats.ooxml import parse
from secreview.formats.pdf_notes import plain, squeezed
from secreview.formats.pdf_objects import (
    CHINESE,
    Key,
    entries,
    get,
    is_array,
    is_dictionary,
    is_stream,
    is_string,
    stream,
    words,
)
from secreview.formats.pdf_open import File
from secreview.model import Part, PartKind, Place, Step, Unit, Why

VALUES = ("/V", "/DV", "/Opt", "/TU", "/TM", "/RV", "/DS")
SIGNED = ("/Name", "/Reason", "/Location", "/ContactInfo")
OWN_NAME = re.compile(r"[\x00-\x7f]*")  # names of fields in ASCII are for programs
# DER strings (UTF8, Printable, IA5, BMP) of a certificate: tag, length, text.
DER = re.compile(rb"[\x0c\x13\x16\x1e]([\x02-\x7f])")
CERTIFICATES = 1 << 20  # bytes of a signature that are looked through
LEVELS = 50
MEASURES = re.compile(r"(?:[-\d.]++(?:mm|cm|in|pt)?+[\s,]*+)++(?<!\d{6})")
PICTURE = re.compile(r"[A-Za-z0-9+/=\s]{400,}")  # in base 64


def forms(file: File) -> Iterator[Part]:
    """Yield names, values, choices and hints of all fields as one part, XFA as another."""
    form = get(file.root, "/AcroForm")
    if form is None:
        return
    lines = Lines("form", PartKind.FORM)
    for item, name in fields(file, get(form, "/Fields")):
        place = Place((Step(Unit.ELEMENT, name),), file.page_of(item).page)
        own = words(get(item, "/T"), file.limits)
        if not OWN_NAME.fullmatch(own):
            lines.add(own, place)
        for text in values(file, item):
            lines.add(text, place)
    yield from lines.parts()
    yield from xfa(file, get(form, "/XFA"))


def fields(file: File, top: Any) -> Iterator[tuple[Any, str]]:
    """Yield every field with its full name; stray ones, which no list names, come last."""
    pending = [(item, "", 0) for item in entries(top)]
    seen: set[Key] = set()
    while pending and len(seen) < file.limits.members * 10:
        item, above, level = pending.pop()
        if not is_dictionary(item) or (item.is_indirect and item.objgen in seen):
            continue
        if item.is_indirect:
            seen.add(item.objgen)
        name = ".".join(filter(None, (above, words(get(item, "/T"), file.limits))))
        yield item, name
        if level < LEVELS:
            pending += [(kid, name, level + 1) for kid in entries(get(item, "/Kids"))[::-1]]
    if pending:
        file.gap("form", Why.LIMIT, "too many fields")
    for key, item in file.objects.holding(b"/FT"):
        if key not in seen and is_dictionary(item):
            yield item, words(get(item, "/T"), file.limits)


def values(file: File, item: Any) -> Iterator[str]:
    """Yield what a field holds, each saying once."""
    said: set[str] = set()
    for key in VALUES:
        for text in strings(file, get(item, key)):
            text = plain(text) if key == "/RV" else text
            if squeezed(text) and squeezed(text) not in said:
                said.add(squeezed(text))
                yield text


def strings(file: File, value: Any, level: int = 0) -> Iterator[str]:
    """Yield the strings of a value: a string, a text stream, or a list of choices."""
    if is_array(value) and level < LEVELS:
        for item in entries(value):
            yield from strings(file, item, level + 1)
    elif is_string(value) or is_stream(value):
        yield words(value, file.limits)


def xfa(file: File, value: Any) -> Iterator[Part]:
    """Yield all text of an XFA form; one that is no XML is a gap."""
    packets = packets_of(value)
    if not packets:
        return
    lines = Lines("xfa", PartKind.FORM)
    place = Place((Step(Unit.ELEMENT, "XFA"),))
    try:
        # The first and last packets are the two ends of one element around the others.
        root = parse(b"\n".join(stream(packet, file.limits) for packet in packets), recover=True)
    except Exception as error:
        file.gap("xfa", Why.DAMAGED, type(error).__name__)
        return
    for element in root.iter():
        for text in (element.text, element.tail, *map(str, element.attrib.values())):
            if text and is_said(text.strip()):
                lines.add(text.strip(), place)
    yield from lines.parts()


def packets_of(value: Any) -> list[Any]:
    """Return the packets of an XFA form."""
    return [item for item in ([value] if is_stream(value) else entries(value)) if is_stream(item)]


def is_said(text: str) -> bool:
    """Return whether a text of an XFA form may be a person's and not the program's.

    >>> is_said("张三"), is_said("203.2mm"), is_said("13812345678")
    (True, False, True)
    """
    if PICTURE.fullmatch(text) or MEASURES.fullmatch(text):
        return False
    is_long = text.isdigit() and len(text) > 5
    return not text.isascii() or is_long or len(re.findall(r"[A-Za-z]{2,}|\d{2,}", text)) > 1


def signatures(file: File) -> Iterator[Part]:
    """Yield who signed, why and where, and the names in the certificates."""
    lines = Lines("signatures", PartKind.FORM)
    place = Place((Step(Unit.ELEMENT, "signature"),))
    for _, item in file.objects.dictionaries(b"/ByteRange"):
        for key in SIGNED:
            lines.add(words(get(item, key), file.limits), place)
        contents = get(item, "/Contents")
        if is_string(contents):
            for text in dict.fromkeys(certificate_names(bytes(contents))):
                lines.add(text, place)
    yield from lines.parts()


def certificate_names(data: bytes) -> Iterator[str]:
    r"""Yield the readable names among the DER strings of a signature.

    >>> list(certificate_names(b"\x30\x0c\x0c\x06" + "张三".encode()))
    ['张三']
    """
    data = data[:CERTIFICATES].rstrip(b"\0")
    position = 0
    while found := DER.search(data, position):
        size = found.group(1)[0]
        piece = data[found.end() : found.end() + size]
        text = der_text(found.group()[0], piece) if len(piece) == size else ""
        position = found.end() + size if text else found.start() + 1
        if text and "://" not in text:
            yield text


def der_text(tag: int, piece: bytes) -> str:
    """Return the text of a DER string, empty when it is none that people wrote."""
    if tag == 0x1E:
        text = piece.decode("utf-16-be", "replace")
    elif tag == 0x0C:
        text = piece.decode("utf-8", "replace")
        text = decode(piece).text if "\ufffd" in text else text  # GBK in place of UTF-8
    else:
        text = piece.decode("ascii", "replace")
    if tag == 0x1E and not text.isascii() and score(text) < CHINESE:
        return ""
    is_name = text.isprintable() and "\ufffd" not in text and any(map(str.isalpha, text))
    return text if is_name and (len(text) > 3 or not text.isascii()) else ""
