"""PowerPoint 97–2003 presentations: slides, notes, comments, earlier edits ([MS-PPT])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from secreview.errors import Encrypted
from secreview.formats.lines import Lines
from secreview.formats.ole import Compound
from secreview.model import Part, PartKind, Place, Step, Unit, Why

# Record types of [MS-PPT] 2.13.24
SLIDE, NOTES, MASTER, HANDOUT = 0x03EE, 0x03F0, 0x03F8, 0x0FC9
CHARS, BYTES, STRING = 0x0FA0, 0x0FA8, 0x0FBA
COMMENT, LINK = 0x2EE0, 0x0FD7
SLIDE_TEXT = 0x0FF0  # SlideListWithText: the texts of placeholders
PICTURES = "Pictures"
ENCRYPTED_USER = 0xF3D1C4DF  # headerToken of the Current User stream of a locked file
MOST = 1_000_000  # records


class Record(NamedTuple):
    """One record: its kind, instance, data, and the kinds of the containers around it."""

    kind: int
    instance: int
    data: bytes
    around: tuple[int, ...]


def parts(compound: Compound, data: bytes) -> Iterator[Part]:
    """Yield the parts of a presentation."""
    user = compound.read("Current User")
    if len(user) >= 16 and struct.unpack_from("<I", user, 12)[0] == ENCRYPTED_USER:
        raise Encrypted("presentation with a password")
    main = compound.read("PowerPoint Document")
    body, notes = Lines("body", PartKind.BODY), Lines("notes", PartKind.NOTES)
    comments, links = Lines("comments", PartKind.COMMENT), Lines("links", PartKind.LINK)
    rest = Lines("other text", PartKind.DATA)
    slides = 0
    for record in records(main):
        if record.kind == SLIDE:
            slides += 1
        text = text_of(record)
        if not text:
            continue
        place = Place((Step(Unit.SLIDE, slides),)) if slides else Place()
        if COMMENT in record.around:
            comments.add(text, place)
        elif LINK in record.around:
            links.add(text, place)
        elif NOTES in record.around or (SLIDE_TEXT in record.around and record.instance == 2):
            notes.add(text, place)
        elif record.kind in (CHARS, BYTES) and not {MASTER, HANDOUT} & set(record.around):
            body.add(text, place)
        else:
            rest.add(text, place)
    if compound.has(PICTURES):
        compound.gap(PICTURES, Why.PICTURE)
    yield Part("body", PartKind.BODY, "") if not body.text() else body.parts()[0]
    for lines in (notes, comments, links, rest):
        yield from lines.parts()


def records(data: bytes) -> Iterator[Record]:
    """Yield the records of a stream in order, containers before what is in them."""
    pending: list[tuple[int, int, tuple[int, ...]]] = [(0, len(data), ())]
    count = 0
    while pending:
        at, end, around = pending.pop()
        if at + 8 > end:
            continue
        head, kind, size = struct.unpack_from("<HHI", data, at)
        body, after = at + 8, at + 8 + size
        count += 1
        if after > end or count > MOST:
            continue
        pending.append((after, end, around))
        yield Record(kind, head >> 4, data[body:after] if head & 15 != 15 else b"", around)
        if head & 15 == 15 and len(around) < 32:  # a container
            pending.append((body, after, (*around, kind)))


def text_of(record: Record) -> str:
    """Return the text of a record, on lines."""
    if record.kind in (CHARS, STRING):
        text = record.data.decode("utf-16-le", "replace")
    elif record.kind == BYTES:
        text = record.data.decode("cp1252", "replace")
    else:
        return ""
    return text.replace("\r", "\n").replace("\x0b", "\n").strip("\0\n ")
