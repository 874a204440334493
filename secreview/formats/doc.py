"""Word 97–2003 documents: the piece table, sub-documents, hidden and revised text ([MS-DOC])."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from secreview.errors import Damaged, Encrypted
from secreview.formats.flat import flat_tables
from secreview.formats.lines import Lines
from secreview.formats.ole import Compound
from secreview.model import Part, PartKind, Place, PlaceIndex, Step, Unit, Why

MAGIC = 0xA5EC
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200  # bits of FibBase, 2.5.2
COUNTS = 0x4C  # FibRgLw97: ccpText and the counts of the sub-documents
CLX = 0x01A2  # FibRgFcLcb97: fcClx, lcbClx
CHPX = 0x00FA  # fcPlcfBteChpx, lcbPlcfBteChpx
PAGE = 512
COMPRESSED = 0x40000000
VANISH, DELETED, INSERTED, WHITE_ICO, WHITE_CV, SIZE = (
    0x083C,
    0x0800,
    0x0801,
    0x2A42,
    0x6870,
    0x4A43,
)
OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes of a sprm's operand by its spra, 2.6
TINY = 4  # half points
STORIES = (  # in the order of the counts; None is the count of macros, always 0
    ("body", PartKind.BODY, None), ("footnotes", PartKind.FOOTNOTE, Unit.FOOTNOTE),
    ("headers", PartKind.HEADER, Unit.HEADER), ("macro", PartKind.DATA, None),
    ("comments", PartKind.COMMENT, Unit.COMMENT), ("endnotes", PartKind.ENDNOTE, Unit.ENDNOTE),
    ("textboxes", PartKind.TEXTBOX, Unit.TEXTBOX), ("header boxes", PartKind.TEXTBOX, Unit.TEXTBOX),
)  # fmt: skip
LOOKS = (("hidden", PartKind.HIDDEN_TEXT, Unit.HIDDEN), ("deleted", PartKind.DELETED, Unit.DELETED),
         ("inserted", PartKind.INSERTED, Unit.INSERTED))  # fmt: skip
FIELD_BEGIN, FIELD_SEPARATOR, FIELD_END = "\x13", "\x14", "\x15"
SHOWN = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\xa0": " ", "\x1e": "-", "\x1f": "",
     "\x01": "", "\x02": "", "\x03": "", "\x04": "", "\x05": "", "\x08": ""}
)  # fmt: skip


class Piece(NamedTuple):
    """A run of characters: where it begins in the text and in the stream, and how it is stored."""

    start: int
    end: int
    offset: int
    is_wide: bool


def parts(compound: Compound, data: bytes) -> Iterator[Part]:
    """Yield the parts of a Word document; raise Encrypted or Damaged when there is no text."""
    main = compound.read("WordDocument")
    if len(main) < 0x200 or struct.unpack_from("<H", main)[0] != MAGIC:
        raise Damaged("no Word 97 header")
    flags = struct.unpack_from("<H", main, 10)[0]
    if flags & ENCRYPTED:
        raise Encrypted("Word document with a password")
    table = compound.read("1Table" if flags & SECOND_TABLE else "0Table")
    compound.read("0Table" if flags & SECOND_TABLE else "1Table")
    compound.read("Data")
    pieces = pieces_of(main, table)
    if not pieces:
        raise Damaged("no piece table")
    text = "".join(stored(main, piece) for piece in pieces)
    looks = looks_of(main, table, compound)
    counts = struct.unpack_from("<8i", main, COUNTS)
    at = 0
    for (name, kind, unit), count in zip(STORIES, counts, strict=True):
        if count > 0:
            yield from story(text[at : at + count], at, name, (kind, unit), (pieces, looks))
            at += count
    yield from story(text[at:], at, "rest", (PartKind.DATA, None), (pieces, looks))


def pieces_of(main: bytes, table: bytes) -> list[Piece]:
    """Return the pieces of the text in order."""
    start, size = struct.unpack_from("<II", main, CLX)
    clx = table[start : start + size]
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:  # property changes before the pieces
        at += 3 + int(struct.unpack_from("<H", clx, at + 1)[0])
    if at + 5 > len(clx) or clx[at] != 2:
        return []
    count = (int(struct.unpack_from("<I", clx, at + 1)[0]) - 4) // 12
    if count <= 0 or at + 5 + 4 * (count + 1) + 8 * count > len(clx):
        return []
    ends = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    base = at + 5 + 4 * (count + 1)
    pieces = []
    for number in range(count):
        raw = int(struct.unpack_from("<I", clx, base + 8 * number + 2)[0])
        is_wide = not raw & COMPRESSED
        offset = raw if is_wide else (raw & ~COMPRESSED) // 2
        if ends[number + 1] > ends[number]:
            pieces.append(Piece(ends[number], ends[number + 1], offset, is_wide))
    return pieces


def stored(main: bytes, piece: Piece) -> str:
    """Return the characters of a piece, padded when the stream ends before it."""
    count = piece.end - piece.start
    size = count * 2 if piece.is_wide else count
    raw = main[piece.offset : piece.offset + size]
    text = raw.decode("utf-16-le" if piece.is_wide else "cp1252", "replace")
    return text[:count].ljust(min(count, len(main)), "\0")


def looks_of(main: bytes, table: bytes, compound: Compound) -> list[tuple[int, int, str]]:
    """Return (first, last, look) for the byte ranges of the stream that are not simply seen."""
    found: list[tuple[int, int, str]] = []
    start, size = struct.unpack_from("<II", main, CHPX)
    plc = table[start : start + size]
    count = (len(plc) - 4) // 8
    try:
        for number in range(max(0, count)):
            page = int(struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)[0]) & 0x3FFFFF
            found += looks_on(main[page * PAGE : (page + 1) * PAGE])
    except (struct.error, IndexError):
        compound.gap("WordDocument", Why.DAMAGED, "character formatting")
    return sorted(found)


def looks_on(page: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield the looks that one page of character formatting gives."""
    if len(page) < PAGE:
        return
    count = page[PAGE - 1]
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        offset = page[4 * (count + 1) + number] * 2
        if offset:
            size = page[offset]
            look = look_of(page[offset + 1 : offset + 1 + size])
            if look:
                yield bounds[number], bounds[number + 1], look


def look_of(changes: bytes) -> str:
    """Return what property changes make of text: hidden, deleted, inserted, or nothing special."""
    look = ""
    at = 0
    while at + 2 <= len(changes):
        code = int(struct.unpack_from("<H", changes, at)[0])
        size = OPERANDS[code >> 13]
        at += 2
        operand = changes[at : at + (size or 1)]
        at += size or 1 + (operand[0] if operand else 0)
        value = int.from_bytes(operand, "little")
        if code == DELETED and value:
            return "deleted"
        is_white = (code == WHITE_ICO and value == 8) or (code == WHITE_CV and value == 0xFFFFFF)
        if (code == VANISH and value) or is_white or (code == SIZE and 0 < value <= TINY):
            look = "hidden"
        elif code == INSERTED and value and not look:
            look = "inserted"
    return look


def story(
    text: str,
    base: int,
    name: str,
    how: tuple[PartKind, Unit | None],
    sources: tuple[list[Piece], list[tuple[int, int, str]]],
) -> Iterator[Part]:
    """Yield the seen text of a sub-document, and beside it what is hidden, deleted or a field."""
    kind, unit = how
    looked = looks_by_character(text, base, *sources)
    fields = Lines(f"{name} fields", PartKind.FIELD)
    beside = {look: Lines(f"{name} {look}", part_kind) for look, part_kind, _ in LOOKS}
    units = {look: unit for look, _, unit in LOOKS}
    shown: list[str] = []
    for segment, look in segments(text, looked):
        if look == "field":
            fields.add(segment.translate(SHOWN).strip(), Place((Step(Unit.ELEMENT, "field"),)))
            continue
        if look in beside:
            clean = segment.translate(SHOWN).strip()
            number = len(beside[look].index) + 1
            beside[look].add(clean, Place((Step(units[look], number),)))
        if look in ("", "inserted"):
            shown.append(segment)
    yield from seen("".join(shown), name, kind, unit)
    for lines in (*beside.values(), fields):
        yield from lines.parts()


def looks_by_character(
    text: str, base: int, pieces: list[Piece], looks: list[tuple[int, int, str]]
) -> list[str]:
    """Return the look of each character of a stretch of the text."""
    found = [""] * len(text)
    if not looks:
        return found
    firsts = [first for first, _, _ in looks]
    for piece in pieces:
        low, high = max(piece.start, base), min(piece.end, base + len(text))
        width = 2 if piece.is_wide else 1
        at = low
        while at < high:
            offset = piece.offset + (at - piece.start) * width
            index = bisect_right(firsts, offset) - 1
            inside = index >= 0 and offset < looks[index][1]
            following = looks[index][1] if inside else (
                firsts[index + 1] if index + 1 < len(firsts) else offset + (high - at) * width
            )  # fmt: skip
            step = max(1, min(high - at, (following - offset + width - 1) // width))
            if inside:
                found[at - base : at - base + step] = [looks[index][2]] * step
            at += step
    return found


def segments(text: str, looks: list[str]) -> Iterator[tuple[str, str]]:
    """Yield stretches of one look; the codes of fields are stretches of their own."""
    depth: list[bool] = []  # for each open field whether its code is over
    start = 0
    current = looks[0] if looks else ""
    for at, letter in enumerate(text):
        look = "field" if depth and not all(depth) else looks[at]
        if letter in (FIELD_BEGIN, FIELD_SEPARATOR, FIELD_END) or look != current:
            if at > start:
                yield text[start:at], current
            start = at
            current = look
        if letter == FIELD_BEGIN:
            depth.append(False)
        elif letter == FIELD_SEPARATOR and depth:
            depth[-1] = True
        elif letter == FIELD_END and depth:
            depth.pop()
        if letter in (FIELD_BEGIN, FIELD_SEPARATOR, FIELD_END):
            start = at + 1
            current = (
                "field"
                if depth and not all(depth)
                else (looks[at + 1] if at + 1 < len(looks) else "")
            )
    if start < len(text):
        yield text[start:], current


def seen(text: str, name: str, kind: PartKind, unit: Unit | None) -> Iterator[Part]:
    """Yield a story as people see it: paragraphs with their numbers, cells with their titles."""
    text = text.replace("\x07\x07", "\x07\n").translate(SHOWN).rstrip("\n\0 ")
    if not text.strip() and kind is not PartKind.BODY:
        return
    tables = flat_tables(text) if "\t" in text else None
    pairs: list[tuple[int, Place]] = []
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        steps = (Step(unit or Unit.PARAGRAPH, number),)
        column = at
        for cell in line.split("\t"):
            headers = tables.at(column).headers if tables and "\t" in line else ()
            pairs.append((column, Place(steps, headers=headers)))
            column += len(cell) + 1
        at += len(line) + 1
    yield Part(name, kind, text, PlaceIndex.of(pairs))
