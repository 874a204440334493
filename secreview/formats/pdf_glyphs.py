"""The characters of a page in reading order, with the box and the text object of each."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from secreview.formats.pdf_scene import TEXT, Box, Scene, address, mark_text, marks, string

HYPHENS = frozenset({0x02, 0xFFFE})  # pdfium's marks for a hyphen that ends a line
NOTHING = frozenset({0x00, 0x0D, 0xFEFF, 0xFFFF})
ACTUAL = b"ActualText"
SAMPLE = 400  # characters of a page that are asked whether their font knows them


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

    def boxes(self, wanted: Iterable[int]) -> dict[int, Box]:
        """Return the boxes of some characters, in points on the page."""
        import pypdfium2.raw as raw

        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        ask, handle = raw.FPDFText_GetCharBox, self.handle
        found = {}
        for nth in wanted:
            ask(handle, nth, left, right, bottom, top)
            found[nth] = Box(left.value, bottom.value, right.value, top.value)
        return found

    def owners(self) -> list[int]:
        """Return the address of the text object of each character, 0 for blanks."""
        import pypdfium2.raw as raw

        ask, handle = raw.FPDFText_GetTextObject, self.handle
        return [
            address(ask(handle, nth)) if char.strip() else 0 for nth, char in enumerate(self.chars)
        ]

    def inside(self, box: Box) -> str:
        """Return the text whose characters lie in a box."""
        import pypdfium2.raw as raw

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
    import pypdfium2.raw as raw

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
    import pypdfium2.raw as raw

    handle = raw.FPDFText_LoadPage(page)
    if not handle:
        raise ValueError("page has no readable text")
    try:
        ask = raw.FPDFText_GetUnicode
        codes = [ask(handle, nth) for nth in range(raw.FPDFText_CountChars(handle))]
        doubtful = raw.FPDFText_HasUnicodeMapError
        step = max(1, len(codes) // SAMPLE)
        strange = sum(doubtful(handle, nth) == 1 for nth in range(0, len(codes), step)) * step
        yield Glyphs(handle, characters(codes), strange)
    finally:
        raw.FPDFText_ClosePage(handle)


def characters(codes: list[int]) -> list[str]:
    r"""Return a character for each code; halves of a surrogate pair are put together.

    >>> characters([0x41, 0x02, 0xD840, 0xDC00, 0x0D, 0x0A])
    ['A', '-\n', '𠀀', '', '', '\n']
    """
    found: list[str] = []
    for nth, code in enumerate(codes):
        if code in NOTHING or (code < 0x20 and code not in (0x02, 0x09, 0x0A)):
            found.append("")
        elif code in HYPHENS:
            found.append("-\n")
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
    import pypdfium2.raw as raw

    said: list[str] = []
    for item in scene.of_kind(TEXT):
        for mark in marks(item.handle):
            if raw.FPDFPageObjMark_GetParamValueType(mark, ACTUAL) != raw.FPDF_OBJECT_STRING:
                continue
            text = string(mark_text, mark, ACTUAL)
            if text and said[-1:] != [text]:
                said.append(text)
            raw.FPDFPageObj_RemoveMark(item.handle, mark)
    return said
