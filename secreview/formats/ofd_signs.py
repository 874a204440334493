"""Signatures of OFD documents: who signed, with which seal, and the words inside them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ofd_book import text_of
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.picture_inside import picture_parts
from secreview.model import Gap, Part, PartKind, Place, Step, Unit, Why

SEQUENCE_TAGS = range(0xA0, 0xC0)  # context-specific, constructed
STRINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be",
           0x12: "ascii", 0x1A: "ascii", 0x1C: "utf-32-be"}  # fmt: skip
OCTETS = 0x04
CONSTRUCTED = 0x20
DEEP = 24
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"PK\x03\x04", b"II*\0", b"MM\0*")
SHORT = 2  # characters that say nothing, such as the country


class Signs:
    """The signatures of an OFD container."""

    def __init__(self, shelf: Shelf) -> None:
        """Start with no signature."""
        self.shelf = shelf
        self.lines = Lines("signatures", PartKind.PROPERTY)
        self.members: list[str] = []  # everything that belongs to a signature
        self.number = 0

    def read(self, listed: str) -> Iterator[Part]:
        """Yield what the signatures in a list say; pictures of seals are gaps."""
        root = self.shelf.root(listed) if listed else None
        if root is None:
            return
        self.members.append(listed)
        for element in root.iter("{*}Signature"):
            self.number += 1
            member = self.shelf.find(element.get("BaseLoc") or "", listed)
            place = Place(
                (Step(Unit.PROPERTY, f"signature {self.number}"), Step(Unit.FILE, member))
            )
            self.lines.add(f"{element.get('Type') or 'Sign'} {element.get('ID') or ''}", place)
            yield from self.one(member, place)

    def one(self, member: str, place: Place) -> Iterator[Part]:
        """Yield what is inside one signature."""
        root = self.shelf.root(member, place)
        if root is None:
            return
        self.members.append(member)
        for provider in root.iter("{*}Provider"):
            for key in ("ProviderName", "Company"):
                self.lines.add(provider.get(key) or "", place)
        for parameter in root.iter("{*}Parameter"):
            name, value = parameter.get("Name") or "", (parameter.text or "").strip()
            self.lines.add(f"{name}: {value}" if value else "", place)
        for info in root.iter("{*}SignedInfo"):
            self.lines.add(text_of(info, "SignatureDateTime"), place)
        for path in self.blobs(root):
            blob = self.shelf.find(path, member)
            if blob not in self.members:
                yield from self.blob(blob, place)

    def blobs(self, root: etree._Element) -> Iterator[str]:
        """Yield the paths of the signed value and of the seal."""
        for element in root.iter("{*}SignedValue"):
            yield element.text or ""
        for seal in root.iter("{*}Seal"):
            yield text_of(seal, "BaseLoc")

    def blob(self, member: str, place: Place) -> Iterator[Part]:
        """Yield what is inside a signed value or a seal: names of people and of seals, pictures."""
        package = self.shelf.package
        if member not in package.members:
            if member:
                package.gaps.append(Gap(member, Why.DAMAGED, "member is missing", place))
            return
        self.members.append(member)
        data = package.read(member)
        if data is None:
            return
        where = Place((*place.steps[:1], Step(Unit.FILE, member)))
        known: set[str] = set()
        for value in fields(data, DEEP):
            if isinstance(value, str):
                if len(value) > SHORT and value not in known:
                    known.add(value)
                    self.lines.add(value, where)
            else:
                yield from picture_parts(package, member, value, where)
        if not known and not is_whole(data):
            package.gaps.append(Gap(member, Why.UNSUPPORTED, "not a signature in DER", where))

    def parts(self) -> Iterator[Part]:
        """Yield what was gathered."""
        yield from self.lines.parts()


def fields(data: bytes, depth: int) -> Iterator[str | bytes]:
    """Yield the strings and pictures in DER data (ITU-T X.690), in order."""
    at = 0
    while depth and at < len(data):
        found = header(data, at)
        if found is None:
            return
        tag, start, end = found
        content = data[start:end]
        if tag in STRINGS:
            yield content.decode(STRINGS[tag], "replace").strip("\0 ")
        elif tag == OCTETS and content.startswith(PICTURES):
            yield content
        elif tag & CONSTRUCTED or (tag == OCTETS and is_whole(content)):
            yield from fields(content, depth - 1)
        at = end


def header(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Return tag, start and end of the content of the value at an offset; None when it is none."""
    if at + 2 > len(data):
        return None
    tag, size, start = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or start + count > len(data):
            return None
        size = int.from_bytes(data[start : start + count], "big")
        start += count
    return (tag, start, start + size) if start + size <= len(data) else None


def is_whole(data: bytes) -> bool:
    """Return whether bytes are one DER value from start to end.

    >>> is_whole(bytes.fromhex("3003020101")), is_whole(b"text")
    (True, False)
    """
    found = header(data, 0)
    return bool(found and found[2] == len(data) and found[0] & 0x1F != 0x1F and found[0])
