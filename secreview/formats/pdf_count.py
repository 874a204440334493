"""A second reading of a page: what its operators show, counted without pdfium."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from secreview.errors import TooLarge
from secreview.formats.pdf_objects import (
    Key,
    called,
    entries,
    get,
    is_array,
    is_dictionary,
    is_stream,
    is_string,
    stream,
    subtype_of,
)
from secreview.formats.protocol import Limits

SHOWING = "Tf Tj TJ ' \" Do"
DEPTH = 15  # forms inside forms
FORMS = 20_000  # forms drawn on one page, counted as often as they are drawn
WIDE = re.compile(r"/(?:Identity|.*(?:UCS2|UTF16|UTF32)).*")
LEAST = 40  # signs on a page from which the two readings are compared
SHARE = 0.5  # of the signs shown that the reader must find


@dataclass(slots=True)
class Shown:
    """What a content stream shows: how many signs, which forms how often, which pictures."""

    signs: int = 0
    forms: list[Any] = field(default_factory=list)
    pictures: list[Key] = field(default_factory=list)


@dataclass(slots=True)
class Counter:
    """Counts signs over the pages of a file; each form is taken apart once."""

    limits: Limits
    known: dict[Key, Shown] = field(default_factory=dict)
    drawn: set[Key] = field(default_factory=set)
    pictures: set[Key] = field(default_factory=set)  # that content draws

    def page(self, page: Any) -> int:
        """Return how many signs a page shows; raise TooLarge when forms multiply beyond reason."""
        contents = get(page, "/Contents")
        pieces = entries(contents) or [contents]
        data = b"\n".join(stream(piece, self.limits) for piece in pieces if is_stream(piece))
        left = [FORMS]
        own = shown(data, inherited(page, "/Resources"))
        self.pictures.update(own.pictures)
        return self.total(own, 0, left)

    def total(self, own: Shown, depth: int, left: list[int]) -> int:
        """Return the signs of a stream and of the forms that it draws."""
        signs = own.signs
        for form in own.forms:
            left[0] -= 1
            if left[0] < 0:
                raise TooLarge(f"more than {FORMS} forms on one page")
            if depth < DEPTH:
                signs += self.total(self.form(form), depth + 1, left)
        return signs

    def form(self, form: Any) -> Shown:
        """Return what a form shows by itself."""
        key = form.objgen
        self.drawn.add(key)
        if key not in self.known:
            self.known[key] = Shown()  # a form that draws itself shows nothing more
            self.known[key] = shown(stream(form, self.limits), get(form, "/Resources"))
            self.pictures.update(self.known[key].pictures)
        return self.known[key]


def shown(data: bytes, resources: Any) -> Shown:
    """Return what a content stream shows, given the names it can use."""
    import pikepdf

    fonts, objects = get(resources, "/Font"), get(resources, "/XObject")
    found, is_wide = Shown(), False
    known: dict[str, bool] = {}  # fonts that take two bytes for a sign, by their names here
    with pikepdf.Pdf.new() as scratch:
        content = pikepdf.Stream(scratch, data)
        for instruction in pikepdf.parse_content_stream(content, SHOWING):
            operands = instruction.operands
            match str(instruction.operator):
                case "Tf" if operands:
                    name = called(operands[0])
                    if name not in known:
                        known[name] = wide(get(fonts, name))
                    is_wide = known[name]
                case "Do" if operands:
                    target = get(objects, called(operands[0]))
                    if is_stream(target) and subtype_of(target) == "/Form":
                        found.forms.append(target)
                    elif is_stream(target):
                        found.pictures.append(target.objgen)
                case _:
                    found.signs += size_of(operands) // (2 if is_wide else 1)
    return found


def size_of(operands: Iterable[Any]) -> int:
    """Return the bytes of all strings among operands."""
    size = 0
    for operand in operands:
        if is_string(operand):
            size += len(bytes(operand))
        elif is_array(operand):
            size += size_of(operand)
    return size


def wide(font: Any) -> bool:
    """Return whether a font takes two bytes for a sign."""
    if not is_dictionary(font) or subtype_of(font) != "/Type0":
        return False
    encoding = font.get("/Encoding")
    return is_stream(encoding) or bool(WIDE.fullmatch(called(encoding)))


def inherited(page: Any, name: str) -> Any:
    """Return an entry of a page or of the nodes above it."""
    for _ in range(50):
        value = get(page, name)
        if value is not None:
            return value
        page = get(page, "/Parent")
        if page is None:
            break
    return None


def disagrees(signs: int, read: int) -> bool:
    """Return whether a reader found far fewer signs than a page shows."""
    return signs >= LEAST and read < SHARE * signs
