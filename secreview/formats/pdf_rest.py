"""What is left in a PDF file: unused objects, objects that no table lists, bytes around it all."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from secreview.formats.decode import decode, is_text
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.pdf_history import ends
from secreview.formats.pdf_objects import (
    Key,
    Objects,
    direct,
    get,
    is_dictionary,
    is_stream,
    is_string,
    items,
    subtype_of,
    text_of,
    type_of,
)
from secreview.formats.pdf_open import File
from secreview.formats.pdf_stage import staged
from secreview.formats.protocol import Source
from secreview.model import Covered, Part, PartKind, Place, Status, Step, Unit, Why

OBJECT = re.compile(rb"obj\b")  # begins with a literal, which is found fast
SCALAR = re.compile(rb"obj\s*(?:[-+.\d]+|true|false|null)\s*endobj")  # holds no text
NUMBERS = re.compile(rb"(?<![0-9.])(\d{1,9})[ \t\r\n]+\d{1,5}[ \t\r\n]+\Z")
REACHES = (64, 4096)  # bytes before an object in which its numbers are looked for
BLANK = b" \t\r\n\0\f\x1a"
SERVICE = frozenset("/XRef /ObjStm /Metadata /EmbeddedFile".split())
MOST = 1000  # objects that no table lists and qpdf does not know
LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
LARGE = 100  # pixels; smaller unused pictures are marks and icons
ENDOBJ = re.compile(rb"endobj\b")
COMMENT = re.compile(rb"%[^\r\n]*")
BETWEEN = 4096  # bytes after the end of an object in which comments are looked for


def unused(file: File) -> Iterator[Part]:
    """Yield the text of objects that nothing leads to, and of forms that no page draws."""
    alive = file.objects.reachable()
    orphans = {key: item for key, item in file.objects.found.items() if key not in alive}
    yield from left_over(file, orphans, "unreferenced")
    forms = [
        item for key, item in file.objects.holding(b"/Form", b"/PatternType")
        if key in alive and key not in file.drawn and is_content(item)
    ]  # fmt: skip
    lines = Lines("unused-content", PartKind.HIDDEN_TEXT)
    for item, text in zip(forms, staged(file, forms), strict=True):
        if not file.known.has(text):
            lines.add(text, object_place(item.objgen))
    yield from lines.parts()


def unlisted(file: File) -> Iterator[Part]:
    """Yield the text of objects in the bytes that the tables of the file do not list."""
    import pikepdf

    listed = {number for number, _ in file.objects.found}
    present = numbered(file.data)
    if present.keys() <= listed or file.pdf.is_encrypted:
        return
    broken = file.data.replace(b"startxref", b"startxxxx")  # so that qpdf looks at the bytes
    with pikepdf.open(io.BytesIO(broken)) as pdf:
        objects = Objects.of(pdf, file.limits.members * 100)
        gone = {key: item for key, item in objects.found.items() if key[0] not in listed}
        inner = replace(file, objects=objects)
        yield from left_over(inner, gone, "unlisted")
    lines = Lines("unlisted-bytes", PartKind.DATA)  # what qpdf does not take for an object
    for number in [n for n in present if n not in listed and (n, 0) not in gone][:MOST]:
        piece = file.data[present[number] : present[number] + (1 << 16)].partition(b"endobj")[0]
        for literal in LITERAL.findall(piece):
            lines.add(worth(text_of(literal)), object_place((number, 0)))
    yield from lines.parts()


def numbered(data: bytes) -> dict[int, int]:
    """Return where each object that stands in the bytes begins, the last of a number.

    Plain numbers and the like, of which qpdf does not say the object number, are left out.

    >>> numbered(b"5 0 obj 12 endobj 6  0 obj")
    {6: 18}
    """
    found: dict[int, int] = {}
    for mark in OBJECT.finditer(data):
        end = mark.start()
        if data[end - 1 : end] not in (b" ", b"\n", b"\r", b"\t"):
            continue
        for reach in REACHES:
            start = max(0, end - reach)
            numbers = NUMBERS.search(data[start:end])
            if numbers:
                found[int(numbers.group(1))] = start + numbers.start()
                if SCALAR.match(data, end):
                    del found[int(numbers.group(1))]
                break
    return found


def left_over(file: File, orphans: dict[Key, Any], name: str) -> Iterator[Part]:
    """Yield the text of objects that are not in use: pages and forms, strings, pictures as gaps."""
    strings = Lines(f"{name}-objects", PartKind.DATA)
    pieces: list[Any] = []
    for key, item in orphans.items():
        if type_of(item) in SERVICE or get(item, "/Linearized") is not None:
            continue
        if is_page(item) or is_content(item):
            pieces.append(item)
        elif is_stream(item):
            stray(file, key, item)
        for inner in direct(item):
            for _, value in items(inner):
                if is_string(value):
                    strings.add(worth(text_of(bytes(value))), object_place(key))
    lines = Lines(f"{name}-content", PartKind.DELETED)
    for item, text in zip(pieces, staged(file, pieces), strict=True):
        lines.add(text, object_place(item.objgen))
    yield from lines.parts()
    yield from strings.parts()


def stray(file: File, key: Key, item: Any) -> None:
    """Note an unused picture; other streams (fonts, hints of a linearized file) hold no text."""
    if subtype_of(item) == "/Image":
        size = (get(item, "/Width") or 0, get(item, "/Height") or 0)
        if min(size) >= LARGE and get(item, "/ImageMask") is not True:
            file.gap(f"object {key[0]}", Why.PICTURE, "a picture that no page shows")


def is_page(item: Any) -> bool:
    """Return whether an object is a page."""
    return is_dictionary(item) and type_of(item) == "/Page"


def is_content(item: Any) -> bool:
    """Return whether an object is content with its own resources: a form, or a tiling pattern."""
    if not is_stream(item):
        return False
    return subtype_of(item) == "/Form" or item.get("/PatternType") == 1


def worth(text: str) -> str:
    """Return a string of an unused object if a person may have written it."""
    is_said = not text.isascii() or (text.isprintable() and len(text.split()) > 1)
    return text if is_said and text.replace("\n", "").isprintable() else ""


def object_place(key: Key) -> Place:
    """Return the place of an object by its number."""
    return Place((Step(Unit.ELEMENT, f"object {key[0]}"),))


def around(file: File) -> Iterator[Part]:
    """Yield what stands before the file, after its end, and in comments between objects."""
    data = file.data
    start = data.find(b"%PDF-")
    if start > 0:
        yield from bytes_of(file, "head", 0, start)
    states = ends(data)
    last = max(states[-1] if states else 0, data.rfind(b"%%EOF") + 5)
    if last < len(data):
        yield from bytes_of(file, "tail", last, len(data))
    lines = Lines("comments", PartKind.DATA)
    for text in comments(data):
        lines.add(text)
    yield from lines.parts()


def comments(data: bytes) -> Iterator[str]:
    """Yield the comments between objects."""
    for end in ENDOBJ.finditer(data):
        following = data.find(b"obj", end.end(), end.end() + BETWEEN)
        following = end.end() + BETWEEN if following < 0 else following
        start = data.find(b"%", end.end(), following)
        for comment in COMMENT.findall(data, start, following) if 0 <= start < following else ():
            if comment.strip() != b"%%EOF" and is_text(comment):
                yield decode(comment[1:]).text.strip("% ")


def bytes_of(file: File, name: str, start: int, end: int) -> Iterator[Part]:
    """Yield the parts of bytes outside the file proper."""
    piece = file.data[start:end].strip(BLANK)
    if not piece:
        return
    locator = f"bytes {start}-{end - 1}"
    if is_text(piece[: 1 << 16]):
        file.rows.append(Covered(locator, name, Status.READ, end - start, "pdf"))
        yield Part(name, PartKind.DATA, decode(piece).text)
        return
    content = nested(Source(f"{name}.bin", data=piece), file.limits)
    if not content.parts:
        file.gap(locator, Why.UNSUPPORTED, f"{len(piece)} bytes outside the file")
        return
    file.gaps.extend(content.gaps)
    file.rows.append(Covered(locator, name, Status.READ, end - start, "pdf"))
    file.rows.extend(content.coverage)
    yield from content.parts
