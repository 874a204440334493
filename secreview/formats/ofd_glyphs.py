"""Whether the glyphs that an OFD page draws are those of the characters its text holds."""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from secreview.formats.ofd_book import Book
from secreview.formats.ofd_pieces import code_text
from secreview.formats.ofd_runs import TextObject

MOST = 100_000  # characters of one mapping
LIGATURE = 4  # characters more than glyphs that ligatures explain
MAX_BASIC = 0xFFFF
WIDE_TABLE, PAIRED_TABLE, TRIMMED_TABLE = 12, 4, 6  # formats of OpenType cmap
UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))  # (platform, encoding)

Lookup = Callable[[int], int]


@dataclass(slots=True)
class Glyphs:
    """Which glyph stands for which character, by font."""

    pairs: dict[str, dict[int, set[int]]] = field(default_factory=dict)  # font → glyph → codes
    files: dict[str, str] = field(default_factory=dict)  # font → member of its file
    uneven: set[str] = field(default_factory=set)  # fonts with fewer glyphs than characters

    def note(self, item: TextObject, book: Book) -> None:
        """Remember the glyph mappings of a text object."""
        number = item.element.get("Font") or ""
        member = book.fonts.get(number, "")
        font = member or f"font {number}"
        self.files[font] = member
        known = self.pairs.setdefault(font, defaultdict(set))
        text = "".join(map(code_text, item.codes))
        for mapping in item.mappings:
            glyphs = [int(word) for word in (mapping.findtext("{*}Glyphs") or "").split(None, MOST)
                      if word.isascii() and word.isdecimal() and len(word) < 8]  # fmt: skip
            start = whole(mapping.get("CodePosition"), 0)
            count = whole(mapping.get("CodeCount"), 1)
            if count != len(glyphs):
                if count > len(glyphs) + LIGATURE:
                    self.uneven.add(font)
                continue
            codes = text[start : start + count]
            for character, glyph in zip(codes, glyphs, strict=False):
                if not character.isspace():
                    known[glyph].add(ord(character))

    def differing(self, read: Callable[[str], bytes | None]) -> Iterator[tuple[str, int]]:
        """Yield fonts whose glyphs are not those of the characters, and how many are not.

        Where the file of the font has no table to compare with, one glyph for several characters
        is the only sign.
        """
        for font, known in self.pairs.items():
            data = read(self.files[font]) if self.files[font] else None
            lookup = character_map(data) if data else None
            wrong = sum(is_wrong(glyph, codes, lookup) for glyph, codes in known.items())
            if wrong or font in self.uneven:
                yield font, wrong


def is_wrong(glyph: int, codes: set[int], lookup: Lookup | None) -> bool:
    """Return whether a glyph stands for a character that is not its own."""
    checked = {code for code in codes if lookup is not None and lookup(code)}
    for code in checked:
        if lookup is not None and glyph not in {lookup(other) for other in alike(code)}:
            return True
    return len({alike(code)[-1] for code in codes - checked}) > 1


def alike(code: int) -> list[int]:
    """Return a character and the one it is a variant of.

    >>> [chr(code) for code in alike(ord("⼀"))]
    ['⼀', '一']
    """
    plain = unicodedata.normalize("NFKC", chr(code)) if not 0xD800 <= code < 0xE000 else ""
    return [code, ord(plain) if len(plain) == 1 else code]


def whole(text: str | None, otherwise: int) -> int:
    """Return a whole number of an attribute."""
    return (
        int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else otherwise
    )


def character_map(data: bytes) -> Lookup | None:
    """Return the lookup from characters to glyphs of an OpenType font, None when it has none."""
    try:
        table = cmap_table(data)
        return None if table is None else subtable(table)
    except (struct.error, IndexError, ValueError):
        return None


def cmap_table(data: bytes) -> bytes | None:
    """Return the cmap table of a font file or of the first font of a collection."""
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", data, start + 4)[0]
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
        if tag == b"cmap":
            return data[offset : offset + length]
    return None


def subtable(table: bytes) -> Lookup | None:
    """Return the lookup of the best Unicode subtable."""
    count = struct.unpack_from(">H", table, 2)[0]
    offsets = {}
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * index)
        offsets[(platform, encoding)] = offset
    for key in UNICODE:
        if key in offsets:
            return reader_of(table[offsets[key] :])
    return None


def reader_of(table: bytes) -> Lookup | None:
    """Return the lookup of one subtable."""
    kind = struct.unpack_from(">H", table, 0)[0]
    if kind == WIDE_TABLE:
        return wide_reader(table)
    if kind == PAIRED_TABLE:
        return paired_reader(table)
    if kind == TRIMMED_TABLE:
        first, count = struct.unpack_from(">HH", table, 6)
        ids = struct.unpack_from(f">{count}H", table, 10)
        return lambda code: int(ids[code - first]) if first <= code < first + count else 0
    return None


def wide_reader(table: bytes) -> Lookup:
    """Return the lookup of a format 12 subtable: groups of characters."""
    count = min(struct.unpack_from(">I", table, 12)[0], len(table) // 12)
    groups = [struct.unpack_from(">III", table, 16 + 12 * index) for index in range(count)
              if 28 + 12 * index <= len(table)]  # fmt: skip
    starts = [group[0] for group in groups]

    def lookup(code: int) -> int:
        index = bisect_right(starts, code) - 1
        if index < 0 or code > groups[index][1]:
            return 0
        return int(groups[index][2]) + code - int(groups[index][0])

    return lookup


def paired_reader(table: bytes) -> Lookup:
    """Return the lookup of a format 4 subtable: segments of characters of the basic plane."""
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + 2 * count)
    shifts = struct.unpack_from(f">{count}H", table, 16 + 4 * count)
    ranges_at = 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", table, ranges_at)

    def lookup(code: int) -> int:
        index = bisect_left(ends, code)
        if index >= count or code < starts[index] or code > MAX_BASIC:
            return 0
        if not ranges[index]:
            return (code + int(shifts[index])) & MAX_BASIC
        at = ranges_at + 2 * index + ranges[index] + 2 * (code - starts[index])
        if at + 2 > len(table):
            return 0
        found = int(struct.unpack_from(">H", table, at)[0])
        return (found + int(shifts[index])) & MAX_BASIC if found else 0

    return lookup
