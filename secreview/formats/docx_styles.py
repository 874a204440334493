"""Which runs of a Word document cannot be seen: hidden, white on white, or too small to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
R_PROPERTIES, R_STYLE, WEB_HIDDEN = W + "rPr", W + "rStyle", W + "webHidden"
VANISH, COLOR, SIZE, SHADE = W + "vanish", W + "color", W + "sz", W + "shd"
HIGHLIGHT, WIDTH = W + "highlight", W + "w"
TELLING = frozenset({R_STYLE, WEB_HIDDEN, VANISH, COLOR, SIZE, SHADE, HIGHLIGHT, WIDTH})
OFF = frozenset({"0", "false", "off", "none"})
UNREADABLE = 2  # half-points: 1 pt
NARROW = 5.0  # per cent of the width of letters
NO_FILL = frozenset({"", "auto", "FFFFFF", "ffffff", "none", "clear"})


@dataclass(frozen=True, slots=True)
class Look:
    """What run properties say about visibility; None where they say nothing."""

    vanish: bool | None = None
    white: bool | None = None
    size: float | None = None
    shaded: bool | None = None

    def over(self, base: Look) -> Look:
        """Return these properties, completed by those of a base."""
        if self is NOTHING:
            return base
        return Look(
            base.vanish if self.vanish is None else self.vanish,
            base.white if self.white is None else self.white,
            base.size if self.size is None else self.size,
            base.shaded if self.shaded is None else self.shaded,
        )

    def is_hidden(self, *, on_fill: bool) -> bool:
        """Return whether a reader of the page cannot see the run."""
        if self.vanish or (self.size is not None and self.size <= UNREADABLE):
            return True
        return bool(self.white) and not self.shaded and not on_fill


NOTHING = Look()


class RunProperties(NamedTuple):
    """What the properties of a run say: its look, its style, whether the web view hides it."""

    look: Look = NOTHING
    style: str = ""
    is_web_hidden: bool = False


UNSAID = RunProperties()


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by name; the looks of those in use are kept."""

    own: Mapping[str, etree._Element] = field(default_factory=dict)
    default: Look = NOTHING
    default_paragraph: str = ""
    filled: frozenset[str] = frozenset()  # table styles with a fill
    has_background: bool = False
    known: dict[tuple[str, str], Look] = field(default_factory=dict)

    def hides(self, run: Look, run_style: str, paragraph_style: str, on_fill: bool) -> bool:
        """Return whether a run with these properties and styles is hidden."""
        look = self.look(run_style, paragraph_style)
        look = look if run is NOTHING else run.over(look)
        return look.is_hidden(on_fill=on_fill or self.has_background)

    def look(self, run_style: str, paragraph_style: str) -> Look:
        """Return what a run style over a paragraph style, over the defaults, looks like."""
        key = run_style, paragraph_style
        if key not in self.known:
            paragraph = self.resolved(paragraph_style or self.default_paragraph)
            look = self.resolved(run_style) if run_style else NOTHING
            self.known[key] = look.over(paragraph).over(self.default)
        return self.known[key]

    def resolved(self, name: str) -> Look:
        """Return the look of a style completed by the styles it is based on."""
        look, met = NOTHING, set[str]()
        while name in self.own and name not in met:
            met.add(name)
            style = self.own[name]
            look = look.over(properties_of(child(style, R_PROPERTIES)).look)
            name = value(style, "basedOn")
        return look


def styles_of(root: etree._Element | None, *, has_background: bool = False) -> Styles:
    """Return the styles of a styles.xml root."""
    if root is None:
        return Styles(has_background=has_background)
    own: dict[str, etree._Element] = {}
    default_paragraph, filled = "", set()
    for style in root.iter(W + "style"):
        name = style.get(W + "styleId") or ""
        own[name] = style
        kind = style.get(W + "type")
        if kind == "paragraph" and style.get(W + "default") in ("1", "true"):
            default_paragraph = name
        if kind == "table" and any(map(has_fill, style.iter(W + "shd"))):
            filled.add(name)
    default = properties_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")).look
    return Styles(own, default, default_paragraph, frozenset(filled), has_background)


def child(parent: etree._Element, tag: str) -> etree._Element | None:
    """Return the first child with a tag."""
    return next(parent.iterchildren(tag), None)


def children(parent: etree._Element) -> dict[object, etree._Element]:
    """Return the children by their tags, the first of each."""
    return {element.tag: element for element in parent.iterchildren(reversed=True)}


def properties_of(properties: etree._Element | None) -> RunProperties:
    """Return what an rPr element says about the style of a run and whether it is seen."""
    found = {} if properties is None else children(properties)
    if TELLING.isdisjoint(found):
        return UNSAID
    size = value_of(found.get(SIZE))
    shade, marked = found.get(SHADE), HIGHLIGHT in found
    shaded = None if shade is None and not marked else (
        (shade is not None and has_fill(shade)) or marked
    )  # fmt: skip
    is_drowned = shade is not None and is_same(found.get(COLOR), shade)
    is_squeezed = width_of(found.get(WIDTH)) <= NARROW
    look = Look(
        True if is_drowned or is_squeezed else is_on(found.get(VANISH)),
        whiteness(found.get(COLOR)),
        float(size) if size.replace(".", "", 1).isdecimal() else None,
        shaded,
    )
    return RunProperties(look, value_of(found.get(R_STYLE)), WEB_HIDDEN in found)


def is_same(color: etree._Element | None, shade: etree._Element) -> bool:
    """Return whether letters have the colour that their shading paints."""
    rgb = value_of(color).lower()
    return rgb not in ("", "auto") and rgb == (shade.get(W + "fill") or "").lower()


def width_of(width: etree._Element | None) -> float:
    """Return the width of letters in per cent of the usual one."""
    text = value_of(width).rstrip("%")
    return float(text) if text.replace(".", "", 1).isdecimal() else 100.0


def whiteness(color: etree._Element | None) -> bool | None:
    """Return whether a colour element means white; None without one."""
    if color is None:
        return None
    rgb = value_of(color).lower()
    if len(rgb) == 6 and all(c in "0123456789abcdef" for c in rgb):
        return min(int(rgb[i : i + 2], 16) for i in (0, 2, 4)) >= 0xF8
    return color.get(W + "themeColor") in ("background1", "light1")


def is_on(element: etree._Element | None) -> bool | None:
    """Return the value of an on/off property; None when it is absent."""
    return None if element is None else (element.get(VAL) or "1") not in OFF


def value_of(element: etree._Element | None) -> str:
    """Return the w:val of an element, or an empty string."""
    return "" if element is None else element.get(VAL) or ""


def value(parent: etree._Element, name: str) -> str:
    """Return the w:val of a child element, or an empty string."""
    return value_of(child(parent, W + name))


def has_fill(shade: etree._Element) -> bool:
    """Return whether a shading element paints a colour other than white."""
    if shade.get(W + "themeFill"):
        return True
    pattern = shade.get(W + "val") or "clear"
    return (shade.get(W + "fill") or "") not in NO_FILL or pattern not in ("clear", "nil")
