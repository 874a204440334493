"""What the pages of an OFD document draw with: inks, pictures, fonts and composite units."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from secreview.formats.ofd_geometry import numbers
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.ooxml import local

OPAQUE = 255
CHAIN = 10  # draw parameters based on one another
CMYK = 4

Color = tuple[float, float, float]


class Ink(NamedTuple):
    """The colour something is painted with (None: a pattern or unknown) and its opacity 0–255."""

    color: Color | None
    alpha: float = OPAQUE

    def is_like(self, other: Color | None) -> bool:
        """Return whether nobody can tell the ink from a colour."""
        if self.color is None or other is None:
            return False
        return max(abs(a - b) for a, b in zip(self.color, other, strict=True)) <= NEAR


NEAR = 8  # of 255: no reader sees the difference
BLACK = Ink((0, 0, 0))
WHITE: Color = (255, 255, 255)


class Unit(NamedTuple):
    """A composite graphic unit and the member that defines it."""

    element: etree._Element
    member: str


@dataclass(frozen=True, slots=True)
class Book:
    """The resources of a document by their ids."""

    media: Mapping[str, str] = field(default_factory=dict)  # id → member
    fonts: Mapping[str, str] = field(default_factory=dict)  # id → member of the font file
    params: Mapping[str, etree._Element] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    palettes: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def with_member(self, shelf: Shelf, member: str) -> Book:
        """Return the resources together with those of a resource member."""
        root = shelf.root(member)
        if root is None:
            return self
        media, fonts = dict(self.media), dict(self.fonts)
        params, units, palettes = dict(self.params), dict(self.units), dict(self.palettes)
        for element in root.iter():
            key = element.get("ID") or ""
            match local(element):
                case "MultiMedia":
                    media[key] = located(shelf, root, member, text_of(element, "MediaFile"))
                case "Font":
                    path = text_of(element, "FontFile")
                    if path:
                        fonts[key] = located(shelf, root, member, path)
                case "DrawParam":
                    params[key] = element
                case "CompositeGraphicUnit":
                    units[key] = Unit(element, member)
                case "ColorSpace":
                    values = tuple((cv.text or "") for cv in element.iter("{*}CV"))
                    palettes[key] = (element.get("Type") or "RGB", values)
        return replace(
            self, media=media, fonts=fonts, params=params, units=units, palettes=palettes
        )

    def ink(self, element: etree._Element, name: str, params: tuple[str, ...]) -> Ink | None:
        """Return the fill or stroke ink of an object, its own or of draw parameters; None without.

        ``name`` is FillColor or StrokeColor, ``params`` ids to try in order.
        """
        own = element.find("{*}" + name)
        return self.param_ink(name, params) if own is None else self.mixed(own)

    def param_ink(self, name: str, params: tuple[str, ...]) -> Ink | None:
        """Return the ink of the first draw parameters that have one, None without."""
        for start in params:
            key, left = start, CHAIN
            while key in self.params and left:
                param = self.params[key]
                found = param.find("{*}" + name)
                if found is not None:
                    return self.mixed(found)
                key, left = param.get("Relative") or "", left - 1
        return None

    def mixed(self, element: etree._Element) -> Ink:
        """Return the ink that a colour element describes."""
        alpha = numbers(element.get("Alpha"), 1)
        value = element.get("Value") or ""
        kind, palette = self.palettes.get(element.get("ColorSpace") or "", ("", ()))
        index = element.get("Index") or ""
        if palette and index.isdecimal() and int(index[:4]) < len(palette):
            value = palette[int(index[:4])]
        if len(element) and not value:  # a pattern or a shading
            return Ink(None, alpha[0] if alpha else OPAQUE)
        return Ink(rgb(value, kind), alpha[0] if alpha else OPAQUE)


def rgb(value: str, kind: str = "") -> Color | None:
    """Return the colour that component values mean, None when they mean none.

    >>> rgb("#FF #FF #FF"), rgb("0 0 0 0"), rgb("")
    ((255.0, 255.0, 255.0), (255.0, 255.0, 255.0), (0.0, 0.0, 0.0))
    """
    if "#" in value:
        digits = value.replace("#", " ").split()
        if len(digits) == 1 and len(digits[0]) == 6:
            digits = [digits[0][i : i + 2] for i in (0, 2, 4)]
        try:
            parts = [float(int(digit[:4], 16)) for digit in digits[:CMYK]]
        except ValueError:
            return None
    else:
        parts = numbers(value, CMYK)
    if not parts:
        return (0.0, 0.0, 0.0)
    if len(parts) == CMYK and kind.upper() != "RGB":
        cyan, magenta, yellow, black = (min(255.0, max(0.0, part)) for part in parts)
        light = (255 - black) / 255
        return ((255 - cyan) * light, (255 - magenta) * light, (255 - yellow) * light)
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0])
    return (parts[0], parts[1], parts[2]) if len(parts) >= len(WHITE) else None


def located(shelf: Shelf, root: etree._Element, member: str, path: str) -> str:
    """Return the member of a resource file: below the base of the resources, or beside them."""
    based = shelf.find(posixpath.join(root.get("BaseLoc") or "", path), member)
    return based if based in shelf.package.members else shelf.find(path, member)


def text_of(element: etree._Element, name: str) -> str:
    """Return the text of the first child of that name, stripped."""
    found = element.find("{*}" + name)
    return "" if found is None else (found.text or "").strip()
