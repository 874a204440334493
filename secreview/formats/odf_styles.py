"""Which text of an OpenDocument file nobody sees because of its styles, and where pages break."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from secreview.formats.docx_styles import Look
from secreview.formats.odf_names import DRAW, FO, LOEXT, SHOW, STYLE, TABLE, TEXT

POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465, "pc": 12.0, "px": 0.75}
LENGTH = re.compile(r"(-?\d{0,9}(?:\.\d{0,9})?)(pt|in|cm|mm|pc|px)")
WHITE = 0xF8  # of 255: components of a colour that nobody tells from white
HALF = 2  # half-points in a point: sizes of a look are counted in them
LONGEST = 50  # styles based on one another
PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """One style: how text looks, whether it paints a ground, whether it switches things off."""

    look: Look = PLAIN
    parent: str = ""
    fills: bool | None = None
    is_off: bool = False  # a sheet that is not displayed, a slide that is not shown
    breaks: bool = False  # a page starts before the paragraph


@dataclass(slots=True)
class Styles:
    """The styles of a document by family and name."""

    known: dict[tuple[str, str], Style] = field(default_factory=dict)
    defaults: dict[str, Style] = field(default_factory=dict)
    ready: dict[tuple[str, str], Style] = field(default_factory=dict)
    has_background: bool = False

    def add(self, groups: Iterable[etree._Element]) -> None:
        """Add the styles of some groups (common or automatic styles)."""
        for group in groups:
            for element in group.iter(STYLE + "style"):
                family = element.get(STYLE + "family") or ""
                self.known[(family, element.get(STYLE + "name") or "")] = style_of(element)
            for element in group.iter(STYLE + "default-style"):
                self.defaults[element.get(STYLE + "family") or ""] = style_of(element)
            for element in group.iter(STYLE + "page-layout-properties"):
                if is_fill(element.get(FO + "background-color")):
                    self.has_background = True
        self.ready.clear()

    def copy(self) -> Styles:
        """Return styles that can be added to on their own."""
        return Styles(dict(self.known), dict(self.defaults), {}, self.has_background)

    def of(self, family: str, name: str | None) -> Style:
        """Return a style completed by those that it is based on."""
        key = (family, name or "")
        if key not in self.ready:
            self.ready[key] = self.completed(family, name or "")
        return self.ready[key]

    def completed(self, family: str, name: str) -> Style:
        """Return a style with what it inherits."""
        look, fills = PLAIN, None
        is_off = breaks = False
        left, start = LONGEST, name
        while (family, name) in self.known and left:
            style = self.known[(family, name)]
            look = look.over(style.look)
            fills = style.fills if fills is None else fills
            is_off = is_off or (style.is_off and name == start)
            breaks = breaks or (style.breaks and name == start)
            name, left = style.parent, left - 1
        base = self.defaults.get(family)
        if base:
            look = look.over(base.look)
        return Style(look, fills=fills, is_off=is_off, breaks=breaks)

    def hides(self, span: Look, paragraph: str, *, on_fill: bool) -> bool:
        """Return whether text with a look of its own in a paragraph of a style is not seen."""
        style = self.of("paragraph", paragraph)
        look = span.over(style.look)
        return look.is_hidden(on_fill=on_fill or bool(style.fills) or self.has_background)


def style_of(element: etree._Element) -> Style:
    """Return what a style element says."""
    look, fills, is_off, breaks = PLAIN, None, False, False
    for properties in element:
        background = properties.get(FO + "background-color") or ""
        if properties.tag == STYLE + "text-properties":
            look = look_of(properties, background)
        elif background:
            fills = is_fill(background) if fills is None else fills or is_fill(background)
        fill = properties.get(DRAW + "fill")
        if fill:
            fills = fill != "none" and not is_white(properties.get(DRAW + "fill-color"))
        if properties.get(TABLE + "display") == "false":
            is_off = True
        if properties.get(SHOW + "visibility") == "hidden":
            is_off = True
        if properties.get(FO + "break-before") == "page":
            breaks = True
    return Style(look, element.get(STYLE + "parent-style-name") or "", fills, is_off, breaks)


def look_of(properties: etree._Element, background: str) -> Look:
    """Return what text properties say about visibility."""
    display = properties.get(TEXT + "display")
    color = properties.get(FO + "color")
    white = None if color is None else is_white(color)
    is_automatic = properties.get(STYLE + "use-window-font-color") == "true"
    if is_automatic:
        white = False
    size = points(properties.get(FO + "font-size"))
    # LibreOffice writes an opacity of 0 % beside the automatic colour, and draws the text
    clear = not is_automatic and properties.get(LOEXT + "opacity") == "0%"
    shaded = is_fill(background) if background else None
    vanish = True if clear or display == "none" else None if display is None else False
    return Look(vanish, white, None if size is None else size * HALF, shaded)


def points(text: str | None) -> float | None:
    """Return a length in points, None when it is none (such as a percentage).

    >>> points("1in"), points("80%")
    (72.0, None)
    """
    found = LENGTH.fullmatch(text or "")
    if not found or found[1] in ("", "-", ".", "-."):
        return None
    return float(found[1]) * POINTS[found[2]]


def is_white(color: str | None) -> bool:
    """Return whether a colour is white, or nearly."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", color or ""):
        return False
    return min(bytes.fromhex((color or "")[1:])) >= WHITE


def is_fill(color: str | None) -> bool:
    """Return whether a background colour paints something that is not white."""
    return bool(color) and color != "transparent" and not is_white(color)
