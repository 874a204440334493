"""Which runs of a Word document cannot be seen: hidden, white on white, or too small to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
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


@dataclass(frozen=True, slots=True)
class Styles:
    """The looks of all styles of a document, with what they are based on."""

    looks: Mapping[str, Look] = field(default_factory=dict)
    default: Look = Look()
    default_paragraph: str = ""
    filled: frozenset[str] = frozenset()  # table styles with a fill
    has_background: bool = False

    def hides(self, run: Look, run_style: str, paragraph_style: str, on_fill: bool) -> bool:
        """Return whether a run with these properties and styles is hidden."""
        look = run
        if run_style:
            look = look.over(self.looks.get(run_style, Look()))
        paragraph = paragraph_style or self.default_paragraph
        look = look.over(self.looks.get(paragraph, Look())).over(self.default)
        return look.is_hidden(on_fill=on_fill or self.has_background)


def styles_of(root: etree._Element | None, *, has_background: bool = False) -> Styles:
    """Return the styles of a styles.xml root."""
    if root is None:
        return Styles(has_background=has_background)
    own: dict[str, tuple[Look, str]] = {}
    default_paragraph, filled = "", set()
    for style in root.iter(W + "style"):
        name = style.get(W + "styleId") or ""
        based_on = value(style, "basedOn")
        own[name] = (look_of(style.find(W + "rPr")), based_on)
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
            default_paragraph = name
        if style.get(W + "type") == "table" and any(map(has_fill, style.iter(W + "shd"))):
            filled.add(name)
    default = look_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    looks = {name: resolved(name, own) for name in own}
    return Styles(looks, default, default_paragraph, frozenset(filled), has_background)


def resolved(name: str, own: Mapping[str, tuple[Look, str]]) -> Look:
    """Return the look of a style completed by the styles it is based on."""
    look, met = Look(), set[str]()
    while name in own and name not in met:
        met.add(name)
        mine, name = own[name]
        look = look.over(mine)
    return look


def look_of(properties: etree._Element | None) -> Look:
    """Return what an rPr element says about visibility."""
    if properties is None:
        return Look()
    size = value(properties, "sz")
    shade = properties.find(W + "shd")
    marked = properties.find(W + "highlight")
    shaded = None if shade is None and marked is None else (
        (shade is not None and has_fill(shade)) or marked is not None
    )  # fmt: skip
    is_drowned = shade is not None and is_same(properties.find(W + "color"), shade)
    is_squeezed = width_of(properties) <= NARROW
    return Look(
        True if is_drowned or is_squeezed else toggle(properties, "vanish"),
        whiteness(properties.find(W + "color")),
        float(size) if size.replace(".", "", 1).isdecimal() else None,
        shaded,
    )


def is_same(color: etree._Element | None, shade: etree._Element) -> bool:
    """Return whether letters have the colour that their shading paints."""
    rgb = "" if color is None else (color.get(W + "val") or "").lower()
    return rgb not in ("", "auto") and rgb == (shade.get(W + "fill") or "").lower()


def width_of(properties: etree._Element) -> float:
    """Return the width of letters in per cent of the usual one."""
    text = value(properties, "w").rstrip("%")
    return float(text) if text.replace(".", "", 1).isdecimal() else 100.0


def whiteness(color: etree._Element | None) -> bool | None:
    """Return whether a colour element means white; None without one."""
    if color is None:
        return None
    rgb = (color.get(W + "val") or "").lower()
    if len(rgb) == 6 and all(c in "0123456789abcdef" for c in rgb):
        return min(int(rgb[i : i + 2], 16) for i in (0, 2, 4)) >= 0xF8
    return color.get(W + "themeColor") in ("background1", "light1")


def toggle(properties: etree._Element, name: str) -> bool | None:
    """Return the value of an on/off property; None when it is absent."""
    element = properties.find(W + name)
    return None if element is None else (element.get(W + "val") or "1") not in OFF


def value(parent: etree._Element, name: str) -> str:
    """Return the w:val of a child element, or an empty string."""
    element = parent.find(W + name)
    return "" if element is None else element.get(W + "val") or ""


def has_fill(shade: etree._Element) -> bool:
    """Return whether a shading element paints a colour other than white."""
    if shade.get(W + "themeFill"):
        return True
    pattern = shade.get(W + "val") or "clear"
    return (shade.get(W + "fill") or "") not in NO_FILL or pattern not in ("clear", "nil")
