"""Which cell formats of a workbook show nothing: a format of nothing, white letters on white."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

NOTHING = re.compile(r"\s*;\s*;\s*(?:;\s*)?")  # ECMA-376 18.8.31: empty sections show nothing
WHITE = 0xF8  # of 255: lighter letters are not seen on white
GROUND = "0"  # the theme colour of the page (ECMA-376 20.1.6.2: lt1)


def unseen(root: etree._Element | None) -> frozenset[str]:
    """Return the numbers of the cell formats, as cells name them, that show nothing."""
    return frozenset() if root is None else frozenset(found(root))


def found(root: etree._Element) -> Iterator[str]:
    """Yield the numbers of the cell formats that show nothing."""
    empty = {
        form.get("numFmtId")
        for form in root.iter("{*}numFmt")
        if NOTHING.fullmatch(form.get("formatCode") or "")
    }
    pale = {str(nth) for nth, font in enumerate(root.iterfind("{*}fonts/{*}font")) if is_pale(font)}
    bare = {str(nth) for nth, fill in enumerate(root.iterfind("{*}fills/{*}fill")) if is_bare(fill)}
    for nth, look in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        is_drowned = look.get("fontId") in pale and look.get("fillId", "0") in bare
        if is_drowned or look.get("numFmtId") in empty:
            yield str(nth)


def is_pale(font: etree._Element) -> bool:
    """Return whether letters of a font have the colour of the page."""
    color = font.find("{*}color")
    if color is None or color.get("tint"):
        return False
    rgb = (color.get("rgb") or "")[-6:]
    if re.fullmatch(r"[0-9A-Fa-f]{6}", rgb):
        return min(bytes.fromhex(rgb)) >= WHITE
    return str(color.get("theme")) == GROUND


def is_bare(fill: etree._Element) -> bool:
    """Return whether a fill leaves the page as it is."""
    pattern = fill.find("{*}patternFill")
    kind: str = "" if pattern is None else pattern.get("patternType") or "none"
    return kind == "none"
