"""What a PDF file says about itself: properties, metadata packets, data of the programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from secreview.formats.decode import decode, is_text
from secreview.formats.lines import Lines
from secreview.formats.ooxml import parse
from secreview.formats.ooxml_rest import is_hard
from secreview.formats.pdf_objects import (
    called,
    direct,
    entries,
    get,
    is_dictionary,
    is_stream,
    is_string,
    items,
    stream,
    text_of,
    type_of,
    words,
)
from secreview.formats.pdf_open import File
from secreview.model import Part, PartKind, Place, Step, Unit, Why

# Numbers and dates that programs write; no person says anything with them.
DULL = re.compile(
    r"(?:uuid:|xmp\.[di]id:|adobe:docid:)?[0-9a-fA-F-]{32,36}|\d{4}-\d\d-\d\dT[\d:.+Z-]+|[\d.]{1,8}"
    r"|[Tt]rue|[Ff]alse|application/pdf|xml|x-default|https?://(?:ns\.adobe|www\.aiim|purl)\.\S+",
)
PROFILE = re.compile(rb"/ICCBased (\d{1,9}) (\d{1,5}) R")
PRINTED = re.compile(r"[\x20-\x7e]{8,}")
MARKUP = frozenset({"about", "lang", "parseType", "xmptk", "toolkit"})
POSTSCRIPT = b"%!"  # drawings of Illustrator
SHORTEST = 6  # bytes of a readable stretch in data of a program


def properties(file: File) -> Iterator[Part]:
    """Yield the document information and every metadata packet, each saying kept once."""
    lines = Lines("properties", PartKind.PROPERTY)
    said: set[str] = set()
    info = file.pdf.trailer.get("/Info")
    for key, value in items(info) if is_dictionary(info) else ():
        name = key.lstrip("/")
        text = words(value, file.limits) or (called(value) if not is_string(value) else "")
        if "Date" not in name and name != "Trapped":
            lines.add(text, Place((Step(Unit.PROPERTY, name),)))
            said.add(text.strip())
    for text in identifiers(file):
        lines.add(text, Place((Step(Unit.PROPERTY, "ID"),)))
    for number, item in file.objects.holding(b"/Metadata", b"/XML"):
        if is_stream(item) and type_of(item) == "/Metadata":
            try:
                packet = stream(item, file.limits)
            except Exception as error:
                file.gap(f"metadata {number[0]}", Why.DAMAGED, type(error).__name__)
                continue
            for name, text in packet_texts(packet):
                if text not in said:
                    said.add(text)
                    lines.add(text, Place((Step(Unit.PROPERTY, name),)))
    yield from lines.parts()


def identifiers(file: File) -> Iterator[str]:
    """Yield the identifiers of a file that are words; they should be digests."""
    for item in entries(file.pdf.trailer.get("/ID")):
        text = bytes(item).decode("utf-8", "replace") if is_string(item) else ""
        if text.isprintable() and "\ufffd" not in text and not DULL.fullmatch(text):
            yield text


def profiles(file: File) -> Iterator[Part]:
    """Yield numbers, addresses and paths that stand in colour profiles (ICC.1)."""
    lines = Lines("colour-profiles", PartKind.DATA)
    keys = {key for text in file.objects.written.values() for key in PROFILE.findall(text)}
    for first, second in sorted(keys):
        item = file.objects.found.get((int(first), int(second)))
        if is_stream(item):
            try:
                data = stream(item, file.limits)
            except Exception as error:
                file.gap(f"object {int(first)}", Why.DAMAGED, type(error).__name__)
                continue
            place = Place((Step(Unit.ELEMENT, f"object {int(first)}"),))
            for text in (data.decode("latin-1"), data.decode("utf-16-be", "ignore")):
                for found in PRINTED.findall(text):
                    lines.add(found if is_hard(found) else "", place)
    yield from lines.parts()


def packet_texts(packet: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and text of what people may have written into an XMP packet."""
    try:
        root = parse(packet.strip(b"\0 \r\n"), recover=True)
    except Exception:  # no XML at all: what can be read of it is still told
        yield "XMP", decode(packet).text
        return
    for element in root.iter():
        name = local_name(element)
        for key, value in element.attrib.items():
            name_of = str(key).rpartition("}")[2]
            if name_of not in MARKUP and not DULL.fullmatch(str(value)) and str(value).strip():
                yield name_of, str(value)
        for text in (element.text, element.tail):
            if text and text.strip() and not DULL.fullmatch(text.strip()) and name != "image":
                yield name, text.strip()


def local_name(element: etree._Element) -> str:
    """Return the name of the property that an element stands for, past lists and languages."""
    at: etree._Element | None = element
    while at is not None:
        tag = at.tag
        if isinstance(tag, str) and "22-rdf-syntax-ns#" not in tag:
            return tag.rpartition("}")[2]
        at = at.getparent()
    return "XMP"


def programs(file: File) -> Iterator[Part]:
    """Yield the readable strings of private data that programs keep in a file."""
    lines = Lines("program-data", PartKind.DATA)
    seen: set[tuple[int, int]] = set()
    for key, holder in file.objects.dictionaries(b"/PieceInfo"):
        place = Place((Step(Unit.ELEMENT, "PieceInfo"),))
        for item in tree(get(holder, "/PieceInfo"), seen, file.limits.members):
            for name, value in items(item):
                if is_string(value) and "Modified" not in name and "Date" not in name:
                    lines.add(text_of(bytes(value)), place)
            if is_stream(item):
                private(file, key, item, lines)
    yield from lines.parts()


def private(file: File, key: tuple[int, int], item: Any, lines: Lines) -> None:
    """Add a private stream when it is text; else it is a gap."""
    try:
        data = stream(item, file.limits)
    except Exception as error:
        file.gap(f"program data {key[0]}", Why.UNSUPPORTED, type(error).__name__)
        return
    if is_text(data[:4096]) and not data.startswith(POSTSCRIPT):
        lines.add(decode(data).text, Place((Step(Unit.ELEMENT, "PieceInfo"),)))
    elif len(data) >= SHORTEST:
        file.gap(f"program data {key[0]}", Why.UNSUPPORTED, "private data of a program")


def tree(root: Any, seen: set[tuple[int, int]], limit: int) -> Iterator[Any]:
    """Yield the dictionaries and streams that an object leads to, each once, pages left out."""
    pending = [root]
    while pending and len(seen) < limit:
        for item in direct(pending.pop()):
            if type_of(item) in ("/Page", "/Pages", "/Catalog"):
                continue
            yield item
            for _, value in items(item):
                for target in entries(value) or [value]:
                    is_node = is_dictionary(target) or is_stream(target)
                    if is_node and target.is_indirect and target.objgen not in seen:
                        seen.add(target.objgen)
                        pending.append(target)
