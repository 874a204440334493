"""Fonts of a PDF file that show other letters than the text says they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from secreview.formats.ofd_glyphs import Lookup, alike, character_map
from secreview.formats.pdf_objects import (
    called,
    entries,
    get,
    is_name,
    is_stream,
    number,
    stream,
    subtype_of,
)
from secreview.formats.pdf_open import File
from secreview.model import Part, Why

FONTS = 200  # fonts of a file that are looked at
RANGE = 256  # codes of one range that are looked at
CODES = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman", "": "ascii"}
DIGITS = dict(
    zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)
)
SINGLE = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4})>")
SPAN = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4})>")
SECTIONS = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
LATIN = [*map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")]
HAN = range(0x4E00, 0x9FA6)


def lies(file: File) -> Iterator[Part]:
    """Note the fonts whose letters are not those of the text; text and page differ."""
    for count, (key, font) in enumerate(file.objects.holding(b"/ToUnicode")):
        if count >= FONTS:
            file.gap("fonts", Why.LIMIT, f"more than {FONTS} fonts")
            break
        said = get(font, "/ToUnicode")
        if not is_stream(said):
            continue
        try:
            wrong = sum(1 for _ in differing(file, font, meanings(stream(said, file.limits))))
        except Exception as error:
            file.gap(f"font {key[0]}", Why.DAMAGED, type(error).__name__)
            continue
        if wrong:
            detail = f"{wrong} letters are shown as other ones than the text says"
            file.gap(f"font {key[0]}", Why.DISAGREE, detail)
    yield from ()


def meanings(data: bytes) -> dict[int, int]:
    """Return what character each code of a ToUnicode map means, where it is one character."""
    found: dict[int, int] = {}
    for kind, body in SECTIONS.findall(data):
        if kind == b"char":
            found.update((int(code, 16), int(mean, 16)) for code, mean in SINGLE.findall(body))
            continue
        for low, high, mean in SPAN.findall(body):
            first = int(low, 16)
            for step in range(min(RANGE, int(high, 16) - first + 1)):
                found[first + step] = int(mean, 16) + step
    return found


def differing(file: File, font: Any, said: Mapping[int, int]) -> Iterator[int]:
    """Yield the codes that show another letter than they mean."""
    kin = entries(get(font, "/DescendantFonts"))
    described = get(kin[0] if kin else font, "/FontDescriptor")
    embedded = next((get(described, f"/FontFile{n}") for n in ("", "2", "3")
                     if is_stream(get(described, f"/FontFile{n}"))), None)  # fmt: skip
    if embedded is None and not kin:
        yield from unlike(said, shown_by(font))
    elif embedded is not None and kin and not is_stream(get(kin[0], "/CIDToGIDMap")):
        lookup = character_map(stream(embedded, file.limits))
        if lookup is not None and subtype_of(kin[0]) == "/CIDFontType2":
            yield from unlike(said, drawn_by(lookup, said))


def unlike(said: Mapping[int, int], shown: Mapping[int, int]) -> Iterator[int]:
    """Yield the codes whose character is not, nor a variant of, the one that is shown."""
    for code, mean in said.items():
        other = shown.get(code, mean)
        if other != mean and alike(other)[-1] != alike(mean)[-1]:
            yield code


def shown_by(font: Any) -> dict[int, int]:
    """Return the letters and digits that the codes of a font outside the file show."""
    encoding = get(font, "/Encoding")
    base = encoding if is_name(encoding) else get(encoding, "/BaseEncoding")
    codec = CODES.get(called(base) if base is not None else "")
    found = {}
    if codec:
        letters = bytes(range(256)).decode(codec, "replace")
        found = {code: ord(char) for code, char in enumerate(letters) if ord(char) in LATIN}
    code = 0
    for item in entries(get(encoding, "/Differences")):
        if not is_name(item):
            code = int(number(item))
            continue
        name = called(item).lstrip("/")
        letter = DIGITS.get(name, name)
        found.pop(code, None)
        if len(letter) == 1 and ord(letter) in LATIN:
            found[code] = ord(letter)
        code += 1
    return found


def drawn_by(lookup: Lookup, said: Mapping[int, int]) -> dict[int, int]:
    """Return the characters whose glyphs the codes draw, where these are not those they mean."""
    odd = {code for code, mean in said.items() if lookup(mean) not in (0, code)}
    if not odd:
        return {}
    known = {lookup(char): char for char in (*HAN, *LATIN)}
    return {code: known[code] for code in odd if known.get(code)}
