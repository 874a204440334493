"""The characters of a page in reading order, with the box and the text object of each."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_calls import DOUBLE
from secreview.formats.pdf_scene import TEXT, Box, Scene, marks, string

HYPHENS = "\x02\ufffe"  # pdfium's marks for a hyphen that ends a line
LINE_END = "-\n"  # what they stand for
SPECIAL = re.compile("[\\0-\x08\x0b-\x1f\ufeff\ufffe\uffff]")  # hyphens, and what is no letter
SURROGATE = re.compile("[\ud800-\udfff]")
ACTUAL = b"ActualText"
SAMPLE = 200  # characters of a page that are asked whether their font knows them


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of one page; a character may be empty, or a hyphen with its line end.

    ``strange`` counts (on long pages, estimates) those that their font gives no letter for.
    """

    handle: Any
    chars: list[str]
    strange: int = 0

    def text(self) -> str:
        """Return all characters as one text."""
        return "".join(self.chars)

    def boxes(self, wanted: Collection[int]) -> dict[int, Box]:
        """Return the boxes of some characters, in points on the page."""
        sides = (ctypes.c_double * (4 * len(wanted)))()
        at, ask, handle = ctypes.addressof(sides), calls.box_into, self.handle
        for nth in wanted:  # pdfium gives left, right, bottom, top
            ask(handle, nth, at, at + 2 * DOUBLE, at + DOUBLE, at + 3 * DOUBLE)
            at += 4 * DOUBLE
        return dict(zip(wanted, map(Box._make, zip(*[iter(sides)] * 4, strict=True)), strict=True))

    def owners(self) -> list[int]:
        """Return the address of the text object of each character, 0 for blanks."""
        ask, handle = calls.owner_of, self.handle
        return [
            0 if not char or char.isspace() else ask(handle, nth) or 0
            for nth, char in enumerate(self.chars)
        ]

    def inside(self, box: Box) -> str:
        """Return the text whose characters lie in a box."""
        sides = (box.left, box.top, box.right, box.bottom)
        count = raw.FPDFText_GetBoundedText(self.handle, *sides, None, 0)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        raw.FPDFText_GetBoundedText(self.handle, *sides, buffer, count)
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        return text.rstrip("\0").replace("\r\n", "\n")


@contextmanager
def page_of(doc: Any, index: int) -> Iterator[Any]:
    """Open a page of a pdfium document by its 0-based index."""
    page = raw.FPDF_LoadPage(doc.raw, index)
    if not page:
        raise ValueError("page cannot be loaded")
    try:
        yield page
    finally:
        raw.FPDF_ClosePage(page)


@contextmanager
def glyphs_of(page: Any) -> Iterator[Glyphs]:
    """Read the characters of an open page."""
    handle = raw.FPDFText_LoadPage(page)
    if not handle:
        raise ValueError("page has no readable text")
    try:
        count = raw.FPDFText_CountChars(handle)
        doubtful = calls.has_no_meaning
        step = max(1, count // SAMPLE)
        strange = sum(doubtful(handle, nth) == 1 for nth in range(0, count, step)) * step
        yield Glyphs(handle, letters(handle, count), strange)
    finally:
        raw.FPDFText_ClosePage(handle)


def letters(handle: Any, count: int) -> list[str]:
    """Return the characters of a page of text, taken at one stroke where there is one for each."""
    buffer = (ctypes.c_ushort * (count + 1))()
    taken = raw.FPDFText_GetText(handle, 0, count, buffer) - 1  # without the zero at its end
    if taken == count:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count and not SURROGATE.search(text):
            found = list(text)
            for match in SPECIAL.finditer(text):
                found[match.start()] = LINE_END if match.group() in HYPHENS else ""
            return found
    return characters([calls.unicode_at(handle, nth) for nth in range(count)])


def characters(codes: list[int]) -> list[str]:
    r"""Return a character for each code; halves of a surrogate pair are put together.

    >>> characters([0x41, 0x02, 0xD840, 0xDC00, 0x0D, 0x0A])
    ['A', '-\n', '𠀀', '', '', '\n']
    """
    found: list[str] = []
    for nth, code in enumerate(codes):
        if code <= 0xFFFF and SPECIAL.match(chr(code)):
            found.append(LINE_END if chr(code) in HYPHENS else "")
        elif 0xD800 <= code <= 0xDBFF and nth + 1 < len(codes) and codes[nth + 1] >> 10 == 0x37:
            found.append(chr(0x10000 + ((code & 0x3FF) << 10) + (codes[nth + 1] & 0x3FF)))
        elif 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            found.append("")
        else:
            found.append(chr(code))
    return found


def actual_texts(scene: Scene) -> list[str]:
    """Take the ActualText marks off the text of a page and return what they say.

    pdfium would give that text in place of the letters that a person sees.
    """
    said: list[str] = []
    for item in scene.of_kind(TEXT):
        for mark in marks(item.handle):
            if calls.mark_type(mark, ACTUAL) != raw.FPDF_OBJECT_STRING:
                continue
            text = string(calls.mark_text_into, mark, ACTUAL)
            if text and said[-1:] != [text]:
                said.append(text)
            calls.remove_mark(item.handle, mark)
    return said
